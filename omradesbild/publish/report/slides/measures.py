"""The measures of slides, how texts on them are set, and the pieces that flow over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pptx.util import Pt

from omradesbild.analyse.statements import Statement
from omradesbild.publish import style

if TYPE_CHECKING:
    from omradesbild.publish.report.slides.slide import Slide

# All measures are in points; a slide is 16:9.
WIDTH, HEIGHT = 960.0, 540.0
SIDE, TOP, BOTTOM, FOOT = 40.0, 104.0, 498.0, 508.0
ROOM = WIDTH - 2 * SIDE
BODY, SMALL, SOURCE, TITLE = 18.0, 13.0, 10.0, 28.0
#: Of the first slide: where its title ends, and its size.
FIRST_TOP, FIRST_TITLE = 210.0, 38.0
#: Points to a millimetre of a logotype: larger than on paper.
LOGO_SCALE = 1.6 * 72 / 25.4
#: The sizes of a table's cells: the first in which it takes no more slides than in the last, and divides no word.
CELLS = (18.0, 16.0, 14.0, 13.0, 12.0, 11.0)
#: From the foot of one line to the next, in the size of the text; office programs need a little more than the letters.
LEADING = 1.22
GAP = 10.0
PADDING = (5.0, 3.0)  # of a cell: at the sides, above and below
SLACK = 6.0  # of a cell's width, for programs whose letters are wider
#: Lower pictures than this say nothing.
LOWEST = 190.0
TALLEST = 330.0
#: How wide a picture beside a list is.
ASIDE_WIDTH = 330.0
#: A longer label of a fact is cut; its value never is.
LABEL = 150.0


@dataclass(frozen=True)
class Piece:
    """Something of a known height that is drawn somewhere down a slide."""

    height: float
    draw: Callable[[Slide, float], None]
    statements: tuple[Statement, ...] = ()
    together: bool = False  # with what comes after it
    grow: Callable[[float], Piece] | None = None  # gives the same so much higher


@dataclass(frozen=True)
class Look:
    """How a text is set."""

    size: float = BODY
    bold: bool = False
    colour: str = style.TEXT
    bullet: bool = False
    bar: str = ""  # the colour of a line to the left
    frame: bool = False  # a dashed frame, with room to write in

    @property
    def indent(self) -> float:
        """How far in the text begins."""
        return 16.0 if self.bullet else 12.0 if self.bar else 8.0 if self.frame else 0.0


def place(shape, left: float, top: float, width: float, height: float) -> None:
    """Give a shape its place and size."""
    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)
