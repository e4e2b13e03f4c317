"""Who is here: WHO WHOIS (RFC 2812 section 3.6)."""

from collections.abc import Iterable

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.commands import command
from chatroom.state import ServerState
from protocol import numerics as n
from protocol.masks import matches
from protocol.message import Message
from protocol.names import is_channel


@command("WHO")
def who(state: ServerState, client: Client, message: Message) -> None:
    """WHO [<channel, nick or mask> [o]]: the flag `o` keeps operators only."""
    mask = message.param(0) or "*"
    operators_only = message.param(1) == "o"
    for found, channel in _who_matches(state, client, mask):
        if not operators_only or found.is_operator:
            _send_who_reply(state, client, found, channel)
    state.reply(client, n.RPL_ENDOFWHO, mask, "End of WHO list")


def _who_matches(state: ServerState, client: Client, mask: str) -> Iterable[tuple[Client, Channel | None]]:
    if is_channel(mask):
        channel = state.find_channel(mask)
        if channel and channel.is_visible_to(client):
            inside = client in channel.members
            return [(m, channel) for m in channel.members if inside or "i" not in m.modes or m is client]
        return []
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
            matches(mask, text) for text in (other.nick, other.user, other.host, other.realname, other.source)
        )
    ]


def _send_who_reply(state: ServerState, client: Client, found: Client, channel: Channel | None) -> None:
    if channel is None:
        channel = next((c for c in found.channels.values() if c.is_visible_to(client)), None)
    marks = channel.prefix(found, every="multi-prefix" in client.capabilities) if channel else ""
    flags = ("G" if found.away else "H") + ("*" if found.is_operator else "") + marks
    state.reply(
        client,
        n.RPL_WHOREPLY,
        channel.name if channel else "*",
        found.user,
        found.host,
        state.name,
        found.nick,
        flags,
        f"0 {found.realname}",
    )


@command("WHOIS")
def whois(state: ServerState, client: Client, message: Message) -> None:
    """WHOIS [<server>] <nick>."""
    nick = message.param(1) or message.param(0)
    if not nick:
        state.reply(client, n.ERR_NONICKNAMEGIVEN, "No nickname given")
        return
    found = state.find_client(nick)
    if found is None:
        state.reply(client, n.ERR_NOSUCHNICK, nick, "No such nick")
        state.reply(client, n.RPL_ENDOFWHOIS, nick, "End of /WHOIS list")
        return
    state.reply(client, n.RPL_WHOISUSER, found.nick, found.user, found.host, "*", found.realname)
    channels = [
        channel.prefix(found, every="multi-prefix" in client.capabilities) + channel.name
        for channel in found.channels.values()
        if channel.is_visible_to(client)
        and ("i" not in found.modes or client in channel.members or found is client)
    ]
    if channels:
        state.reply(client, n.RPL_WHOISCHANNELS, found.nick, " ".join(channels))
    state.reply(client, n.RPL_WHOISSERVER, found.nick, state.name, state.config.description)
    if found.is_operator:
        state.reply(client, n.RPL_WHOISOPERATOR, found.nick, "is an IRC operator")
    if found is client or client.is_operator:
        state.reply(client, n.RPL_WHOISHOST, found.nick, f"is connecting from {found.host}")
    if found.away:
        state.reply(client, n.RPL_AWAY, found.nick, found.away)
    idle, signon = str(int(state.time - found.last_spoke)), str(int(found.signon))
    state.reply(client, n.RPL_WHOISIDLE, found.nick, idle, signon, "seconds idle, signon time")
    state.reply(client, n.RPL_ENDOFWHOIS, found.nick, "End of /WHOIS list")
