"""What is planted in the made-up city: expected values, trends, breaks and the effects of initiatives.

Everything here is the truth that the figures are drawn around; none of it is written to the pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.demo.city import AREAS, SINGLE, City, stream
from omradesbild.demo.people import YEARS, People, field

#: The last year before the areas' own trends.
TREND_FROM = 2017
UP, DOWN, DIVERGING = 9, 9, 5


@dataclass(frozen=True)
class Course:
    """The expected values of an indicator, in its unit.

    Attributes
    ----------
    low, high
        What the areas lie between in the first year.
    load
        Correlation with the areas' disadvantage (negative: lower where it is greater).
    city, own
        Change per year: of all areas from the first year; of the areas with a trend of their own, more
        or less than that, after `TREND_FROM`.
    shift
        (year, size): a break, after which all areas lie higher or lower.
    """

    low: float
    high: float
    load: float
    city: float = 0.0
    own: float = 0.0
    shift: tuple[int, float] | None = None


COURSES = {
    "utrikes_fodda": Course(10, 60, 0.8, city=0.4, own=1.4),
    "ensamboende": Course(25, 55, 0.2),
    "ensamstaende_med_barn": Course(5, 14, 0.7),
    "forgymnasial": Course(9, 32, 0.9, city=-0.25, own=1.2),
    "eftergymnasial": Course(22, 52, -0.8, city=0.4, own=1.4),
    "gymnasiebehorighet": Course(60, 93, -0.8),
    "sysselsatta_20_64": Course(45, 67, -0.9, own=1.5, shift=(2019, 3.0)),
    "arbetslosa_20_64": Course(4, 20, 0.9, city=-0.1, own=1.0),
    "unga_utanfor": Course(5, 20, 0.8),
    "lag_ekonomisk_standard": Course(10, 40, 0.95, own=1.5, shift=(2016, -2.0)),
    "ekonomiskt_bistand": Course(3, 16, 0.9),
    "hyresratt": Course(2, 75, 0.6),
    "trangbodda": Course(8, 40, 0.8, own=1.4),
    "valdeltagande": Course(58, 88, -0.9, city=0.1),
    "otrygga": Course(15, 45, 0.7),
    "anmalda_brott": Course(70, 150, 0.6, city=-0.5, own=6.0),
    "nettoinkomst_medel": Course(190, 340, -0.85, city=2.5),
    "ekonomisk_standard_median": Course(180, 310, -0.9, city=2.0),
    "hyra_median": Course(1050, 1500, -0.5, city=12.0),
}
#: Indicators in which a higher value is worse (+1) or better (−1).
WORSE = {"forgymnasial": 1, "eftergymnasial": -1, "sysselsatta_20_64": -1, "arbetslosa_20_64": 1}
WORSE |= {"lag_ekonomisk_standard": 1, "trangbodda": 1, "anmalda_brott": 1}


@dataclass(frozen=True)
class Effect:
    """What an initiative does to one indicator: at once (step), more each year (slope), or nothing."""

    initiative: str
    indicator: str
    start: int
    kind: str
    size: float
    spill: float = 0.0

    def added(self) -> np.ndarray:
        """Return the effect in each year: `size` from `start`, or `size` more each year from `start`."""
        since = np.clip(YEARS - self.start + 1, 0, None)
        return self.size * (since if self.kind == "slope" else (since > 0))


EFFECTS = (
    Effect("jobbsatsning", "arbetslosa_20_64", 2019, "step", -4.0),
    Effect("vuxenutbildning", "forgymnasial", 2018, "slope", -0.8),
    Effect("trygghetsvardar", "anmalda_brott", 2018, "slope", -4.0, spill=0.5),
    Effect("upprustning", "otrygga", 2020, "step", -8.0),
    Effect("reform", "ekonomiskt_bistand", 2014, "step", -1.0),
    Effect("traffpunkt", "lag_ekonomisk_standard", 2020, "none", 0.0),
    Effect("radgivning", "arbetslosa_20_64", 2020, "none", 0.0),
    Effect("samverkan", "valdeltagande", 2016, "none", 0.0),
)
#: The placebo that is put where the year before happened to be bad.
UNLUCKY = "radgivning"


@dataclass(frozen=True)
class Plan:
    """The truth.

    Attributes
    ----------
    disadvantage
        What the indicators' differences between areas have in common, mean 0 and deviation 1.
    expected
        indicator → expected value, shape (areas, years), in the unit.
    own
        indicator → the areas' own trend in the unit per year, shape (areas,).
    places
        initiative → the areas where it is; the unlucky placebo is placed by `figures`.
    spilled
        initiative → neighbours that get part of the effect, with the opposite sign.
    diverging
        Areas where all that has a worse and a better end goes from the city to the worse.
    """

    disadvantage: np.ndarray
    expected: Mapping[str, np.ndarray]
    own: Mapping[str, np.ndarray]
    places: Mapping[str, tuple[int, ...]]
    spilled: Mapping[str, tuple[int, ...]]
    diverging: tuple[int, ...]


def make(seed: int, city: City, people: People) -> Plan:
    """Decide what is planted where."""
    rng = stream(seed, "plan")
    disadvantage = field(city, rng)
    touched = {area for pair in people.moves for area in pair}
    places, spilled = _places(city, people, disadvantage, touched, rng)
    special = touched.union(*places.values(), *spilled.values())
    free = [a for a in range(AREAS) if a not in special]
    worst = [a for a in free if disadvantage[a] > np.median(disadvantage)]
    diverging = tuple(sorted(int(a) for a in rng.choice(worst, DIVERGING, replace=False)))
    places |= {"reform": tuple(range(AREAS))}
    expected, own = {}, {}
    for indicator in COURSES:
        rng = stream(seed, f"course {indicator}")
        path = _common(indicator, disadvantage, city, rng)
        own[indicator] = _own(indicator, path, [a for a in free if a not in diverging], diverging, rng)
        path += np.outer(own[indicator], np.clip(YEARS - TREND_FROM, 0, None))
        for effect in (e for e in EFFECTS if e.indicator == indicator):
            path[list(places.get(effect.initiative, ()))] += effect.added()
            path[list(spilled.get(effect.initiative, ()))] -= effect.spill * effect.added()
        expected[indicator] = people.with_border(path)
    return Plan(disadvantage, expected, own, places, spilled, diverging)


def _common(indicator: str, disadvantage: np.ndarray, city: City, rng: np.random.Generator) -> np.ndarray:
    """Return the path of each area without trends of its own: start, city's trend and break."""
    course = COURSES[indicator]
    mixed = course.load * disadvantage + np.sqrt(1 - course.load**2) * field(city, rng)
    start = course.low + (course.high - course.low) / (1 + np.exp(-1.5 * mixed))
    path = start[:, None] + course.city * (YEARS - YEARS[0])
    if course.shift:
        path = path + course.shift[1] * (course.shift[0] <= YEARS)
    return path


def _own(
    indicator: str, path: np.ndarray, free: list[int], diverging: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Choose areas with a trend of their own: up, down (if there is room), and from the city to the worse."""
    slope = np.zeros(AREAS)
    size = COURSES[indicator].own
    if not size:
        return slope
    lowest = path[:, -1] - size * (YEARS[-1] - TREND_FROM)
    down = rng.choice([a for a in free if lowest[a] > 1], DOWN, replace=False)
    up = rng.choice([a for a in free if a not in down], UP, replace=False)
    slope[down], slope[up] = -size, size
    slope[list(diverging)] = size * WORSE.get(indicator, 0)
    return slope


def _places(
    city: City, people: People, disadvantage: np.ndarray, touched: set[int], rng: np.random.Generator
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Choose areas for the initiatives, each in its own: large ones with great disadvantage."""
    size = people.all.min(axis=1)
    named = city.named
    joined = {
        "upprustning": tuple(named["Påhittade lunden"]),
        "samverkan": tuple(named["Påhittade ängarna"]),
        "traffpunkt": tuple(named[SINGLE]),
    }
    used = touched.union(*joined.values())
    large = [a for a in np.argsort(size)[AREAS // 2 :] if a not in used]
    worst = sorted(large, key=lambda area: -disadvantage[area])[:12]
    job, *adults, guards = (int(a) for a in rng.choice(worst, 4, replace=False))
    beside = city.neighbour(guards, used | {job, *adults})
    single = {"jobbsatsning": (job,), "vuxenutbildning": tuple(sorted(adults)), "trygghetsvardar": (guards,)}
    return joined | single, {"trygghetsvardar": (beside,)}


def truth(city: City, plan: Plan, unlucky: int) -> pd.DataFrame:
    """Return a row per initiative and area: what it does there to which indicator, from when."""
    places = plan.places | {UNLUCKY: (unlucky,)}
    rows = []
    for effect in EFFECTS:
        at = [(area, "treated", effect.size) for area in places[effect.initiative]]
        beside = plan.spilled.get(effect.initiative, ())
        at += [(area, "spillover", -effect.spill * effect.size) for area in beside]
        what = effect.initiative, effect.indicator
        rows += [(*what, city.ids[area], effect.start, effect.kind, size, role) for area, role, size in at]
    columns = ["initiative", "indicator", "area", "start", "kind", "effect", "role"]
    return pd.DataFrame(rows, columns=columns)


def trends(city: City, plan: Plan) -> pd.DataFrame:
    """Return a row per indicator and area: the planted change per year of the latest years, in the unit."""
    rows = []
    for indicator, course in COURSES.items():
        added = _yearly(indicator, plan)
        for n, area in enumerate(city.ids):
            parts = course.city, float(plan.own[indicator][n]), float(added[n])
            rows.append((indicator, area, *parts, sum(parts)))
    return pd.DataFrame(rows, columns=["indicator", "area", "city", "own", "initiatives", "slope"])


def _yearly(indicator: str, plan: Plan) -> np.ndarray:
    """Return what initiatives add to an indicator each year, per area."""
    added = np.zeros(AREAS)
    for effect in (e for e in EFFECTS if e.indicator == indicator and e.kind == "slope"):
        added[list(plan.places[effect.initiative])] += effect.size
        added[list(plan.spilled.get(effect.initiative, ()))] -= effect.spill * effect.size
    return added
