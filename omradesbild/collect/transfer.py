"""Brings the figures of DeSO and RegSO that were read to another division, whose areas are a pack's basic areas.

DeSO are the smaller areas and give the better estimate, so an indicator rests on them in all its years where there is any
figure by DeSO, and on RegSO only where there is none: figures that came about differently are not put in one series.
"""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd
from pydantic import Field

from omradesbild.collect import convert, recipes
from omradesbild.collect.conversion import described, said
from omradesbild.collect.convert import Overlap
from omradesbild.collect.fault import CollectError
from omradesbild.collect.normalise import gather, observations, summable, with_products
from omradesbild.collect.normalise import readings as as_readings
from omradesbild.collect.plan import Plan
from omradesbild.collect.readings import among
from omradesbild.collect.recipes import Recipes, Vintage
from omradesbild.collect.sources.transcribed import Transcribed
from omradesbild.collect.store import Store
from omradesbild.collect.tables import Sheet
from omradesbild.model import Source, Strict
from omradesbild.pack import Pack

PEOPLE = "folkmangd"


class Pieces(Strict):
    """A map file of DeSO, whose figures are brought to the new areas."""

    file: str = Field(min_length=1, description="The file, beside the mapping")
    code: str = Field(description="The column with the codes")
    vintage: str = Field(description="Which division the codes are of, as in the recipes: 2025")
    earlier: dict[str, str] = Field({}, description="Earlier division → the column with the code of the DeSO that it was part of")


def figures(pack: Pack, sheet: Sheet, pieces: Pieces, new: gpd.GeoDataFrame, name: str, ending: str) -> tuple[pd.DataFrame, list[Source]]:
    """Return the observations of new areas, and the sources that they name.

    Parameters
    ----------
    pack
        Has the readings of DeSO and RegSO, and the key between them, in its folder.
    sheet
        The DeSO, as `pieces` says.
    new
        The new areas, with the column id, in metres.
    name, ending
        What the new division is called, and what is put to the id of a source of converted figures.

    Raises
    ------
    CollectError
        If the borders, the key and the readings do not hold together.
    """
    transcribed, plan, store = Transcribed(), Plan(pack.root / "collect", pack.info.city), Store(pack.root / "snapshots")
    wanted, key = recipes.load(pack.root / "collect" / "recipes.yaml"), transcribed.key(plan)
    readings = pd.concat(transcribed.read(plan, store))
    readings = readings[readings["area"] != pack.info.city]
    small, codes = _borders(sheet, pieces, new)
    people = _people(readings, small, wanted, pieces.vintage)
    notes: dict[str, set[str]] = {}
    made = {}
    for kind in ("DeSO", "RegSO"):
        converted = []
        for vintage in wanted.vintages:
            if vintage.id not in codes:
                continue
            of = codes[vintage.id]
            if kind == "RegSO":
                of = of.map(key[key["vintage"] == vintage.id].set_index("deso")["regso"])
            rows = readings[readings["area"].isin(set(of.dropna())) & readings["period"].map(vintage.holds)]
            if rows.empty:
                continue
            exact = (of.index == of.to_numpy()).all()
            overlap = convert.by_area(small, new) if exact else convert.by_people(small, people, of.dropna().to_dict(), new)
            counts = _countable(rows, wanted)
            converted.append(convert.convert(counts, overlap, summable(wanted)))
            for source in counts["source"].unique():
                notes.setdefault(source, set()).add(_said(overlap, people.groupby(of).sum(), f"{kind} {vintage.id}", name))
        made[kind] = _observed(converted, wanted, new)
    rest = made["RegSO"][~made["RegSO"]["indicator"].isin(made["DeSO"]["indicator"])]
    found = pd.concat([made["DeSO"], rest], ignore_index=True)
    entries = [described(pack.sources[source], " ".join(sorted(notes[source])), ending, name) for source in found["source"].unique()]
    return found.assign(source=found["source"] + f"-{ending}"), entries


def _borders(sheet: Sheet, pieces: Pieces, new: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, pd.Series]]:
    """Return the DeSO, and division → their codes in it."""
    cells = pd.DataFrame(list(sheet.rows[1:]), columns=list(sheet.rows[0]))
    lacking = [column for column in (pieces.code, *pieces.earlier.values()) if column not in cells]
    if not sheet.shapes or lacking:
        found = f"ingen kolumn ”{lacking[0]}”" if lacking else "inga ytor"
        raise CollectError(sheet.place(), found, "en kartfil med DeSO och deras koder", "Rätta mappningen, eller ange en annan fil")
    small = gpd.GeoDataFrame({"id": cells[pieces.code]}, geometry=[s.geometry for s in sheet.shapes], crs=4326).to_crs(new.crs)
    columns = {pieces.vintage: pieces.code, **pieces.earlier}
    return small, {vintage: cells.set_index(pieces.code, drop=False)[column] for vintage, column in columns.items()}


def _people(readings: pd.DataFrame, small: gpd.GeoDataFrame, wanted: Recipes, vintage: str) -> pd.Series:
    """Return how many live in each DeSO, as late as it is known."""
    division = next((v for v in wanted.vintages if v.id == vintage), Vintage(id=vintage))
    rows = readings[(readings["variable"] == PEOPLE) & readings["area"].isin(small["id"]) & readings["period"].map(division.holds)]
    return rows[rows["period"] == rows["period"].max()].set_index("area")["value"]


def _countable(rows: pd.DataFrame, wanted: Recipes) -> pd.DataFrame:
    """Return the counts among readings; a share or a mean has become a count through its denominator."""
    counts, counted = with_products(gather([rows]), wanted), summable(wanted)
    frame = as_readings(counts)
    return frame[frame["variable"].map(lambda name: among(name, counted)).astype(bool)]


def _said(overlap: Overlap, people: pd.Series, old: str, name: str) -> str:
    split = float(people.reindex(overlap.old)[overlap.split].sum() / people.reindex(overlap.old).sum())
    return said(overlap, old, name, f"{100 * split:.0f} procent av befolkningen bor i")


def _observed(converted: Iterable[pd.DataFrame], wanted: Recipes, new: gpd.GeoDataFrame) -> pd.DataFrame:
    no_key = pd.DataFrame(columns=["deso", "regso", "vintage"])
    found, _ = observations(converted, wanted, no_key, set(new["id"]), ())
    return pd.concat(found.values(), ignore_index=True).astype({"area": "str", "indicator": "str", "source": "str"})
