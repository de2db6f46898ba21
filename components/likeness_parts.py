"""The parts of the page about Statistics Sweden's index: a likeness of it, and the area types as published."""

from __future__ import annotations

import streamlit as st

from components import tables
from components.engine import engine
from components.index_parts import bar, legend
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import likeness as analyse
from omradesbild.analyse.statements import Statement
from omradesbild.words import t


def likeness(level: str) -> None:
    """Show the likeness of every area of a level: its value, its distance from the others, its three parts."""
    st.header(t("likeness.title", lang()), anchor=False)
    statements, pack = engine().statements, engine().pack
    found = analyse.of(statements, level)
    if found is None:
        st.info(t("likeness.none", lang()))
        return
    made, periods = found
    titles = [pack.indicators[i].title.get(lang()) for i in periods]
    lines = [t("likeness.intro", lang(), parts=words.listing([x.lower() for x in titles], lang()))]
    if made.stand_in:
        lines.append(t("likeness.stand_in", lang(), title=pack.indicators[made.stand_in].title.get(lang()).lower()))
    st.html("".join(f'<p class="ob-lead">{markup(line)}</p>' for line in lines))
    headings = [f"{title}, {words.period(p, lang())}" for title, p in zip(titles, periods.values(), strict=True)]
    span = (0.0, float(made.value.max()))
    known = made.value.dropna().sort_values(ascending=False, kind="stable")
    rows, flags = [], []
    for area, value in known[: tables.MOST_ROWS].items():
        parts, shares = made.contributions.loc[area].tolist(), [statements.get(area, i, p) for i, p in periods.items()]
        flags += [s.flag for s in shares if s.flag]
        rows.append(
            [
                pack.areas[area].name,
                words.with_unit(words.number(value, 1, lang()), "%"),
                words.number(made.distance[area], 1, lang(), sign=True),
                Html(bar(parts, span)),
                *(Html(_part(*pair)) for pair in zip(parts, shares, strict=True)),
            ]
        )
    columns = [
        t("column.area_name", lang()),
        t("likeness.column_value", lang()),
        t("likeness.column_distance", lang()),
        t("index.column_bar", lang()),
        *headings,
    ]
    st.html(legend(headings) + f'<p class="ob-note">{markup(t("likeness.table_note", lang()))}</p>')
    tables.show(
        t("likeness.title", lang()),
        columns,
        rows,
        numeric=(1, 2, *range(4, len(columns))),
        caption_hidden=True,
        flags=flags,
        of=len(known),
    )
    missing = [pack.areas[a].name for a in made.value.index[made.value.isna()]]
    if missing:
        st.html(f'<p class="ob-note">{markup(t("likeness.missing", lang(), names=words.listing(missing, lang())))}</p>')
    sources = {s.id: s for i in periods for s in statements.sources(i)}
    st.html(f'<p class="ob-source">{markup(words.source_text(sources.values(), lang(), processed=True))}</p>')


def _part(contribution: float, share: Statement) -> str:
    """Write what a share contributes, and below it the share."""
    below = markup(words.marked(share, lang()))
    return f'{words.number(contribution, 1, lang())}<br><span class="ob-compared">{below}</span>'


def types() -> None:
    """Show the published types of the basic areas, year by year, as they are."""
    statements, pack = engine().statements, engine().pack
    st.header(t("types.title", lang()), anchor=False)
    indicator = pack.indicators.get(pack.index.published or "")
    periods = statements.periods(indicator.id, pack.info.base_level) if indicator else []
    if not periods:
        st.info(t("types.none", lang()))
        return
    lines = [indicator.definition, indicator.not_covered, *filter(None, [pack.index.published_note])]
    lines = [line.get(lang()) for line in lines] + [t("types.not_added", lang())]
    st.html("".join(f'<p class="ob-lead">{markup(line)}</p>' for line in lines))
    areas = statements.base_at(indicator.id, periods[-1]).sort_values("value", kind="stable")["area"].tolist()
    found = [[statements.get(a, indicator.id, p) for p in periods] for a in areas[: tables.MOST_ROWS]]
    rows = [
        [pack.areas[a].name, *(words.figure(s, lang()) if s else "-" for s in own)] for a, own in zip(areas, found, strict=False)
    ]
    columns = [t("column.area_name", lang()), *(words.period(p, lang()) for p in periods)]
    tables.show(
        indicator.title.get(lang()),
        columns,
        rows,
        numeric=range(1, len(columns)),
        caption_hidden=True,
        flags=[s.flag for own in found for s in own if s],
        of=len(areas),
    )
    st.html(f'<p class="ob-source">{markup(words.source_text(statements.sources(indicator.id), lang()))}</p>')
