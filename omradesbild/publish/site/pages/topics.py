"""The pages about the council's goals, priorities, initiatives and the police's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from omradesbild import words
from omradesbild.analyse import matching
from omradesbild.analyse.followup import Refusal, under_way
from omradesbild.analyse.priorities import PriorityList
from omradesbild.analyse.statements import Statements
from omradesbild.model import Goal, Initiative, PoliceEdition
from omradesbild.publish import html
from omradesbild.publish.document import Link, Table
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import followup
from omradesbild.publish.parts import goals as goal_parts
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, contents, folded, paragraphs, section, written
from omradesbild.words import t

#: What is said about the police's list itself, each with a heading of its own.
CRITERIA = ("utsatt", "sarskilt", "method", "audit", "after")

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


def police(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page of the police's list: edition by edition, its criteria and what is held against them."""
    place, pack = Place("polislistan", lang), statements.pack
    intro = t("police.intro", lang)
    body = paragraphs([intro, t("police.caution", lang)], "lead")
    if pack.police:
        body += section("upplagor", t("police.strip", lang), _editions(statements, lang))
        body += section("granser", t("police.borders", lang), _borders(statements, place))
        body += section("kriterier", t("police.criteria", lang), _criteria(lang))
    else:
        body += paragraphs([t("police.none", lang)])
    return written(Page(place, t("police.title", lang), intro, body), pack, settings)


def _names(editions: tuple[PoliceEdition, ...]) -> dict[str, str]:
    """Return each of the police's areas with its newest name, in the order of the alphabet."""
    names = {entry.id: entry.area for edition in editions for entry in edition.entries}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def _editions(statements: Statements, lang: str) -> str:
    editions = statements.pack.police
    rows = []
    for id_, name in _names(editions).items():
        cells = []
        for edition in editions:
            entry = next((e for e in edition.entries if e.id == id_), None)
            said = t(f"police.{entry.category}" if entry else "police.not_listed", lang)
            cells.append(f"{said}, {t('police.uncertain', lang, what=entry.uncertain)}" if entry and entry.uncertain else said)
        rows.append((name, *cells))
    notes = tuple(f"{e.edition}: {e.note.get(lang)}" for e in editions if e.note)
    columns = (t("column.police_area", lang), *(e.edition for e in editions))
    sources = {entry.source: entry.source_url for edition in editions for entry in edition.entries}
    named = ", ".join(f'<a href="{escape(url)}">{escape(name)}</a>' for name, url in sources.items())
    table = html.table(Table(t("police.strip", lang), columns, tuple(rows), notes=notes))
    return f"{table}<p class=source>{t('police.sources', lang)} {named}</p>"


def _borders(statements: Statements, place: Place) -> str:
    """Set out how much of each basic area's surface lay inside the border, edition by edition."""
    lang, pack = place.lang, statements.pack
    editions = [e for e in pack.police if e.borders]
    if not editions:
        return paragraphs([t("police.no_borders", lang)])
    rows = []
    for id_, name in _names(pack.police).items():
        entries = [next((x for x in e.entries if x.id == id_), None) for e in editions]
        touched = {area for e in entries if e for area in e.overlap}
        for area in (a for a in pack.areas.values() if a.id in touched):
            shares = [e.overlap.get(area.id, 0.0) if e else 0.0 for e in entries]
            written_ = (words.with_unit(words.number(100 * x, 0, lang), "%") if x else "–" for x in shares)
            rows.append((Link(area.name, place.to(f"omrade/{area.id}")), name, *written_))
    columns = (t("column.area_name", lang), t("column.police_area", lang), *(e.edition for e in editions))
    table = Table(t("police.shares", lang), columns, tuple(rows), numeric=tuple(range(2, len(columns))))
    return paragraphs([t("police.borders_note", lang)]) + folded(t("police.shares", lang), html.table(table))


def _criteria(lang: str) -> str:
    each = ((t(f"police.criteria_{name}_title", lang), t(f"police.criteria_{name}", lang)) for name in CRITERIA)
    return "".join(f"<h3>{escape(title)}</h3>{paragraphs([text])}" for title, text in each)
