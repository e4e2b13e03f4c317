"""A client's line, checked against the table of commands and handed to the command's function."""

import contextlib
import importlib
import pkgutil

from chatroom import commands
from chatroom.client import Client
from chatroom.command_table import COMMANDS
from chatroom.commands.multiline import collect_line
from chatroom.delivery import Portions
from chatroom.state import FailError, ReplyError, ServerState
from program.log import log
from protocol import ircv3
from protocol import numerics as n
from protocol.message import (
    BYTE_ORDER_MARK,
    LineTooLongError,
    MalformedLineError,
    Message,
    Utf16Error,
    decode,
    parse,
)

for _module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{_module.name}")  # each enters its commands into the table


def parse_line(raw: bytes) -> Message | ValueError:
    """Parse a line; return, rather than raise, what is wrong with it."""
    try:
        return decode(raw)
    except ValueError as error:
        return error


def handle_line(state: ServerState, client: Client, line: Message | ValueError) -> Portions | None:
    """Act on a line from a client, or on the reason why it is none; return the rest of a long answer.

    Neither this nor a step of the answer ever raises. The client's next line MUST wait for the last step.
    """
    if client.closed:
        return None
    client.ping_sent = False
    state.advance_time()
    try:
        if isinstance(line, ValueError):
            _reject(state, client, line)
            return None
        if ircv3.TAG_LABEL in line.tags:
            portions = state.labels.label_answer(client, line, lambda: _run_command(state, client, line))
        else:
            portions = _run_command(state, client, line)
    except Exception:
        _report_fault(state, client, line)
        return None
    return portions and _go_on(state, client, line, portions)


def _go_on(state: ServerState, client: Client, line: Message, portions: Portions) -> Portions:
    """Take the steps of an answer, as long as there is somebody whom it can reach."""
    only_answers = COMMANDS[line.command].only_answers
    try:
        while not (client.closed or (client.gone and only_answers)):
            next(portions)
            yield
            state.advance_time()
    except StopIteration:
        pass
    except Exception:
        _report_fault(state, client, line)


def _report_fault(state: ServerState, client: Client, line: Message | ValueError) -> None:
    # Not the whole line: there may be a password in it.
    command = line.command if isinstance(line, Message) else type(line).__name__
    log.exception("client %s, command %s", client.source or client.id, command)
    state.reply(client, n.ERR_UNKNOWNERROR, "*", "Internal error; the server's console tells more")


def _run_command(state: ServerState, client: Client, message: Message) -> Portions | None:
    command = COMMANDS.get(message.command)
    if command is None and message.command.startswith(BYTE_ORDER_MARK):
        text = "The line begins with a byte order mark (EF BB BF): send UTF-8 without it"
        state.fail(client, "*", "BYTE_ORDER_MARK", text)
    elif not client.registered and not (command and command.before_registration):
        state.reply(client, n.ERR_NOTREGISTERED, "You have not registered")
    elif ircv3.TAG_BATCH in message.tags and ircv3.MULTILINE in client.capabilities:
        collect_line(state, client, message)
    elif command is None:
        state.reply(client, n.ERR_UNKNOWNCOMMAND, message.command, "Unknown command")
    elif len(message.params) < command.minimum:
        state.reply(client, n.ERR_NEEDMOREPARAMS, message.command, "Not enough parameters")
    elif not (client.gone and command.only_answers):
        try:
            portions = command.handler(state, client, message)
        except (ReplyError, FailError) as error:
            _refuse(state, client, message, error)
        else:
            return portions and _refusing(state, client, message, portions)
    return None


def _refusing(state: ServerState, client: Client, message: Message, portions: Portions) -> Portions:
    try:
        yield from portions
    except (ReplyError, FailError) as error:
        _refuse(state, client, message, error)


def _refuse(state: ServerState, client: Client, message: Message, error: ReplyError | FailError) -> None:
    if isinstance(error, ReplyError):
        state.reply(client, error.numeric, *error.params)
    else:
        state.fail(client, message.command, error.code, *error.context, str(error))


def _reject(state: ServerState, client: Client, reason: ValueError) -> None:
    if isinstance(reason, LineTooLongError):
        state.reply(client, n.ERR_INPUTTOOLONG, "Input line was too long")
    elif isinstance(reason, Utf16Error):
        state.fail(client, "*", "INVALID_UTF8", "Message rejected, it is UTF-16: send UTF-8")
    elif isinstance(reason, UnicodeDecodeError):
        with contextlib.suppress(MalformedLineError):
            message = parse(reason.object.decode("utf-8", "replace"))
            text = "Message rejected, it is not valid UTF-8"
            state.labels.label_answer(
                client, message, lambda: state.fail(client, message.command, "INVALID_UTF8", text)
            )
