"""The edition on this machine: types, compression, headers, and nothing from beside the folder; and the command lines."""

from __future__ import annotations

import json
import re
import shutil
import socket

import httpx
import pytest
import small_pack
from starlette.testclient import TestClient

from omradesbild import cli
from omradesbild.cli.shared import FAILED
from omradesbild.pack import load
from omradesbild.publish.site.build import build
from omradesbild.publish.site.serve import HOST, application


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return small_pack.write(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def out(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    (folder / "hemligt.txt").write_text("hemligt")
    build(load(root), folder / "x")
    return folder / "x"


@pytest.fixture(scope="module")
def client(out):
    return TestClient(application(out))


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html; charset=utf-8"), ("/omrade/A1/", "text/html; charset=utf-8"), ("/data/omrade/A1.csv", "text/csv; charset=utf-8"),
     ("/data/omraden.geojson", "application/geo+json"), ("/data/dcat.rdf", "application/rdf+xml"),
     ("/stil/edition.css", "text/css; charset=utf-8"), ("/SHA256SUMS", "text/plain; charset=utf-8")],
)  # fmt: skip
def test_files_have_their_types_and_the_strict_headers(client, out, path, kind) -> None:
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["content-type"] == kind
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    file = out / path.strip("/")
    assert answer.content == (file / "index.html" if file.is_dir() else file).read_bytes()


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_pages_are_compressed_and_known_again(client, encoding) -> None:
    answer = client.get("/omrade/A1/", headers={"accept-encoding": encoding})
    assert answer.headers["content-encoding"] == encoding and answer.text.startswith("<!doctype html>")
    again = client.get("/omrade/A1/", headers={"accept-encoding": encoding, "if-none-match": answer.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


def test_only_a_permanent_address_may_be_kept_for_ever(client, out) -> None:
    name = json.loads((out / "data/utgava.json").read_text())["edition"]
    assert "immutable" in client.get(f"/utgavor/{name}/index.html").headers["cache-control"]
    for path in ("/", "/utgavor/", "/data/omrade/A1.csv"):
        assert "immutable" not in client.get(path).headers["cache-control"]


def test_nothing_beside_the_folder_is_served(client) -> None:
    for path in ("/%2e%2e/hemligt.txt", "/data/%2e%2e/%2e%2e/hemligt.txt", "/.las", "/finns/inte"):
        answer = client.get(path)
        assert answer.status_code == 404 and "<h1>Sidan finns inte</h1>" in answer.text


def test_a_folder_leads_to_its_page(client) -> None:
    answer = client.get("/omrade/A1", follow_redirects=False)
    assert answer.status_code == httpx.codes.PERMANENT_REDIRECT and answer.headers["location"] == "/omrade/A1/"


def test_publish_says_what_it_did_and_how_far_it_came(capfd, root, tmp_path) -> None:
    settings = tmp_path / "utgivare.yaml"
    settings.write_text("publisher: Lilla staden\n", encoding="utf-8")
    arguments = ["publish", "--out", str(tmp_path / "x"), "--pack", str(root), "--settings", str(settings)]
    assert cli.main(arguments) == 0
    out, err = capfd.readouterr()
    assert re.search(r"Gav ut 2026-11-01-\w{8} i .*/x: \d+ filer, varav \d+ nya", out)
    assert re.search(r"\d+ av \d+ klara, .*; ungefär \d+ s kvar", err)
    assert cli.main(arguments) == 0
    assert "visar redan 2026-11-01-" in capfd.readouterr().out


def test_publish_and_serve_refuse_in_words(capfd, root, tmp_path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/brev.txt").write_text("viktigt")
    assert cli.main(["publish", "--out", str(tmp_path / "x"), "--pack", str(root)]) == 1
    assert "är inte en utgåva" in capfd.readouterr().err
    assert cli.main(["serve", str(tmp_path / "x")]) == 1
    assert "Det finns ingen utgåva i" in capfd.readouterr().err
    for below in ("utgava", "2026/utgava"):
        place = tmp_path / "x/brev.txt" / below
        assert cli.main(["publish", "--out", str(place), "--pack", str(root)]) == 1
        said = f"{tmp_path / 'x/brev.txt'} är en fil och ingen mapp. Ange en annan mapp. Inget har ändrats i {place}."
        assert capfd.readouterr().err == f"{FAILED}{said}\n"


def test_a_port_that_somebody_has_is_told(capfd, out) -> None:
    with socket.create_server((HOST, 0)) as door:
        for port in (door.getsockname()[1], 99_999):
            assert cli.main(["serve", str(out), "--port", str(port)]) == 1
            assert capfd.readouterr() == ("", f"{FAILED}Port {port} är upptagen eller går inte att använda. Ange en annan.\n")


def test_an_edition_without_a_page_for_lost_addresses_answers_all_the_same(out, tmp_path) -> None:
    shutil.copytree(out, tmp_path / "x")
    (tmp_path / "x" / "404.html").unlink()
    answer = TestClient(application(tmp_path / "x")).get("/finns/inte")
    assert answer.status_code == 404 and answer.text == "Sidan finns inte.\n"
