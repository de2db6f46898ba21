"""An edition whose names are markup, formulas and ten thousand characters: nothing runs, nothing is wider than its window."""

import pytest
from publish import hostile

from omradesbild.pack import load
from omradesbild.publish.site.build import build
from omradesbild.publish.site.settings import Settings

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    hostile.write(root / "pack")
    build(load(root / "pack"), root / "x", Settings(publisher=hostile.HOSTILE[0]), processes=1)
    return root / "x"


@pytest.mark.parametrize("scripts", (True, False), ids=("scripts", "none"))
def test_nothing_runs_and_nothing_is_too_wide(browser, folder, scripts) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=scripts)
    page, wrong = context.new_page(), []
    page.on("dialog", lambda dialog: (wrong.append(f"said {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    pages = ["index.html", "jamfor/index.html", "mal/index.html", "polislistan/index.html", "om/index.html", "data/index.html"]
    pages += [f"omrade/{area}/index.html" for area in ("9999", "vastra", "A1", "A3", "A6")]
    pages += ["insatser/index.html", "insats/lyftet/index.html", "indikator/index.html", "indikator/sysselsatta/index.html"]
    pages += ["utgavor/index.html", "andringar/index.html", "tillganglighet/index.html", "en/index.html"]
    assert [path for path in pages if not (folder / path).exists()] == []
    wide = {}
    for path in pages:
        page.goto(f"file://{folder}/{path}")
        over = page.evaluate(OVERFLOW)
        if over > 0:
            wide[path] = over
    context.close()
    assert (wrong, wide) == ([], {})
