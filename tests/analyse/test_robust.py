"""Robust z-values against scipy and statsmodels, and where most or all values are alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation
from statsmodels.robust.scale import mad

from omradesbild.analyse.robust import MAD_TO_SD, MEAN_TO_SD, robust_z

quick = settings(max_examples=50, deadline=None)

lists = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=50).map(np.array)


def test_one_to_five():
    assert robust_z(np.arange(1.0, 6)) == pytest.approx([-1.34898, -0.67449, 0, 0.67449, 1.34898], abs=5e-6)


def test_one_extreme_area_does_not_rule():
    """MAD 1 around the median 3: a hundred is 65 spreads away, and the others stay where they were."""
    assert robust_z(np.array([1.0, 2, 3, 4, 100])) == pytest.approx(
        [-1.34898, -0.67449, 0, 0.67449, 65.42551], abs=5e-5
    )


@quick
@given(lists)
def test_the_spread_is_that_of_scipy_and_statsmodels(values):
    spread = median_abs_deviation(values, scale="normal")
    if spread > 0:
        assert np.allclose(robust_z(values), (values - np.median(values)) / spread)
        assert spread == pytest.approx(mad(values), rel=1e-9)


def test_where_most_are_alike_the_mean_deviation_is_used():
    values = np.array([5.0, 5, 5, 5, 10])
    assert robust_z(values) == pytest.approx([0, 0, 0, 0, 5 / 1.2533141373])


@pytest.mark.parametrize("values", [[7.0, 7, 7], [0.1] * 10, [3.0], []])
def test_where_all_are_alike_nobody_differs(values):
    assert robust_z(np.array(values)).tolist() == [0.0] * len(values)


@quick
@given(lists, st.floats(0.1, 100), st.floats(-100, 100))
def test_units_do_not_matter(values, scale, shift):
    if np.ptp(values) > 0:
        assert np.allclose(robust_z(scale * values + shift), robust_z(values), atol=1e-6)


def test_rows_are_measured_one_by_one():
    rows = np.array([[1.0, 2, 3, 4, 5], [5, 5, 5, 5, 10], [7, 7, 7, 7, 7]])
    assert np.allclose(robust_z(rows), [robust_z(row) for row in rows])


def test_constants():
    assert pytest.approx(1.4826, abs=5e-5) == MAD_TO_SD
    assert np.sqrt(np.pi / 2) == pytest.approx(MEAN_TO_SD)
