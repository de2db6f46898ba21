"""Editions on the disk: whole or not there, never overwritten, the same bytes, and clear words when it cannot be done."""

from __future__ import annotations

import hashlib
import html
import json
import multiprocessing
import os
import random
import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
import small_pack

from omradesbild import disk
from omradesbild.pack import load
from omradesbild.publish.site import build as building
from omradesbild.publish.site import editions
from omradesbild.publish.site.build import build
from omradesbild.publish.site.refusal import EditionError
from omradesbild.publish.site.settings import Settings


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return small_pack.write(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def pack(root):
    return load(root)


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    """The same city a year later: another version, one figure changed."""
    folder = small_pack.write(tmp_path_factory.mktemp("later"))
    small_pack.dump(folder / "pack.yaml", small_pack.INFO | {"version": "2027-11-01"})
    file = folder / "observations/befolkning.csv"
    file.write_text(file.read_text().replace("A1,folkmangd,2024,,120,", "A1,folkmangd,2024,,121,"))
    return load(folder)


@pytest.fixture(scope="module")
def published(pack, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("out") / "plats"
    build(pack, out)
    return out


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with its SHA-256."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def whole(folder: Path) -> str:
    """Check that a folder holds one whole edition and whole old ones; return the name of the one it shows."""
    shown = json.loads((folder / "data/utgava.json").read_text())["edition"]
    for edition in (folder, *(folder / "utgavor").glob("*-*/")):
        check = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=edition, capture_output=True, text=True)
        assert check.returncode == 0, check.stdout[:500]
        listed = {line.split("  ", 1)[1] for line in (edition / "SHA256SUMS").read_text().splitlines()}
        there = set(tree(edition)) - {"SHA256SUMS"}
        if edition == folder:
            there = {path for path in there if not path.startswith(("utgavor/", "en/utgavor/", "senaste/"))}
        assert there == listed
    kept = tree(folder / "utgavor" / shown)
    assert kept == {path: digest for path, digest in tree(folder).items() if path in kept}
    return shown


def test_the_edition_has_the_addresses_that_others_link_to(published) -> None:
    for path in ("index.html", "omrade/A1/index.html", "indikator/inkomst/index.html", "data/omrade/A1.csv", "en/index.html",
                 "data/datapackage.json", "data/dcat.rdf", "data/omraden.geojson", "data/omraden.gpkg", "senaste/index.html",
                 "utgavor/index.html"):  # fmt: skip
        assert (published / path).is_file(), path
    name = whole(published)
    assert re.fullmatch(r"2026-11-01-[0-9a-f]{8}", name)
    assert f'href="{name}/index.html"' in (published / "utgavor/index.html").read_text()
    assert 'url=../index.html"' in (published / "senaste/index.html").read_text()


def test_every_link_of_the_whole_edition_leads_to_a_file_and_a_place_in_it(published) -> None:
    pages = {path: path.read_text() for path in published.rglob("*.html")}
    ids = {path: set(re.findall(r'\bid="?([^\s">]+)', text)) for path, text in pages.items()}
    checked = 0
    for path, text in pages.items():
        for link in re.findall(r'\b(?:href|src)="?([^\s">]+)', text):
            target, _, part = html.unescape(link).partition("#")
            if target.startswith(("https://", "mailto:")):
                continue
            start = published if target.startswith("/") else path.parent
            file = (start / target.lstrip("/")).resolve() if target else path
            assert file.is_file(), f"{path.relative_to(published)} → {link}"
            assert not part or part in ids[file], f"{path.relative_to(published)} → {link}"
            checked += 1
    assert checked > 1000


def test_the_same_pack_gives_the_same_bytes_in_one_process_or_two(pack, published, tmp_path) -> None:
    build(pack, tmp_path / "x", processes=1)
    assert tree(tmp_path / "x") == tree(published)


def test_publishing_again_does_nothing(pack, tmp_path) -> None:
    first = build(pack, tmp_path / "x")
    assert first.published and first.written == first.files > 50
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "x").rglob("*")}
    again = build(pack, tmp_path / "x")
    assert (again.name, again.published, again.written) == (first.name, False, 0)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "x").rglob("*")} == stamps


def test_a_new_edition_keeps_the_old_at_its_address_and_can_be_taken_back(pack, later, tmp_path) -> None:
    out = tmp_path / "x"
    old = build(pack, out).name
    before = tree(out)
    new = build(later, out).name
    assert new.startswith("2027-11-01-") and whole(out) == new
    assert tree(out / "utgavor" / old) == {path: d for path, d in before.items() if path in tree(out / "utgavor" / old)}
    back = build(pack, out)
    assert back.published and whole(out) == old
    assert sorted(p.name for p in (out / "utgavor").glob("*-*/")) == sorted([old, new])


def test_only_what_has_changed_is_written(pack, tmp_path) -> None:
    out = tmp_path / "x"
    build(pack, out)
    place = out / "data/omrade/A1.csv"
    same = place.stat()
    changed = build(pack, out, Settings(publisher="Lilla staden"))
    assert 0 < changed.written < changed.files
    assert place.stat().st_ino == same.st_ino and place.stat().st_mtime_ns == same.st_mtime_ns
    assert "Lilla staden" in (out / "data/dcat.rdf").read_text()
    whole(out)


def test_no_interruption_leaves_half_an_edition(later, pack, tmp_path) -> None:
    """Kill a run at twenty random moments, its processes left alone: the folder always shows one whole edition."""
    out, fork = tmp_path / "x", multiprocessing.get_context("fork")
    old = build(pack, out).name
    started = time.monotonic()
    build(later, tmp_path / "timed")
    full = time.monotonic() - started
    chance = random.Random(1)
    seen = []
    for _ in range(20):
        run = fork.Process(target=build, args=(later, out))
        run.start()
        time.sleep(chance.uniform(0.0, 1.2) * full)
        run.kill()
        run.join()
        seen.append(whole(out))
        if seen[-1] != old:
            build(pack, out)
    assert old in seen
    assert build(later, out).name == whole(out)
    assert not (tmp_path / ".x.ny").exists() and not (tmp_path / ".x.gammal").exists()


class Killed(BaseException):
    """The process ends here: nothing after it runs, no clearing up either."""


@pytest.mark.parametrize("exchange", [True, False], ids=["one-step", "two-steps"])
@pytest.mark.parametrize("stop", [0, 1, 2])
def test_every_step_of_the_change_may_be_the_last(pack, later, tmp_path, monkeypatch, exchange, stop) -> None:
    out = tmp_path / "x"
    old, after = build(pack, out).name, editions.name_of(later, Settings())
    steps = []

    def step(work):
        def done(*arguments):
            if len(steps) == stop:
                raise Killed
            steps.append(work)
            return work(*arguments)

        return done

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", step(Path.rename))
        patch.setattr(editions, "_exchanged", step(editions._exchanged) if exchange else lambda *_: False)
        clear = editions.Place._clear
        patch.setattr(editions.Place, "_clear", lambda self: clear(self) if not steps and not self.new.exists() else None)
        with suppress(Killed):
            build(later, out)
    assert len(steps) == (min(stop, 1) if exchange else stop)
    if exchange:
        assert whole(out) == (after if steps else old)
    with editions.Place(out).taken():
        assert whole(out) == (after if len(steps) == (1 if exchange else 2) else old)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".x.las", "x"]


def test_something_else_is_not_written_over(pack, tmp_path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/brev.txt").write_text("viktigt")
    with pytest.raises(EditionError, match="är inte en utgåva. Ange en ny eller tom mapp"):
        build(pack, tmp_path / "x")
    assert (tmp_path / "x/brev.txt").read_text() == "viktigt"


def test_two_at_once_do_not_meet(pack, published, monkeypatch) -> None:
    monkeypatch.setattr(disk, "PATIENCE", 0.2)
    with editions.Place(published).taken(), pytest.raises(EditionError, match="En annan publicering .* pågår"):
        build(pack, published)
    whole(published)


def test_a_full_disk_loses_nothing(pack, later, tmp_path, monkeypatch) -> None:
    out = tmp_path / "x"
    build(pack, out)
    before = tree(out)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(editions, "put", full)
    with pytest.raises(EditionError, match="Disken vid .* är full. Ge plats och försök igen. Inget har ändrats"):
        build(later, out)
    assert tree(out) == before and not (tmp_path / ".x.ny").exists()


def test_a_place_that_may_not_be_written_says_so(pack, tmp_path, monkeypatch) -> None:
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(EditionError, match="Det går inte att skriva i"):
        build(pack, tmp_path / "x")


def test_a_process_that_dies_is_told(pack, later, tmp_path, monkeypatch) -> None:
    out = tmp_path / "x"
    build(pack, out)
    before = tree(out)
    monkeypatch.setattr(building, "_do", lambda *_: os._exit(9))
    with pytest.raises(EditionError, match="blev inte klar: en process avslutades med kod 9"):
        build(later, out)
    assert tree(out) == before


def test_progress_counts_to_the_end(pack, tmp_path) -> None:
    said = []
    build(pack, tmp_path / "x", progress=lambda done, total, last: said.append((done, total, last)))
    assert [done for done, _, _ in said] == list(range(1, said[-1][1] + 1))
    assert {"A1", "inkomst"} <= {last for _, _, last in said}
