"""A panel above the input line from which emoji are chosen, with a search."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import Final, NamedTuple

from gui.chat.writing.emoji import CATEGORIES, EMOJI, Emoji, search
from gui.toolkit.editing.glyphs import draws
from gui.toolkit.field import BoxedEntry
from gui.toolkit.text import add_scrollbar
from gui.toolkit.theme import Look
from translations import _, translate

COLUMNS: Final = 9
ROWS: Final = 6
"""That are seen at once."""
_BY_CHAR: Final = {one.char: one for one in EMOJI}


class _Cell(NamedTuple):
    emoji: Emoji
    column: int
    y: int
    """Pixels from the top of all."""


class EmojiPicker(ttk.Frame):
    """Arrow keys and Tab walk, Enter or a click chooses, Esc closes, letters search.

    `on_choose(char)`: one was chosen; the panel has closed. `on_close()`: it has closed.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Card.TFrame")
        self.on_choose: Callable[[str], object] = lambda char: None
        self.on_close: Callable[[], object] = lambda: None
        self._look = look
        self._recent: Sequence[str] = ()
        self._cells: list[_Cell] = []
        self._headings: list[tuple[str, int]] = []
        """Words, and at which height they stand."""
        self._at = 0
        """The number of the cell that Enter chooses."""
        self._searched = ""
        self._entered = False
        """It has had the keyboard since it was opened."""
        self._box = BoxedEntry(self, look, (0.7, 0.4), width=10)
        self.entry = self._box.entry
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, cursor="hand2")
        add_scrollbar(self.canvas, row=2)
        self._title = ttk.Label(self, style="Heading.TLabel")
        self._name = ttk.Label(self, style="Small.TLabel", width=1)
        self._title.grid(row=0, column=0, columnspan=2, sticky="w")
        self._box.grid(row=1, column=0, columnspan=2, sticky="ew")
        self.canvas.grid(row=2, column=0, sticky="nsew")
        self._name.grid(row=3, column=0, columnspan=2, sticky="ew")
        self._bind_events()
        look.follow(self, self._restyle)

    def _bind_events(self) -> None:
        entry, canvas = self.entry, self.canvas
        steps = {"<Left>": -1, "<Right>": 1}
        for key, step in steps.items():
            entry.bind(key, lambda _, step=step: self._walk_to(self._at + step))  # type: ignore[misc]
        entry.bind("<Up>", lambda _: self._walk_rows(-1))
        entry.bind("<Down>", lambda _: self._walk_rows(1))
        entry.bind("<Tab>", lambda _: self._walk_categories(1))
        entry.bind("<<PrevWindow>>", lambda _: self._walk_categories(-1))
        for key in ("<Return>", "<KP_Enter>"):
            entry.bind(key, lambda _: self._choose(self._at))
        entry.bind("<Escape>", lambda _: self.close())
        for change in ("<KeyRelease>", "<<Paste>>", "<<Cut>>"):
            entry.bind(change, lambda _: entry.after_idle(self._search), add="+")
        entry.bind("<FocusIn>", self._note_entered, add="+")
        entry.bind("<FocusOut>", lambda _: self.after_idle(self._close_if_left), add="+")
        canvas.bind("<Button-1>", lambda event: self._choose(self._index_at(event)))
        canvas.bind("<Motion>", lambda event: self._walk_to(self._index_at(event), see=False))
        if self.tk.call("tk", "windowingsystem") == "x11":
            canvas.bind("<Button-4>", lambda _: self._scroll(-1))
            canvas.bind("<Button-5>", lambda _: self._scroll(1))
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1))

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self.winfo_manager())

    def open(self, recent: Sequence[str], above: int) -> None:
        """Show it in its master's lower right corner.

        Args:
            recent: what was chosen last, which comes first.
            above: pixels that are left free below it.
        """
        self._recent, self._entered = recent, False
        self.entry.delete(0, "end")
        self._fill()
        self.place(relx=1.0, x=-self._look.em(1.2), rely=1.0, y=-above, anchor="se")
        self.lift()
        self.update_idletasks()  # only what is on the screen gets the keyboard at once
        self.entry.focus_set()

    def close(self) -> None:
        """Hide it."""
        if self.is_open:
            self.place_forget()
            self.on_close()

    def _note_entered(self, _: object) -> None:
        self._entered = True

    def _close_if_left(self) -> None:
        focused = str(self.tk.call("focus"))
        # "": another window has the keyboard for a while; the window itself: no field has it.
        elsewhere = focused not in ("", str(self.winfo_toplevel())) and not focused.startswith(f"{self}.")
        if self._entered and elsewhere:
            self.place_forget()

    def _scroll(self, rows: int) -> None:
        self.canvas.yview_scroll(rows * self._size, "units")

    # What is shown.

    def _search(self) -> None:
        if self.winfo_exists() and self.entry.get() != self._searched:
            self._fill()

    def _fill(self) -> None:
        self._searched = self.entry.get()
        can_draw = partial(draws, self._look)
        found = search(self._searched, can_draw)
        groups: list[tuple[str, list[Emoji]]] = []
        if self._searched.strip():
            groups.append((_("Found"), list(found)))
        else:
            recent = [_BY_CHAR[char] for char in self._recent if char in _BY_CHAR and can_draw(char)]
            groups.append((_("Chosen before"), recent))
            for category, words in CATEGORIES.items():
                groups.append((translate(words), [one for one in found if one.category == category]))
        self._lay_out([group for group in groups if group[1]])
        self._at = 0
        self.canvas.yview_moveto(0)
        self._draw()

    def _lay_out(self, groups: Sequence[tuple[str, Sequence[Emoji]]]) -> None:
        self._cells.clear()
        self._headings.clear()
        y, heading = 0, self._heading_height
        for words, emoji in groups:
            self._headings.append((words, y))
            y += heading
            for number, one in enumerate(emoji):
                self._cells.append(_Cell(one, number % COLUMNS, y + number // COLUMNS * self._size))
            y += -(-len(emoji) // COLUMNS) * self._size
        self.canvas.configure(scrollregion=(0, 0, COLUMNS * self._size, max(y, ROWS * self._size)))

    @property
    def _size(self) -> int:
        """Pixels of a cell."""
        return self._look.em(2.1)

    @property
    def _heading_height(self) -> int:
        return self._look.line_height("heading") + self._look.em(0.5)

    def _draw(self) -> None:
        canvas, look, size = self.canvas, self._look, self._size
        p = look.palette
        canvas.delete("all")
        for words, y in self._headings:
            place = (look.em(0.3), y + self._heading_height - look.em(0.2))
            canvas.create_text(*place, text=words, anchor="sw", fill=p.muted, font=look.fonts["heading"])
        if not self._cells:
            words = _("No emoji is called so")
            place = (look.em(0.3), look.em(0.5))
            canvas.create_text(*place, text=words, anchor="nw", fill=p.muted, font=look.fonts["body"])
        for cell in self._cells:
            x, y = cell.column * size + size // 2, cell.y + size // 2
            canvas.create_text(x, y, text=cell.emoji.char, fill=p.text, font=look.fonts["emoji"])
        self._show_cursor()

    def _show_cursor(self) -> None:
        canvas, size = self.canvas, self._size
        canvas.delete("cursor")
        self._name.configure(text="")
        if not self._cells:
            return
        cell = self._cells[self._at]
        x = cell.column * size
        box = canvas.create_rectangle(
            *(x + 1, cell.y + 1, x + size - 1, cell.y + size - 1),
            fill=self._look.palette.selected,
            outline=self._look.palette.accent,
            tags="cursor",
        )
        canvas.tag_lower(box)
        names = "  ".join(f":{name}:" for name in cell.emoji.names)
        self._name.configure(text=self._look.shorten(names, "small", COLUMNS * size))

    # Mouse and keyboard.

    def _index_at(self, event: "tk.Event[tk.Canvas]") -> int:
        """Return the number of the cell at the pointer, or -1."""
        x, y = event.x, self.canvas.canvasy(event.y)
        for number, cell in enumerate(self._cells):
            left = cell.column * self._size
            if left <= x < left + self._size and cell.y <= y < cell.y + self._size:
                return number
        return -1

    def _walk_to(self, index: int, *, see: bool = True) -> str:
        if 0 <= index < len(self._cells):
            self._at = index
            self._show_cursor()
            if see:
                self._see(self._cells[index].y)
        return "break"

    def _see(self, y: int) -> None:
        canvas, size = self.canvas, self._size
        whole = float(str(canvas.cget("scrollregion")).split()[3])
        top, height = canvas.canvasy(0), canvas.winfo_height()
        if y - self._heading_height < top:
            canvas.yview_moveto(max(0, y - self._heading_height) / whole)
        elif y + size > top + height:
            canvas.yview_moveto((y + size - height) / whole)

    def _walk_rows(self, step: int) -> str:
        if not self._cells:
            return "break"
        now = self._cells[self._at]
        beyond = [n for n, cell in enumerate(self._cells) if (cell.y - now.y) * step > 0]
        if beyond:
            row = self._cells[beyond[0] if step > 0 else beyond[-1]].y
            there = [n for n in beyond if self._cells[n].y == row]
            self._walk_to(min(there, key=lambda n: abs(self._cells[n].column - now.column)))
        return "break"

    def _walk_categories(self, step: int) -> str:
        """Go to the first emoji below the next heading, or the previous one, round and round."""
        if not self._cells:
            return "break"
        tops = [y + self._heading_height for _words, y in self._headings]
        now = sum(top <= self._cells[self._at].y for top in tops) - 1
        top = tops[(now + step) % len(tops)]
        return self._walk_to(next(n for n, cell in enumerate(self._cells) if cell.y == top))

    def _choose(self, index: int) -> str:
        if 0 <= index < len(self._cells):
            char = self._cells[index].emoji.char
            self.close()
            self.on_choose(char)
        return "break"

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=em(0.7))
        self.canvas.configure(
            background=self._look.palette.window,
            width=COLUMNS * self._size,
            height=ROWS * self._size,
            yscrollincrement=1,
        )
        self._title.configure(text=_("Search emoji by name"), padding=(em(0.3), 0, 0, em(0.3)))
        self._name.configure(padding=(em(0.3), em(0.4), 0, 0))
        self.canvas.grid(pady=(em(0.5), 0))
        if self.is_open:
            self._fill()
