"""The benchmark's own arithmetic, and its reader without a browser against the real app."""

import asyncio
import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from bench.client import Reader
from bench.karta import change
from bench.report import Row, percentile, table
from bench.servers import NAIVE_VERTICES, full_resolution


def test_percentile_is_a_measured_value():
    values = list(range(1, 101))
    assert percentile(values, 0.95) == 95
    assert percentile(values, 0.5) == 50
    assert percentile([7], 0.95) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.95)


@pytest.mark.parametrize(("ours", "verdict"), [(100, "OK"), (100.1, "over"), (0, "OK")])
def test_budget_is_kept_up_to_and_including_itself(ours, verdict):
    row = Row("karta", "time", ours, "ms", naive=200, budget=100)
    assert row.verdict == verdict
    assert row.ratio == (200 / ours if ours else None)


def test_table_says_what_was_missed():
    lines = table([Row("a", "x", 12.34, "ms", 24.68, 10), Row("a", "y", 3, "kB")]).splitlines()
    assert lines[1].split() == ["a:", "x", "12.3", "ms", "24.7", "ms", "2.0×", "10", "ms", "over"]
    assert lines[2].split() == ["a:", "y", "3", "kB"]


def test_naive_geometry_has_the_detail_of_the_published_file():
    corners = sum(map(_corners, full_resolution()["features"]))
    assert NAIVE_VERTICES <= corners < 1.1 * NAIVE_VERTICES


def _corners(feature) -> int:
    parts = feature["geometry"]["coordinates"]
    rings = parts if feature["geometry"]["type"] == "Polygon" else [ring for part in parts for ring in part]
    return sum(map(len, rings))


def test_reader_changes_indicator_and_the_address_follows(live_server):
    async def read():
        reader = Reader(f"{live_server}/karta?ind=lag_ekonomisk_standard")
        opened = await reader.open()
        before = _map(reader)
        changed = await change(reader, ("val_ind",), random.Random(1))
        await reader.close()
        return reader, opened, before, changed

    with ThreadPoolExecutor(1) as thread:  # a browser test on this worker may have left a loop running here
        reader, opened, before, changed = thread.submit(asyncio.run, read()).result()
    assert opened.errors == changed.errors == []
    assert "ind=lag_ekonomisk_standard" not in reader.query
    after = _map(reader)
    assert after["title"] != before["title"]
    assert after["url"] == before["url"]
    assert len(after["classes"]) == len(before["classes"]) == 91
    assert 0 < changed.wire < 40_000
    assert changed.wire < changed.payload


def _map(reader) -> dict:
    components = (json.loads(c.json) for c in reader.shown("bidi_component") if c.json)
    return next(data for data in components if "classes" in data)
