"""Who is on a channel: JOIN PART KICK INVITE (RFC 2812 section 3.2)."""

import unicodedata
from itertools import zip_longest

from chatroom.audience import check_permission, find_audience
from chatroom.channel import Channel
from chatroom.classroom.people import MUTED
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.commands.operators import tell_of_rank
from chatroom.delivery import Portions
from chatroom.replies import send_members, send_topic
from chatroom.state import ReplyError, ServerState
from program.log import log
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.names import fold, is_channel, is_valid_channel
from protocol.text import cut_characters
from protocol.words import split_names
from translations import _


@command("JOIN", 1)
def join(state: ServerState, client: Client, message: Message) -> Portions | None:
    """JOIN <channel>{,<channel>} [<key>{,<key>}], or JOIN 0 to leave them all."""
    if message.params[0] == "0":
        return _part_each(state, client, list(client.channels), "Left all channels")
    names, keys = message.params[0].split(","), message.param(1).split(",")
    wanted = {fold(name): (name, key) for name, key in zip_longest(names, keys[: len(names)], fillvalue="")}
    return _join_each(state, client, list(wanted.values()))


def _join_each(state: ServerState, client: Client, wanted: list[tuple[str, str]]) -> Portions:
    for name, key in wanted:
        try:
            channel = _join_one(state, client, name, key)
        except ReplyError as error:
            state.reply(client, error.numeric, *error.params)
            continue
        if channel:
            yield
            yield from send_members(state, client, channel)
            state.reply(client, n.RPL_ENDOFNAMES, channel.name, "End of /NAMES list")
            yield


def _join_one(state: ServerState, client: Client, name: str, key: str) -> Channel | None:
    """Enter a channel; return it, unless the client was on it already."""
    name = unicodedata.normalize("NFC", name)  # some systems write й as two characters
    if not is_channel(name):
        raise ReplyError(n.ERR_NOSUCHCHANNEL, name, "No such channel")
    if not is_valid_channel(name):
        raise ReplyError(n.ERR_BADCHANMASK, name, "Bad channel name")
    folded = fold(name)
    if folded in client.channels:
        return None
    state.limit_use(client, "JOIN", state.config.limits.joins_per_minute)
    of_this_kind = sum(known[0] == folded[0] for known in client.channels)
    if of_this_kind >= state.config.limits.channels_per_client:
        raise ReplyError(n.ERR_TOOMANYCHANNELS, name, "You have joined too many channels")
    channel = state.channels.get(folded)
    if channel is None:
        if state.is_muted(client):  # the name of a new room is a text that others read
            raise ReplyError(n.ERR_NOSUCHCHANNEL, name, MUTED)
        last_before = state.history.last_id if state.history else 0
        channel = state.channels[folded] = Channel(name, state.time, last_before)
        state.add_member(channel, client, "o")
    else:
        channel.catch(client, state.person_of(client))
        _check_entry(state, client, channel, key)
        state.add_member(channel, client, "o" if client.is_operator else "")
    _welcome(state, client, channel)
    return channel


def _welcome(state: ServerState, client: Client, channel: Channel) -> None:
    """Tell everybody that the client is on the channel now; in a class give it what it had there before."""
    state.invitations.get(client, {}).pop(channel, None)
    _tell_of_join(state, client, channel)
    if client.is_operator and len(channel.members) > 1:  # one who is alone sees it in the names
        tell_of_rank(state, client, channel)
    log.info(_("{nick} joined {channel}").format(nick=client.nick, channel=channel.name))
    if channel.topic:
        send_topic(state, client, channel)
    if state.classroom and channel.of_class:
        if "i" in channel.modes:
            state.classroom.note_entry(client, channel)
        if state.classroom.has_voice(client, channel) and channel.set_member_mode(client, "v", on=True):
            state.tell_channel(None, channel, f":{state.name} MODE {channel.name} +v {client.nick}")
        if (person := state.person_of(client)) and person.is_muted(state.time):
            state.tell_of_silence(person)


def put_in(state: ServerState, client: Client, channel: Channel) -> Portions:
    """Put a client on a channel, whatever its modes say; in portions, as a JOIN is answered."""
    if client not in channel.members:
        state.add_member(channel, client, "")
        _welcome(state, client, channel)
        yield from send_members(state, client, channel)
        state.reply(client, n.RPL_ENDOFNAMES, channel.name, "End of /NAMES list")


def _tell_of_join(state: ServerState, client: Client, channel: Channel) -> None:
    plain = f":{client.source} JOIN {channel.name}"
    members = channel.members
    msgid = state.note_event(client, channel, plain)
    is_hidden = bool(state.why_hidden(client))
    realname = client.nick if is_hidden else client.realname
    for extended, body in ((False, plain), (True, f"{plain} * :{realname}")):
        told = [member for member in members if (ircv3.EXTENDED_JOIN in member.capabilities) is extended]
        state.relay(told, body, msgid=msgid)
    if client.away:
        watching = [member for member in members if ircv3.AWAY_NOTIFY in member.capabilities]
        text = "away" if is_hidden else client.away
        state.relay(watching, f":{client.source} AWAY :{text}", skip=client)


def _check_entry(state: ServerState, client: Client, channel: Channel, key: str) -> None:
    """Raise ReplyError if a mode keeps the client out; an invitation opens every door, and so does an
    operator of the server."""
    if client.is_operator:
        return
    if state.classroom and (why := state.classroom.why_kept_out(client, channel, state.time)):
        raise ReplyError(n.ERR_BANNEDFROMCHAN, channel.name, why)
    if channel in state.invitations.get(client, ()):
        return
    if channel.is_banned(client):
        raise ReplyError(n.ERR_BANNEDFROMCHAN, channel.name, "Cannot join channel (+b)")
    may_return = state.classroom is not None and state.classroom.may_return(client, channel)
    if "i" in channel.modes and not may_return and not channel.is_listed("I", client):
        raise ReplyError(n.ERR_INVITEONLYCHAN, channel.name, "Cannot join channel (+i)")
    if channel.key and key != channel.key:
        raise ReplyError(n.ERR_BADCHANNELKEY, channel.name, "Cannot join channel (+k)")
    if channel.limit and len(channel.members) >= channel.limit:
        raise ReplyError(n.ERR_CHANNELISFULL, channel.name, "Cannot join channel (+l)")


@command("PART", 1)
def part(state: ServerState, client: Client, message: Message) -> Portions:
    """PART <channel>{,<channel>} [reason]."""
    return _part_each(state, client, split_names(message.params[0]), message.param(1))


def _part_each(state: ServerState, client: Client, names: list[str], reason: str) -> Portions:
    for name in names:
        channel = state.find_channel(name)
        if channel is None:
            state.reply(client, n.ERR_NOSUCHCHANNEL, name, "No such channel")
        elif client not in channel.members:
            state.reply(client, n.ERR_NOTONCHANNEL, channel.name, "You're not on that channel")
        else:
            leave(state, client, channel, reason)
        yield


def leave(state: ServerState, client: Client, channel: Channel, reason: str) -> None:
    """Take a client off a channel as if it had said PART."""
    if not channel.may_speak(client) or state.is_muted(client):
        reason = ""
    body = f":{client.source} PART {channel.name}" + (f" :{reason}" if reason else "")
    state.tell_channel(client, channel, body)
    state.remove_member(channel, client)
    log.info(_("{nick} left {channel}").format(nick=client.nick, channel=channel.name))


@command("KICK", 2)
def kick(state: ServerState, client: Client, message: Message) -> None:
    """KICK <channel> <user>{,<user>} [reason]; or as many channels as users (RFC 2812 section 3.2.8)."""
    names, nicks = message.params[0].split(","), message.params[1].split(",")
    if len(names) == 1:
        names *= len(nicks)
    if len(names) != len(nicks):
        raise ReplyError(n.ERR_NEEDMOREPARAMS, "KICK", "Not enough parameters")
    reason = cut_characters(message.param(2) or client.nick, state.config.limits.kick_length)
    pairs = {(fold(name), fold(nick)): (name, nick) for name, nick in zip(names, nicks, strict=True)}
    for name, nick in pairs.values():
        channel = state.find_channel(name)
        if channel is None:
            state.reply(client, n.ERR_NOSUCHCHANNEL, name, "No such channel")
        elif not state.refuse_non_operator(client, channel):
            target = state.find_client(nick)
            if target is None or target not in channel.members:
                state.reply(client, n.ERR_USERNOTINCHANNEL, nick, channel.name, "They aren't on that channel")
                continue
            if state.refuse_against_operator(client, target, channel):
                continue
            remove(state, client, client.source, channel, target, reason)


def remove(
    state: ServerState, by: Client | None, source: str, channel: Channel, target: Client, reason: str
) -> None:
    """Remove a client from a channel, and tell all of its members.

    Args:
        by: who removes it; None is the server itself.
        source: as it stands in the relayed line.
    """
    state.tell_channel(by, channel, f":{source} KICK {channel.name} {target.nick} :{reason}")
    state.remove_member(channel, target)
    log.info(
        _("{nick} removed {target} from {channel}").format(
            nick=by.nick if by else source, target=target.nick, channel=channel.name
        )
    )


@command("INVITE")
def invite(state: ServerState, client: Client, message: Message) -> None:
    """INVITE <nick> <channel>, or INVITE alone for the list of invitations that one has."""
    if not message.params:
        _send_invitations(state, client)
        return
    if len(message.params) == 1:
        raise ReplyError(n.ERR_NEEDMOREPARAMS, "INVITE", "Not enough parameters")
    nick, name = message.params[:2]
    target = state.find_client(nick)
    channel = state.find_channel(name)
    if target is None:
        state.reply(client, n.ERR_NOSUCHNICK, nick, "No such nick")
    elif channel is None or not is_channel(name):
        state.reply(client, n.ERR_NOSUCHCHANNEL, name, "No such channel")
    elif client not in channel.members and not client.is_operator:
        state.reply(client, n.ERR_NOTONCHANNEL, channel.name, "You're not on that channel")
    elif "i" in channel.modes and state.refuse_non_operator(client, channel):
        return
    elif target in channel.members:
        state.reply(client, n.ERR_USERONCHANNEL, target.nick, channel.name, "is already on channel")
    else:
        # What it names is a text to the other: who may not write to them may not invite them.
        check_permission(state, find_audience(state, client, target.nick), client)
        if channel.is_ruled_by(client):  # an invitation opens every door: a ban is not everybody's to lift
            _remember_invitation(state, target, channel)
        state.send(client, f":{state.name} {n.RPL_INVITING} {client.nick} {target.nick} {channel.name}")
        body = f":{client.source} INVITE {target.nick} {channel.name}"
        state.relay([target], body)
        told = [member for member in channel.members if ircv3.INVITE_NOTIFY in member.capabilities]
        state.relay(told, body, skip=client)
        if target.away:
            state.reply(client, n.RPL_AWAY, target.nick, target.away)


def _send_invitations(state: ServerState, client: Client) -> None:
    for channel in state.invitations.get(client, ()):
        if state.find_channel(channel.name) is channel:
            state.send(client, f":{state.name} {n.RPL_INVITELIST} {client.nick} {channel.name}")
    state.reply(client, n.RPL_ENDOFINVITELIST, "End of /INVITE list")


def _remember_invitation(state: ServerState, target: Client, channel: Channel) -> None:
    """Rooms that have ended are forgotten, then the oldest invitation."""
    before = state.invitations.get(target, ())
    alive = [one for one in before if state.find_channel(one.name) is one and one is not channel]
    state.invitations[target] = dict.fromkeys([*alive, channel][-state.config.limits.invitations :])
