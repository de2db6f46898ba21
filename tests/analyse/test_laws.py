"""Laws that hold for whole packs: what names, divisions, other areas and hidden numbers cannot change.

What can an unrelated area change? A *place* counts all areas, and a *comparison* is adjusted for how many areas are
tested (Benjamini–Hochberg), so both may move. An area's value, interval, distance from a published city figure and
trend never do: `ALONE` names the columns.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from makers import CITY, indicator, named, pack, row

from omradesbild.analyse import gaps, local_moran, long_trend, priorities, relative, segregation, statements
from omradesbild.analyse.columns import figures
from omradesbild.analyse.index import Part, index
from omradesbild.analyse.statements import Statement, Statements

#: Cities are drawn by a seed, so there is nothing to shrink; a failing one is told by its seed.
some = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
AREAS = tuple(f"A{n:02}" for n in range(12))
YEARS = tuple(str(year) for year in range(2019, 2025))
INDICATORS = ("x", "y", "z")
#: What is about one area alone, given the city's figure.
ALONE = [
    "value",
    "numerator",
    "denominator",
    "flag",
    "low",
    "high",
    "city_value",
    "difference",
    "decimals",
    "reliability",
]


def square(area: str, number: int) -> dict:
    x, y = divmod(number, 3)
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"properties": {"id": area}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


#: Counts: indicator × year × area → (number, whole).
Counts = dict[tuple[str, str], dict[str, tuple[int, int]]]


@st.composite
def cities(draw, few: bool = False) -> Counts:
    """Draw a city: areas of different size that differ and drift; with `few` some have few with the property."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = rng.integers(60 if few else 300, 3000, len(AREAS))
    found: Counts = {}
    for name in INDICATORS:
        share, drift = rng.uniform(0.05, 0.4, len(AREAS)), rng.normal(0, 0.01, len(AREAS))
        if few:
            share[rng.choice(len(AREAS), 2, replace=False)] = 0.02
        for n, year in enumerate(YEARS):
            counts = rng.binomial(size, np.clip(share + n * drift, 0.01, 0.9))
            found[name, year] = {a: (int(o), int(t)) for a, o, t in zip(AREAS, counts, size, strict=True)}
    return found


def built(counts: Counts, rename=None, without=frozenset(), areas=(), base=AREAS, city=None) -> Statements:
    """Build the statements. `without`: (area, indicator) whose figures are missing; `city`: whose sums are published."""
    name = rename or {}
    rows = []
    for (measure, year), known in counts.items():
        whole = (city or counts)[measure, year].values()
        rows.append(row(CITY, measure, year, parts=tuple(map(sum, zip(*whole, strict=True)))))
        for area, parts in known.items():
            lost = (area, measure) in without
            rows.append(
                row(
                    name.get(area, area),
                    measure,
                    year,
                    parts=None if lost else parts,
                    flag="-" if lost else "",
                )
            )
    meanings = [indicator(m, direction="lower", disclosure={}) for m in INDICATORS]
    made = pack(rows, meanings, base=sorted(name.get(a, a) for a in base), areas=areas, ordering=("y", "z"))
    made.info.id, made.info.version = "liten", "2026-11-27"
    borders = {"features": [square(name.get(a, a), n) for n, a in enumerate(AREAS)]}
    return statements.build(replace(made, boundaries=borders))


def everything(said: Statements) -> list:
    """Return all that is said about a pack, as plain values."""
    last = YEARS[-1]
    parts = [Part.of(said.pack.indicators[m], figures(said, m, last)) for m in INDICATORS]
    ranked = index(parts, {"x": 2, "y": 1, "z": 1}, 1, draws=50)
    found: list = [(s.value, s.rank, s.rank_low, s.rank_high, s.among_worst) for s in [ranked]]
    found += [answer.of(said, "x", last) for answer in (gaps, segregation)]
    found += [answer.over_time(said, "x") for answer in (gaps, segregation)]
    pattern = local_moran.of(said, "x", last)
    found.append(
        getattr(pattern, "code", None) or (pattern.found.statistic, pattern.found.p, pattern.found.code)
    )
    found.append(priorities.of_all(said))
    return [plain(x) for x in found] + [plain(movements(said, area)) for area in said._base_ids]


def movements(said: Statements, area: str) -> list:
    """Return the trends of an area."""
    pair = [[p for s in said.series(a, "x")[-1:] for p in s.points] for a in (area, CITY)]
    return [said.trend(area, "x"), relative.assess(*pair), long_trend.assess(*pair)]


def plain(x):
    """Return a value without objects, so that two can be compared; NaN is 'nan'."""
    if isinstance(x, Statement):
        return (
            x.area.id,
            x.indicator.id,
            x.period,
            plain(x.value),
            plain(x.low),
            plain(x.difference),
            x.comparison,
        )
    if is_dataclass(x):
        return [plain(getattr(x, f.name)) for f in fields(x)]
    if isinstance(x, pd.Series | pd.Index):
        return [plain(x.tolist()), plain(list(x.index)) if isinstance(x, pd.Series) else None]
    if isinstance(x, pd.DataFrame):
        return [plain(x[column]) for column in x]
    if isinstance(x, np.ndarray | list | tuple):
        return [plain(y) for y in x]
    if isinstance(x, dict):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, float):
        return "nan" if np.isnan(x) else round(x, 9)
    return x


def rows_of(said: Statements, areas, columns=None, measures=INDICATORS) -> pd.DataFrame:
    frame = said.frame[said.frame["area"].isin(areas) & said.frame["indicator"].isin(measures)]
    keys = ["indicator", "group", "period", "area"]
    texts = [c for c in frame if isinstance(frame[c].dtype, pd.CategoricalDtype)]
    found = frame.astype({c: str for c in texts}).set_index(keys).sort_index()
    return found[columns or [c for c in found if c not in ("source", "level")]]


# -- names -------------------------------------------------------------------------------------


@some
@given(cities(few=True), st.permutations(AREAS))
def test_new_names_change_nothing(counts, order):
    names = dict(zip(AREAS, (f"B{n:02}" for n in range(len(AREAS))), strict=True))
    names |= {old: names[new] for old, new in zip(AREAS, order, strict=True)}
    one, other = built(counts), built(counts, rename=names)
    back = {new: old for old, new in names.items()}
    renamed = other.frame.assign(area=other.frame["area"].astype(str).replace(back))
    keys = ["indicator", "group", "period", "area"]
    pd.testing.assert_frame_equal(
        renamed.astype({k: str for k in keys}).set_index(keys).sort_index(),
        one.frame.astype({k: str for k in keys}).set_index(keys).sort_index(),
    )
    for area in AREAS:
        assert plain(movements(one, area)) == plain(movements(other, names[area]))
    uneven = [segregation.of(said, "x", YEARS[-1]).segregation.dissimilarity for said in (one, other)]
    assert uneven[0].value == pytest.approx(uneven[1].value)
    assert uneven[0].adjusted == pytest.approx(uneven[1].adjusted)
    distance = [gaps.of(said, "x", YEARS[-1]).gaps for said in (one, other)]
    assert plain(distance[0].difference) == plain(distance[1].difference)
    assert plain(distance[0].slope) == plain(distance[1].slope)


# -- divisions ---------------------------------------------------------------------------------


@some
@given(cities(), st.floats(0.3, 0.7))
def test_an_area_that_is_split_and_added_up_again_has_the_same_figure(counts, cut):
    halves = {}
    for key, known in counts.items():
        number, whole = known["A00"]
        first = round(number * cut), round(whole * cut)
        halves[key] = {a: p for a, p in known.items() if a != "A00"}
        halves[key] |= {"A00a": first, "A00b": (number - first[0], whole - first[1])}
    assume(all(min(p[0], p[1] - p[0]) > 5 for known in halves.values() for p in known.values()))
    base = (*AREAS[1:], "A00a", "A00b")
    again = built(halves, areas=[named("A00", "A00a", "A00b")], base=base)
    whole = built(counts)
    columns = [c for c in ALONE if c != "flag"]
    pd.testing.assert_frame_equal(rows_of(again, ["A00"], columns), rows_of(whole, ["A00"], columns))
    assert [plain(t) for t in movements(again, "A00")] == [plain(t) for t in movements(whole, "A00")]
    pd.testing.assert_frame_equal(rows_of(again, [CITY]), rows_of(whole, [CITY]))


# -- others ------------------------------------------------------------------------------------


@some
@given(cities(), st.sets(st.sampled_from(AREAS[1:]), min_size=1, max_size=5))
def test_what_is_said_of_an_area_alone_does_not_depend_on_others(counts, gone):
    """The city publishes its own figure. Nobody is hidden: hiding protects areas by what is shown of others."""
    assume(all(min(o, n - o) > 5 for known in counts.values() for o, n in known.values()))
    one, other = built(counts), built(counts, without={(area, "x") for area in gone})
    left = [area for area in (*AREAS, CITY) if area not in gone]
    pd.testing.assert_frame_equal(rows_of(one, left, ALONE), rows_of(other, left, ALONE))
    for area in set(left) - {CITY}:
        assert plain(movements(one, area)) == plain(movements(other, area))


@some
@given(cities(few=True))
def test_other_indicators_change_nothing_at_all(counts):
    one = built(counts)
    other = built(counts, without={(area, "y") for area in AREAS})
    pd.testing.assert_frame_equal(
        rows_of(one, (*AREAS, CITY), measures=("x", "z")), rows_of(other, (*AREAS, CITY), measures=("x", "z"))
    )


# -- hidden numbers ----------------------------------------------------------------------------


def hidden(said: Statements) -> set[tuple[str, str, str]]:
    frame = said.frame[said.frame["flag"].astype(str).str.startswith("..")]
    return set(zip(*(frame[c].astype(str) for c in ("area", "indicator", "period")), strict=True))


@some
@given(cities(few=True), st.integers(1, 2))
def test_other_hidden_numbers_with_the_same_sums_give_the_same_of_everything(counts, persons):
    """Persons move between two hidden areas where it changes nothing of what is hidden: nothing else may change either."""
    one = built(counts)
    secret = hidden(one)
    changed = 0
    for key in counts:
        both = sorted(
            (a for a, i, p in secret if (i, p) == key and a in AREAS), key=lambda a: counts[key][a][0]
        )
        if len(both) < 2:
            continue
        moved = _moved(counts, key, both[-1], both[0], persons)
        if hidden(built(moved)) == secret:
            counts, changed = moved, changed + 1
        if changed == 3:
            break
    assume(changed)
    other = built(counts)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert everything(one) == everything(other)


def _moved(counts: Counts, key: tuple[str, str], giver: str, taker: str, persons: int) -> Counts:
    known = dict(counts[key])
    number = min(persons, known[giver][0], known[taker][1] - known[taker][0])
    known[giver] = known[giver][0] - number, known[giver][1]
    known[taker] = known[taker][0] + number, known[taker][1]
    return counts | {key: known}
