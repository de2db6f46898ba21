"""Do the rank intervals of the index hold the true ranks?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.analyse.index import Part as Indicator
from omradesbild.analyse.index import index
from omradesbild.model import Direction, Kind
from validate.plots import line, sheet, target
from validate.report import Part, Plot, Table, percent, within

AREAS, INDICATORS = 91, 4
SIZES = (200, 500, 1500, 4000)
#: Standard deviation of the true shares between areas, around 20 per cent.
SPREADS = (0.015, 0.03, 0.06)


@dataclass(frozen=True)
class Found:
    """How often the interval holds the true rank, its mean width, and how much of the spread is real."""

    held: float
    width: float
    reliability: float


def counted(name: str, o: np.ndarray, n: np.ndarray) -> Indicator:
    """Return an indicator of shares with counts."""
    figures = pd.DataFrame({"value": 100 * o / n, "numerator": o, "denominator": n})
    figures.index = [f"A{number:02}" for number in range(len(figures))]
    return Indicator(name, Kind.SHARE, Direction.LOWER_BETTER, figures)


def of(rng: np.random.Generator, cities: int, size: int, spread: float, draws: int) -> Found:
    """Draw cities where the indicators have half of their spread in common."""
    held, width, reliability = [], [], []
    weights = {str(j): 1 for j in range(INDICATORS)}
    for _ in range(cities):
        n = np.clip(size * np.exp(rng.normal(0, 0.5, AREAS)), 50, None).round()
        common = rng.normal(size=AREAS)
        mixed = [(common + rng.normal(size=AREAS)) / np.sqrt(2) for _ in weights]
        truth = [np.clip(0.2 + spread * field, 0.005, 0.9) for field in mixed]
        exact = index(
            [counted(str(j), p * 1e9, np.full(AREAS, 1e9)) for j, p in enumerate(truth)],
            weights,
            0,
            draws=2,
        )
        seen = [counted(str(j), rng.binomial(n.astype(int), p).astype(float), n) for j, p in enumerate(truth)]
        found = index(seen, weights, int(rng.integers(2**31)), draws=draws)
        held.append(((found.rank_low <= exact.rank) & (exact.rank <= found.rank_high)).mean())
        width.append((found.rank_high - found.rank_low).mean())
        reliability.append(found.reliability.mean())
    return Found(*(float(np.mean(x)) for x in (held, width, reliability)))


def run(quick: bool) -> Part:
    """Compare ranks with those of the true shares."""
    rng = np.random.default_rng(20261130)
    cities, draws = (4, 100) if quick else (60, 400)
    found = {(n, s): of(rng, cities, n, s, draws) for s in SPREADS for n in SIZES}
    usual = [f for f in found.values() if f.reliability >= 0.5]
    mean, lowest = float(np.mean([f.held for f in usual])), min(f.held for f in usual)
    claims = (
        within(
            "ranks",
            "95 % rank interval, where at least half of the spread is real, mean: 95 ± 2 %",
            mean,
            0.93,
            0.97,
        ),
        within("ranks_low", "… never below 92 %", lowest, 0.92, 1.0),
    )
    table = Table(
        ("median size", "spread between areas", "real", "interval holds the rank", "mean width, of 91"),
        tuple(
            (str(n), f"{100 * s:g} points", percent(f.reliability, 0), percent(f.held), f"{f.width:.0f}")
            for (n, s), f in found.items()
        ),
    )
    return Part(
        title="Ranks of the index",
        how=f"{cities} cities of {AREAS} areas per row, {INDICATORS} indicators around 20 % with half of their spread in common, {draws} redraws. The true rank is "
        "that of the true shares. *Real* is the part of the spread between areas that is not chance.",
        claims=claims,
        tables=(table,),
        plots=(_plot(found),),
        remarks=(
            "The interval is as wide as ranks are uncertain: with small areas and little spread, half of all places. That is what the app shows, "
            "instead of a list of places.",
        ),
    )


def _plot(found: dict[tuple[int, float], Found]) -> Plot:
    figure, (held, width) = sheet(2)
    target(held, 93, 97)
    for number, spread in enumerate(SPREADS):
        label = f"{100 * spread:g} points"
        line(held, number, SIZES, [100 * found[n, spread].held for n in SIZES], label)
        line(width, number, SIZES, [found[n, spread].width for n in SIZES], label)
    for axes in (held, width):
        axes.set(xscale="log", xlabel="persons, median area")
        axes.set_xticks(SIZES, [str(n) for n in SIZES])
        axes.minorticks_off()
    held.set(ylabel="holds the true rank, %", ylim=(80, 100))
    width.set(ylabel="mean width, places of 91", ylim=(0, 91))
    width.legend(title="spread between areas")
    alt = "Rank intervals hold the true rank in about 95 per cent of cases, and are the wider the smaller the areas and the less they differ"
    return Plot("validation-ranks.svg", alt, figure)
