"""What the gate took away is in no file that leaves the house: not in the edition, not in any document, whatever the format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import small_pack
from lxml import html
from publish.test_same_figure import bare, rows_in, rows_of

from omradesbild import words
from omradesbild.analyse import statements as analyse
from omradesbild.analyse.compose import compose
from omradesbild.analyse.statements import Statement, Statements, described
from omradesbild.pack import Pack, load, resolve
from omradesbild.publish import report
from omradesbild.publish.report.formats import FORMATS
from omradesbild.publish.report.order import Order
from omradesbild.publish.shapes import shapes
from omradesbild.publish.site import makers
from omradesbild.publish.site.build import build
from omradesbild.publish.site.data import geo
from omradesbild.publish.site.settings import Settings

DATE = "2026-11-28"
#: What the attack below and the documents are made for; each area has a hidden figure where the pack has one.
MOST_AREAS = 8


def orders(pack: Pack, *areas: str) -> Iterator[Order]:
    """An order of each template."""
    yield Order(template="omradesunderlag", areas=areas[:2], date=DATE)
    yield Order(template="jamforelse", areas=areas, date=DATE)
    yield Order(template="prioriteringar", areas=areas, date=DATE)
    yield Order(template="yttrande", areas=areas[:1], date=DATE)
    yield Order(template="insats", initiative=pack.initiatives[0].id, date=DATE)


def documents(said: Statements, *areas: str) -> dict[tuple[str, str], bytes]:
    made = {order.template: report.make(said, order) for order in orders(said.pack, *areas)}
    return {(template, name): write(document) for template, document in made.items() for name, write in FORMATS.items()}


# -- the same bytes, whatever was hidden -----------------------------------------------------------

#: Of 400 in A4 as many are employed as A1 leaves of 283: the two together are shown, and say nothing about each.
SECRETS = (3, 1)


def small(folder: Path, employed: int) -> Pack:
    """The small pack with so few employed in A1 that they are hidden; everything that is shown is the same."""
    root = small_pack.write(folder)
    rows = [r for r in small_pack.employment() if not r.startswith(("A1,", "A4,"))]
    for area, has, of in (("A1", employed, 100), ("A4", 283 - employed, 400)):
        rows += [f"{area},sysselsatta,{p},,{100 * has / of},{has},{of},,scb" for p in small_pack.PERIODS]
    small_pack.lines(root / "observations/arbete.csv", [*small_pack.incomes(), *sorted(rows)])
    indicator = next(i for i in small_pack.INDICATORS if i["id"] == "sysselsatta") | {"disclosure": {}}
    small_pack.dump(root / "catalog/indicators/sysselsatta.yaml", indicator)
    return replace(load(root), fingerprint="samma")


def everything(pack: Pack, out: Path) -> dict[object, bytes]:
    """All files of an edition and all documents."""
    build(pack, out, processes=1)
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    return files | documents(analyse.build(pack), "A1", "A4", "vastra")


def test_other_secrets_give_the_same_bytes(tmp_path) -> None:
    first, other = (everything(small(tmp_path / f"pack{n}", n), tmp_path / f"x{n}") for n in SECRETS)
    assert analyse.build(load(tmp_path / "pack3")).get("A1", "sysselsatta", "2024").flag.startswith("..")
    assert len(first) > 200 and set(first) == set(other)
    assert [name for name in first if first[name] != other[name]] == []


def test_without_the_gate_the_bytes_differ(tmp_path, monkeypatch) -> None:
    """The test above can fail: nothing but the gate keeps the figures out."""
    monkeypatch.setattr(analyse, "gate", lambda frame, pack: frame)
    first, other = (everything(small(tmp_path / f"pack{n}", n), tmp_path / f"x{n}") for n in SECRETS)
    different = {name for name in first if first[name] != other[name]}
    assert {"data/omrade/A1.csv", "omrade/A1/index.html", "omrade/A1/siffror.js", "data/omraden.geojson"} <= different
    assert {("omradesunderlag", name) for name in FORMATS} <= different


class Closed:
    """Figures that may not be read any more."""

    def __getattr__(self, name: str) -> None:
        raise AssertionError(f"read {name} of the observations after the gate")

    def __getitem__(self, name: object) -> None:
        raise AssertionError(f"read {name} of the observations after the gate")


@pytest.fixture(scope="module", params=["data", "demo"])
def said(request: pytest.FixtureRequest) -> Statements:
    """The statements of a pack whose observations are gone once they have passed the gate."""
    pack = load(resolve("demo" if request.param == "demo" else None))
    passed = analyse.build(pack)
    return Statements(replace(pack, observations=Closed()), passed.frame)


@pytest.fixture(scope="module")
def secrets(said: Statements, request: pytest.FixtureRequest) -> list[tuple[Statement, Statement]]:
    """Hidden figures whose numbers the pack holds: as they are said, and as they would be without the gate."""
    pack = load(said.pack.root)
    opened = Statements(pack, described(compose(pack), pack))
    hidden = (s for i in pack.indicators for s in said.of(i) if s.flag.startswith(".."))
    pairs = [(s, opened.get(s.area.id, s.indicator.id, s.period, s.group)) for s in hidden]
    known = [(s, o) for s, o in pairs if o.value is not None]
    assert known, "nothing lies behind the hidden figures: these tests would pass whatever the files hold"
    return known


def numbers(opened: Statement) -> set[str]:
    """Write a figure's number, counts and interval as they would be written, in both languages, and in data."""
    places = opened.decimals
    found = {f"{n:.0f}" for n in (opened.numerator, opened.denominator) if n is not None}
    for value in (opened.value, opened.low, opened.high, opened.difference):
        if value is not None:
            found |= {f"{value:.{p}f}".replace("-", "−") for p in (places, places + 1)} | {f"{value:.6f}".rstrip("0").rstrip(".")}
    found = {text for text in found if len(re.sub(r"\D", "", text)) > 1}  # one digit stands anywhere
    return found | {text.replace(".", ",") for text in found}


def tells(text: str, opened: Statement) -> list[str]:
    """Return the numbers of a hidden figure that a text holds."""
    return [n for n in numbers(opened) if re.search(rf"(?<![\d.,−-]){re.escape(n)}(?![\d.,]?\d)", text)]


def chosen(secrets: list[tuple[Statement, Statement]]) -> list[str]:
    basic = dict.fromkeys(s.area.id for s, _ in secrets)
    return list(basic)[:MOST_AREAS]


def test_pages_and_maps_do_not_tell(said: Statements, secrets) -> None:
    """Where a hidden figure would stand, the mark stands, and none of its numbers."""
    areas = chosen(secrets)
    checked = 0
    for lang in words.LANGUAGES:
        folder = "" if lang == "sv" else "en/"
        files = {f.path: f.content for a in areas for f in makers.area_files(said, Settings(), said.pack.areas[a])}
        for s, opened in (pair for pair in secrets if pair[0].area.id in areas):
            rows = rows_of(files[f"{folder}omrade/{s.area.id}/index.html"])
            title = words.title(s.indicator, s.group, lang)
            for row in (r for r in rows if r[0] == title and words.period(s.period, lang) in r):
                assert row[1].strip().startswith(".."), row
                assert tells(bare(" ".join(row[1:2])), opened) == []
                checked += 1
            script = files[f"{folder}omrade/{s.area.id}/siffror.js"].decode()
            told = json.loads(script[script.index("(") + 1 : script.rindex(")")])["figures"].get(s.indicator.id, [])
            for row in told:
                if row[1] == words.period(s.period, lang) and s.group == s.indicator.default_group:
                    assert row[0].strip().startswith(".."), row
                    assert tells(" ".join(map(str, row)), opened) == [], row
                    checked += 1
    drawn = shapes(said.pack)
    for indicator in {s.indicator.id: s.indicator for s, _ in secrets}.values():
        for file in makers.indicator_files(said, drawn, Settings(), indicator):
            if file.path.endswith("index.html"):
                _no_row_tells(html.fromstring(file.content.decode()), indicator.id, secrets, said)
    features = {f["id"]: f["properties"] for f in json.loads(next(geo.files(said)).content)["features"]}
    for s, _ in secrets:
        row = features.get(s.area.id, {})
        if row.get(f"{s.indicator.id}_ar") == s.period and s.group == s.indicator.default_group:
            assert row[s.indicator.id] is None
            checked += 1
    assert checked > 0


def _no_row_tells(root: html.HtmlElement, indicator: str, secrets, said: Statements) -> None:
    for s, opened in secrets:
        if s.indicator.id == indicator and s.period == said.latest(indicator, s.area.level):
            for row in (r for r in rows_of(root) if r[0] == s.area.name and len(r) > 1):
                assert tells(bare(row[1]), opened) == [], row


@pytest.mark.parametrize("format_", FORMATS)
def test_comparisons_do_not_tell(said: Statements, secrets, format_: str) -> None:
    """In documents that compare an area by the measure that is hidden there, the mark stands where the figure would."""
    newest = [(s, o) for s, o in secrets if s.period == said.latest(s.indicator.id, s.area.level)][:4]
    told = 0
    for s, opened in newest:
        beside = next(a.id for a in said.pack.areas.values() if a.level == s.area.level and a.id != s.area.id)
        order = Order(template="jamforelse", areas=(s.area.id, beside), indicators=(s.indicator.id,), date=DATE)
        title = words.title(s.indicator, s.group)
        rows = rows_in(format_, FORMATS[format_](report.make(said, order)))
        if format_ == "pdf":
            own = [["", "", "", text] for text in re.findall(rf"{re.escape(bare(title) + s.period)}\d+,\d%(.{{9}})", rows[0][0])]
        else:
            own = [r for r in rows if r[0].split("\n")[0] == title and s.period in map(str.strip, r)]
        assert [r for r in own if not r[3].startswith("..") or tells(r[3], opened)] == []
        told += len(own)
    assert told or said.pack.info.demonstration, "where a newest figure is hidden, the invented city is shown a year earlier"


def test_the_scan_finds_what_is_there(said: Statements, secrets) -> None:
    for s, opened in secrets[:50]:
        assert tells(f"värdet {max(numbers(opened), key=len)} %", opened) or not numbers(opened)
        assert tells(words.figure(s), opened) == []
