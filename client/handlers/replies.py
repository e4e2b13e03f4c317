"""Handlers of answers and errors: numerics as sentences in the user's language, never as raw lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.handlers.channels import cannot_enter
from client.handlers.presence import note_bot
from client.handlers.table import on
from client.model.conversations import Conversation, Kind
from client.model.sanitize import clean
from protocol import numerics
from protocol.message import Message
from translations import _, plural

if TYPE_CHECKING:
    from client.session import Session

MAX_LISTED: Final = 300
"""Rooms of a LIST that are shown."""


def _errors() -> dict[str, str]:
    """Sentences for errors; `{name}` and `{other}` are the first two parameters behind our own nick."""
    return {
        "400": _("The server could not do this."),
        "401": _("There is nobody called {name} here."),
        "402": _("There is no server called {name}."),
        "404": _("You may not speak in {name}."),
        "406": _("Nobody called {name} was here."),
        "407": _("Too many recipients: {name}."),
        "411": _("No recipient was given."),
        "412": _("There is no text to send."),
        "413": _("This cannot be sent to {name}."),
        "417": _("The line is too long for the server."),
        "421": _("The server does not know the command {name}."),
        "438": _("You change your nick too often. Please wait a little."),
        "441": _("{name} is not in {other}."),
        "442": _("You are not in {name}."),
        "443": _("{name} is in {other} already."),
        "461": _("The command {name} needs more words."),
        "462": _("You are registered already."),
        "467": _("{name} has a key already."),
        "472": _("The server does not know the mode {name}."),
        "478": _("The list of {name} is full."),
        "481": _("Only an operator of the server may do this."),
        "482": _("Only an operator of {name} may do this."),
        "483": _("The server cannot be removed."),
        "484": _("Your connection is restricted."),
        "491": _("You may not become an operator of the server from here."),
        "501": _("The server does not know this mode."),
        "502": _("You cannot change the modes of others."),
        "524": _("There is no help on {name}."),
        "525": _("The key of {name} is not acceptable."),
        "696": _("The mode {other} of {name} needs another value."),
        "723": _("You lack the right {name}."),
        "734": _("The list of watched nicks is full."),
    }


def _last(message: Message) -> str:
    return clean(message.params[-1]) if message.params else ""


def _place(session: Session, message: Message) -> Conversation:
    """Return the conversation that an answer belongs to: one that it names, else where the user asked."""
    for param in message.params[1:3]:
        conversation = session.conversations.get(session.fold(param)) if param else None
        if conversation:
            return conversation
    return session.asked_in


def _error(session: Session, message: Message) -> None:
    template = _errors().get(message.command)
    if template:
        text = template.format(name=clean(message.param(1)), other=clean(message.param(2)))
    else:
        text = _last(message)
    target = message.param(1)
    about_messages = message.command in _ABOUT_MESSAGES or "label" in message.tags
    if about_messages and session.outbox.fail_answered(message, text, target):
        return
    if message.command == "421" and message.param(1).upper() == "CAP":
        return
    if text:
        session.complain(_place(session, message), text)


_ABOUT_MESSAGES: Final = frozenset(
    {"401", "403", "404", "407", "408", "411", "412", "413", "415", "417", "486", "492", "531", "716"}
)

on("404", "401", "402", "421")(_error)


def show_unknown(session: Session, message: Message) -> None:
    """Show a numeric that has no handler: an error as a sentence, else the words that the server wrote."""
    if message.command[0] in "45":
        room = session.room(message.param(1))
        wanted = session.fold(message.param(1)) in session.wanted_rooms
        if wanted and not (room and room.joined) and message.command not in _errors():
            cannot_enter(session, message)
        else:
            _error(session, message)
        return
    text = clean(" ".join(message.params[1:]))
    if text:
        session.inform(session.server_talk, text, message)


@on("ACK")
def _done(session: Session, message: Message) -> None:
    """IRCv3 labeled-response: the server has nothing to say to it, not even the echo of a message."""
    session.outbox.fail_answered(message, _("The server did not pass this message on."), "")


@on("FAIL", "WARN", "NOTE")
def _standard_reply(session: Session, message: Message) -> None:
    """IRCv3 standard-replies: `FAIL command code [context…] :description`."""
    if message.command == "FAIL":
        if message.param(0) == "CHATHISTORY" and (
            session.scrollback.refused(message) or session.catchup.refused(message)
        ):
            return
        if message.tags.get("label") and session.outbox.fail_answered(message, _failure(message), ""):
            return
    kind = Kind.ERROR if message.command == "FAIL" else Kind.INFO
    session.add_entry(session.asked_in, kind, _failure(message))


def _failure(message: Message) -> str:
    """Return a standard reply as a sentence; of an unknown code, the words that the server wrote."""
    match message.param(1):
        case "REDACT_FORBIDDEN":
            return _("Only its author or an operator of the room may take this message back.")
        case "UNKNOWN_MSGID":
            return _("The server does not know this message any more.")
        case "MULTILINE_MAX_BYTES" | "MULTILINE_MAX_LINES":
            return _("The text is too long for one message on this server.")
        case "INVALID_UTF8":
            return _("The server takes text in UTF-8 only.")
        case "INVALID_REALNAME":
            return _("The server does not accept this real name.")
        case _other:
            return _last(message)


@on(numerics.RPL_AWAY)
def _is_away(session: Session, message: Message) -> None:
    text = _("{nick} is away: {reason}").format(nick=clean(message.param(1)), reason=_last(message))
    session.inform(_place(session, message), text)


@on(numerics.RPL_UNAWAY, numerics.RPL_NOWAWAY)
def _own_away(session: Session, message: Message) -> None:
    away = message.command == numerics.RPL_NOWAWAY
    text = _("You are marked as away.") if away else _("You are marked as present.")
    session.inform(session.asked_in, text)


@on(numerics.RPL_INVITING)
def _inviting(session: Session, message: Message) -> None:
    text = _("{nick} is invited to {room}.").format(
        nick=clean(message.param(1)), room=clean(message.param(2))
    )
    session.inform(_place(session, message), text)


@on(numerics.RPL_LUSERCLIENT, numerics.RPL_LUSERME, numerics.RPL_LOCALUSERS, numerics.RPL_GLOBALUSERS)
def _counted(session: Session, message: Message) -> None:
    session.inform(session.server_talk, _last(message), message)


@on(numerics.RPL_MOTD)
def _motd(session: Session, message: Message) -> None:
    session.inform(session.server_talk, _last(message).removeprefix("- "), message)


@on("311", "312", "313", "317", "319", "330", "335", "338", "378", "671")
def _whois(session: Session, message: Message) -> None:
    nick, second = clean(message.param(1)), clean(message.param(2))
    match message.command:
        case "311":
            text = _("{nick} is {name}, {user}@{host}").format(
                nick=nick, name=_last(message), user=second, host=clean(message.param(3))
            )
        case "312":
            text = _("{nick} is connected to {server}").format(nick=nick, server=second)
        case "313":
            text = _("{nick} is an operator of the server").format(nick=nick)
        case "317":
            text = _("{nick} has been silent for {duration}").format(nick=nick, duration=_duration(second))
        case "319":
            text = _("{nick} is in {rooms}").format(nick=nick, rooms=_last(message).strip())
        case "330":
            text = _("{nick} is logged in as {account}").format(nick=nick, account=second)
        case "335":
            text = _("{nick} is a bot").format(nick=nick)
            note_bot(session, message.param(1))
        case "671":
            text = _("{nick} uses an encrypted connection").format(nick=nick)
        case _other:
            text = f"{nick}: " + clean(" ".join(message.params[2:]))
    session.inform(session.asked_in, text)


def _duration(seconds: str) -> str:
    try:
        count = min(max(int(seconds), 0), 10**9)
    except ValueError:
        return "?"
    if count < 60:
        return plural("{count} second", "{count} seconds", count)
    if count < 3600:
        return plural("{count} minute", "{count} minutes", count // 60)
    return plural("{count} hour", "{count} hours", count // 3600)


@on(numerics.RPL_LISTSTART)
def _list_start(session: Session, message: Message) -> None:
    session.rooms_listed = 0


@on(numerics.RPL_LIST)
def _list(session: Session, message: Message) -> None:
    session.rooms_listed += 1
    if session.rooms_listed > MAX_LISTED:
        return
    try:
        people = plural("{count} person", "{count} people", int(message.param(2)))
    except ValueError:
        people = clean(message.param(2))
    topic = clean(message.param(3))
    text = f"{clean(message.param(1))} — {people}" + (f" — {topic}" if topic else "")
    session.inform(session.asked_in, text)


@on(numerics.RPL_LISTEND)
def _list_end(session: Session, message: Message) -> None:
    count, session.rooms_listed = session.rooms_listed, 0
    text = plural("{count} room on the server", "{count} rooms on the server", count)
    session.inform(session.asked_in, text)


@on("318", "365", "368", "347", "349", "369", "374", "706")
def _ends(session: Session, message: Message) -> None:
    pass
