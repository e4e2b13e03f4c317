"""The ttk styles of the program: clam, made flat, with round corners drawn by `gui.toolkit.shapes`."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any, Final

from gui.toolkit import shapes
from gui.toolkit.palette import Palette
from gui.toolkit.pictures import Pictures

TILE: Final = 96
"""Pixels of the middle of a picture that ttk stretches."""


class Styles:
    """Defines our elements and styles in one Tk interpreter, and keeps them in the palette's colours.

    Args:
        px: gives pixels for 1/96 inches.
    """

    def __init__(
        self, root: tk.Misc, pictures: Pictures, palette: Palette, px: Callable[[float], int]
    ) -> None:
        self._root, self._pictures, self._palette, self._px = root, pictures, palette, px
        self._style = ttk.Style(root)
        self._boxes: dict[str, tk.PhotoImage] = {}
        self._style.theme_use("clam")
        self._make_elements()
        self._make_layouts()

    def _corner(self, name: str, fill: str, border: str = "", thickness: float = 1) -> tk.PhotoImage:
        """Return the picture `name`, whose middle can be stretched, in the present colours."""
        radius = self._px(7)
        # ttk fills the middle with copies of the picture's middle: one of a single pixel would take seconds.
        side = 2 * (radius + 1) + TILE
        data = shapes.rounded(side, side, radius, fill, border=border, thickness=self._px(thickness))
        return self._pictures.redraw(name, data)

    def _corners(self) -> dict[str, list[tuple[str, tk.PhotoImage]]]:
        """Return for each of our elements its pictures: the first is the normal state's."""
        p, corner = self._palette, self._corner
        return {
            "LabField": [
                ("", corner("field", p.field, p.border)),
                ("invalid", corner("field bad", p.field, p.danger, 2)),
                ("focus", corner("field focus", p.field, p.accent, 2)),
            ],
            "LabAccent": [
                ("", corner("accent", p.accent)),
                ("disabled", corner("accent off", p.line)),
                ("focus", corner("accent focus", p.accent_hover, p.text, 2)),
                ("active", corner("accent active", p.accent_hover)),
            ],
            "LabButton": [
                ("", corner("button", p.window, p.border)),
                ("disabled", corner("button off", p.window, p.line)),
                ("focus", corner("button focus", p.hover, p.accent, 2)),
                ("active", corner("button active", p.hover, p.border)),
            ],
            "LabIcon": [
                ("", corner("icon", p.window)),
                ("focus !active", corner("icon focus", p.window, p.accent, 2)),
                ("pressed", corner("icon pressed", p.selected)),
                ("active", corner("icon active", p.hover)),
            ],
            "LabSideIcon": [
                ("", corner("side icon", p.side)),
                ("focus !active", corner("side icon focus", p.side, p.accent, 2)),
                ("pressed", corner("side icon pressed", p.selected)),
                ("active", corner("side icon active", p.hover)),
            ],
            "LabCard": [("", corner("card", p.window, p.line))],
        }

    def _make_elements(self) -> None:
        for name, ((_, normal), *others) in self._corners().items():
            # A raw Tcl call: the type stubs know no states in image elements.
            states = [(tuple(state.split()), picture) for state, picture in others]
            images = [normal, *(part for state in states for part in state)]
            self._root.tk.call(
                *("ttk::style", "element", "create", f"{name}.border", "image", images),
                *("-border", self._px(7) + 1, "-padding", 0, "-sticky", "nsew"),
                *("-width", 2 * self._px(7), "-height", 2 * self._px(7)),
            )

    def _checks(self) -> dict[str, tk.PhotoImage]:
        """Return the pictures of a check box by state, in the present colours."""
        p, size = self._palette, self._px(18)
        for state, fill, border in (
            ("", p.field, p.border),
            ("focus", p.field, p.accent),
            ("selected", p.accent, p.accent),
            ("selected focus", p.accent, p.text),
        ):
            thick = self._px(2 if "focus" in state else 1)
            picture = self._pictures.make(
                shapes.rounded(size, size, size / 4, fill, border=border, thickness=thick)
            )
            if state.startswith("selected"):
                tick = self._pictures.make(shapes.icon("tick", size, p.on_accent, 3.0))
                picture.tk.call(picture, "copy", tick, "-compositingrule", "overlay")
            kept = self._boxes.setdefault(state, picture)
            if kept is not picture:
                kept.tk.call(kept, "copy", picture, "-compositingrule", "set")
        return self._boxes

    def _make_layouts(self) -> None:
        checks = self._checks()
        order = ("selected focus", "selected", "focus")
        images = [checks[""], *(part for state in order for part in (tuple(state.split()), checks[state]))]
        self._root.tk.call("ttk::style", "element", "create", "LabCheck.indicator", "image", images)
        box: Any = ("LabCheck.indicator", {"side": "left", "sticky": ""})
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
        ):
            self._style.layout(style, [(f"{element}.border", {"sticky": "nsew", "children": label})])
        for style, element in (
            ("Field.TFrame", "LabField"),
            ("SideField.TFrame", "LabField"),
            ("Card.TFrame", "LabCard"),
        ):
            self._style.layout(style, [(f"{element}.border", {"sticky": "nsew"})])
        for style in ("Vertical.TScrollbar", "Side.Vertical.TScrollbar"):
            thumb: Any = ("Vertical.Scrollbar.thumb", {"expand": "1", "sticky": "nswe"})
            self._style.layout(style, [("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})])

    def restyle(self, palette: Palette, em: Callable[[float], int]) -> None:
        """Bring the styles up to a palette and a text size; `em` gives pixels for a measure in ems."""
        self._palette = p = palette
        style = self._style
        self._corners()
        self._checks()
        style.configure("TCheckbutton", background=p.window, foreground=p.text, padding=0)
        style.map("TCheckbutton", background=[("", p.window)], foreground=[("disabled", p.muted)])
        style.configure(
            ".",
            background=p.window,
            foreground=p.text,
            font="Lab_body",
            borderwidth=0,
            focuscolor=p.accent,
        )
        style.configure("Side.TFrame", background=p.side)
        style.configure("Line.TFrame", background=p.line)
        for name, background in (("", p.window), ("Side", p.side)):
            dot = name and f"{name}."
            style.configure(f"{dot}TLabel", background=background, foreground=p.text)
            for kind, colour, font in (
                ("Muted", p.muted, "body"),
                ("Small", p.muted, "small"),
                ("Heading", p.muted, "heading"),
                ("Title", p.text, "title"),
                ("Big", p.text, "big"),
                ("Bold", p.text, "bold"),
                ("Error", p.danger, "small"),
            ):
                style.configure(
                    f"{name}{kind}.TLabel", background=background, foreground=colour, font=f"Lab_{font}"
                )
        style.configure(
            "TButton", background=p.window, foreground=p.text, padding=(em(1), em(0.45)), anchor="center"
        )
        style.configure("Accent.TButton", foreground=p.on_accent, font="Lab_bold")
        style.configure("Icon.TButton", padding=em(0.35))
        style.configure("SideIcon.TButton", padding=em(0.35), background=p.side, foreground=p.muted)
        for name in ("TButton", "Accent.TButton", "Icon.TButton", "SideIcon.TButton"):
            # clam's own map would show grey grounds behind our corners.
            ground = p.side if name.startswith("Side") else p.window
            style.map(name, background=[("", ground)], foreground=[("disabled", p.muted)])
        style.configure("SideField.TFrame", background=p.side)
        style.configure("Card.TFrame", background=p.side)
        for name, trough in (("Vertical.TScrollbar", p.window), ("Side.Vertical.TScrollbar", p.side)):
            style.configure(
                name,
                troughcolor=trough,
                background=p.line,
                bordercolor=trough,
                lightcolor=p.line,
                darkcolor=p.line,
                gripcount=0,
                arrowsize=self._px(9),
                width=self._px(9),
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
            thickness=self._px(3),
        )
