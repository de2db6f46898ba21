"""Every statistic on figures that leave it little or nothing to say: an answer, a NaN or a reason – never an exception or a warning."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from makers import CITY, broken, indicator, pack, row

from omradesbild.analyse import (
    classes,
    difference,
    followup,
    gaps,
    interval,
    likeness,
    listed,
    local_moran,
    long_trend,
    peers,
    place,
    priorities,
    relative,
    robust,
    segregation,
    shrink,
    statements,
    synthetic,
    trend,
)
from omradesbild.analyse.across import Refusal
from omradesbild.analyse.index import Part, index
from omradesbild.model import Initiative, Kind

pytestmark = pytest.mark.filterwarnings("error")

AREAS = tuple(f"A{n:02}" for n in range(24))
YEARS = tuple(str(year) for year in range(2013, 2025))


def usual(area: str, year: str) -> tuple[int, int] | None:
    """A figure as figures are: areas differ, and change a little."""
    number = AREAS.index(area)
    return 100 + 8 * number + (int(year) * (number % 5)) % 23, 1000 + 10 * number


#: name → (what an area has in a year, the areas, the years, more for the pack)
CASES = {
    "usual": (usual, AREAS, YEARS, {}),
    "zero": (lambda area, year: (0, 1000), AREAS, YEARS, {}),
    "everybody": (lambda area, year: (1000, 1000), AREAS, YEARS, {}),
    "all_equal": (lambda area, year: (120, 1000), AREAS, YEARS, {}),
    "one_area": (usual, AREAS[:1], YEARS, {}),
    "two_areas": (usual, AREAS[:2], YEARS, {}),
    "one_person": (lambda area, year: (AREAS.index(area) % 2, 1), AREAS, YEARS, {}),
    "nobody": (lambda area, year: (0, 0), AREAS, YEARS, {}),
    "all_missing": (lambda area, year: None, AREAS, YEARS, {}),
    "one_known": (lambda area, year: usual(area, year) if area == "A03" else None, AREAS, YEARS, {}),
    "every_other_year": (lambda area, year: usual(area, year) if int(year) % 2 else None, AREAS, YEARS, {}),
    "break_in_the_middle": (usual, AREAS, YEARS, {"breaks": (broken("brott", "2018"),)}),
    "one_year": (usual, AREAS, YEARS[-1:], {}),
    "one_huge": (lambda area, year: (400_000, 900_000) if area == "A00" else (1, 30), AREAS, YEARS, {}),
}


def flag(parts) -> str:
    return "-" if parts is None else "." if parts[1] == 0 else ""


def square(number: int) -> dict:
    x, y = number // 2, number % 2
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"properties": {"id": AREAS[number]}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@cache
def built(case: str, kind: str = "share") -> statements.Statements:
    """A pack with the same figures in three indicators of a kind, hidden as usual where they are small."""
    given, areas, years, more = CASES[case]
    rows = []
    for year in years:
        known = {area: given(area, year) for area in areas}
        whole = [parts for parts in known.values() if parts is not None]
        known[CITY] = tuple(map(sum, zip(*whole, strict=True))) if whole else None
        for area, parts in known.items():
            for name in ("x", "y", "z"):
                shown = None if parts is None or parts[1] == 0 else parts
                rows.append(row(area, name, year, parts=shown, flag=flag(parts)))
    meanings = [indicator(name, kind, direction="lower", disclosure={}, per=100) for name in "xyz"]
    made = pack(rows, meanings, base=areas, ordering=("y", "z"), **more)
    made.info.id, made.info.version = "liten", "2026-11-27"
    borders = {"features": [square(n) for n in range(len(areas))]}
    return statements.build(replace(made, boundaries=borders))


def last(said: statements.Statements) -> str:
    return said.latest("x") or YEARS[-1]


def series(said: statements.Statements, area: str) -> list:
    return [point for segment in said.series(area, "x")[-1:] for point in segment.points]


def columns(said: statements.Statements) -> pd.DataFrame:
    rows = said.at("x", last(said), level="regso")
    return rows.set_index(rows["area"].astype(str))[["value", "numerator", "denominator"]]


# -- what each must answer --------------------------------------------------------------------


def figures(said, kind):
    """Interval, difference, place, reliability: nothing where there is no figure, and limits around it where there is."""
    frame = said.frame
    known = frame["value"].notna()
    assert (frame.loc[~known, ["low", "high", "difference", "place"]].isna()).all(axis=None)
    assert (frame.loc[~known, "comparison"] == "").all()
    with_limits = frame[known & frame["low"].notna()]
    assert (with_limits["low"] <= with_limits["value"] + 1e-9).all()
    assert (with_limits["value"] <= with_limits["high"] + 1e-9).all()
    assert (frame["place"].dropna() >= 1).all() and (frame["place"].dropna() <= frame["of"].dropna()).all()
    assert not np.isinf(frame.select_dtypes("number").to_numpy()).any()
    return True


def trends(said, kind):
    found = trend.assess(series(said, said._base_ids[0]), series(said, CITY))
    assert found.code in trend.CODES
    return found.code in ("up", "down", "none")


def relatives(said, kind):
    found = relative.assess(series(said, said._base_ids[0]), series(said, CITY))
    assert found.code in relative.CODES
    return found.code in ("rising", "falling", "with_city")


def long_trends(said, kind):
    found = long_trend.assess(series(said, said._base_ids[0]), series(said, CITY))
    assert found.code in long_trend.CODES
    return found.code in ("up", "down", "none")


def gap(said, kind):
    found = gaps.of(said, "x", last(said))
    assert isinstance(found, Refusal) or np.isfinite(found.gaps.difference.value)
    assert isinstance(gaps.over_time(said, "x"), tuple)
    return not isinstance(found, Refusal)


def uneven(said, kind):
    found = segregation.of(said, "x", last(said))
    assert isinstance(found, Refusal) or 0 <= found.segregation.dissimilarity.adjusted <= 1
    assert isinstance(segregation.over_time(said, "x"), tuple)
    return not isinstance(found, Refusal)


def pattern(said, kind):
    found = local_moran.of(said, "x", last(said))
    assert isinstance(found, Refusal) or set(found.found.code) <= set(local_moran.CODES)
    return not isinstance(found, Refusal)


def ranked(said, kind):
    meanings = said.pack.indicators.values()
    found = index([Part.of(m, columns(said)) for m in meanings], {"x": 1, "y": 1}, 1, draws=20)
    assert found.value.isna().equals(found.rank.isna())
    ranks = found.rank.dropna()
    assert (found.rank_low.dropna() <= ranks).all() and (ranks <= found.rank_high.dropna()).all()
    return len(ranks) > 0


def challenges(said, kind):
    found = priorities.of_all(said)
    assert all(np.isfinite(c.statement.value) for c in found)
    return len(found) > 0


def followed(said, kind):
    words = dict.fromkeys(("title", "event", "place", "source"), "Påhittad")
    started = Initiative(
        id="insats",
        start="2019",
        areas=(said._base_ids[0],),
        kind="initiativ",
        source_url="https://example.org/",
        **words,
    )
    found = followup.study(said, started, "x")
    if isinstance(found, followup.Refusal):
        assert found.code in followup.REFUSALS
        return False
    for answer in (followup.table(found), synthetic.assess(found)):
        assert isinstance(answer, (followup.Refusal, followup.FollowUp, synthetic.Synthetic))
    return True


def shrunken(said, kind):
    known = columns(said)
    found = shrink.shrink(known["numerator"], known["denominator"], Kind(kind))
    assert found.value.isna().equals(known["numerator"].isna() | ~(known["denominator"] > 0))
    return bool(found.value.notna().any())


def alike(said, kind):
    table = pd.DataFrame({name: columns(said)["value"] for name in "xy"})
    found = peers.peers(table, said._base_ids[0], "utfall")
    assert all(np.isfinite(peer.distance) for peer in found.peers)
    return len(found.peers) > 0


def like_scb(said, kind):
    value = columns(said)["value"]
    found = likeness.likeness(value, value, value, None)
    assert found.value.isna().equals(value.isna())
    return bool(found.value.notna().any())


def on_the_list(said, kind):
    assert listed.likeness(said, ["x"]) is None
    return False


def limits(said, kind):
    value = columns(said)["value"].dropna()
    found = classes.class_limits(value.tolist())
    assert list(found) == sorted(found)
    return len(found) > 0


STATISTICS = (
    figures,
    trends,
    relatives,
    long_trends,
    gap,
    uneven,
    pattern,
    ranked,
    challenges,
    followed,
    shrunken,
)
STATISTICS += (alike, like_scb, on_the_list, limits)


@pytest.mark.parametrize("kind", ["share", "rate"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda f: f.__name__)
def test_it_answers(statistic, case, kind):
    said = built(case, kind)
    answered = statistic(said, kind)
    nothing_known = case in ("all_missing", "nobody", "one_person")
    if nothing_known and statistic not in (figures, ranked):
        assert not answered


def test_the_usual_case_is_answered_by_all():
    """Otherwise nothing would have been put to the test."""
    said = built("usual")
    assert [f.__name__ for f in STATISTICS if not f(said, "share")] == ["on_the_list"]


# -- numbers by themselves --------------------------------------------------------------------

NUMBERS = {
    "none": [],
    "one": [3.0],
    "alike": [2.0] * 6,
    "zero": [0.0] * 6,
    "missing": [np.nan] * 6,
    "some_missing": [1.0, np.nan, 3.0, np.nan, 5.0, 2.0],
}


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_functions_of_numbers_answer(values):
    o = np.array(values)
    n = np.where(np.isnan(o), np.nan, 10.0)
    zero = np.zeros(len(o))
    for low, high in (interval.wilson(o, n), interval.wilson(o, zero), interval.poisson(o)):
        assert np.all((low <= high) | np.isnan(low))
        assert np.array_equal(np.isnan(low), np.isnan(high))
    assert np.isnan(difference.exact_test(zero, n, zero, n)).all()
    assert np.isnan(difference.exact_test(o, n, zero, zero)).all()
    adjusted = difference.benjamini_hochberg(o / 10, zero.astype(int))
    assert np.array_equal(np.isnan(adjusted), np.isnan(o))
    ranks, of = place.places(o, zero.astype(int))
    assert np.array_equal(np.isnan(ranks), np.isnan(o)) and len(of) == len(o)
    known = o[~np.isnan(o)]
    z = robust.robust_z(known)
    assert len(z) == len(known) and np.isfinite(z).all()
