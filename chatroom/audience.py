"""Who hears a message: everybody in a channel, those of a rank in it (STATUSMSG), or one client."""

from chatroom.channel import Audience, Channel
from chatroom.client import Client
from chatroom.history.rows import Talk, private_target
from chatroom.mode_table import PREFIXES
from chatroom.state import ReplyError, ServerState
from chatroom.throttle import steady_time
from protocol import numerics as n
from protocol.ctcp import ACTION_PREFIX, DELIMITER
from protocol.names import STATUS_MARKS, fold, is_channel


def find_audience(state: ServerState, client: Client, target: str) -> Audience:
    """Find who hears a message to `#channel`, `@#channel` (STATUSMSG) or a nick.

    Raises:
        ReplyError: there is no such channel or client.
    """
    channel = state.find_channel(target)
    if channel:
        return channel.everybody
    rank, name = split_rank(target)
    channel = state.find_channel(name) if rank else None
    if channel is None:
        if is_channel(name):
            raise ReplyError(n.ERR_NOSUCHCHANNEL, target, "No such channel")
        return _private_audience(state, target)
    wanted = [mode for mode, mark in PREFIXES.items() if STATUS_MARKS.index(mark) <= STATUS_MARKS.index(rank)]
    members = [member for member, modes in channel.members.items() if any(m in modes for m in wanted)]
    return Audience(rank + channel.name, members, channel, rank + fold(channel.name))


def split_rank(target: str) -> tuple[str, str]:
    """Split the mark of those who hear a message off the channel's name (STATUSMSG): `@#lab` → `@`, `#lab`.

    Of several marks the lowest holds: who has it, or a higher one, hears the message.
    """
    name = target.lstrip(STATUS_MARKS)
    if name == target or not is_channel(name):
        return "", target
    return max(target[: len(target) - len(name)], key=STATUS_MARKS.index), name


def _private_audience(state: ServerState, nick: str) -> Audience:
    target = state.find_client(nick)
    if target is None:
        raise ReplyError(n.ERR_NOSUCHNICK, nick, "No such nick")
    return Audience(target.nick, (target,), None, private_target(fold(target.nick)), target.author.identity)


def private_talk(state: ServerState, client: Client, nick: str) -> Talk:
    """Return the client's private talk with whoever has, or had, this nick."""
    other = state.find_client(nick)
    return Talk(private_target(fold(nick)), client.identities, other.proof if other else "")


def places_of(state: ServerState, target: str) -> tuple[str, ...]:
    """Return by which names a message to this target is known: its own, and who has that nick now."""
    rank, name = split_rank(target)
    other = state.find_client(target)
    return (rank + fold(name), other.proof) if other and other.proof else (rank + fold(name),)


def check_permission(
    state: ServerState, audience: Audience, client: Client, *texts: str, is_line: bool = True
) -> None:
    """Let the client say these lines to the audience (channel modes `n m b C`; in a class its rules), and
    count in a class that it does.

    Args:
        is_line: it counts.

    Raises:
        ReplyError: it may not.
    """
    channel, classroom = audience.channel, state.classroom
    steady = steady_time() if classroom else 0.0
    if classroom and (why := classroom.why_silent(client, audience, state.time, steady, is_line=is_line)):
        person = classroom.people.of(client)
        if person and person.is_paused_since(steady):
            state.tell_of_silence(person)
        numeric = n.ERR_CANNOTSENDTOCHAN if channel else n.ERR_CANTSENDTOUSER
        raise ReplyError(numeric, channel.name if channel else audience.name, why)
    if channel and not (classroom and classroom.is_to_operators(audience, client)):
        if not channel.may_speak(client):
            raise ReplyError(n.ERR_CANNOTSENDTOCHAN, channel.name, _why_silent(channel, client))
        if "C" in channel.modes and any(map(is_ctcp, texts)):
            text = "Cannot send to channel (+C): no CTCP here"
            raise ReplyError(n.ERR_CANNOTSENDTOCHAN, channel.name, text)
    if classroom and is_line:
        classroom.note_line(client, audience, texts, state.time, steady)


def tell_if_away(state: ServerState, client: Client, audience: Audience) -> None:
    """Answer a private message with the other's away text, if there is one (301)."""
    if audience.channel is None:
        for target in audience.members:
            if target.away:
                state.reply(client, n.RPL_AWAY, target.nick, target.away)


def _why_silent(channel: Channel, client: Client) -> str:
    if client not in channel.members and "n" in channel.modes:
        return "Cannot send to channel (+n): join it first"
    if "m" in channel.modes and not channel.members.get(client):
        return "Cannot send to channel (+m): it is moderated"
    return "Cannot send to channel (+b): you are banned or muted"


def is_ctcp(text: str) -> bool:
    """Tell whether a text holds something for the other side's program (a CTCP request or answer).

    Old programs look for it in the middle of a text too. An action is for people.
    """
    if text.startswith(ACTION_PREFIX):
        text = text.removeprefix(ACTION_PREFIX).removesuffix(DELIMITER)
    return DELIMITER in text
