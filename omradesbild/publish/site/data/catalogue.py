"""What is written when all else is: the descriptions of an edition's files, their checksums, and what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from omradesbild import METHOD_VERSION
from omradesbild.analyse.statements import Statements
from omradesbild.publish.site.changes import Gone
from omradesbild.publish.site.data import dcat, package
from omradesbild.publish.site.data.figures import to_json
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings

#: The checksums of all files but this one, as ``sha256sum --check`` reads them.
CHECKSUMS = "SHA256SUMS"
ABOUT = "data/utgava.json"


def closing(
    statements: Statements, settings: Settings, name: str, gone: Sequence[Gone], made: Mapping[str, tuple[int, str]]
) -> Iterator[File]:
    """Give the files that describe all others.

    Parameters
    ----------
    gone
        What earlier editions had pages for.
    made
        Path → size in bytes and SHA-256 of every other file of the edition.
    """
    described = [
        package.file(statements, settings, made),
        dcat.file(statements, settings, made),
        _about(statements, name, gone),
    ]
    yield from described
    digests = {path: digest for path, (_, digest) in made.items()}
    digests |= {file.path: hashlib.sha256(file.content).hexdigest() for file in described}
    lines = (f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
    yield File(CHECKSUMS, "".join(lines).encode())


def _about(statements: Statements, name: str, gone: Sequence[Gone]) -> File:
    """Say what an edition is and which addresses it has; the next edition is compared with it."""
    pack = statements.pack
    content = {
        "edition": name,
        "pack": pack.info.id,
        "version": pack.info.version,
        "method": METHOD_VERSION,
        "demonstration": pack.info.demonstration,
        "areas": {area.id: area.name for area in pack.areas.values()},
        "indicators": {i.id: i.title.model_dump(exclude_none=True) for i in pack.indicators.values()},
        "gone": [asdict(row) for row in gone],
    }
    return File(ABOUT, to_json(content))
