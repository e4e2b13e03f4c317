"""The ttk styles of the program: clam, made flat, with round corners drawn by `gui.toolkit.shapes`."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any, Final

from gui.toolkit import shapes
from gui.toolkit.palette import Palette
from gui.toolkit.pictures import Pictures, lay_over

WIDE_TILE: Final = 96
LOW_TILE: Final = 32
"""Pixels of the middle of a picture that ttk fills with copies of it: each costs a look at the screen, so few
must do, and Tk keeps six bytes of each pixel. All but a card are about as high as a line of text."""
_CHECK: Final = "LabCheck.indicator"
_CARD: Final = "LabCard.border"


def _looks(p: Palette) -> dict[str, list[tuple[str, str, str, int]]]:
    """Return the pictures of our elements: state, fill, border, and its width; the normal state is first."""
    icons = {
        name: [
            ("", ground, "", 1),
            ("focus !active", ground, p.accent, 2),
            ("pressed", p.selected, "", 1),
            ("active", p.hover, "", 1),
        ]
        for name, ground in (("LabIcon.border", p.window), ("LabSideIcon.border", p.side))
    }
    return icons | {
        "LabField.border": [
            ("", p.field, p.border, 1),
            ("invalid", p.field, p.danger, 2),
            ("focus", p.field, p.accent, 2),
        ],
        "LabAccent.border": [
            ("", p.accent, "", 1),
            ("disabled", p.line, "", 1),
            ("focus", p.accent_hover, p.text, 2),
            ("active", p.accent_hover, "", 1),
        ],
        "LabButton.border": [
            ("", p.window, p.border, 1),
            ("disabled", p.window, p.line, 1),
            ("focus", p.hover, p.accent, 2),
            ("active", p.hover, p.border, 1),
        ],
        "LabChoice.border": [
            ("", p.window, p.border, 1),
            ("selected focus", p.selected, p.text, 2),
            ("selected", p.selected, p.accent, 2),
            ("focus", p.hover, p.accent, 2),
            ("active", p.hover, p.border, 1),
        ],
        _CARD: [("", p.window, p.line, 1)],
        _CHECK: [
            ("", p.field, p.border, 1),
            ("selected focus", p.accent, p.text, 2),
            ("selected", p.accent, p.accent, 1),
            ("focus", p.field, p.accent, 2),
        ],
    }


class Styles:
    """Defines our elements and styles in one Tk interpreter, and keeps them in the palette's colours.

    Args:
        px: gives pixels for 1/96 inches.
        em: gives pixels for a measure in ems.
    """

    def __init__(
        self,
        root: tk.Misc,
        pictures: Pictures,
        palette: Palette,
        px: Callable[[float], int],
        em: Callable[[float], int],
    ) -> None:
        self._pictures, self._px, self._em = pictures, px, em
        self._style = ttk.Style(root)
        self._style.theme_use("clam")
        self._make_elements(palette)
        self._make_layouts()
        self._configure(palette)

    def _draw(self, palette: Palette) -> dict[str, list[Any]]:
        """Draw our elements; return for each what ttk takes: its picture, and then states, picture …"""
        images: dict[str, list[Any]] = {}
        corner, box = self._px(7), self._px(18)
        for element, looks in _looks(palette).items():
            high = WIDE_TILE if element == _CARD else LOW_TILE
            width, height = (2 * (corner + 1) + tile for tile in (WIDE_TILE, high))
            radius = float(corner)
            if element == _CHECK:
                width, height, radius = box, box, box / 4
            for state, fill, border, thickness in looks:
                data = shapes.rounded(
                    width, height, radius, fill, border=border, thickness=self._px(thickness)
                )
                picture = self._pictures.redraw(f"{element} {state}", data)
                if element == _CHECK and "selected" in state:
                    lay_over(picture, self._pictures.make(shapes.icon("tick", box, palette.on_accent, 3.0)))
                images.setdefault(element, []).extend([tuple(state.split()), picture] if state else [picture])
        return images

    def _make_elements(self, palette: Palette) -> None:
        corner = self._px(7)
        stretched = (
            *("-border", corner + 1, "-padding", 0, "-sticky", "nsew"),
            *("-width", 2 * corner, "-height", 2 * corner),
        )
        for element, images in self._draw(palette).items():
            # A raw Tcl call: the type stubs know no states in image elements.
            options = () if element == _CHECK else stretched
            self._style.tk.call("ttk::style", "element", "create", element, "image", images, *options)

    def _make_layouts(self) -> None:
        box: Any = (_CHECK, {"side": "left", "sticky": ""})
        words: Any = ("Checkbutton.label", {"side": "left", "sticky": "nswe"})
        self._style.layout(
            "TCheckbutton", [("Checkbutton.padding", {"sticky": "nswe", "children": [box, words]})]
        )
        label: Any = [
            ("Button.padding", {"sticky": "nsew", "children": [("Button.label", {"sticky": "nsew"})]})
        ]
        for style, element in (
            ("TButton", "LabButton"),
            ("Accent.TButton", "LabAccent"),
            ("Icon.TButton", "LabIcon"),
            ("SideIcon.TButton", "LabSideIcon"),
            ("Link.TButton", "LabIcon"),
            ("SideLink.TButton", "LabSideIcon"),
            ("Striking.TButton", "LabButton"),
            ("Side.TButton", "LabButton"),
            ("Choice.TButton", "LabChoice"),
        ):
            self._style.layout(style, [(f"{element}.border", {"sticky": "nsew", "children": label})])
        for style, element in (
            ("Field.TFrame", "LabField"),
            ("SideField.TFrame", "LabField"),
            ("StrikingField.TFrame", "LabField"),
            ("Card.TFrame", "LabCard"),
        ):
            self._style.layout(style, [(f"{element}.border", {"sticky": "nsew"})])
        for style in ("Vertical.TScrollbar", "Side.Vertical.TScrollbar"):
            thumb: Any = ("Vertical.Scrollbar.thumb", {"expand": "1", "sticky": "nswe"})
            self._style.layout(style, [("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})])

    def restyle(self, palette: Palette) -> None:
        """Bring the styles up to a palette and to the text size."""
        self._draw(palette)
        self._configure(palette)

    def _configure(self, palette: Palette) -> None:
        p, em, px, style = palette, self._em, self._px, self._style
        style.configure(
            ".", background=p.window, foreground=p.text, font="Lab_body", borderwidth=0, focuscolor=p.accent
        )
        on_striking = [(name, p.striking) for name in ("Striking", "StrikingField")]
        on_side = [(name, p.side) for name in ("Side", "SideField", "Card")]
        for name, ground in (*on_side, ("Line", p.line), *on_striking):
            style.configure(f"{name}.TFrame", background=ground)
        style.configure("Side.TLabel", background=p.side)
        style.configure("Striking.TLabel", background=p.striking)
        for kind, colour, font in (
            ("Muted", p.muted, "body"),
            ("Small", p.muted, "small"),
            ("Heading", p.muted, "heading"),
            ("Title", p.text, "title"),
            ("Big", p.text, "big"),
            ("Bold", p.text, "bold"),
            ("Error", p.danger, "small"),
        ):
            for name, ground in (("", p.window), ("Side", p.side), ("Striking", p.striking)):
                look: Any = {"background": ground, "foreground": colour, "font": f"Lab_{font}"}
                style.configure(f"{name}{kind}.TLabel", **look)
        style.configure("TCheckbutton", padding=0)
        style.configure("TButton", padding=(em(1), em(0.45)), anchor="center")
        style.configure("Accent.TButton", foreground=p.on_accent, font="Lab_bold")
        style.configure("Icon.TButton", padding=em(0.35))
        style.configure("SideIcon.TButton", padding=em(0.35), foreground=p.muted)
        for name in ("Link.TButton", "SideLink.TButton"):
            style.configure(name, padding=(em(0.5), em(0.1)), foreground=p.accent, font="Lab_small")
        grounds = {
            "SideLink.TButton": p.side,
            "SideIcon.TButton": p.side,
            "Side.TButton": p.side,
            "Striking.TButton": p.striking,
        }
        plain = (
            "TCheckbutton",
            "TButton",
            "Accent.TButton",
            "Icon.TButton",
            "Link.TButton",
            "Choice.TButton",
        )
        for name in (*plain, *grounds):
            # clam's own map would show grey grounds behind our corners.
            ground = grounds.get(name, p.window)
            style.map(name, background=[("", ground)], foreground=[("disabled", p.muted)])
        for name, trough in (("Vertical.TScrollbar", p.window), ("Side.Vertical.TScrollbar", p.side)):
            style.configure(
                name,
                troughcolor=trough,
                background=p.line,
                bordercolor=trough,
                lightcolor=p.line,
                darkcolor=p.line,
                gripcount=0,
                arrowsize=px(9),
                width=px(9),
                relief="flat",
            )
            thumb = [("pressed", p.border), ("active", p.border)]
            style.map(name, background=thumb, lightcolor=thumb, darkcolor=thumb)
        style.configure(
            "Horizontal.TProgressbar",
            troughcolor=p.line,
            background=p.accent,
            bordercolor=p.line,
            lightcolor=p.accent,
            darkcolor=p.accent,
            thickness=px(3),
        )
