"""Meeting documents: what they say, how the PDF is built, and what can be ordered."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdf
import pytest

from omradesbild import words
from omradesbild.analyse.statements import Statements, build
from omradesbild.cli import main
from omradesbild.pack import load
from omradesbild.publish import report
from omradesbild.publish.document import Figure, Table
from omradesbild.publish.report.order import Order
from omradesbild.publish.report.pdf import to_pdf

ROOT = Path(__file__).resolve().parent.parent.parent
DATE = "2026-11-28"


@pytest.fixture(scope="module")
def statements() -> Statements:
    return build(load(ROOT / "data"))


def ordered(template: str, *areas: str, **more) -> Order:
    return Order(template=template, areas=areas, date=DATE, **more)


def text_of(content: bytes) -> list[str]:
    """Return the text of each page, with the spaces that lines end with taken for one."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


def plain(text: str) -> str:
    """Return a text as a PDF gives it back: without the spaces that tell nothing."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def one_area(statements: Statements) -> bytes:
    return to_pdf(report.make(statements, ordered("omradesunderlag", "mollan", reference="STK-2026-17")))


def test_a_document_about_one_area_has_four_pages_at_most(one_area: bytes) -> None:
    pages = text_of(one_area)
    assert 2 <= len(pages) <= 5
    assert "Underlag om Möllan" in pages[0] and "STK-2026-17" in pages[0]
    assert all(re.search(rf"Sida {n} av {len(pages)}", page) for n, page in enumerate(pages, 1))


def test_every_figure_of_the_document_stands_in_the_text(statements: Statements, one_area: bytes) -> None:
    text = plain(" ".join(text_of(one_area)))
    document = report.make(statements, ordered("omradesunderlag", "mollan"))
    table = next(b for b in document.blocks if isinstance(b, Table) and len(b.rests_on) > 20)
    missing = [words.figure(s) for s in table.rests_on if plain(words.figure(s)) not in text]
    assert not missing


def test_the_pdf_is_tagged_and_named(one_area: bytes) -> None:
    with pikepdf.open(io.BytesIO(one_area)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked and str(root.Lang) == "sv" and root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Underlag om Möllan" and metadata["pdfuaid:part"] == "1"


def test_every_table_and_picture_says_where_its_figures_come_from(statements: Statements) -> None:
    document = report.make(statements, ordered("omradesunderlag", "mollan"))
    for block in document.blocks:
        if isinstance(block, Table) and block.rests_on:
            assert "Källa" in block.notes[-1]
        if isinstance(block, Figure):
            assert block.alt and block.source


def test_the_command_writes_a_file_and_names_what_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / "mollan.pdf"
    asked = ["report", "--template", "omradesunderlag", "--date", DATE, "--out", str(out), "--areas"]
    assert main([*asked, "molan"]) == 1 and "Menade du mollan" in capsys.readouterr().err
    assert not out.exists()
    assert main([*asked, "mollan"]) == 0 and out.read_bytes().startswith(b"%PDF")


def test_the_same_order_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.pdf"
        asked = ["--template", "omradesunderlag", "--areas", "1280R031", "--date", DATE, "--out", str(out)]
        command = [sys.executable, "-m", "omradesbild", "report", *asked]
        subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": seed, "PATH": ""}, check=True, timeout=120)
        made.append(out.read_bytes())
    assert made[0] == made[1]
