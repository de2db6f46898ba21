"""Add areas together: the figures of named areas, districts and the city from those of the basic areas.

A ratio is added through its parts, Σ numerator / Σ denominator × factor – never by averaging
shares, which would weigh a street as much as a suburb. What has no parts (medians, classes,
indices) is not added. A single missing part leaves the whole without a value: a sum over the
parts that happen to be known is a figure for another area.

From reference year 2025 Statistics Sweden adds a small random number to every count of
persons (the cell key method), totals too. Sums of *k* counts carry that noise √k times. The
sums are published as they come out and never repaired.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.analyse.flags import BIT, NO_VALUE_BITS, TEXTS, to_bits
from omradesbild.model import ADDABLE_KINDS, RATIO_KINDS, Area, Flag, Level

KEY = ["indicator", "period", "group"]
SERIES = ["indicator", "group"]
NUMBERS = ["value", "numerator", "denominator"]

#: Why a composed figure is as it is.
REASONS = (
    "",
    "sum_of_areas",  # the city's figure is the sum of the basic areas, not the source's own
    "suppressed",  # a member is suppressed, or the figure is hidden by the engine's own rule
    "capped",  # beyond the limits that its indicator shows: the value is the limit
    "member_missing",  # a member is not reported
    "not_applicable",  # there is nothing to divide by
    "not_addable",  # the kind of indicator cannot be added
    "no_counts",  # a member's ratio came without numerator and denominator
    "small",  # a reader's own sum that breaks the indicator's rule
    "differencing",  # a reader's own sum that differs from a published one by an area that is not shown
    "apportioned",  # a reader's own area cuts others, which give as much as they give of their surface
)


@dataclass(frozen=True)
class Grid:
    """The basic areas' figures, as arrays of shape (keys, areas); keys as in `KEY`."""

    keys: pd.DataFrame
    areas: dict[str, int]
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    bits: np.ndarray
    source: np.ndarray
    present: np.ndarray
    sources: pd.Index


def compose(pack) -> pd.DataFrame:
    """Return every figure of the pack, own and composed.

    Parameters
    ----------
    pack : omradesbild.pack.Pack
        Only `info`, `areas`, `indicators` and `observations` are read.

    Returns
    -------
    DataFrame
        One row per area, indicator, period and group: the observations' columns plus `level`,
        `composed` (bool), `reason` (one of `REASONS`) and `bits` (the flags as a number).
        Texts are categories, in the pack's order (periods and groups alphabetically); rows are
        sorted by indicator, group, period and area.

    Notes
    -----
    An area's own observation always wins. A level of areas that has any observation of its own
    for an indicator and group is not composed for it: two makings never share a series. The
    city and a country's kommuner alone are filled in row by row, and say so with the reason ``sum_of_areas``.
    """
    own = _own(pack)
    grid = grid_of(own, pack)
    composite = [area for area in pack.areas.values() if _is_composite(area, pack)]
    free = _free(grid.keys, own, composite, pack)
    added = [_add(grid, free[area.id], area, pack) for area in composite]
    more = [pd.concat(added, ignore_index=True)[list(own)].astype(own.dtypes)] if added else []
    return _tidy(pd.concat([own, *more], ignore_index=True), pack)


def members_of(area: Area, pack) -> tuple[str, ...]:
    """Return the basic areas that make up `area`: those listed, or for the city all of them."""
    if area.members or area.id != pack.info.city:
        return area.members
    return tuple(a.id for a in pack.areas.values() if a.level == pack.info.base_level)


def _is_composite(area: Area, pack) -> bool:
    return area.level != pack.info.base_level and bool(members_of(area, pack))


def _own(pack) -> pd.DataFrame:
    """Return the observations; their texts are categories from here on, in the pack's order."""
    found = pack.observations
    group = found["group"].astype("category")
    orders = {
        "area": list(pack.areas),
        "indicator": list(pack.indicators),
        "period": sorted(found["period"].unique()),
        "group": sorted({"", *group.cat.categories}),
        "source": list(pack.sources),
    }
    texts = {name: _in_order(found[name], order) for name, order in orders.items()}
    texts["group"] = texts["group"].fillna("")
    frame = pd.DataFrame({**texts, **{name: found[name] for name in NUMBERS}}, copy=False)
    reason = pd.Categorical.from_codes(np.zeros(len(frame), "int8"), REASONS)
    return frame.assign(bits=to_bits(found["flag"]), composed=False, reason=reason)


def _in_order(column: pd.Series, order: list[str]) -> pd.Series:
    return column.astype("category").cat.set_categories(order)


def grid_of(own: pd.DataFrame, pack) -> Grid:
    """Spread rows with the columns area, `KEY`, `NUMBERS`, bits and source over a grid of the basic areas."""
    basic = [a.id for a in pack.areas.values() if a.level == pack.info.base_level]
    column = pd.Index(basic).get_indexer(own["area"])
    rows = own[column >= 0]
    column = column[column >= 0]
    number, first = _numbered(rows)
    keys = rows[KEY].iloc[first].reset_index(drop=True)
    shape = (len(keys), len(basic))

    def spread(values, empty) -> np.ndarray:
        grid = np.full(shape, empty)
        grid[number, column] = values
        return grid

    source, sources = pd.factorize(rows["source"])
    return Grid(
        keys=keys,
        areas={area: place for place, area in enumerate(basic)},
        value=spread(rows["value"], np.nan),
        numerator=spread(rows["numerator"], np.nan),
        denominator=spread(rows["denominator"], np.nan),
        bits=spread(rows["bits"], BIT[Flag.NOT_REPORTED]),
        source=spread(source, -1),
        present=spread(True, False),
        sources=pd.Index(sources),
    )


def _numbered(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Number the combinations of `KEY` as they come; return each row's number, and the first row of each."""
    together = np.zeros(len(rows), "int64")
    for name in KEY:
        codes, different = pd.factorize(rows[name])
        together = together * len(different) + codes
    number, different = pd.factorize(together)
    first = np.zeros(len(different), "int64")
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, first


def _add(grid: Grid, free: np.ndarray, area: Area, pack) -> pd.DataFrame:
    """Return the rows of one composite area for the keys that are `free` to be composed."""
    columns = [grid.areas[member] for member in members_of(area, pack)]
    wanted = grid.present[:, columns].any(axis=1) & free
    at = np.ix_(np.flatnonzero(wanted), columns)
    rows = grid.keys[wanted].assign(area=area.id, composed=True)
    figures = _copied(grid, at) if len(columns) == 1 else summed(grid, at, rows["indicator"], pack.indicators)
    rows = rows.assign(**figures, source=first_source(grid, at))
    if _by_rows(area, pack):
        rows.loc[rows["reason"] == "", "reason"] = "sum_of_areas"
    return rows


def _by_rows(area: Area, pack) -> bool:
    """Tell whether an area has its sum for each figure that it lacks itself: the city, or a kommun of a country."""
    return area.id == pack.info.city or area.id in pack.kommuner


def _free(keys: pd.DataFrame, own: pd.DataFrame, composite: Iterable[Area], pack) -> dict[str, np.ndarray]:
    """Tell for each composite area for which keys no observations keep it from being composed."""
    levels: dict[Level, list[str]] = {}
    single = []
    for area in composite:
        (single if _by_rows(area, pack) else levels.setdefault(area.level, [])).append(area.id)
    rows = own[own["area"].isin(single)]
    taken = np.zeros((len(single), len(keys) + 1), bool)  # the last: keys that no basic area has
    at = pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(rows[KEY]))
    taken[pd.Index(single).get_indexer(rows["area"]), at] = True
    free = dict(zip(single, ~taken[:, :-1], strict=True))
    series = pd.MultiIndex.from_frame(keys[SERIES])
    for level, areas in levels.items():
        others = [a.id for a in pack.areas.values() if a.level == level and not _by_rows(a, pack)]
        known = own.loc[own["area"].isin(others), SERIES].drop_duplicates()
        free |= dict.fromkeys(areas, ~series.isin(pd.MultiIndex.from_frame(known)))
    return free


def _copied(grid: Grid, at) -> dict:
    """Return the one member's figures: the same people, so also medians and classes hold."""
    bits = grid.bits[at][:, 0]
    reason = np.full(len(bits), "", dtype=object)
    reason[bits & BIT[Flag.NOT_APPLICABLE] > 0] = "not_applicable"
    reason[bits & BIT[Flag.NOT_REPORTED] > 0] = "member_missing"
    reason[bits & BIT[Flag.SUPPRESSED] > 0] = "suppressed"
    return {name: getattr(grid, name)[at][:, 0] for name in (*NUMBERS, "bits")} | {"reason": reason}


def summed(grid: Grid, at, indicator: pd.Series, indicators, weights=1.0) -> dict:
    """Return sums over the members: Σ w value for counts, factor × Σ w num / Σ w den for ratios.

    `at` is an index of `grid`: keys × members; `weights` are the members' w, 1 for whole areas.
    """
    kind = indicator.map({i: ind.kind for i, ind in indicators.items()}).to_numpy()
    ratio = np.isin(kind, list(RATIO_KINDS))
    factor = indicator.map({i: ind.factor for i, ind in indicators.items()}).to_numpy(float)
    members, numerator, denominator = (
        weights * column[at] for column in (grid.value, grid.numerator, grid.denominator)
    )
    numerator, denominator = numerator.sum(axis=1), denominator.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(ratio, factor * numerator / denominator, members.sum(axis=1))
    bits = grid.bits[at]
    joined = np.bitwise_or.reduce(bits, axis=1) if len(bits) else np.zeros(0, np.uint8)
    empty = np.isnan(members)
    reason = np.select(
        [
            ~np.isin(kind, list(ADDABLE_KINDS)),
            joined & BIT[Flag.SUPPRESSED] > 0,
            (bits & BIT[Flag.NOT_APPLICABLE] > 0).all(axis=1),
            empty.any(axis=1),
            ratio & (np.isnan(numerator) | np.isnan(denominator)),
            ratio & (denominator == 0),
        ],
        ["not_addable", "suppressed", "not_applicable", "member_missing", "no_counts", "not_applicable"],
        default="",
    ).astype(object)
    lost = reason != ""
    flag_of = {"suppressed": BIT[Flag.SUPPRESSED], "member_missing": BIT[Flag.NOT_REPORTED]}
    instead = np.array([flag_of.get(r, BIT[Flag.NOT_APPLICABLE]) for r in reason], dtype=np.uint8)
    return {
        "value": np.where(lost, np.nan, value),
        "numerator": np.where(lost | ~ratio, np.nan, numerator),
        "denominator": np.where(lost | ~ratio, np.nan, denominator),
        "bits": np.where(lost, instead, joined & ~NO_VALUE_BITS),
        "reason": reason,
    }


def first_source(grid: Grid, at) -> np.ndarray:
    """Return the source of the first member that has a row."""
    present = grid.present[at]
    first = present.argmax(axis=1)
    return grid.sources.to_numpy()[grid.source[at][np.arange(len(first)), first]]


def _tidy(frame: pd.DataFrame, pack) -> pd.DataFrame:
    level = np.array([list(Level).index(a.level) for a in pack.areas.values()])
    frame["level"] = pd.Categorical.from_codes(level[frame["area"].cat.codes], [x.value for x in Level])
    by = [frame[c].cat.codes.to_numpy() for c in ("area", "period", "group", "indicator")]
    frame = frame.iloc[np.lexsort(by)].reset_index(drop=True)
    return frame[["area", "level", *KEY, *NUMBERS, "source", "composed", "reason", "bits"]]


def flag_texts(bits: pd.Series) -> pd.Categorical:
    """Return flags held as numbers as a column of texts."""
    codes, different = pd.factorize(bits.to_numpy(), sort=True)
    return pd.Categorical.from_codes(codes, list(TEXTS[different]))
