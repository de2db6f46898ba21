"""Jämförelse: areas side by side, theme by theme, in the same year."""

from __future__ import annotations

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area, Indicator, Theme
from omradesbild.publish.document import Beside, Block, Document, Items, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import against, compare
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts.pen import Pen
from omradesbild.publish.report.frame import about, comment, framed, section
from omradesbild.publish.report.order import Order, Progress
from omradesbild.publish.style import AREAS
from omradesbild.words import t

SECTIONS = ("inledning", *(theme.value for theme in Theme), "diagram", "om")
CHARTS = 6


def document(statements: Statements, order: Order, house: House, progress: Progress) -> Document:
    """Set areas side by side."""
    pack, lang = statements.pack, order.lang
    areas = [pack.areas[a] for a in order.areas]
    shared = compare.shared_indicators(statements, areas)
    shown = [i for i in shared if i.id in order.indicators] if order.indicators else shared
    blocks: list[Block] = [Paragraph(against.rule(order.against, pack, lang)), *comment(order, "inledning")]
    notes = compare.overlaps(areas, pack, lambda a: a.name, lang)
    blocks += [Items(tuple(notes))] if notes else []
    for theme in Theme:
        heading = t(f"theme.{theme}", lang)
        own = [i for i in shown if i.theme == theme]
        table = compare.side_by_side(statements, areas, own, heading, lang, order.against)
        blocks += section(order, theme, heading, table)
    charts = _charts(statements, areas, order, shown)
    blocks += section(order, "diagram", t("compare.charts", lang), Beside(tuple(charts)) if charts else None)
    blocks += [*about(statements, order), *comment(order, "om")]
    title = t("report.compared", lang)
    subtitle = words.listing([a.name for a in areas], lang)
    return framed(statements, order, house, title, subtitle, blocks, "jamfor")


def _charts(statements: Statements, areas: list[Area], order: Order, shown: list[Indicator]) -> list:
    if len(areas) > len(AREAS):
        return []
    pen = Pen(order.lang, width=360)
    first = {i.theme: i for i in reversed(shown)}
    headline = [i for i in shown if i.id in statements.pack.info.headline]
    chosen = shown if order.indicators else list({i.id: i for i in [*headline, *first.values()]}.values())
    long = [i for i in chosen if max(len(statements.periods_of(a.id, i.id)) for a in areas) > 2]
    drawn = (parts.move(statements, areas, i, pen) for i in long)
    return [figure for figure in drawn if figure is not None][:CHARTS]
