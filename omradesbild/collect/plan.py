"""What is to be collected: data beside the pack, one file per source, ``collect/SOURCE.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ConfigDict, Field, ValidationError, model_validator

from omradesbild.collect.fault import CollectError
from omradesbild.model import AreaId, Strict
from omradesbild.reader import Loader

ALL = "all"
Settings = TypeVar("Settings", bound="Address")


class Limit(Strict):
    """How often a source may be asked: at most `calls` within any `seconds`."""

    calls: int = Field(ge=1)
    seconds: float = Field(gt=0)


class Sum(Strict):
    """Which areas of a source sum to which, by how their codes look.

    What stands in parentheses in `children` and `rest` is the parent's code; where nothing does, `parent` is the only one.
    """

    children: str = Field(description="How the parts' codes look")
    rest: str | None = Field(None, description="How the codes look that stand for those who belong to no part")
    parent: AreaId | None = None
    elsewhere: bool = Field(False, description="The parts are of the source's own division, which a pack need not have")
    moved: float = Field(0.0, ge=0, description="How far the source's protection of small counts moves a count, about at most")

    @model_validator(mode="after")
    def _whole(self) -> Sum:
        for pattern in filter(None, (self.children, self.rest)):
            if re.compile(pattern).groups != (0 if self.parent else 1):
                raise ValueError(f"{pattern}: either parent is given, or the pattern has its code in parentheses")
        return self


class Address(Strict):
    """What every source's plan says: where it is, how often it may be asked, and under which licence it gives."""

    base_url: str = Field(pattern=r"^https?://\S+[^/]$")
    limit: Limit
    licence: str
    publisher: str
    sums: tuple[Sum, ...] = Field((), description="Which of its areas sum to which, where it counts so")
    sums_of: str = Field("", description="Another source's plan that says so of the same figures")


class _Sums(Address):
    model_config = ConfigDict(extra="ignore")


@dataclass(frozen=True)
class Plan:
    """What to collect.

    Attributes
    ----------
    folder
        Where the sources' plans are: ``data/collect``, or that of another pack.
    kommun
        Four digits, or ``all`` for the whole country.
    """

    folder: Path
    kommun: str = "1280"

    def __post_init__(self) -> None:
        if self.kommun != ALL and not re.fullmatch(r"[0-9]{4}", self.kommun):
            raise CollectError(
                "--kommun", f"»{self.kommun[:20]}«", "fyra siffror, som 1280, eller all", "Skriv kommunens kod"
            )

    def of(self, source: str, kind: type[Settings]) -> Settings:
        """Return a source's plan.

        Raises
        ------
        CollectError
            If there is none, or it is not what `kind` says.
        """
        return _load(self.folder / f"{source}.yaml", kind)

    def sums(self, source: str) -> tuple[Sum, ...]:
        """Return which areas of a source sum to which; nothing for one that has no plan."""
        if not (self.folder / f"{source}.yaml").exists():
            return ()
        found = self.of(source, _Sums)
        return (self.of(found.sums_of, _Sums) if found.sums_of else found).sums

    def line(self, source: str, *keys: str | int) -> str:
        """Say where in a source's plan a value stands, as ``malmo.yaml, rad 49``; `keys` lead to it."""
        path = self.folder / f"{source}.yaml"
        node = yaml.compose(path.read_text("utf-8"))
        for key in keys:
            node = node.value[key] if isinstance(key, int) else next(value for name, value in node.value if name.value == key)
        return f"{path}, rad {node.start_mark.line + 1}"

    def covers(self, code: str) -> bool:
        """Tell whether an area with this code, which begins with its kommun's, is to be collected."""
        return self.kommun == ALL or code.startswith(self.kommun)


@lru_cache(maxsize=32)
def _load(path: Path, kind: type[Settings]) -> Settings:
    remedy = "Rätta filen; docs/collect.md visar hur den ska se ut"
    try:
        return kind.model_validate(yaml.load(path.read_text("utf-8"), Loader))
    except FileNotFoundError as error:
        raise CollectError(
            str(path), "ingen fil", "källans plan", "Lägg den där, eller ange ett annat paket"
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CollectError(str(path), "en fil som inte går att läsa", "YAML i UTF-8", remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        found = f"{str(first.get('input'))[:60]!r} ({error.error_count()} fel i filen)"
        raise CollectError(f"{path}: {where}", found, first["msg"], remedy) from error
