"""MONITOR: be told when somebody comes and goes (IRCv3 monitor)."""

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.delivery import Portions
from chatroom.replies import send_words
from chatroom.state import ServerState
from protocol import numerics as n
from protocol.message import Message
from protocol.names import fold, is_valid_nick
from protocol.words import split_names, upper


@command("MONITOR", 1)
def monitor(state: ServerState, client: Client, message: Message) -> Portions | None:
    """MONITOR + <nick>{,<nick>} | - <nick>{,<nick>} | C | L | S."""
    what = upper(message.params[0])
    nicks = split_names(message.param(1))
    if what == "+":
        return _add(state, client, nicks)
    if what == "-":
        for nick in nicks:
            if client.monitoring.pop(fold(nick), None):
                state.unwatch(client, fold(nick))
    elif what == "C":
        for folded in client.monitoring:
            state.unwatch(client, folded)
        client.monitoring.clear()
    elif what == "L":
        return _send_list(state, client)
    elif what == "S":
        return _send_status(state, client, list(client.monitoring.values()))
    return None


def _send_list(state: ServerState, client: Client) -> Portions:
    yield from _send(state, client, n.RPL_MONLIST, list(client.monitoring.values()))
    state.reply(client, n.RPL_ENDOFMONLIST, "End of MONITOR list")


def _add(state: ServerState, client: Client, nicks: list[str]) -> Portions:
    limit = state.config.limits.monitor
    added: list[str] = []
    for index, nick in enumerate(nicks):
        if not is_valid_nick(nick):
            continue
        if fold(nick) not in client.monitoring:
            if len(client.monitoring) >= limit:
                full = ",".join(nicks[index:])
                state.reply(client, n.ERR_MONLISTFULL, str(limit), full, "Monitor list is full.")
                break
            client.monitoring[fold(nick)] = nick
            state.watch(client, nick)
        added.append(nick)
    return _send_status(state, client, added)


def _send_status(state: ServerState, client: Client, nicks: list[str]) -> Portions:
    found = [(nick, state.find_client(nick)) for nick in nicks]
    yield from _send(state, client, n.RPL_MONONLINE, [other.source for _nick, other in found if other])
    yield from _send(state, client, n.RPL_MONOFFLINE, [nick for nick, other in found if not other])


def _send(state: ServerState, client: Client, numeric: str, names: list[str]) -> Portions:
    return send_words(state, client, f":{state.name} {numeric} {client.nick} :", names, ",")
