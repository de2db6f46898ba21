"""Numbers that others have published or printed: tests/golden/statistics.csv, one row per example."""

import json

import libpysal
import numpy as np
import pandas as pd
import pytest
from validate import golden

from omradesbild.analyse import difference, gaps, interval, local_moran, long_trend, shrink, trend
from omradesbild.model import Kind


def fifths(worst, best):
    return [gaps._fifth(*counts, Kind.SHARE, 1, 0.95) for counts in (best, worst)]


def newcombe(worst, best):
    found = gaps._difference(*fifths(worst, best))
    return found.low, found.high


def katz(worst, best):
    found = gaps._ratio(tuple(best), tuple(worst), Kind.SHARE, 0.95)
    return found.low, found.high


def order_with(n: int, s: int) -> list[int]:
    """Return 0 … n − 1 in an order with Kendall's S = s: so many pairs turned round, one after the other."""
    order, turns = list(range(n)), (n * (n - 1) // 2 - s) // 2
    for end in range(n - 1, 0, -1):
        for place in range(min(turns, end)):
            order[place], order[place + 1] = order[place + 1], order[place]
        turns -= min(turns, end)
    return order


def one_sided(n, s):
    """Return the probability of an S as large: half of the two-sided p-value."""
    return [long_trend.mann_kendall(range(n), order_with(n, s))[1] / 2]


def empirical_bayes(data, events, people):
    table = libpysal.io.open(libpysal.examples.get_path(data), "r")
    columns = (pd.Series(table[:, column], dtype=float) for column in (events, people))
    return shrink.shrink(*columns, Kind.RATE).value[:10]


def moran(data):
    """Return Iᵢ as esda prints it: it divides by N − 1 where Anselin, and we, divide by N."""
    values = np.array(libpysal.io.open(libpysal.examples.get_path(f"{data}.txt")).by_col["z"])
    w = libpysal.io.open(libpysal.examples.get_path(f"{data}.gal")).read()
    ids = [str(area) for area in w.id_order]
    near = {str(area): tuple(map(str, others)) for area, others in w.neighbors.items()}
    rng = np.random.default_rng(1)
    found = local_moran.local_moran(pd.Series(values, ids), near, rng, permutations=9).statistic
    return found[ids] * (len(ids) - 1) / len(ids)


STATISTICS = {
    "wilson": interval.wilson,
    "poisson": interval.poisson,
    "exact_test_one_sided": lambda one, other: [difference.exact_test(*one, *other) / 2],
    "benjamini_hochberg": lambda p: difference.benjamini_hochberg(p, np.zeros(len(p), int)),
    "newcombe": newcombe,
    "katz": katz,
    "cochran_armitage": lambda successes, trials: [trend.shares(successes, trials).chi2],
    "weighted_slope": lambda value, low, high: [trend.values(value, low, high).chi2],
    "mann_kendall": long_trend.mann_kendall,
    "mann_kendall_table": one_sided,
    "theil_sen": lambda years, values: [long_trend.theil_sen(years, values)[0]],
    "empirical_bayes": empirical_bayes,
    "local_moran": moran,
}
ROWS = [
    pytest.param(row, id=f"{number} {row.statistic}")
    for number, row in enumerate(golden.numbers().itertuples(), start=2)
]


@pytest.mark.parametrize("row", ROWS)
def test_the_published_number(row):
    found = STATISTICS[row.statistic](**json.loads(row.inputs))
    expected = json.loads(row.expected)
    assert len(found) == len(expected)
    assert np.asarray(found, float) == pytest.approx(np.array(expected), abs=row.tolerance, rel=0), row.source


def test_there_are_at_least_two_hundred_numbers_and_each_has_a_source():
    rows = golden.numbers()
    assert rows["expected"].map(json.loads).map(len).sum() >= 200
    assert set(rows["statistic"]) == set(STATISTICS)
    assert rows["source"].str.len().min() > 10 and not rows.duplicated(["statistic", "inputs"]).any()
