"""Neighbours against libpysal, on lattices, across water and where there are none."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from libpysal.weights import KNN, Queen, lat2W
from shapely.geometry import box, mapping

from omradesbild.analyse.neighbours import queen

MALMO = Path(__file__).resolve().parents[2] / "data/boundaries/regso_2025_1280.geojson"


def collection(**shapes) -> dict:
    features = [
        {"type": "Feature", "properties": {"id": name}, "geometry": mapping(shape)}
        for name, shape in shapes.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def lattice(rows: int, columns: int) -> dict:
    squares = {
        f"{r * columns + c:02}": box(13 + c / 100, 55 + r / 100, 13 + (c + 1) / 100, 55 + (r + 1) / 100)
        for r in range(rows)
        for c in range(columns)
    }
    return collection(**squares)


@pytest.mark.parametrize(("rows", "columns"), [(1, 4), (3, 3), (5, 4)])
def test_a_lattice_has_the_neighbours_of_libpysal(rows, columns):
    found = queen(lattice(rows, columns))
    expected = lat2W(rows, columns, rook=False).neighbors
    assert {int(a): [int(b) for b in near] for a, near in found.of.items()} == {
        a: sorted(near) for a, near in expected.items()
    }


def test_corners_edges_and_the_middle_have_three_five_and_eight():
    found = queen(lattice(3, 3)).of
    assert [len(found[f"{number:02}"]) for number in range(9)] == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_a_real_city_has_the_neighbours_of_libpysal():
    boundaries = json.loads(MALMO.read_text(encoding="utf-8"))
    found = queen(boundaries)
    table = gpd.GeoDataFrame.from_features(boundaries).set_index("id")
    expected = Queen.from_dataframe(table, use_index=True).neighbors
    assert {a: list(near) for a, near in found.of.items()} == {
        a: sorted(near) for a, near in expected.items()
    }
    assert len(found.of) == 91 and found.by_distance == frozenset()
    assert sum(map(len, found.of.values())) == 522


def test_neighbours_that_meet_are_mutual():
    found = queen(lattice(4, 3)).of
    assert all(a in found[b] for a, near in found.items() for b in near)


def islands() -> dict:
    """A row of seven areas and an island north of the last but one."""
    row = {f"R{c}": box(13 + c / 10, 55, 13 + (c + 1) / 10, 55.05) for c in range(7)}
    return collection(**row, O=box(13.5, 55.2, 13.6, 55.25))


def test_an_island_gets_the_nearest_and_they_do_not_get_it():
    found = queen(islands())
    assert found.of["O"] == ("R2", "R3", "R4", "R5", "R6") and found.by_distance == {"O"}
    assert found.of["R5"] == ("R4", "R6") and found.nearest == 5
    assert queen(islands(), nearest=1).of["O"] == ("R5",)


def test_nearness_is_measured_in_metres_as_libpysal_does_on_a_plane():
    """At 55 degrees north a degree east is 57 per cent of a degree north."""
    shapes = {
        "O": box(13, 55, 13.01, 55.01),
        "E": box(13.1, 55, 13.11, 55.01),
        "N": box(13, 55.08, 13.01, 55.09),
    }
    assert queen(collection(**shapes), nearest=1).of["O"] == ("E",)
    plane = gpd.GeoDataFrame.from_features(collection(**shapes), crs=4326).set_index("id").to_crs(3006)
    assert KNN.from_dataframe(plane, k=1, use_index=True).neighbors["O"] == ["E"]


def test_one_area_two_apart_and_none():
    assert queen(collection(A=box(0, 0, 1, 1))).of == {"A": ()}
    apart = queen(collection(A=box(0, 0, 1, 1), B=box(5, 5, 6, 6)))
    assert apart.of == {"A": ("B",), "B": ("A",)} and apart.by_distance == {"A", "B"}
    assert queen(collection()).of == {}


def test_the_order_of_features_does_not_matter():
    boundaries = islands()
    turned = boundaries | {"features": boundaries["features"][::-1]}
    assert queen(turned).of == queen(boundaries).of
    assert np.array_equal(sorted(queen(turned).of), sorted(queen(boundaries).of))
