"""Packs of other places than the shipped one: a small kommun, one on sub-areas, and a country of two kommuner.

All of it is made up. The first and the last are collected from made-up answers as ``collect`` does it, so that they say what a
collected pack says; the second is the demonstration pack on other levels.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from bench.country import WHEN, answers

from omradesbild import demo, pack
from omradesbild.collect import pipeline
from omradesbild.collect.plan import ALL

ROOT = Path(__file__).resolve().parent.parent
KOMMUN = "0999"
#: The level in the demonstration pack → the one that stands in its place.
LEVELS = {"regso": "delomrade", "stadsdel": "stadsomrade"}


class Quiet:
    def step(self, what: str, done: int, of: int) -> None:
        pass


def collected(folder: Path, areas: int, kommun: str) -> Path:
    """Collect a kommun, or the country, of so many areas."""
    answers(folder / "snapshots", ROOT / "data" / "collect", areas, kommun=kommun)
    return run(folder, kommun)


def run(folder: Path, kommun: str) -> Path:
    """Make a version of the answers in a folder, unless nothing is new; return the newest."""
    pipeline.collect(["scb"], folder, kommun=kommun, now=WHEN, client=None, progress=Quiet())
    return pack.resolve(str(folder))


def small(folder: Path) -> Path:
    """Make a kommun with twelve statistical areas and nothing else."""
    return collected(folder, 12, KOMMUN)


def country(folder: Path) -> Path:
    """Make a country of two kommuner."""
    return collected(folder, 24, ALL)


def layered(folder: Path) -> Path:
    """Make the demonstration pack on sub-areas and city areas."""
    demo.build(folder)
    settings = folder / "pack.yaml"
    info = yaml.safe_load(settings.read_text("utf-8"))
    settings.write_text(_dumped(info | {"base_level": "delomrade"}), "utf-8")
    areas = folder / "catalog/areas.yaml"
    listed = yaml.safe_load(areas.read_text("utf-8"))
    areas.write_text(_dumped([area | {"level": LEVELS.get(area["level"], area["level"])} for area in listed]), "utf-8")
    for path in (folder / "catalog/indicators").glob("*.yaml"):
        entry = yaml.safe_load(path.read_text("utf-8"))
        path.write_text(_dumped(entry | {"levels": [LEVELS.get(level, level) for level in entry["levels"]]}), "utf-8")
    return folder


def _dumped(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
