"""What pictures are drawn with: the language, and whether it is for paper or for the web."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from omradesbild import words
from omradesbild.analyse.statements import Statement
from omradesbild.publish.choropleth import sources_of
from omradesbild.publish.document import Figure
from omradesbild.publish.figures.sheet import PHONE, Caption, Setting, either


@dataclass(frozen=True, slots=True)
class Pen:
    """How pictures are drawn. `width` is in the figures' own units: text is 13 of them."""

    lang: str = "sv"
    theme: Literal["paper", "web"] = "paper"
    width: int = 640

    def setting(self, *name: str, width: int | None = None) -> Setting:
        """Return the setting of the picture called `name`, which must be its own on a page."""
        prefix = re.sub(r"[^A-Za-z0-9_-]", "-", "-".join(name))
        return Setting(f"f-{prefix}", self.lang, self.theme, standalone=False, width=width or self.width)

    def draw(self, figure: Callable[[Setting], str], *name: str) -> str:
        """Draw the picture called `name`: on paper once, on the web also for a telephone, where that one is shown."""
        setting = self.setting(*name)
        if self.theme == "paper":
            return figure(setting)
        phone = replace(setting, prefix=f"{setting.prefix}-p", width=PHONE)
        return either(figure(setting), figure(phone), setting.width)


def source_line(shown: Iterable[Statement], lang: str) -> str:
    """Return the line under a picture or table: sources, and what the flags in it mean."""
    shown = list(shown)
    processed = any(s.composed or s.indicator.processing is not None for s in shown)
    return " ".join([words.source_text(sources_of(shown), lang, processed=processed), *flag_notes(shown, lang)])


def flag_notes(shown: Iterable[Statement], lang: str) -> tuple[str, ...]:
    """Explain the flags that occur, each once."""
    codes = dict.fromkeys(code for s in shown for code in s.flag.split())
    said = [f"{code} {words.flag_words(code, lang)[0]}" for code in sorted(codes)]
    return (f"{'; '.join(said)}.",) if said else ()


def caption(title: str, alt: str, shown: Sequence[Statement], pen: Pen, *, demonstration: bool) -> Caption:
    """Return what stands around a picture of some statements of one indicator."""
    unit = shown[0].indicator.unit.get(pen.lang) if shown else ""
    return Caption(title, alt, unit, source_line(shown, pen.lang), demonstration=demonstration)


def framed(drawn: str, around: Caption, **more: object) -> Figure:
    """Return a picture as a block with what stands around it."""
    return Figure(around.title, around.unit, around.takeaway, drawn, around.source, **more)
