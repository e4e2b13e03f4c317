"""What the user does with messages that were said: jumps to them, answers them, copies them."""

from collections.abc import Callable
from functools import partial
from typing import Final

from client.model.conversations import SPOKEN, Conversation, Entry
from client.session import Session
from gui.chat.page import ChatPage
from gui.toolkit.keys import MENU_KEYS
from gui.toolkit.links import find_links
from gui.toolkit.menu import Item
from protocol.text import cut_characters
from translations import _

LONGEST_LINK: Final = 60
"""Characters of a link in a menu."""


class ReadingController:
    """Connects the transcript, and the bars around it, with the current session. For the Tk thread only.

    Args:
        session: returns the current session.
        show: shows another conversation.
    """

    def __init__(
        self,
        page: ChatPage,
        session: Callable[[], Session | None],
        show: Callable[[Conversation], object],
    ) -> None:
        self._page = page
        self._session = session
        self._show = show
        self._sought: tuple[Conversation, str] | None = None
        """Where, and by which id, the message is to which the user wants to jump, while older pages are
        fetched for it."""
        page.transcript.on_quote = self.to_original
        page.transcript.is_watched = self._is_watched
        page.note.on_closed = self._closed
        page.reply.on_closed = page.composer.text.focus_set
        for text in (page.composer.text, page.transcript.text):
            text.bind("<Escape>", lambda _: self.escape(), add="+")
            text.bind("<Control-Up>", lambda _: self.choose(-1))
            text.bind("<Control-Down>", lambda _: self.choose(1))
        for key in MENU_KEYS:
            page.transcript.text.bind(key, lambda _: self._open_menu())

    def _is_watched(self) -> bool:
        session = self._session()
        return session is not None and session.state.is_watched

    # A message chosen with the keyboard.

    def choose(self, step: int) -> str:
        """Mark the message above (-1) or below (1) the one that is marked, for its menu."""
        self._page.transcript.choose(step)
        self._page.transcript.text.focus_set()
        return "break"

    def _open_menu(self) -> str:
        """Open the menu of the message that is marked, below its first line."""
        page, entry = self._page, self._page.transcript.marked
        place = page.transcript.place_of_mark()
        if page.shown and entry and place:
            page.on_menu(page.shown, entry, *place)
        return "break"

    # Where one stopped.

    def to_first_new(self) -> None:
        """Show the first message that the user has not seen, here or in another conversation."""
        if not self._page.transcript.to_first_new() and self._go_to(lambda one: one.unread):
            self._page.transcript.to_first_new()

    def to_mention(self) -> None:
        """Show the next message that names the user: here, in another conversation, or here from the top."""
        if not self._page.transcript.to_mention():
            self._go_to(lambda one: one.mentions)
            self._page.transcript.to_mention()

    def _go_to(self, count: Callable[[Conversation], int]) -> bool:
        """Show the first conversation in which something waits to be read."""
        found = next((one for one in self._page.conversations.order if count(one)), None)
        if found:
            self._show(found)
        return found is not None

    # Answers.

    def answer(self, entry: Entry) -> None:
        """Begin to answer a message."""
        self._page.reply.answer(entry)
        self._page.composer.text.focus_set()

    def to_original(self, entry: Entry) -> None:
        """Show the message that this one answers; where it is not loaded, look for it in the history."""
        if self._page.shown is None:
            return
        self._sought = (self._page.shown, entry.reply_to)
        if not self._arrived(*self._sought):
            self._page.note.open(lambda: _("Looking for the message that is answered …"))
            self.go_on()

    def go_on(self) -> None:
        """To be called often: show the message that is sought when it has come, or say that it does not."""
        session = self._session()
        if self._sought is None or session is None:
            return
        place, msgid = self._sought
        if place is not self._page.shown:
            self._sought = None
            return
        if self._arrived(place, msgid):
            return
        session.scrolled(place, up=True)  # else the oldest would be dropped again
        if not session.read_back(place):
            self._sought = None
            self._page.note.open(lambda: _("The message that is answered cannot be found any more."))

    def _arrived(self, place: Conversation, msgid: str) -> bool:
        """Show the message that is sought; return False if it is not loaded."""
        original = next((entry for entry in place.entries if entry.msgid == msgid), None)
        if original is None:
            return False
        self._sought = None
        session = self._session()
        if session and session.state.is_hidden(original):
            self._page.note.open(lambda: _("You hide what {nick} says").format(nick=original.nick))
        else:
            self._page.note.hide()
            self._page.transcript.mark(original)
        return True

    # One person's words.

    def only(self, nick: str) -> None:
        """Show only what this person has said here; "" shows everything again."""
        self._sought = None
        if nick or self._page.transcript.only:
            self._page.transcript.show_only(nick)
        if nick:
            self._page.note.open(lambda: _("Only what {nick} says").format(nick=nick))
        else:
            self._page.note.hide()

    def _closed(self) -> None:
        self.only("")
        self._page.composer.text.focus_set()

    def escape(self) -> None:
        """Close the bar that was opened last."""
        for bar in (self._page.reply, self._page.note):
            if bar.is_open:
                bar.close()
                return

    # Copies and the menu of a message.

    def items(self, entry: Entry) -> list[Item]:
        """Return what everybody can do with an entry."""
        if entry.kind not in SPOKEN or entry.deleted_by:
            return []
        session, items = self._session(), [Item(_("Copy message"), partial(self._copy, entry.text))]
        if session and self._page.shown and self._page.shown.name and session.may_answer(entry):
            items.insert(0, Item(_("Answer"), partial(self.answer, entry)))
        links = dict.fromkeys(entry.text[start:end] for start, end in find_links(entry.text))
        copies = [Item(cut_characters(link, LONGEST_LINK), partial(self._copy, link)) for link in links]
        if len(copies) == 1:
            items.append(Item(_("Copy link"), copies[0].run))
        elif copies:
            items.append(Item(_("Copy link"), below=copies[:10]))
        return items

    def _copy(self, text: str) -> None:
        self._page.clipboard_clear()
        self._page.clipboard_append(text)
