"""What every source is read into: readings, one row per area, variable and period.

A *variable* is a figure as its source counts it, such as ``forgymnasial`` (persons with at most lower-secondary
education); recipes make indicators of variables. Area codes are the source's own, without a mark of vintage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from omradesbild.model import NO_VALUE, Flag

KEYS = ["area", "variable", "period"]
#: ``value`` is float64, NaN where there is none; the others are text; ``flag`` as in the pack's observations,
#: ``source`` the id of an entry in the pack's ``sources.yaml``.
COLUMNS = [*KEYS, "value", "flag", "source"]

_ORDER = [flag.value for flag in Flag]
_MISSING = {flag.value for flag in NO_VALUE}


def among(variable: str, names: Collection[str]) -> bool:
    """Tell whether a variable, or the one that it is a group of (``alder_kon|kvinna|0-4``), is among `names`."""
    return variable in names or variable.split("|")[0] in names


def join_flags(flags: Iterable[str]) -> str:
    """Unite flag texts; where there is no value only the reason for that remains."""
    found = {code for text in flags for code in text.split()}
    missing = found & _MISSING
    return " ".join(code for code in _ORDER if code in (missing or found))
