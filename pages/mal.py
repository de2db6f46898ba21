"""Mål: the council's goals one at a time – the city, the areas, what moved, what is done and what is not measured."""

from dataclasses import replace

import streamlit as st

from components import controls, goal_parts
from components.engine import engine
from components.state import begin, commit
from omradesbild.words import t

view = begin()
lang = view.lang
goals = {goal.id: goal for goal in engine().pack.goals}

st.title(t("goals.title", lang), anchor=False)
st.markdown(t("goals.intro", lang))
if not goals:
    st.info(t("goals.none", lang))
else:
    titles = {id_: goal.title.get(lang) for id_, goal in goals.items()}
    chosen = view.goal or next(iter(goals))
    view = commit(replace(view, goal=controls.one_of(t("control.goal", lang), "mal", list(titles), chosen, titles.get)))
    goal = goals[view.goal]
    st.html(f'<p class="ob-lead"><b>{goal.text.get(lang)}</b></p>')
    goal_parts.city(goal)
    indicator = goal_parts.chart(goal, view.indicator)
    if indicator != view.indicator:
        view = replace(view, indicator=indicator, period="", group=engine().pack.indicators[indicator].default_group)
    goal_parts.areas(goal)
    goal_parts.initiatives(goal)
    goal_parts.not_measured(goal)
commit(view)
