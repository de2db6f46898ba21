"""The gap between areas in one figure: a sentence, a chart, a table and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import across_parts, controls, small_chart
from components.across_parts import amount, paragraph, with_interval
from components.engine import shared
from components.state import lang
from omradesbild import words
from omradesbild.analyse import gaps
from omradesbild.analyse.across import Refusal
from omradesbild.analyse.gaps import Change, Estimate, Gap, Run
from omradesbild.link import View
from omradesbild.model import Direction, Indicator
from omradesbild.publish.parts import gap as gap_words
from omradesbild.words import t


def ordering(view: View) -> View:
    """Let the reader choose which figure orders the areas, where there is more than one."""
    possible = gaps.orderings(shared().statements, view.indicator)
    value = view.ordering if view.ordering in possible else next(iter(possible), "")
    if len(possible) < 2:
        return replace(view, ordering=value)
    titles = {i: shared().pack.indicators[i].title.get(lang()) for i in possible}
    name = f"ordning_{view.indicator}"
    return replace(view, ordering=controls.one_of(t("gap.ordering", lang()), name, possible, value, titles.get))


def show(view: View) -> None:
    """Show the gap: between the fifths, along all areas, and over time."""
    statements, indicator = shared().statements, shared().pack.indicators[view.indicator]
    plain = indicator.direction is Direction.NONE
    st.header(t("gap.title_plain" if plain else "gap.title", lang()), anchor=False)
    found = gaps.of(statements, view.indicator, view.period, view.group, view.ordering or None)
    if isinstance(found, Refusal):
        across_parts.refused(found)
        return
    runs = gaps.over_time(statements, view.indicator, view.group, view.ordering or None)
    said, drawn = st.columns([3, 2], gap="large")
    with said:
        paragraph(gap_words.sentence(found, indicator, shared().pack, lang()))
        if not math.isnan(found.gaps.slope.value):
            paragraph(t("gap.slope_says", lang(), slope=_slope(found.gaps.slope, indicator)))
        for run in runs:
            if run.change and any(p.across.period == view.period for p in run.points):
                paragraph(_changed(run, run.change, indicator))
        if plain:
            paragraph(t("gap.plain", lang()), "ob-note")
        _notes(found)
    with drawn:
        _chart(found, runs, indicator)
    _table(found, runs, indicator)
    across_parts.how(_how(found), (found.across, found.ordering))


def _ordering(found: Gap) -> str:
    return shared().pack.indicators[found.ordering].title.get(lang())


def _changed(run: Run, change: Change, indicator: Indicator) -> str:
    """Say how the gap has moved, in the unit and in proportion, in one sentence."""
    first, last = run.points[0], run.points[-1]
    years = {
        "first": words.period(first.across.period, lang()),
        "last": words.period(last.across.period, lang()),
        "number": len(run.areas),
    }
    absolute = across_parts.moved(change.difference.low, change.difference.high)
    relative = across_parts.moved(change.ratio.low, change.ratio.high, 1.0)
    if "untested" in (absolute, relative):
        before, after = (amount(p.gaps.difference.value, indicator, difference=True) for p in (first, last))
        return t("gap.changed_untested", lang(), before=before, after=after, **years)
    value = words.number(change.difference.value, indicator.decimals, lang(), sign=True)
    numbers = years | {
        "unit": words.difference_unit(indicator, lang()) or indicator.unit.get(lang()),
        "difference": with_interval(value, change.difference, indicator.decimals, "{}; {}"),
        "ratio": with_interval(gap_words.times(change.ratio.value, lang()), change.ratio, 2, "{}; {}"),
    }
    if absolute == relative == "unclear":
        return t("gap.changed_neither", lang(), **numbers)
    return t(
        "gap.changed",
        lang(),
        absolute=t(f"across.{absolute}", lang()),
        relative=t(f"across.{relative}", lang()),
        join=t("number.and" if absolute == relative else "across.but", lang()),
        **numbers,
    )


def _slope(slope: Estimate, indicator: Indicator) -> str:
    return with_interval(amount(slope.value, indicator, difference=True), slope, indicator.decimals)


def _chart(found: Gap, runs: Sequence[Run], indicator: Indicator) -> None:
    parts = [run.points for run in runs] or [(found,)]

    def line(name: str, which: str, look: int) -> small_chart.Line:
        drawn = [
            [small_chart.Point(p.across.period, *_limits(getattr(p.gaps, which))) for p in points] for points in parts
        ]
        return small_chart.Line(name, drawn, look)

    best, worst = gap_words.ends(found, shared().pack, lang())
    alt = gap_words.sentence(found, indicator, shared().pack, lang())
    lines = [line(best, "best", 0), line(worst, "worst", 1)]
    small_chart.show(lines, alt, unit=indicator.unit.get(lang()))


def _limits(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def _table(found: Gap, runs: Sequence[Run], indicator: Indicator) -> None:
    alone = Run(tuple(found.gaps.areas.index), (found,), None)
    shown = [alone, *runs] if across_parts.apart(found, runs, len(alone.areas)) else runs or [alone]
    rows: list = []
    for run in shown:
        if len(shown) > 1:
            rows.append(across_parts.section(run))
        rows += [_row(p, indicator) for p in run.points]
    named = gap_words.heads(found, shared().pack, lang())
    columns = [t("column.period", lang()), *named, *(t(f"column.{c}", lang()) for c in ("fifths_apart", "slope", "ratio"))]
    title = words.title(indicator, found.across.group, lang())
    caption = t("gap.table", lang(), title=title, ordering=_ordering(found))
    across_parts.table(caption, columns, rows, range(1, 6))


def _cell(text: str, e: Estimate, decimals: int) -> str:
    return across_parts.cell(text, e.low, e.high, decimals)


def _row(p: Gap, indicator: Indicator) -> list[str]:
    g = p.gaps
    return [
        words.period(p.across.period, lang()),
        *(_cell(amount(e.value, indicator), e, indicator.decimals) for e in (g.best, g.worst)),
        *(
            _cell(amount(e.value, indicator, difference=True), e, indicator.decimals)
            for e in (g.difference, g.slope)
        ),
        _cell(gap_words.times(g.ratio.value, lang()), g.ratio, gap_words.ratio_decimals(g.ratio.value)),
    ]


def _notes(found: Gap) -> None:
    year = {
        "ordering": _ordering(found),
        "year": words.period(found.ordering_period, lang()),
        "period": words.period(found.across.period, lang()),
    }
    same = found.ordering_period[:4] == found.across.period[:4]
    paragraph(t("gap.ordered" if same else "gap.ordered_nearest", lang(), **year), "ob-note")
    if found.unplaced:
        across_parts.named(t("gap.unplaced", lang(), number=len(found.unplaced)), found.unplaced)
    across_parts.left_out(found.across)


def _how(found: Gap) -> list[str]:
    denominator = shared().pack.indicators[found.across.indicator].denominator.get(lang())
    steps = [across_parts.counted(found.across)]
    steps += [t("gap.how_fifths", lang(), ordering=_ordering(found), denominator=denominator)]
    return steps + [t(f"gap.how_{step}", lang()) for step in ("intervals", "slope", "change", "opposite")]
