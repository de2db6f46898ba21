"""Samla in: a table goes from file to draft to a new version, and figures on the page are those of the file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from launch import html, launch, tables
from streamlit.testing.v1 import AppTest

from components import engine as held
from omradesbild import drafts
from omradesbild.cli import main
from omradesbild.collect.shelf import Shelf
from omradesbild.pack import load, resolve
from omradesbild.words import t

ROOT = Path(__file__).parents[2]
WIDE = """Påhittad tabell;;;;
Område;Med bil 2024;Hushåll 2024;Med bil 2025;Hushåll 2025
Segevång;420;1 000;430;1 000
Seved;300;1 500;..;1 500
Atlantis;5;10;6;10
Restpost;1;2;1;2
"""
MEASURE = {
    "measure_title": "Hushåll med bil", "measure_unit": "procent av hushållen", "measure_short_unit": "%", "measure_numerator": "med bil",
    "measure_denominator": "alla hushåll", "measure_definition": "Påhittat.", "measure_not_covered": "Allt.",
}  # fmt: skip
SOURCE = {"source_publisher": "Malmö stad", "source_title": "Påhittad tabell", "source_url": "https://example.org/", "source_licence": "CC0"}


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", str(tmp_path / "utkast"))
    return tmp_path / "utkast"


def opened(text: str = WIDE, **params: str) -> AppTest:
    """The page with a file, as if it had just been uploaded."""
    at = launch("samla_in", **params)
    at.session_state["intake_kept"] = ("bilar.csv", text.encode("cp1252"))
    return run(at)


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def pick(at: AppTest, name: str, value: str) -> AppTest:
    at.selectbox(key=f"intake_{name}").set_value(value)
    return run(at)


def filled(text: str = WIDE, **params: str) -> AppTest:
    """The page with everything said about the file."""
    at = opened(text, **params)
    pick(at, "area Atlantis", "-")
    pick(at, "indicator", "+")
    for name, value in MEASURE.items():
        at.text_input(key=f"intake_{name}").set_value(value)
    run(at)
    pick(at, "way", "parts")
    pick(at, "numerator", "Med bil {period}")
    pick(at, "denominator", "Hushåll {period}")
    pick(at, "source", "+")
    for name, value in SOURCE.items():
        at.text_input(key=f"intake_{name}").set_value(value)
    return run(at)


def press(at: AppTest, label: str) -> AppTest:
    next(b for b in at.button if b.label == label).click()
    return run(at)


def test_the_page_asks_for_a_file_and_lists_what_waits() -> None:
    at = launch("samla_in")
    assert [h.value for h in at.header] == ["1. Välj fil", "Tabeller som väntar"]
    assert any("Inga tabeller väntar" in body for body in html(at))


def test_what_was_found_is_said_with_the_file_s_own_cells() -> None:
    at = opened()
    said = next(body for body in html(at) if "ob-facts" in body)
    for part in ("Windows-1252", "semikolon", "2 av 3 namn eller koder känns igen som statistikområde", "på rad 2", "Restpost", "i rubrikerna: 2024, 2025", "Påhittad tabell"):
        assert part in said, part
    table = tables(at)["De första 4 av 4 rader med siffror"]
    assert table.rows[0] == ["3", "Segevång", "420", "1 000", "430", "1 000"]


def test_a_broken_file_is_refused_in_words() -> None:
    at = opened("A;B\n1;\0\0\0\n")
    assert "nolltecken" in at.error[0].value and "Spara den på nytt" in at.error[0].value


def test_a_refusal_says_on_an_english_page_that_it_is_in_swedish_and_is_heard_as_such() -> None:
    at = opened("A;B\n1;\0\0\0\n", sprak="en")
    assert at.error[0].value == f"{t('error.refused', 'en')} {t('error.in_swedish', 'en')}"
    reasons = next(body for body in html(at) if "nolltecken" in body)
    assert reasons.startswith('<ul lang="sv"><li>') and "Spara den på nytt" in reasons


def test_an_unknown_name_is_a_fault_until_somebody_says_what_it_is() -> None:
    at = filled()
    at = pick(at, "area Atlantis", "")
    assert any("Atlantis" in e.value and "rad 5" in e.value for e in at.error)
    at = pick(at, "area Atlantis", "-")
    assert not at.error


def test_the_preview_counts_and_shows_what_would_change() -> None:
    at = press(filled(), "Visa vad som ändras")
    assert any("4 nya, 0 ändrade, 0 oförändrade, 0 borttagna" in m.value for m in at.markdown)
    rows = next(table for caption, table in tables(at).items() if caption.startswith("Ändringar")).rows
    assert ["Sege öst", "Hushåll med bil", "2024", "", "42,0\u00a0%", "ny"] in rows
    assert any(r[2:] == ["2024", "", "20,0\u00a0%", "ny"] for r in rows)
    assert any(r[2:] == ["2025", "", "..", "ny"] for r in rows)


def test_a_figure_that_the_gate_hides_is_not_on_the_page() -> None:
    at = press(filled(WIDE.replace("420;1 000", "3;1 000")), "Visa vad som ändras")
    assert any("Röjandekontrollen döljer" in i.value for i in at.info)
    rows = next(table for caption, table in tables(at).items() if caption.startswith("Ändringar")).rows
    assert any(r[2:] == ["2024", "", "..", "ny"] for r in rows) and not any("0,3" in cell for r in rows for cell in r)


def key_of(at: AppTest) -> str:
    """The key of the draft that the page shows, as its link has it."""
    said = at.query_params["utkast"]  # a page that has run gives a text, one that has only been opened a list
    return said if isinstance(said, str) else said[0]


def listed(at: AppTest) -> list[list[str]]:
    found = tables(at).get("Tabeller som väntar")
    return found.rows if found else []


def test_a_table_is_kept_as_a_draft_and_approved_into_a_new_version(tmp_path: Path, capsys) -> None:
    at = press(filled(), "Visa vad som ändras")
    at.text_input(key="intake_name").set_value("Bilar 2025")
    key = key_of(press(run(at), "Spara utkastet"))
    assert drafts.names("tabeller") == [key]
    at = launch("samla_in", utkast=key)
    assert any("inte granskat" in w.value for w in at.warning)
    assert any(f"approve tabeller {key}" in body for body in html(at))
    hostile = drafts.new_key()
    drafts.save("tabeller", hostile, {"name": "\x1b[2JBilar\n2026"})
    assert main(["approve", "tabeller"]) == 0
    assert f"{hostile}  [2JBilar2026\n" in capsys.readouterr().out, "no name steers the terminal"
    drafts.remove("tabeller", hostile)
    assert main(["approve", "tabeller"]) == 0 and capsys.readouterr().out == f"{key}  Bilar 2025\n"
    assert main(["approve", "tabeller", key, "--out", str(tmp_path / "paket")]) == 0
    found = load(resolve(str(tmp_path / "paket"))).observations.query("indicator == 'hushall_med_bil'")
    assert sorted(found["value"].dropna()) == [20.0, 42.0, 43.0] and len(found) == 4
    assert drafts.names("tabeller") == []


# -- where versions are kept, a draft is approved on the page -----------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Let the app show a folder with one version of the embedded pack."""
    for name, value in (("_engine", None), ("_stamp", None), ("LOOK_EVERY", 0)):
        monkeypatch.setattr(held, name, value)
    found = Shelf(tmp_path / "hylla")
    found.publish(ROOT / "data")
    monkeypatch.setenv("OMRADESBILD_PACK", str(found.folder))
    return found


def saved(name: str, text: str = WIDE) -> AppTest:
    """The page of a draft that has just been saved."""
    at = press(filled(text), "Visa vad som ändras")
    at.text_input(key="intake_name").set_value(name)
    return press(run(at), "Spara utkastet")


def cars(shelf: Shelf) -> dict[tuple[str, str], float]:
    found = load(shelf.current()).observations.query("indicator == 'hushall_med_bil'").dropna(subset=["value"])
    return dict(zip(zip(found["area"], found["period"], strict=True), found["value"], strict=True))



def shown(at: AppTest) -> list[str]:
    """Every text on a page."""
    return [*html(at), *(str(each.value) for kind in (at.warning, at.info, at.success, at.markdown) for each in kind)]


def test_a_draft_is_approved_on_the_page_in_two_steps(shelf: Shelf) -> None:
    first = shelf.current()
    at = press(saved("Bilar 2025"), "Godkänn och använd")
    assert shelf.current() == first and "Bilar 2025" in at.warning[-1].value, "one press decides nothing"
    at = press(press(at, "Avbryt"), "Godkänn och använd")
    at = press(at, "Ja, godkänn")
    assert cars(shelf) == {("1280R063", "2024"): 42.0, ("1280R063", "2025"): 43.0, ("1280R072", "2024"): 20.0}
    assert shelf.current() != first and shelf.current().name in at.success[0].value.replace("\\", "")
    assert drafts.names("tabeller") == [] and at.query_params.get("utkast", [""])[0] == ""
    assert [h.value for h in at.header][-1] == "Tabeller som väntar"
    run(at)
    assert not at.success, "it is told once"
    shelf.restore(first.name)
    assert cars(shelf) == {}


def test_next_year_s_file_is_known_after_the_draft_is_gone_with_all_that_was_said(shelf: Shelf, tmp_path: Path, capsys) -> None:
    press(press(saved("Bilar 2025"), "Godkänn och använd"), "Ja, godkänn")
    assert drafts.names("tabeller") == []
    at = opened(WIDE.replace("2025", "2027").replace("2024", "2026"))
    assert any("ser likadan ut" in s.value for s in at.success)
    told = {name: at.selectbox(key=f"intake_{name}").value for name in ("area Atlantis", "indicator", "way", "numerator", "denominator", "source")}
    assert told == {
        "area Atlantis": "-", "indicator": "hushall_med_bil", "way": "parts", "numerator": "Med bil {period}", "denominator": "Hushåll {period}",
        "source": "malmo-stad-pahittad-tabell",
    }  # fmt: skip
    at = press(at, "Visa vad som ändras")
    assert any("4 nya" in m.value for m in at.markdown), "nothing but looking is left to do"
    file = tmp_path / "bilar.csv"
    file.write_bytes(WIDE.replace("2025", "2027").encode("cp1252"))
    assert main(["import", str(file), "--pack", str(shelf.folder)]) == 0
    mapping = capsys.readouterr().out.split("Dess mappning: ")[1].strip()
    assert main(["import", str(file), "--mapping", mapping, "--pack", str(shelf.folder)]) == 0
    assert "2 nya, 0 ändrade, 2 oförändrade" in capsys.readouterr().out


def test_the_same_file_again_has_nothing_to_save(shelf: Shelf) -> None:
    press(press(saved("Bilar 2025"), "Godkänn och använd"), "Ja, godkänn")
    used = shelf.current()
    at = press(opened(), "Visa vad som ändras")
    assert any("0 nya, 0 ändrade, 4 oförändrade" in m.value for m in at.markdown)
    assert any("finns redan i bilden" in i.value for i in at.info)
    assert not [b for b in at.button if b.label == "Spara utkastet"]
    assert shelf.current() == used


def test_two_stewards_with_the_same_figures_are_told_of_each_other(shelf: Shelf) -> None:
    annas = key_of(saved("Annas bilar"))
    at = saved("Bosses bilar", WIDE.replace("420;", "410;"))
    assert any("Ett annat utkast" in w.value and "olika: 1" in w.value for w in at.warning)
    at = press(at, "Godkänn och använd")
    other = launch("samla_in", utkast=annas)
    press(press(other, "Godkänn och använd"), "Ja, godkänn")
    after = shelf.current()
    at = run(at)
    assert any("ändrades medan du tittade" in i.value for i in at.info), "what is approved is what has been looked at"
    assert shelf.current() == after and cars(shelf)["1280R063", "2024"] == 42.0
    rows = next(table for caption, table in tables(at).items() if caption.startswith("Ändringar")).rows
    assert rows == [["Sege öst", "Hushåll med bil", "2024", "42,0\u00a0%", "41,0\u00a0%", "ändrad"]]
    press(press(at, "Godkänn och använd"), "Ja, godkänn")
    assert cars(shelf)["1280R063", "2024"] == 41.0


def test_a_row_for_the_whole_city_can_be_left_out() -> None:
    at = opened(WIDE.replace("Restpost;", "Summa;720;2500;730;2500\nRestpost;"))
    assert any("Läses som hela staden" in body and "Summa" in body for body in html(at))
    at = pick(at, "area Summa", "-")
    assert at.selectbox(key="intake_area Summa").value == "-"


def test_a_file_of_another_kommun_is_told_to_be_that() -> None:
    at = opened("Kod;Antal 2024\n1480R001;1\n1480R002;2\n")
    assert "1480" in at.warning[0].value and "en annan kommun" in at.warning[0].value


@pytest.mark.parametrize("codes", [("1280C1010", "1280C1020", "Totalt"), ("0114A0010", "1280A0010_DeSO2025", "1480C1010")])
def test_codes_of_deso_are_known_as_that_and_the_way_on_is_told(codes: tuple[str, ...]) -> None:
    at = opened("Kod;Antal 2024\n" + "".join(f"{code};{n + 10}\n" for n, code in enumerate(codes)))
    assert "DeSO" in at.warning[0].value and "python -m omradesbild convert" in at.warning[0].value and "docs/importera.md" in at.warning[0].value


def test_a_column_of_deso_beside_known_areas_is_no_warning() -> None:
    at = opened("Område;Del;Antal 2024\nSegevång;1280C1010;1\nSeved;1280C1020;2\n")
    assert not any("DeSO" in w.value for w in at.warning)


def test_next_year_s_file_is_known_again() -> None:
    at = press(filled(), "Visa vad som ändras")
    at.text_input(key="intake_name").set_value("Bilar 2025")
    at = press(press(run(at), "Spara utkastet"), "Till alla tabeller")
    newer = WIDE.replace("2025", "2027").replace("2024", "2026")
    at.session_state["intake_kept"] = ("bilar.csv", newer.encode("cp1252"))
    assert any("ser likadan ut" in s.value for s in run(at).success)
    at.session_state["intake_kept"] = ("bilar.csv", WIDE.replace("Hushåll", "Bostäder").encode("cp1252"))
    assert not run(at).success
    assert not opened(newer).success, "what somebody else has drafted is theirs"


def test_what_was_filled_in_is_there_when_the_reader_comes_back() -> None:
    at = filled()
    at.switch_page(str(ROOT / "pages/data.py"))
    run(at)
    at.switch_page(str(ROOT / "pages/samla_in.py"))
    run(at)
    assert at.text_input(key="intake_measure_title").value == "Hushåll med bil"
    assert at.selectbox(key="intake_numerator").value == "Med bil {period}"


def test_where_nothing_can_be_kept_the_table_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRADESBILD_DRAFTS", "")
    at = press(filled(), "Visa vad som ändras")
    assert any("kan utkast inte sparas" in i.value for i in at.info)
    assert not [b for b in at.button if b.label == "Spara utkastet"]


def test_the_page_speaks_english() -> None:
    at = opened(sprak="en")
    assert [h.value for h in at.header][:3] == ["1. Choose a file", "2. This was found", "3. What the columns mean"]


def test_a_draft_is_removed_after_it_is_told(kept: Path) -> None:
    at = press(saved("Bilar 2025"), "Ta bort utkastet")
    assert drafts.names("tabeller") == [] and "Bilar 2025" in at.success[0].value


def test_a_damaged_draft_is_said_to_be_so(kept: Path) -> None:
    key = drafts.new_key()
    drafts.save("tabeller", key, {"mapping": {}, "observations": "x"})
    at = launch("samla_in", utkast=key)
    assert "skadad" in at.warning[0].value


def test_a_draft_is_seen_by_its_maker_and_by_who_has_got_its_link_only(shelf: Shelf) -> None:
    at = saved("Annas hemliga bilar")
    key = key_of(at)
    assert any("Bara den som har länken" in body for body in html(at))
    assert key not in " ".join(unquote(link.query_string) for link in at.get("page_link"))
    at = press(at, "Till alla tabeller")
    assert listed(at) == [["Annas hemliga bilar", "bilar.csv"]]
    stranger = launch("samla_in")
    assert listed(stranger) == [] and not any("hemliga" in text for text in shown(stranger))
    rival = saved("Bosses bilar")
    assert any("Ett annat utkast" in w.value for w in rival.warning) and not any("hemliga" in text or key in text for text in shown(rival))
    invited = launch("samla_in", utkast=key)
    assert any("42,0" in " ".join(row) for table in tables(invited).values() for row in table.rows)
    assert listed(press(invited, "Till alla tabeller")) == [["Annas hemliga bilar", "bilar.csv"]]
    gone = press(press(launch("samla_in", utkast=key), "Godkänn och använd"), "Ja, godkänn")
    assert listed(gone) == [] and listed(run(at)) == [], "what has been approved waits for nobody"
    assert any("leder inte till något utkast" in w.value for w in launch("samla_in", utkast=key).warning)


def test_a_draft_under_a_name_that_could_be_guessed_is_not_shown() -> None:
    drafts.save("tabeller", "Bilar 2025", {"name": "Bilar 2025", "mapping": {}, "observations": "x"})
    for guess in ("Bilar 2025", "../tabeller/x", "0" * 32):
        at = launch("samla_in", utkast=guess)
        assert [w.value for w in at.warning] == ["Länken leder inte till något utkast. Det kan ha godkänts eller tagits bort, eller så är länken inte hel."]


def test_a_damaged_draft_of_one_s_own_is_listed_as_that(kept: Path, shelf: Shelf) -> None:
    at = press(saved("Bilar 2025"), "Till alla tabeller")
    (file,) = kept.rglob("*.json")
    file.write_text("{", encoding="utf-8")
    assert listed(run(at)) == [["utkastet går inte att läsa", ""]]
