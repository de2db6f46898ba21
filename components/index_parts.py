"""The parts of the page about the city's own index: weights, what is sure, the table, the map, the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from components import controls, maps, tables
from components.cards import XLSX
from components.engine import engine, for_later
from components.state import choose, lang, restart
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import city_index
from omradesbild.analyse.city_index import BANDS, FIRM, CityIndex
from omradesbild.link import MAX_WEIGHT, SORTINGS, View
from omradesbild.model import Level
from omradesbild.publish import index_table, style
from omradesbild.publish import tables as files
from omradesbild.publish.index_map import picture
from omradesbild.words import t

BAR_WIDTH = 180  # pixels
COLUMNS_OF_WEIGHTS = 2
FIRST_WEIGHT = 1  # of a measure that a reader adds


def weights(view: View) -> View:
    """Let the reader choose measures and how much each weighs; at first those of the pack."""
    statements = engine().statements
    offered = city_index.choices(statements, view.level)
    usual = city_index.usual(statements, view.level)
    given = {i: w for i, w in view.weights if i in offered} or dict(usual) or dict.fromkeys([*offered][:1], 1)
    st.html(f'<p class="ob-lead">{markup(t("index.weights_help", lang(), most=MAX_WEIGHT))}</p>')
    lost = [engine().pack.indicators[i].title.get(lang()) for i, _ in view.weights if i not in offered]
    if lost:
        st.info(t("index.not_offered", lang(), titles=words.listing(lost, lang())))
    chosen = st.multiselect(
        t("index.measures", lang()),
        list(offered),
        format_func=lambda i: controls.indicator_label(offered[i].indicator),
        key=choose(f"vikter_{view.level}", list(given)),
        placeholder=t("control.choose", lang()),
        select_all=False,
    )
    count = sum(area.level == view.level for area in engine().pack.areas.values())
    result = []
    for left in range(0, len(chosen), COLUMNS_OF_WEIGHTS):
        row = chosen[left : left + COLUMNS_OF_WEIGHTS]
        for name, place in zip(row, st.columns(COLUMNS_OF_WEIGHTS, gap="large"), strict=False):
            choice = offered[name]
            title = words.title(choice.indicator, choice.indicator.default_group, lang())
            period = words.period(choice.period, lang())
            label = t("index.weight", lang(), title=title, period=period, known=choice.known, count=count)
            key = choose(f"vikt_{name}", given.get(name, FIRST_WEIGHT))
            result.append((name, place.slider(label, 0, MAX_WEIGHT, key=key)))
    if tuple(result) != usual and usual and st.button(t("index.reset", lang())):
        for name in (f"vikter_{view.level}", *(f"vikt_{i}" for i in offered)):
            controls.forget(name)
        restart(view, weights=usual)
    return replace(view, weights=tuple(result))


def said(found: CityIndex) -> None:
    """Say in words who is surely among the highest, how firm that is, and what must be known before use."""
    result = found.index
    names = [_name(a) for a in found.order if found.band[a] == "clear"]
    top = words.listing(names, lang()) or t("index.nobody", lang())
    lines = [t("index.top", lang(), worst=result.worst, names=top)]
    numbers = {"chance": found.by_chance, "weights": found.by_weights, "worst": result.worst}
    share = words.number(100 * FIRM, 0, lang())
    draws = words.number(result.draws, 0, lang())
    lines.append(t(f"index.firm_{found.firmness}", lang()) + " " + t("index.firm", lang(), share=share, draws=draws, **numbers))
    countless = result.reliability.index[result.reliability.isna()]
    if len(countless):
        titles = words.listing([index_table.title_of(i, found, lang()) for i in countless], lang())
        lines.append(t("index.no_chance", lang(), titles=titles))
    if len(found.choices) == 1:
        lines.append(t("index.alone", lang()))
    years = sorted({c.period for c in found.choices})
    if len(years) > 1:
        lines.append(t("index.mixed_years", lang(), years=words.listing([words.period(y, lang()) for y in years], lang())))
    if found.level == Level.NAMED:
        lines.append(t("index.overlap", lang()))
    lines.append(t("index.caution", lang()))
    st.html("".join(f'<p class="ob-lead">{markup(line)}</p>' for line in lines))


def order(view: View) -> View:
    """Let the reader choose the order of the table."""
    labels = {o: t(f"index.order_{o}", lang()) for o in SORTINGS}
    chosen = controls.one_of(t("index.order", lang()), "rader", list(labels), view.sorting, labels.get)
    return replace(view, sorting=chosen)


def table(found: CityIndex, by: str) -> None:
    """Show every area with its index, where its place can be, and what each measure adds.

    By index the areas stand in bands, because neighbours in the order cannot be told apart.
    """
    result = found.index
    titles = [index_table.title_of(c.indicator.id, found, lang()) for c in found.choices]
    span = _span(result.contributions.dropna().to_numpy().tolist())
    ordered: list = []  # areas, and headings between them
    if by == "index":
        for band in BANDS:
            own = [a for a in found.order if found.band[a] == band]
            if own:
                said_of = t(f"index.band_{band}", lang(), worst=result.worst)
                ordered += [tables.Section(t("index.section", lang(), band=said_of, number=len(own))), *own]
    elif by == "vikter":
        ordered = list(result.among_worst[found.order].sort_values(ascending=False, kind="stable").index)
    else:
        ordered = [a for a in engine().pack.areas if a in found.band.index]
    rows = [a if isinstance(a, tables.Section) else _row(a, found, span) for a in tables.first(ordered)]
    columns = [
        t("column.area_name", lang()),
        t("index.column_place_interval", lang()),
        t("index.column_among", lang(), worst=result.worst),
        t("index.column_index", lang()),
        t("index.column_bar", lang()),
        *titles,
    ]
    numeric = (1, 2, 3, *range(5, len(columns)))
    st.html(legend(titles) + f'<p class="ob-note">{markup(t("index.table_note", lang(), worst=result.worst))}</p>')
    tables.show(t("index.table", lang()), columns, rows, numeric=numeric, caption_hidden=True, of=len(found.order))
    source = index_table.source(engine().statements, found, lang())
    st.html(f'<p class="ob-source">{markup(source)}</p>{_left_out(found)}')


def _row(area: str, found: CityIndex, span: tuple[float, float]) -> list:
    result = found.index
    low, high = int(result.rank_low[area]), int(result.rank_high[area])
    place = words.number(low, 0, lang()) if low == high else t("number.interval", lang(), low=low, high=high)
    parts = result.contributions.loc[area].tolist()
    return [
        _name(area),
        place,
        words.with_unit(words.number(100 * result.among_worst[area], 0, lang()), "%"),
        words.number(result.value[area], 2, lang()),
        Html(bar(parts, span)),
        *(words.number(p, 2, lang()) for p in parts),
    ]


def _name(area: str) -> str:
    return engine().pack.areas[area].name


def _span(rows: Iterable[Sequence[float]]) -> tuple[float, float]:
    """Return how far stacked bars reach, to the left and to the right of zero."""
    rows = list(rows)
    low = min((sum(min(p, 0.0) for p in row) for row in rows), default=0.0)
    high = max((sum(max(p, 0.0) for p in row) for row in rows), default=0.0)
    return low, high if high > low else low + 1.0


def bar(parts: Sequence[float], span: tuple[float, float]) -> str:
    """Draw what each part adds, to the right of zero, or takes away, to the left.

    The numbers stand beside it in the table, so it is hidden from those who listen.
    """
    scale = BAR_WIDTH / (span[1] - span[0])
    zero = -span[0] * scale
    ends = {True: zero, False: zero}
    boxes = ""
    for number, part in enumerate(parts):
        width, right = abs(part) * scale, part >= 0
        start = ends[right] if right else ends[right] - width
        ends[right] += width if right else -width
        boxes += f'<i class="ob-part{number % len(style.AREAS)}" style="left:{start:.1f}px;width:{width:.1f}px"></i>'
    return (
        f'<span aria-hidden="true" class="ob-stack" style="width:{BAR_WIDTH}px">{boxes}'
        f'<i class="ob-zero" style="left:{zero:.1f}px"></i></span>'
    )


def legend(titles: Sequence[str]) -> str:
    """Explain the colours of the bars, in the order that they stand in from zero."""
    items = "".join(
        f'<li><span class="ob-patch ob-part{n % len(style.AREAS)}"></span>{markup(title)}</li>'
        for n, title in enumerate(titles)
    )
    return f'<ul class="ob-legend">{items}</ul>'


def _left_out(found: CityIndex) -> str:
    if not found.lacking:
        return f'<p class="ob-note">{t("index.all_in", lang())}</p>'
    items = "".join(
        f"<li>{markup(_name(area))}: "
        + markup(
            t("index.lacks", lang(), titles=words.listing([index_table.title_of(i, found, lang()) for i in lacking], lang()))
        )
        + "</li>"
        for area, lacking in found.lacking.items()
    )
    return f'<p class="ob-note"><b>{t("index.left_out", lang())}</b></p><ul class="ob-note">{items}</ul>'


def measures(found: CityIndex) -> None:
    """Show what the index is made of: year, weight, and how much of the areas' differences is not chance."""
    st.subheader(t("index.made_of", lang()), anchor=False)
    rows = []
    for choice in found.choices:
        name = choice.indicator.id
        reliability = found.index.reliability[name]
        sure = t("index.no_counts", lang())
        if reliability == reliability:
            sure = words.with_unit(words.number(100 * reliability, 0, lang()), "%")
        share = words.with_unit(words.number(100 * found.index.weights[name], 1, lang()), "%")
        direction = t(f"direction.{choice.indicator.direction}", lang())
        rows.append([index_table.title_of(name, found, lang()), words.period(choice.period, lang()), share, direction, sure])
    names = ("index.column_share", "index.column_direction", "index.column_reliability")
    columns = [t("column.title", lang()), t("column.period", lang()), *(t(n, lang()) for n in names)]
    tables.show(t("index.made_of", lang()), columns, rows, numeric=(2, 4), caption_hidden=True)
    st.html(f'<p class="ob-note">{markup(index_table.method(engine().statements, found, lang()))}</p>')


def city_map(found: CityIndex) -> None:
    """Show the index on the map, where it is of the basic areas."""
    loaded = engine()
    st.subheader(t("index.map_title", lang()), anchor=False)
    if found.level != loaded.pack.info.base_level:
        st.info(t("index.map_other_level", lang()))
        return
    drawn = picture(loaded.statements, found, lang())
    maps.area_map("index_map", drawn, shapes=loaded.shapes, url=loaded.shapes_url)


def save(found: CityIndex) -> None:
    """Offer the table with its weights, seed, version and method as files."""
    language = lang()
    makers = (("csv", csv_file, "text/csv"), ("xlsx", xlsx_file, XLSX))
    with st.container(horizontal=True):
        for ending, make, mime in makers:
            st.download_button(
                t(f"card.{ending}", language),
                data=for_later(partial(make, found, language)),
                file_name=files.file_name(f"samlat-matt-{found.level}", engine().pack, ending),
                mime=mime,
                on_click="ignore",
                key=f"index_{ending}",
            )


def csv_file(found: CityIndex, language: str) -> bytes:
    """Write the index as CSV."""
    rows = index_table.rows(engine().statements, found, language)
    return files.to_csv(rows, language, list(rows[0]))


def xlsx_file(found: CityIndex, language: str) -> bytes:
    """Write the index as a workbook, with the method on the sheet about the figures."""
    loaded = engine()
    rows, told = index_table.rows(loaded.statements, found, language), index_table.method(loaded.statements, found, language)
    return files.to_xlsx(rows, loaded.pack, language, list(rows[0]), [told])
