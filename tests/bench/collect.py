"""Collecting a whole country from stored answers: a new version, and a run where nothing is new – beside pandas alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from bench.report import Row

BEGAN = time.perf_counter()
ROOT = Path(__file__).resolve().parents[2]
#: So few areas that their cells take no time.
FEW = 4
#: Names the modules that collecting imports, also on its way: the first run finds them out.
MODULES = "modules.json"
STEPS = ("naive", "read", "collect", "again", "load", "statements", "diff")


def run(_options) -> list[Row]:
    """Make parts of a country and all of it, each step in a process of its own, so that its memory is its own."""
    from bench.country import AREAS

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _measured(place / "first", FEW, ("collect",))
        few, tenth = (_measured(place / str(areas), areas, ("collect",)) for areas in (FEW, AREAS // 10))
        whole = _measured(place / str(AREAS), AREAS, STEPS)
    naive, linear = whole["naive"], _per_cell(whole, few) / _per_cell(tenth, few)
    return [
        Row(
            "collect", f"{AREAS} areas from stored answers, a new version", whole["collect"]["seconds"], "s", None, 60,
            whole | {"few": few, "tenth": tenth},
        ),
        Row("collect", "… memory at its most", whole["collect"]["megabytes"], "MB", None, 1500),
        Row("collect", "… a program's start: processor time until all is imported", whole["collect"]["start"], "s"),
        Row("collect", f"… processor time from then on, with {FEW} areas", few["collect"]["processor"], "s"),
        Row("collect", "… processor time from then on, for a million cells", 1e6 * _per_cell(whole), "s"),
        Row("collect", "… times that of a tenth of the areas, with what any run costs", _per_cell(whole) / _per_cell(tenth), ""),
        Row("collect", "… and without, which is what cells cost", linear, "", None, 1.25),
        Row("collect", "… of a tenth, times that of all", 1 / linear, "", None, 1.25),
        Row("collect", "… only read, normalised (naive: only read)", whole["read"]["seconds"], "s", naive["seconds"]),
        Row("collect", "… only read, memory", whole["read"]["megabytes"], "MB", naive["megabytes"]),
        Row("collect", "… again, with nothing new", whole["again"]["seconds"], "s", None, 2),
        Row("collect", "… loaded as a pack", whole["load"]["seconds"], "s"),
        Row("collect", "… loaded and every statement", whole["statements"]["seconds"], "s"),
        Row("collect", "… loaded and every statement, memory", whole["statements"]["megabytes"], "MB"),
        Row("collect", "… two versions loaded and compared, one year's figures changed", whole["diff"]["seconds"], "s"),
        Row("collect", "… two versions, memory", whole["diff"]["megabytes"], "MB"),
    ]  # fmt: skip


def _per_cell(size: dict, apart: dict | None = None) -> float:
    """Return the processor time per cell, from when the program has started, less what a run of a few areas takes where that is taken apart."""
    return (size["collect"]["processor"] - (apart["collect"]["processor"] if apart else 0)) / size["cells"]


def _measured(folder: Path, areas: int, steps: Sequence[str]) -> dict:
    from bench.country import answers

    cells = answers(folder / "snapshots", ROOT / "data" / "collect", areas, totals=True)
    return {"areas": areas, "cells": cells} | {step: alone(step, folder) for step in steps}


def alone(step: str, folder: Path) -> dict:
    """Return what a step says of itself: seconds and memory with its program's start, and processor time without it."""
    paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
    told = subprocess.run(
        [sys.executable, "-m", "bench.collect", step, str(folder)],
        env=os.environ | {"PYTHONPATH": paths}, check=True, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    return json.loads(told.stdout.splitlines()[-1])


# ---- what is measured, in a process of its own ---------------------------------------------------


class _Silent:
    def step(self, what: str, done: int, of: int) -> None:
        pass


def _collect(folder: Path) -> int:
    from bench.country import WHEN
    from omradesbild.collect import pipeline

    return pipeline.collect(["scb"], folder, kommun="all", now=WHEN, client=None, progress=_Silent()).figures


def _read(folder: Path) -> int:
    """Read the answers and make observations of them, as `collect` does before it writes anything."""
    import pandas as pd

    from omradesbild.collect import recipes
    from omradesbild.collect.normalise import observations
    from omradesbild.collect.plan import ALL, Plan
    from omradesbild.collect.sources.scb import Scb
    from omradesbild.collect.sources.scb_geo import ScbGeo
    from omradesbild.collect.store import Store

    plan, store = Plan(ROOT / "data" / "collect", ALL), Store(folder / "snapshots")
    areas = set(ScbGeo().areas(plan, store, "regso2025")["code"])
    areas |= {code[:4] for code in areas}
    key = pd.DataFrame(columns=["deso", "regso", "vintage"])
    found, _ = observations(Scb().read(plan, store), recipes.load(plan.folder / "recipes.yaml"), key, areas, [])
    return sum(map(len, found.values()))


def _naive(folder: Path) -> int:
    """Read the answers as anybody would with pandas: a row for each cell, a column of texts for each dimension."""
    import pandas as pd

    frames = []
    for path in sorted((folder / "snapshots" / "scb").glob("TAB*.*-*.json")):
        told = json.loads(path.read_bytes())
        codes = [list(told["dimension"][name]["category"]["index"]) for name in told["id"]]
        frame = pd.MultiIndex.from_product(codes, names=told["id"]).to_frame(index=False)
        frames.append(frame.assign(value=told["value"], table=path.name[:7]))
    return len(pd.concat(frames, ignore_index=True))


def _load(folder: Path) -> int:
    from omradesbild import pack

    return len(pack.load(pack.resolve(str(folder))).observations)


def _statements(folder: Path) -> int:
    from omradesbild import pack
    from omradesbild.analyse import statements

    return len(statements.build(pack.load(pack.resolve(str(folder)))).frame)


def _diff(folder: Path) -> int:
    """Load and compare two versions as ``diff`` does: the country, and itself with other figures for the newest year."""
    from dataclasses import replace

    from omradesbild import pack
    from omradesbild.analyse import diff, statements

    before, after = (pack.load(pack.resolve(str(folder))) for _ in range(2))
    rows = before.observations
    newest = (rows["period"] == max(rows["period"].cat.categories)).to_numpy()
    before = replace(before, observations=rows.assign(value=rows["value"].where(~newest, rows["value"] * 0.99)))
    return len(diff.diff(statements.build(before), statements.build(after)).rows)


def _imported(names: Iterable[str]) -> None:
    """Import modules, those that are imported only on the way, too."""
    for name in names:
        with suppress(ImportError):
            import_module(name)


def _most_megabytes() -> float:
    """Return the most memory that this process had; what `getrusage` says includes its parent's on Linux."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    except (OSError, StopIteration):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    work = {
        "collect": _collect, "again": _collect, "read": _read, "naive": _naive, "load": _load, "statements": _statements, "diff": _diff,
    }  # fmt: skip
    step, folder = sys.argv[1], Path(sys.argv[2])
    known = folder.parent / MODULES
    if step == "collect" and known.exists():
        _imported(json.loads(known.read_text()))
    started = time.process_time()
    rows = work[step](folder)
    told = {"seconds": time.perf_counter() - BEGAN, "start": started, "processor": time.process_time() - started, "rows": rows}
    print(json.dumps(told | {"megabytes": _most_megabytes()}))
    if step == "collect":
        known.write_text(json.dumps(list(sys.modules)))
