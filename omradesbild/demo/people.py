"""Who lives in the made-up city: residents by area, year, sex and age, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from omradesbild.demo.city import AREAS, City, stream

YEARS = np.arange(2010, 2026)
AGES = (*(f"{age}-{age + 4}" for age in range(0, 80, 5)), "80+")
SEXES = ("kvinna", "man")
#: Residents of the smallest and largest area in the first year.
SMALLEST, LARGEST = 650, 6000
#: From this year part of each first area is counted in its second.
BORDER_YEAR, MOVED = 2018, 0.25
#: Share of an area's residents that are the same persons, in the same situation, a year later.
KEEP = 0.85
NEW_HOMES_YEAR = 2016


@dataclass(frozen=True)
class People:
    """Residents: `ages` has shape (sexes × ages, areas, years); `moves` are pairs (from, to) of areas.

    `mixed` is the share of each area's residents in each year that came with a moved border.
    """

    ages: np.ndarray
    moves: tuple[tuple[int, int], ...]
    mixed: np.ndarray

    @property
    def all(self) -> np.ndarray:
        """Return residents, shape (areas, years)."""
        return self.ages.sum(axis=0)

    def between(self, low: int, high: int) -> np.ndarray:
        """Return residents aged `low` to `high`, the ends of five-year classes (`high` 120: no end)."""
        at = [n % len(AGES) * 5 for n in range(len(self.ages))]
        return self.ages[[low <= age <= high for age in at]].sum(axis=0)

    def with_border(self, path: np.ndarray) -> np.ndarray:
        """Return the mean of `path` among those who live in each area after the borders moved."""
        joined = path.copy()
        for giver, taker in self.moves:
            share = self.mixed[taker]
            joined[taker] = (1 - share) * path[taker] + share * path[giver]
        return joined


def make(seed: int, city: City) -> People:
    """Draw the residents of all years.

    Size is lognormal (median 3 400, σ 0.6) between `SMALLEST` and `LARGEST`; growth is the city's
    0.8 per cent a year plus the area's own (σ 0.6), and 5 per cent in three smaller areas with new homes.
    """
    rng = stream(seed, "people")
    first = np.clip(3400 * np.exp(rng.normal(0, 0.6, AREAS)), SMALLEST, LARGEST)
    growth = rng.normal(0.008, 0.006, AREAS)
    moves = _moves(city, first, rng)
    settled = {area for pair in moves for area in pair}
    small = [a for a in range(AREAS) if first[a] < 4000 and a not in settled]
    step = np.repeat(growth[:, None], len(YEARS) - 1, axis=1)
    step[np.ix_(rng.choice(small, 3, replace=False), YEARS[1:] >= NEW_HOMES_YEAR)] = 0.05
    total = first[:, None] * np.exp(np.cumsum(np.column_stack([np.zeros(AREAS), step]), axis=1))
    total = total.round().astype(int)
    mixed = np.zeros(total.shape)
    after = BORDER_YEAR <= YEARS
    for giver, taker in moves:
        moved = np.where(after, (MOVED * total[giver]).astype(int), 0)
        total[giver] -= moved
        total[taker] += moved
        mixed[taker] = moved / total[taker]
    return People(_ages(total, city, rng), moves, mixed)


def stock(rng: np.random.Generator, trials: np.ndarray, share: np.ndarray, keep: float = KEEP) -> np.ndarray:
    """Draw how many of the people in a register have something, year after year.

    Parameters
    ----------
    trials, share
        n and p, shape (areas, years).
    keep
        The share κ of people that stay as they are from one year to the next.

    Returns
    -------
    Counts O of shape (areas, years). Each year on its own O ~ Binomial(n, p), exactly; with unchanged
    n and p the correlation between years is κ^(distance).

    Notes
    -----
    Of the K = ⌊κ min(n, n′)⌋ who stay, a hypergeometric number had it. If p rises, each of the others
    gets it with probability (p′ − p)/(1 − p); if p falls, each keeps it with probability p′/p. The
    n′ − K who came (or were drawn anew) have it with probability p′.
    """
    found = np.empty(trials.shape, dtype=int)
    found[:, 0] = rng.binomial(trials[:, 0], share[:, 0])
    for year in range(1, trials.shape[1]):
        n, after, p, later = trials[:, year - 1], trials[:, year], share[:, year - 1], share[:, year]
        stay = (keep * np.minimum(n, after)).astype(int)
        had = rng.hypergeometric(found[:, year - 1], n - found[:, year - 1], stay)
        kept = rng.binomial(had, np.minimum(1, later / p))
        got = rng.binomial(stay - had, np.maximum(0, (later - p) / (1 - p)))
        found[:, year] = kept + got + rng.binomial(after - stay, later)
    return found


def field(city: City, rng: np.random.Generator, reach: float = 2.5, rough: float = 0.4) -> np.ndarray:
    """Return a standardised field over the areas: noise smoothed over `reach` km, plus rough noise."""
    away = np.linalg.norm(city.centres[:, None] - city.centres, axis=2)
    smooth = np.exp(-((away / reach) ** 2) / 2) @ rng.standard_normal(AREAS)
    mix = _standard(smooth) + rough * rng.standard_normal(AREAS)
    return _standard(mix)


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def _moves(city: City, size: np.ndarray, rng: np.random.Generator) -> tuple[tuple[int, int], ...]:
    """Choose two pairs of neighbours outside the named areas; the first gives, the second takes."""
    groups = rng.choice(np.arange(21, 26), 2, replace=False)
    taken = {area for members in city.named.values() for area in members}
    pairs = []
    for group in sorted(groups):
        giver = int(max(city.groups[group], key=lambda area: size[area]))
        taken.add(giver)
        taker = city.neighbour(giver, taken)
        taken.add(taker)
        pairs.append((giver, taker))
    return tuple(pairs)


def _ages(total: np.ndarray, city: City, rng: np.random.Generator) -> np.ndarray:
    """Divide residents into sex and age: a mix of families, young adults and old, ageing slowly."""
    middle = np.arange(len(AGES)) * 5 + 2.5
    bump = [
        np.exp(-(((middle - peak) / width) ** 2)) for peak, width in ((5, 9), (38, 12), (27, 7), (72, 14))
    ]
    families, young, old = bump[0] + bump[1], bump[2], bump[3]
    base = np.where(middle < 65, 0.55, 0.3)
    by_area = np.exp(0.45 * np.array([field(city, rng) for _ in range(3)]))
    shape = sum(
        weight[:, None, None] * part[None, :, None]
        for weight, part in zip(by_area, (families, young, 0.7 * old), strict=True)
    )
    ageing = 1 + 0.01 * np.outer(np.clip(middle - 60, 0, 20) / 20, YEARS - YEARS[0])
    women = np.where(middle > 75, 0.6, 0.49)
    expected = (shape + base[None, :, None]) * ageing
    expected = np.concatenate([expected * share[None, :, None] for share in (women, 1 - women)], axis=1)
    expected /= expected.sum(axis=1, keepdims=True)
    return _divide(total, expected.transpose(1, 0, 2), rng)


def _divide(total: np.ndarray, shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw counts per class (first axis) that add up to `total`: a chain of stocks of those left."""
    left, rest = total.copy(), np.ones(total.shape)
    classes = np.empty(shares.shape, dtype=int)
    for number, share in enumerate(shares[:-1]):
        classes[number] = stock(rng, left, np.clip(share / rest, 1e-9, 1 - 1e-9))
        left, rest = left - classes[number], rest - share
    classes[-1] = left
    return classes
