"""Meeting documents as a workbook and as a page: real numbers, everything known, nothing that runs."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from publish import office_reader as reader
from publish.test_report_office import DATE, HOSTILE, audited, plain, with_every_block

from omradesbild import words
from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load
from omradesbild.publish import report, tables
from omradesbild.publish.document import Document, Table, texts_of
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order
from omradesbild.publish.report.xlsx import numbered
from omradesbild.words import t

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def statements() -> Statements:
    return build(load(ROOT / "data"))


@pytest.fixture(scope="module")
def one_area(statements: Statements) -> Document:
    return report.make(statements, Order(template="omradesunderlag", areas=("mollan",), date=DATE))


class Page(HTMLParser):
    """What a browser reads: texts, and elements with their attributes."""

    def __init__(self, content: bytes):
        super().__init__()
        self.texts, self.elements = [], []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("21\u202f328", "sv", (21328, "#,##0")),
        ("56,2\u00a0%", "sv", (56.2, '#,##0.0"\u00a0%"')),
        ("−0,4 % b", "sv", (-0.4, '#,##0.0" % b"')),
        ("2024", "sv", (2024, "0")),
        ("56.2 %", "en", (56.2, '#,##0.0" %"')),
        ("29,2 %\nklart högre", "sv", (29.2, '#,##0.0" %, klart högre"')),
        ("6,1 % b\növer (inte prövat)", "sv", (6.1, '#,##0.0" % b, över (inte prövat)"')),
        ("140,3 tkr (x)", "sv", (140.3, '#,##0.0" tkr (x)"')),
        ("..", "sv", None),
        ("2021–2023", "sv", None),
        ("=1+1", "sv", None),
        ("", "sv", None),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, lang: str, expected: tuple | None) -> None:
    assert numbered(text, lang) == expected


def test_the_workbook_has_every_figure_with_all_that_is_known(one_area: Document) -> None:
    file = book(FORMATS["xlsx"](one_area))
    assert file.sheetnames == ["Underlag", "Siffror", "Definitioner", "Källor", "Om siffrorna"]
    head, *rows = file["Siffror"].iter_rows(values_only=True)
    expected = [tuple(r.values()) for r in tables.rows(one_area.rests_on, one_area.statements)]
    assert list(head) == tables.headings() and len(rows) == len(expected) > 50
    for row, wanted in zip(rows, expected, strict=True):
        assert [v or "" for v in row] == pytest.approx([v or "" for v in wanted])
    assert all(
        file[n].auto_filter.ref and file[n].freeze_panes for n in ("Siffror", "Definitioner", "Källor")
    )
    assert {r[0] for r in file["Definitioner"].iter_rows(min_row=2, values_only=True)} == {
        s.indicator.title.get("sv") for s in one_area.rests_on
    }


def test_the_tables_hold_numbers_that_are_the_statements(one_area: Document) -> None:
    table = max((b for b in one_area.blocks if isinstance(b, Table)), key=lambda b: len(b.rests_on))
    rows = {r[0]: r for r in book(FORMATS["xlsx"](one_area))["Underlag"].iter_rows(values_only=True) if r[0]}
    for s in table.rests_on:
        value = rows[words.title(s.indicator, s.group, "sv")][1]
        if s.value is None:
            assert not isinstance(value, float | int)
        elif isinstance(value, float | int):
            assert value == pytest.approx(s.value, abs=0.5 * 10**-s.indicator.decimals + 1e-9)
    numbers = [r[1] for r in rows.values() if isinstance(r[1], float | int)]
    assert len(numbers) > 20


def test_the_page_says_everything_and_runs_nothing(one_area: Document) -> None:
    content = FORMATS["html"](one_area)
    page = Page(content)
    told = plain(" ".join(page.texts))
    for block in one_area.blocks:
        if isinstance(block, Table):
            assert not [text for text in texts_of(block) if plain(text) not in told]
    tags = [tag for tag, _ in page.elements]
    assert "script" not in tags and tags.count("h1") == 1 and tags.count("table") >= 3
    assert not [
        a for _, attributes in page.elements for a in attributes if a.startswith("on") or a == "style"
    ]
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv"))
    css = re.search(rb"<style>(.*?)</style>", content, flags=re.S)[1]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(css).digest()).decode()}'" in policy
    assert not re.search(rb"url\(|@import", css)
    assert all(v in told for v in map(plain, one_area.versions))


@pytest.mark.parametrize("text", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_texts_are_texts(text: str, statements: Statements, tmp_path: Path) -> None:
    document = with_every_block(statements, text)
    content = FORMATS["xlsx"](document)
    assert reader.faults(content) == [] and audited(content, "xlsx", tmp_path) == []
    cells = [cell for sheet in book(content) for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert sum(plain(str(cell.value)) == plain(text) for cell in cells) >= 15
    page = Page(FORMATS["html"](document))
    assert {"script", "w:t"}.isdisjoint(tag for tag, _ in page.elements)
    assert plain("".join(page.texts)).count(plain(text)) >= 15


def test_made_up_figures_are_marked_on_every_sheet_and_the_page(statements: Statements) -> None:
    document = with_every_block(statements, "ord", demonstration=True)
    assert {sheet["A1"].value for sheet in book(FORMATS["xlsx"](document))} == {t("demo.banner")}
    assert t("demo.banner") in Page(FORMATS["html"](document)).texts
