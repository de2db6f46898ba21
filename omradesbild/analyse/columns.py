"""The figures of the basic areas as columns keyed by area: what the statistics over areas start from."""

from __future__ import annotations

import pandas as pd

from omradesbild.analyse.statements import Statements

NUMBERS = ["value", "numerator", "denominator"]


def figures(statements: Statements, indicator: str, period: str, group: str | None = None) -> pd.DataFrame:
    """Return one indicator's figures for all basic areas.

    Parameters
    ----------
    statements : Statements
    indicator, period : str
    group : str, optional
        None: the indicator's default breakdown.

    Returns
    -------
    DataFrame
        Columns value (in the unit), numerator and denominator, keyed by area id in the pack's
        order. NaN where there is no figure, also where the pack has no row at all.
    """
    pack = statements.pack
    base = [area.id for area in pack.areas.values() if area.level == pack.info.base_level]
    rows = statements.at(indicator, period, group, level=pack.info.base_level.value)
    return rows.set_index(rows["area"].astype(str).rename("area"))[NUMBERS].reindex(base)
