"""How often is something called clear where there is nothing?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from omradesbild import demo, pack
from omradesbild.analyse import difference, local_moran, long_trend, neighbours, relative, trend
from omradesbild.analyse.interval import wilson
from omradesbild.analyse.shrink import shrink
from validate import initiatives
from validate.report import Part, Table, at_most, percent
from validate.stocks import points, register

AREAS = 91
SHARES = (0.01, 0.03, 0.12, 0.30, 0.60)
CLEAR = ("much_higher", "higher", "lower", "much_lower")
#: The part of a register that stays from year to year; 0 is a new sample each year.
KEPT = (0.0, 0.7, 0.9, 0.98)
RULES = ("five", "long", "relative")


def sizes(rng: np.random.Generator, cities: int) -> np.ndarray:
    """Return sizes of areas as in a Swedish city: cities × areas."""
    return np.clip(2000 * np.exp(rng.normal(0, 0.6, (cities, AREAS))), 100, 9000).astype(int)


def called(counts: np.ndarray, trials: np.ndarray, minimum: float) -> np.ndarray:
    """Return +1, −1 or 0: whether each area is called clearly above or below the rest of its city."""
    city = [np.repeat(x.sum(axis=1), AREAS).astype(float) for x in (counts, trials)]
    o, n = counts.ravel().astype(float), trials.ravel().astype(float)
    low, high = wilson(o, n)
    words = difference.compare(
        difference=100 * (o / n - city[0] / city[1]),
        area=(o, n),
        rest=(city[0] - o, city[1] - n),
        half_width=(high - low) / 2,
        minimum=np.full(len(o), minimum),
        testable=np.ones(len(o), bool),
        family=np.repeat(np.arange(len(counts)), AREAS),
        noise=np.zeros(len(o)),
    )
    sign = np.select([np.isin(words, CLEAR[:2]), np.isin(words, CLEAR[2:])], [1, -1], 0)
    return sign.reshape(counts.shape)


def of_difference(rng: np.random.Generator, cities: int, share: float, minimum: float) -> float:
    """Return the part of cities without any difference in which some area is called different."""
    trials = sizes(rng, cities)
    return float((called(rng.binomial(trials, share), trials, minimum) != 0).any(axis=1).mean())


def of_mixed(rng: np.random.Generator, cities: int, share: float, apart: float) -> tuple[float, float]:
    """Return the mean part of false calls among all calls, and the part of true differences that are found.

    A fifth of the areas differ by about `apart`, as much up as down, so that the others are exactly as the rest.
    """
    trials = sizes(rng, cities)
    differs = rng.random(trials.shape) < 0.2
    delta = np.where(
        differs, apart * rng.choice([-1, 1], trials.shape) * rng.uniform(0.5, 1.5, trials.shape), 0.0
    )
    people = np.where(differs, trials, 0)
    middle = (delta * people).sum(axis=1, keepdims=True) / np.maximum(people.sum(axis=1, keepdims=True), 1)
    delta = np.where(differs, delta - middle, 0.0)
    sign = called(rng.binomial(trials, np.clip(share + delta, 0.001, 0.999)), trials, 0.0)
    false = (sign != 0) & (sign != np.sign(delta))
    calls = (sign != 0).sum(axis=1)
    found = ((sign != 0) & ~false).sum() / differs.sum()
    return float((false.sum(axis=1) / np.maximum(calls, 1)).mean()), float(found)


def of_trends(rng: np.random.Generator, areas: int, keep: float) -> dict[str, float]:
    """Return the part of areas that are called rising or falling where nothing has changed, per rule."""
    five, long, apart = [], [], []
    for size in (300, 1500):
        for share in (0.05, 0.3):
            series = points(*register(rng, areas, size, np.full(10, share), keep))
            rest = points(*register(rng, areas, 90 * size, np.full(10, share), keep))
            five += [trend.assess(s).code in ("up", "down") for s in series]
            long += [long_trend.assess(s).code in ("up", "down") for s in series]
            apart += [
                relative.assess(s, _together(s, r)).code in ("rising", "falling")
                for s, r in zip(series, rest, strict=True)
            ]
    return {"five": float(np.mean(five)), "long": float(np.mean(long)), "relative": float(np.mean(apart))}


def _together(area: list, rest: list) -> list:
    counts, trials = (
        np.array([[getattr(p, name) + getattr(q, name) for p, q in zip(area, rest, strict=True)]])
        for name in ("numerator", "denominator")
    )
    return points(counts, trials)[0]


def of_clusters(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Return the part of maps without any pattern in which some area is called part of one."""
    borders = pack.load(Path(__file__).parents[2] / "data").boundaries
    of = neighbours.queen(borders).of
    ids = sorted(of)
    found: dict[str, list[bool]] = {"values": [], "rates": []}
    for _ in range(runs):
        trials = pd.Series(sizes(rng, 1)[0][: len(ids)], ids)
        real = np.clip(rng.normal(0.15, 0.05, len(ids)), 0.01, 0.9)
        shrunk = shrink(pd.Series(rng.binomial(trials, real), ids), trials).value
        for name, values in (("values", pd.Series(rng.normal(size=len(ids)), ids)), ("rates", shrunk)):
            found[name].append(bool((local_moran.local_moran(values, of, rng).code != "none").any()))
    return {name: float(np.mean(some)) for name, some in found.items()}


def of_cities(seeds: range) -> pd.DataFrame:
    """Return every clear movement from the city in made-up cities: indicator, area, own (0: false)."""
    return pd.DataFrame([row for seed in seeds for row in _movements(seed)])


def _movements(seed: int) -> Iterator[dict]:
    made, truth = initiatives.city(seed), demo.trends(seed)
    truth["moves"] = truth["own"] + truth["initiatives"]
    for row in truth.itertuples():
        series = made.series(row.area, row.indicator)[-1:]
        city = made.series(made.pack.info.city, row.indicator)[-1:]
        found = relative.assess([p for s in series for p in s.points], [p for s in city for p in s.points])
        if found.code in ("rising", "falling", "with_city"):
            yield {"code": found.code, "moves": row.moves}


def run(quick: bool) -> Part:
    """Look for what is not there."""
    rng = np.random.default_rng(20261127)
    cities, areas, maps = (200, 100, 20) if quick else (3000, 2000, 200)
    alone = {share: of_difference(rng, cities, share, 0.0) for share in SHARES}
    gated = {share: of_difference(rng, cities, share, 1.0) for share in SHARES}
    mixed = {apart: of_mixed(rng, cities, 0.15, apart) for apart in (0.02, 0.05, 0.10)}
    trends = {keep: of_trends(rng, areas, keep) for keep in KEPT}
    clusters = of_clusters(rng, maps)
    moved = of_cities(range(1, 3 if quick else 13))
    calls = moved[moved["code"] != "with_city"]
    false = float((calls["moves"] == 0).mean())
    still = moved[moved["moves"] == 0]
    alarm = float((still["code"] != "with_city").mean())
    series = 4 * areas
    five = max(t["five"] for t in trends.values())
    claims = (
        at_most(
            "difference", "difference, no area differs: some area called clear", max(alone.values()), cities
        ),
        at_most(
            "difference_mixed",
            "difference, a fifth differ: false among calls",
            max(m[0] for m in mixed.values()),
            cities,
        ),
        at_most(
            "trend", "five-point trend, nothing has changed: area called rising or falling", five, series
        ),
        at_most("long", "long trend, nothing has changed", max(t["long"] for t in trends.values()), series),
        at_most(
            "relative",
            "movement from the city, nothing has changed",
            max(t["relative"] for t in trends.values()),
            series,
        ),
        at_most(
            "moved",
            "movement from the city, made-up cities: area without a movement of its own",
            alarm,
            len(still),
        ),
        at_most("moved_false", "… false among calls", false, len(calls)),
        at_most("lisa", "clusters, no pattern: some area called part of one", clusters["values"], maps),
        at_most("lisa_rates", "clusters of shrunken shares, no pattern", clusters["rates"], maps),
    )
    chance = Table(
        ("share in all areas", "by chance alone", "and at least 1 percentage point"),
        tuple((percent(s, 0), percent(alone[s], 2), percent(gated[s], 2)) for s in SHARES),
    )
    real = Table(
        ("a fifth differ by about", "false among calls", "true differences found"),
        tuple((f"{100 * a:.0f} points", percent(f, 2), percent(p)) for a, (f, p) in mixed.items()),
    )
    years = Table(
        (
            "stay from year to year",
            "five points",
            "long",
            "from the city",
            f"five points, somewhere among {AREAS}",
        ),
        tuple(
            (
                percent(keep, 0),
                *(percent(found[n], 2) for n in RULES),
                percent(1 - (1 - found["five"]) ** AREAS),
            )
            for keep, found in trends.items()
        ),
    )
    return Part(
        title="False discoveries",
        how=f"Cities of {AREAS} areas of 100 to 9 000 persons (median 2 000). *Difference*: {cities} cities per row. *Trends*: {areas} "
        "areas for each of 300 and 1 500 persons and shares of 5 and 30 %, ten years; registers keep a part of their people from "
        f"year to year, so years hang together. *Clusters*: {maps} maps with Malmö's neighbours and 9 999 permutations. *Made-up cities*: "
        "the demonstration pack with other seeds, where all areas follow the city and some have a movement of their own.",
        claims=claims,
        tables=(chance, real, years),
        remarks=(
            "The rules for trends hold their level for *each area*, not for a whole map: they are not adjusted for how many areas are "
            "looked at. Where each year is a new sample – surveys, crimes – a map of 91 areas of which none has changed shows a false "
            "trend somewhere as often as the last column says. Most figures are registers of mostly the same people, and there false "
            "trends are all but absent.",
        ),
    )
