"""What an edition's pages are made by: one area, one indicator, or what there is once; each costs the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from omradesbild.analyse import peers
from omradesbild.analyse.statements import Statements
from omradesbild.model import Area, Indicator, Initiative
from omradesbild.publish.figures.sheet import stylesheet
from omradesbild.publish.shapes import Shapes
from omradesbild.publish.site import maps, web
from omradesbild.publish.site.file import File
from omradesbild.publish.site.pages import about, area, goal, indicator, initiative, police, priority, start
from omradesbild.publish.site.settings import Settings
from omradesbild.words import LANGUAGES


def remember(statements: Statements) -> None:
    """Work out what the pages of all areas share, so that processes which part from this one have it already."""
    pack = statements.pack
    for level, first in {a.level: a.id for a in pack.areas.values()}.items():
        area.challenges_by_area(statements, level)
        for known in pack.indicators:
            peers.of(statements, first, known)
    maps.small_shapes(statements)


def area_files(statements: Statements, settings: Settings, which: Area) -> Iterator[File]:
    """Give everything about one area, in all languages."""
    for lang in LANGUAGES:
        yield from area.files(statements, settings, which, lang)


def indicator_files(statements: Statements, shapes: Shapes, settings: Settings, which: Indicator) -> Iterator[File]:
    """Give everything about one indicator, in all languages."""
    for lang in LANGUAGES:
        yield from indicator.files(statements, shapes, settings, which, lang)


def initiative_files(statements: Statements, settings: Settings, which: Initiative) -> Iterator[File]:
    """Give the follow-up of one initiative, in all languages; nothing where none can be made whatever the measure."""
    if initiative.never(statements, which) is None:
        for lang in LANGUAGES:
            yield from initiative.one(statements, settings, which, lang)


def common_files(statements: Statements, shapes: Shapes, settings: Settings) -> Iterator[File]:
    """Give the pages that there is one of, in all languages, the published lists of priorities, and what all pages share."""
    for lang in LANGUAGES:
        yield start.start(statements, shapes, settings, lang)
        yield start.compare(statements, settings, lang)
        yield indicator.index(statements, settings, lang)
        yield goal.goals(statements, settings, lang)
        yield from initiative.index(statements, settings, lang)
        yield priority.index(statements, settings, lang)
        for each in statements.pack.priorities:
            yield priority.one(statements, settings, each, lang)
        yield police.police(statements, settings, lang)
        yield about.figures(statements, settings, lang)
        yield about.data(statements, settings, lang)
        yield about.accessibility(statements, settings, lang)
    yield about.missing(statements, settings)
    static = files(__package__).joinpath("static")
    yield File(web.CSS, static.joinpath("edition.css").read_bytes() + stylesheet().encode("utf-8"))
    yield File(web.JS, static.joinpath("edition.js").read_bytes())
    yield File("robots.txt", b"User-agent: *\nAllow: /\n")
    yield File(web.ICON, static.joinpath("ikon.svg").read_bytes())
    yield File(web.FONT, static.joinpath("sans.woff2").read_bytes())
