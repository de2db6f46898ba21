"""Priorities in words: how many people, which places, what direction, and what decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from omradesbild import words
from omradesbild.analyse import peers, priorities
from omradesbild.analyse.priorities import Challenge, Reason, Size
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Direction, PriorityEntry, PriorityList
from omradesbild.publish.document import Block, Heading, Items, Paragraph, Section, Table, in_swedish
from omradesbild.publish.parts.pen import source_line
from omradesbild.words import t


def listed(statements: Statements, chosen: PriorityList) -> tuple[list[tuple[Challenge, str]], list[PriorityEntry]]:
    """Return the rows of a list that are clear challenges now, each with its note, and those that are not; an area's together."""
    areas = [a for a in dict.fromkeys(e.area for e in chosen.entries) if a in statements.pack.areas]
    known = {(a, c.statement.indicator.id): c for a in areas for c in priorities.of_area(statements, a)}
    rows = sorted(chosen.entries, key=lambda e: areas.index(e.area) if e.area in areas else len(areas))
    found = [(known[e.area, e.indicator], e.note) for e in rows if (e.area, e.indicator) in known]
    return found, [e for e in rows if (e.area, e.indicator) not in known]


def others(statements: Statements, entries: Sequence[PriorityEntry], lang: str) -> list[Block]:
    """Set out the rows of a list that are no clear challenges now: the newest figure, or that there is none."""
    pack, rows, shown, gone = statements.pack, [], [], []
    for entry in entries:
        s = statements.latest_of(entry.area, entry.indicator, entry.group)
        if s is None:
            gone.append(t("report.gone_row", lang, row=_named(entry, pack, lang)))
            continue
        shown.append(s)
        title = f"{s.area.name}: {words.title(s.indicator, s.group, lang)}, {words.period(s.period, lang)}"
        city = words.value_text(s.city_value, "", s.indicator, lang)
        rows.append((title, words.marked(s, lang), city, words.comparison(s, lang) or "–", in_swedish(entry.note, lang)))
    blocks: list[Block] = []
    if rows:
        columns = tuple(t(f"column.{name}", lang) for name in ("title", "value", "city_value", "comparison", "note"))
        notes = (source_line(shown, lang),)
        caption = t("report.no_longer", lang)
        blocks.append(Table(caption, columns, tuple(rows), numeric=(1, 2), wide=(0, 4), notes=notes, rests_on=tuple(shown)))
    return [*blocks, Items(tuple(gone))] if gone else blocks


def _named(entry: PriorityEntry, pack, lang: str) -> str:
    area = pack.areas[entry.area].name if entry.area in pack.areas else entry.area
    known = pack.indicators.get(entry.indicator)
    said = f"{area}: {words.title(known, entry.group, lang) if known else entry.indicator}"
    return f"{said} ({entry.note})" if entry.note else said


def why(statements: Statements, found: Sequence[tuple[Challenge, str]], lang: str) -> list[Block]:
    """Say, area by area, what decided each row."""
    blocks: list[Block] = []
    for area in dict.fromkeys(c.statement.area for c, _ in found):
        own = [c for c, _ in found if c.statement.area == area]
        blocks.append(Heading(area.name, 2))
        blocks.append(Items(tuple(_decided(statements, c, lang) for c in own), tuple(c.statement for c in own)))
    return [*blocks, Paragraph(t("report.peers_note", lang), note=True)]


def _decided(statements: Statements, c: Challenge, lang: str) -> str:
    names = peer_names(statements, c, lang)
    alike = t("report.peers", lang, areas=names) if names else t("priority.no_peers", lang)
    title = words.title(c.statement.indicator, c.statement.group, lang)
    return f"{title}: {' '.join([*(reason_text(r, c, lang) for r in c.why), alike])}"


def challenges(statements: Statements, found: Sequence[tuple[Challenge, str]], caption: str, lang: str) -> Table:
    """Set out challenges with their size, peers and direction, under the name of each area.

    Parameters
    ----------
    found
        Challenges in order, each with the orderer's note.
    """
    several, noted = len({c.statement.area.id for c, _ in found}) > 1, any(note for _, note in found)
    rows: list = []
    for n, (c, note) in enumerate(found):
        s = c.statement
        if several and (n == 0 or found[n - 1][0].statement.area.id != s.area.id):
            rows.append(Section(s.area.name))
        _, middle = peers_of(statements, s)
        title = f"{words.title(s.indicator, s.group, lang)}, {words.period(s.period, lang)}"
        rows.append(
            (
                title,
                words.marked(s, lang),
                words.value_text(s.city_value, "", s.indicator, lang),
                people(c.size, lang),
                words.value_text(middle, "", s.indicator, lang) if middle is not None else "–",
                direction(c, lang),
                *([in_swedish(note, lang)] if noted else []),
            )
        )
    names = ["title", "value", "city_value", "more_people", "peers_now", "direction_now", *(["note"] if noted else [])]
    shown = tuple(c.statement for c, _ in found)
    return Table(
        caption,
        tuple(t(f"column.{name}", lang) for name in names),
        tuple(rows),
        numeric=(1, 2, 3, 4),
        wide=(0, len(names) - 1),
        notes=(t("priority.people_note", lang), source_line(shown, lang)),
        rests_on=shown,
    )


def under_way(statements: Statements, found: Sequence[Challenge], lang: str) -> list[Block]:
    """Name the initiatives under way, once for each area that has challenges, or say that none is known."""
    areas = {c.statement.area.name: initiatives(statements, c) for c in found}
    told = {name: titles for name, titles in areas.items() if titles}
    each = next(iter(areas.values())) if len(areas) == 1 else [f"{name}: {'; '.join(titles)}" for name, titles in told.items()]
    none = words.listing([name for name in areas if name not in told], lang)
    blocks: list[Block] = [Heading(t("column.initiatives_now", lang), 2)]
    blocks += [Items(tuple(in_swedish(text, lang) for text in each))] if told else []
    blocks += [Paragraph(t("priority.no_initiatives", lang, areas=none))] if none else []
    return [*blocks, *([Paragraph(t("priority.initiatives_note", lang), note=True)] if told else [])]


def initiatives(statements: Statements, c: Challenge) -> list[str]:
    """Return the titles of the initiatives under way in a challenge's area."""
    return [i.title for i in statements.pack.initiatives if i.id in c.initiatives]


def told(statements: Statements, c: Challenge, lang: str) -> list[str]:
    """Say what decided that something is a challenge, and which areas are like this one."""
    names = peer_names(statements, c, lang)
    alike = t("priority.peers_are", lang, areas=names) if names else ""
    return [*(reason_text(r, c, lang) for r in c.why), alike or t("priority.no_peers", lang)]


def peer_names(statements: Statements, c: Challenge, lang: str) -> str:
    """Name the areas most like a challenge's area; empty where there are too few."""
    return words.listing(list(peers_of(statements, c.statement)[0]), lang)


@lru_cache(maxsize=2048)
def peers_of(statements: Statements, s: Statement) -> tuple[tuple[str, ...], float | None]:
    """Return the names of the areas that are like a figure's area, and the middle one of their figures.

    An area that is as far away as areas mostly are is not like it, also when it is among the nearest.
    """
    found = peers.of(statements, s.area.id, s.indicator.id)
    like = [p.area for p in found.peers if peers.nearness(p, found.typical) != "far"] if found else []
    figures = [statements.get(area, s.indicator.id, s.period, s.group) for area in like]
    middle = peers.median(figures)
    return tuple(f.area.name for f in figures if f is not None) if middle is not None else (), middle


def people(size: Size | None, lang: str) -> str:
    """Write how many more people, and between which limits chance could have put it: "412 (350 till 474)"."""
    if size is None:
        return "–"
    number, low, high = (words.number(x, 0, lang) for x in (size.people, size.low, size.high))
    return t("priority.people", lang, number=number, low=low, high=high)


def place(size: Size | None, lang: str) -> str:
    """Write the places that an area can have: "2" or "2 till 5"."""
    if size is None:
        return "–"
    if size.first == size.last:
        return str(size.first)
    return t("priority.places", lang, first=size.first, last=size.last)


def direction(c: Challenge, lang: str) -> str:
    """Say how the area moves against the city."""
    if c.movement.code in ("too_few", "untested", "with_city"):
        return t(f"priority.moves_{c.movement.code}", lang)
    return t("priority.moves_worse" if c.movement.worse(c.statement.indicator.direction) else "priority.moves_better", lang)


def reason_text(reason: Reason, c: Challenge, lang: str) -> str:
    """Say one thing that decided, with its numbers."""
    indicator = c.statement.indicator
    unit = words.difference_unit(indicator, lang)

    def write(name: str, sign: bool = False) -> str:
        return words.with_unit(words.number(reason.numbers[name], indicator.decimals, lang, sign=sign), unit)

    if reason.code == "people":
        names = ("numerator", "denominator", "people")
        numbers = {name: words.number(abs(reason.numbers[name]), 0, lang) for name in names}
        more = reason.numbers["people"] >= 0
        fewer_with = more == (indicator.direction is Direction.LOWER_BETTER)
        return t("priority.why_more" if fewer_with else "priority.why_fewer", lang, **numbers)
    if reason.code == "diverging":
        values = {"change": write("change", True), "city": write("city_change", True), "minimum": write("minimum")}
        return t("priority.why_diverging", lang, **values)
    values = {"difference": write("difference", True), "minimum": write("minimum")}
    return t(f"priority.why_{reason.code}", lang, **values)
