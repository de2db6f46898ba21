"""The five-point rule, against the cases of its origin and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from makers import CITY, SOURCE, broken, indicator, pack, row
from scipy import stats

from omradesbild.analyse import statements
from omradesbild.analyse.trend import CHI2_CLEAR, DETECTED, shares, values
from omradesbild.model import Noise, Text

#: The data of Fingertips' own tests (TrendMarkerCalculatorTest, sets 1 and 2), oldest first.
RISING = {
    "count": [994, 1023, 1199, 1332, 1367],
    "of": [40299, 41527, 42811, 44064, 44701],
    "value": [24.67, 24.6, 28, 30.2, 30.6],
    "low": [23.16, 23.15, 26.44, 28.63, 28.98],
    "high": [26.25, 26.19, 29.64, 31.9, 32.25],
}
FLAT = {
    "value": [20.5506, 19.5952, 19.0349, 21.3966, 18.4372],
    "low": [18.1803, 17.3444, 16.8421, 19.0918, 16.2925],
    "high": [23.1427, 22.0602, 21.4394, 23.8975, 20.7941],
}
YEARS = ["2020", "2021", "2022", "2023", "2024"]


def test_proportions_give_the_chi_square_of_fingertips():
    found = shares(RISING["count"], RISING["of"])
    assert round(found.chi2, 2) == 47.9
    assert found.clear and found.slope > 0


def test_other_figures_give_the_chi_square_of_fingertips():
    found = values(RISING["value"], RISING["low"], RISING["high"])
    assert round(found.chi2, 2) == 46.77
    assert found.clear and found.slope > 0
    assert not values(**FLAT).clear


def test_the_level_is_that_of_99_8_per_cent():
    assert stats.chi2.ppf(0.998, 1) == pytest.approx(CHI2_CLEAR)
    assert pytest.approx(stats.norm.ppf(0.999) + stats.norm.ppf(0.8)) == DETECTED


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=5, max_size=5))
def test_proportions_are_tested_as_cochran_and_armitage_do(drawn):
    """statsmodels' linear-by-linear association is N − 1 where Cochran–Armitage has N."""
    o, rest = map(np.array, zip(*drawn, strict=True))
    table = sm.stats.Table(np.column_stack([o, rest]))
    z = table.test_ordinal_association(row_scores=np.arange(1, 6), col_scores=np.array([1, 0])).zscore
    total = (o + rest).sum()
    found = shares(o, o + rest)
    assert found.chi2 == pytest.approx(z**2 * total / (total - 1), rel=1e-9, abs=1e-12)
    assert found.chi2 == pytest.approx((found.slope / found.error) ** 2, rel=1e-9, abs=1e-12)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 50)), min_size=5, max_size=5))
def test_other_figures_are_tested_as_weighted_least_squares_do(drawn):
    y, half = map(np.array, zip(*drawn, strict=True))
    fitted = sm.WLS(y, sm.add_constant(np.arange(1.0, 6)), weights=(1.96 / half) ** 2).fit(
        cov_type="fixed scale"
    )
    found = values(y, y - half, y + half)
    assert found.slope == pytest.approx(fitted.params[1], rel=1e-6, abs=1e-8)
    assert found.error == pytest.approx(fitted.bse[1], rel=1e-6)


def test_one_odd_year_is_no_trend():
    """A single leap gives a large χ², but without that year the slope turns."""
    found = shares([300, 290, 280, 270, 600], [1000] * 5)
    assert found.chi2 > CHI2_CLEAR
    assert not found.steady and not found.clear


# -- in a series ---------------------------------------------------------------------------------


def assessed(percent, kind="share", years=YEARS, of=3000, breaks=(), flags=("",) * 20, city=None, factor=100):
    rows = [
        row("A", "x", year, parts=None if p is None else (round(p * of / factor), of), flag=f, factor=factor)
        for year, p, f in zip(years, percent, flags, strict=False)
    ]
    if city is not None:
        rows += [row(CITY, "x", y, parts=(c * 1000, 100_000)) for y, c in zip(years, city, strict=True)]
    made = pack(rows, [indicator("x", kind, per=factor)], base=("A",), breaks=breaks)
    return statements.build(made).trend("A", "x")


def test_a_clear_rise_and_a_clear_fall():
    up, down = assessed([20, 22, 24, 26, 28]), assessed([28, 26, 24, 22, 20])
    assert (up.code, up.change, up.first, up.last) == ("up", 8.0, "2020", "2024")
    assert (down.code, down.change) == ("down", -8.0)


def test_without_a_clear_trend_the_smallest_visible_change_is_told():
    """n = 3 000 and 24 %: se = √(0.24 · 0.76 / (3 000 · 10)) a year; 3.93 of them over four years."""
    found = assessed([24, 24.1, 23.9, 24.1, 24])
    assert found.code == "none"
    assert found.detectable == pytest.approx(100 * 4 * 3.9318 * np.sqrt(0.24 * 0.76 / 30_000), rel=1e-3)


def test_the_citys_change_over_the_same_years_stands_beside():
    found = assessed([16, 16, 16, 16, 16], city=[19, 18, 17, 15, 14])
    assert (found.change, found.city_change) == (0.0, -5.0)


def test_the_latest_five_years_count():
    found = assessed([50, 40, 20, 22, 24, 26, 28], years=["2018", "2019", *YEARS])
    assert (found.code, found.first) == ("up", "2020")


@pytest.mark.parametrize(
    "years",
    [
        YEARS[1:],
        ["2006", "2010", "2014", "2018", "2022"],  # elections are not yearly
        ["2018", "2020", "2021", "2022", "2023"],
        ["2023K1", "2023K2", "2023K3", "2023K4", "2024K1"],
    ],
)
def test_five_yearly_points_are_needed(years):
    found = assessed([20, 22, 24, 26, 28][: len(years)], years=years)
    assert found.code == "too_few"
    assert (found.first, found.last) == (years[0], years[-1])
    assert found.change == pytest.approx(6 if len(years) == 4 else 8)


def test_school_years_are_yearly():
    years = ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24"]
    assert assessed([20, 22, 24, 26, 28], years=years).code == "up"


def test_a_gap_is_too_few():
    found = assessed([20, 22, None, 26, 28], flags=("", "", "..", "", ""))
    assert (found.code, found.change) == ("too_few", 8.0)


@pytest.mark.parametrize("period", ["2021", "2022", "2024"])
def test_no_trend_across_a_break(period):
    found = assessed([20, 22, 24, 26, 28], breaks=[broken("ny", period, ["x"])])
    assert found.code == "too_few"
    assert found.first == (None if period == "2024" else period)


def test_five_years_after_a_break_are_enough():
    years = ["2018", "2019", *YEARS]
    found = assessed([50, 40, 20, 22, 24, 26, 28], years=years, breaks=[broken("ny", "2020")])
    assert (found.code, found.first) == ("up", "2020")


def test_estimates_and_means_are_told_but_not_tested():
    estimate = assessed([20, 22, 24, 26, 28], flags=("", "", "e", "", ""))
    mean = assessed([20, 22, 24, 26, 28], kind="mean", factor=1, of=3)
    for found in (estimate, mean):
        assert (found.code, found.change, found.detectable, found.test) == ("untested", 8.0, None, None)


@pytest.mark.parametrize("edge", [0, 100])
def test_none_or_all_in_a_year_cannot_be_tested(edge):
    assert assessed([edge, 22, 24, 26, 28]).code == "small"


def test_rates_are_tested_by_their_intervals():
    assert assessed([10, 12, 14, 16, 18], kind="rate", factor=1000, of=50_000).code == "up"
    assert assessed([10, 12, 14, 16, 18], kind="rate", factor=1000, of=500).code == "none"


def test_one_point_and_none_have_no_change():
    assert assessed([20], years=["2024"]).change is None
    assert assessed([None], years=["2024"], flags=["-"]).code == "too_few"


def test_noise_in_the_counts_makes_a_trend_harder_to_see():
    """The same counts; noise of 60 persons in each widens the intervals until nothing is clear."""
    noise = Noise(first="2020", sd=60, assumption=Text(sv="antagande"), url="https://www.scb.se/")
    rows = [row("A", "andel", year, parts=(200 + 20 * n, 1000)) for n, year in enumerate(YEARS)]
    plain, noisy = (
        statements.build(pack(rows, [indicator("andel")], base=("A",), sources=(source,))).trend("A", "andel")
        for source in (SOURCE, SOURCE.model_copy(update={"noise": noise}))
    )
    assert (plain.code, noisy.code) == ("up", "none")
    assert noisy.detectable > 2 * plain.detectable
