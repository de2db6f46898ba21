"""Samla in: a table that staff bring – what was found in it, what it means, what it would change – kept as a draft."""

import streamlit as st

from components import intake_drafts, intake_parts, own_drafts
from components.state import begin, commit
from omradesbild.words import t

view = begin()
lang = view.lang

st.title(t("intake.title", lang), anchor=False)
intake_drafts.said()
if view.draft:
    intake_drafts.one(view)
else:
    st.html(f'<p class="ob-lead">{t("intake.intro", lang)}</p>')
    sheets = intake_parts.file()
    found = intake_parts.found(sheets) if sheets else None
    mapping = intake_parts.mapping(found) if found else None
    if mapping is not None:
        intake_parts.preview(view, found, mapping)
    intake_drafts.waiting()
own_drafts.remember()
commit(view)
