"""Nobody finds out what is hidden: the rule, the gate, and an outsider who tries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import attacker
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import CITY, indicator, named, pack, row
from pydantic import ValidationError

from omradesbild import pack as packs
from omradesbild.analyse import disclosure, statements, suppression
from omradesbild.analyse.compose import compose
from omradesbild.model import Disclosure, Text
from omradesbild.publish import tables

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = {"disclosure": {}}


def city(parts: dict[str, tuple[int, int]], areas=(), kind="share", rule=None, more=()):
    """A city of one year with a share (or another kind) under the ordinary rule."""
    meaning = indicator("andel", kind, disclosure=rule or {})
    return pack(
        [*(row(a, "andel", parts=p) for a, p in parts.items()), *more],
        [meaning],
        base=tuple(parts),
        areas=areas,
    )


def hidden(made, period="2024", name="andel") -> set[str]:
    frame = statements.build(made).frame
    here = frame[(frame["indicator"] == name) & (frame["period"] == period)]
    return set(here.loc[here["flag"] == "..", "area"])


def attacked(
    made, built: statements.Statements, skip=lambda table: False
) -> list[tuple[attacker.Bounds, bool]]:
    truth = compose(made).set_index(["area", "indicator", "period", "group"])[["numerator", "denominator"]]
    found = []
    for table in attacker.tables(built.frame, made):
        if not skip(table):
            found += attacker.attack(built.frame, made, *table)
    return [(b, attacker.safe(b, truth.loc[(b.area, b.indicator, b.period, b.group)])) for b in found]


# -- the rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "shown"),
    [((5, 100), False), ((6, 100), True), ((95, 100), False), ((94, 100), True), ((10, 20), False), ((10, 21), True),
     ((0, 100), False), ((100, 100), False)],
)  # fmt: skip
def test_a_share_needs_more_than_five_with_and_without_and_more_than_twenty(parts, shown):
    made = city({"A": parts, "B": (50, 100), "C": (50, 100), "D": (50, 100)})
    assert (statements.build(made).get("A", "andel", "2024").value is not None) == shown


def test_hidden_is_hidden_everywhere():
    made = city({"A": (3, 100), "B": (40, 100), "C": (50, 100), "D": (60, 100)})
    vars(made.info).update(title=Text(sv="Påhittat"), version="2026-01-01", demonstration=False)
    built = statements.build(made)
    found = built.get("A", "andel", "2024")
    numbers = ("value", "numerator", "denominator", "low", "high", "difference", "place", "of")
    assert [getattr(found, name) for name in numbers] == [None] * 8
    assert (found.flag, found.reason, found.comparison) == ("..", "suppressed", "")
    assert statements.Caveat.SUPPRESSED in found.warnings
    (line,) = tables.rows([found], built)
    assert [line[name] for name in tables.NUMBERS if name != "city_value"] == [None] * 6
    assert built.get(CITY, "andel", "2024").numerator == 153


def test_a_break_is_a_break_also_where_the_figure_is_hidden():
    rows = [
        row("A", "x", year, parts=(n, 100), flag=f)
        for year, n, f in (("2022", 40, ""), ("2023", 3, "b"), ("2024", 41, ""))
    ]
    built = statements.build(pack(rows, [indicator("x", **ORDINARY)], base=("A",)))
    assert built.get("A", "x", "2023").flag == ".. b"
    assert [part.periods for part in built.series("A", "x")] == [["2022"], ["2023", "2024"]]


def test_counts_rates_means_and_changes_have_their_own_tests():
    def shown(kind, **figure):
        made = pack([row("A", "x", **figure)], [indicator("x", kind, **ORDINARY)], base=("A",))
        return statements.build(made).get("A", "x", "2024").value is not None

    assert [shown("count", value=v) for v in (0, 5, 6)] == [False, False, True]
    assert [shown("rate", parts=p) for p in ((5, 900), (6, 900), (30, 20))] == [False, True, False]
    assert [shown("mean", parts=p) for p in ((2, 20), (2, 21))] == [False, True]
    assert [shown("change", parts=p) for p in ((0, 21), (-3, 21), (0, 20))] == [True, True, False]


def test_public_figures_are_shown_as_their_source_shows_them():
    rule = {"public": True, "reason": {"sv": "öppna uppgifter"}}
    assert hidden(city({"A": (0, 100), "B": (1, 10)}, rule=rule)) == set()


def test_all_or_none_tells_the_number_also_without_counts():
    rows = [row("A", "andel", value=100.0), row("B", "andel", value=99.0), row("C", "andel", value=0.0)]
    assert hidden(pack(rows, [indicator("andel", **ORDINARY)])) == {"A", "C"}


def test_a_laxer_rule_needs_a_reason():
    for lax in ({"public": True}, {"min_numerator": 4}, {"min_denominator": 0}):
        with pytest.raises(ValidationError, match="needs a reason"):
            Disclosure(**lax)
    with pytest.raises(ValidationError, match="not below"):
        Disclosure(cap=(90, 5))


def test_beyond_the_cap_only_the_limit_is_shown():
    made = city(
        {"A": (30, 1000), "B": (400, 1000), "C": (970, 1000), "D": (500, 1000)}, rule={"cap": [5, 90]}
    )
    built = statements.build(made)
    low, high = (built.get(a, "andel", "2024") for a in "AC")
    assert (low.value, low.numerator, low.low, low.reason) == (5.0, None, None, "capped")
    assert (high.value, statements.Caveat.CAPPED in high.warnings) == (90.0, True)
    assert built.get(CITY, "andel", "2024").numerator == 1900


# -- what it could be computed from --------------------------------------------------------------


def test_the_city_minus_the_others_tells_nothing():
    made = city({"A": (3, 100), "B": (40, 100), "C": (50, 110), "D": (60, 120)})
    assert hidden(made) == {"A", "B"}
    assert all(ok for _, ok in attacked(made, statements.build(made)))


def test_the_city_minus_its_other_districts_tells_nothing_also_where_no_area_has_a_figure():
    districts = [named("N", "A", "B", level="stadsdel"), named("O", "C", level="stadsdel"), named("P", "D", level="stadsdel")]
    own = {"N": (3, 100), "O": (40, 100), "P": (60, 120), CITY: (103, 320)}
    rows = [row(a, "andel", parts=p) for a, p in own.items()]
    made = pack(rows, [indicator("andel", **ORDINARY)], base="ABCD", areas=districts)
    assert hidden(made) == {"N", "O"}
    assert [ok for _, ok in attacked(made, statements.build(made))] == [True, True]
    some = replace(made, observations=pd.concat([made.observations, pd.DataFrame([row("D", "andel", parts=(60, 120))])], ignore_index=True))
    assert hidden(some) == {"N", "O"}, "that one area has a figure changes nothing for those that have none"


def test_an_area_of_one_member_is_hidden_with_it():
    made = city({"A": (3, 100), "B": (40, 100), "C": (50, 110)}, areas=[named("N", "A")])
    assert hidden(made) == {"A", "N", "B"}


def test_overlapping_areas_do_not_give_their_difference():
    parts = {"A": (40, 100), "B": (50, 100), "C": (3, 100), "D": (70, 200), "E": (80, 200)}
    made = city(parts, areas=[named("AB", "A", "B"), named("ABC", "A", "B", "C")])
    found = attacked(made, statements.build(made))
    assert {"C"} < hidden(made) and CITY not in hidden(made)
    assert found and all(ok for _, ok in found)


def test_a_figure_that_the_source_hid_is_not_the_citys_minus_the_rest():
    parts = {"B": (40, 100), "C": (50, 110), "D": (60, 120)}
    own = [row("A", "andel", flag=".."), row(CITY, "andel", parts=(153, 430))]
    made = pack(
        [*own, *(row(a, "andel", parts=p) for a, p in parts.items())],
        [indicator("andel", disclosure={"public": True, "reason": {"sv": "öppet"}})],
        base=("A", *parts),
    )
    assert hidden(made) == {"A", "B"}
    assert all(ok for _, ok in attacked(made, statements.build(made)))


def test_a_part_is_not_what_the_other_parts_leave():
    family = {"disclosure": {"family": "arbete"}}
    rows = []
    for area, (first, second) in {"A": (4, 60), "B": (30, 50), "C": (40, 30), "D": (35, 45)}.items():
        whole = (area, 100 - first - second)
        rows += [row(area, i, parts=(n, 100)) for i, n in (("i", first), ("u", second), ("s", whole[1]))]
    made = pack(rows, [indicator(i, **family) for i in "ius"], base=("A", "B", "C", "D"))
    found = attacked(made, statements.build(made))
    assert {b.indicator for b, _ in found if b.area == "A"} >= {"i"} and len(
        {b.indicator for b, _ in found}
    ) == 2
    assert len(found) == 4 and all(ok for _, ok in found)


def test_hidden_numbers_never_change_what_is_shown():
    first = city({"A": (3, 100), "B": (40, 100), "C": (50, 110), "D": (60, 120)})
    other = city({"A": (1, 100), "B": (42, 100), "C": (50, 110), "D": (60, 120)})
    pd.testing.assert_frame_equal(statements.build(first).frame, statements.build(other).frame)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=7),
    st.lists(st.sets(st.integers(0, 3), min_size=1, max_size=3), max_size=3),
)
def test_no_city_gives_its_secrets_away(counts, groups):
    parts = {f"A{n}": (has, has + not_ + 1) for n, (has, not_) in enumerate(counts)}
    areas = [named(f"N{n}", *(f"A{m}" for m in sorted(group))) for n, group in enumerate(groups)]
    made = city(parts, areas=areas)
    built = statements.build(made)
    if CITY in hidden(made):
        return  # the city itself was too small, or all that is left to hide: nothing ties its parts
    whole = {a: p[1] for a, p in parts.items()}
    for bound, ok in attacked(made, built):
        inherent = bound.high - bound.low >= whole.get(bound.area, np.inf) - 1e-3
        assert ok or inherent, (parts, areas, bound)


# -- real packs ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> packs.Pack:
    from omradesbild import demo as made_up

    folder = tmp_path_factory.mktemp("demo") / "pack"
    made_up.build(folder)
    return packs.load(folder)


@pytest.fixture(scope="module")
def shipped() -> packs.Pack:
    return packs.load(ROOT / "data")


def test_an_outsider_learns_nothing_from_the_shipped_pack(shipped):
    found = attacked(shipped, statements.build(shipped))
    assert len(found) >= 60
    assert [b for b, ok in found if not ok] == []


def test_an_outsider_learns_nothing_from_the_made_up_pack(demo):
    """All tables but the pupils' eligibility, which hides half the areas each year: of those, three years."""
    found = attacked(
        demo,
        statements.build(demo),
        lambda t: t[0] == ["gymnasiebehorighet"] and t[1] not in ("2010", "2017", "2025"),
    )
    assert len(found) >= 200 and {b.indicator for b, _ in found} >= {
        "otrygga",
        "unga_utanfor",
        "gymnasiebehorighet",
    }
    assert [b for b, ok in found if not ok] == []


def test_the_outsider_does_find_what_is_not_protected(demo, monkeypatch):
    monkeypatch.setattr(suppression, "protect", lambda cells, hidden, unknown: hidden)
    built = statements.build(demo)
    only = attacked(demo, built, lambda table: table[0] != ["otrygga"])
    exact = [b for b, ok in only if not ok and b.high - b.low < 1]
    assert len(only) == 19 and len(exact) >= 10


def test_what_disappears_from_the_shipped_pack(shipped):
    """Unemployment in one area breaks the rule; the others are hidden so that it cannot be computed."""
    before = compose(shipped)
    after = disclosure.gate(before, shipped)
    gone = before[before["value"].notna() & after["value"].isna()]
    assert sorted(zip(gone["indicator"], gone["area"], gone["period"], strict=True)) == [
        ("arbetslosa_16_64", "1280R008", "2022"),
        ("arbetslosa_16_64", "1280R075", "2022"),
        ("utanfor_arbetskraften_16_64", "1280R008", "2022"),
        ("utanfor_arbetskraften_16_64", "1280R075", "2022"),
    ]


def test_the_same_figures_are_hidden_every_time(demo):
    frame = compose(demo)
    first, second = disclosure.gate(frame, demo), disclosure.gate(frame, demo)
    pd.testing.assert_frame_equal(first, second)
    assert 30 <= (frame["value"].notna() & first["value"].isna()).sum() <= 60


@pytest.mark.parametrize("which", ["shipped", "demo"])
def test_a_thinned_table_hides_the_same_as_a_whole_one(which, request, monkeypatch):
    made = request.getfixturevalue(which)
    whole = disclosure.gate(compose(made), made)
    monkeypatch.setattr(suppression, "SMALL", 0)
    thinned = disclosure.gate(compose(made), made)
    assert (whole["reason"] == "suppressed").sum() > 40
    pd.testing.assert_frame_equal(thinned, whole)


@settings(max_examples=25, deadline=None)
@given(counts=st.lists(st.tuples(st.integers(0, 60), st.integers(21, 200)), min_size=4, max_size=14))
def test_a_thinned_table_of_any_city_is_safe(counts):
    parts = {f"a{n}": (min(o, n_), n_) for n, (o, n_) in enumerate(counts)}
    made = city(parts, rule={}, areas=(named("x", "a0", "a1"), named("y", "a1", "a2")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suppression, "SMALL", 0)
        built = statements.build(made)
    assert all(ok for _, ok in attacked(made, built))


def test_every_exception_says_why(shipped):
    lax = [i for i in shipped.indicators.values() if i.disclosure.public]
    assert 10 <= len(lax) <= 20 and all(i.disclosure.reason.sv and i.disclosure.reason.en for i in lax)
    persons = {"arbetslosa_16_64", "lag_ekonomisk_standard", "utlandsk_bakgrund", "forgymnasial"}
    assert not persons & {i.id for i in lax}


def test_only_compose_reads_observations():
    """Everything that leaves the engine has passed the gate: nothing else reads the raw figures."""
    paths = [
        path
        for folder in ("omradesbild/analyse", "omradesbild/publish", "components", "pages")
        for path in (ROOT / folder).rglob("*.py")
    ]
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (
            *paths,
            ROOT / "app.py",
            *(ROOT / "omradesbild/cli").glob("*.py"),
            *(ROOT / f"omradesbild/{n}.py" for n in ("find", "words")),
        )
        if ".observations" in (text := path.read_text(encoding="utf-8")) or "import compose\n" in text
    ]
    assert sorted(readers) == ["omradesbild/analyse/compose.py"]
