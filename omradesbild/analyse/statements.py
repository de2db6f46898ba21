"""What is said about every figure: computed once, read by screen, file and report alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np
import pandas as pd

from omradesbild.analyse import difference, interval, reliability, trend
from omradesbild.analyse.compose import compose, flag_texts, members_of
from omradesbild.analyse.disclosure import gate
from omradesbild.analyse.figured import with_figures
from omradesbild.analyse.flags import BIT
from omradesbild.analyse.pieces import pieces
from omradesbild.analyse.place import places
from omradesbild.model import Area, Break, Flag, Indicator, Kind, Level, Source

#: Kinds whose difference from the city means something: not counts (a part of a whole) or classes.
COMPARABLE = frozenset(Kind) - {Kind.COUNT, Kind.CLASS}
#: Kinds whose areas have an order: not classes.
ORDERED = frozenset(Kind) - {Kind.CLASS}

#: So many statements are kept for the next who asks: all of a city's, but not the millions of a country, which would fill gigabytes.
KEPT = 100_000

COLUMNS = (
    *("area", "level", "indicator", "period", "group", "value", "numerator", "denominator", "flag"),
    *("source", "composed", "reason", "low", "high", "city_value", "difference", "comparison"),
    *("place", "of", "decimals", "noise", "reliability"),
)


class Caveat(StrEnum):
    """What a reader must know about a figure. The words are in texts/."""

    SUPPRESSED = "suppressed"
    CAPPED = "capped"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    MEMBER_MISSING = "member_missing"
    NOT_ADDABLE = "not_addable"
    NO_COUNTS = "no_counts"
    UNRELIABLE = "unreliable"
    ESTIMATED = "estimated"
    PRELIMINARY = "preliminary"
    BREAK = "break"
    APPROXIMATE_AREA = "approximate_area"
    COMPOSED = "composed"
    SUM_OF_AREAS = "sum_of_areas"
    PERTURBED = "perturbed"
    APPORTIONED = "apportioned"
    SMALL = "small"
    DIFFERENCING = "differencing"
    SMALL_BASIS = "small_basis"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One figure and everything that is said about it. A number that is missing is None, never 0.

    There is one such object for each figure of a pack, or of a country for each that somebody looks at.

    Attributes
    ----------
    value, low, high, city_value, difference
        In the indicator's unit; `low` to `high` is the 95 % interval, `difference` is area minus city.
    flag, reason, comparison
        Codes: model.Flag (separated by spaces), compose.REASONS, difference.CODES.
    place, of
        The place among the basic areas, 1 = highest value, and how many have one.
    decimals
        How many the figure is written with.
    noise
        Standard deviation, in persons, of what the source adds at random to each of the counts; None where
        it adds nothing. It is a part of `low` to `high`.
    reliability
        One of reliability.CODES: how the figure is to be shown.
    """

    area: Area
    indicator: Indicator
    period: str
    group: str
    value: float | None
    numerator: float | None
    denominator: float | None
    flag: str
    source: Source
    composed: bool
    reason: str
    low: float | None
    high: float | None
    city_value: float | None
    difference: float | None
    comparison: str
    place: int | None
    of: int | None
    decimals: int
    noise: float | None
    reliability: str
    warnings: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """An unbroken part of a series, in order of time.

    `breaks` tells what divides it from the segment before. It is empty for the first, and where the
    source marks a break ('b') that the catalogue does not explain.
    """

    points: tuple[Statement, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def periods(self) -> list[str]:
        """The periods of the points."""
        return [point.period for point in self.points]


@dataclass(frozen=True, eq=False)
class History:
    """One indicator's figures over time in all basic areas at once.

    Attributes
    ----------
    periods : tuple of str
        Oldest first.
    part : array of int, periods × areas
        The number of the unbroken part of the area's series.
    value : array of float, periods × areas
        NaN where there is none.
    """

    periods: tuple[str, ...]
    part: np.ndarray
    value: np.ndarray


def build(pack) -> Statements:
    """Compute everything that is said about the figures of a pack.

    A country's kommuner pass the gate together with it, so that what is shown of the country and what is shown of one
    kommun by itself (`kommun.alone`) tell nothing together that neither tells.

    Parameters
    ----------
    pack : omradesbild.pack.Pack
        A pack that has passed its checks.
    """
    if not pack.kommuner:
        return Statements(pack, described(gate(compose(pack), pack), pack))
    together = replace(pack, areas=dict(pack.areas) | dict(pack.kommuner))
    frame = gate(compose(together), together)
    single = frame["area"].isin(list(pack.kommuner)).to_numpy()
    own = frame[~single].reset_index(drop=True)
    own["area"] = own["area"].cat.set_categories(list(pack.areas))
    own, shown = with_figures(own, pack)
    return Statements(shown, described(own, shown), frame[single].reset_index(drop=True), pack)


def described(frame: pd.DataFrame, pack) -> pd.DataFrame:
    """Add interval, city value, difference, comparison and place to the composed figures."""
    key, made = _keys(frame), {}
    for rows in pieces(key):
        for name, column in _said(frame.iloc[rows], key[rows], pack).items():
            if name not in made:
                made[name] = np.empty(len(frame), column.dtype)
            made[name][rows] = column
    for name, codes in (("comparison", difference.CODES), ("reliability", reliability.CODES)):
        made[name] = pd.Categorical.from_codes(made[name], codes)
    made["flag"] = flag_texts(frame["bits"] | np.where(_approximate(frame, pack), BIT[Flag.APPROXIMATE], 0))
    made["decimals"] = _decimals(frame, pack)
    return pd.DataFrame({name: made[name] if name in made else frame[name] for name in COLUMNS}, copy=False)


def _said(frame: pd.DataFrame, key: np.ndarray, pack) -> dict[str, np.ndarray]:
    """Return what is said about the figures of some whole keys; comparison and reliability as places among their codes."""
    indicator = frame["indicator"].cat.codes.to_numpy()
    known = list(pack.indicators.values())
    kind = np.array([i.kind.value for i in known])[indicator]
    factor = np.array([i.factor for i in known])[indicator]
    minimum = np.array([i.minimum_difference for i in known])[indicator]
    value, numerator, denominator = (frame[c].to_numpy() for c in ("value", "numerator", "denominator"))
    key = key - key[:1]
    city = frame["area"].cat.codes.to_numpy() == list(pack.areas).index(pack.info.city)
    certain = (frame["bits"].to_numpy() & BIT[Flag.ESTIMATED]) == 0

    noise = _noise(frame, pack)
    ratio_noise = interval.ratio_noise(numerator / denominator, denominator, noise)
    low, high = _intervals(value, numerator, denominator, kind, certain, ratio_noise)
    of_city = _city_rows(key, city)
    city_value, city_numerator, city_denominator = (
        _taken(column, of_city) for column in (value, numerator, denominator)
    )
    comparable = ~city & np.isin(kind, [k.value for k in COMPARABLE])
    gap = np.where(comparable, value - city_value, np.nan)
    comparison = difference.compare(
        difference=gap,
        area=(numerator, denominator),
        rest=(city_numerator - numerator, city_denominator - denominator),
        half_width=(high - low) / 2,
        minimum=minimum,
        testable=(kind == Kind.SHARE.value) & certain & _taken(certain, of_city, empty=False),
        family=key * len(Level) + frame["level"].cat.codes.to_numpy(),
        noise=ratio_noise,
    )
    base = (frame["level"] == pack.info.base_level.value).to_numpy()
    ranked = base & np.isin(kind, [k.value for k in ORDERED])
    place, of = places(np.where(ranked, value, np.nan), key)
    judged = reliability.classes(
        value=numerator / denominator,
        low=low,
        high=high,
        denominator=denominator,
        share=kind == Kind.SHARE.value,
        doubted=(frame["bits"].to_numpy() & BIT[Flag.UNRELIABLE]) > 0,
    )
    return {
        "low": factor * low,
        "high": factor * high,
        "city_value": city_value,
        "difference": gap,
        "comparison": _codes(comparison, difference.CODES),
        "place": place,
        "of": of,
        "noise": np.where(noise > 0, noise, np.nan),
        "reliability": _codes(np.where(np.isnan(value), "", judged), reliability.CODES),
    }


def _codes(texts: np.ndarray, known: Sequence[str]) -> np.ndarray:
    return pd.Categorical(texts, categories=known).codes


def _noise(frame: pd.DataFrame, pack) -> np.ndarray:
    """Return the standard deviation of what the sources add at random to each count; 0 where they do not.

    A sum of k counts carries the noise of one √k times: k is the number of members of a composed area
    times the number of published counts in a count of the source (`model.Noise`).
    """
    source, area = frame["source"].cat.codes.to_numpy(), frame["area"].cat.codes.to_numpy()
    members = np.array([max(1, len(members_of(a, pack))) for a in pack.areas.values()])
    cells = np.where(frame["composed"].to_numpy(), members[area], 1)
    period, periods = frame["period"].cat.codes.to_numpy(), frame["period"].cat.categories
    found = np.zeros(len(frame))
    for code, s in enumerate(pack.sources.values()):
        if s.noise is not None:
            here = source == code
            variance = np.array([s.noise.variance(name) for name in periods])[period[here]]
            found[here] = np.sqrt(cells[here] * variance)
    return found


def _decimals(frame: pd.DataFrame, pack) -> np.ndarray:
    """Return how many decimals each figure is written with: the indicator's, or none in a series of whole numbers.

    A source that gives whole per cents without counts says no more than that; "20,0 %" would.
    """
    indicator, area = (frame[name].cat.codes.to_numpy() for name in ("indicator", "area"))
    value = frame["value"].to_numpy()
    finer = np.zeros((len(pack.indicators), len(pack.areas)), bool)
    fraction = ~np.isnan(value) & ((value % 1 != 0) | ~np.isnan(frame["numerator"].to_numpy()))
    finer[indicator[fraction], area[fraction]] = True
    usual = np.array([i.decimals for i in pack.indicators.values()], "int8")
    return np.where(finer[indicator, area], usual[indicator], np.int8(0))


def _keys(frame: pd.DataFrame) -> np.ndarray:
    """Number the combinations of indicator, group and period; the frame is sorted by them."""
    codes = np.stack([frame[c].cat.codes.to_numpy() for c in ("indicator", "group", "period")])
    change = (np.diff(codes, axis=1) != 0).any(axis=0)
    return np.concatenate([[0], np.cumsum(change)])[: len(frame)]


def _intervals(value, numerator, denominator, kind, certain, noise) -> tuple[np.ndarray, np.ndarray]:
    """Return 95 % intervals before the factor: Wilson for shares, Poisson for rates, else none.

    Widened where the counts carry `noise`. Estimates have none: their error is not the chance that the
    interval describes.
    """
    share, rate = (
        np.where((kind == k.value) & certain & ~np.isnan(value), numerator, np.nan)
        for k in (Kind.SHARE, Kind.RATE)
    )
    of_share, of_rate = interval.wilson(share, denominator), interval.poisson(rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (
            np.where(kind == Kind.RATE.value, events / denominator, proportion)
            for proportion, events in zip(of_share, of_rate, strict=True)
        )
        noisy_low, noisy_high = interval.with_noise(numerator / denominator, low, high, noise)
    ceiling = np.where(kind == Kind.SHARE.value, 1.0, np.inf)
    noisy = noise > 0
    return np.where(noisy, noisy_low, low), np.where(noisy, np.minimum(noisy_high, ceiling), high)


def _city_rows(key: np.ndarray, city: np.ndarray) -> np.ndarray:
    """Return for every row the position of the city's row with the same key, or −1."""
    row = np.full(key.max(initial=-1) + 1, -1)
    row[key[city]] = np.flatnonzero(city)
    return row[key]


def _taken(column: np.ndarray | _Texts, rows: np.ndarray, empty=np.nan) -> np.ndarray:
    """Return the cells in `rows`, and `empty` where a row is −1."""
    found = column[rows] if len(column) else np.full(rows.shape, empty)
    found[rows < 0] = empty
    return found


def _approximate(frame: pd.DataFrame, pack) -> np.ndarray:
    """Tell which figures are composed for an area whose border is only approximated.

    The figure is exact for the basic areas that it adds up – so it has been tested as it is – but an
    estimate for the area that the reader has in mind.
    """
    vague = np.array([area.approximate for area in pack.areas.values()])
    return vague[frame["area"].cat.codes] & frame["composed"].to_numpy() & frame["value"].notna().to_numpy()


@dataclass(frozen=True, slots=True)
class _Scope:
    """A break and what it applies to, as arrays over indicators and areas."""

    event: Break
    period: int
    indicators: np.ndarray
    own: np.ndarray
    composed: np.ndarray

    def divides(self, before: np.ndarray, after: np.ndarray, codes: dict[str, np.ndarray]) -> np.ndarray:
        """Tell whether the break lies between rows `before` and `after` of the same series."""
        area = codes["area"][after]
        here = np.where(codes["composed"][after], self.composed[area], self.own[area])
        period = codes["period"]
        return (
            here
            & self.indicators[codes["indicator"][after]]
            & (period[before] < self.period)
            & (period[after] >= self.period)
        )


class Statements:
    """Every statement of a pack.

    Build it with `build`, once; treat it as read-only.

    Attributes
    ----------
    frame : DataFrame
        One row per figure with `COLUMNS`, sorted by indicator, group, period and area. Texts are
        categories; numbers are float64 and NaN where there is none.
    kommuner : DataFrame or None
        Of a country: the figures of its kommuner that have passed the gate, as `compose.compose` has them.
    whole : omradesbild.pack.Pack
        Of a country: the pack with the indicators that only its kommuner have figures of; else `pack`.
    """

    def __init__(self, pack, frame: pd.DataFrame, kommuner: pd.DataFrame | None = None, whole=None):
        self.pack = pack
        self.frame = frame
        self.kommuner = kommuner
        self.whole = whole or pack
        self._area_at = {area: place for place, area in enumerate(pack.areas)}
        self._base_ids = tuple(a.id for a in pack.areas.values() if a.level == pack.info.base_level)
        self._key_at: dict[tuple[str, str, str], int] = {}
        self._periods: dict[tuple[str, str], list[str]] = {}
        self._has_value = lru_cache(maxsize=None)(self._has_value)
        self._statement = lru_cache(maxsize=KEPT)(self._statement)
        self._rows = self._index()
        self._columns = {name: _plain(frame[name]) for name in frame}
        self._codes = self._row_codes()
        self._scopes = [self._scope(b) for b in pack.breaks]
        self._starts = self._segment_starts()

    def within(self, since: str = "", until: str = "") -> Statements:
        """Return the statements of some years alone, both included; an end that is empty is open.

        What is said about each figure is unchanged; what is newest, and what a series holds, follows the years.
        """
        if not since and not until:
            return self
        periods = self.frame["period"].cat
        inside = np.array([since <= period[:4] <= (until or "9999") for period in periods.categories], bool)
        return Statements(self.pack, self.frame[inside[periods.codes]].reset_index(drop=True))

    # -- looking up -------------------------------------------------------------------------

    def get(self, area: str, indicator: str, period: str, group: str | None = None) -> Statement | None:
        """Return one statement, or None where the pack has no row. `group` None: the default."""
        key = self._key_at.get((indicator, self._group(indicator, group), period))
        place = self._area_at.get(area)
        if key is None or place is None or (row := self._rows[key, place]) < 0:
            return None
        return self._statement(row)

    def series(self, area: str, indicator: str, group: str | None = None) -> tuple[Segment, ...]:
        """Return an area's figures over time, divided where they must not be compared."""
        rows = self._series_rows(area, indicator, self._group(indicator, group))
        segments: list[Segment] = []
        points: list[Statement] = []
        breaks: tuple[Break, ...] = ()
        for before, row in zip([None, *rows], rows, strict=False):
            if before is not None and self._starts[row]:
                segments.append(Segment(tuple(points), breaks))
                points, breaks = [], self._between(before, row)
            points.append(self._statement(row))
        return (*segments, Segment(tuple(points), breaks)) if points else ()

    def history(self, indicator: str, group: str | None = None) -> History:
        """Return the figures over time of all basic areas."""
        group = self._group(indicator, group)
        periods = self._periods.get((indicator, group), [])
        keys = np.array([self._key_at[indicator, group, period] for period in periods], int)
        rows = self._rows[np.ix_(keys, [self._area_at[area] for area in self._base_ids])]
        part = np.cumsum(self._starts[rows] & (rows >= 0), axis=0) if len(self._starts) else np.zeros(rows.shape, int)
        return History(tuple(periods), part, _taken(self._columns["value"], rows))

    def trend(self, area: str, indicator: str, group: str | None = None) -> trend.Trend:
        """Return what can be said about the latest unbroken years; see `trend.assess`."""
        last = self.series(area, indicator, group)[-1:]
        city = self.series(self.pack.info.city, indicator, group)[-1:]
        points = [p for segment in last for p in segment.points]
        return trend.assess(points, [p for segment in city for p in segment.points])

    def periods(self, indicator: str, level: str | None = None, group: str | None = None) -> list[str]:
        """Return the periods, oldest first, in which any area (of `level`) has a value."""
        group = self._group(indicator, group)
        known = self._periods.get((indicator, group), [])
        return [period for period in known if self._has_value(indicator, group, period, level)]

    def periods_of(self, area: str, indicator: str, group: str | None = None) -> list[str]:
        """Return the periods, oldest first, in which one area has a value."""
        rows = self._series_rows(area, indicator, self._group(indicator, group))
        return [
            self._columns["period"][row]
            for row in rows
            if self._columns["value"][row] == self._columns["value"][row]
        ]

    def latest_of(self, area: str, indicator: str, group: str | None = None) -> Statement | None:
        """Return an area's newest statement with a value."""
        periods = self.periods_of(area, indicator, group)
        return self.get(area, indicator, periods[-1], group) if periods else None

    def groups(self, indicator: str) -> list[str]:
        """Return the breakdowns that an indicator has figures for; '' is the total."""
        return [group for known, group in self._periods if known == indicator]

    def levels(self, indicator: str) -> list[str]:
        """Return the levels at which an indicator has values, in order of display."""
        rows = self._rows_of(indicator)
        known = set(self._columns["level"][rows[~np.isnan(self._columns["value"][rows])]])
        return [level.value for level in Level if level.value in known]

    def sources(self, indicator: str) -> list[Source]:
        """Return the sources that an indicator's figures come from."""
        used = set(self._columns["source"][self._rows_of(indicator)])
        return [source for source in self.pack.sources.values() if source.id in used]

    def used(self, indicator: str, group: str) -> tuple[list[Source], bool]:
        """Return the sources of the figures of a breakdown, in the order of the figures, and whether any is composed."""
        rows = self._rows_of(indicator, group)
        rows = rows[~np.isnan(self._columns["value"][rows])]
        sources = pd.unique(self._columns["source"][rows])
        return [self.pack.sources[source] for source in sources], bool(self._columns["composed"][rows].any())

    def of(self, indicator: str, group: str | None = None) -> list[Statement]:
        """Return every statement of an indicator: all areas and periods, and all breakdowns unless one is named."""
        return [self._statement(row) for row in self._rows_of(indicator, group).tolist()]

    def latest(self, indicator: str, level: str | None = None, group: str | None = None) -> str | None:
        """Return the latest period in which any area (of `level`) has a value."""
        return next(iter(self.periods(indicator, level, group)[::-1]), None)

    def at(
        self, indicator: str, period: str, group: str | None = None, level: str | None = None
    ) -> pd.DataFrame:
        """Return the rows of `frame` for one indicator, period and group (and level)."""
        key = self._key_at.get((indicator, self._group(indicator, group), period))
        rows = self._rows[key] if key is not None else np.zeros(0, int)
        found = self.frame.iloc[rows[rows >= 0]]
        return found if level is None else found[found["level"] == level]

    def base_at(
        self, indicator: str, period: str, group: str | None = None, ids: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return what a map of the basic areas needs, one row per area in the order of `ids`.

        Columns: area, value, low, high, city_value, difference, place, of (float), flag, reason,
        comparison (text). An area without a row has no value and the flag '-'.
        """
        ids = self._base_ids if ids is None else ids
        key = self._key_at.get((indicator, self._group(indicator, group), period))
        places_ = np.array([self._area_at[area] for area in ids], dtype=int)
        rows = self._rows[key, places_] if key is not None else np.full(len(ids), -1)
        table = {"area": np.array(ids, dtype=object)}
        for name in ("value", "low", "high", "city_value", "difference", "place", "of"):
            table[name] = _taken(self._columns[name], rows)
        for name, empty in (("flag", Flag.NOT_REPORTED.value), ("reason", ""), ("comparison", "")):
            table[name] = _taken(self._columns[name], rows, empty)
        return pd.DataFrame(table, copy=False)

    # -- inside ----------------------------------------------------------------------------

    def _group(self, indicator: str, group: str | None) -> str:
        if group is not None or indicator not in self.pack.indicators:
            return group or ""
        return self.pack.indicators[indicator].default_group

    def _index(self) -> np.ndarray:
        """Return the row of each key and area (−1: none), and fill the lists of keys and periods."""
        frame, key = self.frame, _keys(self.frame)
        firsts = frame.loc[np.flatnonzero(np.diff(key, prepend=-1)), ["indicator", "group", "period"]]
        for number, (indicator, group, period) in enumerate(firsts.itertuples(index=False)):
            self._key_at[indicator, group, period] = number
            self._periods.setdefault((indicator, group), []).append(period)
        rows = np.full((len(firsts), len(self._area_at)), -1, dtype=np.int32)
        rows[key, frame["area"].cat.codes] = np.arange(len(frame))
        return rows

    def _rows_of(self, indicator: str, group: str | None = None) -> np.ndarray:
        keys = [number for (known, of, _), number in self._key_at.items() if known == indicator and group in (None, of)]
        rows = self._rows[keys].ravel()
        return rows[rows >= 0]

    def _series_rows(self, area: str, indicator: str, group: str) -> list[int]:
        place = self._area_at.get(area)
        if place is None:
            return []
        periods = self._periods.get((indicator, group), [])
        keys = [self._key_at[indicator, group, period] for period in periods]
        rows = self._rows[keys, place]
        return rows[rows >= 0].tolist()

    def _has_value(self, indicator: str, group: str, period: str, level: str | None) -> bool:
        rows = self._rows[self._key_at[indicator, group, period]]
        rows = rows[rows >= 0]
        rows = rows[~np.isnan(self._columns["value"][rows])]
        return bool((self._columns["level"][rows] == level).any() if level else len(rows))

    def _statement(self, row: int) -> Statement:
        columns, pack = self._columns, self.pack
        text = {name: columns[name][row] for name in _TEXTS}
        number = {name: _number(columns[name].item(row)) for name in _NUMBERS}
        area = pack.areas[columns["area"][row]]
        composed = columns["composed"].item(row)
        return Statement(
            area=area,
            indicator=pack.indicators[columns["indicator"][row]],
            source=pack.sources[columns["source"][row]],
            composed=composed,
            place=_whole(columns["place"].item(row)),
            of=_whole(columns["of"].item(row)),
            decimals=columns["decimals"].item(row),
            warnings=_caveats(
                text["flag"],
                text["reason"],
                composed,
                composed and area.approximate and number["value"] is not None,
                self._starts.item(row),
                text["comparison"],
                number["noise"] is not None and number["value"] is not None,
            ),
            **text,
            **number,
        )

    def _scope(self, event: Break) -> _Scope:
        """Resolve a break. Empty lists mean everything; a composed area breaks where a member does.

        The city does not break when the borders inside it move.
        """
        pack = self.pack
        listed = set(event.areas)
        inner = {pack.info.city} if event.kind == "boundary" and not listed else set()
        composite = [
            area.id not in inner and (bool(listed.intersection((area.id, *area.members))) or not listed)
            for area in pack.areas.values()
        ]
        return _Scope(
            event,
            period=int(np.searchsorted(self.frame["period"].cat.categories, event.period)),
            indicators=np.array([not event.indicators or i in event.indicators for i in pack.indicators]),
            own=np.array([area not in inner and (not listed or area in listed) for area in pack.areas]),
            composed=np.array(composite),
        )

    def _segment_starts(self) -> np.ndarray:
        """Tell which rows are the first after a break and have a row before them in their series."""
        codes = self._codes
        order = np.lexsort([codes[c] for c in ("period", "group", "indicator", "area")])
        same = np.all(
            [codes[c][order][1:] == codes[c][order][:-1] for c in ("group", "indicator", "area")], axis=0
        )
        before, after = order[:-1][same], order[1:][same]
        broken = codes["marked"][after]
        for scope in self._scopes:
            broken = broken | scope.divides(before, after, codes)
        starts = np.zeros(len(self.frame), dtype=bool)
        starts[after] = broken
        return starts

    def _row_codes(self) -> dict[str, np.ndarray]:
        frame = self.frame
        codes = {c: frame[c].cat.codes.to_numpy() for c in ("area", "indicator", "group", "period")}
        marks = np.array(
            [Flag.BREAK.value in flag.split() for flag in frame["flag"].cat.categories] or [False]
        )
        return codes | {
            "composed": frame["composed"].to_numpy(),
            "marked": marks[frame["flag"].cat.codes],
        }

    def _between(self, before: int, after: int) -> tuple[Break, ...]:
        return tuple(s.event for s in self._scopes if s.divides(before, after, self._codes))


_TEXTS = ("period", "group", "flag", "reason", "comparison", "reliability")
_NUMBERS = ("value", "numerator", "denominator", "low", "high", "city_value", "difference", "noise")
_FLAG_CAVEATS = {
    Flag.SUPPRESSED: Caveat.SUPPRESSED,
    Flag.NOT_REPORTED: Caveat.NOT_REPORTED,
    Flag.NOT_APPLICABLE: Caveat.NOT_APPLICABLE,
    Flag.UNRELIABLE: Caveat.UNRELIABLE,
    Flag.ESTIMATED: Caveat.ESTIMATED,
    Flag.PRELIMINARY: Caveat.PRELIMINARY,
    Flag.BREAK: Caveat.BREAK,
    Flag.APPROXIMATE: Caveat.APPROXIMATE_AREA,
}
_COMPARISON_CAVEATS = {"small": Caveat.SMALL_BASIS} | dict.fromkeys(
    ("above", "about", "below"), Caveat.UNTESTED
)


@lru_cache(maxsize=4096)
def _caveats(
    flag: str, reason: str, composed: bool, approximate: bool, broken: bool, comparison: str, noisy: bool
) -> tuple[Caveat, ...]:
    """Return the caveats of a figure, in the order of the vocabulary."""
    found = {_FLAG_CAVEATS[Flag(code)] for code in flag.split()}
    if reason:
        found.add(Caveat(reason))
    elif composed:
        found.add(Caveat.COMPOSED)
    if approximate:
        found.add(Caveat.APPROXIMATE_AREA)
    if broken:
        found.add(Caveat.BREAK)
    if noisy:
        found.add(Caveat.PERTURBED)
    if comparison in _COMPARISON_CAVEATS:
        found.add(_COMPARISON_CAVEATS[comparison])
    return tuple(caveat for caveat in Caveat if caveat in found)


class _Texts:
    """A column of categories that is quick to read cell by cell, or many at once."""

    def __init__(self, column: pd.Series) -> None:
        self._codes = column.cat.codes.to_numpy()
        self._texts = np.array([*column.cat.categories, None], dtype=object)

    def __getitem__(self, rows):
        return self._texts[self._codes[rows]]

    def __len__(self) -> int:
        return len(self._codes)


def _plain(column: pd.Series) -> np.ndarray | _Texts:
    """Return a column so that it is quick to read cell by cell."""
    return _Texts(column) if isinstance(column.dtype, pd.CategoricalDtype) else column.to_numpy()


def _number(value: float) -> float | None:
    return None if value != value else value


def _whole(value: float) -> int | None:
    return None if value != value else int(value)
