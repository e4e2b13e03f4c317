"""What a channel shows of itself: TOPIC NAMES LIST (RFC 2812 section 3.2)."""

import re
from collections.abc import Callable
from typing import Final

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.delivery import Portions
from chatroom.lines import fit
from chatroom.replies import send_members, send_topic
from chatroom.state import ServerState
from program.log import log
from protocol import numerics as n
from protocol.masks import matches
from protocol.message import Message
from protocol.text import cut_characters, visible
from protocol.words import number, split_names, upper
from translations import _

_CONDITION: Final = re.compile("[<>!]|[CTct][<>]")


@command("TOPIC", 1)
def topic(state: ServerState, client: Client, message: Message) -> None:
    """TOPIC <channel> [topic]: ask for it, set it, or (empty) clear it."""
    channel = state.find_channel(message.params[0])
    if channel is None or not channel.is_visible_to(client):
        state.reply(client, n.ERR_NOSUCHCHANNEL, message.params[0], "No such channel")
    elif client not in channel.members and not client.is_operator:
        state.reply(client, n.ERR_NOTONCHANNEL, channel.name, "You're not on that channel")
    elif len(message.params) == 1:
        send_topic(state, client, channel)
    elif state.is_muted(client) or ("t" not in channel.modes and not channel.may_speak(client)):
        state.reply(client, n.ERR_CANNOTSENDTOCHAN, channel.name, "Who may not speak may not set the topic")
    elif "t" not in channel.modes or not state.refuse_non_operator(client, channel):
        head = f":{client.source} TOPIC {channel.name} :"
        text = fit(head + cut_characters(message.params[1], state.config.limits.topic_length))[len(head) :]
        if text == channel.topic:
            return
        channel.topic = text
        channel.topic_setter = client.source
        channel.topic_time = state.time
        if state.classroom:
            state.classroom.keep_room(channel)
        state.tell_channel(client, channel, head + text)
        log.info(
            _("{nick} set the topic of {channel}: {topic}").format(
                nick=client.nick, channel=channel.name, topic=visible(channel.topic)
            )
        )


@command("NAMES")
def names(state: ServerState, client: Client, message: Message) -> Portions:
    """NAMES [<channel>{,<channel>}]: without one, all that one may see; one 366 ends the whole answer."""
    wanted = split_names(message.param(0))[: state.config.limits.targets_per_message]
    asked = ",".join(wanted)
    if not asked:
        state.limit_use(client, "NAMES", state.config.limits.lists_per_minute)
    for name in wanted if asked else list(state.channels):
        channel = state.find_channel(name)
        if channel and channel.is_visible_to(client):
            yield from send_members(state, client, channel)
        yield
    state.reply(client, n.RPL_ENDOFNAMES, asked or "*", "End of /NAMES list")


@command("LIST")
def list_(state: ServerState, client: Client, message: Message) -> Portions:
    """LIST [<channel, mask or condition>{,…}]; conditions as 005 ELIST=CMNTU promises."""
    state.limit_use(client, "LIST", state.config.limits.lists_per_minute)
    words = split_names(message.param(0))[: state.config.limits.list_conditions]
    try:
        masks = [_condition(word, state.time) for word in words if not _CONDITION.match(word)]
        conditions = [_condition(word, state.time) for word in words if _CONDITION.match(word)]
    except ValueError:
        masks, conditions = [], [lambda _channel: False]
    state.reply(client, n.RPL_LISTSTART, "Channel", "Users  Name")
    for name in list(state.channels):
        yield
        channel = state.channels.get(name)
        if (
            channel
            and channel.is_visible_to(client)
            and all(condition(channel) for condition in conditions)
            and (not masks or any(mask(channel) for mask in masks))
        ):
            state.reply(client, n.RPL_LIST, channel.name, str(len(channel.members)), channel.topic)
    state.reply(client, n.RPL_LISTEND, "End of /LIST")


def _condition(word: str, now: float) -> Callable[[Channel], bool]:
    """Return the test of one ELIST condition: `>3` users, `C<5` or `T>60` minutes ago, `!mask`, `mask`.

    Raises:
        ValueError: the number is none.
    """
    if word[0] in "<>":
        count = _number(word[1:])
        return lambda channel: _compare(word[0], len(channel.members), count)
    if upper(word[:2]) in ("C<", "C>", "T<", "T>"):
        seconds = 60 * _number(word[2:])
        if word[0] in "Cc":
            return lambda channel: _compare(word[1], now - channel.created, seconds)
        # A room without a topic meets no condition on the topic's age.
        return lambda channel: bool(channel.topic) and _compare(word[1], now - channel.topic_time, seconds)
    if word.startswith("!"):
        return lambda channel: not matches(word[1:], channel.name)
    return lambda channel: matches(word, channel.name)


def _number(text: str) -> int:
    found = number(text)
    if found is None:
        raise ValueError(text)
    return found


def _compare(sign: str, one: float, other: float) -> bool:
    return one > other if sign == ">" else one < other
