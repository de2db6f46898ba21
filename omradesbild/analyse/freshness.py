"""What may have come from the sources since the pack was made: each source's newest period, and when the next is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from omradesbild.analyse.statements import Statements
from omradesbild.model import Indicator, Level, Renewal, Source

#: How a source stands, what there is most reason to look at first. ``overdue``: the month in which the next period usually
#: comes has passed. ``possible``: the month is not known, but the next period ended a whole cycle ago. ``due``: it usually
#: comes this month. ``expected``: later. ``unknown``: nobody knows when. ``ended``: nothing more comes.
STATES = ("overdue", "possible", "due", "expected", "unknown", "ended")


@dataclass(frozen=True)
class Freshness:
    """What rests on one source as the newest there is, up to one and the same period.

    Attributes
    ----------
    city
        Whether it is figures for the whole city, or for areas in it.
    latest
        The newest period in the pack.
    state
        One of STATES; nothing of what follows is known where it is ``ended``.
    next
        The period that follows it; '' where there is none.
    month
        When that usually comes, as (year, month); None where it is not known.
    waiting
        The periods that usually have come by now, oldest first.
    """

    source: Source
    city: bool
    latest: str
    indicators: tuple[Indicator, ...]
    state: str
    next: str = ""
    month: tuple[int, int] | None = None
    waiting: tuple[str, ...] = ()


def freshness(statements: Statements, today: date) -> list[Freshness]:
    """Return what is known about when the pack's newest figures are followed by newer ones, the most overdue first.

    A source whose figures have all been followed by another source's is left out, and so is one that says nothing of its
    cycle. Whether the publisher really has published is not known here: the app asks nobody.

    Parameters
    ----------
    today
        The day that it is seen from.
    """
    found = [
        _judged(statements.pack.sources[source], city, latest, indicators, today)
        for (source, city, latest), indicators in _newest(statements).items()
        if statements.pack.sources[source].renewal is not None
    ]
    return sorted(found, key=lambda f: (STATES.index(f.state), f.month or (9999, 0), f.latest, f.source.id, f.city))


def _newest(statements: Statements) -> dict[tuple[str, bool, str], tuple[Indicator, ...]]:
    """Return (source, city, period) of the newest figures of each indicator → the indicators, in order of display."""
    frame = statements.frame
    own = frame.loc[~frame["composed"] & frame["value"].notna(), ["indicator", "level", "period", "source"]]
    own = own.assign(city=own["level"] == Level.KOMMUN.value, when=own["period"].cat.codes)
    last = own.groupby(["indicator", "city"], observed=True)["when"].transform("max")
    rows = own[own["when"] == last].drop_duplicates(["indicator", "city", "source"])
    found: dict[tuple[str, bool, str], list[Indicator]] = {}
    for row in rows.itertuples():
        found.setdefault((row.source, bool(row.city), row.period), []).append(statements.pack.indicators[row.indicator])
    return {key: tuple(indicators) for key, indicators in found.items()}


def _judged(source: Source, city: bool, latest: str, indicators: tuple[Indicator, ...], today: date) -> Freshness:
    renewal = source.renewal
    assert renewal is not None
    following = _following(latest, renewal)
    first = next(following, "")
    if not first:
        return Freshness(source, city, latest, indicators, "ended")
    month = _month(first, renewal)
    waiting = tuple(_come((first, *following), renewal, today))
    if month is None:
        state = "possible" if waiting else "unknown"
    else:
        now = (today.year, today.month)
        state = "overdue" if month < now else "due" if month == now else "expected"
    return Freshness(source, city, latest, indicators, state, first, month, waiting)


def _following(latest: str, renewal: Renewal) -> Iterator[str]:
    """Give the periods that follow, as long as the source has any and at most for a century.

    Yearly figures of a source that also has quarters are followed by the next year's.
    """
    period = latest
    for _ in range(100):
        year = int(period[:4])
        if "K" in period:
            quarter = year * 4 + int(period[-1]) - 1 + max(1, _months(renewal) // 3)
            period = f"{quarter // 4}K{quarter % 4 + 1}"
        else:
            year += max(1, _months(renewal) // 12)
            period = f"{year}/{(year + 1) % 100:02}" if "/" in period else str(year)
        if renewal.last is not None and period > renewal.last:
            return
        yield period


def _come(periods: Iterable[str], renewal: Renewal, today: date) -> Iterator[str]:
    """Give the periods that usually have come by now: their month has passed, or a whole cycle since they ended."""
    for period in periods:
        if (_month(period, renewal) or _cycle_after(period, renewal)) >= (today.year, today.month):
            return
        yield period


def _month(period: str, renewal: Renewal) -> tuple[int, int] | None:
    """Return when a period usually comes."""
    return None if renewal.month is None else (_year(period) + renewal.years_after, renewal.month)


def _cycle_after(period: str, renewal: Renewal) -> tuple[int, int]:
    """Return the month in which a whole cycle has passed since a period ended."""
    quarter = "K" in period
    end = 3 * int(period[-1]) if quarter else 6 if "/" in period else 12
    month = _year(period) * 12 + end - 1 + max(_months(renewal), 3 if quarter else 12)
    return month // 12, month % 12 + 1


def _months(renewal: Renewal) -> int:
    return int(renewal.every[1:-1]) * (12 if renewal.every[-1] == "Y" else 1)


def _year(period: str) -> int:
    """Return the year in which a period ends."""
    return int(period[:4]) + ("/" in period)
