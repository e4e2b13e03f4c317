"""Handlers of answers to questions such as WHOIS, LIST and MOTD: each as a sentence, where the user asked."""

from collections.abc import Callable, Mapping
from typing import Final

from client.handlers.errors import place_of
from client.handlers.presence import note_bot
from client.handlers.table import on
from client.model.finding.durations import duration
from client.model.sanitize import clean, last_param
from client.model.server_words import in_our_words, raw_words, words_of
from client.model.state import ClientState
from protocol import numerics as n
from protocol.message import Message, split_source
from protocol.words import number
from translations import _, plural

MAX_LISTED: Final = 300
"""Rooms of a LIST that are shown."""

_WHOIS_WORDS: Final = (
    *(n.RPL_WHOISACTUALLY, n.RPL_WHOISHOST, n.RPL_WHOISCERTFP, n.RPL_WHOISREGNICK, n.RPL_WHOISADMIN),
    *(n.RPL_WHOISHELPOP, n.RPL_WHOISSPECIAL, n.RPL_WHOISMODES),
)
_SENTENCES: Final[Mapping[str, Callable[[], str]]] = {
    n.RPL_UMODEIS: lambda: _("Your modes: {modes}"),
    n.RPL_AWAY: lambda: _("{nick} is away: {reason}"),
    n.RPL_UNAWAY: lambda: _("You are marked as present."),
    n.RPL_NOWAWAY: lambda: _("You are marked as away."),
    n.RPL_WHOISUSER: lambda: _("{nick} is {name}, {user}@{host}"),
    n.RPL_WHOISSERVER: lambda: _("{nick} is connected to {server}"),
    n.RPL_WHOISOPERATOR: lambda: _("{nick} is an operator of the server"),
    n.RPL_WHOWASUSER: lambda: _("{nick} was {name}, {user}@{host}"),
    n.RPL_WHOISIDLE: lambda: _("{nick} has been silent for {duration}"),
    n.RPL_WHOISCHANNELS: lambda: _("{nick} is in {rooms}"),
    n.RPL_WHOISACCOUNT: lambda: _("{nick} is logged in as {account}"),
    n.RPL_WHOISBOT: lambda: _("{nick} is a bot"),
    n.RPL_INVITING: lambda: _("{nick} is invited to {room}."),
    n.RPL_VERSION: lambda: _("The server runs {version}"),
    n.RPL_YOUREOPER: lambda: _("You are an operator of the server now."),
    n.RPL_TIME: lambda: _("The server's time: {time}"),
    n.RPL_WHOISSECURE: lambda: _("{nick} uses an encrypted connection"),
    n.RPL_MONONLINE: lambda: _("Now online: {nicks}"),
    n.RPL_MONOFFLINE: lambda: _("Not online: {nicks}"),
    n.RPL_MONLIST: lambda: _("You watch: {nicks}"),
}
"""What one line says in one sentence; the names in braces are those of `_answer`."""


_NEEDS: Final[Mapping[str, int]] = {
    **dict.fromkeys(_SENTENCES, 2),
    **dict.fromkeys((n.RPL_UNAWAY, n.RPL_NOWAWAY, n.RPL_YOUREOPER), 0),
    **dict.fromkeys((n.RPL_AWAY, n.RPL_WHOISSERVER, n.RPL_WHOISIDLE, n.RPL_WHOISCHANNELS), 3),
    **dict.fromkeys((n.RPL_WHOISACCOUNT, n.RPL_INVITING), 3),
    **dict.fromkeys((n.RPL_WHOISUSER, n.RPL_WHOWASUSER), 5),
}
"""How many parameters each of them needs."""


def _answer(state: ClientState, message: Message) -> None:
    first, second, last = clean(message.param(1)), clean(message.param(2)), last_param(message)
    if message.command == n.RPL_INVITING and state.support.is_channel(first):
        first, second = second, first  # as RFC 2812 has it, and few servers
    text = _SENTENCES[message.command]().format(
        **dict.fromkeys(("nick", "modes", "version"), first),
        **dict.fromkeys(("user", "server", "account", "room"), second),
        **dict.fromkeys(("name", "reason", "time"), last),
        host=clean(message.param(3)),
        rooms=last.strip(),
        duration="?" if (seconds := number(second)) is None else duration(seconds),
        nicks=", ".join(split_source(one).nick for one in last.split(",")),
    )
    if message.command == n.RPL_YOUREOPER:
        state.is_server_operator = True
    if message.command == n.RPL_WHOISBOT:
        note_bot(state, message.param(1))
    names_its_place = message.command in (n.RPL_AWAY, n.RPL_INVITING)
    state.inform(place_of(state, message) if names_its_place else state.answered_in, text)


for _numeric, _count in _NEEDS.items():
    on(_numeric, needs=_count)(_answer)


@on(*_WHOIS_WORDS, needs=3)
def _whois_words(state: ClientState, message: Message) -> None:
    """What servers say of somebody in words of their own."""
    state.inform(state.answered_in, f"{clean(message.param(1))}: " + raw_words(message.params[2:]))


@on(n.RPL_ISON, needs=2)
def _is_on(state: ClientState, message: Message) -> None:
    nicks = last_param(message).strip()
    text = _("Online now: {nicks}").format(nicks=nicks) if nicks else _("None of them is online.")
    state.inform(state.answered_in, text)


@on(n.RPL_LIST, needs=3)
def _list(state: ClientState, message: Message) -> None:
    state.rooms_listed += 1
    if state.rooms_listed > MAX_LISTED:
        return
    try:
        people = plural("{count} person", "{count} people", int(message.param(2)))
    except ValueError:
        people = clean(message.param(2))
    topic = clean(message.param(3))
    text = f"{clean(message.param(1))} — {people}" + (f" — {topic}" if topic else "")
    state.inform(state.answered_in, text)


@on(n.RPL_LISTEND)
def _list_end(state: ClientState, message: Message) -> None:
    count, state.rooms_listed = state.rooms_listed, 0
    state.inform(
        state.answered_in, plural("{count} room on the server", "{count} rooms on the server", count)
    )


_MASKS: Final[Mapping[str, Callable[[], str]]] = {
    n.RPL_BANLIST: lambda: _("{mask} is banned"),
    n.RPL_EXCEPTLIST: lambda: _("{mask} is exempt from bans"),
    n.RPL_INVEXLIST: lambda: _("{mask} may enter without an invitation"),
}


@on(*_MASKS, needs=3)
def _mask(state: ClientState, message: Message) -> None:
    setter = clean(split_source(message.param(3)).nick)
    text = _MASKS[message.command]().format(mask=clean(message.param(2)))
    state.inform(state.room(message.param(1)) or state.answered_in, text + (f" ({setter})" if setter else ""))


_COUNTS: Final[Mapping[str, Callable[[int], str]]] = {
    n.RPL_LUSEROP: lambda count: plural(
        "{count} operator of the server", "{count} operators of the server", count
    ),
    n.RPL_LUSERCHANNELS: lambda count: plural(
        "{count} room on the server", "{count} rooms on the server", count
    ),
    n.RPL_LUSERUNKNOWN: lambda count: plural(
        "{count} connection without a nick", "{count} connections without a nick", count
    ),
}


@on(*_COUNTS, needs=2)
def _counts(state: ClientState, message: Message) -> None:
    count = number(message.param(1)) or 0
    state.inform(state.questions.answer_place or state.server_talk, _COUNTS[message.command](count), message)


@on(n.RPL_LUSERCLIENT, n.RPL_LUSERME, n.RPL_LOCALUSERS, n.RPL_GLOBALUSERS, n.RPL_MOTD, needs=2)
def _greeting(state: ClientState, message: Message) -> None:
    text = in_our_words(message.params[-1].removeprefix("- "))
    state.inform(state.questions.answer_place or state.server_talk, text, message)


@on(
    *(n.RPL_ADMINME, n.RPL_ADMINLOC1, n.RPL_ADMINLOC2, n.RPL_ADMINEMAIL),
    *(n.RPL_STATSUPTIME, n.RPL_USERHOST, n.RPL_LINKS, n.RPL_INFO, n.RPL_HELPSTART, n.RPL_HELPTXT),
)
def _words(state: ClientState, message: Message) -> None:
    """The answers of ADMIN, LINKS, INFO, STATS u, HELP and USERHOST are in words of the server's own."""
    if text := words_of(message).strip():
        state.inform(state.answered_in, text)


@on(
    *("SETNAME", "ACCOUNT", "ACK"),
    *(n.RPL_YOURHOST, n.RPL_CREATED, n.RPL_MYINFO, n.RPL_MOTDSTART),
    *(n.RPL_LISTSTART, n.RPL_CREATIONTIME, n.RPL_TOPICWHOTIME),
    *(n.RPL_ENDOFSTATS, n.RPL_ENDOFWHOIS, n.RPL_ENDOFWHOWAS, n.RPL_ENDOFINFO, n.RPL_ENDOFHELP),
    *(n.RPL_ENDOFLINKS, n.RPL_ENDOFMONLIST),
    *(n.RPL_ENDOFBANLIST, n.RPL_ENDOFEXCEPTLIST, n.RPL_ENDOFINVEXLIST, n.RPL_ENDOFINVITELIST),
    n.ERR_NOTREGISTERED,  # about our CAP LS, of a server without CAP: the welcome comes all the same
)
def _nothing_to_show(state: ClientState, message: Message) -> None:
    pass
