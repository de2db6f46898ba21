"""The city's own index as rows of a file: everything needed to compute it again stands on every row."""

from __future__ import annotations

from omradesbild import words
from omradesbild.analyse.city_index import Choice, CityIndex
from omradesbild.analyse.statements import Statements
from omradesbild.publish.tables import version_of
from omradesbild.words import t


def title_of(id_: str, found: CityIndex, lang: str = "sv") -> str:
    """Return the title of one of an index's indicators."""
    return words.title(_choice(id_, found).indicator, _choice(id_, found).indicator.default_group, lang)


def _choice(id_: str, found: CityIndex) -> Choice:
    return next(choice for choice in found.choices if choice.indicator.id == id_)


def weight_text(found: CityIndex, lang: str = "sv") -> str:
    """Write which indicators an index has, of which year, with which part of the weight."""
    return "; ".join(
        f"{title_of(c.indicator.id, found, lang)} {words.period(c.period, lang)}: "
        + words.with_unit(words.number(100 * found.index.weights[c.indicator.id], 1, lang), "%")
        for c in found.choices
    )


def method(statements: Statements, found: CityIndex, lang: str = "sv") -> str:
    """Say how an index was computed, with its weights, draws and seed."""
    draws = words.number(found.index.draws, 0, lang)
    return t("index.method", lang, weights=weight_text(found, lang), draws=draws, seed=statements.pack.index.seed)


def source(statements: Statements, found: CityIndex, lang: str = "sv") -> str:
    """Name the sources of an index's figures."""
    sources = {s.id: s for c in found.choices for s in statements.sources(c.indicator.id)}
    return words.source_text(sources.values(), lang, processed=True)


def rows(statements: Statements, found: CityIndex, lang: str = "sv") -> list[dict[str, object]]:
    """Return a row per area, the highest index first and those that are left out last, keyed by heading.

    A number that an area does not have is None, never 0.
    """
    pack, result = statements.pack, found.index
    told = {
        t("index.column_weights", lang): weight_text(found, lang),
        t("index.column_seed", lang): float(pack.index.seed),
        t("index.column_method", lang): method(statements, found, lang),
        t("column.source", lang): source(statements, found, lang),
        t("column.version", lang): version_of(pack, lang),
    }
    table = []
    for area in [*found.order, *found.lacking]:
        lacking = [title_of(i, found, lang) for i in found.lacking.get(area, ())]
        row = {
            t("column.area", lang): area,
            t("column.area_name", lang): pack.areas[area].name,
            t("column.level", lang): words.level(pack.areas[area].level, lang),
            t("index.column_index", lang): _number(result.value[area]),
            t("column.place", lang): _number(result.rank[area]),
            t("index.column_rank_low", lang): _number(result.rank_low[area]),
            t("index.column_rank_high", lang): _number(result.rank_high[area]),
            t("index.column_band", lang): t(f"index.band_{found.band[area]}", lang, worst=result.worst)
            if area in found.band
            else t("index.lacks", lang, titles=words.listing(lacking, lang)),
            t("index.column_among", lang, worst=result.worst): _number(100 * result.among_worst[area]),
        }
        for choice in found.choices:
            name = title_of(choice.indicator.id, found, lang)
            row[t("index.column_part", lang, title=name)] = _number(result.contributions.at[area, choice.indicator.id])
        table.append(row | told)
    return table


def _number(value: float) -> float | None:
    return None if value != value else float(value)
