"""The figures of areas of one level as columns keyed by area: what the statistics over areas start from."""

from __future__ import annotations

import pandas as pd

from omradesbild.analyse.statements import Statements

NUMBERS = ["value", "numerator", "denominator"]


def figures(
    statements: Statements, indicator: str, period: str, group: str | None = None, level: str | None = None
) -> pd.DataFrame:
    """Return one indicator's figures for all areas of a level.

    Parameters
    ----------
    statements : Statements
    indicator, period : str
    group : str, optional
        None: the indicator's default breakdown.
    level : str, optional
        None: the basic areas.

    Returns
    -------
    DataFrame
        Columns value (in the unit), numerator and denominator, keyed by area id in the pack's
        order. NaN where there is no figure, also where the pack has no row at all.
    """
    pack = statements.pack
    level = level or pack.info.base_level.value
    ids = [area.id for area in pack.areas.values() if area.level == level]
    rows = statements.at(indicator, period, group, level=level)
    return rows.set_index(rows["area"].astype(str).rename("area"))[NUMBERS].reindex(ids)
