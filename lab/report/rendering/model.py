"""A document without its looks: its neighbours draw it as a page for the browser and as a .docx."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lab.report.rendering.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file."""

    png: bytes
    width: int
    height: int
    """Pixels."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section or, at level 2, of a part of it.

    Without a number it is a structural element (GOST 7.32-2017, 6.2.1): in the middle, in capitals, on a new
    page.
    """

    text: str
    number: str = ""
    level: int = 1
    below: str = ""
    """What an appendix is about, on a line of its own (GOST 7.32-2017, 6.17.4)."""

    @property
    def title(self) -> str:
        """The heading as it is read: no point stands after its number (GOST 7.32-2017, 6.4.2)."""
        return f"{self.number} {self.text}" if self.number else self.text.upper()

    @property
    def entry(self) -> str:
        """The heading as it stands in the contents."""
        return f"{self.title} {self.below}".rstrip()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that runs from margin to margin."""

    text: str
    with_next: bool = False
    """It stands on the page where what follows it begins."""


@dataclass(frozen=True, slots=True)
class Points:
    """Numbered points, such as those of the task."""

    texts: Sequence[str]
    bracket: bool = True
    """A bracket stands after each number (GOST 7.32-2017, 6.4.6); in a list of sources nothing does."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its caption above it; its first row is repeated on each page."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    """Of the columns, in hundredths of the page's."""
    code: bool = False
    """In small letters of one width: bytes, calls, places in the source text."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, its caption below it."""

    caption: str
    image: Picture | Drawing | str
    """Or what stands in a frame, into which one is to be pasted."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The text of a program, its caption above it."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Empty lines to write on."""

    count: int


Block = Heading | Paragraph | Points | Table | Figure | Listing | Lines


@dataclass(frozen=True, slots=True)
class Front:
    """The title page."""

    above: Sequence[str]
    """Who the work is done for, a line each, in the middle."""
    kind: str
    """What it is, in capitals."""
    below: Sequence[str]
    """Of what, a line each, in the middle."""
    signatures: Sequence[tuple[str, str]]
    """Who signs: as what, and the name; between them is room for the signature."""
    foot: str
    """Where and when."""


@dataclass(frozen=True, slots=True)
class Document:
    """A report; its contents are the headings."""

    title: str
    language: str
    """`ru` or `en`."""
    front: Front
    contents: str
    """The heading of the contents."""
    blocks: Sequence[Block] = field(default_factory=tuple)

    @property
    def headings(self) -> list[Heading]:
        """The headings, in their order."""
        return [block for block in self.blocks if isinstance(block, Heading)]
