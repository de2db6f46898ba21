"""The register of initiatives, and a page for each that can be asked about before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omradesbild.analyse.followup import Refusal
from omradesbild.analyse.statements import Statements
from omradesbild.model import Initiative
from omradesbild.pack import Pack
from omradesbild.publish import html
from omradesbild.publish.document import Block, Figure, Link, Table, in_swedish
from omradesbild.publish.figures.sheet import Caption
from omradesbild.publish.figures.timeline import timeline
from omradesbild.publish.parts import followup
from omradesbild.publish.parts.followed import MEASURES, follow
from omradesbild.publish.parts.pen import Pen, framed
from omradesbild.publish.site import addresses, embed
from omradesbild.publish.site.embed import Embeds
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, contents, paragraphs, section, written
from omradesbild.words import t


def never(statements: Statements, initiative: Initiative) -> Refusal | None:
    """Return why an initiative cannot be followed whatever the measure; None where it has a page of its own."""
    states = followup.states(statements, initiative).values()
    return next((r for r in states if r is not None and r.code in followup.ALWAYS), None)


def index(statements: Statements, settings: Settings, lang: str) -> Iterator[File]:
    """Give the register – what, when, where, by whom, from which source, and where the follow-up is – and its picture."""
    place, pack = Place("insatser", lang), statements.pack
    embeds = Embeds(settings, pack, place)
    found = sorted(pack.initiatives, key=lambda i: (i.start or "9999", i.id))
    intro = t("register.intro", lang)
    body = paragraphs([intro, t("area.in_swedish", lang) if lang != "sv" else ""], "lead")
    body += contents([(i.id, in_swedish(i.title, lang)) for i in found], lang) if found else paragraphs([t("register.empty", lang)])
    body += section("nar", t("register.timeline", lang), _timeline(found, embeds), class_="broad")
    body += f"<div class=cards>{''.join(section(i.id, in_swedish(i.title, lang), _entry(statements, i, place)) for i in found)}</div>"
    yield written(Page(place, t("register.title", lang), intro, body), pack, settings)
    if found:
        drawn = _drawn(found, pack, embed.pen(lang))
        yield embeds.file(addresses.timeline_chart(lang), drawn, drawn.title)


def _timeline(found: Sequence[Initiative], embeds: Embeds) -> str:
    """Draw when each was, where the screen has room; the dates stand in words below, initiative by initiative."""
    if not found:
        return ""
    lang = embeds.place.lang
    drawn = _drawn(found, embeds.pack, Pen(lang, "web"))
    return html.figure(drawn, embeds.snippet(addresses.timeline_chart(lang), drawn.title, drawn.alt))


def _drawn(found: Sequence[Initiative], pack: Pack, pen: Pen) -> Figure:
    number = len(found)
    title, alt = t("register.timeline_title", pen.lang, number=number), t("register.timeline_alt", pen.lang, number=number)
    around = Caption(title, alt, demonstration=pack.info.demonstration)
    return framed(timeline(found, around, pen.setting("timeline")), around)


def _entry(statements: Statements, initiative: Initiative, place: Place) -> str:
    refusal = never(statements, initiative)
    if refusal is not None:
        return _facts(statements, initiative, place) + paragraphs([followup.refused(refusal, place.lang)], "note")
    told = place.link(f"insats/{initiative.id}", t("site.followed_up", place.lang, title=initiative.title))
    return f"{_facts(statements, initiative, place)}<p>{told}</p>"


def _facts(statements: Statements, initiative: Initiative, place: Place) -> str:
    """Write what the register says about an initiative, and lead to its source and its areas."""
    lang, pack = place.lang, statements.pack
    *facts, (label, source) = followup.facts(initiative, pack, lang)
    facts.append((label, Link(source, initiative.source_url)))
    where = t("fact.areas", lang)
    areas = ", ".join(place.link(f"omrade/{a}", pack.areas[a].name) for a in initiative.areas)
    if not areas:
        return html.facts(facts)
    return html.facts([fact for fact in facts if fact[0] != where]) + f"<p>{where}: {areas}</p>"


def one(statements: Statements, settings: Settings, initiative: Initiative, lang: str) -> Iterator[File]:
    """Give the follow-up of an initiative – before and after in a few measures, and which can be followed – and its charts."""
    place = Place(f"insats/{initiative.id}", lang)
    embeds = Embeds(settings, statements.pack, place)
    followed = follow(statements, initiative, Pen(lang, "web"))
    some = any(isinstance(block, Table) for block in followed.compared)
    notes = [t("site.followed_rule", lang, number=MEASURES) if some else "", t("area.in_swedish", lang) if lang != "sv" else ""]
    body = (
        section("registret", t("report.register", lang), _facts(statements, initiative, place))
        + f"<section id=uppfoljning>{_compared(followed.compared, initiative, embeds)}</section>{paragraphs(notes, 'note')}"
        + f"<section id=matt>{html.to_html(followed.measures, lang)}</section>"
        + f"<p>{place.link('insatser', t('register.title', lang))}</p>"
    )
    description = f"{initiative.title}. {initiative.place}"
    yield written(Page(place, in_swedish(initiative.title, lang), description, body), statements.pack, settings)
    for block in follow(statements, initiative, embed.pen(lang)).compared:
        if isinstance(block, Figure):
            yield embeds.file(_chart(initiative, block, lang), block, f"{initiative.title}: {block.title}")


def _compared(blocks: Sequence[Block], initiative: Initiative, embeds: Embeds) -> str:
    """Write the follow-up, and under each of its charts how others show it."""
    lang = embeds.place.lang
    return "\n".join(
        html.figure(b, embeds.snippet(_chart(initiative, b, lang), b.title, b.alt)) if isinstance(b, Figure) else html.to_html([b], lang)
        for b in blocks
    )


def _chart(initiative: Initiative, figure: Figure, lang: str) -> str:
    """Return the picture of a measure's follow-up that others may embed."""
    return addresses.initiative_chart(initiative.id, figure.rests_on[0].indicator.id, lang)
