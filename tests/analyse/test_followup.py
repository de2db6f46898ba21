"""Before and after: which years and areas are compared, what is refused, and the numbers."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from makers import CITY, broken, indicator, named, pack, row
from scipy import stats

from omradesbild.analyse import followup, statements
from omradesbild.model import Initiative

YEARS = range(2015, 2023)
#: A grid of two rows: neighbours share a side or a corner.
AREAS = tuple(f"A{n:02}" for n in range(16))


def initiative(id_="insats", areas=("A00",), start="2019", **more):
    words = dict.fromkeys(("title", "event", "place", "source"), "Påhittad")
    told = {"kind": "initiativ", "source_url": "https://example.org/"} | more
    return Initiative(id=id_, areas=areas, start=start, **words, **told)


def square(number):
    x, y = number // 2, number % 2
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"properties": {"id": AREAS[number]}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def per_cent(area, year):
    """The areas lie two points apart and fall half a point a year; A00 falls four more from 2019."""
    number = AREAS.index(area)
    return 20 + 2 * number - 0.5 * (year - 2015) - (4 if number == 0 and year >= 2019 else 0)


def made(others=(), areas=(), breaks=(), kind="share", hidden=(), years=YEARS, city=True, of=1000):
    rows = []
    for year in years:
        for area in AREAS:
            lost = (area, year) in hidden
            parts = None if lost else (round(per_cent(area, year) * of / 100), of)
            rows.append(row(area, "x", str(year), parts=parts, flag="-" if lost else ""))
        if city:
            total = sum(round(per_cent(area, year) * of / 100) for area in AREAS)
            rows.append(row(CITY, "x", str(year), parts=(total, of * len(AREAS))))
    meaning = indicator("x", kind, direction="lower")
    content = pack(rows, [meaning], base=AREAS, areas=areas, breaks=breaks)
    content = SimpleNamespace(
        **vars(content) | {"initiatives": tuple(others), "boundaries": {"features": [square(n) for n in range(16)]}}
    )
    return statements.build(content)


def studied(started=None, **more):
    return followup.study(made(**more), started or initiative(), "x")


# -- what is compared ----------------------------------------------------------------------------


def test_neighbours_and_areas_with_other_initiatives_are_left_out():
    others = [
        initiative("annan", areas=("A08",), start="2017"),
        initiative("slut", areas=("A09",), start="2001", end="2010"),
        initiative("senare", areas=("A10",), start="2030"),
        initiative("okand", areas=("A11",), start=None),
        initiative("handelse", areas=("A12",), start="2018", kind="handelse"),
        initiative("overallt", areas=(CITY,), start="2018"),
    ]
    found = studied(others=others)
    assert found.left_out == {
        "other_initiative": ("A08", "A11"),
        "neighbour": ("A01", "A02", "A03"),
        "incomplete": (),
    }
    assert found.donors == ("A04", "A05", "A06", "A07", "A09", "A10", "A12", "A13", "A14", "A15")
    assert found.untreated.shape == (8, 10)
    assert found.also_here == ()


def test_other_initiatives_in_the_same_area_are_told():
    found = studied(others=[initiative("annan", areas=("halva",))], areas=[named("halva", "A00", "A05")])
    assert found.also_here == ("annan",)
    assert found.left_out["other_initiative"] == ("A05",)
    assert "also_here" in followup.table(found).warnings


def test_spill_over_can_be_named_instead():
    found = followup.study(made(), initiative(), "x", near=["A15"])
    assert found.left_out["neighbour"] == ("A15",)


def test_areas_are_added_together_by_their_counts():
    rows = [row("A", "x", "2018", parts=(10, 100)), row("B", "x", "2018", parts=(90, 300))]
    rows += [row(a, "x", y, parts=(20, 100)) for y in ("2019", "2020") for a in "AB"]
    rows += [row("C", "x", y, parts=(20, 100)) for y in ("2018", "2019", "2020")]
    content = pack(rows, [indicator("x")])
    content = SimpleNamespace(**vars(content) | {"initiatives": (), "boundaries": {"features": []}})
    found = followup.study(statements.build(content), initiative(areas=("A", "B")), "x")
    assert found.treated[0] == 25.0  # 100 of 400, not the mean of 10 and 30
    assert (found.areas, found.donors) == (("A", "B"), ("C",))


def test_a_named_area_is_the_same_as_its_members():
    one = studied(initiative(areas=("halva",)), areas=[named("halva", "A00", "A05")])
    other = studied(initiative(areas=("A00", "A05")))
    assert one.treated == pytest.approx(other.treated)
    assert one.donors == other.donors


def test_areas_with_a_gap_are_not_compared_with():
    found = studied(hidden={("A09", 2017)})
    assert found.left_out["incomplete"] == ("A09",)
    assert len(found.periods) == 8


def test_a_year_that_the_area_itself_lacks_is_left_out_for_all():
    found = studied(hidden={("A00", 2016)})
    assert found.years == (2015, 2017, 2018, 2019, 2020, 2021, 2022)
    assert len(found.donors) == 12


def test_an_unrelated_areas_figures_change_nothing():
    one, other = studied(), studied(hidden={("A01", year) for year in YEARS})
    assert one.treated == pytest.approx(other.treated)
    assert one.untreated == pytest.approx(other.untreated)


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [("2019", 2018, 2019), ("2019-06-30", 2018, 2019), ("2019-07", 2018, 2020), ("2019-12-01", 2018, 2020)],
)
def test_what_starts_late_in_a_year_leaves_that_year_out(start, before, after):
    found = studied(initiative(start=start))
    assert max(np.array(found.years)[found.before]) == before
    assert min(np.array(found.years)[~found.before]) == after == found.start


def test_only_years_on_the_same_side_of_a_break_as_the_start():
    found = studied(breaks=[broken("tidig", "2017"), broken("sen", "2021")])
    assert found.years == (2017, 2018, 2019, 2020)
    assert len(found.donors) == 12


def test_a_break_in_one_area_takes_it_away():
    assert studied(breaks=[broken("har", "2017", areas=("A09",))]).left_out["incomplete"] == ("A09",)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "more", "code"),
    [
        (initiative(kind="handelse"), {}, "not_acting"),
        (initiative(kind="beslut"), {}, "not_acting"),
        (initiative(start=None), {}, "no_start"),
        (initiative(areas=()), {}, "no_place"),
        (initiative(areas=(CITY,)), {}, "whole_city"),
        (initiative(areas=("A00", CITY)), {}, "whole_city"),
        (initiative(), {"kind": "count"}, "not_comparable"),
        (initiative(), {"kind": "class"}, "not_comparable"),
        (initiative(areas=("A00", "A01")), {"kind": "median"}, "not_addable"),
        (initiative(), {"hidden": {("A00", year) for year in YEARS}}, "no_figures"),
        (initiative(), {"breaks": [broken("ny", "2019")]}, "break"),
    ],
)
def test_refusals(started, more, code):
    assert studied(started, **more) == followup.Refusal(code)


def test_medians_of_a_single_area_can_be_followed():
    assert isinstance(studied(kind="median"), followup.Study)


@pytest.mark.parametrize(
    ("start", "code", "have", "missing"),
    [
        ("2015", "too_few_before", (0, 8), (2014,)),
        ("2030", "too_few_after", (8, 0), (2030,)),
        ("2022-10", "too_few_after", (7, 0), (2023,)),
    ],
)
def test_too_few_years_name_those_that_are_missing(start, code, have, missing):
    found = studied(initiative(start=start))
    assert found == followup.Refusal(code, have, followup.TABLE_NEEDS, missing, found.known)
    assert len(found.known) in (sum(have), sum(have) + 1) and not set(found.known) & set(missing)


def test_missing_years_are_those_nearest_the_start():
    found = studied(years=(2015, 2018, 2019, 2020))
    short = followup.short_of(found, (5, 3))
    assert (short.code, short.have, short.missing) == ("too_few_both", (2, 2), (2014, 2016, 2017, 2021))
    assert followup.short_of(found, (2, 2)) is None


def test_without_areas_to_compare_with_there_is_no_table():
    others = [initiative("annan", areas=AREAS[1:])]
    assert followup.table(studied(others=others)) == followup.Refusal("too_few_donors", (0,), (1,))


# -- the numbers -------------------------------------------------------------------------------------


def test_means_changes_and_the_difference_between_them():
    """Before 2015–18, after 2019–22: all fall 2.0, the initiative's area 6.0."""
    found = followup.table(studied(), matched=["A04", "A06", "A01"])
    rows = {r.who: r for r in found.rows}
    assert list(rows) == ["treated", "matched", "untreated", "city"]
    assert rows["matched"].areas == ("A04", "A06")  # A01 is a neighbour
    assert (rows["treated"].before, rows["treated"].after) == (pytest.approx(19.25), pytest.approx(13.25))
    assert rows["matched"].before == pytest.approx(20 + 2 * 5 - 0.75)
    assert rows["matched"].change == pytest.approx(-2)
    assert rows["city"].change == pytest.approx(-2 - 4 / 16)
    assert (found.compared, found.difference) == ("matched", pytest.approx(-4))
    assert (found.low, found.high) == (None, None)  # twelve areas are too few to say how far such areas go apart
    assert found.warnings == ("regression_to_mean", "people_move", "not_causal", "few_donors")


def test_the_limits_are_as_wide_as_areas_without_an_initiative_go_apart():
    """400 donors whose changes have deviation 2: ± 1.96 · 2 · √(1 + 1/400)."""
    changes = 2 * stats.norm.ppf(np.arange(1, 401) / 401)
    wide = followup.table(changing(changes))
    assert (wide.high - wide.low) / 2 == pytest.approx(1.96 * changes.std(), rel=0.02)
    assert wide.low < wide.difference < wide.high
    again = followup.table(wide.study)
    assert (again.low, again.high) == (wide.low, wide.high)


@cache
def plain():
    return studied()


def changing(changes):
    """A study whose donors change so much from the years before to those after."""
    many = np.vstack([np.zeros((4, len(changes))), np.tile(changes, (4, 1))]) + 20
    donors = tuple(f"D{n}" for n in range(len(changes)))
    return followup.Study(**vars(plain()) | {"untreated": many, "donors": donors})


def test_areas_that_never_part_leave_no_room():
    found = followup.table(changing(np.full(followup.LEAST_DONORS, -2.0)))
    assert (found.low, found.high) == (pytest.approx(-4), pytest.approx(-4))


@pytest.mark.parametrize("draw", ["normal", "heavy"])
def test_the_limits_hold_as_often_as_they_say(draw):
    """The fewest donors that get limits, five of them matched: does one more area lie within in 95 cases of 100?"""
    rng, inside = np.random.default_rng(5), []
    for _ in range(400):
        size = followup.LEAST_DONORS + 1
        changes = rng.normal(size=size) if draw == "normal" else rng.standard_t(3, size)
        found = followup.table(changing(changes[1:]), matched=[f"D{n}" for n in range(5)])
        error = changes[0] - changes[1:6].mean()  # what the difference would be without any effect
        inside.append(found.low <= found.difference - error <= found.high)
    assert 0.92 <= np.mean(inside) <= 0.98


def test_years_after_the_end_are_told():
    assert "ended" in followup.table(studied(initiative(start="2019", end="2020"))).warnings
    assert "ended" not in followup.table(studied(initiative(start="2019", end="2022-06"))).warnings


def test_a_figure_that_is_shown_as_a_limit_is_not_known():
    plain = {"min_numerator": 5, "min_complement": 5, "min_denominator": 20}
    capped = indicator("x", disclosure=plain | {"cap": (None, 90)})
    rows = [row(a, "x", str(y), parts=(300, 1000)) for a in AREAS for y in YEARS]
    rows = [r | {"value": 95.0, "numerator": 950.0} if (r["area"], r["period"]) == ("A09", "2017") else r for r in rows]
    content = pack(rows, [capped], base=AREAS)
    content = SimpleNamespace(
        **vars(content) | {"initiatives": (), "boundaries": {"features": [square(n) for n in range(16)]}}
    )
    left_out = followup.study(statements.build(content), initiative(), "x").left_out["incomplete"]
    assert "A09" in left_out and "A08" not in left_out


def test_few_areas_and_single_years_are_warned_for():
    others = [initiative("annan", areas=AREAS[4:10])]
    found = followup.table(studied(initiative(start="2016"), others=others))
    assert (found.low, found.high, found.unusual) == (None, None, None)
    assert found.warnings[3:] == ("single_year", "few_donors")


def test_an_area_chosen_when_it_was_bad_is_warned_for():
    one = studied()
    one.treated[3] += 6  # 2018
    found = followup.table(one)
    assert found.unusual == 0.0
    assert "chosen_when_bad" in found.warnings


@pytest.mark.parametrize(
    ("start", "end", "kind", "expected"),
    [
        ("2020", None, "initiativ", True),
        ("2026-11-22", None, "initiativ", True),
        ("2026-12", None, "initiativ", False),
        ("2020", "2026", "reform", True),
        ("2020", "2026-10", "reform", False),
        ("2020", None, "handelse", False),
        (None, None, "initiativ", False),
    ],
)
def test_what_is_under_way(start, end, kind, expected):
    assert followup.under_way(initiative(start=start, end=end, kind=kind), "2026-11-22") is expected
