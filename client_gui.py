"""The client's window: Tkinter, which polls the queue that the connection's receiving thread fills.

    receiving thread ──> queue.Queue ──> poll (Tk thread, every 50 ms) ──> Session ──> widgets

The Tk thread does no socket and no disk work; the threads know nothing of Tk.
"""

import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from client import settings as settings_file
from client.model import events
from client.model.conversations import SPOKEN, Entry
from client.model.state import Profile
from client.net.connection import Connection, new_event_queue
from client.runner import Runner
from client.session import Session
from client.settings import Settings
from gui.actions import ChatActions
from gui.chat.connect_page import ConnectPage, Form
from gui.chat.connecting import ConnectController
from gui.chat.controller import ChatController
from gui.chat.page import ChatPage
from gui.lab_hook import LabHook
from gui.main_window import MainWindow
from gui.toolkit import mainloop
from gui.toolkit.theme import Root
from program.version import NAME

POLL_MS: Final = 50
"""Milliseconds between two polls of the queue: 0.9 % of a core when nothing happens."""
MESSAGES_AT_ONCE: Final = 25
"""Messages after which Tk may draw and handle keys again (one event may hold up to 100)."""
GOODBYE_PATIENCE: Final = 3.0
"""Seconds that the program waits for the connection's threads when it ends."""


class ChatWindow:
    """One user's window: the connect page and the chat. For the Tk thread only.

    Args:
        master: the `tk.Tk` or `tk.Toplevel` to fill; several in one process are fine.
        settings: what is remembered.
        remember: gets the settings when the window closes.
        laboratory: watches the connection, and adds its actions to the menu.
    """

    def __init__(
        self,
        master: tk.Tk | tk.Toplevel,
        settings: Settings | None = None,
        *,
        remember: Callable[[Settings], object] = lambda settings: None,
        laboratory: LabHook | None = None,
    ) -> None:
        self.master = master
        self.on_closed: Callable[[], object] = lambda: None
        self.connections: list[Connection] = []
        """The connection in use is the last; those before it are ending."""
        self._remember = remember
        self._laboratory = laboratory
        self._runner: Runner | None = None
        self._poll_id: str | None = None
        self._unseen = 0
        """Messages that came into the shown conversation while the user worked in another window."""
        self.main_window = MainWindow(master, settings or Settings())
        self.page = ChatPage(master, self.main_window.look)
        self.main_window.menu_button = self.page.topic.menu_button
        self.controller = ChatController(self.main_window, self.page, self._handle_waiting, self._show_list)
        self.connecting = ConnectController(self.main_window, self.controller, self.connect, self._hang_up)
        watched = (self.main_window, self.controller, self.send_line, self.queue_depths)
        more = laboratory.open(*watched) if laboratory else ()
        self.actions = ChatActions(self.main_window, self.controller, self.connecting.change_server, more)
        master.bind("<FocusIn>", lambda _: self._seen())
        for event in ("<Map>", "<Unmap>"):
            master.bind(event, self._mapped)
        master.protocol("WM_DELETE_WINDOW", self.close)

    # Connecting.

    @property
    def session(self) -> Session | None:
        """The session in use."""
        return self.controller.session

    def connect(self, form: Form) -> None:
        """Connect as the form says; what is wrong is said on the connect page."""
        if not self.connecting.begin(form):
            return
        self._hang_up()
        session = Session(Profile(form.nick, form.rooms, form.password, server=form.address, user=form.user))
        queue = new_event_queue()
        lab = self._laboratory
        connection = Connection(
            *form.place,
            queue,
            tap=lab.tap if lab else None,
            activity_tap=lab.activity_tap if lab else None,
            tls=self.connecting.tls(form),
        )
        self.connections = [*self.connections[-5:], connection]
        self._runner = Runner(session, connection, queue)
        self.controller.session = session
        self.page.begin(session.state)
        connection.start()
        self._poll()

    def _hang_up(self) -> None:
        if self._runner:
            self._runner.close()
        self._runner = self.controller.session = None
        if self._poll_id:
            self.master.after_cancel(self._poll_id)
            self._poll_id = None
        self.page.clear()

    # Polling.

    def _poll(self) -> None:
        self._poll_id = None
        try:
            self._handle_waiting()
        finally:  # whatever went wrong with one event, others follow
            if self._runner:
                # One millisecond, not `after_idle`: an idle callback that renews itself would starve keys.
                delay = 1 if self._runner.has_more else POLL_MS
                self._poll_id = self.master.after(delay, self._poll)

    def _handle_waiting(self) -> None:
        """Handle what waits in the queue, send what the session wants sent, and show what changed."""
        if self._runner is None:
            return
        changes = self._runner.handle_waiting(MESSAGES_AT_ONCE)
        if changes:
            self._apply(changes)
        if self._runner is not None:
            self.page.status.show_queue(self._runner.depth)
            self.page.status.count_down()

    def _apply(self, changes: Iterable[events.SessionEvent]) -> None:
        """Show what changed. Of the conversations that are not shown, only their unread counts are."""
        added: list[Entry] = []
        changed: list[Entry] = []
        shown, has_focus = self.page.shown, self.main_window.has_focus()
        for event in changes:
            match event:
                case events.EntryAdded(conversation, entry) if conversation is self.page.shown:
                    added.append(entry)
                    # Other conversations count their own unread messages.
                    if not has_focus:
                        self._unseen += entry.kind in SPOKEN and not entry.own
                case events.EntryChanged(conversation, entry) if conversation is self.page.shown:
                    changed.append(entry)
                case events.ConversationOpened(conversation, focus):
                    self.controller.opened(conversation, focus=focus)
                case events.ConversationClosed(conversation):
                    self.controller.closed(conversation)
                case events.MembersChanged(conversation) if conversation is self.page.shown:
                    self.page.show_members()
                case events.TopicChanged(conversation) if conversation is self.page.shown:
                    self.page.topic.show(conversation)
                case events.RoundTrip(seconds):
                    self.page.status.show_round_trip(seconds)
                case events.NickChanged():
                    self.page.show_members()
                    self.page.status.refresh()
                case events.PhaseChanged():
                    self.connecting.phase_changed(event)
                    if self.session:
                        self.page.status.show_phase(event)
                case events.Refused():
                    self.connecting.refused(event)
                case events.QuitAsked():
                    self.close()
            if self.session is None:
                return
        self.page.transcript.update_entries(added if self.page.shown is shown else (), changed)
        self._show_list()

    def _show_list(self) -> None:
        if self.session is None:
            return
        state, shown = self.session.state, self.page.shown
        self.page.conversations.show(state.conversations.values(), shown)
        unread = self._unseen + sum(one.unread for one in state.conversations.values() if one is not shown)
        title = f"{(shown and shown.name) or state.profile.server} · {state.nick} — {NAME}"
        self.main_window.set_title(f"({unread}) {title}" if unread else title)

    def _seen(self) -> None:
        if self._unseen and self.main_window.has_focus():
            self._unseen = 0
            self._show_list()

    def _mapped(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self.master:
            self.controller.set_visible(visible=event.type is tk.EventType.Map)

    # Closing.

    def close(self) -> None:
        """Say good-bye, remember the settings, and close the window; waits for nothing."""
        settings = self.main_window.settings
        if self.connecting.was_online and self.session:
            rooms = [one.name for one in self.session.state.conversations.values() if one.is_room]
            settings = replace(
                settings,
                nick=self.session.state.profile.nick,
                server=self.session.state.profile.server,
                user=self.session.state.profile.user,
                rooms=tuple(rooms) or ("#lab",),
            )
        settings = replace(settings, geometry=self.master.geometry())
        self._hang_up()
        self.connect_page.show_idle(can_cancel=False)  # an animation must not outlive its window
        self._remember(settings)
        self.master.destroy()
        self.on_closed()

    # For the demo, the laboratory and the tests.

    @property
    def connect_page(self) -> ConnectPage:
        """The connect page."""
        return self.connecting.page

    def queue_depths(self) -> tuple[int, int]:
        """Return how many events wait for the next poll, and how many lines for the sending thread."""
        return (self._runner.depth, self._runner.connection.unsent) if self._runner else (0, 0)

    def send_line(self, line: str) -> bool:
        """Send a line of the protocol as it stands; return False if there is no connection."""
        online = (events.Phase.ONLINE, events.Phase.REGISTERING)
        connected = self.session and self.session.state.phase in online
        if connected:
            self.connections[-1].send([line])
        return bool(connected)

    def transcript_text(self) -> str:
        """Return what the shown conversation's transcript says."""
        return self.page.transcript.plain()


def main(given: Form, laboratory: LabHook | None = None) -> int:
    """Open a window and return 0 when it was closed. With a server and a nick it connects at once.

    Args:
        given: empty fields are filled with what is remembered.

    Raises:
        tk.TclError: there is no display.
    """
    root = Root(NAME)
    window = ChatWindow(root, settings_file.load(), remember=settings_file.save, laboratory=laboratory)
    page = window.connect_page
    kept = page.form()
    form = replace(
        given,
        server=given.server or kept.server,
        nick=given.nick or kept.nick,
        room=given.room or kept.room,
        user=given.user or kept.user,
        tls=given.tls or (kept.tls and not given.server),
    )
    page.fill(form)
    if given.server and given.nick:
        window.connect(form)
    mainloop.run(root, window.close)
    for connection in window.connections:
        connection.join(GOODBYE_PATIENCE)
    return 0
