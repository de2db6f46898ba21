"""Readings to observations: golden bytes, laws of sums, and what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omradesbild.collect import folder, pipeline
from omradesbild.collect.fault import CollectError
from omradesbild.collect.normalise import observations
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.recipes import Recipes
from omradesbild.model import Break

DATA = Path(__file__).resolve().parents[2] / "data"
KEY = pd.DataFrame({"deso": ["D1", "D2", "D3"], "regso": ["R1", "R1", "R2"], "vintage": "2025"})
AREAS = ("R1", "R2", "city")


def recipes(*kinds: dict, products: tuple[dict, ...] = ()) -> Recipes:
    return Recipes.model_validate({
        "vintages": [{"id": "2018", "last": "2023"}, {"id": "2025", "first": "2024"}],
        "products": list(products), "observations": {"file": list(kinds)}, "processing": {"sv": "x"},
    })  # fmt: skip


SHARE = {"indicator": "andel", "numerators": ["n"], "denominators": ["alla"]}
COUNT = {"indicator": "antal", "sum": ["n"]}


def rows(*found: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=["area", "variable", "period", "value", "flag"])
    return frame.assign(value=frame["value"].astype("float64"), source="kalla")[COLUMNS]


def made(readings: pd.DataFrame, *kinds: dict, breaks=(), products=()) -> pd.DataFrame:
    found, _ = observations([readings], recipes(*kinds, products=products), KEY, AREAS, breaks)
    texts = ["area", "indicator", "period", "group", "flag", "source"]
    return pd.concat(found.values()).astype(dict.fromkeys(texts, "str")).set_index(["area", "indicator", "period"])


# ---- the embedded pack --------------------------------------------------------------------------


def test_the_embedded_figures_come_out_byte_for_byte(tmp_path):
    root = tmp_path / "pack"
    shutil.copytree(DATA, root)
    files = ["arbete", "befolkning", "boende", "ekonomi", "hushall", "utbildning"]
    for name in files:  # the pack must load, so each keeps its first figures
        lines = (DATA / "observations" / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
        (root / "observations" / f"{name}.csv").write_text("".join(lines), "utf-8")
    changed = (root / "observations" / "arbete.csv").read_bytes().replace(b",214,1654,", b",215,1654,").replace(b",12.938,", b",12.999,")
    (root / "observations" / "arbete.csv").write_bytes(changed)
    assert [path.name for path in pipeline.rebuild(root)] == ["arbete.csv"]
    for name in files:
        assert (root / "observations" / f"{name}.csv").read_bytes() == (DATA / "observations" / f"{name}.csv").read_bytes(), name
    assert pipeline.rebuild(root) == []


# ---- sums ---------------------------------------------------------------------------------------


def test_a_sum_with_a_missing_part_is_missing_and_says_why():
    found = made(rows(("D1", "n", "2025", 5, "e"), ("D2", "n", "2025", None, ".."), ("D3", "n", "2025", 4, "e")), COUNT)
    assert pd.isna(found.loc[("R1", "antal", "2025"), "value"]) and found.loc[("R1", "antal", "2025"), "flag"] == ".."
    assert found.loc[("R2", "antal", "2025"), ["value", "flag"]].tolist() == [4, "e"]


def test_a_sum_with_a_part_that_is_not_even_mentioned_is_missing():
    found = made(rows(("D1", "n", "2025", 5, ""), ("D3", "n", "2025", 4, "")), COUNT)
    assert pd.isna(found.loc[("R1", "antal", "2025"), "value"]) and found.loc[("R1", "antal", "2025"), "flag"] == "-"
    assert found.loc[("R2", "antal", "2025"), "value"] == 4


def test_a_figure_is_summed_with_the_key_of_its_own_division():
    with pytest.raises(CollectError, match="D9.*områden i paketet eller i nyckeln"):
        made(rows(("D9", "n", "2025", 5, "")), COUNT)
    early = KEY.assign(vintage="2018", regso=["R2", "R1", "R1"])
    both = pd.concat([KEY, early])
    readings = rows(*((d, "n", y, v, "") for y in ("2023", "2024") for d, v in (("D1", 1), ("D2", 2), ("D3", 4))))
    found, _ = observations([readings], recipes(COUNT), both, AREAS, ())
    values = found["file"].set_index(["area", "period"])["value"].to_dict()
    assert values == {("R1", "2023"): 6, ("R2", "2023"): 1, ("R1", "2024"): 3, ("R2", "2024"): 4}


def test_a_sum_of_two_sources_is_refused():
    readings = rows(("D1", "n", "2025", 5, ""), ("D2", "n", "2025", 5, "")).assign(source=["a", "b"])
    with pytest.raises(CollectError, match="ur två källor"):
        made(readings, COUNT)


def test_the_areas_own_figure_goes_before_the_sum_of_its_parts_which_must_be_near():
    parts = (("D1", "n", "2025", 5, ""), ("D2", "n", "2025", 5, ""))
    assert made(rows(*parts, ("R1", "n", "2025", 12, "")), COUNT).loc[("R1", "antal", "2025"), "value"] == 12
    with pytest.raises(CollectError, match="R1, n 2025: hittade 20, men 10 som summa"):
        made(rows(*parts, ("R1", "n", "2025", 20, "")), COUNT)


def test_the_same_figure_twice_is_refused_also_from_two_tables():
    one = rows(("R1", "n", "2025", 5, ""))
    with pytest.raises(CollectError, match="R1, n 2025: hittade siffran 2 gånger"):
        observations([one, one], recipes(COUNT), KEY, AREAS, ())


def test_a_median_of_parts_is_left_out_and_one_of_the_area_is_kept():
    median = {"indicator": "median", "value_of": "m"}
    readings = rows(("D1", "m", "2025", 5, ""), ("D2", "m", "2025", 7, ""), ("R2", "m", "2025", 9, ""))
    found = made(readings, median)
    assert list(found.index) == [("R2", "median", "2025")] and found["value"].tolist() == [9]


counts = st.lists(st.integers(0, 10**6), min_size=3, max_size=3)


@settings(deadline=None, max_examples=60)
@given(counts, counts)
def test_sums_of_parts_are_conserved_and_shares_are_ratios_of_sums(numbers, more):
    readings = rows(
        *((d, "n", "2025", n, "") for d, n in zip(("D1", "D2", "D3"), numbers, strict=True)),
        *((d, "alla", "2025", n + m, "") for d, n, m in zip(("D1", "D2", "D3"), numbers, more, strict=True)),
    )
    found = made(readings.sample(frac=1, random_state=sum(numbers) % 1000), COUNT, SHARE)
    assert found.xs("antal", level="indicator")["value"].sum() == sum(numbers)
    for area, parts in (("R1", (0, 1)), ("R2", (2,))):
        row = found.loc[(area, "andel", "2025")]
        top, bottom = sum(numbers[p] for p in parts), sum(numbers[p] + more[p] for p in parts)
        if bottom:
            assert (row["numerator"], row["denominator"]) == (top, bottom)
            assert row["value"] == pytest.approx(100 * top / bottom, abs=0.000501)
        else:
            assert np.isnan(row["value"]) and row["flag"] == "."


def test_a_share_of_nobody_is_not_zero():
    found = made(rows(("R1", "n", "2025", 0, ""), ("R1", "alla", "2025", 0, "")), SHARE)
    assert np.isnan(found.iloc[0]["value"]) and found.iloc[0]["flag"] == "."


# ---- products, alternatives, changes ------------------------------------------------------------

PRODUCT = {"count": "n", "variable": "procent", "by": "alla", "scale": 0.01, "whole": True}


def test_a_share_gives_its_count_back_in_each_part():
    parts = (("D1", 2056, 20.623), ("D2", 1000, 10.0))
    readings = rows(*((d, "alla", "2025", n, "") for d, n, _ in parts), *((d, "procent", "2025", p, "e") for d, _, p in parts))
    row = made(readings, SHARE, products=(PRODUCT,)).loc[("R1", "andel", "2025")]
    assert (row["numerator"], row["denominator"], row["flag"]) == (424 + 100, 3056, "e")


def test_a_share_that_gives_no_whole_number_is_refused():
    readings = rows(("D1", "alla", "2025", 2056, ""), ("D1", "procent", "2025", 20.64, ""))
    with pytest.raises(CollectError, match="D1, procent 2025: hittade 424.3584 personer"):
        made(readings, SHARE, products=(PRODUCT,))


def test_a_count_that_the_source_gives_itself_is_kept():
    readings = rows(("R1", "alla", "2025", 200, ""), ("R1", "procent", "2025", 10.0, ""), ("R1", "n", "2025", 21, ""))
    assert made(readings, SHARE, products=(PRODUCT,)).iloc[0]["numerator"] == 21


def test_a_change_stops_at_a_moved_border_and_is_marked_at_another_break():
    count = {"indicator": "antal", "sum": ["n"]}
    change = {"indicator": "forandring", "change_of": "antal"}
    readings = rows(*((a, "n", y, v, "") for a in ("R1", "R2") for y, v in (("2023", 100), ("2024", 110), ("2025", 99))))
    text = {"sv": "x"}
    moved = Break.model_validate({"id": "a", "period": "2024", "kind": "boundary", "areas": ["R1"], "text": text})
    counted = Break.model_validate({"id": "b", "period": "2025", "kind": "method", "text": text})
    found = made(readings, count, change, breaks=(moved, counted)).xs("forandring", level="indicator")
    assert found.loc[("R1", "2024"), "flag"] == "." and np.isnan(found.loc[("R1", "2024"), "value"])
    assert found.loc[("R2", "2024"), ["value", "numerator", "denominator", "flag"]].tolist() == [10, 10, 100, ""]
    assert found.loc[("R1", "2025"), ["value", "flag"]].tolist() == [-10, "b"]
    assert ("R1", "2023") not in found.index


def test_what_is_written_is_what_the_pack_reads():
    readings = rows(("R1", "n", "2025", 1234567, ""), ("R1", "alla", "2025", 2469134.5, "e"), ("R2", "n", "2025", None, ".."))
    found, _ = observations([readings], recipes(SHARE, COUNT), KEY, AREAS, ())
    assert folder.as_csv(found["file"]).decode().splitlines() == [
        "area,indicator,period,group,value,numerator,denominator,flag,source",
        "R1,andel,2025,,50,1234567,2469134.5,e,kalla",
        "R1,antal,2025,,1234567,,,,kalla",
        "R2,antal,2025,,,,,..,kalla",
    ]


def test_a_flag_that_is_none_is_refused():
    with pytest.raises(CollectError, match="»\\?«"):
        made(rows(("R1", "n", "2025", 1, "?")), COUNT)
