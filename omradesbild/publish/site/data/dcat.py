"""``dcat.rdf``: what the national data portal (dataportal.se) reads, by the profile DCAT-AP-SE 2.2, as RDF/XML.

The whole with its map files is one dataset, and every indicator is one. Addresses are whole where the settings say where
the edition will lie; else they are from this file on, which RDF/XML allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as tree

from omradesbild.analyse.statements import Statements
from omradesbild.model import Indicator, Text
from omradesbild.publish import tables
from omradesbild.publish.site import addresses
from omradesbild.publish.site.data import geo, package
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.words import LANGUAGES, t

PATH = f"{addresses.data_folder()}dcat.rdf"
NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
}
XML = "http://www.w3.org/XML/1998/namespace"
#: The European Union's words for themes, languages, file types, frequencies and access.
EU = "http://publications.europa.eu/resource/authority/"
THEMES = ("SOCI", "REGI")
LANGUAGE = {"sv": f"{EU}language/SWE", "en": f"{EU}language/ENG"}
TYPES = {"csv": "text/csv", "json": "application/json", "geojson": "application/geo+json"} | {
    "gpkg": "application/geopackage+sqlite3"
}


def file(statements: Statements, settings: Settings, made: Mapping[str, tuple[int, str]]) -> File:
    """Describe an edition for the data portal; `made` as in `package.file`."""
    return File(PATH, _Writer(statements, settings, made).written())


class _Writer:
    def __init__(self, statements: Statements, settings: Settings, made: Mapping[str, tuple[int, str]]) -> None:
        for prefix, address in NAMES.items():
            tree.register_namespace(prefix, address)
        self.statements, self.settings, self.made = statements, settings, made
        self.pack = statements.pack
        base = {f"{{{XML}}}base": settings.absolute(PATH)} if settings.address else {}
        self.root = tree.Element(_name("rdf:RDF"), base)

    def written(self) -> bytes:
        info = self.pack.info
        catalogue = self._node("dcat:Catalog", "#katalog")
        self._titled(catalogue, info.title)
        self._said(catalogue, "dcterms:description", "site.catalogue_text", city=self.pack.areas[info.city].name)
        _link(catalogue, "dcterms:publisher", "#utgivare")
        _link(catalogue, "dcterms:license", package.KNOWN["CC0 1.0"][1])
        _typed(catalogue, "dcterms:modified", info.version[:10], "date")
        for lang in LANGUAGES:
            _link(catalogue, "dcterms:language", LANGUAGE[lang])
        _link(catalogue, "foaf:homepage", self._address("index.html"))
        self._publisher()
        self._whole(catalogue)
        for indicator in self.pack.indicators.values():
            self._indicator(catalogue, indicator)
        tree.indent(self.root, " ")
        return tree.tostring(self.root, encoding="utf-8", xml_declaration=True) + b"\n"

    def _publisher(self) -> None:
        agent = self._node("foaf:Agent", "#utgivare")
        _text(agent, "foaf:name", self.settings.publisher or t("site.no_publisher"))
        _link(agent, "dcterms:type", "http://purl.org/adms/publishertype/LocalAuthority")
        contact = self._node("vcard:Organization", "#kontakt")
        _text(contact, "vcard:fn", self.settings.publisher or t("site.no_publisher"))
        if self.settings.contact:
            _link(contact, "vcard:hasEmail", f"mailto:{self.settings.contact}")

    def _whole(self, catalogue: tree.Element) -> None:
        title = self.pack.info.title
        dataset = self._dataset(catalogue, "#hela")
        self._titled(dataset, title)
        self._said(dataset, "dcterms:description", "site.package_text")
        _link(dataset, "dcat:landingPage", self._address("data/index.html"))
        for path, name in ((geo.GEOJSON, "geojson"), (geo.GPKG, "gpkg")):
            self._distribution(dataset, path, Text(sv=t(f"site.data_{name}"), en=t(f"site.data_{name}", "en")), [package.BORDERS])

    def _indicator(self, catalogue: tree.Element, indicator: Indicator) -> None:
        dataset = self._dataset(catalogue, f"#{indicator.id}")
        self._titled(dataset, indicator.title)
        self._texts(dataset, "dcterms:description", indicator.definition)
        _link(dataset, "dcat:landingPage", self._address(addresses.indicator(indicator.id)))
        for lang in LANGUAGES:
            keyword = _text(dataset, "dcat:keyword", t(f"theme.{indicator.theme}", lang))
            keyword.set(f"{{{XML}}}lang", lang)
        sources = self.statements.sources(indicator.id)
        for address in dict.fromkeys(source.url for source in sources):
            _link(dataset, "dcterms:source", address)
        periods = self.statements.periods(indicator.id)
        if periods:
            period = _inside(dataset, "dcterms:temporal", "dcterms:PeriodOfTime")
            _typed(period, "dcat:startDate", periods[0][:4], "gYear")
            _typed(period, "dcat:endDate", periods[-1][:4], "gYear")
        licences = [source.licence for source in sources]
        for ending, lang in (("csv", "sv"), ("csv", "en"), ("json", "sv")):
            path = addresses.indicator_data(indicator.id, ending, lang)
            self._distribution(dataset, path, indicator.title, licences, lang if ending == "csv" else "")

    def _dataset(self, catalogue: tree.Element, about: str) -> tree.Element:
        """Begin a dataset with what all have in common."""
        _link(catalogue, "dcat:dataset", about)
        dataset = self._node("dcat:Dataset", about)
        _link(dataset, "dcterms:publisher", "#utgivare")
        _link(dataset, "dcat:contactPoint", "#kontakt")
        for theme in THEMES:
            _link(dataset, "dcat:theme", f"{EU}data-theme/{theme}")
        _link(dataset, "dcterms:accessRights", f"{EU}access-right/PUBLIC")
        _link(dataset, "dcterms:accrualPeriodicity", f"{EU}frequency/ANNUAL")
        _typed(dataset, "dcterms:modified", self.pack.info.version[:10], "date")
        place = _inside(dataset, "dcterms:spatial", "dcterms:Location")
        _typed(place, "dcat:bbox", _box(self.pack.boundaries), "geosparql:wktLiteral")
        return dataset

    def _distribution(
        self, dataset: tree.Element, path: str, title: Text, licences: Iterable[str], lang: str = ""
    ) -> None:
        size, digest = self.made[path]
        about = f"#{path.removeprefix(addresses.data_folder())}"
        _link(dataset, "dcat:distribution", about)
        found = self._node("dcat:Distribution", about)
        self._texts(found, "dcterms:title", title)
        _link(found, "dcat:accessURL", self._address(path))
        _link(found, "dcat:downloadURL", self._address(path))
        _text(found, "dcterms:format", TYPES[path.rpartition(".")[2]])
        _typed(found, "dcat:byteSize", str(size), "nonNegativeInteger")
        if lang:
            _link(found, "dcterms:language", LANGUAGE[lang])
        self._licence(found, sorted(set(licences)))
        checksum = _inside(found, "spdx:checksum", "spdx:Checksum")
        _link(checksum, "spdx:algorithm", "http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
        _typed(checksum, "spdx:checksumValue", digest, "hexBinary")

    def _licence(self, found: tree.Element, licences: list[str]) -> None:
        """Name the licence where there is one with an address; else say the sources' terms in words."""
        if len(licences) == 1 and licences[0] in package.KNOWN:
            _link(found, "dcterms:license", package.KNOWN[licences[0]][1])
        else:
            rights = _inside(found, "dcterms:rights", "dcterms:RightsStatement")
            _text(rights, "dcterms:description", "; ".join(licences))

    def _node(self, kind: str, about: str) -> tree.Element:
        return tree.SubElement(self.root, _name(kind), {_name("rdf:about"): about})

    def _address(self, path: str) -> str:
        return self.settings.absolute(path) or addresses.relative(path, PATH)

    def _texts(self, node: tree.Element, name: str, text: Text) -> None:
        for lang in LANGUAGES:
            _text(node, name, text.get(lang)).set(f"{{{XML}}}lang", lang)

    def _titled(self, node: tree.Element, title: Text) -> None:
        marked = {lang: tables.marked_title(self.pack, title.get(lang), lang) for lang in LANGUAGES}
        self._texts(node, "dcterms:title", Text(**marked))

    def _said(self, node: tree.Element, name: str, key: str, **values: str) -> None:
        self._texts(node, name, Text(**{lang: t(key, lang, **values) for lang in LANGUAGES}))


def _name(short: str) -> str:
    prefix, _, name = short.partition(":")
    return f"{{{NAMES[prefix]}}}{name}"


def _text(node: tree.Element, name: str, text: str) -> tree.Element:
    child = tree.SubElement(node, _name(name))
    child.text = "".join(c for c in text if c in "\t\n\r" or c >= " ")
    return child


def _typed(node: tree.Element, name: str, text: str, kind: str) -> None:
    prefix, _, kind = kind.rpartition(":")
    _text(node, name, text).set(_name("rdf:datatype"), NAMES[prefix or "xsd"] + kind)


def _link(node: tree.Element, name: str, address: str) -> None:
    tree.SubElement(node, _name(name), {_name("rdf:resource"): address})


def _inside(node: tree.Element, name: str, kind: str) -> tree.Element:
    return tree.SubElement(tree.SubElement(node, _name(name)), _name(kind))


def _box(boundaries: dict) -> str:
    """Write the rectangle around the areas, in degrees."""
    import shapely
    from shapely.geometry import shape

    bounds = shapely.total_bounds([shape(f["geometry"]) for f in boundaries["features"]])
    west, south, east, north = (f"{value:.4f}" for value in bounds)
    return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
