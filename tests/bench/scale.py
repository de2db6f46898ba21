"""How the engine's work grows: all statements, many areas, and the statistics that simulate – beside loops and libraries."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd

from bench.report import Row

#: As many basic areas as the country has RegSO.
COUNTRY = 3363
#: Rows that the naive loop is timed on; its time is scaled to all.
SAMPLE = 1500
PERMUTATIONS, WEIGHTINGS = 9999, 1000


def run(_options) -> list[Row]:
    """Time statements cold, per figure for a tenth of the country and all of it, weightings and permutations."""
    from omradesbild import pack as packs
    from omradesbild.analyse import statements

    pack = packs.load(packs.resolve(None))
    demo = packs.load(packs.resolve("demo"))
    rows = []
    for name, known in (("shipped", pack), ("demonstration", demo)):
        ours = _seconds(lambda known=known: statements.build(known), 3)
        naive = _naive_statements(known.observations)
        figures = len(known.observations)
        rows.append(
            Row(
                "scale",
                f"all statements, {name} pack",
                1000 * ours,
                "ms",
                1000 * naive,
                2000,
                {"observations": figures},
            )
        )
    rows += _country(pack)
    return [*rows, _weightings(pack), _permutations(pack)]


def _seconds(work: Callable, times: int = 1) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def _naive_statements(observations: pd.DataFrame) -> float:
    """Return what interval, test and adjustment take in a loop over rows with statsmodels, in seconds for all rows."""
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import proportion_confint, proportions_ztest

    counted = observations[
        (observations["denominator"] > 1) & (observations["numerator"] < observations["denominator"])
    ]
    sample = counted[counted["numerator"] > 0].iloc[:SAMPLE]

    def loop() -> None:
        for _, group in sample.groupby(["indicator", "period", "group"], observed=True):
            whole = group[["numerator", "denominator"]].sum() * 2
            found = []
            for _, row in group.iterrows():
                o, n = row["numerator"], row["denominator"]
                proportion_confint(o, n, method="wilson")
                found.append(proportions_ztest([o, whole["numerator"] - o], [n, whole["denominator"] - n])[1])
            multipletests(found, method="fdr_bh")

    return _seconds(loop) / len(sample) * len(observations)


def _country(pack) -> list[Row]:
    """Return the cost per figure with all the country's areas, and how many times that of a tenth of them."""
    from omradesbild.analyse import statements

    cost = {}
    for areas in (COUNTRY // 10, COUNTRY):
        many = enlarged(pack, areas)
        cost[areas] = 1e6 * _seconds(lambda many=many: statements.build(many)) / len(many.observations)
    tenth, whole = cost.values()
    detail = {"areas": list(cost), "us_per_figure": list(cost.values())}
    return [
        Row("scale", f"statements per figure, {COUNTRY} areas", whole, "µs", None, None, detail),
        Row("scale", "… times that of a tenth of them", whole / tenth, "", None, 1.3),
    ]


def enlarged(pack, areas: int):
    """Return the pack with so many basic areas: its own over and over, and a city that is the sum of them."""
    base = [a for a in pack.areas.values() if a.level == pack.info.base_level]
    own = pack.observations[pack.observations["area"].isin([a.id for a in base])]
    copies = -(-areas // len(base))
    made = [
        a.model_copy(update={"id": f"{a.id}x{n}", "name": f"{a.name} {n}"})
        for n in range(copies)
        for a in base
    ]
    kept = {a.id: a for a in made[:areas]}
    rows = pd.concat([own.assign(area=own["area"].astype("str") + f"x{n}") for n in range(copies)], ignore_index=True)
    city = pack.areas[pack.info.city]
    return dataclasses.replace(
        pack,
        areas={city.id: city} | kept,
        observations=rows[rows["area"].isin(kept)].reset_index(drop=True),
        breaks=(),
        initiatives=(),
        police=(),
    )


def _shares(pack) -> pd.DataFrame:
    """Return numerator and denominator of one share in all basic areas, the newest year that has them."""
    base = {a.id for a in pack.areas.values() if a.level == pack.info.base_level}
    rows = pack.observations[
        pack.observations["area"].isin(base) & (pack.observations["indicator"] == "lag_ekonomisk_standard")
    ]
    rows = rows[rows["period"] == max(rows["period"])]
    return rows.set_index("area")[["value", "numerator", "denominator"]].dropna()


def _weightings(pack) -> Row:
    """Four indicators of the same figures: a thousand redraws and a thousand weightings, beside a loop of pandas."""
    from omradesbild.analyse.index import Part, index
    from omradesbild.model import Direction, Kind

    figures = _shares(pack)
    names = ("a", "b", "c", "d")

    def parts() -> list[Part]:
        return [Part(name, Kind.SHARE, Direction.LOWER_BETTER, figures) for name in names]

    def naive() -> None:
        rng = np.random.default_rng(1)
        for _ in range(WEIGHTINGS):
            weights = rng.dirichlet(np.ones(len(names)))
            again = pd.DataFrame(
                {n: rng.binomial(figures["denominator"].astype(int), figures["value"] / 100) for n in names}
            )
            z = (again - again.median()) / (again - again.median()).abs().median()
            z.mul(weights).sum(axis=1).rank(ascending=False)

    ours = _seconds(lambda: index(parts(), dict.fromkeys(names, 1), 1, draws=WEIGHTINGS), 3)
    return Row(
        "scale",
        f"index, {WEIGHTINGS} weightings and redraws",
        1000 * ours,
        "ms",
        1000 * _seconds(naive),
        1000,
    )


def _permutations(pack) -> Row:
    """All permutations for all areas, beside a hundred times a hundredth of them in a plain loop."""
    from omradesbild.analyse.local_moran import local_moran
    from omradesbild.analyse.neighbours import queen

    values = _shares(pack)["value"]
    of = queen(pack.boundaries).of
    near = {a: tuple(n for n in of.get(a, ()) if n in values.index) for a in values.index}
    z = ((values - values.mean()) / values.std(ddof=0)).to_numpy()

    def loop() -> None:
        rng = np.random.default_rng(1)
        for place, others in enumerate(near.values()):
            rest = np.delete(z, place)
            for _ in range(PERMUTATIONS // 100):
                rng.permutation(rest)[: len(others)].sum()

    ours = _seconds(lambda: local_moran(values, near, np.random.default_rng(1), permutations=PERMUTATIONS), 3)
    return Row(
        "scale", f"{PERMUTATIONS} permutations, all areas", 1000 * ours, "ms", 100_000 * _seconds(loop), 2000
    )
