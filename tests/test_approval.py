"""Approving a draft: what is refused, what is added, and that the catalogue is never left broken."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import small_pack
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omradesbild import approval, disk, drafts, pack, proposal
from omradesbild.approval import ApprovalError
from omradesbild.cli import main
from omradesbild.collect.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path / "drafts"))
    return small_pack.write(tmp_path / "pack")


def area(root: Path) -> str:
    return next(a.id for a in pack.load(root).areas.values() if a.level == "regso")


def content(root: Path, **more: object) -> dict:
    made = {
        "title": "Nya lampor i parken",
        "event": "Tolv lampor sätts upp.",
        "start": "2024-05",
        "areas": [area(root)],
        "place": "Parken",
        "kind": "initiativ",
        "source": "Protokoll",
        "source_url": "https://example.org/protokoll",
    }
    return {k: v for k, v in (made | more).items() if v is not None}


def catalogue(root: Path) -> bytes:
    return (root / "catalog/initiatives.yaml").read_bytes()


def stray(root: Path) -> list[str]:
    return [p.name for p in (root / "catalog").iterdir() if p.name not in os.listdir(ROOT / "data/catalog")]


# -- what is added -----------------------------------------------------------------------------------


def test_an_approved_draft_is_added_at_the_end_and_nothing_else_changes(root: Path) -> None:
    before = catalogue(root)
    earlier = pack.load(root).initiatives
    added = approval.approve(root, "insatser", content(root, decision="Tekniska nämnden 2024-04-18"))
    assert catalogue(root) == before.rstrip(b"\n") + b"\n\n" + added.encode()
    now = pack.load(root).initiatives
    assert now[:-1] == earlier
    assert (now[-1].id, now[-1].start, now[-1].decision) == (
        "nya-lampor-i-parken",
        "2024-05",
        "Tekniska nämnden 2024-04-18",
    )
    assert added.startswith("- id: nya-lampor-i-parken\n  title: Nya lampor i parken\n")
    assert stray(root) == []


def test_approving_twice_adds_once(root: Path) -> None:
    assert approval.approve(root, "insatser", content(root)) != ""
    before = catalogue(root)
    assert approval.approve(root, "insatser", content(root)) == ""
    assert catalogue(root) == before


def test_an_empty_register_takes_its_first(root: Path) -> None:
    (root / "catalog/initiatives.yaml").write_text("# Inga än.\n[]\n", encoding="utf-8")
    approval.approve(root, "insatser", content(root))
    assert [i.id for i in pack.load(root).initiatives] == ["nya-lampor-i-parken"]
    assert catalogue(root).startswith("# Inga än.\n\n- id:".encode())


HOSTILE = [
    "- id: inkrakt",
    "x: y # z",
    "!!python/object/apply:os.system [id]",
    "*anka &ankare",
    "{{}} | > % @ ` \" '",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "ja",
    "2024-05-01",
    "null",
    "1e9",
    "--- ...",
    "'''",
    "åäö – ”citat”",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_stands_in_a_text_is_read_back_as_that_text(root: Path, text: str) -> None:
    approval.approve(root, "insatser", content(root, event=text, place=text, note=text, actors=text))
    last = pack.load(root).initiatives[-1]
    assert (last.event, last.place, last.note, last.actors) == (text,) * 4


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), other=st.text(max_size=60))
def test_any_text_is_refused_or_read_back(text: str, other: str) -> None:
    made = {"title": "Titel", "event": text, "place": other, "kind": "plan", "source": "K", "source_url": "https://a.se/"}
    loaded = _shipped()
    initiative, mistakes = proposal.read(made, loaded)
    if initiative is None:
        assert mistakes and all(m.text("sv") and m.text("en") for m in mistakes)
        return
    assert (initiative.event, initiative.place) == (" ".join(text.split()), " ".join(other.split()))
    read = yaml.load(approval.entry(initiative), yaml.BaseLoader)
    assert len(read) == 1 and (read[0]["event"], read[0]["place"]) == (initiative.event, initiative.place)


@cache
def _shipped() -> pack.Pack:
    return pack.load(ROOT / "data")


# -- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"title": None}, "Rubriken: ingenting är skrivet"),
        ({"title": "!!!"}, "inga bokstäver eller siffror"),
        ({"event": "x" * 501}, "501 tecken. Högst 500"),
        ({"event": ["x"]}, "något annat än text"),
        ({"place": "a\u202eb"}, "tecken som inte syns"),
        ({"start": "våren 2024"}, "”våren 2024” är inget datum"),
        ({"start": "2023-02-29"}, "är inget datum"),
        ({"end": "2024-04"}, "ligger före starten"),
        ({"start": None, "end": "2024"}, "fast det finns ett slut"),
        ({"areas": ["atlantis"]}, "”atlantis” finns inte i datamängden"),
        ({"areas": "atlantis"}, "något annat än en lista"),
        ({"goals": ["rikedom"]}, "”rikedom” finns inte bland stadens mål"),
        ({"kind": "fest"}, "passar inte"),
        ({"source_url": "javascript:alert(1)"}, "är ingen webbadress"),
        ({"source_url": "https://a.se/\" onclick=\"x"}, "är ingen webbadress"),
        ({"makt": "all"}, "Uppgiften makt är okänd"),
    ],
)
def test_a_draft_with_a_fault_is_refused_in_words_and_nothing_changes(root: Path, more: dict, told: str) -> None:
    before = catalogue(root)
    with pytest.raises(ApprovalError, match=re.escape(told)):
        approval.approve(root, "insatser", content(root, **more))
    assert catalogue(root) == before


def test_the_city_and_an_area_are_not_both(root: Path) -> None:
    city = pack.load(root).info.city
    with pytest.raises(ApprovalError, match="hela staden är valt tillsammans"):
        approval.approve(root, "insatser", content(root, areas=[city, area(root)]))


def test_an_id_that_is_taken_is_refused(root: Path) -> None:
    approval.approve(root, "insatser", content(root))
    before = catalogue(root)
    with pytest.raises(ApprovalError, match="kortnamnet nya-lampor-i-parken"):
        approval.approve(root, "insatser", content(root, event="Något annat."))
    assert catalogue(root) == before


def test_a_pack_with_faults_takes_nothing(root: Path) -> None:
    draft = content(root)
    (root / "catalog/goals.yaml").write_text("- id: [", encoding="utf-8")
    before = catalogue(root)
    with pytest.raises(ApprovalError, match="har redan fel"):
        approval.approve(root, "insatser", draft)
    assert catalogue(root) == before


# -- accidents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("accident", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_crash_in_the_middle_leaves_the_catalogue_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str, accident: BaseException
) -> None:
    before, draft = catalogue(root), content(root)

    def crash(*_: object) -> None:
        raise accident

    monkeypatch.setattr(disk.os, call, crash)
    with pytest.raises((ApprovalError, KeyboardInterrupt), match=r"disken är full|^$"):
        approval.approve(root, "insatser", draft)
    monkeypatch.undo()
    assert catalogue(root) == before
    assert stray(root) == []
    assert pack.check(root).ok


def test_who_may_read_the_catalogue_may_read_it_afterwards(root: Path) -> None:
    file = root / "catalog/initiatives.yaml"
    file.chmod(0o640)
    approval.approve(root, "insatser", content(root))
    assert oct(file.stat().st_mode & 0o777) == "0o640"


def test_a_change_by_somebody_else_meanwhile_is_not_lost(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, check = content(root), approval._check

    def slow(*given: object, **more: object) -> None:
        check(*given, **more)
        with (root / "catalog/initiatives.yaml").open("a", encoding="utf-8") as file:
            file.write("# en anmärkning\n")

    monkeypatch.setattr(approval, "_check", slow)
    with pytest.raises(ApprovalError, match="ändrades under tiden"):
        approval.approve(root, "insatser", draft)
    assert catalogue(root).endswith("# en anmärkning\n".encode())


# -- lists of priorities -----------------------------------------------------------------------------


def chosen(**more: object) -> dict:
    """Return a saved list of priorities, and who decided that it is published."""
    return {**small_pack.PRIORITIES[0]["chosen"], "by": "Nämnden", "published": "2026-11-20", **more}


def row(**more: object) -> dict:
    return {"area": "A6", "indicator": "sysselsatta", "period": "2024", "note": "Först.", **more}


def test_the_first_list_makes_the_catalogue_and_the_next_comes_after_it(root: Path) -> None:
    file = root / "catalog/priorities.yaml"
    assert not file.exists()
    added = approval.approve(root, "prioriteringar", chosen())
    assert file.read_text(encoding="utf-8") == added
    approval.approve(root, "prioriteringar", chosen(name="Vårens lista", note="= 1\n<b>två</b> – åäö: # x"))
    first, second = pack.load(root).priorities
    assert first.model_dump(mode="json")["chosen"]["entries"] == [row(group="")]
    assert (first.id, first.by, first.published) == ("hostens-lista", "Nämnden", "2026-11-20")
    assert (second.id, second.chosen.note) == ("varens-lista", "= 1\n<b>två</b> – åäö: # x")
    assert approval.approve(root, "prioriteringar", chosen()) == ""
    assert len(pack.load(root).priorities) == 2


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"by": ""}, "Vem som har beslutat: ingenting är skrivet"),
        ({"name": " "}, "Listans namn: ingenting är skrivet"),
        ({"name": "x" * 81}, "81 tecken. Högst 80"),
        ({"name": "!!!"}, "inga bokstäver eller siffror"),
        ({"name": "a\u202eb"}, "tecken som inte syns"),
        ({"note": "rad\nsurrogat \ud800"}, "tecken som inte syns"),
        ({"published": "i dag"}, "”i dag” är inget datum"),
        ({"published": None}, "är inget datum"),
        ({"pack": "malmo"}, "gjord med datapaketet malmo, och det här är small"),
        ({"entries": []}, "Raderna: ingenting är skrivet"),
        ({"entries": [row(area="A9")]}, "A9 sysselsatta 2024 finns inte som siffra"),
        ({"entries": [row(period="1999")]}, "A6 sysselsatta 1999 finns inte som siffra"),
        ({"entries": [row(), row(period="2023")]}, "A6 sysselsatta står två gånger"),
        ({"entries": [{"area": "A6"}]}, "entries.0.indicator"),
        ({"entries": "allt"}, "Raderna: 'allt' passar inte"),
        ({"makt": "all"}, "makt"),
    ],
)
def test_a_list_with_a_fault_is_refused_in_words_and_nothing_is_written(root: Path, more: dict, told: str) -> None:
    with pytest.raises(ApprovalError, match=re.escape(told)):
        approval.approve(root, "prioriteringar", chosen(**more))
    assert not (root / "catalog/priorities.yaml").exists()
    assert stray(root) == []


def test_another_list_with_the_same_name_is_refused(root: Path) -> None:
    approval.approve(root, "prioriteringar", chosen())
    with pytest.raises(ApprovalError, match="publicerad lista med kortnamnet hostens-lista"):
        approval.approve(root, "prioriteringar", chosen(note="Något annat."))


def test_the_command_approves_a_saved_list_and_a_downloaded_one(root: Path, tmp_path: Path, capsys) -> None:
    saved = small_pack.PRIORITIES[0]["chosen"]
    drafts.save("prioriteringar", "Höstens lista", saved)
    command = ["approve", "prioriteringar", "--pack", str(root)]
    assert main(command) == 0
    assert capsys.readouterr().out == "Höstens lista\n"
    assert main([*command, "Höstens lista"]) == 1
    assert "Vem som har beslutat" in capsys.readouterr().err and drafts.names("prioriteringar") == ["Höstens lista"]
    assert main([*command, "Höstens lista", "--by", "Nämnden", "--date", "2026-11-20"]) == 0
    assert "Granska ändringen" in capsys.readouterr().out and drafts.names("prioriteringar") == []
    file = tmp_path / "lista.json"
    file.write_text(json.dumps({**saved, "name": "Vårens lista"}), encoding="utf-8")
    assert main([*command, str(file), "--by", "Nämnden"]) == 0
    assert [one.id for one in pack.load(root).priorities] == ["hostens-lista", "varens-lista"]
    for name in ("saknas.json", str(tmp_path)):
        assert main([*command, f"{name}", "--by", "Nämnden"]) == 1


# -- the command -------------------------------------------------------------------------------------


def test_the_command_lists_approves_and_removes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts.save("insatser", "Nya lampor i parken", content(root))
    assert main(["approve", "insatser", "--pack", str(root)]) == 0
    assert capsys.readouterr().out == "Nya lampor i parken\n"
    assert main(["approve", "insatser", "Nya lampor i parken", "--pack", str(root)]) == 0
    out = capsys.readouterr().out
    assert "- id: nya-lampor-i-parken" in out and "Granska ändringen" in out
    assert drafts.names("insatser") == []
    assert main(["approve", "insatser", "Nya lampor i parken", "--pack", str(root)]) == 1
    assert "Utkastet finns inte längre" in capsys.readouterr().err


def test_a_refused_draft_is_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts.save("insatser", "Dåligt", content(root, areas=["atlantis"]))
    assert main(["approve", "insatser", "Dåligt", "--pack", str(root)]) == 1
    assert "atlantis" in capsys.readouterr().err
    assert drafts.names("insatser") == ["Dåligt"]


def test_a_downloaded_file_is_approved(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "utkast-insats.json"
    file.write_bytes(drafts.to_file("Lampor", content(root)))
    assert json.loads(file.read_text(encoding="utf-8"))["name"] == "Lampor"
    assert main(["approve", "insatser", str(file), "--pack", str(root)]) == 0
    assert pack.load(root).initiatives[-1].id == "nya-lampor-i-parken"


def test_a_file_that_is_none_is_refused_without_a_traceback(root: Path, tmp_path: Path) -> None:
    (tmp_path / "annat.json").write_text('["x"]', encoding="utf-8")
    for file in ("annat.json", "saknas.json"):
        run = subprocess.run(
            [sys.executable, "-m", "omradesbild", "approve", "insatser", str(tmp_path / file), "--pack", str(root)],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
        )
        assert run.returncode == 1 and run.stderr.startswith("Det gick inte:"), run.stderr
        assert "Traceback" not in run.stderr


def test_in_a_folder_with_versions_it_becomes_a_new_version_and_the_one_before_is_as_it_was(root: Path, tmp_path: Path, capsys) -> None:
    shelf = Shelf(tmp_path / "hylla")
    first = shelf.publish(root)
    before = catalogue(shelf.current())
    drafts.save("insatser", "Nya lampor i parken", content(root))
    assert main(["approve", "insatser", "Nya lampor i parken", "--pack", str(shelf.folder)]) == 0
    assert f"Nu används {shelf.current().name}." in capsys.readouterr().out
    assert shelf.current().name != first and catalogue(shelf.folder / "versions" / first) == before
    assert pack.load(shelf.current()).initiatives[-1].title == "Nya lampor i parken"
    drafts.save("insatser", "Nya lampor i parken", content(root))
    used = shelf.current().name
    assert main(["approve", "insatser", "Nya lampor i parken", "--pack", str(shelf.folder)]) == 0
    assert "Det står redan i katalogen." in capsys.readouterr().out and shelf.current().name == used
