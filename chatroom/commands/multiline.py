"""Messages of several lines, such as pasted code (IRCv3 draft/multiline)."""

from dataclasses import dataclass, field
from typing import Final

from chatroom.client import MESSAGE_TAGS, Client
from chatroom.commands.messages import (
    Audience,
    client_only_tags,
    find_audience,
    first_tags,
    hearers_of,
    is_ctcp,
    is_to_oneself,
    tell_if_away,
)
from chatroom.dispatch import command
from chatroom.nonces import Said
from chatroom.state import ServerState, fit
from protocol import ircv3
from protocol.message import Message
from protocol.names import fold

REPEATED_TAGS: Final = 200
"""Characters of tags that may stand before each line of one message."""
NEW_LINE: Final = "\n"
CONTINUED: Final = "\r"


class MultilineError(Exception):
    """The batch is refused: code and context of a FAIL BATCH."""

    def __init__(self, code: str, text: str, *context: str) -> None:
        super().__init__(text)
        self.code = code
        self.context = context


@dataclass(slots=True)
class MultilineBatch:
    """The lines of a message that is being sent."""

    reference: str
    target: str
    opening: Message
    command: str = ""
    lines: list[str] = field(default_factory=list)
    """Each begins with NEW_LINE, or with CONTINUED if it continues the one before."""
    size: int = 0
    refused: bool = False


@command("BATCH", 1)
def batch(state: ServerState, client: Client, message: Message) -> None:
    """BATCH +<reference> draft/multiline <target>, and BATCH -<reference>."""
    sign, reference = message.params[0][:1], message.params[0][1:]
    opened, client.multiline = client.multiline, None
    if sign == "+" and message.param(1) == ircv3.MULTILINE and ircv3.MULTILINE in client.capabilities:
        if opened or not reference or not message.param(2):
            _refuse(state, client, MultilineError("MULTILINE_INVALID", "One batch at a time, with a target"))
            return
        client.multiline = MultilineBatch(reference, message.params[2], message)
        state.answers.expect_more()
    elif sign == "-" and opened and reference == opened.reference:
        if not opened.refused:
            state.answers.give(client, opened.opening, lambda: _finish(state, client, opened))
    else:
        state.fail(client, "BATCH", "INVALID_REFTAG", reference or "*", "No such batch, or of no known type")


@command("BATCH LINE")
def collect(state: ServerState, client: Client, message: Message) -> None:
    """Any line with the tag `batch`: a part of the client's open batch. (No line can have this name.)"""
    opened = client.multiline
    if opened is None or message.tags[ircv3.TAG_BATCH] != opened.reference:
        _refuse(state, client, MultilineError("MULTILINE_INVALID", "The tag names no open batch"))
        return
    state.answers.expect_more()
    if opened.refused:
        return  # it was told once
    try:
        _add(state, opened, message)
    except MultilineError as error:
        opened.refused = True
        refusal = error
        state.answers.give(client, opened.opening, lambda: _refuse(state, client, refusal))


def _refuse(state: ServerState, client: Client, error: MultilineError) -> None:
    state.fail(client, "BATCH", error.code, *error.context, str(error))


def _add(state: ServerState, opened: MultilineBatch, message: Message) -> None:
    limits = state.config.limits
    if message.command not in ("PRIVMSG", "NOTICE") or (opened.command and message.command != opened.command):
        raise MultilineError("MULTILINE_INVALID", "One command, PRIVMSG or NOTICE, in all lines")
    if fold(message.param(0)) != fold(opened.target):
        raise MultilineError(
            "MULTILINE_INVALID_TARGET", "All lines go to one target", opened.target, message.param(0) or "*"
        )
    text, concat = message.param(1), ircv3.TAG_CONCAT in message.tags
    if concat and not text:
        raise MultilineError("MULTILINE_INVALID", "A line that continues another is not empty")
    opened.command = message.command
    opened.size += len(text.encode()) + (0 if concat or not opened.lines else 1)
    if opened.size > limits.multiline_bytes:
        raise MultilineError("MULTILINE_MAX_BYTES", "Too many bytes", str(limits.multiline_bytes))
    opened.lines.append((CONTINUED if concat and opened.lines else NEW_LINE) + text)
    if len(opened.lines) > limits.multiline_lines:
        raise MultilineError("MULTILINE_MAX_LINES", "Too many lines", str(limits.multiline_lines))


def _finish(state: ServerState, client: Client, opened: MultilineBatch) -> None:
    if not any(line[1:] for line in opened.lines):
        _refuse(state, client, MultilineError("MULTILINE_INVALID", "No text in the lines"))
        return
    if said := state.nonces.find(client, opened.target, opened.opening.tags.get(ircv3.TAG_NONCE, "")):
        _echo_again(state, client, opened, said)
        return
    text = next((line[1:] for line in opened.lines if is_ctcp(line[1:])), "")
    audience = find_audience(state, client, opened.target, text, quiet=opened.command == "NOTICE")
    if audience:
        client.last_spoke = state.time
        _send(state, client, opened, audience)


def _send(state: ServerState, client: Client, opened: MultilineBatch, audience: Audience) -> None:
    tags = client_only_tags(client, opened.opening.tags)
    head = f":{client.source} {opened.command} {audience.name} :"
    nonce = opened.opening.tags.get(ircv3.TAG_NONCE, "")
    stored = head + "".join(opened.lines)
    msgid = state.journal.add(audience.history, state.time, stored, tags, audience.parties)
    state.nonces.remember(client, audience.name, nonce, Said(msgid, state.time))

    def relay(hearers: list[Client]) -> None:
        able = [hearer for hearer in hearers if takes_multiline(hearer)]
        if able:
            reference = state.new_batch()
            opening = f":{client.source} BATCH +{reference} {ircv3.MULTILINE} {audience.name}"
            state.relay(able, opening, msgid=msgid, tags=tags)
            for line_tags, line in batched(head, opened.lines, reference):
                state.relay_tagged(able, line_tags, line)
            state.relay_tagged(able, "", f":{state.name} BATCH -{reference}")
        others = [hearer for hearer in hearers if not takes_multiline(hearer)]
        for number, line in enumerate(plain(head, opened.lines)):
            state.relay(others, fit(line), msgid="" if number else msgid, tags=tags_of_line(number, tags))

    relay(hearers_of(client, audience))
    tell_if_away(state, client, audience, opened.command)
    if is_to_oneself(client, audience):
        state.answers.afterwards(lambda: relay([client]))


def _echo_again(state: ServerState, client: Client, opened: MultilineBatch, said: Said) -> None:
    """The batch came twice: only its sender sees it again."""
    if ircv3.ECHO_MESSAGE not in client.capabilities or not takes_multiline(client):
        return
    tags = first_tags(client, said, client_only_tags(client, opened.opening.tags))
    reference = state.new_batch()
    state.send_tagged(client, f":{client.source} BATCH +{reference} {ircv3.MULTILINE} {opened.target}", tags)
    head = f":{client.source} {opened.command} {opened.target} :"
    for line_tags, line in batched(head, opened.lines, reference):
        state.send_tagged(client, line, line_tags)
    state.send(client, f":{state.name} BATCH -{reference}")


def tags_of_line(number: int, tags: str) -> str:
    """Return the client-only tags of one of the separate lines that such a message becomes; 0 is the first.

    Long ones go with the first alone, lest a few bytes become megabytes.
    """
    return tags if number == 0 or len(tags) <= REPEATED_TAGS else ""


def takes_multiline(client: Client) -> bool:
    """Tell whether the client gets such a message as one batch."""
    return ircv3.MULTILINE in client.capabilities and bool(client.tag_set & MESSAGE_TAGS)


def batched(head: str, lines: list[str], reference: str) -> list[tuple[str, str]]:
    """Return tags and line of each part of the message, as they stand in its batch."""
    return [
        (
            f"{ircv3.TAG_BATCH}={reference}" + f";{ircv3.TAG_CONCAT}" * (line[0] == CONTINUED),
            fit(head + line[1:]),
        )
        for line in lines
    ]


def plain(head: str, lines: list[str]) -> list[str]:
    """Return the message as separate lines; empty ones, which PRIVMSG cannot carry, are left out."""
    return [head + line[1:] for line in lines if line[1:]]


def parts(stored: str) -> tuple[str, list[str]]:
    """Take apart a line as the history keeps it; return its head, and no lines if it is an ordinary one."""
    head, colon, text = stored.partition(" :")
    if not text.startswith(NEW_LINE):
        return stored, []
    lines: list[str] = []
    for char_and_text in text.replace(CONTINUED, NEW_LINE + CONTINUED).split(NEW_LINE)[1:]:
        lines.append(char_and_text if char_and_text.startswith(CONTINUED) else NEW_LINE + char_and_text)
    return head + colon, lines
