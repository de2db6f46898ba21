"""Links: what is written can be read back, and what cannot be honoured is said."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omradesbild import own, words
from omradesbild.analyse.statements import build
from omradesbild.link import (
    EARLIER,
    EVENTS,
    IN_HAND,
    LAYOUTS,
    MAPS,
    MAX_AREAS,
    MODES,
    ORDERS,
    SORTINGS,
    TEMPLATES,
    Problem,
    View,
    address,
    kommun_of,
    offered,
    parse,
    to_params,
)
from omradesbild.model import Area, Theme
from omradesbild.pack import load

ROOT = Path(__file__).resolve().parent.parent
PACK = load(ROOT / "data")
STATEMENTS = build(PACK)
DEFAULT = View(indicator="arbetslosa_16_64", period="2022")
WEIGHABLE = [i.id for i in PACK.indicators.values() if i.weighable]
#: Every parameter and what it is for. Links are out in the world: these never change.
STABLE = [
    *("v", "data", "granser", "kommun", "omr", "ind", "per", "grupp", "tema", "visa", "form", "karta", "mal", "efter", "ordning", "slag"),
    *("polis", "ytor", "insatser", "egna", "mot", "insats", "utkast", "sort", "dag", "sok"),
    *("utfall", "vikter", "rader", "mall", "varje", "matt", "fran", "till", "lista", "version", "sprak"),
]


def read(params: dict[str, str], default: View = DEFAULT) -> tuple[View, list[Problem]]:
    return parse(params, PACK, STATEMENTS, default)


def optional(values) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *map(str, values)])


BASE = [a.id for a in PACK.areas.values() if a.level == PACK.info.base_level]


@st.composite
def owned(draw) -> tuple[Area, ...]:
    """Draw a reader's own areas, with any name and any shares."""
    parts = st.dictionaries(st.sampled_from(BASE), st.floats(0.001, 1.0) | st.just(1.0), min_size=1, max_size=8)
    numbers = draw(st.lists(st.integers(1, own.MOST), unique=True, max_size=own.MOST))
    return tuple(own.make(n, draw(st.text(max_size=80)), draw(parts), PACK) for n in numbers)


@st.composite
def views(draw) -> View:
    """Draw any view that the app's controls can make."""
    indicator = PACK.indicators[draw(st.sampled_from(list(PACK.indicators)))]
    groups = [g for g in STATEMENTS.groups(indicator.id) if STATEMENTS.periods(indicator.id, None, g)]
    group = draw(st.sampled_from(groups))
    made = draw(owned())
    known = [*PACK.areas, *(area.id for area in made)]
    areas = tuple(draw(st.lists(st.sampled_from(known), max_size=MAX_AREAS, unique=True)))
    return View(
        own=made,
        areas=areas,
        against=draw(st.sampled_from(["", EARLIER, *areas])),
        indicator=indicator.id,
        period=draw(st.sampled_from(STATEMENTS.periods(indicator.id, None, group))),
        group=group,
        theme=draw(optional(Theme)),
        mode=draw(st.sampled_from(MODES)),
        layout=draw(st.sampled_from(LAYOUTS)),
        map=draw(st.sampled_from(MAPS)),
        goal=draw(optional(goal.id for goal in PACK.goals)),
        order=draw(st.sampled_from(ORDERS)),
        level=draw(st.sampled_from(offered(PACK))),
        police=draw(optional(e.edition for e in PACK.police)),
        outlines=draw(optional(["namngivet", "stadsdel"])),
        initiatives=draw(st.booleans()),
        initiative=draw(optional(i.id for i in PACK.initiatives)),
        draft=draw(st.sampled_from(["", "BID Östra", "<b>&=?#"])),
        event=draw(optional(EVENTS)),
        on=draw(st.sampled_from(["", "2024", "2024-02", "2024-02-29"])),
        search=draw(st.sampled_from(["", "Möllan", "a&b=c"])),
        outcome=draw(optional(PACK.indicators)),
        weights=tuple(draw(st.dictionaries(st.sampled_from(WEIGHABLE), st.integers(0, 5))).items()),
        sorting=draw(st.sampled_from(SORTINGS)),
        template=draw(optional(TEMPLATES)),
        indicators=tuple(draw(st.lists(st.sampled_from(list(PACK.indicators)), max_size=5, unique=True))),
        since=draw(st.sampled_from(["", "2015"])),
        until=draw(st.sampled_from(["", "2024"])),
        priorities=draw(st.sampled_from(["", IN_HAND, "Nämndens lista, maj"])),
        lang=draw(st.sampled_from(words.LANGUAGES)),
    )


@settings(max_examples=200, deadline=None)
@given(views())
def test_a_link_opens_exactly_the_view_it_was_made_from(view: View) -> None:
    assert read(to_params(view, PACK)) == (view, [])


def test_the_year_of_a_breakdown_with_years_of_its_own_is_kept() -> None:
    view = replace(DEFAULT, indicator="hemlosa_vuxna", group="utan_social_problematik", period="2012")
    assert "2012" not in STATEMENTS.periods("hemlosa_vuxna")
    assert read(to_params(view, PACK)) == (view, [])


def test_parameters_have_stable_names_and_order() -> None:
    full = View(
        kommun="1280",
        areas=("mollan", "1280R037"),
        indicator="valdeltagande",
        period="2022",
        group="riksdagsval",
        theme="arbete",
        mode="avvikelse",
        layout="ett",
        map="fri",
        goal="segregation",
        order="matt",
        ordering="forgymnasial",
        level="regso",
        police="2023",
        outlines="stadsdel",
        initiatives=True,
        own=(own.make(2, "Möllan och mer", {"1280R050": 0.35, "1280R049": 1.0}, PACK),),
        against="mollan",
        initiative="bid-sofielund",
        draft="Nytt",
        event="plan",
        on="2024-05",
        search="torg",
        outcome="forgymnasial",
        weights=(("valdeltagande", 2), ("forgymnasial", 0)),
        sorting="namn",
        template="jamforelse",
        each="regso",
        indicators=("valdeltagande", "forgymnasial"),
        since="2015",
        until="2024",
        priorities="Nämndens lista",
        version="2026-11-22-cd54b0f41a60",
        lang="en",
    )
    params = to_params(full, PACK)
    assert list(params) == STABLE
    assert params == {
        "v": "1",
        "data": "2026-11-22",
        "granser": PACK.info.boundary_vintage,
        "kommun": "1280",
        "omr": "mollan.1280R037",
        "ind": "valdeltagande",
        "per": "2022",
        "grupp": "riksdagsval",
        "tema": "arbete",
        "visa": "avvikelse",
        "form": "ett",
        "karta": "fri",
        "mal": "segregation",
        "efter": "matt",
        "ordning": "forgymnasial",
        "slag": "regso",
        "polis": "2023",
        "ytor": "stadsdel",
        "insatser": "1",
        "egna": "2~Möllan och mer~1280R049.1280R050:350",
        "mot": "mollan",
        "insats": "bid-sofielund",
        "utkast": "Nytt",
        "sort": "plan",
        "dag": "2024-05",
        "sok": "torg",
        "utfall": "forgymnasial",
        "vikter": "valdeltagande-2.forgymnasial-0",
        "rader": "namn",
        "mall": "jamforelse",
        "varje": "regso",
        "matt": "valdeltagande.forgymnasial",
        "fran": "2015",
        "till": "2024",
        "lista": "Nämndens lista",
        "version": "2026-11-22-cd54b0f41a60",
        "sprak": "en",
    }
    assert len(fields(View)) == len(STABLE) - 3, "every field of a view has a place in the link"


def test_a_link_says_which_kommun_of_a_country_it_is_about_and_one_within_the_app_may_leave_it_out() -> None:
    country = replace(PACK, kommuner={k: Area(id=k, name=k, level="kommun", members=("1280R001",)) for k in ("1280", "0180")})
    assert kommun_of({"kommun": "0180"}, country, "1280") == "0180"
    assert kommun_of({"omr": "1280R001"}, country, "1280") == "1280", "a link within the app"
    assert kommun_of({"v": "1"}, country, "1280") == "", "a whole link of the country"
    assert kommun_of({"kommun": "9999"}, country, "") == kommun_of({"kommun": "1280"}, PACK, "1280") == ""
    view, problems = parse({"kommun": "0180"}, country, STATEMENTS, DEFAULT)
    assert (view.kommun, problems, to_params(view, country)["kommun"]) == ("0180", [], "0180")
    view, problems = read({"kommun": "9999"})
    assert (view.kommun, problems) == ("", [Problem("choice", "kommun=9999")])


def test_areas_and_earlier_years_can_be_compared_with_and_nothing_else() -> None:
    view, problems = read({"omr": "mollan", "mot": "1280R099"})
    assert (view.against, [p.code for p in problems]) == ("", ["choice"])
    assert read({"omr": "mollan", "mot": "tidigare"})[0].against == EARLIER
    alone, problems = read({"omr": "mollan", "mot": "1280R037"})  # a document about one area compares it with another
    assert (alone.against, problems) == ("1280R037", []) and to_params(alone, PACK)["mot"] == "1280R037"


def test_the_same_view_has_the_same_link_in_both_languages() -> None:
    swedish, english = (to_params(replace(DEFAULT, lang=lang), PACK) for lang in words.LANGUAGES)
    assert {k for k in swedish if swedish[k] != english[k]} == {"sprak"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"v": "0"}, Problem("schema", "0", "1")),
        ({"data": "2025-01-01"}, Problem("version", "2025-01-01", "2026-11-22")),
        ({"granser": "RegSO 2018"}, Problem("boundaries", "RegSO 2018", PACK.info.boundary_vintage)),
        ({"omr": "mollan.1280R099"}, Problem("area", "1280R099")),
        ({"ind": "lycka"}, Problem("indicator", "lycka", "arbetslosa_16_64")),
        ({"grupp": "kvinnor"}, Problem("group", "kvinnor", "")),
        ({"per": "2031"}, Problem("period", "2031", "2022")),
        ({"visa": "snett"}, Problem("choice", "visa=snett", "niva")),
        ({"slag": "kommun"}, Problem("choice", "slag=kommun", "namngivet")),
        ({"form": "tre"}, Problem("choice", "form=tre", "rutor")),
        ({"tema": "sport"}, Problem("choice", "tema=sport", "")),
        ({"polis": "1999"}, Problem("choice", "polis=1999", "")),
        ({"ytor": "regso"}, Problem("choice", "ytor=regso", "")),
        ({"egna": "1~x~1280R099"}, Problem("own_part", "1280R099")),
        ({"egna": "1~x~mollan"}, Problem("own_part", "mollan")),
        ({"egna": "x"}, Problem("own_broken", "x")),
        ({"egna": "1~x~1280R001:0"}, Problem("own_broken", "1~x~1280R001:0")),
        ({"egna": "1~x~1280R001.1280R001:5"}, Problem("own_broken", "1~x~1280R001.1280R001:5")),
        ({"omr": "mollan.eget-1"}, Problem("area", "eget-1")),
        ({"insats": "bid-mars"}, Problem("choice", "insats=bid-mars", "")),
        ({"sort": "fest"}, Problem("choice", "sort=fest", "")),
        ({"dag": "2023-02-29"}, Problem("choice", "dag=2023-02-29", "")),
        ({"utkast": " x"}, Problem("choice", "utkast= x", "")),
        ({"sok": "x" * 81}, Problem("choice", "sok=" + "x" * 81, "")),
        ({"rader": "plats"}, Problem("choice", "rader=plats", "index")),
        ({"utfall": "lycka"}, Problem("choice", "utfall=lycka", "")),
        ({"vikter": "lycka-2"}, Problem("weight", "lycka-2")),
        ({"vikter": "utrikes_fodda-2"}, Problem("weight", "utrikes_fodda-2")),
        ({"vikter": "forgymnasial-6"}, Problem("weight", "forgymnasial-6")),
        ({"vikter": "forgymnasial"}, Problem("weight", "forgymnasial")),
        ({"utm_source": "brev"}, Problem("parameter", "utm_source")),
    ],
)
def test_one_bad_part_is_told_and_the_rest_is_honoured(changes: dict[str, str], problem: Problem) -> None:
    view = View(areas=("mollan",), indicator="arbetslosa_16_64", period="2022", outlines="stadsdel", lang="en")
    good = to_params(view, PACK)
    opened, problems = read({**good, **changes})
    assert problems == [problem]
    lost = {"ytor": {"outlines": ""}}.get(next(iter(changes)), {})
    assert opened == replace(view, **lost)


def test_an_unknown_period_gives_the_newest() -> None:
    view, problems = read({"ind": "folkmangd", "per": "1950"})
    assert (view.period, problems) == ("2025", [Problem("period", "1950", "2025")])


def test_an_unknown_breakdown_gives_the_indicators_own() -> None:
    view, problems = read({"ind": "valdeltagande", "grupp": "fotboll"})
    assert (view.group, view.period) == ("kommunval", STATEMENTS.periods("valdeltagande", None, "kommunval")[-1])
    assert problems == [Problem("group", "fotboll", "kommunval")]


def test_more_than_six_areas_give_the_first_six() -> None:
    asked = [a.id for a in PACK.areas.values() if a.level == "regso"][:9]
    view, problems = read({"omr": ".".join(asked)})
    assert view.areas == tuple(asked[:6])
    assert problems == [Problem("too_many", "9", "6")]


def test_an_area_is_shown_once() -> None:
    assert read({"omr": "mollan..mollan.sd-fosie."}) == (replace(DEFAULT, areas=("mollan", "sd-fosie")), [])


def test_an_empty_link_opens_what_there_was() -> None:
    before = View(areas=("mollan",), indicator="folkmangd", period="2015", mode="avvikelse", lang="en")
    assert read({}, before) == (before, [])


def test_a_link_that_names_only_the_area_has_the_rest_from_the_default() -> None:
    assert read({"omr": "mollan", "sprak": "en"}) == (replace(DEFAULT, areas=("mollan",), lang="en"), [])


def test_what_an_embedding_page_adds_is_no_mistake() -> None:
    assert read({"embed": "true", "embed_options": "light_theme"}) == (DEFAULT, [])


def test_a_link_made_with_another_pack_is_noticed_but_opens() -> None:
    newer = SimpleNamespace(info=PACK.info.model_copy(update={"version": "2027-03-01", "boundary_vintage": "RegSO 2027"}))
    view, problems = read(to_params(replace(DEFAULT, areas=("mollan",)), newer))
    assert [p.code for p in problems] == ["version", "boundaries"]
    assert view == replace(DEFAULT, areas=("mollan",))


def test_every_problem_has_its_text() -> None:
    codes = ["schema", "version", "boundaries", "parameter", "area", "too_many", "indicator", "group", "period"]
    codes += ["own_many", "own_broken", "own_part", "own_country"]
    for lang in words.LANGUAGES:
        said = [words.t(f"link.{code}", lang, found="FUNNET", used="BRUKAT") for code in [*codes, "choice"]]
        assert all("FUNNET" in text for text in said)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "x" * 10_000,
            "." * 10_000,
            ".".join(["mollan"] * 2_000),
            "<script>alert(1)</script>",
            "\x00\x00",
            "{0.__class__}",
            "../../etc/passwd",
            "1280R037\x00",
            "=cmd|' /C calc'!A0",
            "\ud800",
            "1~<img src=x onerror=alert(1)>~1280R001",
            "1~[x](https://evil.example)~1280R001!1~again~1280R002",
            "1~\u202eled\u200e~1280R001.1280R002:999",
            "1~" + "x" * 10_000 + "~1280R001",
            "!".join(f"{n}~x~1280R00{n}" for n in range(1, 10)),
            "1~x~" + ".".join(["1280R001"] * 2_000),
            "!~:.~!",
            "%",
        ]
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.one_of(st.sampled_from(STABLE), HOSTILE), HOSTILE, max_size=8))
def test_anything_may_stand_in_a_link(params: dict[str, str]) -> None:
    view, problems = read(params)
    assert set(view.areas) <= {*PACK.areas, *(a.id for a in view.own)} and len(view.areas) <= MAX_AREAS
    assert len(view.own) <= own.MOST and all(set(a.members) <= set(BASE) for a in view.own)
    assert view.indicator in PACK.indicators
    assert view.period in STATEMENTS.periods(view.indicator, None, view.group)
    assert read(to_params(view, PACK)) == (view, []), "what was opened can be linked to"
    for problem in problems:
        assert words.t(f"link.{problem.code}", "sv", found=problem.found, used=problem.used)


@given(st.text(max_size=200) | st.sampled_from(["<script>" * 2_000, "\u202e\u2066x", "a\nb\tc", "**x** `y` $z$", "://a", "www.x.se :smile: a::b"]))
def test_a_name_is_one_short_line_without_markup(text: str) -> None:
    name = own.clean_name(text)
    assert name == own.clean_name(name) and len(name) <= own.LONGEST_NAME
    assert not set(name) & set("<>[]{}*_`$~!|\\#\"@=%;\n\t") and "//" not in name
    assert not re.search(r"\.[^\s.]|:[^\s:]*:", name), "no address, no emoji"
    assert all(c == " " or unicodedata.category(c)[0] in "LNPS" for c in name), "no marks, controls or directions"


def test_more_own_areas_than_four_give_the_first_four() -> None:
    view, problems = read({"egna": "!".join(f"{n}~x~1280R00{n}" for n in range(1, 7))})
    assert [a.id for a in view.own] == ["eget-1", "eget-2", "eget-3", "eget-4"]
    assert problems == [Problem("own_many", "4")]


def test_an_own_area_with_an_unknown_part_is_left_out_whole() -> None:
    view, problems = read({"egna": "1~Mitt~1280R001.1280R099!2~Ditt~1280R002", "omr": "eget-1.eget-2"})
    assert [(a.id, a.members) for a in view.own] == [("eget-2", ("1280R002",))]
    assert view.areas == ("eget-2",)
    assert problems == [Problem("own_part", "1280R099"), Problem("area", "eget-1")]


def test_address_opens_the_same_view_from_outside(monkeypatch) -> None:
    view = replace(DEFAULT, areas=("mollan",))
    monkeypatch.delenv("OMRADESBILD_ADDRESS", raising=False)
    assert address("omrade", view, PACK) == "", "a part of an address leads nowhere on paper"
    monkeypatch.setenv("OMRADESBILD_ADDRESS", "https://exempel.se/app/")
    base, _, asked = address("omrade", view, PACK).partition("?")
    assert base == "https://exempel.se/app/omrade"
    assert read(dict(parse_qsl(asked))) == (view, [])
