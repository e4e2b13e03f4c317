"""RPL_ISUPPORT (005): what this server can do and its limits, exactly as it is."""

from chatroom.config import NETWORK, Config
from chatroom.mode_table import LIST_MODES, PREFIXES, Kind, letters_of
from protocol.framing import MAX_LINE
from protocol.names import CHANNEL_TYPES, MAX_CHANNEL, MAX_NICK, MAX_USER

TOKENS_PER_LINE = 13
_SEVERAL_TARGETS = ("PRIVMSG", "NOTICE", "TAGMSG", "NAMES", "WHOWAS")


def isupport(config: Config, *, has_history: bool) -> list[str]:
    """Return the tokens in the order in which they are sent."""
    limits = config.limits
    tokens = [
        f"NETWORK={NETWORK}",
        "CASEMAPPING=rfc7613",
        f"CHANTYPES={CHANNEL_TYPES}",
        f"PREFIX=({''.join(PREFIXES)}){''.join(PREFIXES.values())}",
        "CHANMODES=" + ",".join(map(letters_of, (Kind.LIST, Kind.KEY, Kind.LIMIT, Kind.FLAG))),
        "STATUSMSG=" + "".join(PREFIXES.values()),
        "EXCEPTS=e",
        "INVEX=I",
        "EXTBAN=,m",
        "ELIST=CMNTU",
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
    return tokens
