"""What it costs to change indicator or year on the map."""

from __future__ import annotations

import asyncio
import json
import random
import urllib.request
from collections import Counter
from dataclasses import dataclass
from statistics import mean, median

from bench import servers
from bench.client import Reader, Run
from bench.report import Row, percentile

CHANGES = 60
PAUSE = 0.1  # seconds between a drawn page and the next change
OURS, NAIVE = ("val_ind", "val_per_"), ("indicator", "year")


@dataclass
class Changes:
    """All changes on one server. `geometries` counts how often geometry was sent or had to be fetched."""

    runs: list[Run]
    geometries: int
    cpu: float  # seconds of server processor time per change
    fetched: int = 0  # bytes of geometry that the browser fetches beside the websocket

    def p95(self) -> float:
        """Milliseconds that all but one change in twenty stay below."""
        return 1000 * percentile([run.seconds for run in self.runs], 0.95)

    def numbers(self) -> dict:
        """Return what the report's rows leave out."""
        kinds = sum((run.kinds for run in self.runs), Counter())
        return {
            "changes": len(self.runs),
            "median_ms": 1000 * median(run.seconds for run in self.runs),
            "payload_kb": mean(run.payload for run in self.runs) / 1000,
            "most_payload_kb": max(run.payload for run in self.runs) / 1000,
            "kb_by_kind": {kind: size / 1000 / len(self.runs) for kind, size in kinds.most_common(8)},
            "geometry_fetched_kb": self.fetched / 1000,
            "errors": [error for run in self.runs for error in run.errors],
        }


def run(_options) -> list[Row]:
    """Change indicator and year in turn on both pages, as one reader."""
    with servers.ours() as server:
        ours = asyncio.run(on_our_map(server))
    with servers.naive() as server:
        naive = asyncio.run(_naive(server))
    detail = {"ours": ours.numbers(), "naive": naive.numbers()}
    sizes = [[getattr(r, kind) / 1000 for r in c.runs] for kind in ("wire", "payload") for c in (ours, naive)]
    rows = [
        Row("karta", "server time per change, p95", ours.p95(), "ms", naive.p95(), 100, detail),
        Row(
            "karta",
            "server time per change, median",
            detail["ours"]["median_ms"],
            "ms",
            detail["naive"]["median_ms"],
        ),
        Row("karta", "server processor time per change", 1000 * ours.cpu, "ms", 1000 * naive.cpu),
        Row("karta", "websocket per change, on the wire, most", max(sizes[0]), "kB", max(sizes[1]), 40),
        Row("karta", "websocket per change, on the wire, median", median(sizes[0]), "kB", median(sizes[1])),
        Row(
            "karta",
            "websocket per change, before compression, median",
            median(sizes[2]),
            "kB",
            median(sizes[3]),
        ),
        Row(
            "karta", f"times geometry is sent in {CHANGES} changes", ours.geometries, "", naive.geometries, 1
        ),
    ]
    errors = sum(len(part["errors"]) for part in detail.values())
    return [*rows, Row("karta", "errors", errors, "", None, 0)]


async def change(reader: Reader, keys: tuple[str, ...], chance: random.Random) -> Run:
    """Choose something else on the first widget of `keys` that is on the page."""
    for key in keys:
        for widget in reader.widgets(key):
            held = (widget.value,) if isinstance(widget.value, str) else tuple(widget.value or ())
            others = [option for option in widget.options if option not in held]
            if others:
                return await reader.choose(widget, chance.choice(others))
    raise LookupError(
        f"no widget with a choice among {keys}; the page has {[w.key for w in reader.widgets()]}"
    )


async def _changes(reader: Reader, keys: tuple[str, str], server: servers.Server, look, times: int = CHANGES) -> Changes:
    chance, runs = random.Random(1), []
    await reader.open()
    look(reader)
    cpu = server.cpu_seconds()
    for number in range(times):
        # Not every indicator has more than one year; then another indicator is chosen.
        runs.append(await change(reader, keys[::-1] if number % 2 else keys, chance))
        look(reader)
        await asyncio.sleep(PAUSE)
    await reader.close()
    return Changes(runs, 0, (server.cpu_seconds() - cpu) / times)


async def on_our_map(server: servers.Server, query: str = "", times: int = CHANGES) -> Changes:
    """Change indicator and year in turn on our map, opened with a link's `query`."""
    seen: set[str] = set()
    changes = await _changes(
        Reader(f"{server.url}/karta?{query}"), OURS, server, lambda r: seen.add(_geometry_url(r)), times
    )
    changes.geometries = len(seen)
    for url in seen:
        request = urllib.request.Request(f"{server.url}/{url}", headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(request) as answer:
            changes.fetched += len(answer.read())
    return changes


async def _naive(server: servers.Server) -> Changes:
    sent = []
    changes = await _changes(
        Reader(server.url), NAIVE, server, lambda r: sent.extend(r.shown("deck_gl_json_chart"))
    )
    changes.geometries = sum("coordinates" in chart.json for chart in sent)
    return changes


def _geometry_url(reader: Reader) -> str:
    """Return where the page's first map takes its geometry from."""
    components = (json.loads(c.json) for c in reader.shown("bidi_component") if c.json)
    return next(data["url"] for data in components if "classes" in data)
