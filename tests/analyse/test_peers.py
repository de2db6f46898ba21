"""Peers: distances against scipy, the reasons, and what must never be a reason."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from launch import observations
from makers import indicator, pack, row
from scipy.spatial.distance import cdist

from omradesbild.analyse.peers import Peer, median, nearness, of, peers
from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load, resolve

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


# -- of a pack ------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def statements() -> Statements:
    return build(load(resolve()))


YEARS = {
    "andel_0_19": "2024",
    "andel_20_34": "2025",
    "andel_65_plus": "2024",
    "ensamboende": "2022",
    "hyresratt": "2023",
    "bostadsratt": "2023",
    "smahus": "2022",
    "eftergymnasial": "2022",
}


def from_the_files(variables) -> pd.DataFrame:
    """The basic areas' figures, read from the pack's files past all of the engine."""
    found = {
        name: {
            area: float(row["value"])
            for (area, period), row in observations(name).items()
            if period == YEARS[name] and area.startswith("1280R") and row["value"]
        }
        for name in variables
    }
    return pd.DataFrame(found).sort_index()


@pytest.mark.parametrize(
    ("outcome", "unused"),
    [
        ("arbetslosa_16_64", set()),
        ("forgymnasial", {"eftergymnasial"}),
        ("hyresratt", {"hyresratt", "bostadsratt"}),
    ],
)
def test_peers_of_the_shipped_pack_are_those_of_scipy(statements, outcome, unused):
    table = from_the_files(set(YEARS) - unused)
    assert len(table) == 91 and table.notna().all(axis=None)
    apart = cdist(table, table, "seuclidean", V=table.var(ddof=0))
    for line in (0, 17, 90):
        found = of(statements, table.index[line], outcome)
        assert set(found.variables) == set(table) and found.left_out == ()
        order = np.argsort(apart[line])[1:6]
        assert [p.area for p in found.peers] == list(table.index[order])
        assert [p.distance for p in found.peers] == pytest.approx(apart[line][order], rel=1e-6)
        assert found.typical == pytest.approx(np.median(apart[np.triu_indices(91, 1)]), rel=1e-6)


def test_peers_of_composed_areas_share_no_ground(statements):
    areas = statements.pack.areas
    for area in [a for a in areas.values() if a.members and a.level != "kommun"]:
        found = of(statements, area.id, "arbetslosa_16_64")
        assert len(found.peers) == 5 and {areas[p.area].level for p in found.peers} == {area.level}
        ground = [r for a in (area.id, *(p.area for p in found.peers)) for r in areas[a].members]
        assert len(ground) == len(set(ground)), area.name


def test_no_peers_of_the_city_of_nobody_and_without_variables(statements):
    assert of(statements, "1280", "arbetslosa_16_64") is None and of(statements, "x", "arbetslosa_16_64") is None
    bare = pack([row("A", "a", value=1)], [indicator("a", "median")])
    assert of(build(bare), "A", "b") is None


def test_nearness_and_median():
    def said(distance):
        return nearness(Peer("A", distance, ()), 3.0)

    assert [said(d) for d in (0, 1, 1.01, 2, 2.01, 3, 3.01, 99)] == (
        ["very_near"] * 2 + ["near"] * 2 + ["somewhat"] * 2 + ["far"] * 2
    )
    figures = [SimpleNamespace(value=v) for v in (3.0, None, 9.0, 4.0)]
    assert median([*figures, None]) == 4.0 and median(figures[:3]) is None
