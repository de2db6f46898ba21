"""Prioriteringsunderlag: a list that somebody has kept, or the clear challenges of some areas."""

from __future__ import annotations

from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.priorities import Challenge
from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Block, Document, Heading, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import priority
from omradesbild.publish.report.frame import about, comment, framed, section
from omradesbild.publish.report.order import Order, Progress
from omradesbild.words import t

SECTIONS = ("inledning", "lista", "sa-avgjordes", "om")


def document(statements: Statements, order: Order, house: House, progress: Progress) -> Document:
    """Set out what areas need first."""
    pack, lang = statements.pack, order.lang
    chosen = order.priorities
    found, rest = priority.listed(statements, chosen) if chosen else (_own(statements, order), [])
    rule = t("report.list_intro" if chosen else "report.priorities_intro", lang)
    blocks: list[Block] = [Paragraph(rule), *comment(order, "inledning")]
    blocks += [Paragraph(chosen.note)] if chosen and chosen.note else []
    if chosen and (chosen.pack, chosen.version) != (pack.info.id, pack.info.version):
        blocks.append(Paragraph(t("report.other_version", lang, found=f"{chosen.pack} {chosen.version}"), note=True))
    heading = chosen.name if chosen else t("report.challenges", lang)
    blocks += [Heading(heading)]
    blocks += [priority.challenges(statements, found, heading, lang)] if found else [Paragraph(t("priority.none", lang))]
    without = [pack.areas[a].name for a in order.areas if a not in {c.statement.area.id for c, _ in found}]
    if found and without:
        blocks.append(Paragraph(t("report.no_challenges", lang, areas=words.listing(without, lang))))
    blocks += priority.under_way(statements, [c for c, _ in found], lang) if found else []
    blocks += [*priority.others(statements, rest, lang), *comment(order, "lista")]
    why = priority.why(statements, found, lang) if found else []
    blocks += section(order, "sa-avgjordes", t("column.why", lang), *why)
    blocks += [*about(statements, order), *comment(order, "om")]
    names = list(dict.fromkeys(c.statement.area.name for c, _ in found))
    subtitle = words.listing(names, lang) if len(names) <= 6 else t("report.number_of_areas", lang, number=len(names))
    return framed(statements, order, house, t("priority.title", lang), subtitle, blocks, "prioriteringar")


def _own(statements: Statements, order: Order) -> list[tuple[Challenge, str]]:
    return [(c, "") for area in order.areas for c in priorities.of_area(statements, area) if _asked(c, order)]


def _asked(c: Challenge, order: Order) -> bool:
    return not order.indicators or c.statement.indicator.id in order.indicators
