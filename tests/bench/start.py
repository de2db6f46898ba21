"""From starting the server to a page that is ready, and how later readers fare."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median

from playwright.sync_api import Browser

from bench import servers
from bench.browser import STAGES, chromium, visit
from bench.report import Row

BUDGET_COLD, BUDGET_LATER = 5, 2.5  # seconds


def run(options) -> list[Row]:
    """Start the server ``options.runs`` times; after each start, a second reader comes with an empty cache."""
    with chromium() as browser:
        cold, later = _starts(browser, servers.ours, "/", options.runs)
        _, karta = _starts(browser, servers.ours, "/karta", 1)
        naive_cold, naive_later = _starts(browser, servers.naive, "/", 1)
    return [
        Row(
            "start",
            "from process to first page ready",
            median(cold),
            "s",
            median(naive_cold),
            BUDGET_COLD,
            {"runs": cold},
        ),
        Row(
            "start",
            "later reader, /, to drawn map",
            median(later),
            "s",
            median(naive_later),
            BUDGET_LATER,
            {"runs": later},
        ),
        Row(
            "start",
            "later reader, /karta, to drawn map",
            median(karta),
            "s",
            median(naive_later),
            BUDGET_LATER,
        ),
    ]


def _starts(
    browser: Browser, start: Callable[..., AbstractContextManager[servers.Server]], path: str, times: int
) -> tuple[list[float], list[float]]:
    """Return seconds from the process to the first page, and from navigation to a later reader's map."""
    cold, later = [], []
    for _ in range(times):
        with start(wait=False) as server:
            server.wait_for_door()
            first = visit(browser, server.url + path)
            cold.append(first.began + max(first.stages[s] for s in STAGES) / 1000 - server.started)
            later.append(visit(browser, server.url + path).stages["map"] / 1000)
    return cold, later
