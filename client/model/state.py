"""What a session knows, and how its handlers change it: conversations, entries, lines and events to come."""

import itertools
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from client.model.conversations import SPOKEN, Conversation, Delivery, Entry, Kind, Member
from client.model.events import ConversationOpened, EntryAdded, Phase, SessionEvent, UnreadChanged
from client.model.isupport import ISupport
from client.model.recent_ids import SeenIds
from client.model.server_time import time_of
from protocol.message import Message, format_message
from protocol.names import fold, fold_text
from translations import _

MAX_CONVERSATIONS: Final = 300
"""Rooms and private talks that may be open; what comes beyond goes to the talk with the server."""


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


class SessionCore:
    """The state that the handlers share. Its owner sees it as `client.session.Session`."""

    def __init__(
        self,
        profile: Profile,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] | None = None,
    ) -> None:
        """Args: clock: seconds since the epoch. timer: seconds that pass evenly, though the clock is set; by
        default the system's, or those of a `clock` that is not the system's.
        """
        self.profile = profile
        self.phase = Phase.OFFLINE
        self.nick = profile.nick
        """The nick that the server knows us by."""
        self.source = ""
        """`nick!user@host` as others see us; empty until the server has shown it."""
        self.support = ISupport()
        self.capabilities: set[str] = set()
        self.capability_values: dict[str, str] = {}
        """What the server said behind `=` when it offered a capability."""
        self.conversations: dict[str, Conversation] = {}
        """By folded name; "" is the talk with the server itself."""
        self.wanted_rooms: dict[str, tuple[str, str]] = {}
        """By folded name: name and key of the rooms to be in."""
        self.away_reason = ""
        self.ready = False
        """The server has finished its greeting; rooms may be joined and messages sent."""
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
        self.just_entered: set[str] = set()
        """Folded names of the rooms whose first list of members has not come."""
        self.who_asked: set[str] = set()
        """Folded names of the rooms about whose members we have asked (WHO)."""
        self.server_time = ""
        """The latest time that the server has named (server-time): what came later we have not seen."""
        self.talks_since = ""
        """Since when private talks that went on without us are looked for; empty: they are not."""
        self.rooms_listed = 0

        self._clock = clock
        self.timer = timer or (time.monotonic if clock is time.time else clock)
        """Seconds for time limits; their beginning means nothing."""
        self._keys = itertools.count(1)
        self._lines: list[str] = []
        self._events: list[SessionEvent] = []
        self._seen = SeenIds()
        self._ctcp_times: deque[float] = deque(maxlen=16)
        self.conversations[""] = self.server_talk
        self.emit(ConversationOpened(self.server_talk, focus=False))
        for room in profile.rooms:
            self.wanted_rooms[self.fold(room)] = (room, "")

    def fold(self, name: str) -> str:
        """Return the form of a name that all its spellings share on this server (CASEMAPPING)."""
        return self.support.fold(name)

    def now(self) -> float:
        """Seconds since the epoch, by our clock."""
        return self._clock()

    def next_key(self) -> int:
        """Return a key that no entry has, and that is less than those of all entries to come."""
        return next(self._keys)

    def is_me(self, nick: str) -> bool:
        """Tell whether this is our own nick."""
        return self.fold(nick) == self.fold(self.nick)

    def send(self, command: str, *params: str) -> None:
        """Send a command.

        Raises:
            ValueError: a parameter holds what would break the line.
        """
        self.send_line(format_message(Message(command, params)))

    def send_line(self, line: str) -> None:
        """Send a line that was checked; without a connection it is dropped."""
        if self.phase in (Phase.REGISTERING, Phase.ONLINE):
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
        conversation.trim()
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
            mention=not own and kind in SPOKEN and self.mentions_me(text),
            delivery=delivery,
            msgid=message.tags.get("msgid", "") if message else "",
            nonce=nonce,
        )

    def count_unread(self, conversation: Conversation, entry: Entry) -> None:
        """Count an entry that the user does not see."""
        if entry.own or entry.kind not in SPOKEN or conversation is self.shown:
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
        folded = fold_text(text) if self.support.fold is fold else self.fold(text)
        return bool(nick) and _whole_word(nick).search(folded) is not None

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
        """Return a sentence that says why nothing can be said here; "" if it can, now or later."""
        if not conversation.name:
            return _("This is the talk with the server. To talk with people, enter a room: /join #lab")
        if (
            conversation.is_room
            and not conversation.joined
            and self.fold(conversation.name) not in self.wanted_rooms
        ):
            return _("You are not in this room. To enter it: /join {room}").format(room=conversation.name)
        return ""

    def room(self, name: str) -> Conversation | None:
        """Return the open room of this name."""
        conversation = self.conversations.get(self.fold(name))
        return conversation if conversation and conversation.is_room else None

    @property
    def is_full(self) -> bool:
        """Tell whether no more conversations are opened."""
        return len(self.conversations) >= MAX_CONVERSATIONS

    def open_conversation(self, name: str, *, is_room: bool, focus: bool) -> Conversation:
        """Return the conversation, opened if it was not; the talk with the server if too many are open."""
        folded = self.fold(name)
        conversation = self.conversations.get(folded)
        if conversation is None:
            if self.is_full:
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

    def may_answer_ctcp(self, burst: int, window: float) -> bool:
        """Tell whether less than `burst` CTCP answers went out in `window` seconds; count this one."""
        recent = [moment for moment in self._ctcp_times if self.timer() - moment < window]
        if len(recent) >= burst:
            return False
        self._ctcp_times.append(self.timer())
        return True
