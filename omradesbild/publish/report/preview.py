"""What an order will become, before it is a file: its pages as pictures, and what its figures lack."""

from __future__ import annotations

from dataclasses import dataclass

from omradesbild.analyse.statements import Statement
from omradesbild.model import Flag
from omradesbild.publish.document import Document
from omradesbild.publish.report.pdf import set_pages

DOTS = 100  # an inch


def pictures(document: Document) -> list[bytes]:
    """Return every page of a document's PDF as a PNG.

    Raises
    ------
    ValueError
        If the document cannot be set; see `pdf.to_pdf`.
    """
    return set_pages(document, DOTS)


@dataclass(frozen=True)
class Review:
    """What to know before a document is handed out.

    Attributes
    ----------
    figures : int
        How many the document rests on.
    indicators : set of str
        The measures that they belong to.
    hidden, missing, estimated : tuple of Statement
        Those that are not shown because they would concern too few people, that have no value, and that are estimated.
    oldest, newest : str
        The periods of the figures that each area and measure shows last; empty without figures.
    """

    figures: int
    indicators: frozenset[str]
    hidden: tuple[Statement, ...]
    missing: tuple[Statement, ...]
    estimated: tuple[Statement, ...]
    oldest: str
    newest: str


def review(document: Document) -> Review:
    """Say what a document's figures lack, from the statements that it rests on."""
    shown = document.rests_on
    hidden = tuple(s for s in shown if Flag.SUPPRESSED in s.flag.split())
    last: dict[tuple[str, str, str], str] = {}
    for s in shown:
        key = s.area.id, s.indicator.id, s.group
        last[key] = max(last.get(key, ""), s.period)
    return Review(
        figures=len(shown),
        indicators=frozenset(s.indicator.id for s in shown),
        hidden=hidden,
        missing=tuple(s for s in shown if s.value is None and s not in hidden),
        estimated=tuple(s for s in shown if Flag.ESTIMATED in s.flag.split() and s.value is not None),
        oldest=min(last.values(), default=""),
        newest=max(last.values(), default=""),
    )
