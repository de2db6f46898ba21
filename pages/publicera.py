"""Publicera: what the public edition would hold, what it withholds and what is new in it – and then publish it."""

import streamlit as st

from components import publish_parts
from components.state import begin, commit
from omradesbild.words import t

view = begin()

st.title(t("publish.title", view.lang), anchor=False)
st.markdown(t("publish.intro", view.lang))
folder = publish_parts.folder()
publish_parts.contents()
publish_parts.withheld()
publish_parts.differences(folder)
settings = publish_parts.checks()
publish_parts.publishing(folder, settings)
commit(view)
