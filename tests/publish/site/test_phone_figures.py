"""The charts that the edition shows on a telephone: nothing too small, cut or on top of another, whatever the names are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest
from publish import hostile
from publish.said import CAPTION, SHARE, amount, initiative, series, statement
from publish.svg_reader import Figure

from omradesbild import pack as packs
from omradesbild.analyse.statements import build
from omradesbild.pack import Pack, load
from omradesbild.publish.figures import metrics
from omradesbild.publish.figures.bars import Row, before_after, contributions
from omradesbild.publish.figures.course import Way, course
from omradesbild.publish.figures.gap import Pair, gap
from omradesbild.publish.figures.pyramid import pyramid
from omradesbild.publish.figures.ranking import ranking
from omradesbild.publish.figures.sheet import BODY, PHONE, Setting
from omradesbild.publish.figures.spread import spread
from omradesbild.publish.figures.timeline import timeline
from omradesbild.publish.figures.trend import trend
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.settings import Settings
from omradesbild.words import LANGUAGES, t

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


def longest(names: Iterable[str]) -> list[str]:
    """Return the names that need most room."""
    return sorted(names, key=lambda name: metrics.width(name, BODY), reverse=True)[:LONGEST]


def every_kind(names: list[str], titles: list[str]) -> dict[str, str]:
    """Draw each kind of figure for a telephone, its areas and initiatives called so."""
    place, years = Setting("f", theme="web", standalone=False, width=PHONE), range(2014, 2022)
    known = [statement(f"{n}{name}", 30.0 - n, half=2, comparison="higher") for n, name in enumerate(names)]
    hidden = statement(f"x{names[0]}", None, flag="..")
    city, chosen = statement("s", 27.5), [s.area.id for s in (*known[:3], hidden)]
    lines = [(name, series(name, [10 + n, None, 12 + n, 11 + n], half=1)) for n, name in enumerate(names)]
    events = [initiative(str(n), title, f"{2012 + n % 3}") for n, title in enumerate(titles)]
    fifths = [Pair(str(year), amount(6, 0.5), amount(31, 1), "+25,0") for year in years]
    bars = [Row(name, (amount(20, 1), amount(15, 1))) for name in names]
    parts = [Row(name, (amount(4), amount(2)), "6,0") for name in names]
    ways = [Way(name, [10.0 + n] * len(years)) for n, name in enumerate(names[:2])]
    return {
        "trend": trend(lines, series("Staden", [11, 11, 12, 12]), CAPTION, place, events=events),
        "ranking": ranking([*known, hidden], city, CAPTION, place, chosen=chosen),
        "compact": ranking([*known, hidden], city, CAPTION, place, chosen=chosen, compact=True),
        "spread": spread([*known, hidden], [(s.area.name, s) for s in (*known[:3], hidden)], city, CAPTION, place),
        "pyramid": pyramid(("0–19", "20–64", "80+"), [11, 31, None], [12, 30, 6], CAPTION, place),
        "gap": gap(fifths, (names[0], names[1]), CAPTION, place, unit="%"),
        "course": course(years, *ways, 2018, SHARE, CAPTION, place),
        "bars": before_after(bars, CAPTION, place),
        "contributions": contributions(parts, names[:2], CAPTION, place),
        "timeline": timeline(events, CAPTION, place),
    }


@pytest.mark.parametrize("name", [None, "demo"])
def test_the_longest_names_of_a_pack_have_room_in_every_kind(name) -> None:
    pack = packs.load(packs.resolve(name))
    drawn = every_kind(longest(a.name for a in pack.areas.values()), longest(e.title for e in pack.initiatives))
    assert {kind: found for kind, svg in drawn.items() if (found := wrong(svg))} == {}


@pytest.mark.parametrize("texts", [hostile.HOSTILE[:6], hostile.HOSTILE[6:]])
def test_no_name_leaves_any_kind_of_figure(texts) -> None:
    drawn = every_kind(list(texts), list(texts))
    assert {kind: found for kind, svg in drawn.items() if (found := wrong(svg))} == {}


def pages(pack: Pack) -> Iterator[bytes]:
    """Make all pages of measures and initiatives, and those of the areas with the longest names and the city."""
    statements, drawn, settings = build(pack), shapes(pack), Settings()
    names = longest(a.name for a in pack.areas.values())
    files = [*makers.common_files(statements, drawn, settings)]
    for area in pack.areas.values():
        if area.name in names or area.id == pack.info.city:
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
def test_every_chart_can_be_read_on_a_telephone_and_both_say_the_same(name) -> None:
    """The two drawings have ids of their own, and the same title, description and marks."""
    pack = packs.load(packs.resolve(name))
    drawn = pairs(pages(pack))
    for wide, phone in drawn:
        assert wrong(phone) == []
        assert "…" not in phone, "a name is cut"
        one, other = Figure(wide), Figure(phone)
        assert not set(one.ids) & set(other.ids)
        assert [e.text for e in one.root[:2]] == [e.text for e in other.root[:2]]
        if pack.info.demonstration:
            assert all(any(t("demo.mark", lang) in svg for lang in LANGUAGES) for svg in (wide, phone))
    kinds = {re.search(r'id="f-([a-z]+)-', phone)[1] for _, phone in drawn}
    followed = {"course"} if pack.info.demonstration else set()  # nothing in Malmö can be held against a synthetic control
    assert kinds >= {"trend", "ages", "ranking", "gap"} | followed


@pytest.mark.parametrize("texts", [hostile.HOSTILE, hostile.HOSTILE[-2:]])
def test_names_without_end_stay_inside(tmp_path, texts) -> None:
    hostile.write(tmp_path / "pack", texts)
    for wide, phone in pairs(pages(load(tmp_path / "pack"))):
        assert wrong(phone) == []
        assert [w for w in wrong(wide) if not w.startswith("small")] == []
