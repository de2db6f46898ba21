"""What the sources answered, untouched, so that everything can be made again without asking them.

``FOLDER/SOURCE/NAME.EXT`` is an answer, byte for byte, and ``NAME.yaml`` beside it says from where, when and under which
licence it came, with its checksum. The description is written last: an answer without one was interrupted and is not there.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from omradesbild import disk
from omradesbild.collect.fault import CollectError
from omradesbild.model import Strict

#: Content type → the ending of an answer's name.
ENDINGS = {
    "application/json": ".json",
    "application/geo+json": ".geojson",
    "application/geopackage+sqlite3": ".gpkg",
    "application/zip": ".zip",
    "text/csv": ".csv",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


class About(Strict):
    """Where an answer came from.

    Attributes
    ----------
    source
        The source's name, as in ``SOURCES``.
    address, query
        What was asked: the address without its query, and the query or the body as text.
    retrieved
        When the run that fetched it began, ISO text.
    licence
        As the plan says.
    content_type
        What kind of file it is.
    updated
        When the publisher last changed it, as the answer says; empty where it does not say.
    notes
        The publisher's footnotes.
    """

    source: str
    address: str
    query: str = ""
    retrieved: str
    licence: str
    content_type: str
    updated: str = ""
    notes: tuple[str, ...] = ()


class _Description(Strict):
    file: str
    sha256: str
    size: int = Field(ge=0)
    about: About


class Snapshot:
    """An answer in a store."""

    def __init__(self, path: Path, sha256: str, size: int, about: About) -> None:
        self.path, self.sha256, self.size, self.about = path, sha256, size, about

    @property
    def name(self) -> str:
        """The name that it was put under."""
        return self.path.stem

    def read(self) -> bytes:
        """Return the answer.

        Raises
        ------
        CollectError
            If the file is not what was put there.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise _cannot(self.path, error) from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise CollectError(
                str(self.path),
                f"en ändrad fil ({len(content)} byte)",
                f"filen som hämtades ({self.size} byte, sha256 {self.sha256[:12]}…)",
                f"Ta bort {self.path.with_suffix('.yaml').name} och samla in källan igen",
            )
        return content


class Store:
    """A folder of answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes, about: About) -> Snapshot:
        """Keep an answer under a name, whole or not at all; an earlier one of that name goes.

        Raises
        ------
        CollectError
            If the folder cannot be written to.
        """
        ending = ENDINGS.get(about.content_type, ".bin")
        path = self._path(about.source, name + ending)
        described = _Description(
            file=path.name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), about=about
        )
        text = yaml.safe_dump(described.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=1000)
        description = self._path(about.source, name + ".yaml")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Between the two an answer would stand with another's description, so that goes first.
            description.unlink(missing_ok=True)
            disk.put_whole(path, content)
            disk.put_whole(description, text.encode())
        except OSError as error:
            raise _cannot(path, error) from error
        return Snapshot(path, described.sha256, described.size, about)

    def get(self, source: str, name: str) -> Snapshot | None:
        """Return the answer under a name, or None where there is none or it was not written to its end."""
        return self._described(self._path(source, name + ".yaml"))

    def fresh(self, source: str, name: str, since: str) -> Snapshot | None:
        """Return the answer under a name if the run that began at `since`, or a later one, fetched it."""
        found = self.get(source, name)
        return found if found and found.about.retrieved >= since else None

    def need(self, source: str, name: str) -> Snapshot:
        """Return the answer under a name.

        Raises
        ------
        CollectError
            If it has not been fetched.
        """
        found = self.get(source, name)
        if found is None:
            raise CollectError(
                str(self._path(source, name)),
                "inget sparat svar",
                "ett svar som har hämtats till slut",
                f"Samla in källan: python -m omradesbild collect {source}",
            )
        return found

    def snapshots(self, source: str) -> list[Snapshot]:
        """Return every answer of a source, by name."""
        described = (self._described(path) for path in sorted((self.folder / source).glob("*.yaml")))
        return [found for found in described if found]

    def _path(self, source: str, name: str) -> Path:
        if not (_NAME.fullmatch(source) and _NAME.fullmatch(name)):
            raise ValueError(f"{source}/{name}: a name is letters, figures and . _ -")
        return self.folder / source / name

    def _described(self, path: Path) -> Snapshot | None:
        try:
            # queries are long, and the loader in C reads them twenty times as fast
            found = _Description.model_validate(yaml.load(path.read_bytes(), yaml.CSafeLoader))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, ValidationError, yaml.YAMLError) as error:
            raise CollectError(
                str(path), "en beskrivning som inte går att läsa", "den som skrevs vid hämtningen",
                "Ta bort filen och samla in källan igen",
            ) from error  # fmt: skip
        content = path.parent / Path(found.file).name
        return Snapshot(content, found.sha256, found.size, found.about) if content.exists() else None


def _cannot(path: Path, error: OSError) -> CollectError:
    return CollectError(
        str(path), disk.why(error), "en mapp som går att läsa och skriva i",
        "Kontrollera mappens rättigheter och att det finns plats på disken",
    )  # fmt: skip
