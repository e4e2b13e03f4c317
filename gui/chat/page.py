"""The page of a chat: conversations on the left, the transcript in the middle, members on the right."""

import time
import tkinter as tk
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from tkinter import ttk
from typing import Final

from client.model.conversations import Conversation, Entry
from client.model.state import ClientState
from gui.chat.bars.banner import Banner
from gui.chat.bars.note_bar import NoteBar
from gui.chat.bars.reply_bar import ReplyBar
from gui.chat.bars.searchbar import SearchBar
from gui.chat.bars.silence_bar import SilenceBar
from gui.chat.bars.statusbar import StatusBar
from gui.chat.bars.topicbar import TopicBar
from gui.chat.composer import MAX_TEXT, Composer
from gui.chat.conversation_list import ConversationList
from gui.chat.empty_room import EmptyRoom
from gui.chat.member_list import MemberList
from gui.chat.name_colours import NameColours
from gui.chat.transcript.transcript import Transcript
from gui.toolkit import keys
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import ignore

CONVERSATIONS_WIDTH: Final = 15.0
MEMBERS_WIDTH: Final = 15.5
WIDTH_WITH_MEMBERS: Final = 56.0
WIDTH_WITH_CONVERSATIONS: Final = 36.0
WIDTH_DROPPED_DOWN: Final = 20.0
"""In ems: the widths of the lists, and the window's least widths at which the lists are shown; where it is
narrower, the conversations drop down from a button."""


class ChatPage(ttk.Frame):
    """Puts the widgets together and keeps a draft for each conversation."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.on_menu: Callable[[Conversation, Entry | None, int, int], object] = ignore
        self.on_nick_menu: Callable[[str, int, int], object] = ignore
        self._look = look
        self._fold: Callable[[str], str] = str.casefold
        self._clock: Callable[[], float] = time.time
        self._client: ClientState | None = None
        self._wants_members: bool | None = None
        self._drafts: dict[Conversation, str] = {}
        """What is half written in the conversations that are not shown."""
        self._kept: dict[str, str] = {}
        """The same of those that are closed, by folded name: it is there again when they are opened."""
        self.shown: Conversation | None = None
        self.conversations = ConversationList(self, look)
        self.middle = ttk.Frame(self)
        self.topic = TopicBar(self.middle, look)
        self.transcript = Transcript(self.middle, look)
        self.search = SearchBar(self.middle, look, self.transcript)
        self.banner = Banner(self.middle, look)
        self.note = NoteBar(self.middle, look)
        """Says that not everything is shown, or what is looked for."""
        self.silence = SilenceBar(self.middle, look)
        self.reply = ReplyBar(self.middle, look)
        self.composer = Composer(self.middle, look)
        self._colours = NameColours()
        self._empty = EmptyRoom()
        self.members = MemberList(self, look, self._colours)
        self.dock = ttk.Frame(self)
        """Space at the bottom, for the laboratory."""
        self.status = StatusBar(self, look)
        self._separators = [ttk.Frame(self, style="Line.TFrame") for _ in range(3)]
        self._topic_separator = ttk.Frame(self.middle, style="Line.TFrame")
        self._lay_out()
        text = self.transcript.text
        text.bind("<Button-3>", self._open_menu)
        text.bind("<Escape>", lambda _: self._back_to_composer())
        self.transcript.on_type = self.composer.insert
        self.transcript.on_empty = self._words_if_empty
        for list_ in (self.conversations.list, self.members.list):
            list_.canvas.bind("<Key>", self._typed_in_list, add="+")
        self.banner.on_closed = self.composer.text.focus_set
        self.search.bind("<<SearchClosed>>", lambda _: self.composer.text.focus_set())
        self.conversations.list.canvas.bind("<Escape>", lambda _: self.close_drop_down(), add="+")
        for text in (self.transcript.text, self.composer.text):
            text.bind("<FocusIn>", self._text_entered, add="+")
        self.bind("<Configure>", lambda _: self._fit())
        look.follow(self, self._restyle)

    def _lay_out(self) -> None:
        left, right, bottom = self._separators
        for column, widget in enumerate((self.conversations, left, self.middle, right, self.members)):
            widget.grid(row=0, column=column, sticky="nsew")
        for row, widget in enumerate((bottom, self.dock, self.status), 1):
            widget.grid(row=row, column=0, columnspan=5, sticky="ew")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(2, weight=1)
        for list_ in (self.conversations, self.members):
            list_.grid_propagate(False)
        above = (self.topic, self._topic_separator, self.banner, self.search, self.note)
        for row, widget in enumerate((*above, self.transcript, self.silence, self.reply, self.composer)):
            widget.grid(row=row, column=0, sticky="nsew")
        for hidden in (self.search, self.note, self.banner, self.silence, self.reply):
            hidden.grid_remove()
        self.middle.rowconfigure(len(above), weight=1)
        self.middle.columnconfigure(0, weight=1)
        # The Tab key visits the widgets in stacking order: make that the reading order.
        upper = (self.topic, self.banner, self.search, self.note)
        lower = (self.transcript, self.silence, self.reply, self.composer)
        for widget in (self.conversations, *upper, *lower, self.members, self.dock):
            widget.lift()

    def _back_to_composer(self) -> None:
        self.transcript.mark(None)
        self.composer.text.focus_set()

    def _open_menu(self, event: "tk.Event[tk.Text]") -> None:
        if nick := self.transcript.nick_at(event.x, event.y):
            self.on_nick_menu(nick, event.x_root, event.y_root)
        elif self.shown is not None:
            entry = self.transcript.entry_at(event.x, event.y)
            self.on_menu(self.shown, entry, event.x_root, event.y_root)

    # Conversations.

    def begin(self, state: ClientState) -> None:
        """Prepare for a session; what the page shows of people and the server is read from its state."""
        self.conversations.set_title(state.profile.server)
        self.conversations.is_muted = state.is_muted
        self._fold, self._clock = state.fold, lambda: state.time
        self._client = state
        self.members.client = self.status.client = self.topic.client = state

    def show(self, conversation: Conversation) -> None:
        """Show a conversation."""
        if self.shown is not conversation:
            if self.shown is not None:
                self._drafts[self.shown] = self.composer.draft
            self.shown = conversation
            kept = self._kept.pop(self._fold(conversation.name), "")
            self.composer.set(self._drafts.pop(conversation, "") or kept)
            hidden = self._client.is_hidden if self._client else None
            colour = partial(self._colours.number, conversation)
            self.transcript.show(conversation, self._fold, self._clock, hidden, colour)
            self.note.hide()
            self.reply.show(conversation)
        self.topic.show(conversation)
        self.composer.set_target(conversation.name)
        self.show_members()
        self._fit()

    def drop(self, conversation: Conversation) -> None:
        """Forget a conversation that was closed, but not what is half written in it."""
        self.transcript.drop(conversation)
        self._colours.forget(conversation)
        self.reply.drop(conversation)
        draft = self._drafts.pop(conversation, "")
        if self.shown is conversation:
            draft = self.composer.draft
            self.composer.set("")
            self.search.close()
            self.note.hide()
            self.reply.show(None)
            self.shown = None
        if draft.strip():
            self._kept[self._fold(conversation.name)] = draft

    def clear(self) -> tuple[dict[str, str], dict[str, Entry]]:
        """Forget all conversations, as their session has ended; return what was half written and answered."""
        drafts = self.drafts()
        self.search.close()
        self.banner.clear()
        self.note.hide()
        answered = self.reply.clear()
        self.transcript.drop_all()
        self._colours.clear()
        self.shown = None
        self.composer.set("")
        self._drafts.clear()
        self._kept.clear()
        return drafts, answered

    def drafts(self) -> dict[str, str]:
        """Return what is half written, by the conversation's name."""
        drafts = {one.name: text for one, text in self._drafts.items()} | self._kept
        if self.shown is not None:
            drafts[self.shown.name] = self.composer.draft
        return {name: text for name, text in drafts.items() if text.strip()}

    def give_back(self, drafts: Mapping[str, str], answered: Mapping[str, Entry]) -> None:
        """Put what was half written and answered into conversations of these names, when they are opened."""
        self._kept = {self._fold(name): text for name, text in drafts.items()}
        self.reply.give_back(answered)

    def space_left(self, conversation: Conversation) -> int:
        """Return how many characters fit behind what is half written in a conversation."""
        return MAX_TEXT - len(self._draft_of(conversation))

    def _draft_of(self, conversation: Conversation) -> str:
        return self.composer.draft if conversation is self.shown else self._drafts.get(conversation, "")

    def put_back(self, conversation: Conversation, texts: Sequence[str]) -> None:
        """Put texts behind what is half written in a conversation, each on lines of its own."""
        draft = self._draft_of(conversation)
        text = "\n".join([draft, *texts] if draft.strip() else texts)
        if conversation is self.shown:
            self.composer.set(text)
        else:
            self._drafts[conversation] = text

    def update_entries(self, added: Sequence[Entry], changed: Collection[Entry]) -> None:
        """Show what has become of the entries: see `Transcript.update_entries`."""
        self.transcript.update_entries(added, changed)
        if changed and self.reply.is_open:
            self.reply.refresh()

    def show_members(self) -> None:
        """Refresh the list of members, and whether the user may write here."""
        self.members.show(self.shown if self.shown and self.shown.is_room else None)
        self.composer.enable(enabled=self.silence.show(self._client, self.shown))
        self.transcript.show_if_empty()

    def _words_if_empty(self) -> str:
        return self._empty.words(self._client, self.shown) if self._client and self.shown else ""

    def count_down(self) -> None:
        """Update what the page says of the time that is left; to be called often."""
        self.status.count_down()
        if self.silence.count_down():
            self.show_members()

    def selection(self) -> str:
        """Return the selected text of the shown transcript, or ""."""
        return self.transcript.selection()

    def half_written(self) -> str:
        """Return what stands in the field of this page that has the keyboard; "" if none has it."""
        focused = str(self.tk.call("focus", "-lastfor", str(self)))
        if not focused.startswith(f"{self}."):
            return ""
        kind = self.tk.call("winfo", "class", focused)
        if kind not in ("Entry", "Text") or str(self.tk.call(focused, "cget", "-state")) != "normal":
            return ""
        text = self.tk.call(focused, "get", *(("1.0", "end-1c") if kind == "Text" else ()))
        return str(text) if str(text).strip() else ""

    def _typed_in_list(self, event: "tk.Event[tk.Misc]") -> None:
        """Who has clicked into a list and writes on means the input line."""
        if text := keys.typed(event):
            self.composer.insert(text)

    # Panes.

    def open_search(self) -> None:
        """Open the search bar for the shown conversation."""
        if self.shown is not None:
            self.search.open()

    def toggle_members(self) -> None:
        """Show or hide the members."""
        self._wants_members = not self.members.winfo_ismapped()
        self._fit()

    @property
    def is_dropped_down(self) -> bool:
        """Tell whether the conversations lie over the transcript, in a window too narrow for both."""
        return self.conversations.winfo_manager() == "place"

    def drop_down(self) -> None:
        """Lay the conversations over the transcript, or take them away again."""
        if self.is_dropped_down:
            self.close_drop_down()
        else:
            below = self.topic.winfo_height()
            height = self.middle.winfo_height() - below
            self.conversations.place(x=0, y=below, width=self._look.em(WIDTH_DROPPED_DOWN), height=height)
            self.conversations.lift()
            self.conversations.list.set_cursor(self.shown)
            self.conversations.list.walking_chooses = False
            self.update_idletasks()  # what is not mapped gets the keyboard later, after others lost it again
            self.conversations.list.canvas.focus_set()

    def close_drop_down(self) -> None:
        """Take away the conversations that lie over the transcript, if they do; the user may write again."""
        if self.is_dropped_down:
            had_keys = self._focused().startswith(f"{self.conversations}.")
            self.conversations.place_forget()
            self.conversations.lower()  # first for the Tab key, as before
            self.conversations.list.walking_chooses = True
            if had_keys:
                self.composer.text.focus_set()

    def _focused(self) -> str:
        """Return the path of the widget that has the keyboard now; "" if another program has it."""
        return str(self.tk.call("focus"))

    def _text_entered(self, event: "tk.Event[tk.Text]") -> None:
        if self._focused() == str(event.widget):  # not long ago, but now
            self.close_drop_down()

    def _fit(self) -> None:
        """Hide the lists where the window is too narrow for them."""
        width = self.winfo_width() / max(1, self._look.em(1))
        members = self._wants_members if self._wants_members is not None else width >= WIDTH_WITH_MEMBERS
        members = members and self.shown is not None and self.shown.is_room
        left, right, _bottom = self._separators
        has_room = width >= WIDTH_WITH_CONVERSATIONS
        self.topic.show_list_button(wanted=not has_room)
        if has_room:
            self.close_drop_down()
        for pane, line, wanted in (
            (self.conversations, left, has_room),
            (self.members, right, members),
        ):
            if wanted and not pane.winfo_manager():
                pane.grid()
                line.grid()
            elif not wanted and pane.winfo_manager() == "grid":
                pane.grid_remove()
                line.grid_remove()

    def _restyle(self) -> None:
        look = self._look
        self.conversations.configure(width=look.em(CONVERSATIONS_WIDTH))
        self.members.configure(width=look.em(MEMBERS_WIDTH))
        thin = look.px(1)
        for line in (*self._separators, self._topic_separator):
            line.configure(width=thin, height=thin)
        self._fit()
