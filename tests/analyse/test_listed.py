"""The police's list beside conditions: what changed between editions, and whether areas moved meanwhile."""

from dataclasses import replace
from math import hypot

import pytest
from makers import CITY, broken, indicator, pack, row
from statsmodels.stats.proportion import proportion_confint

from omradesbild.analyse import listed, statements
from omradesbild.model import PoliceEdition, PoliceEntry


def entry(id_, category="utsatt", **overlap):
    return PoliceEntry(area=id_, id=id_, category=category, source="x", source_url="https://x.se", overlap=overlap)


def edition(year, *entries, borders=True):
    return PoliceEdition(edition=year, published=year, borders=borders, entries=entries)


def made(editions, shares=None, breaks=(), more=()):
    """Share 'a' of 2 000 in three areas and a city of 100 000 where the rest lies at 20 per cent."""
    rows = []
    for year, each in (shares or {}).items():
        for area, percent in each.items():
            rows.append(row(area, "a", year, parts=(20 * percent, 2000)))
        rows.append(row(CITY, "a", year, parts=(sum(20 * p for p in each.values()) + 20_000, 2000 * len(each) + 100_000)))
    content = pack([*rows, *more], [indicator("a"), indicator("n", "count"), indicator("typ", "class")], breaks=breaks)
    return statements.build(replace(content, police=tuple(editions)))


def test_what_changed_is_said_for_every_area_and_pair_of_editions():
    one, two = edition("2019", entry("p", A=0.9), entry("q", B=0.6)), edition("2021", entry("p", "riskomrade", A=0.2, C=0.7))
    (p, q) = listed.moves(made([one, two], more=[row("A", "n", value=1)]).pack)
    assert (p.id, p.kinds, p.came, p.went, p.areas) == ("p", ("class", "border"), ("C",), ("A",), ("A", "C"))
    assert (q.id, q.kinds, q.areas, q.after) == ("q", ("left",), ("B",), None)
    back = listed.moves(made([two, one], more=[row("A", "n", value=1)]).pack)
    assert [m.kinds for m in back] == [("class", "border"), ("added",)]


def test_the_nearest_known_border_stands_in_where_none_is_known():
    editions = [
        edition("2015", entry("p"), borders=False),
        edition("2017", entry("p", "riskomrade"), borders=False),
        edition("2021", entry("p", "riskomrade", B=0.8)),
        edition("2025", entry("p", "riskomrade", C=0.8)),
    ]
    first, last = listed.moves(made(editions, more=[row("A", "n", value=1)]).pack)
    assert (first.kinds, first.border, first.areas) == (("class",), "2021", ("B",))
    assert (last.kinds, last.border, last.areas) == (("border",), None, ("B", "C"))


def test_an_area_that_stands_as_it_did_is_no_change():
    same = entry("p", A=0.9)
    assert listed.moves(made([edition("2021", same), edition("2023", same)], more=[row("A", "n", value=1)]).pack) == ()


def test_an_area_moves_when_its_distance_changes_more_than_chance():
    found = made([], {"2021": {"A": 30, "B": 30, "C": 30}, "2023": {"A": 40, "B": 31, "C": 15}})
    (around,) = listed.around(found, ("A", "B", "C"), "2021", "2023")
    assert around.periods == ("2021", "2023") and around.tested
    assert [(s.before.area.id, s.code) for s in around.steps] == [("A", "up"), ("B", "none"), ("C", "down")]
    assert [s.before.area.id for s in around.moved] == ["A", "C"]


def test_the_limit_is_three_standard_errors_of_both_years_distances():
    for percent in (33, 34, 34.5, 35, 35.5, 36, 38):
        found = made([], {"2021": {"A": 30, "B": 20, "C": 20}, "2023": {"A": percent, "B": 20, "C": 20}})
        (around,) = listed.around(found, ("A",), "2021", "2023")
        halves, gaps = [], []
        for own in (30, percent):
            low, high = proportion_confint(20 * own, 2000, method="wilson")
            rest = proportion_confint(800 + 20_000, 104_000, method="wilson")
            halves.append(100 * hypot((high - low) / 2, (rest[1] - rest[0]) / 2))
            gaps.append(own - 100 * 20_800 / 104_000)
        clear = gaps[1] - gaps[0] > 3.0902 * hypot(*halves) / 1.95996
        assert around.steps[0].moved == pytest.approx(gaps[1] - gaps[0])
        assert (around.steps[0].code == "up") == clear


def test_years_across_a_break_are_not_held_together():
    shares = {"2021": {"A": 30, "B": 30}, "2023": {"A": 40, "B": 40}}
    (around,) = listed.around(made([], shares, [broken("b", "2022", areas=("A",))]), ("A", "B"), "2021", "2023")
    assert [s.before.area.id for s in around.steps] == ["B"] and around.left_out == 1
    assert listed.around(made([], shares, [broken("b", "2022")]), ("A", "B"), "2021", "2023") == ()


def test_the_years_are_the_nearest_that_reach_into_the_time_between():
    years = {y: {"A": 30} for y in ("2014", "2018", "2020", "2022")}
    (around,) = listed.around(made([], years), ("A",), "2019", "2021")
    assert around.periods == ("2018", "2020") or around.periods == ("2018", "2022") or around.periods == ("2020", "2022")
    assert abs(int(around.periods[0]) - 2019) + abs(int(around.periods[1]) - 2021) == 2
    assert listed.around(made([], {"2014": {"A": 30}, "2015": {"A": 30}}), ("A",), "2019", "2021") == ()


def test_counts_and_classes_are_followed_but_not_tested():
    more = [row("A", id_, year, value=v) for id_, v in (("n", 100), ("typ", 2)) for year in ("2021", "2023")]
    found = listed.around(made([], more=more), ("A",), "2021", "2023")
    assert [(f.indicator.id, f.tested, f.steps[0].code) for f in found] == [("n", False, "untested"), ("typ", False, "untested")]
