"""Drafts of initiatives: a form that writes one, the list of those that wait, and each one before it is approved."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import streamlit as st

from components import controls, initiative_parts, tables
from components.engine import engine
from components.state import lang, restart, way
from components.tables import Html, markup
from omradesbild import drafts, words
from omradesbild.drafts import DraftError
from omradesbild.link import EVENTS, View
from omradesbild.model import Initiative
from omradesbild.proposal import REQUIRED, read
from omradesbild.publish.parts import area as parts
from omradesbild.words import t

KIND = "insatser"
_SAVED = "_draft_saved"


def waiting() -> None:
    """List the drafts that wait for review, told apart from the register."""
    st.header(t("draft.waiting", lang()), anchor=False)
    names = drafts.names(KIND)
    if not names:
        st.html(f'<p class="ob-note">{t("draft.none", lang())}</p>')
        return
    rows = [_row(name) for name in names]
    columns = [t("column.initiative", lang()), t("draft.status", lang()), t("column.when", lang()), t("column.where", lang())]
    tables.show(t("draft.waiting", lang()), columns, rows, caption_hidden=True)


def _row(name: str) -> list:
    link = Html(f'<a href="{markup(way("insatser", utkast=name))}" target="_self">{markup(name)}</a>')
    initiative, _ = opened(name)
    if initiative is None:
        return [link, t("draft.damaged", lang()), "", ""]
    return [link, t("draft.not_reviewed", lang()), words.dates(parts.when(initiative, lang())), initiative.place]


def opened(name: str) -> tuple[Initiative | None, Sequence[str]]:
    """Return a draft as an initiative, or what is wrong with it in words."""
    try:
        initiative, faults = read(drafts.read(KIND, name), engine().pack)
    except DraftError as error:
        return None, [str(error)]
    return initiative, [fault.text(lang()) for fault in faults]


def one(view: View) -> Initiative | None:
    """Show a draft: that it is one, what is in it, how it is changed, removed and approved."""
    name = view.draft
    if name not in drafts.names(KIND):
        st.warning(t("draft.gone", lang(), name=tables.plain(name)))
        return None
    st.html(f"<h2>{markup(name)}</h2>")
    st.warning(t("draft.caution", lang()))
    if st.session_state.pop(_SAVED, None) == name:
        st.success(t("draft.saved", lang(), name=tables.plain(name)))
    initiative, faults = opened(name)
    if initiative is None:
        _faults(faults)
    else:
        initiative_parts.one(initiative, draft=True)
    content = _content(name)
    with st.container(horizontal=True):
        _download(name, content)
        if st.button(t("draft.remove", lang())):
            drafts.remove(KIND, name)
            restart(view, draft="")
    command = f"python -m omradesbild approve insatser {shlex.quote(name)}"
    st.html(f'<p class="ob-note">{t("draft.how", lang())} <code>{markup(command)}</code></p>')
    return initiative


def change(view: View) -> None:
    """Let the reader change the draft that is shown."""
    st.header(t("draft.edit", lang()), anchor=False)
    _form(view, _content(view.draft), replacing=view.draft)


def propose(view: View) -> None:
    """Let the reader describe a new initiative."""
    st.header(t("draft.title", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("draft.intro", lang())}</p>')
    if drafts.folder() is None:
        st.info(t("draft.no_place", lang()))
    _form(view, {}, replacing="")


def _content(name: str) -> dict:
    try:
        return drafts.read(KIND, name)
    except DraftError:
        return {}


def _form(view: View, content: Mapping[str, object], replacing: str) -> None:
    key = f"draft_{replacing}"
    with st.form(key, border=True):
        written = _fields(content, key)
        sent = st.form_submit_button(t("draft.change" if replacing else "draft.save", lang()))
    if not sent:
        return
    written = {name: value for name, value in written.items() if value}
    initiative, faults = read(written, engine().pack)
    if initiative is None:
        _faults([fault.text(lang()) for fault in faults])
        return
    kept = initiative.model_dump(mode="json", exclude_none=True, exclude={"id"})
    if drafts.folder() is None:
        _download(initiative.title, kept)
        return
    try:
        drafts.save(KIND, initiative.title, kept, replace=initiative.title == replacing)
        if replacing and initiative.title != replacing:
            drafts.remove(KIND, replacing)
    except DraftError as error:
        _faults([str(error)])
        _download(initiative.title, kept)
        return
    st.session_state[_SAVED] = initiative.title
    restart(view, draft=initiative.title, initiative="")


def _fields(content: Mapping[str, object], key: str) -> dict[str, object]:
    """Draw the fields of the form, filled with `content`, and return what stands in them."""
    pack = engine().pack

    def text(name: str, *, long: bool = False) -> str:
        value = content.get(name)
        field = st.text_area if long else st.text_input
        return field(_label(name), value if isinstance(value, str) else "", key=f"{key}_{name}")

    def several(name: str, options: Sequence[str], written) -> list[str]:
        kept = content.get(name)
        chosen = [o for o in kept if o in options] if isinstance(kept, list) else []
        hint = t("control.choose", lang())
        return st.multiselect(
            _label(name),
            options,
            chosen,
            format_func=written,
            key=f"{key}_{name}",
            placeholder=hint,
            select_all=False,
        )

    kinds = list(EVENTS)
    kind = content.get("kind")
    goals = {goal.id: goal.title.get(lang()) for goal in pack.goals}
    areas = [a for a in pack.areas if not a.startswith("eget-")]
    return {
        "title": text("title"),
        "event": text("event", long=True),
        "kind": st.selectbox(
            _label("kind"),
            kinds,
            index=kinds.index(kind) if kind in kinds else 0,
            format_func=lambda k: t(f"initiative.{k}", lang()),
            key=f"{key}_kind",
        ),
        "start": text("start"),
        "end": text("end"),
        "place": text("place"),
        "areas": several("areas", areas, lambda a: controls.area_option(pack.areas[a])),
        "actors": text("actors"),
        "decision": text("decision"),
        "goals": several("goals", list(goals), goals.get),
        "source": text("source"),
        "source_url": text("source_url"),
        "uncertain": text("uncertain"),
        "note": text("note", long=True),
    }


def _label(name: str) -> str:
    label = t(f"draft.{name}_label", lang())
    return t("draft.required", lang(), label=label) if name in REQUIRED else label


def _faults(told: Sequence[str]) -> None:
    lines = "\n".join(f"- {tables.plain(text)}" for text in told)
    st.error(f"{t('draft.wrong', lang())}\n\n{lines}")


def _download(name: str, content: dict) -> None:
    st.download_button(
        t("draft.download", lang()),
        data=drafts.to_file(name, content),
        file_name="utkast-insats.json",
        mime="application/json",
        on_click="ignore",
    )


