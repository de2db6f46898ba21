"""Brings a table, or a pack, whose areas are of another division to the areas of a pack.

Counts are added up by an official key, or spread as people live or as the surface is (see `convert`); shares, means and rates
are formed anew of their numerators and denominators. What is no count, and has no parts that are, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from omradesbild import checks
from omradesbild.collect import convert, staff, tables
from omradesbild.collect.convert import Overlap
from omradesbild.collect.division import Division
from omradesbild.collect.fault import CollectError
from omradesbild.collect.plan import Plan
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.recognise import Gazetteer
from omradesbild.collect.sources.transcribed import Transcribed
from omradesbild.collect.staff import Outcome, TableMapping
from omradesbild.collect.tables import Sheet
from omradesbild.find import fold
from omradesbild.model import ADDABLE_KINDS, RATIO_KINDS, Area, Flag, Indicator, Kind, Source, Text
from omradesbild.pack import Pack

#: How the note of figures that are not exact begins.
ESTIMATED = "Uppskattat"
_AGAIN = "Rätta mappningen, eller filen"


@dataclass(frozen=True)
class Converted:
    """Figures on the pack's areas.

    Attributes
    ----------
    rows
        As a pack has them, with ``split``: the share (0–1) of a figure that comes from old areas which lie in several new ones.
    note
        In Swedish: from what and how, and how unsure.
    left
        How many figures new areas did not get, because old areas in them are not in the table.
    totals
        (indicator, period, group, part) → the sum of the old areas and that of the new ones; NaN where one has no figure.
    """

    rows: pd.DataFrame
    note: str
    left: int
    totals: Mapping[tuple[str, str, str, str], tuple[float, float]]

    @property
    def same(self) -> int:
        """How many of the sums are the same before and after."""
        return sum(bool(np.isclose(*both, rtol=1e-9, atol=0)) for both in self.totals.values())


def overlap(division: Division, pack: Pack, folder: Path, old: gpd.GeoDataFrame | None = None) -> Overlap:
    """Return how the old areas lie in the pack's.

    Parameters
    ----------
    folder
        Where the files are that the division names.
    old
        The old areas with the column id, in metres, where they are not in a file.

    Raises
    ------
    CollectError
        If a file cannot be read or lacks a column, or the two divisions are not of the same ground.
    """
    if division.vintage is not None:
        key = Transcribed().key(Plan(pack.root / "collect", pack.info.city))
        of = key[key["vintage"] == division.vintage]
        return _by_key(dict(zip(of["deso"], of["regso"], strict=True)), pack, f"nyckeln för DeSO {division.vintage}")
    if division.key is not None:
        sheet = _sheet(folder / division.key.file)
        codes = _columns(sheet, division.key.old, division.key.new)
        twice = [a for a, of in codes.groupby(division.key.old)[division.key.new] if of.nunique() > 1]
        if twice:
            raise CollectError(
                sheet.place(), f"{len(twice)} områden i flera nya, som {twice[0]}", "en nyckel där varje område ligger i ett nytt",
                "Räkna om med borders eller population i stället",
            )  # fmt: skip
        return _by_key(dict(codes.itertuples(index=False)), pack, sheet.place())
    new = _metres(gpd.GeoDataFrame.from_features(pack.boundaries["features"], crs=4326)[["id", "geometry"]])
    if division.borders is not None:
        old = _borders(folder / division.borders.file, division.borders.code)
    of = division.population
    if old is None and (of is None or of.new):
        raise CollectError("mappningen", "inga gränser för de gamla områdena", "en kartfil under borders", _AGAIN)
    if of is None:
        return convert.by_area(old, new)
    pieces, codes = _borders(folder / of.file, of.code), _columns(_sheet(folder / of.file), of.code, of.people, of.old or of.new)
    people = pd.to_numeric(codes.set_index(of.code)[of.people].str.replace(",", "."), errors="coerce")
    part = dict(zip(codes[of.code], codes[of.old or of.new], strict=True))
    return convert.by_people(pieces, people, part, new) if of.old else convert.by_people(pieces, people, old, part)


def table(sheets: Sequence[Sheet], mapping: TableMapping, pack: Pack, lies: Overlap) -> tuple[staff.Found, Outcome]:
    """Read a table of old areas by a mapping; its rows are of the old areas."""
    refuse([spec.indicator for spec in mapping.figures if spec.numerator is None], {**pack.indicators, **{i.id: i for i in mapping.indicators}})
    city = pack.areas[pack.info.city]
    old = {city.id: city} | {id_: Area.model_construct(id=id_, name=id_, level=pack.info.base_level) for id_ in lies.old}
    gazetteer = Gazetteer(old, city.id)
    found = staff.choose(sheets, mapping, gazetteer)
    return found, staff.figures(found, mapping, replace(pack, areas=old), gazetteer)


def refuse(valued: Sequence[str], indicators: Mapping[str, Indicator]) -> None:
    """Raise `CollectError` where one of the indicators, of which only values are known, cannot be converted."""
    known = [indicators[id_] for id_ in valued if id_ in indicators]
    whole = [i for i in known if i.kind not in ADDABLE_KINDS]
    if whole:
        raise CollectError(
            ", ".join(i.title.sv for i in whole), "medianer, index eller typer", "antal, eller andelar med täljare och nämnare",
            "De går inte att räkna om till andra områden. Ta bort dem, eller hämta dem för de nya områdena från källan",
        )  # fmt: skip
    if bare := [i for i in known if i.kind in RATIO_KINDS]:
        raise CollectError(
            ", ".join(i.title.sv for i in bare), "färdiga andelar eller medelvärden", "täljare och nämnare",
            "Ange numerator och denominator: de räknas om var för sig, och andelen bildas på nytt",
        )  # fmt: skip


def to_new(rows: pd.DataFrame, lies: Overlap, indicators: Mapping[str, Indicator], division: str, new: str) -> Converted:
    """Return figures of old areas on the new ones.

    Parameters
    ----------
    rows
        Observations of old areas.
    division, new
        What the old and the new division are called.
    """
    if rows.empty:
        raise CollectError(division, "inga siffror om områden som går att räkna om", "antal om de gamla områdena", _AGAIN)
    ratio = rows["indicator"].map(lambda id_: indicators[id_].kind in RATIO_KINDS).astype(bool)
    parts = [("value", rows[~ratio]), ("numerator", rows[ratio]), ("denominator", rows[ratio])]
    read = pd.concat([_reading(frame, part) for part, frame in parts], ignore_index=True)
    made = convert.convert(read, lies, set(read["variable"]))
    totals, unsure = {}, []
    for (variable, period), frame in read.groupby(["variable", "period"]):
        indicator, group, part = _parts(variable)
        amounts = frame.set_index("area")["value"]
        after = made.loc[(made["variable"] == variable) & (made["period"] == period), "value"]
        totals[indicator, period, group, part] = float(amounts.sum(skipna=False)), float(after.sum(skipna=False))
        there = lies.old.isin(amounts.index)
        lacking = pd.Series((~there) @ (lies.shares > 0) > 0, lies.new)
        unsure.append(pd.DataFrame({"area": lies.new, "variable": variable, "period": period, "split": lies.doubt(amounts).to_numpy(), "lacking": lacking.to_numpy()}))
    made = made.merge(pd.concat(unsure), on=["area", "variable", "period"], validate="1:1")
    named = pd.DataFrame([_parts(variable) for variable in made["variable"]], made.index, ["indicator", "group", "part"])
    made = made.join(named)
    left = made[made["value"].isna() & made["lacking"]]
    made = made.drop(left.index)
    keys = [*checks.KEY, "source"]
    wide = made.pivot(index=keys, columns="part", values="value").reindex(columns=["value", "numerator", "denominator"])
    rest = made.groupby(keys).agg(flag=("flag", "first"), split=("split", "max"))
    out = wide.join(rest).reset_index()
    factor = out["indicator"].map(lambda id_: indicators[id_].factor).astype("float64")
    formed = out["indicator"].map(lambda id_: indicators[id_].kind in RATIO_KINDS).to_numpy(bool)
    nobody = formed & (out["denominator"] == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = (factor * out["numerator"] / out["denominator"]).round(6)
    out["value"] = out["value"].where(~formed, quotient)
    out.loc[nobody, ["value", "numerator", "denominator"]] = np.nan
    out.loc[nobody, "flag"] = Flag.NOT_APPLICABLE.value
    found = Converted(out[[*checks.COLUMNS, "split"]], "", len(left[keys].drop_duplicates()), totals)
    note = said(lies, division, new, f"{_in_split(read, lies)} procent av det som räknas finns i", found.same == len(totals))
    return replace(found, note=note)


def said(lies: Overlap, division: str, new: str, split: str, kept: bool = True) -> str:
    """Say in Swedish how figures came about and how unsure they are.

    Parameters
    ----------
    division, new
        What the old and the new division are called.
    split
        How much is in old areas that lie in several new ones: ``38 procent av befolkningen bor i``.
    kept
        Whether every sum is the same before and after.
    """
    if not lies.way:
        return f"Summerat från {division} till {new} med den officiella nyckeln: exakt."
    return (
        f"{ESTIMATED}: omräknat från {division} till {new} {lies.way}. {split} områden som ligger i flera av de nya; "
        "hur de fördelar sig mellan dem är inte känt." + (" Summan är densamma som i källan." if kept else "")
    )


def described(source: Source, note: str, ending: str, new: str) -> Source:
    """Describe converted figures, which are not the publisher's own; `ending` is put to the source's id."""
    told = Text(sv=note if source.note is None else f"{note} {source.note.sv}")
    changes = {"id": f"{source.id}-{ending}", "title": f"{source.title}; omräknat till {new}", "note": told}
    if note.startswith(ESTIMATED):
        changes |= {"quality": "B", "attribution": f"{source.attribution}, egen omräkning"}
    return source.model_copy(update=changes)


def imported(outcome: Outcome, found: Converted, mapping: TableMapping, pack: Pack) -> tuple[Outcome, TableMapping]:
    """Return a table's figures on the pack's areas, and the mapping with the source that says how they came about.

    The city's own figures are as they were in the table.
    """
    known = {**pack.sources, **{source.id: source for source in mapping.sources}}
    ending = "-".join(fold(f"omräknad {mapping.convert.name}"))  # figures of two divisions are of two sources
    entry = described(known[mapping.source], found.note, ending, pack.info.boundary_vintage)
    city = outcome.rows[outcome.rows["area"] == pack.info.city]
    rows = pd.concat([found.rows.drop(columns="split").assign(source=entry.id), city[list(checks.COLUMNS)]], ignore_index=True)
    sources = (entry, *(source for source in mapping.sources if source.id != entry.id))
    return replace(outcome, rows=rows.sort_values(checks.KEY, ignore_index=True)), mapping.model_copy(update={"sources": sources})


def own(pack: Pack) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return a pack's figures that can be converted, of its basic areas, and their borders in metres."""
    base = {area.id for area in pack.areas.values() if area.level is pack.info.base_level}
    rows = pack.observations.astype({name: "str" for name in ("area", "indicator", "period", "group", "flag", "source")})
    kind = rows["indicator"].map({i.id: i.kind for i in pack.indicators.values()})
    ratio = kind.isin(RATIO_KINDS) & (rows["numerator"].notna() | rows["value"].isna())
    kept = rows[rows["area"].isin(base) & ((kind == Kind.COUNT) | ratio)]
    sources = kept.groupby(["indicator", "period", "group"])["source"].transform(lambda names: "+".join(sorted(set(names))))
    borders = gpd.GeoDataFrame.from_features(pack.boundaries["features"], crs=4326)[["id", "geometry"]]
    return kept.assign(source=sources), _metres(borders)


def _reading(rows: pd.DataFrame, part: str) -> pd.DataFrame:
    variable = rows["indicator"].astype("str") + "|" + rows["group"].astype("str") + f"|{part}"
    frame = {"area": rows["area"], "variable": variable, "period": rows["period"], "value": rows[part], "flag": rows["flag"], "source": rows["source"]}
    return pd.DataFrame(frame)[COLUMNS]


def _parts(variable: str) -> tuple[str, str, str]:
    """Return what `_reading` made a variable of; a group may have a stroke in it."""
    indicator, _, rest = variable.partition("|")
    group, _, part = rest.rpartition("|")
    return indicator, group, part


def _in_split(read: pd.DataFrame, lies: Overlap) -> str:
    """Say how many per cent of each count is in old areas which are split: the fewest and the most, as counts are of different things."""
    split = read["area"].map(pd.Series(lies.split, lies.old))
    whole, in_split = (rows.groupby(["variable", "period"])["value"].sum() for rows in (read, read[split]))
    whole = whole[whole > 0]  # of nobody no share is anywhere
    shares = 100 * in_split.reindex(whole.index, fill_value=0.0) / whole if len(whole) else pd.Series([0.0])
    return "–".join(dict.fromkeys(f"{share:.0f}" for share in (shares.min(), shares.max())))


def _by_key(key: Mapping[str, str], pack: Pack, place: str) -> Overlap:
    """Return the overlap of a key to areas of the pack, all on one level: the basic areas, or those of which they are parts."""
    new = set(key.values())
    if not key or (strange := sorted(new - set(pack.areas))):
        found = f"områden som inte finns i paketet, som {strange[0]}" if key else "ingen nyckel"
        raise CollectError(place, found, "en nyckel till paketets områden", _AGAIN)
    if len(levels := {pack.areas[area].level for area in new}) > 1:
        raise CollectError(place, f"områden på nivåerna {', '.join(sorted(levels))}", "en nyckel till områden på en nivå", _AGAIN)
    return convert.by_key(key)


def _sheet(path: Path) -> Sheet:
    return tables.read(path.name, path.read_bytes())[0]


def _columns(sheet: Sheet, *names: str | None) -> pd.DataFrame:
    cells = pd.DataFrame(list(sheet.rows[1:]), columns=list(sheet.rows[0]))
    if lacking := [name for name in names if name not in cells]:
        raise CollectError(sheet.place(), f"ingen kolumn ”{lacking[0]}”", f"en av {', '.join(cells.columns)}"[:600], _AGAIN)
    return cells[list(names)]


def _borders(path: Path, code: str) -> gpd.GeoDataFrame:
    sheet = _sheet(path)
    if not sheet.shapes:
        raise CollectError(sheet.place(), "inga ytor", "en kartfil med områdenas gränser", _AGAIN)
    codes = _columns(sheet, code)[code]
    return _metres(gpd.GeoDataFrame({"id": codes}, geometry=[s.geometry for s in sheet.shapes], crs=4326))


def _metres(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.to_crs(3006)
