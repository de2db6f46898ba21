"""The parts of the page that sets areas side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import against as compared_with
from components import tables
from components.controls import area_label
from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.model import Area, Indicator, Kind
from omradesbild.publish.parts import compare
from omradesbild.words import t


def shared_indicators(theme: str, areas: Sequence[Area]) -> list[Indicator]:
    """Return the indicators of a theme for which at least one of the areas has a figure."""
    return compare.shared_indicators(engine().statements, areas, theme)


def common_period(indicator: Indicator, areas: Sequence[Area]) -> str:
    """Return the newest period that most of the areas have a figure for."""
    return compare.common_period(engine().statements, indicator, areas)


def theme_table(theme: str, areas: Sequence[Area], against: str = "") -> None:
    """Show one theme: an indicator per row, the city and the areas as columns, all of the same year.

    Each cell has the figure with its marks, how many people that is, and how it stands against the rest of
    the city or what else the reader chose.
    """
    statements, city = engine().statements, engine().pack.info.city
    indicators = shared_indicators(theme, areas)
    if not indicators:
        return
    found = []
    for indicator in indicators:
        period = common_period(indicator, areas)
        found.append([statements.get(a, indicator.id, period) for a in (city, *(a.id for a in areas))])
    figures = [s for line in found for s in line if s]
    said = dict(zip(figures, compared_with.said(figures, against, short=True), strict=True))
    rows = []
    for line in found:
        first = next(s for s in line if s)
        title = words.title(first.indicator, first.group, lang())
        cells = [tables.Html(cell(s, said.get(s, ""))) for s in line]
        rows.append([title, words.period(first.period, lang()), *cells])
    flags = [] if all(map(all, found)) else ["-"]
    names = [engine().pack.areas[city].name, *(a.name for a in areas)]
    columns = [t("column.title", lang()), t("column.period", lang()), *names]
    heading = t(f"theme.{theme}", lang())
    st.header(heading, anchor=False)
    tables.show(heading, columns, rows, numeric=range(1, len(columns)), caption_hidden=True, flags=flags, figures=figures)


def cell(s: Statement | None, compared: str) -> str:
    """Write a figure with its marks and, below it, the number of people and how it stands."""
    if s is None:
        return "-"
    text = tables.figure(s)
    marks = f" <sup>{tables.markup(s.flag)}</sup>" if s.value is not None and s.flag else ""
    people = s.indicator.kind in (Kind.SHARE, Kind.RATE) and s.value is not None
    below = [words.count(s.numerator, lang()) if people else "", compared]
    said = " · ".join(filter(None, below))
    return tables.markup(text) + marks + (f'<br><span class="ob-compared">{tables.markup(said)}</span>' if said else "")


def rule(against: str) -> None:
    """Say what every cell of the tables is compared with, and by which rule."""
    st.html(f'<p class="ob-note">{tables.markup(compared_with.rule(against))}</p>')


def overlap_notice(areas: Sequence[Area]) -> None:
    """Tell when two of the areas share ground, so that nobody adds them up."""
    for told in compare.overlaps(areas, engine().pack, area_label, lang()):
        st.info(told)
