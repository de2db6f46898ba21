"""A folder that holds versions of a pack: how a new one is taken into use whole or not at all, and an old one again.

::

    PACK/current               the name of the version that is used; the app follows it (pack.resolve)
    PACK/versions/NAME/        whole packs that are or have been used; never changed
    PACK/waiting/NAME/         a pack that waits for a person to approve it; at most one
    PACK/snapshots/            the sources' raw answers (collect.store)

NAME is the pack's version and fingerprint, ``2026-11-22-1a2b3c4d5e6f``: the same content always has the same name. A
version is made beside the others and gets its name when it is whole and on the disk; only then is ``current``
replaced, in one step. Whatever interrupts that, a whole version is used, and the next run clears away what was left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from omradesbild import disk
from omradesbild.collect.fault import CollectError
from omradesbild.pack import CURRENT, VERSIONS, Pack, PackError, load, named_version, resolve

WAITING = "waiting"


@dataclass(frozen=True)
class Version:
    """A version on the shelf: when it came there, in local time, and whether it is the one that is used."""

    name: str
    arrived: datetime
    used: bool


class Shelf:
    """The versions in a folder. Each method that changes something says in a ``CollectError`` why it could not."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.abspath(folder))
        self._work = self.folder / ".arbete"
        self._making = self.folder / ".bygge"
        self._taken = False

    @staticmethod
    def is_one(folder: Path) -> bool:
        """Whether a folder is a shelf that has been used."""
        return (Path(folder) / CURRENT).is_file()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Keep others from changing the shelf, and clear away what an interrupted run left. May be nested.

        Raises
        ------
        CollectError
            If another run goes on, the folder is something else than a shelf, or the disk refuses.
        """
        if self._taken:
            yield
            return
        with self._said():
            if (self.folder / "pack.yaml").exists():
                found, remedy = "ett datapaket direkt i mappen", "Ange en annan mapp; den får inte vara ett datapaket själv"
                raise CollectError(str(self.folder), found, "en tom mapp eller en med versioner", remedy)
            self.folder.mkdir(parents=True, exist_ok=True)
            with disk.locked(self.folder / ".las"):
                self._taken = True
                try:
                    if self._making.exists():
                        shutil.rmtree(self._making)
                    self._clear()
                    yield
                finally:
                    self._taken = False
                    self._clear()

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Take the shelf and give an empty folder on its disk to make a pack in; it goes afterwards, or with the next run."""
        with self.taken():
            self._making.mkdir()
            try:
                yield self._making
            finally:
                shutil.rmtree(self._making)

    def current(self) -> Path | None:
        """Return the folder of the version that is used; None where there is none yet."""
        name = self._used()
        return self.folder / VERSIONS / name if name else None

    def waiting(self) -> Path | None:
        """Return the folder of the version that waits for approval; None where none does."""
        used = self._used()
        found = [path for path in _packs(self.folder / WAITING) if path.name != used]
        return found[0] if found else None

    def versions(self) -> list[Version]:
        """Return the versions that are or have been used, the newest to arrive first."""
        used = self._used()
        found = [Version(path.name, _arrived(path), path.name == used) for path in _packs(self.folder / VERSIONS)]
        return sorted(found, key=lambda version: (version.arrived, version.name), reverse=True)

    def publish(self, made: Path, *, wait: bool = False) -> str:
        """Take a copy of the finished pack in `made` into use, and return the version's name.

        What has the content of the version in use changes nothing.

        Parameters
        ----------
        wait
            Keep it until a person approves it instead; it replaces one that waits already.

        Raises
        ------
        PackError
            If the pack does not pass its checks; nothing has changed.
        """
        with self.taken():
            name = self._shelved(made, WAITING if wait else VERSIONS)
            if not wait:
                self._use(name)
            for other in _packs(self.folder / WAITING) if wait else ():
                if other.name != name:
                    self._remove(other)
        return name

    @contextmanager
    def edited(self) -> Iterator[Path]:
        """Give a copy of the version in use to change by hand; it is published afterwards, unless something is raised."""
        with self.taken(), tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "pack"
            disk.same_tree(resolve(str(self.folder)), copy, link=False)
            yield copy
            self.publish(copy)

    def approve(self, name: str) -> None:
        """Take the version that waits into use; `name` is the one that was looked at."""
        with self.taken():
            waiting = self._waiting(name)
            self.publish(waiting)
            self._remove(waiting)

    def dismiss(self, name: str) -> None:
        """Throw away the version that waits; `name` is the one that was looked at."""
        with self.taken():
            self._remove(self._waiting(name))

    def restore(self, version: str) -> str:
        """Take a version that was used before into use again, and return its name.

        Parameters
        ----------
        version
            Its name, or so much of its beginning that only one is meant.

        Raises
        ------
        PackError
            If the version is damaged; nothing has changed.
        """
        with self.taken():
            names = [known.name for known in self.versions()]
            meant = _meant(version, names)
            if len(meant) != 1:
                found = f"{len(meant)} versioner som börjar på ”{version}”"
                remedy = f"Välj en av {', '.join(meant or names)}" if names else "Samla in först"
                raise CollectError(str(self.folder), found, "exakt en", remedy)
            load(self.folder / VERSIONS / meant[0])
            self._use(meant[0])
        return meant[0]

    def find(self, text: str) -> Path | None:
        """Return the folder of the version that a text means, as for `restore`, or ``väntar``; None where it means none."""
        if text == "väntar":
            return self.waiting()
        meant = _meant(text, [known.name for known in self.versions()])
        return self.folder / VERSIONS / meant[0] if len(meant) == 1 else None

    def _shelved(self, made: Path, where: str) -> str:
        """Copy a pack to its place, whole and on the disk, unless it stands there already."""
        self._clear()
        copy = self._work / "pack"
        disk.same_tree(resolve(str(made)), copy, link=False)
        name = name_of(load(copy))
        target = self.folder / where / name
        if not _sound(target, name):
            if target.exists():
                self._remove(target)
            disk.settle_tree(copy)
            target.parent.mkdir(exist_ok=True)
            copy.rename(target)
            disk.settle(target.parent)
            disk.settle(self.folder)
        return name

    def _used(self) -> str | None:
        with self._said():
            return named_version(self.folder)

    def _use(self, name: str) -> None:
        if self._used() != name:
            disk.put_whole(self.folder / CURRENT, f"{name}\n".encode())

    def _waiting(self, name: str) -> Path:
        waiting = self.waiting()
        if waiting is None or waiting.name != name:
            found = f"{waiting.name} som väntar" if waiting else "ingen version som väntar"
            remedy = "Läs in sidan igen och se vad som har ändrats"
            raise CollectError(str(self.folder), found, f"{name} som väntar", remedy)
        return waiting

    def _remove(self, path: Path) -> None:
        """Remove a version; nobody sees half of one."""
        self._work.mkdir(exist_ok=True)
        gone = self._work / "bort"
        path.rename(gone)
        shutil.rmtree(gone)

    def _clear(self) -> None:
        """Remove what work has left, also work that was interrupted, and a waiting version that is in use by now."""
        for left in self.folder.glob(f".{CURRENT}.*"):
            left.unlink()
        used = self._used()
        if used and (self.folder / WAITING / used).exists():
            self._work.mkdir(exist_ok=True)
            (self.folder / WAITING / used).rename(self._work / used)
        if self._work.exists():
            shutil.rmtree(self._work)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except disk.Busy as error:
            remedy = "Vänta tills den är klar och försök igen"
            raise CollectError(str(self.folder), "en annan körning som pågår", "en mapp som är ledig", remedy) from error
        except OSError as error:
            remedy = "Ge plats på disken eller rätt att läsa och skriva i mappen, och försök igen. Inget har ändrats"
            raise CollectError(str(error.filename or self.folder), disk.why(error), "att kunna läsa och skriva", remedy) from error


def name_of(pack: Pack) -> str:
    """Return the name that a pack has on a shelf."""
    return f"{pack.info.version}-{pack.fingerprint}"


def _meant(text: str, names: list[str]) -> list[str]:
    return [name for name in names if name == text] or [name for name in names if text and name.startswith(text)]


def _packs(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if (path / "pack.yaml").is_file())
    except OSError:
        return []


def _sound(folder: Path, name: str) -> bool:
    """Whether a folder holds the whole pack that its name promises."""
    try:
        return folder.is_dir() and name_of(load(folder)) == name
    except PackError:
        return False


def _arrived(folder: Path) -> datetime:
    return datetime.fromtimestamp((folder / "pack.yaml").stat().st_mtime)
