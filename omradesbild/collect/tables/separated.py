"""Text with separators (CSV), in the encodings and with the separators that Swedish offices use."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.sheet import LONGEST_CELL, Sheet, laid

#: Separators, the first preferred where two do as well.
SEPARATORS = {";": "semikolon", "\t": "tabb", ",": "komma", "|": "lodstreck"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 med bytemärke"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
#: Encodings of one byte a character, the commonest first.
_ONE_BYTE = (("cp1252", "Windows-1252"), ("mac_roman", "MacRoman"), ("cp850", "DOS (CP850)"))
#: What speaks for an encoding, and what does not speak against it; anything else beyond ASCII does.
_SWEDISH, _USUAL = frozenset("åäöÅÄÖ"), frozenset("éÉüÜ’”“–—…§°½²³€\u00a0\u202f\u2009")
_LOOKED_AT = 200


def read(file: str, content: bytes) -> Sheet:
    """Read a text file with separators.

    Raises
    ------
    CollectError
        If it is no text, or no table.
    """
    text, encoding = decode(file, content)
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise CollectError(f"{file}, rad {row}", "nolltecken", "text", "Filen är skadad eller inte text. Spara den på nytt")
    said = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)  # Excel's own way to tell
    separator = said[1] if said and said[1] in SEPARATORS else _separator(text)
    csv.field_size_limit(10 * LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)

    def rows():
        before = 0
        try:
            for row in lines:
                if not (said and before == 0):
                    yield before + 1, row
                before = lines.line_num
        except csv.Error as error:
            raise CollectError(
                f"{file}, rad {before + 1}",
                "ett citattecken utan par, eller en mycket lång cell",
                "celler på var sin plats",
                "Rätta raden, eller spara om filen ur Excel",
            ) from error

    details = {"encoding": encoding, "separator": SEPARATORS[separator]}
    return laid(file, "", "csv", rows(), details=details)


def decode(file: str, content: bytes) -> tuple[str, str]:
    """Return a file's text, and the encoding's name.

    Detection by statistics of language (charset-normalizer) was tried and gave the wrong letters for two of three short
    Swedish tables in MacRoman and CP850. A table says little but names, so it is read in each of the encodings
    that are used here, and the one that gives the most Swedish letters and the fewest strange ones is it.
    """
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return _decoded(file, content, codec, name), name
    if b"\0" in content[:4000]:
        even, odd = content[0:4000:2].count(0), content[1:4000:2].count(0)
        codec = "utf-16-le" if odd > even else "utf-16-be"
        if max(even, odd) > len(content[:4000]) / 5:
            return _decoded(file, content, codec, "UTF-16"), "UTF-16 utan bytemärke"
        raise CollectError(file, "nolltecken", "text", "Filen är skadad eller inte text. Spara den på nytt")
    try:
        return content.decode(), "UTF-8"
    except UnicodeDecodeError:
        pass
    read_as = [(content.decode(codec, errors="replace"), name) for codec, name in _ONE_BYTE]
    text, name = max(read_as, key=lambda one: _likely(one[0]))
    if name == "Windows-1252" and not any(0x80 <= byte < 0xA0 for byte in content):
        name = "Windows-1252 (ISO-8859-1)"
    return text, name


def _likely(text: str) -> int:
    beyond = [c for c in text if c > "\x7f" and c not in _USUAL]
    return sum(1 if c in _SWEDISH else -3 if c == "\ufffd" else -1 for c in beyond)


def _decoded(file: str, content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        remedy = "Filen är avklippt eller skadad. Spara den på nytt som UTF-8"
        raise CollectError(f"{file}, byte {error.start + 1}", f"något som inte är {name}", f"text i {name}", remedy) from error


def _separator(text: str) -> str:
    """Return the separator that divides the most of the first rows into the same number of cells."""
    head = "\n".join(text[:200_000].splitlines()[:_LOOKED_AT])

    def fit(separator: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(head), delimiter=separator) if any(row))
        except csv.Error:
            return 0.0, 0
        width, rows = max(((w, n) for w, n in widths.items() if w > 1), key=lambda one: one[1], default=(0, 0))
        return rows / max(1, widths.total()), width

    fits = {separator: fit(separator) for separator in SEPARATORS}
    best = max(share for share, _ in fits.values())
    return next(s for s, (share, _) in fits.items() if share >= 0.9 * best)
