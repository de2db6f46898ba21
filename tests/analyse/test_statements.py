"""Looking statements up: one figure, a series, a map, a list of periods."""

import dataclasses

import pytest
import small_pack
from makers import CITY, broken, indicator, named, pack, row

from omradesbild.analyse import statements
from omradesbild.analyse.statements import Caveat
from omradesbild.pack import load

YEARS = ["2020", "2021", "2022", "2023", "2024"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return statements.build(load(small_pack.write(tmp_path_factory.mktemp("pack"))))


def years(breaks=(), areas=(), flags=None, indicators=("andel",), base=("A", "B")):
    rows = [
        row(area, name, year, parts=(20 + n, 100), flag=(flags or {}).get(year, ""))
        for area in base
        for name in indicators
        for n, year in enumerate(YEARS)
    ]
    known = [indicator(name) for name in indicators]
    return statements.build(pack(rows, known, base=base, areas=areas, breaks=breaks))


def split(built, area, name="andel"):
    return [segment.periods for segment in built.series(area, name)]


# -- one figure ----------------------------------------------------------------------------------


def test_a_loaded_pack_has_its_figures(small):
    found = small.get("A1", "sysselsatta", "2023")
    assert (found.value, found.numerator, found.denominator) == (50.0, 50.0, 100.0)
    assert (found.area.name, found.indicator.short_unit, found.source.publisher) == ("Berga", "%", "SCB")
    assert found.city_value == pytest.approx(100 * 1080 / 2100)
    assert (found.place, found.of) == (4, 6)
    assert (found.low, found.high) == pytest.approx((40.383, 59.617), abs=0.001)
    assert type(found.value) is float and type(found.place) is int


def test_a_named_area_of_a_loaded_pack_is_composed(small):
    found = small.get("vastra", "sysselsatta", "2024")
    assert (found.value, found.flag) == (74.0, "p")
    assert found.warnings == (Caveat.PRELIMINARY, Caveat.BREAK, Caveat.COMPOSED)
    assert small.get("ostra", "inkomst", "2023").reason == "not_addable"


def test_the_city_has_its_own_total_and_the_sum_of_its_groups(small):
    assert small.get("9999", "folkmangd", "2022").composed is False
    assert small.get("9999", "folkmangd", "2022", "k").value == 1050.0


def test_what_is_missing_is_none(small):
    suppressed = small.get("A6", "inkomst", "2024")
    assert (suppressed.value, suppressed.place, suppressed.difference) == (None, None, None)
    assert suppressed.warnings == (Caveat.SUPPRESSED,)
    for unknown in (("Ö", "inkomst", "2024"), ("A1", "x", "2024"), ("A1", "inkomst", "1900")):
        assert small.get(*unknown) is None
    assert small.get("A1", "inkomst", "2024", "k") is None


def test_a_statement_cannot_be_changed(small):
    found = small.get("A1", "sysselsatta", "2023")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.value = 1.0


def test_the_default_group_is_meant_where_none_is_named():
    groups = [{"id": g, "title": {"sv": g}} for g in ("k", "m")]
    known = indicator("andel", groups=groups, default_group="m")
    rows = [row("A", "andel", y, parts=(n, 100), group=g) for y, n, g in [("2023", 1, "k"), ("2024", 2, "m")]]
    built = statements.build(pack(rows, [known], base=("A",)))
    assert built.get("A", "andel", "2024").group == "m"
    assert built.periods("andel") == ["2024"]
    assert built.periods("andel", group="k") == ["2023"]
    assert split(built, "A") == [["2024"]]


# -- series and breaks -----------------------------------------------------------------------------


def test_an_unbroken_series_is_one_segment():
    (segment,) = years().series("A", "andel")
    assert segment.periods == YEARS
    assert [point.value for point in segment.points] == [20.0, 21.0, 22.0, 23.0, 24.0]
    assert segment.breaks == ()


def test_a_break_divides_the_series_and_stands_between():
    built = years([broken("ny", "2022", ["andel"])])
    before, after = built.series("A", "andel")
    assert (before.periods, after.periods) == (YEARS[:2], YEARS[2:])
    assert [b.id for b in after.breaks] == ["ny"]
    assert Caveat.BREAK in built.get("A", "andel", "2022").warnings
    assert Caveat.BREAK not in built.get("A", "andel", "2023").warnings


def test_a_break_of_another_indicator_or_area_divides_nothing():
    built = years(
        [broken("ny", "2022", ["antal"]), broken("yta", "2023", areas=["B"])], indicators=("andel", "antal")
    )
    assert split(built, "A") == [YEARS]
    assert split(built, "B") == [YEARS[:3], YEARS[3:]]
    assert split(built, "A", "antal") == [YEARS[:2], YEARS[2:]]
    assert split(built, "B", "antal") == [YEARS[:2], ["2022"], YEARS[3:]]


def test_a_break_without_lists_divides_everything_also_the_city():
    built = years([broken("allt", "2024")])
    assert split(built, "A") == split(built, CITY) == [YEARS[:4], ["2024"]]


def test_a_members_break_divides_the_composed_area_but_not_the_city():
    built = years([broken("yta", "2023", areas=["B"])], [named("AB", "A", "B"), named("bara-a", "A")])
    assert split(built, "AB") == [YEARS[:3], YEARS[3:]]
    assert split(built, "bara-a") == [YEARS]
    assert split(built, CITY) == [YEARS]


def test_a_members_break_leaves_an_areas_own_figures_alone():
    rows = [row("D", "andel", y, parts=(1, 100)) for y in YEARS]
    made = pack(
        rows, [indicator("andel")], areas=[named("D", "A")], breaks=[broken("yta", "2023", areas=["A"])]
    )
    assert split(statements.build(made), "D") == [YEARS]


def test_a_break_in_a_year_without_a_figure_lies_before_the_next():
    rows = [row("A", "andel", y, parts=(1, 100)) for y in ("2009", "2020", "2021")]
    made = pack(rows, [indicator("andel")], breaks=[broken("ny", "2010"), broken("till", "2015")])
    before, after = statements.build(made).series("A", "andel")
    assert (before.periods, after.periods) == (["2009"], ["2020", "2021"])
    assert [b.id for b in after.breaks] == ["ny", "till"]


@pytest.mark.parametrize("period", ["1999", "2020", "2030"])
def test_a_break_before_or_after_the_series_divides_nothing(period):
    built = years([broken("ny", period)])
    assert split(built, "A") == [YEARS]
    assert Caveat.BREAK not in built.get("A", "andel", "2020").warnings


def test_the_sources_own_mark_of_a_break_divides_too():
    built = years(flags={"2022": "b"})
    before, after = built.series("A", "andel")
    assert (before.periods, after.periods, after.breaks) == (YEARS[:2], YEARS[2:], ())


def test_a_year_without_a_value_stays_in_the_series():
    rows = [row("A", "andel", "2023", parts=(1, 100)), row("A", "andel", "2024", flag="..")]
    (segment,) = statements.build(pack(rows, [indicator("andel")])).series("A", "andel")
    assert [p.value for p in segment.points] == [1.0, None]


def test_an_unknown_area_or_indicator_has_no_series(small):
    assert small.series("Ö", "inkomst") == ()
    assert small.series("A1", "x") == ()
    assert small.trend("Ö", "inkomst").code == "too_few"


# -- periods and tables -----------------------------------------------------------------------------


def test_periods_are_those_with_a_value():
    rows = [row("A", "andel", "2022", parts=(1, 50)), row("A", "andel", "2023", parts=(1, 50))]
    rows += [row("B", "andel", "2022", parts=(1, 50)), row("A", "andel", "2024", flag="..")]
    built = statements.build(pack(rows, [indicator("andel")], base=("A", "B"), areas=[named("AB", "A", "B")]))
    assert built.periods("andel") == ["2022", "2023"]
    assert built.periods("andel", "namngivet") == ["2022"]
    assert (built.latest("andel"), built.latest("andel", "kommun")) == ("2023", "2022")
    assert built.latest("andel", "stadsdel") is None
    assert built.periods("x") == []


def test_at_gives_the_rows_of_one_period(small):
    found = small.at("sysselsatta", "2023")
    assert found["area"].tolist() == ["9999", "vastra", "ostra", "A2", "A1", "A6", "A4", "A5", "A3"]
    assert small.at("sysselsatta", "2023", level="regso")["value"].tolist() == [60, 50, 30, 80, 40, 70]
    assert len(small.at("sysselsatta", "1900")) == 0


def test_base_at_is_aligned_to_the_given_order(small):
    found = small.base_at("inkomst", "2024", ids=["A6", "A1", "A2"])
    assert found["area"].tolist() == ["A6", "A1", "A2"]
    assert found["value"].isna().tolist() == [True, False, False]
    assert found["value"].tolist()[1:] == [200.0, 210.0]
    assert found["flag"].tolist() == ["..", "", ""]
    assert small.base_at("inkomst", "1900")["flag"].tolist() == ["-"] * 6
    assert len(small.base_at("inkomst", "2024")) == 6


def test_the_frame_is_the_contract(small):
    assert tuple(small.frame.columns) == statements.COLUMNS
    assert not small.frame.duplicated(["area", "indicator", "period", "group"]).any()
    assert set(small.frame["level"]) == {"kommun", "namngivet", "stadsdel", "regso"}


def test_a_statement_says_what_the_frame_says(small):
    for record in small.frame.astype(object).itertuples(index=False):
        found = small.get(record.area, record.indicator, record.period, record.group)
        for name in ("value", "numerator", "denominator", "low", "high", "city_value", "difference", "place"):
            told, held = getattr(found, name), getattr(record, name)
            assert told == held or (told is None and held != held)
        for name in ("flag", "reason", "comparison", "composed", "period"):
            assert getattr(found, name) == getattr(record, name)
        assert found.area.level == record.level


def test_an_indicators_levels_groups_and_sources(small):
    assert small.levels("inkomst") == ["regso"]
    assert small.levels("sysselsatta") == ["kommun", "namngivet", "stadsdel", "regso"]
    assert small.levels("x") == []
    assert small.groups("folkmangd") == ["", "k", "m"]
    assert [source.id for source in small.sources("inkomst")] == ["scb"]
    assert small.periods_of("A6", "inkomst") == ["2022", "2023"]


def test_all_statements_of_an_indicator(small):
    found = small.of("inkomst")
    assert len(found) == 3 * 9
    assert {s.indicator.id for s in found} == {"inkomst"}
    assert sum(s.value is not None for s in found) == 3 * 6 - 1


def test_a_series_of_whole_per_cents_has_no_decimals_and_others_have():
    rows = [row("A", "andel", "2023", value=20.0), row("A", "andel", "2024", value=21.0)]
    rows += [row("B", "andel", "2023", value=20.0), row("B", "andel", "2024", value=21.5)]
    made = statements.build(pack(rows, [indicator("andel")]))
    assert [made.get(area, "andel", "2023").decimals for area in "AB"] == [0, 1]
