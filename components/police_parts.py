"""The parts of the page about the police's list: strips of editions, borders, conditions and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import streamlit as st

from components import tables
from components.engine import engine
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import listed
from omradesbild.analyse.listed import Around, Likeness, Move, Step, likeness
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Area, Kind, PoliceEntry
from omradesbild.publish.choropleth import sources_of
from omradesbild.words import t


def measures() -> list[str]:
    """Return the measures by which areas on and off the list are compared: those of the pack's likeness of SCB's index."""
    plan = engine().pack.index.likeness
    return [plan.low_standard, plan.low_education, plan.out_of_work] if plan else []


def strips() -> None:
    """Show each of the police's areas: a strip of its editions, and the measured conditions of its parts."""
    pack = engine().pack
    st.header(t("police.strip", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("police.strip_note", lang())}</p>')
    shown: list[Statement] = []
    blocks = []
    for id_, name in _names().items():
        figures = _conditions(id_)
        shown += [s for own in figures for s in own]
        blocks.append(
            f'<section class="ob-listed"><h3 class="ob-card-title">{markup(name)}</h3>'
            f'<ol class="ob-strip" aria-label="{markup(t("police.strip_of", lang(), area=name))}">'
            + "".join(_cell(e.edition, _entry(id_, e.edition)) for e in pack.police)
            + f"</ol>{_condition_list(figures)}</section>"
        )
    st.html("".join(blocks) + tables.flag_key([s.flag for s in shown]))
    notes = [f"{e.edition}: {e.note.get(lang())}" for e in pack.police if e.note]
    if notes:
        st.html("".join(f'<p class="ob-note">{markup(note)}</p>' for note in notes))
    links = {entry.source: entry.source_url for edition in pack.police for entry in edition.entries}
    named = ", ".join(f'<a href="{markup(u)}" rel="noreferrer">{markup(s)}</a>' for s, u in links.items())
    source = words.source_text(sources_of(shown), lang(), processed=True)
    st.html(f'<p class="ob-source">{t("police.sources", lang())} {named}. {markup(source)}</p>')


def _cell(edition: str, entry: PoliceEntry | None) -> str:
    category = t(f"police.{entry.category}" if entry else "police.not_listed", lang())
    said = [category, *([t("police.uncertain", lang(), what=entry.uncertain)] if entry and entry.uncertain else [])]
    class_ = f"ob-{entry.category}" if entry else "ob-unlisted"
    return f'<li class="{class_}"><b>{markup(edition)}</b> {markup(", ".join(said))}</li>'


def _conditions(id_: str) -> list[list[Statement]]:
    """Return for each measure the newest figures of the basic areas inside an area's newest known border."""
    statements, pack = engine().statements, engine().pack
    _, areas = listed.nearest_border(pack, id_, pack.police[-1].edition)
    found = []
    for measure in measures():
        period = statements.latest(measure, pack.info.base_level)
        own = [statements.get(a, measure, period) for a in pack.areas if a in areas] if period else []
        found.append([s for s in own if s is not None and s.value is not None])
    return [own for own in found if own]


def _condition_list(figures: Sequence[Sequence[Statement]]) -> str:
    if not figures:
        return f'<p class="ob-note">{t("police.no_figures", lang())}</p>'
    items = []
    for own in figures:
        s = own[0]
        whole = engine().statements.get(engine().pack.info.city, s.indicator.id, s.period, s.group)
        city = words.figure(whole, lang()) if whole else "–"
        values = {"span": _span(own), "areas": len(own), "city": city, "words": _words(own)}
        title = f"{words.title(s.indicator, s.group, lang())}, {words.period(s.period, lang())}"
        items.append(f'<li><b>{markup(title)}:</b> {markup(t("police.condition", lang(), **values))}</li>')
    return f'<ul class="ob-note">{"".join(items)}</ul>'


def _span(figures: Sequence[Statement]) -> str:
    """Write the lowest and the highest figure, with their marks: "23,8 % till 33,0 % e"."""
    low, high = (f(figures, key=lambda s: s.value) for f in (min, max))
    flags = " ".join(sorted({code for s in figures for code in s.flag.split()}))
    low, high = words.figure(low, lang()), words.figure(high, lang())
    text = low if low == high else t("police.span", lang(), low=low, high=high)
    return f"{text} {flags}".strip()


def _words(figures: Iterable[Statement]) -> str:
    """Count the areas by what is said of them against the rest of the city: "klart högre (3), högre (1)"."""
    counted = Counter(_said(s) for s in figures)
    return ", ".join(f"{said} ({number})" for said, number in counted.most_common() if said)


def _said(s: Statement) -> str:
    return words.figure(s, lang()) if s.indicator.kind is Kind.CLASS else words.comparison(s, lang(), short=True)


def borders() -> None:
    """Show which statistical areas each border has taken in and left: their share inside it, edition by edition."""
    pack = engine().pack
    st.header(t("police.borders", lang()), anchor=False)
    editions = [e for e in pack.police if e.borders]
    if not editions:
        st.info(t("police.no_borders", lang()))
        return
    rows: list = []
    for id_, name in _names().items():
        entries = [_entry(id_, e.edition) for e in editions]
        rows.append(tables.Section(name))
        rows.append([t("police.surface", lang()), *(_surface(e) for e in entries), ""])
        touched = {area for e in entries if e for area in e.overlap}
        for area in (a for a in pack.areas if a in touched):
            shares = [e.overlap.get(area, 0.0) if e else 0.0 for e in entries]
            crossed = _crossed(shares, [e.edition for e in editions])
            rows.append([pack.areas[area].name, *(_share(x) for x in shares), crossed])
    columns = [t("column.area_name", lang()), *(e.edition for e in editions), t("column.what", lang())]
    caption = t("police.shares", lang())
    table = tables.html_table(caption, columns, rows, numeric=range(1, len(columns) - 1), caption_hidden=True)
    st.html(
        f'<p class="ob-lead">{t("police.borders_note", lang())}</p>'
        f'<details class="ob-fold"><summary>{caption}</summary>{table}</details>'
    )


def _surface(entry: PoliceEntry | None) -> str:
    return f"{words.number(entry.border_km2, 2, lang())} km²" if entry and entry.border_km2 else "–"


def _share(share: float) -> str:
    return words.with_unit(words.number(100 * share, 0, lang()), "%") if share else "–"


def _crossed(shares: Sequence[float], editions: Sequence[str]) -> str:
    """Say in which edition a basic area came inside a border with its greater part, or no longer was."""
    said = []
    for before, after, edition in zip(shares, shares[1:], editions[1:], strict=False):
        if (before >= listed.MOSTLY) != (after >= listed.MOSTLY):
            came = after >= listed.MOSTLY
            said.append(t("police.came" if came else "police.went", lang(), edition=edition))
    return ", ".join(said)


def conditions() -> None:
    """Show the measured conditions of areas on the list, areas that left it and areas alike that never were on it."""
    found = likeness(engine().statements, [m for m in measures() if m in engine().pack.indicators])
    st.header(t("police.conditions", lang()), anchor=False)
    if found is None:
        st.info(t("police.no_conditions", lang()))
        return
    st.html(f'<p class="ob-lead">{markup(_rule(found))}</p>')
    rows, shown = [], []
    for key, ids in (("listed", found.listed), ("left", found.left), ("alike", found.alike)):
        if ids:
            rows.append(tables.Section(t(f"police.section_{key}", lang(), edition=found.edition, number=len(ids))))
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


@lru_cache(maxsize=4)
def _changes(statements: Statements) -> tuple[tuple[Move, tuple[Around, ...]], ...]:
    """Return every change of the list with the measures that can be followed over it, kept for the next reader."""
    found = listed.moves(statements.pack)
    return tuple((m, listed.around(statements, m.areas, m.since.edition, m.until.edition)) for m in found)


def moves() -> None:
    """Show every change of the list, and what can and cannot be said about the conditions around it."""
    st.header(t("police.moves", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("police.moves_note", lang())}</p>')
    changes = _changes(engine().statements)
    for since, until in pairwise(engine().pack.police):
        st.subheader(t("police.since", lang(), since=since.edition, until=until.edition), anchor=False)
        own = [_move(move, found) for move, found in changes if move.until == until]
        st.html("".join(own) or f'<p class="ob-note">{t("police.nothing_moved", lang())}</p>')


def _move(move: Move, found: Sequence[Around]) -> str:
    entry = move.after or move.before
    what = [_what(kind, move) for kind in move.kinds]
    said = [t("police.change_words", lang(), words=entry.change)] if move.after and entry.change else []
    if move.border:
        said.append(t("police.border_stands_in", lang(), edition=move.border))
    lines = "".join(f'<p class="ob-note">{markup(line)}</p>' for line in [*said, *_can(move, found)])
    body = _followed(move, found) if found else ""
    return f'<h4 class="ob-card-title">{markup(entry.area)}: {markup(words.listing(what, lang()))}</h4>{lines}{body}'


def _what(kind: str, move: Move) -> str:
    if kind == "class":
        before, after = (t(f"police.{e.category}", lang()) for e in (move.before, move.after))
        return t("police.move_class", lang(), before=before, after=after)
    if kind == "border":
        names = {k: words.listing([engine().pack.areas[a].name for a in ids], lang()) for k, ids in _crossings(move)}
        return t(f"police.move_border{''.join(f'_{k}' for k in names)}", lang(), **names)
    return t(f"police.move_{kind}", lang(), category=t(f"police.{(move.after or move.before).category}", lang()))


def _crossings(move: Move) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, ids) for name, ids in (("came", move.came), ("went", move.went)) if ids]


def _can(move: Move, found: Sequence[Around]) -> list[str]:
    """Say which conditions have moved against the city, which have not, and which cannot be followed."""
    pack = engine().pack
    tested = [f for f in found if f.tested]
    moved = [f for f in tested if f.moved]
    said = []
    if not found:
        said.append(t("police.cannot", lang()))
    elif not tested:
        said.append(t("police.untested", lang()))
    else:
        numbers = {"same": len(tested) - len(moved), "number": len(tested)}
        one = ("police.moved_one" if moved else "police.unmoved_one") if len(tested) == 1 else ""
        said.append(t(one or "police.unmoved", lang(), **numbers))
        said += [t("police.moved", lang(), what="; ".join(_moved(f) for f in moved))] if moved else []
    followed = {f.indicator.id for f in found}
    lost = [pack.indicators[m].title.get(lang()).lower() for m in measures() if m not in followed and m in pack.indicators]
    if lost:
        said.append(t("police.not_followed", lang(), titles=words.listing(lost, lang())))
    return said


def _moved(f: Around) -> str:
    """Name a measure and the areas that have moved in it: "hyresrätt 2021 till 2023 (upp i Holma)"."""
    title = words.title(f.indicator, f.indicator.default_group, lang())
    years = t("police.span", lang(), low=f.periods[0], high=f.periods[1])
    return f"{title[:1].lower()}{title[1:]} {years} ({words.listing([_step(s) for s in f.moved], lang())})"


def _step(step: Step) -> str:
    indicator = step.before.indicator
    moved = words.with_unit(
        words.number(step.moved, indicator.decimals, lang(), sign=True), words.difference_unit(indicator, lang())
    )
    return t("police.step", lang(), area=step.before.area.name, moved=moved)


def _followed(move: Move, found: Sequence[Around]) -> str:
    name = (move.after or move.before).area
    caption = t("police.followed", lang(), area=name, since=move.since.edition, until=move.until.edition)
    columns = [t(f"column.{c}", lang()) for c in ("title", "years", "areas_before", "areas_after", "city_both", "moved")]
    shown = [s for f in found for step in f.steps for s in (step.before, step.after)]
    table = tables.html_table(caption, columns, [_followed_row(f) for f in found], caption_hidden=True)
    source = words.source_text(sources_of(shown), lang(), processed=True)
    return (
        f'<details class="ob-fold"><summary>{markup(caption)}</summary>{table}{tables.flag_key([s.flag for s in shown])}'
        f'<p class="ob-source">{markup(source)}</p></details>'
    )


def _followed_row(f: Around) -> list:
    city = t("police.to", lang(), before=words.figure(f.city[0], lang()), after=words.figure(f.city[1], lang())) if f.city else "–"
    return [
        words.title(f.indicator, f.indicator.default_group, lang()),
        t("police.to", lang(), before=f.periods[0], after=f.periods[1]),
        _all([step.before for step in f.steps]),
        _all([step.after for step in f.steps]),
        city,
        _verdict(f),
    ]


def _all(figures: Sequence[Statement]) -> str:
    """Write what areas have: the sum of counts, the span of others and what is said of them."""
    if figures[0].indicator.kind is Kind.COUNT:
        return words.number(sum(s.value for s in figures), 0, lang())
    said = _words(figures)
    return f"{_span(figures)}; {said}" if said else _span(figures)


def _verdict(f: Around) -> str:
    """Say whether areas have moved from the rest of the city, and how many could not be told."""
    if not f.tested:
        said = [t("police.not_tested", lang())]
    elif f.moved:
        said = [words.listing([_step(s) for s in f.moved], lang())]
    else:
        said = [t("police.none_moved", lang())]
    if f.left_out:
        said.append(t("police.left_out", lang(), number=f.left_out))
    return ". ".join(said)


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


_DEFINITION = (
    "Borlänge kommun, som återger polisens definition",
    "https://www.borlange.se/omsorg-och-hjalp/tjarna-angar/utsatt-omrade-riskomrade-och-sarskilt-utsattomrade",
)
CRITERIA = (
    ("utsatt", *_DEFINITION),
    ("risk", *_DEFINITION),
    ("sarskilt", *_DEFINITION),
    ("method", "Polisen", "https://polisen.se/om-polisen/polisens-arbete/utsatta-omraden/"),
    ("audit", "Riksrevisionen, RiR 2020:20", "https://data.riksdagen.se/dokument/H8B520.html"),
    (
        "advice",
        "Riksrevisionen, rekommendationer",
        "https://www.riksrevisionen.se/rapporter/granskningsrapporter/2020/"
        "ratt-insats-pa-ratt-plats---polisens-arbete-i-utsatta-omraden/rekommendationer.html",
    ),
    ("answer", "Regeringens skrivelse 2020/21:108", "https://data.riksdagen.se/dokument/H803108.html"),
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
