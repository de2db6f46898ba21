"""Class limits of maps."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omradesbild.analyse import classes
from omradesbild.analyse.classes import class_limits, classify


def test_natural_breaks_fall_in_the_gaps():
    values = [1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33, 41, 42, 43]
    assert class_limits(values) == (7.0, 17.0, 27.0, 37.0)


@pytest.mark.parametrize(("values", "limits"), [([], ()), ([5, 5, 5], ()), ([math.nan, 4], ()), ([1, 3], (2.0,))])
def test_few_distinct_values_make_few_classes(values, limits):
    assert class_limits(values) == limits


@given(st.lists(st.integers(0, 1000).map(lambda v: v / 8), min_size=2, max_size=200))
def test_every_class_has_a_member_and_limits_rise(values):
    limits = class_limits(values)
    assert list(limits) == sorted(set(limits))
    if limits:
        used = {classify(v, limits) for v in values}
        assert used == set(range(len(limits) + 1))


def test_a_value_on_a_limit_belongs_above():
    assert classify(10.0, (10.0, 20.0)) == 1
    assert classify(np.nextafter(10.0, 0), (10.0, 20.0)) == 0


def test_the_limits_of_more_values_than_are_taken_lie_as_near_as_a_class_counts(monkeypatch):
    """Of 8 000 values every fourth: hardly a value changes class, and the lowest and the highest are in classes of their own."""
    values = np.concatenate([np.random.default_rng(1).gamma(2, 10, 7999), [400.0]])
    exact = class_limits(values)
    monkeypatch.setattr(classes, "MOST", 2000)
    taken = class_limits(values)
    one, other = (np.searchsorted(limits, values, side="right") for limits in (exact, taken))
    assert (one != other).mean() < 0.01
    assert other.max() == 4 and other.min() == 0


def test_the_limits_of_a_country_do_not_take_the_time_of_its_square():
    values = np.random.default_rng(1).normal(20, 4, 3363 * 16)
    start = time.thread_time()
    assert len(class_limits(values)) == 4
    assert time.thread_time() - start < 2
