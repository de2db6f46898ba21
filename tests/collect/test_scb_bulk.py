"""SCB's bulk files over real HTTP: the same as from the interface, whatever a file looks like; and what is no such file."""

from __future__ import annotations

import struct

import pandas as pd
import pytest
import yaml
from served import ages, real
from servers.bulk import as_csv, files, zip_of
from servers.local import Local
from servers.pxweb import PxWeb

from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import COLUMNS, KEYS
from omradesbild.collect.sources.scb import Scb
from omradesbild.collect.sources.scb_bulk import ScbBulk

TODAY = "2026-11-28"


def both(plan, **changes):
    """A plan with both files, for TAB6574 only."""
    wanted = plan("scb", tables=["TAB6574"])
    bulk = yaml.safe_load((plan("scb-bulk").folder / "scb-bulk.yaml").read_text("utf-8")) | changes
    (wanted.folder / "scb-bulk.yaml").write_text(yaml.safe_dump(bulk), "utf-8")
    return wanted


def collect(archive: bytes, wanted, store, client, told, table=None):
    with Local(PxWeb(table or ages()), files({"/bulk/TAB6574_sv.zip": archive})) as server:
        asks = client(scb=f"{server.url}/api/v2", scb_bulk=f"{server.url}/bulk")
        ScbBulk().fetch(wanted, store, asks, told, TODAY)
    return pd.concat(ScbBulk().read(wanted, store), ignore_index=True)


def archive(content: bytes, name: str = "TAB6574_sv.csv", **more: bytes) -> bytes:
    return zip_of({name: content, "TAB6574_sv_metadata.txt": b"om tabellen", **more})


@pytest.mark.parametrize(
    ("separator", "show", "wide"),
    [
        (";", "code_value", False),
        (",", "code_value", False),
        (";", "code", False),
        (",", "value", False),
        (";", "value", True),
    ],
)
def test_a_file_gives_the_same_as_the_interface(separator, show, wide, plan, store, client, told):
    table = ages()
    for n, mark in enumerate(("..", ".", "-")):
        table.cells[list(table.dimensions["Region"]).index(f"1280R00{n + 1}_RegSO2025"), 0, 2, 0, 1] = mark
    wanted = both(plan)
    with Local(PxWeb(table)) as server:
        Scb().fetch(wanted, store, client(scb=f"{server.url}/api/v2"), told, TODAY)
    interface = pd.concat(Scb().read(wanted, store), ignore_index=True)
    found = collect(archive(as_csv(table, separator, show, wide)), wanted, store, client, told, table)
    assert list(found.columns) == COLUMNS
    one, two = (frame.sort_values(KEYS, ignore_index=True) for frame in (interface, found))
    pd.testing.assert_frame_equal(one, two, check_dtype=False)
    assert len(one) == 2 * (91 + 1) * 52
    people = two[(two["variable"] == "folkmangd") & (two["period"] == "2024")].set_index("area")["value"]
    assert people["1280R091"] == real()["1280R091", "totalt", "1+2"]


def test_its_entries_are_those_of_the_tables(plan, store, client, told):
    wanted = both(plan)
    collect(archive(as_csv(ages())), wanted, store, client, told)
    assert [(e.id, e.updated) for e in ScbBulk().entries(wanted, store)] == [("scb-tab6574", "2026-03-24")]


def test_a_file_that_has_not_changed_is_not_fetched_again(plan, store, client, told):
    wanted = both(plan)
    with Local(PxWeb(ages()), files({"/bulk/TAB6574_sv.zip": archive(as_csv(ages()))})) as server:
        asks = client(scb=f"{server.url}/api/v2", scb_bulk=f"{server.url}/bulk")
        for day in ("2026-11-28", "2026-11-28", "2026-12-01"):
            ScbBulk().fetch(wanted, store, asks, told, day)
        assert server.asked("zip") == 1 and server.asked("metadata") == 2


def lied(content: bytes) -> bytes:
    """An archive that says that its file is ten bytes long."""
    packed = bytearray(zip_of({"TAB6574_sv.csv": content}))
    at = packed.index(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(packed)


TABLE = as_csv(ages())
LINES = TABLE.split(b"\r\n")
WHOLE = [line for line in LINES if b"1+2" in line and b"1280R001 " in line]
DAMAGED = {
    "another file": (archive(TABLE, "TAB9999_sv.csv"), "en fil TAB6574_sv.csv"),
    "two files": (zip_of({"a/TAB6574_sv.csv": TABLE, "b/tab6574_SV.csv": TABLE}), "en fil TAB6574_sv.csv"),
    "no archive": (b"PK, but no more", "skadat zip-arkiv"),
    "half an archive": (archive(TABLE)[:-5000], "skadat zip-arkiv"),
    "a changed archive": (archive(TABLE).replace(archive(TABLE)[2000:2004], b"\0\0\0\0"), "skadat zip-arkiv|rader som"),
    "a length that is not so": (lied(TABLE), "skadat zip-arkiv|kolumnerna|rader|värdet"),
    "a bomb": (archive(TABLE + b"\0" * 60_000_000), "högst 50 MB"),
    "other columns": (archive(b'"a";"b"\r\n1;2\r\n'), "kolumnerna a, b"),
    "no rows and no heads": (archive(b""), "kolumnerna"),
    "an unknown value": (archive(TABLE.replace(b'"-4 -4 \xe5r"', b'"x"')), "»x«"),
    "no number": (archive(TABLE.replace(b'"Antal";', b'"Antal";tolv ')), "»tolv|värdet"),
    "a cell twice": (archive(TABLE + b"\r\n".join(WHOLE[:2]) + b"\r\n"), "samma uppgift två gånger"),
    "a column too many": (archive(b"\r\n".join([*LINES[:3], LINES[3] + b";1;2;3", b""])), "rader som inte"),
    "a byte that is no letter": (archive(TABLE.replace(b"1280R001", b"1280R001\x81", 1)), "rader som inte|»"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_is_no_such_file_is_refused(kind, plan, store, client, told):
    content, said = DAMAGED[kind]
    with pytest.raises(CollectError, match=said):
        collect(content, both(plan, most_unpacked=50_000_000), store, client, told)


def test_codes_that_mean_two_divisions_are_refused_not_mixed(plan, store, client, told):
    """If a file writes codes of 2025 without their mark, a zero of one division would stand against a number of the other."""
    content = b"\r\n".join(line for line in LINES if b"0114R" not in line).replace(b"_RegSO2025", b"")
    with pytest.raises(CollectError, match="samma uppgift två gånger"):
        collect(archive(content), both(plan), store, client, told)


@pytest.mark.parametrize("fault", ["page", "cut-off", "empty", "gone"])
def test_what_goes_wrong_on_the_way(fault, plan, store, client, told):
    wanted = both(plan)
    with Local(PxWeb(ages()), files({"/bulk/TAB6574_sv.zip": archive(TABLE)})) as server:
        server.fail(fault, times=9, at="zip")
        asks = client(scb=f"{server.url}/api/v2", scb_bulk=f"{server.url}/bulk")
        with pytest.raises(CollectError, match="TAB6574_sv.zip"):
            ScbBulk().fetch(wanted, store, asks, told, TODAY)
