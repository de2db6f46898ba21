"""What a meeting document becomes: how it will look, what to know about its figures, its files, and the order kept."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from threading import Event

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import notices, order_parts, tables
from components.controls import LARGEST_FILE
from components.engine import engine
from components.state import lang, restart
from omradesbild import drafts, find, own, words
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.link import View, offered
from omradesbild.pack import resolve
from omradesbild.publish import house as houses
from omradesbild.publish import report
from omradesbild.publish.document import Document
from omradesbild.publish.house import House, HouseError
from omradesbild.publish.report import bundle
from omradesbild.publish.report.formats import Write
from omradesbild.publish.report.order import Order, Progress, checked
from omradesbild.publish.report.preview import Review, pictures, review
from omradesbild.publish.tables import file_name
from omradesbild.words import speak_of, t

KIND = "underlag"
#: So many pages are shown, and so many figures are named in a warning.
PAGES, NAMED = 4, 6
OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "html": "text/html",
}
_SAID, _DESK, _ALL = "_order_said", "_order_desk", "_order_all"
#: Seconds that words need from the browser to here, and that a file waits for the page at most.
ON_ITS_WAY, PATIENCE = 0.5, 10.0


@dataclass(eq=False)
class Desk:
    """What a reader's files are made of when a button is pressed: the order as it stands then, the last words in it.

    The button that takes a file is often pressed straight from a field, so that what was written in it arrives with
    the press. A file therefore waits for the page to be still.
    """

    asked: tuple[Statements, str, House] | None = None
    still: Event = field(default_factory=Event)

    def latest(self) -> tuple[Statements, str, House]:
        """Return what is asked for, when all that is on its way has come."""
        time.sleep(ON_ITS_WAY)
        self.still.wait(PATIENCE)
        return self.asked


@contextmanager
def desk() -> Iterator[None]:
    """Tell the files of this reader that the page is being drawn, and when it is."""
    mine = st.session_state.setdefault(_DESK, Desk())
    mine.still.clear()
    yield
    mine.still.set()


def house() -> House:
    """Return how this installation's documents look, and say where that is decided."""
    path = houses.installed(resolve(None))
    if path is None:
        st.html(f'<p class="ob-note">{t("order.house_none", lang())}</p>')
        return House()
    try:
        found = houses.load(path)
    except HouseError as error:
        st.warning(t("order.house_wrong", lang(), why=tables.plain(str(error))))
        return House()
    st.html(f'<p class="ob-note">{tables.markup(t("order.house", lang(), name=found.name, file=path.name))}</p>')
    return found


@dataclass(frozen=True)
class Told:
    """Who is told how far a document has come; not a part of what it is."""

    progress: Progress = field(compare=False)


NOBODY = Told(report.silent)


@lru_cache(maxsize=16)
def _document(statements: Statements, order: str, look: House, told: Told) -> Document:
    return report.make(statements, Order.model_validate_json(order), look, told.progress)


@lru_cache(maxsize=8)
def _pictures(statements: Statements, order: str, look: House) -> tuple[bytes, ...]:
    return tuple(pictures(_document(statements, order, look, NOBODY)))


def show(order: Order, look: House, each: tuple[str, ...] = ()) -> None:
    """Show what to know about an order, its files, and its first pages; with areas that have one `each`, about the first."""
    asked = st.session_state[_DESK].asked = engine().statements, order.model_dump_json(), look
    try:
        with st.spinner(t("order.gathering", lang())):
            bar = st.empty()
            document = _document(*asked, Told(_telling(bar)) if len(order.areas) > 1 else NOBODY)
            bar.empty()
        with st.spinner(t("order.setting", lang())):
            pages = _pictures(*asked)
    except ValueError as error:
        logging.getLogger(__name__).error("a document could not be set", exc_info=error)
        st.error(t("order.failed", lang()))
        return
    if each:
        _all(order, each)
        st.subheader(t("order.sample", lang(), title=tables.plain(document.title)), anchor=False)
    else:
        st.markdown(t("order.ready", lang(), title=tables.plain(document.title), pages=len(pages)))
        _files(order)
    _remarks(review(document), order)
    shown = pages[:PAGES]
    if len(pages) > PAGES:
        st.html(f'<p class="ob-note">{t("order.first_pages", lang(), shown=PAGES, pages=len(pages))}</p>')
    with st.container(key="order_pages"):
        for n, page in enumerate(shown, 1):
            alt = t("order.page_alt", lang(), page=n, pages=len(pages), title=document.title)
            st.image(page, width="stretch", alt=alt)


def _files(order: Order) -> None:
    """Offer each format; it is made when its button is pressed."""
    pack = engine().pack
    about = pack.areas[order.areas[0]].name if len(order.areas) == 1 else order.initiative
    stem = "-".join(filter(None, [order.template, *find.fold(about)]))
    with st.container(horizontal=True):
        for n, (ending, write) in enumerate(report.FORMATS.items()):
            st.download_button(
                t(f"order.file_{ending}", lang()),
                data=partial(_made, write, st.session_state[_DESK]),
                file_name=file_name(stem, pack, ending),
                mime=MIME[ending],
                on_click="ignore",
                type="secondary" if n else "primary",
                key=f"order_file_{ending}",
            )


def _all(order: Order, areas: tuple[str, ...]) -> None:
    """Offer a document for each of many areas, all in one file, and show how far it has come."""
    format_ = st.selectbox(t("order.format", lang()), list(report.FORMATS), format_func=lambda e: t(f"order.as_{e}", lang()), key="order_format")
    asked = (*st.session_state[_DESK].asked, areas, format_)
    kept, content = st.session_state.get(_ALL, ((), b""))
    if st.button(t("order.make_all", lang(), number=len(areas)), type="primary"):
        content = _zipped(order, areas, format_)
        kept = asked
        st.session_state[_ALL] = kept, content
    if content and kept == asked:
        pack = engine().pack
        st.download_button(
            t("order.file_all", lang(), number=len(areas)),
            data=content,
            file_name=file_name(f"{order.template}-{pack.areas[areas[0]].level}-{format_}", pack, "zip"),
            mime="application/zip",
            on_click="ignore",
            type="primary",
        )
    st.html(f'<p class="ob-note">{t("order.all_note", lang())}</p>')


def _zipped(order: Order, areas: tuple[str, ...], format_: str) -> bytes:
    """Make the documents while a bar tells how far it has come."""
    _, _, look = st.session_state[_DESK].asked
    bar = st.empty()
    bar.progress(0.0, t("order.all_begun", lang(), number=len(areas)))
    return bundle.zipped(bundle.each(engine().statements, order, areas, look, format_, _telling(bar)), format_)


def _telling(bar: DeltaGenerator) -> Progress:
    """Return what tells, where a bar has room, how many areas are done, which the last is, and about how long is left."""
    started = time.monotonic()

    def tell(done: int, total: int, last: str) -> None:
        left = (time.monotonic() - started) * (total - done) / done
        said = {"done": done, "total": total, "last": tables.plain(last), "left": words.number(left, 0, lang())}
        bar.progress(done / total, t("order.all_done" if done == total else "order.all_far", lang(), **said))

    return tell


def _made(write: Write, asked: Desk) -> bytes:
    statements, order, look = asked.latest()
    speak_of(statements.pack.info)  # a download is made on a thread that may have spoken of another place
    return write(_document(statements, order, look, NOBODY))


def _remarks(found: Review, order: Order) -> None:
    """Say what is missing, hidden or of different years among the figures."""
    said = [] if found.figures else [t("order.no_figures", lang())]
    without = [engine().pack.indicators[i].title.get(lang()) for i in order.indicators if i not in found.indicators]
    said += [t("order.without", lang(), which=", ".join(without))] if without else []
    for name in ("hidden", "missing", "estimated"):
        figures = getattr(found, name)
        if figures:
            said.append(t(f"order.{name}", lang(), which=_named(figures)))
    if found.oldest[:4] != found.newest[:4]:
        years = {"oldest": words.period(found.oldest, lang()), "newest": words.period(found.newest, lang())}
        said.append(t("order.mixed_years", lang(), **years))
    if not (order.reference and order.committee):
        said.append(t("order.head_empty", lang()))
    lines = "".join(f"<li>{tables.markup(text)}</li>" for text in said)
    if lines:
        st.html(f'<p class="ob-note"><b>{t("order.remarks", lang())}</b></p><ul class="ob-note">{lines}</ul>')


def _named(figures: tuple[Statement, ...]) -> str:
    """Name the measures that some figures belong to, with their areas."""
    names = list(dict.fromkeys(f"{words.title(s.indicator, s.group, lang())} ({s.area.name})" for s in figures))
    more = [t("order.and_more", lang(), number=len(names) - NAMED)] if len(names) > NAMED else []
    return ", ".join(names[:NAMED] + more)


# -- orders that are kept ------------------------------------------------------------------------------


def keep(view: View, order: Order | str) -> None:
    """Offer to keep the order under a name, where this installation keeps drafts, and as a file."""
    st.header(t("order.keep", lang()), anchor=False)
    st.html(f'<p class="ob-note">{t("order.keep_intro", lang())}</p>')
    if isinstance(order, str):
        st.html(f'<p class="ob-note">{t("order.keep_when", lang())}</p>')
    else:
        _keep(view, order)
    _open(view)
    for kind, said in st.session_state.pop(_SAID, ()):
        getattr(st, kind)(said)


def _keep(view: View, order: Order) -> None:
    content = {"order": order.model_dump(mode="json"), "egna": own.to_text(view.own), "varje": view.each}
    name = st.text_input(t("order.name", lang()), key="order_keep_name", max_chars=drafts.LONGEST_NAME).strip()
    with st.container(horizontal=True, vertical_alignment="center"):
        if drafts.folder() is not None:
            taken = name in drafts.names(KIND)
            again = taken and st.checkbox(t("priority.replace", lang(), name=tables.plain(name)), key="order_keep_again")
            if st.button(t("order.keep_here", lang()), disabled=not name or (taken and not again)):
                _save(name, content, again)
        st.download_button(
            t("order.keep_file", lang()),
            data=drafts.to_file(name or t(f"order.template_{order.template}", lang()), content),
            file_name=file_name(KIND, engine().pack, "json"),
            mime="application/json",
            on_click="ignore",
        )


def _save(name: str, content: dict, again: bool) -> None:
    try:
        drafts.save(KIND, name, content, replace=again)
    except drafts.DraftError as error:
        notices.refused(error)
    else:
        st.success(t("order.kept", lang(), name=tables.plain(name)))


def _open(view: View) -> None:
    names = drafts.names(KIND)
    if names:
        name = st.selectbox(t("order.kept_which", lang()), names, key="order_kept", placeholder=t("control.choose", lang()))
        if st.button(t("order.open", lang())):
            _opened(view, drafts.read, KIND, name)
    file = st.file_uploader(t("order.file", lang()), type="json", key="order_upload", max_upload_size=LARGEST_FILE)
    if file is not None and st.button(t("priority.open_file", lang(), name=tables.plain(file.name))):
        _opened(view, _content_of, file.getvalue())


def _content_of(file: bytes) -> dict:
    try:
        found = json.loads(file.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found = None
    content = found.get("content") if isinstance(found, dict) else None
    return content if isinstance(content, dict) else {}


def _opened(view: View, read: Callable[..., dict], *where: object) -> None:
    """Make an order that was kept the one on the page."""
    try:
        content = read(*where)
        order = content.get("order")
        if not isinstance(order, dict):
            st.error(t("order.not_an_order", lang()))
            return
        found = checked(order)
    except ValueError as error:
        notices.refused(error)
        return
    made, _ = own.from_text(str(content.get("egna", "")), engine().pack)
    known = {*engine().pack.areas, *(area.id for area in made)}
    lost = [a for a in found.areas if a not in known]
    lost += [i for i in found.indicators if i not in engine().pack.indicators]
    st.session_state[_SAID] = [("success", t("order.opened", lang()))]
    if lost:
        st.session_state[_SAID].append(("warning", t("order.lost", lang(), names=tables.plain(", ".join(lost)))))
    view = replace(view, own=made or view.own)
    every = content.get("varje")
    restart(view, **order_parts.fill(found, known) | {"each": every if every in offered(engine().pack) else ""})
