"""How far a figure can be relied on."""

import numpy as np
import pytest
from makers import SOURCE, indicator, named, pack, row

from omradesbild.analyse import statements
from omradesbild.analyse.interval import wilson
from omradesbild.analyse.reliability import classes
from omradesbild.analyse.statements import Caveat
from omradesbild.model import Noise, Text


def judged(successes, trials, *, doubted=False):
    low, high = wilson(successes, trials)
    arrays = [np.array([float(x)]) for x in (successes / trials, low, high, trials)]
    return classes(*arrays, np.array([True]), np.array([doubted]))[0]


@pytest.mark.parametrize(
    ("successes", "trials", "word"),
    [
        (50, 100, "uncertain"),  # ±9.6 percentage points
        (47, 94, "uncertain"),  # ±9.91
        (46, 92, "small"),  # ±10.01
        (191, 382, "secure"),  # ±4.99
        (190, 380, "uncertain"),  # ±5.002
        (26, 1000, "secure"),  # a coefficient of variation of 0.196
        (25, 1000, "uncertain"),  # 0.201
        (4, 1000, "small"),  # 0.55
        (5, 1000, "uncertain"),  # 0.49
        (20, 20, "small"),  # 20 persons
    ],
)
def test_classes_go_by_width_and_by_variation(successes, trials, word):
    assert judged(successes, trials) == word


def test_what_the_source_doubts_is_uncertain():
    assert judged(5000, 10_000) == "secure"
    assert judged(5000, 10_000, doubted=True) == "uncertain"


def made(noise=None, flag=""):
    source = SOURCE.model_copy(update={"noise": noise})
    rows = [row(a, "andel", period, parts=(2000, 4000), flag=flag) for a in "ABC" for period in ("2024", "2025")]
    rows += [row(a, "antal", "2025", value=4000) for a in "ABC"]
    indicators = [indicator("andel"), indicator("antal", "count"), indicator("medel", "mean")]
    rows += [row(a, "medel", "2025", parts=(9000, 30), factor=1) for a in "ABC"]
    return statements.build(pack(rows, indicators, areas=[named("AB", "A", "B")], sources=(source,)))


NOISE = Noise(first="2025", sd=3, cells=6, assumption=Text(sv="antagande"), url="https://www.scb.se/")


def test_noise_belongs_to_its_years_and_grows_with_the_root_of_the_counts():
    said = made(NOISE)
    before, after, both = (
        said.get(a, "andel", period) for a, period in (("A", "2024"), ("A", "2025"), ("AB", "2025"))
    )
    assert (before.noise, Caveat.PERTURBED in before.warnings) == (None, False)
    assert after.noise == pytest.approx(3 * 6**0.5) and Caveat.PERTURBED in after.warnings
    assert both.noise == pytest.approx(3 * 12**0.5)
    assert (before.high - before.low) / 2 == pytest.approx(1.5488, abs=1e-4)
    assert (after.high - after.low) / 2 == pytest.approx(1.6003, abs=1e-4)


def test_a_count_carries_its_noise_but_has_no_interval():
    count = made(NOISE).get("A", "antal", "2025")
    assert count.noise and (count.low, count.high, count.reliability) == (None, None, "")


def test_estimates_and_means_are_not_judged():
    assert made(flag="e").get("A", "andel", "2025").reliability == ""
    assert made().get("A", "medel", "2025").reliability == ""
    assert made(flag="(x)").get("A", "andel", "2025").reliability == "uncertain"
    assert made().get("A", "andel", "2025").reliability == "secure"
