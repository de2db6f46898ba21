"""How many more people, and whose order can be told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from omradesbild.analyse.excess import excess, places


def test_it_is_the_number_above_the_citys_share():
    """800 of 2 000 where the city has 22 720 of 112 000: 800 − 2 000 × 22 720 / 112 000."""
    number, low, high = excess(800, 2000, 22_720, 112_000)
    assert number == pytest.approx(800 - 2000 * 22_720 / 112_000)
    assert low < number < high


def test_the_interval_is_newcombes_on_the_areas_and_the_rests_share():
    low, high = confint_proportions_2indep(800, 2000, 21_920, 110_000, method="newcomb", compare="diff")
    scale = 2000 * (1 - 2000 / 112_000)
    assert excess(800, 2000, 22_720, 112_000)[1:] == pytest.approx((scale * low, scale * high))


def test_a_whole_city_has_no_rest_to_differ_from():
    assert np.isnan(excess(5, 10, 5, 10)).all()


def test_places_count_the_intervals_wholly_above_and_below():
    first, last = places([10, 8, 1, -5], [20, 12, 9, 0])
    assert first.tolist() == [1, 1, 2, 4]
    assert last.tolist() == [2, 3, 3, 4]


def test_no_order_where_all_overlap():
    first, last = places([0, 1, 2], [5, 6, 7])
    assert (first.tolist(), last.tolist()) == ([1, 1, 1], [3, 3, 3])


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 30)), min_size=1, max_size=20))
def test_places_are_those_found_by_looking_at_every_pair(given_):
    low, high = [m - h for m, h in given_], [m + h for m, h in given_]
    first, last = places(low, high)
    for i in range(len(given_)):
        assert first[i] == 1 + sum(other > high[i] for other in low)
        assert last[i] == len(given_) - sum(other < low[i] for other in high)
        assert 1 <= first[i] <= last[i] <= len(given_)


def test_places_are_right_as_often_as_promised():
    """Six areas of which three are alike: the true places are inside all at once in at least 95 per cent."""
    rng = np.random.default_rng(7)
    share, people = np.array([0.30, 0.25, 0.20, 0.20, 0.20, 0.10]), np.full(6, 900)
    kept = 0
    for _ in range(400):
        o = rng.binomial(people, share)
        city = o.sum() + rng.binomial(20_000, 0.2), people.sum() + 20_000
        _, low, high = excess(o, people, *city, 1 - 0.05 / 6)
        first, last = places(low, high)
        kept += all(first[i] <= 1 + (share > share[i]).sum() and last[i] >= 6 - (share < share[i]).sum() for i in range(6))
    assert kept / 400 >= 0.95
