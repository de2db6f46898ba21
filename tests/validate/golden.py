"""The published numbers that the engine must reproduce, and how many there are."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from validate.report import Table

FILE = Path(__file__).parents[1] / "golden" / "statistics.csv"


def numbers() -> pd.DataFrame:
    """Return the examples: statistic, inputs (JSON), expected (JSON list of numbers), tolerance, source."""
    return pd.read_csv(FILE, dtype={"statistic": str, "inputs": str, "expected": str, "source": str})


def tally() -> Table:
    """Return how many numbers there are per statistic and source."""
    rows = numbers()
    count = rows["expected"].map(json.loads).map(len).groupby([rows["statistic"], rows["source"]]).sum()
    lines = [(f"`{statistic}`", source, str(n)) for (statistic, source), n in count.items()]
    return Table(("statistic", "source", "numbers"), (*lines, ("**all**", "", f"**{count.sum()}**")))
