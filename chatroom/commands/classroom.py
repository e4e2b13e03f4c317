"""CLASS: the vocabulary of a class, for the server's operators (docs/protocol.md)."""

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.commands.verbs.table import Actor, Sentence, VerbError, run_verb
from chatroom.delivery import Portions
from chatroom.state import ReplyError, ServerState
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.words import upper


@command("CLASS", 1)
def class_(state: ServerState, client: Client, message: Message) -> Portions:
    """CLASS <verb> [<parameters>…]: what the class's operator can do; CLASS HELP lists it."""
    if not client.is_operator:
        raise ReplyError(n.ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator")
    return _carry_out(state, client, message)


def _carry_out(state: ServerState, client: Client, message: Message) -> Portions:
    code = upper(message.params[0])
    actor = Actor(client.nick, client.source, client)
    try:
        for sentence in run_verb(state, actor, " ".join(message.params)):
            if sentence:
                _say(state, client, "NOTE", code, sentence)
            yield
    except VerbError as error:
        _say(state, client, "FAIL", error.code, error.sentence)


def _say(state: ServerState, client: Client, command: str, code: str, sentence: Sentence) -> None:
    """Send a sentence as a standard reply, or as a notice to a client that does not know these."""
    if ircv3.STANDARD_REPLIES in client.capabilities:
        state.send(client, f":{state.name} {command} CLASS {code} :{sentence.english()}")
    else:
        state.send(client, f":{state.name} NOTICE {client.nick} :{sentence.english()}")
