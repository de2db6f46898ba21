"""Where high and low figures lie together: a sentence, a map, a table and how it was computed."""

from __future__ import annotations

import streamlit as st

from components import across_parts, maps, tables
from components.across_parts import paragraph
from components.engine import shared
from components.state import lang
from omradesbild import words
from omradesbild.analyse import local_moran
from omradesbild.analyse.across import Refusal
from omradesbild.analyse.local_moran import CODES, Pattern
from omradesbild.link import View
from omradesbild.publish.patterns import MARKS, pattern_map, says
from omradesbild.words import t


def show(view: View) -> None:
    """Show which areas stand out together with their neighbours."""
    loaded = shared()
    st.header(t("pattern.title", lang()), anchor=False)
    found = local_moran.of(loaded.statements, view.indicator, view.period, view.group)
    if isinstance(found, Refusal):
        across_parts.refused(found)
        return
    drawn = pattern_map(loaded.statements, found, lang())
    paragraph(f"{across_parts.title(found.across)}: {says(found, lang())}")
    maps.area_map("pattern", drawn, shapes=loaded.shapes, url=loaded.shapes_url)
    _table(found)
    islands = sorted(found.neighbours.by_distance & set(found.across.numerator.index))
    if islands:
        told = {"names": across_parts.names(islands), "nearest": found.neighbours.nearest}
        paragraph(t("pattern.islands", lang(), **told), "ob-note")
    across_parts.left_out(found.across)
    paragraph(t("pattern.not_said", lang()), "ob-note")
    numbers = {"permutations": words.number(found.found.permutations, 0, lang())}
    steps = [across_parts.counted(found.across)]
    steps += [t(f"pattern.how_{p}", lang()) for p in ("shrink", "neighbours")]
    steps += [t("pattern.how_chance", lang(), **numbers), *_chances(found), t("pattern.how_fdr", lang())]
    across_parts.how(steps, (found.across,))


def _chances(found: Pattern) -> list[str]:
    """Say how often chance alone makes each area that stands out stand out as much."""
    result, areas = found.found, shared().pack.areas
    standing = sorted(result.code.index[result.code != CODES[-1]], key=lambda a: areas[a].name)
    each = [f"{areas[a].name} {words.number(result.adjusted_p[a], 3, lang())}" for a in standing]
    return [t("pattern.how_p", lang(), listing="; ".join(each))] if each else []


def _table(found: Pattern) -> None:
    """List the areas that stand out, group by group, with what was compared."""
    result, indicator = found.found, shared().pack.indicators[found.across.indicator]
    rows: list = []
    for code in CODES[:-1]:
        own = result.code.index[result.code == code]
        if len(own):
            rows.append(tables.Section(f"{MARKS[code]} {t(f'pattern.{code}', lang())}"))
        for area in sorted(own, key=lambda a: shared().pack.areas[a].name):
            near = [found.shrunk.value.get(n) for n in found.neighbours.of[area]]
            known = [v for v in near if v is not None and v == v]
            raw = found.across.numerator[area] / found.across.denominator[area]
            rows.append(
                [
                    shared().pack.areas[area].name,
                    across_parts.amount(indicator.factor * raw, indicator),
                    across_parts.amount(indicator.factor * found.shrunk.value[area], indicator),
                    across_parts.amount(indicator.factor * sum(known) / len(known), indicator),
                ]
            )
    if rows:
        columns = [t(f"column.{c}", lang()) for c in ("area_name", "value", "smoothed", "neighbours")]
        across_parts.table(t("pattern.table", lang()), columns, rows, range(1, 4))
