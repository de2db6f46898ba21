"""What may have come from the sources since the pack was made, in words and as a table.

The app asks no publisher, so it never says that something has come, only that it usually has.
"""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild import words
from omradesbild.analyse.freshness import Freshness
from omradesbild.publish.document import Table
from omradesbild.words import t

#: Measures named at a source; of more only the number is told.
MOST_NAMED = 3
#: What is shown at once, and what is not yet to be expected: the states in each.
PARTS = {"may": ("overdue", "possible", "due"), "later": ("expected", "unknown", "ended")}


def sentence(found: Sequence[Freshness], lang: str = "sv") -> str:
    """Sum up how many sources may have something newer."""
    may = sum(len(row.waiting) > 0 for row in found)
    return t("fresh.some" if may else "fresh.none", lang, number=words.count(may, lang), all=words.count(len(found), lang))


def table(found: Sequence[Freshness], part: str, lang: str = "sv") -> Table:
    """Return the sources of one of PARTS: when the next period is due, the newest here and what rests on it."""
    rows = tuple(_row(row, lang) for row in found if row.state in PARTS[part])
    columns = tuple(t(f"column.{name}", lang) for name in ("source", "following", "latest", "rests"))
    return Table(t(f"fresh.part_{part}", lang), columns, rows, wide=(0, 1, 3))


def _row(row: Freshness, lang: str) -> tuple[str, ...]:
    titles = [indicator.title.get(lang) for indicator in row.indicators]
    more = len(titles) - MOST_NAMED
    named = words.listing(titles, lang) if more <= 0 else t("fresh.and_more", lang, titles=", ".join(titles[:MOST_NAMED]), number=more)
    source = row.source.title if row.source.table is None else f"{row.source.title} ({row.source.table})"
    where = t("fresh.city" if row.city else "fresh.areas", lang)
    return f"{source}\n{row.source.publisher}", said(row, lang), words.period(row.latest, lang), f"{named}\n{where}"


def said(row: Freshness, lang: str = "sv") -> str:
    """Say when what follows is due, or has usually come."""
    month = "" if row.month is None else t("fresh.month", lang, month=t(f"month.{row.month[1]}", lang), year=row.month[0])
    following = words.period(row.next, lang) if row.next else words.period(row.latest, lang)
    waiting = words.listing([words.period(period, lang) for period in row.waiting], lang)
    return t(f"fresh.is_{row.state}", lang, next=following, month=month, waiting=waiting)
