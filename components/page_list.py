"""The pages of the app, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass

#: The headings of the menu, in order; called ``nav.group_<id>`` in the texts.
GROUPS = ("se", "forsta", "arbeta")


@dataclass(frozen=True)
class PageEntry:
    """A page: ``pages/<id>.py``, at the address ``/<id>``, called ``nav.<id>`` in the texts, under one of `GROUPS`."""

    id: str
    group: str
    default: bool = False


PAGES = (
    PageEntry("oversikt", "se", default=True),
    PageEntry("karta", "se"),
    PageEntry("omrade", "se"),
    PageEntry("jamfor", "se"),
    PageEntry("trender", "se"),
    PageEntry("mal", "forsta"),
    PageEntry("prioriteringar", "forsta"),
    PageEntry("insatser", "forsta"),
    PageEntry("klyftor", "forsta"),
    PageEntry("samlat", "forsta"),
    PageEntry("polislistan", "forsta"),
    PageEntry("egna", "arbeta"),
    PageEntry("underlag", "arbeta"),
    PageEntry("samla_in", "arbeta"),
    PageEntry("data", "arbeta"),
    PageEntry("andringar", "arbeta"),
    PageEntry("publicera", "arbeta"),
)
