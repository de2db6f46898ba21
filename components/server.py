"""The door to the app: language, security headers, compression and caching around Streamlit's server.

One pure ASGI middleware, `Front`. It answers Streamlit's hashed files and published blobs from memory, replaces the
index page by our own variant of it, and adds the security headers to everything else.
"""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from streamlit import config, file_util

from components.assets import BLOB_FOLDER, Asset, StaticFolder, blob, component, publish_blob

__all__ = ["Front", "component", "content_security_policy", "index_page", "middleware", "publish_blob"]

TITLE = "Områdesbild"
IMMUTABLE = "public, max-age=31536000, immutable"
NOT_PAGES = ("_stcore/", "app/static/", "media/", "component/", f"{BLOB_FOLDER}/")
FONT_PRELOAD = r'<link\s+rel="preload"[^>]*>\s*'
TEXTS = {
    "sv": ("Hämtar sidan …", "Områdesbild behöver JavaScript för att visa kartor och siffror."),
    "en": ("Loading the page …", "Områdesbild needs JavaScript to show maps and figures."),
}
PRELOAD = ("BidiComponent", "Html", "Selectbox", "ButtonGroup")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Tells Streamlit's client where the server is and what its host config says, so that it opens the websocket at once
# instead of after two requests, and never guesses /karta/_stcore/… on a deep link. Streamlit also fetches its icon
# font (375 kB) before it is needed; here it waits until an icon is on the page.
EARLY = """window.__streamlit={BACKEND_BASE_URL:new URL(".",location).href,HOST_CONFIG:{
allowedOrigins:[location.origin],useExternalAuthToken:false,enableCustomParentMessages:false,
enforceDownloadInNewTab:false,metricsUrl:"",blockErrorDialogs:false}};
document.fonts.load=(load=>(font,text)=>font.includes("Material")?Promise.resolve([]):load(font,text)
)(document.fonts.load.bind(document.fonts))"""
# The waiting text until the app draws, and the text on accent-coloured controls: Streamlit always writes it white, which
# the light accent of the dark theme cannot carry (2.2:1; this is 8.4:1). A file picker's kinds of file go on a new line
# in a narrow window, instead of being cut short.
STYLE = """<style>[kind="primary"][data-testid],[data-tag][data-tag-index],[data-tag] button[class]{
color:light-dark(#fff,#12161b)}#vantar{position:fixed;inset:0;padding:18vh 1.5rem;text-align:center;background:#fff;
color:#1b1f24;font:16px/1.5 "Source Sans",system-ui,sans-serif}#vantar b{font-size:2rem}
[data-testid="stFileUploaderDropzone"] span{white-space:normal!important;text-overflow:clip!important}
@media(prefers-color-scheme:dark){#vantar{background:#12161b;color:#eef1f4}}</style>"""


def static_root() -> Path:
    """Return the folder of Streamlit's index page."""
    return Path(file_util.get_static_dir())


def preload_links() -> str:
    """Return modulepreload links for the chunks our pages surely need but the index page does not name."""
    manifest = json.loads((static_root() / "manifest.json").read_text())

    def closure(key: str, seen: set[str]) -> set[str]:
        for name in [key, *manifest[key].get("imports", [])]:
            if name not in seen:
                seen.add(name)
                closure(name, seen)
        return seen

    entry = closure("index.html", set())
    wanted = [key for key, chunk in manifest.items() if chunk.get("name") in PRELOAD]
    extra = set().union(*(closure(key, set()) for key in wanted)) - entry
    files = sorted(manifest[key]["file"] for key in extra)
    return "".join(f'<link rel="modulepreload" crossorigin href="./{file}">\n' for file in files)


@cache
def index_page(lang: str) -> str:
    """Return Streamlit's index page in our variant: language, title, waiting text, early connection, preloads.

    The text font is asked for last: text can be shown before it, and scripts cannot wait (measured: a fifth sooner).

    Parameters
    ----------
    lang : {"sv", "en"}
        Language of the interface.
    """
    waiting, noscript = TEXTS[lang]
    page = (static_root() / "index.html").read_text()
    font = re.search(FONT_PRELOAD, page, re.DOTALL)
    for pattern, ours in [
        (r"<!--.*?-->\s*", ""),
        (r'<html lang="en">', f'<html lang="{lang}">'),
        (r"<title>.*?</title>", f"<title>{TITLE}</title>"),
        (r'<link rel="service-desc"[^>]*>\s*', ""),
        (r"<noscript>.*?</noscript>", f"<noscript><p>{noscript}</p></noscript>"),
        (r'(?=<script type="module")', f"<script>{EARLY}</script>\n"),
        (FONT_PRELOAD, ""),
        (r"(?=</head>)", preload_links() + (font.group() if font else "") + STYLE),
        (r'(?<=<div id="root">)', f'<div id="vantar"><b>{TITLE}</b><p>{waiting}</p></div>'),
    ]:
        page = re.sub(pattern, lambda _, ours=ours: ours, page, flags=re.DOTALL)
    return page


@cache
def content_security_policy() -> str:
    """Return the policy; inline scripts are allowed by the hash of exactly those on our index page."""
    scripts = re.findall(r"<script>(.*?)</script>", index_page("sv"), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval' " + " ".join(f"'sha256-{h}'" for h in hashes),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def best_encoding(asset: Asset, accepted: str) -> str:
    """Return ``br``, ``gzip`` or the empty string, whichever the client takes first in this order."""
    offers = {}
    for offer in accepted.lower().split(","):
        name, _, weight = offer.partition(";")
        offers[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    if asset.compressible:
        for encoding in ("br", "gzip"):
            if offers.get(encoding, False):
                return encoding
    return ""


def route_path(scope) -> str:
    """Return the request path below root path and ``server.baseUrlPath``, without leading slash."""
    path = scope["path"]
    for prefix in (scope.get("root_path", ""), config.get_option("server.baseUrlPath") or ""):
        prefix = "/" + prefix.strip("/")
        if prefix != "/" and (path == prefix or path.startswith(prefix + "/")):
            path = path[len(prefix) :]
    return path.lstrip("/")


class Front:
    """ASGI middleware: compressed immutable assets, our index page, security headers.

    Parameters
    ----------
    app
        The ASGI application behind.
    """

    def __init__(self, app):
        self.app = app
        self._static = StaticFolder(static_root() / "static")
        self._index = {lang: Asset(index_page(lang).encode(), "text/html; charset=utf-8") for lang in TEXTS}

    async def __call__(self, scope, receive, send):
        """Answer from memory where possible, else let Streamlit answer and add the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = route_path(scope)
        folder, _, rest = path.partition("/")
        if scope["method"] in ("GET", "HEAD") and folder in ("static", BLOB_FOLDER):
            asset = self._static.get(rest) if folder == "static" else blob(path)
            response = await self._asset_response(scope, asset) if asset else _not_found()
            await response(scope, receive, send)
            return
        await self._streamlit(path, scope, receive, send)

    async def _asset_response(self, scope, asset: Asset) -> Response:
        headers = {"Cache-Control": IMMUTABLE, "X-Content-Type-Options": "nosniff"}
        return await _encoded_response(asset, Headers(scope=scope), headers)

    async def _streamlit(self, path, scope, receive, send):
        replaced = False

        async def send_ours(message):
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if _is_index(path, message["status"], headers):
                    replaced = True
                    response = await self._index_response(scope)
                    await response(scope, receive, send)
                    return
                for name, value in _page_headers().items():
                    headers.setdefault(name, value)
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_ours)

    async def _index_response(self, scope) -> Response:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("sprak", ["sv"])[-1]
        asset = self._index.get(asked, self._index["sv"])
        request = Headers(scope=scope)
        headers = {"Cache-Control": "no-cache", **_page_headers()}
        encoding = best_encoding(asset, request.get("accept-encoding", ""))
        headers["ETag"] = f'"{asset.digest}-{encoding or "identity"}"'
        if headers["ETag"] in request.get("if-none-match", ""):
            return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
        return await _encoded_response(asset, request, headers)


async def _encoded_response(asset: Asset, request: Headers, headers: dict[str, str]) -> Response:
    encoding = best_encoding(asset, request.get("accept-encoding", ""))
    ready = asset.ready(encoding)
    body = asset.encoded(encoding) if ready else await to_thread.run_sync(asset.encoded, encoding)
    if asset.compressible:
        headers["Vary"] = "Accept-Encoding"
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, headers=headers, media_type=asset.media_type)


def _is_index(path: str, status: int, headers: MutableHeaders) -> bool:
    is_html = headers.get("content-type", "").startswith("text/html")
    return status == 200 and is_html and not path.startswith(NOT_PAGES)


def _page_headers() -> dict[str, str]:
    return {"Content-Security-Policy": content_security_policy(), **SECURITY_HEADERS}


def _not_found() -> Response:
    headers = {"Cache-Control": "no-store", **_page_headers()}
    return PlainTextResponse("Filen finns inte här. Ladda om sidan.", status_code=404, headers=headers)


def middleware() -> list[Middleware]:
    """Return the middleware stack for ``st.App``."""
    return [Middleware(Front)]
