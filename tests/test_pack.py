"""Reading a valid pack: order, types, fingerprint, which pack is meant, and the command line."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import small_pack

import omradesbild
from omradesbild import pack
from omradesbild.checks import limits
from omradesbild.cli import main
from omradesbild.findings import printable
from omradesbild.model import Indicator

ROOT = Path(omradesbild.__file__).resolve().parent.parent
#: What argparse says in English.
ENGLISH = re.compile(r"\b(usage|error|arguments?|required|expected|invalid|options|show|exit)\b")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_pack.write(tmp_path / "small")


def test_small_pack_is_clean_and_counted(small: Path) -> None:
    report = pack.check(small)
    assert report.findings == []
    assert report.counts == {"Områden": 9, "Indikatorer": 3, "Siffror": 93}
    assert report.text().endswith("0 fel, 0 varningar.")


def test_areas_come_city_first_and_in_swedish_order(small: Path) -> None:
    areas = pack.load(small).areas
    assert list(areas) == ["9999", "vastra", "ostra", "A2", "A1", "A6", "A4", "A5", "A3"]
    assert areas["A1"].aliases == ("Berget",)
    assert areas["A1"].level == "regso"
    assert areas["vastra"].aliases == ("Väst",)


def test_indicators_come_by_theme(small: Path) -> None:
    assert list(pack.load(small).indicators) == ["folkmangd", "sysselsatta", "inkomst"]


def test_observations_are_text_and_numbers_and_missing_is_not_zero(small: Path) -> None:
    frame = pack.load(small).observations
    assert list(frame.columns) == small_pack.HEADER.split(",")
    assert [frame[c].dtype for c in ("value", "numerator", "denominator")] == ["float64"] * 3
    suppressed = frame[frame["flag"] == ".."]
    assert suppressed[["area", "period"]].values.tolist() == [["A6", "2024"]]
    assert suppressed["value"].isna().all()
    city = frame[(frame["area"] == "9999") & (frame["period"] == "2024")]
    assert city["value"].tolist() == [2220.0]
    assert city["group"].tolist() == [""]
    assert pd.api.types.is_string_dtype(frame["group"])


def test_catalogue_is_typed(small: Path) -> None:
    whole = pack.load(small)
    assert whole.sources["scb"].retrieved == "2026-11-01"
    assert whole.breaks[0].period == "2024"
    assert whole.goals[0].indicators == ("sysselsatta",)
    assert whole.initiatives[0].start == "2023"
    assert whole.police[0].entries[0].overlap == {"A1": 0.9, "A2": 0.1}
    assert len(whole.boundaries["features"]) == 6
    assert whole.info.places[0].lat == 55.61


def test_dates_may_stand_without_quotes(small: Path) -> None:
    path = small / "catalog/sources.yaml"
    path.write_text(path.read_text().replace("'2026-11-01'", "2026-11-01"))
    assert pack.load(small).sources["scb"].retrieved == "2026-11-01"


def test_fingerprint_follows_every_byte_and_not_the_folder(small: Path, tmp_path: Path) -> None:
    first = pack.load(small).fingerprint
    assert len(first) == 12 and int(first, 16) >= 0
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    assert pack.load(copy).fingerprint == first
    (copy / "catalog/breaks.yaml").write_text((copy / "catalog/breaks.yaml").read_text() + "# not a word\n")
    assert pack.load(copy).fingerprint != first


def test_order_of_swedes() -> None:
    names = ["Örnen", "Ås", "Zenit", "Äng", "Östra Sorgenfri", "almgården", "Idé", "Idun", "Öster"]
    assert sorted(names, key=pack.swedish_order) == [
        "almgården", "Idé", "Idun", "Zenit", "Ås", "Äng", "Örnen", "Öster", "Östra Sorgenfri",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("share", (None, None), (0, 100)),
        ("count", (None, None), (0, math.inf)),
        ("change", (None, None), (-math.inf, math.inf)),
        ("class", (1, 5), (1, 5)),
    ],
)
def test_limits_of_values(kind: str, given: tuple, expected: tuple) -> None:
    words = {"sv": "x"}
    indicator = Indicator.model_validate(
        {**small_pack.INDICATORS[0], "kind": kind, "range": given, "numerator": words, "denominator": words}
    )
    assert limits(indicator) == expected


def test_missing_folder_is_one_finding(tmp_path: Path) -> None:
    with pytest.raises(pack.PackError, match="pack_missing") as caught:
        pack.load(tmp_path / "borta")
    assert [f.code for f in caught.value.report.findings] == ["pack_missing"]


def test_folder_in_place_of_a_file(small: Path) -> None:
    (small / "catalog/goals.yaml").unlink()
    (small / "catalog/goals.yaml").mkdir()
    assert [(f.code, f.found) for f in pack.check(small).findings] == [("file_unreadable", "en mapp står där filen ska vara")]


def test_restpost_is_a_warning_and_small_noise_is_nothing(small: Path) -> None:
    path = small / "observations/befolkning.csv"
    text = path.read_text()
    for city, codes in ((2104, []), (2096, []), (2106, ["total_differs"]), (2122, ["total_wrong"])):
        path.write_text(text.replace("9999,folkmangd,2022,,2100", f"9999,folkmangd,2022,,{city}"))
        assert [f.code for f in pack.check(small).findings] == codes, city


def test_a_difference_in_millions_is_told_to_the_last_digit(small: Path) -> None:
    path = small / "observations/befolkning.csv"
    text = re.sub(r"^([^,]+,folkmangd,2022,,)(\d+)", r"\g<1>\g<2>0001", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    own, parts = (sum(int(n) for n in re.findall(rf"^{of},folkmangd,2022,,(\d+)", text, re.MULTILINE)) for of in ("9999", "A[0-9]+"))
    path.write_text(text.replace(f"9999,folkmangd,2022,,{own}", f"9999,folkmangd,2022,,{parts + 99}"))
    (found,) = pack.check(small).findings
    assert found.code == "total_differs" and f"summan {parts} " in found.found and found.expected.endswith(f"{parts + 99}")


def test_sum_of_some_areas_may_be_smaller_but_not_larger(small: Path) -> None:
    path = small / "observations/befolkning.csv"
    text = path.read_text().replace("A1,folkmangd,2022,,100,,,,scb", "A1,folkmangd,2022,,,,,..,scb")
    path.write_text(text)
    assert pack.check(small).findings == []
    path.write_text(text.replace("9999,folkmangd,2022,,2100", "9999,folkmangd,2022,,1900"))
    assert [f.code for f in pack.check(small).findings] == ["total_wrong"]


def test_parts_of_shares_are_compared_with_the_city(small: Path) -> None:
    path = small / "observations/arbete.csv"
    path.write_text(path.read_text() + "9999,sysselsatta,2022,,54.63,1180,2160,,scb\n")
    found = {f.column: f for f in pack.check(small).findings if f.code == "total_differs"}
    assert set(found) == {"numerator", "denominator"}
    assert "summan 1080 " in found["numerator"].found
    assert "2160" in found["denominator"].expected


def test_text_of_a_finding_stays_one_line() -> None:
    assert printable("a\nb\ud800\x1b[31m") == "a b? [31m"
    assert len(printable("x" * 1000)) == 160


# ---- the shipped pack ---------------------------------------------------------------------------


def test_shipped_pack_has_no_errors() -> None:
    report = pack.check(pack.resolve())
    assert report.ok, report.text()
    assert report.counts["Områden"] >= 91 + 17 + 10 + 1
    assert report.counts["Indikatorer"] >= 20


def test_shipped_pack_sums_to_the_known_totals() -> None:
    frame = pack.load(pack.resolve()).observations
    people = frame[(frame["indicator"] == "folkmangd") & (frame["group"] == "")]
    areas = people[people["area"].str.match(r"1280R\d{3}$")]
    sums = areas.groupby("period")["value"].sum()
    assert sums[["2022", "2023", "2024"]].tolist() == [357_377, 362_133, 365_644]
    assert areas.groupby("period").size()["2024"] == 91


# ---- which pack ---------------------------------------------------------------------------------


def test_resolve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OMRADESBILD_PACK", raising=False)
    assert pack.resolve() == ROOT / "data"
    assert pack.resolve("any/where") == Path("any/where")
    monkeypatch.setenv("OMRADESBILD_PACK", str(tmp_path))
    assert pack.resolve() == tmp_path
    assert pack.resolve("any/where") == Path("any/where")


@pytest.fixture
def fake_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    built: list[Path] = []

    def build(out: Path, seed: int = 7) -> Path:
        small_pack.write(out)
        built.append(out)
        return out

    demo = SimpleNamespace(mark=lambda: "3-abc", build=build)
    monkeypatch.setattr(omradesbild, "demo", demo, raising=False)
    monkeypatch.setitem(sys.modules, "omradesbild.demo", demo)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return built


def test_demonstration_pack_is_built_once_and_whole(
    fake_demo: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OMRADESBILD_PACK", "demo")
    first = pack.resolve()
    assert first == tmp_path / "cache/omradesbild/demo-3-abc"
    assert pack.resolve("demo") == first
    assert len(fake_demo) == 1 and fake_demo[0] != first
    assert [p.name for p in first.parent.iterdir()] == ["demo-3-abc"]
    assert pack.check(first).findings == []


def test_demonstration_pack_survives_two_builders(
    fake_demo: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "cache/omradesbild/demo-3-abc"
    build = omradesbild.demo.build

    def slow(out: Path) -> None:
        build(out)
        small_pack.write(target)  # the other process is done first

    omradesbild.demo.build = slow
    assert pack.resolve("demo") == target
    assert pack.check(target).ok


# ---- the command line ---------------------------------------------------------------------------


def test_check_prints_a_report_and_tells_by_its_code(small: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["check", str(small)]) == 0
    assert "Siffror: 93" in capsys.readouterr().out
    (small / "catalog/goals.yaml").unlink()
    assert main(["check", str(small)]) == 1
    out = capsys.readouterr().out
    assert "catalog/goals.yaml\n  fel [file_missing]" in out
    assert "1 fel, 0 varningar." in out


def test_check_as_a_program(small: Path) -> None:
    command = [sys.executable, "-m", "omradesbild", "check", str(small)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=180)
    assert run.returncode == 0, run.stderr
    assert "0 fel" in run.stdout


def test_help_is_swedish(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert "granska ett datapaket" in said and not ENGLISH.search(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "kommando måste anges"),
        ("publicera", "kommando kan inte vara 'publicera'; välj bland 'check'"),
        ("publish", "--out måste anges"),
        ("publish --out", "--out ska följas av ett värde"),
        ("publish --out ute --sedan 2020", "--sedan 2020 är okänt"),
        ("publish -h=1", "-h/--help tar inget värde"),
        ("serve ute --port hamn", "--port ska vara ett heltal, inte 'hamn'"),
        ("statements --format xml", "--format kan inte vara 'xml'; välj bland 'csv', 'json'"),
        ("statements --areas ,", "--areas ska följas av minst ett id"),
        ("report --t x", "--t kan betyda --template, --title"),
    ],
)
def test_a_command_that_is_written_wrong_is_refused_in_swedish(arguments: str, said: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments.split())
    told = capsys.readouterr().err
    assert stop.value.code == 2 and f"Det gick inte: {said}" in told and not ENGLISH.search(told)


def test_collect_boundaries_passes_kommun_and_folder_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    from omradesbild.collect import boundaries

    calls = []

    def build(kommun: str, out: Path) -> Path:
        calls.append((kommun, out))
        return out / "x.geojson"

    monkeypatch.setattr(boundaries, "build_boundaries", build)
    assert main(["collect", "boundaries", "--kommun", "0180", "--out", str(tmp_path)]) == 0
    assert main(["collect", "boundaries"]) == 0
    assert calls == [("0180", tmp_path), ("1280", ROOT / "data/boundaries")]
    assert "x.geojson" in capsys.readouterr().out


def test_collect_boundaries_of_no_kommun_is_told(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    assert main(["collect", "boundaries", "--kommun", "Malmö", "--out", str(tmp_path)]) == 1
    assert "Det gick inte" in capsys.readouterr().err


def test_demo_never_writes_over_a_folder(
    fake_demo: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["demo", "--out", str(tmp_path / "ny"), "--seed", "3"]) == 0
    assert pack.check(tmp_path / "ny").ok
    assert main(["demo", "--out", str(tmp_path / "ny")]) == 1
    assert "finns redan" in capsys.readouterr().err
    assert len(fake_demo) == 1
