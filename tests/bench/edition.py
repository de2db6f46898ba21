"""The public edition: a whole city, the same again, and as many areas as the country has – time, cost per area, memory."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import Row
from bench.scale import COUNTRY, enlarged

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MB = 1000
#: What one process measures of itself and of those that it starts: seconds, and the largest memory of each in MB.
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from bench.edition import country
from omradesbild import pack as packs
from omradesbild.publish.site.build import build
pack = packs.load(packs.resolve(None))
pack = country(pack, int(sys.argv[2])) if int(sys.argv[2]) else pack
start = time.perf_counter()
found = build(pack, Path(sys.argv[1]))
seconds = time.perf_counter() - start
largest = [resource.getrusage(who).ru_maxrss / 1000 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"seconds": seconds, "files": found.files, "memory": max(largest), "areas": len(pack.areas)}))
"""


def run(_options) -> list[Row]:
    """Publish the shipped pack twice, then a tenth of the country and all of it."""
    with tempfile.TemporaryDirectory() as folder:
        city, again = (published(Path(folder) / "city") for _ in range(2))
        tenth = published(Path(folder) / "tenth", COUNTRY // 10)
        whole = published(Path(folder) / "whole", COUNTRY)
    cost = {name: found["seconds"] / found["areas"] for name, found in (("tenth", tenth), ("whole", whole))}
    return [
        Row("edition", "the city, whole", city["seconds"], "s", None, 20, city),
        Row("edition", "the same again", again["seconds"], "s", None, 1, again),
        Row("edition", f"{COUNTRY} areas", whole["seconds"], "s", None, 600, whole),
        Row("edition", "… per area, times that of a tenth of them", cost["whole"] / cost["tenth"], "", None, 1.3, tenth),
        Row("edition", "… the largest process", whole["memory"], "MB", None, MEMORY_MB),
    ]


def published(out: Path, areas: int = 0) -> dict:
    """Publish in a process of its own and return what it measured."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(out), str(areas)],
        env=os.environ | {"PYTHONPATH": paths},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def country(pack, areas: int):
    """Return the pack with so many basic areas, each with borders: the city's over and over, on top of one another.

    A picture of them costs as much as one of so many areas side by side.
    """
    many = enlarged(pack, areas)
    drawn = {f["properties"]["id"]: f for f in pack.boundaries["features"]}
    features = [
        drawn[own] | {"properties": drawn[own]["properties"] | {"id": area.id, "name": area.name}}
        for area in many.areas.values()
        if (own := area.id.rpartition("x")[0]) in drawn
    ]
    return dataclasses.replace(
        many, boundaries=pack.boundaries | {"features": features}, fingerprint=f"{pack.fingerprint}-{areas}"
    )
