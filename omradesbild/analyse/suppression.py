"""Which more figures must be hidden, so that no hidden one can be computed from those that are shown.

Figures are tied together: a city is the sum of its areas, a named area the sum of its own. Who knows all
shown figures can put bounds on each hidden one by linear programming. A hidden figure is safe
when those bounds are far enough apart; where they are not, more figures are hidden, as few as can be found.

References
----------
Fischetti & Salazar 2000, Models and algorithms for optimizing cell suppression in tabular data with
linear constraints, J. Am. Stat. Assoc. 95, 916–928; the choice of cells is the linear relaxation of Kelly,
Golden & Assad 1992 (Cell suppression: disclosure protection for sensitive tabular data, Networks 22).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from scipy.optimize import linprog, lsq_linear
from scipy.sparse import csc_array, csr_array, hstack

#: Numbers closer than this are the same; a solver's answers are not exact.
SAME = 1e-4
#: What moving a cell that is hidden anyway costs beside one that is not; what not moving at all costs.
FREE, NEVER = 1e-6, 1e6
#: Farther than any number that matters.
FAR = 1e9
#: How many times what a cell must move the cells of one kind must have room for, to be enough for it.
AMPLE = 8.0
#: A table with more cells than this is thinned out before each move.
SMALL = 1500


@dataclass
class Cells:
    """The cells of one table, as arrays of shape (cells,).

    Attributes
    ----------
    equations : sparse array, shape (equations, cells)
        What an outsider knows of the cells: ``equations @ amount`` is known to him.
    right : array, shape (equations,)
        What they should add up to; NaN where the engine does not know.
    amount
        The numbers; NaN where not even the engine knows them.
    low, high
        What everybody knows to lie below and above each.
    below, above
        How far down and up from its number an outsider's bounds must reach, if it is hidden.
    width
        How far apart an outsider's bounds must be, if it is hidden.
    cost
        What hiding it costs; cells are chosen where the sum is small.
    group : array of int
        What the cell is about, its area: cells of one group may be tied by equations of their own.
    """

    equations: csr_array
    right: np.ndarray
    amount: np.ndarray
    low: np.ndarray
    high: np.ndarray
    below: np.ndarray
    above: np.ndarray
    width: np.ndarray
    cost: np.ndarray
    group: np.ndarray


def protect(cells: Cells, hidden: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Return which cells to hide: `hidden` and as many more as protecting them takes.

    Parameters
    ----------
    hidden : array of bool
        Cells that must be hidden, and protected.
    unknown : array of bool
        Cells that nobody knows. They are not protected, and need no hiding.

    Notes
    -----
    Where nothing that is left to hide could widen a cell's bounds, it gets what there is: a part of a
    known whole of eight lies between 0 and 8 whatever is done.
    """
    hidden = hidden.copy()
    _within(cells)
    seen = _Seen(cells)
    for _ in range(len(hidden)):  # each round hides more or asks for less; mostly two are enough
        seen.exchange(hidden | unknown)
        exposed = np.flatnonzero(hidden & ~seen.enough())
        for cell in exposed:
            if not seen.enough()[cell]:
                hidden |= seen.move(cell, hidden | unknown) & ~unknown
        if not len(exposed):
            break
    return hidden


def complete(cells: Cells) -> None:
    """Fill in numbers that the engine does not know by a spread as even as the equations allow.

    Numbers with small random errors do not add up. What comes nearest to adding up is taken.
    """
    lost = np.isnan(cells.amount)
    if not lost.any():
        return
    target = cells.right - cells.equations[:, ~lost] @ cells.amount[~lost]
    matrix = cells.equations[:, lost]
    used = ~np.isnan(target) & (np.diff(matrix.indptr) > 0)
    low, high = cells.low[lost], cells.high[lost]
    found = np.clip(0.0, low, high)
    if used.any():
        found = lsq_linear(matrix[used].toarray(), target[used], (low, np.nextafter(high, np.inf))).x
    cells.amount[lost] = found


def _within(cells: Cells) -> None:
    """Ask for no more than what is known of each cell allows."""
    cells.low = np.minimum(cells.low, cells.amount)
    cells.high = np.maximum(cells.high, cells.amount)
    cells.below = np.minimum(cells.below, cells.amount - cells.low)
    cells.above = np.minimum(cells.above, cells.high - cells.amount)
    cells.width = np.minimum(cells.width, cells.high - cells.low)


def _ample(price: np.ndarray, room: np.ndarray, wanted: float) -> np.ndarray:
    """Return the places of the cheapest that together have the room that is wanted."""
    order = np.argsort(price, kind="stable")
    before = np.cumsum(room[order]) - room[order]
    return order[(before < wanted) & (room[order] > 0)]


def _alike(columns: csc_array, left_out: np.ndarray) -> np.ndarray:
    """Number the cells by the equations they stand in, without those left out; in the same ones, the same number."""
    kinds: dict[bytes, int] = {}
    found = []
    for start, end in zip(columns.indptr, columns.indptr[1:], strict=False):
        rows, factors = columns.indices[start:end], columns.data[start:end]
        kept = ~left_out[rows]
        found.append(rows[kept].tobytes() + factors[kept].tobytes())
    return np.array([kinds.setdefault(kind, len(kinds)) for kind in found], dtype=int)


def _kinds(equations: csr_array, group: np.ndarray) -> list[np.ndarray]:
    """Return bundles of cells, those of a kind in one array of shape (bundles, cells in each).

    A bundle is the cells of one group that equations of the group's own tie together, or a cell that no such equation
    holds. Bundles are of a kind when their cells stand in the same equations but for these.
    """
    lines = np.split(equations.indices, equations.indptr[1:-1])
    own = np.array([len(line) > 0 and (group[line] == group[line[0]]).all() for line in lines], dtype=bool)
    number = _alike(csc_array(equations), own)
    bundle = np.arange(len(group)) + group.max(initial=0) + 1
    tied = np.unique(np.concatenate([lines[n] for n in np.flatnonzero(own)] or [np.zeros(0, int)])).astype(int)
    bundle[tied] = group[tied]
    order = np.lexsort([number, bundle])
    kinds: dict[tuple, list[np.ndarray]] = {}
    for cells in np.split(order, np.flatnonzero(np.diff(bundle[order])) + 1):
        kinds.setdefault(tuple(number[cells]), []).append(cells)
    return [np.stack(found) for found in kinds.values()]


class _Seen:
    """How far from its number each cell is known to be able to lie, for all that is shown."""

    def __init__(self, cells: Cells):
        self.cells = cells
        self.low, self.high = cells.amount.copy(), cells.amount.copy()
        self.columns = csc_array(cells.equations)
        self.alike = _alike(self.columns, np.zeros(self.columns.shape[0], dtype=bool))
        self.kinds = _kinds(cells.equations, cells.group) if len(cells.amount) > SMALL else []
        self.up = np.minimum(cells.high - cells.amount, FAR)
        self.down = np.minimum(cells.amount - cells.low, FAR)

    def enough(self) -> np.ndarray:
        """Tell which cells need no more."""
        cells = self.cells
        return (
            (self.low <= cells.amount - cells.below + SAME)
            & (self.high >= cells.amount + cells.above - SAME)
            & (self.high - self.low >= cells.width - SAME)
        )

    def exchange(self, open_: np.ndarray) -> None:
        """See what open cells that stand in the same equations can give each other."""
        _, alike = np.unique(self.alike[open_], return_inverse=True)
        up, down = self.up[open_], self.down[open_]
        given, taken = (np.bincount(alike, part)[alike] - part for part in (down, up))
        tied = np.diff(self.columns.indptr)[open_] > 0
        self._take(
            open_, np.where(tied, np.minimum(up, given), up), np.where(tied, np.minimum(down, taken), down)
        )

    def move(self, cell: int, open_: np.ndarray) -> np.ndarray:
        """Move a cell up and down as far as it must; return what moved with it, at the least cost.

        What cannot be reached even so is no longer asked for.
        """
        cells = self.cells
        up, down = cells.above[cell], cells.below[cell]
        raised, above = self._move(cell, 1, max(up, cells.width[cell] - down), open_)
        lowered, below = self._move(cell, -1, max(down, cells.width[cell] - raised), open_ | above)
        cells.above[cell], cells.below[cell] = min(up, raised), min(down, lowered)
        cells.width[cell] = min(cells.width[cell], raised + lowered)
        return above | below

    def _move(self, cell: int, sign: int, far: float, open_: np.ndarray) -> tuple[float, np.ndarray]:
        """Move a cell up (1) or down (−1) by at most `far`; return how far it came and what moved."""
        size = len(open_)
        if far <= SAME:
            return 0.0, np.zeros(size, dtype=bool)
        cost = np.where(open_, FREE, self.cells.cost)
        change = self._cheapest(cell, sign, far, cost, self._candidates(cell, far, cost))
        if abs(change[cell]) < far - SAME:
            change = self._cheapest(cell, sign, far, cost, np.arange(size))
        self._take(np.ones(size, dtype=bool), np.maximum(change, 0), np.maximum(-change, 0))
        return abs(change[cell]), np.abs(change) > SAME

    def _candidates(self, cell: int, far: float, cost: np.ndarray) -> np.ndarray:
        """Return the cells that moving one by `far` at the least cost can take.

        Bundles of one kind can stand in for each other, so the cheapest that together have ample room are enough, for
        each way to lead a change through a bundle: up in one cell and down in another. A country's table is then
        no harder than a city's; a city's is small as it is.
        """
        if len(cost) <= SMALL:
            return np.arange(len(cost))
        kept = np.zeros(len(cost), dtype=bool)
        for bundles in self.kinds:
            own = (bundles == cell).any(axis=1)
            kept[bundles[own]] = True
            for up, down in permutations(bundles.T, 2) if bundles.shape[1] > 1 else ():
                room, price = np.minimum(self.up[up], self.down[down]), cost[up] + cost[down]
                kept[bundles[_ample(price, room, AMPLE * far)]] = True
            if bundles.shape[1] == 1:
                alone = bundles[:, 0]
                for room in (self.up[alone], self.down[alone]):
                    kept[alone[_ample(cost[alone], room, AMPLE * far)]] = True
        return np.flatnonzero(kept)

    def _cheapest(self, cell: int, sign: int, far: float, cost: np.ndarray, among: np.ndarray) -> np.ndarray:
        """Return the change of every cell when one moves up to `far` and only those `among` may move with it."""
        way = np.flatnonzero(among == cell)[0] + (0 if sign > 0 else len(among))
        back = (way + len(among)) % (2 * len(among))
        price = np.tile(cost[among], 2)
        room = np.concatenate([self.up[among], self.down[among]])
        price[way], room[way], room[back] = -NEVER, min(far, room[way]), 0
        columns = self.columns[:, among]
        touched = np.unique(columns.indices)
        matrix = hstack([columns, -columns], format="csr")[touched]
        answer = linprog(
            price,
            A_eq=matrix if len(touched) else None,
            b_eq=np.zeros(len(touched)) if len(touched) else None,
            bounds=np.column_stack([np.zeros(len(room)), room]),
        )
        change = np.zeros(len(cost))
        change[among] = answer.x[: len(among)] - answer.x[len(among) :]
        return change

    def _take(self, where: np.ndarray, up: np.ndarray, down: np.ndarray) -> None:
        amount = self.cells.amount[where]
        self.low[where] = np.minimum(self.low[where], amount - down)
        self.high[where] = np.maximum(self.high[where], amount + up)
