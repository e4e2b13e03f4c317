"""The client's window: Tkinter, which polls the queue that the connection's receiving thread fills.

    receiving thread ──> queue.Queue ──> poll (Tk thread, every 50 ms) ──> Session ──> widgets

The Tk thread does no socket and no disk work; the threads know nothing of Tk.
"""

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from client import settings as settings_file
from client import visits
from client.model import events
from client.model.conversations import Entry
from client.model.identity import Identity
from client.model.state import Profile
from client.net.address import is_this_computer
from client.net.connection import Connection, new_event_queue
from client.net.discovery import Finder
from client.runner import Runner
from client.search.sought import SearchAnswered
from client.session import Session
from client.settings import Change, Settings, Visit
from gui.actions import ChatActions
from gui.chat.attention import Attention
from gui.chat.connect_page import ConnectPage, Form
from gui.chat.connecting import ConnectController
from gui.chat.controller import ChatController
from gui.chat.delivery.controller import DeliveryController
from gui.chat.finding.controller import FindingController
from gui.chat.found_list import ServerFinder
from gui.chat.page import ChatPage
from gui.chat.searching.controller import SearchController
from gui.desk.window import DeskWindow
from gui.keeper import Keeper
from gui.lab_hook import LabHook
from gui.main_window import MainWindow
from gui.question_page import Question
from gui.settings.quiet import OFF
from gui.toolkit import mainloop
from gui.toolkit.action import Action
from gui.toolkit.theme import Root
from program.version import NAME
from protocol.text import first_of
from translations import _, plural

POLL_MS: Final = 50
"""Milliseconds between two polls of the queue: 0.9 % of a core when nothing happens."""
MESSAGES_AT_ONCE: Final = 25
"""Messages after which Tk may draw and handle keys again (one event may hold up to 100)."""
GOODBYE_PATIENCE: Final = 3.0
"""Seconds that the program waits for the connection's threads when it ends."""
MOST_NAMED: Final = 5
"""Conversations that a question names."""


@dataclass(slots=True)
class Login:
    """A session, its connection, and what the user wrote on the connect page to get it."""

    form: Form
    runner: Runner
    has_hung_up: bool = False

    @property
    def session(self) -> Session:
        """Its session."""
        return self.runner.session

    def waits_for_another(self, form: Form) -> bool:
        """Tell whether the server has refused nick or password, and the form gives others for the same."""
        wanted, had = ((one.address, one.rooms, one.user, one.tls) for one in (form, self.form))
        return wanted == had and not form.fingerprint and self.session.state.refused is not None

    def holds_nick_of(self, form: Form) -> bool:
        """Tell whether a server at this address would not give us the nick, because we have it."""
        state = self.session.state
        return form.place[0] == self.form.place[0] and state.is_me(form.nick)

    def hang_up(self) -> None:
        """Say good-bye. The session waits as after a loss of its connection."""
        self.has_hung_up = True
        self.runner.close()
        self.session.handle(events.TransportClosed(events.Problem.LOST, "", None))


class ChatWindow:
    """One user's window: the connect page and the chat. For the Tk thread only.

    Args:
        master: the `tk.Tk` or `tk.Toplevel` to fill; several in one process are fine.
        settings: what is remembered.
        remember: gets each change of the settings.
        trouble: says, once, why they are not remembered.
        laboratory: watches the connection, and adds its actions to the menu.
        operator_token: the launcher's, which makes the user the operator of its server on this computer.
        finder: looks for the servers of the network, which the connect page offers.
    """

    def __init__(
        self,
        master: tk.Tk | tk.Toplevel,
        settings: Settings | None = None,
        *,
        remember: Callable[[Change], object] = lambda change: None,
        trouble: Callable[[], str] = lambda: "",
        laboratory: LabHook | None = None,
        operator_token: str = "",
        finder: ServerFinder | None = None,
    ) -> None:
        self.master = master
        self.on_closed: Callable[[], object] = lambda: None
        self.connections: list[Connection] = []
        """All that may still have threads; the connection in use, or being tried, is among the last two."""
        self._laboratory = laboratory
        self._trouble = trouble
        self._operator_token = operator_token
        self._chat: Login | None = None
        """The chat that is shown; it was let in once."""
        self._attempt: Login | None = None
        """What the user has asked for, and waits for on the connect page."""
        self._poll_id: str | None = None
        self._visit: tuple[str, str, str, Visit] | None = None
        """Of the settings, what was remembered last of this chat."""
        self.main_window = MainWindow(master, settings or Settings(), remember)
        self.is_watched: Callable[[], bool] = self.main_window.has_focus
        """Tells whether the user looks at this window: else what comes is new to him."""
        self.page = ChatPage(master, self.main_window.look)
        self.main_window.menu_button = self.page.topic.menu_button
        self.attention = Attention(self.main_window)
        self.page.status.quiet_words = self.attention.quiet.sentence
        self.page.status.on_loud = lambda: self.attention.quiet.choose(OFF)
        self.controller = ChatController(self.main_window, self.page, self._handle_waiting, self._show_list)
        self.connecting = ConnectController(
            self.main_window, self.controller, self._submit, self._give_up, finder
        )
        watched = (self.main_window, self.controller, self.send_line, self.queue_depths)
        more = laboratory.open(*watched) if laboratory else ()
        self.finding = FindingController(self.main_window, self.controller)
        self.desk = DeskWindow(self.main_window, self.controller)
        desk = Action(
            lambda: _("The class: the teacher's desk"),
            self.desk.toggle,
            "Ctrl+T",
            is_enabled=self.desk.can_open,
        )
        self.delivery = DeliveryController(self.main_window, self.controller)
        self.searching = SearchController(self.main_window, self.controller)
        self.actions = ChatActions(
            self.main_window,
            self.controller,
            self.delivery,
            self.finding,
            self.searching,
            self.connecting.change_server,
            desk,
            self.attention,
            more,
        )
        master.bind("<FocusIn>", lambda _: self._seen())
        self.main_window.on_chosen = self._settings_chosen
        self._settings_chosen()
        master.protocol("WM_DELETE_WINDOW", self.ask_to_close)

    # Connecting.

    @property
    def session(self) -> Session | None:
        """The session of the chat that is shown."""
        return self.controller.session

    def connect(self, form: Form) -> None:
        """Connect as the form says; what is wrong is said on the connect page.

        1. The chat that is shown MUST stay as it is, with what was not sent, until the new one stands; it
           comes back if the new one fails or is given up.
        2. At the same server, what waits to be sent and what is half written MUST go on in the new chat.
        3. Where the server would refuse the nick because our own connection holds it, that one ends first.
        """
        if not self.connecting.begin(form):
            return
        refused = self._attempt or self._chat
        if refused and refused.waits_for_another(form):
            refused.form = form
            refused.session.retry_with(form.nick, form.password)
            self._handle_waiting()
            return
        self._drop_attempt()
        chat = self._chat
        if chat and chat.holds_nick_of(form):
            chat.hang_up()
        if chat and chat.form.address == form.address:  # the same user, who goes on with what waits
            identity = chat.session.state.profile.identity
        else:
            identity = Identity(self.main_window.settings.identity, form.address)
        self._remember_reading()
        settings = self.main_window.settings
        last_time = visits.begin(settings, form.address, form.nick, form.rooms)
        profile = Profile(
            form.nick,
            last_time.rooms,
            form.password,
            talks=last_time.talks,
            shown=last_time.shown,
            read=last_time.read,
            server=form.address,
            user=form.user,
            identity=identity,
            ignored=settings.ignored,
            muted=settings.muted,
            operator_token=self._operator_token if is_this_computer(form.place[0]) else "",
        )
        self._attempt = self._log_in(form, Session(profile))
        if self._poll_id is None:
            self._poll()

    def _submit(self, form: Form) -> None:
        """Connect; where that ends the chat with something unsent, ask first."""
        chat = self._chat
        goes = chat is not None and form.address not in ("", chat.form.address)

        def question() -> Question:
            return Question(_("Connect to another server?"), self._unsent() if goes else (), _("Connect"))

        self.main_window.ask(question, lambda: self.connect(form))

    def _log_in(self, form: Form, session: Session) -> Login:
        """Let a session have a connection, which is tried at once."""
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
        connection.start()
        return Login(form, Runner(session, connection, queue))

    def _drop_attempt(self) -> None:
        if self._attempt:
            self._attempt.runner.close()
            self._attempt = None

    def _give_up(self) -> None:
        """End what is being tried, and go on with the chat as it was, if there is one."""
        self._drop_attempt()
        if self._chat and self._chat.has_hung_up:
            self._chat = self._log_in(self._chat.form, self._chat.session)

    def _enter(self, login: Login, welcome: events.PhaseChanged) -> None:
        """The server has let us in: this is the chat now."""
        before, self._chat, self._attempt = self._chat, login, None
        drafts, answered = self.page.clear()
        self.controller.session = login.session
        self.page.begin(login.session.state)
        self.desk.begin_session()
        if before:
            before.runner.close()
            if before.form.address == login.form.address:
                self.page.give_back(drafts, answered)
                login.session.take_over(before.session, drafts | answered)
        # What its session has told meanwhile is not kept, which could be much: the page shows what it knows.
        state = login.session.state
        for conversation in list(state.conversations.values()):
            self.controller.opened(conversation, focus=conversation.name == state.profile.shown != "")
        self._apply([welcome])

    # Polling.

    def _poll(self) -> None:
        self._poll_id = None
        try:
            self._handle_waiting()
        finally:  # whatever went wrong with one event, others follow
            logins = [login for login in (self._chat, self._attempt) if login]
            if logins:
                # One millisecond, not `after_idle`: an idle callback that renews itself would starve keys.
                delay = 1 if any(login.runner.has_more for login in logins) else POLL_MS
                self._poll_id = self.master.after(delay, self._poll)

    def _handle_waiting(self) -> None:
        """Handle what waits in the queues, send what the sessions want sent, and show what changed."""
        if self._attempt:
            self._follow(self._attempt)
        if self._chat is None or self._chat.has_hung_up:
            return
        self.controller.watch(on=self.is_watched())
        changes = self._chat.runner.handle_waiting(MESSAGES_AT_ONCE)
        if changes:
            self._apply(changes)
        if trouble := self._trouble():
            self.controller.complain(trouble)
        if self._chat is not None:
            self.page.status.show_queue(self._chat.runner.depth)
            self.page.count_down()
            self.controller.writing.refresh()
            self.delivery.refresh()
            self.searching.refresh()
            self.controller.reading.go_on()

    def _follow(self, attempt: Login) -> None:
        """See whether the server lets us in."""
        for event in attempt.runner.handle_waiting(MESSAGES_AT_ONCE):
            match event:
                case events.PhaseChanged(events.Phase.ONLINE):
                    self._enter(attempt, event)
                    return
                case events.PhaseChanged() if event.problem and attempt.session.state.refused is None:
                    # An error beside the field is better than retrying forever.
                    self._give_up()
                    self.connecting.failed(event)
                    return
                case events.Refused():
                    self.connecting.refused(event)

    def _apply(self, changes: Iterable[events.SessionEvent]) -> None:
        """Show what changed. Of the conversations that are not shown, only their unread counts are."""
        added: list[Entry] = []
        changed: list[Entry] = []
        shown = self.page.shown
        for event in changes:
            match event:
                case events.EntryAdded(conversation, entry) if conversation is self.page.shown:
                    added.append(entry)
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
                case events.Announced():
                    self.page.banner.announce(event)
                case events.ListingChanged() | events.CardAsked() | events.CardChanged():
                    self.finding.told(event)
                case events.DeskChanged():
                    self.page.topic.show_desk_button()
                    self.desk.changed()
                case SearchAnswered():
                    self.searching.answered(event)
                case events.ClassAnswered():
                    self.desk.answered(event)
                case events.RoundTrip(seconds):
                    self.page.status.show_round_trip(seconds)
                case events.NickChanged():
                    self.page.show_members()
                    self.page.status.refresh()
                case events.PhaseChanged():
                    self.page.status.show_phase(event)
                    if event.phase is events.Phase.ONLINE and self._attempt is None:
                        self.connecting.entered()
                case events.Refused() if self._attempt is None:
                    self.connecting.refused(event)
                case events.LeaveAsked(conversation, reason):
                    self.controller.leave(conversation, reason)
                case events.QuitAsked(reason):
                    self.ask_to_close(reason)
                case _:
                    self._apply_wish(event)
            if self.session is None:
                return
        self.page.update_entries(added if self.page.shown is shown else (), changed)
        self._show_list()

    def _apply_wish(self, event: events.SessionEvent) -> None:
        """Act on what calls the user, and on what he has said about that."""
        match event:
            case events.Heard(conversation, entry) if self.session:
                is_muted = self.session.state.is_muted(conversation)
                self.attention.heard(conversation, entry, is_muted=is_muted)
            case events.IgnoredChanged(nick, ignored):
                self._remember_ignored(nick, ignored=ignored)
            case events.MutedChanged(name, muted):
                self._remember_muted(name, muted=muted)

    def _show_list(self) -> None:
        if self.session is None:
            return
        self._remember_visit()
        state, shown = self.session.state, self.page.shown
        self.page.conversations.show(state.conversations.values(), shown)
        known = state.conversations.values()
        loud = [one for one in known if one is shown or not state.is_muted(one)]
        self.page.topic.count_unread(sum(one.unread for one in loud if one is not shown))
        to_me = sum(one.mentions for one in known if one.is_room or not one.name)
        to_me += sum(one.unread for one in loud if one.name and not one.is_room)
        unread = max(to_me, sum(one.unread for one in loud))
        counts = f"{unread}, @{to_me}" if to_me else f"{unread}"
        title = f"{(shown and shown.name) or state.profile.server} · {state.nick} — {NAME}"
        self.main_window.set_title(f"({counts}) {title}" if unread else title)

    def _seen(self) -> None:
        if self.main_window.has_focus():
            self.attention.seen()

    # What is chosen and remembered.

    def _settings_chosen(self) -> None:
        """Let what is chosen hold in the chat that is shown, too."""
        settings = self.main_window.settings
        self.page.transcript.fold(on=settings.folds)
        if self.attention.quiet.holds:
            self.attention.seen()
        if self.session is None:
            return
        state = self.session.state
        for known, chosen, change in (
            (state.ignored, settings.ignored, state.ignore),
            (state.muted, settings.muted, state.mute),
        ):
            kept = {state.fold(name) for name in chosen}
            for name in [name for folded, name in known.items() if folded not in kept]:
                change(name, on=False)

    def _remember_visit(self) -> None:
        """Remember where the user is, whenever that changes."""
        assert self.session
        state = self.session.state
        who, visit = state.profile, visits.visit_of(state, self.page.shown)
        now = (who.server, who.nick, who.user, visit)
        if now == self._visit:
            return
        self._visit = now
        visit = replace(visit, read=visits.read_in(state))

        def change(kept: Settings) -> Settings:
            kept = replace(kept, rooms=visit.rooms, nick=who.nick, server=who.server, user=who.user)
            return visits.remember(kept, who.server, who.nick, visit) if kept.come_back else kept

        self.main_window.choose(change)

    def _remember_reading(self) -> None:
        """Remember until where the user has read, which changes too often to be kept each time."""
        if self.session:
            self._visit = None
            self._remember_visit()

    def _remember_ignored(self, nick: str, *, ignored: bool) -> None:
        """Hide what this person says, or show it, here and in the windows that are opened later."""
        self.main_window.choose(
            lambda kept: replace(kept, ignored=self._marked(kept.ignored, nick, on=ignored))
        )
        self.page.transcript.refresh()

    def _remember_muted(self, name: str, *, muted: bool) -> None:
        self.main_window.choose(lambda kept: replace(kept, muted=self._marked(kept.muted, name, on=muted)))

    def _marked(self, names: Sequence[str], name: str, *, on: bool) -> list[str]:
        """Return the names without this one, however it is spelt; and with it, if it is `on`."""
        assert self.session
        fold = self.session.state.fold
        others = [one for one in names if fold(one) != fold(name)]
        return [*others, name] if on else others

    # Closing.

    def ask_to_close(self, reason: str = "") -> None:
        """Close the window as the user wants it; where something would be lost, ask first.

        Args:
            reason: what others are told.
        """

        def question() -> Question:
            return Question(_("Close the window?"), self._unsent(), _("Close the window"))

        self.main_window.ask(question, lambda: self.close(reason))

    def _unsent(self) -> list[str]:
        """Say in sentences what would be lost with this window."""
        losses = list(self._laboratory.unfinished()) if self._laboratory else []
        if count := self.session.unconfirmed if self.session else 0:
            losses.append(
                plural(
                    "{count} message has not been sent yet.",
                    "{count} messages have not been sent yet.",
                    count,
                )
            )
        if drafts := [name or _("Server") for name in self.page.drafts()]:
            names = first_of(drafts, MOST_NAMED)
            losses.append(_("What you have written is not sent: {names}.").format(names=names))
        return losses

    def close(self, reason: str = "") -> None:
        """Say good-bye and close the window; asks nothing and waits for nothing."""
        if size := self.main_window.changed_size():  # else what is kept is another window's
            self.main_window.choose(lambda kept: replace(kept, geometry=size))
        if self._poll_id:
            self.master.after_cancel(self._poll_id)
            self._poll_id = None
        self._remember_reading()
        self._drop_attempt()
        self.desk.close()
        if self._chat:
            self._chat.runner.close(reason)
        self._chat = self.controller.session = None
        self.connect_page.show_idle(can_cancel=False)  # an animation must not outlive its window
        self.master.destroy()
        self.on_closed()

    # For the demo, the laboratory and the tests.

    @property
    def connect_page(self) -> ConnectPage:
        """The connect page."""
        return self.connecting.page

    def queue_depths(self) -> tuple[int, int]:
        """Return how many events wait for the next poll, and how many lines for the sending thread."""
        runner = self._chat.runner if self._chat else None
        return (runner.depth, runner.connection.unsent) if runner else (0, 0)

    def send_line(self, line: str) -> bool:
        """Send a line of the protocol as it stands; return False if there is no connection."""
        online = (events.Phase.ONLINE, events.Phase.REGISTERING)
        chat = self._chat
        if chat is None or chat.session.state.phase not in online:
            return False
        chat.runner.connection.send([line])
        return True

    def transcript_text(self) -> str:
        """Return what the shown conversation's transcript says."""
        return self.page.transcript.plain()


def main(
    given: Form,
    laboratory: LabHook | None = None,
    operator_token: str = "",
    *,
    look_for_servers: bool = False,
) -> int:
    """Open a window and return 0 when it was closed. With a server and a nick it connects at once.

    Args:
        given: empty fields are filled with what is remembered.
        operator_token: see `ChatWindow`.
        look_for_servers: the connect page offers those of the network.

    Raises:
        tk.TclError: there is no display.
    """
    root = Root(NAME)
    keeper = Keeper()
    window = ChatWindow(
        root,
        settings_file.load_with_identity(),
        remember=keeper.remember,
        trouble=keeper.trouble,
        laboratory=laboratory,
        operator_token=operator_token,
        finder=Finder() if look_for_servers else None,
    )
    page = window.connect_page
    kept = page.form()
    form = replace(
        given,
        server=given.server or kept.server,
        nick=given.nick or kept.nick,
        room=given.room or kept.room,
        user=given.user or ("" if given.server else kept.user),
        tls=given.tls or (kept.tls and not given.server),
    )
    page.fill(form)
    if given.server:
        page.guess = ""
    if given.server and given.nick:
        window.connect(form)
    if laboratory:
        laboratory.introduce()
    mainloop.run(root, window.close)
    for connection in window.connections:
        connection.join(GOODBYE_PATIENCE)
    keeper.finish()
    return 0
