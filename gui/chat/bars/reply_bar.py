"""The bar above the input line that quotes the message which is being answered."""

import tkinter as tk
from collections.abc import Mapping

from client.model.conversations import Conversation, Entry
from gui.chat.bars.note_bar import NoteBar
from gui.chat.transcript.quoting import quoted
from gui.toolkit.theme import Look
from translations import _


class ReplyBar(NoteBar):
    """Keeps what is being answered in each conversation, until it is sent or the bar is closed."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self._answered: dict[Conversation, Entry] = {}
        self._shown: Conversation | None = None
        self._kept: dict[str, Entry] = {}
        """By the conversation's name: what was answered in another session on this server."""

    def answer(self, entry: Entry) -> None:
        """Answer this message in the conversation that is shown."""
        if self._shown:
            self._answered[self._shown] = entry
            self.refresh()

    @property
    def msgid(self) -> str:
        """The id of the message that is being answered here; "" if none is."""
        entry = self._answered.get(self._shown) if self._shown else None
        return entry.msgid if entry and not entry.deleted_by else ""

    def show(self, conversation: Conversation | None) -> None:
        """Show what is being answered in this conversation."""
        self._shown = conversation
        if conversation and (kept := self._kept.pop(conversation.name, None)):
            self._answered[conversation] = kept
        self.refresh()

    def refresh(self) -> None:
        """The message that is being answered may have changed: nobody answers one that was taken back."""
        if self._shown and self.msgid:
            entry = self._answered[self._shown]
            self.open(lambda: "↩  " + _("Your answer to"), lambda: quoted(entry))
        else:
            self.hide()

    def hide(self) -> None:
        """Nothing is being answered here."""
        super().hide()
        if self._shown:
            self._answered.pop(self._shown, None)

    def drop(self, conversation: Conversation) -> None:
        """This conversation was closed."""
        self._answered.pop(conversation, None)

    def clear(self) -> dict[str, Entry]:
        """All conversations were closed; return what was being answered in them, by their names."""
        answered = self._kept | {one.name: entry for one, entry in self._answered.items()}
        self._answered.clear()
        self._kept.clear()
        self.show(None)
        return answered

    def give_back(self, answered: Mapping[str, Entry]) -> None:
        """Answer these in the conversations of these names, when they are shown."""
        self._kept = dict(answered)
