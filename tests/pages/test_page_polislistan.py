"""The police's list: every edition, area by area, as its file says."""

from __future__ import annotations

import yaml
from launch import ROOT, html, launch, tables

from omradesbild.words import t

EDITIONS = yaml.safe_load((ROOT / "data/catalog/police.yaml").read_text("utf-8"))


def test_every_area_has_its_class_in_every_edition() -> None:
    table = tables(launch("polislistan"))[t("police.strip")]
    assert table.columns[1:] == [edition["edition"] for edition in EDITIONS]
    expected = {id_: [] for edition in EDITIONS for id_ in (entry["id"] for entry in edition["entries"])}
    for edition in EDITIONS:
        listed = {entry["id"]: entry["category"] for entry in edition["entries"]}
        for id_, cells in expected.items():
            cells.append(t(f"police.{listed[id_]}") if id_ in listed else t("police.not_listed"))
    assert sorted(row[1:] for row in table.rows) == sorted(expected.values())


def test_the_sources_of_the_list_are_named() -> None:
    body = "".join(html(launch("polislistan")))
    for edition in EDITIONS:
        for entry in edition["entries"]:
            assert entry["source_url"].replace("&", "&amp;") in body
