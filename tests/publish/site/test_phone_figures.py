"""The charts that the edition shows on a telephone: nothing too small, cut or on top of another, whatever the names are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest
from publish import hostile
from publish.svg_reader import Figure

from omradesbild import pack as packs
from omradesbild.analyse.statements import build
from omradesbild.pack import Pack, load
from omradesbild.publish.figures import metrics
from omradesbild.publish.figures.sheet import BODY
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.settings import Settings
from omradesbild.words import t

#: A window of 320 pixels less the margins of a page, and how high text must be there.
ROOM, LEAST = 288, 11
#: So many areas with the longest names have their pages looked at.
LONGEST = 6
PAIR = re.compile(r'<div class="drawn w\d+">(<svg.*?</svg>)\s*(<svg.*?</svg>)\s*</div>', re.DOTALL)


def wrong(svg: str) -> list[str]:
    """Tell what no reader of a telephone should meet: small text, text outside the picture or on other text."""
    figure = Figure(svg)
    _, _, width, height = figure.box
    inside = (-0.6, width + 0.6, -0.6, height)
    found = [f"small: {w.text}" for w in figure.texts if ROOM / width * float(w.look["font-size"]) < LEAST]
    for w in figure.texts:
        low, right, top, foot = inside
        if w.left < low or w.right > right or w.top < top or w.bottom > foot:
            found.append(f"outside: {w.text}")
    return found + [f"{a.text} on {b.text}" for a, b in combinations(figure.texts, 2) if a.meets(b)]


def pages(pack: Pack) -> Iterator[bytes]:
    """Make all pages of measures and initiatives, and those of the areas with the longest names and the city."""
    statements, drawn, settings = build(pack), shapes(pack), Settings()
    areas = sorted(pack.areas.values(), key=lambda a: metrics.width(a.name, BODY), reverse=True)[:LONGEST]
    files = [*makers.common_files(statements, drawn, settings)]
    for area in {a.id: a for a in (*areas, pack.areas[pack.info.city])}.values():
        files += makers.area_files(statements, settings, area)
    for indicator in pack.indicators.values():
        files += makers.indicator_files(statements, drawn, settings, indicator)
    for each in pack.initiatives:
        files += makers.initiative_files(statements, settings, each)
    yield from (f.content for f in files if f.path.endswith(".html"))


def pairs(made: Iterable[bytes]) -> list[tuple[str, str]]:
    """Return the charts of pages: the wide one and the telephone's; every chart but the timeline has both."""
    found, charts, timelines = [], 0, 0
    for page in made:
        html = page.decode()
        found += PAIR.findall(html)
        charts += html.count('class="ob-figure"')
        timelines += html.count('id="f-timeline-t"')
    assert found and charts == 2 * len(found) + timelines
    return found


@pytest.mark.parametrize("name", [None, "demo"])
def test_every_chart_can_be_read_on_a_telephone(name) -> None:
    drawn = pairs(pages(packs.load(packs.resolve(name))))
    for _, phone in drawn:
        assert wrong(phone) == []
        assert "…" not in phone, "a name is cut"
    kinds = {re.search(r'id="f-([a-z]+)-', phone)[1] for _, phone in drawn}
    assert kinds >= {"trend", "ages", "ranking", "gap"}


@pytest.mark.parametrize("texts", [hostile.HOSTILE, hostile.HOSTILE[-2:]])
def test_names_without_end_stay_inside(tmp_path, texts) -> None:
    hostile.write(tmp_path / "pack", texts)
    for wide, phone in pairs(pages(load(tmp_path / "pack"))):
        assert wrong(phone) == []
        assert [w for w in wrong(wide) if not w.startswith("small")] == []


def test_both_say_the_same() -> None:
    """The two drawings have their own ids and the same title, description and figures."""
    for wide, phone in pairs(pages(packs.load(packs.resolve("demo")))):
        one, other = Figure(wide), Figure(phone)
        assert not set(one.ids) & set(other.ids)
        assert [e.text for e in one.root[:2]] == [e.text for e in other.root[:2]]
        assert t("demo.mark") in wide or t("demo.mark", "en") in wide
        assert wide.count(t("demo.mark")) == phone.count(t("demo.mark"))
