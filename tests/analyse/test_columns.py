"""The columns that the statistics over areas start from."""

import numpy as np
from makers import indicator, pack, row

from omradesbild.analyse import statements
from omradesbild.analyse.columns import figures


def built():
    rows = [
        row("A", "andel", parts=(250, 1000)),
        row("B", "andel", flag="-"),
        row("9999", "andel", parts=(500, 1900)),
        row("C", "andel", period="2023", parts=(300, 400)),
    ]
    return statements.build(pack(rows, [indicator("andel")]))


def test_every_basic_area_has_a_row_and_missing_is_not_zero():
    found = figures(built(), "andel", "2024")
    assert list(found.index) == ["A", "B", "C"] and list(found) == ["value", "numerator", "denominator"]
    assert found.loc["A"].tolist() == [25.0, 250.0, 1000.0]
    assert found.loc[["B", "C"]].isna().all(axis=None)


def test_a_period_without_figures_gives_nothing_but_areas():
    found = figures(built(), "andel", "1999")
    assert len(found) == 3 and np.isnan(found.to_numpy()).all()
