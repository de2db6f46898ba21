"""Map files: GeoJSON, GeoPackage and zipped shapefiles; the attributes make a table, the shapes go with its rows."""

from __future__ import annotations

import math

import numpy as np

from omradesbild.collect import uploads
from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.sheet import Sheet, laid, written
from omradesbild.collect.uploads import UploadError

#: What is said of a file that cannot be used, by the code of what is wrong: found, expected, what to do.
_SAID = {
    "file_large": ("{found} MB", "högst {most} MB", "Dela filen, eller förenkla gränserna"),
    "file_many": ("{found} ytor", "högst {most}", "Ta bort de ytor som inte ska med"),
    "file_broken": ("en skadad fil", "en hel fil av slaget {kind}", "Spara eller hämta filen på nytt"),
    "file_crs": ("inget koordinatsystem", "ett koordinatsystem i filen", "Spara filen med koordinatsystem (.prj)"),
    "file_crs_strange": ("koordinatsystemet ”{found}”", "till exempel EPSG:3006, EPSG:3008 eller EPSG:4326", "Räkna om filen i ett kartprogram"),
    "zip_large": ("mer än {most} MB uppackat", "högst {most} MB", "Förenkla gränserna"),
    "zip_layers": ("{found} kartlager", "ett", "Spara lagret för sig"),
    "zip_missing": ("en shapefil utan {found}", ".shp, .shx, .dbf och .prj tillsammans", "Packa alla delarna i samma zip-fil"),
    "file_degrees": ("koordinater som inte är longitud och latitud", "grader, eller ett angivet koordinatsystem", "Ange koordinatsystemet i filen"),
    "file_no_areas": ("inga ytor", "ytor (polygoner)", "Välj lagret med områdenas ytor"),
    "file_detailed": ("mer än {most} brytpunkter", "högst {most}", "Förenkla gränserna i ett kartprogram"),
    "file_empty": ("en tom fil", "en kartfil", "Se efter att filen sparades"),
}  # fmt: skip
_GEOMETRY_TROUBLE = ("en yta som inte går att tolka", "hela ytor", "Rätta ytan i ett kartprogram")


def read(file: str, content: bytes) -> Sheet:
    """Read a map file.

    Raises
    ------
    CollectError
        If it cannot be used.
    """
    try:
        shapes = uploads.read(file, content)
    except UploadError as error:
        found, expected, remedy = (part.format(**error.values) for part in _SAID[error.code])
        raise CollectError(file, found, expected, remedy) from error
    except (ValueError, RuntimeError, RecursionError) as error:  # what shapely and GEOS raise beyond that
        raise CollectError(file, *_GEOMETRY_TROUBLE) from error
    heads = list(dict.fromkeys(str(key) for shape in shapes for key in shape.properties)) or ["namn"]
    rows = [[_text(shape.properties.get(head)) for head in heads] for shape in shapes]
    # a shape of which nothing is said keeps its row
    rows = [row if any(row) else [shape.name or "–", *row[1:]] for shape, row in zip(shapes, rows, strict=True)]
    return laid(file, "", "geo", enumerate([[head or "–" for head in heads], *rows], start=1), shapes=tuple(shapes))


def _text(value: object) -> str:
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return written(value) if isinstance(value, (int, float)) else str(value)[:1000]
