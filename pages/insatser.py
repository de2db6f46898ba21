"""Insatser: what has been done in the areas, when, where and by whom – and whether it can be told from chance."""

import streamlit as st

from components import draft_parts, followup_parts, initiative_parts, order_parts
from components.engine import engine
from components.state import begin, commit, restart
from components.tables import markup
from omradesbild.words import t

view = begin()
lang = view.lang
register = {i.id: i for i in engine().pack.initiatives}

st.title(t("register.title", lang), anchor=False)
if (view.initiative or view.draft) and st.button(t("register.back", lang)):
    restart(view, initiative="", draft="")
if view.draft:
    chosen = draft_parts.one(view)
elif view.initiative:
    chosen = register[view.initiative]
    st.html(f"<h2>{markup(chosen.title)}</h2>")
    initiative_parts.one(chosen)
    order_parts.link(view, "insats")
else:
    chosen = None
    st.html(f'<p class="ob-lead">{t("register.intro", lang)}</p>')
    if register:
        view = commit(initiative_parts.filters(view))
    found = initiative_parts.selected(view)
    if not found:
        st.info(t("register.none" if register else "register.empty", lang))
    else:
        initiative_parts.opened(found, view)
        initiative_parts.timeline(found)
        initiative_parts.where(found, view, key="where_all")
        initiative_parts.table(found)
    draft_parts.waiting()
    draft_parts.propose(view)
if chosen is not None:
    view = commit(followup_parts.show(chosen, view))
    initiative_parts.where([chosen], view, key="where_one")
if view.draft:
    draft_parts.change(view)
commit(view)
