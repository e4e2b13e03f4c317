"""KILL: end somebody's connection, and keep them off for some minutes (RFC 2812 section 3.7.1)."""

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.commands.operators import check_operator
from chatroom.commands.verbs.deciding import keep_off
from chatroom.commands.verbs.table import Actor, take_minutes
from chatroom.state import ReplyError, ServerState
from program.log import log
from protocol import numerics as n
from protocol.message import Message
from protocol.text import visible
from translations import _


@command("KILL", 1)
def kill(state: ServerState, client: Client, message: Message) -> None:
    """KILL <nick> [reason]: end somebody's connection; where the reason begins with a number, keep them off
    the server for so many minutes, as the verb `ban` does. Operators are not kept off."""
    check_operator(client)
    target = state.find_client(message.params[0])
    if target is None:
        raise ReplyError(n.ERR_NOSUCHNICK, message.params[0], "No such nick")
    words = message.param(1).split()
    person, minutes = state.person_of(target), take_minutes(words)
    reason = message.param(1) or client.nick
    log.info(
        _("{nick} ended the connection of {target}: {reason}").format(
            nick=client.nick, target=target.nick, reason=visible(reason)
        )
    )
    state.relay([target], f":{client.source} KILL {target.nick} :{reason}")
    if person and minutes and not person.is_operator:
        actor = Actor(client.nick, client.source, client)
        held = state.classroom is not None and state.classroom.may_hold_address(person)
        keep_off(state, actor, person, minutes, " ".join(words), is_of_address=held)
    told = _("Killed ({nick} ({reason}))").format(nick=client.nick, reason=reason)
    state.close(target, f"Killed ({client.nick} ({reason}))", told=told)
