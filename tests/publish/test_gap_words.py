"""The gap between areas as blocks: the same numbers as the analysis, every year, and nothing where nothing is known."""

from __future__ import annotations

import re

import pytest
from svg_reader import Figure as Drawn

from omradesbild import words
from omradesbild.analyse import gaps
from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load, resolve
from omradesbild.publish.document import Figure, Table
from omradesbild.publish.parts.gap import between_areas
from omradesbild.publish.parts.pen import Pen


@pytest.fixture(scope="module")
def demo() -> Statements:
    return build(load(resolve("demo")))


def test_every_year_has_its_row_and_its_mark_with_the_numbers_of_the_analysis(demo: Statements) -> None:
    indicator = demo.pack.indicators["arbetslosa_20_64"]
    blocks = between_areas(demo, indicator, Pen("sv", width=400))
    table = next(b for b in blocks if isinstance(b, Table))
    figure = next(b for b in blocks if isinstance(b, Figure))
    points = [p for run in gaps.over_time(demo, indicator.id) for p in run.points]
    assert len(points) == 16 == len(table.rows)
    said = Drawn(figure.svg).said()
    for point, row in zip(points[::-1], table.rows, strict=True):
        g = point.gaps
        shown = [cell.split("\n")[0] for cell in row]
        expected = [f"{words.number(e.value, 1)}" for e in (g.best, g.worst, g.difference)]
        assert [re.match(r"[\d,]+", cell).group() for cell in shown[1:4]] == expected
        assert f"+{expected[2]}" in said and words.period(point.across.period) in said


def test_nothing_is_said_where_the_areas_have_no_figures(demo: Statements) -> None:
    assert between_areas(demo, demo.pack.indicators["hemlosa_vuxna"], Pen()) == []
