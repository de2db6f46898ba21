"""The parts of an area's page: heading, key figures, ages, lists and initiatives."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from components import charts, tables
from components.engine import engine
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse.compose import members_of
from omradesbild.model import Area, Indicator, Initiative, Kind, Level
from omradesbild.publish.spark import sparkline
from omradesbild.words import t

AGES = "alder_kon"


def heading(area: Area) -> None:
    """Name the area, say what kind it is, what it consists of and how well its border is known."""
    pack = engine().pack
    lines = [t(f"area.kind_{area.level}", lang())]
    members = [pack.areas[m].name for m in members_of(area, pack)] if area.level is not Level.KOMMUN else []
    if members and area.level is not Level.REGSO:
        lines.append(t("area.members", lang(), names=words.listing(members, lang())))
    if area.approximate:
        lines.append(t("area.approximate", lang()))
    if area.note:
        lines.append(area.note.get(lang()))
    if area.source:
        lines.append(t("area.source", lang(), source=area.source))
    st.html(f'<p class="ob-lead">{" ".join(map(markup, lines))}</p>')


def indicators_of(area: Area, theme: str | None = None) -> list[Indicator]:
    """Return the indicators that have any figure for an area, in order of display."""
    statements = engine().statements
    return [
        i
        for i in engine().pack.indicators.values()
        if (theme is None or i.theme == theme)
        and i.id != AGES
        and statements.periods_of(area.id, i.id, i.default_group)
    ]


def key_figures(area: Area) -> None:
    """Show a table of every indicator: value, count, year, city, how it stands, place, the way here."""
    statements = engine().statements
    rows, flags = [], []
    for indicator in indicators_of(area):
        periods = statements.periods_of(area.id, indicator.id, indicator.default_group)
        s = statements.get(area.id, indicator.id, periods[-1])
        flags.append(s.flag)
        rows.append(
            [
                indicator.title.get(lang()),
                words.figure(s, lang()),
                words.count(s.numerator, lang()) if indicator.kind in (Kind.SHARE, Kind.RATE) else "",
                words.period(s.period, lang()),
                city_figure(indicator, s.city_value),
                words.comparison(s, lang(), short=True),
                f"{s.place} ({s.of})" if s.place else "",
                Html(picture(sparkline(statements.series(area.id, indicator.id)))),
                s.flag,
            ]
        )
    names = ("title", "value", "numerator_people", "period", "city_value", "comparison", "place", "trend", "flag")
    columns = [t(f"column.{c}", lang()) for c in names]
    keep = [i for i in range(len(columns)) if i == 0 or any(row[i] for row in rows)]
    columns, rows = [columns[i] for i in keep], [[row[i] for i in keep] for row in rows]
    st.header(t("area.key_figures", lang()), anchor=False)
    tables.show(
        t("area.key_figures_of", lang(), area=area.name),
        columns,
        rows,
        numeric=[place for place, i in enumerate(keep) if i in (1, 2, 3, 4, 6)],
        caption_hidden=True,
        flags=flags,
    )
    st.html(f'<p class="ob-note">{t("area.key_note", lang())}</p>')


def picture(svg: str) -> str:
    """Return a small drawing as an image without a description: the figures stand beside it."""
    return f'<img alt="" src="data:image/svg+xml;utf8,{quote(svg)}">' if svg else ""


def city_figure(indicator: Indicator, value: float | None) -> str:
    """Write the city's figure beside an area's; nothing where a count is part of the city's."""
    if value is None or indicator.kind is Kind.COUNT:
        return ""
    return words.value_text(value, "", indicator, lang())


def events_of(area: Area) -> tuple[Initiative, ...]:
    """Return the initiatives that name the area or a part of it, oldest first."""
    pack = engine().pack
    own = set(members_of(area, pack)) | {area.id}
    return tuple(
        e
        for e in sorted(pack.initiatives, key=lambda e: (e.start or "9999", e.id))
        if own & {m for a in e.areas if a != pack.info.city for m in (a, *members_of(pack.areas[a], pack))}
    )


def event_key(events: tuple[Initiative, ...]) -> None:
    """Explain the numbers that stand on the time axis."""
    dated = sorted((e for e in events if e.start), key=lambda e: e.start)
    items = [f"<li>{markup(e.start)}: {markup(e.title)}</li>" for e in dated]
    st.html(f'<p class="ob-note">{t("area.events_key", lang())}</p><ol class="ob-note">{"".join(items)}</ol>')


def ages(area: Area) -> None:
    """Show the age pyramid with its table."""
    statements, pack = engine().statements, engine().pack
    indicator = pack.indicators.get(AGES)
    period = statements.latest(AGES, group=indicator.groups[0].id) if indicator else None
    if period is None:
        return
    women, men = pyramid_shares(area.id, period)
    if not women:
        return
    st.header(t("area.ages", lang(), period=words.period(period, lang())), anchor=False)
    labels = list(women)
    city = pyramid_shares(pack.info.city, period) if area.id != pack.info.city else None
    outline = (list(city[0].values()), list(city[1].values())) if city and city[0] else None
    figure = charts.pyramid(labels, list(women.values()), list(men.values()), outline)
    charts.show(figure, t("area.ages_alt", lang(), area=area.name), key="pyramid")
    sources = statements.sources(AGES)
    st.html(f'<p class="ob-source">{markup(words.source_text(sources, lang(), processed=True))}</p>')
    with st.expander(t("area.ages_table", lang())):
        write = lambda v: f"{words.number(v, 1, lang())}{words.NO_BREAK_SPACE}%"  # noqa: E731
        rows = [[a, write(women[a]), write(men[a])] for a in labels]
        tables.show(
            t("area.ages", lang(), period=period),
            [t("column.age", lang()), t("chart.women", lang()), t("chart.men", lang())],
            rows,
            numeric=(1, 2),
        )


def pyramid_shares(area: str, period: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return the shares of an area's inhabitants by age, women and men; empty when a figure is missing."""
    statements, groups = engine().statements, engine().pack.indicators[AGES].groups
    found = {g.id: statements.get(area, AGES, period, g.id) for g in groups}
    if any(s is None or s.value is None for s in found.values()):
        return {}, {}
    everyone = sum(s.value for s in found.values()) or 1
    women, men = (
        {id_.split("|")[1]: 100 * s.value / everyone for id_, s in found.items() if id_.startswith(sex)}
        for sex in ("kvinna", "man")
    )
    return women, men


def police_history(area: Area) -> None:
    """Show what the police's list has said about the area, edition by edition."""
    pack = engine().pack
    if area.level is Level.KOMMUN or not pack.police:
        return
    own = set(members_of(area, pack)) | {area.id}
    rows = []
    for edition in pack.police:
        for entry in edition.entries:
            shares = {r: share for r, share in entry.overlap.items() if r in own}
            if shares:
                names = [f"{pack.areas[r].name} {words.number(100 * s, 0, lang())} %" for r, s in shares.items()]
                rows.append([edition.edition, entry.area, t(f"police.{entry.category}", lang()), ", ".join(names)])
    if not rows:
        return
    st.header(t("area.police", lang()), anchor=False)
    st.html(f'<p class="ob-lead">{t("police.caution", lang())}</p>')
    columns = [t(f"column.{c}", lang()) for c in ("edition", "police_area", "category", "overlap")]
    tables.show(t("area.police", lang()), columns, rows, caption_hidden=True)


def initiatives(area: Area) -> None:
    """List the initiatives that name the area."""
    found = events_of(area)
    if not found:
        return
    st.header(t("area.initiatives", lang()), anchor=False)
    initiative_table(found, t("area.initiatives", lang()))


def initiative_table(found: tuple[Initiative, ...], caption: str) -> None:
    """Show initiatives as a table with their sources."""
    rows = []
    for e in found:
        when = f"{e.start or '?'}–{e.end}" if e.end and e.end != e.start else (e.start or "?")
        link = Html(f'<a href="{markup(e.source_url)}" rel="noreferrer">{markup(e.source)}</a>')
        rows.append([f"{e.title}: {e.event}", when, e.place, e.actors or "", link, e.uncertain or ""])
    columns = [t(f"column.{c}", lang()) for c in ("initiative", "when", "where", "actors", "source", "uncertain")]
    tables.show(caption, columns, rows, caption_hidden=True)
