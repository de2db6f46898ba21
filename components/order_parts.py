"""The parts of the page on which a meeting document is ordered: what kind, about what, and in whose words.

What is chosen belongs to the view and its link. What is written – comments, title, reference – belongs to the
session: it stays when the reader leaves the page and is kept with an order, never in a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import streamlit as st

from components import against, controls, priority_lists, tables
from components.engine import engine
from components.state import choose, lang
from omradesbild import drafts, words
from omradesbild.analyse.statements import Statements
from omradesbild.link import EARLIER, IN_HAND, MAX_AREAS, PUBLISHED, View, offered, to_params
from omradesbild.model import TEMPLATES, PriorityList, Theme, is_date
from omradesbild.publish import report
from omradesbild.publish.report.order import BY_AREA, LONGEST, LONGEST_LINE, TAKES, Order, OrderError, checked
from omradesbild.words import t

#: What is asked for besides the words, by template; the first and the last year are asked for together.
ASKS = {
    name: tuple(dict.fromkeys("years" if choice in ("since", "until") else choice for choice in choices))
    for name, choices in TAKES.items()
}
#: What is written in the head of a document.
LINES = ("title", "reference", "committee", "recipient", "date")
REPLY = "yttrande"  # whose words have their own places
WITH_ORDER = "+"  # the list of priorities that came with an order that was opened
EXAMPLE = "2026-11-28"
_OWN = "egna"
_WRITTEN, _LIST, _WIDGET, _COMMENT = "_order_written", "_order_list", "order_", "comment "


# -- what is chosen ------------------------------------------------------------------------------------


def template(view: View) -> View:
    """Let the reader choose what kind of document it will be."""
    chosen = st.radio(
        t("order.template", lang()),
        TEMPLATES,
        format_func=lambda name: t(f"order.template_{name}", lang()),
        captions=[t(f"order.for_{name}", lang()) for name in TEMPLATES],
        key=choose("mall", view.template or TEMPLATES[0]),
    )
    return replace(view, template=chosen)


def subject(view: View) -> View:
    """Let the reader choose what the document is about: what its template asks for."""
    asks = ASKS[view.template]
    ways = {
        "areas": _areas,
        "against": _against,
        "indicators": _indicators,
        "years": _years,
        "initiative": _initiative,
        "priorities": _priorities,
    }
    for ask in asks:
        if not (ask in ("areas", "indicators") and "priorities" in asks and view.priorities):  # those are the list's
            view = ways[ask](view)
    if "against" not in asks:
        _note(t(f"order.compared_{view.template}", lang()))
    return view


def _areas(view: View) -> View:
    if view.template in BY_AREA:
        levels = offered(engine().pack)
        view = replace(
            view,
            each=st.selectbox(
                t("order.each", lang()),
                ["", *levels],
                format_func=lambda x: t("order.each_level", lang(), level=words.level(x, lang())) if x else t("order.each_chosen", lang()),
                key=choose("varje", view.each if view.each in levels else ""),
            ),
        )
        if view.each:
            return view
    controls.add_area(view)
    return controls.many_areas(view)


def each(view: View) -> tuple[str, ...]:
    """Return the areas that are to have a document each; none where one document is about those that are chosen."""
    if view.template not in BY_AREA or not view.each:
        return ()
    return tuple(area.id for area in engine().pack.areas.values() if area.level == view.each)


def _against(view: View) -> View:
    areas = engine().pack.areas
    chosen = st.selectbox(
        t("control.against", lang()),
        list(dict.fromkeys(["", EARLIER, *view.areas, *areas])),
        format_func=lambda a: controls.area_option(areas[a]) if a in areas else against.name(a),
        key=choose("mot", view.against),
    )
    return replace(view, against=chosen)


def _indicators(view: View) -> View:
    """Let the template choose the measures, or take those of a theme, or the reader's own."""
    indicators = engine().pack.indicators
    by_theme = {theme.value: tuple(i for i, each in indicators.items() if each.theme == theme) for theme in Theme}
    by_theme = {theme: ids for theme, ids in by_theme.items() if ids}
    theme = next((theme for theme, ids in by_theme.items() if ids == view.indicators), _OWN)
    names = {"": t("order.indicators_template", lang()), _OWN: t("order.indicators_own", lang())}
    chosen = st.selectbox(
        t("order.indicators", lang()),
        ["", *by_theme, _OWN],
        format_func=lambda o: names.get(o) or t("order.indicators_theme", lang(), theme=t(f"theme.{o}", lang())),
        key=choose("matt_av", theme if view.indicators else ""),
    )
    if chosen != _OWN:
        controls.forget("matt")
        return replace(view, indicators=by_theme.get(chosen, ()))
    own = st.multiselect(
        t("order.indicators_which", lang()),
        list(indicators),
        format_func=lambda i: controls.indicator_label(indicators[i]),
        key=choose("matt", list(view.indicators)),
        placeholder=t("control.choose", lang()),
        select_all=False,
    )
    return replace(view, indicators=tuple(own))


def _years(view: View) -> View:
    options = ["", *_all_years(engine().statements)]
    names = {"": t("order.all_years", lang())}
    found = {}
    with st.container(horizontal=True):
        for name, key, value in (("since", "fran", view.since), ("until", "till", view.until)):
            found[name] = st.selectbox(
                t(f"order.{name}", lang()),
                options,
                format_func=lambda year: names.get(year, year),
                key=choose(key, value if value in options else ""),
                width=180,
            )
    return replace(view, **found)


@lru_cache(maxsize=4)
def _all_years(statements: Statements) -> list[str]:
    return sorted({period[:4] for i in statements.pack.indicators for period in statements.periods(i)})


def _initiative(view: View) -> View:
    register = {i.id: i for i in engine().pack.initiatives}
    if not register:
        st.info(t("order.no_initiatives", lang()))
        return replace(view, initiative="")
    chosen = st.selectbox(
        t("order.initiative", lang()),
        list(register),
        index=None,
        format_func=lambda i: register[i].title,
        key=choose("insats", view.initiative or None),
        placeholder=t("control.choose", lang()),
    )
    return replace(view, initiative=chosen or "")


def _priorities(view: View) -> View:
    lists = {IN_HAND: priority_lists.in_hand(), WITH_ORDER: st.session_state.get(_LIST)}
    names = {"": t("order.list_none", lang())}
    names |= {
        code: t(f"order.list_{word}", lang(), name=lists[code].name)
        for code, word in ((IN_HAND, "in_hand"), (WITH_ORDER, "with_order"))
        if lists[code] is not None
    }
    names |= {PUBLISHED + i: tables.plain(priority_lists.published_label(one)) for i, one in priority_lists.published().items()}
    names |= {name: name for name in drafts.names(priority_lists.KIND)}
    if view.priorities not in names:
        st.warning(t("order.list_gone", lang(), name=tables.plain(view.priorities)))
    key = choose("lista", view.priorities if view.priorities in names else "")
    if st.session_state[key] not in names:
        st.session_state[key] = ""
    chosen = st.selectbox(t("order.list", lang()), list(names), format_func=names.get, key=key)
    return replace(view, priorities=chosen)


def _list(view: View) -> PriorityList | None:
    """Return the list of priorities that the document is about.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    if "priorities" not in ASKS[view.template] or not view.priorities:
        return None
    if view.priorities == IN_HAND:
        return priority_lists.in_hand()
    one = priority_lists.published().get(view.priorities.removeprefix(PUBLISHED))
    if one is not None and view.priorities.startswith(PUBLISHED):
        return one.chosen
    return st.session_state.get(_LIST) if view.priorities == WITH_ORDER else priority_lists.named(view.priorities)


# -- what is written -----------------------------------------------------------------------------------


def written() -> dict[str, str]:
    """Return what the reader has written, by field."""
    return st.session_state.setdefault(_WRITTEN, {"date": date.today().isoformat()})


def head(view: View) -> None:
    """Let the reader write what stands in the head of the document."""
    _note(t("order.head_reply" if view.template == REPLY else "order.head_note", lang()))
    for name in LINES:
        _write(name, t(f"order.{name}", lang()), most=LONGEST_LINE)
    if _wrong_date():
        st.error(t("order.wrong_date", lang(), example=EXAMPLE))


def comments(view: View) -> None:
    """Let the reader write about each section; with several areas, about all or about one."""
    _note(t("order.comments_reply" if view.template == REPLY else "order.comments_note", lang()))
    areas, about = engine().pack.areas, ""
    if view.template in BY_AREA and len(view.areas) > 1 and not view.each:
        key = choose("om", "")
        if st.session_state[key] not in ("", *view.areas):
            st.session_state[key] = ""
        about = st.selectbox(
            t("order.about", lang()),
            ["", *view.areas],
            format_func=lambda a: controls.area_label(areas[a]) if a else t("order.about_all", lang()),
            key=key,
        )
    for section in report.sections(view.template, one_area=bool(about)):
        field = f"{about}/{section}" if about else section
        _write(_COMMENT + field, section_title(section), long=True, most=LONGEST)


def section_title(section: str) -> str:
    """Name a section of a document."""
    return t(f"theme.{section}", lang()) if section in set(Theme) else t(f"order.section_{section}", lang())


def _write(field: str, label: str, *, most: int, long: bool = False) -> None:
    """Give a field its words; they are kept as soon as they are written, whatever page the reader goes to."""
    key = _WIDGET + field
    if key not in st.session_state:
        st.session_state[key] = written().get(field, "")
    options = {"max_chars": most, "key": key, "on_change": _keep, "args": (field,)}
    if long:
        st.text_area(label, height="content", **options)
    else:
        st.text_input(label, **options)


def _keep(field: str) -> None:
    written()[field] = st.session_state[_WIDGET + field]


def _note(text: str) -> None:
    st.html(f'<p class="ob-note">{text}</p>')


def _wrong_date() -> bool:
    day = written().get("date", "").strip()
    return len(day) != len(EXAMPLE) or not is_date(day)


# -- the order -----------------------------------------------------------------------------------------


def ordered(view: View) -> Order | str:
    """Return the order, or what it lacks in words."""
    asks = ASKS[view.template]
    try:
        chosen = _list(view)
    except ValueError as error:
        return tables.plain(str(error))
    if "initiative" in asks and not view.initiative:
        return t("order.needs_initiative", lang())
    several = view.template == "jamforelse"
    if "areas" in asks and chosen is None and not each(view) and len(view.areas) < 1 + several:
        return t("order.needs_two" if several else "order.needs_areas", lang())
    if _wrong_date():
        return t("order.wrong_date", lang(), example=EXAMPLE)
    if "years" in asks and view.since and view.until and view.since > view.until:
        return t("order.years_crossed", lang(), since=view.since, until=view.until)
    return _order(view, asks, chosen)


def _order(view: View, asks: Sequence[str], chosen: PriorityList | None) -> Order | str:
    said = {name: written().get(name, "").strip() for name in LINES}
    told = {k.removeprefix(_COMMENT): v.strip() for k, v in written().items() if k.startswith(_COMMENT)}
    places = {"", *(() if view.each else view.areas)}
    told = {k: v for k, v in told.items() if v and _belongs(k, view.template, places)}
    asked = {"template": view.template, "lang": view.lang, "comments": told, "priorities": chosen} | said
    if chosen is None:
        asked |= {"areas": each(view)[:1] or view.areas} if "areas" in asks else {}
        asked |= {"indicators": view.indicators} if "indicators" in asks else {}
    asked |= {"since": view.since, "until": view.until} if "years" in asks else {}
    asked |= {"against": view.against} if "against" in asks else {}
    asked |= {"initiative": view.initiative} if "initiative" in asks else {}
    try:
        return checked(asked)
    except OrderError as error:
        return tables.plain(str(error))


def _belongs(comment: str, template: str, places: set[str]) -> bool:
    area, _, section = comment.rpartition("/")
    return area in places and section in report.sections(template, one_area=bool(area))


def fill(order: Order, known: set[str]) -> dict[str, object]:
    """Let what is written be an order's, dated today; return what the view takes from it, of areas those that are known."""
    for key in [k for k in st.session_state if str(k).startswith(_WIDGET)]:
        del st.session_state[key]
    said = {name: getattr(order, name) for name in LINES} | {"date": date.today().isoformat()}
    st.session_state[_WRITTEN] = said | {_COMMENT + k: v for k, v in order.comments.items()}
    st.session_state[_LIST] = order.priorities
    for name in ("mall", "varje", "omrs", "mot", "matt", "matt_av", "fran", "till", "insats", "lista", "om"):
        controls.forget(name)
    pack = engine().pack
    return {
        "template": order.template,
        "areas": tuple(a for a in order.areas if a in known)[: MAX_AREAS],
        "indicators": tuple(i for i in order.indicators if i in pack.indicators),
        "against": order.against if order.against in (EARLIER, *known) else "",
        "since": order.since,
        "until": order.until,
        "initiative": order.initiative if order.initiative in {i.id for i in pack.initiatives} else "",
        "priorities": WITH_ORDER if order.priorities else "",
    }


def link(view: View, name: str, **changes: object) -> None:
    """Link to this page with what another page shows."""
    params = to_params(replace(view, template=name, **changes), engine().pack)
    st.page_link("../pages/underlag.py", label=t("order.make", lang()), query_params=params)
