"""Segregation: against PySAL and scipy, published chance levels, by hand and by law."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom
from segregation.singlegroup import Dissim, Entropy, Interaction, Isolation, ModifiedDissim

from omradesbild.analyse.segregation import DRAWN, _measures, mean_deviation, segregation

quick = settings(max_examples=50, deadline=None)
NAMES = ("dissimilarity", "isolation", "exposure", "entropy")


def made(x, t, seed=1, **more):
    names = [f"A{number:03}" for number in range(len(x))]
    return segregation(
        pd.Series(x, names, dtype=float),
        pd.Series(t, names, dtype=float),
        np.random.default_rng(seed),
        **more,
    )


def values(found) -> list[float]:
    return [getattr(found, name).value for name in NAMES]


@st.composite
def cities(draw, least=2):
    t = draw(st.lists(st.integers(1, 3000), min_size=least, max_size=20))
    x = [draw(st.integers(0, total)) for total in t]
    x[0] = min(max(x[0], 1), t[0])
    if sum(x) == sum(t):
        x[-1] -= 1
    return x, t


mixed = cities().filter(lambda city: 0 < sum(city[0]) < sum(city[1]))


@quick
@given(mixed)
def test_measures_are_those_of_pysal(city):
    table = pd.DataFrame(dict(zip(("x", "t"), city, strict=True)), dtype=float)
    expected = [cls(table, "x", "t").statistic for cls in (Dissim, Isolation, Interaction, Entropy)]
    assert values(made(*city, draws=2)) == pytest.approx(expected, abs=1e-9)


def test_measures_by_hand():
    """X = 40, Y = 160. D = ½(|¾ − 70/160| + |¼ − 90/160|) = 0.3125; isolation ¾·0.3 + ¼·0.1 = 0.25."""
    found = made([30, 10], [100, 100])
    h = 1 - (0.5 * 0.6108643020548935 + 0.5 * 0.3250829733914482) / 0.5004024235381879
    assert values(found) == pytest.approx([0.3125, 0.25, 0.75, h])
    assert found.excess.tolist() == pytest.approx([0.3125, -0.3125])
    assert found.contribution.tolist() == pytest.approx([0.5, 0.5])


def test_each_areas_contribution():
    """Shares of the group 0.6, 0.3, 0.1, of the others 0.2, 0.3, 0.5: D = 0.4, half each from the ends."""
    found = made([60, 30, 10], [80, 60, 60])
    assert found.dissimilarity.value == pytest.approx(0.4)
    assert found.contribution.tolist() == pytest.approx([0.5, 0, 0.5])
    assert found.excess.tolist() == pytest.approx([0.4, 0, -0.4])


def test_complete_separation_and_complete_evenness():
    assert values(made([100, 0, 50, 0], [100, 70, 50, 80])) == pytest.approx([1, 1, 0, 1])
    apart = made([100, 0, 50, 0], [100, 70, 50, 80])
    assert [getattr(apart, name).corrected for name in NAMES] == pytest.approx([1, 1, 1, 1])
    even = made([20, 40, 10], [100, 200, 50])
    assert values(even) == pytest.approx([0, 0.2, 0.8, 0], abs=1e-12)
    assert [getattr(even, name).corrected < 0 for name in NAMES] == [True] * 4


# -- chance ----------------------------------------------------------------------------------


@quick
@given(st.integers(2, 400), st.floats(0, 1), st.floats(0, 1))
def test_the_mean_deviation_is_that_of_scipys_distribution(population, a, b):
    members, places = round(a * population), round(b * population)
    k = np.arange(places + 1)
    expected = (
        np.abs(k - places * members / population) * hypergeom(population, members, places).pmf(k)
    ).sum()
    assert mean_deviation(population, members, np.array([places], float))[0] == pytest.approx(
        expected, abs=1e-8
    )


@pytest.mark.parametrize(
    ("areas", "people", "share", "chance"),
    [
        (136, 1500, 0.10, 0.034),
        (136, 1500, 0.03, 0.060),
        (136, 300, 0.10, 0.076),
        (95, 3800, 0.10, 0.022),
        (10, 36000, 0.10, 0.007),
    ],
)
def test_what_d_is_by_chance_alone(areas, people, share, chance):
    found = made([people * share] * areas, [people] * areas, draws=2)
    assert found.dissimilarity.chance == pytest.approx(chance, abs=6e-4)


def test_chance_levels_are_the_means_of_random_allocations():
    t = np.array([40, 60, 100, 150, 300])
    lots = np.random.default_rng(3).multivariate_hypergeometric(t, 130, size=4000, method="marginals")
    found = made([13, 20, 40, 40, 17], t, draws=2)
    for name, simulated in _measures(lots, t).items():
        assert getattr(found, name).chance == pytest.approx(simulated.mean(), abs=0.0015)
    assert found.isolation.chance == pytest.approx(0.2 + 0.8 * 4 / 649)
    assert found.exposure.chance == pytest.approx(0.8 - 0.8 * 4 / 649)


def test_the_corrected_value_is_carrington_and_troskes():
    """They place each person by lot with the city's share, which is nearly the same as without replacement.

    PySAL's ModifiedDissim does too, but with one seed for every draw: its chance level is a single draw.
    """
    rng = np.random.default_rng(5)
    t = rng.integers(100, 400, 60)
    x = rng.binomial(t, rng.beta(2, 8, 60))
    lots = _measures(rng.binomial(t, x.sum() / t.sum(), (2000, 60)), t)["dissimilarity"].mean()
    found = made(x, t).dissimilarity
    assert found.corrected == pytest.approx((found.value - lots) / (1 - lots), abs=0.001)
    table = pd.DataFrame({"x": x, "t": t})
    assert found.corrected == pytest.approx(
        ModifiedDissim(table, "x", "t", iterations=2, n_jobs=1).statistic, abs=0.03
    )


def test_corrected_values_by_hand():
    """One of two is in the group in areas of two: by lot the four are together with probability ⅓."""
    found = made([2, 0], [2, 2], draws=2)
    assert found.dissimilarity.chance == pytest.approx(1 / 3)
    assert found.isolation.chance == pytest.approx(0.5 + 0.5 / 3)
    even = made([1, 1], [2, 2], draws=2)
    assert even.dissimilarity.corrected == pytest.approx(-0.5)
    assert even.isolation.corrected == pytest.approx((0.5 - 2 / 3) / (1 / 3))
    assert even.exposure.corrected == pytest.approx(even.isolation.corrected)


def test_intervals_hold_the_truth_and_the_adjusted_value_is_nearly_unbiased():
    """120 cities of 60 areas with 300–900 persons, the group 10 ± 4 per cent: D is 0.006 too high."""
    rng, held, raw, adjusted = np.random.default_rng(2), [], [], []
    for _ in range(120):
        t = rng.integers(300, 900, 60)
        p = np.clip(rng.normal(0.1, 0.04, 60), 0.005, 1)
        truth = values(made(1e6 * t * p, 1e6 * t, draws=2))[0]
        found = made(rng.binomial(t, p), t, seed=rng.integers(1 << 30), draws=200).dissimilarity
        held.append(found.low <= truth <= found.high)
        raw.append(found.value - truth)
        adjusted.append(found.adjusted - truth)
    assert 0.87 < np.mean(held) <= 1
    assert np.mean(raw) > 0.004 and abs(np.mean(adjusted)) < 0.003


def test_d_of_small_units_is_rid_of_nearly_all_that_chance_adds():
    """50 areas of 30–120 pupils, the group 80 ± 5 per cent: D is 0.05 too high; plain bootstrap leaves 0.014."""
    rng, held, raw, adjusted = np.random.default_rng(4), [], [], []
    for _ in range(80):
        t = rng.integers(30, 120, 50)
        p = np.clip(rng.normal(0.8, 0.05, 50), 0.005, 0.995)
        truth = values(made(1e6 * t * p, 1e6 * t, draws=2))[0]
        found = made(rng.binomial(t, p), t, seed=rng.integers(1 << 30), draws=200).dissimilarity
        held.append(found.low <= truth <= found.high)
        raw.append(found.value - truth)
        adjusted.append(found.adjusted - truth)
    assert np.mean(held) > 0.87
    assert np.mean(raw) > 0.04 and abs(np.mean(adjusted)) < 0.008


def test_without_segregation_the_interval_begins_at_zero():
    rng, low = np.random.default_rng(6), []
    for _ in range(80):
        t = rng.integers(30, 200, 90)
        low.append(made(rng.binomial(t, 0.1), t, seed=rng.integers(1 << 30), draws=200).dissimilarity.low)
    assert np.mean(np.array(low) == 0) > 0.9


def test_large_areas_have_narrow_intervals_around_the_value():
    found = made([300_000, 100_000], [1_000_000, 1_000_000])
    for name in NAMES:
        measure = getattr(found, name)
        assert measure.low <= measure.value <= measure.high and measure.high - measure.low < 0.004


# -- laws ------------------------------------------------------------------------------------


@quick
@given(mixed, st.randoms())
def test_the_order_of_areas_does_not_matter(city, random):
    x, t = (pd.Series(column, [f"A{i:03}" for i in range(len(column))], dtype=float) for column in city)
    order = random.sample(list(x.index), len(x))
    one = segregation(x, t, np.random.default_rng(1), draws=20)
    other = segregation(x[order], t[order], np.random.default_rng(1), draws=20)
    for name in NAMES:
        assert astuple(getattr(one, name)) == pytest.approx(astuple(getattr(other, name)), nan_ok=True)
    assert one.contribution.equals(other.contribution)


@quick
@given(mixed, st.integers(2, 4))
def test_splitting_areas_into_equal_parts_changes_no_measure(city, pieces):
    x, t = (np.repeat(column, pieces) for column in city)
    assert values(made(*city, draws=2)) == pytest.approx(values(made(x, t, draws=2)), abs=1e-9)


@quick
@given(mixed)
def test_the_others_are_as_segregated_as_the_group(city):
    x, t = map(np.array, city)
    one, other = made(x, t, draws=2), made(t - x, t, draws=2)
    for name in ("dissimilarity", "entropy"):
        assert getattr(one, name).value == pytest.approx(getattr(other, name).value, abs=1e-9)
        assert getattr(one, name).chance == pytest.approx(getattr(other, name).chance)


@quick
@given(mixed)
def test_measures_stay_within_their_bounds(city):
    found = made(*city, draws=20)
    for name in NAMES:
        measure = getattr(found, name)
        assert -1e-9 <= measure.value <= 1 + 1e-9
        if not np.isnan(measure.low):
            assert 0 <= measure.low <= measure.adjusted <= measure.high <= 1
    assert found.isolation.value + found.exposure.value == pytest.approx(1)
    assert found.isolation.value >= sum(city[0]) / sum(city[1]) - 1e-9
    if found.dissimilarity.value > 0:
        assert found.contribution.sum() == pytest.approx(1)


# -- little to go by -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "t"), [([0, 0], [5, 5]), ([5, 5], [5, 5]), ([np.nan] * 2, [5, 5]), ([np.nan] * 2, [np.nan] * 2)]
)
def test_a_city_without_group_or_others_has_no_segregation(x, t):
    found = made(x, t)
    for name in NAMES:
        measure = getattr(found, name)
        assert np.isnan([measure.value, measure.chance, measure.corrected, measure.low, measure.high]).all()


def test_one_area_is_not_segregated():
    found = made([3], [10])
    assert values(found) == pytest.approx([0, 0.3, 0.7, 0])
    assert found.dissimilarity.chance == 0 and found.isolation.corrected == pytest.approx(0)


def test_missing_and_empty_areas_are_left_out_and_told():
    found = made([30, np.nan, 10, 0], [100, 80, 100, 0])
    assert found.left_out == ("A001", "A003")
    assert values(found)[:2] == pytest.approx([0.3125, 0.25])


@pytest.mark.parametrize("x", [[11, 2], [-1, 2]])
def test_more_than_all_and_less_than_none_are_refused(x):
    with pytest.raises(ValueError, match="A000"):
        made(x, [10, 10])


def test_estimated_counts_need_not_be_whole():
    found = made([865.59, 120.4], [3099, 1500.5])
    assert 0 < found.dissimilarity.chance < 0.05 < found.dissimilarity.value


def test_the_same_seed_gives_the_same_interval():
    low = [made([30, 10], [100, 100], seed=seed).dissimilarity.low for seed in (1, 1, 2)]
    assert low[0] == low[1] != low[2]


def test_the_redraws_of_a_country_give_the_decimals_that_are_shown() -> None:
    """119 redraws of 3 363 areas, from any seed: the limits differ by less than half of the last decimal, 0.001."""
    rng = np.random.default_rng(5)
    t = rng.integers(700, 4500, 3363)
    x = rng.binomial(t, rng.beta(1.2, 6, 3363))
    draws = -(-DRAWN // len(t))
    found = [made(x, t, seed=seed, draws=draws) for seed in range(8)]
    for name in NAMES:
        limits = np.array([(getattr(f, name).adjusted, getattr(f, name).low, getattr(f, name).high) for f in found])
        assert draws == 119 and (limits.std(axis=0) < 0.00017).all(), "three of these are half of the last decimal"
