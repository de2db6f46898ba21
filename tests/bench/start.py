"""From starting the server to a page that is ready, and how later readers fare."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import median

from playwright.sync_api import Browser

from bench import servers
from bench.browser import STAGES, chromium, visit
from bench.report import Row

BUDGET_COLD, BUDGET_LATER = 5, 2.5  # seconds


@dataclass
class Starts:
    """Several starts of one server, in seconds.

    Attributes
    ----------
    cold
        From the process to the first page ready.
    cpu
        Processor time that the server used for that; what else the machine does hardly changes it.
    later
        From navigation to a later reader's map.
    """

    cold: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)


def run(options) -> list[Row]:
    """Start the server ``options.runs`` times; after each start, a second reader comes with an empty cache."""
    with chromium() as browser:
        ours = _starts(browser, servers.ours, "/", options.runs)
        karta = _starts(browser, servers.ours, "/karta", 1)
        naive = _starts(browser, servers.naive, "/", 1)

    def row(name: str, found: list[float], other: list[float], budget: float | None = None) -> Row:
        return Row("start", name, median(found), "s", median(other), budget, {"runs": found})

    return [
        row("from process to first page ready", ours.cold, naive.cold, BUDGET_COLD),
        row("server processor time for that", ours.cpu, naive.cpu),
        row("later reader, /, to drawn map", ours.later, naive.later, BUDGET_LATER),
        row("later reader, /karta, to drawn map", karta.later, naive.later, BUDGET_LATER),
    ]


def _starts(
    browser: Browser, start: Callable[..., AbstractContextManager[servers.Server]], path: str, times: int
) -> Starts:
    found = Starts()
    for _ in range(times):
        with start(wait=False) as server:
            server.wait_for_door()
            first = visit(browser, server.url + path)
            found.cold.append(first.began + max(first.stages[s] for s in STAGES) / 1000 - server.started)
            found.cpu.append(server.cpu_seconds())
            found.later.append(visit(browser, server.url + path).stages["map"] / 1000)
    return found
