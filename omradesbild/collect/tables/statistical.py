"""JSON-stat, of version 1 or 2, and the JSON of PxWeb's first interface, as they lie in a file."""

from __future__ import annotations

import json

import numpy as np

from omradesbild.collect import cube
from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.sheet import (
    MOST_SHEETS,
    Dimension,
    Sheet,
    cube_size,
    from_cube,
    too_large,
    written,
)

_KEPT = ("label", "source", "updated", "value", "status", "note")
_TOLD = ("id", "size", "role")


def read(file: str, document: dict) -> list[Sheet]:
    """Read the tables of a document; what is measured stands in columns.

    Raises
    ------
    CollectError
        If it holds none, or one that does not hold together.
    """
    if document.get("class") == "collection":
        raise CollectError(file, "en lista över tabeller", "en tabell", "Hämta tabellen själv")
    if document.get("class") == "dataset" or "columns" in document:
        return [_table(file, "", document)]
    older = {str(k): v for k, v in document.items() if isinstance(v, dict) and isinstance(v.get("dimension"), dict)}
    if not older:
        raise CollectError(file, "JSON av ett okänt slag", "JSON-stat, PxWebs JSON eller GeoJSON", "Välj ett av dem i källan")
    if len(older) > MOST_SHEETS:
        raise too_large(file, f"{len(older)} tabeller", f"högst {MOST_SHEETS}")
    return [_table(file, name[:60] if len(older) > 1 else "", _newer(table)) for name, table in older.items()]


def _newer(table: dict) -> dict:
    """Return a table of version 1, where what tells about the dimensions stands among them, as one of version 2."""
    about = table["dimension"]
    told = {key: about[key] for key in _TOLD if key in about}
    dimensions = {key: part for key, part in about.items() if key not in _TOLD}
    return {**{k: table[k] for k in _KEPT if k in table}, "class": "dataset", "dimension": dimensions, **told}


def _table(file: str, name: str, document: dict) -> Sheet:
    place = ", ".join([file, name] if name else [file])
    found = cube.read(json.dumps(document).encode(), place)
    cube_size(place, found.values.shape)
    role = document.get("role")
    metric = role.get("metric") if isinstance(role, dict) else None
    measures = [d for d in found.codes if d == "ContentsCode" or [d] == metric]
    names = dict(found.names)
    if len(set(names.values())) < len(names):  # two that are called the same are told apart by their codes
        names = {code: f"{name} ({code})" for code, name in names.items()}
    dimensions = [
        Dimension(names[d], tuple(codes), tuple(found.labels[d][c] for c in codes), measures=[d] == measures)
        for d, codes in found.codes.items()
    ]
    values = (("" if np.isnan(v) else written(float(v)), flag) for v, flag in zip(found.values.flat, found.flags.flat, strict=True))
    cells = [" ".join(filter(None, pair)) for pair in values]
    told = {"title": found.title, "updated": found.updated, "source": document.get("source")}
    details = {key: text[:500] for key, text in told.items() if isinstance(text, str) and text}
    return from_cube(file, name, "statistik", dimensions, cells, details=details, notes=tuple(n[:2000] for n in found.notes))
