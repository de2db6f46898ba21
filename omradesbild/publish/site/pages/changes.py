"""The page with what differs from the edition before, and the pages at addresses that have no area or indicator any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from omradesbild import words
from omradesbild.analyse.statements import Statements
from omradesbild.publish import html
from omradesbild.publish.document import Link, Table
from omradesbild.publish.site.changes import KINDS, Change, Changes, Gone
from omradesbild.publish.site.data.figures import to_json
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Page, Place, links, paragraphs, section, written
from omradesbild.publish.tables import version_of
from omradesbild.words import LANGUAGES, t

NAME = "andringar"
DATA = "data/andringar.json"
#: So many changed figures stand on the page; all are in the data file.
MOST_ROWS = 200


def files(statements: Statements, settings: Settings, found: Changes) -> Iterator[File]:
    """Give the page, its data, and a page for every address that is gone."""
    for lang in LANGUAGES:
        yield _page(statements, settings, found, lang)
        for gone in found.gone:
            yield _notice(statements, settings, gone, lang)
    yield File(DATA, to_json(_document(statements, found)))


def _document(statements: Statements, found: Changes) -> dict:
    return {
        "version": version_of(statements.pack),
        "before": found.before,
        "added": [{"kind": kind, "id": id_} for kind, id_ in found.added],
        "renamed": [dict(zip(("kind", "id", "before", "now"), row, strict=True)) for row in found.renamed],
        "gone": [{"kind": g.kind, "id": g.id, "name": g.name, "edition": g.edition} for g in found.gone],
        "fields": list(Change.__slots__),
        "figures": [[getattr(change, name) for name in Change.__slots__] for change in found.figures],
    }


def _page(statements: Statements, settings: Settings, found: Changes, lang: str) -> File:
    place, title = Place(NAME, lang), t("site.changes", lang)
    if not found.before:
        lead, body = t("site.changes_first", lang), ""
    else:
        lead = t("site.changes_since", lang, version=words.dates(found.version))
        body = (
            section("nytt", t("site.changes_added", lang), links(_added(statements, found, place)))
            + section("namn", t("site.changes_renamed", lang), paragraphs(_renamed(found, lang)))
            + section("borta", t("site.changes_gone", lang), links(_gone(found, place)))
            + section("siffror", t("site.changes_figures", lang), _counts(statements, found, place))
            + section("andrade", t("site.changes_values", lang), _values(statements, found, place))
        )
        body = body or paragraphs([t("site.changes_none", lang)])
        body += links([(place.file(DATA), t("site.changes_data", lang))])
    return written(Page(place, title, lead, paragraphs([lead], "lead") + body), statements.pack, settings)


def _added(statements: Statements, found: Changes, place: Place) -> list[tuple[str, str]]:
    pack = statements.pack
    return [
        (place.to(f"{kind}/{id_}"), pack.areas[id_].name if kind == "omrade" else pack.indicators[id_].title.get(place.lang))
        for kind, id_ in found.added
    ]


def _renamed(found: Changes, lang: str) -> list[str]:
    return [t("site.changes_name", lang, before=before, now=now) for _, _, before, now in found.renamed]


def _gone(found: Changes, place: Place) -> list[tuple[str, str]]:
    return [(place.to(f"{gone.kind}/{gone.id}"), gone.name) for gone in found.gone]


def _counts(statements: Statements, found: Changes, place: Place) -> str:
    """Count, for each indicator, the figures that are new, changed, no longer shown and gone."""
    counted: dict[str, Counter] = {}
    for change in found.figures:
        counted.setdefault(change.indicator, Counter())[change.kind] += 1
    names = {gone.id: gone.name for gone in found.gone}
    rows = tuple(
        (_linked(statements, indicator, names, place), *(words.number(count[kind], 0, place.lang) for kind in KINDS))
        for indicator, count in counted.items()
    )
    columns = (t("column.title", place.lang), *(t(f"site.change_{kind}", place.lang) for kind in KINDS))
    return html.table(Table(t("site.changes_figures", place.lang), columns, rows, (1, 2, 3, 4))) if rows else ""


def _linked(statements: Statements, id_: str, names: dict[str, str], place: Place) -> str:
    known = statements.pack.indicators.get(id_)
    return Link(known.title.get(place.lang), place.to(f"indikator/{id_}")) if known else names.get(id_, id_)


def _values(statements: Statements, found: Changes, place: Place) -> str:
    lang, pack = place.lang, statements.pack
    changed = [change for change in found.figures if change.kind == "changed"]
    rows = []
    for change in changed[:MOST_ROWS]:
        indicator = pack.indicators[change.indicator]
        told = (words.value_text(value, "", indicator, lang) for value in (change.before, change.after))
        name = words.title(indicator, change.group, lang)
        rows.append((Link(pack.areas[change.area].name, place.to(f"omrade/{change.area}")), name, words.period(change.period, lang), *told))
    if not rows:
        return ""
    columns = tuple(t(f"column.{name}", lang) for name in ("area_name", "title", "period", "before", "value"))
    more = len(changed) - len(rows)
    notes = (t("site.changes_more", lang, count=more),) if more else ()
    return html.table(Table(t("site.changes_values", lang), columns, tuple(rows), (3, 4), notes=notes))


def _notice(statements: Statements, settings: Settings, gone: Gone, lang: str) -> File:
    """Say at an address that has nothing any more what was there, and what is there now."""
    place, pack = Place(f"{gone.kind}/{gone.id}", lang), statements.pack
    lead = t(f"site.gone_{gone.kind}", lang, name=gone.name)
    body = paragraphs([lead], "lead")
    successors = [(id_, share) for id_, share in gone.successors if id_ in pack.areas]
    if successors:
        told = [
            (place.to(f"omrade/{id_}"), t("site.gone_share", lang, name=pack.areas[id_].name, share=words.number(100 * share, 0, lang)))
            for id_, share in successors
        ]
        body += section("nu", t("site.gone_now", lang), links(told))
    last = t("site.gone_last", lang, edition=gone.edition)
    kept = settings.absolute(f"utgavor/{gone.edition}/{place.path}")
    body += f'<p><a href="{escape(kept)}">{escape(last)}</a></p>' if kept else paragraphs([last])
    return written(Page(place, gone.name, lead, body), pack, settings)
