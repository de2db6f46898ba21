"""Shows an edition on this machine as a web server should: types, compression, caching and the strict headers."""

from __future__ import annotations

import asyncio
import gzip
import socket
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import brotli
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from omradesbild.publish.site import editions
from omradesbild.publish.site.refusal import EditionError
from omradesbild.publish.site.web import MISSING, POLICY

HOST = "127.0.0.1"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".csv": "text/csv; charset=utf-8",
    ".rdf": "application/rdf+xml",
    ".gpkg": "application/geopackage+sqlite3",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
PLAIN = "text/plain; charset=utf-8"
#: What is compressed already.
COMPACT = frozenset({".png", ".woff2"})
#: What docs/publicera.md asks every web server to send along. A chart may be embedded on other pages: it is a picture.
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
#: An edition's own address never changes its content; the newest edition is asked for again, and is mostly the same.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, max-age=0, must-revalidate"
SMALLEST = 500
MOST_KEPT = 512


def application(folder: Path) -> Starlette:
    """Return the web server's program for the edition in a folder."""
    root = folder.resolve()

    async def answer(request: Request) -> Response:
        path = request.path_params["path"]
        file = (root / path).resolve()
        if not file.is_relative_to(root) or any(part.startswith(".") for part in Path(path).parts):
            return _missing(root)
        if file.is_dir():
            if path and not path.endswith("/"):
                return RedirectResponse(f"{request.url.path}/", 308, HEADERS)
            file = file / "index.html"
        if not file.is_file():
            return _missing(root)
        return await asyncio.to_thread(_file, file, file.stat().st_mtime_ns, request, path)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])])


def serve(folder: Path, port: int) -> None:
    """Serve an edition on this machine until it is interrupted."""
    if editions.about(folder) is None:
        raise EditionError("none", folder=folder)
    try:
        door = socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        raise EditionError("port", port=port) from error
    print(f"Utgåvan i {folder} visas på http://{HOST}:{port}/ – avsluta med Ctrl+C.", flush=True)
    with door, suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(application(folder), log_level="warning")).run(sockets=[door])


def _file(file: Path, changed: int, request: Request, path: str) -> Response:
    encoding = _encoding(request.headers.get("accept-encoding", ""), file)
    etag = f'"{changed:x}-{encoding}"'
    kept = path.startswith("utgavor/") and path.count("/") > 1
    headers = HEADERS | {"ETag": etag, "Cache-Control": FOR_EVER if kept else ASK_AGAIN, "Vary": "Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    if path.startswith("data/"):
        headers["Access-Control-Allow-Origin"] = "*"
    return Response(_encoded(file, changed, encoding), headers=headers, media_type=TYPES.get(file.suffix, PLAIN))


def _encoding(accepted: str, file: Path) -> str:
    if file.suffix in COMPACT or file.stat().st_size < SMALLEST:
        return ""
    offers = {name.partition(";")[0].strip() for name in accepted.lower().split(",")}
    return next((encoding for encoding in ("br", "gzip") if encoding in offers), "")


@lru_cache(maxsize=MOST_KEPT)
def _encoded(file: Path, _changed: int, encoding: str) -> bytes:
    content = file.read_bytes()
    if encoding == "br":
        return brotli.compress(content, quality=5)
    return gzip.compress(content, 6, mtime=0) if encoding else content


def _missing(root: Path) -> Response:
    try:
        page = (root / MISSING).read_bytes()
    except FileNotFoundError:  # an edition that was made before there was such a page
        return Response("Sidan finns inte.\n", 404, HEADERS | {"Cache-Control": "no-store"}, PLAIN)
    return Response(page, 404, HEADERS | {"Cache-Control": "no-store"}, TYPES[".html"])
