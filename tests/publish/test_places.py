"""Where and when initiatives are."""

from __future__ import annotations

from pathlib import Path

import pytest

from omradesbild import pack
from omradesbild.model import Initiative
from omradesbild.publish import places

PACK = pack.load(Path(__file__).resolve().parent.parent.parent / "data")


def initiative(**more: object) -> Initiative:
    words = dict.fromkeys(("title", "event", "place", "source"), "Påhittad")
    return Initiative(**{"id": "x", "areas": ("1280R049",), "kind": "plan", "source_url": "https://a.se/"} | words | more)


@pytest.mark.parametrize(
    ("start", "end", "ongoing", "wanted"),
    [
        ("2010", None, False, (0, 10)),  # a year alone is all of it: one of ten
        ("2010", "2014", False, (0, 50)),
        ("2015-07", "2016-06", False, (55, 65)),
        ("2012", None, True, (20, 100)),
        ("2015-01-01", "2015-12-31", False, (50, 60)),
    ],
)
def test_places_on_the_line_of_time(start: str, end: str | None, ongoing: bool, wanted: tuple[float, float]) -> None:
    extent = places.extent(initiative(start=start, end=end), 2010, 2019, ongoing)
    assert extent == pytest.approx(wanted, abs=0.05)


def test_the_map_counts_each_area_once_for_each_initiative() -> None:
    some = [initiative(areas=("mollan", "1280R049")), initiative(areas=("1280",)), initiative(areas=())]
    drawn = places.picture(PACK, some)
    assert drawn.classes["1280R049"] == "1" and drawn.texts["1280R049"] == "1"
    assert drawn.classes["1280R001"] == "0"
    assert drawn.summary.startswith("Statistikområden som nämns: 4. Hela staden, eller en plats")


def test_classes_have_limits() -> None:
    for number, code in ((1, "1"), (2, "2"), (3, "2"), (4, "4"), (9, "4")):
        assert places.picture(PACK, [initiative()] * number).classes["1280R049"] == code
