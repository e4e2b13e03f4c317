"""A drawing of lines, boxes and words, as SVG for the browser; as a metafile it is for word processors."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

LETTER: Final = 0.6
"""The width of a letter of the font, as a part of its size: all have the same."""
_ANCHORS: Final = {"left": "start", "centre": "middle"}

Align = Literal["left", "centre"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line, perhaps with a head at its end."""

    x1: float
    y1: float
    x2: float
    y2: float
    dashed: bool = False
    head: bool = False
    """Only of a line from left to right or from right to left."""

    @property
    def arrow_head(self) -> list[tuple[float, float]]:
        """The corners of its head."""
        back = -7 if self.x2 > self.x1 else 7
        return [(self.x2, self.y2), (self.x2 + back, self.y2 - 3), (self.x2 + back, self.y2 + 3)]


@dataclass(frozen=True, slots=True)
class Box:
    """A white rectangle with a black edge."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """Words, on the line `y`."""

    x: float
    y: float
    text: str
    size: float
    """Points."""
    align: Align = "left"

    @property
    def left(self) -> float:
        """Where they begin."""
        width = len(self.text) * self.size * LETTER
        return self.x - (width / 2 if self.align == "centre" else 0)


Shape = Line | Box | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes, the first below the others; all measures are points (1/72 inch) from the upper left corner."""

    width: float
    height: float
    shapes: Sequence[Shape]


def svg(drawing: Drawing, title: str) -> str:
    """Return a drawing as SVG, black on white, which holds nothing but ASCII beside the words."""
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}pt" '
        f'height="{height}pt" font-family="\'Courier New\', monospace" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *map(_shape, drawing.shapes),
        "</svg>",
    ]
    return "\n".join(parts)


def _shape(shape: Shape) -> str:
    match shape:
        case Line():
            dash = ' stroke-dasharray="4 3"' if shape.dashed else ""
            ends = f'x1="{shape.x1:g}" y1="{shape.y1:g}" x2="{shape.x2:g}" y2="{shape.y2:g}"'
            corners = " ".join(f"{x:g},{y:g}" for x, y in shape.arrow_head)
            head = f'<polygon points="{corners}"/>' if shape.head else ""
            return f'<line {ends} stroke="black" stroke-width="0.7"{dash}/>{head}'
        case Box():
            size = f'x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}"'
            return f'<rect {size} fill="white" stroke="black"/>'
        case Label():
            place = f'x="{shape.x:g}" y="{shape.y:g}" text-anchor="{_ANCHORS[shape.align]}"'
            return f'<text {place} font-size="{shape.size:g}">{escape(shape.text)}</text>'
