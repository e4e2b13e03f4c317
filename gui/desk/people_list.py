"""The table of everybody in the class: sorted by a click on a heading, chosen with mouse and keyboard."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, Literal

from client.model.desk import DeskPerson
from gui.desk.columns import Column, Now, in_order, text_of, title
from gui.toolkit import keys
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import VirtualList, ignore
from protocol.class_words import ABSENT, GONE, HERE, NOBODY, STRANGER
from translations import _

_RIGHT: Final = frozenset({Column.LINES})
"""Columns of numbers."""
_WIDEST: Final = 10.0
"""In ems: as wide a column gets whose texts are about as long."""


class PeopleList(VirtualList[DeskPerson, str]):
    """`on_menu(x, y)`: the right button or the Menu key, for those who are chosen. `on_word(person)`: a
    raised hand, or a word that was given, was clicked, or Return pressed.
    """

    BAR_STAYS = True
    WHEEL_ROWS = 3

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self.on_menu: Callable[[int, int], object] = ignore
        self.on_word: Callable[[DeskPerson], object] = ignore
        self.now: Callable[[], Now] = lambda: Now(0.0, 0.0)
        self.column, self.backwards = Column.HAND, False
        """By what the rows are sorted."""
        self.chosen: set[str] = set()
        """Ids of the people who are chosen, in the table or not."""
        self._anchor: str | None = None
        """Where a range begins."""
        self._people: Sequence[DeskPerson] = ()
        self._moment = Now(0.0, 0.0)
        """For which the cells are written."""
        self._edges: dict[Column, tuple[int, int]] = {}
        """Where the columns begin and end, in pixels."""
        self.head = tk.Canvas(self, highlightthickness=0, borderwidth=0)
        self.head.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.head.bind("<Button-1>", self._head_clicked)
        self.on_choose = lambda key: self._choose({key}, key)
        self._bind_more()

    def _bind_more(self) -> None:
        canvas = self.canvas
        canvas.bind("<Control-Button-1>", self._toggle_clicked)
        canvas.bind("<Shift-Button-1>", self._range_clicked)
        canvas.bind("<Button-3>", self._menu_clicked)
        canvas.bind("<Shift-Up>", lambda _: self._extend(-1))
        canvas.bind("<Shift-Down>", lambda _: self._extend(1))
        canvas.bind("<space>", lambda _: self._toggle(self._cursor))
        canvas.bind("<Return>", lambda _: self._word_of(self._cursor))
        canvas.bind("<Left>", lambda _: self._walk_columns(-1))
        canvas.bind("<Right>", lambda _: self._walk_columns(1))
        canvas.bind("<Control-KeyPress>", self._control_key)
        for key in keys.MENU_KEYS:
            canvas.bind(key, lambda _: self.open_menu())

    # For the owner.

    def show(self, people: Sequence[DeskPerson]) -> None:
        """Show these people, sorted as the user wants."""
        self._people = people
        self.chosen &= {person.id for person in people}
        self.set_rows(in_order(people, self.column, backwards=self.backwards), self.chosen)

    def sort_by(self, column: Column) -> None:
        """Sort by a column; by the same again, the other way round."""
        self.backwards = self.column is column and not self.backwards
        self.column = column
        self.show(self._people)

    def chosen_people(self) -> list[DeskPerson]:
        """Return who is chosen and has been here, in the order of the table."""
        return [one for one in self.rows if one.id in self.chosen and one.nick != NOBODY]

    # Drawing.

    def measure_row(self) -> int:
        """Return the height of a row in pixels, in the present fonts."""
        return self._look.line_height() + self._look.em(0.7)

    @property
    def background(self) -> str:
        """The ground of the rows."""
        return self._look.palette.window

    def key_of(self, row: DeskPerson) -> str:
        """Return the person's id."""
        return row.id

    def columns(self) -> list[Column]:
        """Return the columns that are shown: that of the list only where there is one."""
        has_list = any(person.roster for person in self._people)
        return [one for one in Column if has_list or one is not Column.ROSTER]

    def before_drawing(self, seen: Sequence[DeskPerson]) -> None:
        """Share the width out, and draw the heading."""
        self._moment = self.now()
        columns, edge, gap = self.columns(), self._look.em(0.8), self._look.em(0.75)
        needed = {column: self._needed(column) for column in columns if not column.share}
        rest = self.canvas.winfo_width() - 2 * edge - gap * len(columns) - sum(needed.values())
        shares = sum(column.share for column in columns)
        self._edges = {}
        left = edge
        for column in columns:
            share = max(self._look.em(3), rest * column.share // shares)
            right = left + needed.get(column, share)
            self._edges[column] = (left, right)
            left = right + gap
        self._draw_head()

    def _needed(self, column: Column) -> int:
        """Return the width that a column needs: of its texts only that with most letters is measured."""
        look = self._look
        heading, body = look.fonts["heading"].measure, look.fonts["body"].measure
        if column is Column.HAND:
            return max(
                heading(f"{title(column)} ▴"), look.em(2.2) + heading("30"), look.em(0.9) + heading(_("word"))
            )
        longest = max((text_of(column, one, self._moment) for one in self._people), key=len, default="")
        return min(max(heading(f"{title(column)} ▴"), body(longest)), look.em(_WIDEST))

    def _draw_head(self) -> None:
        look, head, p = self._look, self.head, self._look.palette
        head.configure(background=p.side, height=look.line_height("heading") + look.em(0.8))
        head.delete("all")
        middle = head.winfo_reqheight() // 2
        for column, (left, right) in self._edges.items():
            sorted_by = column is self.column
            arrow = (" ▾" if self.backwards else " ▴") if sorted_by else ""
            room = right - left - look.fonts["heading"].measure(arrow)
            words = look.shorten(title(column), "heading", room) + arrow
            side: Literal["e", "w"] = "e" if column in _RIGHT else "w"
            x = right if column in _RIGHT else left
            colour = p.accent if sorted_by else p.muted
            head.create_text(x, middle, text=words, anchor=side, fill=colour, font=look.fonts["heading"])

    def draw_row(self, row: DeskPerson, y: int, width: int) -> None:
        """Draw a person."""
        look = self._look
        p, middle = look.palette, y + self.row_height // 2
        self.draw_band(row.id, y, width)
        quiet = row.state in (GONE, ABSENT)
        for column, (left, right) in self._edges.items():
            if column is Column.HAND:
                self._draw_hand(row, left, right, middle)
                continue
            text = text_of(column, row, self._moment)
            if not text:
                continue
            colour = self._colour(column, row, p.muted if quiet else p.text)
            shown = look.shorten(text, "body", right - left)
            if column in _RIGHT:
                self.draw_text(right, middle, shown, colour, anchor="e")
            else:
                self.draw_text(left, middle, shown, colour)

    def _colour(self, column: Column, row: DeskPerson, usual: str) -> str:
        p = self._look.palette
        if column is Column.STATE:
            return {HERE: p.success, STRANGER: p.warning, ABSENT: p.danger}.get(row.state, p.muted)
        return p.danger if column is Column.SILENCE else usual

    def _draw_hand(self, row: DeskPerson, left: int, right: int, middle: int) -> None:
        """Draw a raised hand with its place, or the word that was given: both can be clicked."""
        look, p = self._look, self._look.palette
        if not row.hand and not row.has_word:
            return
        high = look.line_height() + look.em(0.25)
        fill, ink = (p.accent, p.on_accent) if row.hand else (p.badge, p.on_badge)
        side, pad = look.em(1.15), look.em(0.4)
        words = str(row.hand) if row.hand else _("word")
        words = look.shorten(words, "heading", right - left - (side if row.hand else 0) - 2 * pad)
        wide = pad + (side + look.em(0.2) if row.hand else 0) + look.fonts["heading"].measure(words) + pad
        self.draw_box(left, middle - high // 2, wide, high, fill)
        x = left + pad
        if row.hand:
            self.canvas.create_image(x, middle, image=look.icon("hand", ink, side), anchor="w")
            x += side + look.em(0.2)
        self.draw_text(x, middle, words, ink, "heading")

    # Mouse and keyboard.

    def clicked(self, key: str, x: int) -> None:
        """Give or take the word at the hand, else choose the person."""
        self.canvas.focus_set()
        left, right = self._edges.get(Column.HAND, (0, 0))
        person = self._person(key)
        self.set_cursor(key)
        if person and left <= x <= right and (person.hand or person.has_word):
            self.on_word(person)
        else:
            self._choose({key}, key)

    def _person(self, key: str | None) -> DeskPerson | None:
        index = self.index_of(key)
        return None if index is None else self.rows[index]

    def _choose(self, chosen: set[str], anchor: str | None) -> None:
        self.chosen = self._selected = chosen
        self._anchor = anchor
        self.draw_soon()

    def _toggle(self, key: str | None) -> str:
        if key is not None:
            self.set_cursor(key)
            self._choose(self.chosen ^ {key}, key)
        return "break"

    def _toggle_clicked(self, event: "tk.Event[tk.Canvas]") -> str:
        self.canvas.focus_set()
        return self._toggle(self.key_at(event.y))

    def _range_clicked(self, event: "tk.Event[tk.Canvas]") -> str:
        self.canvas.focus_set()
        self._choose_to(self.key_at(event.y))
        return "break"

    def _choose_to(self, key: str | None) -> None:
        """Choose all from where the range began to a row."""
        begin, end = self.index_of(self._anchor), self.index_of(key)
        if end is None:
            return
        first, last = sorted((end if begin is None else begin, end))
        anchor = self._anchor if begin is not None else key
        self.set_cursor(key)
        self._choose({row.id for row in self.rows[first : last + 1]}, anchor)

    def _extend(self, step: int) -> str:
        at = self.index_of(self._cursor)
        to = 0 if at is None else min(max(at + step, 0), len(self.rows) - 1)
        if 0 <= to < len(self.rows):
            self._choose_to(self.rows[to].id)
            self._see(to)
        return "break"

    def _control_key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if keys.letter(event) != "a" or not keys.is_shortcut(event):
            return None
        self._choose({row.id for row in self.rows}, self._anchor)
        return "break"

    def _walk_columns(self, step: int) -> str:
        columns = self.columns()
        at = columns.index(self.column) if self.column in columns else 0
        self.sort_by(columns[(at + step) % len(columns)])
        return "break"

    def _head_clicked(self, event: "tk.Event[tk.Canvas]") -> None:
        found = [column for column, (left, _right) in self._edges.items() if left <= event.x]
        if found:
            self.sort_by(found[-1])

    def _word_of(self, key: str | None) -> str:
        if person := self._person(key):
            self.on_word(person)
        return "break"

    def _menu_clicked(self, event: "tk.Event[tk.Canvas]") -> None:
        self.canvas.focus_set()
        key = self.key_at(event.y)
        if key is None:
            return
        self.set_cursor(key)
        if key not in self.chosen:
            self._choose({key}, key)
        self.on_menu(event.x_root, event.y_root)

    def open_menu(self) -> str:
        """Open the menu of those who are chosen, below the cursor."""
        index = self.index_of(self._cursor)
        if index is not None and self._cursor is not None:
            if not self.chosen:
                self._choose({self._cursor}, self._cursor)
            below = (index + 1) * self.row_height - self._top
            x = self.canvas.winfo_rootx() + self._look.em(8)
            self.on_menu(x, self.canvas.winfo_rooty() + below)
        return "break"
