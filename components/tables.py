"""Tables as HTML: real cells with headings, that a screen reader walks and a spreadsheet takes in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from string import punctuation

import streamlit as st

from components.state import lang
from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.publish import document
from omradesbild.publish.document import Table

UNSURE = ("uncertain", "small")  # reliability.CODES that are set apart
TALL = 80  # a table with more rows scrolls inside its own frame
MOST_ROWS = 300  # of a table with more than these the first are shown, and it says so: a country's would be a megabyte


class Html(str):
    """Text that already is markup, made here and nowhere else; all other text is escaped."""


#: What can mean something in Markdown: any punctuation but a comma, and a colon before a space.
_MARKDOWN = re.compile(rf"[{re.escape(punctuation.replace(',', '').replace(':', ''))}]|:(?! )")


class Section(str):
    """A heading between rows of a table."""


def markup(value: object) -> str:
    """Return a value as markup: `Html` as it is, anything else escaped."""
    return value if isinstance(value, Html) else escape(str(value))


def plain(text: str) -> str:
    """Keep a text that comes from outside from being taken for Markdown: no emphasis, links or pictures.

    Examples
    --------
    >>> plain("www.x.se *")
    'www\\\\.x\\\\.se \\\\*'
    >>> plain("Möllan: i arbete, 16 år")  # what means nothing stays: a field's label is read out with its backslashes
    'Möllan: i arbete, 16 år'
    """
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.splitlines()))


def html_table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object] | Section],
    *,
    numeric: Sequence[int] = (),
    emphasised: int = 0,
    caption_hidden: bool = False,
    of: int = 0,
) -> str:
    """Build a table.

    Parameters
    ----------
    columns
        Headings; the first column holds the row headings.
    rows
        Cells from left to right, or a `Section`.
    numeric
        Positions of the columns that are set to the right.
    emphasised
        How many of the first rows stand out (the city).
    of
        How many rows there are in all, where `rows` are only the first of them.
    """
    side = ["ob-num" if i in numeric else "" for i in range(len(columns))]
    head = "".join(
        f'<th scope="col" class="{c}">{markup(name)}</th>' for c, name in zip(side, columns, strict=True)
    )
    body, number, rows = [], -1, list(rows)
    for row in first(rows):
        number += not isinstance(row, Section)
        if isinstance(row, Section):
            body.append(f'<tr class="ob-section"><th scope="rowgroup" colspan="{len(columns)}">{escape(row)}</th></tr>')
            continue
        cells = [f'<th scope="row">{markup(row[0])}</th>'] + [
            f'<td class="{c}">{markup(value)}</td>' for c, value in zip(side[1:], row[1:], strict=True)
        ]
        mark = ' class="ob-city"' if number < emphasised else ""
        body.append(f"<tr{mark}>{''.join(cells)}</tr>")
    hidden = ' class="ob-hidden"' if caption_hidden else ""
    tall = " ob-tall" if len(body) > TALL else ""
    return (
        f'<div class="ob-scroll{tall}" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
        f'<table class="ob-table"><caption{hidden}>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>" + _left_out(of or sum(not isinstance(row, Section) for row in rows))
    )


def first(rows: Iterable) -> Iterator:
    """Give as many rows as a table shows, with the headings between them."""
    number = 0
    for row in rows:
        if number == MOST_ROWS:
            return
        number += not isinstance(row, Section)
        yield row


def _left_out(rows: int) -> str:
    """Say that a table has more rows than are shown; nothing where all are."""
    if rows <= MOST_ROWS:
        return ""
    shown, whole = (words.number(n, 0, lang()) for n in (MOST_ROWS, rows))
    return f'<p class="ob-note">{escape(words.t("table.first_rows", lang(), shown=shown, all=whole))}</p>'


def figure(s: Statement) -> Html:
    """Write a figure as a table's cell; one that chance can move a lot is set apart."""
    text = escape(words.figure(s, lang()))
    return Html(f'<span class="ob-unsure">{text}</span>' if s.reliability in UNSURE else text)


def show(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    flags: Iterable[str] = (),
    figures: Iterable[Statement] = (),
    **options: object,
) -> None:
    """Show a table with the flags, and how uncertain `figures` are written, explained underneath."""
    figures = list(figures)
    key = flag_key([*flags, *(s.flag for s in figures)])
    if any(s.reliability in UNSURE for s in figures):
        key += f'<p class="ob-note">{escape(words.t("reliability.key", lang()))}</p>'
    st.html(html_table(caption, columns, rows, **options) + key)


def block(found: Table) -> None:
    """Show a table that documents and the public edition show too, under the page's own heading, its notes beneath."""
    st.html(block_html(found))


def block_html(found: Table) -> str:
    """Build a table that documents and the public edition show too, with its notes beneath."""
    rows = [Section(r.text) if isinstance(r, document.Section) else [_cell(text) for text in r] for r in found.rows]
    table = html_table(
        found.caption, found.columns, rows, numeric=found.numeric, emphasised=found.emphasised, caption_hidden=True
    )
    return table + "".join(f'<p class="ob-note">{markup(note)}</p>' for note in found.notes)


def _cell(text: str) -> str:
    """Write a block's cell: what stands on its second line says something about the first, more quietly."""
    figure_, *said = text.split("\n")
    if isinstance(text, document.Link):
        return Html(f'<a href="{markup(text.address)}" rel="noreferrer">{markup(str(text))}</a>')
    return Html(markup(figure_) + "".join(f'<br><span class="ob-compared">{markup(line)}</span>' for line in said))


def flag_key(flags: Iterable[str]) -> str:
    """Explain the flags that occur, each once, as a paragraph; nothing when there are none."""
    codes = sorted({code for flag in flags for code in flag.split()})
    if not codes:
        return ""
    explained = [f"<b>{escape(code)}</b> {escape(words.flag_words(code, lang())[0])}" for code in codes]
    return f'<p class="ob-note">{"; ".join(explained)}.</p>'
