"""Insatser: what has been done in the areas, when, where and by whom – and whether it can be told from chance."""

import streamlit as st

from components import followup_parts, initiative_parts
from components.engine import engine
from components.state import begin, commit, restart
from components.tables import markup
from omradesbild.words import t

view = begin()
lang = view.lang
register = {i.id: i for i in engine().pack.initiatives}

st.title(t("register.title", lang), anchor=False)
if view.initiative:
    if st.button(t("register.back", lang)):
        restart(view, initiative="")
    chosen = register[view.initiative]
    st.html(f"<h2>{markup(chosen.title)}</h2>")
    initiative_parts.one(chosen)
    view = commit(followup_parts.show(chosen, view))
    initiative_parts.where([chosen], view, key="where_one")
else:
    st.html(f'<p class="ob-lead">{t("register.intro", lang)}</p>')
    view = commit(initiative_parts.filters(view))
    found = initiative_parts.selected(view)
    if not found:
        st.info(t("register.none", lang))
    else:
        initiative_parts.opened(found, view)
        initiative_parts.timeline(found)
        initiative_parts.where(found, view, key="where_all")
        initiative_parts.table(found)
commit(view)
