"""What every meeting document has around its own: facts, versions, link, and the orderer's comments."""

from __future__ import annotations

from functools import lru_cache

from omradesbild import METHOD_VERSION, link
from omradesbild.analyse.statements import Statements
from omradesbild.model import Level
from omradesbild.pack import Pack
from omradesbild.publish import tables
from omradesbild.publish.document import Block, Comment, Document, Heading, Paragraph
from omradesbild.publish.house import House
from omradesbild.publish.parts import against
from omradesbild.publish.report.order import Order
from omradesbild.publish.shapes import Shapes, shapes
from omradesbild.words import t


@lru_cache(maxsize=4)
def drawn(statements: Statements) -> Shapes:
    """Return the shapes of a pack, kept."""
    return shapes(statements.pack)


def framed(
    statements: Statements, order: Order, house: House, title: str, subtitle: str, blocks: list[Block], page: str
) -> Document:
    """Return a document of blocks; `page` is the page of the app that its link opens."""
    pack, lang = statements.pack, order.lang
    facts = ((name, getattr(order, name)) for name in ("date", "reference", "committee", "recipient"))
    chosen = () if order.template == "yttrande" else limits(order, pack)  # a reply's head is the city's form
    areas = order.areas[: link.MAX_AREAS]
    own = tuple(pack.areas[a] for a in areas if pack.areas[a].level is Level.CUSTOM)
    view = link.View(areas=areas, own=own, initiative=order.initiative, against=order.against, lang=lang)
    return Document(
        title=order.title.strip() or title,
        subtitle=subtitle,
        facts=(*((t(f"report.{name}", lang), value) for name, value in facts if value), *chosen),
        blocks=tuple(blocks),
        versions=(tables.version_of(pack, lang), t("report.method", lang, method=METHOD_VERSION)),
        link=link.address(page, view, pack),
        statements=statements,
        lang=lang,
        date=order.date,
        demonstration=pack.info.demonstration,
        house=house,
    )


def limits(order: Order, pack: Pack) -> tuple[tuple[str, str], ...]:
    """Say which years figures are from and what they are compared with, where that was chosen."""
    other = against.name(order.against, pack, order.lang) if order.against else ""
    said = (("years", _years(order)), ("against", other))
    return tuple((t(f"report.{name}", order.lang), value) for name, value in said if value)


def _years(order: Order) -> str:
    """Write which years a document's figures are of; empty where it has all that there are."""
    if order.since == order.until:
        return order.since
    name = "between" if order.since and order.until else "since" if order.since else "until"
    return t(f"report.years_{name}", order.lang, since=order.since, until=order.until)


def comment(order: Order, section: str, area: str = "") -> list[Block]:
    """Return the orderer's own words about a section, those about one area's before those about all's."""
    text = order.comments.get(f"{area}/{section}") or order.comments.get(section)
    return [Comment(text)] if text else []


def section(order: Order, name: str, heading: str, *found: Block | None, level: int = 1, area: str = "") -> list[Block]:
    """Return a section: its heading, what was found and the orderer's words; nothing where there are neither."""
    inside = [*(block for block in found if block is not None), *comment(order, name, area)]
    return [Heading(heading, level), *inside] if inside else []


def about(statements: Statements, order: Order) -> list[Block]:
    """Say what holds for every figure of a document."""
    info, lang = statements.pack.info, order.lang
    said = [line for line in tables.about_lines(statements.pack, lang)[1:] if line not in info.attributions]
    if order.against:  # what is compared with stands in the document
        said.remove(t("file.comparison", lang))
    borders = t("report.borders", lang, names=", ".join(info.attributions))
    return [Heading(t("report.about", lang)), *(Paragraph(x, note=True) for x in (t("report.about_gate", lang), *said, borders))]
