"""What the documents promise is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from components.page_list import PAGES
from omradesbild.words import t

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    lost = [t for t in targets if "://" not in t and not (document.parent / t).exists()]
    assert lost == []


def test_every_dependency_has_a_reason():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for file in ("requirements.txt", "tests/requirements.txt"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        names = [line.split("==")[0] for line in lines if line and not line.startswith("#")]
        assert names and [n for n in names if n not in readme] == []


def test_every_direct_dependency_is_pinned():
    for file in ("requirements.txt", "tests/requirements.txt"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        assert all("==" in line for line in lines if line and not line.startswith("#"))


def test_the_commands_of_the_readme_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for script in re.findall(r"^(script/\w+)", readme, flags=re.M):
        assert (ROOT / script).exists(), script
    for command in set(re.findall(r"python -m omradesbild (\w+)", readme)):
        asked = [sys.executable, "-m", "omradesbild", command, "--help"]
        assert subprocess.run(asked, cwd=ROOT, capture_output=True).returncode == 0, command


def test_the_user_guide_names_every_page():
    guide = (ROOT / "docs" / "anvandare.md").read_text(encoding="utf-8")
    named = {"karta": "kartan"}
    for entry in PAGES:
        if entry.id not in ("oversikt", "data"):
            word = named.get(entry.id, t(f"nav.{entry.id}"))
            assert word in guide, entry.id
