"""CAP: which IRCv3 capabilities a client uses (IRCv3 capability-negotiation, version 302)."""

import dataclasses
from typing import Final

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.commands.registration import try_to_register
from chatroom.lines import MAX_BODY, join_words
from chatroom.state import ServerState
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.words import number, upper

CAPABILITIES: Final[dict[str, str]] = {
    ircv3.AWAY_NOTIFY: "",
    ircv3.BATCH: "",
    ircv3.CAP_NOTIFY: "",
    ircv3.CHATHISTORY: "",
    ircv3.EVENT_PLAYBACK: "",
    ircv3.MESSAGE_REDACTION: "",
    ircv3.MULTILINE: "max-bytes={multiline_bytes},max-lines={multiline_lines}",
    ircv3.DESK: "",
    ircv3.ECHO_MESSAGE: "",
    ircv3.EXTENDED_JOIN: "",
    ircv3.EXTENDED_MONITOR: "",
    ircv3.INVITE_NOTIFY: "",
    ircv3.RECLAIM: "",
    ircv3.FIRST_RECLAIM: "",
    ircv3.LABELED_RESPONSE: "",
    ircv3.MESSAGE_TAGS: "",
    ircv3.MULTI_PREFIX: "",
    ircv3.SEARCH: "",
    ircv3.SERVER_TIME: "",
    ircv3.SETNAME: "",
    ircv3.STANDARD_REPLIES: "",
    ircv3.USERHOST_IN_NAMES: "",
}
"""Name and value (naming limits) of each capability; values are for clients that said `CAP LS 302`."""
_ABOUT_HISTORY: Final = frozenset(
    {ircv3.CHATHISTORY, ircv3.EVENT_PLAYBACK, ircv3.MESSAGE_REDACTION, ircv3.SEARCH}
)
_VERSION_WITH_VALUES: Final = 302


@command("CAP", 1, before_registration=True)
def cap(state: ServerState, client: Client, message: Message) -> None:
    """CAP LS | LIST | REQ | END."""
    subcommand = upper(message.params[0])
    if subcommand == "LS":
        client.cap_version = max(client.cap_version, number(message.param(1)) or 0)
        _suspend(client)
        _send_list(state, client, "LS", _offer(state, client))
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


def _available(state: ServerState) -> set[str]:
    """Return the names of what this server has: without a history or a class, nothing that is about it."""
    lacking = frozenset() if state.history else _ABOUT_HISTORY
    return CAPABILITIES.keys() - lacking - (frozenset() if state.classroom else {ircv3.DESK})


def _offer(state: ServerState, client: Client) -> list[str]:
    names = sorted(_available(state))
    if client.cap_version < _VERSION_WITH_VALUES:
        return names
    values = dataclasses.asdict(state.config.limits)
    return [f"{name}={value.format(**values)}" if (value := CAPABILITIES[name]) else name for name in names]


def _suspend(client: Client) -> None:
    """Negotiation holds registration back until CAP END."""
    if not client.registered:
        client.cap_negotiating = True


def _request(state: ServerState, client: Client, text: str) -> None:
    """Grant all of the request or none of it, as the specification demands."""
    wanted = text.split()
    add = {name for name in wanted if not name.startswith("-")}
    remove = {name[1:] for name in wanted if name.startswith("-")}
    known = add | remove <= _available(state)
    if client.cap_version >= _VERSION_WITH_VALUES:
        remove.discard(ircv3.CAP_NOTIFY)  # part of version 302, it cannot be taken back
    if known:
        client.set_capabilities((client.capabilities | add) - remove)
    state.send(client, f":{state.name} CAP {client.target} {'ACK' if known else 'NAK'} :{text}")


def _send_list(state: ServerState, client: Client, subcommand: str, names: list[str]) -> None:
    """Send a list, over several lines if need be; all but the last are marked with `*`."""
    head = f":{state.name} CAP {client.target} {subcommand}"
    *lines, last = list(join_words(names, MAX_BODY - len(f"{head} * :".encode()))) or [""]
    mark = " *" if client.cap_version >= _VERSION_WITH_VALUES else ""
    for line in lines:
        state.send(client, f"{head}{mark} :{line}")
    state.send(client, f"{head} :{last}")
