"""What people say: PRIVMSG NOTICE TAGMSG AWAY (RFC 2812 sections 3.3 and 4.1, IRCv3 message-tags)."""

from collections.abc import Callable
from functools import partial
from typing import Final

from chatroom.audience import check_permission, find_audience, places_of, split_rank, tell_if_away
from chatroom.client import TAKES_TAGS, Client
from chatroom.command_table import command
from chatroom.commands.verbs.speaking import tell_all
from chatroom.commands.verbs.table import Actor
from chatroom.history.nonces import FirstCopy
from chatroom.lines import fit, format_client_tags, format_server_tags
from chatroom.state import FailError, ReplyError, ServerState
from chatroom.throttle import steady_time
from protocol import ircv3
from protocol import numerics as n
from protocol.masks import matches
from protocol.message import Message
from protocol.text import cut_characters
from protocol.words import split_names

_PASSING: Final = ircv3.NONCES | {ircv3.TAG_TYPING, ircv3.TAG_DRAFT_TYPING}
"""Client-only tags that nobody will want to know later (IRCv3 typing): a TAGMSG of no others is not kept."""


@command("PRIVMSG")
def privmsg(state: ServerState, client: Client, message: Message) -> None:
    """PRIVMSG <target>{,<target>} <text>."""
    params = message.params
    if not params or not params[0].strip(","):
        raise ReplyError(n.ERR_NORECIPIENT, "No recipient given (PRIVMSG)")
    if len(params) < 2 or not params[1]:
        raise ReplyError(n.ERR_NOTEXTTOSEND, "No text to send")
    _send_to_each(state, client, message, _say)


@command("NOTICE")
def notice(state: ServerState, client: Client, message: Message) -> None:
    """NOTICE <target>{,<target>} <text>: never answered with an error (RFC 2812 section 3.3.2)."""
    if message.param(0) and message.param(1):
        _send_to_each(state, client, message, _say)


def _send_to_each(
    state: ServerState,
    client: Client,
    message: Message,
    send: Callable[[ServerState, Client, Message, str, str], None],
) -> None:
    """Send a message to each of its targets, once; say what cannot be sent, but of a NOTICE nothing."""
    answers = message.command != "NOTICE"
    targets = [message.params[0]]
    if "," in targets[0]:
        most = state.config.limits.targets_per_message
        targets = split_names(",".join("".join(split_rank(target)) for target in targets[0].split(",")))
        if len(targets) > most and answers:
            state.reply(client, n.ERR_TOOMANYTARGETS, targets[most], "Too many targets; the rest is not sent")
        del targets[most:]
    if targets[0].startswith("$") and message.command != "TAGMSG":
        _announce(state, client, message)
        return
    tags = format_client_tags(client, message.tags)
    for number, target in enumerate(targets):
        if number == 1:
            tags = ircv3.for_another_line(tags)
        try:
            send(state, client, message, target, tags)
        except ReplyError as error:
            if answers:
                state.reply(client, error.numeric, *error.params)


def _announce(state: ServerState, client: Client, message: Message) -> None:
    """`NOTICE $$*`: to everybody on the servers of such a name (RFC 2812 section 3.3.1)."""
    if client.is_operator and matches(message.params[0].lstrip("$"), state.name):
        tell_all(state, Actor(client.nick, client.source, client), message.param(1))
    elif message.command != "NOTICE":
        raise ReplyError(n.ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator")


def _say(state: ServerState, client: Client, message: Message, target: str, tags: str) -> None:
    """Pass a text on to one target: find who hears it, ask whether it may be said, keep it, deliver it.

    Args:
        tags: of the message, formatted, as they go to this target.

    Raises:
        ReplyError: nobody is there, or the client may not speak to them.
    """
    client.last_spoke = steady_time()
    text = message.params[1]
    nonce = ircv3.nonce_of(message.tags) if message.tags else ""
    # Before anything else: the target may have left since the first copy came.
    if nonce and (first := state.nonces.find(client.author, places_of(state, target), nonce)):
        _echo_again(state, client, f"{message.command} {target} :{text}", first, tags)
        return

    audience = find_audience(state, client, target)
    check_permission(state, audience, client, text)

    body = fit(f":{client.source} {message.command} {audience.name} :{text}")
    msgid = state.store(client, audience, body, tags)
    if nonce:
        first = FirstCopy(msgid, state.time)
        state.nonces.remember(client.author, places_of(state, audience.name), nonce, first)

    echo = ircv3.ECHO_MESSAGE in client.capabilities
    hearers = audience.members
    if echo and client not in hearers:
        hearers = [*hearers, client]
    state.relay(hearers, body, skip=None if echo else client, msgid=msgid, tags=tags)
    if state.classroom:
        state.classroom.note_hand(client, audience, message.tags, text, state.time)
    if audience.channel is None:
        if message.command == "PRIVMSG":
            tell_if_away(state, client, audience)
        if client in audience.members:
            # A message to oneself comes twice: as the echo, which an answer's label marks, and as to anybody.
            state.labels.after_answer(partial(state.relay, [client], body, msgid=msgid, tags=tags))


def _echo_again(state: ServerState, client: Client, said: str, first: FirstCopy, tags: str) -> None:
    """The client lost its connection before the echo came, and has sent the message again: echo it only."""
    if ircv3.ECHO_MESSAGE in client.capabilities:
        line = f":{client.source} {said}"
        state.send(client, line, format_server_tags(client.tag_set, first.time, first.msgid, tags))


@command("TAGMSG", 1)
def tagmsg(state: ServerState, client: Client, message: Message) -> None:
    """TAGMSG <target>{,<target>}: nothing but tags, for clients that negotiated message-tags."""
    if not client.tag_set & TAKES_TAGS:
        raise ReplyError(n.ERR_UNKNOWNCOMMAND, "TAGMSG", "Unknown command")
    _send_to_each(state, client, message, _send_tags)


def _send_tags(state: ServerState, client: Client, message: Message, target: str, tags: str) -> None:
    audience = find_audience(state, client, target)
    stays = any(tag.startswith("+") and tag not in _PASSING for tag in message.tags)
    check_permission(state, audience, client, "", is_line=stays)
    body = f":{client.source} TAGMSG {audience.name}"
    msgid = ""
    if stays:
        msgid = state.store(client, audience, body, tags, event=True)
    if state.classroom:
        state.classroom.note_hand(client, audience, message.tags, "", state.time)
    hearers = [hearer for hearer in audience.hearers(client) if hearer.tag_set & TAKES_TAGS]
    state.relay(hearers, body, msgid=msgid, tags=tags)
    if audience.is_to_oneself(client):
        state.labels.after_answer(partial(state.relay, [client], body, msgid=msgid, tags=tags))


@command("AWAY")
def away(state: ServerState, client: Client, message: Message) -> None:
    """AWAY [text]: say that one is away, or (without a text) back."""
    if message.param(0) and (why := state.why_hidden(client)):
        raise FailError("MUTED", why)
    client.away = cut_characters(message.param(0), state.config.limits.away_length)
    if client.away:
        state.reply(client, n.RPL_NOWAWAY, "You have been marked as being away")
    else:
        state.reply(client, n.RPL_UNAWAY, "You are no longer marked as being away")
    body = f":{client.source} AWAY" + (f" :{client.away}" if client.away else "")
    state.relay(state.witnesses(client, ircv3.AWAY_NOTIFY), body)
