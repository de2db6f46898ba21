"""Which areas without an initiative are most like those that had it, by what they were like before it.

``peers.of`` compares areas as they are today. Here that could hide what is looked for: an initiative may have
changed what areas are like. So each variable is taken from the last year before the start that has figures;
where there is none the first year after is taken, and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from omradesbild.analyse.followup import Study, joined
from omradesbild.analyse.peers import Peer, peers
from omradesbild.model import ADDABLE_KINDS

_OWN = "insats"


@dataclass(frozen=True, eq=False)
class Matched:
    """The donors most like the areas of an initiative.

    Attributes
    ----------
    peers : tuple of Peer
        Donors, nearest first. Empty where the pack has no variables, or the areas lack one.
    periods : mapping of str to str
        What they are alike in: indicator → the period it is taken from.
    late : tuple of str
        The variables that have no figures from before the start.
    """

    peers: tuple[Peer, ...]
    periods: Mapping[str, str]
    late: tuple[str, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """The ids of the donors."""
        return tuple(peer.area for peer in self.peers)


@lru_cache(maxsize=256)
def matched(statements, found: Study) -> Matched:
    """Return the donors of a study most like its areas in the pack's variables (``catalog/peers.yaml``).

    The outcome, and what measures nearly the same, is never among the variables.
    """
    pack, outcome = statements.pack, found.indicator.id
    columns, periods = {}, {}
    for variable in pack.peers:
        known = pack.indicators[variable.indicator]
        period = _period(statements, known.id, found.start)
        if period is None or outcome in (known.id, *variable.near) or known.kind not in ADDABLE_KINDS:
            continue
        own = [statements.get(area, known.id, period) for area in found.areas]
        if any(s is None or s.value is None for s in own):
            continue
        others = [statements.get(area, known.id, period) for area in found.donors]
        column = [joined(own, known), *(s.value if s is not None else None for s in others)]
        columns[known.id] = pd.Series(column, index=[_OWN, *found.donors], dtype=float)
        periods[known.id] = period
    near = peers(pd.DataFrame(columns), _OWN, outcome).peers if columns else ()
    late = tuple(id_ for id_, period in periods.items() if int(period[:4]) >= found.start)
    return Matched(near, periods, late)


def _period(statements, indicator: str, start: int) -> str | None:
    """Return the last period before `start` with figures for basic areas, else the first after."""
    known = statements.periods(indicator, statements.pack.info.base_level)
    before = [period for period in known if int(period[:4]) < start]
    return (before[-1:] or known[:1] or [None])[0]
