"""A goal of the council: where the city stands on it, how areas differ, what moved, and what is not measured."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

import streamlit as st

from components import cards, tables
from components.area_parts import address
from components.engine import engine
from components.state import choose, lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import gaps, relative, segregation
from omradesbild.analyse.followup import under_way
from omradesbild.analyse.gaps import Estimate
from omradesbild.analyse.statements import Segment, Statement, Statements
from omradesbild.model import Direction, Goal, Indicator, Initiative
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import goals as told
from omradesbild.publish.summary import area_span
from omradesbild.words import t

CHARTED = 3  # unbroken years that make a chart
BRIEF = 3  # measures of a goal on the first page


def brief(goal: Goal) -> None:
    """Show a goal in a few lines: the newest city figures of its first measures, and the way to the rest."""
    st.subheader(goal.title.get(lang()), anchor=False)
    found = [segments for id_ in goal.indicators if (segments := told.known(engine().statements, id_))][:BRIEF]
    lines = []
    for segments in found:
        s = segments[-1].points[-1]
        title, first = words.title(s.indicator, s.group, lang()), told.earlier(segments, lang())
        values = {"title": title, "value": told.marked(s, lang()), "period": words.period(s.period, lang())}
        said = [t("goals.brief", lang(), **values), *([t("goals.brief_before", lang(), first=first)] if first else [])]
        lines.append(f"<li>{markup(' '.join(said))}</li>")
    shown = [segments[-1].points[-1] for segments in found]
    source = words.source_text(sources_of(shown), lang(), processed=True)
    st.html(
        f'<ul class="ob-sentences">{"".join(lines)}</ul>'
        + tables.flag_key([s.flag for s in shown])
        + f'<p class="ob-source">{markup(source)}</p>'
    )
    st.page_link(
        "../pages/mal.py",
        label=t("goals.more", lang(), goal=goal.title.get(lang())),
        query_params={"mal": goal.id, "sprak": lang()},
    )


def city(goal: Goal) -> None:
    """Show the goal's measures in the whole city: newest figure, the first of the same series, and what moved."""
    st.header(t("goals.city", lang()), anchor=False)
    rows, shown = [], []
    for id_ in goal.indicators:
        if segments := told.known(engine().statements, id_):
            shown.append(segments[-1].points[-1])
            rows.append(_row(shown[-1], segments))
    if not rows:
        st.info(t("goals.no_figures", lang()))
        return
    columns = [t(f"column.{c}", lang()) for c in ("title", "value", "unit", "period", "before", "trend")]
    flags = [s.flag for s in shown]
    tables.show(t("goals.city", lang()), columns, rows, numeric=(1,), caption_hidden=True, flags=flags)
    source = words.source_text(sources_of(shown), lang(), processed=True)
    st.html(
        f'<p class="ob-note">{t("goals.trend_note", lang())}</p><p class="ob-source">{markup(source)}</p>'
    )


def _row(newest: Statement, segments: tuple[Segment, ...]) -> list:
    year = words.period(newest.period, lang())
    old = int(newest.period[:4]) < int(engine().pack.info.version[:4]) - told.OLD_YEARS
    return [
        words.title(newest.indicator, newest.group, lang()),
        told.marked(newest, lang()),
        newest.indicator.unit.get(lang()),
        Html(f'{markup(year)} <span class="ob-old">{t("overview.old", lang())}</span>') if old else year,
        told.earlier(segments, lang()) or "–",
        told.trend(engine().statements, newest.indicator.id, lang()),
    ]


def chart(goal: Goal, indicator: str) -> str:
    """Draw one of the goal's measures that has three unbroken years in the city; return which the reader chose."""
    st.header(t("goals.chart", lang()), anchor=False)
    options = {i: part[-1].points[-1] for i in goal.indicators if (part := told.known(engine().statements, i)) and len(part[-1].points) >= CHARTED}
    if not options:
        st.info(t("goals.no_chart", lang(), years=CHARTED))
        return indicator
    newest = max(options, key=lambda i: (options[i].indicator.direction is not Direction.NONE, options[i].period))
    key = choose(f"ind_mal_{goal.id}", indicator if indicator in options else newest)
    chosen = st.selectbox(
        t("control.indicator", lang()),
        list(options),
        format_func=lambda i: engine().pack.indicators[i].title.get(lang()),
        key=key,
    )
    s = options[chosen]
    cards.show(cards.Card(s.indicator, (), s.period, s.group, key="goal"))
    return chosen


def areas(goal: Goal) -> None:
    """Show how far apart areas are in the goal's measures, and whether that has changed."""
    st.header(t("goals.areas", lang()), anchor=False)
    pack, statements = engine().pack, engine().statements
    measured = [i for i in goal.indicators if statements.periods(i, pack.info.base_level)]
    if not measured:
        st.html(f'<p class="ob-lead">{t("goals.only_city", lang())}</p>')
        return
    columns = [t(f"column.{c}", lang()) for c in ("title", "span", "gap", "gap_change", "uneven", "uneven_change", "areas_moved")]
    rows = [_areas_row(pack.indicators[i]) for i in measured]
    tables.show(t("goals.areas", lang()), columns, rows, caption_hidden=True)
    orders = {found[-1].points[-1].ordering for i in measured if (found := gaps.over_time(statements, i))}
    named = words.listing([pack.indicators[o].title.get(lang()).lower() for o in orders], lang())
    shown = [s for i in measured for s in (area_span(statements, i) or ())]
    source = words.source_text(sources_of(shown), lang(), processed=True)
    st.html(
        f'<p class="ob-note">{markup(t("goals.gap_note", lang(), ordering=named))}</p>'
        f'<p class="ob-note">{t("goals.uneven_note", lang())}</p><p class="ob-source">{markup(source)}</p>'
    )
    st.page_link("../pages/klyftor.py", label=t("goals.gap_more", lang()), query_params={"ind": measured[0], "sprak": lang()})


def _areas_row(indicator: Indicator) -> list:
    statements = engine().statements
    gap, uneven = gaps.over_time(statements, indicator.id), segregation.over_time(statements, indicator.id)
    return [
        words.title(indicator, indicator.default_group, lang()),
        told.span(statements, indicator.id, lang()) or "–",
        *(_gap(gap[-1], indicator) if gap else ("–", "–")),
        *(_uneven(uneven[-1]) if uneven else ("–", "–")),
        _moved(_movements(statements, indicator.id), indicator),
    ]


def _gap(run: gaps.Run, indicator: Indicator) -> tuple[str, str]:
    """Write the gap between the fifths in the newest year, and how it has changed since the first of the run."""
    first, last = run.points[0], run.points[-1]
    best, worst = (words.value_text(e.value, "", indicator, lang()) for e in (last.gaps.best, last.gaps.worst))
    values = {"best": best, "worst": worst, "period": words.period(last.across.period, lang())}
    values["gap"] = _estimate(_length(last.gaps.difference), indicator)
    said = t("goals.gap", lang(), **values)
    if run.change is None:
        return said, t("goals.one_year", lang())
    return said, _changed(run.change.difference, indicator, first.across.period, indicator.minimum_difference)


def _length(e: Estimate) -> Estimate:
    """Return a distance without its sign, which tells only whether a high figure is good."""
    return e if e.value >= 0 else Estimate(-e.value, -e.high, -e.low)


def _uneven(run: segregation.Run) -> tuple[str, str]:
    """Write what share of a group would have to move to live as others, and how that has changed."""
    first, last = run.points[0], run.points[-1]
    measure = last.segregation.dissimilarity
    number = words.with_unit(words.number(100 * measure.value, 0, lang()), "%")
    said = t("goals.uneven", lang(), value=number, period=words.period(last.across.period, lang()))
    if run.change is None:
        return said, t("goals.one_year", lang())
    moved = Estimate(*(100 * x for x in (run.change.value, run.change.low, run.change.high)))
    return said, _changed(moved, None, first.across.period, 0.0)


def _changed(change: Estimate, indicator: Indicator | None, since: str, minimum: float) -> str:
    """Say whether a distance has changed: clearly larger or smaller, no clear change, or not tested."""
    values = {"change": _estimate(change, indicator, sign=True), "period": words.period(since, lang())}
    if math.isnan(change.low):
        return t("goals.change_untested", lang(), **values)
    if change.low <= 0 <= change.high or abs(change.value) < minimum:
        return t("goals.change_none", lang(), **values)
    return t("goals.change_larger" if change.value > 0 else "goals.change_smaller", lang(), **values)


def _estimate(e: Estimate, indicator: Indicator | None, sign: bool = False) -> str:
    """Write a difference with its interval; `indicator` None: between percentages."""
    unit = words.difference_unit(indicator, lang()) if indicator else t("number.percentage_points", lang())
    decimals = indicator.decimals if indicator else 1
    number = words.with_unit(words.number(e.value, decimals, lang(), sign=sign), unit)
    if math.isnan(e.low):
        return number
    low, high = (words.number(x, decimals, lang(), sign=sign) for x in (e.low, e.high))
    return f"{number} ({t('priority.places', lang(), first=low, last=high)})"


@lru_cache(maxsize=128)
def _movements(statements: Statements, indicator: str) -> Counter:
    """Count the basic areas by how they have moved from the rest of the city over five years."""
    pack = statements.pack
    of_city = statements.series(pack.info.city, indicator)[-1:]
    points = [p for part in of_city for p in part.points]
    each = (statements.series(a.id, indicator)[-1:] for a in pack.areas.values() if a.level == pack.info.base_level)
    return Counter(relative.assess(part[0].points, points).code for part in each if part)


def _moved(codes: Counter, indicator: Indicator) -> str:
    tested = codes["rising"] + codes["falling"] + codes["with_city"]
    if not tested:
        return t("goals.moves_too_few" if codes["too_few"] else "goals.moves_untested", lang())
    numbers = {"rising": codes["rising"], "falling": codes["falling"], "tested": tested}
    if indicator.direction is Direction.NONE:
        return t("goals.moves_plain", lang(), **numbers)
    bad, good = ("rising", "falling") if indicator.direction is Direction.LOWER_BETTER else ("falling", "rising")
    return t("goals.moves", lang(), bad=codes[bad], good=codes[good], tested=tested)


def initiatives(goal: Goal) -> None:
    """Show the initiatives with the goal: those under way, and the others folded."""
    st.header(t("goals.initiatives", lang()), anchor=False)
    pack = engine().pack
    found = [i for i in pack.initiatives if goal.id in i.goals]
    now = [i for i in found if under_way(i, pack.info.version[:10])]
    before = [i for i in found if i not in now]
    parts = [f'<p class="ob-lead">{markup(t("goals.initiatives_count", lang(), now=len(now), number=len(found)))}</p>']
    if now:
        parts.append(_list(now))
    if before:
        summary = t("goals.initiatives_before", lang(), number=len(before))
        parts.append(f'<details class="ob-fold"><summary>{markup(summary)}</summary>{_list(before)}</details>')
    st.html("".join(parts))


def _list(found: list[Initiative]) -> str:
    lines = (
        f'<li><a href="{markup(address(i))}" target="_self">{markup(i.title)}</a>, {markup(words.dates(parts.when(i, lang())))}. '
        f"{markup(i.place)}</li>"
        for i in sorted(found, key=lambda i: (i.start or "9999", i.id))
    )
    return f'<ul class="ob-links">{"".join(lines)}</ul>'


def not_measured(goal: Goal) -> None:
    """Say what the goal's measures leave out, which exist for the whole city only, and where series are broken."""
    st.header(t("goals.not_measured", lang()), anchor=False)
    pack, statements = engine().pack, engine().statements
    parts = [f'<p class="ob-lead">{markup(goal.not_measured.get(lang()))}</p>']
    whole = [i for i in goal.indicators if told.known(engine().statements, i) and not statements.periods(i, pack.info.base_level)]
    if whole:
        titles = words.listing([pack.indicators[i].title.get(lang()).lower() for i in whole], lang())
        parts.append(f'<p class="ob-note">{markup(t("goals.city_only", lang(), titles=titles))}</p>')
    broken = [b for b in pack.breaks if not b.areas and set(b.indicators) & set(goal.indicators)]
    if broken:
        lines = "".join(f"<li>{markup(f'{b.period}: {b.text.get(lang())}')}</li>" for b in broken)
        parts.append(f'<p class="ob-note">{t("goals.breaks", lang())}</p><ul class="ob-note">{lines}</ul>')
    parts.append(f'<p class="ob-source">{markup(t("overview.goal_source", lang(), source=goal.source))}</p>')
    st.html("".join(parts))
