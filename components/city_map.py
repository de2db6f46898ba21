"""The map on a page, with what is said about it below: facts about an area, the police's list, initiatives."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import maps, tables
from components.area_parts import initiative_table
from components.engine import engine
from components.state import lang, to
from components.tables import markup
from omradesbild import words
from omradesbild.model import Indicator
from omradesbild.publish.choropleth import picture
from omradesbild.publish.draw import draw_svg
from omradesbild.publish.tables import file_name
from omradesbild.words import t


def show(
    indicator: Indicator,
    period: str,
    group: str,
    *,
    key: str,
    compact: bool = False,
    chosen: Sequence[str] = (),
    download: bool = False,
    **layers: object,
) -> str | None:
    """Draw an indicator on the map and return the area that the reader has just chosen on it.

    `layers` are those of `omradesbild.publish.choropleth.picture`.
    """
    loaded = engine()
    drawn = picture(loaded.statements, indicator, period, group, lang=lang(), chosen=chosen, **layers)
    if not compact:
        st.html(f'<h2 class="ob-card-title">{markup(drawn.title)}</h2>')
    picked = maps.area_map(key, drawn, shapes=loaded.shapes, url=loaded.shapes_url, compact=compact)
    if download:
        st.download_button(
            t("map.save", lang()),
            data=lambda: draw_svg(loaded.shapes, drawn).encode(),
            file_name=file_name(f"karta-{indicator.id}-{period.replace('/', '-')}", loaded.pack, "svg"),
            mime="image/svg+xml",
            on_click="ignore",
            key=f"{key}_svg",
        )
    return picked


def area_facts(area_id: str, indicator: Indicator, period: str, group: str) -> None:
    """Say one area's figure in full and link to its page."""
    loaded = engine()
    area = loaded.pack.areas[area_id]
    s = loaded.statements.get(area_id, indicator.id, period, group)
    said = t("flag.not_reported", lang())
    if s is not None and s.value is None:
        said = words.missing_words(s, lang())
    elif s is not None:
        span = words.interval(s, lang())
        parts = [words.figure(s, lang()), t("facts.interval", lang(), interval=span) if span else ""]
        parts += [words.comparison(s, lang()), *words.flag_words(s.flag, lang())]
        said = "; ".join(filter(None, parts))
    st.html(f'<p class="ob-lead"><b>{markup(area.name)}</b>: {markup(said)}.</p>')
    st.page_link(
        "../pages/omrade.py",
        label=t("map.open_area", lang(), area=area.name),
        query_params=to(omr=area_id),
    )


def police_facts(edition_id: str) -> None:
    """List an edition of the police's list: names, classes, changes, and how much of each area it covers."""
    pack = engine().pack
    edition = next(e for e in pack.police if e.edition == edition_id)
    st.header(t("map.police_areas", lang(), edition=edition.edition), anchor=False)
    st.html(f'<p class="ob-lead">{markup(t("police.caution", lang()))}</p>')
    if not edition.borders:
        st.info(t("map.police_none", lang(), edition=edition.edition))
    rows = []
    for entry in edition.entries:
        shares = [
            f"{pack.areas[a].name} {words.number(100 * share, 0, lang())}{words.NO_BREAK_SPACE}%"
            for a, share in entry.overlap.items()
        ]
        link = tables.Html(f'<a href="{markup(entry.source_url)}" rel="noreferrer">{markup(entry.source)}</a>')
        category = t(f"police.{entry.category}", lang())
        rows.append([entry.area, category, entry.change.get(lang()) if entry.change else "", ", ".join(shares) or "–", link])
    if edition.note:
        st.html(f'<p class="ob-lead">{markup(edition.note.get(lang()))}</p>')
    columns = [t(f"column.{c}", lang()) for c in ("police_area", "category", "what", "overlap", "source")]
    tables.show(t("map.police_areas", lang(), edition=edition.edition), columns, rows, caption_hidden=True)


def initiative_list() -> None:
    """List the initiatives that name an area."""
    pack = engine().pack
    found = tuple(i for i in pack.initiatives if i.areas and i.areas != (pack.info.city,))
    st.header(t("map.initiatives", lang()), anchor=False)
    initiative_table(found, t("map.initiatives", lang()))
