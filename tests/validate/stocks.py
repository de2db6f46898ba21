"""Figures as points of a series, drawn from a truth that is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from omradesbild.analyse.interval import wilson
from omradesbild.demo.people import stock
from omradesbild.model import Kind

SHARE = SimpleNamespace(kind=Kind.SHARE, factor=100.0)
#: The first year of a series.
START = 2011


def points(counts: np.ndarray, trials: np.ndarray) -> list[list[SimpleNamespace]]:
    """Return each row of counts as a series of what a statement says, in per cent."""
    low, high = wilson(counts, trials)
    return [
        [
            SimpleNamespace(
                period=str(START + year),
                value=100 * o / n,
                numerator=o,
                denominator=n,
                low=100 * a,
                high=100 * b,
                indicator=SHARE,
                noise=None,
            )
            for year, (o, n, a, b) in enumerate(zip(*rows, strict=True))
        ]
        for rows in zip(*(x.tolist() for x in (counts, trials, low, high)), strict=True)
    ]


def register(
    rng: np.random.Generator, areas: int, size: int, share: np.ndarray, keep: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and sizes of a register: areas × years; `keep` is the part that stays each year."""
    trials = np.full((areas, len(share)), size)
    return stock(rng, trials, np.tile(share, (areas, 1)), keep), trials
