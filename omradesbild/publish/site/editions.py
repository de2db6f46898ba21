"""Editions on a disk: how a new one takes the place of the old whole or not at all, and how old ones are kept.

A folder holds the newest edition. Below it, ``utgavor/NAME/`` holds every edition that has been published, the newest
too, under an address that never changes; ``senaste/`` leads to the newest. A new folder is made beside the old one, with
hard links to what has not changed, and the two change places in one step. Whatever interrupts it, the folder holds one
whole edition, and the next run clears away what was left.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omradesbild import METHOD_VERSION, disk
from omradesbild.pack import Pack
from omradesbild.publish.site.data.catalogue import ABOUT
from omradesbild.publish.site.pages.history import KEPT
from omradesbild.publish.site.refusal import EditionError
from omradesbild.publish.site.settings import Settings

#: renameat2(2): let two names change places.
_EXCHANGE, _HERE = 2, -100


def name_of(pack: Pack, settings: Settings) -> str:
    """Return the name of the edition that these make: ``2026-11-22-1a2b3c4d``.

    It is the pack's version and a digest of all that decides what an edition holds – the pack's files, the method, this
    program and the settings – so that two different editions never have the same name.
    """
    digest = hashlib.sha256()
    for part in (pack.fingerprint, METHOD_VERSION, settings.model_dump_json(), _program()):
        digest.update(part.encode() + b"\0")
    return f"{pack.info.version}-{digest.hexdigest()[:8]}"


def _program() -> str:
    """Return the digest of this program's files."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def about(folder: Path) -> dict | None:
    """Return what the edition in a folder says about itself; None where there is none."""
    try:
        found = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "edition" in found else None


class Place:
    """The folder that an edition is published in, and what lies beside it while that is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.abspath(folder))
        self.new = self._beside("ny")
        self.old = self._beside("gammal")
        self._lock = self._beside("las")

    def _beside(self, what: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.{what}")

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Keep others from publishing here, mend what an interrupted run left, and clear up afterwards.

        The lock goes to the processes that are started meanwhile, so that it is free only when the last has ended.

        Raises
        ------
        EditionError
            If another run goes on, or the folder holds something else than an edition.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._held():
            if not self.folder.exists() and self.old.exists():
                self.old.rename(self.folder)
            self._clear()
            self._refuse_others()
            try:
                yield
            finally:
                self._clear()

    @contextmanager
    def _held(self) -> Iterator[None]:
        try:
            with disk.locked(self._lock):
                yield
        except disk.Busy as error:
            raise EditionError("busy", folder=self.folder) from error

    def _clear(self) -> None:
        for left in (self.new, self.old):
            shutil.rmtree(left, ignore_errors=True)

    def _refuse_others(self) -> None:
        folder = self.folder
        if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and about(folder) is None)):
            raise EditionError("other", folder=folder)

    def kept(self) -> dict[str, dict]:
        """Return what each edition that has been published here says about itself, by name."""
        folders = sorted(self.folder.glob(f"{KEPT}/*/"))
        return {folder.name: found for folder in folders if (found := about(folder)) is not None}

    def show(self) -> None:
        """Let the new folder take the old one's place, in one step where the system can."""
        if not self.folder.exists():
            self.new.rename(self.folder)
        elif not _exchanged(self.new, self.folder):
            self.folder.rename(self.old)
            self.new.rename(self.folder)


def put(content: bytes, target: Path, before: Path) -> bool:
    """Write a file, or link to the one before where it holds the same; tell whether it was written.

    A file that is there already is an error: writing into it would change the edition that it is linked from.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        same = before.read_bytes() == content
    except OSError:
        same = False
    if same and disk.linked(before, target):
        return False
    with target.open("xb") as file:
        file.write(content)
    return not same


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0
