"""What a PRIVMSG or NOTICE says, as it is shown."""

import re
from typing import Final

from client.model.conversations import WALLOPS, Entry, Kind
from client.model.formatting.codes import read_codes
from client.model.formatting.run import Runs
from client.model.sanitize import clean
from client.model.server_words import in_our_words
from protocol import ctcp, ircv3
from protocol.class_words import DOWN, HAND, UP
from protocol.message import Message, split_source
from translations import _

_SERVICES: Final = re.compile(
    r"(?:nick|chan|memo|oper|host|bot|help|info|stat|game|sasl|hist|bouncer|auth)serv|global", re.IGNORECASE
)
"""Programs of a network or a bouncer that speak as if they were people."""


def spoken(message: Message) -> tuple[Kind, str] | None:
    """Return what was said, cleaned, and how; None if it is a CTCP request or answer."""
    kind = Kind.NOTICE if message.command == "NOTICE" else Kind.MESSAGE
    text = message.param(1)
    if sign := message.tags.get(ircv3.TAG_HAND) or _untagged_hand(message):
        return Kind.ACTION, _of_hand(sign, clean(text))
    if framed := ctcp.parse_ctcp(text):
        if framed.command != ctcp.ACTION:
            return None
        kind, text = Kind.ACTION, framed.text
    if is_server(message.source):
        return Kind.SERVICE, clean_lines(text) if "\n" in text else in_our_words(text)
    return Kind.SERVICE if is_service(message.source) else kind, clean_lines(text)


def formatting(message: Message, shown: str) -> Runs:
    """Return how parts of what was said look; `shown` is the text that `spoken` has returned of it."""
    text = message.param(1)
    framed = ctcp.parse_ctcp(text)
    return read_codes(framed.text if framed else text, shown)


def _untagged_hand(message: Message) -> str:
    """Return UP where a program without the tag raises a hand: by a sign that not every font has."""
    return UP if message.param(0).startswith("@") and message.param(1).startswith(HAND) else ""


def _of_hand(sign: str, text: str) -> str:
    """Return what somebody does who raises a hand in a class, or lowers it."""
    if sign == DOWN:
        return _("lowers the hand")
    words = text.removeprefix(HAND).strip()
    return _("raises the hand: {words}").format(words=words) if words else _("raises the hand")


def is_server(source: str) -> bool:
    """Tell whether a server says this, or nobody: no person's source is a name with a dot and no more."""
    nick, user, host = split_source(source)
    return not nick or ("." in nick and not user and not host)


def is_service(source: str) -> bool:
    """Tell whether a service says this, or a part of a bouncer, with a name like `*status`, `-bip`.

    A nick alone proves nothing: services come from a host of that name, or are called so as users too, which
    where nobody vouches for user names (`~user`) no person can be.
    """
    nick, user, host = split_source(source)
    is_one = _SERVICES.fullmatch(nick) is not None and ("serv" in host.casefold() or user == nick)
    return nick.startswith(("*", "-")) or is_one


def service_name(entry: Entry) -> str:
    """Return whom to name before what a service says; "" for a server, or where it is about others."""
    shown = entry.kind is Kind.SERVICE and not is_server(entry.nick)
    return entry.nick if shown and entry.nick.strip("*") not in ("", "buffextras", "playback") else ""


def audience_of(entry: Entry) -> str:
    """Return for whom alone a message was meant, in the user's language; "" if for all in the room."""
    match entry.audience:
        case "":
            return ""
        case "+":
            return _("only for operators and those with a voice")
        case "@" | "%" | "&" | "~" | "!":
            return _("only for operators")
        case _other if entry.audience == WALLOPS:
            return _("to everybody on the server")
    return _("only for those with {mark}").format(mark=entry.audience)


def clean_lines(text: str) -> str:
    """Return the text clean, with its line feeds (draft/multiline)."""
    return "\n".join(map(clean, text.split("\n"))) if "\n" in text else clean(text)
