"""Areas are added through numerators and denominators, and never over a gap."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import CITY, SOURCE, indicator, named, pack, row

from omradesbild.analyse import statements
from omradesbild.analyse.compose import compose
from omradesbild.analyse.flags import TEXTS, bits_of
from omradesbild.model import Flag


def get(made, area, name, period="2024", group=None):
    return statements.build(made).get(area, name, period, group)


def test_shares_are_never_averaged():
    """10 % of 100 and 50 % of 900 are 46 % of 1 000, not 30 %."""
    rows = [row("A", "andel", parts=(10, 100)), row("B", "andel", parts=(450, 900))]
    found = get(pack(rows, [indicator("andel")], areas=[named("AB", "A", "B")]), "AB", "andel")
    assert (found.value, found.numerator, found.denominator) == (46.0, 460.0, 1000.0)
    assert found.composed and found.reason == ""
    assert found.warnings == (statements.Caveat.COMPOSED,)


def test_means_rates_and_changes_are_added_the_same_way():
    rows, indicators = [], []
    for name, kind, factor in (("medel", "mean", 1), ("tal", "rate", 1000), ("forandring", "change", 100)):
        indicators.append(indicator(name, kind, per=1000 if kind == "rate" else 100))
        rows.append(row("A", name, parts=(-5, 100), factor=factor))
        rows.append(row("B", name, parts=(25, 300), factor=factor))
    made = pack(rows, indicators, areas=[named("AB", "A", "B")])
    assert [get(made, "AB", name).value for name in ("medel", "tal", "forandring")] == [0.05, 50.0, 5.0]


def test_counts_are_added():
    rows = [row(a, "antal", value=v) for a, v in zip("ABC", (3, 4, 0), strict=True)]
    made = pack(rows, [indicator("antal", "count")], areas=[named("ABC", "A", "B", "C")])
    assert get(made, "ABC", "antal").value == 7.0
    assert get(made, "ABC", "antal").numerator is None


@pytest.mark.parametrize("kind", ["median", "class", "index"])
def test_what_cannot_be_added_says_so(kind):
    rows = [row(a, "x", value=v) for a, v in zip("ABC", (3, 4, 5), strict=True)]
    found = get(pack(rows, [indicator("x", kind)], areas=[named("AB", "A", "B")]), "AB", "x")
    assert (found.value, found.flag, found.reason) == (None, ".", "not_addable")
    assert found.warnings == (statements.Caveat.NOT_APPLICABLE, statements.Caveat.NOT_ADDABLE)


@pytest.mark.parametrize("kind", ["median", "share", "count", "class"])
def test_an_area_of_one_member_equals_it(kind):
    value = {"parts": (3, 7)} if kind == "share" else {"value": 4}
    made = pack([row("A", "x", flag="p", **value)], [indicator("x", kind)], areas=[named("ett", "A")])
    member, found = get(made, "A", "x"), get(made, "ett", "x")
    for name in ("value", "numerator", "denominator", "flag", "low", "high"):
        assert getattr(found, name) == getattr(member, name)
    assert found.composed and not member.composed


@pytest.mark.parametrize(
    ("flags", "flag", "reason"),
    [
        (("..", ""), "..", "suppressed"),
        (("-", ""), "-", "member_missing"),
        (("-", ".."), "..", "suppressed"),
        ((".", ""), "-", "member_missing"),
        ((".", "."), ".", "not_applicable"),
        ((".", "-"), "-", "member_missing"),
    ],
)
@pytest.mark.parametrize("kind", ["share", "count"])
def test_one_gap_takes_the_whole_away(kind, flags, flag, reason):
    known = {"parts": (3, 7)} if kind == "share" else {"value": 0}
    rows = [row(a, "x", flag=f, **({} if f else known)) for a, f in zip("AB", flags, strict=True)]
    found = get(pack(rows, [indicator("x", kind)], areas=[named("AB", "A", "B")]), "AB", "x")
    assert (found.value, found.flag, found.reason) == (None, flag, reason)
    assert (found.numerator, found.denominator, found.low) == (None, None, None)
    assert statements.Caveat(reason) in found.warnings


def test_a_member_without_a_row_is_missing():
    made = pack([row("A", "andel", parts=(1, 50))], [indicator("andel")], areas=[named("AB", "A", "B")])
    built = statements.build(made)
    assert built.get("AB", "andel", "2024").reason == "member_missing"
    assert built.get(CITY, "andel", "2024").value is None


def test_areas_none_of_whose_members_has_a_row_have_none():
    made = pack([row("A", "andel", parts=(1, 50))], [indicator("andel")], areas=[named("BC", "B", "C")])
    assert get(made, "BC", "andel") is None


def test_a_share_without_counts_cannot_be_added():
    rows = [row("A", "andel", value=10), row("B", "andel", parts=(5, 50))]
    found = get(pack(rows, [indicator("andel")], areas=[named("AB", "A", "B")]), "AB", "andel")
    assert (found.value, found.flag, found.reason) == (None, ".", "no_counts")


def test_nothing_to_divide_by_is_no_share():
    rows = [row(a, "andel", value=0, parts=None) | {"numerator": 0, "denominator": 0} for a in "AB"]
    found = get(pack(rows, [indicator("andel")], areas=[named("AB", "A", "B")]), "AB", "andel")
    assert (found.value, found.flag, found.reason) == (None, ".", "not_applicable")


def test_the_members_flags_are_joined():
    rows = [row("A", "andel", parts=(1, 50), flag="p"), row("B", "andel", parts=(5, 50), flag="(x) e")]
    found = get(pack(rows, [indicator("andel")], areas=[named("AB", "A", "B")]), "AB", "andel")
    assert found.flag == "(x) e p"


def test_an_approximate_area_is_marked_where_it_is_composed():
    vague = named("AB", "A", "B", approximate=True)
    rows = [row("A", "andel", parts=(1, 50)), row("B", "andel", parts=(5, 50))]
    made = pack(rows, [indicator("andel")], areas=[vague])
    assert get(made, "AB", "andel").flag == "g"
    made = pack([*rows, row("AB", "andel", parts=(9, 90))], [indicator("andel")], areas=[vague])
    assert (get(made, "AB", "andel").flag, get(made, "AB", "andel").value) == ("", 10.0)


def test_a_level_with_figures_of_its_own_is_not_composed_beside_them():
    areas = [
        named("AB", "A", "B", level="stadsdel"),
        named("C1", "C", level="stadsdel"),
        named("vardag", "A", "B"),
    ]
    rows = [row(a, "andel", p, parts=(1, 50), group=g) for a in "ABC" for p in ("2023", "2024") for g in "xy"]
    rows.append(row("AB", "andel", "2010", parts=(1, 90), group="x"))
    built = statements.build(pack(rows, [indicator("andel")], areas=areas))
    assert built.get("AB", "andel", "2024", "x") is None  # the district's series is the source's own
    assert built.get("C1", "andel", "2024", "x") is None  # … for all districts
    assert built.get("AB", "andel", "2024", "y").value == 2.0  # another group is another series
    assert built.get("vardag", "andel", "2024", "x").value == 2.0  # and named areas another level


def test_the_citys_own_figure_wins_year_by_year():
    rows = [row(a, "antal", p, value=10) for a in "ABC" for p in ("2023", "2024")]
    rows.append(row(CITY, "antal", "2024", value=31))
    built = statements.build(pack(rows, [indicator("antal", "count")]))
    own, summed = built.get(CITY, "antal", "2024"), built.get(CITY, "antal", "2023")
    assert (own.value, own.composed, own.reason) == (31.0, False, "")
    assert (summed.value, summed.composed, summed.reason) == (30.0, True, "sum_of_areas")
    assert summed.warnings == (statements.Caveat.SUM_OF_AREAS,)


def test_the_source_is_the_members():
    other = SOURCE.model_copy(update={"id": "malmo"})
    rows = [row("B", "antal", value=1), row("C", "antal", value=1)]
    rows = [r | {"source": "malmo"} for r in rows]
    made = pack(rows, [indicator("antal", "count")], areas=[named("AB", "A", "B")], sources=[SOURCE, other])
    assert get(made, "AB", "antal").source.id == "malmo"


# -- laws ------------------------------------------------------------------------------------

cell = st.one_of(
    st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda x: (x[0], x[0] + x[1] + 1)),
    st.sampled_from(["-", "..", "."]),
)
cells = st.lists(cell, min_size=4, max_size=4)


def rows_of(drawn, names="ABCD"):
    for area, found in zip(names, drawn, strict=True):
        parts, flag = (None, found) if isinstance(found, str) else (found, "")
        yield row(area, "andel", parts=parts, flag=flag)
        yield row(area, "antal", value=None if parts is None else parts[1], flag=flag)


BOTH = [indicator("andel"), indicator("antal", "count")]


@given(cells)
@settings(max_examples=20, deadline=None)
def test_the_sum_of_all_areas_is_the_city(drawn):
    whole = named("hela", *"ABCD")
    built = statements.build(pack(list(rows_of(drawn)), BOTH, base="ABCD", areas=[whole]))
    for name in ("andel", "antal"):
        city, area = built.get(CITY, name, "2024"), built.get("hela", name, "2024")
        assert (city.value, city.numerator, city.denominator) == (
            area.value,
            area.numerator,
            area.denominator,
        )
        if all(not isinstance(found, str) for found in drawn):
            assert city.value is not None
        else:
            assert city.value is None


@given(cells, st.permutations("ABCD"))
@settings(max_examples=20, deadline=None)
def test_other_names_change_nothing(drawn, order):
    """The same figures under other ids and in another order give the same frame."""
    names = dict(zip("ABCD", order, strict=True))
    areas = [named("par", "A", "C"), named("tre", "B", "C", "D")]
    other = [named(a.id, *(names[m] for m in a.members)) for a in areas]
    first = statements.build(pack(list(rows_of(drawn)), BOTH, base="ABCD", areas=areas)).frame
    rows = list(rows_of(drawn, names=order))[::-1]
    second = statements.build(pack(rows, BOTH, base=order, areas=other)).frame
    first["area"] = first["area"].astype(str).map(lambda a: names.get(a, a))
    key = ["area", "indicator", "period"]
    first, second = (f.astype({"area": str}).sort_values(key).reset_index(drop=True) for f in (first, second))
    for column in first:
        if first[column].dtype == float:
            assert np.allclose(first[column], second[column], rtol=1e-12, equal_nan=True), column
        else:
            assert first[column].astype(str).tolist() == second[column].astype(str).tolist(), column


@given(cells)
@settings(max_examples=25, deadline=None)
def test_dropping_another_indicator_changes_nothing(drawn):
    areas = [named("par", "A", "C")]
    both = statements.build(pack(list(rows_of(drawn)), BOTH, base="ABCD", areas=areas)).frame
    rows = [r for r in rows_of(drawn) if r["indicator"] == "andel"]
    alone = statements.build(pack(rows, BOTH[:1], base="ABCD", areas=areas)).frame
    both = both[both["indicator"] == "andel"].reset_index(drop=True)
    assert both.astype(str).equals(alone.astype(str))


@given(
    st.tuples(st.integers(0, 300), st.integers(0, 300)),
    st.integers(0, 100),
    st.integers(1, 99),
    st.integers(0, 99),
)
@settings(max_examples=20, deadline=None)
def test_an_area_split_and_added_again_is_itself(parts, numerator_share, cut, denominator_share):
    """Split A's counts in two areas: their sum says the same as A did."""
    o, n = parts[0], sum(parts) + 1
    one = (o * numerator_share // 100, max(1, n * denominator_share // 100))
    two = (o - one[0], n - one[1])
    rest = row("B", "andel", parts=(cut, 200))
    whole = statements.build(pack([row("A", "andel", parts=(o, n)), rest], BOTH[:1], base="AB"))
    if two[1] < 1:
        return
    split = [row("A1", "andel", parts=one), row("A2", "andel", parts=two), rest]
    made = pack(split, BOTH[:1], base=("A1", "A2", "B"), areas=[named("A", "A1", "A2")])
    before, after = whole.get("A", "andel", "2024"), statements.build(made).get("A", "andel", "2024")
    for name in ("value", "numerator", "denominator", "low", "high", "city_value", "difference"):
        assert getattr(after, name) == pytest.approx(getattr(before, name))


# -- degenerate packs ---------------------------------------------------------------------------


def test_a_pack_without_figures_has_no_statements():
    made = pack([row("A", "andel", parts=(1, 2))], [indicator("andel")])
    made = replace(made, observations=made.observations.iloc[:0])
    built = statements.build(made)
    assert len(built.frame) == 0
    assert built.get("A", "andel", "2024") is None
    assert built.series("A", "andel") == ()
    assert built.latest("andel") is None
    assert len(built.at("andel", "2024")) == 0
    assert built.base_at("andel", "2024")["flag"].tolist() == ["-"] * 3
    assert built.trend("A", "andel").code == "too_few"


def test_a_pack_of_one_area_is_the_city():
    built = statements.build(pack([row("A", "andel", parts=(1, 50))], [indicator("andel")], base=("A",)))
    assert built.get(CITY, "andel", "2024").value == 2.0
    assert built.get("A", "andel", "2024").comparison == "about"
    assert (built.get("A", "andel", "2024").place, built.get("A", "andel", "2024").of) == (1, 1)


def test_figures_of_the_city_alone_compose_nothing():
    frame = compose(pack([row(CITY, "antal", value=3)], [indicator("antal", "count")]))
    assert frame["area"].tolist() == [CITY]


def test_all_missing_stays_missing():
    rows = [row(a, "andel", flag="..") for a in "ABC"]
    built = statements.build(pack(rows, [indicator("andel")]))
    assert built.frame["value"].isna().all()
    assert set(built.frame["flag"]) == {".."}
    assert built.periods("andel") == []


def test_category_columns_do():
    made = pack([row(a, "andel", parts=(1, 50), flag="p") for a in "ABC"], [indicator("andel")])
    plain = statements.build(made).frame
    columns = ["area", "indicator", "period", "group", "flag", "source"]
    made.observations[columns] = made.observations[columns].astype("category")
    assert statements.build(made).frame.astype(str).equals(plain.astype(str))


def test_every_combination_of_flags_has_its_text():
    assert len(TEXTS) == 2 ** len(Flag)
    assert all(bits_of(text) == bits for bits, text in enumerate(TEXTS))
    assert TEXTS[bits_of("p e (x)")] == "(x) e p"
