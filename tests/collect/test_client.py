"""How calls keep within limits, with a clock of our own: the property that a server sees."""

from __future__ import annotations

import json
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.local import Local, Reply, Request, problem

from omradesbild.collect.client import Client, Pace, document, in_parallel
from omradesbild.collect.fault import CollectError
from omradesbild.collect.plan import Limit

LIMIT = Limit(calls=30, seconds=10)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9)), min_size=1, max_size=3),
    st.lists(st.floats(0, 3), min_size=1, max_size=40),
)
@settings(max_examples=200, deadline=None)
def test_no_window_sees_more_calls_than_a_limit(limits, durations):
    """Whenever between leaving and answer a call reaches the server, no window holds too many of them."""
    clock = Clock()
    first, *others = [Limit(calls=c, seconds=s) for c, s in limits]
    pace = Pace(first, clock, clock.sleep)
    for limit in others:
        pace.tighten(limit)
    spans = []
    for duration in durations:
        with pace.place():
            left = clock.now
            clock.now += duration
        spans.append((left, clock.now))
    for limit in (first, *others):
        for n in range(limit.calls, len(spans)):
            # the earlier call at the latest moment it can have come, the later at the earliest
            assert spans[n][0] - spans[n - limit.calls][1] >= limit.seconds - 1e-9


def test_calls_do_not_wait_longer_than_they_must():
    clock = Clock()
    pace = Pace(Limit(calls=2, seconds=10), clock, clock.sleep)
    for _ in range(6):
        with pace.place():
            pass
    assert clock.now == 20


def test_a_rest_holds_for_all_threads(client, clock):
    with Local(lambda _: Reply(b"{}")) as server:
        asks = client(x=server.url)
        pace = asks.pace("x", LIMIT)
        server.fail("too-many")
        assert document(asks.ask(pace, server.url + "/a")) == {}
    assert clock.now >= 3


def test_an_answer_is_bounded(client):
    with Local(lambda _: Reply(b"[" + b"1," * 100_000 + b"1]")) as server:
        asks = client()
        with pytest.raises(CollectError, match="mer än 0 MB"):
            asks.ask(asks.pace("x", LIMIT), server.url + "/a", most_bytes=100_000)


def test_a_packed_answer_is_bounded_by_what_it_unpacks_to(client):
    import gzip

    packed = Reply(gzip.compress(b"1" * 20_000_000), headers={"Content-Encoding": "gzip"})
    with Local(lambda _: packed) as server:
        asks = client()
        with pytest.raises(CollectError, match="mer än 1 MB"):
            asks.ask(asks.pace("x", LIMIT), server.url + "/a", most_bytes=1_000_000)


def test_the_query_and_the_body_are_kept(client):
    def echo(request: Request) -> Reply:
        return Reply(json.dumps({"query": request.query, "body": request.json(), "method": request.method}).encode())

    with Local(echo) as server:
        asks = client()
        pace = asks.pace("x", LIMIT)
        got = asks.ask(pace, server.url + "/a", {"q": "områden & å+ö"})
        assert document(got)["query"] == [["q", "områden & å+ö"]]
        posted = asks.ask(pace, server.url + "/a", body={"b": "1+2"})
        assert document(posted)["method"] == "POST" and document(posted)["body"] == {"b": "1+2"}
        assert posted.query == '{"b": "1+2"}' and posted.content_type == "application/json"


def test_an_address_that_is_none(client):
    asks = client()
    with pytest.raises(CollectError, match="Kontrollera adressen"):
        asks.ask(asks.pace("x", LIMIT), "inte-en-adress/a")


def test_results_come_in_order_and_nothing_begins_after_a_fault():
    assert list(in_parallel(lambda n: n * n, range(50), 4)) == [n * n for n in range(50)]
    begun = []

    def work(n: int) -> int:
        begun.append(n)
        if n == 3:
            raise ValueError("three")
        return n

    with pytest.raises(ValueError, match="three"):
        list(in_parallel(work, range(100), 1))
    assert begun == [0, 1, 2, 3]
    assert threading.active_count() < 20


def test_a_stop_does_not_wait_for_those_who_wait():
    """Three calls have been asked to wait a minute; when the work is stopped, so are they."""
    import time

    with Local(lambda _: problem(429, "Too many requests", Retry_After="60")) as server:
        asks = Client()
        pace = asks.pace("x", LIMIT)
        waiting = threading.Barrier(4)

        def work(n: int) -> None:
            if n == 3:
                waiting.wait(30)
                1 / 0  # noqa: B018
            waiting.wait(30)
            asks.ask(pace, server.url + "/wait")

        began = time.monotonic()
        with pytest.raises(ZeroDivisionError):
            list(in_parallel(work, range(4), 4))
        assert time.monotonic() - began < 30
