"""Adds imported figures to a pack: a new folder with the whole pack, which passes every check or does not come to be."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import yaml

from omradesbild import checks
from omradesbild.collect.fault import CollectError
from omradesbild.collect.folder import next_version, set_levels
from omradesbild.collect.staff import TableMapping
from omradesbild.model import Indicator, Level, Source, Strict
from omradesbild.pack import INDICATORS, SOURCES, Pack, PackError, load

#: Where imported figures of a source stand.
FILE = "observations/import-{source}.csv"
#: Where the mapping of an approved table stands, so that next year's file is known again: its source, and what it looks like.
MAPPING = "collect/mappings/{source}-{layout}.yaml"


def make(
    pack: Pack, changes: pd.DataFrame, mapping: TableMapping, today: str, folder: Path, layout: Sequence[str] = ()
) -> Pack:
    """Write the pack with changed figures as a new one, and return it loaded.

    Parameters
    ----------
    changes
        What `staff.differences` gives. Figures that are the same keep their row and source; those that are changed or
        gone are taken out where they stand, and what is new stands in a file of the source's.
    today
        The date, for the version.
    folder
        Where to write; it must not exist.
    layout
        What the file looks like (`staff.Found.layout`), so that the mapping is kept; empty: it is not.

    Raises
    ------
    CollectError
        If the new pack does not pass the pack's checks.
    """
    shutil.copytree(pack.root, folder)
    out = {tuple(key) for key in changes.loc[changes["change"].isin(["changed", "gone"]), checks.KEY].itertuples(index=False)}
    for path in sorted((folder / "observations").glob("*.csv")):
        _without(path, out)
    added = changes[changes["change"].isin(["new", "changed"])]
    add_rows(folder / FILE.format(source=mapping.source), added)
    _catalogue(pack, folder, mapping, added)
    if layout:
        kept = folder / mapping_file(mapping.source, layout)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(_dumped(mapping.model_dump(mode="json", exclude_unset=True)).encode())
    settings = folder / "pack.yaml"
    settings.write_bytes(next_version(settings.read_text("utf-8"), today).encode())
    return checked(folder)


def mapping_file(source: str, layout: Sequence[str]) -> str:
    """Return where in a pack the mapping of a table with these heads stands."""
    return MAPPING.format(source=source, layout=hashlib.sha256("\n".join(layout).encode()).hexdigest()[:12])


def kept_mappings(pack: Pack, layout: Sequence[str]) -> list[Path]:
    """Return the files with mappings of tables with these heads that have been taken in."""
    path = pack.root / mapping_file("*", layout)
    return sorted(path.parent.glob(path.name))


def checked(folder: Path) -> Pack:
    """Load a pack that was made.

    Raises
    ------
    CollectError
        If it does not pass the pack's checks.
    """
    try:
        return load(folder)
    except PackError as error:
        text = error.report.text().replace(str(folder), "paketet")
        raise CollectError("det nya paketet", f"fel vid granskningen\n{text}\n", "ett paket utan fel", "Rätta tabellen eller mappningen") from error


def _without(path: Path, keys: set[tuple[str, ...]]) -> None:
    """Take rows out of a file of observations; a file that does not have them keeps its bytes."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = checks.COLUMNS.index("group") + 1
    kept = [line for line in lines if tuple(next(csv.reader([line]))[:at]) not in keys]
    if len(kept) < len(lines):
        path.write_bytes("".join(kept).encode())


def add_rows(path: Path, added: pd.DataFrame) -> None:
    """Put rows into a file of observations, in its order."""
    rows = [
        [r.area, r.indicator, r.period, r.group, *(_text(getattr(r, c)) for c in checks.NUMBERS), r.flag, r.source]
        for r in added.itertuples()
    ]
    if path.exists():
        rows += list(csv.reader(io.StringIO(path.read_text("utf-8"))))[1:]
    if not rows:
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(checks.COLUMNS)
    writer.writerows(sorted(rows, key=lambda row: (row[1], row[0], row[2], row[3])))
    path.write_bytes(out.getvalue().encode())


def _text(value: float) -> str:
    return "" if pd.isna(value) else f"{round(value, 6):.12g}"


def _catalogue(pack: Pack, folder: Path, mapping: TableMapping, added: pd.DataFrame) -> None:
    """Write new definitions and sources, and add the levels that figures have come on."""
    new = {i.id: i for i in mapping.indicators if i.id not in pack.indicators}
    used = set(added["source"])
    levels = added.assign(level=added["area"].map({a.id: a.level for a in pack.areas.values()}))
    for id_, found in levels.groupby("indicator")["level"]:
        path = folder / INDICATORS / f"{id_}.yaml"
        known = new[id_].levels if id_ in new else pack.indicators[id_].levels
        wanted = [*known, *(Level(level) for level in dict.fromkeys(found) if level not in known)]
        if id_ in new:
            path.write_bytes(written(new[id_].model_copy(update={"levels": tuple(wanted)})).encode())
        elif len(wanted) > len(known):
            set_levels(path, wanted)
    add_sources(folder / SOURCES, [source for source in mapping.sources if source.id not in pack.sources and source.id in used])


def add_sources(path: Path, sources: list[Source]) -> None:
    """Put sources after those in the catalogue's file, which keeps its bytes."""
    if sources:
        path.write_bytes((path.read_text("utf-8").rstrip("\n") + "\n\n" + _listed(sources)).encode())


def written(record: Indicator) -> str:
    """Write a definition as it stands in the catalogue."""
    return _dumped(record.model_dump(mode="json", exclude_unset=True))


def _listed(records: Iterable[Strict]) -> str:
    return _dumped([record.model_dump(mode="json", exclude_none=True) for record in records])


def _dumped(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
