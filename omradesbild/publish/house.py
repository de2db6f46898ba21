"""How a municipality's documents look: its name, logotype, colour and fonts, in one YAML file."""

from __future__ import annotations

import base64
import os
import re
import struct
from pathlib import Path
from typing import Annotated

from lxml import etree
from pydantic import Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from omradesbild.model import Strict
from omradesbild.pack import NotYaml, beside, small_yaml
from omradesbild.publish import style
from omradesbild.publish.figures.sheet import shape_of

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
#: The largest logotype, in bytes, and the endings it may have.
MOST_LOGO = 500_000
FORMATS = (".svg", ".png")
#: What a house file can say, and in what form.
EXPECTED = {
    "name": "en text",
    "accent": 'en färg som "#00705C", inom citattecken',
    "logo": "namnet på en fil",
    "logo_alt": "en text",
    "fonts": "en lista med minst ett namn, som [Arial]",
    "font_folder": "namnet på en mapp",
}
_SVG = "http://www.w3.org/2000/svg"
#: Pixels of SVG to a unit of length.
PIXELS = {"": 1, "px": 1, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "pt": 96 / 72, "pc": 16}
#: How large a logotype is at most, in millimetres: wide and high.
LOGO = (80.0, 14.0)
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
        """The logotype as SVG whose `viewBox` says its shape, a PNG inside one; None where there is none."""
        content = self.logo_bytes
        if content is None:
            return None
        if self.logo.lower().endswith(".svg"):
            return _with_shape(content)
        if not (content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82")):
            raise ValueError("not a whole PNG")
        width, height = struct.unpack(">II", content[16:24])
        data = base64.b64encode(content).decode()
        return (
            f'<svg xmlns="{_SVG}" viewBox="0 0 {width} {height}">'
            f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
        )

    @property
    def font_paths(self) -> list[str]:
        """The folders with fonts besides those that come along."""
        return [str(Path(self.folder) / self.font_folder)] if self.font_folder else []


def logo_size(logo: str) -> tuple[float, float]:
    """Return how wide and how high a logotype is, in millimetres, so that it has room both ways."""
    shape = shape_of(logo)
    high = min(LOGO[1], LOGO[0] * shape)
    return high / shape, high


def _with_shape(content: bytes) -> str:
    """Return an SVG with the `viewBox` that its shape is read from; from its width and height where it has none."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    sizes = re.findall(r"[-+.\de]+", root.get("viewBox", "")) or ["0", "0", *(_pixels(root.get(n, "")) for n in ("width", "height"))]
    if root.tag != f"{{{_SVG}}}svg" or len(sizes) != 4 or not all(float(size or 0) > 0 for size in sizes[2:]):
        raise ValueError("no SVG with a size")
    if any(e.tag == f"{{{_SVG}}}script" for e in root.iter()) or any(
        name.lower().startswith("on") or (name.endswith("href") and not value.startswith(("#", "data:")))
        for e in root.iter()
        for name, value in e.attrib.items()
    ):
        raise ValueError("an SVG that runs or fetches something")
    root.set("viewBox", " ".join(sizes))
    return etree.tostring(root, encoding="unicode")


def _pixels(length: str) -> str:
    """Return a length of SVG in its own units, which are pixels of 1/96 inch; 0 where it is no length, such as a share."""
    found = re.fullmatch(r"\s*([.\d]+)\s*(px|mm|cm|in|pt|pc|)\s*", length)
    return f"{float(found[1]) * PIXELS[found[2]]:g}" if found else "0"


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
        given = small_yaml(path.read_bytes()) or {}
        if not isinstance(given, dict):
            raise HouseError(f"{path}: väntade rader som name: Exempelstad, fann {given!r:.60}.")
        if unknown := [name for name in given if name not in EXPECTED]:
            raise HouseError(f"{path}: {_unknown(unknown[0])}")
        house = House(**given, folder=str(path.parent))
        logo = house.logo_bytes
    except OSError as error:
        where = "sökvägen" if error.filename in (None, str(path)) else "sökvägen i husfilen"
        raise HouseError(f"{error.filename or path} kan inte läsas. Kontrollera {where}.") from error
    except NotYaml as error:
        raise HouseError(f"{path} är fel skriven på rad {error.line}. Filen ska vara YAML i UTF-8, med rader som name: Exempelstad.") from error
    except ValidationError as error:
        raise HouseError(f"{path}: {' '.join(map(_wrong, error.errors()))}") from error
    if logo is not None and (Path(house.logo).suffix.lower() not in FORMATS or len(logo) > MOST_LOGO):
        raise HouseError(f"{house.logo}: logotypen ska vara SVG eller PNG och högst {MOST_LOGO // 1000} kB.")
    if logo is not None and not house.logo_alt.strip():
        raise HouseError(f"{path}: logo_alt saknas. Skriv vad logotypen visar, för den som inte ser den.")
    if logo is not None and not _drawable(house):
        raise HouseError(
            f"{house.logo}: logotypen går inte att rita. Den ska vara en hel PNG, eller en SVG med en storlek, utan skript och"
            " utan bilder från andra filer."
        )
    if not all(Path(folder).is_dir() for folder in house.font_paths):
        raise HouseError(f"{path}: mappen {house.font_folder} (font_folder) finns inte bredvid husfilen.")
    if style.contrast(house.accent, style.GROUND) < 4.5:
        raise HouseError(f"{path}: färgen {house.accent} syns för dåligt mot vitt. Välj en mörkare.")
    return house


def _wrong(error: ErrorDetails) -> str:
    """Say what was found in a house file and what was expected."""
    name = str(error["loc"][0])
    return f"{name}: väntade {EXPECTED[name]}, fann {error['input']!r:.60}."


def _unknown(name: object) -> str:
    return f"{name} är okänt; det som kan anges är {', '.join(EXPECTED)}."


def _drawable(house: House) -> bool:
    from omradesbild.publish.report.office import png

    try:
        return bool(png(house.logo_svg, 40))
    except (ValueError, struct.error, etree.XMLSyntaxError):
        return False
