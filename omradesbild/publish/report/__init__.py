"""Meeting documents: an `order.Order` becomes a `Document` by its template, and a file by its format."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Document
from omradesbild.publish.house import House
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order, OrderError

__all__ = ["FORMATS", "basic_areas", "make", "sections"]


def make(statements: Statements, order: Order, house: House | None = None) -> Document:
    """Make the document that was ordered.

    Raises
    ------
    OrderError
        If a comment is about a section or an area that the document does not have.
    """
    known = sections(order.template)
    for key in order.comments:
        area, _, section = key.rpartition("/")
        if section not in known or (area and area not in order.areas):
            raise OrderError(f"Kommentaren ”{key:.60}” hör inte till något avsnitt. Avsnitten är {', '.join(known)}.")
    return _template(order.template).document(statements, order, house or House())


def sections(template: str) -> tuple[str, ...]:
    """Return the sections of a template that can be commented on."""
    return _template(template).SECTIONS


def _template(name: str) -> ModuleType:
    return import_module(f"omradesbild.publish.report.templates.{name}")


def basic_areas(statements: Statements) -> list[str]:
    """Return the ids of the basic areas."""
    pack = statements.pack
    return [area.id for area in pack.areas.values() if area.level == pack.info.base_level]
