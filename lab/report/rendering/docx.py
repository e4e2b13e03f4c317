"""A document as a .docx (ECMA-376: Office Open XML), for Word and LibreOffice."""

import io
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from lab.report.rendering.breaking import breakable
from lab.report.rendering.docx_styles import INDENT, MARGINS, PAGE, TWIPS, WIDTH, styles
from lab.report.rendering.docx_xml import make, write
from lab.report.rendering.drawing import Drawing
from lab.report.rendering.emf import emf
from lab.report.rendering.model import (
    Block,
    Document,
    Figure,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Picture,
    Points,
    Table,
)

EMU: Final = 12700
"""Of a point: drawings are measured in them."""
PIXELS: Final = 96
"""Of an inch of a picture, if there is room for that."""
HIGHEST: Final = 270.0
"""Points: two pictures of windows find room on a page, below the heading of their section."""
_FRAME: Final = 180
"""Points: the height of a frame for a picture."""
_TAB: Final = 4
_EDGE: Final = {"w:val": "single", "w:sz": 4, "w:space": 0, "w:color": "000000"}
"""Of a table's cell: a thin black line."""
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS: Final = {
    "/word/document.xml": f"{_WORD}.document.main+xml",
    "/word/styles.xml": f"{_WORD}.styles+xml",
    "/word/settings.xml": f"{_WORD}.settings+xml",
    "/word/footer.xml": f"{_WORD}.footer+xml",
    "/word/front.xml": f"{_WORD}.footer+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
"""What the package holds beside pictures, and of which type it is."""


def docx(document: Document) -> bytes:
    """Return a document as the bytes of a file."""
    body = _Body()
    root = body.write(document)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            [("officeDocument", "word/document.xml"), ("metadata/core-properties", "docProps/core.xml")]
        ),
        "word/_rels/document.xml.rels": _relations(
            [
                ("styles", "styles.xml"),
                ("settings", "settings.xml"),
                ("footer", "footer.xml"),
                ("footer", "front.xml"),
                *(("image", f"media/{name}") for name in body.images),
            ]
        ),
        "word/document.xml": root,
        "word/styles.xml": styles(document.language),
        "word/settings.xml": _settings(),
        "word/footer.xml": make("w:ftr", {}, _paragraph("Footer", *_field("PAGE", "1"))),
        "word/front.xml": make("w:ftr", {}, _paragraph("Centred", _run(document.front.foot))),
        "docProps/core.xml": _properties(document),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, element in parts.items():
            package.writestr(name, write(element))
        for name, data in body.images.items():
            package.writestr(f"word/media/{name}", data)
    return file.getvalue()


class _Body:
    """Writes `word/document.xml`, and collects the pictures that it shows."""

    def __init__(self) -> None:
        self.images: dict[str, bytes] = {}

    def write(self, document: Document) -> Element:
        headings = document.headings
        marks = {id(heading): f"_Toc{number:08}" for number, heading in enumerate(headings, 1)}
        blocks: list[Element] = [
            *_front(document),
            *_contents(document, [marks[id(one)] for one in headings]),
        ]
        for block in document.blocks:
            blocks += self._block(block, marks.get(id(block), ""))
        return make("w:document", {}, make("w:body", {}, *blocks, _section()))

    def _block(self, block: Block, bookmark: str) -> Iterable[Element]:
        match block:
            case Heading():
                style = f"Heading{block.level}" if block.number else "Element"
                number = int(bookmark[4:])
                yield _paragraph(
                    style,
                    make("w:bookmarkStart", {"w:id": number, "w:name": bookmark}),
                    _run(block.title),
                    make("w:bookmarkEnd", {"w:id": number}),
                    properties=[make("w:pageBreakBefore", {})] if not block.number else [],
                )
                if block.below:
                    yield _paragraph("Contents", _run(block.below))
            case Paragraph():
                keep = [make("w:keepNext", {})] if block.with_next else []
                yield _paragraph("Normal", _run(block.text), properties=keep)
            case Points():
                for number, text in enumerate(block.texts, 1):
                    style, mark = ("Normal", ")") if block.bracket else ("Source", "")
                    yield _paragraph(style, _run(f"{number}{mark} {text}"))
            case Table():
                yield _paragraph("TableCaption", _run(block.caption))
                yield _table(block)
                yield _gap()
            case Figure():
                yield self._figure(block)
                yield _paragraph("FigureCaption", _run(block.caption))
            case Listing():
                yield _paragraph("TableCaption", _run(block.caption))
                for line in block.text.splitlines():
                    yield _paragraph("Listing", _run(line.expandtabs(_TAB)))
            case Lines():
                for _number in range(block.count):
                    yield _paragraph("Blank")

    def _figure(self, figure: Figure) -> Element:
        image = figure.image
        if isinstance(image, str):
            return _frame(image)
        width, height = _size(image)
        kind, data = ("emf", emf(image)) if isinstance(image, Drawing) else ("png", image.png)
        number = len(self.images) + 1
        name = f"image{number}.{kind}"
        self.images[name] = data
        extent = {"cx": round(width * EMU), "cy": round(height * EMU)}
        described = {"id": number, "name": name, "descr": figure.caption}
        picture = make(
            "pic:pic",
            {},
            make(
                "pic:nvPicPr", {}, make("pic:cNvPr", {"id": number, "name": name}), make("pic:cNvPicPr", {})
            ),
            make(
                "pic:blipFill",
                {},
                make("a:blip", {"r:embed": f"image{number}"}),
                make("a:stretch", {}, make("a:fillRect", {})),
            ),
            make(
                "pic:spPr",
                {},
                make("a:xfrm", {}, make("a:off", {"x": 0, "y": 0}), make("a:ext", extent)),
                make("a:prstGeom", {"prst": "rect"}, make("a:avLst", {})),
            ),
        )
        space = "http://schemas.openxmlformats.org/drawingml/2006/picture"
        inline = make(
            "wp:inline",
            {"distT": 0, "distB": 0, "distL": 0, "distR": 0},
            make("wp:extent", extent),
            make("wp:docPr", described),
            make("a:graphic", {}, make("a:graphicData", {"uri": space}, picture)),
        )
        return _paragraph("Figure", make("w:r", {}, make("w:drawing", {}, inline)))


def _size(image: Picture | Drawing) -> tuple[float, float]:
    """Return the size of an image on the page, in points."""
    if isinstance(image, Drawing):
        return image.width, image.height
    width, height = image.width * 72 / PIXELS, image.height * 72 / PIXELS
    scale = min(1.0, WIDTH / TWIPS / width, HIGHEST / height)
    return width * scale, height * scale


# The pieces of a page.


def _run(text: str) -> Element:
    run = make("w:r", {})
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(make("w:br", {}))
        run.append(make("w:t", {"xml:space": "preserve"}, text=line))
    return run


def _paragraph(style: str, *children: Element, properties: Iterable[Element] = ()) -> Element:
    kept = make("w:pPr", {}, make("w:pStyle", {"w:val": style}), *properties)
    return make("w:p", {}, kept, *children)


def _field(code: str, shown: str) -> Iterator[Element]:
    """A field: what it asks for, and what is shown until it is counted."""

    def mark(kind: str) -> Element:
        return make("w:r", {}, make("w:fldChar", {"w:fldCharType": kind}))

    yield mark("begin")
    yield make("w:r", {}, make("w:instrText", {"xml:space": "preserve"}, text=f" {code} "))
    yield mark("separate")
    yield _run(shown)
    yield mark("end")


def _gap() -> Element:
    """The space below a table, without which two tables are one."""
    return _paragraph(
        "Cell",
        properties=[make("w:spacing", {"w:before": 0, "w:after": 0, "w:line": 160, "w:lineRule": "exact"})],
    )


def _front(document: Document) -> Iterator[Element]:
    front = document.front
    for line in front.above:
        yield _paragraph("Centred", _run(line))
    yield _paragraph("Kind", _run(front.kind))
    for line in front.below:
        yield _paragraph("Centred", _run(line))
    yield _paragraph("Centred", properties=[make("w:spacing", {"w:before": 80 * TWIPS})])
    widths = (46, 20, 34)
    rows = []
    for role, name in front.signatures:
        signs = make("w:tcBorders", {}, make("w:bottom", _EDGE))
        low = {"w:val": "bottom"}
        cells = (
            _cell(_paragraph("Signature", _run(role)), widths[0], make("w:vAlign", low)),
            _cell(_paragraph("Signature"), widths[1], signs, make("w:vAlign", low)),
            _cell(_paragraph("Signature", _run(name)), widths[2], make("w:vAlign", low)),
        )
        height = make("w:trPr", {}, make("w:trHeight", {"w:val": 30 * TWIPS}))
        rows.append(make("w:tr", {}, height, *cells))
    yield _grid(widths, rows, borders=False)


def _contents(document: Document, marks: Sequence[str]) -> Iterator[Element]:
    yield _paragraph("Contents", _run(document.contents.upper()), properties=[make("w:pageBreakBefore", {})])
    for heading, mark in zip(document.headings, marks, strict=True):
        yield _paragraph(
            f"TOC{heading.level}",
            make(
                "w:hyperlink",
                {"w:anchor": mark, "w:history": "1"},
                _run(heading.entry),
                make("w:r", {}, make("w:tab", {})),
                *_field(f"PAGEREF {mark} \\h", "…"),
            ),
        )


def _table(table: Table) -> Element:
    style = "CellCode" if table.code else "Cell"
    # The heads' letters are those of the table's text, but never those of code.
    heads = [
        _cell(_paragraph("CellHead", _run(text)), width)
        for text, width in zip(table.heads, table.widths, strict=True)
    ]
    repeated = make("w:trPr", {}, make("w:cantSplit", {}), make("w:tblHeader", {}))
    rows = [make("w:tr", {}, repeated, *heads)]
    whole = make("w:cantSplit", {})
    for row in table.rows:
        cells = (
            _cell(_paragraph(style, _run(breakable(text))), width)
            for text, width in zip(row, table.widths, strict=True)
        )
        rows.append(make("w:tr", {}, make("w:trPr", {}, whole), *cells))
    return _grid(table.widths, rows)


def _grid(widths: Sequence[int], rows: Sequence[Element], *, borders: bool = True) -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    edges = [make("w:tblBorders", {}, *(make(f"w:{side}", _EDGE) for side in sides))] if borders else []
    return make(
        "w:tbl",
        {},
        make(
            "w:tblPr",
            {},
            make("w:tblW", {"w:w": WIDTH, "w:type": "dxa"}),
            *edges,
            make("w:tblLayout", {"w:type": "fixed"}),
        ),
        make("w:tblGrid", {}, *(make("w:gridCol", {"w:w": WIDTH * width // 100}) for width in widths)),
        *rows,
    )


def _cell(paragraph: Element, width: int, *properties: Element) -> Element:
    measure = make("w:tcW", {"w:w": WIDTH * width // 100, "w:type": "dxa"})
    return make("w:tc", {}, make("w:tcPr", {}, measure, *properties), paragraph)


def _frame(words: str) -> Element:
    height = {"w:val": _FRAME * TWIPS, "w:hRule": "exact"}
    row = make(
        "w:tr",
        {},
        make("w:trPr", {}, make("w:cantSplit", {}), make("w:trHeight", height)),
        _cell(_paragraph("Figure", _run(words)), 100, make("w:vAlign", {"w:val": "center"})),
    )
    return _grid((100,), [row])


def _section() -> Element:
    page = {"w:w": PAGE[0], "w:h": PAGE[1]}
    margins = {f"w:{side}": round(width * 1440 / 25.4) for side, width in MARGINS.items()}
    others = {"w:header": 567, "w:footer": 567, "w:gutter": 0}
    return make(
        "w:sectPr",
        {},
        make("w:footerReference", {"w:type": "default", "r:id": "footer"}),
        make("w:footerReference", {"w:type": "first", "r:id": "front"}),
        make("w:pgSz", page),
        make("w:pgMar", {**margins, **others}),
        make("w:titlePg", {}),  # its footer is another one: the title page has no number
    )


# The other parts of the package.


def _settings() -> Element:
    mode = {
        "w:name": "compatibilityMode",
        "w:uri": "http://schemas.microsoft.com/office/word",
        "w:val": 15,
    }
    return make(
        "w:settings",
        {},
        make("w:defaultTabStop", {"w:val": INDENT}),
        make("w:updateFields", {"w:val": "true"}),  # the page numbers of the contents are counted on opening
        make("w:compat", {}, make("w:compatSetting", mode)),
    )


def _properties(document: Document) -> Element:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return make(
        "cp:coreProperties",
        {},
        make("dc:title", {}, text=document.title),
        make("dc:language", {}, text=document.language),
        make("dcterms:created", {"xsi:type": "dcterms:W3CDTF"}, text=now),
    )


def _content_types() -> Element:
    kinds = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "emf": "image/x-emf",
    }
    return make(
        "Types",
        {"xmlns": f"{_PACKAGE}/content-types"},
        *(make("Default", {"Extension": end, "ContentType": kind}) for end, kind in kinds.items()),
        *(make("Override", {"PartName": part, "ContentType": kind}) for part, kind in _PARTS.items()),
    )


def _relations(targets: Sequence[tuple[str, str]]) -> Element:
    """The relationships of a part: their ids are the names of the files, without folder and ending."""
    made = (
        {
            "Id": target.rpartition("/")[2].partition(".")[0],
            "Type": f"{_PACKAGE if '/' in kind else _OFFICE}/relationships/{kind}",
            "Target": target,
        }
        for kind, target in targets
    )
    return make(
        "Relationships",
        {"xmlns": f"{_PACKAGE}/relationships"},
        *(make("Relationship", attributes) for attributes in made),
    )
