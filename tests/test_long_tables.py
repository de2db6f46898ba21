"""Tables on a page: a country's is cut and says so."""

from __future__ import annotations

import re

from components import tables


def test_a_table_with_more_rows_than_a_page_can_hold_shows_the_first_and_says_how_many_there_are() -> None:
    def shown(rows: int) -> tuple[list[str], str]:
        html = tables.html_table("x", ["namn", "tal"], ([f"o{n}", n] for n in range(rows)))
        return re.findall(r'scope="row">(o\d+)<', html), html

    names, html = shown(tables.MOST_ROWS + 63)
    assert names == [f"o{n}" for n in range(tables.MOST_ROWS)] and "första av 363 rader" in html
    sections = [row for n in range(tables.MOST_ROWS) for row in (tables.Section("s"), [f"o{n}", n])]
    assert "första av" not in tables.html_table("x", ["namn", "tal"], sections), "headings are no rows"
    cut = [*([f"o{n}", n] for n in range(tables.MOST_ROWS)), tables.Section("s"), ["one more", 0]]
    assert "ob-section" not in tables.html_table("x", ["namn", "tal"], cut), "nor does one stand without any"
    names, html = shown(tables.MOST_ROWS)
    assert len(names) == tables.MOST_ROWS and "första av" not in html
