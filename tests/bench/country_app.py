"""The app on a whole country: what a change on its map costs, for one kommun and for all areas."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from bench import servers
from bench.collect import alone
from bench.country import AREAS, KOMMUN, answers
from bench.karta import on_our_map
from bench.report import Row

CHANGES = 20


def run(_options) -> list[Row]:
    """Make the country, start the app on it, and change indicator and year in turn on its map."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        answers(root / "snapshots", servers.ROOT / "data" / "collect", AREAS)
        alone("collect", root)
        with servers.ours(pack=folder) as server:
            kommun, country = (asyncio.run(on_our_map(server, query, CHANGES)) for query in (f"kommun={KOMMUN}", ""))
            memory = server.peak_memory() / 1e6
    rows = []
    for name, changes, bounds in (("a kommun", kommun, (100, 60, None)), (f"{AREAS} areas", country, (None, 60, 2500))):
        numbers, wire = changes.numbers(), [run.wire / 1000 for run in changes.runs]
        rows += [
            Row("country_app", f"{name}: server time per change, p95", changes.p95(), "ms", None, bounds[0], {"changes": numbers}),
            Row("country_app", "… median", numbers["median_ms"], "ms"),
            Row("country_app", "… on the wire, most", max(wire), "kB", None, bounds[1]),
            Row("country_app", "… median", median(wire), "kB"),
            Row("country_app", "… geometry fetched, compressed", numbers["geometry_fetched_kb"], "kB", None, bounds[2]),
            Row("country_app", "… errors", len(numbers["errors"]), "", None, 0),
        ]
    return [*rows, Row("country_app", "most memory of the server", memory, "MB", None, 1500)]
