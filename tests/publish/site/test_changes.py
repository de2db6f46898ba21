"""From one edition to the next: what is new, gone, renamed and changed, and no address that leads nowhere."""

from __future__ import annotations

import json
import shutil

import pytest
import small_pack

from omradesbild.pack import load
from omradesbild.publish.site.build import build


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """An edition, and after it one where the area Väst is gone, Östra renamed, incomes gone, and figures changed."""
    first = small_pack.write(tmp_path_factory.mktemp("first"))
    out = tmp_path_factory.mktemp("out") / "x"
    build(load(first), out)
    second = small_pack.write(tmp_path_factory.mktemp("second"))
    small_pack.dump(second / "pack.yaml", small_pack.INFO | {"version": "2027-11-01"})
    kept = [a for a in small_pack.AREAS if a["id"] != "vastra"]
    kept[-1] = kept[-1] | {"name": "Österstaden"}
    kept.append({"id": "norra", "name": "Norra", "level": "namngivet", "members": ["A4", "A5"]})
    small_pack.dump(second / "catalog/areas.yaml", kept)
    people = second / "observations/befolkning.csv"
    text = people.read_text()
    assert "A1,folkmangd,2024,,120," in text and "A2,folkmangd,2024,k,110," in text
    text = text.replace("A1,folkmangd,2024,,120,", "A1,folkmangd,2024,,121,")
    people.write_text(text.replace("A2,folkmangd,2024,k,110,,,,", "A2,folkmangd,2024,k,,,,..,"))
    build(load(second), out)
    return out


def told(out) -> dict:
    return json.loads((out / "data/andringar.json").read_text())


def changed(out, kind: str) -> set[tuple]:
    document = told(out)
    rows = [dict(zip(document["fields"], row, strict=True)) for row in document["figures"]]
    return {(r["area"], r["indicator"], r["period"], r["group"], r["before"], r["after"]) for r in rows if r["kind"] == kind}


def test_changed_figures_are_told_with_both_values(out) -> None:
    found = changed(out, "changed")
    assert ("A1", "folkmangd", "2024", "", 120, 121) in found
    assert all(row[1] == "folkmangd" for row in found)
    page = (out / "andringar/index.html").read_text()
    assert "<td class=n>120</td><td class=n>121</td>" in page


def test_a_figure_that_is_hidden_now_is_told_without_its_number(out) -> None:
    assert ("A2", "folkmangd", "2024", "k", None, None) in changed(out, "hidden")


def test_new_renamed_and_gone(out) -> None:
    document = told(out)
    assert document["added"] == [{"kind": "omrade", "id": "norra"}]
    assert document["renamed"] == [{"kind": "omrade", "id": "ostra", "before": "Östra", "now": "Österstaden"}]
    assert [(gone["kind"], gone["id"], gone["name"]) for gone in document["gone"]] == [("omrade", "vastra", "Västra")]
    page = (out / "andringar/index.html").read_text()
    assert "Östra heter nu Österstaden" in page and 'href="../omrade/vastra/index.html"' in page


def test_an_address_that_is_gone_says_what_lies_there_now(out) -> None:
    for path, said in (("omrade/vastra/index.html", "finns inte längre"), ("en/omrade/vastra/index.html", "is no longer")):
        page = (out / path).read_text()
        assert f"Västra {said}" in page
        assert 'href="../norra/index.html">Norra, 50 ' in page


def test_gone_addresses_are_remembered_in_all_later_editions(out, tmp_path, tmp_path_factory) -> None:
    out = shutil.copytree(out, tmp_path / "x")
    third = small_pack.write(tmp_path_factory.mktemp("third"))
    small_pack.dump(third / "pack.yaml", small_pack.INFO | {"version": "2028-11-01"})
    small_pack.dump(third / "catalog/areas.yaml", [a for a in small_pack.AREAS if a["id"] != "vastra"])
    build(load(third), out)
    assert "Västra finns inte längre" in (out / "omrade/vastra/index.html").read_text()
    assert "Norra finns inte längre" in (out / "omrade/norra/index.html").read_text()
    first = next((out / "utgavor").glob("2026-11-01-*"))
    assert f"Senast med i utgåva {first.name}" in (out / "omrade/vastra/index.html").read_text()


def test_the_first_edition_says_that_it_is(tmp_path_factory) -> None:
    out = tmp_path_factory.mktemp("first") / "x"
    build(load(small_pack.write(tmp_path_factory.mktemp("pack"))), out)
    assert "första utgåvan" in (out / "andringar/index.html").read_text()
    assert told(out)["figures"] == []
