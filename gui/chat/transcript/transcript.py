"""The transcript of one conversation: a read-only Text that can be selected, searched and clicked."""

import time
import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from itertools import dropwhile, groupby
from tkinter import ttk
from typing import Final, NamedTuple

from client.model.conversations import SPOKEN, Conversation, Entry
from gui.chat.transcript.copying import whole
from gui.chat.transcript.drawing import Drawing
from gui.chat.transcript.finding import Finding, Match
from gui.chat.transcript.folding import Folding, is_summary
from gui.chat.transcript.landmarks import Landmarks
from gui.chat.transcript.quoting import Quotes
from gui.chat.transcript.signposts import Signposts
from gui.chat.transcript.style import indent_of, style_transcript
from gui.toolkit import keys
from gui.toolkit.links import open_link, with_scheme
from gui.toolkit.palette import colour_number
from gui.toolkit.text import add_ring, add_scrollbar_over
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import ignore
from translations import _

PAUSE_MS: Final = 5
"""Between two portions, for keys and for other windows."""
_SCROLL_KEYS: Final = ("<Prior>", "<Next>", "<Up>", "<Down>", "<Home>", "<End>")


class _Place(NamedTuple):
    """A place in the transcript."""

    key: int
    chars: int
    """Tk's characters behind the beginning of the entry with this key."""


class _Left(NamedTuple):
    """Where the user stopped reading."""

    top: _Place | None
    """At the upper edge."""
    last_key: int
    """Of the newest entry then."""


class Transcript(ttk.Frame):
    """The entries of the conversation that is shown; where the user was reading in the others.

    What is slow is done a portion at a time (drawing.py, finding.py): the first at once, the others with
    pauses, what the user looks at first.

    `on_nick(nick)`: a name was double-clicked. `on_entry(entry)`: an entry was clicked. `on_quote(entry)`:
    what it answers was clicked. `on_type(text)`: somebody typed while the transcript had the focus.
    `on_top()`: the user has come to the first entry. `on_scrolled()`: the user has left the end, or has come
    back to it (`following`). `on_found()`: `matches` or `found_now` have changed. `is_watched()` tells
    whether the user looks at the window.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.on_nick: Callable[[str], object] = ignore
        self.on_entry: Callable[[Entry], object] = ignore
        self.on_quote: Callable[[Entry], object] = ignore
        self.is_watched: Callable[[], bool] = lambda: True
        self.on_type: Callable[[str], object] = ignore
        self.on_top: Callable[[], object] = ignore
        self.on_scrolled: Callable[[], object] = ignore
        self.on_found: Callable[[], object] = ignore
        self.on_empty: Callable[[], str] = lambda: ""
        """Returns what is said in a conversation in which nobody has spoken yet."""
        self._look = look
        self.conversation: Conversation | None = None
        """The one that is shown."""
        self._entries: list[Entry] = []
        """Of that conversation, what is shown of it, as of the last portion."""
        self._hidden: Callable[[Entry], bool] | None = None
        self.only = ""
        """The folded nick of the one whose words alone are shown; "": everybody's are."""
        self._folding = Folding()
        self._quotes = Quotes()
        self._landmarks = Landmarks()
        self.following = True
        """The end is shown, and stays shown when entries are added."""
        self._at: _Place | None = None
        """Where the user wants to look, until it is drawn."""
        self._missed = 0
        self._left: dict[Conversation, _Left] = {}
        """Where the user stopped reading in conversations that are not shown."""
        self._finding = Finding()
        self._highlighted: set[int] = set()
        self._now: Match | None = None
        self._pending: str | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text = tk.Text(self, state="disabled", wrap="word", cursor="arrow", undo=False, takefocus=True)
        self.text.grid(row=0, column=0, sticky="nsew")
        add_scrollbar_over(self.text).configure(command=self._bar_moved)
        add_ring(self.text, look)
        self._drawing = Drawing(self.text, self._quote)
        self._wide = int(self.tk.call("string", "length", "\U0001f600"))
        """Tk's characters in one beyond U+FFFF: some versions count two."""
        self._signposts = Signposts(self, look, self.to_first_new, self.to_end, self.to_mention)
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
        text.bind("<Configure>", lambda _: self._resized())
        text.bind("<Key>", self._typed)
        text.bind("<Return>", lambda _: self._open_last_link())
        text.bind("<<Copy>>", lambda _: self.copy())
        for kind in ("UTF8_STRING", "STRING"):  # what X11's middle button pastes elsewhere
            text.selection_handle(self._part_of_selection, type=kind)
        text.tag_bind("link", "<Button-1>", lambda event: self._open(self._clicked_text("link", event)))
        text.tag_bind("nick", "<Double-Button-1>", self._nick_clicked)
        for tag in ("link", "nick", "fold", "quote"):
            text.tag_bind(tag, "<Enter>", lambda _: text.configure(cursor="hand2"))
            text.tag_bind(tag, "<Leave>", lambda _: text.configure(cursor="arrow"))

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self and self._pending:
            self.after_cancel(self._pending)
            self._pending = None

    # For the owner.

    def show(
        self,
        conversation: Conversation | None,
        fold: Callable[[str], str] = str.casefold,
        clock: Callable[[], float] = time.time,
        hidden: Callable[[Entry], bool] | None = None,
        colour: Callable[[str], int] = colour_number,
    ) -> None:
        """Show another conversation, from where the user left it; None: show nothing.

        Args:
            fold: maps all spellings of a nick to one.
            clock: the time by which a day is today, as that of the entries.
            hidden: tells which entries are not to be shown.
            colour: which of the palette's colours somebody has, given the folded nick.
        """
        if conversation is self.conversation:
            return
        if self.conversation is not None and not self.following:
            last = self.conversation.entries[-1].key if self.conversation.entries else 0
            self._left[self.conversation] = _Left(self._top(), last)
        self._drawing.clear()
        self._folding.clear()
        self.only = ""
        self._drawing.fold, self._drawing.clock = fold, clock
        self._drawing.colour = colour
        self._hidden = hidden
        self.conversation = conversation
        left = self._left.pop(conversation, None) if conversation else None
        self._at = left.top if left else None
        self.following = self._at is None
        entries = conversation.entries if conversation else ()
        self._missed = sum(entry.key > left.last_key for entry in entries) if left else 0
        self._landmarks.begin(entries, conversation.new_from if conversation else None)
        self.find(self._finding.wanted)

    def drop(self, conversation: Conversation) -> None:
        """This conversation was closed."""
        if conversation is self.conversation:
            self.show(None)
        self._left.pop(conversation, None)

    def drop_all(self) -> None:
        """All conversations were closed."""
        self.show(None)
        self._left.clear()

    def update_entries(self, added: Sequence[Entry], changed: Iterable[Entry]) -> None:
        """Show what has become of the conversation's entries: among them some that came live, or changed."""
        self._drawing.change(entry.key for entry in changed)
        # Who says something wants to see it; that he is in a room again, after a loss, nobody has asked.
        if any(entry.own and entry.kind in SPOKEN for entry in added):
            self.to_end()
        elif added and not self.following:
            self._missed += len(added)
        self._landmarks.add(added)
        self.refresh()

    def refresh(self) -> None:
        """Show the conversation's entries as they are now: the next portion at once, the rest soon."""
        if self._pending is None:
            self._work()

    def _work_now(self) -> None:
        if self._pending is not None:
            self.after_cancel(self._pending)
        self._work()

    def _work(self) -> None:
        """Draw and search the next portion, and go on soon if anything is left."""
        self._pending = None
        entries = self._entries = self._to_be_shown()
        top = None if self.following else self._at or self._top()
        drawn, more = self._drawing.draw(entries, self._index_of(top) if top else len(entries))
        self._finding.forget(drawn)
        self._highlighted -= drawn
        self.show_if_empty()
        if self.following:
            self.text.yview_moveto(1.0)
        elif top:
            self._look_at(top)
        if self._finding.wanted:
            self._search()
        if (more or not self._finding.complete) and self._pending is None:
            self._pending = self.after(PAUSE_MS, self._work)
        self._show_signposts()

    def _to_be_shown(self) -> list[Entry]:
        entries: Iterable[Entry] = self.conversation.entries if self.conversation else ()
        if self._hidden:
            entries = [entry for entry in entries if not self._hidden(entry)]
        self._quotes.note(entries)
        self._landmarks.first_new = self.conversation.new_from if self.conversation else None
        self._drawing.first_new = self._landmarks.first_new
        if self.only:
            fold = self._drawing.fold
            entries = [one for one in entries if one.kind in SPOKEN and fold(one.nick) == self.only]
        shown, changed = self._folding.fold(entries)
        self._drawing.change(changed)
        return shown

    def _top(self) -> _Place | None:
        """Return what stands at the upper edge of the text."""
        key = self._key_at("@0,0")
        found = self._drawing.ranges(key) if key else None
        if not key or not found:
            return None
        before = self.text.count(found[0], "@0,0", "chars")
        return _Place(key, before[0] if isinstance(before, tuple) else before or 0)

    def _index_of(self, place: _Place) -> int:
        """Return the index of an entry, or of what stands there after it has gone: the oldest go first."""
        return next((at for at, entry in enumerate(self._entries) if entry.key == place.key), 0)

    def _look_at(self, place: _Place) -> None:
        """Put a place to the upper edge, where it is already if only what stands below it has changed."""
        self._at = None
        found = self._drawing.ranges(place.key)
        if found and self._top() != place:
            self.text.yview(f"{found[0]} + {place.chars} chars")

    def _key_at(self, index: str) -> int:
        return next((int(tag[1:]) for tag in self.text.tag_names(index) if tag[1:].isdecimal()), 0)

    def _draw_around(self, key: int | None) -> tuple[str, str] | None:
        """Leave the end, draw what stands around an entry, and return its range; None if it is not here."""
        found = self._drawing.ranges(key)
        if key is None or found or all(entry.key != key for entry in self._entries):
            return found
        self._follow(following=False)
        self._at = _Place(key, 0)
        self._work_now()
        return self._drawing.ranges(key)

    def plain(self) -> str:
        """Return the whole text that is drawn."""
        return self.text.get("1.0", "end-1c")

    def to_end(self) -> None:
        """Show the last entry, and stay at the end from now on."""
        self._missed = 0
        self._at = None
        self.text.yview_moveto(1.0)
        self._follow(following=True)
        self._show_signposts()

    def to_first_new(self) -> bool:
        """Show the first message that the user has not seen; return False if there is none here."""
        found = self._draw_around(self._drawing.first_new)
        if found:
            self.text.yview(found[0])
            self._moved()
        return found is not None

    def to_mention(self) -> bool:
        """Show the next message that names the user: first the new ones. False: none is left below."""
        mention = self._landmarks.next_mention(self._entries)
        if mention:
            self.mark(mention)
        return mention is not None

    def show_only(self, nick: str) -> None:
        """Show only what this person has said here; "": show everything."""
        self.only = self._drawing.fold(nick)
        self._work_now()
        self.to_end()

    def _resized(self) -> None:
        self._quotes.room_changed()
        self._drawing.change(entry.key for entry in self._entries if entry.reply_to)
        self._stay_at_end()
        self.refresh()

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
            if self._entries:
                self._draw_around(self._entries[0].key)
            self.text.yview_moveto(0.0)
        elif keysym in ("Prior", "Next"):
            self.text.yview_scroll(-1 if keysym == "Prior" else 1, "pages")
        else:
            self.text.yview_scroll(-2 if keysym == "Up" else 2, "units")
        self._scrolled()
        return "break"

    def entry_at(self, x: int, y: int) -> Entry | None:
        """Return the entry that is shown at a point of the text, if there is one."""
        key = self._key_at(f"@{x},{y}")
        return next((entry for entry in self._entries if entry.key == key), None)

    def nick_at(self, x: int, y: int) -> str:
        """Return the nick at a point of the text; "" if there is none."""
        index = f"@{x},{y}"
        if "nick" not in self.text.tag_names(index):
            return ""
        found = self.text.tag_prevrange("nick", f"{index}+1c")
        return self.text.get(*found) if found else ""

    def selection(self) -> str:
        """Return what is selected, "" if nothing is: a part of one message, or several with name and time."""
        ranges = self.text.tag_ranges("sel")
        if not ranges:
            return ""
        first, last = str(ranges[0]), str(ranges[1])
        ends = {self._key_at(first), self._key_at(f"{last} - 1 chars")}
        places = [at for at, entry in enumerate(self._entries) if entry.key in ends]
        if len(places) > 1:
            return whole(self._entries[places[0] : places[-1] + 1])
        return self._said_between(first, last) or self.text.get(first, last).strip().replace("\t", " ")

    def _said_between(self, first: str, last: str) -> str:
        """Return what a part of the text holds of messages, without names, times and indents."""
        said: list[str] = []
        is_said = "said" in self.text.tag_names(first)
        for kind, value, _at in self.text.dump(first, last, tag=True, text=True):
            if kind == "text" and is_said:
                said.append(value)
            elif value == "said":
                is_said = kind == "tagon"
        return "".join(said)

    def _part_of_selection(self, start: str, most: str) -> str:
        return self.selection()[int(start) : int(start) + int(most)]

    def copy(self) -> str:
        """Put what is selected on the clipboard."""
        if text := self.selection():
            self.clipboard_clear()
            self.clipboard_append(text)
        return "break"

    @property
    def folds(self) -> bool:
        """Whether people who come and go in a row are one line."""
        return not self._folding.shows_all

    def fold(self, *, on: bool) -> None:
        """Fold runs of people who come and go into one line each, or show them all."""
        if on != self.folds:
            self._folding.shows_all = not on
            self._work_now()

    def find(self, wanted: str) -> None:
        """Mark all matches of `wanted`, at most the newest MAX_FOUND, and show the newest; "" marks none."""
        for tag in ("found", "found now"):
            self.text.tag_remove(tag, "1.0", "end")
        self._highlighted.clear()
        self._now = None
        self._finding.begin(wanted)
        self._work_now()
        self.on_found()

    def find_next(self, step: int) -> None:
        """Show the match above (-1) or below (1) the one that is shown, cyclically."""
        matches = self._finding.matches
        if matches:
            self._now = matches[(self.found_now[0] - 1 + step) % len(matches)]
            self._show_found()
            self.on_found()

    @property
    def found_now(self) -> tuple[int, int]:
        """The number of the match that is shown, counted from 1 at the top, and how many there are."""
        matches = self._finding.matches
        at = matches.index(self._now) + 1 if self._now in matches else len(matches)
        return at, len(matches)

    @property
    def is_searching(self) -> bool:
        """Whether more matches may be found."""
        return not self._finding.complete

    def _search(self) -> None:
        """Search the next portion, and show what it brings."""
        entries, drawing = self._entries, self._drawing

        def text_of(at: int) -> str:
            drawn = drawing.pieces(entries[at], entries[at - 1] if at else None)
            return "".join(text for text, _tags in drawn)

        before = self.found_now
        self._finding.go_on(entries, text_of)
        for key, matches in groupby(self._finding.matches, lambda match: match.key):
            found = drawing.ranges(key) if key not in self._highlighted else None
            if found:
                self._highlighted.add(key)
                places = [place for match in matches for place in (match.start, match.end)]
                self.text.tag_add("found", *self._indices(found[0], self.text.get(*found), places))
        if self._finding.matches and self._now is None:
            self._now = self._finding.matches[-1]
            self._show_found()
        if self.found_now != before or self._finding.complete:
            self.on_found()

    def _show_found(self) -> None:
        """Scroll to the match that is to be shown now."""
        text = self.text
        text.tag_remove("found now", "1.0", "end")
        found = self._draw_around(self._now.key) if self._now else None
        if self._now and found:
            start, end = self._indices(found[0], self.text.get(*found), (self._now.start, self._now.end))
            text.tag_add("found now", start, end)
            text.see(start)
            self._moved()

    def mark(self, entry: Entry | None) -> None:
        """Mark one entry and scroll to it; None: mark none."""
        self.text.tag_remove("marked", "1.0", "end")
        if entry and self.only and all(one.key != entry.key for one in self._entries):
            self.show_only("")
        if entry and self._folding.unfold(entry.key):
            self._work_now()
        found = self._draw_around(entry.key) if entry else None
        if found:
            start, end = found
            while not {"day", "new", "rule"}.isdisjoint(self.text.tag_names(start)):
                start = self.text.index(f"{start} + 1 lines")
            self.text.tag_add("marked", start, end)
            self.text.see(start)
            self._moved()

    @property
    def marked(self) -> Entry | None:
        """The entry that is marked."""
        key = self._key_at("marked.first") if self.text.tag_ranges("marked") else 0
        return next((entry for entry in self._entries if entry.key == key), None)

    def choose(self, step: int) -> None:
        """Mark the next (1) or the previous (-1) message; at first the last that can be seen."""
        messages = [entry for entry in self._entries if entry.kind in SPOKEN]
        seen = [entry for entry in self._seen() if entry.kind in SPOKEN]
        if not messages:
            return
        marked = self.marked
        if marked in messages:
            at = max(0, min(len(messages) - 1, messages.index(marked) + step))
            self.mark(messages[at])
        else:
            self.mark((seen or messages)[-1])

    def place_of_mark(self) -> tuple[int, int] | None:
        """Return a point of the screen below the first line of the entry that is marked."""
        box = self.text.bbox("marked.first") if self.text.tag_ranges("marked") else None
        if not box:
            return None
        x, y, _width, height = box
        return self.text.winfo_rootx() + x, self.text.winfo_rooty() + y + height

    # Inside.

    def _clicked(self, event: "tk.Event[tk.Text]") -> None:
        entry = self.entry_at(event.x, event.y)
        if entry and is_summary(entry):
            self._follow(following=False)  # what stands above stays where it is
            self._folding.toggle(entry)
            self._work_now()
            self.text.after_idle(self._moved)
        elif entry and "quote" in self.text.tag_names(f"@{event.x},{event.y}"):
            self.on_quote(entry)
        elif entry:
            self.on_entry(entry)

    def _indices(self, first: str, text: str, places: Iterable[int]) -> list[str]:
        """Return Tk's indices of ascending places in a text that begins at the line of `first`."""
        line, column, before = int(first.split(".", maxsplit=1)[0]), 0, 0
        found: list[str] = []
        for place in places:
            passed = text[before:place]
            line += passed.count("\n")
            same_line = passed.rpartition("\n")[2]
            wide = 0 if same_line.isascii() else sum(char > "\uffff" for char in same_line)
            column = len(same_line) + wide * (self._wide - 1) + (column if "\n" not in passed else 0)
            found.append(f"{line}.{column}")
            before = place
        return found

    def _restyle(self) -> None:
        style_transcript(self.text, self._look)
        self._resized()

    def _quote(self, entry: Entry) -> str:
        """Return what an entry answers, as much as has room in one line."""
        return self._quotes.fitted(entry, lambda line: self._look.shorten(line, "small", self._room()))

    def _room(self) -> int:
        """Return how many pixels a quoted line may take."""
        return self.text.winfo_width() - indent_of(self._look) - self._look.em(3)

    def show_if_empty(self) -> None:
        """Say what one can do where nobody has spoken yet, if there is room for that."""
        entries = self._entries
        words = ""
        if self.only:
            if not entries:
                words = _("Nothing of this person is loaded.\nScroll up for what was said before.")
        elif not any(entry.kind in SPOKEN for entry in entries):
            words = self.on_empty()
        last = self.text.dlineinfo("end-1c") if words else None
        if last:
            self._empty.configure(text=words, wraplength=max(1, self.winfo_width() - self._look.em(4)))
            end = last[1] + last[3]
            rest = self.text.winfo_height() - end
            if rest > self._empty.winfo_reqheight():
                self._empty.place(relx=0.5, y=end + rest // 2, anchor="center")
                return
        self._empty.place_forget()

    def _show_signposts(self) -> None:
        """Show the buttons that lead to what is out of sight."""
        top = self._drawing.ranges(None if self.only else self._landmarks.new_to_see)
        new_above = top is not None and self.text.compare(top[0], "<", "@0,0")
        if self.is_watched() and (top or self._landmarks.calls):
            seen = self._seen()
            self._landmarks.see(seen[1:] if new_above else seen)  # what is cut off above is not seen
        below = 0 if self.following else self._missed
        self._signposts.show(
            at_end=self.following, new_above=new_above, below=below, mentions=self._landmarks.calls
        )

    def _seen(self) -> list[Entry]:
        """Return the entries that can be seen."""
        first, last = self._key_at("@0,0"), self._key_at(f"@0,{self.text.winfo_height()}")
        begun = list(dropwhile(lambda entry: entry.key != first, self._entries))
        return begun[: next((at for at, entry in enumerate(begun, 1) if entry.key == last), len(begun))]

    def _bar_moved(self, *arguments: str) -> None:
        self.text.yview(*arguments)
        self._scrolled()

    def _scrolled(self) -> None:
        """React to scrolling; at the very top, ask for older entries."""
        self._moved()
        if self.text.yview()[0] <= 0 and self._entries and self._entries[0] in self._drawing:
            self.on_top()

    def _moved(self) -> None:
        """Note what is seen now: new entries are followed only at the end."""
        self._follow(following=self.text.yview()[1] > 0.9999)
        self._stay_at_end()
        self._show_signposts()

    def _typed(self, event: "tk.Event[tk.Text]") -> str | None:
        text = keys.typed(event)
        if text:
            self.on_type(text)
        return "break" if text else None

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
            self._open(self.text.get(*found))

    def _open(self, link: str) -> None:
        open_link(with_scheme(link))
