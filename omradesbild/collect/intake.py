"""A table on its way in: what is kept of it as a draft, how a mapping is known again, and how a draft is approved."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from omradesbild import checks
from omradesbild.collect import addition, staff
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf
from omradesbild.collect.staff import Found, Outcome, TableMapping
from omradesbild.pack import Pack

#: The kind of drafts that tables are kept as.
KIND = "tabeller"


def to_draft(found: Found, mapping: TableMapping, outcome: Outcome) -> dict:
    """Return what is kept of a table: its figures, its mapping, and what its file looks like."""
    rows = outcome.rows[list(checks.COLUMNS)]
    return {
        "file": found.sheet.place(),
        "layout": found.layout,
        "mapping": mapping.model_dump(mode="json", exclude_unset=True),
        "observations": rows.to_csv(index=False, lineterminator="\n"),
    }


def from_draft(content: Mapping[str, object]) -> tuple[TableMapping, pd.DataFrame]:
    """Return the mapping and the figures of a draft.

    Raises
    ------
    CollectError
        If it is damaged.
    """
    try:
        mapping = TableMapping.model_validate(content["mapping"])
        text = {column: str for column in checks.COLUMNS if column not in checks.NUMBERS}
        frame = pd.read_csv(io.StringIO(content["observations"]), dtype=text, keep_default_na=False, na_values={c: [""] for c in checks.NUMBERS})
        return mapping, frame[list(checks.COLUMNS)].astype({c: "float64" for c in checks.NUMBERS})
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise CollectError("utkastet", "en skadad tabell", "en tabell med mappning", "Läs in filen på nytt") from error


def known(found: Found, drafts: Iterable[Mapping[str, object]]) -> TableMapping | None:
    """Return the mapping of a saved table whose file looked the same; the first of `drafts` that fits."""
    for content in drafts:
        if content.get("layout") == found.layout:
            try:
                return from_draft(content)[0]
            except CollectError:
                continue
    return None


def changes(pack: Pack, mapping: TableMapping, observations: pd.DataFrame) -> pd.DataFrame:
    """Return what an import changes in a pack."""
    return staff.differences(observations, pack, complete=mapping.complete)


def tried(pack: Pack, mapping: TableMapping, observations: pd.DataFrame, today: str) -> Pack:
    """Return the pack as it would be, from a folder that is gone afterwards.

    Raises
    ------
    CollectError
        If it would not pass its checks.
    """
    with tempfile.TemporaryDirectory() as folder:
        return addition.make(pack, changes(pack, mapping, observations), mapping, today, Path(folder) / "pack")


def approve(shelf: Shelf, pack: Pack, content: Mapping[str, object], today: str) -> str:
    """Publish a version with the figures of a draft, and return its name.

    It builds on the version that is used when nobody else can change it, and on `pack` where there is none yet: what
    others have approved meanwhile is not lost.

    Raises
    ------
    CollectError
        If the draft is damaged, the version would not pass its checks, or it could not be written; nothing has changed.
    """
    mapping, observations = from_draft(content)
    with shelf.taken(), tempfile.TemporaryDirectory() as folder:
        used = shelf.current()
        before = addition.checked(used) if used else pack
        return shelf.publish(addition.make(before, changes(before, mapping, observations), mapping, today, Path(folder) / "pack").root)
