"""A reader's own areas: basic areas that are added together, whole or in part.

Everything is made of figures that have passed the gate, so an own area tells nothing that could not be added by
hand from what is shown. An area that is the same as a published one has that one's own figures, whole.

A part of a basic area gives as much of its people as of its land: ``Σ wᵢ nᵢ`` for counts and
``factor × Σ wᵢ numᵢ / Σ wᵢ denᵢ`` for ratios, with wᵢ the share of member i's surface. Where people live within a basic
area is not known, so such a figure is an estimate of an approximate area, without interval and not tested against
chance (areal weighting; Goodchild & Lam 1980, Areal interpolation, Geo-Processing 1, 297–312).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from omradesbild.analyse.compose import KEY, NUMBERS, Grid, first_source, grid_of, members_of, summed
from omradesbild.analyse.disclosure import own_choice_refused
from omradesbild.analyse.flags import BIT, to_bits
from omradesbild.analyse.statements import Statements, described
from omradesbild.model import Area, Flag, Level


def with_own(statements: Statements, areas: tuple[Area, ...]) -> Statements:
    """Return the statements together with those of a reader's own areas.

    Parameters
    ----------
    statements : Statements
        Those of a pack, without own areas.
    areas : tuple of Area
        Of the level `Level.CUSTOM`, with members that are basic areas; their ids are not in the pack.

    Returns
    -------
    Statements
        Every statement there was, unchanged, and those of `areas`. Each own area is compared with the rest of the
        city as a test of its own, so that it says the same whatever other areas the reader has made.

    Raises
    ------
    ValueError
        If an area has no members, members that are not basic areas, or an id that is taken.
    """
    if not areas:
        return statements
    _check(areas, statements.pack)
    same = {area.id: same_as(area, statements.pack) for area in areas}
    pack = _pack(statements.pack, areas, same)
    grid = _grid(statements)
    frames = [statements.frame]
    for area in areas:
        copied = _copied(statements.frame, area, same[area.id])
        frames += [copied, _added(statements, pack, grid, area, copied)]
    return Statements(pack, _joined(frames, pack))


def same_as(area: Area, pack) -> Area | None:
    """Return the published area that consists of exactly the same basic areas."""
    if any(share < 1 for share in area.shares):
        return None
    members = frozenset(area.members)
    published = (a for a in pack.areas.values() if a.level is not Level.CUSTOM)
    return next((a for a in published if frozenset(members_of(a, pack) or (a.id,)) == members), None)


def _check(areas: tuple[Area, ...], pack) -> None:
    basic = {area.id for area in pack.areas.values() if area.level == pack.info.base_level}
    for area in areas:
        strange = sorted(set(area.members) - basic)
        if not area.members or strange or len(set(area.members)) < len(area.members):
            found = ", ".join(strange or area.members) or "no area"
            raise ValueError(f"found {found}; expected ids of basic areas, each once")
        if area.level is not Level.CUSTOM or area.id in pack.areas:
            raise ValueError(f"found {area.id!r} ({area.level}); expected an own area with an id that is not taken")


def _pack(pack, areas: tuple[Area, ...], same: dict[str, Area | None]):
    """Return the pack with the areas after the city; a series breaks where that of the same published area does."""
    first = {area.id: area for area in pack.areas.values() if area.level is Level.KOMMUN}
    twins = {own: area.id for own, area in same.items() if area is not None}
    breaks = tuple(
        b.model_copy(update={"areas": (*b.areas, *(own for own, twin in twins.items() if twin in b.areas))})
        for b in pack.breaks
    )
    return replace(pack, areas=first | {area.id: area for area in areas} | dict(pack.areas), breaks=breaks)


@lru_cache(maxsize=4)
def _grid(statements: Statements) -> Grid:
    """Return what is shown of the basic areas, as a grid."""
    frame, pack = statements.frame, statements.pack
    shown = frame.loc[frame["level"] == pack.info.base_level.value, ["area", *KEY, *NUMBERS, "source", "flag"]]
    plain = shown.astype(dict.fromkeys(("area", *KEY, "source"), object))
    return grid_of(plain.assign(bits=to_bits(shown["flag"])), pack)


def _copied(frame: pd.DataFrame, area: Area, same: Area | None) -> pd.DataFrame:
    """Return the rows of the published area that is the same, in the own area's name."""
    rows = frame[frame["area"] == (same.id if same else "")]
    return rows.astype({"area": object, "level": object}).assign(area=area.id, level=Level.CUSTOM.value)


def _added(statements: Statements, pack, grid: Grid, area: Area, copied: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an own area that no published one has."""
    columns = [grid.areas[member] for member in area.members]
    weights = np.array(area.shares or [1.0] * len(columns))
    known = pd.MultiIndex.from_frame(copied[KEY].astype(object))
    wanted = grid.present[:, columns].any(axis=1) & ~pd.MultiIndex.from_frame(grid.keys).isin(known)
    at = np.ix_(np.flatnonzero(wanted), columns)
    rows = grid.keys[wanted].assign(area=area.id, composed=True)
    sums = summed(grid, at, rows["indicator"], pack.indicators, weights)
    beside = _beside(statements, grid, frozenset(area.members), wanted)
    refused = own_choice_refused(sums, beside, rows["indicator"], pack)
    for name in NUMBERS:
        sums[name] = np.where(refused == "", sums[name], np.nan)
    sums["bits"] = np.where(refused == "", sums["bits"], BIT[Flag.SUPPRESSED])
    sums["reason"] = np.where(refused == "", sums["reason"], refused)
    if (weights < 1).any():
        there = ~np.isnan(sums["value"])
        sums["bits"] = sums["bits"] | np.where(there, BIT[Flag.ESTIMATED], np.uint8(0))
        sums["reason"] = np.where(there, "apportioned", sums["reason"])
    rows = rows.assign(**sums, source=first_source(grid, at), level=Level.CUSTOM.value)
    return _told(rows, statements, pack)


def _beside(statements: Statements, grid: Grid, members: frozenset[str], wanted: np.ndarray):
    """Yield the published areas that differ by one basic area from `members`, as `own_choice_refused` wants them."""
    pack, frame = statements.pack, statements.frame
    keys = pd.MultiIndex.from_frame(grid.keys[wanted])
    for area in pack.areas.values():
        odd = members ^ frozenset(members_of(area, pack))
        if area.level == pack.info.base_level or not members_of(area, pack) or len(odd) != 1:
            continue
        shown = frame.loc[(frame["area"] == area.id) & frame["value"].notna(), KEY]
        column = grid.areas[next(iter(odd))]
        numbers = (getattr(grid, name)[wanted, column] for name in NUMBERS)
        yield keys.isin(pd.MultiIndex.from_frame(shown.astype(object))), *numbers


def _told(rows: pd.DataFrame, statements: Statements, pack) -> pd.DataFrame:
    """Return rows with all that is said about them; the city's rows are there while it is worked out."""
    frame = statements.frame
    city = frame[frame["area"] == pack.info.city]
    city = city.assign(bits=to_bits(city["flag"]))[rows.columns]
    types = {name: t for name, t in _types([frame], pack).items() if name in rows}
    told = described(_ordered(pd.concat([city.astype(types), rows.astype(types)], ignore_index=True)), pack)
    return told[told["area"] != pack.info.city]


def _joined(frames: list[pd.DataFrame], pack) -> pd.DataFrame:
    types = _types(frames, pack)
    return _ordered(pd.concat([frame.astype(types) for frame in frames], ignore_index=True))


def _types(frames: list[pd.DataFrame], pack) -> dict[str, pd.CategoricalDtype]:
    """Return the categories that hold the texts of all `frames`, of which the first knows all but areas and flags."""
    common = frames[0].dtypes
    flags = dict.fromkeys(flag for frame in frames for flag in frame["flag"].cat.categories)
    return {name: t for name, t in common.items() if isinstance(t, pd.CategoricalDtype)} | {
        "area": pd.CategoricalDtype(list(pack.areas)),
        "flag": pd.CategoricalDtype(list(flags)),
    }


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    by = [frame[c].cat.codes.to_numpy() for c in ("area", "period", "group", "indicator")]
    return frame.iloc[np.lexsort(by)].reset_index(drop=True)
