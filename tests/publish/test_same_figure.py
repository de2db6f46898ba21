"""One figure, many faces: five hundred figures drawn at random are the same number in every file that leaves the house."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterable, Iterator

import docx
import openpyxl
import pptx
import pypdf
import pytest
from lxml import html

from omradesbild import words
from omradesbild.analyse.statements import Statement, Statements, build
from omradesbild.pack import load, resolve
from omradesbild.publish import report
from omradesbild.publish.document import Section, Table
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.data import figures
from omradesbild.publish.site.settings import Settings

SAMPLE = 500
#: So many areas have a document of their own; so many stand in comparisons, so many in each.
ALONE, COMPARED, TOGETHER = 6, 60, 6
Row = list[str]


@pytest.fixture(scope="module")
def said() -> Statements:
    return build(load(resolve(None)))


def drawn(statements: Iterable[Statement]) -> list[Statement]:
    return random.Random(500).sample(list(statements), SAMPLE)


@pytest.fixture(scope="module")
def newest(said: Statements) -> list[Statement]:
    """Figures that stand on pages and in documents: the newest of an area and a measure."""
    latest = (said.latest_of(a, i.id) for a in said.pack.areas for i in said.pack.indicators.values() if i.id != "alder_kon")
    return drawn(s for s in latest if s is not None)


def bare(text: object) -> str:
    """Return a text without its spaces, and hyphens, some of which end lines."""
    return re.sub(r"[\s\xad\u200b\u2060\u2011-]", "", str(text or ""))


def number(s: Statement, lang: str = "sv") -> str:
    """Write a figure as Swedish and English do, by other code than the engine's; the mark where there is none."""
    if s.value is None:
        return words.figure(s, lang)
    places = 0 if s.indicator.kind == "class" else s.decimals
    text = f"{round(s.value, places) + 0.0:,.{places}f}".replace("-", "−")
    return text if lang == "en" else text.replace(",", "").replace(".", ",")


def is_told(s: Statement, cell: str, lang: str = "sv") -> bool:
    """Tell whether a cell says a figure: its number, then nothing that could belong to the number; or the mark."""
    if s.value is None:
        return cell.split("\n")[0].strip() == words.figure(s, lang)
    return re.match(rf"{re.escape(number(s, lang))}(?![\d.,])", bare(cell)) is not None


# -- data files and pages -----------------------------------------------------------------------


def test_data_files(said: Statements) -> None:
    sample = drawn(s for i in said.pack.indicators for s in said.of(i))
    files = {}
    for area in {s.area.id: s.area for s in sample}.values():
        files |= {f.path: f.content for f in figures.area_files(said, area)}
    for indicator in {s.indicator.id: s.indicator for s in sample}.values():
        files |= {f.path: f.content for f in figures.indicator_files(said, indicator)}
    tables = {path: dict(_keyed(path, content)) for path, content in files.items() if not path.endswith("metadata.json")}
    for s in sample:
        for kind, id_ in (("omrade", s.area.id), ("indikator", s.indicator.id)):
            for path in (f"data/{kind}/{id_}.json", f"data/{kind}/{id_}.csv", f"data/en/{kind}/{id_}.csv"):
                lang = "en" if "/en/" in path else "sv"
                group = next((g.title.get(lang) for g in s.indicator.groups if g.id == s.group), s.group)
                key = (s.area.id, s.indicator.id, s.period, s.group if path.endswith("json") else group)
                told = tables[path][key]
                wanted = (s.value, s.numerator, s.denominator, s.low, s.high, s.city_value, s.difference)
                assert told == pytest.approx(wanted, abs=1e-6), (path, key)


def _keyed(path: str, content: bytes) -> Iterator[tuple[tuple, tuple]]:
    """Give what names each figure of a data file, and its numbers."""
    numbers = ("value", "numerator", "denominator", "low", "high", "city_value", "difference")
    if path.endswith(".json"):
        document = json.loads(content)
        own = {key: document[key]["id"] for key in ("area", "indicator") if key in document}
        for row in document["figures"]:
            found = own | dict(zip(document["fields"], row, strict=True))
            yield tuple(found[k] for k in ("area", "indicator", "period", "group")), tuple(found[n] for n in numbers)
        return
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";" if "/en/" not in path else ",")
    next(reader)
    for row in reader:
        cells = (row[n] for n in (7, 9, 10, 11, 12, 13, 14))
        mark = "." if "/en/" in path else ","
        yield (row[0], row[3], row[5], row[6]), tuple(float(c.replace(mark, ".")) if c else None for c in cells)


def rows_of(page: bytes | html.HtmlElement) -> list[Row]:
    """Read the rows of a page's tables, cell by cell."""
    root = page if isinstance(page, html.HtmlElement) else html.fromstring(page.decode())
    return [[cell.text_content() for cell in row.iter("th", "td")] for row in root.iter("tr")]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_pages_of_the_edition(said: Statements, newest: list[Statement], lang: str) -> None:
    borders, settings = shapes(said.pack), Settings()
    folder = "" if lang == "sv" else "en/"
    pages = {}
    for area in {s.area.id: s.area for s in newest}.values():
        pages |= {f.path: f.content for f in makers.area.files(said, settings, area, lang)}
    for indicator in {s.indicator.id: s.indicator for s in newest}.values():
        pages |= {f.path: f.content for f in makers.indicator.files(said, borders, settings, indicator, lang)}
    rows = {path: rows_of(content) for path, content in pages.items() if path.endswith(".html")}
    for s in newest:
        title = words.title(s.indicator, s.group, lang)
        own = [r for r in rows[f"{folder}omrade/{s.area.id}/index.html"] if r[0] == title and words.period(s.period, lang) in r]
        assert any(is_told(s, r[1], lang) for r in own), (s.area.id, title, own)
        script = pages[f"{folder}omrade/{s.area.id}/siffror.js"].decode()
        told = json.loads(script[script.index("(") + 1 : script.rindex(")")])["figures"][s.indicator.id]
        [value] = [row[0] for row in told if row[1] == words.period(s.period, lang)]
        assert is_told(s, value, lang)
        if s.area.id != said.pack.info.city and s.period == said.latest(s.indicator.id, s.area.level):
            listed = [r for r in rows[f"{folder}indikator/{s.indicator.id}/index.html"] if r[0] == s.area.name]
            assert any(is_told(s, r[1], lang) for r in listed), (s.area.id, title, listed)


# -- documents ----------------------------------------------------------------------------------


def rows_in(format_: str, content: bytes) -> list[Row]:
    """Read the rows of a document's tables; a PDF gives its text alone, all of it as one cell."""
    if format_ == "html":
        return rows_of(content)
    if format_ == "docx":
        tables = docx.Document(io.BytesIO(content)).tables
        return [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    if format_ == "pptx":
        shown = [s.table for slide in pptx.Presentation(io.BytesIO(content)).slides for s in slide.shapes if s.has_table]
        return [[cell.text for cell in row.cells] for table in shown for row in table.rows]
    if format_ == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return [[_seen(cell) for cell in row] for row in sheet.iter_rows()]
    return [["".join(bare(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages)]]


def _seen(cell) -> str:
    """Write a workbook's cell as it is seen: a number with the decimals of its format."""
    if not isinstance(cell.value, int | float):
        return str(cell.value or "")
    places = len(re.match(r"[#,0]*(?:\.(0+))?", cell.number_format)[1] or "")
    return f"{cell.value:.{places}f}".replace(".", ",").replace("-", "−") + " "


@pytest.mark.parametrize("format_", FORMATS)
def test_a_document_of_an_area(said: Statements, newest: list[Statement], format_: str) -> None:
    for id_ in list(dict.fromkeys(s.area.id for s in newest))[:ALONE]:
        document = report.make(said, Order(template="omradesunderlag", areas=(id_,), date="2026-11-28"))
        rows = rows_in(format_, FORMATS[format_](document))
        for s in (s for s in newest if s.area.id == id_):
            title = words.title(s.indicator, s.group)
            if s not in document.rests_on:
                continue
            if format_ == "pdf":
                assert re.search(re.escape(bare(title) + number(s)) + r"(?!,\d)", rows[0][0]), (id_, title)
            else:
                own = [r for r in rows if r[0].split("\n")[0] == title]
                assert any(is_told(s, r[1]) for r in own), (id_, title, own)


@pytest.mark.parametrize("format_", FORMATS)
def test_comparisons(said: Statements, newest: list[Statement], format_: str) -> None:
    """Each cell is the figure of its column's area and its row's year."""
    ids = [a for a in dict.fromkeys(s.area.id for s in newest) if a != said.pack.info.city][:COMPARED]
    measures = {words.title(i, i.default_group): i for i in said.pack.indicators.values()}
    checked = 0
    for start in range(0, len(ids), TOGETHER):
        areas = tuple(ids[start : start + TOGETHER])
        document = report.make(said, Order(template="jamforelse", areas=areas, date="2026-11-28"))
        rows = rows_in(format_, FORMATS[format_](document))
        if format_ == "pdf":
            periods = {r[0]: r[1] for r in rows_in("html", FORMATS["html"](document)) if r[0] in measures}
            for title, period in periods.items():
                line = [said.get(a, measures[title].id, period) for a in (said.pack.info.city, *areas)]
                told = [rf"\D*?{re.escape(number(s))}(?!,)" for s in line if s is not None and s.value is not None]
                assert re.search(re.escape(bare(title + period)) + "".join(told), rows[0][0]), (areas, title)
                checked += len(told)
            continue
        for row in (r for r in rows if r[0] in measures and re.match(r"\d{4}", r[1])):
            for area, cell in zip((said.pack.info.city, *areas), row[2:], strict=False):
                s = said.get(area, measures[row[0]].id, row[1].strip())
                assert is_told(s, cell) if s is not None else cell.strip() == "-", (area, row)
                checked += 1
    assert checked > SAMPLE


@pytest.mark.parametrize("format_", FORMATS)
def test_replies(said: Statements, newest: list[Statement], format_: str) -> None:
    """The appendix of a committee's reply has the figures of the areas it is about."""
    checked = 0
    for id_ in list(dict.fromkeys(s.area.id for s in newest))[:ALONE]:
        document = report.make(said, Order(template="yttrande", areas=(id_,), date="2026-11-28"))
        rows = rows_in(format_, FORMATS[format_](document))
        for s in (s for block in document.blocks if isinstance(block, Table) for s in block.rests_on):
            title = words.title(s.indicator, s.group)
            if format_ == "pdf":
                assert re.search(re.escape(bare(title) + number(s)) + r"(?!,\d)", rows[0][0]), (id_, title)
            else:
                own = [r for r in rows if r[0].split("\n")[0] == title]
                assert any(is_told(s, r[1]) for r in own), (id_, title, own)
            checked += 1
    assert checked > 5 * ALONE


@pytest.mark.parametrize("format_", FORMATS)
def test_priorities(said: Statements, newest: list[Statement], format_: str) -> None:
    """Each challenge is told with the area's figure and the city's."""
    city, areas = said.pack.info.city, list(dict.fromkeys(s.area.id for s in newest))
    order = Order(template="prioriteringar", areas=tuple(a for a in areas if a != city)[:COMPARED], date="2026-11-28")
    document = report.make(said, order)
    rows = rows_in(format_, FORMATS[format_](document))
    told = list(dict.fromkeys(document.rests_on))
    assert len(told) > COMPARED
    for s in told:
        name, both = f"{words.title(s.indicator, s.group)}, {words.period(s.period)}", (s, said.get(city, s.indicator.id, s.period, s.group))
        if format_ == "pdf":
            wanted = re.escape(bare(name)) + "".join(rf"{re.escape(number(each))}(?![\d,])[^\d−]*?" for each in both)
            assert re.search(wanted, rows[0][0]), (s.area.id, name)
        else:
            own = [r for r in rows if r[0].split("\n")[0] == name]
            assert any(is_told(s, r[1]) and is_told(both[1], r[2]) for r in own), (s.area.id, name, own)


@pytest.fixture(scope="module")
def demo() -> Statements:
    return build(load(resolve("demo")))


@pytest.mark.parametrize("format_", FORMATS)
def test_what_became_of_an_initiative(demo: Statements, format_: str) -> None:
    """The city's figures before and after are the means of its statements; the initiative's are the same in every format."""
    document = report.make(demo, Order(template="insats", initiative="jobbsatsning", date="2026-11-28"))
    tables = [b for b in document.blocks if isinstance(b, Table) and any(column.startswith("Före (") for column in b.columns)]
    rows = rows_in(format_, FORMATS[format_](document))
    checked = 0
    for table in tables:
        indicator = next(i for i in demo.pack.indicators.values() if i.title.sv in table.caption)
        for row in (r for r in table.rows if not isinstance(r, Section)):
            if format_ == "pdf":
                assert bare("".join(row)) in rows[0][0], row
            else:
                assert any([bare(c) for c in r[: len(row)]] == [bare(c) for c in row] for r in rows), (row, rows)
            if row[0] != "Hela staden":
                continue
            for column, cell in zip(table.columns, row, strict=True):
                if span := re.search(r"\((\d{4})(?:–(\d{4}))?\)", column):
                    years = range(int(span[1]), int(span[2] or span[1]) + 1)
                    values = [demo.get(demo.pack.info.city, indicator.id, str(year)).value for year in years]
                    assert bare(cell) == f"{sum(values) / len(values):.{indicator.decimals}f}".replace(".", ","), column
                    checked += 1
    assert checked >= 2
