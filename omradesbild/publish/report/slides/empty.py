"""A file without slides, in a house's font and colours."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import pptx
from lxml import etree
from pptx.opc.packuri import PackURI
from pptx.util import Pt

from omradesbild.publish import style
from omradesbild.publish.report.slides.measures import HEIGHT, ROOM, SIDE, WIDTH, place

ACCENTS = ("accent2", "accent3", "accent4", "accent5", "accent6")
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


@lru_cache(maxsize=8)
def template(font: str, accent: str) -> bytes:
    """Return a file without slides in a size, font and colours, and without what its template has and no slide uses."""
    package = pptx.Presentation()
    stretch = WIDTH * 12700 / package.slide_width
    package.slide_width, package.slide_height = Pt(WIDTH), Pt(HEIGHT)
    rels = package.part.package._rels
    for id_ in [id_ for id_, rel in rels.items() if rel.target_part.partname.endswith("thumbnail.jpeg")]:
        rels.pop(id_)
    for id_ in [
        i
        for i, rel in package.part.rels.items()
        if rel.target_part.partname.startswith("/ppt/printerSettings")
    ]:
        package.part.rels.pop(id_)
    master = package.slide_master
    for layout in list(package.slide_layouts):
        if layout.name != "Title Only":
            package.slide_layouts.remove(layout)
    for holder in (master, *package.slide_layouts):
        for shape in holder.shapes:
            shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
        for shape in holder.placeholders:
            if shape.placeholder_format.type == 1:  # the title
                place(shape, SIDE, 40, ROOM, 54)
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    root = etree.fromstring(theme.blob)
    for latin in root.iter(f"{{{_A}}}latin"):
        latin.set("typeface", font)
    for name, colour in (("accent1", accent), *zip(ACCENTS, style.AREAS[1:], strict=True)):
        for found in root.iter(f"{{{_A}}}{name}"):
            found[0].set("val", colour[1:])
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    target = io.BytesIO()
    package.save(target)
    return target.getvalue()


def namer() -> Callable[[str], PackURI]:
    """Return what gives new parts of a file their names; python-pptx itself looks through all parts for each new one."""
    given = Counter({"/ppt/theme/theme%d.xml": 1})  # the template's own

    def name(pattern: str) -> PackURI:
        given[pattern] += 1
        return PackURI(pattern % given[pattern])

    return name
