"""Samlat mått: several measures in one, with open weights and its doubts; a likeness of SCB's index; SCB's types."""

import streamlit as st

from components import controls, index_parts, likeness_parts
from components.engine import engine
from components.state import begin, commit
from omradesbild.analyse import city_index
from omradesbild.words import t

view = begin()
lang = view.lang
statements = engine().statements

st.title(t("index.title", lang), anchor=False)
st.markdown(t("index.intro", lang))
view = controls.level(view)

st.header(t("index.own", lang), anchor=False)
if not city_index.choices(statements, view.level):
    st.info(t("index.no_measures", lang))
else:
    view = commit(index_parts.weights(view))
    found = city_index.of(statements, view.level, view.weights)
    if found is None:
        st.info(t("index.no_weight", lang))
    else:
        index_parts.said(found)
        view = index_parts.order(view)
        index_parts.table(found, view.sorting)
        index_parts.save(found)
        index_parts.measures(found)
        index_parts.city_map(found)

likeness_parts.likeness(view.level)
likeness_parts.types()
commit(view)
