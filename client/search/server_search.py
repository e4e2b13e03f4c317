"""The questions to the server's search, and its answers (the extension soju.im/search, docs/protocol.md)."""

from dataclasses import dataclass, field
from typing import Final

from client.model.costs import cost_of
from client.model.identity import RECLAIMS
from client.model.sanitize import brief, clean, is_name
from client.model.server_time import moment_of, time_of
from client.model.server_words import words_of
from client.model.spoken import spoken
from client.model.state import ClientState
from client.search.sought import Found, Reached, SearchAnswered, Sought
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message, format_message, format_tags
from protocol.text import cut
from translations import _

MAX_SOUGHT: Final = 200
"""Bytes of a text that is looked for: all of it fits into the line."""
AROUND: Final = 30
"""Messages that are asked for on each side of one."""
MAX_FOUND: Final = 1000
MAX_COMING: Final = 2 * 1024 * 1024
"""Messages of one answer, and their bytes; honest servers send fewer."""
PATIENCE: Final = 60.0
"""Seconds after which the user is told that no answer comes."""


@dataclass(slots=True)
class _Question:
    number: int
    asked_at: float
    place: str
    nick: str
    """Where, and by whom, it was said; each may be empty."""
    given_up: bool = False
    batch: str = ""
    """The reference of the answer that is coming."""
    reached: Reached | None = None
    found: list[Found] = field(default_factory=list)
    cost: int = 0


class ServerSearch:
    """Asks the server, which answers each question by a batch, or by a refusal.

    Where the server knows labels, an answer bears that of its question; elsewhere it is taken for that of the
    oldest question to which no answer has begun.
    """

    def __init__(self, state: ClientState) -> None:
        self._state = state
        self._questions: list[_Question] = []
        self._count = 0

    @property
    def is_possible(self) -> bool:
        """Tell whether the server that we are connected with can search its history."""
        wanted = {ircv3.SEARCH, ircv3.BATCH, ircv3.SERVER_TIME}
        return self._state.is_connected and self._state.ready and wanted <= self._state.capabilities

    def ask(self, sought: Sought, beyond: Reached | None = None) -> int:
        """Look for this; return the number that the answer (`SearchAnswered`) will have.

        Args:
            beyond: go on where an answer ended.
        """
        attributes = {"text": cut(sought.text, MAX_SOUGHT), "from": sought.nick, "in": sought.place}
        return self._ask(attributes | {"before": f"msgid={beyond.msgid}" if beyond else ""})

    def ask_around(self, found: Found) -> tuple[int, int]:
        """Ask for what stands before a message, and behind it, with itself; return the answers' numbers."""
        around, at = {"in": found.place, "limit": str(AROUND)}, found.stamp
        if found.msgid and not RECLAIMS.isdisjoint(self._state.capabilities):  # our own server takes ids
            at = f"msgid={found.msgid}"
        return self._ask(around | {"before": at}), self._ask(around | {"after": at})

    def _ask(self, attributes: dict[str, str]) -> int:
        self._count += 1
        place, nick = attributes["in"], attributes.get("from", "")
        self._questions.append(_Question(self._count, self._state.timer(), place, nick))
        given = {name: value for name, value in attributes.items() if value}
        is_labelled = ircv3.LABELED_RESPONSE in self._state.capabilities
        tags = {ircv3.TAG_LABEL: _label(self._count)} if is_labelled else {}
        self._state.send_line(format_message(Message("SEARCH", (format_tags(given),), tags=tags)))
        return self._count

    def take(self, message: Message) -> bool:
        """Take a line if it belongs to an answer; return False if it does not."""
        is_batch, refers, reference = message.command == "BATCH", message.param(0)[:1], message.param(0)[1:]
        batch = reference if is_batch else message.tags.get(ircv3.TAG_BATCH, "")
        begun = next((one for one in self._questions if one.batch == batch != ""), None)
        if begun and not is_batch:
            self._keep(begun, message)
        elif begun and refers == "-":
            self._end(begun)
        elif (question := self._unanswered(message)) is None:
            return False
        elif is_batch and refers == "+" and message.param(1) == ircv3.SEARCH:
            question.batch, question.reached = reference, _reached(message)
        elif refused := _refusal(message):
            self._end(question, refused)
        else:
            return False
        return True

    def _unanswered(self, message: Message) -> _Question | None:
        """Return the question whose answer begins with this line."""
        label = message.tags.get(ircv3.TAG_LABEL)
        waiting = (one for one in self._questions if not one.batch)
        return next((one for one in waiting if label in (None, _label(one.number))), None)

    def _keep(self, question: _Question, message: Message) -> None:
        content, place = spoken(message), self._state.conversation_name(message)
        question.cost += cost_of(message)
        full = len(question.found) >= MAX_FOUND or question.cost > MAX_COMING
        is_elsewhere = not is_name(place) or (
            question.place and not self._state.is_same(place, question.place)
        )
        is_by_other = question.nick and not self._state.is_same(message.nick, question.nick)
        if content is None or full or is_elsewhere or is_by_other or self._state.is_ignored(message.nick):
            return
        question.found.append(
            Found(
                place,
                clean(message.nick),
                time_of(message, self._state.time),
                content[1],
                message.tags.get(ircv3.TAG_MSGID, ""),
                message.tags.get(ircv3.TAG_TIME, ""),
            )
        )

    def _end(self, question: _Question, problem: str = "") -> None:
        self._questions.remove(question)
        if not question.given_up:
            self._tell(question, problem)

    def _tell(self, question: _Question, problem: str) -> None:
        found = tuple(question.found)
        self._state.emit(SearchAnswered(question.number, found, question.reached, problem))

    def give_up_late(self) -> None:
        """To be called about once a second: tell the user of answers that do not come."""
        for question in self._questions:
            if not question.given_up and self._state.timer() - question.asked_at > PATIENCE:
                question.given_up = True
                self._tell(question, _("The server does not answer."))

    def connection_lost(self) -> None:
        """No answer will come any more."""
        while self._questions:
            self._end(self._questions[0], _("The connection was lost."))


def _label(number: int) -> str:
    return f"search{number}"


def _reached(message: Message) -> Reached | None:
    moment, msgid = moment_of(message.tags.get(ircv3.TAG_REACHED, "")), message.tags.get(ircv3.TAG_REACHED_ID)
    return Reached(msgid, moment) if msgid and moment is not None else None


def _refusal(message: Message) -> str:
    """Return why the server did not search, if that is what the line says."""
    if message.command == "FAIL" and message.param(0) == "SEARCH":
        return _("The server did not search: {reason}").format(reason=brief(words_of(message)))
    if message.command == n.RPL_TRYAGAIN and message.param(1) == "SEARCH":
        return _("That was searched very often. Wait a little, and try again.")
    if message.command == n.ERR_UNKNOWNCOMMAND and message.param(1) == "SEARCH":
        return _("This server cannot search.")
    return ""
