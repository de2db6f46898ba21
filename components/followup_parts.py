"""Follow-up of an initiative: before and after, and against areas without one. It never says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import streamlit as st

from components import charts, controls, tables
from components.engine import engine
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.analyse import followup, matching, synthetic
from omradesbild.analyse.followup import FollowUp, Refusal, Row, Study
from omradesbild.analyse.statements import COMPARABLE, Statement
from omradesbild.analyse.synthetic import Synthetic
from omradesbild.link import View
from omradesbild.model import ADDABLE_KINDS, Indicator, Initiative
from omradesbild.publish.choropleth import sources_of
from omradesbild.words import t

#: Refusals that hold whatever the measure.
ALWAYS = ("not_acting", "no_start", "no_place", "whole_city")


@lru_cache(maxsize=4096)
def _study(statements, initiative: Initiative, indicator: str, group: str) -> Study | Refusal:
    return followup.study(statements, initiative, indicator, group)


@lru_cache(maxsize=256)
def _compared(statements, found: Study) -> FollowUp | Refusal:
    return followup.table(found, matching.matched(statements, found).areas)


@lru_cache(maxsize=256)
def _assessed(found: Study) -> Synthetic | Refusal:
    return synthetic.assess(found)


@lru_cache(maxsize=64)
def _states(statements, initiative: Initiative) -> dict[str, Refusal | None]:
    """Return for every measure that areas can be compared in why it cannot be followed, or None where it can."""
    several = len(initiative.areas) > 1
    return {
        i.id: found if isinstance(found := _study(statements, initiative, i.id, i.default_group), Refusal) else None
        for i in statements.pack.indicators.values()
        if i.kind in COMPARABLE and (not several or i.kind in ADDABLE_KINDS)
    }


def show(initiative: Initiative, view: View) -> View:
    """Let the reader choose a measure and follow the initiative up with it."""
    statements, pack = engine().statements, engine().pack
    st.header(t("followup.title", lang()), anchor=False)
    states = _states(statements, initiative)
    never = next((r for r in states.values() if r is not None and r.code in ALWAYS), None)
    if never is not None:
        st.info(refused(never))
        return view
    st.html(f'<p class="ob-lead">{markup(t("followup.intro", lang()))}</p>')
    goals = {i for goal in pack.goals if goal.id in initiative.goals for i in goal.indicators}
    offered = sorted(
        (pack.indicators[i] for i in states if states[i] is None or i in goals),
        key=lambda i: (states[i.id] is not None, i.id not in goals),
    )
    followed = [i for i in states if states[i] is None]
    if offered:
        view = controls.group(controls.indicator(view, offered))
        found = _study(statements, initiative, view.indicator, view.group)
        _one(found, len(followed))
        if isinstance(found, Refusal) and followed:
            names = words.listing([pack.indicators[i].title.get(lang()).lower() for i in followed], lang())
            _note(t("followup.instead", lang(), names=names))
    else:
        st.info(t("followup.nothing", lang()))
    _overview(states)
    return view


def refused(refusal: Refusal) -> str:
    """Say why nothing can be said, with the years or areas that would be needed."""
    if refusal.code.startswith("too_few") and refusal.code != "too_few_donors":
        before, after = refusal.have
        need_before, need_after = refusal.needed
        needed = {"need_before": need_before, "need_after": need_after, "missing": _each(refusal.missing) or "–"}
        return t("followup.refused_years", lang(), before=before, after=after, **needed)
    if refusal.code == "too_few_donors":
        return t("followup.refused_too_few_donors", lang(), have=refusal.have[0], needed=refusal.needed[0])
    return t(f"followup.refused_{refusal.code}", lang())


def _one(found: Study | Refusal, measures: int) -> None:
    if isinstance(found, Refusal):
        st.info(refused(found))
        return
    compared = _compared(engine().statements, found)
    if isinstance(compared, Refusal):
        st.info(refused(compared))
        return
    _before_after(compared)
    _cautions([*(t(f"followup.warn_{w}", lang()) for w in compared.warnings), *_others(found, measures)])
    said = _assessed(found)
    st.subheader(t("followup.synthetic", lang()), anchor=False)
    if isinstance(said, Refusal):
        offer = "" if engine().pack.info.demonstration else " " + t("followup.try_demo", lang())
        st.info(t("followup.no_synthetic", lang(), why=refused(said)) + offer)
        _by_year(found, compared)
    else:
        _synthetic(said)
    _left_out(found)
    _source(found)


def _before_after(compared: FollowUp) -> None:
    found, indicator = compared.study, compared.study.indicator
    before = [p for p, early in zip(found.periods, found.before, strict=True) if early]
    after = [p for p, early in zip(found.periods, found.before, strict=True) if not early]
    title = words.title(indicator, found.group, lang())
    st.subheader(t("followup.before_after", lang()), anchor=False)
    rows = [
        [
            t(f"followup.who_{row.who}", lang()),
            len(row.areas) or "",
            number(row.before, indicator),
            number(row.after, indicator),
            number(row.change, indicator, sign=True),
        ]
        for row in compared.rows
    ]
    columns = [
        t("followup.compared", lang()),
        t("followup.areas", lang()),
        t("followup.before", lang(), years=_years(before)),
        t("followup.after", lang(), years=_years(after)),
        t("followup.change", lang()),
    ]
    caption = t("followup.table_of", lang(), measure=title, unit=indicator.unit.get(lang()))
    tables.show(caption, columns, rows, numeric=(1, 2, 3, 4), flags=[s.flag for s in figures(found)])
    st.html(f'<p class="ob-lead">{markup(difference_text(compared))}</p>')
    matched = matching.matched(engine().statements, found)
    if matched.areas:
        _note(_matched_text(matched))


def difference_text(compared: FollowUp) -> str:
    """Say how much the changes differ, and whether areas without an initiative go apart as much."""
    indicator = compared.study.indicator
    unit = words.difference_unit(indicator, lang())

    def write(value: float) -> str:
        return words.with_unit(number(value, indicator, sign=True), unit)

    said = t(f"followup.difference_{compared.compared}", lang(), difference=write(compared.difference))
    if compared.low is None:
        return said
    limits = t("followup.limits", lang(), low=write(compared.low), high=write(compared.high))
    inside = compared.low <= 0 <= compared.high
    small = abs(compared.difference) < indicator.minimum_difference
    verdict = "within" if inside else "small" if small else "apart"
    return f"{said} {limits} {t(f'followup.table_{verdict}', lang())}"


def number(value: float, indicator: Indicator, *, sign: bool = False) -> str:
    """Write a figure with the indicator's decimals."""
    return words.number(value, indicator.decimals, lang(), sign=sign)


def _years(periods: Sequence[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"


def _matched_text(matched: matching.Matched) -> str:
    pack = engine().pack
    in_what = [f"{pack.indicators[i].title.get(lang()).lower()} ({p})" for i, p in matched.periods.items()]
    said = t(
        "followup.matched",
        lang(),
        areas=words.listing([pack.areas[a].name for a in matched.areas], lang()),
        variables=words.listing(in_what, lang()),
    )
    late = [pack.indicators[i].title.get(lang()).lower() for i in matched.late]
    return said + (" " + t("followup.late", lang(), variables=words.listing(late, lang())) if late else "")


def _others(found: Study, measures: int) -> list[str]:
    """Return what the reader must hold against this study besides: other initiatives here, other measures there are."""
    titles = {i.id: i.title for i in engine().pack.initiatives}
    here = [titles[i] for i in found.also_here]
    said = [t("followup.also_named", lang(), names=words.listing(here, lang()))] if here else []
    return [*said, t("followup.many_measures", lang(), number=measures)] if measures > 1 else said


def _cautions(told: Iterable[str]) -> None:
    """Say what else could explain a difference."""
    items = "".join(f"<li>{markup(text)}</li>" for text in told)
    st.html(f'<p class="ob-lead"><b>{t("followup.cautions", lang())}</b></p><ul class="ob-note">{items}</ul>')


def _synthetic(said: Synthetic) -> None:
    found, indicator = said.study, said.study.indicator
    unit = words.difference_unit(indicator, lang())

    def write(value: float, sign: bool = False) -> str:
        return words.with_unit(number(value, indicator, sign=sign), unit)

    _note(t("followup.synthetic_how", lang()))
    st.html(f'<p class="ob-lead"><b>{markup(t(f"followup.verdict_{said.verdict}", lang()))}</b></p>')
    names = t("followup.line_own", lang()), t("followup.line_control", lang())
    figure = charts.course(
        found.years,
        (names[0], found.treated.tolist()),
        (names[1], said.control.tolist()),
        (found.start, t("followup.starts", lang())),
        tuple(side.tolist() for side in synthetic.band(said)),
    )
    alt = t(
        "followup.alt",
        lang(),
        measure=words.title(indicator, found.group, lang()),
        last=found.years[-1],
        own=number(found.treated[-1], indicator),
        control=number(said.control[-1], indicator),
    )
    charts.show(figure, alt, key="course")
    _note(t("followup.band", lang()))
    limits = {"low": write(said.low, True), "high": write(said.high, True)}
    facts = [
        t("followup.effect", lang(), effect=write(said.effect, True), usual=write(said.usual), **limits),
        t("followup.fit", lang(), before=write(said.fit.before), after=write(said.fit.after)),
        _in_space(said),
        _in_time(said),
    ]
    facts += [t(f"followup.needed_{code}", lang(), amount=_amount(code, value, write)) for code, value in said.needed]
    st.html('<ul class="ob-sentences">' + "".join(f"<li>{markup(fact)}</li>" for fact in facts) + "</ul>")
    _course_table(said)
    _weights(said)


def _amount(code: str, value: float, write) -> str:
    return str(int(value)) if code in ("earlier_cause", "years_before") else write(value)


def _in_space(said: Synthetic) -> str:
    areas = engine().pack.areas
    names = [areas[a].name for a in said.as_large]
    share = {"count": len(names), "of": len(said.study.donors)}
    if not names:
        return t("followup.space_none", lang(), of=share["of"])
    shown = words.listing(names, lang()) if len(names) <= 8 else words.listing([*names[:7], "…"], lang())
    return t("followup.space", lang(), names=shown, **share)


def _in_time(said: Synthetic) -> str:
    if said.backdated is None:
        return t("followup.time_none", lang())
    code = "moved" if said.backdated.p <= synthetic.CLEAR else "still"
    share = words.number(100 * said.backdated.p, 0, lang())
    return t(f"followup.time_{code}", lang(), start=said.backdated.start, share=share)


def _course_table(said: Synthetic) -> None:
    indicator, found = said.study.indicator, said.study
    low, high = synthetic.band(said)
    flags = {s.period: s.flag for s in figures(found)}
    rows = [
        [
            words.period(period, lang()),
            number(own, indicator) + (f" {flags[period]}" if flags.get(period) else ""),
            number(control, indicator),
            number(own - control, indicator, sign=True),
            f"{number(least, indicator)}–{number(most, indicator)}",
        ]
        for period, own, control, least, most in zip(
            found.periods, found.treated, said.control, low, high, strict=True
        )
    ]
    names = ("who_treated", "control", "gap", "expected")
    columns = [t("column.period", lang()), *(t(f"followup.{n}", lang()) for n in names)]
    tables.show(t("followup.by_year", lang()), columns, rows, numeric=(1, 2, 3, 4), flags=flags.values())


def _weights(said: Synthetic) -> None:
    areas = engine().pack.areas
    rows = [[areas[a].name, f"{words.number(100 * w, 1, lang())}{words.NO_BREAK_SPACE}%"] for a, w in said.weights.items()]
    columns = [t("column.area_name", lang()), t("followup.weight", lang())]
    table = tables.html_table(t("followup.weights", lang()), columns, rows, numeric=(1,), caption_hidden=True)
    fold(t("followup.weights", lang()), table)


def _by_year(found: Study, compared: FollowUp) -> None:
    """Show the years that there are, where they are too few for a synthetic control."""
    indicator = found.indicator
    flags = {s.period: s.flag for s in figures(found)}
    rows = [
        [words.period(period, lang()), number(own, indicator) + (f" {flags[period]}" if flags.get(period) else ""), *others]
        for period, own, others in zip(found.periods, found.treated, _means(found, compared.rows), strict=True)
    ]
    columns = [t("column.period", lang()), *(t(f"followup.who_{row.who}", lang()) for row in compared.rows)]
    numeric = range(1, len(columns))
    tables.show(t("followup.by_year", lang()), columns, rows, numeric=numeric, flags=flags.values())


def _means(found: Study, rows: Sequence[Row]) -> list[list[str]]:
    """Return for each year the figures of those compared with, in the order of `rows`."""
    each = []
    for row in rows[1:]:
        columns = [found.donors.index(a) for a in row.areas]
        each.append(found.untreated[:, columns].mean(axis=1) if columns else found.city)
    return [[number(values[n], found.indicator) for values in each] for n in range(len(found.periods))]


def _left_out(found: Study) -> None:
    """List the areas that are compared with and those that are left out, by reason."""
    areas = engine().pack.areas
    lists = [("donors", found.donors), *found.left_out.items()]
    rows = [
        [t(f"followup.areas_{reason}", lang()), len(ids), ", ".join(areas[a].name for a in ids) or "–"]
        for reason, ids in lists
    ]
    columns = [t("followup.group", lang()), t("followup.areas", lang()), t("followup.names", lang())]
    fold(t("followup.who", lang()), tables.html_table(t("followup.who", lang()), columns, rows, numeric=(1,)))


def _overview(states: dict[str, Refusal | None]) -> None:
    """List every measure that areas can be compared in, and whether this initiative can be followed with it."""
    indicators = engine().pack.indicators
    order = sorted(states, key=lambda i: states[i] is not None)
    can = t("followup.can", lang())
    rows = [[indicators[i].title.get(lang()), can if (r := states[i]) is None else refused(r)] for i in order]
    columns = [t("column.title", lang()), t("followup.state", lang())]
    table = tables.html_table(t("followup.measures", lang()), columns, rows, caption_hidden=True)
    number_of = sum(r is None for r in states.values())
    fold(t("followup.measures_count", lang(), number=number_of, all=len(states)), table)


def figures(found: Study) -> list[Statement]:
    """Return the figures of the initiative's areas in the years of a study, for their flags and sources."""
    statements = engine().statements
    ids = found.initiative.areas if len(found.initiative.areas) == 1 else found.areas
    each = (statements.get(a, found.indicator.id, p, found.group) for p in found.periods for a in ids)
    return [s for s in each if s is not None]


def _source(found: Study) -> None:
    line = words.source_text(sources_of(figures(found)), lang(), processed=True)
    years = t("followup.years", lang(), years=_each(found.years))
    st.html(f'<p class="ob-source">{markup(line)} {markup(years)}</p>')


def _each(years: Sequence[int]) -> str:
    """Write years, those that follow one another as a span: 2010–2012, 2014."""
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)


def _note(text: str) -> None:
    st.html(f'<p class="ob-note">{markup(text)}</p>')


def fold(heading: str, content: str) -> None:
    """Show something that is folded up until the reader opens it."""
    st.html(f'<details class="ob-fold"><summary>{markup(heading)}</summary>{content}</details>')
