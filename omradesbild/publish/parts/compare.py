"""Areas side by side: the same measure and the same year in every row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from omradesbild import words
from omradesbild.analyse.compose import members_of
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area, Indicator, Level
from omradesbild.pack import Pack
from omradesbild.publish.document import Table
from omradesbild.publish.parts import against as against_
from omradesbild.publish.parts.area import AGES
from omradesbild.publish.parts.pen import source_line
from omradesbild.words import t


def shared_indicators(statements: Statements, areas: Sequence[Area], theme: str | None = None) -> list[Indicator]:
    """Return the indicators (of a theme) for which at least one of the areas has a figure."""
    return [
        i
        for i in statements.pack.indicators.values()
        if (theme is None or i.theme == theme)
        and i.id != AGES
        and any(statements.periods_of(a.id, i.id, i.default_group) for a in areas if a.level is not Level.KOMMUN)
    ]


def common_period(statements: Statements, indicator: Indicator, areas: Sequence[Area]) -> str:
    """Return the newest period that most of the areas have a figure for."""
    count: dict[str, int] = {}
    for area in areas:
        for period in statements.periods_of(area.id, indicator.id, indicator.default_group):
            count[period] = count.get(period, 0) + 1
    return max(count, key=lambda period: (count[period], period))


def side_by_side(
    statements: Statements, areas: Sequence[Area], indicators: Iterable[Indicator], caption: str, lang: str, against: str = ""
) -> Table | None:
    """Set out indicators as rows, the city and the areas as columns, a row all of the same year; None without rows.

    Each cell has the figure with its marks and how it stands against the rest of the city, an area, or earlier years.
    """
    pack = statements.pack
    names = [a.name for a in areas if a.id != pack.info.city]
    ids = [pack.info.city, *(a.id for a in areas if a.id != pack.info.city)]
    rows, shown = [], []
    for indicator in indicators:
        period = common_period(statements, indicator, areas)
        line = [statements.get(a, indicator.id, period) for a in ids]
        figures = [s for s in line if s is not None]
        said = dict(zip(map(id, figures), against_.said(statements, figures, against, lang), strict=True))
        title = words.title(indicator, indicator.default_group, lang)
        cells = ["-" if s is None else "\n".join(filter(None, [words.marked(s, lang), said[id(s)]])) for s in line]
        rows.append((title, words.period(period, lang), *cells))
        shown += figures
    if not rows:
        return None
    columns = (t("column.title", lang), t("column.period", lang), pack.areas[pack.info.city].name, *names)
    return Table(
        caption,
        columns,
        tuple(rows),
        numeric=tuple(range(1, len(columns))),
        wide=(0,),
        notes=(source_line(shown, lang),),
        rests_on=tuple(shown),
    )


def overlaps(areas: Sequence[Area], pack: Pack, label, lang: str) -> list[str]:
    """Tell which of the areas share ground, so that nobody adds them up; `label` names an area."""
    grounds = [(label(a), set(members_of(a, pack)) or {a.id}) for a in areas if a.level is not Level.KOMMUN]
    return [
        t("compare.overlap", lang, one=one, other=other)
        for (one, ground), (other, other_ground) in combinations(grounds, 2)
        if ground & other_ground
    ]
