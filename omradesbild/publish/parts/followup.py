"""The follow-up of an initiative in words: what is compared, what it shows, and what it does not. It never says why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from omradesbild import words
from omradesbild.analyse import followup, matching, synthetic
from omradesbild.analyse.followup import FollowUp, Refusal, Row, Study
from omradesbild.analyse.statements import COMPARABLE, Statement, Statements
from omradesbild.analyse.synthetic import Synthetic
from omradesbild.model import ADDABLE_KINDS, Indicator, Initiative
from omradesbild.pack import Pack
from omradesbild.publish.document import Table, in_swedish
from omradesbild.publish.parts.area import when
from omradesbild.publish.parts.pen import source_line
from omradesbild.words import t

#: Refusals that hold whatever the measure.
ALWAYS = ("not_acting", "no_start", "no_place", "whole_city")


@lru_cache(maxsize=4096)
def study(statements: Statements, initiative: Initiative, indicator: str, group: str) -> Study | Refusal:
    """Gather what can be compared; see `followup.study`."""
    return followup.study(statements, initiative, indicator, group)


@lru_cache(maxsize=256)
def compared(statements: Statements, found: Study) -> FollowUp | Refusal:
    """Compare before and after, beside the areas most alike."""
    return followup.table(found, matching.matched(statements, found).areas)


@lru_cache(maxsize=256)
def assessed(found: Study) -> Synthetic | Refusal:
    """Put the synthetic control beside a study."""
    return synthetic.assess(found)


@lru_cache(maxsize=64)
def states(statements: Statements, initiative: Initiative) -> dict[str, Refusal | None]:
    """Return for every measure that areas can be compared in why it cannot be followed, or None where it can."""
    several = len(initiative.areas) > 1
    return {
        i.id: found if isinstance(found := study(statements, initiative, i.id, i.default_group), Refusal) else None
        for i in statements.pack.indicators.values()
        if i.kind in COMPARABLE and (not several or i.kind in ADDABLE_KINDS)
    }


def facts(initiative: Initiative, pack: Pack, lang: str) -> tuple[tuple[str, str], ...]:
    """Return what the register says about an initiative, labels with values."""
    goals = {goal.id: goal.title.get(lang) for goal in pack.goals}
    areas = words.listing([pack.areas[a].name for a in initiative.areas], lang)
    told = {name: in_swedish(value, lang) for name, value in initiative if isinstance(value, str)}
    rows = (
        ("what", told["event"]),
        ("kind", t(f"initiative.{initiative.kind}", lang)),
        ("when", words.dates(when(initiative, lang))),
        ("where", told["place"]),
        ("areas", areas or t("register.no_place", lang)),
        ("actors", told.get("actors") or t("register.unknown", lang)),
        ("decision", told.get("decision") or t("register.no_decision", lang)),
        ("goals", ", ".join(goals.get(g, g) for g in initiative.goals) or t("register.no_goal", lang)),
        ("uncertain", told.get("uncertain", "")),
        ("note", told.get("note", "")),
        ("source", told["source"]),
    )
    return tuple((t(f"fact.{name}", lang), value) for name, value in rows if value)


def before_after(found: FollowUp, statements: Statements, lang: str) -> Table:
    """Set out means before and after, where the initiative is and where there is none."""
    study_, indicator = found.study, found.study.indicator
    before = [p for p, early in zip(study_.periods, study_.before, strict=True) if early]
    after = [p for p, early in zip(study_.periods, study_.before, strict=True) if not early]
    rows = [
        (
            t(f"followup.who_{row.who}", lang),
            str(len(row.areas) or ""),
            number(row.before, indicator, lang),
            number(row.after, indicator, lang),
            number(row.change, indicator, lang, sign=True),
        )
        for row in found.rows
    ]
    columns = (
        t("followup.compared", lang),
        t("followup.areas", lang),
        t("followup.before", lang, years=span(before)),
        t("followup.after", lang, years=span(after)),
        t("followup.change", lang),
    )
    title = words.title(indicator, study_.group, lang)
    caption = t("followup.table_of", lang, measure=title, unit=indicator.unit.get(lang))
    shown = tuple(figures(study_, statements))
    years = t("followup.years", lang, years=each_year(study_.years))
    notes = (f"{source_line(shown, lang)} {years}",)
    return Table(caption, columns, tuple(rows), numeric=(1, 2, 3, 4), wide=(0,), notes=notes, rests_on=shown)


def warnings(found: FollowUp, measures: int, pack: Pack, lang: str) -> list[str]:
    """Say what else could explain a difference, and what to beware of."""
    return [*(t(f"followup.warn_{w}", lang) for w in found.warnings), *others(found.study, measures, pack, lang)]


def synthetic_facts(said: Synthetic, pack: Pack, lang: str) -> list[str]:
    """Say how far the area parted from its synthetic control, how that was tested, and what would be needed."""
    indicator = said.study.indicator
    unit = words.difference_unit(indicator, lang)

    def write(value: float, sign: bool = False) -> str:
        return words.with_unit(number(value, indicator, lang, sign=sign), unit)

    limits = {"low": write(said.low, True), "high": write(said.high, True)}
    found = [
        t("followup.effect", lang, effect=write(said.effect, True), usual=write(said.usual), **limits),
        t("followup.fit", lang, before=write(said.fit.before), after=write(said.fit.after)),
        _in_space(said, pack, lang),
        _in_time(said, lang),
    ]
    needed = [t(f"followup.needed_{code}", lang, amount=_amount(code, value, write)) for code, value in said.needed]
    return [*found, *needed]


def course(said: Synthetic, statements: Statements, lang: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the columns and the rows of the years beside the synthetic control."""
    indicator, found = said.study.indicator, said.study
    low, high = synthetic.band(said)
    flags = {s.period: s.flag for s in figures(found, statements)}
    rows = [
        (
            words.period(period, lang),
            number(own, indicator, lang) + (f" {flags[period]}" if flags.get(period) else ""),
            number(control, indicator, lang),
            number(own - control, indicator, lang, sign=True),
            f"{number(least, indicator, lang)}–{number(most, indicator, lang)}",
        )
        for period, own, control, least, most in zip(
            found.periods, found.treated, said.control, low, high, strict=True
        )
    ]
    names = ("who_treated", "control", "gap", "expected")
    return (t("column.period", lang), *(t(f"followup.{n}", lang) for n in names)), rows


def by_year(found: Study, compared_: FollowUp, statements: Statements, lang: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the columns and the rows of the years that there are, where they are too few for a synthetic control."""
    indicator = found.indicator
    flags = {s.period: s.flag for s in figures(found, statements)}
    rows = [
        (
            words.period(period, lang),
            number(own, indicator, lang) + (f" {flags[period]}" if flags.get(period) else ""),
            *others_,
        )
        for period, own, others_ in zip(found.periods, found.treated, means(found, compared_.rows, lang), strict=True)
    ]
    return (t("column.period", lang), *(t(f"followup.who_{row.who}", lang) for row in compared_.rows)), rows


def left_out(found: Study, pack: Pack, lang: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the columns and the rows of which areas are compared with and which are left out, by reason."""
    lists = [("donors", found.donors), *found.left_out.items()]
    rows = [
        (t(f"followup.areas_{reason}", lang), str(len(ids)), ", ".join(pack.areas[a].name for a in ids) or "–")
        for reason, ids in lists
    ]
    return (t("followup.group", lang), t("followup.areas", lang), t("followup.names", lang)), rows


def refused(refusal: Refusal, lang: str) -> str:
    """Say why nothing can be said, with the years or areas that would be needed."""
    if refusal.code.startswith("too_few") and refusal.code != "too_few_donors":
        before, after = refusal.have
        need_before, need_after = refusal.needed
        needed = {"need_before": need_before, "need_after": need_after, "missing": each_year(refusal.missing) or "–"}
        needed["known"] = each_year(refusal.known)
        return t("followup.refused_years", lang, before=before, after=after, **needed)
    if refusal.code == "too_few_donors":
        return t("followup.refused_too_few_donors", lang, have=refusal.have[0], needed=refusal.needed[0])
    return t(f"followup.refused_{refusal.code}", lang)


def difference_text(compared: FollowUp, lang: str) -> str:
    """Say how much the changes differ, and whether areas without an initiative go apart as much."""
    indicator = compared.study.indicator
    unit = words.difference_unit(indicator, lang)

    def write(value: float) -> str:
        return words.with_unit(number(value, indicator, lang, sign=True), unit)

    said = t(f"followup.difference_{compared.compared}", lang, difference=write(compared.difference))
    if compared.low is None:
        return said
    limits = t("followup.limits", lang, low=write(compared.low), high=write(compared.high))
    inside = compared.low <= 0 <= compared.high
    small = abs(compared.difference) < indicator.minimum_difference
    verdict = "within" if inside else "small" if small else "apart"
    return f"{said} {limits} {t(f'followup.table_{verdict}', lang)}"


def number(value: float, indicator: Indicator, lang: str, *, sign: bool = False) -> str:
    """Write a figure with the indicator's decimals."""
    return words.number(value, indicator.decimals, lang, sign=sign)


def span(periods: Sequence[str]) -> str:
    """Write years as a span: 2015–2019."""
    return periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"


def matched_text(matched: matching.Matched, pack: Pack, lang: str) -> str:
    """Name the areas that are held beside, and in what they are alike."""
    in_what = [f"{pack.indicators[i].title.get(lang).lower()} ({p})" for i, p in matched.periods.items()]
    said = t(
        "followup.matched",
        lang,
        areas=words.listing([pack.areas[a].name for a in matched.areas], lang),
        variables=words.listing(in_what, lang),
    )
    late = [pack.indicators[i].title.get(lang).lower() for i in matched.late]
    return said + (" " + t("followup.late", lang, variables=words.listing(late, lang)) if late else "")


def others(found: Study, measures: int, pack: Pack, lang: str) -> list[str]:
    """Return what the reader must hold against this study besides: other initiatives here, other measures there are."""
    titles = {i.id: i.title for i in pack.initiatives}
    here = [titles[i] for i in found.also_here]
    said = [t("followup.also_named", lang, names=words.listing(here, lang))] if here else []
    return [*said, t("followup.many_measures", lang, number=measures)] if measures > 1 else said


def _amount(code: str, value: float, write) -> str:
    return str(int(value)) if code in ("earlier_cause", "years_before") else write(value)


def _in_space(said: Synthetic, pack: Pack, lang: str) -> str:
    areas = pack.areas
    names = [areas[a].name for a in said.as_large]
    share = {"count": len(names), "of": len(said.study.donors)}
    if not names:
        return t("followup.space_none", lang, of=share["of"])
    shown = words.listing(names, lang) if len(names) <= 8 else words.listing([*names[:7], "…"], lang)
    return t("followup.space", lang, names=shown, **share)


def _in_time(said: Synthetic, lang: str) -> str:
    if said.backdated is None:
        return t("followup.time_none", lang)
    code = "moved" if said.backdated.p <= synthetic.CLEAR else "still"
    share = words.number(100 * said.backdated.p, 0, lang)
    return t(f"followup.time_{code}", lang, start=said.backdated.start, share=share)


def means(found: Study, rows: Sequence[Row], lang: str) -> list[list[str]]:
    """Return for each year the figures of those compared with, in the order of `rows`."""
    each = []
    for row in rows[1:]:
        columns = [found.donors.index(a) for a in row.areas]
        each.append(found.untreated[:, columns].mean(axis=1) if columns else found.city)
    return [[number(values[n], found.indicator, lang) for values in each] for n in range(len(found.periods))]


def figures(found: Study, statements: Statements) -> list[Statement]:
    """Return the figures of the initiative's areas in the years of a study, for their flags and sources."""
    ids = found.initiative.areas if len(found.initiative.areas) == 1 else found.areas
    each = (statements.get(a, found.indicator.id, p, found.group) for p in found.periods for a in ids)
    return [s for s in each if s is not None]


def each_year(years: Sequence[int]) -> str:
    """Write years, those that follow one another as a span: 2010–2012, 2014."""
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)
