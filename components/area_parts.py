"""The parts of an area's page: heading, key figures, ages, lists and initiatives."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import streamlit as st

from components import charts, tables
from components.engine import engine
from components.state import lang, way
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.model import Area, Direction, Indicator, Initiative, Kind, Theme
from omradesbild.publish import movement
from omradesbild.publish.parts import area as parts
from omradesbild.publish.spark import sparkline
from omradesbild.words import t


def heading(area: Area) -> None:
    """Say what kind the area is, what it consists of and how well its border is known."""
    st.html(f'<p class="ob-lead">{markup(parts.lead(area, engine().pack, lang()))}</p>')


def indicators_of(area: Area, theme: str | None = None) -> list[Indicator]:
    """Return the indicators that have any figure for an area, in order of display."""
    statements = engine().statements
    return [
        i
        for i in engine().pack.indicators.values()
        if (theme is None or i.theme == theme)
        and i.id != parts.AGES
        and statements.periods_of(area.id, i.id, i.default_group)
    ]


def key_figures(area: Area) -> None:
    """Show a table of every indicator: value, how it stands, city, count, year, place, the way here."""
    statements, pack = engine().statements, engine().pack
    newest = {i: statements.latest_of(area.id, i.id) for i in indicators_of(area)}
    oldest = int(pack.info.version[:4]) - parts.OLD_YEARS
    rows: list = []
    for theme in Theme:
        found = [_key_row(s, area) for i, s in newest.items() if i.theme == theme and int(s.period[:4]) >= oldest]
        rows += [tables.Section(t(f"theme.{theme}", lang())), *found] if found else []
    old = [_key_row(s, area) for s in newest.values() if int(s.period[:4]) < oldest]
    rows += [tables.Section(t("area.old_figures", lang(), year=oldest)), *old] if old else []
    names = ("title", "value", "comparison", "city_value", "numerator_people", "period", "place", "trend", "flag")
    columns = [t(f"column.{c}", lang()) for c in names]
    filled = [row for row in rows if not isinstance(row, tables.Section)]
    keep = [i for i in range(len(columns)) if i == 0 or any(row[i] for row in filled)]
    st.header(t("area.key_figures", lang()), anchor=False)
    tables.show(
        t("area.key_figures_of", lang(), area=area.name),
        [columns[i] for i in keep],
        [row if isinstance(row, tables.Section) else [row[i] for i in keep] for row in rows],
        numeric=[place for place, i in enumerate(keep) if i in (1, 3, 4, 5, 6)],
        caption_hidden=True,
        figures=newest.values(),
    )
    notes = ["area.key_note"] if area.id != pack.info.city else []
    notes += ["area.place_note"] if names.index("place") in keep else []
    if notes:
        st.html("".join(f'<p class="ob-note">{t(note, lang())}</p>' for note in notes))


def _key_row(s: Statement, area: Area) -> list:
    indicator = s.indicator
    sure = not s.flag and s.reliability not in tables.UNSURE
    ranked = s.place is not None and indicator.direction is not Direction.NONE and sure
    city = area.id == engine().pack.info.city
    found = movement.of(engine().statements, area.id, indicator.id, s.group)
    word = movement.word(found, lang()) if found is not None else ""
    moved = f'<span class="ob-compared">{markup(word)}</span>' if word else ""
    line = sparkline(engine().statements.series(area.id, indicator.id), indicator.minimum_difference)
    return [
        words.title(indicator, s.group, lang()),
        tables.figure(s),
        words.comparison(s, lang(), short=True),
        "" if city else city_figure(indicator, s.city_value),
        words.count(s.numerator, lang()) if indicator.kind in (Kind.SHARE, Kind.RATE) else "",
        words.period(s.period, lang()),
        f"{s.place} ({s.of})" if ranked else "",
        Html(picture(line) + moved),
        s.flag,
    ]


def picture(svg: str) -> str:
    """Return a small drawing as an image without a description: the figures stand beside it."""
    return f'<img alt="" src="data:image/svg+xml;utf8,{quote(svg)}">' if svg else ""


def city_figure(indicator: Indicator, value: float | None) -> str:
    """Write the city's figure beside an area's; nothing where a count is part of the city's."""
    if value is None or indicator.kind is Kind.COUNT:
        return ""
    return words.value_text(value, "", indicator, lang())


def events_of(area: Area, indicator: Indicator) -> tuple[Initiative, ...]:
    """Return the dated initiatives that concern an area and a goal that an indicator belongs to."""
    goals = {goal.id for goal in engine().pack.goals if indicator.id in goal.indicators}
    return tuple(e for e in parts.initiatives_of(engine().statements, area.id) if e.start and e.kind != "handelse" and goals & set(e.goals))


def event_key(events: Iterable[Initiative]) -> str:
    """Explain the numbers that stand on a chart's time axis, as a list."""
    dated = sorted((e for e in events if e.start), key=lambda e: e.start)
    items = "".join(f"<li>{markup(words.dates(e.start))}: {markup(e.title)}</li>" for e in dated)
    return f'<p class="ob-note">{t("area.events_key", lang())}</p><ol class="ob-note">{items}</ol>' if items else ""


def ages(area: Area) -> None:
    """Show the age pyramid with its table."""
    statements, pack = engine().statements, engine().pack
    indicator = pack.indicators.get(parts.AGES)
    period = statements.latest(parts.AGES, group=indicator.groups[0].id) if indicator else None
    if period is None:
        return
    women, men = parts.pyramid_shares(statements, area.id, period)
    if not women:
        return
    st.header(t("area.ages", lang(), period=words.period(period, lang())), anchor=False)
    labels = [age.replace("-", "–") for age in women]
    city = parts.pyramid_shares(statements, pack.info.city, period) if area.id != pack.info.city else None
    outline = (list(city[0].values()), list(city[1].values())) if city and city[0] else None
    figure = charts.pyramid(labels, list(women.values()), list(men.values()), outline)
    charts.show(figure, t("area.ages_alt", lang(), area=area.name), key="pyramid")
    sources = statements.sources(parts.AGES)
    st.html(f'<p class="ob-source">{markup(words.source_text(sources, lang(), processed=True))}</p>')
    with st.expander(t("area.ages_table", lang())):
        shares = [[words.with_unit(words.number(v, 1, lang()), "%") for v in (women[a], men[a])] for a in women]
        rows = [[label, *pair] for label, pair in zip(labels, shares, strict=True)]
        tables.show(
            t("area.ages", lang(), period=period),
            [t("column.age", lang()), t("chart.women", lang()), t("chart.men", lang())],
            rows,
            numeric=(1, 2),
        )


def police_history(area: Area) -> None:
    """Show what the police's list has said about the area, every edition, also those it is not in."""
    found = parts.police(engine().statements, area, lang())
    if found is None:
        return
    st.header(found.caption, anchor=False)
    notes = [e.note.get(lang()) for e in engine().pack.police if e.note]
    st.html("".join(f'<p class="ob-lead">{markup(text)}</p>' for text in [*found.notes, *notes]))
    tables.show(found.caption, found.columns, found.rows, caption_hidden=True)


def initiatives(area: Area) -> None:
    """List the initiatives and events that name the area."""
    found = parts.initiatives_of(engine().statements, area.id)
    if not found:
        return
    st.header(t("area.initiatives", lang()), anchor=False)
    initiative_table(found, t("area.initiatives", lang()))


def address(initiative: Initiative) -> str:
    """Return the address of an initiative's own view, the same from every page."""
    return way("insatser", insats=initiative.id)


def initiative_table(found: tuple[Initiative, ...], caption: str) -> None:
    """Show initiatives as a table with their sources; the texts are in Swedish."""
    rows = []
    for e in found:
        link = Html(f'<a href="{markup(e.source_url)}" rel="noreferrer">{markup(e.source)}</a>')
        title = f'<a href="{markup(address(e))}" target="_self">{markup(e.title)}</a>'
        said = Html(f"{title}: {markup(' '.join(filter(None, [e.event, e.note])))}")
        kind = t(f"initiative.{e.kind}", lang())
        rows.append([said, kind, words.dates(parts.when(e, lang())), e.place, e.actors or "", link, e.uncertain or ""])
    names = ("initiative", "kind", "when", "where", "actors", "source", "uncertain")
    columns = [t(f"column.{c}", lang()) for c in names]
    if lang() != "sv":
        st.caption(t("area.in_swedish", lang()))
    tables.show(caption, columns, rows, caption_hidden=True)
