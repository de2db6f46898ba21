"""How unevenly a group lives: sentences, measures beside chance, time, and which areas it comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from components import across_parts, maps, small_chart, tables
from components.across_parts import between, paragraph
from components.engine import shared
from components.state import lang
from omradesbild import words
from omradesbild.analyse import segregation
from omradesbild.analyse.across import Refusal
from omradesbild.analyse.segregation import MEASURES, Measure, Run, Uneven
from omradesbild.link import View
from omradesbild.publish.patterns import MOST, contribution_map, largest
from omradesbild.words import t

DECIMALS = 2
FINE = 3


def show(view: View) -> None:
    """Show how unevenly those the figure counts are spread, and what chance alone would give."""
    statements = shared().statements
    st.header(t("segregation.title", lang()), anchor=False)
    found = segregation.of(statements, view.indicator, view.period, view.group)
    if isinstance(found, Refusal):
        across_parts.refused(found)
        return
    runs = segregation.over_time(statements, view.indicator, view.group)
    said, drawn = st.columns([3, 2], gap="large")
    with said:
        paragraph(_sentence(found))
        for run in runs:
            if run.change and any(p.across.period == view.period for p in run.points):
                paragraph(_changed(run))
        paragraph(t("segregation.not_cities", lang()))
        paragraph(t("segregation.not_said", lang()), "ob-note")
        across_parts.left_out(found.across)
    with drawn:
        _chart(found, runs)
    _measures(found)
    if any(len(run.points) > 1 for run in runs):
        _years(found, runs)
    _areas(found)
    steps = [across_parts.counted(found.across)]
    parts = ("measures", "chance", "interval", "change", "areas")
    draws = words.number(found.segregation.draws, 0, lang())
    across_parts.how(steps + [t(f"segregation.how_{p}", lang(), draws=draws) for p in parts], (found.across,))


def _index(value: float, decimals: int = DECIMALS) -> str:
    return "–" if math.isnan(value) else words.number(value, decimals, lang())


def _adjusted(measure: Measure) -> str:
    return across_parts.cell(_index(measure.adjusted, FINE), measure.low, measure.high, FINE)


def _sentence(found: Uneven) -> str:
    d = found.segregation.dissimilarity
    indicator = shared().pack.indicators[found.across.indicator]
    said = t(
        "segregation.says",
        lang(),
        title=across_parts.title(found.across),
        value=_index(d.value),
        percent=words.with_unit(words.number(100 * d.value, 0, lang()), "%"),
        group=indicator.numerator.get(lang()),
        chance=_index(d.chance),
    )
    return f"{said} {t('segregation.by_lot', lang())}" if by_lot(d) else said


def by_lot(measure: Measure) -> bool:
    """Tell whether a measure is not clearly above what chance alone gives."""
    return measure.value <= measure.chance if math.isnan(measure.low) else measure.low <= 0


def _changed(run: Run) -> str:
    code = across_parts.moved(run.change.low, run.change.high)
    years = {
        "first": words.period(run.points[0].across.period, lang()),
        "last": words.period(run.points[-1].across.period, lang()),
        "number": len(run.areas),
    }
    if code == "untested":
        before, after = (_index(run.points[n].segregation.dissimilarity.value) for n in (0, -1))
        return t("segregation.changed_untested", lang(), before=before, after=after, **years)
    span = between(run.change.low, run.change.high, FINE)
    value = words.number(run.change.value, FINE, lang(), sign=True)
    return t("segregation.changed", lang(), moved=t(f"across.{code}", lang()), value=value, span=span, **years)


def _chart(found: Uneven, runs: Sequence[Run]) -> None:
    parts = [run.points for run in runs] or [(found,)]
    drawn = [[_point(p, p.segregation.dissimilarity) for p in points] for points in parts]
    lines = [small_chart.Line(t("segregation.adjusted", lang()), drawn, 0)]
    small_chart.show(lines, _sentence(found), unit=t("segregation.unit", lang()))


def _point(p: Uneven, measure: Measure) -> small_chart.Point:
    return small_chart.Point(p.across.period, measure.adjusted, measure.low, measure.high)


def _measures(found: Uneven) -> None:
    rows = []
    for name in MEASURES:
        measure = getattr(found.segregation, name)
        rows.append(
            [
                t(f"segregation.{name}", lang()),
                _index(measure.value, FINE),
                _index(measure.chance, FINE),
                _adjusted(measure),
                t(f"segregation.{name}_says", lang()),
            ]
        )
    columns = [t(f"column.{c}", lang()) for c in ("measure", "value", "by_lot", "without_chance", "says")]
    caption = t("segregation.table", lang(), title=across_parts.title(found.across))
    across_parts.table(caption, columns, rows, (1, 2, 3))


def _years(found: Uneven, runs: Sequence[Run]) -> None:
    rows: list = []
    for run in runs:
        if len(runs) > 1 or across_parts.apart(found, runs, len(found.segregation.group)):
            rows.append(across_parts.section(run))
        for p in run.points:
            measures = [getattr(p.segregation, m) for m in MEASURES]
            d = p.segregation.dissimilarity
            year = words.period(p.across.period, lang())
            rows.append([year, *(_index(m.value, FINE) for m in measures), _index(d.chance, FINE), _adjusted(d)])
    columns = [t("column.period", lang()), *(t(f"segregation.{m}", lang()) for m in MEASURES)]
    columns += [t(f"column.{c}", lang()) for c in ("d_by_lot", "d_without_chance")]
    across_parts.table(t("segregation.years", lang()), columns, rows, range(1, 7))


def _areas(found: Uneven) -> None:
    loaded, s = shared(), found.segregation
    drawn = contribution_map(loaded.statements, found, lang())
    st.subheader(t("segregation.areas", lang(), most=MOST), anchor=False)
    maps.area_map("segregation", drawn, shapes=loaded.shapes, url=loaded.shapes_url)
    rows = []
    for area in largest(s):
        over = s.excess[area] > 0
        rows.append(
            [
                loaded.pack.areas[area].name,
                _per_cent(s.contribution[area]),
                t("segregation.above" if over else "segregation.below", lang()),
                _per_cent(s.group[area] / s.group.sum()),
                _per_cent((s.total[area] - s.group[area]) / (s.total - s.group).sum()),
                words.number(s.group[area], 0, lang()),
            ]
        )
    names = ("area_name", "of_d", "side", "of_group", "of_others", "in_group")
    caption = t("segregation.areas", lang(), most=MOST)
    columns = [t(f"column.{c}", lang()) for c in names]
    tables.show(caption, columns, rows, numeric=(1, 3, 4, 5), caption_hidden=True)


def _per_cent(share: float) -> str:
    return words.with_unit(words.number(100 * share, 1, lang()), "%")
