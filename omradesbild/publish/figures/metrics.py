"""How wide a text is, so that labels are placed without a browser.

The advance widths are the larger of Source Sans 3's and of Arial's (as Liberation Sans has them), in
thousandths of the font size and rounded up: a label that is clear of another is so in either font. A test
measures the table against the font that the app ships with.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

#: width → the characters that are at most so wide
REGULAR = {
    200: "\u2009\u202f",
    120: "\u202f",
    260: "'ijl|¦‘’",
    280: " ,.:;I\xa0·ÌÍÎÏìíîïİı",
    300: "!fł",
    320: "[]",
    340: "()-t{}¡‑‹›",
    360: "/\\r•",
    380: "ª²³¹º",
    400: "°",
    420: "*",
    440: '"“”',
    500: "J^cksvxyzçýÿćčşšž",
    560: "#$0123456789?L_`abdeghnopqu¢£¤¥§¨«¯±´¶¸»àáâãäåèéêëðñòóôõö÷ùúûüþğŁő–€≈≤≥",
    580: "µ",
    600: "+<=>~¬×−",
    620: "FTZ¿ßøŽ",
    680: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞŞŠ",
    740: "CDHNRUw®ÇÐÑÙÚÛÜĆČ",
    760: "©",
    780: "GOQÒÓÔÕÖØĞŐ",
    840: "Mm¼½¾",
    900: "%æ",
    960: "W",
    1000: "Æ—…→▲▼",
    1020: "@",
}
BOLD = {
    200: "\u2009\u202f",
    120: "\u202f",
    280: " ',.ijl|\xa0¦·ìíîïı‘’",
    300: "IÌÍÎÏİ",
    340: "!()-:;[]f¡ł‑‹›",
    360: "/\\•",
    380: "tª²³¹º",
    400: "r{}°",
    440: "*",
    500: '"zž“”',
    560: "#$0123456789J_`aceksvxy¢£¤¥§¨«¯±´¸»àáâãäåçèéêë÷ýÿćčşš–€≈≤≥",
    580: "µ",
    600: "+<=>^~¬¶×−",
    620: "?FLTZbdghnopqu¿ßðñòóôõöøùúûüþğŁőŽ",
    680: "EPSVXYÈÉÊËÝÞŞŠ",
    740: "&ABCDHKNRU®ÀÁÂÃÄÅÇÐÑÙÚÛÜĆČ",
    760: "©",
    780: "GOQwÒÓÔÕÖØĞŐ",
    840: "M¼½¾",
    900: "%mæ",
    960: "W",
    980: "@",
    1000: "Æ—…→▲▼",
}
#: A character that is not in the table: as wide as its em, so that nothing collides.
UNKNOWN = 1000
#: So much too wide is not too wide: room is computed from widths.
SLACK = 0.01
_WIDTHS = tuple({c: width for width, chars in table.items() for c in chars} for table in (REGULAR, BOLD))


@lru_cache(maxsize=8192)
def width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a line is at most, in the unit of `size`."""
    table = _WIDTHS[bold]
    return size / 1000 * sum(_advance(c, table) for c in unicodedata.normalize("NFC", text))


def _advance(character: str, table: dict[str, int]) -> int:
    if character in table:
        return table[character]
    if unicodedata.combining(character):
        return 0
    return table.get(unicodedata.normalize("NFD", character)[0], UNKNOWN)


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """Cut a text with an ellipsis so that it fits."""
    if width(text, size, bold) <= room + SLACK:
        return text
    fitting = bisect_right(range(len(text)), room, key=lambda n: width(f"{text[:n].rstrip()}…", size, bold))
    return f"{text[: max(0, fitting - 1)].rstrip()}…"


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """Divide a text into lines that fit, at spaces, slashes and dashes; a word that is too long is cut."""
    lines: list[str] = []
    for word in re.findall(r"[^ /–-]*[ /–-]|[^ /–-]+", text):
        longer = f"{lines[-1]}{word}" if lines else word
        if lines and width(longer.rstrip(" "), size, bold) <= room + SLACK:
            lines[-1] = longer
        else:
            lines.append(word)
    return [shorten(line.strip(" "), room, size, bold) for line in lines if line.strip(" ")]
