"""Handlers of what the server refuses: numerics as sentences in the user's language, never as raw lines."""

from collections.abc import Callable, Mapping
from typing import Final

from client.handlers.outcomes import Outcome, RequestRefused, RoomsLeft
from client.handlers.table import on
from client.model.conversations import Conversation
from client.model.sanitize import clean, last_param
from client.model.state import ClientState
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from translations import _

SENTENCES: Final[Mapping[str, Callable[[], str]]] = {
    n.RPL_TRYAGAIN: lambda: _("The server is too busy for {name} now. Please try again a little later."),
    n.ERR_UNKNOWNERROR: lambda: _("The server could not do this."),
    n.ERR_NOSUCHNICK: lambda: _("There is nobody called {name} here."),
    n.ERR_NOSUCHSERVER: lambda: _("There is no server called {name}."),
    n.ERR_CANNOTSENDTOCHAN: lambda: _("You may not speak in {name}."),
    n.ERR_WASNOSUCHNICK: lambda: _("Nobody called {name} was here."),
    n.ERR_TOOMANYTARGETS: lambda: _("Too many recipients: {name}."),
    n.ERR_NORECIPIENT: lambda: _("No recipient was given."),
    n.ERR_NOTEXTTOSEND: lambda: _("There is no text to send."),
    n.ERR_NOTOPLEVEL: lambda: _("This cannot be sent to {name}."),
    n.ERR_INPUTTOOLONG: lambda: _("The line is too long for the server."),
    n.ERR_UNKNOWNCOMMAND: lambda: _("The server does not know the command {name}."),
    n.ERR_NICKTOOFAST: lambda: _("You change your nick too often. Please wait a little."),
    n.ERR_USERNOTINCHANNEL: lambda: _("{name} is not in {other}."),
    n.ERR_NOTONCHANNEL: lambda: _("You are not in {name}."),
    n.ERR_USERONCHANNEL: lambda: _("{name} is in {other} already."),
    n.ERR_NEEDMOREPARAMS: lambda: _("The command {name} needs more parameters."),
    n.ERR_ALREADYREGISTERED: lambda: _("You are registered already."),
    n.ERR_KEYSET: lambda: _("{name} has a key already."),
    n.ERR_UNKNOWNMODE: lambda: _("The server does not know the mode {name}."),
    n.ERR_BANLISTFULL: lambda: _("The list of {name} is full."),
    n.ERR_NOPRIVILEGES: lambda: _("Only an operator of the server may do this."),
    n.ERR_CHANOPRIVSNEEDED: lambda: _("Only an operator of {name} may do this."),
    n.ERR_CANTKILLSERVER: lambda: _("The server cannot be removed."),
    n.ERR_RESTRICTED: lambda: _("Your connection is restricted."),
    n.ERR_NOOPERHOST: lambda: _("You may not become an operator of the server from here."),
    n.ERR_UMODEUNKNOWNFLAG: lambda: _("The server does not know this mode."),
    n.ERR_USERSDONTMATCH: lambda: _("You cannot change the modes of others."),
    n.ERR_HELPNOTFOUND: lambda: _("There is no help on {name}."),
    n.ERR_INVALIDKEY: lambda: _("The key of {name} is not acceptable."),
    n.ERR_INVALIDMODEPARAM: lambda: _("The mode {other} of {name} needs another value."),
    n.ERR_NOPRIVS: lambda: _("You lack the right {name}."),
    n.ERR_MONLISTFULL: lambda: _("The list of watched nicks is full."),
}
"""`{name}` and `{other}` are the first two parameters behind our own nick."""

ENTRY_SENTENCES: Final[Mapping[str, Callable[[], str]]] = {
    n.ERR_NOSUCHCHANNEL: lambda: _("There is no room {room}."),
    n.ERR_TOOMANYCHANNELS: lambda: _("You are in too many rooms to enter {room}."),
    n.ERR_CHANNELISFULL: lambda: _("{room} is full."),
    n.ERR_INVITEONLYCHAN: lambda: _("{room} lets in only those who are invited."),
    n.ERR_BANNEDFROMCHAN: lambda: _("You are banned from {room}."),
    n.ERR_BADCHANNELKEY: lambda: _("{room} has a key. To enter: /join {room} key"),
    n.ERR_BADCHANMASK: lambda: _("{room} cannot be the name of a room."),
    n.ERR_NEEDREGGEDNICK: lambda: _("{room} lets in only registered users."),
    n.ERR_BADCHANNAME: lambda: _("{room} cannot be the name of a room."),
    n.ERR_SECUREONLYCHAN: lambda: _("{room} lets in only encrypted connections."),
    n.ERR_OPERONLY: lambda: _("{room} lets in only operators of the server."),
}
"""Why we may not enter a room, or do what only its members may."""

_FAILURES: Final[Mapping[str, Callable[[], str]]] = {
    "REDACT_FORBIDDEN": lambda: _("Only its author or an operator of the room may take this message back."),
    "UNKNOWN_MSGID": lambda: _("The server does not know this message any more."),
    "MULTILINE_MAX_BYTES": lambda: _("The text is too long for one message on this server."),
    "MULTILINE_MAX_LINES": lambda: _("The text is too long for one message on this server."),
    "INVALID_UTF8": lambda: _("The server takes text in UTF-8 only."),
    "INVALID_REALNAME": lambda: _("The server does not accept this real name."),
}
"""By the code of a standard reply."""

_ABOUT_MESSAGES: Final = (
    *(n.ERR_NOSUCHNICK, n.ERR_CANNOTSENDTOCHAN, n.ERR_TOOMANYTARGETS, n.ERR_NOSUCHSERVICE),
    *(n.ERR_NORECIPIENT, n.ERR_NOTEXTTOSEND, n.ERR_NOTOPLEVEL, n.ERR_BADMASK, n.ERR_INPUTTOOLONG),
    *(n.ERR_NONONREG, n.ERR_NOCTCP, n.ERR_CANTSENDTOUSER, n.RPL_TARGUMODEG),
)
"""What may be the answer to a message of ours."""


def place_of(state: ClientState, message: Message) -> Conversation:
    """Return the conversation that an answer belongs to: one that it names, else where the user asked."""
    for param in message.params[1:3]:
        conversation = state.conversation(param) if param else None
        if conversation:
            return conversation
    return state.asked_in


def explain_unknown(state: ClientState, message: Message) -> Outcome | None:
    """Show a numeric that has no handler: an error as a sentence, else the words that the server wrote."""
    if message.command[0] in "45":
        record = state.record(message.param(1))
        if record and record.wanted and not record.joined:
            return _cannot_enter(state, message)
        return _error(state, message)
    text = clean(" ".join(message.params[1:]))
    if text:
        state.inform(state.server_talk, text, message)
    return None


@on(*SENTENCES)
def _error(state: ClientState, message: Message) -> RequestRefused | None:
    sentence = SENTENCES.get(message.command)
    if sentence:
        text = sentence().format(name=clean(message.param(1)), other=clean(message.param(2)))
    else:
        text = last_param(message)
    # A server that knows no CAP says so; the welcome comes all the same.
    about_cap = message.command == n.ERR_UNKNOWNCOMMAND and message.param(1).upper() == "CAP"
    place = None if about_cap else place_of(state, message)
    if message.command in _ABOUT_MESSAGES or ircv3.TAG_LABEL in message.tags:
        return RequestRefused(text, message.param(1), place)
    if text and place:
        state.complain(place, text)
    return None


@on(*ENTRY_SENTENCES, n.ERR_UNAVAILRESOURCE, n.ERR_THROTTLED)
def _cannot_enter(state: ClientState, message: Message) -> Outcome | None:
    """The server does not let us into a room, or into what only its members may do."""
    name = message.param(1)
    sentence = ENTRY_SENTENCES.get(message.command)
    text = sentence().format(room=clean(name)) if sentence else last_param(message)
    record, room = state.record(name), state.room(name)
    if record and not record.joined:
        record.give_up()
    if room and not room.joined:
        state.complain(room, text)
        return RoomsLeft((room,))
    return RequestRefused(text, name, room or state.asked_in)


@on("ACK")
def _done(state: ClientState, message: Message) -> RequestRefused:
    """IRCv3 labeled-response: the server has nothing to say to it, not even the echo of a message."""
    return RequestRefused(_("The server did not pass this message on."), "", place=None)


@on("FAIL", "WARN", "NOTE")
def _standard_reply(state: ClientState, message: Message) -> RequestRefused | None:
    """IRCv3 standard-replies: `FAIL command code [context…] :description`."""
    sentence = _FAILURES.get(message.param(1))
    text = sentence() if sentence else last_param(message)
    if message.command != "FAIL":
        state.inform(state.asked_in, text)
        return None
    return RequestRefused(text, "", state.asked_in)
