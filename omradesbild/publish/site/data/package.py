"""``datapackage.json``: all data files of an edition, what their columns mean, where they come from and their licences.

A data package as Frictionless Data defines it (version 2). Its resources are one table per indicator and language, and the
two map files; the tables per area hold the same rows in another order.
"""

from __future__ import annotations

from collections.abc import Mapping

from omradesbild.analyse.statements import Statements
from omradesbild.model import Source
from omradesbild.publish import tables
from omradesbild.publish.site import addresses
from omradesbild.publish.site.data import geo
from omradesbild.publish.site.data.figures import to_json
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.words import LANGUAGES, t

PATH = f"{addresses.data_folder()}datapackage.json"
#: What licences are called in machine-readable lists, and where they are written. Others are told in the source's words.
KNOWN = {
    "CC0 1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC BY-SA 4.0": ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "ODbL 1.0": ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
#: The licence of the borders' coast, which no source of figures has.
BORDERS = "ODbL 1.0"
MEDIA = {geo.GEOJSON: "application/geo+json", geo.GPKG: "application/geopackage+sqlite3"}


def file(statements: Statements, settings: Settings, made: Mapping[str, tuple[int, str]]) -> File:
    """Describe an edition's data files.

    Parameters
    ----------
    made
        Path → size in bytes and SHA-256 of every file of the edition.
    """
    pack = statements.pack
    used = [s for s in pack.sources.values() if s.id in set(statements.frame["source"].astype(str))]
    publisher = {"title": settings.publisher or t("site.no_publisher"), "roles": ["publisher"]}
    if settings.address:
        publisher["path"] = settings.address
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"omradesbild-{pack.info.id}",
        "title": tables.marked_title(pack, pack.info.title.sv),
        "description": t("site.package_text"),
        "version": pack.info.version,
        "created": f"{pack.info.version[:10]}T00:00:00Z",
        "contributors": [publisher],
        "licenses": _licences([s.licence for s in used]),
        "sources": [_source(s) for s in used],
        "resources": [*_tables(statements, made), *_maps(made)],
    }
    if settings.address:
        content["homepage"] = settings.address
    return File(PATH, to_json(content))


def fields(lang: str) -> list[dict]:
    """Describe the columns of the CSV files as a table schema does."""
    number = {"type": "number", "decimalChar": "," if lang == "sv" else ".", "groupChar": ""}
    return [
        {"name": heading, "title": name} | ({**number} if name in tables.NUMBERS else {"type": "string"})
        for name, heading in zip(tables.COLUMNS, tables.headings(lang), strict=True)
    ]


def _tables(statements: Statements, made: Mapping[str, tuple[int, str]]) -> list[dict]:
    return [
        {
            "name": f"{indicator.id}-{lang}".lower(),
            "type": "table",
            "title": indicator.title.get(lang),
            "description": indicator.definition.get(lang),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ";" if lang == "sv" else ",", "lineTerminator": "\r\n"},
            "schema": {"fields": fields(lang), "missingValues": [""]},
            "licenses": _licences([s.licence for s in statements.sources(indicator.id)]),
            "sources": [_source(s) for s in statements.sources(indicator.id)],
        }
        | _bytes(addresses.indicator_data(indicator.id, "csv", lang), made)
        for indicator in statements.pack.indicators.values()
        for lang in LANGUAGES
    ]


def _maps(made: Mapping[str, tuple[int, str]]) -> list[dict]:
    return [
        {"name": f"omraden-{path.rpartition('.')[2]}", "mediatype": media, "licenses": _licences([BORDERS])}
        | _bytes(path, made)
        for path, media in MEDIA.items()
    ]


def _bytes(path: str, made: Mapping[str, tuple[int, str]]) -> dict:
    size, digest = made[path]
    return {"path": addresses.relative(path, PATH), "bytes": size, "hash": f"sha256:{digest}"}


def _licences(names: list[str]) -> list[dict]:
    found = []
    for name in sorted(set(names)):
        code, path = KNOWN.get(name, ("", ""))
        found.append({"name": code, "path": path, "title": name} if code else {"name": "other", "title": name})
    return found


def _source(source: Source) -> dict:
    title = f"{source.publisher}: {source.title}"
    return {"title": f"{title} ({source.table})" if source.table else title, "path": source.url}
