"""The parts of the page about the police's list: strips of editions, borders, conditions and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from components import tables
from components.engine import engine
from components.followup_parts import fold
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.analyse.listed import Around, Move
from omradesbild.analyse.statements import Statement
from omradesbild.model import PoliceEntry
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.parts import police as told
from omradesbild.words import t


def strips() -> None:
    """Show each of the police's areas: a strip of its editions, and the measured conditions of its parts."""
    pack = engine().pack
    st.header(t("police.strip", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("police.strip_note", lang())}</p>')
    shown: list[Statement] = []
    blocks = []
    for id_, name in told.names(pack).items():
        figures = told.figures_inside(engine().statements, id_)
        shown += [s for own in figures for s in own]
        blocks.append(
            f'<section class="ob-listed"><h3 class="ob-card-title">{markup(name)}</h3>'
            f'<ol class="ob-strip" aria-label="{markup(t("police.strip_of", lang(), area=name))}">'
            + "".join(_cell(e.edition, told.entry_of(pack, id_, e.edition)) for e in pack.police)
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
    class_ = f"ob-{entry.category}" if entry else "ob-unlisted"
    return f'<li class="{class_}"><b>{markup(edition)}</b> {markup(told.category(entry, lang()))}</li>'


def _condition_list(figures: Sequence[Sequence[Statement]]) -> str:
    if not figures:
        return f'<p class="ob-note">{t("police.no_figures", lang())}</p>'
    said = (told.condition(engine().statements, own, lang()) for own in figures)
    items = "".join(f"<li><b>{markup(title)}:</b> {markup(text)}</li>" for title, text in said)
    return f'<ul class="ob-note">{items}</ul>'


def borders() -> None:
    """Show which statistical areas each border has taken in and left: their share inside it, edition by edition."""
    st.header(t("police.borders", lang()), anchor=False)
    found = told.borders(engine().pack, lang())
    if found is None:
        st.info(t("police.no_borders", lang()))
        return
    st.html(f'<p class="ob-lead">{t("police.borders_note", lang())}</p>')
    fold(found.caption, tables.block_html(found))


def conditions() -> None:
    """Show the measured conditions of areas on the list, areas that left it and areas alike that never were on it."""
    found = told.likeness(engine().statements)
    st.header(t("police.conditions", lang()), anchor=False)
    if found is None:
        st.info(t("police.no_conditions", lang()))
        return
    st.html(f'<p class="ob-lead">{markup(told.rule(found, lang()))}</p>')
    tables.block(told.conditions(engine().statements, found, lang()))


def moves() -> None:
    """Show every change of the list, and what can and cannot be said about the conditions around it."""
    st.header(t("police.moves", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("police.moves_note", lang())}</p>')
    changes = told.changes(engine().statements)
    for since, until in pairwise(engine().pack.police):
        st.subheader(t("police.since", lang(), since=since.edition, until=until.edition), anchor=False)
        own = [_move(move, found) for move, found in changes if move.until == until]
        st.html("".join(own) or f'<p class="ob-note">{t("police.nothing_moved", lang())}</p>')


def _move(move: Move, found: Sequence[Around]) -> str:
    pack = engine().pack
    lines = "".join(f'<p class="ob-note">{markup(line)}</p>' for line in told.told(move, found, pack, lang()))
    body = ""
    if found:
        table = told.followed(move, found, lang())
        body = f'<details class="ob-fold"><summary>{markup(table.caption)}</summary>{tables.block_html(table)}</details>'
    return f'<h4 class="ob-card-title">{markup(told.heading(move, pack, lang()))}</h4>{lines}{body}'


def criteria() -> None:
    """Give the police's criteria and the audit of them, with sources."""
    st.header(t("police.criteria", lang()), anchor=False)
    tables.block(told.criteria(lang()))
