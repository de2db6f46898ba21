"""Parents are their children: faults that are put in are found and named, and what a source does to its counts is no fault."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from served import ages, real
from servers.local import Local
from servers.pxweb import PxWeb
from test_pipeline import NOW, embedded, run  # noqa: F401 - a fixture

from omradesbild.collect import recipes, sums
from omradesbild.collect.fault import CollectError
from omradesbild.collect.normalise import Counts, gather, summable
from omradesbild.collect.plan import Plan, Sum
from omradesbild.collect.readings import COLUMNS
from omradesbild.model import Source

ROOT = Path(__file__).resolve().parents[2]
SCB, MALMO = (Plan(ROOT / "data/collect").sums(name) for name in ("scb", "malmo"))
SUMMED = summable(recipes.load()) | {"n"}
TEXT = {"sv": "x"}


def entry(noise: bool = False) -> dict[str, Source]:
    more = {"noise": {"first": "2025", "sd": 3, "assumption": TEXT, "url": "https://example.org"}} if noise else {}
    told = {
        "id": "kalla", "publisher": "P", "title": "Antal efter region", "table": "TAB1", "url": "https://example.org", "licence": "CC0",
        "attribution": "P", "retrieved": "2026-01-01",
    }  # fmt: skip
    return {"kalla": Source.model_validate(told | more)}


def counts(*rows: tuple, variable: str = "n") -> Counts:
    """Area, period, value and perhaps a flag."""
    frame = pd.DataFrame([(a, variable, p, v, *(f or ("",)), "kalla") for a, p, v, *f in rows], columns=COLUMNS)
    return gather([frame.astype({"value": float})])


def town(fault: str = "") -> list[tuple]:
    """Four areas of 1280 in two years, by hundreds, and one of the faults that happen."""
    values = {f"1280R00{n}": 100 * n for n in range(1, 5)}
    whole = sum(values.values())
    later = dict(values)
    if fault == "lost":
        del later["1280R003"]
    if fault == "double":
        later["1280R002"] += values["1280R004"]
    if fault == "shifted":
        later = dict(zip(values, [0, *list(values.values())[:-1]], strict=True))
    rows = [(a, "2023", v) for a, v in values.items()] + [(a, "2024", v) for a, v in later.items()]
    return [*rows, ("1280", "2023", whole), ("1280", "2024", whole)]


def tried(rows: list[tuple], rules=SCB, noise: bool = False, **more) -> list[str]:
    return sums.check(counts(*rows, **more), rules, SUMMED, entry(noise))


def test_a_large_kommun_that_is_a_little_off_does_not_hide_a_small_one_that_is_far_off():
    large = [(f"0180R{n:03}", "2024", 10_000) for n in range(100)] + [("0180", "2024", 999_200)]
    small = [(f"2404R{n:03}", "2024", 100) for n in range(10)] + [("2404", "2024", 1_060)]
    assert "0180" in " ".join(tried(large))
    assert "2404" in refused([*large, *small])


def test_the_same_tables_as_files_have_the_same_sums():
    assert Plan(ROOT / "data/collect").sums("scb-bulk") == SCB


def test_what_adds_up_is_passed_over():
    assert tried(town()) == []


def refused(rows: list[tuple], rules=SCB, **more) -> str:
    with pytest.raises(CollectError) as caught:
        tried(rows, rules, **more)
    return str(caught.value)


@pytest.mark.parametrize(
    ("fault", "said", "hint"),
    [
        ("lost", "700 som summan av de 3 delarna av 1280, restpost ingen; väntade 1000, som 1280 självt har: skillnad −300",
         "Utan siffra det året, men med året före eller efter: 1280R003."),
        ("double", "1400 som summan av de 4 delarna av 1280, restpost ingen; väntade 1000, som 1280 självt har: skillnad +400",
         "Skillnaden är lika stor som 1280R004."),
        ("shifted", "600 som summan av de 4 delarna av 1280, restpost ingen; väntade 1000, som 1280 självt har: skillnad −400", ""),
    ],
)  # fmt: skip
def test_a_fault_stops_the_run_and_is_named_with_its_table_year_and_size(fault, said, hint):
    found = refused(town(fault))
    assert found.startswith("TAB1 (Antal efter region), n 2024: hittade ") and said in found and hint in found
    assert "Se efter i källans svar om en del saknas" in found


def test_a_group_is_named():
    assert "alder_kon, gruppen kvinna|0-4, 2024" in refused(town("lost"), variable="alder_kon|kvinna|0-4")


def test_a_hidden_child_makes_the_sum_impossible_and_is_no_fault():
    rows = [(*row[:2], np.nan, "..") if row[:2] == ("1280R002", "2024") else row for row in town()]
    (remark,) = tried(rows)
    assert remark.startswith("Går inte att summera: TAB1") and "n 2024 i 1280 (1280R002)" in remark and "1 av summorna" in remark


def test_medians_shares_and_what_has_no_parent_are_not_summed():
    assert tried(town("lost"), variable="ekonomisk_standard_median") == []
    assert tried(town("lost"), variable="lag_standard_procent") == []
    assert tried([row for row in town("lost") if row[0] != "1280"]) == []


def test_each_kommun_is_held_against_its_own_areas():
    other = [("0114R001", "2024", 7), ("0114", "2024", 7), ("0180R001", "2024", 5), ("0180", "2024", 55)]
    assert "5 som summan av de 1 delarna av 0180" in refused([*town(), *other])


def test_small_counts_that_are_moved_before_2025_are_passed_over_and_no_more():
    def apart(by: float) -> list[tuple]:
        return [(*row[:2], row[2] + by) if row[0] == "1280" else row for row in town()]

    # four areas and the kommun, each moved by two: 2 × √5 = 4,5
    assert tried(apart(4)) == []
    (remark,) = tried(apart(5))
    assert remark == (
        "Summan stämmer inte: TAB1 (Antal efter region), n 2023: 1000 som summan av de 4 delarna av 1280, restpost ingen (och 1 summor "
        "till av samma slag); 1005, som 1280 självt har: skillnad −5, varav skyddet av små tal förklarar ungefär 4,5. Inget är ändrat"
    )


def test_noise_from_2025_passes_and_a_lost_child_beyond_it_does_not():
    """Twenty draws of 91 real counts with noise of the assumed size: none is remarked; without one of the areas all are."""
    random = np.random.default_rng(2025)
    people = [value for (_, age, sex), value in real().items() if (age, sex) == ("totalt", "1+2")]
    for _ in range(20):
        noisy = np.rint(np.array(people) + random.normal(0, 3, len(people)))
        rows = [(f"1280R{n:03}", "2025", v) for n, v in enumerate(noisy, start=1)]
        whole = ("1280", "2025", sum(people) + round(random.normal(0, 3)))
        assert tried([*rows, whole], noise=True) == []
        (lost,) = tried([*rows[1:], whole], noise=True)
        assert "som summan av de 90 delarna" in lost
    # the year before has no noise, so the same differences are told
    early = [(a, "2024", v) for a, _, v in [*rows, ("1280", "2025", sum(people) + 60)]]
    assert len(tried(early, noise=True)) == 1


def test_the_rest_is_counted_and_is_no_place_of_its_own():
    parts = [("10101", "2023", 40), ("10102", "2023", 50), ("sd-fosie", "2023", 40), ("sd-oxie", "2023", 50)]
    rows = [*parts, ("1280-restpost", "2023", 10), ("1280", "2023", 100)]
    assert tried(rows, MALMO) == []
    lost = refused([row for row in rows if row[0] != "10102"], MALMO)
    assert "40 som summan av de 1 delarna av 1280, restpost 10" in lost and "skillnad −50" in lost
    assert "restpost ingen" in refused([row for row in rows if row[0] != "1280-restpost"], MALMO)


def test_what_is_no_place_of_the_packs_is_left_out_and_said():
    rows = [("10101", "2023", 40), ("sd-fosie", "2023", 40), ("1280-restpost", "2023", 10), ("1280", "2023", 50)]
    left, said = sums.placed(counts(*rows), MALMO, {"1280", "sd-fosie", "1280-restpost"})
    assert left.areas == ["1280", "sd-fosie"] and left.value.shape[0] == 2
    assert said == ["Används inte: 1 områden som paketet inte har, som 10101"]
    # SCB's areas are the pack's own: an unknown one is a fault that is found later, and only a whole may be elsewhere
    left, said = sums.placed(counts(*town()), SCB, {"1280R001"})
    assert left.areas == ["1280R001", "1280R002", "1280R003", "1280R004"] and said == []


def test_a_rule_says_whose_parts_they_are():
    for wrong in ({"children": r"\d+"}, {"children": r"(\d{4})R", "parent": "1280"}, {"children": r"(\d)(\d)"}):
        with pytest.raises(ValueError, match="either parent is given"):
            Sum.model_validate(wrong)


# ---- real figures ---------------------------------------------------------------------------------------


def test_the_real_ages_of_malmo_add_up_in_a_whole_run(embedded, tmp_path, client):  # noqa: F811
    with Local(PxWeb(ages())) as server:
        outcome = run(tmp_path / "paket", client, server)
    assert outcome.new and not [remark for remark in outcome.remarks if "umma" in remark]


def test_a_column_that_has_been_shifted_is_told_in_a_whole_run(embedded, tmp_path, client):  # noqa: F811
    table = ages()
    at = [n for n, code in enumerate(table.dimensions["Region"]) if code.startswith("1280R") and code.endswith("_RegSO2025")]
    table.cells[at, 1, :, :, 1] = np.roll(table.cells[at, 2, :, :, 1], 1, axis=0)  # 5–9 years in the place of 0–4
    with Local(PxWeb(table)) as server, pytest.raises(CollectError, match=r"TAB6574 .*0.4,? 2024: hittade .* de 91 delarna av 1280"):
        run(tmp_path / "paket", client, server)


def test_the_packs_own_transcriptions_add_up_to_the_city():
    """The 91 areas of each year that has a city figure in the pack, by the rule that SCB's plan has."""
    frame = pd.concat(pd.read_csv(p, dtype=str, keep_default_na=False) for p in sorted((ROOT / "data/observations").glob("*.csv")))
    rows = frame[(frame["indicator"] == "folkmangd") & (frame["group"] == "") & (frame["value"] != "") & frame["area"].str.fullmatch(r"1280(R\d{3})?")]
    found = counts(*((r.area, r.period, float(r.value)) for r in rows.itertuples()))
    assert len(found.periods) > 5 and sums.check(found, SCB, SUMMED, entry(noise=True)) == []
    wrong = counts(*((r.area, r.period, float(r.value)) for r in rows.itertuples() if (r.area, r.period) != ("1280R017", "2024")))
    (remark,) = sums.check(wrong, SCB, SUMMED, entry(noise=True))
    assert "de 90 delarna av 1280" in remark and "365644, som 1280 självt har" in remark and "1280R017" in remark
