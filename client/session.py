"""The state of one user's connection to a server: lines in, lines and events out.

Sans-I/O: no sockets, no threads, no windows. Everything here runs in the one thread that owns the session
(the Tk thread, or the demo's thread). What the server's commands do stands in the handlers' modules:
`registration`, `rooms`, `messages`, `catchup` and `replies`; what the user's `/commands` do in `commands`.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Final

from client import slash_commands as commands
from client.handlers import (
    answers,  # noqa: F401 - handlers
    redaction,
    replies,
)
from client.handlers import channels as rooms
from client.handlers import presence as people
from client.handlers.table import HANDLERS
from client.history import CatchUp
from client.model.conversations import Conversation, Entry
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
    RoundTrip,
    SessionEvent,
    TopicChanged,
    TransportClosed,
    TransportConnecting,
    TransportEvent,
    TransportOpened,
    TransportReceived,
    UnreadChanged,
)
from client.model.sanitize import is_name, is_sendable, mistrust, short
from client.model.state import Profile, SessionCore
from client.multiline import Incoming
from client.net import problems
from client.outbox import Outbox
from client.registration import Registration
from client.scrollback import Scrollback
from protocol.message import Message, format_message
from translations import _

__all__ = ["Profile", "Session"]

log = logging.getLogger("chat.client")
PING_INTERVAL: Final = 15.0
"""Seconds between our PINGs."""
PING_PATIENCE: Final = 45.0
"""Seconds of silence after a PING, after which the connection counts as dead."""
READY_PATIENCE: Final = 5.0
"""Seconds after the welcome in which the end of the MOTD should come."""
REGISTRATION_PATIENCE: Final = 60.0
_IDEMPOTENT: Final = (MembersChanged, TopicChanged, UnreadChanged)


class Session(SessionCore):
    """One user's session.

    `handle`, `take_lines`, `take_events` and `tick` are for the owner of the connection (`client.runner`);
    `enter`, `retry_with`, `join`, `close`, `open_private`, `show`, `scrolled`, `enter_room`, `whois`, `kick`
    and `quit_line` are for what the user does; the rest, and `SessionCore`, is for the handlers.
    """

    def __init__(
        self,
        profile: Profile,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(profile, clock, timer)
        self.round_trip: float | None = None
        """Seconds that the server took to answer the last PING."""
        self.wants_reconnect = False
        """The owner should drop the connection, if there is one, and connect at once; the owner resets it."""
        self.pings = 0
        """PINGs sent in this connection."""
        self.parting: set[str] = set()
        """Folded names of what the user has closed in this connection: what still comes is not shown."""
        self._heard_at = self._ping_at = self._state_since = self.timer()
        self._ping_token = ""
        self.registration = Registration(self)
        self.outbox = Outbox(self)
        self.catchup = CatchUp(self)
        self.scrollback = Scrollback(self)
        self.multiline = Incoming()

    # For the owner of the connection.

    def handle(self, event: TransportEvent) -> None:
        """Take what the connection's receiving thread has put into the queue."""
        match event:
            case TransportConnecting():
                self._enter_phase(Phase.CONNECTING)
            case TransportOpened():
                self._opened()
            case TransportReceived():
                self._heard_at = self.timer() if event.at is None else event.at
                for message in event.messages:
                    self.receive(message)
            case TransportClosed():
                self._closed(event)

    def take_lines(self) -> list[str]:
        """Lines without line ends, to be sent now, in order."""
        lines, self._lines = self._lines, []
        return lines

    def take_events(self) -> list[SessionEvent]:
        """What changed since the last call, in order.

        Where a transcript was replaced, the single changes to it are left out: the whole one is to be shown.
        A new conversation's entries are announced one by one after its `ConversationOpened`.
        """
        events, self._events = self._events, []
        replaced = {id(event.conversation): event for event in events if isinstance(event, EntriesReplaced)}
        last = {
            (type(event), id(event.conversation)): event for event in events if isinstance(event, _IDEMPOTENT)
        }
        kept: list[SessionEvent] = []
        for event in events:
            if isinstance(event, _IDEMPOTENT) and last[type(event), id(event.conversation)] is not event:
                continue
            if (
                isinstance(event, EntryAdded | EntryChanged | EntriesPrepended | EntriesReplaced)
                and id(event.conversation) in replaced
            ):
                continue
            kept.append(event)
        return kept + list(replaced.values())

    def tick(self) -> None:
        """To be called about once a second: PING for the round trip, time limits."""
        now = self.timer()
        if self.phase is Phase.ONLINE:
            if not self.ready and now - self._state_since > READY_PATIENCE:
                self.become_ready()
            if self._ping_token:
                if now - max(self._heard_at, self._ping_at) > PING_PATIENCE:
                    self._ask_to_reconnect()
            elif now - self._ping_at > PING_INTERVAL:
                self._ping()
            self.catchup.tick()
        elif (
            self.phase is Phase.REGISTERING
            and not self.registration.refused
            and now - self._state_since > REGISTRATION_PATIENCE
        ):
            self._ask_to_reconnect()

    @property
    def may_reconnect(self) -> bool:
        """False while the server's refusal (nick, password) waits for the user's decision."""
        return self.registration.refused is None

    # For the user's hands.

    def enter(self, conversation: Conversation, text: str) -> None:
        """What the user typed and sent: a message, several lines, or a command that begins with `/`.

        Several lines become one message (draft/multiline) or, where the server cannot, each that is not empty
        becomes one, whatever it begins with; `//text` sends a text that begins with a slash.
        """
        text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        text = "\n".join(line.rstrip() for line in re.split(r"\r\n|\r|\n", text)).strip("\n")
        lines = [line for line in text.split("\n") if line]
        if len(lines) == 1 and lines[0].startswith("/") and not lines[0].startswith("//"):
            self.asked_in = conversation
            commands.run(self, conversation, lines[0][1:])
            return
        if len(lines) == 1 and lines[0].startswith("//"):
            lines[0] = lines[0][1:]
        if lines and (refusal := self.refusal(conversation)):
            self.complain(conversation, refusal)
            return
        if len(lines) > 1 and self.outbox.takes_multiline:
            lines = [text]
        for line in lines:
            if not self.outbox.add(conversation, conversation.name, line):
                break

    def retry_with(self, nick: str = "", password: str = "") -> None:
        """After `Refused`: try this nick or this password, on the same connection if it still stands."""
        self.registration.retry_with(nick, password)

    def join(self, room: str, key: str = "") -> None:
        """Enter a room, now or when the connection stands; it is shown when the server lets us in.

        Raises:
            ValueError: no room can be called so, or have such a key.
        """
        if not is_name(room) or (key and not is_sendable(key)):
            raise ValueError(room)
        folded = self.fold(room)
        self.wanted_rooms[folded] = (room, key)
        self.room_to_focus = folded
        conversation = self.conversations.get(folded)
        if conversation and conversation.joined:
            self.emit(ConversationOpened(conversation, focus=True))
        elif self.ready:
            self.send("JOIN", room, *([key] if key else []))

    def close(self, conversation: Conversation, reason: str = "") -> None:
        """Leave the room (PART) or close the private talk; the talk with the server stays."""
        if not conversation.name:
            return
        folded = self.fold(conversation.name)
        self.wanted_rooms.pop(folded, None)
        if conversation.is_room and conversation.joined and self.ready:
            self.send("PART", conversation.name, *([reason] if reason else []))
        self.parting.add(folded)
        self.outbox.fail_all(conversation)
        self.catchup.forget(conversation)
        conversation.joined = False
        conversation.members.clear()
        self.conversations.pop(folded, None)
        if self.asked_in is conversation:
            self.asked_in = self.server_talk
        if self.shown is conversation:
            self.shown = None
        self.emit(ConversationClosed(conversation))

    def open_private(self, nick: str, focus: bool = True) -> Conversation:
        """Return the private talk with somebody, opened if it was not; what was said before is fetched.

        Raises:
            ValueError: nobody can be called so.
        """
        if not is_name(nick):
            raise ValueError(nick)
        self.parting.discard(self.fold(nick))
        conversation = self.conversations.get(self.fold(nick))
        if conversation is None:
            marker = self.next_key()
            conversation = self.open_conversation(nick, is_room=False, focus=focus)
            if self.ready and conversation.name:
                self.catchup.start(conversation, marker, since=self.server_time)
        elif focus:
            self.emit(ConversationOpened(conversation, focus=True))
        return conversation

    def show(self, conversation: Conversation | None) -> None:
        """This conversation is before the user's eyes now: nothing in it is unread (None: hidden)."""
        self.shown = conversation
        if conversation and (conversation.unread or conversation.mentions):
            conversation.unread = conversation.mentions = 0
            self.emit(UnreadChanged(conversation))

    def scrolled(self, conversation: Conversation, *, up: bool) -> None:
        """The user reads what is not the newest, or (not `up`) has come back to it: the oldest may leave."""
        conversation.reading_back = up
        conversation.trim()

    def read_back(self, conversation: Conversation) -> None:
        """The user has scrolled to the top: fetch the page before the oldest entry, if there is one."""
        self.scrollback.ask(conversation)

    def may_redact(self, conversation: Conversation, entry: Entry) -> bool:
        """Tell whether the user may take this message back: one's own, or as operator anybody's."""
        return redaction.may_redact(self, conversation, entry)

    def redact(self, conversation: Conversation, entry: Entry) -> None:
        """Ask the server to take the message back; it is gone when the server says so."""
        redaction.redact(self, conversation, entry)

    def enter_room(self, name: str, asked_in: Conversation) -> None:
        """Enter a room by the name that the user wrote; what is wrong with it is said in `asked_in`."""
        self.asked_in = asked_in
        try:
            self.join(name if self.support.is_channel(name) else f"#{name}")
        except ValueError:
            commands.show_usage(self, asked_in, commands.COMMANDS["join"])

    def whois(self, nick: str, asked_in: Conversation) -> None:
        """Ask the server who this is; the answer comes into `asked_in`."""
        if self.may_ask(asked_in):
            self.send("WHOIS", nick)

    def kick(self, nick: str, room: Conversation, reason: str = "") -> None:
        """Ask the server to remove somebody from the room."""
        if self.may_ask(room):
            self.send("KICK", room.name, nick, *([reason] if reason else []))

    def may_ask(self, asked_in: Conversation) -> bool:
        """Let answers come into this conversation; without a connection say so there, and return False."""
        self.asked_in = asked_in
        if not self.ready:
            self.complain(asked_in, _("There is no connection to the server now."))
        return self.ready

    @property
    def unconfirmed(self) -> int:
        """Messages of one's own of which nobody knows yet that they have arrived."""
        return len(self.outbox)

    @property
    def wanted_nick(self) -> str:
        """How the user wants to be called, whatever the server calls us now."""
        return self.registration.wanted_nick

    @property
    def asked_nick(self) -> str:
        """The nick that was asked for last."""
        return self.registration.asked_nick

    @property
    def refused(self) -> Problem | None:
        """Why the server did not let us in; the user has to decide."""
        return self.registration.refused

    def quit_line(self, reason: str = "") -> str:
        """Return the line that says good-bye, for `Connection.close`."""
        return format_message(Message("QUIT", (" ".join(reason.split()),) if reason else ()))

    # For the handlers.

    def receive(self, message: Message) -> None:
        """Act on one line of the server's. Never raises: what came after it must not be lost."""
        try:
            self._receive(mistrust(message))
        except Exception:
            log.exception("line %r", message)

    def _receive(self, message: Message) -> None:
        if "!" in message.source and self.is_me(message.nick):
            self.source = message.source[:300]
        if message.tags.get("time", "") > self.server_time:
            self.server_time = message.tags["time"][:40]
        if self.multiline.takes(message) or self.catchup.takes(message):
            return
        handler = HANDLERS.get(message.command)
        if handler:
            handler(self, message)
        elif len(message.command) == 3 and message.command.isdecimal():
            replies.show_unknown(self, message)

    def rename_private(self, old: str, new: str) -> None:
        """Somebody has another nick: the private talk with them goes on under it."""
        conversation = self.conversations.get(self.fold(old))
        if (
            conversation
            and is_name(new)
            and not conversation.is_room
            and conversation.name
            and self.fold(new) not in self.conversations
        ):
            del self.conversations[self.fold(old)]
            conversation.name = new
            self.conversations[self.fold(new)] = conversation
            self.outbox.retarget(conversation, new)
            self.catchup.renamed(conversation, old)
            self.emit(TopicChanged(conversation))

    def welcomed(self, nick: str) -> None:
        """The server let us in, as `nick`."""
        self.set_nick(nick)
        self.reason = ""
        self._enter_phase(Phase.ONLINE)
        self._ping()

    def set_nick(self, nick: str) -> None:
        """We are called so now."""
        nick = short(nick)
        self.source = self.source and f"{nick}!{self.source.partition('!')[2]}"
        if nick != self.nick:
            self.nick = nick
            self.emit(NickChanged(nick))

    def become_ready(self) -> None:
        """The greeting is over: enter the rooms, go on with the private talks."""
        if self.ready:
            return
        self.ready = True
        if self.away_reason:
            self.send("AWAY", self.away_reason)
        people.ask_for_talks(self)
        for name, key in list(self.wanted_rooms.values()):
            self.send("JOIN", name, *([key] if key else []))
        self.outbox.settle(self.server_talk, history_is_complete=False)
        for conversation in list(self.conversations.values()):
            if conversation.name and not conversation.is_room:
                self.catchup.start(conversation, self.next_key())

    def pong(self, token: str) -> None:
        """The server answered a PING."""
        if not self._ping_token or token != self._ping_token:
            return
        self._ping_token = ""
        # To the `recv`, not to the window's next look into the queue.
        self.round_trip = max(0.0, self._heard_at - self._ping_at)
        self.emit(RoundTrip(self.round_trip))
        self.outbox.answered(self.pings)

    def _ping(self) -> None:
        self.pings += 1
        self._ping_token = f"labchat-{self.pings}"
        self._ping_at = self.timer()
        self.send("PING", self._ping_token)

    def _ask_to_reconnect(self) -> None:
        self.wants_reconnect = True
        self._state_since = self._heard_at = self._ping_at = self.timer()

    def _enter_phase(self, phase: Phase, change: PhaseChanged | None = None) -> None:
        self.phase = phase
        self._state_since = self.timer()
        self.emit(change or PhaseChanged(phase))

    def _opened(self) -> None:
        self._lines.clear()
        self.ready = False
        self.source = ""
        self.reason = ""
        self.pings = 0
        self._ping_token = ""
        self.capabilities.clear()
        self.capability_values.clear()
        self.multiline.clear()
        self.just_entered.clear()
        self.parting.clear()
        self.who_asked.clear()
        self.talks_since = self.server_time
        self._heard_at = self.timer()
        self._enter_phase(Phase.REGISTERING)
        self.registration.begin()

    def _closed(self, event: TransportClosed) -> None:
        was_online = self.phase is Phase.ONLINE
        self._lines.clear()
        self.ready = False
        self._ping_token = ""
        self.round_trip = None
        self.catchup.connection_lost()
        self.scrollback.connection_lost()
        self.outbox.connection_lost()
        refused = self.registration.refused
        retry_in = None if refused else event.retry_in
        text = (
            ""
            if refused
            else problems.sentence(event.problem, self.profile.server, self.reason, event.fingerprint)
        )
        for conversation in self.conversations.values():
            if conversation.is_room and conversation.joined:
                rooms.left(self, conversation)
            if was_online and (conversation.name or event.retry_in is None):
                self.complain(conversation, text)
        phase = Phase.OFFLINE if retry_in is None else Phase.WAITING
        self._enter_phase(
            phase, PhaseChanged(phase, refused or event.problem, text, retry_in, event.fingerprint)
        )
