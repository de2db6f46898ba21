"""Översikt: the city in five sentences and one map, and where it stands on the council's goals."""

import streamlit as st

from components import cards, city_map, controls, goal_parts, summary_parts
from components.engine import engine
from components.state import begin, commit, default_view, to
from omradesbild import words
from omradesbild.publish.summary import city_sentences
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements
city = pack.areas[pack.info.city]

st.title(t("overview.title", lang, city=city.name), anchor=False)
areas = sum(a.level == pack.info.base_level for a in pack.areas.values())
st.markdown(t("overview.intro", lang, areas=words.count(areas, lang)))

with st.container(key="finder"):
    for hit in controls.find_area(t("find.label", lang), "find_overview"):
        st.page_link(
            "../pages/omrade.py",
            label=controls.area_label(hit.area),
            query_params=to(omr=hit.area.id),
        )

text, picture = st.columns([2, 3], gap="large")
with text:
    st.header(t("overview.in_short", lang), anchor=False)
    summary_parts.show(city_sentences(statements, lang))
with picture:
    indicator, group = pack.indicators[view.indicator], view.group
    if not cards.has_map(indicator, group):
        indicator = pack.indicators[default_view().indicator]
        group = indicator.default_group
    period = statements.latest(indicator.id, pack.info.base_level, group)
    clicked = city_map.show(indicator, period, group, key="overview_map")
    if clicked:
        st.switch_page("../pages/omrade.py", query_params=to(omr=clicked))

if pack.goals:
    st.header(t("overview.goals", lang), anchor=False)
    for goal, place in zip(pack.goals, st.columns(len(pack.goals)), strict=True):
        with place, st.container(border=True):
            goal_parts.brief(goal)

commit(view)
