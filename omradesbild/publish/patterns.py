"""Maps of statistics over areas: where figures lie together, and which areas segregation comes from.

Each class has a mark of its own besides its colour, and stands in words in the legend.
"""

from __future__ import annotations

from collections.abc import Mapping

from omradesbild import words
from omradesbild.analyse.across import Across
from omradesbild.analyse.local_moran import CODES, Pattern
from omradesbild.analyse.segregation import Segregation, Uneven
from omradesbild.analyse.statements import Statements
from omradesbild.model import Direction
from omradesbild.publish import style
from omradesbild.publish.choropleth import TURNED, sources_of
from omradesbild.publish.picture import Legend, Picture
from omradesbild.words import t

#: Areas that are named as those that most of the segregation comes from.
MOST = 10
MARKS = {"hh": "▲", "ll": "▼", "hl": "△", "lh": "▽"}
#: Deviation class of each pattern where lower is the worse; turned round where higher is.
CLASSES = {"hh": "E", "ll": "A", "hl": "D", "lh": "B", "none": "C"}
OVER, UNDER, OTHER = "E", "A", "C"


def pattern_map(statements: Statements, found: Pattern, lang: str = "sv") -> Picture:
    """Return the map of which areas stand out together with their neighbours."""
    indicator = statements.pack.indicators[found.across.indicator]
    turned = indicator.direction is Direction.LOWER_BETTER
    classes = {code: TURNED.get(c, c) if turned else c for code, c in CLASSES.items()}
    codes = found.found.code.to_dict()
    present = [code for code in CODES if code in codes.values()]
    labels = {code: f"{MARKS.get(code, '')} {t(f'pattern.{code}', lang)}".strip() for code in present}
    return _picture(
        statements,
        found.across,
        lang,
        title=t("pattern.map", lang, title=_title(statements, found.across, lang)),
        unit=t("pattern.unit", lang),
        summary=says(found, lang),
        classes={area: classes[code] for area, code in codes.items()},
        remarks={area: t(f"pattern.{code}", lang) for area, code in codes.items()},
        legend=Legend("".join(classes[code] for code in present), tuple(labels.values())),
        marks={area: MARKS[code] for area, code in codes.items() if code in MARKS},
    )


def says(found: Pattern, lang: str = "sv") -> str:
    """Say how many areas stand out and how."""
    counts = found.found.code.value_counts()
    told = [
        t("pattern.number", lang, number=int(counts[code]), pattern=t(f"pattern.{code}", lang))
        for code in CODES[:-1]
        if code in counts
    ]
    return t("pattern.says", lang, listing=words.listing(told, lang)) if told else t("pattern.nothing", lang)


def contribution_map(statements: Statements, found: Uneven, lang: str = "sv") -> Picture:
    """Return the map of the areas that most of the segregation comes from."""
    result = found.segregation
    named = set(largest(result))
    sides = {a: (OVER if result.excess[a] > 0 else UNDER) if a in named else OTHER for a in result.group.index}
    marks = {OVER: "+", UNDER: words.MINUS}
    labels = {
        OVER: f"+ {t('segregation.over', lang)}",
        UNDER: f"{words.MINUS} {t('segregation.under', lang)}",
        OTHER: t("segregation.other", lang, most=MOST),
    }
    part = words.with_unit(words.number(100 * sum(result.contribution[a] for a in named), 0, lang), "%")
    return _picture(
        statements,
        found.across,
        lang,
        title=t("segregation.map", lang, title=_title(statements, found.across, lang)),
        unit=t("segregation.map_unit", lang),
        summary=t("segregation.map_says", lang, most=len(named), part=part),
        classes=sides,
        remarks={
            a: t("segregation.part", lang, part=words.with_unit(words.number(100 * share, 1, lang), "%"))
            for a, share in result.contribution.items()
        },
        legend=Legend("".join(labels), tuple(labels.values())),
        marks={a: marks[side] for a, side in sides.items() if side in marks},
    )


def largest(found: Segregation) -> list[str]:
    """Return the areas that most of D comes from, the largest part first; none where all areas are alike."""
    parts = found.contribution[found.contribution > 0]
    return list(parts.sort_index().sort_values(ascending=False, kind="stable").index[:MOST])


def _title(statements: Statements, across: Across, lang: str) -> str:
    indicator = statements.pack.indicators[across.indicator]
    return f"{words.title(indicator, across.group, lang)}, {words.period(across.period, lang)}"


def _picture(
    statements: Statements, across: Across, lang: str, classes: Mapping, remarks: Mapping, **more: object
) -> Picture:
    """Return a picture of the areas of a statistic; those that are not part of it say why."""
    pack = statements.pack
    shown = {a: statements.get(a, across.indicator, across.period, across.group) for a in pack.areas}
    base = {a: s for a, s in shown.items() if pack.areas[a].level == pack.info.base_level}
    absent = {a: style.SUPPRESSED for a in across.hidden} | {a: style.NOT_REPORTED for a in across.missing}
    return Picture(
        classes={**absent, **classes},
        texts={a: words.figure(s, lang) if s else "" for a, s in base.items()},
        remarks={a: words.missing_words(base[a], lang) if base[a] else t("flag.not_reported", lang) for a in absent}
        | dict(remarks),
        source=words.source_text(sources_of(base.values()), lang, processed=True),
        attribution=" · ".join(pack.info.attributions),
        demonstration=pack.info.demonstration,
        lang=lang,
        **more,
    )
