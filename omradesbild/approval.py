"""Approves a draft: puts it at the end of the pack's catalogue, as text that a person reviews in a diff.

The catalogue is replaced whole or not at all, and only by one with which the pack passes every check.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from omradesbild import disk, pack
from omradesbild.analyse import statements
from omradesbild.model import Initiative, PublishedList
from omradesbild.pack import INITIATIVES, PRIORITIES, Pack
from omradesbild.proposal import Mistake, read, read_list

Record = Initiative | PublishedList
#: What can be approved, as the command and the drafts name it → the catalogue's file.
FILES = {"insatser": INITIATIVES, "prioriteringar": PRIORITIES}


class ApprovalError(ValueError):
    """A draft that cannot be approved; the message says why, in Swedish, and nothing has changed."""


def approve(root: Path, kind: str, content: Mapping[str, object]) -> str:
    """Add what a draft holds to the catalogue of the pack in `root` and return the text that was added.

    Empty where exactly that stands there already.

    Parameters
    ----------
    root
    kind
        One of `FILES`.
    content
        What the draft holds; of a list of priorities also who decided that it is published (`by`) and when (`published`).

    Raises
    ------
    ApprovalError
        If the pack or the draft has a fault, or the file changed meanwhile.
    """
    root = Path(root)
    file = root / FILES[kind]
    try:
        loaded = pack.load(root)
        before = file.read_bytes() if file.exists() else None
    except pack.PackError as error:
        raise ApprovalError(f"datapaketet har redan fel, som måste rättas först.\n{error}") from error
    except OSError as error:
        raise ApprovalError(f"{file} kan inte läsas ({disk.why(error)}).") from error
    record, faults = _read(kind, content, loaded)
    if record is None:
        raise ApprovalError("utkastet har fel:\n" + "\n".join(f"- {fault.text()}" for fault in faults))
    known = _known(kind, loaded)
    if record in known:
        return ""
    if any(one.id == record.id for one in known):
        part, code = ("title", "taken") if kind == "insatser" else ("name", "list_taken")
        raise ApprovalError(f"- {Mistake(part, code, {'found': record.id}).text()}")
    added = entry(record)
    kept = re.sub(rb"\[\s*\]\s*$", b"", before or b"").rstrip(b"\n")  # without entries it is an empty list
    after = (kept + b"\n\n" if kept else b"") + added.encode()
    _check(root, kind, after, expected=(*known, record))
    _replace(file, before, after)
    return added


def _read(kind: str, content: Mapping[str, object], loaded: Pack) -> tuple[Record | None, tuple[Mistake, ...]]:
    if kind == "insatser":
        return read(content, loaded, new=False)
    return read_list(content, statements.build(loaded))


def _known(kind: str, loaded: Pack) -> tuple[Record, ...]:
    return loaded.initiatives if kind == "insatser" else loaded.priorities


def entry(record: Record) -> str:
    """Write a record as it stands in the catalogue; whatever its texts hold, they are read back as texts."""
    content = record.model_dump(mode="json", exclude_none=True)
    return yaml.safe_dump([content], allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)


def _check(root: Path, kind: str, catalogue: bytes, expected: tuple[Record, ...]) -> None:
    """Load a copy of the pack with the new catalogue; refuse it where that fails or says something else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "pack"
        shutil.copytree(root, copy)
        (copy / FILES[kind]).write_bytes(catalogue)
        try:
            found = _known(kind, pack.load(copy))
        except pack.PackError as error:
            raise ApprovalError(f"datapaketet skulle inte gå att använda.\n{error}") from error
    if found != expected:
        raise ApprovalError("katalogen skulle inte bli den gamla och det nya; ingenting skrevs.")


def _replace(file: Path, before: bytes | None, after: bytes) -> None:
    """Put the new content in place of the old (None: there is none) in one step, unless somebody else has changed it."""
    try:
        if (file.read_bytes() if file.exists() else None) != before:
            raise ApprovalError(f"{file} ändrades under tiden. Försök igen.")
        disk.put_whole(file, after)
    except OSError as error:
        raise ApprovalError(f"{file} kunde inte skrivas ({disk.why(error)}).") from error
