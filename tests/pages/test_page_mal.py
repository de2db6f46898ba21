"""Mål: the council's goals, with figures and gaps computed again from the pack's files."""

from __future__ import annotations

from itertools import combinations
from math import hypot, sqrt
from statistics import median

import pytest
import yaml
from launch import ROOT, charts, html, launch, observations, tables
from streamlit.testing.v1 import AppTest

from omradesbild.words import t

GOALS = {g["id"]: g for g in yaml.safe_load((ROOT / "data/catalog/goals.yaml").read_text("utf-8"))}
INITIATIVES = yaml.safe_load((ROOT / "data/catalog/initiatives.yaml").read_text("utf-8"))
CITY, Z = "1280", 1.959964


@pytest.fixture(scope="module")
def page() -> AppTest:
    return launch("mal", mal="segregation")


def swedish(number: float, decimals: int = 1) -> str:
    return f"{number:.{decimals}f}".replace(".", ",").replace("-", "−")


def areas(id_: str, year: str) -> dict[str, tuple[float, float]]:
    found = {a: r for (a, p), r in observations(id_).items() if p == year and a.startswith("1280R") and r["numerator"]}
    return {a: (float(r["numerator"]), float(r["denominator"])) for a, r in found.items()}


def fifths(id_: str, year: str) -> list[tuple[float, float]]:
    """Return the numerator and denominator of the best- and the worst-off fifth, areas laid out by low standard."""
    burden = {a: float(r["value"]) for (a, p), r in observations("lag_ekonomisk_standard").items() if p == "2022" and a != CITY}
    counts = areas(id_, year)
    found = []
    for worst in (False, True):
        left, o, n = 0.2 * sum(d for _, d in counts.values()), 0.0, 0.0
        for a in sorted(counts, key=lambda a: burden[a], reverse=worst):
            part = min(1.0, max(0.0, (left - n) / counts[a][1]))
            o, n = o + part * counts[a][0], n + part * counts[a][1]
        found.append((o, n))
    return found


def wilson(o: float, n: float) -> tuple[float, float]:
    middle, half = o + Z * Z / 2, Z * sqrt(o * (1 - o / n) + Z * Z / 4)
    return (middle - half) / (n + Z * Z), (middle + half) / (n + Z * Z)


def test_the_newest_city_figure_is_the_packs_and_an_old_one_is_called_old(page: AppTest) -> None:
    table = tables(page)[t("goals.city")]
    newest = observations("lag_ekonomisk_standard")[CITY, "2024"]
    row = table.row("Låg ekonomisk standard")
    assert (row["Värde"], row["År"]) == (f"{newest['value']}\u00a0% {newest['flag']}", "2024")
    years = {y: float(observations("lag_ekonomisk_standard")[CITY, str(y)]["value"]) for y in range(2015, 2025)}
    slope = median((years[b] - years[a]) / (b - a) for a, b in combinations(years, 2))
    assert row["Utveckling"].startswith("inte prövat. Över längre tid, 2015–2024: ")
    assert f": {swedish(slope, 2)}\u00a0procentenheter om året" in row["Utveckling"]
    assert table.row("Födda utomlands")["Värde"] == swedish(float(observations("utrikes_fodda")[CITY, "2023"]["value"])) + "\u00a0%"
    assert "äldre uppgift" in table.row("Högst förgymnasial utbildning")["År"]


def test_the_gap_between_the_fifths_is_computed_again(page: AppTest) -> None:
    row = tables(page)[t("goals.areas")].row("Hyresrätter")
    (o1, n1), (o2, n2) = fifths("hyresratt", "2023")
    best, worst = 100 * o1 / n1, 100 * o2 / n2
    (low1, high1), (low2, high2) = ((100 * x for x in wilson(*each)) for each in ((o1, n1), (o2, n2)))
    down, up = hypot(worst - low2, high1 - best), hypot(high2 - worst, best - low1)
    gap = worst - best
    limits = f"{swedish(gap - down)} till {swedish(gap + up)}"
    expected = f"{swedish(gap)}\u00a0procentenheter ({limits}): {swedish(best)}\u00a0% mot {swedish(worst)}\u00a0% (2023)"
    assert row[t("column.gap")] == expected


def test_the_change_of_the_gap_is_that_of_the_same_areas_and_is_called_clear_only_when_it_is(page: AppTest) -> None:
    row = tables(page)[t("goals.areas")].row("Födda utomlands")
    first, last = (100 * (w[0] / w[1] - b[0] / b[1]) for b, w in (fifths("utrikes_fodda", y) for y in ("2020", "2023")))
    assert row[t("column.gap_change")].startswith("ingen tydlig ändring sedan 2020: ")
    assert float(row[t("column.gap_change")].split(": ")[1].split("\u00a0")[0].replace(",", ".").replace("−", "-")) == pytest.approx(
        last - first, abs=0.06
    )


def test_uneven_living_is_the_dissimilarity_by_hand(page: AppTest) -> None:
    counts = areas("arbetslosa_16_64", "2022")
    shown = {a: c for a, c in counts.items() if a not in ("1280R008", "1280R075")}
    x, y = sum(o for o, _ in shown.values()), sum(n - o for o, n in shown.values())
    d = 0.5 * sum(abs(o / x - (n - o) / y) for o, n in shown.values())
    row = tables(page)[t("goals.areas")].row("Arbetslösa, 16–64 år")
    assert row[t("column.uneven")] == f"{100 * d:.0f}\u00a0% (2022)"
    assert row[t("column.gap_change")] == t("goals.one_year")


def test_every_measure_of_a_goal_with_a_city_figure_is_there() -> None:
    at = launch("mal", mal="trygghet")
    table = tables(at)[t("goals.city")]
    assert len(table.rows) == len([i for i in GOALS["trygghet"]["indicators"] if any(a == CITY for a, _ in _keys(i))])
    assert t("goals.only_city") in "".join(html(at))
    assert t("goals.areas") not in tables(at)


def _keys(id_: str) -> list[tuple[str, str]]:
    return [key for group in ("", "kommunval") for key in _rows(id_, group)]


def _rows(id_: str, group: str) -> dict:
    try:
        return observations(id_, group)
    except KeyError:
        return {}


def test_the_chart_is_of_a_series_of_three_unbroken_years_and_follows_the_link() -> None:
    at = launch("mal", mal="trygghet", ind="anmalda_brott")
    (chart,) = charts(at)
    (line,) = [trace for trace in chart["data"] if trace.get("name") == "Malmö"]
    rows = observations("anmalda_brott")
    assert line["y"] == [float(rows[CITY, str(int(year))]["value"]) for year in line["x"]]
    assert len(line["x"]) >= 3
    options = at.selectbox(key="val_ind_mal_trygghet").options
    assert "Anmälda brott" in options and "Problemindex" not in options
    assert at.query_params["ind"] == "anmalda_brott"


def test_homelessness_says_plainly_what_is_not_measured() -> None:
    body = "".join(html(launch("mal", mal="hemloshet")))
    assert "inga siffror per område" in body and "Definitionen byttes 2021" in body
    assert t("goals.only_city") in body


def test_initiatives_of_the_goal_are_counted_again() -> None:
    body = "".join(html(launch("mal", mal="segregation")))
    own = [i for i in INITIATIVES if "segregation" in i.get("goals", ())]
    acting = [i for i in own if i["kind"] in ("initiativ", "overenskommelse", "plan", "reform") and i.get("start")]
    now = [i for i in acting if str(i["start"]) <= "2026-11-22" and (not i.get("end") or str(i["end"]) >= "2026-11-22"[: len(str(i["end"]))])]
    assert f"{len(now)} av {len(own)} insatser och beslut" in body
    assert all(i["title"] in body for i in own)


def test_a_goal_is_chosen_in_the_link_and_the_page_speaks_english() -> None:
    at = launch("mal", mal="hemloshet", sprak="en")
    assert at.title[0].value == "Goals"
    assert at.segmented_control(key="val_mal").value == "hemloshet"
    assert launch("mal").query_params["mal"] == "segregation"
