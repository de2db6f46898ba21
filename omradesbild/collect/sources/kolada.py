"""Kolada: key figures of whole municipalities, by their interface of version 3.

A list in an address holds at most 25 ids, an answer at most 5 000 rows; further pages are asked for by number, at the same
address, whatever the answer says that the next one is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from pydantic import Field

from omradesbild.collect.client import Client, document
from omradesbild.collect.fault import CollectError
from omradesbild.collect.fetching import Fetching
from omradesbild.collect.plan import ALL, Address, Plan
from omradesbild.collect.readings import COLUMNS
from omradesbild.collect.source import Progress
from omradesbild.collect.store import Store
from omradesbild.model import Flag, Id, Period, Renewal, Source, Strict, Text

MOST_PAGES = 200


class Kpi(Strict):
    """A key figure: the variable that it becomes, and the entry of its source."""

    variable: str
    source: Id
    title: str


class Settings(Address):
    """The plan of Kolada."""

    per_page: int = Field(ge=1, le=5000)
    batch: int = Field(ge=1, le=25)
    first: Period
    cycle: Text
    renewal: Renewal
    kpis: Mapping[str, Kpi]


class Kolada:
    """Kolada's key figures of municipalities, both sexes together."""

    name = "kolada"

    def fetch(self, plan: Plan, store: Store, client: Client, progress: Progress, today: str) -> None:
        """Fetch every key figure of the kommun, or of all."""
        settings = plan.of(self.name, Settings)
        run = Fetching(self.name, settings, store, client, today)
        lists = self._lists(settings, plan)
        for done, (name, path) in enumerate(lists, start=1):
            number = 1
            while number:
                if number > MOST_PAGES:
                    remedy = "Källan räknar fel: försök igen senare"
                    raise CollectError(f"Kolada {path}", f"mer än {MOST_PAGES} sidor", "färre", remedy)
                query = {"page": str(number), "per_page": str(settings.per_page)}
                page = run.kept(_page(name, number), path, query, check=_values)
                number = number + 1 if _values(page.read(), str(page.path))[1] else 0
            progress.step(f"Kolada {name}", done, len(lists))

    def read(self, plan: Plan, store: Store) -> Iterator[pd.DataFrame]:
        """Return the readings of every list of key figures."""
        settings = plan.of(self.name, Settings)
        for name, _ in self._lists(settings, plan):
            frames, number, more = [], 1, True
            while more:
                page = store.need(self.name, _page(name, number))
                values, more = _values(page.read(), str(page.path))
                frames += _readings(values, settings, plan, str(page.path))
                number += 1
            yield pd.DataFrame(frames, columns=COLUMNS).astype({"value": float})

    def entries(self, plan: Plan, store: Store) -> Iterator[Source]:
        """Return a source for each key figure."""
        settings = plan.of(self.name, Settings)
        retrieved = min(
            store.need(self.name, _page(name, 1)).about.retrieved for name, _ in self._lists(settings, plan)
        )
        for id_, kpi in settings.kpis.items():
            yield Source(
                id=kpi.source, publisher=settings.publisher, title=f"{kpi.title} ({id_})", table=id_,
                url=f"https://www.kolada.se/verktyg/fri-sokning/?kpis={id_}", licence=settings.licence, attribution="Kolada",
                retrieved=retrieved[:10], cycle=settings.cycle, renewal=settings.renewal,
            )  # fmt: skip

    def _lists(self, settings: Settings, plan: Plan) -> list[tuple[str, str]]:
        """Return name and path of every list: some key figures of one kommun, or one key figure of all by year."""
        ids = list(settings.kpis)
        if plan.kommun == ALL:
            years = ",".join(str(int(settings.first) + n) for n in range(settings.batch))
            return [(f"{id_}.all", f"/data/kpi/{id_}/year/{years}") for id_ in ids]
        batches = [ids[at : at + settings.batch] for at in range(0, len(ids), settings.batch)]
        return [
            (f"{plan.kommun}.{n:02d}", f"/data/municipality/{plan.kommun}/kpi/{','.join(b)}")
            for n, b in enumerate(batches)
        ]


def _page(name: str, number: int) -> str:
    return f"{name}.{number:03d}"


def _values(content: bytes, place: str) -> tuple[list[dict], bool]:
    """Return the rows of a page, and whether there are more."""
    found = document(content, place)
    if not (isinstance(found, dict) and isinstance(found.get("values"), list)):
        raise CollectError(
            place,
            "JSON utan listan values",
            "ett svar från Kolada i version 3",
            "Se efter om gränssnittet har ändrats",
        )
    return found["values"], bool(found.get("next_url") or found.get("next_page"))


def _readings(values: list[dict], settings: Settings, plan: Plan, place: str) -> Iterator[dict]:
    for row in values:
        try:
            kpi = settings.kpis[row["kpi"]]
            area, period = str(row["municipality"]), str(row["period"])
            both = [v for v in row["values"] if v["gender"] == "T" and not v.get("isdeleted")]
            # a kommun's id is four digits; a region's begins with 00
            if (
                len(area) != 4
                or area.startswith("00")
                or not plan.covers(area)
                or period < settings.first
                or len(both) != 1
            ):
                continue
            value = both[0]["value"]
            number = float("nan") if value is None else float(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            expected = "kpi, municipality, period och values med gender och value"
            raise CollectError(
                place, f"raden {str(row)[:100]}", expected, "Se efter om gränssnittet har ändrats"
            ) from error
        yield {
            "area": area,
            "variable": kpi.variable,
            "period": period,
            "value": number,
            "flag": Flag.SUPPRESSED.value if value is None else "",
            "source": kpi.source,
        }
