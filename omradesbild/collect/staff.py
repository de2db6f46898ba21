"""A table that staff bring: what was found in it, how its columns are read as figures, and those figures.

A *mapping* says what the columns of a table mean. It names columns by their heads, and a year in a head as ``{period}``,
so that the same mapping reads next year's file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from omradesbild import checks
from omradesbild.collect.division import Division
from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import join_flags
from omradesbild.collect.recognise import Gazetteer, Matched, Number, decimal_mark, head, number, period
from omradesbild.collect.tables import Sheet
from omradesbild.find import fold
from omradesbild.findings import Report
from omradesbild.model import (
    RATIO_KINDS,
    Area,
    AreaId,
    Flag,
    Id,
    Indicator,
    Kind,
    Level,
    Period,
    Source,
    Strict,
)
from omradesbild.pack import Pack
from omradesbild.reader import Reader, Record

#: How many faults are told, and rows of a head that are looked for.
MOST_TOLD, MOST_HEADS = 50, 4
#: The share of a column's cells that must be of a kind for the column to be.
MOSTLY = 0.8
_PERIOD_HEADS = re.compile(r"^(år|tid|period|year|läsår|kvartal|mätår|datum)\b", re.IGNORECASE)
PERIOD = "{period}"


class Figures(Strict):
    """The columns of one indicator, by their heads; ``{period}`` stands for every period that a head has there."""

    indicator: Id
    value: str | None = Field(None, description="The value itself")
    numerator: str | None = Field(None, description="With the denominator, what the value is computed from")
    denominator: str | None = None
    flag: str | None = Field(None, description="A column of marks: p, e, b, (x) …")
    group: str = Field("", description="The group of the indicator's breakdown that the columns are about")
    scale: float = Field(1.0, gt=0, description="What the values are multiplied by: 100 where shares lie between 0 and 1")

    @model_validator(mode="after")
    def _whole(self) -> Figures:
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("täljare och nämnare anges tillsammans")
        if self.value is None and self.numerator is None:
            raise ValueError("ange value, eller numerator och denominator")
        return self

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are used, by their part."""
        parts = ("value", "numerator", "denominator", "flag")
        return {part: getattr(self, part) for part in parts if getattr(self, part) is not None}


class TableMapping(Strict):
    """What a table's columns mean."""

    sheet: str | None = Field(None, description="The sheet's name; empty: the first that has the columns")
    areas: str = Field(description="The head of the column with the areas' codes or names")
    names: dict[str, AreaId] = Field({}, description="Text in that column → area id, where it is not the area's own name")
    leave: tuple[str, ...] = Field((), description="Texts in that column whose rows are left out on purpose")
    level: Level | None = Field(None, description="The level of the areas; empty: the one that most of them are on")
    period: Period | None = Field(None, description="The period of all figures, where no column and no head says it")
    period_column: str | None = None
    group_column: str | None = Field(None, description="The head of a column with groups")
    groups: dict[str, str] = Field({}, description="Text in that column → the group's id; empty id: the total")
    figures: tuple[Figures, ...] = Field(min_length=1)
    decimal: Literal[",", "."] | None = Field(None, description="How a point is read where it cannot be told: see number")
    complete: bool = Field(False, description="The file is all there is: what it lacks of its periods and level is taken away")
    indicators: tuple[Indicator, ...] = Field((), description="Definitions of indicators that the pack does not have")
    convert: Division | None = Field(None, description="The table's areas are of another division: how they lie in the pack's")
    source: Id = Field(description="The source of all figures")
    sources: tuple[Source, ...] = Field((), description="Sources that the pack does not have")

    @model_validator(mode="after")
    def _one_period(self) -> TableMapping:
        heads = any(PERIOD in column for figures in self.figures for column in figures.columns.values())
        if heads + (self.period is not None) + (self.period_column is not None) != 1:
            raise ValueError("ange ett av period, period_column och {period} i kolumnernas rubriker")
        return self


@dataclass(frozen=True)
class Found:
    """What was found in a table; columns and rows are counted from 0 in `sheet.rows`.

    Attributes
    ----------
    heads
        The head of each column, no two alike.
    body
        Rows with an area and figures.
    areas, matched
        The column of areas (None where there is none), and what is in it.
    named
        The area text of each row of `body`; where cells are left empty below a name, that name.
    also
        Further columns that name an area in nearly every row.
    periods, groups, numbers
        The column of periods, columns that divide each area's figures, and columns of figures.
    unread
        Columns that seem to be figures but are not read as such → the texts that are no numbers.
    marks
        Column of figures → how ``.`` is read there, None where it cannot be told.
    top
        The rows of the head.
    title, notes
        Text above the table, and below it or of the file itself.
    foreign
        Kommun codes other than the pack's, of area codes in the file.
    deso
        Whether few areas are known and the file has codes of DeSO, which the pack has no areas for.
    """

    sheet: Sheet
    heads: tuple[str, ...]
    body: tuple[int, ...]
    areas: int | None
    matched: Matched
    named: tuple[str, ...]
    also: tuple[int, ...]
    periods: int | None
    groups: tuple[int, ...]
    numbers: tuple[int, ...]
    unread: Mapping[int, tuple[str, ...]]
    marks: Mapping[int, str | None]
    top: tuple[int, ...]
    title: tuple[str, ...]
    notes: tuple[str, ...]
    foreign: tuple[str, ...]
    deso: bool

    @property
    def layout(self) -> list[str]:
        """What is the same in next year's file: the heads without their years."""
        return list(dict.fromkeys(head(text)[0] for text in self.heads if text))

    @property
    def marked(self) -> Counter[str]:
        """How many cells of figures have each mark instead of a number, or after one."""
        cells = (self.sheet.rows[n][c] for n in self.body for c in self.numbers)
        read = ((text, number(text)) for text in cells if text)
        return Counter(text if found.value is None else found.flag for text, found in read if found and found.flag)

    @property
    def wide(self) -> dict[str, dict[str, int]]:
        """Columns whose heads have a period: head with ``{period}`` → period → column."""
        found: dict[str, dict[str, int]] = {}
        for column, text in enumerate(self.heads):
            pattern, at = head(text)
            if at is not None and column in self.numbers:
                found.setdefault(pattern, {})[at] = column
        return found


def look(sheet: Sheet, gazetteer: Gazetteer, areas: int | None = None) -> Found:
    """Find the head, the areas, the periods and the figures of a table; nothing is certain, a person confirms it.

    Parameters
    ----------
    areas
        The column of areas, where a person has said which it is.
    """
    rows = sheet.rows
    width = len(rows[0])
    columns = list(zip(*rows, strict=True))
    areas, first = _area_column(columns, gazetteer, areas)
    if first is None:
        first = next((n for n in range(1, len(rows)) if sum(map(bool, rows[n])) >= 2 and any(map(_is_number, rows[n]))), 1)
    while first > 1 and areas is not None and _looks_like_body(rows, first - 1, areas):
        first -= 1
    top = first
    while top > 0 and first - top < MOST_HEADS and len({cell for cell in rows[top - 1] if cell}) >= 2:
        top -= 1
    heads = _heads(rows[top:first], width)
    data = [n for n in range(first, len(rows)) if sum(map(bool, rows[n])) >= 2]
    periods = _period_column(columns, heads, data, areas)
    numbers = [
        c for c in range(width) if c not in (areas, periods) and _share(columns[c], data, _is_number) >= MOSTLY
        and any(re.search("[0-9]", columns[c][n]) for n in data)
    ]  # fmt: skip
    other_names = [c for c in range(width) if c != areas and _share(columns[c], data, lambda text: bool(gazetteer.candidates(text))) >= MOSTLY]
    numbers = [c for c in numbers if c not in other_names]
    divides = [c for c in range(width) if c not in (areas, periods, *numbers, *other_names) and _divides(columns[c], data)]
    body, named = _body(rows, data, areas, periods, divides, numbers)
    unread = {} if areas is None else {
        c: odd for c in range(width) if c not in (areas, periods, *numbers, *other_names, *divides) and (odd := _no_numbers(columns[c], data))
    }  # fmt: skip
    matched = gazetteer.match((named or [rows[n][areas] for n in data]) if areas is not None else ())
    used = {*range(top, first), *body}
    loose = [(n, " ".join(dict.fromkeys(filter(None, rows[n])))) for n in range(len(rows)) if n not in used]
    return Found(
        sheet=sheet,
        heads=heads,
        body=tuple(body),
        areas=areas,
        matched=matched,
        named=tuple(named),
        also=tuple(other_names),
        periods=periods,
        groups=tuple(divides),
        numbers=tuple(numbers),
        unread=unread,
        marks={c: decimal_mark(columns[c][n] for n in body) for c in numbers},
        top=tuple(range(top, first)),
        title=tuple(text for n, text in loose if n < top),
        notes=(*(text for n, text in loose if n >= top), *sheet.notes),
        foreign=gazetteer.foreign(cell for row in rows for cell in row) if not matched.areas else (),
        deso=len(matched.areas) <= len(matched.unknown) and gazetteer.deso(cell for row in rows for cell in row),
    )


@dataclass(frozen=True)
class Outcome:
    """What a mapping makes of a table.

    Attributes
    ----------
    rows
        Figures as in the pack, with the columns ``file`` and ``row``: where each stood.
    faults
        What must be put right first, at most `MOST_TOLD`; with any, nothing may be imported.
    left
        Texts in the area column whose rows were left out, and how many rows.
    empty
        How many cells of figures were empty.
    """

    rows: pd.DataFrame
    faults: tuple[CollectError, ...]
    left: Mapping[str, int] = field(default_factory=dict)
    empty: int = 0


def figures(found: Found, mapping: TableMapping, pack: Pack, gazetteer: Gazetteer) -> Outcome:
    """Read a table by a mapping."""
    reading = _Reading(found, mapping, pack, gazetteer)
    return reading.outcome()


def choose(sheets: Sequence[Sheet], mapping: TableMapping, gazetteer: Gazetteer) -> Found:
    """Return the sheet that a mapping is about.

    Raises
    ------
    CollectError
        If there is none.
    """
    named = [s for s in sheets if mapping.sheet in (None, "", s.name)]
    if not named:
        there = ", ".join(s.name for s in sheets)
        raise CollectError(sheets[0].file, f"bladen {there}", f"bladet ”{mapping.sheet}”", "Rätta sheet i mappningen")
    looked = [look(sheet, gazetteer) for sheet in named]
    found = next((f for f in looked if mapping.areas in f.heads), looked[0])
    column = found.heads.index(mapping.areas) if mapping.areas in found.heads else None
    return found if column in (None, found.areas) else look(found.sheet, gazetteer, column)


def read_mapping(path: Path, kind: type[Record]) -> Record:
    """Read a mapping of a kind from a YAML or JSON file.

    Raises
    ------
    CollectError
        If it cannot be read, or says something that a mapping does not.
    """
    reader = Reader(path.parent)
    mapping = reader.record(path.name, kind)
    if mapping is None:
        raise CollectError(str(path), f"fel\n{reader.report.text()}\n", "en mappning", "Rätta raderna ovan")
    return mapping


# -- what a table looks like --------------------------------------------------------------------------------


def _is_number(text: str) -> bool:
    return number(text) is not None


def _share(column: Sequence[str], rows: Iterable[int], test) -> float:
    """Return the share of a column's cells in `rows`, without the empty ones, that pass a test."""
    counted = Counter(column[n] for n in rows if column[n])
    return sum(n for text, n in counted.items() if test(text)) / max(1, counted.total())


def _area_column(
    columns: list[tuple[str, ...]], gazetteer: Gazetteer, chosen: int | None
) -> tuple[int | None, int | None]:
    """Return the column in which the most cells name an area, or the chosen one, and the first row in which one does."""
    best, found = (0, 0), (chosen, None)
    for c, column in enumerate(columns):
        if chosen not in (None, c):
            continue
        texts = {text: gazetteer.candidates(text) for text in set(column) if text and len(text) < 120}
        hits = [n for n, text in enumerate(column) if texts.get(text)]
        different = len({area.id for areas in texts.values() for area in areas[:1]})
        filled = sum(map(bool, column))
        if different and (len(hits) >= 0.3 * filled or chosen == c) and (different, len(hits)) > best:
            best, found = (different, len(hits)), (c, hits[0])
    return found


def _looks_like_body(rows: Sequence[Sequence[str]], n: int, areas: int) -> bool:
    """Tell whether a row above the first known area is a row of figures too, for an area that is not known."""
    cells = [cell for c, cell in enumerate(rows[n]) if c != areas and cell]
    counts = [cell for cell in cells if _is_number(cell) and period(cell) is None]
    return bool(rows[n][areas]) and len(counts) >= max(1, len(cells) / 2)


def _heads(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Join the rows of a head, each text once; heads that are alike get their column's number."""
    joined = [" ".join(dict.fromkeys(filter(None, (row[c] for row in rows))))[:200] for c in range(width)]
    twice = Counter(joined)
    return tuple(
        f"{text} (kolumn {c + 1})" if text and twice[text] > 1 else text or f"kolumn {c + 1}" for c, text in enumerate(joined)
    )


def _period_column(
    columns: list[tuple[str, ...]], heads: Sequence[str], data: list[int], areas: int | None
) -> int | None:
    fits = [c for c in range(len(columns)) if c != areas and _share(columns[c], data, lambda text: period(text) is not None) >= MOSTLY]
    fits = [c for c in fits if any(columns[c][n] for n in data)]
    return min(fits, key=lambda c: (not _PERIOD_HEADS.search(heads[c]), c), default=None)


def _no_numbers(column: Sequence[str], data: list[int]) -> tuple[str, ...]:
    """Return the texts of a column that are no numbers, where a quarter of its cells or more are; else nothing."""
    if not any(re.search("[0-9]", column[n]) for n in data) or _share(column, data, _is_number) < 0.25:
        return ()
    return tuple(dict.fromkeys(column[n] for n in data if column[n] and not _is_number(column[n])))


def _divides(column: Sequence[str], data: list[int]) -> bool:
    """Tell whether a column divides each area's figures: few texts, and each many times."""
    counted = Counter(column[n] for n in data if column[n])
    return 2 <= len(counted) <= 40 and counted.total() >= 2 * len(counted) and counted.total() >= MOSTLY * len(data)


def _body(
    rows: Sequence[Sequence[str]], data: list[int], areas: int | None, periods: int | None, divides: list[int], numbers: list[int]
) -> tuple[list[int], list[str]]:
    """Return the rows of figures and the area text of each; below a name that is written once, it holds on."""
    body, named, last = [], [], ""
    keys = [c for c in (periods, *divides) if c is not None]
    for n in data:
        text = rows[n][areas] if areas is not None else ""
        last = text or last
        if not any(rows[n][c] for c in numbers):
            continue
        if not text and not (last and any(rows[n][c] for c in keys)):
            continue
        body.append(n)
        named.append(text or last)
    return body, named


# -- figures ------------------------------------------------------------------------------------------------


#: What to do, where a fault is likelier one of what was chosen than of a single cell.
_REMEDIES = {
    "duplicate_row": "Ta bort den ena raden, eller lägg tabeller som står på samma blad var för sig",
    "not_whole": "Rätta cellen, eller välj den kolumn som har antal. Ett komma läses som att decimaler följer: skriv tusental utan",
    "out_of_range": "Rätta cellen, eller se efter att kolumnen är rätt för måttet och att siffran står i måttets enhet",
    "numerator_larger": "Rätta cellen, eller se efter att täljare och nämnare inte är förväxlade",
    "value_mismatch": "Se efter att kolumnerna hör ihop, eller ange bara täljare och nämnare",
}


class _Reading:
    """One reading of one table; collects rows and faults."""

    def __init__(self, found: Found, mapping: TableMapping, pack: Pack, gazetteer: Gazetteer):
        self.found, self.mapping = found, mapping
        self.indicators = {**pack.indicators, **{i.id: i for i in mapping.indicators}}
        self.sources = {*pack.sources, *(s.id for s in mapping.sources)}
        self.pack, self.gazetteer = pack, gazetteer
        self.faults: list[CollectError] = []
        self.told: set[str] = set()
        self.empty = 0

    def outcome(self) -> Outcome:
        rows: list[tuple] = []
        left: Counter[str] = Counter()
        columns = self._columns()
        if columns is not None:
            matched = self._matched()
            self._beside(matched)
            for n, text in zip(self.found.body, self.found.named, strict=True):
                if text in self.mapping.leave or text in matched.rest:
                    left[text] += 1
                elif text in matched.areas:
                    rows += self._row(n, matched.areas[text].id, columns)
        names = ["area", "indicator", "period", "group", "value", "numerator", "denominator", "flag", "source", "row"]
        frame = pd.DataFrame(rows, columns=names).astype({c: "float64" for c in checks.NUMBERS})
        frame = frame.assign(file=self.found.sheet.place())
        if not self.faults:
            self._check(frame)
        if not len(frame) and not self.faults:
            self._tell(None, None, "inga siffror", "minst en", "Se efter att kolumnerna är de rätta")
        return Outcome(frame, tuple(self.faults), left, self.empty)

    def _tell(self, row: int | None, column: int | None, found: str, expected: str, remedy: str) -> None:
        if found not in self.told and len(self.faults) < MOST_TOLD:
            self.faults.append(CollectError(self.found.sheet.place(row, column), found, expected, remedy))
        self.told.add(found)

    def _columns(self) -> list[tuple[Figures, str | None, dict[str, int]]] | None:
        """Return (figures, period or None, part → column) for each that is read; None where a column is missing."""
        at = {text: c for c, text in enumerate(self.found.heads)}
        wide: dict[str, dict[str, int]] = {}
        for column, text in enumerate(self.found.heads):
            pattern, when = head(text)
            if when is not None:
                wide.setdefault(pattern, {})[when] = column
        there = ", ".join(f"”{text}”" for text in self.found.heads)[:600]
        read = []
        wanted = [c for c in (self.mapping.areas, self.mapping.period_column, self.mapping.group_column) if c is not None]
        wanted += [c for f in self.mapping.figures for c in f.columns.values()]
        missing = [c for c in dict.fromkeys(wanted) if c not in at and c not in wide]
        for column in missing:
            self._tell(None, None, f"ingen kolumn ”{column}”", f"en av kolumnerna {there}", "Rätta mappningen, eller rubriken i filen")
        for spec in self.mapping.figures:
            if spec.indicator not in self.indicators:
                expected = checks.nearest(spec.indicator, self.indicators, "en indikator i katalogen, eller en definition i mappningen")
                self._tell(None, None, f"indikatorn {spec.indicator}", expected, "Rätta id, eller lägg till definitionen under indicators")
            else:
                self._fits(spec, self.indicators[spec.indicator])
        for new in self.mapping.indicators:
            known = self.pack.indicators.get(new.id)
            if known is not None and any(getattr(known, part) != getattr(new, part) for part in ("kind", "per", "unit", "short_unit")):
                found = f"en ny definition av {new.id}, i {new.unit.sv} ({new.kind})"
                remedy = "Ge det nya måttet ett annat id, eller ta bort definitionen ur mappningen"
                self._tell(None, None, found, f"den som finns, i {known.unit.sv} ({known.kind})", remedy)
        if self.mapping.source not in self.sources:
            expected = checks.nearest(self.mapping.source, self.sources, "en källa i paketet, eller en ny i mappningen")
            self._tell(None, None, f"källan {self.mapping.source}", expected, "Rätta id, eller lägg till källan under sources")
        if self.faults:
            return None
        for spec in self.mapping.figures:
            periods = sorted({p for c in spec.columns.values() if PERIOD in c for p in wide.get(c, ())})
            for when in periods or [None]:
                parts = {part: wide[c].get(when) if PERIOD in c else at[c] for part, c in spec.columns.items()}
                if None not in (parts.get("value", 0), parts.get("numerator", 0), parts.get("denominator", 0)):
                    read.append((spec, when, {part: c for part, c in parts.items() if c is not None}))
        return read

    def _fits(self, spec: Figures, indicator: Indicator) -> None:
        groups = {"", *(g.id for g in indicator.groups)}
        for group in {spec.group, *(self.mapping.groups.values() if self.mapping.group_column else ())} - groups:
            self._tell(None, None, f"gruppen ”{group}” för {indicator.id}", f"en av {', '.join(sorted(groups - {''})) or 'inga grupper'}", "Rätta gruppen")
        if spec.numerator is not None and indicator.kind not in RATIO_KINDS:
            self._tell(None, None, f"täljare och nämnare för {indicator.id}", "bara ett värde", "Ange value i stället")

    def _matched(self) -> Matched:
        unknown_ids = sorted(set(self.mapping.names.values()) - set(self.pack.areas))
        for id_ in unknown_ids:
            expected = checks.nearest(id_, self.pack.areas, "ett område i paketet")
            self._tell(None, None, f"områdes-id {id_} i names", expected, "Rätta id")
        chosen = {text: id_ for text, id_ in self.mapping.names.items() if id_ not in unknown_ids}
        matched = self.gazetteer.match(
            [text for text in self.found.named if text not in self.mapping.leave], chosen, self.mapping.level
        )
        first = {text: n for n, text in zip(reversed(self.found.body), reversed(self.found.named), strict=True)}
        column = "" if self.found.areas is None else fold(self.found.heads[self.found.areas])
        for text, near in matched.unknown.items():
            if column and fold(text) == column:
                self._tell(
                    first[text], self.found.areas, f"rubriken ”{text[:80]}” en gång till", "en tabell på bladet",
                    "Lägg den andra tabellen på ett eget blad eller i en egen fil. Är det bara rubriken som står om, säg att raden inte ska med",
                )  # fmt: skip
                continue
            tip = " eller ".join(f"{area.name} ({area.id})" for area in near)
            remedy = f"Menade du {tip}? Säg vilket område det är" if tip else "Säg vilket område det är"
            remedy += ", eller att raden inte ska med (i en mappning: names och leave)"
            self._tell(first[text], self.found.areas, f"”{text[:80]}”", "ett områdes kod eller namn", remedy)
        return matched

    def _beside(self, matched: Matched) -> None:
        """Tell where a row names two areas of the same kind: the figures may be of either."""
        for column in self.found.also:
            for n, text in zip(self.found.body, self.found.named, strict=True):
                other = self.found.sheet.rows[n][column]
                alike = [area for area in self.gazetteer.candidates(other) if area.level is matched.level]
                if text in matched.areas and alike and matched.areas[text] not in alike and matched.areas[text].level is matched.level:
                    self._tell(
                        n, column, f"både ”{text[:60]}” och ”{other[:60]}”", "ett område på varje rad",
                        "Lägg tabeller som står bredvid varandra på var sitt blad, eller i var sin fil",
                    )  # fmt: skip
                    return

    def _row(self, n: int, area: str, columns: list[tuple[Figures, str | None, dict[str, int]]]) -> list[tuple]:
        mapping, found = self.mapping, self.found
        at = {text: c for c, text in enumerate(found.heads)}
        cells = found.sheet.rows[n]
        shared = mapping.period
        if mapping.period_column is not None:
            text = cells[at[mapping.period_column]]
            shared = period(text)
            if shared is None:
                self._tell(n, at[mapping.period_column], f"”{text[:40]}”", "ett år, läsår eller kvartal", "Rätta cellen, eller ta bort raden")
                return []
        group = None
        if mapping.group_column is not None:
            text = cells[at[mapping.group_column]]
            if text not in mapping.groups:
                self._tell(n, at[mapping.group_column], f"gruppen ”{text[:40]}”", "en grupp i mappningen", "Säg vilken grupp det är (i en mappning: groups)")
                return []
            group = mapping.groups[text]
        rows = []
        for spec, when, parts in columns:
            row = self._figure(n, spec, parts)
            if row is not None:
                key = (area, spec.indicator, when or shared, spec.group if group is None else group)
                rows.append((*key, *row, mapping.source, found.sheet.numbers[n]))
        return rows

    def _figure(self, n: int, spec: Figures, parts: Mapping[str, int]) -> tuple | None:
        """Return (value, numerator, denominator, flag) of one figure; None where its cells are empty or unreadable."""
        cells = self.found.sheet.rows[n]
        read: dict[str, Number] = {}
        flags = []
        for part, column in parts.items():
            text = cells[column]
            if part == "flag":
                flags += text.split()
                if not set(text.split()) <= {flag.value for flag in Flag}:
                    self._tell(n, column, f"märket ”{text[:40]}”", f"märken ur listan {'  '.join(Flag)}", "Rätta cellen")
            elif not text:
                self.empty += 1
            else:
                number_read = self._number(n, column, text)
                if number_read is None:
                    return None
                read[part] = number_read
        if not read:
            return None
        indicator = self.indicators[spec.indicator]
        flag = join_flags([*flags, *(number_read.flag for number_read in read.values())])
        value, top, bottom = (read[part].value if part in read else None for part in ("value", "numerator", "denominator"))
        if top is None or bottom is None:
            top = bottom = None
        if value is not None:
            value *= spec.scale
        elif top is not None and "value" not in read:
            value = round(indicator.factor * top / bottom, 3) if bottom else None
            flag = flag if bottom else Flag.NOT_APPLICABLE.value
        if value is None or {*flag.split()} & {"-", ".", ".."}:
            return None, None, None, flag if {*flag.split()} & {"-", ".", ".."} else Flag.NOT_REPORTED.value
        return value, top, bottom, flag

    def _number(self, n: int, column: int, text: str) -> Number | None:
        mark = self.mapping.decimal or self.found.marks.get(column, ",")
        if mark is None and "." in text:
            name = self.found.heads[column]
            self._tell(
                n, column, f"en punkt i kolumnen ”{name}” som kan stå före decimaler eller mellan tusental",
                "tal som bara kan läsas på ett sätt",
                "Säg om punkten står före decimaler eller mellan tusental (i en mappning: decimal: ”.” eller ”,”)",
            )  # fmt: skip
            return None
        found = number(text, mark or ",")
        if found is None:
            self._tell(n, column, f"”{text[:40]}”", "ett tal eller ett märke som .. eller -", "Rätta cellen i filen")
        return found

    def _check(self, frame: pd.DataFrame) -> None:
        """Check the figures as the pack does, but with the places where they stood."""
        for spec in self.mapping.figures:
            indicator = self.indicators[spec.indicator]
            values = frame.loc[frame["indicator"] == spec.indicator, "value"].dropna()
            if spec.numerator is None and indicator.kind is Kind.SHARE and spec.scale == 1 and len(values) > 2 and values.abs().max() <= 1 and values.any():
                found = f"bara värden mellan 0 och 1 för {spec.indicator}"
                self._tell(None, None, found, f"värden upp till {indicator.factor:g}", "Säg att andelarna är skrivna mellan 0 och 1 (i en mappning: scale: 100), om de är andelar av ett")
        report = Report()
        sound = frame.assign(sound=True, row=frame["row"].astype("int64"))
        checks.order(sound.sort_values(["indicator", *checks.KEY[:1], *checks.KEY[2:]], kind="stable", ignore_index=True), report)
        checks.figures(sound, self.indicators, report)
        first = {finding.code: finding for finding in reversed(report.findings) if finding.code != "not_sorted"}
        for code, finding in sorted(first.items(), key=lambda item: item[1].row or 0):
            more = sum(n for (kind, _), n in report.found.items() if kind == code) - 1
            where = f"{self.found.sheet.place()}, rad {finding.row}" + (f" (och {more} till)" if more else "")
            expected, remedy = finding.expected.rstrip("."), _REMEDIES.get(code, finding.remedy).rstrip(".")
            found = finding.found.replace(f" i {self.found.sheet.place()} ", " ")
            self.faults.append(CollectError(where, _swedish(found), _swedish(expected), remedy))
        del self.faults[MOST_TOLD:]


def _swedish(text: str) -> str:
    """Write the numbers of a report as Swedish tables do: a comma before decimals, and no decimal that is nought."""
    return re.sub(r"(?<=[0-9])\.([0-9]+)", lambda found: "" if found[1] == "0" else f",{found[1]}", text)


def differences(frame: pd.DataFrame, pack: Pack, *, complete: bool) -> pd.DataFrame:
    """Return the imported figures beside the pack's own: columns of both and ``change``.

    ``change`` is ``new``, ``changed``, ``same``, or with `complete` ``gone``: what the pack has of the same indicator,
    group, period and level, and the table has not.
    """
    keys = checks.KEY
    before = pack.observations[[*keys, *checks.NUMBERS, "flag", "source"]]
    table = frame[[*keys, *checks.NUMBERS, "flag", "source"]]
    both = table.merge(before, on=keys, how="outer", suffixes=("", "_before"), indicator="side")
    level = both["area"].map({area.id: area.level.value for area in pack.areas.values()})
    about = both.assign(level=level)
    scope = about[about["side"] != "right_only"][["indicator", "period", "group", "level"]].drop_duplicates()
    within = about.merge(scope, on=["indicator", "period", "group", "level"], how="left", indicator="in_scope")["in_scope"] == "both"
    same = both["flag"] == both["flag_before"]
    for column in checks.NUMBERS:
        a, b = both[column], both[f"{column}_before"]
        same &= ((a - b).abs() < 1e-6) | (a.isna() & b.isna())
    change = np.select(
        [both["side"] == "left_only", both["side"] == "right_only", same], ["new", "gone", "same"], default="changed"
    )
    both = both.assign(change=change)
    keep = (both["side"] != "right_only") | (within.to_numpy() & complete)
    return both[keep].drop(columns="side").reset_index(drop=True)


def hidden(changes: pd.DataFrame, shown: pd.DataFrame) -> int:
    """Count the new and changed figures that have a value and that the disclosure gate hides.

    Parameters
    ----------
    shown
        The frame of the new pack's statements.
    """
    given = changes[changes["change"].isin(["new", "changed"]) & changes["value"].notna()]
    gate = shown.loc[shown["reason"] == "suppressed", checks.KEY].astype(str)
    return len(given[checks.KEY].astype(str).merge(gate, on=checks.KEY))


# -- in words -----------------------------------------------------------------------------------------------


def described(found: Found) -> str:
    """Say what was found in a table, for a terminal."""
    sheet, matched = found.sheet, found.matched
    names = {c: f"”{text}”" for c, text in enumerate(found.heads)}
    lines = [sheet.place()]
    lines += [f"{_DETAILS[key]}: {text}" for key, text in sheet.details.items() if key in _DETAILS]
    heads = f"Rubriker{f' ({rows_of(found)})' if found.top else ''}"
    lines += [f"{heads}: {', '.join(names.values())}", f"Rader med siffror: {len(found.body)}"]
    if found.areas is None:
        lines.append("Områden: ingen kolumn med kända koder eller namn")
    else:
        level = f", nivå {matched.level}" if matched.level else ""
        lines.append(f"Områden: kolumnen {names[found.areas]}, {len(matched.areas)} av {len(matched.areas) + len(matched.unknown)} kända{level}")
        lines += [f"  okänt: {text}{_perhaps(near)}" for text, near in list(matched.unknown.items())[:MOST_TOLD]]
        lines += [f"  lämnas utanför: {text}" for text in matched.rest]
        lines += [f"  {area.name}: {text}" for text, area in matched.areas.items() if area.level is Level.KOMMUN]
    lines += [f"  koder för en annan kommun: {', '.join(found.foreign)}"] if found.foreign else []
    lines += ["  koder för DeSO: kommandot convert räknar om antalen till områdena här (docs/importera.md)"] if found.deso else []
    lines += [f"Period: kolumnen {names[found.periods]}"] if found.periods is not None else []
    lines += [f"Period i rubriken: ”{pattern}”, {', '.join(sorted(at))}" for pattern, at in found.wide.items()]
    lines += [f"Siffror: {', '.join(names[c] for c in found.numbers) or 'inga kolumner'}"]
    lines += [f"Inte tal i {names[c]}: {', '.join(f'”{text[:40]}”' for text in texts[:5])}" for c, texts in found.unread.items()]
    lines += [f"Märken: {', '.join(f'{text} ({n})' for text, n in found.marked.most_common())}"] if found.marked else []
    lines += [f"Kan inte avgöras: om punkten i {names[c]} står före decimaler eller mellan tusental" for c, m in found.marks.items() if m is None]
    lines += [f"Grupper: {names[c]}" for c in found.groups]
    lines += [f"Text: {text}" for text in (*found.title, *found.notes)]
    return "\n".join(lines)


def rows_of(found: Found) -> str:
    """Say in which rows of the file the head stands."""
    rows = [found.sheet.numbers[n] for n in found.top]
    return f"rad {rows[0]}" if len(rows) == 1 else f"rad {rows[0]}–{rows[-1]}"


_DETAILS = {
    "title": "Titel", "unit": "Enhet", "source": "Källa", "updated": "Uppdaterad", "encoding": "Teckenkodning",
    "separator": "Mellan cellerna", "hidden": "Dolda blad, inte lästa",
}  # fmt: skip


def _perhaps(near: Sequence[Area]) -> str:
    return f" (närmast: {', '.join(area.name for area in near)})" if near else ""


def counted(changes: pd.DataFrame, outcome: Outcome, hidden_figures: int) -> list[str]:
    """Say what an import changes, for a terminal."""
    kinds = changes["change"].value_counts()
    words = {"new": "nya", "changed": "ändrade", "same": "oförändrade", "gone": "borttagna"}
    lines = [f"Siffror: {', '.join(f'{kinds.get(kind, 0)} {word}' for kind, word in words.items())}"]
    lines += [f"Lämnade utanför: {text} ({n} rader)" for text, n in outcome.left.items()]
    lines += [f"Tomma celler: {outcome.empty}"] if outcome.empty else []
    lines += [f"Röjandekontrollen döljer {hidden_figures} av dem."] if hidden_figures else []
    return lines
