"""The page of the council's goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from omradesbild import words
from omradesbild.analyse.followup import under_way
from omradesbild.analyse.statements import Statements
from omradesbild.model import Goal, Initiative
from omradesbild.publish import html
from omradesbild.publish.document import Link, Table, in_swedish
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import goals as goal_parts
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, contents, folded, paragraphs, section, written
from omradesbild.words import t


def goals(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page of the council's goals."""
    place, pack = Place("mal", lang), statements.pack
    listed = [(goal.id, goal.title.get(lang), _goal(statements, goal, place)) for goal in pack.goals]
    intro = t("goals.intro", lang)
    body = paragraphs([intro], "lead") + (
        contents([(id_, title) for id_, title, _ in listed], lang) + "".join(section(*part) for part in listed)
        if listed
        else paragraphs([t("goals.none", lang)])
    )
    return written(Page(place, t("goals.title", lang), intro, body), pack, settings)


def _goal(statements: Statements, goal: Goal, place: Place) -> str:
    lang, pack = place.lang, statements.pack
    table = goal_parts.city(statements, goal, lang)
    body = f"<p><b>{escape(goal.text.get(lang))}</b></p>"
    body += html.table(_linked(table, f"{goal.title.get(lang)}: {table.caption}", place)) if table else paragraphs([t("goals.no_figures", lang)])
    apart = goal_parts.areas(statements, goal, lang)
    said = html.table(replace(apart, caption=f"{goal.title.get(lang)}: {apart.caption}")) if apart else paragraphs([t("goals.only_city", lang)])
    body += section(f"{goal.id}-mellan", t("goals.areas", lang), said, level=3)
    body += section(f"{goal.id}-gors", t("goals.initiatives", lang), _done(statements, goal, place), level=3)
    left_out = paragraphs([goal.not_measured.get(lang)])
    body += section(f"{goal.id}-mats-inte", t("goals.not_measured", lang), left_out, level=3)
    source = escape(t("overview.goal_source", lang, source=goal.source))
    link = f'<a href="{escape(goal.source_url)}">{source}</a>' if goal.source_url else source
    broken = [b for b in pack.breaks if not b.areas and set(b.indicators) & set(goal.indicators)]
    said = "".join(f"<li>{escape(f'{b.period}: {b.text.get(lang)}')}</li>" for b in broken)
    body += f"<p class=note>{t('goals.breaks', lang)}</p><ul class=note>{said}</ul>" if said else ""
    return body + f"<p class=source>{link}</p>"


def _linked(table: Table, caption: str, place: Place) -> Table:
    """Let each measure's name lead to its page, under a caption that only this table has."""
    pairs = zip(table.rows, table.rests_on, strict=True)
    rows = ((Link(row[0], place.to(f"indikator/{s.indicator.id}")), *row[1:]) for row, s in pairs)
    return replace(table, caption=caption, rows=tuple(rows))


def _done(statements: Statements, goal: Goal, place: Place) -> str:
    lang, pack = place.lang, statements.pack
    found = sorted((i for i in pack.initiatives if goal.id in i.goals), key=lambda i: (i.start or "9999", i.id))
    now = [i for i in found if under_way(i, pack.info.version[:10])]
    before = [i for i in found if i not in now]
    body = paragraphs([t("goals.initiatives_count", lang, now=len(now), number=len(found))]) + _list(now, place)
    body += paragraphs([t("area.in_swedish", lang)], "note") if found and lang != "sv" else ""
    return body + (folded(t("goals.initiatives_before", lang, number=len(before)), _list(before, place)) if before else "")


def _list(found: Sequence[Initiative], place: Place) -> str:
    to, lang = place.to("insatser"), place.lang
    items = (
        f"<li>{html.inline(Link(in_swedish(i.title, lang), f'{to}#{i.id}'))}, "
        f"{escape(words.dates(parts.when(i, lang)))}. {html.inline(in_swedish(i.place, lang))}</li>"
        for i in found
    )
    return f"<ul>{''.join(items)}</ul>" if found else ""
