"""Meeting documents: what they say, how the PDF is built, and what can be ordered."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pytest

from omradesbild import words
from omradesbild.analyse import priorities
from omradesbild.analyse.statements import Statements, build
from omradesbild.cli import main
from omradesbild.model import PriorityEntry
from omradesbild.pack import load, resolve
from omradesbild.publish import report
from omradesbild.publish.document import Comment, Document, Field, Figure, Heading, Paragraph, Table
from omradesbild.publish.house import HouseError
from omradesbild.publish.house import load as load_house
from omradesbild.publish.report.order import Order, OrderError, checked, comments_from
from omradesbild.publish.report.pdf import to_pdf

ROOT = Path(__file__).resolve().parent.parent.parent
DATE = "2026-11-28"


@pytest.fixture(scope="module")
def statements() -> Statements:
    return build(load(ROOT / "data"))


def ordered(template: str, *areas: str, **more) -> Order:
    return Order(template=template, areas=areas, date=DATE, **more)


def text_of(content: bytes) -> list[str]:
    """Return the text of each page, with the spaces that lines end with taken for one."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


def plain(text: str) -> str:
    """Return a text as a PDF gives it back: without the spaces that tell nothing."""
    return re.sub(r"\s", "", text)


def test_an_areas_heading_is_on_the_page_of_its_map(statements: Statements) -> None:
    names = {"1280R031": "Holma-Kroksbäck", "1280R066": "Sofielund norr", "sofielund": "Sofielund", "1280R072": "Södra Sofielund"}
    pages = text_of(to_pdf(report.make(statements, ordered("yttrande", *names))))
    for name in names.values():
        headed = [n for n, page in enumerate(pages) if f"{plain(name)}Ett" in plain(page)]
        assert headed and headed == [n for n, page in enumerate(pages) if plain(f"Var {name} ligger") in plain(page)], name


@pytest.fixture(scope="module")
def one_area(statements: Statements) -> bytes:
    return to_pdf(report.make(statements, ordered("omradesunderlag", "mollan", reference="STK-2026-17")))


def test_a_document_about_one_area_has_four_pages_at_most(one_area: bytes) -> None:
    pages = text_of(one_area)
    assert 2 <= len(pages) <= 4
    assert "Underlag om Möllan" in pages[0] and "STK-2026-17" in pages[0]
    assert all(re.search(rf"Sida {n} av {len(pages)}", page) for n, page in enumerate(pages, 1))


def test_every_figure_of_the_document_stands_in_the_text(statements: Statements, one_area: bytes) -> None:
    text = plain(" ".join(text_of(one_area)))
    document = report.make(statements, ordered("omradesunderlag", "mollan"))
    table = next(b for b in document.blocks if isinstance(b, Table) and len(b.rests_on) > 20)
    missing = [words.figure(s) for s in table.rests_on if plain(words.figure(s)) not in text]
    assert not missing


ORDERS = {
    "omradesunderlag": ordered("omradesunderlag", "mollan", reference="STK-2026-17"),
    "omradesunderlag-flera": ordered("omradesunderlag", "rosengard", "1280R031", comments={"rosengard/lage": "Vår bedömning."}),
    "jamforelse": ordered("jamforelse", "mollan", "rosengard", "1280R031", committee="Kommunstyrelsen"),
    "prioriteringar": ordered("prioriteringar", "rosengard", "1280R031"),
    "insats": ordered("insats", initiative="bid-sofielund"),
    "yttrande": ordered("yttrande", "mollan", recipient="Kommunstyrelsen", comments={"bilaga": "Se även 2025."}),
}


@pytest.fixture(scope="module", params=ORDERS)
def made(request: pytest.FixtureRequest, statements: Statements) -> tuple[str, Document, bytes]:
    document = report.make(statements, ORDERS[request.param])
    return request.param, document, to_pdf(document)


def test_the_text_is_as_it_was_looked_at(made: tuple[str, Document, bytes], request: pytest.FixtureRequest) -> None:
    name, _, content = made
    golden = ROOT / "tests" / "golden" / "report" / f"{name}.txt"
    text = "\n\f\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages) + "\n"
    if request.config.getoption("--redraw"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), "write it anew with --redraw, and look at the pages"


def test_the_structure_is_that_of_an_accessible_pdf(made: tuple[str, Document, bytes]) -> None:
    _, document, content = made
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked and str(root.Lang) == "sv" and root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == document.title and metadata["pdfuaid:part"] == "1"
        assert pdf.open_outline().root, "no bookmarks"
        tags = list(elements(root.StructTreeRoot))
        tables = sum(isinstance(b, Table) for b in document.blocks)
        assert sum(tag.S == "/Table" for tag in tags) == tables
        for row in (tag for tag in tags if tag.S == "/TR"):
            cells = [k for k in row.K if isinstance(k, pikepdf.Dictionary)]
            assert cells[0].S == "/TH", "a row without a heading"
        for figure in (tag for tag in tags if tag.S == "/Figure"):
            assert str(figure.Alt).strip(), "a picture without words"
        levels = [int(str(tag.S)[2:]) for tag in tags if re.fullmatch(r"/H\d", str(tag.S))]
        assert levels and levels[0] == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), "a level is skipped"
        assert not pdf.check_pdf_syntax()


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Give the elements below a node of the structure, in the order of reading."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_many_areas_with_long_names_leave_room_for_what_is_measured(statements: Statements) -> None:
    areas = sorted(statements.pack.areas.values(), key=lambda area: -len(area.name))[:6]
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(report.make(statements, ordered("jamforelse", *(a.id for a in areas)))))).pages
    lines = "\n".join(page.extract_text() for page in pages).splitlines()
    assert any(line.startswith("Folkmängd 2025 ") for line in lines), "the first column has no room for a word"


def test_every_figure_of_every_table_stands_in_the_text(made: tuple[str, Document, bytes], statements: Statements) -> None:
    _, document, content = made
    text = plain(" ".join(text_of(content)))
    cells = [cell for b in document.blocks if isinstance(b, Table) for row in b.rows if isinstance(row, tuple) for cell in row]
    missing = [cell for cell in cells if plain(cell).replace(words.NO_BREAK_HYPHEN, "-") not in text.replace("\xad", "")]
    broken = [cell for cell in missing if " " not in cell and len(cell) < 18]
    assert not broken, "a figure that is not as the statement writes it"


def test_nothing_hidden_is_anywhere(statements: Statements) -> None:
    """What the gate took away has no number in the statements; the documents are made from nothing else."""
    hidden = [s for i in statements.pack.indicators for s in statements.of(i) if ".." in s.flag.split()]
    assert hidden and all(s.value is None and s.numerator is None and s.low is None for s in hidden)
    for order in ORDERS.values():
        document = report.make(statements, order)
        withheld = [s for s in document.rests_on if ".." in s.flag.split()]
        assert all(words.figure(s) == ".." for s in withheld)


HOSTILE = (
    "<script>alert(1)</script> & <b>",
    '#panic("x") $x$ *b* _i_ @ref \\ #image("/etc/passwd") ]',
    "=1+1", "+1", "-1", "@x",
    "\u202eomvänt\u202c \u200b\u00ad",
    "😀 👩\u200d👧 漢字 العربية",
    "\x00\x07\ufffe\ud83d",
    "å" * 10_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_is_shown_as_text(text: str, statements: Statements) -> None:
    line = text.encode("utf-8", "replace").decode()[:200]
    heads = dict.fromkeys(("title", "committee", "reference", "recipient"), line)
    for template, section in (("omradesunderlag", "korthet"), ("yttrande", "bilaga"), ("jamforelse", "inledning")):
        order = ordered(template, "mollan", "rosengard", **heads, comments={section: text.encode("utf-8", "replace").decode()})
        shown = plain(" ".join(text_of(to_pdf(report.make(statements, order)))))
        assert "Möllan" in shown
        if text.isascii() and text.isprintable():
            assert shown.count(plain(text)) >= 4, "it is not there as it was written"


def test_an_area_may_be_called_anything(statements: Statements) -> None:
    name = '#eval("1") <b>😀</b> =1'
    pack = statements.pack
    renamed = pack.areas["mollan"].model_copy(update={"name": name})
    other = build(replace(pack, areas=pack.areas | {"mollan": renamed}))
    shown = plain(" ".join(text_of(to_pdf(report.make(other, ordered("omradesunderlag", "mollan"))))))
    assert plain('#eval("1") <b>□</b> =1') in shown


def test_made_up_figures_say_so_on_every_page() -> None:
    demo = build(load(resolve("demo")))
    area = next(a.id for a in demo.pack.areas.values() if a.level == demo.pack.info.base_level)
    for lang in ("sv", "en"):
        document = report.make(demo, ordered("omradesunderlag", area, lang=lang))
        assert all(plain(words.t("demo.banner", lang)) in plain(page) for page in text_of(to_pdf(document)))
    followed = report.make(demo, ordered("insats", initiative="jobbsatsning"))
    assert any(isinstance(b, Figure) for b in followed.blocks), "the demonstration has years enough for a synthetic control"


def test_a_saved_list_keeps_its_notes_and_names_what_is_gone(statements: Statements) -> None:
    first = priorities.of_area(statements, "rosengard")[0].statement
    kept = priorities.kept([(first, "Vi börjar här.")], "Höstens lista", statements.pack)
    gone = PriorityEntry(area="rosengard", indicator="finns-inte", period="2020", note="Minns detta.")
    order = ordered("prioriteringar", priorities=kept.model_copy(update={"entries": (*kept.entries, gone)}))
    text = " ".join(report.make(statements, order).texts())
    assert "Vi börjar här." in text and "Höstens lista" in text
    assert "finns-inte" in text and "Minns detta." in text


def test_a_document_opens_the_same_view(statements: Statements, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_ADDRESS", "https://exempel.se")
    document = report.make(statements, ordered("jamforelse", "mollan", "rosengard"))
    assert document.link.startswith("https://exempel.se/jamfor?") and "omr=mollan.rosengard" in document.link
    with pikepdf.open(io.BytesIO(to_pdf(document))) as pdf:
        links = [str(a.A.URI) for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a]
    assert document.link in links


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--areas", "mollan", "--date", "2026-02-30"], "Datumet 2026-02-30 finns inte"),
        (["--areas", "mollan", "--since", "2020", "--until", "2010"], "efter sista året"),
        (["--areas", "mollan", "--indicators", "folkmangdd"], "Menade du folkmangd"),
        (["--areas", "mollan", "--initiative", "bid"], "Okänt id för insats"),
        (["--areas", "mollan", "--since", "abc"], "--since: fann 'abc', väntade ett år med fyra siffror"),
        (["--areas", "mollan", "--date", "3/4"], "väntade ett datum som"),
        (["--areas", "mollan", "--title", "x" * 201], "--title: fann 201 tecken, väntade högst 200 tecken"),
        (["--areas", "mollan;rosengard sofielund,nej"], "Okänt id för område: nej."),
        (["--each", "--areas", "mollan"], "x.pdf är namnet på en fil. Ange en mapp"),
        (["--each", "--priorities", "x.json"], "säger själv vilka områden"),
        (["--areas", "mollan", "--against", "mollan"], "kan inte jämföras med sig självt"),
        (["--areas", "mollan", "--format", "docx"], "slutar på pdf, men formatet är docx"),
        (["--areas", "mollan", "--format", "xml"], "--format xml finns inte. Ange något av pdf, docx"),
        (["--areas", "mollan", "--comments", "finns-inte.yaml"], "finns-inte.yaml kan inte läsas eller skrivas: det finns inte."),
        ([], "behöver minst ett område"),
    ],
)
def test_what_cannot_be_ordered_is_said(more: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["report", "--template", "omradesunderlag", "--out", str(tmp_path / "x.pdf"), *more]) == 1
    assert said in capsys.readouterr().err


def test_the_name_of_the_file_says_the_format(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    asked = ["report", "--template", "omradesunderlag", "--areas", "mollan", "--out"]
    assert main([*asked, str(tmp_path / "x.html")]) == 0 and (tmp_path / "x.html").read_bytes().startswith(b"<!doctype html>")
    assert "inga siffror" not in capsys.readouterr().err
    assert main([*asked, str(tmp_path / "x.xls")]) == 1 and not (tmp_path / "x.xls").exists()
    assert "slutar inte på något av pdf" in capsys.readouterr().err
    (tmp_path / "mapp.html").mkdir()
    assert main([*asked, str(tmp_path / "mapp.html")]) == 1 and "en mapp står där filen ska vara" in capsys.readouterr().err


def test_a_document_without_figures_is_said_to_have_none(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    asked = ["report", "--template", "omradesunderlag", "--areas", "mollan", "--out", str(tmp_path / "x.html"), "--since", "2090"]
    assert main(asked) == 0 and "Det finns inga siffror om det som är valt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"areas": 5}, "--areas: fann 5, väntade högst 100 områden."),
        ({"areas": ["mollan"] * 101}, "--areas: fann 101 områden, väntade högst 100 områden."),
        ({"areas": ["mollan", "väst ra"]}, "areas.1 är okänt eller fel. Öppna en annan beställning, eller välj på nytt."),
        ({"comments": {"korthet": "x" * 10_001}}, "--comments.korthet: fann 10001 tecken, väntade högst 10000 tecken."),
        ({"farg": "röd"}, "farg är okänt eller fel. Öppna en annan beställning, eller välj på nytt."),
    ],
)
def test_an_order_that_somebody_has_kept_and_changed_is_refused_in_words(part: dict, said: str) -> None:
    with pytest.raises(OrderError) as refused:
        checked({"template": "omradesunderlag", "areas": ["mollan"], "date": DATE} | part)
    assert str(refused.value) == f"Beställningen går inte att läsa. {said}"


def test_a_comment_about_no_section_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    comments = tmp_path / "ord.yaml"
    comments.write_text("slutsats: Bra.\n", encoding="utf-8")
    asked = ["--template", "yttrande", "--areas", "mollan", "--out", str(tmp_path / "x.pdf"), "--comments", str(comments)]
    assert main(["report", *asked]) == 1
    assert "Avsnitten är sammanfattning, yttrande" in capsys.readouterr().err


def test_a_comment_can_be_a_date_that_there_is_not() -> None:
    assert comments_from("korthet: 2026-02-30\n") == {"korthet": "2026-02-30"}


@pytest.mark.parametrize(
    ("template", "key", "said"),
    [
        ("yttrande", "mollan/bilaga", "gäller hela underlaget. Skriv ”bilaga” utan område"),
        ("omradesunderlag", "mollan/om", "gäller hela underlaget. Skriv ”om” utan område"),
        ("omradesunderlag", "rosengard/korthet", "gäller ett område som underlaget inte har. Ta med rosengard"),
    ],
)
def test_a_comment_that_would_be_lost_is_refused(template: str, key: str, said: str, statements: Statements) -> None:
    order = ordered(template, "mollan").model_copy(update={"comments": {key: "Bra."}})
    with pytest.raises(OrderError, match=said):
        report.make(statements, order)


@pytest.mark.parametrize(
    ("template", "areas", "indicators"),
    [
        ("jamforelse", ("mollan", "rosengard"), ("folkmangd",)),
        ("jamforelse", ("mollan", "rosengard", "oxie", "limhamn", "sofielund", "hyllie", "kirseberg", "sorgenfri"), ()),
        ("prioriteringar", ("vastra-hamnen",), ("folkmangd",)),
        ("omradesunderlag", ("mollan",), ("folkmangd",)),
    ],
)
def test_a_comment_stands_in_its_section_also_where_there_is_nothing_else(template: str, areas, indicators, statements: Statements) -> None:
    said = {name: f"Om {name}." for name in report.sections(template)}
    document = report.make(statements, ordered(template, *areas, indicators=indicators, comments=said))
    assert sorted(block.text for block in document.blocks if isinstance(block, Comment)) == sorted(said.values())


def test_what_a_committee_writes_stands_in_place_of_the_field(statements: Statements) -> None:
    words_ = {"sammanfattning": "Nämnden avstyrker.\n\nSkälen följer.", "bilaga": "Se även bilaga 2."}
    document = report.make(statements, ordered("yttrande", "mollan").model_copy(update={"comments": words_}))
    at = document.blocks.index(Heading("Sammanfattning"))
    assert document.blocks[at + 1 : at + 3] == (Paragraph("Nämnden avstyrker."), Paragraph("Skälen följer."))
    labels = [block.label for block in document.blocks if isinstance(block, Field)]
    assert "Sammanfattning" not in labels and "Yttrande" in labels
    assert [block.text for block in document.blocks if isinstance(block, Comment)] == ["Se även bilaga 2."]


def test_a_house_file_gives_name_colour_and_logotype(tmp_path: Path, statements: Statements) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>')
    file = tmp_path / "house.yaml"
    file.write_text('name: Exempelstad\naccent: "#00705C"\nlogo: logo.svg\nlogo_alt: Exempelstads vapen\n', encoding="utf-8")
    document = report.make(statements, ordered("omradesunderlag", "mollan"), load_house(file))
    with pikepdf.open(io.BytesIO(to_pdf(document))) as pdf:
        assert any(str(tag.Alt) == "Exempelstads vapen" for tag in elements(pdf.Root.StructTreeRoot) if tag.S == "/Figure")
    file.write_text('accent: "#FFFF00"\n', encoding="utf-8")
    with pytest.raises(HouseError, match="syns för dåligt"):
        load_house(file)


def test_every_table_and_picture_says_where_its_figures_come_from(statements: Statements) -> None:
    document = report.make(statements, ordered("omradesunderlag", "mollan"))
    for block in document.blocks:
        if isinstance(block, Table) and block.rests_on:
            assert "Källa" in block.notes[-1]
        if isinstance(block, Figure):
            assert block.alt and block.source


def test_the_command_writes_a_file_and_names_what_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / "mollan.pdf"
    asked = ["report", "--template", "omradesunderlag", "--date", DATE, "--out", str(out), "--areas"]
    assert main([*asked, "molan"]) == 1 and "Menade du mollan" in capsys.readouterr().err
    assert not out.exists()
    assert main([*asked, "mollan"]) == 0 and out.read_bytes().startswith(b"%PDF")


def test_the_same_order_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.pdf"
        asked = ["--template", "omradesunderlag", "--areas", "1280R031", "--date", DATE, "--out", str(out)]
        command = [sys.executable, "-m", "omradesbild", "report", *asked]
        subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": seed, "PATH": ""}, check=True, timeout=120)
        made.append(out.read_bytes())
    assert made[0] == made[1]
