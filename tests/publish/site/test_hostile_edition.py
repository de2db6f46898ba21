"""An edition of a pack whose texts are markup, formulas, ten thousand characters and worse: all of it text, nothing broken."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import html5lib
import pytest
from lxml import etree
from PIL import Image
from publish import hostile

from omradesbild.pack import Pack, load
from omradesbild.publish import tables
from omradesbild.publish.site.build import build
from omradesbild.publish.site.settings import Settings


def published(folder: Path, texts: tuple[str, ...], address: str) -> tuple[Pack, list[str], dict[str, bytes]]:
    """Publish a pack; return it, its texts and the edition's files."""
    written = hostile.write(folder / "pack", texts, address).written
    pack = load(folder / "pack")
    build(pack, folder / "x", Settings(publisher=texts[0], phone=texts[0], reviewer=texts[0]), processes=1)
    files = {p.relative_to(folder / "x").as_posix(): p for p in sorted((folder / "x").rglob("*")) if p.is_file()}
    return pack, written, {path: p.read_bytes() for path, p in files.items() if not path.startswith("utgavor/2")}


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> tuple[Pack, list[str], dict[str, bytes]]:
    return published(tmp_path_factory.mktemp("hostile"), hostile.HOSTILE, hostile.ADDRESS)


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory) -> dict[str, bytes]:
    return published(tmp_path_factory.mktemp("ordinary"), hostile.ORDINARY, "https://example.org/")[2]


def parsed(content: bytes) -> ElementTree.Element:
    """Read a page as browsers must; a fault of form is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)


def pages(files: dict[str, bytes]) -> Iterator[tuple[str, ElementTree.Element]]:
    for path, content in files.items():
        if path.endswith(".html"):
            yield path, parsed(content)


def parts(root: ElementTree.Element) -> set[tuple[str, str]]:
    """Every kind of element with each of its attributes."""
    return {(e.tag, name) for e in root.iter() if isinstance(e.tag, str) for name in ("", *e.attrib)}


def squeezed(text: str) -> str:
    """Return a text with its spaces and line breaks taken for one."""
    return re.sub(r"\s+", " ", text).strip()


def test_it_is_made_whole(edition, ordinary) -> None:
    assert set(edition[2]) == set(ordinary) and len(edition[2]) > 100


def test_no_text_becomes_anything_but_text(edition, ordinary) -> None:
    """The pages hold the same kinds of elements and attributes as those of a pack with ordinary texts, and no others."""
    usual = {part for _, root in pages(ordinary) for part in parts(root)}
    assert ("script", "src") in usual and not [name for _, name in usual if name.startswith("on")]
    for path, root in pages(edition[2]):
        assert parts(root) <= usual, path
        scripts = list(root.iter("script"))
        assert len(scripts) == (path != "senaste/index.html") and not any(script.text for script in scripts), path
        links = [e.get("href") for e in root.iter() if isinstance(e.tag, str) and e.get("href")]
        assert not [link for link in links if re.match(r"\s*(javascript|data):", link, re.I)], path


def test_the_texts_stand_as_they_were_written(edition) -> None:
    pack, _, files = edition
    roots = {path: root for path, root in pages(files) if not path.startswith("en/")}
    for area in pack.areas.values():
        root = roots[f"omrade/{area.id}/index.html"]
        assert squeezed("".join(root.find(".//h1").itertext())) == squeezed(area.name)
    said = {path: squeezed("".join(root.itertext())) for path, root in roots.items()}
    for indicator in pack.indicators.values():
        path = f"indikator/{indicator.id}/index.html"
        assert squeezed("".join(roots[path].find(".//h1").itertext())) == squeezed(indicator.title.sv)
        for text in (indicator.definition, indicator.not_covered, indicator.processing):
            assert squeezed(text.sv) in said[path]
    for goal in pack.goals:
        assert all(squeezed(text.sv) in said["mal/index.html"] for text in (goal.title, goal.text, goal.not_measured))
    for initiative in pack.initiatives:
        assert squeezed(initiative.title) in said["insatser/index.html"]
    everything = " ".join(said.values())
    for source in pack.sources.values():
        assert squeezed(source.publisher) in everything and squeezed(source.title) in everything


def test_pictures_parse_and_are_made(edition) -> None:
    seen = {".svg": 0, ".png": 0}
    for path, content in edition[2].items():
        if path.endswith(".svg"):
            tags = {etree.QName(e).localname for e in etree.fromstring(content).iter() if isinstance(e.tag, str)}
            assert {"script", "image", "foreignObject"}.isdisjoint(tags), path
            seen[".svg"] += 1
        elif path.endswith(".png"):
            with Image.open(io.BytesIO(content)) as picture:
                assert picture.size == (1200, 630), path
                assert len(picture.convert("L").getcolors() or range(256)) > 10, f"{path} shows nothing"
            seen[".png"] += 1
    assert min(seen.values()) >= len(edition[0].areas)


def test_no_cell_is_a_formula_and_numbers_are_numbers(edition) -> None:
    pack, _, files = edition
    numbers = {tables.COLUMNS.index(name) for name in tables.NUMBERS}
    checked = 0
    for path, content in files.items():
        if not path.endswith(".csv"):
            continue
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter="," if "/en/" in path else ";")
        assert len(next(reader)) == len(tables.COLUMNS)
        for row in reader:
            assert len(row) == len(tables.COLUMNS), path
            for at, cell in enumerate(row):
                if at in numbers:
                    assert re.fullmatch(r"(-?\d+([.,]\d+)?)?", cell), (path, cell)
                else:
                    assert len(cell) < 2 or cell[0] not in "=+-@\t\r", (path, cell)
                checked += 1
            name = pack.areas[row[0]].name
            assert row[1] in (name, f"'{name}")
    assert checked > 10_000


def test_a_negative_number_stays_a_number() -> None:
    row = dict.fromkeys(tables.COLUMNS, "-2+3") | {"difference": -2.5}
    line = tables.to_csv([row]).decode("utf-8-sig").splitlines()[1].split(";")
    assert line[tables.COLUMNS.index("difference")] == "-2,5" and line[0] == "'-2+3"


def test_data_files_open(edition, tmp_path) -> None:
    pack, _, files = edition
    names = {area.id: area.name for area in pack.areas.values()}
    for path, content in files.items():
        if path.endswith((".json", ".geojson")):
            json.loads(content)
        elif path.endswith(".rdf"):
            titles = {e.text for e in etree.fromstring(content).iter("{http://purl.org/dc/terms/}title")}
            assert {i.title.sv for i in pack.indicators.values()} <= titles
    features = json.loads(files["data/omraden.geojson"])["features"]
    assert {f["id"]: f["properties"]["name"] for f in features} == names
    (tmp_path / "x.gpkg").write_bytes(files["data/omraden.gpkg"])
    for level in {area.level for area in pack.areas.values()}:
        layer = geopandas.read_file(tmp_path / "x.gpkg", layer=level.value)
        assert {row.id: row.name_ for row in layer.rename(columns={"name": "name_"}).itertuples()}.items() <= names.items()


def test_what_scripts_read_is_json_in_a_call(edition) -> None:
    checked = 0
    for path, content in edition[2].items():
        if path.endswith(".js") and path != "stil/edition.js":
            text = content.decode()
            assert re.match(r"[\w.]+\(", text), path
            json.loads(text[text.index("(") + 1 : text.rindex(")")])
            assert not set(text) & {"\u2028", "\u2029"} and "</script" not in text, path
            checked += 1
    assert checked >= len(edition[0].areas)


def test_every_text_was_in_use(edition) -> None:
    """What is given out and shown nowhere would prove nothing."""
    _, written, files = edition
    everything = b"".join(files.values()).decode(errors="replace")
    marks = {text: text[text.rindex(" ") + 1 :] for text in written}
    shown = [text for text, mark in marks.items() if mark in everything]
    assert len(shown) > 0.8 * len(written)
    assert {text[:4] for text in hostile.HOSTILE} <= {text[:4] for text in shown}
