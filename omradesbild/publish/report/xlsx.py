"""A document as a workbook: its tables, every figure it rests on with all that is known, definitions and sources."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

from omradesbild.publish import style, tables
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.document import Beside, Block, Document, Figure, Heading, Section, Table, texts_of
from omradesbild.publish.report import office
from omradesbild.publish.report.order import Progress, silent
from omradesbild.words import t

#: A number as `words.number` writes it, and what stands after it.
_NUMBER = {
    "sv": re.compile(r"([−-]?\d{1,3}(?:[\s]\d{3})*|[−-]?\d+)(?:,(\d+))?(\s?[^\d\s(][^\d(]{0,30}(?:\([^\d()]+\))?)?"),
    "en": re.compile(r"([−-]?\d{1,3}(?:[\s,]\d{3})*|[−-]?\d+)(?:\.(\d+))?(\s?[^\d\s(][^\d(]{0,30}(?:\([^\d()]+\))?)?"),
}
#: Characters wide.
FIRST, OTHERS, TEXT = 38, 16, 100
#: Columns after the first that are as wide as others though they may be empty.
FEWEST = 6
#: Points: a character of a column's width, a line of text and its size.
CHARACTER, LINE, SIZE = 5.25, 15, 11
#: The most that a cell of a workbook can hold.
LONGEST_CELL = 32_767
#: The most that a row of a workbook can be, in points.
TALLEST_ROW = 409


def to_xlsx(document: Document, progress: Progress = silent) -> bytes:
    """Write a document as a workbook, telling `progress` after each sheet. The same document gives the same bytes."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    writer = _Writer(xlsxwriter.Workbook(target, options), document)
    sheets = (writer.basis, writer.figures, writer.definitions, writer.sources, writer.about)
    for n, write in enumerate(sheets, start=1):
        write()
        progress(n, len(sheets), writer.book.worksheets()[-1].name)
    writer.book.close()
    return office.sealed(target.getvalue())


def numbered(text: str, lang: str) -> tuple[float, str] | None:
    """Return the number that a cell shows and how a workbook writes it; None where it shows none.

    Examples
    --------
    >>> numbered("56,2 %", "sv")
    (56.2, '#,##0.0" %"')
    >>> numbered("..", "sv")
    """
    found = _NUMBER[lang].fullmatch(text)
    if not found:
        return None
    whole, decimals, unit = found.groups()
    digits = re.sub(r"[\s,]", "", whole).replace("−", "-")
    spaced = digits != whole.replace("−", "-")
    form = ("#,##0" if spaced or decimals else "0") + (f".{'0' * len(decimals)}" if decimals else "")
    after = unit.replace('"', "").replace("\n", ", ") if unit else ""  # libraries take a second line for a date's
    return float(f"{digits}.{decimals or 0}"), form + (f'"{after}"' if after else "")


class _Writer:
    """Writes the sheets one after another."""

    def __init__(self, book: xlsxwriter.Workbook, document: Document):
        self.book, self.document, self.lang = book, document, document.lang
        moment = office.moment_of(document).replace(tzinfo=None)
        about = {"title": document.title, "author": document.house.name, "subject": document.subtitle}
        about |= {"keywords": office.standing(document), "comments": document.link}
        about = {name: office.clean(text)[: office.LONGEST_PROPERTY] for name, text in about.items()}
        book.set_properties(about | {"created": moment})
        self._forms: dict[tuple, object] = {}
        self._longest: dict[int, int] = {}  # number of a column that is used → its longest number, in characters
        self._heading = ""  # right above what is being written: nothing is called the same

    def _form(self, **look: object):
        """Return a format, made once."""
        key = tuple(sorted(look.items()))
        if key not in self._forms:
            self._forms[key] = self.book.add_format(
                {"font_name": office.font_of(self.document), "valign": "top", **look}
            )
        return self._forms[key]

    def _sheet(self, name: str):
        """Start a sheet; return it and the first free row, below the mark of made-up figures."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{office.standing(self.document).replace('&', '&&')[:200]}&R&P / &N")
        warning = office.warning(self.document)
        if warning:
            sheet.write_string(0, 0, warning, self._form(bold=True, font_color="#FFFFFF", bg_color="#7A3E00"))
        return sheet, int(bool(warning))

    def _write(self, sheet, row: int, column: int, text: str, **look: object) -> None:
        sheet.write_string(row, column, office.clean(text)[:LONGEST_CELL], self._form(**look))

    def _wide(self, column: int) -> int:
        """Return how many characters a column of the first sheet has room for: all of a number, else it is written ###."""
        return max(OTHERS, self._longest.get(column, 0) + 2) if column else FIRST

    def _number(self, sheet, row: int, column: int, value: float, form: str, shown: str) -> None:
        sheet.write_number(row, column, value, self._form(num_format=form, align="right"))
        self._longest[column] = max(self._longest.get(column, 0), len(shown) + shown.count("\n"))

    def _wrapped(
        self,
        sheet,
        row: int,
        texts: Sequence[str],
        widths: Sequence[int],
        right: Sequence[int] = (),
        **look: object,
    ) -> None:
        """Write texts beside each other, in lines, and make the row high enough: not every program does."""
        lines = 1
        for column, (text, width) in enumerate(zip(texts, widths, strict=True)):
            if text:
                side = {"align": "right"} if column in right else {}
                self._write(sheet, row, column, text, text_wrap=True, **look, **side)
                lines = max(lines, len(office.broken(text, CHARACTER * width, SIZE, bool(look.get("bold")))))
        if lines > 1:
            sheet.set_row(row, min(LINE * lines, TALLEST_ROW))

    def basis(self) -> None:
        """Write the document as it reads, its tables with numbers."""
        sheet, at = self._sheet(t("report.sheet_basis", self.lang))
        self._write(sheet, at, 0, self.document.title, bold=True, font_size=16)
        sheet.set_row(at, 2 * LINE)
        sheet.freeze_panes(at + 1, 1)
        at += 1
        for label, value in (("", self.document.subtitle), *self.document.facts):
            self._write(sheet, at, 0, label or value)
            if label:
                self._write(sheet, at, 1, value)
            at += 1
        for block in self.document.blocks:
            at = self._block(sheet, at + 1, block)
            self._heading = block.text if isinstance(block, Heading) else ""
        sheet.set_column(0, 0, FIRST)
        for column in range(1, 1 + max((FEWEST, *self._longest))):
            sheet.set_column(column, column, self._wide(column))

    def _block(self, sheet, at: int, block: Block) -> int:
        """Write a block from a row on; return the first free row."""
        match block:
            case Table():
                return self._table(sheet, at, block)
            case Figure() if block.chart:
                chart = block.chart
                rows = tuple(
                    (category, *("" if s.values[i] is None else s.values[i] for s in chart.series))
                    for i, category in enumerate(chart.categories)
                )
                columns = (block.unit, *(s.name for s in chart.series))
                numeric = tuple(range(1, len(columns)))
                notes = tuple(text for text in (block.said, block.source) if text)
                return self._rows(sheet, at, block.title, columns, rows, numeric, notes, chart.decimals)
            case Beside():
                for figure in block.figures:
                    at = self._block(sheet, at, figure) + 1
                return at
        for text in texts_of(block):
            if text:
                self._write(sheet, at, 0, text, bold=isinstance(block, Heading))
                at += 1
        return at

    def _table(self, sheet, at: int, block: Table) -> int:
        rows = tuple((row.text,) if isinstance(row, Section) else row for row in block.rows)
        return self._rows(sheet, at, block.caption, block.columns, rows, block.numeric, block.notes)

    def _rows(
        self,
        sheet,
        at: int,
        caption: str,
        columns: Sequence[str],
        rows: Iterable[Sequence],
        numeric: Sequence[int],
        notes: Sequence[str],
        decimals: int = 0,
    ) -> int:
        if caption != self._heading:
            self._write(sheet, at, 0, caption, bold=True)
            at += 1
        for column in range(len(columns)):
            self._longest.setdefault(column, 0)
        head = at
        at += 1
        for row in rows:
            for column, value in enumerate(row):
                if isinstance(value, float | int):
                    form = "#,##0" + ("." + "0" * decimals if decimals else "")
                    self._number(sheet, at, column, value, form, f"{value:,.{decimals}f}")
                elif column in numeric and (found := numbered(value, self.lang)):
                    self._number(sheet, at, column, *found, value)
                elif value:
                    look = (
                        {"bold": True} if len(row) == 1 else {"align": "right"} if column in numeric else {}
                    )
                    self._write(sheet, at, column, value, **look)
            at += 1
        widths = [self._wide(column) for column in range(len(columns))]
        self._wrapped(sheet, head, columns, widths, numeric, bold=True, bottom=1)
        for note in notes:
            self._write(sheet, at, 0, note, font_color=style.SECONDARY)
            at += 1
        return at

    def figures(self) -> None:
        """Write every figure that the document rests on, a row each, as the downloads of the app have them."""
        document = self.document
        rows = [tuple(row.values()) for row in tables.rows(document.rests_on, document.statements, self.lang)]
        self._listed(t("file.sheet_figures", self.lang), tables.headings(self.lang), rows)

    def definitions(self) -> None:
        """Write what each measure means, and what it does not cover."""
        names = [t(f"column.{name}", self.lang) for name in ("title", "unit", "definition", "not_covered")]
        self._listed(
            t("report.sheet_definitions", self.lang), names, office.definitions(self.document), TEXT // 2
        )

    def sources(self) -> None:
        """Write where the figures come from."""
        names = [
            t(f"column.{name}", self.lang)
            for name in ("publisher", "table", "retrieved", "licence", "source_url")
        ]
        rows = [
            (s.publisher, s.table, s.retrieved, s.licence, s.url) for s in sources_of(self.document.rests_on)
        ]
        self._listed(t("report.sheet_sources", self.lang), names, rows, FIRST)

    def _listed(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence], width: int = OTHERS
    ) -> None:
        """Write a list with a filter, its headings standing still."""
        sheet, top = self._sheet(name)
        self._wrapped(sheet, top, columns, [width] * len(columns), bold=True, bottom=1)
        for at, row in enumerate(rows, start=top + 1):
            if width > OTHERS:
                self._wrapped(sheet, at, row, [width] * len(row))
                continue
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(at, column, value, self._form())
                elif value:
                    self._write(sheet, at, column, str(value))
        sheet.freeze_panes(top + 1, 1)
        sheet.autofilter(top, 0, top + max(1, len(rows)), len(columns) - 1)
        sheet.set_column(0, len(columns) - 1, width)

    def about(self) -> None:
        """Say what the file is, what its marks mean, and where the same figures are."""
        document, lang = self.document, self.lang
        sheet, at = self._sheet(t("file.sheet_about", lang))
        sheet.set_column(0, 0, TEXT)
        said = [document.title, *document.versions, *tables.about_lines(document.statements.pack, lang)]
        link = [f"{t('report.opens', lang)}: {document.link}"] if document.link else []
        for line, text in enumerate([*said, *link], start=at):
            self._wrapped(sheet, line, [text], [TEXT])
