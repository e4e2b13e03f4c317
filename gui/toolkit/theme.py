"""The look of every window of the program: colours, fonts, spacing and ttk styles, in one place.

A `Root` has the one `Look` of its windows; `look_of` finds it from any widget. A widget gives `Look.follow` a
function that sets its colours, measures and words; it is called at once and again whenever the theme, the
font size or the language changes.
"""

import os
import sys
import tkinter as tk
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any, Final, Literal, cast

from gui.desktop.x11 import open_display
from gui.toolkit.palette import DARK, LIGHT, PALETTES, Palette
from gui.toolkit.pictures import Pictures
from gui.toolkit.styles import Styles
from protocol.text import cut_characters

DEFAULT_SIZE: Final = 11
MIN_SIZE: Final = 7
MAX_SIZE: Final = 28
_LEAST_DPI: Final = 48.0
_MOST_DPI: Final = 480.0
"""Between them a desktop's `Xft.dpi` is believed."""
_POINTS: Final = 72.0
"""In an inch."""
FontName = Literal[
    "body", "bold", "italic", "bold italic", "small", "heading", "title", "big", "mono", "emoji"
]

_FONTS: Final[dict[FontName, tuple[float, Literal["normal", "bold"], Literal["roman", "italic"]]]] = {
    # Size as a part of the body's, weight, slant.
    "body": (1.0, "normal", "roman"),
    "bold": (1.0, "bold", "roman"),
    "italic": (1.0, "normal", "italic"),
    "bold italic": (1.0, "bold", "italic"),
    "small": (0.88, "normal", "roman"),
    "heading": (0.88, "bold", "roman"),
    "title": (1.2, "bold", "roman"),
    "big": (2.0, "bold", "roman"),
    "mono": (0.95, "normal", "roman"),
    "emoji": (1.35, "normal", "roman"),
}


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
        self.root = root
        self.palette: Palette = LIGHT
        self.size = DEFAULT_SIZE
        self.family = ""
        """Of the letters; empty: the system's."""
        self._followers: dict[str, list[Callable[[], object]]] = {}
        self.pictures = Pictures(root)
        self._unit = float(root.tk.call("tk", "scaling")) * 0.75
        self.usual_family = default = tkfont.nametofont("TkDefaultFont", root).actual()["family"]
        """That of the system."""
        fixed = tkfont.nametofont("TkFixedFont", root).actual()["family"]
        if sys.platform == "win32" and "Consolas" in tkfont.families(root):
            fixed = "Consolas"
        self.fonts: dict[FontName, tkfont.Font] = {
            name: tkfont.Font(
                root, name=f"Lab_{name.replace(' ', '_')}", family=fixed if name == "mono" else default
            )
            for name in _FONTS
        }
        self._set_fonts()
        # Not Tk's own, which takes the focus: what was typed after a click would be lost.
        root.tk.call("bind", "TButton", "<Button-1>", "%W instate !disabled {%W state pressed}")
        root.bind_class("TButton", "<Return>", lambda event: cast(ttk.Button, event.widget).invoke())
        self._styles = Styles(root, self.pictures, self.palette, self.px, self.em)

    # Measures.

    def px(self, points: float) -> int:
        """Return pixels for 1/96 inches: follows the screen's resolution but not the font."""
        return max(1, round(points * self._unit))

    def em(self, count: float) -> int:
        """Return pixels for a measure in ems, which follows the font size and the screen's resolution."""
        return max(0, round(count * self.size * self._unit / 0.75))

    def shorten(self, text: str, name: FontName, room: int) -> str:
        """Return the text, cut and with an ellipsis if it takes more than `room` pixels."""
        measure = self.fonts[name].measure
        text = cut_characters(text, 500)
        if measure(text) <= room:
            return text
        fits = bisect_right(range(1, len(text) + 1), room, key=lambda count: measure(text[:count] + "…"))
        return cut_characters(text, fits).rstrip() + "…"

    def line_height(self, name: FontName = "body") -> int:
        """Return the height of a line of text in pixels."""
        return int(self.fonts[name].metrics("linespace"))

    # Following.

    def follow(self, widget: tk.Misc, restyle: Callable[[], object]) -> None:
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
        for path, functions in list(self._followers.items()):
            for function in functions:
                if path in self._followers:  # another one may have destroyed the widget just now
                    function()

    # Changes.

    def set_theme(self, name: str) -> None:
        """Use the palette `light` or `dark`; any other name means the system's."""
        palette = PALETTES.get(name) or PALETTES[system_theme()]
        if palette is not self.palette:
            self.palette = palette
            self._styles.restyle(palette)
            self.refresh()

    def set_size(self, points: int) -> None:
        """Use a body font of so many points, within MIN_SIZE and MAX_SIZE."""
        points = max(MIN_SIZE, min(MAX_SIZE, points))
        if points != self.size:
            self.size = points
            self._set_fonts()
            self._styles.restyle(self.palette)
            self.refresh()

    def set_family(self, family: str) -> None:
        """Use letters of this family, the system's if it is empty or there is none of this name.

        Text of fixed width keeps its own.
        """
        if family != self.family:
            self.family = family
            known = family if family in tkfont.families(self.root) else self.usual_family
            for name, font in self.fonts.items():
                if name != "mono":
                    font.configure(family=known)
            self.refresh()

    def _set_fonts(self) -> None:
        for name, (part, weight, slant) in _FONTS.items():
            size = max(MIN_SIZE, round(self.size * part))
            self.fonts[name].configure(size=size, weight=weight, slant=slant)

    # Pictures.

    def icon(self, name: str, colour: str, size: int = 0) -> tk.PhotoImage:
        """Return an icon of `gui.toolkit.shapes.ICONS` of `size` pixels (0: as fits the text)."""
        return self.pictures.icon(name, size or self.em(1.35), colour)

    # Plain Tk widgets.

    def menu(self, menu: tk.Menu) -> None:
        """Dress a pop-up menu (Windows and macOS draw their own)."""
        p = self.palette
        menu.configure(
            background=p.side,
            foreground=p.text,
            activebackground=p.selected,
            activeforeground=p.text,
            disabledforeground=p.muted,
            selectcolor=p.accent,
            font=self.fonts["body"],
            relief="flat",
            borderwidth=self.px(1),
            activeborderwidth=0,
        )

    def entry(self, entry: tk.Entry) -> None:
        """Dress a one-line field that stands in a `Field.TFrame`."""
        p = self.palette
        entry.configure(**self._writing(p.field), disabledbackground=p.field, disabledforeground=p.muted)

    def text(self, text: tk.Text, background: str) -> None:
        """Dress a Text widget on a ground."""
        text.configure(**self._writing(background), inactiveselectbackground=self.palette.highlight)

    def _writing(self, background: str) -> dict[str, Any]:
        p = self.palette
        return {
            "background": background,
            "foreground": p.text,
            "insertbackground": p.text,
            "selectbackground": p.highlight,
            "selectforeground": p.text,
            "font": self.fonts["body"],
            "relief": "flat",
            "borderwidth": 0,
            "highlightthickness": 0,
        }

    def title_bar(self, window: tk.Tk | tk.Toplevel) -> None:
        """Make the window's own title bar dark on Windows where the theme is; elsewhere do nothing."""
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - Windows only

            with suppress(OSError, AttributeError):
                handle = ctypes.windll.user32.GetParent(window.winfo_id())
                dark = ctypes.c_int(self.palette is DARK)
                # DWMWA_USE_IMMERSIVE_DARK_MODE, Windows 10 version 2004 and newer.
                ctypes.windll.dwmapi.DwmSetWindowAttribute(
                    handle, 20, ctypes.byref(dark), ctypes.sizeof(dark)
                )


_SAFE_LETTERS: Final = r"""
foreach command {tolower toupper totitle} {
    proc ::Lab_$command {text args} [string map [list COMMAND $command] {
        if {[regexp {[\ud800-\udfff]} $text]} { return $text }
        tailcall ::tcl::string::COMMAND $text {*}$args
    }]
    namespace ensemble configure string -map [
        dict replace [namespace ensemble configure string -map] $command ::Lab_$command]
}
"""
"""Tcl 8.6.13 keeps letters beyond U+FFFF in halves, and the program dies when it puts them into another case,
as Tk does with what is typed while a menu is open."""


class Root(tk.Tk):
    """A program's first window, hidden, sharp on high-DPI screens.

    Args:
        class_name: groups the program's windows on the desktop.

    Raises:
        tk.TclError: there is no display.
    """

    def __init__(self, class_name: str = "Tk") -> None:
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - Windows only

            # Has an effect only before the first window; Windows 8.1 and newer.
            with suppress(OSError, AttributeError):
                ctypes.windll.shcore.SetProcessDpiAwareness(1)
        super().__init__(className=class_name)
        self.withdraw()
        self.tk.eval(_SAFE_LETTERS)
        if self.tk.call("tk", "windowingsystem") == "x11":
            with suppress(ValueError):
                self._enlarge_as_desktop()

    def _enlarge_as_desktop(self) -> None:
        """Take the scaling that an X11 desktop has set, at which Tk 8.6 itself does not look.

        `Xft.dpi` goes before the environment: the letters have that size anyway, whatever Tk's scaling is.

        Raises:
            ValueError: what is set is no number.
        """
        display = open_display(self.winfo_screen())
        if dpi := display.resource("Xft", "dpi") if display else "":
            if _LEAST_DPI <= float(dpi) <= _MOST_DPI:
                self.tk.call("tk", "scaling", float(dpi) / _POINTS)
        elif 1 < (enlarge := float(os.environ.get("GDK_SCALE", "1"))) <= 4:
            self.tk.call("tk", "scaling", float(self.tk.call("tk", "scaling")) * enlarge)

    @cached_property
    def look(self) -> Look:
        """The look of all its windows."""
        return Look(self)


def look_of(widget: tk.Misc) -> Look:
    """Return the look of the program whose widget this is."""
    root = widget.nametowidget(".")
    assert isinstance(root, Root)
    return root.look
