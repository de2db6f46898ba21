"""Karta: any indicator and year on the map, as level or as difference from the city, with overlays."""

import streamlit as st

from components import cards, city_map, controls, free_map, tables
from components.engine import engine
from components.state import begin, commit
from omradesbild import words
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements
level = pack.info.base_level

st.title(t("map.title", lang))
choices, picture = st.columns([1, 2], gap="large")
with choices:
    mapped = [i for i in pack.indicators.values() if i.mapped and statements.periods(i.id, level)]
    view = controls.indicator(view, mapped)
    view = controls.group(view, level)
    view = controls.period(view, level)
    view = controls.mode(view)
    view = controls.map_kind(view)
    view = controls.one_area(view, (level,))
    with st.expander(t("control.more", lang), expanded=bool(view.police or view.outlines or view.initiatives)):
        view = controls.overlays(view)

indicator = pack.indicators[view.indicator]
layers = {"chosen": view.areas, "police": view.police, "outlines": view.outlines, "initiatives": view.initiatives}
clicked = None
with picture:
    if view.map == "fri":
        free_map.show(indicator, view.period, view.group, mode=view.mode, key="free_map", **layers)
    else:
        clicked = city_map.show(
            indicator, view.period, view.group, mode=view.mode, download=True, key="map", **layers
        )
    if clicked and clicked not in view.areas:
        view = commit(view, areas=(clicked,))
        controls.forget("omr")
        st.rerun()

if view.areas:
    city_map.area_facts(view.areas[0], indicator, view.period, view.group)
if view.police:
    city_map.police_facts(view.police)
if view.initiatives:
    city_map.initiative_list()

st.subheader(t("map.table", lang), anchor=False)
found = [statements.get(a.id, indicator.id, view.period, view.group) for a in pack.areas.values() if a.level == level]
found = sorted((s for s in found if s is not None), key=lambda s: (s.value is None, -(s.value or 0)))
city = statements.get(pack.info.city, indicator.id, view.period, view.group)
shown = [s for s in (city, *found) if s is not None]
rows = [
    [s.area.name, words.figure(s, lang), words.interval(s, lang), words.comparison(s, lang), s.flag]
    for s in shown
]
columns = [t(f"column.{c}", lang) for c in ("area_name", "value", "interval", "comparison", "flag")]
title = f"{indicator.title.get(lang)}, {words.period(view.period, lang)}"
with st.expander(t("map.table_all", lang, title=title)):
    tables.show(
        title,
        columns,
        rows,
        numeric=(1, 2),
        emphasised=int(city is not None),
        flags=[s.flag for s in shown],
    )
cards.show(cards.Card(indicator, view.areas, view.period, view.group, first="om", key="map"))
commit(view)
