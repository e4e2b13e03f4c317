"""What people say: PRIVMSG NOTICE TAGMSG AWAY (RFC 2812 sections 3.3 and 4.1, IRCv3 message-tags)."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from chatroom.channel import Channel
from chatroom.client import MESSAGE_TAGS, SERVER_TIME, Client
from chatroom.dispatch import command
from chatroom.history.rows import private_target
from chatroom.mode_table import PREFIXES
from chatroom.nonces import Said
from chatroom.state import ServerState, fit, format_time
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message, format_tags
from protocol.names import fold, is_channel
from protocol.text import ACTION_PREFIX

CTCP: Final = "\x01"
_MARKS: Final = tuple(PREFIXES.values())
_TYPING: Final = frozenset({ircv3.TAG_TYPING, ircv3.TAG_DRAFT_TYPING, ircv3.TAG_LABEL})
"""Tags of a TAGMSG that is not kept (IRCv3 typing)."""


class Audience(NamedTuple):
    """Who hears a message, and where the history keeps it."""

    name: str
    """The target as it stands in the relayed line."""
    members: Collection[Client]
    """Who hears it, besides the sender's echo."""
    channel: Channel | None
    history: str
    """`Row.target`."""
    parties: str = ""
    """`Row.parties`."""


class Run(NamedTuple):
    """Lines that one client says in one room, with nothing else happening on the server in between.

    So the audience of the first is the audience of all (`Delivery.run_of`).
    """

    client: Client
    target: str
    """As the client wrote it."""
    audience: Audience


@command("PRIVMSG")
def privmsg(state: ServerState, client: Client, message: Message) -> None:
    """PRIVMSG <target>{,<target>} <text>."""
    _say(state, client, message)


@command("NOTICE")
def notice(state: ServerState, client: Client, message: Message) -> None:
    """NOTICE <target>{,<target>} <text>: never answered with an error (RFC 2812 section 3.3.2)."""
    _say(state, client, message)


@command("TAGMSG", 1)
def tagmsg(state: ServerState, client: Client, message: Message) -> None:
    """TAGMSG <target>{,<target>}: nothing but tags, for clients that negotiated message-tags."""
    if not client.tag_set & MESSAGE_TAGS:
        state.reply(client, n.ERR_UNKNOWNCOMMAND, "TAGMSG", "Unknown command")
        return
    tags = client_only_tags(client, message.tags)
    for name in _targets(state, client, message):
        audience = find_audience(state, client, name, "", quiet=False)
        if audience is None:
            continue
        body = f":{client.source} TAGMSG {audience.name}"
        msgid = ""
        if not _TYPING.issuperset(message.tags):  # that nobody will want to know
            msgid = state.journal.add(audience.history, state.time, body, tags, audience.parties, event=True)
        hearers = [hearer for hearer in hearers_of(client, audience) if hearer.tag_set & MESSAGE_TAGS]
        state.relay(hearers, body, msgid=msgid, tags=tags)
        if is_to_oneself(client, audience):
            state.answers.afterwards(partial(state.relay, [client], body, msgid=msgid, tags=tags))


def _say(state: ServerState, client: Client, message: Message) -> None:
    if len(message.params) < 2 or not message.params[1]:
        if message.command != "NOTICE" and not message.param(0):
            state.reply(client, n.ERR_NORECIPIENT, f"No recipient given ({message.command})")
        elif message.command != "NOTICE":
            state.reply(client, n.ERR_NOTEXTTOSEND, "No text to send")
        return
    client.last_spoke = state.time
    text = message.params[1]
    tags = client_only_tags(client, message.tags)
    nonce = message.tags.get(ircv3.TAG_NONCE, "") if tags else ""
    last = state.delivery.run_of
    for name in _targets(state, client, message):
        if nonce and (said := state.nonces.find(client, name, nonce)):
            # Before anything that may have changed since: whom it was for may have gone.
            body = fit(f":{client.source} {message.command} {name} :{text}")
            _echo_again(state, client, body, tags, said)
            continue
        if isinstance(last, Run) and last.client is client and last.target == name and text[0] != CTCP:
            run = last
        else:
            audience = find_audience(state, client, name, text, quiet=message.command == "NOTICE")
            if audience is None:
                continue
            run = Run(client, name, audience)
        audience = run.audience
        body = fit(f":{client.source} {message.command} {audience.name} :{text}")
        msgid = state.journal.add(audience.history, state.time, body, tags, audience.parties)
        if nonce:
            state.nonces.remember(client, audience.name, nonce, Said(msgid, state.time))
        if audience.channel and client in audience.members:
            skip = None if ircv3.ECHO_MESSAGE in client.capabilities else client
            state.relay(audience.members, body, skip=skip, msgid=msgid, tags=tags, run_of=run)
        else:
            state.relay(hearers_of(client, audience), body, msgid=msgid, tags=tags)
            tell_if_away(state, client, audience, message.command)
            if is_to_oneself(client, audience):
                state.answers.afterwards(partial(state.relay, [client], body, msgid=msgid, tags=tags))


def _echo_again(state: ServerState, client: Client, body: str, tags: str, said: Said) -> None:
    if ircv3.ECHO_MESSAGE in client.capabilities:
        state.send_tagged(client, body, first_tags(client, said, tags))


def first_tags(client: Client, said: Said, tags: str) -> str:
    """Return the tags with which a message that came again is echoed: the first one's id and time."""
    parts = [f"time={format_time(said.time)}"] if client.tag_set & SERVER_TIME else []
    if client.tag_set & MESSAGE_TAGS:
        parts += [f"msgid={said.msgid}", *([tags] if tags else [])]
    return ";".join(parts)


def hearers_of(client: Client, audience: Audience) -> list[Client]:
    """Return who gets the line: the audience, and the sender only as an echo (see `is_to_oneself`)."""
    hearers = [member for member in audience.members if member is not client]
    if ircv3.ECHO_MESSAGE in client.capabilities:
        hearers.append(client)
    return hearers


def is_to_oneself(client: Client, audience: Audience) -> bool:
    """Tell whether the sender hears it as anybody does, besides the echo."""
    return audience.channel is None and client in audience.members


def tell_if_away(state: ServerState, client: Client, audience: Audience, command: str) -> None:
    """Answer a private message with the other's away text, if there is one (301)."""
    for target in audience.members:
        if target.away and command == "PRIVMSG" and audience.channel is None:
            state.reply(client, n.RPL_AWAY, target.nick, target.away)


def client_only_tags(client: Client, tags: Mapping[str, str]) -> str:
    """Return the formatted tags that go with a message: the client's own (`+…`), and `bot` of a bot."""
    if not tags and not client.modes:
        return ""
    kept = {key: value for key, value in tags.items() if key[0] == "+"}
    if client.is_bot:
        kept[ircv3.TAG_BOT] = ""
    return format_tags(kept) if kept else ""


def _targets(state: ServerState, client: Client, message: Message) -> Sequence[str]:
    """Return the targets of a message, each once; answer if there are too many."""
    if "," not in message.params[0]:
        return message.params[:1]
    names = list(dict.fromkeys(message.params[0].split(",")))
    most = state.config.limits.targets_per_message
    if len(names) > most and message.command != "NOTICE":
        state.reply(client, n.ERR_TOOMANYTARGETS, names[most], "Too many targets; the rest is not sent")
    return names[:most]


def find_audience(
    state: ServerState, client: Client, name: str, text: str, *, quiet: bool
) -> Audience | None:
    """Find who hears a message to a target: a channel, `@#channel` (STATUSMSG), or a nick.

    Args:
        quiet: do not answer if there is nobody (NOTICE).
    """
    bare = name.lstrip("".join(_MARKS))
    if not is_channel(bare):
        return _private_audience(state, client, name, quiet=quiet)
    # Of several marks the lowest: who has it, or a higher one, hears the message.
    rank = max(name[: len(name) - len(bare)], key=_MARKS.index, default="")
    channel = state.find_channel(bare)
    if channel is None:
        if not quiet:
            state.reply(client, n.ERR_NOSUCHCHANNEL, name, "No such channel")
        return None
    if not channel.may_speak(client) or ("C" in channel.modes and is_ctcp(text)):
        if not quiet:
            state.reply(client, n.ERR_CANNOTSENDTOCHAN, channel.name, _why_silent(channel, client))
        return None
    if not rank:
        return Audience(channel.name, channel.members.keys(), channel, fold(channel.name))
    wanted = [mode for mode, mark in PREFIXES.items() if _MARKS.index(mark) <= _MARKS.index(rank)]
    members = [member for member, modes in channel.members.items() if any(m in modes for m in wanted)]
    return Audience(rank + channel.name, members, channel, rank + fold(channel.name))


def is_ctcp(text: str) -> bool:
    """Tell whether a text is for the other side's program (a CTCP request or answer), not for people."""
    return text.startswith(CTCP) and not text.startswith(ACTION_PREFIX)


def _why_silent(channel: Channel, client: Client) -> str:
    if client not in channel.members and "n" in channel.modes:
        return "Cannot send to channel (+n): join it first"
    if "m" in channel.modes and not channel.members.get(client):
        return "Cannot send to channel (+m): it is moderated"
    if not channel.may_speak(client):
        return "Cannot send to channel (+b): you are banned or muted"
    return "Cannot send to channel (+C): no CTCP here"


def _private_audience(state: ServerState, client: Client, name: str, *, quiet: bool) -> Audience | None:
    target = state.find_client(name)
    if target is None:
        if not quiet:
            state.reply(client, n.ERR_NOSUCHNICK, name, "No such nick")
        return None
    return Audience(
        target.nick,
        (target,),
        None,
        private_target(fold(client.nick), fold(target.nick)),
        f"\n{fold(client.source)}\n{fold(target.source)}\n",
    )


@command("AWAY")
def away(state: ServerState, client: Client, message: Message) -> None:
    """AWAY [text]: say that one is away, or (without a text) back."""
    client.away = message.param(0)[: state.config.limits.away_length]
    if client.away:
        state.reply(client, n.RPL_NOWAWAY, "You have been marked as being away")
    else:
        state.reply(client, n.RPL_UNAWAY, "You are no longer marked as being away")
    body = f":{client.source} AWAY" + (f" :{client.away}" if client.away else "")
    state.relay(state.witnesses(client, ircv3.AWAY_NOTIFY), body)
