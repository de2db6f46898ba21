"""The vocabulary of Områdesbild: areas, indicators, sources, flags and what surrounds them.

Every catalogue file of a data pack is read into one of these types. They are strict: an unknown
key, a missing text or a value outside its list is an error that names the place. The JSON schema
of each type (``Indicator.model_json_schema()``) is what the reference page is generated from.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
AreaId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Period = Annotated[str, StringConstraints(pattern=r"^\d{4}(/\d{2})?(K[1-4])?$")]
DateText = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


def is_date(text: str) -> bool:
    """Tell whether a text is a date as the catalogue writes them: 2024, 2024-05 or 2024-05-01, on a day that exists."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


class Strict(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Text(Strict):
    """A text in the interface languages; Swedish is the original, English may be absent."""

    sv: str = Field(min_length=1)
    en: str | None = None

    def get(self, lang: str = "sv") -> str:
        """Return the text in `lang`, or in Swedish where there is none."""
        return (self.en if lang == "en" else None) or self.sv


class Flag(StrEnum):
    """What travels with a figure. The first four are the marks of Swedish official statistics.

    A row carries any number of flags, separated by a space. The first three mean that there is no
    value; the others qualify a value that is there.
    """

    NOT_REPORTED = "-"
    NOT_APPLICABLE = "."
    SUPPRESSED = ".."
    UNRELIABLE = "(x)"
    ESTIMATED = "e"
    PRELIMINARY = "p"
    BREAK = "b"
    APPROXIMATE = "g"


NO_VALUE = frozenset({Flag.NOT_REPORTED, Flag.NOT_APPLICABLE, Flag.SUPPRESSED})


class Level(StrEnum):
    """The kind of area. The order is the order of display."""

    KOMMUN = "kommun"
    CUSTOM = "eget"
    NAMED = "namngivet"
    CITY_AREA = "stadsomrade"
    DISTRICT = "stadsdel"
    REGSO = "regso"
    SUBAREA = "delomrade"


class Kind(StrEnum):
    """How an indicator's value comes about, which decides whether areas can be added together.

    ``count``, ``share``, ``mean`` and ``rate`` are added through numerators and denominators.
    ``median``, ``class`` and ``index`` cannot be added at all.
    """

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    RATE = "rate"
    CHANGE = "change"
    MEDIAN = "median"
    CLASS = "class"
    INDEX = "index"


#: value = FACTOR[kind] × numerator / denominator (a rate's factor is its own, ``Indicator.per``).
RATIO_KINDS = frozenset({Kind.SHARE, Kind.MEAN, Kind.RATE, Kind.CHANGE})
ADDABLE_KINDS = RATIO_KINDS | {Kind.COUNT}


class Direction(StrEnum):
    """Whether a higher value is better. ``none``: no judgement is made."""

    HIGHER_BETTER = "higher"
    LOWER_BETTER = "lower"
    NONE = "none"


class Theme(StrEnum):
    """The headings under which indicators are shown, in order of display."""

    POPULATION = "befolkning"
    HOUSEHOLDS = "hushall"
    EDUCATION = "utbildning"
    WORK = "arbete"
    INCOME = "ekonomi"
    HOUSING = "boende"
    PARTICIPATION = "delaktighet"
    SAFETY = "trygghet"
    HOMELESSNESS = "hemloshet"
    HEALTH = "halsa"


class Noise(Strict):
    """Small random numbers that a source adds to every count that it publishes, to protect individuals."""

    first: Period = Field(description="The first period whose counts carry it")
    sd: float = Field(gt=0, description="Standard deviation of what is added to one count, in persons")
    cells: int = Field(1, ge=1, description="How many published counts one of our counts adds up, at most")
    assumption: Text = Field(description="Where the standard deviation comes from")
    url: str = Field(pattern=r"^https?://", description="The source's own account of its method")

    def variance(self, period: str) -> float:
        """Return the variance of what is added to one of our counts in a period."""
        return self.cells * self.sd**2 if period >= self.first else 0.0


class Renewal(Strict):
    """When a source can be expected to have something new, as far as it is known."""

    every: Annotated[str, StringConstraints(pattern=r"^P[1-9]\d?[YM]$")] = Field(
        description="The time from one period to the next, as ISO 8601 writes it: P1Y, P4Y, P3M"
    )
    month: int | None = Field(None, ge=1, le=12, description="The month in which it usually comes")
    years_after: int = Field(1, ge=0, le=5, description="Years from the year that figures are about to the one they come in")
    last: Period | None = Field(None, description="The last period that it will ever have")


class Source(Strict):
    """Where figures come from."""

    id: Id
    publisher: str
    title: str
    table: str | None = None
    url: str = Field(pattern=r"^https?://")
    via: str | None = Field(None, description="The secondary source that the figures were read in")
    via_url: str | None = Field(None, pattern=r"^https?://")
    licence: str
    attribution: str = Field(description="The name that stands under charts")
    retrieved: DateText
    updated: DateText | None = None
    cycle: Text | None = Field(None, description="How often the source is renewed, in words")
    renewal: Renewal | None = Field(None, description="The same for the app to reckon with, and when it usually comes")
    quality: Literal["A", "A/B", "B"] = "A"
    noise: Noise | None = None
    note: Text | None = None


class Area(Strict):
    """An area: the city, a basic area (RegSO or sub-area), one that is made up of them, or one that a reader has made."""

    id: AreaId
    name: str
    level: Level
    members: tuple[AreaId, ...] = Field((), description="The basic areas that make it up")
    shares: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(
        (), description="How much of each member's surface belongs to it; empty: all. Only a reader's own areas"
    )
    approximate: bool = Field(False, description="Its border only approximates the area's own")
    aliases: tuple[str, ...] = ()
    source: str | None = Field(None, description="Where the definition was read")
    source_url: str | None = Field(None, pattern=r"^https?://")
    note: Text | None = None

    @model_validator(mode="after")
    def _matched(self) -> Area:
        if self.shares and (self.level is not Level.CUSTOM or len(self.shares) != len(self.members)):
            raise ValueError("only a reader's own area has shares, and one for each member")
        return self


class Break(Strict):
    """A place in a series across which figures must not be compared.

    `period` is the first period after the break. `areas` empty means every area; `indicators`
    empty means every indicator.
    """

    id: Id
    period: Period
    kind: Literal["definition", "boundary", "method", "source"]
    indicators: tuple[Id, ...] = ()
    areas: tuple[AreaId, ...] = ()
    text: Text
    source: str | None = None


class CorrectedFigure(Strict):
    """A figure, or none: then `flag` says why."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    flag: str = ""

    @model_validator(mode="after")
    def _said(self) -> CorrectedFigure:
        codes = self.flag.split()
        if unknown := [code for code in codes if code not in set(Flag)]:
            raise ValueError(f"{unknown[0]} is no flag")
        if (self.value is None) != bool(set(codes) & NO_VALUE):
            raise ValueError("a figure has a value, or a flag that says why it has none")
        return self


class Correction(Strict):
    """One figure that the source has wrong, put right by a person.

    `status`: ``active`` is applied; ``resolved`` was mended by the source and is kept for the record.
    """

    area: AreaId
    indicator: Id
    period: Period
    group: str = ""
    expect: CorrectedFigure = Field(description="What the source has")
    put: CorrectedFigure = Field(description="What is right")
    reason: Text
    decided: DateText
    by: str
    status: Literal["active", "resolved"] = "active"


class Group(Strict):
    """One value of an indicator's breakdown (sex, election, age class …)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+_|-]*$")]
    title: Text


class Disclosure(Strict):
    """When a figure is hidden because it could tell something about a single person.

    A share is shown only where *more than* `min_numerator` have the property, more than
    `min_complement` have it not, and there are more than `min_denominator` in all. A count and a
    rate are tested by their number, a mean and a change by their denominator.
    """

    min_numerator: int = Field(5, ge=0)
    min_complement: int = Field(5, ge=0)
    min_denominator: int = Field(20, ge=0)
    cap: tuple[float | None, float | None] = Field(
        (None, None), description="A share beyond these is shown as the limit, in the unit, without counts"
    )
    family: Id | None = Field(
        None,
        description="Indicators, or groups, that together make up one known whole carry the same name: "
        "a part that is hidden hides another part too",
    )
    public: bool = Field(
        False, description="Published in full and protected by its source: the thresholds do not apply"
    )
    reason: Text | None = Field(None, description="Why the rule is laxer than the ordinary one")

    @model_validator(mode="after")
    def _argued(self) -> Disclosure:
        lax = self.public or self.min_numerator < 5 or self.min_complement < 5 or self.min_denominator < 20
        if lax and self.reason is None:
            raise ValueError("a rule that is laxer than 5, 5 and 20 needs a reason")
        low, high = self.cap
        if low is not None and high is not None and low >= high:
            raise ValueError(f"cap: the lower limit {low} is not below the upper {high}")
        return self


class Indicator(Strict):
    """What a figure means. Adding an indicator is adding one such file."""

    id: Id
    title: Text
    theme: Theme
    unit: Text = Field(description="Stands under the title of a chart: 'procent av invånarna'")
    short_unit: str = Field(description="Stands after a number: '%', 'tkr', '' for counts")
    kind: Kind
    per: int = Field(100, description="The factor of a ratio: 100 for shares, 1000 for per thousand")
    numerator: Text | None = None
    denominator: Text | None = None
    definition: Text
    not_covered: Text = Field(description="What the figure does not say or does not include")
    processing: Text | None = Field(None, description="What we did with the source's figures")
    direction: Direction
    decimals: int = Field(1, ge=0, le=3)
    minimum_difference: float = Field(
        1.0, ge=0, description="The smallest difference from the city worth naming, in the unit"
    )
    group_title: Text | None = None
    groups: tuple[Group, ...] = ()
    default_group: str = ""
    levels: tuple[Level, ...] = Field(description="The levels that have figures of their own")
    range: tuple[float | None, float | None] = Field((None, None), description="Possible values")
    disclosure: Disclosure = Disclosure()
    order: int = 100
    mapped: bool = Field(True, description="Whether it makes sense on a map of areas")

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        if self.kind in RATIO_KINDS and (self.numerator is None or self.denominator is None):
            raise ValueError(f"kind {self.kind} needs a numerator and a denominator in words")
        ids = [g.id for g in self.groups]
        if len(set(ids)) != len(ids):
            raise ValueError("two groups have the same id")
        if self.default_group and self.default_group not in ids:
            raise ValueError(f"default_group {self.default_group!r} is not among the groups")
        if self.disclosure.cap != (None, None) and self.kind is not Kind.SHARE:
            raise ValueError("only a share can have a cap")
        return self

    @property
    def addable(self) -> bool:
        """Whether areas can be added together."""
        return self.kind in ADDABLE_KINDS

    @property
    def weighable(self) -> bool:
        """Whether it can be part of an index: one way is better, and areas of any size can be held together."""
        return self.direction is not Direction.NONE and self.kind not in (Kind.COUNT, Kind.CLASS)

    @property
    def factor(self) -> float:
        """What numerator / denominator is multiplied by to give the value."""
        return 1.0 if self.kind is Kind.MEAN else float(self.per)


class PoliceEntry(Strict):
    """One area of one edition of the police's list."""

    area: str = Field(description="The name that the police use")
    id: Id = Field(description="The same through all editions, also when name and border change")
    category: Literal["utsatt", "riskomrade", "sarskilt-utsatt"]
    change: Text | None = Field(None, description="What is new since the edition before")
    trend: Text | None = None
    border_km2: float | None = None
    uncertain: Text | None = Field(None, description="What is uncertain about the entry")
    source: str
    source_url: str = Field(pattern=r"^https?://")
    overlap: dict[AreaId, float] = Field(
        default_factory=dict, description="Share (0–1) of each RegSO's surface inside the border"
    )


class PoliceEdition(Strict):
    """One edition of the police's list; `borders` tells whether its borders are known."""

    edition: Period
    published: str
    borders: bool
    entries: tuple[PoliceEntry, ...]
    note: Text | None = None


class Initiative(Strict):
    """A dated event: an initiative, an agreement, a reform."""

    id: Id
    title: str
    event: str
    start: DateText | None = None
    end: DateText | None = None
    areas: tuple[AreaId, ...] = Field(description="Empty: the place is not known; the city's id: all")
    place: str = Field(description="The place in the source's words")
    actors: str | None = None
    decision: str | None = Field(None, description="Who decided, when, and the number of the matter")
    uncertain: str | None = None
    kind: Literal["initiativ", "overenskommelse", "reform", "plan", "beslut", "handelse"]
    goals: tuple[Id, ...] = ()
    source: str
    source_url: str = Field(pattern=r"^https?://")
    note: str | None = None


class Goal(Strict):
    """A goal of the city council and the indicators that speak about it."""

    id: Id
    title: Text
    text: Text
    indicators: tuple[Id, ...]
    not_measured: Text
    source: str
    source_url: str | None = Field(None, pattern=r"^https?://")


#: The most rows that a list of priorities has.
MOST_PRIORITIES = 100
#: The kinds of meeting documents.
TEMPLATES = ("omradesunderlag", "jamforelse", "prioriteringar", "insats", "yttrande")


class PriorityEntry(Strict):
    """A challenge as it is kept in a list: what is meant, not its figures."""

    area: AreaId
    indicator: Id
    period: Period
    group: str = ""
    note: str = ""


class PriorityList(Strict):
    """A list of challenges that somebody has chosen, named and annotated.

    `pack` and `version` tell which figures it was chosen from.
    """

    name: str = Field(min_length=1)
    pack: Id
    version: str
    note: str = ""
    entries: tuple[PriorityEntry, ...] = Field((), max_length=MOST_PRIORITIES)


class PublishedList(Strict):
    """A list of priorities that somebody has decided to publish: who, and when."""

    id: Id
    by: str = Field(min_length=1, description="Who decided: a committee, an office")
    published: DateText
    chosen: PriorityList


class LikenessPlan(Strict):
    """The three shares that a likeness of Statistics Sweden's socio-economic index is the mean of."""

    low_standard: Id
    low_education: Id
    out_of_work: Id
    stand_in: bool = Field(
        False, description="Whether `out_of_work` is not the defined third share but what is nearest to it"
    )


class IndexPlan(Strict):
    """The city's own index as it stands until a reader changes it: indicator → weight."""

    weights: dict[Id, Annotated[int, Field(ge=0, le=5)]]
    seed: int = Field(ge=0, description="Where the random numbers begin: the same seed, the same answer")
    likeness: LikenessPlan | None = None
    published: Id | None = Field(None, description="The indicator that holds the published area types")
    published_note: Text | None = Field(None, description="What of the published is not in the pack")


class PeerVariable(Strict):
    """An indicator that areas are held alike by.

    `near` are indicators that measure nearly the same thing: it does not count where one of them is
    to be compared.
    """

    indicator: Id
    near: tuple[Id, ...] = ()


class Whole(StrEnum):
    """What a pack's whole is called: its areas are compared with the rest of the city, the municipality or the country."""

    CITY = "stad"
    KOMMUN = "kommun"
    COUNTRY = "land"


class LevelWords(Strict):
    """What the areas of a level are called in one pack, where the general words do not say it all.

    Sentences are made with them, so only names and headings begin with a capital letter.
    """

    one: Text = Field(description="One of them: stadsdel till 2013")
    many: Text = Field(description="Several of them: stadsdelar till 2013")
    all: Text = Field(description="All of them: de tio stadsdelarna till 2013")
    title: Text = Field(description="As a heading: Stadsdelar till 2013")
    about: Text = Field(description="A sentence of one: En av de tio stadsdelar som fanns till 2013.")


class Place(Strict):
    """A name on the map."""

    name: str
    lon: float
    lat: float


class PackInfo(Strict):
    """What a pack is: its name, its version, its city and how it is marked."""

    id: Id
    title: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(\.\d+)?$")]
    city: AreaId
    whole: Whole = Field(Whole.KOMMUN, description="What the texts call all of it: staden, kommunen, riket")
    base_level: Level = Level.REGSO
    levels: dict[Level, LevelWords] = Field({}, description="What levels are called here; a level that is not named has general words")
    boundaries: str = Field(description="File name in boundaries/")
    boundary_vintage: str
    demonstration: bool = False
    attributions: tuple[str, ...] = Field(description="Names that must be shown with every map")
    places: tuple[Place, ...] = ()
    headline: tuple[Id, ...] = Field((), max_length=5, description="The indicators that sum up the city")
    ordering: tuple[Id, ...] = Field(
        (),
        description="The indicators that tell which areas are well or badly off, the first choice first. When one "
        "of them is itself compared, the next orders the areas",
    )
    note: Text | None = None
