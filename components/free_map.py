"""The map that moves freely, drawn by deck.gl through pydeck; the browser loads it only when asked for.

Colours show shares or levels, circles show how many people that is. The borders are fetched once by HTTP;
a change sends an expression that tells deck.gl which areas have which colour, and a circle per area.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from functools import lru_cache

import shapely
import streamlit as st

from components.assets import publish_blob
from components.engine import Engine, engine
from components.state import lang
from components.tables import markup
from omradesbild import words
from omradesbild.model import Indicator, Kind
from omradesbild.publish import style
from omradesbild.publish.choropleth import picture
from omradesbild.publish.picture import Picture
from omradesbild.words import t

LARGEST = 420  # metres: the circle of the area with the most people
CIRCLE = [200, 70, 0, 190]
HEIGHT, WORLD = 560, 512  # pixels: of the map, and of the whole world at zoom 0
CROWD = 500  # more areas than this have finer borders and smaller circles, so that their colours are seen
NEAREST, OUT = 10.6, 1.6  # the zoom of a city's map when it opens, and how far out of it a reader can go


def show(indicator: Indicator, period: str, group: str, *, key: str, **layers: object) -> None:
    """Draw an indicator on a map that can be moved and zoomed without limit.

    `layers` are those of `omradesbild.publish.choropleth.picture`.
    """
    import pydeck

    loaded = engine()
    drawn = picture(loaded.statements, indicator, period, group, lang=lang(), **layers)
    points = label_points(loaded)
    crowded = len(points) > CROWD
    areas = pydeck.Layer(
        "GeoJsonLayer",
        id="areas",
        data=borders(loaded),
        get_fill_color=colour_expression(drawn, list(points)),
        get_line_color=[65, 74, 83],
        get_line_width=outline_expression(drawn, list(points)),
        line_width_min_pixels=0.25 if crowded else 1,
    )
    circles = pydeck.Layer(
        "ScatterplotLayer",
        id="circles",
        data=circle_data(loaded, drawn, indicator, period, group),
        get_position="[x, y]",
        get_radius="r",
        get_fill_color=CIRCLE,
        stroked=True,
        get_line_color=[255, 255, 255],
        line_width_min_pixels=0 if crowded else 1,
        radius_min_pixels=1 if crowded else 3,
        pickable=True,
    )
    marks = [mark_layer(list(points.values()))] if drawn.demonstration else []
    deck = pydeck.Deck(
        layers=[areas, circles, *marks],
        initial_view_state=pydeck.ViewState(**_start(points.values())),
        map_provider=None,
        tooltip={"text": "{name}\n{said}"},
    )
    st.pydeck_chart(deck, height=HEIGHT, key=key, alt=drawn.summary)
    st.html(legend(drawn, has_circles=indicator.kind in (Kind.SHARE, Kind.RATE, Kind.COUNT)))


def _start(points: Collection[tuple[float, float]]) -> dict[str, float]:
    """Return where the map is when it opens: so near that all areas are seen, but no nearer than suits a city."""
    (west, east), (south, north) = ((min(at), max(at)) for at in zip(*points, strict=True))
    low, high = (math.asinh(math.tan(math.radians(latitude))) for latitude in (south, north))  # Mercator's, of which 2 π is the world
    zoom = min(NEAREST, math.log2(HEIGHT / WORLD * 2 * math.pi / (high - low))) if high > low else NEAREST
    latitude = math.degrees(math.atan(math.sinh((low + high) / 2)))
    longitude = (west + east) / 2
    return {"longitude": longitude, "latitude": latitude, "zoom": zoom, "min_zoom": zoom - OUT, "max_zoom": 16}


def borders(loaded: Engine) -> str:
    """Publish the pack's borders, each with its number ``n`` in the order of the areas; return the address."""
    return publish_blob("granser.json", _borders(loaded.shapes_url), "application/json")


@lru_cache(maxsize=4)
def _borders(_shapes: str) -> bytes:
    features = engine().pack.boundaries["features"]
    order = {area: n for n, area in enumerate(label_points(engine()))}
    numbered = [
        {"type": "Feature", "geometry": f["geometry"], "properties": {"n": order[f["properties"]["id"]]}}
        for f in features
    ]
    document = {"type": "FeatureCollection", "features": numbered}
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def label_points(loaded: Engine) -> dict[str, tuple[float, float]]:
    """Return a point inside each base area, as longitude and latitude, by id."""
    return _label_points(loaded.shapes_url)


@lru_cache(maxsize=4)
def _label_points(_shapes: str) -> dict[str, tuple[float, float]]:
    found = {}
    for feature in engine().pack.boundaries["features"]:
        point = shapely.from_geojson(json.dumps(feature["geometry"])).representative_point()
        found[feature["properties"]["id"]] = (round(point.x, 5), round(point.y, 5))
    return found


def colour_expression(drawn: Picture, ids: list[str]) -> str:
    """Write the areas' colours as an expression over a feature's number, the form that deck.gl evaluates.

    Examples
    --------
    A map of three areas where the first and third share a class:
    ``(properties.n==0||properties.n==2)?[227,241,213]:[255,255,255]``.
    """
    members: dict[str, list[int]] = {}
    for n, id_ in enumerate(ids):
        members.setdefault(drawn.code(id_), []).append(n)
    rest = "[255,255,255]"
    for code, numbers in members.items():
        fill = style.CLASSES.get(code) or style.SPECIAL_GROUND[code]
        rgb = ",".join(str(int(fill[i : i + 2], 16)) for i in (1, 3, 5))
        tests = "||".join(f"properties.n=={n}" for n in numbers)
        rest = f"({tests})?[{rgb}]:{rest}"
    return rest


def outline_expression(drawn: Picture, ids: list[str]) -> str:
    """Write the width of the areas' borders, in metres: wide around those that are chosen."""
    chosen = [f"properties.n=={n}" for n, id_ in enumerate(ids) if id_ in drawn.chosen]
    return f"({'||'.join(chosen)})?70:8" if chosen else "8"


def mark_layer(points: list[tuple[float, float]]):
    """Return a layer that writes all over the map that its figures are made up."""
    import pydeck

    mark = t("demo.mark", lang())
    every_fifth = [{"x": x, "y": y, "mark": mark} for x, y in points[::5]]
    return pydeck.Layer(
        "TextLayer",
        id="demo",
        data=every_fifth,
        get_position="[x, y]",
        get_text="mark",
        get_size=18,
        get_angle=24,
        get_color=[74, 80, 88, 150],
        character_set=sorted(set(mark)),
    )


def circle_data(loaded: Engine, drawn: Picture, indicator: Indicator, period: str, group: str) -> list[dict]:
    """Return a circle for each area with a count: its surface is proportional to the number of people."""
    counts = {}
    for id_ in label_points(loaded):
        s = loaded.statements.get(id_, indicator.id, period, group)
        if s is not None and s.value is not None and indicator.kind in (Kind.SHARE, Kind.RATE, Kind.COUNT):
            counts[id_] = s.value if indicator.kind is Kind.COUNT else s.numerator
    counts = {id_: count for id_, count in counts.items() if count is not None}
    most = max(counts.values(), default=0) or 1
    return [
        {
            "x": label_points(loaded)[id_][0],
            "y": label_points(loaded)[id_][1],
            "r": round(LARGEST * math.sqrt(count / most), 1),
            "name": loaded.pack.areas[id_].name,
            "said": f"{words.count(count, lang())} ({drawn.texts[id_]})",
        }
        for id_, count in counts.items()
    ]


def legend(drawn: Picture, *, has_circles: bool) -> str:
    """Explain the colours and circles in words, with a patch of each colour, source and attribution."""
    patches = "".join(
        f'<li><span class="ob-patch" style="background:{style.CLASSES[code]}"></span>{markup(label)}</li>'
        for code, label in zip(drawn.legend.codes, drawn.legend.labels, strict=True)
    )
    lines = [t("map.circles", lang())] if has_circles else []
    lines += [t("map.free_help", lang()), drawn.source, drawn.attribution]
    notes = "".join(f'<p class="ob-note">{markup(line)}</p>' for line in lines)
    return f'<p class="ob-unit">{markup(drawn.title)}, {markup(drawn.unit)}</p><ul class="ob-legend">{patches}</ul>{notes}'
