"""Who is here: WHO and WHOX, WHOIS, WHOWAS, USERHOST, ISON (RFC 2812 sections 3.6, 4.8 and 4.9)."""

from collections.abc import Iterator
from typing import Final

from chatroom.channel import Channel
from chatroom.client import Client, Departed
from chatroom.command_table import command
from chatroom.delivery import Portions
from chatroom.replies import local_time, send_words
from chatroom.state import ReplyError, ServerState
from chatroom.throttle import steady_time
from protocol import ircv3
from protocol import numerics as n
from protocol.masks import matches
from protocol.message import Message
from protocol.names import fold, is_channel
from protocol.words import number, split_names, unique

_FIELDS: Final = "tcuihsnfdlaor"
"""WHOX fields in the order in which they are sent."""
_MAX_TOKEN: Final = 3
_USERHOST_NICKS: Final = 5


@command("WHO")
def who(state: ServerState, client: Client, message: Message) -> Portions:
    """WHO [<channel, nick or mask> [o] [%<fields>[,<token>]]]; with fields the answer is WHOX's 354."""
    mask = message.param(0) or "*"
    one = is_channel(mask) or state.find_client(mask)
    if not one:
        state.limit_use(client, "WHO", state.config.limits.lists_per_minute)
    flags, percent, fields = message.param(1).partition("%")
    fields, _comma, token = fields.partition(",")
    for found, channel in _find(state, client, "*" if mask == "0" else mask):
        yield
        if found is None or ("o" in flags and not found.is_operator):
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


def _find(state: ServerState, client: Client, mask: str) -> Iterator[tuple[Client | None, Channel | None]]:
    """Look at one after the other; return those that match, and for each of the others None."""
    if is_channel(mask):
        channel = state.find_channel(mask)
        for member in list(channel.members) if channel else ():
            found = channel and member in channel.members and channel.shows(member, client)
            yield (member if found else None), channel
        return
    exact = state.find_client(mask)
    if exact:
        yield exact, None
        return
    visible = {client, *state.peers(client)}
    for other in list(state.clients.values()):
        found = (
            other.registered
            and not other.closed
            and ("i" not in other.modes or other in visible or client.is_operator)
            and any(
                matches(mask, text)
                for text in (
                    *(other.nick, other.user, other.host, other.realname, state.name),
                    *([other.address] if client.is_operator else ()),
                )
            )
        )
        yield (other if found else None), None


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
        "i": found.address if found is client or client.is_operator else "255.255.255.255",
        "h": found.host,
        "s": state.name,
        "n": found.nick,
        "f": away + operator + marks + bot,  # in the order of modern.ircdocs.horse, RPL_WHOREPLY
        "d": "0",
        "l": str(int(steady_time() - found.last_spoke)),
        "a": "0",
        "o": "n/a",
        "r": found.realname,
    }


@command("USERHOST", 1)
def userhost(state: ServerState, client: Client, message: Message) -> None:
    """USERHOST <nick>{ <nick>}: up to five."""
    answers = []
    for nick in unique(message.params)[:_USERHOST_NICKS]:
        found = state.find_client(nick)
        if found:
            operator, away = "*" if found.is_operator else "", "-" if found.away else "+"
            answers.append(f"{found.nick}{operator}={away}{found.user}@{found.host}")
    state.reply(client, n.RPL_USERHOST, " ".join(answers))


@command("ISON", 1)
def ison(state: ServerState, client: Client, message: Message) -> None:
    """ISON <nick>{ <nick>}: which of them are here."""
    nicks = unique(" ".join(message.params).split(" "))
    here = [found.nick for nick in nicks if nick and (found := state.find_client(nick))]
    state.reply(client, n.RPL_ISON, " ".join(here))


@command("WHOIS")
def whois(state: ServerState, client: Client, message: Message) -> Portions:
    """WHOIS [<server>] <nick>."""
    if message.param(1):
        state.check_server(message.params[0])
    nick = message.param(1) or message.param(0)
    if not nick:
        raise ReplyError(n.ERR_NONICKNAMEGIVEN, "No nickname given")
    found = state.find_client(nick)
    if found:
        yield from _send_whois(state, client, found)
    else:
        state.reply(client, n.ERR_NOSUCHNICK, nick, "No such nick")
    state.reply(client, n.RPL_ENDOFWHOIS, found.nick if found else nick, "End of /WHOIS list")


def _send_whois(state: ServerState, client: Client, found: Client) -> Portions:
    state.reply(client, n.RPL_WHOISUSER, found.nick, found.user, found.host, "*", found.realname)
    channels = [
        channel.prefix(found, every=ircv3.MULTI_PREFIX in client.capabilities) + channel.name
        for channel in state.channels_of(found)
        if channel.shows(found, client)
    ]
    yield from send_words(
        state, client, f":{state.name} {n.RPL_WHOISCHANNELS} {client.nick} {found.nick} :", channels
    )
    state.reply(client, n.RPL_WHOISSERVER, found.nick, state.name, state.config.description)
    if found.is_operator:
        state.reply(client, n.RPL_WHOISOPERATOR, found.nick, "is an IRC operator")
    if found is client or client.is_operator:
        state.reply(client, n.RPL_WHOISACTUALLY, found.nick, found.address, "is actually using host")
    if found.secure:
        state.reply(client, n.RPL_WHOISSECURE, found.nick, "is using a secure connection")
    if found.is_bot:
        state.reply(client, n.RPL_WHOISBOT, found.nick, "is a bot")
    if found.away:
        state.reply(client, n.RPL_AWAY, found.nick, found.away)
    idle, signon = str(int(steady_time() - found.last_spoke)), str(int(found.signon))
    state.reply(client, n.RPL_WHOISIDLE, found.nick, idle, signon, "seconds idle, signon time")


@command("WHOWAS")
def whowas(state: ServerState, client: Client, message: Message) -> Portions:
    """WHOWAS <nick>{,<nick>} [<count>]: who had it, the latest first."""
    nicks = split_names(message.param(0))
    if not nicks:
        raise ReplyError(n.ERR_NONICKNAMEGIVEN, "No nickname given")
    del nicks[state.config.limits.targets_per_message :]
    left = dict.fromkeys(map(fold, nicks), number(message.param(1)) or len(state.whowas))
    latest_first: list[Departed] = []
    for gone in reversed(state.whowas):
        nick = fold(gone.nick)
        if left.get(nick):
            left[nick] -= 1
            latest_first.append(gone)
    found = {fold(gone.nick) for gone in latest_first}
    for nick in nicks:
        if fold(nick) not in found:
            state.reply(client, n.ERR_WASNOSUCHNICK, nick, "There was no such nickname")
        yield
    for gone in latest_first:
        state.reply(client, n.RPL_WHOWASUSER, gone.nick, gone.user, gone.host, "*", gone.realname)
        state.reply(client, n.RPL_WHOISSERVER, gone.nick, state.name, local_time(gone.time))
        yield
    state.reply(client, n.RPL_ENDOFWHOWAS, message.params[0], "End of WHOWAS")
