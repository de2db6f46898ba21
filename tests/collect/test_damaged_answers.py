"""What sources answered, damaged on the disk or on the way in seeded ways: read, or refused in words, within limits."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pandas as pd
import pytest
from served import ages
from servers.local import Local
from servers.pxweb import PxWeb
from test_damaged_tables import LONGEST, damaged
from test_geodata import BOUNDARIES, collected, edition, geojson, listed, portal, shapefile, wfs
from test_kolada import FIGURES, Served
from test_scb_bulk import archive, as_csv, both
from test_scb_bulk import collect as collect_bulk

from omradesbild.collect.fault import CollectError
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.sources.kolada import Kolada
from omradesbild.collect.sources.malmo import Malmo
from omradesbild.collect.sources.polisen import Polisen
from omradesbild.collect.sources.scb import Scb
from omradesbild.collect.sources.scb_bulk import ScbBulk
from omradesbild.collect.sources.scb_geo import ScbGeo

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio", "ignore::UserWarning")
TODAY = "2026-11-28"
EACH = 100


def scb(plan, store, client, told, tmp_path) -> Callable:
    wanted = plan("scb", tables=["TAB6574"], areas=["regso2025"])
    figures = {(a, g, s): 7 for a in ("1280R001", "1280R002", "1280R003") for g in ("totalt", "-4", "80-") for s in ("1", "2", "1+2")}
    with Local(PxWeb(ages(figures))) as server:
        Scb().fetch(wanted, store, client(scb=f"{server.url}/api/v2"), told, TODAY)
    return lambda: [*Scb().read(wanted, store), *Scb().entries(wanted, store)]


def scb_bulk(plan, store, client, told, tmp_path) -> Callable:
    wanted = both(plan)
    collect_bulk(archive(as_csv(ages())), wanted, store, client, told)
    return lambda: list(ScbBulk().read(wanted, store))


def kolada(plan, store, client, told, tmp_path) -> Callable:
    wanted = plan("kolada", per_page=20)
    with Local(Served(FIGURES)) as server:
        Kolada().fetch(wanted, store, client(kolada=f"{server.url}/v3"), told, TODAY)
    return lambda: list(Kolada().read(wanted, store))


def scb_geo(form: str) -> Callable:
    def made(plan, store, client, told, tmp_path) -> Callable:
        wanted = plan("scb-geo", format=form)
        with Local(wfs()) as server:
            ScbGeo().fetch(wanted, store, client(scb_geo=f"{server.url}/geoserver/stat/wfs"), told, TODAY)
        return lambda: [ScbGeo().areas(wanted, store, "regso2025")]

    return made


def malmo(plan, store, client, told, tmp_path) -> Callable:
    wanted = plan("malmo")
    collected(portal(tmp_path), wanted, store, client, told)
    return lambda: [*Malmo().read(wanted, store), Malmo().areas(wanted, store)]


def polisen(form: str) -> Callable:
    def made(plan, store, client, told, tmp_path) -> Callable:
        wanted = plan("polisen", editions={"2025": {"path": "/x/uso.zip", "source": "Påhittad"}})
        content = shapefile(listed(), tmp_path) if form == "shape" else geojson(listed(), crs=True)
        name, kind = ("uso.zip", "application/zip") if form == "shape" else ("uso.geojson", "application/geo+json")
        edition(content, plan, store, client, told, name, kind)
        return lambda: list(Polisen().entries_of(wanted, store, "2025", BOUNDARIES))

    return made


MAKERS = {
    "scb": scb, "scb-bulk": scb_bulk, "kolada": kolada, "malmo": malmo, "scb-geo, geopackage": scb_geo("geopackage"),
    "scb-geo, geojson": scb_geo("application/json"), "polisen, shape": polisen("shape"), "polisen, geojson": polisen("geojson"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAKERS)
def test_a_damaged_answer_is_refused_or_read_within_limits(name, plan, store, client, told, tmp_path) -> None:
    read = MAKERS[name](plan, store, client, told, tmp_path)
    assert read(), "what is whole is read"
    whole = {shot.name: (shot.read(), shot.about) for shot in store.snapshots(name.partition(",")[0])}
    before = {path for path in tmp_path.rglob("*") if store.folder not in path.parents}
    seen = Counter()
    for n in range(EACH):
        chance = random.Random(f"{name} {n}")
        chosen = chance.choice(sorted(whole))
        content, about = whole[chosen]
        store.put(chosen, damaged(content, chance), about)
        started = time.process_time()
        try:
            found = read()
        except CollectError as error:
            assert all(text and "Traceback" not in text for text in (error.place, error.found, error.expected, error.remedy))
            seen["refused"] += 1
        else:
            assert all(list(frame.columns) == COLUMNS for frame in found if type(frame) is pd.DataFrame)
            seen["read"] += 1
        assert time.process_time() - started < LONGEST
        store.put(chosen, content, about)
    assert seen.total() == EACH and seen["refused"] > EACH / 10, seen
    assert {path for path in tmp_path.rglob("*") if store.folder not in path.parents} == before
    assert read()
