"""Movement against the city: the five-point rule on a distance, against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from makers import CITY, broken, indicator, pack, row

from omradesbild.analyse import relative, statements
from omradesbild.model import Direction

YEARS = ["2020", "2021", "2022", "2023", "2024"]


def assessed(percent, rest, of=3000, rest_of=60_000, kind="share", years=YEARS, breaks=(), flags=("",) * 5):
    """The area's per cent and that of the rest of the city."""
    rows = []
    for year, p, r, flag in zip(years, percent, rest, flags, strict=True):
        own, other = round(p * of / 100), round(r * rest_of / 100)
        rows.append(row("A", "x", year, parts=(own, of), flag=flag))
        rows.append(row(CITY, "x", year, parts=(own + other, of + rest_of)))
    made = statements.build(pack(rows, [indicator("x", kind, per=100)], base=("A",), breaks=breaks))
    return relative.assess(made.series("A", "x")[-1].points, made.series(CITY, "x")[-1].points)


def test_unchanged_while_the_city_falls_is_rising_from_it():
    found = assessed([16] * 5, [19, 18, 17, 15, 14])
    assert found.code == "rising"
    assert found.change == 0.0
    assert found.city_change == pytest.approx(-5 * 60 / 63)
    assert found.difference == -found.city_change
    assert found.worse(Direction.LOWER_BETTER) and not found.worse(Direction.HIGHER_BETTER)
    assert not found.worse(Direction.NONE)


def test_rising_with_the_city_is_no_movement():
    found = assessed([20, 22, 24, 26, 28], [10, 12, 14, 16, 18])
    assert (found.code, found.worse(Direction.LOWER_BETTER)) == ("with_city", False)


def test_the_distance_is_tested_as_weighted_least_squares_do():
    own, rest = [20, 21, 23, 24, 27], [15, 15.5, 15, 16, 15.5]
    found = assessed(own, rest)
    share, other = np.array(own) / 100, np.array(rest) / 100
    variance = share * (1 - share) / 3000 + other * (1 - other) / 60_000
    fitted = sm.WLS(100 * (share - other), sm.add_constant(np.arange(5.0)), weights=1e-4 / variance).fit(
        cov_type="fixed scale"
    )
    assert found.test.slope == pytest.approx(fitted.params[1], rel=1e-3)
    assert found.test.error == pytest.approx(fitted.bse[1], rel=5e-3)
    assert found.detectable == pytest.approx(4 * 3.9318 * fitted.bse[1], rel=5e-3)


def test_rates_are_tested_by_their_counts():
    assert assessed([2, 3, 4, 5, 6], [2] * 5, kind="rate", of=30_000).code == "rising"
    assert assessed([2, 3, 4, 5, 6], [2] * 5, kind="rate", of=300).code == "with_city"


def test_means_and_estimates_are_told_but_not_tested():
    mean = assessed([20, 22, 24, 26, 28], [20] * 5, kind="mean")
    estimate = assessed([20, 22, 24, 26, 28], [20] * 5, flags=("", "", "e", "", ""))
    for found in (mean, estimate):
        assert (found.code, found.test) == ("untested", None)
    assert estimate.difference == pytest.approx(8 * 60 / 63)


def test_never_across_a_break_nor_without_the_city():
    assert assessed([16] * 5, [19, 18, 17, 15, 14], breaks=[broken("ny", "2022", ["x"])]).code == "too_few"
    rows = [row("A", "x", year, parts=(600, 3000)) for year in YEARS] + [row("B", "x", "2020", parts=(6, 30))]
    made = statements.build(pack(rows, [indicator("x")], base=("A", "B")))
    found = relative.assess(made.series("A", "x")[-1].points, made.series(CITY, "x")[-1].points)
    assert found == relative.Relative("too_few")


def test_an_area_that_is_the_whole_city_has_no_rest():
    assert assessed([16] * 5, [0] * 5, rest_of=0).code == "untested"


@pytest.mark.parametrize("direction", ["rising", "falling"])
def test_mirrored_figures_give_mirrored_movement(direction):
    own, rest = [20, 21, 22, 24, 26], [18] * 5
    one, other = assessed(own, rest), assessed([100 - p for p in own], [100 - p for p in rest])
    assert (one.code, other.code) == ("rising", "falling")
    assert one.test.chi2 == pytest.approx(other.test.chi2)
