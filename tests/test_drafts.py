"""Drafts: what staff keep under a name, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omradesbild import drafts
from omradesbild.drafts import DraftError


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_is_kept_is_read_again(place: Path) -> None:
    drafts.save("omraden", "Norra Sofielund", {"members": ["1280R001"], "share": 0.5})
    assert drafts.read("omraden", "Norra Sofielund") == {"members": ["1280R001"], "share": 0.5}
    assert drafts.names("omraden") == ["Norra Sofielund"]
    assert drafts.names("insatser") == []
    assert [p.suffix for p in place.rglob("*") if p.is_file()] == [".json"]


def test_names_are_listed_alphabetically() -> None:
    for name in ("öst", "Berga", "aspen"):
        drafts.save("omraden", name, {})
    assert drafts.names("omraden") == ["aspen", "Berga", "öst"]


def test_a_name_is_taken_until_it_is_replaced_or_removed() -> None:
    drafts.save("prioriteringar", "Lista", {"n": 1})
    with pytest.raises(DraftError, match="finns redan ett utkast"):
        drafts.save("prioriteringar", "Lista", {"n": 2})
    assert drafts.read("prioriteringar", "Lista") == {"n": 1}
    drafts.save("prioriteringar", "Lista", {"n": 2}, replace=True)
    assert drafts.read("prioriteringar", "Lista") == {"n": 2}
    drafts.remove("prioriteringar", "Lista")
    assert drafts.names("prioriteringar") == []
    with pytest.raises(DraftError, match="finns inte längre"):
        drafts.read("prioriteringar", "Lista")
    with pytest.raises(DraftError, match="finns inte längre"):
        drafts.remove("prioriteringar", "Lista")


@given(name=st.text(min_size=1, max_size=drafts.LONGEST_NAME))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    try:
        path = drafts._path("omraden", name)
    except DraftError:
        assert not name.strip() or not name.strip().isprintable()
    else:
        assert path.parent == drafts.folder() / "omraden"
        assert path.resolve().parent == path.parent.resolve()


@pytest.mark.parametrize(("one", "other"), [("a/b", "a b"), ("Å", "A"), ("x" * 41, "x" * 42), ("Sofie", "sofie")])
def test_names_that_look_alike_do_not_collide(one: str, other: str) -> None:
    drafts.save("omraden", one, {"which": "one"})
    drafts.save("omraden", other, {"which": "other"})
    assert (drafts.read("omraden", one)["which"], drafts.read("omraden", other)["which"]) == ("one", "other")


@pytest.mark.parametrize("name", ["", "  ", "två\nrader", "x" * 81])
def test_a_bad_name_is_told(name: str) -> None:
    with pytest.raises(DraftError, match="1–80 tecken på en rad"):
        drafts.save("omraden", name, {})


def test_too_large_and_too_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DraftError, match="för stort"):
        drafts.save("omraden", "Stort", {"x": "x" * drafts.MOST_BYTES})
    monkeypatch.setattr(drafts, "MOST", 1)
    drafts.save("omraden", "Ett", {})
    with pytest.raises(DraftError, match="redan 1 utkast"):
        drafts.save("omraden", "Två", {})
    drafts.save("omraden", "Ett", {"ny": True}, replace=True)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"name": "Ett"}', '{"name": 1, "content": {}}'])
def test_a_damaged_file_is_told_and_does_not_hide_the_others(damage: str, caplog) -> None:
    path = drafts.save("omraden", "Ett", {})
    drafts.save("omraden", "Två", {})
    path.write_text(damage, encoding="utf-8")
    assert drafts.names("omraden") == ["Två"]
    assert path.name in caplog.text
    with pytest.raises(DraftError, match="inget utkast|kan inte läsas"):
        drafts.read("omraden", "Ett")


def test_nothing_is_kept_where_there_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", "")
    assert drafts.folder() is None
    assert drafts.names("omraden") == []
    with pytest.raises(DraftError, match="Hämta en fil i stället"):
        drafts.save("omraden", "Ett", {})


def test_a_disk_that_refuses_is_told_and_the_draft_before_remains(place: Path, monkeypatch) -> None:
    drafts.save("omraden", "Ett", {"n": 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drafts.os, "replace", full)
    with pytest.raises(DraftError, match="disken är full"):
        drafts.save("omraden", "Ett", {"n": 2}, replace=True)
    monkeypatch.undo()
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(place))
    assert drafts.read("omraden", "Ett") == {"n": 1}
    assert len(list((place / "omraden").iterdir())) == 1


def test_a_kind_that_does_not_exist_is_a_mistake_in_the_code() -> None:
    with pytest.raises(ValueError, match="expected one of"):
        drafts.save("annat", "Ett", {})


def test_the_file_is_text_that_a_person_can_read() -> None:
    path = drafts.save("omraden", "Möllan", {"note": "åäö"})
    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "Möllan", "content": {"note": "åäö"}}
    assert "Möllan" in path.read_text(encoding="utf-8")


def test_a_key_is_new_each_time_and_told_from_a_name() -> None:
    keys = {drafts.new_key() for _ in range(100)}
    assert len(keys) == 100 and all(map(drafts.is_key, keys))
    assert not any(map(drafts.is_key, ("", "Bilar 2025", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n")))
