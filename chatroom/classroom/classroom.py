"""The class as the server knows it: its rooms, its people, and what its operators have decided.

There is one where the server has an operator (`ServerState.classroom`). It decides who may speak, enter,
write privately and change the nick; it sends nothing.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from chatroom.channel import Audience, Channel
from chatroom.classroom.attendance import Attendance
from chatroom.classroom.cloak import Cloak
from chatroom.classroom.desk import Desk
from chatroom.classroom.file import SETTING, ClassFile
from chatroom.classroom.operators import Operators
from chatroom.classroom.people import MUTED, People, Person, marks_of
from chatroom.classroom.rooms import keep_room, open_rooms
from chatroom.classroom.roster import KEPT_AS as ROSTER
from chatroom.classroom.roster import Roster
from chatroom.classroom.sanctions import BAN, KICK, MUTE, Sanction, Sanctions
from chatroom.client import Client
from chatroom.config import Config
from protocol import ircv3
from protocol.addresses import is_loopback
from protocol.class_words import DOWN, HAND, PRIVATE, UP
from protocol.names import fold

_PRIVATE: Final = "private"
_GROUP: Final = "group"
_MINUTE: Final = 60.0
TO_OPERATORS: Final = "@"
"""Before the name of a room: a message that only its operators hear (STATUSMSG)."""


class Classroom:
    """Owned by the thread of the `ServerState`."""

    def __init__(self, config: Config, file: ClassFile) -> None:
        """Begin, or go on where the file says that the class was."""
        self.rooms: dict[str, str] = {fold(name): name for name in config.rooms}
        """Their names, by folded name."""
        self.file = file
        self.cloak = Cloak(file)
        self.operators = Operators(config, file)
        self.people = People(file)
        self.roster = Roster(config.roster)
        self._roster_only = config.roster_only
        file.keep(SETTING, ROSTER, {"names": self.roster.names})
        self.attendance = Attendance(file)
        self.sanctions = Sanctions(file)
        self.desk = Desk()
        self._throttles = config.throttle
        group = file.read(SETTING).get(_GROUP, {}).get("name")
        self.group = config.group or (group if isinstance(group, str) else "")
        """The group that is taught, as the archive calls it."""
        kept = file.read(SETTING).get(_PRIVATE, {}).get("who")
        self.private = kept if kept in PRIVATE else PRIVATE[0]
        """To whom students may write privately (`protocol.class_words.PRIVATE`)."""

    def open_rooms(self, now: float, last_id: int) -> dict[str, Channel]:
        """Return the rooms of the class, by folded name; see `chatroom.classroom.rooms`."""
        return open_rooms(self.file, self.rooms.values(), now, last_id)

    def keep_room(self, room: Channel) -> None:
        """Keep what was changed of a room, if it is one of the class."""
        if room.of_class:
            keep_room(self.file, room)

    # Who is here.

    def enter(self, client: Client, now: float) -> Person:
        """A connection is registered."""
        person = self.people.enter(client, now)
        held = self.sanctions.find(MUTE, marks_of(client), now)
        if held:
            person.mute = held
        self.sanctions.extend(marks_of(client))
        self.attendance.begin(client, person.key, client.address, now)
        return person

    def leave(self, client: Client, now: float) -> None:
        """A connection has ended."""
        self.attendance.end(client, now)
        self.people.leave(client)

    def why_refused(self, client: Client, now: float) -> str:
        """Return why somebody who is about to register is not let in; "" if they are."""
        ban = self.sanctions.find(BAN, marks_of(client), now)
        if ban:
            return _with_reason(_how_long("You are banned from this server", ban, now), ban)
        return self.why_unexpected(client, client.nick)

    def why_unexpected(self, client: Client, nick: str) -> str:
        """Return why the client may not have a nick that is not on the roster; "" if it may."""
        if not self._roster_only or client.is_local or client.is_operator or self.roster.find(nick):
            return ""
        return "This nick is not on the list of the class: take your name as it stands there"

    def absent(self) -> list[str]:
        """Return the names on the roster of those who are not here."""
        here = {self.roster.find(client.nick) for person in self.people for client in person.clients}
        return [name for name in self.roster.names if name not in here]

    def commit(self, now: float) -> None:
        """Write to the file what has changed; for the end of every batch."""
        self.attendance.look(now)
        self.file.commit()

    # What is decided.

    def decide(
        self,
        kind: str,
        person: Person,
        minutes: int | None,
        setter: str,
        now: float,
        *,
        is_of_address: bool,
        reason: str = "",
    ) -> Sanction:
        """Decide against a person, for some minutes or (None) for ever."""
        sanction = self.sanctions.add(
            kind,
            person.nick,
            person.marks,
            is_of_address=is_of_address,
            until=math.inf if minutes is None else now + minutes * _MINUTE,
            setter=setter,
            time=now,
            reason=reason,
        )
        if kind == MUTE:
            for one in self.people:
                if sanction.covers(one.marks):
                    one.mute = sanction
        return sanction

    def take_back(self, sanction: Sanction) -> list[Person]:
        """Take a decision back; return who may speak again."""
        self.sanctions.remove(sanction)
        freed = [person for person in self.people if person.mute is sanction]
        for person in freed:
            person.mute = None
        return freed

    def free_address(self, sanction: Sanction) -> list[Person]:
        """Let a decision hold nobody but the person whom it was meant for; return who may speak again."""
        self.sanctions.narrow(sanction)
        freed = [one for one in self.people if one.mute is sanction and not sanction.covers(one.marks)]
        for person in freed:
            person.mute = None
        return freed

    def neighbours(self, person: Person) -> list[Person]:
        """Return the others who are here from the person's address."""
        return [one for one in self.people.at(person.account) if one is not person]

    def may_hold_address(self, person: Person) -> bool:
        """Tell whether a decision may be about the address: nobody shares it, not even this computer."""
        return not is_loopback(person.account) and not self.neighbours(person)

    def begin_anew(self, group: str, now: float) -> None:
        """Forget what was decided, and who was here but is no more: another group comes."""
        self.group = group
        self.file.keep(SETTING, _GROUP, {"name": group})
        self.set_private(PRIVATE[0])
        self.sanctions.clear()
        clients = [client for person in self.people for client in person.clients]
        self.people.clear()
        for client in clients:
            self.people.enter(client, now)
        self.attendance.begin_anew(now)

    def set_private(self, who: str) -> None:
        """Say to whom students may write privately."""
        self.private = who
        self.file.keep(SETTING, _PRIVATE, {"who": who})

    # What somebody may.

    def why_silent(
        self, client: Client, audience: Audience, now: float, steady: float, *, is_line: bool = True
    ) -> str:
        """Return why the client may not say a line, besides the modes of a room; "" if it may.

        What only operators hear passes, also in a quiet room and of the muted (`is_to_operators`).
        """
        person = self.people.of(client)
        if person is None:
            return ""
        may_flood = client.is_operator or not (is_line and self._throttles)
        if not may_flood and person.is_flooding(steady):
            return person.silence(now, steady)[-1]
        if client.is_operator or self.is_to_operators(audience, client):
            return ""
        to_teacher = audience.channel is None and all(one.is_operator for one in audience.members)
        if person.is_muted(now) and not to_teacher:
            return MUTED
        is_private = audience.channel is None and client not in audience.members
        if is_private and (self.private == "none" or (self.private == "teacher" and not to_teacher)):
            return "Private messages are switched off in this class"
        return ""

    def is_to_operators(self, audience: Audience, client: Client) -> bool:
        """Tell whether a member of a room of the class speaks to its operators alone."""
        channel = audience.channel
        return (
            channel is not None
            and audience.name.startswith(TO_OPERATORS)
            and client in channel.members
            and channel.of_class
        )

    def is_muted(self, client: Client, now: float) -> bool:
        """Tell whether the client may write nothing that others see: no text, no nick, no name."""
        person = self.people.of(client)
        return person is not None and person.is_muted(now) and not client.is_operator

    def why_hidden(self, client: Client, channels: Iterable[Channel], now: float) -> str:
        """Return why others are not shown what the client writes about itself; "" if they are.

        That is so while it is muted, or may not speak in a room of the class.

        Args:
            channels: those that it is on.
        """
        if self.is_muted(client, now):
            return MUTED
        if any(channel.of_class and not channel.may_speak(client) for channel in channels):
            return "While you may not speak in the class, others are not shown what you write about yourself"
        return ""

    def is_held(self, client: Client, channels: Iterable[Channel], now: float) -> bool:
        """Tell whether the client may not change its nick: it may not speak, or was sent out of the rooms.

        Args:
            channels: those that it is on.
        """
        if client.is_operator:
            return False
        return bool(
            self.why_hidden(client, channels, now) or self.sanctions.find(KICK, marks_of(client), now)
        )

    def why_kept_out(self, client: Client, channel: Channel, now: float) -> str:
        """Return why the client may not enter a room of the class, besides its modes; "" if it may."""
        if client.is_operator or not channel.of_class:
            return ""
        held = self.sanctions.find(KICK, marks_of(client), now)
        return (
            _with_reason(_how_long("You were sent out of the rooms of the class", held, now), held)
            if held
            else ""
        )

    def may_return(self, client: Client, channel: Channel) -> bool:
        """Tell whether the client was in a room of the class when it was locked."""
        person = self.people.of(client)
        return person is not None and fold(channel.name) in person.returns_to

    # What is noted.

    def note_line(
        self, client: Client, audience: Audience, texts: Iterable[str], now: float, steady: float
    ) -> None:
        """Somebody has sent a line, which may be one of a flood; attendance counts it only if it says
        something.

        An invitation has no text, a reaction an empty one, and a raised hand no letter.
        """
        if person := self.people.of(client):
            person.lines.append(steady)
            person.last_heard = now
            may_be_hand = self.is_to_operators(audience, client)
            if any(text and not (may_be_hand and _is_hand_alone(text)) for text in texts):
                self.attendance.count_line(client)

    def note_lock(self, channel: Channel, *, on: bool) -> None:
        """A room of the class was locked (`+i`) or unlocked: note who may come back."""
        name = fold(channel.name)
        for person in self.people:
            is_in = any(client in channel.members for client in person.clients)
            if (on and is_in) != (name in person.returns_to):
                (person.returns_to.add if on and is_in else person.returns_to.discard)(name)
                self.people.keep(person)

    def note_entry(self, client: Client, channel: Channel) -> None:
        """Somebody was let into a locked room: they may come back too."""
        person = self.people.of(client)
        if person and fold(channel.name) not in person.returns_to:
            person.returns_to.add(fold(channel.name))
            self.people.keep(person)

    def note_voice(self, client: Client, channel: Channel, *, on: bool) -> None:
        """Somebody was given voice in a room of the class, which lowers the hand, or lost it."""
        person = self.people.of(client)
        if person is None or not channel.of_class:
            return
        (person.voices.add if on else person.voices.discard)(fold(channel.name))
        if on:
            person.hand_since = None
        self.people.keep(person)

    def has_voice(self, client: Client, channel: Channel) -> bool:
        """Tell whether somebody who enters a room had voice there."""
        person = self.people.of(client)
        return person is not None and fold(channel.name) in person.voices

    def note_hand(
        self, client: Client, audience: Audience, tags: Mapping[str, str], text: str, now: float
    ) -> None:
        """Somebody has said something to the operators of a room: perhaps that was a raised hand."""
        person = self.people.of(client)
        if person is None or not self.is_to_operators(audience, client):
            return
        sign = tags.get(ircv3.TAG_HAND) or (UP if text.startswith(HAND) else "")
        if sign == UP and person.hand_since is None:
            person.hand_since = now
        elif sign == DOWN:
            person.hand_since = None


def _is_hand_alone(text: str) -> bool:
    return text.startswith(HAND) and not any(map(str.isalnum, text))


def _how_long(what: str, sanction: Sanction, now: float) -> str:
    if sanction.until == math.inf:
        return what
    return f"{what}; come again in {sanction.minutes_left(now)} minutes"


def _with_reason(what: str, sanction: Sanction) -> str:
    return f"{what} ({sanction.reason})" if sanction.reason else what
