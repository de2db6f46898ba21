"""The page of an area: what it is, how it stands and moves, who it is like, what is done there, and files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape

from omradesbild import words
from omradesbild.analyse import peers, priorities
from omradesbild.analyse.compose import members_of
from omradesbild.analyse.priorities import Challenge
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.find import swedish_key
from omradesbild.model import Area, Indicator, Level
from omradesbild.publish import html
from omradesbild.publish.document import Figure, Link, Section, Table
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import priority
from omradesbild.publish.parts.pen import Pen, source_line
from omradesbild.publish.site import addresses, embed, maps, preview
from omradesbild.publish.site.embed import Embeds
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import (
    Page,
    Place,
    contents,
    folded,
    links,
    paragraphs,
    section,
    written,
)
from omradesbild.publish.summary import area_sentences
from omradesbild.words import t

#: So many charts over time, two in a row; the rest is one link away.
CHARTS = 6
#: With more rows in its tables than this an area is printed more closely, so that two sheets hold it.
MANY = 78
#: The width of a chart in its own units, where two stand in a row, and of the ages, which stand alone in half a page.
NARROW, HALF = 340, 400


def files(statements: Statements, settings: Settings, area: Area, lang: str) -> Iterator[File]:
    """Give an area's page, the pictures that others may embed, its picture for social media and its comparison data."""
    place = Place(f"omrade/{area.id}", lang)
    sentences = [s.text for s in area_sentences(statements, area.id, lang)]
    charts = _charts(statements, area, lang)
    picture = addresses.area_picture(area.id, lang)
    body = _body(statements, settings, area, place, sentences, charts)
    description = " ".join([t("site.area_description", lang, area=area.name), *sentences[:1]])
    look = "long" if body.count("<tr") > MANY else ""
    yield written(Page(place, area.name, description, body, picture, look), statements.pack, settings)
    yield File(addresses.area_figures(area.id, lang), _figures_script(statements, area, lang))
    yield preview.of_area(statements, area, sentences, lang)
    yield from _to_embed(statements, Embeds(settings, statements.pack, place), area, [i for i, _ in charts])


def _body(
    statements: Statements,
    settings: Settings,
    area: Area,
    place: Place,
    sentences: Sequence[str],
    charts: Sequence[tuple[Indicator, Figure]],
) -> str:
    pack, lang = statements.pack, place.lang
    ages = parts.ages(statements, area, Pen(lang, "web", HALF))
    embeds = Embeds(settings, pack, place)
    listed = [
        ("korthet", t("summary.heading", lang), _in_short(sentences, lang)),
        ("utmaningar", t("report.challenges", lang), _challenges(statements, area, place)),
        ("nyckeltal", t("area.key_figures", lang), _key_figures(statements, area, place)),
        ("utveckling", t("report.moves", lang), _moves(embeds, area, charts)),
        ("aldrar", ages.title if ages else "", _ages(embeds, area, ages) if ages else ""),
        ("liknande", t("peers.title", lang), _peers(statements, area, place)),
        ("insatser", t("area.initiatives", lang), _initiatives(statements, area, place)),
        ("polisen", t("area.police", lang), _table(parts.police(statements, area, lang), lang)),
        ("hamta", t("site.files", lang), _downloads(area, place)),
    ]
    shown = [part for part in listed if part[2]]
    names = {"area": area.name, "city": pack.areas[pack.info.city].name}
    where = maps.locator(statements, area.id, t("report.where", lang, **names), t("report.where_alt", lang, **names))
    credit = "; ".join(pack.info.attributions)
    first = (
        f"<div>{paragraphs([parts.lead(area, pack, lang)], 'lead')}{_other_names(area, lang)}"
        f"{contents([(id_, heading) for id_, heading, _ in shown], lang)}{section(*shown[0])}</div>"
    )
    map_ = f"<figure>{where}<figcaption class=source>{escape(credit)}</figcaption></figure>"
    return f"<div class=top>{first}{map_}</div>" + "".join(section(*part) for part in shown[1:])


def _other_names(area: Area, lang: str) -> str:
    names = ", ".join(sorted(area.aliases, key=swedish_key))
    return paragraphs([t("site.other_names", lang, names=names)], "note") if names else ""


def _in_short(sentences: Sequence[str], lang: str) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in sentences)
    return f"<ul>{items}</ul>{paragraphs([t('summary.note', lang)], 'note')}" if items else ""


def _challenges(statements: Statements, area: Area, place: Place) -> str:
    """Set out what is clearly worse here, by the rule of the page of priorities: most people first, nothing ranked on noise."""
    lang = place.lang
    if area.level is Level.KOMMUN:
        return ""
    own = challenges_by_area(statements, area.level).get(area.id, ())
    if not own:
        return paragraphs([t("site.no_challenge", lang, area=area.name)])
    table = priority.challenges(statements, [(c, "") for c in own], t("priority.caption", lang, name=area.name), lang)
    to = [place.to(f"indikator/{c.statement.indicator.id}") for c in own]
    rows = tuple((Link(row[0], address), *row[1:]) for address, row in zip(to, table.rows, strict=True))
    return html.table(replace(table, rows=rows)) + html.to_html(priority.under_way(statements, own, lang), lang)


@lru_cache(maxsize=16)
def challenges_by_area(statements: Statements, level: Level) -> dict[str, tuple[Challenge, ...]]:
    """Return every challenge of a level by area, found once for all of them."""
    found: dict[str, list[Challenge]] = {}
    for challenge in priorities.of_all(statements, level):
        found.setdefault(challenge.statement.area.id, []).append(challenge)
    return {area: tuple(own) for area, own in found.items()}


def _key_figures(statements: Statements, area: Area, place: Place) -> str:
    indicators = parts.known_indicators(statements, area)
    if not indicators:
        return paragraphs([t("site.no_figures", place.lang, area=area.name)])
    table = parts.key_figures(statements, area, indicators, place.lang, columns=parts.ON_SCREEN)
    to = {words.title(i, i.default_group, place.lang): place.to(f"indikator/{i.id}") for i in indicators}
    rows = (row if isinstance(row, Section) else (Link(row[0], to[row[0]]), *row[1:]) for row in table.rows)
    return html.table(replace(table, rows=tuple(rows)))


def _charts(statements: Statements, area: Area, lang: str) -> list[tuple[Indicator, Figure]]:
    """Draw the measures that say most over time: the headlines', those of goals, then the longest; a theme's first first."""
    pack = statements.pack
    pen = Pen(lang, "web", NARROW)
    goals = {i for goal in pack.goals for i in goal.indicators}
    known = [i for i in parts.known_indicators(statements, area) if len(statements.periods_of(area.id, i.id)) > 2]
    known.sort(key=lambda i: (i.id not in pack.info.headline, i.id not in goals, i.order, i.id))
    first = {i.theme: i for i in reversed(known)}.values()
    found: list[tuple[Indicator, Figure]] = []
    for indicator in dict.fromkeys((*(i for i in known if i in first), *known)):
        figure = parts.move(statements, [area], indicator, pen) if len(found) < CHARTS else None
        if figure is not None:
            found.append((indicator, figure))
    return found


def _moves(embeds: Embeds, area: Area, charts: Sequence[tuple[Indicator, Figure]]) -> str:
    lang = embeds.place.lang
    if not charts:
        return paragraphs([t("report.moves_none", lang)])
    drawn = (
        html.figure(figure, embeds.snippet(addresses.area_chart(area.id, indicator.id, lang), figure.title, figure.alt))
        for indicator, figure in charts
    )
    return f"<div class=beside>{''.join(drawn)}</div>"


def _to_embed(statements: Statements, embeds: Embeds, area: Area, charts: Sequence[Indicator]) -> Iterator[File]:
    """Give the page's charts so that each stands alone, named after the area."""
    pen = embed.pen(embeds.place.lang)
    drawn = {i.id: parts.move(statements, [area], i, pen) for i in charts}
    ages = parts.ages(statements, area, pen)
    drawn[parts.AGES] = ages and replace(ages, unit=t("site.ages_what", pen.lang))
    for id_, figure in drawn.items():
        if figure is not None:
            yield embeds.file(addresses.area_chart(area.id, id_, pen.lang), figure, f"{area.name}: {figure.title}")


def _ages(embeds: Embeds, area: Area, figure: Figure) -> str:
    chart, lang = figure.chart, embeds.place.lang
    rows = [
        (age, *(words.with_unit(words.number(values.values[n], 1, lang), "%") for values in chart.series))
        for n, age in enumerate(chart.categories)
    ]
    names = (t("column.age", lang), *(values.name for values in chart.series))
    table = html.table(Table(figure.title, names, tuple(rows), numeric=(1, 2)))
    snippet = embeds.snippet(addresses.area_chart(area.id, parts.AGES, lang), figure.title, figure.alt)
    picture = html.figure(replace(figure, title=t("site.ages_what", lang)), snippet)
    return f"<div class=half>{picture}{folded(t('area.ages_table', lang), table)}</div>"


def _peers(statements: Statements, area: Area, place: Place) -> str:
    """Name the areas that are most alike, with the measures in which they are."""
    lang, pack = place.lang, statements.pack
    found = peers.of(statements, area.id, "")
    if found is None or not found.peers:
        return ""
    years = {i: statements.latest(i, area.level) for i in found.variables}
    named = [f"{pack.indicators[i].title.get(lang).lower()} ({words.period(p, lang)})" for i, p in years.items()]
    by = t("peers.by", lang, variables=words.listing(named, lang), level=words.level(area.level, lang, "all"))
    rows, shown = [], []
    for peer in found.peers:
        pairs = [tuple(statements.get(a, i, years[i]) for a in (area.id, peer.area)) for i in peer.closest]
        shown += [s for pair in pairs for s in pair]
        name = Link(pack.areas[peer.area].name, place.to(f"omrade/{peer.area}"))
        ratio = words.number(peer.distance / found.typical if found.typical else 0.0, 2, lang)
        near = t(f"peers.{peers.nearness(peer, found.typical)}", lang, ratio=ratio)
        rows.append((name, near, "; ".join(_pair(*pair, lang) for pair in pairs)))
    columns = (t("column.area_name", lang), t("peers.column_near", lang), t("peers.column_alike", lang))
    notes = (t("peers.near_note", lang), source_line(shown, lang))
    caption = t("peers.table", lang, area=area.name)
    return paragraphs([by]) + html.table(Table(caption, columns, tuple(rows), wide=(2,), notes=notes, rests_on=tuple(shown)))


def _pair(own: Statement, other: Statement, lang: str) -> str:
    values = {"own": words.marked(own, lang), "other": words.marked(other, lang)}
    return t("peers.pair", lang, title=own.indicator.title.get(lang), **values)


def _initiatives(statements: Statements, area: Area, place: Place) -> str:
    table = parts.initiatives(statements, area, place.lang)
    if table is None:
        return ""
    found = parts.initiatives_of(statements, area.id)
    rows = [
        (Link(row[0], place.to("insatser") + f"#{e.id}"), *row[1:-1], Link(row[-1], e.source_url))
        for e, row in zip(found, table.rows, strict=True)
    ]
    return html.table(replace(table, rows=tuple(rows)))


def _table(table: Table | None, lang: str) -> str:
    return html.table(table) if table else ""


def _downloads(area: Area, place: Place) -> str:
    items = [
        (place.file(path), t(f"site.file_{ending}", place.lang))
        for ending, path in addresses.offered("omrade", area.id, place.lang).items()
    ]
    return links(items) + paragraphs([t("card.download_note", place.lang)], "note")


def _figures_script(statements: Statements, area: Area, lang: str) -> bytes:
    """Write an area's figures for the page that compares areas: a script, so that it is read from a disk too.

    An area has its newest figures and the basic areas that it is made of; the city all years, to stand beside any of them.
    """
    pack, figures = statements.pack, {}
    whole = area.id == pack.info.city
    for i in parts.known_indicators(statements, area):
        own = [statements.get(area.id, i.id, p) for p in statements.periods_of(area.id, i.id)] if whole else [statements.latest_of(area.id, i.id)]
        figures[i.id] = [[words.marked(s, lang), words.period(s.period, lang), words.comparison(s, lang, short=True)] for s in own]
    made_of = [] if whole else members_of(area, pack) or [area.id]
    return script("area", {"id": area.id, "name": area.name, "parts": made_of, "figures": figures})


def script(name: str, document: object) -> bytes:
    """Write data as a call of the edition's own script; nothing in it can end a script element."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
    return f"omradesbild.{name}({text})\n".encode()


@lru_cache(maxsize=8)
def by_level(statements: Statements) -> dict[Level, tuple[Area, ...]]:
    """Return all areas by level, each in the order of the alphabet."""
    areas = statements.pack.areas.values()
    return {
        level: tuple(sorted((a for a in areas if a.level is level), key=lambda a: swedish_key(a.name)))
        for level in Level
        if any(a.level is level for a in areas)
    }
