"""Synthetic control: against pysyncon, by laws, in degenerate cases, and against the truth of made-up cities."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from makers import indicator
from pysyncon.base import VanillaOptimMixin
from scipy import stats
from validate import initiatives

from omradesbild import demo
from omradesbild.analyse import followup, synthetic

YEARS = range(2010, 2022)
START = 2018


def study(treated, untreated, start=START, first=YEARS[0]):
    """A study of yearly series; `untreated` has a column per donor."""
    years = [first + n for n in range(len(treated))]
    donors = tuple(f"D{n:02}" for n in range(untreated.shape[1]))
    return followup.Study(
        initiative=initiatives.pretended("A", start),
        indicator=indicator("x"),
        group="",
        start=start,
        periods=tuple(map(str, years)),
        before=np.array([year < start for year in years]),
        areas=("A",),
        treated=np.asarray(treated, float),
        donors=donors,
        untreated=np.asarray(untreated, float),
        city=np.full(len(years), np.nan),
        left_out={},
        also_here=(),
    )


def noisy(donors=30, effect=0.0, seed=1, noise=0.5):
    """Areas with a common path and chance; the treated has an effect from the start."""
    rng = np.random.default_rng(seed)
    path = np.cumsum(rng.normal(0, 1, len(YEARS)))
    series = 20 + rng.normal(0, 5, donors + 1) + path[:, None] + rng.normal(0, noise, (len(YEARS), donors + 1))
    series[[year >= START for year in YEARS], 0] += effect
    return study(series[:, 0], series[:, 1:])


# -- weights -------------------------------------------------------------------------------------


def loss(weights, y, x, penalty):
    return ((y - x @ weights) ** 2).sum() + penalty * (weights**2).sum()


@pytest.mark.parametrize("penalty", [0.0, 0.5, 20.0])
@pytest.mark.parametrize("seed", range(5))
def test_weights_are_those_of_pysyncon(seed, penalty):
    """The penalty as rows √penalty·I, as pysyncon has none. Where donors are fewer than years weights are unique."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 2, (10, 6))
    y = x @ rng.dirichlet(np.ones(6)) + rng.normal(0, 1, 10)
    rows, wanted = np.vstack([x, np.sqrt(penalty) * np.eye(6)]), np.concatenate([y, np.zeros(6)])
    theirs, _ = VanillaOptimMixin.w_optimize(np.eye(16), rows, wanted, qp_options={"ftol": 1e-13, "maxiter": 1000})
    ours = synthetic.simplex_weights(y, x, penalty)
    assert ours == pytest.approx(theirs, abs=1e-4)
    assert loss(ours, y, x, penalty) <= loss(theirs, y, x, penalty) + 1e-7


@settings(max_examples=60, deadline=None)
@given(arrays(float, (7, 12), elements=st.floats(-50, 50)), st.floats(0.01, 30))
def test_weights_meet_the_conditions_of_an_optimum(drawn, penalty):
    """With a penalty the optimum is unique: the slope of the loss is equal where w > 0 and larger where w = 0."""
    y, x = drawn[:, 0], drawn[:, 1:]
    w = synthetic.simplex_weights(y, x, penalty)
    assert w.min() >= 0 and w.sum() == pytest.approx(1)
    slope = 2 * x.T @ (x @ w - y) + 2 * penalty * w
    size = 1 + np.abs(x).max() ** 2
    lowest = slope.min()
    assert (slope[w > 1e-6] - lowest <= 1e-5 * size).all()


def test_two_donors_by_hand():
    """min (1 − w)² + 4 (w² + (1 − w)²): −2 (1 − w) + 8 w − 8 (1 − w) = 0, w = 10/18."""
    w = synthetic.simplex_weights(np.array([1.0]), np.array([[1.0, 0.0]]), 4.0)
    assert w == pytest.approx([10 / 18, 8 / 18], abs=1e-7)


def test_p_and_limit_by_hand():
    others = np.arange(1.0, 40.0)  # 39 donors: two ratios, this one included, may be as large
    assert synthetic.critical(others) == 38.0
    assert synthetic.p_value(38.5, others) == 2 / 40
    assert synthetic.p_value(38.0, others) == 3 / 40
    assert synthetic.critical(np.arange(1.0, 20.0)) == 19.0  # 19 donors: none may


@given(arrays(float, 25, elements=st.floats(0, 100), unique=True), st.floats(0, 110))
def test_p_is_small_exactly_beyond_the_limit(others, ratio):
    assert (synthetic.p_value(ratio, others) <= synthetic.CLEAR) == (ratio > synthetic.critical(others))


# -- laws ----------------------------------------------------------------------------------------


def test_an_effect_is_found_and_none_where_there_is_none():
    found = synthetic.assess(noisy(effect=-4))
    assert found.verdict == "clear"
    assert found.effect == pytest.approx(-4, abs=found.usual)
    assert found.high < 0 and found.p == pytest.approx(1 / 31)
    assert found.needed == () and found.backdated.start == 2015
    nothing = synthetic.assess(noisy())
    assert nothing.verdict == "none" and nothing.low < 0 < nothing.high
    assert nothing.needed == (("effect", nothing.detectable),)


def test_level_and_unit_do_not_matter():
    one = noisy(effect=-2)
    moved = synthetic.assess(study(10 * one.treated + 300, 10 * one.untreated - 50))
    found = synthetic.assess(one)
    assert moved.effect == pytest.approx(10 * found.effect, rel=1e-5)
    assert (moved.p, moved.verdict) == (found.p, found.verdict)
    assert moved.high == pytest.approx(10 * found.high, rel=1e-4)


def test_the_order_of_donors_does_not_matter():
    one = noisy(effect=-2)
    order = np.random.default_rng(0).permutation(30)
    turned = dataclasses.replace(one, untreated=one.untreated[:, order], donors=tuple(one.donors[n] for n in order))
    a, b = synthetic.assess(one), synthetic.assess(turned)
    assert a.weights == pytest.approx(b.weights, abs=1e-6)
    assert (a.effect, a.p) == (pytest.approx(b.effect), b.p)


def test_the_sign_of_all_figures_turns_the_effect():
    one = noisy(effect=-2)
    a, b = synthetic.assess(one), synthetic.assess(study(-one.treated, -one.untreated))
    assert (a.effect, a.low) == (pytest.approx(-b.effect), pytest.approx(-b.high))


def test_limits_hold_zero_exactly_where_p_is_large():
    for seed in range(12):
        found = synthetic.assess(noisy(effect=-1.2, seed=seed))
        assert (found.low <= 0 <= found.high) == (found.p > synthetic.CLEAR)


def test_the_control_and_the_gap_make_up_the_area():
    found = synthetic.assess(noisy(effect=-2))
    assert found.control + found.fit.gap == pytest.approx(found.study.treated)
    assert found.fit.gap[found.study.before].mean() == pytest.approx(0)
    assert found.placebos.shape == found.study.untreated.shape


def test_the_band_is_where_the_others_would_have_been():
    found = synthetic.assess(noisy(donors=60, effect=-4))
    low, high = synthetic.band(found)
    before = found.study.before
    inside = (low <= found.study.treated) & (found.study.treated <= high)
    assert inside[before].mean() > 0.7 and not inside[~before].any()
    # by hand in the last year: every donor's gap through its own fit before, times that of the area
    scaled = [g[-1] / np.sqrt((g[before] ** 2).mean()) * found.fit.before for g in found.placebos.T]
    wanted = found.control[-1] + np.quantile(scaled, [0.025, 0.975])
    assert (low[-1], high[-1]) == (pytest.approx(wanted[0]), pytest.approx(wanted[1]))


def test_the_band_ends_where_a_share_must():
    found = synthetic.assess(noisy(donors=60, effect=-4))
    near = dataclasses.replace(found, control=np.full_like(found.control, 0.2))
    low, high = synthetic.band(near)
    assert low.min() == 0 and high.min() > 0.2


# -- when little or nothing can be said --------------------------------------------------------------


def test_areas_that_go_their_own_way_without_an_initiative_take_the_claim_away():
    """Four donors of thirty part more: a change, but not one that can be told from theirs."""
    one = noisy(effect=-3)
    after = np.array([year >= START for year in YEARS])
    one.untreated[np.ix_(after, range(4))] += [12, -12, 12, -12]
    found = synthetic.assess(one)
    assert found.verdict == "as_elsewhere"
    assert set(found.as_large) == set(one.donors[:4])
    assert abs(found.effect) > found.usual


def test_a_movement_that_began_before_is_told():
    one = noisy()
    one.treated[[year >= 2015 for year in YEARS]] -= 5
    found = synthetic.assess(one)
    assert found.verdict in ("moved_before", "poor_fit")
    assert found.backdated.p == pytest.approx(1 / 31)


def test_an_area_unlike_all_others_has_a_poor_fit():
    one = noisy()
    one.treated[:] = 20 + 8 * (np.arange(len(YEARS)) % 2)
    found = synthetic.assess(one)
    assert found.verdict == "poor_fit"
    assert found.needed[0][0] == "better_fit"


@pytest.mark.parametrize(
    ("first", "last", "code", "missing"),
    [
        (2014, 2021, "too_few_before", (2013,)),
        (2010, 2019, "too_few_after", (2020,)),
        (2015, 2018, "too_few_both", (2013, 2014, 2019, 2020)),
    ],
)
def test_too_few_years_are_refused_by_name(first, last, code, missing):
    one = noisy()
    kept = slice(first - YEARS[0], last - YEARS[0] + 1)
    found = synthetic.assess(study(one.treated[kept], one.untreated[kept], first=first))
    assert (found.code, found.missing, found.needed) == (code, missing, synthetic.NEEDS)


def test_too_few_areas_are_refused():
    found = synthetic.assess(noisy(donors=18))
    assert (found.code, found.have, found.needed) == ("too_few_donors", (18,), (19,))


def test_few_years_before_leave_no_placebo_in_time():
    one = noisy(effect=-4)
    found = synthetic.assess(study(one.treated[2:], one.untreated[2:], first=2012))
    assert found.backdated is None
    assert ("years_before", 8.0) in found.needed


def test_figures_that_are_all_equal_say_nothing():
    found = synthetic.assess(study(np.full(12, 20.0), np.full((12, 25), 30.0)))
    assert (found.verdict, found.effect, found.p) == ("none", 0.0, 1.0)
    assert np.isfinite([found.low, found.high, found.usual, found.detectable]).all()


# -- against the truth -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planted():
    found = initiatives.planted([demo.SEED]).set_index("initiative")
    return found


@pytest.mark.parametrize("name", ["jobbsatsning", "vuxenutbildning", "trygghetsvardar", "upprustning"])
def test_planted_effects_are_recovered_within_the_stated_error(planted, name):
    found = planted.loc[name]
    assert abs(found["effect"] - found["truth"]) <= found["usual"]
    assert found["usual"] < abs(found["truth"])
    assert found["low"] <= found["truth"] <= found["high"]


def test_only_what_stands_out_among_untouched_areas_is_called_clear(planted):
    """Where 18 of 64 areas have trends of their own as large from the same year, no method can tell them apart."""
    assert planted.loc[["jobbsatsning", "upprustning"], "verdict"].tolist() == ["clear", "clear"]
    assert planted.loc[["vuxenutbildning", "trygghetsvardar"], "verdict"].tolist() == ["as_elsewhere"] * 2


def test_nothing_is_reported_where_nothing_is_planted(planted):
    assert planted.loc["radgivning", "verdict"] == "none"
    assert planted.loc["traffpunkt", "verdict"] == "too_few_before"  # a break in 2016 leaves four years
    assert planted.loc["samverkan", "verdict"] == "too_few_both"  # elections are not yearly
    assert planted.loc["reform", "verdict"] == "whole_city"


def test_few_initiatives_that_never_were_are_called_clear():
    """A short version of `validate.initiatives.placebos`; areas with trends of their own are among them.

    So few may by chance be a little more than one in twenty; where nothing at all happened they are fewer.
    """
    found = initiatives.placebos([demo.SEED], each=14, indicators=initiatives.INDICATORS[:4])
    judged = found[found["p"].notna()]
    clear = judged["verdict"] == "clear"
    assert len(judged) >= 45
    assert clear.sum() <= stats.binom.ppf(0.99, len(judged), 0.05)
    quiet = judged["own"] == 0
    assert clear[quiet].mean() <= 0.05
    assert (judged["effect"].abs() <= judged["usual"])[quiet].mean() > 0.85
