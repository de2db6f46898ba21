"""The promises of docs/validation.md, asserted with fewer runs, and the report itself."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from validate import golden
from validate.__main__ import PARTS
from validate.report import Claim, Part, Table, at_most, within, write

ROOT = Path(__file__).parent.parent
#: What is known to be missed, and why it stays: see the remarks of the report.
MISSED = {"exact"}


@pytest.fixture(scope="module", params=PARTS)
def part(request) -> Part:
    return import_module(f"validate.{request.param}").run(quick=True)


def test_every_promise_is_kept_but_those_that_are_told(part):
    missed = {claim.key for claim in part.claims if not claim.holds}
    assert missed == MISSED & {claim.key for claim in part.claims}, [c for c in part.claims if not c.holds]


def test_every_plot_says_what_it_shows(part):
    assert all(len(plot.alt) > 60 and plot.name.endswith(".svg") for plot in part.plots)


def test_the_report_is_that_of_these_parts():
    """Every promise and plot stands in the page, with its verdict; plots are there and text in them is text."""
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    parts = [import_module(f"validate.{name}") for name in PARTS]
    assert page.count("\n## ") == len(parts) + 1
    assert len(re.findall(r"\*\*missed\*\* \|$", page, flags=re.M)) == len(MISSED)
    for name in re.findall(r"\]\((images/[^)]+)\)", page):
        plot = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert "<text" in plot and len(plot) < 60_000
    assert golden.tally().markdown() in page


def test_the_page_is_written_the_same_each_time(tmp_path):
    module = import_module("validate.intervals")
    for folder in ("one", "other"):
        write([module.run(quick=True)], golden.tally(), tmp_path / folder)
    names = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert [str(name) for name in names] == ["images/validation-intervals.svg", "validation.md"]
    assert all((tmp_path / "one" / n).read_bytes() == (tmp_path / "other" / n).read_bytes() for n in names)


def test_a_missed_promise_is_said_first(tmp_path):
    part = Part(
        "Title", "How.", (Claim("a", "kept one", "1 %", True), Claim("b", "missed one", "9 %", False))
    )
    write([part], Table(("x",), (("1",),)), tmp_path)
    page = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert page.index("Missed:\n\n- missed one: 9 %") < page.index("## Title")
    assert "1 of 2 promises are kept" in page and "| missed one | 9 % | **missed** |" in page


@pytest.mark.parametrize(
    ("share", "runs", "holds"), [(0.05, 100, True), (0.09, 100, True), (0.1, 100, False), (0.06, 4000, False)]
)
def test_a_share_may_miss_its_target_by_the_chance_of_the_simulation(share, runs, holds):
    assert at_most("a", "a", share, runs).holds is holds


def test_what_is_computed_has_no_slack():
    assert within("a", "a", 0.94, 0.94, 0.96).holds and not within("a", "a", 0.9399, 0.94, 0.96).holds
    assert within("a", "a", 0.93, 0.94, 0.96, runs=1000).holds
