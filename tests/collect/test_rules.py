"""The rules tell a person what is strange in numbers as a person writes them."""

import pandas as pd
from launch import ROOT

from omradesbild import checks
from omradesbild.collect import rules


def shares(*, odd: float) -> pd.DataFrame:
    """Twelve areas whose share of rented homes rises a little, and one where it rises by `odd`; made up."""
    rows = [(f"1280R{n:03}", year, 40 + n + rise * after) for n, rise in [(1, odd), *((n, n / 10) for n in range(2, 14))] for after, year in enumerate(("2022", "2023"))]
    found = pd.DataFrame(rows, columns=["area", "period", "value"])
    return found.assign(indicator="hyresratt", group="", flag="", numerator=float("nan"), denominator=float("nan"), source="scb-tab6258")[list(checks.COLUMNS)]


def test_a_jump_of_a_share_is_told_in_percentage_points_with_a_decimal_comma():
    said = rules.check({"hyresratt": shares(odd=12.25)}, ROOT / "data")
    assert [text for text in said if text.startswith("Hopp")] == ["Hopp: 1280R001, hyresrätter, 2022–2023: +12,2 procentenheter. Ingen känd brytning"]


def test_a_rise_like_the_others_is_not_remarked():
    assert not [text for text in rules.check({"hyresratt": shares(odd=1.3)}, ROOT / "data") if text.startswith("Hopp")]
