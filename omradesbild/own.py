"""A reader's own areas in the link: a name, and the basic areas that make it up, whole or in part.

``egna=1~Möllan och Annelund~1280R049.1280R050:350`` is one area of all of the first basic area and 350 thousandths of
the surface of the second; more areas follow after ``!``. Nothing else is kept of what a reader drew or uploaded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from omradesbild.analyse.custom import same_as
from omradesbild.model import Area, Level
from omradesbild.pack import Pack

MOST, LONGEST_NAME, LONGEST = 4, 60, 12_000
THOUSAND = 1000
#: Besides letters, figures and spaces, what may stand in a name; nothing that a page or a link could take for its own.
_ALLOWED = frozenset("-–'’.,()&/+:?")
_ENTRY = re.compile(r"([1-9])~([^~]*)~([A-Za-z0-9_.:-]+)")
_MEMBER = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)(?::([0-9]{1,3}))?")


class Fault(NamedTuple):
    """What could not be read in a link. `code` is a key under ``link`` in the texts."""

    code: str
    found: str


def clean_name(text: str) -> str:
    """Return a name as it may be shown anywhere: one line, at most `LONGEST_NAME` characters, no markup.

    Examples
    --------
    >>> clean_name("  S:t  <b>Johannes</b> [x](y)\u202e ")
    'S:t bJohannes/b x(y)'
    """
    plain = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text[: 20 * LONGEST_NAME]))
    kept = "".join(c for c in plain if c == " " or c in _ALLOWED or unicodedata.category(c)[0] in "LN")
    kept = re.sub(r"/{2,}", "/", kept)
    kept = re.sub(r":(?=[^\s:]*:)|\.(?=[^\s.])", " ", kept)  # no ":smile:", no "www.example.se"
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def make(number: int, name: str, shares: Mapping[str, float], pack: Pack) -> Area:
    """Return an own area.

    Parameters
    ----------
    number
        1–9; its place among the reader's areas.
    name
        May be anything; an empty one is replaced by the number.
    shares
        How much of each basic area's surface belongs to it, 0–1, kept in whole thousandths.
    """
    order = [a for a in pack.areas if a in shares]
    whole = {a: max(1, round(THOUSAND * shares[a])) for a in order}
    cut = any(share < THOUSAND for share in whole.values())
    area = Area(
        id=f"eget-{number}",
        name=clean_name(name) or f"{number}",
        level=Level.CUSTOM,
        members=tuple(order),
        shares=tuple(share / THOUSAND for share in whole.values()) if cut else (),
    )
    same = same_as(area, pack)
    return area.model_copy(update={"approximate": cut or (same is not None and same.approximate)})


def free_number(areas: tuple[Area, ...]) -> int:
    """Return the first number that no area has."""
    taken = {area.id for area in areas}
    return next(n for n in range(1, MOST + 2) if f"eget-{n}" not in taken)


def to_text(areas: tuple[Area, ...]) -> str:
    """Write own areas for the link."""
    return "!".join(f"{area.id[-1]}~{area.name}~{members_text(area)}" for area in areas)


def members_text(area: Area) -> str:
    """Write the members of an area, each with its share in thousandths where it is not whole."""
    whole = [round(THOUSAND * share) for share in area.shares] or [THOUSAND] * len(area.members)
    return ".".join(a if n == THOUSAND else f"{a}:{n}" for a, n in zip(area.members, whole, strict=True))


def from_text(text: str, pack: Pack) -> tuple[tuple[Area, ...], list[Fault]]:
    """Read own areas from a link, in which anything may stand.

    Returns
    -------
    The areas, and what could not be used. An area of which a part is unknown is left out whole: without it, it would
    be another area.
    """
    areas: dict[str, Area] = {}
    faults = []
    entries = text.split("!", MOST)
    if len(entries) > MOST or len(text) > LONGEST:
        faults.append(Fault("own_many", str(MOST)))
    for entry in [e[:LONGEST] for e in entries[:MOST] if e]:
        found = _ENTRY.fullmatch(entry)
        shares = _shares(found[3]) if found else {}
        strange = [a for a in shares if a not in pack.areas or pack.areas[a].level != pack.info.base_level]
        if not shares or f"eget-{found[1]}" in {*areas, *pack.areas}:
            faults.append(Fault("own_broken", entry))
        elif strange:
            faults.append(Fault("own_part", strange[0]))
        else:
            area = make(int(found[1]), found[2], shares, pack)
            areas[area.id] = area
    return tuple(areas.values()), faults


def _shares(text: str) -> dict[str, float]:
    """Read the members of an area; none where any of them cannot be read or stands twice."""
    found = [_MEMBER.fullmatch(part) for part in text.split(".")]
    shares = {m[1]: int(m[2]) / THOUSAND if m[2] else 1.0 for m in found if m}
    return shares if len(shares) == len(found) and all(shares.values()) else {}
