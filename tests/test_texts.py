"""The interface texts: the same in both languages, none missing, none left over, all in good Swedish."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from components import cards, maps, order_paper, order_parts, own_parts, publish_parts, spoken
from components.page_list import GROUPS
from omradesbild import link, proposal, words
from omradesbild.analyse import city_index, diff, followup, freshness, peers, synthetic
from omradesbild.analyse.across import REFUSALS
from omradesbild.analyse.between import REASONS as UNCOMPARED
from omradesbild.analyse.compose import REASONS
from omradesbild.analyse.difference import CODES
from omradesbild.analyse.local_moran import CODES as PATTERNS
from omradesbild.analyse.long_trend import CODES as LONG_TRENDS
from omradesbild.analyse.reliability import CODES as RELIABILITIES
from omradesbild.analyse.segregation import MEASURES
from omradesbild.analyse.statements import Caveat
from omradesbild.analyse.trend import CODES as TRENDS
from omradesbild.model import (
    TEMPLATES,
    Direction,
    Flag,
    Initiative,
    Level,
    LevelWords,
    PoliceEntry,
    Source,
    Theme,
    Whole,
)
from omradesbild.publish import differences, places, renewals, report
from omradesbild.publish.site import addresses, changes, web
from omradesbild.publish.site.build import REFUSED
from omradesbild.publish.site.pages.about import METHOD
from omradesbild.publish.tables import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
COMPARISONS = [code for code in CODES if code]
QUALITIES = {quality[-1].lower() for quality in get_args(Source.model_fields["quality"].annotation)}


def texts(lang: str) -> dict[str, str]:
    return {key: words.t(key, lang) for key in words.keys(lang)}


@cache
def trees() -> dict[str, ast.AST]:
    """Return the parsed code that shows texts, by path."""
    paths = sorted(p for folder in ("components", "pages", "omradesbild") for p in (ROOT / folder).rglob("*.py"))
    return {p.relative_to(ROOT).as_posix(): ast.parse(p.read_bytes()) for p in paths}


def constants() -> set[str]:
    """Return every string that stands in the code."""
    nodes = (node for tree in trees().values() for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def first_arguments(name: str) -> list[tuple[str, ast.expr]]:
    """Return what calls of a function are given first, with the file."""
    return [
        (path, node.args[0])
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args
    ]


def pattern(text: ast.JoinedStr) -> str:
    """Return an f-string with ``{}`` for what is filled in."""
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in text.values)


def given(name: str) -> set[str]:
    """Return the constants that calls of a function are given first: ``Problem("area", …)`` → area."""
    return {found.value for _, found in first_arguments(name) if isinstance(found, ast.Constant)}


def completing(form: str) -> set[str]:
    """Return the constants of the code that make an existing key out of an f-string."""
    return {c for c in constants() if form.replace("{}", c) in words.keys("sv")}


#: f-string in the code → everything that can be filled in
FAMILIES = {
    "fresh.is_{}": set(freshness.STATES),
    "fresh.part_{}": set(renewals.PARTS),
    "month.{}": {str(month) for month in range(1, 13)},
    "version.{}": {"approve", "dismiss", "restore"},
    "version.{}_done": {"approve", "dismiss", "restore"},
    "version.{}_sure": {"approve", "dismiss", "restore"},
    "version.{}_yes": {"approve", "dismiss", "restore"},
    "diff.entry_{}": {"new", "gone", "changed"},
    "diff.field_{}": {*differences.FIELDS, "other"},
    "diff.kind_{}": set(diff.KINDS),
    "diff.look_{}_{}": {f"{kind}_{why}" for kind, why in differences.FIRST},
    "diff.of_{}": set(diff.KINDS),
    "diff.part_{}": set(differences.PARTS),
    "diff.why_{}": set(diff.WHYS),
    "site.change_{}": set(changes.KINDS),
    "site.gone_{}": {"omrade", "indikator"},
    "about.{}": {"definition", "not_covered", "processing"},
    "against.not_{}": set(UNCOMPARED) - {"", "same"},
    "against.rule_{}": {"rest", "area", "earlier"},
    "across.refused_{}": set(REFUSALS),
    "across.{}": {"hidden", "missing", "grew", "shrank", "unclear"},
    "areamap.police_{}": set("pP"),
    "comparison_short.{}": set(COMPARISONS),
    "areamap.{}": {*maps.WORDS, *maps.DRAW_WORDS},
    "card.{}": {*cards.FACES, "csv", "xlsx"},
    "column.{}": set(COLUMNS) | completing("column.{}"),
    "control.layout_{}": set(link.LAYOUTS),
    "control.map_{}": set(link.MAPS),
    "control.mode_{}": set(link.MODES),
    "control.order_{}": set(link.ORDERS),
    "data.quality_{}": QUALITIES,
    "direction.{}": {"higher", "lower", "none"},
    "file.{}": {"missing", "interval", "reliability", "comparison", "untested"},
    "draft.{}_label": {*proposal.TEXTS, *proposal.LISTS},
    "fact.{}": completing("fact.{}"),
    "flag.{}": {flag.name.lower() for flag in Flag},
    "gap.ends_{}": {"higher", "lower"},
    "gap.fifth_{}": {"highest", "lowest"},
    "column.fifth_{}": {"highest", "lowest"},
    "gap.how_{}": {"intervals", "slope", "change", "opposite"},
    "index.band_{}": set(city_index.BANDS),
    "index.firm_{}": {code for code, _ in city_index.FIRMNESS},
    "index.order_{}": set(link.SORTINGS),
    "followup.areas_{}": {"donors", "other_initiative", "neighbour", "incomplete"},
    "followup.difference_{}": {"matched", "untreated"},
    "followup.needed_{}": {"effect", "years_before", "earlier_cause", "better_fit"},
    "followup.refused_{}": {code for code in followup.REFUSALS if not code.startswith("too_few")},
    "followup.table_{}": {"within", "small", "apart"},
    "followup.time_{}": {"moved", "still"},
    "followup.verdict_{}": set(synthetic.VERDICTS),
    "followup.warn_{}": completing("followup.warn_{}"),
    "followup.who_{}": {"treated", "matched", "untreated", "city"},
    "followup.{}": completing("followup.{}"),
    "initiative.{}": set(get_args(Initiative.model_fields["kind"].annotation)),
    "legend.untested_{}": set("bcd"),
    "legend.{}_{}": {f"{kind}_{code}" for kind in ("plain", "judged") for code in "abcde"},
    "level.{}.{}": {f"{form}.{level}" for form in LevelWords.model_fields for level in Level},
    "link.{}": given("Problem") | given("Fault"),
    "streamlit.{}": {key for words in spoken.WORDS.values() for *_, key in words},
    "publish.by_{}": {"source", "here", "sums", "capped"},
    "publish.refused.{}": given("EditionError") | {"write", *REFUSED.values()},
    "publish.why_{}": {"source", "here", "sums", "capped"},
    "publish.setting_{}": set(publish_parts.WANTED),
    "order.as_{}": set(order_paper.MIME),
    "order.compared_{}": {name for name, asks in order_parts.ASKS.items() if "against" not in asks},
    "order.file_{}": set(order_paper.MIME),
    "order.for_{}": set(TEMPLATES),
    "order.list_{}": {"in_hand", "with_order"},
    "order.section_{}": {s for name in TEMPLATES for s in report.sections(name)} - set(Theme),
    "order.template_{}": set(TEMPLATES),
    "order.{}": {*order_parts.LINES, "since", "until", "hidden", "missing", "estimated"},
    "nav.{}": given("PageEntry") | {"copy_link", "copied", "copy_failed"},
    "nav.group_{}": set(GROUPS),
    "number.{}": {"and", "or"},
    "pattern.how_{}": {"shrink", "neighbours"},
    "pattern.{}": set(PATTERNS),
    "intake.{}": {
        "sheet", "areas", "indicator", "kind", "theme", "direction", "way", "source", "decimal", "complete", "scale", "period", "name",
        "before", "after", "change",
    },
    "intake.change_{}": {"new", "changed", "gone"},
    "intake.column_{}": {"value", "numerator", "denominator"},
    "intake.count_{}": {"new", "changed", "same", "gone"},
    "intake.decimal_{}": {"comma", "point"},
    "intake.detail_{}": {"encoding", "separator", "title", "unit", "source", "updated", "hidden"},
    "intake.direction_{}": set(Direction),
    "intake.doubt_{}": {*given("Doubt"), "larger", "smaller"},
    "intake.kind_{}": {"count", "share", "rate", "mean", "median"},
    "intake.measure_{}": {"title", "unit", "short_unit", "numerator", "denominator", "definition", "not_covered"},
    "intake.source_{}": {"publisher", "title", "url", "licence"},
    "intake.way_{}": {"value", "parts"},
    "peers.{}": {code for code, _ in peers.NEARNESS},
    "own.way_{}": set(own_parts.WAYS),
    "own.{}": given("UploadError"),
    "police.criteria_{}": completing("police.criteria_{}"),
    "police.criteria_{}_title": completing("police.criteria_{}_title"),
    "police.move_border{}": {"", "_came", "_went", "_came_went"},
    "police.move_{}": {"added", "left"},
    "police.section_{}": completing("police.section_{}"),
    "police.{}": set(get_args(PoliceEntry.model_fields["category"].annotation)),
    "priority.moves_{}": {"too_few", "untested", "with_city"},
    "priority.why_{}": {"much_worse", "worse", "diverging", "more", "fewer"},
    "priority.{}_note": {"people", "places", "initiatives"},
    "report.{}": completing("report.{}"),
    "report.field_{}": completing("report.field_{}"),
    "report.hint_{}": completing("report.hint_{}"),
    "report.standing_{}": {"worse", "better"},
    "report.years_{}": {"between", "since", "until"},
    "movement.{}": {"up", "down", "rising", "falling"},
    "movement.{}_{}": {
        *(f"{word}_{by}" for word in ("better", "worse") for by in ("own", "city")),
        *(f"here_{code}" for code in ("same", "gone", "up", "down")),
        *(f"there_{code}" for code in ("same", "up", "down")),
    },
    "movement.long_{}": set(LONG_TRENDS) - {"too_few"},
    "movement.why_{}": {"too_few", "small", "untested"},
    "movement.word_{}": set(TRENDS),
    "reason.{}": {reason for reason in REASONS if reason},
    "reliability.{}": {"none", *filter(None, RELIABILITIES)},
    "proposal.part_{}": proposal.NAMED,
    "proposal.{}": completing("proposal.{}"),
    "register.class_{}": {str(least) for _, least in places.STEPS},
    "register.{}": {"draft", "ongoing", "no_end", "not_ongoing", "no_duration"},
    "segregation.how_{}": {"measures", "chance", "interval", "change", "areas"},
    "segregation.{}": set(MEASURES),
    "segregation.{}_says": set(MEASURES),
    "site.data_{}": {key for _, key in addresses.WHOLE},
    "site.file_{}": set(addresses.ENDINGS),
    "site.fill_{}": {"publisher", "contact", "reviewed", "reviewer"},
    "site.menu_{}": {"start", *filter(None, web.MENU)},
    "site.method_{}": set(METHOD),
    "site.method_{}_title": set(METHOD),
    "summary.test_{}": {"very", "clear", "none"},
    "summary.unsaid_{}": {"withheld", "missing", "small", "years"},
    "theme.{}": set(Theme),
    "warning.{}": set(Caveat),
    "{}.{}": {f"{kind}.{code}" for kind in ("comparison", "comparison_short") for code in COMPARISONS},
}


def family_keys() -> set[str]:
    """Return every key that the f-strings in the code can ask for."""
    holes = re.compile(r"\{\}(?:.\{\})?")
    return {holes.sub(value, form) for form, values in FAMILIES.items() for value in values}


def test_both_languages_have_the_same_texts() -> None:
    assert words.keys("sv") == words.keys("en")
    assert len(words.keys("sv")) > 250


def test_texts_take_the_same_values_in_both_languages() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    english = texts("en")
    different = {k: text for k, text in texts("sv").items() if places(text) != places(english[k])}
    assert different == {}


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_no_text_is_empty_or_badly_spaced(lang: str) -> None:
    bad = {k: text for k, text in texts(lang).items() if text != text.strip() or not text or "  " in text}
    assert bad == {}


def test_every_key_in_the_code_exists() -> None:
    asked = given("t")
    assert len(asked) > 80
    assert asked - words.keys("sv") == set()


def test_every_family_of_keys_in_the_code_exists() -> None:
    forms = {pattern(found): path for path, found in first_arguments("t") if isinstance(found, ast.JoinedStr)}
    assert set(forms) == set(FAMILIES), "FAMILIES must list each f-string that is given to t()"
    assert family_keys() - words.keys("sv") == set()


def test_no_text_is_left_over() -> None:
    of_the_pack = {f"whole.{whole}" for whole in Whole}
    assert words.keys("sv") - family_keys() - constants() - of_the_pack == set()


FORBIDDEN = {
    "sv": r"signifikan|utanförskap|problemområde|invandrartät|\bghetto|\bförort|\betnisk",
    "en": r"\bsignifican|deprived|\bghetto|problem area|\bethnic",
}


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_texts_do_not_judge_people_or_hide_behind_statistics(lang: str) -> None:
    bad = {k: text for k, text in texts(lang).items() if re.search(FORBIDDEN[lang], text, re.IGNORECASE)}
    assert bad == {}


def test_only_the_police_classes_call_an_area_exposed() -> None:
    exposed = {k for k, text in texts("sv").items() if "utsatt" in text.lower()}
    assert {k for k in exposed if not k.startswith("police.")} == set()


@pytest.mark.parametrize(("lang", "city"), [("sv", r"\bstadens?\b|Malmö"), ("en", r"(?<!\{)\bcity\b|Malmö")])
def test_no_text_knows_that_it_speaks_of_a_city(lang: str, city: str) -> None:
    """The pack says what its whole is: write {whole}, not staden."""
    words.speak_of(None)
    allowed = {"whole.stad", "demo.banner", *(f"level.{form}.{Level.CITY_AREA}" for form in LevelWords.model_fields)}
    assert {k for k, text in texts(lang).items() if re.search(city, text, re.IGNORECASE)} - allowed == set()


def test_swedish_texts_have_swedish_marks() -> None:
    swedish = texts("sv")
    assert {k for k, text in swedish.items() if re.search(r"[\"“‘]|(?<!\w)'|'(?!\w)", text)} == set()
    assert {k for k, text in swedish.items() if re.search(r"\w - \w|\d-\d|--|\.\.\.", text)} == set()
    assert {k for k, text in swedish.items() if re.search(r"\d[ ,.]\d{3}\b", text)} == set(), "thin space"
    assert {k for k, text in swedish.items() if re.search(r"\d\.\d", text)} == set(), "decimal comma"
    assert {k for k, text in swedish.items() if text.count("”") % 2} == set()
