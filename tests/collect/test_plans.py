"""Plans are data that is checked; and the example in the documentation works as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import ages
from servers.local import Local, Reply

from omradesbild.collect import cube
from omradesbild.collect.fault import CollectError
from omradesbild.collect.plan import Address, Plan
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.sources import SOURCES, kolada, malmo, polisen, scb, scb_bulk, scb_geo

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    "scb": scb.Settings, "scb-bulk": scb_bulk.Settings, "scb-geo": scb_geo.Settings, "kolada": kolada.Settings,
    "malmo": malmo.Settings, "polisen": polisen.Settings,
}  # fmt: skip


@pytest.mark.parametrize("source", KINDS)
def test_the_projects_own_plans_are_sound(source):
    assert source in SOURCES and SOURCES[source].name == source
    assert Plan(ROOT / "data/collect").of(source, KINDS[source]).base_url.startswith("https://")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"base_url": "statistikdatabasen.scb.se"}, "base_url"),
        ({"limit": {"calls": 0, "seconds": 10}}, "limit.calls"),
        ({"unknown": 1}, "unknown"),
        ({"areas": ["regso2030"]}, "regso2030"),
        ({"cells": "många"}, "cells"),
    ],
)
def test_a_plan_that_is_wrong_says_where(change, said, plan):
    with pytest.raises(CollectError, match=said) as caught:
        plan("scb", **change).of("scb", scb.Settings)
    assert "scb.yaml" in caught.value.place


def test_sums_that_another_plan_should_say_are_not_passed_over_where_there_is_none(tmp_path):
    content = (ROOT / "data/collect/scb-bulk.yaml").read_text("utf-8")
    (tmp_path / "scb-bulk.yaml").write_text(content.replace("sums_of: scb", "sums_of: sbc"), "utf-8")
    with pytest.raises(CollectError, match="sbc.yaml: hittade ingen fil"):
        Plan(tmp_path).sums("scb-bulk")
    assert Plan(tmp_path).sums("polisen") == ()


@pytest.mark.parametrize("content", [b"[", b"\xff", b"- 1", b"a: *b"])
def test_a_plan_that_is_no_yaml(content, tmp_path):
    (tmp_path / "x.yaml").write_bytes(content)
    with pytest.raises(CollectError, match="x.yaml"):
        Plan(tmp_path).of("x", Address)


def test_a_plan_that_is_not_there(tmp_path):
    with pytest.raises(CollectError, match="ingen fil"):
        Plan(tmp_path).of("x", Address)


@pytest.mark.parametrize("kommun", ["128", "12800", "Malmö", "1280'; --", "١٢٨٠", ""])
def test_a_kommun_is_four_digits(kommun, tmp_path):
    with pytest.raises(CollectError, match="fyra siffror"):
        Plan(tmp_path, kommun)


# -- the example in the documentation ------------------------------------------------------------------------


def test_the_smallest_source_works_as_it_stands_in_the_documentation(tmp_path, store, client, told):
    text = (ROOT / "docs/collect.md").read_text("utf-8").split("## How to add a source")[1].split("\n## ")[0]
    (planned,), (code,) = (re.findall(rf"```{kind}\n(.*?)```", text, re.S) for kind in ("yaml", "python"))
    (tmp_path / "bibliotek.yaml").write_text(planned, "utf-8")
    found: dict = {}
    exec(compile(code, "docs/collect.md", "exec"), found)
    source, plan = found["Bibliotek"](), Plan(tmp_path)
    loans = [{"code": "A1", "year": "2024", "loans": 12}, {"code": "A2", "year": "2024", "loans": None}]
    with Local(lambda _: Reply(json.dumps(loans).encode())) as server:
        for _ in range(2):
            source.fetch(plan, store, client(bibliotek=server.url), told, "2026-11-28")
        assert server.asked("^/lan.json$") == 1
    (readings,) = source.read(plan, store)
    assert list(readings.columns) == COLUMNS
    assert readings[["area", "variable", "period", "flag", "source"]].values.tolist() == [
        ["A1", "boklan", "2024", "", "biblioteket-lan"],
        ["A2", "boklan", "2024", "..", "biblioteket-lan"],
    ]
    assert readings["value"][0] == 12 and pd.isna(readings["value"][1])
    (entry,) = source.entries(plan, store)
    assert entry.id == "biblioteket-lan" and told.steps


def test_the_documentation_names_every_source():
    text = (ROOT / "docs/collect.md").read_text("utf-8")
    assert [name for name in KINDS if f"| `{name}` |" not in text] == []


# -- answers that are damaged --------------------------------------------------------------------------------

SMALL = {
    "Region": ["1280R001", "1280R002"],
    "Alder": ["totalt", "-4"],
    "Kon": ["1+2"],
    "ContentsCode": ["000007Y7"],
    "Tid": ["2023"],
}
SOUND = ages().data(SMALL)
ANSWER = json.dumps(SOUND, ensure_ascii=False).encode()
ODD = st.sampled_from(
    [
        None,
        True,
        -1,
        1e308,
        "",
        "x",
        [],
        {},
        [1],
        {"a": 1},
        {"0": ".."},
        {"99": ".."},
        "..",
        [".."] * 4,
        10**30,
        {"index": {"a": {}}},
    ]
)


def paths(found: object, here: tuple = ()) -> list[tuple]:
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [here, *(path for key, value in inside for path in paths(value, (*here, key)))]


PATHS = [path for path in paths(SOUND) if path]


def changed(path: tuple, value: object) -> bytes:
    found = json.loads(ANSWER)
    at = found
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(found).encode()


def either_sound_or_said(content: bytes) -> None:
    """Whatever stands in an answer, it is read into a whole table or refused with its place and what to do."""
    try:
        found = cube.read(content, "svaret")
    except CollectError as error:
        assert error.place == "svaret" and error.remedy
        return
    shape = tuple(len(codes) for codes in found.codes.values())
    assert found.values.shape == found.flags.shape == shape
    assert all(flag for flag, value in zip(found.flags.ravel(), found.values.ravel(), strict=True) if value != value)


@given(st.sampled_from(PATHS), ODD)
@settings(max_examples=1500, deadline=None)
def test_an_answer_with_something_else_in_it(path, value):
    either_sound_or_said(changed(path, value))


@given(st.integers(0, len(ANSWER)), st.binary(max_size=4), st.integers(0, 40))
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_answer_with_damaged_bytes(at, put, gone):
    either_sound_or_said(ANSWER[:at] + put + ANSWER[at + gone :])


def test_a_table_that_says_that_it_is_enormous():
    big = json.loads(ANSWER)
    codes = {str(n): n for n in range(3000)}
    for name in ("Region", "Alder"):
        big["dimension"][name]["category"] = {"index": codes, "label": {}}
    big |= {"size": [3000, 3000, 1, 1, 1], "value": {}}
    with pytest.raises(CollectError, match="9000000 celler"):
        cube.read(json.dumps(big).encode(), "svaret")


@pytest.mark.parametrize("content", [b"NaN", b"[" * 100_000, b'{"class": "dataset"}', b"\xff\xfe", b"null", b"12"])
def test_what_is_no_table(content):
    with pytest.raises(CollectError, match="svaret: hittade"):
        cube.read(content, "svaret")


def test_the_project_plan_is_written_in_swedish_and_text_is_not_number():
    content = yaml.safe_load((ROOT / "data/collect/scb.yaml").read_text("utf-8"))
    codes = [code for t in content["tables"] for v in t["variables"].values() for code in v.get("codes", {}).values()]
    assert codes and all(isinstance(code, str) for code in codes)
