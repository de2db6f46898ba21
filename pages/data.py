"""Data och källor: what every figure means, where it comes from, how fresh it is, and all of it to download."""

import streamlit as st

from components import cards, controls, freshness_parts, tables
from components.engine import engine
from components.state import begin, commit
from omradesbild import words
from omradesbild.publish import tables as files
from omradesbild.words import t

view = begin()
lang = view.lang
pack, statements = engine().pack, engine().statements

st.title(t("data.title", lang), anchor=False)
st.markdown(t("data.intro", lang, version=pack.info.version))

st.header(t("data.one", lang), anchor=False)
view = controls.indicator(view, list(pack.indicators.values()))
indicator = pack.indicators[view.indicator]
with st.container(border=True):
    st.subheader(indicator.title.get(lang), anchor=False)
    st.html(f'<p class="ob-unit">{tables.markup(indicator.unit.get(lang))}</p>')
    cards.about(indicator)
    breaks = [b for b in pack.breaks if not b.indicators or indicator.id in b.indicators]
    if breaks:
        names = {b.id: [pack.areas[a].name for a in b.areas] or [t("data.all_areas", lang)] for b in breaks}
        st.markdown(f"**{t('data.breaks', lang)}**")
        rows = [[b.period, b.text.get(lang), words.listing(names[b.id], lang)] for b in breaks]
        tables.show(t("data.breaks", lang), [t(f"column.{c}", lang) for c in ("period", "what", "where")], rows)
    cards.downloads(lambda: statements.of(indicator.id), indicator.id, "data")

st.header(t("data.all", lang), anchor=False)
rows = []
for each in pack.indicators.values():
    periods = statements.periods(each.id)
    span = words.period(periods[0], lang) if periods else "–"
    if len(periods) > 1:
        span += f"–{words.period(periods[-1], lang)}"
    names = dict.fromkeys(s.publisher for s in statements.sources(each.id))
    levels = [words.level(level, lang) for level in statements.levels(each.id)]
    rows.append([each.title.get(lang), t(f"theme.{each.theme}", lang), ", ".join(levels), span, ", ".join(names)])
columns = [t(f"column.{c}", lang) for c in ("title", "theme", "levels", "period", "source")]
tables.show(t("data.all", lang), columns, rows, caption_hidden=True)

st.header(t("data.sources", lang), anchor=False)
rows = [
    [
        tables.Html(f'<a href="{tables.markup(s.url)}" rel="noreferrer">{tables.markup(s.title)}</a>'),
        s.publisher,
        s.table or "",
        s.licence,
        s.retrieved,
        s.cycle.get(lang) if s.cycle else "",
        t(f"data.quality_{s.quality[-1].lower()}", lang),
    ]
    for s in pack.sources.values()
]
columns = [t(f"column.{c}", lang) for c in ("source", "publisher", "table", "licence", "retrieved", "cycle", "quality")]
tables.show(t("data.sources", lang), columns, rows, caption_hidden=True)

freshness_parts.panel()

st.header(t("data.marks", lang), anchor=False)
st.markdown("\n".join(f"- {line}" for line in files.about_lines(pack, lang)[1:]))
commit(view)
