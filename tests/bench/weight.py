"""What every page makes the browser fetch, and which chart engines it loads."""

from __future__ import annotations

from bench import servers
from bench.browser import chromium, visit
from bench.report import Row

AREAS = "omr=sofielund.holma-kroksback"
#: page → its address, and what stands on it
PAGES = {
    "/": ("/", ("text", "map")),
    "/karta": ("/karta", ("text", "map")),
    "/omrade, no area": ("/omrade", ("text",)),
    "/omrade": ("/omrade?omr=mollan", ("text",)),
    "/jamfor": (f"/jamfor?{AREAS}", ("text",)),
    "/trender": (f"/trender?{AREAS}", ("text",)),
    "/data": ("/data", ("text",)),
}


def run(_options) -> list[Row]:
    """Visit every page once with an empty cache, at full speed."""
    with chromium() as browser:
        with servers.naive() as server:
            naive = visit(browser, server.url)
        with servers.ours() as server:
            found = {name: visit(browser, server.url + path, stages=s) for name, (path, s) in PAGES.items()}
    rows = []
    for name, seen in found.items():
        engines = ", ".join(seen.engines) or "no chart engine"
        detail = {
            "requests": seen.requests,
            "bytes": seen.sizes,
            "engines": seen.engines,
            "failed": seen.failed,
        }
        sizes = [v.sizes.get("script", 0) / 1000 for v in (seen, naive)]
        rows.append(Row("weight", f"scripts of {name} ({engines})", sizes[0], "kB", sizes[1], None, detail))
    both = sum(len(seen.engines) > 1 for seen in found.values())
    failed = sum(len(seen.failed) for seen in found.values())
    return [
        *rows,
        Row("weight", "pages that load both chart engines", both, "", None, 0),
        Row("weight", "requests that failed", failed, "", None, 0),
    ]
