"""One kommun of a country by itself: its own figures, and nothing that the country hides."""

from __future__ import annotations

from dataclasses import replace

import makers
import pytest
import small_pack

from omradesbild.analyse import kommun
from omradesbild.analyse.figured import with_figures
from omradesbild.analyse.flags import to_bits
from omradesbild.analyse.statements import Statements, build
from omradesbild.model import Area, Disclosure, Initiative, PublishedList, Whole
from omradesbild.pack import load
from omradesbild.publish.document import Items
from omradesbild.publish.parts import priority as parts
from omradesbild.words import t

BASE = ("A", "B", "C", "D", "E", "F")
#: Two kommuner of three areas each.
KOMMUNER = {k: Area(id=k, name=f"Kommun {k}", level="kommun", members=m) for k, m in (("01", BASE[:3]), ("02", BASE[3:]))}
PARTS = {"A": (30, 100), "B": (60, 200), "C": (90, 300), "D": (100, 400), "E": (50, 500), "F": (300, 600)}


def country(parts=PARTS, **more):
    """A country of two kommuner with one share."""
    share = makers.indicator("andel", **more)
    pack = makers.pack([makers.row(a, "andel", parts=p) for a, p in parts.items()], [share], base=BASE)
    info = makers.SimpleNamespace(**vars(pack.info), model_copy=lambda update: makers.SimpleNamespace(**vars(pack.info) | update))
    features = [{"properties": {"id": a}} for a in BASE]
    return replace(pack, kommuner=KOMMUNER, info=info, boundaries={"type": "FeatureCollection", "features": features})


def test_a_kommun_is_compared_with_itself_and_its_areas_have_the_country_s_figures() -> None:
    whole = build(country())
    alone = kommun.alone(whole, "01")
    assert list(alone.pack.areas) == ["01", "A", "B", "C"] and alone.pack.info.whole is Whole.KOMMUN
    assert alone.get("01", "andel", "2024").value == pytest.approx(100 * 180 / 600)
    for area in ("A", "B", "C"):
        here, there = (found.get(area, "andel", "2024") for found in (alone, whole))
        assert (here.value, here.low, here.high) == (there.value, there.low, there.high)
        assert here.city_value == pytest.approx(30.0) and there.city_value == pytest.approx(100 * 630 / 2100)
        assert here.of == 3 and there.of == 6
    assert [f["properties"]["id"] for f in alone.pack.boundaries["features"]] == ["A", "B", "C"]
    assert "01" not in whole.pack.areas and set(whole.frame["area"]) == {makers.CITY, *BASE}


def test_a_published_list_keeps_the_row_of_a_measure_that_has_no_figure_here(tmp_path) -> None:
    """Those who show the list say that the figure is gone: a row that somebody decided on does not go without a word."""
    one = PublishedList.model_validate(small_pack.PRIORITIES[0])
    whole = build(replace(load(small_pack.write(tmp_path / "small")), priorities=(one,)))
    rows = whole.frame[whole.frame["indicator"] != "sysselsatta"]
    rows, pack = with_figures(rows.assign(bits=to_bits(rows["flag"])), whole.pack)
    assert "sysselsatta" not in pack.indicators and pack.priorities == (one,)
    shown = Statements(pack, rows)
    found, rest = parts.listed(shown, one.chosen)
    (gone,) = parts.others(shown, rest, "sv")
    assert not found and gone == Items((t("report.gone_row", "sv", row=f"{pack.areas['A6'].name}: sysselsatta (Först.)"),))


def test_what_is_hidden_in_a_kommun_is_hidden_in_the_country_and_takes_a_neighbour_along() -> None:
    """With the kommun's sum shown, one hidden figure could be had by subtraction from either view."""
    rule = Disclosure(min_numerator=5, min_complement=5, min_denominator=20)
    whole = build(country(PARTS | {"A": (3, 100)}, disclosure=rule))
    alone = kommun.alone(whole, "01")
    hidden = {a for a in BASE if whole.get(a, "andel", "2024").value is None}
    assert "A" in hidden and len(hidden & {"B", "C"}) == 1, "A cannot be had from the kommun's sum and its other areas"
    assert alone.get("01", "andel", "2024").value is not None
    assert {a for a in BASE[:3] if alone.get(a, "andel", "2024").value is None} == hidden & set(BASE[:3])
    assert not hidden & set(BASE[3:]), "the other kommun loses nothing"


def test_what_a_kommun_hides_of_its_own_is_not_what_the_country_and_the_other_kommuner_leave() -> None:
    whole = build(country({"01": (3, 600), "02": (450, 1500), makers.CITY: (453, 2100)}, disclosure=Disclosure()))
    assert whole.get(makers.CITY, "andel", "2024").numerator == 453
    assert whole.kommuner.set_index("area")["value"].isna().to_dict() == {"01": True, "02": True}


def test_a_measure_that_is_withheld_all_over_a_kommun_is_there_and_said_to_be_withheld() -> None:
    alone = kommun.alone(build(country(PARTS | dict.fromkeys("ABC", (1, 100)), disclosure=Disclosure())), "01")
    assert list(alone.pack.indicators) == ["andel"]
    assert {alone.get(a, "andel", "2024").flag for a in ("01", "A", "B", "C")} == {".."}


def test_what_happened_elsewhere_is_left_out_and_what_was_for_all_is_for_the_kommun() -> None:
    event = {"title": "x", "event": "x", "place": "x", "kind": "plan", "source": "x", "source_url": "https://x.se/"}
    listed = {"here": ("A", "D"), "there": ("E",), "all": (makers.CITY,), "nowhere": ()}
    pack = replace(country(), initiatives=tuple(Initiative(id=i, areas=areas, **event) for i, areas in listed.items()))
    found = {i.id: i.areas for i in kommun.only(pack, "01").initiatives}
    assert found == {"here": ("A",), "all": ("01",), "nowhere": ()}
