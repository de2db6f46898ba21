"""Approves a draft: puts it at the end of the pack's catalogue, as text that a person reviews in a diff.

The catalogue is replaced whole or not at all, and only by one with which the pack passes every check.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from omradesbild import pack
from omradesbild.model import Initiative
from omradesbild.pack import INITIATIVES
from omradesbild.proposal import Mistake, read


class ApprovalError(ValueError):
    """A draft that cannot be approved; the message says why, in Swedish, and nothing has changed."""


def approve(root: Path, content: Mapping[str, object]) -> str:
    """Add a proposed initiative to the catalogue of the pack in `root` and return the text that was added.

    Empty where exactly that initiative stands there already.

    Raises
    ------
    ApprovalError
        If the pack or the draft has a fault, or the file changed meanwhile.
    """
    root = Path(root)
    file = root / INITIATIVES
    try:
        loaded = pack.load(root)
        before = file.read_bytes()
    except pack.PackError as error:
        raise ApprovalError(f"datapaketet har redan fel, som måste rättas först.\n{error}") from error
    except OSError as error:
        raise ApprovalError(f"{file} kan inte läsas ({error.strerror}).") from error
    initiative, faults = read(content, loaded, new=False)
    if initiative is None:
        raise ApprovalError("utkastet har fel:\n" + "\n".join(f"- {fault.text()}" for fault in faults))
    if initiative in loaded.initiatives:
        return ""
    if any(known.id == initiative.id for known in loaded.initiatives):
        raise ApprovalError(f"- {Mistake('title', 'taken', {'found': initiative.id}).text()}")
    added = entry(initiative)
    kept = re.sub(rb"\[\s*\]\s*$", b"", before)  # a register without entries is an empty list
    after = kept.rstrip(b"\n") + b"\n\n" + added.encode()
    _check(root, after, expected=(*loaded.initiatives, initiative))
    _replace(file, before, after)
    return added


def entry(initiative: Initiative) -> str:
    """Write an initiative as it stands in the catalogue; whatever its texts hold, they are read back as texts."""
    content = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in initiative.model_dump(exclude_none=True).items()
    }
    return yaml.safe_dump([content], allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)


def _check(root: Path, catalogue: bytes, expected: tuple[Initiative, ...]) -> None:
    """Load a copy of the pack with the new catalogue; refuse it where that fails or says something else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "pack"
        shutil.copytree(root, copy)
        (copy / INITIATIVES).write_bytes(catalogue)
        try:
            found = pack.load(copy).initiatives
        except pack.PackError as error:
            raise ApprovalError(f"datapaketet skulle inte gå att använda.\n{error}") from error
    if found != expected:
        raise ApprovalError("registret skulle inte bli det gamla och den nya insatsen; ingenting skrevs.")


def _replace(file: Path, before: bytes, after: bytes) -> None:
    """Put the new content in place of the old in one step, unless somebody else has changed it."""
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            whole = Path(folder) / file.name
            with whole.open("wb") as out:
                out.write(after)
                out.flush()
                os.fsync(out.fileno())
            if file.read_bytes() != before:
                raise ApprovalError(f"{file} ändrades under tiden. Försök igen.")
            shutil.copymode(file, whole)
            os.replace(whole, file)
    except OSError as error:
        raise ApprovalError(f"{file} kunde inte skrivas ({error.strerror}).") from error
