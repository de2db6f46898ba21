"""Gaps: against statsmodels, by hand and by law."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.rates import confint_poisson_2indep

from omradesbild.analyse import gaps as module
from omradesbild.analyse.gaps import gaps
from omradesbild.model import Kind

quick = settings(max_examples=50, deadline=None)


def made(o, n, position, **more):
    names = [f"A{number:02}" for number in range(len(o))]
    return gaps(*(pd.Series(x, names, dtype=float) for x in (o, n, position)), **more)


def of(estimate) -> list[float]:
    return [estimate.value, estimate.low, estimate.high]


def ends(best, worst, kind=Kind.SHARE):
    return [module._fifth(*end, kind, 1, 0.95) for end in (best, worst)]


pairs = st.tuples(st.integers(1, 400), st.integers(1, 400)).map(lambda x: (min(x), max(x)))


@quick
@given(pairs, pairs)
def test_differences_and_ratios_of_shares_are_those_of_statsmodels(worst, best):
    expected = confint_proportions_2indep(*worst, *best, method="newcomb", compare="diff")
    assert of(module._difference(*ends(best, worst)))[1:] == pytest.approx(expected, abs=1e-9)
    found = module._ratio(best, worst, Kind.SHARE, 0.95)
    assert found.value == pytest.approx(worst[0] * best[1] / worst[1] / best[0])
    expected = confint_proportions_2indep(*worst, *best, method="log", compare="ratio")
    assert [found.low, found.high] == pytest.approx(expected, rel=1e-6)


@quick
@given(pairs, pairs)
def test_ratios_of_rates_are_those_of_statsmodels(worst, best):
    found = module._ratio(best, worst, Kind.RATE, 0.95)
    expected = confint_poisson_2indep(*worst, *best, method="wald-log", compare="ratio")
    assert [found.low, found.high] == pytest.approx(expected, rel=1e-6)


def hc3(fit):
    """The slope's t interval on statsmodels' HC3 standard error."""
    return fit.get_robustcov_results("HC3", use_t=True).conf_int()[1]


#: Two districts in the example of ``phe_sii`` (PHEindicatormethods): residents and value of ten deciles.
DECILES = {
    "Area1": (
        [7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534],
        [75.9, 78.3, 83.8, 83.6, 80.5, 81.1, 81.7, 84.2, 80.6, 86.3],
    ),
    "Area2": (
        [21675, 20065, 19750, 24713, 20112, 19618, 22408, 19752, 18939, 19312],
        [70.5, 71.6, 72.5, 73.5, 73.1, 76.2, 78.7, 80.6, 80.9, 80.0],
    ),
}


@pytest.mark.parametrize("area", DECILES)
def test_the_slope_is_that_of_phe_and_statsmodels(area):
    """Decile 1 is worst-off: position falls. phe_sii regresses √a·y on √a and √a·b without intercept."""
    people, value = map(np.array, DECILES[area])
    found = made(value * people, people, np.arange(10, 0, -1), kind=Kind.MEAN, factor=1)
    a = people / people.sum()
    b = 1 - (a.cumsum() - a / 2)
    phe = np.linalg.lstsq(np.column_stack([np.sqrt(a), b * np.sqrt(a)]), value * np.sqrt(a), rcond=None)[0]
    fit = sm.WLS(value, sm.add_constant(b), weights=people).fit()
    assert found.slope.value == pytest.approx({"Area1": -7.00023, "Area2": -12.62274}[area], abs=1e-5)
    assert found.overall == pytest.approx({"Area1": 81.53220, "Area2": 75.65399}[area], abs=1e-5)
    assert found.slope.value == pytest.approx(phe[1]) == pytest.approx(fit.params[1])
    assert of(found.slope)[1:] == pytest.approx(hc3(fit))
    assert found.relative_slope.value == pytest.approx(fit.params[1] / np.average(value, weights=people))


@st.composite
def cities(draw):
    count = draw(st.integers(3, 20))
    n = draw(st.lists(st.integers(10, 3000), min_size=count, max_size=count))
    p = draw(st.lists(st.floats(0, 1), min_size=count, max_size=count))
    position = draw(st.lists(st.integers(0, 8), min_size=count, max_size=count))
    return [round(a * b) for a, b in zip(n, p, strict=True)], n, position


@quick
@given(cities())
def test_slopes_are_those_of_statsmodels(city):
    found = made(*city)
    o, n, position = map(np.array, city)
    if len(set(position)) < 2:
        assert np.isnan(of(found.slope)).all()
        return
    below = np.array([n[position < here].sum() for here in position])
    beside = np.array([n[position == here].sum() for here in position])
    x = (below + beside / 2) / n.sum()
    fit = sm.WLS(100 * o / n, sm.add_constant(x), weights=n).fit()
    from_middle = n * (x - np.average(x, weights=n)) ** 2
    leverage = n / n.sum() + from_middle / from_middle.sum()
    alone = leverage.max() > 1 - 1e-9  # one area decides the line: nothing tells how it scatters
    limits = [np.nan, np.nan] if alone else hc3(fit)
    assert of(found.slope) == pytest.approx([fit.params[1], *limits], abs=1e-6, nan_ok=True)


def test_fifths_by_hand():
    """1 000 residents; the first 200 are A (150) and half of B (100), the last 200 a third of D (600)."""
    found = made([15, 20, 30, 300], [150, 100, 150, 600], [1, 2, 3, 4])
    assert found.areas["in_best"].tolist() == pytest.approx([1, 0.5, 0, 0])
    assert found.areas["in_worst"].tolist() == pytest.approx([0, 0, 0, 1 / 3])
    assert found.areas["start"].tolist() == pytest.approx([0, 0.15, 0.25, 0.4])
    assert found.areas["end"].tolist() == pytest.approx([0.15, 0.25, 0.4, 1])
    assert found.best.value == pytest.approx(100 * (15 + 10) / 200)
    assert found.worst.value == pytest.approx(50)
    assert found.difference.value == pytest.approx(37.5)
    assert found.ratio.value == pytest.approx(4)
    assert found.overall == pytest.approx(36.5)
    assert of(found.best)[1:] == pytest.approx([8.61, 17.80], abs=0.005)  # Wilson, 25 of 200
    assert of(found.worst)[1:] == pytest.approx([43.14, 56.86], abs=0.005)  # Wilson, 100 of 200


def test_a_straight_line_has_its_slope_and_no_width():
    """Five areas of 100, shares 5, 15 … 45 per cent at x = 0.1, 0.3 … 0.9: 50 points from end to end."""
    found = made([5, 15, 25, 35, 45], [100] * 5, [1, 2, 3, 4, 5])
    assert of(found.slope) == pytest.approx([50, 50, 50])
    assert found.relative_slope.value == pytest.approx(2)
    assert found.ratio.value == pytest.approx(9)


def test_absolute_and_relative_can_move_apart():
    """All shares halved: the gap in points is half, the ratio and the relative slope are the same."""
    before = made([100, 200, 300, 400, 500], [1000] * 5, range(5))
    after = made([50, 100, 150, 200, 250], [1000] * 5, range(5))
    assert after.difference.value == pytest.approx(before.difference.value / 2)
    assert after.slope.value == pytest.approx(before.slope.value / 2)
    assert after.ratio.value == pytest.approx(before.ratio.value) == pytest.approx(5)
    assert after.relative_slope.value == pytest.approx(before.relative_slope.value)


def test_rates_and_means():
    crimes = made([10, 20, 30, 40, 50], [1000] * 5, range(5), kind=Kind.RATE, factor=1000)
    assert of(crimes.worst) == pytest.approx([50, 37.11, 65.92], abs=0.005)  # Byar, 50 events
    assert of(crimes.best) == pytest.approx([10, 4.787, 18.39], abs=0.005)  # Byar, 10 events
    assert of(crimes.difference) == pytest.approx([40, 40 - 15.374, 40 + 16.749], abs=0.02)
    income = made([1000, 2000, 3000], [10, 10, 10], range(3), kind=Kind.MEAN, factor=1)
    assert income.difference.value == pytest.approx(200) and np.isnan(income.difference.low)
    assert income.slope.value == pytest.approx(300) and np.isnan(income.ratio.low)


@pytest.mark.parametrize("kind", [Kind.MEDIAN, Kind.INDEX, Kind.CLASS, Kind.COUNT])
def test_what_has_no_denominator_has_no_gaps(kind):
    with pytest.raises(ValueError, match="numerator and a denominator"):
        made([1], [1], [1], kind=kind)


# -- laws ------------------------------------------------------------------------------------


@quick
@given(cities())
def test_each_fifth_is_a_fifth_and_stretches_cover_everyone(city):
    areas = made(*city).areas
    for name in ("in_best", "in_worst"):
        assert (areas[name] * areas["denominator"]).sum() == pytest.approx(areas["denominator"].sum() / 5)
    assert areas["start"].iloc[0] == 0 and areas["end"].iloc[-1] == pytest.approx(1)


@quick
@given(cities(), st.randoms())
def test_the_order_of_rows_does_not_matter(city, random):
    rows = list(zip(*city, strict=True))
    random.shuffle(rows)
    one, other = made(*city), made(*zip(*rows, strict=True))
    for name in ("best", "worst", "difference", "ratio", "slope", "relative_slope"):
        assert of(getattr(one, name)) == pytest.approx(of(getattr(other, name)), nan_ok=True, abs=1e-6)


@quick
@given(cities())
def test_turned_round_the_gaps_change_sign(city):
    o, n, position = city
    one, other = made(o, n, position), made(o, n, [-p for p in position])
    assert other.best.value == pytest.approx(one.worst.value)
    assert other.difference.value == pytest.approx(-one.difference.value, abs=1e-9)
    assert other.slope.value == pytest.approx(-one.slope.value, nan_ok=True, abs=1e-6)


@quick
@given(cities(), st.integers(2, 4))
def test_splitting_areas_into_equal_parts_changes_no_figure(city, pieces):
    o, n, position = (np.repeat(x, pieces) for x in city)
    one, other = made(*city), made(o / pieces, n / pieces, position)
    for name in ("best", "worst", "difference", "ratio"):
        assert of(getattr(one, name)) == pytest.approx(of(getattr(other, name)), nan_ok=True, abs=1e-6)
    assert one.slope.value == pytest.approx(other.slope.value, nan_ok=True, abs=1e-6)


# -- little to go by -------------------------------------------------------------------------


def test_missing_areas_are_left_out_and_told():
    found = made([10, np.nan, 30, 40, 50], [100, 100, 0, 100, 100], [1, 2, 3, np.nan, 5])
    assert found.left_out == ("A01", "A02", "A03") and len(found.areas) == 2


def test_one_area_all_alike_no_events_and_all_missing():
    alone = made([10], [100], [1])
    assert alone.difference.value == pytest.approx(0) and alone.ratio.value == pytest.approx(1)
    assert np.isnan(alone.slope.value)
    alike = made([10] * 4, [100] * 4, range(4))
    assert alike.difference.value == pytest.approx(0) and of(alike.slope) == pytest.approx(
        [0, 0, 0], abs=1e-9
    )
    level = made([10, 20, 30], [100] * 3, [7, 7, 7])
    assert level.difference.value == pytest.approx(0) and np.isnan(level.slope.value)
    none = made([0, 0, 0], [100] * 3, range(3))
    assert none.difference.value == 0 and np.isnan(none.ratio.value) and np.isnan(none.relative_slope.value)
    rising = made([0, 5, 10], [100] * 3, range(3))
    assert np.isnan(rising.ratio.value) and rising.difference.low > 0
    falling = made([10, 5, 0], [100] * 3, range(3))
    assert falling.ratio.value == 0 and np.isnan(falling.ratio.low)
    empty = made([np.nan] * 3, [100] * 3, range(3))
    assert np.isnan([empty.best.value, empty.difference.value, empty.slope.value, empty.overall]).all()
