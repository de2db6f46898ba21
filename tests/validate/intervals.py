"""Do the intervals of shares and events hold the truth as often as they say? Computed exactly, not simulated."""

from __future__ import annotations

import numpy as np
from scipy import stats

from omradesbild.analyse.interval import poisson, ratio_noise, wilson, with_noise
from validate.plots import line, sheet, target
from validate.report import Part, Plot, Table, percent, within

SIZES = (30, 50, 100, 300, 800, 1500, 4000)
SHARES = (0.02, 0.60)
#: Persons: the standard deviation of the noise in a RegSO count from 2025 (six published counts of 3 each).
NOISE = 3 * 6**0.5
#: Expected numbers of those who are fewest: with and without.
CLASSES = ((0, 1), (1, 5), (5, 10), (10, 50), (50, np.inf))
EVENTS = ((0.1, 1), (1, 5), (5, 10), (10, 20), (20, 100), (100, 1000))


def of_wilson(trials: int, shares: np.ndarray) -> np.ndarray:
    """Return how probable it is that Wilson's interval holds the true share, for each of `shares`."""
    seen = np.arange(trials + 1)
    low, high = wilson(seen, trials)
    held = (low <= shares[:, None]) & (shares[:, None] <= high)
    return (stats.binom.pmf(seen, trials, shares[:, None]) * held).sum(axis=1)


def of_poisson(means: np.ndarray) -> np.ndarray:
    """Return how probable it is that the interval of a number of events holds its true mean."""
    seen = np.arange(int(means.max() + 12 * np.sqrt(means.max()) + 30))
    low, high = poisson(seen)
    held = (low <= means[:, None]) & (means[:, None] <= high)
    return (stats.poisson.pmf(seen, means[:, None]) * held).sum(axis=1)


def of_noise(
    rng: np.random.Generator, runs: int, trials: int, share: float, deviation: float
) -> tuple[float, float]:
    """Return how often the interval holds the true share when both counts carry rounded noise: plain, widened."""
    o, n = (
        np.maximum(counts + np.round(rng.normal(0, deviation, runs)), 0)
        for counts in (rng.binomial(trials, share, runs), np.full(runs, trials))
    )
    o = np.minimum(o, n)
    low, high = wilson(o, n)
    wide = with_noise(o / n, low, high, ratio_noise(o / n, n, deviation))
    return tuple(float(((a <= share) & (share <= b)).mean()) for a, b in ((low, high), wide))


def run(quick: bool) -> Part:
    """Average the probability over shares from 2 to 60 per cent and over means from 0.1 to 1 000."""
    shares = np.linspace(*SHARES, 60 if quick else 600)
    by_size = {n: of_wilson(n, shares) for n in SIZES}
    fewest = np.concatenate([n * np.minimum(shares, 1 - shares) for n in SIZES])
    every = np.concatenate(list(by_size.values()))
    classes = [(low, high, every[(fewest >= low) & (fewest < high)]) for low, high in CLASSES]
    means = {limits: of_poisson(np.geomspace(*limits, 40 if quick else 400)) for limits in EVENTS}
    few = np.concatenate([means[limits] for limits in EVENTS[:3]])
    many = np.concatenate([means[limits] for limits in EVENTS[3:]])
    worst = min(held.mean() for n, held in by_size.items() if n >= 50)
    best = max(held.mean() for n, held in by_size.items() if n >= 50)
    enough = every[fewest >= 5]
    rng, runs = np.random.default_rng(20261126), 2_000 if quick else 100_000
    noisy = {
        (n, p): of_noise(rng, runs, n, p, NOISE) for n in (300, 800, 1500, 4000) for p in (0.05, 0.15, 0.30)
    }
    widened = float(np.mean([wide for _, wide in noisy.values()]))
    claims = (
        within(
            "wilson_low",
            "Wilson, shares 2–60 %, the size (≥ 50) with the lowest mean: 95 ± 1 %",
            worst,
            0.94,
            0.96,
        ),
        within("wilson_high", "… with the highest mean: 95 ± 1 %", best, 0.94, 0.96),
        within(
            "wilson_enough",
            "Wilson, at least five expected with and without, mean: 95 ± 1 %",
            enough.mean(),
            0.94,
            0.96,
        ),
        within("byar", "Byar, ten events or more, mean: 95 ± 1 %", many.mean(), 0.94, 0.96),
        within("exact_safe", "exact, below ten events: never below 95 %", few.min(), 0.95 - 1e-9, 1.0),
        within("noise", "shares whose counts carry noise, widened, mean: 95 ± 1 %", widened, 0.94, 0.96),
        within("exact", "exact, below ten events, mean: 95 ± 1 %", few.mean(), 0.94, 0.96),
    )
    rows = [
        (
            f"share, {_range(low, high)} expected",
            percent(held.mean()),
            percent(held.min()),
            percent(held.max()),
        )
        for low, high, held in classes
    ]
    rows += [
        (
            f"events, {_range(*limits)} expected",
            percent(held.mean()),
            percent(held.min()),
            percent(held.max()),
        )
        for limits, held in means.items()
    ]
    return Part(
        title="Intervals of a figure",
        how="The probability that the 95 % interval holds the true share or mean, summed over all outcomes. Sizes "
        f"{', '.join(map(str, SIZES))}; {len(shares)} shares evenly from 2 to 60 %; means of events on a logarithmic scale. "
        "*Expected* is the expected number of those who are fewest, with the property or without. "
        f"*Noise*: {runs} simulations per row with a standard deviation of {NOISE:.1f} persons in numerator and denominator, as Statistics "
        "Sweden has added since 2025.",
        claims=claims,
        tables=(
            Table(("", "mean", "lowest", "highest"), tuple(rows)),
            Table(
                ("with noise in both counts", "Wilson alone", "widened by the noise"),
                tuple(
                    (f"{n} persons, {percent(p, 0)}", percent(a), percent(b))
                    for (n, p), (a, b) in noisy.items()
                ),
            ),
        ),
        plots=(_plot(shares, by_size),),
        remarks=(
            "A single combination of size and share can lie lower than the mean: counts are whole numbers, and no interval is exact "
            "for all. Where fewer than five are expected the coverage jumps with every person, and the app calls such an area too "
            "small to compare. The exact interval below ten events is meant to be on the safe side, and is therefore wider than 95 %: "
            "the promise is missed upwards, by design (the rule of the English public health profiles).",
        ),
    )


def _range(low: float, high: float) -> str:
    return f"{low:g} or more" if np.isinf(high) else f"{low:g}–{high:g}"


def _plot(shares: np.ndarray, by_size: dict[int, np.ndarray]) -> Plot:
    figure, (axes,) = sheet()
    target(axes, 94, 96)
    edges = np.linspace(*SHARES, 15)
    middle = 50 * (edges[1:] + edges[:-1])
    for number, n in enumerate((50, 300, 1500)):
        part = np.clip(np.digitize(shares, edges) - 1, 0, len(middle) - 1)
        line(
            axes,
            number,
            middle,
            [100 * by_size[n][part == k].mean() for k in range(len(middle))],
            f"{n} persons",
        )
    axes.set(ylim=(91, 99), xlabel="true share, %", ylabel="holds the truth, %")
    axes.legend(ncols=3, loc="upper right")
    alt = (
        "Wilson's interval holds the true share in 94 to 96 per cent of cases from 50 persons up, "
        "for all shares but the very smallest"
    )
    return Plot("validation-intervals.svg", alt, figure)
