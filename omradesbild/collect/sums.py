"""Parents are their children and what belongs to none of them, where the plan says that the source counts so.

Only counts are added up. What a source does to its own counts to protect people is expected and never mended: small counts
were moved a little before 2025, and from then on every count carries a small random number (``Source.noise``), so that a sum of
*n* counts may lie some √n times that from the parent. A child whose figure is withheld makes a sum that cannot be tried.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from omradesbild import checks
from omradesbild.collect.fault import CollectError, written
from omradesbild.collect.normalise import Counts
from omradesbild.collect.plan import Sum
from omradesbild.collect.readings import among
from omradesbild.model import Source

#: So many remarks are given, those furthest away first; the rest are counted.
MOST = 10


@dataclass(frozen=True)
class _Family:
    """Parents that have children here: their places among the areas; those of all children, family by family; and of rests."""

    parents: np.ndarray
    children: np.ndarray
    starts: np.ndarray
    rests: np.ndarray


@dataclass(frozen=True)
class _Apart:
    """A variable's worst sum, a grave one before others: how many times what is expected it is apart, whether that is too much for a pack, and in words."""

    times: float
    grave: bool
    where: str
    found: str
    expected: str
    hint: str


def check(counts: Counts, rules: Sequence[Sum], summed: Collection[str], sources: Mapping[str, Source]) -> list[str]:
    """Return remarks on sums that differ and on sums that cannot be tried, in Swedish.

    A difference as large as ``checks.totals`` refuses stops the run here, where it can be said what it comes from.

    Parameters
    ----------
    counts
        What a source has been read to give.
    rules
        Which of its areas sum to which.
    summed
        The variables that are counts.
    sources
        Source id → its entry: its table, and the noise that it adds.

    Raises
    ------
    CollectError
        If the parts are more than the whole by ``checks.ABOVE_CITY`` of it, or fewer by ``checks.SHORT_OF_CITY``.
    """
    differing: list[_Apart] = []
    untried: list[str] = []
    for rule in rules:
        if (family := _family(counts, rule)) is not None:
            wide, hidden = _tried(counts, family, rule, summed, sources)
            differing += wide
            untried += hidden
    differing.sort(key=lambda one: -one.times)
    if grave := [one for one in differing if one.grave]:
        others = f" ({len(grave) - 1} variabler till likaså)" if len(grave) > 1 else ""
        remedy = f"Se efter i källans svar om en del saknas, står dubbelt eller har hamnat på fel rad.{grave[0].hint} Inget är ändrat"
        raise CollectError(grave[0].where, grave[0].found + others, grave[0].expected, remedy)
    said = [f"Summan stämmer inte: {o.where}: {o.found}; {o.expected}.{o.hint} Inget är ändrat" for o in differing]
    more = len(said) - MOST
    return [*said[:MOST], *([f"… och {more} variabler till vars summor inte stämmer"] if more > 0 else []), *untried]


def placed(counts: Counts, rules: Sequence[Sum], areas: Collection[str]) -> tuple[Counts, list[str]]:
    """Leave out what has been counted in a sum but is no place of the pack's, and say which parts that is.

    Rests go, and so do wholes that the pack does not have, and parts where they are of the source's own division.
    """
    wholes = {rule.parent or found[1] for rule in rules for area in counts.areas if (found := re.fullmatch(rule.children, area))}
    rests = [rule.rest for rule in rules if rule.rest]
    own = [rule.children for rule in rules if rule.elsewhere]

    def like(area: str, patterns: Sequence[str]) -> bool:
        return any(re.fullmatch(pattern, area) for pattern in patterns)

    unknown = {area for area in counts.areas if area not in areas}
    parts = sorted(area for area in unknown if like(area, own))
    gone = {*parts, *(unknown & wholes), *(area for area in counts.areas if like(area, rests))}
    if not gone:
        return counts, []
    kept = [n for n, area in enumerate(counts.areas) if area not in gone]
    blocks = {name: getattr(counts, name)[kept] for name in ("value", "flag", "source")}
    said = [f"Används inte: {len(parts)} områden som paketet inte har, som {', '.join(parts[:3])}"] if parts else []
    return replace(counts, areas=[counts.areas[n] for n in kept], **blocks), said


def _family(counts: Counts, rule: Sum) -> _Family | None:
    place = {area: n for n, area in enumerate(counts.areas)}
    members: dict[str, list[int]] = {}
    rests: dict[str, int] = {}
    for n, area in enumerate(counts.areas):
        if found := re.fullmatch(rule.children, area):
            members.setdefault(rule.parent or found[1], []).append(n)
        elif rule.rest and (found := re.fullmatch(rule.rest, area)):
            rests[rule.parent or found[1]] = n
    parents = [code for code in members if code in place]
    if not parents:
        return None
    sizes = [len(members[code]) for code in parents]
    return _Family(
        np.array([place[code] for code in parents]),
        np.array([n for code in parents for n in members[code]]),
        np.cumsum([0, *sizes[:-1]]),
        np.array([rests.get(code, -1) for code in parents]),
    )


def _tried(
    counts: Counts, family: _Family, rule: Sum, summed: Collection[str], sources: Mapping[str, Source]
) -> tuple[list[_Apart], list[str]]:
    """Return each variable's worst sum that is further apart than expected, and what cannot be tried."""
    wanted = np.array([among(name, summed) for name in counts.variables], bool)
    value, source = counts.value[..., wanted], counts.source[..., wanted]
    names = [name for name, here in zip(counts.variables, wanted, strict=True) if here]
    own, whose = value[family.parents], source[family.parents]
    theirs = source[family.children]
    there = theirs >= 0
    parts = np.where(there, value[family.children], 0.0)
    number = np.add.reduceat(there, family.starts, axis=0, dtype="int32")
    same = np.maximum.reduceat(theirs, family.starts, axis=0) == whose
    rested = (family.rests >= 0)[:, None, None] & (source[family.rests] >= 0)
    rest = np.where(rested, value[family.rests], 0.0)
    total = np.add.reduceat(parts, family.starts, axis=0)
    asked = (number > 0) & (whose >= 0) & same & ~np.isnan(own)
    apart = total + rest - own
    slack = _slack(counts, whose, number + 1 + rested, rule, sources)
    untried = asked & np.isnan(apart)
    times = np.where(asked & ~untried, np.abs(apart) / slack, 0.0)
    grave = (times > 1) & ((apart > checks.ABOVE_CITY * own) | (apart < -checks.SHORT_OF_CITY * own))
    wide = []
    for variable in np.flatnonzero((times > 1).any(axis=(0, 1))):
        worst = times[..., variable] * (grave[..., variable] if grave[..., variable].any() else 1)
        parent, period = np.unravel_index(worst.argmax(), worst.shape)
        at = (parent, period, variable)
        more = int((times[..., variable] > 1).sum()) - 1
        kin = slice(family.starts[parent], family.starts[parent + 1] if parent + 1 < len(family.starts) else None)
        here = parts[kin, :, variable], there[kin, :, variable], [counts.areas[n] for n in family.children[kin]]
        hint = _hint(here, int(period), apart[at])
        where = f"{_table(sources, counts.sources[whose[at]])}, {_named(names[variable])} {counts.periods[period]}"
        code, difference = counts.areas[family.parents[parent]], f"{'+' if apart[at] > 0 else '−'}{_n(abs(apart[at]))}"
        found = (
            f"{_n(total[at])} som summan av de {number[at]} delarna av {code}, restpost {_n(rest[at]) if rested[at] else 'ingen'}"
            + (f" (och {more} summor till av samma slag)" if more else "")
        )
        expected = f"{_n(own[at])}, som {code} självt har: skillnad {difference}, varav skyddet av små tal förklarar ungefär {_n(slack[at])}"
        wide.append(_Apart(times[at], bool(grave[at]), where, found, expected, hint))
    return wide, list(_hidden(counts, family, names, whose, untried, parts, sources))


def _slack(counts: Counts, source: np.ndarray, number: np.ndarray, rule: Sum, sources: Mapping[str, Source]) -> np.ndarray:
    """Return how far a sum of so many counts may lie from the parent by what the source does to protect people."""
    variance = np.zeros((len(counts.periods), len(counts.sources) + 1))  # the last: no figure
    for n, name in enumerate(counts.sources):
        if name in sources and (noise := sources[name].noise):
            variance[:, n] = [noise.variance(period) for period in counts.periods]
    each = variance[np.arange(len(counts.periods))[:, None], source]
    return np.maximum(checks.slack(number, number * each, rule.moved), 0.5)


def _hint(family: tuple[np.ndarray, np.ndarray, list[str]], period: int, apart: float) -> str:
    """Say which child may be to blame: one that has a figure in the period beside this one, or as large as what is too much."""
    parts, there, names = family
    beside = [p for p in (period - 1, period + 1) if 0 <= p < there.shape[1]]
    lost = [name for name, now, other in zip(names, there[:, period], there[:, beside].any(axis=1), strict=True) if other and not now]
    if apart < 0 and lost:
        return f" Utan siffra det året, men med året före eller efter: {', '.join(lost[:5])}."
    double = [name for name, size in zip(names, parts[:, period], strict=True) if apart > 0 and size == apart]
    return f" Skillnaden är lika stor som {' och '.join(double[:3])}." if double else ""


def _hidden(counts, family, names, whose, untried, parts, sources) -> Iterator[str]:
    """Say for each source how many sums cannot be tried since a part is withheld, and which is the first."""
    for n, source in enumerate(counts.sources):
        here = untried & (whose == n)
        if not here.any():
            continue
        parent, period, variable = (int(found[0]) for found in np.nonzero(here))
        end = family.starts[parent + 1] if parent + 1 < len(family.starts) else None
        at = np.flatnonzero(np.isnan(parts[family.starts[parent] : end, period, variable]))
        child = counts.areas[family.children[family.starts[parent] + at[0]]] if len(at) else "restposten"
        yield (
            f"Går inte att summera: {_table(sources, source)}, {here.sum()} av summorna, eftersom en del är dold eller saknar värde. "
            f"Den första är {_named(names[variable])} {counts.periods[period]} i {counts.areas[family.parents[parent]]} ({child})"
        )


def _table(sources: Mapping[str, Source], source: str) -> str:
    entry = sources.get(source)
    return f"{entry.table} ({entry.title})" if entry and entry.table else entry.title if entry else source


def _named(variable: str) -> str:
    name, _, group = variable.partition("|")
    return f"{name}, gruppen {group}," if group else name


def _n(number: float) -> str:
    return written(number, ".1f").removesuffix(",0")
