"""Meeting documents: an `order.Order` becomes a `Document` by its template, and a file by its format."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from types import ModuleType

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Document
from omradesbild.publish.house import House
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import BY_AREA, Order, OrderError, Progress, silent

__all__ = ["FORMATS", "basic_areas", "make", "sections", "silent"]


def make(statements: Statements, order: Order, house: House | None = None, progress: Progress = silent) -> Document:
    """Make the document that was ordered, telling `progress` after each of several areas.

    Raises
    ------
    OrderError
        If a comment is about a section or an area that the document does not have.
    """
    words.speak_of(statements.pack.info)
    check_comments(order, set(order.areas))
    return _template(order.template).document(_of(statements, order.since, order.until), order, house or House(), progress)


def check_comments(order: Order, areas: set[str]) -> None:
    """Check that every comment is about a section and, where it names one, an area of the document.

    Raises
    ------
    OrderError
        As `make`.
    """
    known = sections(order.template)
    for key in order.comments:
        area, _, section = key.rpartition("/")
        if section not in known:
            raise OrderError(f"Kommentaren ”{key:.60}” hör inte till något avsnitt. Avsnitten är {', '.join(known)}.")
        if area and section not in sections(order.template, one_area=True):
            raise OrderError(f"Kommentaren ”{key:.60}” gäller ett område, men avsnittet gäller hela underlaget. Skriv ”{section}” utan område.")
        if area and area not in areas:
            raise OrderError(f"Kommentaren ”{key:.60}” gäller ett område som underlaget inte har. Ta med {area:.40}, eller ta bort kommentaren.")


@lru_cache(maxsize=4)
def _of(statements: Statements, since: str, until: str) -> Statements:
    """Return the statements of the years that a document is about, kept for those who are asked for the same again."""
    return statements.within(since, until)


def sections(template: str, *, one_area: bool = False) -> tuple[str, ...]:
    """Return the sections of a template that can be commented on; of one area only those that are written area by area."""
    found = _template(template).SECTIONS
    if one_area:
        return tuple(section for section in found if section != "om") if template in BY_AREA else ()
    return found


def _template(name: str) -> ModuleType:
    return import_module(f"omradesbild.publish.report.templates.{name}")


def basic_areas(statements: Statements) -> list[str]:
    """Return the ids of the basic areas."""
    pack = statements.pack
    return [area.id for area in pack.areas.values() if area.level == pack.info.base_level]
