"""Many readers at the same time on one server, each changing things at random."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from statistics import median

from bench import servers
from bench.client import Reader, Run
from bench.karta import change
from bench.report import Row, load, percentile

READERS = 50
THINK = (2.0, 4.0)  # seconds that a reader looks before the next change
ALONE = 15  # changes on each page by a single reader beforehand
WANDER = 0.1  # share of steps that follow the menu instead
#: page → its address at first, and what readers change there
PAGES = {
    "karta": ("karta", ("val_ind", "val_per_", "val_visa")),
    "omrade": ("omrade?omr=mollan", ("val_tema", "val_omr")),
    "jamfor": ("jamfor?omr=sofielund.holma-kroksback.1280", ("val_tema", "val_matt", "val_omrs")),
    "trender": ("trender?omr=sofielund.rosengard", ("val_ind", "val_form")),
}


class Crowd:
    """What all readers met. Latencies are by page."""

    def __init__(self):
        self.opened: list[float] = []
        self.changed: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.wire = 0

    def note(self, run: Run, page: str, opening: bool = False) -> None:
        """Keep one run."""
        (self.opened if opening else self.changed[page]).append(run.seconds)
        self.errors.update(f"{page}: {error}" for error in run.errors)
        self.wire += run.wire


def run(options) -> list[Row]:
    """Let `READERS` readers at the app for ``options.seconds`` seconds."""
    crowd = Crowd()
    with servers.ours() as server:
        alone = asyncio.run(_alone(server))
        cpu, load_before = server.cpu_seconds(), load()
        asyncio.run(_gather(server.url, crowd, options.seconds))
        cpu, memory = server.cpu_seconds() - cpu, server.peak_memory()
    every = [seconds for page in crowd.changed.values() for seconds in page]
    detail = {
        "readers": READERS,
        "seconds": options.seconds,
        "changes": len(every),
        "load_before": load_before,
        "load_after": load(),
        "p95_ms_by_page": {p: 1000 * percentile(s, 0.95) for p, s in crowd.changed.items()},
        "median_ms_by_page": {p: 1000 * median(s) for p, s in crowd.changed.items()},
    }
    apart = [
        Row("readers", f"processor time per change, alone on {p}", 1000 * s, "ms") for p, s in alone.items()
    ]
    return [
        *apart,
        Row("readers", "answer, p95", 1000 * percentile(every, 0.95), "ms", None, 500, detail),
        Row("readers", "answer, median", 1000 * median(every), "ms"),
        Row("readers", "first answer on a page, p95", 1000 * percentile(crowd.opened, 0.95), "ms"),
        Row("readers", "changes per second", len(every) / options.seconds, ""),
        Row("readers", "processor time per change, in the crowd", 1000 * cpu / len(every), "ms"),
        Row("readers", "share of a processor used by the server", 100 * cpu / options.seconds, "%"),
        Row("readers", "websocket per change, mean", crowd.wire / len(every) / 1000, "kB"),
        Row("readers", "most memory", memory / 1e6, "MB", None, 1000),
        Row("readers", "errors", crowd.errors.total(), "", None, 0, {"errors": dict(crowd.errors)}),
    ]


async def _alone(server: servers.Server) -> dict[str, float]:
    """Be a single reader on each page, so that the crowd meets a server that has been running for a while.

    Returns
    -------
    dict
        Seconds of server processor time per change, by page.
    """
    cost, chance = {}, random.Random(1)
    for page, (address, keys) in PAGES.items():
        reader = Reader(f"{server.url}/{address}")
        await reader.open()
        before = server.cpu_seconds()
        for _ in range(ALONE):
            await change(reader, keys, chance)
        cost[page] = (server.cpu_seconds() - before) / ALONE
        await reader.close()
    return cost


async def _gather(url: str, crowd: Crowd, seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(READERS):
            group.create_task(_reader(url, crowd, random.Random(number), end))


async def _reader(url: str, crowd: Crowd, chance: random.Random, end: float) -> None:
    now = asyncio.get_running_loop().time
    page = chance.choice(list(PAGES))
    reader = Reader(f"{url}/{PAGES[page][0]}")
    try:
        await asyncio.sleep(chance.uniform(0, THINK[1]))
        crowd.note(await reader.open(), page, opening=True)
        while now() < end - THINK[1]:
            await asyncio.sleep(chance.uniform(*THINK))
            if chance.random() < WANDER:
                page = chance.choice([other for other in PAGES if other != page])
                crowd.note(await reader.go(page), page)
                continue
            keys = list(PAGES[page][1])
            chance.shuffle(keys)
            crowd.note(await change(reader, tuple(keys), chance), page)
    except (OSError, LookupError, TimeoutError) as error:
        crowd.errors[f"{page}: {error!r}"] += 1
    finally:
        await reader.close()
