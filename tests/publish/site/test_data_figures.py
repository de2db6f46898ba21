"""Data files: what a machine reads is what the statements say, in both languages, with what the columns mean."""

from __future__ import annotations

import csv
import io
import json

import pytest
import small_pack

from omradesbild.analyse.statements import build
from omradesbild.pack import load
from omradesbild.publish import tables
from omradesbild.publish.site import addresses
from omradesbild.publish.site.data import figures


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    return build(load(small_pack.write(tmp_path_factory.mktemp("pack"))))


@pytest.fixture(scope="module")
def files(said) -> dict[str, bytes]:
    made = list(figures.schema_files())
    for area in said.pack.areas.values():
        made += figures.area_files(said, area)
    for indicator in said.pack.indicators.values():
        made += figures.indicator_files(said, indicator)
    assert len({file.path for file in made}) == len(made)
    return {file.path: file.content for file in made}


def read(content: bytes, lang: str) -> list[dict[str, str]]:
    """Read a CSV file as a program would that has been told only its dialect."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=";" if lang == "sv" else ","))


def everything(said) -> list:
    return [s for indicator in said.pack.indicators for s in said.of(indicator)]


def test_every_area_and_indicator_has_its_files(said, files) -> None:
    kinds = {"omrade": said.pack.areas, "indikator": said.pack.indicators}
    expected = {
        addresses.data(kind, id_, ending, lang)
        for kind, ids in kinds.items()
        for id_ in ids
        for ending, lang in (("csv", "sv"), ("csv", "en"), ("json", "sv"))
    }
    described = {f"{path}-metadata.json" for path in expected if path.endswith(".csv")}
    assert set(files) == expected | described | {"data/schema.json", "data/en/schema.json"}


@pytest.mark.parametrize("kind", ["omrade", "indikator"])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_csv_holds_every_statement_once(said, files, kind, lang) -> None:
    found = [
        row
        for path, content in files.items()
        if path.startswith(f"{addresses.data_folder(lang)}{kind}/") and path.endswith(".csv")
        for row in read(content, lang)
    ]
    area, indicator, period, value = (
        tables.headings(lang)[tables.COLUMNS.index(name)] for name in ("area", "indicator", "period", "value")
    )
    numbers = [(r[area], r[indicator], r[period], r[value].replace(",", ".")) for r in found]
    wanted = [
        (s.area.id, s.indicator.id, s.period, "" if s.value is None else f"{round(s.value, 6):.10g}") for s in everything(said)
    ]
    assert sorted(numbers) == sorted(wanted)


def test_json_says_what_the_statements_say(said, files) -> None:
    for indicator in said.pack.indicators:
        content = json.loads(files[f"data/indikator/{indicator}.json"])
        assert content["indicator"]["definition"]["sv"] == said.pack.indicators[indicator].definition.sv
        rows = [dict(zip(content["fields"], row, strict=True)) for row in content["figures"]]
        for row, s in zip(rows, said.of(indicator), strict=True):
            assert (row["area"], row["period"], row["group"], row["flag"]) == (s.area.id, s.period, s.group, s.flag)
            for name in ("value", "numerator", "denominator", "low", "high", "city_value", "difference"):
                assert row[name] == (None if (given := getattr(s, name)) is None else pytest.approx(given, abs=1e-6))
            assert row["source"] in content["sources"]


def test_hidden_figure_is_a_mark_in_every_file(files) -> None:
    content = json.loads(files["data/indikator/inkomst.json"])
    row = next(r for r in content["figures"] if r[0] == "A6" and r[2] == "2024")
    found = dict(zip(content["fields"], row, strict=True))
    assert found["flag"] == ".."
    assert {found[name] for name in ("value", "numerator", "denominator", "low", "high", "difference")} == {None}
    for path in ("data/omrade/A6.csv", "data/indikator/inkomst.csv"):
        rows = [
            r
            for r in read(files[path], "sv")
            if (r["Områdeskod"], r["År"], r["Mått"]) == ("A6", "2024", "Medianinkomst")
        ]
        assert [(r["Värde"], r["Märkning"]) for r in rows] == [("", "..")]


@pytest.mark.parametrize("path", ["data/omrade/A1.csv", "data/en/indikator/folkmangd.csv"])
def test_csv_is_described_beside_it(files, path) -> None:
    about = json.loads(files[f"{path}-metadata.json"])
    folder = path.rpartition("/")[0]
    assert f"{folder}/{about['url']}" == path
    schema_path = f"{folder.rpartition('/')[0]}/schema.json"
    assert about["tableSchema"] == "../schema.json" and schema_path in files
    lang = "en" if "/en/" in path else "sv"
    header = list(read(files[path], lang)[0])
    columns = json.loads(files[schema_path])["columns"]
    assert [column["titles"][lang] for column in columns] == header
    mark = "." if lang == "en" else ","
    for column in columns:
        if column["datatype"] != "string":
            assert column["datatype"]["format"]["decimalChar"] == mark
    assert about["dialect"]["delimiter"] == (";" if lang == "sv" else ",")


def test_a_name_that_looks_like_a_formula_stays_text(said, files) -> None:
    """The CSV files are written by the app's own writer, which guards against formulas."""
    assert all(
        not cell.startswith(("=", "+", "@"))
        for row in read(files["data/omrade/A1.csv"], "sv")
        for cell in row.values()
    )
