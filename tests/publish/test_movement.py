"""How a figure has moved, in exact sentences."""

from __future__ import annotations

import numpy as np
import pytest
from makers import CITY, broken, indicator, pack, row

from omradesbild.analyse.statements import build
from omradesbild.publish import movement

SHARE = {"title": {"sv": "Arbetslösa"}, "short_unit": "%", "direction": "lower"}
NBSP = "\u00a0"


def moved(area, rest, *, people=4000, start=2018, breaks=(), who="A", flags=(), **more):
    """The area A and B, which is the rest of the city and ten times as large, in per mille per year."""
    rows = []
    for n, (a, b) in enumerate(zip(area, rest, strict=True)):
        year, flag = str(start + n), flags[n] if flags else ""
        rows += [row("A", "andel", year, parts=(a * people // 1000, people), flag=flag)]
        rows += [row("B", "andel", year, parts=(b * 10 * people // 1000, 10 * people))]
    said = build(pack(rows, [indicator("andel", **(SHARE | more))], base=("A", "B"), breaks=breaks))
    return movement.of(said, who, "andel")


def sv(found) -> list[str]:
    return [line.replace(NBSP, " ") for line in movement.sentences(found)]


def en(found) -> list[str]:
    return [line.replace(NBSP, " ") for line in movement.sentences(found, "en")]


def test_unchanged_while_the_city_falls_is_a_change_for_the_worse() -> None:
    found = moved([160, 160, 161, 160, 160], [193, 181, 168, 155, 138])
    assert sv(found) == [
        "Ingen tydlig förändring från 16,0 % (2018) till 16,0 % (2022). "
        "Området är för litet för att visa förändringar under ca 2,9 procentenheter.",
        "I stort sett oförändrat 16,0 %, medan hela staden har minskat från 19,0 % till 14,0 %. "
        "Området har rört sig uppåt från övriga staden. Det är en försämring jämfört med staden.",
    ]
    assert movement.word(found) == "ingen tydlig förändring"


def test_a_clear_fall_is_said_with_its_judgement_and_in_english() -> None:
    found = moved([200, 190, 180, 170, 160], [200] * 5)
    assert sv(found) == [
        "Har minskat från 20,0 % (2018) till 16,0 % (2022). Det är en förbättring.",
        "Minskat från 20,0 % till 16,0 %, medan hela staden ligger i stort sett kvar på 19,6 %. "
        "Området har rört sig nedåt från övriga staden. Det är en förbättring jämfört med staden.",
    ]
    assert en(found)[0] == "Has fallen from 20.0 % (2018) to 16.0 % (2022). That is an improvement."
    assert (movement.word(found), movement.word(found, "en")) == ("minskar", "falling")


def test_what_is_not_judged_is_neither_better_nor_worse() -> None:
    lines = sv(moved([200, 190, 180, 170, 160], [200] * 5, direction="none"))
    assert not any("förbättring" in line or "försämring" in line for line in lines)


def test_moving_with_the_city_is_said_with_what_would_have_shown() -> None:
    found = moved([160, 158, 163, 161, 160], [150] * 5, people=1000)
    assert sv(found)[1] == (
        "I stort sett oförändrat 16,0 %, medan hela staden ligger i stort sett kvar på 15,1 %. "
        "Området har inte tydligt rört sig från övriga staden; mindre än ca 6,0 procentenheter syns inte i ett "
        "område av den storleken."
    )


def test_too_few_years_say_so() -> None:
    assert sv(moved([160, 180], [150] * 2)) == [
        "Från 16,0 % (2018) till 18,0 % (2019). "
        "Det krävs fem år i följd utan brott i serien för att säga om det är en tydlig förändring."
    ]
    found = moved([160], [150])
    assert sv(found) == [
        "Det finns bara ett år som kan jämföras, så det går inte att säga något om utvecklingen."
    ]
    assert movement.word(found) == ""


def test_nothing_is_said_across_a_break() -> None:
    found = moved([400, 400, 400, 160, 160], [150] * 5, breaks=[broken("ny", "2021")])
    assert sv(found)[0].startswith("Från 16,0 % (2021) till 16,0 % (2022).")
    assert movement.rules(found) == ["Serien är bruten före 2021. Bara åren därefter ingår."]


def test_one_year_after_a_break_tells_the_years_before_and_that_it_does() -> None:
    found = moved([200, 190, 180, 170, 160, 400], [200] * 6, breaks=[broken("ny", "2023")])
    assert sv(found)[0] == "Har minskat från 20,0 % (2018) till 16,0 % (2022). Det är en förbättring."
    assert sv(found)[-1] == (
        "Det här gäller åren före 2023. Då bröts serien, och åren efter får inte jämföras med dem."
    )
    assert movement.word(found) == "", "nothing is said of where it stands now"
    assert found.newest.period == "2022"


def test_the_whole_city_is_not_called_small() -> None:
    lines = sv(moved([160] * 5, [150, 151, 150, 149, 150], who=CITY))
    assert lines == [
        "Ingen tydlig förändring från 15,1 % (2018) till 15,1 % (2022). "
        "Förändringar under ca 0,8 procentenheter går inte att skilja från slumpen."
    ]


def test_estimates_are_not_tested() -> None:
    lines = sv(moved([160, 170, 180, 190, 200], [150] * 5, flags=["e"] * 5))
    assert lines[0] == "Från 16,0 % (2018) till 20,0 % (2022). Det går inte att pröva mot slumpen för en sådan siffra."


def test_eight_years_add_a_line_of_their_own() -> None:
    found = moved([200 - 5 * n for n in range(9)], [200] * 9, start=2014)
    assert sv(found)[-1] == "Över längre tid, 2014–2022, minskar det tydligt: −0,50 procentenheter om året."
    assert found.long.slope == pytest.approx(-0.5), "Theil–Sen of an exact line is its slope"
    flat = moved([200, 201, 199, 200, 201, 199, 200, 201], [200] * 8, start=2015)
    assert "syns ingen tydlig förändring" in sv(flat)[-1]


def test_the_rule_and_the_numbers_that_decided_can_be_read() -> None:
    """χ² of Cochran–Armitage is N r², with r the correlation of year and having the property over all persons."""
    people = np.concatenate([np.repeat([1, 0], [n, 4000 - n]) for n in (800, 760, 720, 680, 640)])
    chi2 = len(people) * np.corrcoef(np.repeat(np.arange(5), 4000), people)[0, 1] ** 2
    assert f"{chi2:.1f}" == "27.1"
    rules = movement.rules(moved([200, 190, 180, 170, 160], [200] * 5))
    assert rules[0] == (
        "Fem år: för en tydlig förändring krävs χ² över 9,55 (99,8 procent) och att inget enskilt år avgör. "
        "Här är χ² 27,1 och lutningen behåller sitt tecken när ett år i taget tas bort."
    )
    assert rules[1].startswith("Mot övriga staden: samma regel")
    assert "inte oberoende" in rules[-1]


def test_an_area_without_figures_has_no_movement() -> None:
    said = build(pack([row("A", "andel", value=None, flag="-")], [indicator("andel", **SHARE)], base=("A", "B")))
    assert movement.of(said, "A", "andel") is None
    assert movement.of(said, "B", "andel") is None
