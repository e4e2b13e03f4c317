"""What was said before: while we were away, and further back, fetched with CHATHISTORY.

IRCv3 draft/chathistory. When a room is joined (or, after a reconnect, a private talk goes on), a *gap* opens:
what came after the last message that is known is asked for page by page. When the user scrolls up, a page of
what came before the oldest entry is asked for (`BEFORE`).

Not every server knows what the specification has: some have no ids, some forget them, some give less than
they were asked for, or nothing, or the same again. So a gap is filled in the first way that works:

    BY_ID    AFTER msgid=…              the server says when it does not know the id, or gives nothing
    BY_TIME  AFTER timestamp=…          the page begins before what is known, and should bring it again
    CHECK    LATEST * 1                 an end that proves nothing: is the latest message known?
    BACK     LATEST *, then BEFORE …    until something is met that is known
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import inf
from typing import Final, TypeVar

from client.copies import Copies
from client.model.conversations import (
    FROM_MESSAGES,
    MAX_BACK,
    MAX_ENTRIES,
    MAX_HELD,
    SPOKEN,
    Anchor,
    Conversation,
    Entry,
    Gap,
    Kind,
    PageQuestion,
    Way,
)
from client.model.costs import cost_of
from client.model.events import EntriesPrepended
from client.model.identity import RECLAIMS
from client.model.server_time import before_second, just_before, moment_of, sent_at, stamp_of
from client.model.state import MAX_CONVERSATIONS, ClientState, hole_text
from client.outbox import Outbox
from protocol import ircv3
from protocol.message import Message
from protocol.words import upper

FIRST_LOOK: Final = 50
"""Messages that are fetched when a room is entered for the first time."""
PAGE: Final = 100
"""Messages that are asked for at once."""
MAX_PAGES: Final = 200
"""Pages after which no more is fetched from the beginning of a gap, but from its end."""
MAX_PAGES_BACK: Final = MAX_ENTRIES // PAGE
MAX_BATCHES: Final = 50
MAX_BATCH: Final = 1000
"""Messages of one page; we ask for fewer."""
MAX_COMING: Final = 4 * 1024 * 1024
"""Bytes of the pages that are coming."""
MAX_FOUND: Final = 16 * 1024 * 1024
"""Bytes of what was found for gaps that are not closed; what does not fit would leave its transcript soon."""
MAX_ALL_HELD: Final = 8 * 1024 * 1024
"""Bytes of live messages held for all gaps together."""
PATIENCE: Final = 20.0
"""Seconds to wait for a page."""
MAX_READ: Final = MAX_ENTRIES + MAX_BACK
"""Entries in a transcript, beyond which nothing older is fetched."""
_LATE: Final = 5.0
"""Seconds by which the server may have the time of what we said otherwise than we."""
_PAGES: Final = (ircv3.CHATHISTORY, ircv3.BATCH_CHATHISTORY)
_SAID: Final = ("PRIVMSG", "NOTICE")
_SHOWN, _FOUND, _BACK, _LIVE = "in the transcript", "after it", "before the latest", "live"
_HELD_BACK: Final = (*_SAID, "TAGMSG", "REDACT")
_Asking = TypeVar("_Asking", Gap, Conversation)


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

    gap: Gap | None = None
    older_of: Conversation | None = None
    """The conversation whose user scrolled up. With neither, the page is received only to be left out."""
    messages: list[Message] = field(default_factory=list)
    cost: int = 0

    @property
    def goes_back(self) -> bool:
        """Of a page that is too long, its end is kept, else its beginning: the next page joins it."""
        return self.gap is None or self.gap.way in (Way.BACK, Way.CHECK)


class History:
    """The questions to the server's history, and its pages.

    Of a gap:

    1. What came live in its conversation while it was open MUST be handled after what it brings.
    2. A message MUST stand in the transcript once, whether it came live, in a page, in both, or in several.
    3. The next page MUST be asked for from the last message of the page before. A page that brings nothing
       new, or one that came live, MUST be the last of its way.
    4. Nothing of ours MUST be sent to the conversation before it is closed. What was sent before and is not
       found is then sent again, but only if the gap was closed completely (`Outbox.resend_or_fail`).
    5. It MUST close: by its last page, by a refusal, after `PATIENCE` or `MAX_PAGES`, or with the connection.
    6. If the connection is lost, what joins the known MUST be kept. What was held lies behind a hole: the
       next gap asks for it again, and what that does not bring is shown then.
    7. Where what was found does not join what is known, or the live lines, the transcript MUST say so.
    """

    def __init__(self, state: ClientState, outbox: Outbox) -> None:
        self._state = state
        self._outbox = outbox
        self._batches: dict[str, _Batch] = {}
        self._talks = ""
        """The reference of the batch that names private talks; empty if none is coming."""
        self._playbacks: dict[str, None] = {}
        """The batches in which a bouncer plays back what was said."""
        self._played: dict[Conversation, tuple[Copies, float]] = {}
        """What the transcript had of it before, and the time of the last line that was played back."""

    # Gaps.

    def open_gap(self, conversation: Conversation, marker: int, since: str = "") -> bool:
        """Fetch what this conversation lacks; return False if the server cannot give it.

        Entries from the key `marker` on came after the gap. `since` is the server's time of our entering.
        """
        if conversation.is_catching_up:
            return True
        if not self._state.has_history or self._state.fold(conversation.name) in self._gaps():
            return False  # the latter: a talk that was called so is still being asked about
        known = self._outbox.handed_after(conversation) or conversation.anchor
        way = self._first_way(known)
        exact = way is Way.BY_ID and not RECLAIMS.isdisjoint(self._state.capabilities)  # our own server's ids
        # Where lines bear neither id nor time, only the transcript tells that we were here.
        seen = bool(known) or any(one.kind in SPOKEN and not one.own for one in conversation.entries)
        proven = exact or not seen or not known.said
        gap = Gap(conversation, conversation.name, marker, way, known, seen, proven)
        gap.by_id = way is Way.BY_ID or (proven and self._takes("msgid"))
        gap.limit = self._limit(PAGE if seen else FIRST_LOOK)
        if not seen:
            clock = self._state.server_clock
            believed = since if clock.believes(since, self._state.timer()) else clock.latest
            conversation.anchor = Anchor(stamp=believed, said=False)
        gap.carried, conversation.carried = conversation.carried, []
        conversation.asked.gap = gap
        self._ask(gap)
        return True

    def do_without(self, conversation: Conversation) -> list[Message]:
        """No gap can be opened: return what was held on the last connection, to be handled now."""
        if not self._state.has_history:
            conversation.may_lack = any(entry.kind in SPOKEN for entry in conversation.entries)
        carried, conversation.carried = conversation.carried, []
        return carried

    def hold_back(self, message: Message) -> bool:
        """Keep the live message if its conversation has a gap; return False if it can be handled now."""
        if message.command not in _HELD_BACK:
            return False
        conversation = self._state.conversation(self._state.conversation_name(message))
        if conversation is None or (gap := conversation.asked.gap) is None:
            return False
        gap.held.append(message)
        gap.held_cost += cost_of(message)
        others = sum(one.held_cost for one in self._open_gaps() if one is not gap)
        while gap.held_cost > min(MAX_HELD, max(0, MAX_ALL_HELD - others)) and len(gap.held) > 1:
            gap.held_cost -= cost_of(gap.held.popleft())
            gap.lost = True
        return True

    def take_refusal(self, message: Message) -> list[GapClosed] | None:
        """After `FAIL CHATHISTORY …` ask another way, or do without. None: it refuses nothing asked here."""
        if message.command != "FAIL" or message.param(0) != "CHATHISTORY":
            return None
        if upper(message.param(2)) == "TARGETS":  # see `client.handlers.presence`: a convenience, no more
            return []
        named = message.params[2:-1]
        if "BEFORE" in message.params and (asking := self._asking(self._pages(), named)):
            self._older_refused(asking)
            return []
        gap = self._asking(self._gaps(), named)
        if gap is None:
            return None
        if gap.conversation.is_room and not gap.conversation.joined:  # then the place is not what is wrong
            return [self._close(gap, met=False, left=True)]
        return self._go_another_way(gap)

    def give_up_late_pages(self) -> list[GapClosed]:
        """To be called about once a second: do without the pages that do not come."""
        oldest = self._state.timer() - PATIENCE
        closed: list[GapClosed] = []
        for gap in self._open_gaps():
            if gap.asked_at >= oldest:
                continue
            if gap.pages or gap.way is Way.BACK:
                closed.append(self._close(gap, met=False))
            else:  # it may be this question alone that the server does not answer
                closed += self._try(gap, Way.BACK)
        return closed

    def connection_lost(self) -> None:
        """Keep the pages that came; the rest is asked for again on the next connection."""
        self._batches.clear()
        self._talks = ""
        self._playbacks.clear()
        self._played.clear()
        for gap in self._open_gaps():
            gap.back.clear()
            gap.newest = Anchor()
            if not gap.proven:
                gap.found.clear()
                gap.place = Anchor()  # the next gap begins where this one did
            gap.conversation.carried = _newest([*gap.carried, *gap.held], MAX_HELD)
            if self._close(gap, met=False, left=True).changed:
                self._state.show_anew(gap.conversation)

    # What bouncers play back unasked.

    def is_repeated(self, message: Message) -> bool:
        """Tell whether a live line is played back that the transcript has already.

        Played back is what stands in such a batch, or is older than our connection. Our own may stand there
        without the id that it has now, where the server does not echo.
        """
        if message.command not in _SAID:
            return False
        moment = sent_at(message)
        in_batch = message.tags.get(ircv3.TAG_BATCH) in self._playbacks
        conversation = self._state.conversation(self._state.conversation_name(message))
        if not conversation or not (in_batch or (moment and moment <= self._state.server_clock.came_at)):
            return False
        conversation.may_lack = False
        if self._outbox.confirm_copy(message):
            return True
        known, played_at = self._played.get(conversation, (None, 0.0))
        if known is None or (moment or 0.0) < played_at:  # it begins, perhaps once more
            known = Copies(self._state.fold, ())
            for entry in conversation.entries:
                known.add_entry(entry)
        if len(self._played) > MAX_CONVERSATIONS:
            self._played.clear()
        self._played[conversation] = known, moment or 0.0
        return known.take(message)

    # Older pages.

    def fetch_older(self, conversation: Conversation) -> bool:
        """Fetch the page before the oldest entry, if there is one; return whether one is on its way."""
        state, asked = self._state, conversation.asked
        if any(batch.older_of is conversation for batch in self._batches.values()):
            return True
        if asked.page and state.timer() - asked.page.asked_at < PATIENCE:
            return True
        oldest = self._oldest_reference(conversation)
        if (
            not oldest
            or not conversation.name
            or not state.has_history
            or not state.ready
            or asked.gap
            or asked.beginning == oldest
            or len(conversation.entries) >= MAX_READ
        ):
            return False
        asked.page = PageQuestion(conversation.name, state.timer())
        state.send("CHATHISTORY", "BEFORE", conversation.name, oldest, str(self._limit(PAGE)))
        return True

    def _older_refused(self, conversation: Conversation) -> None:
        asked, oldest = conversation.asked, self._oldest_reference(conversation)
        asked.page = None
        asked.by_time = True
        if oldest == self._oldest_reference(conversation):
            asked.beginning = oldest
        else:
            self.fetch_older(conversation)

    def _oldest_reference(self, conversation: Conversation) -> str:
        """Return how the server can be asked for what came before the transcript; "" if it cannot."""
        by_id = self._takes("msgid") and not conversation.asked.by_time
        if by_id and (msgid := next((one.msgid for one in conversation.entries if one.msgid), "")):
            return f"msgid={msgid}"
        timed = (one.time for one in conversation.entries if one.server_timed)
        oldest = next(timed, None) if self._takes("timestamp") else None
        # What else was said in the same millisecond is to come too.
        return "" if oldest is None else f"timestamp={stamp_of(oldest + 0.001)}"

    def _prepend(self, conversation: Conversation, messages: list[Message]) -> None:
        """A page of older messages is complete: put it before the other entries."""
        if self._state.conversation(conversation.name) is not conversation or conversation.is_catching_up:
            return  # it was closed, or a gap has opened since
        oldest = self._oldest_reference(conversation)
        shown = self._shown(conversation, messages)
        space = max(0, MAX_READ - len(conversation.entries))
        found = [
            entry
            for message in (messages[-space:] if space else ())
            if message.command in _SAID
            and not shown.take(message)
            and not self._outbox.confirm_copy(message)  # it stands where it was written
            and (entry := self._state.entry_of_message(message, again=True))
        ]
        conversation.entries.extendleft(reversed(found))
        conversation.count()
        if found:
            self._state.emit(EntriesPrepended(conversation, tuple(found)))
        elif not messages or not any(message.tags.get(ircv3.TAG_MSGID) for message in messages):
            conversation.asked.beginning = oldest

    # Pages.

    def follow_batch(self, message: Message) -> list[GapClosed]:
        """`BATCH +reference type target` and `BATCH -reference`: a page begins or is complete."""
        reference = message.param(0)
        if reference.startswith("+") and message.param(1) in _PAGES:
            self._begin_page(reference[1:], message.param(2))
        elif reference.startswith("+") and message.param(1) == ircv3.BATCH_TARGETS:
            self._talks = reference[1:]
        elif self._talks and reference == f"-{self._talks}":
            self._talks = ""
            self._state.talks_since = ""
        elif reference.startswith("+") and message.param(1) == ircv3.BATCH_PLAYBACK:
            self._playbacks[reference[1:]] = None
            if len(self._playbacks) > MAX_BATCHES:
                del self._playbacks[next(iter(self._playbacks))]
        elif reference.startswith("-") and (batch := self._batches.pop(reference[1:], None)):
            if batch.older_of:
                self._prepend(batch.older_of, batch.messages)
            elif batch.gap and batch.gap.conversation.asked.gap is batch.gap:
                return self._add_page(batch.gap, batch.messages)
        return []

    def take_page_line(self, message: Message) -> bool:
        """Keep the message if it belongs to a page; return False if it does not."""
        reference = message.tags.get(ircv3.TAG_BATCH)
        batch = self._batches.get(reference) if reference else None
        if batch is None or message.command == "BATCH":
            return False
        if batch.gap or batch.older_of:
            cost = cost_of(message)
            full = sum(one.cost for one in self._batches.values()) + cost > MAX_COMING
            if len(batch.messages) >= MAX_BATCH or full:
                if not batch.goes_back or not batch.messages:
                    return True
                batch.cost -= cost_of(batch.messages.pop(0))
            batch.messages.append(message)
            batch.cost += cost
        return True

    def _begin_page(self, reference: str, target: str) -> None:
        if len(self._batches) >= MAX_BATCHES:
            return
        # Answers come in the order of the questions, and nothing older is asked for while there is a gap.
        folded = self._state.fold(target)
        if not self._state.has_history:  # nor did we ask
            self._playbacks[reference] = None
            return
        batch = self._batches[reference] = _Batch()
        if older_of := self._pages().get(folded):
            older_of.asked.page = None
            batch.older_of = older_of
        elif (gap := self._gaps().get(folded)) and not gap.coming:  # one answer to each question
            gap.coming = True
            batch.gap = gap

    def _add_page(self, gap: Gap, messages: list[Message]) -> list[GapClosed]:
        """Take the answer to a gap's last question, and ask the next one or close the gap."""
        gap.pages += 1
        said = [message for message in messages if message.command in _SAID]
        places = self._places(gap, said)
        if gap.way is Way.BACK:
            return self._add_page_before(gap, messages, said, places)
        gap.joined |= _SHOWN in places
        gap.proven |= gap.joined
        if gap.way is Way.CHECK:
            ours = self._outbox.handed_after(gap.conversation)
            before = bool(ours) and ours != gap.conversation.anchor  # ours may stand before what is known
            met = not messages or _SHOWN in places or _FOUND in places or (_LIVE in places and gap.proven)
            if met and not before:
                return [self._close(gap, met=not gap.lost)]
            by_time = gap.by_id and (before or not gap.proven) and self._can_ask_by_time(gap.place)
            gap.by_id &= not (by_time and before)  # once
            return self._try(gap, Way.BY_TIME if by_time else Way.BACK)
        gap.proven |= gap.way is Way.BY_ID and bool(messages)
        if gap.way is Way.BY_TIME and self._is_beside_the_point(gap, messages):
            gap.proven &= gap.joined
        # What stands before what is known is older, and was not to be shown.
        begins = self._first_shown(said, places) if gap.way is Way.BY_TIME else 0
        self._confirm_own(said[:begins], places)
        fresh = zip(said[begins:], places[begins:], strict=True)
        self._keep_found(gap, [one for one, place in fresh if not place])
        advanced = self._advance(gap, messages)
        if _LIVE in places:
            return [self._close(gap, met=True)]
        if advanced and gap.pages < MAX_PAGES:
            if gap.by_id and gap.proven and messages[-1].tags.get(ircv3.TAG_MSGID):
                gap.way = Way.BY_ID  # by the time alone it would come once more
            return self._ask(gap)
        if not messages and gap.proven:
            return [self._close(gap, met=not gap.lost)]
        if advanced:
            return self._try(gap, Way.BACK)
        if not self._widen(gap, messages):
            gap.way = Way.CHECK
        return self._ask(gap)

    def _add_page_before(
        self, gap: Gap, messages: list[Message], said: list[Message], places: list[str]
    ) -> list[GapClosed]:
        """Take a page of those that lead backwards to what is known; what is new in it lies behind that."""
        known = [place in (_SHOWN, _FOUND) and gap.seen_before for place in places]
        behind = len(known) - known[::-1].index(True) if any(known) else 0
        self._confirm_own(said[:behind], places)
        new = zip(said[behind:], places[behind:], strict=True)
        fresh = [one for one, place in new if not place]
        gap.back[:0] = fresh
        gap.found_cost += sum(map(cost_of, fresh))
        if messages:
            if gap.oldest is None:
                gap.newest = self._state.anchor_at(messages[-1], gap.place)
            gap.oldest = messages[0]
        if behind or not gap.seen_before:
            gap.proven |= places[behind - 1 : behind] == [_SHOWN]
            return [self._close(gap, met=bool(behind) or not gap.lost or _LIVE in places)]
        full = len(gap.back) >= MAX_ENTRIES or sum(one.found_cost for one in self._open_gaps()) > MAX_FOUND
        if full or gap.pages >= MAX_PAGES + MAX_PAGES_BACK:
            return [self._close(gap, met=False)]
        question = self._reference_before(gap)
        if question in ("", gap.question) and not self._widen(gap, messages):
            return self._go_another_way(gap)
        gap.question = question
        return self._ask(gap)

    def _confirm_own(self, said: Sequence[Message], places: Sequence[str]) -> None:
        """What stands before what is known is not to be shown, but ours has arrived: its echo was lost."""
        for message, place in zip(said, places, strict=False):
            if not place:
                self._outbox.confirm_copy(message)

    def _widen(self, gap: Gap, messages: Sequence[Message]) -> bool:
        """A full page that leads nowhere may hold a part of one moment: ask for all the server gives."""
        if len(messages) < gap.limit or gap.limit >= self._limit(MAX_BATCH):
            return False
        gap.limit = MAX_BATCH
        return True

    def _is_beside_the_point(self, gap: Gap, messages: Sequence[Message]) -> bool:
        """Tell whether a page holds what was said before the time that was asked for."""
        asked = _moment(gap.question.removeprefix("timestamp="))
        return any(0 < (sent_at(one) or 0.0) < asked for one in messages)

    def _first_shown(self, said: Sequence[Message], places: Sequence[str]) -> int:
        """Return the index of the first message that came live, before which no other can have been missed.

        Not so our own: they stand in the transcript before they reach the server.
        """
        known = zip(said, places, strict=True)
        shown = (place == _SHOWN and not self._state.is_me(message.nick) for message, place in known)
        return next((index for index, is_shown in enumerate(shown) if is_shown), 0)

    def _places(self, gap: Gap, said: Sequence[Message]) -> list[str]:
        """Return for each message of a page where it is known from, "" if it is new."""
        known = {_SHOWN: self._shown(gap.conversation, said, gap)}
        beside = 2 * max(gap.limit, len(said))  # no page says again what stands farther away
        found, back = islice(reversed(gap.found), beside), gap.back[:beside]
        for place, messages in ((_FOUND, found), (_BACK, back), (_LIVE, gap.held)):
            known[place] = Copies(self._state.fold, said)
            for message in messages:
                known[place].add_message(message)
        places: list[str] = []
        for message in said:
            places.append(next((place for place, copies in known.items() if copies.take(message)), ""))
            known[_BACK].add_id(message.tags.get(ircv3.TAG_MSGID, ""))  # it may stand in the page twice
        return places

    def _go_another_way(self, gap: Gap) -> list[GapClosed]:
        """The server does not know how to answer the last question, or the answer leads nowhere."""
        if gap.way is Way.BACK:
            gap.by_id = not gap.by_id
            question = self._reference_before(gap)
            if gap.asked_otherwise or question in ("", gap.question):
                return [self._close(gap, met=False)]
            gap.asked_otherwise = True
            gap.question = question
            return self._ask(gap)
        by_time = gap.way is Way.BY_ID and self._can_ask_by_time(gap.place)
        gap.by_id = False
        return self._try(gap, Way.BY_TIME if by_time else Way.BACK)

    def _try(self, gap: Gap, way: Way) -> list[GapClosed]:
        gap.by_id &= gap.proven
        gap.way, gap.question = way, ""
        return self._ask(gap)

    def _keep_found(self, gap: Gap, fresh: Sequence[Message]) -> None:
        for message in fresh:
            gap.found.append(message)
            gap.found_cost += cost_of(message)
        others = sum(one.found_cost for one in self._open_gaps() if one is not gap)
        while gap.found and (len(gap.found) > MAX_ENTRIES or gap.found_cost + others > MAX_FOUND):
            gap.found_cost -= cost_of(oldest := gap.found.popleft())
            self._outbox.confirm_copy(oldest)
            gap.dropped = True

    def _advance(self, gap: Gap, messages: list[Message]) -> bool:
        """Note up to where the pages have come; return False if that is no farther than before."""
        before = gap.place
        for message in messages:
            at = self._state.anchor_at(message, gap.place)
            gap.place = (
                at if at.msgid else Anchor(gap.place.msgid, max(at.stamp, gap.place.stamp, key=_moment))
            )
        if gap.way is Way.BY_ID:
            return gap.place.msgid != before.msgid
        question = f"timestamp={just_before(gap.place.stamp)}"
        advanced = (
            bool(messages) and question != gap.question and _moment(gap.place.stamp) > _moment(before.stamp)
        )
        gap.question = question if advanced else gap.question
        return advanced

    # Questions and what they are about.

    def _ask(self, gap: Gap) -> list[GapClosed]:
        """Ask the next question of a gap, which stays open."""
        gap.asked_at = self._state.timer()
        gap.coming = False
        limit = str(self._limit(gap.limit))
        match gap.way:
            case Way.BY_ID:
                words = ("AFTER", gap.name, f"msgid={gap.place.msgid}", limit)
            case Way.BY_TIME:
                # What is known may bear milliseconds that the history does not keep.
                gap.question = gap.question or f"timestamp={before_second(gap.place.stamp)}"
                words = ("AFTER", gap.name, gap.question, limit)
            case Way.CHECK:
                words = ("LATEST", gap.name, "*", "1")
            case Way.BACK if gap.oldest:
                words = ("BEFORE", gap.name, gap.question, limit)
            case Way.BACK:
                words = ("LATEST", gap.name, "*", limit)
        self._state.send("CHATHISTORY", *words)
        return []

    def _limit(self, wanted: int) -> int:
        return min(wanted, self._state.support.history_limit or wanted)

    def _takes(self, reference: str) -> bool:
        """Tell whether the server can be asked by `msgid` or `timestamp` (MSGREFTYPES)."""
        return reference in self._state.support.get("MSGREFTYPES", "msgid,timestamp").split(",")

    def _can_ask_by_time(self, place: Anchor) -> bool:
        return bool(place.stamp) and self._takes("timestamp")

    def _first_way(self, known: Anchor) -> Way:
        if known.msgid and self._takes("msgid"):
            return Way.BY_ID
        return Way.BY_TIME if self._can_ask_by_time(known) else Way.BACK

    def _reference_before(self, gap: Gap) -> str:
        """Return how to ask for what came before the oldest that was found; "" if that is not possible."""
        if gap.oldest is None:
            return ""
        msgid = gap.oldest.tags.get(ircv3.TAG_MSGID)
        moment = sent_at(gap.oldest)
        by_id = f"msgid={msgid}" if msgid and self._takes("msgid") else ""
        # What else was said in the same millisecond is to come too.
        by_time = f"timestamp={stamp_of(moment + 0.001)}" if moment and self._takes("timestamp") else ""
        return (by_id or by_time) if gap.by_id else (by_time or by_id)

    def _open_gaps(self) -> list[Gap]:
        """Return the gaps, the oldest first."""
        gaps = (one.asked.gap for one in self._state.conversations.values())
        return sorted(filter(None, gaps), key=lambda gap: gap.marker)

    def _gaps(self) -> dict[str, Gap]:
        """Return the gaps by the folded name that was asked for."""
        return {self._state.fold(gap.name): gap for gap in self._open_gaps()}

    def _pages(self) -> dict[str, Conversation]:
        """Return those of which an older page was asked for, open or closed since, likewise."""
        both = (*self._state.conversations.values(), *self._state.unopened.values())
        return {self._state.fold(page.name): one for one in both if (page := one.asked.page)}

    def _asking(self, questions: dict[str, _Asking], names: Iterable[str]) -> _Asking | None:
        """Return the one that asked by one of these names, else any that asked."""
        named = (questions.get(self._state.fold(name)) for name in names)
        return next(filter(None, named), None) or next(iter(questions.values()), None)

    # What is known.

    def _shown(self, conversation: Conversation, again: Sequence[Message], gap: Gap | None = None) -> Copies:
        """Return what the transcript holds, to recognise it in `again`."""
        copies = Copies(self._state.fold, again)
        copies.add_id(gap.place.msgid if gap and gap.seen_before and not gap.found else "")
        untimed = any(ircv3.TAG_TIME not in one.tags for one in again)
        begins = min((sent_at(one) or 0.0 for one in again), default=0.0) - _LATE
        after_anchor = True
        for entry in reversed(conversation.entries):
            # Of what bears neither time nor id only the newest, which no later message stands behind, can
            # have come from where the pages begin.
            after_anchor &= entry.kind not in FROM_MESSAGES or not (entry.msgid or entry.server_timed)
            own = entry.own and entry.time >= begins  # they have neither where the server does not echo
            if entry.msgid or entry.server_timed or after_anchor or untimed or own:
                copies.add_entry(entry)
        return copies

    # The end of a gap.

    def _close(self, gap: Gap, *, met: bool, left: bool = False) -> GapClosed:
        """Put what was found into the transcript.

        Args:
            met: what was found reaches to the live lines.
            left: the room was left, or the connection lost: this gap is asked about again.
        """
        conversation = gap.conversation
        conversation.asked.gap = None
        if gap.name == conversation.name and (latest := gap.newest or gap.place):
            conversation.anchor = latest
            self._outbox.looked_for_ours(conversation, latest)
        held = (*gap.carried, *gap.held) if not left else ()
        again = Copies(self._state.fold, held)
        for message in (*gap.found, *gap.back):
            again.add_message(message)
        since = -inf if gap.seen_before else conversation.read_before
        conversation.read_before = inf
        found, back = (self._entries_of(gap, said, since) for said in (gap.found, gap.back))
        placed = [*found, *back]
        behind = not met or not (found or gap.proven)
        if gap.seen_before and behind and not left:
            placed[len(found) : len(found)] = [self._hole(gap, back or found[-1:])]
        if gap.seen_before and found and (gap.dropped or not gap.proven):
            placed.insert(0, self._hole(gap, found))
        if placed:
            keys = {entry.key for entry in placed}
            rest = [entry for entry in conversation.entries if entry.key not in keys]
            conversation.entries.clear()
            conversation.entries.extend(entry for entry in rest if entry.key < gap.marker)
            conversation.entries.extend(placed)
            conversation.entries.extend(entry for entry in rest if entry.key >= gap.marker)
            conversation.count()
            conversation.trim()
            self._state.put_sending_last(conversation)  # an echo that is held confirms them there
        rest_held = tuple(
            message for message in held if message.command not in _SAID or not again.take(message)
        )
        return GapClosed(conversation, met and gap.proven, rest_held, changed=bool(placed))

    def _hole(self, gap: Gap, beside: Sequence[Entry]) -> Entry:
        """Make the entry that stands where something may be missing; `beside`: what stands next to it."""
        mark = self._state.make_entry(Kind.INFO, hole_text())
        before = [entry for entry in gap.conversation.entries if entry.key < gap.marker][-1:]
        if near := [*beside, *before]:
            mark.time = near[0].time  # else a day would begin with it
        return mark

    def _entries_of(self, gap: Gap, messages: Iterable[Message], since: float) -> list[Entry]:
        """Return the entries of what was found and is not in the transcript, or only as being sent.

        Args:
            since: what was said from then on is new (seconds since the epoch).
        """
        found: list[Entry] = []
        for message in messages:
            # At the first look what was shown before stood in a transcript that the user has closed since.
            own = self._outbox.confirm_copy(message)
            if own and own.conversation is gap.conversation:
                found.append(own.entry)
            elif entry := self._state.entry_of_message(message, again=not gap.seen_before or bool(own)):
                found.append(entry)
                if entry.time >= since:
                    self._state.count_unread(gap.conversation, entry, live=False)
                    self._state.tell_announcement(entry, message)
        return found


def _newest(messages: list[Message], limit: int) -> list[Message]:
    """Return the newest of the messages, as many as cost no more than `limit` bytes."""
    space = limit
    for place in range(len(messages) - 1, -1, -1):
        space -= cost_of(messages[place])
        if space < 0:
            return messages[place + 1 :]
    return messages


def _moment(stamp: str) -> float:
    return moment_of(stamp) or 0.0
