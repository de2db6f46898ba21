"""Theil–Sen and Mann–Kendall, against pairs and permutations counted one by one."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import CITY, broken, indicator, pack, row

from omradesbild.analyse import long_trend, statements
from omradesbild.demo.people import stock

TEN = [str(year) for year in range(2015, 2025)]


def test_the_example_of_gilbert():
    """10, 15, 14, 20: S = 4 (Gilbert 1987, p. 209), one-sided p 0.167 in Kendall's table."""
    tau, p = long_trend.mann_kendall([1, 2, 3, 4], [10, 15, 14, 20])
    assert tau == pytest.approx(4 / 6)
    assert p == pytest.approx(2 * 4 / 24)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6, unique=True))
def test_p_is_the_share_of_orders_with_as_large_s(values):
    def s(order):
        return sum(np.sign(b - a) for a, b in combinations(order, 2))

    share = np.mean([abs(s(order)) >= abs(s(values)) for order in permutations(values)])
    assert long_trend.mann_kendall(range(6), values)[1] == pytest.approx(share)


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=10))
def test_the_slope_is_the_median_of_all_pairs(values):
    slopes = [(values[b] - values[a]) / (b - a) for a, b in combinations(range(len(values)), 2)]
    slope, low, high = long_trend.theil_sen(range(2000, 2000 + len(values)), values)
    assert slope == pytest.approx(np.median(slopes), abs=1e-9)
    assert min(slopes) <= low <= slope <= high <= max(slopes)


def test_the_interval_of_sen():
    """n = 10: C = 1.96 √(10·9·25/18) = 21.9, so the interval is the 12th (11.5) and 34th (33.5) of 45 slopes."""
    y = [3, 4, 2, 6, 9, 7, 11, 10, 15, 13]
    slopes = sorted((y[b] - y[a]) / (b - a) for a, b in combinations(range(10), 2))
    slope, low, high = long_trend.theil_sen(range(10), y)
    assert slope == slopes[22]
    assert low in slopes[10:13] and high in slopes[32:35]


def test_all_equal_is_no_trend():
    assert long_trend.mann_kendall(range(8), [5.0] * 8) == (0.0, 1.0)


# -- in a series ---------------------------------------------------------------------------------


def assessed(percent, years=TEN, kind="share", of=3000, breaks=(), city=None):
    rows = [
        row("A", "x", y, parts=None if p is None else (round(p * of / 100), of), flag="" if p is not None else "..")
        for y, p in zip(years, percent, strict=True)
    ]
    if city is not None:
        rows += [row(CITY, "x", y, parts=(1000 * c, 100_000)) for y, c in zip(years, city, strict=True)]
    factor = {} if kind == "share" else {"per": 100}
    made = statements.build(pack(rows, [indicator("x", kind, **factor)], base=("A",), breaks=breaks))
    return long_trend.assess(made.series("A", "x")[-1].points, made.series(CITY, "x")[-1].points)


def test_a_clear_rise_with_the_citys_beside_it():
    found = assessed([20 + 0.8 * n for n in range(10)], city=[20 + 0.1 * n for n in range(10)])
    assert found.code == "up"
    assert (found.slope, found.change) == (pytest.approx(0.8, abs=0.01), pytest.approx(7.2, abs=0.1))
    assert found.tau == pytest.approx(1)
    assert found.p == pytest.approx(2 / 3628800)
    assert found.city_slope == pytest.approx(0.1)


def test_a_steady_but_small_change_is_within_chance():
    """n = 3 000, 20 → 21.8 %: 3.09 √2 · 0.74 = 3.2 percentage points could be chance."""
    found = assessed([20 + 0.2 * n for n in range(10)])
    assert (found.code, found.p < 0.001) == ("none", True)
    assert found.chance == pytest.approx(3.09 * np.sqrt(0.2 * 0.8 / 3000 + 0.218 * 0.782 / 3000) * 100, rel=0.01)


def test_one_odd_year_changes_nothing():
    assert assessed([20, 20.1, 19.9, 20, 40, 20.2, 19.8, 20, 20.1, 19.9]).code == "none"


@pytest.mark.parametrize(
    ("years", "percent", "breaks"),
    [
        (TEN[3:], [20 + n for n in range(7)], ()),  # seven
        (TEN, [20, 21, 22, None, 24, 25, 26, 27, 28, 29], ()),  # a hidden year: six after it
        (TEN, [20 + n for n in range(10)], (broken("ny", "2018"),)),  # seven after the break
        (["1982", *(str(y) for y in range(1985, 2013, 4))], [20 + n for n in range(8)], ()),  # elections
    ],
)
def test_eight_unbroken_years_are_needed(years, percent, breaks):
    assert assessed(percent, years=years, breaks=breaks) == long_trend.LongTrend("too_few")


def test_the_latest_ten_are_used():
    years = [str(year) for year in range(2010, 2025)]
    assert assessed([20 + 0.8 * n for n in range(15)], years=years).first == "2015"


def test_what_has_no_measure_of_chance_is_told_but_not_tested():
    found = assessed([20 + n for n in range(10)], kind="mean")
    assert (found.code, found.chance) == ("untested", None)
    assert found.slope > 0


@pytest.mark.parametrize("keep", [0.0, 0.7, 0.95])
def test_registers_where_nothing_happens_show_no_trend(keep):
    """Mann–Kendall alone finds a trend in 5, 30 and 45 % of these; together with the size at most one in a hundred."""
    rng = np.random.default_rng(7)
    counts = stock(rng, np.full((300, 10), 2000), np.full((300, 10), 0.2), keep)
    alone, both = 0, 0
    for series in counts:
        error = 100 * np.sqrt(0.2 * 0.8 / 2000)
        slope = long_trend.theil_sen(range(10), series / 20)[0]
        trend = long_trend.mann_kendall(range(10), series)[1] < 0.05
        alone += trend
        both += trend and abs(9 * slope) > long_trend.BEYOND_CHANCE * np.sqrt(2) * error
    assert both <= 3
    assert keep < 0.5 or alone > 60
