"""The city's own index: by hand, by law, its two doubts, and where there is little to go by."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import indicator
from scipy.stats import rankdata

from omradesbild.analyse.index import Part, index
from omradesbild.model import Direction, Kind

quick = settings(max_examples=50, deadline=None)

LOW, HIGH, NONE = Direction.LOWER_BETTER, Direction.HIGHER_BETTER, Direction.NONE


def plain(name: str, direction: Direction = LOW, **values: float) -> Part:
    """An indicator without counts."""
    frame = pd.DataFrame({"value": values, "numerator": np.nan, "denominator": np.nan}, dtype=float)
    return Part(name, Kind.MEAN, direction, frame)


def counted(name: str, o, n, kind: Kind = Kind.SHARE, direction: Direction = LOW) -> Part:
    """An indicator with counts, of areas A00, A01 …"""
    frame = pd.DataFrame({"numerator": o, "denominator": n}, dtype=float)
    frame.index = [f"A{number:02}" for number in range(len(frame))]
    return Part(name, kind, direction, frame.assign(value=100 * frame["numerator"] / frame["denominator"]))


def five() -> list[Part]:
    """z of a: −1.349 −0.674 0 0.674 1.349; of b, where higher is better, the same for E D C B A."""
    return [plain("a", A=1, B=2, C=3, D=4, E=5), plain("b", HIGH, A=10, B=20, C=50, D=40, E=30)]


def test_values_and_contributions_by_hand():
    """b: median 30, MAD 10, so z = −(x − 30) / 14.826."""
    found = index(five(), {"a": 3, "b": 1}, 1)
    z = 1 / 1.482602218505602
    assert found.weights.to_dict() == {"a": 0.75, "b": 0.25}
    assert found.z["a"].tolist() == pytest.approx([-2 * z, -z, 0, z, 2 * z])
    assert found.z["b"].tolist() == pytest.approx([2 * z, z, -2 * z, -z, 0])
    assert found.contributions.loc["A"].tolist() == pytest.approx([-1.5 * z, 0.5 * z])
    assert found.value.tolist() == pytest.approx([-z, -0.5 * z, -0.5 * z, 0.5 * z, 1.5 * z])
    assert found.rank.tolist() == [5, 3, 3, 2, 1]
    assert np.isnan(found.reliability).all()


def test_contributions_add_up_and_only_the_proportions_of_weights_matter():
    one, other = index(five(), {"a": 3, "b": 1}, 1), index(five(), {"a": 0.3, "b": 0.1}, 1)
    assert np.allclose(one.contributions.sum(axis=1), one.value)
    assert np.allclose(one.value, other.value) and one.among_worst.equals(other.among_worst)


def test_an_indicator_without_weight_is_not_there():
    parts = [*five(), plain("c", NONE, A=1)]
    found = index(parts, {"a": 1, "b": 1}, 1)
    assert [part.id for part in found.parts] == ["a", "b"] and found.left_out == ()
    assert found.value.equals(index(five(), {"a": 1, "b": 1}, 1).value)


def test_an_area_with_a_missing_input_is_not_indexed():
    parts = five()
    parts[1] = plain("b", HIGH, A=10, B=20, C=np.nan, D=40, E=30, F=35)
    found = index(parts, {"a": 1, "b": 1}, 1, worst=2)
    assert found.left_out == ("C", "F")
    for column in (found.value, found.rank, found.rank_low, found.rank_high, found.among_worst):
        assert column[["C", "F"]].isna().all() and column[["A", "B", "D", "E"]].notna().all()
    assert found.rank[["A", "B", "D", "E"]].tolist() == [2, 2, 2, 1]
    assert found.contributions.loc["C"].isna().all() and found.z.loc["C", "a"] == 0


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"a": 1, "x": 1}, r"weights for \['x'\]"),
        ({"a": -1, "b": 2}, "weights must be"),
        ({"a": 0}, "weights must be"),
        ({}, "weights must be"),
        ({"a": np.nan}, "weights must be"),
        ({"a": 1, "c": 1}, r"no direction is better in \['c'\]"),
    ],
)
def test_bad_weights_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        index([*five(), plain("c", NONE, A=1)], weights, 1)


def test_shares_and_rates_are_shrunk_and_others_not():
    """o = 10, 30, 50 of 100: shrunken 0.11575, 0.3, 0.48425, whose MAD is 0.18425."""
    parts = [counted("a", [10, 30, 50], [100, 100, 100])]
    found = index(parts, {"a": 1}, 1)
    assert found.value.tolist() == pytest.approx([-0.67449, 0, 0.67449], abs=5e-6)
    assert found.reliability["a"] == pytest.approx(0.92125)
    uneven = [counted("a", [4, 30, 50, 60], [8, 100, 100, 200])]
    raw = np.array([0.5, 0.3, 0.5, 0.3])
    assert raw[0] == raw[2] and index(uneven, {"a": 1}, 1).rank.tolist()[2] == 1


def test_a_rate_has_the_chance_of_events():
    """m = 60/300; s² = 0.0266667 − 0.2 / 100; more events than persons are possible."""
    found = index([counted("a", [0, 20, 40], [100, 100, 100], Kind.RATE)], {"a": 1}, 1)
    assert found.reliability["a"] == pytest.approx((0.08 / 3 - 0.002) / (0.08 / 3))
    assert index([counted("a", [150, 200, 400], [100] * 3, Kind.RATE)], {"a": 1}, 1).rank["A00"] == 3


def test_part_of_an_indicator():
    figures = five()[0].figures
    found = Part.of(indicator("andel", direction="higher"), figures)
    assert (found.id, found.kind, found.direction) == ("andel", Kind.SHARE, HIGH) and found.figures is figures


# -- chance ----------------------------------------------------------------------------------


def test_without_counts_no_rank_can_move_by_chance():
    found = index(five(), {"a": 1, "b": 1}, 1)
    assert found.rank_low.equals(found.rank) and found.rank_high.equals(found.rank)


def test_large_areas_keep_their_ranks_and_small_do_not():
    shares = np.linspace(0.1, 0.4, 10)
    large = index([counted("a", shares * 1e6, [1e6] * 10)], {"a": 1}, 1)
    small = index([counted("a", np.round(shares * 100), [100] * 10)], {"a": 1}, 1)
    assert large.rank.tolist() == list(range(10, 0, -1))
    assert large.rank_low.equals(large.rank) and large.rank_high.equals(large.rank)
    width = small.rank_high - small.rank_low
    assert width.min() >= 1 and 2.5 < width.mean() < 5
    assert (small.rank_low <= small.rank).all() and (small.rank <= small.rank_high).all()


def test_where_all_differences_are_chance_every_rank_is_possible():
    """Counts of 18–32 in 100 around 25 are no more spread than chance: nobody's rank is known any better."""
    counts = [18, 20, 22, 24, 25, 25, 26, 28, 30, 32]
    found = index([counted("a", counts, [100] * 10)], {"a": 1}, 1, draws=4000)
    assert found.reliability["a"] < 0.1
    assert found.rank_low.max() - found.rank_low.min() <= 1 and found.rank_low.max() <= 2
    assert found.rank_high.max() - found.rank_high.min() <= 1 and found.rank_high.min() >= 9


def test_rank_intervals_hold_the_true_rank():
    """30 cities of 40 areas and 3 indicators: 95 per cent intervals should hold about 95 per cent."""
    chance, held = np.random.default_rng(7), []
    for seed in range(30):
        n = chance.integers(300, 3000, 40).astype(float)
        field = chance.normal(size=40)
        truth = [np.clip(0.2 + 0.03 * (field + chance.normal(size=40)), 0.01, 1) for _ in range(3)]
        parts = [counted(str(j), chance.binomial(n.astype(int), p), n) for j, p in enumerate(truth)]
        exact = index(
            [counted(str(j), p * 1e9, [1e9] * 40) for j, p in enumerate(truth)],
            dict.fromkeys("012", 1),
            seed,
            draws=2,
        )
        found = index(parts, dict.fromkeys("012", 1), seed, draws=300)
        held.append(((found.rank_low <= exact.rank) & (exact.rank <= found.rank_high)).mean())
    assert 0.92 < np.mean(held) < 0.98


# -- weights ---------------------------------------------------------------------------------


def test_shares_of_weightings_are_those_of_theory():
    """z of B is (0, 2), of E (2, 0), of the others lower: B is worst where its weight is above ½,
    and with half of that z where it is above ⅔."""
    parts = [plain("a", A=1, B=3, C=2, D=4, E=5), plain("b", A=1, B=5, C=2, D=4, E=3)]
    found = index(parts, {"a": 1, "b": 9}, 1, worst=1, draws=20_000)
    assert found.among_worst[["B", "E"]].tolist() == pytest.approx([0.5, 0.5], abs=0.012)
    parts[1] = plain("b", A=1, B=4, C=2, D=3, E=3)
    found = index(parts, {"a": 1, "b": 1}, 1, worst=1, draws=20_000)
    z = found.z
    cut = (z["a"]["E"] - z["a"]["B"]) / ((z["a"]["E"] - z["a"]["B"]) + (z["b"]["B"] - z["b"]["E"]))
    assert found.among_worst["B"] == pytest.approx(1 - cut, abs=0.012) and 0.1 < cut < 0.9


def test_whoever_is_worst_in_everything_is_worst_in_every_weighting():
    parts = [plain("a", A=1, B=2, C=9), plain("b", HIGH, A=9, B=8, C=1)]
    assert index(parts, {"a": 1, "b": 1}, 1, worst=1).among_worst.tolist() == [0, 0, 1]


def test_one_indicator_has_one_weighting_and_many_worst_are_all():
    assert index(five()[:1], {"a": 1}, 1, worst=2).among_worst.tolist() == [0, 0, 0, 1, 1]
    assert index(five(), {"a": 1, "b": 1}, 1, worst=5).among_worst.tolist() == [1] * 5
    assert index(five(), {"a": 1, "b": 1}, 1, worst=10).among_worst.tolist() == [1] * 5


def test_as_many_are_among_the_worst_as_there_are_places():
    found = index(five(), {"a": 1, "b": 1}, 1, worst=2)
    assert found.among_worst.sum() == pytest.approx(2)


# -- laws ------------------------------------------------------------------------------------

cities = st.integers(3, 15).flatmap(
    lambda areas: st.lists(
        st.lists(st.tuples(st.integers(0, 200), st.integers(1, 800)), min_size=areas, max_size=areas),
        min_size=1,
        max_size=3,
    )
)


def parts_of(city) -> list[Part]:
    return [
        counted(str(j), [min(o, n) for o, n in rows], [n for _, n in rows], direction=(LOW, HIGH)[j % 2])
        for j, rows in enumerate(city)
    ]


@quick
@given(cities, st.randoms())
def test_the_order_of_areas_and_indicators_of_inputs_does_not_matter(city, random):
    parts = parts_of(city)
    order = random.sample(list(parts[0].figures.index), len(parts[0].figures))
    mixed = [Part(p.id, p.kind, p.direction, p.figures.loc[order]) for p in parts]
    weights = {p.id: 1 + j for j, p in enumerate(parts)}
    one, other = index(parts, weights, 1, draws=20), index(mixed, weights, 1, draws=20)
    for name in ("value", "rank", "rank_low", "rank_high", "among_worst"):
        assert getattr(one, name).equals(getattr(other, name))


@quick
@given(cities)
def test_ranks_follow_the_values(city):
    parts = parts_of(city)
    found = index(parts, {p.id: 1 for p in parts}, 1, draws=20)
    assert found.rank.tolist() == rankdata(-found.value.round(9), method="min").tolist()
    assert ((found.among_worst >= 0) & (found.among_worst <= 1)).all()


def test_the_same_seed_gives_the_same_answer():
    parts = [counted("a", [10, 30, 50, 20], [100] * 4), counted("b", [10, 3, 5, 2], [30] * 4)]
    runs = [index(parts, {"a": 1, "b": 1}, seed, worst=1) for seed in (1, 1, 2)]
    assert runs[0].rank_high.equals(runs[1].rank_high) and runs[0].among_worst.equals(runs[1].among_worst)
    assert not runs[0].among_worst.equals(runs[2].among_worst)


# -- little to go by -------------------------------------------------------------------------


def test_one_area_all_alike_and_all_missing():
    alone = index([counted("a", [3], [10])], {"a": 1}, 1)
    assert [c["A00"] for c in (alone.value, alone.rank, alone.rank_high, alone.among_worst)] == [0, 1, 1, 1]
    alike = index([counted("a", [3, 3, 3], [10, 10, 10])], {"a": 1}, 1, worst=1)
    assert alike.value.tolist() == [0, 0, 0] and alike.rank.tolist() == [1, 1, 1]
    assert alike.among_worst.tolist() == [1, 1, 1]
    zero = index([counted("a", [0, 0], [10, 20])], {"a": 1}, 1)
    assert zero.value.tolist() == [0, 0]
    for kind in (Kind.SHARE, Kind.MEAN):
        empty = index([counted("a", [np.nan] * 2, [np.nan] * 2, kind)], {"a": 1}, 1)
        assert empty.left_out == ("A00", "A01") and empty.rank.isna().all()


def test_a_thousand_weightings_take_less_than_a_second():
    chance = np.random.default_rng(1)
    n = chance.integers(500, 6000, 91)
    parts = [counted(str(j), chance.binomial(n, 0.2), n) for j in range(10)]
    started = time.thread_time()
    found = index(parts, {p.id: 1 for p in parts}, 1)
    assert time.thread_time() - started < 1
    assert (found.draws, found.worst) == (1000, 10)
