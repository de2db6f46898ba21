"""The map of the city's own index, in the same form as every other map."""

from __future__ import annotations

from omradesbild.analyse.city_index import CityIndex
from omradesbild.analyse.classes import class_limits, classify
from omradesbild.analyse.statements import Statements
from omradesbild.publish import style
from omradesbild.publish.choropleth import interval_legend
from omradesbild.publish.index_table import source, title_of, weight_text
from omradesbild.publish.picture import Picture
from omradesbild.words import listing, number, t

DECIMALS = 2


def picture(statements: Statements, found: CityIndex, lang: str = "sv") -> Picture:
    """Return what the map of an index of the basic areas shows."""
    pack, result = statements.pack, found.index
    known = result.value.dropna().to_dict()
    limits = class_limits(list(known.values()))
    remarks = {
        area: t(f"index.band_{code}", lang, worst=result.worst)
        for area, code in found.band.items()
    }
    for area, lacking in found.lacking.items():
        names = listing([title_of(i, found, lang) for i in lacking], lang)
        remarks[area] = t("index.lacks", lang, titles=names)
    clear = [pack.areas[a].name for a in found.order if found.band[a] == "clear"]
    title = t("index.map_title", lang)
    takeaway = t("index.map_summary", lang, worst=result.worst, names=listing(clear, lang) or t("index.nobody", lang))
    return Picture(
        title=title,
        unit=t("index.map_unit", lang),
        summary=f"{title}. {takeaway}",
        classes={area: str(classify(value, limits)) for area, value in known.items()}
        | dict.fromkeys(found.lacking, style.NOT_APPLICABLE),
        texts={area: number(value, DECIMALS, lang) for area, value in known.items()},
        remarks=remarks,
        values=known,
        legend=interval_legend(limits, list(known.values()), lang),
        source=f"{source(statements, found, lang)} {weight_text(found, lang)}.",
        attribution=" · ".join(pack.info.attributions),
        demonstration=pack.info.demonstration,
        lang=lang,
    )
