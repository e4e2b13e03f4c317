"""The transcript of one conversation: a read-only Text that can be selected, searched and clicked."""

import re
import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import takewhile
from tkinter import ttk
from typing import Final

from client.model.conversations import Entry
from gui.chat.entry_text import Placed, pieces, place_after, place_all
from gui.chat.transcript_style import style_transcript
from gui.toolkit import keys
from gui.toolkit.links import open_link
from gui.toolkit.palette import colour_number
from gui.toolkit.text import add_scrollbar, writable
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import ignore
from translations import _, language, plural

MAX_FOUND: Final = 1000
"""Matches of a search that are marked."""
AT_ONCE: Final = 250
"""Entries that are inserted without a pause when a whole conversation is shown."""
_SCROLL_KEYS: Final = ("<Prior>", "<Next>", "<Up>", "<Down>", "<Home>", "<End>")


class Transcript(ttk.Frame):
    """The entries of one conversation: as many as its owner leaves there (`drop_before`).

    `on_nick(nick)`: a name was double-clicked. `on_entry(entry)`: an entry was clicked. `on_type(text)`:
    somebody typed while the transcript had the focus. `on_top()`: the user has come to the first entry.
    `on_scrolled()`: the user has left the end, or has come back to it (`following`). `fold` maps all
    spellings of a nick to one, so that they have one colour.
    """

    def __init__(self, master: tk.Misc, look: Look, fold: Callable[[str], str] = str.casefold) -> None:
        super().__init__(master)
        self.on_nick: Callable[[str], object] = ignore
        self.on_entry: Callable[[Entry], object] = ignore
        self.on_type: Callable[[str], object] = ignore
        self.on_top: Callable[[], object] = ignore
        self.on_scrolled: Callable[[], object] = ignore
        self._look = look
        self._fold = fold
        self._placed: dict[int, Placed] = {}
        """By key, oldest first: what is shown, and how."""
        self._last: Entry | None = None
        self.following = True
        """The end is shown, and stays shown when entries are added."""
        self._missed = 0
        self._older: list[Placed] = []
        self._filling: str | None = None
        self._found: list[tuple[str, str]] = []
        self.found_now = -1
        """After `find`: the index of the match that was shown before, or of the last one."""
        self.changed = False
        """Since the last `find`, entries have come or gone."""
        self._today = date.today()
        self._language = language()
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text = tk.Text(self, state="disabled", wrap="word", cursor="arrow", undo=False, takefocus=True)
        self.text.grid(row=0, column=0, sticky="nsew")
        add_scrollbar(self.text).configure(command=self._bar_moved)
        self._new = ttk.Button(self, command=self.to_end, style="Accent.TButton", takefocus=False)
        self._empty = ttk.Label(self, style="Muted.TLabel", justify="center")
        keys.add_editing(self.text)
        self._bind_events()
        look.follow(self, self._restyle)
        self.bind("<Destroy>", self._on_destroy, add="+")

    def _bind_events(self) -> None:
        text = self.text
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            # The Text's own binding, which scrolls, comes after ours.
            text.bind(event, lambda _: text.after_idle(self._scrolled), add="+")
        text.bind("<ButtonRelease-1>", lambda _: text.after_idle(self._moved), add="+")
        for key in _SCROLL_KEYS:
            text.bind(key, lambda event: self.scroll(event.keysym))
        text.bind("<Button-1>", self._clicked, add="+")
        text.bind("<Configure>", lambda _: self._stay_at_end())
        text.bind("<Key>", self._typed)
        text.bind("<Return>", lambda _: self._open_last_link())
        text.tag_bind("link", "<Button-1>", lambda event: open_link(self._clicked_text("link", event)))
        text.tag_bind("nick", "<Double-Button-1>", self._nick_clicked)
        for tag in ("link", "nick"):
            text.tag_bind(tag, "<Enter>", lambda _: text.configure(cursor="hand2"))
            text.tag_bind(tag, "<Leave>", lambda _: text.configure(cursor="arrow"))

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self._stop_filling()

    def _stop_filling(self) -> None:
        if self._filling:
            self.after_cancel(self._filling)
            self._filling = None

    # For the owner.

    def add(self, entries: Iterable[Entry]) -> None:
        """Append entries, all in one insertion."""
        if date.today() != self._today:
            self._redraw()
        self.changed = True
        placed = place_all(entries, self._last)
        if not placed:
            return
        with writable(self.text):
            self.text.insert("end", *self._flat(placed))  # type: ignore[arg-type]
        self._placed.update((entry.key, (entry, place)) for entry, place in placed)
        self._last = placed[-1][0]
        self._show_if_empty()
        if self.following or any(entry.own for entry, _place in placed):  # who says something wants to see it
            self.to_end()
        else:
            self._missed += len(placed)
            self._show_missed()

    def change(self, entry: Entry) -> None:
        """Show an entry that has changed; ignore one that is no longer here."""
        known = self._placed.get(entry.key)
        ranges = self.text.tag_ranges(f"e{entry.key}")
        if known is None or not ranges:
            return
        place = replace(known[1], new_day=False)
        self.changed = True
        with writable(self.text):
            start = str(ranges[0])
            self.text.delete(start, str(ranges[-1]))
            self.text.insert(start, *self._flat([(entry, place)]))  # type: ignore[arg-type]
        self._stay_at_end()

    def replace(self, entries: Iterable[Entry]) -> None:
        """Show these entries instead of what was shown."""
        with writable(self.text):
            self.text.delete("1.0", "end")
            if self._placed:
                self.text.tag_delete(*(f"e{key}" for key in self._placed))
        self._today = date.today()
        self._older = placed = place_all(entries, None)
        self._placed = {entry.key: (entry, place) for entry, place in placed}
        self._last = placed[-1][0] if placed else None
        self._show_if_empty()
        self._fill()
        self.to_end()

    def add_before(self, entries: Iterable[Entry]) -> None:
        """Put older entries above all others; what the user reads stays where it is."""
        placed = place_all(entries, None)
        first = next(iter(self._placed.values()), None)
        if not placed:
            return
        if not first:
            self.replace(entry for entry, _place in placed)
            return
        was_at_top = self.text.yview()[0] <= 0
        top, lines = self._line("@0,0"), self._line("end")
        # It was the first, under its day and its author's name; now another one stands before it.
        again = first[0], place_after(first[0], placed[-1][0])
        if not self._older:
            self._delete_through(first[0].key)
        self._older = [*placed, again, *self._older[1:]]
        self._placed = {**{one[0].key: one for one in placed}, **self._placed, first[0].key: again}
        if self._filling is None:
            self._fill()
            if was_at_top and not self.following:
                self.text.yview(f"e{first[0].key}.first")
            elif not self.following:
                self.text.yview(f"{top + self._line('end') - lines}.0")

    def _line(self, index: str) -> int:
        return int(self.text.index(index).split(".")[0])

    def drop_before(self, entry: Entry) -> None:
        """Remove what is above an entry."""
        old = list(takewhile(lambda key: key != entry.key, self._placed))
        if not old or len(old) == len(self._placed):
            return
        self._delete_through(old[-1])
        self.text.tag_delete(*(f"e{key}" for key in old))
        gone = set(old)
        self._older = [placed for placed in self._older if placed[0].key not in gone]
        for key in old:
            del self._placed[key]

    def _redraw(self) -> None:
        """Show everything again, as the day or the language has changed."""
        self.replace([entry for entry, _place in self._placed.values()])

    def plain(self) -> str:
        """Return the whole text that is shown."""
        return self.text.get("1.0", "end-1c")

    def to_end(self) -> None:
        """Show the last entry, and stay at the end from now on."""
        self._missed = 0
        self._new.place_forget()
        self.text.yview_moveto(1.0)
        self._follow(following=True)

    def _stay_at_end(self) -> None:
        if self.following:
            self.to_end()

    def _follow(self, *, following: bool) -> None:
        if following is not self.following:
            self.following = following
            self.on_scrolled()

    def scroll(self, keysym: str) -> str:
        """Scroll as the key says: Prior, Next, Up, Down, Home or End."""
        if keysym == "End":
            self.to_end()
        elif keysym == "Home":
            self.text.yview_moveto(0.0)
        elif keysym in ("Prior", "Next"):
            self.text.yview_scroll(-1 if keysym == "Prior" else 1, "pages")
        else:
            self.text.yview_scroll(-2 if keysym == "Up" else 2, "units")
        self._scrolled()
        return "break"

    def entry_at(self, x: int, y: int) -> Entry | None:
        """Return the entry that is shown at a point of the text, if there is one."""
        for tag in self.text.tag_names(f"@{x},{y}"):
            if tag[1:].isdecimal() and int(tag[1:]) in self._placed:
                return self._placed[int(tag[1:])][0]
        return None

    def selection(self) -> str:
        """Return the selected text, or "" if there is none."""
        ranges = self.text.tag_ranges("sel")
        return self.text.get(str(ranges[0]), str(ranges[1])) if ranges else ""

    def find(self, wanted: str) -> int:
        """Mark all matches of `wanted`, ignoring case (at most the last MAX_FOUND); return how many."""
        text = self.text
        now = text.tag_ranges("found now")
        text.tag_remove("found", "1.0", "end")
        text.tag_remove("found now", "1.0", "end")
        self._found = []
        self.changed = False
        # Not by the widget's own search: where case is ignored, an emoji in the text makes Tk 8.6 crash.
        pattern = re.compile(re.escape(wanted), re.IGNORECASE)
        for number, line in enumerate(self.plain().split("\n") if wanted else (), 1):
            for match in pattern.finditer(line):
                start, end = (self._column(line, at) for at in match.span())
                self._found.append((f"{number}.{start}", f"{number}.{end}"))
        del self._found[:-MAX_FOUND]
        if self._found:
            text.tag_add("found", *(index for pair in self._found for index in pair))
        last = len(self._found) - 1
        self.found_now = next(
            (at for at, (start, _end) in enumerate(self._found) if now and text.compare(start, ">=", now[0])),
            last,
        )
        return len(self._found)

    def _column(self, line: str, at: int) -> int:
        """Return Tk's number of a place in a line: some versions count an emoji as two characters."""
        return at if line.isascii() else int(self.tk.call("string", "length", line[:at]))

    def show_found(self, index: int) -> None:
        """Scroll to the match with this index, counted from 0 at the top."""
        text = self.text
        text.tag_remove("found now", "1.0", "end")
        if index < len(self._found):
            start, end = self._found[index]
            text.tag_add("found now", start, end)
            text.see(start)
            self._moved()

    def mark(self, entry: Entry | None) -> None:
        """Mark one entry and scroll to it; None: mark none."""
        self.text.tag_remove("marked", "1.0", "end")
        ranges = self.text.tag_ranges(f"e{entry.key}") if entry else ()
        if ranges:
            self.text.tag_add("marked", str(ranges[0]), str(ranges[-1]))
            self.text.see(str(ranges[0]))
            self._moved()

    # Inside.

    def _clicked(self, event: "tk.Event[tk.Text]") -> None:
        entry = self.entry_at(event.x, event.y)
        if entry:
            self.on_entry(entry)

    def _fill(self) -> None:
        """Insert the next older entries above the others: two thousand at once would freeze the window."""
        self._stop_filling()
        self.changed = True
        now, self._older = self._older[-AT_ONCE:], self._older[:-AT_ONCE]
        if now:
            with writable(self.text):
                self.text.insert("1.0", *self._flat(now))  # type: ignore[arg-type]
        if self._older:
            self._filling = self.after(1, self._fill)
        self._stay_at_end()

    def _flat(self, placed: Iterable[Placed]) -> list[str | tuple[str, ...]]:
        """Return text, tags, text, tags … as Text.insert takes them."""
        flat: list[str | tuple[str, ...]] = []
        for entry, place in placed:
            for text, tags in pieces(entry, place, self._today, colour_number(self._fold(entry.nick))):
                if text:
                    flat += (text, tags)
        return flat

    def _delete_through(self, key: int) -> None:
        """Delete an entry's text and all above it; nothing if the entry is not there yet."""
        ranges = self.text.tag_ranges(f"e{key}")
        if ranges:
            self.changed = True
            with writable(self.text):
                self.text.delete("1.0", str(ranges[-1]))

    def _restyle(self) -> None:
        style_transcript(self.text, self._look)
        self._empty.configure(text=_("Nobody has written here yet.\nWrite the first message!"))
        self._show_missed()
        if language() != self._language:
            self._language = language()
            self._redraw()
        self._show_if_empty()
        self._stay_at_end()

    def _show_if_empty(self) -> None:
        if self._placed:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.45, anchor="center")

    def _show_missed(self) -> None:
        if self._missed:
            self._new.configure(
                text="↓  " + plural("{count} new message", "{count} new messages", self._missed)
            )
            self._new.place(relx=0.5, rely=1.0, y=-self._look.em(0.8), anchor="s")

    def _bar_moved(self, *arguments: str) -> None:
        self.text.yview(*arguments)
        self._scrolled()

    def _scrolled(self) -> None:
        """React to scrolling; at the very top, ask for older entries."""
        self._moved()
        if self.text.yview()[0] <= 0 and self._placed and not self._older:
            self.on_top()

    def _moved(self) -> None:
        """Note what is seen now: new entries are followed only at the end."""
        self._follow(following=self.text.yview()[1] > 0.9999)
        self._stay_at_end()

    def _typed(self, event: "tk.Event[tk.Text]") -> str | None:
        state = event.state if isinstance(event.state, int) else 0
        if event.char and event.char.isprintable() and not state & (keys.CONTROL | keys.ALT):
            self.on_type(event.char)
            return "break"
        return None

    def _clicked_text(self, tag: str, event: "tk.Event[tk.Text]") -> str:
        """Return the text that was clicked, as far as it has this tag."""
        found = self.text.tag_prevrange(tag, f"@{event.x},{event.y}+1c")
        return self.text.get(*found) if found else ""

    def _nick_clicked(self, event: "tk.Event[tk.Text]") -> str:
        self.on_nick(self._clicked_text("nick", event))
        return "break"

    def _open_last_link(self) -> None:
        """Open the last link that can be seen."""
        found = self.text.tag_prevrange("link", f"@0,{self.text.winfo_height()} lineend", "@0,0")
        if found:
            open_link(self.text.get(*found))
