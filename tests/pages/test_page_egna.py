"""Egna områden: made by hand, by points, from files and from what was saved; on every page like any other area."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from launch import go, healthy, html, launch, maps, observations, tables
from streamlit.testing.v1 import AppTest

from components import engine as held
from omradesbild import drafts, own

TWO = ("1280R049", "1280R050")
EGNA = "1~Mitt kvarter~1280R049.1280R050"
CUT = "1~Kapat~1280R049.1280R050:250"
PER_CENT = "\u00a0%"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path))
    return tmp_path


def number(indicator: str, period: str, column: str, shares: dict[str, float]) -> float:
    rows = observations(indicator)
    return sum(share * float(rows[area, period][column]) for area, share in shares.items())


def per_cent(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") + PER_CENT


def way(at: AppTest, chosen: str) -> AppTest:
    return healthy(at.segmented_control(key="val_egna_satt").set_value(chosen).run())


def lead(at: AppTest) -> str:
    return " ".join(body for body in html(at) if "ob-lead" in body)


def test_an_area_is_put_together_from_the_list_and_stands_in_the_link() -> None:
    at = launch("egna")
    assert at.info[0].value.startswith("Inget är valt")
    at = healthy(at.multiselect(key="val_egna_delar_1").set_value(list(TWO)).run())
    assert at.query_params["egna"] == "1~Eget område 1~1280R049.1280R050"
    at = healthy(at.text_input(key="val_egna_namn_1").set_value("Mitt <b>kvarter</b>").run())
    assert at.query_params["egna"] == "1~Mitt bkvarter/b~1280R049.1280R050"
    people = number("folkmangd", "2025", "value", dict.fromkeys(TWO, 1.0))
    assert f"{people:,.0f} invånare (2025)".replace(",", "\u202f") in lead(at)
    assert [row[1:] for row in tables(at)["Består av"].rows] == [["1280R049", "hela"], ["1280R050", "hela"]]
    classes = maps(at)[0]["classes"]
    assert (classes.count("4"), classes.count("1"), classes.count("C")) == (2, 0, 89)


def test_a_new_session_shows_the_same_figures_from_the_link() -> None:
    for page in ("omrade", "jamfor"):
        at = launch(page, egna=EGNA, omr="eget-1")
        table = tables(at)["Nyckeltal för Mitt kvarter" if page == "omrade" else "Arbete"]
        row = table.row("Arbetslösa, 16–64 år")
        people, of = (number("arbetslosa_16_64", "2022", c, dict.fromkeys(TWO, 1.0)) for c in ("numerator", "denominator"))
        shown = row["Värde"] if page == "omrade" else row["Mitt kvarter"].split("\n")[0]
        assert shown == per_cent(100 * people / of) == "10,6" + PER_CENT
        assert list(at.warning) == []
        assert at.query_params["egna"] == EGNA


def test_a_cut_area_is_marked_as_an_estimate_and_the_page_says_why() -> None:
    at = launch("omrade", egna=CUT, omr="eget-1")
    row = tables(at)["Nyckeltal för Kapat"].row("Arbetslösa, 16–64 år")
    shares = {TWO[0]: 1.0, TWO[1]: 0.25}
    people, of = (number("arbetslosa_16_64", "2022", c, shares) for c in ("numerator", "denominator"))
    assert row["Värde"] == per_cent(100 * people / of)
    assert row["Märkning"] == "e g" and "inte prövat" in row["Jämfört med staden"]
    assert "25\u00a0%" in lead(at) and "markyta" in lead(at)
    at = go(at, "egna", egna=CUT)
    assert "Uppskattningsvis" in lead(at)
    assert maps(at)[0]["classes"].count("1") == 1


def test_a_hidden_figure_stays_hidden_in_an_own_area() -> None:
    areas = json.loads((Path(__file__).resolve().parents[2] / "data/boundaries/regso_2025_1280.geojson").read_text())
    ids = {f["properties"]["name"]: f["properties"]["id"] for f in areas["features"]}
    hidden = ids["Vintrie-Skumparp"]
    at = launch("jamfor", egna=f"1~Med Vintrie~{hidden}.1280R049", omr="eget-1.1280R049")
    row = tables(at)["Arbete"].row("Arbetslösa, 16–64 år")
    assert row["Med Vintrie"].split("\n")[0] == ".."
    assert tables(at)["Befolkning"].row("Folkmängd")["Med Vintrie"].split("\n")[0].split()[0][0].isdigit()


def test_a_choice_that_is_an_everyday_area_has_its_figures() -> None:
    mollan = launch("omrade", omr="mollan")
    at = launch("omrade", omr="eget-2", egna="2~Samma~1280R049.1280R050.1280R051.1280R052")
    ours, theirs = tables(at)["Nyckeltal för Samma"], tables(mollan)["Nyckeltal för Möllan"]
    assert ours.rows == theirs.rows
    assert "samma som Möllan" in lead(go(at, "egna", egna="2~Samma~1280R049.1280R050.1280R051.1280R052"))


def test_points_may_be_written() -> None:
    at = way(launch("egna"), "rita")
    at.text_area(key="own_points").set_value("13,00 55,59\n13,02 55,59\n13,02 55,60\n13,00 55,60")
    at = healthy(at.button(key="own_points_use").click().run())
    egna = at.query_params["egna"]
    assert egna.startswith("1~Eget område 1~1280R") and ":" in egna
    at.text_area(key="own_points").set_value("13,00 55,59\nhej")
    at = healthy(at.button(key="own_points_use").click().run())
    assert at.error[0].value.startswith("”hej” är ingen punkt")
    at.text_area(key="own_points").set_value("18 59\n18 60\n19 60")
    at = healthy(at.button(key="own_points_use").click().run())
    assert at.error[0].value.startswith("Ytan ligger utanför")


def test_an_area_is_saved_opened_and_deleted(kept: Path) -> None:
    at = launch("egna", egna=CUT)
    at = healthy(at.button(key="own_save").click().run())
    assert at.success[0].value.startswith("”Kapat” är sparat")
    assert drafts.read("omraden", "Kapat") == {"egna": CUT, "granser": "RegSO-2025"}
    at = healthy(at.button(key="own_save").click().run())
    assert "finns redan" in at.error[0].value
    other = way(launch("egna"), "sparat")
    other = healthy(other.button(key="own_saved_open").click().run())
    assert other.query_params["egna"] == CUT
    other = healthy(other.button(key="own_saved_remove").click().run())
    assert drafts.names("omraden") == []
    assert any(i.value == "Inget är sparat än." for i in other.info)


def test_a_saved_area_that_no_longer_fits_is_refused() -> None:
    drafts.save("omraden", "Gammalt", {"egna": "1~Gammalt~1280R999"})
    drafts.save("omraden", "Trasigt", {"egna": ["x"]})
    at = way(launch("egna"), "sparat")
    for name in ("Gammalt", "Trasigt"):
        at.selectbox(key="own_saved").set_value(name)
        at = healthy(at.button(key="own_saved_open").click().run())
        assert at.error[0].value.startswith("Det sparade området går inte att öppna")
    assert "egna" not in at.query_params


def test_nothing_is_saved_where_nothing_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", "")
    at = launch("egna", egna=EGNA)
    assert not [b for b in at.button if b.key == "own_save"]
    assert way(at, "sparat").info[0].value.startswith("Här kan inget sparas")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "kod;namn\n1280R049;x\n1280R050;y\n", "1280R049.1280R050"),
        ("x.txt", "Möllan\n", "1280R049.1280R050.1280R051.1280R052"),
        ("x.geojson", json.dumps({"type": "FeatureCollection", "egna": CUT, "features": []}), "1280R049.1280R050:250"),
    ],
)
def test_a_file_makes_an_area(name: str, content: str, said: str) -> None:
    at = way(launch("egna"), "fil")
    at = healthy(at.file_uploader(key="own_file").set_value((name, content.encode(), "text/plain")).run())
    at = healthy(at.button(key="own_file_use").click().run())
    assert at.query_params["egna"].split("~")[2] == said


def test_a_file_that_cannot_be_read_says_what_to_do() -> None:
    at = way(launch("egna"), "fil")
    at = healthy(at.file_uploader(key="own_file").set_value(("x.geojson", b"{", "text/plain")).run())
    assert at.error[0].value == "Filen går inte att läsa som GeoJSON. Spara den på nytt i ett kartprogram."


def test_removing_an_area_takes_it_from_the_view() -> None:
    at = launch("egna", egna=f"{EGNA}!2~Annat~1280R001", omr="eget-1.mollan")
    at = healthy(at.button(key="own_remove").click().run())
    assert at.query_params["egna"] == "2~Annat~1280R001" and at.query_params["omr"] == "mollan"


def test_own_areas_stay_when_a_link_within_the_app_leaves_them_out() -> None:
    at = go(launch("egna", egna=EGNA), "omrade", omr="mollan")
    assert at.query_params["egna"] == EGNA
    assert "egna" not in launch("omrade", omr="mollan").query_params


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "x" * 10_000, "\u202e\u2067gnal\u202d", "![x](https://ond.example/x.png)", "=1+1|'A"]
)
def test_a_hostile_name_is_harmless_on_every_page(name: str) -> None:
    at = launch("egna", egna=f"1~{name}~1280R049.1280R050", omr="eget-1")
    for page in ("egna", "omrade", "jamfor", "trender", "karta"):
        at = go(at, page, egna=f"1~{name}~1280R049.1280R050", omr="eget-1")
        texts = [*html(at), *(m.value for m in at.markdown), *(x.value for x in at.title), *(x.value for x in at.header)]
        joined = " ".join(texts)
        assert "<script>alert" not in joined and "](http" not in joined and "x" * 61 not in joined
        assert not set(joined) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_the_page_in_english() -> None:
    at = launch("egna", egna=CUT, sprak="en")
    assert at.title[0].value == "Own areas" and "An estimated" in lead(at)


def test_a_download_has_own_areas_on_whatever_thread_it_is_made() -> None:
    area = own.make(1, "Mitt", dict.fromkeys(TWO, 1.0), held.common().pack)
    try:
        held.use_own((area,))
        later = held.for_later(lambda: held.engine().statements.latest_of("eget-1", "folkmangd").value)
    finally:
        held.use_own(())
    assert held.engine().statements.latest_of("eget-1", "folkmangd") is None
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(later).result() == number("folkmangd", "2025", "value", dict.fromkeys(TWO, 1.0))


def test_readers_do_not_see_one_anothers_areas() -> None:
    one, other = launch("egna", egna=EGNA), launch("jamfor", egna="1~Annat~1280R001")
    assert [o for o in other.multiselect[0].options if "eget område" in o] == ["Annat (eget område 1)"]
    assert "Mitt kvarter" in lead(one) or one.header[0].value == "Mitt kvarter"
    assert [o for o in launch("jamfor").multiselect[0].options if "eget område" in o] == []
