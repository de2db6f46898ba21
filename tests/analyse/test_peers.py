"""Peers: distances against scipy, the reasons, and what must never be a reason."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from omradesbild.analyse.peers import peers

quick = settings(max_examples=50, deadline=None)

tables = (
    st.integers(2, 25)
    .flatmap(
        lambda rows: st.lists(
            st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=rows, max_size=rows
        )
    )
    .map(
        lambda rows: pd.DataFrame(rows, [f"A{i:02}" for i in range(len(rows))], ["a", "b", "c"], dtype=float)
    )
)


@quick
@given(tables)
def test_distances_are_those_of_scipy(table):
    found = peers(table, "A00", "utfall")
    spread = table.std(ddof=0)
    kept = table.loc[:, spread > 0]
    expected = np.zeros(len(table))
    if len(kept.columns):
        expected = cdist(kept[:1], kept, "seuclidean", V=kept.var(ddof=0))[0]
    assert [p.distance for p in found.peers] == pytest.approx(sorted(expected[1:])[:5], abs=1e-9)


def simple() -> pd.DataFrame:
    """Standard deviations 2, 20 and 1; A is 1 sd from B in b, and 2 sd from C in a."""
    return pd.DataFrame(
        {"a": [0.0, 0, 4, 4], "b": [0.0, 20, 0, 40], "c": [1.0, 1, 3, 3]}, ["A", "B", "C", "D"]
    )


def test_distances_and_reasons_by_hand():
    found = peers(simple(), "A", "utfall")
    sd_b = np.std([0, 20, 0, 40])
    assert [p.area for p in found.peers] == ["B", "C", "D"]
    assert [p.distance for p in found.peers] == pytest.approx(
        [20 / sd_b, np.sqrt(4 + 4), np.sqrt(4 + 4 + (40 / sd_b) ** 2)]
    )
    assert found.peers[0].closest == ("a", "c", "b")
    assert found.peers[1].closest == ("b", "a", "c")
    pairs = [20 / sd_b, 8**0.5, (8 + (40 / sd_b) ** 2) ** 0.5, (8 + (20 / sd_b) ** 2) ** 0.5] * 1
    pairs += [(8 + (20 / sd_b) ** 2) ** 0.5, 40 / sd_b]
    assert found.typical == pytest.approx(np.median(pairs))


def test_never_by_what_is_compared():
    with pytest.raises(ValueError, match="compared in b"):
        peers(simple(), "A", "b")


def test_who_and_what_must_be_known():
    with pytest.raises(ValueError, match="area X"):
        peers(simple(), "X", "utfall")
    with pytest.raises(ValueError, match="no variables"):
        peers(simple()[[]], "A", "utfall")


def test_an_area_that_lacks_a_variable_has_no_peers_and_is_none():
    table = simple()
    table.loc["B", "b"] = np.nan
    assert [p.area for p in peers(table, "A", "utfall").peers] == ["C", "D"]
    found = peers(table, "B", "utfall")
    assert found.peers == () and found.left_out == ("B",)


def test_no_more_peers_than_wanted_and_fewer_variables_than_reasons():
    found = peers(simple()[["a"]], "A", "utfall", count=2)
    assert [p.area for p in found.peers] == ["B", "C"] and found.peers[0].closest == ("a",)


def test_what_is_alike_everywhere_does_not_count():
    table = simple().assign(d=0.1)
    one, other = peers(table, "A", "utfall"), peers(simple(), "A", "utfall")
    assert [p.distance for p in one.peers] == [p.distance for p in other.peers]


def test_all_alike_one_area_and_all_missing():
    alike = pd.DataFrame({"a": [3.0, 3, 3]}, list("CAB"))
    assert [(p.area, p.distance) for p in peers(alike, "A", "x").peers] == [("B", 0.0), ("C", 0.0)]
    assert peers(alike[:1], "C", "x").peers == () and np.isnan(peers(alike[:1], "C", "x").typical)
    assert peers(alike * np.nan, "A", "x").peers == ()


@quick
@given(tables, st.randoms(), st.floats(0.01, 100))
def test_order_and_units_do_not_matter(table, random, scale):
    mixed = table.loc[random.sample(list(table.index), len(table)), ["c", "a", "b"]]
    mixed["b"] = scale * mixed["b"]
    one, other = peers(table, "A00", "x"), peers(mixed, "A00", "x")
    assert [p.distance for p in one.peers] == pytest.approx([p.distance for p in other.peers], abs=1e-9)


@quick
@given(tables)
def test_distance_is_mutual(table):
    for peer in peers(table, "A00", "x").peers[:2]:
        back = {p.area: p.distance for p in peers(table, peer.area, "x", count=99).peers}
        assert back["A00"] == pytest.approx(peer.distance)
