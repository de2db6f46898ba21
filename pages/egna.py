"""Egna områden: a reader's own area, put together on the map, drawn, from a file or a saved one."""

import streamlit as st

from components import controls, own_parts
from components.engine import shared
from components.state import begin, commit
from omradesbild.model import Whole
from omradesbild.words import t

view = begin()
lang = view.lang

st.title(t("own.title", lang), anchor=False)
st.markdown(t("own.intro", lang))
if shared().pack.info.whole is Whole.COUNTRY:
    st.info(t("own.country", lang))
else:
    number = own_parts.which(view)
    area = own_parts.area_of(view, number)
    choices, picture = st.columns([1, 2], gap="large")
    with choices:
        labels = {way: t(f"own.way_{way}", lang) for way in own_parts.WAYS}
        way = controls.one_of(t("own.way", lang), "egna_satt", list(labels), own_parts.WAYS[0], labels.get)
        ways = {
            "klicka": own_parts.by_hand,
            "rita": own_parts.by_points,
            "fil": own_parts.by_file,
            "sparat": own_parts.by_draft,
        }
        ways[way](view, number)
        own_parts.parts(view, number)
    with picture:
        own_parts.on_map(view, number, way)
    own_parts.notes(number)
    if area is None:
        st.info(t("own.empty", lang))
    else:
        own_parts.about(view, area)
commit(view)
