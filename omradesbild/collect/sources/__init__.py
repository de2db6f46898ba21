"""The sources that can be collected, by the name that is written after ``collect``."""

from omradesbild.collect.source import Source

SOURCES: dict[str, Source] = {}
