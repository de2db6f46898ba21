"""Opens the app's pages without a browser and reads what stands on them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("oversikt", *sorted(p.stem for p in (ROOT / "pages").glob("*.py") if p.stem != "oversikt"))


def launch(page: str = "oversikt", **params: str) -> AppTest:
    """Open a page with a link's parameters, as a new reader."""
    at = AppTest.from_file(str(ROOT / "components/shell.py"), default_timeout=120)
    if page != "oversikt":  # another page can be asked for only when the list of pages is known
        at.run().query_params.clear()
        at.switch_page(str(ROOT / f"pages/{page}.py"))
    at.query_params.update(params)
    return healthy(at.run())


def go(at: AppTest, page: str, **params: str) -> AppTest:
    """Go to another page in the same session: through the menu, which leaves the address empty, or by a link."""
    at.switch_page(str(ROOT / f"pages/{page}.py"))
    at.query_params.clear()
    at.query_params.update(params)
    return healthy(at.run())


def healthy(at: AppTest) -> AppTest:
    assert not at.exception, "the page stopped; its error stands in the captured log"
    return at


@dataclass(frozen=True)
class Table:
    caption: str
    columns: list[str]
    rows: list[list[str]]
    marked: int

    def row(self, heading: str) -> dict[str, str]:
        found = [row for row in self.rows if row[0] == heading]
        assert len(found) == 1, f"{len(found)} rows are called {heading!r} in {self.caption!r}"
        return dict(zip(self.columns, found[0], strict=True))


def html(at: AppTest) -> list[str]:
    return [element.proto.body for element in at.get("html")]


def tables(at: AppTest) -> dict[str, Table]:
    """Return the tables of a page by caption."""
    bodies = (body for body in html(at) if "<table" in body)
    return {table.caption: table for body in bodies for table in _tables(body)}


def _tables(body: str) -> Iterator[Table]:
    closed = re.sub(r"<(br|img)\b([^>]*)>", r"<\1\2/>", body)
    for table in ElementTree.fromstring(f"<x>{closed}</x>").iter("table"):
        yield Table(
            _text(table.find("caption")),
            [_text(cell) for cell in table.find("thead").iter("th")],
            [[_text(cell) for cell in row] for row in table.find("tbody")],
            sum(row.get("class") == "ob-city" for row in table.find("tbody")),
        )


def _text(cell: ElementTree.Element) -> str:
    for line in cell.iter("br"):
        line.text = "\n"
    return "".join(cell.itertext())


def maps(at: AppTest) -> list[dict]:
    """Return what was sent to the page's maps."""
    sent = [json.loads(element.proto.json) for element in at.get("bidi_component")]
    return [each for each in sent if "classes" in each]


def charts(at: AppTest) -> list[dict]:
    """Return the plotly figures of a page."""
    return [json.loads(element.proto.spec) for element in at.get("plotly_chart")]


@cache
def _read() -> dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]]:
    found: dict = {}
    for path in sorted((ROOT / "data/observations").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault((row["indicator"], row["group"]), {})[row["area"], row["period"]] = row
    return found


def observations(indicator: str, group: str = "") -> dict[tuple[str, str], dict[str, str]]:
    """Return an indicator's rows by area and period, read from the pack's files past all of the app's code."""
    return _read()[indicator, group]
