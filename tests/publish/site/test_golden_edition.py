"""The small pack's edition against the listing in tests/golden: every path, and the content of the data files.

Pages are listed by path: what they look like is looked at elsewhere. ``--redraw`` writes the listing anew; read its diff.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import small_pack

from omradesbild import words
from omradesbild.pack import load
from omradesbild.publish.site.build import build

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "edition.txt"
#: What holds the program's own digest, or is written by another program's version (GDAL, typst).
CHANGING = ("data/utgava.json", "data/datapackage.json", "data/dcat.rdf", ".gpkg", "SHA256SUMS", ".png")


def listing(folder: Path) -> dict[str, str]:
    """Path → first digits of the SHA-256 of a data file, '-' for other files. Kept editions are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("utgavor/2"):
            fixed = name.startswith("data/") and not name.endswith(CHANGING)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            found[name] = digest if fixed and not name.endswith(".html") else "-"
    return found


def compared(found: dict[str, str], golden: dict[str, str]) -> dict[str, list[str]]:
    """Tell what is missing, what nobody expected and what differs."""
    return {
        "missing": sorted(golden.keys() - found.keys()),
        "unexpected": sorted(found.keys() - golden.keys()),
        "different": sorted(name for name in golden.keys() & found.keys() if golden[name] != found[name]),
    }


def test_the_edition_is_as_listed(tmp_path, request: pytest.FixtureRequest) -> None:
    build(load(small_pack.write(tmp_path / "pack")), tmp_path / "x")
    found = listing(tmp_path / "x")
    if request.config.getoption("--redraw"):
        GOLDEN.write_text("".join(f"{digest} {name}\n" for name, digest in found.items()))
    lines = (line.split(" ", 1) for line in GOLDEN.read_text().splitlines())
    assert compared(found, {name: digest for digest, name in lines}) == {"missing": [], "unexpected": [], "different": []}


def test_each_kind_of_difference_is_told_apart() -> None:
    found = compared({"a": "1", "b": "2", "d": "4"}, {"a": "1", "b": "3", "c": "-"})
    assert found == {"missing": ["c"], "unexpected": ["d"], "different": ["b"]}


#: What carries no figure of its own: looks, scripts that a marked page reads, and descriptions of columns.
PLAIN = (".css", ".woff2", ".js", ".png", ".gpkg", "ikon.svg", "schema.json", "robots.txt", "SHA256SUMS", "senaste/index.html")


def test_every_file_of_made_up_figures_says_so(tmp_path) -> None:
    root = small_pack.write(tmp_path / "pack")
    small_pack.dump(root / "pack.yaml", {**small_pack.INFO, "demonstration": True})
    build(load(root), tmp_path / "x")
    marks = [re.compile(words.t("demo.mark", lang), re.IGNORECASE) for lang in words.LANGUAGES]
    for path in sorted((tmp_path / "x").rglob("*")):
        name = path.relative_to(tmp_path / "x").as_posix()
        if path.is_file() and not name.startswith("utgavor/2") and not name.endswith(PLAIN):
            text = path.read_text(encoding="utf-8")
            assert '"demonstration": true' in text or any(mark.search(text) for mark in marks), name
