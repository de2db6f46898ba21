"""Meeting documents: one about an area when all is warm, and one for each basic area, in every format."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.report import Row
from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load, resolve
from omradesbild.publish import report
from omradesbild.publish.report.order import Order

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a document about an area may take; the workbook and the page have the budget of the office formats.
ONE = {"pdf": 1.0, "docx": 2.0, "pptx": 2.0, "xlsx": 2.0, "html": 2.0}
ALL = 30.0
DATE = "2026-11-28"


def run(options) -> list[Row]:
    """Write a document about each of some areas, then one for every basic area by the command."""
    statements = build(load(resolve(None)))
    areas = report.basic_areas(statements)
    rows = [one(statements, areas[: max(3, options.runs)], format_) for format_ in ONE]
    return rows + [every(format_, len(areas)) for format_ in ONE]


def order(area: str) -> Order:
    """Order a document about an area."""
    return Order(template="omradesunderlag", areas=(area,), date=DATE)


def one(statements: Statements, areas: list[str], format_: str) -> Row:
    """Measure the making and the writing of a document that nobody has asked for yet, the median of some areas'."""
    write = report.FORMATS[format_]
    write(report.make(statements, order(report.basic_areas(statements)[-1])))  # libraries and fonts are read
    seconds = []
    for area in areas:
        start = time.perf_counter()
        write(report.make(statements, order(area)))
        seconds.append(time.perf_counter() - start)
    return Row("documents", f"an area, warm: {format_}", median(seconds), "s", None, ONE[format_], {"seconds": seconds})


def every(format_: str, areas: int) -> Row:
    """Measure the command that writes a document for every basic area, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "omradesbild", "report", "--template", "omradesunderlag", "--each"]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--format", format_, "--date", DATE, "--out", folder], cwd=ROOT, check=True, capture_output=True
        )
        seconds = time.perf_counter() - start
        written = [path.stat().st_size for path in Path(folder).iterdir()]
    if len(written) != areas:
        raise RuntimeError(f"{len(written)} documents were written; expected {areas}")
    return Row("documents", f"all {areas} areas: {format_}", seconds, "s", None, ALL, {"bytes": sum(written)})
