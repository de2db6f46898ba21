"""Charts for the screen, drawn with plotly from statements; they compute nothing.

The city is always the thick grey line, at most six areas have colours, and each has its own marker and
line style so that colour is never alone. A break in a series is a gap with a tick and a word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from textwrap import wrap

import streamlit as st

from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.analyse.statements import Segment, Statement
from omradesbild.model import Flag, Initiative
from omradesbild.publish import style
from omradesbild.publish.figures.axis import lanes, reach, year_of
from omradesbild.words import t

FONT = '"Source Sans", "Source Sans 3", sans-serif'
#: The word at a break takes this share of the width of a plot as narrow as they become, about 200 pixels.
BREAK = 0.28
#: So near the city's line, as a share of the axis, a value in the middle above its dot would be crossed by it.
NEAR = 0.1
CONFIG = {
    "displaylogo": False,
    "showSendToCloud": False,
    "displayModeBar": False,  # a picture saved by the browser would lack title and source
    "scrollZoom": False,
    "doubleClick": "reset",
}


@dataclass(frozen=True)
class Look:
    """The colours of the theme that the reader has."""

    text: str
    secondary: str
    hairline: str
    city: str
    areas: tuple[str, ...]


def look() -> Look:
    """Return the colours for the light or the dark theme, whichever the reader has."""
    if st.context.theme.type == "dark":
        return Look(style.TEXT_DARK, style.SECONDARY_DARK, style.HAIRLINE_DARK, style.CITY_DARK, style.AREAS_DARK)
    return Look(style.TEXT, style.SECONDARY, style.HAIRLINE, style.CITY, style.AREAS)


@dataclass
class Figure:
    """A plotly figure in the making: plain dictionaries."""

    height: int
    data: list[dict] = field(default_factory=list)
    shapes: list[dict] = field(default_factory=list)
    annotations: list[dict] = field(default_factory=list)
    margin: dict = field(default_factory=lambda: {"l": 8, "r": 8, "t": 8, "b": 8})
    xaxis: dict = field(default_factory=dict)
    yaxis: dict = field(default_factory=dict)
    layout: dict = field(default_factory=dict)

    def scatter(self, **trace: object) -> None:
        """Add points or a line."""
        self.data.append({"type": "scatter", "hoverinfo": "text", **trace})

    def write(self, text: str, *, colour: str, size: int = 13, **place: object) -> None:
        """Write a text; `place` is where, in plotly's terms."""
        font = {"size": size, "color": colour}
        self.annotations.append({"text": text, "showarrow": False, "font": font, **place})

    def line(self, x: float, *, colour: str, width: float = 1, top: float = 1, dash: str = "solid") -> None:
        """Draw an upright line at `x` from the axis to the share `top` of the chart."""
        style_ = {"color": colour, "width": width, "dash": dash}
        self.shapes.append(
            {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": top, "yref": "paper", "line": style_}
        )

    def to_dict(self) -> dict:
        """Return the figure in the house style; marked all over when its figures are made up."""
        colours = look()
        axis = {
            "gridcolor": colours.hairline,
            "linecolor": colours.secondary,
            "zerolinecolor": colours.secondary,
            "tickcolor": colours.secondary,
            "fixedrange": True,
            "automargin": True,
        }
        if engine().pack.info.demonstration:
            self._mark(colours)
        layout = {
            "height": self.height,
            "margin": self.margin,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 14, "color": colours.text},
            "separators": ", " if lang() == "sv" else ".,",
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": {**axis, "showgrid": False, **self.xaxis},
            "yaxis": {**axis, "separatethousands": True, "exponentformat": "none", **self.yaxis},
            "shapes": self.shapes,
            "annotations": self.annotations,
            **self.layout,
        }
        return {"data": self.data, "layout": layout}

    def _mark(self, colours: Look) -> None:
        for row in range(3):
            for column in range(2):
                place = {"x": (column + 0.5) / 2, "y": (row + 0.5) / 3, "xref": "paper", "yref": "paper"}
                mark = t("demo.mark", lang())
                self.write(mark, colour=colours.secondary, size=20, textangle=-24, opacity=0.35, **place)


def show(figure: Figure, alt: str, key: str) -> None:
    """Put a figure on the page."""
    ready = _ready(figure.to_dict())
    st.plotly_chart(ready, width="stretch", theme=None, config=CONFIG, alt=alt, key=key)


def _ready(spec: dict):
    """Wrap a finished figure so that plotly does not check and copy it again, which costs 7 ms a chart.

    The tests check every kind of figure with plotly's own validation.
    """
    import plotly.graph_objects as go

    class Ready(go.Figure):
        def __init__(self):
            object.__setattr__(self, "_spec", spec)

        def to_dict(self):
            return self._spec

    return Ready()


Line = tuple[str, Sequence[Segment]]


def trend(
    lines: Sequence[Line],
    city: Sequence[Segment],
    *,
    height: int = 340,
    events: Iterable[Initiative] = (),
    span: tuple[float, float] | None = None,
) -> Figure:
    """Draw lines over time, each named at its end.

    Parameters
    ----------
    lines
        Name and unbroken segments of each area, at most six.
    city
        The city's segments; may be empty.
    events
        Initiatives that are marked on the time axis.
    span
        The value axis, where several charts share one; otherwise it follows the data.
    """
    figure, colours = Figure(height), look()
    points = [p for _, part in [("", city), *lines] for segment in part for p in segment.points]
    points = [p for p in points if p.value is not None]
    span = span or (value_axis([p.value for p in points]) if points else None)
    ends = []
    if city:
        name = t("chart.city", lang())
        ends.append((name, colours.city, _line(figure, name, city, {"color": colours.city, "width": 4.0}, None)))
    for i, (name, segments) in enumerate(lines):
        pen = {"color": colours.areas[i], "width": 2.5, "dash": style.AREA_DASHES[i]}
        ends.append((name, colours.areas[i], _line(figure, name, segments, pen, style.AREA_MARKERS[i])))
    ends = [(name, colour, place) for name, colour, place in ends if place is not None]
    years = [year_of(p.period) for p in points]
    _axes(figure, years, span, colours)
    _breaks(figure, [segment for _, segments in lines for segment in segments], years, colours)
    _events(figure, events, colours)
    _end_labels(figure, ends, span)
    return figure


def value_axis(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of a value axis, with a little room for the markers at both."""
    low, high = reach(values)
    room = 0.06 * (high - low)
    return low - room, high + room


def _axes(figure: Figure, years: Sequence[int], span: tuple[float, float] | None, colours: Look) -> None:
    """Set both axes; say so when the value axis does not begin at zero."""
    if years:
        first, last = min(years), max(years)
        step = max(1, math.ceil((last - first) / 5))
        figure.xaxis = {"range": [first - 0.4, last + 0.4], "dtick": step, "tickformat": "d", "autotickangles": [0, 45, 90]}
    if not span:
        return
    figure.yaxis["range"] = list(span)
    if span[0] > 0:
        place = {"x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
        figure.write(t("chart.not_from_zero", lang()), colour=colours.secondary, size=12, yshift=4, **place)
        figure.margin["t"] = 28


def _line(
    figure: Figure, name: str, segments: Sequence[Segment], pen: dict, marker: str | None
) -> tuple[float, float] | None:
    """Add one area's segments and bands; return where its last figure stands."""
    last = None
    for segment in segments:
        known = [p for p in segment.points if p.value is not None]
        if not known:
            continue
        banded = [p for p in known if p.low is not None]
        if marker and len(banded) > 1:
            years = [year_of(p.period) for p in banded]
            figure.scatter(
                x=years + years[::-1],
                y=[p.low for p in banded] + [p.high for p in reversed(banded)],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=_faded(pen["color"]),
                hoverinfo="skip",
            )
        figure.scatter(
            x=[year_of(p.period) for p in known],
            y=[p.value for p in known],
            name=name,
            mode="lines+markers",
            line=pen,
            marker={"symbol": _symbols(marker, known), "size": 8 if marker else 5, "color": pen["color"]},
            text=[hover(name, p) for p in known],
        )
        last = (year_of(known[-1].period), known[-1].value)
    return last


def _symbols(marker: str | None, points: Sequence[Statement]) -> list[str]:
    """Return a marker for each point: hollow where the figure is estimated, preliminary or uncertain."""
    hollow = {Flag.ESTIMATED, Flag.PRELIMINARY, Flag.UNRELIABLE}
    return [(marker or "circle") + ("-open" if hollow & set(p.flag.split()) else "") for p in points]


def hover(name: str, statement: Statement) -> str:
    """Say one figure in a few lines: area, year, value, interval, flags."""
    return _hover(name, statement, lang())


@lru_cache(maxsize=50_000)
def _hover(name: str, s: Statement, language: str) -> str:
    lines = [f"<b>{_plain(name)}</b>, {words.period(s.period, language)}", words.figure(s, language)]
    lines += [words.interval(s, language), *words.flag_words(s.flag, language)]
    return "<br>".join(filter(None, lines))


def _plain(text: str) -> str:
    """Take the sting out of a name before plotly reads it as markup."""
    return text.replace("<", "‹").replace(">", "›")


def _faded(colour: str) -> str:
    """Return a colour for the band behind a line of that colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.13)"


def _breaks(figure: Figure, segments: Sequence[Segment], years: Sequence[int], colours: Look) -> None:
    """Mark where series are broken, with the word above the plot: there it meets neither lines nor their names."""
    broken = [year_of(period) - 0.5 for period in sorted({b.period for segment in segments for b in segment.breaks})]
    if not broken or not years:
        return
    middle, room = (min(years) + max(years)) / 2, BREAK * (max(years) - min(years) + 1)
    rows = lanes([(x - room, x) if x > middle else (x, x + room) for x in broken], gap=0)
    foot = figure.margin["t"] - 4
    figure.margin["t"] += 16 * (max(rows) + 1)
    for x, row in zip(broken, rows, strict=True):
        side, shift = ("right", -3) if x > middle else ("left", 3)
        figure.line(x, colour=colours.secondary, dash="dot", top=1 + (foot + 16 * row + 14) / _plot_height(figure))
        place = {"x": x, "y": 1, "yref": "paper", "xanchor": side, "xshift": shift, "yanchor": "bottom"}
        figure.write(t("chart.break", lang()), colour=colours.secondary, size=12, yshift=foot + 16 * row, **place)


def _plot_height(figure: Figure) -> float:
    """Return about how many pixels high the plot is, without what stands above it and the years below."""
    return figure.height - figure.margin["t"] - 52


def _events(figure: Figure, events: Iterable[Initiative], colours: Look) -> None:
    for number, event in enumerate(sorted((e for e in events if e.start), key=lambda e: e.start), start=1):
        year, month = event.start[:4], event.start[5:7] or "01"
        x = int(year) + (int(month) - 1) / 12
        figure.line(x, colour=colours.text, width=2, top=0.06)
        place = {"x": x, "y": 0.06, "yref": "paper", "yanchor": "bottom"}
        told = f"{event.start}: {_plain(event.title)}"
        figure.write(str(number), colour=colours.text, size=12, hovertext=told, **place)


def _end_labels(figure: Figure, ends, span: tuple[float, float] | None) -> None:
    """Write each line's name at its end, moved apart so that no two overlap, and leave room for them."""
    if not ends:
        return
    heights = [y for _, _, (_, y) in ends]
    low, high = span or (min(heights), max(heights))
    scale = _plot_height(figure) / ((high - low) or 1)
    placed = float("-inf")
    for name, colour, (x, y) in sorted(ends, key=lambda end: end[2][1]):
        wanted = (y - low) * scale
        placed = max(wanted, placed + 18)
        figure.write(_plain(name), colour=colour, x=x, y=y, xanchor="left", xshift=10, yshift=placed - wanted)
    figure.margin["r"] = min(240, 16 + 7 * max(len(name) for name, _, _ in ends))


def spread(
    named: Sequence[tuple[str, Statement]],
    everyone: Sequence[Statement],
    city: Statement | None,
    *,
    span: tuple[float, float] | None = None,
) -> Figure:
    """Draw one year: named areas as dots with intervals, all basic areas as ticks, the city as a line.

    Parameters
    ----------
    named
        Name and statement of the chosen areas, a row each.
    everyone
        Statements of all basic areas, in one row below; may be empty.
    """
    rows = [name for name, _ in named] + ([t("chart.all_areas", lang())] if everyone else [])
    figure, colours = Figure(80 + 48 * len(rows)), look()
    figure.margin["t"] = 28
    if city is not None and city.value is not None:
        figure.line(city.value, colour=colours.city, width=4)
        said = f"{t('chart.city', lang())} {words.figure(city, lang())}"
        figure.write(said, colour=colours.secondary, x=city.value, y=1, yref="paper", yanchor="bottom")
    for i, (name, s) in enumerate(named):
        if s.value is None:
            said = words.missing_words(s, lang())
            figure.write(said, colour=colours.text, x=0.02, xref="paper", y=i, xanchor="left")
            continue
        figure.scatter(
            x=[s.value],
            y=[i],
            mode="markers+text",
            text=[words.figure(s, lang())],
            textposition=_beside(s.value, city, [*everyone, *(s for _, s in named)]),
            cliponaxis=False,
            hovertext=[hover(name, s)],
            marker={"symbol": style.AREA_MARKERS[i], "size": 13, "color": colours.areas[i]},
            error_x=_error(s),
        )
    known = [s for s in everyone if s.value is not None]
    if known:
        figure.scatter(
            x=[s.value for s in known],
            y=[len(named)] * len(known),
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 16, "color": colours.secondary, "opacity": 0.7},
            hovertext=[hover(s.area.name, s) for s in known],
        )
    figure.yaxis = {
        "tickvals": list(range(len(rows))),
        "ticktext": ["<br>".join(_plain(line) for line in wrap(row, 18)) for row in rows],
        "range": [len(rows) - 0.4, -0.8],
        "showgrid": False,
        "zeroline": False,
    }
    # All areas are the same scale in every chart; a span of the chosen ones alone would hide the others.
    figure.xaxis = {"showgrid": True} | ({"range": list(span)} if span and not known else {})
    return figure


def _beside(value: float, city: Statement | None, shown: Sequence[Statement]) -> str:
    """Return where a value is written above its dot: to the side where the city's line, when it is near, does not cross it."""
    values = [s.value for s in shown if s.value is not None]
    if city is None or city.value is None or abs(value - city.value) > NEAR * (max(values) - min(0, *values)):
        return "top center"
    return "top left" if value < city.value else "top right"


def _error(s: Statement) -> dict | None:
    if s.low is None or s.high is None:
        return None
    return {"symmetric": False, "array": [s.high - s.value], "arrayminus": [s.value - s.low], "thickness": 2}


def course(
    years: Sequence[int],
    treated: tuple[str, Sequence[float]],
    control: tuple[str, Sequence[float]],
    start: tuple[int, str],
    band: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Figure:
    """Draw the areas of an initiative beside what they are compared with.

    Parameters
    ----------
    treated, control
        Name and a figure for each of `years`.
    start
        The first year that counts as after, and what stands at it.
    band
        Between which values the areas would have been without an initiative, as far as chance goes.
    """
    figure, colours = Figure(360), look()
    if band is not None:
        figure.scatter(
            x=[*years, *years[::-1]],
            y=[*band[0], *list(band[1])[::-1]],
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=_faded(colours.city),
            hoverinfo="skip",
        )
    pens = (
        (treated, {"color": colours.areas[0], "width": 3.0}, style.AREA_MARKERS[0]),
        (control, {"color": colours.city, "width": 3.0, "dash": "dash"}, style.AREA_MARKERS[1]),
    )
    ends = []
    for (name, values), pen, marker in pens:
        told = [f"<b>{_plain(name)}</b>, {y}<br>{words.number(v, 1, lang())}" for y, v in zip(years, values, strict=True)]
        mark = {"symbol": marker, "size": 8, "color": pen["color"]}
        points = {"x": list(years), "y": list(values), "name": name, "text": told}
        figure.scatter(**points, mode="lines+markers", line=pen, marker=mark)
        ends.append((name, pen["color"], (years[-1], values[-1])))
    figure.line(start[0] - 0.5, colour=colours.text, width=1.5, dash="dot")
    place = {"x": start[0] - 0.5, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 4}
    figure.write(_plain(start[1]), colour=colours.secondary, size=12, **place)
    shown = [*treated[1], *control[1], *(v for side in band or () for v in side)]
    span = value_axis(shown)
    _axes(figure, years, span, colours)
    _end_labels(figure, ends, span)
    return figure


def pyramid(
    ages: Sequence[str],
    women: Sequence[float],
    men: Sequence[float],
    city: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Figure:
    """Draw an age pyramid: shares of all inhabitants, women to the right, the city as an outline.

    Parameters
    ----------
    ages
        Labels, youngest first.
    women, men
        Per cent of the area's inhabitants.
    city
        The city's women and men, or None.
    """
    figure, colours = Figure(460), look()
    names = (t("chart.men", lang()), t("chart.women", lang()))
    for name, values, side, colour in zip(names, (men, women), (-1, 1), (1, 0), strict=True):
        told = [f"{name} {a}: {words.number(v, 1, lang())} %" for a, v in zip(ages, values, strict=True)]
        marker = {"color": colours.areas[colour], "pattern": {"shape": "/" if side < 0 else ""}}
        bars = {"y": list(ages), "x": [side * v for v in values], "orientation": "h", "name": name}
        figure.data.append({"type": "bar", "marker": marker, "hovertext": told, "hoverinfo": "text", **bars})
    for values, side in zip(city or (), (1, -1), strict=False):
        pen = {"color": colours.city, "width": 3, "shape": "vh"}
        figure.scatter(y=list(ages), x=[side * v for v in values], mode="lines", line=pen, hoverinfo="skip")
    most = 1.1 * max([*women, *men, *(v for part in city or () for v in part)])
    ticks = [-6, -4, -2, 0, 2, 4, 6] if most < 7 else [-10, -5, 0, 5, 10]
    figure.xaxis = {
        "range": [-most, most],
        "tickvals": ticks,
        "ticktext": [f"{abs(tick)} %" for tick in ticks],
        "showgrid": True,
    }
    for x, name in zip((-most / 2, most / 2), names, strict=True):
        figure.write(name, colour=colours.text, x=x, y=1, yref="paper", yanchor="bottom")
    figure.margin["t"] = 26
    figure.layout = {"barmode": "overlay", "bargap": 0.08}
    return figure
