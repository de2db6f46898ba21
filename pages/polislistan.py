"""Polisens lista: its editions, beside the measured conditions of the areas on it and of others."""

import streamlit as st

from components import police_parts
from components.engine import engine
from components.state import begin, commit
from omradesbild.words import t

view = begin()
lang = view.lang

st.title(t("police.title", lang), anchor=False)
st.markdown(t("police.intro", lang))
if not engine().pack.police:
    st.info(t("police.none", lang))
else:
    police_parts.strips()
    police_parts.moves()
    police_parts.borders()
    police_parts.conditions()
    police_parts.criteria()
commit(view)
