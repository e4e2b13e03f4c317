"""Older messages, fetched page by page when the user scrolls up.

IRCv3 draft/chathistory, `CHATHISTORY BEFORE`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.handlers.messages import recall
from client.history import PAGE, PATIENCE
from client.model.conversations import MAX_BACK, MAX_ENTRIES, Conversation
from client.model.events import EntriesPrepended
from protocol.message import Message

if TYPE_CHECKING:
    from client.session import Session

MAX_READ: Final = MAX_ENTRIES + MAX_BACK


class Scrollback:
    """What one session has asked for. By folded name; one page at a time for each conversation."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, float] = {}
        """When the page was asked for that has not begun to come."""
        self._beginnings: dict[str, str] = {}
        """The msgid before which there is nothing."""

    def ask(self, conversation: Conversation) -> None:
        """Fetch the page before the oldest entry, unless that is under way, or there is none."""
        session, key = self._session, self._session.fold(conversation.name)
        oldest = _oldest(conversation)
        if (
            not oldest
            or not session.catchup.available
            or not session.ready
            or session.catchup.is_busy(conversation)
            or session.timer() - self._asked.get(key, -PATIENCE) < PATIENCE
            or self._beginnings.get(key) == oldest
            or len(conversation.entries) >= MAX_READ
        ):
            return
        self._asked[key] = session.timer()
        limit = min(PAGE, session.support.history_limit or PAGE)
        session.send("CHATHISTORY", "BEFORE", conversation.name, f"msgid={oldest}", str(limit))

    def begins(self, target: str) -> bool:
        """A page of this conversation begins: tell whether it is the one that was asked for here.

        Answers come in the order of the questions, and nothing is asked here while a gap is being filled.
        """
        return self._asked.pop(self._session.fold(target), None) is not None

    def put(self, target: str, messages: list[Message]) -> None:
        """The page is complete: put it before the other entries."""
        session, key = self._session, self._session.fold(target)
        conversation = session.conversations.get(key)
        if conversation is None or session.catchup.is_busy(conversation):  # a gap has opened since
            return
        if not messages:
            self._beginnings[key] = _oldest(conversation)
            return
        shown = {entry.msgid for entry in conversation.entries}
        room = max(0, MAX_READ - len(conversation.entries))
        found = [
            entry
            for message in (messages[-room:] if room else ())
            if message.tags.get("msgid") not in shown
            and (entry := recall(session, conversation, message, again=True))
        ]
        conversation.entries.extendleft(reversed(found))
        if found:
            session.emit(EntriesPrepended(conversation, tuple(found)))

    def refused(self, message: Message) -> bool:
        """`FAIL CHATHISTORY … BEFORE …` came; returns False if nothing was asked here."""
        if "BEFORE" not in message.params or not self._asked:
            return False
        named = [key for key in map(self._session.fold, message.params[2:-1]) if key in self._asked]
        key = named[0] if named else next(iter(self._asked))
        del self._asked[key]
        if conversation := self._session.conversations.get(key):
            self._beginnings[key] = _oldest(conversation)
        return True

    def connection_lost(self) -> None:
        """What was asked for does not come; the next server may know more."""
        self._asked.clear()
        self._beginnings.clear()


def _oldest(conversation: Conversation) -> str:
    return next((entry.msgid for entry in conversation.entries if entry.msgid), "")
