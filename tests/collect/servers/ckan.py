"""A CKAN portal: search for resources, a datastore in pages, and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from servers.local import Reply, Request, as_json


@dataclass
class Resource:
    id: str
    name: str
    records: list[dict] = field(default_factory=list)
    file: bytes = b""
    url: str = ""


class Ckan:
    """Resources by id. A page holds at most `most` rows, whatever is asked for, as CKAN's own limit."""

    def __init__(
        self, *resources: Resource, host: str = "https://ckan-malmo.dataplatform.se", most: int = 32_000
    ) -> None:
        self.resources: Mapping[str, Resource] = {r.id: r for r in resources}
        self.host, self.most = host, most

    def __call__(self, request: Request) -> Reply | None:
        match request.path.strip("/").split("/"):
            case ["api", *_, "action", "resource_search"]:
                results = [self._listed(r) for r in self.resources.values()]
                return as_json({"help": "", "success": True, "result": {"count": len(results), "results": results}})
            case ["api", *_, "action", "datastore_search"]:
                return self._rows(request)
            case ["dataset", _, "resource", id_, "download", _] if id_ in self.resources:
                return Reply(self.resources[id_].file, "application/octet-stream")
        return None

    def _listed(self, resource: Resource) -> dict:
        url = resource.url or f"{self.host}/dataset/x/resource/{resource.id}/download/{resource.id}.zip"
        return {
            "id": resource.id,
            "name": resource.name,
            "url": url,
            "last_modified": "2026-04-01T08:00:00.000000",
            "format": "",
        }

    def _rows(self, request: Request) -> Reply:
        resource = self.resources.get(request.first("resource_id"))
        if resource is None:
            return as_json(
                {"success": False, "error": {"message": "Hittades inte", "__type": "Not Found Error"}}, 404
            )
        limit, offset = min(int(request.first("limit", "100")), self.most), int(request.first("offset", "0"))
        names = ["_id", *dict.fromkeys(name for record in resource.records for name in record)]
        rows = [
            {"_id": n} | {name: record.get(name) for name in names[1:]}
            for n, record in enumerate(resource.records, start=1)
        ]
        fields = [{"id": name, "type": "int" if name == "_id" else "text"} for name in names]
        page = rows[offset : offset + limit]
        return as_json(
            {"success": True, "result": {"fields": fields, "records": page, "total": len(rows), "limit": limit}}
        )
