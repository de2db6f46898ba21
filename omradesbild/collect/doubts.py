"""What is odd about figures on their way in, though each of them could be: a person should look before they are approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from omradesbild.collect.staff import TableMapping
from omradesbild.model import Kind, Level, Text
from omradesbild.pack import Pack

#: How many times larger or smaller figures usually are at most from one period to another.
USUAL = 2.0
#: The fewest areas that say anything about figures on the whole.
FEWEST = 3


@dataclass(frozen=True)
class Doubt:
    """One doubt: its words are ``intake.doubt_`` and the code, filled with the values."""

    code: str
    values: Mapping[str, object]

    def said(self, lang: str = "sv") -> dict[str, object]:
        """Return the values in a language."""
        return {name: value.get(lang) if isinstance(value, Text) else value for name, value in self.values.items()}


def doubts(changes: pd.DataFrame, mapping: TableMapping, pack: Pack) -> list[Doubt]:
    """Return what is odd about an import.

    Parameters
    ----------
    changes
        What `staff.differences` gives.
    """
    given = changes[changes["change"] != "gone"].astype({name: "str" for name in ("area", "indicator", "period", "group")})
    level = given["area"].map({area.id: area.level.value for area in pack.areas.values()})
    given = given.assign(level=level)
    found = [*_years(given, pack), *_uneven(given)]
    for (indicator, group), rows in given[given["value"].notna()].groupby(["indicator", "group"]):
        if indicator in pack.indicators:
            found += _size(rows, indicator, group, pack)
        found += _whole(rows, indicator, mapping, pack)
    return found


def _years(given: pd.DataFrame, pack: Pack) -> Iterator[Doubt]:
    """Years that have not been, by the pack's version, and years before any figure that there is."""
    now, first = pack.info.version[:4], str(pack.observations["period"].astype("str").min())[:4]
    years = sorted(set(given["period"].str[:4]))
    if late := [year for year in years if year > now]:
        yield Doubt("late", {"years": _span(late)})
    if early := [year for year in years if year < first]:
        yield Doubt("early", {"years": _span(early), "first": first})


def _uneven(given: pd.DataFrame) -> Iterator[Doubt]:
    """No period with figures for more than half of the areas: the years may be something else, such as years of birth."""
    areas, at_most = given["area"].nunique(), given.groupby("period")["area"].nunique().max()
    if areas >= FEWEST and at_most * 2 <= areas:
        yield Doubt("uneven", {"areas": areas, "most": int(at_most)})


def _size(rows: pd.DataFrame, indicator: str, group: str, pack: Pack) -> Iterator[Doubt]:
    """Figures of quite another size than those that the same areas have at the nearest period."""
    known = pack.observations
    known = known[(known["indicator"] == indicator) & (known["group"] == group) & known["value"].notna()]
    both = rows[["area", "period", "value"]].merge(known.astype({"area": "str", "period": "str"}), on="area", suffixes=("", "_known"))
    apart = (both["period"].str[:4].astype(int) - both["period_known"].str[:4].astype(int)).abs()
    nearest = both.loc[apart.groupby([both["area"], both["period"]]).idxmin()]
    nearest = nearest[(nearest["value"] > 0) & (nearest["value_known"] > 0)]
    middle = float((nearest["value"] / nearest["value_known"]).median()) if len(nearest) >= FEWEST else 1.0
    if not 1 / USUAL <= middle <= USUAL:
        measure = pack.indicators[indicator]
        code, times = ("larger", middle) if middle > 1 else ("smaller", 1 / middle)
        yield Doubt(code, {"title": measure.title, "unit": measure.unit, "times": round(times)})


def _whole(rows: pd.DataFrame, indicator: str, mapping: TableMapping, pack: Pack) -> Iterator[Doubt]:
    """A row for the city that is the sum of some of its areas only."""
    kinds = {**pack.indicators, **{i.id: i for i in mapping.indicators}}
    level = pack.info.base_level
    every = sum(area.level is level for area in pack.areas.values())
    if kinds[indicator].kind is not Kind.COUNT:
        return
    for period, frame in rows.groupby("period"):
        parts = frame[frame["level"] == level]
        city = frame[frame["level"] == Level.KOMMUN]["value"]
        if len(city) == 1 and FEWEST <= len(parts) < every and abs(parts["value"].sum() - city.iloc[0]) < 0.5:
            yield Doubt("part", {"n": len(parts), "all": every, "period": period})
            return


def _span(years: list[str]) -> str:
    return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"
