"""The geometry that is sent to browsers, the colours, and the map as a file."""

import json
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
import shapely

from omradesbild.pack import load
from omradesbild.publish import style
from omradesbild.publish.draw import draw_svg
from omradesbild.publish.picture import Legend, Picture, police_mark
from omradesbild.publish.shapes import MARGIN, WIDTH, shapes

ROOT = Path(__file__).resolve().parent.parent
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pack():
    return load(ROOT / "data")


@pytest.fixture(scope="module")
def drawn(pack):
    return shapes(pack)


@pytest.fixture(scope="module")
def picture(drawn):
    ids = [a.id for a in drawn.areas]
    values = {area: float(n % 40) for n, area in enumerate(ids)}
    legend = Legend(
        "01234",
        ("under 5", "5–9", "10–19", "20–29", "30 eller mer"),
        (0, 5, 10, 20, 30, 40),
        ("0", "5", "10", "20", "30", "40"),
    )
    return Picture(
        title="Arbetslösa, 2024",
        unit="procent",
        summary="Högst i A & B.",
        classes={area: legend.code(v) for area, v in values.items()},
        texts={area: f"{v:.0f} %" for area, v in values.items()},
        values=values,
        legend=legend,
        source="Källa: SCB",
        attribution="© OpenStreetMap contributors",
        city=(12.0, "12 %"),
    )


def polygon(d: str) -> shapely.Geometry:
    """Read a path back: ``M12 34l5-6 7 8z`` per ring, holes by the even-odd rule."""
    area = shapely.Polygon()
    for start, steps in re.findall(r"M([^l]*)l([^z]*)z", d):
        x, y = (int(n) for n in start.split())
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        corners = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            corners.append((x, y))
        area = area.symmetric_difference(shapely.make_valid(shapely.Polygon(corners)))
    return area


def test_every_area_has_its_surface_and_its_place(pack, drawn):
    known = {f["properties"]["id"]: f for f in pack.boundaries["features"]}
    assert [a.id for a in drawn.areas] == sorted(known)
    for area in drawn.areas:
        drawn_km2 = polygon(area.d).area / drawn.units_per_km**2
        assert drawn_km2 == pytest.approx(known[area.id]["properties"]["area_km2"], rel=0.02), area.name
        assert polygon(area.d).contains(shapely.Point(area.x, area.y)), area.name


def test_north_is_up_and_east_is_right(pack, drawn):
    place = {name: (x, y) for name, x, y in drawn.places}
    limhamn, oxie, harbour = place["Limhamn"], place["Oxie"], place["Västra hamnen"]
    assert limhamn[0] < oxie[0]
    assert harbour[1] < limhamn[1] < oxie[1]


def test_distances_are_right_in_both_directions(pack, drawn):
    """Limhamn and Oxie on the map, against the great-circle distance between them."""
    lonlat = {p.name: (math.radians(p.lon), math.radians(p.lat)) for p in pack.info.places}
    (lon1, lat1), (lon2, lat2) = lonlat["Limhamn"], lonlat["Oxie"]
    haversine = math.sin((lat2 - lat1) / 2) ** 2 + (
        math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    km = 2 * 6371.0088 * math.asin(math.sqrt(haversine))
    place = {name: (x, y) for name, x, y in drawn.places}
    assert math.dist(place["Limhamn"], place["Oxie"]) / drawn.units_per_km == pytest.approx(km, rel=0.003)
    assert drawn.scale_bar == pytest.approx(2 * drawn.units_per_km, abs=1)


@pytest.mark.parametrize(("km", "bar"), [(8, 1), (14, 2), (31, 5), (95, 10), (301, 50), (700, 100)])
def test_the_scale_bar_has_room_on_every_map(drawn, km, bar):
    wide = replace(drawn, units_per_km=drawn.width / km, height=20 * drawn.width)
    assert wide.bar_km == bar
    assert wide.scale_bar < drawn.width / 4


def test_everything_is_inside_the_frame(drawn):
    whole = shapely.box(0, 0, drawn.width, drawn.height)
    bounds = shapely.total_bounds([polygon(a.d) for a in drawn.areas])
    assert whole.contains(shapely.box(*bounds))
    assert bounds[0] == pytest.approx(MARGIN * WIDTH, abs=1)
    assert bounds[2] == pytest.approx(WIDTH * (1 - MARGIN), abs=1)


def test_an_outline_is_its_members_without_seams(pack, drawn):
    members = {a.id: a.d for a in drawn.areas}
    for area in (a for a in pack.areas.values() if a.members):
        outline = drawn.outlines[area.id]
        together = sum(polygon(members[m]).area for m in area.members)
        assert polygon(outline.d).area == pytest.approx(together, rel=0.001), area.name
    districts = [a.id for a in pack.areas.values() if a.id.startswith("sd-")]
    assert sum(drawn.outlines[i].d.count("M") for i in districts) < 40


def test_small_and_the_same_every_time(pack, drawn):
    body = drawn.to_json()
    assert body == shapes(pack).to_json()
    assert len(body) < 120_000
    assert len(brotli.compress(body)) < 40_000
    document = json.loads(body)
    assert len(document["ids"]) == len(document["paths"]) == len(document["points"]) == 91
    assert "." not in "".join(document["paths"])


def test_a_shape_is_found_on_every_level(drawn):
    assert drawn.shape(drawn.areas[3].id) is drawn.areas[3]
    assert drawn.shape("rosengard").name == "Rosengård"
    assert drawn.shape("1280") is None


def test_a_value_on_a_limit_belongs_to_the_class_above(picture):
    assert [picture.legend.code(v) for v in (-1, 0, 4.9, 5, 20, 39, 99)] == list("0001344")


def test_the_bar_is_proportional_but_no_class_is_too_narrow():
    legend = Legend("012", ("a", "b", "c"), (0, 50, 51, 100), ("0", "50", "51", "100"))
    widths = [b - a for a, b in zip(legend.edges, legend.edges[1:], strict=False)]
    assert widths == pytest.approx([0.5 / 1.11, 0.12 / 1.11, 0.49 / 1.11])
    assert legend.position(50) == pytest.approx(0.5 / 1.11)
    assert (legend.position(-3), legend.position(300)) == (0, pytest.approx(1))
    assert legend.position(None) is None


def test_one_single_value_stands_in_the_middle():
    legend = Legend("0", ("alla",), (7, 7), ("7", "7"))
    assert (legend.code(7), legend.position(7)) == ("0", 0.5)


def test_a_wrong_legend_says_what_is_wrong():
    with pytest.raises(ValueError, match="2 breaks and 2 ticks found; expected 3"):
        Legend("01", ("a", "b"), (0, 1), ("0", "1"))
    with pytest.raises(ValueError, match="1 labels found; expected one for each of '01'"):
        Legend("01", ("a",))
    with pytest.raises(ValueError, match="class characters {'x'} found"):
        Legend("x", ("a",))


def test_marks_stand_in_the_legend_only_when_they_are_on_the_map(drawn, picture):
    assert picture.keys(drawn) == []
    ids = [a.id for a in drawn.areas]
    fuller = replace(
        picture,
        classes={**picture.classes, ids[0]: ":", ids[1]: "-"},
        police={ids[2]: 0.3, ids[3]: 0.0},
        police_text="Polisens lista 2025",
    )
    codes, texts = zip(*fuller.keys(drawn), strict=True)
    assert codes == (":", "-", "p")
    assert texts[2] == "Polisens lista 2025: upp till hälften av området inom polisens gräns"


def test_shares_inside_the_police_border():
    assert [police_mark(share) for share in (0, 0.01, 0.5, 0.51, 1)] == ["", "p", "p", "P", "P"]


def test_an_area_that_is_left_out_is_not_reported(drawn, picture):
    assert replace(picture, classes={}).code(drawn.areas[0].id) == "-"


def test_the_file_says_everything_itself(drawn, picture):
    ids = [a.id for a in drawn.areas]
    tree = ET.fromstring(
        draw_svg(
            drawn,
            replace(
                picture,
                classes={**picture.classes, ids[0]: ":"},
                chosen=("rosengard", ids[5]),
                texts={**picture.texts, "rosengard": "17 %"},
                outlines=("sofielund",),
                initiatives={ids[7]: "3"},
            ),
        )
    )
    texts = [e.text for e in tree.iter(f"{SVG}text")]
    assert tree.get("role") == "img"
    assert tree.find(f"{SVG}title").text == "Arbetslösa, 2024"
    assert tree.find(f"{SVG}desc").text == "Högst i A & B."
    for expected in ("procent", "Källa: SCB", "© OpenStreetMap contributors", "Staden: 12 %", "3", "2 km"):
        assert expected in texts
    assert "Rosengård: 17 %" in texts
    assert "skyddad uppgift" in texts
    assert "uppgift saknas" not in texts
    fills = [p.get("fill") for p in tree.iter(f"{SVG}path") if p.get("d") in {a.d for a in drawn.areas}]
    assert fills[0] == "url(#karta-suppressed)"
    assert fills[1:91] == [style.LEVELS[picture.classes[i]] for i in ids[1:]]
    paths = {p.get("d"): p.get("stroke") for p in tree.iter(f"{SVG}path") if p.get("fill") == "none"}
    assert paths[drawn.outlines["rosengard"].d] == style.AREAS[0]


def test_made_up_figures_are_marked_all_over_the_file(drawn, picture):
    plain, marked = draw_svg(drawn, picture), draw_svg(drawn, replace(picture, demonstration=True))
    assert 'fill="url(#karta-demo)"' not in plain
    assert 'fill="url(#karta-demo)"' in marked
    assert "Påhittade siffror" in marked


def test_deviations_are_explained_by_name(drawn, picture):
    names = ("klart sämre", "sämre", "ingen klar skillnad", "bättre", "klart bättre")
    legend = Legend("ABCDE", names)
    svg = draw_svg(drawn, replace(picture, legend=legend, classes={a.id: "A" for a in drawn.areas}))
    assert all(f">{name}<" in svg for name in names)


def test_borders_and_texts_have_enough_contrast():
    for code, fill in style.CLASSES.items():
        assert style.contrast(fill, style.border(code)) >= 3, code
    for colour in (style.TEXT, style.SECONDARY, style.HINT, style.ACCENT, *style.AREAS):
        assert style.contrast(colour, style.GROUND) >= 4.5, colour
    for colour in (style.TEXT_DARK, *style.AREAS_DARK):
        assert style.contrast(colour, style.GROUND_DARK) >= 4.5, colour
    assert style.contrast("#000000", "#FFFFFF") == 21


def test_the_stylesheet_repeats_the_same_colours():
    css = (ROOT / "components/map/map.css").read_text()
    for code, fill in style.CLASSES.items():
        border = "; stroke: #FFFFFF" if code in style.DARK_CLASSES else ""
        assert f".c{code} {{ fill: {fill}{border}; }}" in css
        assert f".bar .c{code} {{ background: {fill}; }}" in css
    for n, (light, dark) in enumerate(zip(style.AREAS, style.AREAS_DARK, strict=True)):
        assert f"--a{n}: light-dark({light}, {dark});" in css
    assert f"--water: light-dark({style.WATER}, {style.WATER_DARK});" in css
    assert f"stroke: {style.BORDER}; stroke-width: 1;" in css
