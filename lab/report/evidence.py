"""What the table of results can say of this run, found in its calls, experiments and judgement."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from lab.experiments.experiment import Trial
from lab.judge.check import Mark
from lab.judge.judgement import Judgement
from lab.report.extract import Row, answers
from lab.wire.call_text import format_clock, shorten_text
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.names import fold
from protocol.text import visible
from sockets.tap import Call
from translations import _, decimal, plural

_LONGEST: Final = 60
"""Characters of a message that a cell shows."""


class Evidence(NamedTuple):
    """What was seen."""

    calls: Sequence[Call]
    rows: Sequence[Row]
    """Those of the calls that are worth showing (`lab.report.extract.find_rows`), in the order of time."""
    trials: Sequence[Trial]
    judgement: Judgement | None


class _Second(NamedTuple):
    """How the second client came."""

    row: Row
    nick: str
    was_welcomed: bool
    """Whether the row lets it in; else another client sees it enter a room."""


class _Carried(NamedTuple):
    """A message to a room, and the rows with which the server carried it on."""

    row: Row
    text: str
    copies: list[Row]


def happened(evidence: Evidence) -> dict[str, str]:
    """Return what happened, by the keys of `lab.report.texts.results`; what nobody saw is missing."""
    found = {key: find(evidence) for key, find in _FINDERS.items()}
    return {key: text for key, text in found.items() if text}


def _clock(row: Row) -> str:
    return format_clock(row.call.time)


def _first_call(evidence: Evidence) -> str:
    for call in evidence.calls:
        if call.name in ("listen", "connect"):
            text = (
                _("{time}: listens on {address}")
                if call.name == "listen"
                else _("{time}: answers at {address}")
            )
            return text.format(time=format_clock(call.time), address=call.connection)
    return ""


def _first_client(evidence: Evidence) -> str:
    for row, message in answers(evidence.rows, n.RPL_WELCOME):
        return _welcomed(row, message.param(0))
    return ""


def _second_client(evidence: Evidence) -> str:
    second = _find_second(evidence)
    if second is None:
        return ""
    if second.was_welcomed:
        return _welcomed(second.row, second.nick)
    return _("{time}: {nick} enters").format(time=_clock(second.row), nick=visible(second.nick))


def _welcomed(row: Row, nick: str) -> str:
    """Return the sentence for a client that was let in: its nick, and where it came from."""
    text = _("{time}: {nick}, {address}")
    return text.format(time=_clock(row), nick=visible(nick), address=row.client)


def _find_second(evidence: Evidence) -> _Second | None:
    """Return who comes first under a nick that the first client never had: it may come again, too."""
    first: set[str] = set()
    for row, message in answers(evidence.rows, n.RPL_WELCOME, "NICK", "JOIN"):
        was_welcomed = message.command == n.RPL_WELCOME
        nick = message.param(0) if was_welcomed else message.nick
        if was_welcomed and (row.call.local or not first):  # a window's own calls welcome nobody else
            first.add(fold(nick))
        elif message.command == "NICK" and fold(nick) in first:
            first.add(fold(message.param(0)))
        elif message.command != "NICK" and first and fold(nick) not in first:
            return _Second(row, nick, was_welcomed)
    return None


def _taken_nick(evidence: Evidence) -> str:
    for row, message in answers(evidence.rows, n.ERR_NICKNAMEINUSE):
        return _("{time}: 433 for {nick}").format(time=_clock(row), nick=visible(message.param(1)))
    return ""


def _to_room(evidence: Evidence) -> str:
    carried = _find_carried(evidence)
    if carried is None:
        return ""
    text, copy = _("{time}: “{text}”, with all in {milliseconds} ms"), carried.copies[-1]
    if carried.row.call.name == "send":  # after the echo another one may say the same
        text, copy = _("{time}: “{text}”, the echo after {milliseconds} ms"), carried.copies[0]
    milliseconds = (copy.call.time - carried.row.call.time) * 1000
    return text.format(
        time=_clock(carried.row), text=_shown(carried.text), milliseconds=decimal(milliseconds)
    )


def _find_carried(evidence: Evidence) -> _Carried | None:
    """Return the first message to a room that the server has carried on."""
    said: list[_Carried] = []
    last: dict[tuple[str, ...], _Carried] = {}
    """By its parameters, which the server repeats: what was said last."""
    for row in evidence.rows:
        spoken = {message.params: message for message in row.messages if _is_new(message)}
        for params, message in spoken.items():
            if row.from_server and params in last:
                last[params].copies.append(row)
            elif not row.from_server and _is_to_room(message):
                last[params] = _Carried(row, message.param(1), [])
                said.append(last[params])
    return next((one for one in said if one.copies), None)


def _is_new(message: Message) -> bool:
    """Whether somebody says it now; what the history repeats comes in a batch (IRCv3 chathistory)."""
    return message.command == "PRIVMSG" and ircv3.TAG_BATCH not in message.tags


def _is_to_room(message: Message) -> bool:
    return message.param(0).startswith(("#", "&"))


def _private(evidence: Evidence) -> str:
    for row in evidence.rows:
        for message in row.messages:
            if _is_new(message) and not _is_to_room(message):
                text = _("{time}: to {nick} alone: “{text}”")
                nick, said = visible(message.param(0)), _shown(message.param(1))
                return text.format(time=_clock(row), nick=nick, text=said)
    return ""


def _leave(evidence: Evidence) -> str:
    second = _find_second(evidence)
    if second is None:
        return ""
    nick = fold(second.nick)
    for row, message in answers(evidence.rows, "NICK", "QUIT"):
        if row.call.time < second.row.call.time or fold(message.nick) != nick:
            continue
        if message.command == "QUIT":
            return _("{time}: {nick} left").format(time=_clock(row), nick=visible(message.nick))
        nick = fold(message.param(0))
    return ""


def _crash(evidence: Evidence) -> str:
    lost: Row | None = None
    ended: set[str] = set()
    """Addresses of the clients whose connection one of the sides has ended in words."""
    for row in evidence.rows:
        goodbye = "ERROR" if row.from_server else "QUIT"
        if any(message.command == goodbye for message in row.messages):
            ended.add(row.client)
        if row.call.name == "close" and row.call.local:
            lost = None if row.client in ended else row
        elif row.call.name == "connect" and lost:
            text = _("{lost}: connection lost; {back}: connected again")
            return text.format(lost=_clock(lost), back=_clock(row))
    return ""


def _wire(evidence: Evidence) -> str:
    carried = _find_carried(evidence)
    if carried is None or carried.row.call.local:  # the option shows the calls of a server
        return ""
    size = plural("{count} byte", "{count} bytes", len(carried.row.call.data))
    sends = plural("{count} send", "{count} sends", len(carried.copies))
    return _("one recv of {size}, {sends}").format(size=size, sends=sends)


def _own(evidence: Evidence) -> str:
    judgement = evidence.judgement
    return summarize(judgement) if judgement and judgement.side == "client" else ""


def _judged(evidence: Evidence) -> str:
    return summarize(evidence.judgement) if evidence.judgement else ""


def _predictions(evidence: Evidence) -> str:
    made = [trial for trial in evidence.trials if trial.prediction is not None]
    right = sum(trial.was_right for trial in made)
    text = _("{right} of {count} predictions were right")
    return text.format(right=right, count=len(made)) if made else ""


def _shown(text: str) -> str:
    return shorten_text(visible(text), _LONGEST)


_FINDERS: Final[dict[str, Callable[[Evidence], str]]] = {
    "server": _first_call,
    "first": _first_client,
    "second": _second_client,
    "taken-nick": _taken_nick,
    "room": _to_room,
    "private": _private,
    "leave": _leave,
    "crash": _crash,
    "wire": _wire,
    "own": _own,
    "judge": _judged,
    "experiments": _predictions,
    "report": lambda _evidence: _("This report"),
}


def summarize(judgement: Judgement) -> str:
    """Say how many checks were passed, and which level was reached."""
    text = _("{passed} of {count} checks passed, level {level}")
    passed, count = judgement.count(Mark.PASSED), len(judgement.outcomes)
    return text.format(passed=passed, count=count, level=judgement.level)
