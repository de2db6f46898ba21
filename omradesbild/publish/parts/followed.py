"""An initiative followed up, as blocks: before and after, beside areas alike and a synthetic control, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omradesbild import words
from omradesbild.analyse import matching, synthetic
from omradesbild.analyse.followup import FollowUp, Refusal, Study
from omradesbild.analyse.statements import Statements
from omradesbild.model import Initiative
from omradesbild.publish.document import Block, Chart, Figure, Heading, Items, Paragraph, Series, Table
from omradesbild.publish.figures.course import Way, course, marks
from omradesbild.publish.parts import followup as parts
from omradesbild.publish.parts.pen import Pen, caption, framed
from omradesbild.words import t

#: So many measures are followed where none is asked for.
MEASURES = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """The comparisons, and which measures can be followed at all and why the others cannot."""

    compared: tuple[Block, ...]
    measures: tuple[Block, ...] = ()


def follow(statements: Statements, initiative: Initiative, pen: Pen, indicators: Sequence[str] = ()) -> Followed:
    """Follow an initiative up in some measures; without any, in the first that can be followed, its own goals' first."""
    lang, states = pen.lang, parts.states(statements, initiative)
    heading = Heading(t("followup.title", lang))
    never = next((r for r in states.values() if r is not None and r.code in parts.ALWAYS), None)
    if never is not None:
        return Followed((heading, Paragraph(parts.refused(never, lang))))
    able = [i for i, refusal in states.items() if refusal is None]
    chosen = indicators or _first(statements.pack, initiative, able)
    blocks = [heading, Paragraph(t("followup.intro" if able else "followup.nothing", lang))]
    for id_ in chosen:
        blocks += _measure(statements, initiative, id_, pen)
    blocks += _cautions(statements, initiative, chosen, len(able), lang)
    return Followed(tuple(blocks), tuple(_states(statements, states, lang)))


def _first(pack, initiative: Initiative, followed: list[str]) -> list[str]:
    """Choose the measures of the initiative's own goals first."""
    goals = {i for goal in pack.goals if goal.id in initiative.goals for i in goal.indicators}
    return sorted(followed, key=lambda i: i not in goals)[:MEASURES]


def _measure(statements: Statements, initiative: Initiative, id_: str, pen: Pen) -> list[Block]:
    pack, lang = statements.pack, pen.lang
    indicator = pack.indicators[id_]
    heading = Heading(words.title(indicator, indicator.default_group, lang), 2)
    found = parts.study(statements, initiative, id_, indicator.default_group)
    compared = found if isinstance(found, Refusal) else parts.compared(statements, found)
    if isinstance(compared, Refusal):
        return [heading, Paragraph(parts.refused(compared, lang))]
    matched = matching.matched(statements, found)
    alike = [Paragraph(parts.matched_text(matched, pack, lang), note=True)] if matched.areas else []
    return [
        heading,
        parts.before_after(compared, statements, lang),
        Paragraph(parts.difference_text(compared, lang)),
        *alike,
        *_beside(statements, found, compared, pen),
    ]


def _cautions(statements: Statements, initiative: Initiative, ids: Sequence[str], measures: int, lang: str) -> list[Block]:
    """Say what else could explain differences, for all measures together."""
    pack = statements.pack
    studies = [parts.study(statements, initiative, i, pack.indicators[i].default_group) for i in ids]
    found = [parts.compared(statements, each) for each in studies if isinstance(each, Study)]
    said = [w for each in found if isinstance(each, FollowUp) for w in parts.warnings(each, measures, pack, lang)]
    return [Heading(t("followup.cautions", lang), 2), Items(tuple(dict.fromkeys(said)))] if said else []


def _beside(statements: Statements, found: Study, compared: FollowUp, pen: Pen) -> list[Block]:
    """Set the synthetic control beside, or say why there is none and which years are missing."""
    lang = pen.lang
    said = parts.assessed(found)
    source = parts.before_after(compared, statements, lang).notes
    shown = tuple(parts.figures(found, statements))
    title = words.title(found.indicator, found.group, lang)
    heading = Heading(t("followup.synthetic", lang), 3)
    if isinstance(said, Refusal):
        columns, rows = parts.by_year(found, compared, statements, lang)
        years = Table(f"{title}: {t('followup.by_year', lang)}", columns, tuple(rows), tuple(range(1, len(columns))), notes=source, rests_on=shown)
        return [heading, Paragraph(t("followup.no_synthetic", lang, why=parts.refused(said, lang))), years]
    columns, rows = parts.course(said, statements, lang)
    years = Table(f"{title}: {t('followup.by_year', lang)}", columns, tuple(rows), (1, 2, 3, 4), notes=source, rests_on=shown)
    return [
        heading,
        Paragraph(t(f"followup.verdict_{said.verdict}", lang)),
        _picture(statements, said, pen),
        Paragraph(t("followup.band", lang), note=True),
        Items(tuple(parts.synthetic_facts(said, statements.pack, lang))),
        years,
    ]


def _picture(statements: Statements, said: synthetic.Synthetic, pen: Pen) -> Figure:
    found, indicator, lang = said.study, said.study.indicator, pen.lang
    own = Way(t("followup.line_own", lang), found.treated.tolist())
    other = Way(t("followup.line_control", lang), said.control.tolist())
    title = words.title(indicator, found.group, lang)
    ends = {
        name: parts.number(way.values[-1], indicator, lang) for name, way in (("own", own), ("control", other))
    }
    alt = t("followup.alt", lang, measure=title, last=found.years[-1], **ends)
    shown = parts.figures(found, statements)
    around = caption(title, alt, shown, pen, demonstration=statements.pack.info.demonstration)
    band = tuple(side.tolist() for side in synthetic.band(said))
    drawn = pen.draw(
        lambda setting: course(found.years, own, other, found.start, indicator, around, setting, band=band),
        "course", indicator.id,
    )  # fmt: skip
    series = tuple(Series(way.name, tuple(way.values)) for way in (own, other))
    steps = tuple(marks(own, other, band))
    chart = Chart("line", found.periods, series, steps, indicator.decimals, indicator.short_unit)
    return framed(drawn, around, chart=chart, rests_on=tuple(shown))


def _states(statements: Statements, states: dict[str, Refusal | None], lang: str) -> list[Block]:
    """List which measures can be followed, and for the others why not, those with the same reason together."""
    indicators = statements.pack.indicators
    groups: dict[str, list[str]] = {}
    for i, refusal in sorted(states.items(), key=lambda each: each[1] is not None):
        said = t("followup.can", lang) if refusal is None else parts.refused(refusal, lang)
        groups.setdefault(said, []).append(indicators[i].title.get(lang))
    rows = tuple((said, str(len(titles)), ", ".join(titles)) for said, titles in groups.items())
    columns = (t("followup.state", lang), t("report.number", lang), t("column.title", lang))
    number = sum(r is None for r in states.values())
    heading = t("followup.measures_count", lang, number=number, all=len(states))
    return [Heading(heading), Table(heading, columns, rows, numeric=(1,), wide=(0, 2))]
