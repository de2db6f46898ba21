"""A map as a file of its own: for download, for paper and for the public edition."""

from __future__ import annotations

import textwrap

from omradesbild.publish import style
from omradesbild.publish.figures.sheet import safe
from omradesbild.publish.picture import Picture, police_mark
from omradesbild.publish.shapes import WIDTH, Shapes
from omradesbild.words import t

#: The picture is 1 000 pixels wide; the map is drawn in units of the geometry, PX to a pixel.
PIXELS = 1000
PX = WIDTH / PIXELS
LINE, SIDE, COLUMN = 24, 20, 480


def draw_svg(shapes: Shapes, picture: Picture, prefix: str = "karta") -> str:
    """Draw a map as an SVG document that explains itself.

    Parameters
    ----------
    shapes : Shapes
        The geometry.
    picture : Picture
        What to show.
    prefix : str
        Distinguishes the ids of several pictures on the same page.

    Returns
    -------
    str
        Title, description, map, legend, source and attribution. Made-up figures are marked all
        over the map.
    """
    heading, below_heading = _heading(picture)
    below_map = below_heading + shapes.part * shapes.height / PX + LINE
    legend, below_legend = _legend(shapes, picture, prefix, below_map)
    footer, height = _footer(picture, below_legend)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{PIXELS}" height="{height:.0f}" '
            f'viewBox="0 0 {PIXELS} {height:.0f}" role="img" aria-labelledby="{prefix}-t {prefix}-d" '
            f'font-family="{style.FONT}" font-size="15" fill="{style.TEXT}">',
            f'<title id="{prefix}-t">{safe(picture.title)}</title>',
            f'<desc id="{prefix}-d">{safe(picture.summary)}</desc>',
            _patterns(picture, prefix),
            f'<rect width="{PIXELS}" height="{height:.0f}" fill="{style.GROUND}"/>',
            *heading,
            f'<g transform="translate(0 {below_heading}) scale({1 / PX:g})">',
            *_map(shapes, picture, prefix),
            "</g>",
            *legend,
            *footer,
            "</svg>",
        ]
    )


def _text(x: float, y: float, text: str, look: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{look and " "}{look}>{safe(text)}</text>'


def _heading(picture: Picture) -> tuple[list[str], float]:
    rows = [(text, 'font-size="22" font-weight="600"') for text in textwrap.wrap(picture.title, 80)]
    rows += [(text, f'fill="{style.SECONDARY}"') for text in textwrap.wrap(picture.unit, 130)]
    texts = [_text(SIDE, 8 + LINE * (i + 1), text, look) for i, (text, look) in enumerate(rows)]
    return texts, 24 + LINE * len(rows)


def _footer(picture: Picture, y: float) -> tuple[list[str], float]:
    rows = [row for text in (picture.source, picture.attribution) for row in textwrap.wrap(text, 130)]
    look = f'font-size="13" fill="{style.SECONDARY}"'
    return [_text(SIDE, y + 18 * (i + 1), row, look) for i, row in enumerate(rows)], y + 18 * len(rows) + 20


def _patterns(picture: Picture, prefix: str) -> str:
    """Write the fills of areas without a class, of the police's list and of made-up figures."""
    hatch = f'<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="{style.SPECIAL_INK}"/>'
    dot = f'<circle cx="3" cy="3" r="1" fill="{style.SPECIAL_INK}"/>'
    marks = [
        ("missing", 8, style.SPECIAL_GROUND[style.NOT_REPORTED], hatch),
        ("suppressed", 6, style.SPECIAL_GROUND[style.SUPPRESSED], dot),
        ("p", 11, "none", _bar(5, 11)),
        ("P", 5, "none", _bar(2, 5)),
    ]
    patterns = [
        _pattern(f"{prefix}-{name}", size, f'<rect width="{size}" height="{size}" fill="{fill}"/>{mark}')
        for name, size, fill, mark in marks
    ]
    halo = f'stroke="{style.GROUND}" stroke-opacity="0.4" stroke-width="3" paint-order="stroke"'
    look = f'text-anchor="middle" font-size="20" font-weight="600" fill-opacity="0.5" {halo}'
    made_up = _text(95, 100, t("areamap.made_up", picture.lang), look)
    return f"<defs>{''.join(patterns)}{_pattern(f'{prefix}-demo', 190, made_up, ' rotate(-30)')}</defs>"


def _pattern(name: str, size: int, content: str, turn: str = "") -> str:
    return (
        f'<pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({PX:g}){turn}">{content}</pattern>'
    )


def _bar(x: int, size: int) -> str:
    path = f'<path d="M{x} 0v{size}" stroke='
    return f'{path}"#FFFFFF" stroke-width="3.4"/>{path}"{style.TEXT}" stroke-width="1.3"/>'


def _stroke(colour: str, width: float, dashes: str = "none") -> str:
    """Write the attributes of a line of `width` pixels, in units of the geometry."""
    if dashes != "none":
        dashes = " ".join(f"{float(n) * PX:g}" for n in dashes.split())
    return f'stroke="{colour}" stroke-width="{width * PX:g}" stroke-dasharray="{dashes}"'


def _paint(code: str, prefix: str) -> str:
    """Return the fill and the border of class `code`."""
    if code == style.SMALL:
        return f'fill="{style.SPECIAL_GROUND[code]}" {_stroke(style.SPECIAL_INK, 2, "2 2")}'
    patterned = {style.NOT_REPORTED: "missing", style.SUPPRESSED: "suppressed"}
    fill = f"url(#{prefix}-{patterned[code]})" if code in patterned else style.CLASSES.get(code, style.GROUND)
    return f'fill="{fill}" {_stroke(style.border(code), 1)}'


def _map(shapes: Shapes, picture: Picture, prefix: str) -> list[str]:
    part = shapes.part
    height = round(part * shapes.height)
    whole = f'<rect width="{WIDTH}" height="{height}" fill='
    smaller = f' transform="scale({part:g})"' if part < 1 else ""
    parts = [f'{whole}"{style.WATER}"/>', f'<g fill-rule="evenodd" stroke-linejoin="round"{smaller}>']
    for area in shapes.areas:
        parts.append(f'<path d="{area.d}" {_paint(picture.code(area.id), prefix)}/>')
    for area in shapes.areas:
        if mark := police_mark(picture.police.get(area.id, 0)):
            parts.append(f'<path d="{area.d}" fill="url(#{prefix}-{mark})"/>')
    for area_id in picture.outlines:
        parts += _cased(shapes, area_id, style.TEXT, 1.5, "6 3")
    for n, area_id in enumerate(picture.chosen):
        parts += _cased(shapes, area_id, _chosen_colour(picture, n), 3.5, _chosen_dashes(picture, n))
    parts += ["</g>", *_points(shapes, picture), *_scale_bar(shapes)]
    if picture.demonstration:
        parts.append(f'{whole}"url(#{prefix}-demo)"/>')
    return parts


def _chosen_colour(picture: Picture, n: int) -> str:
    """Return the colour of a chosen area; one alone keeps a dark outline."""
    return style.AREAS[n % len(style.AREAS)] if len(picture.chosen) > 1 else style.TEXT


def _chosen_dashes(picture: Picture, n: int) -> str:
    return style.AREA_STROKES[n % len(style.AREA_STROKES)]


def _cased(shapes: Shapes, area_id: str, colour: str, width: float, dashes: str) -> list[str]:
    """Draw an outline with a light casing, so that it stands out from every fill."""
    shape = shapes.shape(area_id)
    if shape is None:
        return []
    path, width = f'<path d="{shape.d}" fill="none" ', width / shapes.part
    return [
        f"{path}{_stroke(style.GROUND, 2 * width)}/>",
        f"{path}{_stroke(colour, width, dashes)}/>",
    ]


def _points(shapes: Shapes, picture: Picture) -> list[str]:
    parts, part = [], shapes.part
    for area in shapes.areas:
        if text := picture.points.get(area.id):
            ring = f'<circle r="9" fill="{style.GROUND}" stroke="{style.TEXT}" stroke-width="1.5"/>'
            number = _text(0, 4, text, 'font-size="11" font-weight="600"')
            parts.append(_fixed(part * area.x, part * area.y, ring + number))
    look = f'font-weight="600" stroke="{style.GROUND}" stroke-width="3.5" paint-order="stroke"'
    return parts + [_fixed(part * x, part * y, _text(0, 0, name, look)) for name, x, y in shapes.places]


def _fixed(x: float, y: float, content: str) -> str:
    """Place something of pixel size at a point of the geometry."""
    return f'<g transform="translate({x:g} {y:g}) scale({PX:g})" text-anchor="middle">{content}</g>'


def _scale_bar(shapes: Shapes) -> list[str]:
    length = shapes.part * shapes.scale_bar / PX
    return [
        f'<g transform="translate({SIDE * PX:g} {shapes.part * shapes.height - 16 * PX:g}) scale({PX:g})">',
        f'<path d="M0-6v6h{length:.1f}v-6" fill="none" stroke="{style.TEXT}" stroke-width="1.5"/>',
        _text(length + 8, 0, f"{shapes.bar_km} km", 'font-size="13"'),
        "</g>",
    ]


def _legend(shapes: Shapes, picture: Picture, prefix: str, y: float) -> tuple[list[str], float]:
    """Draw bar and markers to the left and the other marks to the right, from `y` downwards."""
    bar, below = _class_bar(shapes, picture, y) if picture.legend.breaks else ([], y)
    markers, below_left = _markers(shapes, picture, below)
    marks, below_right = [], y
    x = SIDE + COLUMN + LINE if markers else SIDE
    for code, text in picture.keys(shapes):
        rows = textwrap.wrap(text, 55)
        marks.append(_swatch(code, prefix, x, below_right))
        marks += [_text(x + 36, below_right + 14 + 18 * i, row) for i, row in enumerate(rows)]
        below_right += 6 + 18 * len(rows)
    return bar + markers + marks, max(below_left, below_right) + 8


def _at(position: float) -> float:
    """Return where on the picture a position on the legend's bar is."""
    return round(SIDE + position * COLUMN, 1)


def _class_bar(shapes: Shapes, picture: Picture, y: float) -> tuple[list[str], float]:
    legend = picture.legend
    parts = []
    for code, start, end in zip(legend.codes, legend.edges, legend.edges[1:], strict=False):
        parts.append(
            f'<rect x="{_at(start)}" y="{y + 26}" width="{(end - start) * COLUMN:.1f}" height="18" '
            f'fill="{style.CLASSES[code]}" stroke="{style.HINT}"/>'
        )
    anchors = ["start", *["middle"] * (len(legend.ticks) - 2), "end"]
    for text, edge, anchor in zip(legend.ticks, legend.edges, anchors, strict=True):
        parts.append(f'<path d="M{_at(edge)} {y + 44}v5" stroke="{style.HINT}"/>')
        parts.append(_text(_at(edge), y + 62, text, f'font-size="13" text-anchor="{anchor}"'))
    positions = [legend.position(picture.values.get(area.id)) for area in shapes.areas]
    parts += [_dot(_at(position), y + 19) for position in positions if position is not None]
    if picture.city:
        parts.append(_city(_at(legend.position(picture.city[0])), y + 22))
    for n, area_id in enumerate(picture.chosen):
        position = legend.position(picture.values.get(area_id))
        if position is not None:
            parts.append(_marker(_at(position), y + 3, _chosen_colour(picture, n)))
    return parts, y + 76


def _markers(shapes: Shapes, picture: Picture, y: float) -> tuple[list[str], float]:
    """Say what the city's line, the chosen areas' markers and the dots are."""
    x = SIDE + 12
    entries = []
    if picture.city:
        mark = _city(x, -4) if picture.legend.breaks else ""
        entries.append((mark, f"{t('areamap.city', picture.lang)}: {picture.city[1]}"))
    for n, area_id in enumerate(picture.chosen):
        shape = shapes.shape(area_id)
        text = f"{shape.name if shape else area_id}: {picture.texts.get(area_id, '')}"
        entries.append((_marker(x, 4, _chosen_colour(picture, n)), text))
    if picture.legend.breaks:
        entries.append((_dot(x, 9), t("areamap.dots", picture.lang)))
    rows = [
        f'<g transform="translate(0 {y + LINE * i:g})">{mark}{_text(SIDE + 36, 14, text)}</g>'
        for i, (mark, text) in enumerate(entries)
    ]
    return rows, y + LINE * len(rows)


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x}" cy="{y:g}" r="3.5" fill="{style.HINT}" fill-opacity="0.55"/>'


def _city(x: float, y: float) -> str:
    return (
        f'<rect x="{x - 2:g}" y="{y:g}" width="4" height="26" fill="{style.TEXT}" stroke="{style.GROUND}"/>'
    )


def _marker(x: float, y: float, colour: str) -> str:
    return f'<path d="M{x - 7:g} {y:g}h14l-7 11z" fill="{colour}"/>'


def _swatch(code: str, prefix: str, x: float, y: float) -> str:
    """Draw a mark of the legend at the scale of the map, so that patterns look the same."""
    size = f'width="{24 * PX:g}" height="{16 * PX:g}"'
    if code == "i":
        centre = f'cx="{12 * PX:g}" cy="{8 * PX:g}" r="{8 * PX:g}"'
        mark = f'<circle {centre} fill="none" {_stroke(style.TEXT, 1.5)}/>'
    elif code == "o":
        mark = f'<rect {size} fill="none" {_stroke(style.TEXT, 1.5, "6 3")}/>'
    elif code in "pP":
        ground = style.DEVIATIONS["C"]
        bars = f'<rect {size} fill="url(#{prefix}-{code})" {_stroke(style.BORDER, 1)}/>'
        mark = f'<rect {size} fill="{ground}"/>{bars}'
    else:
        mark = f"<rect {size} {_paint(code, prefix)}/>"
    return f'<g transform="translate({x:g} {y:g}) scale({1 / PX:g})">{mark}</g>'
