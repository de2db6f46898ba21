"""What a map shows: the same on screen, on paper and in a download."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from omradesbild.publish import style
from omradesbild.publish.shapes import Shapes
from omradesbild.words import t

#: No class of the legend's bar is narrower than this part of it.
NARROWEST = 0.12
#: From this share of an area's surface inside the police's border, it is said to be most of it.
MOST = 0.5
SPECIAL_TEXTS = {
    style.SMALL: "areamap.small",
    style.SUPPRESSED: "areamap.suppressed",
    style.NOT_REPORTED: "areamap.not_reported",
    style.NOT_APPLICABLE: "areamap.not_applicable",
}


@dataclass(frozen=True)
class Legend:
    """The classes of a map.

    Attributes
    ----------
    codes : str
        A class character (`style.CLASSES`) per class, in order.
    labels : tuple of str
        What each class means in words: "5,0–9,9 %" or "klart sämre".
    breaks : tuple of float
        The limits, with the lowest and the highest value: one more than there are classes. Empty
        when classes are not intervals. A value on a limit belongs to the class above it.
    ticks : tuple of str
        The limits as they are written.
    """

    codes: str
    labels: tuple[str, ...]
    breaks: tuple[float, ...] = ()
    ticks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.codes) - set(style.CLASSES)
        if unknown:
            raise ValueError(f"class characters {unknown} found; expected some of {''.join(style.CLASSES)}")
        if len(self.labels) != len(self.codes):
            raise ValueError(f"{len(self.labels)} labels found; expected one for each of {self.codes!r}")
        if self.breaks and not len(self.breaks) == len(self.ticks) == len(self.codes) + 1:
            raise ValueError(
                f"{len(self.breaks)} breaks and {len(self.ticks)} ticks found; expected {len(self.codes) + 1}"
            )

    def code(self, value: float) -> str:
        """Return the class character of a value, by the limits."""
        return self.codes[bisect_right(self.breaks[1:-1], value)]

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """Where the limits stand on the bar, 0–1.

        Classes are as wide as their intervals, except that none is narrower than `NARROWEST`
        before the bar is scaled to 1, so that the limits can be read.
        """
        span = (self.breaks[-1] - self.breaks[0]) or 1.0
        widths = [
            max((high - low) / span, NARROWEST)
            for low, high in zip(self.breaks, self.breaks[1:], strict=False)
        ]
        return tuple(sum(widths[:i]) / sum(widths) for i in range(len(widths) + 1))

    def position(self, value: float | None) -> float | None:
        """Return where a value stands on the bar, 0–1; None without value or without limits."""
        if value is None or not self.breaks:
            return None
        i = bisect_right(self.breaks[1:-1], value)
        low, high = self.breaks[i], self.breaks[i + 1]
        part = (value - low) / (high - low) if high > low else 0.5
        start, end = self.edges[i], self.edges[i + 1]
        return start + min(max(part, 0.0), 1.0) * (end - start)


@dataclass(frozen=True)
class Picture:
    """Everything that a map shows except its geometry. All mappings are by area id.

    Attributes
    ----------
    title, unit, summary : str
        What it shows, in what, and the sentence that someone who cannot see it needs.
    classes : mapping to str
        The class character of every base area: `style.CLASSES` or `style.SPECIAL`. An area that is
        left out is drawn as not reported.
    texts, remarks : mapping to str
        The written figure ("12,3 %") and what there is to say about it ("högre än staden").
    values : mapping to float
        The figures, of base areas and of chosen areas, for the dots and markers of the legend.
    city : (float, str), optional
        The city's value and how it is written.
    chosen : tuple of str
        Area ids, of any level, in the order of their colours.
    outlines : tuple of str
        Named areas or districts whose borders are drawn.
    police : mapping to float
        Share (0–1) of each base area's surface inside the border of the police's list.
    police_text : str
        Which edition that is: "Polisens lista 2025".
    initiatives : mapping to str
        A short mark per area, such as the number of initiatives.
    marks : mapping to str
        A sign per area that stands beside its class in the legend's labels, so that colour is never alone.
    """

    title: str
    unit: str
    summary: str
    classes: Mapping[str, str]
    texts: Mapping[str, str]
    legend: Legend
    source: str
    attribution: str
    remarks: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    city: tuple[float, str] | None = None
    chosen: tuple[str, ...] = ()
    outlines: tuple[str, ...] = ()
    police: Mapping[str, float] = field(default_factory=dict)
    police_text: str = ""
    initiatives: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    demonstration: bool = False
    lang: str = "sv"

    def code(self, area_id: str) -> str:
        """Return the class character of an area."""
        return self.classes.get(area_id, style.NOT_REPORTED)

    @property
    def points(self) -> dict[str, str]:
        """What is written in a ring on each area."""
        return {**self.marks, **self.initiatives}

    def keys(self, shapes: Shapes) -> list[tuple[str, str]]:
        """Return the marks that stand beside the bar: ``(character, text)``, only those that are on the map.

        Beside the class characters there are ``p`` and ``P`` (some or most of an area is inside the
        police's border), ``i`` (initiatives) and ``o`` (outlines of named areas).
        """
        present = {self.code(a.id) for a in shapes.areas}
        marks = [] if self.legend.breaks else list(zip(self.legend.codes, self.legend.labels, strict=True))
        marks += [(c, t(SPECIAL_TEXTS[c], self.lang)) for c in style.SPECIAL if c in present]
        shares = {police_mark(share) for share in self.police.values()}
        marks += [
            (c, f"{self.police_text}: {t(f'areamap.police_{c}', self.lang)}") for c in "pP" if c in shares
        ]
        if self.initiatives:
            marks.append(("i", t("areamap.initiatives", self.lang)))
        if self.outlines:
            marks.append(("o", t("areamap.outlines", self.lang)))
        return marks


def police_mark(share: float) -> str:
    """Return ``p`` for some and ``P`` for most of an area inside the police's border; empty for none."""
    if share <= 0:
        return ""
    return "P" if share > MOST else "p"
