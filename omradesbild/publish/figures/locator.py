"""A small map of where an area lies in its city."""

from __future__ import annotations

from omradesbild.publish.figures.sheet import Caption, Setting, Sheet
from omradesbild.publish.shapes import Shapes


def locator(shapes: Shapes, area: str, caption: Caption, setting: Setting) -> str:
    """Draw the city's basic areas lightly and one area, of any level, dark. The city itself is drawn dark all over."""
    sheet = Sheet(caption, setting)
    scale = sheet.width / shapes.width
    placed = f'transform="scale({scale:.5f})" fill-rule="evenodd"'
    sheet.path(
        "".join(shape.d for shape in shapes.areas), fill="band", stroke="quiet", width=0.6 / scale, more=placed
    )
    own = shapes.shape(area)
    dark = own.d if own else "".join(shape.d for shape in shapes.areas)
    sheet.path(dark, fill="a0", stroke="a0", width=1.5 / scale, more=placed)
    sheet.y = shapes.height * scale
    sheet.mark_made_up(0, 0, sheet.width, sheet.y)
    return sheet.svg()
