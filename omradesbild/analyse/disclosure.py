"""Disclosure control: the one gate that every figure passes before anything is said about it.

Each indicator carries its rule (`model.Disclosure`). What breaks it is hidden whole: value, numerator and
denominator are gone before interval, difference, place and comparison are made. Then more is hidden
until no hidden number can be computed from what is shown; see `suppression`. docs/disclosure.md argues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from omradesbild.analyse import suppression
from omradesbild.analyse.compose import NUMBERS, members_of
from omradesbild.analyse.flags import BIT
from omradesbild.analyse.pieces import pieces
from omradesbild.model import RATIO_KINDS, Flag, Indicator, Kind, Level

#: Whose numerator, and whose complement, is tested. Denominators are tested for all ratios.
NUMBERED = frozenset({Kind.SHARE, Kind.RATE, Kind.COUNT})
COMPLEMENTED = frozenset({Kind.SHARE})
#: A total (of a mean) is protected to this share of itself, everything else to a number.
TOTAL_MARGIN = 0.1
#: What hiding an area's figure costs. A basic area costs 1; of two alike the larger costs more.
COST = {Level.NAMED: 4.0, Level.CITY_AREA: 10.0, Level.DISTRICT: 10.0, Level.KOMMUN: 1000.0}


@dataclass(frozen=True)
class _Figures:
    """The frame's rows as arrays, shape (rows,).

    `block` numbers what is solved together, `part` the tables in it. `amount` is what adds up: the numerator
    of a ratio, the value of a count; NaN where it is not known. `low` and `high` are what everybody
    knows it to lie between, `whole` what a share is a share of.
    """

    area: np.ndarray
    block: np.ndarray
    part: np.ndarray
    shown: np.ndarray
    amount: np.ndarray
    whole: np.ndarray
    low: np.ndarray
    high: np.ndarray
    margin: np.ndarray
    total: np.ndarray
    few: np.ndarray
    capped: np.ndarray
    withheld: np.ndarray


def gate(frame: pd.DataFrame, pack) -> pd.DataFrame:
    """Hide what must not be seen, and what it could be computed from.

    Parameters
    ----------
    frame : DataFrame
        What `compose.compose` returns.
    pack : omradesbild.pack.Pack
        Only `info`, `areas` and `indicators` are read.

    Returns
    -------
    DataFrame
        The same rows. A hidden one has no numbers, the flag ``..`` (and ``b`` if it had) and the reason
        ``suppressed``; one beyond its cap has the limit as its value, no numerator and denominator, and the reason ``capped``.

    Notes
    -----
    A figure that its rule hides is protected to one more than the rule's threshold on either side, so
    that an outsider cannot tell whether it is below it. What was hidden by its source, or to protect
    another, is protected so that an outsider's bounds are that far apart.
    """
    hidden, capped, ties = np.zeros(len(frame), bool), np.zeros(len(frame), bool), _Ties(pack)
    period = frame["period"].cat.codes.to_numpy()
    order = np.argsort(period, kind="stable")
    for piece in pieces(period[order]):  # what is solved together is of one period
        rows = order[piece]
        hidden[rows], capped[rows] = _unseen(frame.iloc[rows].reset_index(drop=True), pack, ties)
    return _applied(frame, hidden, capped, pack)


def _unseen(frame: pd.DataFrame, pack, ties: _Ties) -> tuple[np.ndarray, np.ndarray]:
    """Tell which figures are hidden, and which are shown as the limit that they lie beyond."""
    figures = _figures(frame, pack)
    secret = figures.few | figures.capped | figures.withheld
    hidden = figures.few | (frame["bits"].to_numpy() & BIT[Flag.SUPPRESSED] > 0)
    for rows in _blocks(figures.block, secret):
        hidden[rows] |= _protected(figures, rows, secret[rows], ties)
    return hidden & ~figures.capped, figures.capped


def own_choice_refused(sums: dict, beside: Iterable[tuple], indicator: pd.Series, pack) -> np.ndarray:
    """Tell which sums over a reader's own choice of basic areas may not be shown, and why.

    Parameters
    ----------
    sums
        What `compose.summed` returns for the choice, from figures that have passed the gate.
    beside
        For each published area that differs from the choice by one basic area: where its figure is shown, and
        that basic area's value, numerator and denominator (arrays like the sums).
    indicator
        What each sum is of.

    Returns
    -------
    array of str
        '' where it may be shown; ``small``: the sum breaks the indicator's rule; ``differencing``: the choice is a
        published area plus or minus one that is hidden, missing or too small to be shown by itself.

    Notes
    -----
    A sum of shown figures tells nothing that could not be added by hand. `differencing` is there for wholes that a
    source publishes without their parts. A sum over hidden or missing figures has no value to refuse.
    """
    meanings = [pack.indicators[i] for i in indicator]
    least = np.array([_thresholds(meaning) for meaning in meanings]).reshape(-1, 3).T
    ratio = np.array([meaning.kind in RATIO_KINDS for meaning in meanings], dtype=bool)

    def breaks(value, numerator, denominator):
        return _breaks(np.where(ratio, numerator, value), denominator, least)

    small = breaks(*(sums[column] for column in NUMBERS))
    bare = np.zeros(len(ratio), dtype=bool)
    for shown, *numbers in beside:
        bare |= shown & (np.isnan(numbers[0]) | breaks(*numbers))
    known = ~np.isnan(sums["value"])
    return np.select([known & small, known & bare], ["small", "differencing"], default="")


# -- the rule ------------------------------------------------------------------------------------


def _thresholds(indicator: Indicator) -> tuple[float, float, float]:
    """Return what numerator, complement and denominator must be above; −∞ where it does not matter."""
    rule, kind = indicator.disclosure, indicator.kind
    tests = (
        (rule.min_numerator, NUMBERED),
        (rule.min_complement, COMPLEMENTED),
        (rule.min_denominator, RATIO_KINDS),
    )
    return tuple(-np.inf if rule.public or kind not in tested else float(least) for least, tested in tests)


def _breaks(number, denominator, least):
    """Tell which figures break their rule; what is not known breaks none."""
    return (number <= least[0]) | (denominator - number <= least[1]) | (denominator <= least[2])


def _caps(indicator: Indicator) -> tuple[float, float]:
    low, high = indicator.disclosure.cap
    return -np.inf if low is None else low, np.inf if high is None else high


def _figures(frame: pd.DataFrame, pack) -> _Figures:
    indicators = list(pack.indicators.values())
    codes = {c: frame[c].cat.codes.to_numpy(np.int64) for c in ("area", "indicator", "period", "group")}

    def each(found) -> np.ndarray:
        return np.array([found(i) for i in indicators])[codes["indicator"]]

    value, numerator, denominator = (frame[column].to_numpy() for column in NUMBERS)
    share, ratio = each(lambda i: i.kind is Kind.SHARE), each(lambda i: i.kind in RATIO_KINDS)
    factor, caps = each(lambda i: i.factor), each(_caps)
    amount = np.where(ratio, numerator, value)
    amount = np.where(ratio & np.isnan(amount), value * denominator / factor, amount)
    suppressed = frame["bits"].to_numpy() & BIT[Flag.SUPPRESSED] > 0
    whole = np.where(share, _wholes(frame, pack, denominator, share & suppressed), np.nan)
    least = each(_thresholds).T
    few = _breaks(amount, denominator, least)
    bare = share & np.isnan(amount)
    few |= bare & (((value == 0) & (least[0] >= 0)) | ((value == factor) & (least[1] >= 0)))
    beneath, beyond = value < caps[:, 0], value > caps[:, 1]
    low_cap, high_cap = (
        np.where(at, caps[:, n], np.nan) * whole / factor for n, at in ((0, beneath), (1, beyond))
    )
    high = np.where(beneath, low_cap, whole)
    families = {name: n for n, name in enumerate({i.disclosure.family or i.id: None for i in indicators})}
    family = each(lambda i: families[i.disclosure.family or i.id])
    of_group = codes["group"] + 1
    alone = np.where(each(lambda i: i.disclosure.family is not None), 0, of_group)
    many = of_group.max(initial=0) + 1
    return _Figures(
        area=codes["area"],
        block=(family * (codes["period"].max(initial=0) + 1) + codes["period"]) * many + alone,
        part=codes["indicator"] * many + of_group,
        shown=~np.isnan(value),
        amount=amount,
        whole=whole,
        low=np.where(each(lambda i: i.kind is Kind.CHANGE), -np.inf, np.nan_to_num(high_cap)),
        high=np.where(np.isnan(high), np.inf, high),
        margin=each(lambda i: max(i.disclosure.min_numerator, i.disclosure.min_complement) + 1.0),
        total=each(lambda i: i.kind is Kind.MEAN),
        few=few,
        capped=(beneath | beyond) & ~few,
        withheld=suppressed & ~frame["composed"].to_numpy(),
    )


def _wholes(frame: pd.DataFrame, pack, denominator: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Fill in denominators that another indicator shows, which has the same in words."""
    if not lost.any():
        return denominator
    words = {i.id: i.denominator.sv if i.denominator else i.id for i in pack.indicators.values()}
    rows = frame[["area", "period"]].assign(
        word=frame["indicator"].astype(object).map(words), whole=denominator
    )
    rows = rows[rows["word"].isin(rows.loc[lost, "word"].unique())]
    same = rows.groupby(["word", "area", "period"], observed=True)["whole"].transform("first")
    filled = denominator.copy()
    filled[lost] = same.loc[np.flatnonzero(lost)]
    return filled


def _applied(frame: pd.DataFrame, hidden: np.ndarray, capped: np.ndarray, pack) -> pd.DataFrame:
    """Return the frame without the numbers of hidden rows, and with limits for those beyond them."""
    passed = frame.copy()
    new = hidden & frame["value"].notna().to_numpy()
    passed.loc[hidden, NUMBERS] = np.nan
    passed.loc[new, "reason"] = "suppressed"
    passed["bits"] = np.where(new, BIT[Flag.SUPPRESSED] | frame["bits"] & BIT[Flag.BREAK], frame["bits"])
    if capped.any():
        limits = np.array([_caps(i) for i in pack.indicators.values()])[frame["indicator"].cat.codes[capped]]
        passed.loc[capped, "value"] = frame.loc[capped, "value"].clip(limits[:, 0], limits[:, 1])
        passed.loc[capped, ["numerator", "denominator"]] = np.nan
        passed.loc[capped, "reason"] = "capped"
    return passed


# -- what is solved together -----------------------------------------------------------------------


def _blocks(block: np.ndarray, secret: np.ndarray) -> Iterator[np.ndarray]:
    """Give the rows of every block that holds a secret."""
    wanted = np.isin(block, block[secret])
    rows = np.flatnonzero(wanted)
    rows = rows[np.argsort(block[rows], kind="stable")]
    yield from np.split(rows, np.flatnonzero(np.diff(block[rows])) + 1) if len(rows) else ()


def _protected(figures: _Figures, rows: np.ndarray, secret: np.ndarray, ties: _Ties) -> np.ndarray:
    """Return which of a block's rows to hide.

    Where it is not known what a hidden share is a share of, those who do *not* have the property are protected
    too: the bounds of the one number then say nothing of the other.
    """
    hidden = _solved(figures, rows, secret, ties, figures.amount[rows], figures.high[rows])
    blind = figures.withheld[rows] & np.isnan(figures.whole[rows])
    if blind.any() and not np.isnan(figures.whole[rows]).all():
        rest = figures.whole[rows] - figures.amount[rows]
        hidden = _solved(figures, rows, hidden, ties, rest, figures.high[rows])
    return hidden


def _solved(figures, rows, secret, ties, amount, high) -> np.ndarray:
    """Solve one block for the numbers `amount`."""
    area, (part, parts) = figures.area[rows], np.unique(figures.part[rows], return_inverse=True)[::-1]
    equations, right, extra = ties.equations(area, part, len(parts), figures.shown[rows] | secret, amount)
    spare = np.zeros(extra)
    low = figures.low[rows]
    cells = suppression.Cells(
        equations=equations,
        right=right,
        amount=np.concatenate([amount, spare * np.nan]),
        low=np.concatenate([low, spare + low.min()]),
        high=np.concatenate([high, spare + np.inf]),
        below=np.zeros(len(rows) + extra),
        above=np.zeros(len(rows) + extra),
        width=np.zeros(len(rows) + extra),
        cost=np.concatenate([ties.cost(area, figures.whole[rows]), spare]),
        group=np.concatenate([area, -1 - np.arange(extra)]),
    )
    suppression.complete(cells)
    margin = np.concatenate([figures.margin[rows], spare])
    margin = np.where(np.append(figures.total[rows], spare > 0), TOTAL_MARGIN * abs(cells.amount), margin)
    own = np.append(figures.few[rows] | figures.capped[rows], spare > 0)
    cells.below[own] = cells.above[own] = margin[own]
    cells.width[:] = margin
    unknown = np.concatenate([np.isnan(amount) & ~figures.withheld[rows], spare == 0])
    return suppression.protect(cells, np.append(secret, spare > 0), unknown)[: len(rows)]


class _Ties:
    """What an outsider knows of how areas add up."""

    def __init__(self, pack):
        place = {area: n for n, area in enumerate(pack.areas)}
        self.members = {
            place[area.id]: [place[m] for m in members_of(area, pack)]
            for area in pack.areas.values()
            if area.level != pack.info.base_level and members_of(area, pack)
        }
        self.costs = np.array(
            [1.0 if a.level == pack.info.base_level else COST.get(a.level, 1.0) for a in pack.areas.values()]
        )

    def cost(self, area: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """Return what hiding each row costs: its level, how many it is about; what comes last is cheapest."""
        size = np.nan_to_num(whole) / max(1.0, np.nan_to_num(whole).max(initial=0))
        return self.costs[area] + 0.5 * size - 1e-5 * np.arange(len(area)) / len(area)

    def equations(
        self, area: np.ndarray, part: np.ndarray, parts: int, told: np.ndarray, amount: np.ndarray
    ) -> tuple[csr_array, np.ndarray, int]:
        """Return the equations of a block, their right sides, and how many columns follow those of its rows.

        Only sums that are `told` – shown, or a secret of their own – tie anything. Columns more stand for the members
        that have no row, one for all that the same sums hold: a city and its districts are tied also where no
        area has a figure. A sum without counts gets its number here, in `amount`, where its members' numbers are known.
        """
        row = np.full((parts, len(self.costs)), -1)
        row[part, area] = np.arange(len(area))
        sums, gaps, extra = [], [], 0
        for places in row:
            wholes = [whole for whole in self.members if places[whole] >= 0 and told[places[whole]]]
            found, number = self._gaps(places, wholes, len(area) + extra)
            gaps.append(found)
            extra += number
        for composite, members in self.members.items():
            for of_part in range(parts):
                gap = gaps[of_part].get(composite)
                if gap is None:
                    continue
                whole, terms = row[of_part, composite], row[of_part, members]
                present = terms[terms >= 0]
                if np.isnan(amount[whole]) and not gap:
                    amount[whole] = amount[present].sum()
                sums.append(([whole, *present, *gap], [1.0] + [-1.0] * (len(present) + len(gap))))
        right = [0.0] * len(sums)
        if parts > 1:
            sums += [(column, [1.0] * parts) for column in row.T if (column >= 0).all()]
            right += [np.nan] * (len(sums) - len(right))
        columns = np.concatenate([np.asarray(c, int) for c, _ in sums]) if sums else np.zeros(0, int)
        factors = np.concatenate([f for _, f in sums]) if sums else np.zeros(0)
        lines = np.repeat(np.arange(len(sums)), [len(c) for c, _ in sums])
        matrix = csr_array((factors, (lines, columns)), shape=(len(sums), len(area) + extra))
        return matrix, np.array(right), extra

    def _gaps(self, places: np.ndarray, wholes: list[int], first: int) -> tuple[dict[int, list[int]], int]:
        """Return for each whole the columns, from `first` on, of its members that have no row in `places`; and how many columns."""
        inside: dict[int, list[int]] = {}
        for whole in wholes:
            for member in self.members[whole]:
                if places[member] < 0:
                    inside.setdefault(member, []).append(whole)
        gaps: dict[int, list[int]] = {whole: [] for whole in wholes}
        alike = dict.fromkeys(map(tuple, inside.values()))
        for column, together in enumerate(alike, first):
            for whole in together:
                gaps[whole].append(column)
        return gaps, len(alike)
