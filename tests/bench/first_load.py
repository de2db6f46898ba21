"""A first visit over a slow line with a slow machine: when text, key figures and the map stand there."""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Browser

from bench import servers
from bench.browser import STAGES, Visit, chromium, visit
from bench.report import Row

BUDGET = 15  # seconds to the first map
OURS = {"karta": "/karta", "oversikt": "/"}


def run(options) -> list[Row]:
    """Visit our pages ``options.runs`` times each and the naive page once."""
    with chromium() as browser:
        with servers.naive() as server:
            naive = _visits(browser, server.url, 1)
        with servers.ours() as server:
            ours = {page: _visits(browser, server.url + path, options.runs) for page, path in OURS.items()}
    rows = []
    for page, visits in ours.items():
        detail = {"ours": [_numbers(v) for v in visits], "naive": [_numbers(v) for v in naive]}
        for stage in STAGES:
            budget = BUDGET if stage == "map" else None
            seconds = [_seconds(found, stage) for found in (visits, naive)]
            rows.append(
                Row("first_load", f"/{page}, until {stage}", seconds[0], "s", seconds[1], budget, detail)
            )
            detail = {}
        sizes = [median(v.total for v in found) / 1e6 for found in (visits, naive)]
        rows.append(Row("first_load", f"/{page}, fetched", sizes[0], "MB", sizes[1]))
        sizes = [median(v.sizes.get("script", 0) for v in found) / 1e6 for found in (visits, naive)]
        rows.append(Row("first_load", f"/{page}, fetched, scripts", sizes[0], "MB", sizes[1]))
    return rows


def _visits(browser: Browser, url: str, times: int) -> list[Visit]:
    """Visit once at full speed, so that the server is warm, then slowly."""
    visit(browser, url)
    return [visit(browser, url, slow=True) for _ in range(times)]


def _seconds(visits: list[Visit], stage: str) -> float:
    return median(v.stages[stage] for v in visits) / 1000


def _numbers(found: Visit) -> dict:
    return {
        "stages_ms": found.stages,
        "requests": found.requests,
        "bytes": found.sizes,
        "failed": found.failed,
    }
