"""Summaries in sentences, with the rule and the numbers behind each folded away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.movement_parts import unfold
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.summary import Sentence


def show(sentences: Sequence[Sentence], note: str = "") -> None:
    """Show sentences as a list, with their sources and a note below."""
    items = "".join(
        f"<li>{markup(s.text)}{unfold([s.rule, *s.numbers], s.text.split(':')[0])}</li>" for s in sentences
    )
    sources = sources_of([s for sentence in sentences for s in sentence.rests_on])
    st.html(
        f'<ul class="ob-sentences">{items}</ul>'
        + (f'<p class="ob-note">{markup(note)}</p>' if note else "")
        + f'<p class="ob-source">{markup(words.source_text(sources, lang(), processed=True))}</p>'
    )
