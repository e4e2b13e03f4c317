"""The server's operator, the teacher: OPER WALLOPS (RFC 2812 sections 3.1.4 and 4.7)."""

from typing import Final

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.state import ReplyError, ServerState
from chatroom.throttle import steady_time
from program.log import log
from protocol import numerics as n
from protocol.message import Message
from protocol.text import visible
from translations import _

OPEN_WIRE: Final = (
    "Others in the network could read the password: become an operator on the server's computer, or over "
    "TLS, or start the server with --oper-from-network"
)


@command("OPER", 2, before_registration=True)
def oper(state: ServerState, client: Client, message: Message) -> None:
    """OPER <name> <password>: become the server's operator (RFC 2812 section 3.1.4).

    Before registration too, so that an operator can come under a nick that is reserved for him.
    """

    def answer(is_right: bool) -> None:
        if is_right:
            make_operator(state, client)
        else:
            refuse("Password incorrect")
            log.warning(
                _("{nick} gave a wrong operator name or password").format(nick=visible(client.known_source))
            )

    def refuse(why: str) -> None:
        if client.registered:
            state.reply(client, n.ERR_PASSWDMISMATCH, why)
        else:  # which would look as if it were about PASS
            state.send(client, f":{state.name} NOTICE {client.target} :OPER: {why}")

    classroom = state.classroom
    if classroom is None:
        raise ReplyError(n.ERR_NOOPERHOST, "No operator is configured on this server")
    if not classroom.operators.may_come_by(client):
        raise ReplyError(n.ERR_NOOPERHOST, OPEN_WIRE)
    is_right = classroom.operators.is_right(client, message.params[0], message.params[1])
    if wait := state.operator_passwords.ask(client, is_right, answer, steady_time()):
        refuse(f"Too many wrong passwords; try again in {wait} seconds")


def make_operator(state: ServerState, client: Client) -> None:
    """Make the client the server's operator and tell it so; one that has not registered, when it has."""
    client.modes.add("o")
    if not (client.registered and state.classroom):
        return
    state.classroom.operators.add(client)
    state.reply(client, n.RPL_YOUREOPER, "You are now an IRC operator")
    state.send(client, f":{client.source} MODE {client.nick} :+o")
    log.info(_("{nick} is the server's operator now").format(nick=client.nick))
    for channel in state.channels_of(client):
        if channel.set_member_mode(client, "o", on=True):
            tell_of_rank(state, client, channel)


def tell_of_rank(state: ServerState, client: Client, channel: Channel) -> None:
    """Tell a channel that the server's operator is its operator too."""
    state.tell_channel(client, channel, f":{state.name} MODE {channel.name} +o {client.nick}")


def check_operator(client: Client) -> None:
    """Raise ReplyError (481) unless the client is an operator of the server."""
    if not client.is_operator:
        raise ReplyError(n.ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator")


@command("WALLOPS", 1)
def wallops(state: ServerState, client: Client, message: Message) -> None:
    """WALLOPS <text>: to everybody with the user mode +w."""
    if not message.params[0]:
        raise ReplyError(n.ERR_NEEDMOREPARAMS, "WALLOPS", "Not enough parameters")
    check_operator(client)
    log.info(_("{nick} announced to all: {text}").format(nick=client.nick, text=visible(message.params[0])))
    told = [other for other in state.clients.values() if other.registered and "w" in other.modes]
    state.relay(told, f":{client.source} WALLOPS :{message.params[0]}")
