"""How a connection becomes a session: capabilities, password, nick, welcome.

IRCv3 capability negotiation 302; RFC 2812 section 3.1. Servers that know no CAP ignore it or answer 421 or
451, and the welcome comes all the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from client.model.events import Phase, Problem, ReconnectAsked, Refused
from client.model.identity import RECLAIMS
from client.model.isupport import ISupport
from client.model.sanitize import clean, is_sendable, last_param
from client.model.state import ClientState
from client.nicks import numbered, transliterate
from program.version import NAME
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.names import MAX_NICK, is_valid_nick
from translations import _

WANTED: Final = (
    *(ircv3.MESSAGE_TAGS, ircv3.SERVER_TIME, ircv3.ECHO_MESSAGE, ircv3.BATCH, ircv3.LABELED_RESPONSE),
    *(ircv3.MULTI_PREFIX, ircv3.USERHOST_IN_NAMES, ircv3.EXTENDED_JOIN, ircv3.AWAY_NOTIFY, ircv3.CHGHOST),
    *(ircv3.SETNAME, ircv3.CAP_NOTIFY, ircv3.STANDARD_REPLIES, ircv3.INVITE_NOTIFY),
    *(ircv3.RECLAIM, ircv3.FIRST_RECLAIM),
    *(ircv3.CHATHISTORY, ircv3.RATIFIED_CHATHISTORY, ircv3.MULTILINE, ircv3.MESSAGE_REDACTION),
)
"""Capabilities that this client makes use of."""
MAX_NICK_TRIES: Final = 20
MAX_USER_NAME: Final = 100
"""Characters of a user name; those of bouncers hold names of networks too."""


def is_user_name(text: str) -> bool:
    """Tell whether this can be sent as the user name: `anna`, or to a bouncer `anna/network`."""
    return is_sendable(text) and ":" not in text and len(text) <= MAX_USER_NAME and text.isprintable()


def retry_with(state: ClientState, nick: str = "", password: str = "") -> None:
    """Use this nick or password from now on; after a refusal try it, if possible on this connection."""
    profile = state.profile
    state.profile = replace(profile, nick=nick or profile.nick, password=password or profile.password)
    refused, state.refused = state.refused, None
    in_the_door = refused in (Problem.NICK_TAKEN, Problem.NICK_INVALID) and not password
    if in_the_door and state.phase is Phase.REGISTERING:
        state.ask_for_nick(state.profile.nick)
    elif refused:
        state.emit(ReconnectAsked())


class Registration:
    """The registration of the current connection, and what is remembered for the next one."""

    def __init__(self, state: ClientState) -> None:
        self._state = state
        self._welcomed_before = False
        self._tries = 0
        self._requested: list[list[str]] = []
        self._negotiating = False
        self._user = ""
        """Our user name, of the nick with which we first came in: by it a server knows what we send twice."""

    def begin(self) -> None:
        """Say who we are: the first lines of every connection."""
        state, send = self._state, self._state.send
        nick, password = state.profile.nick, state.profile.password
        state.refused = None
        self._tries = 0
        self._requested.clear()
        self._negotiating = True
        send("CAP", "LS", "302")
        if password:
            send("PASS", password)
        state.ask_for_nick(nick)
        if state.profile.user:
            self._user = state.profile.user
        elif not self._welcomed_before:
            user = transliterate(nick).lower()
            self._user = "".join(char for char in user if char.isalnum())[:10] or "user"
        send("USER", self._user, "0", "*", state.profile.realname or nick or NAME)

    def handle(self, message: Message) -> bool:
        """Act on a line about capabilities, nick or password; return False if it is about something else."""
        match message.command:
            case "CAP":
                self._negotiate(message)
            case n.ERR_PASSWDMISMATCH:
                self._password_refused()
            case n.ERR_YOUREBANNEDCREEP:
                text = _("The server does not let you in: {reason}").format(reason=last_param(message))
                self._let_the_user_decide(Problem.BANNED, text)
            case n.ERR_ERRONEUSNICKNAME | n.ERR_NONICKNAMEGIVEN:
                self._nick_refused(Problem.NICK_INVALID, self._why_invalid())
            case n.ERR_UNAVAILRESOURCE if self._state.support.is_channel(message.param(1)):
                return False
            case n.ERR_NICKNAMEINUSE | n.ERR_NICKCOLLISION | n.ERR_UNAVAILRESOURCE:
                text = _("The nick {nick} is taken. Please choose another one.")
                nick = clean(message.param(1)) or self._state.asked_nick
                self._nick_refused(Problem.NICK_TAKEN, text.format(nick=nick))
            case _other:
                return False
        return True

    # Capabilities.

    def _negotiate(self, message: Message) -> None:
        """`CAP * LS|ACK|NAK|NEW|DEL …`: ask for what is offered and wanted, note what is granted."""
        state = self._state
        verb, names = message.param(1).upper(), message.params[-1].split() if message.params else []
        if verb in ("LS", "NEW"):
            # Bounded, because a lying server can name capabilities for ever.
            pairs = [word.partition("=")[::2] for word in names]
            state.capability_values.update({name: value for name, value in pairs if name in WANTED})
            if verb == "NEW" or message.param(2) != "*":
                known = state.capabilities.union(*self._requested)
                self._request([name for name in WANTED if name in state.capability_values.keys() - known])
        elif verb == "ACK":
            for name in names:
                if name.startswith("-"):
                    state.capabilities.discard(name[1:])
                elif name in WANTED:
                    state.capabilities.add(name)
            if self._negotiating and not RECLAIMS.isdisjoint(names):
                state.reclaim(state.profile.nick)
            self._request_answered()
        elif verb == "NAK":
            refused = self._requested[0] if self._requested else []
            self._request_answered(ask_again=refused if len(refused) > 1 else ())
        elif verb == "DEL":
            state.capabilities.difference_update(names)
            for name in names:
                state.capability_values.pop(name, None)

    def _request(self, names: list[str]) -> None:
        if names:
            self._requested.append(names)
            self._state.send("CAP", "REQ", " ".join(names))
        elif not self._requested:
            self._end_negotiation()

    def _request_answered(self, ask_again: Sequence[str] = ()) -> None:
        del self._requested[:1]
        for name in ask_again:
            self._request([name])
        if not self._requested:
            self._end_negotiation()

    def _end_negotiation(self) -> None:
        if self._negotiating:
            self._negotiating = False
            self._state.send("CAP", "END")

    # What the server makes of it.

    def welcomed(self, message: Message) -> None:
        """The server let us in."""
        state, wanted = self._state, self._state.profile.nick
        state.set_nick(message.param(0, state.nick))
        state.refused = None
        state.goodbye = ""
        state.support = ISupport(state.support.fold)  # conversations stay filed until a CASEMAPPING is named
        state.inform(state.server_talk, last_param(message), message)
        self._welcomed_before = True
        state.profile.identity.keep()
        if not state.is_me(wanted):
            text = _("On this server you are {nick}: {wanted} is not available here.")
            state.inform(state.server_talk, text.format(nick=state.nick, wanted=wanted))

    def _nick_refused(self, problem: Problem, text: str) -> None:
        """We decide after a reconnect, and where a server cannot write Cyrillic nicks; else the user does."""
        if self._state.phase is Phase.ONLINE:
            self._state.complain(self._state.asked_in, text)
            return
        longest = self._state.support.number("NICKLEN", MAX_NICK, 1, 100)
        invalid = problem is Problem.NICK_INVALID
        suggestion = (
            transliterate(self._state.asked_nick) if invalid else numbered(self._state.asked_nick, longest)
        )
        if suggestion == self._state.asked_nick:
            suggestion = ""
        # In a nick of mixed letters something else may be wrong: the user should know.
        cyrillic = bool(suggestion) and not any(
            char.isascii() and char.isalpha() for char in self._state.asked_nick
        )
        we_decide = self._welcomed_before or (invalid and cyrillic)
        if we_decide and self._tries < MAX_NICK_TRIES:
            self._tries += 1
            self._state.ask_for_nick(suggestion or numbered("guest", longest))
        else:
            self._let_the_user_decide(problem, text, suggestion)

    def _why_invalid(self) -> str:
        text = _("The server does not accept the nick {nick}.").format(nick=clean(self._state.asked_nick))
        if not is_valid_nick(self._state.asked_nick):
            text += " " + _(
                "A nick begins with a letter and consists of letters of one alphabet, digits, - and _."
            )
        return text

    def _password_refused(self) -> None:
        """The server asks for another password; or, later, an operator's was wrong."""
        if self._state.phase is Phase.ONLINE:
            self._state.complain(self._state.asked_in, _("The password is not right."))
            return
        text = (
            _("The server asks for a password, and this one is not right.")
            if self._state.profile.password
            else _("The server asks for a password.")
        )
        self._let_the_user_decide(Problem.WRONG_PASSWORD, text)

    def _let_the_user_decide(self, problem: Problem, text: str, suggestion: str = "") -> None:
        self._state.refused = problem
        self._state.emit(Refused(problem, text, suggestion))
