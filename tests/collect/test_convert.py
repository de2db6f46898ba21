"""Counts of one division become counts of another: held against an own count of overlaps, and against totals."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from omradesbild.collect import convert
from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import COLUMNS

#: Borders of strips, in metres: three old ones and four new ones over the same ground.
OLD, NEW = (0, 300, 500, 1000), (0, 150, 500, 800, 1000)


def strips(edges: tuple[float, ...], letter: str, crs: int | None = 3006) -> gpd.GeoDataFrame:
    shapes = [box(left, 0, right, 100) for left, right in zip(edges, edges[1:], strict=False)]
    return gpd.GeoDataFrame({"id": [f"{letter}{n}" for n in range(len(shapes))]}, geometry=shapes, crs=crs)


def read(values: dict[str, float | None], variable: str = "folk", flag: str = "", period: str = "2030") -> pd.DataFrame:
    rows = [(area, variable, period, np.nan if value is None else value, flag if value is None else "", "kalla") for area, value in values.items()]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": "float64"})


def numbers(made: pd.DataFrame) -> dict[str, float]:
    return dict(zip(made["area"], made["value"], strict=True))


BY_AREA = convert.by_area(strips(OLD, "a"), strips(NEW, "b"))


def test_a_count_is_spread_as_the_surface_is() -> None:
    made = convert.convert(read({"a0": 300, "a1": 80, "a2": 1000}), BY_AREA, {"folk"})
    assert numbers(made) == pytest.approx({"b0": 150, "b1": 150 + 80, "b2": 600, "b3": 400}, rel=1e-6)
    assert set(made["flag"]) == {"e"} and set(made["source"]) == {"kalla"}


@pytest.mark.parametrize("seed", range(20))
def test_shares_are_those_of_overlaps_counted_by_hand(seed: int) -> None:
    random = np.random.default_rng(seed)
    cuts = [(0, *np.sort(random.uniform(20, 980, random.integers(1, 7))), 1000) for _ in range(2)]
    found = convert.by_area(strips(cuts[0], "a"), strips(cuts[1], "b"))
    left, right = (np.array(cut) for cut in cuts)
    overlap = np.minimum(left[1:, None], right[None, 1:]) - np.maximum(left[:-1, None], right[None, :-1])
    share = np.clip(overlap, 0, None) / np.diff(left)[:, None]
    size = np.clip(overlap, 0, None)
    share = np.where((share < convert.SLIVER) & (size / size.sum(axis=0) < convert.SLIVER_OF_NEW), 0, share)
    assert found.shares == pytest.approx(share / share.sum(axis=1, keepdims=True), abs=1e-6)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 10**7), st.floats(0, 1e9, allow_subnormal=False)), min_size=3, max_size=3))
def test_totals_are_the_same_before_and_after(values: list[float]) -> None:
    made = convert.convert(read(dict(zip(BY_AREA.old, values, strict=True))), BY_AREA, {"folk"})
    assert made["value"].sum() == pytest.approx(sum(values), rel=1e-14, abs=1e-300)
    assert (made["value"] >= 0).all()


def test_counts_below_zero_may_take_out_the_others() -> None:
    """As who moves in less who moves out does in a whole city: nothing in all is not nothing anywhere."""
    made = convert.convert(read({"a0": 33.3, "a1": -11.1, "a2": -22.2}), BY_AREA, {"folk"})
    by_hand = {"b0": 33.3 / 2, "b1": 33.3 / 2 - 11.1, "b2": -22.2 * 0.6, "b3": -22.2 * 0.4}
    assert numbers(made) == pytest.approx(by_hand, rel=1e-6)
    doubt = BY_AREA.doubt(pd.Series({"a0": 33.3, "a1": -11.1, "a2": -22.2}))
    assert doubt.to_dict() == pytest.approx({"b0": 1, "b1": 33.3 / 2 / (33.3 / 2 + 11.1), "b2": 1, "b3": 1}, rel=1e-6)


def test_each_variable_and_period_keeps_its_own_total() -> None:
    frames = [read({"a0": n, "a1": 2.5 * n, "a2": 7}, variable, period=period) for n, (variable, period) in enumerate([("folk", "2030"), ("folk", "2031"), ("barn|kvinna", "2030")], 3)]
    made = convert.convert(pd.concat(frames), BY_AREA, {"folk", "barn"})
    assert made.groupby(["variable", "period"])["value"].sum().to_dict() == pytest.approx(
        {("folk", "2030"): 17.5, ("folk", "2031"): 21.0, ("barn|kvinna", "2030"): 24.5}, rel=1e-14
    )


@pytest.mark.parametrize(("values", "flag", "told"), [({"a0": 5, "a1": None, "a2": 3}, "..", ".."), ({"a0": 5, "a2": 3}, "", "-"), ({"a0": 5, "a1": None, "a2": 3}, "", "-")])
def test_what_is_missing_stays_missing_with_its_reason(values: dict, flag: str, told: str) -> None:
    made = convert.convert(read(values, flag=flag), BY_AREA, {"folk"}).set_index("area")
    assert np.isnan(made.at["b1", "value"]) and made.at["b1", "flag"] == told
    assert made.drop("b1")["value"].notna().all() and set(made.drop("b1")["flag"]) == {"e"}


def test_an_exact_key_sums_and_nothing_is_estimated() -> None:
    made = convert.convert(read({"x": 1, "y": 2, "z": 4}), convert.by_key({"x": "p", "y": "q", "z": "p"}), {"folk"})
    assert numbers(made) == {"p": 5, "q": 2} and set(made["flag"]) == {""}


PIECES = strips((0, 150, 300, 500, 1000), "d")
PEOPLE = pd.Series({"d0": 10, "d1": 30, "d2": 5, "d3": 100})


def test_people_are_spread_as_they_live() -> None:
    key = {"d0": "a0", "d1": "a0", "d2": "a1", "d3": "a2"}
    made = convert.convert(read({"a0": 80, "a1": 5, "a2": 100}), convert.by_people(PIECES, PEOPLE, key, strips(NEW, "b")), {"folk"})
    assert numbers(made) == pytest.approx({"b0": 20, "b1": 60 + 5, "b2": 60, "b3": 40}, rel=1e-6)


def test_people_go_back_to_the_areas_that_the_pieces_make_up() -> None:
    key = {"d0": "a0", "d1": "a0", "d2": "a1", "d3": "a2"}
    back = convert.by_people(PIECES, PEOPLE, strips(NEW, "b"), key)
    assert numbers(convert.convert(read({"b0": 10, "b1": 70, "b2": 1, "b3": 2}), back, {"folk"})) == pytest.approx(
        {"a0": 10 + 70 * 30 / 35, "a1": 70 * 5 / 35, "a2": 3}, rel=1e-6
    )


def test_where_nobody_lives_the_surface_counts() -> None:
    key = {"d0": "a0", "d1": "a0", "d2": "a1", "d3": "a2"}
    found = convert.by_people(PIECES, PEOPLE * [0, 0, 1, 1], key, strips(NEW, "b"))
    assert found.shares[0] == pytest.approx([0.5, 0.5, 0, 0], abs=1e-6)


def test_how_much_of_a_figure_is_doubtful() -> None:
    doubt = BY_AREA.doubt(pd.Series({"a0": 300, "a1": 80, "a2": 1000}))
    assert doubt.to_dict() == pytest.approx({"b0": 1, "b1": 150 / 230, "b2": 1, "b3": 1}, rel=1e-6)


def test_a_hair_s_breadth_between_two_drawings_is_no_part_of_an_area() -> None:
    found = convert.by_area(strips(OLD, "a"), strips((0, 300.5, 500, 1000), "b"))
    assert (found.shares == np.eye(3)).all()


def test_a_small_area_within_a_large_one_is_no_sliver() -> None:
    found = convert.by_area(strips((0, 1000), "a"), strips((0, 2, 1000), "b"))
    assert found.shares[0] == pytest.approx([0.002, 0.998], abs=1e-6)


@pytest.mark.parametrize("variable", ["medianinkomst", "omradestyp"])
def test_what_is_not_a_count_is_refused(variable: str) -> None:
    with pytest.raises(CollectError, match="medianer, index och typer går inte att räkna om"):
        convert.convert(read({"a0": 1}, variable), BY_AREA, {"folk"})


def test_what_does_not_fit_is_refused(capsys: pytest.CaptureFixture) -> None:
    for crs in (4326, 3008, None):
        with pytest.raises(CollectError, match="koordinatsystemen"):
            convert.by_area(strips(OLD, "a", crs), strips(NEW, "b"))
    with pytest.raises(CollectError, match="koordinatsystemen"):
        convert.by_area(strips(OLD, "a", 4326), strips(NEW, "b", 4326))
    with pytest.raises(CollectError, match="utanför den nya indelningen"):
        convert.by_area(strips((0, 500, 5000, 6000), "a"), strips(NEW, "b"))
    with pytest.raises(CollectError, match="delar utan folkmängd"):
        convert.by_people(PIECES, PEOPLE.drop("d2"), {f"d{n}": "a" for n in range(4)}, strips(NEW, "b"))
    with pytest.raises(CollectError, match="inte är med i nyckeln"):
        convert.convert(read({"z9": 1}), BY_AREA, {"folk"})
    with pytest.raises(CollectError, match="väntade en källa"):
        convert.convert(pd.concat([read({"a0": 1}), read({"a1": 1}).assign(source="annan")]), BY_AREA, {"folk"})
    assert not capsys.readouterr().out  # nothing is only printed
