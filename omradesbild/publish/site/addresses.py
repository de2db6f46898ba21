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


def data_folder(lang: str = "sv") -> str:
    """Return the folder of the data files: ``data/``, in English ``data/en/``."""
    return f"data/{ENGLISH if lang == 'en' else ''}"


def data(kind: str, id_: str, ending: str, lang: str = "sv") -> str:
    """Return a data file of an area (`kind` "omrade") or an indicator ("indikator").

    JSON has no words, and so is the same in all languages.

    Examples
    --------
    >>> data("omrade", "R1", "csv")
    'data/omrade/R1.csv'
    >>> data("omrade", "R1", "json", "en")
    'data/omrade/R1.json'
    """
    return f"{data_folder('sv' if ending == 'json' else lang)}{kind}/{id_}.{ending}"


def indicator_data(id_: str, ending: str, lang: str = "sv") -> str:
    """Return the file with all figures of an indicator: ``data/indikator/ID.csv``."""
    return data("indikator", id_, ending, lang)


def relative(target: str, origin: str) -> str:
    """Return how the file `origin` links to the file `target`.

    Examples
    --------
    >>> relative("indikator/x/index.html", "omrade/R1/index.html")
    '../../indikator/x/index.html'
    """
    return posixpath.relpath(target, posixpath.dirname(origin) or ".")


#: The files with figures that pages offer; CSV is in the page's language, JSON in both at once.
ENDINGS = ("csv", "json")


def offered(kind: str, id_: str, lang: str = "sv") -> dict[str, str]:
    """Return the files with figures of an area or an indicator that a page offers, by ending."""
    return {ending: data(kind, id_, ending, lang if ending == "csv" else "sv") for ending in ENDINGS}


def area_chart(id_: str, indicator_id: str, lang: str = "sv") -> str:
    """Return the picture of an area's measure over time that others may embed."""
    return posixpath.join(posixpath.dirname(area(id_, lang)), f"{indicator_id}.svg")


def indicator_chart(id_: str, name: str, lang: str = "sv") -> str:
    """Return a picture of an indicator that others may embed: its map, an order of areas, the city over time."""
    return posixpath.join(posixpath.dirname(indicator(id_, lang)), f"{name}.svg")


def initiative_chart(id_: str, indicator_id: str, lang: str = "sv") -> str:
    """Return the picture of an initiative's follow-up in a measure that others may embed."""
    return posixpath.join(posixpath.dirname(page(f"insats/{id_}", lang)), f"{indicator_id}.svg")


def timeline_chart(lang: str = "sv") -> str:
    """Return the picture of all initiatives over time that others may embed."""
    return posixpath.join(posixpath.dirname(page("insatser", lang)), "nar.svg")


def area_picture(id_: str, lang: str = "sv") -> str:
    """Return the picture that social media show of an area."""
    return posixpath.join(posixpath.dirname(area(id_, lang)), "bild.png")


def area_figures(id_: str, lang: str = "sv") -> str:
    """Return the script with an area's newest figures, for the page that compares areas."""
    return posixpath.join(posixpath.dirname(area(id_, lang)), "siffror.js")


def map_figures(id_: str, lang: str = "sv") -> str:
    """Return the script with all years of an indicator's map."""
    return posixpath.join(posixpath.dirname(indicator(id_, lang)), "karta.js")


#: Files about the whole edition, and the text that names each.
WHOLE = (
    ("data/datapackage.json", "package"),
    ("data/omraden.geojson", "geojson"),
    ("data/omraden.gpkg", "gpkg"),
    ("data/dcat.rdf", "dcat"),
    ("SHA256SUMS", "sums"),
)
