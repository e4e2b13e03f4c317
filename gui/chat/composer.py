"""The input line: it grows, remembers what was sent, and completes nicks and commands."""

import re
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import Any, Final

from gui.chat.writing.emoji import complete_name, find
from gui.chat.writing.foot import Foot
from gui.toolkit import keys
from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.editing.glyphs import draws
from gui.toolkit.theme import Look
from protocol.names import is_channel
from translations import _

MAX_LINES: Final = 8
MAX_HISTORY: Final = 100
LONG: Final = 1000
"""Characters from which Up and Down no longer come back to their column behind a short line."""
_WITH_PASSWORD: Final = re.compile(r"/(oper|(raw|quote)\s+(oper|pass))\s", re.IGNORECASE)
MAX_TEXT: Final = 20_000
"""Characters: a book pasted by mistake must not freeze the window. More is refused, never cut."""


def complete(before: str, names: Sequence[str], commands: Sequence[str]) -> list[tuple[int, str]]:
    """Return what Tab may put in place of the word before the cursor: (where it begins, the word).

    A nick at the beginning of the message is followed by `: `, any other word by a space.
    """
    start = max(before.rfind(" "), before.rfind("\n")) + 1
    word = before[start:].casefold()
    if start == 0 and word.startswith("/"):
        return [(0, command + " ") for command in commands if command.casefold().startswith(word)]
    if not word:
        return []
    tail = ": " if start == 0 else " "
    return [
        (start, name if is_channel(name) else name + tail)
        for name in names
        if name.casefold().startswith(word)
    ]


class Composer(ttk.Frame):
    """A field of one to MAX_LINES lines. Enter sends, Shift+Enter begins a new line.

    `on_send(text)` takes what was written, or returns False: then it stays. `names()` and `commands` are
    what Tab completes. `on_scroll(keysym)` gets Page Up and Page Down. `on_refused(sentence)`: it does not
    take what was pasted.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.on_send: Callable[[str], object] = lambda text: None
        self.on_scroll: Callable[[str], object] = lambda keysym: None
        self.on_refused: Callable[[str], object] = lambda sentence: None
        self.confirm: Callable[[str, Callable[[], object]], object] = lambda text, send: send()
        """Is given what is about to be sent, and what sends it."""
        self.on_typed: Callable[[str], object] = lambda text: None
        """Gets what is written after each change that the user has made."""
        self.excess: Callable[[str], str] = lambda text: ""
        """Says by how much a text is too long; "" if it is not."""
        self.names: Callable[[], Sequence[str]] = lambda: ()
        self.commands: Sequence[str] = ()
        self._look = look
        self._enabled = True
        self._history: list[str] = []
        self._at = 0
        self._edits: dict[int, str] = {}
        """What stands at other places of the history than `_at`, where that was changed; the last is new."""
        self._taken = ""
        """What stood here last that was not too long."""
        self._choices: list[tuple[int, str]] = []
        self._choice = 0
        self._to = ""
        self._box = ttk.Frame(self, style="Field.TFrame")
        self.text = tk.Text(self._box, height=1, width=20, wrap="word", undo=True, maxundo=200)
        self._hint = tk.Label(self._box, anchor="nw", cursor="xterm")
        self.emoji_button = ttk.Button(self, style="Icon.TButton")
        self.button = ttk.Button(self, style="Accent.TButton", command=self.submit)
        self._draws = partial(draws, look)
        self.foot = Foot(self, look)
        self._box.grid(row=0, column=0, sticky="ew")
        self.foot.grid(row=1, column=0, columnspan=3, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.text.pack(fill="both", expand=True)
        self.menu = EditMenu(self.text, look)
        self._bind_events()
        look.follow(self, self._restyle)

    def _bind_events(self) -> None:
        text = self.text
        for key in ("<Return>", "<KP_Enter>"):
            text.bind(key, lambda _: self.submit())
        for key in ("<Shift-Return>", "<Control-Return>"):
            text.bind(key, lambda _: self._new_line())
        text.bind("<Tab>", lambda _: self._complete(1))
        text.bind("<Shift-Tab>", self._back_tab)
        # X11's name for Shift+Tab; other systems do not know the keysym.
        if text.tk.call("tk", "windowingsystem") == "x11":
            text.bind("<ISO_Left_Tab>", self._back_tab)
        text.bind("<Up>", lambda _: self._recall(-1))
        text.bind("<Down>", lambda _: self._recall(1))
        for key in ("<Prior>", "<Next>"):
            text.bind(key, lambda event: self._scrolled(event.keysym))
        text.bind("<Key>", self._key, add="+")
        text.bind("<<Modified>>", lambda _: self._changed())
        text.bind("<<Paste>>", lambda _: self._check_paste("CLIPBOARD"))
        text.bind("<<PasteSelection>>", lambda _: self._check_paste("PRIMARY"))
        text.bind("<Configure>", lambda _: self._fit())
        text.bind("<FocusIn>", lambda _: self._box.state(["focus"]))
        text.bind("<FocusOut>", lambda _: self._box.state(["!focus"]))
        self._hint.bind("<Button-1>", lambda _: text.focus_set())
        for button in (self.emoji_button, self.button):
            button.bind("<Key>", self._typed_on_button, add="+")

    # For the owner.

    def get(self) -> str:
        """Return what is written but not sent."""
        return self.text.get("1.0", "end-1c")

    @property
    def draft(self) -> str:
        """What is written but was never sent, at all places of the history: not what was only looked at."""
        written = sorted((self._edits | {self._at: self.get()}).items())
        return "\n".join(
            text for at, text in written if text.strip() and text not in self._history[at : at + 1]
        )

    def set(self, text: str) -> None:
        """Replace what is written, by something new; the cursor goes to the end."""
        self._at = len(self._history)
        self._edits.clear()
        self._put(text)

    def enable(self, *, enabled: bool) -> None:
        """Let the user write, or not; what is half written stays."""
        if enabled is not self._enabled:
            self._enabled = enabled
            self.text.configure(state="normal" if enabled else "disabled")
            self.button.state(["!disabled" if enabled else "disabled"])
            self._restyle()

    def _put(self, text: str) -> None:
        self._taken = text
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        self.text.insert("1.0", text)
        self.text.configure(state="normal" if self._enabled else "disabled")
        self.text.edit_reset()  # what was written elsewhere is not to come back here
        self.text.edit_modified(False)
        self.text.see("insert")
        self._choices = []
        self._fit()
        self._show_excess(text)

    def insert(self, text: str) -> None:
        """Write at the cursor, as if typed."""
        self.text.insert("insert", text)
        self.text.focus_set()
        self._fit()

    def set_target(self, name: str) -> None:
        """Say in the placeholder for whom the message is; "" for nobody in particular."""
        self._to = name
        self._show_hint()

    def submit(self) -> str:
        """Hand over what is written, and clear the field."""
        if self._enabled and self.get().strip():
            self.confirm(self.get(), self._send)
        return "break"

    def _send(self) -> None:
        text = self.get()
        if text.strip():
            new = self._edits.get(len(self._history), "")
            if text not in self._history[-1:] and not _WITH_PASSWORD.match(text):
                self._history = [*self._history, text][-MAX_HISTORY:]
            self.set(new)
            if self.on_send(text.rstrip()) is False and not self.get():
                self.set(text)

    # Inside.

    def _new_line(self) -> str:
        self.text.insert("insert", "\n")
        self.text.see("insert")
        return "break"

    def _key(self, event: "tk.Event[tk.Text]") -> str | None:
        if event.keysym not in ("Tab", "ISO_Left_Tab", "Shift_L", "Shift_R"):
            self._choices = []
        return self._close_name() if event.char == ":" and self._enabled else None

    def _close_name(self) -> str | None:
        """Put an emoji in place of its name, whose closing colon is typed; undo gives the name back."""
        text = self.text
        before = text.get("1.0", "insert")
        found = find(before)
        if found is None or text.tag_ranges("sel") or not self._draws(found[1]):
            return None
        text.insert("insert", ":")
        text.edit_separator()
        text.replace(f"1.0+{found[0]}c", "insert", found[1])
        text.edit_separator()
        return "break"

    def _typed_on_button(self, event: "tk.Event[ttk.Button]") -> str | None:
        """Who has left the field for a button and writes on means the field; a space presses the button."""
        text = keys.typed(event).strip()
        if text:
            self.insert(text)
        return "break" if text else None

    def _back_tab(self, event: "tk.Event[tk.Text]") -> str | None:
        # Without a completion to step back in, Shift+Tab is the way out of the field.
        return self._complete(-1) if self._choices else None

    def _complete(self, step: int) -> str:
        before = self.text.get("1.0", "insert") if self._enabled else ""
        if not self._choices:
            emoji = [one for one in complete_name(before) if self._draws(one[1])]
            self._choices = emoji or complete(before, self.names(), self.commands)
            self._choice = -1 if step > 0 else 0
            if not self._choices:
                # From an empty field Tab goes to the next widget, as everywhere. Where something is written
                # it does not: the next space would press the button that sends.
                follower = None if self._enabled and self.get().strip() else self.text.tk_focusNext()
                if follower is not None:
                    follower.focus_set()
                else:
                    self.foot.show_note(_("Nothing to complete · Shift+Tab leaves the input line"))
                return "break"
        choices = self._choices
        self._choice = (self._choice + step) % len(choices)
        start, word = choices[self._choice]
        self.text.delete(f"1.0+{start}c", "insert")
        self.text.insert("insert", word)
        self._choices = choices if len(choices) > 1 else []
        return "break"

    def _recall(self, step: int) -> str | None:
        if not self._enabled:
            return "break"
        # Lines of the display are not counted, by us or by Tk: for each it lays out the whole paragraph anew.
        compare = self.text.compare
        if step < 0:
            at_edge = compare("insert", "<=", "1.0 display lineend")
        else:
            at_edge = compare("insert", ">=", "end-1c display linestart")
        if not at_edge or not self._history:
            if len(self.get()) > LONG:
                self.text.tk.call("set", "::tk::Priv(prevPos)", "")  # Tk counts from where the walk began
            return None
        to = self._at + step
        if not 0 <= to <= len(self._history):
            return "break"
        self._edits[self._at] = self.get()
        self._at = to
        self._put(self._edits.pop(to) if to in self._edits else self._history[to])
        return "break"

    def _scrolled(self, keysym: str) -> str:
        self.on_scroll(keysym)
        return "break"

    def _changed(self) -> None:
        if not self.text.edit_modified():
            return
        text = self.get()
        if len(text) > MAX_TEXT:
            self._put(self._taken)
            self._refuse(len(text))
            return
        self._taken = text
        self.text.edit_modified(False)
        self._fit()
        self._show_excess(text)
        self.on_typed(text)

    def _show_excess(self, text: str) -> None:
        self.foot.show_note(self.excess(text), loud=True)

    def _check_paste(self, selection: str) -> str | None:
        """Refuse what does not fit before anything is changed, and before Tk draws it."""
        try:
            pasted = self.text.tk.call("::tk::GetSelection", self.text, selection)  # as Tk itself does
        except tk.TclError:
            return None
        length = len(self.get()) + len(str(pasted))
        marked = self.text.tag_ranges("sel") if selection == "CLIPBOARD" else ()
        if marked:
            length -= len(self.text.get(*marked))
        if length <= MAX_TEXT:
            return None
        self._refuse(length)
        return "break"

    def _refuse(self, length: int) -> None:
        """Say that it is too long."""
        sentence = _(
            "That would be {count} characters; {most} are possible. Nothing was changed: send it in parts."
        )
        self.on_refused(sentence.format(count=length, most=MAX_TEXT))

    def _fit(self) -> None:
        """Make the field as high as its text, up to MAX_LINES."""
        counted = self.text.count("1.0", "end", "displaylines")
        lines = counted[0] if isinstance(counted, tuple) else counted or 1
        lines = max(1, min(MAX_LINES, lines))
        if lines != self.text.cget("height"):
            self.text.configure(height=lines)
            self.text.see("insert")
        self._show_hint()

    def _show_hint(self) -> None:
        if self.get():
            self._hint.place_forget()
            return
        name = self._to
        words = _("Message {name}").format(name=name) if name else _("Type a command, for example /join #lab")
        if not self._enabled:
            words = _("You cannot write here now")
        self._hint.configure(text=words)
        self._hint.place(in_=self.text, x=1, y=0, relwidth=1.0, relheight=1.0)

    def _restyle(self) -> None:
        look = self._look
        p, em = look.palette, look.em
        self.configure(padding=(em(1.2), em(0.4), em(1.2), em(0.2)))
        self.foot.configure(padding=(em(0.8), em(0.1)))
        self._box.configure(padding=(em(0.8), em(0.6)))
        look.text(self.text, p.field)
        if not self._enabled:
            self.text.configure(foreground=p.muted)
        # After each line, wrapped or not: of these spaces Tk counts only the third in the field's height.
        self.text.configure(padx=0, pady=0, spacing2=em(0.1), spacing3=em(0.1))
        self._hint.configure(
            background=p.field, foreground=p.muted, font=look.fonts["body"], padx=0, pady=0, borderwidth=0
        )
        # Named for both states: else ttk draws dots over the picture of a button that is disabled.
        images: Any = (look.icon("send", p.on_accent), "disabled", look.icon("send", p.muted))
        self.button.configure(image=images, padding=em(0.55))
        self.emoji_button.configure(image=look.icon("smile", p.muted), padding=em(0.5))
        self.emoji_button.grid(row=0, column=1, sticky="se", padx=(em(0.4), 0))
        self.button.grid(row=0, column=2, sticky="se", padx=(em(0.4), 0))
        self._show_hint()
