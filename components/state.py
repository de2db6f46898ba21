"""The view of this session: from the link to the widgets and back to the link.

The address is the truth. At the start of every run it is compared with what the app wrote last; when it
differs (a link was opened, the back button was pressed) it is read and the widgets are set to it. At
the end of the run the view that the widgets give is written back, whole.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from components.engine import common, engine, shared, use_kommun, use_own
from omradesbild.link import Problem, View, kommun_of, parse, to_params
from omradesbild.model import Kind

_VIEW, _WRITTEN, _PROBLEMS, _PAGE = "_view", "_written", "_problems", "_page"
_thread = threading.local()
WIDGET = "val_"  # all widgets whose value belongs to the view have keys that begin so


def default_view() -> View:
    """Return what the first visitor sees: the newest year of the first headline share, or else measure, that the areas have figures of."""
    pack, statements = shared().pack, shared().statements
    ids = [*(i for i in pack.info.headline if pack.indicators[i].kind is Kind.SHARE), *pack.indicators]
    shown = (i for i in ids if pack.indicators[i].mapped and statements.latest(i, pack.info.base_level))
    return View(indicator=next(shown, ids[0]))


def begin() -> View:
    """Return the view that this run should show, read from the address when that has changed."""
    view = _begin()
    _thread.lang = view.lang
    use_kommun(view.kommun)
    use_own(view.own)
    return view


def _begin() -> View:
    asked = {key: value for key, value in st.query_params.to_dict().items() if isinstance(value, str)}
    known: View | None = st.session_state.get(_VIEW)
    if known is not None and asked == st.session_state.get(_WRITTEN):
        return known
    use_kommun(kommun_of(asked, common().pack, known.kommun if known else ""))
    loaded = shared()
    if known is not None and not asked:
        view, problems = parse({}, loaded.pack, loaded.statements, known)
    else:
        kept = {"own": known.own, "kommun": known.kommun} if known else {}  # by a link within the app
        default = replace(default_view(), **kept)
        view, problems = parse(asked, loaded.pack, loaded.statements, default)
    _reset_widgets()
    st.session_state[_VIEW] = view
    st.session_state[_WRITTEN] = asked
    st.session_state[_PROBLEMS] = problems
    return view


def enter(page: str) -> None:
    """Start a page's widgets from the view when another page was shown before."""
    if st.session_state.get(_PAGE) != page:
        _reset_widgets()
        st.session_state[_PAGE] = page


def _reset_widgets() -> None:
    for key in [key for key in st.session_state if str(key).startswith(WIDGET)]:
        del st.session_state[key]


def problems() -> list[Problem]:
    """Return what could not be honoured in the link that was opened last."""
    return st.session_state.get(_PROBLEMS, [])


def commit(view: View, **changes: object) -> View:
    """Keep a view, with `changes`."""
    view = replace(view, **changes)
    use_kommun(view.kommun)
    use_own(view.own)
    st.session_state[_VIEW] = view
    return view


def write() -> None:
    """Write the view to the address, once in a run: each writing is a step for the back button."""
    params = to_params(st.session_state[_VIEW], engine().pack)
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = params


def restart(view: View, **changes: object) -> NoReturn:
    """Keep a view, with `changes`, and run the page again with it.

    The new run reads the address as it stands when it is asked for, so the view is written first.
    """
    commit(view, **changes)
    write()
    st.rerun()


def to(**params: str) -> dict[str, str]:
    """Return the parameters of a link from one page to another: what it is about, in this kommun and language."""
    kommun = st.session_state[_VIEW].kommun
    return ({"kommun": kommun} if kommun else {}) | params | {"sprak": lang()}


def way(page: str, **params: str) -> str:
    """Return the address of a link that is written as HTML. The browser opens it as a new session, so that it has to say all."""
    return f"{page}?{urlencode(to(**params))}"


def go_to_kommun(kommun: str) -> NoReturn:
    """Show a kommun of a country by itself, or all of it: the same page and measure, and what else there is in both."""
    use_kommun(kommun)
    loaded = shared()
    kept = to_params(replace(st.session_state[_VIEW], kommun=kommun, own=()), loaded.pack)
    view, _ = parse(kept, loaded.pack, loaded.statements, replace(default_view(), kommun=kommun))
    _reset_widgets()
    restart(view)


def choose(name: str, value: object) -> str:
    """Give a widget of the view its key, set to `value` unless the reader has already touched it."""
    key = WIDGET + name
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def lang() -> str:
    """Return the language of this session.

    Asked a thousand times in a run, so it is kept on the run's thread, which serves one session.
    """
    known = getattr(_thread, "lang", None)
    if known is None:
        view: View | None = st.session_state.get(_VIEW)
        known = _thread.lang = view.lang if view else "sv"
    return known
