"""What a municipality fills in about its edition, in one YAML file: who publishes it, where, and whom to ask."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, ValidationError

from omradesbild.model import Strict, Text
from omradesbild.pack import NotYaml, beside, small_yaml
from omradesbild.publish.site.refusal import EditionError

Line = Annotated[str, StringConstraints(max_length=300)]
Web = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s\"'<>]+)?$", max_length=500)]
Mail = Annotated[str, StringConstraints(pattern=r"^([^\s@<>\"']+@[^\s@<>\"']+)?$", max_length=200)]


#: The environment's name for the settings file, and what it is called where it lies beside the pack.
SETTING, BESIDE = "OMRADESBILD_EDITION_SETTINGS", "edition.yaml"


#: What a settings file can say, and how.
EXAMPLES = {
    "publisher": "publisher: Exempelstad",
    "address": "address: https://omradesbild.exempel.se",
    "app": "app: https://app.exempel.se",
    "contact": "contact: kontakt@exempel.se",
    "phone": "phone: 010-123 45 67",
    "reviewed": "reviewed: 2026-11-01",
    "reviewer": "reviewer: Exempelstad",
    "shortcomings": "shortcomings: [{sv: En brist, en: A shortcoming}]",
}


class Settings(Strict):
    """What stands in an edition beside the figures. What is empty is shown as not filled in yet."""

    publisher: Line = Field("", description="Who publishes the edition: the municipality's name")
    address: Web = Field("", description="Where the edition will lie, for embedding and for social media")
    app: Web = Field("", description="Where the app is, for those who want to do more")
    contact: Mail = Field("", description="Where readers write about figures and about accessibility")
    phone: Line = ""
    reviewed: date | None = Field(None, description="When the accessibility was last reviewed")
    reviewer: Line = Field("", description="Who reviewed it")
    shortcomings: tuple[Text, ...] = Field((), max_length=50, description="What is known not to be accessible, and why")

    def absolute(self, path: str) -> str:
        """Return a file's whole address; empty where it is not known where the edition will lie."""
        return f"{self.address.rstrip('/')}/{path.removesuffix('index.html')}" if self.address else ""

    @property
    def root(self) -> str:
        """The path at which the edition will lie on its host."""
        return f"{urlsplit(self.address).path.rstrip('/')}/"


def installed(pack: Path) -> Path | None:
    """Return this installation's settings file: the one that `SETTING` names, else `BESIDE` the pack; None without one."""
    chosen = os.environ.get(SETTING)
    found = beside(pack, BESIDE)
    return Path(chosen) if chosen else found if found.is_file() else None


def load(path: Path) -> Settings:
    """Read a settings file.

    Raises
    ------
    EditionError
        If it cannot be read, or holds something unknown.
    """
    try:
        return Settings(**(small_yaml(path.read_bytes()) or {}))
    except OSError as error:
        raise EditionError("settings_gone", file=path) from error
    except (NotYaml, TypeError) as error:
        raise EditionError("settings_form", file=path, example=EXAMPLES["publisher"], line=getattr(error, "line", 1)) from error
    except ValidationError as error:
        wrong = error.errors()[0]
        name = wrong["loc"][0]
        if name not in EXAMPLES:
            raise EditionError("setting_unknown", file=path, name=name, names=", ".join(EXAMPLES)) from error
        raise EditionError("setting", file=path, name=name, found=f"{wrong['input']!r:.60}", example=EXAMPLES[name]) from error
