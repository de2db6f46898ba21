"""The sources that can be collected, by the name that is written after ``collect``."""

from omradesbild.collect.source import Source
from omradesbild.collect.sources.kolada import Kolada
from omradesbild.collect.sources.scb import Scb
from omradesbild.collect.sources.scb_bulk import ScbBulk

SOURCES: dict[str, Source] = {source.name: source for source in (Scb(), ScbBulk(), Kolada())}
