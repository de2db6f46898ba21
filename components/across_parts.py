"""What the statistics over areas share on their page: refusals, areas left out, and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import streamlit as st

from components.engine import engine
from components.state import lang
from components.tables import Html, markup
from omradesbild import words
from omradesbild.analyse.across import Across, Refusal
from omradesbild.analyse.gaps import Estimate
from omradesbild.model import Indicator
from omradesbild.words import t


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
            paragraph(t(f"across.{code}", lang(), number=len(areas), names=names(areas)), "ob-note")
    if found.estimated:
        paragraph(t("across.estimated", lang()), "ob-note")


def names(areas: Iterable[str]) -> str:
    """Write the names of areas as in a sentence."""
    return words.listing(sorted(engine().pack.areas[a].name for a in areas), lang())


def how(steps: Sequence[str], used: Iterable[Across | str]) -> None:
    """Show how a statistic was computed, folded, and name the sources of its figures.

    `used` are the figures that went in, and ids of other indicators.
    """
    statements = engine().statements
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
    indicator = engine().pack.indicators[found.indicator]
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
    named = words.title(engine().pack.indicators[found.indicator], found.group, lang())
    return f"{named}, {words.period(found.period, lang())}"


def amount(value: float, indicator: Indicator, *, difference: bool = False) -> str:
    """Write a number in the indicator's unit, or as a difference in it."""
    if math.isnan(value):
        return "–"
    unit = words.difference_unit(indicator, lang()) if difference else indicator.short_unit
    return words.with_unit(words.number(value, indicator.decimals, lang()), unit)


def between(low: float, high: float, decimals: int) -> str:
    """Write an interval: "4,4 till 5,6"; empty where there is none."""
    if math.isnan(low) or math.isnan(high):
        return ""
    limits = {"low": words.number(low, decimals, lang()), "high": words.number(high, decimals, lang())}
    return t("across.between", lang(), **limits)


def with_interval(text: str, estimate: Estimate, decimals: int, form: str = "{} ({})") -> str:
    """Write a number and its interval, where it has one, as `form` says."""
    span = between(estimate.low, estimate.high, decimals)
    return form.format(text, span) if span else text


def cell(text: str, low: float, high: float, decimals: int) -> Html | str:
    """Write a number with its interval below it, for a table."""
    span = between(low, high, decimals)
    return Html(f'{markup(text)}<br><span class="ob-compared">{markup(span)}</span>') if span else text


def moved(low: float, high: float, still: float = 0.0) -> str:
    """Return whether something grew, shrank or did neither clearly; `still` is where it has not changed."""
    if math.isnan(low) or math.isnan(high):
        return "untested"
    return "grew" if low > still else "shrank" if high < still else "unclear"


