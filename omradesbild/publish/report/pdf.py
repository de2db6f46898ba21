"""A document as PDF/UA-1: tagged headings, lists and tables, alternative texts, language – set by typst in some hundredths of a second."""

from __future__ import annotations

import io
import json
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import fontpkg_source_sans_3
import pikepdf
import typst
from fontTools.ttLib import TTFont

from omradesbild.publish.document import (
    Beside,
    Block,
    Document,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
    beside,
)
from omradesbild.publish.house import House, logo_size
from omradesbild.words import NO_BREAK_HYPHEN, t

TEMPLATE = Path(__file__).with_name("pdf.typ")
FONTS = Path(fontpkg_source_sans_3.__file__).parent / "files"
WORDS = ("page", "of", "comment", "fill_in", "opens")
#: What stands in place of a character that no font has.
NO_GLYPH = "□"
#: Fields of blocks that paper has no use for.
LEFT_OUT = ("rests_on", "chart")
#: Columns of shorter texts take the width they need; longer texts take more lines, not more width.
SHORT, LONG = 18, 48
#: Columns of figures that need more characters together than CROWDED share the room, those alone that need more than NUMBER.
CROWDED, NUMBER = 75, 8

#: A part of a document whose last page is not filled so far down, in points from its edge, is set closer where that helps.
STUB = 200.0

_setting = threading.Lock()  # a compiler serves one at a time


def to_pdf(document: Document) -> bytes:
    """Set a document as PDF. The same document gives the same bytes.

    Raises
    ------
    ValueError
        If typst refuses: a picture is no SVG, a font is missing.
    """
    moment = datetime.fromisoformat(document.date).replace(tzinfo=UTC)
    return _with_row_headings(_compiled(document, pdf_standards=["ua-1"], timestamp=int(moment.timestamp())))


def set_pages(document: Document, dots: int) -> list[bytes]:
    """Set a document as pictures (PNG) of its pages, `dots` an inch.

    Raises
    ------
    ValueError
        As `to_pdf`.
    """
    made = _compiled(document, format="png", ppi=dots)
    return made if isinstance(made, list) else [made]


def _compiled(document: Document, **options: object) -> bytes | list[bytes]:
    paths = tuple(document.house.font_paths)
    plain = json.dumps(_shown(_plain(document), _covered(paths)), ensure_ascii=False, allow_nan=False)
    try:
        with _setting:
            return _well_ended(_compiler(paths), {"document": plain}, options)
    except typst.TypstError as error:
        raise ValueError(f"the document could not be set as PDF: {error}") from error


def _well_ended(compiler: typst.Compiler, inputs: dict[str, str], options: dict[str, object]) -> bytes | list[bytes]:
    """Set a document; closer, where a part of it ends with a few lines on a page of their own and that saves the page."""
    made = compiler.compile(sys_inputs=inputs, **options)
    ends = _ends(compiler)
    begun = [1, *(page + 1 for page, _ in ends)]
    if any(first < page and down < STUB for first, (page, down) in zip(begun, ends, strict=False)):
        closer = compiler.compile(sys_inputs=inputs | {"closer": "yes"}, **options)
        if _ends(compiler)[-1][0] < ends[-1][0]:
            return closer
    return made


def _ends(compiler: typst.Compiler) -> list[tuple[int, float]]:
    """Return where the parts of the document that was set last end: the page, and how far down it in points."""
    return [(end["page"], end["down"]) for end in json.loads(compiler.query("<end>", field="value"))]


def _with_row_headings(made: bytes) -> bytes:
    """Tag the first cell of each table's row as its heading, which typst's own table cannot."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        rows = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TR"]
        for row in rows:
            first = next((k for k in row.K if isinstance(k, pikepdf.Dictionary)), None)
            if first is not None and first.S == "/TD":
                first.S = pikepdf.Name.TH
                scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
                first.A = pikepdf.Array([scope, *_attributes(first)])
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return target.getvalue()


def _attributes(element: pikepdf.Dictionary) -> list[pikepdf.Object]:
    found = element.get("/A")
    return [] if found is None else list(found) if isinstance(found, pikepdf.Array) else [found]


@cache
def _compiler(font_paths: tuple[str, ...]) -> typst.Compiler:
    """Return a compiler that keeps fonts and template; it is slow to make and quick to use."""
    paths = [str(FONTS), *font_paths]
    return typst.Compiler(str(TEMPLATE), font_paths=paths, ignore_system_fonts=not font_paths)


class _Covered(dict):
    """How each character is shown: itself, or a sign where no font has it. PDF/UA allows no character without a glyph.

    Signs that are not seen, but turn the direction of what follows or are no text, are left out. The font has one
    glyph for both hyphens, and what is copied from the page must be what was written.
    """

    def __init__(self, characters: frozenset[int]):
        super().__init__({ord(NO_BREAK_HYPHEN): "-", ord("\n"): "\n", ord("\t"): " "})
        self.characters = characters

    def __missing__(self, code: int) -> str:
        shown = chr(code) if code in self.characters else NO_GLYPH
        category = unicodedata.category(chr(code))
        unseen = category in ("Cc", "Cf", "Cs") or (category == "Mn" and shown == NO_GLYPH)
        self[code] = "" if unseen else shown
        return self[code]


@cache
def _covered(font_paths: tuple[str, ...]) -> _Covered:
    """Return how characters are shown in the fonts that come along and those in some folders."""
    files = (file for folder in (FONTS, *map(Path, font_paths)) for file in sorted(folder.glob("*.[to]tf")))
    return _Covered(frozenset(code for file in files for code in TTFont(file, lazy=True).getBestCmap()))


def _shown(value: object, covered: _Covered) -> object:
    """Return what JSON can hold with every text as it can be shown."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value).translate(covered)
        case dict():
            return {key: _shown(each, covered) for key, each in value.items()}
        case list() | tuple():
            return [_shown(each, covered) for each in value]
    return value


def _plain(document: Document) -> dict:
    """Return a document as JSON can hold it."""
    words = {word: t(f"report.{word}", document.lang) for word in WORDS}
    words |= {"demonstration": t("demo.banner", document.lang), "made_up": t("demo.mark", document.lang)}
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.house.name,
        "lang": document.lang,
        "facts": document.facts,
        "blocks": _blocks(document.blocks),
        "versions": document.versions,
        "link": document.link,
        "demonstration": document.demonstration,
        "words": words,
        "look": _look(document.house),
    }


def _blocks(blocks: Sequence[Block]) -> list[dict]:
    """Return blocks with what paper does of them: a narrow picture stands beside the list before it, notes one after
    another stay together, and nothing is called the same as the heading right above it.
    """
    found: list[dict] = []
    heading = ""
    for block in beside(blocks):
        if isinstance(block, Paragraph) and block.note:
            if not found or found[-1]["type"] != "Notes":
                found.append({"type": "Notes", "texts": []})
            found[-1]["texts"].append(block.text)
            continue
        if isinstance(block, tuple):
            plain = dict(zip(("left", "right"), map(_block, block), strict=True)) | {"type": "Aside"}
        else:
            plain = _block(block)
        for name in ("caption", "title", "label"):
            if plain.get(name) == heading:
                plain[name] = ""
        heading = block.text if isinstance(block, Heading) else ""
        found.append(plain)
    return found


def _block(block: Block) -> dict:
    if isinstance(block, Beside):
        return {"type": "Beside", "figures": [_block(figure) for figure in block.figures]}
    found = {field.name: getattr(block, field.name) for field in fields(block) if field.name not in LEFT_OUT}
    found["type"] = type(block).__name__
    if isinstance(block, Table):
        found["rows"] = [row.text if isinstance(row, Section) else row for row in block.rows]
        found["widths"] = _widths(block)
    if isinstance(block, Figure):
        found["svg"] = weighted(block.svg)
    return found


def _widths(table: Table) -> list[float]:
    """Return how much of the room each column of longer words should have; 0 for those that take what they need.

    Columns of figures share the room with the first where there are so many, or such long names above them, that they
    would leave it none.
    """
    rows = [row for row in table.rows if not isinstance(row, Section)]
    needs = [_longest(name, *(row[n] for row in rows)) for n, name in enumerate(table.columns)]
    crowded = sum(needs[n] for n in table.numeric) > CROWDED
    widths = []
    for n, need in enumerate(needs):
        if n in table.numeric:
            widths.append(float(SHORT) if crowded and need > NUMBER else 0.0)
            continue
        lengths = [min(len(row[n]), LONG) for row in rows] or [0]
        short = max(lengths) <= (SHORT if n else SHORT // 3)
        word = max((len(word) for row in rows for word in row[n].split()), default=0)
        widths.append(0.0 if short else max(min(word, LONG), (max(lengths) + sum(lengths) / len(lengths)) / 2))
    return widths


def weighted(svg: str) -> str:
    """Ask for the regular weight outright: in a picture typst sets ordinary text in a variable font's thinnest."""
    bold = re.sub(r'( font-weight="(?:600|700|bold)")', r'\1 style="font-variation-settings:normal"', svg)
    return bold.replace("<svg ", """<svg style="font-variation-settings:'wght' 400" """, 1)


def _look(house: House) -> dict:
    return {
        "accent": house.accent,
        "fonts": list(dict.fromkeys([*house.fonts, "Source Sans 3"])),  # where a font is not here, not typst's own
        "logo": (logo := house.logo_svg),
        "logo_height": logo_size(logo)[1] if logo else 0,
        "logo_alt": house.logo_alt,
    }


def _longest(*cells: str) -> int:
    return max(len(line) for cell in cells for line in cell.split("\n"))
