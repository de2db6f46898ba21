"""Klyftor: how far apart areas are in a figure, how unevenly a group lives, and where figures lie together."""

import streamlit as st

from components import controls, gap_parts, pattern_parts, segregation_parts
from components.engine import engine
from components.state import begin, commit
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements
level = pack.info.base_level

st.title(t("gap.page", lang), anchor=False)
st.markdown(t("gap.intro", lang))
shown = [i for i in pack.indicators.values() if i.mapped and statements.periods(i.id, level)]
if not shown:
    st.info(t("across.refused_no_figures", lang))
    st.stop()
view = controls.indicator(view, shown)
view = controls.group(view, level)
view = controls.period(view, level)
view = gap_parts.ordering(view)
view = commit(view)

gap_parts.show(view)
segregation_parts.show(view)
pattern_parts.show(view)
