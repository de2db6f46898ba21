"""What differs between two versions of a pack, in words and tables, for the person who approves the later one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from omradesbild import words
from omradesbild.analyse.diff import KINDS, Changes, Entry
from omradesbild.analyse.statements import Statements
from omradesbild.publish.document import Section, Table
from omradesbild.words import t

#: The parts of the catalogue and of their entries that are named; the rest is "other".
PARTS = ("indicator", "area", "source", "break")
FIELDS = (
    *("definition", "not_covered", "kind", "per", "unit", "numerator", "denominator", "processing", "disclosure"),
    *("title", "name", "members", "border", "updated", "retrieved", "table", "period", "text", "renewal"),
)
#: More new or gone entries of a part than these are only counted.
MOST_NAMED = 12
#: The columns of the file with every figure that differs.
COLUMNS = ("kind", "why", "indicator", "title", "period", "group", "area", "area_name", "before", "after", "source")
#: What there is most reason to look at: kind and why.
FIRST = (("changed", "unexplained"), ("marked", "unexplained"), ("gone", "missing"), ("gone", "period_gone"))


def sentences(changes: Changes, lang: str = "sv") -> list[str]:
    """Sum up: how much differs, what there is most reason to look at, and what is withheld."""
    counts = Counter(changes.rows["kind"].astype(str))
    if not counts:
        found = [t("diff.same", lang, figures=_count(changes.compared, lang))]
    else:
        said = [t(f"diff.of_{kind}", lang, number=_count(counts[kind], lang)) for kind in KINDS if counts[kind]]
        found = [t("diff.sum", lang, figures=_count(changes.compared, lang), said=words.listing(said, lang))]
    by_why = Counter(zip(changes.rows["kind"].astype(str), changes.rows["why"].astype(str), strict=True))
    for kind, why in FIRST:
        if by_why[kind, why]:
            found.append(t(f"diff.look_{kind}_{why}", lang, number=_count(by_why[kind, why], lang)))
    return found + protection(changes, lang)


def protection(changes: Changes, lang: str = "sv") -> list[str]:
    """Say how many figures are withheld, and where the two versions withhold different ones."""
    both = sum(row.both for row in changes.protected)
    found = [t("diff.hidden_both", lang, number=_count(both, lang))] if both else []
    moved = [row for row in changes.protected if row.moved]
    if moved:
        where = [f"{_title(changes, row.indicator, lang)} {words.period(row.period, lang)}" for row in moved]
        found.append(t("diff.hidden_moved", lang, where=words.listing(where, lang)))
    return found


def figures(changes: Changes, lang: str = "sv") -> Table:
    """Return the figures that differ by what happened, why and measure, with the largest change of each."""
    rows: list[tuple[str, ...] | Section] = []
    last = None
    for group in _groups(changes.rows):
        if group.kind != last:
            rows.append(Section(t(f"diff.kind_{group.kind}", lang)))
            last = group.kind
        rows.append(
            (
                _title(changes, group.indicator, lang),
                t(f"diff.why_{group.why}", lang),
                _span(group.first, group.last, lang),
                _count(group.number, lang),
                _where(changes, group, lang),
            )
        )
    columns = tuple(t(f"column.{name}", lang) for name in ("title", "reason", "period", "figures", "largest"))
    return Table(t("diff.figures", lang), columns, tuple(rows), numeric=(3,), wide=(0, 4))


def catalogue(changes: Changes, lang: str = "sv") -> Table:
    """Return what is new, gone or changed in the catalogue: measures, areas, sources and breaks."""
    rows: list[tuple[str, ...]] = []
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in changes.catalogue:
        alike.setdefault((entry.part, entry.kind), []).append(entry)
    for part, kind in sorted(alike, key=lambda pair: PARTS.index(pair[0])):
        entries, said = alike[part, kind], (t(f"diff.part_{part}", lang), t(f"diff.entry_{kind}", lang))
        if kind != "changed" and len(entries) > MOST_NAMED:
            rows.append((t("diff.many", lang, number=_count(len(entries), lang)), *said, ""))
        else:
            rows += [(_name(changes, entry, lang), *said, _fields(entry, lang)) for entry in entries]
    columns = tuple(t(f"column.{name}", lang) for name in ("name", "kind", "happened", "what"))
    return Table(t("diff.catalogue", lang), columns, tuple(rows), wide=(0,))


def text(changes: Changes, lang: str = "sv") -> str:
    """Write all of it as lines for a terminal."""
    lines = sentences(changes, lang)
    for table in (catalogue(changes, lang), figures(changes, lang)):
        if table.rows:
            lines += ["", table.caption]
        for row in table.rows:
            lines.append(row.text if isinstance(row, Section) else "  " + "; ".join(filter(None, row)))
    return "\n".join(lines)


def file_rows(changes: Changes, lang: str = "sv") -> Iterator[dict[str, object]]:
    """Give every figure that differs as a row of `COLUMNS`; a number that may not be told is None."""
    for row in changes.rows.itertuples(index=False):
        side = changes.b if row.indicator in changes.b.pack.indicators else changes.a
        area = changes.b.pack.areas.get(row.area) or changes.a.pack.areas[row.area]
        indicator = side.pack.indicators[row.indicator]
        yield {
            "kind": t(f"diff.kind_{row.kind}", lang),
            "why": t(f"diff.why_{row.why}", lang),
            "indicator": row.indicator,
            "title": indicator.title.get(lang),
            "period": row.period,
            "group": next((g.title.get(lang) for g in indicator.groups if g.id == row.group), row.group),
            "area": row.area,
            "area_name": area.name,
            "before": _number(row.before),
            "after": _number(row.after),
            "source": row.source,
        }


def headings(lang: str = "sv") -> list[str]:
    """Return the headings of `COLUMNS`."""
    renamed = {"why": "reason", "kind": "happened", "after": "now"}
    return [t(f"column.{renamed.get(name, name)}", lang) for name in COLUMNS]


def _groups(rows: pd.DataFrame) -> Iterator:
    """Give kind, why, indicator, numbers of figures and areas, first and last period, and the place of the largest change."""
    size = np.abs(rows["after"] - rows["before"]).fillna(-1.0)
    period = rows["period"].cat.codes
    by = rows.assign(size=size, code=period).groupby(["kind", "why", "indicator"], observed=True)
    found = by.agg(
        number=("size", "size"), areas=("area", "nunique"), first=("code", "min"), last=("code", "max"), largest=("size", "idxmax")
    ).reset_index()
    names = rows["period"].cat.categories
    return found.assign(first=names[found["first"]], last=names[found["last"]]).itertuples(index=False)


def _where(changes: Changes, group, lang: str) -> str:
    """Say which figure of a group has changed most, and how; where no figure has two values, which areas it is about."""
    row = changes.rows.loc[group.largest]
    if np.isnan(row["before"]):
        area = _found(changes, "areas", row["area"]).name
        return area if group.areas == 1 else t("diff.areas", lang, number=_count(group.areas, lang))
    key = (row["area"], row["indicator"], row["period"], row["group"])
    old, new = changes.a.get(*key), changes.b.get(*key)
    of = words.title(new.indicator, row["group"], lang).removeprefix(new.indicator.title.get(lang)).removeprefix(", ")
    named = f"{new.area.name} {words.period(row['period'], lang)}" + (f", {of}" if of else "")
    before, after = words.figure(old, lang), words.figure(new, lang)
    if before == after:
        return t("diff.not_seen", lang, name=named, now=after) if row["kind"] == "changed" else f"{named}: {after}"
    return t("diff.from_to", lang, name=named, before=before, now=after)


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _count(number: int, lang: str) -> str:
    return words.count(number, lang)


def _span(first: str, last: str, lang: str) -> str:
    """Write the years that a group of figures covers."""
    return words.period(first, lang) if first == last else f"{words.period(first, lang)}–{words.period(last, lang)}"


def _title(changes: Changes, indicator: str, lang: str) -> str:
    return _found(changes, "indicators", indicator).title.get(lang)


def _name(changes: Changes, entry: Entry, lang: str) -> str:
    if entry.part == "indicator":
        return _title(changes, entry.id, lang)
    if entry.part == "break":
        event = next(b for side in (changes.b, changes.a) for b in side.pack.breaks if b.id == entry.id)
        return f"{words.period(event.period, lang)}: {event.text.get(lang)}"
    if entry.part == "area":
        return _found(changes, "areas", entry.id).name
    return _found(changes, "sources", entry.id).title


def _found(changes: Changes, part: str, id_: str):
    sides: list[Statements] = [changes.b, changes.a]
    return next(getattr(side.pack, part)[id_] for side in sides if id_ in getattr(side.pack, part))


def _fields(entry: Entry, lang: str) -> str:
    named = [t(f"diff.field_{name}", lang) for name in FIELDS if name in entry.fields]
    other = [t("diff.field_other", lang)] if {*entry.fields} - {*FIELDS} else []
    return words.listing(named + other, lang)
