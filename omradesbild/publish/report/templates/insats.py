"""Insatsuppföljning: what an initiative is, before and after, and whether its area parted from others. Never why."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild import words
from omradesbild.analyse import matching, synthetic
from omradesbild.analyse.followup import FollowUp, Refusal, Study
from omradesbild.analyse.statements import Statements
from omradesbild.model import Initiative
from omradesbild.publish.document import (
    Block,
    Chart,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Paragraph,
    Series,
    Table,
)
from omradesbild.publish.figures.course import Way, course
from omradesbild.publish.house import House
from omradesbild.publish.parts import followup as parts
from omradesbild.publish.parts.pen import Pen, caption, framed
from omradesbild.publish.report.frame import about, comment
from omradesbild.publish.report.frame import framed as report
from omradesbild.publish.report.order import Order
from omradesbild.words import t

SECTIONS = ("insatsen", "fore-efter", "jamforelse", "om")
#: So many measures are followed where none is asked for.
MEASURES = 3


def document(statements: Statements, order: Order, house: House) -> Document:
    """Follow an initiative up."""
    pack, lang = statements.pack, order.lang
    initiative = next(i for i in pack.initiatives if i.id == order.initiative)
    blocks: list[Block] = [Heading(t("report.register", lang)), Facts(parts.facts(initiative, pack, lang))]
    blocks += [Paragraph(t("area.in_swedish", lang), note=True)] if lang != "sv" else []
    blocks += comment(order, "insatsen")
    states = parts.states(statements, initiative)
    never = next((r for r in states.values() if r is not None and r.code in parts.ALWAYS), None)
    blocks.append(Heading(t("followup.title", lang)))
    if never is not None:
        blocks.append(Paragraph(parts.refused(never, lang)))
    else:
        followed = [i for i, refusal in states.items() if refusal is None]
        blocks.append(Paragraph(t("followup.intro" if followed else "followup.nothing", lang)))
        chosen = order.indicators or _first(pack, initiative, followed)
        for id_ in chosen:
            blocks += _measure(statements, initiative, id_, lang)
        blocks += _cautions(statements, initiative, chosen, len(followed), lang)
        blocks += [*comment(order, "fore-efter"), *_states(statements, states, lang), *comment(order, "jamforelse")]
    blocks += [*about(statements, lang), *comment(order, "om")]
    kind = t(f"initiative.{initiative.kind}", lang)
    return report(statements, order, house, initiative.title, f"{t('report.followup', lang)}: {kind}", blocks, "insatser")


def _first(pack, initiative: Initiative, followed: list[str]) -> list[str]:
    """Choose the measures of the initiative's own goals first."""
    goals = {i for goal in pack.goals if goal.id in initiative.goals for i in goal.indicators}
    return sorted(followed, key=lambda i: i not in goals)[:MEASURES]


def _measure(statements: Statements, initiative: Initiative, id_: str, lang: str) -> list[Block]:
    pack = statements.pack
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
        *_beside(statements, found, compared, lang),
    ]


def _cautions(statements: Statements, initiative: Initiative, ids: Sequence[str], measures: int, lang: str) -> list[Block]:
    """Say what else could explain differences, for all measures together."""
    pack = statements.pack
    studies = [parts.study(statements, initiative, i, pack.indicators[i].default_group) for i in ids]
    found = [parts.compared(statements, each) for each in studies if isinstance(each, Study)]
    said = [w for each in found if isinstance(each, FollowUp) for w in parts.warnings(each, measures, pack, lang)]
    return [Heading(t("followup.cautions", lang), 2), Items(tuple(dict.fromkeys(said)))] if said else []


def _beside(statements: Statements, found: Study, compared: FollowUp, lang: str) -> list[Block]:
    """Set the synthetic control beside, or say why there is none and which years are missing."""
    said = parts.assessed(found)
    source = parts.before_after(compared, statements, lang).notes
    shown = tuple(parts.figures(found, statements))
    heading = Heading(t("followup.synthetic", lang), 3)
    if isinstance(said, Refusal):
        columns, rows = parts.by_year(found, compared, statements, lang)
        years = Table(t("followup.by_year", lang), columns, tuple(rows), tuple(range(1, len(columns))), notes=source, rests_on=shown)
        return [heading, Paragraph(t("followup.no_synthetic", lang, why=parts.refused(said, lang))), years]
    columns, rows = parts.course(said, statements, lang)
    years = Table(t("followup.by_year", lang), columns, tuple(rows), (1, 2, 3, 4), notes=source, rests_on=shown)
    return [
        heading,
        Paragraph(t(f"followup.verdict_{said.verdict}", lang)),
        _picture(statements, said, lang),
        Paragraph(t("followup.band", lang), note=True),
        Items(tuple(parts.synthetic_facts(said, statements.pack, lang))),
        years,
    ]


def _picture(statements: Statements, said: synthetic.Synthetic, lang: str) -> Figure:
    found, indicator = said.study, said.study.indicator
    pen = Pen(lang)
    own = Way(t("followup.line_own", lang), found.treated.tolist())
    other = Way(t("followup.line_control", lang), said.control.tolist())
    title = words.title(indicator, found.group, lang)
    ends = {
        name: parts.number(way.values[-1], indicator, lang) for name, way in (("own", own), ("control", other))
    }
    alt = t("followup.alt", lang, measure=title, last=found.years[-1], **ends)
    shown = parts.figures(found, statements)
    around = caption(title, alt, shown, pen, demonstration=statements.pack.info.demonstration)
    setting = pen.setting("course", indicator.id)
    band = tuple(side.tolist() for side in synthetic.band(said))
    drawn = course(found.years, own, other, found.start, indicator, around, setting, band=band)
    series = tuple(Series(way.name, tuple(way.values)) for way in (own, other))
    chart = Chart("line", found.periods, series, indicator.decimals, indicator.short_unit)
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
    return [Heading(heading), Table(heading, columns, rows, numeric=(1,), wide=(2,))]
