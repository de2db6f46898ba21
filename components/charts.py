"""Charts for the screen, drawn with plotly from statements; they compute nothing.

The city is always the thick grey line, at most six areas have colours, and each has its own marker and
line style so that colour is never alone. A break in a series is a gap with a tick and a word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.engine import engine
from components.state import lang
from omradesbild import words
from omradesbild.analyse.statements import Segment, Statement
from omradesbild.model import Initiative
from omradesbild.publish import style
from omradesbild.words import t

if TYPE_CHECKING:
    import plotly.graph_objects as go

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
        return Look(style.TEXT_DARK, "#B7BEC6", "#3A424B", "#9AA3AB", style.AREAS_DARK)
    return Look(style.TEXT, style.SECONDARY, style.HAIRLINE, style.CITY, style.AREAS)


def show(figure: go.Figure, alt: str, key: str) -> None:
    """Put a figure on the page."""
    st.plotly_chart(figure, width="stretch", theme=None, config=CONFIG, alt=alt, key=key)


def base_figure(height: int) -> go.Figure:
    """Return an empty figure in the house style; marked all over when the figures are made up."""
    import plotly.graph_objects as go

    colours = look()
    figure = go.Figure()
    axis = {
        "gridcolor": colours.hairline,
        "linecolor": colours.secondary,
        "zerolinecolor": colours.secondary,
        "tickcolor": colours.secondary,
        "fixedrange": True,
    }
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": '"Source Sans", "Source Sans 3", sans-serif', "size": 14, "color": colours.text},
        separators=", " if lang() == "sv" else ".,",
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        xaxis={**axis, "showgrid": False, "automargin": True},
        yaxis={**axis, "automargin": True, "separatethousands": True, "exponentformat": "none"},
    )
    if engine().pack.info.demonstration:
        for row in range(3):
            for column in range(3):
                figure.add_annotation(
                    text=t("demo.mark", lang()),
                    x=(column + 0.5) / 3,
                    y=(row + 0.5) / 3,
                    xref="paper",
                    yref="paper",
                    showarrow=False,
                    textangle=-24,
                    opacity=0.35,
                    font={"size": 20, "color": colours.secondary},
                )
    return figure


def trend(
    lines: Sequence[tuple[str, Sequence[Segment]]],
    city: Sequence[Segment],
    *,
    height: int = 340,
    events: Iterable[Initiative] = (),
    span: tuple[float, float] | None = None,
    labels: bool = True,
) -> go.Figure:
    """Draw lines over time.

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
    labels
        Write each line's name and last value at its end.
    """
    figure, colours = base_figure(height), look()
    ends: list[tuple[float, float, str, str]] = []
    drawn = [(t("chart.city", lang()), city, colours.city, "solid", None, 4.0)] if city else []
    drawn += [
        (name, segments, colours.areas[i], style.AREA_DASHES[i], style.AREA_MARKERS[i], 2.5)
        for i, (name, segments) in enumerate(lines)
    ]
    for name, segments, colour, dash, marker, width in drawn:
        last = _line(figure, name, segments, colour, dash, marker, width)
        if last is not None and labels:
            ends.append((*last, name, colour))
    _breaks(figure, [segment for _, segments in lines for segment in segments], colours)
    _events(figure, events, colours)
    _end_labels(figure, ends, span)
    years = [_year(s.period) for _, segments, *_ in drawn for seg in segments for s in seg.points]
    if years:
        figure.update_xaxes(range=[min(years) - 0.4, max(years) + 0.4], dtick=_step(min(years), max(years)))
        figure.update_xaxes(tickformat="d", tickangle=0)
    if span:
        figure.update_yaxes(range=list(span))
    values = [s.value for _, segments, *_ in drawn for seg in segments for s in seg.points if s.value is not None]
    if (span and span[0] > 0) or (not span and values and min(values) > 0):
        _axis_note(figure, colours)
    longest = max((len(name) for *_, name, _ in ends), default=0)
    figure.update_layout(margin={"r": min(240, 16 + 7 * longest)})
    return figure


def _axis_note(figure: go.Figure, colours: Look) -> None:
    figure.add_annotation(
        text=t("chart.not_from_zero", lang()),
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        yshift=4,
        showarrow=False,
        font={"size": 12, "color": colours.secondary},
    )
    figure.update_layout(margin={"t": 28})


def _year(period: str) -> float:
    """Place a period on the time axis: 2022 → 2022; 2022/23 → 2022.5; 2022K3 → 2022.5."""
    if "K" in period:
        year, quarter = period.split("K")
        return int(year) + (int(quarter) - 1) / 4
    return int(period[:4]) + (0.5 if "/" in period else 0.0)


def _step(first: float, last: float) -> int:
    return max(1, math.ceil((last - first) / 5))


def _line(figure, name, segments, colour, dash, marker, width) -> tuple[float, float] | None:
    """Add one area's segments and bands; return where the last figure stands."""
    import plotly.graph_objects as go

    last = None
    for segment in segments:
        known = [s for s in segment.points if s.value is not None]
        if not known:
            continue
        x, y = [_year(s.period) for s in known], [s.value for s in known]
        banded = [s for s in known if s.low is not None]
        if marker and len(banded) > 1:
            figure.add_trace(
                go.Scatter(
                    x=[_year(s.period) for s in banded] + [_year(s.period) for s in reversed(banded)],
                    y=[s.low for s in banded] + [s.high for s in reversed(banded)],
                    fill="toself",
                    fillcolor=_faded(colour),
                    mode="lines",
                    line={"width": 0},
                    hoverinfo="skip",
                )
            )
        figure.add_trace(
            go.Scatter(
                x=x,
                y=y,
                name=name,
                mode="lines+markers",
                line={"color": colour, "width": width, "dash": dash},
                marker={"symbol": marker or "circle", "size": 8 if marker else 5, "color": colour},
                text=[hover(name, s) for s in known],
                hoverinfo="text",
                connectgaps=False,
            )
        )
        last = (x[-1], y[-1])
    return last


def hover(name: str, statement: Statement) -> str:
    """Say one figure in a few lines: area, year, value, interval, flags."""
    lines = [f"<b>{_plain(name)}</b>, {words.period(statement.period, lang())}", words.figure(statement, lang())]
    if statement.low is not None:
        lines.append(words.interval(statement, lang()))
    lines += words.flag_words(statement.flag, lang())
    return "<br>".join(lines)


def _faded(colour: str) -> str:
    """Return a colour for the band behind a line of that colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.13)"


def _plain(text: str) -> str:
    """Take the sting out of a name before plotly reads it as markup."""
    return text.replace("<", "‹").replace(">", "›")


def _breaks(figure, segments: Sequence[Segment], colours: Look) -> None:
    low, before = False, float("-inf")
    for period in sorted({b.period for segment in segments for b in segment.breaks}):
        x = _year(period) - 0.5
        low = not low if x - before < 2 else False
        before = x
        figure.add_shape(
            type="line",
            x0=x,
            x1=x,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": colours.secondary, "width": 1, "dash": "dot"},
        )
        figure.add_annotation(
            x=x,
            y=0.93 if low else 1,
            yref="paper",
            yanchor="top",
            xanchor="left",
            text=t("chart.break", lang()),
            showarrow=False,
            font={"size": 12, "color": colours.secondary},
        )


def _events(figure, events: Iterable[Initiative], colours: Look) -> None:
    for number, event in enumerate(sorted((e for e in events if e.start), key=lambda e: e.start), start=1):
        year, month = event.start[:4], event.start[5:7] or "01"
        x = int(year) + (int(month) - 1) / 12
        figure.add_shape(
            type="line", x0=x, x1=x, y0=0, y1=0.06, yref="paper", line={"color": colours.text, "width": 2}
        )
        figure.add_annotation(
            x=x,
            y=0.06,
            yref="paper",
            yanchor="bottom",
            text=str(number),
            showarrow=False,
            hovertext=f"{event.start}: {_plain(event.title)}",
            font={"size": 12, "color": colours.text},
        )


def _end_labels(figure, ends, span) -> None:
    """Write each line's name at its end, moved apart so that no two overlap."""
    if not ends:
        return
    low, high = span or (min(e[1] for e in ends), max(e[1] for e in ends))
    gap = 18
    height = figure.layout.height - 60
    scale = height / ((high - low) or 1)
    placed = float("-inf")
    for x, y, name, colour in sorted(ends, key=lambda end: end[1]):
        wanted = (y - low) * scale
        at = max(wanted, placed + gap)
        placed = at
        figure.add_annotation(
            x=x,
            y=y,
            text=_plain(name),
            showarrow=False,
            xanchor="left",
            xshift=10,
            yshift=at - wanted,
            font={"color": colour, "size": 13},
        )


def spread(
    named: Sequence[tuple[str, Statement]],
    everyone: Sequence[Statement],
    city: Statement | None,
    *,
    span: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw one year: named areas as dots with intervals, all basic areas as small dots, the city as a line.

    Parameters
    ----------
    named
        Name and statement of the chosen areas, a row each.
    everyone
        Statements of all basic areas, in one row below; may be empty.
    """
    import plotly.graph_objects as go

    rows = [name for name, _ in named] + ([t("chart.all_areas", lang())] if everyone else [])
    figure, colours = base_figure(80 + 48 * len(rows)), look()
    if city is not None and city.value is not None:
        figure.add_vline(x=city.value, line={"color": colours.city, "width": 4})
        figure.add_annotation(
            x=city.value,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"{t('chart.city', lang())} {words.figure(city, lang())}",
            showarrow=False,
            font={"size": 13, "color": colours.secondary},
        )
    if everyone:
        known = [s for s in everyone if s.value is not None]
        figure.add_trace(
            go.Scatter(
                x=[s.value for s in known],
                y=[len(named)] * len(known),
                mode="markers",
                marker={"symbol": "line-ns-open", "size": 16, "color": colours.secondary, "opacity": 0.7},
                hovertext=[hover(s.area.name, s) for s in known],
                hoverinfo="text",
            )
        )
    for i, (name, s) in enumerate(named):
        if s.value is None:
            text = words.missing_words(s, lang())
            figure.add_annotation(x=0.02, xref="paper", y=i, text=text, showarrow=False, xanchor="left")
            continue
        figure.add_trace(
            go.Scatter(
                x=[s.value],
                y=[i],
                mode="markers+text",
                text=[words.figure(s, lang())],
                textposition="top center",
                hovertext=[hover(name, s)],
                hoverinfo="text",
                marker={"symbol": style.AREA_MARKERS[i], "size": 13, "color": colours.areas[i]},
                error_x=_error(s),
            )
        )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_plain(row) for row in rows],
        range=[len(rows) - 0.4, -0.8],
        showgrid=False,
        zeroline=False,
    )
    if span:
        figure.update_xaxes(range=list(span))
    figure.update_xaxes(showgrid=True)
    figure.update_layout(margin={"t": 28})
    return figure


def _error(s: Statement) -> dict | None:
    if s.low is None:
        return None
    return {"symmetric": False, "array": [s.high - s.value], "arrayminus": [s.value - s.low], "thickness": 2}


def pyramid(ages: Sequence[str], women: Sequence[float], men: Sequence[float], city=None) -> go.Figure:
    """Draw an age pyramid: shares of all inhabitants, women to the right, the city as an outline.

    Parameters
    ----------
    ages
        Labels, youngest first.
    women, men
        Per cent of the area's inhabitants.
    city
        The same two sequences for the city, or None.
    """
    import plotly.graph_objects as go

    figure, colours = base_figure(460), look()
    for name, values, side, colour in (
        (t("chart.men", lang()), men, -1, colours.areas[1]),
        (t("chart.women", lang()), women, 1, colours.areas[0]),
    ):
        figure.add_trace(
            go.Bar(
                y=list(ages),
                x=[side * v for v in values],
                orientation="h",
                name=name,
                marker={"color": colour, "pattern": {"shape": "/" if side < 0 else ""}},
                hovertext=[f"{name} {a}: {words.number(v, 1, lang())} %" for a, v in zip(ages, values, strict=True)],
                hoverinfo="text",
            )
        )
    if city is not None:
        for values, side in ((city[0], 1), (city[1], -1)):
            figure.add_trace(
                go.Scatter(
                    y=list(ages),
                    x=[side * v for v in values],
                    mode="lines",
                    line={"color": colours.city, "width": 3, "shape": "vh"},
                    hoverinfo="skip",
                )
            )
    most = max([*women, *men, *(max(v) for v in (city or ((0,), (0,))))]) * 1.1
    ticks = [-6, -4, -2, 0, 2, 4, 6] if most < 7 else [-10, -5, 0, 5, 10]
    figure.update_layout(barmode="overlay", bargap=0.08)
    figure.update_xaxes(range=[-most, most], tickvals=ticks, ticktext=[f"{abs(v)} %" for v in ticks], showgrid=True)
    for x, text in ((-most / 2, t("chart.men", lang())), (most / 2, t("chart.women", lang()))):
        figure.add_annotation(x=x, y=1, yref="paper", yanchor="bottom", text=text, showarrow=False)
    figure.update_layout(margin={"t": 26})
    return figure
