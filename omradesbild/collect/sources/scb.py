"""SCB:s statistikdatabas: tables of small areas through PxWebApi 2.

Why not through ``pxwebpy``, which reads the same interface: it gives cells by their labels, without the marks of what is
withheld, and keeps neither the answer nor the footnotes; it has no time limit, gives up at a server's fault, and counts the
calls of one table at a time. The raw answer is what everything here starts from, so it is asked for and kept as it is. The
tests read the same server with ``pxwebpy`` and compare.

Traps that are seen to: a value code may not be said twice, and a query must not be longer than an address may be, so all
queries are sent as POST; a query may not give more cells than ``/config`` says, so it is split; outside the years of a
division SCB answers 0, so those years are neither asked for nor read; codes of 2025 carry a suffix; an answer that holds
other codes than were asked for is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from omradesbild.collect import cube
from omradesbild.collect.client import Answer, Client, document, in_parallel
from omradesbild.collect.cube import Cube
from omradesbild.collect.fault import CollectError
from omradesbild.collect.fetching import Fetching
from omradesbild.collect.plan import ALL, Address, Limit, Plan
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.source import Progress
from omradesbild.collect.store import Snapshot, Store
from omradesbild.model import Id, Noise, Period, Renewal, Source, Strict, Text

REGION, TIME, CONTENTS = "Region", "Tid", "ContentsCode"
PAGES = "https://www.statistikdatabasen.scb.se/goto/sv/ssd/"


class Vintage(Strict):
    """A division into areas: how its codes look in the database, and for which periods they hold."""

    pattern: str
    suffix: str
    first: Period = "0000"
    last: Period = "9999"
    optional: bool = Field(False, description="Not every table has it, which is no fault")

    def holds(self, period: str) -> bool:
        """Tell whether a period is within the division's time."""
        return self.first <= period <= self.last


class Pick(Strict):
    """Which cells of a table a variable is: dimension → code, or → how the value's Swedish name begins."""

    codes: Mapping[str, str] = Field(default_factory=dict)
    labels: Mapping[str, str] = Field(default_factory=dict)


class Table(Strict):
    """A table and the variables that are read in it."""

    id: str = Field(pattern=r"^TAB[0-9]+$")
    source: Id
    title: str
    page: str | None = None
    areas: tuple[str, ...] | None = Field(None, description="The divisions that the table has, where it has not all")
    renewal: Renewal = Renewal(every="P1Y")
    noisy: bool = Field(False, description="Its counts carry small random numbers from the year that `noise` says")
    codes: Mapping[str, str] = Field(default_factory=dict)
    variables: Mapping[str, Pick]


class Settings(Address):
    """The plan of SCB's tables."""

    language: str
    cells: int = Field(ge=1)
    workers: int = Field(ge=1, le=16)
    cycle: Text
    areas: tuple[str, ...]
    first: Period
    vintages: Mapping[str, Vintage]
    noise: Noise
    tables: tuple[Table, ...]

    @model_validator(mode="after")
    def _known(self) -> Settings:
        named = {*self.areas, *(name for table in self.tables for name in table.areas or ())}
        if unknown := sorted(named - set(self.vintages)):
            raise ValueError(f"areas {unknown} are not among vintages")
        return self

    def divisions(self, table: Table) -> list[str]:
        """Return the divisions that a table is read for."""
        return [name for name in self.areas if table.areas is None or name in table.areas]


@dataclass(frozen=True)
class Query:
    """A call for a part of a table: dimension → codes, none of them twice."""

    name: str
    table: Table
    vintage: str
    codes: Mapping[str, tuple[str, ...]]

    def body(self) -> dict:
        """Return it as the interface wants it."""
        return {
            "selection": [{"variableCode": name, "valueCodes": list(codes)} for name, codes in self.codes.items()]
        }


class Scb:
    """SCB's statistical database."""

    name = "scb"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Fetch the limits, then the metadata of every table, then what the plan wants of each, in parallel."""
        settings = plan.of(self.name, Settings)
        run, spoken = Fetching(self.name, settings, store, client, today), {"lang": settings.language}
        run.tighten(_limits(run.kept("config", "/config", spoken, check=document), settings)[0])

        def told(table: Table) -> str:
            found = run.fresh(table.id)
            if found is None:
                answer = run.ask(f"/tables/{table.id}/metadata", spoken)
                found = _put(run, table.id, answer, cube.metadata(answer.content, answer.address))
            return found.about.updated

        updated = {}
        for table, said in zip(settings.tables, in_parallel(told, settings.tables, settings.workers), strict=True):
            updated[table.id] = said
            progress.step(f"SCB {table.id}, metadata", len(updated), len(settings.tables))
        queries = self.queries(plan, store)

        def part(query: Query) -> None:
            path = f"/tables/{query.table.id}/data?lang={settings.language}&outputFormat=json-stat2"
            answer = run.ask(path, body=query.body())
            found = cube.read(answer.content, f"{query.table.id} ({answer.address})")
            _demand(query, found, answer.address)
            _put(run, query.name, answer, found)

        def unless_current(query: Query) -> None:
            if not self._current(store, query, updated[query.table.id], today):
                part(query)

        for done, _ in enumerate(in_parallel(unless_current, queries, settings.workers)):
            progress.step(f"SCB {queries[done].table.id}", done + 1, len(queries))
        # A table that was updated meanwhile is not read half as it was and half as it is.
        list(in_parallel(part, self._outdated(store, queries), settings.workers))
        if late := self._outdated(store, queries):
            raise CollectError(
                late[0].table.id,
                "delar från olika uppdateringar",
                "en och samma",
                "Tabellen uppdateras just nu: samla in igen om en stund",
            )

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return the readings of every table, one part of a table at a time."""
        told: dict[str, Cube] = {}
        for query in self.queries(plan, store):
            if query.table.id not in told:
                told = {query.table.id: self._metadata(store, query.table)}
            snapshot = store.need(self.name, query.name)
            found = cube.read(snapshot.read(), str(snapshot.path))
            _demand(query, found, str(snapshot.path))
            frame = readings(found, query, plan, told[query.table.id])
            if len(frame):
                yield frame

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return a source for each table, with the publisher's date and footnotes."""
        settings = plan.of(self.name, Settings)
        for table in settings.tables:
            yield entry(settings, table, store.need(self.name, table.id))

    def queries(self, plan: Plan, store: Store) -> list[Query]:
        """Return what the plan asks of every table, as its metadata in the store says that it can be asked."""
        settings = plan.of(self.name, Settings)
        limit = _limits(store.need(self.name, "config"), settings)[1]
        found = []
        for table in settings.tables:
            told = self._metadata(store, table)
            for vintage in settings.divisions(table):
                chosen = wanted(settings, table, vintage, told, plan)
                parts = split(chosen, limit) if chosen else []
                found += [_query(plan, table, vintage, n, part) for n, part in enumerate(parts)]
        return found

    def kommuner(self, plan: Plan, store: Store) -> dict[str, str]:
        """Return code → name of the kommuner in the tables that have been fetched."""
        found: dict[str, str] = {}
        for table in plan.of(self.name, Settings).tables:
            if store.get(self.name, table.id):
                labels = self._metadata(store, table).labels[REGION].items()
                found |= {c: label.removeprefix(c).strip() for c, label in labels if re.fullmatch(r"[0-9]{4}", c) and label.strip() != c}
        return found

    def _metadata(self, store: Store, table: Table) -> Cube:
        snapshot = store.need(self.name, table.id)
        return cube.metadata(snapshot.read(), str(snapshot.path))

    def _outdated(self, store: Store, queries: list[Query]) -> list[Query]:
        """Return the parts that are older than another part of their table."""
        updated = {query.name: store.need(self.name, query.name).about.updated for query in queries}
        newest: dict[str, str] = {}
        for query in queries:
            newest[query.table.id] = max(newest.get(query.table.id, ""), updated[query.name])
        return [query for query in queries if updated[query.name] != newest[query.table.id]]

    def _current(self, store: Store, query: Query, updated: str, today: str) -> bool:
        """Tell whether the store holds this part as the publisher last changed it, or since this run began."""
        found = store.get(self.name, query.name)
        return bool(found) and (found.about.retrieved >= today or (bool(updated) and found.about.updated == updated))


def readings(found: Cube, query: Query, plan: Plan, told: Cube) -> pd.DataFrame:
    """Return the readings of a part of a table: no row outside the time of its division."""
    settings = plan.of(Scb.name, Settings)
    vintage = settings.vintages[query.vintage]
    areas = [code.removesuffix(vintage.suffix) for code in found.codes[REGION]]
    periods = list(found.codes[TIME])
    within = np.array([vintage.holds(period) for period in periods])
    names, values, flags = [], [], []
    for name, at in picks(query.table, told).items():
        plane = found.plane(REGION, TIME, at)
        if plane is not None:
            names.append(name)
            values.append(plane[0][:, within])
            flags.append(plane[1][:, within])
    if not names or not within.any():
        return pd.DataFrame(columns=COLUMNS)
    shape = (len(names), len(areas), int(within.sum()))
    variable, area, period = (index.ravel() for index in np.indices(shape, dtype=np.int32))
    kept = [p for p, inside in zip(periods, within, strict=True) if inside]
    return pd.DataFrame(
        {
            "area": pd.array(areas, "str").take(area),
            "variable": pd.array(names, "str").take(variable),
            "period": pd.array(kept, "str").take(period),
            "value": np.concatenate([v.ravel() for v in values]),
            "flag": pd.array(np.concatenate([f.ravel() for f in flags]), "str"),
            "source": pd.array([query.table.source], "str").take(np.zeros(len(area), np.int32)),
        },
        columns=COLUMNS,
    )


def picks(table: Table, told: Cube) -> dict[str, dict[str, str]]:
    """Return variable → dimension → code, for every dimension but region and time.

    Raises
    ------
    CollectError
        If a code is not in the table, a name is not that of exactly one value, or a dimension is left open.
    """
    return {name: _codes(table, name, pick, told) for name, pick in table.variables.items()}


def _codes(table: Table, variable: str, pick: Pick, told: Cube) -> dict[str, str]:
    codes = {**table.codes, **pick.codes}
    found = {}
    for dimension in (d for d in told.codes if d not in (REGION, TIME)):
        labels = told.labels[dimension]
        if dimension in pick.labels:
            start = pick.labels[dimension].casefold()
            hits = [code for code, label in labels.items() if label.casefold().startswith(start)]
            expected = f"ett enda värde som börjar »{pick.labels[dimension]}«"
        elif dimension in codes:
            hits = [codes[dimension]] if codes[dimension] in labels else []
            expected = f"koden {codes[dimension]}"
        else:
            hits, expected = list(labels), "ett enda värde, eftersom planen inte väljer"
        if len(hits) != 1:
            there = ", ".join(f"{code} ({label})" for code, label in list(labels.items())[:12])
            raise CollectError(
                f"{table.id}, {variable}, {dimension}", f"{len(hits)} träffar bland {there}", expected,
                "Skriv rätt kod i planen, data/collect/scb.yaml",
            )  # fmt: skip
        found[dimension] = hits[0]
    if missing := sorted({*codes, *pick.labels} - set(told.codes)):
        raise CollectError(
            f"{table.id}, {variable}", f"dimensionerna {', '.join(told.codes)}", f"dimensionen {missing[0]}",
            "Rätta dimensionens namn i planen, data/collect/scb.yaml",
        )  # fmt: skip
    return found


def split(codes: Mapping[str, tuple[str, ...]], most: int) -> list[dict[str, tuple[str, ...]]]:
    """Return the selection in parts of at most `most` cells: the longest dimension is cut first."""
    cells = math.prod(len(found) for found in codes.values())
    longest = max(codes, key=lambda name: len(codes[name]))
    if cells <= most or len(codes[longest]) == 1:
        return [dict(codes)]
    size = max(1, most * len(codes[longest]) // cells)
    cuts = (codes[longest][at : at + size] for at in range(0, len(codes[longest]), size))
    return [part for cut in cuts for part in split({**codes, longest: cut}, most)]


def entry(settings: Settings, table: Table, snapshot: Snapshot) -> Source:
    """Return what is said of a table in the pack's list of sources."""
    notes = " ".join(snapshot.about.notes)
    return Source(
        id=table.source,
        publisher=settings.publisher,
        title=table.title,
        table=table.id,
        url=PAGES + table.page if table.page else f"{settings.base_url}/tables/{table.id}",
        licence=settings.licence,
        attribution=settings.publisher,
        retrieved=snapshot.about.retrieved[:10],
        updated=snapshot.about.updated[:10] or None,
        cycle=settings.cycle,
        renewal=table.renewal,
        noise=settings.noise if table.noisy else None,
        note=Text(sv=f"SCB:s noter: {notes}") if notes else None,
    )


def wanted(settings: Settings, table: Table, name: str, told: Cube, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return dimension → codes that the variables need of one division; nothing where the table has no year of it."""
    vintage = settings.vintages[name]
    for dimension in (REGION, TIME):
        if dimension not in told.codes:
            raise CollectError(
                table.id, f"dimensionerna {', '.join(told.codes)}", f"dimensionen {dimension}",
                "Tabellen är inte längre efter region och år: ta bort den ur planen eller byt id",
            )  # fmt: skip
    periods = tuple(p for p in told.codes[TIME] if p >= settings.first and vintage.holds(p))
    if not periods:
        return {}
    kommun = r"\d{4}" if plan.kommun == ALL else plan.kommun
    looks = re.compile(kommun + vintage.pattern.removeprefix(r"\d{4}") + re.escape(vintage.suffix), re.ASCII)
    regions = tuple(code for code in told.codes[REGION] if looks.fullmatch(code))
    if not regions and vintage.optional:
        return {}
    if not regions:
        raise CollectError(
            f"{table.id}, {name}", f"ingen region som liknar {looks.pattern}", f"områden i kommun {plan.kommun}",
            "Kontrollera kommunkoden och vilka indelningar tabellen har (areas i planen)",
        )  # fmt: skip
    needed = picks(table, told).values()
    others = {d: tuple(dict.fromkeys(at[d] for at in needed)) for d in told.codes if d not in (REGION, TIME)}
    return {REGION: regions, **others, TIME: periods}


def _query(plan: Plan, table: Table, vintage: str, number: int, codes: dict[str, tuple[str, ...]]) -> Query:
    """Return a query under a name that changes with what it asks for."""
    digest = hashlib.sha256(json.dumps(codes, sort_keys=True).encode()).hexdigest()[:8]
    return Query(f"{table.id}.{plan.kommun}.{vintage}.{number:03d}-{digest}", table, vintage, codes)


def _demand(query: Query, found: Cube, place: str) -> None:
    """Refuse an answer that holds other codes than were asked for, such as the first of them only."""
    for name, codes in query.codes.items():
        got = set(found.codes.get(name, ()))
        if got != set(codes):
            missing = [code for code in codes if code not in got]
            raise CollectError(
                place, f"{len(got)} koder i {name}", f"{len(codes)}, med {', '.join(missing[:3]) or 'inga andra'}",
                "Försök igen; är det likadant då har källan ändrat hur den svarar",
            )  # fmt: skip
    if set(found.codes) != set(query.codes):
        raise CollectError(
            place,
            f"dimensionerna {', '.join(found.codes)}",
            ", ".join(query.codes),
            "Hämta tabellens metadata på nytt",
        )


def _limits(config: Snapshot, settings: Settings) -> tuple[Limit, int]:
    """Return the stricter of what the plan and the server's configuration allow: calls, and cells of one answer."""
    said = document(config.read(), str(config.path))
    try:
        calls, seconds, cells = (said[key] for key in ("maxCallsPerTimeWindow", "timeWindow", "maxDataCells"))
        limit = Limit(calls=calls, seconds=seconds) if calls > 0 else settings.limit
        return limit, min(settings.cells, int(cells)) if cells > 0 else settings.cells
    except (KeyError, TypeError, ValueError) as error:
        raise CollectError(
            str(config.path), "en konfiguration utan gränser", "maxCallsPerTimeWindow, timeWindow och maxDataCells",
            "Kontrollera att adressen är ett PxWebApi i version 2",
        ) from error  # fmt: skip


def _put(run: Fetching, name: str, answer: Answer, found: Cube) -> Snapshot:
    return run.put(name, answer, updated=found.updated, notes=found.notes)
