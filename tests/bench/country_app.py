"""The app on a whole country: what a change on its map costs, for one kommun and for all areas, and what every page costs at first."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from bench import servers
from bench.client import Reader, Run
from bench.collect import alone
from bench.country import AREAS, KOMMUN, answers
from bench.karta import on_our_map
from bench.report import Row
from components.page_list import PAGES

CHANGES = 20
#: Pages that show little until something is chosen.
CHOSEN = {"omrade": f"omr={KOMMUN}R001", "jamfor": f"omr={KOMMUN}R001.2000R001", "trender": f"omr={KOMMUN}R001.2000R001", "prioriteringar": "efter=matt"}


def run(_options) -> list[Row]:
    """Make the country, start the app on it, and change indicator and year in turn on its map."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        answers(root / "snapshots", servers.ROOT / "data" / "collect", AREAS)
        alone("collect", root)
        with servers.ours(pack=folder) as server:
            kommun, country = (asyncio.run(on_our_map(server, query, CHANGES)) for query in (f"kommun={KOMMUN}", ""))
            pages = {page.id: asyncio.run(_twice(server, "" if page.default else page.id, CHOSEN.get(page.id, ""))) for page in PAGES}
            memory = server.peak_memory() / 1e6
    rows = []
    for name, changes, bounds in (("a kommun", kommun, (100, 40, None)), (f"{AREAS} areas", country, (None, 60, 2500))):
        numbers, wire = changes.numbers(), [run.wire / 1000 for run in changes.runs]
        rows += [
            Row("country_app", f"{name}: server time per change, p95", changes.p95(), "ms", None, bounds[0], {"changes": numbers}),
            Row("country_app", "… median", numbers["median_ms"], "ms"),
            Row("country_app", "… on the wire, most", max(wire), "kB", None, bounds[1]),
            Row("country_app", "… median", median(wire), "kB"),
            Row("country_app", "… geometry fetched, compressed", numbers["geometry_fetched_kb"], "kB", None, bounds[2]),
            Row("country_app", "… errors", len(numbers["errors"]), "", None, 0),
        ]
    first, again = ({page: runs[n].seconds for page, runs in pages.items()} for n in (0, 1))
    slow, slow_again = (max(found, key=found.get) for found in (first, again))
    errors = sum(len(run.errors) for runs in pages.values() for run in runs)
    return [
        *rows,
        Row("country_app", f"every page of all areas, first time: the slowest, {slow}", first[slow], "s", None, 10, {"first": first, "again": again}),
        Row("country_app", f"… again: the slowest, {slow_again}", again[slow_again], "s"),
        Row("country_app", "… errors", errors, "", None, 0),
        Row("country_app", "most memory of the server", memory, "MB", None, 1500),
    ]


async def _twice(server: servers.Server, page: str, query: str) -> tuple[Run, Run]:
    """Open a page as a new reader, and draw it again."""
    reader = Reader(f"{server.url}/{page}?{query}")
    runs = await reader.open(), await reader.rerun()
    await reader.close()
    return runs
