"""What all that writes has in common: one at a time, whole or not at all, and why a disk refuses, in Swedish."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

#: How long a run waits for another one that is about to end, in seconds.
PATIENCE = 5.0
#: What the system says where a disk has no room left.
FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_WHY = {
    errno.EACCES: "rättighet saknas",
    errno.EPERM: "rättighet saknas",
    errno.EROFS: "mappen går inte att skriva i",
    errno.ENOENT: "det finns inte",
    errno.EEXIST: "en fil står där mappen ska vara",
    errno.ENOTDIR: "en fil står där mappen ska vara",
    errno.EISDIR: "en mapp står där filen ska vara",
} | dict.fromkeys(FULL, "disken är full")


class Busy(Exception):
    """Another run holds the lock."""


def why(error: OSError) -> str:
    """Return what a disk's refusal means, in Swedish."""
    return _WHY.get(error.errno, "disken svarade inte som väntat")


@contextmanager
def locked(file: Path, patience: float | None = None) -> Iterator[None]:
    """Hold the lock that a file is; it goes to processes that are started meanwhile, and is free when the last ends.

    Raises
    ------
    Busy
        If another holds it still after `patience` seconds (`PATIENCE`).
    """
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    with file.open("a") as lock:
        while not _locked(lock):
            if time.monotonic() > deadline:
                raise Busy(str(file))
            time.sleep(0.1)
        yield


def put_whole(path: Path, content: bytes) -> None:
    """Let a file hold `content`: after a stop at any moment it holds all of the old or all of the new.

    Who may read and write it stays as it is.
    """
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with beside.open("xb") as file:  # as any new file: who may read those beside it may read it
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    settle(path.parent)


def settle(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk and survives a power cut."""
    if sys.platform == "win32" and path.is_dir():  # a folder cannot be opened there, and its names are kept in order
        return
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle_tree(folder: Path) -> None:
    """Wait until all below a folder is on the disk."""
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            settle(Path(place, name))
        settle(Path(place))


def same_tree(source: Path, target: Path, leave: frozenset[str] = frozenset(), *, link: bool) -> None:
    """Let `target` hold what `source` holds; `leave` out names at the top.

    With `link` the files are shared where the disk can (hard links), so that neither may be written into.
    """
    for folder, folders, files in os.walk(source):
        if Path(folder) == source:
            folders[:], files = ([name for name in names if name not in leave] for names in (folders, files))
        there = target / Path(folder).relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        for name in files:
            if not link or not linked(Path(folder, name), there / name):
                shutil.copyfile(Path(folder, name), there / name)


def linked(source: Path, target: Path) -> bool:
    """Let `target` be another name of the file `source`; False where the disk cannot do that."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in FULL | {errno.EROFS}:
            raise
        return False
    return True


def _locked(lock) -> bool:
    """Lock an open file, for as long as it is open here and in processes started here."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
