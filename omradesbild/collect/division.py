"""What a person says of areas of another division, in a mapping: how they lie in the pack's areas. Light: only the words."""

from __future__ import annotations

from pydantic import Field, model_validator

from omradesbild.model import Strict


class Key(Strict):
    """An official key: each old area lies in one new area. Exact."""

    file: str = Field(min_length=1, description="A table beside the mapping")
    old: str = Field(description="The column with the old areas' codes")
    new: str = Field(description="The column with the codes of the pack's areas")


class Borders(Strict):
    """A map file with the old areas' borders."""

    file: str = Field(min_length=1, description="The file, beside the mapping")
    code: str = Field(description="The column with the codes")


class Population(Strict):
    """A map file of smaller areas with known population, which make up the old areas, or the new ones."""

    file: str = Field(min_length=1, description="The file, beside the mapping")
    code: str = Field(description="The column with the codes")
    people: str = Field(description="The column with how many live there")
    old: str | None = Field(None, description="The column with the code of the old area that it is part of")
    new: str | None = Field(None, description="The column with the code of the pack's area that it is part of")


class Division(Strict):
    """How the areas of a table lie in the pack's areas."""

    name: str = Field(min_length=1, description="What the old division is called: DeSO 2018")
    vintage: str | None = Field(None, description="The division of DeSO whose official key stands in the pack: 2018")
    key: Key | None = None
    borders: Borders | None = None
    population: Population | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Division:
        if (self.vintage is not None) + (self.key is not None) + (self.borders is not None or self.population is not None) != 1:
            raise ValueError("ange ett av vintage, key, och borders eller population")
        of = self.population
        if of is not None and ((of.old is None) == (of.new is None) or (of.old is not None and self.borders is not None)):
            raise ValueError("ange i population antingen old, eller new tillsammans med borders")
        return self
