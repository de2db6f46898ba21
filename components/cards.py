"""The card: one indicator for some areas, with the same five faces wherever it stands.

Chart, table, map, about, download. Only the face that is shown is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components import against, area_parts, charts, city_map, movement_parts, tables
from components.engine import engine, for_later
from components.state import lang
from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.model import Indicator, Initiative, Kind, Level
from omradesbild.publish import tables as files
from omradesbild.publish.choropleth import sources_of
from omradesbild.words import t

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACES = ("diagram", "tabell", "karta", "om", "hamta")


@dataclass(frozen=True)
class Card:
    """What a card shows.

    `span` is the value axis where several cards share one, `level` that of the heading, `first` the face
    that is shown first, `key` tells cards on a page apart. The table compares with
    what `against` says (see components.against). A card of the `whole` city has all basic areas, of one year, in its chart
    and table, and every figure of the indicator to download.
    """

    indicator: Indicator
    areas: tuple[str, ...]
    period: str
    group: str = ""
    events: tuple[Initiative, ...] = ()
    span: tuple[float, float] | None = None
    heading: str = ""
    level: int = 3
    first: str = "diagram"
    whole: bool = False
    against: str = ""
    key: str = field(default="")

    @property
    def name(self) -> str:
        """The key of this card's widgets."""
        return f"card_{self.key}_{self.indicator.id}_{self.group}_{'.'.join(self.areas)}"


def show(card: Card) -> None:
    """Draw a card, the face the reader chose last."""
    with st.container(border=True):
        _card(card)


def rows(cards: Sequence[Card]) -> None:
    """Draw cards two by two; on a narrow screen they follow one another in the same order."""
    for left in range(0, len(cards), 2):
        for card, place in zip(cards[left : left + 2], st.columns(2), strict=False):
            with place:
                show(card)


def _card(card: Card) -> None:
    indicator = card.indicator
    heading = tables.markup(card.heading or words.title(indicator, card.group, lang()))
    st.html(
        f'<h{card.level} class="ob-card-title">{heading}</h{card.level}>'
        f'<p class="ob-unit">{tables.markup(indicator.unit.get(lang()))}</p>'
    )
    faces = [f for f in FACES if f != "karta" or has_map(indicator, card.group)]
    face = st.segmented_control(
        t("card.faces", lang()),
        faces,
        default=card.first,
        required=True,
        format_func=lambda f: t(f"card.{f}", lang()),
        key=f"{card.name}_face",
        label_visibility="collapsed",
    )
    {"diagram": _chart, "tabell": _table, "karta": _map, "om": _about, "hamta": _download}[face or "diagram"](card)
    st.html(f'<p class="ob-source">{tables.markup(source_line(card))}</p>')


def has_map(indicator: Indicator, group: str) -> bool:
    """Whether the basic areas have figures that make sense on a map."""
    level = engine().pack.info.base_level
    return indicator.mapped and bool(engine().statements.periods(indicator.id, level, group))


def all_figures(card: Card) -> list[Statement]:
    """Return every figure of the card's areas and the city, by area and year."""
    loaded = engine()
    if card.whole:
        return loaded.statements.of(card.indicator.id, card.group)
    ids = [loaded.pack.info.city, *[a for a in card.areas if a != loaded.pack.info.city]]
    return [
        s
        for area in ids
        for segment in loaded.statements.series(area, card.indicator.id, card.group)
        for s in segment.points
    ]


def source_line(card: Card) -> str:
    """Name sources and years of what the card shows."""
    if card.whole:
        sources, composed = engine().statements.used(card.indicator.id, card.group)
    else:
        figures = [s for s in all_figures(card) if s.value is not None]
        sources, composed = sources_of(figures), any(s.composed for s in figures)
    return words.source_text(sources, lang(), processed=composed or card.indicator.processing is not None)


def _chart(card: Card) -> None:
    statements, pack = engine().statements, engine().pack
    lines = [
        (pack.areas[a].name, statements.series(a, card.indicator.id, card.group))
        for a in card.areas
        if a != pack.info.city
    ]
    city = statements.series(pack.info.city, card.indicator.id, card.group)
    points = max((len(segment.points) for _, line in [("", city), *lines] for segment in line), default=0)
    if points == 0:
        st.info(t("card.no_figures", lang()))
        return
    years = {s.period for _, line in [("", city), *lines] for seg in line for s in seg.points if s.value is not None}
    if len(years) < 2 or card.whole:
        _spread(card)
        return
    has_city = any(s.value is not None for seg in city for s in seg.points)
    if not lines:
        figure = charts.trend([(pack.areas[pack.info.city].name, city)], (), events=card.events, span=card.span)
    else:
        shown = city if has_city and card.indicator.kind is not Kind.COUNT else ()
        figure = charts.trend(lines, shown, events=card.events, span=card.span)
    charts.show(figure, alt(card), key=f"{card.name}_chart")
    _moved(card)
    broken = {b.id: b for _, line in lines for segment in line for b in segment.breaks}
    notes = [f"{b.period}: {b.text.get(lang())}" for b in broken.values()]
    if notes:
        st.html('<ul class="ob-note">' + "".join(f"<li>{tables.markup(n)}</li>" for n in notes) + "</ul>")
    if card.events:
        st.html(area_parts.event_key(card.events))


def _moved(card: Card) -> None:
    """Say how the figures have moved, in words."""
    city = engine().pack.info.city
    own = [a for a in card.areas if a != city]
    said = movement_parts.said(own or [city], card.indicator.id, card.group)
    if said:
        st.html(said)


def _spread(card: Card) -> None:
    statements, pack = engine().statements, engine().pack
    found = [(pack.areas[a].name, statements.get(a, card.indicator.id, card.period, card.group)) for a in card.areas]
    named = [(name, s) for name, s in found if s is not None and s.area.id != pack.info.city]
    counted = card.indicator.kind in (Kind.COUNT, Kind.CLASS)
    base = (a.id for a in pack.areas.values() if a.level == pack.info.base_level)
    everyone = [statements.get(a, card.indicator.id, card.period, card.group) for a in base]
    everyone = [] if counted else [s for s in everyone if s is not None]
    city = statements.get(pack.info.city, card.indicator.id, card.period, card.group)
    if not everyone and len(named) < 2:
        _figure(next((s for _, s in named), city), card)
        return
    st.html(f'<p class="ob-note">{tables.markup(t("card.of_period", lang(), period=words.period(card.period, lang())))}</p>')
    figure = charts.spread(named, everyone, None if counted else city, span=card.span)
    charts.show(figure, alt(card), key=f"{card.name}_spread")


def _figure(s: Statement | None, card: Card) -> None:
    """Write a lone figure out: a chart of one number says no more than the number."""
    if s is None:
        st.info(t("card.no_figures_year", lang(), period=words.period(card.period, lang())))
        return
    said = ", ".join([s.area.name, words.period(s.period, lang()), *words.flag_words(s.flag, lang())])
    st.html(f'<p class="ob-figure">{tables.markup(words.figure(s, lang()))}</p><p>{tables.markup(said)}</p>')


def alt(card: Card) -> str:
    """Return the takeaway of the chart in one sentence, for those who do not see it."""
    statements, pack = engine().statements, engine().pack
    parts = []
    for area in [pack.info.city, *card.areas]:
        s = statements.get(area, card.indicator.id, card.period, card.group)
        if s is not None:
            parts.append(f"{s.area.name} {words.figure(s, lang())}")
    title = words.title(card.indicator, card.group, lang())
    return f"{title}, {words.period(card.period, lang())}: {'; '.join(dict.fromkeys(parts))}."


def table_figures(card: Card) -> list[Statement]:
    """Return the figures of the table: all years of the card's areas, or one year of the whole city."""
    if not card.whole:
        return all_figures(card)
    loaded = engine()
    level = loaded.pack.info.base_level
    first = list(dict.fromkeys([loaded.pack.info.city, *card.areas]))
    ids = [a.id for a in loaded.pack.areas.values() if a.level == level and a.id not in first]
    found = [loaded.statements.get(a, card.indicator.id, card.period, card.group) for a in ids]
    found = sorted((s for s in found if s is not None), key=lambda s: (s.value is None, -(s.value or 0)))
    named = [loaded.statements.get(a, card.indicator.id, card.period, card.group) for a in first]
    return [*(s for s in named if s is not None), *found]


def _table(card: Card) -> None:
    every = table_figures(card)
    figures = every[: tables.MOST_ROWS]
    ratio = any(s.denominator is not None for s in figures)
    columns = [t("column.area_name", lang()), t("column.period", lang()), t("column.value", lang())]
    columns += [t("column.numerator", lang()), t("column.denominator", lang())] if ratio else []
    columns += [t("column.interval", lang()), against.heading(card.against), t("column.flag", lang())]
    rows = []
    for s, compared in zip(figures, against.said(figures, card.against), strict=True):
        row = [s.area.name, words.period(s.period, lang()), tables.figure(s)]
        row += [words.count(s.numerator, lang()), words.count(s.denominator, lang())] if ratio else []
        rows.append([*row, words.interval(s, lang()), compared, s.flag])
    cities = sum(s.area.level is Level.KOMMUN for s in figures)
    tables.show(
        card.indicator.title.get(lang()),
        columns,
        rows,
        numeric=range(1, len(columns) - 2),
        emphasised=cities,
        caption_hidden=True,
        figures=figures,
        of=len(every),
    )
    if not card.whole:
        _moved(card)


def _map(card: Card) -> None:
    periods = engine().statements.periods(card.indicator.id, engine().pack.info.base_level, card.group)
    period = card.period if card.period in periods else periods[-1]
    city_map.show(card.indicator, period, card.group, chosen=card.areas, key=f"{card.name}_map", download=True)


def about(indicator: Indicator) -> None:
    """Say what an indicator means, what it leaves out and where it comes from."""
    sections = [
        ("about.definition", indicator.definition),
        ("about.not_covered", indicator.not_covered),
        ("about.processing", indicator.processing),
    ]
    for key, text in sections:
        if text is not None:
            st.markdown(f"**{t(key, lang())}**  \n{tables.plain(text.get(lang()))}")
    if indicator.addable and indicator.numerator and indicator.denominator:
        st.markdown(
            f"**{t('about.formula', lang())}**  \n"
            + tables.plain(f"{indicator.numerator.get(lang())} / {indicator.denominator.get(lang())}")
        )
    st.markdown(f"**{t('about.direction', lang())}**  \n{t(f'direction.{indicator.direction}', lang())}")
    st.markdown(f"**{t('about.interval', lang())}**  \n{t('about.interval_text', lang())}")
    st.markdown(f"**{t('about.reliability', lang())}**  \n{t('about.reliability_text', lang())}")
    sources = engine().statements.sources(indicator.id)
    for noise in dict.fromkeys(source.noise for source in sources if source.noise is not None):
        said = t("about.noise_text", lang(), first=noise.first, assumption=noise.assumption.get(lang()))
        st.markdown(f"**{t('about.noise', lang())}**  \n{tables.plain(said)}")
    for source in sources:
        lines = [f"{source.publisher}: {source.title}" + (f", {source.table}" if source.table else "")]
        lines.append(t("about.retrieved", lang(), date=source.retrieved) + f" · {source.licence}")
        if source.via:
            lines.append(t("about.via", lang(), via=source.via))
        st.markdown(f"**{t('about.source', lang())}**  \n" + "  \n".join(map(tables.plain, lines)))


def _about(card: Card) -> None:
    about(card.indicator)


def downloads(figures: Callable[[], list[Statement]], stem: str, key: str) -> None:
    """Offer figures as CSV and Excel; they are gathered when a button is pressed."""
    pack, statements, language = engine().pack, engine().statements, lang()
    figures = for_later(figures)
    makers = {
        "csv": (lambda: files.to_csv(files.rows(figures(), statements, language), language), "text/csv"),
        "xlsx": (lambda: files.to_xlsx(files.rows(figures(), statements, language), pack, language), XLSX),
    }
    with st.container(horizontal=True):
        for ending, (make, mime) in makers.items():
            st.download_button(
                t(f"card.{ending}", language),
                data=make,
                file_name=files.file_name(stem, pack, ending),
                mime=mime,
                on_click="ignore",
                key=f"{key}_{ending}",
            )


def _download(card: Card) -> None:
    pack, language = engine().pack, lang()
    downloads(lambda: all_figures(card), card.indicator.id, card.name)
    st.html(f'<p class="ob-note">{t("card.download_note", language)}</p>')
    quoted = [quotation(s) for a in card.areas or (pack.info.city,) if (s := _newest(a, card)) is not None]
    if quoted:
        lines = "".join(f"<li>{tables.markup(line)}</li>" for line in quoted)
        st.html(f'<p class="ob-note"><b>{t("card.quote", language)}</b></p><ul class="ob-note">{lines}</ul>')


def _newest(area: str, card: Card) -> Statement | None:
    s = engine().statements.get(area, card.indicator.id, card.period, card.group)
    return s if s is not None and s.value is not None else None


def quotation(s: Statement) -> str:
    """Write a figure as it can be quoted: what, where, when, how much, how sure, source."""
    unsure = t("card.unsure", lang()) if s.reliability in tables.UNSURE else ""
    said = [words.figure(s, lang()), unsure, words.comparison(s, lang()), *words.flag_words(s.flag, lang())]
    composed = s.composed or s.indicator.processing is not None
    title = words.title(s.indicator, s.group, lang())
    return (
        f"{title}, {s.area.name}, {words.period(s.period, lang())}: {', '.join(filter(None, said))}. "
        + words.source_text([s.source], lang(), processed=composed)
    )
