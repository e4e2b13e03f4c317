"""A document as one HTML file, for browsers and their print."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from lab.report.rendering.breaking import breakable
from lab.report.rendering.drawing import Drawing, svg
from lab.report.rendering.model import (
    Block,
    Document,
    Figure,
    Front,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Picture,
    Points,
    Table,
)

_STYLE: Final = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm; @bottom-center { content: counter(page); } }
@page :first { @bottom-center { content: ""; } }
body { font: 14pt/1.5 "Times New Roman", "Liberation Serif", serif; margin: 0; }
p { margin: 0; text-indent: 12.5mm; text-align: justify; overflow-wrap: break-word; }
h1, h2 { font-size: 14pt; margin: 6mm 0 3mm; padding-left: 12.5mm; break-after: avoid; }
h1.element, .below { text-align: center; padding: 0; text-indent: 0; }
h1.element { break-before: page; }
.keep { break-after: avoid; }
.front { display: flex; flex-direction: column; justify-content: space-between; min-height: 245mm; }
.front p { text-indent: 0; text-align: center; line-height: 1.15; }
.front td { font-size: 14pt; border: none; vertical-align: bottom; height: 10mm; }
.front td.signs { border-bottom: 1px solid black; }
.contents p, .caption, .figure, .blank { text-indent: 0; }
.contents .level2 { padding-left: 6mm; }
.contents a { color: inherit; text-decoration: none; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin-bottom: 4mm; line-height: 1.2; }
td, th { border: 1px solid black; padding: 0.5mm 1.5mm; font-size: 10.5pt; vertical-align: top;
         text-align: left; overflow-wrap: break-word; white-space: pre-line; }
th { font-weight: normal; text-align: center; }
.code td { font: 8.5pt/1.2 "Courier New", monospace; }
.caption { margin: 3mm 0 1mm; text-align: left; line-height: 1.2; break-after: avoid; }
.figure { text-align: center; margin-top: 3mm; break-inside: avoid; }
.figure img { max-width: 100%; height: auto; }
.figure .caption { text-align: center; margin-bottom: 4mm; }
.frame { border: 1px solid black; height: 63mm; display: grid; align-items: center; }
.blank { border-bottom: 1px solid gray; height: 1.5em; }
pre { font: 10pt/1.2 "Courier New", monospace; white-space: pre-wrap; margin: 0; overflow-wrap: anywhere; }
@media screen { body { max-width: 165mm; margin: 20mm auto; } }
@media print { tr { break-inside: avoid; } }
"""
"""As `docx_styles.py`. A column's width also stands in its attribute: word processors read only that."""
_WIDEST: Final = 620
_HIGHEST: Final = 360
"""Pixels of the text's width, and of the highest picture."""


def html(document: Document) -> str:
    """Return a document as a page that needs nothing beside itself; everything in it is escaped."""
    parts = [
        f'<!DOCTYPE html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        *_front(document.front),
        *_contents(document),
        *(line for number, block in enumerate(document.blocks) for line in _block(block, f"b{number}")),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _front(front: Front) -> Iterator[str]:
    yield '<div class="front">'
    yield "<div>" + "".join(map(_paragraph, front.above)) + "</div>"
    yield f"<div><p><b>{escape(front.kind)}</b></p>" + "".join(map(_paragraph, front.below)) + "</div>"
    rows = (
        f'<tr><td width="46%">{escape(role)}</td><td width="20%" class="signs">&nbsp;</td>'
        f'<td width="34%">{escape(name)}</td></tr>'
        for role, name in front.signatures
    )
    yield f'<table width="100%">{"".join(rows)}</table>'
    yield f"<div>{_paragraph(front.foot)}</div>"
    yield "</div>"


def _contents(document: Document) -> Iterator[str]:
    yield f'<h1 class="element">{escape(document.contents.upper())}</h1>\n<div class="contents">'
    for number, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            link = f'<a href="#b{number}">{escape(block.entry)}</a>'
            yield f'<p class="level{block.level}">{link}</p>'
    yield "</div>"


def _block(block: Block, mark: str) -> Iterable[str]:
    match block:
        case Heading():
            tag, element = f"h{block.level}", "" if block.number else ' class="element"'
            yield f'<{tag} id="{mark}"{element}>{escape(block.title)}</{tag}>'
            if block.below:
                yield f'<p class="below"><b>{escape(block.below)}</b></p>'
        case Paragraph():
            keep = ' class="keep"' if block.with_next else ""
            yield f"<p{keep}>{escape(block.text)}</p>"
        case Points():
            bracket = ")" if block.bracket else ""
            yield from (_paragraph(f"{number}{bracket} {text}") for number, text in enumerate(block.texts, 1))
        case Table():
            yield from _table(block)
        case Figure():
            caption = f'<p class="caption">{escape(block.caption)}</p>'
            yield f'<div class="figure">{_image(block)}{caption}</div>'
        case Listing():
            yield f'<p class="caption">{escape(block.caption)}</p>\n<pre>{escape(block.text)}</pre>'
        case Lines():
            yield '<p class="blank">&nbsp;</p>' * block.count


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(table: Table) -> Iterator[str]:
    yield f'<p class="caption">{escape(table.caption)}</p>'
    classes = ' class="code"' if table.code else ""
    yield f'<table width="100%" border="1"{classes}>'
    yield f"<thead>{_row('th', table.heads, table.widths)}</thead>\n<tbody>"
    for row in table.rows:
        yield _row("td", row, table.widths)
    yield "</tbody></table>"


def _row(tag: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    made = (f'<{tag} width="{width}%">{_broken(cell)}</{tag}>' for cell, width in pairs)
    return f"<tr>{''.join(made)}</tr>"


def _broken(text: str) -> str:
    return escape(breakable(text)).replace("\u200b", "<wbr>")


def _image(figure: Figure) -> str:
    match figure.image:
        case str(words):
            return f'<div class="frame">{escape(words)}</div>'
        case Drawing() as drawing:
            kind, data = "svg+xml", svg(drawing, figure.caption).encode()
            size = f'width="{drawing.width * 96 / 72:.0f}" height="{drawing.height * 96 / 72:.0f}"'
        case Picture() as picture:
            kind, data = "png", picture.png
            scale = min(1.0, _WIDEST / picture.width, _HIGHEST / picture.height)
            size = f'width="{picture.width * scale:.0f}" height="{picture.height * scale:.0f}"'
    content = base64.b64encode(data).decode("ascii")
    return f'<img {size} alt="{escape(figure.caption)}" src="data:image/{kind};base64,{content}">'
