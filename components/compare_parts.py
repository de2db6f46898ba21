"""The parts of the page that sets areas side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import streamlit as st

from components import tables
from components.area_parts import AGES, city_figure
from components.controls import area_label
from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.analyse.compose import members_of
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


def theme_table(theme: str, areas: Sequence[Area], measure: str) -> None:
    """Show one theme: an indicator per row, the city and the areas as columns, all of the same year."""
    statements, pack = engine().statements, engine().pack
    indicators = shared_indicators(theme, areas)
    if not indicators:
        return
    city = pack.areas[pack.info.city]
    rows, flags = [], []
    for indicator in indicators:
        period = common_period(indicator, areas)
        cells = [indicator.title.get(lang()), words.period(period, lang())]
        of_city = statements.get(city.id, indicator.id, period)
        counted = measure == "antal" and indicator.kind in (Kind.SHARE, Kind.RATE)
        if counted:
            cells.append(words.count(of_city.numerator, lang()) if of_city else "")
        else:
            cells.append(city_figure(indicator, of_city.value if of_city else None))
        for area in areas:
            s = statements.get(area.id, indicator.id, period)
            if s is None:
                cells.append("-")
                flags.append("-")
                continue
            flags.append(s.flag)
            text = words.count(s.numerator, lang()) if counted and s.value is not None else words.figure(s, lang())
            cells.append(tables.Html(compared(text, words.comparison(s, lang(), short=True), s.flag)))
        rows.append(cells)
    columns = [t("column.title", lang()), t("column.period", lang()), city.name, *(a.name for a in areas)]
    heading = t(f"theme.{theme}", lang())
    st.header(heading, anchor=False)
    tables.show(heading, columns, rows, numeric=range(1, len(columns)), caption_hidden=True, flags=flags)


def compared(text: str, comparison: str, flag: str) -> str:
    """Write a figure with its flag and, below it, how it stands against the city."""
    shown = tables.markup(text or "–")
    marks = f" <sup>{tables.markup(flag)}</sup>" if flag and text != flag else ""
    below = f'<br><span class="ob-compared">{tables.markup(comparison)}</span>' if comparison else ""
    return f"{shown}{marks}{below}"


def overlap_notice(areas: Sequence[Area]) -> None:
    """Tell when two of the areas share ground, so that nobody adds them up."""
    pack = engine().pack
    grounds = [(area_label(a), set(members_of(a, pack)) or {a.id}) for a in areas if a.level is not Level.KOMMUN]
    for (one, ground), (other, other_ground) in combinations(grounds, 2):
        if ground & other_ground:
            st.info(t("compare.overlap", lang(), one=one, other=other))
