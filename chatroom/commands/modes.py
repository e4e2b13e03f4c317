"""MODE of channels and users (RFC 2811 section 4, RFC 2812 sections 3.1.5 and 3.2.3)."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from chatroom.channel import MUTE, Channel, ListEntry
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.delivery import Portions
from chatroom.lines import MAX_BODY, is_middle
from chatroom.mode_table import CHANNEL_MODES, LIST_MODES, USER_MODES, ModeKind, takes_parameter
from chatroom.state import ReplyError, ServerState
from program.log import log
from protocol import numerics as n
from protocol.message import Message
from protocol.modes import ModeChange, format_mode_changes, parse_mode_changes
from protocol.names import fold, is_channel
from protocol.text import visible
from protocol.user_masks import complete_user_mask
from protocol.words import number
from translations import _

MAX_LIMIT: Final = 1_000_000
_LISTS: Final = {
    "b": (n.RPL_BANLIST, n.RPL_ENDOFBANLIST, "ban"),
    "e": (n.RPL_EXCEPTLIST, n.RPL_ENDOFEXCEPTLIST, "exception"),
    "I": (n.RPL_INVEXLIST, n.RPL_ENDOFINVEXLIST, "invite exception"),
}


@command("MODE", 1)
def mode(state: ServerState, client: Client, message: Message) -> Portions | None:
    """MODE <channel or own nick> [<modes> [<parameters>…]]."""
    if is_channel(message.params[0]):
        return _channel_mode(state, client, message)
    _user_mode(state, client, message)
    return None


def _user_mode(state: ServerState, client: Client, message: Message) -> None:
    target = state.find_client(message.params[0])
    if target is None:
        state.reply(client, n.ERR_NOSUCHNICK, message.params[0], "No such nick")
    elif target is not client:
        state.reply(client, n.ERR_USERSDONTMATCH, "Cannot change mode for other users")
    elif len(message.params) == 1:
        state.reply(client, n.RPL_UMODEIS, "+" + "".join(sorted(client.modes)))
    else:
        before = frozenset(client.modes)
        unknown = False
        for change in parse_mode_changes(message.params[1], (), takes_parameter):
            if change.letter not in USER_MODES:
                unknown = True
            elif not change.adding:
                client.modes.discard(change.letter)
                if change.letter == "o" and "o" in before:
                    _give_role_up(state, client)
            elif change.letter != "o":  # that comes from OPER alone, and is ignored here
                client.modes.add(change.letter)
        if unknown:
            state.reply(client, n.ERR_UMODEUNKNOWNFLAG, "Unknown MODE flag")
        changed = sorted(before ^ client.modes, key=lambda mode: (mode in before, mode))
        done = [ModeChange(mode not in before, mode, None) for mode in changed]
        if done:
            state.send(client, f":{client.source} MODE {client.nick} {format_mode_changes(done)}")


def _give_role_up(state: ServerState, client: Client) -> None:
    """Let an operator of the server be one no more, nor rule rooms of the class by the mark that he got."""
    if state.classroom:
        state.classroom.operators.give_up(client)
    for channel in state.channels_of(client):
        if channel.of_class and set_rank(state, channel, client, "o", on=False):
            state.tell_channel(client, channel, f":{state.name} MODE {channel.name} -o {client.nick}")


def _channel_mode(state: ServerState, client: Client, message: Message) -> Portions | None:
    name, *rest = message.params
    channel = state.find_channel(name)
    if channel is None or not channel.is_visible_to(client):
        raise ReplyError(n.ERR_NOSUCHCHANNEL, name, "No such channel")
    if not rest:
        inside = client in channel.members or client.is_operator
        params = " ".join(channel.mode_string(with_key=inside))
        state.send(client, f":{state.name} {n.RPL_CHANNELMODEIS} {client.nick} {channel.name} {params}")
        state.reply(client, n.RPL_CREATIONTIME, channel.name, str(int(channel.created)))
        return None
    done: list[ModeChange] = []
    may_change: bool | None = None
    listed: dict[str, None] = {}
    left = state.config.limits.modes_per_command
    for change in parse_mode_changes(rest[0], rest[1:], takes_parameter):
        left -= change.param is not None  # 005 MODES counts those with a parameter
        if left < 0:
            break
        if change.letter in LIST_MODES and not change.param:
            listed[change.letter] = None
            continue
        if may_change is None:
            may_change = not state.refuse_non_operator(client, channel)
        if not may_change:
            continue
        made = _change(state, client, channel, change)
        if made:
            done.append(made)
    if done:
        tell_changes(state, client, client.source, channel, done)
        if state.classroom:
            state.classroom.keep_room(channel)
        log.info(
            _("{nick} set the modes of {channel}: {modes}").format(
                nick=client.nick, channel=channel.name, modes=visible(_without_key(done))
            )
        )
    return _catch_and_send_lists(state, client, channel, done, listed)


def tell_changes(
    state: ServerState, client: Client | None, source: str, channel: Channel, done: list[ModeChange]
) -> None:
    """Tell the channel what was changed, in as many lines as it takes for none to be cut.

    Args:
        client: who did it; None if that was no client.
    """
    head = f":{source} MODE {channel.name} "
    line: list[ModeChange] = []
    for change in done:
        if line and len(f"{head}{format_mode_changes([*line, change])}".encode()) > MAX_BODY:
            state.tell_channel(client, channel, head + format_mode_changes(line))
            line = []
        line.append(change)
    state.tell_channel(client, channel, head + format_mode_changes(line))


def _without_key(changes: list[ModeChange]) -> str:
    """A room's key is a secret: it does not belong on the console."""
    return format_mode_changes([c._replace(param="*") if c.letter == "k" else c for c in changes])


def _catch_and_send_lists(
    state: ServerState, client: Client, channel: Channel, done: list[ModeChange], listed: Iterable[str]
) -> Portions:
    added = {change.param for change in done if change.letter == "b" and change.adding}
    yield from _catch(state, channel, [entry for entry in channel.lists["b"] if entry.mask in added])
    yield from _send_lists(state, client, channel, listed)


def _send_lists(state: ServerState, client: Client, channel: Channel, modes: Iterable[str]) -> Portions:
    for mode in modes:
        entry_numeric, end_numeric, name = _LISTS[mode]
        for entry in list(channel.lists[mode]):
            state.reply(client, entry_numeric, channel.name, entry.mask, entry.setter, str(int(entry.time)))
            yield
        state.reply(client, end_numeric, channel.name, f"End of channel {name} list")


def _change(state: ServerState, client: Client, channel: Channel, change: ModeChange) -> ModeChange | None:
    """Carry out one change; return it as it took effect, or None if it did not."""
    letter, adding = change.letter, change.adding
    kind = CHANNEL_MODES.get(letter)
    if kind is None:
        state.reply(client, n.ERR_UNKNOWNMODE, letter, "is unknown mode char to me")
    elif kind is ModeKind.FLAG:
        return change if set_flag(state, channel, letter, on=adding) else None
    elif change.param is None and (adding or kind is ModeKind.MEMBER):
        state.reply(client, n.ERR_NEEDMOREPARAMS, "MODE", "Not enough parameters")
    else:
        return _SETTERS[kind](state, client, channel, change)
    return None


def set_flag(state: ServerState, channel: Channel, letter: str, *, on: bool) -> bool:
    """Set or unset a channel's flag; tell whether that changed anything."""
    if (letter in channel.modes) == on:
        return False
    (channel.modes.add if on else channel.modes.remove)(letter)
    if state.classroom:
        state.classroom.keep_room(channel)
        if letter == "i" and channel.of_class:
            state.classroom.note_lock(channel, on=on)
    return True


def set_rank(state: ServerState, channel: Channel, target: Client, letter: str, *, on: bool) -> bool:
    """Give a member `o` or `v`, or take it; tell whether that changed anything."""
    if letter == "v" and state.classroom:
        state.classroom.note_voice(target, channel, on=on)
    return channel.set_member_mode(target, letter, on=on)


def _set_rank(state: ServerState, client: Client, channel: Channel, change: ModeChange) -> ModeChange | None:
    nick = change.param or ""
    target = state.find_client(nick)
    if target is None:
        state.reply(client, n.ERR_NOSUCHNICK, nick, "No such nick")
    elif target not in channel.members:
        state.reply(client, n.ERR_USERNOTINCHANNEL, target.nick, channel.name, "They aren't on that channel")
    elif not change.adding and state.refuse_against_operator(client, target, channel):
        return None
    elif set_rank(state, channel, target, change.letter, on=change.adding):
        return change._replace(param=target.nick)
    return None


def _set_list(state: ServerState, client: Client, channel: Channel, change: ModeChange) -> ModeChange | None:
    text = unicodedata.normalize("NFKC", change.param or "")
    kind = MUTE if fold(text[: len(MUTE)]) == MUTE and change.letter != "I" else ""
    try:
        mask = kind + state.mask_for_all(client, complete_user_mask(text[len(kind) :]))
        if not is_middle(mask) or len(mask.encode()) > state.config.limits.mask_bytes:
            raise ValueError("A mask is short and has no spaces")
    except ValueError as why:
        state.reply(client, n.ERR_INVALIDMODEPARAM, channel.name, change.letter, text, str(why))
        return None
    entries = channel.lists[change.letter]
    existing = next((entry for entry in entries if fold(entry.mask) == fold(mask)), None)
    if change.adding:
        if existing:
            return None
        limits, account = state.config.limits, client.author.account
        if len(entries) >= limits.ban_list or state.mask_counts[account] >= limits.masks_per_address:
            state.reply(client, n.ERR_BANLISTFULL, channel.name, mask, "Channel list is full")
            return None
        entries.append(
            ListEntry(mask, client.source, state.time, account, knows_addresses=client.is_operator)
        )
        state.mask_counts[account] += 1
    else:
        if not existing:
            return None
        entries.remove(existing)
        state.forget_mask(existing)
        mask = existing.mask
    return change._replace(param=mask)


def _catch(state: ServerState, channel: Channel, added: list[ListEntry]) -> Portions:
    """Hold those whom new bans match, and take back the invitations that they had before."""
    for client in list(state.clients.values()) if added else ():
        if client.registered:
            for entry in added:
                entry.catch(client, state.person_of(client))
        invited = state.invitations.get(client, {})
        if channel in invited and any(entry.covers(client) for entry in added if not entry.kind):
            del invited[channel]
        yield


def _set_key(state: ServerState, client: Client, channel: Channel, change: ModeChange) -> ModeChange | None:
    key = change.param or ""
    if not change.adding:
        if not channel.key:
            return None
        channel.key = ""
        return change._replace(param="*")
    if (
        not key
        or len(key) > state.config.limits.key_length
        or any(c in ", :" or not c.isprintable() for c in key)
    ):
        state.reply(client, n.ERR_INVALIDKEY, channel.name, "Key is not well-formed")
        return None
    channel.key = key
    return change


def _set_limit(state: ServerState, client: Client, channel: Channel, change: ModeChange) -> ModeChange | None:
    text = change.param or ""
    if not change.adding:
        if not channel.limit:
            return None
        channel.limit = 0
        return change
    limit = number(text) or 0
    if not 0 < limit <= MAX_LIMIT:
        state.reply(client, n.ERR_INVALIDMODEPARAM, channel.name, "l", text, "A limit is a number above 0")
        return None
    channel.limit = limit
    return change._replace(param=str(channel.limit))


_SETTERS: Final = {
    ModeKind.MEMBER: _set_rank,
    ModeKind.LIST: _set_list,
    ModeKind.KEY: _set_key,
    ModeKind.LIMIT: _set_limit,
}
