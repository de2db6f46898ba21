"""What is said about the city as blocks – headings, tables, pictures – before it is paper or a web page.

`parts` makes blocks from statements. A report is a `Document` of them, which a format (PDF, Word, PowerPoint, Excel, HTML)
turns into bytes; a page of the public edition is the same blocks as HTML. Nobody downstream computes or words anything anew.
All texts are plain: whoever shows a block shows them as they are, whatever they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from omradesbild.analyse.statements import Statement, Statements
from omradesbild.publish.house import House

#: A picture that takes no more of the width than this stands beside the list before it.
ASIDE = 0.4


class Swedish(str):
    """A text that stands in Swedish also where all else is in another language, so that it is read aloud as Swedish."""


def in_swedish(text: str, lang: str) -> str:
    """Say that a text is Swedish, whatever language it is shown among."""
    return text if lang == "sv" else Swedish(text)


class Link(str):
    """A text that leads somewhere on the web; on paper it is the text alone.

    `about` is heard on the web after a text that several links have, and tells them apart.
    """

    address: str
    about: str
    text: str

    def __new__(cls, text: str, address: str, about: str = "") -> Link:
        """Keep the address beside the text."""
        self = super().__new__(cls, text)
        self.text, self.address, self.about = text, address, about
        return self


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a part of the document (and a slide), 2 and 3 stand inside it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `note`: set smaller, about what stands above it."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list with bullets. `rests_on`: the statements whose figures are told, here and in other blocks."""

    texts: tuple[str, ...]
    rests_on: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, such as date and reference number."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between the rows of a table."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first column holds the rows' headings.

    Attributes
    ----------
    caption : str
    columns : tuple of str
    rows : tuple of (tuple of str, or Section)
        As many cells as there are columns. What stands on a cell's second line says something about the first, more
        quietly.
    numeric : tuple of int
        Columns that are set to the right.
    wide : tuple of int
        Columns that need most of the width.
    emphasised : int
        How many of the first rows stand out (the city).
    notes : tuple of str
        Flags explained, sources, years: stand right below.
    rests_on : tuple of Statement
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...] | Section, ...]
    numeric: tuple[int, ...] = ()
    wide: tuple[int, ...] = ()
    emphasised: int = 0
    notes: tuple[str, ...] = ()
    rests_on: tuple[Statement, ...] = ()

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if not isinstance(row, Section) and len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"{self.caption!r}: found a row of {len(wrong[0])} cells; expected {len(self.columns)}")


@dataclass(frozen=True, slots=True)
class Series:
    """A line or a set of bars of a chart: a value per category, None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The numbers of a picture, for the formats that have charts of their own that a reader can edit.

    `kind` is 'line' or 'pyramid' (lying, the first category at the bottom; the first series and every other after it to
    the left of the middle, the next to the right). No value, no mark: a line never crosses a year without one, and a break
    in a series is a new series. `marks` are those of the picture's value axis, its ends first and last; a pyramid's are
    those of either side. `unit` is short: what stands after a number.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    marks: tuple[float, ...]
    decimals: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that explains itself.

    Attributes
    ----------
    title, unit : str
        Stand above the picture, in all formats.
    alt : str
        What the picture says, in a sentence, for those who do not see it.
    svg : str
        The picture; it repeats neither title nor source.
    source : str
        Source, year and flags; stand below.
    said : str
        What the figures say, in words below the picture; empty where the text beside it does.
    chart : Chart or None
        None where only a picture will do (a map).
    width : float
        Of the text's width on paper, 0–1.
    """

    title: str
    unit: str
    alt: str
    svg: str
    source: str
    said: str = ""
    chart: Chart | None = None
    width: float = 1.0
    rests_on: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Pictures side by side, two in a row; where there is no room they follow one another."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """Words of whoever made the document, told apart from what the figures say."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A place that a person fills in: marked, never written by the program. `lines`: about how much room it takes."""

    label: str
    hint: str
    lines: int = 2


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts a page."""


Block = Heading | Paragraph | Items | Facts | Table | Figure | Beside | Comment | Field | PageBreak


@dataclass(frozen=True, eq=False)
class Document:
    """A meeting document.

    Attributes
    ----------
    title, subtitle : str
    facts : tuple of (str, str)
        Date, reference number, committee … that are known.
    blocks : tuple of Block
    versions : tuple of str
        What stands at the foot of every page: pack, method and version.
    link : str
        Opens the same view in the app; empty where the app's address is not known.
    statements : Statements
        Those that the document is made from, all of them; see `rests_on`.
    lang : str
    date : str
        YYYY-MM-DD: all times in the files' properties.
    demonstration : bool
        Made-up figures: every page says so.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    versions: tuple[str, ...]
    link: str
    statements: Statements
    lang: str = "sv"
    date: str = ""
    demonstration: bool = False
    house: House = field(default_factory=House)

    @property
    def rests_on(self) -> tuple[Statement, ...]:
        """Every statement that a figure in the document comes from, each once, in order."""
        return tuple({id(s): s for block in self.blocks for s in rests_on(block)}.values())

    def texts(self) -> Iterator[str]:
        """Give every text that a reader meets, in order."""
        yield from (self.title, self.subtitle, *(text for row in self.facts for text in row))
        for block in self.blocks:
            yield from texts_of(block)
        yield from (*self.versions, self.link)


def beside(blocks: Sequence[Block]) -> Iterator[Block | tuple[Items, Figure]]:
    """Give blocks in order, a narrow picture together with the list before it: on paper and slides it stands beside it."""
    waiting: Items | None = None
    for block in blocks:
        if waiting and isinstance(block, Figure) and block.width <= ASIDE:
            yield waiting, block
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = block if isinstance(block, Items) else None
        if waiting is None:
            yield block
    if waiting:
        yield waiting


def rests_on(block: Block) -> Iterator[Statement]:
    """Give the statements that a block's figures come from."""
    match block:
        case Items() | Table() | Figure():
            yield from block.rests_on
        case Beside():
            yield from (s for figure in block.figures for s in figure.rests_on)


def texts_of(block: Block) -> Iterator[str]:
    """Give the texts of a block, in order."""
    match block:
        case Heading() | Paragraph() | Comment() | Section():
            yield block.text
        case Items():
            yield from block.texts
        case Facts():
            yield from (text for row in block.rows for text in row)
        case Table():
            yield from (block.caption, *block.columns)
            for row in block.rows:
                yield from (row.text,) if isinstance(row, Section) else row
            yield from block.notes
        case Figure():
            yield from (block.title, block.unit, block.alt, block.said, block.source)
        case Beside():
            yield from (text for figure in block.figures for text in texts_of(figure))
        case Field():
            yield from (block.label, block.hint)
