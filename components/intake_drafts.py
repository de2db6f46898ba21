"""Tables that wait as drafts: the list of them, and each one before it is approved."""

from __future__ import annotations

import shlex
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from components import intake_parts, tables
from components.engine import common
from components.state import lang, restart
from components.tables import Html, markup
from omradesbild import drafts
from omradesbild.collect import intake
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf
from omradesbild.drafts import DraftError
from omradesbild.link import View
from omradesbild.pack import place
from omradesbild.words import t


def waiting() -> None:
    """List the tables that wait."""
    names = drafts.names(intake.KIND)
    st.header(t("intake.waiting", lang()), anchor=False)
    if not names:
        st.html(f'<p class="ob-note">{t("intake.none", lang())}</p>')
        return
    links = [Html(f'<a href="samla_in?{markup(urlencode({"utkast": n, "sprak": lang()}))}" target="_self">{markup(n)}</a>') for n in names]
    tables.show(t("intake.waiting", lang()), [t("intake.name", lang()), t("intake.file_label", lang())], [[link, _file(n)] for link, n in zip(links, names, strict=True)], caption_hidden=True)


def _file(name: str) -> str:
    try:
        return str(drafts.read(intake.KIND, name).get("file", ""))[:200]
    except DraftError:
        return t("intake.damaged", lang())


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
    whole = intake_parts.differences(mapping, observations)
    intake_parts.download(name, content)
    if st.button(t("draft.remove", lang())):
        drafts.remove(intake.KIND, name)
        restart(view, draft="")
    if whole:
        _approval(view, name, content)


def _approval(view: View, name: str, content: dict) -> None:
    """Let the reader approve a draft where versions of the pack are kept; else say how it is done."""
    st.header(t("intake.approve", lang()), anchor=False)
    folder = place()
    if not Shelf.is_one(folder):
        command = f"python -m omradesbild approve tabeller {shlex.quote(name)} --out MAPP"
        st.html(f'<p class="ob-note">{t("intake.how", lang())} <code>{markup(command)}</code></p>')
        return
    st.html(f'<p class="ob-note">{t("intake.approve_note", lang())}</p>')
    if not st.button(t("intake.approve_button", lang())):
        return
    try:
        version = intake.approve(Shelf(folder), common().pack, content, date.today().isoformat())
        drafts.remove(intake.KIND, name)
    except (CollectError, DraftError) as error:
        st.error(tables.plain(str(error)))
        return
    st.success(t("intake.approved", lang(), version=version))
