"""Reads a figure back: where its texts, lines and marks stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from omradesbild.publish.figures import metrics

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Written:
    text: str
    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float
    look: dict[str, str]

    def meets(self, other: Written) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.2
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.2
        )


@dataclass(frozen=True)
class Drawn:
    d: str
    look: dict[str, str]

    @property
    def runs(self) -> list[list[tuple[float, float]]]:
        """The corners of each stretch, absolute."""
        return list(_runs(self.d))

    @property
    def marked(self) -> bool:
        return "marker-start" in self.look


class Figure:
    def __init__(self, svg: str):
        self.root = ElementTree.fromstring(svg)
        self.box = tuple(float(n) for n in self.root.get("viewBox").split())
        self.texts = list(_texts(self.root, {}))
        self.paths = [Drawn(e.get("d"), dict(e.attrib)) for e in _drawn(self.root) if e.tag == f"{SVG}path"]
        self.ids = [e.get("id") for e in self.root.iter() if e.get("id")]

    def said(self) -> list[str]:
        return [written.text for written in self.texts]

    def text(self, wanted: str) -> Written:
        found = [w for w in self.texts if w.text == wanted]
        assert len(found) == 1, f"{len(found)} texts are {wanted!r} in {self.said()}"
        return found[0]

    def strokes(self, colour: str) -> list[Drawn]:
        return [p for p in self.paths if p.look.get("stroke") == colour]

    def fills(self, colour: str) -> list[Drawn]:
        return [p for p in self.paths if p.look.get("fill") == colour]


def _drawn(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield what is drawn: not what is defined."""
    for child in root:
        if child.tag == f"{SVG}defs":
            continue
        yield child
        yield from _drawn(child)


def _texts(element: ElementTree.Element, inherited: dict[str, str]) -> Iterator[Written]:
    look = inherited | element.attrib
    if element.tag == f"{SVG}text" and "transform" not in look:
        size, bold = float(look["font-size"]), look.get("font-weight") == "600"
        text = element.text or ""
        width = metrics.width(text, size, bold)
        x, y = float(look["x"]), float(look["y"])
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[look.get("text-anchor", "start")]
        yield Written(text, x, y, left, left + width, y - 0.72 * size, y + 0.2 * size, look)
    if element.tag != f"{SVG}defs":
        for child in element:
            yield from _texts(child, look)


def _runs(d: str) -> Iterator[list[tuple[float, float]]]:
    x = y = 0.0
    run: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([MLHVlhvazZ])([^MLHVlhvazZ]*)", d):
        n = [float(v) for v in re.findall(r"-?(?:\d+\.\d*|\.\d+|\d+)", rest)]
        if command == "M":
            if run:
                yield run
            x, y = n
            run = [(x, y)]
        elif command in "Ll":
            for dx, dy in zip(n[::2], n[1::2], strict=True):
                x, y = (x + dx, y + dy) if command == "l" else (dx, dy)
                run.append((x, y))
        elif command in "Hh":
            for dx in n:
                x = x + dx if command == "h" else dx
                run.append((x, y))
        elif command in "Vv":
            for dy in n:
                y = y + dy if command == "v" else dy
                run.append((x, y))
        elif command == "a":
            x, y = x + n[5], y + n[6]
            run.append((x, y))
    if run:
        yield run
