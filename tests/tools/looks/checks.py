"""What can be seen of a window without eyes: text that is cut, and text that stands out too little."""

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk
from typing import Any

from gui.toolkit.palette import Palette
from gui.toolkit.theme import look_of

LEAST_CONTRAST = 4.5
"""WCAG 2.1, success criterion 1.4.3."""
_LABELS = ("TLabel", "TButton", "TCheckbutton", "Label")
_ROUNDING = 2
"""Pixels."""


def luminance(colour: str) -> float:
    """WCAG 2.1, "relative luminance"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen(widget: tk.Misc) -> Iterator[Any]:
    """Yield the widgets of a window that are on the screen."""
    for child in widget.winfo_children():
        if child.winfo_ismapped() and not isinstance(child, (tk.Toplevel, tk.Menu)):
            yield child
            yield from seen(child)


def cut(window: tk.Misc) -> list[str]:
    """Return the words that have less room than they need."""
    found: list[str] = []
    right, bottom = window.winfo_width() + _ROUNDING, window.winfo_height() + _ROUNDING
    for widget in seen(window):
        if widget.winfo_class() in _LABELS and (text := str(widget.cget("text"))):
            x, y = widget.winfo_rootx() - window.winfo_rootx(), widget.winfo_rooty() - window.winfo_rooty()
            inside = x >= -_ROUNDING and x + widget.winfo_width() <= right
            if not _is_scrolled(widget):
                inside = inside and -_ROUNDING <= y <= bottom - widget.winfo_height()
            wide = widget.winfo_reqwidth() - widget.winfo_width()
            high = widget.winfo_reqheight() - widget.winfo_height()
            if not inside or wide > _ROUNDING or high > _ROUNDING:
                found.append(
                    f"{text!r} lacks {max(0, wide)}x{max(0, high)}{'' if inside else ', is outside'}"
                )
        elif isinstance(widget, tk.Canvas):
            found += _cut_in(widget)
    return found


def _is_scrolled(widget: tk.Misc | None) -> bool:
    """Tell whether a widget stands in a canvas, where it can be scrolled to."""
    while widget is not None and not isinstance(widget, tk.Canvas):
        widget = widget.master
    return widget is not None


def _cut_in(canvas: tk.Canvas) -> Iterator[str]:
    for item in canvas.find_all():
        left, _top, right, _bottom = canvas.bbox(item)
        is_outside = left < -_ROUNDING or right > canvas.winfo_width() + _ROUNDING
        if is_outside and (words := _words_of(canvas, item)):
            yield f"{words!r} on {canvas}"


def _words_of(canvas: tk.Canvas, item: int) -> str:
    is_text = canvas.tk.call(canvas, "type", item) == "text"
    return str(canvas.tk.call(canvas, "itemcget", item, "-text")) if is_text else ""


def faint(window: tk.Misc) -> list[str]:
    """Return the words that stand out too little from what is behind them."""
    found: list[str] = []
    for widget in seen(window):
        for words, ink, ground in _inks(widget):
            if words.strip() and (ratio := contrast(ink, ground)) < LEAST_CONTRAST:
                found.append(f"{words[:40]!r} in {widget}: {ink} on {ground}, {ratio:.2f}")
    return found


def _inks(widget: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the words of a widget, their colour, and that of their ground."""
    palette = look_of(widget).palette
    if isinstance(widget, (ttk.Label, ttk.Button, ttk.Checkbutton)):
        if not widget.instate(["disabled"]):  # which WCAG leaves out
            yield str(widget.cget("text")), *_styled(widget, palette)
    elif isinstance(widget, tk.Label):
        yield str(widget.cget("text")), str(widget.cget("foreground")), str(widget.cget("background"))
    elif isinstance(widget, tk.Text):
        yield from _written(widget)
    elif isinstance(widget, tk.Entry) and widget.cget("state") == "normal":
        yield widget.get(), str(widget.cget("foreground")), str(widget.cget("background"))
    elif isinstance(widget, tk.Canvas):
        yield from _drawn(widget)


def _styled(widget: ttk.Widget, palette: Palette) -> tuple[str, str]:
    style, state = ttk.Style(widget), list(widget.state())
    name = str(widget.cget("style")) or widget.winfo_class()
    own = {
        part: str(widget.cget(part)) for part in ("foreground", "background") if part in widget.configure()
    }
    ink = own.get("foreground") or str(style.lookup(name, "foreground", state))
    ground = own.get("background") or str(style.lookup(name, "background", state))
    return ink, palette.accent if name == "Accent.TButton" else ground


def _written(text: tk.Text) -> Iterator[tuple[str, str, str]]:
    looks = {
        tag: [str(text.tag_cget(tag, part)) for part in ("foreground", "background")]
        for tag in text.tag_names()
    }
    plain = [str(text.cget(part)) for part in ("foreground", "background")]
    tags: set[str] = set()
    for kind, value, _index in text.dump("1.0", "end", text=True, tag=True):
        if kind == "tagon":
            tags.add(value)
        elif kind == "tagoff":
            tags.discard(value)
        else:
            ink, ground = plain
            for tag, (its_ink, its_ground) in looks.items():
                if tag in tags:
                    ink, ground = its_ink or ink, its_ground or ground
            yield value, ink, ground


def _drawn(canvas: tk.Canvas) -> Iterator[tuple[str, str, str]]:
    def get(item: int, what: str) -> str:
        return str(canvas.tk.call(canvas, "itemcget", item, what))

    for item in canvas.find_all():
        if words := _words_of(canvas, item):
            left, top, right, bottom = canvas.bbox(item)
            x, y = (left + right) // 2, (top + bottom) // 2
            ground = str(canvas.cget("background"))
            for below in canvas.find_overlapping(x, y, x, y):
                if below == item:
                    break
                kind = canvas.tk.call(canvas, "type", below)
                if kind == "rectangle":
                    ground = get(below, "-fill") or ground
                elif kind == "image":
                    at_x, at_y, *_rest = canvas.bbox(below)
                    pixel = canvas.tk.call(get(below, "-image"), "get", x - at_x, y - at_y)
                    red, green, blue = map(int, canvas.tk.splitlist(pixel))
                    ground = f"#{red:02x}{green:02x}{blue:02x}"
            yield words, get(item, "-fill"), ground
