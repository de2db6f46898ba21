"""The sources that can be collected, by the name that is written after ``collect``."""

from omradesbild.collect.source import Source
from omradesbild.collect.sources.scb import Scb

SOURCES: dict[str, Source] = {source.name: source for source in (Scb(),)}
