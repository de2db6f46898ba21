"""What the edition's makers give: a path and its bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file of an edition. `path` is relative to the edition, with ``/`` between folders."""

    path: str
    content: bytes
