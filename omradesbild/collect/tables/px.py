"""PX files, as SCB and Malmö's PC-Axis databases give them; pyaxis reads their syntax."""

from __future__ import annotations

import re

from pyaxis.data_processing import get_codes, get_dimensions
from pyaxis.metadata_processing import get_default_lang, metadata_extract, metadata_split_to_dict

from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.separated import decode
from omradesbild.collect.tables.sheet import Dimension, Sheet, cube_size, from_cube

_AGAIN = "Hämta filen på nytt från databasen"
_CELL = re.compile(r'"[^"]*"|[^\s",]+')
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
#: The dimension that tells what is measured.
_MEASURES = ("tabellinnehåll", "contents")


def read(file: str, content: bytes) -> Sheet:
    """Read a PX file; what is measured stands in columns.

    Raises
    ------
    CollectError
        If the file cannot be used.
    """
    declared = re.search(rb'CODEPAGE="([\w.-]{1,20})"', content[:5000])
    text = _decoded(file, content, declared[1].decode() if declared else "")
    # runs of blanks make the library's patterns slow, and mean nothing
    text = re.sub(r"\s+", " ", text)
    try:
        attributes, data = metadata_extract(text)
        keywords = metadata_split_to_dict(attributes if isinstance(attributes, list) else [])
        if "LANGUAGES" in keywords:
            keywords, _ = get_default_lang(keywords, keywords["LANGUAGES"])
        names, members = get_dimensions(keywords)
        codes = dict(zip(*get_codes(keywords), strict=True))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        expected = "PX med STUB, HEADING, VALUES och DATA"
        raise CollectError(file, "nyckelord som saknas eller inte går att tolka", expected, _AGAIN) from error
    if any(keyword.startswith("KEYS(") for keyword in keywords):
        raise CollectError(file, "en PX-fil med nycklar (KEYS)", "en PX-fil med alla celler", "Spara tabellen som PX utan nycklar, eller som CSV")
    if not names or len(set(names)) != len(names) or any(isinstance(m, str) for m in members):
        raise CollectError(file, "inga indelningar, eller samma två gånger", "PX med STUB och HEADING", _AGAIN)
    dimensions = [_dimension(file, n, tuple(m), codes.get(n), keywords) for n, m in zip(names, members, strict=True)]
    cells = [_cell(cell) for cell in _CELL.findall(data)]
    expected = cube_size(file, (len(d.codes) for d in dimensions))
    if len(cells) != expected:
        raise CollectError(f"{file}, DATA", f"{len(cells)} celler", f"{expected} enligt VALUES", "Filen är avklippt. " + _AGAIN)
    details = {
        name: " ".join(_listed(keywords[key]))[:500]
        for name, key in (("title", "TITLE"), ("unit", "UNITS"), ("source", "SOURCE"), ("updated", "LAST-UPDATED"))
        if key in keywords
    }
    details.setdefault("title", " ".join(_listed(keywords.get("DESCRIPTION", keywords.get("CONTENTS", ""))))[:500])
    notes = tuple(" ".join(_listed(v))[:2000] for k, v in keywords.items() if re.match(r"(CELL|VALUE)?NOTEX?\b", k))
    return from_cube(file, "", "px", dimensions, cells, details=details, notes=notes)


def _decoded(file: str, content: bytes, declared: str) -> str:
    try:
        return content.decode(declared) if declared else decode(file, content)[0]
    except (LookupError, UnicodeDecodeError):
        return decode(file, content)[0]


def _dimension(file: str, name: str, labels: tuple[str, ...], codes: list[str] | None, keywords: dict) -> Dimension:
    if not labels or (codes is not None and len(codes) != len(labels)):
        found = f"{len(codes or ())} koder och {len(labels)} namn för ”{name[:60]}”"
        raise CollectError(file, found, "lika många", _AGAIN)
    measures = name.casefold() in _MEASURES or name in _listed(keywords.get("CONTVARIABLE", ""))
    return Dimension(name, tuple(codes or labels), labels, measures=measures)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _cell(text: str) -> str:
    """Return a cell of DATA: a number with a decimal comma, or a mark such as ``..`` without its quotes."""
    return text.replace(".", ",") if _NUMBER.fullmatch(text) else text.strip('"')
