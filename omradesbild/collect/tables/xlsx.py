"""Excel workbooks, read by calamine after every part of the archive has been looked through.

calamine reserves room for every cell between the first and the last, and for as many texts as a part says that it has:
a file of a kilobyte could end the process. So the parts that it needs are unpacked within limits and parsed as XML
without entities, what they hold is counted, and a new archive of just these parts is what it reads.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from omradesbild.collect.archive import BROKEN
from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables.sheet import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    MOST_UNPACKED,
    Sheet,
    laid,
    letters,
    too_large,
    written,
)

_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?[\w.-]+\.xml(?:\.rels)?|xl/worksheets/[\w.-]+\.xml")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AGAIN = "Öppna filen i Excel och spara den på nytt som Excel-arbetsbok (.xlsx)"
_ERRORS = ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SAKNAS!", "#REFERENS!", "#VÄRDEFEL!")


def read(file: str, content: bytes) -> list[Sheet]:
    """Read the visible sheets that hold anything.

    Raises
    ------
    CollectError
        If the workbook cannot be used.
    """
    archive = _looked_through(file, content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(archive)) as book:
            listed = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
            shown = [m.name for m in listed if m.visible == SheetVisibleEnum.Visible]
            if len(shown) > MOST_SHEETS:
                raise too_large(file, f"{len(shown)} blad", f"högst {MOST_SHEETS}")
            hidden = ", ".join(m.name for m in listed if m.visible != SheetVisibleEnum.Visible)[:200]
            found = [_sheet(file, book.get_sheet_by_name(name), hidden) for name in shown]
    except CollectError:
        raise
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise CollectError(file, "en skadad Excel-fil", "en hel Excel-fil (.xlsx)", _AGAIN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a fault in the Rust library shows itself
            raise
        raise CollectError(file, "en skadad Excel-fil", "en hel Excel-fil (.xlsx)", _AGAIN) from error
    sheets = [sheet for sheet in found if sheet is not None]
    if not sheets:
        raise CollectError(file, "inget synligt blad med innehåll", "en tabell", "Se efter att rätt fil är vald och att bladet inte är dolt")
    return sheets


def _sheet(file: str, sheet: CalamineSheet, hidden: str) -> Sheet | None:
    """Return a sheet; cells that are merged all say what the first says. None where the sheet is empty."""
    if sheet.start is None:
        return None
    top, left = sheet.start
    cells = [[_text(value) for value in row] for row in sheet.iter_rows()]
    cells = cells[top:] if len(cells) > sheet.height else cells
    cells = [row[left:] if len(row) > sheet.width else row for row in cells]
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        rows = range(max(first_row - top, 0), min(last_row - top + 1, len(cells)))
        columns = range(max(first_column - left, 0), min(last_column - left + 1, len(cells[0])))
        if len(rows) and len(columns):
            text = cells[rows[0]][columns[0]]
            for row in rows:
                for column in columns:
                    cells[row][column] = text
    if not any(any(row) for row in cells):
        return None
    details = {"hidden": hidden} if hidden else {}
    return laid(file, sheet.name[:60], "xlsx", enumerate(cells, start=top + 1), first_column=left + 1, details=details)


def _text(value: object) -> str:
    if isinstance(value, str):
        return "" if value in _ERRORS else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return written(value)


# -- the archive ---------------------------------------------------------------------------------------------


def _looked_through(file: str, content: bytes) -> bytes:
    """Return a new archive of the parts that are needed, each seen to be XML of a size that can be read."""
    damaged = CollectError(file, "en skadad Excel-fil", "en hel Excel-fil (.xlsx)", _AGAIN)
    packed = io.BytesIO()
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
            inside = archive.infolist()
            if "EncryptedPackage" in {info.filename for info in inside} or any(info.flag_bits & 1 for info in inside):
                raise CollectError(file, "en fil med lösenord", "en öppen fil", "Spara en kopia utan lösenord")
            needed = {info.filename: info for info in inside if _NEEDED.fullmatch(info.filename)}
            if "xl/workbook.xml" not in needed or not any(map(_SHEET.fullmatch, needed)):
                raise damaged
            for name, info in needed.items():
                with archive.open(info) as part:
                    text = part.read(left + 1)
                left -= len(text)
                if left < 0:
                    raise too_large(file, f"mer än {MOST_UNPACKED // 1_000_000} MB uppackat", "en tabell om områden")
                _check_part(file, name, text)
                out.writestr(name, text)
    except BROKEN as error:
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise CollectError(file, "en fil med lösenord, eller Excels äldre format", "en öppen .xlsx", _AGAIN) from error
        raise damaged from error
    return packed.getvalue()


def _check_part(file: str, name: str, text: bytes) -> None:
    """Parse a part as XML without entities; count the cells of a sheet as calamine lays them out."""
    sheet = bool(_SHEET.fullmatch(name))
    place = f"{file}, delen {name}"
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise CollectError(place, "egna XML-definitioner", "en vanlig Excel-fil", _AGAIN)
    try:
        parser = etree.iterparse(
            io.BytesIO(text), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        if sheet:
            _count(place, parser)
        else:
            for _, element in parser:
                _said_count(place, element)
                element.clear()
    except etree.XMLSyntaxError as error:
        raise CollectError(place, "skadad XML", "en hel Excel-fil (.xlsx)", _AGAIN) from error


def _said_count(place: str, element: etree._Element) -> None:
    """Refuse a part that says that it holds more than is read: calamine believes it."""
    said = [element.get(name) or "" for name in ("count", "uniqueCount")]
    if any(text.strip() and not (text.strip().isdecimal() and int(text[:20]) <= 4 * MOST_CELLS) for text in said):
        raise CollectError(place, f"ett antal på {max(said, key=len)[:20]}", "så många delar som filen har", _AGAIN)


def _count(place: str, parser: Iterator) -> None:
    """Follow the cells of a sheet; refuse one that reaches too far, or whose formulas have not been worked out.

    A cell without a reference stands after the one before it, and a row without a number after the row before.
    """
    row, column = 0, 0
    reach = [10**8, 0, 10**8, 0]
    cells, without = 0, 0
    for _, element in parser:
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "c":
            cells += 1
            named = _REFERENCE.fullmatch(element.get("r", ""))
            column = _column(named[1]) if named else column + 1
            reach[2:] = min(reach[2], column), max(reach[3], column)
            if named:
                reach[:2] = min(reach[0], int(named[2])), max(reach[1], int(named[2]))
            parts = {child.tag.rpartition("}")[2]: child for child in element if isinstance(child.tag, str)}
            if "f" in parts and not (parts["v"].text if "v" in parts else "is" in parts):
                without += element.get("t") != "str"
                last = element.get("r") or f"{letters(column)}{row + 1}"
            element.clear()
        elif tag == "row":
            row, column = int(element.get("r")) if (element.get("r") or "").isdecimal() else row + 1, 0
            reach[:2] = min(reach[0], row), max(reach[1], row)
            element.clear()
        elif tag == "mergeCells":
            _said_count(place, element)
        if cells > MOST_CELLS:
            raise too_large(place, f"fler än {MOST_CELLS} celler", "en tabell om områden")
    if not cells:
        return
    if without:
        found = f"{without} formler utan uträknat värde, den sista i {last}"
        raise CollectError(place, found, "värden", "Öppna filen i Excel, låt den räkna, och spara den på nytt")
    height, width = reach[1] - reach[0] + 1, reach[3] - reach[2] + 1
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > 4 * MOST_CELLS:
        found = f"celler ända till {letters(min(reach[3], 99999))}{reach[1]}"
        remedy = "Ta bort innehåll långt utanför tabellen, eller kopiera tabellen till en ny fil"
        raise CollectError(place, found, f"högst {MOST_COLUMNS} kolumner och {MOST_ROWS} rader", remedy)


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - 64
    return number
