"""What an outsider finds out from an edition's data files: no hidden number, whatever is added and solved."""

from __future__ import annotations

import csv
import io
import json

import attacker
import geopandas
import numpy as np
import pandas as pd
import pytest

from omradesbild.analyse import suppression
from omradesbild.analyse.compose import compose
from omradesbild.analyse.statements import build
from omradesbild.pack import load, resolve
from omradesbild.publish import tables
from omradesbild.publish.site.data import figures, geo

NUMBERS = ("value", "numerator", "denominator", "low", "high", "city_value", "difference")


@pytest.fixture(scope="module", params=["data", "demo"])
def edition(request, tmp_path_factory):
    """The statements, and the edition's data files as an outsider has them."""
    said = build(load(resolve("demo" if request.param == "demo" else None)))
    made = [file for indicator in said.pack.indicators.values() for file in figures.indicator_files(said, indicator)]
    made += [file for area in said.pack.areas.values() for file in figures.area_files(said, area)]
    made += geo.files(said)
    return said, {file.path: file.content for file in made}
#: So many tables are attacked in each file type; the engine's own test attacks them all.
MOST_TABLES = 12


def from_json(files: dict[str, bytes]) -> pd.DataFrame:
    rows = []
    for path, content in files.items():
        if path.startswith("data/indikator/") and path.endswith(".json") and "metadata" not in path:
            document = json.loads(content)
            rows += [dict(zip(document["fields"], row, strict=True)) for row in document["figures"]]
    return pd.DataFrame(rows)


def from_csv(files: dict[str, bytes], kind: str, lang: str) -> pd.DataFrame:
    """Read the CSV files with the columns' own names, numbers as numbers."""
    folder = f"data/{'en/' if lang == 'en' else ''}{kind}/"
    rows = []
    for path, content in files.items():
        if path.startswith(folder) and path.endswith(".csv"):
            reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";" if lang == "sv" else ",")
            next(reader)
            rows += [dict(zip(tables.COLUMNS, row, strict=True)) for row in reader]
    frame = pd.DataFrame(rows)
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name].str.replace(",", "."), errors="raise")
    return frame


def hidden(said) -> pd.DataFrame:
    """Every cell that is withheld, with what the pack holds about it."""
    frame = said.frame[said.frame["flag"].astype(str).str.startswith("..")]
    return frame[["area", "indicator", "period", "group"]].astype(str)


def test_no_row_of_a_hidden_figure_holds_a_number(edition) -> None:
    said, files = edition
    secret = {tuple(row) for row in hidden(said).itertuples(index=False)}
    assert len(secret) > 50
    found = from_json(files)
    rows = [row for row in found.to_dict("records") if tuple(row[k] for k in ("area", "indicator", "period", "group")) in secret]
    assert len(rows) == len(secret)
    own = [name for name in NUMBERS if name != "city_value"]
    assert all(pd.isna(row[name]) for row in rows for name in (*own, "place"))
    for kind in ("omrade", "indikator"):
        for lang in ("sv", "en"):
            frame = from_csv(files, kind, lang)
            closed = frame[frame["flag"].str.startswith("..")]
            assert len(closed) == len(secret) and closed[own].isna().all(axis=None)


def test_maps_hold_no_hidden_number(edition, tmp_path) -> None:
    said, files = edition
    (tmp_path / "x.gpkg").write_bytes(files[geo.GPKG])
    rows = [f["properties"] for f in json.loads(files[geo.GEOJSON])["features"]]
    for level in {row["level"] for row in rows}:
        rows += geopandas.read_file(tmp_path / "x.gpkg", layer=level).drop(columns="geometry").to_dict("records")
    checked = 0
    for row in rows:
        for indicator in said.pack.indicators:
            if str(row.get(f"{indicator}_mark") or "").startswith(".."):
                assert pd.isna(row[indicator])
                checked += 1
            elif not pd.isna(row.get(indicator, np.nan)):
                s = said.get(row["id"], indicator, row[f"{indicator}_ar"])
                assert row[indicator] == pytest.approx(s.value, abs=1e-6)
    assert checked > 0


def test_what_the_pack_knew_and_hid_stands_nowhere(edition) -> None:
    """The observations behind hidden figures: none of their rows in any file shows their count or value."""
    said, files = edition
    known = said.pack.observations.astype({"area": str, "indicator": str, "period": str, "group": str})
    behind = hidden(said).merge(known, on=["area", "indicator", "period", "group"])
    behind = behind[behind["value"].notna() | behind["numerator"].notna()]
    assert len(behind), "nothing lies behind the hidden figures: this test would pass whatever the files hold"
    told = from_json(files).set_index(["area", "indicator", "period", "group"])
    for row in behind.itertuples(index=False):
        shown = told.loc[(row.area, row.indicator, row.period, row.group)]
        numbers = [shown[name] for name in NUMBERS if name != "city_value" and not pd.isna(shown[name])]
        assert numbers == []


def learnt(said, files: dict[str, bytes], face: str) -> list[tuple[attacker.Bounds, bool]]:
    """Attack the tables as they stand in one kind of file: what is found out, and whether it is little enough."""
    frame = from_json(files) if face == "json" else from_csv(files, "omrade", "en")
    if face == "csv":
        groups = {(i.id, g.title.get("en")): g.id for i in said.pack.indicators.values() for g in i.groups}
        frame["group"] = [groups.get((i, g), g) for i, g in zip(frame["indicator"], frame["group"], strict=True)]
        frame["level"] = frame["area"].map({a.id: a.level.value for a in said.pack.areas.values()})
    own = said.frame[["area", "indicator", "period", "group", "composed", "level"]].astype(
        {"area": str, "indicator": str, "period": str, "group": str, "level": str}
    )
    frame = frame.drop(columns="level", errors="ignore").merge(own, on=["area", "indicator", "period", "group"])
    assert len(frame) == len(said.frame)
    for name in NUMBERS:
        frame[name] = frame[name].astype(float)
    truth = compose(said.pack).set_index(["area", "indicator", "period", "group"])[["numerator", "denominator"]]
    targets = attacker.tables(frame, said.pack)
    found = [bound for t in targets[:: max(1, len(targets) // MOST_TABLES)] for bound in attacker.attack(frame, said.pack, *t)]
    return [(b, attacker.safe(b, truth.loc[(b.area, b.indicator, b.period, b.group)])) for b in found]


@pytest.mark.parametrize("face", ["json", "csv"])
def test_linear_programming_finds_nothing(edition, face) -> None:
    found = learnt(*edition, face)
    assert len(found) > 20
    assert [bound for bound, safe in found if not safe] == []


def test_linear_programming_finds_what_is_not_protected(monkeypatch) -> None:
    """The test above can fail: with nothing hidden but what the rule hides, the outsider computes it from the files."""
    monkeypatch.setattr(suppression, "protect", lambda cells, hidden, unknown: hidden)
    said = build(load(resolve("demo")))
    files = (file for indicator in said.pack.indicators.values() for file in figures.indicator_files(said, indicator))
    found = learnt(said, {file.path: file.content for file in files}, "json")
    exact = [bound for bound, safe in found if not safe and bound.high - bound.low < 1]
    assert len(exact) >= 5
