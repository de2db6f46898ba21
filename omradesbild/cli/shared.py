"""What several commands need: how they fail, write, tell how far they have come, and read what they are given."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from omradesbild import disk

if TYPE_CHECKING:
    from omradesbild.model import Area, Indicator, Initiative


FAILED = "Det gick inte: "  # what a refusal begins with


def failed(error: object) -> int:
    """Say what went wrong, and where a disk refused, why; return the code of a command that failed."""
    if isinstance(error, OSError):
        error = f"{error.filename or 'Filen'} kan inte läsas eller skrivas: {disk.why(error)}. Rätta det, eller ange en annan fil eller mapp."
    print(f"{FAILED}{error}", file=sys.stderr)
    return 1


def write(content: bytes) -> None:
    """Write bytes as they are, whatever the terminal's encoding; a reader that has seen enough may leave."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """Says on standard error how far a long task has come and about how long is left: every tenth, or in place."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._said = -1

    def __call__(self, done: int, total: int, last: str) -> None:
        """Tell that `done` of `total` are done, `last` the last of them."""
        left = (time.monotonic() - self._started) * (total - done) / done
        text = f"{done} av {total} klara, {last}; ungefär {left:.0f} s kvar"
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif 10 * done // total > self._said:
            self._said = 10 * done // total
            print(text, file=sys.stderr, flush=True)


def pack_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which pack a command reads."""
    parser.add_argument("--pack", help="mapp med ett datapaket, eller demo (förval: det som följer med)")


def id_list(text: str) -> list[str]:
    """Return the ids of an option, each once, in the order given; a comma, a semicolon or a space is between them."""
    ids = list(dict.fromkeys(re.findall(r"[^\s,;]+", text)))
    if not ids:
        raise argparse.ArgumentTypeError("ska följas av minst ett id")
    return ids


def text_of(path: Path) -> str:
    """Return what a text file says; one that is not UTF-8 is refused in words."""
    from omradesbild.publish.report.order import OrderError

    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise OrderError(f"{path} är inte text i UTF-8. Spara filen som UTF-8 och försök igen.") from error


def unknown(asked: Iterable[tuple[str, Iterable[str], Mapping]]) -> str:
    """Say which ids are not known, of what is asked for: its kind, its ids, and those that are known; nothing where all are."""
    return " ".join(_not_known(kind, id_, known) for kind, ids, known in asked for id_ in ids if id_ not in known)


def _not_known(kind: str, id_: str, known: Mapping) -> str:
    """Say that an id is not known, and which were perhaps meant: nearly the same id, or that name."""
    names = {_named(entry).casefold(): i for i, entry in known.items()}
    near = get_close_matches(id_.casefold(), [*known, *names], n=3, cutoff=0.5)
    near = list(dict.fromkeys(names.get(text, text) for text in near))
    tip = f"Menade du {' eller '.join(near)}?" if near else f"Det finns {len(known)}, till exempel {next(iter(known))}."
    return f"Okänt id för {kind}: {id_}. {tip}"


def _named(entry: Area | Indicator | Initiative) -> str:
    """Return the Swedish name of something in the catalogue."""
    name = getattr(entry, "name", "") or entry.title
    return getattr(name, "sv", name)
