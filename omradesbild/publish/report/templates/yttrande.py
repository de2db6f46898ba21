"""Yttrande: a committee's written reply in the city's form. What people decide is theirs to write: it is left as marked fields."""

from __future__ import annotations

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Block, Document, Facts, Field, Heading, PageBreak, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts.pen import Pen
from omradesbild.publish.report.frame import about, comment, drawn, framed, limits
from omradesbild.publish.report.order import Order, Progress
from omradesbild.words import t

SECTIONS = ("sammanfattning", "yttrande", "bilaga", "om")
#: What stands before the reply where it is not known.
KNOWN = ("reference", "committee", "recipient")


def document(statements: Statements, order: Order, house: House, progress: Progress) -> Document:
    """Lay out a reply: its head, the human parts as they are written or else as fields, and the figures as an appendix."""
    pack, lang = statements.pack, order.lang
    areas = [pack.areas[a] for a in order.areas]
    names = words.listing([a.name for a in areas], lang)
    blocks: list[Block] = [_field(name, 1, lang) for name in KNOWN if not getattr(order, name)]
    blocks += [] if order.title else [_field("title", 1, lang)]
    for name, section, lines in (("summary", "sammanfattning", 4), ("reply", "yttrande", 8)):
        written = [Paragraph(line) for line in order.comments.get(section, "").splitlines() if line.strip()]
        blocks += [Heading(t(f"report.{name}", lang)), *(written or [_field(name, lines, lang)])]
    blocks += [Heading(t("report.signed", lang)), _field("chair", 1, lang), _field("secretary", 1, lang)]
    blocks += [Heading(t("report.reservations", lang)), _field("reservations", 2, lang)]
    blocks += [PageBreak(), Heading(t("report.appendix", lang, areas=names))]
    chosen = limits(order, pack)
    blocks += [Paragraph(t("report.appendix_note", lang)), *([Facts(chosen)] if chosen else []), *comment(order, "bilaga")]
    for n, area in enumerate(areas, start=1):
        shown = [pack.indicators[i] for i in order.indicators] or parts.telling(statements, area)
        blocks += [
            Heading(area.name, 2),
            Paragraph(parts.lead(area, pack, lang)),
            parts.in_short(statements, area, lang),
            parts.where(statements, drawn(statements), area, Pen(lang, width=360)),
            parts.key_figures(statements, area, shown, lang, against=order.against if order.against != area.id else ""),
        ]
        without = parts.without_figures(statements, area, shown, lang)
        blocks += [without] if without else []
        progress(n, len(areas), area.name)
    blocks += [*about(statements, order), *comment(order, "om")]
    title = t("report.reply_title", lang)
    return framed(statements, order, house, title, names, blocks, "omrade" if len(areas) == 1 else "jamfor")


def _field(name: str, lines: int, lang: str) -> Field:
    return Field(t(f"report.field_{name}", lang), t(f"report.hint_{name}", lang), lines)
