"""What the table of results can say of this run, found in its calls, experiments and judgement."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from lab.experiments.experiment import Trial
from lab.judge.check import Mark
from lab.judge.judgement import Judgement
from lab.report.extract import Row
from lab.wire.call_text import format_clock, shorten_text
from protocol import numerics as n
from protocol.message import Message
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


class _Said(NamedTuple):
    """A message on its way."""

    at: int
    """The index of its row."""
    row: Row
    message: Message

    @property
    def to_room(self) -> bool:
        """Whether many get it."""
        return self.message.param(0).startswith(("#", "&"))


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


def _clients(evidence: Evidence) -> list[str]:
    """Return a sentence for each client that was let in: where it came from, and its nick."""
    text = _("{time}: {nick}, {address}")
    return [
        text.format(time=_clock(row), nick=visible(message.param(0)), address=row.client)
        for row in evidence.rows
        if row.from_server
        for message in row.messages
        if message.command == n.RPL_WELCOME
    ]


def _second_client(evidence: Evidence) -> str:
    if clients := _clients(evidence)[1:]:
        return clients[0]
    nicks = {row.client: message.param(0) for row, message in _answers(evidence, n.RPL_WELCOME)}
    for row, message in _answers(evidence, "JOIN"):
        if message.nick != nicks.get(row.client):
            return _("{time}: {nick} enters").format(time=_clock(row), nick=visible(message.nick))
    return ""


def _answers(evidence: Evidence, command: str) -> list[tuple[Row, Message]]:
    """Return what the server has sent of a kind."""
    return [
        (row, message)
        for row in evidence.rows
        if row.from_server
        for message in row.messages
        if message.command == command
    ]


def _taken_nick(evidence: Evidence) -> str:
    for row, message in _answers(evidence, n.ERR_NICKNAMEINUSE):
        return _("{time}: 433 for {nick}").format(time=_clock(row), nick=visible(message.param(1)))
    return ""


def _said(evidence: Evidence) -> list[_Said]:
    """Return what the clients have said to the server."""
    return [
        _Said(at, row, message)
        for at, row in enumerate(evidence.rows)
        if not row.from_server
        for message in row.messages
        if message.command == "PRIVMSG"
    ]


def _to_room(evidence: Evidence) -> str:
    for said in _said(evidence):
        if said.to_room and (copies := _copies(evidence, said)):
            milliseconds = (copies[-1].call.time - said.row.call.time) * 1000
            text = _("{time}: “{text}”, with all in {milliseconds} ms")
            if said.row.call.name == "send":
                text = _("{time}: “{text}”, the echo after {milliseconds} ms")
            return text.format(
                time=_clock(said.row), text=_shown(said.message.param(1)), milliseconds=decimal(milliseconds)
            )
    return ""


def _copies(evidence: Evidence, said: _Said) -> list[Row]:
    """Return the calls that carried a message on from the server."""
    return [
        row
        for row in evidence.rows[said.at + 1 :]
        if row.from_server and any(message.params == said.message.params for message in row.messages)
    ]


def _private(evidence: Evidence) -> str:
    for said in _said(evidence):
        if not said.to_room:
            text = _("{time}: to {nick} alone: “{text}”")
            return text.format(
                time=_clock(said.row), nick=visible(said.message.param(0)), text=_shown(said.message.param(1))
            )
    return ""


def _leave(evidence: Evidence) -> str:
    for row, message in _answers(evidence, "QUIT"):
        return _("{time}: {nick} left").format(time=_clock(row), nick=visible(message.nick))
    return ""


def _crash(evidence: Evidence) -> str:
    lost: Row | None = None
    for row in evidence.rows:
        if row.call.name == "close" and row.call.local:
            lost = row
        elif row.call.name == "connect" and lost:
            text = _("{lost}: connection lost; {back}: connected again")
            return text.format(lost=_clock(lost), back=_clock(row))
    return ""


def _wire(evidence: Evidence) -> str:
    for said in _said(evidence):
        copies = _copies(evidence, said)
        if said.to_room and copies:
            size = _count_bytes(said.row.call.data)
            if said.row.call.name == "send":
                return _("send of {sent}, recv of {received} with the echo").format(
                    sent=size, received=_count_bytes(copies[0].call.data)
                )
            sends = plural("{count} send", "{count} sends", len(copies))
            return _("one recv of {size}, {sends}").format(size=size, sends=sends)
    return ""


def _count_bytes(data: bytes) -> str:
    return plural("{count} byte", "{count} bytes", len(data))


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
    "first": lambda evidence: next(iter(_clients(evidence)), ""),
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
