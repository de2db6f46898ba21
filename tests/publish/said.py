"""Statements for figures, made without a pack, so that the tests know every number."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild.analyse.statements import Segment, Statement
from omradesbild.model import (
    Area,
    Direction,
    Indicator,
    Initiative,
    Kind,
    Level,
    Source,
    Text,
    Theme,
)
from omradesbild.publish.figures.sheet import Amount, Caption, Setting

SOURCE = Source(
    id="scb",
    publisher="SCB",
    title="T",
    url="https://scb.se/",
    licence="CC0",
    attribution="SCB",
    retrieved="2026-11-01",
)
SHARE = Indicator(
    id="andel",
    title=Text(sv="Arbetslösa"),
    theme=Theme.WORK,
    unit=Text(sv="procent av invånarna"),
    short_unit="%",
    kind=Kind.SHARE,
    numerator=Text(sv="t"),
    denominator=Text(sv="n"),
    definition=Text(sv="d"),
    not_covered=Text(sv="c"),
    direction=Direction.LOWER_BETTER,
    levels=(Level.REGSO,),
)
CAPTION = Caption(
    "Arbetslösa, 2022",
    "Arbetslösheten är högst i Örnen.",
    "procent av invånarna",
    "Källa: SCB. Avläst 2026-11.",
    ("Siffran är preliminär.",),
)


def setting(**changes: object) -> Setting:
    return Setting(**({"prefix": "f"} | changes))


def statement(
    name: str,
    value: float | None,
    period: str = "2022",
    *,
    half: float | None = None,
    flag: str = "",
    comparison: str = "",
) -> Statement:
    """Return a figure of an area whose id is its name in small letters."""
    if value is None and not flag:
        flag = "-"
    id_ = "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or "x"
    return Statement(
        area=Area(id=id_, name=name, level=Level.REGSO),
        indicator=SHARE,
        period=period,
        group="",
        value=value,
        numerator=None,
        denominator=None,
        flag=flag,
        source=SOURCE,
        composed=False,
        reason="",
        low=None if half is None or value is None else value - half,
        high=None if half is None or value is None else value + half,
        city_value=None,
        difference=None,
        comparison=comparison,
        place=None,
        of=None,
        decimals=1,
        noise=None,
        reliability="",
        warnings=(),
    )


def series(
    name: str, *parts: Sequence[float | None], first: int = 2010, half: float | None = None
) -> tuple[Segment, ...]:
    """Return unbroken parts, one year a figure, the parts one after the other."""
    found, year = [], first
    for part in parts:
        points = [statement(name, v, str(year + n), half=half) for n, v in enumerate(part)]
        found.append(Segment(tuple(points)))
        year += len(part)
    return tuple(found)


def initiative(
    id_: str, title: str, start: str | None, end: str | None = None, kind: str = "initiativ"
) -> Initiative:
    return Initiative(
        id=id_,
        title=title,
        event="e",
        start=start,
        end=end,
        areas=(),
        place="p",
        kind=kind,
        source="s",
        source_url="https://example.org/",
    )


def amount(value: float | None, half: float | None = None) -> Amount:
    if value is None:
        return Amount(None, "skyddad uppgift")
    bounds = (None, None) if half is None else (value - half, value + half)
    return Amount(value, f"{value:.1f} %".replace(".", ","), *bounds)
