"""The pages beside the newest edition: the list of all editions, and ``senaste/``, which leads to the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omradesbild.pack import Pack
from omradesbild.publish import html
from omradesbild.publish.document import Link, Table
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, links, paragraphs, written
from omradesbild.words import LANGUAGES, t

#: Where all editions lie, and where the newest is found.
KEPT, NEWEST = "utgavor", "senaste"


def files(pack: Pack, settings: Settings, kept: Sequence[tuple[str, str]], newest: str) -> Iterator[File]:
    """Give the pages.

    Parameters
    ----------
    kept
        Name and version of the data of every edition.
    newest
        The name of the one that is shown.
    """
    for lang in LANGUAGES:
        place = Place(KEPT, lang)
        rows = tuple(
            (Link(name, place.file(f"{KEPT}/{name}/{'en/' if lang == 'en' else ''}index.html")), version,
             t("site.edition_newest", lang) if name == newest else "")
            for name, version in sorted(kept, reverse=True)
        )
        columns = (t("site.edition_name", lang), t("column.version", lang), t("column.note", lang))
        lead = t("site.editions_lead", lang)
        body = paragraphs([lead], "lead") + html.table(Table(t("site.editions", lang), columns, rows))
        body += links([(place.to("andringar"), t("site.changes", lang))])
        yield written(Page(place, t("site.editions", lang), lead, body), pack, settings)
    yield File(f"{NEWEST}/index.html", _forward("../index.html", "sv"))


def _forward(target: str, lang: str) -> bytes:
    """Write a page that leads on to another, also where nothing but links works."""
    text = t("site.edition_to_newest", lang)
    return (
        f"<!doctype html>\n<html lang={lang}>\n<meta charset=utf-8>\n"
        f'<meta http-equiv=refresh content="0; url={target}">\n<meta name=viewport content="width=device-width">\n'
        f"<title>{text}</title>\n<p><a href={target}>{text}</a></p>\n</html>\n"
    ).encode()
