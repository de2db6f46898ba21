"""A reader's own areas: sums, cuts, what is refused, and that nobody learns what is hidden by asking for many."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import attacker
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import CITY, broken, indicator, named, own, pack, row
from pydantic import ValidationError

from omradesbild import pack as packs
from omradesbild.analyse import between, statements
from omradesbild.analyse.custom import same_as, with_own
from omradesbild.analyse.statements import Caveat
from omradesbild.model import ADDABLE_KINDS, RATIO_KINDS, Area, Kind, Level

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = {"disclosure": {}}
BASE = tuple("ABCDEF")
FIGURES = ("value", "numerator", "denominator", "low", "high", "city_value", "difference", "comparison", "flag")
FIGURES += ("reason", "place", "of", "decimals", "composed", "source")


def make(parts: dict[str, tuple[int, int]], areas=(), more=(), rule=None, kind="share"):
    return pack(
        [*(row(a, "andel", parts=p) for a, p in parts.items()), *more],
        [indicator("andel", kind, disclosure=rule or {})],
        base=tuple(parts),
        areas=areas,
    )


def said(made, *areas: Area, name="andel", period="2024"):
    """Return the statement of each own area."""
    together = with_own(statements.build(made), areas)
    return [together.get(area.id, name, period) for area in areas]


def plain(s) -> dict:
    return {name: getattr(s, name) for name in FIGURES}


# -- sums ----------------------------------------------------------------------------------------

counts = st.integers(6, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(n + 21, 2000)))


@settings(max_examples=25, deadline=None)
@given(st.lists(counts, min_size=6, max_size=6), st.sets(st.sampled_from(BASE), min_size=2, max_size=5))
def test_whole_areas_are_the_sum_of_their_parts(parts, chosen) -> None:
    made = make(dict(zip(BASE, parts, strict=True)))
    (s,) = said(made, own("x", *sorted(chosen)))
    people = sum(parts[BASE.index(a)][0] for a in chosen)
    everyone = sum(parts[BASE.index(a)][1] for a in chosen)
    assert (s.numerator, s.denominator) == (people, everyone)
    assert s.value == pytest.approx(100 * people / everyone)
    assert s.low < s.value < s.high
    assert s.composed and s.flag == "" and s.warnings[0] is Caveat.COMPOSED


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(30, 3000), min_size=6, max_size=6),
    st.lists(st.integers(1, 1000), min_size=6, max_size=6),
)
def test_a_cut_area_and_its_rest_make_up_the_whole(people, thousandths) -> None:
    made = pack(
        [row(a, "n", value=v) for a, v in zip(BASE, people, strict=True)], [indicator("n", "count")], base=BASE
    )
    shares = [t / 1001 for t in thousandths]
    one, rest = own("x", *BASE, shares=tuple(shares)), own("y", *BASE, shares=tuple(1 - s for s in shares))
    parts = said(made, one, rest, name="n")
    assert sum(s.value for s in parts) == pytest.approx(sum(people))
    assert parts[0].value == pytest.approx(sum(s * p for s, p in zip(shares, people, strict=True)))


def test_a_cut_area_is_an_estimate_without_interval_or_test() -> None:
    made = make({"A": (400, 1000), "B": (100, 1000), "C": (100, 1000)})
    (s,) = said(made, own("x", "A", "B", shares=(1.0, 0.25)))
    assert (s.numerator, s.denominator) == (425, 1250)
    assert s.value == pytest.approx(34.0)
    assert (s.low, s.high, s.flag, s.comparison) == (None, None, "e g", "above")
    assert {Caveat.APPORTIONED, Caveat.ESTIMATED, Caveat.APPROXIMATE_AREA, Caveat.UNTESTED} <= set(s.warnings)
    assert Caveat.COMPOSED not in s.warnings


def test_shares_of_one_are_whole_areas() -> None:
    made = make({"A": (400, 1000), "B": (100, 1000), "C": (100, 1000)})
    whole, cut = said(made, own("x", "A", "B"), own("y", "A", "B", shares=(1.0, 1.0)))
    assert plain(whole) == plain(cut) | {"flag": ""}
    assert cut.flag == "g", "its maker said that its border is approximate"


def test_a_difference_is_tested_alone_and_does_not_depend_on_other_own_areas() -> None:
    rng = np.random.default_rng(1)
    parts = {a: (int(rng.integers(80, 120)), 1000) for a in BASE}
    parts["A"] = (123, 1000)
    made = make(parts)
    alone = said(made, own("x", "A", "B"))[0]
    more = [own(f"o{n}", *pair) for n, pair in enumerate(["BC", "CD", "DE", "EF", "CE"])]
    beside = said(made, own("x", "A", "B"), *more)[0]
    assert plain(alone) == plain(beside)
    assert alone.comparison in ("higher", "none", "much_higher")


def test_series_break_where_a_member_does_and_trends_are_told() -> None:
    years = [str(y) for y in range(2016, 2025)]
    rows = [row(a, "andel", y, parts=(100 + 30 * n, 1000)) for a in "ABC" for n, y in enumerate(years)]
    made = pack(rows, [indicator("andel")], breaks=[broken("b", "2018", areas=("A",))])
    built = with_own(statements.build(made), (own("x", "A", "B"), own("y", "B", "C")))
    assert [len(s.points) for s in built.series("x", "andel")] == [2, 7]
    assert [len(s.points) for s in built.series("y", "andel")] == [9]
    assert built.trend("x", "andel").code == "up"


# -- what equals a published area --------------------------------------------------------------------


def test_one_area_is_that_area_with_medians_and_place() -> None:
    rows = [row(a, "andel", parts=(n, 1000)) for a, n in zip("ABC", (100, 200, 400), strict=True)]
    rows += [row(a, "m", value=v) for a, v in zip("ABC", (200.5, 210.25, 190.0), strict=True)]
    made = pack(rows, [indicator("andel", **ORDINARY), indicator("m", "median")])
    built = with_own(statements.build(made), (own("x", "B"),))
    for name in ("andel", "m"):
        assert plain(built.get("x", name, "2024")) == plain(built.get("B", name, "2024"))
    assert built.get("x", "andel", "2024").place == 2
    assert same_as(own("x", "B"), made).id == "B"


def test_a_choice_that_is_a_published_area_has_its_own_figure() -> None:
    district = named("D", "A", "B", level="stadsdel")
    made = make(
        {"A": (100, 1000), "B": (100, 1000), "C": (100, 1000)}, [district], [row("D", "andel", parts=(203, 2001))]
    )
    (s,) = said(made, own("x", "B", "A"))
    assert (s.numerator, s.denominator, s.composed) == (203, 2001, False)
    (s,) = said(made, own("x", "A", "B", "C"))
    assert (s.numerator, s.reason, s.comparison) == (300, "sum_of_areas", "")


def test_a_series_breaks_where_that_of_the_same_area_does() -> None:
    rows = [row(a, "andel", y, parts=(100, 1000)) for a in ("A", "B", "C", "D") for y in ("2023", "2024")]
    made = pack(rows, [indicator("andel")], areas=[named("D", "A", "B")], breaks=[broken("b", "2024", areas=("D",))])
    built = with_own(statements.build(made), (own("x", "A", "B"), own("y", "A", "C")))
    assert [len(built.series(a, "andel")) for a in ("D", "x", "y")] == [2, 2, 1]


def test_how_a_cut_area_lies_to_others() -> None:
    made = make(dict.fromkeys(BASE, (100, 1000)), [named("AB", "A", "B")])
    half, whole, other = own("x", "A", "B", shares=(0.5, 1.0)), own("y", "A", "B"), own("z", "B", "C", shares=(0.5, 0.5))
    pairs = [(half, whole), (whole, half), (half, half.model_copy(update={"id": "w"})), (whole, made.areas["AB"])]
    assert [between.relation(*pair, made) for pair in pairs] == ["inside", "around", "overlap", "same"]
    pairs = [(half, other), (half, made.areas["A"]), (made.areas["A"], whole), (half, made.areas["C"])]
    assert [between.relation(*pair, made) for pair in pairs] == ["overlap", "overlap", "inside", "apart"]


# -- what is refused -----------------------------------------------------------------------------------


def test_own_choice_of_areas() -> None:
    parts = {"A": (3, 100), "B": (40, 100), "C": (50, 110), "D": (60, 120), "E": (70, 130), "F": (80, 140)}
    made = make(parts, areas=[named("ACD", "A", "C", "D"), named("EF", "E", "F")])
    frame = statements.build(made).frame
    assert set(frame.loc[frame["flag"] == "..", "area"]) == {"A", "C"}
    chosen = [own(f"own-{m}", *m) for m in ("DE", "BDEF", "AD", "C", "ACD")]
    found = said(made, *chosen)
    assert [s.reason for s in found] == ["", "", "suppressed", "suppressed", ""]
    assert [s.value is None for s in found] == [False, False, True, True, False]
    assert {s.flag for s in found if s.value is None} == {".."}
    assert all(s.numerator is s.low is s.difference is None for s in found if s.value is None)


def test_own_choice_must_not_be_all_but_one_that_is_not_published() -> None:
    rows = [row(a, "andel", parts=(50, 100)) for a in "BCD"]
    made = pack(
        [*rows, row("A", "andel", flag="-"), row(CITY, "andel", parts=(157, 310))],
        [indicator("andel", **ORDINARY)],
        base="ABCD",
    )
    found = said(made, own("x", *"BCD"), own("y", *"BC"), own("z", *"AB"))
    assert [s.reason for s in found] == ["differencing", "", "member_missing"]
    assert Caveat.DIFFERENCING in found[0].warnings and found[0].flag == ".."


def test_own_choice_must_not_be_small() -> None:
    parts = {a: (20, 100) for a in "ABC"}
    made = make(parts)
    found = said(made, own("x", "A", shares=(0.25,)), own("y", "A", shares=(0.26,)), own("z", *"AB", shares=(0.1, 0.1)))
    assert [s.reason for s in found] == ["small", "apportioned", "small"]
    assert [s.value for s in found] == [None, pytest.approx(20.0), None]
    assert Caveat.SMALL in found[0].warnings


def test_what_cannot_be_added_or_lacks_counts() -> None:
    rows = [row(a, "m", value=3.0) for a in "ABC"] + [row(a, "andel", value=30.0) for a in "ABC"]
    made = pack(rows, [indicator("m", "median"), indicator("andel")])
    built = with_own(statements.build(made), (own("x", "A", "B"),))
    assert built.get("x", "m", "2024").reason == "not_addable"
    assert built.get("x", "andel", "2024").reason == "no_counts"


@pytest.mark.parametrize(
    "area",
    [own("x"), own("x", "A", "Z"), own("A", "B"), own("x", "A", "A"), named("x", "A")],
    ids=["nothing", "unknown", "taken id", "twice", "another level"],
)
def test_what_is_no_own_area(area: Area) -> None:
    with pytest.raises(ValueError, match="expected"):
        with_own(statements.build(make({"A": (30, 100), "B": (30, 100)})), (area,))


@pytest.mark.parametrize("shares", [(0.0, 1.0), (1.5, 1.0), (0.5,), (float("nan"), 0.5)])
def test_shares_are_parts_and_one_for_each_member(shares) -> None:
    with pytest.raises(ValidationError):
        own("x", "A", "B", shares=shares)
    with pytest.raises(ValidationError):
        Area(id="x", name="x", level="regso", members=("A",), shares=(0.5,))


# -- on the packs ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["shipped", "made-up"])
def built(request, tmp_path_factory) -> statements.Statements:
    if request.param == "shipped":
        return statements.build(packs.load(ROOT / "data"))
    from omradesbild import demo

    path = tmp_path_factory.mktemp("demo")
    demo.build(path)
    return statements.build(packs.load(path))


def basic(built: statements.Statements) -> list[str]:
    return [a.id for a in built.pack.areas.values() if a.level == built.pack.info.base_level]


def test_no_other_statement_changes(built) -> None:
    ids = basic(built)
    areas = (own("eget-1", *ids[:4]), own("eget-2", *ids[2:5], shares=(1.0, 0.5, 0.2)), own("eget-3", ids[0]))
    together = with_own(built, areas)
    before = built.frame.astype(object)
    after = together.frame[together.frame["level"] != Level.CUSTOM.value].astype(object).reset_index(drop=True)
    pd.testing.assert_frame_equal(before, after)
    for area in (*ids[:3], built.pack.info.city):
        for indicator_ in built.pack.indicators:
            for group in built.groups(indicator_):
                assert built.series(area, indicator_, group) == () or [
                    [plain(s) | {"w": s.warnings} for s in segment.points]
                    for segment in built.series(area, indicator_, group)
                ] == [
                    [plain(s) | {"w": s.warnings} for s in segment.points]
                    for segment in together.series(area, indicator_, group)
                ]
    assert [a for a in together.pack.areas if a in ids] == ids
    assert built.periods("folkmangd") == together.periods("folkmangd")


def test_own_areas_are_added_as_the_packs_own_composite_areas_are(built) -> None:
    """Each everyday area made once more by hand, and one member less: independent of which code adds."""
    area = next(a for a in built.pack.areas.values() if a.level is Level.NAMED and len(a.members) > 3)
    members = area.members[1:]
    together = with_own(built, (own("eget-1", *area.members), own("eget-2", *members)))
    twin, own_rows = (together.frame[together.frame["area"] == a] for a in ("eget-1", area.id))
    assert len(twin) == len(own_rows) > 90
    columns = [c for c in together.frame if c not in ("area", "level")]
    pd.testing.assert_frame_equal(twin[columns].reset_index(drop=True), own_rows[columns].reset_index(drop=True))
    tested = 0
    for s in (s for i in built.pack.indicators for s in together.of(i) if s.area.id == "eget-2"):
        if s.indicator.kind not in ADDABLE_KINDS or s.value is None:
            continue
        parts = [built.get(m, s.indicator.id, s.period, s.group) for m in members]
        number = sum(p.numerator if s.indicator.kind in RATIO_KINDS else p.value for p in parts)
        assert number == pytest.approx(s.numerator if s.indicator.kind in RATIO_KINDS else s.value)
        tested += 1
    assert tested > 60


def test_unemployment_is_not_shown_with_an_area_where_it_is_hidden() -> None:
    """Vintrie-Skumparp has few unemployed; Bellevue-Nya Bellevue is hidden to protect it."""
    built = statements.build(packs.load(ROOT / "data"))
    by_name = {a.name: a.id for a in built.pack.areas.values() if a.level == built.pack.info.base_level}
    hidden = [by_name["Vintrie-Skumparp"], by_name["Bellevue-Nya Bellevue"]]
    for id_ in hidden:
        assert built.get(id_, "arbetslosa_16_64", "2022").flag == ".."
    others = [by_name[n] for n in ("Möllevången", "Västra Hamnen")] if "Västra Hamnen" in by_name else basic(built)[:2]
    choices = {
        "both": own("eget-1", *hidden),
        "one-and-others": own("eget-2", hidden[0], *others),
        "a-sliver": own("eget-3", hidden[1], *others, shares=(0.01, *(1.0 for _ in others))),
        "others": own("eget-4", *others),
    }
    together = with_own(built, tuple(choices.values()))
    found = {name: together.get(area.id, "arbetslosa_16_64", "2022") for name, area in choices.items()}
    assert {name: s.reason for name, s in found.items()} == {
        "both": "suppressed", "one-and-others": "suppressed", "a-sliver": "suppressed", "others": ""
    }
    assert all(s.value is s.numerator is s.denominator is None for name, s in found.items() if name != "others")
    assert together.get("eget-1", "folkmangd", "2024").value > 0, "other figures of the same areas are shown"


def _adversarial(built, table: tuple[list[str], str, str]) -> tuple[Area, ...]:
    """Choices that an outsider would make around what is hidden in a table: all but it, whole and cut."""
    indicators, period, group = table
    ids = basic(built)
    lost = [a for a in ids if any((s := built.get(a, i, period, group)) and s.flag.startswith("..") for i in indicators)]
    shown = [a for a in ids if a not in lost]
    choices: list[tuple[list[str], tuple[float, ...]]] = [(shown, ()), (shown[1:], ()), (lost, ())]
    for area in built.pack.areas.values():
        if area.members and set(area.members) & set(lost):
            rest = [m for m in area.members if m not in lost]
            one_more = next(a for a in shown if a not in rest)
            choices += [(rest, ()), ([*rest, *lost[:1]], ()), ([*rest, one_more], ())]
            choices.append((list(area.members), (0.999,) * len(area.members)))
    for id_ in lost[:4]:
        choices += [([id_], (0.5,)), ([a for a in ids if a != id_], ()), (ids, tuple(0.9 if a == id_ else 1.0 for a in ids))]
    draw = random.Random(7)
    choices += [(draw.sample(ids, draw.randint(2, 60)), ()) for _ in range(6)]
    unique = {(tuple(members), shares) for members, shares in choices if members}
    return tuple(own(f"eget-{n}", *m, shares=shares) for n, (m, shares) in enumerate(sorted(unique)))


def test_an_outsider_who_asks_for_any_own_area_learns_nothing_hidden(built) -> None:
    tables = [t for t in attacker.tables(built.frame, built.pack) if len(t[0]) < 5][:2]
    assert tables
    tried = 0
    for table in tables:
        asked = with_own(built, _adversarial(built, table))
        before = attacker.attack(built.frame, built.pack, *table)
        after = attacker.attack(asked.frame, asked.pack, *table)
        assert [(b.area, b.indicator) for b in before] == [(a.area, a.indicator) for a in after]
        for b, a in zip(before, after, strict=True):
            assert (a.low, a.high) == pytest.approx((b.low, b.high), abs=1e-3), f"{b} became {a}"
        tried += len(before)
    assert tried >= 2


def test_own_figures_are_made_without_the_observations(built) -> None:
    """All that is shown has passed the gate, and nothing else is read."""
    ids = basic(built)
    areas = (own("eget-1", *ids[:30]), own("eget-2", *ids[20:], shares=(0.5,) * len(ids[20:])))
    blind = statements.Statements(replace(built.pack, observations=None, root=None), built.frame)
    pd.testing.assert_frame_equal(with_own(built, areas).frame, with_own(blind, areas).frame)


def test_medians_and_classes_are_never_added(built) -> None:
    ids = basic(built)
    together = with_own(built, (own("eget-1", *ids[:3]),))
    rows = together.frame[together.frame["area"] == "eget-1"]
    kinds = {i.id: i.kind for i in built.pack.indicators.values()}
    fixed = rows[rows["indicator"].map(kinds).isin([Kind.MEDIAN, Kind.CLASS, Kind.INDEX])]
    assert len(fixed) and fixed["value"].isna().all() and set(fixed["reason"]) == {"not_addable"}
