"""Handlers of what the server refuses: numerics as sentences in the user's language, with its reasons."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from client.handlers.outcomes import Outcome, Postponed, RequestRefused, RoomsLeft
from client.handlers.table import Handler, on, on_others
from client.model.conversations import Conversation, Kind
from client.model.events import ClassAnswered, MembersChanged
from client.model.sanitize import clean, is_name
from client.model.server_words import (
    class_words_of,
    in_our_words,
    is_for_a_while,
    raw_words,
    with_reason,
    words_of,
)
from client.model.state import ClientState
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.words import upper
from translations import _, plural

PAUSES: Final = (10, 30, 60, 120, 300)
"""Seconds before each next try to enter a room that is closed for a while; after the last it is given up."""
LONGEST_PAUSE: Final = 600
"""Seconds that a server may ask us to wait."""

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
    n.ERR_CANTCHANGENICK: lambda: _("You may not change your nick now."),
    n.ERR_CANTSENDTOUSER: lambda: _("This cannot be sent to {name}."),
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
    n.ERR_TARGETTOOFAST: lambda: _("You turn to {name} too soon after others."),
    n.ERR_TARGCHANGE: lambda: _("You turn to {name} too soon after others."),
}
"""`{name}` and `{other}` are the first two parameters behind our nick; the last is the server's reason."""

ENTRY_SENTENCES: Final[Mapping[str, Callable[[], str]]] = {
    n.ERR_NOSUCHCHANNEL: lambda: _("There is no room {name}."),
    n.ERR_TOOMANYCHANNELS: lambda: _("You are in too many rooms to enter {name}."),
    n.ERR_UNAVAILRESOURCE: lambda: _("{name} is not available for a while."),
    n.ERR_CHANNELISFULL: lambda: _("{name} is full."),
    n.ERR_INVITEONLYCHAN: lambda: _("{name} lets in only those who are invited."),
    n.ERR_BANNEDFROMCHAN: lambda: _("You are banned from {name}."),
    n.ERR_BADCHANNELKEY: lambda: _("{name} has a key. To enter: /join {name} key"),
    n.ERR_BADCHANMASK: lambda: _("{name} cannot be the name of a room."),
    n.ERR_NEEDREGGEDNICK: lambda: _("{name} lets in only registered users."),
    n.ERR_BADCHANNAME: lambda: _("{name} cannot be the name of a room."),
    n.ERR_THROTTLED: lambda: _("Too many people enter {name} now."),
    n.ERR_SECUREONLYCHAN: lambda: _("{name} lets in only encrypted connections."),
    n.ERR_DELAYREJOIN: lambda: _("{name} does not let you in again so soon."),
    n.ERR_TOOMANYJOINS: lambda: _("Too many people enter {name} now."),
    n.ERR_OPERONLY: lambda: _("{name} lets in only operators of the server."),
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
_TEMPORARY: Final = (
    *(n.ERR_UNAVAILRESOURCE, n.ERR_TARGETTOOFAST, n.ERR_CHANNELISFULL, n.ERR_NEEDREGGEDNICK),
    *(n.ERR_THROTTLED, n.ERR_DELAYREJOIN, n.ERR_TOOMANYJOINS, n.ERR_TARGCHANGE),
)
"""What a room refuses for a while; 477 too: who is about to be recognised by services is let in then."""
_FOR_GOOD: Final = (n.ERR_BANNEDFROMCHAN, n.ERR_BADCHANNELKEY, n.ERR_INVITEONLYCHAN, n.ERR_NOSUCHCHANNEL)
_SECONDS: Final = re.compile(r"(\d{1,3}) *s(?:ec|\b)", re.IGNORECASE)


def place_of(state: ClientState, message: Message) -> Conversation:
    """Return the conversation that an answer belongs to: where it was asked, else one that it names."""
    if state.questions.answer_place:
        return state.questions.answer_place
    for param in message.params[1:3]:
        conversation = state.conversation(state.support.without_status(param)) if param else None
        if conversation:
            return conversation
    return state.answered_in


def refusal_of(message: Message, sentences: Mapping[str, Callable[[], str]] = SENTENCES) -> str:
    """Return our sentence with the server's reason; the words alone if there is none for it."""
    if not (sentence := sentences.get(message.command)):
        return words_of(message)
    template = sentence()
    text = template.format(name=clean(message.param(1)), other=clean(message.param(2)))
    named = _needs(sentence) - 1 if "{name}" in template else 1
    return with_reason(text, *message.params[named:])


def _needs(sentence: Callable[[], str]) -> int:
    """How many parameters a sentence needs: our nick, the names that stand in it, the reason."""
    return 4 if "{other}" in sentence() else 3 if "{name}" in sentence() else 0


@on_others
def _show_as_said(state: ClientState, message: Message) -> Outcome | None:
    """Show a line that has no handler, or lacks what its handler needs, in the server's own words."""
    is_error = message.command[:1] in ("4", "5") and message.command.isdecimal()
    if is_error or message.command in _ABOUT_MESSAGES:
        record = state.record(message.param(1))
        if record and record.is_awaited:
            return _cannot_enter(state, message)
        known = message.command in SENTENCES or message.command in ENTRY_SENTENCES
        return _refuse(state, message, raw_words(message.params[1:]) if known else words_of(message))
    words = message.params[1:] if message.command.isdecimal() else (message.command, *message.params)
    if text := raw_words(map(in_our_words, words)):
        room = next((room for param in message.params[:3] if (room := state.room(param))), None)
        state.inform(state.questions.answer_place or room or state.server_talk, text, message)
    return None


def _error(state: ClientState, message: Message) -> Outcome | None:
    if message.command == n.ERR_NOSUCHNICK and state.support.is_channel(message.param(1)):
        sentence = ENTRY_SENTENCES[n.ERR_NOSUCHCHANNEL]().format(name=clean(message.param(1)))
        return _refuse(state, message, with_reason(sentence, *message.params[2:]))
    if message.command == n.ERR_RESTRICTED and len(message.params) > 2:  # as most servers use it: whom one
        return _refuse(state, message, words_of(message))  # may not remove from a room, and why
    return _refuse(state, message, refusal_of(message))


def _refuse(state: ClientState, message: Message, text: str) -> Outcome | None:
    # A server that knows no CAP says so; the welcome comes all the same.
    about_cap = message.command == n.ERR_UNKNOWNCOMMAND and upper(message.param(1)) == "CAP"
    place = None if about_cap else place_of(state, message)
    if message.command in _ABOUT_MESSAGES or ircv3.TAG_LABEL in message.tags:
        return RequestRefused(text, message.param(1), place)
    if text and place:
        state.complain(place, text)
    return None


def _busy(state: ClientState, message: Message) -> Outcome | None:
    """263 names the command alone: rooms that we have asked to enter are tried again."""
    command = upper(message.param(1))
    if command == "JOIN":
        try_unanswered_again(state, message, state.pings)
        return None
    ours = [one for one in state.conversations.values() if one.asked.who]
    if command == "WHO" and ours and not state.questions.answer_place:  # the user has not asked
        ours[0].asked.who = False
        return None
    return _error(state, message)


def try_unanswered_again(state: ClientState, message: Message, ping: int) -> None:
    """A line says that there will be no answer to what we asked up to the PING number `ping`: the rooms that
    we asked to enter by then do not let us in now. Some servers refuse without a word, or name no room.
    """
    for room in state.wanted_rooms:
        if room.is_awaited and 0 < room.asked.joining <= ping:
            sentence = ENTRY_SENTENCES[n.ERR_UNAVAILRESOURCE]().format(name=room.name)
            if not _try_again(state, room, message, sentence):
                room.give_up()
                state.complain(state.room(room.name) or place_of(state, message), sentence)


def _too_fast(state: ClientState, message: Message) -> Outcome | None:
    """439 and 707: to a room or a person; what was said to them did not arrive."""
    record = state.record(message.param(1))
    text = refusal_of(message)
    if record and record.is_awaited:
        return _cannot_enter(state, message, text)
    pause = _named_pause(message) or PAUSES[0]
    return Postponed(message.param(1), pause, text, place_of(state, message))


_ACTING: Final[Mapping[str, Handler]] = {
    n.RPL_TRYAGAIN: _busy,
    n.ERR_TARGETTOOFAST: _too_fast,
    n.ERR_TARGCHANGE: _too_fast,
}
for _numeric, _text in SENTENCES.items():
    on(_numeric, needs=_needs(_text))(_ACTING.get(_numeric, _error))


def _cannot_enter(state: ClientState, message: Message, text: str = "") -> Outcome | None:
    """The server does not let us into a room, or into what only its members may do."""
    name = message.param(1)
    record, room = state.record(name), state.room(name)
    if not text and (message.command not in ENTRY_SENTENCES or (record and record.joined)):
        words = words_of(message)  # who is in the room is refused something else than to enter it
        text = words if name in words else f"{clean(name)}: {words}"
    text = text or refusal_of(message, ENTRY_SENTENCES)
    waits = record and record.is_awaited and _is_temporary(message)
    if record and waits and _try_again(state, record, message, text):
        return None
    if record and not record.joined:
        record.give_up()
    if room and not room.joined:
        state.complain(room, text)
        return RoomsLeft((room,))
    return RequestRefused(text, name, place_of(state, message))


for _numeric, _text in ENTRY_SENTENCES.items():
    on(_numeric, needs=_needs(_text))(_cannot_enter)


def _is_temporary(message: Message) -> bool:
    words = message.params[-1] if message.params else ""
    return message.command in _TEMPORARY or (message.command not in _FOR_GOOD and is_for_a_while(words))


def _named_pause(message: Message) -> int:
    """Return how many seconds the server asks us to wait; 0 if it does not say."""
    found = _SECONDS.search(message.params[-1]) if message.params else None
    return min(int(found[1]), LONGEST_PAUSE) if found else 0


def _try_again(state: ClientState, room: Conversation, message: Message, text: str) -> bool:
    """Plan another try to enter the room, and say so; False if there were enough."""
    asked = room.asked
    if asked.tries >= len(PAUSES):
        return False
    pause = max(_named_pause(message), PAUSES[asked.tries])
    asked.tries += 1
    asked.joining, asked.try_at = 0, state.timer() + pause
    again = plural("Trying again in {count} second.", "Trying again in {count} seconds.", pause)
    state.complain(state.room(room.name) or place_of(state, message), f"{text} {again}")
    return True


@on(n.ERR_LINKCHANNEL)
def _forwarded(state: ClientState, message: Message) -> Outcome | None:
    """470: the server puts us into another room than the one that we asked for; its JOIN follows."""
    old = message.param(1)
    named = (word.strip(".,:;()[]") for param in message.params[2:] for word in param.split())
    new = next((one for one in named if state.support.is_channel(one) and not state.is_same(one, old)), "")
    record = state.record(old)
    if record and not record.joined:
        record.give_up()
    if is_name(new):
        target = state.note_room(new)
        if record is None or state.to_focus is record or state.to_focus is None:
            state.to_focus = target
        text = _("{name} leads to {other}.").format(name=clean(old), other=clean(new))
    else:
        text = _("{name} leads to another room.").format(name=clean(old))
    text = with_reason(text, *message.params[-1:])
    room = state.room(old)
    state.complain(room or place_of(state, message), text)
    return RoomsLeft((room,)) if room and not room.joined else None


def _note_silence(state: ClientState, message: Message) -> bool:
    """`NOTE CLASS MUTED|PAUSED|UNMUTED`: whether we may speak in the class, which the window shows itself."""
    if len(message.params) < 4 or not state.speech.note(message.param(1), message.param(2), state.timer()):
        return False
    rooms = [room for room in state.conversations.values() if state.is_of_class(room)]
    for room in rooms:
        state.emit(MembersChanged(room))
    return True


def _was_seen(state: ClientState, message: Message) -> bool:
    """Tell whether a verb's answer says what stands right above it: the mode that we have set by it."""
    above = next(reversed(state.answered_in.entries), None)
    if above is None or message.param(1) not in ("QUIET", "OPEN", "LOCK", "UNLOCK"):
        return False
    return above.kind is Kind.MODE and state.is_me(above.nick)


@on("FAIL", "WARN", "NOTE", needs=3)
def _standard_reply(state: ClientState, message: Message) -> RequestRefused | None:
    """IRCv3 standard-replies: `FAIL command code [context…] :description`."""
    sentence = _FAILURES.get(message.param(1))
    of_class = message.param(0) == "CLASS"
    if of_class and message.command == "NOTE" and _note_silence(state, message):
        return None
    text = sentence() if sentence else class_words_of(message) if of_class else words_of(message)
    if of_class:
        state.emit(ClassAnswered(text, message.command == "FAIL"))
    if of_class and message.command == "FAIL":
        state.complain(state.answered_in, text)
        return None
    if message.command != "FAIL":
        if not (of_class and _was_seen(state, message)):
            state.inform(state.answered_in, text)
        return None
    return RequestRefused(text, "", state.answered_in)
