"""A made-up country: SCB's answers for as many areas as there are RegSO, as a store of answers would hold them.

Borders are winding cells beside each other and every number is drawn at random, from a seed. Nothing is true of any place; what is
as it should be is the form: the tables of the plan, their dimensions, years and divisions, and that parts are not larger than
their wholes.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from omradesbild.collect import cube
from omradesbild.collect.plan import ALL, Plan
from omradesbild.collect.sources.scb import REGION, TIME, Pick, Scb, Settings, Table, picks
from omradesbild.collect.store import About, Store

#: As many basic areas as the country has RegSO.
AREAS = 3363
YEARS = tuple(str(year) for year in range(2010, 2026))
WHEN = "2026-03-25T08:00:00+01:00"
#: A kommun with as many areas as Malmö, or half of a small country's; the others have twelve.
KOMMUN, LARGE = "1280", 91
#: The country in metres, its cells' sides from the smallest to the largest, and the points along a side.
SIZE, ALONG = (500_000, 1_500_000), 20
#: Variable → share of an area's inhabitants; what is not here is 5 per cent of them.
SHARES = {
    "utlandsk_bakgrund": 0.3, "fodda_i_sverige": 0.75, "fodda_utanfor_europa": 0.1, "personer_16_64": 0.6, "arbetskraften": 0.5,
    "sysselsatta": 0.45, "utanfor_arbetskraften": 0.1, "nettoinkomst_personer": 0.8, "ekonomisk_standard_personer": 0.95,
    "i_flerbostadshus": 0.4, "i_smahus": 0.5,
}  # fmt: skip
#: Variable → the middle of a number that is no count.
LEVELS = {"omradestyp": 3, "socioekonomiskt_index": 20, "nettoinkomst_medel": 280, "ekonomisk_standard_median": 270}


def answers(folder: Path, plans: Path, areas: int, seed: int = 1, kommun: str = ALL, totals: bool = False) -> int:
    """Put the answers of a country, or one kommun, of so many areas in the store in `folder`; return how many cells they have.

    `totals`: the kommuner have figures of their own, where the plan asks for them.
    """
    plan, store, rng = Plan(plans, kommun), Store(folder), np.random.default_rng(seed)
    large = areas if kommun != ALL else min(LARGE, areas // 2)
    codes = [f"{kommun if kommun != ALL else KOMMUN}R{n + 1:03}" for n in range(large)]
    codes += [f"{2000 + n // 12}R{n % 12 + 1:03}" for n in range(areas - large)]
    settings = plan.of(Scb.name, Settings)
    people = _people(rng, areas)
    wholes = {whole: [n for n, code in enumerate(codes) if code[:4] == whole] for whole in sorted({code[:4] for code in codes})} if totals else {}

    def put(name: str, content: object) -> None:
        about = About(
            source=Scb.name, address=f"{settings.base_url}/{name}", retrieved=WHEN, licence=settings.licence,
            content_type="application/json", updated="2026-03-01T07:00:00Z" if "." in name else "",
        )  # fmt: skip
        store.put(name, json.dumps(content).encode(), about)

    put("config", {"maxCallsPerTimeWindow": 30, "timeWindow": 10, "maxDataCells": settings.cells})
    tables = {}
    for table in settings.tables:
        regions = [code + settings.vintages[name].suffix for name in settings.divisions(table) for code in codes]
        regions += wholes if "kommun" in settings.divisions(table) else []
        told = _described(table, regions)
        put(table.id, told)
        tables[table.id] = told
    cells, values = 0, {}
    for query in Scb().queries(plan, store):
        if query.table.id not in values:
            told = cube.metadata(json.dumps(tables[query.table.id]).encode(), query.table.id)
            drawn = ((v, at, _drawn(v, people, rng)) for v, at in picks(query.table, told).items())
            values = {query.table.id: {v: (at, _with_wholes(v, numbers, wholes)) for v, at, numbers in drawn}}
        suffix = settings.vintages[query.vintage].suffix
        at = {code + suffix: n for n, code in enumerate([*codes, *wholes])}
        rows = [at[region] for region in query.codes[REGION]]
        years = [YEARS.index(year) for year in query.codes[TIME]]
        block = np.zeros([len(found) for found in query.codes.values()])
        for picked, drawn in values[query.table.id].values():
            if all(code in query.codes[name] for name, code in picked.items()):
                where = [slice(None) if n in (REGION, TIME) else query.codes[n].index(picked[n]) for n in query.codes]
                block[tuple(where)] = drawn[np.ix_(rows, years)]
        told = tables[query.table.id]
        category = {n: {"index": dict(zip(c, range(len(c)), strict=True))} for n, c in query.codes.items()}
        put(
            query.name,
            told
            | {"dimension": {name: {"label": name, "category": found} for name, found in category.items()}}
            | {"id": list(query.codes), "size": list(block.shape)}
            | {"value": [int(v) if v == int(v) else v for v in block.ravel().tolist()]},
        )
        cells += block.size
    _borders(plan, store, codes)
    return cells


def _people(rng: np.random.Generator, areas: int) -> dict[str, np.ndarray]:
    """Return men and women of every age class, areas × years: {"man|0-4": …}."""
    ages = [f"{low}-{low + 4}" for low in range(0, 80, 5)] + ["80+"]
    drift = np.cumsum(rng.normal(0.5, 1, (areas, len(YEARS))), axis=1)
    return {
        f"{sex}|{age}": np.maximum(1, np.round(rng.integers(20, 120, (areas, 1)) + drift))
        for sex in ("man", "kvinna")
        for age in ages
    }


def _drawn(variable: str, people: Mapping[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    everybody = sum(people.values())
    if variable.startswith("alder_kon|"):
        return people[variable.removeprefix("alder_kon|")]
    if variable == "folkmangd":
        return everybody
    if variable.startswith("alder_") and not variable.endswith("_procent"):
        age = variable.removeprefix("alder_").replace("_plus", "+").replace("_", "-")
        return people[f"man|{age}"] + people[f"kvinna|{age}"]
    by_area = rng.uniform(0.9, 1.1, (len(everybody), 1))
    if variable.endswith("_procent"):
        return np.round(20 * by_area + rng.normal(0, 0.3, everybody.shape), 1)
    if variable in LEVELS:
        return np.round(LEVELS[variable] * by_area + np.arange(len(YEARS)) * (LEVELS[variable] > 100))
    return np.round(everybody * SHARES.get(variable, 0.05) * by_area)


def _with_wholes(variable: str, drawn: np.ndarray, wholes: Mapping[str, Sequence[int]]) -> np.ndarray:
    """Return the areas' numbers and below them those of the kommuner: sums of counts, and the middle of what is no count."""
    middle = variable in LEVELS or variable.endswith("_procent")
    more = [drawn[rows].mean(axis=0).round(1) if middle else drawn[rows].sum(axis=0) for rows in wholes.values()]
    return np.vstack([drawn, *more])


def _described(table: Table, regions: Sequence[str]) -> dict:
    """Return a table's metadata: the dimensions that its variables are picked by, and no other values."""
    dimensions: dict[str, dict[str, str]] = {}
    for pick in (Pick(codes=table.codes), *table.variables.values()):
        for name, code in pick.codes.items():
            dimensions.setdefault(name, {})[code] = code
        for name, label in pick.labels.items():
            dimensions.setdefault(name, {})[f"L{zlib.crc32(label.encode()):08x}"] = label
    dimensions.setdefault("ContentsCode", {"C1": "Antal"})
    found = {REGION: dict.fromkeys(regions, ""), **dimensions, TIME: dict.fromkeys(YEARS, "")}
    return {
        "version": "2.0", "class": "dataset", "label": table.title, "updated": "2026-03-01T07:00:00Z",
        "id": list(found), "size": [len(codes) for codes in found.values()],
        "dimension": {
            name: {"label": name, "category": {"index": list(codes), "label": {c: label or c for c, label in codes.items()}}}
            for name, codes in found.items()
        },
    }  # fmt: skip


def _borders(plan: Plan, store: Store, codes: Sequence[str]) -> None:
    """Put cells of very different size beside each other, with winding sides that neighbours share, as the layer of RegSO."""
    import geopandas as gpd
    from shapely import Polygon

    rng = np.random.default_rng(1)
    columns = 40
    rows = -(-len(codes) // columns)
    xs, ys = (_lines(n, whole) for n, whole in zip((columns, rows), SIZE, strict=True))
    wide, high = (np.minimum(*(np.pad(np.diff(at), pad, mode="edge") for pad in ((0, 1), (1, 0)))) for at in (xs, ys))
    across = {
        (i, j): _winding((xs[i], ys[j]), (xs[i + 1], ys[j]), high[j], rng) for i in range(columns) for j in range(rows + 1)
    }
    along = {
        (i, j): _winding((xs[i], ys[j]), (xs[i], ys[j + 1]), wide[i], rng) for i in range(columns + 1) for j in range(rows)
    }
    shapes = []
    for n in range(len(codes)):
        i, j = n % columns, n // columns
        ring = [across[i, j], along[i + 1, j], across[i, j + 1][::-1], along[i, j][::-1]]
        shapes.append(Polygon(np.concatenate([side[:-1] for side in ring])))
    named = {"regsokod": list(codes), "regsonamn": [f"RegSO-Område {n} norra" for n in range(len(codes))]}
    frame = gpd.GeoDataFrame({**named, "kommunkod": [code[:4] for code in codes]}, geometry=shapes, crs=3006)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.gpkg"
        frame.to_file(path)
        about = About(
            source="scb-geo", address="https://geodata.scb.se/geoserver/stat/wfs", retrieved=WHEN, licence="CC0 1.0",
            content_type="application/geopackage+sqlite3",
        )  # fmt: skip
        store.put(f"regso2025.{plan.kommun}", path.read_bytes(), about)


def _lines(cells: int, whole: int) -> np.ndarray:
    """Return where the lines between cells lie: the smallest cell is a twentieth of the largest."""
    widths = np.geomspace(1, 20, cells)
    return np.concatenate([[0], np.cumsum(widths / widths.sum() * whole)]) + (300_000 if whole == SIZE[0] else 6_150_000)


def _winding(start: tuple[float, float], end: tuple[float, float], room: float, rng: np.random.Generator) -> np.ndarray:
    """Return the points of a side, which swings by up to a tenth of its length, and of the `room` beside it."""
    (x0, y0), (x1, y1) = start, end
    part = np.linspace(0, 1, ALONG + 1)
    swing = rng.uniform(-0.1, 0.1, ALONG + 1) * min(room, np.hypot(x1 - x0, y1 - y0))
    swing[[0, -1]] = 0
    level = y1 == y0
    return np.column_stack([x0 + part * (x1 - x0) + swing * (not level), y0 + part * (y1 - y0) + swing * level])
