"""Område: an area's figures, own and composed, against sums made here from the observations."""

from __future__ import annotations

import statistics
from urllib.parse import parse_qs

import pytest
from launch import charts, healthy, html, launch, observations, tables
from statsmodels.stats.proportion import proportion_confint
from streamlit.testing.v1 import AppTest

from components.engine import engine
from omradesbild.words import t

MOLLAN = ("1280R049", "1280R050", "1280R051", "1280R052")
PER_CENT = "\u00a0%"


@pytest.fixture(scope="module")
def mollan() -> AppTest:
    return launch("omrade", omr="mollan")


def per_cent(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") + PER_CENT


def total(indicator: str, period: str, column: str, areas=MOLLAN) -> float:
    rows = observations(indicator)
    return sum(float(rows[area, period][column]) for area in areas)


def test_the_area_is_named_and_its_parts_are_listed(mollan: AppTest) -> None:
    assert mollan.title[0].value == "Möllan"
    assert list(mollan.warning) == []
    lead = next(body for body in html(mollan) if "Består av" in body)
    assert "Möllevången, Möllevången syd, Möllevången väst och Möllevången öst" in lead


def test_a_share_is_the_members_people_and_not_the_mean_of_their_shares(mollan: AppTest) -> None:
    people, of = (total("arbetslosa_16_64", "2022", column) for column in ("numerator", "denominator"))
    mean = total("arbetslosa_16_64", "2022", "value") / 4
    row = tables(mollan)["Nyckeltal för Möllan"].row("Arbetslösa, 16–64 år")
    assert row["Värde"] == per_cent(100 * people / of) == "8,7" + PER_CENT
    assert row["Antal"] == f"{people:,.0f}".replace(",", "\u202f")
    assert row["År"] == "2022"
    assert row["Hela staden"] == "8,8" + PER_CENT
    assert per_cent(mean) != row["Värde"], "the test would not tell the two apart"


def test_a_count_is_the_sum_of_the_members(mollan: AppTest) -> None:
    row = tables(mollan)["Nyckeltal för Möllan"].row("Folkmängd")
    assert row["Värde"] == "10\u202f888" == f"{total('folkmangd', '2025', 'value'):,.0f}".replace(",", "\u202f")
    assert (row["År"], row["Hela staden"], row["Jämfört med staden"]) == ("2025", "", "")


def test_the_chart_has_the_sums_and_a_gap_where_years_must_not_be_compared(mollan: AppTest) -> None:
    chart = next(c for c in charts(mollan) if c["data"] and c["data"][0].get("name") == "Möllan")
    lines = [trace for trace in chart["data"] if trace.get("name") == "Möllan"]
    assert [trace["x"] for trace in lines] == [[2009], [2020, 2021, 2022, 2023], [2024], [2025]]
    for trace in lines:
        sums = [total("folkmangd", str(int(year)), "value") for year in trace["x"]]
        assert trace["y"] == sums
    assert not any(trace.get("name") == "Hela staden" for trace in chart["data"]), "a count has no city line"


def test_ages_are_shares_of_everyone(mollan: AppTest) -> None:
    groups = [g.id for g in engine().pack.indicators["alder_kon"].groups]
    people = {
        g: sum(float(observations("alder_kon", g)[area, "2024"]["value"]) for area in MOLLAN) for g in groups
    }
    row = tables(mollan)["Åldrar 2024"].row("25–29")
    everyone = sum(people.values())
    assert row["Kvinnor"] == per_cent(100 * people["kvinna|25-29"] / everyone)
    assert row["Män"] == per_cent(100 * people["man|25-29"] / everyone)


def test_initiatives_that_name_a_part_are_listed(mollan: AppTest) -> None:
    table = next(table for caption, table in tables(mollan).items() if caption.startswith("Insatser"))
    assert any("BID Möllevången" in row[0] for row in table.rows)
    assert all(table.row(row[0])["När"] for row in table.rows)


def test_an_uncertain_figure_has_no_place() -> None:
    shown = tables(launch("omrade", omr="1280R082"))["Nyckeltal för Västra hamnen väst"]
    unemployed, working = (shown.row(f"{title}, 16–64 år") for title in ("Arbetslösa", "I arbete"))
    assert unemployed["Värde"] == "2,2\u00a0%" and unemployed["Plats"] == ""
    assert working["Plats"]


def test_a_basic_area_has_its_own_figure_and_place() -> None:
    at = launch("omrade", omr="1280R049")
    rows = observations("arbetslosa_16_64")
    values = {a: float(r["value"]) for (a, p), r in rows.items() if a != "1280" and p == "2022"}
    row = tables(at)["Nyckeltal för Möllevången"].row("Arbetslösa, 16–64 år")
    place = 1 + sum(v > values["1280R049"] for v in values.values())
    assert row["Värde"] == per_cent(values["1280R049"])
    assert row["Plats"].startswith(f"{place} (")


def test_what_cannot_be_added_has_no_figure_but_is_not_zero() -> None:
    at = launch("omrade", omr="mollan", tema="ekonomi")
    table = tables(at)["Nyckeltal för Möllan"]
    assert "Löneinkomst, medelvärde" not in [row[0] for row in table.rows]
    assert not any(row[1].startswith("0,0") for row in table.rows if len(row) > 1)


def test_a_theme_in_the_link_chooses_the_cards() -> None:
    at = launch("omrade", omr="mollan", tema="boende")
    titles = [body for body in html(at) if "ob-card-title" in body]
    assert any("Hyresrätter" in title for title in titles)
    assert not any(">Folkmängd<" in title for title in titles)


def test_the_police_list_is_history_with_caution() -> None:
    at = launch("omrade", omr="rosengard")
    table = tables(at)["Området på polisens lista"]
    assert {row[0] for row in table.rows} == {"2015", "2017", "2019", "2021", "2023", "2025"}
    assert any("ordnas inte" in body or "inte som en rangordning" in body for body in html(at))


def test_an_unknown_area_is_told_and_the_page_asks_for_another() -> None:
    at = launch("omrade", omr="atlantis")
    assert "Området ”atlantis” finns inte" in at.warning[0].value
    assert "Välj ett område" in at.info[0].value
    assert tables(at) == {}


def test_choosing_an_area_in_the_list_shows_it() -> None:
    at = launch("omrade")
    healthy(at.selectbox(key="val_omr").set_value("mollan").run())
    assert (at.title[0].value, at.query_params["omr"]) == ("Möllan", "mollan")


def test_the_city_itself_has_a_page() -> None:
    at = launch("omrade", omr="1280")
    row = tables(at)["Nyckeltal för Malmö"].row("Folkmängd")
    assert row["Värde"] == "367\u202f924"
    assert "Plats" not in row and "Jämfört med staden" not in row


# -- areas that are alike ---------------------------------------------------------------------


def test_peers_are_compared_in_what_was_no_part_of_the_likeness() -> None:
    at = launch("omrade", omr="1280R031", utfall="forgymnasial")
    who = tables(at)[t("peers.table", area=engine().pack.areas["1280R031"].name)]
    ids = {a.name: a.id for a in engine().pack.areas.values() if a.level == "regso"}
    peers = [ids[row[0]] for row in who.rows]
    assert len(set(peers)) == 5 and "1280R031" not in peers
    said = next(body for body in html(at) if "Likheten gäller" in body)
    assert "hyresrätter (2023)" in said and "eftergymnasial utbildning (2022)" not in said
    assert t("peers.unused", titles="eftergymnasial utbildning") in said
    alike = observations("hyresratt")
    for row in who.rows:
        for line in row[2].split("\n"):
            if line.startswith("Hyresrätter"):
                own, other = (alike[a, "2023"]["value"] for a in ("1280R031", ids[row[0]]))
                assert line == f"Hyresrätter: {per_cent(float(own))} och {per_cent(float(other))}"

    rows = observations("forgymnasial")
    table = tables(at)["Högst förgymnasial utbildning, 2022"]
    shown = {row[0]: row[1] for row in table.rows}
    values = [float(rows[area, "2022"]["value"]) for area in peers]
    assert [row[0] for row in table.rows][1:6] == [row[0] for row in who.rows]
    assert all(shown[row[0]] == per_cent(v) for row, v in zip(who.rows, values, strict=True))
    assert shown[t("peers.median")] == per_cent(statistics.median(values))
    low, high = proportion_confint(
        *(float(rows["1280R031", "2022"][c]) for c in ("numerator", "denominator")), method="wilson"
    )
    assert table.row(table.rows[0][0])["Slumpintervall"] == f"{100 * low:.1f}–{100 * high:.1f}".replace(".", ",")
    assert at.query_params["utfall"] == "forgymnasial"


def test_the_measure_to_compare_is_in_the_link_and_the_link_to_compare_has_all_six() -> None:
    at = launch("omrade", omr="mollan")
    assert at.query_params["utfall"] == "arbetslosa_16_64"
    at.selectbox(key="val_utfall").set_value("lag_ekonomisk_standard")
    healthy(at.run())
    assert at.query_params["utfall"] == "lag_ekonomisk_standard"
    link = next(e.proto for e in at.get("page_link") if e.proto.label == t("peers.compare"))
    compared = parse_qs(link.query_string.lstrip("?"))["omr"][0].split(".")
    names = [row[0] for row in tables(at)[t("peers.table", area="Möllan")].rows]
    assert compared[0] == "mollan" and [engine().pack.areas[a].name for a in compared[1:]] == names
    grounds = [r for a in compared for r in engine().pack.areas[a].members]
    assert len(grounds) == len(set(grounds))


def test_the_city_has_no_peers_and_a_link_to_a_count_gives_another_measure() -> None:
    assert t("peers.title") not in [h.value for h in launch("omrade", omr="1280").header]
    assert launch("omrade", omr="mollan", utfall="folkmangd").query_params["utfall"] == "arbetslosa_16_64"


def test_the_area_in_short_has_its_rule_and_numbers_under_each_sentence() -> None:
    at = launch("omrade", omr="1280R037")
    (body,) = [body for body in html(at) if 'class="ob-sentences"' in body]
    row = observations("eftergymnasial")["1280R037", "2022"]
    assert f"Eftergymnasial utbildning: {float(row['value']):.1f}".replace(".", ",") in body
    assert body.count("<li>") == body.count("<details>") <= 6
    assert f"({row['numerator']} av 1\u202f878)" in body
    assert "inte människorna som bor där" in body


def test_key_figures_say_that_there_are_too_few_years(mollan: AppTest) -> None:
    row = next(t for c, t in tables(mollan).items() if c.startswith("Nyckeltal")).row("Hyresrätter")
    assert row["Utveckling"] == "för få år"


def test_a_figure_that_chance_moves_a_lot_is_set_apart() -> None:
    """By the file: 23 of 1 503 dwellings, a coefficient of variation of about 1/√23 = 21 per cent."""
    row = observations("aganderatt")["1280R006", "2023"]
    assert (row["numerator"], row["denominator"]) == ("23", "1503")
    (body,) = [body for body in html(launch("omrade", omr="1280R006")) if "<caption" in body and "Nyckeltal" in body]
    assert '<span class="ob-unsure">1,5\u00a0%</span>' in body
    assert "Kursiv siffra: osäker" in body
    rented = observations("hyresratt")["1280R006", "2023"]  # some hundreds of the same dwellings
    assert f"<td class=\"ob-num\">{per_cent(float(rented['value']))}</td>" in body
