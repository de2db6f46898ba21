"""The pages about the edition itself: how figures are made, the files, and how accessible it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area, Flag, Level
from omradesbild.publish import html, tables
from omradesbild.publish.document import Link, Table, in_swedish
from omradesbild.publish.site import addresses
from omradesbild.publish.site.file import File
from omradesbild.publish.site.pages import area
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Nowhere, Page, Place, folded, links, paragraphs, section, written
from omradesbild.words import t

#: The method in plain words, a heading and a text each.
METHOD = ("areas", "chance", "compare", "trend", "hidden", "break", "not")


def figures(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page about the figures: method, marks and sources."""
    place, pack = Place("om", lang), statements.pack
    lead = t("site.about_lead", lang)
    method = "".join(
        f"<h3>{escape(t(f'site.method_{name}_title', lang))}</h3>{paragraphs([t(f'site.method_{name}', lang)])}" for name in METHOD
    )
    marks = [(flag.value, words.flag_words(flag.value, lang)[0]) for flag in Flag]
    body = (
        paragraphs([lead], "lead")
        + section("metod", t("site.method", lang), method)
        + section("marken", t("data.marks", lang), html.facts(marks))
        + section("kallor", t("data.sources", lang), _sources(statements, lang))
        + section("utgava", t("site.edition", lang), paragraphs(tables.about_lines(pack, lang)))
    )
    return written(Page(place, t("site.menu_om", lang), lead, body), pack, settings)


def _sources(statements: Statements, lang: str) -> str:
    rows = tuple(
        (Link(in_swedish(s.title, lang), s.url), s.publisher, s.table or "", s.licence, words.dates(s.retrieved), s.cycle.get(lang) if s.cycle else "")
        for s in statements.pack.sources.values()
    )
    columns = tuple(t(f"column.{c}", lang) for c in ("source", "publisher", "table", "licence", "retrieved", "cycle"))
    return html.table(Table(t("data.sources", lang), columns, rows, wide=(0,)))


def data(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page with everything to download."""
    place, pack = Place("data", lang), statements.pack
    lead = t("site.data_lead", lang)
    whole = [(place.file(path), t(f"site.data_{key}", lang)) for path, key in addresses.WHOLE]
    whole.append((place.to("andringar"), t("site.changes", lang)))
    whole += [(settings.absolute(addresses.page("utgavor", lang)), t("site.editions", lang))] if settings.address else []
    rows = tuple(
        (
            Link(i.title.get(lang), place.to(f"indikator/{i.id}")),
            *(Link(e.upper(), place.file(path), i.title.get(lang)) for e, path in addresses.offered("indikator", i.id, lang).items()),
        )
        for i in pack.indicators.values()
    )
    columns = (t("column.title", lang), *(e.upper() for e in addresses.ENDINGS))
    by_level = "".join(_areas_files(areas, level, place) for level, areas in area.by_level(statements).items())
    body = (
        paragraphs([lead], "lead")
        + section("allt", t("site.data_whole", lang), links(whole))
        + section("matt", t("data.all", lang), html.table(Table(t("data.all", lang), columns, rows)))
        + section("omraden", t("site.menu_start", lang), by_level)
        + section("aterbruk", t("site.reuse", lang), paragraphs([t("site.reuse_text", lang)]))
    )
    return written(Page(place, t("site.menu_data", lang), lead, body), pack, settings)


def _areas_files(areas: Sequence[Area], level: Level, place: Place) -> str:
    """Write, to unfold, the files of every area of a level."""
    lang, name = place.lang, words.level(level, place.lang, "title")
    rows = tuple(
        (
            Link(a.name, place.to(f"omrade/{a.id}")),
            *(Link(e.upper(), place.file(path), a.name) for e, path in addresses.offered("omrade", a.id, lang).items()),
        )
        for a in areas
    )
    columns = (t("column.area_name", lang), *(e.upper() for e in addresses.ENDINGS))
    return folded(f"{name} ({len(areas)})", html.table(Table(name, columns, rows)))


def accessibility(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the accessibility statement that the law asks for, with what the municipality has not filled in marked."""
    place, pack = Place("tillganglighet", lang), statements.pack
    publisher = _filled(settings.publisher, "publisher", lang)
    lead = t("site.dos_lead", lang, name="{name}")
    reviewed = settings.reviewed.isoformat() if settings.reviewed else ""
    known = "".join(f"<li>{escape(text.get(lang))}</li>" for text in settings.shortcomings)
    mail = f'<a href="mailto:{escape(settings.contact)}">{escape(settings.contact)}</a>'
    contact = mail if settings.contact else _filled("", "contact", lang)
    phone = f", {escape(settings.phone)}" if settings.phone else ""
    review = escape(t("site.dos_reviewed", lang, date="{date}", name="{name}"))
    review = review.replace("{date}", _filled(reviewed, "reviewed", lang)).replace("{name}", _filled(settings.reviewer, "reviewer", lang))
    if not settings.reviewed:
        status = t("site.dos_not_reviewed", lang)
    else:
        status = t("site.dos_partly" if known else "site.dos_fully", lang)
    body = (
        f"<p class=lead>{escape(lead).replace('{name}', publisher)}</p>"
        + section("hur", t("site.dos_how", lang), paragraphs([status]))
        + section("brister", t("site.dos_known", lang), f"<ul>{known}</ul>" if known else "")
        + section("kontakt", t("site.dos_contact", lang), f"<p>{escape(t('site.dos_write', lang))} {contact}{phone}</p>")
        + section("tillsyn", t("site.dos_supervision", lang), f'<p>{escape(t("site.dos_digg", lang))} <a href="https://www.digg.se/tdosanmalan">digg.se/tdosanmalan</a></p>')
        + section("teknik", t("site.dos_technical", lang), paragraphs([t("site.dos_standard", lang)]))
        + section("prov", t("site.dos_tested", lang), f"<p>{review}</p>{paragraphs([t('site.dos_machine', lang)])}")
    )
    return written(Page(place, t("site.accessibility", lang), lead.replace("{name}", settings.publisher or pack.info.title.get(lang)), body), pack, settings)


def missing(statements: Statements, settings: Settings) -> File:
    """Give the page that a web server shows where there is none, with ways on."""
    place, lead = Nowhere("404", root=settings.root), t("site.missing_lead")
    ways = [
        (place.to(""), t("site.find")),
        (place.to("indikator"), t("site.indicators")),
        (place.to("utgavor"), t("site.editions")),
    ]
    body = paragraphs([lead], "lead") + links(ways)
    return written(Page(place, t("site.missing"), lead, body), statements.pack, settings)


def _filled(value: str, name: str, lang: str) -> str:
    """Write what the municipality has filled in, or a mark that says what is missing."""
    return escape(value) or f"<span class=unfilled>[{escape(t(f'site.fill_{name}', lang))}]</span>"
