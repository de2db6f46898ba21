"""The paper that every figure is drawn on: heading, texts, lines, marks, notes and source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.publish import style
from omradesbild.publish.figures import metrics
from omradesbild.words import t

TITLE, BODY, SMALL = 17.0, 13.0, 11.0
#: From the foot of one line of text to the next.
LEADING = {TITLE: 22.0, BODY: 18.0, SMALL: 15.0}
#: Below this width there is no room for labels beside a chart: they go below it.
NARROW = 480
#: A figure for a telephone: in a window of 320 pixels its smallest text is 12 pixels high.
PHONE = 264
#: The widths at which figures of the public edition are drawn: for all of a page, for half of it, and two or three in a row.
WIDTHS = (640, 540, 400, 340)

#: ink → its colour on light and on dark ground
INKS = {
    "text": (style.TEXT, style.TEXT_DARK),
    "quiet": (style.SECONDARY, style.SECONDARY_DARK),
    "hair": (style.HAIRLINE, style.HAIRLINE_DARK),
    "city": (style.CITY, style.CITY_DARK),
    "paper": (style.GROUND, style.GROUND_DARK),
    "band": (style.WATER, style.WATER_DARK),
    **{f"a{i}": pair for i, pair in enumerate(zip(style.AREAS, style.AREAS_DARK, strict=True))},
    **{code: (colour, style.DEVIATIONS_DARK[code]) for code, colour in style.DEVIATIONS.items()},
}
#: What inks become where the reader has chosen the colours: shapes, markers and dashes carry the meaning.
FORCED = {"paper": "Canvas", "city": "GrayText", "band": "Canvas", "C": "Canvas"}

#: The corners of the markers, around their centre.
_CORNERS = {
    "square": ((-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)),
    "diamond": ((0, -5), (5, 0), (0, 5), (-5, 0)),
    "triangle-up": ((0, -4.6), (4.8, 3.8), (-4.8, 3.8)),
    "triangle-down": ((0, 4.6), (4.8, -3.8), (-4.8, -3.8)),
    "cross": (
        *((-1.6, -4.8), (1.6, -4.8), (1.6, -1.6), (4.8, -1.6), (4.8, 1.6), (1.6, 1.6)),
        *((1.6, 4.8), (-1.6, 4.8), (-1.6, 1.6), (-4.8, 1.6), (-4.8, -1.6), (-1.6, -1.6)),
    ),
}


@dataclass(frozen=True)
class Caption:
    """What stands around a figure.

    Attributes
    ----------
    title, unit, source : str
        What it shows with its year, in what, and from where; left out of a picture that does not stand alone.
    takeaway : str
        The sentence for someone who cannot see it.
    notes : tuple of str
        Flags and cautions, a sentence each.
    demonstration : bool
        Marks made-up figures all over, always.
    """

    title: str
    takeaway: str
    unit: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True)
class Setting:
    """Where a figure will stand.

    Attributes
    ----------
    prefix : str
        Distinguishes the ids of several figures on a page.
    theme : {'paper', 'web'}
        On the web every colour also has a class, so that `stylesheet` can turn it for dark ground.
    standalone : bool
        Whether title, unit, notes and source stand in the picture.
    width : int
        In the figure's own units; text is 13 of them. The picture scales to the room it is given.
    """

    prefix: str
    lang: str = "sv"
    theme: Literal["paper", "web"] = "paper"
    standalone: bool = True
    width: int = 640

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", self.prefix):
            raise ValueError(
                f"prefix {self.prefix!r} found; expected a letter and then letters, digits, - or _"
            )
        if self.width < 240:
            raise ValueError(f"width {self.width} found; expected at least 240")


@dataclass(frozen=True)
class Amount:
    """A number as it is written; without a value `text` says why."""

    value: float | None
    text: str
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, statement: Statement, lang: str = "sv") -> Amount:
        """Return a statement's figure."""
        if statement.value is None:
            return cls(None, words.missing_words(statement, lang))
        return cls(statement.value, words.figure(statement, lang), statement.low, statement.high)


def shape_of(svg: str) -> float:
    """Return a picture's height divided by its width."""
    width, height = size_of(svg)
    return height / width


class Sheet:
    """A figure in the making. `y` is the upper edge of what is still empty."""

    def __init__(self, caption: Caption, setting: Setting):
        self.caption, self.setting = caption, setting
        self.width, self.lang = setting.width, setting.lang
        self.y = 0.0
        self._parts: list[str] = []
        self._defs: list[str] = []
        if setting.standalone:
            self.lines(caption.title, size=TITLE, bold=True)
            self.lines(caption.unit, ink="quiet")
            self.y += 8

    # -- texts ------------------------------------------------------------------------------

    def text(self, x: float, y: float, text: str, **look: object) -> None:
        """Write one line with its baseline at `y`; see `texts`."""
        self.texts([(x, y, text)], **look)

    def texts(
        self,
        rows: Iterable[tuple[float, float, str]],
        *,
        ink: str = "text",
        size: float = BODY,
        bold: bool = False,
        anchor: str = "start",
        halo: bool = False,
    ) -> None:
        """Write lines that look alike. A `halo` keeps a text readable on lines."""
        look = self.paint(fill=ink if ink != "text" else "", stroke="paper" if halo else "")
        look += ' stroke-width="3" paint-order="stroke"' if halo else ""
        look += f' font-size="{num(size)}"' if size != BODY else ""
        look += ' font-weight="600"' if bold else ""
        look += f' text-anchor="{anchor}"' if anchor != "start" else ""
        written = [f'<text x="{num(x)}" y="{num(y)}">{safe(text)}</text>' for x, y, text in rows if text]
        if len(written) == 1:
            self._parts.append(written[0].replace("<text ", f"<text{look} ", 1))
        elif written:
            self._parts.append(f"<g{look}>{''.join(written)}</g>")

    def fitted(self, figure: str) -> str:
        """Cut the unit of a written figure that takes more than three tenths of the width; never the number."""
        number, space, unit = figure.partition("\u00a0")
        room = 0.3 * self.width - metrics.width(number + space, BODY, True)
        if metrics.width(unit, BODY, True) <= room:
            return figure
        return number + space + metrics.shorten(unit, room, BODY, True) if unit and room > BODY else number

    def with_unit(self, said: Sequence[str], unit: str, room: float) -> list[str]:
        """Write the unit after the last number of an axis, where it has room."""
        last = words.with_unit(said[-1], unit)
        return [*said[:-1], last if metrics.width(last, SMALL) <= room else said[-1]]

    def lines(
        self, text: str, *, x: float = 0, room: float | None = None, size: float = BODY, **look: object
    ) -> None:
        """Write a text in as many lines as it takes, from `y` downwards."""
        wrapped = metrics.wrap(text, (room or self.width - x), size, bool(look.get("bold")))
        step = LEADING[size]
        self.texts(
            [(x, self.y + step * (n + 1) - 4, line) for n, line in enumerate(wrapped)], size=size, **look
        )
        self.y += step * len(wrapped)

    # -- shapes -----------------------------------------------------------------------------

    def paint(self, *, fill: str = "", stroke: str = "") -> str:
        """Write the attributes for inks: a literal colour, and a class on the web."""
        looks = [(k, ink) for k, ink in (("fill", fill), ("stroke", stroke)) if ink]
        literal = "".join(f' {k}="{INKS[ink][0] if ink in INKS else ink}"' for k, ink in looks)
        if self.setting.theme == "paper":
            return literal
        names = " ".join(f"{k[0]}-{ink}" for k, ink in looks if ink in INKS)
        return literal + (f' class="{names}"' if names else "")

    def path(
        self,
        d: str,
        *,
        fill: str = "none",
        stroke: str = "",
        width: float = 1,
        dashes: str = "none",
        more: str = "",
    ) -> None:
        """Draw a path; nothing where it is empty."""
        if not d:
            return
        look = self._pen(fill, stroke, width, dashes)
        self._parts.append(f'<path d="{d}"{look}{more and " "}{more}/>')

    def _pen(self, fill: str, stroke: str, width: float, dashes: str) -> str:
        look = self.paint(fill=fill, stroke=stroke)
        look += f' stroke-width="{num(width)}"' if stroke and width != 1 else ""
        return look + (f' stroke-dasharray="{dashes}"' if dashes != "none" else "")

    def define(self, name: str, tag: str, attributes: str, content: str) -> str:
        """Keep a pattern or a marker for this figure and return how it is named: ``url(#…)``."""
        id_ = f"{self.setting.prefix}-{name}"
        made = f'<{tag} id="{id_}" {attributes}>{content}</{tag}>'
        if made not in self._defs:
            self._defs.append(made)
        return f"url(#{id_})"

    def hatch(self, name: str, ink: str) -> str:
        """Return a fill of slanted lines on the ground: what is missing, or the other of two sexes."""
        ground = f'<path d="M0 0h6v6h-6z"{self.paint(fill="paper")}/>'
        slant = f'<path d="M-1 1l2-2M0 6l6-6M5 7l2-2"{self.paint(stroke=ink)} stroke-width="1.4"/>'
        look = 'width="6" height="6" patternUnits="userSpaceOnUse"'
        return self.define(name, "pattern", look, ground + slant)

    def points(
        self, shape: str, places: Sequence[tuple[float, float]], *, size: float = 1.0, **look: object
    ) -> None:
        """Draw the same marker at many places: as marks of an unseen line, which takes a fifth of the room."""
        if len(places) < 4:
            self.path("".join(mark(shape, *place, size) for place in places), **look)
            return
        url = self.marker(shape, size=size, **look)
        self.path(way(places), more=f'marker-start="{url}" marker-mid="{url}" marker-end="{url}"')

    def marker(
        self,
        shape: str,
        *,
        fill: str,
        size: float = 1.0,
        stroke: str = "",
        width: float = 1,
        dashes: str = "none",
    ) -> str:
        """Define a marker for lines and return how it is named."""
        name = "-".join(filter(None, (shape, fill, stroke)))
        look = self._pen(fill, stroke, width, dashes)
        box = 'viewBox="-7 -7 14 14" markerWidth="14" markerHeight="14" markerUnits="userSpaceOnUse"'
        return self.define(name, "marker", box, f'<path d="{mark(shape, 0, 0, size)}"{look}/>')

    def grid(self, places: Sequence[float], top: float, bottom: float) -> None:
        """Draw upright hairlines."""
        self.path("".join(f"M{num(x)} {num(top)}V{num(bottom)}" for x in places), stroke="hair")

    def city_line(self, x: float, top: float, bottom: float) -> None:
        """Draw the city's upright line."""
        self.path(f"M{num(x)} {num(top)}V{num(bottom)}", stroke="city", width=3, more='stroke-opacity="0.7"')

    # -- the whole --------------------------------------------------------------------------

    def mark_made_up(self, left: float, top: float, right: float, bottom: float) -> None:
        """Write over a chart that its figures are made up, where they are."""
        if not self.caption.demonstration:
            return
        x, y = num((left + right) / 2), num((top + bottom) / 2)
        size = num(max(SMALL, min(26.0, (right - left) / 12, (bottom - top) / 2.5)))
        slant = 0 if bottom - top < 90 else -16
        self._parts.append(
            f'<text x="{x}" y="{y}" transform="rotate({slant} {x} {y})" font-size="{size}" font-weight="600" '
            f'text-anchor="middle" fill-opacity="0.32">{safe(t("demo.mark", self.lang))}</text>'
        )

    def note(self, text: str) -> None:
        """Write a remark below what is drawn, which belongs to the picture itself."""
        self.lines(text, size=SMALL, ink="quiet")

    def inset(self, svg: str) -> None:
        """Set a finished figure of the same width below what is drawn."""
        _, height = size_of(svg)
        self._parts.append(svg.replace("<svg ", f'<svg y="{num(self.y)}" width="{self.width}" height="{num(height)}" ', 1).strip())
        self.y += height

    def svg(self) -> str:
        """Return the finished document."""
        caption, id_ = self.caption, self.setting.prefix
        if self.setting.standalone:
            self.y += 4
            for note in (*caption.notes, caption.source):
                self.note(note)
        height = num(self.y + 4)
        web = self.setting.theme == "web"
        ground = "" if web else f'<path d="M0 0h{self.width}v{height}h-{self.width}z" fill="{style.GROUND}"/>'
        look = ' class="ob-figure"' if web else ""
        defs = f"<defs>{''.join(self._defs)}</defs>" if self._defs else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" role="img" '
            f'aria-labelledby="{id_}-t {id_}-d"{look} '
            f'font-family="{style.FONT}" font-size="{num(BODY)}" fill="{style.TEXT}">\n'
            f'<title id="{id_}-t">{safe(caption.title)}</title>\n'
            f'<desc id="{id_}-d">{safe(caption.takeaway)}</desc>\n'
            + "\n".join([*filter(None, (defs, ground)), *self._parts, "</svg>\n"])
        )


def at_most_six(chosen: Sequence[object]) -> None:
    """Refuse more chosen areas than there are colours."""
    if len(chosen) > len(style.AREAS):
        raise ValueError(f"{len(chosen)} chosen areas found; expected at most {len(style.AREAS)}")


def num(value: float) -> str:
    """Write a coordinate with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def way(places: Sequence[tuple[float, float]]) -> str:
    """Write a line through places: one absolute point, then steps between the rounded places."""
    rounded = [(round(x, 1), round(y, 1)) for x, y in places]
    if len(rounded) < 2:
        return "".join(f"M{num(x)} {num(y)}" for x, y in rounded)
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(rounded, rounded[1:], strict=False)]
    return f"M{num(rounded[0][0])} {num(rounded[0][1])}l{_packed(n for step in steps for n in step)}"


def _packed(numbers: Iterable[float]) -> str:
    """Write numbers in a row, without the spaces and zeros that SVG does not need."""
    texts = [num(n).replace("-0.", "-.") for n in numbers]
    texts = [text[1:] if text.startswith("0.") else text for text in texts]
    return " ".join(texts).replace(" -", "-")


def safe(text: str) -> str:
    """Write a text as markup, without characters that XML forbids or that turn what follows round.

    SVG breaks no lines, so a hyphen that must not break is a plain one: few fonts have the other.
    """
    hidden = ("Cc", "Cf", "Cs", "Cn", "Co")
    kept = (c for c in text if c == " " or unicodedata.category(c) not in hidden)
    return escape("".join(kept).replace(words.NO_BREAK_HYPHEN, "-"))


def mark(shape: str, x: float, y: float, size: float = 1.0) -> str:
    """Return the path of a marker (`style.AREA_MARKERS`) around a point; of `size` 1 it is about 8 wide."""
    if shape == "circle":
        r = 4 * size
        half = f"a{num(r)} {num(r)} 0 1 0"
        return f"M{num(x - r)} {num(y)}{half} {num(2 * r)} 0{half}{num(-2 * r)} 0z"
    return way([(x + size * dx, y + size * dy) for dx, dy in _CORNERS[shape]]) + "z"


def size_of(svg: str) -> tuple[float, float]:
    """Return how wide and how high a finished picture is, in its own units."""
    width, height = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg).groups()
    return float(width), float(height)


def either(wide: str, narrow: str, width: int) -> str:
    """Return a figure drawn twice, of which `stylesheet` shows one: the narrow one on a screen with less room than `width`."""
    if width not in WIDTHS:
        raise ValueError(f"width {width} found; expected one of {WIDTHS}")
    return f'<div class="drawn w{width}">{wide}{narrow}</div>'


def stylesheet() -> str:
    """Return the CSS that turns figures of the theme 'web' on dark ground and in forced colours, and chooses between two."""
    dark = "".join(
        f".ob-figure .f-{k}{{fill:{d}}}.ob-figure .s-{k}{{stroke:{d}}}" for k, (_, d) in INKS.items()
    )
    faint = ".ob-figure .s-hair{stroke-opacity:.35}"
    forced = faint + "".join(
        f".ob-figure .f-{k}{{fill:{c}}}.ob-figure .s-{k}{{stroke:{c}}}"
        for k, c in ((k, FORCED.get(k, "CanvasText")) for k in INKS)
    )
    narrow = "".join(
        f"@container (max-width:{width - 0.5}px){{.w{width}>svg{{display:none}}.w{width}>svg+svg{{display:block}}}}" for width in WIDTHS
    )
    return (
        ".ob-figure{display:block;width:100%;height:auto}\n"
        ".drawn{container-type:inline-size}.drawn>svg+svg{display:none;max-width:24rem}\n"
        f"@media screen{{{narrow}}}\n"
        f"@media (prefers-color-scheme:dark){{.ob-figure{{fill:{style.TEXT_DARK}}}{dark}}}\n"
        f"@media (forced-colors:active){{.ob-figure{{fill:CanvasText;forced-color-adjust:none}}{forced}}}\n"
    )
