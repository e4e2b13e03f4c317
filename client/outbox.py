"""Messages of one's own on their way to the server.

A message is shown at once and stays `SENDING` until the server echoes it. Each carries a nonce, a random
client tag, by which the echo and the copy in the history are recognised. What becomes of a message whose
echo had not come when the connection was lost:

* the server keeps a history: the history is read first (`client.history`); a message found in it is sent,
  one that is not found is sent again with the same nonce;
* the server echoes but keeps no history: nobody can tell whether the message arrived, so it is `FAILED` with
  a sentence, and the user decides; sending it again by ourselves could double it;
* the server does not echo: a message counts as sent when it is handed to the connection.

A message that was never handed to the connection is always sent when that becomes possible.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from client import multiline
from client.model.conversations import Conversation, Delivery, Entry, Kind
from client.model.events import EntryChanged, Phase
from client.model.sanitize import clean
from protocol.message import Message, format_message
from protocol.text import ACTION_PREFIX, split
from translations import _

if TYPE_CHECKING:
    from client.session import Session

NONCE_TAG: Final = "+labchat/nonce"
MAX_WAITING: Final = 2000
"""Messages of one's own that may wait to be sent or echoed."""
_GUESSED_SOURCE: Final = 11 + 1 + 63
"""Bytes of `~username@host` in our source, while the server has not shown it to us."""
_SMALLEST_PIECE: Final = 64


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
    ping: int = 0
    """How many PINGs had been sent before: their PONGs prove nothing about this message."""


class Outbox:
    """The messages that wait, by nonce, in the order in which they were written."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[str, Outgoing] = {}
        self._unechoed: dict[str, Outgoing] = {}
        """Of a server that does not echo: sent, but an error may yet come."""
        self._host = ""
        """Our `user@host` in the last connection: most likely the same again."""
        self._marks_echoes = False
        """This server's echoes bear the nonce or the label: one without is not of a message that waits."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def _echoes(self) -> bool:
        return "echo-message" in self._session.capabilities

    def add(self, conversation: Conversation, target: str, text: str, kind: Kind = Kind.MESSAGE) -> bool:
        """Write a text to `target`, shown in `conversation`.

        Where the server takes multi-line messages a long text is one message, else several; a text with line
        feeds must not be given then. What is beyond the server's limits becomes several messages too.
        Returns False, with an entry that says why, if too much is waiting.
        """
        command = "NOTICE" if kind is Kind.NOTICE else "PRIVMSG"
        session = self._session
        room = self._room_for(command, target, kind)
        if kind is Kind.MESSAGE and self.takes_multiline:
            parts = multiline.messages(text, self._limits, room)
        else:
            parts = split(text, room)
        for piece in parts:
            if len(self._waiting) >= MAX_WAITING:
                session.complain(
                    conversation, _("Too many messages are waiting to be sent; this one was not taken.")
                )
                return False
            nonce = secrets.token_hex(8)
            entry = session.add_entry(
                conversation,
                kind,
                "\n".join(map(clean, piece.split("\n"))),
                nick=session.nick,
                own=True,
                delivery=Delivery.SENDING,
                nonce=nonce,
            )
            wire = f"{ACTION_PREFIX}{piece}\x01" if kind is Kind.ACTION else piece
            self._waiting[nonce] = Outgoing(entry, conversation, command, target, wire)
        self.flush(conversation)
        return True

    def _room_for(self, command: str, target: str, kind: Kind) -> int:
        """Bytes of text that fit into the line which the server makes of ours, with our source before it."""
        session = self._session
        source = session.source or f"{session.nick}!{self._host}"
        frame = len(f":{source} {command} {target} :\r\n".encode())
        if source.endswith("!"):
            frame += _GUESSED_SOURCE
        if kind is Kind.ACTION:
            frame += len(ACTION_PREFIX) + 1
        return max(session.support.line_length - frame, _SMALLEST_PIECE)

    def flush(self, conversation: Conversation) -> None:
        """Hand over what waits for this conversation, if it can be sent now."""
        session = self._session
        if not self._waiting or session.phase is not Phase.ONLINE or not session.ready:
            return
        if (conversation.is_room and not conversation.joined) or session.catchup.is_busy(conversation):
            return
        ready = [
            (nonce, item)
            for nonce, item in self._waiting.items()
            if item.conversation is conversation and not item.handed
        ]
        for nonce, item in ready:
            tags: dict[str, str] = {}
            if "labeled-response" in session.capabilities:
                tags["label"] = nonce
            if "message-tags" in session.capabilities:
                tags[NONCE_TAG] = nonce
            try:
                lines = self._lines(item, nonce, tags)
            except ValueError:
                self.fail(item, _("This message cannot be sent."))
                continue
            item.handed = True
            item.ping = session.pings
            for line in lines:
                session.send_line(line)
            if not self._echoes:
                del self._waiting[nonce]
                self._unechoed[nonce] = item
                item.entry.delivery = Delivery.SENT
                session.emit(EntryChanged(item.conversation, item.entry))

    def _lines(self, item: Outgoing, nonce: str, tags: dict[str, str]) -> list[str]:
        session = self._session
        whole = Message(item.command, (item.target, item.wire), tags=tags)
        room = self._room_for(item.command, item.target, item.entry.kind)
        if item.entry.kind is not Kind.MESSAGE or ("\n" not in item.wire and len(item.wire.encode()) <= room):
            return [format_message(whole)]
        if not self.takes_multiline:
            line = format_message(whole._replace(tags={}))
            if len(line.encode()) + 2 > session.support.line_length:
                raise ValueError(item.wire)  # the server is another one than when this was written
            return [format_message(whole)]  # we may be called longer than then: its end may be cut
        return multiline.batch(item.command, item.target, item.wire, nonce, room, tags)

    @property
    def takes_multiline(self) -> bool:
        """Tell whether the server takes messages of several lines (IRCv3 draft/multiline)."""
        return {multiline.CAPABILITY, "batch", "message-tags"} <= self._session.capabilities

    @property
    def _limits(self) -> multiline.Limits:
        return multiline.Limits.parse(self._session.capability_values.get(multiline.CAPABILITY, ""))

    def take_echo(self, message: Message) -> Outgoing | None:
        """Return, and forget, the message that this line from ourselves is the echo of.

        By nonce; by label where the server dropped the tag. A server that returns neither echoes in the order
        of sending: there it is the oldest to the same target, with the same text if there is one.
        """
        for tag in (NONCE_TAG, "label"):
            item = self._waiting.pop(message.tags.get(tag, ""), None)
            if item:
                self._marks_echoes = True
                return item
        if not self._echoes:
            return self._to_myself(message)
        # In a batch (labeled-response) the label stands on the batch alone.
        if NONCE_TAG in message.tags or (self._marks_echoes and "batch" not in message.tags):
            return None
        oldest = ""
        target = self._session.fold(message.param(0))
        for nonce, item in self._waiting.items():
            if item.handed and item.command == message.command and self._session.fold(item.target) == target:
                if item.wire == message.param(1):
                    return self._waiting.pop(nonce)
                oldest = oldest or nonce
        return self._waiting.pop(oldest, None)

    def _to_myself(self, message: Message) -> Outgoing | None:
        """Without echoes: a message that one wrote to oneself comes back once, and stands there already."""
        found = (item for item in self._unechoed.values() if self._session.is_me(item.target))
        item = next((item for item in found if item.wire == message.param(1)), None)
        return self._unechoed.pop(item.entry.nonce) if item else None

    def take_from_history(self, message: Message) -> Outgoing | None:
        """Return, and forget, the message of which the history holds this copy."""
        return self._waiting.pop(message.tags.get(NONCE_TAG, ""), None)

    def fail_answered(self, message: Message, sentence: str, target: str) -> bool:
        """An error came that may be about a message of ours: if so, mark it and return True."""
        label = message.tags.get("label", "")
        item = self._waiting.get(label)
        # With labels, the answer to a message bears one, or stands in a batch that does.
        by_target = "labeled-response" not in self._session.capabilities or "batch" in message.tags
        if item is None and not label and by_target:
            folded = self._session.fold(target)
            candidates = self._waiting if self._echoes else self._unechoed
            item = next(
                (
                    one
                    for one in candidates.values()
                    if one.handed and self._session.fold(one.target) == folded
                ),
                None,
            )
        if item is None:
            return False
        self.fail(item, sentence)
        return True

    def fail(self, item: Outgoing, sentence: str) -> None:
        """This message will not arrive: mark its entry and say why."""
        self._waiting.pop(item.entry.nonce, None)
        self._unechoed.pop(item.entry.nonce, None)
        item.entry.delivery = Delivery.FAILED
        self._session.emit(EntryChanged(item.conversation, item.entry))
        self._session.complain(item.conversation, sentence)

    def fail_all(self, conversation: Conversation, sentence: str = "") -> None:
        """Nothing can be sent to this conversation any more."""
        doomed = self.pending(conversation)
        for item in doomed:
            del self._waiting[item.entry.nonce]
            item.entry.delivery = Delivery.FAILED
            self._session.emit(EntryChanged(item.conversation, item.entry))
        if doomed and sentence:
            self._session.complain(conversation, sentence)

    def retarget(self, conversation: Conversation, target: str) -> None:
        """The one talked with has another nick."""
        for item in self.pending(conversation):
            if not item.handed:
                item.target = target

    def pending(self, conversation: Conversation) -> list[Outgoing]:
        """Return the messages of a conversation that are not known to have arrived, oldest first."""
        return [item for item in self._waiting.values() if item.conversation is conversation]

    def settle(self, conversation: Conversation, history_is_complete: bool) -> None:
        """After a reconnect: decide on what had been handed to the lost connection, then send what waits."""
        unknown = False
        for item in self.pending(conversation):
            if item.handed and history_is_complete:
                item.handed = False
                if conversation.name and not conversation.is_room:
                    item.target = conversation.name  # the one talked with may have another nick now
            elif item.handed:
                unknown = True
                del self._waiting[item.entry.nonce]
                item.entry.delivery = Delivery.FAILED
                self._session.emit(EntryChanged(conversation, item.entry))
        if unknown:
            self._session.complain(
                conversation,
                _("The connection was lost while a message was under way; nobody knows whether it arrived."),
            )
        self.flush(conversation)

    def answered(self, ping: int) -> None:
        """The PONG to our PING number `ping` came: no error will come for what was sent before it."""
        for nonce in [nonce for nonce, item in self._unechoed.items() if item.ping < ping]:
            del self._unechoed[nonce]

    def connection_lost(self) -> None:
        """No answer will come any more to what was sent without echo."""
        self._unechoed.clear()
        self._marks_echoes = False
        self._host = self._session.source.partition("!")[2] or self._host
