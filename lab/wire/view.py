"""The wire view: a table of socket calls, the bytes and the meaning of the chosen one, and a line to type."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from tkinter import filedialog, ttk
from typing import Final

from client.model.conversations import Entry
from gui.toolkit.field import BoxedEntry
from gui.toolkit.mainloop import repeat
from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip
from lab import saving
from lab.wire import hexdump
from lab.wire.call_details import CallDetails
from lab.wire.call_lines import Line
from lab.wire.call_list import CallList
from lab.wire.call_text import format_call
from lab.wire.model import Direction, Filters, RowKey, WireModel
from translations import _, plural

POLL_MS: Final = 100
"""Milliseconds between two looks into the ring, while the view is open."""
WIDE: Final = 62.0
"""Width in ems from which the details stand beside the table, not below it."""
_BAR_ROWS: Final = 5
"""Rows that the buttons may take in a narrow window with a large font."""


class WireView(ttk.Frame):
    """For the Tk thread only; polls the ring as long as it lives.

    Attributes for the owner:
        on_line(line, seen_at): a line was chosen, or None.
        on_send(line): the user wants this line sent as it is; returns a sentence if that cannot be.
        on_close(), on_move(): the user wants the view closed, or in a window of its own and back.
        room(): the conversation that is shown, "" if there is none.
        nick(): the user's own nick.
    """

    def __init__(self, master: tk.Misc, look: Look, model: WireModel, *, own_window: bool) -> None:
        super().__init__(master)
        self.on_line: Callable[[Line | None, float], object] = lambda line, seen_at: None
        self.on_send: Callable[[str], str] = lambda line: ""
        self.on_close: Callable[[], object] = lambda: None
        self.on_move: Callable[[], object] = lambda: None
        self.room: Callable[[], str] = lambda: ""
        self.nick: Callable[[], str] = lambda: ""
        self.model = model
        self._look = look
        self._own_window = own_window
        self._only_room = bool(model.filters.conversation)
        self._wide: bool | None = None
        self._make_bar()
        self._under = ttk.Frame(self, style="Line.TFrame")
        self._body = ttk.Frame(self)
        self.list = CallList(self._body, look)
        self._between = ttk.Frame(self._body, style="Line.TFrame")
        self.details = CallDetails(self._body, look)
        self._make_foot()
        self.list.on_choose = self._chosen
        self.list.on_copy = self.copy
        self.list.empty = self._why_empty
        self._lay_out()
        self._body.bind("<Configure>", lambda _: self._fit())
        self._bar.bind("<Configure>", lambda _: self._fit_bar())
        look.follow(self, self._restyle)
        self._show()
        repeat(self, POLL_MS, self._poll)

    def _make_bar(self) -> None:
        bar = self._bar = ttk.Frame(self, style="Side.TFrame")
        self._rows = [ttk.Frame(bar, style="Side.TFrame") for _row in range(_BAR_ROWS)]
        self._placed: list[list[ttk.Button]] = []
        self._title = ttk.Label(bar, style="SideHeading.TLabel")
        icon = "SideIcon.TButton"
        self.buttons = {
            "pings": ttk.Button(bar, style=icon, width=-1, command=self._toggle_pings),
            "room": ttk.Button(bar, style=icon, width=-1, command=self._toggle_room),
            "direction": ttk.Button(bar, style=icon, width=-1, command=self._next_direction),
            "pause": ttk.Button(bar, style=icon, width=-1, command=self.toggle_pause),
            "clear": ttk.Button(bar, style=icon, width=-1, command=self.clear),
            "copy": ttk.Button(bar, style=icon, width=-1, command=self.copy),
            "save": ttk.Button(bar, style=icon, width=-1, command=self.ask_and_save),
            "move": ttk.Button(bar, style=icon, width=-1, command=self._move),
            "close": ttk.Button(bar, style=icon, width=-1, command=self._close),
        }
        for button in self.buttons.values():
            button.bind("<Return>", lambda event: event.widget.invoke())
            button.bind("<Escape>", lambda _: self.on_close())
        Tooltip(self.buttons["close"], self._look, lambda: _("Close") + "  F12", above=True)

    def _make_foot(self) -> None:
        self._foot = ttk.Frame(self, style="Side.TFrame")
        self._prompt = ttk.Label(self._foot, style="SideSmall.TLabel")
        self._box = BoxedEntry(self._foot, self._look, (0.5, 0.25), style="Side")
        self.entry = self._box.entry
        self._note = ttk.Label(self._foot, style="SideSmall.TLabel")
        self.entry.bind("<Return>", lambda _: self._send())
        for widget in (self.entry, self.list.canvas, self.details.text):
            widget.bind("<Escape>", lambda _: self.on_close())

    def _lay_out(self) -> None:
        self._bar.grid(row=0, column=0, sticky="ew")
        self._under.grid(row=1, column=0, sticky="ew")
        self._body.grid(row=2, column=0, sticky="nsew")
        self._foot.grid(row=3, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self._prompt.grid(row=0, column=0)
        self._box.grid(row=0, column=1, sticky="ew")
        self._note.grid(row=0, column=2)
        self._foot.columnconfigure(1, weight=1)
        for widget in (self._bar, self._body, self._foot):
            widget.lift()  # what the Tab key visits, in reading order

    # What the user does.

    def select(self, found: tuple[tuple[int, int], ...]) -> None:
        """Mark the rows with these keys, and show the first and its details; with no keys, unmark all."""
        self.model.selected = found
        if found and not any(row.key in found for row in self.model.rows):
            # The filters hide what was asked for.
            self._only_room = False
            self.model.set_filters(Filters())
            self._name_buttons()
        self._show()
        if found:
            self.list.see(found[-1])
            self.list.see(found[0])

    def select_entry(self, entry: Entry) -> None:
        """Mark the calls that carried an entry of the transcript."""
        while self.model.take_calls():
            pass
        found = self.model.find_lines(entry)
        self.select(found)
        self._show_note("" if found else _("The calls of this message are no longer remembered."))

    def toggle_pause(self) -> None:
        """Stop taking new calls, or go on."""
        self.model.paused = not self.model.paused
        self._name_buttons()

    def clear(self) -> None:
        """Forget the calls."""
        self.model.clear()
        self._show()

    def copy(self) -> None:
        """Copy the chosen call, or else all that are shown, to the clipboard."""
        row = self.model.find_row(self.model.selected[0]) if self.model.selected else None
        text = self.details.plain() if row else self.text()
        if row:
            text = f"{format_call(row.record.call)}\n\n{text}"
        self.clipboard_clear()
        self.clipboard_append(text)
        self._show_note(_("Copied."))

    def text(self) -> str:
        """Return the calls that are shown as aligned lines."""
        return "".join(f"{format_call(call)}\n" for call in self.model.shown_calls())

    def ask_and_save(self) -> None:
        """Ask for a file, and write the shown calls with their bytes into it."""
        path = filedialog.asksaveasfilename(
            parent=self, defaultextension=".txt", initialfile="wire.txt", title=_("Save the calls")
        )
        if path:
            self.save(path)

    def save(self, path: str) -> None:
        """Write the shown calls with their bytes into a file, in a thread."""
        calls = self.model.shown_calls()

        def work() -> str:
            parts = (f"{format_call(call)}\n{hexdump.plain(call.data)}\n" for call in calls)
            return saving.write(path, "".join(parts))

        saving.in_background(self, work, self._show_note)

    def _move(self) -> None:
        self.on_move()

    def _close(self) -> None:
        self.on_close()

    def _toggle_pings(self) -> None:
        self._filter(replace(self.model.filters, hide_pings=not self.model.filters.hide_pings))

    def _toggle_room(self) -> None:
        self._only_room = not self._only_room
        self._filter(replace(self.model.filters, conversation=self.room() if self._only_room else ""))

    def _next_direction(self) -> None:
        following: dict[Direction, Direction] = {"": "in", "in": "out", "out": ""}
        direction = following[self.model.filters.direction]
        self._filter(replace(self.model.filters, direction=direction))

    def _filter(self, filters: Filters) -> None:
        self.model.set_filters(filters)
        self._name_buttons()
        self._show()

    def _send(self) -> None:
        line = self.entry.get().strip()
        if line:
            problem = self.on_send(line)
            self._show_note(problem)
            if not problem:
                self.entry.delete(0, "end")

    def _chosen(self, key: RowKey) -> None:
        self.model.selected = (key,)
        self._show()
        row = self.model.find_row(key)
        if row is None:
            return
        line = row.record.lines[row.line] if row.line is not None else None
        if line is None and len(row.record.lines) == 1:
            line = row.record.lines[0]
        self.on_line(line, row.record.call.time)

    def _show_note(self, sentence: str) -> None:
        self._note.configure(text=sentence)

    # Polling and drawing.

    def _poll(self) -> bool:
        before = self.model.records[0].number if self.model.records else 0
        rows = len(self.model.rows)
        if self._only_room and self.model.filters.conversation != self.room():
            self.model.set_filters(replace(self.model.filters, conversation=self.room()))
            self._show()
        if self.model.take_calls():
            if self.model.records[0].number != before and len(self.model.rows) <= rows:
                self.list.shift(rows - len(self.model.rows))
            self._show()
        return True

    def _show(self) -> None:
        self.list.show(self.model.rows, self.model.selected)
        self.details.nick = self.nick()
        self.details.show(self.model.find_row(self.model.selected[0]) if self.model.selected else None)
        self._show_count()

    def _why_empty(self) -> str:
        if self.model.records:
            return _("The filters hide all calls.")
        return _("No socket call has been made yet.")

    def _fit_bar(self) -> None:
        """Put the buttons into one row, or as many as they need."""
        room = self._bar.winfo_width() - self._look.em(1.2)
        if room <= 1:
            return
        *buttons, close = self.buttons.values()
        left = room - self._title.winfo_reqwidth() - close.winfo_reqwidth()
        rows: list[list[ttk.Button]] = [[]]
        for button in buttons:
            left -= button.winfo_reqwidth()
            if left < 0 and len(rows) < _BAR_ROWS:
                rows.append([])
                left = room - button.winfo_reqwidth()
            rows[-1].append(button)
        if rows == self._placed:
            return
        self._placed = rows
        for widget in (*self._rows, *buttons, close):
            widget.pack_forget()
        self._title.pack(in_=self._rows[0], side="left")
        for frame, row in zip(self._rows, [[*rows[0], close], *rows[1:]], strict=False):
            frame.pack(fill="x")
            for button in reversed(row):
                button.pack(in_=frame, side="right")

    def _fit(self) -> None:
        wide = self._body.winfo_width() >= self._look.em(WIDE)
        if wide == self._wide:
            return
        self._wide = wide
        body, line = self._body, self._between
        for widget in (self.list, line, self.details):
            widget.grid_forget()
        self.list.grid(row=0, column=0, sticky="nsew")
        if wide:
            line.grid(row=0, column=1, sticky="ns")
            self.details.grid(row=0, column=2, sticky="nsew")
        else:
            line.grid(row=1, column=0, sticky="ew")
            self.details.grid(row=2, column=0, sticky="nsew")
        body.columnconfigure(0, weight=1, uniform="body" if wide else "")
        body.columnconfigure(2, weight=1 if wide else 0, uniform="body" if wide else "")
        body.rowconfigure(0, weight=1, uniform="" if wide else "body")
        body.rowconfigure(2, weight=0 if wide else 1, uniform="" if wide else "body")

    def _name_buttons(self) -> None:
        filters = self.model.filters
        direction = {"": _("In and out"), "in": _("Only in"), "out": _("Only out")}[filters.direction]
        words = {
            "pings": _("Show PING") if filters.hide_pings else _("Hide PING"),
            "room": _("All conversations") if self._only_room else _("Only this conversation"),
            "direction": direction,
            "pause": _("Go on") if self.model.paused else _("Pause"),
            "clear": _("Clear"),
            "copy": _("Copy"),
            "save": _("Save …"),
            "move": _("Into the window") if self._own_window else _("Own window"),
        }
        for name, text in words.items():
            self.buttons[name].configure(text=text)
        self._fit_bar()

    def _restyle(self) -> None:
        look = self._look
        em, thin = look.em, look.px(1)
        self.entry.configure(font=look.fonts["mono"])
        self._bar.configure(padding=(em(0.8), em(0.1), em(0.4), em(0.1)))
        self._foot.configure(padding=(em(0.8), em(0.3)))
        self._box.grid_configure(padx=em(0.6))
        for line in (self._under, self._between):
            line.configure(width=thin, height=thin)
        self._prompt.configure(text=_("Line by hand:"))
        self._show_note("")
        self._name_buttons()
        self.buttons["close"].configure(image=look.icon("close", look.palette.muted, em(1.1)))
        self.after_idle(self._refit)
        self._show_count()

    def _show_count(self) -> None:
        self._title.configure(text=plural("{count} call", "{count} calls", len(self.model.records)))

    def _refit(self) -> None:
        if self.winfo_exists():
            self._wide = None
            self._fit()
            self._fit_bar()
