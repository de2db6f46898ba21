"""Prioriteringar: which areas need what first, how that was decided, and lists of what was chosen."""

import streamlit as st

from components import controls, order_parts, priority_lists, priority_parts
from components.engine import engine
from components.state import begin, commit
from omradesbild.link import IN_HAND
from omradesbild.words import t

view = begin()
lang = view.lang
pack = engine().pack

st.title(t("priority.title", lang), anchor=False)
st.markdown(t("priority.intro", lang))
view = controls.level(view)
view = controls.goal(view)
view = controls.theme(view, priority_parts.themes())
view = controls.order(view)
view = commit(view)

challenges = priority_parts.challenges(view.level, view.goal, view.theme)
priority_parts.summary(challenges, view.level, view.goal, view.theme)
if challenges and view.order == "omrade":
    view = commit(controls.one_area(view, [view.level]))
    chosen = pack.areas[view.areas[0]] if view.areas and pack.areas[view.areas[0]].level == view.level else None
    priority_parts.by_area(challenges, chosen)
    challenges = [c for c in challenges if chosen is None or c.statement.area == chosen]
elif challenges:
    measures = {c.statement.indicator.id: c.statement.indicator for c in challenges}
    view = commit(controls.indicator(view, list(measures.values())))
    priority_parts.by_indicator(challenges, view.indicator)
    challenges = [c for c in challenges if c.statement.indicator.id == view.indicator]
priority_lists.making(challenges)
order_parts.link(view, "prioriteringar", priorities=IN_HAND if priority_lists.in_hand() else "")
priority_lists.opened()
