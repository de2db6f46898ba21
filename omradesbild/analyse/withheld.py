"""How many figures are not shown, and on what ground; never which, nor what they are."""

from __future__ import annotations

from dataclasses import dataclass

from omradesbild.analyse.flags import BIT, to_bits
from omradesbild.analyse.statements import Statements
from omradesbild.model import Flag


@dataclass(frozen=True)
class Withheld:
    """How many figures of an indicator are not shown as they are.

    Attributes
    ----------
    source
        Hidden by the source.
    here
        Hidden by the indicator's own rule, or so that such a figure cannot be computed from others. The two are not told
        apart: that would say which areas are small.
    sums
        Sums of areas that hold a hidden figure, or that break the rule themselves.
    capped
        Shown as a limit that they lie beyond.
    figures
        All that there are, with these.
    """

    indicator: str
    source: int
    here: int
    sums: int
    capped: int
    figures: int

    @property
    def any(self) -> bool:
        """Whether anything is withheld."""
        return self.source + self.here + self.sums + self.capped > 0


def withheld(statements: Statements) -> list[Withheld]:
    """Count what is withheld, by indicator in order of display; only those with something withheld."""
    frame = statements.frame
    hidden = (to_bits(frame["flag"]) & BIT[Flag.SUPPRESSED]) > 0
    engine, composed = (frame["reason"] == "suppressed").to_numpy(), frame["composed"].to_numpy()
    counted = frame[["indicator"]].assign(
        source=hidden & ~engine,
        here=hidden & engine & ~composed,
        sums=hidden & engine & composed,
        capped=(frame["reason"] == "capped").to_numpy(),
        figures=1,
    )
    sums = counted.groupby("indicator", observed=True).sum()
    rows = (Withheld(i, *map(int, sums.loc[i])) for i in statements.pack.indicators if i in sums.index)
    return [row for row in rows if row.any]
