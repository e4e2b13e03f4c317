"""A list that draws only the rows that are seen, so that thousands of them cost as much as twenty."""

import tkinter as tk
from collections.abc import Callable, Collection, Hashable, Sequence
from itertools import islice
from tkinter import ttk
from typing import ClassVar, Generic, Literal, TypeVar, overload

from gui.toolkit.theme import FontName, Look

ItemT = TypeVar("ItemT")
RowT = TypeVar("RowT")
KeyT = TypeVar("KeyT", bound=Hashable)
Anchor = Literal["w", "e", "sw", "center"]


def ignore(*_: object) -> None:
    """Do nothing: what a callback does until its owner sets it."""


class LazyRows(Sequence[RowT], Generic[ItemT, RowT]):
    """The rows of many things, each made when it is drawn."""

    def __init__(self, items: Sequence[ItemT], row: Callable[[ItemT], RowT]) -> None:
        self._items = items
        self._row = row

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> RowT: ...
    @overload
    def __getitem__(self, at: slice) -> list[RowT]: ...
    def __getitem__(self, at: int | slice) -> RowT | list[RowT]:
        if isinstance(at, slice):
            return [self._row(item) for item in self._items[at]]
        return self._row(self._items[at])


class VirtualList(ttk.Frame, Generic[RowT, KeyT]):
    """Rows of one height with a cursor, selected rows, a hover, and the keyboard.

    To be overridden: `measure_row`, `background`, `key_of`, `draw_row`; where need be `clicked`,
    `before_drawing`, `index_of` and the attributes in capitals.

    `on_choose(key)`: clicked, or walked to with the arrow keys. `empty()` gives the words for a list without
    rows.
    """

    BAR_STYLE: ClassVar = "Vertical.TScrollbar"
    BAR_STAYS: ClassVar[bool] = False
    """The scrollbar is there even where everything can be seen."""
    WHEEL_ROWS: ClassVar[int] = 1
    FOLLOWS_END: ClassVar[bool] = False
    """Stays at the end as rows are added, until the user scrolls away; shows whole rows only."""
    HOVERS: ClassVar[bool] = False
    """The row under the pointer is drawn differently."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.on_choose: Callable[[KeyT], object] = ignore
        self.empty: Callable[[], str] = lambda: ""
        self.walking_chooses = True
        """The arrow keys choose the row that they come to."""
        self.rows: Sequence[RowT] = ()
        """The rows that are shown."""
        self.row_height = 1
        """Pixels, as `measure_row` says."""
        self.has_focus = False
        """The keyboard works in the list."""
        self._look = look
        self._selected: Collection[KeyT] = ()
        self._cursor: KeyT | None = None
        self._found_at: int | None = None
        """Where the row stood that was looked for last."""
        self._hover: KeyT | None = None
        self._following = self.FOLLOWS_END
        self._top = 0
        """Pixels of the list above those that are seen."""
        self._pictures: list[tk.PhotoImage] = []
        """Kept here because Tk shows a picture only while something refers to it."""
        self._pending: str | None = None
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, takefocus=True)
        self._bar = ttk.Scrollbar(self, style=self.BAR_STYLE, command=self._bar_moved)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        # Row 0 is left for a heading.
        self.canvas.grid(row=1, column=0, sticky="nsew")
        self._bar.grid(row=1, column=1, sticky="ns")
        self._bar.grid_remove()
        self._bind_events()
        look.follow(self, self._restyle)
        self.bind("<Destroy>", self._on_destroy, add="+")

    def _bind_events(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _: self.draw_soon())
        canvas.bind("<Button-1>", self._button_pressed)
        if self.HOVERS:
            canvas.bind("<Motion>", lambda event: self._set_hover(self.key_at(event.y)))
            canvas.bind("<Leave>", lambda _: self._set_hover(None))
        canvas.bind("<Up>", lambda _: self.walk(-1))
        canvas.bind("<Down>", lambda _: self.walk(1))
        canvas.bind("<Prior>", lambda _: self.walk(-self.page_rows))
        canvas.bind("<Next>", lambda _: self.walk(self.page_rows))
        canvas.bind("<Home>", lambda _: self.walk(-len(self.rows)))
        canvas.bind("<End>", lambda _: self.walk(len(self.rows)))
        canvas.bind("<FocusIn>", lambda _: self._set_focused(focused=True))
        canvas.bind("<FocusOut>", lambda _: self._set_focused(focused=False))
        wheel = self.WHEEL_ROWS
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-wheel if event.delta > 0 else wheel))
        canvas.bind("<Button-4>", lambda _: self._scroll(-wheel))
        canvas.bind("<Button-5>", lambda _: self._scroll(wheel))

    # To be overridden.

    def measure_row(self) -> int:
        """Return the height of a row in pixels, in the present fonts."""
        raise NotImplementedError

    @property
    def background(self) -> str:
        """The colour behind the rows."""
        raise NotImplementedError

    @property
    def page_rows(self) -> int:
        """Rows that Page Up and Page Down walk."""
        return max(1, self._view // self.row_height - 1)

    def key_of(self, row: RowT) -> KeyT | None:
        """Return what finds the row again; None for one that cannot be chosen."""
        raise NotImplementedError

    def draw_row(self, row: RowT, y: int, width: int) -> None:
        """Draw a row whose upper edge is `y` pixels below the canvas's."""
        raise NotImplementedError

    def before_drawing(self, seen: Sequence[RowT]) -> None:
        """Prepare what all rows depend on; `seen` are the rows to be drawn."""

    def clicked(self, key: KeyT, x: int) -> None:
        """Act on a click at `x` on the row of this key."""
        self.set_cursor(key)
        self.on_choose(key)

    # For the owner.

    @property
    def cursor(self) -> KeyT | None:
        """The key of the row from which the arrow keys go on."""
        return self._cursor

    def see(self, key: KeyT) -> None:
        """Scroll to a row, if it is there."""
        index = self.index_of(key)
        if index is not None:
            self._see(index)

    def walk(self, step: int) -> str:
        """Let the cursor go so many rows down, or up; return "break" for Tk."""
        count, at = len(self.rows), self.index_of(self._cursor)
        if at is None:
            at, step = (count, -1) if self.FOLLOWS_END else (-1, 1)
        way = range(at + 1, count) if step > 0 else range(at - 1, -1, -1)
        passed = [*islice((index for index in way if self.key_of(self.rows[index]) is not None), abs(step))]
        at = passed[-1] if passed else at
        if 0 <= at < count:
            key = self.key_of(self.rows[at])
            assert key is not None
            self.set_cursor(key)
            self._see(at)
            if self.walking_chooses:
                self.on_choose(key)
        return "break"

    def see_in_middle(self, key: KeyT) -> None:
        """Scroll so that a row, if it is there, has as much above it as below."""
        index = self.index_of(key)
        if index is not None:
            self._scroll_to(index * self.row_height - (self._view - self.row_height) // 2)

    # For those who override.

    def set_rows(self, rows: Sequence[RowT], selected: Collection[KeyT]) -> None:
        """Show these rows; keep the place in the list. They are read when they are drawn."""
        self.rows, self._selected = rows, selected
        self.draw_soon()

    def set_cursor(self, key: KeyT | None) -> None:
        """Let the arrow keys go on from this row."""
        self._cursor = key
        self.draw_soon()

    def index_of(self, key: KeyT | None) -> int | None:
        """Return where a row stands."""
        if key is None:
            return None
        # Each draw asks for the cursor's row, and there may be thousands: mostly it is where it was.
        at = self._found_at
        if at is None or at >= len(self.rows) or self.key_of(self.rows[at]) != key:
            at = next((at for at, row in enumerate(self.rows) if self.key_of(row) == key), None)
            self._found_at = at
        return at

    def key_at(self, y: int) -> KeyT | None:
        """Return the key of the row at a height of the canvas, if there is one that can be chosen."""
        index = (y + self._top) // self.row_height
        return self.key_of(self.rows[index]) if y >= 0 and 0 <= index < len(self.rows) else None

    def draw_soon(self) -> None:
        """Draw when Tk has nothing else to do, once for however many calls."""
        if self._pending is None:
            self._pending = self.after_idle(self._draw)

    def draw_box(self, x: int, y: int, width: int, height: int, fill: str) -> None:
        """Draw a rectangle with round corners."""
        if width < 2:  # the window is not laid out yet
            return
        picture = self._look.pictures.rounded(width, height, min(self._look.px(7), height / 2), fill)
        self._pictures.append(picture)
        self.canvas.create_image(x, y, image=picture, anchor="nw")

    def draw_ground(self, key: KeyT, x: int, y: int, width: int, height: int) -> None:
        """Draw with round corners what is behind a selected or hovered row, and the ring of the cursor."""
        look, p = self._look, self._look.palette
        fill = p.selected if key in self._selected else p.hover if key == self._hover else ""
        if key == self._cursor and self.has_focus:
            line = look.px(2)
            self.draw_box(x, y, width, height, p.accent)
            x, y, width, height = x + line, y + line, width - 2 * line, height - 2 * line
            fill = fill or self.background
        if fill:
            self.draw_box(x, y, width, height, fill)

    def draw_band(self, key: KeyT, y: int, width: int, usual: str = "") -> None:
        """Draw the same for a row of a table: from edge to edge, over its usual colour, if it has one."""
        look, canvas, height = self._look, self.canvas, self.row_height
        if fill := look.palette.selected if key in self._selected else usual:
            canvas.create_rectangle(0, y, width, y + height, fill=fill, width=0)
        if key == self._cursor and self.has_focus:
            thick = look.px(2)
            ring = (thick / 2, y + 1, width - thick / 2, y + height - 1)
            canvas.create_rectangle(*ring, outline=look.palette.accent, width=thick)

    def draw_text(
        self, x: float, y: float, text: str, colour: str, font: FontName = "body", anchor: Anchor = "w"
    ) -> None:
        """Write a text whose edge, corner or centre, as the anchor says, is at a point of the canvas."""
        self.canvas.create_text(x, y, text=text, fill=colour, font=self._look.fonts[font], anchor=anchor)

    # Inside.

    @property
    def _view(self) -> int:
        """Pixels of the list that can be seen."""
        height = self.canvas.winfo_height()
        return max(1, height // self.row_height) * self.row_height if self.FOLLOWS_END else height

    @property
    def _total(self) -> int:
        return self.row_height * len(self.rows)

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self and self._pending:
            self.after_cancel(self._pending)
            self._pending = None

    def _restyle(self) -> None:
        first, self.row_height = self._top // self.row_height, self.measure_row()
        self._top = first * self.row_height
        self.canvas.configure(background=self.background)
        self.draw_soon()

    def _draw(self) -> None:
        self._pending = None
        canvas, height, view, total = self.canvas, self.row_height, self._view, self._total
        if self._following:
            self._top = total - view
        self._top = max(0, min(self._top, total - view))
        if self.BAR_STAYS or total > view:
            self._bar.grid()
            self._bar.set(self._top / max(1, total), min(1.0, (self._top + view) / max(1, total)))
        else:
            self._bar.grid_remove()
        canvas.delete("all")
        self._pictures = []
        first = self._top // height
        seen = self.rows[first : (self._top + canvas.winfo_height()) // height + 1]
        self.before_drawing(seen)
        width = canvas.winfo_width()
        if not self.rows:
            canvas.create_text(
                width // 2,
                canvas.winfo_height() // 2,
                text=self.empty(),
                fill=self._look.palette.muted,
                font=self._look.fonts["body"],
                width=width - 2 * self._look.em(1),
                justify="center",
            )
        for index, row in enumerate(seen, first):
            self.draw_row(row, index * height - self._top, width)
        if self.has_focus and self.index_of(self._cursor) is None:
            # No row has the ring yet, and where the keys go must be seen.
            thick = self._look.px(2)
            ring = (thick / 2, thick / 2, width - thick / 2, canvas.winfo_height() - thick / 2)
            canvas.create_rectangle(*ring, outline=self._look.palette.accent, width=thick)

    def _set_focused(self, *, focused: bool) -> None:
        self.has_focus = focused
        self.draw_soon()

    def _set_hover(self, key: KeyT | None) -> None:
        if key != self._hover:
            self._hover = key
            self.canvas.configure(cursor="" if key is None else "hand2")
            self.draw_soon()

    def _button_pressed(self, event: "tk.Event[tk.Canvas]") -> None:
        key = self.key_at(event.y)
        if key is not None:
            self.clicked(key, event.x)

    def _see(self, index: int) -> None:
        self._top = min(self._top, index * self.row_height)
        self._scroll_to(max(self._top, (index + 1) * self.row_height - self._view))

    def _scroll(self, rows: int) -> None:
        self._scroll_to(self._top + rows * self.row_height)

    def _scroll_to(self, top: int) -> None:
        self._top = max(0, top)
        self._following = self.FOLLOWS_END and self._top + self._view >= self._total
        self.draw_soon()

    def _bar_moved(self, action: str, amount: str, unit: str = "") -> None:
        if action == "moveto":
            top = int(float(amount) * self._total)
            self._scroll_to(top - top % self.row_height if self.FOLLOWS_END else top)
        elif unit:
            self._scroll(int(amount) * (self.page_rows if unit == "pages" else 1))
