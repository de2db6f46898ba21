"""What may have come since the pack was made: by hand-made clocks and sources, and never more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import small_pack
from pydantic import ValidationError

from omradesbild import pack
from omradesbild.analyse.freshness import Freshness, freshness
from omradesbild.analyse.statements import Statements, build
from omradesbild.model import Renewal
from omradesbild.publish import renewals


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Statements:
    return build(pack.load(small_pack.write(tmp_path_factory.mktemp("small"))))


@pytest.fixture(scope="module")
def malmo() -> Statements:
    return build(pack.load(pack.resolve()))


def seen(small: Statements, day: date, **renewal) -> list[Freshness]:
    """The small pack, whose only source has figures for 2022–2024 of the city and of its areas, seen from a day."""
    source = small.pack.sources["scb"].model_copy(update={"renewal": Renewal(**renewal) if renewal else None})
    return freshness(Statements(replace(small.pack, sources={"scb": source}), small.frame), day)


def test_a_source_that_says_nothing_of_its_cycle_is_not_judged(small) -> None:
    assert seen(small, date(2040, 1, 1)) == []


def test_city_and_areas_are_told_apart_with_what_rests_on_them(small) -> None:
    found = seen(small, date(2026, 1, 15), every="P1Y", month=3)
    assert [(f.city, f.latest, [i.id for i in f.indicators]) for f in found] == [
        (False, "2024", ["folkmangd", "sysselsatta", "inkomst"]),
        (True, "2024", ["folkmangd"]),
    ]


@pytest.mark.parametrize(
    ("day", "state", "waiting"),
    [
        (date(2026, 2, 28), "expected", ()),
        (date(2026, 3, 1), "due", ()),
        (date(2026, 3, 31), "due", ()),
        (date(2026, 4, 1), "overdue", ("2025",)),
        (date(2027, 3, 31), "overdue", ("2025",)),
        (date(2028, 4, 1), "overdue", ("2025", "2026", "2027")),
    ],
)
def test_a_source_that_comes_in_march_is_overdue_from_april(small, day, state, waiting) -> None:
    found = seen(small, day, every="P1Y", month=3)[0]
    assert (found.state, found.next, found.month, found.waiting) == (state, "2025", (2026, 3), waiting)


def test_a_source_that_lags_two_years_is_expected_then(small) -> None:
    found = seen(small, date(2026, 6, 1), every="P1Y", month=1, years_after=2)[0]
    assert (found.state, found.month) == ("expected", (2027, 1))


@pytest.mark.parametrize(
    ("day", "state", "waiting"),
    [(date(2026, 12, 31), "unknown", ()), (date(2027, 1, 1), "possible", ("2025",)), (date(2028, 1, 1), "possible", ("2025", "2026"))],
)
def test_where_the_month_is_not_known_a_whole_cycle_is_waited_for(small, day, state, waiting) -> None:
    """2025 ends with December 2025; a year later it may have come."""
    found = seen(small, day, every="P1Y")[0]
    assert (found.state, found.month, found.waiting) == (state, None, waiting)


def test_a_table_that_has_ended_is_not_waited_for(small) -> None:
    assert seen(small, date(2040, 1, 1), every="P1Y", month=3, last="2024")[0].state == "ended"
    found = seen(small, date(2040, 1, 1), every="P1Y", month=3, last="2026")[0]
    assert (found.state, found.waiting) == ("overdue", ("2025", "2026"))


@pytest.mark.parametrize(
    ("period", "every", "following"),
    [("2024", "P4Y", "2028"), ("2024", "P3M", "2025"), ("2024K4", "P3M", "2025K1"), ("2024K2", "P3M", "2024K3"), ("2023/24", "P1Y", "2024/25"), ("1998/99", "P1Y", "1999/00"), ("2024K2", "P1Y", "2025K2")],
)  # fmt: skip
def test_the_period_after(small, period, every, following) -> None:
    renamed = small.frame["period"].cat.rename_categories({"2022": "1990", "2023": "1991", "2024": period})
    source = small.pack.sources["scb"].model_copy(update={"renewal": Renewal(every=every)})
    content = replace(small.pack, sources={"scb": source}, breaks=())
    found = freshness(Statements(content, small.frame.assign(period=renamed)), date(2000, 1, 1))
    assert {(f.latest, f.next) for f in found} == {(period, following)}


@pytest.mark.parametrize("wrong", [{"every": "yearly"}, {"every": "P0Y"}, {"every": "P1Y", "month": 13}, {"every": "P1Y", "last": "sedan"}])
def test_a_cycle_that_cannot_be_reckoned_with_is_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        Renewal(**wrong)


# ---- the shipped pack -------------------------------------------------------------------------------------


def test_unemployment_by_area_is_overdue_in_the_shipped_pack(malmo) -> None:
    """2022 is the newest per area; SCB's table came in November the year after, and has 2023 and 2024."""
    found = next(f for f in freshness(malmo, date(2026, 11, 22)) if f.source.id == "scb-tab6680-deso2018")
    assert (found.latest, found.state, found.month, found.waiting) == ("2022", "overdue", (2024, 11), ("2023", "2024"))
    assert renewals.said(found) == "2023 väntades i november 2024. Kan ha kommit: 2023 och 2024."
    assert renewals.said(found, "en") == "2023 was expected in November 2024. May have come: 2023 and 2024."


def test_a_source_that_another_has_followed_is_left_out(malmo) -> None:
    """The elections of 2014–2022 are followed by 2026's, and the population per DeSO 2018 by DeSO 2025's."""
    ids = {f.source.id for f in freshness(malmo, date(2026, 11, 22))}
    assert "val-2022-riksdag" not in ids and "scb-tab6574-deso2018" not in ids
    assert {"val-2026-slutligt", "scb-tab6574-deso2025"} <= ids


def test_nothing_is_overdue_on_the_day_that_the_newest_figures_are_about(malmo) -> None:
    assert {f.state for f in freshness(malmo, date(2020, 1, 1))} <= {"expected", "unknown", "ended"}


def test_every_measure_with_a_cycle_is_named_once_for_the_city_and_once_for_areas(malmo) -> None:
    named = [(i.id, f.city, f.source.id) for f in freshness(malmo, date(2026, 11, 22)) for i in f.indicators]
    assert len(named) == len(set(named)) > 60


def test_the_words_never_say_that_something_has_come(malmo) -> None:
    found = freshness(malmo, date(2026, 11, 28))
    for part in renewals.PARTS:
        for row in renewals.table(found, part).rows:
            assert "har kommit" not in " ".join(row)
    assert renewals.sentence(found) == "19 av 42 rader bygger på källor som kan ha kommit med nyare siffror."
