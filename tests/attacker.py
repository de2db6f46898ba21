"""An outsider who knows all shown figures, how areas add up, and how to solve linear programs.

It shares no code with the engine's own protection: it reads `Statements.frame` and the pack's catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from omradesbild.model import RATIO_KINDS, Kind, Level

#: A figure that is shown without counts is known to half of its last digit.
ROUNDING = 0.5


#: How far an outsider's bounds must reach on either side of what the rule hides; how wide all must be.
MARGIN = 6


@dataclass(frozen=True)
class Bounds:
    """What the outsider finds out about one hidden figure: its number lies between `low` and `high`."""

    area: str
    indicator: str
    period: str
    group: str
    low: float
    high: float


def attack(frame: pd.DataFrame, pack, indicators: list[str], period: str, group: str = "") -> list[Bounds]:
    """Put bounds on every hidden number of a table, or of tables whose parts make up one whole.

    Parameters
    ----------
    indicators
        One indicator, or all that are parts of the same whole.
    """
    return _Attack(frame, pack, indicators, period, group).all()


def safe(bound: Bounds, truth: pd.Series | None) -> bool:
    """Tell whether bounds are far enough apart, and around a number that the rule hides."""
    if not bound.high - bound.low >= MARGIN - 1e-3:
        return False
    if truth is None or np.isnan(truth["numerator"]):
        return True
    number, whole = truth["numerator"], truth["denominator"]
    if min(number, whole - number) > 5 and whole > 20:
        return True
    return bound.low <= max(0, number - MARGIN) + 1e-3 and bound.high >= min(whole, number + MARGIN) - 1e-3


def tables(frame: pd.DataFrame, pack) -> list[tuple[list[str], str, str]]:
    """Return what to attack: every table, or family of tables, with a hidden figure that is no sum of others."""
    hidden = frame[frame["flag"].astype(str).str.startswith("..") & ~frame["composed"]]
    found = {}
    for indicator, period, group in (
        hidden[["indicator", "period", "group"]].drop_duplicates().itertuples(index=False)
    ):
        family = pack.indicators[indicator].disclosure.family
        alike = [i.id for i in pack.indicators.values() if family and i.disclosure.family == family]
        found[family or indicator, period, group] = (alike or [indicator], period, group)
    return list(found.values())


class _Attack:
    """Unknown: the number, and the base, of every area that is not shown in full."""

    def __init__(self, frame, pack, indicators, period, group):
        here = frame[(frame["period"] == period) & (frame["group"] == group)]
        self.pack, self.indicators, self.period, self.group = pack, indicators, period, group
        self.rows = {
            (row.indicator, row.area): row
            for row in here[here["indicator"].isin(indicators)].itertuples(index=False)
        }
        self.bases = self._known_bases(here)
        self.limits: list[tuple[float | None, float | None]] = []
        self.column: dict[tuple[str, str, str], int] = {}
        self.equal: list[tuple[dict[int, float], float]] = []
        self.under: list[tuple[dict[int, float], float]] = []
        for indicator in indicators:
            for area in pack.areas.values():
                self._add(indicator, area)
        for indicator in indicators:
            self._sums(indicator)
        self._wholes()

    def all(self) -> list[Bounds]:
        found = []
        for (indicator, area), row in self.rows.items():
            if self.pack.areas[area].level is Level.CUSTOM:
                continue  # made of what is shown: no secret of its own
            if row.flag.startswith("..") and not (row.composed and self._has_hidden_member(indicator, area)):
                found.append(Bounds(area, indicator, self.period, self.group, *self._range(indicator, area)))
        return found

    def _has_hidden_member(self, indicator, area) -> bool:
        members = self._members(self.pack.areas[area])
        return any(
            self.rows[indicator, m].flag.startswith("..") for m in members if (indicator, m) in self.rows
        )

    def _members(self, area) -> list[str]:
        if area.id == self.pack.info.city and not area.members:
            return [a.id for a in self.pack.areas.values() if a.level == self.pack.info.base_level]
        return list(area.members)

    def _known_bases(self, here) -> dict[tuple[str, str], float]:
        """Denominators by what they are called: any indicator that shows one gives it away."""
        words = {i.id: i.denominator.sv for i in self.pack.indicators.values() if i.denominator}
        known = here[here["denominator"].notna()]
        return {(words[row.indicator], row.area): row.denominator for row in known.itertuples(index=False)}

    def _add(self, indicator: str, area) -> None:
        """Two unknowns per area; those that are shown have no room."""
        row, kind = self.rows.get((indicator, area.id)), self.pack.indicators[indicator].kind
        number: tuple = (None if kind is Kind.CHANGE else 0, None)
        base: tuple = (0, None)
        if kind in RATIO_KINDS:
            word = self.pack.indicators[indicator].denominator.sv
            if (word, area.id) in self.bases:
                base = (self.bases[word, area.id],) * 2
        if row is not None and row.value == row.value:
            if kind is Kind.COUNT:
                number = (row.value, row.value)
            elif row.numerator == row.numerator:
                number = (row.numerator, row.numerator)
            elif base[1] is not None:
                factor = self.pack.indicators[indicator].factor
                slack = ROUNDING * 10.0 ** -self.pack.indicators[indicator].decimals
                number = tuple((row.value + s) * base[0] / factor for s in (-slack, slack))
        for what, limit in (("number", number), ("base", base)):
            self.column[what, indicator, area.id] = len(self.limits)
            self.limits.append(limit)
        if kind is Kind.SHARE:
            self.under.append(
                (
                    {
                        self.column["number", indicator, area.id]: 1.0,
                        self.column["base", indicator, area.id]: -1.0,
                    },
                    0.0,
                )
            )

    def _sums(self, indicator: str) -> None:
        """An area is the sum of its members, or of shares of them; shown figures may miss that by their noise."""
        for area in self.pack.areas.values():
            members = {
                m: -share
                for m, share in zip(self._members(area), area.shares or repeat(1.0), strict=False)
                if m != area.id
            }
            if not members:
                continue
            for what in ("number", "base"):
                terms = {self.column[what, indicator, m]: factor for m, factor in members.items()}
                terms[self.column[what, indicator, area.id]] = 1.0
                self.equal.append((terms, self._noise(terms)))

    def _wholes(self) -> None:
        """Parts of one whole make it up, as nearly as they do where all of them are shown."""
        if len(self.indicators) < 2:
            return
        found = []
        for area in self.pack.areas:
            rows = [self.rows.get((i, area)) for i in self.indicators]
            wholes = [
                row.denominator for row in rows if row is not None and row.denominator == row.denominator
            ]
            if None not in rows and wholes:
                found.append(({self.column["number", i, area]: 1.0 for i in self.indicators}, max(wholes)))
        near = max(abs(self._noise(terms, -whole)) for terms, whole in found)
        for terms, whole in found:
            self.under.append((terms, whole + near))
            self.under.append(({c: -1.0 for c in terms}, near - whole))

    def _noise(self, terms: dict[int, float], start: float = 0.0) -> float:
        """How much a sum of shown figures misses; 0 where one of its terms is not shown."""
        if any(self.limits[c][0] is None or self.limits[c][0] != self.limits[c][1] for c in terms):
            return 0.0
        return start + sum(factor * self.limits[c][0] for c, factor in terms.items())

    def _range(self, indicator: str, area: str) -> tuple[float, float]:
        found = []
        for sign in (1, -1):
            aim = np.zeros(len(self.limits))
            aim[self.column["number", indicator, area]] = sign
            answer = linprog(aim, **self._program)
            found.append(
                -sign * np.inf if answer.status == 3 else sign * answer.fun if answer.success else np.nan
            )
        return found[0], found[1]

    @property
    def _program(self) -> dict:
        def matrix(lines):
            places = [(n, c, f) for n, (terms, _) in enumerate(lines) for c, f in terms.items()]
            rows, columns, factors = (np.array(x) for x in zip(*places, strict=True))
            return csr_array((factors, (rows, columns)), shape=(len(lines), len(self.limits)))

        program = {"bounds": self.limits}
        if self.equal:
            program |= {"A_eq": matrix(self.equal), "b_eq": [right for _, right in self.equal]}
        if self.under:
            program |= {"A_ub": matrix(self.under), "b_ub": [right for _, right in self.under]}
        return program
