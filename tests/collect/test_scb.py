"""SCB's tables over real HTTP: the figures, the traps, the limits, and what goes wrong."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from served import AGES, NOTE, ages, real
from servers.local import Local
from servers.pxweb import PxWeb, Table

from omradesbild.collect import cube, recipes
from omradesbild.collect.fault import CollectError
from omradesbild.collect.normalise import summable
from omradesbild.collect.readings import COLUMNS, KEYS
from omradesbild.collect.sources.kolada import Settings as Kolada
from omradesbild.collect.sources.scb import Scb, Settings, split

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-28"
ORIGINAL = "OMRADESBILD_SCB_ORIGINAL"


def collect(server, plan, store, client, told, today=TODAY, source=None):
    source = source or Scb()
    source.fetch(plan, store, client(scb=f"{server.url}/api/v2"), told, today)
    return pd.concat(source.read(plan, store), ignore_index=True)


def as_figures(readings: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Area, age and sex → value of 2024, from the readings of TAB6574."""
    names = {"folkmangd": ("totalt", "1+2")}
    names |= {f"alder_{a.strip('-').replace('-', '_')}": (a, "1+2") for a in AGES[1:-1]}
    names |= {"alder_0_4": ("-4", "1+2"), "alder_80_plus": ("80-", "1+2")}
    for sex, code in (("man", "1"), ("kvinna", "2")):
        names |= {f"alder_kon|{sex}|{a}": (a, code) for a in AGES[1:-1]}
        names |= {f"alder_kon|{sex}|0-4": ("-4", code), f"alder_kon|{sex}|80+": ("80-", code)}
    rows = readings[readings["period"] == "2024"]
    return {(a, *names[v]): x for a, v, x in zip(rows["area"], rows["variable"], rows["value"], strict=True)}


def test_real_figures_come_out_exactly(plan, store, client, told):
    with Local(PxWeb(ages())) as server:
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    assert list(found.columns) == COLUMNS and not found.duplicated(KEYS).any()
    # what is not a variable of ours is the totals by sex, 2 × 91 of the 4 914
    expected = {key: value for key, value in real().items() if key[1:] not in {("totalt", "1"), ("totalt", "2")}}
    areas = as_figures(found[found["area"] != "1280"])
    assert len(real()) == 4914 and areas == expected
    assert as_figures(found)["1280", "totalt", "1+2"] == 365_644
    assert set(found["source"]) == {"scb-tab6574"} and set(found["flag"]) == {""}


def figures_of(table: cube.Cube) -> dict[tuple[str, str, str], int]:
    """Area, age and sex → value, of a table with one content and one year."""
    regions, ages_, sexes = (table.codes[name] for name in ("Region", "Alder", "Kon"))
    by = {name: list(table.codes).index(name) for name in table.codes}
    cells = table.values.transpose(*(by[n] for n in ("Region", "Alder", "Kon", "Tid")), -1)
    return {
        (region.removesuffix("_RegSO2025"), age, sex): int(cells[r, a, s, 0, 0])
        for r, region in enumerate(regions)
        for a, age in enumerate(ages_)
        for s, sex in enumerate(sexes)
    }


def test_an_answer_of_the_first_interface_comes_out_exactly():
    columns = [{"code": c, "text": c.lower(), "type": "d"} for c in ("Region", "Alder", "Kon")]
    columns += [{"code": "Tid", "text": "år", "type": "t"}, {"code": "Antal", "text": "Antal", "type": "c"}]
    data = [{"key": [f"{a}_RegSO2025", age, sex, "2024"], "values": [str(v)]} for (a, age, sex), v in real().items()]
    data[0]["values"], data[1]["values"] = [".."], ["-"]
    answer = {"columns": columns, "comments": [], "data": data, "metadata": [{"updated": "2025-05-09T06:00:00Z"}]}
    found = cube.read(json.dumps(answer).encode(), "x")
    assert sorted(found.flags[found.flags != ""]) == ["-", ".."] and np.isnan(found.values).sum() == 2
    kept = dict(list(real().items())[2:])
    got = figures_of(cube.Cube(found.codes, {}, {}, np.nan_to_num(found.values), found.flags))
    assert {key: got[key] for key in kept} == kept
    for broken in (
        {"data": data[:-1]},
        {"data": [*data, data[-1]]},
        {"data": [{**data[0], "values": ["tolv"]}, *data[1:]]},
    ):
        with pytest.raises(CollectError, match="x: hittade"):
            cube.read(json.dumps(answer | broken).encode(), "x")


def test_the_original_answer_comes_out_exactly(plan, store, client, told):
    path = os.environ.get(ORIGINAL)
    if not path:
        pytest.skip(f"{ORIGINAL} does not name SCB's answer about age and sex in Malmö 2024 (JSON of PxWebApi 1)")
    content = Path(path).read_bytes()
    rows = json.loads(content)["data"]
    figures = {(r["key"][0].removesuffix("_RegSO2025"), r["key"][1], r["key"][2]): int(r["values"][0]) for r in rows}
    assert len(figures) == 4914 and figures == real()
    first = cube.read(content, "the original")
    assert first.updated == "2025-05-09T06:00:00Z" and not first.flags.astype(bool).any()
    assert figures_of(first) == figures
    table = ages(figures)
    chosen = {name: list(codes) for name, codes in table.dimensions.items()}
    chosen |= {"Region": [c for c in table.codelists["vs_RegSO2025"] if c.startswith("1280")], "Tid": ["2024"]}
    answer = cube.read(json.dumps(table.data(chosen)).encode(), "as JSON-stat 2")
    assert answer.values.size == 4914 and not answer.flags.astype(bool).any()
    for (region, age, sex), value in figures.items():
        at = (
            chosen["Region"].index(f"{region}_RegSO2025"),
            chosen["Alder"].index(age),
            chosen["Kon"].index(sex),
            0,
            0,
        )
        assert answer.values[at] == value
    with Local(PxWeb(table)) as server:
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    kept = {key: value for key, value in figures.items() if key[1:] not in {("totalt", "1"), ("totalt", "2")}}
    assert as_figures(found[found["area"] != "1280"]) == kept


def test_zero_outside_a_divisions_time_is_not_read(plan, store, client, told):
    with Local(PxWeb(ages())) as server:
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    # the server has 0 for every 2025 code in 2023 and every 2020 code in 2024
    people = found[(found["variable"] == "folkmangd") & (found["area"] != "1280")]
    assert sorted(people["period"].unique()) == ["2023", "2024"] and len(people) == 2 * 91
    assert people["value"].min() > 0
    both = people.pivot(index="area", columns="period", values="value")
    assert (both["2023"] == both["2024"] + 10).all()


def test_zero_within_a_divisions_time_is_zero(plan, store, client, told):
    figures = dict(real()) | {("1280R001", "80-", "2"): 0}
    with Local(PxWeb(ages(figures))) as server:
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    row = found[
        (found["area"] == "1280R001") & (found["variable"] == "alder_kon|kvinna|80+") & (found["period"] == "2024")
    ]
    assert row["value"].tolist() == [0.0] and row["flag"].tolist() == [""]


@pytest.mark.parametrize("sparse", [False, True])
def test_marks_are_kept_and_never_numbers(sparse, plan, store, client, told):
    table = ages(sparse=sparse)
    regions = list(table.dimensions["Region"])
    for n, mark in enumerate(("..", ".", "-")):
        table.cells[regions.index(f"1280R00{n + 1}_RegSO2025"), 0, 2, 0, 1] = mark
    with Local(PxWeb(table)) as server:
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    rows = found[(found["variable"] == "folkmangd") & (found["period"] == "2024")].set_index("area")
    assert rows["flag"].head(4).tolist() == ["..", ".", "-", ""]
    assert rows["value"].head(3).isna().all() and rows.loc["1280R004", "value"] == real()["1280R004", "totalt", "1+2"]


def test_a_cell_without_value_or_mark_is_missing_not_zero():
    table = ages()
    answer = table.data({name: list(codes)[:1] for name, codes in table.dimensions.items()}) | {"value": [None]}
    found = cube.read(json.dumps(answer).encode(), "x")
    assert np.isnan(found.values).all() and set(found.flags.ravel()) == {".."}


def test_the_same_selection_split_gives_the_same_readings(plan, store, tmp_path, client, told):
    app = PxWeb(ages(), max_cells=700)
    with Local(PxWeb(ages())) as whole, Local(app) as parts:
        once = collect(whole, plan("scb", tables=["TAB6574"]), store, client, told)
        many = collect(parts, plan("scb", tables=["TAB6574"]), type(store)(tmp_path / "other"), client, told)
    assert app.largest <= 700 and parts.asked("/data") > 10
    pd.testing.assert_frame_equal(*(frame.sort_values(KEYS, ignore_index=True) for frame in (once, many)))


def test_splitting_covers_every_cell_once():
    codes = {"a": tuple("abcdefg"), "b": tuple("hij"), "c": ("k",)}
    for most in range(1, 25):
        parts = split(codes, most)
        cells = Counter((a, b) for part in parts for a in part["a"] for b in part["b"])
        assert set(cells.values()) == {1} and len(cells) == 21
        assert all(len(p["a"]) * len(p["b"]) <= most for p in parts)


def test_no_value_code_is_said_twice(plan, store, client, told):
    wanted = plan("scb", tables=["TAB6574"])
    with Local(PxWeb(ages())) as server:
        collect(server, wanted, store, client, told)
    for query in Scb().queries(wanted, store):
        for item in query.body()["selection"]:
            assert len(item["valueCodes"]) == len(set(item["valueCodes"]))


def test_an_answer_with_fewer_codes_than_asked_for_is_refused(plan, store, client, told):
    class First(PxWeb):
        """Takes the first value of each variable only, and answers 200."""

        def _data(self, request, table):
            asked = request.json()
            for item in asked["selection"]:
                item["valueCodes"] = item["valueCodes"][:1]
            changed = type(request)(
                request.method, request.path, request.query, json.dumps(asked).encode(), request.address
            )
            return super()._data(changed, table)

    with (
        Local(First(ages())) as server,
        pytest.raises(CollectError, match="1 koder i Region; väntade 91, med 1280R002"),
    ):
        collect(server, plan("scb", tables=["TAB6574"]), store, client, told)


def test_what_the_publisher_says_is_kept(plan, store, client, told):
    wanted = plan("scb", tables=["TAB6574"])
    with Local(PxWeb(ages())) as server:
        collect(server, wanted, store, client, told)
        data = [s for s in store.snapshots("scb") if s.about.updated and "." in s.name]
        assert data and all(s.about.updated == "2026-03-24T07:00:00Z" and NOTE in s.about.notes for s in data)
        assert all(s.about.address.startswith(server.url) and s.about.licence == "CC0 1.0" for s in data)
    (entry,) = Scb().entries(wanted, store)
    assert (entry.id, entry.updated, entry.retrieved) == ("scb-tab6574", "2026-03-24", TODAY)
    assert NOTE in entry.note.sv and entry.noise.first == "2025"


def test_every_kommun(plan, store, client, told):
    with Local(PxWeb(ages())) as server:
        found = collect(server, plan("scb", kommun="all", tables=["TAB6574"]), store, client, told)
    assert "0114R001" in set(found["area"]) and found["area"].nunique() == 92 + 2


# -- codes that are found by their names ------------------------------------------------------------------


def births(**labels: str) -> Table:
    labels = {"SE": "Sverige", "EU": "Europa utom Sverige", "OV": "övriga världen"} | labels
    codes = {
        "Region": {
            "1280R001_RegSO2025": "1280R001",
            "1280R002_RegSO2025": "1280R002",
            "1280R001": "a",
            "1280R002": "b",
        },
        "Fodelseregion": labels,
        "Kon": {"1+2": "totalt"},
        "ContentsCode": {"000007Y5": "Antal"},
        "Tid": {"2022": "2022", "2024": "2024"},
    }
    cells = np.arange(4 * len(labels) * 2, dtype=object).reshape(4, len(labels), 1, 1, 2) + 100
    return Table("TAB6572", "Folkmängden efter födelseregion", codes, cells)


def test_a_code_is_found_by_its_name(plan, store, client, told):
    with Local(PxWeb(births())) as server:
        found = collect(server, plan("scb", tables=["TAB6572"]), store, client, told)
    got = found.set_index(KEYS)["value"]
    assert (
        got["1280R001", "fodda_i_sverige", "2024"] == 101 and got["1280R002", "fodda_utanfor_europa", "2024"] == 111
    )


@pytest.mark.parametrize(
    ("labels", "found"),
    [({"SE": "Norden"}, "0 träffar bland SE \\(Norden\\)"), ({"X": "Sverige, inrikes"}, "2 träffar")],
)
def test_a_name_that_is_not_one_value_is_an_error_that_lists_what_there_is(labels, found, plan, store, client, told):
    with Local(PxWeb(births(**labels))) as server, pytest.raises(CollectError, match=found):
        collect(server, plan("scb", tables=["TAB6572"]), store, client, told)


def test_a_dimension_that_the_plan_leaves_open_is_an_error(plan, store, client, told):
    table = births()
    codes = dict(table.dimensions) | {"Kon": {"1": "män", "1+2": "totalt"}, "Ny": {"a": "a", "b": "b"}}
    shape = [len(codes[name]) for name in codes]
    with (
        Local(PxWeb(Table("TAB6572", "x", codes, np.ones(shape, object)))) as server,
        pytest.raises(CollectError, match="Ny: hittade 2 träffar bland a \\(a\\), b \\(b\\)"),
    ):
        collect(server, plan("scb", tables=["TAB6572"]), store, client, told)


def test_a_kommun_that_does_not_exist(plan, store, client, told):
    with Local(PxWeb(ages())) as server, pytest.raises(CollectError, match="9999R"):
        collect(server, plan("scb", kommun="9999", tables=["TAB6574"]), store, client, told)


# -- limits, and going on -----------------------------------------------------------------------------------


def test_never_more_calls_than_the_limit(plan, store, client, told):
    """Real time: the server counts, over several threads, and says 429 at the first call too many."""
    from omradesbild.collect.client import Client

    app = PxWeb(ages(), max_cells=1200, calls=6, window=1)
    with Local(app, calls=6, window=1.0) as server:
        real_client = Client({"scb": f"{server.url}/api/v2"})
        Scb().fetch(plan("scb", tables=["TAB6574"], workers=4), store, real_client, told, TODAY)
        assert server.asked() > 8 and server.most_within(1.0) <= 6


def test_an_interrupted_run_goes_on_where_it_was(plan, store, client, told):
    class Stopped(Exception):
        pass

    class Stops:
        left = 6

        def step(self, what, done, of):
            self.left -= 1
            if not self.left:
                raise Stopped

    wanted = plan("scb", tables=["TAB6574"], workers=1, cells=700)
    with Local(PxWeb(ages())) as server:
        with pytest.raises(Stopped):
            Scb().fetch(wanted, store, client(scb=f"{server.url}/api/v2"), Stops(), TODAY)
        had, asked = len(store.snapshots("scb")), server.asked()
        found = collect(server, wanted, store, client, told)
        total = 2 + len(Scb().queries(wanted, store))
        assert had >= 5 and server.asked() - asked == total - had
        # and once more, the same run: nothing at all
        asked = server.asked()
        collect(server, wanted, store, client, told)
        assert server.asked() == asked
    assert as_figures(found)["1280R001", "totalt", "1+2"] == real()["1280R001", "totalt", "1+2"]


def test_a_later_run_asks_only_for_tables_that_have_changed(plan, store, client, told):
    table = ages()
    wanted = plan("scb", tables=["TAB6574"])
    with Local(PxWeb(table)) as server:
        collect(server, wanted, store, client, told)
        before = server.asked("/data")
        collect(server, wanted, store, client, told, today="2027-04-01")
        assert server.asked("/data") == before and server.asked("/metadata") == 2
        table.updated = "2027-03-24T07:00:00Z"
        collect(server, wanted, store, client, told, today="2027-04-02")
        assert server.asked("/data") == 2 * before


@pytest.mark.parametrize("settles", [True, False])
def test_a_table_that_is_updated_meanwhile_is_not_mixed(settles, plan, store, client, told):
    table = ages()

    class Updates(PxWeb):
        given = 0

        def _data(self, request, table):
            self.given += 1
            if self.given == 3 or not settles:
                table.updated = f"2026-03-24T08:00:{self.given:02d}Z"
                table.cells[:, 0, 2] += 1  # every number of inhabitants is one more
            return super()._data(request, table)

    with Local(Updates(table)) as server:
        wanted = plan("scb", tables=["TAB6574"], cells=2000, workers=1)
        if not settles:
            with pytest.raises(CollectError, match="uppdateras just nu"):
                collect(server, wanted, store, client, told)
            return
        found = collect(server, wanted, store, client, told)
    people = found[(found["variable"] == "folkmangd") & (found["period"] == "2024")].set_index("area")["value"]
    assert {a: v - 1 for a, v in people.drop("1280").items()} == {
        a: v for (a, age, sex), v in real().items() if (age, sex) == ("totalt", "1+2")
    }


def test_reading_needs_no_network_and_gives_the_same(plan, store, client, told):
    wanted = plan("scb", tables=["TAB6574"])
    with Local(PxWeb(ages())) as server:
        first = collect(server, wanted, store, client, told)
    second = pd.concat(Scb().read(wanted, store), ignore_index=True)
    pd.testing.assert_frame_equal(first, second)


# -- what goes wrong ------------------------------------------------------------------------------------------

PASSING = ("too-many", "too-many-unsaid", "down", "broken", "empty", "cut", "cut-off", "page-as-json")
LASTING = {
    "refused": "403.*källan vägrar|403",
    "bad-request": "400.*Unsupported selection",
    "gone": "404",
    "moved": "301.*example.org",
    "page": "en webbsida av slaget text/html",
    "list": "JSON",
    "come-back-tomorrow": "1440 minuters paus",
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("at", ["/config", "/metadata", "/data"])
def test_a_passing_fault_is_waited_out(fault, at, plan, store, client, told, clock):
    with Local(PxWeb(ages())) as server:
        server.fail(fault, times=2, at=at)
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    assert as_figures(found)["1280R091", "80-", "1"] == real()["1280R091", "80-", "1"]
    assert max(clock.slept) >= (3 if fault == "too-many" else 2)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_does_not_pass_is_said(fault, plan, store, client, told):
    with Local(PxWeb(ages())) as server:
        server.fail(fault, times=99, at="/data")
        with pytest.raises(CollectError, match="5 gånger i rad") as caught:
            collect(server, plan("scb", tables=["TAB6574"], workers=1), store, client, told)
        assert server.asked("/data") == 5
    assert server.url in caught.value.place and caught.value.remedy
    assert not [s for s in store.snapshots("scb") if "." in s.name]


@pytest.mark.parametrize("fault", LASTING)
def test_a_lasting_fault_is_not_tried_again(fault, plan, store, client, told):
    with Local(PxWeb(ages())) as server:
        server.fail(fault, at="/data")
        with pytest.raises(CollectError, match=LASTING[fault]):
            collect(server, plan("scb", tables=["TAB6574"], workers=1), store, client, told)
        assert server.asked("/data") == 1


def test_no_answer_in_time(plan, store, told, clock):
    from omradesbild.collect.client import Client

    with Local(PxWeb(ages())) as server:
        server.slow_seconds = 0.3
        server.fail("slow", times=99, at="/config")
        hasty = Client({"scb": f"{server.url}/api/v2"}, clock=clock, sleep=clock.sleep, timeout=(1, 0.05))
        with pytest.raises(CollectError, match="inget svar i tid, 5 gånger i rad"):
            Scb().fetch(plan("scb", tables=["TAB6574"]), store, hasty, told, TODAY)


def test_nobody_there(plan, store, client, told):
    with Local() as server:
        url = server.url
    with pytest.raises(CollectError, match="anslutning"):
        Scb().fetch(plan("scb", tables=["TAB6574"]), store, client(scb=f"{url}/api/v2"), told, TODAY)


def test_a_changed_snapshot_is_not_read(plan, store, client, told):
    wanted = plan("scb", tables=["TAB6574"])
    with Local(PxWeb(ages())) as server:
        collect(server, wanted, store, client, told)
    snapshot = next(s for s in store.snapshots("scb") if "." in s.name)
    snapshot.path.write_bytes(snapshot.path.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(CollectError, match="ändrad fil"):
        list(Scb().read(wanted, store))


def test_progress_is_told(plan, store, client, told):
    with Local(PxWeb(ages())) as server:
        collect(server, plan("scb", tables=["TAB6574"], cells=4000), store, client, told)
    data = [step for step in told.steps if step[0] == "SCB TAB6574"]
    assert [done for _, done, _ in data] == list(range(1, data[-1][2] + 1))


# -- the server is what it says ---------------------------------------------------------------------------------


def test_another_reader_of_the_interface_reads_the_same(plan, store, client, told):
    """``pxwebpy`` reads the local server, splits by its limit, and agrees with us on every figure."""
    import pxweb

    with Local(PxWeb(ages(), max_cells=3000)) as server:
        api = pxweb.PxApi(f"{server.url}/api/v2", language="sv")
        rows = api.get_table_data(
            "TAB6574",
            value_codes={"Region": ["*"], "Alder": ["*"], "Kon": ["*"], "ContentsCode": ["*"], "Tid": ["2024"]},
            code_list={"Region": "vs_RegSO2025"},
            show="code",
        )
        assert [t["id"] for t in api.search("folkmängd")["tables"]] == ["TAB6574"]
        found = collect(server, plan("scb", tables=["TAB6574"]), store, client, told)
    theirs = {(r["region"].removesuffix("_RegSO2025"), r["ålder"], r["kön"]): r["value"] for r in rows}
    ours = as_figures(found[found["area"] != "1280"])
    assert ours and all(theirs[key] == value for key, value in ours.items())


def test_get_takes_only_the_first_of_a_repeated_parameter():
    import urllib.request

    with Local(PxWeb(ages())) as server:
        fixed = (
            "valueCodes[Alder]=totalt&valueCodes[Kon]=1%2B2&valueCodes[ContentsCode]=000007Y7&valueCodes[Tid]=2024"
        )
        url = (
            f"{server.url}/api/v2/tables/TAB6574/data?{fixed}&valueCodes[Region]=1280R001&valueCodes[Region]=1280R002"
        )
        assert json.load(urllib.request.urlopen(url))["size"][0] == 1


# -- the whole plan -----------------------------------------------------------------------------------------------


def transcribed() -> pd.DataFrame:
    """The embedded pack's figures of 192 DeSO in 2022, read in SCB's tables by hand."""
    found = pd.read_csv(ROOT / "data/transcribed/deso2018.csv", dtype={"period": str}, keep_default_na=False)
    return found[found["period"] == "2022"].assign(value=lambda f: pd.to_numeric(f["value"]))


def as_table(table, figures: dict[tuple[str, str], float]) -> Table:
    """A table of the plan with the figures of its variables; what no variable is has the number -1, and 2024 is 0."""
    areas = sorted({area for area, _ in figures})
    regions = {**{a: a for a in areas}, **{f"{a}_DeSO2025": a for a in areas}, "1280": "1280 Malmö"}
    codes: dict[str, dict[str, str]] = {"Region": regions}
    at = {}
    for name, pick in table.variables.items():
        found = {**{d: (code, f"kod {code}") for d, code in {**table.codes, **pick.codes}.items()}}
        found |= {d: (f"L-{start}", f"{start.capitalize()}, som SCB skriver det") for d, start in pick.labels.items()}
        for dimension, (code, label) in found.items():
            codes.setdefault(dimension, {})[code] = label
        at[name] = {dimension: code for dimension, (code, _) in found.items()}
    codes.setdefault("ContentsCode", {"0000XXXX": "Antal"})
    codes["Tid"] = {"2022": "2022", "2024": "2024"}
    cells = np.full([len(found) for found in codes.values()], -1, object)
    cells[..., 1] = 0
    for (area, variable), value in figures.items():
        if variable in at:
            where = {"Region": area, "ContentsCode": "0000XXXX", "Tid": "2022"} | at[variable]
            cells[tuple(list(codes[d]).index(where[d]) for d in codes)] = value
    return Table(table.id, table.title, codes, cells)


def test_every_table_of_the_plan_gives_what_was_transcribed_by_hand(plan, store, client, told):
    """The figures of the embedded pack, served as SCB's tables, come out as they went in: the same names, areas and values."""
    wanted = plan("scb", areas=["deso2018"])
    settings = wanted.of("scb", Settings)
    known = transcribed().set_index(["area", "variable"])["value"]
    tables = [table for table in settings.tables if table.areas is None or "deso2018" in table.areas]
    with Local(PxWeb(*[as_table(table, known.to_dict()) for table in settings.tables])) as server:
        found = collect(server, wanted, store, client, told)
    assert set(found["period"]) == {"2022"} and {s.about.source for s in store.snapshots("scb")} == {"scb"}
    got = found.set_index(["area", "variable"])["value"]
    assert got.index.is_unique
    pd.testing.assert_series_equal(got.reindex(known.index), known, check_names=False)
    assert {name for table in tables for name in table.variables} == set(found["variable"])
    entries = {entry.id: entry for entry in Scb().entries(wanted, store)}
    assert set(found["source"]) <= set(entries) and len(entries) == len(settings.tables)


def test_the_plan_has_every_variable_that_was_transcribed(plan):
    there = {name for table in plan("scb").of("scb", Settings).tables for name in table.variables}
    names = {
        v
        for f in ("regso", "deso2018", "deso2025")
        for v in pd.read_csv(ROOT / f"data/transcribed/{f}.csv")["variable"]
    }
    # read as rounded shares in a copy; the plan has what they are shares of
    shares = {"alder_20_34_procent", "utlandsk_bakgrund_procent", "i_flerbostadshus_procent"}
    assert names - shares - there == set()
def test_the_plan_has_every_variable_of_the_recipes(plan):
    settings = Settings.model_validate(plan("scb").of("scb", Settings).model_dump())
    there = {name.split("|")[0] for table in settings.tables for name in table.variables}
    wanted = recipes.load()
    made = {product.count for product in wanted.products}
    kolada = {kpi.variable for kpi in plan("kolada").of("kolada", Kolada).kpis.values()}
    assert summable(wanted) - made - there - kolada == set()
    assert {product.by for product in wanted.products} <= there
