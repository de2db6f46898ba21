"""Which areas without an initiative are compared with: alike before it, never by what is compared."""

from types import SimpleNamespace

import pytest
from makers import indicator, pack, row

from omradesbild.analyse import followup, statements
from omradesbild.analyse.matching import matched
from omradesbild.model import Initiative, PeerVariable

AREAS = tuple(f"A{n}" for n in range(8))
#: Shares per thousand before the start; A0 has the initiative and A3 is most like it, then A5.
BEFORE = {"A0": 300, "A1": 100, "A2": 900, "A3": 310, "A4": 700, "A5": 330, "A6": 500, "A7": 600}


def started(**more):
    words = dict.fromkeys(("title", "event", "place", "source"), "Påhittad")
    told = {"id": "insats", "areas": ("A0",), "start": "2019", "kind": "initiativ"} | more
    return Initiative(source_url="https://example.org/", **words, **told)


def made(variables=("v",), near=(), late=("w",), hidden=()):
    rows = []
    for area in AREAS:
        rows += [row(area, "x", str(year), parts=(200, 1000)) for year in range(2016, 2023)]
        rows += [row(area, "close", str(year), parts=(BEFORE[area], 1000)) for year in (2018, 2022)]
        rows.append(row(area, "v", "2018", parts=(BEFORE[area], 1000)))
        rows.append(row(area, "v", "2022", parts=(1000 - BEFORE[area], 1000)))  # turned round afterwards
        for name in late:
            value = None if (area, name) in hidden else (BEFORE[area], 1000)
            rows.append(row(area, name, "2021", parts=value, flag="" if value else "-"))
    content = pack(rows, [indicator(n) for n in ("x", "v", "close", *late)], base=AREAS)
    peers = tuple(PeerVariable(indicator=name, near=near) for name in variables)
    content = SimpleNamespace(**vars(content) | {"initiatives": (), "boundaries": {"features": []}, "peers": peers})
    return statements.build(content)


def found(said, initiative=None, outcome="x"):
    return matched(said, followup.study(said, initiative or started(), outcome))


def test_areas_are_alike_in_the_last_year_before_the_start():
    result = found(made())
    assert result.areas[:2] == ("A3", "A5")
    assert (dict(result.periods), result.late) == ({"v": "2018"}, ())
    assert "A0" not in result.areas and len(result.areas) == 5


def test_a_variable_without_a_year_before_is_taken_later_and_told():
    result = found(made(variables=("v", "w")))
    assert dict(result.periods) == {"v": "2018", "w": "2021"}
    assert result.late == ("w",)


def test_never_by_what_is_compared_or_nearly_the_same():
    assert found(made(variables=("x",))).areas == ()
    assert found(made(variables=("v",), near=("x",))).areas == ()
    assert found(made(variables=("v", "x"))).periods.keys() == {"v"}


def test_several_areas_are_alike_as_their_people_together():
    """A1 and A4 have 100 and 700 of 1 000: together 40 per cent; A5 (33) and A6 (50) are nearest after A3 …"""
    result = found(made(), started(areas=("A1", "A4")))
    assert result.areas[0] == "A5"
    assert result.peers[0].distance < result.peers[1].distance
    assert not {"A1", "A4"} & set(result.areas)


def test_without_variables_or_figures_nothing_is_alike():
    assert found(made(variables=())).areas == ()
    assert found(made(variables=("w",), hidden={("A0", "w")})).areas == ()


@pytest.mark.parametrize("lost", ["A3", "A5"])
def test_an_area_that_lacks_a_variable_is_passed_over(lost):
    assert lost not in found(made(variables=("v", "w"), hidden={(lost, "w")})).areas
