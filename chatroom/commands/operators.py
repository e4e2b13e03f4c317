"""The server's operator, the teacher: OPER KILL WALLOPS (RFC 2812 sections 3.1.4, 3.7.1 and 4.7)."""

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.passwords import same_secret
from chatroom.state import ReplyError, ServerState
from chatroom.throttle import steady_time
from program.log import log
from protocol import numerics as n
from protocol.message import Message
from protocol.text import visible
from translations import _


@command("OPER", 2)
def oper(state: ServerState, client: Client, message: Message) -> None:
    """OPER <name> <password>: become the server's operator (RFC 2812 section 3.1.4)."""

    def answer(is_right: bool) -> None:
        if not is_right:
            state.reply(client, n.ERR_PASSWDMISMATCH, "Password incorrect")
            log.warning(
                _("{nick} gave a wrong operator name or password").format(nick=visible(client.source))
            )
            return
        client.modes.add("o")
        state.reply(client, n.RPL_YOUREOPER, "You are now an IRC operator")
        state.send(client, f":{client.source} MODE {client.nick} :+o")
        log.info(_("{nick} is the server's operator now").format(nick=client.nick))

    config = state.config
    if not config.oper_name:
        raise ReplyError(n.ERR_NOOPERHOST, "No operator is configured on this server")
    is_right = same_secret(message.params[0], config.oper_name)
    is_right &= same_secret(message.params[1], config.oper_password)
    if wait := state.operator_passwords.ask(client, is_right, answer, steady_time()):
        raise ReplyError(n.ERR_PASSWDMISMATCH, f"Too many wrong passwords; try again in {wait} seconds")


def _check_operator(client: Client) -> None:
    if not client.is_operator:
        raise ReplyError(n.ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator")


@command("KILL", 1)
def kill(state: ServerState, client: Client, message: Message) -> None:
    """KILL <nick> [reason]: end somebody's connection."""
    _check_operator(client)
    target = state.find_client(message.params[0])
    if target is None:
        raise ReplyError(n.ERR_NOSUCHNICK, message.params[0], "No such nick")
    reason = message.param(1) or client.nick
    log.info(
        _("{nick} ended the connection of {target}: {reason}").format(
            nick=client.nick, target=target.nick, reason=visible(reason)
        )
    )
    state.relay([target], f":{client.source} KILL {target.nick} :{reason}")
    state.close(target, f"Killed ({client.nick} ({reason}))")


@command("WALLOPS", 1)
def wallops(state: ServerState, client: Client, message: Message) -> None:
    """WALLOPS <text>: to everybody with the user mode +w."""
    if not message.params[0]:
        raise ReplyError(n.ERR_NEEDMOREPARAMS, "WALLOPS", "Not enough parameters")
    _check_operator(client)
    log.info(_("{nick} announced to all: {text}").format(nick=client.nick, text=visible(message.params[0])))
    told = [other for other in state.clients.values() if other.registered and "w" in other.modes]
    state.relay(told, f":{client.source} WALLOPS :{message.params[0]}")
