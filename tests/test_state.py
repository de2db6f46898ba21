"""From the link to the widgets and back: opening, choosing, going back, going to another page."""

from __future__ import annotations

import pytest
from launch import go, healthy, launch, maps
from streamlit.testing.v1 import AppTest

COMPLETE = {"v", "data", "granser", "ind", "per", "visa", "form", "slag", "karta", "efter", "rader", "sprak"}


def warnings(at: AppTest) -> list[str]:
    return [element.value for element in at.warning]


def back(at: AppTest, params: dict[str, str]) -> AppTest:
    """Press the browser's back button: the address becomes what it was and the page runs again."""
    at.query_params.clear()
    at.query_params.update(params)
    return healthy(at.run())


@pytest.fixture(scope="module")
def karta() -> AppTest:
    return launch("karta")


def test_the_first_visitor_gets_a_whole_link(karta: AppTest) -> None:
    assert set(karta.query_params) == COMPLETE
    assert karta.query_params["ind"] == "arbetslosa_16_64"
    assert karta.query_params["data"] == "2026-11-22"
    assert warnings(karta) == []


def test_a_link_sets_the_widgets() -> None:
    at = launch(
        "karta", ind="hyresratt", per="2020", visa="avvikelse", omr="1280R049", polis="2017", ytor="stadsdel"
    )
    chosen = {name: at.session_state[f"val_{name}"] for name in ("ind", "visa", "omr", "polis", "ytor")}
    assert chosen == {
        "ind": "hyresratt",
        "visa": "avvikelse",
        "omr": "1280R049",
        "polis": "2017",
        "ytor": "stadsdel",
    }
    assert maps(at)[0]["title"] == "Hyresrätter, 2020"


def test_a_choice_is_written_to_the_link_with_everything_else() -> None:
    at = launch("karta", ind="hyresratt", per="2021", omr="1280R049")
    healthy(at.selectbox(key="val_ytor").set_value("namngivet").run())
    params = dict(at.query_params)
    assert set(params) == COMPLETE | {"omr", "ytor"}
    assert (params["ind"], params["per"], params["omr"], params["ytor"]) == (
        "hyresratt",
        "2021",
        "1280R049",
        "namngivet",
    )


def test_choosing_a_measure_takes_its_newest_year() -> None:
    at = launch("karta", ind="hyresratt", per="2022")
    healthy(at.selectbox(key="val_ind").set_value("bostadsratt").run())
    assert (at.query_params["ind"], at.query_params["per"]) == ("bostadsratt", "2023")
    assert maps(at)[0]["title"] == "Bostadsrätter, 2023"


def test_the_back_button_restores_the_view_and_its_widgets() -> None:
    at = launch("karta", ind="hyresratt", per="2021")
    before = dict(at.query_params)
    healthy(at.selectbox(key="val_ind").set_value("folkmangd").run())
    assert maps(at)[0]["title"] == "Folkmängd, 2025"
    back(at, before)
    assert at.selectbox(key="val_ind").value == "hyresratt"
    assert maps(at)[0]["title"] == "Hyresrätter, 2021"
    assert dict(at.query_params) == before


def test_another_page_in_the_menu_keeps_the_view() -> None:
    at = launch("karta", ind="hyresratt", per="2021", omr="1280R049")
    go(at, "data")
    assert at.query_params["ind"] == "hyresratt"
    assert at.query_params["omr"] == "1280R049"
    assert at.title[0].value == "Data och källor"
    go(at, "karta")
    assert maps(at)[0]["title"] == "Hyresrätter, 2021"
    assert at.selectbox(key="val_omr").value == "1280R049"


def test_an_area_chosen_by_name_comes_to_those_that_are_shown() -> None:
    at = launch("jamfor", omr="1280R049")
    at.text_input(key="find_more").set_value("möllan")
    healthy(at.run())
    healthy(at.button(key="add_mollan").click().run())
    assert at.query_params["omr"] == "1280R049.mollan"
    assert at.multiselect(key="val_omrs").value == ["1280R049", "mollan"]


def test_a_new_link_in_an_open_session_starts_anew() -> None:
    at = launch("karta", ind="hyresratt", per="2021", ytor="stadsdel")
    back(at, {"ind": "folkmangd"})
    assert maps(at)[0]["title"] == "Folkmängd, 2025"
    assert "ytor" not in at.query_params


def test_what_a_link_cannot_give_is_told_once_and_not_after_a_choice_of_another_link() -> None:
    at = launch("karta", ind="lycka", omr="1280R049.1280R999", per="2022")
    assert "Måttet ”lycka” finns inte" in warnings(at)[0]
    assert "Området ”1280R999” finns inte" in warnings(at)[0]
    assert at.selectbox(key="val_omr").value == "1280R049"
    back(at, {"ind": "folkmangd"})
    assert warnings(at) == []


def test_a_parameter_that_comes_twice_counts_the_last_time() -> None:
    at = launch("karta", ind=["folkmangd", "hyresratt"], per=["1999", "2021"])
    assert warnings(at) == []
    assert maps(at)[0]["title"] == "Hyresrätter, 2021"


def test_what_stands_in_a_link_cannot_become_markup() -> None:
    found = "[Logga in](https://x.se) <b>www.x.se</b>\n\n# Rubrik"
    at = launch("karta", ind=found, omr="A" * 10_000 + ".\x00", **{f"x{n}": "1" for n in range(30)})
    said = warnings(at)[0]
    assert len(said) < 1_500
    assert r"\[Logga in\]\(https\:\/\/x\.se\)" in said and "\n\n" not in said
    assert "A" * 60 + "…" in said and "A" * 61 not in said
    assert said.count("\n- ") == 11


def test_the_link_to_the_other_language_holds_the_whole_view() -> None:
    at = launch("karta", ind="hyresratt", per="2021", omr="1280R049")
    link = next(e.proto.body for e in at.get("html") if "ob-language" in e.proto.body)
    assert "omr=1280R049&amp;ind=hyresratt&amp;per=2021" in link
    assert "sprak=en" in link and 'hreflang="en"' in link
