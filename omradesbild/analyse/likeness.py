"""A likeness of Statistics Sweden's socio-economic index, for areas that have no published one.

The published index of an area is the mean of three shares: low economic standard, at most lower
secondary education, and long-term assistance or long-term unemployment. Where the third share is not
at hand another takes its place, and the result is a likeness: it orders areas in nearly the same
way, but its numbers are not those of the index, and it has no area types – types 1–5 are defined by all
areas of the country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from omradesbild.analyse.columns import figures
from omradesbild.analyse.statements import Statements

PARTS = ("low_standard", "low_education", "out_of_work")


@dataclass(frozen=True, eq=False)
class Likeness:
    """An index like Statistics Sweden's, and what it was computed from.

    Attributes
    ----------
    parts : DataFrame
        Areas × `PARTS`, per cent.
    stand_in : str or None
        The id of the indicator that stands in for the third share; None where it is the defined one.
    contributions : DataFrame
        A third of each part, percentage points: a row adds up to the value.
    value : Series
        Per cent, higher = worse off. NaN where any part is missing.
    distance : Series
        How many standard deviations (of the areas) the value is above their mean.
    """

    parts: pd.DataFrame
    stand_in: str | None
    contributions: pd.DataFrame
    value: pd.Series
    distance: pd.Series


@lru_cache(maxsize=16)
def of(statements: Statements, level: str) -> tuple[Likeness, Mapping[str, str]] | None:
    """Return the likeness of a level's areas and the period of each part, by indicator.

    The parts are those of the pack's ``catalog/index.yaml``, the newest year of each. None where the pack
    names none, or the level lacks one.
    """
    plan = statements.pack.index.likeness
    if plan is None:
        return None
    ids = (plan.low_standard, plan.low_education, plan.out_of_work)
    periods = {i: statements.latest(i, level) for i in ids}
    if None in periods.values():
        return None
    shares = (figures(statements, i, period, level=level)["value"] for i, period in periods.items())
    return likeness(*shares, plan.out_of_work if plan.stand_in else None), periods


def likeness(
    low_standard: pd.Series, low_education: pd.Series, out_of_work: pd.Series, stand_in: str | None
) -> Likeness:
    """Return the mean of the three shares, ``(V₁ + V₂ + V₃) / 3``.

    Parameters
    ----------
    low_standard : Series
        V₁, per cent of residents with low economic standard, keyed by area.
    low_education : Series
        V₂, per cent of adults with at most lower secondary education.
    out_of_work : Series
        V₃, per cent with long-term assistance or in long-term unemployment – or what is nearest.
    stand_in : str or None
        The id of the indicator that V₃ is, if it is not the defined share. It must be said.

    References
    ----------
    Statistics Sweden and Delmos, områdestyper: the socio-economic index of RegSO.
    """
    parts = pd.DataFrame(
        dict(zip(PARTS, (low_standard, low_education, out_of_work), strict=True)), dtype=float
    )
    value = parts.mean(axis=1, skipna=False)
    differ = value.max() > value.min()
    distance = (value - value.mean()) / value.std(ddof=0) if differ else value * 0.0
    return Likeness(parts, stand_in, parts / len(PARTS), value, distance)
