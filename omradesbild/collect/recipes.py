"""Recipes: how indicators come about from variables. They are data (``data/collect/recipes.yaml``); this reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from omradesbild.collect.fault import CollectError
from omradesbild.model import Break, Id, Period, Strict, Text
from omradesbild.reader import Loader

#: The shipped recipes.
RECIPES = Path(__file__).parents[2] / "data" / "collect" / "recipes.yaml"

Variables = Annotated[tuple[str, ...], Field(min_length=1)]


class Vintage(Strict):
    """A division into DeSO and the periods whose figures follow it."""

    id: str
    first: Period = "0000"
    last: Period = "9999"

    def holds(self, period: str) -> bool:
        """Tell whether a period is within the division's time."""
        return self.first <= period <= self.last


class Product(Strict):
    """A count made of `variable` × `by` × `scale` in each area; `whole` demands a whole number."""

    count: str
    variable: str
    by: str
    scale: float
    whole: bool = False


class Ratio(Strict):
    """value = factor × sum of `numerators` / sum of `denominators`; a leading "-" subtracts."""

    indicator: Id
    numerators: Variables
    denominators: Variables
    factor: float = 100.0


class Total(Strict):
    """A count: the sum of variables."""

    indicator: Id
    sum: Variables


class Groups(Strict):
    """A count with groups: each variable ``<groups_of>|<group>``."""

    indicator: Id
    groups_of: str


class Value(Strict):
    """A figure as its source gives it, never summed: a median, an index, a class."""

    indicator: Id
    value_of: str


class Change(Strict):
    """The change of another indicator's value from the year before, in per cent."""

    indicator: Id
    change_of: Id


Recipe = Ratio | Total | Groups | Value | Change


class Recipes(Strict):
    """Everything that makes indicators of variables."""

    vintages: tuple[Vintage, ...]
    products: tuple[Product, ...]
    observations: dict[Id, tuple[Recipe, ...]]
    processing: Text = Field(description="How sums came about, in the pack of a kommun that begins with these recipes")
    breaks: tuple[Break, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Recipes:
        seen: dict[str, str] = {}
        for file, recipes in self.observations.items():
            for recipe in recipes:
                if seen.setdefault(recipe.indicator, file) != file:
                    raise ValueError(f"{recipe.indicator} is in both {seen[recipe.indicator]} and {file}")
                if isinstance(recipe, Change) and recipe.change_of not in seen:
                    raise ValueError(f"{recipe.indicator} is the change of {recipe.change_of}, which does not come before it")
        return self

    def variables(self) -> frozenset[str]:
        """Return every variable that a recipe uses; of groups what stands before their mark."""
        names = {name for product in self.products for name in (product.variable, product.by, product.count)}
        for recipe in (recipe for recipes in self.observations.values() for recipe in recipes):
            if isinstance(recipe, Ratio):
                names |= {name.removeprefix("-") for name in (*recipe.numerators, *recipe.denominators)}
            elif isinstance(recipe, Total):
                names |= {*recipe.sum}
            elif isinstance(recipe, Groups):
                names.add(recipe.groups_of)
            elif isinstance(recipe, Value):
                names.add(recipe.value_of)
        return frozenset(names)

    def single(self, indicator: str, group: str) -> set[tuple[str, str]]:
        """Return the parts of an indicator's figures that are one variable as it is: ``("numerator", "hyresratt")``."""
        parts: list[tuple[str, tuple[str, ...]]] = []
        for recipe in (r for recipes in self.observations.values() for r in recipes if r.indicator == indicator):
            if isinstance(recipe, Ratio):
                parts += [("numerator", recipe.numerators), ("denominator", recipe.denominators)]
            elif isinstance(recipe, Total):
                parts.append(("value", recipe.sum))
            elif isinstance(recipe, Groups):
                parts.append(("value", (f"{recipe.groups_of}|{group}",)))
        return {(part, names[0]) for part, names in parts if len(names) == 1 and not names[0].startswith("-")}

    @property
    def summed(self) -> frozenset[str]:
        """Return the indicators whose counts are added together."""
        added = (Ratio, Total, Groups)
        return frozenset(r.indicator for recipes in self.observations.values() for r in recipes if isinstance(r, added))

    @property
    def files(self) -> dict[str, str]:
        """Indicator → the file of observations that it stands in."""
        return {recipe.indicator: file for file, recipes in self.observations.items() for recipe in recipes}


def load(path: Path = RECIPES) -> Recipes:
    """Read recipes from a file; raise CollectError when it does not hold recipes."""
    try:
        return Recipes.model_validate(yaml.load(path.read_text("utf-8"), Loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CollectError(str(path), str(error), "en läsbar YAML-fil", "Hämta filen på nytt ur källkoden") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CollectError(
            f"{path}, {where or 'hela filen'}", first["msg"], "recept som filens inledning beskriver", "Rätta filen"
        ) from error
