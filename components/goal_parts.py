"""A goal of the council: where the city stands on it, how areas differ, and what is not measured."""

from __future__ import annotations

import streamlit as st

from components import tables
from components.engine import engine
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.analyse.statements import Segment
from omradesbild.model import Goal
from omradesbild.publish.summary import area_span
from omradesbild.words import t


def card(goal: Goal) -> None:
    """Show a goal with its indicators: newest figure, the first of the same series, the span of areas."""
    st.subheader(goal.title.get(lang()), anchor=False)
    st.markdown(goal.text.get(lang()))
    statements, pack = engine().statements, engine().pack
    rows, flags = [], []
    for id_ in goal.indicators:
        segments = statements.series(pack.info.city, id_)
        known = [s for segment in segments for s in segment.points if s.value is not None]
        if not known:
            continue
        newest = known[-1]
        flags.append(newest.flag)
        marks = f" {newest.flag}" if newest.flag else ""
        rows.append(
            [
                newest.indicator.title.get(lang()),
                words.figure(newest, lang()) + marks,
                words.period(newest.period, lang()),
                earlier(segments),
                span(id_),
            ]
        )
    columns = [t(f"column.{c}", lang()) for c in ("title", "value", "period", "before", "span")]
    kept = [i for i in range(len(columns)) if any(row[i] for row in rows)]
    tables.show(
        goal.title.get(lang()),
        [columns[i] for i in kept],
        [[row[i] for i in kept] for row in rows],
        numeric=(1, 2),
        caption_hidden=True,
        flags=flags,
    )
    st.html(
        f'<p class="ob-note"><b>{t("overview.not_measured", lang())}</b> {markup(goal.not_measured.get(lang()))}</p>'
        f'<p class="ob-source">{markup(t("overview.goal_source", lang(), source=goal.source))}</p>'
    )


def earlier(segments: tuple[Segment, ...]) -> str:
    """Write the first figure of the newest unbroken part of a series; nothing when there is no other."""
    known = [s for s in segments[-1].points if s.value is not None]
    if len(known) < 2:
        return ""
    return t(
        "overview.since", lang(), value=words.figure(known[0], lang()), period=words.period(known[0].period, lang())
    )


def span(id_: str) -> str:
    """Write how far apart the areas are: "0,9 % till 33,0 % år 2022"."""
    found = area_span(engine().statements, id_)
    if found is None:
        return ""
    low, high = (words.figure(s, lang()) for s in found)
    return t("overview.span", lang(), low=low, high=high, period=words.period(found[0].period, lang()))
