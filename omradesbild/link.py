"""A view and its link: every page can be opened again exactly as it was left.

A link carries stable ids, the year in full, the pack's version and the boundary vintage, never labels
or defaults, so that it means the same next year and in the other language. Reading a link is a pure
function: what it asks for that does not exist is reported, and the rest is honoured.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args
from urllib.parse import urlencode

from omradesbild import own
from omradesbild.analyse.statements import Statements
from omradesbild.model import TEMPLATES, Area, Initiative, Theme, Whole, is_date
from omradesbild.pack import Pack

SCHEMA = "1"
ADDRESS = "OMRADESBILD_ADDRESS"  # the environment's name for where the app is reached
MAX_AREAS = 6
MODES = ("niva", "avvikelse")
MAPS = ("fast", "fri")
LEVELS = ("namngivet", "stadsomrade", "regso", "delomrade", "stadsdel")
#: The levels that can be laid over the map as outlines.
OUTLINES = ("namngivet", "stadsomrade", "stadsdel")
LAYOUTS = ("rutor", "ett")
ORDERS = ("omrade", "matt")
EARLIER = "tidigare"  # compared with earlier years of the same area
EVENTS = get_args(Initiative.model_fields["kind"].annotation)
LONGEST = 80  # characters of a name or a search
SORTINGS = ("index", "namn", "vikter")
MAX_WEIGHT = 5
IN_HAND = "*"  # the list of priorities that is in the making in this session
PUBLISHED = "publicerad:"  # before the id of a list of priorities that is published


@dataclass(frozen=True)
class View:
    """What a page shows. Every field has a place in the link."""

    kommun: str = ""
    areas: tuple[str, ...] = ()
    indicator: str = ""
    period: str = ""
    group: str = ""
    theme: str = ""
    mode: str = "niva"
    layout: str = "rutor"
    map: str = "fast"
    goal: str = ""
    order: str = "omrade"
    ordering: str = ""
    level: str = "namngivet"
    police: str = ""
    outlines: str = ""
    initiatives: bool = False
    own: tuple[Area, ...] = ()
    against: str = ""
    initiative: str = ""
    draft: str = ""
    event: str = ""
    on: str = ""
    search: str = ""
    outcome: str = ""
    weights: tuple[tuple[str, int], ...] = ()
    sorting: str = "index"
    template: str = ""
    each: str = ""
    indicators: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    priorities: str = ""
    version: str = ""
    lang: str = "sv"


@dataclass(frozen=True)
class Problem:
    """A part of a link that could not be honoured. `code` is a key under ``link`` in the texts."""

    code: str
    found: str
    used: str = ""


def to_params(view: View, pack: Pack) -> dict[str, str]:
    """Write a view as query parameters, all of them, in a fixed order."""
    params = {
        "v": SCHEMA,
        "data": pack.info.version,
        "granser": pack.info.boundary_vintage,
        "kommun": view.kommun,
        "omr": ".".join(view.areas),
        "ind": view.indicator,
        "per": view.period,
        "grupp": view.group,
        "tema": view.theme,
        "visa": view.mode,
        "form": view.layout,
        "karta": view.map,
        "mal": view.goal,
        "efter": view.order,
        "ordning": view.ordering,
        "slag": view.level,
        "polis": view.police,
        "ytor": view.outlines,
        "insatser": "1" if view.initiatives else "",
        "egna": own.to_text(view.own),
        "mot": view.against,
        "insats": view.initiative,
        "utkast": view.draft,
        "sort": view.event,
        "dag": view.on,
        "sok": view.search,
        "utfall": view.outcome,
        "vikter": ".".join(f"{indicator}-{weight}" for indicator, weight in view.weights),
        "rader": view.sorting,
        "mall": view.template,
        "varje": view.each,
        "matt": ".".join(view.indicators),
        "fran": view.since,
        "till": view.until,
        "lista": view.priorities,
        "version": view.version,
        "sprak": view.lang,
    }
    return {key: value for key, value in params.items() if value}


def address(page: str, view: View, pack: Pack) -> str:
    """Return the address that opens a view on a page from outside the app; empty where the app's own is not set."""
    base = os.environ.get(ADDRESS, "").strip().rstrip("/")
    return f"{base}/{page}?{urlencode(to_params(view, pack))}" if base else ""


def offered(pack: Pack, levels: tuple[str, ...] = LEVELS) -> tuple[str, ...]:
    """Return those of `levels` that a pack has areas on."""
    there = {area.level for area in pack.areas.values()}
    return tuple(level for level in levels if level in there)


def kommun_of(params: Mapping[str, str], pack: Pack, known: str) -> str:
    """Return the kommun of a country that a link is about; empty: the whole pack.

    A link within the app may leave it out, and is then about the one that is `known`; a whole link says it where there is one.
    """
    asked = params.get("kommun", "" if "v" in params else known)
    return asked if asked in pack.kommuner else ""


def parse(
    params: Mapping[str, str], pack: Pack, statements: Statements, default: View
) -> tuple[View, list[Problem]]:
    """Read query parameters into a view.

    Parameters
    ----------
    params
        As they stand in the address; anything may be in them.
    pack, statements
        Those of the kommun that the link is about (`kommun_of`), if it is about one.
    default
        What stands for the parts that the link leaves out.

    Returns
    -------
    The view, and a problem for each part that was unknown, outdated or too much.
    """
    problems: list[Problem] = []
    view = default
    if params.get("sprak") in ("sv", "en"):
        view = replace(view, lang=params["sprak"])
    if "v" in params and params["v"] != SCHEMA:
        problems.append(Problem("schema", params["v"], SCHEMA))
    if "data" in params and params["data"] != pack.info.version:
        problems.append(Problem("version", params["data"], pack.info.version))
    if "granser" in params and params["granser"] != pack.info.boundary_vintage:
        problems.append(Problem("boundaries", params["granser"], pack.info.boundary_vintage))
    asked = kommun_of(params, pack, default.kommun)
    view = replace(view, kommun=asked)
    if params.get("kommun", asked) != asked:
        problems.append(Problem("choice", f"kommun={params['kommun']}"))
    if "egna" in params:
        made, faults = own.from_text(params["egna"], pack)
        view = replace(view, own=made)
        problems += [Problem(*fault) for fault in faults]
    if pack.info.whole is Whole.COUNTRY:  # all that is said of a country would be worked out once more for each reader
        problems += [Problem("own_country", area.name) for area in view.own if "egna" in params]
        view = replace(view, own=())
    known = set(pack.areas) | {area.id for area in view.own}
    if "omr" in params:
        view = replace(view, areas=_areas(params["omr"], known, problems))
    view = replace(view, areas=tuple(area for area in view.areas if area in known))
    view = _indicator(params, pack, statements, view, problems)
    if view.level not in (levels := offered(pack)) and levels:
        view = replace(view, level=levels[0])
    view = _choices(params, pack, view, problems)
    view = _against(params, view, known, problems)
    if "vikter" in params:
        view = replace(view, weights=_weights(params["vikter"], pack, problems))
    if "matt" in params:
        asked = list(dict.fromkeys(filter(None, params["matt"].split("."))))
        problems += [Problem("choice", f"matt={i}") for i in asked if i not in pack.indicators]
        view = replace(view, indicators=tuple(i for i in asked if i in pack.indicators))
    unknown = set(params) - set(to_params(_FULL, pack)) - {"embed", "embed_options"}
    problems += [Problem("parameter", key) for key in sorted(unknown)]
    return view, problems


def _areas(text: str, known: set[str], problems: list[Problem]) -> tuple[str, ...]:
    asked = list(dict.fromkeys(part for part in text.split(".") if part))
    found = [area for area in asked if area in known]
    problems += [Problem("area", area) for area in asked if area not in known]
    if len(found) > MAX_AREAS:
        problems.append(Problem("too_many", str(len(found)), str(MAX_AREAS)))
    return tuple(found[:MAX_AREAS])


def _weights(text: str, pack: Pack, problems: list[Problem]) -> tuple[tuple[str, int], ...]:
    """Read ``indicator-weight.indicator-weight``; a part that is not a weight of something weighable is told."""
    found = {}
    for part in filter(None, text.split(".")):
        name, _, weight = part.rpartition("-")
        known = pack.indicators.get(name)
        if known is None or not known.weighable or weight not in map(str, range(MAX_WEIGHT + 1)):
            problems.append(Problem("weight", part))
        else:
            found[name] = int(weight)
    return tuple(found.items())


def _indicator(
    params: Mapping[str, str], pack: Pack, statements: Statements, view: View, problems: list[Problem]
) -> View:
    if "ind" in params:
        if params["ind"] in pack.indicators:
            view = replace(view, indicator=params["ind"], group="", period="")
        else:
            problems.append(Problem("indicator", params["ind"], view.indicator))
    if view.indicator not in pack.indicators:
        return view
    indicator = pack.indicators[view.indicator]
    groups = {group.id for group in indicator.groups}
    group = params.get("grupp", view.group)
    if group not in groups:
        if group:
            problems.append(Problem("group", group, indicator.default_group))
        group = indicator.default_group
    periods = statements.periods(indicator.id, None, group)
    period = params.get("per", view.period)
    if period not in periods:
        latest = periods[-1] if periods else ""
        if period:
            problems.append(Problem("period", period, latest))
        period = latest
    return replace(view, group=group, period=period)


def _choices(params: Mapping[str, str], pack: Pack, view: View, problems: list[Problem]) -> View:
    choices = {
        "tema": ("theme", tuple(Theme)),
        "visa": ("mode", MODES),
        "form": ("layout", LAYOUTS),
        "karta": ("map", MAPS),
        "mal": ("goal", tuple(goal.id for goal in pack.goals)),
        "efter": ("order", ORDERS),
        "ordning": ("ordering", pack.info.ordering),
        "slag": ("level", offered(pack)),
        "polis": ("police", tuple(edition.edition for edition in pack.police)),
        "ytor": ("outlines", offered(pack, OUTLINES)),
        "insats": ("initiative", tuple(i.id for i in pack.initiatives)),
        "sort": ("event", EVENTS),
        "utfall": ("outcome", tuple(pack.indicators)),
        "rader": ("sorting", SORTINGS),
        "mall": ("template", TEMPLATES),
        "varje": ("each", offered(pack)),
    }
    for key, (field, allowed) in choices.items():
        if not params.get(key):
            continue
        if params[key] in allowed:
            view = replace(view, **{field: str(params[key])})
        else:
            problems.append(Problem("choice", f"{key}={params[key]}", getattr(view, field)))
    free = {
        "utkast": ("draft", _line),
        "dag": ("on", is_date),
        "sok": ("search", _line),
        "fran": ("since", _year),
        "till": ("until", _year),
        "lista": ("priorities", _line),
        "version": ("version", _line),
    }
    for key, (field, fits) in free.items():
        if params.get(key) and fits(params[key]):
            view = replace(view, **{field: params[key]})
        elif params.get(key):
            problems.append(Problem("choice", f"{key}={params[key]}", getattr(view, field)))
    return replace(view, initiatives=params.get("insatser", "1" if view.initiatives else "") == "1")


def _against(params: Mapping[str, str], view: View, known: set[str], problems: list[Problem]) -> View:
    """Read what is compared with: earlier years, or an area."""
    asked = params.get("mot", view.against)
    if asked in ("", EARLIER, *known):
        return replace(view, against=asked)
    if "mot" in params:
        problems.append(Problem("choice", f"mot={asked}"))
    return replace(view, against="")


def _line(text: str) -> bool:
    """Tell whether a text is a short line without spaces around it."""
    return len(text) <= LONGEST and text.isprintable() and text == text.strip()


def _year(text: str) -> bool:
    """Tell whether a text is a year."""
    return len(text) == 4 and text.isascii() and text.isdigit()


#: A view with something in every place, so that ``to_params`` names every parameter there is.
_FULL = View(
    kommun="x", areas=("x",), indicator="x", period="x", group="x", theme="x", police="x", outlines="x", goal="x", ordering="x", initiatives=True,
    own=(Area(id="eget-1", name="x", level="eget", members=("x",)),),
    against="x",
    initiative="x", draft="x", event="x", on="x", search="x",
    outcome="x", weights=(("x", 1),),
    template="x", each="x", indicators=("x",), since="x", until="x", priorities="x", version="x",
)
