"""Rebuild the derived observations from the transcribed figures.

`data/transcribed/` holds figures as they were read: one row per area, variable and period, with
flag and source. What the pack shows is computed here and nowhere else, so that anyone can rebuild
it and get the same bytes:

1. a share or a mean of a DeSO becomes a count again (`PRODUCTS`),
2. DeSO are summed to RegSO through the official key,
3. counts, shares, means and changes are formed from the sums (`FAMILIES`).

A sum with a missing part is missing. A flag of a part is a flag of the whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml

from omradesbild.collect.readings import KEYS, join_flags
from omradesbild.model import Break, Flag

COLUMNS = ["area", "indicator", "period", "group", "value", "numerator", "denominator", "flag", "source"]


class Product(NamedTuple):
    """A count made from `variable` × `by` × `scale` in each DeSO; `whole` demands a whole number."""

    count: str
    variable: str
    by: str
    scale: float
    whole: bool


class Ratio(NamedTuple):
    """value = factor × sum of `numerators` / sum of `denominators`; a leading "-" subtracts."""

    indicator: str
    numerators: tuple[str, ...]
    denominators: tuple[str, ...]
    factor: float = 100.0


PRODUCTS = (
    Product("alder_20_34", "alder_20_34_procent", "folkmangd", 0.01, True),
    Product("utlandsk_bakgrund", "utlandsk_bakgrund_procent", "folkmangd", 0.01, True),
    Product("i_flerbostadshus", "i_flerbostadshus_procent", "folkmangd", 0.01, True),
    Product("lag_standard", "lag_standard_procent", "ekonomisk_standard_personer", 0.01, False),
    Product("hog_standard", "hog_standard_procent", "ekonomisk_standard_personer", 0.01, False),
    Product("nettoinkomst_summa", "nettoinkomst_medel", "nettoinkomst_personer", 1.0, False),
)

PEOPLE = ("folkmangd",)
AGE_0_19 = ("alder_0_4", "alder_5_9", "alder_10_14", "alder_15_19")
AGE_20_34 = ("alder_20_24", "alder_25_29", "alder_30_34")
AGE_65_PLUS = ("alder_65_69", "alder_70_74", "alder_75_79", "alder_80_plus")
HOUSEHOLDS = (
    "sammanboende_med_barn",
    "sammanboende_utan_barn",
    "ensamstaende_med_barn",
    "ensamstaende_utan_barn",
    "ovriga_hushall",
)
EDUCATED = ("forgymnasial", "gymnasial", "eftergymnasial_kort", "eftergymnasial_3plus")
DWELLINGS = ("hyresratt", "bostadsratt", "aganderatt", "upplatelseform_saknas")
AGED_16_64 = ("personer_16_64",)

#: Observation file → how its indicators come about.
FAMILIES: dict[str, tuple[Ratio, ...]] = {
    "befolkning": (
        Ratio("andel_0_19", AGE_0_19, PEOPLE),
        Ratio("andel_20_34", AGE_20_34, PEOPLE),
        Ratio("andel_20_34", ("alder_20_34",), PEOPLE),
        Ratio("andel_65_plus", AGE_65_PLUS, PEOPLE),
        Ratio("utlandsk_bakgrund", ("utlandsk_bakgrund",), PEOPLE),
        Ratio("utrikes_fodda", ("folkmangd", "-fodda_i_sverige"), PEOPLE),
        Ratio("fodda_utanfor_europa", ("fodda_utanfor_europa",), PEOPLE),
    ),
    "hushall": (
        Ratio("ensamboende", ("ensamstaende_utan_barn",), HOUSEHOLDS),
        Ratio("ensamstaende_med_barn", ("ensamstaende_med_barn",), HOUSEHOLDS),
        Ratio("sammanboende_med_barn", ("sammanboende_med_barn",), HOUSEHOLDS),
    ),
    "utbildning": (
        Ratio("forgymnasial", ("forgymnasial",), EDUCATED),
        Ratio("eftergymnasial", ("eftergymnasial_kort", "eftergymnasial_3plus"), EDUCATED),
        Ratio("eftergymnasial_3plus", ("eftergymnasial_3plus",), EDUCATED),
    ),
    "arbete": (
        Ratio("sysselsatta_16_64", ("sysselsatta",), AGED_16_64),
        Ratio("arbetslosa_16_64", ("arbetslosa",), ("arbetskraften",)),
        Ratio("utanfor_arbetskraften_16_64", ("utanfor_arbetskraften",), AGED_16_64),
    ),
    "ekonomi": (
        Ratio("nettoinkomst_medel", ("nettoinkomst_summa",), ("nettoinkomst_personer",), 1.0),
        Ratio("lag_ekonomisk_standard", ("lag_standard",), ("ekonomisk_standard_personer",)),
        Ratio("hog_ekonomisk_standard", ("hog_standard",), ("ekonomisk_standard_personer",)),
    ),
    "boende": (
        Ratio("hyresratt", ("hyresratt",), DWELLINGS),
        Ratio("bostadsratt", ("bostadsratt",), DWELLINGS),
        Ratio("aganderatt", ("aganderatt",), DWELLINGS),
        Ratio("smahus", ("i_smahus",), PEOPLE),
        Ratio("flerbostadshus", ("i_flerbostadshus",), PEOPLE),
    ),
}


def build(root: Path) -> list[Path]:
    """Write the derived observation files of the pack at `root` and return their paths.

    Reads `transcribed/*.csv` and `catalog/breaks.yaml`. Raises ValueError when a DeSO is not in the
    key, a variable comes from two sources in one area, or a share does not give a whole number.
    """
    counts = regso_counts(root / "transcribed")
    breaks = [
        Break.model_validate(b) for b in yaml.safe_load((root / "catalog/breaks.yaml").read_text("utf-8"))
    ]
    paths = []
    for family, ratios in FAMILIES.items():
        parts = [ratio(counts, spec) for spec in ratios]
        if family == "befolkning":
            population = count(counts, "folkmangd", "folkmangd")
            parts += [population, age_by_sex(counts), population_change(population, breaks)]
        if family == "boende":
            parts.append(count(_sum(counts, DWELLINGS, "bostader"), "bostader", "bostader"))
        paths.append(_write(pd.concat(parts), root / "observations" / f"{family}.csv"))
    return paths


def regso_counts(folder: Path) -> pd.DataFrame:
    """Return every count per RegSO: columns area, variable, period, value, flag, source."""
    key = pd.read_csv(folder / "deso_regso.csv", dtype=str)
    parts = [_read(folder / "regso.csv")]
    for vintage in ("2018", "2025"):
        deso = with_products(_read(folder / f"deso{vintage}.csv"))
        parts.append(to_regso(deso, key[key["vintage"] == vintage]))
    counts = pd.concat(parts, ignore_index=True)
    twice = counts[counts.duplicated(KEYS)]
    if len(twice):
        raise ValueError(f"the same figure twice: {twice[KEYS].to_dict('records')[:3]}; keep one of them")
    return counts


def with_products(deso: pd.DataFrame) -> pd.DataFrame:
    """Add the counts of `PRODUCTS` to a DeSO table, flags united.

    A share with three decimals gives its count back where the denominator is known; a product that
    must be whole and is further from a whole number than its rounding allows raises ValueError.
    """
    parts = [deso]
    for product in PRODUCTS:
        left, right = (deso[deso["variable"] == name] for name in (product.variable, product.by))
        if left.empty:
            continue
        both = left.merge(right, on=["area", "period"], validate="one_to_one", suffixes=("", "_by"))
        value = both["value"] * both["value_by"] * product.scale
        if product.whole:
            _demand_whole(value, both)
            value = value.round()
        flag = [join_flags(pair) for pair in zip(both["flag"], both["flag_by"], strict=True)]
        parts.append(both.assign(variable=product.count, value=value, flag=flag)[deso.columns])
    return pd.concat(parts, ignore_index=True)


def to_regso(deso: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Sum a DeSO table (KEYS, value, flag, source) to RegSO; a missing part makes the sum missing."""
    unknown = sorted(set(deso["area"]) - set(key["deso"]))
    if unknown:
        raise ValueError(f"DeSO without RegSO: {unknown[:5]}; add them to deso_regso.csv")
    joined = deso.merge(key[["deso", "regso"]], left_on="area", right_on="deso", validate="many_to_one")
    groups = joined.drop(columns=["area", "deso"]).groupby(["regso", "variable", "period"])
    if (groups["source"].nunique() > 1).any():
        raise ValueError("a RegSO figure has parts from two sources; split the variable")
    return groups.agg(
        value=("value", lambda s: s.sum(skipna=False)),
        flag=("flag", join_flags),
        source=("source", "first"),
    ).reset_index(names=KEYS)


def ratio(counts: pd.DataFrame, spec: Ratio) -> pd.DataFrame:
    """Form a ratio from `counts` in every area and period that has all its variables."""
    top, bottom = (_sum(counts, names, "v") for names in (spec.numerators, spec.denominators))
    both = top.merge(bottom, on=KEYS, validate="one_to_one", suffixes=("", "_den"))
    both["flag"] = [join_flags(pair) for pair in zip(both["flag"], both["flag_den"], strict=True)]
    both = both.rename(columns={"value": "numerator", "value_den": "denominator"})
    both["value"] = (spec.factor * both["numerator"] / both["denominator"]).round(3)
    both.loc[both["value"].isna(), ["numerator", "denominator"]] = float("nan")
    return both.assign(indicator=spec.indicator, group="")[COLUMNS]


def count(counts: pd.DataFrame, variable: str, indicator: str, group: str = "") -> pd.DataFrame:
    """Return one variable as the observations of a count."""
    rows = counts[counts["variable"] == variable]
    nan = float("nan")
    return rows.assign(indicator=indicator, group=group, numerator=nan, denominator=nan)[COLUMNS]


def age_by_sex(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the variables `alder_kon|<sex>|<age>` as groups of the indicator `alder_kon`."""
    names = [v for v in counts["variable"].unique() if v.startswith("alder_kon|")]
    return pd.concat(count(counts, v, "alder_kon", v.removeprefix("alder_kon|")) for v in names)


def population_change(population: pd.DataFrame, breaks: list[Break]) -> pd.DataFrame:
    """Return the change of `population` (its observations) from the year before, in per cent.

    Across a changed border there is no change to speak of: flag `.`. Across any other break in the
    series of population the change carries the flag `b`.
    """
    before = population.assign(period=(population["period"].astype(int) + 1).astype(str))
    both = population.merge(before, on=["area", "period"], validate="one_to_one", suffixes=("", "_before"))
    both["numerator"] = both["value"] - both["value_before"]
    both["denominator"] = both["value_before"]
    both["value"] = (100 * both["numerator"] / both["denominator"]).round(3)
    both["flag"] = [join_flags(pair) for pair in zip(both["flag"], both["flag_before"], strict=True)]
    for found in breaks:
        if found.indicators and "folkmangd" not in found.indicators:
            continue
        hit = both["period"] == found.period
        if found.areas:
            hit &= both["area"].isin(found.areas)
        if found.kind == "boundary":
            both.loc[hit, ["value", "numerator", "denominator"]] = float("nan")
            both.loc[hit, "flag"] = Flag.NOT_APPLICABLE.value
        else:
            both.loc[hit, "flag"] = [join_flags([flag, "b"]) for flag in both.loc[hit, "flag"]]
    return both.assign(indicator="folkforandring")[COLUMNS]


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame.assign(value=pd.to_numeric(frame["value"].where(frame["value"] != "")))


def _sum(counts: pd.DataFrame, names: tuple[str, ...], variable: str) -> pd.DataFrame:
    """Sum variables within area and period; only where all of them have a row."""
    signs = {name.removeprefix("-"): -1 if name.startswith("-") else 1 for name in names}
    rows = counts[counts["variable"].isin(signs)]
    rows = rows.assign(value=rows["value"] * rows["variable"].map(signs))
    groups = rows.groupby(["area", "period"], sort=True)
    total = groups.agg(
        value=("value", lambda s: s.sum(skipna=False)),
        flag=("flag", join_flags),
        source=("source", "first"),
        parts=("variable", "size"),
    ).reset_index()
    total = total[total.pop("parts") == len(names)]
    return total.assign(variable=variable)


def _demand_whole(value: pd.Series, both: pd.DataFrame) -> None:
    allowed = 0.0005 * both["value_by"] / 100 + 1e-6
    wrong = both[(value - value.round()).abs() > allowed]
    if len(wrong):
        row = wrong.iloc[0]
        raise ValueError(
            f"{row['area']} {row['variable']} {row['period']}: {row['value']} % is not a whole number"
        )


def _text(value: float) -> str:
    return "" if pd.isna(value) else f"{round(value, 3):.10g}"


def _write(frame: pd.DataFrame, path: Path) -> Path:
    frame = frame.sort_values(["indicator", "area", "period", "group"], ignore_index=True)
    for column in ("value", "numerator", "denominator"):
        frame[column] = frame[column].map(_text)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8", columns=COLUMNS)
    return path
