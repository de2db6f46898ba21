"""The page about the police's list: edition by edition, conditions, changes, borders and criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise

from omradesbild.analyse.statements import Statements
from omradesbild.publish import html
from omradesbild.publish.document import Link, Section, Table, in_swedish
from omradesbild.publish.parts import police as parts
from omradesbild.publish.parts.pen import source_line
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, contents, folded, paragraphs, section, written
from omradesbild.words import t


def police(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page of the police's list: edition by edition, beside measured conditions, with criteria and critique."""
    place, pack = Place("polislistan", lang), statements.pack
    intro = t("police.intro", lang)
    body = paragraphs([intro, *([t("police.caution", lang)] if pack.police else [])], "lead")
    listed = [
        ("upplagor", t("police.strip", lang), _editions(statements, lang)),
        ("forhallanden", t("police.conditions", lang), _conditions(statements, place)),
        ("andringar", t("police.moves", lang), _changes(statements, lang)),
        ("granser", t("police.borders", lang), _borders(statements, place)),
        ("kriterier", t("police.criteria", lang), html.table(parts.criteria(lang))),
    ]
    if pack.police:
        body += contents([(id_, heading) for id_, heading, _ in listed], lang) + "".join(section(*part) for part in listed)
    else:
        body += paragraphs([t("police.none", lang)])
    return written(Page(place, t("police.title", lang), intro, body), pack, settings)


def _editions(statements: Statements, lang: str) -> str:
    """Set out the class of each of the police's areas in every edition, and how people live inside its border."""
    pack, rows, told, shown = statements.pack, [], [], []
    for id_, name in parts.names(pack).items():
        rows.append((name, *(parts.category(parts.entry_of(pack, id_, e.edition), lang) for e in pack.police)))
        inside = parts.figures_inside(statements, id_)
        shown += [s for own in inside for s in own]
        said = (parts.condition(statements, own, lang) for own in inside)
        items = "".join(f"<li><b>{escape(title)}:</b> {escape(text)}</li>" for title, text in said)
        none = paragraphs([t("police.no_figures", lang)], "note")
        told.append(f"<h3>{escape(name)}</h3>{f'<ul>{items}</ul>' if items else none}")
    notes = tuple(f"{e.edition}: {e.note.get(lang)}" for e in pack.police if e.note)
    columns = (t("column.police_area", lang), *(e.edition for e in pack.police))
    sources = {entry.source: entry.source_url for edition in pack.police for entry in edition.entries}
    named = ", ".join(html.inline(Link(in_swedish(name, lang), url)) for name, url in sources.items())
    table = html.table(Table(t("police.strip_table", lang), columns, tuple(rows), notes=notes))
    below = folded(t("site.police_inside", lang), "".join(told) + paragraphs([source_line(shown, lang)], "source"))
    return f"{table}<p class=source>{t('police.sources', lang)} {named}</p>{below}"


def _conditions(statements: Statements, place: Place) -> str:
    found = parts.likeness(statements)
    if found is None:
        return paragraphs([t("police.no_conditions", place.lang)])
    areas = (statements.pack.info.city, *found.listed, *found.left, *found.alike)
    table = parts.conditions(statements, found, place.lang)
    return paragraphs([parts.rule(found, place.lang)]) + html.table(_to_areas(table, areas, statements, place))


def _to_areas(table: Table, areas: Sequence[str], statements: Statements, place: Place) -> Table:
    """Let the rows that are named as one of these areas lead to its page."""
    to = {statements.pack.areas[a].name: place.to(f"omrade/{a}") for a in areas}
    rows = (
        row if isinstance(row, Section) or row[0] not in to else (Link(row[0], to[row[0]]), *row[1:]) for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _changes(statements: Statements, lang: str) -> str:
    """Set out every change of the list, and what can and cannot be said about the conditions around it."""
    pack, body = statements.pack, paragraphs([t("police.moves_note", lang)])
    for since, until in pairwise(pack.police):
        body += f"<h3>{escape(t('police.since', lang, since=since.edition, until=until.edition))}</h3>"
        own = [(move, found) for move, found in parts.changes(statements) if move.until == until]
        for move, found in own:
            body += f"<h4>{escape(parts.heading(move, pack, lang))}</h4>"
            body += paragraphs(parts.told(move, found, pack, lang), "note")
            table = parts.followed(move, found, lang) if found else None
            body += folded(table.caption, html.table(table)) if table else ""
        body += "" if own else paragraphs([t("police.nothing_moved", lang)], "note")
    return body


def _borders(statements: Statements, place: Place) -> str:
    """Set out how much of each basic area's surface lay inside the border, edition by edition."""
    lang, pack = place.lang, statements.pack
    table = parts.borders(pack, lang)
    if table is None:
        return paragraphs([t("police.no_borders", lang)])
    areas = [a for id_ in parts.names(pack) for a in parts.touched(pack, id_)]
    shown = html.table(_to_areas(table, areas, statements, place))
    return paragraphs([t("police.borders_note", lang)]) + folded(table.caption, shown)
