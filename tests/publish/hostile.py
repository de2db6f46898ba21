"""The small pack with every free text exchanged for one that would break something if it were taken for more than a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

import small_pack

#: Each stands at its place with a number after it, so that it can be found again.
HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'",
    "]]> --> <!-- & &amp; &lt;b&gt; \"a\" 'b' `c`",
    '=HYPERLINK("http://ond.example";"x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "</script></style></title></textarea><svg onload=alert(3)><a href=javascript:alert(4)>x</a>",
    "شارع \u200f مالمو \u200e עברית",
    "👩\u200d👩\u200d👧 🏙️ Å\u0308 漢字 \u00ad\u200b\u2060",
    '#eval("1") $x$ *b* _i_ @ref \\ {{x}} ${x} %s %(a)s {0} ~ #image("/etc/passwd")',
    "lång " * 2000,
    "oavbruten" * 1111,
)
ORDINARY = ("Ord",)
ADDRESS = "https://ond.example/\"onmouseover=\"alert(5)'><script>alert(6)</script>?a=1&b=[2]"
#: Keys of the catalogue whose values are free text, or texts by language, or lists of them.
TEXTS = frozenset(
    ["title", "text", "name", "unit", "short_unit", "definition", "not_covered", "numerator", "denominator", "group_title", "processing", "note", "publisher", "table", "licence", "attribution", "cycle", "via", "event", "place", "actors", "decision", "uncertain", "change", "trend", "aliases", "attributions", "boundary_vintage", "not_measured", "published_note"]
)
NUMBERED = "¤"
BOTH = {"sv": "", "en": ""}
SOURCES = [small_pack.SOURCES[0] | {"via": "", "cycle": BOTH, "note": BOTH}]
AREAS = [small_pack.AREAS[0], small_pack.AREAS[1] | {"source": "", "note": BOTH}, small_pack.AREAS[2] | {"note": BOTH}]
INDICATORS = [i | {"processing": BOTH, "title": BOTH, "unit": BOTH} for i in small_pack.INDICATORS]
INITIATIVES = [small_pack.INITIATIVES[0] | dict.fromkeys(("actors", "decision", "uncertain", "note"), "")]
ENTRY = small_pack.POLICE[0]["entries"][0] | dict.fromkeys(("change", "trend", "uncertain"), BOTH)
POLICE = [small_pack.POLICE[0] | {"entries": [ENTRY], "note": BOTH}]


class Writer:
    """Writes the pack; `written` is every text, in the order in which they were given out."""

    def __init__(self, texts: Iterable[str], address: str) -> None:
        self.written: list[str] = []
        self.address = address
        self._texts = self._numbered(texts)

    def _numbered(self, texts: Iterable[str]) -> Iterator[str]:
        for number, text in enumerate(cycle(texts), start=1):
            self.written.append(f"{text} {NUMBERED}{number}{NUMBERED}")
            yield self.written[-1]

    def exchanged(self, value: object, key: str = "") -> object:
        """Return a part of the catalogue with other texts; ids, dates and numbers as they are."""
        if isinstance(value, dict):
            within = key in TEXTS and set(value) <= {"sv", "en"}
            return {k: self.exchanged(v, key if within else k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.exchanged(each, key) for each in value]
        if key in ("url", "source_url", "via_url"):
            return self.address
        return next(self._texts) if isinstance(value, str) and key in TEXTS else value


def write(root: Path, texts: Iterable[str] = HOSTILE, address: str = ADDRESS) -> Writer:
    """Write the pack into the folder `root`."""
    writer = Writer(texts, address)
    small_pack.write(root)
    catalogue = {
        "pack": small_pack.INFO | {"note": BOTH},
        "catalog/sources": SOURCES,
        "catalog/areas": AREAS,
        "catalog/breaks": small_pack.BREAKS,
        "catalog/goals": small_pack.GOALS,
        "catalog/initiatives": INITIATIVES,
        "catalog/police": POLICE,
        **{f"catalog/indicators/{i['id']}": i for i in INDICATORS},
    }
    for name, content in catalogue.items():
        small_pack.dump(root / f"{name}.yaml", writer.exchanged(content))
    borders = small_pack.boundaries()
    for feature in borders["features"]:
        feature["properties"] = writer.exchanged(feature["properties"])
    (root / "boundaries/small.geojson").write_text(small_pack.json.dumps(borders))
    aliases = {area: writer.exchanged(names, "aliases") for area, names in small_pack.ALIASES.items()}
    small_pack.dump(root / "catalog/aliases.yaml", aliases)
    return writer
