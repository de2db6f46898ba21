"""Rows of the report, as a table for people and as numbers for machines."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

HEADINGS = ("", "ours", "naive", "ratio", "budget", "")


@dataclass
class Row:
    """One measured quantity; less is better.

    Attributes
    ----------
    ours, naive, budget
        In `unit`; None where not measured or not promised.
    detail
        Further numbers, for the JSON only.
    """

    bench: str
    name: str
    ours: float
    unit: str
    naive: float | None = None
    budget: float | None = None
    detail: dict = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times more the naive page needs."""
        return self.naive / self.ours if self.naive is not None and self.ours else None

    @property
    def verdict(self) -> str:
        """``OK`` or ``over``; empty without a budget."""
        if self.budget is None:
            return ""
        return "OK" if self.ours <= self.budget else "over"

    def as_dict(self) -> dict:
        """Return the row with ratio and verdict."""
        return asdict(self) | {"ratio": self.ratio, "verdict": self.verdict}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed.

    Raises
    ------
    ValueError
        If there are no values.
    """
    if not values:
        raise ValueError("no values were measured; expected at least one")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def load() -> float:
    """Return the machine's load over the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan


def machine() -> dict:
    """Return what the numbers depend on: date, machine, versions, load."""
    import streamlit

    return {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "cpus": os.cpu_count(),
        "load": round(load(), 2),
        "python": platform.python_version(),
        "streamlit": streamlit.__version__,
        "system": platform.platform(terse=True),
    }


def table(rows: Sequence[Row]) -> str:
    """Return the rows as aligned text."""
    cells = [HEADINGS]
    for row in rows:
        ratio = f"{row.ratio:.1f}×" if row.ratio else ""
        figures = [_figure(value, row.unit) for value in (row.ours, row.naive)]
        cells.append(
            (f"{row.bench}: {row.name}", *figures, ratio, _figure(row.budget, row.unit), row.verdict)
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for line in cells:
        first, *rest = line
        right = (text.rjust(width) for text, width in zip(rest, widths[1:], strict=True))
        lines.append("  ".join([first.ljust(widths[0]), *right]).rstrip())
    return "\n".join(lines)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".strip()
