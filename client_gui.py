"""The client's window: Tkinter, which polls the queue that the connection's receiving thread fills.

    receiving thread ──> queue.Queue ──> poll (Tk thread, every 50 ms) ──> Session ──> widgets

The Tk thread does no socket and no disk work; the threads know nothing of Tk.
"""

import time
import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from client import settings as settings_file
from client.model.conversations import SPOKEN, Conversation, Entry
from client.model.events import (
    ConversationClosed,
    ConversationOpened,
    EntriesPrepended,
    EntriesReplaced,
    EntryAdded,
    EntryChanged,
    MembersChanged,
    NickChanged,
    Phase,
    PhaseChanged,
    Problem,
    QuitAsked,
    Refused,
    RoundTrip,
    SessionEvent,
    TopicChanged,
)
from client.model.state import Profile
from client.net.connection import Connection, new_event_queue
from client.net.problems import sentence
from client.net.tls import Tls
from client.runner import Runner
from client.session import Session
from client.settings import Settings
from gui.chat.connect_page import ConnectPage, FieldName, Form
from gui.chat.controller import Hands
from gui.chat.page import ChatPage
from gui.chat.statusbar import state_words
from gui.lab_hook import LabHook
from gui.switches import Switches
from gui.toolkit import keys
from gui.toolkit import mainloop as running
from gui.toolkit.menu import Item
from gui.toolkit.theme import make_root
from gui.window import Shell
from program.version import NAME
from translations import _

POLL_MS: Final = 50
"""Milliseconds between two looks into the queue: 0.9 % of a core when nothing happens."""
MESSAGES_AT_ONCE: Final = 25
"""Messages after which Tk gets a chance to draw and to take keys (an event may hold up to 100)."""
GOODBYE_PATIENCE: Final = 3.0
"""Seconds that the program waits at its end for the connection's threads."""
_FIELDS: Final[dict[Problem, FieldName]] = {
    Problem.NICK_TAKEN: "nick",
    Problem.NICK_INVALID: "nick",
    Problem.WRONG_PASSWORD: "password",
}


class ChatWindow:
    """One user's window: a page to connect, and the chat. For the Tk thread only.

    Args:
        master: the `tk.Tk` or `tk.Toplevel` to fill; several in one process are fine.
        settings: what is remembered.
        remember: gets the settings when the window closes.
        laboratory: watches the connection, and has its own part of the menu.
    """

    def __init__(
        self,
        master: tk.Tk | tk.Toplevel,
        settings: Settings | None = None,
        *,
        remember: Callable[[Settings], object] = lambda settings: None,
        laboratory: "LabHook[ChatWindow] | None" = None,
    ) -> None:
        self.master = master
        self.on_closed: Callable[[], object] = lambda: None
        self.session: Session | None = None
        self.connections: list[Connection] = []
        """The connection in use is the last; those before it are ending."""
        self.polls = running.PollClock()
        self._remember = remember
        self._tap = laboratory.tap if laboratory else None
        self._activity_tap = laboratory.activity_tap if laboratory else None
        self._runner: Runner | None = None
        self._was_online = False
        self._entering = False
        """The user waits on the connect page to be let in."""
        self._poll_id: str | None = None
        self._unseen = 0
        self._sentence = ""
        self._retry_at: float | None = None
        self.shell = Shell(
            master, settings or Settings(), self._menu_items, laboratory=laboratory is not None
        )
        look = self.shell.look
        self.page = ChatPage(master, look, self.shell.open_menu)
        self.shell.menu_button = self.page.topic.menu_button
        self.connect_page = ConnectPage(master, look, self._submit, self._cancel)
        self.hands = Hands(self.shell, self.page, lambda: self.session, self._pump, self._show_list)
        Switches(self.connect_page.footer, self.shell).pack()
        self._wire_up()
        look.follow(self.page, self._show_state)
        self.shell.show_page(self.connect_page)
        kept = self.shell.settings
        self.connect_page.fill(Form(kept.server, kept.nick, (*kept.rooms, "#lab")[0], tls=kept.tls))
        self._lab_items: Callable[[], list[Item]] = laboratory.open(self) if laboratory else list

    def _wire_up(self) -> None:
        master = self.master
        keys.add_shortcuts(master, {**self.hands.shortcuts(), "q": self.close})
        master.bind("<FocusIn>", lambda _: self._seen())
        master.bind("<Unmap>", lambda event: self._hidden(event.widget is master, True))
        master.bind("<Map>", lambda event: self._hidden(event.widget is master, False))
        master.protocol("WM_DELETE_WINDOW", self.close)

    def _seen(self) -> None:
        if self._unseen and self.shell.has_focus():
            self._unseen = 0
            self._show_list()

    def _hidden(self, whole_window: bool, hidden: bool) -> None:
        if whole_window and self.session:
            self.session.show(None if hidden else self.page.shown)

    # Connecting.

    def connect(self, form: Form) -> None:
        """Connect as the form says; what is wrong is said on the connect page."""
        self.connect_page.fill(form)
        address = form.address
        if not address:
            self.connect_page.show_error("server", sentence(Problem.BAD_ADDRESS, form.server))
            return
        self._hang_up()
        self.session = session = Session(Profile(form.nick, form.rooms, form.password, server=address))
        events = new_event_queue()
        connection = Connection(
            *form.place, events, tap=self._tap, activity_tap=self._activity_tap, tls=self._tls(form)
        )
        self.connections = [*self.connections[-5:], connection]
        self._runner = Runner(session, connection, events)
        self._was_online = False
        self._entering = True
        self.page.fold = self.page.members.fold = session.fold
        self.page.rooms.set_title(address)
        self._show_busy()
        connection.start()
        self.polls.start()
        self._poll()

    def _tls(self, form: Form) -> Tls | None:
        """Return how to know the server; remember the certificate that the user trusts, if it says one."""
        known = dict(self.shell.settings.fingerprints)
        if form.fingerprint:
            known[form.address] = form.fingerprint
        self.shell.settings = replace(self.shell.settings, tls=form.tls, fingerprints=known)
        return Tls(known.get(form.address, "")) if form.tls else None

    def _show_busy(self) -> None:
        if self.session:
            address = self.session.profile.server
            self.connect_page.show_busy(_("Connecting to {address} …").format(address=address))

    def _submit(self, form: Form) -> None:
        session = self.session
        if session and not session.may_reconnect and self._is_the_same_way(form):
            self._entering = True
            session.retry_with(form.nick, form.password)
            self._show_busy()
            self._pump()
        else:
            self.connect(form)

    def _is_the_same_way(self, form: Form) -> bool:
        """Whether the form leads to the connection that there is, and into the same rooms."""
        profile = self.session.profile if self.session else None
        kept = (form.address, form.rooms, form.tls)
        return profile is not None and kept == (profile.server, profile.rooms, self.shell.settings.tls)

    def _cancel(self) -> None:
        if self._was_online and self.session and self.session.may_reconnect:
            self.shell.show_page(self.page)
            return
        self._hang_up()
        self.connect_page.show_idle(can_cancel=False)
        self.connect_page.focus_first()

    def _hang_up(self) -> None:
        if self._runner:
            self._runner.close()
        self._runner = None
        self.session = None
        self._stop_polling()
        self.page.clear()

    def _another_server(self) -> None:
        self.shell.show_page(self.connect_page)
        self.connect_page.show_idle(can_cancel=self.session is not None)
        self.connect_page.focus_first()

    def _menu_items(self) -> list[Item]:
        if self.shell.page is not self.page:
            return []
        another = Item(_("Connect to another server …"), self._another_server)
        return [*self.hands.items(), *self._lab_items(), another]

    # Polling.

    def _poll(self) -> None:
        self._poll_id = None
        self.polls.begin()
        try:
            self._pump()
        finally:  # whatever went wrong with one event, others follow
            self.polls.end()
            if self._runner:
                # One millisecond, not `after_idle`: an idle callback that renews itself would starve keys.
                delay = 1 if self._runner.depth else POLL_MS
                self._poll_id = self.master.after(delay, self._poll)

    def _pump(self) -> None:
        if self._runner is None:
            return
        events = self._runner.handle_waiting(MESSAGES_AT_ONCE)
        if events:
            self._apply(events)
        if self._runner is not None:
            self.page.status.show_queue(self._runner.depth)
            if self._retry_at is not None:
                self._show_state()

    def _stop_polling(self) -> None:
        if self._poll_id:
            self.master.after_cancel(self._poll_id)
            self._poll_id = None

    def _apply(self, events: Iterable[SessionEvent]) -> None:
        """Show what changed; a transcript takes all its new entries in one insertion."""
        added: dict[int, tuple[Conversation, list[Entry]]] = {}
        changed: list[EntryChanged] = []
        for event in events:
            match event:
                case EntryAdded(conversation, entry):
                    added.setdefault(id(conversation), (conversation, []))[1].append(entry)
                    # What comes into other conversations counts there.
                    if conversation is self.page.shown and not self.shell.has_focus():
                        self._unseen += entry.kind in SPOKEN and not entry.own
                case EntryChanged():
                    changed.append(event)
                case EntriesPrepended(conversation, entries):
                    self.page.transcript(conversation).add_before(entries)
                case EntriesReplaced(conversation):
                    self.page.transcript(conversation).replace(conversation.entries)
                case ConversationOpened(conversation, focus):
                    self._opened(conversation, focus)
                case ConversationClosed(conversation):
                    added.pop(id(conversation), None)
                    changed = [change for change in changed if change.conversation is not conversation]
                    self._closed(conversation)
                case MembersChanged(conversation) if conversation is self.page.shown:
                    self.page.show_members(self._nick)
                case TopicChanged(conversation) if conversation is self.page.shown:
                    self.page.topic.show(conversation)
                case RoundTrip(seconds):
                    self.page.status.show_round_trip(seconds)
                case NickChanged():
                    self.page.show_members(self._nick)
                    self._show_state()
                case PhaseChanged():
                    self._state_changed(event)
                case Refused(problem, text, suggestion):
                    self.shell.show_page(self.connect_page)
                    self.connect_page.show_error(_FIELDS.get(problem, "server"), text, suggestion)
                case QuitAsked():
                    self.close()
            if self.session is None:
                return
        for conversation, new in added.values():
            self.page.transcript(conversation).add(new)
            self.page.drop_old(conversation)
        for change in changed:
            self.page.transcript(change.conversation).change(change.entry)
        self._show_list()

    # What the session says.

    @property
    def _nick(self) -> str:
        return self.session.nick if self.session else ""

    def _opened(self, conversation: Conversation, focus: bool) -> None:
        self.page.transcript(conversation)
        shown = self.page.shown
        if shown is None or focus or (conversation.is_room and not shown.name):
            self.hands.show(conversation)

    def _closed(self, conversation: Conversation) -> None:
        was_shown = self.page.shown is conversation
        self.page.drop(conversation)
        if was_shown and self.session:
            left = [one for one in self.page.rooms.order if one is not conversation]
            self.hands.show(left[0] if left else self.session.server_talk)

    def _state_changed(self, event: PhaseChanged) -> None:
        self._retry_at = time.monotonic() + event.retry_in if event.retry_in is not None else None
        self._sentence = event.text
        if event.phase is Phase.ONLINE:
            self._was_online = True
            self.connect_page.show_idle(can_cancel=True)
            if self._entering:  # after a reconnect the user may be writing elsewhere
                self._entering = False
                self.shell.show_page(self.page)
                self.page.composer.text.focus_set()
        elif event.problem and not self._was_online and self.session and self.session.may_reconnect:
            # Nobody was let in yet: an error beside the field is better than tries without end.
            self._hang_up()
            self.connect_page.show_error(_FIELDS.get(event.problem, "server"), event.text)
            self.connect_page.offer_trust(event.fingerprint)
            return
        self._show_state()

    def _show_state(self) -> None:
        if self.session is None:
            return
        state = self.session.phase
        text = state_words(state, self._nick, self._sentence, self._retry_at)
        self.page.status.show_state(state, text, self.session.profile.server)

    def _show_list(self) -> None:
        if self.session is None:
            return
        self.page.list_rooms(self.session.conversations.values())
        shown = self.page.shown
        unread = sum(one.unread for one in self.session.conversations.values() if one is not shown)
        unread += self._unseen
        name = shown.name if shown and shown.name else self.session.profile.server
        self.shell.set_title((f"({unread}) " if unread else "") + f"{name} · {self._nick} — {NAME}")

    def close(self) -> None:
        """Say good-bye, remember the settings, and close the window; waits for nothing."""
        settings = self.shell.settings
        if self._was_online and self.session:
            rooms = [one.name for one in self.session.conversations.values() if one.is_room]
            settings = replace(
                settings,
                nick=self.session.wanted_nick,
                server=self.session.profile.server,
                rooms=tuple(rooms) or ("#lab",),
            )
        settings = replace(settings, geometry=self.master.geometry())
        self._hang_up()
        self.connect_page.show_idle(can_cancel=False)  # an animation must not outlive its window
        self._remember(settings)
        self.master.destroy()
        self.on_closed()

    # For the demo and the tests.

    @property
    def queue_depth(self) -> int:
        """Events that wait for the next poll."""
        return self._runner.depth if self._runner else 0

    def transcript_text(self) -> str:
        """Return what the shown conversation's transcript says."""
        return self.page.transcript(self.page.shown).plain() if self.page.shown else ""


def main(given: Form, laboratory: "LabHook[ChatWindow] | None" = None) -> int:
    """Open a window and return 0 when it was closed. With a server and a nick it connects at once.

    Args:
        given: what is empty in it is as remembered.

    Raises:
        tk.TclError: there is no display.
    """
    root = make_root()
    kept = settings_file.load()
    window = ChatWindow(root, kept, remember=settings_file.save, laboratory=laboratory)
    server, tls = (given.server, given.tls) if given.server else (kept.server, given.tls or kept.tls)
    room = given.room or (*kept.rooms, "#lab")[0]
    form = replace(given, server=server, nick=given.nick or kept.nick, room=room, tls=tls)
    window.connect_page.fill(form)
    if given.server and given.nick:
        window.connect(form)
    running.run(root, window.close)
    for connection in window.connections:
        connection.join(GOODBYE_PATIENCE)
    return 0
