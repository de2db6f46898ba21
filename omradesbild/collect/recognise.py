"""Recognises what a cell of a staff table says: a period, a number with its marks, an area by its code or name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omradesbild.find import fold, search
from omradesbild.model import Area, Flag, Level

_YEARS = r"(?:19|20)[0-9]{2}"
_PERIOD = re.compile(
    rf"(?:(?:år|läsåret|läsår|vt|ht|den)\s*)?(?P<year>{_YEARS})"
    r"(?:-(?:0[1-9]|1[0-2])(?:-[0-3][0-9])?"  # a month or a day, which are of their year
    rf"|\s?[/–-]\s?(?P<to>{_YEARS}|[0-9]{{2}})|\s?(?:k|kv|kvartal|q)\.?\s?(?P<quarter>[1-4]))?",
    re.IGNORECASE,
)
_IN_HEAD = re.compile(rf"(?<![0-9]){_YEARS}(?:/(?:{_YEARS}|[0-9]{{2}})|\s?[KkQq][1-4])?(?![0-9])")

_SPACE = "[\\s\u00a0\u202f\u2009']"
#: A number as Swedish tables write it: the whole part, perhaps in groups of three, and decimals.
_NUMBER = re.compile(
    rf"(?P<sign>[-−–+]?){_SPACE}?(?P<whole>[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]{{1,3}}(?:\.[0-9]{{3}}){{2,}}|[0-9]+)"
    rf"(?:(?P<mark>[.,])(?P<part>[0-9]+))?(?:[eE][+-]?[0-9]{{1,2}})?{_SPACE}*(?P<unit>%|procent|st|kr|tkr)?"
)
_MARKS = {
    "-": Flag.NOT_REPORTED, "–": Flag.NOT_REPORTED, "—": Flag.NOT_REPORTED, "saknas": Flag.NOT_REPORTED,
    "uppgift saknas": Flag.NOT_REPORTED, "i.u.": Flag.NOT_REPORTED, "n/a": Flag.NOT_REPORTED, "ej redovisat": Flag.NOT_REPORTED,
    ".": Flag.NOT_APPLICABLE, "ej aktuellt": Flag.NOT_APPLICABLE,
    "..": Flag.SUPPRESSED, "…": Flag.SUPPRESSED, "...": Flag.SUPPRESSED, "x": Flag.SUPPRESSED, "sekretess": Flag.SUPPRESSED,
}  # fmt: skip
#: A count that is only known to be small is hidden, whatever the limit: <5, färre än 10, 1–4.
_SMALL = re.compile(r"(?:<|färre än|under|mindre än)\s?[0-9]{1,2}|1\s?[-–]\s?[0-9]", re.IGNORECASE)
_AFTER = re.compile(r"\s*(\(x\)|\b[epbg])$")
#: Words that mean the whole city, and words that may stand beside them or its name.
_WHOLE = frozenset(["totalt", "total", "summa", "hela", "staden", "kommunen", "samtliga", "alla"])
_BESIDE = frozenset(["kommun", "stad", "stads", "kommuns", "omraden", "delomraden", "i"])
_REST = re.compile(
    r"rest|okän|ospec|ej (?:områdes|place|delområ|fördel|kan)|övrigt?a?$|uppgift saknas|saknas|på kommunen skrivna|utan fast|utan områd|ofördel",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """What a cell says: a value, or None with the mark for why; `flag` as in observations."""

    value: float | None
    flag: str = ""


def period(text: str) -> str | None:
    """Return the period that a cell says, as the pack writes it; None where it says none.

    Examples
    --------
    >>> period("2022"), period("2022-12-31"), period("läsåret 2022/2023"), period("2022 kv 3"), period("12 500")
    ('2022', '2022', '2022/23', '2022K3', None)
    """
    found = _PERIOD.fullmatch(text.strip())
    if not found:
        return None
    year, to = found["year"], found["to"]
    if to:
        return f"{year}/{to[-2:]}" if int(to[-2:]) == (int(year) + 1) % 100 else None
    return f"{year}K{found['quarter']}" if found["quarter"] else year


def head(text: str) -> tuple[str, str | None]:
    """Split a column's head into what is the same next year and the one period in it, if there is one.

    Examples
    --------
    >>> head("Antal 2022"), head("Andel"), head("Från 2020 till 2022")
    (('Antal {period}', '2022'), ('Andel', None), ('Från 2020 till 2022', None))
    """
    found = _IN_HEAD.findall(text)
    if len(found) != 1 or "{" in text:
        return text, None
    return text.replace(found[0], "{period}"), period(found[0])


def number(text: str, decimal: str = ",") -> Number | None:
    """Return what a cell says as a number; None where it says something else.

    Parameters
    ----------
    decimal
        How a single ``.`` before three figures is read: ``,`` as between thousands, ``.`` as before decimals. Anything
        else is read the same in either.

    Examples
    --------
    >>> number("1 234,5").value, number("12.5 %").value, number("1.234").value, number("1.234", ".").value
    (1234.5, 12.5, 1234.0, 1.234)
    >>> number("..").flag, number("<5").flag, number("12,5 (x)"), number("tolv")
    ('..', '..', Number(value=12.5, flag='(x)'), None)
    """
    text = text.strip()
    mark = _MARKS.get(text.casefold())
    if mark or _SMALL.fullmatch(text):
        return Number(None, (mark or Flag.SUPPRESSED).value)
    flags = []
    while found := _AFTER.search(text):
        flags.insert(0, found[1])
        text = text[: found.start()]
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    whole = re.sub(f"{_SPACE}|\\.", "", found["whole"])
    part, between = found["part"] or "", found["mark"]
    if between == "." and decimal == "," and len(part) == 3 and len(whole) <= 3 and whole != "0":
        whole, part = whole + part, ""
    exponent = re.search(r"[eE][+-]?[0-9]{1,2}", text)
    value = float(f"{'-' if found['sign'] in ('-', '−', '–') else ''}{whole}.{part or 0}{exponent[0] if exponent else ''}")
    order = [flag.value for flag in Flag]
    return Number(value, " ".join(sorted(set(flags), key=order.index)))


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return how ``.`` is to be read in a column: ``,`` between thousands, ``.`` before decimals, None where it cannot be told.

    Where decimals are written with a comma, a point stands between thousands. Where a point is followed by other than
    three figures anywhere, it stands before decimals.
    """
    texts = [text for text in texts if re.search(r"[0-9]", text)]
    if any(re.search(r"[0-9],[0-9]", text) for text in texts):
        return ","
    points = [found for text in texts if (found := re.search(r"^\D*([0-9]+)\.([0-9]+)\D*$", text))]
    if not points:
        return ","
    if all(len(found[2]) == 3 and len(found[1]) <= 3 and found[1] != "0" for found in points):
        return None
    return "."


@dataclass(frozen=True)
class Matched:
    """What the cells of an area column mean.

    Attributes
    ----------
    areas
        Text → the area that it means.
    rest
        Texts that mean people in no area (restpost): never an area's figure.
    unknown
        Other texts → the areas that are most like them, best first.
    level
        The level that most of them are on.
    """

    areas: Mapping[str, Area]
    rest: tuple[str, ...]
    unknown: Mapping[str, tuple[Area, ...]]
    level: Level | None


class Gazetteer:
    """All codes and names of a pack's areas, to match many texts at once."""

    def __init__(self, areas: Mapping[str, Area], city: str):
        self._areas = areas
        self._city = areas[city]
        self._names: dict[tuple[str, ...], list[Area]] = {}
        for area in areas.values():
            for name in {fold(name) for name in (area.name, *area.aliases)}:
                self._names.setdefault(tuple(sorted(name)), []).append(area)
        self._codes = {area.id.casefold(): area for area in areas.values()}
        self._city_words = {w for name in (self._city.name, *self._city.aliases) for w in fold(name)} | _WHOLE | _BESIDE
        self._city_names = {fold(name) for name in (self._city.name, *self._city.aliases)}

    def candidates(self, text: str) -> list[Area]:
        """Return the areas that a text names exactly: by code, with or without a mark of vintage, or by a name."""
        code = self._codes.get(re.sub(r"_(RegSO|DeSO)[0-9]{4}$", "", text.strip(), flags=re.IGNORECASE).casefold())
        if code and any(map(str.isdigit, text)):  # an id without figures is a name, which others may have too
            return [code]
        plain = re.sub(r"^RegSO[\s-]", "", text.strip(), flags=re.IGNORECASE)
        first, _, after = plain.partition(" ")
        if after and any(map(str.isdigit, first)) and first.casefold() in self._codes:  # "1280R001 Almvik norr"
            return [self._codes[first.casefold()]]
        inside = re.fullmatch(r"(.*)\(([^()]*)\)", plain)
        if inside and set(fold(inside[2])) <= self._city_words:  # "Hyllie (Malmö)"
            plain = inside[1]
        words = fold(plain)
        if words and set(words) <= self._city_words and (set(words) & _WHOLE or words in self._city_names):
            return [self._city]
        named = self._names.get(tuple(sorted(words)), ()) if words else ()
        return [*named, *([code] if code and code not in named else [])]

    def foreign(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the kommun codes of area codes (DeSO, RegSO) that are of other kommuner than the city."""
        found = {code[1] for text in texts if (code := re.match(r"([0-9]{4})[ABCR][0-9]{3,4}\b", text.strip()))}
        return tuple(sorted(found - {self._city.id}))

    def deso(self, texts: Iterable[str]) -> bool:
        """Tell whether there are codes of DeSO in the kommuner of the pack, which the pack has no areas for."""
        kommuner = {id_[:4] for id_ in self._codes}
        codes = {code[0].casefold() for text in texts if (code := re.match(r"[0-9]{4}[ABC][0-9]{4}(?![0-9])", text.strip()))}
        return any(code[:4] in kommuner for code in codes - self._codes.keys())

    def match(self, texts: Iterable[str], chosen: Mapping[str, str] | None = None, level: Level | None = None) -> Matched:
        """Match the texts of a column; the level that most of them are on decides between areas of the same name.

        Parameters
        ----------
        chosen
            Text → area id, where a person has said what is meant.
        level
            The level that the column is on, where that is known.
        """
        chosen = chosen or {}
        texts = [text for text in dict.fromkeys(texts) if text]
        found = {text: [self._areas[chosen[text]]] if text in chosen else self.candidates(text) for text in texts}
        counted = Counter(lev for areas in found.values() for lev in {a.level for a in areas} - {Level.KOMMUN})
        best = max(counted.values(), default=0)
        # where two levels fit as well, the one with more areas is meant: its names are the more particular
        size = Counter(area.level for area in self._areas.values())
        common = level or max((lev for lev, n in counted.items() if n == best), key=size.__getitem__, default=None)
        areas, rest, unknown = {}, [], {}
        for text, named in found.items():
            on_level = [area for area in named if area.level is common] or named
            if len(on_level) == 1:
                areas[text] = on_level[0]
            elif not on_level and _REST.search(text):
                rest.append(text)
            else:
                unknown[text] = tuple(on_level) or self._nearest(text, common)
        return Matched(areas, tuple(rest), unknown, common)

    def _nearest(self, text: str, level: Level | None) -> tuple[Area, ...]:
        on_level = [area for area in self._areas.values() if level is None or area.level in (level, Level.KOMMUN)]
        return tuple(hit.area for hit in search(text[:100], on_level, limit=3))
