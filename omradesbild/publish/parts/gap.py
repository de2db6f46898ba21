"""The gap between areas in words, as a picture and as a table: the fifths at both ends, year by year."""

from __future__ import annotations

import math
from collections.abc import Sequence

from omradesbild import words
from omradesbild.analyse.across import Across
from omradesbild.analyse.gaps import Estimate, Gap, Run, over_time
from omradesbild.analyse.statements import Statements
from omradesbild.model import Direction, Indicator
from omradesbild.publish.document import Block, Paragraph, Table
from omradesbild.publish.figures.gap import Pair, gap
from omradesbild.publish.figures.sheet import Amount, Caption
from omradesbild.publish.parts.pen import Pen, framed
from omradesbild.words import t


def between_areas(statements: Statements, indicator: Indicator, pen: Pen) -> list[Block]:
    """Say how far apart the fifths of the city are in the newest year, and show it year by year; nothing where unknown."""
    runs = over_time(statements, indicator.id)
    if not runs:
        return []
    pack, lang = statements.pack, pen.lang
    newest = runs[-1].points[-1]
    same = newest.ordering_period[:4] == newest.across.period[:4]
    year = {"ordering": _ordering(newest, pack, lang), "year": words.period(newest.ordering_period, lang)}
    ordered = t("gap.ordered" if same else "gap.ordered_nearest", lang, period=words.period(newest.across.period, lang), **year)
    plain = [Paragraph(t("gap.plain", lang), note=True)] if indicator.direction is Direction.NONE else []
    table = _table(statements, runs, indicator, lang)
    blocks: list[Block] = [Paragraph(sentence(newest, indicator, pack, lang)), *plain, Paragraph(ordered, note=True)]
    if sum(len(run.points) for run in runs) > 1:
        title = words.title(indicator, newest.across.group, lang)
        around = Caption(title, table.caption, indicator.unit.get(lang), table.notes[0], demonstration=pack.info.demonstration)
        pairs = [_pair(point, indicator, lang) for run in runs for point in run.points]
        names = ends(newest, pack, lang)
        drawn = pen.draw(
            lambda setting: gap(pairs, names, around, setting, unit=indicator.short_unit), "gap", indicator.id
        )
        blocks.append(framed(drawn, around))
    return [*blocks, table]


def _pair(point: Gap, indicator: Indicator, lang: str) -> Pair:
    best, worst = (_amount(e, indicator, lang) for e in (point.gaps.best, point.gaps.worst))
    difference = words.number(point.gaps.difference.value, indicator.decimals, lang, sign=True)
    return Pair(point.across.period, best, worst, difference)


def _amount(e: Estimate, indicator: Indicator, lang: str) -> Amount:
    limits = (None, None) if math.isnan(e.low) or math.isnan(e.high) else (e.low, e.high)
    return Amount(e.value, amount(e.value, indicator, lang), *limits)


def _table(statements: Statements, runs: Sequence[Run], indicator: Indicator, lang: str) -> Table:
    pack, newest = statements.pack, runs[-1].points[-1]
    title, ordering = words.title(indicator, newest.across.group, lang), _ordering(newest, pack, lang)
    rows = []
    for point in (point for run in runs[::-1] for point in run.points[::-1]):
        g = point.gaps
        cells = [_cell(amount(e.value, indicator, lang), e, indicator.decimals, lang) for e in (g.best, g.worst)]
        apart = _cell(amount(g.difference.value, indicator, lang, difference=True), g.difference, indicator.decimals, lang)
        ratio = _cell(times(g.ratio.value, lang), g.ratio, ratio_decimals(g.ratio.value), lang)
        rows.append((words.period(point.across.period, lang), *cells, apart, ratio))
    columns = (t("column.period", lang), *heads(newest, pack, lang), t("column.fifths_apart", lang), t("column.ratio", lang))
    sources = {s.id: s for used in (indicator.id, newest.ordering) for s in statements.sources(used)}
    source = words.source_text(sources.values(), lang, processed=True)
    caption = t("gap.table", lang, title=title, ordering=ordering)
    return Table(caption, columns, tuple(rows), numeric=(1, 2, 3, 4), notes=(source,))


def _cell(text: str, e: Estimate, decimals: int, lang: str) -> str:
    return "\n".join(filter(None, [text, between(e.low, e.high, decimals, lang)]))


def sentence(found: Gap, indicator: Indicator, pack, lang: str) -> str:
    """Say what the fifths' figures are, how far apart, and whether that is clear."""
    g = found.gaps
    ratio = t("gap.no_ratio", lang)
    if not math.isnan(g.ratio.value):
        ratio = with_interval(times(g.ratio.value, lang), g.ratio, ratio_decimals(g.ratio.value), lang)
    said = t(
        "gap.says",
        lang,
        title=titled(found.across, pack, lang),
        ordering=_ordering(found, pack, lang),
        best=amount(g.best.value, indicator, lang),
        worst=amount(g.worst.value, indicator, lang),
        ends=t(f"gap.ends_{_direction(found, pack)}", lang, ordering=_ordering(found, pack, lang)),
        difference=with_interval(
            amount(g.difference.value, indicator, lang, difference=True), g.difference, indicator.decimals, lang
        ),
        ratio=ratio,
    )
    unclear = g.difference.low <= 0 <= g.difference.high
    return f"{said} {t('gap.unclear', lang)}" if unclear else said


def ends(found: Gap, pack, lang: str) -> tuple[str, str]:
    """Name the best-off and the worst-off fifth by what orders them, and by nothing else."""
    best, worst = (t(f"gap.fifth_{side}", lang, ordering=_ordering(found, pack, lang)) for side in _sides(found, pack))
    return best, worst


def heads(found: Gap, pack, lang: str) -> tuple[str, str]:
    """Head the columns of the best-off and the worst-off fifth, under a caption that says what orders them."""
    best, worst = (t(f"column.fifth_{side}", lang) for side in _sides(found, pack))
    return best, worst


def _sides(found: Gap, pack) -> tuple[str, str]:
    return ("highest", "lowest") if _direction(found, pack) == "higher" else ("lowest", "highest")


def _direction(found: Gap, pack) -> str:
    return "higher" if pack.indicators[found.ordering].direction is Direction.HIGHER_BETTER else "lower"


def _ordering(found: Gap, pack, lang: str) -> str:
    return pack.indicators[found.ordering].title.get(lang)


def titled(found: Across, pack, lang: str) -> str:
    """Write what the figures are and their year."""
    named = words.title(pack.indicators[found.indicator], found.group, lang)
    return f"{named}, {words.period(found.period, lang)}"


def times(ratio: float, lang: str) -> str:
    """Write how many times larger: "2,4 gånger"."""
    if math.isnan(ratio):
        return "–"
    return t("gap.times", lang, ratio=words.number(ratio, ratio_decimals(ratio), lang))


def ratio_decimals(ratio: float) -> int:
    """Return how many decimals a ratio is written with."""
    return 1 if ratio >= 2 else 2


def amount(value: float, indicator: Indicator, lang: str, *, difference: bool = False) -> str:
    """Write a number in the indicator's unit, or as a difference in it."""
    if math.isnan(value):
        return "–"
    unit = words.difference_unit(indicator, lang) if difference else indicator.short_unit
    return words.with_unit(words.number(value, indicator.decimals, lang), unit)


def between(low: float, high: float, decimals: int, lang: str) -> str:
    """Write an interval: "4,4 till 5,6"; empty where there is none."""
    if math.isnan(low) or math.isnan(high):
        return ""
    return t("across.between", lang, low=words.number(low, decimals, lang), high=words.number(high, decimals, lang))


def with_interval(text: str, estimate: Estimate, decimals: int, lang: str, form: str = "{} ({})") -> str:
    """Write a number and its interval, where it has one, as `form` says."""
    span = between(estimate.low, estimate.high, decimals, lang)
    return form.format(text, span) if span else text
