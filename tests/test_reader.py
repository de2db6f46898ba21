"""The quick way to read a file of figures and the careful one say the same; what is odd goes the careful way."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omradesbild import checks, reader
from omradesbild.findings import Report

HEAD = ",".join(checks.COLUMNS)
GOOD = "1280R001,andel,2022,,12.5,1,8,,scb\n1280R002,andel,2022,man|0-4,0,0,8,e p,scb\n"
FIELD = st.sampled_from(["", "1280R001", "007", "2022", "1e5", "NA", "null", " 7", "å", "x y", "-0", "..", "\t", "\x1f", "true", "12,5", '"', "\r"])
ROW = st.lists(FIELD, min_size=8, max_size=10).map(",".join)


def careful(text: str) -> tuple[pd.DataFrame, Report]:
    report = Report()
    return reader._rows(text, "f.csv", report), report


def texts(frame: pd.DataFrame) -> list[list]:
    return [frame[name].astype(object).tolist() for name in (*checks.COLUMNS, "row")]


@settings(max_examples=400, deadline=None)
@given(rows=st.lists(ROW, max_size=6), last=st.sampled_from(["\n", ""]))
def test_what_is_read_quickly_is_what_is_read_carefully(rows, last):
    text = "\n".join([HEAD, *rows]) + last
    quick = reader._plain_rows(text)
    if quick is not None:
        slow, report = careful(text)
        assert texts(quick) == texts(slow) and not report.findings


def test_a_sound_file_is_read_quickly():
    quick = reader._plain_rows(f"{HEAD}\n{GOOD}")
    assert quick is not None and quick["row"].tolist() == [2, 3] and quick["group"].tolist() == ["", "man|0-4"]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{GOOD}"[:-1],
        f"{HEAD}\r\n{GOOD}",
        f"{HEAD}\n{GOOD}\n",
        f"{HEAD},\n{GOOD}",
        f'{HEAD}\n{GOOD.replace("andel", chr(34) + "andel" + chr(34))}',
        f"{HEAD}\n{GOOD.replace('12.5', '12,5', 1).replace(',0,0,8', ',0,8')}",
        f"{HEAD}\n{GOOD.replace('andel', 'a' * 140_000)}",
        f"{HEAD}\n{GOOD.replace('andel', 'a' * 2_000_000)}",
        f"{HEAD}\n{GOOD.replace('andel', 'a' + chr(0))}",
    ],
)
def test_what_is_out_of_the_ordinary_is_read_carefully(text):
    assert reader._plain_rows(text) is None


FIGURES = st.lists(
    st.tuples(*(st.sampled_from(found) for found in (
        ["A", "B", "Ä"], ["andel", "antal"], ["2021", "2022", "i fjol"], ["", "man"], ["1", "12.5", "", "12,5", "nan", "1e13", "x"],
        ["", "1", "-1"], ["", "8", "0"], ["", "e", "..", "- .", "?"], ["scb", "scb2"],
    ))),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(rows=FIGURES)
def test_categories_and_plain_texts_have_the_same_faults(rows):
    found = []
    for kind in ("str", "category"):
        frame = pd.DataFrame(rows, columns=list(checks.COLUMNS), dtype="str").astype(kind)
        frame = frame.assign(file=["a.csv"] * (len(rows) // 2) + ["b.csv"] * (len(rows) - len(rows) // 2), row=range(2, len(rows) + 2))
        report = Report()
        numbers = checks.numbers(frame.astype({"file": kind}), report)
        checks.order(numbers, report)
        checks.known(numbers, "area", ["A", "B"], "ett område", report)
        checks._flags(numbers, report)
        found.append((report.findings, report.found, numbers["sound"].tolist(), numbers["value"].fillna(-9).tolist()))
    assert found[0] == found[1]
