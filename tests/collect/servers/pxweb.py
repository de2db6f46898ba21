"""PxWebApi 2 as SCB runs it: configuration, tables, metadata, code lists, and data by GET and POST."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from servers.local import Reply, Request, as_json, problem

LONGEST_ADDRESS = 2100


@dataclass
class Table:
    """A table: dimension → code → label, and a cell for each combination: a number, or a mark such as ``..``."""

    id: str
    label: str
    dimensions: Mapping[str, Mapping[str, str]]
    cells: np.ndarray
    names: Mapping[str, str] = field(default_factory=dict)
    updated: str = "2026-03-24T07:00:00Z"
    notes: list[str] = field(default_factory=list)
    codelists: Mapping[str, list[str]] = field(default_factory=dict)
    sparse: bool = False

    def __post_init__(self) -> None:
        assert self.cells.shape == tuple(len(codes) for codes in self.dimensions.values())

    def described(self, chosen: Mapping[str, list[str]] | None = None) -> dict:
        chosen = chosen or {name: list(codes) for name, codes in self.dimensions.items()}
        dimension = {}
        for name, codes in chosen.items():
            extension = {"elimination": False, "show": "code_value"}
            if name == "Region":
                extension["codelists"] = [
                    {"id": id_, "label": id_, "type": "Valueset", "links": []} for id_ in self.codelists
                ]
            dimension[name] = {
                "label": self.names.get(name, name.lower()),
                "category": {
                    "index": {code: n for n, code in enumerate(codes)},
                    "label": {code: self.dimensions[name][code] for code in codes},
                },
                "extension": extension,
            }
        return {
            "version": "2.0",
            "class": "dataset",
            "label": self.label,
            "source": "SCB",
            "updated": self.updated,
            "note": self.notes,
            "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
            "id": list(chosen),
            "size": [len(codes) for codes in chosen.values()],
            "dimension": dimension,
            "extension": {"px": {"tableid": self.id, "decimals": 0}, "discontinued": False},
        }

    def data(self, chosen: Mapping[str, list[str]]) -> dict:
        at = np.ix_(*[[list(self.dimensions[name]).index(code) for code in codes] for name, codes in chosen.items()])
        cells = self.cells[at].ravel()
        status = {str(n): cell for n, cell in enumerate(cells) if isinstance(cell, str)}
        value: list | dict = [None if isinstance(cell, str) else _plain(cell) for cell in cells]
        if self.sparse:
            value = {str(n): cell for n, cell in enumerate(value) if cell is not None}
        return self.described(chosen) | {"value": value} | ({"status": status} if status else {})


def _plain(cell):
    return cell if isinstance(cell, int) else int(cell) if float(cell).is_integer() else float(cell)


class PxWeb:
    """The interface, over some tables."""

    def __init__(
        self, *tables: Table, prefix: str = "/api/v2", max_cells: int = 150_000, calls: int = 30, window: int = 10
    ) -> None:
        self.tables = {table.id: table for table in tables}
        self.prefix, self.max_cells, self.calls, self.window = prefix, max_cells, calls, window
        self.largest = 0

    def __call__(self, request: Request) -> Reply | None:
        if not request.path.startswith(self.prefix + "/"):
            return None
        match request.path.removeprefix(self.prefix).strip("/").split("/"):
            case ["config"]:
                return as_json(self._config())
            case ["tables"]:
                return as_json(self._page(request))
            case ["tables", id_] if id_ in self.tables:
                return as_json(self._entry(self.tables[id_]))
            case ["tables", id_, "metadata"] if id_ in self.tables:
                return as_json(self.tables[id_].described())
            case ["tables", id_, "data"] if id_ in self.tables:
                return self._data(request, self.tables[id_])
            case ["codelists", id_]:
                return self._codelist(id_)
        return problem(404, "Non-existent table")

    def _config(self) -> dict:
        return {
            "apiVersion": "2.3.2",
            "languages": [{"id": "sv", "label": "Svenska"}, {"id": "en", "label": "English"}],
            "defaultLanguage": "sv",
            "maxDataCells": self.max_cells,
            "maxCallsPerTimeWindow": self.calls,
            "timeWindow": self.window,
            "license": "https://creativecommons.org/share-your-work/public-domain/cc0/",
            "sourceReferences": [{"language": "sv", "text": "Källa: SCB"}],
            "defaultDataFormat": "json-stat2",
            "dataFormats": ["json-stat2", "csv"],
            "features": [],
        }

    def _entry(self, table: Table) -> dict:
        return {
            "id": table.id,
            "label": table.label,
            "updated": table.updated,
            "variableNames": list(table.dimensions),
            "links": [],
        }

    def _page(self, request: Request) -> dict:
        word = request.first("query").lower()
        found = [self._entry(t) for t in self.tables.values() if word in t.label.lower()]
        size, number = int(request.first("pageSize", "20")), int(request.first("pageNumber", "1"))
        page = {
            "pageNumber": number,
            "pageSize": size,
            "totalElements": len(found),
            "totalPages": math.ceil(len(found) / size),
        }
        return {"language": "sv", "tables": found[(number - 1) * size : number * size], "page": page, "links": []}

    def _codelist(self, id_: str) -> Reply:
        for table in self.tables.values():
            if id_ in table.codelists:
                values = [
                    {"code": c, "label": table.dimensions["Region"][c], "valueMap": [c]} for c in table.codelists[id_]
                ]
                return as_json(
                    {"id": id_, "label": id_, "language": "sv", "type": "Valueset", "values": values, "links": []}
                )
        return problem(404, "Non-existent code list")

    def _data(self, request: Request, table: Table) -> Reply:
        if len(request.address) > LONGEST_ADDRESS:
            return problem(414, "URI Too Long")
        if request.first("outputFormat", "json-stat2") != "json-stat2":
            return problem(400, "Unsupported output format")
        if request.method == "POST":
            asked = {item["variableCode"]: item["valueCodes"] for item in request.json()["selection"]}
        else:
            # A parameter that is said again is not seen, and the answer is still 200.
            asked = {}
            for key, value in request.query:
                if name := re.fullmatch(r"valueCodes\[(\w+)\]", key, re.I):
                    asked.setdefault(name[1], value.split(","))
        chosen = {}
        for name, codes in table.dimensions.items():
            wanted = asked.get(name)
            if not wanted:
                return problem(400, f"Missing selection for mandatory variable: {name}")
            hits = [code for code in codes if any(fnmatch.fnmatchcase(code, w) for w in wanted)]
            if unknown := [w for w in wanted if "*" not in w and w not in codes]:
                return problem(400, f"Non-existent value: {unknown[0]}")
            chosen[name] = hits
        cells = math.prod(len(codes) for codes in chosen.values())
        self.largest = max(self.largest, cells)
        if cells > self.max_cells:
            return problem(400, f"Too many cells selected: {cells}, the limit is {self.max_cells}")
        return as_json(table.data(chosen))
