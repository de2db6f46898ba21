"""Meeting documents: an `order.Order` becomes a `Document` by its template, and a file by its format."""

from __future__ import annotations

from importlib import import_module

from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Document
from omradesbild.publish.house import House
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order

__all__ = ["FORMATS", "basic_areas", "make"]


def make(statements: Statements, order: Order, house: House | None = None) -> Document:
    """Make the document that was ordered."""
    template = import_module(f"omradesbild.publish.report.templates.{order.template}")
    return template.document(statements, order, house or House())


def basic_areas(statements: Statements) -> list[str]:
    """Return the ids of the basic areas."""
    pack = statements.pack
    return [area.id for area in pack.areas.values() if area.level == pack.info.base_level]
