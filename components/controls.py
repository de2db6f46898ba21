"""The controls that pages share. Each takes the view and returns it with the reader's choice in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.against import name as against_name
from components.engine import common, engine
from components.state import WIDGET, begin, choose, go_to_kommun, lang, restart
from components.tables import markup
from omradesbild import find, words
from omradesbild.link import EARLIER, MAPS, MAX_AREAS, MODES, ORDERS, OUTLINES, View, offered
from omradesbild.model import Area, Indicator, Kind, Level, Theme
from omradesbild.words import t

LARGEST_FILE = 5  # MB that a file picker takes; the server takes one more, for what a file is sent in
MANY = 7  # more choices than this make a list instead of a row of buttons


def area_label(area: Area) -> str:
    """Return an area's name, with its kind where the name alone does not tell."""
    if area.level in (engine().pack.info.base_level, Level.DISTRICT, Level.CITY_AREA):  # the last two have it in their name
        return area.name
    if area.level is Level.CUSTOM:  # two may have the same name
        return t("own.label", lang(), name=area.name, number=area.id[-1])
    return f"{area.name} ({words.level(area.level, lang())})"


def area_option(area: Area) -> str:
    """Return an area's label as a keyboard writes it: a list finds only the very characters that are typed."""
    return area_label(area).replace("–", "-")


def indicator_label(indicator: Indicator) -> str:
    """Return an indicator's heading and title, as they stand in lists."""
    return f"{t(f'theme.{indicator.theme}', lang())}: {indicator.title.get(lang())}"


def headline() -> list[str]:
    """Return the indicators that sum up the city, the shares first."""
    pack = engine().pack
    return sorted(pack.info.headline, key=lambda i: pack.indicators[i].kind is not Kind.SHARE)


def one_of(label: str, name: str, options: Sequence[str], value: str, format_func) -> str:
    """Let the reader choose one of few as buttons, one of many from a list."""
    key = choose(name, value)
    if st.session_state[key] not in options:
        st.session_state[key] = value if value in options else options[-1]
    if len(options) <= MANY:
        return st.segmented_control(label, options, format_func=format_func, key=key, required=True)
    return st.selectbox(
        label, options, format_func=format_func, key=key, placeholder=t("control.choose", lang())
    )


def indicator(view: View, options: Sequence[Indicator]) -> View:
    """Let the reader choose an indicator; the period and the breakdown follow it."""
    ids = [option.id for option in options]
    value = view.indicator if view.indicator in ids else next((i for i in headline() if i in ids), ids[0])
    if value != view.indicator and view.indicator in engine().pack.indicators:
        asked = engine().pack.indicators[view.indicator].title.get(lang())
        st.info(t("control.not_here", lang(), asked=asked))
    key = choose("ind", value)
    if st.session_state[key] not in ids:
        st.session_state[key] = value
    chosen = st.selectbox(
        t("control.indicator", lang()),
        ids,
        format_func=lambda i: indicator_label(engine().pack.indicators[i]),
        key=key,
        placeholder=t("control.choose", lang()),
    )
    if chosen == view.indicator:
        return view
    return replace(view, indicator=chosen, period="", group=engine().pack.indicators[chosen].default_group)


def group(view: View, level: Level | None = None) -> View:
    """Let the reader choose a breakdown, where the indicator has more than one with figures (at `level`)."""
    statements, indicator = engine().statements, engine().pack.indicators[view.indicator]
    present = {g for g in statements.groups(indicator.id) if statements.periods(indicator.id, level, g)}
    titles = {g.id: g.title.get(lang()) for g in indicator.groups if g.id in present}
    if "" in present:
        titles = {"": t("control.total", lang())} | titles
    if len(titles) < 2:
        return replace(view, group=next(iter(titles), indicator.default_group))
    label = indicator.group_title.get(lang()) if indicator.group_title else t("control.group", lang())
    value = next(g for g in (view.group, indicator.default_group, *titles) if g in titles)
    return replace(view, group=one_of(label, f"grupp_{indicator.id}", list(titles), value, titles.get))


def period(view: View, level: Level | None = None) -> View:
    """Let the reader choose the year, the newest unless another was chosen."""
    periods = engine().statements.periods(view.indicator, level, view.group)
    if not periods:
        return replace(view, period="")
    value = view.period if view.period in periods else periods[-1]
    if len(periods) == 1:
        st.markdown(f"**{t('control.period', lang())}** {words.period(value, lang())}")
        return replace(view, period=value)
    name = f"per_{view.indicator}_{view.group}"
    chosen = one_of(
        t("control.period", lang()), name, periods, value, lambda p: words.period(p, lang())
    )
    return replace(view, period=chosen)


def mode(view: View) -> View:
    """Let the reader choose between the level itself and how it differs from the city."""
    if engine().pack.indicators[view.indicator].kind in (Kind.COUNT, Kind.CLASS):
        return replace(view, mode="niva")
    labels = {m: t(f"control.mode_{m}", lang()) for m in MODES}
    return replace(view, mode=one_of(t("control.mode", lang()), "visa", list(labels), view.mode, labels.get))


def map_kind(view: View) -> View:
    """Let the reader choose between the map that fits the page and the one that moves freely."""
    labels = {m: t(f"control.map_{m}", lang()) for m in MAPS}
    return replace(view, map=one_of(t("control.map", lang()), "karta", list(labels), view.map, labels.get))


def level(view: View) -> View:
    """Let the reader choose the kind of areas."""
    labels = {x: words.level(x, lang()) for x in offered(engine().pack)}
    return replace(view, level=one_of(t("column.level", lang()), "slag", list(labels), view.level, labels.get))


def goal(view: View, every: str = "") -> View:
    """Let the reader keep to one of the council's goals, or see all: measures, or what `every` says. Without goals there is no choice."""
    if not engine().pack.goals:
        return replace(view, goal="")
    titles = {"": every or t("control.all_goals", lang())} | {g.id: g.title.get(lang()) for g in engine().pack.goals}
    return replace(view, goal=one_of(t("control.goal", lang()), "mal", list(titles), view.goal, titles.get))


def theme(view: View, themes: Sequence[Theme]) -> View:
    """Let the reader keep to one of some themes, or see all."""
    titles = {"": t("control.all_themes", lang())} | {x.value: t(f"theme.{x}", lang()) for x in themes}
    return replace(view, theme=one_of(t("control.theme", lang()), "tema", list(titles), view.theme, titles.get))


def order(view: View) -> View:
    """Let the reader see one area at a time, or one measure at a time."""
    labels = {o: t(f"control.order_{o}", lang()) for o in ORDERS}
    return replace(view, order=one_of(t("control.order", lang()), "efter", list(labels), view.order, labels.get))


def kommun() -> None:
    """Let the reader look at one kommun of a country by itself, and go back to all of it."""
    view, known = begin(), common().pack.kommuner
    key = choose("kommun", view.kommun)
    chosen = st.selectbox(
        t("control.kommun", lang()),
        ["", *known],
        format_func=lambda k: known[k].name if k else t("control.all_kommuner", lang()),
        key=key,
        width=360,
    )
    if chosen != view.kommun:
        go_to_kommun(chosen)


def one_area(view: View, levels: Sequence[Level]) -> View:
    """Let the reader choose one area from a list of all, everyday areas first."""
    areas = engine().pack.areas
    options = [a.id for a in areas.values() if a.level in levels]
    value = view.areas[0] if view.areas and view.areas[0] in options else None
    key = choose("omr", value)
    chosen = st.selectbox(
        t("control.area", lang()),
        options,
        index=None,
        format_func=lambda a: area_option(areas[a]),
        key=key,
        placeholder=t("control.choose_area", lang()),
    )
    if chosen == value:
        return view
    return replace(view, areas=(chosen,) if chosen else ())


def many_areas(view: View) -> View:
    """Let the reader choose up to six areas of any kind, in an order of their own."""
    areas = engine().pack.areas
    options = [a.id for a in areas.values() if a.level is not Level.KOMMUN]
    key = choose("omrs", [a for a in view.areas if a in options])
    chosen = st.multiselect(
        t("control.areas", lang(), most=MAX_AREAS),
        options,
        format_func=lambda a: area_option(areas[a]),
        key=key,
        max_selections=MAX_AREAS,
        placeholder=t("control.choose_areas", lang()),
        select_all=False,
    )
    return replace(view, areas=tuple(chosen))


def against(view: View) -> View:
    """Let the reader choose what the areas are compared with."""
    options = list(dict.fromkeys(["", *view.areas, EARLIER, view.against]))
    key = choose("mot", view.against)
    if st.session_state[key] not in options:
        st.session_state[key] = ""
    chosen = st.selectbox(
        t("control.against", lang()),
        options,
        format_func=against_name,
        key=key,
        placeholder=t("control.choose", lang()),
    )
    return replace(view, against=chosen)


def find_area(label: str, key: str) -> list[find.Hit]:
    """Let the reader find an area by an everyday name; return what matches, best first."""
    names = words.listing(find.examples(engine().pack.areas.values()), lang(), "or")
    example = t("find.placeholder", lang(), names=names) if names else t("find.placeholder_plain", lang())
    query = st.text_input(label, key=key, live=True, placeholder=example)
    if not query or not query.strip():
        return []
    hits = find.search(query, engine().pack.areas.values(), limit=6)
    if not hits:
        st.html(f'<p class="ob-note">{markup(t("find.nothing", lang(), query=query))}</p>')
    return hits


def add_area(view: View) -> None:
    """Let the reader find an area by name and add it to those that are shown."""
    with st.container(key="finder"):
        hits = find_area(t("find.add_label", lang()), "find_more")
        if not hits:
            return
        with st.container(horizontal=True):
            for hit in hits:
                full = len(view.areas) >= MAX_AREAS
                label = t("find.add", lang(), name=area_label(hit.area))
                if st.button(label, key=f"add_{hit.area.id}", disabled=full or hit.area.id in view.areas):
                    forget("omrs")
                    restart(view, areas=(*view.areas, hit.area.id))


def forget(name: str) -> None:
    """Let a widget of the view start anew from the view."""
    st.session_state.pop(WIDGET + name, None)


def overlays(view: View) -> View:
    """Let the reader lay over the map what the pack has of the police's list, outlines and initiatives."""
    pack = engine().pack
    if pack.police:
        police = st.selectbox(
            t("control.police", lang()),
            ["", *(edition.edition for edition in pack.police)],
            format_func=lambda e: t("control.police_edition", lang(), edition=e) if e else t("control.police_none", lang()),
            key=choose("polis", view.police),
        )
        view = replace(view, police=police)
    if levels := offered(pack, OUTLINES):
        outlines = st.selectbox(
            t("control.outlines", lang()),
            ["", *levels],
            format_func=lambda level: words.level(level, lang(), "title") if level else t("control.outlines_none", lang()),
            key=choose("ytor", view.outlines),
        )
        view = replace(view, outlines=outlines)
    shown = bool(pack.initiatives) and st.toggle(t("control.initiatives", lang()), key=choose("insatser", view.initiatives))
    return replace(view, initiatives=shown)
