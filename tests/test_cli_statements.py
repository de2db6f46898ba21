"""`python -m omradesbild statements` prints what the screen says."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import small_pack

from omradesbild import cli, pack
from omradesbild.analyse import statements
from omradesbild.publish import tables

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return small_pack.write(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def screen(root):
    """All rows as the app's files have them."""
    content = pack.load(root)
    made = statements.build(content)
    return made, [s for indicator in content.indicators for s in made.of(indicator)]


def printed(capfd, root, *arguments):
    code = cli.main(["statements", "--pack", str(root), *arguments])
    out, err = capfd.readouterr()
    return code, out, err


def test_csv_is_the_file_of_the_screen(capfd, root, screen):
    made, said = screen
    code, out, err = printed(capfd, root)
    assert (code, err) == (0, "")
    assert out.encode() == tables.to_csv(tables.rows(said, made)).replace(b"\r\n", b"\r\n")
    assert out.startswith("\ufeff") and len(list(csv.reader(io.StringIO(out), delimiter=";"))) == len(said) + 1


def test_json_has_the_same_fields_and_rows(capfd, root, screen):
    made, said = screen
    code, out, _ = printed(capfd, root, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found == json.loads(json.dumps(tables.rows(said, made)))
    assert all(tuple(row) == tables.COLUMNS for row in found)
    hidden = next(row for row in found if row["flag"] == "..")
    assert hidden["value"] is None
    assert "Örnen" in out


def test_areas_and_indicators_are_chosen_by_id(capfd, root):
    _, out, _ = printed(capfd, root, "--areas", "A1, 9999,A1", "--indicators", "sysselsatta", "--format", "json")
    found = json.loads(out)
    assert {(row["area"], row["indicator"]) for row in found} == {("A1", "sysselsatta"), ("9999", "sysselsatta")}
    assert len(found) == 2 * len(small_pack.PERIODS)
    assert next(row["value"] for row in found if row["area"] == "A1") == 50


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--areas", "A11"), ("område: A11", "A1")),
        (("--areas", "berga"), ("område: berga", "Menade du A1")),
        (("--indicators", "syselsatta"), ("indikator: syselsatta", "Menade du sysselsatta")),
        (("--indicators", "Invånare"), ("indikator: Invånare", "Menade du folkmangd")),
        (("--areas", "qqqq"), ("område: qqqq", "Det finns 9")),
        (("--areas", "A1,X9", "--indicators", "zzzz"), ("område: X9", "indikator: zzzz")),
    ],
)
def test_unknown_ids_are_told_with_what_was_perhaps_meant(capfd, root, arguments, words):
    code, out, err = printed(capfd, root, *arguments)
    assert (code, out) == (1, "")
    assert all(word in err for word in words), err


def test_a_pack_that_cannot_be_read_is_told(capfd, tmp_path):
    code, out, err = printed(capfd, tmp_path / "saknas")
    assert (code, out) == (1, "")
    assert "pack_missing" in err and "Traceback" not in err


@pytest.mark.parametrize("arguments", [("--areas", ","), ("--format", "xml")])
def test_arguments_that_make_no_sense_end_with_2(root, arguments):
    with pytest.raises(SystemExit) as caught:
        cli.main(["statements", "--pack", str(root), *arguments])
    assert caught.value.code == 2


def test_utf_8_whatever_the_terminal_and_a_reader_that_leaves(root):
    """An ASCII terminal gets the same bytes, and a pipe that closes early gives no traceback."""
    command = [sys.executable, "-m", "omradesbild", "statements", "--pack", str(root), "--format", "json"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
    assert "Örnen" in done.stdout.decode("utf-8")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as left:
        left.stdout.close()
        assert left.stderr.read() == b""
        assert left.wait() == 0
