"""How a connection becomes a session: capabilities, password, nick, welcome.

IRCv3 capability negotiation 302; RFC 2812 section 3.1. Servers that know no CAP ignore it or answer 421 or
451, and the welcome comes all the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from client.model.events import Phase, Problem, ReconnectAsked, Refused
from client.model.identity import RECLAIMS
from client.model.sanitize import clean
from client.model.server_time import time_of
from client.model.server_words import is_for_a_while, with_reason, words_of
from client.model.state import ClientState
from client.nicks import numbered, transliterate
from program.version import NAME
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.names import MAX_NICK, is_valid_nick
from protocol.words import upper
from translations import _

WANTED: Final = (
    *(ircv3.MESSAGE_TAGS, ircv3.SERVER_TIME, ircv3.ECHO_MESSAGE, ircv3.BATCH, ircv3.LABELED_RESPONSE),
    *(ircv3.MULTI_PREFIX, ircv3.USERHOST_IN_NAMES, ircv3.EXTENDED_JOIN, ircv3.AWAY_NOTIFY, ircv3.CHGHOST),
    *(ircv3.SETNAME, ircv3.CAP_NOTIFY, ircv3.STANDARD_REPLIES, ircv3.INVITE_NOTIFY),
    *(ircv3.RECLAIM, ircv3.FIRST_RECLAIM, ircv3.DESK),
    *(ircv3.CHATHISTORY, ircv3.RATIFIED_CHATHISTORY, ircv3.MULTILINE, ircv3.MESSAGE_REDACTION, ircv3.SEARCH),
)
"""Capabilities that this client makes use of."""
MAX_NICK_TRIES: Final = 20
REGAIN_PAUSES: Final = (30, 60, 120, 300, 600)
"""Seconds before each of the questions for a nick that could not be had."""


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
        self._wanted = ""
        """The nick that we ask for now and then, since it could not be had."""
        self._ask_at = 0.0
        """When (`ClientState.timer`); 0: not at all."""
        self._asks = 0
        self._asked_again = False
        """The last time it was we who asked, not the user."""
        self._requested: list[list[str]] = []
        self._negotiating = False
        self._user = ""
        """Our user name, of the nick with which we first came in: by it a server knows what we send twice."""

    def begin(self) -> None:
        """Say who we are: the first lines of every connection."""
        state, send = self._state, self._state.send
        nick, password = state.profile.nick, state.profile.password
        state.refused = None
        self._tries = self._asks = 0
        self._ask_at = 0.0
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
        if state.profile.operator_token:  # before we have a nick, which may be reserved for the operator
            send("OPER", "operator", state.profile.operator_token)
        send("USER", self._user, "0", "*", state.profile.realname or nick or NAME)

    def handle(self, message: Message) -> bool:
        """Act on a line about capabilities, nick or password; return False if it is about something else."""
        match message.command:
            case "CAP":
                self._negotiate(message)
            case n.ERR_PASSWDMISMATCH:
                self._password_refused(message)
            case n.ERR_YOUREBANNEDCREEP:
                reason = words_of(message)
                text = _("The server does not let you in: {reason}").format(reason=reason)
                if not (self._welcomed_before and is_for_a_while(reason)):  # else we come back by ourselves
                    self._let_the_user_decide(Problem.BANNED, text)
            case n.ERR_ERRONEUSNICKNAME | n.ERR_NONICKNAMEGIVEN:
                self._nick_refused(Problem.NICK_INVALID, message, self._why_invalid(message))
            case n.ERR_UNAVAILRESOURCE if self._state.support.is_channel(message.param(1)):
                return False
            case n.ERR_UNAVAILRESOURCE:
                text = _("The nick {nick} cannot be had for a while.")
                self._nick_refused(Problem.NICK_TAKEN, message, text.format(nick=self._as_typed(message)))
            case n.ERR_NICKNAMEINUSE | n.ERR_NICKCOLLISION:
                text = _("The nick {nick} is taken. Please choose another one.")
                self._nick_refused(Problem.NICK_TAKEN, message, text.format(nick=self._as_typed(message)))
            case _other:
                return False
        return True

    # Capabilities.

    def _negotiate(self, message: Message) -> None:
        """`CAP * LS|ACK|NAK|NEW|DEL …`: ask for what is offered and wanted, note what is granted."""
        state = self._state
        verb, names = upper(message.param(1)), message.params[-1].split() if message.params else []
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
        state.server_clock.came_at = time_of(message, state.server_clock.came_at)
        state.inform(state.server_talk, words_of(message), message)
        self._welcomed_before = True
        state.profile.identity.keep()
        if not state.is_me(wanted):
            text = _("On this server you are {nick}: {wanted} is not available here.")
            state.inform(state.server_talk, text.format(nick=state.nick, wanted=wanted))
            if self._tries and is_valid_nick(wanted) and wanted.isascii() == state.nick.isascii():
                self._regain(wanted)  # it was taken, or cannot be had for a while

    def _as_typed(self, message: Message) -> str:
        """Return the nick that a refusal is about as it was asked for, whatever the server makes of it.

        Servers cut, fold or leave it out. While we come in, one nick after another is asked for; later there
        may be several, so that one which is no form of the last is believed.
        """
        asked = clean(self._state.asked_nick)
        named = clean(message.param(1)) if len(message.params) > 2 else ""
        is_it = not named or self._state.fold(asked).startswith(self._state.fold(named))
        return asked if is_it or self._state.phase is not Phase.ONLINE else named

    def _nick_refused(self, problem: Problem, message: Message, text: str) -> None:
        """We decide after a reconnect, and where a server cannot write Cyrillic nicks; else the user does."""
        nick, typed = self._as_typed(message), clean(self._state.profile.nick)
        text = with_reason(text, *message.params[-1:])
        if self._state.phase is Phase.ONLINE:
            if self._is_regaining(nick):
                return
            if message.command == n.ERR_UNAVAILRESOURCE:
                self._regain(nick)
            self._state.complain(self._state.answered_in, text)
            return
        if nick != typed:
            text = _("Instead of {typed}, {nick} was tried. {text}").format(typed=typed, nick=nick, text=text)
        asked = self._state.asked_nick
        longest = self._state.support.number("NICKLEN", MAX_NICK, 1, 100)
        invalid = problem is Problem.NICK_INVALID
        suggestion = transliterate(asked) if invalid else numbered(asked, longest)
        if suggestion == asked:
            suggestion = ""
        # In a nick of mixed letters something else may be wrong: the user should know.
        cyrillic = bool(suggestion) and not any(char.isascii() and char.isalpha() for char in asked)
        we_decide = self._welcomed_before or (invalid and cyrillic)
        if we_decide and self._tries < MAX_NICK_TRIES:
            self._tries += 1
            self._state.ask_for_nick(suggestion or numbered("guest", longest))
        else:
            self._let_the_user_decide(problem, text, suggestion)

    def _is_regaining(self, nick: str) -> bool:
        """Tell whether it was we who asked for this nick, to have it back, and nobody typed anything."""
        return self._asked_again and self._state.is_same(nick, self._wanted)

    def _regain(self, nick: str) -> None:
        """Ask for a nick later, a few times: it may be free then."""
        if not self._state.is_same(nick, self._wanted):
            self._wanted, self._asks = nick, 0
        self._asked_again = False
        self._ask_at = self._state.timer() + REGAIN_PAUSES[min(self._asks, len(REGAIN_PAUSES) - 1)]

    def ask_again(self) -> None:
        """To be called about once a second: ask for the nick that could not be had, if it is time."""
        if not self._ask_at or self._state.timer() < self._ask_at:
            return
        self._ask_at = 0.0
        if not self._state.is_me(self._wanted) and self._asks < len(REGAIN_PAUSES):
            self._asks += 1
            self._regain(self._wanted)
            self._asked_again = True
            self._state.ask_for_nick(self._wanted)

    def _why_invalid(self, message: Message) -> str:
        text = _("The server does not accept the nick {nick}.").format(nick=self._as_typed(message))
        if not is_valid_nick(self._state.asked_nick):
            text += " " + _(
                "A nick begins with a letter and consists of letters of one alphabet, digits, - and _."
            )
        return text

    def _password_refused(self, message: Message) -> None:
        """The server asks for another password; or, later, an operator's was wrong."""
        words = message.params[-1:]
        if self._state.phase is Phase.ONLINE:
            text = with_reason(_("The password is not right."), *words)
            self._state.complain(self._state.answered_in, text)
            return
        text = (
            _("The server asks for a password, and this one is not right.")
            if self._state.profile.password
            else _("The server asks for a password.")
        )
        self._let_the_user_decide(Problem.WRONG_PASSWORD, with_reason(text, *words))

    def _let_the_user_decide(self, problem: Problem, text: str, suggestion: str = "") -> None:
        self._state.refused = problem
        self._state.emit(Refused(problem, text, suggestion))
