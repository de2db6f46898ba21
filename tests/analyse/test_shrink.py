"""Shrunken rates: against esda, by hand, by law and where there is nothing to shrink."""

import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given, settings
from hypothesis import strategies as st

from omradesbild.analyse.shrink import shrink
from omradesbild.model import Kind

quick = settings(max_examples=50, deadline=None)

shares = st.lists(
    st.tuples(st.integers(1, 5000), st.floats(0, 1)).map(lambda x: (round(x[0] * x[1]), x[0])),
    min_size=1,
    max_size=40,
)


def counts(pairs) -> tuple[pd.Series, pd.Series]:
    o, n = zip(*pairs, strict=True)
    names = [f"A{number:02}" for number in range(len(o))]
    return pd.Series(o, names, dtype=float), pd.Series(n, names, dtype=float)


@quick
@given(shares.filter(lambda pairs: sum(o for o, _ in pairs) > 0))
def test_rates_are_those_of_esda(pairs):
    """Where chance explains more than all of the spread esda's weights are negative; ours are 0."""
    o, n = counts(pairs)
    found = shrink(o, n, Kind.RATE)
    if found.variance > 1e-12:
        assert np.allclose(found.value, Empirical_Bayes(o.to_numpy(), n.to_numpy()).r.ravel(), rtol=1e-6)
    else:
        assert np.allclose(found.value, found.mean)


def test_shares_by_hand():
    """m = 0.3, v = 0.21/100 = 0.0021, spread = 0.08/3, s² = 0.0266667 − 0.0021, w = 0.92125."""
    found = shrink(*counts([(10, 100), (30, 100), (50, 100)]))
    assert found.mean == pytest.approx(0.3)
    assert found.variance == pytest.approx(0.08 / 3 - 0.0021)
    assert found.weight.tolist() == pytest.approx([0.92125] * 3)
    assert found.value.tolist() == pytest.approx([0.11575, 0.3, 0.48425])
    assert found.reliability == pytest.approx(0.92125)


def test_the_small_area_is_shrunk_the_most():
    """m = 171/1070, Σn(r − m)² = 5.72197, s² = 0.0053476 − 0.0005020 = 0.0048457; v is 0.134273 / n."""
    found = shrink(*counts([(20, 50), (100, 500), (50, 500), (1, 20)]))
    assert found.weight.tolist() == pytest.approx([0.64342, 0.94749, 0.94749, 0.41920], abs=5e-6)
    assert found.value.tolist() == pytest.approx([0.314354, 0.197890, 0.103141, 0.113779], abs=2e-6)


def test_where_chance_explains_everything_all_have_the_rate_of_the_city():
    found = shrink(*counts([(10, 100), (12, 100), (9, 90)]))
    assert found.variance == 0
    assert found.value.tolist() == pytest.approx([31 / 290] * 3)
    assert found.reliability == 0


@quick
@given(shares)
def test_a_shrunken_share_is_between_the_own_and_the_citys(pairs):
    o, n = counts(pairs)
    found = shrink(o, n)
    low, high = np.minimum(o / n, found.mean), np.maximum(o / n, found.mean)
    assert ((found.value >= low - 1e-12) & (found.value <= high + 1e-12)).all()


@quick
@given(shares, st.randoms())
def test_the_order_and_the_names_of_areas_do_not_matter(pairs, random):
    o, n = counts(pairs)
    mixed = random.sample(list(o.index), len(o))
    assert np.allclose(shrink(o[mixed], n[mixed]).value[o.index], shrink(o, n).value, atol=1e-12)


@quick
@given(shares, st.sampled_from([0.5, 2.0, 10.0]))
def test_rates_follow_the_unit_of_the_denominator(pairs, scale):
    o, n = counts(pairs)
    assert np.allclose(shrink(o, n, Kind.RATE).value, scale * shrink(o, scale * n, Kind.RATE).value)


def test_what_is_missing_stays_missing_and_moves_nothing():
    o, n = counts([(10, 100), (30, 100), (50, 100)])
    more = shrink(
        pd.concat([o, pd.Series({"X": np.nan, "Y": 0})]), pd.concat([n, pd.Series({"X": 70, "Y": 0})])
    )
    assert more.value[["X", "Y"]].isna().all() and more.weight[["X", "Y"]].isna().all()
    assert more.value[o.index].tolist() == shrink(o, n).value.tolist()


@pytest.mark.parametrize("kind", [Kind.SHARE, Kind.RATE])
@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([(0, 10), (0, 20)], [0, 0]),
        ([(3, 10)], [0.3]),
        ([(5, 10), (5, 10)], [0.5, 0.5]),
        ([(np.nan, 10), (np.nan, 20)], [np.nan, np.nan]),
    ],
)
def test_nothing_to_shrink(pairs, value, kind):
    assert np.allclose(shrink(*counts(pairs), kind).value, value, equal_nan=True)


def test_all_have_the_property():
    assert shrink(*counts([(10, 10), (20, 20)])).value.tolist() == [1, 1]


@pytest.mark.parametrize("kind", [Kind.MEAN, Kind.MEDIAN, Kind.COUNT])
def test_what_is_no_count_cannot_be_shrunk(kind):
    with pytest.raises(ValueError, match="only shares and rates"):
        shrink(*counts([(10, 100)]), kind)


def test_shrunken_shares_are_nearer_the_truth():
    """91 areas of 60–600 persons, shares 10 ± 3 per cent: the squared error falls by a third."""
    rng = np.random.default_rng(1)
    raw = shrunken = 0.0
    for _ in range(50):
        n = pd.Series(rng.integers(60, 600, 91), dtype=float)
        truth = np.clip(rng.normal(0.10, 0.03, 91), 0.005, 1)
        o = pd.Series(rng.binomial(n.astype(int), truth), dtype=float)
        found = shrink(o, n)
        raw += ((o / n - truth) ** 2).mean()
        shrunken += ((found.value - truth) ** 2).mean()
    assert shrunken / raw < 0.67
