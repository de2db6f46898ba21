"""Maps of the edition: drawn once as light inline SVG whose colours lie in the stylesheet."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from omradesbild.analyse.statements import Statements
from omradesbild.publish import style
from omradesbild.publish.figures import metrics
from omradesbild.publish.figures.sheet import safe
from omradesbild.publish.picture import Picture
from omradesbild.publish.shapes import WIDTH, Shape, Shapes, small
from omradesbild.publish.site.web import Place
from omradesbild.words import t

#: Units across the little map, and the number of basic areas above which it shows the city's border alone.
LOCATOR, MOST = 320, 400
#: How high the letters of names are on a telephone, in units of the map, as in the stylesheet.
LETTERS = 168
#: Class characters as names of CSS classes.
NAMES = {**{c: f"k{c}" for c in style.CLASSES}, "-": "k-missing", ":": "k-suppressed", "s": "k-small", ".": "k-missing"}


def city_map(shapes: Shapes, picture: Picture, place: Place, id_: str = "map") -> str:
    """Draw a map of the basic areas, in the order of `shapes`, with its legend below.

    Each area leads to its page and says its figure; by keyboard the lists of the page lead there, until a script lets
    the arrows walk the map. The script may also colour it anew.
    """
    lang = picture.lang
    paths = "".join(_linked(a, picture, place) for a in shapes.areas)
    width, height = WIDTH, round(shapes.part * shapes.height)
    smaller = f' transform="scale({shapes.part:g})"' if shapes.part < 1 else ""
    made_up = f'<text class=mark x="{width // 2}" y="{height // 2}">{t("demo.mark", lang)}</text>'
    return (
        f'<svg id={id_} class=map viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role=group aria-labelledby="{id_}-t {id_}-d">'
        f"<title id={id_}-t>{safe(picture.title)}</title><desc id={id_}-d>{safe(picture.summary)}</desc>"
        f"{_PATTERNS}<g{smaller}>{paths}</g>{_names(shapes)}{made_up if picture.demonstration else ''}</svg>"
        f"{legend(shapes, picture)}"
    )


def _names(shapes: Shapes) -> str:
    """Write the names of places; one that would lie on another on a telephone is left out there by the stylesheet."""
    placed: list[tuple[float, float, float]] = []
    texts = []
    for name, x, y in ((name, round(shapes.part * x), round(shapes.part * y)) for name, x, y in shapes.places):
        half = metrics.width(name, LETTERS, True) / 2
        room = not any(abs(x - u) < half + other and abs(y - v) < LETTERS for u, v, other in placed)
        texts.append(f'<text x="{x}" y="{y}"{"" if room else " class=crowded"}>{safe(name)}</text>')
        placed += [(x, y, half)] if room else []
    return "".join(texts)


def _linked(shape: Shape, picture: Picture, place: Place) -> str:
    text = safe(f"{shape.name}: {picture.texts.get(shape.id) or '–'}")
    return (
        f'<a href="{escape(place.to(f"omrade/{shape.id}"))}" tabindex=-1><title>{text}</title>'
        f'<path class={NAMES[picture.code(shape.id)]} d="{shape.d}"/></a>'
    )


_PATTERNS = (
    '<defs><pattern id=hatch width=32 height=32 patternUnits=userSpaceOnUse><path class=ground d="M0 0h32v32H0z"/>'
    '<path class=ink d="M-8 8L8-8M0 32L32 0M24 40L40 24"/></pattern>'
    '<pattern id=dots width=24 height=24 patternUnits=userSpaceOnUse><path class=k-small d="M0 0h24v24H0z"/>'
    "<circle class=dot cx=12 cy=12 r=4 /></pattern></defs>"
)


def legend(shapes: Shapes, picture: Picture) -> str:
    """Say what the colours mean, each in words."""
    present = {picture.code(a.id) for a in shapes.areas}
    items = list(zip(picture.legend.codes, picture.legend.labels, strict=True))
    keys = [*items, *(k for k in picture.keys(shapes) if k[0] in style.SPECIAL and k[0] in present)]
    rows = "".join(f"<li{_apart(code)}>{swatch(code)}{escape(text)}</li>" for code, text in keys)
    return f'<ul class=legend aria-label="{t("areamap.legend", picture.lang)}">{rows}</ul>'


def _apart(code: str) -> str:
    """Set what is not a class of values apart from those that are."""
    return " class=key" if NAMES[code].startswith("k-") else ""


def swatch(code: str) -> str:
    """Draw the colour of a class."""
    return (
        '<svg class=swatch viewBox="0 0 96 64" width=24 height=16 preserveAspectRatio=none aria-hidden=true>'
        f'<path class={NAMES[code]} d="M0 0h96v64H0z"/></svg>'
    )


@lru_cache(maxsize=4)
def small_shapes(statements: Statements) -> tuple[str, int, dict[str, str]]:
    """Return the city and all areas as `shapes.small` draws them, once for all pictures."""
    return small(statements.pack, LOCATOR, MOST)


def locator(statements: Statements, area: str, title: str, alt: str) -> str:
    """Draw where an area lies: the city lightly, the area dark; the city itself is dark all over."""
    ground, height, each = small_shapes(statements)
    dark = f'<path class=here d="{each.get(area, ground)}"/>'
    return (
        f'<svg class=locator viewBox="0 0 {LOCATOR} {height}" width="{LOCATOR}" height="{height}" role=img '
        f'aria-labelledby="where-t where-d"><title id=where-t>{safe(title)}</title><desc id=where-d>{safe(alt)}</desc>'
        f'<path class=city d="{ground}"/>{dark}</svg>'
    )


def small_picture(statements: Statements, area: str) -> str:
    """Draw where an area lies as a picture of its own, with its colours."""
    ground, height, each = small_shapes(statements)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LOCATOR} {height}" fill-rule="evenodd">'
        f'<path d="{ground}" fill="{style.WATER}" stroke="{style.SECONDARY}" stroke-width=".6"/>'
        f'<path d="{each.get(area, ground)}" fill="{style.ACCENT}"/></svg>'
    )
