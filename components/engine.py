"""The engine as the app holds it: one pack with its statements and shapes, shared by all readers."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pyarrow

from components import maps
from omradesbild.analyse import kommun as one_kommun
from omradesbild.analyse import statements as analyse
from omradesbild.analyse.custom import with_own
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area
from omradesbild.pack import Pack, PackError, Report, read, resolve
from omradesbild.publish.shapes import Shapes, own_shapes, shapes
from omradesbild.words import speak_of

LOOK_EVERY = 5.0  # seconds between looks at whether the pack has changed on disk


@dataclass(frozen=True, eq=False)
class Engine:
    """All that pages draw from. Read-only.

    `report` holds what there is to say about the pack; `refused` holds the report on a newer pack on disk that could not be read; the app then goes on
    with the one it has.
    """

    pack: Pack
    statements: Statements
    shapes: Shapes
    shapes_url: str
    report: Report
    refused: Report | None = None


_lock = threading.Lock()
_engine: Engine | None = None
_stamp: tuple | None = None
_looked = 0.0
_session = threading.local()


def engine() -> Engine:
    """Return the engine on the newest readable pack, with the areas that this session's reader has made.

    Raises
    ------
    PackError
        When no pack could be read since the server started.
    """
    loaded = shared()
    areas = tuple(a for a in _own() if a.id not in loaded.pack.areas and loaded.pack.areas.keys() >= {*a.members})
    return _with_own(loaded, areas) if areas else loaded


def shared() -> Engine:
    """Return the engine without the areas that a reader has made: on the kommun of a country that this reader looks at, or all.

    Raises
    ------
    PackError
        When no pack could be read since the server started.
    """
    loaded, kommun = common(), getattr(_session, "kommun", "")
    return _on_kommun(loaded, kommun) if kommun in loaded.pack.kommuner else loaded


def use_kommun(kommun: str) -> None:
    """Let `engine` and `shared` hold this kommun alone on this thread; an empty id is the whole pack."""
    _session.kommun = kommun


def use_own(areas: tuple[Area, ...]) -> None:
    """Let `engine` hold these areas on this thread, which serves one session at a time."""
    _session.own = areas


def for_later(make: Callable) -> Callable:
    """Return a function that sees the engine as it is now, on whatever thread it is called: for downloads."""
    areas, kommun = _own(), getattr(_session, "kommun", "")

    def made(*args: object) -> object:
        use_own(areas)
        use_kommun(kommun)
        speak_of(shared().pack.info)
        return make(*args)

    return made


def _own() -> tuple[Area, ...]:
    return getattr(_session, "own", ())


@lru_cache(maxsize=16)
def _with_own(loaded: Engine, areas: tuple[Area, ...]) -> Engine:
    together = with_own(loaded.statements, areas)
    drawn = replace(loaded.shapes, own=own_shapes(loaded.pack, areas))
    return replace(loaded, pack=together.pack, statements=together, shapes=drawn)


@lru_cache(maxsize=32)
def _on_kommun(loaded: Engine, kommun: str) -> Engine:
    statements = one_kommun.alone(loaded.statements, kommun)
    drawn = shapes(statements.pack)
    return replace(loaded, pack=statements.pack, statements=statements, shapes=drawn, shapes_url=maps.publish(drawn))


def common() -> Engine:
    """Return the engine on the whole pack, which all readers share.

    Raises
    ------
    PackError
        When no pack could be read since the server started.
    """
    global _engine, _stamp, _looked
    if _engine is not None and time.monotonic() - _looked < LOOK_EVERY:
        return _engine
    with _lock:
        if _engine is not None and time.monotonic() - _looked < LOOK_EVERY:
            return _engine
        root = resolve(None)
        stamp = (root, _newest(root))
        if stamp != _stamp:
            before, _engine, _stamp = _engine, _renew(root), stamp
            if before is not None and before.statements is not _engine.statements:
                _forget()
        _looked = time.monotonic()
        return _engine


def _newest(root: Path) -> tuple[int, int]:
    """Return the newest change below a folder and the number of files, which together tell a change."""
    try:
        changes = [entry.stat().st_mtime_ns for entry in _files(root)]
    except OSError:  # no such folder, or a file that went away meanwhile: reading the pack tells
        return 0, 0
    return max(changes, default=0), len(changes)


def _files(root: Path):
    for entry in os.scandir(root):
        if entry.is_dir():
            yield from _files(Path(entry.path))
        else:
            yield entry


def _renew(root: Path) -> Engine:
    pack, report = read(root)
    if pack is None and _engine is None:
        raise PackError(report)
    if pack is None:
        return replace(_engine, refused=report)
    _give_back()
    drawn, statements = shapes(pack), analyse.build(pack)
    made = Engine(statements.pack, statements, drawn, maps.publish(drawn), report)
    _give_back()
    return made


def _give_back() -> None:
    """Let the system have the memory that was needed on the way, for a country 300 MB: those who allocate it keep it otherwise."""
    pyarrow.default_memory_pool().release_unused()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):  # glibc's; Windows has no CDLL(None)
        trim(0)


def _forget() -> None:
    """Empty every cache: they hold what was derived from the engine that is given up, and so the engine, for a country a gigabyte."""
    modules = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in ("components", "omradesbild")]
    for kept in [value for module in modules for value in list(vars(module).values()) if hasattr(value, "cache_clear")]:
        kept.cache_clear()
