"""A flat list of rows that draws only what is seen, so that two thousand members cost as much as twenty."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import ttk

from gui.toolkit.theme import FontName, Look


@dataclass(frozen=True, slots=True)
class Row:
    """One row. Colours are `#rrggbb`; "" means the usual one."""

    key: str
    """Finds the row again; "" for a heading, which cannot be chosen."""
    text: str
    lead: str = ""
    """A short mark before the text: `#`, `@`."""
    colour: str = ""
    bold: bool = False
    dimmed: bool = False
    badge: str = ""
    loud: bool = False
    """The badge is meant for the user: in the accent colour."""
    closable: bool = False


def _ignore(*_: object) -> None:
    pass


class RowList(ttk.Frame):
    """Rows of one height with a chosen one, a hover, and the keyboard.

    `on_choose(key)`: clicked, or walked to with the arrow keys. `on_open(key)`: double click or Return.
    `on_close(key)`: the row's cross, the middle button or Delete. `on_menu(key, x, y)`: the right button or
    the Menu key, in screen coordinates.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Side.TFrame")
        self.on_choose: Callable[[str], object] = _ignore
        self.on_open: Callable[[str], object] = _ignore
        self.on_close: Callable[[str], object] = _ignore
        self.on_menu: Callable[[str, int, int], object] = _ignore
        self.follow_cursor = True
        """Walking with the arrow keys chooses at once."""
        self._look = look
        self._rows: Sequence[Row] = ()
        self._chosen = ""
        self._cursor = ""
        self._hover = ""
        self._focused = False
        self._top = 0
        self._drawn: list[tk.PhotoImage] = []
        self._pending: str | None = None
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, takefocus=True)
        self._bar = ttk.Scrollbar(self, style="Side.Vertical.TScrollbar", command=self._bar_moved)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self._bind_events()
        look.follow(self, self._restyle)
        self.bind("<Destroy>", self._on_destroy, add="+")

    def _bind_events(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _: self._draw_soon())
        canvas.bind("<Motion>", lambda event: self._set_hover(event.y))
        canvas.bind("<Leave>", lambda _: self._set_hover(-1))
        canvas.bind("<Button-1>", self._clicked)
        canvas.bind("<Double-Button-1>", lambda event: self._call(self.on_open, event.y))
        canvas.bind("<Button-2>", lambda event: self._middle_clicked(event.y))
        canvas.bind("<Button-3>", lambda event: self._menu_at(event.y, event.x_root, event.y_root))
        for key in ("<Menu>", "<Shift-F10>"):
            canvas.bind(key, lambda _: self._menu_at_cursor())
        for key, step in (("<Up>", -1), ("<Down>", 1), ("<Prior>", -10), ("<Next>", 10)):
            canvas.bind(key, lambda _, step=step: self._walk(step))  # type: ignore[misc]
        canvas.bind("<Home>", lambda _: self._walk(-len(self._rows)))
        canvas.bind("<End>", lambda _: self._walk(len(self._rows)))
        canvas.bind("<Return>", lambda _: self._cursor and self.on_open(self._cursor))
        canvas.bind("<space>", lambda _: self._cursor and self.on_choose(self._cursor))
        canvas.bind("<Delete>", lambda _: self._close(self._cursor))
        canvas.bind("<FocusIn>", lambda _: self._set_focused(True))
        canvas.bind("<FocusOut>", lambda _: self._set_focused(False))
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1))
        canvas.bind("<Button-4>", lambda _: self._scroll(-1))
        canvas.bind("<Button-5>", lambda _: self._scroll(1))

    # For the owner.

    def show(self, rows: Sequence[Row], chosen: str = "") -> None:
        """Show these rows; keep the place in the list."""
        self._rows = rows
        self._chosen = chosen
        keys = {row.key for row in rows if row.key}
        if self._cursor not in keys:
            self._cursor = chosen
        self._draw_soon()

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard works in the list."""
        return self._focused

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are shown."""
        return self._rows

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self and self._pending:
            self.after_cancel(self._pending)
            self._pending = None

    # Drawing.

    def _restyle(self) -> None:
        self.canvas.configure(background=self._look.palette.side)
        self._draw_soon()

    @property
    def _height(self) -> int:
        return self._look.line_height() + self._look.em(0.75)

    def _draw_soon(self) -> None:
        if self._pending is None:
            self._pending = self.after_idle(self._draw)

    def _draw(self) -> None:
        self._pending = None
        canvas, height = self.canvas, self._height
        width, view = canvas.winfo_width(), canvas.winfo_height()
        total = height * len(self._rows)
        self._top = max(0, min(self._top, total - view))
        if total > view:
            self._bar.grid(row=0, column=1, sticky="ns")
            self._bar.set(self._top / total, (self._top + view) / total)
        else:
            self._bar.grid_remove()
        canvas.delete("all")
        self._drawn = []
        first = self._top // height
        for index in range(first, min(len(self._rows), (self._top + view) // height + 1)):
            self._draw_row(self._rows[index], index * height - self._top, width)

    def _picture(self, x: int, y: int, width: int, height: int, fill: str) -> None:
        if width < 2:  # the window is not laid out yet
            return
        picture = self._look.rounded(width, height, min(self._look.px(7), height / 2), fill)
        self._drawn.append(picture)
        self.canvas.create_image(x, y, image=picture, anchor="nw")

    def _draw_row(self, row: Row, y: int, width: int) -> None:
        look, canvas, height = self._look, self.canvas, self._height
        p, margin, middle = look.palette, look.em(0.5), y + height // 2
        if not row.key:
            canvas.create_text(
                2 * margin,
                y + height - look.em(0.4),
                text=row.text,
                anchor="sw",
                fill=p.muted,
                font=look.fonts["heading"],
            )
            return
        focused = row.key == self._cursor and self._focused
        box = (margin, y + look.px(1), width - 2 * margin, height - look.px(2))
        ground = p.selected if row.key == self._chosen else p.hover if row.key == self._hover else ""
        if focused:
            self._picture(*box, p.accent)
            inner = look.px(2)
            self._picture(
                box[0] + inner, box[1] + inner, box[2] - 2 * inner, box[3] - 2 * inner, ground or p.side
            )
        elif ground:
            self._picture(*box, ground)
        right = width - 2 * margin
        if row.closable and row.key == self._hover:
            cross = look.icon("close", p.muted, look.em(1.1))
            canvas.create_image(right, middle, image=cross, anchor="e")
            right -= look.em(1.5)
        elif row.badge:
            text_width = look.fonts["heading"].measure(row.badge)
            high = look.line_height("heading")
            wide = max(text_width + look.em(0.8), high)
            fill, ink = (p.accent, p.on_accent) if row.loud else (p.badge, p.on_badge)
            self._picture(right - wide, middle - high // 2, wide, high, fill)
            canvas.create_text(right - wide / 2, middle, text=row.badge, fill=ink, font=look.fonts["heading"])
            right -= wide + look.em(0.4)
        left = 2 * margin
        if row.lead:
            canvas.create_text(
                left + look.em(0.5), middle, text=row.lead, fill=p.muted, font=look.fonts["body"]
            )
        left += look.em(1.4)
        font: FontName = "bold" if row.bold else "body"
        colour = p.muted if row.dimmed else row.colour or p.text
        text = look.shorten(row.text, font, right - left)
        canvas.create_text(left, middle, text=text, anchor="w", fill=colour, font=look.fonts[font])

    # Mouse and keyboard.

    def _row_at(self, y: int) -> Row | None:
        index = (y + self._top) // self._height
        return (
            self._rows[index] if y >= 0 and 0 <= index < len(self._rows) and self._rows[index].key else None
        )

    def _set_focused(self, focused: bool) -> None:
        self._focused = focused
        self._draw_soon()

    def _set_hover(self, y: int) -> None:
        row = self._row_at(y)
        key = row.key if row else ""
        if key != self._hover:
            self._hover = key
            self.canvas.configure(cursor="hand2" if key else "")
            self._draw_soon()

    def _clicked(self, event: "tk.Event[tk.Canvas]") -> None:
        row = self._row_at(event.y)
        if row is None:
            return
        right = self.canvas.winfo_width() - self._look.em(1)
        if row.closable and right - self._look.em(1.5) <= event.x <= right:
            self.on_close(row.key)
            return
        self._cursor = row.key
        self._draw_soon()
        self.on_choose(row.key)

    def _call(self, function: Callable[[str], object], y: int) -> None:
        row = self._row_at(y)
        if row:
            function(row.key)

    def _middle_clicked(self, y: int) -> None:
        row = self._row_at(y)
        self._close(row.key if row else "")

    def _close(self, key: str) -> None:
        if any(row.key == key and row.closable for row in self._rows):
            self.on_close(key)

    def _menu_at(self, y: int, x_root: int, y_root: int) -> None:
        row = self._row_at(y)
        if row:
            self._cursor = row.key
            self._draw_soon()
            self.on_menu(row.key, x_root, y_root)

    def _menu_at_cursor(self) -> None:
        for index, row in enumerate(self._rows):
            if row.key and row.key == self._cursor:
                y = index * self._height - self._top + self._height
                x = self.canvas.winfo_rootx() + self._look.em(2)
                self.on_menu(row.key, x, self.canvas.winfo_rooty() + y)

    def _walk(self, step: int) -> str:
        keys = [row.key for row in self._rows if row.key]
        if keys:
            at = keys.index(self._cursor) + step if self._cursor in keys else 0
            self._cursor = keys[max(0, min(len(keys) - 1, at))]
            self._see(self._cursor)
            if self.follow_cursor:
                self.on_choose(self._cursor)
        return "break"

    def _see(self, key: str) -> None:
        height, view = self._height, self.canvas.winfo_height()
        index = next(index for index, row in enumerate(self._rows) if row.key == key)
        self._top = min(self._top, index * height)
        self._top = max(self._top, (index + 1) * height - view)
        self._draw_soon()

    def _scroll(self, rows: int) -> None:
        self._top += rows * self._height
        self._draw_soon()

    def _bar_moved(self, action: str, amount: str, unit: str = "") -> None:
        if action == "moveto":
            self._top = int(float(amount) * self._height * len(self._rows))
            self._draw_soon()
        elif unit:
            self._scroll(int(amount) * (10 if unit == "pages" else 1))
