"""MONITOR: be told when somebody comes and goes (IRCv3 monitor)."""

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.replies import send_words
from chatroom.state import ServerState
from protocol import numerics as n
from protocol.message import Message
from protocol.names import fold, is_valid_nick


@command("MONITOR", 1)
def monitor(state: ServerState, client: Client, message: Message) -> None:
    """MONITOR + <nick>{,<nick>} | - <nick>{,<nick>} | C | L | S."""
    what = message.params[0].upper()
    nicks = [nick for nick in message.param(1).split(",") if nick]
    if what == "+":
        _add(state, client, nicks)
    elif what == "-":
        for nick in nicks:
            if client.monitoring.pop(fold(nick), None):
                state.unwatch(client, fold(nick))
    elif what == "C":
        for folded in client.monitoring:
            state.unwatch(client, folded)
        client.monitoring.clear()
    elif what == "L":
        _send(state, client, n.RPL_MONLIST, list(client.monitoring.values()))
        state.reply(client, n.RPL_ENDOFMONLIST, "End of MONITOR list")
    elif what == "S":
        _send_status(state, client, list(client.monitoring.values()))


def _add(state: ServerState, client: Client, nicks: list[str]) -> None:
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
    _send_status(state, client, added)


def _send_status(state: ServerState, client: Client, nicks: list[str]) -> None:
    found = [(nick, state.find_client(nick)) for nick in nicks]
    _send(state, client, n.RPL_MONONLINE, [other.source for _nick, other in found if other])
    _send(state, client, n.RPL_MONOFFLINE, [nick for nick, other in found if not other])


def _send(state: ServerState, client: Client, numeric: str, names: list[str]) -> None:
    send_words(state, client, f":{state.name} {numeric} {client.nick} :", names, ",")
