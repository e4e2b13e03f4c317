"""The state of one user's connection to a server: lines in, lines and events out.

Sans-I/O: no sockets, no threads, no windows. Everything here runs in the one thread that owns the session
(the Tk thread, or the demo's thread). What the server's commands do stands in the handlers' modules:
`registration`, `rooms`, `messages`, `catchup` and `replies`; what the user's `/commands` do in `commands`.
"""

import itertools
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from client import commands, problems, replies, rooms
from client.catchup import CatchUp, SeenIds
from client.conversation import Conversation, Delivery, Entry, Kind, Member
from client.dispatch import HANDLERS
from client.events import (
    ConversationClosed,
    ConversationOpened,
    EntriesReplaced,
    EntryAdded,
    EntryChanged,
    MembersChanged,
    NickChanged,
    RoundTrip,
    SessionEvent,
    State,
    StateChanged,
    TopicChanged,
    TransportClosed,
    TransportConnecting,
    TransportEvent,
    TransportOpened,
    TransportReceived,
    UnreadChanged,
)
from client.isupport import ISupport
from client.messages import time_of
from client.outbox import Outbox
from client.registration import Registration
from protocol.message import Message, format_message
from translations import _

MAX_CONVERSATIONS: Final = 300
"""Rooms and private talks that may be open; what comes beyond goes to the talk with the server."""
PING_INTERVAL: Final = 15.0
"""Seconds between our PINGs."""
PING_PATIENCE: Final = 45.0
"""Seconds of silence after a PING, after which the connection counts as dead."""
READY_PATIENCE: Final = 5.0
"""Seconds after the welcome in which the end of the MOTD should come."""
REGISTRATION_PATIENCE: Final = 60.0
_UNREAD_KINDS: Final = frozenset({Kind.MESSAGE, Kind.ACTION, Kind.NOTICE})
_IDEMPOTENT: Final = (MembersChanged, TopicChanged, UnreadChanged)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the user wants: how to be called, and which rooms to enter."""

    nick: str
    rooms: Sequence[str] = ("#lab",)
    password: str = ""
    realname: str = ""
    server: str = ""
    """`HOST:PORT`, for the sentences that name the server."""


@lru_cache(maxsize=64)
def _whole_word(folded_nick: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(folded_nick)}(?!\w)")


class Session:
    """One user's session.

    `handle`, `take_lines`, `take_events` and `tick` are for the owner of the connection (`client.driver`);
    `enter`, `retry_with`, `join`, `close`, `open_private`, `show` and `quit` are for the user's hands; the
    rest is for the handlers.
    """

    def __init__(self, profile: Profile, clock: Callable[[], float] = time.time) -> None:
        self.profile = profile
        self.state = State.OFFLINE
        self.nick = profile.nick
        """The nick that the server knows us by."""
        self.source = ""
        """`nick!user@host` as others see us; empty until the server has shown it."""
        self.round_trip: float | None = None
        """Seconds that the server took to answer the last PING."""
        self.wants_reconnect = False
        """The owner should drop the connection, if there is one, and connect at once; the owner resets it."""
        self.support = ISupport()
        self.capabilities: set[str] = set()
        self.conversations: dict[str, Conversation] = {}
        """By folded name; "" is the talk with the server itself."""
        self.wanted_rooms: dict[str, tuple[str, str]] = {}
        """By folded name: name and key of the rooms to be in."""
        self.away_reason = ""
        self.ready = False
        """The server has finished its greeting; rooms may be joined and messages sent."""
        self.pings = 0
        """PINGs sent in this connection."""
        self.reason = ""
        """What the server said when it closed the connection."""
        self.server_talk = Conversation("", is_room=False, joined=True)
        self.asked_in = self.server_talk
        """Where the user typed the last command: answers go there."""
        self.shown: Conversation | None = None
        self.room_to_focus = self.fold(profile.rooms[0]) if profile.rooms else ""
        self.names_coming: dict[str, dict[str, Member]] = {}
        """Lists of members of which the end has not come, by folded room."""
        self.names_asked: set[str] = set()
        """Folded names of the rooms whose members the user asked for."""
        self.rooms_listed = 0

        self._clock = clock
        self._keys = itertools.count(1)
        self._lines: list[str] = []
        self._events: list[SessionEvent] = []
        self._seen = SeenIds()
        self._ctcp_times: deque[float] = deque(maxlen=16)
        self._heard_at = self._ping_at = self._state_since = clock()
        self._ping_token = ""
        self.registration = Registration(self)
        self.outbox = Outbox(self)
        self.catchup = CatchUp(self)
        self.conversations[""] = self.server_talk
        self.emit(ConversationOpened(self.server_talk, focus=False))
        for room in profile.rooms:
            self.wanted_rooms[self.fold(room)] = (room, "")

    # For the owner of the connection.

    def handle(self, event: TransportEvent) -> None:
        """Take what the connection's receiving thread has put into the queue."""
        match event:
            case TransportConnecting():
                self._set_state(State.CONNECTING)
            case TransportOpened():
                self._opened()
            case TransportReceived():
                self._heard_at = self.now()
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
                isinstance(event, EntryAdded | EntryChanged | EntriesReplaced)
                and id(event.conversation) in replaced
            ):
                continue
            kept.append(event)
        return kept + list(replaced.values())

    def tick(self) -> None:
        """To be called about once a second: PING for the round trip, time limits."""
        now = self.now()
        if self.state is State.ONLINE:
            if not self.ready and now - self._state_since > READY_PATIENCE:
                self.become_ready()
            if self._ping_token:
                if now - max(self._heard_at, self._ping_at) > PING_PATIENCE:
                    self._ask_to_reconnect()
            elif now - self._ping_at > PING_INTERVAL:
                self._ping()
            self.catchup.tick()
        elif (
            self.state is State.REGISTERING
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

        Of several lines each that is not empty becomes a message, whatever it begins with; `//text` sends a
        text that begins with a slash.
        """
        text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
        if len(lines) == 1 and lines[0].startswith("/") and not lines[0].startswith("//"):
            self.asked_in = conversation
            commands.run(self, conversation, lines[0][1:])
            return
        if len(lines) == 1 and lines[0].startswith("//"):
            lines[0] = lines[0][1:]
        if lines and (refusal := self.refusal(conversation)):
            self.complain(conversation, refusal)
            return
        for line in lines:
            if not self.outbox.add(conversation, conversation.name, line):
                break

    def retry_with(self, nick: str = "", password: str = "") -> None:
        """After `Refused`: try this nick or this password, on the same connection if it still stands."""
        self.registration.retry_with(nick, password)

    def join(self, room: str, key: str = "") -> None:
        """Enter a room, now or when the connection stands; it is shown when the server lets us in."""
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
        self.outbox.fail_all(conversation)
        self.catchup.forget(conversation.name)
        conversation.joined = False
        conversation.members.clear()
        self.conversations.pop(folded, None)
        if self.asked_in is conversation:
            self.asked_in = self.server_talk
        if self.shown is conversation:
            self.shown = None
        self.emit(ConversationClosed(conversation))

    def open_private(self, nick: str, focus: bool = True) -> Conversation:
        """Return the private talk with somebody, opened if it was not; what was said before is fetched."""
        conversation = self.conversations.get(self.fold(nick))
        if conversation is None:
            marker = self.next_key()
            conversation = self.open_conversation(nick, is_room=False, focus=focus)
            if self.ready:
                self.catchup.start(conversation, marker)
        elif focus:
            self.emit(ConversationOpened(conversation, focus=True))
        return conversation

    def show(self, conversation: Conversation | None) -> None:
        """This conversation is before the user's eyes now: nothing in it is unread (None: the window is hidden)."""
        self.shown = conversation
        if conversation and (conversation.unread or conversation.mentions):
            conversation.unread = conversation.mentions = 0
            self.emit(UnreadChanged(conversation))

    def quit_line(self, reason: str = "") -> str:
        """Return the line that says good-bye, for `Connection.close`."""
        return format_message(Message("QUIT", (" ".join(reason.split()),) if reason else ()))

    def fold(self, name: str) -> str:
        """Return the form of a name that all its spellings share on this server (CASEMAPPING)."""
        return self.support.fold(name)

    # For the handlers.

    def now(self) -> float:
        """Seconds since the epoch, by our clock."""
        return self._clock()

    def next_key(self) -> int:
        """Return a key that no entry has, and that is less than those of all entries to come."""
        return next(self._keys)

    def is_me(self, nick: str) -> bool:
        """Tell whether this is our own nick."""
        return self.fold(nick) == self.fold(self.nick)

    def receive(self, message: Message) -> None:
        """Act on one line of the server's."""
        if "!" in message.source and self.is_me(message.nick):
            self.source = message.source[:300]
        if self.catchup.takes(message):
            return
        handler = HANDLERS.get(message.command)
        if handler:
            handler(self, message)
        elif len(message.command) == 3 and message.command.isdecimal():
            replies.show_unknown(self, message)

    def send(self, command: str, *params: str) -> None:
        """Send a command.

        Raises:
            ValueError: a parameter holds what would break the line.
        """
        self.send_line(format_message(Message(command, params)))

    def send_line(self, line: str) -> None:
        """Send a line that was checked; without a connection it is dropped."""
        if self.state in (State.REGISTERING, State.ONLINE):
            self._lines.append(line)

    def emit(self, event: SessionEvent) -> None:
        """Tell the window."""
        self._events.append(event)

    def add_entry(
        self,
        conversation: Conversation,
        kind: Kind,
        text: str,
        *,
        message: Message | None = None,
        nick: str = "",
        own: bool = False,
        delivery: Delivery = Delivery.SENT,
        nonce: str = "",
    ) -> Entry:
        """Append an entry (see `make_entry`) and count it as unread if the user does not see it."""
        entry = self.make_entry(
            kind, text, message=message, nick=nick, own=own, delivery=delivery, nonce=nonce
        )
        conversation.entries.append(entry)
        self.emit(EntryAdded(conversation, entry))
        self.count_unread(conversation, entry)
        return entry

    def make_entry(
        self,
        kind: Kind,
        text: str,
        *,
        message: Message | None = None,
        nick: str = "",
        own: bool = False,
        delivery: Delivery = Delivery.SENT,
        nonce: str = "",
    ) -> Entry:
        """Make an entry, with the time and id of `message` if it is the cause, that stands nowhere yet."""
        return Entry(
            key=self.next_key(),
            kind=kind,
            time=time_of(message, self.now()),
            nick=nick,
            text=text,
            own=own,
            mention=not own and kind in _UNREAD_KINDS and self.mentions_me(text),
            delivery=delivery,
            msgid=message.tags.get("msgid", "") if message else "",
            nonce=nonce,
        )

    def count_unread(self, conversation: Conversation, entry: Entry) -> None:
        """Count an entry that the user does not see."""
        if entry.own or entry.kind not in _UNREAD_KINDS or conversation is self.shown:
            return
        conversation.unread += 1
        conversation.mentions += entry.mention
        self.emit(UnreadChanged(conversation))

    def inform(self, conversation: Conversation, text: str, message: Message | None = None) -> None:
        """Append a sentence."""
        self.add_entry(conversation, Kind.INFO, text, message=message)

    def complain(self, conversation: Conversation, text: str) -> None:
        """Append a sentence that says what went wrong."""
        self.add_entry(conversation, Kind.ERROR, text)

    def mentions_me(self, text: str) -> bool:
        """Tell whether our nick stands in the text as a whole word."""
        nick = self.fold(self.nick)
        return bool(nick) and _whole_word(nick).search(self.fold(text)) is not None

    def is_new(self, message: Message) -> bool:
        """Remember the message's id; return False if it was seen before."""
        msgid = message.tags.get("msgid")
        return not msgid or self._seen.add("msgid", msgid)

    def is_new_nonce(self, nonce: str) -> bool:
        """Remember the nonce; return False if it was seen before."""
        return not nonce or self._seen.add("nonce", nonce)

    def talk_of(self, message: Message) -> str:
        """Return the name of the conversation that a PRIVMSG or NOTICE belongs to."""
        target = self.support.without_status(message.param(0))
        if self.support.is_channel(target) or self.is_me(message.nick):
            return target
        return message.nick

    def refusal(self, conversation: Conversation) -> str:
        """Return a sentence that says why nothing can be said here; "" if it can, now or after a reconnect."""
        if not conversation.name:
            return _("This is the talk with the server. To talk with people, enter a room: /join #lab")
        if (
            conversation.is_room
            and not conversation.joined
            and self.fold(conversation.name) not in self.wanted_rooms
        ):
            return _("You are not in this room. To enter it: /join {room}").format(room=conversation.name)
        return ""

    def may_answer_ctcp(self, burst: int, window: float) -> bool:
        """Tell whether fewer than `burst` CTCP answers went out in the last `window` seconds; count this one."""
        recent = [moment for moment in self._ctcp_times if self.now() - moment < window]
        if len(recent) >= burst:
            return False
        self._ctcp_times.append(self.now())
        return True

    def rename_private(self, old: str, new: str) -> None:
        """Somebody has another nick: the private talk with them goes on under it."""
        conversation = self.conversations.get(self.fold(old))
        if (
            conversation
            and not conversation.is_room
            and conversation.name
            and self.fold(new) not in self.conversations
        ):
            del self.conversations[self.fold(old)]
            conversation.name = new
            self.conversations[self.fold(new)] = conversation
            self.outbox.retarget(conversation, new)
            self.catchup.forget(old)
            self.emit(TopicChanged(conversation))

    def room(self, name: str) -> Conversation | None:
        """Return the open room of this name."""
        conversation = self.conversations.get(self.fold(name))
        return conversation if conversation and conversation.is_room else None

    def open_conversation(self, name: str, *, is_room: bool, focus: bool) -> Conversation:
        """Return the conversation, opened if it was not; the talk with the server if too many are open."""
        folded = self.fold(name)
        conversation = self.conversations.get(folded)
        if conversation is None:
            if len(self.conversations) >= MAX_CONVERSATIONS:
                return self.server_talk
            conversation = Conversation(name, is_room)
            self.conversations[folded] = conversation
            self.emit(ConversationOpened(conversation, focus))
        elif focus:
            self.emit(ConversationOpened(conversation, focus=True))
        return conversation

    def names_changed(self) -> None:
        """The server compares names in another way now: file everything under the new folded names."""
        self.room_to_focus = self.fold(self.room_to_focus)
        self.conversations = {self.fold(one.name): one for one in self.conversations.values()}
        self.wanted_rooms = {self.fold(name): (name, key) for name, key in self.wanted_rooms.values()}
        for conversation in self.conversations.values():
            conversation.members = {
                self.fold(member.nick): member for member in conversation.members.values()
            }

    def welcomed(self, nick: str) -> None:
        """The server let us in, as `nick`."""
        self.set_nick(nick)
        self.reason = ""
        self._set_state(State.ONLINE)
        self._ping()

    def set_nick(self, nick: str) -> None:
        """We are called so now."""
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
        for name, key in list(self.wanted_rooms.values()):
            self.send("JOIN", name, *([key] if key else []))
        for conversation in list(self.conversations.values()):
            if conversation.name and not conversation.is_room:
                self.catchup.start(conversation, self.next_key())

    def pong(self, token: str) -> None:
        """The server answered a PING."""
        if not self._ping_token or token != self._ping_token:
            return
        self._ping_token = ""
        self.round_trip = max(0.0, self.now() - self._ping_at)
        self.emit(RoundTrip(self.round_trip))
        self.outbox.answered(self.pings)

    def _ping(self) -> None:
        self.pings += 1
        self._ping_token = f"labchat-{self.pings}"
        self._ping_at = self.now()
        self.send("PING", self._ping_token)

    def _ask_to_reconnect(self) -> None:
        self.wants_reconnect = True
        self._state_since = self._heard_at = self._ping_at = self.now()

    def _set_state(self, state: State, problem: StateChanged | None = None) -> None:
        self.state = state
        self._state_since = self.now()
        self.emit(problem or StateChanged(state))

    def _opened(self) -> None:
        self._lines.clear()
        self.ready = False
        self.source = ""
        self.reason = ""
        self.pings = 0
        self._ping_token = ""
        self.capabilities.clear()
        self._heard_at = self.now()
        self._set_state(State.REGISTERING)
        self.registration.begin()

    def _closed(self, event: TransportClosed) -> None:
        was_online = self.state is State.ONLINE
        self._lines.clear()
        self.ready = False
        self._ping_token = ""
        self.round_trip = None
        self.catchup.connection_lost()
        self.outbox.connection_lost()
        refused = self.registration.refused
        retry_in = None if refused else event.retry_in
        text = "" if refused else problems.sentence(event.problem, self.profile.server, self.reason)
        for conversation in self.conversations.values():
            if conversation.is_room and conversation.joined:
                rooms.left(self, conversation)
            if was_online and (conversation.name or event.retry_in is None):
                self.complain(conversation, text)
        state = State.OFFLINE if retry_in is None else State.WAITING
        self._set_state(state, StateChanged(state, refused or event.problem, text, retry_in))
