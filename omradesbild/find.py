"""Find an area by what people call it: any spelling, order, part of a word or small slip.

The rules are few and in this order: the whole name or id, all words of a name, the beginnings of
words, words with a slip of the finger, and last the larger areas that an exactly named area is
part of. Within a rule an everyday area comes before a RegSO, and a RegSO before a former district.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

from omradesbild.model import Area, Level

How = Literal["exact", "words", "prefix", "typo", "part"]

RULE_ORDER: dict[How, int] = {"exact": 0, "words": 1, "prefix": 2, "typo": 3, "part": 4}
#: Which level comes first when two areas match equally well.
LEVEL_ORDER = {
    Level.CUSTOM: -1, Level.NAMED: 0, Level.KOMMUN: 1, Level.REGSO: 2, Level.SUBAREA: 2, Level.CITY_AREA: 3, Level.DISTRICT: 4,
}  # fmt: skip
#: How alike two words must be to count as a slip (one wrong letter in five), and from what length.
CLOSE, SHORTEST_SLIP = 0.8, 4

#: Letters that sort after z, as the code points that follow it.
_LAST = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})
_PLAIN = str.maketrans({"æ": "a", "ø": "o"})


@dataclass(frozen=True)
class Hit:
    """An area that was found, the name that matched and the rule by which it did."""

    area: Area
    text: str
    how: How


def swedish_key(text: str) -> tuple[str, str]:
    """Return a key that sorts as Swedish word lists do.

    å, ä and ö come after z, in that order; case and other accents do not count (é as e, ü as y,
    æ as ä, ø as ö). Texts that differ in nothing else keep a fixed order among themselves.
    """
    letters = unicodedata.normalize("NFC", text).casefold().replace("ü", "y").translate(_LAST)
    return _without_accents(letters), text


@lru_cache(maxsize=4096)
def fold(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower case without accents: "Västra-Hamnen" → vastra, hamnen."""
    return tuple(re.findall(r"[a-z0-9]+", _without_accents(text.casefold().translate(_PLAIN))))


def examples(areas: Iterable[Area], most: int = 3) -> list[str]:
    """Return a few names to try: those of everyday areas, the shortest first; none where there are no such areas."""
    named = (area.name for area in areas if area.level is Level.NAMED)
    return sorted(named, key=lambda name: (len(name), swedish_key(name)))[:most]


def search(query: str, areas: Iterable[Area], limit: int = 8) -> list[Hit]:
    """Find the areas that `query` may mean, best first.

    Parameters
    ----------
    query
        What the reader typed: a name in any spelling, part of it, or an area's id.
    areas
        The areas to choose among, with their aliases.
    limit
        The most hits to return.

    Returns
    -------
    list of Hit
        At most one per area; empty when nothing matches.
    """
    words = fold(query)
    if not words:
        return []
    areas = tuple(areas)
    hits = _hits(areas, lambda name: _rule(words, name))
    if not hits:
        near = _nearly_spelt(words, areas)
        hits = _hits(areas, lambda name: "typo" if all(map(set(name).intersection, near)) else None)
    hits += _larger_areas(hits, areas)
    return sorted(hits, key=_order)[:limit]


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _hits(areas: tuple[Area, ...], rule: Callable[[tuple[str, ...]], How | None]) -> list[Hit]:
    """Return the best hit of every area that has a name matched by `rule`."""
    found = []
    for area in areas:
        names = (area.name, *area.aliases, area.id)
        hits = [Hit(area, name, how) for name in names if (how := rule(fold(name)))]
        if hits:
            found.append(min(hits, key=lambda hit: RULE_ORDER[hit.how]))
    return found


def _rule(words: tuple[str, ...], name: tuple[str, ...]) -> How | None:
    """Return the rule by which what was typed matches a name; both as folded words."""
    if sorted(words) == sorted(name) or "".join(words) == "".join(name):
        return "exact"
    if set(words) <= set(name):
        return "words"
    if all(any(part.startswith(word) for part in name) for word in words):
        return "prefix"
    return None


def _nearly_spelt(words: tuple[str, ...], areas: tuple[Area, ...]) -> list[set[str]]:
    """Return, for each of `words`, the words of all names that it begins or nearly spells."""
    known = {part for area in areas for name in (area.name, *area.aliases) for part in fold(name)}
    return [
        {part for part in known if part.startswith(word)}
        | set(get_close_matches(word, known, cutoff=CLOSE) if len(word) >= SHORTEST_SLIP else ())
        for word in words
    ]


def _larger_areas(hits: list[Hit], areas: tuple[Area, ...]) -> list[Hit]:
    """Return the areas, not hit themselves, that an exactly named area is a member of."""
    already = {hit.area.id for hit in hits}
    exact = {hit.area.id: hit.text for hit in hits if hit.how == "exact"}
    return [
        Hit(area, next(exact[member] for member in area.members if member in exact), "part")
        for area in areas
        if area.id not in already and not exact.keys().isdisjoint(area.members)
    ]


def _order(hit: Hit) -> tuple:
    area = hit.area
    return (
        RULE_ORDER[hit.how],
        LEVEL_ORDER[area.level],
        len(hit.text),
        len(area.members),
        swedish_key(area.name),
    )
