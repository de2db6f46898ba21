"""Prioriteringar: which areas need what first, and how that was decided."""

import streamlit as st

from components import controls, priority_parts
from components.state import begin, commit
from omradesbild.words import t

view = begin()
lang = view.lang

st.title(t("priority.title", lang), anchor=False)
st.markdown(t("priority.intro", lang))
view = controls.level(view)
view = controls.goal(view)
view = commit(view)

challenges = priority_parts.challenges(view.level, view.goal)
if not challenges:
    st.info(t("priority.none", lang))
else:
    priority_parts.by_area(challenges)
    priority_parts.by_indicator(challenges)
    priority_parts.save(challenges)
priority_parts.opened()
