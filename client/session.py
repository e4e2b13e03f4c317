"""One user's session with a server: lines in, lines and events out.

Sans-I/O: no sockets, no threads, no windows. Everything here runs in the one thread that owns the session
(the Tk thread, or the demo's thread). The session is the one place where the order of steps stands: what is
known lies in `client.model`, and each collaborator changes it and returns what came of it, which the session
hands to the next.
"""

import logging
import math
import re
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from client.handlers import outcomes, redaction
from client.handlers.errors import try_unanswered_again
from client.handlers.found import note_answer
from client.handlers.presence import ask_for_talks
from client.handlers.table import HANDLERS, find_handler
from client.history import GapClosed, History
from client.labels import BatchLabels
from client.model import events
from client.model.conversations import SPOKEN, Conversation, Entry
from client.model.events import Phase
from client.model.sanitize import is_name, mistrust
from client.model.state import ClientState, Clock, Profile, hole_text
from client.multiline import Incoming
from client.outbox import Outbox, Outgoing, Size
from client.problems import explain_problem
from client.registration import Registration, retry_with
from client.search.server_search import ServerSearch
from client.slash_commands import (
    COMMANDS,
    Close,
    LookUp,
    OpenTalk,
    Say,
    explain_use,
    is_command,
    run_command,
)
from client.splits import Splits
from client.typing import Typing
from protocol import ircv3
from protocol import numerics as n
from protocol.class_words import DOWN, HAND, UP
from protocol.message import Message, format_message
from protocol.names import fold_rfc1459

log = logging.getLogger("chat.client")
PING_INTERVAL: Final = 15.0
"""Seconds between our PINGs."""
PING_PATIENCE: Final = 45.0
"""Seconds of silence after a PING, after which the connection counts as dead."""
READY_PATIENCE: Final = 5.0
"""Seconds after the welcome in which the end of the MOTD should come."""
REGISTRATION_PATIENCE: Final = 60.0
"""Seconds of silence, after which a server that has not let us in counts as dead."""


def _try(handle: Callable[[Message], None], message: Message) -> None:
    """Handle a line. Never raises: the lines behind it must not be lost."""
    try:
        handle(message)
    except Exception:
        log.exception("line %r", message)


def _sendable(text: str) -> str:
    """Return a text as it is sent: without NUL, spaces at line ends, and empty lines around it."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return "\n".join(line.rstrip() for line in re.split(r"\r\n|\r|\n", text)).strip("\n")


class Session:
    """One user's session.

    `handle` and `tick` are for the owner of the connection (`client.runner`), who also takes lines and events
    from `state`. The rest is for the window, which reads `state`, and changes it only through the session.
    """

    def __init__(self, profile: Profile, clock: Clock = time.time, timer: Clock | None = None) -> None:
        """Args: see `ClientState`."""
        self.state: ClientState = ClientState(profile, clock, timer)
        self._registration = Registration(self.state)
        self._outbox = Outbox(self.state)
        self._history = History(self.state, self._outbox)
        self._multiline = Incoming()
        self._labels = BatchLabels()
        self._splits = Splits(self.state)
        self.search = ServerSearch(self.state)
        """For the window, too."""
        self._typing = Typing(self.state)
        self._heard_at = self._ping_at = self._phase_since = self.state.timer()
        self._server_name = ""
        """How the server calls itself when it lets us in."""
        self._ping_token = ""
        """Of the PING that has not been answered; empty if all are."""

    # For the owner of the connection.

    def handle(self, event: events.TransportEvent) -> None:
        """Take what the connection's receiving thread has put into the queue."""
        match event:
            case events.TransportConnecting():
                self._enter_phase(events.PhaseChanged(Phase.CONNECTING))
            case events.TransportOpened():
                self._begin_connection()
            case events.TransportReceived():
                self._heard_at = self.state.timer() if event.at is None else event.at
                for message in event.messages:
                    _try(self._receive, message)
            case events.TransportClosed():
                self._end_connection(event)

    def tick(self) -> None:
        """To be called about once a second: PING for the round trip, time limits."""
        state, now = self.state, self.state.timer()
        waited, silent = now - self._phase_since, now - max(self._heard_at, self._phase_since)
        if state.phase is Phase.ONLINE:
            if not state.ready and waited > READY_PATIENCE:
                self._become_ready()
            if self._ping_token:
                if now - max(self._heard_at, self._ping_at) > PING_PATIENCE:
                    self._ask_to_reconnect()
                elif now - self._ping_at > PING_PATIENCE:  # it lives, and has had time to see all before that
                    self._ping_token = ""
                    self._outbox.pong_came(state.pings)
            elif now - self._ping_at > PING_INTERVAL or self._outbox.is_held_up:
                self._ping()
            self._outbox.give_up_silent()
            for unfinished in self._multiline.give_up_late(now):
                _try(self._take_unfinished, unfinished)
            self._go_on_after(self._history.give_up_late_pages())
            self._try_again()
            self._splits.finish_late()
            self.search.give_up_late()
            self._typing.tick()
        elif state.phase is Phase.REGISTERING and not state.refused and silent > REGISTRATION_PATIENCE:
            self._ask_to_reconnect()

    # For the window.

    def is_waiting(self, conversation: Conversation) -> bool:
        """Tell whether something that was written here may not have arrived."""
        return conversation in self._outbox.pending_places()

    def take_over(self, other: "Session", places: Iterable[str]) -> None:
        """Go on with what waits to be sent in another session on this server, which has ended.

        Args:
            places: names of conversations of `other` that are to be open here too.
        """
        for waiting in other._outbox.pending_places():
            place = self._open_as_in(waiting)
            self._outbox.adopt(other._outbox, waiting, place)
        for name in places:
            if (known := other.state.record(name)) and name:
                self._open_as_in(known)

    def _open_as_in(self, other: Conversation) -> Conversation:
        """Open a conversation that is open in another session; a room is entered when that is possible."""
        place = self.state.open_conversation(other.name, is_room=other.is_room, focus=False)
        if other.is_room and place.is_room and not place.joined:
            place.wanted, place.key = True, other.key
            if self.state.ready:
                self.state.send_join(place)
        return place

    @property
    def unconfirmed(self) -> int:
        """Messages of one's own of which nobody knows yet whether they have arrived."""
        return len(self._outbox)

    @property
    def unsent(self) -> list[Outgoing]:
        """What waits to be sent: all of the above that is not under way on this connection."""
        return self._outbox.unsent

    def take_back(self, items: Sequence[Outgoing]) -> list[Outgoing]:
        """Give up messages that were never sent; return those that have not been sent meanwhile."""
        return self._outbox.take_back(items)

    @property
    def can_reconnect(self) -> bool:
        """Tell whether there is a connection to drop, or a pause before the next try to cut short."""
        return self.state.phase in (Phase.ONLINE, Phase.WAITING)

    def reconnect(self) -> None:
        """Connect anew at once, because the user does not want to wait; what waits is sent as ever."""
        if self.can_reconnect:
            self._ask_to_reconnect()

    def may_redact(self, conversation: Conversation, entry: Entry) -> bool:
        """Tell whether the user may take this message back."""
        return redaction.may_redact(self.state, conversation, entry)

    def may_answer(self, entry: Entry) -> bool:
        """Tell whether the user can answer this message so that others see which one it is."""
        can = ircv3.MESSAGE_TAGS in self.state.capabilities
        return can and entry.kind in SPOKEN and bool(entry.msgid) and not entry.deleted_by

    def submit(self, conversation: Conversation, text: str, reply_to: str = "") -> bool:
        """What the user typed and sent: a message, several lines, or a command that begins with `/`.

        Several lines become one message (draft/multiline) or, where the server cannot, each that is not empty
        becomes one, whatever it begins with; `//text` sends a text that begins with a slash.

        Args:
            reply_to: the id of the message that this answers; a command answers none.

        Returns:
            False if it cannot be said here: an entry says why, and the user may want to say it elsewhere.
        """
        text = _sendable(text)
        if is_command(text):
            self._run_command(conversation, text[1:])
            return True
        if text and (refusal := self.state.refusal(conversation)):
            self.state.complain(conversation, refusal)
            return False
        self._typing.said(conversation)
        return self._outbox.add(conversation, conversation.name, self._messages(text), reply_to=reply_to)

    def _messages(self, text: str) -> list[str]:
        """Return a text as one message where the server takes several lines, else each line that it has."""
        if text.startswith("//") and "\n" not in text:
            text = text[1:]
        if "\n" in text and self._outbox.takes_multiline:
            return [text]
        return [line for line in text.split("\n") if line]

    def measure(self, conversation: Conversation, text: str) -> Size | None:
        """Return by how much a text is too long for one message; None for a command, which is none."""
        text = _sendable(text)
        return None if is_command(text) else self._outbox.measure(conversation.name, self._messages(text))

    def typed(self, conversation: Conversation, text: str) -> None:
        """The user has changed what he is writing here: others may be told that he does."""
        self._typing.note(conversation, text)

    def _run_command(self, conversation: Conversation, line: str) -> None:
        with self.state.questions.ask_in(conversation):
            request = run_command(self.state, conversation, line)
        match request:
            case Close(closed, reason) if self.is_waiting(closed):
                self.state.emit(events.LeaveAsked(closed, reason))
            case Close(closed, reason):
                self.close(closed, reason)
            case OpenTalk(nick, text):
                talk = self.open_private(nick)
                if text:
                    self._outbox.add(talk, talk.name, [text])
            case LookUp(nick):
                self.state.ask_for_card(nick)
                self.state.emit(events.CardAsked())
            case Say(place, target, text, kind):
                self._outbox.add(place, target, [text], kind)

    def enter_room(self, name: str, asked_in: Conversation) -> None:
        """Enter a room by the name that the user wrote; what is wrong with it is said in `asked_in`."""
        try:
            with self.state.questions.ask_in(asked_in):
                self.state.join_room(self.state.support.as_channel(name))
        except ValueError:
            explain_use(self.state, asked_in, COMMANDS["join"])

    def raise_hand(self, room: Conversation, *, up: bool) -> None:
        """Raise or lower the hand in a room of a class: only its operators see it."""
        if self.state.may_ask(room) and self.state.may_raise_hand(room):
            target = f"{self.state.support.highest_operator_mark}{room.name}"
            tags = {ircv3.TAG_HAND: UP if up else DOWN}
            words = HAND if up else f"{HAND} ↓"
            self.state.send_line(format_message(Message("NOTICE", (target, words), tags=tags)))

    def use_verb(self, verb: str, text: str, asked_in: Conversation) -> None:
        """Use a word of the class (`protocol.class_words`); the answer comes into `asked_in`."""
        if self.state.may_ask(asked_in):
            with self.state.questions.ask_in(asked_in):
                self.state.send("CLASS", verb, last=text)

    def retry_with(self, nick: str = "", password: str = "") -> None:
        """After `Refused`: try this nick or this password, on the same connection if it still stands."""
        retry_with(self.state, nick, password)

    def close(self, conversation: Conversation, reason: str = "") -> None:
        """Leave the room (PART) or close the private talk; the talk with the server stays."""
        if not conversation.name:
            return
        if conversation.is_room and conversation.joined and self.state.ready:
            self.state.send("PART", conversation.name, last=reason)
        self._outbox.fail_all(conversation)
        self.state.close_conversation(conversation)

    def open_private(self, nick: str) -> Conversation:
        """Return the private talk with somebody, opened if it was not; what was said before is fetched.

        Raises:
            ValueError: nobody can be called so.
        """
        if not is_name(nick):
            raise ValueError(nick)
        is_new = self.state.conversation(nick) is None
        marker = self.state.next_key()
        talk = self.state.open_conversation(nick, is_room=False, focus=True)
        if is_new:
            self._fetch_earlier(talk, marker)
        return talk

    def show(self, conversation: Conversation | None) -> None:
        """The window shows this conversation now: what was unread in it begins where the user had stopped."""
        came = conversation is not self.state.shown
        self.state.shown = conversation
        if conversation:
            if came and not conversation.unread:
                conversation.new_from = None
            self._mark_read(conversation)

    def watch(self, *, on: bool) -> None:
        """The user looks at the window, or works in another one: then what comes is unread here too."""
        self.state.is_watched = on
        if on and self.state.shown:
            self._mark_read(self.state.shown)

    def _mark_read(self, conversation: Conversation) -> None:
        if conversation.unread:
            conversation.unread = conversation.mentions = 0
            self.state.emit(events.UnreadChanged(conversation))

    def scrolled(self, conversation: Conversation, *, up: bool) -> None:
        """The user has scrolled up to older entries, or back down, after which the oldest may be dropped."""
        conversation.reading_back = up
        conversation.trim()

    def read_back(self, conversation: Conversation) -> bool:
        """The user has scrolled to the top: fetch the page before the oldest entry; False: there is none."""
        return self._history.fetch_older(conversation)

    def redact(self, conversation: Conversation, entry: Entry) -> None:
        """Ask the server to take the message back; it is gone when the server says so."""
        redaction.redact(self.state, conversation, entry)

    # A line of the server's.

    def _receive(self, message: Message) -> None:
        line = self._without_server_name(self._labels.apply(mistrust(message)))
        self._note_source_and_time(line)
        for whole in self._multiline.collect(line, self.state.timer()):
            self._take_whole(whole)

    def _take_whole(self, message: Message) -> None:
        if not (self.search.take(message) or self._history.take_page_line(message)):
            self._handle_live(message)

    def _take_unfinished(self, message: Message) -> None:
        """Show what has come of a message, and that its end has not."""
        self._take_whole(message)
        place = self.state.conversation(self.state.conversation_name(message)) or self.state.server_talk
        self.state.inform(place, hole_text())

    def _without_server_name(self, line: Message) -> Message:
        """Some servers are called like people, without a dot: what they say is said by nobody."""
        is_bare = line.source and "!" not in line.source and "@" not in line.source
        if is_bare and self.state.phase is Phase.REGISTERING:  # nobody else can speak to us yet
            self._server_name = line.source
        spoken = line.command in ("PRIVMSG", "NOTICE")
        return line._replace(source="") if spoken and is_bare and line.source == self._server_name else line

    def _handle_live(self, message: Message) -> None:
        """Act on a line that is of no page of the history: hold it back, take it as an echo, or handle it."""
        if self._history.is_repeated(message) or self._history.hold_back(message):
            return
        if conversation := self._outbox.confirm_echo(message):
            self.state.remember_latest(conversation, message)
            return
        if self._outbox.use_label(message) and message.command == "ACK":
            if not self._ping_token:
                self._ping()  # behind whose answer no echo comes
            return
        if self._splits.take(message):
            return
        is_numeric = len(message.command) == 3 and message.command.isdecimal()
        known = not is_numeric or message.command in HANDLERS
        self.state.questions.take_answer(message, self.state.fold, self.state.timer(), known=known)
        if self.state.questions.noted and ircv3.TAG_LABEL not in message.tags:  # those answer what we said
            note_answer(self.state, message)
            return
        match message.command:
            case n.RPL_WELCOME:
                self._registration.welcomed(message)
                self._enter_phase(events.PhaseChanged(Phase.ONLINE))
                self._ping()
            case n.RPL_ENDOFMOTD | n.ERR_NOMOTD:
                self._become_ready()
            case "PONG":
                self._take_pong(message)
            case "BATCH":
                self._go_on_after(self._history.follow_batch(message))
            case _other if not self._registration.handle(message):
                self._handle_by_table(message)

    def _handle_by_table(self, message: Message) -> None:
        """Let the line's handler change the state, and do what is left to do after that."""
        match find_handler(message)(self.state, message):
            case outcomes.HistoryNeeded(conversations, marker, since):
                for conversation in conversations:
                    self._catch_up(conversation, marker, since)
            case outcomes.RoomsLeft(rooms):
                for room in rooms:
                    self._outbox.fail_all(room)
            case outcomes.TalkBegun(talk, marker):
                self._fetch_earlier(talk, marker)
                self._handle_live(message)
            case outcomes.Postponed(target, seconds, sentence, place):
                is_known = self._outbox.postpone(message, target, seconds, sentence)
                if not (is_known or self._typing.take_refusal(target)) and place:
                    self.state.complain(place, sentence)
            case outcomes.RequestRefused(sentence, target, place):
                closed = self._history.take_refusal(message)
                if closed is not None:
                    self._go_on_after(closed)
                elif self._outbox.fail_refused(message, sentence, target):
                    pass
                elif not self._typing.take_refusal(target) and place and sentence:
                    self.state.complain(place, sentence)

    def _note_source_and_time(self, message: Message) -> None:
        state = self.state
        if "!" in message.source and state.is_me(message.nick):
            state.source = message.source[:300]
        if (stamp := message.tags.get(ircv3.TAG_TIME)) and ircv3.TAG_BATCH not in message.tags:
            state.server_clock.note(stamp, state.timer())

    # The history of a conversation.

    def _catch_up(self, conversation: Conversation, marker: int, since: str = "") -> None:
        """Fetch what this conversation lacks; without a history, send at once what waits for it."""
        if not self._history.open_gap(conversation, marker, since):
            for message in self._history.do_without(conversation):
                _try(self._handle_live, message)
            self._outbox.resend_or_fail(conversation, history_is_complete=False)

    def _fetch_earlier(self, talk: Conversation, marker: int) -> None:
        """A private talk has just been opened."""
        if self.state.ready and talk.name:
            self._catch_up(talk, marker, since=self.state.server_clock.latest)

    def _go_on_after(self, closed: Iterable[GapClosed]) -> None:
        """Gaps are closed: handle what came live meanwhile, show it all, send what waited."""
        for gap in closed:
            for message in gap.held:
                _try(self._handle_live, message)
            if gap.changed or gap.held:
                self.state.show_anew(gap.conversation)
            self._outbox.resend_or_fail(gap.conversation, history_is_complete=gap.complete)

    def _try_again(self) -> None:
        """What the server refused for a while: enter rooms, send messages."""
        for room in self.state.wanted_rooms:
            if room.is_awaited and 0 < room.asked.try_at <= self.state.timer():
                self.state.send_join(room)
        self._outbox.flush_postponed()
        self._registration.ask_again()

    # The connection.

    def _begin_connection(self) -> None:
        self._server_name = ""
        self._ping_token = ""
        self._heard_at = self.state.timer()
        self.state.connection_began()
        self._enter_phase(events.PhaseChanged(Phase.REGISTERING))
        self._registration.begin()

    def _become_ready(self) -> None:
        """The greeting is over: enter the rooms, go on with the private talks."""
        state = self.state
        if state.ready or state.phase is not Phase.ONLINE:
            return
        state.ready = True
        state.emit(events.ListingChanged())
        state.emit(events.CardChanged())
        if not state.support.has("CASEMAPPING"):
            state.compare_names_by(fold_rfc1459)  # as RFC 1459 has it
        if state.away_reason:
            state.send("AWAY", state.away_reason)
        ask_for_talks(state)
        if state.rules_class and state.desk.is_watched:
            state.watch_class(on=True)
        if state.support.has(ircv3.CLASS):
            state.send("MODE", state.nick, "+w")  # what operators say to everybody (WALLOPS)
        if state.profile.operator_token:  # the teacher looks into all rooms of the class
            for name in state.class_rooms:
                state.note_room(name).wanted = True
        for room in state.wanted_rooms:
            state.send_join(room)
        self._outbox.resend_or_fail(state.server_talk, history_is_complete=False)
        for talk in list(state.conversations.values()):
            if talk.name and not talk.is_room:
                self._catch_up(talk, state.next_key())

    def _end_connection(self, event: events.TransportClosed) -> None:
        state = self.state
        was_online = state.phase is Phase.ONLINE
        problem = event.problem
        in_the_door = state.phase is Phase.REGISTERING and not state.goodbye
        if in_the_door and problem in (events.Problem.LOST, events.Problem.CLOSED_BY_SERVER):
            problem = events.Problem.NOT_LET_IN
        text = ""
        if was_online or not state.refused:
            text = explain_problem(
                problem, state.profile.server, state.goodbye, event.fingerprint, event.detail
            )
        for unfinished in self._multiline.give_up_late(math.inf):
            if not state.has_history:  # else it is fetched whole
                _try(self._take_unfinished, unfinished)
        self._labels.clear()
        self._splits.connection_lost()
        self._typing.connection_lost()
        self._history.connection_lost()
        self.search.connection_lost()
        self._outbox.connection_lost()
        state.connection_ended()
        if was_online:
            for conversation in state.conversations.values():
                if conversation.name or event.retry_in is None:
                    state.complain(conversation, text)
        retry_in = None if state.refused else event.retry_in
        phase = Phase.OFFLINE if retry_in is None else Phase.WAITING
        self._enter_phase(
            events.PhaseChanged(phase, state.refused or problem, text, retry_in, event.fingerprint)
        )

    def _enter_phase(self, change: events.PhaseChanged) -> None:
        self.state.phase = change.phase
        self._phase_since = self.state.timer()
        self.state.emit(change)

    def _ping(self) -> None:
        self.state.pings += 1
        self._ping_token = f"labchat-{self.state.pings}"
        self._ping_at = self.state.timer()
        self.state.send("PING", self._ping_token)

    def _take_pong(self, message: Message) -> None:
        # Some servers put the token first, or return nothing but their name.
        bare = len(message.params) < 2 and message.param(0) in ("", message.source)
        if not self._ping_token or not (bare or self._ping_token in message.params):
            return
        self._ping_token = ""
        # To the `recv`, not to the window's next look into the queue.
        self.state.emit(events.RoundTrip(max(0.0, self._heard_at - self._ping_at)))
        self._outbox.pong_came(self.state.pings)
        try_unanswered_again(self.state, message, self.state.pings - 1)

    def _ask_to_reconnect(self) -> None:
        self.state.emit(events.ReconnectAsked())
        self._phase_since = self._heard_at = self._ping_at = self.state.timer()
