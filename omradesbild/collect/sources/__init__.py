"""The sources that can be collected, by the name that is written after ``collect``."""

from omradesbild.collect.source import Source
from omradesbild.collect.sources.kolada import Kolada
from omradesbild.collect.sources.malmo import Malmo
from omradesbild.collect.sources.polisen import Polisen
from omradesbild.collect.sources.scb import Scb
from omradesbild.collect.sources.scb_bulk import ScbBulk
from omradesbild.collect.sources.scb_geo import ScbGeo
from omradesbild.collect.sources.transcribed import Transcribed

SOURCES: dict[str, Source] = {
    source.name: source for source in (Scb(), ScbBulk(), ScbGeo(), Kolada(), Malmo(), Polisen(), Transcribed())
}
