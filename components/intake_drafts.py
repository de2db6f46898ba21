"""Tables that wait as drafts: the list of them, and each one before it is approved."""

from __future__ import annotations

import shlex
from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from components import intake_parts, tables
from components.engine import common
from components.state import lang, restart, way
from components.tables import Html, markup
from omradesbild import drafts
from omradesbild.collect import intake
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf
from omradesbild.drafts import DraftError
from omradesbild.link import View
from omradesbild.pack import place
from omradesbild.words import t

_ASKED, _SAID = "intake_approving", "intake_said"


def waiting() -> None:
    """List the tables that wait."""
    names = drafts.names(intake.KIND)
    st.header(t("intake.waiting", lang()), anchor=False)
    if not names:
        st.html(f'<p class="ob-note">{t("intake.none", lang())}</p>')
        return
    links = [Html(f'<a href="{markup(way("samla_in", utkast=n))}" target="_self">{markup(n)}</a>') for n in names]
    rows = [[link, _file(name)] for link, name in zip(links, names, strict=True)]
    tables.show(t("intake.waiting", lang()), [t("intake.name", lang()), t("intake.file_label", lang())], rows, caption_hidden=True)


def _file(name: str) -> str:
    try:
        return str(drafts.read(intake.KIND, name).get("file", ""))[:200]
    except DraftError:
        return t("intake.damaged", lang())


def said() -> None:
    """Tell once what became of the last decision."""
    ok, text = st.session_state.pop(_SAID, (None, ""))
    if ok is not None:
        (st.success if ok else st.error)(tables.plain(text))


def one(view: View) -> None:
    """Show a draft: what it would change, and how it is removed, downloaded and approved."""
    name = view.draft
    if st.button(t("intake.back", lang())):
        restart(view, draft="")
    try:
        content = drafts.read(intake.KIND, name)
        mapping, observations = intake.from_draft(content)
    except (DraftError, CollectError) as error:
        st.warning(tables.plain(str(error)))
        return
    st.html(f"<h2>{markup(name)}</h2>")
    st.warning(t("intake.caution", lang()))
    _rivals(name, observations)
    changes = intake_parts.differences(mapping, observations)
    with st.container(horizontal=True):
        intake_parts.download(name, content)
        if st.button(t("draft.remove", lang())):
            drafts.remove(intake.KIND, name)
            st.session_state[_SAID] = (True, t("intake.removed", lang(), name=name))
            restart(view, draft="")
    if changes is not None:
        _approval(view, name, content, intake.mark(changes))


def _rivals(name: str, observations: pd.DataFrame) -> None:
    """Say which other drafts are about the same figures: the last one that is approved is the one that holds."""
    others = {}
    for other in drafts.names(intake.KIND):
        if other != name:
            with suppress(DraftError):
                others[other] = drafts.read(intake.KIND, other)
    for other, differ in intake.rivals(observations, others).items():
        st.warning(tables.plain(t("intake.rival" if differ else "intake.rival_same", lang(), name=other, n=differ)))


def _approval(view: View, name: str, content: dict, seen: str) -> None:
    """Let the reader approve a draft, in two steps, where versions of the pack are kept; else say how it is done."""
    st.header(t("intake.approve", lang()), anchor=False)
    folder = place()
    if not Shelf.is_one(folder):
        command = f"python -m omradesbild approve tabeller {shlex.quote(name)} --out MAPP"
        st.html(f'<p class="ob-note">{t("intake.how", lang())} <code>{markup(command)}</code></p>')
        return
    st.html(f'<p class="ob-note">{t("intake.approve_note", lang())}</p>')
    asked = st.session_state.get(_ASKED)
    if asked != (name, seen):
        if asked and asked[0] == name:
            st.info(t("intake.changed_meanwhile", lang()))
        st.button(t("intake.approve_button", lang()), type="primary", on_click=_ask, args=((name, seen),))
        return
    st.warning(t("intake.approve_sure", lang(), name=tables.plain(name)))
    with st.container(horizontal=True):
        sure = st.button(t("intake.approve_yes", lang()), type="primary")
        st.button(t("publish.cancel", lang()), on_click=_ask, args=(None,))
    if sure:
        _ask(None)
        done = _approved(folder, name, content, seen)
        restart(view, draft="" if done else name)


def _ask(asked: tuple[str, str] | None) -> None:
    st.session_state[_ASKED] = asked


def _approved(folder: Path, name: str, content: dict, seen: str) -> bool:
    """Publish a version with a draft's figures, and keep what became of it to be told."""
    try:
        version = intake.approve(Shelf(folder), common().pack, content, date.today().isoformat(), seen)
    except CollectError as error:
        st.session_state[_SAID] = (False, str(error))
        return False
    with suppress(DraftError):  # somebody else has removed it; the version is in use all the same
        drafts.remove(intake.KIND, name)
    st.session_state[_SAID] = (True, t("intake.approved", lang(), name=name, version=version))
    return True
