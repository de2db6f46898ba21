"""SCB's bulk files: the tables of ``scb`` whole, for when the entire country is wanted in few calls.

A file is a zip with one CSV in Windows-1252: a column for each dimension, one for what is counted, and the value. Cells hold
a value's code, its name, or both; the table's metadata, fetched beside it, tells them apart. What comes out is the same as
from ``scb``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
from pydantic import Field

from omradesbild.collect import archive, cube
from omradesbild.collect.client import Client
from omradesbild.collect.cube import MARKS, Cube
from omradesbild.collect.fault import CollectError
from omradesbild.collect.fetching import Fetching
from omradesbild.collect.plan import Address, Plan
from omradesbild.collect.readings import COLUMNS, KEYS
from omradesbild.collect.source import Progress
from omradesbild.collect.sources import scb
from omradesbild.collect.sources.scb import CONTENTS, REGION, TIME
from omradesbild.collect.store import Store
from omradesbild.model import NO_VALUE, Flag, Source

ROWS = 500_000


class Settings(Address):
    """The plan of SCB's bulk files."""

    most_unpacked: int = Field(ge=1)


class ScbBulk:
    """SCB's files of whole tables."""

    name = "scb-bulk"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Fetch each table's metadata and, where the table has changed, its file."""
        settings, tables = plan.of(self.name, Settings), plan.of("scb", scb.Settings)
        run = Fetching(self.name, settings, store, client, today)
        database = Fetching(scb.Scb.name, tables, store, client, today)
        for done, table in enumerate(tables.tables, start=1):
            told = run.fresh(_metadata_name(table))
            if told is None:
                answer = database.ask(f"/tables/{table.id}/metadata", {"lang": tables.language})
                found = cube.metadata(answer.content, answer.address)
                told = run.put(_metadata_name(table), answer, updated=found.updated, notes=found.notes)
            had = store.get(self.name, table.id)
            unchanged = had and told.about.updated and had.about.updated == told.about.updated
            if not unchanged and run.fresh(table.id) is None:
                answer = run.ask(f"/{table.id}_sv.zip", accept=archive.TYPES)
                with archive.member(answer.content, answer.address, f"{table.id}_sv.csv", settings.most_unpacked):
                    run.put(table.id, answer, kind=archive.KIND, updated=told.about.updated, notes=told.about.notes)
            progress.step(f"SCB {table.id}, hel tabell", done, len(tables.tables))

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return the readings of every table, a stretch of its file at a time."""
        settings = plan.of(self.name, Settings)
        for table in plan.of("scb", scb.Settings).tables:
            snapshot = store.need(self.name, table.id)
            told = self._told(store, table)
            place = f"{snapshot.path.name}, {table.id}_sv.csv"
            with archive.member(snapshot.read(), place, f"{table.id}_sv.csv", settings.most_unpacked) as file:
                yield from _readings(file, place, table, plan, told)

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return a source for each table."""
        settings = plan.of("scb", scb.Settings)
        for table in settings.tables:
            yield scb.entry(settings, table, store.need(self.name, table.id))

    def _told(self, store: Store, table: scb.Table) -> Cube:
        snapshot = store.need(self.name, _metadata_name(table))
        return cube.metadata(snapshot.read(), str(snapshot.path))


def _metadata_name(table: scb.Table) -> str:
    return f"{table.id}.metadata"


def _readings(file, place: str, table: scb.Table, plan: Plan, told: Cube) -> Iterator[pd.DataFrame]:
    """Return the readings of a file, without those outside the time of a division, which SCB fills with 0."""
    settings = plan.of("scb", scb.Settings)
    regions = _regions(settings, table, told, plan)
    wanted = pd.DataFrame([{**codes, "variable": name} for name, codes in scb.picks(table, told).items()])
    others = [column for column in wanted if column != "variable"]
    codes = {dimension: _codes(told, dimension) for dimension in told.codes}
    seen = np.empty(0, np.uint64)
    for rows in _rows(file, place, told):
        rows = rows.apply(lambda column: _coded(column, codes, place) if column.name in codes else column)
        kept = rows.merge(regions, on=REGION).merge(wanted, on=others)
        kept = kept[(kept[TIME] >= kept["first"]) & (kept[TIME] <= kept["last"])]
        if kept.empty:
            continue
        flag = kept["value"].where(kept["value"].isin(list(MARKS)), "").replace(MARKS)
        number = pd.to_numeric(kept["value"].str.replace(",", ".").where(flag == ""), errors="coerce")
        odd = kept["value"][(flag == "") & number.isna()]
        if len(odd):
            raise CollectError(
                place, f"värdet »{odd.iloc[0][:30]}«", f"ett tal eller {' '.join(MARKS)}", "Hämta filen på nytt"
            )
        number = number.mask(flag.isin([f.value for f in NO_VALUE]))
        flag = flag.mask(number.isna() & (flag == ""), Flag.SUPPRESSED.value)
        frame = kept.assign(period=kept[TIME], value=number, flag=flag, source=table.source)[COLUMNS]
        keys = pd.util.hash_pandas_object(frame[KEYS], index=False).to_numpy()
        if len(np.unique(keys)) < len(keys) or np.isin(keys, seen).any():
            raise CollectError(
                place, "samma uppgift två gånger, kanske för två indelningar med lika koder", "varje uppgift en gång",
                "Hämta tabellen med källan scb i stället",
            )  # fmt: skip
        seen = np.concatenate([seen, keys])
        yield frame.reset_index(drop=True)


def _regions(settings: scb.Settings, table: scb.Table, told: Cube, plan: Plan) -> pd.DataFrame:
    """Return what regions are read: code, area, and the first and last period of their division."""
    parts = []
    for name in settings.divisions(table):
        vintage = settings.vintages[name]
        codes = scb.wanted(settings, table, name, told, plan).get(REGION, ())
        areas = [code.removesuffix(vintage.suffix) for code in codes]
        first = max(vintage.first, settings.first)
        parts.append(pd.DataFrame({REGION: codes, "area": areas, "first": first, "last": vintage.last}))
    return pd.concat(parts, ignore_index=True)


def _rows(file, place: str, told: Cube) -> Iterator[pd.DataFrame]:
    """Return the file's rows, a column for each dimension and ``value``, all text."""
    text = io.TextIOWrapper(file, "cp1252", newline="")
    try:
        line = text.readline(100_000)
        separator = max(",;\t", key=line.count)
        heads = next(csv.reader([line], delimiter=separator), [])
        names, contents = _columns(heads, place, told)
        for rows in pd.read_csv(
            text,
            sep=separator,
            names=names,
            header=None,
            dtype=str,
            keep_default_na=False,
            chunksize=ROWS,
            on_bad_lines="error",
        ):
            if contents:
                fixed = [name for name in names if name in told.codes]
                rows = rows.melt(fixed, contents, CONTENTS, "value")
            yield rows
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error, ValueError) as error:
        raise CollectError(
            place, f"rader som inte går att läsa ({str(error)[:100]})", f"CSV i Windows-1252 med {len(told.codes)} dimensioner",
            "Hämta filen på nytt; är den likadan då har SCB ändrat sitt format",
        ) from error  # fmt: skip


def _columns(heads: list[str], place: str, told: Cube) -> tuple[list[str], list[str]]:
    """Return what each column holds: a dimension, ``value``, or one content's values; and the last of these."""
    known = {name.casefold(): d for d, name in told.names.items()} | {d.casefold(): d for d in told.codes}
    names = [known.get(head.strip().casefold(), head.strip()) for head in heads]
    rest = [name for name in names if name not in told.codes]
    missing = [d for d in told.codes if d not in names]
    expected = f"kolumnerna {', '.join(told.names.values())} och värdet"
    problem = CollectError(
        place, f"kolumnerna {', '.join(heads)[:200]}", expected, "Hämta tabellen med källan scb i stället"
    )
    if len(set(names)) != len(names) or any(d != CONTENTS for d in missing):
        raise problem
    if not missing and len(rest) == 1:
        return ["value" if name == rest[0] else name for name in names], []
    if missing == [CONTENTS] and len(rest) == len(told.codes[CONTENTS]) == 1:
        only = told.codes[CONTENTS][0]
        return [only if name == rest[0] else name for name in names], [only]
    by_label = {label.casefold(): code for code, label in told.labels[CONTENTS].items()}
    found = {name: name if name in told.codes[CONTENTS] else by_label.get(name.casefold()) for name in rest}
    if missing != [CONTENTS] or not rest or None in found.values():
        raise problem
    return [found.get(name, name) for name in names], list(found.values())


def _codes(told: Cube, dimension: str) -> dict[str, str]:
    """Return how a value may be written → its code; a code goes before a name that looks like another's code."""
    labels = told.labels[dimension]
    return {label.casefold(): code for code, label in labels.items()} | {code.casefold(): code for code in labels}


def _coded(column: pd.Series, codes: dict[str, dict[str, str]], place: str) -> pd.Series:
    known = codes[column.name]
    found = {}
    for text in column.unique():
        folded = text.strip().casefold()
        code = known.get(folded) or known.get(folded.split(" ", 1)[0])
        if code is None:
            expected = f"en kod eller ett namn i tabellens metadata, som {next(iter(known))}"
            raise CollectError(
                f"{place}, {column.name}", f"»{text[:60]}«", expected, "Hämta tabellen med källan scb i stället"
            )
        found[text] = code
    return column.map(found)
