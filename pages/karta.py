"""Karta: any indicator and year on the map, as level or as difference from the city, with overlays."""

import streamlit as st

from components import cards, city_map, controls, free_map
from components.engine import engine
from components.state import begin, commit, restart
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements
level = pack.info.base_level

st.title(t("map.title", lang), anchor=False)
choices, picture = st.columns([1, 2], gap="large")
with choices:
    mapped = [i for i in pack.indicators.values() if i.mapped and statements.periods(i.id, level)]
    view = controls.indicator(view, mapped)
    view = controls.group(view, level)
    view = controls.period(view, level)
    view = controls.mode(view)
    view = controls.map_kind(view)
    view = controls.one_area(view, (level,))
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
        controls.forget("omr")
        restart(view, areas=(clicked,))

if view.areas:
    city_map.area_facts(view.areas[0], indicator, view.period, view.group)
if view.police:
    city_map.police_facts(view.police)
if view.initiatives:
    city_map.initiative_list()

cards.show(
    cards.Card(
        indicator, view.areas, view.period, view.group, level=2, whole=True, first="tabell", key="map"
    )
)
commit(view)
