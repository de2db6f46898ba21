"""A reader without a browser: speaks Streamlit's websocket protocol as the browser does.

It keeps what the browser keeps – the elements on the page, the widgets' values, the address, the messages that the
server may refer back to – so that a change costs the server and the wire the same as a reader's.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60  # seconds that a run may take
CACHE_AGE = 2  # runs that the browser keeps a large message which is not used again


class Counting(ClientConnection):
    """A connection that counts the bytes as they come over the wire, compressed and framed."""

    wire = 0

    def data_received(self, data: bytes) -> None:
        self.wire += len(data)
        super().data_received(data)


@dataclass(frozen=True)
class Widget:
    """A widget on the page. `options` are the texts that the reader sees."""

    id: str
    kind: str
    label: str
    key: str
    options: tuple[str, ...]
    value: tuple[str, ...] | str | bool | None
    fragment: str = ""


@dataclass
class Run:
    """What one run of the page's script cost.

    Attributes
    ----------
    seconds
        From sending the rerun message to receiving the message that the script has finished.
    payload, wire
        Bytes received: the messages, and what the connection carried.
    kinds
        Payload bytes by kind of element or message.
    errors
        Exceptions and error messages that the page showed, and failed runs.
    """

    seconds: float = 0.0
    payload: int = 0
    wire: int = 0
    kinds: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


class Reader:
    """One tab: open it with ``await reader.open()``, then choose on it.

    Parameters
    ----------
    url : str
        The page's address with scheme, host, path and query.
    """

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.server = f"ws://{parts.netloc}/_stcore/stream"
        self.page = parts.path.strip("/")
        self.query = parts.query
        self.script = ""  # the server's name for the page
        self.pages: dict[str, str] = {}
        self.elements: dict[tuple[int, ...], tuple[Element, str]] = {}
        self.values: dict[str, WidgetState] = {}
        self._cache: dict[str, tuple[ForwardMsg, int]] = {}
        self._connection: Counting | None = None

    async def open(self) -> Run:
        """Connect and run the page for the first time."""
        self._connection = await connect(
            self.server,
            subprotocols=["streamlit"],
            create_connection=Counting,
            max_size=None,
            ping_interval=None,
            open_timeout=PATIENCE,
        )
        return await self.rerun(page=self.page)

    async def close(self) -> None:
        """Leave, as when a tab is closed."""
        if self._connection:
            await self._connection.close()

    async def go(self, page: str) -> Run:
        """Follow the menu to another page, named by its address (empty for the first)."""
        self.script, self.query = self.pages[page], ""
        return await self.rerun()

    async def choose(self, widget: Widget, value: str | bool) -> Run:
        """Set a widget as the reader would and run the page or the fragment that it lies in."""
        self.values[widget.id] = _state(widget.id, widget.kind, value)
        return await self.rerun(fragment=widget.fragment)

    def widgets(self, key: str = "", label: str = "") -> list[Widget]:
        """Return the widgets whose key begins with `key` and whose label is `label`, in the page's order."""
        found = (self._widget(*self.elements[path]) for path in sorted(self.elements))
        return [w for w in found if w and w.key.startswith(key) and label in ("", w.label)]

    def shown(self, kind: str) -> list:
        """Return the elements of a kind, such as ``"bidi_component"``, in the page's order."""
        elements = (self.elements[path][0] for path in sorted(self.elements))
        return [getattr(e, kind) for e in elements if e.WhichOneof("type") == kind]

    async def rerun(self, page: str = "", fragment: str = "") -> Run:
        """Run the page with the widgets as they stand."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.page_name = self.query, self.script, page
        state.fragment_id = fragment
        state.widget_states.widgets.extend(self.values.values())
        state.cached_message_hashes.extend(self._cache)
        state.context_info.locale = "sv-SE"
        state.context_info.timezone = "Europe/Stockholm"

        run, before, start = Run(), self._connection.wire, time.perf_counter()
        await self._connection.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            await self._receive(run)
        run.seconds = time.perf_counter() - start
        run.wire = self._connection.wire - before
        self._settle()
        return run

    async def _receive(self, run: Run) -> None:
        fresh: dict[tuple[int, ...], tuple[Element, str]] = {}
        while True:
            data = await self._connection.recv()
            run.payload += len(data)
            message = self._resolve(ForwardMsg.FromString(data))
            kind = message.WhichOneof("type")
            if kind == "delta":
                kind = self._take(message, fresh, run)
            run.kinds[kind] += len(data)
            if kind == "new_session":
                fresh.clear()
                self.script = message.new_session.page_script_hash
            elif kind == "navigation":
                self.script = message.navigation.page_script_hash
                entries = message.navigation.app_pages
                self.pages = {"" if p.is_default else p.url_pathname: p.page_script_hash for p in entries}
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished":
                status = message.script_finished
                if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    run.errors.append("the script could not be compiled")
                if status != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    whole = status != ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
                    self.elements = fresh if whole else self.elements | fresh
                    return

    def _resolve(self, message: ForwardMsg) -> ForwardMsg:
        """Replace a reference by the message that it refers to, and remember what may be referred to."""
        if message.WhichOneof("type") == "ref_hash":
            whole = ForwardMsg()
            whole.CopyFrom(self._cache[message.ref_hash][0])
            whole.metadata.CopyFrom(message.metadata)
            self._cache[message.ref_hash] = (whole, 0)
            return whole
        if message.metadata.cacheable:
            self._cache[message.hash] = (message, 0)
        return message

    def _take(self, message: ForwardMsg, fresh: dict, run: Run) -> str:
        """Keep an element at its place and return its kind."""
        if message.delta.WhichOneof("type") != "new_element":
            return "block"
        element = message.delta.new_element
        fresh[tuple(message.metadata.delta_path)] = (element, message.delta.fragment_id)
        kind = element.WhichOneof("type")
        if kind == "exception":
            run.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            run.errors.append(element.alert.body)
        return kind

    def _settle(self) -> None:
        """Do what the browser does when a script has finished: adopt widgets' values, forget what is gone."""
        mounted = {w.id: w for w in self.widgets()}
        self.values = {id_: state for id_, state in self.values.items() if id_ in mounted}
        for widget in mounted.values():
            self.values[widget.id] = _state(widget.id, widget.kind, widget.value)
        self._cache = {h: (m, age + 1) for h, (m, age) in self._cache.items() if age < CACHE_AGE}

    def _widget(self, element: Element, fragment: str) -> Widget | None:
        kind = element.WhichOneof("type")
        if kind not in KINDS:
            return None
        proto = getattr(element, kind)
        options, value = KINDS[kind](proto)
        held = self.values.get(proto.id)
        if held is not None and not proto.set_value:
            value = _value(held)
        key = proto.id.split("-", 2)[-1]  # $$ID-<hash>-<key>
        return Widget(proto.id, kind, proto.label, key, options, value, fragment)


def _chosen(options: tuple[str, ...], proto, raw: list[str]) -> tuple[str, ...]:
    return tuple(raw) if proto.set_value else tuple(options[i] for i in proto.default)


def _selectbox(proto) -> tuple[tuple[str, ...], str | None]:
    options = tuple(proto.options)
    if proto.set_value:
        return options, proto.raw_value if proto.HasField("raw_value") else None
    return options, options[proto.default] if proto.HasField("default") else None


def _buttons(proto) -> tuple[tuple[str, ...], tuple[str, ...]]:
    options = tuple(option.content for option in proto.options)
    return options, _chosen(options, proto, proto.raw_values)


def _multiselect(proto) -> tuple[tuple[str, ...], tuple[str, ...]]:
    options = tuple(proto.options)
    return options, _chosen(options, proto, proto.raw_values)


def _checkbox(proto) -> tuple[tuple[str, ...], bool]:
    return (), proto.value if proto.set_value else proto.default


def _text(proto) -> tuple[tuple[str, ...], str]:
    return (), proto.value if proto.set_value else proto.default


#: kind of element → what can be chosen, and what is chosen when the reader has not touched it
KINDS: dict[str, Callable] = {
    "selectbox": _selectbox,
    "button_group": _buttons,
    "multiselect": _multiselect,
    "checkbox": _checkbox,
    "text_input": _text,
}


def _state(id_: str, kind: str, value: str | bool | tuple[str, ...] | None) -> WidgetState:
    state = WidgetState(id=id_)
    if kind in ("button_group", "multiselect"):
        texts = [value] if isinstance(value, str) else list(value or ())
        state.string_array_value.SetInParent()
        state.string_array_value.data.extend(texts)
    elif isinstance(value, bool):
        state.bool_value = value
    elif value is not None:
        state.string_value = value
    return state


def _value(state: WidgetState) -> str | bool | tuple[str, ...] | None:
    kind = state.WhichOneof("value")
    if kind == "string_array_value":
        return tuple(state.string_array_value.data)
    return getattr(state, kind) if kind else None
