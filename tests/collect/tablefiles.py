"""Files such as staff bring, made in memory with obviously made-up numbers: one of each format, and broken ones."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import openpyxl
from shapely.geometry import box

ROWS = [["Område", "2021", "2022"], ["Möllevången", "11,5", "12,5"], ["Rosengård", "1 234", ".."], ["Västra hamnen", "7", "8"]]
CSV = "\r\n".join(";".join(row) for row in ROWS) + "\r\n"
PX = """CHARSET="ANSI";
AXIS-VERSION="2010";
CODEPAGE="iso-8859-15";
LANGUAGE="sv";
TITLE="Påhittad tabell efter delområde, tabellinnehåll och år";
UNITS="antal";
STUB="delområde";
HEADING="tabellinnehåll","år";
VALUES("delområde")="Möllevången","Södra Sofielund";
CODES("delområde")="11317","11319";
VALUES("tabellinnehåll")="Antal","Andel";
VALUES("år")="2021","2022";
SOURCE="Malmö stad";
NOTE="Påhittade siffror.";
DATA=
10 12.5 ".." 3
1 2 "." 4;
""".encode("iso-8859-15")
JSONSTAT = {
    "version": "2.0",
    "class": "dataset",
    "label": "Påhittad tabell",
    "source": "SCB",
    "updated": "2026-01-01T00:00:00Z",
    "note": ["Påhittade siffror."],
    "id": ["Region", "ContentsCode", "Tid"],
    "size": [2, 2, 2],
    "role": {"metric": ["ContentsCode"], "time": ["Tid"]},
    "dimension": {
        "Region": {"label": "region", "category": {"index": {"B": 1, "A": 0}, "label": {"A": "Öster", "B": "Väster"}}},
        "ContentsCode": {"label": "tabellinnehåll", "category": {"index": ["x", "y"], "label": {"x": "Antal", "y": "Andel"}}},
        "Tid": {"label": "år", "category": {"index": {"2021": 0, "2022": 1}}},
    },
    "value": [1, 2, 3.5, None, 5, 6, 7, 8],
    "status": {"3": "..", "6": "p"},
}
PXWEB = {
    "columns": [
        {"code": "Region", "text": "region", "type": "d"},
        {"code": "Tid", "text": "år", "type": "t"},
        {"code": "0001", "text": "Antal", "type": "c"},
    ],
    "data": [{"key": ["A", "2021"], "values": ["1"]}, {"key": ["A", "2022"], "values": ["2.5"]}, {"key": ["B", "2021"], "values": [".."]}, {"key": ["B", "2022"], "values": ["4"]}],
    "comments": [{"variable": "Region", "value": "A", "comment": "Påhittad."}],
    "metadata": [{"label": "Påhittad tabell"}],
}  # fmt: skip
SQUARES = {"Väst": box(13.0, 55.58, 13.01, 55.59), "Öst": box(13.01, 55.58, 13.02, 55.59)}


def as_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def workbook() -> bytes:
    """A title, a merged head, numbers as numbers and as text, a footnote; and a sheet that is hidden."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Tabell 1"
    sheet["B2"] = "Påhittade arbetslösa"
    sheet.merge_cells("B2:D2")
    sheet["B4"], sheet["C4"] = "Område", 2022
    sheet.merge_cells("C4:D4")
    sheet["C5"], sheet["D5"] = "Antal", "Andel"
    for row, values in enumerate([("Möllevången", 12, 12.5), ("Rosengård", "1 234", "..")], start=6):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column, value)
    sheet["B9"] = "Källa: påhittad"
    hidden = book.create_sheet("Dolt")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "hemligt"
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(content: bytes, change: Mapping[str, bytes]) -> bytes:
    """The archive with some of its files replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change.get(info.filename, old.read(info)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return out.getvalue()


def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kod": [1, 2], "namn": list(SQUARES)}, geometry=list(SQUARES.values()), crs=4326)


def geojson() -> bytes:
    return frame().to_json(ensure_ascii=False).encode()


def geopackage() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        frame().to_crs(3008).to_file(Path(folder) / "yta.gpkg", layer="yta")
        return (Path(folder) / "yta.gpkg").read_bytes()


def shapefile() -> bytes:
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        frame().to_crs(3008).to_file(Path(folder) / "yta.shp")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.writestr(path.name, path.read_bytes())
    return out.getvalue()


def one_of_each() -> dict[str, bytes]:
    """File name → content, of every format."""
    return {
        "tabell.xlsx": workbook(),
        "tabell.csv": CSV.encode("cp1252"),
        "tabell.tsv": CSV.replace(";", "\t").encode("utf-16"),
        "tabell.px": PX,
        "stat.json": as_json(JSONSTAT),
        "pxweb.json": as_json(PXWEB),
        "ytor.geojson": geojson(),
        "ytor.gpkg": geopackage(),
        "ytor.zip": shapefile(),
    }
