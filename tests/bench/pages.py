"""What every page costs the server when it is drawn again: processor time, because a run's own wait for the wire is 40 ms."""

from __future__ import annotations

import asyncio
from statistics import median

from bench import servers
from bench.client import Reader
from bench.report import Row
from components.page_list import PAGES

#: Runs that warm a page up, and runs that are timed.
WARM, TIMED = 3, 30
BUDGET = 50
#: What pages show that are empty until something is chosen.
CHOSEN = {
    "omrade": "omr=mollan",
    "jamfor": "omr=mollan.holma-kroksback.rosengard",
    "trender": "omr=mollan.holma-kroksback.rosengard",
    "insatser": "insats=bid-sofielund",
    "egna": "egna=1~Prov~1280R049.1280R050",
}


def run(_options) -> list[Row]:
    """Run each page again and again as one reader, beside the naive page."""
    with servers.naive() as server:
        naive, _, _ = asyncio.run(_again(server, ""))
    rows = []
    with servers.ours() as server:
        for page in PAGES:
            address = "" if page.default else page.id
            cpu, seconds, errors = asyncio.run(_again(server, f"{address}?{CHOSEN.get(page.id, '')}"))
            detail = {"errors": dict.fromkeys(errors, 1), "median_ms": 1000 * seconds}
            rows.append(
                Row("pages", f"/{address}, drawn again", 1000 * cpu, "ms", 1000 * naive, BUDGET, detail)
            )
    return rows


async def _again(server: servers.Server, address: str) -> tuple[float, float, list[str]]:
    """Return processor time per run, the median time of a run, and the errors that the page showed."""
    reader = Reader(f"{server.url}/{address}")
    runs = [await reader.open()]
    runs += [await reader.rerun() for _ in range(WARM)]
    before = server.cpu_seconds()
    timed = [await reader.rerun() for _ in range(TIMED)]
    cpu = (server.cpu_seconds() - before) / TIMED
    await reader.close()
    return (
        cpu,
        median(run.seconds for run in timed),
        [error for run in (*runs, *timed) for error in run.errors],
    )
