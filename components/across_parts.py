"""What the statistics over areas share on their page: refusals, areas left out, and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import streamlit as st

from components import tables
from components.engine import shared
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse import gaps
from omradesbild.analyse.across import Across, Refusal
from omradesbild.analyse.gaps import Estimate
from omradesbild.analyse.segregation import Run, Uneven
from omradesbild.model import Indicator
from omradesbild.publish.parts import gap as gap_words
from omradesbild.words import t

#: More names than this are folded.
FEW = 6


def refused(refusal: Refusal) -> None:
    """Say why there is no statistic."""
    st.info(t(f"across.refused_{refusal.code}", lang()))


def paragraph(text: str, class_: str = "ob-lead") -> None:
    """Write a sentence about figures."""
    st.html(f'<p class="{class_}">{markup(text)}</p>')


def left_out(found: Across) -> None:
    """Name the areas that are not part of a statistic."""
    for code, areas in (("hidden", found.hidden), ("missing", found.missing)):
        if areas:
            named(t(f"across.{code}", lang(), number=len(areas)), areas)
    if found.estimated:
        paragraph(t("across.estimated", lang()), "ob-note")


def named(said: str, areas: Sequence[str]) -> None:
    """Say something about areas and name them; many are folded."""
    if len(areas) > FEW:
        folded = f"<summary>{markup(said)}.</summary><p>{markup(names(areas))}.</p>"
        st.html(f'<details class="ob-fold ob-note">{folded}</details>')
    else:
        paragraph(f"{said}: {names(areas)}.", "ob-note")


def apart(found: gaps.Gap | Uneven, runs: Sequence[gaps.Run | Run], number: int) -> bool:
    """Tell whether the chosen year rests on other areas, `number` of them, than its point over time does."""
    year = found.across.period
    return any(len(run.areas) < number for run in runs if any(p.across.period == year for p in run.points))


def section(run: gaps.Run | Run) -> tables.Section:
    """Return the heading of a run's rows: its years and how many areas they are about."""
    years = "–".join(dict.fromkeys(words.period(run.points[n].across.period, lang()) for n in (0, -1)))
    return tables.Section(t("across.run", lang(), years=years, number=len(run.areas)))


def names(areas: Iterable[str]) -> str:
    """Write the names of areas as in a sentence."""
    return words.listing(sorted(shared().pack.areas[a].name for a in areas), lang())


def how(steps: Sequence[str], used: Iterable[Across | str]) -> None:
    """Show how a statistic was computed, folded, and name the sources of its figures.

    `used` are the figures that went in, and ids of other indicators.
    """
    statements = shared().statements
    sources = {
        s.id: s
        for each in used
        for s in statements.sources(each if isinstance(each, str) else each.indicator)
    }
    items = "".join(f"<li>{markup(step)}</li>" for step in steps)
    source = markup(words.source_text(sources.values(), lang(), processed=True))
    st.html(
        f'<details class="ob-fold"><summary>{markup(t("across.how", lang()))}</summary><ul>{items}</ul></details>'
        f'<p class="ob-source">{source}</p>'
    )


def counted(found: Across) -> str:
    """Say what was divided by what, in how many areas."""
    indicator = shared().pack.indicators[found.indicator]
    return t(
        "across.counted",
        lang(),
        numerator=indicator.numerator.get(lang()),
        denominator=indicator.denominator.get(lang()),
        number=len(found.numerator),
        period=words.period(found.period, lang()),
    )


def title(found: Across) -> str:
    """Write what the figures are and their year."""
    return gap_words.titled(found, shared().pack, lang())


def amount(value: float, indicator: Indicator, *, difference: bool = False) -> str:
    """Write a number in the indicator's unit, or as a difference in it."""
    return gap_words.amount(value, indicator, lang(), difference=difference)


def between(low: float, high: float, decimals: int) -> str:
    """Write an interval: "4,4 till 5,6"; empty where there is none."""
    return gap_words.between(low, high, decimals, lang())


def with_interval(text: str, estimate: Estimate, decimals: int, form: str = "{} ({})") -> str:
    """Write a number and its interval, where it has one, as `form` says."""
    return gap_words.with_interval(text, estimate, decimals, lang(), form)


def cell(text: str, low: float, high: float, decimals: int) -> Html | str:
    """Write a number with its interval below it, for a table."""
    span = between(low, high, decimals)
    return Html(f'{markup(text)}<br><span class="ob-compared">{markup(span)}</span>') if span else text


def table(caption: str, columns: Sequence[str], rows: Iterable, numeric: Iterable[int]) -> None:
    """Show a table under a heading that is as wide as the page, not as the table."""
    st.html(f'<h3 class="ob-card-title">{markup(caption)}</h3>')
    tables.show(caption, columns, rows, numeric=tuple(numeric), caption_hidden=True)


def moved(low: float, high: float, still: float = 0.0) -> str:
    """Return whether something grew, shrank or did neither clearly; `still` is where it has not changed."""
    if math.isnan(low) or math.isnan(high):
        return "untested"
    return "grew" if low > still else "shrank" if high < still else "unclear"


