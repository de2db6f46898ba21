"""Where things lie in an edition: one place, so that pages, data and notices link to the same files.

All addresses are from the edition's root and are made relative by the page that links (`relative`), so that an edition
works in any folder of any server, and from a disk.
"""

from __future__ import annotations

import posixpath

#: Below this folder lies the English edition.
ENGLISH = "en/"


def page(name: str, lang: str = "sv") -> str:
    """Return the file of a page: ``index.html``, ``omrade/ID/index.html``, ``en/mal/index.html``.

    Examples
    --------
    >>> page(""), page("omrade/R1", "en")
    ('index.html', 'en/omrade/R1/index.html')
    """
    return f"{ENGLISH if lang == 'en' else ''}{name}{'/' if name else ''}index.html"


def area(id_: str, lang: str = "sv") -> str:
    """Return the file of an area's page."""
    return page(f"omrade/{id_}", lang)


def indicator(id_: str, lang: str = "sv") -> str:
    """Return the file of an indicator's page."""
    return page(f"indikator/{id_}", lang)


def area_data(id_: str, ending: str, lang: str = "sv") -> str:
    """Return the file with all figures of an area: ``data/omrade/ID.csv``."""
    return f"data/{ENGLISH if lang == 'en' else ''}omrade/{id_}.{ending}"


def indicator_data(id_: str, ending: str, lang: str = "sv") -> str:
    """Return the file with all figures of an indicator: ``data/indikator/ID.csv``."""
    return f"data/{ENGLISH if lang == 'en' else ''}indikator/{id_}.{ending}"


def relative(target: str, origin: str) -> str:
    """Return how the file `origin` links to the file `target`.

    Examples
    --------
    >>> relative("indikator/x/index.html", "omrade/R1/index.html")
    '../../indikator/x/index.html'
    """
    return posixpath.relpath(target, posixpath.dirname(origin) or ".")
