"""Words and numbers: every text of the interface, and how a number is written, in two languages.

The texts lie in ``texts/sv.yaml`` and ``texts/en.yaml``, which have the same keys. Screen, files and
the public edition all take their words from here, so that they say the same thing.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from omradesbild.model import NO_VALUE, Flag, Kind, Level, Whole

if TYPE_CHECKING:
    from omradesbild.analyse.between import Between
    from omradesbild.analyse.statements import Statement
    from omradesbild.model import Indicator, PackInfo, Source

LANGUAGES = ("sv", "en")
THIN_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
NO_BREAK_HYPHEN = "\u2011"
MINUS = "\u2212"
DASH = "\u2013"


@cache
def _written(lang: str) -> dict[str, str]:
    """Read a language's texts into one flat table: ``{"map.title": "…"}``."""
    tree = yaml.load((Path(__file__).parent / "texts" / f"{lang}.yaml").read_bytes(), yaml.CSafeLoader)
    flat: dict[str, str] = {}

    def walk(node: dict, prefix: str) -> None:
        for key, value in node.items():
            if isinstance(value, dict):
                walk(value, f"{prefix}{key}.")
            else:
                flat[f"{prefix}{key}"] = str(value)

    walk(tree, "")
    return flat


#: What a text may say of the pack that is spoken of, besides the values that it is given.
OF_THE_PACK = ("whole", "Whole", "base", "bases", "Bases", "all_bases", "vintage")
_SAID = {"whole", "base_level", "boundary_vintage", "levels"}
_made: dict[str, dict[str, dict[str, str]]] = {}  # what packs say of themselves → language → texts
_texts: dict[str, dict[str, str]] = {}
_here = threading.local()


def speak_of(info: PackInfo | None) -> None:
    """Let the texts from now on speak of this pack: its whole is the city or the country, its levels have its own names.

    Who opens a pack to show it, or to write of it, says so here; without a pack the texts speak of a municipality and
    its statistical areas. It holds on this thread – one reader may look at a country while another looks at a kommun of
    it – and on threads that have not said what they speak of.
    """
    global _texts
    said = info.model_dump_json(include=_SAID) if info else ""
    if said not in _made:
        _made[said] = {lang: _of(info, lang) for lang in LANGUAGES}
    _texts = _here.texts = _made[said]


def _of(info: PackInfo | None, lang: str) -> dict[str, str]:
    """Return a language's texts as they are for a pack."""
    texts = dict(_written(lang))
    for kind, said in (info.levels if info else {}).items():
        texts |= {f"level.{form}.{kind}": text.get(lang) for form, text in said if lang == "sv" or text.en}
    base = info.base_level if info else Level.REGSO
    whole = texts[f"whole.{info.whole if info else Whole.KOMMUN}"]
    one, many, every = (texts[f"level.{form}.{base}"] for form in ("one", "many", "all"))
    said = (whole, capital(whole), one, many, capital(many), every, info.boundary_vintage if info else base)
    fillings = {f"{{{name}}}": re.sub("[{}]", "", text) for name, text in zip(OF_THE_PACK, said, strict=True)}
    place = re.compile("|".join(map(re.escape, fillings)))
    return {key: place.sub(lambda found: fillings[found[0]], text) for key, text in texts.items()}


def keys(lang: str) -> frozenset[str]:
    """Return the keys of all texts in a language."""
    return frozenset(_written(lang))


def t(key: str, lang: str = "sv", /, **values: object) -> str:
    """Return the text called `key`, with ``{name}`` replaced by `values`.

    Raises
    ------
    KeyError
        When there is no such text: a mistake in the code, found by the tests.
    """
    if not _texts:
        speak_of(None)
    text = getattr(_here, "texts", _texts)[lang][key]
    return text.format(**values) if values else text


def level(kind: Level, lang: str = "sv", form: str = "one") -> str:
    """Return what the areas of a level are called: `form` is one, many, all (of them), title or about (a sentence)."""
    return t(f"level.{form}.{kind}", lang)


def capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def number(value: float, decimals: int = 0, lang: str = "sv", *, sign: bool = False) -> str:
    """Write a number: 12 345,6 in Swedish, 12,345.6 in English; a real minus; never "−0".

    Examples
    --------
    >>> number(-1234.56, 1)
    '−1\u202f234,6'
    >>> number(1234.5, 1, "en")
    '1,234.5'
    >>> number(0.3, 0, sign=True)
    '0'
    """
    rounded = round(value, decimals) + 0.0
    text = f"{abs(rounded):,.{decimals}f}"
    if lang == "sv":
        text = text.replace(",", THIN_SPACE).replace(".", ",")
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if sign and rounded > 0 else text


def with_unit(text: str, unit: str) -> str:
    """Put a unit after a written number, kept on one line."""
    return f"{text}{NO_BREAK_SPACE}{unit}" if unit else text


def dates(text: str) -> str:
    """Keep a date on one line."""
    return text.replace("-", NO_BREAK_HYPHEN)


def difference_unit(indicator: Indicator, lang: str = "sv") -> str:
    """Return the unit of a difference: percentage points between shares, else the unit itself."""
    if indicator.short_unit == "%":
        return t("number.percentage_points", lang)
    return indicator.short_unit


def flag_words(flag: str, lang: str = "sv") -> list[str]:
    """Say in words what each flag of a figure means."""
    return [t(f"flag.{Flag(code).name.lower()}", lang) for code in flag.split()]


def missing_mark(flag: str) -> str:
    """Return the mark that stands in a figure's place: ``-``, ``.`` or ``..``."""
    return next((code for code in flag.split() if code in NO_VALUE), "-")


def value_text(
    value: float | None, flag: str, indicator: Indicator, lang: str = "sv", decimals: int | None = None
) -> str:
    """Write a figure with its unit, or the mark for why there is none; `decimals` None: the indicator's."""
    if value is None:
        return missing_mark(flag)
    if indicator.kind is Kind.CLASS:
        return number(value, 0, lang)
    places = indicator.decimals if decimals is None else decimals
    return with_unit(number(value, places, lang), indicator.short_unit)


def figure(statement: Statement, lang: str = "sv") -> str:
    """Write a statement's figure with its unit, or the mark for why there is none."""
    return value_text(statement.value, statement.flag, statement.indicator, lang, statement.decimals)


def marked(statement: Statement, lang: str = "sv") -> str:
    """Write a statement's figure with its unit and its marks: "23,4 % (x)"."""
    return figure(statement, lang) + (f" {statement.flag}" if statement.flag and statement.value is not None else "")


def title(indicator: Indicator, group: str, lang: str = "sv") -> str:
    """Write an indicator's title, with the breakdown where it has one: "Valdeltagande, kommunval"."""
    named = next((g.title.get(lang) for g in indicator.groups if g.id == group), "")
    return f"{indicator.title.get(lang)}, {named[:1].lower()}{named[1:]}" if named else indicator.title.get(lang)


def difference(statement: Statement, lang: str = "sv") -> str:
    """Write a statement's difference from the city: "+3,2 procentenheter"; empty where there is none."""
    if statement.difference is None:
        return ""
    indicator = statement.indicator
    text = number(statement.difference, indicator.decimals, lang, sign=True)
    return with_unit(text, difference_unit(indicator, lang))


def comparison(statement: Statement, lang: str = "sv", *, short: bool = False) -> str:
    """Say in words how a statement stands against the city; empty where there is nothing to say."""
    words = "comparison_short" if short else "comparison"
    return t(f"{words}.{statement.comparison}", lang) if statement.comparison else ""


def between(found: Between, lang: str = "sv") -> str:
    """Say in a few words how a figure stands against another one; empty where there is nothing to say."""
    if found.reason:
        return "" if found.reason == "same" else t(f"against.not_{found.reason}", lang)
    if not found.code:
        return ""
    word = t(f"comparison_short.{found.code}", lang)
    if found.one.period == found.other.period:
        return word
    return t("against.since", lang, word=word, period=period(found.other.period, lang))


def reliability(statement: Statement, lang: str = "sv") -> str:
    """Say how far a figure can be relied on; empty where there is no figure."""
    return "" if statement.value is None else t(f"reliability.{statement.reliability or 'none'}", lang)


def period(text: str, lang: str = "sv") -> str:
    """Write a period: 2022, 2022/23, quarter 1 of 2022."""
    if "K" not in text:
        return text
    year, quarter = text.split("K")
    return t("number.quarter", lang, quarter=quarter, year=year)


def listing(items: list[str], lang: str = "sv", last: str = "and") -> str:
    """Join words as in a sentence: "a, b och c"; `last` is and, or."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {t(f'number.{last}', lang)} {items[-1]}"


def count(value: float | None, lang: str = "sv") -> str:
    """Write a numerator or denominator in whole numbers; empty where there is none."""
    return "" if value is None else number(value, 0, lang)


def interval(statement: Statement, lang: str = "sv") -> str:
    """Write how much a figure may differ by chance: "10,8–12,9"; empty where it is not known."""
    if statement.low is None or statement.high is None:
        return ""
    decimals = statement.indicator.decimals
    low, high = number(statement.low, decimals, lang), number(statement.high, decimals, lang)
    return t("number.interval", lang, low=low, high=high)


def missing_words(statement: Statement, lang: str = "sv") -> str:
    """Say why there is no figure."""
    if statement.reason:
        return t(f"reason.{statement.reason}", lang)
    return ", ".join(flag_words(statement.flag or Flag.NOT_REPORTED.value, lang))


def remarks(statement: Statement, lang: str = "sv") -> list[str]:
    """Say everything a reader must know before using a figure: its warnings, each in a few words."""
    return [t(f"warning.{code}", lang) for code in statement.warnings]


def source_text(sources: Iterable[Source], lang: str = "sv", *, processed: bool = False) -> str:
    """Write the line under a chart: "Källa: SCB (TAB6574). Bearbetning: Områdesbild. Hämtad 2026-09."."""
    sources = list(sources)
    if not sources:
        return ""
    tables: dict[str, list[str]] = {}
    for source in sources:
        named = tables.setdefault(source.attribution, [])
        if source.table and source.table not in named:
            named.append(source.table)
    names = [f"{name} ({', '.join(found)})" if found else name for name, found in tables.items()]
    line = t("source.line", lang, sources="; ".join(names))
    if processed:
        line += " " + t("source.processed", lang)
    return line + " " + t("source.retrieved", lang, date=max(s.retrieved for s in sources))
