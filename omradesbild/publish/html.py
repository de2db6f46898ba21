"""Blocks as HTML: what a report's web copy and the public edition are written with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from omradesbild.publish.document import (
    Beside,
    Block,
    Comment,
    Facts,
    Field,
    Figure,
    Heading,
    Items,
    Link,
    PageBreak,
    Paragraph,
    Section,
    Swedish,
    Table,
)
from omradesbild.words import t


def to_html(blocks: Iterable[Block], lang: str = "sv", *, top: int = 2) -> str:
    """Write blocks as HTML.

    Parameters
    ----------
    blocks
    lang
        Of the few words that a block needs around it.
    top
        The level of a heading of level 1: 2 below a page's own h1.
    """
    written, heading = [], ""
    for block in blocks:
        repeats = isinstance(block, Field) and block.label == heading
        written.append(_block(replace(block, label="") if repeats else block, lang, top))
        heading = block.text if isinstance(block, Heading) else ""
    return "\n".join(written)


def unrepeated(body: str) -> str:
    """Let a table's caption that repeats a heading of a page be heard and not seen."""
    headings = set(re.findall(r"<h[1-4]>(.*?)</h[1-4]>", body))
    hidden = "<caption class=heard>"
    return re.sub(r"<caption>(.*?)</caption>", lambda m: m[0].replace("<caption>", hidden) if m[1] in headings else m[0], body)


def _block(block: Block, lang: str, top: int) -> str:
    match block:
        case Heading():
            level = min(6, block.level - 1 + top)
            return f"<h{level}>{escape(block.text)}</h{level}>"
        case Paragraph():
            return f'<p{" class=note" if block.note else ""}>{escape(block.text)}</p>'
        case Items():
            return f"<ul>{''.join(f'<li>{inline(text)}</li>' for text in block.texts)}</ul>"
        case Facts():
            return facts(block.rows)
        case Table():
            return table(block)
        case Figure():
            return figure(block)
        case Beside():
            return f"<div class=beside>{''.join(figure(each) for each in block.figures)}</div>"
        case Comment():
            said = "<br>".join(escape(line) for line in block.text.splitlines())
            spoken = " lang=sv" if isinstance(block.text, Swedish) else ""
            return f"<aside class=comment><p><b>{t('report.comment', lang)}</b></p><p{spoken}>{said}</p></aside>"
        case Field():
            hint = f"{t('report.fill_in', lang)} {block.hint}"
            label = f"<p><b>{escape(block.label)}</b></p>" if block.label else ""
            return f"<div class=field>{label}<p class=note>{escape(hint)}</p></div>"
        case PageBreak():
            return "<div class=page></div>"
    raise TypeError(f"found a {type(block).__name__}; expected a block of a document")


def inline(text: str) -> str:
    """Write a text of a block: a link, Swedish among other words, or a figure with what is said about it on lines of their own."""
    if isinstance(text, Link):
        about = f"<span class=heard>: {escape(text.about)}</span>" if text.about else ""
        return f'<a href="{escape(text.address)}">{inline(text.text)}{about}</a>'
    if isinstance(text, Swedish) and text:
        return f"<span lang=sv>{escape(text)}</span>"
    figure_, *said = text.split("\n")
    return escape(figure_) + "".join(f"<br><small>{escape(line)}</small>" for line in said)


def facts(rows: Sequence[tuple[str, str]]) -> str:
    """Write labels and values as a description list."""
    return f"<dl>{''.join(f'<dt>{escape(k)}</dt><dd>{inline(v)}</dd>' for k, v in rows)}</dl>"


def table(block: Table) -> str:
    """Write a table in a frame that scrolls by itself on a narrow screen."""
    side = ["class=n " if i in block.numeric else "" for i in range(len(block.columns))]
    wide = ["class=w " if i in block.wide else own for i, own in enumerate(side)]
    head = "".join(f"<th {s}scope=col>{escape(c)}</th>" for s, c in zip(side, block.columns, strict=True))
    body, at = [], 0
    for row in block.rows:
        if isinstance(row, Section):
            body.append(f"<tr><th class=section colspan={len(block.columns)} scope=rowgroup><span>{escape(row.text)}</span></th></tr>")
            continue
        cells = "".join(f"<td {s.rstrip()}>{inline(v)}</td>".replace(" >", ">") for s, v in zip(wide[1:], row[1:], strict=True))
        mark = " class=city" if at < block.emphasised else ""
        body.append(f"<tr{mark}><th scope=row>{inline(row[0])}</th>{cells}</tr>")
        at += 1
    label, caption = escape(block.caption, quote=True), inline(block.caption)
    notes = "".join(f"<p class=note>{escape(note)}</p>" for note in block.notes)
    return (
        f'<div class=scroll tabindex=0 role=region aria-label="{label}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>{notes}"
    )


def figure(block: Figure, below: str = "") -> str:
    """Write a picture with its title above, its source below and then the markup `below`."""
    unit = f"<p class=unit>{escape(block.unit)}</p>" if block.unit else ""
    said = f"<p>{escape(block.said)}</p>" if block.said else ""
    source = f"<p class=source>{escape(block.source)}</p>" if block.source else ""
    return f"<figure><figcaption><b>{escape(block.title)}</b>{unit}</figcaption>{block.svg}{said}{source}{below}</figure>"
