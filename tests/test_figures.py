"""The shipped figures against independent numbers, and the way they are rebuilt."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from omradesbild.model import Break, Indicator, Level, Source
from omradesbild.words import source_text

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
GOLDEN = Path(__file__).parent / "golden" / "regso_2022.csv"
MALMO = "1280"
HOLMA = "1280R030"

#: One figure of every indicator, read in or calculated by hand from the source: area, period, group, value.
PINNED = {
    "folkmangd": (MALMO, "2024", "", 365644),
    "folkforandring": (MALMO, "2024", "", 0.97),
    "alder_kon": ("1280R001", "2024", "man|0-4", 113),
    "andel_0_19": (HOLMA, "2024", "", 27.254),
    "andel_20_34": (HOLMA, "2025", "", 21.399),
    "andel_65_plus": (HOLMA, "2024", "", 15.121),
    "utlandsk_bakgrund": (HOLMA, "2025", "", 85.463),
    "utrikes_fodda": (HOLMA, "2022", "", 60.526),
    "fodda_utanfor_europa": (HOLMA, "2022", "", 41.643),
    "ensamboende": (HOLMA, "2022", "", 40.72),
    "ensamstaende_med_barn": (HOLMA, "2022", "", 13.614),
    "sammanboende_med_barn": (HOLMA, "2022", "", 22.222),
    "forgymnasial": (HOLMA, "2022", "", 25.702),
    "eftergymnasial": (HOLMA, "2022", "", 33.045),
    "eftergymnasial_3plus": (HOLMA, "2022", "", 17.009),
    "gymnasiebehorighet": (HOLMA, "2023", "", 67.2),
    "hogskolebehorighet": (HOLMA, "2023", "", 52.0),
    "sysselsatta_16_64": (HOLMA, "2022", "", 55.094),
    "arbetslosa_16_64": (HOLMA, "2022", "", 22.536),
    "utanfor_arbetskraften_16_64": (HOLMA, "2022", "", 28.677),
    "nettoinkomst_medel": (HOLMA, "2022", "", 204.319),
    "loneinkomst_medel": (HOLMA, "2023", "", 154.9),
    "lag_ekonomisk_standard": (HOLMA, "2022", "", 46.882),
    "hog_ekonomisk_standard": (HOLMA, "2022", "", 0.365),
    "bostader": (HOLMA, "2022", "", 1697),
    "hyresratt": (HOLMA, "2022", "", 66.942),
    "bostadsratt": (HOLMA, "2022", "", 33.058),
    "aganderatt": ("1280R001", "2020", "", 5.326),
    "flerbostadshus": (HOLMA, "2025", "", 99.159),
    "smahus": (HOLMA, "2022", "", 0),
    "omradestyp": (HOLMA, "2023", "", 1),
    "valdeltagande": ("sd-rosengard", "2022", "kommunval", 53.11),
    "valdeltagande_staden": (MALMO, "2022", "riksdagsval", 77.22),
    "forvarvsarbetande_20_64": ("sd-rosengard", "2011", "fodda_utomlands", 34),
    "skador_olycksfall": ("sd-rosengard", "2012", "75+", 60),
    "barn_i_fattigdom": ("sd-rosengard", "2010", "", 62.3),
    "folkmangd_aldre": ("sd-fosie", "2012", "", 43889),
    "nettoinkomst_fasta_priser": (MALMO, "2024", "", 336.6),
    "ekonomisk_standard_median": (MALMO, "2024", "", 300.1),
    "kapitalinkomst": (MALMO, "2024", "", 72),
    "sysselsatta_20_64": (MALMO, "2025", "", 72.9),
    "arbetslosa_20_64": (MALMO, "2025", "", 10.1),
    "eftergymnasial_25_65": (MALMO, "2025", "", 58.551),
    "gymnasiebehorighet_staden": (MALMO, "2023/24", "", 81.2),
    "meritvarde_kommunala": (MALMO, "2023/24", "", 229.4),
    "hyra_median": (MALMO, "2025", "", 1667),
    "lagenheter_i_flerbostadshus": (MALMO, "2025", "", 78.257),
    "bostadsarea_per_person": (MALMO, "2025", "", 37),
    "fardigstallda_bostader": (MALMO, "2025", "", 1179),
    "anmalda_brott": (MALMO, "2025", "", 161.83),
    "brott_mot_person": (MALMO, "2025", "", 36.05),
    "stold_och_ran": (MALMO, "2025", "", 48.01),
    "bostadsinbrott": (MALMO, "2025", "", 12.468),
    "skadegorelse": (MALMO, "2025", "", 10.77),
    "narkotika_och_vapenbrott": (MALMO, "2025", "", 14.12),
    "anmalda_brott_kvartal": (MALMO, "2026K2", "", 39.14),
    "anmalda_valdsbrott": (MALMO, "2012", "", 1598),
    "skjutningar": (MALMO, "2017", "", 65),
    "sprangningar": (MALMO, "2017", "", 62),
    "doda_i_skjutningar": (MALMO, "2018", "", 12),
    "dodliga_skjutningar": (MALMO, "2022", "", 5),
    "skadade_i_skjutningar": (MALMO, "2020", "", 5),
    "ej_utsatt_for_brott": (MALMO, "2021", "", 74.5),
    "utsatt_for_vald": (MALMO, "2021", "", 1.6),
    "utsatt_for_stold": (MALMO, "2021", "", 11.4),
    "orolig_for_brott": (MALMO, "2021", "", 71.8),
    "avstatt_av_radsla": (MALMO, "2021", "", 17.2),
    "brak_utomhus": (MALMO, "2021", "", 14.9),
    "narkotikapaverkade_utomhus": (MALMO, "2021", "", 19.7),
    "kvinnor_antastas": (MALMO, "2021", "", 11.4),
    "problemindex": (MALMO, "2022", "", 2.41),
    "hemlosa_vuxna": (MALMO, "2018", "", 1959),
    "hemlosa_vuxna_2011": (MALMO, "2021", "", 1115),
    "barn_i_hemloshet": (MALMO, "2018", "", 1347),
    "barn_i_hemloshet_2011": (MALMO, "2021", "", 355),
    "akut_hemloshet_2011": (MALMO, "2021", "barn", 257),
    "hemlosa_hushall": (MALMO, "2018", "", 1656),
    "hemloshet_fordelning": (MALMO, "2016", "strukturellt", 69),
}


def _read(path, numbers=("value", "numerator", "denominator")):
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in numbers:
        frame[column] = pd.to_numeric(frame[column].where(frame[column] != ""))
    return frame


@pytest.fixture(scope="module")
def figures():
    return pd.concat([_read(p) for p in sorted((DATA / "observations").glob("*.csv"))], ignore_index=True)


@pytest.fixture(scope="module")
def regso(figures):
    return figures[figures["area"].str.fullmatch(r"1280R\d{3}")]


@pytest.fixture(scope="module")
def indicators():
    paths = sorted((DATA / "catalog" / "indicators").glob("*.yaml"))
    return {p.stem: Indicator.model_validate(yaml.safe_load(p.read_text("utf-8"))) for p in paths}


@pytest.fixture(scope="module")
def sources():
    entries = yaml.safe_load((DATA / "catalog" / "sources.yaml").read_text("utf-8"))
    return {entry["id"]: Source.model_validate(entry) for entry in entries}


@pytest.fixture(scope="module")
def breaks():
    entries = yaml.safe_load((DATA / "catalog" / "breaks.yaml").read_text("utf-8"))
    return {entry["id"]: Break.model_validate(entry) for entry in entries}


def _one(figures, area, indicator, period, group=""):
    match = figures[["area", "indicator", "period", "group"]] == [area, indicator, period, group]
    rows = figures[match.all(axis=1)]
    assert len(rows) == 1, (area, indicator, period, group)
    return rows.iloc[0]


def _wide(regso, indicator, period, column="value"):
    rows = regso[(regso["indicator"] == indicator) & (regso["period"] == period) & (regso["group"] == "")]
    return rows.set_index("area")[column]


# --- totals and independent numbers ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "areas", "city"),
    [("2022", 357377, 357377), ("2023", 362133, 362133), ("2024", 365644, 365644), ("2025", 367886, 367924)],
)
def test_the_areas_add_up_to_the_known_population(figures, regso, year, areas, city):
    assert _wide(regso, "folkmangd", year).sum() == areas
    assert _one(figures, MALMO, "folkmangd", year)["value"] == city


def test_areas_agree_with_independent_sums_within_rounding(figures):
    deso = _read(DATA / "transcribed" / "deso2018.csv", ("value",)).query("variable == 'utbildning_okand'")
    key = pd.read_csv(DATA / "transcribed" / "deso_regso.csv", dtype=str).query("vintage == '2018'").set_index("deso")["regso"]
    unknown = deso["value"].groupby(deso["area"].map(key)).sum()
    golden = pd.read_csv(GOLDEN, dtype={"area": str, "period": str})
    assert len(golden) == 195
    for row in golden.itertuples():
        found = _one(figures, row.area, row.indicator, row.period)
        value = found["value"]
        if "gymnasial" in row.indicator:  # the independent file counts unknown education in the denominator
            value = 100 * found["numerator"] / (found["denominator"] + unknown[row.area])
        assert value == pytest.approx(row.value, abs=0.0505), (row.area, row.indicator)


@pytest.mark.parametrize("indicator", PINNED)
def test_a_pinned_figure_of_every_indicator(figures, indicator):
    area, period, group, value = PINNED[indicator]
    assert _one(figures, area, indicator, period, group)["value"] == value


def test_every_indicator_has_a_pinned_figure(indicators):
    assert set(PINNED) == set(indicators)


@pytest.mark.parametrize(
    ("indicator", "period", "published"),
    [
        ("utlandsk_bakgrund", "2022", 48.518),
        ("ensamboende", "2022", 44.372),
        ("andel_20_34", "2024", 23.981),
        ("hyresratt", "2020", 46.472),
        ("hyresratt", "2023", 46.987),
    ],
)
def test_sums_of_areas_reproduce_the_citys_published_shares(figures, regso, indicator, period, published):
    total = _wide(regso, indicator, period, "numerator").sum()
    share = 100 * total / _wide(regso, indicator, period, "denominator").sum()
    assert share == pytest.approx(published, abs=0.0005)
    assert _one(figures, MALMO, indicator, period)["value"] == published


def test_the_citys_whole_per_cent_of_low_standard_agrees_with_the_areas(figures, regso):
    total = _wide(regso, "lag_ekonomisk_standard", "2022", "numerator").sum()
    share = 100 * total / _wide(regso, "lag_ekonomisk_standard", "2022", "denominator").sum()
    assert round(share, 3) == 21.293
    assert _one(figures, MALMO, "lag_ekonomisk_standard", "2022")["value"] == 21


def test_age_and_sex_add_up_to_the_population(regso):
    ages = regso[regso["indicator"] == "alder_kon"]
    assert ages.groupby("area")["group"].nunique().eq(34).all()
    pd.testing.assert_series_equal(
        ages.groupby("area")["value"].sum(), _wide(regso, "folkmangd", "2024"), check_names=False
    )


@pytest.mark.parametrize(("year", "missing"), [("2020", 0), ("2021", 0), ("2022", 0), ("2023", 3)])
def test_tenures_and_missing_tenure_are_all_dwellings(regso, year, missing):
    dwellings = _wide(regso, "bostader", year)
    parts = sum(_wide(regso, name, year, "numerator") for name in ("hyresratt", "bostadsratt", "aganderatt"))
    assert (dwellings - parts).min() >= 0
    assert (dwellings - parts).sum() == missing
    assert (_wide(regso, "hyresratt", year, "denominator") == dwellings).all()


def test_unknown_education_is_outside_the_denominator(regso):
    assert _wide(regso, "forgymnasial", "2022", "denominator").sum() == 21840 + 61458 + 34228 + 72445


def test_all_ninety_one_areas_have_at_least_twenty_indicators(regso, indicators):
    assert sum(Level.REGSO in indicator.levels for indicator in indicators.values()) == 32
    assert regso["area"].nunique() == 91
    valued = regso.dropna(subset="value").groupby("area")["indicator"].nunique()
    assert valued.min() >= 28


# --- rows, flags, breaks --------------------------------------------------------------------------


def test_no_row_is_an_orphan_and_no_source_is_unused(figures, indicators, sources, breaks):
    assert set(figures["indicator"]) == set(indicators)
    key = pd.read_csv(DATA / "transcribed" / "deso_regso.csv", dtype=str)
    named = {found.source for found in breaks.values()} - {None}
    assert set(figures["source"]) | set(key["source"]) | named == set(sources)
    for row in figures.drop_duplicates(["area", "indicator"]).itertuples():
        level = "kommun" if row.area == MALMO else "stadsdel" if row.area.startswith("sd-") else "regso"
        assert level in indicators[row.indicator].levels, (row.area, row.indicator)


def test_every_scb_figure_names_its_table_and_no_processing_is_ascribed_to_the_publisher(sources):
    tables = [s for s in sources.values() if s.id.startswith("scb-tab")]
    assert len(tables) == 29
    assert all(s.table and s.table in s.id.upper() for s in tables)
    assert all(s.attribution == "SCB" for s in tables)
    line = source_text(tables[:1], "sv", processed=True)
    assert line.startswith(f"Källa: SCB ({tables[0].table}). Bearbetning: Områdesbild.")


def test_nothing_was_read_before_it_was_published_or_after_the_pack_was_made(sources):
    version = yaml.safe_load((DATA / "pack.yaml").read_text("utf-8"))["version"]
    for source in sources.values():
        assert source.retrieved <= version, source.id
        assert source.updated is None or source.updated <= source.retrieved, source.id
    assert sources["scb-tab6574-kommun"].retrieved == "2026-09-24"
    assert sources["val-2026-riksdag-prel"].retrieved == "2026-09-16"
    assert sources["malmo-trygghet-2021"].retrieved == "2021"


def test_the_names_that_stand_in_links_have_no_spaces():
    info = yaml.safe_load((DATA / "pack.yaml").read_text("utf-8"))
    assert info["boundary_vintage"] == "RegSO-2025"
    assert " " not in info["version"]


def test_what_is_suppressed_stays_empty(regso):
    flats = _wide(regso, "flerbostadshus", "2025", "flag")
    assert (flats == "..").sum() == 7
    assert _wide(regso, "flerbostadshus", "2025").isna().sum() == 7
    assert _wide(regso, "folkmangd", "2009", "flag")["1280R080"] == ".."
    assert _wide(regso, "gymnasiebehorighet", "2023").count() == 71
    assert _wide(regso, "hogskolebehorighet", "2023").count() == 61


def test_turnout_keeps_its_marks(figures, regso):
    turnout = figures[figures["indicator"] == "valdeltagande"]
    areas = turnout[turnout["area"].str.startswith("1280R")]
    assert set(areas["flag"]) == {"e", "e p", "-"}
    per_election = areas.dropna(subset="value").groupby(["group", "period"]).size()
    assert per_election.to_dict() == {
        ("kommunval", "2014"): 70,
        ("kommunval", "2022"): 91,
        ("regionval", "2018"): 73,
        ("regionval", "2022"): 91,
        ("riksdagsval", "2018"): 74,
        ("riksdagsval", "2022"): 91,
        ("riksdagsval", "2026"): 89,
    }
    early = _one(figures, MALMO, "valdeltagande", "2026", "riksdagsval")
    final = _one(figures, MALMO, "valdeltagande_staden", "2026", "riksdagsval")
    assert (early["value"], early["flag"], final["value"], final["flag"]) == (77.185, "p", 80.12, "")
    district = turnout[(turnout["area"] == "sd-fosie") & (turnout["group"] == "kommunval")]
    assert list(district["period"]) == ["1998", "2002", "2006", "2010", "2014", "2022"]


def test_the_city_is_counted_like_the_areas_it_is_compared_with(figures):
    turnout = figures[(figures["indicator"] == "valdeltagande") & (figures["period"] >= "2014")]
    keys, parts = ["group", "period"], ["numerator", "denominator"]
    districts = turnout[turnout["area"].str.startswith("sd-")].groupby(keys)[parts].sum()
    city = turnout[turnout["area"] == MALMO].set_index(keys)
    assert len(city) == 7
    pd.testing.assert_frame_equal(city[parts].sort_index(), districts)
    assert (city["value"] == (100 * city["numerator"] / city["denominator"]).round(3)).all()


def test_the_citys_official_turnout_counts_the_late_votes_too(figures):
    city = figures[figures["area"] == MALMO]
    official = city[city["indicator"] == "valdeltagande_staden"].set_index(["group", "period"])
    areas = city[city["indicator"] == "valdeltagande"].set_index(["group", "period"])
    more = (official["value"] - areas["value"]).dropna()
    assert (more[more.index.get_level_values("period") < "2011"] == 0).all()
    assert more["kommunval"].loc["2014":].round(1).to_dict() == {"2014": 1.7, "2022": 1.5}
    assert more["riksdagsval"].round(1).to_dict() == {"2018": 2.4, "2022": 1.9, "2026": 2.9}
    assert list(official.loc["kommunval"].index) == ["1998", "2002", "2006", "2010", "2014", "2022", "2026"]
    assert list(official.loc["riksdagsval", "value"]) == [82.01, 77.22, 80.12]


def test_what_was_read_on_wikipedia_is_uncertain(figures):
    old = figures[figures["indicator"] == "folkmangd_aldre"]
    assert len(old) == 9 and (old["flag"] == "(x)").all()
    assert (figures.loc[figures["source"].str.startswith("wikipedia"), "flag"] == "(x)").all()


def test_no_change_is_given_across_a_moved_border(regso, breaks):
    change = regso[(regso["indicator"] == "folkforandring") & (regso["period"] == "2024")].set_index("area")
    moved = list(breaks["regso-2025"].areas)
    assert len(moved) == 7 and "1280R086" in moved
    assert (change.loc[moved, "flag"] == ".").all() and change.loc[moved, "value"].isna().all()
    assert change.loc["1280R063", "flag"] == "b"
    assert change.loc["1280R063", "value"] == round(100 * (3335 - 2907) / 2907, 3)
    assert change.loc["1280R030", "flag"] == "." and change.loc["1280R031", "flag"] == ""


def test_homelessness_never_crosses_the_change_of_definition(figures):
    old = figures[figures["indicator"].isin(["hemlosa_vuxna", "barn_i_hemloshet", "hemlosa_hushall"])]
    new = figures[figures["indicator"].str.endswith("_2011")]
    assert old["period"].max() == "2020" and set(new["period"]) == {"2021"}


def test_killed_persons_and_fatal_shootings_never_share_a_series(figures):
    periods = figures.groupby("indicator")["period"].agg(list)
    assert periods["doda_i_skjutningar"] == ["2016", "2017", "2018", "2019", "2020"]
    assert periods["dodliga_skjutningar"] == ["2021", "2022"]


def test_a_break_lies_inside_a_series_that_is_shipped(figures, breaks):
    for found in breaks.values():
        rows = figures[figures["indicator"].isin(found.indicators)].dropna(subset="value")
        if found.areas:
            rows = rows[rows["area"].isin(found.areas)]
        assert (rows["period"] < found.period).any() and (rows["period"] >= found.period).any(), found.id


def test_money_says_in_which_prices(indicators):
    """Current prices are those of the figure's own year, which the definition says; else the price year, or that it is not known."""
    money = {name: f"{found.unit.sv}. {found.definition.sv}" for name, found in indicators.items() if "kr" in found.short_unit}
    assert len(money) == 5
    current = {name for name, said in money.items() if "löpande priser" in said and "i årets egna priser" in said}
    assert current == {"nettoinkomst_medel", "hyra_median"}
    unknown = {name for name, said in money.items() if "prisnivån anges inte i källan" in said or "Källan anger inte vilket års priser" in said}
    assert current | unknown == set(money)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_title_and_its_group_read_together_without_repeating_a_word(indicators, lang):
    for indicator in indicators.values():
        words = set(re.findall(r"\w{5,}", indicator.title.get(lang).lower()))
        for group in indicator.groups:
            again = words & set(re.findall(r"\w{5,}", group.title.get(lang).lower()))
            assert not again, (indicator.id, group.id, again)
