"""Every format that staff bring is read into the same cells, and says where they stood."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest
import tablefiles as files

from omradesbild.collect.fault import CollectError
from omradesbild.collect.tables import read, separated
from omradesbild.collect.tables.sheet import written

TABLE = tuple(tuple(row) for row in files.ROWS)


def refused(name: str, content: bytes) -> CollectError:
    with pytest.raises(CollectError) as caught:
        read(name, content)
    error = caught.value
    assert error.place and error.found and error.expected and error.remedy
    assert not any(part.endswith(".") for part in (error.found, error.expected, error.remedy))
    return error


def csv(text: str, encoding: str = "utf-8", name: str = "tabell.csv"):
    return read(name, text.encode(encoding))[0]


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 med bytemärke",
    "cp1252": "Windows-1252 (ISO-8859-1)",
    "iso-8859-1": "Windows-1252 (ISO-8859-1)",
    "mac_roman": "MacRoman",
    "cp850": "DOS (CP850)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 utan bytemärke",
    "utf-16-be": "UTF-16 utan bytemärke",
    "utf-32": "UTF-32",
}


@pytest.mark.parametrize("separator", separated.SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    rows = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in files.ROWS]
    sheet = csv("\r\n".join(separator.join(row) for row in rows), encoding)
    assert sheet.rows == TABLE
    assert sheet.details == {"encoding": ENCODINGS[encoding], "separator": separated.SEPARATORS[separator]}


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("words", [("Östervärn", "Å"), ("Almåsa",), ("Bellevuegården", "Håkanstorp"), ("Hermodsdal", "É – x")])
def test_few_letters_are_enough_to_tell_the_encoding(encoding: str, words: tuple[str, ...]) -> None:
    text = "Namn;Antal\n" + "".join(f"{word};{n}\n" for n, word in enumerate(words))
    if "–" in text and encoding == "cp850":
        pytest.skip("CP850 has no dash")
    assert [row[0] for row in csv(text, encoding).rows[1:]] == list(words)


def test_a_dash_and_an_apostrophe_are_known_from_windows() -> None:
    sheet = csv("Namn;Andel\nKöpmans’gatan – syd;3\n", "cp1252")
    assert sheet.rows[1] == ("Köpmans’gatan – syd", "3")
    assert sheet.details["encoding"] == "Windows-1252"


def test_decimal_commas_do_not_pass_for_separators() -> None:
    sheet = csv("Område;Andel;Fel\nA;1,5;0,2\nB;2,5;0,3\n")
    assert sheet.rows == (("Område", "Andel", "Fel"), ("A", "1,5", "0,2"), ("B", "2,5", "0,3"))


def test_titles_footnotes_and_quoted_line_breaks_leave_each_cell_its_row() -> None:
    sheet = csv('Min tabell\n\nNamn,Antal\n"A\nB",1\nC,2\n\nKälla: påhittad\n')
    assert sheet.rows == (("Min tabell", ""), ("Namn", "Antal"), ("A B", "1"), ("C", "2"), ("Källa: påhittad", ""))
    assert sheet.numbers == (1, 3, 4, 6, 8)
    assert sheet.place(3, 1) == "tabell.csv, rad 6, kolumn 2"


def test_what_excel_says_of_its_separator_is_heeded() -> None:
    sheet = csv("sep=|\r\nA;B|C\r\n1;2|3\r\n")
    assert sheet.rows == (("A;B", "C"), ("1;2", "3"))


def test_thin_and_hard_spaces_between_thousands_stay_inside_their_cell() -> None:
    assert csv("A;B\nx;1\u202f234\ny;5\u00a0678,5\n").rows[1:] == (("x", "1 234"), ("y", "5 678,5"))


def test_a_workbook_is_read_with_its_titles_merged_heads_and_footnotes() -> None:
    (sheet,) = read("tabell.xlsx", files.workbook())
    assert sheet.name == "Tabell 1"
    assert sheet.rows == (
        ("Påhittade arbetslösa",) * 3,
        ("Område", "2022", "2022"),
        ("", "Antal", "Andel"),
        ("Möllevången", "12", "12,5"),
        ("Rosengård", "1 234", ".."),
        ("Källa: påhittad", "", ""),
    )
    assert sheet.place(4, 1) == "tabell.xlsx, bladet ”Tabell 1”, cell C7"
    assert sheet.details == {"hidden": "Dolt"}


def test_a_cell_keeps_its_place_where_the_table_begins_far_in() -> None:
    book = openpyxl.Workbook()
    book.active["AB30"], book.active["AC30"], book.active["AC32"] = "Namn", "Antal", 3
    (sheet,) = read("a.xlsx", files.saved(book))
    assert sheet.rows == (("Namn", "Antal"), ("", "3"))
    assert sheet.place(1, 1).endswith("cell AC32")


def test_dates_truths_and_faults_of_a_workbook_become_text() -> None:
    book = openpyxl.Workbook()
    cells = [date(2022, 3, 1), datetime(2022, 3, 1, 12, 30), True, "#N/A", 1e6, 0.1 + 0.2, "0012"]
    book.active.append(["x", *cells])
    (sheet,) = read("a.xlsx", files.saved(book))
    assert sheet.rows == (("x", "2022-03-01", "2022-03-01 12:30", "sant", "", "1000000", "0,3", "0012"),)


def test_several_sheets_are_all_read_and_empty_ones_left_out() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Tomt"
    for name in ("Ett", "Två"):
        book.create_sheet(name).append([name, 1])
    assert [(s.name, s.rows) for s in read("a.xlsx", files.saved(book))] == [("Ett", (("Ett", "1"),)), ("Två", (("Två", "1"),))]


def test_formulas_that_were_never_worked_out_are_refused_not_read_as_nothing() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Område", "Antal"])
    book.active.append(["A", "=SUM(C1:C9)"])
    error = refused("a.xlsx", files.saved(book))
    assert "1 formler utan uträknat värde" in error.found and "B2" in error.found
    assert "räkna" in error.remedy


def test_a_cell_far_away_is_refused_before_room_is_made_for_it() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    assert "XFD1048576" in refused("a.xlsx", files.saved(book)).found


def test_px_is_read_with_codes_marks_and_notes() -> None:
    (sheet,) = read("tabell.px", files.PX)
    assert sheet.rows == (
        ("delområde", "delområde (kod)", "år", "Antal", "Andel"),
        ("Möllevången", "11317", "2021", "10", ".."),
        ("Möllevången", "11317", "2022", "12,5", "3"),
        ("Södra Sofielund", "11319", "2021", "1", "."),
        ("Södra Sofielund", "11319", "2022", "2", "4"),
    )
    assert sheet.details["unit"] == "antal" and sheet.details["source"] == "Malmö stad"
    assert sheet.notes == ("Påhittade siffror.",)


def test_px_that_is_cut_off_is_refused_with_how_many_cells_are_missing() -> None:
    error = refused("tabell.px", files.PX.replace(b'1 2 "." 4;', b"1 2;"))
    assert (error.found, error.expected) == ("6 celler", "8 enligt VALUES")


def test_json_stat_is_read_in_the_order_of_its_index_with_status() -> None:
    (sheet,) = read("stat.json", files.as_json(files.JSONSTAT))
    assert sheet.rows == (
        ("region", "region (kod)", "år", "Antal", "Andel"),
        ("Öster", "A", "2021", "1", "3,5"),
        ("Öster", "A", "2022", "2", ".."),
        ("Väster", "B", "2021", "5", "7 p"),
        ("Väster", "B", "2022", "6", "8"),
    )
    assert sheet.notes == ("Påhittade siffror.",)


def test_older_json_stat_and_sparse_values_are_read_alike() -> None:
    old = {k: v for k, v in files.JSONSTAT.items() if k not in ("class", "version", "id", "size", "role")}
    old["dimension"] = {**old["dimension"], **{k: files.JSONSTAT[k] for k in ("id", "size", "role")}}
    old["value"] = {str(n): v for n, v in enumerate(files.JSONSTAT["value"]) if v is not None}
    (sheet,) = read("stat.json", files.as_json({"dataset": old}))
    assert sheet.rows == read("stat.json", files.as_json(files.JSONSTAT))[0].rows


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"size": [2, 2, 3]}, "storleken"),
        ({"value": [1, 2]}, "2 värden för 8 celler"),
        ({"size": [10**6, 10**6, 2]}, "storleken"),
        ({"size": [0, 2, 2]}, "storleken"),
        ({"id": ["Region", "Okänd", "Tid"]}, "inte hänger ihop"),
        ({"value": [[1], 2, 3, 4, 5, 6, 7, 8]}, "inte hänger ihop"),
        ({"class": "collection"}, "en lista över tabeller"),
    ],
)
def test_json_stat_that_does_not_fit_together_is_refused(change: dict, found: str) -> None:
    assert found in refused("stat.json", files.as_json({**files.JSONSTAT, **change})).found


def test_the_first_interface_of_pxweb_is_read() -> None:
    (sheet,) = read("pxweb.json", files.as_json(files.PXWEB))
    assert sheet.rows == (("region", "år", "Antal"), ("A", "2021", "1"), ("A", "2022", "2,5"), ("B", "2021", ".."), ("B", "2022", "4"))
    assert sheet.notes == ("Påhittad.",)
    assert sheet.details == {"title": "Påhittad tabell"}


@pytest.mark.parametrize("name", ["ytor.geojson", "ytor.gpkg", "ytor.zip"])
def test_map_files_give_attributes_with_their_shapes(name: str) -> None:
    (sheet,) = read(name, files.one_of_each()[name])
    assert [row[sheet.rows[0].index("namn")] for row in sheet.rows] == ["namn", "Väst", "Öst"]
    assert [row[sheet.rows[0].index("kod")] for row in sheet.rows] == ["kod", "1", "2"]
    assert len(sheet.shapes) == 2
    for shape, square in zip(sheet.shapes, files.SQUARES.values(), strict=True):
        assert shape.geometry.symmetric_difference(square).area < 1e-3 * square.area


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.xls", b"x", "äldre format"),
        ("a.pdf", b"x", "filändelsen ”.pdf”"),
        ("a", b"x", "filändelsen ””"),
        ("a.csv", b"", "en tom fil"),
        ("a.csv", b"\n\n;;\n", "inga celler"),
        ("a.csv", b"x" * 20_000_001, "20 MB"),
        ("a.csv", b'"' + b"x" * 200_000, "citattecken"),
        ("a.csv", b"A;B\n1;\0\0\0\n", "nolltecken"),
        ("a.json", b"{", "inte är JSON"),
        ("a.json", b"[1]", "JSON utan namngivna delar"),
        ("a.json", b'{"a": NaN}', "inte är JSON"),
        ("a.json", b"[" * 100_000, "inte är JSON"),
        ("a.json", "{”".encode("cp1252"), "andra tecken"),
        ("a.json", b'{"a": 1}', "okänt slag"),
        ("a.px", b"hej", "nyckelord"),
        ("a.xlsx", b"hej", "en skadad Excel-fil"),
        ("a.geojson", b"{}", "en skadad fil"),
        ("a.zip", b"hej", "en skadad fil"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_was_found(name: str, content: bytes, found: str) -> None:
    assert found in refused(name, content).found


def test_a_name_with_a_way_in_it_is_only_shown_by_its_end() -> None:
    assert refused("../../etc/\u202epasswd.pdf", b"x").place == "passwd.pdf"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0,1"), (12, "12"), (-3.25, "-3,25"), (1e15, "1000000000000000"), (1e-7, "0,0000001"), (0.0, "0"), (True, "sant")],
)
def test_numbers_are_written_as_a_swedish_table_writes_them(value: float, text: str) -> None:
    assert written(value) == text
