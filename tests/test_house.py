"""The walls of the house: which part may import which, and who may touch files."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: part of omradesbild → the parts that it may import besides itself
MAY_IMPORT = {
    "model": set(),
    "findings": set(),
    "disk": set(),
    "checks": {"findings", "model"},
    "reader": {"checks", "disk", "findings"},
    "pack": {"checks", "demo", "disk", "findings", "model", "reader"},
    "words": {"model"},
    "find": {"model", "pack", "words"},
    "own": {"analyse", "model", "pack"},
    "link": {"analyse", "model", "own", "pack"},
    "analyse": {"pack", "model"},
    "publish": {"analyse", "disk", "find", "link", "model", "pack", "words"},
    "collect": {"checks", "disk", "find", "findings", "model", "pack", "reader"},
    "demo": set(),
    "drafts": {"disk"},
    "proposal": {"find", "model", "words"},
    "approval": {"analyse", "disk", "model", "pack", "proposal"},
    "cli": {"analyse", "approval", "collect", "demo", "disk", "drafts", "model", "pack", "publish", "words"},
    "__main__": {"cli"},
    "__init__": set(),
}
#: parts of omradesbild that read or write files
TOUCH_FILES = {"disk", "pack", "reader", "drafts", "approval", "collect", "publish", "cli", "words", "demo"}
FILE_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob", "rglob", "mkdir",
    "unlink", "rmtree", "copytree", "read_csv", "read_excel", "read_json", "read_file", "read_parquet",
}


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(path: Path) -> str:
    """The first name below omradesbild/: a module or a package."""
    first = path.relative_to(ROOT / "omradesbild").parts[0]
    return first.removesuffix(".py")


def nodes(path: Path) -> Iterator[ast.AST]:
    """Every node except what is there for type checkers only."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting += node.orelse
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, as far as can be seen: ``a.b`` for both ways of writing it."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tops(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imported(path)}


@pytest.mark.parametrize("path", files("omradesbild"), ids=name)
def test_engine_knows_nothing_of_the_app(path: Path) -> None:
    assert not tops(path) & {"streamlit", "pages", "components", "app"}


@pytest.mark.parametrize("path", files("omradesbild"), ids=name)
def test_parts_of_the_engine_lean_one_way(path: Path) -> None:
    own = part(path)
    leaned = {module.split(".")[1] for module in imported(path) if module.startswith("omradesbild.")}
    leaned -= {own, "__version__", "METHOD_VERSION"}
    assert leaned <= MAY_IMPORT[own], f"{own} imports {sorted(leaned - MAY_IMPORT[own])}"


@pytest.mark.parametrize("path", files("components"), ids=name)
def test_components_know_nothing_of_pages(path: Path) -> None:
    assert "pages" not in tops(path)


@pytest.mark.parametrize("path", files("pages"), ids=name)
def test_pages_do_not_import_one_another(path: Path) -> None:
    assert "pages" not in tops(path)


@pytest.mark.parametrize("path", [*files("omradesbild"), *files("pages")], ids=name)
def test_only_the_doors_touch_files(path: Path) -> None:
    if path.is_relative_to(ROOT / "omradesbild") and part(path) in TOUCH_FILES:
        return
    calls = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
    used = {f.id if isinstance(f, ast.Name) else getattr(f, "attr", "") for f in calls} & FILE_CALLS
    assert not used, f"{name(path)} calls {sorted(used)}"


@pytest.mark.parametrize("path", files("components"), ids=name)
def test_enter_in_a_list_takes_one_and_not_everything_that_matches(path: Path) -> None:
    """Streamlit puts ”Select 4 matches”, in English, first in a list, where Enter after a typed name takes all of them."""
    for call in (node for node in nodes(path) if isinstance(node, ast.Call) and "multiselect" in ast.unparse(node.func)):
        assert "select_all=False" in [ast.unparse(word) for word in call.keywords], f"{name(path)}, line {call.lineno}"


def test_walls_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import streamlit\n"
        "def f():\n    from omradesbild.publish import tables\n    import omradesbild.cli\n"
    )
    assert imported(file) == {"typing.TYPE_CHECKING", "omradesbild.publish.tables", "omradesbild.cli"}


def test_reading_a_pack_needs_no_map_library_and_no_app() -> None:
    code = "import sys, omradesbild.pack; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    loaded = set(run.stdout.split())
    assert "omradesbild.pack" in loaded, run.stderr
    assert not loaded & {"streamlit", "geopandas", "pyogrio", "plotly", "pydeck", "scipy"}
