"""The styles of a .docx (ECMA-376, part 1, 17.7): type, spacing and margins after GOST 7.32-2017, 6.1."""

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from lab.report.rendering.docx_xml import make

TWIPS: Final = 20
"""Of a point, which measures almost everything in the file."""
_MM: Final = 1440 / 25.4
PAGE: Final = (11906, 16838)
"""A4, in twips."""
MARGINS: Final = {"left": 30, "right": 15, "top": 20, "bottom": 20}
"""Millimetres."""
WIDTH: Final = PAGE[0] - round((MARGINS["left"] + MARGINS["right"]) * _MM)
"""Of the text, in twips."""
INDENT: Final = round(12.5 * _MM)
_SERIF: Final = "Times New Roman"
_MONO: Final = "Courier New"
_LANGUAGES: Final = {"ru": "ru-RU", "en": "en-GB"}


class Style(NamedTuple):
    """A paragraph style; what differs from the text's own."""

    id: str
    name: str
    align: str = "both"
    indent: bool = False
    size: float = 14
    """Points."""
    line: float = 1.5
    before: int = 0
    after: int = 0
    """Points."""
    bold: bool = False
    mono: bool = False
    level: int | None = None
    """Of a heading, from 0: word processors find it by that."""
    keep: bool = False
    """On one page with the paragraph that follows."""
    dots: bool = False
    """Dots lead to the right margin."""
    left: int = 0
    """Twips that all of it stands from the margin."""


STYLES: Final = (
    Style("Normal", "Normal", indent=True),
    Style("Heading1", "heading 1", "left", True, before=14, after=6, bold=True, level=0, keep=True),
    Style("Heading2", "heading 2", "left", True, before=8, after=4, bold=True, level=1, keep=True),
    Style("Element", "Structural element", "center", before=14, after=6, bold=True, level=0, keep=True),
    Style("Contents", "Contents heading", "center", after=8, bold=True, keep=True),
    Style("TOC1", "toc 1", "left", line=1.15, dots=True),
    Style("TOC2", "toc 2", "left", line=1.15, dots=True, left=INDENT // 2),
    Style("Centred", "Centred", "center", line=1.15),
    Style("Signature", "Signatures", "left", line=1),
    Style("Source", "Source", "left", indent=True),
    Style("Kind", "Kind of document", "center", before=120, bold=True),
    Style("TableCaption", "Table caption", "left", before=4, after=3, line=1, keep=True),
    Style("FigureCaption", "caption", "center", before=4, after=10, line=1),
    Style("Figure", "Figure", "center", before=8, line=1, keep=True),
    Style("Cell", "Table text", "left", size=10, line=1),
    Style("CellHead", "Table head", "center", size=10, line=1),
    Style("CellCode", "Table code", "left", size=8.5, line=1, before=1, mono=True),
    Style("Listing", "Listing", "left", size=10, line=1, mono=True),
    Style("Blank", "Lines to write on", "left", line=1.1),
    Style("Footer", "footer", "center", line=1),
)


def styles(language: str) -> Element:
    """Return the root element of `word/styles.xml`."""
    run = make("w:rPr", {}, *_letters(_SERIF, 14), make("w:lang", {"w:val": _LANGUAGES[language]}))
    defaults = make(
        "w:docDefaults",
        {},
        make("w:rPrDefault", {}, run),
        make("w:pPrDefault", {}, make("w:pPr", {})),
    )
    table = make(
        "w:style",
        {"w:type": "table", "w:default": "1", "w:styleId": "TableNormal"},
        make("w:name", {"w:val": "Normal Table"}),
        make(
            "w:tblPr",
            {},
            make(
                "w:tblCellMar",
                {},
                *(make(f"w:{side}", {"w:w": "85", "w:type": "dxa"}) for side in ("left", "right")),
            ),
        ),
    )
    return make("w:styles", {}, defaults, *map(_style, STYLES), table)


def _letters(font: str, size: float) -> list[Element]:
    fonts = {f"w:{kind}": font for kind in ("ascii", "hAnsi", "cs", "eastAsia")}
    half_points = {"w:val": f"{size * 2:g}"}
    return [make("w:rFonts", fonts), make("w:sz", half_points), make("w:szCs", half_points)]


def _style(style: Style) -> Element:
    # ECMA-376 wants the elements in this order.
    paragraph = make("w:pPr", {})
    if style.keep:
        paragraph.append(make("w:keepNext", {}))
    if style.level is not None:
        paragraph.append(make("w:keepLines", {}))
    if style.id == "Blank":
        edge = {"w:val": "single", "w:sz": "4", "w:space": "1", "w:color": "808080"}
        paragraph.append(make("w:pBdr", {}, make("w:bottom", edge), make("w:between", edge)))
    if style.dots:
        tab = {"w:val": "right", "w:leader": "dot", "w:pos": str(WIDTH)}
        paragraph.append(make("w:tabs", {}, make("w:tab", tab)))
    spacing = {
        "w:before": style.before * TWIPS,
        "w:after": style.after * TWIPS,
        "w:line": round(style.line * 240),
    }
    paragraph.append(make("w:spacing", {**spacing, "w:lineRule": "auto"}))
    indent = {"w:left": style.left, "w:firstLine": INDENT if style.indent else 0}
    paragraph.append(make("w:ind", indent))
    paragraph.append(make("w:jc", {"w:val": style.align}))
    if style.level is not None:
        paragraph.append(make("w:outlineLvl", {"w:val": style.level}))
    font, *sizes = _letters(_MONO if style.mono else _SERIF, style.size)
    bold = [make("w:b", {})] if style.bold else []
    no_check = [make("w:noProof", {})] if style.mono else []
    default = (
        {"w:default": "1"} if style.id == "Normal" else {"w:customStyle": "1"} if _is_our_own(style) else {}
    )
    return make(
        "w:style",
        {"w:type": "paragraph", **default, "w:styleId": style.id},
        make("w:name", {"w:val": style.name}),
        *([] if style.id == "Normal" else [make("w:basedOn", {"w:val": "Normal"})]),
        *([make("w:next", {"w:val": "Normal"})] if style.level is not None else []),
        make("w:qFormat", {}),
        paragraph,
        make("w:rPr", {}, font, *bold, *no_check, *sizes),
    )


def _is_our_own(style: Style) -> bool:
    return style.name[0].isupper()  # Word's own names begin with small letters
