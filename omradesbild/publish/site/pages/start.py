"""The start page – the city's map, the finder and the city in short – and the page that sets areas side by side."""

from __future__ import annotations

from html import escape

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.find import fold
from omradesbild.model import Area, Indicator, Level, Theme
from omradesbild.publish import html
from omradesbild.publish.document import Link, Table
from omradesbild.publish.parts import area as parts
from omradesbild.publish.parts.pen import source_line
from omradesbild.publish.shapes import Shapes
from omradesbild.publish.site import addresses
from omradesbild.publish.site.file import File
from omradesbild.publish.site.pages import indicator as indicators
from omradesbild.publish.site.pages.area import by_level
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, links, paragraphs, section, written
from omradesbild.publish.summary import area_sentences
from omradesbild.words import t

#: The order in which a reader looks for an area: names of every day first.
LEVELS = (Level.NAMED, Level.CITY_AREA, Level.REGSO, Level.SUBAREA, Level.DISTRICT, Level.KOMMUN)


def start(statements: Statements, shapes: Shapes, settings: Settings, lang: str) -> File:
    """Give the start page."""
    place, pack = Place("", lang), statements.pack
    city = pack.areas[pack.info.city]
    number = words.count(len(by_level(statements)[pack.info.base_level]), lang)
    title = t("overview.title", lang, city=city.name)
    description = t("site.start_lead", lang, city=city.name, areas=number)
    shown = first_mapped(statements)
    said = "".join(f"<li>{escape(s.text)}</li>" for s in area_sentences(statements, city.id, lang))
    body = (
        paragraphs([description], "lead")
        + "<div class=front>"
        + section("hitta", t("site.find", lang), _finder(statements, place))
        + section("karta", t("nav.karta", lang), _map(statements, shapes, shown, place) if shown else "")
        + section("korthet", t("overview.in_short", lang), f"<ul>{said}</ul>" if said else "")
        + section("matt", t("site.headline", lang), _measures(statements, place))
        + "</div>"
    )
    return written(Page(place, title, description, body, addresses.area_picture(city.id, lang)), pack, settings)


def first_mapped(statements: Statements) -> Indicator | None:
    """Return what the map shows at first: the first headline with a judgement that has one, else any with a map."""
    pack = statements.pack
    headline = [pack.indicators[i] for i in pack.info.headline]
    headline.sort(key=lambda i: i.direction == "none")
    return next((i for i in (*headline, *pack.indicators.values()) if indicators.mapped(statements, i)), None)


def _map(statements: Statements, shapes: Shapes, shown: Indicator, place: Place) -> str:
    """Write the map with the lists that a script needs: measures, years, and which area each shape is."""
    lang = place.lang
    options = "".join(
        f'<option value="{escape(i.id)}"{" selected" if i is shown else ""}>{escape(i.title.get(lang))}</option>'
        for i in statements.pack.indicators.values()
        if indicators.mapped(statements, i)
    )
    measure = f'<label>{t("control.indicator", lang)}<select id=measure>{options}</select></label>'
    below = place.link(f"indikator/{shown.id}", t("site.map_more", lang, title=shown.title.get(lang)))
    return f"{indicators.map_figure(statements, shapes, shown, place, measure)}<p class=more>{below}</p>"


def _finder(statements: Statements, place: Place) -> str:
    """Write all areas by the alphabet, each with its other names; a script adds a box that narrows the list."""
    lang, groups = place.lang, []
    found = by_level(statements)
    for level in (level for level in LEVELS if level in found):
        rows = "".join(_entry(area, place) for area in found[level])
        groups.append(f"<details{' open' if level is Level.NAMED else ''}><summary>{words.level(level, lang, 'title')} ({len(found[level])})</summary><ul class=list>{rows}</ul></details>")
    box = (
        f'<div class=tools><label>{t("site.find_label", lang)}<input id=find type=search autocomplete=off></label></div>'
        f'<p id=found role=status class=note data-none="{t("site.find_none", lang)}" data-some="{t("site.find_some", lang)}"></p>'
    )
    return f"<div class=finder>{box}{''.join(groups)}</div>"


def _entry(area: Area, place: Place) -> str:
    """Write an area; the words that it can be found by go along where they are not in its name."""
    own = set(fold(area.name))
    more = sorted({word for alias in area.aliases for word in fold(alias)} - own)
    also = f' data-also="{" ".join(more)}"' if more else ""
    return f"<li{also}>{place.link(f'omrade/{area.id}', area.name)}</li>"


def _measures(statements: Statements, place: Place) -> str:
    pack = statements.pack
    ids = [i for i in pack.info.headline if statements.periods(i)]
    items = [(place.to(f"indikator/{i}"), pack.indicators[i].title.get(place.lang)) for i in ids]
    return links([*items, (place.to("indikator"), t("site.indicators", place.lang))])


def compare(statements: Statements, settings: Settings, lang: str) -> File:
    """Give the page that sets areas side by side: a table of the areas of every day, and with a script any six."""
    place, pack = Place("jamfor", lang), statements.pack
    level = Level.NAMED if Level.NAMED in by_level(statements) else pack.info.base_level
    areas = by_level(statements).get(level, ())
    headline = [pack.indicators[i] for i in pack.info.headline] or list(pack.indicators.values())[:5]
    shown = [i for i in headline if statements.periods(i.id, level)]
    body = (
        paragraphs([t("site.compare_lead", lang)], "lead")
        + _chooser(statements, place)
        + section("tabell", words.level(level, lang, "title"), _side_by_side(statements, areas, shown, place))
        + paragraphs([t("site.compare_how", lang), t("area.key_note", lang)], "note")
    )
    return written(Page(place, t("compare.title", lang), t("site.compare_lead", lang), body), pack, settings)


def _chooser(statements: Statements, place: Place) -> str:
    """Write what the script fills: the box to choose areas in, what it says, and the measures that it has rows for."""
    lang, found = place.lang, by_level(statements)
    options = "".join(
        f'<optgroup label="{words.level(level, lang, "title")}">'
        + "".join(f'<option value="{escape(a.id)}">{escape(a.name)}</option>' for a in found[level])
        + "</optgroup>"
        for level in LEVELS
        if level in found and level is not Level.KOMMUN
    )
    measures = [i for i in statements.pack.indicators.values() if i.id != parts.AGES]
    rows = "".join(_theme(theme, own, place) for theme in Theme if (own := [i for i in measures if i.theme == theme]))
    name, number = "{name}", "{number}"
    said = {
        "root": place.to("omrade/X").removesuffix("X/index.html"),
        "city": statements.pack.info.city,
        "remove": t("site.remove", lang),
        "overlap": t("compare.overlap", lang, one="{one}", other="{other}"),
        "added": t("site.compare_added", lang, name=name, number=number),
        "removed": t("site.compare_removed", lang, name=name, number=number),
        "twice": t("site.compare_twice", lang, name=name),
        "unknown": t("site.compare_unknown", lang, name=name),
        "full": t("site.compare_full", lang),
        "none": t("site.compare_none", lang),
        "failed": t("site.compare_failed", lang),
    }
    data = " ".join(f'data-{key}="{escape(text)}"' for key, text in said.items())
    return (
        f"<section id=choose {data}><h2>{t('site.compare_choose', lang)}</h2><div class=tools><label>{t('site.add_area', lang)}"
        f"<select id=add><option value=''>{t('control.choose', lang)}</option>{options}</select></label>"
        f"<button id=adds type=button>{t('site.compare_add', lang)}</button></div>"
        f"<p id=told role=status></p><p id=chosen class=tools></p><p id=overlaps class=note></p>"
        f"<p id=wide class=note hidden>{t('site.compare_wide', lang)}</p>"
        f'<div class=scroll tabindex=0 role=region aria-label="{t("site.compare_chosen", lang)}" hidden>'
        f"<table><caption>{t('site.compare_chosen', lang)}</caption>"
        f"<thead><tr><th scope=col>{t('column.title', lang)}</th></tr></thead>{rows}</table></div>"
        f"<p id=marks class=note hidden>{t('site.compare_marks', lang)} {place.link('om', t('site.menu_om', lang))}</p></section>"
    )


def _theme(theme: Theme, own: list[Indicator], place: Place) -> str:
    """Write the rows of a theme's measures, which the script fills."""
    heading = f"<tr><th class=section scope=rowgroup><span>{t(f'theme.{theme}', place.lang)}</span></th></tr>"
    rows = (
        f'<tr data-id="{escape(i.id)}"><th scope=row>{place.link(f"indikator/{i.id}", words.title(i, i.default_group, place.lang))}<br><small></small></th></tr>'
        for i in own
    )
    return f"<tbody>{heading}{''.join(rows)}</tbody>"


def _side_by_side(statements: Statements, areas: tuple[Area, ...], shown: list[Indicator], place: Place) -> str:
    lang, pack, figures = place.lang, statements.pack, []
    periods = {i.id: statements.latest(i.id, areas[0].level) for i in shown} if areas else {}
    rows = []
    for area in (pack.areas[pack.info.city], *areas):
        own = [statements.get(area.id, i.id, periods[i.id]) for i in shown if i.id in periods]
        figures += [s for s in own if s is not None]
        cells = (words.marked(s, lang) + _compared(s, lang) if s is not None else "-" for s in own)
        rows.append((Link(area.name, place.to(f"omrade/{area.id}")), *cells))
    names = (f"{words.title(i, i.default_group, lang)}, {words.period(periods[i.id], lang)}" for i in shown if i.id in periods)
    columns = (t("column.area_name", lang), *names)
    table = Table(
        t("site.compare_caption", lang), columns, tuple(rows), numeric=tuple(range(1, len(columns))), emphasised=1,
        notes=(source_line(figures, lang),), rests_on=tuple(figures),
    )  # fmt: skip
    return html.table(table) if areas else ""


def _compared(s, lang: str) -> str:
    said = words.comparison(s, lang, short=True)
    return f"\n{said}" if said else ""
