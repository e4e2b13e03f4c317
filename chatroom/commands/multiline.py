"""Messages of several lines, such as pasted code (IRCv3 draft/multiline)."""

from collections.abc import Callable

from chatroom.audience import check_permission, find_audience, places_of, tell_if_away
from chatroom.channel import Audience
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.history.nonces import FirstCopy
from chatroom.lines import format_client_tags
from chatroom.multiline_batch import CONTINUED, NEW_LINE, MultilineBatch, batch_lines, separate_lines
from chatroom.replies import send_copy
from chatroom.state import FailError, ReplyError, ServerState
from chatroom.throttle import steady_time
from protocol import ircv3
from protocol.message import Message
from protocol.names import fold


@command("BATCH", 1)
def batch(state: ServerState, client: Client, message: Message) -> None:
    """BATCH +<reference> draft/multiline <target>, and BATCH -<reference>."""
    sign, reference = message.params[0][:1], message.params[0][1:]
    opened, client.multiline = client.multiline, None
    if sign == "+" and message.param(1) == ircv3.MULTILINE and ircv3.MULTILINE in client.capabilities:
        if opened or not reference or not message.param(2):
            raise FailError("MULTILINE_INVALID", "One batch at a time, with a target")
        client.multiline = MultilineBatch(reference, message.params[2], message)
        state.labels.expect_more()
    elif sign == "-" and opened and reference == opened.reference:
        if message.tags.get(ircv3.TAG_LABEL) == opened.opening.tags.get(ircv3.TAG_LABEL):
            state.labels.expect_more()
        if not opened.refused:
            _answer(state, client, opened, lambda: _finish(state, client, opened))
    else:
        raise FailError("INVALID_REFTAG", "No such batch, or of no known type", reference or "*")


def collect_line(state: ServerState, client: Client, message: Message) -> None:
    """Take any line with the tag `batch`: a part of the client's open batch."""
    opened = client.multiline
    if opened is None or message.tags[ircv3.TAG_BATCH] != opened.reference:
        state.fail(client, "BATCH", "MULTILINE_INVALID", "The tag names no open batch")
        return
    state.labels.expect_more()
    if opened.refused:
        return  # it was told once
    try:
        _add(state, opened, message)
    except FailError as error:
        opened.refused = True
        refusal = (error.code, *error.context, str(error))
        _answer(state, client, opened, lambda: state.fail(client, "BATCH", *refusal))


def _answer(state: ServerState, client: Client, opened: MultilineBatch, act: Callable[[], None]) -> None:
    """Answer the message, not its line that is being handled: the label of each marks its own answer."""
    state.labels.after_answer(lambda: state.labels.label_answer(client, opened.opening, act))


def _add(state: ServerState, opened: MultilineBatch, message: Message) -> None:
    limits = state.config.limits
    if message.command not in ("PRIVMSG", "NOTICE") or (opened.command and message.command != opened.command):
        raise FailError("MULTILINE_INVALID", "One command, PRIVMSG or NOTICE, in all lines")
    if fold(message.param(0)) != fold(opened.target):
        raise FailError(
            "MULTILINE_INVALID_TARGET", "All lines go to one target", opened.target, message.param(0) or "*"
        )
    text, concat = message.param(1), ircv3.TAG_CONCAT in message.tags
    if concat and not text:
        raise FailError("MULTILINE_INVALID", "A line that continues another is not empty")
    opened.command = message.command
    opened.size += len(text.encode()) + (0 if concat or not opened.lines else 1)
    if opened.size > limits.multiline_bytes:
        raise FailError("MULTILINE_MAX_BYTES", "Too many bytes", str(limits.multiline_bytes))
    opened.lines.append((CONTINUED if concat and opened.lines else NEW_LINE) + text)
    if len(opened.lines) > limits.multiline_lines:
        raise FailError("MULTILINE_MAX_LINES", "Too many lines", str(limits.multiline_lines))


def _finish(state: ServerState, client: Client, opened: MultilineBatch) -> None:
    if not any(line[1:] for line in opened.lines):
        state.fail(client, "BATCH", "MULTILINE_INVALID", "No text in the lines")
        return
    nonce = ircv3.nonce_of(opened.opening.tags)
    if first := state.nonces.find(client.author, places_of(state, opened.target), nonce):
        if ircv3.ECHO_MESSAGE in client.capabilities:  # nobody but its sender sees it again
            said = f":{client.source} {opened.command} {opened.target} :{''.join(opened.lines)}"
            send_copy(
                state, client, said, first.time, first.msgid, format_client_tags(client, opened.opening.tags)
            )
        return
    try:
        audience = find_audience(state, client, opened.target)
        check_permission(state, audience, client, *(line[1:] for line in opened.lines))
    except ReplyError as error:
        if opened.command == "PRIVMSG":
            state.reply(client, error.numeric, *error.params)
        return
    client.last_spoke = steady_time()
    _send(state, client, opened, audience)


def _send(state: ServerState, client: Client, opened: MultilineBatch, audience: Audience) -> None:
    tags = format_client_tags(client, opened.opening.tags)
    head = f":{client.source} {opened.command} {audience.name} :"
    nonce = ircv3.nonce_of(opened.opening.tags)
    stored = head + "".join(opened.lines)
    msgid = state.store(client, audience, stored, tags)
    first = FirstCopy(msgid, state.time)
    state.nonces.remember(client.author, places_of(state, audience.name), nonce, first)

    def relay(hearers: list[Client]) -> None:
        able = [hearer for hearer in hearers if hearer.takes_multiline]
        if able:
            reference = state.new_batch()
            opening = f":{client.source} BATCH +{reference} {ircv3.MULTILINE} {audience.name}"
            state.relay(able, opening, msgid=msgid, tags=tags)
            for line_tags, line in batch_lines(head, opened.lines, reference):
                state.relay_tagged(able, line_tags, line)
            state.relay_tagged(able, "", f":{state.name} BATCH -{reference}")
        others = [hearer for hearer in hearers if not hearer.takes_multiline]
        for number, (line_tags, line) in enumerate(separate_lines(head, opened.lines, tags)):
            state.relay(others, line, msgid="" if number else msgid, tags=line_tags)

    relay(audience.hearers(client))
    if opened.command == "PRIVMSG":
        tell_if_away(state, client, audience)
    if audience.is_to_oneself(client):
        state.labels.after_answer(lambda: relay([client]))
