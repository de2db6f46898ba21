"""Bytes the browser keeps: compressed once, addressed by content, served from memory.

Streamlit sends its own scripts (26 MB) uncompressed and has no route for an app's own data. Here every such file is
an `Asset` with cached encodings, and `publish_blob` gives any bytes a content-hashed address below ``geo/``.
"""

import gzip
import hashlib
import os
import queue
import threading
from collections import OrderedDict
from pathlib import Path

import brotli
import streamlit as st
from streamlit.components.v2.component_registry import BidiComponentDefinition
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager

from components.spoken import spoken

QUICK, THOROUGH = 5, 11
BLOB_FOLDER = "geo"
MAX_BLOBS = 256
COMPRESSIBLE = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".wasm": "application/wasm",
    ".ttf": "font/ttf",
}
COMPACT = {
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".png": "image/png",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".wav": "audio/wav",
}


def cache_folder() -> Path | None:
    """Folder for compressed copies: ``.cache/`` in the project, else the user's cache, else None (memory only)."""
    project = Path(__file__).resolve().parent.parent / ".cache"
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omradesbild"
    for folder in (project / "compressed", user / "compressed"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


class Asset:
    """Immutable bytes with their media type and lazily made encodings.

    Parameters
    ----------
    body : bytes
        The content, not encoded.
    media_type : str
        Value of the Content-Type header.
    compressible : bool
        False for formats that are already compressed (woff2, png).
    """

    def __init__(self, body: bytes, media_type: str, compressible: bool = True):
        self.media_type = media_type
        self.digest = hashlib.sha256(body).hexdigest()[:16]
        self.compressible = compressible
        self._encoded = {"": body}
        self._lock = threading.Lock()

    def ready(self, encoding: str) -> bool:
        """Return True when `encoding` costs no work."""
        return encoding in self._encoded

    def encoded(self, encoding: str) -> bytes:
        """Return the bytes as ``br``, ``gzip`` or, for the empty string, as they are.

        The first brotli answer comes from the cache folder or is made quickly; the thorough one (about 12 % smaller,
        60 times slower) follows from a background thread and replaces it.
        """
        with self._lock:
            if encoding not in self._encoded:
                self._encoded[encoding] = self._gzip() if encoding == "gzip" else self._brotli()
            return self._encoded[encoding]

    def _gzip(self) -> bytes:
        return gzip.compress(self._encoded[""], 9, mtime=0)

    def _brotli(self) -> bytes:
        cached = self._cached_file()
        if cached and cached.exists():
            return cached.read_bytes()
        _thorough.put(self)
        return brotli.compress(self._encoded[""], quality=QUICK)

    def _cached_file(self) -> Path | None:
        folder = cache_folder()
        return folder / f"{self.digest}.br" if folder else None

    def compress_thoroughly(self) -> None:
        """Replace the quick brotli copy by the smallest one and keep it in the cache folder."""
        smallest = brotli.compress(self._encoded[""], quality=THOROUGH)
        self._encoded["br"] = smallest
        cached = self._cached_file()
        if cached:
            half_written = cached.with_suffix(f".{os.getpid()}.tmp")
            half_written.write_bytes(smallest)
            half_written.replace(cached)


class _Thorough(threading.Thread):
    """One idle-priority thread that recompresses what visitors have asked for."""

    def __init__(self):
        super().__init__(name="brotli", daemon=True)
        self._waiting = queue.SimpleQueue()
        self._starting = threading.Lock()

    def put(self, asset: Asset) -> None:
        self._waiting.put(asset)
        with self._starting:
            if not self.ident:
                self.start()

    def run(self) -> None:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        while True:
            self._waiting.get().compress_thoroughly()


_thorough = _Thorough()


class StaticFolder:
    """Hashed files of one folder, read on first use.

    Parameters
    ----------
    folder : pathlib.Path
        Only files that lie here when the server starts are served, so no request path reaches the file system.
    """

    def __init__(self, folder: Path):
        self._files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
        self._assets: dict[str, Asset] = {}

    def get(self, path: str) -> Asset | None:
        """Return the asset at `path` (relative, with forward slashes), or None when unknown."""
        if path not in self._assets:
            file = self._files.get(path)
            if file is None or file.suffix not in COMPRESSIBLE | COMPACT:
                return None
            media_type = COMPRESSIBLE.get(file.suffix) or COMPACT[file.suffix]
            self._assets[path] = Asset(spoken(file), media_type, file.suffix in COMPRESSIBLE)
        return self._assets[path]


_blobs: OrderedDict[str, Asset] = OrderedDict()
_blobs_lock = threading.Lock()
_registering = threading.Lock()


def publish_blob(name: str, body: bytes, content_type: str) -> str:
    """Keep `body` in memory and return its address, relative to the app's root.

    Parameters
    ----------
    name : str
        File name with suffix, such as ``"omraden.json"``; letters, digits, ``-`` and ``_`` only.
    body : bytes
        Content, not compressed. The same content always gets the same address.
    content_type : str
        Value of the Content-Type header.

    Returns
    -------
    str
        ``"geo/omraden.<hash>.json"``. Resolve it in the browser against the app's root, never the current page;
        a module that itself came from here uses ``new URL("../" + url, import.meta.url)``.

    Raises
    ------
    ValueError
        If the name could not be one path segment.

    Notes
    -----
    Only the `MAX_BLOBS` most recently published or fetched blobs are kept; an older address answers 404.
    """
    stem, dot, suffix = name.rpartition(".")
    if not dot or not all(c.isalnum() or c in "-_" for c in stem + suffix) or not stem or not suffix:
        raise ValueError(f"blob name is {name!r}; expected one name with a suffix, such as 'omraden.json'")
    asset = Asset(body, content_type)
    path = f"{BLOB_FOLDER}/{stem}.{asset.digest}.{suffix}"
    with _blobs_lock:
        _blobs.setdefault(path, asset)
        _blobs.move_to_end(path)
        while len(_blobs) > MAX_BLOBS:
            _blobs.popitem(last=False)
    return path


def blob(path: str) -> Asset | None:
    """Return the published asset at `path` (as `publish_blob` returned it), or None."""
    with _blobs_lock:
        if path in _blobs:
            _blobs.move_to_end(path)
        return _blobs.get(path)


def component(name: str, *, js: Path, css: Path | None = None, html: str = ""):
    """Register a page component whose script the browser fetches once, and return the callable that mounts it.

    Call it once, at module level.

    Streamlit would put inline html, css and js into every rerun's message and run the script from a ``blob:`` address,
    which the content security policy forbids. Here both files become published blobs.

    Parameters
    ----------
    name : str
        Unique name of the component.
    js : pathlib.Path
        ES module with ``export default function({data, key, parentElement, setStateValue, setTriggerValue})``.
    css : pathlib.Path, optional
        Stylesheet, loaded inside the component's shadow root.
    html : str
        Small initial markup; sent with every message.

    Returns
    -------
    callable
        Takes ``data=``, ``key=``, ``default=``, ``width=``, ``height=`` and ``on_<state>_change=`` callbacks.
    """
    mount = st.components.v2.component(name)

    def mount_registered(**options):
        # On each call: a published blob may have been crowded out, and every runtime has its own registry.
        addresses = {kind: _published(file, kind) for kind, file in (("js", js), ("css", css)) if file}
        definition = BidiComponentDefinition(
            name=name,
            html=html,
            js=str(js),
            css=str(css) if css else None,
            js_asset_relative_path=addresses["js"],
            css_asset_relative_path=addresses.get("css"),
        )
        manager = get_bidi_component_manager()
        with _registering:
            if manager.get(name) != definition:
                manager.unregister(name)
                manager.register(definition)
        return mount(**options)

    return mount_registered


def _published(file: Path, kind: str) -> str:
    """Return the blob address relative to ``_stcore/bidi-components/<name>/``, where Streamlit looks for scripts."""
    return "../../../" + publish_blob(file.name, file.read_bytes(), COMPRESSIBLE[f".{kind}"])
