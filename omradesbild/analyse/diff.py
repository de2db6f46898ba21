"""What differs between two versions of a pack: figures that are new, changed or gone, each with the reason for it.

Only figures that come from a source are compared: sums over areas follow from them. Both versions are taken as they are
said (after the disclosure gate), and nothing else of them is read, so that the comparison tells nothing that the two
versions do not tell by themselves; docs/disclosure.md argues.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.analyse.kommun import together
from omradesbild.analyse.statements import Statements
from omradesbild.model import Flag, Strict

#: What happened to a figure. ``hidden``: shown before and not any more; ``shown``: the other way; ``marked``: only its flags.
KINDS = ("changed", "gone", "hidden", "shown", "marked", "new")
#: Why, the first that holds. What a person must look at stands first within its kind.
WHYS = (
    *("unexplained", "corrected", "estimated", "revised", "final", "other_source", "break", "boundary", "definition"),  # changed, marked
    *("missing", "period_gone", "group_gone", "area_gone", "indicator_gone"),  # gone
    "protection",  # hidden, shown
    *("filled", "period_new", "group_new", "area_new", "indicator_new"),  # new
)
#: What of an indicator decides what its figures mean.
MEANING = ("definition", "not_covered", "kind", "per", "unit", "numerator", "denominator", "processing")
_KEYS = ("indicator", "group", "period", "area")
_NUMBERS = ("value", "numerator", "denominator")
_NONE, _SHOWN, _HIDDEN = 0, 1, 2


@dataclass(frozen=True)
class Entry:
    """Something in the catalogue that is new, gone or changed; `fields` of it have changed."""

    part: str
    id: str
    kind: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Protected:
    """How many figures of an indicator and period are withheld in both versions, or only in one of them."""

    indicator: str
    period: str
    both: int
    before: int
    after: int

    @property
    def moved(self) -> bool:
        """Whether something that one version shows is withheld in the other, beside what both withhold.

        Who has both versions can then perhaps reckon out what both withhold.
        """
        return self.both > 0 and self.before + self.after > 0


@dataclass(frozen=True, eq=False)
class Changes:
    """What differs between `a`, the version before, and `b`, the one after.

    Attributes
    ----------
    rows : DataFrame
        A figure that differs: indicator, group, period, area, source (text), `kind`, `why` (codes), `before`, `after`. A
        number of `a` stands only beside the one of `b` that it has become. By kind, why, indicator, group, period and area.
    compared : int
        How many figures the two versions have together.
    protected : tuple of Protected
        Only those with something withheld.
    """

    a: Statements
    b: Statements
    rows: pd.DataFrame
    catalogue: tuple[Entry, ...]
    protected: tuple[Protected, ...]
    compared: int


def diff(a: Statements, b: Statements) -> Changes:
    """Compare two versions, `a` before and `b` after; of a country its kommuner too."""
    a, b = together(a), together(b)
    left, right = _own(a.frame), _own(b.frame)
    names = {c: sorted({*left[c].cat.categories, *right[c].cat.categories}) for c in _KEYS}
    codes = [_codes(frame, names) for frame in (left, right)]
    size = [len(names[c]) for c in _KEYS]
    keys = [np.ravel_multi_index(code, size) for code in codes]
    both = np.union1d(*keys)
    at = [_rows(k, both) for k in keys]
    state = [_taken(_state(frame), rows, _NONE) for frame, rows in zip((left, right), at, strict=True)]
    kind = _kinds(left, right, at, state)
    catalogue = tuple(_catalogue(a, b))
    protected = tuple(_protected(both, state, size, names))
    found = np.flatnonzero(kind >= 0)
    place = np.unravel_index(both[found], size)
    rows = pd.DataFrame({c: pd.Categorical.from_codes(p, names[c]) for c, p in zip(_KEYS, place, strict=True)})
    here = [rows_[found] for rows_ in at]
    before, after = (_taken(f["value"].to_numpy(), r, np.nan) for f, r in zip((left, right), here, strict=True))
    changed = np.isin(kind[found], [KINDS.index("changed"), KINDS.index("marked")])
    sources = list(dict.fromkeys([*a.pack.sources, *b.pack.sources]))
    old, new = (_source_codes(f, r, sources) for f, r in zip((left, right), here, strict=True))
    rows["source"] = pd.Categorical.from_codes(np.where(new >= 0, new, old), sources)
    rows["kind"] = pd.Categorical.from_codes(kind[found], KINDS)
    rows["why"] = pd.Categorical.from_codes(_why(a, b, rows, left, right, here, keys, size, catalogue), WHYS)
    rows["before"] = np.where(changed, before, np.nan)
    rows["after"] = after
    rows = rows.sort_values(["kind", "why", *_KEYS], kind="stable", ignore_index=True)
    return Changes(a, b, rows, catalogue, protected, len(both))


def _own(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the figures that come from a source, and of them what is compared: the rest of a country would be half a gigabyte."""
    return frame.loc[~frame["composed"], [*_KEYS, *_NUMBERS, "flag", "source"]]


def _rows(keys: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Return the row of each of `both`, which is sorted and holds all `keys`; −1 where there is none."""
    rows = np.full(len(both), -1)
    rows[np.searchsorted(both, keys)] = np.arange(len(keys))
    return rows


def _codes(frame: pd.DataFrame, names: Mapping[str, list[str]]) -> tuple[np.ndarray, ...]:
    """Number the texts of the key columns by their place in `names`."""
    places = (pd.Index(names[c]).get_indexer(frame[c].cat.categories) for c in _KEYS)
    return tuple(place[frame[c].cat.codes.to_numpy()] for c, place in zip(_KEYS, places, strict=True))


def _taken(column: np.ndarray, rows: np.ndarray, empty: object) -> np.ndarray:
    """Return the cells in `rows`, and `empty` where a row is −1."""
    return np.append(column, np.array([empty], dtype=column.dtype))[rows]


def _marked(frame: pd.DataFrame, flag: Flag) -> np.ndarray:
    marks = np.array([flag.value in text.split() for text in frame["flag"].cat.categories] or [False])
    return marks[frame["flag"].cat.codes.to_numpy()]


def _state(frame: pd.DataFrame) -> np.ndarray:
    """Tell whether a figure is there, is withheld, or is missing."""
    there = frame["value"].notna().to_numpy()
    return np.where(there, _SHOWN, np.where(_marked(frame, Flag.SUPPRESSED), _HIDDEN, _NONE))


def _kinds(left: pd.DataFrame, right: pd.DataFrame, at: list[np.ndarray], state: list[np.ndarray]) -> np.ndarray:
    """Return the place in KINDS for each key, −1 where nothing has happened that may be told."""
    before, after = state
    two = np.flatnonzero((before == _SHOWN) & (after == _SHOWN))
    rows = at[0][two], at[1][two]
    same = np.ones(len(two), dtype=bool)
    for column in _NUMBERS:
        old, new = (f[column].to_numpy()[r] for f, r in zip((left, right), rows, strict=True))
        same &= np.isclose(old, new, rtol=1e-9, atol=0.0, equal_nan=True)
    texts = sorted({*left["flag"].cat.categories, *right["flag"].cat.categories})
    old, new = (
        pd.Index(texts).get_indexer(f["flag"].cat.categories)[f["flag"].cat.codes.to_numpy()[r]]
        for f, r in zip((left, right), rows, strict=True)
    )
    kind = np.full(len(before), -1)
    kind[two[~same]] = KINDS.index("changed")
    kind[two[same & (old != new)]] = KINDS.index("marked")
    for name, pair in (
        ("new", (_NONE, _SHOWN)), ("gone", (_SHOWN, _NONE)), ("hidden", (_SHOWN, _HIDDEN)), ("shown", (_HIDDEN, _SHOWN)),
    ):  # fmt: skip
        kind[(before == pair[0]) & (after == pair[1])] = KINDS.index(name)
    return kind


# -- why ------------------------------------------------------------------------------------------------


def _why(a, b, rows, left, right, at, keys, size, catalogue) -> np.ndarray:
    """Return the reason for each change, the most telling that holds."""
    sources = list(rows["source"].cat.categories)
    came, gone = _among(rows["kind"], {"new"}), _among(rows["kind"], {"gone"})
    two = _among(rows["kind"], {"changed", "marked"})
    changed = [e for e in catalogue if e.kind == "changed"]
    meant = {e.id for e in changed if e.part == "indicator" and {*e.fields} & {*MEANING}}
    moved = {e.id for e in changed if e.part == "area" and {*e.fields} & {"border", "members"}}
    newer = {e.id for e in changed if e.part == "source" and {*e.fields} & {"updated", "retrieved"}}
    preliminary, estimated = (
        [_taken(_marked(f, flag), r, False) for f, r in zip((left, right), at, strict=True)]
        for flag in (Flag.PRELIMINARY, Flag.ESTIMATED)
    )
    place = np.ravel_multi_index(tuple(rows[c].cat.codes.to_numpy().astype(int) for c in _KEYS), size)
    group = place // (size[2] * size[3])
    when = place // size[3] * 2 + _among(rows["area"], {b.pack.info.city})
    reasons = {
        "indicator_new": came & ~_among(rows["indicator"], a.pack.indicators),
        "area_new": came & ~_among(rows["area"], a.pack.areas),
        "group_new": came & ~np.isin(group, _groups(left, keys[0], size)),
        "period_new": came & ~np.isin(when, _when(left, keys[0], size, a.pack.info.city)),
        "filled": came,
        "indicator_gone": gone & ~_among(rows["indicator"], b.pack.indicators),
        "area_gone": gone & ~_among(rows["area"], b.pack.areas),
        "group_gone": gone & ~np.isin(group, _groups(right, keys[1], size)),
        "period_gone": gone & ~np.isin(when, _when(right, keys[1], size, b.pack.info.city)),
        "missing": gone,
        "protection": ~two,
        "definition": _among(rows["indicator"], meant),
        "boundary": _among(rows["area"], moved),
        "break": _broken(a, b, rows),
        "other_source": _source_codes(left, at[0], sources) != _source_codes(right, at[1], sources),
        "corrected": _corrected(a, b, rows),
        "estimated": estimated[1] & ~estimated[0],
        "final": preliminary[0] & ~preliminary[1],
        "revised": _among(rows["source"], newer),
    }
    codes = [WHYS.index(name) for name in reasons]
    return np.select(list(reasons.values()), codes, WHYS.index("unexplained"))


def _among(column: pd.Series, names: Container[str]) -> np.ndarray:
    """Tell which cells of a categorical column are among `names`."""
    known = np.array([text in names for text in column.cat.categories] or [False])
    return known[column.cat.codes.to_numpy()]


def _source_codes(frame: pd.DataFrame, rows: np.ndarray, sources: list[str]) -> np.ndarray:
    """Return the place of each figure's source in `sources`, −1 where there is no figure."""
    known = pd.Index(sources).get_indexer(frame["source"].cat.categories)
    return _taken(known[frame["source"].cat.codes.to_numpy()], rows, -1)


def _groups(frame: pd.DataFrame, keys: np.ndarray, size: list[int]) -> np.ndarray:
    """Return which breakdowns (indicator and group) have a figure that is shown or withheld."""
    return np.unique(keys[_state(frame) != _NONE] // (size[2] * size[3]))


def _when(frame: pd.DataFrame, keys: np.ndarray, size: list[int], city: str) -> np.ndarray:
    """Return which periods of a breakdown have a figure, for the city and for the areas apart."""
    there = _state(frame) != _NONE
    return np.unique((keys // size[3] * 2 + (frame["area"] == city).to_numpy())[there])


def _corrected(a: Statements, b: Statements, rows: pd.DataFrame) -> np.ndarray:
    """Tell which figures a correction in force in only one of the versions is of."""
    active = [{c for c in side.pack.corrections if c.status == "active"} for side in (a, b)]
    keys = {(c.indicator, c.group, c.period, c.area) for c in active[0] ^ active[1]}
    return np.array([key in keys for key in zip(*(rows[c] for c in _KEYS), strict=True)] if keys else np.zeros(len(rows)), bool)


def _broken(a: Statements, b: Statements, rows: pd.DataFrame) -> np.ndarray:
    """Tell which figures lie after a break that is new in the catalogue."""
    found = np.zeros(len(rows), dtype=bool)
    for event in b.pack.breaks:
        if event not in a.pack.breaks:
            here = _among(rows["period"], {p for p in rows["period"].cat.categories if p >= event.period})
            here &= _among(rows["indicator"], event.indicators or b.pack.indicators)
            found |= here & _among(rows["area"], event.areas or b.pack.areas)
    return found


# -- the catalogue and what is withheld ------------------------------------------------------------------


def _catalogue(a: Statements, b: Statements) -> Iterator[Entry]:
    parts = (
        ("indicator", a.pack.indicators, b.pack.indicators),
        ("area", a.pack.areas, b.pack.areas),
        ("source", a.pack.sources, b.pack.sources),
        ("break", {e.id: e for e in a.pack.breaks}, {e.id: e for e in b.pack.breaks}),
    )
    borders = [{f["properties"]["id"]: f["geometry"] for f in pack.boundaries["features"]} for pack in (a.pack, b.pack)]
    for part, before, after in parts:
        for id_, now in after.items():
            if id_ not in before:
                yield Entry(part, id_, "new")
                continue
            fields = _fields(before[id_], now)
            if part == "area" and borders[0].get(id_) != borders[1].get(id_):
                fields = (*fields, "border")
            if fields:
                yield Entry(part, id_, "changed", fields)
        yield from (Entry(part, id_, "gone") for id_ in before if id_ not in after)


def _fields(before: Strict, after: Strict) -> tuple[str, ...]:
    if before == after:
        return ()
    return tuple(name for name in type(after).model_fields if getattr(before, name) != getattr(after, name))


def _protected(keys: np.ndarray, state: list[np.ndarray], size: list[int], names: Mapping[str, list[str]]) -> Iterator[Protected]:
    hidden = [one == _HIDDEN for one in state]
    any_ = hidden[0] | hidden[1]
    indicator, _, period, _ = np.unravel_index(keys[any_], size) if any_.any() else np.zeros((4, 0), int)
    counted = pd.DataFrame(
        {
            "indicator": indicator,
            "period": period,
            "both": (hidden[0] & hidden[1])[any_],
            "before": (hidden[0] & ~hidden[1])[any_],
            "after": (~hidden[0] & hidden[1])[any_],
        }
    )
    for (i, p), row in counted.groupby(["indicator", "period"]).sum().iterrows():
        yield Protected(names["indicator"][i], names["period"][p], *map(int, row))
