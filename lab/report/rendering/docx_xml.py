"""Elements of the XML in a .docx, by the names with prefixes that the standard uses (ECMA-376, part 1)."""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_SPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_REFUSED: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold (XML 1.0, section 2.2)."""

for _prefix, _space in _SPACES.items():
    ElementTree.register_namespace(_prefix, _space)


def make(name: str, attributes: Mapping[str, object], *children: Element, text: str = "") -> Element:
    """Return an element such as `w:p`, with attributes such as `w:val`; no prefix means no namespace.

    What XML cannot hold becomes U+FFFD.
    """
    made = Element(_full(name), {_full(key): _allowed(str(value)) for key, value in attributes.items()})
    made.extend(children)
    if text:
        made.text = _allowed(text)
    return made


def write(root: Element) -> bytes:
    """Return a whole file."""
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _full(name: str) -> str:
    prefix, colon, rest = name.rpartition(":")
    return f"{{{_SPACES[prefix]}}}{rest}" if colon else name


def _allowed(text: str) -> str:
    return _REFUSED.sub("\ufffd", text)
