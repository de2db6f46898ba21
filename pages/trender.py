"""Trender: one indicator over time for many areas, in one chart or in a row of small ones."""

from dataclasses import replace

import streamlit as st

from components import cards, charts, controls
from components.engine import engine
from components.state import begin, commit
from omradesbild.model import Level
from omradesbild.publish.parts import area as parts
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements

st.title(t("trends.title", lang), anchor=False)
st.markdown(t("trends.intro", lang))
shown = [i for i in pack.indicators.values() if i.id != parts.AGES and statements.levels(i.id)]
view = controls.indicator(view, shown)
view = controls.group(view)
controls.add_area(view)
view = controls.many_areas(view)
layouts = {m: t(f"control.layout_{m}", lang) for m in ("rutor", "ett")}
view = replace(
    view, layout=controls.one_of(t("control.layout", lang), "form", list(layouts), view.layout, layouts.get)
)
periods = statements.periods(view.indicator, None, view.group)
view = commit(view, period=periods[-1])

indicator = pack.indicators[view.indicator]
known = tuple(a for a in view.areas if statements.periods_of(a, indicator.id, view.group))
for area in view.areas:
    if area not in known:
        st.info(t("trends.none_for", lang, area=pack.areas[area].name))
if view.layout == "ett" or len(known) < 2:
    cards.show(cards.Card(indicator, known, view.period, view.group, level=2, key="trends"))
else:
    points = [
        p.value
        for a in (*known, *((pack.info.city,) if indicator.kind != "count" else ()))
        for segment in statements.series(a, indicator.id, view.group)
        for p in segment.points
        if p.value is not None
    ]
    span = charts.value_axis(points)
    st.header(indicator.title.get(lang), anchor=False)
    st.html(f'<p class="ob-note">{t("trends.same_scale", lang)}</p>')
    cards.rows(
        [
            cards.Card(
                indicator, (a,), view.period, view.group, span=span, heading=pack.areas[a].name, key="trends"
            )
            for a in known
        ]
    )
if not view.areas and not statements.periods(indicator.id, Level.KOMMUN, view.group):
    st.info(t("trends.choose", lang))
