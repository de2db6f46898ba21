"""The pages about the council's goals, priorities and initiatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from omradesbild import words
from omradesbild.analyse import matching
from omradesbild.analyse.followup import Refusal, under_way
from omradesbild.analyse.priorities import PriorityList
from omradesbild.analyse.statements import Statements
from omradesbild.model import Goal, Initiative
from omradesbild.publish import html
from omradesbild.publish.document import Link, Table
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import followup
from omradesbild.publish.parts import goals as goal_parts
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, contents, folded, paragraphs, section, written
from omradesbild.words import t

#: So many measures of an initiative are followed here; the app follows any.
FOLLOWED = 3


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
    return written(Page(place, t("goals.title", lang), intro, body, wide=True), pack, settings)


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
    return body + (folded(t("goals.initiatives_before", lang, number=len(before)), _list(before, place)) if before else "")


def _list(found: Sequence[Initiative], place: Place) -> str:
    to = place.to("insatser")
    items = (
        f'<li><a href="{escape(f"{to}#{i.id}")}">{escape(i.title)}</a>, '
        f"{escape(f'{words.dates(parts.when(i, place.lang))}. {i.place}')}</li>"
        for i in found
    )
    return f"<ul>{''.join(items)}</ul>" if found else ""


def initiatives(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the register of initiatives: what, when, where, by whom, and from which source."""
    place, pack = Place("insatser", lang), statements.pack
    found = sorted(pack.initiatives, key=lambda i: (i.start or "9999", i.id))
    intro = t("register.intro", lang)
    body = paragraphs([intro, t("area.in_swedish", lang) if lang != "sv" else ""], "lead")
    body += "".join(section(i.id, i.title, _initiative(statements, i, place)) for i in found)
    body += "" if found else paragraphs([t("register.none", lang)])
    return written(Page(place, t("register.title", lang), intro, body), pack, settings)


def _initiative(statements: Statements, initiative: Initiative, place: Place) -> str:
    """Write what the register says about an initiative, and what can be told of the time before and after."""
    lang, pack = place.lang, statements.pack
    *facts, (label, source) = followup.facts(initiative, pack, lang)
    facts.append((label, Link(source, initiative.source_url)))
    areas = ", ".join(place.link(f"omrade/{a}", pack.areas[a].name) for a in initiative.areas)
    links = f"<p>{t('fact.areas', lang)}: {areas}</p>" if areas else ""
    told = section(f"{initiative.id}-uppfoljning", t("followup.title", lang), _followed(statements, initiative, lang), level=3)
    return html.facts(facts) + links + told


def _followed(statements: Statements, initiative: Initiative, lang: str) -> str:
    """Set before and after beside areas without an initiative, in at most `FOLLOWED` measures; or say why it cannot be done."""
    pack = statements.pack
    states = followup.states(statements, initiative)
    never = next((r for r in states.values() if r is not None and r.code in followup.ALWAYS), None)
    if never is not None:
        return paragraphs([followup.refused(never, lang)])
    goals_ = {i for goal in pack.goals if goal.id in initiative.goals for i in goal.indicators}
    able = sorted((i for i, refusal in states.items() if refusal is None), key=lambda i: i not in goals_)
    body, cautions = [], []
    for id_ in able[:FOLLOWED]:
        study = followup.study(statements, initiative, id_, pack.indicators[id_].default_group)
        found = study if isinstance(study, Refusal) else followup.compared(statements, study)
        if isinstance(found, Refusal):
            continue
        alike = matching.matched(statements, study)
        table = followup.before_after(found, statements, lang)
        body.append(html.table(replace(table, caption=f"{initiative.title}: {table.caption}")))
        body.append(paragraphs([followup.difference_text(found, lang)]))
        body.append(paragraphs([followup.matched_text(alike, pack, lang)] if alike.areas else [], "note"))
        cautions += followup.warnings(found, len(able), pack, lang)
    if not body:
        return paragraphs([t("followup.nothing", lang)])
    items = "".join(f"<li>{escape(text)}</li>" for text in dict.fromkeys(cautions))
    return folded(
        t("followup.before_after", lang),
        paragraphs([t("followup.intro", lang)]) + "".join(body) + f"<p><b>{t('followup.cautions', lang)}</b></p><ul>{items}</ul>",
    )


def priorities(statements: Statements, settings: Settings, published: Sequence[PriorityList], lang: str) -> File:
    """Give the page of priorities: only lists that somebody has decided to publish, each with its own comments."""
    place, pack = Place("prioriteringar", lang), statements.pack
    intro = t("site.priorities_lead", lang)
    body = paragraphs([intro], "lead")
    body += "".join(section(f"lista-{n}", one.name, _list_table(statements, one, place)) for n, one in enumerate(published, 1))
    body += "" if published else paragraphs([t("site.priorities_none", lang)])
    return written(Page(place, t("priority.title", lang), intro, body), pack, settings)


def _list_table(statements: Statements, chosen: PriorityList, place: Place) -> str:
    lang, rows, shown = place.lang, [], []
    for entry in chosen.entries:
        s = statements.get(entry.area, entry.indicator, entry.period, entry.group)
        if s is None:
            continue
        shown.append(s)
        title = f"{words.title(s.indicator, s.group, lang)}, {words.period(s.period, lang)}"
        city = words.value_text(s.city_value, "", s.indicator, lang) if s.city_value is not None else ""
        rows.append((Link(s.area.name, place.to(f"omrade/{s.area.id}")), title, parts.marked(s, lang), city, entry.note))
    columns = tuple(t(f"column.{c}", lang) for c in ("area_name", "title", "value", "city_value", "note"))
    notes = (t("site.list_made_from", lang, version=chosen.version),)
    table = Table(chosen.name, columns, tuple(rows), numeric=(2, 3), wide=(4,), notes=notes, rests_on=tuple(shown))
    return paragraphs([chosen.note]) + html.table(table)
