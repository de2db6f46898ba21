"""Kolada's figures over real HTTP."""

from __future__ import annotations

import pandas as pd
import pytest
from servers.kolada import Kolada as Served
from servers.local import Local

from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import COLUMNS, KEYS
from omradesbild.collect.sources.kolada import Kolada

TODAY = "2026-11-28"
KPIS = {
    "N01951": "kommun_folkmangd",
    "N03937": "kommun_arbetslosa",
    "N00989": "kommun_skuldsatta",
    "U00958": "kommun_vrakningar",
}
#: obviously made-up: kpi's number in the list × 1000 + the year's last two figures
FIGURES = {
    (kpi, place, year): float(1000 * n + year % 100)
    for n, kpi in enumerate(KPIS)
    for place in ("1280", "0180", "0012")
    for year in range(2008, 2025)
} | {("U00958", "1280", 2024): None}


def collect(server, plan, store, client, told):
    Kolada().fetch(plan, store, client(kolada=f"{server.url}/v3"), told, TODAY)
    return pd.concat(Kolada().read(plan, store), ignore_index=True)


def expected(*places: str) -> dict:
    return {
        (p, KPIS[k], str(y)): v for (k, p, y), v in FIGURES.items() if p in places and y >= 2010 and v is not None
    }


@pytest.mark.parametrize("size", [3, 5000])
def test_every_page_is_read(size, plan, store, client, told):
    with Local(Served(FIGURES)) as server:
        found = collect(server, plan("kolada", per_page=size), store, client, told)
        assert server.asked("page=1&") == 1 and server.asked() == (-(-68 // size))
    assert list(found.columns) == COLUMNS and not found.duplicated(KEYS).any()
    values = found[found["value"].notna()].set_index(KEYS)["value"].to_dict()
    assert values == expected("1280")
    missing = found[found["value"].isna()]
    assert missing[KEYS].values.tolist() == [["1280", "kommun_vrakningar", "2024"]] and missing["flag"].tolist() == [
        ".."
    ]


def test_at_most_25_ids_in_a_list(plan, store, client, told):
    kpis = {f"N{n:05d}": {"variable": f"v{n}", "source": f"kolada-n{n}", "title": "Påhittat"} for n in range(60)}
    figures = {(kpi, "1280", 2024): 1.0 for kpi in kpis}
    with Local(Served(figures)) as server:
        found = collect(server, plan("kolada", kpis=kpis), store, client, told)
        assert server.asked() == 3
    assert len(found) == 60


def test_every_kommun_and_no_region(plan, store, client, told):
    with Local(Served(FIGURES)) as server:
        found = collect(server, plan("kolada", kommun="all"), store, client, told)
    values = found[found["value"].notna()].set_index(KEYS)["value"].to_dict()
    assert values == expected("1280", "0180")


def test_an_interrupted_run_goes_on(plan, store, client, told):
    wanted = plan("kolada", per_page=10)
    with Local(Served(FIGURES)) as server:
        server.fail("gone", at="page=4")
        with pytest.raises(CollectError, match="404"):
            collect(server, wanted, store, client, told)
        collect(server, wanted, store, client, told)
        assert server.asked() == 7 + 1 and server.asked("page=1&") == 1


@pytest.mark.parametrize("fault", ["page", "list", "cut", "empty"])
def test_what_is_no_answer_is_refused(fault, plan, store, client, told):
    with Local(Served(FIGURES)) as server, pytest.raises(CollectError, match="hittade"):
        server.fail(fault, times=9)
        collect(server, plan("kolada"), store, client, told)
    assert not store.snapshots("kolada")


def test_its_entries(plan, store, client, told):
    wanted = plan("kolada")
    with Local(Served(FIGURES)) as server:
        found = collect(server, wanted, store, client, told)
    assert {e.id for e in Kolada().entries(wanted, store)} == set(found["source"])
