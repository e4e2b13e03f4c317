"""CLASS: the vocabulary of a class, for the server's operators (docs/protocol.md)."""

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.commands.verbs.table import Actor, Sentence, VerbError, run_verb
from chatroom.delivery import Portions
from chatroom.state import FailError, ReplyError, ServerState
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.words import upper


@command("CLASS", 1)
def class_(state: ServerState, client: Client, message: Message) -> Portions:
    """CLASS <verb> [<parameters>…]: what the class's operator can do; CLASS HELP lists it."""
    if not client.is_operator:
        raise ReplyError(n.ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator")
    code = upper(message.params[0])
    if code in ("WATCH", "UNWATCH"):
        return _watch(state, client, on=code == "WATCH")
    return _carry_out(state, client, message, code)


def _watch(state: ServerState, client: Client, *, on: bool) -> Portions:
    """Tell the client's desk all that there is, then (`ServerState.tell_desks`) what changes; or no more."""
    if state.classroom is None or ircv3.DESK not in client.capabilities:
        raise FailError("NEED_CAPABILITY", f"That needs the capability {ircv3.DESK}")
    if on:
        state.classroom.desk.watch(client)
        yield from state.tell_desk(state.classroom, client, state.desk_rows(state.classroom))
    else:
        state.classroom.desk.unwatch(client)


def _carry_out(state: ServerState, client: Client, message: Message, code: str) -> Portions:
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
