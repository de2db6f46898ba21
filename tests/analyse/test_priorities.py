"""Which areas need what first: what is in, in what order, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import CITY, indicator, named, pack, row
from validate import initiatives

from omradesbild import demo
from omradesbild.analyse import priorities, relative, statements
from omradesbild.model import Goal, Initiative, PriorityEntry, PriorityList

YEARS = ("2020", "2021", "2022", "2023", "2024")
AREAS = tuple("ABCDEF")
#: Per cent of 2 000 in the newest year; those not named lie at 20.
SHARE = {"A": 40, "B": 30, "C": 21, "D": 10, "E": 15}


def initiative(id_, areas, start="2020", **more):
    words = dict.fromkeys(("title", "event", "place", "source"), "Påhittad")
    told = {"kind": "initiativ", "source_url": "https://example.org/"} | more
    return Initiative(id=id_, areas=areas, start=start, **words, **told)


def made(share=None, others=(), size=2000, extra=(), direction="lower", before=None, flags=None, kind="share"):
    """One judged indicator 'a' over five years, and 'fri' without judgement; `before`: the shares of 2020."""
    share, before, flags = share or SHARE, before or {}, flags or {}
    rows = []
    for step, year in enumerate(YEARS):
        totals = 0
        for area in AREAS:
            last = share.get(area, 20)
            first = before.get(area, last)
            count = round((first + (last - first) * step / 4) * size / 100)
            totals += count
            for id_ in ("a", "fri"):
                flag = flags.get((area, year), "")
                parts = None if flag == ".." else (count, size)
                rows.append(row(area, id_, year, parts=parts, flag=flag))
        for id_ in ("a", "fri"):
            rows.append(row(CITY, id_, year, parts=(totals + 20_000, size * len(AREAS) + 100_000)))
    meanings = [indicator("a", kind, direction=direction, per=100), indicator("fri", per=100), *extra]
    areas = [named("par", "A", "B")]
    content = pack(rows, meanings, base=AREAS, areas=areas)
    content.info.id, content.info.version = "liten", "2026-11-22"
    goal = dict.fromkeys(("title", "text", "not_measured"), {"sv": "Påhittat"})
    goals = (Goal(id="ena", indicators=("a", "fri"), source="x", **goal), Goal(id="andra", indicators=(), source="x", **goal))
    return statements.build(replace(content, initiatives=tuple(others), goals=goals))


def who(challenges):
    return [(c.statement.area.id, c.worse) for c in challenges]


# -- what is in -------------------------------------------------------------------------------------


def test_only_what_is_clearly_worse_by_direction():
    assert who(priorities.of_all(made())) == [("A", "much_worse"), ("B", "much_worse")]
    turned = made({"A": 2, "B": 15, "D": 60}, direction="higher")
    assert who(priorities.of_all(turned)) == [("A", "much_worse"), ("B", "much_worse")]


def test_without_a_better_and_a_worse_end_there_is_no_challenge():
    assert priorities.of_indicator(made(), "fri") == []


def test_what_is_small_hidden_or_untested_is_never_here():
    assert priorities.of_all(made({"A": 40}, size=15)) == []
    assert who(priorities.of_all(made(flags={("A", "2024"): "e"}))) == [("B", "much_worse")]
    assert priorities.of_all(made(kind="mean")) == []
    late = made(flags={("A", "2024"): ".."})
    assert "A" not in [area for area, _ in who(priorities.of_all(late))]


def test_whether_a_measure_can_be_tested_is_looked_up_once_for_all_who_ask(monkeypatch):
    found, without = made(), made(kind="mean")
    assert [i.id for i in priorities.tested(found, "regso")] == [i.id for i in priorities.untested(without, "regso")] == ["a"]
    monkeypatch.setattr(statements.Statements, "at", None)
    assert priorities.untested(found, "regso") == priorities.tested(without, "regso") == ()


def test_going_from_the_city_to_the_worse_is_a_challenge_also_before_it_is_worse():
    found = priorities.of_all(made({"C": 20}, before={"C": 12}))
    assert who(found) == [("C", None)]
    assert found[0].diverging and found[0].movement.code == "rising"
    assert [reason.code for reason in found[0].why] == ["diverging", "people"]
    assert found[0].why[0].numbers["change"] == pytest.approx(8)
    assert found[0].why[0].numbers["limit"] == relative.LIMIT < found[0].why[0].numbers["chi2"]
    assert priorities.of_all(made({"C": 20}, before={"C": 28})) == []  # to the better


# -- how large, in what order, and why ----------------------------------------------------------------


def test_people_are_those_more_than_with_the_citys_share():
    """The city: (800 + 600 + 420 + 200 + 300 + 400 + 20 000) / 112 000 = 20.29 %; A has 800 of 2 000."""
    found = priorities.of_area(made(), "A")[0]
    city = 22_720 / 112_000
    assert found.size.people == pytest.approx(800 - 2000 * city)
    assert found.size.affected == 800
    assert [reason.code for reason in found.why] == ["much_worse", "people"]
    assert found.why[0].numbers == {
        "value": 40,
        "city_value": pytest.approx(100 * city),
        "difference": pytest.approx(40 - 100 * city),
        "minimum": 1,
    }
    assert found.why[1].numbers["people"] == found.size.people


def test_where_a_high_figure_is_good_those_without_are_counted():
    found = priorities.of_area(made({"A": 5}, direction="higher"), "A")[0]
    city = (100 + 5 * 400 + 20_000) / 112_000
    assert (found.size.people, found.size.affected) == (pytest.approx(2000 * city - 100), 1900)


def test_most_people_first_and_ties_by_id():
    found = priorities.of_all(made({"F": 40, "B": 40, "A": 30}))
    assert who(found) == [("B", "much_worse"), ("F", "much_worse"), ("A", "much_worse")]
    assert who(priorities.of_indicator(made(), "a")) == who(priorities.of_all(made()))


def test_a_goal_is_a_filter():
    content = made()
    assert who(priorities.of_all(content, goal="ena")) == who(priorities.of_all(content))
    assert priorities.of_all(content, goal="andra") == []
    assert priorities.of_area(content, "A", goal="andra") == []


def test_levels_are_listed_by_themselves():
    assert who(priorities.of_all(made(), level="namngivet")) == [("par", "much_worse")]


def test_initiatives_under_way_that_name_the_area_or_a_part():
    others = [
        initiative("eget", ("A",)),
        initiative("storre", ("par",)),
        initiative("annat", ("D",)),
        initiative("slut", ("A",), end="2021"),
        initiative("sedan", ("A",), start="2027"),
        initiative("beslut", ("A",), kind="beslut"),
        initiative("hela", (CITY,)),
    ]
    content = made(others=others)
    assert priorities.of_area(content, "A")[0].initiatives == ("eget", "storre")
    assert priorities.of_area(content, "par")[0].initiatives == ("eget", "storre")
    assert priorities.of_area(content, "B")[0].initiatives == ("storre",)
    assert priorities.of_area(content, "A", on="2027-01-01")[0].initiatives == ("eget", "storre", "sedan")


# -- kept lists -----------------------------------------------------------------------------------------


def test_a_list_is_kept_and_read_again():
    rows = [(c.statement, note) for c, note in zip(priorities.of_all(made()), ("Skolan först", ""), strict=True)]
    chosen = priorities.kept(rows, "Nämndens lista", made().pack, note="Förslag")
    assert (chosen.pack, chosen.version, len(chosen.entries)) == ("liten", "2026-11-22", 2)
    assert chosen.entries[0] == PriorityEntry(area="A", indicator="a", period="2024", note="Skolan först")
    assert priorities.from_json(priorities.to_json(chosen)) == chosen
    assert priorities.from_content(chosen.model_dump(mode="json")) == chosen
    assert "Nämndens" in priorities.to_json(chosen)


@given(st.text(min_size=1, max_size=20), st.text(max_size=40))
def test_any_name_and_note_survive(name, note):
    entry = PriorityEntry(area="A", indicator="a", period="2024", note=note)
    chosen = PriorityList(name=name, pack="liten", version="1", entries=(entry,))
    assert priorities.from_json(priorities.to_json(chosen)) == chosen


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("inte json", "det är inte JSON"),
        ("{}", "name"),
        ('{"name": "x", "pack": "p", "version": "1", "hemligt": 1}', "hemligt"),
        ('{"name": "x", "pack": "p", "version": "1", "entries": [{"area": "<b>"}]}', "entries.0.area"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_place(text, place):
    with pytest.raises(ValueError, match="ingen sparad prioriteringslista") as caught:
        priorities.from_json(text)
    assert place in str(caught.value)


# -- against the truth ---------------------------------------------------------------------------------


def test_planted_divergence_is_found_and_little_else():
    content = initiatives.city(demo.SEED)
    own = demo.trends(demo.SEED).set_index(["indicator", "area"])
    found = [c for c in priorities.of_all(content) if c.diverging]
    slope = [own.loc[(c.statement.indicator.id, c.statement.area.id)] for c in found]
    true = [s["own"] + s["initiatives"] != 0 for s in slope]
    assert len(found) >= 60
    assert sum(true) / len(true) >= 0.95
    all_diverging = {"P008", "P020", "P034", "P054", "P069"}
    told = {c.statement.area.id for c in found if c.statement.indicator.id == "lag_ekonomisk_standard"}
    assert all_diverging <= told


def test_every_challenge_of_the_demonstration_is_tested_and_in_order():
    found = priorities.of_all(initiatives.city(demo.SEED))
    assert all(c.statement.comparison not in ("", "small") and c.statement.value is not None for c in found)
    assert all(c.worse is not None or c.diverging for c in found)
    assert all(c.worse is None or c.size is not None for c in found)
    people = [c.size.people for c in found if c.size is not None]
    assert people == sorted(people, reverse=True)
    assert [c.size is None for c in found] == sorted(c.size is None for c in found)
