"""The test of an area against the rest of the city, and what is said about its outcome."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from makers import CITY, indicator, named, pack, row
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from omradesbild.analyse import statements
from omradesbild.analyse.difference import (
    benjamini_hochberg,
    compare,
    exact_test,
    smallest_expected,
    words_by_size,
    words_by_test,
)

counts = st.tuples(st.integers(1, 4000), st.floats(0, 1)).map(lambda x: (round(x[0] * x[1]), x[0]))


@given(counts, counts)
@example((1314, 1541), (2957, 3468))
def test_p_values_are_those_of_both_halves_of_fishers_exact_test(one, other):
    """scipy.stats.fisher_exact gives P(X ≤ o) and P(X ≥ o): half of each outcome as seen goes to both sides."""
    (o1, n1), (o2, n2) = one, other
    p = float(exact_test(o1, n1, o2, n2))
    if o1 + o2 in (0, n1 + n2):
        assert np.isnan(p)
        return
    table = [[o1, n1 - o1], [o2, n2 - o2]]
    less, more = (stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater"))
    as_seen = less + more - 1
    assert np.isclose(p, 2 * (min(less, more) - as_seen / 2), rtol=1e-6, atol=1e-12)


@given(st.integers(500, 4000), st.integers(500, 4000), st.floats(0.2, 0.8), st.floats(-0.1, 0.1))
def test_with_many_persons_it_is_nearly_the_score_test(n1, n2, share, apart):
    o1, o2 = round(n1 * share), round(n2 * (share + apart))
    score = proportions_ztest([o1, o2], [n1, n2])[1]
    assert float(exact_test(o1, n1, o2, n2)) == pytest.approx(score, rel=0.1, abs=0.01)


def test_the_two_groups_can_change_places():
    assert np.allclose(exact_test(7, 50, 60, 900), exact_test(60, 900, 7, 50), rtol=1e-9)
    assert np.allclose(exact_test(43, 50, 840, 900), exact_test(7, 50, 60, 900), rtol=1e-9)


def test_noise_in_the_counts_is_laid_to_the_variance_of_the_difference():
    without = stats.norm.ppf(exact_test(500, 1000, 450, 1000) / 2)
    variance = 0.475 * 0.525 * (1 / 1000 + 1 / 1000)
    z = without * np.sqrt(variance / (variance + 0.01**2))
    assert np.isclose(exact_test(500, 1000, 450, 1000, 0.01), 2 * stats.norm.cdf(z))
    assert exact_test(500, 1000, 450, 1000, 0.01) > exact_test(500, 1000, 450, 1000)


def test_the_smallest_expected_count_is_that_of_scipy():
    table = [[83, 3], [90, 3], [129, 7], [70, 12]]  # smokers among patients: Fleiss 1973, via R's prop.test
    (o1, r1), (o2, r2) = table[2], table[3]
    expected = stats.chi2_contingency([table[2], table[3]], correction=False)
    assert np.isclose(smallest_expected(o1, o1 + r1, o2, o2 + r2), expected.expected_freq.min())


def test_the_adjustment_gives_the_example_of_benjamini_and_hochberg():
    """Their 15 p-values of thrombolysis (1995, p. 296): four are significant at 0.05."""
    p = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    ]
    adjusted = benjamini_hochberg(p, np.zeros(15))
    assert (adjusted < 0.05).sum() == 4
    assert np.allclose(adjusted[:4], [0.0015, 0.003, 0.0095, 0.035625])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), min_size=1, max_size=60))
def test_families_are_adjusted_apart(drawn):
    p, family = map(np.array, zip(*drawn, strict=True))
    adjusted = benjamini_hochberg(p, family)
    for one in np.unique(family):
        here = family == one
        assert np.allclose(adjusted[here], multipletests(p[here], method="fdr_bh")[1])


def test_what_is_not_tested_does_not_count_among_the_tests():
    adjusted = benjamini_hochberg([0.01, np.nan, 0.04], [1, 1, 1])
    assert np.allclose(adjusted, [0.02, np.nan, 0.04], equal_nan=True)


@pytest.mark.parametrize(
    ("gap", "p", "word"),
    [
        (2.0, 0.0019, "much_higher"),
        (-2.0, 0.0019, "much_lower"),
        (1.9, 0.0019, "higher"),
        (2.0, 0.002, "higher"),
        (-1.0, 0.049, "lower"),
        (0.9, 0.0001, "none"),
        (5.0, 0.05, "none"),
        (12.3 - 11.3, 0.01, "higher"),  # 1 in the decimals shown, a hair more as binary
        (11.3 - 12.3, 0.01, "lower"),
        (9.3 - 8.3, 0.01, "higher"),
    ],
)
def test_both_gates_must_be_passed(gap, p, word):
    assert words_by_test(np.array([gap]), np.array([p]), np.array([1.0])) == [word]


@pytest.mark.parametrize(
    ("gap", "word"),
    [(1.0, "above"), (-1.0, "below"), (0.99, "about"), (-0.99, "about"), (8.7 - 7.7, "above")],
)
def test_untested_differences_have_their_own_words(gap, word):
    assert words_by_size(np.array([gap]), np.array([1.0])) == [word]


def said(area, city=(50_000, 100_000), gap=None, half_width=0.01, testable=True, minimum=1.0):
    """Return what is said of one area with the counts `area` in a city with the counts `city`."""
    gap = 100 * (area[0] / area[1] - city[0] / city[1]) if gap is None else gap
    columns = [np.array([x], dtype=float) for x in (*area, city[0] - area[0], city[1] - area[1])]
    return compare(
        np.array([gap]),
        (columns[0], columns[1]),
        (columns[2], columns[3]),
        np.array([half_width]),
        np.array([minimum]),
        np.array([testable]),
        np.array([0]),
    )[0]


@pytest.mark.parametrize(
    ("area", "city", "word"),
    [
        ((900, 1500), (50_000, 100_000), "much_higher"),
        ((600, 1500), (50_000, 100_000), "much_lower"),
        ((793, 1500), (50_000, 100_000), "higher"),
        ((755, 1500), (50_000, 100_000), "none"),
        ((20, 20), (50_000, 100_000), "small"),  # 20 persons or fewer
        ((20, 21), (50_000, 100_000), "much_higher"),
        ((9, 400), (1_000, 100_000), "small"),  # four expected
        ((12, 500), (1_000, 100_000), "higher"),  # five expected; p = 0.0016 but below twice the minimum
        ((1500, 1500), (1500, 1500), "above"),  # the area is the whole city: no rest
    ],
)
def test_what_is_said(area, city, word):
    assert said(area, city, gap=1.5 if area == city else None) == word


def test_a_wide_interval_with_nothing_clear_is_too_small_a_basis():
    assert said((35, 70), half_width=0.114) == "small"
    assert said((35, 70), half_width=0.09) == "none"
    assert said((60, 70), half_width=0.114) == "much_higher"


def test_nothing_to_compare_says_nothing():
    assert said((900, 1500), gap=np.nan) == ""
    assert said((900, 1500), gap=np.nan, testable=False) == ""


def test_a_city_that_holds_less_than_the_area_cannot_be_tested():
    assert said((900, 1500), city=(800, 100_000), gap=5.0) == "above"


def test_figures_that_cannot_be_tested_pass_the_size_gate_only():
    assert said((900, 1500), testable=False) == "above"
    assert said((np.nan, np.nan), gap=-3.0, testable=False) == "below"
    assert said((5, 15), testable=False, gap=-16.0) == "small"


# -- in a whole pack -----------------------------------------------------------------------------


def a_city(**flags):
    """A has 60 %, B and C 40 % of a thousand each."""
    parts = {"A": (600, 1000), "B": (400, 1000), "C": (400, 1000)}
    rows = [row(area, "andel", parts=p, flag=flags.get(area, "")) for area, p in parts.items()]
    return pack(rows, [indicator("andel")], areas=[named("AB", "A", "B"), named("alla", "A", "B", "C")])


def test_the_area_is_tested_against_the_rest_and_measured_from_the_city():
    found = statements.build(a_city()).get("A", "andel", "2024")
    assert found.comparison == "much_higher"
    assert found.city_value == pytest.approx(100 * 1400 / 3000)
    assert found.difference == pytest.approx(60 - 100 * 1400 / 3000)


def test_named_areas_are_tested_too_but_not_the_whole_city():
    built = statements.build(a_city())
    assert built.get("AB", "andel", "2024").comparison == "much_higher"
    assert built.get("alla", "andel", "2024").comparison == "about"  # no rest to test against
    assert built.get(CITY, "andel", "2024").comparison == ""
    assert built.get(CITY, "andel", "2024").difference is None


def test_estimates_are_not_tested_and_have_no_interval():
    found = statements.build(a_city(A="e")).get("A", "andel", "2024")
    assert (found.comparison, found.low, found.high) == ("above", None, None)
    assert statements.Caveat.UNTESTED in found.warnings and statements.Caveat.ESTIMATED in found.warnings


def test_an_estimated_city_is_not_tested_against():
    assert statements.build(a_city(A="e")).get("B", "andel", "2024").comparison == "below"


def test_an_approximate_area_is_tested_as_the_areas_it_adds_up():
    made = a_city()
    made.areas["AB"] = named("AB", "A", "B", approximate=True)
    found = statements.build(made).get("AB", "andel", "2024")
    assert (found.comparison, found.flag) == ("much_higher", "g")
    assert found.low == pytest.approx(47.81, abs=0.01)
    assert statements.Caveat.APPROXIMATE_AREA in found.warnings


def test_counts_and_classes_are_not_compared_with_the_city():
    indicators = [indicator("antal", "count"), indicator("typ", "class")]
    rows = [row(a, i, value=v) for i in ("antal", "typ") for a, v in zip("ABC", (1, 2, 3), strict=True)]
    rows.append(row(CITY, "typ", value=3))
    built = statements.build(pack(rows, indicators))
    for name in ("antal", "typ"):
        found = built.get("A", name, "2024")
        assert (found.comparison, found.difference) == ("", None)


def test_means_and_medians_are_compared_by_size_only():
    indicators = [indicator("medel", "mean"), indicator("median", "median", minimum_difference=20)]
    rows = [row(a, "medel", parts=p, factor=1) for a, p in {"A": (900, 3), "B": (3000, 30)}.items()]
    rows += [row(a, "median", value=v) for a, v in {"A": 300, "B": 210, "C": 80, CITY: 200}.items()]
    built = statements.build(pack(rows, indicators, base=("A", "B", "C")))
    assert [built.get(a, "median", "2024").comparison for a in "ABC"] == ["above", "about", "below"]
    rows.append(row(CITY, "medel", parts=(3900, 33), factor=1))
    built = statements.build(pack(rows, indicators))
    assert [built.get(a, "medel", "2024").comparison for a in "AB"] == ["small", "below"]
    assert built.get("B", "medel", "2024").low is None
