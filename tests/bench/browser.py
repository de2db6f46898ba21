"""Visits with a browser: when text, key figures and map stand there, and what was fetched for them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOW_CPU = 4
QUIET = 1.5  # seconds without a request or websocket message, after which a page is taken to be done
PATIENCE = 180
ENGINES = {"plotly": "PlotlyChart", "deck.gl": "DeckGlJsonChart"}  # chart engine → the script that brings it
STAGES = ("text", "figures", "map")
WATCH = Path(__file__).with_name("watch.js")
# Software rendering, and no calls home.
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Visit:
    """One visit with an empty cache.

    Attributes
    ----------
    stages
        Milliseconds from the start of navigation until heading, key figures and map stood there.
    began
        Start of navigation, in seconds since the epoch.
    scripts
        Addresses of fetched scripts.
    sizes
        Bytes on the line by kind of file; ``websocket`` counts messages after decompression.
    """

    stages: dict[str, float] = field(default_factory=dict)
    began: float = 0.0
    requests: int = 0
    scripts: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Bytes of all files; the websocket's are not among them."""
        return sum(size for kind, size in self.sizes.items() if kind != "websocket")

    @property
    def engines(self) -> list[str]:
        """The chart engines that were loaded."""
        return [name for name, chunk in ENGINES.items() if any(chunk in url for url in self.scripts)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless browser.

    Raises
    ------
    RuntimeError
        If there is none on the machine.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError(
            "Chromium was not found; expected a program of that name (Debian: apt-get install chromium)"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: Browser, url: str, *, stages: tuple[str, ...] = STAGES, slow: bool = False) -> Visit:
    """Open an address in a fresh profile and wait for `stages` and until nothing more is fetched.

    Parameters
    ----------
    stages
        Which of `STAGES` the page has.
    slow
        1.6 Mbit/s down, 150 ms round trip, a processor four times slower.

    Raises
    ------
    TimeoutError
        If a stage does not come, naming what has.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="sv-SE")
    try:
        page = context.new_page()
        traffic = _Traffic(_session(context, page, slow))
        page.add_init_script(path=WATCH)
        page.goto(url, wait_until="commit", timeout=1000 * PATIENCE)
        traffic.result.began = page.evaluate("performance.timeOrigin") / 1000
        deadline = time.monotonic() + PATIENCE
        while not traffic.done(page, stages):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{url} showed {traffic.result.stages} in {PATIENCE} s; expected {stages}")
            page.wait_for_timeout(50)
        return traffic.result
    finally:
        context.close()


def _session(context: BrowserContext, page: Page, slow: bool) -> CDPSession:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW_LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    return session


class _Traffic:
    """Listens to what a page fetches."""

    def __init__(self, session: CDPSession):
        self.result = Visit()
        self._open: dict[str, dict] = {}
        self._last = time.monotonic()
        for event, handler in (
            ("requestWillBeSent", self._asked),
            ("responseReceived", self._answered),
            ("loadingFinished", self._finished),
            ("loadingFailed", self._failed),
            ("webSocketFrameReceived", self._message),
        ):
            session.on(f"Network.{event}", handler)

    def done(self, page: Page, stages: tuple[str, ...]) -> bool:
        """Whether all stages stand there and nothing has been under way for a while."""
        self.result.stages = page.evaluate("window.__stages")
        quiet = not self._open and time.monotonic() - self._last > QUIET
        return quiet and set(stages) <= set(self.result.stages)

    def _asked(self, event: dict) -> None:
        if event["request"]["url"].startswith("http"):
            self._last = time.monotonic()
            self._open[event["requestId"]] = {
                "url": event["request"]["url"],
                "type": event.get("type", "Other"),
            }

    def _answered(self, event: dict) -> None:
        if event["requestId"] in self._open:
            self._open[event["requestId"]]["mime"] = event["response"].get("mimeType", "")

    def _finished(self, event: dict) -> None:
        request = self._open.pop(event["requestId"], None)
        if request is None:
            return
        self._last = time.monotonic()
        kind = "script" if "javascript" in request.get("mime", "") else request["type"].lower()
        self.result.requests += 1
        self.result.sizes[kind] = self.result.sizes.get(kind, 0) + int(event["encodedDataLength"])
        if kind == "script":
            self.result.scripts.append(request["url"])

    def _failed(self, event: dict) -> None:
        request = self._open.pop(event["requestId"], None)
        if request:
            self._last = time.monotonic()
            self.result.failed.append(f"{request['url']}: {event.get('errorText', '')}")

    def _message(self, event: dict) -> None:
        self._last = time.monotonic()
        size = len(event["response"]["payloadData"]) * 3 // 4  # base64
        self.result.sizes["websocket"] = self.result.sizes.get("websocket", 0) + size
