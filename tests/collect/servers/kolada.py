"""Kolada's interface of version 3: data in pages, at most 25 ids in a list."""

from __future__ import annotations

from servers.local import Reply, Request, as_json, problem


class Kolada:
    """Figures: (kpi, municipality, year) → a number, None where it is missing."""

    def __init__(self, figures: dict[tuple[str, str, int], float | None], prefix: str = "/v3") -> None:
        self.figures, self.prefix = figures, prefix

    def __call__(self, request: Request) -> Reply | None:
        if not request.path.startswith(self.prefix + "/"):
            return None
        match request.path.removeprefix(self.prefix + "/").split("/"):
            case ["data", "municipality", places, "kpi", kpis]:
                return self._data(request, kpis.split(","), places.split(","), None)
            case ["data", "kpi", kpis, "municipality", places]:
                return self._data(request, kpis.split(","), places.split(","), None)
            case ["data", "kpi", kpis, "year", years]:
                return self._data(request, kpis.split(","), None, years.split(","))
        return problem(404, "Not Found")

    def _data(self, request: Request, kpis: list[str], places: list[str] | None, years: list[str] | None) -> Reply:
        if max(len(kpis), len(places or ()), len(years or ())) > 25:
            return problem(400, "Too many ids")
        rows = []
        for (kpi, place, year), value in sorted(self.figures.items()):
            if kpi in kpis and (places is None or place in places) and (years is None or str(year) in years):
                by_sex = [{"gender": g, "count": 1, "status": "", "value": value, "isdeleted": False} for g in "TKM"]
                by_sex[1]["value"] = by_sex[2]["value"] = -1  # must not be taken for the whole
                rows.append({"kpi": kpi, "municipality": place, "period": year, "values": by_sex})
        size, number = min(int(request.first("per_page", "100")), 5000), int(request.first("page", "1"))
        page = rows[(number - 1) * size : number * size]
        more = number * size < len(rows)
        # the next page is said to be elsewhere: nobody should go there
        following = f"http://elsewhere.invalid{request.path}?page={number + 1}" if more else None
        return as_json({"count": len(page), "values": page, "next_url": following, "previous_url": None})
