"""Rules that figures must follow before they become a version of a pack.

Their form is a pandera schema; what is not of that form stops the run. What is only strange – a sum that differs, a jump
without an acknowledged break – is a remark for a person to judge, since the source may be right. Small numbers that a source
has changed at random to protect people are expected to add up only roughly, and are never mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from omradesbild import checks
from omradesbild.collect import folder
from omradesbild.collect.fault import CollectError, written
from omradesbild.model import NO_VALUE, Break, Indicator, Kind
from omradesbild.pack import INDICATORS
from omradesbild.reader import Loader

#: A change from one year to the next is a jump beyond this many robust standard deviations of all areas' changes …
JUMP = 8.0
#: … and if it is at least this share of the figure before (counts), or this many units (shares).
LEAST_SHARE, LEAST_UNITS = 0.25, 10.0
#: So many remarks of a kind are given; the rest are counted.
MOST = 10


def check(found: Mapping[str, pd.DataFrame], root: Path) -> list[str]:
    """Return remarks on a run's observations, in Swedish.

    Parameters
    ----------
    found
        File → observations.
    root
        The folder of the pack that they go into.

    Raises
    ------
    CollectError
        If a figure is not of the form that the pack has, or cannot be: a share beyond 0–100, an unknown indicator.
    """
    named = {str(id_) for frame in found.values() for id_ in frame["indicator"].unique()}
    indicators, breaks = _indicators(root, named), folder.breaks(root)
    remarks = []
    for file, frame in found.items():
        if unknown := sorted(set(frame["indicator"].unique()) - set(indicators)):
            raise CollectError(
                f"{file}.csv", f"indikatorn {unknown[0]}", "en indikator i katalogen",
                f"Lägg till {INDICATORS}/{unknown[0]}.yaml, eller ta bort receptet",
            )  # fmt: skip
        _form(frame, file)
        _possible(frame, file, indicators)
        remarks += _jumps(frame, indicators, breaks)
    return remarks


def _form(frame: pd.DataFrame, file: str) -> None:
    """Validate the observations' form against a schema; name the first row that breaks it."""
    from pandera.errors import SchemaErrors

    try:
        _schema().validate(frame, lazy=True)
    except SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        at = first["index"]
        place = f"{file}.csv"
        if pd.notna(at):
            row = frame.loc[int(at)]
            place += f": {row['area']}, {row['indicator']} {row['period']} {row['group']}".rstrip()
        raise CollectError(place, f"{first['failure_case']!s:.60}", str(first["check"]), "Se efter i källans svar") from error


@cache
def _schema():
    """Return the form that observations have."""
    import pandera.pandas as pa

    texts = {name: pa.Column(nullable=False) for name in ("area", "indicator", "period", "group", "flag", "source")}
    numbers = {name: pa.Column("float64", pa.Check(_finite, name="ett ändligt tal"), nullable=True) for name in checks.NUMBERS}
    missing = {flag.value for flag in NO_VALUE}
    return pa.DataFrameSchema(
        texts | numbers,
        checks=[
            pa.Check(_said(missing), name="ett värde, eller en flagga som säger varför det saknas"),
            pa.Check(lambda rows: ~rows.duplicated(checks.KEY), name="varje siffra en gång"),
        ],
        strict=True,
    )


def _finite(column: pd.Series) -> pd.Series:
    return column.isna() | np.isfinite(column)


def _said(missing: set[str]):
    """Return a check that there is a value exactly where no flag says why there is none."""

    def check(rows: pd.DataFrame) -> pd.Series:
        texts = rows["flag"].astype("category")
        silent = np.array([bool(set(text.split()) & missing) for text in texts.cat.categories], bool)
        return pd.Series(rows["value"].isna().to_numpy() == silent[texts.cat.codes], rows.index)

    return check


def _possible(frame: pd.DataFrame, file: str, indicators: Mapping[str, Indicator]) -> None:
    for id_, rows in frame.groupby("indicator", observed=True):
        low, high = checks.limits(indicators[str(id_)])
        wrong = rows[(rows["value"] < low) | (rows["value"] > high)]
        if len(wrong):
            row = wrong.iloc[0]
            raise CollectError(
                f"{file}.csv: {row['area']}, {id_} {row['period']}", written(row["value"]), f"{written(low)}–{written(high)}",
                "Se efter i källans svar. Är siffran känd som fel skrivs en rättelse",
            )  # fmt: skip


def _jumps(
    frame: pd.DataFrame, indicators: Mapping[str, Indicator], breaks: Sequence[Break]
) -> list[str]:
    """Return the areas whose change from the year before is far beyond the other areas', where no break explains it."""
    said = []
    years = sorted(period for period in frame["period"].unique() if len(period) == 4)
    yearly = frame[frame["value"].notna() & (frame["group"] == "") & frame["period"].isin(years)]
    for id_, rows in yearly.groupby("indicator", observed=True):
        indicator = indicators[str(id_)]
        if indicator.kind is Kind.CLASS or indicator.kind is Kind.CHANGE:
            continue
        areas, values = _by_year(rows, years)
        counted = indicator.kind in (Kind.COUNT, Kind.MEAN)
        unit = "procentenheter" if indicator.short_unit == "%" else indicator.short_unit
        least = LEAST_SHARE if counted else LEAST_UNITS
        for at, (before, after) in enumerate(pairwise(years)):
            change = values[:, at + 1] - values[:, at]
            known = np.flatnonzero(~np.isnan(change))
            if int(after) != int(before) + 1 or len(known) < 10:
                continue
            change = (change / np.maximum(values[:, at], 1) if counted else change)[known]
            off = np.abs(change - np.median(change))
            spread = 1.4826 * np.median(off)
            for n in np.flatnonzero((off > JUMP * spread) & (off >= least)):
                area, moved = areas[known[n]], float(change[n])
                if not _acknowledged(breaks, str(id_), area, after):
                    moved_by = f"{100 * moved:+.0f} procent" if counted else f"{written(moved, '+.1f')} {unit}"
                    said.append(f"Hopp: {area}, {indicator.title.sv.lower()}, {before}–{after}: {moved_by}. Ingen känd brytning")
    more = len(said) - MOST
    return [*said[:MOST], *([f"… och {more} hopp till"] if more > 0 else [])]


def _by_year(rows: pd.DataFrame, years: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the areas, and their values in each year, NaN where there is none."""
    area, period = (rows[name].astype("category").cat for name in ("area", "period"))
    values = np.full((len(area.categories), len(years)), np.nan)
    values[area.codes, pd.Index(years).get_indexer(period.categories)[period.codes]] = rows["value"]
    return list(area.categories), values


def _acknowledged(breaks: Sequence[Break], indicator: str, area: str, period: str) -> bool:
    return any(
        found.period == period
        and (not found.indicators or indicator in found.indicators)
        and (not found.areas or area in found.areas)
        for found in breaks
    )


def _indicators(root: Path, named: Iterable[str]) -> dict[str, Indicator]:
    """Return the definitions of those of the named indicators that have one."""
    paths = [path for name in sorted(named) if (path := root / INDICATORS / f"{name}.yaml").exists()]
    return {path.stem: Indicator.model_validate(yaml.load(path.read_text("utf-8"), Loader)) for path in paths}
