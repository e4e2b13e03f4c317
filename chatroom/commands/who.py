"""Who is here, in tables: WHO and WHOX, USERHOST, ISON (RFC 2812 sections 3.6.1, 4.8 and 4.9)."""

from collections.abc import Iterable
from typing import Final

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.state import ServerState
from protocol import ircv3
from protocol import numerics as n
from protocol.masks import matches
from protocol.message import Message
from protocol.names import is_channel

_FIELDS: Final = "tcuihsnfdlaor"
"""WHOX fields in the order in which they are sent."""
_MAX_TOKEN: Final = 3
_USERHOST_NICKS: Final = 5


@command("WHO")
def who(state: ServerState, client: Client, message: Message) -> None:
    """WHO [<channel, nick or mask> [o] [%<fields>[,<token>]]]; with fields the answer is WHOX's 354."""
    mask = message.param(0) or "*"
    one = is_channel(mask) or state.find_client(mask)
    if not one:
        state.limit_use(client, "WHO", state.config.limits.lists_per_minute)
    flags, percent, fields = message.param(1).partition("%")
    fields, _comma, token = fields.partition(",")
    for found, channel in _find(state, client, "*" if mask == "0" else mask):
        if "o" in flags and not found.is_operator:
            continue
        values = _values(state, client, found, channel)
        if percent:
            values["t"] = token[:_MAX_TOKEN] or "0"
            *middle, last = [values[field] for field in _FIELDS if field in fields] or [""]
            state.reply(client, n.RPL_WHOSPCRPL, *middle, last)
        else:
            middle = [values[field] for field in "cuhsnf"]
            state.reply(client, n.RPL_WHOREPLY, *middle, f"0 {found.realname}")
    state.reply(client, n.RPL_ENDOFWHO, mask, "End of WHO list")


def _find(state: ServerState, client: Client, mask: str) -> Iterable[tuple[Client, Channel | None]]:
    if is_channel(mask):
        channel = state.find_channel(mask)
        if channel is None or not channel.is_visible_to(client):
            return []
        inside = client in channel.members
        return [(m, channel) for m in channel.members if inside or "i" not in m.modes or m is client]
    exact = state.find_client(mask)
    if exact:
        return [(exact, None)]
    visible = {client, *state.peers(client)}
    return [
        (other, None)
        for other in state.clients.values()
        if other.registered
        and ("i" not in other.modes or other in visible or client.is_operator)
        and any(
            matches(mask, text) for text in (other.nick, other.user, other.host, other.realname, state.name)
        )
    ]


def _values(state: ServerState, client: Client, found: Client, channel: Channel | None) -> dict[str, str]:
    """Return every field of an answer."""
    if channel is None:
        channel = next((c for c in state.channels_of(found) if c.shows(found, client)), None)
    marks = channel.prefix(found, every=ircv3.MULTI_PREFIX in client.capabilities) if channel else ""
    away = "G" if found.away else "H"
    operator, bot = "*" if found.is_operator else "", "B" if found.is_bot else ""
    return {
        "c": channel.name if channel else "*",
        "u": found.user,
        "i": found.host if found is client or client.is_operator else "255.255.255.255",
        "h": found.host,
        "s": state.name,
        "n": found.nick,
        "f": away + operator + bot + marks,
        "d": "0",
        "l": str(int(state.time - found.last_spoke)),
        "a": "0",
        "o": "n/a",
        "r": found.realname,
    }


@command("USERHOST", 1)
def userhost(state: ServerState, client: Client, message: Message) -> None:
    """USERHOST <nick>{ <nick>}: up to five."""
    answers = []
    for nick in message.params[:_USERHOST_NICKS]:
        found = state.find_client(nick)
        if found:
            operator, away = "*" if found.is_operator else "", "-" if found.away else "+"
            answers.append(f"{found.nick}{operator}={away}{found.user}@{found.host}")
    state.reply(client, n.RPL_USERHOST, " ".join(answers))


@command("ISON", 1)
def ison(state: ServerState, client: Client, message: Message) -> None:
    """ISON <nick>{ <nick>}: which of them are here."""
    nicks = " ".join(message.params).split(" ")
    here = [found.nick for nick in nicks if nick and (found := state.find_client(nick))]
    state.reply(client, n.RPL_ISON, " ".join(here))
