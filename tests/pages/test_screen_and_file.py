"""The screen and the file of the command line say the same about a figure, word for word."""

from __future__ import annotations

import csv
import io
import re
from contextlib import redirect_stdout
from html import unescape

import pytest
from launch import html, launch, tables

from omradesbild import cli

AREAS = {"1280R037": "Jägersro-Almgården-Höja väst", "1280R006": "Bellevuegården väst", "mollan": "Möllan"}
INDICATORS = ("utlandsk_bakgrund", "aganderatt", "arbetslosa_16_64", "folkmangd", "valdeltagande")


@pytest.fixture(scope="module")
def file() -> list[dict[str, str]]:
    """What ``python -m omradesbild statements`` prints, as a spreadsheet reads it."""
    printed = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(printed, encoding="utf-8")) as out:
        assert cli.main(["statements", "--areas", ",".join(AREAS), "--indicators", ",".join(INDICATORS)]) == 0
        out.detach()
    return list(csv.DictReader(io.StringIO(printed.getvalue().decode("utf-8-sig")), delimiter=";"))


def shown(value: str, decimals: int) -> str:
    """Write a figure of the file as the screen does, by hand."""
    text = f"{float(value.replace(',', '.')):,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",")


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_table_of_a_card_says_what_the_file_says(file, area: str, indicator: str) -> None:
    rows = [r for r in file if (r["Områdeskod"], r["Måttets kod"]) == (area, indicator)]
    at = launch("trender", omr=area, ind=indicator)
    group = at.session_state["_view"].group
    rows = [r for r in rows if not group or r["Uppdelning"]]
    face = next(c for c in at.segmented_control if c.key.endswith("_face"))
    face.set_value("tabell").run()
    table = next(iter(tables(at).values()))
    seen = {row[1]: dict(zip(table.columns, row, strict=True)) for row in table.rows if row[0] == AREAS[area]}
    checked = 0
    for row in rows:
        there = seen.get(row["År"])
        if there is None or (group and there["Värde"].split("\u00a0")[0] != shown(row["Värde"], 1)):
            continue
        assert there["Jämfört med staden"] == row["Jämfört med staden"]
        assert there["Märkning"] == row["Märkning"]
        if row["Slumpintervall, från"]:
            low, high = (shown(row[f"Slumpintervall, {end}"], 1) for end in ("från", "till"))
            assert there["Slumpintervall"] == f"{low}–{high}"
        checked += 1
    assert checked


def text_of(body: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", body))


@pytest.mark.parametrize("area", AREAS)
def test_what_is_said_of_the_movement_is_what_the_file_says(file, area: str) -> None:
    rows = [r for r in file if (r["Områdeskod"], r["Måttets kod"]) == (area, "folkmangd") and r["Utveckling"]]
    assert len(rows) == 1, "it stands on the row of its newest year"
    at = launch("trender", omr=area, ind="folkmangd")
    (said,) = [body for body in html(at) if 'class="ob-said"' in body]
    sentences = [text_of(p) for p in re.findall(r"<p>(.*?)</p>", said.split("<details>")[0])]
    assert " ".join(sentences) == rows[0]["Utveckling"]


def test_what_the_screen_sets_apart_the_file_calls_uncertain(file) -> None:
    (row,) = [r for r in file if (r["Områdeskod"], r["Måttets kod"], r["År"]) == ("1280R006", "aganderatt", "2023")]
    assert row["Säkerhet"] == "osäker"
    sure = next(r for r in file if (r["Områdeskod"], r["Måttets kod"]) == ("1280R037", "arbetslosa_16_64"))
    assert sure["Säkerhet"] == "säker"
    (count,) = [r for r in file if (r["Områdeskod"], r["Måttets kod"], r["År"]) == ("1280R037", "folkmangd", "2025")]
    assert (count["Säkerhet"], count["Slumpintervall, från"]) == ("inte bedömd", "")
    assert "slumpmässigt ändrade" in count["Att tänka på"]


def test_the_noise_is_told_where_the_source_adds_it() -> None:
    def about(indicator: str) -> str:
        at = launch("trender", omr="1280R037", ind=indicator)
        next(c for c in at.segmented_control if c.key.endswith("_face")).set_value("om").run()
        return " ".join(m.value for m in at.markdown)

    assert "litet slumptal till varje antal" in about("utlandsk_bakgrund")
    assert "slumptal" not in about("arbetslosa_16_64")
