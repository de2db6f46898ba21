"""The police's list beside measured conditions: who is on it, how they live, who lives alike without being on it.

The list is never a ranking here. What is compared is the basic areas' own measures, with an open rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omradesbild.analyse.statements import Statement, Statements

#: From this share of its surface inside a border, a basic area counts as one of the list's areas.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which basic areas live as those on the list do, by some measures of one year each.

    Attributes
    ----------
    edition : str
        The edition whose borders decide who is on the list.
    listed, alike, left : tuple of str
        Basic areas mostly inside the borders; those that never were, in any edition with borders, but are at
        least as burdened on every measure as the least burdened listed one; those that were inside an earlier
        edition's borders but are not inside this one's.
    limits : dict of str to Statement
        For each measure, the listed area that is the least burdened.
    """

    edition: str
    listed: tuple[str, ...]
    alike: tuple[str, ...]
    left: tuple[str, ...]
    limits: dict[str, Statement]


def inside(statements: Statements, edition: str, least: float = MOSTLY) -> frozenset[str]:
    """Return the basic areas with at least the share `least` (0–1) of their surface inside an edition's borders."""
    entries = [entry for e in statements.pack.police if e.edition == edition for entry in e.entries]
    shares: dict[str, float] = {}
    for entry in entries:
        for area, share in entry.overlap.items():
            shares[area] = shares.get(area, 0.0) + share
    return frozenset(area for area, share in shares.items() if share >= least)


def likeness(statements: Statements, measures: Sequence[str], edition: str | None = None) -> Likeness | None:
    """Compare areas on the list with areas off it.

    Parameters
    ----------
    measures
        Indicators for which a higher value is a heavier burden; the newest year of each is used.
    edition
        The edition that decides; the newest with known borders when None.

    Returns
    -------
    Likeness, or None without measures, where no edition has borders or a measure has no figures for the listed areas.

    Notes
    -----
    An area is alike when it is at or above the lowest listed area on *every* measure. The rule is deliberately
    plain: it shows that the list and the conditions are different things, not which areas ought to be on it.
    """
    bordered = [e.edition for e in statements.pack.police if e.borders]
    if not bordered or not measures:
        return None
    edition = edition or bordered[-1]
    listed = inside(statements, edition)
    touched = frozenset().union(*(inside(statements, e, least=0.01) for e in bordered))
    found = {m: _newest(statements, m) for m in measures}
    limits = {m: _least_burdened(figures, listed) for m, figures in found.items()}
    if not listed or None in limits.values():
        return None
    every = set.intersection(*({a for a, s in figures.items()} for figures in found.values()))
    alike = {
        area
        for area in every - touched
        if all(found[m][area].value >= limits[m].value and found[m][area].comparison != "small" for m in measures)
    }
    earlier = frozenset().union(*(inside(statements, e) for e in bordered if e < edition))
    order = [a for a in statements.pack.areas if a in listed | alike | earlier]
    return Likeness(
        edition,
        tuple(a for a in order if a in listed),
        tuple(a for a in order if a in alike),
        tuple(a for a in order if a in earlier - listed),
        limits,
    )


def _newest(statements: Statements, measure: str) -> dict[str, Statement]:
    level = statements.pack.info.base_level
    period = statements.latest(measure, level)
    areas = (a.id for a in statements.pack.areas.values() if a.level == level)
    found = {a: statements.get(a, measure, period) for a in areas} if period else {}
    return {a: s for a, s in found.items() if s is not None and s.value is not None}


def _least_burdened(figures: dict[str, Statement], listed: frozenset[str]) -> Statement | None:
    return min((s for a, s in figures.items() if a in listed), key=lambda s: s.value, default=None)
