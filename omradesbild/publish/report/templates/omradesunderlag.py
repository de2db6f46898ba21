"""Områdesunderlag: what is known about one or several areas, at most four pages each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice

from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area, Indicator, Kind, Theme
from omradesbild.publish.document import Beside, Block, Document, Figure, Heading, PageBreak, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts.pen import Pen
from omradesbild.publish.report import frame
from omradesbild.publish.report.frame import about, comment, drawn, framed
from omradesbild.publish.report.order import NO_AREA, Order, Progress
from omradesbild.words import t

#: What comments can be given for, each but the last also as ``area/section``.
SECTIONS = ("korthet", "lage", "nyckeltal", "utveckling", "aldrar", "insatser", "polisen", "om")
#: So many charts over time, two in a row; fewer where initiatives and the police's list need the room.
CHARTS, FEWER = 6, 4
#: So many key figures and initiatives, where an area has more.
FIGURES, INITIATIVES = 40, 6
#: The width of the picture of ages, in its own units: it stands in half a page.
HALF = 400
#: So many areas are named below the heading; of more their number is told.
NAMED = 6


def document(statements: Statements, order: Order, house: House, progress: Progress) -> Document:
    """Set out one or several areas."""
    pack, lang = statements.pack, order.lang
    areas = [pack.areas[a] for a in order.areas]
    city = pack.areas[pack.info.city].name
    one = len(areas) == 1
    blocks: list[Block] = []
    for n, area in enumerate(areas):
        blocks += [] if one else [*([PageBreak()] if n else []), Heading(area.name)]
        blocks += _area(statements, area, order, 1 if one else 2)
        progress(n + 1, len(areas), area.name)
    blocks += [*about(statements, order), *comment(order, "om")]
    if one:
        title = t("report.of_area", lang, area=areas[0].name)
        subtitle = t("report.area_subtitle", lang, kind=words.level(areas[0].level, lang), city=city)
    else:
        title = t("report.of_areas", lang)
        number = t("report.areas_number", lang, number=len(areas), city=city)
        subtitle = f"{number}: {words.listing([a.name for a in areas], lang)}" if len(areas) <= NAMED else number
    return framed(statements, order, house, title, subtitle, blocks, "omrade" if one else "jamfor")


def _area(statements: Statements, area: Area, order: Order, level: int) -> list[Block]:
    pen, lang = Pen(order.lang, width=360), order.lang
    section = partial(frame.section, order, level=level, area=area.id)
    initiatives = parts.initiatives(statements, area, lang, INITIATIVES)
    police = parts.police(statements, area, lang)
    most = FEWER if initiatives and police else CHARTS
    against = order.against if order.against != area.id else ""
    beside = [statements.pack.areas[against]] if against not in NO_AREA else []
    drawn_ = (parts.move(statements, [area], i, pen, beside=beside) for i in _moving(statements, area, order))
    charts = list(islice(filter(None, drawn_), most + 1))
    ages = parts.ages(statements, area, replace(pen, width=HALF))
    people = _people(statements, charts) if ages else None
    moving = [figure for figure in charts if figure is not people][:most]
    moves = Beside(tuple(moving)) if moving else Paragraph(t("report.moves_none", lang))
    inhabitants = Beside(tuple(filter(None, (ages, people)))) if ages else None
    known = parts.known_indicators(statements, area)
    usual = known if len(known) <= FIGURES else parts.telling(statements, area)[:FIGURES]
    indicators = [statements.pack.indicators[i] for i in order.indicators] or usual
    place = parts.where(statements, drawn(statements), area, pen)
    return [
        Paragraph(parts.lead(area, statements.pack, lang)),
        *section("korthet", t("summary.heading", lang), parts.in_short(statements, area, lang), place),
        *section("lage", t("report.standing", lang), parts.standing(statements, area, lang, against)),
        *section(
            "nyckeltal", t("area.key_figures", lang), parts.key_figures(statements, area, indicators, lang, against=against),
            parts.without_figures(statements, area, indicators, lang),
        ),
        *section("aldrar", t("report.inhabitants", lang), inhabitants),
        *section("utveckling", t("report.moves", lang), moves),
        *section("insatser", t("area.initiatives", lang), initiatives),
        *section("polisen", t("report.police", lang), police),
    ]


def _people(statements: Statements, charts: list[Figure]) -> Figure | None:
    """Return the chart of how many live in an area, which belongs with their ages; None where it is not among the charts."""
    pack = statements.pack
    ids = {i.id for i in pack.indicators.values() if i.kind is Kind.COUNT and i.theme is Theme.POPULATION}
    return next((f for f in charts if {s.indicator.id for s in f.rests_on} <= ids), None)


def _moving(statements: Statements, area: Area, order: Order) -> list[Indicator]:
    """Choose measures to follow over time: those asked for, else challenges, headlines, and the first of each theme."""
    indicators = statements.pack.indicators
    if order.indicators:
        return [indicators[i] for i in order.indicators]
    known = parts.known_indicators(statements, area)
    city = area.id == statements.pack.info.city
    clear = [] if city else [c.statement.indicator.id for c in priorities.of_area(statements, area.id)]
    first = {i.theme: i.id for i in reversed(known)}
    ids = dict.fromkeys([*clear, *statements.pack.info.headline, *first.values(), *(i.id for i in known)])
    return [indicators[i] for i in ids if len(statements.periods_of(area.id, i)) > 2]
