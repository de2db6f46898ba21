"""Follow-up of an initiative: before and after, and against areas without one. It never says why."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from components import charts, controls, tables
from components.engine import engine
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.analyse import matching, synthetic
from omradesbild.analyse.followup import FollowUp, Refusal, Study
from omradesbild.analyse.synthetic import Synthetic
from omradesbild.link import View
from omradesbild.model import Initiative
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.parts import followup as parts
from omradesbild.words import t


def show(initiative: Initiative, view: View) -> View:
    """Let the reader choose a measure and follow the initiative up with it."""
    statements, pack = engine().statements, engine().pack
    st.header(t("followup.title", lang()), anchor=False)
    states = parts.states(statements, initiative)
    never = next((r for r in states.values() if r is not None and r.code in parts.ALWAYS), None)
    if never is not None:
        st.info(parts.refused(never, lang()))
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
        found = parts.study(statements, initiative, view.indicator, view.group)
        _one(found, len(followed))
        if isinstance(found, Refusal) and followed:
            names = words.listing([pack.indicators[i].title.get(lang()).lower() for i in followed], lang())
            _note(t("followup.instead", lang(), names=names))
    else:
        st.info(t("followup.nothing", lang()))
    _overview(states)
    return view


def _one(found: Study | Refusal, measures: int) -> None:
    if isinstance(found, Refusal):
        st.info(parts.refused(found, lang()))
        return
    compared = parts.compared(engine().statements, found)
    if isinstance(compared, Refusal):
        st.info(parts.refused(compared, lang()))
        return
    _before_after(compared)
    _cautions(parts.warnings(compared, measures, engine().pack, lang()))
    said = parts.assessed(found)
    st.subheader(t("followup.synthetic", lang()), anchor=False)
    if isinstance(said, Refusal):
        offer = "" if engine().pack.info.demonstration else " " + t("followup.try_demo", lang())
        st.info(t("followup.no_synthetic", lang(), why=parts.refused(said, lang())) + offer)
        _by_year(found, compared)
    else:
        _synthetic(said)
    _left_out(found)
    _source(found)


def _before_after(compared: FollowUp) -> None:
    found = compared.study
    table = parts.before_after(compared, engine().statements, lang())
    st.subheader(t("followup.before_after", lang()), anchor=False)
    tables.show(table.caption, table.columns, table.rows, numeric=table.numeric, flags=[s.flag for s in table.rests_on])
    st.html(f'<p class="ob-lead">{markup(parts.difference_text(compared, lang()))}</p>')
    matched = matching.matched(engine().statements, found)
    if matched.areas:
        _note(parts.matched_text(matched, engine().pack, lang()))


def _cautions(told: Iterable[str]) -> None:
    """Say what else could explain a difference."""
    items = "".join(f"<li>{markup(text)}</li>" for text in told)
    st.html(f'<p class="ob-lead"><b>{t("followup.cautions", lang())}</b></p><ul class="ob-note">{items}</ul>')


def _synthetic(said: Synthetic) -> None:
    found, indicator = said.study, said.study.indicator
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
        own=parts.number(found.treated[-1], indicator, lang()),
        control=parts.number(said.control[-1], indicator, lang()),
    )
    charts.show(figure, alt, key="course")
    _note(t("followup.band", lang()))
    facts = parts.synthetic_facts(said, engine().pack, lang())
    st.html('<ul class="ob-sentences">' + "".join(f"<li>{markup(fact)}</li>" for fact in facts) + "</ul>")
    _course_table(said)
    _weights(said)


def _course_table(said: Synthetic) -> None:
    columns, rows = parts.course(said, engine().statements, lang())
    flags = [s.flag for s in parts.figures(said.study, engine().statements)]
    tables.show(t("followup.by_year", lang()), columns, rows, numeric=(1, 2, 3, 4), flags=flags)


def _weights(said: Synthetic) -> None:
    areas = engine().pack.areas
    rows = [[areas[a].name, f"{words.number(100 * w, 1, lang())}{words.NO_BREAK_SPACE}%"] for a, w in said.weights.items()]
    columns = [t("column.area_name", lang()), t("followup.weight", lang())]
    table = tables.html_table(t("followup.weights", lang()), columns, rows, numeric=(1,), caption_hidden=True)
    fold(t("followup.weights", lang()), table)


def _by_year(found: Study, compared: FollowUp) -> None:
    """Show the years that there are, where they are too few for a synthetic control."""
    columns, rows = parts.by_year(found, compared, engine().statements, lang())
    flags = [s.flag for s in parts.figures(found, engine().statements)]
    tables.show(t("followup.by_year", lang()), columns, rows, numeric=range(1, len(columns)), flags=flags)


def _left_out(found: Study) -> None:
    """List the areas that are compared with and those that are left out, by reason."""
    columns, rows = parts.left_out(found, engine().pack, lang())
    fold(t("followup.who", lang()), tables.html_table(t("followup.who", lang()), columns, rows, numeric=(1,)))


def _overview(states: dict[str, Refusal | None]) -> None:
    """List every measure that areas can be compared in, and whether this initiative can be followed with it."""
    indicators = engine().pack.indicators
    order = sorted(states, key=lambda i: states[i] is not None)
    can = t("followup.can", lang())
    rows = [[indicators[i].title.get(lang()), can if (r := states[i]) is None else parts.refused(r, lang())] for i in order]
    columns = [t("column.title", lang()), t("followup.state", lang())]
    table = tables.html_table(t("followup.measures", lang()), columns, rows, caption_hidden=True)
    number_of = sum(r is None for r in states.values())
    fold(t("followup.measures_count", lang(), number=number_of, all=len(states)), table)


def _source(found: Study) -> None:
    line = words.source_text(sources_of(parts.figures(found, engine().statements)), lang(), processed=True)
    years = t("followup.years", lang(), years=parts.each_year(found.years))
    st.html(f'<p class="ob-source">{markup(line)} {markup(years)}</p>')


def _note(text: str) -> None:
    st.html(f'<p class="ob-note">{markup(text)}</p>')


def fold(heading: str, content: str) -> None:
    """Show something that is folded up until the reader opens it."""
    st.html(f'<details class="ob-fold"><summary>{markup(heading)}</summary>{content}</details>')
