"""A table on its way in: what is kept of it as a draft, how a mapping is known again, and how a draft is approved."""

from __future__ import annotations

import hashlib
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
from omradesbild.reader import Reader

#: The kind of drafts that tables are kept as, under keys.
KIND = "tabeller"


def to_draft(found: Found, mapping: TableMapping, outcome: Outcome, name: str) -> dict:
    """Return what is kept of a table: what its makers call it, its figures, its mapping, and what its file looks like."""
    rows = outcome.rows[list(checks.COLUMNS)]
    return {
        "name": name,
        "file": found.sheet.place(),
        "layout": found.layout,
        "mapping": mapping.model_dump(mode="json", exclude_unset=True),
        "observations": rows.to_csv(index=False, lineterminator="\n"),
    }


def name_of(content: Mapping[str, object]) -> str:
    """Return what its makers call a draft, on one line and shortened; its file where they have not named it."""
    name = str(content.get("name") or content.get("file") or "")[:200]
    return "".join(c for c in name if c.isprintable())


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


def known(found: Found, pack: Pack, drafts: Iterable[Mapping[str, object]]) -> TableMapping | None:
    """Return the mapping of a table whose file looked the same: of one that was approved, else the first of `drafts`."""
    for kept in addition.kept_mappings(pack, found.layout):
        mapping = Reader(kept.parent).record(kept.name, TableMapping)
        if mapping is not None and mapping.convert is None:  # what converts needs files that stand beside it
            return mapping
    for content in drafts:
        if content.get("layout") == found.layout:
            try:
                return from_draft(content)[0]
            except CollectError:
                continue
    return None


def rivals(observations: pd.DataFrame, drafts: Iterable[Mapping[str, object]]) -> list[int]:
    """Return for each other draft that has a figure for the same area, indicator, period and group how many of them differ."""
    found = []
    for content in drafts:
        try:
            _, other = from_draft(content)
        except CollectError:
            continue
        both = observations.merge(other, on=checks.KEY, suffixes=("", "_other"))
        if len(both):
            found.append(int(((both["value"] - both["value_other"]).abs() > 1e-6).sum() + (both["value"].isna() != both["value_other"].isna()).sum()))
    return found


def changes(pack: Pack, mapping: TableMapping, observations: pd.DataFrame) -> pd.DataFrame:
    """Return what an import changes in a pack."""
    return staff.differences(observations, pack, complete=mapping.complete)


def mark(changes: pd.DataFrame) -> str:
    """Return a mark of what a person has looked at: it is another when anything would change otherwise."""
    return hashlib.sha256(changes.to_csv(index=False).encode()).hexdigest()


def tried(pack: Pack, mapping: TableMapping, observations: pd.DataFrame, today: str) -> Pack:
    """Return the pack as it would be, from a folder that is gone afterwards.

    Raises
    ------
    CollectError
        If it would not pass its checks.
    """
    with tempfile.TemporaryDirectory() as folder:
        return addition.make(pack, changes(pack, mapping, observations), mapping, today, Path(folder) / "pack")


def approve(shelf: Shelf, pack: Pack, content: Mapping[str, object], today: str, seen: str = "") -> str:
    """Publish a version with the figures of a draft, and return the name of the version that is used then.

    It builds on the version that is used when nobody else can change it, and on `pack` where there is none yet: what
    others have approved meanwhile is not lost. A draft that changes nothing makes no version.

    Parameters
    ----------
    seen
        The `mark` of the changes that a person has looked at; empty: they have not been shown.

    Raises
    ------
    CollectError
        If the draft is damaged, it would change something else than was looked at, the version would not pass its
        checks, or it could not be written; nothing has changed.
    """
    mapping, observations = from_draft(content)
    with shelf.taken(), tempfile.TemporaryDirectory() as folder:
        used = shelf.current()
        before = addition.checked(used) if used else pack
        found = changes(before, mapping, observations)
        if seen and mark(found) != seen:
            raise CollectError(
                "utkastet", "andra siffror i bilden än när sidan visades", "de siffror som du har tittat på",
                "Någon annan har ändrat dem under tiden. Se på ändringarna igen, och godkänn sedan",
            )  # fmt: skip
        if used and (found["change"] == "same").all():
            return used.name
        layout = [str(head) for head in content.get("layout") or ()]
        return shelf.publish(addition.make(before, found, mapping, today, Path(folder) / "pack", layout).root)
