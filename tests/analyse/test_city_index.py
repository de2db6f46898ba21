"""The city's own index of a pack: what can be part of it, bands, firmness, and that names of areas do not matter."""

import time

import pandas as pd
import pytest
from makers import indicator, pack, row

from omradesbild.analyse import city_index
from omradesbild.analyse.index import Part, index
from omradesbild.analyse.statements import Statements, build
from omradesbild.model import Direction, Kind
from omradesbild.pack import load, resolve

AREAS = tuple(f"A{n:02}" for n in range(12))
USUAL = (("arbetslosa_16_64", 1), ("forgymnasial", 1), ("lag_ekonomisk_standard", 1), ("valdeltagande", 1))


@pytest.fixture(scope="module")
def shipped() -> Statements:
    return build(load(resolve()))


def city(names=AREAS, missing=()) -> Statements:
    """Twelve areas with a, b and c; `missing` are areas without c. d is a count and e has no direction."""
    rows = []
    for n, name in enumerate(names):
        people = 400 + 50 * n
        rows.append(row(name, "a", parts=(20 + 9 * n, people)))
        rows.append(row(name, "b", parts=(300 - 11 * n, people)))
        if name not in missing:
            rows.append(row(name, "c", period="2023", value=10.0 + n % 5))
        rows += [row(name, "d", value=n), row(name, "e", value=n)]
    kinds = [
        indicator("a", direction="lower"),
        indicator("b", direction="higher"),
        indicator("c", "median", direction="lower"),
        indicator("d", "count", direction="lower"),
        indicator("e", "median"),
    ]
    return build(pack(rows, kinds, base=names, weights={"a": 1, "b": 2, "x": 1}))


def test_what_has_a_direction_and_figures_for_half_of_the_areas_can_be_part():
    assert list(city_index.choices(city(), "regso")) == ["a", "b", "c"]
    assert list(city_index.choices(city(missing=AREAS[:6]), "regso")) == ["a", "b", "c"]
    assert list(city_index.choices(city(missing=AREAS[:7]), "regso")) == ["a", "b"]
    assert city_index.choices(city(), "regso")["c"].period == "2023"
    assert city_index.usual(city(), "regso") == (("a", 1), ("b", 2))
    assert city_index.choices(city(), "namngivet") == {}


def test_who_lacks_what_is_left_out_and_said():
    found = city_index.of(city(missing=AREAS[2:4]), "regso", (("a", 1), ("c", 1)))
    assert found.lacking == {"A02": ("c",), "A03": ("c",)} and len(found.order) == len(found.band) == 10
    assert found.index.worst == 2


def test_nothing_to_weigh():
    assert city_index.of(city(), "regso", ()) is None
    assert city_index.of(city(), "regso", (("a", 0), ("e", 3))) is None


def test_other_names_of_areas_in_another_order_change_nothing_but_chance():
    turned = dict(zip(AREAS, reversed(AREAS), strict=True))
    one = city_index.of(city(), "regso", (("a", 2), ("b", 1)))
    other = city_index.of(city(tuple(turned.values())), "regso", (("a", 2), ("b", 1)))
    for name in ("value", "rank", "among_worst"):
        left, right = getattr(one.index, name), getattr(other.index, name)
        assert left.to_dict() == pytest.approx({a: right[turned[a]] for a in AREAS})
    moved = (one.index.rank_low - other.index.rank_low[list(turned.values())].to_numpy()).abs()
    assert moved.max() <= 1


def test_bands_and_firmness_by_hand():
    figures = pd.DataFrame({"value": range(12), "numerator": None, "denominator": None}, list(AREAS), dtype=float)
    found = index([Part("a", Kind.MEAN, Direction.LOWER_BETTER, figures)], {"a": 1}, 1, worst=3)
    band = city_index.bands(found)
    assert band.tolist() == ["least"] * 3 + ["middle"] * 6 + ["clear"] * 3
    found.rank_low["A08"], found.rank_high["A09"] = 2, 4
    assert city_index.bands(found)[["A08", "A09"]].tolist() == ["edge", "edge"]


def test_the_shipped_city(shipped):
    found = city_index.of(shipped, "regso", USUAL)
    assert city_index.usual(shipped, "regso") == USUAL
    assert found.index.worst == 10 and set(found.lacking) == {"1280R008", "1280R075"}
    top = found.index.rank <= 10
    assert found.by_chance == (found.band[top[top].index] == "clear").sum()
    assert found.by_weights == (found.index.among_worst[top] >= 0.8).sum()
    assert found.firmness == "firm" and min(found.by_chance, found.by_weights) >= 8
    assert city_index.of(shipped, "namngivet", USUAL).index.worst == 5


def test_a_change_of_weights_costs_little(shipped):
    city_index.of(shipped, "regso", USUAL)
    started = time.thread_time()
    city_index.of(shipped, "regso", (("arbetslosa_16_64", 5), *USUAL[1:]))
    assert time.thread_time() - started < 0.3
