"""The look of every window of the program: colours, fonts, spacing and ttk styles, in one place.

There is one `Look` for a Tk interpreter; `look_of` finds it from any widget. A widget gives `Look.follow` a
function that sets its colours, measures and words; it is called at once and again whenever the theme, the
font size or the language changes.
"""

import os
import sys
import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any, Final, Literal

from gui import shapes
from gui.palette import DARK, LIGHT, PALETTES, Palette

DEFAULT_SIZE: Final = 11
MIN_SIZE: Final = 7
MAX_SIZE: Final = 28
MAX_SHAPES: Final = 300
TILE: Final = 96
"""Pixels of the middle of a picture that ttk stretches."""
FontName = Literal["body", "bold", "italic", "small", "heading", "title", "big", "mono"]

_FONTS: Final[dict[FontName, tuple[float, str, str]]] = {
    # Size as a part of the body's, weight, slant.
    "body": (1.0, "normal", "roman"),
    "bold": (1.0, "bold", "roman"),
    "italic": (1.0, "normal", "italic"),
    "small": (0.88, "normal", "roman"),
    "heading": (0.88, "bold", "roman"),
    "title": (1.2, "bold", "roman"),
    "big": (2.0, "bold", "roman"),
    "mono": (0.95, "normal", "roman"),
}


def make_root() -> tk.Tk:
    """Open the program's first window, hidden, sharp on high-DPI screens.

    Raises:
        tk.TclError: there is no display.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        # Has an effect only before the first window; Windows 8.1 and newer.
        with suppress(OSError, AttributeError):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
    root = tk.Tk(className="LabChat")
    root.withdraw()
    if root.tk.call("tk", "windowingsystem") == "x11":
        # X11 desktops say how they enlarge in the environment; Tk 8.6 itself does not look.
        with suppress(ValueError):
            enlarge = float(os.environ.get("GDK_SCALE", "1"))
            if 1 < enlarge <= 4:
                root.tk.call("tk", "scaling", float(root.tk.call("tk", "scaling")) * enlarge)
    return root


def system_theme() -> str:
    """Return `light` or `dark`, as the system is set; `light` where it cannot be told."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows only

        key = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return "light" if winreg.QueryValueEx(opened, "AppsUseLightTheme")[0] else "dark"
    return "light"


class Look:
    """Colours, fonts and measures of one Tk interpreter's windows. For the Tk thread only."""

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self.palette: Palette = LIGHT
        self.size = DEFAULT_SIZE
        self._style = ttk.Style(root)
        self._followers: dict[str, list[Callable[[], None]]] = {}
        self._images: dict[str, tk.PhotoImage] = {}
        self._shapes: dict[str, tk.PhotoImage] = {}
        self._unit = float(root.tk.call("tk", "scaling")) * 0.75
        default = tkfont.nametofont("TkDefaultFont", root).actual()["family"]
        fixed = tkfont.nametofont("TkFixedFont", root).actual()["family"]
        if sys.platform == "win32" and "Consolas" in tkfont.families(root):
            fixed = "Consolas"
        self.fonts: dict[FontName, tkfont.Font] = {
            name: tkfont.Font(root, name=f"Lab_{name}", family=fixed if name == "mono" else default)
            for name in _FONTS
        }
        self._set_fonts()
        self._style.theme_use("clam")
        self._make_elements()
        self._make_layouts()
        self._restyle()

    # Measures.

    def px(self, points: float) -> int:
        """Return pixels for 1/96 inches: follows the screen's resolution but not the font."""
        return max(1, round(points * self._unit))

    def em(self, count: float) -> int:
        """Return pixels for a measure in ems, which follows the font size and the screen's resolution."""
        return max(0, round(count * self.size * self._unit / 0.75))

    def line_height(self, name: FontName = "body") -> int:
        """Return the height of a line of text in pixels."""
        return int(self.fonts[name].metrics("linespace"))

    # Following.

    def follow(self, widget: tk.Misc, restyle: Callable[[], None]) -> None:
        """Call `restyle` now, and at every change of theme, font size or language while `widget` lives."""
        path = str(widget)
        if path not in self._followers:
            self._followers[path] = []
            widget.bind("<Destroy>", lambda event: self._forget(event, path), add="+")
        self._followers[path].append(restyle)
        restyle()

    def _forget(self, event: "tk.Event[tk.Misc]", path: str) -> None:
        if str(event.widget) == path:
            self._followers.pop(path, None)

    def refresh(self) -> None:
        """Bring all widgets up to date, as after a change of language."""
        for functions in list(self._followers.values()):
            for function in functions:
                function()

    # Changes.

    def set_theme(self, name: str) -> None:
        """Use the palette `light` or `dark`; any other name means the system's."""
        palette = PALETTES.get(name) or PALETTES[system_theme()]
        if palette is not self.palette:
            self.palette = palette
            self._restyle()
            self.refresh()

    def set_size(self, points: int) -> None:
        """Use a body font of so many points, within MIN_SIZE and MAX_SIZE."""
        points = max(MIN_SIZE, min(MAX_SIZE, points))
        if points != self.size:
            self.size = points
            self._set_fonts()
            self._restyle()
            self.refresh()

    def _set_fonts(self) -> None:
        for name, (part, weight, slant) in _FONTS.items():
            size = max(MIN_SIZE, round(self.size * part))
            self.fonts[name].configure(
                size=size,
                weight="bold" if weight == "bold" else "normal",
                slant="italic" if slant == "italic" else "roman",
            )

    # Pictures.

    def rounded(self, width: int, height: int, radius: float, fill: str) -> tk.PhotoImage:
        """Return a picture of a rectangle with round corners; the same one for the same wishes."""
        key = f"{width}x{height}r{radius}{fill}"
        if key not in self._shapes:
            if len(self._shapes) >= MAX_SHAPES:
                # Sizes pile up while a window is being resized; who draws a picture keeps his own reference.
                self._shapes.clear()
            self._shapes[key] = self._picture(shapes.rounded(width, height, radius, fill))
        return self._shapes[key]

    def icon(self, name: str, colour: str, size: int = 0) -> tk.PhotoImage:
        """Return an icon of `gui.shapes.ICONS` of `size` pixels (0: as fits the text)."""
        size = size or self.em(1.35)
        key = f"{name}{size}{colour}"
        if key not in self._images:
            self._images[key] = self._picture(shapes.icon(name, size, colour))
        return self._images[key]

    def _picture(self, data: bytes) -> tk.PhotoImage:
        return tk.PhotoImage(master=self._root, data=data, format="png")

    # Styles.

    def _corner(self, name: str, fill: str, border: str = "", thickness: float = 1) -> tk.PhotoImage:
        """Return the picture `name`, whose middle can be stretched, in the present colours."""
        radius = self.px(7)
        # ttk fills the middle with copies of the picture's middle: one of a single pixel would take seconds.
        side = 2 * (radius + 1) + TILE
        data = shapes.rounded(side, side, radius, fill, border=border, thickness=self.px(thickness))
        if name in self._images:
            self._images[name].configure(data=data)
        else:
            self._images[name] = self._picture(data)
        return self._images[name]

    def _corners(self) -> dict[str, list[tuple[str, tk.PhotoImage]]]:
        """Return for each of our elements its pictures: the first is the normal state's."""
        p, corner = self.palette, self._corner
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
            "LabNote": [("", corner("note", p.side))],
        }

    def _make_elements(self) -> None:
        for name, ((_, normal), *others) in self._corners().items():
            # By Tk's own words: the type stubs know no states in image elements.
            states = [(tuple(state.split()), picture) for state, picture in others]
            images = [normal, *(part for state in states for part in state)]
            self._root.tk.call(
                *("ttk::style", "element", "create", f"{name}.border", "image", images),
                *("-border", self.px(7) + 1, "-padding", 0, "-sticky", "nsew"),
                *("-width", 2 * self.px(7), "-height", 2 * self.px(7)),
            )

    def _checks(self) -> dict[str, tk.PhotoImage]:
        """Return the pictures of a check box by state, in the present colours."""
        p, size = self.palette, self.px(18)
        made = {}
        for state, fill, border in (
            ("", p.field, p.border),
            ("focus", p.field, p.accent),
            ("selected", p.accent, p.accent),
            ("selected focus", p.accent, p.text),
        ):
            thick = self.px(2 if "focus" in state else 1)
            picture = self._picture(
                shapes.rounded(size, size, size / 4, fill, border=border, thickness=thick)
            )
            if state.startswith("selected"):
                tick = self._picture(shapes.icon("tick", size, p.on_accent, 3.0))
                picture.tk.call(picture, "copy", tick, "-compositingrule", "overlay")
            made[state] = picture
            kept = self._images.setdefault(f"check {state}", picture)
            if kept is not picture:
                kept.tk.call(kept, "copy", picture, "-compositingrule", "set")
                made[state] = kept
        return made

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
            ("Note.TFrame", "LabNote"),
        ):
            self._style.layout(style, [(f"{element}.border", {"sticky": "nsew"})])
        for style in ("Vertical.TScrollbar", "Side.Vertical.TScrollbar"):
            thumb: Any = ("Vertical.Scrollbar.thumb", {"expand": "1", "sticky": "nswe"})
            self._style.layout(style, [("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})])

    def _restyle(self) -> None:
        p, style, em = self.palette, self._style, self.em
        self._corners()
        self._checks()
        style.configure("TCheckbutton", background=p.window, foreground=p.text, padding=0)
        style.map("TCheckbutton", background=[("", p.window)], foreground=[("disabled", p.muted)])
        style.configure(
            ".",
            background=p.window,
            foreground=p.text,
            font=self.fonts["body"],
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
        style.configure("Accent.TButton", foreground=p.on_accent, font=self.fonts["bold"])
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
                arrowsize=self.px(9),
                width=self.px(9),
                relief="flat",
            )
            style.map(
                name,
                background=[("pressed", p.border), ("active", p.border)],
                lightcolor=[("pressed", p.border), ("active", p.border)],
                darkcolor=[("pressed", p.border), ("active", p.border)],
            )
        style.configure(
            "Horizontal.TProgressbar",
            troughcolor=p.line,
            background=p.accent,
            bordercolor=p.line,
            lightcolor=p.accent,
            darkcolor=p.accent,
            thickness=self.px(3),
        )

    # Plain Tk widgets.

    def menu(self, menu: tk.Menu) -> None:
        """Dress a pop-up menu (Windows and macOS draw their own)."""
        p = self.palette
        menu.configure(
            background=p.window,
            foreground=p.text,
            activebackground=p.selected,
            activeforeground=p.text,
            disabledforeground=p.muted,
            selectcolor=p.accent,
            font=self.fonts["body"],
            relief="flat",
            borderwidth=self.px(1),
            activeborderwidth=self.px(3),
        )

    def entry(self, entry: tk.Entry) -> None:
        """Dress a one-line field that stands in a `Field.TFrame`."""
        p = self.palette
        entry.configure(
            background=p.field,
            foreground=p.text,
            insertbackground=p.text,
            selectbackground=p.highlight,
            selectforeground=p.text,
            disabledbackground=p.field,
            disabledforeground=p.muted,
            font=self.fonts["body"],
            relief="flat",
            borderwidth=0,
            highlightthickness=0,
        )

    def text(self, text: tk.Text, background: str) -> None:
        """Dress a Text widget on a ground."""
        p = self.palette
        text.configure(
            background=background,
            foreground=p.text,
            insertbackground=p.text,
            selectbackground=p.highlight,
            selectforeground=p.text,
            inactiveselectbackground=p.highlight,
            font=self.fonts["body"],
            relief="flat",
            borderwidth=0,
            highlightthickness=0,
        )

    def app_icon(self, size: int = 64) -> tk.PhotoImage:
        """Return the program's icon of `size` by `size` pixels."""
        key = f"app{size}"
        if key not in self._images:
            picture = self._picture(shapes.rounded(size, size, size / 4, LIGHT.accent))
            sign = self._picture(shapes.icon("chat", size * 3 // 4, LIGHT.on_accent))
            picture.tk.call(picture, "copy", sign, "-to", size // 8, size // 8, "-compositingrule", "overlay")
            self._images[key] = picture
        return self._images[key]

    def title_bar(self, window: tk.Wm) -> None:
        """Make the window's own title bar dark on Windows where the theme is; elsewhere do nothing."""
        if sys.platform == "win32" and isinstance(window, tk.Misc):
            import ctypes  # noqa: PLC0415 - Windows only

            with suppress(OSError, AttributeError):
                handle = ctypes.windll.user32.GetParent(window.winfo_id())
                dark = ctypes.c_int(self.palette is DARK)
                # DWMWA_USE_IMMERSIVE_DARK_MODE, Windows 10 version 2004 and newer.
                ctypes.windll.dwmapi.DwmSetWindowAttribute(
                    handle, 20, ctypes.byref(dark), ctypes.sizeof(dark)
                )


def look_of(widget: tk.Misc) -> Look:
    """Return the one `Look` of this widget's interpreter; the first call makes it."""
    root = widget.nametowidget(".")
    kept = vars(root)
    if "labchat_look" not in kept:
        kept["labchat_look"] = Look(root)
    look = kept["labchat_look"]
    assert isinstance(look, Look)
    return look
