"""Every template in every format and language, with a house's look, read back: whose it is, which figures and method, the way
back, the words about each picture and table – and the same bytes for the same order.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pptx
import pypdf
import pytest
import small_pack
from lxml import etree, html
from publish.test_golden_packs import ORDERS

from omradesbild import METHOD_VERSION
from omradesbild.analyse.statements import Statements, build
from omradesbild.pack import load
from omradesbild.publish import report
from omradesbild.publish.document import Beside, Document, Figure, Table
from omradesbild.publish.house import House, HouseError
from omradesbild.publish.house import load as load_house
from omradesbild.publish.report.formats import FORMATS
from omradesbild.words import LANGUAGES, t

ADDRESS = "https://omradesbild.exempel.se"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20z"/></svg>'


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> Statements:
    return build(load(small_pack.write(tmp_path_factory.mktemp("pack"))))


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("house")
    (folder / "vapen.svg").write_text(LOGO, encoding="utf-8")
    said = 'name: Exempelstad\naccent: "#00705C"\nlogo: vapen.svg\nlogo_alt: Exempelstads vapen\n'
    (folder / "house.yaml").write_text(said, encoding="utf-8")
    return load_house(folder / "house.yaml")


@pytest.fixture(scope="module", params=[(template, lang) for template in ORDERS for lang in LANGUAGES], ids="-".join)
def made(request: pytest.FixtureRequest, statements: Statements, look: House) -> Document:
    template, lang = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMRADESBILD_ADDRESS", ADDRESS)
        return report.make(statements, ORDERS[template].model_copy(update={"lang": lang}), look)


def bare(text: str) -> str:
    return re.sub(r"[\s\u00ad]", "", text).replace("\u2011", "-")


def parts(content: bytes, pattern: str) -> list[str]:
    """Return the texts and attributes of the parts of an office file whose names match."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        roots = [etree.fromstring(file.read(name)) for name in file.namelist() if re.search(pattern, name)]
    return [" ".join([*root.itertext(), *(v for e in root.iter() for v in e.attrib.values())]) for root in roots]


def feet(format_: str, content: bytes) -> list[str]:
    """Return what every page, slide and sheet says, the foot with it."""
    match format_:
        case "pdf":
            return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
        case "docx":
            return ["\n".join(p.text for p in s.footer.paragraphs) for s in docx.Document(io.BytesIO(content)).sections]
        case "pptx":
            return [" ".join(s._element.itertext()) for s in pptx.Presentation(io.BytesIO(content)).slides]
        case "xlsx":
            return [sheet.oddFooter.left.text for sheet in openpyxl.load_workbook(io.BytesIO(content))]
    return [html.fromstring(content.decode()).find(".//footer").text_content()]


def leads_to(format_: str, content: bytes) -> list[str]:
    """Return the addresses that a reader can follow from each page, slide or file."""
    match format_:
        case "pdf":
            pages = pypdf.PdfReader(io.BytesIO(content)).pages
            return [str(a.get_object()["/A"]["/URI"]) for p in pages for a in p.get("/Annots", []) if "/A" in a.get_object()]
        case "html":
            return html.fromstring(content.decode()).xpath("//footer//a/@href")
        case "xlsx":
            return [c.value for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[-1].iter_rows() for c in row if c.value]
    return parts(content, r"(slides|word)/_rels/.*\.rels$")


def everything(format_: str, content: bytes) -> str:
    """Return every text of a file, with the descriptions of its pictures."""
    match format_:
        case "pdf":
            with pikepdf.open(io.BytesIO(content)) as file:
                described = [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
            return bare(" ".join([*feet("pdf", content), *described]))
        case "html":
            root = html.fromstring(content.decode())
            return bare(" ".join([root.text_content(), *root.xpath("//@aria-label")]))
    return bare(" ".join(parts(content, r"^(word|ppt|xl)/.*\.xml$")))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_carries_its_versions_and_a_link_to_the_same_view(made: Document, format_: str) -> None:
    content = FORMATS[format_](made)
    pack = made.statements.pack.info
    version, method = f"{pack.title.get(made.lang)} {pack.version}", t("report.method", made.lang, method=METHOD_VERSION)
    said = feet(format_, content)
    assert said and not [foot for foot in said if bare(version) not in bare(foot) or bare(method) not in bare(foot)]
    assert made.link.startswith(ADDRESS)
    assert any(made.link in place for place in leads_to(format_, content))


@pytest.mark.parametrize("format_", FORMATS)
def test_every_picture_and_table_says_where_it_comes_from_and_what_its_marks_mean(made: Document, format_: str) -> None:
    told = everything(format_, FORMATS[format_](made))
    figures = [f for b in made.blocks for f in ((b,) if isinstance(b, Figure) else b.figures if isinstance(b, Beside) else ())]
    tables = [b for b in made.blocks if isinstance(b, Table)]
    assert figures or tables
    for figure in figures:
        assert figure.alt and figure.source and bare(figure.title) in told
        if figure.chart or format_ != "xlsx":  # a workbook has the numbers of charts, and no pictures
            assert bare(figure.source) in told
        assert format_ == "xlsx" or bare(figure.alt) in told
    assert not [note for table in tables for note in table.notes if bare(note) not in told]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_order_gives_the_same_bytes_and_tells_how_far_it_has_come(made: Document, format_: str) -> None:
    told: list[tuple[int, int, str]] = []
    content = FORMATS[format_](made)
    assert FORMATS[format_](made, lambda *how_far: told.append(how_far)) == content
    if format_ in ("docx", "pptx", "xlsx"):
        total = told[0][1]
        assert [done for done, *_ in told] == list(range(1, total + 1)) and all(of == total and last for _, of, last in told)
    else:
        assert told == []


WRONG = {
    'accent: "#FFE680"': "syns för dåligt mot vitt",
    "accent: röd": 'accent: väntade en färg som "#00705C".*fann .röd',
    "- a": "väntade rader som name: Exempelstad",
    "1: X": "1 är okänt",
    "folder: x": "folder är okänt",
    "logo: knapp.svg\nlogo_alt: x": "utan skript",
    "logo: andel.svg\nlogo_alt: x": "med en storlek",
    "name: X\nfonts: [": "är fel skriven på rad 2. Filen ska vara YAML i UTF-8",
    "accent: 2026-02-30": 'accent: väntade en färg som "#00705C".*fann .2026-02-30',
    "nam: X": "nam är okänt; det som kan anges är name, accent",
    "fonts: Arial": "fonts: väntade en lista",
    "font_folder: saknas": "mappen saknas .* finns inte",
    "logo: nej.svg": "nej.svg kan inte läsas",
    "logo: vapen.svg": "logo_alt saknas",
    "logo: halv.png\nlogo_alt: x": "går inte att rita",
    "logo: text.svg\nlogo_alt: x": "går inte att rita",
    "logo: skript.svg\nlogo_alt: x": "utan skript",
    "logo: langt-bort.svg\nlogo_alt: x": "utan bilder från andra filer",
}


@pytest.mark.parametrize("said", WRONG)
def test_a_house_file_that_cannot_be_used_is_refused_in_words(said: str, tmp_path: Path) -> None:
    logos = {
        "vapen.svg": LOGO,
        "text.svg": "inte svg",
        "halv.png": "\x89PNG",
        "skript.svg": LOGO.replace("<path", "<script>alert(1)</script><path"),
        "knapp.svg": LOGO.replace("<path", '<path onclick="x()"'),
        "andel.svg": re.sub('viewBox="[^"]*"', 'width="100%" height="50%"', LOGO),
        "langt-bort.svg": LOGO.replace("<path", '<image href="https://exempel.se/x.png" width="9" height="9"/><path'),
    }
    for name, content in logos.items():
        (tmp_path / name).write_text(content, encoding="latin-1")
    (tmp_path / "house.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(HouseError, match=WRONG[said]):
        load_house(tmp_path / "house.yaml")


@pytest.mark.parametrize("size", ['width="40mm" height="20mm"', 'viewBox="0,0,4000,20"', 'viewBox="0 0 20 4000"'])
def test_a_logotype_of_any_shape_has_room(size: str, statements: Statements, tmp_path: Path) -> None:
    (tmp_path / "vapen.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path d="M0 0h9v9z"/></svg>', encoding="utf-8")
    (tmp_path / "house.yaml").write_text("logo: vapen.svg\nlogo_alt: Vapen\nfonts: [Finns Inte]\n", encoding="utf-8")
    document = report.make(statements, ORDERS["yttrande"], load_house(tmp_path / "house.yaml"))
    told = docx.Document(io.BytesIO(FORMATS["docx"](document)))
    where = [*told.element.iter("{*}inline"), *(e for s in told.sections for e in s.first_page_header._element.iter("{*}inline"))]
    [room] = [e.find("{*}extent") for e in where if e.find("{*}docPr").get("descr") == "Vapen"]
    assert 0 < int(room.get("cx")) <= 80 * 36_000 + 1 and 0 < int(room.get("cy")) <= 14 * 36_000 + 1
    assert FORMATS["pdf"](document).startswith(b"%PDF") and FORMATS["pptx"](document)


def test_a_logotype_is_not_cut_where_its_size_is_in_millimetres(tmp_path: Path) -> None:
    """Its own units are pixels of 1/96 inch: 40 mm are 151."""
    (tmp_path / "vapen.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="20mm"/>', encoding="utf-8")
    (tmp_path / "house.yaml").write_text("logo: vapen.svg\nlogo_alt: Vapen\n", encoding="utf-8")
    assert 'viewBox="0 0 151.181 75.5906"' in load_house(tmp_path / "house.yaml").logo_svg


@pytest.mark.parametrize("format_", ["pdf", "docx", "pptx", "html"])
def test_a_file_has_the_name_and_the_logotype_of_the_house(made: Document, format_: str) -> None:
    content = FORMATS[format_](made)
    if format_ == "pdf":
        assert pypdf.PdfReader(io.BytesIO(content)).metadata.author == "Exempelstad"
    elif format_ == "html":
        root = html.fromstring(content.decode())
        assert "Exempelstad" in root.find(".//footer").text_content() and root.xpath("//header/img/@alt") == ["Exempelstads vapen"]
    else:
        assert "Exempelstad" in parts(content, r"docProps/core\.xml$")[0]
        assert "Exempelstads vapen" in " ".join(parts(content, r"^(word/document|ppt/slides/slide1)\.xml$"))
