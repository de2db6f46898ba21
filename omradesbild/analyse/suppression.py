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

import numpy as np
from scipy.optimize import linprog, lsq_linear
from scipy.sparse import csr_array, hstack

#: Numbers closer than this are the same; a solver's answers are not exact.
SAME = 1e-4
#: What moving a cell that is hidden anyway costs beside one that is not; what not moving at all costs.
FREE, NEVER = 1e-6, 1e6
#: Farther than any number that matters.
FAR = 1e9


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


class _Seen:
    """How far from its number each cell is known to be able to lie, for all that is shown."""

    def __init__(self, cells: Cells):
        self.cells = cells
        self.low, self.high = cells.amount.copy(), cells.amount.copy()
        self.matrix = hstack([cells.equations, -cells.equations])
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
        columns = self.cells.equations[:, open_].toarray()
        _, alike = np.unique(columns, axis=1, return_inverse=True)
        up, down = self.up[open_], self.down[open_]
        given, taken = (np.bincount(alike, part)[alike] - part for part in (down, up))
        tied = columns.any(axis=0)
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
        cost = np.tile(np.where(open_, FREE, self.cells.cost), 2)
        room = np.concatenate([self.up, self.down])
        way, back = (cell, size + cell) if sign > 0 else (size + cell, cell)
        cost[way], room[way], room[back] = -NEVER, min(far, room[way]), 0
        answer = linprog(
            cost,
            A_eq=self.matrix,
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([np.zeros(2 * size), room]),
        )
        change = answer.x[:size] - answer.x[size:]
        self._take(np.ones(size, dtype=bool), np.maximum(change, 0), np.maximum(-change, 0))
        return abs(change[cell]), np.abs(change) > SAME

    def _take(self, where: np.ndarray, up: np.ndarray, down: np.ndarray) -> None:
        amount = self.cells.amount[where]
        self.low[where] = np.minimum(self.low[where], amount - down)
        self.high[where] = np.maximum(self.high[where], amount + up)
