"""What the office formats have in common: text that XML can hold, the same bytes every time, pictures as PNG."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import typst

from omradesbild.publish.document import Document, Section, Table
from omradesbild.publish.figures import metrics
from omradesbild.publish.report.pdf import FONTS, weighted
from omradesbild.words import t

#: Characters that XML 1.0 cannot hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The earliest time that a zip file can hold: all parts carry it.
THEN = (1980, 1, 1, 0, 0, 0)
#: Ours comes along with the program and not with the reader's computer; Arial is everywhere and nearly as wide.
_OURS, _EVERYWHERE = "Source Sans 3", "Arial"
#: The longest that a property of a file may be.
LONGEST_PROPERTY = 255
#: Dots per inch of pictures: sharp on paper.
DOTS = 220
#: Where an office program ends a line: at spaces, and at hyphens between letters. A text's own lines.
#: A figure's flags, single letters last on its line, stay with it.
_WORDS, _LINES = re.compile(r" (?!\w(?: \w)*(?:\n|$))|\n|(?<=[^\W\d]-)(?=[^\W\d])"), re.compile(r"\n")
#: The most of a table's width that a column takes while others need it.
MOST_OF_ROOM = 0.45
_painting = threading.Lock()  # a compiler serves one at a time
PICTURE = Path(__file__).with_name("picture.typ")


def clean(text: str) -> str:
    """Put a mark where a text has a character that no office file can hold.

    Examples
    --------
    >>> clean("a\\x00b")
    'a\ufffdb'
    """
    return _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def font_of(document: Document) -> str:
    """Return the font that an office program sets the document in."""
    first = document.house.fonts[0]
    return _EVERYWHERE if first == _OURS else first


def language_of(document: Document) -> str:
    """Return the document's language as office files name it."""
    return {"sv": "sv-SE", "en": "en-GB"}[document.lang]


def moment_of(document: Document) -> datetime:
    """Return the time that all of a file's properties carry."""
    return datetime.fromisoformat(document.date).replace(tzinfo=UTC)


def describe(properties, document: Document) -> None:
    """Fill in a package's core properties."""
    properties.title = clean(document.title)[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = clean(document.house.name)[:LONGEST_PROPERTY]
    properties.subject = clean(document.subtitle)[:LONGEST_PROPERTY]
    properties.keywords = "; ".join(map(clean, document.versions))[:LONGEST_PROPERTY]
    properties.comments = clean(document.link)[:LONGEST_PROPERTY]
    properties.language = language_of(document)
    properties.created = properties.modified = moment_of(document).replace(tzinfo=None)
    properties.revision = 1


def sealed(package: bytes) -> bytes:
    """Write a package anew with its parts sorted and without times: the same parts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as out:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = zipfile.ZipInfo(name, THEN)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            out.writestr(part, source.read(name))
    return target.getvalue()


@lru_cache(maxsize=256)
def png(svg: str, width: float) -> bytes:
    """Draw an SVG as PNG, `width` points wide.

    Raises
    ------
    ValueError
        If it is no SVG that can be drawn.
    """
    try:
        with _painting:
            return _painter().compile(
                format="png", ppi=DOTS, sys_inputs={"svg": weighted(svg), "width": f"{width:g}"}
            )
    except typst.TypstError as error:
        raise ValueError(f"the picture could not be drawn: {error}") from error


@lru_cache(maxsize=1)
def _painter() -> typst.Compiler:
    return typst.Compiler(str(PICTURE), font_paths=[str(FONTS)], ignore_system_fonts=True)


@lru_cache(maxsize=4096)
def broken(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Divide a text into lines that fit as an office program does: at spaces, and inside a word that is too long."""
    lines: list[str] = []
    for given in clean(text).expandtabs(4).split("\n"):
        line, used = "", 0.0
        for word in re.findall(r"\S* ?", given):
            taken = metrics.width(word.rstrip(), size, bold)
            if line and used + taken > room:
                lines.append(line.rstrip())
                line, used = "", 0.0
            if taken > room:
                *whole, word = _pieces(word, room, size, bold)
                lines += whole
            line, used = line + word, used + metrics.width(word, size, bold)
        lines.append(line.rstrip())
    return tuple(lines)


def _pieces(word: str, room: float, size: float, bold: bool) -> list[str]:
    pieces, used = [""], 0.0
    for character in word:
        taken = metrics.width(character, size, bold)
        if pieces[-1] and used + taken > room:
            pieces.append("")
            used = 0.0
        pieces[-1], used = pieces[-1] + character, used + taken
    return pieces


def cut(text: str, room: float, size: float, bold: bool = False) -> str:
    """Cut a text with an ellipsis so that it fits on one line as long as `room`."""
    used, end = 0.0, metrics.width("…", size, bold)
    for at, character in enumerate(text):
        used += metrics.width(character, size, bold)
        if used + end > room and (at + 1 < len(text) or used > room):
            return text[:at].rstrip() + "…"
    return text


def least_widths(table: Table, size: float, padding: float) -> list[float]:
    """Return what each column of a table needs for its longest word."""
    return _needs(table, _WORDS, size, padding)


def _needs(table: Table, parts: re.Pattern[str], size: float, padding: float) -> list[float]:
    """Return what each column needs for the longest of the parts that its texts are divided into."""
    rows = [table.columns, *(row for row in table.rows if not isinstance(row, Section))]

    def need(i: int) -> float:
        texts = ((part, row is table.columns) for row in rows for part in parts.split(row[i]))
        return padding + max(metrics.width(part, size, bold) for part, bold in texts)

    return [need(i) for i in range(len(table.columns))]


def _shared(needs: list[float], room: float) -> list[float]:
    """Return what each gets of a room: what it needs, or where that is too much for all, an equal share of what is left.

    Examples
    --------
    >>> _shared([10.0, 50.0, 80.0], 90.0)
    [10.0, 40.0, 40.0]
    """
    left, waiting = room, sorted(needs)
    while waiting and waiting[0] <= left / len(waiting):
        left -= waiting.pop(0)
    return [min(need, left / len(waiting)) for need in needs] if waiting else needs


def column_widths(table: Table, room: float, size: float, padding: float) -> list[float]:
    """Divide a table's width as a browser does: each column has room for its longest word, then a share of what is left
    by how much more its longest line needs; what nobody needs goes to the columns of longer words.
    """
    least = _shared(least_widths(table, size, padding), room)
    lines = _needs(table, _LINES, size, padding)
    most = [max(low, min(room * MOST_OF_ROOM, whole)) for whole, low in zip(lines, least, strict=True)]
    spare = room - sum(least)
    wanted = [high - low for high, low in zip(most, least, strict=True)]
    if sum(wanted) <= spare:
        growing = table.wide or (0,)
        return [high + (room - sum(most)) / len(growing) * (i in growing) for i, high in enumerate(most)]
    total = sum(wanted) or 1.0
    return [low + spare * more / total for low, more in zip(least, wanted, strict=True)]


def standing(document: Document) -> str:
    """Return the line at the foot of every page, slide and sheet."""
    return clean(" · ".join(document.versions)).replace("\n", " ")


def definitions(document: Document) -> list[tuple[str, str, str, str]]:
    """Return name, unit, definition and what is not covered for every measure in a document, in its order."""
    lang = document.lang
    found = {s.indicator.id: s.indicator for s in document.rests_on}
    return [
        (
            i.title.get(lang),
            i.unit.get(lang),
            i.definition.get(lang),
            i.not_covered.get(lang) if i.not_covered else "",
        )
        for i in found.values()
    ]


def warning(document: Document) -> str:
    """Return what marks made-up figures; empty where they are real."""
    return t("demo.banner", document.lang) if document.demonstration else ""
