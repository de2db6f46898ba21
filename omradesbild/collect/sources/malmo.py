"""Malmö's open data: tables by the city's own 136 sub-areas, from a CKAN datastore, and the sub-areas' borders.

Names of resources and columns are looked for, since the city may change them; what is not found once is an error that lists
what there is. A row of people who belong to no area (restpost) is a row as any other, with an area of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pandas as pd
from pydantic import Field

from omradesbild.collect import archive
from omradesbild.collect.client import Client, document
from omradesbild.collect.fault import CollectError
from omradesbild.collect.fetching import Fetching
from omradesbild.collect.plan import Address, Plan
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.source import Progress
from omradesbild.collect.store import Snapshot, Store
from omradesbild.collect.tables import geo
from omradesbild.collect.uploads import Feature
from omradesbild.find import fold
from omradesbild.model import NO_VALUE, AreaId, Flag, Id, Period, Renewal, Source, Strict, Text

MOST_PAGES, MOST_BYTES = 1000, 50_000_000
LIST, BORDERS = "resources", "delomraden"
_MARKS = {flag.value for flag in NO_VALUE} | {""}


class Variable(Strict):
    """A variable: how its column's name begins, and which rows, by how columns begin and what stands there."""

    value: str
    where: Mapping[str, str] = Field(default_factory=dict)


class Table(Strict):
    """A table: how its resource's name begins, and what is read in it; its own columns of area and year where they differ."""

    resource: str
    area: str | None = None
    period: str | None = None
    source: Id
    variables: Mapping[str, Variable]


class Borders(Strict):
    """The sub-areas' borders: how the resource's name begins, and how the attributes of code and name do."""

    resource: str
    code: str
    name: str


class Settings(Address):
    """The plan of Malmö's open data."""

    attribution: str
    search: str
    page: int = Field(ge=1, le=32_000)
    first: Period
    cycle: Text
    renewal: Renewal
    area: str
    period: str
    places: Mapping[str, AreaId]
    tables: tuple[Table, ...]
    boundaries: Borders


class Malmo:
    """Malmö's tables and borders of sub-areas."""

    name = "malmo"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Fetch the list of resources, the borders, and every page of each table."""
        settings = plan.of(self.name, Settings)
        run = Fetching(self.name, settings, store, client, today)
        listed = run.kept(LIST, "/api/3/action/resource_search", {"query": settings.search}, check=_result)
        resources = _resources(listed)
        of = 1 + len(settings.tables)
        if run.fresh(BORDERS) is None:
            found = _resource(resources, settings.boundaries.resource, str(listed.path))
            answer = run.ask(_path(found, settings), accept=archive.TYPES, most_bytes=MOST_BYTES)
            _shapes(answer.content, answer.address)
            run.put(BORDERS, answer, kind=archive.KIND, updated=_updated(found))
        progress.step("Malmö stad, delområdenas gränser", 1, of)
        for done, table in enumerate(settings.tables, start=2):
            found = _resource(resources, table.resource, str(listed.path))
            rows = total = number = 0
            while number == 0 or rows < total:
                page = run.fresh(_page(table, number))
                if page is None:
                    query = {
                        "resource_id": str(found["id"]),
                        "limit": str(settings.page),
                        "offset": str(rows),
                        "sort": "_id",
                    }
                    answer = run.ask("/api/3/action/datastore_search", query)
                    _more(*_records(answer.content, answer.address), rows, number, answer.address)
                    page = run.put(_page(table, number), answer, updated=_updated(found))
                records, fields, total = _records(page.read(), str(page.path))
                if number == 0:  # a column that is not there is told before the other pages are asked for
                    _columns(fields, table, plan, str(page.path))
                rows, number = rows + len(records), number + 1
            progress.step(f"Malmö stad, {table.resource}", done, of)

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return the readings of every table."""
        settings = plan.of(self.name, Settings)
        codes = self._codes(plan, store)
        for table in settings.tables:
            rows, number, total = [], 0, 1
            while len(rows) < total:
                page = store.need(self.name, _page(table, number))
                records, fields, total = _records(page.read(), str(page.path))
                _more(records, fields, total, len(rows), number, str(page.path))
                rows, number = rows + records, number + 1
            columns = _columns(fields, table, plan, str(page.path))
            yield _readings(pd.DataFrame(rows, columns=fields), table, columns, settings, codes, str(page.path))

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return a source for each table."""
        settings = plan.of(self.name, Settings)
        listed = store.need(self.name, LIST)
        for table in settings.tables:
            about = store.need(self.name, _page(table, 0)).about
            title = str(_resource(_resources(listed), table.resource, str(listed.path))["name"])
            yield Source(
                id=table.source, publisher=settings.publisher, title=title, url=settings.base_url, licence=settings.licence,
                attribution=settings.attribution, retrieved=about.retrieved[:10], updated=about.updated[:10] or None,
                cycle=settings.cycle, renewal=settings.renewal,
            )  # fmt: skip

    def areas(self, plan: Plan, store: Store) -> dict[str, Feature]:
        """Return code → the sub-area's shape, with its name."""
        borders, snapshot = plan.of(self.name, Settings).boundaries, store.need(self.name, BORDERS)
        asked = {"code": (borders.code, ("boundaries", "code")), "name": (borders.name, ("boundaries", "name"))}
        found = {}
        for shape in _shapes(snapshot.read(), str(snapshot.path)):
            at = _matched(list(shape.properties), asked, plan, str(snapshot.path))
            code, name = (str(shape.properties[at[part]]) for part in asked)
            found[code] = Feature(name, shape.geometry, shape.repaired, shape.properties)
        return found

    def _codes(self, plan: Plan, store: Store) -> dict[str, str]:
        """Return how an area may be written, in lower case → its code."""
        codes = dict(plan.of(self.name, Settings).places)
        for code, shape in self.areas(plan, store).items():
            name = shape.name.casefold()
            if codes.get(name, code) != code:
                place = str(store.need(self.name, BORDERS).path)
                raise CollectError(place, f"två områden som heter »{name}«", "ett", "Skriv områdets kod i planen")
            codes |= {code: code, name: code}
        return codes


def _page(table: Table, number: int) -> str:
    return f"{table.source}.{number:04d}"


def _result(content: bytes, place: str) -> dict:
    found = document(content, place)
    if not (isinstance(found, dict) and found.get("success") is True and isinstance(found.get("result"), dict)):
        said = found.get("error") if isinstance(found, dict) else found
        raise CollectError(
            place, f"svaret {str(said)[:100]}", "success: true och result", "Kontrollera adressen och frågan i planen"
        )
    return found["result"]


def _resources(listed: Snapshot) -> list[dict]:
    found = _result(listed.read(), str(listed.path)).get("results")
    return (
        [r for r in found if isinstance(r, dict) and r.get("name") and r.get("id")] if isinstance(found, list) else []
    )


def _resource(resources: list[dict], start: str, place: str) -> dict:
    hits = [r for r in resources if str(r["name"]).casefold().startswith(start.casefold())]
    if len(hits) != 1:
        there = "; ".join(str(r["name"]) for r in resources[:20]) or "inga"
        raise CollectError(
            place,
            f"{len(hits)} resurser bland {there}",
            f"en som börjar »{start}«",
            "Skriv resursens namn i planen, data/collect/malmo.yaml",
        )
    return hits[0]


def _path(resource: dict, settings: Settings) -> str:
    """Return where a resource's file is, below the portal's own address."""
    said = urlsplit(str(resource.get("url", "")))
    if said.hostname != urlsplit(settings.base_url).hostname or not said.path:
        host = urlsplit(settings.base_url).hostname
        raise CollectError(
            str(resource["name"]),
            f"adressen {str(resource.get('url'))[:100]}",
            f"en på {host}",
            "Hämta filen för hand",
        )
    return f"{said.path}?{said.query}" if said.query else said.path


def _updated(resource: dict) -> str:
    return str(resource.get("last_modified") or resource.get("created") or "")


def _more(records: list[dict], fields: list[str], total: int, rows: int, number: int, place: str) -> None:
    """Refuse a page that does not bring us nearer to what it says that there is."""
    if (not records and rows < total) or number > MOST_PAGES or not fields:
        raise CollectError(place, f"{rows} rader", f"{total}, som svaret räknar till", "Försök igen senare")


def _records(content: bytes, place: str) -> tuple[list[dict], list[str], int]:
    """Return a page's rows, its columns, and how many rows there are in all."""
    result = _result(content, place)
    try:
        fields = [str(f["id"]) for f in result["fields"]]
        records = [{name: record[name] for name in fields} for record in result["records"]]
        return records, fields, int(result["total"])
    except (KeyError, TypeError, ValueError) as error:
        raise CollectError(
            place, "en sida utan fields, records eller total", "ett svar från CKAN:s datastore", "Hämta sidan på nytt"
        ) from error


def _columns(names: list[str], table: Table, plan: Plan, place: str) -> dict[str, str]:
    """Return area, period and what else the plan reads of a table → the only column whose name begins as the plan says."""
    settings = plan.of(Malmo.name, Settings)
    here = ("tables", settings.tables.index(table))
    asked = {
        part: (getattr(table, part), (*here, part)) if getattr(table, part) else (getattr(settings, part), (part,))
        for part in ("area", "period")
    }
    for name, variable in table.variables.items():
        at = (*here, "variables", name)
        asked[f"value {variable.value}"] = (variable.value, (*at, "value"))
        asked |= {f"where {start}": (start, (*at, "where", start)) for start in variable.where}
    return _matched(names, asked, plan, place)


def _matched(names: list[str], asked: Mapping[str, tuple[str, tuple[str | int, ...]]], plan: Plan, place: str) -> dict[str, str]:
    """Return what is asked for → the only name that is, or else begins, as the plan says, capital letters and accents aside.

    Raises
    ------
    CollectError
        If any is not found once: which names there are, what all of those were looked for as, and where in the plan they stand.
    """
    found: dict[str, str] = {}
    missing: list[tuple[str, str]] = []
    folded = {name: " ".join(fold(name)) for name in names}
    for what, (start, keys) in asked.items():
        like = " ".join(fold(start))
        hits = [name for name, text in folded.items() if text == like]
        hits = hits or [name for name, text in folded.items() if text.startswith(like)]
        if len(hits) == 1:
            found[what] = hits[0]
        else:
            more = f" (nu {len(hits)}: {', '.join(hits)})" if hits else ""
            missing.append((f"en enda som börjar »{start}«{more}", plan.line(Malmo.name, *keys)))
    if missing:
        lines = "; ".join(f"{where}: {what}" for what, where in missing)
        raise CollectError(
            place, f"kolumnerna {', '.join(names)[:400]}", " och ".join(what for what, _ in missing),
            f"Skriv hur rätt kolumn börjar i planen ({lines})",
        )  # fmt: skip
    return found


def _readings(
    rows: pd.DataFrame, table: Table, columns: Mapping[str, str], settings: Settings, codes: Mapping[str, str], place: str
) -> pd.DataFrame:
    area, period = rows[columns["area"]], rows[columns["period"]]
    names = area.fillna("").astype(str).str.strip().str.casefold()
    unknown = sorted(set(names) - set(codes))
    if unknown:
        found = f"{len(unknown)} områden som inte finns, som {', '.join(unknown[:5])}"
        raise CollectError(
            place, found, "delområden med kod eller namn som i gränserna", "Lägg till dem under places i planen"
        )
    years = period.fillna("").astype(str).str.strip()
    if not years.str.fullmatch(r"[0-9]{4}").all():
        odd = years[~years.str.fullmatch(r"[0-9]{4}")].iloc[0]
        raise CollectError(place, f"året »{odd[:20]}«", "fyra siffror", "Se efter i resursen")
    frames = []
    for name, variable in table.variables.items():
        at = pd.Series(True, rows.index)
        for start, value in variable.where.items():
            at &= rows[columns[f"where {start}"]].astype(str).str.strip().str.casefold() == value.casefold()
        cells = [_value(cell, place) for cell in rows.loc[at, columns[f"value {variable.value}"]]]
        frame = {"area": names[at].map(codes), "variable": name, "period": years[at]}
        frames.append(
            pd.DataFrame(
                frame | {"value": [v for v, _ in cells], "flag": [f for _, f in cells], "source": table.source}
            )
        )
    made = pd.concat(frames, ignore_index=True)[COLUMNS].astype({"value": float})
    return made[made["period"] >= settings.first].reset_index(drop=True)


def _value(cell: object, place: str) -> tuple[float, str]:
    """Return a cell's number and flag: a number as JSON or as Swedes write it, or a mark; empty is withheld, never zero."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell), ""
    text = "" if cell is None or cell != cell else str(cell).strip()
    if text in _MARKS:
        return float("nan"), text or Flag.SUPPRESSED.value
    try:
        number = float("".join(text.split()).replace(",", "."))
    except ValueError:
        number = float("nan")
    if not math.isfinite(number):
        raise CollectError(
            place,
            f"värdet »{text[:40]}«",
            f"ett tal, tomt eller {' '.join(sorted(_MARKS - {''}))}",
            "Se efter i resursen",
        )
    return number, ""


def _shapes(content: bytes, place: str) -> tuple[Feature, ...]:
    return geo.read(f"{place.rsplit('/', 1)[-1].removesuffix('.zip')}.zip", content).shapes
