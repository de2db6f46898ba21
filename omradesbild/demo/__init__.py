"""The demonstration pack: a made-up city whose figures are drawn around a truth that is known.

It is for tests and for trying methods that need long series. Everything in it is marked as made up.
What is planted, and by which formulas, stands in docs/demo.md; in short:

- ``city``: 91 areas around made-up seeds in open sea, with names that no place has.
- ``people``: residents by sex and age, 2010–2025; each year most are the same persons as the year before.
- ``plan``: the truth. expected value = start (correlated between neighbours and indicators)
  + the city's trend + the area's own trend + breaks + the effects of initiatives.
- ``figures``: what is seen. Shares are binomial around the truth, crimes Poisson, means normal;
  then what a source would hide is hidden.
- ``catalog``: indicators, sources, breaks, goals, initiatives and lists, all named as made up.

The same seed gives the same bytes. The truth is no part of the pack: ``truth`` and ``trends`` give it to
those who want to compare.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import pandas as pd
import shapely
import yaml

from omradesbild.demo import catalog, figures, people, plan
from omradesbild.demo import city as cities

__all__ = ["SEED", "VERSION", "build", "mark", "trends", "truth"]

#: Raised whenever the same seed gives other figures.
VERSION = "2026-11-28.5"
SEED = 1


def mark() -> str:
    """Return what tells one edition of the made-up pack from another: its version, and a digest of what makes it."""
    made_of = sorted(p for p in Path(__file__).parent.iterdir() if p.is_file())
    return f"{VERSION}-{sha256(b''.join(p.read_bytes() for p in made_of)).hexdigest()[:12]}"


def build(out: Path, seed: int = SEED) -> Path:
    """Write the demonstration pack into the folder `out`, which must not exist, and return it.

    Raises
    ------
    FileExistsError
        If there is something at `out` already.
    """
    out = Path(out)
    city, crowd, truths, drawn = _drawn(seed)
    (out / "catalog/indicators").mkdir(parents=True)
    for folder in ("boundaries", "observations"):
        (out / folder).mkdir()
    _yaml(out / "pack.yaml", catalog.info(VERSION, city))
    for name, content in {
        "sources": catalog.sources(),
        "areas": catalog.areas(city),
        "aliases": catalog.aliases(city),
        "breaks": catalog.breaks(city, crowd),
        "goals": catalog.goals(),
        "initiatives": catalog.initiatives(city, truths, drawn.unlucky),
        "police": catalog.police(city, truths),
        "priorities": catalog.priorities(VERSION, city, truths),
        "index": catalog.index(),
        "peers": catalog.peers(),
    }.items():
        _yaml(out / f"catalog/{name}.yaml", content)
    indicators = catalog.indicators()
    for name, content in indicators.items():
        _yaml(out / f"catalog/indicators/{name}.yaml", content)
    _text(out / f"boundaries/{catalog.BOUNDARIES}", _geojson(city))
    theme = drawn.observations["indicator"].map({name: entry["theme"] for name, entry in indicators.items()})
    for name, rows in drawn.observations.groupby(theme):
        rows = rows.sort_values(["indicator", "area", "period", "group"])
        _text(out / f"observations/{name}.csv", rows.to_csv(index=False, lineterminator="\n"))
    return out


def truth(seed: int = SEED) -> pd.DataFrame:
    """Return what the initiatives do: a row per initiative, indicator and area.

    Returns
    -------
    initiative, indicator, area
        Ids.
    start
        The first year with an effect (int).
    kind
        'step': `effect` is added from `start`; 'slope': `effect` more each year from `start`;
        'none': a placebo.
    effect
        In the indicator's unit. Every pair of initiative and indicator that is not here has none.
    role
        'treated', or 'spillover' for a neighbour that gets part of it with the opposite sign.
    """
    city, _, truths, drawn = _drawn(seed)
    return plan.truth(city, truths, drawn.unlucky)


def trends(seed: int = SEED) -> pd.DataFrame:
    """Return the planted change per year after 2017, in the indicators' unit, for every area.

    Columns: indicator, area, city (all areas' trend), own (the area's own beside it), initiatives
    (what initiatives add each year) and slope, their sum. Where borders moved, the slope is of what
    is counted after that.
    """
    city, _, truths, _ = _drawn(seed)
    return plan.trends(city, truths)


@lru_cache(maxsize=2)
def _drawn(seed: int) -> tuple[cities.City, people.People, plan.Plan, figures.Drawn]:
    city = cities.make(seed)
    crowd = people.make(seed, city)
    truths = plan.make(seed, city, crowd)
    return city, crowd, truths, figures.draw(seed, city, crowd, truths, catalog.indicators())


def _geojson(city: cities.City) -> str:
    """Return the areas as a FeatureCollection, a feature per line."""
    features = []
    for area, name, shape, km2 in zip(
        city.ids, city.names, city.shapes, catalog.kilometres(city), strict=True
    ):
        rounded = shapely.transform(shape, lambda points: points.round(5))
        feature = {
            "type": "Feature",
            "id": area,
            "properties": {"id": area, "name": name, "area_km2": float(km2)},
            "geometry": json.loads(shapely.to_geojson(rounded)),
        }
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def _yaml(path: Path, content: object) -> None:
    _text(path, yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110))


def _text(path: Path, content: str) -> None:
    path.write_bytes(content.encode())


class _Plain(yaml.CSafeDumper):
    """YAML where what is said twice is written twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True
