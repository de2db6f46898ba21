"""Tables that wait as drafts: the list of them, and each one before it is approved."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from components import intake_parts, notices, own_drafts, tables
from components.engine import common
from components.state import lang, restart, way
from components.tables import Html, markup
from omradesbild import drafts
from omradesbild.collect import intake
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf
from omradesbild.drafts import DraftError, GoneError
from omradesbild.link import View
from omradesbild.pack import place
from omradesbild.words import t

_ASKED, _SAID = "intake_approving", "intake_said"


def waiting() -> None:
    """List the tables that wait, of those that the reader has made or has got the link of."""
    keys = own_drafts.known() if drafts.folder() else []
    found = {key: said for key in keys if (said := _waiting(key))}
    st.header(t("intake.waiting", lang()), anchor=False)
    st.html(f'<p class="ob-note">{t("intake.own" if found else "intake.none", lang())}</p>')
    if not found:
        return
    links = [Html(f'<a href="{markup(way("samla_in", utkast=key))}" target="_self">{markup(name)}</a>') for key, (name, _) in found.items()]
    rows = [[link, file] for link, (_, file) in zip(links, found.values(), strict=True)]
    tables.show(t("intake.waiting", lang()), [t("intake.name", lang()), t("intake.file_label", lang())], rows, caption_hidden=True)


def _waiting(key: str) -> tuple[str, str] | None:
    """Return what a draft is called and its file; None where it is no longer there."""
    try:
        content = drafts.read(intake.KIND, key)
    except GoneError:
        return None
    except DraftError:
        return t("intake.damaged", lang()), ""
    return intake.name_of(content), str(content.get("file", ""))[:200]


def said() -> None:
    """Tell once what became of the last decision."""
    ok, text = st.session_state.pop(_SAID, (None, ""))
    if ok:
        st.success(tables.plain(text))
    elif ok is not None:
        notices.refused(text)


def one(view: View) -> None:
    """Show a draft: what it would change, and how it is removed, downloaded and approved."""
    key = view.draft
    if st.button(t("intake.back", lang())):
        restart(view, draft="")
    try:
        content = _read(key)
        mapping, observations = intake.from_draft(content)
    except GoneError:
        st.warning(t("intake.no_draft", lang()))
        return
    except (DraftError, CollectError) as error:
        st.warning(tables.plain(str(error)))
        return
    own_drafts.add(key)
    name = intake.name_of(content)
    st.html(f"<h2>{markup(name)}</h2>")
    st.warning(t("intake.caution", lang()))
    st.html(f'<p class="ob-note">{t("intake.secret", lang())}</p>')
    _rivals(key, observations)
    changes = intake_parts.differences(mapping, observations)
    with st.container(horizontal=True):
        intake_parts.download(content)
        if st.button(t("draft.remove", lang())):
            drafts.remove(intake.KIND, key)
            st.session_state[_SAID] = (True, t("intake.removed", lang(), name=name))
            restart(view, draft="")
    if changes is not None:
        _approval(view, name, content, intake.mark(changes))


def _read(key: str) -> dict:
    """Return a draft by its key; one that has a name in its place, which could be guessed, is for the command alone."""
    if not drafts.is_key(key):
        raise GoneError
    return drafts.read(intake.KIND, key)


def _rivals(key: str, observations: pd.DataFrame) -> None:
    """Say whether other drafts are about the same figures, and nothing else of them: the last that is approved holds."""
    others = []
    for other in drafts.names(intake.KIND):
        if other != key:
            with suppress(DraftError):
                others.append(drafts.read(intake.KIND, other))
    for differ in intake.rivals(observations, others):
        st.warning(t("intake.rival" if differ else "intake.rival_same", lang(), n=differ))


def _approval(view: View, name: str, content: dict, seen: str) -> None:
    """Let the reader approve a draft, in two steps, where versions of the pack are kept; else say how it is done."""
    st.header(t("intake.approve", lang()), anchor=False)
    folder = place()
    if not Shelf.is_one(folder):
        command = f"python -m omradesbild approve tabeller {view.draft} --out MAPP"
        st.html(f'<p class="ob-note">{t("intake.how", lang())} <code>{markup(command)}</code></p>')
        return
    st.html(f'<p class="ob-note">{t("intake.approve_note", lang())}</p>')
    asked = st.session_state.get(_ASKED)
    if asked != (view.draft, seen):
        if asked and asked[0] == view.draft:
            st.info(t("intake.changed_meanwhile", lang()))
        st.button(t("intake.approve_button", lang()), type="primary", on_click=_ask, args=((view.draft, seen),))
        return
    st.warning(t("intake.approve_sure", lang(), name=tables.plain(name)))
    with st.container(horizontal=True):
        sure = st.button(t("intake.approve_yes", lang()), type="primary")
        st.button(t("publish.cancel", lang()), on_click=_ask, args=(None,))
    if sure:
        _ask(None)
        done = _approved(folder, view.draft, content, seen)
        restart(view, draft="" if done else view.draft)


def _ask(asked: tuple[str, str] | None) -> None:
    st.session_state[_ASKED] = asked


def _approved(folder: Path, key: str, content: dict, seen: str) -> bool:
    """Publish a version with a draft's figures, and keep what became of it to be told."""
    try:
        version = intake.approve(Shelf(folder), common().pack, content, date.today().isoformat(), seen)
    except CollectError as error:
        st.session_state[_SAID] = (False, str(error))
        return False
    with suppress(DraftError):  # somebody else has removed it; the version is in use all the same
        drafts.remove(intake.KIND, key)
    st.session_state[_SAID] = (True, t("intake.approved", lang(), name=intake.name_of(content), version=version))
    return True
