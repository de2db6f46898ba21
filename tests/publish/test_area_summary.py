"""An area in at most six sentences, chosen by open rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from launch import observations
from makers import indicator, pack, row

from omradesbild.analyse.statements import build
from omradesbild.pack import load
from omradesbild.publish import summary
from omradesbild.publish.summary import area_sentences, city_sentences, clearest

ROOT = Path(__file__).resolve().parents[2]
NBSP, THIN = "\u00a0", "\u202f"


@pytest.fixture(scope="module")
def malmo():
    return build(load(ROOT / "data"))


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(THIN, " ")


def made(counts: dict[str, dict[str, int]], *, people=2000, flags=None, **more):
    """Areas A–C of 2 000; `counts` has the successes of each indicator by area, in 2024."""
    rows = [
        row(area, name, "2024", parts=(n, people), flag=(flags or {}).get((name, area), ""))
        for name, by_area in counts.items()
        for area, n in by_area.items()
    ]
    themes = {"a": "arbete", "b": "arbete", "c": "utbildning", "d": "boende", "e": "halsa"}
    known = [
        indicator(name, **({"direction": "lower", "short_unit": "%", "theme": themes[name]} | more.get(name, {})))
        for name in counts
    ]
    content = pack(rows, known)
    content.info.version, content.info.headline = "2026-11-01", ()
    return build(content)


def test_the_clearest_differences_come_first_one_of_each_theme() -> None:
    """Differences from the city, in times of the smallest worth naming (1): a 20, b 26.7, c 13.3, d 10, e 6.7."""
    apart = {"a": 300, "b": 400, "c": 200, "d": 150, "e": 100}
    said = made({name: {"A": 700 + n * 2, "B": 700, "C": 700} for name, n in apart.items()})
    found = clearest(said, "A")
    assert [s.indicator.id for s in found] == ["b", "c", "d"]
    assert [round(s.difference, 1) for s in found] == [26.7, 13.3, 10.0]


def test_nothing_uncertain_estimated_or_without_a_judgement_is_chosen() -> None:
    counts = {name: {"A": 1200, "B": 700, "C": 700} for name in "acde"}
    flags = {("c", "A"): "e", ("d", "A"): "(x)"}
    said = made(counts, flags=flags, e={"direction": "none"})
    assert [s.indicator.id for s in clearest(said, "A")] == ["a"]
    few = made({"a": {"A": 30, "B": 20, "C": 20}}, people=60)
    assert clearest(few, "A") == []


def test_an_area_like_the_rest_says_so_and_names_what_was_tested() -> None:
    said = made({"a": {"A": 700, "B": 705, "C": 695}, "c": {"A": 900, "B": 900, "C": 890}})
    texts = [s.text for s in area_sentences(said, "A")]
    assert texts[0] == (
        "Inget av de 2 mått som kan prövas och bedömas skiljer området tydligt från övriga staden."
    )
    (sentence,) = [s for s in area_sentences(said, "A") if "Inget av" in s.text]
    assert [s.indicator.id for s in sentence.rests_on] == ["a", "c"]


def test_better_and_worse_count_alike() -> None:
    said = made({"a": {"A": 300, "B": 700, "C": 700}, "c": {"A": 1100, "B": 700, "C": 700}})
    first, second, *_ = area_sentences(said, "A")
    assert plain(first.text) == (
        "a: 15,0 % mot 28,3 % i hela staden (2024). Det är klart lägre än övriga staden, ett bättre läge."
    )
    assert plain(second.text).endswith("Det är klart högre än övriga staden, ett sämre läge.")


def test_the_rule_and_the_numbers_stand_under_each_sentence() -> None:
    said = made({"a": {"A": 300, "B": 700, "C": 700}})
    first = area_sentences(said, "A")[0]
    numbers = [plain(line) for line in first.numbers]
    assert first.rule.startswith("Regel: högst 3 mått, ett per ämne")
    assert numbers[0] == "a, A 2024: 15,0 % (300 av 2 000), slumpintervall 13,5–16,6, säker."
    assert numbers[1] == (
        "Övriga staden: 35,0 %. Skillnaden mot hela staden är −13,3 procentenheter; minst 1,0 procentenheter krävs "
        "för att nämnas."
    )
    assert "högst 2 av tusen" in numbers[2]
    assert numbers[-1].startswith("Källa: SCB.")


def test_movement_is_told_only_when_clear() -> None:
    def years(values):
        rows = [row("A", "a", str(2020 + n), parts=(v, 2000)) for n, v in enumerate(values)]
        rows += [row("B", "a", str(2020 + n), parts=(3000, 20000)) for n in range(len(values))]
        content = pack(rows, [indicator("a", direction="lower", short_unit="%")], base=("A", "B"))
        content.info.version, content.info.headline = "2026-11-01", ()
        return [plain(s.text) for s in area_sentences(build(content), "A")]

    assert "a: har minskat från 20,0 % (2020) till 14,0 % (2024). Det är en förbättring." in years(
        [400, 370, 340, 310, 280]
    )
    assert not any("minskat" in text or "ökat" in text for text in years([300, 310, 300, 290, 295]))


def test_what_cannot_be_said_is_counted() -> None:
    counts = {"a": {"A": 300, "B": 700, "C": 700}, "c": {"B": 900, "C": 800}}
    text = area_sentences(made(counts), "A")[-1].text
    assert text == (
        "Det här går inte att säga än: 1 mått saknar uppgift här och 1 mått har för få jämförbara år för att visa en "
        "utveckling."
    )


def test_areas_of_malmo_have_at_most_six_sentences_in_both_languages(malmo) -> None:
    for area in malmo.pack.areas:
        for lang in ("sv", "en"):
            found = area_sentences(malmo, area, lang)
            assert 1 <= len(found) <= 6, area
            assert all(s.rule and s.numbers and s.rests_on for s in found), area


def test_what_is_said_of_an_area_is_what_the_files_hold(malmo) -> None:
    row = observations("arbetslosa_16_64")["1280R037", "2022"]
    (sentence,) = [s for s in area_sentences(malmo, "1280R037") if s.text.startswith("Arbetslösa")]
    assert plain(sentence.text).startswith(f"Arbetslösa, 16–64 år: {float(row['value']):.1f}".replace(".", ","))
    assert f"({row['numerator']} av 1 843)" in plain(sentence.numbers[0])


def test_the_city_is_summed_up_by_its_own_rule(malmo) -> None:
    assert [s.text for s in area_sentences(malmo, "1280")] == [s.text for s in city_sentences(malmo)]
    assert len(city_sentences(malmo)) <= 6
    assert all(s.rule.startswith("Regel: stadens huvudmått") for s in city_sentences(malmo))


def test_no_clear_difference_is_chosen_that_is_not_named(malmo) -> None:
    for area in list(malmo.pack.areas)[::5]:
        for s in clearest(malmo, area):
            assert abs(s.difference) >= s.indicator.minimum_difference
            assert (s.reliability, s.comparison in summary.HIGHER + summary.LOWER) == ("secure", True)
