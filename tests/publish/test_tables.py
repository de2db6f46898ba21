"""Figures as files: what a spreadsheet opens is what the app says."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from omradesbild import words
from omradesbild.analyse.statements import Statements, build
from omradesbild.model import Area, Level
from omradesbild.pack import load
from omradesbild.publish.tables import COLUMNS, NUMBERS, file_name, headings, rows, safe, to_csv, to_xlsx

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def said():
    return build(load(ROOT / "data"))


@pytest.fixture(scope="module")
def figures(said):
    """Every row of an indicator that has suppressed areas and of one with everything."""
    return said.of("gymnasiebehorighet") + said.of("arbetslosa_16_64")


def made_up(pack):
    return replace(pack, info=pack.info.model_copy(update={"demonstration": True}))


def read(data: bytes, delimiter: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_csv_opens_in_a_swedish_spreadsheet_without_questions(said, figures) -> None:
    data = to_csv(rows(figures, said))
    assert data.startswith(b"\xef\xbb\xbf" + "Områdeskod;Område;".encode())
    assert data.count(b"\r\n") == data.count(b"\n") == len(figures) + 1
    found = read(data)
    assert list(found[0]) == headings("sv")
    assert len(found) == len(figures) > 200


def test_csv_has_every_figure_with_decimal_comma(said, figures) -> None:
    names = dict(zip(NUMBERS, (words.t(f"column.{name}") for name in NUMBERS), strict=True))
    for row, s in zip(read(to_csv(rows(figures, said))), figures, strict=True):
        assert (row["Områdeskod"], row["År"]) == (s.area.id, s.period)
        for name, heading in names.items():
            value = getattr(s, name)
            assert "." not in row[heading]
            if value is None:
                assert row[heading] == ""
            else:
                assert float(row[heading].replace(",", ".")) == pytest.approx(value, abs=5e-7)


def test_a_figure_of_the_observations_reaches_the_file(said) -> None:
    data = to_csv(rows([said.get("1280R001", "arbetslosa_16_64", "2022")], said))
    (row,) = read(data)
    assert (row["Värde"], row["Täljare"], row["Nämnare"]) == ("12,938", "214", "1654")
    assert row["Område"] == said.pack.areas["1280R001"].name
    assert row["Licens"] == "CC0 1.0" and row["Källans adress"].startswith("https://")
    assert row["Datamängd"] == "Områdesbild Malmö 2026-11-22"
    assert row["Definition"] and row["Vad siffran inte säger"]


def test_a_missing_figure_is_empty_and_says_why(said, figures) -> None:
    found = [r for r in read(to_csv(rows(figures, said))) if r["Märkning"] == ".." and r["Områdeskod"] != "1280"]
    base = [r for r in found if r["Slag av område"] == "statistikområde"]
    assert len([r for r in base if r["Måttets kod"] == "gymnasiebehorighet"]) == 20
    assert {r["Värde"] for r in found} == {""}
    assert all("visas inte, skyddar små tal" in r["Att tänka på"] for r in found)


def test_every_statement_of_the_pack_can_be_written(said) -> None:
    everything = [s for indicator in said.pack.indicators for s in said.of(indicator)]
    assert len(everything) == len(said.frame)
    for lang in words.LANGUAGES:
        table = rows(everything, said, lang)
        assert len(table) == len(everything)
        assert all(row["remarks"] for row in table if row["value"] is None)


def test_english_csv_has_points_and_commas(said) -> None:
    (row,) = read(to_csv(rows([said.get("1280R001", "arbetslosa_16_64", "2022")], said, "en"), "en"), ",")
    assert (row["Value"], row["Numerator"]) == ("12.938", "214")


@pytest.mark.parametrize("text", ["=1+1", "+46", "@SUM(A1)", "-1+1", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_no_text_becomes_a_formula(said, text: str) -> None:
    assert safe(text) == "'" + text
    s = replace(said.get("1280R001", "arbetslosa_16_64", "2022"), area=Area(id="x", name=text, level=Level.REGSO))
    table = rows([s], said)
    assert read(to_csv(table))[0]["Område"].startswith("'")
    sheet = load_workbook(io.BytesIO(to_xlsx(table, said.pack))).worksheets[0]
    assert sheet.cell(2, 2).data_type == "s"


def test_marks_and_numbers_are_left_as_they_are(said) -> None:
    assert [safe(text) for text in ("-", "..", "", "2–3", "Möllan")] == ["-", "..", "", "2–3", "Möllan"]
    low = replace(said.get("1280R001", "arbetslosa_16_64", "2022"), difference=-4.25)
    assert read(to_csv(rows([low], said)))[0]["Skillnad mot staden"] == "-4,25"


def test_a_workbook_holds_the_same_rows(said, figures) -> None:
    table = rows(figures, said)
    book = load_workbook(io.BytesIO(to_xlsx(table, said.pack)))
    assert book.sheetnames == ["Siffror", "Om siffrorna"]
    sheet = list(book["Siffror"].iter_rows(values_only=True))
    assert list(sheet[0]) == headings("sv")
    assert len(sheet) == len(table) + 1
    for line, row in zip(sheet[1:], table, strict=True):
        assert len(line) == len(COLUMNS)
        for value, wanted in zip(line, row.values(), strict=True):
            assert value == (pytest.approx(wanted) if isinstance(wanted, float) else wanted or None)
    about = [row[0] for row in book["Om siffrorna"].iter_rows(values_only=True)]
    assert any("aldrig noll" in line for line in about)


def test_the_same_rows_give_the_same_bytes(said, figures, monkeypatch: pytest.MonkeyPatch) -> None:
    table = rows(figures[:20], said)
    first = to_xlsx(table, said.pack), to_csv(table)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert (to_xlsx(table, said.pack), to_csv(table)) == first


def test_made_up_figures_say_so_in_name_sheet_and_every_row(said, figures) -> None:
    pack = made_up(said.pack)
    table = rows(figures[:5], Statements(pack, said.frame))
    assert file_name("folkmangd", pack, "csv") == "PAHITTADE-SIFFROR-omradesbild-folkmangd-2026-11-22.csv"
    assert {row["Datamängd"][:18] for row in read(to_csv(table))} == {"PÅHITTADE SIFFROR:"}
    book = load_workbook(io.BytesIO(to_xlsx(table, pack)))
    assert book["Siffror"]["A1"].value.startswith("Påhittade siffror.")
    assert book["Siffror"]["A2"].value == "Områdeskod"
    assert any(str(row[0]).startswith("Påhittade siffror.") for row in book["Om siffrorna"].values)
    assert all("PÅHITTADE" in row[-1] for row in list(book["Siffror"].values)[2:])


def test_real_figures_do_not(said) -> None:
    assert file_name("folkmangd", said.pack, "xlsx") == "omradesbild-folkmangd-2026-11-22.xlsx"
    table = rows([said.get("1280", "folkmangd", "2025")], said)
    assert "påhittad" not in to_csv(table).decode().lower()


def test_an_empty_table_has_its_headings(said) -> None:
    assert len(read(to_csv([]))) == 0
    sheet = load_workbook(io.BytesIO(to_xlsx([], said.pack)))["Siffror"]
    assert [cell.value for cell in sheet[1]] == headings("sv")
