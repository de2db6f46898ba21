"""Damaged and hostile files: a typed refusal or a table within limits, in bounded time, and nothing left behind."""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
import tablefiles as files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables import Sheet, read
from omradesbild.collect.tables.sheet import MOST_CELLS

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio")
ROOT = Path(__file__).parents[2]
WHOLE = files.one_of_each()
#: Seeded damage to every format: together with what is made by hand and by hypothesis more than 2 000 files.
EACH = 300
LONGEST = 5.0


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run in an empty folder with another for temporary files; both must be empty afterwards."""
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield
    assert sorted(os.listdir(here)) == [] and sorted(os.listdir(temporary)) == []
    assert {p.name for p in tmp_path.iterdir()} == {"here", "temporary"}


def tried(name: str, content: bytes) -> str:
    """Read a file that may be anything, and tell what came of it."""
    started = time.process_time()
    try:
        sheets = read(name, content)
    except CollectError as error:
        for text in (error.place, error.found, error.expected, error.remedy):
            assert text and len(text) < 700 and "Traceback" not in text and "/tmp" not in text
        outcome = "refused"
    else:
        assert sheets
        for sheet in sheets:
            assert isinstance(sheet, Sheet) and len({len(row) for row in sheet.rows}) == 1
            assert len(sheet.numbers) == len(sheet.rows) and sum(map(len, sheet.rows)) <= 4 * MOST_CELLS
            assert all(isinstance(cell, str) and "\0" not in cell for row in sheet.rows for cell in row)
        outcome = "read"
    assert time.process_time() - started < LONGEST
    return outcome


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Damage a file in one to three of the ways in which files are damaged."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(content) + 1)
        length = chance.choice([1, 2, 8, 64, 512])
        how = chance.randrange(9)
        if how == 0:
            content = content[:at]
        elif how == 1:
            content = content[:at] + content[at + length :]
        elif how == 2:
            content = content[:at] + chance.randbytes(length) + content[at:]
        elif how == 3:
            content = content[:at] + bytes(b ^ 1 << chance.randrange(8) for b in content[at : at + length]) + content[at + length :]
        elif how == 4:
            content = content[:at] + content[at : at + length] * chance.choice([2, 50]) + content[at:]
        elif how == 5:
            content = content[:at] + b"\0" * length + content[at + length :]
        elif how == 6:
            content = re.sub(rb"[0-9]+", chance.choice([b"9" * 400, b"-1", b"0", b"1e999", b"NaN", b"99999999"]), content, count=chance.choice([1, 3, 0]))
        elif how == 7:
            content = content.decode("cp1252", "replace").encode(chance.choice(["utf-16", "utf-8", "utf-7", "utf-32"]), "replace")
        else:
            content = content.replace(chance.choice([b'"', b";", b",", b"{", b"<", b"\n", b"="]), chance.choice([b"", b"\t", b"}", b'"', b"\r"]), chance.choice([1, -1]))
        if not content:
            return b"?"
    return content


@pytest.mark.parametrize("name", WHOLE)
def test_damage_is_refused_or_read_within_limits(name: str) -> None:
    seen = Counter(tried(name, damaged(WHOLE[name], random.Random(f"{name} {n}"))) for n in range(EACH))
    assert seen.total() == EACH and seen["refused"] > EACH / 10 - 20


@pytest.mark.parametrize("name", [n for n in WHOLE if n.endswith((".xlsx", ".zip"))])
def test_damage_inside_an_archive_is_refused_or_read_within_limits(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE[name])) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    for n in range(EACH):
        chance = random.Random(f"inside {name} {n}")
        part = chance.choice(sorted(parts))
        tried(name, files.rezipped(WHOLE[name], {part: damaged(parts[part], chance)}))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(WHOLE)), content=st.binary(min_size=1, max_size=300))
def test_anything_at_all_is_refused_or_read(name: str, content: bytes) -> None:
    tried(name, content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.sampled_from(["A", "category", "index", "label", "size", "id", "key", "type"]), deeper, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.sampled_from([files.JSONSTAT, files.PXWEB, json.loads(files.geojson())]), data=st.data())
def test_json_with_anything_in_the_place_of_a_part_is_refused_or_read(which: dict, data: st.DataObject) -> None:
    document = json.loads(json.dumps(which))
    parent, key = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(parent[key], (dict, list)) and parent[key] and data.draw(st.booleans()):
        parent = parent[key]
        key = data.draw(st.sampled_from(sorted(parent) if isinstance(parent, dict) else range(len(parent))))
    parent[key] = data.draw(_JSON)
    tried("a.json", json.dumps(document).encode())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=2, max_size=4), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_text_cells_come_back_as_they_were_written(rows: list[list[str]], encoding: str) -> None:
    width = max(map(len, rows))
    rows = [["x" + cell.replace('"', "'") + "x" for cell in [*row, *[""] * (width - len(row))]] for row in rows]
    text = "".join(";".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    (sheet,) = read("a.csv", text.encode(encoding))
    assert [list(row) for row in sheet.rows] == [[" ".join(cell.split()) for cell in row] for row in rows]


@pytest.mark.parametrize("name", ["tabell.csv", "tabell.tsv"])
@pytest.mark.parametrize("shift", range(1, 4))
def test_shifted_rows_keep_their_cells_and_their_numbers(name: str, shift: int) -> None:
    separator = "\t" if name.endswith("tsv") else ";"
    lines = files.CSV.replace(";", separator).splitlines()
    (sheet,) = read(name, "\n".join([lines[0], *(separator * shift + line for line in lines[1:])]).encode())
    assert sheet.rows[1][shift : shift + 3] == tuple(files.ROWS[1]) and set(sheet.rows[1][:shift]) == {""}


# -- what is made to do harm -----------------------------------------------------------------------------------

LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LOL}]>'.encode()


def refused(name: str, content: bytes, found: str) -> None:
    started = time.process_time()
    with pytest.raises(CollectError) as caught:
        read(name, content)
    assert found in caught.value.found and time.process_time() - started < LONGEST


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(WHOLE["tabell.xlsx"])) as archive:
        return archive.read(name)


@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_entities_in_a_workbook_are_never_unfolded(where: str) -> None:
    inside = part(where) if where != "xl/sharedStrings.xml" else b"<sst><si><t>a</t></si></sst>"
    body = re.sub(rb"<\?xml[^>]*\?>", b"", inside)
    refused("a.xlsx", files.rezipped(WHOLE["tabell.xlsx"], {where: LAUGHS + body}), "egna XML-definitioner")


def test_an_entity_that_names_a_file_is_refused() -> None:
    body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + part("xl/workbook.xml")
    refused("a.xlsx", files.rezipped(WHOLE["tabell.xlsx"], {"xl/workbook.xml": body}), "egna XML-definitioner")


def test_an_archive_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            archive.writestr(name, part(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as out:
            out.write(b"<worksheet>")
            for _ in range(80):
                out.write(b" " * 1_000_000)
    refused("a.xlsx", bomb.getvalue(), "uppackat")


def test_a_map_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in ("shp", "shx", "dbf", "prj"):
            archive.writestr(f"yta.{ending}", b"\0" * 30_000_000)
    refused("a.zip", bomb.getvalue(), "uppackat")


@pytest.mark.parametrize("way", ["../../ut.shp", "/tmp/ut.shp", "C:\\ut.shp", "a/../../ut.shp"])
def test_names_of_ways_in_a_map_archive_lead_nowhere(way: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE["ytor.zip"])) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(way[:-4] + info.filename[-4:], old.read(info))
    assert tried("a.zip", out.getvalue()) in ("read", "refused")


def test_names_of_ways_in_a_workbook_lead_nowhere() -> None:
    content = files.rezipped(WHOLE["tabell.xlsx"], {"../../ut.xml": b"<a/>", "xl/worksheets/../../../ut.xml": b"<a/>"})
    assert tried("a.xlsx", content) == "read"


def test_a_million_columns_are_refused() -> None:
    refused("a.csv", b"a;" * 1_000_000, "kolumner")
    cells = "".join("<c><v>1</v></c>" for _ in range(20_000))
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    refused("a.xlsx", files.rezipped(WHOLE["tabell.xlsx"], {"xl/worksheets/sheet1.xml": sheet.encode()}), "celler ända till")
    refused("a.px", files.PX.replace(b'VALUES("\xe5r")="2021","2022"', b'VALUES("\xe5r")=' + b",".join(b'"%d"' % n for n in range(300_000))), "fler än")
    refused("a.json", json.dumps({"columns": [{"code": f"x{n}", "type": "c"} for n in range(50_000)], "data": [{"key": [], "values": ["1"] * 50_000}]}).encode(), "kolumner")


def test_a_million_rows_are_refused() -> None:
    refused("a.csv", b"a;1\n" * 1_000_000, "rader")


@pytest.mark.parametrize("reference", ['r="A1048576"', 'r="XFD1"', 'r="ZZZ9999999"'])
def test_one_cell_far_away_is_refused(reference: str) -> None:
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row><c {reference}><v>1</v></c></row></sheetData></worksheet>'
    refused("a.xlsx", files.rezipped(WHOLE["tabell.xlsx"], {"xl/worksheets/sheet1.xml": sheet.encode()}), "celler ända till")


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+SUM(1)", "@x", "-2+3"])
def test_formulas_stay_text(text: str) -> None:
    (sheet,) = read("a.csv", f"A;B\nx;{text}\n".encode())
    assert sheet.rows[1][1] == text
    book = openpyxl.Workbook()
    book.active.append(["A", "B"])
    book.active["B2"].data_type, book.active["B2"]._value = "s", text
    assert read("a.xlsx", files.saved(book))[0].rows[1][1] == text


def test_a_workbook_with_a_password_says_so() -> None:
    refused("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "lösenord")


def test_a_shape_that_crosses_itself_is_repaired_and_says_so() -> None:
    bow = {"type": "Polygon", "coordinates": [[[13.0, 55.5], [13.1, 55.6], [13.1, 55.5], [13.0, 55.6], [13.0, 55.5]]]}
    document = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"namn": "Rosett"}, "geometry": bow}]}
    (sheet,) = read("a.geojson", json.dumps(document).encode())
    assert sheet.shapes[0].repaired and sheet.shapes[0].geometry.is_valid


@pytest.mark.parametrize(
    "ring", [[], [[13, 55]], [[13, 55]] * 4, [[1e308, 1e308]] * 4, [[13, 55], [13.1, 55], ["a", 56], [13, 55]], [[None] * 2] * 4]
)
def test_shapes_that_are_none_are_refused(ring: list) -> None:
    document = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    assert tried("a.geojson", json.dumps(document).encode()) == "refused"


def test_px_of_blanks_quotes_and_semicolons_takes_no_time() -> None:
    for middle in (b" " * 300_000, b'"' + b" " * 300_000, b'""' * 100_000, b";" * 300_000, b"a=" * 100_000, b'" ' * 100_000):
        tried("a.px", b'STUB="a";VALUES("a")="x";NOTE="' + middle + b'";DATA=1;')


def test_hostile_files_are_refused_in_little_memory() -> None:
    """In a process of its own, which may not have more than 1.5 GB: a reader that reserves room first would end it."""
    folder = Path(__file__).parent
    code = f"""
import resource, sys
sys.path[:0] = [{str(ROOT)!r}, {str(folder)!r}]
import tablefiles as files
from omradesbild.collect.tables import read
from omradesbild.collect.fault import CollectError
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
book = files.workbook()
def sheet(body): return files.rezipped(book, {{"xl/worksheets/sheet1.xml": f"<worksheet {{ns}}>{{body}}</worksheet>".encode()}})
for name, content in [
    ("a.xlsx", sheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
    ("a.xlsx", sheet('<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')),
    ("a.xlsx", sheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    ("a.xlsx", sheet('<sheetData><row r="4000000000"><c><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')),
    ("a.xlsx", files.rezipped(book, {{"xl/sharedStrings.xml": f'<sst {{ns}} count="999999999999" uniqueCount="999999999999"><si><t>a</t></si></sst>'.encode()}})),
    ("a.json", b'{{"class":"dataset","id":["a","b"],"size":[1000000000,1000000000],"dimension":{{}},"value":{{}}}}'),
    ("a.csv", b"a;b" + b";" * 1999 + b"\\n1\\n" * 190000),
]:
    try:
        read(name, content)
    except CollectError as error:
        print("refused", error.found)
    else:
        print("read")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    assert run.returncode == 0, run.stderr[-2000:]
    lines = run.stdout.splitlines()
    assert len(lines) == 7, run.stdout
    assert all(lines[n].startswith("refused") for n in (0, 3, 4, 5, 6)), lines


def test_no_more_memory_is_kept_than_the_tables_need() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tried("a.csv", b"a;b;c;d\n" + b"1;2;3;4\n" * 150_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB
