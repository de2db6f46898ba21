"""JSON-stat 1.x and 2.0; pyjstat reads the dimensions.

pyjstat makes a row of each cell in Python and forgets each cell's status, so cells are read here.
"""

from __future__ import annotations

from pyjstat.pyjstat import get_dim_label

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

_AGAIN = "Hämta filen på nytt från källan"
_EXPECTED = "JSON-stat med dimensioner, storlekar och värden"


def read(file: str, document: dict) -> list[Sheet]:
    """Read the datasets of a document.

    Raises
    ------
    CollectError
        If it is no JSON-stat, or does not fit together.
    """
    if document.get("class") == "collection":
        raise CollectError(file, "en lista över tabeller", "en tabell", "Hämta tabellen själv")
    if document.get("class") == "dataset" or "dimension" in document:
        return [_dataset(file, "", document)]
    bundle = {str(k): v for k, v in document.items() if isinstance(v, dict) and "dimension" in v}
    if not bundle:
        raise CollectError(file, "JSON av ett okänt slag", "JSON-stat, PxWebs JSON eller GeoJSON", "Välj ett av dem i källan")
    if len(bundle) > MOST_SHEETS:
        raise too_large(file, f"{len(bundle)} tabeller", f"högst {MOST_SHEETS}")
    return [_dataset(file, name[:60] if len(bundle) > 1 else "", dataset) for name, dataset in bundle.items()]


def _dataset(file: str, name: str, dataset: dict) -> Sheet:
    place = ", ".join([file, name] if name else [file])
    try:
        about = dataset["dimension"]
        ids, sizes = (dataset.get(key, about.get(key)) for key in ("id", "size"))
        roles = dataset.get("role") or about.get("role") or {}
        metric = set(roles.get("metric") or ())
        if not all(type(size) is int and size > 0 for size in sizes) or not all(type(i) is str for i in ids):
            raise ValueError
        total = cube_size(place, sizes)
        dimensions = [_dimension(place, i, about[i], dataset, size, i in metric) for i, size in zip(ids, sizes, strict=True)]
        values, status = (_cells(dataset.get(key), total, blank) for key, blank in (("value", None), ("status", "")))
        title, source, updated = (str(dataset.get(k) or "")[:500] for k in ("label", "source", "updated"))
        notes = tuple(str(note)[:2000] for note in dataset.get("note") or ())
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise CollectError(place, "delar som saknas eller inte passar ihop", _EXPECTED, _AGAIN) from error
    if len({d.name for d in dimensions}) < len(dimensions):
        raise CollectError(place, "två indelningar med samma namn", _EXPECTED, _AGAIN)
    if sum(d.measures for d in dimensions) > 1:
        raise CollectError(place, "flera indelningar av vad som mäts", "en", _AGAIN)
    texts = [f"{_value(place, v)} {s}".strip() for v, s in zip(values, status, strict=True)]
    details = {k: v for k, v in (("title", title), ("source", source), ("updated", updated)) if v}
    return from_cube(file, name, "jsonstat", dimensions, texts, details=details, notes=notes)


def _dimension(place: str, id_: str, about: dict, dataset: dict, size: int, measures: bool) -> Dimension:
    category = about["category"]
    given = category.get("index", category.get("label"))
    if not isinstance(given, (dict, list)) or len(given) != size:
        found = f"{len(given) if isinstance(given, (dict, list)) else 'inga'} värden i ”{id_[:60]}”"
        raise CollectError(place, found, f"{size} enligt size", _AGAIN)
    table = get_dim_label({**dataset, "dimension": {id_: about}}, id_)
    codes, labels = (tuple(str(text) for text in table[column]) for column in ("id", "label"))
    if len(codes) != size or len(set(codes)) != size or list(table["index"]) != list(range(size)):
        raise CollectError(place, f"koder i ”{id_[:60]}” som saknas eller står två gånger", f"{size} koder", _AGAIN)
    return Dimension(str(about.get("label") or id_)[:200], codes, labels, measures=measures)


def _cells(given: list | dict | str | None, total: int, blank: object) -> list:
    """Return one entry a cell of what may be a list, a table of cell numbers, or one for all."""
    if isinstance(given, dict):
        found = [blank] * total
        for key, value in given.items():
            if not 0 <= int(key) < total:
                raise ValueError
            found[int(key)] = value
        return found
    if isinstance(given, list):
        if len(given) != total:
            raise ValueError
        return [blank if value is None else value for value in given]
    return [given or blank] * total


def _value(place: str, value: object) -> str:
    if value is None or isinstance(value, (int, float)):
        return written(value)
    if isinstance(value, str):
        return value
    raise CollectError(place, "ett värde som är en lista eller en post", "tal eller text", _AGAIN)
