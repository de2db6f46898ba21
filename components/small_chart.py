"""A small chart of one or a few lines over time, drawn as an SVG picture: nothing more to fetch."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.charts import Look, look
from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.words import t

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 16, 12, 26


@dataclass(frozen=True)
class Point:
    """A value in a year, with its interval or without (NaN)."""

    period: str
    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Line:
    """A line with a name; `style` is 0 or 1: a colour, a mark and a kind of line.

    `runs` are its unbroken parts: between two of them there is a gap.
    """

    name: str
    runs: Sequence[Sequence[Point]]
    style: int


def show(lines: Sequence[Line], alt: str, *, unit: str = "") -> None:
    """Draw lines from zero upwards, with a list of what they are. Intervals are upright strokes."""
    colours = look()
    points = [p for line in lines for run in line.runs for p in run if not math.isnan(p.value)]
    if not points:
        return
    years = sorted({_year(p.period) for p in points})
    top, step = _ticks(max(p.value if math.isnan(p.high) else p.high for p in points))
    first, last = years[0], years[-1]

    def across(year: float) -> float:
        room = WIDTH - LEFT - RIGHT
        return LEFT + (room * (year - first) / (last - first) if last > first else room / 2)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top

    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    parts = []
    for n in range(round(top / step) + 1):
        y, text = up(n * step), words.number(n * step, decimals, lang())
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.hairline}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
        )
    named = {years[0], years[-1]} | ({years[len(years) // 2]} if len(years) > 4 else set())
    parts += [
        f'<text x="{across(year):.1f}" y="{HEIGHT - 6}" text-anchor="{_anchor(year, first, last)}">{year:.0f}</text>'
        for year in sorted(named)
    ]
    for line in lines:
        drawn = [_run([(across(_year(p.period)), p) for p in run], line.style, up) for run in line.runs]
        parts.append(f'<g color="{_colour(line.style, colours)}">{"".join(drawn)}</g>')
    if engine().pack.info.demonstration:
        mark = escape(t("demo.mark", lang()))
        parts.append(f'<text x="{WIDTH / 2}" y="{TOP + 20}" text-anchor="middle" opacity=".5">{mark}</text>')
    keys = "".join(f"<span>{_key(line.style, colours)} {escape(line.name)}</span>" for line in lines)
    over = f'<p class="ob-unit">{escape(unit)}</p>' if unit else ""
    body = f'<g font-family="sans-serif" font-size="13" fill="{colours.text}">{"".join(parts)}</g>'
    drawing = _picture(body, WIDTH, HEIGHT, escape(alt, quote=True))
    st.html(f'<div class="ob-mini">{over}<p class="ob-legend">{keys}</p>{drawing}</div>')


def _picture(body: str, width: int, height: int, alt: str) -> str:
    """Return a drawing as an image element: the page's cleaner takes away SVG that stands in the markup."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>'
    code = base64.b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{code}" width="{width}" height="{height}" alt="{alt}">'


def _year(period: str) -> float:
    return float(period[:4])


def _ticks(most: float) -> tuple[float, float]:
    """Return where the axis ends and the step between its marks: three to five steps of 1, 2 or 5."""
    if not most > 0:
        return 1.0, 0.5
    scale = 10 ** math.floor(math.log10(most))
    step = next(s * scale for s in (0.2, 0.5, 1, 2) if most / (s * scale) <= 5)
    return math.ceil(most / step - 1e-9) * step, step


def _anchor(year: float, first: float, last: float) -> str:
    return "middle" if first == last or first < year < last else "start" if year == first else "end"


def _colour(number: int, colours: Look) -> str:
    return colours.areas[number]


def _mark(number: int, x: float, y: float) -> str:
    if number == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="currentColor"/>'
    return f'<rect x="{x - 3.7:.1f}" y="{y - 3.7:.1f}" width="7.4" height="7.4" fill="currentColor"/>'


def _dash(number: int) -> str:
    return "7 3" if number else "none"


def _run(places: Sequence[tuple[float, Point]], number: int, up) -> str:
    known = [(x, p) for x, p in places if not math.isnan(p.value)]
    corners = " ".join(f"{x:.1f},{up(p.value):.1f}" for x, p in known)
    line = (
        f'<polyline points="{corners}" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-dasharray="{_dash(number)}"/>'
    )
    spans = "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{up(max(p.low, 0)):.1f}" y2="{up(p.high):.1f}" '
        'stroke="currentColor" stroke-width="1.5"/>'
        for x, p in known
        if not math.isnan(p.low)
    )
    return line + spans + "".join(_mark(number, x, up(p.value)) for x, p in known)


def _key(number: int, colours: Look) -> str:
    line = (
        f'<line x1="1" x2="33" y1="6" y2="6" stroke="currentColor" stroke-width="2" stroke-dasharray="{_dash(number)}"/>'
    )
    return _picture(f'<g color="{_colour(number, colours)}">{line}{_mark(number, 17, 6)}</g>', 34, 12, "")
