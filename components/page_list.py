"""The pages of the app, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageEntry:
    """A page: ``pages/<id>.py``, at the address ``/<id>``, called ``nav.<id>`` in the texts."""

    id: str
    default: bool = False


PAGES = (
    PageEntry("oversikt", default=True),
    PageEntry("karta"),
    PageEntry("omrade"),
    PageEntry("jamfor"),
    PageEntry("trender"),
    PageEntry("prioriteringar"),
    PageEntry("polislistan"),
    PageEntry("data"),
)
