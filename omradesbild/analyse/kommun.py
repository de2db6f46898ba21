"""One kommun of a country by itself: its areas, compared with the kommun as if there were nothing else.

The figures are those of the country, which have passed the gate together with every kommun's sums
(`statements.build`). Nothing that is hidden there is shown here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from omradesbild.analyse.compose import KEY, NUMBERS
from omradesbild.analyse.figured import with_figures
from omradesbild.analyse.flags import to_bits
from omradesbild.analyse.statements import Statements, described
from omradesbild.model import Area, PoliceEdition, PublishedList, Text, Whole
from omradesbild.pack import renamed, within

_COLUMNS = ["area", "level", *KEY, *NUMBERS, "source", "composed", "reason", "bits"]


def alone(statements: Statements, kommun: str) -> Statements:
    """Return the statements of one of a country's kommuner.

    Parameters
    ----------
    statements : Statements
        Those of the country.
    kommun : str
        An id among ``pack.kommuner``.
    """
    pack = only(statements.whole, kommun)
    rows = statements.frame[statements.frame["area"].isin(pack.kommuner[kommun].members).to_numpy()]
    whole = statements.kommuner[(statements.kommuner["area"] == kommun).to_numpy()]
    rows = rows.assign(bits=to_bits(rows["flag"]))[_COLUMNS]
    names = {"area": pd.CategoricalDtype(list(pack.areas)), "indicator": pd.CategoricalDtype(list(pack.indicators))}
    frame = pd.concat([part.astype(dict.fromkeys(names, "str")) for part in (whole[_COLUMNS], rows)], ignore_index=True).astype(names)
    frame, pack = with_figures(frame, pack)
    frame = frame.sort_values(["indicator", "group", "period", "area"], ignore_index=True)
    return Statements(pack, described(frame, pack))


def together(statements: Statements) -> Statements:
    """Return a country's statements with those of its kommuner among them, as areas of the country; other packs' as they are."""
    if not statements.pack.kommuner:
        return statements
    pack = replace(statements.whole, areas=dict(statements.pack.areas) | dict(statements.pack.kommuner))
    parts = [statements.frame, described(statements.kommuner, pack)]
    for name, order in (("area", pack.areas), ("indicator", pack.indicators)):
        parts[0] = parts[0].assign(**{name: parts[0][name].cat.set_categories(list(order))})
    columns = {
        name: union_categoricals([part[name] for part in parts])
        if isinstance(column.dtype, pd.CategoricalDtype)
        else np.concatenate([part[name] for part in parts])
        for name, column in parts[0].items()
    }
    frame = pd.DataFrame(columns)
    order = np.lexsort([frame[name].cat.codes for name in ("area", "period", "group", "indicator")])
    return Statements(pack, frame.iloc[order].reset_index(drop=True))


def only(pack, kommun: str):
    """Return a country's pack with nothing but one kommun in it, which is its whole."""
    chosen = pack.kommuner[kommun]
    whole = chosen.model_copy(update={"members": ()})
    inside = {a.id: a for a in pack.areas.values() if a.id in chosen.members}
    title = Text(sv=f"Områdesbild {chosen.name}")
    info = pack.info.model_copy(update={"city": kommun, "whole": Whole.KOMMUN, "title": title, "places": ()})
    features = [f for f in pack.boundaries["features"] if f["properties"]["id"] in inside]
    names = {id_: area.name.removesuffix(within(chosen)) for id_, area in inside.items()}
    boundaries, inside = renamed(pack.boundaries | {"features": features}, inside, names)
    return replace(
        pack,
        info=info,
        areas={kommun: whole} | inside,
        boundaries=boundaries,
        breaks=_about(pack.breaks, pack.info.city, chosen),
        initiatives=_about(pack.initiatives, pack.info.city, chosen),
        police=tuple(_edition(edition, chosen) for edition in pack.police),
        priorities=tuple(found for found in (_list(p, chosen) for p in pack.priorities) if found.chosen.entries),
    )


def _about(listed: tuple, country: str, kommun: Area) -> tuple:
    """Return breaks or initiatives that name no area, or one of the kommun's; what is for the country is for the kommun."""
    found = []
    for each in listed:
        areas = tuple(kommun.id if a == country else a for a in each.areas if a == country or a in kommun.members)
        if areas or not each.areas:
            found.append(each.model_copy(update={"areas": areas}))
    return tuple(found)


def _edition(edition: PoliceEdition, kommun: Area) -> PoliceEdition:
    """Return an edition of the police's list with the areas that lie in the kommun, as far as borders are known."""
    inside = [({a: share for a, share in e.overlap.items() if a in kommun.members}, e) for e in edition.entries]
    entries = tuple(e.model_copy(update={"overlap": overlap}) for overlap, e in inside if overlap)
    return edition.model_copy(update={"entries": entries})


def _list(published: PublishedList, kommun: Area) -> PublishedList:
    entries = tuple(e for e in published.chosen.entries if e.area in kommun.members)
    return published.model_copy(update={"chosen": published.chosen.model_copy(update={"entries": entries})})
