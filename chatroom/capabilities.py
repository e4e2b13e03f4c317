"""CAP: which IRCv3 capabilities a client uses (IRCv3 capability-negotiation, version 302)."""

from typing import Final

from chatroom.client import Client
from chatroom.commands import command
from chatroom.registration import try_to_register
from chatroom.state import ServerState
from protocol import numerics as n
from protocol.message import Message

CAPABILITIES: Final[dict[str, str]] = {
    "batch": "",
    "draft/chathistory": "",
    "echo-message": "",
    "labeled-response": "",
    "message-tags": "",
    "multi-prefix": "",
    "server-time": "",
    "standard-replies": "",
}
"""Name and value of each capability; the value is shown to clients that asked with `CAP LS 302`."""
_VERSION_WITH_VALUES: Final = 302


@command("CAP", 1, before_registration=True)
def cap(state: ServerState, client: Client, message: Message) -> None:
    """CAP LS | LIST | REQ | END."""
    subcommand = message.params[0].upper()
    if subcommand == "LS":
        if message.param(1).isdecimal():
            client.cap_version = max(client.cap_version, int(message.param(1)[:6]))
        _suspend(client)
        with_values = client.cap_version >= _VERSION_WITH_VALUES
        _send_list(
            state, client, "LS", [f"{k}={v}" if v and with_values else k for k, v in CAPABILITIES.items()]
        )
    elif subcommand == "LIST":
        _send_list(state, client, "LIST", sorted(client.capabilities))
    elif subcommand == "REQ":
        _suspend(client)
        _request(state, client, message.param(1))
    elif subcommand == "END":
        if client.cap_negotiating:
            client.cap_negotiating = False
            try_to_register(state, client)
    else:
        state.reply(client, n.ERR_INVALIDCAPCMD, message.params[0], "Invalid CAP command")


def _suspend(client: Client) -> None:
    """Negotiation holds registration back until CAP END."""
    if not client.registered:
        client.cap_negotiating = True


def _request(state: ServerState, client: Client, text: str) -> None:
    """Grant all of the request or none of it, as the specification demands."""
    wanted = text.split()
    add = {name for name in wanted if not name.startswith("-")}
    remove = {name[1:] for name in wanted if name.startswith("-")}
    known = add | remove <= CAPABILITIES.keys()
    if known:
        client.set_capabilities((client.capabilities | add) - remove)
    state.send(client, f":{state.name} CAP {client.target} {'ACK' if known else 'NAK'} :{text}")


def _send_list(state: ServerState, client: Client, subcommand: str, names: list[str]) -> None:
    """Send a list, over several lines if need be; all but the last are marked with `*`."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > state.config.limits.capabilities_line:
            lines.append("")
        lines[-1] += f"{name} "
    head = f":{state.name} CAP {client.target} {subcommand}"
    for line in lines[:-1]:
        if client.cap_version >= _VERSION_WITH_VALUES:
            state.send(client, f"{head} * :{line.rstrip()}")
        else:
            state.send(client, f"{head} :{line.rstrip()}")
    state.send(client, f"{head} :{lines[-1].rstrip()}")
