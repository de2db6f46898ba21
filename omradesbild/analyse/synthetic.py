"""Synthetic control: can a change be told from what happens where nothing is done?

An initiative's area is compared with a weighted mean of areas without one, chosen so that the two went
alike *before*. Then the same is done to every area without an initiative, as if it had had one: how often
do they part as much?

With as many areas as here and eight years before, the weights of Abadie, Diamond and Hainmueller (2010) fit
the years before exactly – chance and all – and the fit says nothing. Therefore the weights have an intercept
(areas need be parallel, not equal; Doudchenko & Imbens 2016) and the penalty of Arkhangelsky et al. (2021,
American Economic Review 111, 4088–4118, eq. 4–5), which spreads them over many areas::

    min over w ≥ 0, Σw = 1, c:  Σ_before (y_t − c − Σ_j w_j x_jt)² + ζ² T₀ Σ_j w_j²,   ζ² = √T₁ · σ²

σ² is the variance of the donors' changes from year to year, T₀ and T₁ the number of years before and after.
``pysyncon`` has neither; its weights without penalty are the oracle in the tests.

The test is the placebo test in space of Abadie, Diamond and Hainmueller (2010): the p-value is the share of
areas, this one included, whose ratio of root mean squares of the gap after and before is at least as large.
An area that chance moves much has a large divisor, so small areas do not drown large ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from omradesbild.analyse.followup import Refusal, Study, short_of
from omradesbild.model import Kind

#: Years before and after.
NEEDS = (5, 3)
CLEAR = 0.05
#: With fewer areas no p-value can be as small as `CLEAR`.
LEAST_DONORS = 19
#: How many years before the start the initiative is pretended to start in the placebo in time.
BACKDATED = 3
#: How much heavier than the data the row is that holds the sum of weights at one.
_HEAVY = 1e4
#: Added to root mean squares before division, in the unit.
_TRIFLE = 1e-9

#: A normal distribution's 97.5 % point through its median absolute deviation.
_USUAL = 1.959963984540054 * 1.4826022185056018

VERDICTS = (
    "clear",  # fewer than one area in twenty without an initiative parted as much
    "none",  # no more than areas without an initiative usually part
    "as_elsewhere",  # more than usual, but one area in twenty or more without an initiative did so too
    "moved_before",  # the area went its own way before the start already
    "poor_fit",  # nothing that was like it before
)


@dataclass(frozen=True, eq=False)
class Fit:
    """One area against a weighted mean of others.

    Attributes
    ----------
    weights : array of float, shape (n,)
        ≥ 0, sum 1.
    gap : array of float, shape (T,)
        The area minus the weighted mean, mean 0 over the years before, in the unit.
    before, after : float
        Root mean square of the gap in the years before and after.
    """

    weights: np.ndarray
    gap: np.ndarray
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """After through before, each with a trifle added: no gap at all gives 1, an exact fit no infinity."""
        return (self.after + _TRIFLE) / (self.before + _TRIFLE)


@dataclass(frozen=True, slots=True)
class Backdated:
    """The placebo in time: the same test on the years before, with an earlier start."""

    start: int
    ratio: float
    p: float


@dataclass(frozen=True, eq=False)
class Synthetic:
    """What a synthetic control says about an initiative.

    Attributes
    ----------
    weights : mapping of str to float
        Donor → weight, largest first; those below 0.001 are left out.
    control : array of float, shape (T,)
        The synthetic control, in the unit.
    fit : Fit
        Gap, fit before, ratio.
    effect, low, high : float
        Mean gap of the years after, and its limits: effects of the same shape, ``effect · (1 ± q/ratio)``, that the
        placebo test does not rule out (test inversion; Firpo & Possebom 2018). They hold 0 exactly when
        ``p > CLEAR``.
    usual : float
        How far an area without an initiative is usually from its synthetic control after as many years, in the
        unit: ``1.96 · 1.4826 · median(|effect_j| / before_j) · before``, which areas with a course of their own do
        not widen much. The error of `effect` if this area had gone with the others.
    p : float
        Placebo in space.
    as_large : tuple of str
        The donors whose ratio is at least as large.
    placebos : array of float, shape (T, n)
        The donors' gaps, for the band in the chart.
    detectable : float
        The smallest steady effect that would have been found, q × fit before, in the unit.
    backdated : Backdated or None
        None where there are too few years before.
    verdict : str
        One of `VERDICTS`.
    needed : tuple of (str, float)
        What it would take to say more: 'effect' (at least so large), 'years_before' (so many, for the placebo
        in time), 'earlier_cause' (what moved the area from so early a year), 'better_fit' (at most so large
        a root mean square before).
    """

    study: Study
    weights: Mapping[str, float]
    control: np.ndarray
    fit: Fit
    effect: float
    low: float
    high: float
    usual: float
    p: float
    as_large: tuple[str, ...]
    placebos: np.ndarray
    detectable: float
    backdated: Backdated | None
    verdict: str
    needed: tuple[tuple[str, float], ...]


def assess(study: Study) -> Synthetic | Refusal:
    """Compare an initiative's areas with a synthetic control.

    Parameters
    ----------
    study
        What `followup.study` gave; needs `NEEDS` years and `LEAST_DONORS` areas.
    """
    refusal = short_of(study, NEEDS)
    if refusal:
        return refusal
    if len(study.donors) < LEAST_DONORS:
        return Refusal("too_few_donors", have=(len(study.donors),), needed=(LEAST_DONORS,))
    own = fit(study.treated, study.untreated, study.before)
    others = placebos(study.untreated, study.before)
    ratios = np.array([other.ratio for other in others])
    p = p_value(own.ratio, ratios)
    limit = critical(ratios)
    effect = _mean_after(own, study)
    half = abs(effect) * limit / own.ratio
    worst_fit = float(np.quantile([other.before for other in others], 1 - CLEAR))
    backdated = _backdated(study)
    parted = [abs(_mean_after(other, study)) / (other.before + _TRIFLE) for other in others]
    usual = _USUAL * own.before * float(np.median(parted))
    verdict = _verdict(p, abs(effect) <= usual, own.before > worst_fit, backdated)
    detectable = limit * own.before
    large = sorted(zip(study.donors, own.weights, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return Synthetic(
        study=study,
        weights={id_: float(weight) for id_, weight in large if weight >= 0.001},
        control=study.treated - own.gap,
        fit=own,
        effect=effect,
        low=effect - half,
        high=effect + half,
        usual=usual,
        p=p,
        as_large=tuple(d for d, ratio in zip(study.donors, ratios, strict=True) if ratio >= own.ratio),
        placebos=np.column_stack([other.gap for other in others]),
        detectable=detectable,
        backdated=backdated,
        verdict=verdict,
        needed=_needed(verdict, detectable, worst_fit, backdated),
    )


def band(said: Synthetic) -> tuple[np.ndarray, np.ndarray]:
    """Return, for every year, between which values 95 areas of 100 would have been without an initiative.

    Around the synthetic control: the 2.5 and 97.5 % quantiles of the donors' gaps, each scaled to the fit before of
    this area, ``gap_j · before / before_j``, as the placebo test scales them. They end where the indicator's figures
    must: no share is below 0 or above 100.
    """
    years = said.study.before
    own = np.sqrt((said.placebos[years] ** 2).mean(axis=0)) + _TRIFLE
    gaps = said.placebos / own * said.fit.before
    low, high = np.quantile(gaps, [CLEAR / 2, 1 - CLEAR / 2], axis=1)
    least, most = said.study.indicator.range
    if said.study.indicator.kind is Kind.SHARE:
        least, most = least or 0.0, most or 100.0
    return np.clip(said.control + low, least, most), np.clip(said.control + high, least, most)


def fit(treated: np.ndarray, donors: np.ndarray, before: np.ndarray) -> Fit:
    """Fit a weighted mean of donors to the years before.

    Parameters
    ----------
    treated : array of float, shape (T,)
    donors : array of float, shape (T, n)
    before : array of bool, shape (T,)
    """
    y, x = treated - treated[before].mean(), donors - donors[before].mean(axis=0)
    spread = np.diff(donors[before], axis=0).var() if before.sum() > 1 else 0.0
    penalty = math.sqrt((~before).sum()) * spread * before.sum()
    weights = simplex_weights(y[before], x[before], penalty)
    gap = y - x @ weights
    size = [float(np.sqrt((gap[years] ** 2).mean())) for years in (before, ~before)]
    return Fit(weights, gap, *size)


def simplex_weights(y: np.ndarray, x: np.ndarray, penalty: float = 0.0) -> np.ndarray:
    """Return the w ≥ 0 with Σw = 1 that minimise ``|y − x w|² + penalty |w|²``.

    Non-negative least squares (``scipy.optimize.nnls``) with rows √penalty·I for the penalty and one heavy
    row for the sum.

    Parameters
    ----------
    y : array of float, shape (T,)
    x : array of float, shape (T, n)
    """
    n = x.shape[1]
    heavy = _HEAVY * max(np.abs(x).max(initial=0), np.abs(y).max(initial=0), math.sqrt(penalty), 1e-9)
    rows = np.vstack([x, math.sqrt(penalty) * np.eye(n), np.full((1, n), heavy)])
    weights, _ = nnls(rows, np.concatenate([y, np.zeros(n), [heavy]]))
    return weights / weights.sum()


def placebos(donors: np.ndarray, before: np.ndarray) -> list[Fit]:
    """Fit each donor to the others, as if it had had the initiative."""
    return [fit(donors[:, n], np.delete(donors, n, axis=1), before) for n in range(donors.shape[1])]


def p_value(ratio: float, others: np.ndarray) -> float:
    """Return the share of areas, this one included, whose ratio is at least as large."""
    return float((1 + (others >= ratio).sum()) / (1 + len(others)))


def critical(others: np.ndarray, level: float = CLEAR) -> float:
    """Return the ratio that must be exceeded for a p-value of at most `level`."""
    allowed = math.floor(level * (len(others) + 1) + 1e-9) - 1
    return float(np.sort(others)[::-1][allowed])


def _backdated(study: Study) -> Backdated | None:
    if study.before.sum() < NEEDS[0] + BACKDATED:
        return None
    years = np.flatnonzero(study.before)
    early = np.arange(len(years)) < len(years) - BACKDATED
    treated, donors = study.treated[years], study.untreated[years]
    ratio = fit(treated, donors, early).ratio
    others = np.array([other.ratio for other in placebos(donors, early)])
    return Backdated(study.years[years[-BACKDATED]], ratio, p_value(ratio, others))


def _mean_after(found: Fit, study: Study) -> float:
    return float(found.gap[~study.before].mean())


def _verdict(p: float, usual: bool, poor: bool, backdated: Backdated | None) -> str:
    if poor:
        return "poor_fit"
    if backdated is not None and backdated.p <= CLEAR:
        return "moved_before"
    if p <= CLEAR:
        return "clear"
    return "none" if usual else "as_elsewhere"


def _needed(verdict: str, detectable: float, worst_fit: float, backdated: Backdated | None) -> tuple:
    needed = []
    if verdict in ("none", "as_elsewhere"):
        needed.append(("effect", detectable))
    if verdict == "poor_fit":
        needed.append(("better_fit", worst_fit))
    if verdict == "moved_before":
        needed.append(("earlier_cause", float(backdated.start)))
    if backdated is None:
        needed.append(("years_before", float(NEEDS[0] + BACKDATED)))
    return tuple(needed)
