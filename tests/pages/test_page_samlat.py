"""Samlat mått: the index, its bands and files, the likeness and the types, computed again from the pack's files."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from launch import healthy, html, launch, maps, observations, tables
from openpyxl import load_workbook
from scipy.stats import median_abs_deviation

from components import index_parts
from components.engine import engine
from omradesbild.analyse import city_index
from omradesbild.publish import index_table
from omradesbild.words import t

#: indicator and group → which way is worse
USED = {("arbetslosa_16_64", ""): 1, ("forgymnasial", ""): 1, ("lag_ekonomisk_standard", ""): 1, ("valdeltagande", "kommunval"): -1}
#: Five unemployed in the first, too few to show, and a second that would give the first away.
HIDDEN = {"arbetslosa_16_64": ("1280R075", "1280R008")}
WEIGHTS = "arbetslosa_16_64-2.forgymnasial-1.lag_ekonomisk_standard-1.valdeltagande-4"


def counts(indicator: str, group: str = "") -> pd.DataFrame:
    """Numerators and denominators of 2022 of the basic areas that have them and whose figures are not hidden."""
    rows = {
        area: (float(row["numerator"]), float(row["denominator"]))
        for (area, period), row in observations(indicator, group).items()
        if period == "2022" and area.startswith("1280R") and row["numerator"] and area not in HIDDEN.get(indicator, ())
    }
    return pd.DataFrame(rows, ["o", "n"]).T


def shrunken(counted: pd.DataFrame) -> pd.Series:
    """Marshall's estimator, written out."""
    o, n = counted["o"], counted["n"]
    m = o.sum() / n.sum()
    chance = m * (1 - m) / n
    real = max(0, np.average((o / n - m) ** 2, weights=n) - np.average(chance, weights=n))
    return m + real / (real + chance) * (o / n - m)


def by_hand(weights: list[float]) -> pd.DataFrame:
    """What each measure contributes to the index of every area that has all of them."""
    columns = {}
    for (key, sign), weight in zip(USED.items(), weights, strict=True):
        values = shrunken(counts(*key))
        spread = median_abs_deviation(values, scale="normal")
        columns[key[0]] = weight / sum(weights) * sign * (values - values.median()) / spread
    return pd.DataFrame(columns).dropna()


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ".").replace("\u202f", "").split("\u00a0")[0])


def areas() -> dict[str, str]:
    """Name → id of the basic areas."""
    return {a.name: a.id for a in engine().pack.areas.values() if a.level == "regso"}


def indexed(at) -> pd.DataFrame:
    table = tables(at)[t("index.table")]
    rows = [row for row in table.rows if len(row) > 1]
    frame = pd.DataFrame(rows, columns=table.columns)
    frame.index = [areas()[name] for name in frame.iloc[:, 0]]
    return frame


@pytest.mark.parametrize(("link", "weights"), [("", [1, 1, 1, 1]), (WEIGHTS, [2, 1, 1, 4])])
def test_the_index_is_what_a_calculation_by_hand_gives(link: str, weights: list[float]) -> None:
    at = launch("samlat", slag="regso", **({"vikter": link} if link else {}))
    shown, expected = indexed(at), by_hand(weights)
    assert len(shown) == len(expected) == 89
    values = shown[t("index.column_index")].map(number)
    assert np.abs(values - expected.sum(axis=1)[values.index]).max() < 0.0051
    parts = shown.iloc[:, 5:].map(number)
    assert np.abs(parts.to_numpy() - expected.loc[parts.index].to_numpy()).max() < 0.0051
    wanted = link or "arbetslosa_16_64-1.forgymnasial-1.lag_ekonomisk_standard-1.valdeltagande-1"
    assert at.query_params["vikter"] == wanted


def test_areas_stand_in_bands_by_their_intervals_and_are_counted() -> None:
    table = tables(launch("samlat", slag="regso"))[t("index.table")]
    bands = {t(f"index.band_{code}", worst=10): code for code in city_index.BANDS}
    place, band, seen = table.columns.index(t("index.column_place_interval")), "", {}
    for row in table.rows:
        if len(row) == 1:
            heading, _, number_of = row[0].rpartition(" ")
            band = bands[heading]
            seen[band] = [int(number_of.strip("()")), 0]
            continue
        seen[band][1] += 1
        low, high = (int(x) for x in (row[place].split("–") * 2)[:2]) if "–" not in row[place] else map(int, row[place].split("–"))
        assert {"clear": high <= 10, "edge": low <= 10 < high, "least": low > 79, "middle": 10 < low <= 79}[band]
    assert list(seen) == list(city_index.BANDS) and all(told == found for told, found in seen.values())


def test_areas_that_lack_a_figure_are_named_with_what_they_lack() -> None:
    at = launch("samlat", slag="regso")
    assert observations("arbetslosa_16_64")["1280R075", "2022"]["numerator"] == "5"
    names = {name for name, id_ in areas().items() if id_ in HIDDEN["arbetslosa_16_64"]}
    listed = next(body for body in html(at) if t("index.left_out") in body)
    assert all(f"{name}: " in listed for name in names) and listed.count("<li>") == 2


def test_the_share_of_weightings_is_that_of_other_random_numbers() -> None:
    """Drawn again with another generator: exponentials that are divided by their sum."""
    shown, z = indexed(launch("samlat", slag="regso")), by_hand([0.25] * 4) * 4
    drawn = np.random.default_rng(99).exponential(size=(20_000, 4))
    scores = (drawn / drawn.sum(axis=1, keepdims=True)) @ z.to_numpy().T
    among = (np.argsort(np.argsort(-scores, axis=1), axis=1) < 10).mean(axis=0)
    told = shown[t("index.column_among", worst=10)].map(number)[z.index]
    assert np.abs(told - 100 * among).max() < 5


def test_a_changed_weight_changes_link_and_order_at_once() -> None:
    at = launch("samlat", slag="regso")
    before = indexed(at)
    at.slider(key="val_vikt_valdeltagande").set_value(5)
    healthy(at.run())
    assert at.query_params["vikter"].endswith("valdeltagande-5")
    assert not indexed(at)[t("index.column_index")].equals(before[t("index.column_index")])
    at.button[-1 if at.button[-1].label == t("index.reset") else 0].click()
    healthy(at.run())
    assert at.query_params["vikter"].endswith("valdeltagande-1")


def test_no_weight_and_measures_that_cannot_be_part_are_told() -> None:
    at = launch("samlat", slag="regso", vikter="forgymnasial-0")
    assert t("index.no_weight") in [info.value for info in at.info]
    at = launch("samlat", slag="regso", vikter="utrikes_fodda-3.forgymnasial-1")
    assert any("utrikes" in warning.value and "vikten" in warning.value.lower() for warning in at.warning)


def test_measures_without_counts_are_told_and_without_figures_left_out() -> None:
    """Income has no counts at hand, eligibility is published as whole shares without them."""
    at = launch("samlat", slag="regso", vikter="arbetslosa_16_64-2.gymnasiebehorighet-1.loneinkomst_medel-3")
    assert any("Gymnasiebehörighet" in info.value or "gymnasie" in info.value for info in at.info)
    assert at.query_params["vikter"] == "arbetslosa_16_64-2.loneinkomst_medel-3"
    said = " ".join(html(at))
    assert t("index.no_chance", titles="Löneinkomst, medelvärde") in said
    assert t("index.mixed_years", years="2022 och 2023") in said


def test_order_by_name_and_by_weightings() -> None:
    by_name = indexed(launch("samlat", slag="regso", rader="namn"))
    assert list(by_name.index) == [i for i in areas().values() if i in set(by_name.index)]
    share = indexed(launch("samlat", slag="regso", rader="vikter"))[t("index.column_among", worst=10)].map(number)
    assert share.is_monotonic_decreasing and share.iloc[0] == 100


def test_the_likeness_is_the_mean_of_three_shares() -> None:
    table = tables(launch("samlat", slag="regso"))[t("likeness.title")]
    shares = {
        name: {
            area: float(row["value"])
            for (area, period), row in observations(name).items()
            if period == "2022" and area.startswith("1280R") and area not in HIDDEN.get(name, ())
        }
        for name in ("lag_ekonomisk_standard", "forgymnasial", "arbetslosa_16_64")
    }
    expected = pd.DataFrame(shares).dropna().mean(axis=1)
    distance = (expected - expected.mean()) / expected.std(ddof=0)
    assert len(table.rows) == len(expected) == 89
    for row in table.rows:
        area = areas()[row[0]]
        assert number(row[1]) == pytest.approx(expected[area], abs=0.0501)
        assert number(row[2].replace("+", "")) == pytest.approx(distance[area], abs=0.0501)
        cells = [cell.split("\n") for cell in row[4:]]
        assert [share[-1] for _, share in cells] == ["e", "%", "%"], "an estimate is marked"
        assert sum(number(part) for part, _ in cells) == pytest.approx(expected[area], abs=0.16)
        assert [number(share) for _, share in cells] == pytest.approx([shares[i][area] for i in shares], abs=0.0501)
    said = " ".join(html(launch("samlat", slag="regso")))
    assert "inte är det" in said and "långtidsarbetslöshet" in said


def test_types_are_those_of_the_file_and_only_of_basic_areas() -> None:
    table = tables(launch("samlat", slag="namngivet"))["Områdestyp"]
    published = observations("omradestyp")
    assert table.columns[1:] == ["2022", "2023"] and len(table.rows) == 91
    for row in table.rows:
        assert row[1:] == [published[areas()[row[0]], year]["value"] for year in ("2022", "2023")]


def test_the_map_is_of_the_basic_areas_only() -> None:
    (drawn,) = [m for m in maps(launch("samlat", slag="regso")) if m["title"] == t("index.map_title")]
    assert sum(code in "01234" for code in drawn["classes"]) == 89
    at = launch("samlat", slag="stadsdel")
    assert maps(at) == [] and t("index.map_other_level") in [info.value for info in at.info]


def test_the_files_hold_weights_seed_version_and_method() -> None:
    statements = engine().statements
    found = city_index.of(statements, "regso", city_index.usual(statements, "regso"))
    rows = index_table.rows(statements, found)
    text = index_parts.csv_file(found, "sv").decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(read) == len(rows) == 91 and [r["Område"] for r in read[-2:]] == [r["Område"] for r in rows[-2:]]
    for row in (read[0], read[-1]):
        assert row[t("index.column_seed")] == "1280" and "2026" in row[t("column.version")]
        assert "Valdeltagande" in row[t("index.column_weights")] and "1\u202f000" in row[t("index.column_method")]
    assert read[-1][t("index.column_index")] == "" and read[-1][t("index.column_band")].startswith("saknar")
    expected = by_hand([1, 1, 1, 1]).sum(axis=1)
    for row in read[:89]:
        assert float(row[t("index.column_index")].replace(",", ".")) == pytest.approx(expected[row["Områdeskod"]], abs=1e-4)
    book = load_workbook(io.BytesIO(index_parts.xlsx_file(found, "sv")))
    sheet, about = book.worksheets
    assert [c.value for c in sheet[1]] == list(rows[0]) and sheet.max_row == 92
    assert any("1280" in str(c.value) for (c,) in about.iter_rows())


@pytest.mark.parametrize("level", ["namngivet", "stadsdel", "regso"])
def test_in_english_and_at_every_level(level: str) -> None:
    at = launch("samlat", slag=level, sprak="en")
    assert t("index.table", "en") in tables(at)
