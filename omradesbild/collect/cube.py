"""A statistical table as its publisher sends it: JSON-stat 2, or the older JSON of PxWeb.

Codes come out as they are written there, values with their marks: a mark is never a zero, and a zero never a mark.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from omradesbild.collect.client import document
from omradesbild.collect.fault import CollectError
from omradesbild.model import NO_VALUE, Flag

#: What a table's marks mean, in the pack's flags.
MARKS = {flag.value: flag.value for flag in Flag} | {"...": Flag.SUPPRESSED.value, "....": Flag.SUPPRESSED.value}
MOST_CELLS = 5_000_000


@dataclass(frozen=True)
class Cube:
    """A table.

    Attributes
    ----------
    codes
        Dimension → its codes, in the order of `values`' axes and along them.
    labels
        Dimension → code → what it is called.
    names
        Dimension → what it is called.
    values, flags
        A value for each cell, NaN where there is none, and what is said of it ("" or flags).
    title, updated, notes
        As the publisher writes them; `updated` is empty where it is not said.
    """

    codes: Mapping[str, Sequence[str]]
    labels: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    values: np.ndarray = field(repr=False)
    flags: np.ndarray = field(repr=False)
    title: str = ""
    updated: str = ""
    notes: tuple[str, ...] = ()

    def plane(self, rows: str, columns: str, at: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray] | None:
        """Return values and flags with one dimension down and one across, each other one at its code in `at`.

        None where one of those codes is not in the table.
        """
        names = list(self.codes)
        index: list[int | slice] = []
        for name in names:
            if name in (rows, columns):
                index.append(slice(None))
            elif at[name] in self.codes[name]:
                index.append(list(self.codes[name]).index(at[name]))
            else:
                return None
        turned = names.index(rows) > names.index(columns)
        found = (self.values[tuple(index)], self.flags[tuple(index)])
        return tuple(part.T for part in found) if turned else found


def read(content: bytes, place: str) -> Cube:
    """Read a table in either form.

    Raises
    ------
    CollectError
        If it is neither, or does not hold together.
    """
    found = document(content, place)
    if isinstance(found, dict) and found.get("class") == "dataset":
        return _guarded(_from_jsonstat, found, place)
    if isinstance(found, dict) and isinstance(found.get("columns"), list):
        return _guarded(_from_first, found, place)
    raise _odd(place, f"JSON som inte är en tabell ({type(found).__name__})")


def metadata(content: bytes, place: str) -> Cube:
    """Read a table's metadata, JSON-stat 2 without values: what `read` gives, with no cells."""
    found = document(content, place)
    if not (isinstance(found, dict) and found.get("class") == "dataset"):
        raise _odd(place, f"JSON som inte är en tabells metadata ({type(found).__name__})")
    return _guarded(_described, found, place)


def _guarded(reader, found: dict, place: str) -> Cube:
    try:
        return reader(found, place)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise _odd(place, f"en tabell som inte hänger ihop ({type(error).__name__}: {str(error)[:100]})") from error


def _described(found: dict, place: str) -> Cube:
    codes, labels, names = {}, {}, {}
    for name in found["id"]:
        dimension = found["dimension"][name]
        category = dimension["category"]
        index = category.get("index") or list(category["label"])
        codes[name] = list(index) if isinstance(index, list) else sorted(index, key=index.__getitem__)
        if len(set(codes[name])) != len(codes[name]) or not all(isinstance(code, str) for code in codes[name]):
            raise _odd(place, f"samma kod två gånger i {name}")
        labels[name] = {code: str(category.get("label", {}).get(code, code)) for code in codes[name]}
        names[name] = str(dimension.get("label", name))
    nothing = np.empty(0)
    return Cube(
        codes,
        labels,
        names,
        nothing,
        nothing,
        str(found.get("label", "")),
        str(found.get("updated") or ""),
        tuple(_notes(found)),
    )


def _from_jsonstat(found: dict, place: str) -> Cube:
    told = _described(found, place)
    shape = tuple(len(codes) for codes in told.codes.values())
    cells = math.prod(shape)
    if list(found["size"]) != list(shape) or cells > MOST_CELLS:
        raise _odd(place, f"storleken {found['size']} för {cells} celler")
    given, marks = found["value"], found.get("status") or {}
    if isinstance(given, list):
        if len(given) != cells:
            raise _odd(place, f"{len(given)} värden för {cells} celler")
        values = np.array([np.nan if v is None else _number(v) for v in given], float)
    else:
        values = np.full(cells, np.nan)
        for at, v in given.items():
            values[_at(at, cells)] = np.nan if v is None else _number(v)
    flags = np.full(cells, "", object)
    if isinstance(marks, str):
        marks = [marks] * cells
    for at, mark in enumerate(marks) if isinstance(marks, list) else marks.items():
        if mark:
            flags[_at(at, cells)] = _flag(mark, place)
    return _settled(told, values, flags, shape)


def _from_first(found: dict, place: str) -> Cube:
    """Read the JSON of PxWebApi 1: a row for each combination of codes, with a value for each content."""
    columns = found["columns"]
    dimensions = [c["code"] for c in columns if c["type"] != "c"]
    contents = [c["code"] for c in columns if c["type"] == "c"]
    rows = found["data"]
    codes: dict[str, list[str]] = {
        name: list(dict.fromkeys(row["key"][n] for row in rows)) for n, name in enumerate(dimensions)
    }
    codes["ContentsCode"] = contents
    shape = tuple(len(found) for found in codes.values())
    if math.prod(shape) != len(rows) * len(contents) or math.prod(shape) > MOST_CELLS:
        raise _odd(place, f"{len(rows)} rader för {math.prod(shape[:-1])} kombinationer av koder")
    at = {name: {code: n for n, code in enumerate(codes[name])} for name in dimensions}
    values, flags = np.full(shape, np.nan), np.full(shape, "", object)
    seen = np.zeros(shape[:-1], bool)
    for row in rows:
        where = tuple(at[name][code] for name, code in zip(dimensions, row["key"], strict=True))
        if seen[where] or len(row["values"]) != len(contents):
            raise _odd(place, f"raden {row['key']} två gånger, eller med fel antal värden")
        seen[where] = True
        for n, text in enumerate(row["values"]):
            if text in MARKS:
                flags[(*where, n)] = MARKS[text]
            else:
                values[(*where, n)] = _number(float(text))
    told = found.get("metadata") or [{}]
    names = {c["code"]: str(c.get("text", c["code"])) for c in columns if c["type"] != "c"} | {
        "ContentsCode": "tabellinnehåll"
    }
    labels = {name: {code: code for code in found} for name, found in codes.items()}
    labels["ContentsCode"] = {c["code"]: str(c.get("text", c["code"])) for c in columns if c["type"] == "c"}
    notes = tuple(str(c["comment"]) for c in found.get("comments", ()) if c.get("comment"))
    table = Cube(
        codes, labels, names, values, flags, str(told[0].get("label", "")), str(told[0].get("updated") or ""), notes
    )
    return _settled(table, values.ravel(), flags.ravel(), shape)


def _settled(told: Cube, values: np.ndarray, flags: np.ndarray, shape: tuple[int, ...]) -> Cube:
    """Return the table with its cells: without a value there is always a mark, with some marks never a value."""
    without = np.isin(flags, [flag.value for flag in NO_VALUE])
    values = np.where(without, np.nan, values)
    flags[np.isnan(values) & ~without] = Flag.SUPPRESSED.value
    return Cube(
        told.codes,
        told.labels,
        told.names,
        values.reshape(shape),
        flags.reshape(shape),
        told.title,
        told.updated,
        told.notes,
    )


def _notes(found: dict) -> Iterator[str]:
    """Return the footnotes of the table, of its dimensions and of their values, each once."""
    seen = set()
    parts = [found, *found["dimension"].values(), *(d["category"] for d in found["dimension"].values())]
    for part in parts:
        said = part.get("note") or ()
        groups = said.values() if isinstance(said, dict) else [said]
        for text in (text for group in groups for text in ([group] if isinstance(group, str) else group)):
            if str(text).strip() and text not in seen:
                seen.add(text)
                yield " ".join(str(text).split())


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{str(value)[:30]!r} is not a number")
    return float(value)


def _at(position: object, cells: int) -> int:
    at = int(position)
    if not 0 <= at < cells:
        raise IndexError(f"cell {at} of {cells}")
    return at


def _flag(mark: object, place: str) -> str:
    if not isinstance(mark, str) or mark not in MARKS:
        raise _odd(place, f"märket {str(mark)[:20]!r}")
    return MARKS[mark]


def _odd(place: str, found: str) -> CollectError:
    expected = f"en tabell i JSON-stat 2 eller PxWebs JSON, med märkena {' '.join(sorted(MARKS))}"
    return CollectError(
        place, found, expected, "Hämta tabellen på nytt; är den likadan då har källan ändrat sitt format"
    )
