"""Where and when initiatives are: a map of how many name each basic area, and places on a line of time."""

from __future__ import annotations

from collections.abc import Sequence

from omradesbild.analyse.compose import members_of
from omradesbild.model import Initiative
from omradesbild.publish.picture import Legend, Picture
from omradesbild.words import listing, t

#: Class character → the fewest initiatives in it.
STEPS = (("0", 0), ("1", 1), ("2", 2), ("4", 4))


def picture(pack, initiatives: Sequence[Initiative], lang: str = "sv", chosen: Sequence[str] = ()) -> Picture:
    """Return the map of the basic areas that initiatives name, themselves or through an area they belong to.

    What concerns the whole city, or no known place, is not on it; the summary says how many that are.
    """
    named: dict[str, list[str]] = {}
    for initiative in initiatives:
        parts = {p for a in initiative.areas if a != pack.info.city for p in members_of(pack.areas[a], pack) or (a,)}
        for part in parts:
            named.setdefault(part, []).append(initiative.title)
    base = [a.id for a in pack.areas.values() if a.level == pack.info.base_level]
    elsewhere = sum(not i.areas or pack.info.city in i.areas for i in initiatives)
    said = [t("register.map_summary", lang, areas=len(named))]
    if elsewhere:
        said.append(t("register.map_elsewhere", lang, elsewhere=elsewhere))
    legend = Legend("".join(code for code, _ in STEPS), tuple(t(f"register.class_{n}", lang) for _, n in STEPS))
    return Picture(
        title=t("register.map", lang),
        unit=t("register.map_unit", lang),
        summary=" ".join(said),
        classes={a: [code for code, least in STEPS if len(named.get(a, ())) >= least][-1] for a in base},
        texts={a: str(len(named.get(a, ()))) for a in base},
        remarks={a: listing(named[a], lang) for a in base if a in named},
        legend=legend,
        source="",
        attribution=" · ".join(pack.info.attributions),
        chosen=tuple(chosen),
        demonstration=pack.info.demonstration,
        lang=lang,
    )


def extent(initiative: Initiative, first: int, last: int, ongoing: bool) -> tuple[float, float]:
    """Return where an initiative begins and ends, in per cent of the years from `first` to the end of `last`.

    A year alone is all of it, a month all of that; what is `ongoing` goes on to the right edge.
    """
    span = last + 1 - first

    def across(date: str, late: bool) -> float:
        year, month, day = int(date[:4]), int(date[5:7] or (12 if late else 1)), int(date[8:10] or (31 if late else 1))
        return 100 * (year - first + (month - 1 + (day - 1 + late) / 31) / 12) / span

    begins = across(initiative.start, late=False)
    return begins, 100.0 if ongoing else across(initiative.end or initiative.start, late=True)
