"""Places among the basic areas."""

import numpy as np
from makers import CITY, indicator, named, pack, row
from scipy.stats import rankdata

from omradesbild.analyse import statements
from omradesbild.analyse.place import places


def test_the_highest_is_first_and_equals_share_the_best_place():
    place, of = places(np.array([10.0, 30.0, np.nan, 20.0, 30.0, 5.0]), np.array([0, 0, 0, 0, 0, 1]))
    assert np.array_equal(place, [4, 1, np.nan, 3, 1, 1], equal_nan=True)
    assert np.array_equal(of, [4, 4, np.nan, 4, 4, 1], equal_nan=True)


def test_places_are_those_of_scipy():
    value = np.random.default_rng(1).integers(0, 20, 91).astype(float)
    assert np.array_equal(places(value, np.zeros(91))[0], rankdata(-value, method="min"))


def test_all_equal_are_all_first():
    assert places(np.full(5, 7.0), np.zeros(5))[0].tolist() == [1.0] * 5


def test_only_basic_areas_have_a_place_and_classes_have_none():
    rows = [row(a, i, value=v) for i in ("antal", "typ") for a, v in zip("AB", (1, 2), strict=True)]
    rows.append(row("C", "antal", flag=".."))
    indicators = [indicator("antal", "count"), indicator("typ", "class")]
    built = statements.build(pack(rows, indicators, areas=[named("AB", "A", "B")]))
    found = {a: built.get(a, "antal", "2024") for a in ("A", "B", "C", "AB", CITY)}
    assert [(s.place, s.of) for s in found.values()] == [(2, 2), (1, 2), *[(None, None)] * 3]
    assert built.get("A", "typ", "2024").place is None
