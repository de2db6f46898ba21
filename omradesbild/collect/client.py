"""One polite way to ask over the network: never more often than allowed, patient, and never without bounds."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlencode

import requests
import tenacity

from omradesbild.collect.fault import CollectError
from omradesbild.collect.plan import Limit

#: How often an answer is tried for, the longest wait between two tries, and for one answer in all, in seconds.
TRIES, LONGEST_WAIT, LONGEST_ANSWER = 5, 120.0, 300.0
#: Seconds for getting a connection, and between two pieces of an answer.
TIMEOUT = (10.0, 60.0)
MOST_BYTES = 200_000_000
AGENT = "Omradesbild (open-source area statistics)"
_PIECE = 1 << 16
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

T = TypeVar("T")
R = TypeVar("R")


_work = threading.local()


def nap(seconds: float) -> None:
    """Sleep; work that `in_parallel` has stopped wakes up at once and ends."""
    stopped = getattr(_work, "stopped", None)
    if stopped is None:
        time.sleep(seconds)
    elif stopped.wait(seconds):
        raise CancelledError


@dataclass(frozen=True)
class Answer:
    """What a server answered: `content_type` without parameters, in lower case."""

    content: bytes
    content_type: str
    address: str
    query: str


class _Passing(Exception):
    """Something that may go well the next time; `wait` seconds if the server said how long."""

    def __init__(self, fault: CollectError, wait: float | None = None) -> None:
        super().__init__(str(fault))
        self.fault, self.wait = fault, wait


class Pace:
    """Keeps the calls of all threads within limits.

    A call takes a place when it leaves and gives it back when a whole window has passed since its answer. However long
    calls are under way, a server never sees more than `calls` of them within `seconds`.
    """

    def __init__(self, limit: Limit, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._limits, self._clock, self._sleep = {limit}, clock, sleep
        self._lock = threading.Condition()
        self._under_way = 0
        self._answered: deque[float] = deque()
        self._rest_until = 0.0

    def tighten(self, limit: Limit) -> None:
        """Keep to a limit that the server says, too: either may be the stricter, in the long run or in a burst."""
        with self._lock:
            self._limits.add(limit)

    def rest(self, seconds: float) -> None:
        """Let no call leave for a while."""
        with self._lock:
            self._rest_until = max(self._rest_until, self._clock() + seconds)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and keep it during a call."""
        self._take()
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._answered.append(self._clock())
                self._lock.notify_all()

    def _take(self) -> None:
        while True:
            with self._lock:
                wait = self._wait()
                if wait is None:
                    self._lock.wait()  # until a call that is under way has been answered
                    continue
                if wait <= 0:
                    self._under_way += 1
                    return
            self._sleep(wait)

    def _wait(self) -> float | None:
        """Return how many seconds are left until a call may leave; None if that depends on calls under way."""
        now = self._clock()
        while self._answered and now - self._answered[0] >= max(limit.seconds for limit in self._limits):
            self._answered.popleft()
        wait = self._rest_until - now
        for limit in self._limits:
            free = limit.calls - self._under_way
            if free <= 0:
                return None
            if len(self._answered) >= free:
                wait = max(wait, self._answered[-free] + limit.seconds - now)
        return wait


class Client:
    """Asks sources for answers.

    Parameters
    ----------
    base_urls
        Source → another address than its plan's, such as a local server's.
    clock, sleep
        What time it is, in seconds from any moment, and how to wait; for tests.
    """

    def __init__(
        self,
        base_urls: Mapping[str, str] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = nap,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self._base_urls = {source: url.rstrip("/") for source, url in (base_urls or {}).items()}
        self._clock, self._sleep, self._timeout = clock, sleep, timeout
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()
        self._own = threading.local()

    def base(self, source: str, planned: str) -> str:
        """Return the address of a source: the plan's, unless another has been given."""
        return self._base_urls.get(source, planned)

    def pace(self, source: str, limit: Limit) -> Pace:
        """Return what keeps a source's limit; it is the same for all threads."""
        with self._lock:
            if source not in self._paces:
                self._paces[source] = Pace(limit, self._clock, self._sleep)
            return self._paces[source]

    def ask(
        self,
        pace: Pace,
        url: str,
        query: Mapping[str, str] | None = None,
        *,
        body: object = None,
        accept: tuple[str, ...] = ("application/json",),
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """Return what a server answers: GET, or POST of `body` as JSON.

        A passing fault – too many calls, the server's own faults, no answer in time, an answer cut short – is tried
        again after a wait, as long as the server says or else a little longer each time.

        Raises
        ------
        CollectError
            If there is no answer, or not one of the kinds in `accept`.
        """
        address = f"{url}?{urlencode(query)}" if query else url
        asked = json.dumps(body, ensure_ascii=False, sort_keys=True) if body is not None else urlencode(query or {})

        def once() -> Answer:
            with pace.place():
                content, kind = self._once(address, body, accept, most_bytes)
            return Answer(content, kind, url, asked)

        def waited(state: tenacity.RetryCallState) -> float:
            said = state.outcome.exception().wait
            wait = said if said is not None else min(2.0**state.attempt_number, LONGEST_WAIT)
            if said is not None:
                pace.rest(wait)
            return wait

        again = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=waited,
            retry=tenacity.retry_if_exception_type(_Passing),
            sleep=self._sleep,
        )
        try:
            return again(once)
        except tenacity.RetryError as error:
            fault = error.last_attempt.exception().fault
            found = f"{fault.found}, {TRIES} gånger i rad"
            raise CollectError(fault.place, found, fault.expected, fault.remedy) from error

    def _once(self, address: str, body: object, accept: tuple[str, ...], most_bytes: int) -> tuple[bytes, str]:
        try:
            with self._session().request(
                "GET" if body is None else "POST",
                address,
                json=body,
                headers={"Accept": ", ".join(accept)},
                timeout=self._timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                self._judge(address, response)
                content = self._content(address, response, most_bytes)
        except (requests.Timeout, requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            late = isinstance(error, requests.Timeout) or "timed out" in str(error)
            found = "inget svar i tid" if late else "en anslutning som bröts"
            raise _Passing(_fault(address, found, "ett helt svar", "Försök igen senare")) from error
        except requests.RequestException as error:
            raise _fault(address, f"ett fel ({error})"[:300], "ett svar", "Kontrollera adressen") from error
        kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        return _checked(address, content, kind, accept), kind

    def _session(self) -> requests.Session:
        """Return this thread's own session: they are not made to be shared."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.headers["User-Agent"] = AGENT
        return self._own.session

    def _judge(self, address: str, response: requests.Response) -> None:
        code = response.status_code
        if code == 200:
            return
        said = _said(response)
        found = f"svaret {code} {response.reason or ''}".strip() + (f" (»{said}«)" if said else "")
        if code in _PASSING:
            wait = _retry_after(response)
            fault = _fault(address, found, "svaret 200", "Försök igen senare, eller samla in mindre åt gången")
            if wait is not None and wait > LONGEST_WAIT:
                raise _fault(
                    address,
                    found,
                    "svaret 200",
                    f"Källan ber om {wait / 60:.0f} minuters paus: försök igen efter den",
                )
            raise _Passing(fault, wait)
        if 300 <= code < 400:
            found += f", hänvisning till {response.headers.get('Location', 'okänd adress')[:200]}"
        remedies = {
            400: "Källan godtar inte frågan: kontrollera koderna i planen mot tabellens metadata",
            403: "Källan vägrar: frågan kan vara för stor, eller adressen spärrad; pröva en mindre del",
            404: "Kontrollera tabellens id och adressen i planen; källan kan ha bytt den",
        }
        raise _fault(address, found, "svaret 200", remedies.get(code, "Kontrollera adressen i planen"))

    def _content(self, address: str, response: requests.Response, most_bytes: int) -> bytes:
        deadline = self._clock() + LONGEST_ANSWER
        content = bytearray()
        for piece in response.iter_content(_PIECE):
            content += piece
            if len(content) > most_bytes:
                found, expected = f"mer än {most_bytes // 1_000_000} MB", "ett mindre svar"
                raise _fault(address, found, expected, "Samla in en mindre del åt gången")
            if self._clock() > deadline:
                raise _Passing(
                    _fault(
                        address,
                        "ett svar som kom för långsamt",
                        f"ett helt svar inom {LONGEST_ANSWER:.0f} s",
                        "Försök igen senare",
                    )
                )
        return bytes(content)


def in_parallel(work: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """Do work on items by several threads, and give the results in the items' order; after a fault nothing more begins."""
    stopped = threading.Event()
    faults: list[BaseException] = []

    def unless_stopped(item: T) -> R:
        if stopped.is_set():
            raise CancelledError
        _work.stopped = stopped
        try:
            return work(item)
        except BaseException as error:
            faults.append(error)
            stopped.set()
            raise

    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(unless_stopped, item) for item in items]
        try:
            for future in waiting:
                yield future.result()
        except CancelledError as stop:
            raise faults[0] from stop  # what stopped the others, not that they were stopped
        finally:
            stopped.set()
            pool.shutdown(cancel_futures=True)


def document(answer: Answer | bytes, place: str = "") -> object:
    """Return what a JSON answer holds.

    Raises
    ------
    CollectError
        If it is not JSON in UTF-8.
    """
    content, place = (answer.content, answer.address) if isinstance(answer, Answer) else (answer, place)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        found = f"»{content[:60].decode('utf-8', errors='replace')}…« ({len(content)} byte)"
        raise _fault(place, found, "hel JSON i UTF-8", "Försök igen senare; svaret kan vara avbrutet") from error


def _checked(address: str, content: bytes, kind: str, accept: tuple[str, ...]) -> bytes:
    """Return the content if it is of a kind that was asked for, and whole as far as can be seen."""
    if not content.strip():
        raise _Passing(_fault(address, "ett tomt svar", "innehåll", "Försök igen senare"))
    if kind not in accept:
        page = content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        found = f"{'en webbsida' if page else 'innehåll'} av slaget {kind or 'okänt'}"
        remedy = "Öppna adressen i en webbläsare och se vad den säger; källan kan ha flyttat eller vara stängd"
        raise _fault(address, found, " eller ".join(accept), remedy)
    if kind.endswith("json"):
        try:
            document(content, address)
        except CollectError as error:
            raise _Passing(error) from error
    return content


def _said(response: requests.Response) -> str:
    """Return what a refusal says in words, as a Problem Details object (RFC 9457) or as text."""
    try:
        text = next(response.iter_content(2000), b"").decode("utf-8", errors="replace")
    except requests.RequestException:
        return ""
    try:
        told = json.loads(text)
        return " ".join(str(told[key]) for key in ("title", "detail") if told.get(key))[:200]
    except (ValueError, AttributeError, RecursionError):
        return "" if "<" in text else " ".join(text.split())[:200]


def _retry_after(response: requests.Response) -> float | None:
    """Return how many seconds the server asks us to wait; it may say so in seconds or as a date."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said).timestamp()
        return max(0.0, until - parsedate_to_datetime(response.headers["Date"]).timestamp())
    except (KeyError, TypeError, ValueError):
        return None


def _fault(place: str, found: str, expected: str, remedy: str) -> CollectError:
    return CollectError(place[:300], found, expected, remedy)
