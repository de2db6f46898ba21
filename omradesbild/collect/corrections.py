"""Corrections: a figure that the source has wrong, put right by a person with a reason, as data (``catalog/corrections.yaml``).

A correction says what the source must still have for it to hold. When the source has mended the figure, or changed it, the
run stops and asks for the correction to be looked at again. A corrected figure carries the flag ``e`` – it is no longer the
source's own – and the correction stands in the pack for everybody to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from pydantic import ValidationError

from omradesbild.collect.fault import CollectError, written
from omradesbild.collect.normalise import Counts
from omradesbild.collect.readings import join_flags
from omradesbild.collect.recipes import Recipes
from omradesbild.model import CorrectedFigure, Correction, Flag
from omradesbild.pack import CORRECTIONS
from omradesbild.reader import Loader

_PARTS = ("value", "numerator", "denominator")
#: Numbers closer than this are the same: figures are kept with three decimals.
SAME = 5e-4


def read(root: Path) -> list[Correction]:
    """Return a pack's corrections; none where it has no such file.

    Raises
    ------
    CollectError
        If the file is not a list of corrections.
    """
    path = root / CORRECTIONS
    if not path.exists():
        return []
    try:
        return [Correction.model_validate(entry) for entry in yaml.load(path.read_text("utf-8"), Loader) or []]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise CollectError(str(path), str(error), "en lista med rättelser", "Rätta filen") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CollectError(f"{path}: {where}", f"{first.get('input')!r:.80}", first["msg"], "Rätta posten") from error


def on_counts(counts: Counts, root: Path, wanted: Recipes) -> Counts:
    """Put counts right, where a corrected figure or a part of it is one count as the source has it: for trying sums."""
    value = counts.value.copy()
    for correction in read(root):
        for part, variable in wanted.single(correction.indicator, correction.group) if correction.status == "active" else ():
            named = (correction.area, counts.areas), (correction.period, counts.periods), (variable, counts.variables)
            if all(name in names for name, names in named):
                at = tuple(names.index(name) for name, names in named)
                right, expected = getattr(correction.put, part), getattr(correction.expect, part)
                if expected is not None and abs(value[at] - expected) < SAME:
                    value[at] = np.nan if right is None else right
    return replace(counts, value=value)


def apply(found: Mapping[str, pd.DataFrame], root: Path) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Put the figures of a run right.

    Returns
    -------
    The observations, and what was done, in Swedish. A correction of a figure that this run did not read does nothing.

    Raises
    ------
    CollectError
        If the source no longer has what a correction expects.
    """
    frames, done = dict(found), []
    for correction in read(root):
        if correction.status != "active":
            continue
        name = f"{correction.area}, {correction.indicator} {correction.period} {correction.group}".strip()
        for file, frame in frames.items():
            hit = np.flatnonzero(
                (frame["area"] == correction.area)
                & (frame["indicator"] == correction.indicator)
                & (frame["period"] == correction.period)
                & (frame["group"] == correction.group)
            )
            if len(hit):
                _demand(frame.iloc[hit[0]], correction, name)
                frames[file] = _put(frame, hit[0], correction.put)
                done.append(f"Rättat: {name}. {correction.reason.sv}")
    return frames, done


def _demand(row: pd.Series, correction: Correction, name: str) -> None:
    expected = correction.expect
    same = str(row["flag"]) == expected.flag and all(
        pd.isna(row[part]) if (want := getattr(expected, part)) is None else abs(row[part] - want) < SAME
        for part in (_PARTS if expected.numerator is not None else _PARTS[:1])
    )
    if not same:
        raise CollectError(
            f"{CORRECTIONS}: {name}", _words(row["value"], str(row["flag"])), _words(expected.value, expected.flag),
            "Källan har ändrat siffran. Se efter om den är rätt nu, och sätt då status: resolved, eller ändra expect",
        )  # fmt: skip


def _words(value: float | None, flag: str) -> str:
    return " ".join(part for part in ("inget värde" if value is None or pd.isna(value) else written(value), flag) if part)


def _put(frame: pd.DataFrame, at: int, right: CorrectedFigure) -> pd.DataFrame:
    changed = frame.assign(flag=frame["flag"].astype("str"))
    for part in _PARTS:
        value = getattr(right, part)
        changed.iloc[at, changed.columns.get_loc(part)] = np.nan if value is None else value
    changed.iloc[at, changed.columns.get_loc("flag")] = join_flags([right.flag, Flag.ESTIMATED])
    return changed
