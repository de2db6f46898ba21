"""A run that is killed, at any point, goes on without asking again for what has been answered."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from served import ages, real
from servers.kolada import Kolada
from servers.local import Local
from servers.pxweb import PxWeb
from test_pipeline import NEXT, NOW, embedded, kolada  # noqa: F401 - a fixture
from test_pipeline import run as collect

from omradesbild.collect.fault import CollectError
from omradesbild.collect.shelf import Shelf

HERE = Path(__file__).parent
#: Where the process ends: a name that is called at that point of the run.
POINTS = {
    "fetching": "omradesbild.collect.sources.kolada._values",
    "normalising": "omradesbild.collect.pipeline.from_counts",
    "checking": "omradesbild.collect.rules.check",
    "publishing": "omradesbild.disk.settle_tree",
}
RUN = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
from omradesbild.collect import pipeline
from omradesbild.collect.client import Client

class Quiet:
    def step(self, what, done, of):
        pass

root, out, scb, kolada, now, point = sys.argv[1:]
pipeline.EMBEDDED = Path(root)
if point:
    module, name = point.rsplit(".", 1)
    setattr(import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
bases = {"scb": scb, "kolada": kolada}
pipeline.collect(["scb", "kolada"], Path(out), kommun="1280", now=now, client=Client(bases), progress=Quiet())
"""


def run(root: Path, out: Path, server: Local, now: str, point: str = "") -> int:
    arguments = [str(root), str(out), f"{server.url}/api/v2", f"{server.url}/v3", now, point]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], cwd=HERE.parents[1], capture_output=True, text=True, timeout=120
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.parametrize("point", POINTS)
def test_what_was_answered_before_a_kill_is_not_asked_for_again(point, embedded, tmp_path):  # noqa: F811
    out = tmp_path / "paket"
    with Local(PxWeb(ages()), Kolada(kolada("1280", first=2017))) as server:
        assert run(embedded, out, server, NOW, POINTS[point]) == -signal.SIGKILL
        before = len(server.calls)
        assert before and not Shelf.is_one(out)
        # the answer that the process did not live to keep is the only one that may be asked for again
        lost = [server.calls[-1][1]] if point == "fetching" else []
        assert run(embedded, out, server, NOW.replace("T08", "T09")) == 0
        assert [address for _, address in server.calls[before:]] == lost
        assert run(embedded, out, server, NEXT) == 0
        assert server.asked("/config") == 2, "a run that has come to its end is not gone on with"
    assert Shelf.is_one(out)


def test_a_run_whose_answers_do_not_do_asks_again_whether_they_are_mended(embedded, tmp_path, client):  # noqa: F811
    out = tmp_path / "paket"
    wrong = real() | {("1280R001", "-4", "1+2"): 5000}
    with Local(PxWeb(ages(wrong))) as server, pytest.raises(CollectError):
        collect(out, client, server)
    with Local(PxWeb(ages(updated="2026-03-25T07:30:00Z"))) as server:
        assert collect(out, client, server, now=NOW.replace("T08", "T09")).new
