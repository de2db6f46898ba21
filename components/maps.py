"""The area map: a page component that draws our own SVG.

The geometry (`omradesbild.publish.shapes`) is fetched once by each browser; every change sends only what
`payload` returns, a few kilobytes.
"""

from pathlib import Path

from components.assets import component, publish_blob
from omradesbild.publish.picture import Picture, police_mark
from omradesbild.publish.shapes import Shapes
from omradesbild.words import number, t

FOLDER = Path(__file__).parent / "map"
WORDS = ("help", "zoom_in", "zoom_out", "whole", "left", "right", "up", "down")
WORDS += ("loading", "failed", "picked", "city", "dots", "made_up")
DRAW_WORDS = ("draw", "close", "undo", "clear", "point", "closed")
MOST_POINTS = 500

_TRIGGERS = {"on_picked_change": lambda: None, "on_drawn_change": lambda: None}
_mount = component("karta", js=FOLDER / "map.js", css=FOLDER / "map.css")


def publish(shapes: Shapes) -> str:
    """Put the geometry where browsers can fetch it and return its address, which follows its content."""
    return publish_blob("karta.json", shapes.to_json(), "application/json")


def area_map(key: str, picture: Picture, *, shapes: Shapes, url: str, compact: bool = False) -> str | None:
    """Draw a map and return the base area that the reader has just chosen on it.

    Parameters
    ----------
    key : str
        Unique on the page. Zoom and focus live as long as the key.
    picture : Picture
        What the map shows.
    shapes : Shapes
        The geometry, for the order of areas.
    url : str
        Where the browser fetches it, from `publish`.
    compact : bool
        A small map without legend, buttons and names.

    Returns
    -------
    str or None
        An area id in the one run that follows a click or Enter; None in all others.
    """
    picked = _mount(key=key, data=payload(picture, shapes, url, compact=compact), **_TRIGGERS).picked
    return picked if any(a.id == picked for a in shapes.areas) else None


def drawing_map(key: str, picture: Picture, *, shapes: Shapes, url: str) -> list[tuple[float, float]] | None:
    """Draw a map on which the reader draws a ring; arguments as for `area_map`.

    Returns
    -------
    list of (longitude, latitude) or None
        The ring's points in the one run that follows its closing; None in all others.
    """
    draw = {
        "origin": shapes.origin,
        "step": shapes.step,
        "words": {word: t(f"areamap.{word}", picture.lang) for word in DRAW_WORDS},
    }
    drawn = _mount(key=key, data=payload(picture, shapes, url) | {"draw": draw}, **_TRIGGERS).drawn
    return points(drawn)


def points(drawn: object) -> list[tuple[float, float]] | None:
    """Return what a browser sent as points; None where it is anything else."""
    if not isinstance(drawn, list) or not 0 < len(drawn) <= MOST_POINTS:
        return None
    pairs = [p for p in drawn if isinstance(p, list) and len(p) == 2 and all(isinstance(x, int | float) for x in p)]
    return [(float(x), float(y)) for x, y in pairs] if len(pairs) == len(drawn) else None


def payload(picture: Picture, shapes: Shapes, url: str, *, compact: bool = False) -> dict:
    """Return what is sent to the browser on every change; base areas are in the order of `shapes`.

    Positions on the legend's bar are whole thousandths; −1 where there is none.
    """
    ids = [a.id for a in shapes.areas]
    lang, points = picture.lang, picture.points
    return {
        "url": url,
        "compact": compact,
        "demo": picture.demonstration,
        "title": picture.title,
        "unit": picture.unit,
        "summary": picture.summary,
        "classes": "".join(map(picture.code, ids)),
        "values": [picture.texts.get(i, "") for i in ids],
        "remarks": [picture.remarks.get(i, "") for i in ids],
        "chosen": [_chosen(picture, shapes, i) for i in picture.chosen],
        "outlines": list(picture.outlines),
        "police": "".join(police_mark(picture.police.get(i, 0)) or " " for i in ids).rstrip(),
        "initiatives": [[n, points[i]] for n, i in enumerate(ids) if i in points],
        "legend": _legend(picture, shapes),
        "source": picture.source,
        "attribution": picture.attribution,
        "words": {word: t(f"areamap.{word}", lang) for word in WORDS}
        | {
            "km": t("areamap.km", lang, km=shapes.bar_km),
            "km_short": t("areamap.km", lang, km=number(shapes.bar_km / 4, 1 if shapes.bar_km < 4 else 0, lang)),
        },
    }


def _chosen(picture: Picture, shapes: Shapes, area_id: str) -> dict:
    shape = shapes.shape(area_id)
    own = {"shape": [shape.name, shape.d, shape.x, shape.y]} if area_id in shapes.own else {}
    return own | {
        "id": area_id,
        "name": shape.name if shape else area_id,
        "text": picture.texts.get(area_id, ""),
        "position": _thousandths(picture.legend.position(picture.values.get(area_id))),
    }


def _legend(picture: Picture, shapes: Shapes) -> dict:
    legend = picture.legend
    city = None
    if picture.city:
        city = [_thousandths(legend.position(picture.city[0])), picture.city[1]]
    common = {"keys": picture.keys(shapes), "city": city}
    if not legend.breaks:
        return common
    return common | {
        "codes": legend.codes,
        "edges": [_thousandths(edge) for edge in legend.edges],
        "ticks": list(legend.ticks),
        "dots": [_thousandths(legend.position(picture.values.get(a.id))) for a in shapes.areas],
        "label": f"{t('areamap.legend', picture.lang)}: {'; '.join(legend.labels)}",
    }


def _thousandths(position: float | None) -> int:
    return -1 if position is None else round(1000 * position)
