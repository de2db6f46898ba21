"""Areas against other areas and against their own earlier years."""

import dataclasses

import pytest
from makers import CITY, broken, indicator, named, pack, row
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from omradesbild.analyse import between, statements

#: successes of a thousand: A, B, C, D
COUNTS = {"A": 600, "B": 560, "C": 400, "D": 590}
AREAS = [named("AB", "A", "B"), named("BC", "B", "C"), named("ABC", "A", "B", "C"), named("A2", "A")]


def city(counts=None, flags=None, **more):
    rows = [
        row(area, "andel", parts=(n, 1000), flag=(flags or {}).get(area, "")) for area, n in (counts or COUNTS).items()
    ]
    return statements.build(pack(rows, [indicator("andel", **more)], base=tuple(counts or COUNTS), areas=AREAS))


def said(built, one, other):
    pair = (built.get(one, "andel", "2024"), built.get(other, "andel", "2024"))
    return between.areas([pair], built.pack)[0]


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("A", "B", "apart"),
        ("A", "AB", "inside"),
        ("AB", "A", "around"),
        ("A", CITY, "inside"),
        (CITY, "AB", "around"),
        ("AB", "BC", "overlap"),
        ("A", "A", "same"),
        ("A", "A2", "same"),
        ("AB", "C", "apart"),
    ],
)
def test_how_areas_lie(one, other, how):
    built = city()
    assert between.relation(built.pack.areas[one], built.pack.areas[other], built.pack) == how


def test_two_areas_apart_are_tested_as_they_stand():
    """By statsmodels: 600 and 400 of 1 000 differ with p = 3.7e-19; 600 and 590 with p = 0.65."""
    assert proportions_ztest([600, 400], [1000, 1000])[1] < 0.002
    assert proportions_ztest([600, 590], [1000, 1000])[1] > 0.05
    built = city()
    clear, unclear = said(built, "A", "C"), said(built, "A", "D")
    assert (clear.code, clear.difference) == ("much_higher", pytest.approx(20))
    assert said(built, "C", "A").code == "much_lower"
    assert (unclear.code, unclear.difference) == ("none", pytest.approx(1))


def test_an_area_is_tested_against_the_rest_of_a_larger_one():
    """A (600) in ABC (1 560 of 3 000): the rest is 960 of 2 000. The whole would not pass the test, twice A is in it."""
    counts = {"A": 530, "B": 490, "C": 480, "D": 500}
    assert proportions_ztest([530, 970], [1000, 2000])[1] < 0.05
    assert proportions_ztest([530, 1500], [1000, 3000])[1] > 0.05
    inside = said(city(counts), "A", "ABC")
    assert (inside.code, inside.difference) == ("higher", pytest.approx(53 - 50))
    around = said(city(counts), "ABC", "A")
    assert (around.code, around.difference) == ("lower", pytest.approx(50 - 53))


def test_an_area_against_the_whole_city_says_what_its_statement_says():
    built = city()
    for area in COUNTS:
        pairs = [(built.get(a, "andel", "2024"), built.get(CITY, "andel", "2024")) for a in COUNTS]
        codes = {b.one.area.id: b.code for b in between.areas(pairs, built.pack)}
        assert codes[area] == built.get(area, "andel", "2024").comparison


def test_areas_that_overlap_are_not_compared_nor_an_area_with_itself():
    assert (said(city(), "AB", "BC").code, said(city(), "AB", "BC").reason) == ("", "overlap")
    assert said(city(), "A", "A2").reason == "same"


def test_what_is_missing_is_not_compared():
    built = city()
    assert between.areas([(built.get("A", "andel", "2024"), None)], built.pack)[0].reason == "missing"


def test_estimates_are_said_by_size_only():
    assert said(city(flags={"C": "e"}), "A", "C").code == "above"


def test_few_persons_on_either_side_are_too_few():
    small = statements.build(
        pack(
            [row("A", "andel", parts=(600, 1000)), row("B", "andel", parts=(2, 19)), row("C", "andel", parts=(5, 10))],
            [indicator("andel")],
            areas=[],
        )
    )
    pairs = [[small.get(a, "andel", "2024") for a in pair] for pair in ("AB", "BA", "AC")]
    assert [b.code for b in between.areas(pairs, small.pack)] == ["small"] * 3


def test_counts_are_not_compared():
    rows = [row(a, "antal", value=n) for a, n in zip("AB", (10, 20), strict=True)]
    built = statements.build(pack(rows, [indicator("antal", "count")], base=("A", "B")))
    found = between.areas([[built.get(a, "antal", "2024") for a in "AB"]], built.pack)[0]
    assert (found.code, found.reason, found.difference) == ("", "", None)


def test_many_pairs_of_one_measure_are_adjusted_together():
    """545 against 500 of 1 000: p = 0.044 alone, 0.22 among five (statsmodels)."""
    counts = {"A": 500, "B": 545, "C": 505, "D": 503, "E": 501, "F": 498}
    p = [proportions_ztest([n, 500], [1000, 1000])[1] for a, n in counts.items() if a != "A"]
    assert p[0] < 0.05 < multipletests(p, method="fdr_bh")[1][0]
    built = statements.build(
        pack([row(a, "andel", parts=(n, 1000)) for a, n in counts.items()], [indicator("andel")], base=tuple(counts))
    )
    pairs = [(built.get(a, "andel", "2024"), built.get("A", "andel", "2024")) for a in counts if a != "A"]
    assert between.areas(pairs[:1], built.pack)[0].code == "higher"
    assert between.areas(pairs, built.pack)[0].code == "none"


# -- years ---------------------------------------------------------------------------------------


def series(values, breaks=()):
    rows = [row("A", "andel", str(2014 + n), parts=(v, 1000)) for n, v in enumerate(values)]
    rows += [row("B", "andel", str(2014 + n), parts=(500, 1000)) for n in range(len(values))]
    return statements.build(pack(rows, [indicator("andel")], base=("A", "B"), breaks=breaks))


def against_earlier(built, period):
    then = between.earlier(built.series("A", "andel"), period)
    return between.years([(built.get("A", "andel", period), then)])[0]


def test_a_year_is_compared_with_the_oldest_of_the_five_before():
    found = against_earlier(series([400, 410, 420, 430, 440, 450, 500, 560]), "2021")
    assert (found.other.period, found.code, found.difference) == ("2016", "much_higher", pytest.approx(14))


def test_years_are_never_compared_across_a_break():
    broken_series = series([400, 410, 420, 430, 440], breaks=[broken("x", "2017")])
    assert against_earlier(broken_series, "2018").other.period == "2017"
    assert against_earlier(broken_series, "2017").reason == "no_earlier"
    assert against_earlier(broken_series, "2016").other.period == "2014"


def test_years_are_judged_more_cautiously_than_the_same_persons_would_need():
    """Of 1 000 persons who all stay, 40 change: by McNemar's test clear, by ours not (540 against 500, p = 0.07)."""
    assert 0.05 < proportions_ztest([540, 500], [1000, 1000])[1] < 0.1
    mcnemar = 40**2 / 40
    assert mcnemar > 3.84
    assert against_earlier(series([500, 540]), "2015").code == "none"


def test_the_noise_of_both_sides_counts():
    built = city()
    a, b = (built.get(x, "andel", "2024") for x in "AB")
    quiet = between.areas([(a, b)], built.pack)[0].code
    noisy = [dataclasses.replace(s, noise=50.0) for s in (a, b)]
    assert (quiet, between.areas([tuple(noisy)], built.pack)[0].code) == ("none", "none")
    clear = (dataclasses.replace(a, numerator=620.0), dataclasses.replace(b, numerator=560.0))
    assert between.areas([clear], built.pack)[0].code in ("higher", "much_higher")
    assert between.areas([tuple(dataclasses.replace(s, noise=50.0) for s in clear)], built.pack)[0].code == "none"
