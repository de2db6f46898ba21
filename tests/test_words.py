"""Numbers, periods and figures in words, in both languages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omradesbild import words
from omradesbild.model import Flag, Kind, Source
from omradesbild.words import DASH, MINUS, NO_BREAK_SPACE, THIN_SPACE


def indicator(**changes) -> SimpleNamespace:
    return SimpleNamespace(**{"kind": Kind.SHARE, "decimals": 1, "short_unit": "%"} | changes)


def statement(**changes) -> SimpleNamespace:
    plain = {"value": 12.34, "flag": "", "low": None, "high": None, "difference": None, "reason": "", "numerator": None}
    plain |= {"comparison": "", "warnings": (), "indicator": indicator()} | changes
    return SimpleNamespace(**{"decimals": plain["indicator"].decimals} | plain)


def source(**changes) -> Source:
    fields = {"id": "scb", "publisher": "SCB", "title": "T", "url": "https://x.se", "licence": "CC0"}
    return Source(**fields | {"attribution": "SCB", "retrieved": "2026-09"} | changes)


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (0, 0, "0", "0"),
        (-0.0, 1, "0,0", "0.0"),
        (-0.04, 1, "0,0", "0.0"),
        (-0.06, 1, "−0,1", "−0.1"),
        (999.5, 1, "999,5", "999.5"),
        (1000, 0, "1\u202f000", "1,000"),
        (367924, 0, "367\u202f924", "367,924"),
        (-1234567.891, 2, "−1\u202f234\u202f567,89", "−1,234,567.89"),
        (99.95, 0, "100", "100"),
        (2.675, 3, "2,675", "2.675"),
    ],
)
def test_number(value: float, decimals: int, swedish: str, english: str) -> None:
    assert words.number(value, decimals, "sv") == swedish
    assert words.number(value, decimals, "en") == english


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(3.24, 1, "+3,2"), (-3.26, 1, "−3,3"), (0.04, 1, "0,0"), (-0.04, 1, "0,0"), (2280, 0, "+2\u202f280")],
)
def test_signed_number(value: float, decimals: int, text: str) -> None:
    assert words.number(value, decimals, sign=True) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 3), st.sampled_from(words.LANGUAGES), st.booleans())
def test_a_written_number_can_be_read_back(value: float, decimals: int, lang: str, sign: bool) -> None:
    text = words.number(value, decimals, lang, sign=sign)
    thousands, point = (THIN_SPACE, ",") if lang == "sv" else (",", ".")
    read = float(text.replace(thousands, "").replace(point, ".").replace(MINUS, "-"))
    assert abs(read - value) <= 0.5 * 10**-decimals + 1e-6
    assert len(text.partition(point)[2]) == decimals
    assert "-" not in text and " " not in text
    assert text[0] not in "+" + MINUS or read != 0, "a zero has no sign"
    whole = text.partition(point)[0].lstrip(f"+{MINUS}")
    assert [len(part) for part in whole.split(thousands)][1:] == [3] * whole.count(thousands)


def test_period() -> None:
    assert words.period("2022") == "2022"
    assert words.period("2022/23") == "2022/23"
    assert words.period("2022K3") == "kvartal 3 2022"
    assert "2022" in words.period("2022K3", "en") and "kvartal" not in words.period("2022K3", "en")


def test_listing() -> None:
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b"]) == "a och b"
    assert words.listing(["a", "b", "c"]) == "a, b och c"
    assert words.listing(["a", "b", "c"], "en") == "a, b and c"


def test_figure_has_its_unit_and_stays_on_one_line() -> None:
    assert words.figure(statement()) == f"12,3{NO_BREAK_SPACE}%"
    assert words.figure(statement(), "en") == f"12.3{NO_BREAK_SPACE}%"
    people = indicator(kind=Kind.COUNT, decimals=0, short_unit="")
    assert words.figure(statement(value=10888.0, indicator=people)) == f"10{THIN_SPACE}888"
    kind_of_area = indicator(kind=Kind.CLASS, decimals=0, short_unit="")
    assert words.figure(statement(value=3.0, indicator=kind_of_area)) == "3"


@pytest.mark.parametrize(("flag", "mark"), [("-", "-"), (".", "."), ("..", ".."), ("e ..", ".."), ("", "-")])
def test_a_missing_figure_is_a_mark_and_never_zero(flag: str, mark: str) -> None:
    assert words.figure(statement(value=None, flag=flag)) == mark


def test_a_figure_of_zero_is_zero() -> None:
    assert words.figure(statement(value=0.0, numerator=0.0)) == f"0,0{NO_BREAK_SPACE}%"
    assert words.figure(statement(value=0.0, decimals=0)) == f"0{NO_BREAK_SPACE}%"


def test_a_figure_is_written_with_its_series_decimals() -> None:
    assert words.figure(statement(value=20.0, decimals=0)) == f"20{NO_BREAK_SPACE}%"
    assert words.figure(statement(value=20.0)) == f"20,0{NO_BREAK_SPACE}%"


def test_difference_between_shares_is_in_percentage_points() -> None:
    assert words.difference(statement(difference=3.21)) == f"+3,2{NO_BREAK_SPACE}procentenheter"
    money = indicator(kind=Kind.MEAN, short_unit="tkr")
    assert words.difference(statement(difference=-3.21, indicator=money)) == f"−3,2{NO_BREAK_SPACE}tkr"
    assert words.difference(statement()) == ""


def test_interval() -> None:
    assert words.interval(statement(low=10.76, high=12.94)) == f"10,8{DASH}12,9"
    assert words.interval(statement(low=10.76, high=None)) == ""
    assert words.interval(statement(low=0.0, high=0.04), "en") == f"0.0{DASH}0.0"


def test_every_flag_has_words_in_both_languages() -> None:
    for lang in words.LANGUAGES:
        said = words.flag_words(" ".join(Flag), lang)
        assert len(set(said)) == len(Flag)
    assert words.flag_words("e p") == ["uppskattad", "preliminär"]


def test_why_a_figure_is_missing() -> None:
    assert words.missing_words(statement(value=None, flag="..")) == "visas inte, skyddar små tal"
    assert words.missing_words(statement(value=None, flag="")) == "uppgift saknas"
    by_reason = statement(value=None, flag=".", reason="not_addable")
    assert words.missing_words(by_reason) == "kan inte summeras för flera områden"


def test_comparison_in_words() -> None:
    assert words.comparison(statement(comparison="much_lower")) == "klart lägre än övriga staden"
    assert words.comparison(statement(comparison="much_lower"), short=True) == "klart lägre"
    assert words.comparison(statement()) == ""


def test_count_of_nothing_is_empty_and_of_none_is_zero() -> None:
    assert words.count(None) == ""
    assert words.count(0.0) == "0"
    assert words.count(1654.0) == f"1{THIN_SPACE}654"


def test_source_line_names_each_publisher_once_with_its_tables() -> None:
    found = [
        source(id="a", table="TAB1"),
        source(id="b", table="TAB2", retrieved="2026-10-02"),
        source(id="c", table="TAB1"),
        source(id="d", attribution="Malmö stad"),
    ]
    line = words.source_text(found)
    assert line == "Källa: SCB (TAB1, TAB2); Malmö stad. Avläst 2026-10-02."
    processed = words.source_text(found[:1], processed=True)
    assert processed == "Källa: SCB (TAB1). Bearbetning: Områdesbild. Avläst 2026-09."
    assert words.source_text([]) == ""
    assert words.source_text(iter(found), "en").startswith("Source: SCB (TAB1, TAB2); Malmö stad.")


def test_a_text_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        words.t("no.such")
