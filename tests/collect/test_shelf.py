"""Versions of a pack on a disk: a new one is used whole or not at all, and an old one can be used again."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import resource
import shutil
import time
from contextlib import suppress
from pathlib import Path

import pytest
import small_pack

from components import engine as app
from omradesbild import disk, pack
from omradesbild.cli import main
from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf, name_of
from omradesbild.pack import PackError, load, resolve
from omradesbild.publish.house import BESIDE, installed

KILLS = 100


def made(root: Path, version: str = "2026-11-01") -> Path:
    """Write the small pack under another version."""
    small_pack.write(root)
    small_pack.dump(root / "pack.yaml", small_pack.INFO | {"version": version})
    return root


@pytest.fixture(scope="module")
def one(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("two"), "2026-12-01")


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "hylla")


def everything(folder: Path) -> dict[str, bytes]:
    """All files of a shelf but its lock."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != ".las")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


# ---- versions ------------------------------------------------------------------------------------------


def test_a_pack_is_published_followed_and_left_alone_where_nothing_is_new(shelf, one, two) -> None:
    assert shelf.current() is None and shelf.versions() == [] and resolve(str(shelf.folder)) == shelf.folder
    first = shelf.publish(one)
    assert first == f"2026-11-01-{load(one).fingerprint}"
    assert resolve(str(shelf.folder)) == shelf.folder / "versions" / first == shelf.current()
    before = {path: os.stat(path).st_mtime_ns for path in shelf.folder.rglob("*") if path.name != ".las"}
    assert shelf.publish(one) == first
    after = {path: os.stat(path).st_mtime_ns for path in before}
    assert {p for p in before if before[p] != after[p]} <= {shelf.folder}  # where work is done, and cleared away
    second = shelf.publish(two)
    assert [(v.name, v.used) for v in shelf.versions()] == [(second, True), (first, False)]
    assert everything(shelf.folder / "versions" / first) == everything(one)


def test_who_may_read_the_versions_may_read_which_is_used(shelf, one) -> None:
    """The app is often run by another user than the one who collects."""
    before = os.umask(0o022)
    try:
        shelf.publish(one)
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o044) for path in shelf.folder.rglob("*")} == {"0o44"}


def test_a_version_is_used_again_and_may_be_named_by_its_beginning(shelf, one, two) -> None:
    first, second = shelf.publish(one), shelf.publish(two)
    assert shelf.restore("2026-11") == first
    assert name_of(load(resolve(str(shelf.folder)))) == first
    assert shelf.restore(second) == second
    with pytest.raises(CollectError, match=f"2 versioner som börjar på ”2026-”.*Välj en av {second}, {first}"):
        shelf.restore("2026-")
    with pytest.raises(CollectError, match="0 versioner"):
        shelf.restore("../..")
    assert shelf.current().name == second


def test_a_damaged_version_is_not_used_again_but_mended_when_it_is_published(shelf, one, two) -> None:
    first, second = shelf.publish(one), shelf.publish(two)
    (shelf.folder / "versions" / first / "catalog/areas.yaml").write_text("[")
    with pytest.raises(PackError):
        shelf.restore(first)
    assert shelf.current().name == second
    assert shelf.publish(one) == first
    assert name_of(load(shelf.current())) == first


def test_a_faulty_pack_is_not_published(shelf, one, tmp_path) -> None:
    shelf.publish(one)
    before = everything(shelf.folder)
    faulty = small_pack.write(tmp_path / "faulty")
    small_pack.lines(faulty / "observations/arbete.csv", ["A1,inkomst,2022,,mycket,,,,scb"])
    for wait in (False, True):
        with pytest.raises(PackError, match="not_a_number"):
            shelf.publish(faulty, wait=wait)
    with shelf.taken():
        assert everything(shelf.folder) == before


# ---- waiting -------------------------------------------------------------------------------------------


def test_a_waiting_version_is_approved_or_thrown_away(shelf, one, two) -> None:
    first = shelf.publish(one)
    second = shelf.publish(two, wait=True)
    assert shelf.waiting().name == second and shelf.current().name == first
    shelf.dismiss(second)
    assert shelf.waiting() is None and [v.name for v in shelf.versions()] == [first]
    shelf.publish(two, wait=True)
    shelf.approve(second)
    assert shelf.waiting() is None and shelf.current().name == second
    assert everything(shelf.current()) == everything(two)


def test_only_what_was_looked_at_is_approved(shelf, one, two) -> None:
    seen = shelf.publish(one, wait=True)
    now = shelf.publish(two, wait=True)
    assert [path.name for path in (shelf.folder / "waiting").iterdir()] == [now]
    for act in (shelf.approve, shelf.dismiss):
        with pytest.raises(CollectError, match=f"hittade {now} som väntar; väntade {seen} som väntar"):
            act(seen)
    assert shelf.current() is None and shelf.waiting().name == now


def test_throwing_away_a_version_that_was_used_before_leaves_it_among_the_versions(shelf, one, two) -> None:
    first = shelf.publish(one)
    shelf.publish(two)
    assert shelf.publish(one, wait=True) == first
    shelf.dismiss(first)
    assert shelf.restore(first) == first


def test_what_is_used_already_does_not_wait(shelf, one) -> None:
    shelf.publish(one)
    shelf.publish(one, wait=True)
    assert shelf.waiting() is None


# ---- interrupted ---------------------------------------------------------------------------------------


def _begun(shelf: Shelf, made: Path) -> multiprocessing.Process:
    """Begin to publish in a process of its own, which has from the start all that is imported here."""
    run = multiprocessing.get_context("fork").Process(target=Shelf(shelf.folder).publish, args=(made,))
    run.start()
    return run


def test_killed_at_a_hundred_moments_the_old_or_the_new_is_used_whole(shelf, one, two) -> None:
    """Real processes are killed while they publish; the versions are removed in between, so that each copies anew."""
    names = {name_of(load(p)): p for p in (one, two)}
    shelf.publish(one)
    started = time.monotonic()
    assert _begun(shelf, two).join(60) is None and shelf.current().name == name_of(load(two))
    full = time.monotonic() - started
    chance, ends = random.Random(5), {"old": 0, "new": 0}
    for _ in range(KILLS):
        old = shelf.current().name
        new = next(name for name in names if name != old)
        shutil.rmtree(shelf.folder / "versions" / new, ignore_errors=True)
        run = _begun(shelf, names[new])
        time.sleep(chance.uniform(0.0, 1.4) * full)
        run.kill()
        run.join()
        found = load(resolve(str(shelf.folder)))
        assert name_of(found) in (old, new) and found.root.name == name_of(found)
        ends["new" if name_of(found) == new else "old"] += 1
        assert shelf.publish(names[new]) == new == shelf.current().name
        assert {p.name for p in shelf.folder.iterdir()} == {".las", "current", "versions"}
    assert min(ends.values()) >= 5, f"the moments were not spread over a publish: {ends}"


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


@pytest.mark.parametrize("act", ["publish", "approve", "restore"])
def test_every_step_may_be_the_last(one, two, tmp_path, monkeypatch, act) -> None:
    """Stop before each change of a name on the disk; afterwards the old or the new is used, and the next run succeeds."""
    for stop in range(20):
        shelf = Shelf(tmp_path / f"{act}{stop}")
        old, new = shelf.publish(one), name_of(load(two))
        if act == "restore":
            shelf.publish(two)
            shelf.restore(old)
        if act == "approve":
            shelf.publish(two, wait=True)
        steps = []

        def step(work, steps=steps, stop=stop):
            def done(*arguments, **more):
                if len(steps) == stop:
                    raise Killed
                steps.append(work)
                return work(*arguments, **more)

            return done

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", step(Path.rename))
            patch.setattr(os, "replace", step(os.replace))
            patch.setattr(shutil, "rmtree", step(shutil.rmtree))
            patch.setattr(Path, "mkdir", step(Path.mkdir))
            with suppress(Killed):
                getattr(shelf, act)(two if act == "publish" else new)
        assert name_of(load(shelf.current())) in (old, new)
        with Shelf(shelf.folder).taken():
            assert not (shelf.folder / ".arbete").exists() and not list(shelf.folder.glob(".current*"))
        if act == "approve" and shelf.current().name == old:
            assert shelf.waiting().name == new, "an approval that did not come through can be given again"
        assert Shelf(shelf.folder).publish(two) == new
        if len(steps) < stop:
            return
    pytest.fail("the steps never ended")


def test_all_is_on_the_disk_before_the_version_is_used(shelf, one, monkeypatch) -> None:
    said = []
    settle, replace, rename = disk.settle, os.replace, Path.rename
    monkeypatch.setattr(disk, "settle", lambda path: (said.append(("settle", path.name)), settle(path))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (said.append(("replace", Path(b).name)), replace(a, b))[1])
    monkeypatch.setattr(Path, "rename", lambda a, b: (said.append(("rename", b.name)), rename(a, b))[1])
    name = shelf.publish(one)
    files = {("settle", path.name) for path in one.rglob("*") if path.is_file()}
    moved, used = said.index(("rename", name)), said.index(("replace", "current"))
    assert files <= set(said[:moved])
    assert ("settle", "versions") in said[moved:used]
    assert ("settle", shelf.folder.name) in said[used:]


# ---- a disk that refuses --------------------------------------------------------------------------------


def _tell(answer, act, folder: Path, made: Path) -> None:
    act()
    try:
        Shelf(folder).publish(made)
        answer.put("published")
    except CollectError as error:
        answer.put(str(error))


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))


def _as_somebody_else() -> None:
    load(Path(__file__).resolve().parents[2] / "data")  # whatever is imported late is imported as the one who may read it
    if os.geteuid() == 0:
        os.setuid(65534)


@pytest.mark.parametrize(
    ("act", "expected"),
    [(_small_files, "hittade disken är full"), (_as_somebody_else, "hittade rättighet saknas")],
    ids=["full", "read-only"],
)
def test_a_disk_that_refuses_is_told_in_swedish_and_nothing_is_lost(shelf, one, two, act, expected) -> None:
    shelf.publish(one)
    before = everything(shelf.folder)
    for folder, _, _ in os.walk(shelf.folder):
        os.chmod(folder, 0o555 if act is _as_somebody_else else 0o755)
    processes = multiprocessing.get_context("spawn" if act is _as_somebody_else else "forkserver")
    answer = processes.SimpleQueue()
    run = processes.Process(target=_tell, args=(answer, act, shelf.folder, two))
    run.start()
    run.join(60)
    for folder, _, _ in os.walk(shelf.folder):
        os.chmod(folder, 0o755)
    said = answer.get()
    assert expected in said and said.endswith("Inget har ändrats.")
    with shelf.taken():
        assert everything(shelf.folder) == before
    assert shelf.publish(two) == shelf.current().name


def test_a_disk_that_is_full_when_the_version_is_to_be_used_keeps_the_old(shelf, one, two, monkeypatch) -> None:
    first = shelf.publish(one)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(CollectError, match="disken är full"):
            shelf.publish(two)
    assert shelf.current().name == first and not list(shelf.folder.glob(".current*"))
    assert shelf.publish(two) == shelf.current().name


def test_two_at_once_do_not_meet_and_one_may_nest(shelf, one, monkeypatch) -> None:
    monkeypatch.setattr(disk, "PATIENCE", 0.2)
    with shelf.taken():
        first = shelf.publish(one)  # the one that holds the shelf goes on
        with pytest.raises(CollectError, match="en annan körning som pågår.*Vänta tills den är klar"):
            Shelf(shelf.folder).publish(one)
    assert Shelf(shelf.folder).publish(one) == first


def test_a_pack_is_no_place_for_versions(one, two) -> None:
    before = everything(one)
    with pytest.raises(CollectError, match="ett datapaket direkt i mappen.*Ange en annan mapp"):
        Shelf(one).publish(two)
    assert everything(one) == before


# ---- the app and the command line -----------------------------------------------------------------------


@pytest.fixture
def fresh_app(monkeypatch):
    for name, value in (("_engine", None), ("_stamp", None), ("_looked", 0.0), ("LOOK_EVERY", 0.0)):
        monkeypatch.setattr(app, name, value)


def test_the_app_follows_the_version_without_being_restarted(shelf, one, two, monkeypatch, fresh_app) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(shelf.folder))
    first = shelf.publish(one)
    assert name_of(app.common().pack) == first
    held = app.common()
    assert app.common() is held
    second = shelf.publish(two)
    assert name_of(app.common().pack) == second and app.common().refused is None
    shelf.restore(first)
    assert name_of(app.common().pack) == first


@pytest.mark.parametrize("said", ["", "../../etc", "2020-01-01-000000000000", "\x00\xff", ".."])
def test_a_damaged_current_leaves_the_app_with_what_it_has_and_says_what_to_do(shelf, one, monkeypatch, fresh_app, said) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(shelf.folder))
    name = shelf.publish(one)
    assert name_of(app.common().pack) == name
    (shelf.folder / "current").write_text(said, encoding="latin-1")
    assert resolve(str(shelf.folder)).parent == shelf.folder / "versions"
    held = app.common()
    assert name_of(held.pack) == name
    assert [f.code for f in held.refused.findings] == ["version_missing"] and "restore" in held.refused.text()
    assert shelf.restore(name) == name
    assert app.common().refused is None


def test_a_current_that_may_not_be_read_is_told_and_nothing_is_put_in_its_place(shelf, one, two, monkeypatch, fresh_app, capsys) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(shelf.folder))
    name, read = shelf.publish(one), Path.read_text
    held = app.common()

    def refused(path: Path, *args, **more) -> str:
        if path == shelf.folder / "current":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", refused)
        with pytest.raises(PackError) as said:
            load(resolve())
        assert [(f.code, f.file, f.found) for f in said.value.report.findings] == [
            ("file_unreadable", str(shelf.folder / "current"), "rättighet saknas")
        ]
        assert name_of(app.common().pack) == name and [f.code for f in app.common().refused.findings] == ["file_unreadable"]
        for change in (lambda: shelf.publish(two), lambda: shelf.restore(name), shelf.current, shelf.versions):
            with pytest.raises(CollectError, match="hittade rättighet saknas"):
                change()
        assert main(["check"]) == 1 and "rättighet saknas" in capsys.readouterr().out
        assert main(["restore", "--pack", str(shelf.folder)]) == 1 and "rättighet saknas" in capsys.readouterr().err
    assert shelf.current().name == name and [path.name for path in (shelf.folder / "versions").iterdir()] == [name]
    assert app.common().refused is None and name_of(app.common().pack) == name_of(held.pack)


def test_what_lies_beside_the_pack_lies_beside_the_folder_with_versions(shelf, one) -> None:
    shelf.publish(one)
    house = shelf.folder.parent / BESIDE
    assert installed(resolve(str(shelf.folder))) is None
    house.write_text("name: Staden")
    assert installed(resolve(str(shelf.folder))) == house.resolve()
    assert pack.beside(one, BESIDE) == one.resolve().parent / BESIDE


def test_versions_are_listed_and_used_again_by_command(shelf, one, two, monkeypatch, capsys) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(shelf.folder))
    first, second = shelf.publish(one), shelf.publish(two)
    assert main(["restore"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [second, first] and lines[0].endswith("används") and "används" not in lines[1]
    assert main(["restore", first]) == 0
    assert first in capsys.readouterr().out and shelf.current().name == first
    assert main(["restore", "2031"]) == 1
    assert "0 versioner som börjar på ”2031”" in capsys.readouterr().err


def test_a_plain_pack_has_no_versions_to_use_again(one, capsys) -> None:
    assert main(["restore", "--pack", str(one)]) == 1
    assert "har inga versioner" in capsys.readouterr().err
