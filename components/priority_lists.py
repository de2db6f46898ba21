"""A list of priorities in the making: rows that somebody chose, each with a note, kept under a name or as a file.

The list belongs to the session and stays when the reader leaves the page; what is saved is `model.PriorityList`.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import cards, priority_parts, tables
from components.controls import LARGEST_FILE
from components.engine import engine
from components.state import lang
from omradesbild import drafts, words
from omradesbild.analyse import priorities
from omradesbild.analyse.priorities import Challenge
from omradesbild.analyse.statements import Statement
from omradesbild.model import MOST_PRIORITIES, PriorityEntry, PriorityList, PublishedList
from omradesbild.publish.parts import priority as parts
from omradesbild.publish.tables import file_name
from omradesbild.words import t

KIND = "prioriteringar"
_LIST, _LOST, _WIDGET = "_priority_list", "_priority_lost", "priority_"
_NOTE = "note_"


def making(found: Sequence[Challenge]) -> None:
    """Let the reader choose rows among the challenges that are shown, write notes, and keep the list."""
    st.header(t("priority.save", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("priority.save_intro", lang())}</p>')
    shown = {_key(c.statement): c.statement for c in found}
    known: dict = st.session_state.setdefault(_LIST, {"rows": [], "name": "", "note": "", "notes": {}})
    options = {**{k: s for k in known["rows"] if (s := _statement(k)) is not None}, **shown}
    chosen = st.multiselect(
        t("priority.choose", lang()),
        list(options),
        format_func=lambda k: _label(options[k]),
        key=_seeded("rows", [k for k in known["rows"] if k in options]),
        placeholder=t("control.choose", lang()),
        max_selections=MOST_PRIORITIES,
        select_all=False,
    )
    room = MOST_PRIORITIES - len(chosen) - len(set(shown) - set(chosen))
    st.button(t("priority.all", lang(), number=len(shown)), on_click=_take, args=(list(shown),), disabled=room < 0 or not shown)
    if room < 0:
        st.html(f'<p class="ob-note">{t("priority.too_many", lang(), most=MOST_PRIORITIES)}</p>')
    known["rows"] = chosen
    if not chosen:
        return
    for key in chosen:
        label = t("priority.row_note", lang(), row=tables.plain(_label(options[key])))
        known["notes"][key] = st.text_input(label, key=_seeded(_NOTE + key, known["notes"].get(key, "")))
    known["note"] = st.text_area(t("priority.note", lang()), key=_seeded("note", known["note"]))
    known["name"] = st.text_input(
        t("priority.name", lang()), key=_seeded("name", known["name"]), max_chars=drafts.LONGEST_NAME
    )
    _lost()
    kept = _kept([options[k] for k in chosen], known)
    _table(kept, [options[k] for k in chosen])
    _keep(kept, known["name"].strip())


def _kept(figures: Sequence[Statement], known: dict) -> PriorityList:
    name = known["name"].strip() or t("priority.unnamed", lang())
    rows = [(s, known["notes"].get(_key(s), "")) for s in figures]
    return priorities.kept(rows, name, engine().pack, known["note"])


def _keep(kept: PriorityList, name: str) -> None:
    """Offer to save the list under its name, where this installation keeps drafts, and as a file."""
    if drafts.folder() is not None:
        taken = name in drafts.names(KIND)
        replace = taken and st.checkbox(t("priority.replace", lang(), name=tables.plain(name)), key=_WIDGET + "replace")
        ready = bool(name) and (replace or not taken)
        if st.button(t("priority.keep", lang()), type="primary", disabled=not ready):
            try:
                drafts.save(KIND, name, kept.model_dump(mode="json"), replace=replace)
            except drafts.DraftError as error:
                st.error(str(error))
            else:
                st.success(t("priority.saved", lang(), name=tables.plain(name)))
        if not name:
            st.html(f'<p class="ob-note">{t("priority.needs_name", lang())}</p>')
    st.download_button(
        t("priority.download", lang()),
        data=priorities.to_json(kept),
        file_name=file_name(KIND, engine().pack, "json"),
        mime="application/json",
        on_click="ignore",
    )
    cards.downloads(lambda: [s for e in kept.entries if (s := _figure(e)) is not None], KIND, _WIDGET + "figures")


def opened() -> None:
    """Open a list that is published, or was kept here or as a file; it takes the place of the one in the making."""
    st.header(t("priority.open", lang()), anchor=False)
    if lists := published():
        label = t("priority.published", lang())
        id_ = st.selectbox(label, list(lists), format_func=lambda i: tables.plain(published_label(lists[i])), key=_WIDGET + "published")
        one = lists[id_]
        st.html(f'<p class="ob-note">{tables.markup(t("site.list_decided", lang(), by=one.by, date=words.dates(one.published)))}</p>')
        st.button(t("priority.open_published", lang()), on_click=_open, args=(one.chosen,))
    names = drafts.names(KIND)
    if names:
        name = st.selectbox(t("priority.kept", lang()), names, placeholder=t("control.choose", lang()), key=_WIDGET + "kept")
        st.button(t("priority.open_kept", lang()), on_click=_open_kept, args=(name,))
    file = st.file_uploader(t("priority.file", lang()), type="json", key=_WIDGET + "file", max_upload_size=LARGEST_FILE)
    if file is not None:
        st.button(t("priority.open_file", lang(), name=tables.plain(file.name)), on_click=_open_file, args=(file.getvalue(),))
    if problem := st.session_state.pop(_WIDGET + "problem", ""):
        st.error(problem)


def published() -> dict[str, PublishedList]:
    """Return the lists that are published in the pack, by id."""
    return {one.id: one for one in engine().pack.priorities}


def published_label(one: PublishedList) -> str:
    """Name a published list with who decided and when."""
    return f"{one.chosen.name} ({one.by}, {words.dates(one.published)})"


def in_hand() -> PriorityList | None:
    """Return the list in the making, None while it has no rows."""
    known = st.session_state.get(_LIST, {"rows": ()})
    figures = [s for k in known["rows"] if (s := _statement(k)) is not None]
    return _kept(figures, known) if figures else None


def named(name: str) -> PriorityList:
    """Return a list that is kept.

    Raises
    ------
    ValueError
        If there is none of that name, or it is damaged.
    """
    return priorities.from_content(drafts.read(KIND, name))


def _open_kept(name: str) -> None:
    try:
        _open(named(name))
    except ValueError as error:
        st.session_state[_WIDGET + "problem"] = str(error)


def _open_file(content: bytes) -> None:
    try:
        _open(priorities.from_json(content.decode("utf-8")))
    except UnicodeDecodeError:
        st.session_state[_WIDGET + "problem"] = t("priority.not_text", lang())
    except ValueError as error:
        st.session_state[_WIDGET + "problem"] = str(error)


def _open(found: PriorityList) -> None:
    """Make a list the one that is in the making, and remember what of it is not in the pack."""
    for key in [k for k in st.session_state if str(k).startswith(_WIDGET)]:
        del st.session_state[key]
    figures = [(e, _figure(e)) for e in found.entries]
    known = {_key(s): e.note for e, s in figures if s is not None}
    st.session_state[_LIST] = {"rows": list(known), "name": found.name, "note": found.note, "notes": known}
    lost = [f"{e.area}, {e.indicator}, {e.period}" for e, s in figures if s is None]
    st.session_state[_LOST] = (found.version, lost)


def _lost() -> None:
    """Say what of an opened list could not be found again."""
    version, lost = st.session_state.get(_LOST, ("", ()))
    used = engine().pack.info.version
    if version and version != used:
        st.warning(t("link.version", lang(), found=tables.plain(version), used=used))
    if lost:
        st.warning(t("priority.lost", lang(), rows="; ".join(lost)))


def _table(kept: PriorityList, figures: Sequence[Statement]) -> None:
    """Show the list as it will be read, with a newer figure where there is one."""
    rows = []
    for entry, s in zip(kept.entries, figures, strict=True):
        newest = engine().statements.latest_of(s.area.id, s.indicator.id, s.group)
        newer = newest is not None and newest.period > s.period
        rows.append([
            s.area.name,
            words.title(s.indicator, s.group, lang()),
            words.period(s.period, lang()),
            words.figure(s, lang()),
            words.comparison(s, lang()),
            parts.people(priority_parts.size_of(s), lang()),
            f"{words.figure(newest, lang())} ({words.period(newest.period, lang())})" if newer else "–",
            entry.note,
        ])
    columns = ("area_name", "title", "period", "value", "comparison", "more_people", "newer", "note")
    headings = [t(f"column.{c}", lang()) for c in columns]
    tables.show(kept.name, headings, rows, numeric=(2, 3, 5), flags=[s.flag for s in figures])


def _take(keys: list[str]) -> None:
    rows = st.session_state[_WIDGET + "rows"]
    st.session_state[_WIDGET + "rows"] = list(dict.fromkeys([*rows, *keys]))


def _seeded(name: str, value: object) -> str:
    """Give a widget its key, set to `value` unless the reader has already touched it."""
    key = _WIDGET + name
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _key(s: Statement) -> str:
    return " ".join((s.area.id, s.indicator.id, s.period, s.group)).strip()


def _statement(key: str) -> Statement | None:
    area, indicator, period, *group = key.split(" ")
    return engine().statements.get(area, indicator, period, *group or [""])


def _figure(e: PriorityEntry) -> Statement | None:
    return engine().statements.get(e.area, e.indicator, e.period, e.group)


def _label(s: Statement) -> str:
    return f"{s.area.name}: {words.title(s.indicator, s.group, lang())}, {words.period(s.period, lang())}"
