"""Figures as files: CSV and XLSX with everything that a figure needs to be understood.

Every row says what the screen says: value, numerator, denominator, interval, how it stands against the
city, flags in words, definition, source, address, licence and the pack's version.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from omradesbild import words
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Level
from omradesbild.pack import Pack
from omradesbild.publish import movement
from omradesbild.words import t

BOM = "\ufeff"
NUMBERS = ("value", "numerator", "denominator", "low", "high", "city_value", "difference")
COLUMNS = (
    "area",
    "area_name",
    "level",
    "indicator",
    "title",
    "period",
    "group",
    "value",
    "unit",
    "numerator",
    "denominator",
    "low",
    "high",
    "city_value",
    "difference",
    "comparison",
    "reliability",
    "trend",
    "flag",
    "remarks",
    "definition",
    "not_covered",
    "source",
    "source_url",
    "licence",
    "version",
)


def rows(figures: Iterable[Statement], statements: Statements, lang: str = "sv") -> list[dict[str, object]]:
    """Write figures as rows of `COLUMNS`; numbers as numbers, a missing one as None.

    How a figure has moved stands on the row of its newest year.
    """
    return list(each_row(figures, statements, lang))


def each_row(figures: Iterable[Statement], statements: Statements, lang: str = "sv") -> Iterator[dict[str, object]]:
    """Give the rows one by one: a long table as a file needs them only once."""
    version = version_of(statements.pack, lang)
    return (_row(s, version, statements, lang) for s in figures)


def version_of(pack: Pack, lang: str = "sv") -> str:
    """Name a pack and its version, marked where its figures are made up."""
    return marked_title(pack, f"{pack.info.title.get(lang)} {pack.info.version}", lang)


def marked_title(pack: Pack, title: str, lang: str = "sv") -> str:
    """Return a title of something made from a pack, with a mark before it where the figures are made up."""
    return f"{t('demo.mark', lang).upper()}: {title}" if pack.info.demonstration else title


def _moved(s: Statement, statements: Statements, lang: str) -> str:
    found = movement.of(statements, s.area.id, s.indicator.id, s.group)
    return " ".join(movement.sentences(found, lang)) if found is not None and found.newest is s else ""


def _row(s: Statement, version: str, statements: Statements, lang: str) -> dict[str, object]:
    groups = {group.id: group.title.get(lang) for group in s.indicator.groups}
    row: dict[str, object] = {
        "area": s.area.id,
        "area_name": s.area.name,
        "level": words.level(s.area.level, lang),
        "indicator": s.indicator.id,
        "title": s.indicator.title.get(lang),
        "period": s.period,
        "group": groups.get(s.group, s.group),
        "unit": s.indicator.unit.get(lang),
        "comparison": words.comparison(s, lang),
        "reliability": words.reliability(s, lang),
        "trend": _moved(s, statements, lang),
        "flag": s.flag,
        "remarks": "; ".join(words.remarks(s, lang)),
        "definition": s.indicator.definition.get(lang),
        "not_covered": s.indicator.not_covered.get(lang),
        "source": words.source_text([s.source], lang, processed=s.composed or s.indicator.processing is not None),
        "source_url": s.source.url,
        "licence": s.source.licence,
        "version": version,
    }
    for name in NUMBERS:
        row[name] = getattr(s, name)
    return {name: row[name] for name in COLUMNS}


def headings(lang: str = "sv") -> list[str]:
    """Return the columns' headings."""
    return [t(f"column.{name}", lang) for name in COLUMNS]


def safe(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula.

    Examples
    --------
    >>> safe("=1+1")
    "'=1+1"
    >>> safe("-")
    '-'
    """
    return f"'{text}" if len(text) > 1 and text[0] in "=+-@\t\r" else text


def _cell(value: object, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if lang == "sv" else text
    return safe(str(value))


def to_csv(table: Iterable[dict[str, object]], lang: str = "sv", names: Sequence[str] | None = None) -> bytes:
    """Write rows as the CSV that Excel opens without questions: BOM, and ``;`` with decimal comma in Swedish.

    `names` are the columns' headings, where they are not those of `COLUMNS`.
    """
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text, delimiter=";" if lang == "sv" else ",", lineterminator="\r\n")
    writer.writerow(names or headings(lang))
    writer.writerows([_cell(value, lang) for value in row.values()] for row in table)
    text.flush()
    return content.getvalue()


def to_xlsx(
    table: Sequence[dict[str, object]],
    pack: Pack,
    lang: str = "sv",
    names: Sequence[str] | None = None,
    about_too: Sequence[str] = (),
) -> bytes:
    """Write rows as a workbook: one sheet with the figures, one about them. Same rows, same bytes.

    `names` are the columns' headings, where they are not those of `COLUMNS`; `about_too` are further lines
    about the figures.
    """
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    year, month, day = (int(part) for part in pack.info.version.split(".")[0].split("-"))
    book.set_properties({"title": pack.info.title.get(lang), "created": datetime(year, month, day)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet = book.add_worksheet(t("file.sheet_figures", lang))
    top = 0
    if pack.info.demonstration:
        sheet.write_string(0, 0, t("demo.banner", lang), bold)
        top = 1
    names = names or headings(lang)
    for column, heading in enumerate(names):
        sheet.write_string(top, column, heading, bold)
    for line, row in enumerate(table, start=top + 1):
        for column, value in enumerate(row.values()):
            if isinstance(value, int | float):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, str(value))
    sheet.freeze_panes(top + 1, 2)
    sheet.autofilter(top, 0, top + max(1, len(table)), len(names) - 1)
    sheet.set_column(0, len(names) - 1, 16)
    about = book.add_worksheet(t("file.sheet_about", lang))
    about.set_column(0, 0, 100)
    wrapped = book.add_format({"text_wrap": True})
    for line, text in enumerate([*about_lines(pack, lang), *about_too]):
        about.write_string(line, 0, text, wrapped)
    book.close()
    return target.getvalue()


def about_lines(pack: Pack, lang: str = "sv") -> list[str]:
    """Say in a few lines what a file holds and what its marks mean."""
    lines = [f"{pack.info.title.get(lang)}, {t('file.version', lang)} {pack.info.version}"]
    if pack.info.demonstration:
        lines.append(t("demo.banner", lang))
    lines += [t(f"file.{key}", lang) for key in ("missing", "interval", "reliability", "comparison", "untested")]
    base = pack.info.base_level
    count, city = sum(area.level == base for area in pack.areas.values()), pack.areas[pack.info.city].name
    if base is Level.REGSO:
        lines.append(t("file.areas", lang, count=count, city=city))
    else:
        level, vintage = words.level(base, lang), pack.info.boundary_vintage
        lines.append(t("file.areas_own", lang, count=count, city=city, level=level, vintage=vintage))
    return lines + list(pack.info.attributions)


def file_name(stem: str, pack: Pack, ending: str) -> str:
    """Return a file's name; one with made-up figures says so in its name."""
    mark = "PAHITTADE-SIFFROR-" if pack.info.demonstration else ""
    return f"{mark}omradesbild-{stem}-{pack.info.version}.{ending}"
