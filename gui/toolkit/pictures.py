"""The pictures of one Tk interpreter, each made once: `gui.toolkit.shapes` draws them."""

import tkinter as tk
from typing import Final

from gui.toolkit import shapes

MAX_RECTANGLES: Final = 300


class Pictures:
    """Makes pictures and keeps them, as Tk shows one only while somebody holds it. For the Tk thread only."""

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self._kept: dict[str, tk.PhotoImage] = {}
        self._rectangles: dict[str, tk.PhotoImage] = {}

    def make(self, rows: shapes.Rows) -> tk.PhotoImage:
        """Return a new picture of these rows of pixels, for the caller to keep."""
        return tk.PhotoImage(master=self._root, data=shapes.png(rows), format="png")

    def rounded(self, width: int, height: int, radius: float, fill: str) -> tk.PhotoImage:
        """Return a rectangle with round corners, in pixels: the same measures give the same picture."""
        key = f"{width}x{height}r{radius}{fill}"
        if key not in self._rectangles:
            if len(self._rectangles) >= MAX_RECTANGLES:
                # Sizes pile up while a window is being resized; whoever draws a picture keeps a reference.
                self._rectangles.clear()
            self._rectangles[key] = self.make(shapes.rounded(width, height, radius, fill))
        return self._rectangles[key]

    def icon(self, name: str, size: int, colour: str) -> tk.PhotoImage:
        """Return an icon of `gui.toolkit.shapes.ICONS` of `size` by `size` pixels."""
        key = f"{name}{size}{colour}"
        if key not in self._kept:
            self._kept[key] = self.make(shapes.icon(name, size, colour))
        return self._kept[key]

    def placed(self, width: int, height: int, icon: tk.PhotoImage | None = None) -> tk.PhotoImage:
        """Return a transparent picture of this size in pixels, with an icon in its middle."""
        key = f"{width}x{height}{icon}"
        if key not in self._kept:
            self._kept[key] = tk.PhotoImage(master=self._root, width=width, height=height)
            if icon is not None:
                lay_over(self._kept[key], icon, (width - icon.width()) // 2, (height - icon.height()) // 2)
        return self._kept[key]

    def redraw(self, name: str, rows: shapes.Rows) -> tk.PhotoImage:
        """Return the picture of this name, which shows these pixels now wherever it is used already."""
        if name in self._kept:
            self._kept[name].configure(data=shapes.png(rows))
        else:
            self._kept[name] = self.make(rows)
        return self._kept[name]

    def sign(self, name: str, size: int, ground: str, colour: str) -> tk.PhotoImage:
        """Return a new picture of an icon on a rounded square of `size` by `size` pixels."""
        picture = self.make(shapes.rounded(size, size, size / 4, ground))
        lay_over(picture, self.make(shapes.icon(name, size * 3 // 4, colour)), size // 8, size // 8)
        return picture


def lay_over(picture: tk.PhotoImage, other: tk.PhotoImage, x: int = 0, y: int = 0) -> None:
    """Draw another picture over this one, so many pixels from its left and upper edges."""
    picture.tk.call(picture, "copy", other, "-to", x, y, "-compositingrule", "overlay")
