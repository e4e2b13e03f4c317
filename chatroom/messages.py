"""What people say: PRIVMSG NOTICE AWAY (RFC 2812 sections 3.3 and 4.1)."""

from collections.abc import Mapping

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.commands import command
from chatroom.history import private_target
from chatroom.state import ServerState, fit
from protocol import numerics as n
from protocol.message import Message, format_tags
from protocol.names import fold, is_channel


@command("PRIVMSG")
def privmsg(state: ServerState, client: Client, message: Message) -> None:
    """PRIVMSG <target>{,<target>} <text>."""
    _send(state, client, message)


@command("NOTICE")
def notice(state: ServerState, client: Client, message: Message) -> None:
    """NOTICE <target>{,<target>} <text>: never answered with an error (RFC 2812 section 3.3.2)."""
    _send(state, client, message)


def _send(state: ServerState, client: Client, message: Message) -> None:
    answers = message.command != "NOTICE"
    if len(message.params) < 2 or not message.params[1]:
        if answers and not message.param(0):
            state.reply(client, n.ERR_NORECIPIENT, f"No recipient given ({message.command})")
        elif answers:
            state.reply(client, n.ERR_NOTEXTTOSEND, "No text to send")
        return
    client.last_spoke = state.time
    tags = client_only_tags(message.tags)
    targets = (
        list(dict.fromkeys(message.params[0].split(","))) if "," in message.params[0] else message.params[:1]
    )
    most = state.config.limits.targets_per_message
    for name in targets[:most]:
        if is_channel(name):
            _send_to_channel(state, client, message, name, tags)
        else:
            _send_to_client(state, client, message, name, tags)
    if len(targets) > most and answers:
        state.reply(client, n.ERR_TOOMANYTARGETS, targets[most], "Too many targets; the rest was not sent")


def client_only_tags(tags: Mapping[str, str]) -> str:
    """Return the tags that a server relays (IRCv3 message-tags: those with a `+`), formatted."""
    return format_tags({key: value for key, value in tags.items() if key.startswith("+")}) if tags else ""


def _send_to_channel(state: ServerState, client: Client, message: Message, name: str, tags: str) -> None:
    channel = state.find_channel(name)
    answers = message.command != "NOTICE"
    if channel is None:
        if answers:
            state.reply(client, n.ERR_NOSUCHCHANNEL, name, "No such channel")
        return
    if not channel.may_speak(client):
        if answers:
            state.reply(client, n.ERR_CANNOTSENDTOCHAN, channel.name, _why_silent(channel, client))
        return
    body = fit(f":{client.source} {message.command} {channel.name} :{message.params[1]}")
    msgid = state.journal.add(fold(channel.name), state.time, body, tags)
    skip = None if "echo-message" in client.capabilities else client
    state.relay(channel.members, body, skip=skip, msgid=msgid, tags=tags, run_of=(channel, client))


def _why_silent(channel: Channel, client: Client) -> str:
    if client not in channel.members and "n" in channel.modes:
        return "Cannot send to channel (+n): join it first"
    if "m" in channel.modes:
        return "Cannot send to channel (+m): it is moderated"
    return "Cannot send to channel (+b): you are banned"


def _send_to_client(state: ServerState, client: Client, message: Message, name: str, tags: str) -> None:
    target = state.find_client(name)
    answers = message.command != "NOTICE"
    if target is None:
        if answers:
            state.reply(client, n.ERR_NOSUCHNICK, name, "No such nick")
        return
    body = fit(f":{client.source} {message.command} {target.nick} :{message.params[1]}")
    msgid = state.journal.add(
        private_target(fold(client.nick), fold(target.nick)),
        state.time,
        body,
        tags,
        f"\n{fold(client.source)}\n{fold(target.source)}\n",
    )
    recipients = [target]
    if "echo-message" in client.capabilities:
        recipients.append(client)  # a message to oneself comes twice: as an echo and as a message
    state.relay(recipients, body, msgid=msgid, tags=tags)
    if target.away and answers:
        state.reply(client, n.RPL_AWAY, target.nick, target.away)


@command("AWAY")
def away(state: ServerState, client: Client, message: Message) -> None:
    """AWAY [text]: say that one is away, or (without a text) back."""
    client.away = message.param(0)[: state.config.limits.away_length]
    if client.away:
        state.reply(client, n.RPL_NOWAWAY, "You have been marked as being away")
    else:
        state.reply(client, n.RPL_UNAWAY, "You are no longer marked as being away")
