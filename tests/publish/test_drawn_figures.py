"""The charts for paper and the public edition: every number in its place, no text on another, the same bytes."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from said import CAPTION, SHARE, amount, initiative, series, setting, statement
from svg_reader import Figure

from omradesbild.model import Kind
from omradesbild.publish import style
from omradesbild.publish.figures import axis, metrics, sheet
from omradesbild.publish.figures.bars import Row, before_after, contributions
from omradesbild.publish.figures.course import Way, course
from omradesbild.publish.figures.gap import Pair, gap
from omradesbild.publish.figures.pyramid import pyramid
from omradesbild.publish.figures.ranking import ranking
from omradesbild.publish.figures.sheet import Caption
from omradesbild.publish.figures.spread import spread
from omradesbild.publish.figures.timeline import timeline
from omradesbild.publish.figures.trend import trend

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/figures"
HOSTILE = 'Ön & <script>alert("x")</script>\x00\u202e\ud800 å'
NAMES = (
    "Örnen",
    "Holma-Kroksbäck",
    "Södervärn-Allmänna sjukhuset-Flensburg",
    "Ön",
    "Gullviksborg",
    "Möllevången",
)
CITY = series("Staden", [20, 21, 20, 19.5, 19, 18, 18.5, 17])


def lines(count: int, values=None, half: float | None = 1.5):
    values = values or [[10 + 6 * n + (i % 3) for i in range(8)] for n in range(count)]
    return [(name, series(name, v, half=half)) for name, v in zip(NAMES, values, strict=False)]


def areas(count: int):
    codes = ("much_higher", "higher", "none", "lower", "much_lower", "small")
    return [
        statement(f"Område {n:02}", 30 - 0.3 * n, half=1 + n % 4, comparison=codes[n * len(codes) // count])
        for n in range(count)
    ]


ENDS = ("Bäst ställda femtedelen", "Sämst ställda femtedelen")
FIFTHS = [Pair("2015", amount(6, 0.5), amount(31, 1), "+25,0"), Pair("2016", amount(None), amount(30), ""),
          Pair("2017", amount(5.5), amount(28, 1), "+22,5")]  # fmt: skip
EVENTS = [initiative("a", "Lyftet", "2012", "2015"), initiative("b", "Beslutet", "2013-07", kind="beslut"),
          initiative("c", "Öppna dörrar", "2014"), initiative("d", "Okänt", None)]  # fmt: skip
WAYS = (Way("Området med insatsen", [14, 15, 15, 14, 13, 12, 11, 11]), Way("Jämförelsen", [14, 15, 15, 14, 14, 13, 13, 13]))
BAND = tuple([v + d for v in WAYS[1].values] for d in (-1.5, 1.5))
AGES = ("0-19", "20-64", "65+")
MIXED = [
    ("Örnen", series("Örnen", [12, 14, None, 15], [9, 8, 8.5, 10], half=1)),
    ("Holma", series("Holma", [30], [25, None, None, 22])),
]
STACK = [
    Row("Örnen", (amount(4), amount(2), amount(3)), "9,0"),
    Row("Holma", (amount(-2), amount(1), amount(None)), ""),
]


SAID = {
    "trend": ("Arbetslösa, 2010–2017", "Andelen i Örnen sjönk när serien ändrades och har sedan stigit."),
    "trend-six": ("Arbetslösa, 2010–2017", "Möllevången ligger högst hela tiden."),
    "ranking": ("Arbetslösa, 2022", "Andelen är högst i Område 00."),
    "ranking-compact": ("Arbetslösa, 2022", "Område 03 och 04 hör till de högsta."),
    "spread": ("Arbetslösa, 2022", "Område 02 och 03 ligger högt, Område 12 lågt."),
    "pyramid": ("Ålder och kön, 2022", "Få är över 65 år."),
    "gap": ("Arbetslösa bland dem som har det bäst och sämst, 2015–2017", "Skillnaden har minskat."),
    "course": ("Arbetslösa, 2014–2021", "Området ligger 2,0 under jämförelsen 2021."),
    "bars": ("Arbetslösa före och efter insatsen", "Andelen har minskat i Örnen."),
    "contributions": ("Vad indexet består av, 2022", "Inkomsten väger tyngst i Örnen."),
    "timeline": ("Insatser 2012–2016", "Lyftet pågick i fyra år."),
}


def caption(name: str) -> Caption:
    title, takeaway = SAID[name]
    unit = {"pyramid": "procent av alla invånare", "timeline": ""}.get(name, CAPTION.unit)
    return replace(CAPTION, title=title, takeaway=takeaway, unit=unit)


def drawings(place) -> dict[str, str]:
    """Return one of each figure, with what is missing, broken and crowded in them."""
    everyone = areas(14)
    hidden = [statement("Dold", None, flag=".."), statement("Tom", None)]
    city = statement("Staden", 27.5)
    chosen = [(s.area.name, s) for s in (everyone[2], everyone[3], everyone[12], hidden[0])]
    ranked = {"chosen": ("omrde03", "omrde04", "dold"), "compact": True}
    shares = {"women": [11, 30, None], "men": [12, 31, 6], "city": ([10, 31, 9], [11, 31, 8])}
    pairs = [Row("Örnen", (amount(20, 1), amount(15, 1))), Row("Holma", (amount(None), amount(9)))]
    parts = ("Inkomst", "Utbildning", "Arbete")
    said = {name: caption(name) for name in SAID}
    return {
        "trend": trend(MIXED, CITY, said["trend"], place, events=EVENTS),
        "trend-six": trend(lines(6), CITY, said["trend-six"], place),
        "ranking": ranking([*everyone, *hidden], city, said["ranking"], place, chosen=("omrde03", "dold")),
        "ranking-compact": ranking([*areas(40), *hidden], city, said["ranking-compact"], place, **ranked),
        "spread": spread([*everyone, *hidden], chosen, city, said["spread"], place),
        "pyramid": pyramid(AGES, caption=said["pyramid"], setting=place, **shares),
        "gap": gap(FIFTHS, ENDS, said["gap"], place, unit="%"),
        "course": course(range(2014, 2022), *WAYS, 2018, SHARE, said["course"], place, band=BAND),
        "bars": before_after(pairs, said["bars"], place),
        "contributions": contributions(STACK, parts, said["contributions"], place),
        "timeline": timeline(EVENTS, said["timeline"], place),
    }


KINDS = tuple(SAID)
PLACES = {
    "paper": setting(),
    "web": setting(theme="web", standalone=False),
    "phone": setting(width=sheet.PHONE, theme="web", standalone=False),
    "english": setting(lang="en", width=420),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_same_figures_give_the_same_bytes_as_before(name, request):
    path = GOLDEN / f"{name}.svg"
    svg = drawings(setting())[name]
    if request.config.getoption("--redraw"):
        path.write_text(svg, encoding="utf-8")
    assert svg == path.read_text(encoding="utf-8"), "look at it, and if it is right: pytest --redraw"


def test_every_golden_figure_is_drawn():
    assert {p.stem for p in GOLDEN.glob("*")} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_all_texts_are_inside_and_none_lies_on_another(name, place):
    figure = Figure(drawings(PLACES[place])[name])
    left, top, width, height = figure.box
    outside = [
        w.text
        for w in figure.texts
        if w.left < -0.6 or w.right > width + 0.6 or w.top < -0.6 or w.bottom > height
    ]
    assert outside == []
    assert [(a.text, b.text) for a, b in combinations(figure.texts, 2) if a.meets(b)] == []


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_all_that_is_drawn_is_inside(name, place):
    figure = Figure(drawings(PLACES[place])[name])
    _, _, width, height = figure.box
    for path in figure.paths:
        for x, y in (corner for run in path.runs for corner in run):
            assert -1 <= x <= width + 1 and -1 <= y <= height + 1, (path.d, path.look)


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_says_what_it_is_and_what_it_shows(name):
    root = ElementTree.fromstring(drawings(setting(prefix="min"))[name])
    title, desc = root[0], root[1]
    assert root.get("role") == "img" and root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == SAID[name]
    assert "width" not in root.attrib
    assert all(id_.startswith("min-") for id_ in Figure(ElementTree.tostring(root, "unicode")).ids)


@pytest.mark.parametrize("name", KINDS)
def test_what_stands_on_the_page_is_left_out(name):
    alone, within = (Figure(drawings(setting(standalone=s))[name]).said() for s in (True, False))
    own = caption(name)
    around = {own.title, own.unit, own.source, *own.notes} - {""}
    assert around <= set(alone)
    assert not around & set(within)


@pytest.mark.parametrize("name", KINDS)
def test_paper_has_literal_colours_and_the_web_classes_too(name):
    paper, web = (drawings(setting(theme=theme))[name] for theme in ("paper", "web"))
    assert "class=" not in paper and "var(" not in paper + web
    css = sheet.stylesheet()
    classes = {c for e in ElementTree.fromstring(web).iter() for c in e.get("class", "").split()} - {
        "ob-figure"
    }
    assert classes and [c for c in classes if f".{c}{{" not in css] == []


def test_inks_carry_three_to_one_on_dark_ground_and_text_more():
    for ink, (_, dark) in sheet.INKS.items():
        if ink in ("text", "quiet", *(f"a{i}" for i in range(6))):
            assert style.contrast(dark, style.GROUND_DARK) >= 4.5, ink
        elif ink not in ("hair", "paper", "band", "C"):
            assert style.contrast(dark, style.GROUND_DARK) >= 3, ink


def test_hostile_names_are_text_in_every_figure():
    bad_caption = replace(
        CAPTION, title=HOSTILE, takeaway=HOSTILE, unit=HOSTILE, source=HOSTILE, notes=(HOSTILE,)
    )
    bad = statement(HOSTILE, 20.0, half=1)
    place = setting()
    drawn = [
        trend(
            [(HOSTILE, series(HOSTILE, [1, 2, None]))],
            (),
            bad_caption,
            place,
            events=[initiative("x", HOSTILE, "2011")],
        ),
        ranking([bad], bad, bad_caption, place, chosen=(bad.area.id,)),
        ranking([bad], bad, bad_caption, place, chosen=(bad.area.id,), compact=True),
        spread([bad], [(HOSTILE, bad)], bad, bad_caption, place),
        pyramid((HOSTILE,), [1], [2], bad_caption, place),
        gap([Pair("2015", amount(1), amount(2), HOSTILE)], (HOSTILE, HOSTILE), bad_caption, place, unit=HOSTILE),
        before_after([Row(HOSTILE, (amount(1), amount(2)))], bad_caption, place, labels=(HOSTILE, "b")),
        contributions([Row(HOSTILE, (amount(1),), HOSTILE)], (HOSTILE,), bad_caption, place),
        timeline([initiative("x", HOSTILE, "2011")], bad_caption, place),
    ]
    for svg in drawn:
        root = ElementTree.fromstring(svg.encode())
        assert not any("script" in e.tag for e in root.iter())
        assert root[0].text == 'Ön & <script>alert("x")</script> å'


# -- trend ----------------------------------------------------------------------------------


def test_a_line_goes_through_its_figures():
    figure = Figure(
        trend([("Örnen", series("Örnen", [10, 20, 15]))], (), CAPTION, setting(), span=(0, 40), height=200)
    )
    [line] = [p for p in figure.strokes(style.AREAS[0]) if p.marked]
    [run] = line.runs
    zero, forty = figure.text("0"), figure.text("40\u00a0%")
    scale = (zero.y - forty.y) / 40
    assert scale == pytest.approx(200 / 40, abs=0.01)
    assert [zero.y - 4 - y for _, y in run] == pytest.approx([10 * scale, 20 * scale, 15 * scale], abs=0.11)
    years = [figure.text(year).x for year in ("2010", "2011", "2012")]
    assert [x for x, _ in run] == pytest.approx(years, abs=0.11)


def test_a_break_is_a_gap_with_a_tick_and_a_word():
    figure = Figure(trend([("Örnen", series("Örnen", [10, 12], [20, 22, 21]))], (), CAPTION, setting()))
    [line] = [p for p in figure.strokes(style.AREAS[0]) if p.marked]
    before, after = line.runs
    assert (len(before), len(after)) == (2, 3)
    middle = (before[-1][0] + after[0][0]) / 2
    assert abs(figure.text("ny serie").x - middle) < 6
    assert any(
        abs(p.runs[0][0][0] - middle) < 0.2 for p in figure.strokes(style.SECONDARY) if len(p.runs[0]) == 2
    )


def test_a_missing_figure_lifts_the_pen_and_is_explained():
    points = (
        statement("Örnen", 10, "2020"),
        statement("Örnen", None, "2021", flag=".."),
        statement("Örnen", 12, "2022"),
    )
    figure = Figure(
        trend([("Örnen", (replace(series("x", [1])[0], points=points),))], (), CAPTION, setting())
    )
    assert not any(p.marked for p in figure.paths)  # two lone points, no line over the gap
    assert len([p for p in figure.fills(style.AREAS[0]) if len(p.runs) == 2]) == 1
    assert figure.text("..").x == pytest.approx(figure.text("2021").x, abs=0.2)
    [said] = [w for w in figure.texts if w.text.startswith(".. = ") and w.text.endswith("(Örnen 2021)")]
    assert 0 < said.top - figure.text("..").bottom < 8, "what the mark means stands right below it"


@pytest.mark.parametrize("doubt", [{"flag": "p"}, {"flag": "e"}, {"reliability": "uncertain"}])
def test_an_unsure_figure_has_a_hollow_marker_and_a_word(doubt):
    sure = series("Örnen", [10, 12, 14])[0]
    last = replace(sure.points[2], **doubt)
    unsure = replace(sure, points=(*sure.points[:2], last))
    hollow = [
        [
            p
            for p in Figure(trend([("Örnen", (s,))], (), CAPTION, setting())).strokes(style.AREAS[0])
            if not p.marked
        ]
        for s in (sure, unsure)
    ]
    assert hollow[0] == []
    assert [p.look["fill"] for p in hollow[1]] == [style.GROUND]
    assert any(
        "preliminär" in w
        for w in Figure(trend([("Ö", (unsure,))], (), CAPTION, setting(standalone=False))).said()
    )


def test_the_last_figure_is_written_and_an_older_one_has_its_year():
    figure = Figure(
        trend(
            [("Örnen", series("Örnen", [10.4, 12.6])), ("Holma", series("Holma", [9, 8, 7]))],
            (),
            CAPTION,
            setting(),
        )
    )
    assert {"12,6\u00a0%", "Örnen (2011)", "7,0\u00a0%", "Holma"} <= set(figure.said())


def test_the_axis_says_when_it_does_not_begin_at_zero():
    near, far = (
        Figure(trend([("Ö", series("Ö", v))], (), CAPTION, setting())).said() for v in ([5, 20], [60, 62])
    )
    assert "0" in near and "Axeln börjar inte vid noll." not in near
    assert "Axeln börjar inte vid noll." in far


def test_each_area_has_its_own_dashes_and_marker_and_the_city_is_thick_and_grey():
    figure = Figure(trend(lines(6), CITY, CAPTION, setting()))
    own = [p for p in figure.paths if p.marked]
    assert len({p.look.get("stroke-dasharray", "none") for p in own}) == 6
    assert len({p.look["marker-start"] for p in own}) == 6
    [city] = [p for p in figure.strokes(style.CITY) if p.look.get("stroke-width") == "4"]
    assert len(city.runs[0]) == 8


@pytest.mark.parametrize("width", [sheet.PHONE, 480, 640])
def test_six_areas_close_together_keep_their_labels_apart(width):
    close = [[20 + 0.01 * n] * 8 for n in range(6)]
    figure = Figure(trend(lines(6, close), CITY, CAPTION, setting(width=width)))
    assert [(a.text, b.text) for a, b in combinations(figure.texts, 2) if a.meets(b)] == []
    assert all(w.right <= width + 0.6 for w in figure.texts)


def test_one_point_all_equal_and_nothing_at_all():
    one = Figure(trend([("Örnen", series("Örnen", [12.5]))], (), CAPTION, setting()))
    assert one.text("2010") and "12,5\u00a0%" in one.said()
    level = Figure(trend([("Örnen", series("Örnen", [0, 0, 0]))], (), CAPTION, setting()))
    assert "0,0\u00a0%" in level.said()
    none = Figure(trend([("Örnen", series("Örnen", [None, None]))], (), CAPTION, setting()))
    assert "Det finns inga siffror att visa." in none.said()


def test_too_many_lines_are_refused():
    with pytest.raises(ValueError, match="7 chosen areas found; expected at most 6"):
        trend([("x", series("x", [1]))] * 7, (), CAPTION, setting())


def test_events_are_numbered_below_the_axis_and_named_when_the_picture_stands_alone():
    figure = Figure(
        trend([("Örnen", series("Örnen", [10, 11, 12, 13, 12]))], (), CAPTION, setting(), events=EVENTS)
    )
    at = [figure.text(n).x for n in "123"]
    assert at[0] == pytest.approx(figure.text("2012").x, abs=0.2)
    assert at[1] == pytest.approx((figure.text("2013").x + figure.text("2014").x) / 2, abs=0.2)
    assert "2. 2013-07: Beslutet" in figure.said()
    assert not any("Okänt" in text for text in figure.said())


# -- ranking --------------------------------------------------------------------------------


def test_dots_and_whiskers_stand_at_their_values():
    said_ = [statement("A", 10, half=2), statement("B", 30, half=4), statement("C", 20)]
    figure = Figure(ranking(said_, statement("S", 15), CAPTION, setting(), span=(0, 40)))
    zero, forty = figure.text("0").x, figure.text("40").x

    def value(x):
        return 40 * (x - zero) / (forty - zero)

    [whiskers] = [p for p in figure.strokes(style.CITY) if p.look.get("stroke-width") == "1.2"]
    assert [tuple(round(value(x), 1) for x, _ in run) for run in whiskers.runs] == [(26, 34), (8, 12)]
    [city] = [p for p in figure.strokes(style.CITY) if p.look.get("stroke-width") == "3"]
    assert value(city.runs[0][0][0]) == pytest.approx(15, abs=0.1)
    order = sorted((figure.text(name).y, name) for name in "ABC")
    assert [name for _, name in order] == ["B", "C", "A"]


def test_a_hidden_figure_stands_last_without_a_dot_and_says_why():
    figure = Figure(
        ranking(
            [statement("A", None, flag=".."), statement("B", 3), statement("C", 0)], None, CAPTION, setting()
        )
    )
    assert figure.text("A").y > figure.text("C").y > figure.text("B").y
    assert not any(
        abs(w.y - figure.text("A").y) < 1 and w.look.get("text-anchor") == "end" for w in figure.texts
    )
    assert len([w for w in figure.texts if abs(w.y - figure.text("A").y) < 1]) == 2


def test_the_city_is_not_drawn_among_counts_of_its_parts():
    counted = SHARE.model_copy(update={"kind": Kind.COUNT})
    parts = [replace(statement(n, v), indicator=counted) for n, v in (("A", 100.0), ("B", 200.0))]
    whole = replace(statement("S", 300.0), indicator=counted)
    for svg in (ranking(parts, whole, CAPTION, setting()), spread(parts, [], whole, CAPTION, setting())):
        assert not any("Hela staden" in text for text in Figure(svg).said())


@pytest.mark.parametrize("compact", [True, False])
def test_long_numbers_on_the_axis_stay_inside(compact):
    large = [statement(n, v) for n, v in (("A", 1_200_000.0), ("B", 2_000_000.0))]
    for width in (280, 420, 640):
        figure = Figure(ranking(large, None, CAPTION, setting(width=width), compact=compact))
        assert all(w.left >= -0.6 and w.right <= width + 0.6 for w in figure.texts)


def test_worse_points_down_and_better_up():
    both = [statement("A", 30, comparison="much_higher"), statement("B", 3, comparison="much_lower")]
    figure = Figure(ranking(both, None, CAPTION, setting()))
    worse, better = (
        figure.fills(style.DEVIATIONS[c])[0].runs[0] for c in "AE"
    )  # fewer without work is better
    assert worse[0][1] > worse[1][1]  # the tip of the marker is below its base
    assert better[0][1] < better[1][1]
    assert {"klart sämre än övriga staden", "klart bättre än övriga staden"} <= set(figure.said())


def test_chosen_areas_are_bold_and_marked():
    figure = Figure(ranking(areas(5), None, CAPTION, setting(), chosen=("omrde03",)))
    assert figure.text("Område 03").look.get("font-weight") == "600"
    assert figure.text("Område 02").look.get("font-weight") != "600"
    assert len(figure.fills(style.AREAS[0])) == 1


def test_all_areas_fit_in_fifteen_kilobytes_and_a_trend_in_four():
    assert (
        len(ranking(areas(91), statement("S", 20), CAPTION, setting(), chosen=("omrde03",)).encode())
        <= 15_000
    )
    sixteen = [[10 + n % 3 + 0.37 * n for n in range(16)]]
    assert (
        len(trend(lines(1, sixteen), series("S", sixteen[0]), CAPTION, setting(), events=EVENTS).encode())
        <= 4_096
    )


# -- the others -----------------------------------------------------------------------------


def test_ticks_of_a_spread_are_the_areas_and_a_name_stands_at_its_mark():
    everyone = [statement(n, v) for n, v in zip("ABCDE", (10, 12, 14, 20, 30), strict=True)]
    figure = Figure(
        spread(everyone, [("Dala", everyone[3])], statement("S", 15), CAPTION, setting(width=420))
    )
    [ticks] = [p for p in figure.strokes(style.CITY) if p.look.get("stroke-opacity") == "0.55"]
    places = [run[0][0] for run in ticks.runs]
    assert places == pytest.approx([6 + 408 * (v - 10) / 20 for v in (10, 12, 14, 20, 30)], abs=0.06)
    assert figure.text("Dala 20,0\u00a0%").left == pytest.approx(places[3] + 3, abs=0.1)
    assert {"10,0\u00a0%", "30,0\u00a0%", "Hela staden 15,0\u00a0%"} <= set(figure.said())


def test_equal_areas_have_one_place_in_a_spread():
    figure = Figure(spread([statement(n, 5.0) for n in "ABC"], [], None, CAPTION, setting()))
    assert figure.said().count("5,0\u00a0%") == 1


def test_bars_of_a_pyramid_are_as_long_as_their_shares():
    figure = Figure(pyramid(("0-9", "10+"), [10, 20], [5, None], CAPTION, setting(width=520)))
    [women] = figure.fills(style.AREAS[1])
    lengths = [run[1][0] - run[0][0] for run in women.runs]
    assert lengths[1] / lengths[0] == pytest.approx(2, abs=0.01)
    [men] = figure.fills("url(#f-men)")
    assert [run[0][0] - run[1][0] for run in men.runs] == pytest.approx([lengths[0] / 2], abs=0.2)
    assert figure.text("uppgift saknas").right < 260  # on the men's side


def test_a_gap_runs_from_the_best_to_the_worst_fifth():
    figure = Figure(gap(FIFTHS, ENDS, CAPTION, setting(), unit="%"))
    [runs] = [p.runs for p in figure.strokes(style.CITY) if p.look.get("stroke-width") == "3"]
    zero, ten = figure.text("0").x, figure.text("10").x
    ends = [tuple(10 * (x - zero) / (ten - zero) for x, _ in run) for run in runs]
    assert ends == [pytest.approx((6, 31), abs=0.1), pytest.approx((5.5, 28), abs=0.1)]
    assert "skyddad uppgift" in figure.said()


def test_bars_begin_at_zero_and_a_missing_one_is_a_word():
    rows = [Row("Ö", (amount(20), amount(10))), Row("H", (amount(None), amount(5)))]
    figure = Figure(before_after(rows, CAPTION, setting()))
    bars = [p.runs[0] for p in figure.fills(style.AREAS[0])[1:]]
    lengths = [run[1][0] - run[0][0] for run in bars]
    assert lengths[0] / lengths[1] == pytest.approx(2, abs=0.01)
    assert "skyddad uppgift" in figure.said()


def test_parts_stand_end_to_end_and_a_row_that_lacks_one_is_not_drawn():
    figure = Figure(contributions(STACK, ("Inkomst", "Utbildning", "Arbete"), CAPTION, setting()))
    boxes = [p.runs[0] for p in figure.paths if p.look.get("stroke") in style.AREAS[:3]][3:]
    assert len(boxes) == 3
    widths = [run[1][0] - run[0][0] for run in boxes]
    assert [w / widths[1] for w in widths] == pytest.approx([2, 1, 1.5], abs=0.02)
    assert [a[1][0] for a in boxes[:2]] == [b[0][0] for b in boxes[1:]]
    assert "skyddad uppgift" in figure.said()


def test_a_figure_that_is_too_long_loses_its_unit_and_no_digit() -> None:
    paper = sheet.Sheet(CAPTION, setting(width=sheet.PHONE))
    assert paper.fitted("1\u202f234\u202f567\u00a0kr") == "1\u202f234\u202f567\u00a0kr"
    long = paper.fitted("1\u202f234\u202f567\u00a0kronor per hushåll och år")
    assert long.startswith("1\u202f234\u202f567") and len(long) < 25
    assert paper.fitted("1\u202f234\u202f567\u202f890\u202f123\u00a0kronor") == "1\u202f234\u202f567\u202f890\u202f123"


def test_an_initiative_is_as_long_as_its_years():
    figure = Figure(timeline(EVENTS, CAPTION, setting(), span=(2010, 2020)))
    year = (figure.text("2020").x - figure.text("2010").x) / 10
    [bar] = [p for p in figure.strokes(style.AREAS[0]) if p.look.get("stroke-width") == "8"]
    (start, _), (end, _) = bar.runs[0]
    assert (start - figure.text("2010").x, end - start) == pytest.approx((2 * year, 4 * year), abs=0.3)
    assert any("inget slut angivet" in text for text in figure.said())
    assert any("år okänt" in text for text in figure.said())


# -- helpers --------------------------------------------------------------------------------


def test_widths_are_those_of_the_font_that_the_app_ships_with():
    import streamlit
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    [file] = (Path(streamlit.__file__).parent / "static/static/media").glob("SourceSansVF-Upright*.woff2")
    for weight, table in ((400, metrics.REGULAR), (600, metrics.BOLD)):
        font = instantiateVariableFont(TTFont(file), {"wght": weight})
        known, em = font.getBestCmap(), font["head"].unitsPerEm
        for width, characters in table.items():
            for c in characters:
                if ord(c) in known:
                    own = font["hmtx"][known[ord(c)]][0] * 1000 / em
                    assert own <= width <= 1.65 * own + 160, (weight, c)


def test_texts_are_wrapped_at_words_and_cut_only_where_they_must():
    assert metrics.wrap("Södervärn-Allmänna sjukhuset", 70, 13) == ["Södervärn-", "Allmänna", "sjukhuset"]
    assert metrics.wrap("", 70, 13) == []
    cut = metrics.shorten("Donaudampfschifffahrt", 60, 13)
    assert cut.endswith("…") and metrics.width(cut, 13) <= 60
    assert metrics.width("e\u0301", 10) == metrics.width("é", 10) > 0


@pytest.mark.parametrize(
    "values", [[0, 33], [12.3, 12.4], [-5, 5], [7, 7], [0, 0], [1e6, 3e6], [99.2, 99.9], [0.001, 0.002]]
)
def test_ticks_are_round_and_enclose_the_values(values):
    found = axis.ticks(values)
    assert found[0] <= min(values) and found[-1] >= max(values)
    assert 3 <= len(found) <= 9
    step = found[1] - found[0]
    assert all(b - a == pytest.approx(step) for a, b in zip(found, found[1:], strict=False))


def test_an_axis_never_magnifies_a_small_change():
    """2 109 homes that become 2 107 and then 2 109 again are a level line, not a valley."""
    assert axis.reach([2109, 2107, 2109]) == pytest.approx((1687.2, 2109))
    assert axis.reach([97.0, 95.5]) == pytest.approx((77.6, 97.0)), "a share's axis does not pass 100"
    assert axis.reach([-95.0, -97.0]) == pytest.approx((-97.0, -77.6))
    assert axis.reach([50.0, 80.0]) == (50.0, 80.0), "a difference that is large needs no more"
    assert axis.reach([4.0, 30.0]) == (0.0, 30.0)
    steps = axis.ticks([2109, 2107, 2109])
    assert steps[-1] - steps[0] >= 0.2 * 2109


def test_labels_are_moved_apart_as_little_as_possible():
    assert axis.apart([10, 50], [10, 10], 0, 100) == [10, 50]
    assert axis.apart([50, 50], [10, 10], 0, 100) == [45, 55]
    assert axis.apart([0, 1], [10, 10], 0, 100) == [5, 15]
    crowded = axis.apart([98, 99, 100, 20], [10] * 4, 0, 100)
    assert crowded == [75, 85, 95, 20]


def test_periods_and_dates_have_their_places_on_the_time_axis():
    assert [axis.year_of(p) for p in ("2022", "2022/23", "2022K3", "2022-07", "2022-07-31")] == [
        2022,
        2022.5,
        2022.5,
        2022.5,
        2022.5,
    ]


def test_a_setting_that_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="prefix '1 x' found"):
        setting(prefix="1 x")
    with pytest.raises(ValueError, match="width 100 found"):
        setting(width=100)


def test_made_up_figures_are_marked_in_every_figure_also_within_a_page():
    for name, svg in _made_up().items():
        assert "Påhittade siffror" in svg, name


def _made_up() -> dict[str, str]:
    made_up = replace(CAPTION, demonstration=True)
    place, one = setting(standalone=False), statement("A", 10.0)
    return {
        "trend": trend(lines(1), CITY, made_up, place),
        "ranking": ranking([one, statement("B", 2.0)], None, made_up, place),
        "compact": ranking([one], None, made_up, place, compact=True),
        "spread": spread([one], [], None, made_up, place),
        "pyramid": pyramid(("0",), [1], [2], made_up, place),
        "gap": gap(FIFTHS, ENDS, made_up, place),
        "course": course(range(2014, 2022), *WAYS, 2018, SHARE, made_up, place),
        "bars": before_after([Row("A", (amount(1), amount(2)))], made_up, place),
        "contributions": contributions([Row("A", (amount(1),))], ("x",), made_up, place),
        "timeline": timeline(EVENTS, made_up, place),
    }


def test_typst_draws_every_figure_with_its_markers():
    import io
    import json

    import typst
    from PIL import Image

    drawn = drawings(setting())
    pages = "".join(
        f'#image(bytes({json.dumps(svg, ensure_ascii=False)}), format: "svg", width: 480pt)\n#pagebreak(weak: true)\n'
        for svg in drawn.values()
    )
    source = f"#set page(width: 480pt, height: auto, margin: 0pt)\n{pages}"
    made = typst.compile(source.encode(), format="png", ppi=96)
    assert len(made) == len(drawn)
    for name, page in zip(drawn, made, strict=True):
        picture = Image.open(io.BytesIO(page)).convert("RGB")
        assert len(picture.getcolors(1_000_000)) > 20, name
        figure = Figure(drawn[name])
        for path in (
            p
            for p in figure.paths
            if p.marked and "stroke" not in p.look and "-paper" not in p.look["marker-start"]
        ):
            x, y = path.runs[0][0]
            assert picture.getpixel((round(x), round(y))) != (255, 255, 255), name
