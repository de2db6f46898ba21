"""The city in a few sentences, and the small pictures in tables."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import small_pack

from omradesbild import words
from omradesbild.analyse.statements import build
from omradesbild.pack import load
from omradesbild.publish.spark import HEIGHT, MARGIN, WIDTH, sparkline
from omradesbild.publish.summary import city_sentences

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def said():
    return build(load(ROOT / "data"))


def segment(*points: tuple[str, float | None]) -> SimpleNamespace:
    return SimpleNamespace(points=[SimpleNamespace(period=period, value=value) for period, value in points])


def drawing(*segments) -> tuple[list[list[tuple[float, float]]], list[tuple[float, float]]]:
    """Return the lines and the dots of a sparkline."""
    root = ElementTree.fromstring(sparkline(segments))
    lines = [
        [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        for line in root.iter(f"{SVG}polyline")
    ]
    return lines, [(float(dot.get("cx")), float(dot.get("cy"))) for dot in root.iter(f"{SVG}circle")]


def test_a_rising_series_goes_from_the_lower_left_to_the_upper_right() -> None:
    lines, dots = drawing(segment(("2020", 1.0), ("2021", 2.0), ("2022", 3.0)))
    left, right, top, bottom = MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN
    assert lines == [[(left, bottom), ((left + right) / 2, (top + bottom) / 2), (right, top)]]
    assert dots == [(right, top)]


def test_years_stand_as_far_apart_as_they_are() -> None:
    (line,), _ = drawing(segment(("2010", 1.0), ("2019", 1.0), ("2020", 2.0)))
    assert line[1][0] == pytest.approx(MARGIN + 0.9 * (WIDTH - 2 * MARGIN), abs=0.1)


def test_a_break_is_a_gap_and_a_lone_year_a_dot() -> None:
    lines, dots = drawing(segment(("2009", 1.0)), segment(("2020", 2.0), ("2021", 3.0)))
    assert [len(line) for line in lines] == [2]
    assert len(dots) == 2 and dots[0] == (MARGIN, HEIGHT - MARGIN)


def test_a_missing_year_is_no_zero() -> None:
    (line,), _ = drawing(segment(("2020", 50.0), ("2021", None), ("2022", 60.0)))
    assert len(line) == 2
    assert [y for _, y in line] == [HEIGHT - MARGIN, MARGIN]


def test_a_level_series_lies_in_the_middle() -> None:
    (line,), _ = drawing(segment(("2020", 5.0), ("2021", 5.0)))
    assert {y for _, y in line} == {HEIGHT / 2}


def test_nothing_is_drawn_for_fewer_than_two_figures() -> None:
    assert sparkline([segment(("2020", 5.0), ("2021", None))]) == ""
    assert sparkline([]) == ""


def test_one_sentence_per_headline_with_the_newest_figure(said) -> None:
    sentences = city_sentences(said)
    assert [s.rests_on[-1].indicator.id for s in sentences] == list(said.pack.info.headline)
    assert "367\u202f924" in sentences[0].text and "(2025" in sentences[0].text
    assert "8,8\u00a0%" in sentences[1].text and "33,0\u00a0%" in sentences[1].text
    assert "20\u00a0%" in sentences[2].text and "2024" in sentences[2].text


def test_a_sentence_rests_on_every_figure_it_names(said) -> None:
    for lang in ("sv", "en"):
        for sentence in city_sentences(said, lang):
            city = next(s for s in reversed(sentence.rests_on) if s.area.level == "kommun")
            assert f"({city.period}" in sentence.text
            for s in sentence.rests_on:
                if s.area.level == "regso":
                    assert words.figure(s, lang) in sentence.text


def test_uncertain_figures_are_called_so(said) -> None:
    sentence = city_sentences(said)[2]
    assert sentence.rests_on[0].flag == "(x)"
    assert "osäker uppgift" in sentence.text


def test_the_span_is_between_the_lowest_and_the_highest_area(said) -> None:
    city, low, high = city_sentences(said)[1].rests_on
    values = said.base_at("arbetslosa_16_64", "2022")["value"]
    assert (low.value, high.value) == (values.min(), values.max())
    assert city.area.id == "1280"


def test_a_pack_without_headlines_has_no_sentences(tmp_path: Path) -> None:
    small = build(load(small_pack.write(tmp_path / "small")))
    assert city_sentences(small) == []


def test_a_change_of_a_year_is_said_as_a_number(tmp_path: Path) -> None:
    root = small_pack.write(tmp_path / "small")
    small_pack.dump(root / "pack.yaml", small_pack.INFO | {"headline": ["folkmangd"]})
    (sentence,) = city_sentences(build(load(root)))
    assert sentence.text == "Invånare: 2\u202f220 (2024), +60 på ett år."
