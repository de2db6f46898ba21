"""A country's kommuner have figures of their own, SCB's and Kolada's: collected over HTTP, said by the engine, shown by the app."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from launch import html, launch, tables
from served import ages
from servers.kolada import Kolada
from servers.local import Local
from servers.pxweb import PxWeb
from servers.wfs import Wfs
from test_pipeline import NEXT, areas, embedded, kolada, made_up, run  # noqa: F401 - a fixture

from components import engine as held
from omradesbild import cli, pack, words
from omradesbild.analyse import kommun, statements
from omradesbild.analyse.diff import diff
from omradesbild.analyse.statements import Caveat
from omradesbild.collect import pipeline

ONE, OTHER, UNKNOWN = "0114", "1280", "0180"
CODES = {place: [f"{place}R{n:03}" for n in range(1, 13)] for place in (ONE, OTHER)}
#: So many persons more than its areas together has the kommun in the newest year: what protects small counts moves them a little.
MORE = 3


def served(of_kolada: dict | None = None) -> Local:
    """Serve two kommuner of a dozen areas, with totals of their own, and Kolada's figures of them and of a third."""
    codes = [*CODES[ONE], *CODES[OTHER]]
    table = ages(made_up(codes))
    at = {name: {code: n for n, code in enumerate(found)} for name, found in table.dimensions.items()}
    for place in CODES:
        table.cells[at["Region"][place], at["Alder"]["totalt"], at["Kon"]["1+2"], 0, at["Tid"]["2024"]] += MORE
    borders = pd.concat([areas(place, CODES[place]) for place in CODES], ignore_index=True)
    borders.loc[12:, "geometry"] = gpd.GeoSeries(borders.geometry[12:]).translate(xoff=50_000)
    return Local(PxWeb(table), Wfs({"stat:RegSO_2025": borders}), Kolada(of_kolada or kolada(ONE, OTHER, UNKNOWN, first=2017)))


def people(place: str) -> int:
    """How many SCB's answer says live in a place in 2024."""
    return sum(2 * 17 * (40 + n) for n, code in enumerate([*CODES[ONE], *CODES[OTHER]]) if code.startswith(place))


@pytest.fixture
def country(embedded, tmp_path, client):  # noqa: F811
    """Collect the country from SCB and Kolada."""
    with served() as server:
        outcome = run(tmp_path / "land", client, server, kommun="all", names=("scb", "kolada"))
    assert "Används inte: 1 områden som paketet inte har, som 0180" in outcome.remarks
    return tmp_path / "land"


def show(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", str(root))
    for name, value in (("_engine", None), ("_stamp", None), ("_looked", 0.0)):
        monkeypatch.setattr(held, name, value)


def test_a_kommuns_own_figures_go_before_the_sum_of_its_areas_and_the_country_is_the_sum(country):
    made = pack.load(pack.resolve(str(country)))
    assert set(made.kommuner) == {ONE, OTHER} and set(made.areas) == {"00", *CODES[ONE], *CODES[OTHER]}
    said = statements.build(made)
    whole = said.get("00", "folkmangd", "2024")
    assert whole.value == people(ONE) + people(OTHER) and Caveat.SUM_OF_AREAS in whole.warnings
    for n, place in enumerate((ONE, OTHER)):
        alone = kommun.alone(said, place)
        mine = alone.get(place, "folkmangd", "2024")
        assert (mine.value, mine.source.id) == (people(place) + MORE, "scb-tab6574") and Caveat.SUM_OF_AREAS not in mine.warnings
        young = alone.get(place, "andel_0_19", "2024")
        assert (young.denominator, young.composed) == (people(place) + MORE, False)
        # where SCB has no figure of the kommun, Kolada's stands; and an area is never it
        assert alone.get(place, "folkmangd", "2018").source.id == "kolada-n01951"
        rate = alone.get(place, "arbetsloshet_kommun", "2023")
        assert rate.value == pytest.approx(1 + 1 + 2.3 + int(place) / 1e5, abs=0.0005) and rate.source.id == "kolada-n03937", n
        assert alone.levels("arbetsloshet_kommun") == ["kommun"]
    assert kommun.alone(said, ONE).get(ONE, "vrakningar", "2024").value is None, "withheld is not zero"
    assert kommun.alone(said, OTHER).get(OTHER, "vrakningar", "2024").value is not None
    # the kommun's own border has not moved, whatever those inside it have done
    series = kommun.alone(said, ONE).series(ONE, "arbetsloshet_kommun")
    assert [segment.periods for segment in series] == [[str(year) for year in range(2017, 2025)]]


def test_a_figure_that_a_kommun_lacks_itself_is_the_sum_of_its_areas(country):
    root = pack.resolve(str(country))
    path = root / "observations" / "befolkning.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{ONE},folkmangd,2024,,")), "utf-8")
    said = statements.build(pack.load(root))
    mine = kommun.alone(said, ONE).get(ONE, "folkmangd", "2024")
    assert mine.value == people(ONE) and Caveat.SUM_OF_AREAS in mine.warnings
    assert kommun.alone(said, OTHER).get(OTHER, "folkmangd", "2024").value == people(OTHER) + MORE


def test_a_kommun_whose_own_total_its_areas_do_not_fit_is_found_when_the_pack_is_checked(country):
    root = pack.resolve(str(country))
    path = root / "observations" / "befolkning.csv"
    own = f"{ONE},folkmangd,2024,,{people(ONE) + MORE},"
    assert own in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(own, f"{ONE},folkmangd,2024,,{people(ONE) * 2},"), "utf-8")
    report = pack.check(root)
    assert any(f.code == "total_wrong" and f"({ONE}, folkmangd, 2024" in f.found for f in report.findings), report.text()


def test_a_changed_figure_of_a_kommun_is_told_by_diff(country, tmp_path, client):
    before = pack.load(pack.resolve(str(country)))
    changed = kolada(ONE, OTHER, first=2017) | {("N03937", OTHER, 2023): 9.9}
    with served(changed) as server:
        run(country, client, server, kommun="all", names=("kolada",), now=NEXT)
    after = pack.load(pack.resolve(str(country)))
    changes = diff(statements.build(before), statements.build(after))
    row = changes.rows[(changes.rows["kind"] == "changed")].iloc[0]
    assert len(changes.rows[changes.rows["kind"] == "changed"]) == 1
    assert (row["area"], row["indicator"], row["period"], row["after"]) == (OTHER, "arbetsloshet_kommun", "2023", 9.9)
    assert np.isclose(row["before"], 4.3128, atol=0.001)


def test_the_app_shows_a_kommuns_own_figures_when_it_is_chosen(country, monkeypatch):
    show(country, monkeypatch)
    at = launch("karta", ind="andel_0_19", kommun=OTHER)
    (table,) = tables(at).values()
    of = list(table.row("Malmö").values())
    assert words.number(people(OTHER) + MORE, 0, "sv") in of
    # Kolada's figures are the kommun's alone; the country has none of them, and says so instead of failing
    at = launch("data", kommun=OTHER)
    assert any("N03937" in found for found in html(at))
    for place in ("", OTHER):
        launch("oversikt", **({"kommun": place} if place else {}))
        for page in ("karta", "trender"):
            at = launch(page, ind="arbetsloshet_kommun", **({"kommun": place} if place else {}))
            assert any("finns inte. I stället visas" in warning.value for warning in at.warning) == (not place), (page, place)


def test_the_command_asks_scb_and_kolada_for_the_whole_country_too(embedded, tmp_path, monkeypatch, capsys):  # noqa: F811
    asked = []

    def collect(names, *_more, **_named):
        asked.extend(names)
        return pipeline.Outcome("v", new=False)

    monkeypatch.setattr(pipeline, "collect", collect)
    assert cli.main(["collect", "--kommun", "all", "--out", str(tmp_path / "p")]) == 0
    assert asked == ["scb", "kolada"]
