"""What the user does in a chat: turns what he types, clicks and chooses into calls of the session."""

from collections.abc import Callable
from typing import Final

from client.model.conversations import Conversation, Entry
from client.model.sanitize import is_name
from client.net.address import parse_address
from client.session import Session
from client.slash_commands import COMMANDS, is_command
from gui.board import BoardFacts, addresses_of, show_board
from gui.chat.page import ChatPage
from gui.chat.reading.controller import ReadingController
from gui.chat.writing_controller import WritingController
from gui.main_window import MainWindow
from gui.question_page import Question
from translations import _, plural

MOST_LINES: Final = 50
"""Lines that are sent without a question."""


class ChatController:
    """Connects the widgets of the chat page with the current session. For the Tk thread only.

    Args:
        send: sends what the session wants sent, and shows what changed.
        show_list: refreshes the conversation list and the window's title.
    """

    def __init__(
        self, window: MainWindow, page: ChatPage, send: Callable[[], object], show_list: Callable[[], object]
    ) -> None:
        self.page = page
        self.session: Session | None = None
        """The current session; the owner of the window sets it."""
        self._draft = ""
        """What was half written when the user asked for something."""
        self._window = window
        self.send = send
        self._show_list = show_list
        self.reading = ReadingController(page, lambda: self.session, self.show)
        page.transcript.on_nick = page.members.list.on_open = self.talk_to
        page.transcript.on_top = self._read_back
        page.transcript.on_scrolled = self._scrolled
        page.composer.on_send = self.say
        page.composer.on_scroll = self._scroll
        page.composer.on_refused = self.complain
        self.writing = WritingController(window, page, lambda: self.session)
        page.composer.confirm = self._confirm
        page.silence.on_hand = lambda up: self.raise_hand(up=up)
        page.composer.names = self._names
        page.composer.commands = sorted(f"/{name}" for name in COMMANDS if len(name) > 1)
        page.conversations.list.on_choose = self.show
        page.conversations.list.on_open = self._go_to
        page.conversations.list.on_close = self.leave

    # Which conversation is shown.

    def is_shown(self) -> bool:
        """Tell whether the window shows the chat, rather than the connect page, help or a question."""
        return self._window.page is self.page and not self._window.is_covered

    def can_show_board(self) -> bool:
        """Tell whether the user is the teacher of a class, who may show others how to join it."""
        return self.is_shown() and self.session is not None and self.session.state.rules_class

    def show_board(self) -> None:
        """Show on a page of its own, for the projector, how to join this class."""
        if self.session is not None:
            show_board(self._window.master, self._window.look, self._board_facts)

    def _board_facts(self) -> BoardFacts:
        if self.session is None:
            return BoardFacts([], [])
        state = self.session.state
        addresses = addresses_of(*parse_address(state.profile.server))
        return BoardFacts(addresses, state.class_rooms, state.profile.password)

    def show(self, conversation: Conversation) -> None:
        """Show a conversation."""
        session, page = self.session, self.page
        if session is None:
            return
        page.close_drop_down()
        page.show(conversation)
        session.show(conversation)
        self._show_list()
        if self.is_shown() and not page.conversations.list.has_focus:
            page.composer.text.focus_set()

    def _go_to(self, conversation: Conversation) -> None:
        self.show(conversation)
        self.page.composer.text.focus_set()

    def walk(self, step: int) -> None:
        """Show the next (1) or the previous (-1) conversation of the list."""
        order, shown = self.page.conversations.order, self.page.shown
        if shown is not None and shown in order:
            self.show(order[(order.index(shown) + step) % len(order)])

    def show_number(self, number: int) -> None:
        """Show the conversation at this position of the list, counted from 1."""
        order = self.page.conversations.order
        if number <= len(order):
            self.show(order[number - 1])

    def opened(self, conversation: Conversation, *, focus: bool) -> None:
        """Handle a new conversation: show it if the user asked for it or nothing better is shown.

        A room may have kept him waiting: if he has begun to write since, he goes there when he wants to.
        """
        shown = self.page.shown
        has_begun = self.page.half_written() not in ("", self._draft)
        wanted = focus or (conversation.is_room and shown is not None and not shown.name)
        if shown is None or (wanted and not (conversation.is_room and has_begun)):
            self.show(conversation)

    def closed(self, conversation: Conversation) -> None:
        """Handle the end of a conversation: show another one if it was shown."""
        was_shown = self.page.shown is conversation
        self.page.drop(conversation)
        if was_shown and self.session:
            left = [one for one in self.page.conversations.order if one is not conversation]
            self.show(left[0] if left else self.session.state.server_talk)

    def watch(self, *, on: bool) -> None:
        """Tell the session whether the user looks at the window."""
        if self.session:
            self.session.watch(on=on)

    # What the user says and asks for.

    def say(self, text: str) -> bool:
        """Send a text to the shown conversation, or run it if it is a command; False: it was not taken."""
        taken: list[bool] = []
        reply = self.page.reply
        self._ask(lambda session, shown: taken.append(session.submit(shown, text, reply.msgid)))
        if all(taken) and not is_command(text):
            reply.hide()
        return all(taken)

    def _confirm(self, text: str, send: Callable[[], object]) -> None:
        """Send what is written; where that is very much, ask before."""
        count = text.count("\n") + 1

        def question() -> Question:
            losses = [_("The others get all of it into the room at once.")] if count > MOST_LINES else []
            title = plural("Send {count} line?", "Send {count} lines?", count)
            return Question(title, losses, _("Send"), _("Cancel"))

        self._window.ask(question, send)

    def may_raise_hand(self) -> bool:
        """Tell whether the teachers of a class would see a raised hand in the shown room."""
        session, shown = self.session, self.page.shown
        return self.is_shown() and bool(session and shown and session.state.may_raise_hand(shown))

    def hand_is_raised(self) -> bool:
        """Tell whether the teachers see the user's raised hand."""
        return self.session is not None and self.session.state.speech.hand_raised

    def raise_hand(self, *, up: bool | None = None) -> None:
        """Raise the hand in the shown room, or lower it; None: the other way round."""

        def use(session: Session, shown: Conversation) -> None:
            session.raise_hand(shown, up=not session.state.speech.hand_raised if up is None else up)

        self._ask(use)

    def join(self, name: str) -> None:
        """Enter a room."""
        self._ask(lambda session, shown: session.enter_room(name, shown))

    def can_leave(self) -> bool:
        """Tell whether the shown conversation can be left."""
        return self.is_shown() and self.page.shown is not None and bool(self.page.shown.name)

    def leave(self, conversation: Conversation | None, reason: str = "") -> None:
        """Leave a room or close a talk, after a question if something waits there to be sent."""
        session = self.session
        if session is None or conversation is None:
            return

        def question() -> Question:
            losses = (
                [_("What waits to be sent here is given up.")] if session.is_waiting(conversation) else []
            )
            return Question(_("Leave this conversation?"), losses, _("Leave"))

        def leave() -> None:
            if session is self.session and conversation in session.state.conversations.values():
                session.close(conversation, reason)
                self.send()

        self._window.ask(question, leave)

    def talk_to(self, nick: str) -> None:
        """Open a private talk."""
        if self.session and is_name(nick) and not self.session.state.is_me(nick):
            self.session.open_private(nick)
            self.send()

    def run(self, line: str, place: Conversation | None = None) -> None:
        """Run a command line, in the shown conversation by default."""
        self._ask(lambda session, shown: session.submit(place or shown, line))

    def use_verb(self, verb: str, text: str, asked_in: Conversation | None = None) -> None:
        """Use a verb of the class; the answer comes into a conversation, that with the server by default."""
        if self.session:
            self.session.use_verb(verb, text, asked_in or self.session.state.server_talk)
            self.send()

    def is_muted(self, conversation: Conversation) -> bool:
        """Tell whether what is said here does not call the user."""
        return self.session is not None and self.session.state.is_muted(conversation)

    def mute(self, conversation: Conversation) -> None:
        """Let a room or a talk not call the user, or let it again."""
        if self.session:
            self.session.state.mute(conversation.name, on=not self.is_muted(conversation))
            self.send()

    def may_delete(self, conversation: Conversation, entry: Entry) -> bool:
        """Tell whether the user may take this message back."""
        return self.session is not None and self.session.may_redact(conversation, entry)

    def delete(self, conversation: Conversation, entry: Entry) -> None:
        """Take a message back."""
        if self.session:
            self.session.redact(conversation, entry)
            self.send()

    def has_selection(self) -> bool:
        """Tell whether text is selected in the shown transcript."""
        return self.is_shown() and bool(self.page.selection())

    def copy(self) -> None:
        """Put the selected text of the shown transcript on the clipboard."""
        self.page.clipboard_clear()
        self.page.clipboard_append(self.page.selection())

    # Inside.

    def _ask(self, request: Callable[[Session, Conversation], object]) -> None:
        """Make a request of the user's in the shown conversation."""
        self._draft = self.page.composer.get()
        self._do(request)

    def _do(self, request: Callable[[Session, Conversation], object]) -> None:
        """Do something in the shown conversation, and send what the session wants sent."""
        if self.session and self.page.shown:
            request(self.session, self.page.shown)
            self.send()

    def complain(self, sentence: str) -> None:
        """Say in the shown conversation what went wrong."""
        self._do(lambda session, shown: session.state.complain(shown, sentence))

    def _scroll(self, keysym: str) -> None:
        self.page.transcript.scroll(keysym)

    def _read_back(self) -> None:
        self._do(lambda session, shown: session.read_back(shown))

    def _scrolled(self) -> None:
        transcript = self.page.transcript
        if self.session and self.page.shown:
            self.session.scrolled(self.page.shown, up=not transcript.following)
            transcript.refresh()

    def _names(self) -> list[str]:
        session, shown = self.session, self.page.shown
        if session is None or shown is None:
            return []
        nicks = [one.nick for one in session.state.sorted_members(shown)] if shown.is_room else [shown.name]
        rooms = [one.name for one in session.state.conversations.values() if one.is_room]
        return [nick for nick in nicks if nick != session.state.nick] + rooms
