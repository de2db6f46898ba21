"""Local Moran: against esda and exact enumeration, false discoveries, and where there is no pattern."""

import time
from itertools import combinations

import esda
import libpysal
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.weights import lat2W

from omradesbild.analyse.local_moran import _deals, local_moran
from omradesbild.analyse.shrink import shrink

quick = settings(max_examples=30, deadline=None)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def lattice(rows: int, columns: int) -> dict[str, tuple[str, ...]]:
    near = lat2W(rows, columns, rook=False).neighbors
    return {f"{area:03}": tuple(f"{n:03}" for n in others) for area, others in near.items()}


def series(values) -> pd.Series:
    return pd.Series(values, [f"{number:03}" for number in range(len(values))], dtype=float)


def desmith():
    """The ten areas of de Smith, Goodchild & Longley that come with libpysal."""
    y = np.array(libpysal.io.open(libpysal.examples.get_path("desmith.txt")).by_col["z"])
    w = libpysal.io.open(libpysal.examples.get_path("desmith.gal")).read()
    names = [f"{int(area):03}" for area in w.id_order]
    near = {f"{int(a):03}": tuple(f"{int(b):03}" for b in others) for a, others in w.neighbors.items()}
    return pd.Series(y, names), near


def test_p_values_are_twice_those_that_esda_prints():
    """esda 2.9.0, 9 999 permutations, seed 1: one-sided, and without the deals that equal what is there.

    Two neighbours of nine others are dealt alike once in 36, which for area 7 is the whole p-value.
    """
    found = local_moran(*desmith(), rng())
    esda_prints = [0.2580, 0.2853, 0.4746, 0.2406, 0.0636, 0.0582, 0.0001, 0.3626, 0.3504, 0.2540]
    more = found.p.to_numpy() - 2 * np.array(esda_prints)
    assert (more > -0.02).all() and (more < 2 / 36 + 0.02).all()
    assert found.p["007"] == pytest.approx(2 / 36, abs=0.01)


@quick
@given(st.lists(st.integers(-50, 50), min_size=12, max_size=12).filter(lambda v: len(set(v)) > 1))
def test_statistics_are_those_of_esda(values):
    w = lat2W(3, 4, rook=False)
    expected = esda.Moran_Local(np.array(values, float), w, transformation="r", permutations=0)
    found = local_moran(series(values), lattice(3, 4), rng(), permutations=9)
    assert np.allclose(found.statistic, expected.Is * 12 / 11)
    assert np.allclose(found.z, expected.z)


def test_p_values_are_those_of_all_possible_deals():
    """Every way of giving each area its neighbours' values: at most C(11, 8) = 165."""
    values, near = series([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]), lattice(3, 4)
    found = local_moran(values, near, rng(), permutations=40_000)
    for area, others in near.items():
        rest = values.drop(area).tolist()
        means = np.array([np.mean(some) for some in combinations(rest, len(others))])
        own = values[list(others)].mean()
        exact = 2 * min((means >= own - 1e-9).mean(), (means <= own + 1e-9).mean())
        assert found.p[area] == pytest.approx(min(1, exact), abs=0.015)


def test_deals_are_different_and_even():
    dealt = _deals(12, 5, 40_000, rng())
    assert dealt.shape == (5, 40_000) and dealt.min() == 0 and dealt.max() == 11
    assert (np.diff(np.sort(dealt, axis=0), axis=0) > 0).all()
    for row in dealt:
        assert np.bincount(row) == pytest.approx([40_000 / 12] * 12, rel=0.08)
    pairs = np.bincount(12 * dealt[0] + dealt[4], minlength=144).reshape(12, 12)
    assert np.diag(pairs).tolist() == [0] * 12
    assert pairs[~np.eye(12, dtype=bool)] == pytest.approx([40_000 / 132] * 132, rel=0.3)


def test_a_hot_and_a_cold_corner_are_found_and_named():
    values = np.full((9, 9), 10.0) + rng(3).normal(0, 1, (9, 9))
    values[:4, :4] += 12
    values[5:, 5:] -= 12
    values[1, 1] = 2
    found = local_moran(series(values.ravel()), lattice(9, 9), rng())
    code = found.code.to_numpy().reshape(9, 9)
    assert (code[2, 1:3] == "hh").all() and (code[7, 6:] == "ll").all() and code[1, 1] == "lh"
    assert (code[4] == "none").all() and (code[:4, 5:] == "none").all()
    clear = found.code != "none"
    assert (
        clear.sum() == 24
        and (found.adjusted_p[clear] < 0.05).all()
        and (found.adjusted_p[~clear] >= 0.05).all()
    )
    assert (found.statistic > 0)[clear].equals(found.code.isin(["hh", "ll"])[clear])
    turned = local_moran(series(-values.ravel()), lattice(9, 9), rng()).code.to_numpy().reshape(9, 9)
    assert turned[2, 2] == "ll" and turned[1, 1] == "hl" and turned[7, 7] == "hh"


def test_false_discoveries_are_held():
    """Cities without pattern, areas of unequal size: a pattern is seen in about one city of twenty."""
    chance, near, seen = rng(11), lattice(7, 7), 0
    for _ in range(100):
        n = series(chance.integers(200, 4000, 49))
        o = series(chance.binomial(n.astype(int), np.clip(chance.normal(0.15, 0.04, 49), 0.01, 1)))
        found = local_moran(shrink(o, n).value, near, chance, permutations=1999)
        seen += (found.code != "none").any()
    assert seen <= 10


# -- laws ------------------------------------------------------------------------------------


@quick
@given(st.randoms(), st.floats(0.1, 100), st.floats(-50, 50))
def test_order_and_unit_do_not_matter(random, scale, shift):
    values, near = series(rng(5).normal(size=20)), lattice(4, 5)
    mixed = values[random.sample(list(values.index), 20)]
    one = local_moran(values, near, rng(), permutations=199)
    other = local_moran(scale * mixed + shift, near, rng(), permutations=199)
    assert np.allclose(one.statistic, other.statistic) and np.allclose(one.p, other.p)
    assert one.code.equals(other.code)


def test_the_same_seed_gives_the_same_answer():
    values, near = series(rng(5).normal(size=20)), lattice(4, 5)
    p = [local_moran(values, near, rng(seed), permutations=199).p for seed in (1, 1, 2)]
    assert p[0].equals(p[1]) and not p[0].equals(p[2])


# -- little to go by -------------------------------------------------------------------------


def test_a_missing_area_is_nobodys_neighbour():
    values, near = series([1, 2, 3, 4, 5, 9]), lattice(2, 3)
    values["001"] = np.nan
    found = local_moran(values, near, rng(), permutations=99)
    without = local_moran(values.dropna(), near, rng(), permutations=99)
    assert found.code["001"] == "none" and np.isnan([found.p["001"], found.lag["001"]]).all()
    assert found.p.dropna().equals(without.p) and found.statistic.dropna().equals(without.statistic)
    assert found.lag["000"] == pytest.approx(found.z[["003", "004"]].mean())


def test_an_area_without_known_neighbours_says_nothing():
    found = local_moran(
        series([1, 2, 3]), {"000": ("001",), "001": ("000",), "002": ()}, rng(), permutations=99
    )
    assert np.isnan(found.p["002"]) and found.code["002"] == "none" and found.p.notna().sum() == 2


@pytest.mark.parametrize("values", [[5.0] * 6, [0.1 + 0.2] * 6, [0.0] * 6, [np.nan] * 6, [7, *[np.nan] * 5]])
def test_all_alike_one_area_and_all_missing_have_no_pattern(values):
    found = local_moran(series(values), lattice(2, 3), rng(), permutations=99)
    assert (found.code == "none").all() and found.p.isna().all() and found.statistic.isna().all()


def test_all_permutations_of_a_city_take_less_than_two_seconds():
    values, near = series(rng().normal(size=91)), lattice(7, 13)
    started = time.thread_time()
    found = local_moran(values, near, rng())
    assert time.thread_time() - started < 2
    assert found.permutations == 9999 and found.p.min() >= 2 / 10_000
