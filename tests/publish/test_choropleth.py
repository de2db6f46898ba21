"""What a map says about each area: its class, its words and its legend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from omradesbild.analyse.statements import build
from omradesbild.model import Direction, Flag, PoliceEdition, PoliceEntry
from omradesbild.pack import load
from omradesbild.publish import choropleth, style
from omradesbild.publish.choropleth import counts, limits_of, overlaps, picture
from omradesbild.publish.draw import draw_svg
from omradesbild.publish.shapes import shapes

ROOT = Path(__file__).resolve().parents[2]
LIMITS = (10.0, 20.0)


@pytest.fixture(scope="module")
def said():
    return build(load(ROOT / "data"))


@pytest.fixture(scope="module")
def one(said):
    return said.get("1280R001", "arbetslosa_16_64", "2022")


def drawn(said, indicator: str, period: str, group: str = "", **layers):
    return picture(said, said.pack.indicators[indicator], period, group, **layers)


def judged(one, direction: Direction, comparison: str) -> str:
    indicator = one.indicator.model_copy(update={"direction": direction})
    return choropleth._code(replace(one, indicator=indicator, comparison=comparison), (), "avvikelse")


@pytest.mark.parametrize(
    ("flag", "code"),
    [("-", style.NOT_REPORTED), ("..", style.SUPPRESSED), (".", style.NOT_APPLICABLE), ("e ..", style.SUPPRESSED)],
)
@pytest.mark.parametrize("mode", ["niva", "avvikelse"])
def test_an_area_without_a_figure_has_the_class_of_its_mark(one, flag: str, code: str, mode: str) -> None:
    assert choropleth._code(replace(one, value=None, flag=flag, comparison=""), LIMITS, mode) == code


def test_an_area_without_a_row_is_missing() -> None:
    assert choropleth._code(None, LIMITS, "niva") == style.NOT_REPORTED


@pytest.mark.parametrize("mode", ["niva", "avvikelse"])
def test_a_small_basis_is_no_level_and_no_difference(one, mode: str) -> None:
    assert choropleth._code(replace(one, comparison="small"), LIMITS, mode) == style.SMALL


@pytest.mark.parametrize(("value", "code"), [(0.0, "0"), (9.99, "0"), (10.0, "1"), (20.0, "2"), (99.0, "2")])
def test_a_value_on_a_limit_belongs_to_the_class_above(one, value: float, code: str) -> None:
    assert choropleth._code(replace(one, value=value, comparison="none"), LIMITS, "niva") == code


@pytest.mark.parametrize(
    ("comparison", "higher_better", "lower_better"),
    [
        ("much_higher", "E", "A"),
        ("higher", "D", "B"),
        ("above", "D", "B"),
        ("none", "C", "C"),
        ("about", "C", "C"),
        ("below", "B", "D"),
        ("lower", "B", "D"),
        ("much_lower", "A", "E"),
    ],
)
def test_worse_has_the_same_colour_whichever_way_is_worse(
    one, comparison: str, higher_better: str, lower_better: str
) -> None:
    assert judged(one, Direction.HIGHER_BETTER, comparison) == higher_better
    assert judged(one, Direction.LOWER_BETTER, comparison) == lower_better
    assert judged(one, Direction.NONE, comparison) == higher_better, "without judgement: low to high"


def test_what_cannot_be_compared_has_no_difference(one) -> None:
    assert judged(one, Direction.HIGHER_BETTER, "") == style.NOT_APPLICABLE


def test_limits_are_the_same_for_all_years(said) -> None:
    pictures = [drawn(said, "hyresratt", period) for period in said.periods("hyresratt", "regso")]
    assert len(pictures) == 4
    assert len({p.legend.breaks for p in pictures}) == 1
    assert len({p.legend.labels for p in pictures}) == 1


def test_the_legend_spans_every_value_of_every_year(said) -> None:
    legend = drawn(said, "hyresratt", "2020").legend
    rows = said.frame[(said.frame["indicator"] == "hyresratt") & (said.frame["level"] == "regso")]
    assert (legend.breaks[0], legend.breaks[-1]) == (rows["value"].min(), rows["value"].max())
    assert legend.breaks[1:-1] == limits_of(said, "hyresratt", "")
    assert list(legend.breaks) == sorted(legend.breaks)


def test_labels_say_the_limits(said) -> None:
    legend = drawn(said, "hyresratt", "2021").legend
    ticks = legend.ticks[1:-1]
    assert legend.codes == "01234"
    assert legend.labels[0] == f"under {ticks[0]}"
    assert legend.labels[1] == f"{ticks[0]} till {ticks[1]}"
    assert legend.labels[-1] == f"{ticks[-1]} eller mer"
    english = drawn(said, "hyresratt", "2021", lang="en").legend
    assert english.codes == legend.codes and english.labels != legend.labels


def test_the_classes_of_a_class_indicator_are_its_own_numbers(said) -> None:
    shown = drawn(said, "omradestyp", "2023")
    low, high = said.pack.indicators["omradestyp"].range
    assert shown.legend.labels == tuple(str(n) for n in range(int(low), int(high) + 1))
    for area, code in shown.classes.items():
        s = said.get(area, "omradestyp", "2023")
        if s is not None and s.value is not None:
            assert shown.legend.labels[int(code)] == f"{s.value:.0f}"


def test_a_map_of_differences_without_a_test_says_so(said) -> None:
    shown = drawn(said, "nettoinkomst_medel", "2022", mode="avvikelse")
    assert set(shown.classes.values()) <= {"B", "C", "D"}
    assert shown.legend.codes == "BCD"
    assert all("inte prövat" in label for label in (shown.legend.labels[0], shown.legend.labels[2]))
    assert shown.values == {} and shown.city is None


def test_words_of_the_legend_follow_the_colours_where_lower_is_better(said) -> None:
    lower = drawn(said, "lag_ekonomisk_standard", "2022", mode="avvikelse").legend
    assert dict(zip(lower.codes, lower.labels, strict=True))["B"].startswith("över staden")
    higher = drawn(said, "nettoinkomst_medel", "2022", mode="avvikelse").legend
    assert dict(zip(higher.codes, higher.labels, strict=True))["B"].startswith("under staden")


def test_better_and_worse_are_said_only_where_there_is_a_judgement(said) -> None:
    judged_map = drawn(said, "arbetslosa_16_64", "2022", mode="avvikelse").legend
    plain = drawn(said, "utlandsk_bakgrund", "2022", mode="avvikelse").legend
    assert judged_map.labels[0] == "klart sämre än övriga staden"
    assert not any("sämre" in label or "bättre" in label for label in plain.labels)


def test_the_city_is_on_the_bar_except_for_counts(said) -> None:
    assert drawn(said, "arbetslosa_16_64", "2022").city == (
        said.get("1280", "arbetslosa_16_64", "2022").value,
        "8,8\u00a0%",
    )
    assert drawn(said, "folkmangd", "2025").city is None


def test_the_summary_counts_the_areas_that_differ(said) -> None:
    shown = drawn(said, "arbetslosa_16_64", "2022")
    codes = said.base_at("arbetslosa_16_64", "2022")["comparison"]
    higher, lower = (int(codes.isin(kinds).sum()) for kinds in (["much_higher", "higher"], ["much_lower", "lower"]))
    assert f"{higher} områden ligger tydligt högre och {lower} tydligt lägre" in shown.summary
    assert shown.summary.startswith("Arbetslösa, 16–64 år, 2022. Hela staden: 8,8")


def test_a_chosen_named_area_has_its_figure_but_no_class(said) -> None:
    shown = drawn(said, "arbetslosa_16_64", "2022", chosen=("mollan",))
    assert "mollan" not in shown.classes and len(shown.classes) == 91
    assert shown.texts["mollan"] == "8,7\u00a0%"
    assert shown.values["mollan"] == said.get("mollan", "arbetslosa_16_64", "2022").value


def test_why_a_figure_is_missing_is_a_remark(said) -> None:
    shown = drawn(said, "gymnasiebehorighet", "2023", chosen=("mollan",))
    hidden = [area for area, code in shown.classes.items() if code == style.SUPPRESSED]
    assert len(hidden) == 20
    assert {shown.remarks[area] for area in hidden} == {"visas inte, skyddar små tal"}
    assert shown.texts[hidden[0]] == ".."
    assert shown.remarks["mollan"]


def test_every_map_of_the_pack_can_be_drawn(said) -> None:
    allowed = set(style.CLASSES) | set(style.SPECIAL)
    for indicator in said.pack.indicators.values():
        for group in said.groups(indicator.id):
            period = said.latest(indicator.id, "regso", group)
            for mode in ("niva", "avvikelse") if period else ():
                shown = picture(said, indicator, period, group, mode=mode)
                assert set(shown.classes.values()) <= allowed
                assert set(shown.classes.values()) - set(style.SPECIAL) <= set(shown.legend.codes)


def edition(*overlaps_: dict[str, float]) -> PoliceEdition:
    entries = tuple(
        PoliceEntry(area=str(n), id=f"a{n}", category="utsatt", source="P", source_url="https://p.se", overlap=o)
        for n, o in enumerate(overlaps_)
    )
    return PoliceEdition(edition="2030", published="2030-01-01", borders=True, entries=entries)


def test_surfaces_in_two_police_areas_are_added_and_never_more_than_all() -> None:
    found = SimpleNamespace(pack=SimpleNamespace(police=(edition({"A": 0.7, "B": 0.2}, {"A": 0.6, "B": 0.3}),)))
    assert overlaps(found, "2030") == {"A": 1.0, "B": 0.5}
    assert overlaps(found, "2031") == {}


def test_the_shipped_overlaps_are_shares(said) -> None:
    shares = overlaps(said, "2023")
    names = {said.pack.areas[area].name: share for area, share in shares.items()}
    assert 0.99 < names["Örtagården norr"] <= 1.0
    assert min(shares.values()) > 0 and max(shares.values()) <= 1
    assert overlaps(said, "2017") == {}


def test_initiatives_are_counted_once_per_basic_area(said) -> None:
    pack = said.pack
    found = counts(said)
    expected = {}
    for initiative in pack.initiatives:
        named = set()
        for area in initiative.areas:
            if area != "1280":
                named |= set(pack.areas[area].members) or {area}
        for area in named:
            expected[area] = expected.get(area, 0) + 1
    assert found == {area: str(n) for area, n in expected.items()}
    assert set(found) <= {area.id for area in pack.areas.values() if area.level == "regso"}


def test_layers_are_off_unless_asked_for(said) -> None:
    bare = drawn(said, "hyresratt", "2021")
    assert (dict(bare.police), dict(bare.initiatives), bare.outlines, bare.police_text) == ({}, {}, (), "")
    full = drawn(said, "hyresratt", "2021", police="2023", outlines="stadsdel", initiatives=True)
    assert len(full.outlines) == 10 and full.police and full.initiatives
    assert full.police_text == "Polisens lista 2023"


def test_every_flag_without_a_value_has_a_class() -> None:
    assert {Flag.NOT_REPORTED, Flag.SUPPRESSED, Flag.NOT_APPLICABLE} == {"-", "..", "."}
    assert len({style.NOT_REPORTED, style.SUPPRESSED, style.NOT_APPLICABLE, style.SMALL}) == 4


def test_a_map_for_paper_explains_itself_and_typst_draws_it(said):
    import io
    import json

    import typst
    from PIL import Image

    svg = draw_svg(shapes(said.pack), drawn(said, "arbetslosa_16_64", "2022", chosen=("1280R001",), police="2025"))
    root = ElementTree.fromstring(svg)
    assert [child.tag.rpartition("}")[2] for child in root[:2]] == ["title", "desc"]
    assert root.get("aria-labelledby").split() == [child.get("id") for child in root[:2]]
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(text.endswith(", 2022") for text in texts)
    assert any(text.startswith("Källa: ") for text in texts)
    assert any(text.startswith("Staden: ") for text in texts)
    source = f'#set page(width: 500pt, height: auto, margin: 0pt)\n#image(bytes({json.dumps(svg, ensure_ascii=False)}), format: "svg")'
    picture = Image.open(io.BytesIO(typst.compile(source.encode(), format="png", ppi=72))).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(1_000_000)}
    levels = {tuple(int(fill[i : i + 2], 16) for i in (1, 3, 5)) for fill in style.LEVELS.values()}
    assert levels <= colours
