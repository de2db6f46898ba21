"""A server on this machine that answers as a source does, and can be told to misbehave.

``with Local(app, …) as server`` serves apps, each a function from a request to an answer or None where the address is not
its own. Every call is counted with the time at which it came.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    body: bytes
    address: str

    def first(self, name: str, default: str = "") -> str:
        """The first value of a parameter: a repeated one is not seen."""
        return next((value for key, value in self.query if key.lower() == name.lower()), default)

    def json(self):
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Reply:
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    status: int = 200
    headers: dict = field(default_factory=dict)


App = Callable[[Request], Reply | None]


def as_json(value: object, status: int = 200, content_type: str = "application/json; charset=utf-8") -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), content_type, status)


def problem(status: int, title: str, **headers: str) -> Reply:
    body = json.dumps({"type": "about:blank", "title": title, "status": status}).encode()
    return Reply(body, "application/problem+json", status, {k.replace("_", "-"): v for k, v in headers.items()})


#: What can go wrong on the way. Each changes the answer that would have been given.
FAULTS: dict[str, Callable[[Reply], Reply]] = {
    "too-many": lambda _: problem(429, "Too many requests", Retry_After="3"),
    "too-many-unsaid": lambda _: problem(429, "Too many requests"),
    "come-back-tomorrow": lambda _: problem(429, "Too many requests", Retry_After="86400"),
    "down": lambda _: Reply(b"<html>503</html>", "text/html", 503),
    "broken": lambda _: Reply(b"oops", "text/plain", 500),
    "refused": lambda _: problem(403, "Forbidden"),
    "bad-request": lambda _: problem(400, "Unsupported selection"),
    "gone": lambda _: Reply(b"", "text/html", 404),
    "moved": lambda _: Reply(b"", "text/html", 301, {"Location": "https://example.org/new"}),
    "page": lambda _: Reply(b"<!DOCTYPE html><title>Underh\xc3\xa5ll</title>", "text/html; charset=utf-8"),
    "page-as-json": lambda _: Reply(b"<!DOCTYPE html><title>Underh\xc3\xa5ll</title>"),
    "empty": lambda reply: Reply(b"", reply.content_type),
    "cut": lambda reply: Reply(reply.body[: len(reply.body) // 2], reply.content_type),
    "cut-off": lambda reply: Reply(
        reply.body[: len(reply.body) // 2], reply.content_type, headers={"Content-Length": str(len(reply.body))}
    ),
    "list": lambda _: as_json([1, 2, 3]),
    "slow": lambda reply: reply,
}


class Local:
    """Serves apps on a free port of this machine."""

    def __init__(self, *apps: App, calls: int | None = None, window: float = 10.0) -> None:
        self.apps, self.limit, self.window = apps, calls, window
        self.calls: list[tuple[float, str]] = []
        self._waiting: list[list] = []
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()
        self.slow_seconds = 1.0

    def fail(self, fault: str, times: int = 1, at: str = "") -> None:
        """Let the next calls whose address holds `at` go wrong."""
        assert fault in FAULTS
        self._waiting.append([fault, times, at])

    def heal(self) -> None:
        self._waiting.clear()

    def asked(self, pattern: str = "") -> int:
        return sum(bool(re.search(pattern, address)) for _, address in self.calls)

    def most_within(self, seconds: float, pattern: str = "") -> int:
        """The largest number of calls that came within a stretch of time."""
        times = sorted(at for at, address in self.calls if re.search(pattern, address))
        return max((sum(t <= later < t + seconds for later in times) for t in times), default=0)

    def __enter__(self) -> Local:
        local = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                split = urlsplit(self.path)
                request = Request(
                    self.command, unquote(split.path), parse_qsl(split.query, keep_blank_values=True), body, self.path
                )
                reply = local._reply(request)
                headers = {
                    "Content-Type": reply.content_type,
                    "Content-Length": str(len(reply.body)),
                    **reply.headers,
                }
                self.send_response(reply.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
                if headers["Content-Length"] != str(len(reply.body)):
                    self.close_connection = True

            do_GET = do_POST = _serve

            def log_message(self, *args) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *args) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _reply(self, request: Request) -> Reply:
        now = time.monotonic()
        with self._lock:
            self.calls.append((now, request.address))
            while self._recent and now - self._recent[0] >= self.window:
                self._recent.popleft()
            self._recent.append(now)
            over = self.limit is not None and len(self._recent) > self.limit
            fault = next((w for w in self._waiting if w[1] > 0 and w[2] in request.address), None)
            if fault:
                fault[1] -= 1
        if over:
            return problem(429, "Too many requests", Retry_After=str(int(self.window) + 1))
        reply = next((found for app in self.apps if (found := app(request))), None) or problem(404, "Not found")
        if fault:
            if fault[0] == "slow":
                time.sleep(self.slow_seconds)
            reply = FAULTS[fault[0]](reply)
        return reply
