"""A damaged archive is said to be damaged, in whichever way its files are packed."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from omradesbild.collect import archive, tables, uploads
from omradesbild.collect.fault import CollectError

PACKED = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
BORDERS, BOOK = ("x.shp", "x.shx", "x.dbf", "x.prj"), ("xl/workbook.xml", "xl/worksheets/sheet1.xml")


def damaged(how: int, *names: str) -> bytes:
    """An archive whose first file has other bytes than were packed."""
    packed, chance = io.BytesIO(), random.Random(how)
    with zipfile.ZipFile(packed, "w", how) as made:
        for name in names:
            made.writestr(name, chance.randbytes(500).hex())
    content = bytearray(packed.getvalue())
    at = 30 + len(names[0]) + 20  # after the first file's head, and how that of its packing begins
    content[at : at + 100] = chance.randbytes(100)
    return bytes(content)


@pytest.mark.parametrize("how", PACKED)
def test_a_damaged_archive_is_refused_however_it_is_packed(how: int) -> None:
    with pytest.raises(CollectError, match="ett skadat zip-arkiv"), archive.member(damaged(how, "x.csv"), "x.zip", "x.csv", 10**6) as file:
        file.read()
    with pytest.raises(CollectError, match="en skadad Excel-fil"):
        tables.read("x.xlsx", damaged(how, *BOOK))
    with pytest.raises(uploads.UploadError) as refused:
        uploads.read("x.zip", damaged(how, *BORDERS))
    assert refused.value.code == "file_broken"
