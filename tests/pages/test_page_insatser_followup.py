"""Insatser: follow-up on the page, against sums from the observations and against what the demonstration pack hides."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from launch import charts, html, launch, observations, tables
from streamlit.testing.v1 import AppTest

from components import engine as engines
from omradesbild import demo

BID_MOLLEVANGEN = ("1280R049", "1280R050", "1280R051", "1280R052", "1280R059", "1280R071")
FOLDED = "Vilka områden jämförs, och vilka är inte med"


def written(value: float, decimals: int = 1, sign: bool = False) -> str:
    text = f"{value:+.{decimals}f}" if sign else f"{value:.{decimals}f}"
    return text.replace(".", ",").replace("-", "−")


def number(text: str) -> float:
    return float(re.match(r"[−+]?\d+(,\d+)?", text)[0].replace("−", "-").replace(",", "."))


def said(at: AppTest) -> str:
    return re.sub(r"<[^>]+>", " ", " ".join(html(at))).replace("\u00a0", " ")


# -- the city's own figures --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def elections() -> AppTest:
    return launch("insatser", insats="bid-mollevangen", ind="valdeltagande", grupp="kommunval")


def before_after(at: AppTest) -> dict[str, list[str]]:
    table = next(t for caption, t in tables(at).items() if caption.endswith("medelvärde av åren"))
    return {row[0]: row[1:] for row in table.rows}


def test_before_and_after_are_the_areas_people_added_together(elections: AppTest) -> None:
    rows = observations("valdeltagande", "kommunval")

    def share(year: str) -> float:
        parts = [[float(rows[a, year][c]) for a in BID_MOLLEVANGEN] for c in ("numerator", "denominator")]
        return 100 * sum(parts[0]) / sum(parts[1])

    own = before_after(elections)["Där insatsen är"]
    assert own == ["6", written(share("2014")), written(share("2022")), written(share("2022") - share("2014"), sign=True)]
    city = before_after(elections)["Hela staden"]
    values = [float(rows["1280", year]["value"]) for year in ("2014", "2022")]
    assert city == ["", written(values[0]), written(values[1]), written(values[1] - values[0], sign=True)]


def test_areas_compared_with_and_left_out_are_named(elections: AppTest) -> None:
    groups = {row[0]: row[2] for row in tables(elections)[FOLDED].rows}
    rows = observations("valdeltagande", "kommunval")
    names = groups["Jämförs"].split(", ")
    assert "Möllevången" not in names and len(names) == int(tables(elections)[FOLDED].row("Jämförs")["Antal områden"])
    assert "Södra Sofielund" in groups["Inte med: hade en egen insats"]
    untreated = before_after(elections)["Alla områden utan insats"]
    by_name = {f["properties"]["name"]: f["properties"]["id"] for f in engines.engine().pack.boundaries["features"]}
    for year, cell in (("2014", untreated[1]), ("2022", untreated[2])):
        assert cell == written(np.mean([float(rows[by_name[n], year]["value"]) for n in names]))


def test_an_uncertain_difference_is_called_so_and_never_a_cause(elections: AppTest) -> None:
    text = said(elections)
    assert "Det går inte att skilja områdets väg från den som områden utan insats tog." in text
    assert "inte ett bevis för att insatsen är orsaken" in text
    assert "Det finns bara ett år före eller efter." in text
    assert not re.search(r"tack vare|ledde till att|effekt", text)


def test_too_few_years_are_refused_by_name_and_the_made_up_city_is_offered(elections: AppTest) -> None:
    told = next(i.value for i in elections.info if "jämförelseområde" in i.value)
    assert "Obrutna år före: 1, det behövs minst 5. Efter: 1, det behövs minst 3." in told
    assert "Närmaste år som saknas: 2015–2021." in told
    assert "OMRADESBILD_PACK=demo" in told
    assert charts(elections) == []


@pytest.mark.parametrize(
    ("initiative", "told"),
    [
        ("bid-sofielund-ecpa", "Ett beslut eller en händelse gör ingenting"),
        ("sluta-skjut", "gäller hela staden"),
        ("holmastan-europan", "Källan säger inte när"),
        ("kraftsamlande-insatser-2024", "Ett beslut eller en händelse"),
    ],
)
def test_what_cannot_be_followed_says_why(initiative: str, told: str) -> None:
    at = launch("insatser", insats=initiative)
    assert told in at.info[0].value
    assert not [caption for caption in tables(at) if "medelvärde" in caption]


def test_a_measure_that_lacks_years_names_one_that_has_them() -> None:
    at = launch("insatser", insats="planprogram-holma-kroksback", ind="arbetslosa_16_64")
    assert "Obrutna år före: 0, det behövs minst 1." in at.info[0].value and "Närmaste år som saknas: 2015." in at.info[0].value
    assert "Det här går att följa: valdeltagande i områdena." in said(at)


def test_what_lacks_years_lists_every_measure_with_its_reason() -> None:
    at = launch("insatser", insats="bid-sofielund", ind="forgymnasial")
    listed = {row[0]: row[1] for row in tables(at)["Vilka mått går att följa"].rows}
    assert "ja" not in listed.values()
    assert any("Närmaste år som saknas: 2013." in reason for reason in listed.values())


# -- the made-up city ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Show the demonstration pack, and afterwards the shipped one again."""
    root = demo.build(tmp_path_factory.mktemp("demo") / "pack")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_engine", None)
        patch.setattr(engines, "_stamp", None)
        patch.setattr(engines, "_looked", 0.0)
        patch.setenv("OMRADESBILD_PACK", str(root))
        yield root


@pytest.fixture(scope="module")
def jobs(made_up: Path) -> AppTest:
    return launch("insatser", insats="jobbsatsning", ind="arbetslosa_20_64")


def series(root: Path, area: str, indicator: str) -> dict[int, float]:
    found = {}
    for path in (root / "observations").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if (row["area"], row["indicator"]) == (area, indicator) and row["value"]:
                    found[int(row["period"])] = float(row["value"])
    return found


def planted(initiative: str, indicator: str):
    truth = demo.truth()
    own = truth[(truth["initiative"] == initiative) & (truth["indicator"] == indicator) & (truth["role"] == "treated")]
    return own.iloc[0]


def test_a_planted_effect_is_found_within_the_stated_limits(jobs: AppTest, made_up: Path) -> None:
    effect = planted("jobbsatsning", "arbetslosa_20_64")
    own = series(made_up, effect.area, "arbetslosa_20_64")
    table = tables(jobs)["År för år"]
    assert [row[0] for row in table.rows] == [str(year) for year in sorted(own)]
    assert [row[1].split()[0] for row in table.rows] == [written(own[year]) for year in sorted(own)]
    gaps = {int(row[0]): number(row[3]) for row in table.rows}
    after = [gap for year, gap in gaps.items() if year >= effect.start]
    assert np.mean(after) == pytest.approx(effect.effect, abs=1.0)
    text = said(jobs)
    low, high = re.search(r"inte kan utesluta: ([−+][\d,]+) procentenheter till ([−+][\d,]+)", text).groups()
    assert number(low) <= effect.effect <= number(high) < 0
    assert "Området följde inte samma väg som jämförelseområdet" in text and "Det säger inte varför." in text


def test_the_chart_is_the_table(jobs: AppTest) -> None:
    lines = {trace["name"]: trace for trace in charts(jobs)[0]["data"] if trace.get("name")}
    rows = tables(jobs)["År för år"].rows
    for name, column in (("Området", 1), ("Jämförelsen", 2)):
        assert [written(v) for v in lines[name]["y"]] == [row[column].split()[0] for row in rows]
    band = next(trace for trace in charts(jobs)[0]["data"] if trace.get("fill") == "toself")
    assert len(band["x"]) == 2 * len(rows)


def test_weights_are_a_whole_and_spill_over_is_left_out(jobs: AppTest) -> None:
    weights = tables(jobs)["Så är jämförelseområdet blandat"].rows
    assert sum(number(row[1]) for row in weights) == pytest.approx(100, abs=2)
    groups = {row[0]: set(row[2].split(", ")) for row in tables(jobs)[FOLDED].rows}
    near = groups["Inte med: gränsar till insatsen, som kan spilla över"]
    assert near and not near & {row[0] for row in weights}


def test_nothing_is_found_where_nothing_is_planted(made_up: Path) -> None:
    at = launch("insatser", insats="radgivning", ind="arbetslosa_20_64")
    assert "skilde sig inte mer från sitt jämförelseområde" in said(at)
    assert "följde inte samma väg" not in said(at)


def test_a_growing_effect_among_areas_of_their_own_trend_is_not_claimed(made_up: Path) -> None:
    at = launch("insatser", insats="vuxenutbildning", ind="forgymnasial")
    assert "så många områden utan insats att det kan vara en slump" in said(at)
    assert number(before_after(at)["Där insatsen är"][3]) < number(before_after(at)["Hela staden"][3])


def test_a_break_before_the_start_leaves_too_few_years(made_up: Path) -> None:
    at = launch("insatser", insats="traffpunkt", ind="lag_ekonomisk_standard")
    told = next(i.value for i in at.info if "jämförelseområde" in i.value)
    assert "Obrutna år före: 4" in told and "Närmaste år som saknas: 2015." in told
    assert "OMRADESBILD_PACK" not in told, "it is shown already"


def test_it_speaks_english(made_up: Path) -> None:
    at = launch("insatser", insats="jobbsatsning", ind="arbetslosa_20_64", sprak="en")
    assert "The area did not go the same way as the comparison area" in said(at)
