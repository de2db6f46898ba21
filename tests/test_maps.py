"""What the map component sends to the browser."""

import json
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from streamlit.testing.v1 import AppTest

from components.maps import FOLDER, payload
from omradesbild.pack import load
from omradesbild.publish.picture import Legend, Picture
from omradesbild.publish.shapes import shapes

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def drawn():
    return shapes(load(ROOT / "data"))


@pytest.fixture
def picture(drawn):
    a, b, c, d = (area.id for area in drawn.areas[:4])
    return Picture(
        title="Arbetslösa, 2024",
        unit="procent",
        summary="Högst i norr.",
        classes={a: "0", b: "4", c: ":", d: "s"},
        texts={a: "2,0 %", b: "35,0 %", c: "..", d: "7,0 %", "rosengard": "20,0 %"},
        remarks={b: "högre än staden"},
        values={a: 2.0, b: 35.0, "rosengard": 20.0},
        legend=Legend("04", ("under 20", "20 eller mer"), (0, 20, 40), ("0", "20", "40")),
        source="Källa: SCB",
        attribution="SCB",
        city=(10.0, "10,0 %"),
        chosen=("rosengard", b),
        police={b: 0.8, d: 0.2},
        police_text="Polisens lista 2025",
        initiatives={d: "2"},
    )


def test_areas_are_sent_in_the_order_of_the_geometry(drawn, picture):
    sent = payload(picture, drawn, "geo/x.json")
    assert sent["classes"] == "04:s" + "-" * 87
    assert sent["values"][:5] == ["2,0 %", "35,0 %", "..", "7,0 %", ""]
    assert sent["remarks"][:2] == ["", "högre än staden"]
    assert sent["police"] == " P p"
    assert sent["initiatives"] == [[3, "2"]]


def test_the_legend_has_a_dot_per_value_and_a_marker_per_chosen_area(drawn, picture):
    sent = payload(picture, drawn, "geo/x.json")
    legend = sent["legend"]
    assert legend["edges"] == [0, 500, 1000]
    assert legend["dots"] == [50, 875] + [-1] * 89
    assert legend["city"] == [250, "10,0 %"]
    assert [(c["id"], c["name"], c["text"], c["position"]) for c in sent["chosen"]] == [
        ("rosengard", "Rosengård", "20,0 %", 500),
        (drawn.areas[1].id, drawn.areas[1].name, "35,0 %", 875),
    ]
    assert [code for code, _ in legend["keys"]] == ["s", ":", "-", "p", "P", "i"]


def test_classes_that_are_not_intervals_have_no_bar(drawn, picture):
    legend = payload(replace(picture, legend=Legend("AE", ("sämre", "bättre"))), drawn, "u")["legend"]
    assert "edges" not in legend
    assert legend["keys"][:2] == [("A", "sämre"), ("E", "bättre")]


def test_a_full_change_is_a_few_kilobytes(drawn, picture):
    everyone = {a.id: "123 456,7 kr" for a in drawn.areas}
    full = replace(picture, texts=everyone, remarks={a: "klart högre än staden" for a in everyone})
    assert len(json.dumps(payload(full, drawn, "geo/x.json"))) < 12_000


def test_the_words_follow_the_language(drawn, picture):
    assert payload(picture, drawn, "u")["words"]["km_short"] == "0,5 km"
    words = payload(replace(picture, lang="en"), drawn, "u")["words"]
    assert (words["km_short"], words["whole"]) == ("0.5 km", "Whole city")


def test_the_script_is_small():
    assert len(brotli.compress((FOLDER / "map.js").read_bytes())) < 12_000


def page():
    from pathlib import Path

    import streamlit as st

    from components import maps
    from omradesbild.pack import load
    from omradesbild.publish.picture import Legend, Picture
    from omradesbild.publish.shapes import shapes

    drawn = shapes(load(Path("data")))
    picture = Picture("Folkmängd", "personer", "", {}, {}, Legend("0", ("alla",)), "Källa", "SCB")
    for key, compact in (("stor", False), ("liten", True)):
        picked = maps.area_map(key, picture, shapes=drawn, url=maps.publish(drawn), compact=compact)
        st.write(f"{key}: {picked}")


def test_two_maps_on_a_page(monkeypatch):
    monkeypatch.chdir(ROOT)
    at = AppTest.from_function(page, default_timeout=120).run()
    assert not at.exception
    sent = [json.loads(m.proto.json) for m in at.get("bidi_component")]
    assert [s["compact"] for s in sent] == [False, True]
    assert {s["title"] for s in sent} == {"Folkmängd"}
    assert sent[0]["url"].startswith("geo/karta.")
    assert [m.value for m in at.markdown] == ["stor: None", "liten: None"]
