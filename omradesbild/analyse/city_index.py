"""The city's own index of a pack: which indicators can enter, the index itself, and how sure its order is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from omradesbild.analyse.columns import figures
from omradesbild.analyse.index import Index, Part, index
from omradesbild.analyse.kept import kept
from omradesbild.analyse.statements import Statements
from omradesbild.model import Indicator

#: An indicator is offered where at least this share of the areas has a figure.
COVERED = 0.5
#: How many areas "among the worst" means: ten, but never more than a quarter of those that are indexed.
WORST = 10
#: An area is said to be among the worst whatever the weights from this share of the weightings.
FIRM = 0.8
DRAWS = 1000

#: What can be said about an area's place, most burdened first; see `bands`.
BANDS = ("clear", "edge", "middle", "least")
#: How firm the order is: the share of the worst areas that are surely so, from which each word holds.
FIRMNESS = (("firm", 0.8), ("partly", 0.5), ("loose", 0.0))


@dataclass(frozen=True, eq=False)
class Choice:
    """An indicator that can be part of the index at a level.

    Attributes
    ----------
    period : str
        The newest with figures at the level.
    known : int
        How many of the level's areas have a figure.
    """

    indicator: Indicator
    period: str
    known: int
    part: Part


@dataclass(frozen=True, eq=False)
class CityIndex:
    """An index of a pack's areas and what was chosen for it.

    Attributes
    ----------
    choices : tuple of Choice
        Those with a weight above zero.
    index : Index
    band : Series
        A code of `BANDS` per indexed area; see `bands`.
    lacking : mapping
        Area that is left out → ids of the indicators that it has no figure for.
    by_chance, by_weights : int
        How many of the `worst` areas with the highest index stay there in spite of chance, and in at least
        `FIRM` of the weightings.
    firmness : str
        A code of `FIRMNESS`, by the smaller of the two.
    """

    level: str
    choices: tuple[Choice, ...]
    index: Index
    band: pd.Series
    lacking: Mapping[str, tuple[str, ...]]
    by_chance: int
    by_weights: int
    firmness: str

    @property
    def order(self) -> list[str]:
        """The indexed areas, the highest index first."""
        return list(self.index.value.dropna().sort_values(ascending=False, kind="stable").index)


@lru_cache(maxsize=16)
def choices(statements: Statements, level: str) -> Mapping[str, Choice]:
    """Return what can be part of the index at a level: indicators where one way is better, with figures enough."""
    pack = statements.pack
    count = sum(area.level == level for area in pack.areas.values())
    found = {}
    for indicator in pack.indicators.values():
        period = statements.latest(indicator.id, level) if indicator.weighable else None
        if period is None:
            continue
        columns = figures(statements, indicator.id, period, level=level)
        part = Part.of(indicator, columns)
        known = int(part.known["value"].notna().sum())
        if known >= COVERED * count:
            found[indicator.id] = Choice(indicator, period, known, part)
    return found


def usual(statements: Statements, level: str) -> tuple[tuple[str, int], ...]:
    """Return the pack's own weights, of what can be part of the index at the level."""
    offered = choices(statements, level)
    return tuple((i, w) for i, w in statements.pack.index.weights.items() if i in offered)


@kept(small=64, large=4)
def of(statements: Statements, level: str, weights: tuple[tuple[str, int], ...]) -> CityIndex | None:
    """Return the index of a level's areas with some weights, kept for the next who asks.

    None where no weight is above zero, or no area has all figures.
    """
    offered = choices(statements, level)
    given = {name: weight for name, weight in weights if name in offered and weight > 0}
    if not given:
        return None
    chosen = tuple(offered[name] for name in given)
    parts = [choice.part for choice in chosen]
    complete = pd.concat([p.known["value"].notna().reindex(p.figures.index, fill_value=False) for p in parts], axis=1)
    count = int(complete.all(axis=1).sum())
    if not count:
        return None
    found = index(parts, given, statements.pack.index.seed, worst=min(WORST, max(1, count // 4)), draws=DRAWS)
    top = found.rank <= found.worst
    by_chance = int((top & (found.rank_high <= found.worst)).sum())
    by_weights = int((top & (found.among_worst >= FIRM)).sum())
    sure = min(by_chance, by_weights) / found.worst
    return CityIndex(
        level=level,
        choices=chosen,
        index=found,
        band=bands(found),
        lacking={a: tuple(found.z.columns[found.z.loc[a].isna()]) for a in found.left_out},
        by_chance=by_chance,
        by_weights=by_weights,
        firmness=next(code for code, limit in FIRMNESS if sure >= limit),
    )


def bands(found: Index) -> pd.Series:
    """Return what chance leaves to say about the place of each indexed area, with k = `found.worst` of n.

    ``clear``: the whole rank interval is among the k highest; ``edge``: a part of it is;
    ``least``: all of it is among the k lowest; ``middle``: the rest, whose order is mostly chance.
    """
    low, high = found.rank_low.dropna(), found.rank_high.dropna()
    band = pd.Series("middle", low.index)
    band[low > len(low) - found.worst] = "least"
    band[low <= found.worst] = "edge"
    band[high <= found.worst] = "clear"
    return band
