"""The lists of priorities that somebody has decided to publish, and a page for each."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.model import PublishedList
from omradesbild.publish import html
from omradesbild.publish.document import Comment, Link, Section, Table, in_swedish
from omradesbild.publish.parts import priority as parts
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, paragraphs, section, written
from omradesbild.words import t


def index(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page that names the published lists, the newest first; without any it says so and shows no order."""
    place, pack = Place("prioriteringar", lang), statements.pack
    found = sorted(pack.priorities, key=lambda each: each.published, reverse=True)
    intro = t("site.priorities_lead", lang)
    body = paragraphs([intro, _in_swedish(lang) if found else ""], "lead")
    body += "".join(section(each.id, in_swedish(each.chosen.name, lang), _entry(each, place)) for each in found)
    body += "" if found else paragraphs([t("site.priorities_none", lang)])
    return written(Page(place, t("priority.title", lang), intro, body), pack, settings)


def _entry(each: PublishedList, place: Place) -> str:
    rows = each.chosen.entries
    size = t("site.list_size", place.lang, rows=len(rows), areas=len({e.area for e in rows}))
    told = place.link(f"prioritering/{each.id}", t("site.list_open", place.lang, name=each.chosen.name))
    return paragraphs([_decided(each, place.lang), size]) + f"<p>{told}</p>"


def one(statements: Statements, settings: Settings, each: PublishedList, lang: str) -> File:
    """Give a list: who decided and when, its rows with the figures of this edition, and what decided each."""
    place, chosen = Place(f"prioritering/{each.id}", lang), each.chosen
    found, rest = parts.listed(statements, chosen)
    rule = paragraphs([t("report.list_intro", lang)])
    areas = list(dict.fromkeys(c.statement.area.name for c, _ in found))
    name = in_swedish(chosen.name, lang)
    table = parts.challenges(statements, found, in_swedish(f"{name}: {areas[0]}", lang) if len(areas) == 1 else name, lang)
    now = html.to_html(parts.under_way(statements, [c for c, _ in found], lang), lang)
    body = (
        paragraphs([_decided(each, lang), _in_swedish(lang)], "lead")
        + (html.to_html([Comment(in_swedish(chosen.note, lang))], lang) if chosen.note else "")
        + section("lista", t("order.section_lista", lang), rule + html.table(_linked(table, found, place)) + now if found else "")
        + section("inte-langre", t("report.no_longer", lang), html.to_html(parts.others(statements, rest, lang), lang))
        + section("sa-avgjordes", t("column.why", lang), html.to_html(parts.why(statements, found, lang), lang) if found else "")
        + paragraphs([t("site.list_made_from", lang, version=chosen.version)], "note")
        + _areas(statements, each, place)
        + f"<p>{place.link('prioriteringar', t('site.lists_all', lang))}</p>"
    )
    return written(Page(place, name, _decided(each, lang), body), statements.pack, settings)


def _decided(each: PublishedList, lang: str) -> str:
    return t("site.list_decided", lang, by=each.by, date=words.dates(each.published))


def _in_swedish(lang: str) -> str:
    return t("area.in_swedish", lang) if lang != "sv" else ""


def _linked(table: Table, found: list, place: Place) -> Table:
    """Let each measure's name lead to its page."""
    to = iter(place.to(f"indikator/{c.statement.indicator.id}") for c, _ in found)
    rows = (row if isinstance(row, Section) else (Link(row[0], next(to)), *row[1:]) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _areas(statements: Statements, each: PublishedList, place: Place) -> str:
    known = statements.pack.areas
    areas = [known[a] for a in dict.fromkeys(e.area for e in each.chosen.entries)]
    links = ", ".join(place.link(f"omrade/{area.id}", area.name) for area in areas)
    return f"<p>{escape(t('fact.areas', place.lang))}: {links}</p>"
