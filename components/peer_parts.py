"""The part of an area's page about its peers: who is most like it, in what, and how they stand in one measure."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import tables
from components.controls import headline, indicator_label
from components.engine import engine
from components.state import choose, lang, to
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import peers
from omradesbild.analyse.peers import Peer, Peers
from omradesbild.analyse.statements import COMPARABLE, Statement
from omradesbild.link import View
from omradesbild.model import Area, Indicator, Level
from omradesbild.publish.choropleth import sources_of
from omradesbild.words import t


def show(view: View, area: Area) -> View:
    """Show an area's peers, and how they stand in a measure that the reader chooses."""
    options = [i for i in engine().pack.indicators.values() if i.kind in COMPARABLE and _has(i, area)]
    if area.level is Level.KOMMUN or not options:
        return view
    st.header(t("peers.title", lang()), anchor=False)
    if area.level is Level.CUSTOM:
        st.info(t("peers.custom", lang()))
        return view
    view = replace(view, outcome=_outcome(view, options))
    outcome = engine().pack.indicators[view.outcome]
    found = peers.of(engine().statements, area.id, outcome.id)
    if found is None:
        st.info(t("peers.no_variables", lang()))
    elif not found.peers:
        lacking = found.variables.columns[found.variables.loc[area.id].isna()]
        st.info(t("peers.lacking", lang(), titles=_titles(lacking)))
    else:
        _who(area, found)
        _compared(area, outcome, found)
    return view


def _has(indicator: Indicator, area: Area) -> bool:
    return engine().statements.latest_of(area.id, indicator.id) is not None


def _outcome(view: View, options: list[Indicator]) -> str:
    """Let the reader choose what is compared; at first the first headline measure."""
    ids = [option.id for option in options]
    value = next((i for i in (view.outcome, *headline()) if i in ids), ids[0])
    key = choose("utfall", value)
    if st.session_state[key] not in ids:
        st.session_state[key] = value
    return st.selectbox(
        t("peers.outcome", lang()),
        ids,
        format_func=lambda i: indicator_label(engine().pack.indicators[i]),
        key=key,
        placeholder=t("control.choose", lang()),
    )


def _titles(ids) -> str:
    return words.listing([engine().pack.indicators[i].title.get(lang()).lower() for i in ids], lang())


def _who(area: Area, found: Peers) -> None:
    """Say what areas are held alike by, and show the peers with how near they are and in what most."""
    pack = engine().pack
    unused = [v.indicator for v in pack.peers if found.outcome in (v.indicator, *v.near)]
    lines = [t("peers.by", lang(), variables=_with_years(found, area), level=words.level(area.level, lang(), "all"))]
    if unused:
        lines.append(t("peers.unused", lang(), titles=_titles(unused)))
    st.html("".join(f'<p class="ob-lead">{markup(line)}</p>' for line in lines))
    columns = [t("column.area_name", lang()), t("peers.column_near", lang()), t("peers.column_alike", lang())]
    rows = [[pack.areas[p.area].name, _nearness(p, found), Html(_alike(area, p))] for p in found.peers]
    tables.show(t("peers.table", lang(), area=area.name), columns, rows, caption_hidden=True)
    st.html(f'<p class="ob-note">{markup(t("peers.near_note", lang()))}</p>')
    st.page_link(
        "../pages/jamfor.py",
        label=t("peers.compare", lang()),
        query_params=to(omr=".".join([area.id, *(p.area for p in found.peers)])),
    )


def _with_years(found: Peers, area: Area) -> str:
    statements, pack = engine().statements, engine().pack
    return words.listing(
        [
            f"{pack.indicators[i].title.get(lang()).lower()} ({words.period(statements.latest(i, area.level), lang())})"
            for i in found.variables
        ],
        lang(),
    )


def _nearness(peer: Peer, found: Peers) -> str:
    ratio = peer.distance / found.typical if found.typical else 0.0
    return t(f"peers.{peers.nearness(peer, found.typical)}", lang(), ratio=words.number(ratio, 2, lang()))


def _alike(area: Area, peer: Peer) -> str:
    """Write the variables in which two areas are most alike, with both figures: the area's first."""
    lines = []
    for id_ in peer.closest:
        period = engine().statements.latest(id_, area.level)
        own, other = (engine().statements.get(a, id_, period) for a in (area.id, peer.area))
        pair = {"own": words.figure(own, lang()), "other": words.figure(other, lang())}
        lines.append(markup(t("peers.pair", lang(), title=own.indicator.title.get(lang()), **pair)))
    return "<br>".join(lines)


def _compared(area: Area, outcome: Indicator, found: Peers) -> None:
    """Show the measure for the area and its peers, each with its interval and how it stands in the city."""
    statements, pack = engine().statements, engine().pack
    newest = statements.latest_of(area.id, outcome.id)
    others = [statements.get(p.area, outcome.id, newest.period, newest.group) for p in found.peers]
    middle = peers.median(others)
    title = f"{words.title(outcome, newest.group, lang())}, {words.period(newest.period, lang())}"
    st.subheader(t("peers.compared", lang(), title=title), anchor=False)
    said = t("peers.too_few", lang())
    if middle is not None:
        numbers = {"own": words.figure(newest, lang()), "median": _write(middle, newest)}
        said = t("peers.said", lang(), area=area.name, **numbers)
    st.html(f'<p class="ob-lead">{markup(said)} {markup(t("peers.caution", lang()))}</p>')
    rows = [_row(area.name, newest)]
    rows += [_row(pack.areas[p.area].name, s) for p, s in zip(found.peers, others, strict=True)]
    if middle is not None:
        rows.append([t("peers.median", lang()), _write(middle, newest), "", ""])
    columns = [t(f"column.{c}", lang()) for c in ("area_name", "value", "comparison", "interval")]
    shown = [s for s in (newest, *others) if s is not None]
    tables.show(
        title, columns, rows, numeric=(1, 3), emphasised=1, caption_hidden=True, flags=[s.flag for s in shown]
    )
    st.html(f'<p class="ob-source">{markup(words.source_text(sources_of(shown), lang(), processed=True))}</p>')


def _write(value: float, like: Statement) -> str:
    return words.value_text(value, "", like.indicator, lang(), like.decimals)


def _row(name: str, s: Statement | None) -> list:
    if s is None:
        return [name, "-", t("flag.not_reported", lang()), ""]
    said = words.comparison(s, lang()) if s.value is not None else words.missing_words(s, lang())
    mark = f" <sup>{markup(s.flag)}</sup>" if s.flag and s.value is not None else ""
    return [name, Html(markup(words.figure(s, lang())) + mark), said, words.interval(s, lang())]
