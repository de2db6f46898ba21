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

many = priority_parts.too_many(view.level)
challenges = () if many else priority_parts.challenges(view.level, view.goal, view.theme)
if not many:
    priority_parts.summary(challenges, view.level)
priority_parts.untested(view.level, view.goal, view.theme)
if view.order == "omrade" and (many or challenges):
    view = commit(controls.one_area(view, [view.level]))
    chosen = pack.areas[view.areas[0]] if view.areas and pack.areas[view.areas[0]].level == view.level else None
    if many and chosen is None:
        priority_parts.ask(view.level)
    else:
        challenges = priority_parts.challenges_of(chosen, view.goal, view.theme) if many else challenges
        priority_parts.by_area(challenges, chosen)
    challenges = [c for c in challenges if chosen is None or c.statement.area == chosen]
elif measures := priority_parts.measures(challenges, many, view.level, view.goal, view.theme):
    view = commit(controls.indicator(view, measures))
    if many:
        challenges = priority_parts.challenges_in(view.level, view.indicator)
    challenges = [c for c in challenges if c.statement.indicator.id == view.indicator]
    priority_parts.by_indicator(challenges)
priority_lists.making(challenges)
order_parts.link(view, "prioriteringar", priorities=IN_HAND if priority_lists.in_hand() else "")
priority_lists.opened()
