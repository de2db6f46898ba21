"""Never more calls than a source's plan says, whatever the source and however many threads: the server counts, in real time."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from served import ages
from servers.bulk import as_csv, files, zip_of
from servers.kolada import Kolada
from servers.local import Local
from servers.pxweb import PxWeb
from servers.wfs import Wfs
from test_geodata import deso, portal, regso
from test_kolada import FIGURES

from omradesbild.collect.client import Client
from omradesbild.collect.plan import Plan
from omradesbild.collect.sources import SOURCES
from omradesbild.collect.store import Store

CALLS, WINDOW = 3, 0.4
#: Source → what makes it ask for more than fits in two windows.
MANY = {
    "scb": {"cells": 700},
    "scb-bulk": {},
    "scb-geo": {"areas": ["regso2025", "deso2025", "regso2020", "deso2018"]},
    "kolada": {"per_page": 8},
    "malmo": {},
    "polisen": {"editions": {str(year): {"path": f"/u/{year}.geojson", "source": "x"} for year in range(2011, 2020)}},
}
#: As many tables as are files to ask for; their metadata is asked of another address, which has a limit of its own.
TABLES = ["TAB6574", *(f"TAB{n}" for n in range(1, 2 * CALLS))]
SQUARE = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"namn": "P\xc3\xa5hittat", "kategori": "Utsatt"},'
    b' "geometry": {"type": "Polygon", "coordinates": [[[13.0, 55.6], [13.01, 55.6], [13.01, 55.61], [13.0, 55.6]]]}}]}'
)


def planned(folder, name: str, root) -> Plan:
    """The project's own plans, with few calls in a short window and many to make."""
    folder.mkdir()
    for path in (root / "data/collect").glob("*.yaml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        if path.stem == name:
            content |= {"limit": {"calls": CALLS, "seconds": WINDOW}} | MANY[name]
        if path.stem == "scb":
            ages_ = next(table for table in content["tables"] if table["id"] == "TAB6574")
            content["tables"] = [ages_ | {"id": id_, "source": id_.lower()} for id_ in (TABLES if name == "scb-bulk" else TABLES[:1])]
        (folder / path.name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return Plan(folder)


@pytest.mark.parametrize("name", MANY)
def test_no_source_is_asked_more_often_than_its_plan_says(name, tmp_path, told, pytestconfig):
    layers = {"stat:RegSO_2025": regso(), "stat:DeSO_2025": deso(), "stat:RegSO_2020": regso(), "stat:DeSO_2018": deso()}
    borders = {f"/u/{year}.geojson": SQUARE for year in range(2011, 2020)}
    bulk = {f"/bulk/{id_}_sv.zip": zip_of({f"{id_}_sv.csv": as_csv(ages())}) for id_ in TABLES}
    apps = (
        PxWeb(*(replace(ages(), id=id_) for id_ in TABLES)), files(bulk), Wfs(layers), Kolada(FIGURES),
        portal(tmp_path), files(borders, "application/json"),
    )  # fmt: skip
    plan = planned(tmp_path / "plans", name, pytestconfig.rootpath)
    with Local(*apps) as server:
        paths = {"scb": "/api/v2", "scb-bulk": "/bulk", "scb-geo": "/geoserver/stat/wfs", "kolada": "/v3", "malmo": "", "polisen": ""}
        client = Client({source: server.url + path for source, path in paths.items()})
        SOURCES[name].fetch(plan, Store(tmp_path / "answers"), client, told, "2026-11-28")
        of = "/bulk/" if name == "scb-bulk" else ""
        assert server.asked(of) >= 2 * CALLS, "too few calls to try a limit"
        # no more than the limit; and those that are let through at once are used: it is no reason to ask one thing at a time
        most = server.most_within(WINDOW, of)
        assert most <= CALLS and (most == CALLS or name == "scb-bulk")
