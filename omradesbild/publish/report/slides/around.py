"""The words around a picture on a slide, so that they leave it room."""

from __future__ import annotations

from omradesbild.publish.document import Figure
from omradesbild.publish.report import native, office
from omradesbild.publish.report.slides.measures import LEADING, SMALL, SOURCE


class Around:
    """A picture with the heights of the words above and below it; words that would push it out are cut to the notes."""

    MOST = 5  # lines of what it says

    def __init__(self, figure: Figure, width: float, lang: str):
        self.figure, self.width = figure, width
        self.whole = (figure.title, native.unit_of(figure, lang), figure.said, figure.source)
        self.title = self._fitted(figure.title, 14, 2, bold=True)
        self.unit = self._fitted(self.whole[1], SMALL, 1)
        self.said = self._fitted(figure.said, SMALL, self.MOST)
        self.source = self._fitted(figure.source, SOURCE, 4)
        self.above = self.height(self.title, 14, True) + self.height(self.unit, SMALL)
        self.below = self.height(self.said, SMALL) + self.height(self.source, SOURCE) + 6

    @property
    def cut(self) -> bool:
        """Whether some words did not fit."""
        return (self.title, self.unit, self.said, self.source) != tuple(map(office.clean, self.whole))

    def _fitted(self, text: str, size: float, most: int, bold: bool = False) -> str:
        lines = office.broken(text, self.width - 4, size, bold)
        if len(lines) <= most:
            return office.clean(text)
        return office.cut(" ".join(lines[:most]), (self.width - 4) * most * 0.94, size, bold)

    def height(self, text: str, size: float, bold: bool = False) -> float:
        """Return how high a text is; nothing takes no room."""
        return LEADING * size * len(office.broken(text, self.width - 4, size, bold)) if text else 0.0
