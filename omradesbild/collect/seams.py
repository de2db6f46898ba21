"""Breaks that come with collected series: a series that now reaches over a known break must say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from omradesbild.collect import folder
from omradesbild.model import Break, Level, Source

FILE = "catalog/breaks.yaml"


def extend(
    made: Path, found: Mapping[str, pd.DataFrame], levels: Mapping[str, str], planned: Iterable[Break], entries: Mapping[str, Source]
) -> None:
    """Let the pack's breaks name every collected indicator that has figures on both sides; `levels` are those of the areas.

    A moved border concerns every indicator with figures of areas inside the kommun. Random noise concerns those whose source has it. What else breaks is `planned`,
    and is added where an indicator of it reaches over.
    """
    reach = _reach(found)
    breaks = {entry.id: entry for entry in folder.breaks(made)}
    noisy = {name for name, source in entries.items() if source.noise}
    for entry in [*breaks.values(), *(entry for entry in planned if entry.id not in breaks)]:
        over = {name for name, (first, last, *_) in reach.items() if first < entry.period <= last}
        if entry.kind == "boundary":
            concerned = {name for name in over if any(levels[area] != Level.KOMMUN for area in reach[name][3])}
        elif entry.kind == "method" and any(source.noise and source.noise.first == entry.period for source in entries.values()):
            concerned = {name for name in over if reach[name][2] & noisy}
        else:
            concerned = over & set(entry.indicators)
        kept = entry.indicators if entry.id in breaks else ()
        if concerned - set(kept):
            named = (*kept, *sorted(concerned - set(kept)))
            breaks[entry.id] = entry.model_copy(update={"indicators": named})
    content = [entry.model_dump(mode="json", exclude_defaults=True) for entry in breaks.values()]
    before = [entry.model_dump(mode="json", exclude_defaults=True) for entry in folder.breaks(made)]
    if content != before:
        folder.write(made / FILE, content)


def _reach(found: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, str, set[str], set[str]]]:
    """Return indicator → its first and last period with a value, its sources and its areas."""
    reach = {}
    for frame in found.values():
        valued = frame[frame["value"].notna()]
        for name, rows in valued.groupby("indicator", observed=True):
            periods, sources, areas = (set(rows[column].unique()) for column in ("period", "source", "area"))
            reach[str(name)] = (min(periods), max(periods), sources, areas)
    return reach
