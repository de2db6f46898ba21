"""Prioriteringsunderlag: a list that somebody has kept, or the clear challenges of some areas."""

from __future__ import annotations

from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.priorities import Challenge, Entry
from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Block, Document, Heading, Items, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import priority
from omradesbild.publish.report.frame import about, comment, framed
from omradesbild.publish.report.order import Order
from omradesbild.words import t

SECTIONS = ("inledning", "lista", "sa-avgjordes", "om")


def document(statements: Statements, order: Order, house: House) -> Document:
    """Set out what areas need first."""
    pack, lang = statements.pack, order.lang
    chosen = order.priorities
    found, lost = _chosen(statements, order) if chosen else (_own(statements, order), [])
    blocks: list[Block] = [Paragraph(t("report.priorities_intro", lang)), *comment(order, "inledning")]
    blocks += [Paragraph(chosen.note)] if chosen and chosen.note else []
    if chosen and (chosen.pack, chosen.version) != (pack.info.id, pack.info.version):
        blocks.append(Paragraph(t("report.other_version", lang, found=f"{chosen.pack} {chosen.version}"), note=True))
    blocks += [Items(tuple(t("report.lost", lang, row=row) for row in lost))] if lost else []
    heading = chosen.name if chosen else t("report.challenges", lang)
    blocks += [Heading(heading)]
    blocks += [priority.challenges(statements, found, heading, lang)] if found else [Paragraph(t("priority.none", lang))]
    blocks += comment(order, "lista")
    if found:
        blocks += [Heading(t("column.why", lang)), *_why(statements, found, lang), *comment(order, "sa-avgjordes")]
    blocks += [*about(statements, lang), *comment(order, "om")]
    names = list(dict.fromkeys(c.statement.area.name for c, _ in found))
    subtitle = words.listing(names, lang) if len(names) <= 6 else t("report.number_of_areas", lang, number=len(names))
    return framed(statements, order, house, t("priority.title", lang), subtitle, blocks, "prioriteringar")


def _own(statements: Statements, order: Order) -> list[tuple[Challenge, str]]:
    return [(c, "") for area in order.areas for c in priorities.of_area(statements, area) if _asked(c, order)]


def _asked(c: Challenge, order: Order) -> bool:
    return not order.indicators or c.statement.indicator.id in order.indicators


def _chosen(statements: Statements, order: Order) -> tuple[list[tuple[Challenge, str]], list[str]]:
    """Return the list's rows that are still clear challenges, and the names of those that are not."""
    pack = statements.pack
    entries = order.priorities.entries
    areas = [a for a in dict.fromkeys(e.area for e in entries) if a in pack.areas]
    known = {(a, c.statement.indicator.id): c for a in areas for c in priorities.of_area(statements, a)}
    found = [(known[e.area, e.indicator], e.note) for e in entries if (e.area, e.indicator) in known]
    return found, [_named(e, pack, order.lang) for e in entries if (e.area, e.indicator) not in known]


def _named(entry: Entry, pack, lang: str) -> str:
    area = pack.areas[entry.area].name if entry.area in pack.areas else entry.area
    known = pack.indicators.get(entry.indicator)
    said = f"{area}: {words.title(known, entry.group, lang) if known else entry.indicator}"
    return f"{said}. {entry.note}" if entry.note else said


def _why(statements: Statements, found: list[tuple[Challenge, str]], lang: str) -> list[Block]:
    """Say, area by area, what decided each row."""
    blocks: list[Block] = []
    areas = dict.fromkeys(c.statement.area.id for c, _ in found)
    for area in areas:
        own = [c for c, _ in found if c.statement.area.id == area]
        blocks.append(Heading(own[0].statement.area.name, 2))
        blocks.append(Items(tuple(_told(statements, c, lang) for c in own), tuple(c.statement for c in own)))
    return [*blocks, Paragraph(t("report.peers_note", lang), note=True)]


def _told(statements: Statements, c: Challenge, lang: str) -> str:
    names = priority.peer_names(statements, c, lang)
    peers = t("report.peers", lang, areas=names) if names else t("priority.no_peers", lang)
    title = words.title(c.statement.indicator, c.statement.group, lang)
    return f"{title}: {' '.join([*(priority.reason_text(r, c, lang) for r in c.why), peers])}"
