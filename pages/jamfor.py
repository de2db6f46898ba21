"""Jämför: two to six areas side by side, row by row, in the same year and on the same scale."""

from dataclasses import replace

import streamlit as st

from components import cards, compare_parts, controls
from components.engine import engine
from components.state import begin, commit
from omradesbild.model import Theme
from omradesbild.words import t

view = begin()
lang = view.lang
pack = engine().pack

st.title(t("compare.title", lang), anchor=False)
controls.add_area(view)
view = controls.many_areas(view)
measures = {m: t(f"control.measure_{m}", lang) for m in ("varde", "antal")}
view = replace(
    view, measure=controls.one_of(t("control.measure", lang), "matt", list(measures), view.measure, measures.get)
)
view = commit(view)
if not view.areas:
    st.info(t("compare.choose", lang))
else:
    areas = [pack.areas[a] for a in view.areas]
    compare_parts.overlap_notice(areas)
    for theme in Theme:
        compare_parts.theme_table(theme, areas, view.measure)

    themes = [theme.value for theme in Theme if compare_parts.shared_indicators(theme, areas)]
    if themes:
        st.header(t("compare.charts", lang), anchor=False)
        value = view.theme if view.theme in themes else themes[0]
        theme = controls.one_of(
            t("control.theme", lang), "tema", themes, value, lambda x: t(f"theme.{x}", lang)
        )
        view = commit(view, theme=theme)
        newest = {i: compare_parts.common_period(i, areas) for i in compare_parts.shared_indicators(theme, areas)}
        cards.rows(
            [cards.Card(i, view.areas, newest[i], i.default_group, key="compare") for i in newest]
        )
