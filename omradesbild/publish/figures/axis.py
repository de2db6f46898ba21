"""Scales, ticks and places of labels: the arithmetic of the figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: A value axis begins at zero when that costs at most this share of its length.
ZERO_COSTS = 0.45
#: A value axis covers at least this share of the value farthest from zero: two homes more or fewer out of
#: two thousand must not look like a fall and a rise.
LEAST_REACH = 0.2


@dataclass(frozen=True)
class Scale:
    """A straight line from values to places: `low` → `start`, `high` → `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value stands."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.start + share * (self.end - self.start)


def reach(values: Sequence[float], *, zero: bool | None = None) -> tuple[float, float]:
    """Return the ends of an honest axis: zero where there is room for it, never magnified beyond a fifth.

    Parameters
    ----------
    values
        At least one.
    zero : bool, optional
        Whether zero must be on the axis; by default it is when that leaves the values enough room.

    Returns
    -------
    tuple of float
        What encloses the values. Where they lie too close together the axis is drawn out towards zero.
    """
    low, high = min(values), max(values)
    if zero or (zero is None and 0 <= low <= ZERO_COSTS * high):
        low, high = min(low, 0.0), max(high, 0.0)
    if low > 0:
        low = min(low, (1 - LEAST_REACH) * high)
    if high < 0:
        high = max(high, (1 - LEAST_REACH) * low)
    return (low, high) if low < high else (low - 1.0, high + 1.0)


def ticks(values: Sequence[float], number: int = 5, *, zero: bool | None = None) -> list[float]:
    """Return round numbers that enclose the values' `reach`, about `number` of them."""
    low, high = reach(values, zero=zero)
    rough = (high - low) / number
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999) * power
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def decimals(numbers: Sequence[float]) -> int:
    """Return how many decimals all of the numbers need, at most six."""
    return next(d for d in range(7) if d == 6 or all(abs(round(n, d) - n) < 1e-9 for n in numbers))


def year_of(period: str) -> float:
    """Place a period or a date on a time axis: 2022 → 2022; 2022/23 → 2022.5; 2022K3 → 2022.5; 2022-07 → 2022.5."""
    year = int(period[:4])
    if "K" in period:
        return year + (int(period.split("K")[1]) - 1) / 4
    if "-" in period:
        return year + (int(period[5:7]) - 1) / 12
    return year + (0.5 if "/" in period else 0.0)


def years(first: float, last: float, most: int) -> list[int]:
    """Return the whole years that are written on an axis: the last one and evenly back, `most` at most."""
    low, high = math.ceil(first), math.floor(last)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if (high - low) // s + 1 <= most), 100)
    return [year for year in range(low, high + 1) if (high - year) % step == 0]


def apart(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move the centres of labels so that none overlap, as little as possible, between `low` and `high`.

    Neighbours that overlap are joined into a block, which stands at the mean of what its members want
    (pooled adjacent violators). Where there is no room for all, they fill it and run past `high`.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    blocks: list[list[int]] = []

    def top(block: list[int]) -> float:
        offset, wanted = 0.0, []
        for i in block:
            wanted.append(places[i] - offset - sizes[i] / 2)
            offset += sizes[i]
        return max(low, min(sum(wanted) / len(wanted), high - offset))

    for i in order:
        blocks.append([i])
        while (
            len(blocks) > 1 and top(blocks[-2]) + sum(sizes[j] for j in blocks[-2]) > top(blocks[-1]) + 1e-9
        ):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    found = [0.0] * len(places)
    for block in blocks:
        edge = top(block)
        for i in block:
            found[i] = edge + sizes[i] / 2
            edge += sizes[i]
    return found


def lanes(spans: Sequence[tuple[float, float]], gap: float = 6.0) -> list[int]:
    """Put spans into as low a lane each as leaves a gap to those before it."""
    found: list[int] = []
    for left, right in spans:
        near = [
            n for n, (low, high) in enumerate(spans[: len(found)]) if left < high + gap and low < right + gap
        ]
        taken = {found[n] for n in near}
        found.append(next(lane for lane in range(len(spans)) if lane not in taken))
    return found
