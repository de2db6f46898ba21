"""What figures are compared with, when the reader has chosen something else than the rest of the city."""

from __future__ import annotations

from collections.abc import Sequence

from components.engine import engine
from components.state import lang
from omradesbild.analyse.statements import Statement
from omradesbild.publish.parts import against as parts


def heading(against: str) -> str:
    """Name what is compared with, as the heading of a column."""
    return parts.heading(against, engine().pack, lang())


def name(against: str) -> str:
    """Name what can be compared with, as it stands among the choices."""
    return parts.name(against, engine().pack, lang())


def said(figures: Sequence[Statement], against: str, *, short: bool = False) -> list[str]:
    """Say how each figure stands against what the reader chose."""
    return parts.said(engine().statements, figures, against, lang(), short=short)


def rule(against: str) -> str:
    """Say what the words of a comparison mean."""
    return parts.rule(against, engine().pack, lang())
