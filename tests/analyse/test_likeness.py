"""The likeness of the socio-economic index."""

import numpy as np
import pandas as pd
import pytest
from launch import observations
from makers import indicator, pack, row
from scipy.stats import spearmanr

from omradesbild.analyse.likeness import likeness, of
from omradesbild.analyse.statements import build
from omradesbild.pack import load, resolve


def made(low=(30.0, 10, 20), education=(20.0, 5, 14), work=(16.0, 3, 8), stand_in="arbetslosa"):
    return likeness(*(pd.Series(x, list("ABC")) for x in (low, education, work)), stand_in)


def test_it_is_the_mean_of_three_shares():
    found = made()
    assert found.value.tolist() == [22.0, 6.0, 14.0]
    assert found.contributions.loc["A"].tolist() == pytest.approx([10, 20 / 3, 16 / 3])
    assert np.allclose(found.contributions.sum(axis=1), found.value)
    assert found.distance.tolist() == pytest.approx([1.2247449, -1.2247449, 0])
    assert found.stand_in == "arbetslosa"


def test_a_missing_part_leaves_the_area_without_and_the_others_as_they_were():
    found = made(education=(20.0, np.nan, 14))
    assert np.isnan(found.value["B"]) and np.isnan(found.distance["B"])
    assert found.value[["A", "C"]].tolist() == [22.0, 14.0]


def test_areas_are_matched_by_id_and_not_by_row():
    low, education, work = (
        pd.Series({"A": 30.0, "B": 10}),
        pd.Series({"B": 5.0, "A": 20}),
        pd.Series({"A": 16.0}),
    )
    found = likeness(low, education, work, None)
    assert found.value["A"] == 22.0 and np.isnan(found.value["B"])


def test_all_alike_and_all_missing():
    assert made((9.0,) * 3, (9.0,) * 3, (9.0,) * 3).distance.tolist() == [0, 0, 0]
    assert made((np.nan,) * 3).value.isna().all()
    assert made((np.nan,) * 3).distance.isna().all()


def test_it_orders_areas_as_the_published_types_do():
    """Not computed by us: Statistics Sweden's types 1–5 of the same year, from the national distribution."""
    made, periods = of(build(load(resolve())), "regso")
    assert set(periods.values()) == {"2022"} and made.stand_in == "arbetslosa_16_64"
    types = {area: int(row["value"]) for (area, year), row in observations("omradestyp").items() if year == "2022"}
    values = made.value.dropna()
    found = values.groupby(pd.Series(types).reindex(values.index)).agg(["min", "median", "max"])
    assert list(found.index) == [1, 2, 3, 4, 5]
    assert found["median"].is_monotonic_decreasing and found["max"].is_monotonic_decreasing
    rank = spearmanr(values, pd.Series(types)[values.index]).statistic
    assert rank < -0.9


def test_a_level_without_a_part_and_a_pack_without_a_plan_have_none():
    made = pack([row("A", "a", value=1)], [indicator("a", "median")])
    assert of(build(made), "regso") is None
    assert of(build(load(resolve())), "eget") is None
