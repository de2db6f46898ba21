"""Insatsuppföljning: what an initiative is, before and after, and whether its area parted from others. Never why."""

from __future__ import annotations

from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Block, Document, Facts, Heading, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import followup as parts
from omradesbild.publish.parts.followed import follow
from omradesbild.publish.parts.pen import Pen
from omradesbild.publish.report.frame import about, comment
from omradesbild.publish.report.frame import framed as report
from omradesbild.publish.report.order import Order, Progress
from omradesbild.words import t

SECTIONS = ("insatsen", "fore-efter", "jamforelse", "om")


def document(statements: Statements, order: Order, house: House, progress: Progress) -> Document:
    """Follow an initiative up."""
    pack, lang = statements.pack, order.lang
    initiative = next(i for i in pack.initiatives if i.id == order.initiative)
    blocks: list[Block] = [Heading(t("report.register", lang)), Facts(parts.facts(initiative, pack, lang))]
    blocks += [Paragraph(t("area.in_swedish", lang), note=True)] if lang != "sv" else []
    blocks += comment(order, "insatsen")
    followed = follow(statements, initiative, Pen(lang), order.indicators)
    blocks += [*followed.compared, *comment(order, "fore-efter"), *followed.measures, *comment(order, "jamforelse")]
    blocks += [*about(statements, order), *comment(order, "om")]
    kind = t(f"initiative.{initiative.kind}", lang)
    return report(statements, order, house, initiative.title, f"{t('report.followup', lang)}: {kind}", blocks, "insatser")
