"""A table that staff bring: what is recognised, what a mapping makes of it, and the pack that comes of it."""

from __future__ import annotations

import csv
import filecmp
import io
import math
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from omradesbild import checks
from omradesbild.analyse import statements
from omradesbild.cli import main
from omradesbild.collect import addition, intake, staff, tables
from omradesbild.collect.doubts import doubts
from omradesbild.collect.fault import CollectError
from omradesbild.collect.recognise import Gazetteer, decimal_mark, head, number, period
from omradesbild.collect.shelf import Shelf
from omradesbild.collect.staff import TableMapping
from omradesbild.model import Level, Text
from omradesbild.pack import load, resolve

ROOT = Path(__file__).parents[2]
PACK = load(ROOT / "data")
GAZETTEER = Gazetteer(PACK.areas, PACK.info.city)
NEW = {
    "id": "bilar",
    "title": {"sv": "Påhittade bilar"},
    "theme": "boende",
    "unit": {"sv": "procent av hushållen"},
    "short_unit": "%",
    "kind": "share",
    "numerator": {"sv": "hushåll med bil"},
    "denominator": {"sv": "alla hushåll"},
    "definition": {"sv": "Påhittat."},
    "not_covered": {"sv": "Allt."},
    "direction": "none",
    "levels": ["regso"],
}
SOURCE = {
    "id": "malmo-bilar", "publisher": "Malmö stad", "title": "Påhittad tabell", "url": "https://example.org/",
    "licence": "CC0", "attribution": "Malmö stad", "retrieved": "2026-11",
}  # fmt: skip
BASE = {"areas": "Område", "source": "malmo-bilar", "indicators": [NEW], "sources": [SOURCE]}


def found(text: str, name: str = "tabell.csv"):
    return staff.look(tables.read(name, text.encode())[0], GAZETTEER)


def read(text: str, **mapping) -> staff.Outcome:
    about = TableMapping.model_validate(BASE | mapping)
    chosen = staff.choose(tables.read("tabell.csv", text.encode()), about, GAZETTEER)
    return staff.figures(chosen, about, PACK, GAZETTEER)


def rows(outcome: staff.Outcome) -> list[tuple]:
    assert not outcome.faults, [str(fault) for fault in outcome.faults]
    plain = outcome.rows.replace({np.nan: None})
    return [tuple(row) for row in plain[["area", "period", "group", "value", "numerator", "denominator", "flag"]].to_numpy()]


def faults(outcome: staff.Outcome) -> str:
    assert outcome.faults
    return "\n".join(str(fault) for fault in outcome.faults)


# -- cells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("12,5", 12.5), ("12.5", 12.5), ("1 234", 1234), ("1\u202f234\u202f567", 1234567), ("1\u00a0234,25", 1234.25),
        ("12,5 %", 12.5), ("12.5%", 12.5), ("−3", -3), ("–3,5", -3.5), ("-3", -3), ("1.234.567", 1234567), ("0,5", 0.5), ("0.500", 0.5),
        ("1'234", 1234), ("1e3", 1000), ("12 st", 12), ("1234.5678", 1234.5678),
    ],
)  # fmt: skip
def test_numbers_are_read_as_swedes_write_them(text: str, value: float) -> None:
    assert number(text) == (value, "") or (number(text).value, number(text).flag) == (pytest.approx(value), "")


@pytest.mark.parametrize(
    ("text", "flag"),
    [("..", ".."), ("…", ".."), ("x", ".."), ("X", ".."), ("<5", ".."), ("färre än 5", ".."), ("1–4", ".."), ("-", "-"), ("–", "-"), ("uppgift saknas", "-"), (".", ".")],
)
def test_marks_are_never_zero(text: str, flag: str) -> None:
    assert number(text) == (None, flag) or (number(text).value, number(text).flag) == (None, flag)


@pytest.mark.parametrize("text", ["", "tolv", "12 1)", "1 23", "12,5,3", "2022-01-01", "1-2-3", "=1+1", "12a", "(x)", "1..2", "∞", "nan", "inf"])
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert number(text) is None


def test_marks_after_a_number_travel_with_it() -> None:
    assert (number("12,5 (x) p").value, number("12,5 (x) p").flag) == (12.5, "(x) p")


@given(st.integers(-(10**9), 10**9), st.sampled_from(["", " ", "\u202f", "\u00a0"]), st.integers(0, 99))
def test_a_number_that_is_written_with_a_comma_is_read_back(whole: int, space: str, part: int) -> None:
    text = f"{abs(whole):,}".replace(",", space) + (f",{part:02d}" if part else "")
    value = (abs(whole) + part / 100) * (-1 if whole < 0 else 1)
    assert number(("−" if whole < 0 else "") + text).value == pytest.approx(value)


def test_a_point_before_three_figures_is_told_by_its_column_or_not_at_all() -> None:
    assert decimal_mark(["1.234", "2,5"]) == ","
    assert decimal_mark(["1.234", "2.5"]) == "."
    assert decimal_mark(["0.123", "0.456"]) == "."
    assert decimal_mark(["1.234", "12.345", "7"]) is None
    assert decimal_mark(["12", ".."]) == ","
    assert number("1.234", ",").value == 1234 and number("1.234", ".").value == 1.234


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2022", "2022"), ("2022-12-31", "2022"), ("2022-12", "2022"), ("år 2022", "2022"), ("läsåret 2022/2023", "2022/23"), ("2022/23", "2022/23"),
     ("2022-2023", "2022/23"), ("2022K3", "2022K3"), ("2022 kv 3", "2022K3"), ("2022/25", None), ("1234", None), ("22", None), ("12 500", None), ("", None)],
)  # fmt: skip
def test_periods_are_written_as_the_pack_does(text: str, expected: str | None) -> None:
    assert period(text) == expected


def test_a_head_is_the_same_next_year() -> None:
    assert head("Antal 2022") == ("Antal {period}", "2022")
    assert head("2022 Andel (%)") == ("{period} Andel (%)", "2022")
    assert head("Läsår 2022/23") == ("Läsår {period}", "2022/23")
    assert head("Kod 120222") == ("Kod 120222", None)


# -- areas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("1280R001", "1280R001"), ("1280r001", "1280R001"), ("1280R001_RegSO2025", "1280R001"), ("1280R001 Almvik norr", "1280R001"),
        ("RegSO-Almvik norr-Lindängen norr", "1280R001"), ("ALMVIK NORR-LINDÄNGEN NORR", "1280R001"), ("Almvik norr - Lindängen norr", "1280R001"),
        ("Almvik norr-Lindängen norr (Malmö)", "1280R001"), ("Seved", "1280R072"), ("sege  INDUSTRIOMRADE", "1280R063"), ("Turning Torso", "1280R079"),
        ("Malmö", "1280"), ("Malmö totalt", "1280"), ("Totalt", "1280"), ("Hela staden", "1280"), ("Malmö stad", "1280"), ("Samtliga områden", "1280"), ("Summa", "1280"),
    ],
)  # fmt: skip
def test_an_area_is_known_by_code_name_and_everyday_name(text: str, area: str) -> None:
    assert area in [a.id for a in GAZETTEER.candidates(text)]
    assert GAZETTEER.match([text, *(a.id for a in PACK.areas.values() if a.level is Level.REGSO)]).areas[text].id == area


@pytest.mark.parametrize("text", ["Atlantis", "Stad", "1280R999", "Källa: Malmö stads statistik", "", "42"])
def test_what_is_no_area_is_none(text: str) -> None:
    assert GAZETTEER.candidates(text) == []


def test_every_area_of_the_pack_is_known_by_its_code_and_by_its_name() -> None:
    for area in PACK.areas.values():
        assert area.id in [a.id for a in GAZETTEER.candidates(area.id)]
        assert area.id in [a.id for a in GAZETTEER.candidates(area.name)]


def test_the_level_of_most_decides_between_areas_of_the_same_name() -> None:
    districts = [a.name for a in PACK.areas.values() if a.level is Level.DISTRICT]
    matched = GAZETTEER.match(districts)
    assert matched.level is Level.DISTRICT and {a.level for a in matched.areas.values()} == {Level.DISTRICT}
    assert len(matched.areas) == len(districts) == 10


def test_the_unknown_are_told_with_the_nearest_and_the_rest_is_never_an_area() -> None:
    matched = GAZETTEER.match(["Segevång", "Segevag", "Restpost", "Okänt område", "Övrigt", "Ej områdesbestämda"])
    assert list(matched.areas) == ["Segevång"]
    assert [a.id for a in matched.unknown["Segevag"]][0] == "1280R063"
    assert matched.rest == ("Restpost", "Okänt område", "Övrigt", "Ej områdesbestämda")


# -- tables ---------------------------------------------------------------------------------------------------

LONG = """Påhittade bilar i Malmö;;;
;;;
Område;År;Kön;Andel
Segevång;2022;Kvinnor;10,5
Segevång;2022;Män;11,5
Segevång;2023;Kvinnor;12,5
Segevång;2023;Män;13,5
Seved;2022;Kvinnor;20,5
Seved;2022;Män;..
Källa: påhittad;;;
"""
WIDE = """Område;Antal 2022;Alla 2022;Antal 2023;Alla 2023
Segevång;10;100;12;100
Seved;20;80;..;80
Malmö totalt;300;1 000;350;1 000
Restpost;3;9;4;9
"""


def test_a_long_table_is_found_with_its_titles_groups_and_notes() -> None:
    seen = found(LONG)
    assert seen.heads == ("Område", "År", "Kön", "Andel")
    assert (seen.areas, seen.periods, seen.groups, seen.numbers) == (0, 1, (2,), (3,))
    assert seen.title == ("Påhittade bilar i Malmö",) and seen.notes == ("Källa: påhittad",)
    assert [seen.sheet.numbers[n] for n in seen.body] == [4, 5, 6, 7, 8, 9]


def test_a_wide_table_is_found_with_its_years_in_the_heads() -> None:
    seen = found(WIDE)
    assert seen.wide == {"Antal {period}": {"2022": 1, "2023": 3}, "Alla {period}": {"2022": 2, "2023": 4}}
    assert seen.periods is None and seen.layout == ["Område", "Antal {period}", "Alla {period}"]
    assert found(WIDE.replace("2022", "2024")).layout == seen.layout


def test_heads_in_two_rows_are_joined_and_bare_years_are_heads() -> None:
    seen = found("Område;2022;2022;2023\n;Antal;Andel;Antal\nSegevång;1;2,5;3\nSeved;2;3,5;4\n")
    assert seen.heads == ("Område", "2022 Antal", "2022 Andel", "2023 Antal")
    assert set(seen.wide) == {"{period} Antal", "{period} Andel"}
    assert list(found("Område;2022;2023\nSegevång;1;2\nSeved;3;4\n").wide) == ["{period}"]


def test_an_area_that_is_not_known_first_is_still_in_the_table() -> None:
    seen = found("Område;Antal\nAtlantis;5\nSegevång;6\n")
    assert seen.heads == ("Område", "Antal") and list(seen.matched.unknown) == ["Atlantis"]


def test_a_name_that_is_written_once_holds_for_the_rows_below() -> None:
    seen = found("Område;År;Antal\nSegevång;2022;1\n;2023;2\nSeved;2022;3\n;2023;4\n")
    assert seen.named == ("Segevång", "Segevång", "Seved", "Seved")


def test_codes_are_taken_before_names_and_neither_is_a_figure() -> None:
    seen = found("Namn;Kod;Antal\nSegevång;1280R063;1\nSeved;1280R072;2\n")
    assert seen.numbers == (2,) and seen.areas in (0, 1)


def test_a_wide_table_becomes_shares_of_numerators_and_denominators() -> None:
    outcome = read(WIDE, figures=[{"indicator": "bilar", "numerator": "Antal {period}", "denominator": "Alla {period}"}])
    assert rows(outcome) == [
        ("1280R063", "2022", "", 10.0, 10.0, 100.0, ""),
        ("1280R063", "2023", "", 12.0, 12.0, 100.0, ""),
        ("1280R072", "2022", "", 25.0, 20.0, 80.0, ""),
        ("1280R072", "2023", "", None, None, None, ".."),
        ("1280", "2022", "", 30.0, 300.0, 1000.0, ""),
        ("1280", "2023", "", 35.0, 350.0, 1000.0, ""),
    ]
    assert dict(outcome.left) == {"Restpost": 1}


def test_a_long_table_becomes_figures_of_groups() -> None:
    grouped = NEW | {"groups": [{"id": "kvinna", "title": {"sv": "Kvinnor"}}, {"id": "man", "title": {"sv": "Män"}}]}
    outcome = read(
        LONG, period_column="År", group_column="Kön", groups={"Kvinnor": "kvinna", "Män": "man"}, indicators=[grouped],
        figures=[{"indicator": "bilar", "value": "Andel"}],
    )  # fmt: skip
    assert rows(outcome)[:2] == [("1280R063", "2022", "kvinna", 10.5, None, None, ""), ("1280R063", "2022", "man", 11.5, None, None, "")]
    assert rows(outcome)[-1] == ("1280R072", "2022", "man", None, None, None, "..")


def test_empty_cells_are_counted_and_never_become_figures() -> None:
    outcome = read("Område;A;B\nSegevång;1;\nSeved;2;3\n", period="2022", figures=[{"indicator": "bilar", "value": "B"}])
    assert [row[0] for row in rows(outcome)] == ["1280R072"] and outcome.empty == 1


def test_a_zero_denominator_is_not_applicable() -> None:
    outcome = read("Område;A;B\nSegevång;0;0\nSeved;2;4\n", period="2022", figures=[{"indicator": "bilar", "numerator": "A", "denominator": "B"}])
    assert rows(outcome) == [("1280R063", "2022", "", None, None, None, "."), ("1280R072", "2022", "", 50.0, 2.0, 4.0, "")]


def test_a_person_says_what_an_unknown_name_means_or_that_it_is_left_out() -> None:
    text = "Område;Antal\nAtlantis;5\nEldorado;6\nSegevång;7\n"
    spec = [{"indicator": "bilar", "value": "Antal"}]
    told = faults(read(text, period="2022", figures=spec))
    assert "tabell.csv, rad 2, kolumn 1: hittade ”Atlantis”" in told and "”Eldorado”" in told
    outcome = read(text, period="2022", figures=spec, names={"Atlantis": "1280R072"}, leave=["Eldorado"])
    assert [row[:1] + row[3:4] for row in rows(outcome)] == [("1280R072", 5.0), ("1280R063", 7.0)]
    assert dict(outcome.left) == {"Eldorado": 1}


@pytest.mark.parametrize(
    ("text", "mapping", "told"),
    [
        ("Område;A\nSegevång;1\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "B"}]}, "ingen kolumn ”B”"),
        ("Område;A\nSegevång;1\n", {"period": "2022", "figures": [{"indicator": "bilarr", "value": "A"}]}, "indikatorn bilarr; väntade en indikator i katalogen, eller en definition i mappningen (närmast: bilar)"),
        ("Område;A\nSegevång;1\n", {"period": "2022", "source": "okand", "figures": [{"indicator": "bilar", "value": "A"}]}, "källan okand"),
        ("Område;A\nSegevång;1\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "A", "group": "x"}]}, "gruppen ”x” för bilar"),
        ("Område;A\nSegevång;1\n", {"period": "2022", "names": {"x": "1280R0"}, "figures": [{"indicator": "bilar", "value": "A"}]}, "områdes-id 1280R0"),
        ("Område;A\nSegevång;1\nSeved;tolv\nHermodsdal;3\nBellevue-Nya Bellevue;3\nHolma;4\nSorgenfri;5\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "A"}]}, "rad 3, kolumn 2: hittade ”tolv”"),
        ("Område;A\nSegevång;1\nSegevång;2\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "A"}]}, "rad 3: hittade samma nyckel som rad 2"),
        ("Område;A\nSegevång;101\nSeved;2\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "A"}]}, "rad 2: hittade ”101”"),
        ("Område;A\nSegevång;0,1\nSeved;0,2\nSegemölla;0,3\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "A"}]}, "bara värden mellan 0 och 1"),
        ("Område;A;B\nSegevång;30;20\nSeved;2;20\n", {"period": "2022", "figures": [{"indicator": "bilar", "numerator": "A", "denominator": "B"}]}, "rad 2"),
        ("Område;År;A\nSegevång;2022;30\nSeved;2022;2\nHolma;2022;1\nSegevång;2021;3\nTotalt;maj;3\n", {"period_column": "År", "figures": [{"indicator": "bilar", "value": "A"}]}, "”maj”"),
        ("Område;A\nSegevång;1.234\nSeved;2.345\n", {"period": "2022", "figures": [{"indicator": "bilar", "value": "A"}]}, "punkt i kolumnen ”A” som kan stå före decimaler"),
        ("Område;A\nSegevång;1\n", {"period": "2022", "figures": [{"indicator": "folkmangd", "numerator": "A", "denominator": "A"}]}, "täljare och nämnare för folkmangd"),
        ("Område;A\nSegevång;1,5\n", {"period": "2022", "figures": [{"indicator": "folkmangd", "value": "A"}]}, "”1,5”"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_place_and_what_to_do(text: str, mapping: dict, told: str) -> None:
    assert told in faults(read(text, **mapping))


def test_two_tables_on_a_sheet_are_told_apart_or_refused() -> None:
    below = "Område;2022\nSegevång;1\nSeved;2\nHolma;3\n\nOmråde;2022\nSegevång;10\nSeved;20\nHolma;30\n"
    told = faults(read(below, figures=[{"indicator": "bilar", "value": "{period}"}]))
    assert "rad 6, kolumn 1: hittade rubriken ”Område” en gång till; väntade en tabell på bladet" in told and "eget blad" in told
    again = faults(read(below, figures=[{"indicator": "bilar", "value": "{period}"}], leave=["Område"]))
    assert "rad 9 (och 2 till): hittade samma nyckel som rad 4" in again and "lägg tabeller som står på samma blad var för sig" in again
    beside = "Område;A;;Stadsdel;B\nSegevång;1;;Seved;4\nSeved;2;;Segevång;5\n1280R010;3;;1280R010;6\n"
    told = faults(read(beside, period="2022", areas="Område", figures=[{"indicator": "bilar", "value": "B"}]))
    assert "rad 2, kolumn 4: hittade både ”Segevång” och ”Seved”; väntade ett område på varje rad" in told
    codes = "Kod;Område;A\n1280R063;Segevång;1\n1280R072;Seved;2\n"
    assert len(rows(read(codes, period="2022", areas="Kod", figures=[{"indicator": "bilar", "value": "A"}]))) == 2


def test_a_definition_that_says_something_else_of_a_measure_that_exists_is_refused() -> None:
    other = PACK.indicators["folkmangd"].model_copy(update={"unit": Text(sv="procent"), "short_unit": "%"})
    about = {"indicators": [other.model_dump(mode="json", exclude_unset=True)], "figures": [{"indicator": "folkmangd", "value": "A"}]}
    told = faults(read("Område;A\nSegevång;1\nSeved;2\n", period="2022", **about))
    assert "en ny definition av folkmangd, i procent" in told and "den som finns, i antal invånare" in told and "ett annat id" in told
    same = {"indicators": [PACK.indicators["folkmangd"].model_dump(mode="json", exclude_unset=True)]}
    assert not read("Område;A\nSegevång;1\nSeved;2\n", period="2022", **about | same).faults


def test_faults_of_a_kind_are_told_once_with_how_many_there_are() -> None:
    told = read("Område;A\nSegevång;1,5\nSeved;2,5\n1280R010;3,5\n", period="2022", figures=[{"indicator": "folkmangd", "value": "A"}]).faults
    assert [str(fault).split(";")[0] for fault in told] == ["tabell.csv, rad 2 (och 2 till): hittade ”1,5” (1280R063, folkmangd, 2022)"]


def test_a_column_that_is_not_read_as_figures_says_why() -> None:
    text = "Område;A;B\nSegevång;1;5\nSeved;#N/A;6\nHolma;c;7\n1280R010;..;8\n"
    assert found(text).unread == {1: ("#N/A", "c")}
    assert "Inte tal i ”A”: ”#N/A”, ”c”" in staff.described(found(text))
    assert found(text.replace("c", "<5").replace("#N/A", "1")).marked == {"<5": 1, "..": 1}


def test_a_file_of_another_kommun_is_told_to_be_that() -> None:
    assert "koder för en annan kommun: 1480" in staff.described(found("Kod;A\n1480R001;1\n1480R002;2\n"))
    assert found("Kod;A\n1280R063;1\n1480R002;2\n").foreign == ()


# -- what is odd, but could be ------------------------------------------------------------------------------------


def doubted(text: str, indicator: str = "folkmangd", **mapping) -> dict[str, dict]:
    about = {"areas": "Område", "figures": [{"indicator": indicator, "value": "A"}], **mapping}
    outcome = read(text, **about)
    assert not outcome.faults, [str(fault) for fault in outcome.faults]
    mapped = TableMapping.model_validate(BASE | about)
    found = doubts(staff.differences(outcome.rows, PACK, complete=False), mapped, PACK)
    return {doubt.code: doubt.said() for doubt in found}


FOUR = ("1280R010", "1280R020", "1280R063", "1280R072")


def people(times: float = 1.0, period: str = "2024", areas=FOUR) -> str:
    known = PACK.observations.set_index(checks.KEY)["value"]
    return "".join(f"{a};{period};{round(times * known[a, 'folkmangd', '2024', ''])}\n" for a in areas)


HEAD = "Område;År;A\n"


def test_figures_like_those_that_are_there_raise_no_doubt() -> None:
    assert doubted(HEAD + people(), period_column="År") == {}
    assert doubted(HEAD + people(1.9), period_column="År") == {}


def test_another_unit_or_column_is_doubted() -> None:
    assert doubted(HEAD + people(1000), period_column="År")["larger"] == {"title": "Folkmängd", "unit": "antal invånare", "times": 1000}
    assert doubted(HEAD + people(0.2), period_column="År")["smaller"]["times"] == 5


def test_a_wrong_column_of_years_is_doubted() -> None:
    born = HEAD + "".join(people(1, str(1950 + n), [area]) for n, area in enumerate(FOUR))
    assert doubted(born, period_column="År") == {"early": {"years": "1950–1953", "first": PACK.observations["period"].astype("str").min()}, "uneven": {"areas": 4, "most": 1}}
    assert doubted(HEAD + people(1, "2062"), period_column="År")["late"] == {"years": "2062"}


def test_a_sum_of_some_areas_is_doubted_as_the_city_s() -> None:
    part = "Område;A\n1280R010;10\n1280R020;20\n1280R063;30\nSumma;60\n"
    assert doubted(part, period="2030")["part"] == {"n": 3, "all": 91, "period": "2030"}
    assert "part" not in doubted(part.replace(";60", ";70"), period="2030")
    assert "part" not in doubted(part, period="2030", leave=["Summa"])


def test_what_cannot_be_told_is_said_once_by_a_person() -> None:
    spec = [{"indicator": "bilar", "value": "A"}]
    text = "Område;A\nSegevång;1.234\nSeved;2.345\n"
    assert [row[3] for row in rows(read(text, period="2022", figures=spec, decimal="."))] == [1.234, 2.345]


def test_shares_of_one_are_scaled_where_a_person_says_so() -> None:
    outcome = read("Område;A\nSegevång;0,1\nSeved;0,2\nSegemölla;0,3\n", period="2022", leave=["Segemölla"], figures=[{"indicator": "bilar", "value": "A", "scale": 100}])
    assert [row[3] for row in rows(outcome)] == [10.0, 20.0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"figures": [{"indicator": "bilar"}]}, "ange value"),
        ({"figures": [{"indicator": "bilar", "numerator": "A"}]}, "täljare och nämnare"),
        ({"figures": [{"indicator": "bilar", "value": "A"}]}, "ange ett av period"),
        ({"figures": [{"indicator": "bilar", "value": "{period}"}], "period": "2022"}, "ange ett av period"),
        ({"figures": [], "period": "2022"}, "figures"),
        ({"figures": [{"indicator": "bilar", "value": "A"}], "period": "2022", "extra": 1}, "extra"),
        ({"figures": [{"indicator": "bilar", "value": "A"}], "period": "tjugo"}, "period"),
    ],
)
def test_a_mapping_that_says_too_much_or_too_little_is_refused(tmp_path: Path, change: dict, told: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(yaml.safe_dump(BASE | change), encoding="utf-8")
    with pytest.raises(CollectError, match="Rätta raderna") as caught:
        staff.read_mapping(path, TableMapping)
    assert told in str(caught.value)


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=5), min_size=1, max_size=8))
def test_any_table_at_all_can_be_looked_at(cells: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(cells)
    try:
        sheets = tables.read("a.csv", out.getvalue().encode("utf-8", "ignore"))
    except CollectError:
        return
    seen = staff.look(sheets[0], GAZETTEER)
    assert len(seen.heads) == len(set(seen.heads)) == len(sheets[0].rows[0])
    assert staff.described(seen)


# -- the pack -------------------------------------------------------------------------------------------------

SPEC = [{"indicator": "bilar", "numerator": "Antal {period}", "denominator": "Alla {period}"}]


def made(tmp_path: Path, text: str = WIDE, pack=PACK, today: str = "2026-12-01", **mapping):
    about = TableMapping.model_validate(BASE | {"figures": SPEC} | mapping)
    outcome = staff.figures(found(text), about, pack, GAZETTEER)
    assert not outcome.faults, [str(f) for f in outcome.faults]
    changes = staff.differences(outcome.rows, pack, complete=about.complete)
    return addition.make(pack, changes, about, today, tmp_path), changes


def test_a_new_pack_holds_all_the_old_and_the_new(tmp_path: Path) -> None:
    pack, changes = made(tmp_path / "pack")
    assert pack.info.version == "2026-12-01"
    assert len(pack.observations) == len(PACK.observations) + 6 and set(changes["change"]) == {"new"}
    bilar = pack.observations[pack.observations["indicator"] == "bilar"].set_index(["area", "period"])
    assert bilar.loc[("1280R072", "2022"), ["value", "numerator", "denominator"]].tolist() == [25.0, 20.0, 80.0]
    assert bilar.loc[("1280R072", "2023"), "flag"] == ".." and math.isnan(bilar.loc[("1280R072", "2023"), "value"])
    assert pack.indicators["bilar"].levels == (Level.REGSO, Level.KOMMUN)
    assert pack.sources["malmo-bilar"].title == "Påhittad tabell"


def test_files_that_nothing_is_said_about_keep_their_bytes(tmp_path: Path) -> None:
    made(tmp_path / "pack")
    compared = filecmp.dircmp(ROOT / "data" / "observations", tmp_path / "pack" / "observations")
    assert compared.diff_files == [] and compared.left_only == [] and compared.right_only == ["import-malmo-bilar.csv"]


def test_the_same_import_again_changes_nothing_and_a_corrected_one_only_what_it_corrects(tmp_path: Path) -> None:
    pack, _ = made(tmp_path / "one")
    again, changes = made(tmp_path / "two", pack=pack)
    assert changes["change"].unique().tolist() == ["same"]
    assert (tmp_path / "two/observations/import-malmo-bilar.csv").read_bytes() == (tmp_path / "one/observations/import-malmo-bilar.csv").read_bytes()
    assert again.info.version == "2026-12-01.1"
    corrected, changes = made(tmp_path / "three", WIDE.replace("Segevång;10;", "Segevång;11;"), pack=pack)
    assert changes["change"].value_counts().to_dict() == {"same": 5, "changed": 1}
    value = corrected.observations.set_index(checks.KEY).loc[("1280R063", "bilar", "2022", ""), "value"]
    assert value == 11.0 and len(corrected.observations) == len(pack.observations)


def test_what_a_complete_file_lacks_is_gone_and_otherwise_kept(tmp_path: Path) -> None:
    pack, _ = made(tmp_path / "one")
    less = WIDE.replace("Seved;20;80;..;80\n", "")
    kept, changes = made(tmp_path / "two", less, pack=pack)
    assert "gone" not in set(changes["change"]) and len(kept.observations) == len(pack.observations)
    gone, changes = made(tmp_path / "three", less, pack=pack, complete=True)
    lost = changes[changes["change"] == "gone"]
    assert sorted(zip(lost["area"], lost["period"], strict=True)) == [("1280R072", "2022"), ("1280R072", "2023")]
    assert len(gone.observations) == len(pack.observations) - 2


def test_an_existing_figure_is_replaced_where_it_stands(tmp_path: Path) -> None:
    old = PACK.observations.set_index(checks.KEY).loc[("1280R063", "folkmangd", "2022", "")]
    text = f"Område;Antal\nSegevång;{old['value'] + 1:g}\n"
    pack, changes = made(tmp_path / "pack", text, period="2022", figures=[{"indicator": "folkmangd", "value": "Antal"}])
    assert changes[["change", "value", "value_before", "source_before"]].to_numpy().tolist() == [["changed", old["value"] + 1, old["value"], old["source"]]]
    new = pack.observations.set_index(checks.KEY).loc[("1280R063", "folkmangd", "2022", "")]
    assert (new["value"], new["source"]) == (old["value"] + 1, "malmo-bilar")
    assert len(pack.observations) == len(PACK.observations)


def test_what_the_gate_will_hide_is_counted(tmp_path: Path) -> None:
    text = "Område;Antal 2022;Alla 2022\nSegevång;3;100\nSeved;20;80\nHermodsdal;40;90\n".replace("Hermodsdal", "1280R010")
    pack, changes = made(tmp_path / "pack", text)
    frame = statements.build(pack).frame
    shown = frame[(frame["indicator"] == "bilar") & (frame["reason"] == "suppressed") & ~frame["composed"]]
    assert "1280R063" in set(shown["area"])
    assert staff.hidden(changes, frame) == len(shown)


def test_a_pack_that_would_not_pass_its_checks_does_not_come_to_be(tmp_path: Path) -> None:
    broken = BASE | {"figures": SPEC, "sources": [SOURCE | {"id": "malmo-bilar"}], "indicators": [NEW | {"default_group": ""}]}
    about = TableMapping.model_validate(broken)
    outcome = staff.figures(found(WIDE), about, PACK, GAZETTEER)
    changes = staff.differences(outcome.rows, PACK, complete=False)
    with pytest.raises(CollectError, match="fel vid granskningen"):
        addition.make(PACK, changes.assign(flag="?"), about, "2026-12-01", tmp_path / "pack")


# -- the command ----------------------------------------------------------------------------------------------


@pytest.fixture
def brought(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "bilar.csv").write_bytes(WIDE.encode("cp1252"))
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(BASE | {"figures": SPEC}, allow_unicode=True), encoding="utf-8")
    return str(tmp_path / "bilar.csv"), str(tmp_path / "m.yaml")


def test_the_command_shows_what_was_found(brought, capsys) -> None:
    assert main(["import", brought[0]]) == 0
    said = capsys.readouterr().out
    assert "Windows-1252" in said and "”Antal {period}”, 2022, 2023" in said and "lämnas utanför: Restpost" in said


def test_the_command_shows_what_would_change_and_writes_nothing(brought, tmp_path: Path, capsys) -> None:
    before = sorted(tmp_path.iterdir())
    assert main(["import", brought[0], "--mapping", brought[1]]) == 0
    assert "Siffror: 6 nya, 0 ändrade, 0 oförändrade, 0 borttagna" in capsys.readouterr().out
    assert sorted(tmp_path.iterdir()) == before


def test_the_command_makes_a_new_version_and_the_next_one_builds_on_it(brought, tmp_path: Path, capsys) -> None:
    out = tmp_path / "paket"
    assert main(["import", brought[0], "--mapping", brought[1], "--out", str(out)]) == 0
    first = resolve(str(out))
    assert first.parent == out / "versions" and len(load(first).observations) == len(PACK.observations) + 6
    capsys.readouterr()
    assert main(["import", brought[0], "--mapping", brought[1], "--out", str(out)]) == 0
    assert "6 oförändrade" in capsys.readouterr().out and resolve(str(out)) == first
    Path(brought[0]).write_bytes(WIDE.replace("2023", "2024").encode("cp1252"))
    assert main(["import", brought[0], "--mapping", brought[1], "--out", str(out)]) == 0
    assert "3 nya, 0 ändrade, 3 oförändrade" in capsys.readouterr().out
    assert len(load(resolve(str(out))).observations) == len(PACK.observations) + 9 and first.exists()


def test_the_command_never_writes_into_a_pack_itself(brought, tmp_path: Path, capsys) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    assert main(["import", brought[0], "--mapping", brought[1], "--out", str(tmp_path / "data")]) == 1
    assert "ett datapaket direkt i mappen" in capsys.readouterr().err
    assert filecmp.dircmp(ROOT / "data", tmp_path / "data").diff_files == []


def test_the_command_tells_every_fault_and_writes_nothing(brought, tmp_path: Path, capsys) -> None:
    Path(brought[0]).write_bytes("Område;Antal 2022;Alla 2022\nAtlantis;1;2\nSegevång;3;4\n".encode())
    assert main(["import", brought[0], "--mapping", brought[1], "--out", str(tmp_path / "nytt")]) == 1
    assert "bilar.csv, rad 2, kolumn 1: hittade ”Atlantis”" in capsys.readouterr().err
    assert not (tmp_path / "nytt" / "current").exists()


def test_the_command_says_what_is_missing(brought, tmp_path: Path, capsys) -> None:
    assert main(["import", str(tmp_path / "ingen.csv"), "--mapping", brought[1]]) == 1
    assert "kan inte läsas" in capsys.readouterr().err
    assert main(["import", brought[0], "--mapping", str(tmp_path / "ingen.yaml")]) == 1
    assert "ingen fil" in capsys.readouterr().err


def test_cells_at_any_place_give_the_same_figures() -> None:
    outcome = read(WIDE, figures=SPEC)
    moved = found("\n\nEn titel;;\n" + WIDE.replace("\n", ";;\n") + "\nEn fotnot;;\n")
    other = staff.figures(moved, TableMapping.model_validate(BASE | {"figures": SPEC}), PACK, GAZETTEER)
    pd.testing.assert_frame_equal(outcome.rows.drop(columns="row"), other.rows.drop(columns="row"))


def test_the_example_of_the_guide_is_imported_as_it_says(tmp_path: Path, capsys) -> None:
    guide = (ROOT / "docs" / "importera.md").read_text(encoding="utf-8")
    table, mapping = (guide.split(f"```{kind}\n")[1].split("```")[0] for kind in ("csv", "yaml"))
    (tmp_path / "bilar.csv").write_text(table, encoding="utf-8")
    (tmp_path / "bilar.yaml").write_text(mapping, encoding="utf-8")
    assert main(["import", str(tmp_path / "bilar.csv"), "--mapping", str(tmp_path / "bilar.yaml"), "--out", str(tmp_path / "nytt")]) == 0
    said = capsys.readouterr().out
    assert "Siffror: 6 nya" in said and "Siffror: 6 nya" in guide
    got = load(resolve(str(tmp_path / "nytt"))).observations.query("indicator == 'hushall_med_bil'").set_index(["area", "period"])
    assert got.loc[("1280R063", "2024"), "value"] == 42.0 and got.loc[("1280R072", "2025"), "flag"] == ".."


def test_what_others_approved_meanwhile_is_not_lost(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "paket")
    for text in (WIDE, WIDE.replace("2022", "2032").replace("2023", "2033")):
        about = TableMapping.model_validate(BASE | {"figures": SPEC})
        seen = found(text)
        draft = intake.to_draft(seen, about, staff.figures(seen, about, PACK, GAZETTEER), "Ett namn")
        intake.approve(shelf, PACK, draft, "2026-12-01")
    assert len(load(shelf.current()).observations) == len(PACK.observations) + 12
