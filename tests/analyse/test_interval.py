"""Intervals, against statsmodels and scipy; published examples are in test_golden."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from omradesbild.analyse.interval import poisson, ratio_noise, wilson, with_noise


@pytest.mark.parametrize(
    ("trials", "percent", "half_width"), [(50, 12, 9.1), (300, 30, 5.2), (300, 12, 3.7), (4000, 30, 1.4)]
)
def test_wilson_half_widths_at_the_sizes_of_areas(trials, percent, half_width):
    low, high = wilson(trials * percent / 100, trials)
    assert round(float(high - low) * 50, 1) == half_width


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.998]))
def test_wilson_is_that_of_statsmodels(trials, share, confidence):
    successes = round(share * trials)
    expected = proportion_confint(successes, trials, 1 - confidence, method="wilson")
    assert np.allclose(wilson(successes, trials, confidence), expected, atol=1e-12)


def test_wilson_without_a_possible_count_is_missing():
    low, high = wilson([0, 3, -1, np.nan, 2], [0, 2, 5, 5, np.nan])
    assert np.isnan(low).all() and np.isnan(high).all()


def test_wilson_stays_within_none_and_all():
    low, high = wilson([0, 7], [7, 7])
    assert low[0] == 0.0 and high[1] == 1.0


@given(st.integers(0, 9), st.sampled_from([0.9, 0.95, 0.998]))
def test_the_exact_interval_is_that_of_scipy(count, confidence):
    tail = (1 - confidence) / 2
    low, high = poisson(count, confidence)
    assert np.isclose(high, stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)
    assert np.isclose(low, stats.chi2.ppf(tail, 2 * count) / 2 if count else 0)


@given(st.integers(10, 100_000))
def test_byar_is_within_two_tenths_of_a_per_cent_of_the_exact(count):
    """As Public Health England's Technical Guide "Confidence Intervals" (2018) states for 95 %."""
    exact = stats.chi2.ppf([0.025, 0.975], [2 * count, 2 * count + 2]) / 2
    assert np.allclose(poisson(count), exact, rtol=0.002)


def test_byar_takes_over_at_ten():
    exact = stats.chi2.ppf([0.025, 0.975], [20, 22]) / 2
    assert np.allclose(poisson(10), (4.787449913967563, 18.391458605756473), rtol=1e-12)
    assert not np.allclose(poisson(10), exact, rtol=1e-5)


def test_noise_in_both_counts_gives_a_ratio_what_a_simulation_gives():
    """A million draws of rounded noise of deviation 7.35 persons on 2 000 of 4 000."""
    draw = np.random.default_rng(1)
    o, n = (count + np.rint(draw.normal(0, 7.35, 1_000_000)) for count in (2000, 4000))
    assert np.isclose(ratio_noise(0.5, 4000, 7.35), np.std(o / n), rtol=0.005)


def test_noise_widens_a_share_of_four_thousand_by_a_twentieth_of_a_percentage_point():
    """By hand: Wilson ±1.5488, noise 1.96 · 7.348 · √1.25 / 4000 = 0.4026; √(1.5488² + 0.4026²) = 1.6003."""
    low, high = wilson(2000, 4000)
    noisy = with_noise(0.5, low, high, ratio_noise(0.5, 4000, 3 * np.sqrt(6)))
    assert np.allclose(noisy, (0.5 - 0.016003, 0.5 + 0.016003), atol=1e-6)


def test_no_noise_changes_nothing_and_noise_never_goes_below_none():
    low, high = wilson(3, 100)
    assert np.allclose(with_noise(0.03, low, high, 0.0), (low, high))
    assert with_noise(0.03, low, high, 0.05)[0] == 0


def test_counts_below_none_have_no_interval():
    assert np.isnan(poisson([-1.0, np.nan])).all()
