"""Jämför: two to six areas side by side, row by row, in the same year and on the same scale."""

import streamlit as st

from components import cards, compare_parts, controls, order_parts
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
if view.areas:
    view = controls.against(view)
view = commit(view)
if not view.areas:
    st.info(t("compare.choose", lang))
else:
    if len(view.areas) == 1:
        st.info(t("compare.one_more", lang))
    areas = [pack.areas[a] for a in view.areas]
    if len(areas) > 1:
        order_parts.link(view, "jamforelse")
    compare_parts.overlap_notice(areas)
    compare_parts.rule(view.against)
    for theme in Theme:
        compare_parts.theme_table(theme, areas, view.against)

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
            [
                cards.Card(i, view.areas, newest[i], i.default_group, against=view.against, key="compare")
                for i in newest
            ]
        )
