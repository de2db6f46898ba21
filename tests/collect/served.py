"""Tables for the local servers: the real ages of Malmö 2024 as the embedded pack has them, and one of obviously made-up numbers."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
from servers.pxweb import Table

ROOT = Path(__file__).resolve().parents[2]
AGES = ("-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "65-69",
        "70-74", "75-79", "80-")  # fmt: skip
GROUPS = {"0-4": "-4", "80+": "80-"}
SEXES = {"man": "1", "kvinna": "2"}
NOTE = "Statistiken är justerad för att undvika identifiering av personer i celler med små värden."


@cache
def real() -> dict[tuple[str, str, str], int]:
    """Area, age and sex → persons at the end of 2024, from the pack's own figures: 91 × 18 × 3 = 4 914."""
    with (ROOT / "data/observations/befolkning.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["period"] == "2024"]
    found = {}
    for row in rows:
        if row["indicator"] == "alder_kon":
            sex, age = row["group"].split("|")
            found[row["area"], GROUPS.get(age, age), SEXES[sex]] = int(row["value"])
        elif row["indicator"] == "folkmangd":
            found[row["area"], "totalt", "1+2"] = int(row["value"])
    areas = sorted({area for area, *_ in found})
    for area in areas:
        for age in AGES:
            found[area, age, "1+2"] = found[area, age, "1"] + found[area, age, "2"]
        for sex in ("1", "2"):
            found[area, "totalt", sex] = sum(found[area, age, sex] for age in AGES)
    return found


def ages(figures: dict[tuple[str, str, str], int] | None = None, **more) -> Table:
    """TAB6574 with Malmö's RegSO of both divisions, 2023 and 2024; what lies outside a division's time is 0, as SCB has it."""
    figures = real() if figures is None else figures
    areas = sorted({area for area, *_ in figures})
    regions = {
        **{a: a for a in areas},
        **{f"{a}_RegSO2025": f"{a} Malmö" for a in areas},
        "0114R001_RegSO2025": "0114R001 Väsby",
        "0114": "0114 Upplands Väsby",
        "1280": "1280 Malmö",
    }
    codes = {
        "Region": regions,
        "Alder": {"totalt": "totalt ålder", **{age: f"{age} år" for age in AGES}},
        "Kon": {"1": "män", "2": "kvinnor", "1+2": "totalt"},
        "ContentsCode": {"000007Y7": "Antal"},
        "Tid": {"2023": "2023", "2024": "2024"},
    }
    cells = np.zeros([len(found) for found in codes.values()], object)
    at = {name: {code: n for n, code in enumerate(found)} for name, found in codes.items()}
    for (area, age, sex), value in figures.items():
        cells[at["Region"][f"{area}_RegSO2025"], at["Alder"][age], at["Kon"][sex], 0, 1] = value
        # 2023 is made up: ten more than the year after
        cells[at["Region"][area], at["Alder"][age], at["Kon"][sex], 0, 0] = value + 10
        kommun = cells[at["Region"][area[:4]], at["Alder"][age], at["Kon"][sex], 0]
        kommun += [value + 10, value]
    names = {"Region": "region", "Alder": "ålder", "Kon": "kön", "ContentsCode": "tabellinnehåll", "Tid": "år"}
    codelists = {"vs_RegSO2020": areas, "vs_RegSO2025": [code for code in regions if code.endswith("_RegSO2025")]}
    return Table(
        "TAB6574",
        "Folkmängden per region efter ålder och kön",
        codes,
        cells,
        names,
        notes=[NOTE],
        codelists=codelists,
        **more,
    )
