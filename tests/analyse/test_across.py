"""Statistics over areas on whole packs: by hand, against PySAL, over time, and what hidden figures leave behind."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path

import makers
import numpy as np
import pandas as pd
import pytest
from esda import Moran_Local
from libpysal.weights import W
from segregation.singlegroup import Dissim, Entropy, Isolation
from shapely.geometry import box, mapping

from omradesbild import pack as packs
from omradesbild.analyse import gaps, local_moran, segregation
from omradesbild.analyse import statements as analyse
from omradesbild.analyse.across import Across, Refusal, across, runs

ROOT = Path(__file__).resolve().parents[2]
AREAS = tuple("ABCDEFGHIJ")

poor = makers.indicator("poor", direction="lower", disclosure={})
school = makers.indicator("school", direction="lower", disclosure={})
work = makers.indicator("work", direction="higher", disclosure={})


def year(indicator: str, numbers, period="2024", whole=100, **more) -> list[dict]:
    return [
        makers.row(area, indicator, period, parts=(number, whole), **more)
        for area, number in zip(AREAS, numbers, strict=True)
    ]


def built(rows, indicators=(poor, school, work), **more) -> analyse.Statements:
    more = {"ordering": ("poor", "school")} | more
    return analyse.build(makers.pack(rows, indicators, base=AREAS, **more))


@cache
def malmo() -> analyse.Statements:
    return analyse.build(packs.load(ROOT / "data"))


LINE = range(10, 30, 2)


# -- one year --------------------------------------------------------------------------------


def test_fifths_by_hand():
    """Ten equal areas: the two least poor have 10 and 12 of 100 each, the two poorest 26 and 28."""
    found = gaps.of(built(year("school", LINE) + year("poor", range(30, 40))), "school", "2024")
    assert (found.ordering, found.ordering_period) == ("poor", "2024")
    assert found.gaps.best.value == pytest.approx(11) and found.gaps.worst.value == pytest.approx(27)
    assert found.gaps.difference.value == pytest.approx(16)
    assert found.gaps.ratio.value == pytest.approx(27 / 11)
    assert found.gaps.slope.value == pytest.approx(20)


def test_an_ordering_figure_where_higher_is_better_is_turned_round():
    rows = year("school", LINE) + year("work", range(40, 30, -1))
    found = gaps.of(built(rows, ordering=("work",)), "school", "2024")
    assert found.gaps.difference.value == pytest.approx(16)


def test_a_figure_never_orders_itself_nor_a_part_of_its_own_whole():
    rows = year("school", LINE) + year("poor", LINE)
    assert gaps.of(built(rows), "poor", "2024").ordering == "school"
    assert gaps.of(built(rows, ordering=("poor",)), "poor", "2024") == Refusal("no_ordering")
    assert gaps.of(built(rows), "school", "2024", None, "school") == Refusal("no_ordering")
    one = [makers.indicator(i, direction="lower", disclosure={"family": "x"}) for i in ("poor", "school")]
    assert gaps.of(built(rows, one), "school", "2024") == Refusal("no_ordering")
    plain = [makers.indicator("poor", disclosure={}), school]
    assert gaps.of(built(rows, plain), "school", "2024") == Refusal("no_ordering")


def test_the_nearest_year_orders_and_of_two_the_earlier():
    rows = year("school", LINE, "2022") + year("poor", range(30, 40), "2020")
    rows += year("poor", range(40, 30, -1), "2024")
    found = gaps.of(built(rows), "school", "2022")
    assert found.ordering_period == "2020" and found.gaps.difference.value > 0
    later = gaps.of(built([*rows, *year("school", LINE, "2023")]), "school", "2023")
    assert later.ordering_period == "2024" and later.gaps.difference.value < 0


def test_an_area_whose_border_moved_between_the_two_years_has_no_place():
    moved = makers.broken("moved", "2023", areas=("B",)).model_copy(update={"kind": "boundary"})
    rows = year("school", LINE, "2024") + year("poor", range(30, 40), "2022")
    found = gaps.of(built(rows, breaks=[moved]), "school", "2024")
    assert found.unplaced == ("B",) and "B" not in found.gaps.areas.index and "B" in found.gaps.left_out
    assert gaps.of(built(rows), "school", "2024").unplaced == ()


def test_estimates_have_a_gap_without_interval():
    found = gaps.of(built(year("school", LINE, flag="e") + year("poor", LINE)), "school", "2024").gaps
    for estimate in (found.best, found.worst, found.difference, found.ratio):
        assert np.isfinite(estimate.value) and np.isnan([estimate.low, estimate.high]).all()
    even = segregation.of(built(year("school", LINE, flag="e")), "school", "2024").segregation
    assert even.dissimilarity.value > 0 and np.isnan(even.dissimilarity.low)


def test_malmos_gap_in_unemployment_is_recomputed_from_the_files():
    """Areas laid end to end by low economic standard; the area over the limit counts in part."""
    raw = pd.read_csv(ROOT / "data/observations/arbete.csv", dtype={"area": str, "period": str})
    poor_ = pd.read_csv(ROOT / "data/observations/ekonomi.csv", dtype={"area": str, "period": str})
    table, order = (
        frame[(frame.indicator == name) & (frame.period == "2022") & (frame.area != "1280")].set_index("area")
        for frame, name in ((raw, "arbetslosa_16_64"), (poor_, "lag_ekonomisk_standard"))
    )
    found = gaps.of(malmo(), "arbetslosa_16_64", "2022")
    shown = table.drop(list(found.across.hidden)).assign(order=order["value"]).sort_values("order")
    room = shown["denominator"].sum() / 5
    ends = []
    for side in (shown, shown[::-1]):
        left, people, events = room, 0.0, 0.0
        for o, n in zip(side["numerator"], side["denominator"], strict=True):
            part = min(1.0, left / n)
            people, events, left = people + part * n, events + part * o, left - part * n
            if left <= 1e-9:
                break
        ends.append(100 * events / people)
    assert len(found.across.hidden) == 2 and len(found.gaps.areas) == 89
    assert [found.gaps.best.value, found.gaps.worst.value] == pytest.approx(ends, abs=0.15)


def test_malmos_segregation_is_that_of_pysal():
    raw = pd.read_csv(ROOT / "data/observations/befolkning.csv", dtype={"area": str, "period": str})
    rows = raw[(raw.indicator == "utrikes_fodda") & (raw.period == "2023") & (raw.area != "1280")]
    table = rows[["numerator", "denominator"]].astype(float).reset_index(drop=True)
    found = segregation.of(malmo(), "utrikes_fodda", "2023").segregation
    for measure, cls in (("dissimilarity", Dissim), ("isolation", Isolation), ("entropy", Entropy)):
        expected = cls(table, "numerator", "denominator").statistic
        assert getattr(found, measure).value == pytest.approx(expected, abs=1e-9)
    assert found.contribution.sum() == pytest.approx(1) and len(found.group) == 91


def test_malmos_pattern_is_that_of_esda():
    found = local_moran.of(malmo(), "utrikes_fodda", "2023")
    near = W({area: list(others) for area, others in found.neighbours.of.items()}, silence_warnings=True)
    near.transform = "r"
    values = found.shrunk.value.reindex(near.id_order)
    expected = Moran_Local(values.to_numpy(), near, permutations=0)
    n = len(values)
    ours = found.found.statistic.reindex(near.id_order) * (n - 1) / n
    assert np.allclose(ours, expected.Is)
    quadrants = pd.Series(expected.q, near.id_order).map({1: "hh", 2: "lh", 3: "ll", 4: "hl"})
    clear = found.found.code[found.found.code != "none"]
    assert len(clear) > 5 and clear.eq(quadrants[clear.index]).all()


# -- over time -------------------------------------------------------------------------------


def test_a_run_ends_where_any_area_is_broken():
    rows = [row for p in ("2021", "2022", "2023") for row in year("school", LINE, p) + year("poor", LINE, p)]
    broken = makers.broken("x", "2023", ["school"], ["C"])
    assert runs(built(rows, breaks=[broken]), "school") == (("2021", "2022"), ("2023",))
    assert runs(built(rows), "school") == (("2021", "2022", "2023"),)
    found = gaps.over_time(built(rows, breaks=[broken]), "school")
    assert [[point.across.period for point in run.points] for run in found] == [["2021", "2022"], ["2023"]]
    assert found[0].change is not None and found[1].change is None
    assert [len(run.points) for run in segregation.over_time(built(rows, breaks=[broken]), "school")] == [2, 1]


def test_no_run_crosses_malmos_new_borders():
    for indicator in ("utlandsk_bakgrund", "valdeltagande", "flerbostadshus", "andel_0_19"):
        for periods in runs(malmo(), indicator):
            assert not (periods[0] < "2024" <= periods[-1])
    assert runs(malmo(), "utrikes_fodda") == (("2020", "2021", "2022", "2023"),)


def test_all_years_of_a_run_are_about_the_same_areas():
    """A has no figure in 2022: the run is about the nine others, in 2023 too."""
    rows = year("school", LINE, "2022")[1:] + year("school", LINE, "2023")
    found = built(rows + year("poor", LINE, "2022") + year("poor", LINE, "2023"))
    (run,) = gaps.over_time(found, "school")
    assert run.areas == AREAS[1:] and [len(p.gaps.areas) for p in run.points] == [9, 9]
    assert len(gaps.of(found, "school", "2023").gaps.areas) == 10
    (even,) = segregation.over_time(found, "school")
    assert even.areas == AREAS[1:] and [len(p.segregation.group) for p in even.points] == [9, 9]


def test_absolute_and_relative_change_are_told_apart():
    """From 20 and 40 per cent to 5 and 15: the difference halves, the ratio grows from 2 to 3."""
    before = np.linspace(2000, 4000, 10).round()
    after = np.linspace(400, 1600, 10).round()
    rows = year("school", before, "2022", 10_000) + year("school", after, "2023", 10_000)
    (run,) = gaps.over_time(built(rows + year("poor", range(30, 40), "2022")), "school")
    first, last = (p.gaps for p in run.points)
    assert run.change.difference.value == pytest.approx(last.difference.value - first.difference.value)
    assert run.change.difference.high < 0
    assert run.change.ratio.value == pytest.approx(last.ratio.value / first.ratio.value)
    assert run.change.ratio.low > 1


def test_a_distance_below_zero_is_counted_from_zero():
    """Work falls with poverty: −20 becomes −10, the distance is ten less."""
    before, after = np.linspace(8000, 5500, 10).round(), np.linspace(8000, 6750, 10).round()
    rows = year("work", before, "2022", 10_000) + year("work", after, "2023", 10_000)
    (run,) = gaps.over_time(built(rows + year("poor", range(30, 40), "2022")), "work")
    assert run.points[0].gaps.difference.value < run.points[1].gaps.difference.value < 0
    assert run.change.difference.value < 0 and run.change.difference.high < 0
    assert run.change.slope.value < 0 and run.change.ratio.value < 1


def test_the_interval_of_a_change_is_square_and_add():
    first, last = gaps.Estimate(10, 9, 12), gaps.Estimate(14, 11, 15)
    found = gaps._moved(first, last)
    assert (found.value, found.low) == (4, pytest.approx(4 - np.hypot(3, 2)))
    assert found.high == pytest.approx(4 + np.hypot(1, 1))


def test_segregation_that_grows_is_seen():
    rows = year("school", [500] * 10, "2022", 1000) + year("school", [200] * 5 + [800] * 5, "2023", 1000)
    (run,) = segregation.over_time(built(rows), "school")
    assert run.change.value == pytest.approx(0.6, abs=0.03) and run.change.low > 0.4


# -- what is hidden --------------------------------------------------------------------------

ANSWERS = {
    "gaps": lambda s: [gaps.of(s, "school", "2024"), *gaps.over_time(s, "school")[0].points],
    "segregation": lambda s: [segregation.of(s, "school", "2024"), *segregation.over_time(s, "school")[0].points],
    "pattern": lambda s: [local_moran.of(s, "school", "2024")],
}


def row_of_squares() -> dict:
    """The areas side by side, so that each has the ones beside it as neighbours."""
    squares = {area: box(13 + n / 100, 55, 13 + (n + 1) / 100, 55.01) for n, area in enumerate(AREAS)}
    features = [{"type": "Feature", "properties": {"id": a}, "geometry": mapping(s)} for a, s in squares.items()]
    return {"type": "FeatureCollection", "features": features}


def numbers(found) -> list[float]:
    if isinstance(found, gaps.Gap):
        return [x for e in (found.gaps.best, found.gaps.worst, found.gaps.slope) for x in (e.value, e.low, e.high)]
    if isinstance(found, local_moran.Pattern):
        return [*found.shrunk.value, *found.found.lag.dropna(), *found.found.p.dropna()]
    measures = (getattr(found.segregation, m) for m in segregation.MEASURES)
    return [x for m in measures for x in (m.value, m.chance, m.adjusted, m.low)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_hidden_figure_leaves_no_trace_in_any_statistic(answer):
    """Two and four of a hundred are hidden: with one and five in their place every answer is the same."""
    one, other = (
        built(year("school", [*start, *range(10, 90, 10)]) + year("poor", range(30, 40)))
        for start in ((2, 4), (1, 5))
    )
    for each in (one, other):
        each.pack = replace(each.pack, boundaries=row_of_squares())
    for mine, theirs in zip(ANSWERS[answer](one), ANSWERS[answer](other), strict=True):
        assert mine.across.hidden == theirs.across.hidden and {"A", "B"} <= {*mine.across.hidden}
        assert numbers(mine) == numbers(theirs)


def test_the_citys_own_total_is_not_used():
    rows = year("school", [2, 4, *range(20, 36, 2)]) + year("poor", range(30, 40))
    totals = [makers.row(makers.CITY, "school", parts=(n, 1000)) for n in (222, 400)]
    one, other = (gaps.of(built([*rows, total]), "school", "2024") for total in totals)
    assert numbers(one) == numbers(other)


# -- what cannot be used ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "gap", "even", "pattern"),
    [
        ("count", "not_counted", "not_counted", "not_counted"),
        ("median", "not_counted", "not_counted", "not_counted"),
        ("mean", None, "not_a_share", "not_chance"),
        ("rate", None, "not_a_share", None),
    ],
)
def test_kinds_that_cannot_be_used_say_why(kind, gap, even, pattern):
    measured = makers.indicator("x", kind)
    rows = [makers.row(a, "x", parts=(n, 100)) for a, n in zip(AREAS, LINE, strict=True)]
    found = built(rows + year("poor", LINE), (measured, poor), ordering=("poor",))
    for answer, code in ((gaps.of, gap), (segregation.of, even)):
        given = answer(found, "x", "2024")
        assert given == Refusal(code) if code else not isinstance(given, Refusal)
    if pattern:
        assert local_moran.of(found, "x", "2024") == Refusal(pattern)


def test_too_little_to_go_by_says_why():
    shares = [makers.row(area, "school", value=20.5) for area in AREAS]
    assert across(built(shares), "school", "2024") == Refusal("no_counts")
    few = year("school", [10] * 4 + [2] * 6)
    assert across(built(few), "school", "2024") == Refusal("few_areas")
    assert across(built(year("school", LINE)), "school", "1999") == Refusal("no_figures")
    none = makers.indicator("school", disclosure={"public": True, "reason": {"sv": "påhittad"}})
    assert segregation.of(built(year("school", [0] * 10), (none, poor)), "school", "2024") == Refusal("one_group")
    alike = built(year("school", [20] * 10))
    assert local_moran.of(alike, "school", "2024") == Refusal("alike")
    assert gaps.over_time(alike, "school") == () == gaps.over_time(built(shares), "school")
    assert gaps.of(alike, "school", "2024") == Refusal("no_ordering")
    level = built(year("school", LINE) + year("poor", [20] * 10))
    assert gaps.of(level, "school", "2024") == Refusal("no_ordering")


def test_areas_all_alike_have_no_gap_and_no_segregation():
    found = built(year("school", [20] * 10) + year("poor", LINE))
    gap = gaps.of(found, "school", "2024").gaps
    assert [gap.difference.value, gap.ratio.value, gap.slope.value] == pytest.approx([0, 1, 0])
    assert segregation.of(found, "school", "2024").segregation.dissimilarity.value == pytest.approx(0)


def test_only_some_areas_keep_their_own_counts():
    found = across(built(year("school", LINE)), "school", "2024")
    assert isinstance(found, Across)
    some = found.only({"B", "D"})
    assert some.numerator.to_dict() == {"B": 12, "D": 16} and some.denominator.to_dict() == {"B": 100, "D": 100}


@pytest.mark.parametrize("indicator", ["utrikes_fodda", "utlandsk_bakgrund", "valdeltagande", "arbetslosa_16_64"])
def test_runs_are_those_of_the_areas_own_series(indicator: str) -> None:
    """A run ends where a figure lies in another part of its area's series than the year before."""
    pack, part = malmo().pack, {}
    for area in (a.id for a in pack.areas.values() if a.level == pack.info.base_level):
        for number, segment in enumerate(malmo().series(area, indicator)):
            part |= {(p.period, area): number for p in segment.points if p.value is not None}
    periods = sorted({period for period, _ in part})
    found = [[periods[0]]]
    for before, now in itertools.pairwise(periods):
        same = all(part.get((before, area), n) == n for (period, area), n in part.items() if period == now)
        found[-1:] = [[*found[-1], now]] if same else [found[-1], [now]]
    assert runs(malmo(), indicator) == tuple(map(tuple, found))
