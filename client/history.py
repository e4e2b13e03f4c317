"""What was said while we were away, fetched with CHATHISTORY (IRCv3 draft/chathistory).

When a room is joined (or, after a reconnect, a private talk goes on), a *gap* opens: what came after the last
message that we know is asked for page by page; live messages of that conversation are held meanwhile, and so
are our own. A page that is empty, or that reaches the held live messages, closes the gap: the pages go into
the transcript before what came live, and what of ours is not in them is sent again.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from client.handlers.messages import recall
from client.handlers.table import on
from client.model.conversations import Conversation, Entry
from client.model.events import EntriesReplaced
from client.model.server_time import just_before
from protocol.message import Message

if TYPE_CHECKING:
    from client.session import Session

CAPABILITIES: Final = ("draft/chathistory", "chathistory")
FIRST_LOOK: Final = 50
"""Messages that are fetched when a room is entered for the first time."""
PAGE: Final = 100
"""Messages that are asked for at once after a reconnect."""
MAX_PAGES: Final = 200
MAX_HELD: Final = 5000
"""Live messages held for one conversation; if more come, the oldest are in the pages still to be fetched."""
MAX_BATCHES: Final = 50
MAX_BATCH: Final = 1000
"""Messages of one page; we ask for fewer."""
PATIENCE: Final = 20.0
"""Seconds to wait for a page."""
_MESSAGES: Final = frozenset({"PRIVMSG", "NOTICE", "TAGMSG", "REDACT"})


@dataclass(slots=True)
class _Batch:
    target: str
    asked_for: bool
    """Else it is received only to be left out."""
    older: bool
    """Asked for by `client.scrollback`."""
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class _Gap:
    conversation: Conversation
    name: str
    """By which it was asked for: the one talked with may take another nick meanwhile."""
    marker: int
    """Entries with this key and later came after the gap."""
    anchor: str
    """`msgid=…` or `timestamp=…` of the last thing we know; empty if we know nothing."""
    since: str
    """`timestamp=…` of our entering, the anchor if no message is known in the end."""
    unread: bool
    """What is found counts as unread: we had been here before."""
    asked_at: float = 0.0
    pages: int = 0
    found: list[Message] = field(default_factory=list)
    held: deque[Message] = field(default_factory=lambda: deque(maxlen=MAX_HELD))


class CatchUp:
    """The gaps of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._gaps: dict[str, _Gap] = {}
        self._batches: dict[str, _Batch] = {}
        self._anchors: dict[str, str] = {}

    @property
    def available(self) -> bool:
        """Tell whether the server has a history to ask for."""
        return any(name in self._session.capabilities for name in CAPABILITIES)

    def is_busy(self, conversation: Conversation) -> bool:
        """Tell whether the conversation has a gap that is being filled."""
        return self._gap_of(conversation) is not None

    def _gap_of(self, conversation: Conversation | None) -> _Gap | None:
        return next((gap for gap in self._gaps.values() if gap.conversation is conversation), None)

    def start(self, conversation: Conversation, marker: int, since: str = "") -> None:
        """Fetch what this conversation lacks.

        Entries from the key `marker` on came after the gap. `since` is the server's time of our entering.
        """
        key = self._session.fold(conversation.name)
        if not self.available:
            self._session.outbox.settle(conversation, history_is_complete=False)
            return
        if self.is_busy(conversation):
            return
        if key in self._gaps:  # of one who was called so, and is still being asked about
            self._session.outbox.settle(conversation, history_is_complete=False)
            return
        anchor = self._anchors.get(key, "")
        since = since and f"timestamp={just_before(since)}"
        gap = _Gap(conversation, conversation.name, marker, anchor, since, unread=bool(anchor))
        self._gaps[key] = gap
        self._ask(gap)

    def know(self, conversation: Conversation, message: Message) -> None:
        """This live line is the latest thing that we know of the conversation."""
        key = self._session.fold(conversation.name)
        if self.is_busy(conversation):
            return
        if message.tags.get("msgid"):
            self._anchors[key] = f"msgid={message.tags['msgid']}"
        elif message.tags.get("time"):
            self._anchors[key] = f"timestamp={message.tags['time']}"

    def know_time(self, name: str, since: str) -> None:
        """Of a conversation that is to be opened, what came until `since` (a server's time) is known."""
        self._anchors.setdefault(self._session.fold(name), f"timestamp={just_before(since)}")

    def renamed(self, conversation: Conversation, old: str) -> None:
        """The conversation had this name: of what is stored under the new one, nothing is known."""
        fold = self._session.fold
        self._anchors.pop(fold(old), None)
        gap = self._gap_of(conversation)
        if gap is None:
            return
        for index, message in enumerate(gap.held):
            if fold(message.nick) == fold(old):
                source = conversation.name + message.source[len(message.nick) :]
                gap.held[index] = message._replace(source=source)
            elif fold(message.param(0)) == fold(old):
                gap.held[index] = message._replace(params=(conversation.name, *message.params[1:]))

    def forget(self, conversation: Conversation) -> None:
        """The conversation is closed."""
        self._anchors.pop(self._session.fold(conversation.name), None)
        self._gaps = {key: gap for key, gap in self._gaps.items() if gap.conversation is not conversation}

    def takes(self, message: Message) -> bool:
        """Keep the message if it belongs to a history page or must wait until one has come."""
        reference = message.tags.get("batch")
        batch = self._batches.get(reference) if reference else None
        if batch is not None and message.command != "BATCH":
            if batch.asked_for and len(batch.messages) < MAX_BATCH:
                batch.messages.append(message)
            return True
        if self._gaps and message.command in _MESSAGES:
            session = self._session
            talk = session.conversations.get(session.fold(session.talk_of(message)))
            gap = self._gap_of(talk)
            if gap:
                gap.held.append(message)
                return True
        return False

    def tick(self) -> None:
        """Do without pages that do not come."""
        now = self._session.timer()
        for gap in list(self._gaps.values()):
            if now - gap.asked_at > PATIENCE:
                self._close(gap, complete=False)

    def connection_lost(self) -> None:
        """Keep the pages that came; what was held lies behind a hole, and the next gap asks for it again."""
        self._batches.clear()
        for key, gap in list(self._gaps.items()):
            del self._gaps[key]
            self._show(gap)
            self._remember(key, gap)

    def open_batch(self, reference: str, target: str) -> None:
        """A page begins."""
        if len(self._batches) < MAX_BATCHES:
            older = self._session.scrollback.begins(target)
            asked_for = older or self._session.fold(target) in self._gaps
            self._batches[reference] = _Batch(target, asked_for, older)

    def end_batch(self, reference: str) -> None:
        """A page is complete."""
        batch = self._batches.pop(reference, None)
        if batch and batch.older:
            self._session.scrollback.put(batch.target, batch.messages)
            return
        gap = self._gaps.get(self._session.fold(batch.target)) if batch else None
        if not batch or not gap:
            return
        gap.pages += 1
        gap.found += batch.messages
        ids = [message.tags["msgid"] for message in batch.messages if message.tags.get("msgid")]
        anchor = f"msgid={ids[-1]}" if ids else gap.anchor
        live = {message.tags.get("msgid") for message in gap.held}
        goes_on = gap.anchor and anchor != gap.anchor and gap.pages < MAX_PAGES and live.isdisjoint(ids)
        if goes_on:
            gap.anchor = anchor
            self._ask(gap)
        else:
            gap.anchor = anchor
            self._close(gap, complete=True)

    def refused(self, message: Message) -> bool:
        """`FAIL CHATHISTORY …` came: ask more simply, or do without. Returns False if nothing was asked."""
        if message.param(2).upper() == "TARGETS":  # see `client.handlers.presence`: a convenience, no more
            return True
        if not self._gaps:
            return False
        named = (self._gaps.get(self._session.fold(param)) for param in message.params[2:-1])
        gap = next((gap for gap in named if gap), None) or next(iter(self._gaps.values()))
        if gap.anchor and not gap.found:
            gap.anchor = ""
            self._ask(gap)
        else:
            self._close(gap, complete=False)
        return True

    def _ask(self, gap: _Gap) -> None:
        gap.asked_at = self._session.timer()
        name = gap.name
        limit = self._session.support.history_limit or PAGE
        if gap.anchor:
            self._session.send("CHATHISTORY", "AFTER", name, gap.anchor, str(min(PAGE, limit)))
        else:
            count = PAGE if gap.unread else FIRST_LOOK
            self._session.send("CHATHISTORY", "LATEST", name, "*", str(min(count, limit)))

    def _close(self, gap: _Gap, complete: bool) -> None:
        session = self._session
        key = session.fold(gap.name)
        self._gaps.pop(key, None)
        self._remember(key, gap)
        found = self._show(gap)
        for message in gap.held:
            session.receive(message)
        if found or gap.held:
            self._move_pending_to_the_end(gap.conversation)
            session.emit(EntriesReplaced(gap.conversation))
        session.outbox.settle(gap.conversation, complete)

    def _remember(self, key: str, gap: _Gap) -> None:
        if gap.name == gap.conversation.name and (gap.anchor or gap.since):
            self._anchors[key] = gap.anchor or gap.since

    def _show(self, gap: _Gap) -> bool:
        """Put what was found into the transcript; return False if there was nothing new."""
        live = {message.tags.get("msgid", "") for message in gap.held}
        found = [
            entry
            for message in gap.found
            if (
                entry := recall(
                    self._session,
                    gap.conversation,
                    message,
                    unread=gap.unread or message.tags.get("msgid") in live,
                )
            )
        ]
        if found:
            self._insert(gap.conversation, found, gap.marker)
            self._move_pending_to_the_end(gap.conversation)
            self._session.emit(EntriesReplaced(gap.conversation))
        return bool(found)

    @staticmethod
    def _insert(conversation: Conversation, found: list[Entry], marker: int) -> None:
        placed = {entry.key for entry in found}
        before = [entry for entry in conversation.entries if entry.key < marker and entry.key not in placed]
        after = [entry for entry in conversation.entries if entry.key >= marker and entry.key not in placed]
        conversation.entries.clear()
        conversation.entries.extend(before + found + after)
        conversation.trim()

    def _move_pending_to_the_end(self, conversation: Conversation) -> None:
        pending = [item.entry for item in self._session.outbox.pending(conversation)]
        keys = {entry.key for entry in pending}
        rest = [entry for entry in conversation.entries if entry.key not in keys]
        conversation.entries.clear()
        conversation.entries.extend(rest + pending)


@on("BATCH")
def _batch(session: Session, message: Message) -> None:
    reference = message.param(0)
    if whole := session.multiline.ended(message):
        session.receive(whole)
    elif reference.startswith("+") and message.param(1) in CAPABILITIES:
        session.catchup.open_batch(reference[1:], message.param(2))
    elif reference.startswith("-"):
        session.catchup.end_batch(reference[1:])
