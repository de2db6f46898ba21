"""What staff keep before it is part of a pack: own areas, priority lists, proposed initiatives, orders of meeting
documents, tables.

A draft is a small JSON file in a folder of its own, outside the pack. Everybody who can use the app sees it, so
an app that is open to the public should have none: set ``OMRADESBILD_DRAFTS`` to nothing. Only tables are otherwise:
the name that one is kept under is a key drawn at random, and the app shows it to nobody else than who has the key.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import unicodedata
from hashlib import sha256
from pathlib import Path

from omradesbild import disk

KINDS = ("omraden", "prioriteringar", "insatser", "underlag", "tabeller")
#: The largest draft, in bytes of JSON, the longest name and the most drafts of a kind.
MOST_BYTES, LONGEST_NAME, MOST = 500_000, 80, 500
DEFAULT = Path(__file__).resolve().parent.parent / "drafts"


class DraftError(ValueError):
    """A draft could not be kept or read; the message is for the reader, in Swedish."""


class GoneError(DraftError):
    """There is no such draft, or no longer."""

    def __init__(self) -> None:
        super().__init__("Utkastet finns inte längre.")


def folder() -> Path | None:
    """Return where drafts are kept: ``OMRADESBILD_DRAFTS``, else ``drafts/`` beside the app; None where it is empty."""
    chosen = os.environ.get("OMRADESBILD_DRAFTS")
    return DEFAULT if chosen is None else Path(chosen) if chosen else None


def new_key() -> str:
    """Draw a name that nobody can guess, for a draft that only its makers see."""
    return secrets.token_hex(16)


def is_key(name: str) -> bool:
    """Tell whether a name can be one that `new_key` drew."""
    return re.fullmatch("[0-9a-f]{32}", name) is not None


def save(kind: str, name: str, content: dict, *, replace: bool = False) -> Path:
    """Keep a draft; the file is there whole or not at all.

    Parameters
    ----------
    kind
        One of `KINDS`.
    name
        What the reader calls it.
    content
        What JSON can hold. The name is kept with it.
    replace
        Whether a draft with the same name may be replaced.

    Raises
    ------
    DraftError
        If nothing can be kept here, the name is empty, too long or taken, the draft is too large, there are
        too many, or the disk refuses.
    """
    path = _path(kind, name)
    if not replace and path.exists():
        raise DraftError(f"Det finns redan ett utkast som heter ”{name}”. Välj ett annat namn, eller ersätt det.")
    text = _written(name, content)
    if len(text.encode()) > MOST_BYTES:
        raise DraftError(f"Utkastet är för stort: {len(text.encode())} byte. Högst {MOST_BYTES} ryms.")
    if not path.exists() and len(_files(kind)) >= MOST:
        raise DraftError(f"Det finns redan {MOST} utkast. Ta bort något, eller be den som sköter appen att rensa.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.put_whole(path, text.encode())
    except OSError as error:
        raise DraftError(f"Utkastet kunde inte sparas i {path.parent} ({_why(error)}).") from error
    return path


def names(kind: str) -> list[str]:
    """Return the names of the drafts of a kind, in alphabetical order; a file that is no draft is left out and logged."""
    found = []
    for path in _files(kind):
        try:
            found.append(_read(path)["name"])
        except DraftError as error:
            logging.getLogger(__name__).warning("%s", error)
    return sorted(found, key=str.casefold)


def read(kind: str, name: str) -> dict:
    """Return the content of a draft.

    Raises
    ------
    GoneError
        If there is none of that name.
    DraftError
        If its file is damaged, or no drafts are kept here.
    """
    return _read(_path(kind, name))["content"]


def to_file(name: str, content: dict) -> bytes:
    """Return a draft as the file that it is kept as, for download."""
    return _written(name, content).encode()


def from_file(path: Path) -> dict:
    """Return the content of a draft in a file that was downloaded.

    Raises
    ------
    DraftError
        If there is no such file, or it holds no draft.
    """
    return _read(path)["content"]


def remove(kind: str, name: str) -> None:
    """Remove a draft.

    Raises
    ------
    DraftError
        If there is none of that name, or the disk refuses.
    """
    path = _path(kind, name)
    try:
        path.unlink()
    except FileNotFoundError as error:
        raise GoneError from error
    except OSError as error:
        raise DraftError(f"Utkastet ”{name}” kunde inte tas bort ({_why(error)}).") from error


def _path(kind: str, name: str) -> Path:
    """Return the file of a draft: readable letters of its name, and a mark that tells names apart."""
    if kind not in KINDS:
        raise ValueError(f"found {kind!r}; expected one of {KINDS}")
    place, name = folder(), name.strip()
    if place is None:
        raise DraftError("Här kan inget sparas. Hämta en fil i stället.")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise DraftError(f"Ett namn är 1–{LONGEST_NAME} tecken på en rad. Det här är {len(name)}.")
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    letters = "".join(c if c.isalnum() else "-" for c in plain).strip("-")[:40]
    return place / kind / f"{letters}-{sha256(name.encode()).hexdigest()[:10]}.json"


def _written(name: str, content: dict) -> str:
    return json.dumps({"name": name.strip(), "content": content}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _files(kind: str) -> list[Path]:
    place = folder()
    return sorted((place / kind).glob("*.json")) if place else []


def _read(path: Path) -> dict:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GoneError from error
    except (OSError, ValueError) as error:
        raise DraftError(f"Utkastet i {path.name} kan inte läsas ({_why(error)}).") from error
    if not isinstance(found, dict) or not isinstance(found.get("name"), str) or not isinstance(found.get("content"), dict):
        raise DraftError(f"Filen {path.name} är inget utkast: namn eller innehåll saknas.")
    return found


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return disk.why(error)
    return "innehållet är inte JSON i UTF-8"
