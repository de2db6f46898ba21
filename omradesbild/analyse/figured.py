"""A pack without the indicators that a part of it has no figures of: what is not there is not offered either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from omradesbild.analyse.flags import BIT
from omradesbild.model import Flag


def with_figures(frame: pd.DataFrame, pack) -> tuple[pd.DataFrame, object]:
    """Return the figures and the pack without the indicators that have no figure, and without what refers to them.

    What is withheld is a figure: that it is there, and hidden, is told. A published list keeps its rows: those who
    show it tell which of them have no figure.

    Parameters
    ----------
    frame : DataFrame
        Figures with the categorical column indicator, in the pack's order, value and bits.
    pack : omradesbild.pack.Pack
    """
    there = set(frame["indicator"][frame["value"].notna() | (frame["bits"] & BIT[Flag.SUPPRESSED] > 0)].unique())
    kept = {id_: indicator for id_, indicator in pack.indicators.items() if id_ in there}
    if len(kept) == len(pack.indicators):
        return frame, pack

    def only(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if id_ in kept)

    rows = frame[frame["indicator"].isin(list(kept))].reset_index(drop=True)
    rows["indicator"] = rows["indicator"].cat.set_categories(list(kept))
    info, index = pack.info, pack.index
    likeness = index.likeness and index.likeness.model_dump(exclude={"stand_in"}).values()
    plan = {
        "weights": {id_: weight for id_, weight in index.weights.items() if id_ in kept},
        "likeness": index.likeness if likeness and set(likeness) <= kept.keys() else None,
        "published": index.published if index.published in kept else None,
    }
    return rows, replace(
        pack,
        info=info.model_copy(update={"headline": only(info.headline), "ordering": only(info.ordering)}),
        indicators=kept,
        index=index.model_copy(update=plan),
        peers=tuple(p.model_copy(update={"near": only(p.near)}) for p in pack.peers if p.indicator in kept),
        goals=tuple(goal.model_copy(update={"indicators": only(goal.indicators)}) for goal in pack.goals),
        breaks=tuple(b.model_copy(update={"indicators": only(b.indicators)}) for b in pack.breaks if not b.indicators or only(b.indicators)),
    )
