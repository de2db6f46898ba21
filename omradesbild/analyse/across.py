"""The figures of all basic areas in one year, as the statistics over areas take them.

These statistics see only what is shown: an area whose figure is hidden or missing is left out, also of
sums, and is named.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from omradesbild.analyse.statements import Statements
from omradesbild.model import Flag, Kind

#: Fewer areas than this say nothing about how areas differ.
LEAST_AREAS = 5

#: Why a statistic over areas cannot be computed.
REFUSALS = (
    "not_counted",  # a count, a median, a class …: areas cannot be weighed together
    "no_counts",  # the source gives shares without the numbers behind them
    "no_figures",  # no area has a figure that year
    "few_areas",  # fewer than LEAST_AREAS have
    "no_ordering",  # no other figure tells areas apart as well and badly off
    "not_a_share",  # a rate or a mean does not divide people into a group and the others
    "one_group",  # everybody, or nobody, belongs to the group
    "not_chance",  # a mean has no numerator that chance could have varied
    "alike",  # the areas differ no more than chance makes them
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no statistic; `code` is one of `REFUSALS`."""

    code: str


@dataclass(frozen=True, eq=False)
class Across:
    """The counts of the basic areas that have a figure.

    Attributes
    ----------
    indicator, group, period : str
    numerator, denominator : Series
        Keyed by area, sorted by id.
    hidden : tuple of str
        Areas whose figure is withheld.
    missing : tuple of str
        Areas without figure for another reason.
    estimated : bool
        Whether any count is an estimate: then intervals, which are about chance, say nothing.
    """

    indicator: str
    group: str
    period: str
    numerator: pd.Series
    denominator: pd.Series
    hidden: tuple[str, ...]
    missing: tuple[str, ...]
    estimated: bool

    def only(self, areas: Collection[str]) -> Across:
        """Return the counts of some of the areas."""
        kept = self.numerator.index.isin(areas)
        return replace(self, numerator=self.numerator[kept], denominator=self.denominator[kept])


def across(
    statements: Statements,
    indicator: str,
    period: str,
    group: str | None = None,
    *,
    kinds: Collection[Kind] = (Kind.SHARE, Kind.RATE, Kind.MEAN),
) -> Across | Refusal:
    """Return the counts behind an indicator's figures in all basic areas, or why there are none.

    Parameters
    ----------
    kinds
        The kinds that the statistic is for.
    """
    pack = statements.pack
    if pack.indicators[indicator].kind not in kinds:
        return Refusal("not_counted")
    group = group_of(statements, indicator, group)
    rows = statements.at(indicator, period, group, pack.info.base_level)
    rows = rows[["value", "numerator", "denominator", "flag"]].set_axis(rows["area"].astype(str))
    rows = rows.reindex(sorted(a.id for a in pack.areas.values() if a.level == pack.info.base_level))
    shown = rows["value"].notna()
    if not shown.any():
        return Refusal("no_figures")
    counted = shown & rows["numerator"].notna() & (rows["denominator"] > 0)
    if not counted.any():
        return Refusal("no_counts")
    if counted.sum() < LEAST_AREAS:
        return Refusal("few_areas")
    flags = rows["flag"].astype(object).fillna("").str.split()
    hidden = ~shown & flags.map(lambda codes: Flag.SUPPRESSED.value in codes)
    return Across(
        indicator=indicator,
        group=group,
        period=period,
        numerator=rows.loc[counted, "numerator"],
        denominator=rows.loc[counted, "denominator"],
        hidden=tuple(rows.index[hidden]),
        missing=tuple(rows.index[~counted & ~hidden]),
        estimated=bool(flags[counted].map(lambda codes: Flag.ESTIMATED.value in codes).any()),
    )


def group_of(statements: Statements, indicator: str, group: str | None) -> str:
    """Return a breakdown, the indicator's own default for None."""
    return statements.pack.indicators[indicator].default_group if group is None else group


def runs(statements: Statements, indicator: str, group: str | None = None) -> tuple[tuple[str, ...], ...]:
    """Divide the years with figures for basic areas into runs in which the units are the same.

    A run ends where the series of any basic area is broken: a statistic over areas that have changed is
    another statistic, also if most of them are as before.
    """
    seen = statements.history(indicator, group)
    known = ~np.isnan(seen.value)
    shown = np.flatnonzero(known.any(axis=1)).tolist()
    found: list[tuple[str, ...]] = []
    for before, n in zip([None, *shown], shown, strict=False):
        same = before is not None and (seen.part[n] == seen.part[before])[known[n] & known[before]].all()
        found = [*found[:-1], (*found[-1], seen.periods[n])] if same else [*found, (seen.periods[n],)]
    return tuple(found)


def common(found: Collection[Across]) -> frozenset[str]:
    """Return the areas that have a figure in all of some years."""
    return frozenset.intersection(*(frozenset(each.numerator.index) for each in found))
