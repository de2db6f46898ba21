"""Klyftor: gap, segregation and pattern are what is recomputed here from the pack's files, and refusals say why."""

from __future__ import annotations

import base64
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from launch import html, launch, maps, observations, tables
from streamlit.testing.v1 import AppTest

from components.engine import engine

CITY = "1280"
PER_CENT = "\u00a0%"
ORDERING = "Låg ekonomisk standard"


def number(text: str) -> float:
    """Read the first number of a cell."""
    found = re.match(r"[−+]?[\d\u202f]+(,\d+)?", text)
    assert found, text
    return float(found[0].replace("\u202f", "").replace(",", ".").replace("−", "-"))


def counts(indicator: str, period: str, group: str = "") -> pd.DataFrame:
    """Read the basic areas' counts from the files."""
    base = {area.id for area in engine().pack.areas.values() if area.level == "regso"}
    rows = {
        area: (float(row["numerator"]), float(row["denominator"]), float(row["value"]))
        for (area, year), row in observations(indicator, group).items()
        if year == period and area in base and row["numerator"]
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["o", "n", "value"]).sort_index()


def fifths(table: pd.DataFrame, order: pd.Series) -> tuple[float, float]:
    """Fill a fifth of the denominators from each end, person by person."""
    ends = []
    for ascending in (True, False):
        in_order = table.assign(order=order).sort_values("order", ascending=ascending, kind="stable")
        room = table["n"].sum() / 5
        taken = np.minimum(in_order["n"], np.maximum(room - (in_order["n"].cumsum() - in_order["n"]), 0))
        ends.append(100 * (taken * in_order["o"] / in_order["n"]).sum() / room)
    return ends[0], ends[1]


@cache
def abroad() -> AppTest:
    return launch("klyftor", ind="utrikes_fodda", per="2022")


def text(at: AppTest) -> str:
    return re.sub(r"<[^>]+>", " ", " ".join(html(at)))


# -- the gap ---------------------------------------------------------------------------------


def test_the_fifths_are_those_of_the_files_every_year() -> None:
    table = tables(abroad())[f"Födda utomlands, i femtedelarna med lägst och högst ”{ORDERING}”"]
    order = counts("lag_ekonomisk_standard", "2022")["value"]
    assert [row[0] for row in table.rows] == ["2020", "2021", "2022", "2023"]
    for row in table.rows:
        best, worst = fifths(counts("utrikes_fodda", row[0]), order)
        assert number(row[1]) == pytest.approx(best, abs=0.06)
        assert number(row[2]) == pytest.approx(worst, abs=0.06)
        assert number(row[3]) == pytest.approx(worst - best, abs=0.06)
        assert number(row[5]) == pytest.approx(worst / best, abs=0.06)


def test_the_slope_is_a_weighted_line() -> None:
    table = counts("utrikes_fodda", "2022")
    order = counts("lag_ekonomisk_standard", "2022")["value"]
    in_order = table.assign(order=order).sort_values("order")
    middle = (in_order["n"].cumsum() - in_order["n"] / 2) / in_order["n"].sum()
    slope = np.polyfit(middle, 100 * in_order["o"] / in_order["n"], 1, w=np.sqrt(in_order["n"]))[0]
    assert f"{slope:.1f}".replace(".", ",") + "\u00a0procentenheter" in text(abroad())


def test_a_figure_without_direction_is_spread_and_not_a_gap() -> None:
    assert [h.value for h in abroad().header][0] == "Spridningen mellan områden"
    assert "Måttet är varken bra eller dåligt i sig." in text(abroad())
    judged = launch("klyftor", ind="arbetslosa_16_64")
    assert [h.value for h in judged.header][0] == "Klyftan mellan områden"
    assert "varken bra eller dåligt" not in text(judged)


def test_hidden_areas_are_named_and_left_out() -> None:
    said = text(launch("klyftor", ind="arbetslosa_16_64", per="2022"))
    assert "2 områden är inte med, för att deras siffror inte visas" in said
    assert "(skydd av små tal): Bellevue-Nya Bellevue och Vintrie-Skumparp." in said
    assert "i de 89 områden som har siffra" in said


def test_the_year_of_the_ordering_figure_is_told() -> None:
    assert f"Områdena är ordnade efter ”{ORDERING}” år 2022, som" in text(abroad())
    later = text(launch("klyftor", ind="utrikes_fodda", per="2023"))
    assert f"ordnade efter ”{ORDERING}” år 2022, det år som ligger närmast 2023" in later


def test_areas_whose_border_moved_have_no_place() -> None:
    said = text(launch("klyftor", ind="utlandsk_bakgrund", per="2025"))
    assert "7 områden kan inte ordnas, för att gränsen flyttats" in said and "Holma" in said


def test_the_ordering_figure_is_in_the_link_and_never_the_figure_itself() -> None:
    other = launch("klyftor", ind="utrikes_fodda", per="2022", ordning="forgymnasial")
    assert "forgymnasial" in other.query_params["ordning"]
    best, worst = fifths(counts("utrikes_fodda", "2022"), counts("forgymnasial", "2022")["value"])
    assert f"{best:.1f}".replace(".", ",") + PER_CENT in text(other)
    itself = text(launch("klyftor", ind="lag_ekonomisk_standard", ordning="lag_ekonomisk_standard"))
    assert "ordnade efter ”Högst förgymnasial utbildning”" in itself


def test_estimates_have_no_interval_of_chance() -> None:
    at = launch("klyftor", ind="lag_ekonomisk_standard", per="2022")
    assert "Talen är uppskattade. Därför finns inget intervall" in text(at)
    (row,) = next(table for name, table in tables(at).items() if "femtedelarna" in name).rows
    assert "till" not in row[1] + row[2] + row[3] + row[5] and "till" in row[4]


def test_the_change_is_said_in_units_and_in_proportion() -> None:
    order = counts("lag_ekonomisk_standard", "2022")["value"]
    (best, worst), (best_later, worst_later) = (fifths(counts("utrikes_fodda", y), order) for y in ("2020", "2023"))
    said = text(abroad())
    found = re.search(
        r"Från 2020 till 2023: skillnaden (.+?) i procentenheter \((.+?);.+?\) (och|men) (.+?) i förhållande \(([\d,]+)", said
    )
    assert found and found[1] == "ändrades inte tydligt" and found[3] == "men" and found[4] == "minskade"
    assert number(found[2]) == pytest.approx((worst_later - best_later) - (worst - best), abs=0.06)
    assert number(found[5]) == pytest.approx((worst_later / best_later) / (worst / best), abs=0.006)


def test_a_change_that_is_not_clear_is_called_so_once() -> None:
    said = text(launch("klyftor", ind="hyresratt", per="2023"))
    assert "Från 2020 till 2023: skillnaden ändrades inte tydligt, varken i procentenheter (" in said


def test_the_chosen_year_and_the_years_together_say_how_many_areas_they_are_about() -> None:
    """In 2014 there are figures for 70 of the 91 areas, so the years are about these."""
    at = launch("klyftor", ind="valdeltagande", grupp="kommunval", per="2022")
    table = next(table for name, table in tables(at).items() if "femtedelarna" in name)
    headings = [row[0] for row in table.rows if len(row) == 1]
    both = set(counts("valdeltagande", "2014", "kommunval").index) & set(counts("valdeltagande", "2022", "kommunval").index)
    assert headings == ["2022: 91 områden", f"2014–2022: {len(both)} områden"]
    order = counts("lag_ekonomisk_standard", "2022")["value"]
    every, some = (counts("valdeltagande", "2022", "kommunval").loc[sorted(areas)] for areas in (order.index, both))
    shown = [row for row in table.rows if row[0] == "2022"]
    for row, whole in zip(shown, (every, some), strict=True):
        assert [number(row[1]), number(row[2])] == pytest.approx(fifths(whole, order[whole.index]), abs=0.06)


def test_many_names_are_folded() -> None:
    at = launch("klyftor", ind="valdeltagande", grupp="kommunval", per="2014")
    folded = [body for body in html(at) if "<details" in body and "21 områden är inte med" in body]
    assert len(folded) == 3 and all(", " in body.split("</summary>")[1] for body in folded)


# -- segregation -----------------------------------------------------------------------------


def test_the_four_measures_are_those_of_the_files() -> None:
    table = counts("utrikes_fodda", "2022")
    x, t_ = table["o"].to_numpy(), table["n"].to_numpy()
    y, share = t_ - x, x / t_
    whole = x.sum() / t_.sum()

    def entropy(p):
        return -(p * np.log(p) + (1 - p) * np.log(1 - p))

    expected = {
        "Ojämnhet (D)": np.abs(x / x.sum() - y / y.sum()).sum() / 2,
        "Isolering": (x / x.sum() * share).sum(),
        "Kontakt": (x / x.sum() * (1 - share)).sum(),
        "Entropi (H)": 1 - (t_ * entropy(share)).sum() / t_.sum() / entropy(whole),
    }
    shown = tables(abroad())["Fyra mått: Födda utomlands, 2022"]
    for name, value in expected.items():
        assert number(shown.row(name)["Värde"]) == pytest.approx(value, abs=0.0006)


def test_what_chance_alone_gives_is_what_lots_give() -> None:
    table = counts("utrikes_fodda", "2022")
    sizes = table["n"].astype(int).to_numpy()
    lots = np.random.default_rng(8).multivariate_hypergeometric(
        sizes, int(table["o"].sum()), size=300, method="marginals"
    )
    x, y = lots, sizes - lots
    by_lot = np.abs(x / x.sum(axis=1, keepdims=True) - y / y.sum(axis=1, keepdims=True)).sum(axis=1).mean() / 2
    row = tables(abroad())["Fyra mått: Födda utomlands, 2022"].row("Ojämnhet (D)")
    assert number(row["Av slumpen ensam"]) == pytest.approx(by_lot, abs=0.0011)
    assert f"Av slumpen ensam hade det blivit {by_lot:.2f}".replace(".", ",") in text(abroad())


def test_the_ten_areas_that_d_comes_from() -> None:
    table = counts("utrikes_fodda", "2022")
    excess = table["o"] / table["o"].sum() - (table["n"] - table["o"]) / (table["n"] - table["o"]).sum()
    part = (excess.abs() / excess.abs().sum()).sort_values(ascending=False)[:10]
    shown = tables(abroad())["De 10 områden som ojämnheten mest kommer från"]
    pack = engine().pack
    assert [row[0] for row in shown.rows] == [pack.areas[a].name for a in part.index]
    assert [number(row[1]) for row in shown.rows] == pytest.approx(list(100 * part), abs=0.06)
    assert [row[2] == "över" for row in shown.rows] == list(excess[part.index] > 0)


def test_both_maps_have_a_mark_and_a_word_for_every_class() -> None:
    first, second = maps(abroad())
    for sent in (first, second):
        marked = {area for area, _ in sent["initiatives"]}
        plain = [n for n, code in enumerate(sent["classes"]) if code == "C"]
        assert marked == set(range(91)) - set(plain) and marked
        labels = [label for _, label in sent["legend"]["keys"]]
        assert {mark for _, mark in sent["initiatives"]} == {label[0] for label in labels[:2]}
    assert len(first["initiatives"]) == 10


def test_no_year_is_compared_across_a_moved_border() -> None:
    at = launch("klyftor", ind="utlandsk_bakgrund", per="2025")
    assert not [caption for caption in tables(at) if "år för år" in caption]
    assert "Från 2022" not in text(at)
    assert [row[0] for row in tables(abroad())["Ojämnhet år för år"].rows] == ["2020", "2021", "2022", "2023"]


# -- the pattern -----------------------------------------------------------------------------


def test_the_areas_of_the_table_are_those_of_the_map() -> None:
    _, sent = maps(abroad())
    ids = [shape.id for shape in engine().shapes.areas]
    marked = {engine().pack.areas[ids[n]].name for n, _ in sent["initiatives"]}
    table = tables(abroad())["Områden som sticker ut tillsammans med sina grannar"]
    listed = {row[0] for row in table.rows if len(row) > 1}
    assert listed == marked and len(listed) > 5
    values = counts("utrikes_fodda", "2022")["value"]
    names = {engine().pack.areas[a].name: a for a in values.index}
    assert "justerat p" not in " ".join(table.columns).lower()
    chances = re.search(r"Justerat p för områdena i tabellen: (.*?)\.(?: |<|$)", " ".join(html(abroad()))).group(1).split("; ")
    assert {chance.rsplit(" ", 1)[0] for chance in chances} == listed
    assert all(number(chance.rsplit(" ", 1)[1]) < 0.05 for chance in chances)
    for row in table.rows:
        if len(row) > 1:
            assert number(row[1]) == pytest.approx(values[names[row[0]]], abs=0.06)


def test_no_pattern_is_said_in_words() -> None:
    said = text(launch("klyftor", ind="hyresratt", per="2023"))
    assert "ingen tydlig gruppering. Inget område sticker ut" in said


# -- the rest --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ("folkmangd", ["inte är en andel, ett medeltal eller ett tal per invånare"] * 3),
        ("gymnasiebehorighet", ["bara anger procent och inte antalen"] * 3),
        ("nettoinkomst_medel", ["inte delar in människor", "Ett medeltal räknar inga personer"]),
    ],
)
def test_a_measure_that_cannot_be_used_says_why(indicator: str, words: list[str]) -> None:
    at = launch("klyftor", ind=indicator)
    told = [info.value for info in at.info]
    assert len(told) == len(words) and all(part in one for part, one in zip(words, told, strict=True))


def test_every_picture_says_its_takeaway() -> None:
    pictures = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)"[^>]*alt="([^"]+)"', " ".join(html(abroad())))
    assert len(pictures) == 2
    assert all("2022" in alt and "," in alt for _, alt in pictures)
    assert all(base64.b64decode(code).startswith(b"<svg") for code, _ in pictures)


def test_english() -> None:
    at = launch("klyftor", ind="utrikes_fodda", per="2022", sprak="en")
    assert at.title[0].value == "Gaps" and "By chance alone it would have been 0.01" in text(at)


def test_a_pack_without_anything_to_order_by_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from omradesbild.analyse import gaps

    gaps.of.cache_clear()
    gaps.over_time.cache_clear()
    monkeypatch.setattr(gaps, "orderings", lambda statements, indicator: ())
    told = [info.value for info in launch("klyftor", ind="utrikes_fodda", per="2021").info]
    gaps.of.cache_clear()
    gaps.over_time.cache_clear()
    assert told == ["Det finns inget annat mått som kan ordna områdena från bättre till sämre läge."]
