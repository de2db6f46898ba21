"""The register of initiatives: how it is searched, when and where they were, and each one for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from components import controls, maps, tables
from components.area_parts import address
from components.engine import engine
from components.state import choose, lang, restart, way
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse.followup import ACTING, under_way
from omradesbild.find import fold
from omradesbild.link import EVENTS, View
from omradesbild.model import Initiative, Level, is_date
from omradesbild.publish import places
from omradesbild.publish.parts import area as parts
from omradesbild.words import t


def filters(view: View) -> View:
    """Let the reader search the register and keep to a goal, an area, a kind or what was under way on a day."""
    titles = sorted((initiative.title for initiative in engine().pack.initiatives), key=len)[:2]
    hint = t("register.search_hint", lang(), names=words.listing(titles, lang(), "or")) if titles else None
    search = st.text_input(t("register.search", lang()), key=choose("sok", view.search), placeholder=hint)
    view = controls.goal(view, t("register.all_goals", lang()))
    with st.container(horizontal=True):
        view = controls.one_area(view, tuple(Level))
        kinds = {"": t("register.all_kinds", lang())} | {k: t(f"initiative.{k}", lang()) for k in EVENTS}
        event = st.selectbox(
            t("column.kind", lang()), list(kinds), format_func=kinds.get, key=choose("sort", view.event)
        )
        on = st.text_input(t("register.on", lang()), key=choose("dag", view.on), placeholder="2024-05-01").strip()
    if on and not is_date(on):
        st.warning(t("register.bad_date", lang(), found=tables.plain(on[:40])))
        on = ""
    search = " ".join(search.split())[:80]
    return replace(view, search=search if search.isprintable() else "", event=event, on=on)


def selected(view: View) -> list[Initiative]:
    """Return the initiatives that the reader's filters let through, in order of time."""
    pack = engine().pack
    area = pack.areas.get(view.areas[0]) if view.areas else None
    found = parts.initiatives_of(engine().statements, area.id) if area else pack.initiatives
    asked = set(fold(view.search))
    return sorted(
        (
            i
            for i in found
            if (not view.goal or view.goal in i.goals)
            and (not view.event or view.event == i.kind)
            and (not view.on or under_way(i, view.on))
            and all(any(word.startswith(part) for word in _words(i)) for part in asked)
        ),
        key=lambda i: (i.start or "9999", i.id),
    )


def _words(initiative: Initiative) -> set[str]:
    """Return what an initiative can be found by: its texts and the names of its areas."""
    areas = [engine().pack.areas[a] for a in initiative.areas]
    texts = [initiative.title, initiative.event, initiative.place, initiative.actors, initiative.note]
    texts += [name for area in areas for name in (area.name, *area.aliases)]
    return {word for text in texts if text for word in fold(text)}


def opened(found: Sequence[Initiative], view: View) -> None:
    """Say how many there are, and let the reader open one."""
    all_of_them = len(engine().pack.initiatives)
    notes = [t("register.found", lang(), number=len(found), all=all_of_them)]
    if view.areas and view.areas[0] != engine().pack.info.city:
        notes.append(t("register.whole_city", lang(), city=engine().pack.areas[engine().pack.info.city].name))
    st.html(f'<p class="ob-note">{markup(" ".join(notes))}</p>')
    titles = {i.id: f"{i.title} ({words.dates(parts.when(i, lang()))})" for i in found}
    chosen = st.selectbox(
        t("register.open", lang()),
        list(titles),
        index=None,
        format_func=titles.get,
        key=choose("insats", None),
        placeholder=t("control.choose", lang()),
    )
    if chosen:
        controls.forget("insats")
        restart(view, initiative=chosen)


def timeline(found: Sequence[Initiative]) -> None:
    """Show when initiatives were: a row each with a bar, and the years above."""
    dated = [i for i in found if i.start]
    if not dated:
        return
    today = _today()
    first = min(int(i.start[:4]) for i in dated)
    last = max(int(today[:4]), *(int((i.end or i.start)[:4]) for i in dated))
    st.header(t("register.timeline", lang()), anchor=False)
    marks = [year for year in range(first, last + 1) if year % (10 if last - first > 15 else 5) == 0] or [first]
    place = {year: 100 * (year - first) / (last + 1 - first) for year in marks}
    years = "".join(f'<span style="left:{x:.2f}%">{year}</span>' for year, x in place.items())
    rows = "".join(
        f'<li><a href="{markup(address(i))}" target="_self">{markup(i.title)}</a> '
        f'<span class="ob-compared">{markup(words.dates(parts.when(i, lang())))}. {markup(i.place)}</span>'
        f"{_bar(i, first, last, under_way(i, today))}</li>"
        for i in dated
    )
    st.html(
        f'<p class="ob-note">{t("register.timeline_key", lang(), today=words.dates(today))}</p>'
        f'<div class="ob-years" aria-hidden="true">{years}</div><ul class="ob-time">{rows}</ul>'
    )


def _bar(initiative: Initiative, first: int, last: int, ongoing: bool) -> str:
    """Draw when an initiative was; decoration, the dates stand beside it in words."""
    begins, ends = places.extent(initiative, first, last, ongoing)
    kind = "ob-open" if ongoing else "ob-done" if initiative.kind in ACTING else "ob-event"
    size = "" if kind == "ob-event" else f"width:{ends - begins:.2f}%"
    return f'<div class="ob-bar" aria-hidden="true"><i class="{kind}" style="left:{begins:.2f}%;{size}"></i></div>'


def _today() -> str:
    return date.today().isoformat()


def table(found: Sequence[Initiative]) -> None:
    """Show the register as a table: what, when, where, who, decision, goals, source."""
    goals = {goal.id: goal.title.get(lang()) for goal in engine().pack.goals}
    st.header(t("register.table", lang()), anchor=False)
    rows = [
        [
            Html(f'<a href="{markup(address(i))}" target="_self">{markup(i.title)}</a>'),
            t(f"initiative.{i.kind}", lang()),
            words.dates(parts.when(i, lang())),
            i.place,
            i.actors or "",
            i.decision or t("register.no_decision", lang()),
            ", ".join(goals[g] for g in i.goals),
            source_link(i),
        ]
        for i in found
    ]
    names = ("initiative", "kind", "when", "where", "actors", "decision", "goals", "source")
    tables.show(t("register.table", lang()), [t(f"column.{c}", lang()) for c in names], rows, caption_hidden=True)


def source_link(initiative: Initiative) -> Html:
    """Return the link to where an initiative was read about."""
    return Html(f'<a href="{markup(initiative.source_url)}" rel="noreferrer">{markup(initiative.source)}</a>')


def where(found: Sequence[Initiative], view: View, *, key: str) -> None:
    """Show on the map which areas initiatives name; a click keeps to an area."""
    loaded = engine()
    drawn = places.picture(loaded.pack, found, lang(), view.areas)
    st.header(t("register.map", lang()), anchor=False)
    picked = maps.area_map(key, drawn, shapes=loaded.shapes, url=loaded.shapes_url)
    st.html(f'<p class="ob-note">{markup(drawn.summary)}</p>')
    if picked and picked not in view.areas:
        controls.forget("omr")
        restart(view, areas=(picked,), initiative="", draft="")


def one(initiative: Initiative, *, draft: bool = False) -> None:
    """Show everything that is known about an initiative."""
    pack = engine().pack
    goals = {goal.id: goal.title.get(lang()) for goal in pack.goals}
    today = _today()
    status = "draft" if draft else _status(initiative, today)
    areas = Html(", ".join(_area_link(a) for a in initiative.areas)) if initiative.areas else t("register.no_place", lang())
    facts = (
        ("what", initiative.event),
        ("kind", t(f"initiative.{initiative.kind}", lang())),
        ("when", words.dates(parts.when(initiative, lang()))),
        ("status", t(f"register.{status}", lang(), today=words.dates(today))),
        ("where", initiative.place),
        ("areas", areas),
        ("actors", initiative.actors or t("register.unknown", lang())),
        ("decision", initiative.decision or t("register.no_decision", lang())),
        ("goals", ", ".join(goals.get(g, g) for g in initiative.goals) or t("register.no_goal", lang())),
        ("uncertain", initiative.uncertain or ""),
        ("note", initiative.note or ""),
        ("source", source_link(initiative)),
    )
    if lang() != "sv":
        st.caption(t("area.in_swedish", lang()))
    rows = [[t(f"fact.{name}", lang()), value] for name, value in facts if value]
    columns = [t("fact.heading", lang()), t("fact.content", lang())]
    tables.show(initiative.title, columns, rows, caption_hidden=True)


def _status(initiative: Initiative, today: str) -> str:
    """Return whether an initiative goes on, as a key under ``register`` in the texts."""
    if initiative.kind not in ACTING:
        return "no_duration"
    if not under_way(initiative, today):
        return "not_ongoing"
    return "ongoing" if initiative.end else "no_end"


def _area_link(area: str) -> str:
    known = engine().pack.areas[area]
    return f'<a href="{markup(way("omrade", omr=area))}" target="_self">{markup(known.name)}</a>'


