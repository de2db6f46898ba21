"""The police's list beside measured conditions, in words: who is on it, who lives alike, what changed, and its criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from omradesbild import words
from omradesbild.analyse import listed
from omradesbild.analyse.listed import Around, Likeness, Move, Step
from omradesbild.analyse.statements import Statement, Statements
from omradesbild.model import Kind, PoliceEntry
from omradesbild.pack import Pack
from omradesbild.publish.document import Link, Section, Table
from omradesbild.publish.parts.pen import source_line
from omradesbild.words import t

_DEFINITION = (
    "Borlänge kommun, som återger polisens definition",
    "https://www.borlange.se/omsorg-och-hjalp/tjarna-angar/utsatt-omrade-riskomrade-och-sarskilt-utsattomrade",
)
CRITERIA = (
    ("utsatt", *_DEFINITION),
    ("risk", *_DEFINITION),
    ("sarskilt", *_DEFINITION),
    ("method", "Polisen", "https://polisen.se/om-polisen/polisens-arbete/utsatta-omraden/"),
    ("audit", "Riksrevisionen, RiR 2020:20", "https://data.riksdagen.se/dokument/H8B520.html"),
    (
        "advice",
        "Riksrevisionen, rekommendationer",
        "https://www.riksrevisionen.se/rapporter/granskningsrapporter/2020/"
        "ratt-insats-pa-ratt-plats---polisens-arbete-i-utsatta-omraden/rekommendationer.html",
    ),
    ("answer", "Regeringens skrivelse 2020/21:108", "https://data.riksdagen.se/dokument/H803108.html"),
    (
        "after",
        "Riksrevisionen, uppföljning",
        "https://www.riksrevisionen.se/granskningar/granskningsrapporter/2020/"
        "ratt-insats-pa-ratt-plats---polisens-arbete-i-utsatta-omraden/uppfoljning.html",
    ),
)


def measures(pack: Pack) -> list[str]:
    """Return the measures by which areas on and off the list are compared: those of the pack's likeness of SCB's index."""
    plan = pack.index.likeness
    named = [plan.low_standard, plan.low_education, plan.out_of_work] if plan else []
    return [m for m in named if m in pack.indicators]


def names(pack: Pack) -> dict[str, str]:
    """Return the newest name of each of the police's areas, by id, in the order they were first listed."""
    return {entry.id: entry.area for edition in pack.police for entry in edition.entries}


def entry_of(pack: Pack, id_: str, edition: str) -> PoliceEntry | None:
    """Return what an edition says of one of the police's areas; None where it is not on the list."""
    entries = (entry for e in pack.police if e.edition == edition for entry in e.entries)
    return next((entry for entry in entries if entry.id == id_), None)


def category(entry: PoliceEntry | None, lang: str) -> str:
    """Write an area's class in an edition, and what is uncertain about it."""
    said = t(f"police.{entry.category}" if entry else "police.not_listed", lang)
    return f"{said}, {t('police.uncertain', lang, what=entry.uncertain.get(lang))}" if entry and entry.uncertain else said


def figures_inside(statements: Statements, id_: str) -> list[list[Statement]]:
    """Return for each measure the newest figures of the basic areas inside an area's newest known border."""
    pack = statements.pack
    _, areas = listed.nearest_border(pack, id_, pack.police[-1].edition)
    found = []
    for measure in measures(pack):
        period = statements.latest(measure, pack.info.base_level)
        own = [statements.get(a, measure, period) for a in pack.areas if a in areas] if period else []
        found.append([s for s in own if s is not None and s.value is not None])
    return [own for own in found if own]


def condition(statements: Statements, own: Sequence[Statement], lang: str) -> tuple[str, str]:
    """Write a measure's name and year, and how an area's parts stand in it beside the city."""
    s = own[0]
    whole = statements.get(statements.pack.info.city, s.indicator.id, s.period, s.group)
    city = words.figure(whole, lang) if whole else "–"
    values = {"span": _span(own, lang), "areas": len(own), "city": city, "words": _words(own, lang)}
    title = f"{words.title(s.indicator, s.group, lang)}, {words.period(s.period, lang)}"
    return title, t("police.condition", lang, **values)


def _span(figures: Sequence[Statement], lang: str) -> str:
    """Write the lowest and the highest figure, with their marks: "23,8 % till 33,0 % e"."""
    low, high = (f(figures, key=lambda s: s.value) for f in (min, max))
    flags = " ".join(sorted({code for s in figures for code in s.flag.split()}))
    low, high = words.figure(low, lang), words.figure(high, lang)
    text = low if low == high else t("police.span", lang, low=low, high=high)
    return f"{text} {flags}".strip()


def _words(figures: Iterable[Statement], lang: str) -> str:
    """Count the areas by what is said of them against the rest of the city: "klart högre (3), högre (1)"."""
    counted = Counter(_said(s, lang) for s in figures)
    return ", ".join(f"{said} ({number})" for said, number in counted.most_common() if said)


def _said(s: Statement, lang: str) -> str:
    return words.figure(s, lang) if s.indicator.kind is Kind.CLASS else words.comparison(s, lang, short=True)


def borders(pack: Pack, lang: str) -> Table | None:
    """Set out each basic area's share inside each border, edition by edition; None where no border is known."""
    editions = [e.edition for e in pack.police if e.borders]
    if not editions:
        return None
    rows: list = []
    for id_, name in names(pack).items():
        entries = [entry_of(pack, id_, e) for e in editions]
        rows += [Section(name), (t("police.surface", lang), *(_surface(e, lang) for e in entries), "")]
        for area in touched(pack, id_):
            shares = [e.overlap.get(area, 0.0) if e else 0.0 for e in entries]
            rows.append((pack.areas[area].name, *(_share(x, lang) for x in shares), _crossed(shares, editions, lang)))
    columns = (t("column.area_name", lang), *editions, t("column.what", lang))
    return Table(t("police.shares", lang), columns, tuple(rows), numeric=tuple(range(1, len(columns) - 1)), wide=(0,))


def touched(pack: Pack, id_: str) -> list[str]:
    """Return the basic areas that any known border of one of the police's areas has reached into."""
    reached = {a for edition in pack.police for entry in edition.entries if entry.id == id_ for a in entry.overlap}
    return [a for a in pack.areas if a in reached]


def _surface(entry: PoliceEntry | None, lang: str) -> str:
    return f"{words.number(entry.border_km2, 2, lang)} km²" if entry and entry.border_km2 else "–"


def _share(share: float, lang: str) -> str:
    return words.with_unit(words.number(100 * share, 0, lang), "%") if share else "–"


def _crossed(shares: Sequence[float], editions: Sequence[str], lang: str) -> str:
    """Say in which edition a basic area came inside a border with its greater part, or no longer was."""
    said = []
    for before, after, edition in zip(shares, shares[1:], editions[1:], strict=False):
        if (before >= listed.MOSTLY) != (after >= listed.MOSTLY):
            came = after >= listed.MOSTLY
            said.append(t("police.came" if came else "police.went", lang, edition=edition))
    return ", ".join(said)


@lru_cache(maxsize=4)
def likeness(statements: Statements) -> Likeness | None:
    """Return the areas on the list and those alike by the pack's measures; see `listed.likeness`."""
    return listed.likeness(statements, measures(statements.pack))


def conditions(statements: Statements, found: Likeness, lang: str) -> Table:
    """Set out the measured conditions of areas on the list, areas that left it and areas alike that never were on it."""
    pack = statements.pack
    city = [statements.get(pack.info.city, m, s.period) for m, s in found.limits.items()]
    rows: list = [(pack.areas[pack.info.city].name, *(words.figure(s, lang) if s else "–" for s in city))]
    shown = [s for s in city if s is not None]
    for key, ids in (("listed", found.listed), ("left", found.left), ("alike", found.alike)):
        if ids:
            rows.append(Section(t(f"police.section_{key}", lang, edition=found.edition, number=len(ids))))
        for id_ in ids:
            own = [statements.get(id_, m, s.period) for m, s in found.limits.items()]
            rows.append((pack.areas[id_].name, *(_beside_rest(s, lang) if s is not None else "–" for s in own)))
            shown += [s for s in own if s is not None]
    headings = (f"{s.indicator.title.get(lang)}, {words.period(s.period, lang)}" for s in found.limits.values())
    columns = (t("column.area_name", lang), *headings)
    return Table(
        t("police.conditions", lang), columns, tuple(rows), numeric=tuple(range(1, len(columns))), emphasised=1,
        notes=(source_line(shown, lang),), rests_on=tuple(shown),
    )  # fmt: skip


def _beside_rest(s: Statement, lang: str) -> str:
    said = words.comparison(s, lang, short=True)
    return f"{words.marked(s, lang)}\n{said}" if said else words.marked(s, lang)


def rule(found: Likeness, lang: str) -> str:
    """Say by which limits an area counts as alike."""
    limits = [f"{s.indicator.title.get(lang).lower()} {words.figure(s, lang)} ({s.area.name})" for s in found.limits.values()]
    return t("police.rule", lang, edition=found.edition, limits=words.listing(limits, lang))


@lru_cache(maxsize=4)
def changes(statements: Statements) -> tuple[tuple[Move, tuple[Around, ...]], ...]:
    """Return every change of the list with the measures that can be followed over it, kept for the next reader."""
    found = listed.moves(statements.pack)
    return tuple((m, listed.around(statements, m.areas, m.since.edition, m.until.edition)) for m in found)


def heading(move: Move, pack: Pack, lang: str) -> str:
    """Name one of the police's areas and what happened to it."""
    what = [_what(kind, move, pack, lang) for kind in move.kinds]
    return f"{(move.after or move.before).area}: {words.listing(what, lang)}"


def told(move: Move, found: Sequence[Around], pack: Pack, lang: str) -> list[str]:
    """Say what the source says of a change, and what can and cannot be said about the conditions around it."""
    change = move.after.change if move.after else None
    said = [t("police.change_words", lang, words=change.get(lang))] if change else []
    if move.border:
        said.append(t("police.border_stands_in", lang, edition=move.border))
    return [*said, *_can(found, pack, lang)]


def _what(kind: str, move: Move, pack: Pack, lang: str) -> str:
    if kind == "class":
        before, after = (t(f"police.{e.category}", lang) for e in (move.before, move.after))
        return t("police.move_class", lang, before=before, after=after)
    if kind == "border":
        names = {k: words.listing([pack.areas[a].name for a in ids], lang) for k, ids in _crossings(move)}
        return t(f"police.move_border{''.join(f'_{k}' for k in names)}", lang, **names)
    return t(f"police.move_{kind}", lang, category=t(f"police.{(move.after or move.before).category}", lang))


def _crossings(move: Move) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, ids) for name, ids in (("came", move.came), ("went", move.went)) if ids]


def _can(found: Sequence[Around], pack: Pack, lang: str) -> list[str]:
    """Say which conditions have moved against the city, which have not, and which cannot be followed."""
    tested = [f for f in found if f.tested]
    moved = [f for f in tested if f.moved]
    said = []
    if not found:
        said.append(t("police.cannot", lang))
    elif not tested:
        said.append(t("police.untested", lang))
    else:
        numbers = {"same": len(tested) - len(moved), "number": len(tested)}
        one = ("police.moved_one" if moved else "police.unmoved_one") if len(tested) == 1 else ""
        said.append(t(one or "police.unmoved", lang, **numbers))
        said += [t("police.moved", lang, what="; ".join(_moved(f, lang) for f in moved))] if moved else []
    followed = {f.indicator.id for f in found}
    lost = [pack.indicators[m].title.get(lang).lower() for m in measures(pack) if m not in followed]
    if lost:
        said.append(t("police.not_followed", lang, titles=words.listing(lost, lang)))
    return said


def _moved(f: Around, lang: str) -> str:
    """Name a measure and the areas that have moved in it: "hyresrätt 2021 till 2023 (upp i Holma)"."""
    title = words.title(f.indicator, f.indicator.default_group, lang)
    years = t("police.span", lang, low=f.periods[0], high=f.periods[1])
    return f"{title[:1].lower()}{title[1:]} {years} ({words.listing([_step(s, lang) for s in f.moved], lang)})"


def _step(step: Step, lang: str) -> str:
    indicator = step.before.indicator
    moved = words.with_unit(
        words.number(step.moved, indicator.decimals, lang, sign=True), words.difference_unit(indicator, lang)
    )
    return t("police.step", lang, area=step.before.area.name, moved=moved)


def followed(move: Move, found: Sequence[Around], lang: str) -> Table:
    """Set out the measures that can be followed over a change, before and after."""
    name = (move.after or move.before).area
    columns = tuple(t(f"column.{c}", lang) for c in ("title", "years", "areas_before", "areas_after", "city_both", "moved"))
    shown = tuple(s for f in found for step in f.steps for s in (step.before, step.after))
    caption = t("police.followed", lang, area=name, since=move.since.edition, until=move.until.edition)
    rows = tuple(_followed_row(f, lang) for f in found)
    return Table(caption, columns, rows, wide=(0,), notes=(source_line(shown, lang),), rests_on=shown)


def _followed_row(f: Around, lang: str) -> tuple[str, ...]:
    city = t("police.to", lang, before=words.figure(f.city[0], lang), after=words.figure(f.city[1], lang)) if f.city else "–"
    return (
        words.title(f.indicator, f.indicator.default_group, lang),
        t("police.to", lang, before=f.periods[0], after=f.periods[1]),
        _all([step.before for step in f.steps], lang),
        _all([step.after for step in f.steps], lang),
        city,
        _verdict(f, lang),
    )


def _all(figures: Sequence[Statement], lang: str) -> str:
    """Write what areas have: the sum of counts, the span of others and what is said of them."""
    if figures[0].indicator.kind is Kind.COUNT:
        return words.number(sum(s.value for s in figures), 0, lang)
    said = _words(figures, lang)
    return f"{_span(figures, lang)}; {said}" if said else _span(figures, lang)


def _verdict(f: Around, lang: str) -> str:
    """Say whether areas have moved from the rest of the city, and how many could not be told."""
    if not f.tested:
        said = [t("police.not_tested", lang)]
    elif f.moved:
        said = [words.listing([_step(s, lang) for s in f.moved], lang)]
    else:
        said = [t("police.none_moved", lang)]
    if f.left_out:
        said.append(t("police.left_out", lang, number=f.left_out))
    return ". ".join(said)


def criteria(lang: str) -> Table:
    """Set out the police's criteria and the audit of them, with sources."""
    rows = tuple(
        (t(f"police.criteria_{key}_title", lang), t(f"police.criteria_{key}", lang), Link(source, url))
        for key, source, url in CRITERIA
    )
    columns = tuple(t(f"column.{c}", lang) for c in ("term", "definition", "source"))
    return Table(t("police.criteria", lang), columns, rows, wide=(1,))
