"""Handlers of answers to what the window itself has asked, LIST and WHOIS: they are noted, not told.

`client.session` calls `note_answer` with each line that answers such a question.
"""

import re
from itertools import islice
from typing import Final

from client.handlers.errors import refusal_of
from client.handlers.presence import note_bot
from client.model.events import CardChanged, ListingChanged
from client.model.finding.card import MAX_OTHERS, MAX_ROOMS, Card, LookedUp
from client.model.finding.listing import LONGEST_TOPIC, ListedRoom
from client.model.questions import is_refusal
from client.model.sanitize import brief, clean, is_name, last_param, short
from client.model.server_words import raw_words
from client.model.state import ClientState
from protocol import numerics as n
from protocol.message import Message
from protocol.text import cut_characters
from protocol.words import number

_LONGEST_NUMBER: Final = 12
_MODES: Final = re.compile(r"^\[\+[^]]{0,100}\] ?")
"""What some servers write before the topic in a list: `[+nt] `."""


def note_answer(state: ClientState, message: Message) -> None:
    """Note what the server says of its rooms, or of the person whose card is open."""
    if state.questions.noted == "LIST":
        _note_room(state, message)
        state.emit_once(ListingChanged())
    elif state.looked_up:
        _note_person(state, state.looked_up, message)
        state.emit_once(CardChanged())


def _note_room(state: ClientState, message: Message) -> None:
    listing, name = state.listing, message.param(1)
    if message.command == n.RPL_LIST and is_name(name) and state.support.is_channel(name):
        topic = cut_characters(_MODES.sub("", clean(message.param(3))), LONGEST_TOPIC)
        listing.add(ListedRoom(name, state.fold(name), number(message.param(2)) or 0, topic))
    elif message.command == n.RPL_LISTEND:
        listing.end()
    elif is_refusal(message):
        listing.end(brief(refusal_of(message)))


def _note_person(state: ClientState, asked: LookedUp, message: Message) -> None:
    is_about_them = state.is_same(message.param(1), asked.nick)  # else about whose card was open before
    if message.command == n.ERR_NOSUCHNICK:
        if is_about_them:
            asked.end(is_gone=True)
    elif is_refusal(message):
        asked.end(problem=brief(refusal_of(message)))
    elif is_about_them and message.command == n.RPL_ENDOFWHOIS:
        asked.end()
    elif is_about_them:
        if message.command == n.RPL_WHOISUSER:
            asked.begin()
        _fill(state, asked.coming, message)


def _seconds(text: str) -> float | None:
    """Return a count of seconds, or since the epoch; None if it is none, or one of thousands of years."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else None


def _fill(state: ClientState, card: Card, message: Message) -> None:
    last = last_param(message)
    words = brief(last)
    match message.command:
        case n.RPL_WHOISUSER:
            if is_name(message.param(1)):  # else nobody could be asked about it again
                card.nick = message.param(1)
            card.realname = words
            card.address = brief(f"{short(message.param(2))}@{short(message.param(3))}")
        case n.RPL_WHOISIDLE:  # <nick> <idle> [<signon>] :words
            idle, since = _seconds(message.param(2)), _seconds(message.param(3))
            card.spoke = None if idle is None else state.time - idle
            card.since = None if since is None else min(since, state.time)
        case n.RPL_WHOISCHANNELS:
            rooms = filter(None, last.split(" "))
            card.rooms += map(short, islice(rooms, MAX_ROOMS - len(card.rooms)))
        case n.RPL_WHOISSERVER:
            card.server = short(message.param(2))
        case n.RPL_WHOISACCOUNT:
            card.account = short(message.param(2))
        case n.RPL_WHOISACTUALLY if len(message.params) > 3:
            card.host = short(message.params[-2])
        case n.RPL_AWAY:
            card.away = words
        case n.RPL_WHOISOPERATOR:
            card.is_operator = True
        case n.RPL_WHOISSECURE:
            card.is_encrypted = True
        case n.RPL_WHOISBOT:
            card.is_bot = True
            note_bot(state, message.param(1))
        case _ if len(card.others) < MAX_OTHERS and (others := raw_words(message.params[2:])):
            card.others.append(brief(others))
