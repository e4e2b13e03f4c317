"""Handlers of what the server says of itself and of our connection: features, PING, ERROR, our host."""

from typing import Final

from client.handlers.table import on
from client.model.conversations import WALLOPS, Kind
from client.model.sanitize import clean
from client.model.server_words import in_our_words, words_of
from client.model.state import ClientState
from protocol import numerics as n
from protocol.message import Message, split_source
from protocol.text import cut, cut_characters
from translations import _

LONGEST_TOKEN: Final = 450
"""Bytes of a PING that fit into the PONG."""


@on(n.RPL_ISUPPORT)
def _features(state: ClientState, message: Message) -> None:
    before, tokens = state.support.fold, message.params[1:-1]
    if any(room.joined for room in state.wanted_rooms):  # no honest server changes now what is a room
        tokens = tuple(one for one in tokens if one.lstrip("-").partition("=")[0] != "CHANTYPES")
    state.support.update(tokens)
    named, state.support.fold = state.support.fold, before
    if named is not before:
        state.compare_names_by(named)


@on("PING")
def _ping(state: ClientState, message: Message) -> None:
    state.send("PONG", cut(message.params[-1] if message.params else "", LONGEST_TOKEN))


@on("ERROR")
def _error(state: ClientState, message: Message) -> None:
    state.goodbye = cut_characters(words_of(message), 300)


@on("KILL", needs=2)
def _kill(state: ClientState, message: Message) -> None:
    """An operator ends our connection; why the server closes it comes in its ERROR."""
    text = _("{nick} ends your connection").format(nick=clean(message.nick))
    if state.is_me(message.param(0)):
        state.complain(state.server_talk, f"{text}: {in_our_words(message.param(1))}")


@on("WALLOPS", needs=1)
def _wallops(state: ClientState, message: Message) -> None:
    """An operator says something to everybody who wants to hear it (user mode `w`), wherever they are."""
    entry = state.make_entry(
        Kind.NOTICE, clean(message.params[-1]), message=message, nick=clean(message.nick)
    )
    entry.audience = WALLOPS
    if state.remember_message(message):
        state.append_entry(state.server_talk, entry)


@on(n.RPL_VISIBLEHOST, needs=2)
def _host_changed(state: ClientState, message: Message) -> None:
    user = split_source(state.source).user
    if user:
        state.source = f"{state.nick}!{user}@{message.param(1)[:100]}"


@on("CHGHOST", needs=2)
def _chghost(state: ClientState, message: Message) -> None:
    if state.is_me(message.nick):
        state.source = f"{state.nick}!{message.param(0)[:50]}@{message.param(1)[:100]}"
