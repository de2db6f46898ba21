"""How large must an area or a change be to be seen?"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from omradesbild.analyse import trend
from validate import discoveries
from validate.plots import line, sheet
from validate.report import Claim, Part, Plot, Table, percent
from validate.stocks import points, register

SIZES = (100, 200, 300, 500, 800, 1500, 3000, 6000)
APART = (0.02, 0.03, 0.05, 0.10)
PER_YEAR = (0.005, 0.01, 0.02)
SHARE = 0.12


def of_difference(rng: np.random.Generator, cities: int, size: int, apart: float) -> float:
    """Return how often an area of `size` persons that is `apart` above its city is called higher.

    The other areas are as the city: the hardest case, because the adjustment is milder where more areas stand out.
    """
    trials = discoveries.sizes(rng, cities)
    trials[:, 0] = size
    share = np.full(trials.shape, SHARE)
    share[:, 0] += apart
    return float((discoveries.called(rng.binomial(trials, share), trials, 1.0)[:, 0] > 0).mean())


def of_trend(rng: np.random.Generator, areas: int, size: int, per_year: float, keep: float) -> float:
    """Return how often a rise by `per_year` over five years is called one."""
    share = SHARE + per_year * np.arange(trend.POINTS)
    return float(
        np.mean([trend.assess(s).code == "up" for s in points(*register(rng, areas, size, share, keep))])
    )


def expected(size: int, per_year: float) -> float:
    """Return the power by the normal approximation, without the rule of leaving points out."""
    middle = SHARE + per_year * (trend.POINTS - 1) / 2
    spread = ((np.arange(trend.POINTS) - (trend.POINTS - 1) / 2) ** 2).sum()
    error = np.sqrt(middle * (1 - middle) / size / spread)
    return float(ndtr(per_year / error - np.sqrt(trend.CHI2_CLEAR)))


def run(quick: bool) -> Part:
    """Draw curves of power by population."""
    rng = np.random.default_rng(20261128)
    cities, areas = (100, 100) if quick else (1500, 1500)
    by_difference = {a: [of_difference(rng, cities, n, a) for n in SIZES] for a in APART}
    by_trend = {b: [of_trend(rng, areas, n, b, 0.0) for n in SIZES] for b in PER_YEAR}
    stock = {b: [of_trend(rng, areas, n, b, 0.9) for n in SIZES] for b in PER_YEAR}
    off = max(abs(by_trend[b][k] - expected(n, b)) for b in PER_YEAR for k, n in enumerate(SIZES))
    five, ten = (by_difference[a][SIZES.index(n)] for a, n in ((0.05, 1500), (0.10, 500)))
    claims = (
        Claim(
            "difference_5",
            "5 points above 12 %, 1 500 persons: found in at least 80 %",
            percent(five),
            five >= 0.8,
        ),
        Claim(
            "difference_10",
            "10 points above 12 %, 500 persons: found in at least 80 %",
            percent(ten),
            ten >= 0.8,
        ),
        Claim(
            "trend_theory",
            "five-point trend: power at most 10 points from theory",
            f"{100 * off:.1f} points",
            off <= (0.2 if quick else 0.1),
        ),
        Claim(
            "grows",
            "power grows with the area, for each difference",
            "yes" if (grows := all(y[-1] >= y[0] for y in by_difference.values())) else "no",
            grows,
        ),
    )

    def table(first: str, curves: dict[float, list[float]], words) -> Table:
        rows = ((words(key), *(percent(value, 0) for value in curve)) for key, curve in curves.items())
        return Table((first, *(f"{n:,}".replace(",", " ") for n in SIZES)), tuple(rows))

    return Part(
        title="What can be seen",
        how=f"An area among {discoveries.AREAS}, where the city has 12 %. *Difference*: {cities} cities per point, all other areas as the city, "
        f"both gates of the app. *Trend*: the five-point rule, {areas} areas per point.",
        claims=claims,
        tables=(
            table("difference, persons:", by_difference, lambda a: f"{100 * a:.0f} points"),
            table("trend, new sample each year:", by_trend, lambda b: f"{100 * b:g} points a year"),
            table("trend, nine of ten stay:", stock, lambda b: f"{100 * b:g} points a year"),
        ),
        plots=(
            _plot(
                "validation-power-difference.svg",
                by_difference,
                lambda a: f"{100 * a:.0f} points",
                "difference from the city",
            ),
            _plot(
                "validation-power-trend.svg",
                by_trend,
                lambda b: f"{100 * b:g} points a year",
                "change per year",
            ),
        ),
        remarks=(
            "An area that is not called different, or not called rising, may still be: below a thousand persons a difference of two or three points, or "
            "half a point a year, is seldom seen. That is why the app writes *ingen tydlig skillnad* and tells the smallest change that it would have seen.",
        ),
    )


def _plot(name: str, curves: dict[float, list[float]], words, what: str) -> Plot:
    figure, (axes,) = sheet()
    for number, (key, curve) in enumerate(curves.items()):
        line(axes, number, SIZES, [100 * value for value in curve], words(key))
    axes.axhline(80, color="#4A5058", linewidth=0.8, zorder=0)
    axes.set(xscale="log", ylim=(-3, 103), xlabel="persons in the area", ylabel="found, %")
    axes.set_xticks(SIZES, [f"{n:,}".replace(",", " ") for n in SIZES], minor=False)
    axes.minorticks_off()
    figure.legend(title=what, loc="outside right upper")
    needed = [
        next((f"{n} persons" for n, v in zip(SIZES, c, strict=True) if v >= 0.8), "more than 6000")
        for c in curves.values()
    ]
    each = "; ".join(f"{words(key)}: {size}" for key, size in zip(curves, needed, strict=True))
    return Plot(
        name, f"How large an area must be for a {what} to be found in four cases of five – {each}", figure
    )
