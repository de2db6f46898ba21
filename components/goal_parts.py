"""A goal of the council: where the city stands on it, how areas differ, and what is not measured."""

from __future__ import annotations

import streamlit as st

from components import tables
from components.engine import engine
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.analyse.statements import Segment, Statement
from omradesbild.model import Goal
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.summary import area_span
from omradesbild.words import t

OLD_YEARS = 3  # figures older than this are called old


def card(goal: Goal) -> None:
    """Show a goal with its indicators: newest figure, the first of the same series, the span of areas."""
    st.subheader(goal.title.get(lang()), anchor=False)
    st.markdown(goal.text.get(lang()))
    statements, pack = engine().statements, engine().pack
    found = [(statements.series(pack.info.city, id_), id_) for id_ in goal.indicators]
    rows, shown = [], []
    for segments, id_ in found:
        known = [s for segment in segments for s in segment.points if s.value is not None]
        if known:
            shown.append(known[-1])
            rows.append(_row(known[-1], segments, id_))
    columns = [t(f"column.{c}", lang()) for c in ("title", "value", "unit", "period", "before", "span")]
    kept = [i for i in range(len(columns)) if any(row[i] for row in rows)]
    tables.show(
        goal.title.get(lang()),
        [columns[i] for i in kept],
        [[row[i] for i in kept] for row in rows],
        numeric=(1,),
        caption_hidden=True,
        flags=[s.flag for s in shown],
    )
    source = words.source_text(sources_of(shown), lang(), processed=True)
    st.html(
        f'<p class="ob-source">{markup(source)}</p>'
        f'<p class="ob-note"><b>{t("overview.not_measured", lang())}</b> {markup(goal.not_measured.get(lang()))}</p>'
        f'<p class="ob-note">{markup(t("overview.goal_source", lang(), source=goal.source))}</p>'
    )


def _row(newest: Statement, segments: tuple[Segment, ...], id_: str) -> list:
    year = words.period(newest.period, lang())
    old = int(newest.period[:4]) < int(engine().pack.info.version[:4]) - OLD_YEARS
    return [
        words.title(newest.indicator, newest.group, lang()),
        marked(newest),
        newest.indicator.unit.get(lang()),
        tables.Html(f'{markup(year)} <span class="ob-old">{t("overview.old", lang())}</span>') if old else year,
        earlier(segments),
        span(id_),
    ]


def marked(s: Statement) -> str:
    """Write a figure with its marks."""
    return words.figure(s, lang()) + (f" {s.flag}" if s.flag else "")


def earlier(segments: tuple[Segment, ...]) -> str:
    """Write the first figure of the newest unbroken part of a series, and say when it is not the first part."""
    known = [s for s in segments[-1].points if s.value is not None]
    said = t("overview.new_series", lang(), period=words.period(known[0].period, lang())) if len(segments) > 1 else ""
    if len(known) < 2:
        return said
    first = t("overview.since", lang(), value=marked(known[0]), period=words.period(known[0].period, lang()))
    return f"{first} ({said})" if said else first


def span(id_: str) -> str:
    """Write how far apart the areas are: "0,9 % till 33,0 % år 2022"."""
    found = area_span(engine().statements, id_)
    if found is None:
        return ""
    low, high = (words.figure(s, lang()) for s in found)
    return t("overview.span", lang(), low=low, high=high, period=words.period(found[0].period, lang()))
