"""Answers are kept whole, or not at all."""

from __future__ import annotations

import os

import pytest
import yaml

from omradesbild import disk
from omradesbild.collect.fault import CollectError
from omradesbild.collect.store import About, Store

ABOUT = About(
    source="scb", address="https://x.example/a", query="q=1", retrieved="2026-11-28", licence="CC0 1.0",
    content_type="application/json", updated="2026-03-24T07:00:00Z", notes=("Ett: två # tre",),
)  # fmt: skip


def test_what_is_put_is_there(store):
    put = store.put("TAB1", b'{"a": "\xc3\xa5"}', ABOUT)
    got = store.get("scb", "TAB1")
    assert got.read() == put.read() == b'{"a": "\xc3\xa5"}' and got.about == ABOUT
    assert got.path == store.folder / "scb" / "TAB1.json" and got.name == "TAB1"
    said = yaml.safe_load((store.folder / "scb/TAB1.yaml").read_text("utf-8"))
    assert said["size"] == 11 and len(said["sha256"]) == 64 and said["about"]["licence"] == "CC0 1.0"


def test_the_same_answer_is_the_same_files(tmp_path):
    for folder in ("a", "b"):
        Store(tmp_path / folder).put("x", b"1", ABOUT)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f / "scb").iterdir()} for f in ("a", "b"))
    assert one == two and set(one) == {"x.json", "x.yaml"}


def test_names_with_points_stay_apart(store):
    store.put("TAB1.a", b"1", ABOUT)
    store.put("TAB1.b", b"2", ABOUT)
    assert [(s.name, s.read()) for s in store.snapshots("scb")] == [("TAB1.a", b"1"), ("TAB1.b", b"2")]


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".x", "a\\b", "å", "x" * 200])
def test_a_name_never_leads_elsewhere(name, store):
    with pytest.raises(ValueError, match="a name is"):
        store.put(name, b"1", ABOUT)


@pytest.mark.parametrize("step", range(1, 7))
def test_an_interruption_leaves_no_half_answer(step, store, monkeypatch):
    """Whatever step of replacing an answer is the last, what is there is whole or nothing."""
    store.put("x", b"old", ABOUT)
    calls = iter(range(1, 99))
    for name in ("fsync", "replace"):
        before = getattr(os, name)

        def stops(*args, before=before):
            if next(calls) == step:
                raise KeyboardInterrupt
            return before(*args)

        monkeypatch.setattr(disk.os, name, stops)
    with pytest.raises(KeyboardInterrupt):
        store.put("x", b"new", ABOUT)
    monkeypatch.undo()
    found = store.get("scb", "x")
    assert found is None or found.read() in (b"old", b"new")
    assert {p.suffix for p in (store.folder / "scb").iterdir()} <= {".json", ".yaml"}
    store.put("x", b"new", ABOUT)
    assert store.get("scb", "x").read() == b"new"


def test_what_is_missing_or_changed_is_said(store):
    with pytest.raises(CollectError, match="inget sparat svar.*collect scb"):
        store.need("scb", "x")
    snapshot = store.put("x", b"old", ABOUT)
    snapshot.path.write_bytes(b"new")
    with pytest.raises(CollectError, match="ändrad fil"):
        store.get("scb", "x").read()
    snapshot.path.with_suffix(".yaml").write_text("[", "utf-8")
    with pytest.raises(CollectError, match="inte går att läsa"):
        store.snapshots("scb")


def test_a_description_does_not_lead_outside_the_folder(store):
    snapshot = store.put("x", b"1", ABOUT)
    (store.folder / "secret.txt").write_bytes(b"secret")
    description = snapshot.path.with_suffix(".yaml")
    description.write_text(description.read_text("utf-8").replace("file: x.json", "file: ../secret.txt"), "utf-8")
    assert store.get("scb", "x") is None


def test_what_this_run_has_fetched_is_fresh(store):
    store.put("x", b"1", ABOUT)
    assert store.fresh("scb", "x", "2026-11-28") and not store.fresh("scb", "x", "2026-11-29")
    assert store.fresh("scb", "y", "2026-11-28") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(CollectError, match="rättigheter"):
        Store(tmp_path / "a").put("x", b"1", ABOUT)


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(CollectError, match="en fil står där mappen ska vara"):
        Store(tmp_path / "a").put("x", b"1", ABOUT)
