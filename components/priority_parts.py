"""The parts of the page about priorities: what is clear in all, area by area, measure by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import streamlit as st

from components import tables
from components.engine import engine
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.priorities import Challenge, Size
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Area, Indicator, Theme
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.parts import priority as parts
from omradesbild.words import t

#: More areas than this are shown one at a time, or by one measure: all challenges of a country would fill megabytes.
MANY = 1_000


def too_many(level: str) -> bool:
    """Tell whether the areas of a level are too many to be gone through together."""
    return _number(level) > MANY


def ask(level: str) -> None:
    """Tell the reader to choose an area, where there are too many to be gone through together."""
    st.info(t("priority.too_many_areas", lang(), number=words.count(_number(level), lang())))


def _number(level: str) -> int:
    return sum(area.level == level for area in engine().pack.areas.values())


def challenges(level: str, goal: str, theme: str = "") -> tuple[Challenge, ...]:
    """Return every challenge of a level, kept for the next reader."""
    return _of_theme(_challenges(engine().statements, level, goal), theme)


def challenges_of(area: Area, goal: str, theme: str = "") -> tuple[Challenge, ...]:
    """Return the challenges of one area."""
    return _of_theme(priorities.of_area(engine().statements, area.id, goal or None), theme)


def challenges_in(level: str, indicator: str) -> tuple[Challenge, ...]:
    """Return the challenges of a level in one measure, kept for the next reader."""
    return _challenges_in(engine().statements, level, indicator)


def _of_theme(found: Iterable[Challenge], theme: str) -> tuple[Challenge, ...]:
    return tuple(c for c in found if not theme or c.statement.indicator.theme == theme)


@lru_cache(maxsize=32)
def _challenges(statements: Statements, level: str, goal: str) -> tuple[Challenge, ...]:
    return tuple(priorities.of_all(statements, level, goal or None))


@lru_cache(maxsize=8)
def _challenges_in(statements: Statements, level: str, indicator: str) -> tuple[Challenge, ...]:
    return tuple(priorities.of_indicator(statements, indicator, level))


def measures(found: Sequence[Challenge], many: bool, level: str, goal: str, theme: str) -> list[Indicator]:
    """Return the measures that areas have a challenge in; where they are too many to be known, that they can have one in."""
    if not many:
        return list({c.statement.indicator.id: c.statement.indicator for c in found}.values())
    return [i for i in priorities.tested(engine().statements, level, goal or None) if not theme or i.theme == theme]


def size_of(s: Statement) -> Size | None:
    """Return how many people a figure concerns; None where it is not the newest of its level, or no judged share."""
    if s.indicator.direction not in priorities.WORSE:
        return None
    newest = engine().statements.latest(s.indicator.id, s.area.level)
    return priorities.sizes(engine().statements, s.indicator.id, s.area.level).get(s.area.id) if s.period == newest else None


def themes() -> list[Theme]:
    """Return the themes with a measure that has a better and a worse end."""
    judged = {i.theme for i in engine().pack.indicators.values() if i.direction in priorities.WORSE}
    return [theme for theme in Theme if theme in judged]


def summary(found: Sequence[Challenge], level: str) -> None:
    """Say how many areas have a clear challenge, and what direction can be told."""
    areas = _number(level)
    with_one = len({c.statement.area.id for c in found})
    if not found:
        st.info(t("priority.none", lang()))
    else:
        told = t("priority.summary", lang(), some=with_one, all=areas, number=len(found))
        st.html(f'<p class="ob-lead"><b>{markup(told)}</b> {markup(_directions(found))}</p>')


def untested(level: str, goal: str, theme: str) -> None:
    """Say which measures could not be tested."""
    left_out = [i for i in priorities.untested(engine().statements, level, goal or None) if not theme or i.theme == theme]
    if left_out:
        titles = "".join(f"<li>{markup(i.title.get(lang()))}</li>" for i in left_out)
        st.html(
            _folded(t("priority.untested", lang(), number=len(left_out)))
            + f'<p class="ob-note">{t("priority.untested_why", lang())}</p><ul class="ob-note">{titles}</ul></details>'
        )


def _directions(found: Sequence[Challenge]) -> str:
    codes = Counter(c.movement.code for c in found)
    if codes["too_few"] == len(found):
        return t("priority.no_direction", lang())
    diverging = sum(c.diverging for c in found)
    return t("priority.directions", lang(), diverging=diverging, too_few=codes["too_few"], number=len(found))


def by_area(found: Sequence[Challenge], chosen: Area | None) -> None:
    """Show every area's challenges folded under its name, or those of the chosen area."""
    st.header(t("priority.by_area", lang()), anchor=False)
    if chosen is not None:
        own = [c for c in found if c.statement.area.id == chosen.id]
        st.subheader(chosen.name, anchor=False)
        if own:
            st.html(_area_table(own) + f'<p class="ob-note">{_notes("people", "initiatives")}</p>')
        else:
            st.info(t("priority.none_here", lang(), area=chosen.name))
        return
    st.html(f'<p class="ob-lead">{t("priority.alphabetical", lang())}</p>')
    each: dict[str, list[Challenge]] = {}
    for c in found:
        each.setdefault(c.statement.area.id, []).append(c)
    ordered = [each[id_] for id_ in engine().pack.areas if id_ in each]
    bodies = [_folded(_headline(own), "ob-row") + _area_table(own) + "</details>" for own in ordered]
    st.html("".join(bodies))
    st.html(f'<p class="ob-note">{_notes("people", "initiatives")}</p>')


def _notes(*notes: str) -> str:
    return " ".join(t(f"priority.{note}_note", lang()) for note in notes)


def _headline(own: Sequence[Challenge]) -> str:
    first = own[0]
    values = {"area": first.statement.area.name, "number": len(own), "title": _measure(first)}
    if first.size is None:
        return t("priority.headline_plain", lang(), **values)
    s = first.statement
    city = words.value_text(s.city_value, "", s.indicator, lang())
    return t("priority.headline", lang(), **values, value=words.figure(s, lang()), city=city)


def _area_table(own: Sequence[Challenge]) -> str:
    name = own[0].statement.area.name
    rows = [[_measure(c), *_cells(c), _why(c)] for c in own]
    columns = ("title", "value", "city_value", "more_people", "peers_now", "direction_now", "why")
    return _table(t("priority.caption", lang(), name=name), columns, rows, own) + _under_way(own[0])


def _under_way(c: Challenge) -> str:
    """Name the initiatives under way in an area, once for all its challenges."""
    titles = parts.initiatives(engine().statements, c)
    if not titles:
        return f"<p>{markup(t('priority.no_initiatives', lang(), areas=c.statement.area.name))}</p>"
    spoken = "" if lang() == "sv" else ' lang="sv"'
    items = "".join(f"<li{spoken}>{markup(title)}</li>" for title in titles)
    return f"<p>{t('column.initiatives_now', lang())}:</p><ul>{items}</ul>"


def by_indicator(own: Sequence[Challenge]) -> None:
    """Show the areas that a measure is a challenge in, in order of people."""
    st.header(t("priority.by_indicator", lang()), anchor=False)
    if not own:
        st.info(t("priority.none", lang()))
        return
    s = own[0].statement
    st.subheader(f"{words.title(s.indicator, s.group, lang())}, {words.period(s.period, lang())}", anchor=False)
    st.html(f'<p class="ob-lead">{markup(order_text(own))}</p>')
    rows = []
    for c in own[: tables.MOST_ROWS]:
        cells = _cells(c)
        now = "; ".join(parts.initiatives(engine().statements, c)) or "–"
        rows.append([c.statement.area.name, *cells[:3], parts.place(c.size, lang()), *cells[3:], now, _why(c)])
    columns = ("area_name", "value", "city_value", "more_people", "places", "peers_now", "direction_now", "initiatives_now", "why")
    st.html(_table(t("priority.caption", lang(), name=s.indicator.title.get(lang())), columns, rows, own))
    st.html(f'<p class="ob-note">{_notes("people", "places", "initiatives")}</p>')


def order_text(own: Sequence[Challenge]) -> str:
    """Say what of the order is sure: which areas can be the first, and whether the rest can be told apart."""
    sized = [c for c in own if c.size is not None]
    if not sized:
        return t("priority.order_unknown", lang())
    of = sized[0].size.of
    first = [c.statement.area.name for c in sized if c.size.first == 1]
    fixed = sum(c.size.first == c.size.last for c in sized)
    if len(first) == 1:
        told = t("priority.order_first", lang(), area=first[0])
    else:
        told = t("priority.order_shared", lang(), areas=words.listing(first, lang()))
    return f"{told} {t('priority.order_fixed', lang(), fixed=fixed, number=len(sized), of=of)}"


def _measure(c: Challenge) -> str:
    s = c.statement
    return f"{words.title(s.indicator, s.group, lang())}, {words.period(s.period, lang())}"


def _cells(c: Challenge) -> list:
    s = c.statement
    _, middle = parts.peers_of(engine().statements, s)
    return [
        words.marked(s, lang()),
        words.value_text(s.city_value, "", s.indicator, lang()),
        parts.people(c.size, lang()),
        words.value_text(middle, "", s.indicator, lang()) if middle is not None else "–",
        parts.direction(c, lang()),
    ]


def _why(c: Challenge) -> Html:
    told = "".join(f"<p>{markup(line)}</p>" for line in parts.told(engine().statements, c, lang()))
    return Html(f"{_folded(t('priority.how', lang()))}{told}</details>")


def _table(caption: str, columns: Sequence[str], rows: Iterable, shown: Sequence[Challenge]) -> str:
    headings = [t(f"column.{c}", lang()) for c in columns]
    statements = [c.statement for c in shown]
    numeric = range(1, columns.index("peers_now") + 1)
    table = tables.html_table(caption, headings, rows, numeric=numeric, caption_hidden=True, of=len(shown))
    source = words.source_text(sources_of(statements), lang(), processed=True)
    return table + tables.flag_key([s.flag for s in statements]) + f'<p class="ob-source">{markup(source)}</p>'


def _folded(summary_: str, class_: str = "ob-fold") -> str:
    """Return the beginning of a part that the reader unfolds."""
    return f'<details class="{class_}"><summary>{markup(summary_)}</summary>'
