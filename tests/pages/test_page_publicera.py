"""Publicera: what is counted is counted again from the pack's files; publishing is deliberate, one at a time, and whole."""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path

import pytest
import small_pack
from launch import ROOT, healthy, html, launch, tables
from streamlit.testing.v1 import AppTest

from components import engine as held
from components import publish_job
from components.tables import plain
from omradesbild.model import Level
from omradesbild.publish.site import settings
from omradesbild.publish.site.refusal import EditionError
from omradesbild.words import level, t


@pytest.fixture(autouse=True)
def nothing_going(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_job, "_job", None)
    monkeypatch.delenv("OMRADESBILD_EDITION", raising=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the app show a small pack, and publish in a folder of its own."""
    for name, value in (("_engine", None), ("_stamp", None), ("LOOK_EVERY", 0)):
        monkeypatch.setattr(held, name, value)
    monkeypatch.setenv("OMRADESBILD_PACK", str(small_pack.write(tmp_path / "small")))
    monkeypatch.setenv("OMRADESBILD_EDITION", str(tmp_path / "ute"))
    return tmp_path / "ute"


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def press(at: AppTest, label: str) -> AppTest:
    return healthy(next(b for b in at.button if b.label == label).click().run())


def published(at: AppTest, lang: str = "sv") -> AppTest:
    """Publish, and wait until it is done."""
    at = press(press(at, t("publish.begin", lang)), t("publish.confirm", lang))
    deadline = time.monotonic() + 120
    while publish_job.current().ok is None:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return healthy(at.run())


def test_without_a_folder_nothing_can_be_published() -> None:
    at = launch("publicera")
    assert labels(at) == []
    assert t("publish.not_here", setting="OMRADESBILD_EDITION") in [i.value for i in at.info]


def test_what_the_source_hides_is_counted_as_in_the_packs_files() -> None:
    hidden: dict[str, int] = {}
    for path in (ROOT / "data/observations").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if ".." in row["flag"].split():
                    hidden[row["indicator"]] = hidden.get(row["indicator"], 0) + 1
    assert sum(hidden.values()) > 10
    found = tables(launch("publicera"))[t("publish.withheld")]
    shown = {row[0]: int(row[found.columns.index(t("publish.by_source"))].replace("\u202f", "")) for row in found.rows}
    titles = {i: each.title.sv for i, each in held.common().pack.indicators.items()}
    assert {title: n for title, n in shown.items() if n} == {titles[i]: n for i, n in hidden.items()}


def test_the_hidden_numbers_themselves_are_nowhere_on_the_page() -> None:
    found = tables(launch("publicera"))[t("publish.withheld")]
    names = {area.name for area in held.common().pack.areas.values()}
    assert not names & {cell for row in found.rows for cell in row}


def test_the_areas_are_counted_as_in_the_boundaries() -> None:
    shapes = json.loads((ROOT / "data/boundaries/regso_2025_1280.geojson").read_text("utf-8"))["features"]
    row = tables(launch("publicera"))[t("publish.contents")].row(level(Level.REGSO, form="title"))
    assert row[t("publish.number")] == str(len(shapes))


def test_publishing_takes_two_steps_and_can_be_called_off(place: Path) -> None:
    at = press(launch("publicera"), t("publish.begin"))
    assert labels(at) == [t("publish.confirm"), t("publish.cancel")]
    assert "Den förra finns kvar" not in at.warning[0].value
    at = press(at, t("publish.cancel"))
    assert labels(at) == [t("publish.begin")] and not place.exists()


def test_an_edition_is_published_and_then_there_is_nothing_new(place: Path) -> None:
    at = published(launch("publicera"))
    assert publish_job.current().ok, publish_job.current().said
    assert (place / "index.html").exists() and (place / "data").is_dir()
    edition = json.loads((place / "data/utgava.json").read_text("utf-8"))["edition"]
    assert [each.value for each in at.success] == [t("publish.done", edition=edition, folder=plain(str(place)))]
    assert any(f"serve {place}" in body for body in html(at))
    assert t("publish.already") in [i.value for i in at.info] and labels(at) == []
    assert any(t("publish.same") in body for body in html(at))


def test_what_differs_from_the_last_edition_is_counted(place: Path) -> None:
    published(launch("publicera"))
    about = json.loads((place / "data/utgava.json").read_text("utf-8"))
    indicator = next(iter(about["indicators"]))
    path = place / f"data/indikator/{indicator}.json"
    document = json.loads(path.read_text("utf-8"))
    at_value = document["fields"].index("value")
    row = next(row for row in document["figures"] if row[at_value] is not None)
    row[at_value] += 1
    path.unlink()
    path.write_text(json.dumps(document), encoding="utf-8")
    about["edition"] = "1999-01-01-00000000"
    (place / "data/utgava.json").unlink()
    (place / "data/utgava.json").write_text(json.dumps(about), encoding="utf-8")
    at = launch("publicera")
    found = tables(at)[t("publish.differences")].rows
    title = held.common().pack.indicators[indicator].title.sv
    assert found == [[title, "0", "1", "0", "0"]]
    assert labels(at) == [t("publish.begin")]
    assert "Den förra finns kvar" in press(at, t("publish.begin")).warning[0].value


def test_a_second_publishing_is_refused_while_one_goes_on(place: Path) -> None:
    going = publish_job.Job(place, done=1, total=4)
    publish_job._job = going
    assert publish_job.start(place, place, None, "sv") is False
    at = launch("publicera")
    assert labels(at) == [] and any(t("publish.going") in body for body in html(at))


@pytest.mark.parametrize(("lang", "said"), [("sv", "finns och är inte en utgåva."), ("en", "exists and is not an edition.")])
def test_what_cannot_be_published_is_told_in_the_readers_language(place: Path, lang: str, said: str) -> None:
    place.mkdir()
    (place / "viktigt.txt").write_text("rör mig inte")
    at = published(launch("publicera", sprak=lang), lang)
    assert len(at.error) == 1 and plain(f"{place} {said}") in at.error[0].value
    assert (place / "viktigt.txt").read_text() == "rör mig inte"
    assert labels(at) == [t("publish.begin", lang)]


def test_a_folder_that_cannot_be_made_is_told_in_swedish(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write_text("en fil")
    monkeypatch.setenv("OMRADESBILD_EDITION", str(place / "utgava"))
    at = published(launch("publicera"))
    why = f"{place} är en fil och ingen mapp. Ange en annan mapp. Inget har ändrats i {place}/utgava."
    assert [each.value for each in at.error] == [t("publish.failed", why=plain(why))]
    assert labels(at) == [t("publish.begin")]


def test_a_publishing_that_cannot_be_started_is_told_and_logged(place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(publish_job.sys, "executable", str(place / "no-such-program"))
    at = published(launch("publicera"))
    assert [each.value for each in at.error] == [t("publish.failed", why="").strip()]
    assert labels(at) == [t("publish.begin")]
    (record,) = (record for record in caplog.records if record.name == publish_job.__name__)
    assert isinstance(record.exc_info[1], OSError)


def test_a_publishing_ends_whatever_goes_wrong(place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("something nobody thought of")

    monkeypatch.setattr(publish_job.subprocess, "Popen", broken)
    at = published(launch("publicera"))
    assert publish_job.current().ok is False and labels(at) == [t("publish.begin")]
    (record,) = (record for record in caplog.records if record.name == publish_job.__name__)
    assert isinstance(record.exc_info[1], ValueError)


def test_what_a_publishing_says_may_be_any_bytes(place: Path) -> None:
    program = "import sys; sys.stderr.buffer.write(bytes([0xff]) + b' det gick inte'); sys.exit(1)"
    job = publish_job.Job(place)
    publish_job._run(job, [sys.executable, "-c", program])
    assert (job.ok, job.said) == (False, "\ufffd det gick inte")


WRONG = {
    "publisher: [": ("är fel skriven på rad 1", "is wrong at line 1"),
    "publisher: X\ncontact: :": ("är fel skriven på rad 2", "is wrong at line 2"),
    "publisher: X\nreviewer: Malm\udcf6": ("är fel skriven på rad 2. Filen ska vara YAML i UTF-8", "is wrong at line 2. It must be YAML in UTF-8"),
    "bara text": ("med ett namn och ett värde på varje rad", "with a name and a value on each line"),
    "contact: kontoret": ("contact kan inte vara 'kontoret'. Skriv så här: contact: ", "contact cannot be 'kontoret'. Write it so: contact: "),
    "reviewed: i våras": ("reviewed kan inte vara 'i våras'", "reviewed cannot be 'i våras'"),
    "reviewed: 2026-02-30": ("reviewed kan inte vara '2026-02-30'. Skriv så här: reviewed: ", "reviewed cannot be '2026-02-30'"),
    "phone: 1\nphone: 2": ("är fel skriven på rad 2", "is wrong at line 2"),
    "adress: https://x.se": ("adress är okänt. Det som kan anges är publisher, ", "adress is not known. What can be given is publisher, "),
}


@pytest.mark.parametrize("written", WRONG)
def test_settings_that_are_written_wrong_are_told_in_both_languages(written: str, tmp_path: Path) -> None:
    file = tmp_path / "utgava.yaml"
    file.write_text(written, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(EditionError) as refused:
        settings.load(file)
    for lang, said in zip(("sv", "en"), WRONG[written], strict=True):
        assert refused.value.text(lang).startswith(str(file)) and said in refused.value.text(lang)


def test_every_setting_has_an_example_that_can_be_used(tmp_path: Path) -> None:
    file = tmp_path / "utgava.yaml"
    file.write_text("\n".join(settings.EXAMPLES.values()), encoding="utf-8")
    assert settings.load(file).model_fields_set == set(settings.Settings.model_fields) == set(settings.EXAMPLES)


def test_before_the_first_part_is_made_it_says_what_goes_on(place: Path) -> None:
    publish_job._job = publish_job.Job(place)
    at = launch("publicera")
    assert at.get("progress")[0].proto.text == t("publish.preparing")


def test_each_ground_that_occurs_is_explained_and_no_other() -> None:
    said = " ".join(html(launch("publicera")))
    assert [name for name in ("source", "here", "sums", "capped") if t(f"publish.why_{name}") in said] == ["source", "here", "sums"]


def test_the_editions_address_leads_to_what_was_published(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "utgava.yaml"
    file.write_text("address: https://omradesbild.example\n", encoding="utf-8")
    monkeypatch.setenv("OMRADESBILD_EDITION_SETTINGS", str(file))
    publish_job._job = publish_job.Job(place, ok=True)
    assert any('href="https://omradesbild.example"' in body for body in html(launch("publicera")))


def test_settings_that_are_filled_in_are_said_so(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = launch("publicera")
    assert any("utgivare" in i.value for i in at.info)
    file = tmp_path / "utgava.yaml"
    file.write_text("publisher: Malmö stad\naddress: https://x.se\ncontact: a@x.se\nreviewed: 2026-11-01\n", encoding="utf-8")
    monkeypatch.setenv("OMRADESBILD_EDITION_SETTINGS", str(file))
    at = launch("publicera")
    assert not any("utgivare" in i.value for i in at.info) and any(t("publish.settings_filled") in body for body in html(at))
    file.write_text("publisher: [", encoding="utf-8")
    at = launch("publicera")
    assert len(at.error) == 1 and labels(at) == []


def test_the_page_speaks_english() -> None:
    at = launch("publicera", sprak="en")
    assert at.title[0].value == t("publish.title", "en")
    assert t("publish.withheld", "en") in tables(at)
