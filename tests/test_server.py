"""The door: language, headers, compression, published blobs, websocket."""

import asyncio
import base64
import gzip
import hashlib
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import httpx
import pytest
import websockets
from starlette.testclient import TestClient
from streamlit import config, file_util

from components import assets, server, spoken

STATIC = Path(file_util.get_static_dir())


async def behind(scope, receive, send):
    """Stand for Streamlit: an index page everywhere but for one text and one html media file."""
    kinds = {"/_stcore/health": b"text/plain", "/media/x.html": b"text/html"}
    kind = kinds.get(scope["path"], b"text/html; charset=utf-8")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": b'<html lang="en">raw', "more_body": True})
    await send({"type": "http.response.body", "body": b" end"})


@pytest.fixture(scope="module")
def front():
    return TestClient(server.Front(behind))


def raw(client, path, encoding):
    """Return headers and the body as sent, not decoded."""
    with client.stream("GET", path, headers={"Accept-Encoding": encoding}) as response:
        return response.headers, b"".join(response.iter_raw())


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("/", "sv"),
        ("/karta", "sv"),
        ("/karta?sprak=en", "en"),
        ("/?sprak=de", "sv"),
        ("/?a=1&sprak=en", "en"),
    ],
)
def test_index_page_has_the_language_of_the_link(front, path, lang):
    page = front.get(path).text
    assert f'<html lang="{lang}">' in page
    assert "<title>Områdesbild</title>" in page
    assert "raw" not in page
    assert "openapi.json" not in page
    assert ("Hämtar sidan" in page) == (lang == "sv")


def test_every_change_to_the_index_page_found_its_place():
    page = server.index_page("sv")
    assert page.count("window.__streamlit=") == 1
    assert page.index("window.__streamlit=") < page.index('<script type="module"')
    assert page.count('id="vantar"') == 1
    assert page.count('rel="preload"') == 1
    assert page.rindex('rel="modulepreload"') < page.index("SourceSansVF-Upright")
    assert page.count("<noscript>") == 1
    assert "Reading this without a browser" not in page


def test_preloads_name_files_that_exist_and_are_not_named_twice():
    links = re.findall(r'rel="modulepreload" crossorigin href="\./([^"]+)"', server.index_page("sv"))
    assert len(links) == len(set(links)) > 50
    assert all((STATIC / link).is_file() for link in links)
    for chunk in server.PRELOAD:
        assert any(Path(link).name.startswith(f"{chunk}.") for link in links), chunk


def test_policy_allows_exactly_the_inline_scripts_of_the_page(front):
    response = front.get("/")
    scripts = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts}
    policy = response.headers["content-security-policy"]
    assert len(hashes) == 2
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
    script_sources = re.search(r"script-src ([^;]+)", policy).group(1)
    assert "unsafe-inline" not in script_sources
    assert "'unsafe-eval'" not in script_sources
    assert "blob:" not in script_sources
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/", "/karta", "/_stcore/health", "/geo/saknas.0000.json"])
def test_security_headers_are_on_every_answer(front, path):
    headers = front.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_other_answers_pass_through_unchanged(front):
    assert front.get("/media/x.html").text == '<html lang="en">raw end'
    assert front.get("/_stcore/health").text == '<html lang="en">raw end'


def test_index_page_is_revalidated_by_its_hash(front):
    first = front.get("/", headers={"Accept-Encoding": "br"})
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"] == "Accept-Encoding"
    again = front.get("/", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = front.get("/?sprak=en", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_static_files_are_compressed_and_come_back_byte_for_byte(front, accepted, encoding, decode):
    file = next((STATIC / "static" / "js").glob("react-dom.*.js"))
    headers, body = raw(front, f"/static/js/{file.name}", accepted)
    assert headers.get("content-encoding") == encoding
    assert headers["vary"] == "Accept-Encoding"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"].startswith("text/javascript")
    assert decode(body) == file.read_bytes()
    if encoding:
        assert len(body) < 0.4 * file.stat().st_size


def test_fonts_are_not_compressed_again(front):
    font = next((STATIC / "static" / "media").glob("SourceSansVF-Upright*.woff2"))
    headers, body = raw(front, f"/static/media/{font.name}", "br")
    assert "content-encoding" not in headers
    assert headers["content-type"] == "font/woff2"
    assert body == font.read_bytes()


@pytest.mark.parametrize(
    "path", ["/static/js/saknas.js", "/static/../index.html", "/static/%2e%2e/index.html"]
)
def test_nothing_outside_the_static_folder_is_served(front, path):
    response = front.get(path)
    assert "raw" not in response.text
    assert response.status_code == 404 or "<title>Områdesbild</title>" in response.text


def test_every_kind_of_static_file_is_known():
    known = assets.COMPRESSIBLE | assets.COMPACT
    unknown = {p.suffix for p in (STATIC / "static").rglob("*") if p.is_file()} - set(known)
    assert unknown == set()


def test_published_blob_is_served_from_any_thread_and_kept_by_the_browser(front):
    body = json.dumps({"värde": list(range(2000))}).encode()
    addresses = []
    thread = threading.Thread(
        target=lambda: addresses.append(assets.publish_blob("prov.json", body, "application/json"))
    )
    thread.start()
    thread.join()
    assert re.fullmatch(r"geo/prov\.[0-9a-f]{16}\.json", addresses[0])
    assert assets.publish_blob("prov.json", body, "application/json") == addresses[0]
    headers, sent = raw(front, f"/{addresses[0]}", "br")
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert brotli.decompress(sent) == body
    assert assets.publish_blob("prov.json", body + b" ", "application/json") != addresses[0]


def test_unknown_blob_is_a_short_404_that_is_not_kept(front):
    response = front.get("/geo/prov.0123456789abcdef.json")
    assert response.status_code == 404
    assert response.headers["cache-control"] == "no-store"
    assert response.text == "Filen finns inte här. Ladda om sidan."


@pytest.mark.parametrize("name", ["prov", "../prov.json", "a/b.json", ".json", "prov."])
def test_blob_name_must_be_one_file_name(name):
    with pytest.raises(ValueError, match="expected one name with a suffix"):
        assets.publish_blob(name, b"{}", "application/json")


def test_oldest_blobs_make_room(monkeypatch):
    monkeypatch.setattr(assets, "MAX_BLOBS", 3)
    first, second, third = (assets.publish_blob(f"rum{n}.json", b"{}", "application/json") for n in range(3))
    assert assets.blob(first)
    assets.publish_blob("rum3.json", b"{}", "application/json")
    assert assets.blob(second) is None
    assert assets.blob(first)
    assert assets.blob(third)


def test_thorough_copy_replaces_the_quick_one_and_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(assets._thorough, "put", lambda asset: None)
    body = b"".join(b"%d," % (n * n) for n in range(5000))
    asset = assets.Asset(body, "application/json")
    quick = asset.encoded("br")
    asset.compress_thoroughly()
    assert len(asset.encoded("br")) < len(quick)
    # what other tests have asked for may be compressed meanwhile, in the background
    assert [p.name for p in tmp_path.glob(f"{asset.digest}*")] == [f"{asset.digest}.br"]
    assert assets.Asset(body, "application/json").encoded("br") == asset.encoded("br")


def test_base_url_path_is_taken_off_before_looking_up(front):
    address = assets.publish_blob("bas.json", b'{"a": 1}', "application/json")
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "bild")
    try:
        assert front.get(f"/bild/{address}").json() == {"a": 1}
    finally:
        config.set_option("server.baseUrlPath", before)
    assert "raw" not in front.get("/karta").text


def test_first_hit_on_a_deep_link_goes_through_the_router(live_server):
    response = httpx.get(f"{live_server}/karta", headers={"Accept-Encoding": "br"})
    assert response.status_code == 200
    assert '<html lang="sv">' in response.text
    assert response.headers["content-encoding"] == "br"


def test_running_server_sends_headers_and_compressed_scripts(live_server):
    page = httpx.get(live_server)
    script = re.search(r'<script type="module" crossorigin src="\./([^"]+)"', page.text).group(1)
    response = httpx.get(f"{live_server}/{script}", headers={"Accept-Encoding": "br"})
    assert response.headers["content-encoding"] == "br"
    assert response.content == spoken.spoken(STATIC / script)
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_websocket_is_compressed(live_server):
    async def extensions():
        address = live_server.replace("http", "ws") + "/_stcore/stream"
        async with websockets.connect(address, subprotocols=["streamlit"], compression="deflate") as socket:
            return [extension.name for extension in socket.protocol.extensions]

    with ThreadPoolExecutor(1) as thread:  # a browser test before may have left a loop running in this thread
        assert thread.submit(asyncio.run, extensions()).result() == ["permessage-deflate"]


@pytest.mark.parametrize("script", spoken.WORDS)
def test_the_words_that_are_exchanged_are_in_streamlits_script_once(script):
    first = "".join(spoken.WORDS[script][0][:3])
    (path,) = [p for p in STATIC.glob(f"static/js/{script}.*.js") if first in p.read_text(encoding="utf-8")]
    before = path.read_text(encoding="utf-8")
    for lead, words, after, _ in spoken.WORDS[script]:
        assert before.count(f"{lead}{words}{after}") == 1, words
    after = spoken.spoken(path).decode()
    assert after.count("document.documentElement.lang===`en`?") == len(spoken.WORDS[script])
