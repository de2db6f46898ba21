"""All figures of one area, or of one indicator: CSV in two languages, what its columns mean (CSVW), and JSON.

The CSV files are those that the app gives. JSON has codes instead of words, and all texts once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Area, Indicator
from omradesbild.publish import tables
from omradesbild.publish.site import addresses
from omradesbild.publish.site.file import File
from omradesbild.words import LANGUAGES, t

#: What a row of a JSON file holds: codes and numbers.
FIELDS = (
    *("area", "indicator", "period", "group", "value", "numerator", "denominator", "low", "high"),
    *("city_value", "difference", "comparison", "place", "of", "reliability", "flag", "warnings", "source"),
)
#: Numbers are written with so many decimals, as in the CSV files.
DECIMALS = 6
#: The description of the columns, which all CSV files of a language share.
SCHEMA = "schema.json"


def area_files(statements: Statements, area: Area) -> Iterator[File]:
    """Give the files with everything about an area."""
    figures = of_area(statements, area)
    about = {"area": {"id": area.id, "name": area.name, "level": area.level.value, "members": list(area.members)}}
    titles = {lang: area.name for lang in LANGUAGES}
    yield from _files(statements, figures, "omrade", area.id, titles, about)


def indicator_files(statements: Statements, indicator: Indicator) -> Iterator[File]:
    """Give the files with everything about an indicator."""
    about = {
        "indicator": indicator.model_dump(mode="json", exclude_none=True, exclude={"disclosure", "order", "mapped"})
    }
    titles = {lang: indicator.title.get(lang) for lang in LANGUAGES}
    yield from _files(statements, statements.of(indicator.id), "indikator", indicator.id, titles, about)


def schema_files() -> Iterator[File]:
    """Give the descriptions of the columns, one for each language."""
    for lang in LANGUAGES:
        yield File(f"{addresses.data_folder(lang)}{SCHEMA}", to_json(schema(lang)))


def of_area(statements: Statements, area: Area) -> list[Statement]:
    """Return every statement of an area: by indicator, breakdown and period."""
    return [
        point
        for indicator in statements.pack.indicators
        for group in statements.groups(indicator)
        for segment in statements.series(area.id, indicator, group)
        for point in segment.points
    ]


def schema(lang: str) -> dict:
    """Describe the columns of the CSV files as CSVW does.

    A number is a decimal with the language's decimal mark; everything else is text. An empty cell is a missing
    figure, and its mark says why.
    """
    mark = {"decimalChar": ",", "groupChar": " "} if lang == "sv" else {"decimalChar": ".", "groupChar": " "}
    number = {"base": "decimal", "format": mark}
    columns = [
        {"name": name, "titles": {lang: heading}, "datatype": number if name in tables.NUMBERS else "string"}
        for name, heading in zip(tables.COLUMNS, tables.headings(lang), strict=True)
    ]
    return {"@context": ["http://www.w3.org/ns/csvw", {"@language": lang}], "columns": columns}


def to_json(content: object) -> bytes:
    """Write JSON that a person can read: the same content, the same bytes."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _files(
    statements: Statements, figures: Sequence[Statement], folder: str, id_: str, titles: dict[str, str], about: dict
) -> Iterator[File]:
    for lang in LANGUAGES:
        path = addresses.data(folder, id_, "csv", lang)
        yield File(path, tables.to_csv(tables.each_row(figures, statements, lang), lang))
        yield File(f"{path}-metadata.json", to_json(_metadata(statements, figures, path, titles[lang], lang)))
    yield File(addresses.data(folder, id_, "json"), _json(statements, figures, about))


def _metadata(statements: Statements, figures: Sequence[Statement], path: str, title: str, lang: str) -> dict:
    """Describe one CSV file as CSVW does, where its programs look for it: beside the file."""
    sources = used_sources(figures)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": lang}],
        "url": path.rpartition("/")[2],
        "dc:title": title,
        "dc:source": [{"@id": source.url} for source in sources],
        "dc:license": sorted({source.licence for source in sources}),
        "dc:modified": {"@value": statements.pack.info.version[:10], "@type": "xsd:date"},
        "schema:version": tables.version_of(statements.pack, lang),
        "dialect": {"delimiter": ";" if lang == "sv" else ",", "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": addresses.relative(f"{addresses.data_folder(lang)}{SCHEMA}", path),
        "notes": [{"marks": t("file.missing", lang)}],
    }


def used_sources(figures: Iterable[Statement]) -> list:
    """Return the sources of figures, each once, by id."""
    return [source for _, source in sorted({s.source.id: s.source for s in figures}.items())]


def _json(statements: Statements, figures: Sequence[Statement], about: dict) -> bytes:
    pack = statements.pack
    head = about | {
        "pack": pack.info.id,
        "version": pack.info.version,
        "demonstration": pack.info.demonstration,
        "sources": {s.id: s.model_dump(mode="json", exclude_none=True) for s in used_sources(figures)},
        "fields": FIELDS,
    }
    rows = ",\n".join(json.dumps(_row(s), ensure_ascii=False, separators=(",", ":")) for s in figures)
    text = json.dumps(head, ensure_ascii=False, indent=1)
    return f'{text[: text.rindex("}")].rstrip()},\n "figures": [\n{rows}\n]}}\n'.encode()


def _row(s: Statement) -> list:
    return [
        s.area.id,
        s.indicator.id,
        s.period,
        s.group,
        *(_number(getattr(s, name)) for name in FIELDS[4:11]),
        s.comparison,
        s.place,
        s.of,
        s.reliability,
        s.flag,
        list(s.warnings),
        s.source.id,
    ]


def _number(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, DECIMALS)
