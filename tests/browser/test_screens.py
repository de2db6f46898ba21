"""Pictures of every page for human eyes, in .cache/screens/; only with OMRADESBILD_SCREENS=1."""

import os

import pytest
from conftest import ROOT
from looking import VIEWS, settle

if os.environ.get("OMRADESBILD_SCREENS") != "1":
    pytest.skip("pictures are made with OMRADESBILD_SCREENS=1", allow_module_level=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 768, 320])
def test_pictures_of_every_page(new_reader, live_server, width, scheme):
    folder = ROOT / ".cache" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    reader = new_reader(live_server, color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, path in VIEWS.items():
        page = reader.open(path)
        height = page.evaluate("document.querySelector('.stMain').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height + 80, 8000)})
        settle(page)
        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
        page.close()
    reader.context.close()
