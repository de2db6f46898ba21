"""Builds an edition: every page and data file of a pack, made in two processes and shown in one step."""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from omradesbild import disk, words
from omradesbild.analyse import statements as analyse
from omradesbild.analyse.statements import Statements
from omradesbild.pack import Pack
from omradesbild.publish.shapes import Shapes, shapes
from omradesbild.publish.site import changes, editions, makers
from omradesbild.publish.site.changes import Changes
from omradesbild.publish.site.data import catalogue, figures, geo
from omradesbild.publish.site.editions import Place
from omradesbild.publish.site.file import File
from omradesbild.publish.site.pages import changes as change_pages
from omradesbild.publish.site.pages import history
from omradesbild.publish.site.refusal import EditionError
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.workers import WorkerError, shared

#: What a disk refuses with, as `EditionError` says it.
REFUSED = (
    dict.fromkeys(disk.FULL, "full")
    | dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "rights")
    | dict.fromkeys((errno.ENOTDIR, errno.EEXIST), "in_the_way")
)

#: Who wants to know how far it has come: tasks done, all tasks, and the id of the one done last.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A file of an edition as it was made: its size and SHA-256, and whether it had to be written."""

    size: int
    digest: str
    written: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: the edition's name, its folder, how many files it has and how many were written.

    `published` is false where the folder showed this edition already.
    """

    name: str
    folder: Path
    files: int
    written: int
    seconds: float
    published: bool


@dataclass(frozen=True, slots=True)
class _Work:
    """All that a task needs, the same for every one."""

    statements: Statements
    shapes: Shapes
    settings: Settings
    changes: Changes
    place: Place


def build(
    pack: Pack, out: Path, settings: Settings | None = None, *, progress: Progress | None = None, processes: int = 2
) -> Outcome:
    """Publish a pack in the folder `out`, beside the editions that are there.

    An edition that has been published is never made or changed again: where `out` shows it nothing is done, and where it
    is an older one it is shown again.

    Raises
    ------
    EditionError
        If it cannot be done. Then `out` holds what it held before.
    """
    words.speak_of(pack.info)
    started = time.monotonic()
    settings = settings or Settings()
    place, name = Place(out), editions.name_of(pack, settings)
    try:
        with place.taken():
            made, published = _published(pack, settings, place, name, progress, processes)
    except OSError as error:
        said, found = REFUSED.get(error.errno, "write"), Path(error.filename or place.folder)
        if said == "in_the_way":  # the system names what it could not reach beyond it
            found = next(path for path in (found, *found.parents) if path.exists())
        raise EditionError(said, above=place.folder.parent, place=found, folder=place.folder) from error
    except WorkerError as error:
        raise EditionError("ended", exit=error, folder=place.folder) from error
    written = sum(file.written for file in made.values())
    return Outcome(name, place.folder, len(made), written, time.monotonic() - started, published)


def _published(
    pack: Pack, settings: Settings, place: Place, name: str, progress: Progress | None, processes: int
) -> tuple[dict[str, Made], bool]:
    shown = editions.about(place.folder)
    if shown and shown["edition"] == name:
        return {}, False
    kept = place.kept()
    if name in kept:
        disk.same_tree(place.folder / history.KEPT / name, place.new, link=True)
        made = {}
    else:
        made = _made(pack, settings, place, name, progress, processes)
    disk.same_tree(place.new, place.new / history.KEPT / name, frozenset({history.KEPT}), link=True)
    if shown:
        kept_before = place.folder / history.KEPT
        disk.same_tree(kept_before, place.new / history.KEPT, frozenset({name, "index.html"}), link=True)
    versions = {known: about["version"] for known, about in kept.items()} | {name: pack.info.version}
    for file in history.files(pack, settings, list(versions.items()), name):
        editions.put(file.content, place.new / file.path, place.folder / file.path)
    place.show()
    return made, True


def _made(
    pack: Pack, settings: Settings, place: Place, name: str, progress: Progress | None, processes: int
) -> dict[str, Made]:
    statements = analyse.build(pack)
    makers.remember(statements)
    found = changes.since(place.folder, editions.about(place.folder), statements)
    work = _Work(statements, shapes(pack), settings, found, place)
    tasks = _tasks(pack)
    made: dict[str, Made] = {}
    for done, ((_, id_), files) in enumerate(shared(tasks, partial(_do, work), processes), start=1):
        made |= files
        if progress:
            progress(done, len(tasks), id_)
    sizes = {path: (file.size, file.digest) for path, file in sorted(made.items())}
    for file in catalogue.closing(statements, settings, name, found.gone, sizes):
        made[file.path] = _put(file, place)
    return made


def _tasks(pack: Pack) -> list[tuple[str, str]]:
    """Return what there is to make, the longest first: kind and id."""
    kinds = {"hela": ("kartor", "sidor"), "insats": [i.id for i in pack.initiatives], "indikator": pack.indicators, "omrade": pack.areas}
    return [(kind, id_) for kind, ids in kinds.items() for id_ in ids]


def _do(work: _Work, task: tuple[str, str]) -> dict[str, Made]:
    return {file.path: _put(file, work.place) for file in _files(work, *task)}


def _files(work: _Work, kind: str, id_: str) -> Iterator[File]:
    """Give all files of a task. The place of each says which task it belongs to, so that no two make the same."""
    statements, settings, pack = work.statements, work.settings, work.statements.pack
    if kind == "omrade":
        yield from makers.area_files(statements, settings, pack.areas[id_])
        yield from figures.area_files(statements, pack.areas[id_])
    elif kind == "indikator":
        yield from makers.indicator_files(statements, work.shapes, settings, pack.indicators[id_])
        yield from figures.indicator_files(statements, pack.indicators[id_])
    elif kind == "insats":
        yield from makers.initiative_files(statements, settings, next(i for i in pack.initiatives if i.id == id_))
    elif id_ == "kartor":
        yield from geo.files(statements)
    else:
        yield from makers.common_files(statements, work.shapes, settings)
        yield from change_pages.files(statements, settings, work.changes)
        yield from figures.schema_files()


def _put(file: File, place: Place) -> Made:
    written = editions.put(file.content, place.new / file.path, place.folder / file.path)
    return Made(len(file.content), hashlib.sha256(file.content).hexdigest(), written)
