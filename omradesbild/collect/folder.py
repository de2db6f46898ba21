"""The folder of a pack that is being made: how it begins, how figures come in, and what its catalogue must say of them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from pandas.api.types import union_categoricals

from omradesbild.collect import recipes
from omradesbild.collect.fault import CollectError
from omradesbild.collect.normalise import OBSERVED
from omradesbild.collect.plan import ALL, Plan
from omradesbild.collect.sources.scb import Scb
from omradesbild.collect.sources.scb_geo import ScbGeo
from omradesbild.collect.store import Store
from omradesbild.model import Break, Level, Source
from omradesbild.pack import AREAS, KOMMUNER
from omradesbild.reader import Loader

#: The id of the whole country, where a kommun's stands otherwise.
COUNTRY = "00"
_VERSION = re.compile(r"""^version:\s*["']?([0-9-]{10})(?:\.([0-9]+))?["']?\s*$""", re.MULTILINE)
_KEY = OBSERVED[:4]
_NUMBERS = ("value", "numerator", "denominator")
#: So many rows are written, or read as texts, at a time: all of a country's would need gigabytes.
_AT_ONCE = 100_000
#: How far borders are simplified, in metres, and with how many decimals they are written: a kommun, the country.
_DETAIL = {False: (5, 5), True: (100, 4)}


def covers(root: Path, kommun: str) -> bool:
    """Whether a pack is of this kommun."""
    return _info(root)["city"] == (COUNTRY if kommun == ALL else kommun)


def levels(root: Path) -> dict[str, str]:
    """Return the id of every area in a pack → its level."""
    info = _info(root)
    collection = json.loads((root / "boundaries" / info["boundaries"]).read_text("utf-8"))
    base = {feature["properties"]["id"]: info.get("base_level", "regso") for feature in collection["features"]}
    kommuner = _yaml(root / KOMMUNER) if (root / KOMMUNER).exists() else []
    return base | {entry["id"]: entry["level"] for entry in [*_yaml(root / AREAS), *kommuner]}


def breaks(root: Path) -> list[Break]:
    """Return the breaks in a pack's catalogue."""
    return [Break.model_validate(entry) for entry in _yaml(root / "catalog/breaks.yaml")]


def breaks_of(root: Path, levels: Mapping[str, str]) -> list[Break]:
    """Return the breaks for figures as they are made: where every border may have moved, a kommun's own has not."""
    inside = tuple(area for area, level in levels.items() if level != Level.KOMMUN)
    return [b.model_copy(update={"areas": inside}) if b.kind == "boundary" and not b.areas else b for b in breaks(root)]


def begin(start: Path, plan: Plan, store: Store, made: Path, name: str) -> None:
    """Write all of another kommun's pack but its figures: the definitions of `start`, and nothing that is said of its places.

    `name` is what the kommun is called.

    Raises
    ------
    CollectError
        If the kommun's borders have not been fetched.
    """
    country = plan.kommun == ALL
    borders = ScbGeo().areas(plan, store, "regso2025")
    made.mkdir()
    for kept in ("catalog/indicators", "collect"):
        shutil.copytree(start / kept, made / kept, ignore=shutil.ignore_patterns("mappings"))  # of tables about other places
    for kept in ("catalog/sources.yaml", "catalog/index.yaml", "catalog/peers.yaml"):
        shutil.copyfile(start / kept, made / kept)
    _tell_processing(made)
    city = COUNTRY if country else plan.kommun
    write(made / AREAS, [{"id": city, "name": name, "level": "kommun"}])
    write(made / "catalog/aliases.yaml", {})
    for left in ("goals", "initiatives", "police", "priorities"):
        if (start / f"catalog/{left}.yaml").exists():
            write(made / f"catalog/{left}.yaml", [])
    write(made / "catalog/breaks.yaml", _general_breaks(start))
    file = f"regso_2025_{'riket' if country else plan.kommun}.geojson"
    (made / "boundaries").mkdir()
    (made / "boundaries" / file).write_text(_geojson(borders, country), "utf-8", newline="\n")
    info = _info(start)
    same = {key: info[key] for key in ("base_level", "boundary_vintage", "headline", "ordering") if key in info}
    settings = {
        "id": f"kommun-{city}", "title": {"sv": f"Områdesbild {name}"}, "version": info["version"], "city": city,
        "whole": "land" if country else "kommun",
        "boundaries": file, "attributions": ["SCB"], "places": [], **same,
    }  # fmt: skip
    write(made / "pack.yaml", settings)
    (made / "observations").mkdir()


def lacks_kommuner(root: Path, kommun: str) -> bool:
    """Whether a pack is of the country and does not say which kommuner it has; those made before they could be chosen do not."""
    return kommun == ALL and not (root / KOMMUNER).exists()


def add_kommuner(made: Path, plan: Plan, store: Store) -> None:
    """Write a country's kommuner, as SCB calls them, and the areas of each, whose codes begin with the kommun's."""
    base, names = _info(made).get("base_level", "regso"), Scb().kommuner(plan, store)
    members: dict[str, list[str]] = {}
    for code in sorted(area for area, level in levels(made).items() if level == base):
        members.setdefault(code[:4], []).append(code)
    entries = [
        {"id": kommun, "name": names.get(kommun, f"Kommun {kommun}"), "level": "kommun", "members": codes}
        for kommun, codes in members.items()
    ]
    write(made / KOMMUNER, entries)


def define(made: Path, indicators: Iterable[str]) -> None:
    """Put definitions that wait for figures (``collect/indicators``) in the catalogue, where there are any by now."""
    for id_ in indicators:
        waiting, path = made / f"collect/indicators/{id_}.yaml", made / f"catalog/indicators/{id_}.yaml"
        if waiting.exists() and not path.exists():
            shutil.copyfile(waiting, path)


def merge(found: Mapping[str, pd.DataFrame], made: Path) -> None:
    """Put figures into the pack's files; those that are there by the same key go, the others stay."""
    for path in sorted((made / "observations").glob("*.csv")):
        keys = pd.read_csv(path, usecols=_KEY, dtype="str", na_filter=False)
        replaced = np.logical_or.reduce([_among(keys, frame) for frame in found.values()], axis=0)
        if replaced.all():
            path.unlink()
        elif replaced.any():
            head, *rows = _lines(path)
            kept = (row for row, gone in zip(rows, replaced.tolist(), strict=True) if not gone)
            path.write_text("".join([head, *kept]), "utf-8", newline="\n")
    for file, frame in found.items():
        path = made / "observations" / f"{file}.csv"
        content = as_csv(frame)
        if path.exists():
            head, *rows = content.decode().splitlines(keepends=True)
            rows += _lines(path)[1:]
            content = "".join([head, *sorted(rows, key=_order)]).encode()
        path.write_bytes(content)


def _lines(path: Path) -> list[str]:
    """Return a file's lines but the empty ones, which no reader of the file counts as a row."""
    with path.open(encoding="utf-8") as file:
        return [line for line in file if line.strip()]


def _among(keys: pd.DataFrame, frame: pd.DataFrame) -> np.ndarray:
    """Tell which keys a figure of `frame` has."""
    known, mine, theirs = np.ones(len(keys), bool), np.zeros(len(keys), "int64"), np.zeros(len(frame), "int64")
    for name in _KEY:
        cells = frame[name].astype("category").cat
        code = cells.categories.get_indexer(keys[name])
        known &= code >= 0
        mine, theirs = (number * len(cells.categories) + at for number, at in ((mine, code), (theirs, cells.codes)))
    return known & np.isin(mine, theirs)


def first_of(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the figures of several tables, each from the first that has it, in a pack's order."""
    together, *others = frames
    for frame in others:
        pair = [together, frame[~_among(frame.astype(dict.fromkeys(_KEY, "str")), together)]]
        columns = {name: [part[name] for part in pair] for name in OBSERVED}
        together = pd.DataFrame({
            name: pd.concat(parts, ignore_index=True)
            if name in _NUMBERS
            else union_categoricals([part.astype("category") for part in parts], sort_categories=True)
            for name, parts in columns.items()
        })  # fmt: skip
        order = np.lexsort([together[name].cat.codes for name in ("group", "period", "area", "indicator")])
        together = together.iloc[order].reset_index(drop=True)
    return together


def complete(made: Path, found: Mapping[str, pd.DataFrame], level: Mapping[str, str], entries: Mapping[str, Source]) -> None:
    """Let the catalogue name the sources of the figures, and only indicators that have any; `level` is that of each area."""
    path = made / "catalog/sources.yaml"
    listed = {entry["id"]: entry for entry in _yaml(path)}
    used = {name for frame in found.values() for name in frame["source"].unique()}
    if unknown := sorted(used - set(listed) - set(entries)):
        raise CollectError(str(path), f"siffror från {unknown[0]}", "en källa i sources.yaml", "Lägg till källan där")
    text = path.read_text("utf-8")
    for name in sorted(used & set(entries)):
        entry = entries[name].model_dump(mode="json", exclude_none=True)
        if listed.get(name) != entry:
            text = _without(text, name).rstrip("\n") + "\n\n" + _dumped([entry])
    path.write_text(text, "utf-8", newline="\n")
    if (made / "transcribed").exists():  # a pack that people keep: they decide what stands in its catalogue
        _on_levels(made, found, level)
    else:
        _only_with_figures(made, level)


def set_levels(path: Path, levels: Iterable[str]) -> None:
    """Let an indicator's file name these levels; the rest keeps its bytes."""
    _set(path, "levels", f"levels: [{', '.join(levels)}]\n")


def _set(path: Path, key: str, entry: str) -> None:
    """Put an entry in an indicator's file, in the place of the one that it has of that key."""
    parts = re.split(rf"^{key}:.*?(?=^[^\s-]|\Z)", path.read_text("utf-8"), maxsplit=1, flags=re.MULTILINE | re.DOTALL)
    before, after = parts if len(parts) == 2 else (f"{parts[0].rstrip()}\n", "")
    path.write_bytes(f"{before}{entry}{after}".encode())


def _on_levels(made: Path, found: Mapping[str, pd.DataFrame], level: Mapping[str, str]) -> None:
    """Let every definition name the levels that its figures have come on, too."""
    for frame in found.values():
        pairs = frame[["indicator", "area"]].drop_duplicates().astype("str")
        for id_, rows in pairs.groupby("indicator"):
            path = made / f"catalog/indicators/{id_}.yaml"
            known = list(_yaml(path)["levels"])
            came = [name for name in dict.fromkeys(rows["area"].map(level)) if name not in known]
            if came:
                set_levels(path, [*known, *came])


def next_version(text: str, date: str) -> str:
    """Return a pack's settings with the version of a date, and a number where the one they have is not older."""
    found = _VERSION.search(text)
    version = f"{found[1]}.{int(found[2] or 0) + 1}" if found and found[1] >= date else date
    return _VERSION.sub(f'version: "{version}"', text, count=1)


def as_csv(frame: pd.DataFrame) -> bytes:
    """Write observations as a pack's file has them; they must be sorted already."""
    written = [f"{','.join(OBSERVED)}\n".encode()]
    for start in range(0, len(frame), _AT_ONCE):
        part = frame.iloc[start : start + _AT_ONCE]
        rows = map(",".join, zip(*(_texts(part[name]) for name in OBSERVED), strict=True))
        written.append("\n".join([*rows, ""]).encode())
    return b"".join(written)


def _texts(column: pd.Series) -> list[str]:
    """Write a column's cells, each different one once."""
    place, different = pd.factorize(column)
    if column.name in _NUMBERS:
        texts = ["" if value != value else f"{round(value, 3):.10g}" for value in different.tolist()]
    else:
        texts = list(map(str, different))
    return np.array([*texts, ""], object)[place].tolist()


def _order(line: str) -> tuple[str, ...]:
    area, indicator, period, group = next(csv.reader([line]))[:4] if '"' in line else line.split(",", 4)[:4]
    return indicator, area, period, group


def _tell_processing(made: Path) -> None:
    """Say of every indicator that is summed how that is done here, instead of how it was done where the definition comes from."""
    known = recipes.load(made / "collect" / "recipes.yaml")
    for name in sorted(known.summed):
        path = made / "catalog/indicators" / f"{name}.yaml"
        if path.exists():
            _set(path, "processing", _dumped({"processing": known.processing.model_dump()}))


def _only_with_figures(made: Path, level: Mapping[str, str]) -> None:
    """Take out definitions and sources that no figure uses, and what refers to them; name the levels that have figures.

    Definitions that a goal or a published list is about stay: what people have decided is not lost when figures are.
    """
    rows = pd.concat(
        part.drop_duplicates()
        for path in sorted((made / "observations").glob("*.csv"))
        for part in pd.read_csv(path, usecols=["area", "indicator", "source"], dtype="str", na_filter=False, chunksize=_AT_ONCE)
    )
    on = rows.assign(level=rows["area"].map(level)).groupby("indicator")["level"].unique()
    figured = set(on.index)
    goals, lists = (_yaml(path) if (path := made / f"catalog/{name}.yaml").exists() else [] for name in ("goals", "priorities"))
    decided = {name for goal in goals for name in goal["indicators"]}
    decided |= {entry["indicator"] for each in lists for entry in each["chosen"]["entries"]}
    for path in (made / "catalog/indicators").glob("*.yaml"):
        if path.stem not in figured | decided:
            path.unlink()
        elif path.stem in figured:
            set_levels(path, sorted(on[path.stem]))
    used = set(rows["source"])
    write(made / "catalog/sources.yaml", [entry for entry in _yaml(made / "catalog/sources.yaml") if entry["id"] in used])
    index = _yaml(made / "catalog/index.yaml")
    index["weights"] = {name: weight for name, weight in index["weights"].items() if name in figured}
    if index.get("likeness") and not figured >= {index["likeness"][part] for part in ("low_standard", "low_education", "out_of_work")}:
        del index["likeness"]
    if index.get("published") not in figured:
        index.pop("published", None), index.pop("published_note", None)
    write(made / "catalog/index.yaml", index)
    peers = [entry for entry in _yaml(made / "catalog/peers.yaml") if entry["indicator"] in figured]
    for entry in peers:
        entry["near"] = [name for name in entry.get("near", ()) if name in figured]
    write(made / "catalog/peers.yaml", peers)
    found = [(entry, [i for i in entry.get("indicators", ()) if i in figured]) for entry in _yaml(made / "catalog/breaks.yaml")]
    kept = [entry | {"indicators": known} if known else entry for entry, known in found if known or not entry.get("indicators")]
    write(made / "catalog/breaks.yaml", kept)
    info = _info(made)
    for key in ("headline", "ordering"):
        info[key] = [name for name in info.get(key, ()) if name in figured]
    write(made / "pack.yaml", info)


def _general_breaks(start: Path) -> list[dict]:
    """Return the breaks that hold anywhere: those of single areas and sources do not, but every border may have moved in 2024."""
    found = []
    for entry in _yaml(start / "catalog/breaks.yaml"):
        entry.pop("source", None)
        if entry["kind"] == "boundary":
            entry["areas"] = []
            found.append(entry)
        elif not entry.get("areas"):
            found.append(entry)
    return found


def _geojson(borders, country: bool) -> str:
    """Return the areas simplified together, so that neighbours keep their common border."""
    import shapely

    from omradesbild.collect.boundaries import to_geojson

    tolerance, decimals = _DETAIL[country]
    shapes = shapely.coverage_simplify(borders.geometry.to_numpy(), tolerance)
    lonlat = borders.set_geometry(list(shapes), crs=borders.crs).to_crs(4326).geometry.to_numpy()
    lonlat = shapely.orient_polygons(shapely.set_precision(lonlat, 10.0**-decimals))
    names = borders["name"].str.removeprefix("RegSO-")
    listed = borders.assign(id=borders["code"], name=names, area_km2=borders.geometry.area / 1e6)
    return to_geojson(listed, lonlat)


def _without(text: str, name: str) -> str:
    """Return a list of sources in YAML without the entry of an id."""
    return re.sub(rf"(?ms)^- id: {re.escape(name)}\n.*?(?=^- id: |\Z)", "", text)


def _info(root: Path) -> dict:
    return _yaml(root / "pack.yaml")


def _yaml(path: Path):
    return yaml.load(path.read_text("utf-8"), Loader)


def _dumped(content: object) -> str:
    return yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110)


def write(path: Path, content: object) -> None:
    """Write a file of a catalogue, in YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_dumped(content), "utf-8", newline="\n")
