"""The parts of the page about priorities: challenges by area and by measure, and lists that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import streamlit as st

from components import tables
from components.engine import engine
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.priorities import Challenge, Reason
from omradesbild.analyse.statements import Statements
from omradesbild.model import Direction
from omradesbild.publish.choropleth import sources_of
from omradesbild.words import t

MOST = 5  # areas that are named for each measure


def challenges(level: str, goal: str) -> tuple[Challenge, ...]:
    """Return every challenge of a level, kept for the next reader."""
    return _challenges(engine().statements, level, goal)


@lru_cache(maxsize=32)
def _challenges(statements: Statements, level: str, goal: str) -> tuple[Challenge, ...]:
    return tuple(priorities.of_all(statements, level, goal or None))


def by_area(challenges: Sequence[Challenge]) -> None:
    """Show every area with its challenges, those that concern most people first."""
    st.header(t("priority.by_area", lang()), anchor=False)
    areas = dict.fromkeys(c.statement.area.id for c in challenges)
    rows: list = []
    for id_ in areas:
        own = [c for c in challenges if c.statement.area.id == id_]
        name = own[0].statement.area.name
        rows.append(tables.Section(t("priority.section", lang(), area=name, number=len(own))))
        rows += [_row(c, words.title(c.statement.indicator, c.statement.group, lang())) for c in own]
    _table(t("priority.by_area", lang()), t("column.title", lang()), rows, challenges)


def by_indicator(challenges: Sequence[Challenge]) -> None:
    """Show for every measure the areas that need it most."""
    st.header(t("priority.by_indicator", lang(), most=MOST), anchor=False)
    rows: list = []
    for indicator in dict.fromkeys(c.statement.indicator.id for c in challenges):
        own = [c for c in challenges if c.statement.indicator.id == indicator]
        s = own[0].statement
        rows.append(tables.Section(f"{words.title(s.indicator, s.group, lang())}, {words.period(s.period, lang())}"))
        rows += [_row(c, c.statement.area.name) for c in own[:MOST]]
    heading = t("priority.by_indicator", lang(), most=MOST)
    _table(heading, t("column.area_name", lang()), rows, challenges)


def _table(caption: str, first: str, rows: Iterable, challenges: Sequence[Challenge]) -> None:
    names = ("value", "city_value", "people", "initiatives_now", "why")
    columns = [first, *(t(f"column.{c}", lang()) for c in names)]
    shown = [c.statement for c in challenges]
    tables.show(caption, columns, rows, numeric=(1, 2, 3), caption_hidden=True, flags=[s.flag for s in shown])
    st.html(f'<p class="ob-source">{markup(words.source_text(sources_of(shown), lang(), processed=True))}</p>')


def _row(c: Challenge, first: str) -> list:
    s = c.statement
    pack = engine().pack
    named = [i.title for i in pack.initiatives if i.id in c.initiatives]
    people = words.number(c.people, 0, lang()) if c.people and c.people > 0 else ""
    return [
        first,
        words.figure(s, lang()) + (f" {s.flag}" if s.flag else ""),
        words.value_text(s.city_value, "", s.indicator, lang()),
        people,
        ", ".join(named),
        Html("<br>".join(markup(reason_text(r, c)) for r in c.why)),
    ]


def reason_text(reason: Reason, c: Challenge) -> str:
    """Say one thing that decided, with its numbers."""
    indicator = c.statement.indicator
    unit = words.difference_unit(indicator, lang())

    def write(name: str, sign: bool = False) -> str:
        return words.with_unit(words.number(reason.numbers[name], indicator.decimals, lang(), sign=sign), unit)

    if reason.code == "people":
        numbers = {k: words.number(reason.numbers[k], 0, lang()) for k in ("numerator", "denominator", "people")}
        higher_better = indicator.direction is Direction.HIGHER_BETTER
        return t("priority.why_fewer" if higher_better else "priority.why_more", lang(), **numbers)
    if reason.code == "diverging":
        values = {"change": write("change", True), "city": write("city_change", True), "minimum": write("minimum")}
        return t("priority.why_diverging", lang(), **values)
    values = {"difference": write("difference", True), "minimum": write("minimum")}
    return t(f"priority.why_{reason.code}", lang(), **values)


def save(challenges: Sequence[Challenge]) -> None:
    """Let the reader choose rows, name the list, annotate it and keep it as a file."""
    st.header(t("priority.save", lang()), anchor=False)
    keys = {f"{c.statement.area.id} {c.statement.indicator.id}": c for c in challenges}
    chosen = st.multiselect(
        t("priority.choose", lang()),
        list(keys),
        format_func=lambda k: f"{keys[k].statement.area.name}: {keys[k].statement.indicator.title.get(lang())}",
        placeholder=t("control.choose", lang()),
    )
    name = st.text_input(t("priority.name", lang()))
    note = st.text_area(t("priority.note", lang()))
    if chosen and name:
        kept = priorities.kept([keys[k] for k in chosen], name, engine().pack, note)
        st.download_button(
            t("priority.download", lang()),
            data=priorities.to_json(kept),
            file_name="prioriteringar.json",
            mime="application/json",
            on_click="ignore",
        )


def opened() -> None:
    """Open a list that was kept, with today's figures beside what it was chosen for."""
    st.header(t("priority.open", lang()), anchor=False)
    file = st.file_uploader(t("priority.file", lang()), type="json")
    if file is None:
        return
    try:
        found = priorities.from_json(file.getvalue().decode("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        st.error(str(error))
        return
    loaded = engine()
    st.subheader(found.name, anchor=False)
    if found.version != loaded.pack.info.version:
        st.warning(t("link.version", lang(), found=found.version, used=loaded.pack.info.version))
    if found.note:
        st.text(found.note)
    rows = []
    for e in found.entries:
        s = loaded.statements.get(e.area, e.indicator, e.period, e.group)
        if s is None:
            rows.append([e.area, e.indicator, e.period, t("flag.not_reported", lang()), "", e.note])
            continue
        title = words.title(s.indicator, s.group, lang())
        rows.append([s.area.name, title, s.period, words.figure(s, lang()), words.comparison(s, lang()), e.note])
    columns = [t(f"column.{c}", lang()) for c in ("area_name", "title", "period", "value", "comparison", "note")]
    tables.show(found.name, columns, rows, numeric=(2, 3), caption_hidden=True)
