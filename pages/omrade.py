"""Område: one area – its key figures, how they stand and move, its ages, its initiatives and lists."""

import streamlit as st

from components import area_parts, cards, controls, order_parts, peer_parts, summary_parts
from components.engine import engine
from components.state import begin, commit, restart
from omradesbild.model import Level, Theme
from omradesbild.publish.summary import area_sentences
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements

area = pack.areas.get(view.areas[0]) if view.areas else None
st.title(area.name if area else t("area.title", lang), anchor=False)
with st.container(key="finder"):
    hits = controls.find_area(t("find.label", lang), "find_area")
    if hits:
        with st.container(horizontal=True):
            for hit in hits:
                if st.button(controls.area_label(hit.area), key=f"hit_{hit.area.id}"):
                    controls.forget("omr")
                    restart(view, areas=(hit.area.id,))
chosen = controls.one_area(view, tuple(Level))
if chosen != view:
    restart(chosen)
if area is None:
    st.info(t("area.choose", lang))
else:
    area_parts.heading(area)
    order_parts.link(view, "omradesunderlag", areas=(area.id,))
    st.header(t("summary.heading", lang), anchor=False)
    summary_parts.show(area_sentences(statements, area.id, lang), t("summary.note", lang))
    area_parts.key_figures(area)

    themes = [theme for theme in Theme if area_parts.indicators_of(area, theme)]
    if themes:
        st.header(t("area.themes", lang), anchor=False)
        value = view.theme if view.theme in themes else themes[0].value
        theme = controls.one_of(
            t("control.theme", lang),
            "tema",
            [x.value for x in themes],
            value,
            lambda x: t(f"theme.{x}", lang),
        )
        view = commit(view, theme=theme)
        latest = {i: statements.periods_of(area.id, i.id)[-1] for i in area_parts.indicators_of(area, theme)}
        cards.rows(
            [
                cards.Card(i, (area.id,), year, i.default_group, area_parts.events_of(area, i), key="area")
                for i, year in latest.items()
            ]
        )

    area_parts.ages(area)
    view = commit(peer_parts.show(view, area))
    area_parts.police_history(area)
    area_parts.initiatives(area)
commit(view)
