"""What somebody asks for when ordering a meeting document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from omradesbild.analyse import priorities
from omradesbild.link import EARLIER
from omradesbild.model import TEMPLATES, AreaId, Id, PriorityList, Strict
from omradesbild.pack import NotYaml, small_yaml

#: The longest comment and line, in characters, and the most areas in one document.
LONGEST, LONGEST_LINE, MOST_AREAS = 10_000, 200, 100

#: What figures can be compared with besides an area: the rest of the city, and earlier years.
NO_AREA = ("", EARLIER)
#: What can be chosen, in words, and what each template makes use of.
CHOICES = {
    "areas": "områden",
    "indicators": "mått",
    "against": "jämförelse",
    "since": "första året",
    "until": "sista året",
    "priorities": "prioriteringslista",
    "initiative": "insats",
}
TAKES = {
    "omradesunderlag": ("areas", "against", "indicators", "since", "until"),
    "jamforelse": ("areas", "against", "indicators", "since", "until"),
    "prioriteringar": ("priorities", "areas", "indicators", "since", "until"),
    "insats": ("initiative", "indicators", "since", "until"),
    "yttrande": ("areas", "against", "indicators", "since", "until"),
}
#: The templates that can be about a single area, and so be made for each of many.
SINGLE = ("omradesunderlag", "prioriteringar", "yttrande")
#: The templates whose comments can be about one of several areas.
BY_AREA = ("omradesunderlag",)
_YEAR, _TEXT = "ett år med fyra siffror, som 2022", f"högst {LONGEST_LINE} tecken"
_WANTED = {
    "areas": f"högst {MOST_AREAS} områden",
    "since": _YEAR,
    "until": _YEAR,
    "date": "ett datum som 2026-11-28",
    "comments": f"högst {LONGEST} tecken",
} | dict.fromkeys(("title", "committee", "reference", "recipient"), _TEXT)
#: What is counted in a part that is too long.
_TOO_LONG = {"string_too_long": "tecken", "too_long": "områden"}
_NOT_HERE = {
    "prioriteringar": "Prioriteringar jämförs alltid med det övriga, och en lista säger själv vilka områden och mått. ",
    "insats": "En insats följs upp där den är, mot liknande områden utan insats. ",
}

#: Is told how many are done, of how many, and the last one's name.
Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, last: str) -> None:
    """Tell nobody how far it has come."""


Line = Annotated[str, StringConstraints(max_length=LONGEST_LINE)]
Words = Annotated[str, StringConstraints(max_length=LONGEST)]


class Order(Strict):
    """An order. What is empty is left out of the document or chosen by its template.

    Attributes
    ----------
    template
        One of `TEMPLATES`.
    areas
        The areas it is about, in order.
    indicators
        The measures it shows; empty: the template's own choice.
    since, until
        The first and last year of all its figures; empty: all there are.
    against
        What areas are compared with: '' the rest of the city, the id of an area, or `EARLIER` years.
    priorities
        The list that a priority document is about; None: the areas' own challenges.
    initiative
        The initiative that a follow-up is about.
    comments
        The orderer's own words by section (the ids in `templates`), told apart from the figures' words.
    title, committee, reference, recipient, date
        The heading, the committee, the reference number (diarienummer), who it goes to, and the date (YYYY-MM-DD).
    link
        Opens the same view in the app.
    """

    template: Literal[TEMPLATES]
    areas: tuple[AreaId, ...] = Field((), max_length=MOST_AREAS)
    indicators: tuple[Id, ...] = ()
    since: Annotated[str, StringConstraints(pattern=r"^(\d{4})?$")] = ""
    until: Annotated[str, StringConstraints(pattern=r"^(\d{4})?$")] = ""
    against: str = ""
    priorities: PriorityList | None = None
    initiative: str = ""
    comments: dict[str, Words] = Field(default_factory=dict)
    title: Line = ""
    committee: Line = ""
    reference: Line = ""
    recipient: Line = ""
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    link: str = ""
    lang: Literal["sv", "en"] = "sv"


_SECTIONS = "Kommentarerna ska vara avsnitt med en text var, till exempel ”korthet: Vår bedömning är …”."


class OrderError(ValueError):
    """Something cannot be ordered; the message says what to do, in Swedish."""


def checked(asked: Mapping[str, object]) -> Order:
    """Return an order of what is asked for.

    Raises
    ------
    OrderError
        If a part of it cannot be used, or a template lacks what it is about.
    """
    try:
        order = Order(**asked)
        date.fromisoformat(order.date)
    except ValidationError as error:
        raise OrderError(f"Beställningen går inte att läsa. {' '.join(map(_wrong, error.errors()))}") from error
    except ValueError as error:
        raise OrderError(f"Datumet {asked['date']} finns inte. Skriv det som 2026-11-28.") from error
    if order.since and order.until and order.since > order.until:
        raise OrderError(f"Första året ({order.since}) är efter sista året ({order.until}).")
    unused = [name for name in CHOICES if getattr(order, name) and name not in taken(order)]
    if unused:
        raise OrderError(f"{_NOT_HERE.get(order.template, '')}Utelämna {_listed(unused)} i mallen {order.template}.")
    lacking = _lacking(order)
    if lacking:
        raise OrderError(f"Mallen {order.template} behöver {lacking}.")
    return order


def taken(order: Order) -> tuple[str, ...]:
    """Return the choices that an order's template makes use of; a list of priorities says itself which areas and measures."""
    names = TAKES[order.template]
    return tuple(n for n in names if n not in ("areas", "indicators")) if order.priorities is not None else names


def _wrong(error: Mapping) -> str:
    """Say what was found in a part that cannot be read, and what it should have been."""
    part, given = ".".join(map(str, error["loc"])), error["input"]
    wanted = _WANTED.get(error["loc"][0] if error["type"] in _TOO_LONG else part)
    if wanted is None:
        return f"{part} är okänt eller fel. Öppna en annan beställning, eller välj på nytt."
    found = f"{len(given)} {_TOO_LONG[error['type']]}" if error["type"] in _TOO_LONG else f"{given!r:.40}"
    return f"--{part}: fann {found}, väntade {wanted}."


def _listed(names: Sequence[str]) -> str:
    return " och ".join(f"{CHOICES[name]} (--{name})" for name in names)


def _lacking(order: Order) -> str:
    if order.template == "insats":
        return "" if order.initiative else "en insats (--initiative)"
    if order.template == "jamforelse":
        return "" if len(order.areas) > 1 else "minst två områden (--areas)"
    if order.template == "prioriteringar" and order.priorities is not None:
        return ""
    return "" if order.areas else "minst ett område (--areas)"


def comments_from(text: str) -> dict[str, str]:
    """Read comments by section from YAML or JSON.

    Raises
    ------
    OrderError
        If the text is not sections with texts.
    """
    try:
        given = small_yaml(text.encode())
    except NotYaml as error:
        raise OrderError(f"Kommentarerna är inte YAML eller JSON: det tar stopp på rad {error.line}. {_SECTIONS}") from error
    if not isinstance(given, dict) or not all(isinstance(x, str) for pair in given.items() for x in pair):
        raise OrderError(_SECTIONS)
    return given


def list_from(text: str) -> PriorityList:
    """Read a saved list of priorities.

    Raises
    ------
    OrderError
        If the text is not such a list.
    """
    try:
        return priorities.from_json(text)
    except ValueError as error:
        raise OrderError(str(error)) from error
