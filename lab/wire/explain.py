"""What a line of the protocol means, as one sentence for a student."""

from collections.abc import Iterator
from typing import Final

from client.model.server_words import in_our_words
from lab.wire.command_meanings import CAPABILITY_MEANINGS, CLIENT_SENTENCES, SERVER_SENTENCES
from lab.wire.numeric_meanings import NUMERIC_SENTENCES
from protocol.message import Message
from protocol.names import STATUS_MARKS, fold, is_channel
from protocol.text import visible
from protocol.words import upper
from translations import _, translate

_ENOUGH: Final = 16
"""Parameters that a sentence may name."""
_ABSENT: Final = "…"
_SPOKEN_BY_SERVER: Final = frozenset({"ERROR", "QUIT", "KILL", "FAIL", "WARN", "NOTE"})
"""Commands whose text is the server's, who says it in English, and not a person's."""
_SPOKEN_BY_PEOPLE: Final = frozenset({"301", "311", "314", "322", "332"})
"""Numerics that end in what somebody has written: a reason, a name, a topic."""
_FROM_SERVER: Final = SERVER_SENTENCES | NUMERIC_SENTENCES


def explain(message: Message, *, own_nick: str = "", from_server: bool) -> str:
    """Return the meaning of a line in one full sentence, in the language in use.

    Args:
        own_nick: the nick of the client on whose connection the line was seen, where it is known.
        from_server: the server sent it to the client; else the client sent it to the server.
    """
    sentences = _FROM_SERVER if from_server else CLIENT_SENTENCES
    for key in _cases(message, own_nick, from_server=from_server):
        if key in sentences:
            return _fill(translate(sentences[key]), message, from_server=from_server)
    if not from_server:
        text = _("The client sends the command {command}, which this laboratory does not know: {all}.")
    elif message.command.isdecimal():
        text = _("The server answers with the number {command}, which this laboratory does not know: {all}.")
    else:
        text = _("The server sends the command {command}, which this laboratory does not know: {all}.")
    return _fill(text, message, from_server=from_server)


def _cases(message: Message, own_nick: str, *, from_server: bool) -> Iterator[str]:
    """Return the keys under which the sentence may stand, the most exact first."""
    command, params = message.command, message.params
    first = message.param(0)
    if command == "CAP" and upper(first) == "REQ" and params[-1].startswith("-"):
        yield "CAP REQ off"
    if command == "CAP":
        yield f"CAP {upper(message.param(1 if from_server else 0))}"
    if command == "BATCH":
        yield "BATCH start" if first.startswith("+") else "BATCH end"
    if command == "CHATHISTORY":
        yield f"CHATHISTORY {upper(first)}"
    if command == "MODE" and len(params) == 2 and params[1].lstrip("+") in ("b", "e", "I"):
        yield "MODE list"
    if command in ("TOPIC", "MODE") and len(params) == 1:
        yield f"{command} ask"
    if command in ("TOPIC", "AWAY") and not any(params[1:] if command == "TOPIC" else params):
        yield f"{command} empty"
    about = message.param(1) if command == "KICK" else message.nick
    if own_nick and fold(about) == fold(own_nick):
        yield f"{command} own"
    if is_channel(first.lstrip(STATUS_MARKS)):
        yield f"{command} room"
    yield command


def _fill(sentence: str, message: Message, *, from_server: bool) -> str:
    params = [visible(param) or _ABSENT for param in message.params]
    last = params[-1] if params else _ABSENT
    is_answer = message.command.isdecimal() and message.command not in _SPOKEN_BY_PEOPLE
    known = from_server and message.params and (is_answer or message.command in _SPOKEN_BY_SERVER)
    capabilities = message.params[-1].split() if message.params else []
    return sentence.format(
        *params,
        *[_ABSENT] * (_ENOUGH - len(params)),
        command=visible(message.command),
        nick=visible(message.nick) or _ABSENT,
        text=visible(in_our_words(message.params[-1])) if known else last,
        last=last,
        all=" ".join(params) or _ABSENT,
        rest=" ".join(params[1:] if not message.command.isdecimal() else params[2:]) or _ABSENT,
        middle=" ".join(params[1:-1]) or _ABSENT,
        names=", ".join(visible(name.partition("=")[0]) for name in capabilities) or _ABSENT,
        meanings=_meanings(capabilities) if message.command == "CAP" else "",
    )


def _meanings(names: list[str]) -> str:
    told = []
    for name in names:
        meaning = CAPABILITY_MEANINGS.get(name.lstrip("-").partition("=")[0])
        told.append(f"{visible(name)} ({translate(meaning)})" if meaning else visible(name))
    return ", ".join(told) or _ABSENT
