"""The wire view: a table of socket calls, the bytes and the meaning of the chosen one, and a line to type."""

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from tkinter import ttk
from typing import Final

from client.model.conversations import Entry
from gui.toolkit.action import Action
from gui.toolkit.field import BoxedEntry
from gui.toolkit.mainloop import repeat
from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip
from lab.saving import ask_path, save_in_background
from lab.wire import hexdump
from lab.wire.button_bar import ButtonBar, Commands
from lab.wire.call_details import CallDetails
from lab.wire.call_lines import Line
from lab.wire.call_list import CallList
from lab.wire.call_text import format_call
from lab.wire.model import Direction, Filters, RowKey, WireModel
from sockets.tap import Call
from translations import _, plural

POLL_MS: Final = 100
"""Milliseconds between two looks into the ring, while the view is open."""
COPYING_SECONDS: Final = 0.02
"""After which the window has its turn, while many calls are being copied."""
WIDE: Final = 62.0
"""Width in ems from which the details stand beside the table, not below it."""


@dataclass(frozen=True, slots=True)
class WireOwner:
    """What the view asks and tells the chat window that it belongs to."""

    room: Callable[[], str]
    """The conversation that is shown; "" if there is none."""
    nick: Callable[[], str]
    choose_line: Callable[[Line | None, float], object]
    """A line, or none, of a call at this time was chosen."""
    send_line: Callable[[str], str]
    """Sends a line as it stands; returns a sentence if that cannot be."""
    into_report: Callable[[Sequence[Call]], str]
    """Takes calls into the report, or out of it again; returns a sentence that says so."""
    close: Action
    move: Callable[[], object]
    """Puts the view into a window of its own, or back."""


class WireView(ttk.Frame):
    """For the Tk thread only; polls the ring as long as it lives."""

    def __init__(
        self, master: tk.Misc, look: Look, model: WireModel, owner: WireOwner, *, own_window: bool
    ) -> None:
        super().__init__(master)
        self.model = model
        self._look = look
        self._owner = owner
        self._own_window = own_window
        self._only_room = bool(model.filters.conversation)
        self._wide: bool | None = None
        self._bar = ButtonBar(self, look, self._commands())
        self.buttons = self._bar.buttons
        self._under = ttk.Frame(self, style="Line.TFrame")
        self._body = ttk.Frame(self)
        self.list = CallList(self._body, look)
        self._between = ttk.Frame(self._body, style="Line.TFrame")
        self.details = CallDetails(self._body, look)
        self._foot = ttk.Frame(self, style="Side.TFrame")
        self._prompt = ttk.Label(self._foot, style="SideSmall.TLabel")
        self._box = BoxedEntry(self._foot, look, (0.5, 0.25), style="Side")
        self.entry = self._box.entry
        self.entry.insert(0, model.typed)
        self.entry.bind("<KeyRelease>", lambda _: self._keep_typed(), add="+")
        self._note = ttk.Label(self._foot, style="SideSmall.TLabel")
        self._lay_out()
        self.list.on_choose = self._chosen
        self.list.on_copy = self.copy
        self.list.empty = lambda: (
            _("The filters hide all calls.") if model.records else _("No socket call has been made yet.")
        )
        self.entry.bind("<Return>", lambda _: self._send())
        for widget in (*self.buttons.values(), self.entry, self.list.canvas, self.details.text):
            widget.bind("<Escape>", lambda _: owner.close.perform())
        Tooltip(self.buttons["close"], look, owner.close.hint, above=True)
        self._body.bind("<Configure>", lambda _: self._fit())
        look.follow(self, self._restyle)
        if model.selected:
            self.list.see(model.selected[0])
        repeat(self, POLL_MS, self._poll)

    def _commands(self) -> Commands:
        """Filters say what is (and change it), the other buttons what they do."""
        model = self.model

        def direction() -> str:
            return {"": _("Direction: both"), "in": _("Direction: in"), "out": _("Direction: out")}[
                model.filters.direction
            ]

        return {
            "pings": (
                lambda: _("PING: hidden") if model.filters.hide_pings else _("PING: shown"),
                self._toggle_pings,
            ),
            "room": (
                lambda: _("Conversations: this one") if self._only_room else _("Conversations: all"),
                self._toggle_room,
            ),
            "direction": (direction, self._next_direction),
            "pause": (lambda: _("Go on") if model.paused else _("Pause"), self.toggle_pause),
            "clear": (lambda: _("Clear"), self.clear),
            "copy": (lambda: _("Copy"), self.copy),
            "save": (lambda: _("Into a file …"), self.ask_and_save),
            "report": (lambda: _("Into the report"), self._put_into_report),
            "move": (
                lambda: _("Into the window") if self._own_window else _("Own window"),
                self._owner.move,
            ),
            "close": (str, self._owner.close.perform),
        }

    def _lay_out(self) -> None:
        self._bar.grid(row=0, column=0, sticky="ew")
        self._under.grid(row=1, column=0, sticky="ew")
        self._body.grid(row=2, column=0, sticky="nsew")
        self._foot.grid(row=3, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.list.grid(row=0, column=0, sticky="nsew")
        self._prompt.grid(row=0, column=0)
        self._note.grid(row=0, column=2)
        self._foot.columnconfigure(1, weight=1)
        for widget in (self._bar, self._body, self._foot):
            widget.lift()  # what the Tab key visits, in reading order

    # What the user does.

    def select_entry(self, entry: Entry) -> None:
        """Mark the calls that carried an entry of the transcript, and show the first of them."""
        while self.model.take_calls():
            pass
        found = self.model.selected = self.model.find_lines(entry)
        if found and not any(row.key in found for row in self.model.rows):
            # The filters hide what was asked for.
            self._only_room = False
            self.model.set_filters(Filters())
            self._bar.name_buttons()
        self._show()
        if found:
            self.list.see(found[-1])
            self.list.see((found[0][0], -1))  # its call, which says which thread moved how many bytes
        forgotten = _("The calls of this message are no longer remembered.")
        if self.model.paused:
            forgotten = _("During a pause no calls are taken.")
        self._show_note("" if found else forgotten)

    def toggle_pause(self) -> None:
        """Stop taking new calls, or go on."""
        self.model.paused = not self.model.paused
        self._bar.name_buttons()

    def clear(self) -> None:
        """Forget the calls."""
        self.model.clear()
        self._show()

    def copy(self) -> None:
        """Copy the chosen call, or else all that are shown, to the clipboard."""
        row = self.model.details_row
        if row:
            self._put_on_clipboard(f"{format_call(row.record.call)}\n\n{self.details.plain()}")
            return
        calls = iter(self.model.shown_calls())
        lines: list[str] = []

        def go_on() -> bool:
            end = time.perf_counter() + COPYING_SECONDS
            for call in calls:
                lines.append(format_call(call) + "\n")
                if time.perf_counter() > end:
                    return True
            self._put_on_clipboard("".join(lines))
            return False

        repeat(self, 1, go_on)

    def _put_into_report(self) -> None:
        """Let the report show the marked calls, such as those of a message."""
        rows = [row for key in self.model.selected if (row := self.model.find_row(key))]
        self._show_note(self._owner.into_report([row.record.call for row in rows]))

    def _put_on_clipboard(self, text: str) -> None:
        self.clipboard_clear()
        self.clipboard_append(text)
        self._show_note(_("Copied."))

    def ask_and_save(self) -> None:
        """Ask for a file, and write the shown calls with their bytes into it."""
        path = ask_path(self, _("Save the calls"), "wire.txt")
        if path:
            self.save(path)

    def save(self, path: str) -> None:
        """Write the shown calls with their bytes into a file, in a thread."""
        calls = self.model.shown_calls()

        def content() -> str:
            return "".join(f"{format_call(call)}\n{hexdump.plain(call.data)}\n" for call in calls)

        save_in_background(self, path, content, self._show_note)

    def _toggle_pings(self) -> None:
        self._filter(replace(self.model.filters, hide_pings=not self.model.filters.hide_pings))

    def _toggle_room(self) -> None:
        self._only_room = not self._only_room
        self._filter(replace(self.model.filters, conversation=self._owner.room() if self._only_room else ""))

    def _next_direction(self) -> None:
        following: dict[Direction, Direction] = {"": "in", "in": "out", "out": ""}
        direction = following[self.model.filters.direction]
        self._filter(replace(self.model.filters, direction=direction))

    def _filter(self, filters: Filters) -> None:
        self.model.set_filters(filters)
        self._bar.name_buttons()
        self._show()

    def _keep_typed(self) -> None:
        self.model.typed = self.entry.get()

    def _send(self) -> None:
        line = self.entry.get().strip()
        if line:
            problem = self._owner.send_line(line)
            self._show_note(problem)
            if not problem:
                self.list.follow()
                self.entry.delete(0, "end")
                self._keep_typed()

    def _chosen(self, key: RowKey) -> None:
        self.model.selected = (key,)
        self._show()
        row = self.model.details_row
        if row:
            self._owner.choose_line(row.lines[0] if len(row.lines) == 1 else None, row.record.call.time)

    def _show_note(self, sentence: str) -> None:
        self._note.configure(text=sentence)

    # Polling and drawing.

    def _poll(self) -> bool:
        dropped = self.model.dropped_rows
        if self._only_room and self.model.filters.conversation != self._owner.room():
            self.model.set_filters(replace(self.model.filters, conversation=self._owner.room()))
            self._show()
        if self.model.take_calls():
            self.list.shift(self.model.dropped_rows - dropped)
            self._show()
        return True

    def _show(self) -> None:
        self.list.show(self.model.rows, self.model.selected)
        self.details.nick = self._owner.nick()
        self.details.show(self.model.details_row)
        self._bar.set_title(plural("{count} call", "{count} calls", len(self.model.records)))

    def _fit(self) -> None:
        wide = self._body.winfo_width() >= self._look.em(WIDE)
        if wide == self._wide:
            return
        self._wide = wide
        if wide:
            self._between.grid(row=0, column=1, sticky="ns")
            self.details.grid(row=0, column=2, sticky="nsew")
        else:
            self._between.grid(row=1, column=0, sticky="ew")
            self.details.grid(row=2, column=0, sticky="nsew")
        for configure, shared in ((self._body.columnconfigure, wide), (self._body.rowconfigure, not wide)):
            configure(0, weight=1, uniform="body" if shared else "")
            configure(2, weight=1 if shared else 0, uniform="body" if shared else "")

    def _restyle(self) -> None:
        look = self._look
        em, thin = look.em, look.px(1)
        self.entry.configure(font=look.fonts["mono"])
        self._bar.configure(padding=(em(0.8), em(0.1), em(0.4), em(0.1)))
        self._foot.configure(padding=(em(0.8), em(0.3)))
        self._box.grid(row=0, column=1, sticky="ew", padx=em(0.6))
        for line in (self._under, self._between):
            line.configure(width=thin, height=thin)
        self._prompt.configure(text=_("Line by hand:"))
        self._show_note("")
        self._bar.name_buttons()
        self.buttons["close"].configure(image=look.icon("close", look.palette.muted, em(1.1)))
        self.after_idle(self._refit)
        self._show()

    def _refit(self) -> None:
        if self.winfo_exists():
            self._fit()
            self._bar.fit()
