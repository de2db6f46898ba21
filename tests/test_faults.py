"""Each fault is planted alone in a small valid pack; the report must name it, its place and its remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import small_pack
from hypothesis import given, settings
from hypothesis import strategies as st

from omradesbild import pack
from omradesbild.model import LevelWords

FIGURES = "observations/befolkning.csv"
WORK = "observations/arbete.csv"
MAP = "boundaries/small.geojson"


def line(file: str, number: int, text: str):
    """Replace line `number` (1 = header)."""

    def mutate(root: Path) -> None:
        lines = (root / file).read_text(encoding="utf-8").split("\n")
        lines[number - 1] = text
        (root / file).write_text("\n".join(lines), encoding="utf-8")

    return mutate


def swap(file: str, old: str, new: str):
    """Replace the first `old`, which must be there."""

    def mutate(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return mutate


def raw(file: str, change):
    """Change the bytes of a file."""

    def mutate(root: Path) -> None:
        (root / file).write_bytes(change((root / file).read_bytes()))

    return mutate


def yaml_of(name: str, content: object):
    """Write other content into a catalogue file."""
    return lambda root: small_pack.dump(root / f"catalog/{name}.yaml", content)


def feature(number: int, change):
    """Change one feature of the map."""

    def mutate(root: Path) -> None:
        collection = json.loads((root / MAP).read_text())
        change(collection["features"][number])
        (root / MAP).write_text(json.dumps(collection) + "\n")

    return mutate


def collection(change):
    """Change the whole map."""

    def mutate(root: Path) -> None:
        content = json.loads((root / MAP).read_text())
        change(content)
        (root / MAP).write_text(json.dumps(content) + "\n")

    return mutate


def bow_tie(one: dict) -> None:
    one["geometry"]["coordinates"] = [[[13, 55.6], [13.01, 55.61], [13.01, 55.6], [13, 55.61], [13, 55.6]]]


def wide(one: dict) -> None:
    one["geometry"]["coordinates"] = [[[13, 55.6], [13.015, 55.6], [13.015, 55.61], [13, 55.61], [13, 55.6]]]


def sweref(content: dict) -> None:
    for one in content["features"]:
        ring = one["geometry"]["coordinates"][0]
        one["geometry"]["coordinates"] = [[[118000 + 1000 * x, 6160000 + 1000 * y] for x, y in ring]]


def with_key(items: list[dict], **more: object) -> list[dict]:
    return [{**items[0], **more}, *items[1:]]


def listed(**more: object) -> list[dict]:
    """Return the published list with other content."""
    return with_key(small_pack.PRIORITIES, chosen={**small_pack.PRIORITIES[0]["chosen"], **more})


def row(**more: object) -> dict:
    """Return a row of a list of priorities."""
    return {"area": "A6", "indicator": "sysselsatta", "period": "2024", **more}


def correction(**more: object) -> dict:
    """Return a correction of a figure."""
    said = {"reason": {"sv": "Fel i källan", "en": "Wrong in the source"}, "decided": "2026-11-20", "by": "Nämnden"}
    return {"area": "A6", "indicator": "folkmangd", "period": "2024", "expect": {"value": 1}, "put": {"value": 2}} | said | more


INDICATOR = "catalog/indicators/folkmangd.yaml"

# name → (mutation, code, file, row or None, severity)
FAULTS = {
    # the table as a whole
    "missing column": (line(FIGURES, 1, small_pack.HEADER.replace(",flag", "")), "missing_column", FIGURES, 1),
    "extra column": (line(FIGURES, 1, small_pack.HEADER + ",note"), "extra_column", FIGURES, 1),
    "wrong column": (swap(FIGURES, "period", "year"), "missing_column", FIGURES, 1),
    "columns in another order": (swap(FIGURES, "area,indicator", "indicator,area"), "header", FIGURES, 1),
    "semicolons": (raw(FIGURES, lambda b: b.replace(b",", b";")), "separator", FIGURES, 1),
    "BOM": (raw(FIGURES, lambda b: b"\xef\xbb\xbf" + b), "bom", FIGURES, 1),
    "latin-1": (raw(FIGURES, lambda b: b.replace(b"A1,", "Å1,".encode("latin-1"), 1)), "not_utf8", FIGURES, 5),
    "UTF-16": (raw(FIGURES, lambda b: b.decode().encode("utf-16")), "not_utf8", FIGURES, 1),
    "nothing but a BOM": (raw(FIGURES, lambda b: b"\xef\xbb\xbf"), "file_empty", FIGURES, None),
    "empty table": (raw(FIGURES, lambda b: b""), "file_empty", FIGURES, None),
    "missing table folder": (lambda root: move(root / "observations"), "file_missing", "observations", None),
    "truncated table": (raw(FIGURES, lambda b: b[:-9]), "field_count", FIGURES, 58),
    "truncated field": (raw(FIGURES, lambda b: b[:-3]), "unknown_source", FIGURES, 58),
    "open quote": (line(FIGURES, 3, '"9999,folkmangd,2023,,2160,,,,scb'), "csv_broken", FIGURES, 58),
    "no rows": (lambda root: [small_pack.lines(root / f, []) for f in (FIGURES, WORK)],
                "no_observations", "observations", None),
    # a row
    "duplicate row": (line(FIGURES, 3, "9999,folkmangd,2022,,2100,,,,scb"), "duplicate_row", FIGURES, 3),
    "unknown area": (line(FIGURES, 5, "A9,folkmangd,2022,,100,,,,scb"), "unknown_area", FIGURES, 5),
    "unknown indicator": (swap(FIGURES, "A1,folkmangd", "A1,folkmängd"), "unknown_indicator", FIGURES, 5),
    "unknown group": (line(FIGURES, 6, "A1,folkmangd,2022,x,50,,,,scb"), "unknown_group", FIGURES, 6),
    "unknown source": (line(FIGURES, 5, "A1,folkmangd,2022,,100,,,,scbb"), "unknown_source", FIGURES, 5),
    "bad period": (line(FIGURES, 5, "A1,folkmangd,22-12,,100,,,,scb"), "bad_period", FIGURES, 5),
    "NaN": (line(FIGURES, 5, "A1,folkmangd,2022,,NaN,,,,scb"), "not_finite", FIGURES, 5),
    "inf": (line(FIGURES, 5, "A1,folkmangd,2022,,inf,,,,scb"), "not_finite", FIGURES, 5),
    "infinite in disguise": (line(FIGURES, 5, "A1,folkmangd,2022,,1e999,,,,scb"), "not_finite", FIGURES, 5),
    "huge number": (line(FIGURES, 5, "A1,folkmangd,2022,," + "9" * 30 + ",,,,scb"), "too_large", FIGURES, 5),
    "text in a number": (line(FIGURES, 5, "A1,folkmangd,2022,,hundra,,,,scb"), "not_a_number", FIGURES, 5),
    "other digits": (line(FIGURES, 5, "A1,folkmangd,2022,,١٠٠,,,,scb"), "not_a_number", FIGURES, 5),
    "decimal comma": (line(WORK, 20, "A1,sysselsatta,2022,,50,0,50,100,,scb"), "decimal_comma", WORK, 20),
    "quoted comma": (line(WORK, 20, 'A1,sysselsatta,2022,,"50,0",50,100,,scb'), "decimal_comma", WORK, 20),
    "a comma too many": (line(FIGURES, 5, "A1,folkmangd,2022,,100,,,,scb,,tal"), "field_count", FIGURES, 5),
    "negative count": (line(FIGURES, 5, "A1,folkmangd,2022,,-100,,,,scb"), "negative", FIGURES, 5),
    "negative denominator": (line(WORK, 20, "A1,sysselsatta,2022,,50,50,-100,,scb"), "negative", WORK, 20),
    "half a person": (line(FIGURES, 5, "A1,folkmangd,2022,,100.5,,,,scb"), "not_whole", FIGURES, 5),
    "estimate far off": (line(WORK, 20, "A1,sysselsatta,2022,,51,50,100,e,scb"), "value_mismatch", WORK, 20),
    "share 140": (line(WORK, 20, "A1,sysselsatta,2022,,140,,,,scb"), "out_of_range", WORK, 20),
    "numerator larger": (line(WORK, 20, "A1,sysselsatta,2022,,50,150,100,,scb"), "numerator_larger", WORK, 20),
    "value mismatch": (line(WORK, 20, "A1,sysselsatta,2022,,50.1,50,100,,scb"), "value_mismatch", WORK, 20),
    "half a ratio": (line(WORK, 20, "A1,sysselsatta,2022,,50,,100,,scb"), "half_ratio", WORK, 20),
    "nothing to divide by": (line(WORK, 20, "A1,sysselsatta,2022,,0,0,0,,scb"), "zero_denominator", WORK, 20),
    "count as ratio": (line(FIGURES, 5, "A1,folkmangd,2022,,100,1,1,,scb"), "ratio_for_count", FIGURES, 5),
    "unknown flag": (line(FIGURES, 5, "A1,folkmangd,2022,,100,,,q,scb"), "unknown_flag", FIGURES, 5),
    "flag twice": (line(FIGURES, 5, "A1,folkmangd,2022,,100,,,e e,scb"), "unknown_flag", FIGURES, 5),
    "two reasons": (line(FIGURES, 5, "A1,folkmangd,2022,,,,,- ..,scb"), "flag_conflict", FIGURES, 5),
    "value despite flag": (line(FIGURES, 5, "A1,folkmangd,2022,,100,,,..,scb"),
                           "value_despite_flag", FIGURES, 5),
    "missing without flag": (line(FIGURES, 5, "A1,folkmangd,2022,,,,,,scb"), "missing_without_flag", FIGURES, 5),
    "part larger than whole": (line(FIGURES, 6, "A1,folkmangd,2022,k,150,,,,scb"), "part_larger", FIGURES, 6),
    "sum above the city": (line(FIGURES, 2, "9999,folkmangd,2022,,2050,,,,scb"), "total_wrong", FIGURES, 2),
    "sum far below the city": (line(FIGURES, 2, "9999,folkmangd,2022,,2900,,,,scb"), "total_wrong", FIGURES, 2),
    # the map
    "broken JSON": (swap(MAP, '"type": "Polygon",', '"type": "Polygon"'), "json_broken", MAP, 13),
    "NaN in JSON": (swap(MAP, "13.0", "NaN"), "json_broken", MAP, None),
    "nested without end": (raw(MAP, lambda b: b"[" * 100_000), "json_broken", MAP, None),
    "not a collection": (raw(MAP, lambda b: b"[1, 2]\n"), "geojson", MAP, None),
    "bow-tie": (feature(0, bow_tie), "geometry_invalid", MAP, None),
    "point for a polygon": (feature(0, lambda f: f.update(geometry={"type": "Point", "coordinates": [13, 55]})),
                            "geometry_invalid", MAP, None),
    "text for coordinates": (feature(0, lambda f: f["geometry"].update(coordinates="x")),
                             "geometry_invalid", MAP, None),
    "coordinates of EPSG:3008": (collection(sweref), "crs", MAP, None),
    "declared EPSG:3006": (collection(lambda c: c.update(
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}})), "crs", MAP, None),
    "missing geometry": (feature(0, lambda f: f.update(geometry=None)), "geometry_missing", MAP, None),
    "feature taken away": (collection(lambda c: c["features"].pop(0)), "unknown_area", FIGURES, 5),
    "feature without id": (feature(0, lambda f: f["properties"].pop("id")), "geojson", MAP, None),
    "feature with id as number": (feature(0, lambda f: f["properties"].update(id=1)), "geojson", MAP, None),
    "feature id of odd signs": (feature(0, lambda f: f["properties"].update(id="A 1\ud800")), "schema", MAP, None),
    "same id twice": (feature(0, lambda f: f["properties"].update(id="A2")), "duplicate_id", MAP, None),
    "overlap": (feature(0, wide), "overlap", MAP, None),
    "size zero": (feature(0, lambda f: f["properties"].update(area_km2=0)), "geojson", MAP, None),
    "map file missing": (lambda root: move(root / MAP), "file_missing", MAP, None),
    # the catalogue
    "no pack file": (lambda root: move(root / "pack.yaml"), "file_missing", "pack.yaml", None),
    "tab in YAML": (swap(INDICATOR, "  sv: Invånare", "\tsv: Invånare"), "yaml_broken", INDICATOR, 3),
    "control sign in YAML": (swap(INDICATOR, "Invånare", "Inv\x00nare"), "yaml_broken", INDICATOR, 3),
    "control sign written out": (swap(INDICATOR, "Invånare", r'"Inv\0nare"'), "control_character", INDICATOR, 3),
    "control sign in a list": (yaml_of("aliases", {"A1": ["Ber\x7fget"]}), "control_character", "catalog/aliases.yaml", 2),
    "control sign on the map": (feature(0, lambda f: f["properties"].update(name="Ber\x01ga")), "control_character", MAP, None),
    "sign that turns what follows": (swap("catalog/areas.yaml", "Östra", "\u202eÖstra"), "control_character", "catalog/areas.yaml", 13),
    "tag that does not fit": (swap(INDICATOR, "decimals: 0", "decimals: !!bool x"), "yaml_broken", INDICATOR, None),
    "unknown YAML key": (swap(INDICATOR, "kind: count", "kind: count\nkinds: x"), "schema", INDICATOR, 10),
    "missing YAML key": (swap(INDICATOR, "short_unit: ''\n", ""), "schema", INDICATOR, 1),
    "key twice": (swap(INDICATOR, "kind: count", "kind: count\nkind: share"), "yaml_duplicate_key", INDICATOR, 10),
    "wrong type": (swap(INDICATOR, "decimals: 0", "decimals: noll"), "schema", INDICATOR, 15),
    "wrong choice": (swap(INDICATOR, "kind: count", "kind: antal"), "schema", INDICATOR, 9),
    "number for text": (swap("catalog/breaks.yaml", "'2024'", "2024"), "schema", "catalog/breaks.yaml", 2),
    "record inside itself": (raw("catalog/goals.yaml", lambda b: b"- &a {id: x, title: *a}\n"),
                             "schema", "catalog/goals.yaml", 1),
    "share without ratio": (swap(INDICATOR, "kind: count", "kind: share"), "schema", INDICATOR, 1),
    "list that is none": (yaml_of("sources", {"scb": 1}), "schema", "catalog/sources.yaml", 1),
    "empty catalogue file": (raw("catalog/breaks.yaml", lambda b: b""), "file_empty", "catalog/breaks.yaml", None),
    "breaks missing": (lambda root: move(root / "catalog/breaks.yaml"),
                       "file_missing", "catalog/breaks.yaml", None),
    "file name is not the id": (lambda root: (root / INDICATOR).rename(root / "catalog/indicators/folk.yaml"),
                                "file_name", "catalog/indicators/folk.yaml", None),
    "area id twice": (yaml_of("areas", [*small_pack.AREAS, small_pack.AREAS[1]]),
                      "duplicate_id", "catalog/areas.yaml", None),
    "named area with the id of a base area": (yaml_of("areas", [
        *small_pack.AREAS, {"id": "A1", "name": "x", "level": "namngivet", "members": ["A2"]}]),
        "duplicate_id", "catalog/areas.yaml", None),
    "base area without a shape": (yaml_of("areas", [
        *small_pack.AREAS, {"id": "A7", "name": "Ny", "level": "regso"}]),
        "geometry_missing", "catalog/areas.yaml", None),
    "city missing": (yaml_of("areas", small_pack.AREAS[1:]), "city_missing", "catalog/areas.yaml", None),
    "member unknown": (yaml_of("areas", [
        *small_pack.AREAS, {"id": "ny", "name": "Ny", "level": "namngivet", "members": ["A1", "A8"]}]),
        "unknown_member", "catalog/areas.yaml", None),
    "no members": (yaml_of("areas", [*small_pack.AREAS, {"id": "ny", "name": "Ny", "level": "namngivet"}]),
                   "no_members", "catalog/areas.yaml", None),
    "a reader's own area in a pack": (yaml_of("areas", [
        *small_pack.AREAS, {"id": "eget-1", "name": "Eget", "level": "eget", "members": ["A1"]}]),
        "schema", "catalog/areas.yaml", None),
    "alias for nothing": (yaml_of("aliases", {"A9": ["Borta"]}), "unknown_alias", "catalog/aliases.yaml", None),
    "kommun of nothing": (yaml_of("kommuner", [{"id": "1", "name": "Ett", "level": "kommun"}]),
                          "no_members", "catalog/kommuner.yaml", None),
    "kommun with an unknown area": (yaml_of("kommuner", [{"id": "1", "name": "Ett", "level": "kommun", "members": ["A9"]}]),
                                    "unknown_member", "catalog/kommuner.yaml", None),
    "area in two kommuner": (yaml_of("kommuner", [{"id": k, "name": k, "level": "kommun", "members": ["A1"]} for k in "12"]),
                             "duplicate_id", "catalog/kommuner.yaml", None),
    "kommun with the id of an area": (yaml_of("kommuner", [{"id": "A1", "name": "Ett", "level": "kommun", "members": ["A1"]}]),
                                      "duplicate_id", "catalog/kommuner.yaml", None),
    "kommun that is none": (yaml_of("kommuner", [{"id": "1", "name": "Ett", "level": "stadsdel", "members": ["A1"]}]),
                            "schema", "catalog/kommuner.yaml", None),
    "aliases as text": (yaml_of("aliases", {"A1": "Väst"}), "schema", "catalog/aliases.yaml", 1),
    "source id twice": (yaml_of("sources", 2 * small_pack.SOURCES), "duplicate_id", "catalog/sources.yaml", None),
    "headline of nothing": (lambda root: small_pack.dump(root / "pack.yaml", {**small_pack.INFO, "headline": ["x"]}),
                            "unknown_reference", "pack.yaml", None),
    "break with unknown indicator": (yaml_of("breaks", with_key(small_pack.BREAKS, indicators=["sysselsatt"])),
                                     "unknown_reference", "catalog/breaks.yaml", None),
    "goal with unknown indicator": (yaml_of("goals", with_key(small_pack.GOALS, indicators=["x"])),
                                    "unknown_reference", "catalog/goals.yaml", None),
    "index of nothing": (yaml_of("index", {**small_pack.INDEX, "weights": {"x": 1}}),
                         "unknown_reference", "catalog/index.yaml", None),
    "index of a count": (yaml_of("index", {**small_pack.INDEX, "weights": {"folkmangd": 1}}),
                         "not_weighable", "catalog/index.yaml", None),
    "index with a weight above five": (yaml_of("index", {**small_pack.INDEX, "weights": {"inkomst": 6}}),
                                       "schema", "catalog/index.yaml", 2),
    "likeness of a median": (yaml_of("index", {**small_pack.INDEX, "likeness": {
        "low_standard": "inkomst", "low_education": "sysselsatta", "out_of_work": "sysselsatta"}}),
        "not_a_share", "catalog/index.yaml", None),
    "types that are a median": (yaml_of("index", {**small_pack.INDEX, "published": "inkomst"}),
                                "not_a_class", "catalog/index.yaml", None),
    "peers by nothing": (yaml_of("peers", [{"indicator": "x"}]),
                         "unknown_reference", "catalog/peers.yaml", None),
    "peers near nothing": (yaml_of("peers", [{"indicator": "inkomst", "near": ["x"]}]),
                           "unknown_reference", "catalog/peers.yaml", None),
    "peers by the same twice": (yaml_of("peers", 2 * small_pack.PEERS),
                                "duplicate_id", "catalog/peers.yaml", None),
    "initiative in unknown area": (yaml_of("initiatives", with_key(small_pack.INITIATIVES, areas=["A9"])),
                                   "unknown_reference", "catalog/initiatives.yaml", None),
    "initiative with unknown goal": (yaml_of("initiatives", with_key(small_pack.INITIATIVES, goals=["x"])),
                                     "unknown_reference", "catalog/initiatives.yaml", None),
    "initiative that ends before it starts": (yaml_of("initiatives", with_key(small_pack.INITIATIVES, end="2022")),
                                              "date_order", "catalog/initiatives.yaml", None),
    "correction of an unknown area": (yaml_of("corrections", [correction(area="A9")]),
                                      "unknown_reference", "catalog/corrections.yaml", None),
    "correction of an unknown measure": (yaml_of("corrections", [correction(indicator="x")]),
                                         "unknown_reference", "catalog/corrections.yaml", None),
    "correction of an unknown group": (yaml_of("corrections", [correction(group="x")]),
                                       "unknown_reference", "catalog/corrections.yaml", None),
    "list of another pack": (yaml_of("priorities", listed(pack="malmo")), "other_pack", "catalog/priorities.yaml", None),
    "list with an unknown area": (yaml_of("priorities", listed(entries=[row(area="A9")])),
                                  "unknown_reference", "catalog/priorities.yaml", None),
    "list with an unknown measure": (yaml_of("priorities", listed(entries=[row(indicator="x")])),
                                     "unknown_reference", "catalog/priorities.yaml", None),
    "list with an unknown group": (yaml_of("priorities", listed(entries=[row(group="x")])),
                                   "unknown_reference", "catalog/priorities.yaml", None),
    "list with a row twice": (yaml_of("priorities", listed(entries=[row(), row(period="2023")])),
                              "duplicate_id", "catalog/priorities.yaml", None),
    "list id twice": (yaml_of("priorities", 2 * small_pack.PRIORITIES), "duplicate_id", "catalog/priorities.yaml", None),
    "list that nobody decided": (yaml_of("priorities", with_key(small_pack.PRIORITIES, by="")),
                                 "schema", "catalog/priorities.yaml", 2),
    "police in unknown area": (swap("catalog/police.yaml", "A1: 0.9", "B1: 0.9"),
                               "unknown_reference", "catalog/police.yaml", None),
    "police share in per cent": (swap("catalog/police.yaml", "A1: 0.9", "A1: 90"),
                                 "overlap_share", "catalog/police.yaml", None),
    "police edition twice": (yaml_of("police", 2 * small_pack.POLICE), "duplicate_id", "catalog/police.yaml", None),
}

# name → (mutation, code, file, row or None); the pack is still used
ODDITIES = {
    "sum a little below the city": (line(FIGURES, 2, "9999,folkmangd,2022,,2110,,,,scb"),
                                    "total_differs", FIGURES, 2),
    "estimated city": (line(FIGURES, 2, "9999,folkmangd,2022,,2050,,,e,scb"), "total_differs", FIGURES, 2),
    "extra geometry": (collection(lambda c: c["features"].append({
        "type": "Feature", "properties": {"id": "A7", "name": "Ny", "area_km2": 1},
        "geometry": {"type": "Polygon",
                     "coordinates": [[[13.1, 55.6], [13.2, 55.6], [13.2, 55.7], [13.1, 55.6]]]}})),
        "area_without_figures", MAP, None),
    "vertices not shared": (feature(1, lambda f: f["geometry"].update(coordinates=[
        [[13.01, 55.6], [13.02, 55.6], [13.02, 55.61], [13.01, 55.61], [13.01001, 55.605], [13.01, 55.6]]])),
        "seam", MAP, None),
    "Windows line ends": (raw(FIGURES, lambda b: b.replace(b"\n", b"\r\n")), "line_ends", FIGURES, 1),
    "no last line end": (raw(FIGURES, lambda b: b[:-1]), "no_last_newline", FIGURES, 58),
    "rows out of order": (line(FIGURES, 2, "A7,folkmangd,2022,,1,,,,scb"), "not_sorted", FIGURES, 3),
    "alias of two base areas": (yaml_of("aliases", {"A1": ["Berget"], "A2": ["berget"]}),
                                "shared_alias", "catalog/aliases.yaml", None),
    "alias of two named areas": (yaml_of("areas", [*small_pack.AREAS, {
        "id": "ny", "name": "Ny", "level": "namngivet", "members": ["A1"], "aliases": ["väst"]}]),
        "shared_alias", "catalog/aliases.yaml", None),
    "level without figures": (swap(INDICATOR, "- regso", "- regso\n- stadsdel"),
                              "level_without_figures", INDICATOR, None),
    "undeclared level": (swap(INDICATOR, "- kommun\n", ""), "undeclared_level", FIGURES, 2),
    "indicator without figures": (lambda root: small_pack.dump(
        root / "catalog/indicators/ny.yaml", {**small_pack.INDICATORS[0], "id": "ny"}),
        "indicator_without_figures", "catalog/indicators/ny.yaml", None),
    "words for a level without areas": (lambda root: small_pack.dump(
        root / "pack.yaml", {**small_pack.INFO, "levels": {"delomrade": dict.fromkeys(LevelWords.model_fields, {"sv": "x"})}}),
        "level_unused", "pack.yaml", None),
}


def move(path: Path) -> None:
    path.rename(path.with_name(path.name + ".borta"))


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_reported_with_place_and_remedy(tmp_path: Path, name: str) -> None:
    mutate, code, file, row = FAULTS[name]
    mutate(small_pack.write(tmp_path))
    with pytest.raises(pack.PackError) as caught:
        pack.load(tmp_path)
    report = caught.value.report
    assert not report.ok
    finding = next((f for f in report.findings if (f.code, f.file, f.row) == (code, file, row)), None)
    assert finding, report.text()
    assert finding.severity == "fel"
    assert_readable(report)


@pytest.mark.parametrize("name", ODDITIES)
def test_oddity_is_a_warning(tmp_path: Path, name: str) -> None:
    mutate, code, file, row = ODDITIES[name]
    mutate(small_pack.write(tmp_path))
    report = pack.check(tmp_path)
    finding = next((f for f in report.findings if (f.code, f.file, f.row) == (code, file, row)), None)
    assert finding, report.text()
    assert finding.severity == "varning"
    assert_readable(report)


def assert_readable(report: pack.Report) -> None:
    for finding in report.findings:
        assert finding.found.strip() and finding.expected.strip() and finding.remedy.strip()
        assert "{" not in finding.expected
        assert finding.code in finding.text() and finding.code in finding.text("en")
    assert "Traceback" not in report.text()
    report.text().encode()


def test_duplicate_names_both_rows(tmp_path: Path) -> None:
    small_pack.write(tmp_path)
    small_pack.lines(tmp_path / "observations/extra.csv", ["A1,folkmangd,2022,,100,,,,scb"])
    finding = next(f for f in pack.check(tmp_path).findings if f.code == "duplicate_row")
    assert (finding.file, finding.row) == ("observations/extra.csv", 2)
    assert f"rad 5 i {FIGURES}" in finding.found


def test_a_published_list_is_read_and_a_pack_may_be_without(tmp_path: Path) -> None:
    small_pack.write(tmp_path)
    before = pack.load(tmp_path)
    assert before.priorities == ()
    yaml_of("priorities", small_pack.PRIORITIES)(tmp_path)
    found = pack.load(tmp_path)
    assert [(one.by, one.chosen.entries[0].note) for one in found.priorities] == [("Nämnden", "Först.")]
    assert found.fingerprint != before.fingerprint


def test_area_and_its_member_may_share_an_alias(tmp_path: Path) -> None:
    yaml_of("aliases", {"A1": ["Väst"]})(small_pack.write(tmp_path))
    assert pack.check(tmp_path).findings == []


def test_estimate_may_differ_by_the_rounding_of_its_parts(tmp_path: Path) -> None:
    line(WORK, 20, "A1,sysselsatta,2022,,50.7,50,100,e,scb")(small_pack.write(tmp_path))
    assert pack.check(tmp_path).findings == []


def test_repeated_fault_is_listed_ten_times_and_counted(tmp_path: Path) -> None:
    small_pack.write(tmp_path)
    raw(FIGURES, lambda b: b.replace(b",scb\n", b",okand\n"))(tmp_path)
    report = pack.check(tmp_path)
    assert len([f for f in report.findings if f.code == "unknown_source"]) == 10
    assert "… och 47 till av slaget [unknown_source]" in report.text()
    assert "57 fel, 0 varningar." in report.text()


def test_a_table_of_broken_rows_does_not_flood_the_report(tmp_path: Path) -> None:
    small_pack.write(tmp_path)
    small_pack.lines(tmp_path / FIGURES, ["A1;folkmangd;2022;;100;;;;scb"] * 5000)
    report = pack.check(tmp_path)
    assert len([f for f in report.findings if f.code == "field_count"]) == 10
    assert "… och 4990 till av slaget [field_count]" in report.text()


def test_one_broken_catalogue_file_does_not_flood_the_report(tmp_path: Path) -> None:
    small_pack.write(tmp_path)
    raw("catalog/sources.yaml", lambda b: b"- [\n")(tmp_path)
    assert [f.code for f in pack.check(tmp_path).findings] == ["yaml_broken"]


def test_rows_are_numbered_as_an_editor_shows_them(tmp_path: Path) -> None:
    small_pack.write(tmp_path)
    line(FIGURES, 4, "\n\n9999,folkmangd,2024,,minst 5,,,,scb")(tmp_path)
    assert [f.row for f in pack.check(tmp_path).findings] == [6]


FILES = ["pack.yaml", MAP, FIGURES, WORK, INDICATOR] + [
    f"catalog/{name}.yaml"
    for name in ("sources", "areas", "aliases", "breaks", "goals", "initiatives", "police", "index", "peers")
]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack.write(tmp_path_factory.mktemp("pack"))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    file=st.sampled_from(FILES),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=4)), min_size=1, max_size=4),
)
def test_random_damage_never_escapes_the_report(packed: Path, file: str, damage: list) -> None:
    path = packed / file
    whole = path.read_bytes()
    content = whole
    for where, length, put in damage:
        at = int(where * len(content))
        content = content[:at] + put + content[at + length :]
    path.write_bytes(content)
    try:
        assert len(pack.load(packed).observations) > 0
    except pack.PackError as error:
        assert not error.report.ok
        assert_readable(error.report)
    finally:
        path.write_bytes(whole)
