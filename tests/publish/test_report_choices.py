"""Every choice of an order, in every template: it is seen in the document, or it is refused in words."""

from __future__ import annotations

import re

import pytest

from omradesbild.analyse.statements import Statements, build
from omradesbild.cli import main
from omradesbild.link import EARLIER
from omradesbild.model import TEMPLATES
from omradesbild.pack import load, resolve
from omradesbild.publish import report
from omradesbild.publish.document import Beside, Document, Facts, Figure, Paragraph, Section, Table
from omradesbild.publish.report import order as orders
from omradesbild.publish.report.order import OrderError, checked
from omradesbild.words import t

DATE = "2026-11-28"
#: What each template needs, and a value of every choice.
BASE = {
    "omradesunderlag": {"areas": ("rosengard",)},
    "jamforelse": {"areas": ("rosengard", "mollan")},
    "prioriteringar": {"areas": ("rosengard",)},
    "insats": {"initiative": "bid-sofielund"},
    "yttrande": {"areas": ("rosengard",)},
}
CHOSEN = {
    "areas": ("rosengard", "limhamn"),
    "indicators": ("arbetslosa_16_64", "eftergymnasial"),
    "against": "limhamn",
    "since": "2021",
    "until": "2022",
}


@pytest.fixture(scope="module")
def statements() -> Statements:
    return build(load(resolve(None)))


def made(statements: Statements, template: str, **more) -> Document:
    return report.make(statements, checked({"template": template, "date": DATE} | BASE[template] | more))


def told(document: Document) -> str:
    return "\n".join(document.texts())


def facts(document: Document) -> list[tuple[str, str]]:
    """Return labels with their values, on the first page and in an appendix."""
    return [*document.facts, *(row for b in document.blocks if isinstance(b, Facts) for row in b.rows)]


@pytest.mark.parametrize("choice", list(CHOSEN))
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_choice_is_seen_or_refused(statements: Statements, template: str, choice: str) -> None:
    if choice not in orders.TAKES[template]:
        with pytest.raises(OrderError, match=f"--{choice}"):
            made(statements, template, **{choice: CHOSEN[choice]})
        return
    assert told(made(statements, template, **{choice: CHOSEN[choice]})) != told(made(statements, template))


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name not in ("insats", "prioriteringar")])
def test_lists_and_initiatives_are_refused_where_they_say_nothing(template: str) -> None:
    for choice in ("priorities", "initiative"):
        given = {"priorities": _list()} if choice == "priorities" else {"initiative": "bid-sofielund"}
        with pytest.raises(OrderError, match=f"--{choice}"):
            checked({"template": template, "date": DATE} | BASE[template] | given)


def test_a_list_says_itself_which_areas_it_is_about() -> None:
    with pytest.raises(OrderError, match="--areas"):
        checked({"template": "prioriteringar", "date": DATE, "areas": ("rosengard",), "priorities": _list()})


def _list():
    from omradesbild.model import PriorityList

    return PriorityList(name="Lista", pack="malmo", version="1", entries=())


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "insats"])  # no initiative here has figures
def test_no_figure_is_of_another_year_than_those_asked_for(statements: Statements, template: str) -> None:
    document = made(statements, template, since="2019", until="2021")
    years = {s.period[:4] for s in document.rests_on}
    assert max(s.period[:4] for s in made(statements, template).rests_on) > "2021"
    assert all("2019" <= year <= "2021" for year in years) and (years or template == "prioriteringar")
    assert dict(facts(document))[t("report.years")] == t("report.years_between", since="2019", until="2021")


@pytest.mark.parametrize("template", ["omradesunderlag", "jamforelse", "yttrande"])
@pytest.mark.parametrize("against", ["limhamn", EARLIER])
def test_what_is_compared_with_is_named_and_decides_the_words(statements: Statements, template: str, against: str) -> None:
    document = made(statements, template, against=against)
    name = t("against.earlier") if against == EARLIER else statements.pack.areas[against].name
    assert dict(facts(document))[t("report.against")] == name
    ways = {EARLIER: "earlier"}
    rule = t(f"against.rule_{ways.get(against, 'area')}", name=name, years=5)
    assert rule in told(document)
    rest = (t("against.rule_rest"), t("area.key_note"), t("column.comparison"))
    assert not any(text in told(document).split("\n") for text in rest)


def test_key_figures_stand_beside_the_other_areas_of_the_same_year(statements: Statements) -> None:
    table = _key_table(made(statements, "omradesunderlag", against="limhamn"))
    assert table.columns[4:] == ("Limhamn", t("against.heading", name="Limhamn"))
    row = next(r for r in table.rows if not isinstance(r, Section) and r[0].startswith("Arbetslösa, 16"))
    own, other = (statements.get(a, "arbetslosa_16_64", row[3]) for a in ("rosengard", "limhamn"))
    assert row[1].replace("\u202f", "").replace("\xa0", " ").startswith(f"{own.value:.1f}".replace(".", ","))
    assert row[4].replace("\xa0", " ").startswith(f"{other.value:.1f}".replace(".", ","))
    assert row[5] == t("comparison_short.much_higher")
    assert other in table.rests_on, "what is told is known, so that what is hidden in it is too"


def test_what_is_clearly_worse_is_so_against_what_was_asked_for(statements: Statements) -> None:
    """Nothing is worse than itself: against an area in the same state there is no table of differences."""
    found = made(statements, "omradesunderlag", areas=("limhamn",), against="rosengard")
    table = next(b for b in found.blocks if isinstance(b, Table) and b.caption == t("report.standing_caption", area="Limhamn", other="Rosengård"))
    heads = [row.text for row in table.rows if isinstance(row, Section)]
    assert heads == [t("report.standing_better", other="Rosengård")]


def test_charts_have_the_other_area_and_the_words_of_the_first(statements: Statements) -> None:
    document = made(statements, "omradesunderlag", against="limhamn", indicators=("arbetslosa_16_64", "utrikes_fodda"))
    charts = [f for b in document.blocks if isinstance(b, Beside) for f in b.figures if isinstance(f, Figure) and f.chart and f.chart.kind == "line"]
    assert charts
    for figure in charts:
        assert {re.sub(r" \(–.*", "", s.name) for s in figure.chart.series} == {"Rosengård", "Limhamn", t("chart.city")}
        assert figure.said


def test_the_command_says_what_does_not_apply(tmp_path, capsys: pytest.CaptureFixture) -> None:
    out = str(tmp_path / "x.pdf")
    assert main(["report", "--template", "insats", "--initiative", "bid-sofielund", "--against", "mollan", "--out", out]) == 1
    assert "--against" in capsys.readouterr().err and not (tmp_path / "x.pdf").exists()
    asked = ["report", "--template", "omradesunderlag", "--areas", "mollan", "--against", EARLIER, "--out", out]
    assert main(asked) == 0 and (tmp_path / "x.pdf").exists()


def test_who_names_areas_to_follow_up_is_told_their_initiatives(tmp_path, capsys: pytest.CaptureFixture) -> None:
    for area, there in (("sofielund", "bid-sofielund"), ("1280R031", "planprogram-holma-kroksback")):
        assert main(["report", "--template", "insats", "--areas", area, "--out", str(tmp_path / "x.pdf")]) == 1
        said = capsys.readouterr().err
        assert there in said and "--initiative" in said and "--areas" in said


def _key_table(document: Document) -> Table:
    return max((b for b in document.blocks if isinstance(b, Table)), key=lambda b: len(b.rows))


@pytest.mark.parametrize("template", TEMPLATES)
def test_years_without_any_figure_make_a_document_that_says_so(statements: Statements, template: str) -> None:
    document = made(statements, template, until="1950")
    assert document.rests_on == () and t("report.years_until", until="1950") in told(document)
    for write in report.FORMATS.values():
        assert write(document)


@pytest.mark.parametrize("template", ["omradesunderlag", "yttrande"])
def test_a_chosen_measure_without_a_figure_is_named(statements: Statements, template: str) -> None:
    silent = next(a for a in statements.pack.areas.values() if a.level == "regso" and statements.latest_of(a.id, "arbetslosa_16_64") is None)
    title = statements.pack.indicators["arbetslosa_16_64"].title.sv
    document = made(statements, template, areas=(silent.id,), indicators=("arbetslosa_16_64", "folkmangd"))
    texts = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    assert t("report.without_figures", titles=title) in texts
    document = made(statements, template, areas=("rosengard",), indicators=("arbetslosa_16_64", "folkmangd"))
    assert not any("Utan siffra" in b.text for b in document.blocks if isinstance(b, Paragraph))
