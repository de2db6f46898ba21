"""Draws the made-up city's figures and hides what a source would hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from omradesbild.demo.city import AREAS, CITY, City, stream
from omradesbild.demo.people import AGES, BORDER_YEAR, KEEP, SEXES, YEARS, People, field, stock
from omradesbild.demo.plan import EFFECTS, UNLUCKY, Plan

#: A share of persons is hidden unless more than `FEW` have it, more than `FEW` have it not, and there
#: are more than `BASIS` in all; at least `TOGETHER` areas are hidden in a year, or none.
FEW, BASIS, TOGETHER = 5, 20, 3
#: A survey's share is marked (x) if fewer answered.
ANSWERS = 60
PYRAMID_YEARS = (2010, 2015, 2020, 2025)
ELECTIONS = (2010, 2014, 2018, 2022)
OLD_SOURCE_UNTIL = 2015


@dataclass(frozen=True)
class Share:
    """How a share is drawn: of what, how much of it stays from year to year, whether it is protected."""

    base: str
    keep: float = KEEP
    protected: bool = True


SHARES = {
    "utrikes_fodda": Share("residents", 0.95),
    "ensamboende": Share("households", 0.9),
    "ensamstaende_med_barn": Share("households", 0.9),
    "forgymnasial": Share("aged_25_64", 0.95),
    "eftergymnasial": Share("aged_25_64", 0.95),
    "gymnasiebehorighet": Share("pupils", 0.0),
    "sysselsatta_20_64": Share("aged_20_64"),
    "arbetslosa_20_64": Share("aged_20_64", 0.7),
    "unga_utanfor": Share("aged_20_24", 0.6),
    "lag_ekonomisk_standard": Share("residents"),
    "ekonomiskt_bistand": Share("households", 0.8),
    "hyresratt": Share("households", 0.98, protected=False),
    "trangbodda": Share("households", 0.9),
    "otrygga": Share("answers", 0.0, protected=False),
}
#: The last year of these is preliminary.
PRELIMINARY = {"sysselsatta_20_64", "arbetslosa_20_64", "nettoinkomst_medel", "ekonomiskt_bistand"}
#: indicator → years that are estimated
ESTIMATED = {"trangbodda": (2010, 2011, 2012)}
#: indicator → source, where it is not the register
SOURCES = {
    "otrygga": "pahittad-enkat",
    "valdeltagande": "pahittad-valnatt",
    "anmalda_brott": "pahittad-anmalan",
    "hyra_median": "pahittad-enkat",
    "omradestyp": "pahittad-klassning",
    "hemlosa_vuxna": "pahittad-kartlaggning",
}
COLUMNS = ["area", "indicator", "period", "group", "value", "numerator", "denominator", "flag", "source"]


@dataclass(frozen=True)
class Drawn:
    """All observations, as text in the pack's columns, and where the unlucky placebo was put."""

    observations: pd.DataFrame
    unlucky: int


def draw(seed: int, city: City, people: People, plan: Plan, indicators: Mapping[str, Mapping]) -> Drawn:
    """Draw every figure of the pack.

    Parameters
    ----------
    indicators
        id → catalogue entry; `decimals`, `kind` and `per` are read.
    """
    bases = _bases(seed, city, people)
    pen = _Pen(city, indicators)
    pen.count("folkmangd", people.all)
    pen.change(people)
    pen.ages(people)
    pen.ratio("andel_0_19", people.between(0, 19), people.all)
    pen.ratio("andel_65_plus", people.between(65, 120), people.all)
    drawn = {}
    for indicator, share in SHARES.items():
        trials, rng = bases[share.base], stream(seed, indicator)
        drawn[indicator] = stock(rng, trials, plan.expected[indicator] / 100, share.keep)
        hidden = hide(drawn[indicator], trials) if share.protected else None
        pen.ratio(indicator, drawn[indicator], trials, hidden, unreliable=share.base == "answers")
    _turnout(pen, seed, people, plan)
    _crimes(pen, seed, city, people, plan)
    _incomes(pen, seed, people, plan)
    _rents(pen, seed, plan)
    pen.figures("omradestyp", classes(plan), city_value=None)
    homeless = stream(seed, "hemlosa_vuxna").poisson(np.linspace(900, 620, len(YEARS)))
    pen.city_only("hemlosa_vuxna", homeless)
    placed = _unlucky(drawn, bases, people, plan)
    return Drawn(pd.concat(pen.tables, ignore_index=True), placed)


def hide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return where a share is hidden: too few, and then so many more that none can be told apart.

    Parameters
    ----------
    numerator, denominator
        Whole numbers, shape (areas, years).
    """
    smaller = np.minimum(numerator, denominator - numerator)
    hidden = (smaller <= FEW) | (denominator <= BASIS)
    for year in np.flatnonzero(hidden.any(axis=0)):
        missing = TOGETHER - hidden[:, year].sum()
        if missing > 0:
            smallest = np.argsort(np.where(hidden[:, year], np.inf, smaller[:, year]), kind="stable")
            hidden[smallest[:missing], year] = True
    return hidden


def classes(plan: Plan) -> np.ndarray:
    """Return class 1 (great challenges) to 5 by the mean of three standardised expected shares."""
    parts = [plan.expected[i] for i in ("lag_ekonomisk_standard", "forgymnasial", "ekonomiskt_bistand")]
    score = np.mean([(part - part.mean(axis=0)) / part.std(axis=0) for part in parts], axis=0)
    return 5 - np.digitize(score, [-1.1, -0.4, 0.4, 1.1])


def _bases(seed: int, city: City, people: People) -> dict[str, np.ndarray]:
    """Return what shares are counted of, shape (areas, years)."""
    persons = 2.0 + 0.25 * np.clip(field(city, stream(seed, "households")), -2, 2)
    return {
        "residents": people.all,
        "aged_20_64": people.between(20, 64),
        "aged_25_64": people.between(25, 64),
        "aged_20_24": people.between(20, 24),
        "pupils": (people.between(10, 19) / 10).round().astype(int),
        "households": (people.all / persons[:, None]).round().astype(int),
        "answers": (people.between(20, 120) / 25).round().astype(int),
    }


def _turnout(pen: _Pen, seed: int, people: People, plan: Plan) -> None:
    """Write turnout in election years; three points higher in the parliamentary election."""
    at = np.isin(YEARS, ELECTIONS)
    entitled = (0.9 * people.between(20, 120)[:, at]).astype(int)
    for group, more in (("kommunval", 0.0), ("riksdagsval", 3.0)):
        share = (plan.expected["valdeltagande"][:, at] + more) / 100
        voters = stock(stream(seed, f"valdeltagande {group}"), entitled, share, 0.7)
        pen.ratio("valdeltagande", voters, entitled, group=group, years=YEARS[at])


def _crimes(pen: _Pen, seed: int, city: City, people: People, plan: Plan) -> None:
    """Write reported crimes, Poisson and new each year; one district did not report in 2013."""
    crimes = stream(seed, "anmalda_brott").poisson(plan.expected["anmalda_brott"] / 1000 * people.all)
    absent = np.outer(city.district == 3, YEARS == 2013)
    pen.ratio("anmalda_brott", crimes, people.all, flags={"-": absent})


def _incomes(pen: _Pen, seed: int, people: People, plan: Plan) -> None:
    """Write mean income (spread 70 per cent of the mean) and median economic standard."""
    earners = people.between(20, 120)
    mean = plan.expected["nettoinkomst_medel"]
    total = (mean * (1 + 0.7 * _noise(seed, "nettoinkomst_medel") / np.sqrt(earners)) * earners).round(1)
    pen.ratio("nettoinkomst_medel", total, earners)
    median = plan.expected["ekonomisk_standard_median"]
    seen = median * (1 + 0.6 * _noise(seed, "ekonomisk_standard_median") / np.sqrt(earners))
    whole = (median * people.all).sum(axis=0) / people.all.sum(axis=0)
    pen.figures("ekonomisk_standard_median", seen, whole)


def _rents(pen: _Pen, seed: int, plan: Plan) -> None:
    """Write the median rent; an area where hardly anyone rents has none."""
    rent = plan.expected["hyra_median"] * (1 + 0.01 * _noise(seed, "hyra_median"))
    without = np.repeat(plan.expected["hyresratt"][:, :1] < 10, len(YEARS), axis=1)
    pen.figures("hyra_median", rent, city_value=None, flags={".": without})


def _noise(seed: int, part: str) -> np.ndarray:
    """Return normal noise of deviation 1 with correlation `KEEP` from year to year."""
    fresh = stream(seed, part).standard_normal((AREAS, len(YEARS)))
    noise = fresh.copy()
    for year in range(1, len(YEARS)):
        noise[:, year] = KEEP * noise[:, year - 1] + np.sqrt(1 - KEEP**2) * fresh[:, year]
    return noise


def _unlucky(
    drawn: Mapping[str, np.ndarray], bases: Mapping[str, np.ndarray], people: People, plan: Plan
) -> int:
    """Return the untouched area whose figure, by chance, had risen most over its mean of five years."""
    effect = next(e for e in EFFECTS if e.initiative == UNLUCKY)
    year = int(np.flatnonzero(effect.start - 1 == YEARS)[0])
    trials = bases[SHARES[effect.indicator].base]
    share = drawn[effect.indicator] / trials
    rise = share[:, year] - share[:, year - 5 : year].mean(axis=1)
    taken = {a for i, areas in plan.places.items() if i != "reform" for a in areas}
    taken |= {a for pair in people.moves for a in pair}
    free = [a for a in range(AREAS) if plan.own[effect.indicator][a] == 0 and a not in taken]
    return int(max(free, key=lambda area: rise[area]))


class _Pen:
    """Writes arrays of shape (areas, years) as rows of observations, the city added."""

    def __init__(self, city: City, indicators: Mapping[str, Mapping]) -> None:
        self.city = city
        self.indicators = indicators
        self.tables: list[pd.DataFrame] = []

    def count(self, indicator: str, value: np.ndarray) -> None:
        """Write a count and its sum."""
        self._write(indicator, _with_sum(value))

    def figures(
        self,
        indicator: str,
        value: np.ndarray,
        city_value: np.ndarray | None,
        flags: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Write figures that cannot be added; `city_value` None: the city has none."""
        absent = np.full(value.shape[1], np.nan)
        whole = np.vstack([absent if city_value is None else city_value, value])
        self._write(indicator, whole, flags=flags, city=city_value is not None)

    def city_only(self, indicator: str, value: np.ndarray) -> None:
        """Write figures that exist for the whole city alone."""
        self._write(indicator, value[None, :])

    def change(self, people: People) -> None:
        """Write the change of the population; none the first year, nor where a border moved."""
        now, before = people.all[:, 1:], people.all[:, :-1]
        moved = np.zeros(people.all.shape, dtype=bool)
        moved[[area for pair in people.moves for area in pair]] = BORDER_YEAR == YEARS
        self.ratio("folkforandring", now - before, before, flags={".": moved[:, 1:]}, years=YEARS[1:])

    def ages(self, people: People) -> None:
        """Write residents by sex and age for some years, areas only."""
        at = np.isin(YEARS, PYRAMID_YEARS)
        groups = [f"{sex}|{age}" for sex in SEXES for age in AGES]
        for group, value in zip(groups, people.ages, strict=True):
            whole = _with_sum(value[:, at])
            self._write("alder_kon", whole, group=group, years=YEARS[at], city=False)

    def ratio(
        self,
        indicator: str,
        numerator: np.ndarray,
        denominator: np.ndarray,
        hidden: np.ndarray | None = None,
        *,
        group: str = "",
        years: np.ndarray = YEARS,
        flags: Mapping[str, np.ndarray] | None = None,
        unreliable: bool = False,
    ) -> None:
        """Write factor × numerator / denominator with both; the city's are the sums, also of hidden areas."""
        entry = self.indicators[indicator]
        factor = 1 if entry["kind"] == "mean" else entry.get("per", 100)
        flags = dict(flags or {})
        if hidden is not None:
            flags[".."] = hidden
        if unreliable:
            flags["(x)"] = denominator < ANSWERS
        above, below = _with_sum(numerator), _with_sum(denominator)
        self._write(indicator, factor * above / below, above, below, group=group, years=years, flags=flags)

    def _write(
        self,
        indicator: str,
        value: np.ndarray,
        numerator: np.ndarray | None = None,
        denominator: np.ndarray | None = None,
        *,
        group: str = "",
        years: np.ndarray = YEARS,
        flags: Mapping[str, np.ndarray] | None = None,
        city: bool = True,
    ) -> None:
        """Add the rows; the first of each array is the city, left out unless `city`."""
        marks = _marks(indicator, value.shape, years, flags or {})
        shown = ~np.isin(marks, ("-", ".", ".."))
        areas = [CITY, *self.city.ids][: len(value)]
        decimals = self.indicators[indicator].get("decimals", 1) + 2
        table = pd.DataFrame(
            {
                "area": np.repeat(areas, len(years)),
                "indicator": indicator,
                "period": np.tile(years.astype(str), len(areas)),
                "group": group,
                "value": _texts(value, shown, decimals),
                "numerator": _texts(numerator, shown, 1),
                "denominator": _texts(denominator, shown, 0),
                "flag": marks.ravel(),
                "source": np.tile(_sources(indicator, years), len(areas)),
            }
        )
        self.tables.append(table if city else table.iloc[len(years) :])


def _with_sum(areas: np.ndarray) -> np.ndarray:
    """Return the areas' values below their sum."""
    return np.vstack([areas.sum(axis=0), areas])


def _marks(
    indicator: str, shape: tuple[int, int], years: np.ndarray, flags: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Return the flag of every figure; the areas' own go before those of a whole year."""
    marks = np.full(shape, "", dtype=object)
    if indicator in PRELIMINARY:
        marks[:, years == YEARS[-1]] = "p"
    marks[:, np.isin(years, ESTIMATED.get(indicator, ()))] = "e"
    for flag, where in flags.items():
        marks[1:][where] = flag
    return marks


def _sources(indicator: str, years: np.ndarray) -> np.ndarray:
    """Return the source of each year."""
    source = np.full(len(years), SOURCES.get(indicator, "pahittad-folkrakning"), dtype=object)
    if indicator == "lag_ekonomisk_standard":
        source[years <= OLD_SOURCE_UNTIL] = "pahittad-aldre-rakning"
    return source


def _texts(values: np.ndarray | None, shown: np.ndarray, decimals: int) -> list[str]:
    """Return numbers as they stand in a file: point, no needless zeros, nothing where not shown."""
    if values is None:
        return [""] * shown.size
    rounded = values.ravel().astype(float).round(decimals) + 0.0
    return [
        _text(number, decimals) if show else "" for number, show in zip(rounded, shown.ravel(), strict=True)
    ]


def _text(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
