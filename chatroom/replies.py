"""Replies of several lines that more than one command gives: topic, names, 005, LUSERS, MOTD."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.config import NETWORK, Config
from chatroom.delivery import Portions
from chatroom.lines import MAX_BODY, format_server_tags, join_words
from chatroom.mode_table import LIST_MODES, PREFIXES, ModeKind, letters_of
from chatroom.multiline_batch import batch_lines, separate_lines, split_stored
from chatroom.state import ServerState
from protocol import ircv3
from protocol import numerics as n
from protocol.framing import MAX_LINE
from protocol.names import CHANNEL_TYPES, MAX_CHANNEL, MAX_NICK, MAX_USER

TOKENS_PER_LINE: Final = 13
"""Of 005 (modern.ircdocs.horse)."""
_SEVERAL_TARGETS: Final = ("PRIVMSG", "NOTICE", "TAGMSG", "NAMES", "WHOWAS")


def local_time(seconds: float) -> str:
    """Return a time as the server's people read it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def send_words(
    state: ServerState, client: Client, head: str, words: Iterable[str], separator: str = " "
) -> Portions:
    """Send words behind the head of a line, in as many lines as it takes for none to be cut; none without."""
    for line in join_words(words, MAX_BODY - len(head.encode()), separator):
        state.send(client, head + line)
        yield


def send_copy(
    state: ServerState, client: Client, message: str, time: float, msgid: str, tags: str, *, batch: str = ""
) -> None:
    """Send one client a message of before.

    Args:
        message: as the history keeps it, without tags; it may have several lines.
        time: when it was sent first, in seconds since the epoch.
        tags: client-only tags, formatted.
        batch: the reference of the batch that it stands in.
    """
    outer = f"{ircv3.TAG_BATCH}={batch}" if batch else ""

    def send(line: str, line_msgid: str, line_tags: str) -> None:
        own = format_server_tags(client.tag_set, time, line_msgid, line_tags)
        state.send(client, line, f"{outer};{own}" if outer and own else outer or own)

    if state.classroom:
        message = state.classroom.cloak.hide_in_source(message)
    head, lines = split_stored(message)
    if not lines:
        send(message, msgid, tags)
    elif client.takes_multiline:
        source, _command, target = head.split(" ")[:3]
        reference = state.new_batch()
        send(f"{source} BATCH +{reference} {ircv3.MULTILINE} {target}", msgid, tags)
        for line_tags, line in batch_lines(head, lines, reference):
            state.send(client, line, line_tags)
        state.send(client, f":{state.name} BATCH -{reference}", outer)
    else:
        for number, (line_tags, line) in enumerate(separate_lines(head, lines, tags)):
            send(line, "" if number else msgid, line_tags)


def send_topic(state: ServerState, client: Client, channel: Channel) -> None:
    """Send 332 and 333, or 331 where there is no topic."""
    if not channel.topic:
        state.reply(client, n.RPL_NOTOPIC, channel.name, "No topic is set")
        return
    state.reply(client, n.RPL_TOPIC, channel.name, channel.topic)
    state.reply(client, n.RPL_TOPICWHOTIME, channel.name, channel.topic_setter, str(int(channel.topic_time)))


def send_members(state: ServerState, client: Client, channel: Channel) -> Portions:
    """Send who is on the channel (353); outsiders do not see invisible clients (+i)."""
    symbol = "@" if "s" in channel.modes else "="
    head = f":{state.name} {n.RPL_NAMREPLY} {client.nick} {symbol} {channel.name} :"
    return send_words(state, client, head, _names(client, channel))


def _names(client: Client, channel: Channel) -> Iterator[str]:
    """Return the names for 353, each as it is when it is asked for; many, so that each must cost little."""
    every = ircv3.MULTI_PREFIX in client.capabilities
    full = ircv3.USERHOST_IN_NAMES in client.capabilities
    members = channel.members
    for member in list(members):
        modes = members.get(member)
        if modes is None or ("i" in member.modes and client not in members and member is not client):
            continue
        name = member.source if full else member.nick
        yield channel.prefix(member, every=every) + name if modes else name


def isupport(config: Config, *, has_history: bool) -> list[str]:
    """Return what this server can do and its limits, exactly as it is, in the order in which 005 has it."""
    limits = config.limits
    tokens = [
        f"NETWORK={NETWORK}",
        "CASEMAPPING=rfc7613",
        f"CHANTYPES={CHANNEL_TYPES}",
        f"PREFIX=({''.join(PREFIXES)}){''.join(PREFIXES.values())}",
        "CHANMODES="
        + ",".join(map(letters_of, (ModeKind.LIST, ModeKind.KEY, ModeKind.LIMIT, ModeKind.FLAG))),
        "STATUSMSG=" + "".join(PREFIXES.values()),
        "EXCEPTS=e",
        "INVEX=I",
        "EXTBAN=,m",
        "ELIST=CMNTU",
        "SAFELIST",
        "BOT=B",
        "WHOX",
        f"MONITOR={limits.monitor}",
        f"LINELEN={MAX_LINE}",
        f"NICKLEN={MAX_NICK}",
        f"USERLEN={MAX_USER}",
        f"NAMELEN={limits.realname_length}",
        f"CHANNELLEN={MAX_CHANNEL}",
        f"TOPICLEN={limits.topic_length}",
        f"KICKLEN={limits.kick_length}",
        f"AWAYLEN={limits.away_length}",
        f"KEYLEN={limits.key_length}",
        "CHANLIMIT=" + ",".join(f"{kind}:{limits.channels_per_client}" for kind in CHANNEL_TYPES),
        "MAXLIST=" + ",".join(f"{mode}:{limits.ban_list}" for mode in LIST_MODES),
        f"MODES={limits.modes_per_command}",
        "TARGMAX="
        + "".join(f"{name}:{limits.targets_per_message}," for name in _SEVERAL_TARGETS)
        + f"JOIN:,PART:,KICK:,LIST:{limits.list_conditions},WHOIS:1",
        "UTF8ONLY",
    ]
    if has_history:
        tokens += [f"CHATHISTORY={limits.chathistory_page}", "MSGREFTYPES=msgid,timestamp"]
    if config.oper_name and config.rooms:
        tokens.append(f"{ircv3.CLASS}=" + ",".join(config.rooms).replace("=", r"\x3D"))
    return tokens


def send_isupport(state: ServerState, client: Client) -> None:
    """Send what this server can do (005)."""
    tokens = isupport(state.config, has_history=state.history is not None)
    if state.classroom and not state.classroom.operators.may_come_by(client):
        tokens.append(ircv3.OPEN_WIRE)
    for start in range(0, len(tokens), TOKENS_PER_LINE):
        part = " ".join(tokens[start : start + TOKENS_PER_LINE])
        state.send(
            client, f":{state.name} {n.RPL_ISUPPORT} {client.nick} {part} :are supported by this server"
        )


def send_motd(state: ServerState, client: Client) -> None:
    """Send the message of the day, or say that there is none."""
    if not state.config.motd:
        state.reply(client, n.ERR_NOMOTD, "MOTD File is missing")
        return
    state.reply(client, n.RPL_MOTDSTART, f"- {state.name} Message of the day -")
    for line in state.config.motd:
        state.reply(client, n.RPL_MOTD, f"- {line}")
    state.reply(client, n.RPL_ENDOFMOTD, "End of /MOTD command")


def send_lusers(state: ServerState, client: Client) -> None:
    """Send how many are here (251–255, 265, 266)."""
    registered = [c for c in state.connected if c.registered]
    invisible = sum("i" in c.modes for c in registered)
    operators = sum(c.is_operator for c in registered)
    unknown = len(state.connected) - len(registered)
    count, most = str(len(registered)), str(state.most_clients)
    state.reply(
        client,
        n.RPL_LUSERCLIENT,
        f"There are {len(registered) - invisible} users and {invisible} invisible on 1 servers",
    )
    if operators:
        state.reply(client, n.RPL_LUSEROP, str(operators), "operator(s) online")
    if unknown:
        state.reply(client, n.RPL_LUSERUNKNOWN, str(unknown), "unknown connection(s)")
    if state.channels:
        state.reply(client, n.RPL_LUSERCHANNELS, str(len(state.channels)), "channels formed")
    state.reply(client, n.RPL_LUSERME, f"I have {count} clients and 1 servers")
    state.reply(client, n.RPL_LOCALUSERS, count, most, f"Current local users {count}, max {most}")
    state.reply(client, n.RPL_GLOBALUSERS, count, most, f"Current global users {count}, max {most}")
