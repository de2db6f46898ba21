"""What happened where an initiative was started: before and after, beside areas without one.

`study` gathers what can be compared – the areas of an initiative added together, the areas without one,
and the city, over the same unbroken years – or says why nothing can. `table` gives means before and after
and the difference between the changes. The stricter question, whether the change can be told from what
happens where nothing is done, is put by `synthetic`.

The year that an initiative starts counts as after; if it started in July or later, that year counts as
neither. Neighbouring areas, and areas with other initiatives in
the same years, are not compared with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from omradesbild.analyse.compose import members_of
from omradesbild.analyse.neighbours import queen
from omradesbild.analyse.statements import COMPARABLE
from omradesbild.analyse.trend import YEAR
from omradesbild.model import ADDABLE_KINDS, RATIO_KINDS, Direction, Indicator, Initiative

#: Years before and after that a table needs.
TABLE_NEEDS = (1, 1)
#: Kinds of events that do something in an area.
ACTING = frozenset({"initiativ", "overenskommelse", "plan", "reform"})
#: What starts in this month or later does not make its year an after.
LATE = 7
#: Areas without an initiative needed to say how far such areas go apart: the smallest and the largest of n changes
#: hold one more with probability (n − 1)/(n + 1), which is 95 % from 39 on.
LEAST_DONORS = 39
#: Areas needed to say whether a rise just before the start was unusual.
LEAST_RISES = 10
#: A rise to the worse just before the start that fewer areas than this share had.
UNUSUAL = 0.10
RESAMPLES = 2000

#: Why nothing can be said.
REFUSALS = (
    "not_acting",  # a decision or an event: nothing was done in an area
    "no_start",  # the source gives no start
    "no_place",  # the source does not say where
    "whole_city",  # there is no area without it
    "not_comparable",  # a count or a class: areas of different size do not change alike
    "not_addable",  # several areas, and a figure that cannot be added
    "no_figures",  # the areas have no figures by year
    "break",  # the series is broken where the initiative starts
    "too_few_before",
    "too_few_after",
    "too_few_both",
    "too_few_donors",  # too few areas without an initiative have figures for the same years
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an initiative cannot be followed up with an indicator.

    Attributes
    ----------
    code : str
        One of `REFUSALS`.
    have, needed : tuple of int
        Unbroken years before and after; for ``too_few_donors`` the number of areas.
    missing : tuple of int
        The years nearest the start that would be needed and have no unbroken figure.
    known : tuple of int
        The years that have a figure.
    """

    code: str
    have: tuple[int, ...] = ()
    needed: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    known: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Study:
    """An initiative and an indicator over the same unbroken years.

    Attributes
    ----------
    start : int
        The first year that counts as after.
    periods : tuple of str
        T periods, oldest first.
    before : array of bool, shape (T,)
    areas : tuple of str
        The basic areas of the initiative.
    treated : array of float, shape (T,)
        Their figure, added together, in the unit.
    donors : tuple of str
        The n basic areas without an initiative that have all T figures.
    untreated : array of float, shape (T, n)
    city : array of float, shape (T,)
        NaN where the city has no comparable figure.
    left_out : mapping of str to tuple of str
        Areas that are not compared with, by reason: 'other_initiative', 'neighbour', 'incomplete'.
    also_here : tuple of str
        Other initiatives in the same areas in the same years: their effects cannot be told apart.
    """

    initiative: Initiative
    indicator: Indicator
    group: str
    start: int
    periods: tuple[str, ...]
    before: np.ndarray
    areas: tuple[str, ...]
    treated: np.ndarray
    donors: tuple[str, ...]
    untreated: np.ndarray
    city: np.ndarray
    left_out: Mapping[str, tuple[str, ...]]
    also_here: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The periods as years."""
        return tuple(int(period[:4]) for period in self.periods)


@dataclass(frozen=True, slots=True)
class Row:
    """Means of the years before and after, and the change, in the unit.

    `who` is 'treated', 'matched' (chosen areas without an initiative), 'untreated' (all such areas) or 'city'.
    """

    who: str
    areas: tuple[str, ...]
    before: float
    after: float

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Before and after.

    Attributes
    ----------
    rows : tuple of Row
    compared : str
        Which row `difference` is counted against: 'matched' or 'untreated'.
    difference, low, high : float or None
        Change where the initiative is minus change of those compared with, and the limits within which
        it lies in 95 cases of 100 if areas without an initiative go apart as these have done.
    unusual : float or None
        The share of areas without an initiative whose last year before stood out as much to the worse
        from their own earlier years.
    warnings : tuple of str
        'regression_to_mean', 'people_move', 'not_causal' always; 'chosen_when_bad' where the last year
        before was unusually bad; 'also_here' where there were other initiatives; 'single_year' where there is
        one year only before or after; 'ended' where years after its end count as after; 'few_donors' where there
        are too few areas for the limits.
    """

    study: Study
    rows: tuple[Row, ...]
    compared: str
    difference: float
    low: float | None
    high: float | None
    unusual: float | None
    warnings: tuple[str, ...]


def study(
    statements,
    initiative: Initiative,
    indicator: str,
    group: str | None = None,
    near: Collection[str] | None = None,
) -> Study | Refusal:
    """Gather the comparable years of an initiative's areas and of areas without one.

    Parameters
    ----------
    statements : omradesbild.analyse.statements.Statements
    initiative
        One that is kept in the pack, or a draft.
    indicator, group
        What to look at; `group` None: the indicator's default.
    near
        Ids of basic areas that the initiative may have spilled over to. None: its neighbours.

    Returns
    -------
    Study, or Refusal with the reason why nothing can be compared.
    """
    pack = statements.pack
    if initiative.kind not in ACTING:
        return Refusal("not_acting")
    if not initiative.start:
        return Refusal("no_start")
    if not initiative.areas:
        return Refusal("no_place")
    if pack.info.city in initiative.areas:
        return Refusal("whole_city")
    started, start = _start(initiative.start)
    areas = basic_areas(initiative.areas, pack)
    known = pack.indicators[indicator]
    alone = len(initiative.areas) == 1
    if known.kind not in COMPARABLE:
        return Refusal("not_comparable")
    if not alone and known.kind not in ADDABLE_KINDS:
        return Refusal("not_addable")
    seen = _figures(statements, initiative.areas if alone else areas, known, group)
    seen = {period: figure for period, figure in seen.items() if not started <= int(period[:4]) < start}
    periods = _around(seen, started, start)
    if isinstance(periods, Refusal):
        return periods
    years = [int(period[:4]) for period in periods]
    others = [i for i in pack.initiatives if i.id != initiative.id and _acts(i, years[0], years[-1])]
    others = [i for i in others if pack.info.city not in i.areas]
    taken = set(basic_areas((area for i in others for area in i.areas), pack)) - set(areas)
    near = (_beside(statements, areas) if near is None else set(near)) - set(areas) - taken
    free = [id_ for id_ in _base(pack) if id_ not in {*areas, *taken, *near}]
    columns = {id_: _values(_figures(statements, (id_,), known, group), periods) for id_ in free}
    whole = {id_: column for id_, column in columns.items() if column is not None}
    city = _values(_figures(statements, (pack.info.city,), known, group), periods)
    return Study(
        initiative=initiative,
        indicator=known,
        group=known.default_group if group is None else group,
        start=start,
        periods=periods,
        before=np.array([year < start for year in years]),
        areas=areas,
        treated=np.array([seen[period][1] for period in periods]),
        donors=tuple(whole),
        untreated=np.array(list(whole.values())).reshape(len(whole), len(periods)).T,
        city=np.full(len(periods), np.nan) if city is None else np.array(city),
        left_out={
            "other_initiative": tuple(sorted(taken)),
            "neighbour": tuple(sorted(near)),
            "incomplete": tuple(id_ for id_ in free if id_ not in whole),
        },
        also_here=tuple(i.id for i in others if set(basic_areas(i.areas, pack)) & set(areas)),
    )


def short_of(found: Study, needed: tuple[int, int]) -> Refusal | None:
    """Return a refusal that names the missing years where there are fewer than `needed` before or after."""
    before = int(found.before.sum())
    have = before, len(found.periods) - before
    return _too_few(set(found.years), *_start(found.initiative.start), have, needed)


def table(found: Study, matched: Sequence[str] = (), seed: int = 0) -> FollowUp | Refusal:
    """Return means before and after, and the difference between the changes.

    ``difference = (T₁ − T₀) − (C₁ − C₀)`` with T where the initiative is and C the mean of the areas that
    are compared with. One area cannot show its own chance, so the limits come from the others: in each of
    `RESAMPLES` draws an error is a deviation of a donor's change from the donors' mean, minus the error of a
    resampled mean of those compared with (basic bootstrap). The deviation is drawn by Weibull's plotting positions
    k/(n + 1), so that one more area lies beyond the largest of n as often as it should. Simulated with 39 to 70 donors,
    normal and heavy-tailed changes, the limits hold the truth in 94 to 95 cases of 100.

    Parameters
    ----------
    found
        What `study` gave.
    matched
        Basic areas to compare with; those that are not donors are left out. Empty: all donors.
    seed
        Of the bootstrap; the same seed gives the same limits.
    """
    refusal = short_of(found, TABLE_NEEDS)
    if refusal:
        return refusal
    if not found.donors:
        return Refusal("too_few_donors", have=(0,), needed=(1,))
    chosen = [found.donors.index(id_) for id_ in matched if id_ in found.donors]
    rows = [_row(found, "treated", found.areas, found.treated)]
    if chosen:
        ids = tuple(found.donors[n] for n in chosen)
        rows.append(_row(found, "matched", ids, found.untreated[:, chosen].mean(axis=1)))
    rows.append(_row(found, "untreated", found.donors, found.untreated.mean(axis=1)))
    if not np.isnan(found.city).any():
        rows.append(_row(found, "city", (), found.city))
    compared = rows[1]
    changes = found.untreated[~found.before].mean(axis=0) - found.untreated[found.before].mean(axis=0)
    difference = rows[0].change - compared.change
    low, high = _limits(difference, changes, changes[chosen] if chosen else changes, seed)
    unusual = _unusual(found)
    warnings = ["regression_to_mean", "people_move", "not_causal"]
    warnings += ["chosen_when_bad"] if unusual is not None and unusual <= UNUSUAL else []
    warnings += ["also_here"] if found.also_here else []
    years_before = int(found.before.sum())
    warnings += ["single_year"] if min(years_before, len(found.periods) - years_before) < 2 else []
    ended = found.initiative.end is not None and int(found.initiative.end[:4]) < found.years[-1]
    warnings += ["ended"] if ended else []
    warnings += ["few_donors"] if low is None else []
    return FollowUp(found, tuple(rows), compared.who, difference, low, high, unusual, tuple(warnings))


def under_way(initiative: Initiative, on: str) -> bool:
    """Tell whether something that acts has started and not ended at a date (YYYY, YYYY-MM or YYYY-MM-DD)."""
    if initiative.kind not in ACTING or not initiative.start:
        return False
    ended = initiative.end is not None and initiative.end < on[: len(initiative.end)]
    return initiative.start <= on[: len(initiative.start)] and not ended


def _beside(statements, areas: Iterable[str]) -> set[str]:
    of = _neighbours(statements)
    return {other for area in areas for other in of.get(area, ())}


@lru_cache(maxsize=2)
def _neighbours(statements) -> Mapping[str, tuple[str, ...]]:
    """Return the neighbours of a pack's areas, kept: they are the same for every initiative and measure."""
    return queen(statements.pack.boundaries).of


def _start(date: str) -> tuple[int, int]:
    """Return the year that an initiative started and the first year that counts as after."""
    year, month = int(date[:4]), int(date[5:7] or 1)
    return year, year + (month >= LATE)


def _acts(initiative: Initiative, first: int, last: int) -> bool:
    """Tell whether an initiative may have done something between two years; an unknown start may."""
    if initiative.kind not in ACTING:
        return False
    started = int((initiative.start or "0")[:4])
    ended = int((initiative.end or "9999")[:4])
    return started <= last and ended >= first


def _base(pack) -> list[str]:
    return [area.id for area in pack.areas.values() if area.level == pack.info.base_level]


def basic_areas(ids: Iterable[str], pack) -> tuple[str, ...]:
    """Return the basic areas that areas of any level are made of, each once, in the pack's order."""
    found = {member for id_ in ids for member in (members_of(pack.areas[id_], pack) or (id_,))}
    return tuple(id_ for id_ in _base(pack) if id_ in found)


def _figures(statements, ids: Sequence[str], indicator: Indicator, group: str | None) -> dict:
    """Return period → (part, value) of areas added together; figures in different parts are not compared.

    Only years in which every area has a value; `part` is the number of each area's unbroken segment.
    """
    each = []
    for id_ in ids:
        segments = statements.series(id_, indicator.id, group)
        points = ((n, point) for n, segment in enumerate(segments) for point in segment.points)
        each.append({p.period: (n, p) for n, p in points if _known(p) and YEAR.match(p.period)})
    common = set.intersection(*(set(points) for points in each))
    found = {}
    for period in sorted(common):
        parts, points = zip(*(points[period] for points in each), strict=True)
        value = joined(points, indicator)
        if value is not None:
            found[period] = parts, value
    return found


def _known(point) -> bool:
    """Tell whether a figure is there; one that is shown as a limit is not known."""
    return point.value is not None and point.reason != "capped"


def joined(points: Sequence, indicator: Indicator) -> float | None:
    """Return the figure of areas added together, None where it cannot be."""
    if len(points) == 1:
        return points[0].value
    if indicator.kind not in RATIO_KINDS:
        return sum(point.value for point in points)
    if any(point.numerator is None or point.denominator is None for point in points):
        return None
    total = sum(point.denominator for point in points)
    return indicator.factor * sum(point.numerator for point in points) / total if total else None


def _around(seen: Mapping, started: int, start: int) -> tuple[str, ...] | Refusal:
    """Return the periods of the unbroken part that reaches from before the start to after it."""
    before = [period for period in seen if int(period[:4]) < started]
    after = [period for period in seen if int(period[:4]) >= start]
    if not seen:
        return Refusal("no_figures")
    if not before or not after:
        have = len(before), len(after)
        return _too_few({int(period[:4]) for period in seen}, started, start, have, TABLE_NEEDS)
    part = seen[after[0]][0]
    if seen[before[-1]][0] != part:
        return Refusal("break")
    return tuple(period for period in seen if seen[period][0] == part)


def _values(seen: Mapping, periods: Sequence[str]) -> list[float] | None:
    """Return the values of all `periods`, or None if one is missing or a break lies between them."""
    if any(period not in seen for period in periods) or len({seen[p][0] for p in periods}) > 1:
        return None
    return [seen[period][1] for period in periods]


def _too_few(years: Collection[int], started: int, start: int, have, needed) -> Refusal | None:
    few = have[0] < needed[0], have[1] < needed[1]
    if not any(few):
        return None
    code = "too_few_both" if all(few) else "too_few_before" if few[0] else "too_few_after"
    wanted = [year for year in range(started - needed[0], started) if few[0]]
    wanted += [year for year in range(start, start + needed[1]) if few[1]]
    return Refusal(code, tuple(have), tuple(needed), tuple(y for y in wanted if y not in years), tuple(sorted(years)))


def _row(found: Study, who: str, areas: tuple[str, ...], values: np.ndarray) -> Row:
    return Row(who, areas, float(values[found.before].mean()), float(values[~found.before].mean()))


def _limits(difference: float, all_changes: np.ndarray, compared: np.ndarray, seed: int):
    if len(all_changes) < LEAST_DONORS:
        return None, None
    rng = np.random.default_rng(seed)
    errors = all_changes - all_changes.mean()
    own = np.quantile(errors, (rng.permutation(RESAMPLES) + 0.5) / RESAMPLES, method="weibull")
    means = rng.choice(compared, (RESAMPLES, len(compared))).mean(axis=1) - compared.mean()
    low, high = np.quantile(own - means, [0.025, 0.975])
    return float(difference - high), float(difference - low)


def _unusual(found: Study) -> float | None:
    """Return the share of donors whose last year before was as bad against their own years before it."""
    sign = {Direction.LOWER_BETTER: 1, Direction.HIGHER_BETTER: -1}.get(found.indicator.direction)
    if sign is None or found.before.sum() < 3 or len(found.donors) < LEAST_RISES:
        return None

    def rise(values: np.ndarray) -> np.ndarray:
        years = values[found.before]
        return sign * (years[-1] - years[:-1].mean(axis=0))

    return float((rise(found.untreated) >= rise(found.treated)).mean())
