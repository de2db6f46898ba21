"""How a municipality's documents look: its name, logotype, colour and fonts, in one YAML file."""

from __future__ import annotations

import base64
import os
import struct
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints, ValidationError

from omradesbild.model import Strict
from omradesbild.pack import beside
from omradesbild.publish import style

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
#: The largest logotype, in bytes, and the endings it may have.
MOST_LOGO = 500_000
FORMATS = (".svg", ".png")
#: The environment's name for the house file, and what it is called where it lies beside the pack.
SETTING, BESIDE = "OMRADESBILD_HOUSE", "house.yaml"


class House(Strict):
    """The look of a municipality's documents.

    Paths in a house file are beside it. The fonts named first are used where they have the letter; all must be
    installed or lie in `font_folder`, except Source Sans 3, which comes along.
    """

    name: str = Field("Områdesbild", min_length=1, description="Who gives the document out")
    accent: Colour = Field(style.ACCENT, description="The colour of links and marks; against white at least 4.5:1")
    fonts: tuple[str, ...] = Field(("Source Sans 3",), min_length=1)
    font_folder: str = ""
    logo: str = Field("", description="An SVG or PNG file")
    logo_alt: str = Field("", description="What the logotype shows, for those who do not see it")
    folder: str = ""

    @property
    def logo_bytes(self) -> bytes | None:
        """The logotype's file, None where there is none."""
        return (Path(self.folder) / self.logo).read_bytes() if self.logo else None

    @property
    def logo_svg(self) -> str | None:
        """The logotype as SVG, a PNG inside one; None where there is none."""
        content = self.logo_bytes
        if content is None or self.logo.lower().endswith(".svg"):
            return content and content.decode("utf-8")
        width, height = struct.unpack(">II", content[16:24])
        data = base64.b64encode(content).decode()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
            f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
        )

    @property
    def font_paths(self) -> list[str]:
        """The folders with fonts besides those that come along."""
        return [str(Path(self.folder) / self.font_folder)] if self.font_folder else []


class HouseError(ValueError):
    """A house file cannot be used; the message says what to do, in Swedish."""


def installed(pack: Path) -> Path | None:
    """Return this installation's house file: the one that `SETTING` names, else `BESIDE` the pack; None without one."""
    chosen = os.environ.get(SETTING)
    found = beside(pack, BESIDE)
    return Path(chosen) if chosen else found if found.is_file() else None


def load(path: Path) -> House:
    """Read a house file.

    Raises
    ------
    HouseError
        If the file or what it names cannot be read or used.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        house = House(**(given or {}), folder=str(path.parent))
        logo = house.logo_bytes
    except OSError as error:
        raise HouseError(f"{error.filename or path} kan inte läsas. Kontrollera sökvägen i husfilen.") from error
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise HouseError(f"{path} är inte YAML i UTF-8: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise HouseError(f"{path}: {wrong}") from error
    if logo is not None and (Path(house.logo).suffix.lower() not in FORMATS or len(logo) > MOST_LOGO):
        raise HouseError(f"{house.logo}: logotypen ska vara SVG eller PNG och högst {MOST_LOGO // 1000} kB.")
    if style.contrast(house.accent, style.GROUND) < 4.5:
        raise HouseError(f"{path}: färgen {house.accent} syns för dåligt mot vitt. Välj en mörkare.")
    return house
