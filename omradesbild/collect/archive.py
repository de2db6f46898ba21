"""One expected file in a zip archive, read without unpacking the archive and no further than it may be long."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO

from omradesbild.collect.fault import CollectError

#: How an archive is served.
TYPES = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
KIND = TYPES[0]
#: What reading a damaged archive raises: the archive itself, and each of the ways in which its files may be packed.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, EOFError, ValueError, IndexError)


@contextmanager
def member(content: bytes, place: str, name: str, most: int) -> Iterator[BinaryIO]:
    """Open the only file whose name, without folders, is `name`, or ends with it where it begins with a point.

    Raises
    ------
    CollectError
        If it is not an archive, has not exactly one such file, or the file is longer than `most` bytes; also while reading.
    """
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(io.BytesIO(content)))
            inside = [info for info in archive.infolist() if not info.is_dir()]
            found = [info for info in inside if _fits(info.filename, name)]
            file = opened.enter_context(archive.open(found[0])) if len(found) == 1 else None
        except BROKEN as error:
            raise _broken(place) from error
        if file is None:
            there = ", ".join(PurePosixPath(info.filename).name for info in inside[:8]) or "inga filer"
            raise CollectError(
                place, f"ett arkiv med {there}", f"en fil {name}", "Källan kan ha ändrat vad den packar: se efter"
            )
        yield io.BufferedReader(_Bounded(file, place, most), 1 << 20)


def names(content: bytes, place: str) -> list[str]:
    """Return the names of the files in an archive, without folders, in lower case."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [PurePosixPath(name.replace("\\", "/")).name.casefold() for name in archive.namelist()]
    except BROKEN as error:
        raise _broken(place) from error


def _broken(place: str) -> CollectError:
    return CollectError(place, "ett skadat zip-arkiv", "ett helt arkiv", "Hämta det på nytt")


def _fits(path: str, name: str) -> bool:
    last = PurePosixPath(path.replace("\\", "/")).name.casefold()
    hidden = "__macosx" in path.casefold() or last.startswith(".")
    return not hidden and (last.endswith(name.casefold()) if name.startswith(".") else last == name.casefold())


class _Bounded(io.RawIOBase):
    """Reads a file up to a length, whatever the archive says of it."""

    def __init__(self, file: BinaryIO, place: str, most: int) -> None:
        self._file, self._place, self._most, self._left = file, place, most, most

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer) -> int:
        """Read the next piece."""
        try:
            piece = self._file.read(len(buffer))
        except BROKEN as error:
            raise _broken(self._place) from error
        self._left -= len(piece)
        if self._left < 0:
            most = f"högst {self._most // 1_000_000} MB uppackat"
            raise CollectError(self._place, "en längre fil än så", most, "Är filen rätt: höj gränsen i källans plan")
        buffer[: len(piece)] = piece
        return len(piece)
