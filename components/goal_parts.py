"""A goal of the council: where the city stands on it, how areas differ, what moved, and what is not measured."""

from __future__ import annotations

import streamlit as st

from components import cards, tables
from components.area_parts import address
from components.engine import engine
from components.state import choose, lang, to
from components.tables import markup
from omradesbild import words
from omradesbild.analyse.followup import under_way
from omradesbild.model import Direction, Goal, Initiative
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import goals as told
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
        values = {"title": title, "value": words.marked(s, lang()), "period": words.period(s.period, lang())}
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
        query_params=to(mal=goal.id),
    )


def city(goal: Goal) -> None:
    """Show the goal's measures in the whole city: newest figure, the first of the same series, and what moved."""
    st.header(t("goals.city", lang()), anchor=False)
    found = told.city(engine().statements, goal, lang())
    if found is None:
        st.info(t("goals.no_figures", lang()))
        return
    tables.block(found)


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
    found = told.areas(engine().statements, goal, lang())
    if found is None:
        st.html(f'<p class="ob-lead">{t("goals.only_city", lang())}</p>')
        return
    tables.block(found)
    first = found.rests_on[0].indicator.id
    st.page_link("../pages/klyftor.py", label=t("goals.gap_more", lang()), query_params=to(ind=first))


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
