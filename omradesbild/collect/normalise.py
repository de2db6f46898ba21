"""From readings to observations: counts are put in one block of numbers and every recipe is applied to all areas at once.

1. a share or a mean of an area becomes a count again (products),
2. DeSO are summed to RegSO through the official key, each period with the key of its division,
3. indicators are formed from the sums by their recipes.

A sum with a missing part is missing, also where the part is not even mentioned. A flag of a part is a flag of the whole.
Medians, indices and classes are never summed: their recipes take them as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from omradesbild.checks import PROTECTION
from omradesbild.collect.fault import CollectError, written
from omradesbild.collect.readings import COLUMNS, among
from omradesbild.collect.recipes import Change, Groups, Ratio, Recipes, Total, Value, Vintage
from omradesbild.model import NO_VALUE, Break, Flag

#: What a pack's file of observations holds.
OBSERVED = ["area", "indicator", "period", "group", "value", "numerator", "denominator", "flag", "source"]

_FLAGS = list(Flag)
_BIT = {flag.value: np.uint8(1 << place) for place, flag in enumerate(_FLAGS)}
_MISSING = np.uint8(sum(int(_BIT[flag]) for flag in NO_VALUE))
_NONE = np.int16(-1)
NAN = float("nan")


@dataclass(frozen=True)
class Counts:
    """Readings as blocks of numbers, area × period × variable.

    Attributes
    ----------
    areas, periods, variables, sources
        What the places along the axes, and the numbers in `source`, stand for; the first three are sorted.
    value
        float64, NaN where there is none.
    flag
        Bits, the first of `model.Flag` lowest.
    source
        Number of a source; -1 where nothing was read.
    """

    areas: list[str]
    periods: list[str]
    variables: list[str]
    sources: list[str]
    value: np.ndarray
    flag: np.ndarray
    source: np.ndarray

    def at(self, variable: str) -> int | None:
        """Return a variable's place, or None where nothing was read of it."""
        place = int(np.searchsorted(self.variables, variable))
        return place if self.variables[place : place + 1] == [variable] else None


@dataclass(frozen=True)
class Grid:
    """One figure for every area and period: value and what it is made of; `source` is -1 where there is no figure."""

    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    flag: np.ndarray
    source: np.ndarray


def observations(
    readings: Iterable[pd.DataFrame],
    recipes: Recipes,
    key: pd.DataFrame,
    areas: Collection[str],
    breaks: Iterable[Break],
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the observations that readings give.

    Parameters
    ----------
    readings
        Tables with ``readings.COLUMNS``, in any number and order.
    recipes
        How indicators come about.
    key
        Columns deso, regso and vintage: which basic area a part belongs to, in each division.
    areas
        The ids that figures may stand on: the pack's basic areas and its city.
    breaks
        Where a series must not be compared across.

    Returns
    -------
    File of observations → its rows (`OBSERVED`, sorted as the pack wants them); and the variables that no recipe uses.

    Raises
    ------
    CollectError
        If a figure is read twice, an area is unknown, a flag is not one, or a count that must be whole is not.
    """
    return from_counts(gather(readings), recipes, key, areas, breaks)


def from_counts(
    counts: Counts, recipes: Recipes, key: pd.DataFrame, areas: Collection[str], breaks: Iterable[Break]
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return what `observations` does, of readings that have been gathered."""
    counts = with_products(counts, recipes)
    counts = to_basic(counts, recipes.vintages, key, areas, summable(recipes))
    found = {file: [] for file in recipes.observations}
    grids: dict[str, dict[str, Grid]] = {}
    for kinds in recipes.observations.values():
        for recipe in kinds:
            for group, grid in _made(counts, recipe, grids, breaks).items():
                before = grids.setdefault(recipe.indicator, {})
                before[group] = _first(before[group], grid) if group in before else grid
    areas, periods, sources = (pd.Index(names, dtype="str") for names in (counts.areas, counts.periods, counts.sources))
    for indicator in sorted(grids):
        if (frame := _rows(areas, periods, sources, indicator, grids[indicator])) is not None:
            found[recipes.files[indicator]].append(frame)
    used = recipes.variables()
    unused = [name for name in counts.variables if not among(name, used)]
    return {file: pd.concat(frames, ignore_index=True) for file, frames in found.items() if frames}, unused


def gather(readings: Iterable[pd.DataFrame]) -> Counts:
    """Put readings in blocks of numbers; raise CollectError for a figure that is read twice or a flag that is none."""
    names: dict[str, dict[str, int]] = {name: {} for name in ("area", "variable", "period", "source")}
    parts = []
    for frame in readings:
        if list(frame.columns) != COLUMNS:
            raise ValueError(f"columns {list(frame.columns)}; expected {COLUMNS}")
        codes = [_numbered(frame[name], known) for name, known in names.items()]
        parts.append((*codes, frame["value"].to_numpy("float64"), _bits(frame["flag"])))
    if not parts:
        return Counts([], [], [], [], *(np.zeros((0, 0, 0), kind) for kind in ("float64", "uint8", "int16")))
    area, variable, period, source, value, flag = (np.concatenate(column) for column in zip(*parts, strict=True))
    areas, area = _sorted(names["area"], area)
    variables, variable = _sorted(names["variable"], variable)
    periods, period = _sorted(names["period"], period)
    shape = (len(areas), len(periods), len(variables))
    at = np.ravel_multi_index((area, period, variable), shape)
    _demand_once(at, shape, areas, periods, variables)
    blocks = (np.full(shape, NAN), np.zeros(shape, "uint8"), np.full(shape, _NONE))
    for block, numbers in zip(blocks, (value, flag, source.astype("int16")), strict=True):
        block.reshape(-1)[at] = numbers
    return Counts(areas, periods, variables, list(names["source"]), *blocks)


def readings(counts: Counts) -> pd.DataFrame:
    """Return blocks of numbers as the readings that `gather` makes them of."""
    at = (counts.source >= 0).nonzero()
    axes = zip(("area", "period", "variable"), (counts.areas, counts.periods, counts.variables), at, strict=True)
    frame = {column: _named(names, codes).astype("str") for column, names, codes in axes}
    frame |= {"value": counts.value[at], "flag": _named(_TEXTS, counts.flag[at]).astype("str")}
    return pd.DataFrame(frame | {"source": _named(counts.sources, counts.source[at]).astype("str")})[COLUMNS]


def with_products(counts: Counts, recipes: Recipes) -> Counts:
    """Add the counts that recipes make of a share or a mean and its denominator, flags united.

    Where the source gives a count by that name as well, the source's own is kept.
    """
    for product in recipes.products:
        left, right = counts.at(product.variable), counts.at(product.by)
        if left is None or right is None:
            continue
        there = (counts.source[..., left] >= 0) & (counts.source[..., right] >= 0)
        value = np.where(there, counts.value[..., left] * counts.value[..., right] * product.scale, NAN)
        if product.whole:
            _demand_whole(counts, product.variable, value, counts.value[..., right])
            value = np.round(value)
        flag = np.where(there, counts.flag[..., left] | counts.flag[..., right], 0).astype("uint8")
        counts = _with_variable(counts, product.count, value, flag, np.where(there, counts.source[..., left], _NONE))
    return counts


def to_basic(
    counts: Counts, vintages: Iterable[Vintage], key: pd.DataFrame, areas: Collection[str], summed: Collection[str]
) -> Counts:
    """Sum parts to the areas of the pack, each period with the key of its division.

    Only the variables in `summed` are: a median or a class of the parts is left out. Where the source has the area's figure
    itself that one is used, and must differ from the sum by no more than the protection of small counts explains.
    """
    known = set(areas)
    if unknown := sorted(set(counts.areas) - known - set(key["deso"])):
        raise CollectError(
            ", ".join(unknown[:5]), f"{len(unknown)} områden med siffror", "områden i paketet eller i nyckeln",
            "Kontrollera kommunkoden, eller lägg till områdena i nyckeln mellan DeSO och RegSO",
        )  # fmt: skip
    own = np.array([area in known for area in counts.areas], bool)
    targets = sorted({*np.array(counts.areas, object)[own], *(set(key["regso"]) & known)})
    shape = (len(targets), len(counts.periods), len(counts.variables))
    value, flag, source = np.full(shape, NAN), np.zeros(shape, "uint8"), np.full(shape, _NONE)
    place = {area: at for at, area in enumerate(targets)}
    for vintage in vintages:
        inside = np.array([vintage.holds(period) for period in counts.periods], bool)
        parts = key[(key["vintage"] == vintage.id) & key["regso"].isin(known)].sort_values("regso")
        index = {area: at for at, area in enumerate(counts.areas)}
        if not inside.any() or not len(parts) or not any(deso in index for deso in parts["deso"]):
            continue
        total = _sums(counts, [index.get(deso, -1) for deso in parts["deso"]], parts["regso"].to_numpy(), inside, summed)
        rows = [place[regso] for regso in sorted(parts["regso"].unique())]
        here = np.ix_(rows, np.flatnonzero(inside))
        value[here], flag[here], source[here] = total
    mine = [place[area] for area, kept in zip(counts.areas, own, strict=True) if kept]
    parts = key.groupby("regso").size().reindex([targets[at] for at in mine]).fillna(1).to_numpy()
    apart = np.abs(value[mine] - counts.value[own]) > PROTECTION * np.sqrt(parts)[:, None, None]
    if apart.any():
        area, period, variable = (int(found[0]) for found in np.nonzero(apart))
        at = (mine[area], period, variable)
        raise CollectError(
            f"{targets[at[0]]}, {counts.variables[variable]} {counts.periods[period]}",
            f"{written(counts.value[own][area, period, variable])}, men {written(value[at])} som summa av områdets delar",
            "samma tal, så när som på skyddet av små tal", "Kontrollera nyckeln och i vilken indelning siffrorna är",
        )  # fmt: skip
    for block, read in ((value, counts.value), (flag, counts.flag), (source, counts.source)):
        block[mine] = np.where(counts.source[own] >= 0, read[own], block[mine])
    return replace(counts, areas=targets, value=value, flag=flag, source=source)


def summable(recipes: Recipes) -> frozenset[str]:
    """Return the variables that recipes add up."""
    ratios = [recipe for kinds in recipes.observations.values() for recipe in kinds]
    names = {name for recipe in ratios if isinstance(recipe, Ratio) for name in (*recipe.numerators, *recipe.denominators)}
    names |= {name for recipe in ratios if isinstance(recipe, Total) for name in recipe.sum}
    names |= {recipe.groups_of for recipe in ratios if isinstance(recipe, Groups)}
    return frozenset(name.removeprefix("-") for name in names)


# ---- recipes ------------------------------------------------------------------------------------


def _made(counts: Counts, recipe, grids: Mapping[str, Mapping[str, Grid]], breaks: Iterable[Break]) -> dict[str, Grid]:
    """Return group → what a recipe gives; nothing where no variable of it was read."""
    if isinstance(recipe, Change):
        of = grids.get(recipe.change_of, {}).get("")
        return {"": _change(counts, recipe, of, breaks)} if of is not None else {}
    if isinstance(recipe, Groups):
        start = f"{recipe.groups_of}|"
        names = [name for name in counts.variables if name.startswith(start)]
        return {name.removeprefix(start): _plain(counts, (name,)) for name in names}
    if isinstance(recipe, Ratio):
        top, bottom = _sum(counts, recipe.numerators), _sum(counts, recipe.denominators)
        return {"": _ratio(top, bottom, recipe.factor)} if top is not None and bottom is not None else {}
    names = (recipe.value_of,) if isinstance(recipe, Value) else recipe.sum
    grid = _plain(counts, names)
    return {"": grid} if grid is not None else {}


def _sum(counts: Counts, names: Iterable[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return value, flag and source of a sum of variables; it is only where all of them were read."""
    places = [counts.at(name.removeprefix("-")) for name in names]
    if None in places:
        return None
    signs = np.array([-1.0 if name.startswith("-") else 1.0 for name in names])
    there = (counts.source[..., places] >= 0).all(axis=-1)
    value = (counts.value[..., places] * signs).sum(axis=-1)
    flag = np.bitwise_or.reduce(counts.flag[..., places], axis=-1)
    return np.where(there, value, NAN), np.where(there, flag, 0), np.where(there, counts.source[..., places[0]], _NONE)


def _plain(counts: Counts, names: Iterable[str]) -> Grid | None:
    found = _sum(counts, names)
    if found is None:
        return None
    value, flag, source = found
    none = np.full(value.shape, NAN)
    return Grid(value, none, none, _settled(flag, value, source), source)


def _ratio(top: tuple, bottom: tuple, factor: float) -> Grid:
    there = (top[2] >= 0) & (bottom[2] >= 0)
    flag = np.where(there, top[1] | bottom[1], 0).astype("uint8")
    nobody = there & (bottom[0] == 0)
    flag = np.where(nobody, _BIT[Flag.NOT_APPLICABLE], flag)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(there & ~nobody, np.round(factor * top[0] / bottom[0], 3), NAN)
    known = ~np.isnan(value)
    source = np.where(there, top[2], _NONE)
    numerator, denominator = (np.where(known, part, NAN) for part in (top[0], bottom[0]))
    return Grid(value, numerator, denominator, _settled(flag, value, source), source)


def _change(counts: Counts, recipe: Change, of: Grid, breaks: Iterable[Break]) -> Grid:
    """Return the change from the year before, in per cent.

    Across a changed border there is no change to speak of: flag ``.``. Across any other break in the series the change
    carries the flag ``b``.
    """
    years = {period: at for at, period in enumerate(counts.periods) if len(period) == 4}
    before = [years.get(str(int(p) - 1), -1) if p in years else -1 for p in counts.periods]
    has = np.array(before) >= 0
    there = (of.source >= 0) & has & (of.source[:, before] >= 0)
    earlier = np.where(there, of.value[:, before], NAN)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.round(100 * (of.value - earlier) / earlier, 3)
    flag = np.where(there, of.flag | of.flag[:, before], 0).astype("uint8")
    none = there & (earlier == 0)
    flag, value = np.where(none, _BIT[Flag.NOT_APPLICABLE], flag), np.where(none, NAN, value)
    numerator, denominator = np.where(none, NAN, of.value - earlier), np.where(none, NAN, earlier)
    for found in breaks:
        if found.indicators and recipe.change_of not in found.indicators:
            continue
        listed = set(found.areas)
        areas = np.array([not listed or area in listed for area in counts.areas], bool)
        hit = there & areas[:, None] & (np.array(counts.periods) == found.period)
        if found.kind == "boundary":
            value, numerator, denominator = (np.where(hit, NAN, part) for part in (value, numerator, denominator))
            flag = np.where(hit, _BIT[Flag.NOT_APPLICABLE], flag)
        else:
            flag = np.where(hit, flag | _BIT[Flag.BREAK], flag)
    source = np.where(there, of.source, _NONE)
    return Grid(value, numerator, denominator, _settled(flag, value, source), source)


def _settled(flag: np.ndarray, value: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Leave only the reason where there is no value, and say that nothing was reported where there is none."""
    missing = flag & _MISSING
    flag = np.where(missing > 0, missing, flag)
    silent = (source >= 0) & np.isnan(value) & (missing == 0)
    return np.where(silent, _BIT[Flag.NOT_REPORTED], flag).astype("uint8")


def _first(one: Grid, other: Grid) -> Grid:
    """Return the first grid, and the other where the first has no figure."""
    mine = one.source >= 0
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("value", "numerator", "denominator", "flag", "source"))
    return Grid(*(np.where(mine, ours, theirs) for ours, theirs in pairs))


def _rows(areas: pd.Index, periods: pd.Index, sources: pd.Index, indicator: str, grids: Mapping[str, Grid]) -> pd.DataFrame | None:
    """Return the figures of an indicator, sorted by area, period and group."""
    groups = sorted(grids)
    stacked = [np.stack([getattr(grids[g], name) for g in groups], axis=-1) for name in Grid.__dataclass_fields__]
    value, numerator, denominator, flag, source = stacked
    at = np.nonzero(source >= 0)
    if not len(at[0]):
        return None
    frame = {
        "area": _named(areas, at[0]),
        "indicator": _named([indicator], np.zeros(len(at[0]), int)),
        "period": _named(periods, at[1]),
        "group": _named(groups, at[2]),
        "value": value[at],
        "numerator": numerator[at],
        "denominator": denominator[at],
        "flag": _named(_TEXTS, flag[at]),
        "source": _named(sources, source[at]),
    }
    return pd.DataFrame(frame, columns=OBSERVED)


# ---- blocks -------------------------------------------------------------------------------------


def _numbered(column: pd.Series, known: dict[str, int]) -> np.ndarray:
    codes, names = pd.factorize(column)
    if (codes < 0).any():
        raise ValueError(f"{column.name}: a reading without one")
    return np.array([known.setdefault(str(name), len(known)) for name in names], "int32")[codes]


def _sorted(known: Mapping[str, int], codes: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the names in order, and each code as its name's place there."""
    names = sorted(known)
    place = np.empty(len(names), "int32")
    place[[known[name] for name in names]] = np.arange(len(names))
    return names, place[codes]


def _bits(flags: pd.Series) -> np.ndarray:
    codes, texts = pd.factorize(flags.fillna(""))
    try:
        bits = [sum(int(_BIT[code]) for code in str(text).split()) for text in texts]
    except KeyError as error:
        raise CollectError(
            "en flagga", f"»{error.args[0]}«", " ".join(flag.value for flag in Flag), "Rätta källans läsning"
        ) from error
    return np.array(bits, "uint8")[codes] if len(bits) else np.zeros(0, "uint8")


def _demand_once(at: np.ndarray, shape: tuple, areas: list[str], periods: list[str], variables: list[str]) -> None:
    counted = np.bincount(at, minlength=int(np.prod(shape))) if len(at) else np.zeros(1, int)
    if counted.max(initial=0) > 1:
        area, period, variable = np.unravel_index(int(counted.argmax()), shape)
        raise CollectError(
            f"{areas[area]}, {variables[variable]} {periods[period]}", f"siffran {counted.max()} gånger", "en gång",
            "Läs variabeln ur en enda källa",
        )  # fmt: skip


def _demand_whole(counts: Counts, variable: str, value: np.ndarray, by: np.ndarray) -> None:
    wrong = np.abs(value - np.round(value)) > 0.0005 * by / 100 + 1e-6
    if wrong.any():
        area, period = (int(found[0]) for found in np.nonzero(wrong))
        raise CollectError(
            f"{counts.areas[area]}, {variable} {counts.periods[period]}", f"{value[area, period]:.4f} personer",
            "ett helt antal, inom avrundningen", "Kontrollera andelen och dess nämnare mot källan",
        )  # fmt: skip


def _with_variable(counts: Counts, name: str, value: np.ndarray, flag: np.ndarray, source: np.ndarray) -> Counts:
    if (place := counts.at(name)) is not None:
        free = counts.source[..., place] < 0
        blocks = [block.copy() for block in (counts.value, counts.flag, counts.source)]
        for block, made in zip(blocks, (value, flag, source), strict=True):
            block[..., place] = np.where(free, made, block[..., place])
        return replace(counts, value=blocks[0], flag=blocks[1], source=blocks[2])
    place = int(np.searchsorted(counts.variables, name))
    inserted = [
        np.insert(block, place, made, axis=-1)
        for block, made in ((counts.value, value), (counts.flag, flag), (counts.source, source))
    ]
    variables = [*counts.variables[:place], name, *counts.variables[place:]]
    return replace(counts, variables=variables, value=inserted[0], flag=inserted[1], source=inserted[2])


def _sums(
    counts: Counts, rows: list[int], regso: np.ndarray, inside: np.ndarray, summed: Collection[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return value, flag and source of the sums of `rows`, which stand in order of `regso`; a part without a row is -1."""
    starts = np.flatnonzero(np.r_[True, regso[1:] != regso[:-1]])
    size = np.diff(np.r_[starts, len(regso)])[:, None, None]
    rows = np.array(rows)
    absent = (rows < 0)[:, None, None]
    value = np.where(absent, NAN, counts.value[rows][:, inside])
    flag = np.where(absent, 0, counts.flag[rows][:, inside]).astype("uint8")
    source = np.where(absent, _NONE, counts.source[rows][:, inside])
    there = source >= 0
    wanted = np.array([among(name, summed) for name in counts.variables], bool)
    number = np.add.reduceat(there.astype("int32"), starts, axis=0)
    highest = np.maximum.reduceat(source, starts, axis=0)
    lowest = np.minimum.reduceat(np.where(there, source, np.iinfo("int16").max), starts, axis=0)
    any_there = (number > 0) & wanted
    if (any_there & (highest != lowest)).any():
        _, _, variable = (int(found[0]) for found in np.nonzero(any_there & (highest != lowest)))
        raise CollectError(
            counts.variables[variable], "delar av ett område ur två källor", "en källa", "Dela variabeln i två"
        )
    whole = any_there & (number == size)
    total = np.where(whole, np.add.reduceat(np.where(there, value, 0.0), starts, axis=0), NAN)
    united = np.bitwise_or.reduceat(flag, starts, axis=0)
    united = np.where(any_there & ~whole, united | _BIT[Flag.NOT_REPORTED], united)
    return total, np.where(any_there, united, 0).astype("uint8"), np.where(any_there, highest, _NONE)


def _named(names: Sequence[str] | pd.Index, codes: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))


_TEXTS = pd.Index([" ".join(flag.value for flag in _FLAGS if bits & int(_BIT[flag])) for bits in range(1 << len(_FLAGS))], dtype="str")
