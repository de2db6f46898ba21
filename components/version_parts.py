"""Versions of the pack on the page Vad har ändrats: what differs, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import streamlit as st

from components import controls, tables
from components.engine import common, for_later
from components.state import lang
from omradesbild import drafts, words
from omradesbild.analyse import statements as analyse
from omradesbild.analyse.diff import Changes, diff
from omradesbild.analyse.statements import Statements
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf
from omradesbild.link import View
from omradesbild.model import Whole
from omradesbild.pack import PackError, load, place
from omradesbild.publish import differences
from omradesbild.publish import tables as files
from omradesbild.words import t

_ASKED, _SAID = "_version_asked", "_version_said"


@dataclass(frozen=True)
class Pair:
    """The two versions that are compared, as folders; `waits`: the later one is not in use yet."""

    before: Path
    after: Path
    waits: bool


def shelf() -> Shelf | None:
    """Return the versions that this installation's staff may look at; None in an app for the public, or without any."""
    folder = place(None)
    return Shelf(folder) if drafts.folder() is not None and Shelf.is_one(folder) else None


def choice(view: View, held: Shelf) -> tuple[View, Pair | None]:
    """Let the reader choose what the waiting version, or the one in use, is compared with."""
    used, waiting = held.current(), held.waiting()
    after = waiting or used
    names = [version.name for version in held.versions() if after is not None and version.name != after.name]
    if waiting and used:
        names.sort(key=lambda name: name != used.name)  # the one in use first
    if not names or after is None:
        st.info(t("version.only", lang(), name=tables.plain(after.name if after else "")))
        return replace(view, version=""), None
    if view.version and view.version not in (*names, after.name):  # one that has just been taken into use is no fault
        st.info(t("version.unknown", lang(), name=tables.plain(view.version)))
    chosen = view.version if view.version in names else names[0]
    if len(names) > 1:
        chosen = controls.one_of(t("version.against", lang()), "version", names, chosen, str)
    pair = Pair(held.folder / "versions" / chosen, after, after == waiting)
    key = "version.comparing_waiting" if pair.waits else "version.comparing"
    st.html(f'<p class="ob-lead">{tables.markup(t(key, lang(), before=chosen, after=after.name))}</p>')
    return replace(view, version=chosen), pair


def changes(pair: Pair) -> Changes | None:
    """Compare two versions; None after telling why one of them cannot be read, or that a country's take too much."""
    if common().pack.info.whole is Whole.COUNTRY:
        st.info(t("version.country", lang(), before=pair.before.name, after=pair.after.name))
        return None
    try:
        return _diff(_statements(pair.before), _statements(pair.after))
    except PackError as error:
        st.error(t("version.damaged", lang()))
        st.text(error.report.text(lang()))
        return None


def _statements(folder: Path) -> Statements:
    pack = common().pack
    return common().statements if folder.name == f"{pack.info.version}-{pack.fingerprint}" else _built(folder)


@lru_cache(maxsize=2)
def _built(folder: Path) -> Statements:
    """Return the statements of a version, which never changes."""
    return analyse.build(load(folder))


@lru_cache(maxsize=2)
def _diff(before: Statements, after: Statements) -> Changes:
    return diff(before, after)


def show(found: Changes) -> None:
    """Show what differs: in sentences, in the catalogue, and figure by figure."""
    st.header(t("version.differs", lang()), anchor=False)
    lines = differences.sentences(found, lang())
    st.html("".join(f'<p class="ob-lead">{tables.markup(line)}</p>' for line in lines))
    for table in _tables(found, lang()):
        if table.rows:
            st.subheader(table.caption, anchor=False)
            tables.block(table)
    if len(found.rows):
        name = f"andringar-{found.a.pack.info.version}"
        st.download_button(
            t("version.download", lang()),
            data=for_later(partial(_csv, found, lang())),
            file_name=files.file_name(name, found.b.pack, "csv"),
            mime="text/csv",
            on_click="ignore",
        )


@lru_cache(maxsize=4)
def _tables(found: Changes, language: str) -> tuple:
    return differences.catalogue(found, language), differences.figures(found, language)


def _csv(found: Changes, language: str) -> bytes:
    return files.to_csv(differences.file_rows(found, language), language, differences.headings(language))


# -- deciding ---------------------------------------------------------------------------------------------


def decide(held: Shelf, pair: Pair) -> None:
    """Let a person use or throw away the version that waits, or use the earlier one again; in two steps."""
    st.header(t("version.decide", lang()), anchor=False)
    acts: dict[str, tuple[str, Callable[[str], object]]] = {"restore": (pair.before.name, held.restore)}
    if pair.waits:
        acts = {"approve": (pair.after.name, held.approve), "dismiss": (pair.after.name, held.dismiss)}
    asked = st.session_state.get(_ASKED)
    if asked in [(act, name) for act, (name, _) in acts.items()]:
        act, name = asked
        st.warning(t(f"version.{act}_sure", lang(), name=tables.plain(name)))
        with st.container(horizontal=True):
            st.button(t(f"version.{act}_yes", lang()), type="primary", on_click=_do, args=(act, name, acts[act][1]))
            st.button(t("publish.cancel", lang()), on_click=_ask, args=(None,))
        return
    st.html(f'<p class="ob-lead">{t("version.decide_waiting" if pair.waits else "version.decide_used", lang())}</p>')
    with st.container(horizontal=True):
        for act, (name, _) in acts.items():
            kind = "primary" if act == "approve" else "secondary"
            st.button(t(f"version.{act}", lang()), type=kind, on_click=_ask, args=((act, name),), key=f"version_{act}")


def _ask(asked: tuple[str, str] | None) -> None:
    st.session_state[_ASKED] = asked


def _do(act: str, name: str, carry_out: Callable[[str], object]) -> None:
    _ask(None)
    try:
        carry_out(name)
    except (CollectError, PackError) as error:
        st.session_state[_SAID] = (False, str(error))
    else:
        st.session_state[_SAID] = (True, t(f"version.{act}_done", lang(), name=name))


def outcome() -> None:
    """Tell once what became of the last decision."""
    ok, said = st.session_state.pop(_SAID, (None, ""))
    if ok is not None:
        (st.success if ok else st.error)(tables.plain(said))


def listing(held: Shelf) -> None:
    """List the versions that are or have been used."""
    st.header(t("version.all", lang()), anchor=False)
    rows = [
        [version.name, f"{version.arrived:%Y-%m-%d %H:%M}", t("version.used" if version.used else "version.kept", lang())]
        for version in held.versions()
    ]
    columns = [t(f"column.{name}", lang()) for name in ("version", "arrived", "state")]
    tables.show(t("version.all", lang()), columns, rows, caption_hidden=True)
    st.html(f'<p class="ob-note">{t("version.count", lang(), number=words.count(len(rows), lang()))}</p>')
