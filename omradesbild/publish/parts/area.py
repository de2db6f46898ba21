"""One area: what it is, its key figures, how it moves, its ages, lists and initiatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.compose import members_of
from omradesbild.analyse.statements import Segment, Statement, Statements
from omradesbild.model import Area, Direction, Indicator, Initiative, Kind, Level, Theme
from omradesbild.publish import choropleth, movement
from omradesbild.publish.document import Chart, Figure, Items, Paragraph, Series, Table, in_swedish
from omradesbild.publish.document import Section as Rows
from omradesbild.publish.figures.locator import locator
from omradesbild.publish.figures.pyramid import marks as age_marks
from omradesbild.publish.figures.pyramid import pyramid
from omradesbild.publish.figures.sheet import Caption
from omradesbild.publish.figures.trend import marks, trend
from omradesbild.publish.parts import against as against_
from omradesbild.publish.parts.against import Compared
from omradesbild.publish.parts.pen import Pen, caption, framed, source_line
from omradesbild.publish.shapes import Shapes
from omradesbild.publish.summary import area_sentences
from omradesbild.words import t

AGES = "alder_kon"
#: Figures older than this stand apart.
OLD_YEARS = 10
#: The columns of key figures on paper; and on a screen that can be narrow, where how a figure stands is seen beside it.
ON_PAPER = ("title", "value", "numerator_people", "period", "city_value", "comparison")
ON_SCREEN = ("title", "value", "comparison", "city_value", "interval", "numerator_people", "period")
#: How high the plot of a chart over time is at most and at least, and as a share of its width.
TALL, LOW, HIGH = 230.0, 125.0, 0.38


def lead(area: Area, pack, lang: str) -> str:
    """Say what kind an area is, what it consists of and how well its border is known."""
    lines = [words.level(area.level, lang, "about")]
    members = member_names(area, pack, lang) if area.level is not Level.KOMMUN else []
    if members and area.level is not pack.info.base_level:
        lines.append(t("area.members", lang, names=words.listing(members, lang)))
    if area.shares:
        lines.append(t("own.cut", lang))
    elif area.approximate:
        lines.append(t("area.approximate", lang))
    if area.note:
        lines.append(area.note.get(lang))
    if area.source:
        lines.append(t("area.source", lang, source=area.source))
    return " ".join(lines)


def member_names(area: Area, pack, lang: str) -> list[str]:
    """Name the basic areas that an area consists of, with the share of each that is cut."""
    members = members_of(area, pack)
    shares = area.shares or (1.0,) * len(members)
    return [
        pack.areas[m].name + (f" ({share_text(share, lang)})" if share < 1 else "")
        for m, share in zip(members, shares, strict=True)
    ]


def share_text(share: float, lang: str) -> str:
    """Write a share (0–1) in per cent, with a decimal where it is small."""
    per_cent = 100 * share
    decimals = 0 if per_cent >= 10 and abs(per_cent - round(per_cent)) < 0.05 else 1
    return words.with_unit(words.number(per_cent, decimals, lang), "%")


def where(statements: Statements, drawn: Shapes, area: Area, pen: Pen) -> Figure:
    """Draw where in its city an area lies."""
    pack = statements.pack
    names = {"area": area.name, "city": pack.areas[pack.info.city].name}
    around = Caption(
        t("report.where", pen.lang, **names),
        t("report.where_alt", pen.lang, **names),
        source=" · ".join(pack.info.attributions),
        demonstration=pack.info.demonstration,
    )
    return framed(locator(drawn, area.id, around, pen.setting("where", area.id, width=300)), around, width=0.3)


def in_short(statements: Statements, area: Area, lang: str) -> Items:
    """Sum up an area in a few sentences, chosen by open rules (see `summary`)."""
    said = area_sentences(statements, area.id, lang)
    return Items(tuple(s.text for s in said), tuple(s for each in said for s in each.rests_on))


def standing(statements: Statements, area: Area, lang: str, against: str = "") -> Table | None:
    """Set out what is clearly worse and clearly better than in the rest of the city, or `against`; None where nothing is."""
    newest = [
        s
        for i in statements.pack.indicators.values()
        if i.direction in priorities.WORSE and (s := statements.latest_of(area.id, i.id)) is not None
    ]
    newest = [s for s in newest if s.period == statements.latest(s.indicator.id, area.level)]
    groups = {"worse": ("A", "B"), "better": ("E", "D")}
    pack, rows = statements.pack, []
    shown: list[Statement] = []
    tested = [c for c in against_.compared(statements, newest, against, lang) if c.code in priorities.TESTED]
    placed = [(choropleth.deviation_code(c.statement, c.code), c) for c in tested]
    for name, codes in groups.items():
        own = [(code, c) for code, c in placed if code in codes]
        own.sort(key=lambda each: (codes.index(each[0]), each[1].statement.indicator.order, each[1].statement.indicator.id))
        if own:
            other = against_.name(against, pack, lang)
            rows += [Rows(t(f"report.standing_{name}", lang, other=other)), *(_standing_row(c, lang) for _, c in own)]
        shown += _figures(c for _, c in own)
    if not shown:
        return None
    columns = (*(t(f"column.{name}", lang) for name in ("title", "period", "value")), *_other_columns(against, pack, lang))
    return Table(
        t("report.standing_caption", lang, area=area.name, other=against_.name(against, pack, lang)),
        columns,
        tuple(rows),
        numeric=(1, 2, 3),
        wide=(0, 4),
        notes=(t("report.standing_note", lang), source_line(shown, lang)),
        rests_on=tuple(shown),
    )


def _standing_row(c: Compared, lang: str) -> tuple[str, ...]:
    s = c.statement
    return words.title(s.indicator, s.group, lang), words.period(s.period, lang), words.marked(s, lang), c.value, c.said


def _other_columns(against: str, pack, lang: str) -> tuple[str, str]:
    """Name the columns of what is compared with, and of how figures stand."""
    value = against_.name(against, pack, lang) if against else t("column.city_value", lang)
    return words.capital(value), against_.heading(against, pack, lang)


def _figures(compared: Iterable[Compared]) -> list[Statement]:
    """Return the figures that are set beside each other, each area's own before those of others."""
    told = list(compared)
    return [*(c.statement for c in told), *(c.other for c in told if c.other is not None)]


def known_indicators(statements: Statements, area: Area, theme: str | None = None) -> list[Indicator]:
    """Return the indicators that have any figure for an area in their default group, in order of display."""
    return [
        i
        for i in statements.pack.indicators.values()
        if (theme is None or i.theme == theme) and i.id != AGES and statements.periods_of(area.id, i.id)
    ]


def telling(statements: Statements, area: Area) -> list[Indicator]:
    """Return the indicators of an area that sum up the city, or have a better and a worse end."""
    headline = statements.pack.info.headline
    known = known_indicators(statements, area)
    return [i for i in known if i.id in headline or i.direction is not Direction.NONE]


def key_figures(
    statements: Statements,
    area: Area,
    indicators: Iterable[Indicator],
    lang: str,
    *,
    columns: Sequence[str] = ON_PAPER,
    against: str = "",
) -> Table:
    """Set out the newest figure of each indicator under its theme: value, number, year, city, how it stands.

    `against` is an area or earlier years, which then stand in the city's place.
    """
    pack = statements.pack
    newest = [s for i in indicators if (s := statements.latest_of(area.id, i.id)) is not None]
    compared = against_.compared(statements, newest, against, lang)
    oldest = int(pack.info.version[:4]) - OLD_YEARS
    beside = bool(against) or area.id != pack.info.city
    names = [name for name in columns if beside or name not in ("city_value", "comparison")]
    told = [(c.statement, _key_row(c, names, lang)) for c in compared]
    rows: list = []
    for theme in Theme:
        found = [row for s, row in told if s.indicator.theme == theme and int(s.period[:4]) >= oldest]
        rows += [Rows(t(f"theme.{theme}", lang)), *found] if found else []
    old = [row for s, row in told if int(s.period[:4]) < oldest]
    rows += [Rows(t("area.old_figures", lang, year=oldest)), *old] if old else []
    headings = {name: t(f"column.{name}", lang) for name in names}
    headings |= dict(zip(("city_value", "comparison"), _other_columns(against, pack, lang), strict=True)) if beside else {}
    notes = [against_.rule(against, pack, lang) if against else t("area.key_note", lang)] if beside else []
    shown = _figures(compared)
    return Table(
        t("area.key_figures_of", lang, area=area.name),
        tuple(headings[name] for name in names),
        tuple(rows),
        numeric=tuple(n for n, name in enumerate(names) if name not in ("title", "comparison")),
        wide=(0, len(names) - 1) if names[-1] == "comparison" else (0,),
        notes=(*notes, source_line(shown, lang)),
        rests_on=tuple(shown),
    )


def without_figures(statements: Statements, area: Area, indicators: Iterable[Indicator], lang: str) -> Paragraph | None:
    """Name the indicators that nothing can be said of in an area; None where there is none."""
    titles = [i.title.get(lang) for i in indicators if statements.latest_of(area.id, i.id) is None]
    return Paragraph(t("report.without_figures", lang, titles="; ".join(titles))) if titles else None


def _key_row(c: Compared, names: Sequence[str], lang: str) -> tuple[str, ...]:
    s, indicator = c.statement, c.statement.indicator
    cells = {
        "title": words.title(indicator, s.group, lang),
        "value": words.marked(s, lang),
        "interval": words.interval(s, lang),
        "numerator_people": words.count(s.numerator, lang) if indicator.kind in (Kind.SHARE, Kind.RATE) else "",
        "period": words.period(s.period, lang),
        "city_value": c.value,
        "comparison": c.said,
    }
    return tuple(cells[name] for name in names)


def move(
    statements: Statements,
    areas: Sequence[Area],
    indicator: Indicator,
    pen: Pen,
    *,
    events: Sequence[Initiative] = (),
    beside: Sequence[Area] = (),
) -> Figure | None:
    """Draw an indicator over time for one to six areas beside the city, and those `beside`; None with less than two years."""
    pack = statements.pack
    drawn_areas = [a for a in (*areas, *beside) if a.id != pack.info.city]
    named = [(a.name, statements.series(a.id, indicator.id)) for a in drawn_areas]
    city = statements.series(pack.info.city, indicator.id)
    if named and indicator.kind is Kind.COUNT:
        city = ()
    lines = [*named, *([(t("chart.city", pen.lang), city)] if city else [])]
    known = [s for _, line in lines for segment in line for s in segment.points if s.value is not None]
    if len({s.period for s in known}) < 2:
        return None
    around = caption(
        words.title(indicator, indicator.default_group, pen.lang),
        _takeaway(indicator, lines, pen.lang),
        known,
        pen,
        demonstration=pack.info.demonstration,
    )
    drawn = pen.draw(
        lambda setting: trend(named, city, around, setting, events=events, height=_height(setting.width)),
        "trend", indicator.id, *(a.id for a in (*areas, *beside)),
    )  # fmt: skip
    moved = [movement.of(statements, a.id, indicator.id) for a in areas] if len(areas) == 1 else []
    said = " ".join(text for m in moved if m is not None for text in movement.sentences(m, pen.lang)[:2])
    return framed(drawn, around, said=said, chart=_chart(lines, known, indicator, pen.width), rests_on=tuple(known))


def _takeaway(indicator: Indicator, lines: Sequence[tuple[str, Sequence[Segment]]], lang: str) -> str:
    """Say the first and the last figure of the newest unbroken part of each line."""
    said = []
    for name, line in lines:
        known = [p for p in line[-1].points if p.value is not None] if line else []
        if known:
            ends = [f"{words.period(p.period, lang)} {words.figure(p, lang)}" for p in dict.fromkeys((known[0], known[-1]))]
            said.append(f"{name} {', '.join(ends)}")
    return f"{words.title(indicator, indicator.default_group, lang)}: {'; '.join(said)}."


def _height(width: float) -> float:
    """Return how high the plot of a chart over time is."""
    return max(LOW, min(TALL, HIGH * width))


def _chart(lines: Sequence[tuple[str, Sequence[Segment]]], known: Sequence[Statement], indicator: Indicator, width: float) -> Chart:
    """Return the numbers of lines over time: a series for each unbroken part, so that no line crosses a break."""
    periods = sorted({p.period for _, line in lines for segment in line for p in segment.points})
    series = []
    for name, line in lines:
        for number, segment in enumerate(line):
            values = {p.period: p.value for p in segment.points}
            label = name if number == len(line) - 1 else f"{name} (–{segment.points[-1].period})"
            series.append(Series(label, tuple(values.get(period) for period in periods)))
    steps = marks(known, _height(width))
    return Chart("line", tuple(periods), tuple(series), tuple(steps), indicator.decimals, indicator.short_unit)


def ages(statements: Statements, area: Area, pen: Pen) -> Figure | None:
    """Draw an area's ages by sex with the city's; None where a figure is missing."""
    pack, lang = statements.pack, pen.lang
    indicator = pack.indicators.get(AGES)
    period = statements.latest(AGES, group=indicator.groups[0].id) if indicator else None
    women, men = pyramid_shares(statements, area.id, period) if period else ({}, {})
    if not women:
        return None
    city = pyramid_shares(statements, pack.info.city, period) if area.id != pack.info.city else ({}, {})
    shown = [s for g in indicator.groups if (s := statements.get(area.id, AGES, period, g.id)) is not None]
    around = Caption(
        t("area.ages", lang, period=words.period(period, lang)),
        t("area.ages_alt", lang, area=area.name),
        source=source_line(shown, lang),
        demonstration=pack.info.demonstration,
    )
    outline = (list(city[0].values()), list(city[1].values())) if city[0] else None
    names = tuple(age.replace("-", "–") for age in women)
    shares = (list(women.values()), list(men.values()))
    drawn = pen.draw(lambda setting: pyramid(names, *shares, around, setting, city=outline), "ages", area.id)
    sexes = ((t("chart.men", lang), men, city[1]), (t("chart.women", lang), women, city[0]))
    series = [Series(name, tuple(own.values())) for name, own, _ in sexes]
    whole = t("chart.city", lang)
    series += [Series(f"{whole}, {name.lower()}", tuple(each.values())) for name, _, each in sexes if each]
    chart = Chart("pyramid", names, tuple(series), tuple(age_marks([v for s in series for v in s.values])), 1, "%")
    return framed(drawn, around, width=0.5, chart=chart, rests_on=tuple(shown))


def pyramid_shares(statements: Statements, area: str, period: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return the shares of an area's inhabitants by age, women and men; empty where a figure is missing."""
    groups = statements.pack.indicators[AGES].groups
    found = {g.id: statements.get(area, AGES, period, g.id) for g in groups}
    if any(s is None or s.value is None for s in found.values()):
        return {}, {}
    everyone = sum(s.value for s in found.values()) or 1
    women, men = (
        {id_.split("|")[1]: 100 * s.value / everyone for id_, s in found.items() if id_.startswith(sex)}
        for sex in ("kvinna", "man")
    )
    return women, men


@lru_cache(maxsize=1024)
def initiatives_of(statements: Statements, area_id: str) -> tuple[Initiative, ...]:
    """Return the initiatives and events that name an area or a part of it; for the city, those of all of it."""
    pack = statements.pack
    area = pack.areas[area_id]
    if area.id == pack.info.city:
        found = [e for e in pack.initiatives if pack.info.city in e.areas]
    else:
        own = set(members_of(area, pack)) | {area.id}
        named = {a: {a, *members_of(pack.areas[a], pack)} for e in pack.initiatives for a in e.areas}
        found = [e for e in pack.initiatives if any(own & named[a] for a in e.areas if a != pack.info.city)]
    return tuple(sorted(found, key=lambda e: (e.start or "9999", e.id)))


def when(initiative: Initiative, lang: str) -> str:
    """Write when an initiative was: a date, or the first and the last."""
    start = initiative.start or t("area.year_unknown", lang)
    return f"{start}–{initiative.end}" if initiative.end and initiative.end != initiative.start else start


def initiatives(statements: Statements, area: Area, lang: str, most: int = 100) -> Table | None:
    """List the initiatives and events that name an area, the `most` newest; None where there are none."""
    found = initiatives_of(statements, area.id)
    rows = [
        (in_swedish(e.title, lang), t(f"initiative.{e.kind}", lang), words.dates(when(e, lang)), in_swedish(e.place, lang), in_swedish(e.source, lang))
        for e in found[-most:]
    ]
    names = ("initiative", "kind", "when", "where", "source")
    columns = tuple(t(f"column.{name}", lang) for name in names)
    notes = () if lang == "sv" else (t("area.in_swedish", lang),)
    notes += (t("report.more_initiatives", lang, number=len(found) - most),) if len(found) > most else ()
    caption_ = t("area.initiatives", lang)
    return Table(caption_, columns, tuple(rows), wide=(0,), notes=notes) if rows else None


def police(statements: Statements, area: Area, lang: str) -> Table | None:
    """Set out what the police's list has said about an area, every edition; None where it never was near a border."""
    pack = statements.pack
    own = set(members_of(area, pack)) | {area.id}
    ids = {e.id for edition in pack.police for e in edition.entries if own & set(e.overlap)}
    if area.level is Level.KOMMUN or not ids:
        return None
    rows = [row for id_ in sorted(ids) for row in _police_rows(id_, own, pack, lang)]
    columns = tuple(t(f"column.{c}", lang) for c in ("edition", "police_area", "category", "what", "overlap"))
    return Table(t("area.police", lang), columns, tuple(rows), wide=(3, 4), notes=(t("police.caution", lang),))


def _police_rows(id_: str, own: set[str], pack, lang: str) -> list[tuple[str, ...]]:
    """Return a row per edition for one of the police's areas, seen from the area that consists of `own`."""
    rows = []
    for edition in pack.police:
        entry = next((e for e in edition.entries if e.id == id_), None)
        if entry is None:
            rows.append((edition.edition, "–", t("police.not_listed", lang), "", ""))
            continue
        inside = ((pack.areas[r].name, share) for r, share in entry.overlap.items() if r in own)
        shares = [f"{name} {words.with_unit(words.number(100 * share, 0, lang), '%')}" for name, share in inside]
        place = ", ".join(shares) or t("police.outside" if edition.borders else "police.no_border", lang)
        rows.append((edition.edition, entry.area, t(f"police.{entry.category}", lang), entry.change.get(lang) if entry.change else "", place))
    return rows
