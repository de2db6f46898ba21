"""Does the follow-up of initiatives find what is planted in made-up cities, and nothing where nothing is?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from omradesbild import demo, pack
from omradesbild.analyse import followup, statements, synthetic
from omradesbild.model import Initiative

#: Yearly indicators without a break, which have an area's figure in all years, and one with new people each year.
INDICATORS = ("arbetslosa_20_64", "forgymnasial", "trangbodda", "ekonomiskt_bistand", "anmalda_brott", "otrygga")
STARTS = range(2016, 2022)


@lru_cache(maxsize=1)
def city(seed: int) -> statements.Statements:
    """Return the statements of a made-up city."""
    with tempfile.TemporaryDirectory() as folder:
        return statements.build(pack.load(demo.build(Path(folder) / "pack", seed)))


def pretended(area: str, start: int) -> Initiative:
    """Return an initiative that never was."""
    words = dict.fromkeys(("title", "event", "place", "source"), "Påhittad placebo")
    return Initiative(
        id="placebo", start=str(start), areas=(area,), kind="initiativ", source_url="https://example.org/", **words
    )


def placebos(seeds: Iterable[int], each: int, indicators: Sequence[str] = INDICATORS) -> pd.DataFrame:
    """Put `each` initiatives that do nothing per indicator in random untouched areas of each made-up city.

    Areas with a trend of their own are among them: an area may go its own way without an initiative.

    Returns
    -------
    DataFrame
        seed, indicator, area, start, own (the area's own trend per year), verdict (or the refusal's
        code), effect, low, high, usual, p.
    """
    return pd.DataFrame([row for seed in seeds for row in _placebos(seed, each, indicators)])


def planted(seeds: Iterable[int]) -> pd.DataFrame:
    """Follow up the planted initiatives of made-up cities.

    Returns
    -------
    DataFrame
        seed, initiative, indicator, truth (mean effect over the years after, in the unit), verdict (or
        the refusal's code), effect, low, high, usual, p.
    """
    return pd.DataFrame([row for seed in seeds for row in _planted(seed)])


def _placebos(seed: int, each: int, indicators: Sequence[str]) -> Iterator[dict]:
    made, rng = city(seed), np.random.default_rng(seed)
    truth, trends = demo.truth(seed), demo.trends(seed).set_index(["indicator", "area"])["own"]
    touched = set(truth.loc[truth["initiative"] != "reform", "area"])
    base = [a.id for a in made.pack.areas.values() if a.level == made.pack.info.base_level]
    free = [area for area in base if area not in touched]
    for indicator in indicators:
        for area in rng.choice(free, each, replace=False):
            start = int(rng.choice(STARTS))
            found = followup.study(made, pretended(str(area), start), indicator)
            yield {
                "seed": seed,
                "indicator": indicator,
                "area": area,
                "start": start,
                "own": trends[indicator, area],
                **_result(found),
            }


def _planted(seed: int) -> Iterator[dict]:
    made, truth = city(seed), demo.truth(seed)
    initiatives = {i.id: i for i in made.pack.initiatives}
    treated = truth[truth["role"] == "treated"].drop_duplicates(["initiative", "indicator"])
    for effect in treated.itertuples():
        found = followup.study(made, initiatives[effect.initiative], effect.indicator)
        yield {
            "seed": seed,
            "initiative": effect.initiative,
            "indicator": effect.indicator,
            "truth": mean_effect(effect, found),
            **_result(found),
        }


def mean_effect(effect, found: followup.Study | followup.Refusal) -> float:
    """Return the planted effect as a mean over a study's years after."""
    if isinstance(found, followup.Refusal):
        return np.nan
    since = np.array([year - effect.start + 1 for year in found.years if year >= found.start])
    return float(effect.effect * (since.mean() if effect.kind == "slope" else 1.0))


def _result(found: followup.Study | followup.Refusal) -> dict:
    said = found if isinstance(found, followup.Refusal) else synthetic.assess(found)
    if isinstance(said, followup.Refusal):
        return {"verdict": said.code}
    return {"verdict": said.verdict} | {n: getattr(said, n) for n in ("effect", "low", "high", "usual", "p")}
