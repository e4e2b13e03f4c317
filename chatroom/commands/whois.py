"""All about one: WHOIS and WHOWAS (RFC 2812 sections 3.6.2 and 3.6.3)."""

from chatroom.client import Client, Departed
from chatroom.command_table import command
from chatroom.replies import local_time, send_words
from chatroom.state import ReplyError, ServerState
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.names import fold


@command("WHOIS")
def whois(state: ServerState, client: Client, message: Message) -> None:
    """WHOIS [<server>] <nick>."""
    if message.param(1):
        state.check_server(message.params[0])
    nick = message.param(1) or message.param(0)
    if not nick:
        raise ReplyError(n.ERR_NONICKNAMEGIVEN, "No nickname given")
    found = state.find_client(nick)
    if found:
        _send(state, client, found)
    else:
        state.reply(client, n.ERR_NOSUCHNICK, nick, "No such nick")
    state.reply(client, n.RPL_ENDOFWHOIS, found.nick if found else nick, "End of /WHOIS list")


def _send(state: ServerState, client: Client, found: Client) -> None:
    state.reply(client, n.RPL_WHOISUSER, found.nick, found.user, found.host, "*", found.realname)
    channels = [
        channel.prefix(found, every=ircv3.MULTI_PREFIX in client.capabilities) + channel.name
        for channel in state.channels_of(found)
        if channel.shows(found, client)
    ]
    send_words(state, client, f":{state.name} {n.RPL_WHOISCHANNELS} {client.nick} {found.nick} :", channels)
    state.reply(client, n.RPL_WHOISSERVER, found.nick, state.name, state.config.description)
    if found.is_operator:
        state.reply(client, n.RPL_WHOISOPERATOR, found.nick, "is an IRC operator")
    if found is client or client.is_operator:
        state.reply(client, n.RPL_WHOISACTUALLY, found.nick, found.host, "is actually using host")
    if found.secure:
        state.reply(client, n.RPL_WHOISSECURE, found.nick, "is using a secure connection")
    if found.is_bot:
        state.reply(client, n.RPL_WHOISBOT, found.nick, "is a bot")
    if found.away:
        state.reply(client, n.RPL_AWAY, found.nick, found.away)
    idle, signon = str(int(state.time - found.last_spoke)), str(int(found.signon))
    state.reply(client, n.RPL_WHOISIDLE, found.nick, idle, signon, "seconds idle, signon time")


@command("WHOWAS")
def whowas(state: ServerState, client: Client, message: Message) -> None:
    """WHOWAS <nick>{,<nick>} [<count>]: who had it, the latest first."""
    nicks = [nick for nick in message.param(0).split(",") if nick]
    if not nicks:
        raise ReplyError(n.ERR_NONICKNAMEGIVEN, "No nickname given")
    wanted = message.param(1)
    count = int(wanted[:6]) if wanted.isascii() and wanted.isdecimal() else 0
    found: list[Departed] = []
    for nick in dict.fromkeys(nicks[: state.config.limits.targets_per_message]):
        had_it = [gone for gone in reversed(state.whowas) if fold(gone.nick) == fold(nick)]
        found += had_it[: count or None]
        if not had_it:
            state.reply(client, n.ERR_WASNOSUCHNICK, nick, "There was no such nickname")
    for gone in sorted(found, key=lambda gone: gone.time, reverse=True):
        state.reply(client, n.RPL_WHOWASUSER, gone.nick, gone.user, gone.host, "*", gone.realname)
        state.reply(client, n.RPL_WHOISSERVER, gone.nick, state.name, local_time(gone.time))
    state.reply(client, n.RPL_ENDOFWHOWAS, message.params[0], "End of WHOWAS")
