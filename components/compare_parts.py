"""The parts of the page that sets areas side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import streamlit as st

from components import against as compared_with
from components import tables
from components.area_parts import AGES
from components.controls import area_label
from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.analyse.between import BACK
from omradesbild.analyse.compose import members_of
from omradesbild.analyse.statements import Statement
from omradesbild.link import EARLIER
from omradesbild.model import Area, Indicator, Kind, Level
from omradesbild.words import t


def shared_indicators(theme: str, areas: Sequence[Area]) -> list[Indicator]:
    """Return the indicators of a theme for which at least one of the areas has a figure."""
    statements = engine().statements
    return [
        i
        for i in engine().pack.indicators.values()
        if i.theme == theme
        and i.id != AGES
        and any(statements.periods_of(a.id, i.id, i.default_group) for a in areas if a.level is not Level.KOMMUN)
    ]


def common_period(indicator: Indicator, areas: Sequence[Area]) -> str:
    """Return the newest period that most of the areas have a figure for."""
    statements = engine().statements
    count: dict[str, int] = {}
    for area in areas:
        for period in statements.periods_of(area.id, indicator.id, indicator.default_group):
            count[period] = count.get(period, 0) + 1
    return max(count, key=lambda period: (count[period], period))


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
    chosen = {"": "rest", EARLIER: "earlier"}.get(against, "area")
    text = t(f"against.rule_{chosen}", lang(), name=compared_with.name(against), years=BACK)
    st.html(f'<p class="ob-note">{tables.markup(text)}</p>')


def overlap_notice(areas: Sequence[Area]) -> None:
    """Tell when two of the areas share ground, so that nobody adds them up."""
    pack = engine().pack
    grounds = [(area_label(a), set(members_of(a, pack)) or {a.id}) for a in areas if a.level is not Level.KOMMUN]
    for (one, ground), (other, other_ground) in combinations(grounds, 2):
        if ground & other_ground:
            st.info(t("compare.overlap", lang(), one=one, other=other))
