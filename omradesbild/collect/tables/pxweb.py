"""The JSON of PxWeb's first interface (PxWebApi v1): columns, and data with keys and values."""

from __future__ import annotations

from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.sheet import MOST_ROWS, Sheet, laid, too_large

_AGAIN = "Hämta filen på nytt från databasen, helst som JSON-stat eller CSV"


def read(file: str, document: dict) -> Sheet:
    """Read an answer; numbers in it are text with a decimal point, which becomes a comma.

    Raises
    ------
    CollectError
        If it does not fit together.
    """
    try:
        columns, data = document["columns"], document["data"]
        heads = [str(c.get("text") or c["code"])[:200] for c in columns if c.get("type", "d") in ("d", "t")]
        heads += [str(c.get("text") or c["code"])[:200] for c in columns if c.get("type", "d") == "c"]
        if len(data) > MOST_ROWS:
            raise too_large(file, f"{len(data)} rader", f"högst {MOST_ROWS}")
        rows = [[*map(_text, row["key"]), *(_text(v).replace(".", ",") if _digits(v) else _text(v) for v in row["values"])] for row in data]
        notes = tuple(f"{c.get('variable', '')}: {c.get('comment', '')}"[:2000] for c in document.get("comments") or ())
        title = str((document.get("metadata") or [{}])[0].get("label", ""))[:500]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise CollectError(file, "delar som saknas", "columns med code och data med key och values", _AGAIN) from error
    wrong = next((n for n, row in enumerate(rows, start=1) if len(row) != len(heads)), None)
    if wrong is not None:
        raise CollectError(f"{file}, post {wrong}", f"{len(rows[wrong - 1])} värden", f"{len(heads)} enligt columns", _AGAIN)
    details = {"title": title} if title else {}
    return laid(file, "", "pxweb", enumerate([heads, *rows], start=1), details=details, notes=notes)


def _text(value: object) -> str:
    if not isinstance(value, (str, int, float)):
        raise TypeError
    return str(value)


def _digits(value: object) -> bool:
    return str(value).lstrip("-").replace(".", "", 1).isdecimal()
