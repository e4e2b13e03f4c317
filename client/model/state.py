"""What a client knows of its connection and of all conversations, and how that is changed.

Lines and events that come of a change wait here until the owner of the connection takes them.
"""

import itertools
import re
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from typing import Final

from client.model import events
from client.model.conversations import (
    MAX_SIZE,
    SPOKEN,
    Anchor,
    Asked,
    Conversation,
    Delivery,
    Entry,
    Kind,
    Member,
)
from client.model.desk import Desk
from client.model.events import Phase, Problem, SessionEvent
from client.model.finding.card import LookedUp
from client.model.finding.listing import Listing, condition
from client.model.identity import RECLAIMS, Identity
from client.model.isupport import ISupport
from client.model.questions import Questions
from client.model.recent_ids import RecentIds
from client.model.sanitize import MAX_NAME, clean, clean_nick, is_name, is_sendable, short
from client.model.server_time import ServerClock, moment_of, time_of
from client.model.speech import Silence, Speech
from client.model.spoken import formatting, spoken
from protocol import ircv3
from protocol.message import Message, format_message, parse
from protocol.names import fold, fold_ascii, fold_text
from translations import _

MAX_CONVERSATIONS: Final = 300
"""Rooms and private talks that may be open; what comes beyond goes to the talk with the server."""
MAX_ALL: Final = 24 * 1024 * 1024
"""Bytes of all entries, of which each conversation has its share."""
MAX_MEMBERS: Final = 20_000
"""Members of a room that are remembered."""
MAX_PEOPLE: Final = 60_000
"""Members of all rooms together."""
MAX_TYPISTS: Final = 100
"""People who count as writing in one conversation: each line of speech looks through them."""
MAX_CTCP_ANSWERS: Final = 3
"""CTCP requests that are answered in a short time (`client.handlers.messages.CTCP_WINDOW`)."""
_LATEST: Final = (events.EntriesReplaced, events.MembersChanged, events.TopicChanged, events.UnreadChanged)
"""Of these only the latest of a conversation counts."""
_OF_ENTRIES: Final = (events.EntryAdded, events.EntryChanged, events.EntriesPrepended)


Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the user wants: how to be called, and which rooms to enter."""

    nick: str
    rooms: Sequence[str] = ("#lab",)
    password: str = ""
    realname: str = ""
    server: str = ""
    """`HOST:PORT`, for the sentences that name the server."""
    user: str = ""
    """The user name (USER), by which bouncers know whose connection this is; empty: one like the nick."""
    identity: Identity = field(default_factory=Identity, compare=False)
    ignored: Sequence[str] = field(default=(), compare=False)
    """Nicks of those whose words are hidden from the beginning."""
    muted: Sequence[str] = field(default=(), compare=False)
    """Names of rooms and private talks that are muted from the beginning."""
    talks: Sequence[str] = field(default=(), compare=False)
    """Nicks of those with whom private talks are open from the beginning."""
    shown: str = field(default="", compare=False)
    """The room or the talk to show first; empty, or none of them: the first room."""
    read: Mapping[str, float] = field(default_factory=dict, compare=False)
    """See `Conversation.read_before`, by the name of a room or talk."""
    operator_token: str = field(default="", repr=False)
    """What makes us the server's operator at once: the launcher's, for a server on this computer alone."""


def hole_text() -> str:
    """Return what a transcript says where something was said that nobody told us."""
    return _("Something may be missing here: the server did not tell all that was said meanwhile.")


@lru_cache(maxsize=64)
def _whole_word(folded_nick: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(folded_nick)}(?!\w)")


class ClientState:
    """What the client knows, and nothing of those who act on it: `client.session` calls them in order."""

    is_server_operator = False
    """The server has made us its operator (381, or MODE +o)."""
    is_watched = True
    """The user looks at the window."""
    looked_up: LookedUp | None = None
    """The person whose card is open, or was open last."""

    def __init__(self, profile: Profile, clock: Clock = time.time, timer: Clock | None = None) -> None:
        """Args: clock: seconds since the epoch. timer: seconds that pass evenly, though the clock is set; by
        default the system's, or those of a `clock` that is not the system's.
        """
        self.profile = profile
        self.phase = Phase.OFFLINE
        self.refused: Problem | None = None
        """Why the server did not let us in, while that waits for the user's decision."""
        self.nick = profile.nick
        """The nick that the server knows us by."""
        self.asked_nick = ""
        """The nick that was asked for last."""
        self.source = ""
        """`nick!user@host` as others see us; empty until the server has shown it."""
        self.support = ISupport(fold_ascii)
        """Until the server has named its CASEMAPPING names are compared as all of them do, or as before."""
        self.capabilities: set[str] = set()
        self.capability_values: dict[str, str] = {}
        """What the server offered of what we want, with what it said behind `=`."""
        self.server_talk = Conversation("", is_room=False, joined=True)
        self.conversations: dict[str, Conversation] = {"": self.server_talk}
        """What the window shows, by folded name; "" is the talk with the server itself."""
        self.unopened: dict[str, Conversation] = {}
        """What it does not show though something is known of it: rooms that are wanted or were asked about,
        and what the user has just closed. By folded name."""
        self.away_reason = ""
        self.ready = False
        """The server has finished its greeting; rooms may be joined and messages sent."""
        self.goodbye = ""
        """The server's own words when it closed the connection; empty if it said nothing."""
        self.questions = Questions(self.server_talk)
        self.shown: Conversation | None = None
        self.to_focus: Conversation | None = None
        """The room to show as soon as we are in it: the one that the user asked for last."""
        # Of those whose words the user does not want to see, and of rooms and talks that are not to call him:
        # the names, by folded name.
        self.ignored, self.muted = map(self._by_fold, (profile.ignored, profile.muted))
        self.server_clock = ServerClock()
        self.talks_since = ""
        """Since when private talks that went on without us are looked for, until the server has named them
        all; empty: they are not."""
        # Of the class, whether we may speak, and what its operators see; the server's rooms.
        self.speech, self.desk, self.listing = Speech(), Desk(), Listing()
        self.rooms_listed = 0  # by this LIST, so far
        self.pings = 0
        """PINGs sent in this connection."""
        self.ctcp_answers: deque[float] = deque(maxlen=MAX_CTCP_ANSWERS)
        """When the last CTCP requests were answered, by `timer`."""

        self._clock = clock
        self.timer = timer or (time.monotonic if clock is time.time else clock)
        """Seconds for time limits; their beginning means nothing."""
        self._keys = itertools.count(1)
        self._lines: list[str] = []
        self._events: list[SessionEvent] = []
        self._recent_ids = RecentIds()
        self.emit(events.ConversationOpened(self.server_talk, focus=False))
        self._begin_with(profile)

    def _begin_with(self, profile: Profile) -> None:
        """Want to be in the rooms, and open the private talks, of the beginning."""
        for name in profile.rooms:
            room = self.note_room(name)
            room.wanted, room.read_before = True, profile.read.get(name, inf)
        for nick in profile.talks:
            if is_name(nick) and not self.support.is_channel(nick):
                talk = self.open_conversation(nick, is_room=False, focus=False)
                talk.read_before = profile.read.get(nick, inf)
        if not (profile.shown and self.conversation(profile.shown)):  # else a talk is shown, at once
            first = next(iter(self.unopened.values()), None)
            self.to_focus = self.unopened.get(self.fold(profile.shown), first)

    # The connection.

    def connection_began(self) -> None:
        """A connection is established; what was negotiated on the previous one is no longer valid."""
        self.source = ""
        self.goodbye = ""
        self.is_server_operator = False
        self.looked_up = None
        self.pings = 0
        self.capabilities.clear()
        self.capability_values.clear()
        self.support = ISupport(self.support.fold)
        self.talks_since = self.talks_since or self.server_clock.latest
        self.server_clock.came_at = moment_of(self.server_clock.latest) or 0.0

    def connection_ended(self) -> None:
        """The connection is lost, and with it everything that was waiting to be sent or had been asked."""
        self._lines.clear()
        self.questions.clear()
        self.ready = False
        self.desk.clear()
        self.speech.connection_ended()
        self.rooms_listed = 0
        self.listing = Listing()  # other rooms may be there on the next connection
        self.emit(events.ListingChanged())
        self.emit(events.CardChanged())
        for conversation in (*self.conversations.values(), *self.unopened.values()):
            if conversation.is_room and conversation.joined:
                self.emit(events.MembersChanged(conversation))
            conversation.connection_ended()
        self.unopened = {key: room for key, room in self.unopened.items() if room.wanted}

    @property
    def is_connected(self) -> bool:
        """Tell whether there is a connection, on which lines can be sent."""
        return self.phase in (Phase.REGISTERING, Phase.ONLINE)

    def send(self, command: str, *params: str, last: str = "") -> None:
        """Send a command; `last` is left out if it is empty.

        Raises:
            ValueError: a parameter holds what would break the line.
        """
        self.send_line(format_message(Message(command, (*params, last) if last else params)))

    def send_line(self, line: str) -> None:
        """Send a line that was checked; without a connection it is dropped."""
        if self.is_connected:
            self._lines.append(line)
            if self.questions.asking:
                self.questions.note(parse(line), self.fold, self.timer())

    @property
    def answered_in(self) -> Conversation:
        """Where the line that is being handled is shown, if it is an answer to what the user asked."""
        return self.questions.answer_place or self.questions.asked_in

    def take_lines(self) -> list[str]:
        """Return, and forget, the lines to be sent now, in order, without line ends."""
        lines, self._lines = self._lines, []
        return lines

    @property
    def has_history(self) -> bool:
        """Tell whether the server has a history to ask for."""
        return not self.capabilities.isdisjoint((ircv3.CHATHISTORY, ircv3.RATIFIED_CHATHISTORY))

    # Events.

    def emit(self, event: SessionEvent) -> None:
        """Tell the window."""
        self._events.append(event)

    def emit_once(self, event: SessionEvent) -> None:
        """Tell the window, unless that is what it was told last."""
        if not self._events or type(self._events[-1]) is not type(event):
            self._events.append(event)

    def take_events(self) -> list[SessionEvent]:
        """Return, and forget, what changed since the last call, in order.

        Where a transcript was replaced, the single changes to it are left out: the whole one is to be shown.
        A new conversation's entries are announced one by one after its `ConversationOpened`.
        """
        waiting, self._events = self._events, []
        last = {(type(one), id(one.conversation)): one for one in waiting if isinstance(one, _LATEST)}

        def is_outdated(event: SessionEvent) -> bool:
            if isinstance(event, _LATEST):
                return last[type(event), id(event.conversation)] is not event
            return isinstance(event, _OF_ENTRIES) and (events.EntriesReplaced, id(event.conversation)) in last

        return [event for event in waiting if not is_outdated(event)]

    # Names and times.

    def fold(self, name: str) -> str:
        """Return the form of a name that all its spellings share on this server (CASEMAPPING)."""
        # Nobody who is honest has a longer name, and `fold` remembers those that it has seen.
        return self.support.fold(name) if len(name) <= MAX_NAME else name

    def _by_fold(self, names: Iterable[str]) -> dict[str, str]:
        return {self.fold(name): name for name in names}

    def is_me(self, nick: str) -> bool:
        """Tell whether this is our own nick."""
        return self.is_same(nick, self.nick)

    def is_same(self, one: str, other: str) -> bool:
        """Tell whether two names are spellings of one."""
        return self.fold(one) == self.fold(other)

    def ask_for_nick(self, nick: str) -> None:
        """Ask the server to call us so."""
        self.asked_nick = nick
        if self.phase is Phase.REGISTERING and not RECLAIMS.isdisjoint(self.capabilities):
            self.reclaim(nick)
        self.send("NICK", nick)

    def reclaim(self, nick: str) -> None:
        """Prove to the server who we are, and that this nick is ours if a lost connection still holds it."""
        self.send("RECLAIM", nick, *self.profile.identity.proofs(nick))

    # What the window itself asks.

    def ask_for_rooms(self) -> None:
        """Ask the server for its rooms, if it is not telling them (`listing`)."""
        if self.ready and not self.questions.is_noting("LIST", self.timer()):
            fewer = condition(self.support)
            self.listing.begin(for_all=not fewer)
            with self.questions.ask_to_note():
                self.send("LIST", last=fewer)
        self.emit_once(events.ListingChanged())

    def ask_for_card(self, nick: str) -> None:
        """Ask the server who this is (`looked_up`).

        Raises:
            ValueError: nobody can be called so.
        """
        if not is_name(nick):
            raise ValueError(nick)
        if self.looked_up is None or not self.is_same(self.looked_up.nick, nick):
            self.looked_up = LookedUp(nick)
        if self.ready:
            with self.questions.ask_to_note():
                self.send("WHOIS", nick)
        self.emit_once(events.CardChanged())

    def take_freed_nick(self, nick: str) -> None:
        """Somebody gave up this nick: take it if it is the one the user wants."""
        wanted = self.profile.nick
        if self.is_same(nick, wanted) and not self.is_me(wanted):
            self.ask_for_nick(wanted)

    def set_nick(self, nick: str) -> None:
        """The server calls us by this nick now."""
        nick = short(nick)
        self.source = self.source and f"{nick}!{self.source.partition('!')[2]}"
        if nick != self.nick:
            self.nick = nick
            self.emit(events.NickChanged(nick))

    def mentions_me(self, text: str) -> bool:
        """Tell whether our nick stands in the text as a whole word."""
        nick = self.fold(self.nick)
        folded = fold_text(text) if self.support.fold is fold else self.support.fold(text)
        return bool(nick) and _whole_word(nick).search(folded) is not None

    def compare_names_by(self, mapping: Callable[[str], str]) -> None:
        """The server compares names in this way: file everything under the new folded names.

        Not while people are known, as no honest server changes that then, nor if it made one of two open
        conversations. Two rooms that the user wants to be in may become one.
        """
        known = (*self.conversations.values(), *self.unopened.values())
        names = {mapping(one.name) for one in self.conversations.values()}
        if any(one.members for one in known) or len(names) < len(self.conversations):
            return
        self.support.fold = mapping
        self.ignored, self.muted = (self._by_fold(names.values()) for names in (self.ignored, self.muted))
        self.conversations = {self.fold(one.name): one for one in self.conversations.values()}
        unopened, self.unopened = self.unopened.values(), {}
        for record in unopened:
            one = self.record(record.name) or self._add_unopened(record)
            one.wanted |= record.wanted
            one.key = one.key or record.key
            self.to_focus = one if self.to_focus is record else self.to_focus

    # Entries.

    @property
    def time(self) -> float:
        """Seconds since the epoch as the server counts them, if it does: our own clock may be wrong."""
        return self.server_clock.time(self.timer(), self._clock())

    def next_key(self) -> int:
        """Return a key that no entry has, and that is less than those of all entries to come."""
        return next(self._keys)

    def make_entry(
        self, kind: Kind, text: str, *, message: Message | None = None, nick: str = "", own: bool = False
    ) -> Entry:
        """Make an entry that is in no transcript yet, with time and id of the `message` that caused it."""
        return Entry(
            key=self.next_key(),
            kind=kind,
            time=time_of(message, self.time),
            server_timed=message is not None and ircv3.TAG_TIME in message.tags,
            nick=nick,
            text=text,
            own=own,
            mention=not own and kind in SPOKEN and self.mentions_me(text),
            msgid=message.tags.get(ircv3.TAG_MSGID, "") if message else "",
        )

    def entry_of_message(self, message: Message, *, again: bool = False) -> Entry | None:
        """Make the entry of what somebody said; None if it was shown before, or is a CTCP request or answer.

        Args:
            again: it may have been shown before, and have left the transcript.
        """
        content = spoken(message)
        if content is None or not (self.remember_message(message) or again):
            return None
        kind, text = content
        own = bool(message.source) and self.is_me(message.nick)
        entry = self.make_entry(kind, text, message=message, nick=clean_nick(message.nick), own=own)
        entry.runs = formatting(message, text)
        entry.audience = self.support.lowest_mark(message.param(0))
        entry.announced = ircv3.TAG_ANNOUNCEMENT in message.tags
        entry.reply_to = message.tags.get(ircv3.TAG_REPLY, "")
        if own:
            self.note_own(message)
        else:
            entry.mention |= bool(entry.reply_to) and ("own", entry.reply_to) in self._recent_ids
        entry.by_teacher = self.is_teacher_in(self.support.without_status(message.param(0)), message.nick)
        return entry

    def append_entry(self, conversation: Conversation, entry: Entry) -> None:
        """Append an entry, and count it as unread if the user does not see it."""
        if conversation.may_lack and entry.kind in SPOKEN:
            conversation.may_lack = False
            self.inform(conversation, hole_text())
        conversation.entries.append(entry)
        conversation.size += entry.cost
        conversation.space = min(MAX_SIZE, MAX_ALL // len(self.conversations))
        conversation.trim()
        self.emit(events.EntryAdded(conversation, entry))
        self.count_unread(conversation, entry)

    def add_entry(
        self,
        conversation: Conversation,
        kind: Kind,
        text: str,
        *,
        message: Message | None = None,
        nick: str = "",
        own: bool = False,
    ) -> None:
        """Make an entry (see `make_entry`) and append it."""
        self.append_entry(conversation, self.make_entry(kind, text, message=message, nick=nick, own=own))

    def inform(self, conversation: Conversation, text: str, message: Message | None = None) -> None:
        """Append a sentence."""
        self.add_entry(conversation, Kind.INFO, text, message=message)

    def complain(self, conversation: Conversation, text: str) -> None:
        """Append a sentence that says what went wrong."""
        self.add_entry(conversation, Kind.ERROR, text)

    def count_unread(self, conversation: Conversation, entry: Entry, *, live: bool = True) -> None:
        """Tell what somebody said, or the server announces to all; count it if the user does not see it.

        Args:
            live: it is said now, not while we were away: who watches the conversation sees it come.
        """
        counts = (entry.kind in SPOKEN or entry.mention) and not self.is_hidden(entry)
        if entry.own and entry.kind in SPOKEN:
            conversation.new_from = None  # who answers has read
        if entry.own or not counts:
            return
        self.emit(events.Heard(conversation, entry))
        if conversation is self.shown and self.is_watched:
            if not live and conversation.new_from is None:
                conversation.new_from = entry.key
            return
        if not conversation.unread:
            conversation.new_from = entry.key
        conversation.unread += 1
        conversation.mentions += entry.mention
        self.emit(events.UnreadChanged(conversation))

    def tell_announcement(self, entry: Entry, message: Message) -> None:
        """Tell the window once of what is announced to everybody, in however many rooms it is said."""
        number = message.tags.get(ircv3.TAG_ANNOUNCEMENT, "")
        if entry.announced and not entry.own and self._recent_ids.add(ircv3.TAG_ANNOUNCEMENT, number):
            self.emit(events.Announced(entry.nick, entry.text, entry.time))

    # People whose words are hidden.

    def is_ignored(self, nick: str) -> bool:
        """Tell whether the user does not want to see what this person says."""
        return bool(self.ignored) and self.fold(nick) in self.ignored

    def is_hidden(self, entry: Entry) -> bool:
        """Tell whether an entry is not to be shown, though it is kept: `ignore` can be taken back."""
        said = entry.kind in SPOKEN and not entry.own and not entry.announced
        return said and self.is_ignored(entry.nick)

    def ignore(self, nick: str, *, on: bool) -> None:
        """Hide what this person says and has said, or show it again."""
        self.ignored.pop(self.fold(nick), None)
        if on:
            self.ignored[self.fold(nick)] = nick
        self.emit(events.IgnoredChanged(nick, on))

    def is_muted(self, conversation: Conversation) -> bool:
        """Tell whether what is said here does not call the user."""
        return bool(self.muted) and self.fold(conversation.name) in self.muted

    def mute(self, name: str, *, on: bool) -> None:
        """Let a room or a private talk call the user no more, or again."""
        self.muted.pop(self.fold(name), None)
        if on:
            self.muted[self.fold(name)] = name
        self.emit(events.MutedChanged(name, on))

    def note_typing(self, conversation: Conversation, nick: str, seconds: float) -> None:
        """Somebody counts as writing for so long, if nothing is heard of him; 0: not any more."""
        folded, now = self.fold(nick), self.timer()
        typists = {key: until for key, until in conversation.typists.items() if until > now}
        if not seconds:
            typists.pop(folded, None)
        elif folded not in typists and len(typists) >= MAX_TYPISTS:
            return
        elif folded in conversation.members or self.is_same(nick, conversation.name):
            typists[folded] = now + seconds
        conversation.typists = typists

    def typists(self, conversation: Conversation) -> list[str]:
        """Return who is writing here, who began first at the head."""
        if not conversation.typists:
            return []
        now = self.timer()
        writing = [key for key, until in conversation.typists.items() if until > now]
        if not conversation.is_room:
            return [conversation.name] if self.fold(conversation.name) in writing else []
        members = [conversation.members[key] for key in writing if key in conversation.members]
        return [member.nick for member in members if not self.is_ignored(member.nick)]

    def remember_latest(self, conversation: Conversation, message: Message) -> None:
        """This live message is the latest thing that is known here; not so while there is a gap before it."""
        if not conversation.asked.gap:
            conversation.anchor = self.anchor_at(message, conversation.anchor)

    def anchor_at(self, message: Message, before: Anchor) -> Anchor:
        """Return the place of a message in the history; `before`: the last one that is known.

        A time is not believed if it is later than the server's clock: what is asked for after it never comes.
        """
        stamp = message.tags.get(ircv3.TAG_TIME, "")
        if not self.server_clock.believes(stamp, self.timer()):
            stamp = before.stamp
        msgid = message.tags.get(ircv3.TAG_MSGID, "")
        return Anchor(msgid, stamp) if msgid or stamp != before.stamp else before

    def set_delivery(self, conversation: Conversation, entry: Entry, delivery: Delivery) -> None:
        """Note how far a message of the user's own has come."""
        entry.delivery = delivery
        self.emit(events.EntryChanged(conversation, entry))

    def remove_entries(self, conversation: Conversation, keys: Collection[int]) -> None:
        """Take the entries of these keys out of their transcript, where they may not stand any more."""
        left = [one for one in conversation.entries if one.key not in keys]
        conversation.entries.clear()
        conversation.entries.extend(left)
        conversation.count()
        self.emit(events.EntriesReplaced(conversation))

    def show_anew(self, conversation: Conversation) -> None:
        """Entries were inserted before others: the window must show the whole conversation again."""
        self.put_sending_last(conversation)
        self.emit(events.EntriesReplaced(conversation))

    def put_sending_last(self, conversation: Conversation) -> None:
        """What is still being sent stands behind all that the server has sent."""
        sending = [entry for entry in conversation.entries if entry.delivery is Delivery.SENDING]
        rest = [entry for entry in conversation.entries if entry.delivery is not Delivery.SENDING]
        conversation.entries.clear()
        conversation.entries.extend(rest + sending)

    def note_own(self, message: Message) -> None:
        """This message of the server's is ours: who answers it speaks to us."""
        if msgid := message.tags.get(ircv3.TAG_MSGID):
            self._recent_ids.add("own", msgid)

    def remember_message(self, message: Message) -> bool:
        """Remember the message's id and nonce; return False if one of them was seen in this place before.

        An id with another text is one that the server has given twice, as those do that count anew.
        """
        known = [mark for mark in self._marks(message) if not self._recent_ids.add(*mark)]
        return not known

    def is_known(self, message: Message) -> bool:
        """Tell whether `remember_message` has seen it."""
        return any(mark in self._recent_ids for mark in self._marks(message))

    def _marks(self, message: Message) -> list[tuple[str, str, str]]:
        place = self.fold(self.conversation_name(message))
        msgid, nonce = message.tags.get(ircv3.TAG_MSGID, ""), ircv3.nonce_of(message.tags)
        return [mark for mark in ((place, msgid, clean(message.param(1))), (place, nonce, "")) if mark[1]]

    # Conversations.

    def conversation_name(self, message: Message) -> str:
        """Return the name of the conversation that a PRIVMSG or NOTICE belongs to."""
        target = self.support.without_status(message.param(0))
        if self.support.is_channel(target) or self.is_me(message.nick):
            return target
        return message.nick

    def conversation(self, name: str) -> Conversation | None:
        """Return the open conversation of this name."""
        return self.conversations.get(self.fold(name))

    def room(self, name: str) -> Conversation | None:
        """Return the open room of this name."""
        conversation = self.conversation(name)
        return conversation if conversation and conversation.is_room else None

    def rooms_with(self, nick: str) -> list[Conversation]:
        """Return the rooms in which we see this nick."""
        folded = self.fold(nick)
        return [one for one in self.conversations.values() if folded in one.members]

    def record(self, name: str) -> Conversation | None:
        """Return what is known under this name, open or not."""
        folded = self.fold(name)
        return self.conversations.get(folded) or self.unopened.get(folded)

    def note_room(self, name: str) -> Conversation:
        """Return what is known of this room; something is to be noted of it, open or not."""
        return self.record(name) or self._add_unopened(Conversation(name, is_room=True))

    def _add_unopened(self, conversation: Conversation) -> Conversation:
        if len(self.unopened) >= MAX_CONVERSATIONS:
            unwanted = (key for key, one in self.unopened.items() if not one.wanted)
            self.unopened.pop(next(unwanted, ""), None)
        self.unopened[self.fold(conversation.name)] = conversation
        return conversation

    def join_room(self, name: str, key: str = "") -> None:
        """Enter a room, now or when the connection is ready; it is shown when the server lets us in.

        Raises:
            ValueError: no room can have this name, or such a key.
        """
        if not is_name(name) or (key and not is_sendable(key)):
            raise ValueError(name)
        room = self.to_focus = self.note_room(name)
        room.wanted, room.key = True, key
        if room.joined:
            self.emit(events.ConversationOpened(room, focus=True))
        elif self.ready:
            self.send_join(room)

    def send_join(self, room: Conversation) -> None:
        """Ask the server to let us into a room."""
        room.asked.joining, room.asked.try_at = self.pings, 0.0
        self.send("JOIN", room.name, last=room.key)

    @property
    def wanted_rooms(self) -> list[Conversation]:
        """The rooms that the user wants to be in, open or not."""
        return [one for one in (*self.conversations.values(), *self.unopened.values()) if one.wanted]

    def is_parting(self, name: str) -> bool:
        """Tell whether the user has closed this conversation, and the server may not know it yet."""
        record = self.unopened.get(self.fold(name))
        return record is not None and record.asked.parting

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
            conversation = self.unopened.pop(folded, None) or Conversation(name, is_room)
            conversation.name, conversation.is_room = name, is_room
            conversation.asked.parting = False
            self.conversations[folded] = conversation
            self.emit(events.ConversationOpened(conversation, focus))
        elif focus:
            self.emit(events.ConversationOpened(conversation, focus=True))
        return conversation

    def close_conversation(self, conversation: Conversation) -> None:
        """Show it no more. What the server still sends of it is known by a record that is not shown."""
        del self.conversations[self.fold(conversation.name)]
        if self.is_connected:
            asked = Asked(parting=True, who=conversation.asked.who, page=conversation.asked.page)
            left = Conversation(conversation.name, conversation.is_room, asked=asked)
            self._add_unopened(left)
        conversation.give_up()
        conversation.connection_ended()
        self.questions.move(conversation, self.server_talk)
        if self.shown is conversation:
            self.shown = None
        self.emit(events.ConversationClosed(conversation))

    def leave(self, room: Conversation) -> None:
        """We are not in this room any more, and nobody wants us to be."""
        room.give_up()
        room.joined = False
        room.members.clear()
        self.emit(events.MembersChanged(room))

    def note_members(self, members: dict[str, Member], coming: Iterable[Member]) -> None:
        """Note who is in a room, in its list of members or in one that is coming, as many as can be noted."""
        known = (*self.conversations.values(), *self.unopened.values())
        space = MAX_PEOPLE - sum(len(one.members) + len(one.asked.names_coming) for one in known)
        for member in coming:
            key = self.fold(member.nick)
            if key in members:
                members[key] = member
            elif space > 0 and len(members) < MAX_MEMBERS and len(key) <= MAX_NAME:
                members[key] = member
                space -= 1

    def sorted_members(self, room: Conversation) -> list[Member]:
        """Return a room's members: those with status marks first, highest first (PREFIX), then by nick."""
        marks = self.support.prefix_marks

        def rank(folded_and_member: tuple[str, Member]) -> tuple[int, str]:
            folded, member = folded_and_member
            mark = member.prefixes[:1]
            return (marks.index(mark) if mark and mark in marks else len(marks), folded)

        return [member for _folded, member in sorted(room.members.items(), key=rank)]

    def is_operator(self, room: Conversation) -> bool:
        """Tell whether we may remove others from this room: by our mark there (PREFIX), whatever the server
        calls its ranks, or as the operator of a class, who rules every room.
        """
        if self.rules_class:
            return True
        me = room.members.get(self.fold(self.nick))
        return me is not None and self.has_rank(me)

    @property
    def rules_class(self) -> bool:
        """We are an operator of a class."""
        return self.is_server_operator and self.support.has(ircv3.CLASS)

    def is_teacher(self, room: Conversation, member: Member) -> bool:
        """Tell whether a member is a teacher: in the rooms of a class its operators are (005)."""
        return self.has_rank(member) and self.is_of_class(room)

    def is_teacher_in(self, name: str, nick: str) -> bool:
        """Tell whether somebody is a teacher in the room of this name, if there is one."""
        room = self.room(name)
        member = room.members.get(self.fold(nick)) if room else None
        return room is not None and member is not None and self.is_teacher(room, member)

    @property
    def class_rooms(self) -> list[str]:
        """The rooms of the class, as the server names them (005); none where there is no class."""
        return list(filter(None, self.support.get(ircv3.CLASS).split(",")))

    def is_of_class(self, room: Conversation) -> bool:
        """Tell whether a room is one of a class."""
        return self.fold(room.name) in map(self.fold, self.class_rooms)

    def has_rank(self, member: Member) -> bool:
        """Tell whether a member may remove others from its room, by its mark there."""
        return not set(member.prefixes).isdisjoint(self.support.operator_marks)

    def rename_talk(self, old: str, new: str) -> None:
        """Somebody, or we ourselves, have another nick: a private talk under the old one goes on under it.

        So does what a gap holds back of it, and of what we said, anywhere: it is to be known as ours.
        """
        for place in self.conversations.values():
            if place.asked.gap and (self.is_same(place.name, old) or self.is_me(new)):
                place.asked.gap.rename(old, new, self.fold)
        talk = self.conversation(old)
        if talk is None or talk.is_room or not talk.name or not is_name(new):
            return
        if self.fold(new) in self.conversations:
            return
        del self.conversations[self.fold(old)]
        talk.name = new
        # Of what is stored under the new name, only the time of the last message is known.
        talk.anchor = Anchor(stamp=talk.anchor.stamp, said=False)
        self.conversations[self.fold(new)] = talk
        self.emit(events.TopicChanged(talk))

    def is_recorded(self, room: Conversation) -> bool:
        """Tell whether the server of a class keeps what is said in this room."""
        return room.is_room and self.is_of_class(room) and self.support.has("CHATHISTORY")

    def silence(self, room: Conversation) -> Silence:
        """Return why nobody hears us in a room in which we are."""
        if not room.is_room or not room.joined or self.is_operator(room):
            return Silence.NONE
        me = room.members.get(self.fold(self.nick))
        if self.is_of_class(room) and (held := self.speech.silence(self.timer())):
            return held
        is_quiet = "m" in room.flags and (me is None or not me.prefixes) and not room.asked.entering
        return Silence.QUIET if is_quiet else Silence.NONE

    def may_raise_hand(self, room: Conversation) -> bool:
        """Tell whether a raised hand would be seen: by the teachers of a class that we do not belong to."""
        return room.is_room and room.joined and self.is_of_class(room) and not self.is_operator(room)

    def watch_class(self, *, on: bool) -> None:
        """Let the server tell the desk what changes in the class, or no more; now, and in each connection."""
        self.desk.is_watched = on
        if self.ready and self.is_server_operator and ircv3.DESK in self.capabilities:
            self.send("CLASS", "WATCH" if on else "UNWATCH")

    def refusal(self, conversation: Conversation) -> str:
        """Return a sentence that says why nothing can be said here; "" if it can, now or later."""
        if not conversation.name:
            return _("This is the talk with the server. To talk with people, enter a room: /join #lab")
        if conversation.is_room and not conversation.joined and not conversation.wanted:
            return _("You are not in this room. To enter it: /join {room}").format(room=conversation.name)
        return ""

    def may_ask(self, place: Conversation) -> bool:
        """Let answers come into this conversation; without a connection say so there, and return False."""
        self.questions.asked_in = place
        if not self.ready:
            self.complain(place, _("There is no connection to the server now."))
        return self.ready
