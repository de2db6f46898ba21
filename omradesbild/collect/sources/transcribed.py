"""Figures that were read in published copies and are kept beside the pack, in ``transcribed/``: nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from omradesbild.collect.client import Client
from omradesbild.collect.fault import CollectError
from omradesbild.collect.plan import Plan
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.source import Progress
from omradesbild.collect.store import Store
from omradesbild.model import Source

KEY = "deso_regso.csv"


class Transcribed:
    """The pack's own transcriptions. Their sources stand in its catalogue already."""

    name = "transcribed"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Do nothing: what was read by people is in the pack."""

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return the readings of each file, for the kommun of the plan."""
        folder = _folder(plan)
        for path in sorted(folder.glob("*.csv")):
            if path.name != KEY:
                frame = _read(path, COLUMNS)
                frame = frame[frame["area"].map(plan.covers)]
                yield frame.assign(value=_numbers(frame["value"], path))

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return nothing."""
        return iter(())

    def key(self, plan: Plan) -> pd.DataFrame:
        """Return the key that was read: deso, regso, vintage, source."""
        return _read(_folder(plan) / KEY, ["deso", "regso", "vintage", "source"])


def _folder(plan: Plan) -> Path:
    return plan.folder.parent / "transcribed"


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise CollectError(
            str(path), "en fil som inte går att läsa", f"en CSV-fil med {', '.join(columns)}", "Hämta filen på nytt"
        ) from error
    if list(frame.columns) != columns:
        raise CollectError(str(path), f"kolumnerna {', '.join(frame.columns)}", ", ".join(columns), "Rätta rubrikraden")
    return frame


def _numbers(text: pd.Series, path: Path) -> pd.Series:
    try:
        return pd.to_numeric(text.where(text != ""))
    except ValueError as error:
        raise CollectError(str(path), str(error), "tal med decimalpunkt, eller tomt", "Rätta raden") from error
