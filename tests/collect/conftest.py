"""Fixtures for collecting: a clock that does not wait, a plan in a folder of its own, and no network but this machine."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import yaml

from omradesbild.collect.client import Client
from omradesbild.collect.plan import Plan
from omradesbild.collect.store import Store

ROOT = Path(__file__).resolve().parents[2]


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept, self._lock = 0.0, [], threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += max(seconds, 0.0)


class Told:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []

    def step(self, what: str, done: int, of: int) -> None:
        self.steps.append((what, done, of))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "snapshots")


@pytest.fixture
def client(clock):
    """Make a client: client(scb=server.url)."""

    def make(**urls: str) -> Client:
        bases = {name.replace("_", "-"): url for name, url in urls.items()}
        return Client(bases, clock=clock, sleep=clock.sleep, timeout=(2, 2))

    return make


@pytest.fixture
def plan(tmp_path):
    """Make a plan of the project's own, changed: plan("scb", tables=["TAB6574"], cells=1000)."""

    def make(source: str, kommun: str = "1280", tables: list[str] | None = None, **changes) -> Plan:
        content = yaml.safe_load((ROOT / "data/collect" / f"{source}.yaml").read_text("utf-8")) | changes
        if tables:
            content["tables"] = [table for table in content["tables"] if table["id"] in tables]
        folder = tmp_path / f"plan{len(list(tmp_path.glob('plan*')))}"
        folder.mkdir()
        (folder / f"{source}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
        return Plan(folder, kommun)

    return make
