"""Messages of one's own on their way to the server.

A message is shown at once and stays `SENDING` until the server echoes it. Each carries a nonce, a random
client tag, by which the echo and the copy in the history are recognised. What becomes of a message whose
echo had not come when the connection was lost:

* the server keeps a history: the history is read first (`client.history`); a message found in it is sent,
  one that is not found is sent again with the same nonce;
* the server echoes but keeps no history: nobody can tell whether the message arrived, so it is `FAILED` with
  a sentence, and the user decides; sending it again automatically could duplicate it;
* the server does not echo: a message counts as sent when it is handed to the connection.

A message that was never handed to the connection is always sent when that becomes possible. Only so much is
handed over as the server has answered for: many would cut us off for a flood, and one that reads slowly could
not be told from one that is dead.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from sys import getsizeof
from typing import Final, NamedTuple

from client import multiline
from client.model.conversations import Anchor, Conversation, Delivery, Entry, Kind
from client.model.costs import OBJECT
from client.model.events import Phase
from client.model.formatting.codes import read_codes
from client.model.identity import RECLAIMS
from client.model.server_time import time_of
from client.model.spoken import clean_lines, formatting, spoken
from client.model.state import ClientState
from protocol import ctcp, ircv3
from protocol.message import Message, format_message
from protocol.text import cut_characters, split
from translations import _, plural

MAX_WAITING: Final = 16 * 1024 * 1024
"""Bytes of memory that messages of one's own may take while they wait to be sent or echoed."""
MAX_AHEAD: Final = 8 * 1024
"""Bytes of our messages that may be under way to the server; the others wait until it has answered."""
ECHO_PATIENCE: Final = 30.0
"""Seconds to wait for an echo after the server has answered a PING that was sent behind the message."""
MAX_TRIES: Final = 3
"""How often a message is sent again that the server refuses for a while."""
MAX_GIVEN_UP: Final = 500
"""Messages that failed, of which an echo or a copy may yet come."""
_GUESSED_SOURCE: Final = 11 + 1 + 63
"""Bytes of `~username@host` in our source, while the server has not shown it to us."""
_SMALLEST_PIECE: Final = 64
_QUOTED: Final = 40
"""Characters of a message by which a sentence names it."""
_ALIKE: Final = 0.5
"""The least part in which a changed echo is like what was sent."""


@dataclass(slots=True)
class Outgoing:
    """A message of one's own: one entry, one line, or with line feeds in `wire` one batch of lines."""

    entry: Entry
    conversation: Conversation
    command: str
    target: str
    wire: str
    handed: bool = False
    """The line was given to a connection; whether it arrived is known when the echo comes."""
    handed_at: float = 0.0
    handed_after: Anchor = field(default_factory=Anchor)
    """The latest thing that was known here then: in the history it stands behind that."""
    ahead: int = 0
    """Its bytes on the wire, until the server has answered for it by an echo or a PONG."""
    ping: int = 0
    """How many PINGs had been sent before: their PONGs prove nothing about this message."""
    label_used: bool = False
    """Another line has come with its label, so its echo may come without."""
    acknowledged: bool = False
    """The server had nothing to say to it (ACK), perhaps not even an echo."""
    tries: int = 0
    """How often the server has refused it for a while."""
    not_before: float = 0.0
    """When it may be sent again (`ClientState.timer`); 0: at once."""

    @property
    def cost(self) -> int:
        """Bytes of memory that it takes, with its entry."""
        return _cost(self.wire)

    @property
    def typed(self) -> str:
        """What says it again, typed into the input line of its conversation."""
        place = self.conversation
        if framed := ctcp.parse_ctcp(self.wire):
            return f"/me {framed.text}"
        if self.command == "NOTICE":
            return f"/notice {self.target} {self.wire}"
        if not place.name or (place.is_room and self.target != place.name):
            return f"/msg {self.target} {self.wire}"
        return f"/{self.wire}" if self.wire.startswith("/") and "\n" not in self.wire else self.wire


class Size(NamedTuple):
    """How much a text is beyond what one message holds."""

    messages: int
    """As so many it is sent."""
    extra_lines: int
    extra_bytes: int


class Outbox:
    """The messages that wait, by nonce, in the order in which they were written."""

    def __init__(self, state: ClientState) -> None:
        self._state = state
        self._waiting: dict[str, Outgoing] = {}
        self._places: dict[Conversation, dict[str, Outgoing]] = {}
        """The same, by conversation."""
        self._cost = 0
        """What they cost."""
        self._handed: dict[str, Outgoing] = {}
        """Handed to this connection and not echoed. Where the server does not echo they do not wait any more,
        but an error may yet come, until a PONG does."""
        self._ahead = 0
        """Bytes that the server has not answered for."""
        self._held_up: dict[Conversation, None] = {}
        """Where more waits until it has."""
        self._given_up: dict[str, Outgoing] = {}
        """What failed though it may have arrived."""
        self._host = ""
        """Our `user@host` in the last connection: most likely the same again."""
        self._marks_echoes = False
        """This server's echoes bear the nonce or the label: one without is not of a message that waits."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def _is_echoed(self) -> bool:
        return ircv3.ECHO_MESSAGE in self._state.capabilities

    @property
    def is_held_up(self) -> bool:
        """Tell whether messages wait until the server has answered for those before them."""
        return bool(self._held_up)

    def add(
        self,
        conversation: Conversation,
        target: str,
        texts: Sequence[str],
        kind: Kind = Kind.MESSAGE,
        reply_to: str = "",
    ) -> bool:
        """Write these texts to `target`, shown in `conversation`; the first answers the message `reply_to`.

        Where the server takes multi-line messages a long text is one message, else several; a text with line
        feeds must not be given then. What is beyond the server's limits becomes several messages too.
        If too much is waiting nothing is written, an entry says why, and False is returned.
        """
        command = "NOTICE" if kind is Kind.NOTICE else "PRIVMSG"
        state = self._state
        parts = self._split(command, target, texts, kind)
        if self._cost + sum(map(_cost, parts)) > MAX_WAITING:
            sentence = _("Too many messages are waiting to be sent; this one was not taken.")
            state.complain(conversation, sentence)
            return False
        for piece in parts:
            entry = state.make_entry(kind, clean_lines(piece), nick=state.nick, own=True)
            entry.runs = read_codes(piece, entry.text)
            entry.delivery, entry.nonce = Delivery.SENDING, secrets.token_hex(8)
            entry.audience = state.support.lowest_mark(target)
            entry.by_teacher = state.is_teacher_in(conversation.name, state.nick)
            entry.reply_to, reply_to = reply_to, ""
            state.append_entry(conversation, entry)
            wire = ctcp.format_ctcp(ctcp.ACTION, piece) if kind is Kind.ACTION else piece
            self._keep(Outgoing(entry, conversation, command, target, wire))
        self.flush(conversation)
        return True

    def _split(self, command: str, target: str, texts: Sequence[str], kind: Kind) -> list[str]:
        """Split texts into what one message each can hold."""
        space = self._space_for_text(command, target, kind)
        if kind is Kind.MESSAGE and self.takes_multiline:
            limits = self._limits
            return [part for text in texts for part in multiline.split_into_messages(text, limits, space)]
        return [part for text in texts for part in split(text, space)]

    @property
    def _limits(self) -> multiline.Limits:
        return multiline.Limits.parse(self._state.capability_values.get(ircv3.MULTILINE, ""))

    def measure(self, target: str, texts: Sequence[str]) -> Size:
        """Return how much texts that are given to `add` are beyond what one message holds."""
        parts = len(self._split("PRIVMSG", target, texts, Kind.MESSAGE))
        longest = max((len(text.encode()) for text in texts), default=0)
        if not self.takes_multiline:
            return Size(parts, 0, max(0, longest - self._space_for_text("PRIVMSG", target, Kind.MESSAGE)))
        lines = sum(text.count("\n") + 1 for text in texts)
        limits = self._limits
        return Size(parts, max(0, lines - limits.max_lines), max(0, longest - limits.max_bytes))

    def _keep(self, item: Outgoing) -> None:
        self._waiting[item.entry.nonce] = item
        self._places.setdefault(item.conversation, {})[item.entry.nonce] = item
        self._cost += item.cost

    def _space_for_text(self, command: str, target: str, kind: Kind) -> int:
        """Bytes of text that fit into the line which the server makes of ours, with our source before it."""
        state = self._state
        source = state.source or f"{state.nick}!{self._host}"
        frame = len(f":{source} {command} {target} :\r\n".encode())
        if source.endswith("!"):
            frame += _GUESSED_SOURCE
        if kind is Kind.ACTION:
            frame += len(ctcp.format_ctcp(ctcp.ACTION, ""))
        return max(state.support.line_length - frame, _SMALLEST_PIECE)

    def flush(self, conversation: Conversation) -> None:
        """Hand over what waits for this conversation, if it can be sent now.

        1. Nothing MUST be sent before the greeting is over, before we are in the room, or while what was said
           meanwhile is being fetched: a copy of it may be found there.
        2. The messages of one conversation MUST go out in the order in which they were written.
        3. A message MUST be handed to one connection once; only `resend_or_fail` makes it wait again. No more
           than `MAX_AHEAD` MUST be under way; what is held up goes out when the server has answered.
        4. It MUST carry its nonce wherever the server passes tags on: by it the echo is recognised, and the
           server drops a second copy.
        5. It MUST stay here until its echo comes; where the server does not echo, it counts as sent at once.
        6. One that cannot be a line MUST fail alone: those behind it are sent all the same.
        """
        state = self._state
        if not self._waiting or state.phase is not Phase.ONLINE or not state.ready:
            return
        if (conversation.is_room and not conversation.joined) or conversation.is_catching_up:
            return
        self._held_up.pop(conversation, None)
        for item in self._pending(conversation):
            if item.handed:
                continue
            if item.not_before:
                break
            if self._ahead >= MAX_AHEAD:
                self._held_up[conversation] = None
                break
            if conversation.name and not conversation.is_room:
                item.target = conversation.name  # the other person may have a new nick now
            try:
                lines = self._lines(item)
            except ValueError:
                self._fail(item, _("This message cannot be sent."))
                continue
            item.handed, item.handed_at, item.ping = True, state.timer(), state.pings
            item.handed_after = conversation.anchor
            item.ahead = sum(len(line.encode()) for line in lines)
            self._ahead += item.ahead
            for line in lines:
                state.send_line(line)
            if not self._is_echoed:
                self._remove(item)
                item.entry.time = state.time  # as the server has it, though it was written long before
                state.set_delivery(conversation, item.entry, Delivery.SENT)
            self._handed[item.entry.nonce] = item

    def _lines(self, item: Outgoing) -> list[str]:
        """Return the lines of a message, one or a batch.

        Raises:
            ValueError: it cannot be sent on this server.
        """
        state, nonce = self._state, item.entry.nonce
        tags: dict[str, str] = {}
        if ircv3.LABELED_RESPONSE in state.capabilities:
            tags[ircv3.TAG_LABEL] = nonce
        if ircv3.MESSAGE_TAGS in state.capabilities:
            only_first = ircv3.FIRST_RECLAIM in state.capabilities and ircv3.RECLAIM not in state.capabilities
            tags[ircv3.TAG_FIRST_NONCE if only_first else ircv3.TAG_NONCE] = nonce
            if item.entry.reply_to:
                tags[ircv3.TAG_REPLY] = item.entry.reply_to
        whole = Message(item.command, (item.target, item.wire), tags=tags)
        space = self._space_for_text(item.command, item.target, item.entry.kind)
        fits = "\n" not in item.wire and len(item.wire.encode()) <= space
        if fits or item.entry.kind is not Kind.MESSAGE:
            return [format_message(whole)]
        if not self.takes_multiline:
            line = format_message(whole._replace(tags={}))
            if len(line.encode()) + 2 > state.support.line_length:
                raise ValueError(item.wire)  # the server is another one than when this was written
            return [format_message(whole)]  # we may be called longer than then: its end may be cut
        return multiline.format_batch(item.command, item.target, item.wire, nonce, space, tags)

    @property
    def takes_multiline(self) -> bool:
        """Tell whether the server takes messages of several lines (IRCv3 draft/multiline)."""
        return {ircv3.MULTILINE, ircv3.BATCH, ircv3.MESSAGE_TAGS} <= self._state.capabilities

    @property
    def unsent(self) -> list[Outgoing]:
        """What waits and is not under way on this connection, in the order in which it was written."""
        return [item for nonce, item in self._waiting.items() if nonce not in self._handed]

    def take_back(self, items: Sequence[Outgoing]) -> list[Outgoing]:
        """Give up messages as if they had never been written; return those that cannot have arrived."""
        taken: list[Outgoing] = []
        for item in items:
            if not item.handed and self._waiting.get(item.entry.nonce) is item:
                self._forget(item)
                taken.append(item)
        for place in dict.fromkeys(item.conversation for item in taken):
            self._state.remove_entries(place, {item.entry.key for item in taken})
            self.flush(place)  # those behind them have perhaps waited for them alone
        return taken

    # Echoes, copies and errors.

    def confirm_echo(self, message: Message) -> Conversation | None:
        """If this line is the echo of a message that waits, that is sent: return the conversation of it.

        By nonce; by label where the server dropped the tag. A server that returns neither echoes in the order
        of sending: there it is the oldest to the same target, with the same text if there is one.
        """
        if message.command not in ("PRIVMSG", "NOTICE"):
            return None
        if not (self._waiting or self._handed or self._given_up):
            return None
        is_ours = bool(message.source) and self._state.is_me(message.nick)
        item = self._find_echoed(message) if is_ours else None
        if item is None:
            return None
        self._confirm(item, message)
        self._go_on()
        return item.conversation

    def _find_echoed(self, message: Message) -> Outgoing | None:
        nonce = ircv3.nonce_of(message.tags)
        for mark in (nonce, message.tags.get(ircv3.TAG_LABEL, "")):
            if item := self._waiting.get(mark) or self._given_up.get(mark):
                self._marks_echoes = True
                return item
        if not self._is_echoed:
            return self._find_to_myself(message)
        if nonce or self._state.is_known(message):
            return None
        to_the_same = [
            item
            for item in self._handed_to(message.param(0))
            if item.command == message.command and (item.label_used or not self._marks_echoes)
        ]
        same_text = (item for item in to_the_same if item.wire == message.param(1))
        changed = (item for item in to_the_same if _resembles(item.wire, message.param(1)))
        return next(same_text, None) or next(changed, None)

    def _find_to_myself(self, message: Message) -> Outgoing | None:
        """Without echoes: a message that one wrote to oneself comes back once, and stands there already."""
        found = (item for item in self._handed.values() if self._state.is_me(item.target))
        return next((item for item in found if item.wire == message.param(1)), None)

    def confirm_copy(self, message: Message) -> Outgoing | None:
        """If the history holds this copy of a message that waits, it is sent: return it.

        By nonce; by its text where a history keeps no nonces (ours does).
        """
        nonce = ircv3.nonce_of(message.tags)
        item = self._waiting.get(nonce) or self._given_up.get(nonce)
        state = self._state
        if not item and not nonce and RECLAIMS.isdisjoint(state.capabilities) and state.is_me(message.nick):
            said = (message.command, state.fold(message.param(0)), message.param(1))
            both = (*self._given_up.values(), *self._waiting.values())
            same = (
                one for one in both if one.handed and (one.command, state.fold(one.target), one.wire) == said
            )
            item = next(same, None)
        if item:
            self._confirm(item, message)
        return item

    def _confirm(self, item: Outgoing, message: Message) -> None:
        state, entry = self._state, item.entry
        self._forget(item)
        state.remember_message(message)
        state.note_own(message)
        entry.time = time_of(message, entry.time)
        entry.server_timed |= ircv3.TAG_TIME in message.tags
        entry.msgid = message.tags.get(ircv3.TAG_MSGID, "")
        content, sent = spoken(message), spoken(Message(item.command, (item.target, item.wire)))
        changed = content and sent and content[1].rstrip() != sent[1].rstrip()
        if content and content[1].rstrip() != entry.text.rstrip():
            entry.kind, entry.text, entry.runs = *content, formatting(message, content[1])
        state.set_delivery(item.conversation, entry, Delivery.SENT)
        if changed:
            text = _("The server has changed this message of yours: “{text}”. Others see it so.")
            state.complain(item.conversation, text.format(text=cut_characters(entry.text, _QUOTED)))

    def fail_refused(self, message: Message, sentence: str, target: str) -> bool:
        """An error came that may be about a message of ours: if so, mark it and return True."""
        item = self._find_refused(message, target)
        if item is None:
            return False
        self._fail(item, sentence)
        self._go_on()
        return True

    def _find_refused(self, message: Message, target: str) -> Outgoing | None:
        label = message.tags.get(ircv3.TAG_LABEL, "")
        # With labels, the answer to a message bears one, or stands in a batch that does.
        if label or ircv3.LABELED_RESPONSE in self._state.capabilities:
            return self._waiting.get(label)
        return next(iter(self._handed_to(target)), None)

    def use_label(self, message: Message) -> bool:
        """This line is no echo. If it bears the label of a message that waits, the echo will come without.

        Solanum labels the 301 of somebody who is away, other servers a bare ACK. Return whether there is one.
        """
        item = self._waiting.get(message.tags.get(ircv3.TAG_LABEL, ""))
        if item is None:
            return False
        item.label_used = True
        item.acknowledged |= message.command == "ACK"
        return True

    def postpone(self, message: Message, target: str, seconds: float, sentence: str) -> bool:
        """The server takes a message of ours only after a while: send it again. False: it is not ours."""
        item = self._find_refused(message, target)
        if item is None:
            return False
        if item.tries >= MAX_TRIES:
            self._fail(item, sentence)
            return True
        self._handed.pop(item.entry.nonce, None)
        self._ahead -= item.ahead
        item.ahead, item.handed, item.label_used, item.acknowledged = 0, False, False, False
        item.tries += 1
        item.not_before = self._state.timer() + seconds
        if item.entry.nonce not in self._waiting:
            self._keep(item)
            self._state.set_delivery(item.conversation, item.entry, Delivery.SENDING)
        again = plural("Trying again in {count} second.", "Trying again in {count} seconds.", int(seconds))
        self._state.complain(item.conversation, f"{sentence} {again}")
        return True

    def flush_postponed(self) -> None:
        """To be called about once a second: send what the server refused for a while, if that is over."""
        now = self._state.timer()
        for item in [one for one in self._waiting.values() if 0 < one.not_before <= now]:
            item.not_before = 0.0
            self.flush(item.conversation)

    def pong_came(self, ping: int) -> None:
        """The PONG to our PING number `ping` came: the server has seen all that was sent before that.

        Where it does not echo, no error will come any more.
        """
        for nonce, item in list(self._handed.items()):
            if item.ping < ping:
                self._ahead -= item.ahead
                item.ahead = 0
                if nonce not in self._waiting:
                    del self._handed[nonce]
                elif item.acknowledged:
                    self._fail(item, _("The server did not pass this message on."))
        self._go_on()

    def give_up_silent(self) -> None:
        """To be called about once a second: an echo that has not come by now will not come."""
        for item in list(self._handed.values()):
            if self._state.timer() - item.handed_at <= ECHO_PATIENCE:
                break  # those behind it are younger
            if not item.ahead and item.entry.nonce in self._waiting:
                text = _("The server has not confirmed “{text}”: it may not have been passed on.")
                self._fail(item, text.format(text=cut_characters(item.entry.text, _QUOTED)))

    def _go_on(self) -> None:
        """The server has answered for something: send what was held up."""
        for conversation in list(self._held_up):
            if self._ahead >= MAX_AHEAD:
                break
            self.flush(conversation)

    # Conversations and connections.

    def pending_places(self) -> list[Conversation]:
        """Return the conversations in which something waits."""
        return list(self._places)

    def adopt(self, other: "Outbox", place: Conversation, conversation: Conversation) -> None:
        """Take over what waits in `place` of another outbox; it is shown, and sent, in `conversation`."""
        state = self._state
        for item in other._pending(place):
            other._forget(item)
            entry = state.make_entry(item.entry.kind, item.entry.text, nick=state.nick, own=True)
            entry.runs = item.entry.runs
            entry.time, entry.nonce, entry.delivery = item.entry.time, item.entry.nonce, Delivery.SENDING
            entry.reply_to = item.entry.reply_to
            state.append_entry(conversation, entry)
            self._keep(replace(item, entry=entry, conversation=conversation, ahead=0))

    def handed_after(self, conversation: Conversation) -> Anchor:
        """Return behind which place in the history all stands that may have arrived."""
        for item in self._pending(conversation):
            if item.handed and (conversation.is_room or self._state.is_same(item.target, conversation.name)):
                return item.handed_after
        return Anchor()

    def looked_for_ours(self, conversation: Conversation, up_to: Anchor) -> None:
        """What may have arrived does not stand before this place: it need not be looked for there again."""
        for item in self._pending(conversation):
            item.handed_after = up_to

    def fail_all(self, conversation: Conversation) -> None:
        """Nothing can be sent to this conversation any more: what waits has failed."""
        for item in self._pending(conversation):
            self._give_up(item)

    def resend_or_fail(self, conversation: Conversation, *, history_is_complete: bool) -> None:
        """After a reconnect: decide on what had been handed to the lost connection, then send what waits."""
        unknown = False
        for item in self._pending(conversation):
            if not item.handed or item.entry.nonce in self._handed:
                continue
            if history_is_complete:
                item.handed = False
            else:
                unknown = True
                self._give_up(item)
        if unknown:
            text = _(
                "The connection was lost while a message was under way; nobody knows whether it arrived."
            )
            self._state.complain(conversation, text)
        self.flush(conversation)

    def connection_lost(self) -> None:
        """No answer will come any more to what was handed over."""
        self._handed.clear()
        self._held_up.clear()
        self._ahead = 0
        self._marks_echoes = False
        self._host = self._state.source.partition("!")[2] or self._host

    def _pending(self, conversation: Conversation) -> list[Outgoing]:
        """Return the messages of a conversation that are not known to have arrived, oldest first."""
        return list(self._places.get(conversation, {}).values())

    def _handed_to(self, target: str) -> list[Outgoing]:
        folded = self._state.fold(target)
        return [item for item in self._handed.values() if self._state.fold(item.target) == folded]

    def _fail(self, item: Outgoing, sentence: str) -> None:
        self._give_up(item)
        self._state.complain(item.conversation, sentence)

    def _give_up(self, item: Outgoing) -> None:
        """It counts as failed, unless its echo or its copy in the history shows that it arrived after all."""
        self._forget(item)
        self._given_up[item.entry.nonce] = item
        if len(self._given_up) > MAX_GIVEN_UP:
            del self._given_up[next(iter(self._given_up))]
        self._state.set_delivery(item.conversation, item.entry, Delivery.FAILED)

    def _forget(self, item: Outgoing) -> None:
        self._remove(item)
        self._given_up.pop(item.entry.nonce, None)
        if self._handed.pop(item.entry.nonce, None):
            self._ahead -= item.ahead
            item.ahead = 0

    def _remove(self, item: Outgoing) -> None:
        """It does not wait any more."""
        if self._waiting.pop(item.entry.nonce, None):
            self._cost -= item.cost
            place = self._places[item.conversation]
            del place[item.entry.nonce]
            if not place:
                del self._places[item.conversation]


def _cost(text: str) -> int:
    return 2 * OBJECT + 2 * getsizeof(text)


def _resembles(sent: str, echoed: str) -> bool:
    """Tell whether a server may have made the one of the other: cut it, stripped its colours, censored it."""
    ours, theirs = (clean_lines(text).casefold() for text in (sent, echoed))
    return ours.startswith(theirs) or SequenceMatcher(None, ours, theirs, autojunk=False).ratio() > _ALIKE
