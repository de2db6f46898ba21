"""The page of an indicator: map, all areas in order with their intervals, the city over time, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from omradesbild import words
from omradesbild.analyse.statements import ORDERED, Statement, Statements
from omradesbild.model import Area, Direction, Indicator, Kind, Level
from omradesbild.publish import choropleth, html, style
from omradesbild.publish.document import Figure, Link, Paragraph, Table
from omradesbild.publish.draw import draw_svg
from omradesbild.publish.figures.ranking import ranking
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts import gap
from omradesbild.publish.parts.pen import Pen, caption, framed, source_line
from omradesbild.publish.picture import Picture
from omradesbild.publish.shapes import Shapes
from omradesbild.publish.site import addresses, embed, maps
from omradesbild.publish.site.embed import Embeds
from omradesbild.publish.site.file import File
from omradesbild.publish.site.pages.area import script
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, contents, links, paragraphs, section, written
from omradesbild.words import t

#: With more areas than this the order is drawn closely, without names; the table has them.
NAMED = 60
#: The width of a ranking in its own units: half a page, or all of a telephone.
RANKED = 400
#: The width of the city's line over time: what half a page has room for.
HALF = 540


def files(
    statements: Statements, shapes: Shapes, settings: Settings, indicator: Indicator, lang: str
) -> Iterator[File]:
    """Give an indicator's page and the figures of its map in all years."""
    place = Place(f"indikator/{indicator.id}", lang)
    title = indicator.title.get(lang)
    description = f"{title}: {indicator.definition.get(lang)}"
    body = _body(statements, shapes, settings, indicator, place)
    yield written(Page(place, title, description, body), statements.pack, settings)
    if mapped(statements, indicator):
        content = script("map", map_figures(statements, shapes, indicator, lang))
        yield File(addresses.map_figures(indicator.id, lang), content)
    yield from _to_embed(statements, shapes, Embeds(settings, statements.pack, place), indicator)


def _to_embed(statements: Statements, shapes: Shapes, embeds: Embeds, indicator: Indicator) -> Iterator[File]:
    """Give the page's pictures so that each stands alone."""
    pen = embed.pen(embeds.place.lang)
    period = mapped(statements, indicator)
    if period is not None:
        picture = picture_of(statements, indicator, period, pen.lang)
        credit = " · ".join(filter(None, [picture.attribution, embeds.made()]))
        drawn = draw_svg(shapes, replace(picture, attribution=credit)).encode("utf-8")
        yield File(addresses.indicator_chart(indicator.id, "karta", pen.lang), drawn)
    ranked = _ranked(statements, indicator)
    figures = [(f"omraden-{v}", words.level(v, pen.lang, "title"), _order(statements, indicator, v, pen)) for v in ranked]
    apart = (block for block in gap.between_areas(statements, indicator, pen) if isinstance(block, Figure))
    figures += [("klyfta", _apart(indicator, pen.lang), figure) for figure in apart]
    city = statements.pack.areas[statements.pack.info.city]
    figures.append(("over-tid", city.name, _city(statements, indicator, pen)))
    for name, what, figure in figures:
        if figure is not None:
            yield embeds.file(addresses.indicator_chart(indicator.id, name, pen.lang), figure, f"{figure.title}. {what}")


def _ranked(statements: Statements, indicator: Indicator) -> list[Level]:
    """Return the levels below the city's that have figures, in order of display."""
    known = statements.levels(indicator.id)
    return [level for level in Level if level.value in known and level is not Level.KOMMUN]


def _city(statements: Statements, indicator: Indicator, pen: Pen) -> Figure | None:
    """Draw the whole city over time."""
    return parts.move(statements, [statements.pack.areas[statements.pack.info.city]], indicator, pen)


def _apart(indicator: Indicator, lang: str) -> str:
    """Head the part about how far apart areas are."""
    return t("gap.title_plain" if indicator.direction is Direction.NONE else "gap.title", lang)


def mapped(statements: Statements, indicator: Indicator) -> str | None:
    """Return the newest period that a map can show; None where there is none."""
    return statements.latest(indicator.id, statements.pack.info.base_level) if indicator.mapped else None


def _body(statements: Statements, shapes: Shapes, settings: Settings, indicator: Indicator, place: Place) -> str:
    lang, ranked = place.lang, _ranked(statements, indicator)
    embeds = Embeds(settings, statements.pack, place)
    listed = [
        ("karta", t("nav.karta", lang), _map(statements, shapes, embeds, indicator)),
        *((f"omraden-{level}", words.level(level, lang, "title"), _areas(statements, embeds, indicator, level)) for level in ranked),
        ("klyfta", _apart(indicator, lang), _gap(statements, embeds, indicator)),
        ("over-tid", t("site.city_over_time", lang), _over_time(statements, embeds, indicator)),
        ("om", t("card.om", lang), about(statements, indicator, lang)),
        ("brott", t("data.breaks", lang), breaks(statements, indicator, lang)),
        ("hamta", t("site.files", lang), _downloads(indicator, place)),
    ]
    shown = [part for part in listed if part[2]]
    unit = f"{indicator.unit.get(lang)}. {indicator.definition.get(lang)}"
    only = "" if ranked else paragraphs([t("site.only_city", lang)])
    head = paragraphs([words.capital(unit)], "lead") + only
    return head + contents([(i, heading) for i, heading, _ in shown], lang) + "".join(section(*p) for p in shown)


def _map(statements: Statements, shapes: Shapes, embeds: Embeds, indicator: Indicator) -> str:
    place = embeds.place
    period = mapped(statements, indicator)
    if period is None:
        return ""
    said = picture_of(statements, indicator, period, place.lang).summary
    file = addresses.indicator_chart(indicator.id, "karta", place.lang)
    return map_figure(statements, shapes, indicator, place) + embeds.snippet(file, indicator.title.get(place.lang), said)


def picture_of(statements: Statements, indicator: Indicator, period: str, lang: str) -> Picture:
    """Return what the map of a period shows."""
    return choropleth.picture(statements, indicator, period, indicator.default_group, lang=lang)


def map_figure(statements: Statements, shapes: Shapes, indicator: Indicator, place: Place, tools: str = "") -> str:
    """Write the map of the newest year with its title, what it says and its source; a script adds the other years.

    `tools` stand before the list of years, which the stylesheet hides where no script runs.
    """
    lang, periods = place.lang, statements.periods(indicator.id, statements.pack.info.base_level)[::-1]
    years = "".join(f'<option value="{period}">{words.period(period, lang)}</option>' for period in periods)
    choice = f'<div class=tools>{tools}<label>{t("control.period", lang)}<select id=period>{years}</select></label></div>'
    picture = picture_of(statements, indicator, mapped(statements, indicator), lang)
    source = " ".join(filter(None, [picture.source, picture.attribution]))
    return (
        f'{choice}<figure class=mapped data-indicator="{escape(indicator.id)}"><figcaption><b>{escape(picture.title)}</b>'
        f"<p class=unit>{escape(picture.unit)}</p></figcaption>{maps.city_map(shapes, picture, place)}"
        f"<p class=says role=status>{escape(picture.summary)}</p><p class=source>{escape(source)}</p></figure>"
    )


def map_figures(statements: Statements, shapes: Shapes, indicator: Indicator, lang: str) -> dict[str, object]:
    """Return classes and written figures of every basic area, in the order of `shapes`, year by year."""
    ids = [a.id for a in shapes.areas]
    periods = []
    for period in statements.periods(indicator.id, statements.pack.info.base_level):
        picture = picture_of(statements, indicator, period, lang)
        legend = list(zip(picture.legend.codes, picture.legend.labels, strict=True))
        legend += [key for key in picture.keys(shapes) if key[0] in style.SPECIAL]
        periods.append(
            {
                "period": period,
                "said": words.period(period, lang),
                "title": picture.title,
                "unit": picture.unit,
                "summary": picture.summary,
                "source": " ".join(filter(None, [picture.source, picture.attribution])),
                "codes": "".join(picture.code(i) for i in ids),
                "texts": [picture.texts.get(i, "") for i in ids],
                "legend": [[maps.NAMES[code], label] for code, label in legend],
            }
        )
    more = t("site.map_more", lang, title=indicator.title.get(lang))
    areas = [[a.id, a.name] for a in shapes.areas]
    return {"indicator": indicator.id, "areas": areas, "names": [*maps.NAMES.items()], "more": more, "periods": periods[::-1]}


def _newest(statements: Statements, indicator: Indicator, level: Level) -> list[Statement]:
    """Return the figures of a level's newest year, the highest first where there is an order."""
    period = statements.latest(indicator.id, level)
    areas = (a for a in statements.pack.areas.values() if a.level is level)
    figures = [s for a in areas if (s := statements.get(a.id, indicator.id, period)) is not None]
    if indicator.kind in ORDERED:
        figures.sort(key=lambda s: (s.value is None, -(s.value or 0.0), s.area.id))
    return figures


def _titled(statements: Statements, indicator: Indicator, level: Level, lang: str) -> str:
    """Name an indicator and the newest year of a level."""
    period = words.period(statements.latest(indicator.id, level), lang)
    return f"{words.title(indicator, indicator.default_group, lang)}, {period}"


def _order(statements: Statements, indicator: Indicator, level: Level, pen: Pen) -> Figure | None:
    """Draw all areas of a level in order; None where there is no order."""
    pack, figures = statements.pack, _newest(statements, indicator, level)
    if indicator.kind not in ORDERED or all(s.value is None for s in figures):
        return None
    title = _titled(statements, indicator, level, pen.lang)
    around = caption(title, t("site.ranking_alt", pen.lang, title=title), figures, pen, demonstration=pack.info.demonstration)
    city = statements.get(pack.info.city, indicator.id, statements.latest(indicator.id, level))
    drawn = pen.draw(lambda setting: ranking(figures, city, around, setting, compact=len(figures) > NAMED), "ranking", level)
    return framed(drawn, around)


def _areas(statements: Statements, embeds: Embeds, indicator: Indicator, level: Level) -> str:
    """Show the newest year of all areas of a level: drawn in order, and as a table."""
    place, pack = embeds.place, statements.pack
    lang, figures = place.lang, _newest(statements, indicator, level)
    drawn = _embedded(embeds, indicator, f"omraden-{level}", words.level(level, lang, "title"), _order(statements, indicator, level, Pen(lang, "web", RANKED)))
    city = statements.get(pack.info.city, indicator.id, statements.latest(indicator.id, level))
    first = [] if city is None or indicator.kind is Kind.COUNT else [city]
    spans = any(words.interval(s, lang) for s in (*first, *figures))
    rows = tuple(_row(s, place, spans) for s in (*first, *figures))
    columns = tuple(t(f"column.{c}", lang) for c in ("area_name", "value", "comparison", *(["interval"] if spans else [])))
    table = Table(
        f"{_titled(statements, indicator, level, lang)}. {words.level(level, lang, 'title')}", columns, rows,
        numeric=(1, 3) if spans else (1,), wide=(0,), emphasised=len(first),
        notes=(t("area.key_note", lang), source_line((*first, *figures), lang)), rests_on=(*first, *figures),
    )  # fmt: skip
    return drawn + html.table(table)


def _embedded(embeds: Embeds, indicator: Indicator, name: str, what: str, figure: Figure | None) -> str:
    """Write a picture with what others need to show it; `what` tells it from the others of the page."""
    if figure is None:
        return ""
    file = addresses.indicator_chart(indicator.id, name, embeds.place.lang)
    return html.figure(figure, embeds.snippet(file, f"{figure.title}. {what}", figure.alt))


def _row(s: Statement, place: Place, spans: bool) -> tuple[str, ...]:
    lang = place.lang
    said = words.comparison(s, lang, short=True) if s.value is not None else words.missing_words(s, lang)
    name = Link(s.area.name, place.to(f"omrade/{s.area.id}"))
    return name, words.marked(s, lang), said, *([words.interval(s, lang)] if spans else [])


def _gap(statements: Statements, embeds: Embeds, indicator: Indicator) -> str:
    """Show how far apart areas are: in words, and the picture beside its table."""
    lang = embeds.place.lang
    blocks = gap.between_areas(statements, indicator, Pen(lang, "web", RANKED))
    said = [block for block in blocks if isinstance(block, Paragraph)]
    drawn = "".join(_embedded(embeds, indicator, "klyfta", _apart(indicator, lang), block) for block in blocks if isinstance(block, Figure))
    shown = "".join(html.table(block) for block in blocks if isinstance(block, Table))
    return f"{html.to_html(said, lang)}{_halves(drawn, shown)}" if blocks else ""


def _halves(drawn: str, shown: str) -> str:
    """Set a picture beside its table, where there is room."""
    return f"<div class=half>{drawn}<div>{shown}</div></div>"


def _over_time(statements: Statements, embeds: Embeds, indicator: Indicator) -> str:
    """Show the city's way: drawn where there are years enough, and as a table."""
    city, lang = statements.pack.info.city, embeds.place.lang
    points = [s for segment in statements.series(city, indicator.id) for s in segment.points]
    if not points:
        return ""
    drawn = _embedded(embeds, indicator, "over-tid", t("site.city_over_time", lang), _city(statements, indicator, Pen(lang, "web", HALF)))
    columns = tuple(t(f"column.{c}", lang) for c in ("period", "value", "flag"))
    rows = tuple(
        (words.period(s.period, lang), words.figure(s, lang), "; ".join(words.remarks(s, lang))) for s in points[::-1]
    )
    title = f"{words.title(indicator, indicator.default_group, lang)}. {t('site.city_over_time', lang)}"
    table = Table(title, columns, rows, numeric=(1,), wide=(2,), notes=(source_line(points, lang),), rests_on=tuple(points))
    return _halves(drawn, html.table(table))


def about(statements: Statements, indicator: Indicator, lang: str) -> str:
    """Say what a figure means, what it leaves out and where it comes from."""
    facts: list[tuple[str, str]] = []
    for name in ("definition", "not_covered", "processing"):
        text = getattr(indicator, name)
        facts += [(t(f"about.{name}", lang), text.get(lang))] if text is not None else []
    if indicator.addable and indicator.numerator and indicator.denominator:
        facts.append((t("about.formula", lang), f"{indicator.numerator.get(lang)} / {indicator.denominator.get(lang)}"))
    facts.append((t("about.direction", lang), t(f"direction.{indicator.direction}", lang)))
    for source in statements.sources(indicator.id):
        if source.noise is not None:
            noise = source.noise
            said = t("about.noise_text", lang, first=noise.first, assumption=noise.assumption.get(lang))
            facts.append((t("about.noise", lang), said))
        named = f"{source.publisher}: {source.title}"
        named += f", {source.table}" if source.table and source.table.lower() not in named.lower() else ""
        more = [t("about.retrieved", lang, date=source.retrieved), source.licence]
        more += [t("about.via", lang, via=source.via)] if source.via else []
        facts.append((t("about.source", lang), Link(f"{named}. {'. '.join(more)}.", source.url)))
    return html.facts(facts)


def breaks(statements: Statements, indicator: Indicator, lang: str) -> str:
    """Set out where the indicator's series are broken."""
    pack = statements.pack
    found = [b for b in pack.breaks if not b.indicators or indicator.id in b.indicators]
    rows = tuple((b.period, b.text.get(lang), _named(b.areas, pack.areas, lang)) for b in found)
    columns = tuple(t(f"column.{c}", lang) for c in ("period", "what", "where"))
    return html.table(Table(t("data.breaks", lang), columns, rows, wide=(1,))) if rows else ""


def _named(ids: Sequence[str], areas: dict[str, Area], lang: str) -> str:
    return words.listing([areas[a].name for a in ids], lang) if ids else t("data.all_areas", lang)


def _downloads(indicator: Indicator, place: Place) -> str:
    items = [
        (place.file(path), t(f"site.file_{ending}", place.lang))
        for ending, path in addresses.offered("indikator", indicator.id, place.lang).items()
    ]
    return links(items)


def index(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the list of all indicators, subject by subject."""
    place, pack = Place("indikator", lang), statements.pack
    body = []
    for theme in dict.fromkeys(i.theme for i in pack.indicators.values()):
        rows = []
        for i in (i for i in pack.indicators.values() if i.theme == theme):
            periods = statements.periods(i.id)
            ends = [words.period(p, lang) for p in dict.fromkeys((periods[0], periods[-1]))] if periods else ["–"]
            levels = ", ".join(words.level(level, lang, "many") for level in statements.levels(i.id))
            rows.append((Link(i.title.get(lang), place.to(f"indikator/{i.id}")), "–".join(ends), levels))
        columns = tuple(t(f"column.{c}", lang) for c in ("title", "period", "levels"))
        heading = t(f"theme.{theme}", lang)
        body.append(section(f"tema-{theme}", heading, html.table(replace(Table(heading, columns, tuple(rows)), wide=(0, 2)))))
    page = Page(place, t("site.indicators", lang), t("site.indicators_lead", lang), "".join(body))
    return written(replace(page, body=paragraphs([page.description], "lead") + page.body), pack, settings)
