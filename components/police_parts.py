"""The parts of the page about the police's list."""

from __future__ import annotations

import streamlit as st

from components import tables
from components.engine import engine
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse.listed import Likeness, inside, likeness
from omradesbild.analyse.statements import Statement
from omradesbild.model import Area, PoliceEntry
from omradesbild.publish.choropleth import sources_of
from omradesbild.words import t

#: The measures by which areas on and off the list are compared; a higher value is a heavier burden.
MEASURES = ("lag_ekonomisk_standard", "arbetslosa_16_64", "forgymnasial")


def strip() -> None:
    """Show each of the police's areas as a row and each edition as a column."""
    pack = engine().pack
    st.header(t("police.strip", lang()), anchor=False)
    rows = []
    for id_, name in _names().items():
        cells = [_entry(id_, edition.edition) for edition in pack.police]
        rows.append([name, *(t(f"police.{e.category}" if e else "police.not_listed", lang()) for e in cells)])
    columns = [t("column.police_area", lang()), *(edition.edition for edition in pack.police)]
    tables.show(t("police.strip", lang()), columns, rows, caption_hidden=True)
    notes = [f"{e.edition}: {e.note.get(lang())}" for e in pack.police if e.note]
    if notes:
        st.html("".join(f'<p class="ob-note">{markup(note)}</p>' for note in notes))
    links = {entry.source: entry.source_url for edition in pack.police for entry in edition.entries}
    named = ", ".join(f'<a href="{markup(u)}" rel="noreferrer">{markup(s)}</a>' for s, u in links.items())
    st.html(f'<p class="ob-source">{t("police.sources", lang())} {named}.</p>')


def borders() -> None:
    """Show how the borders have moved: surface per edition and what changed."""
    st.header(t("police.borders", lang()), anchor=False)
    editions = [e for e in engine().pack.police if e.borders]
    rows = []
    for id_, name in _names().items():
        found = [_entry(id_, e.edition) for e in editions]
        sizes = [f"{words.number(e.border_km2, 2, lang())} km²" if e and e.border_km2 else "–" for e in found]
        rows.append([name, *sizes])
    columns = [t("column.police_area", lang()), *(e.edition for e in editions)]
    tables.show(t("police.borders", lang()), columns, rows, numeric=range(1, len(columns)), caption_hidden=True)
    st.html(f'<p class="ob-note">{t("police.borders_note", lang())}</p>')


def conditions() -> None:
    """Show the measured conditions of areas on the list, areas that left it and areas alike that never were on it."""
    found = likeness(engine().statements, [m for m in MEASURES if m in engine().pack.indicators])
    st.header(t("police.conditions", lang()), anchor=False)
    if found is None:
        st.info(t("police.no_conditions", lang()))
        return
    st.html(f'<p class="ob-lead">{markup(_rule(found))}</p>')
    rows, shown = [], []
    for key, ids in (("listed", found.listed), ("left", found.left), ("alike", found.alike)):
        if ids:
            rows.append(tables.Section(t(f"police.section_{key}", lang(), edition=found.edition)))
        for id_ in ids:
            row, figures = _condition_row(engine().pack.areas[id_], found)
            rows.append(row)
            shown += figures
    city = [engine().statements.get(engine().pack.info.city, m, s.period) for m, s in found.limits.items()]
    first = [engine().pack.areas[engine().pack.info.city].name, *(words.figure(s, lang()) if s else "–" for s in city)]
    columns = [t("column.area_name", lang()), *(_heading(s) for s in found.limits.values())]
    tables.show(
        t("police.conditions", lang()),
        columns,
        [first, *rows],
        numeric=range(1, len(columns)),
        emphasised=1,
        caption_hidden=True,
        flags=[s.flag for s in shown],
    )
    st.html(f'<p class="ob-source">{markup(words.source_text(sources_of(shown), lang(), processed=True))}</p>')


def _rule(found: Likeness) -> str:
    limits = [
        f"{s.indicator.title.get(lang()).lower()} {words.figure(s, lang())} ({s.area.name})" for s in found.limits.values()
    ]
    return t("police.rule", lang(), edition=found.edition, limits=words.listing(limits, lang()))


def _heading(s: Statement) -> str:
    return f"{s.indicator.title.get(lang())}, {words.period(s.period, lang())}"


def _condition_row(area: Area, found: Likeness) -> tuple[list, list[Statement]]:
    figures = [engine().statements.get(area.id, m, s.period) for m, s in found.limits.items()]
    cells = [
        Html(
            f"{markup(words.figure(s, lang()))}{f' <sup>{markup(s.flag)}</sup>' if s.flag else ''}"
            f'<br><span class="ob-compared">{markup(words.comparison(s, lang(), short=True))}</span>'
        )
        if s is not None
        else "–"
        for s in figures
    ]
    return [area.name, *cells], [s for s in figures if s is not None]


def moves() -> None:
    """Say for each change of the list what can and cannot be said about the conditions before and after it."""
    statements, pack = engine().statements, engine().pack
    st.header(t("police.moves", lang()), anchor=False)
    rows = []
    for edition in pack.police:
        for entry in edition.entries:
            if entry.change and not entry.change.startswith(("oförändrad", "ny (första")):
                rows.append([edition.edition, entry.area, entry.change])
    columns = [t(f"column.{c}", lang()) for c in ("edition", "police_area", "what")]
    tables.show(t("police.moves", lang()), columns, rows, caption_hidden=True)
    bordered = [e.edition for e in pack.police if e.borders]
    areas = frozenset().union(*(inside(statements, e) for e in bordered)) if bordered else frozenset()
    spans = {
        m: sorted({p for a in areas for p in statements.periods_of(a, m)}) for m in MEASURES if m in pack.indicators
    }
    told = [f"{pack.indicators[m].title.get(lang()).lower()} ({', '.join(years) or '–'})" for m, years in spans.items()]
    st.html(f'<p class="ob-lead">{markup(t("police.moves_note", lang(), measures=words.listing(told, lang())))}</p>')


def criteria() -> None:
    """Give the police's criteria and the audit of them, with sources."""
    st.header(t("police.criteria", lang()), anchor=False)
    rows = [
        [
            t(f"police.criteria_{key}_title", lang()),
            t(f"police.criteria_{key}", lang()),
            Html(f'<a href="{url}" rel="noreferrer">{markup(source)}</a>'),
        ]
        for key, source, url in CRITERIA
    ]
    columns = [t(f"column.{c}", lang()) for c in ("term", "definition", "source")]
    tables.show(t("police.criteria", lang()), columns, rows, caption_hidden=True)


CRITERIA = (
    (
        "utsatt",
        "Borlänge kommun, som återger polisens definition",
        "https://www.borlange.se/omsorg-och-hjalp/tjarna-angar/utsatt-omrade-riskomrade-och-sarskilt-utsattomrade",
    ),
    (
        "sarskilt",
        "Borlänge kommun, som återger polisens definition",
        "https://www.borlange.se/omsorg-och-hjalp/tjarna-angar/utsatt-omrade-riskomrade-och-sarskilt-utsattomrade",
    ),
    ("method", "Polisen", "https://polisen.se/om-polisen/polisens-arbete/utsatta-omraden/"),
    ("audit", "Riksrevisionen, RiR 2020:20", "https://data.riksdagen.se/dokument/H8B520.html"),
    (
        "after",
        "Riksrevisionen, uppföljning",
        "https://www.riksrevisionen.se/granskningar/granskningsrapporter/2020/"
        "ratt-insats-pa-ratt-plats---polisens-arbete-i-utsatta-omraden/uppfoljning.html",
    ),
)


def _names() -> dict[str, str]:
    """Return the newest name of each of the police's areas, by id, in the order they were first listed."""
    entries = [entry for edition in engine().pack.police for entry in edition.entries]
    return {entry.id: entry.area for entry in entries}


def _entry(id_: str, edition: str) -> PoliceEntry | None:
    entries = (entry for e in engine().pack.police if e.edition == edition for entry in e.entries)
    return next((entry for entry in entries if entry.id == id_), None)
