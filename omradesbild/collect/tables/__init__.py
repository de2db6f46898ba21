"""Reads the files that staff bring: Excel, text with separators, PX, JSON-stat, PxWeb's JSON, and map files.

Every reader gives `Sheet`s of text cells, or raises `CollectError` with the place and a remedy; nothing else leaves it.
A file may be damaged or meant to do harm: sizes are limited before anything is unpacked, and nothing is written but
files of our own names in a folder that is gone afterwards.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath

from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.sheet import LONGEST_CELL, MOST_BYTES, Sheet, too_large

__all__ = ["ENDINGS", "Sheet", "read"]

#: The endings of files that are read.
ENDINGS = (".xlsx", ".xlsm", ".csv", ".txt", ".tsv", ".px", ".json", ".geojson", ".gpkg", ".zip")
_OLD = {".xls": "Excels äldre format", ".ods": "LibreOffice-format", ".xlsb": "Excels binära format", ".numbers": "Numbers"}


def read(name: str, content: bytes) -> list[Sheet]:
    """Read a file.

    Parameters
    ----------
    name
        The file's name; its ending tells what it should hold, and it is named in what is said of it.
    content
        The file.

    Returns
    -------
    list of Sheet
        One for each sheet, at least one.

    Raises
    ------
    CollectError
        If the file cannot be used.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    file = "".join(c for c in path.name if c.isprintable())[-80:] or "filen"
    ending = path.suffix.lower()
    if ending in _OLD:
        raise CollectError(file, _OLD[ending], "en Excel-fil (.xlsx)", "Öppna filen och spara den som Excel-arbetsbok (.xlsx)")
    if ending not in ENDINGS:
        expected = "Excel (.xlsx), CSV, PX, JSON-stat, GeoJSON, GeoPackage eller en zippad shapefil"
        raise CollectError(file, f"filändelsen ”{ending[:20]}”", expected, "Spara filen i något av dem")
    if not content:
        raise CollectError(file, "en tom fil", "en tabell", "Se efter att filen sparades")
    if len(content) > MOST_BYTES:
        raise too_large(file, f"{len(content) / 1e6:.0f} MB", f"högst {MOST_BYTES // 1_000_000} MB")
    return _reader(file, ending, content)


def _reader(file: str, ending: str, content: bytes) -> list[Sheet]:
    """Hand over to the format's reader, imported where it is used: a page that reads no file loads none of them."""
    if ending in (".xlsx", ".xlsm"):
        from omradesbild.collect.tables import xlsx

        return xlsx.read(file, content)
    if ending in (".csv", ".txt", ".tsv"):
        from omradesbild.collect.tables import separated

        return [separated.read(file, content)]
    if ending == ".px":
        from omradesbild.collect.tables import px

        return [px.read(file, content)]
    if ending in (".json", ".geojson"):
        document = _json(file, content)
        if ending == ".json" and str(document.get("type")) not in ("FeatureCollection", "Feature"):
            from omradesbild.collect.tables import statistical

            return statistical.read(file, document)
    from omradesbild.collect.tables import geo

    return [geo.read(file, content)]


def _json(file: str, content: bytes) -> dict:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise CollectError(file, "andra tecken än UTF-8", "JSON i UTF-8", "Hämta filen på nytt från källan") from error
    except (ValueError, RecursionError) as error:
        where = f"{file}, rad {error.lineno}" if isinstance(error, json.JSONDecodeError) else file
        raise CollectError(where, "något som inte är JSON", "giltig JSON", "Hämta filen på nytt från källan") from error
    if not isinstance(document, dict):
        raise CollectError(file, "JSON utan namngivna delar", "JSON-stat, PxWebs JSON eller GeoJSON", "Välj ett av dem i källan")
    return document


def _no_constant(name: str) -> float:
    raise ValueError(name[:LONGEST_CELL])
