"""The pictures that social media show, drawn by typst without a browser: the same input, the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import fontpkg_source_sans_3
import typst

from omradesbild.analyse.statements import Statements
from omradesbild.model import Area
from omradesbild.publish.site import addresses, maps
from omradesbild.publish.site.file import File
from omradesbild.words import t

#: 1200 × 630 pixels.
PIXELS_PER_INCH = 144.0


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    template = Path(__file__).with_name("static") / "preview.typ"
    fonts = Path(fontpkg_source_sans_3.__file__).parent / "files"
    return typst.Compiler(str(template), font_paths=[str(fonts)], ignore_system_fonts=True)


def of_area(statements: Statements, area: Area, sentences: Sequence[str], lang: str) -> File:
    """Draw an area's picture: its name, the first sentence and where it lies."""
    return File(addresses.area_picture(area.id, lang), _drawn(statements, area, sentences[:2], lang))


def _drawn(statements: Statements, area: Area, sentences: Sequence[str], lang: str) -> bytes:
    info = statements.pack.info
    inputs = {
        "name": area.name,
        "said": "\n".join(sentences),
        "foot": f"{info.title.get(lang)} {info.version}",
        "mark": t("demo.mark", lang) if info.demonstration else "",
        "lang": lang,
        "map": maps.small_picture(statements, area.id),
    }
    return _compiler().compile(format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs)
