"""Vad har ändrats: what a new version of the figures brings, for a person to approve, and what may have come since."""

import streamlit as st

from components import freshness_parts, version_parts
from components.state import begin, commit
from omradesbild.words import t

view = begin()

st.title(t("version.title", view.lang), anchor=False)
st.markdown(t("version.intro", view.lang))
version_parts.outcome()
shelf = version_parts.shelf()
if shelf is None:
    st.info(t("version.none", view.lang))
else:
    view, pair = version_parts.choice(view, shelf)
    found = version_parts.changes(pair) if pair else None
    if found:
        version_parts.show(found)
    if pair:
        version_parts.decide(shelf, pair)
    version_parts.listing(shelf)
freshness_parts.panel()
commit(view)
