"""What was said before: while we were away, and further back, fetched with CHATHISTORY.

IRCv3 draft/chathistory. When a room is joined (or, after a reconnect, a private talk goes on), a *gap* opens:
what came after the last message that is known is asked for page by page (`AFTER`, or `LATEST` where nothing
is known). When the user scrolls up, a page of what came before the oldest entry is asked for (`BEFORE`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from client.model.conversations import MAX_BACK, MAX_ENTRIES, Conversation, Entry, Gap, PageQuestion
from client.model.events import EntriesPrepended
from client.model.server_time import just_before
from client.model.state import ClientState
from client.outbox import Outbox
from protocol import ircv3
from protocol.message import Message

FIRST_LOOK: Final = 50
"""Messages that are fetched when a room is entered for the first time."""
PAGE: Final = 100
"""Messages that are asked for at once."""
MAX_PAGES: Final = 200
MAX_BATCHES: Final = 50
MAX_BATCH: Final = 1000
"""Messages of one page; we ask for fewer."""
PATIENCE: Final = 20.0
"""Seconds to wait for a page."""
MAX_READ: Final = MAX_ENTRIES + MAX_BACK
"""Entries in a transcript, beyond which nothing older is fetched."""
_PAGES: Final = (ircv3.CHATHISTORY, ircv3.BATCH_CHATHISTORY)
_SAID: Final = ("PRIVMSG", "NOTICE")
_HELD_BACK: Final = (*_SAID, "TAGMSG", "REDACT")


@dataclass(frozen=True, slots=True)
class GapClosed:
    """A gap has been filled or given up."""

    conversation: Conversation
    complete: bool
    """All that was said is known: a message of ours that is not in it did not arrive."""
    held: tuple[Message, ...]
    """What was said live meanwhile, to be handled now."""
    changed: bool
    """The transcript has new entries that the window has not been told of."""


@dataclass(slots=True)
class _Batch:
    """A page that is coming."""

    target: str
    wanted: bool
    """Else it is received only to be left out."""
    older_of: Conversation | None
    """The conversation whose user scrolled up; None: the page is for a gap."""
    messages: list[Message] = field(default_factory=list)


class History:
    """The questions to the server's history, and its pages.

    Of a gap:

    1. What came live in its conversation while it was open MUST be handled after what it brings.
    2. A message MUST stand in the transcript once, whether it came live, in a page, or both ways.
    3. The next page MUST be asked for from the last id of the page before. A page without a new id, or with
       one that came live, MUST be the last.
    4. Nothing of ours MUST be sent to the conversation before it is closed. What was sent before and is not
       found is then sent again, but only if the gap was closed completely (`Outbox.resend_or_fail`).
    5. It MUST close: by its last page, by a refusal, after `PATIENCE` or `MAX_PAGES`, or with the connection.
    6. If the connection is lost, the pages that came MUST be kept, and what was held MUST be dropped: it lies
       behind a hole, and the next gap, which begins at the last page, asks for it again.
    """

    def __init__(self, state: ClientState, outbox: Outbox) -> None:
        self._state = state
        self._outbox = outbox
        self._batches: dict[str, _Batch] = {}

    def open_gap(self, conversation: Conversation, marker: int, since: str = "") -> bool:
        """Fetch what this conversation lacks; return False if the server cannot give it.

        Entries from the key `marker` on came after the gap. `since` is the server's time of our entering.
        """
        if conversation.is_catching_up:
            return True
        if not self._state.has_history or self._state.fold(conversation.name) in self._gaps():
            return False  # the latter: a talk that was called so is still being asked about
        anchor, since = conversation.anchor, since and f"timestamp={just_before(since)}"
        gap = Gap(conversation.name, marker, anchor, since, unread=bool(anchor))
        conversation.asked.gap = gap
        self._ask(gap)
        return True

    def fetch_older(self, conversation: Conversation) -> None:
        """Fetch the page before the oldest entry, unless it is already on its way or does not exist."""
        state, asked = self._state, conversation.asked
        oldest = _oldest_id(conversation)
        if (
            not oldest
            or not conversation.name
            or not state.has_history
            or not state.ready
            or asked.gap
            or (asked.page and state.timer() - asked.page.asked_at < PATIENCE)
            or asked.beginning == oldest
            or len(conversation.entries) >= MAX_READ
        ):
            return
        asked.page = PageQuestion(conversation.name, state.timer())
        limit = min(PAGE, state.support.history_limit or PAGE)
        state.send("CHATHISTORY", "BEFORE", conversation.name, f"msgid={oldest}", str(limit))

    def take_page_line(self, message: Message) -> bool:
        """Keep the message if it belongs to a page; return False if it does not."""
        reference = message.tags.get(ircv3.TAG_BATCH)
        batch = self._batches.get(reference) if reference else None
        if batch is None or message.command == "BATCH":
            return False
        if batch.wanted and len(batch.messages) < MAX_BATCH:
            batch.messages.append(message)
        return True

    def hold_back(self, message: Message) -> bool:
        """Keep the live message if its conversation has a gap; return False if it can be handled now."""
        if message.command not in _HELD_BACK:
            return False
        conversation = self._state.conversation(self._state.conversation_name(message))
        if conversation is None or conversation.asked.gap is None:
            return False
        conversation.asked.gap.held.append(message)
        return True

    def follow_batch(self, message: Message) -> list[GapClosed]:
        """`BATCH +reference type target` and `BATCH -reference`: a page begins or is complete."""
        reference = message.param(0)
        if reference.startswith("+") and message.param(1) in _PAGES:
            self._begin_page(reference[1:], message.param(2))
        elif reference.startswith("-") and (batch := self._batches.pop(reference[1:], None)):
            if batch.older_of:
                self._prepend(batch.older_of, batch.messages)
            elif conversation := self._gaps().get(self._state.fold(batch.target)):
                return self._add_page(conversation, batch.messages)
        return []

    def take_refusal(self, message: Message) -> list[GapClosed] | None:
        """After `FAIL CHATHISTORY …` ask more simply, or do without. None: it refuses nothing asked here."""
        if message.command != "FAIL" or message.param(0) != "CHATHISTORY":
            return None
        if message.param(2).upper() == "TARGETS":  # see `client.handlers.presence`: a convenience, no more
            return []
        named = message.params[2:-1]
        if "BEFORE" in message.params and (asking := self._asking(self._pages(), named)):
            asking.asked.page = None
            asking.asked.beginning = _oldest_id(asking)
            return []
        conversation = self._asking(self._gaps(), named)
        gap = conversation.asked.gap if conversation else None
        if conversation is None or gap is None:
            return None
        we_left = conversation.is_room and not conversation.joined  # then the place is not what is wrong
        if gap.anchor and not gap.found and not we_left:
            gap.anchor = ""
            self._ask(gap)
            return []
        return [self._close(conversation, gap, complete=False)]

    def give_up_late_pages(self) -> list[GapClosed]:
        """To be called about once a second: give up the gaps whose pages do not come."""
        oldest = self._state.timer() - PATIENCE
        return [
            self._close(one, gap, complete=False)
            for one in self._gaps().values()
            if (gap := one.asked.gap) and gap.asked_at < oldest
        ]

    def connection_lost(self) -> None:
        """Keep the pages that came; the rest is asked for again on the next connection."""
        self._batches.clear()
        for conversation in self._state.conversations.values():
            gap = conversation.asked.gap
            if gap and self._close(conversation, gap, complete=False).changed:
                self._state.show_anew(conversation)

    # Questions and what they are about.

    def _ask(self, gap: Gap) -> None:
        gap.asked_at = self._state.timer()
        limit = self._state.support.history_limit or PAGE
        if gap.anchor:
            self._state.send("CHATHISTORY", "AFTER", gap.name, gap.anchor, str(min(PAGE, limit)))
        else:
            count = PAGE if gap.unread else FIRST_LOOK
            self._state.send("CHATHISTORY", "LATEST", gap.name, "*", str(min(count, limit)))

    def _gaps(self) -> dict[str, Conversation]:
        """Return the conversations with a gap, the oldest first, by the folded name that was asked for."""
        gaps = [(gap, one) for one in self._state.conversations.values() if (gap := one.asked.gap)]
        gaps.sort(key=lambda pair: pair[0].marker)
        return {self._state.fold(gap.name): one for gap, one in gaps}

    def _pages(self) -> dict[str, Conversation]:
        """Return those of which an older page was asked for, open or closed since, in the same way."""
        both = (*self._state.conversations.values(), *self._state.unopened.values())
        return {self._state.fold(page.name): one for one in both if (page := one.asked.page)}

    def _asking(self, questions: dict[str, Conversation], names: Iterable[str]) -> Conversation | None:
        """Return the one that asked by one of these names, else any that asked."""
        named = (questions.get(self._state.fold(name)) for name in names)
        return next(filter(None, named), None) or next(iter(questions.values()), None)

    # Pages.

    def _begin_page(self, reference: str, target: str) -> None:
        if len(self._batches) >= MAX_BATCHES:
            return
        # Answers come in the order of the questions, and nothing older is asked for while there is a gap.
        folded = self._state.fold(target)
        older_of = self._pages().get(folded)
        if older_of:
            older_of.asked.page = None
        wanted = older_of is not None or folded in self._gaps()
        self._batches[reference] = _Batch(target, wanted, older_of)

    def _add_page(self, conversation: Conversation, messages: list[Message]) -> list[GapClosed]:
        gap = conversation.asked.gap
        if gap is None:
            return []
        gap.pages += 1
        gap.found += messages
        ids = [msgid for message in messages if (msgid := message.tags.get(ircv3.TAG_MSGID))]
        before = gap.anchor
        if ids:
            gap.anchor = f"msgid={ids[-1]}"
        live = {message.tags.get(ircv3.TAG_MSGID) for message in gap.held}
        if before and gap.anchor != before and gap.pages < MAX_PAGES and live.isdisjoint(ids):
            self._ask(gap)
            return []
        return [self._close(conversation, gap, complete=True)]

    def _close(self, conversation: Conversation, gap: Gap, *, complete: bool) -> GapClosed:
        conversation.asked.gap = None
        if gap.name == conversation.name and (gap.anchor or gap.since):
            conversation.anchor = gap.anchor or gap.since
        found = self._entries_of(conversation, gap)
        if found:
            placed = {entry.key for entry in found}
            rest = [entry for entry in conversation.entries if entry.key not in placed]
            conversation.entries.clear()
            conversation.entries.extend(entry for entry in rest if entry.key < gap.marker)
            conversation.entries.extend(found)
            conversation.entries.extend(entry for entry in rest if entry.key >= gap.marker)
            conversation.trim()
            self._state.put_sending_last(conversation)  # an echo that is held confirms them there
        return GapClosed(conversation, complete, tuple(gap.held), changed=bool(found))

    def _entries_of(self, conversation: Conversation, gap: Gap) -> list[Entry]:
        """Return the entries of what was found and is not in the transcript, or only as being sent."""
        live = {message.tags.get(ircv3.TAG_MSGID, "") for message in gap.held}
        shown = {"", *(entry.msgid for entry in conversation.entries)}
        found: list[Entry] = []
        for message in gap.found:
            if message.command not in _SAID:
                continue
            msgid = message.tags.get(ircv3.TAG_MSGID, "")
            # At the first look what was shown before stood in a transcript that the user has closed since.
            again = not gap.unread and msgid not in shown
            shown.add(msgid)
            if own := self._outbox.confirm_copy(message):
                if own.conversation is conversation:
                    found.append(own.entry)
            elif entry := self._state.entry_of_message(message, again=again):
                found.append(entry)
                if gap.unread or msgid in live:
                    self._state.count_unread(conversation, entry)
        return found

    def _prepend(self, conversation: Conversation, messages: list[Message]) -> None:
        """A page of older messages is complete: put it before the other entries."""
        if self._state.conversation(conversation.name) is not conversation or conversation.is_catching_up:
            return  # it was closed, or a gap has opened since
        if not messages:
            conversation.asked.beginning = _oldest_id(conversation)
            return
        shown = {entry.msgid for entry in conversation.entries}
        space = max(0, MAX_READ - len(conversation.entries))
        found = [
            entry
            for message in (messages[-space:] if space else ())
            if message.command in _SAID
            and message.tags.get(ircv3.TAG_MSGID) not in shown
            and not self._outbox.confirm_copy(message)  # it stands where it was written
            and (entry := self._state.entry_of_message(message, again=True))
        ]
        conversation.entries.extendleft(reversed(found))
        if found:
            self._state.emit(EntriesPrepended(conversation, tuple(found)))


def _oldest_id(conversation: Conversation) -> str:
    return next((entry.msgid for entry in conversation.entries if entry.msgid), "")
