"""How a connection becomes a session: capabilities, password, nick, welcome.

IRCv3 capability negotiation 302; RFC 2812 section 3.1. Servers that know no CAP ignore it or answer 421 or
451, and the welcome comes all the same.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from client.handlers.table import on
from client.model.events import Phase, Problem, Refused
from client.model.sanitize import clean
from client.nicks import numbered, transliterate
from program.version import NAME
from protocol import numerics
from protocol.message import Message
from protocol.names import MAX_NICK, is_valid_nick
from protocol.text import cut
from translations import _

if TYPE_CHECKING:
    from client.session import Session

RECLAIM: Final = "labchat/reclaim"
WANTED: Final = (
    "message-tags",
    "server-time",
    "echo-message",
    "batch",
    "labeled-response",
    "multi-prefix",
    "userhost-in-names",
    "extended-join",
    "away-notify",
    "chghost",
    "setname",
    "cap-notify",
    "standard-replies",
    RECLAIM,
    "invite-notify",
    "draft/chathistory",
    "chathistory",
    "draft/multiline",
    "draft/message-redaction",
)
"""Capabilities that this client makes use of."""
LONGEST_TOKEN: Final = 450
"""Bytes of a PING that fit into the PONG."""
MAX_NICK_TRIES: Final = 20


class Registration:
    """The registration of the connection that stands, and what is remembered for the next."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.refused: Problem | None = None
        """Why the server did not let us in; the user has to decide."""
        self.wanted_nick = session.profile.nick
        self._nick = ""
        """The nick that was asked for last."""
        self._password = session.profile.password
        self._welcomed_before = False
        self._tries = 0
        self._offered: set[str] = set()
        self._requested: list[list[str]] = []
        self._negotiating = False
        self._secret = secrets.token_hex(16)
        """By it the server knows that a nick which a lost connection still holds is ours."""

    def begin(self) -> None:
        """Say who we are: the first lines of every connection."""
        send = self._session.send
        self.refused = None
        self._tries = 0
        self._offered.clear()
        self._requested.clear()
        self._negotiating = True
        send("CAP", "LS", "302")
        if self._password:
            send("PASS", self._password)
        self.ask_for_nick(self.wanted_nick)
        user = transliterate(self.wanted_nick).lower()
        user = "".join(char for char in user if char.isalnum())[:10] or "user"
        send("USER", user, "0", "*", self._session.profile.realname or self.wanted_nick or NAME)

    def ask_for_nick(self, nick: str) -> None:
        """Ask to be called so."""
        self._nick = nick
        self._session.send("NICK", nick)

    def retry_with(self, nick: str, password: str) -> None:
        """See `Session.retry_with`."""
        session = self._session
        if nick:
            self.wanted_nick = nick
        if password:
            self._password = password
        if self.refused is None:
            return
        still_open = session.phase is Phase.REGISTERING
        in_the_door = self.refused in (Problem.NICK_TAKEN, Problem.NICK_INVALID) and not password
        self.refused = None
        if still_open and in_the_door:
            self.ask_for_nick(self.wanted_nick)
        else:
            session.wants_reconnect = True

    def cap(self, message: Message) -> None:
        """`CAP * LS|ACK|NAK|NEW|DEL …`"""
        verb, names = message.param(1).upper(), message.params[-1].split() if message.params else []
        if verb in ("LS", "NEW"):
            # Bounded, because a lying server can name capabilities for ever.
            pairs = [word.partition("=")[::2] for word in names]
            wanted = {name: value for name, value in pairs if name in WANTED}
            self._offered.update(wanted)
            self._session.capability_values.update(wanted)
            if verb == "NEW" or message.param(2) != "*":
                known = self._session.capabilities.union(*self._requested)
                self._request([name for name in WANTED if name in self._offered - known])
        elif verb == "ACK":
            for name in names:
                if name.startswith("-"):
                    self._session.capabilities.discard(name[1:])
                elif name in WANTED:
                    self._session.capabilities.add(name)
            if RECLAIM in names and self._negotiating:
                self._session.send("RECLAIM", self.wanted_nick, self._secret)
            self._answered()
        elif verb == "NAK":
            refused = self._requested[0] if self._requested else []
            self._answered(again=refused if len(refused) > 1 else [])
        elif verb == "DEL":
            self._session.capabilities.difference_update(names)

    def _request(self, names: list[str]) -> None:
        if names:
            self._requested.append(names)
            self._session.send("CAP", "REQ", " ".join(names))
        elif not self._requested:
            self._end()

    def _answered(self, again: list[str] | None = None) -> None:
        if self._requested:
            del self._requested[0]
        for name in again or []:
            self._request([name])
        if not self._requested:
            self._end()

    def _end(self) -> None:
        if self._negotiating:
            self._negotiating = False
            self._session.send("CAP", "END")

    def welcome(self, nick: str) -> None:
        """001: we are in."""
        self.refused = None
        self._welcomed_before = True
        self._session.welcomed(nick)

    def nick_refused(self, problem: Problem, text: str) -> None:
        """The server does not let us be called so.

        We decide after a reconnect, and where a server cannot write a Cyrillic nick; else the user does.
        """
        longest = self._session.support.number("NICKLEN", MAX_NICK, 1, 100)
        if problem is Problem.NICK_INVALID:
            suggestion = transliterate(self._nick)
            if suggestion == self._nick or not suggestion:
                suggestion = ""
        else:
            suggestion = numbered(self._nick, longest)
        # In a nick of mixed letters something else may be wrong: the user should know.
        cyrillic = bool(suggestion) and not any(char.isascii() and char.isalpha() for char in self._nick)
        we_decide = self._welcomed_before or (problem is Problem.NICK_INVALID and cyrillic)
        if we_decide and self._tries < MAX_NICK_TRIES:
            self._tries += 1
            self.ask_for_nick(suggestion or numbered("guest", longest))
        else:
            self.refuse(problem, text, suggestion)

    def refuse(self, problem: Problem, text: str, suggestion: str = "") -> None:
        """The user has to decide."""
        self.refused = problem
        self._session.emit(Refused(problem, text, suggestion))

    def nick_is_free(self, nick: str) -> None:
        """Somebody gave this nick up: take it, if it is ours by right."""
        session = self._session
        if session.fold(nick) == session.fold(self.wanted_nick) and not session.is_me(self.wanted_nick):
            self.ask_for_nick(self.wanted_nick)

    def change_nick(self, nick: str) -> None:
        """The user wants to be called so from now on."""
        if self.refused:
            self.retry_with(nick, "")
            return
        if self._session.phase is Phase.ONLINE:
            self.ask_for_nick(nick)
        else:
            self.wanted_nick = nick

    def renamed(self, nick: str) -> None:
        """We are called so now. If we asked for it, we want to be called so after a reconnect too."""
        if self._session.fold(nick) == self._session.fold(self._nick):
            self.wanted_nick = nick

    @property
    def has_password(self) -> bool:
        """Whether the user has given one."""
        return bool(self._password)

    @property
    def asked_nick(self) -> str:
        """The nick that was asked for last."""
        return self._nick


@on("CAP")
def _cap(session: Session, message: Message) -> None:
    session.registration.cap(message)


@on(numerics.RPL_WELCOME)
def _welcome(session: Session, message: Message) -> None:
    session.registration.welcome(message.param(0, session.nick))
    session.inform(session.server_talk, clean(message.params[-1] if message.params else ""), message)
    wanted = session.registration.wanted_nick
    if not session.is_me(wanted):
        text = _("On this server you are {nick}: {wanted} cannot be had here.")
        session.inform(session.server_talk, text.format(nick=session.nick, wanted=wanted))


@on(numerics.RPL_ISUPPORT)
def _isupport(session: Session, message: Message) -> None:
    before = session.support.fold
    session.support.update(message.params[1:-1])
    if any(one.members for one in session.conversations.values()):
        session.support.fold = before  # no honest server compares names in another way while people talk
    elif session.support.fold is not before:
        session.names_changed()


@on(numerics.RPL_ENDOFMOTD, numerics.ERR_NOMOTD)
def _end_of_greeting(session: Session, message: Message) -> None:
    if session.phase is Phase.ONLINE:
        session.become_ready()


@on(numerics.ERR_NICKNAMEINUSE, "436")
def _nick_taken(session: Session, message: Message) -> None:
    nick_taken(session, message)


def nick_taken(session: Session, message: Message) -> None:
    """433, 436 or 437: the nick cannot be had now."""
    nick = clean(message.param(1)) or session.registration.asked_nick
    text = _("The nick {nick} is taken. Please choose another one.").format(nick=nick)
    if session.phase is Phase.ONLINE:
        session.complain(session.asked_in, text)
    else:
        session.registration.nick_refused(Problem.NICK_TAKEN, text)


@on(numerics.ERR_ERRONEUSNICKNAME, numerics.ERR_NONICKNAMEGIVEN)
def _nick_invalid(session: Session, message: Message) -> None:
    nick = session.registration.asked_nick
    text = _("The server does not accept the nick {nick}.").format(nick=clean(nick))
    if not is_valid_nick(nick):
        text += " " + _("A nick begins with a letter and is of letters of one alphabet, digits, - and _.")
    if session.phase is Phase.ONLINE:
        session.complain(session.asked_in, text)
    else:
        session.registration.nick_refused(Problem.NICK_INVALID, text)


@on(numerics.ERR_PASSWDMISMATCH)
def _wrong_password(session: Session, message: Message) -> None:
    if session.phase is Phase.ONLINE:
        session.complain(session.asked_in, _("The password is not right."))
    else:
        text = (
            _("The server asks for a password, and this one is not right.")
            if session.registration.has_password
            else _("The server asks for a password.")
        )
        session.registration.refuse(Problem.WRONG_PASSWORD, text)


@on("465")
def _banned(session: Session, message: Message) -> None:
    said = clean(message.params[-1] if message.params else "")
    session.registration.refuse(
        Problem.BANNED, _("The server does not let you in: {reason}").format(reason=said)
    )


@on("PING")
def _ping(session: Session, message: Message) -> None:
    session.send("PONG", cut(message.params[-1] if message.params else "", LONGEST_TOKEN))


@on("PONG")
def _pong(session: Session, message: Message) -> None:
    session.pong(message.params[-1] if message.params else "")


@on("ERROR")
def _error(session: Session, message: Message) -> None:
    session.reason = clean(message.param(0))[:300]


@on("396")
def _host_changed(session: Session, message: Message) -> None:
    user = session.source.partition("!")[2].partition("@")[0]
    if user:
        session.source = f"{session.nick}!{user}@{message.param(1)[:100]}"


@on("CHGHOST")
def _chghost(session: Session, message: Message) -> None:
    if session.is_me(message.nick):
        session.source = f"{session.nick}!{message.param(0)[:50]}@{message.param(1)[:100]}"


@on("SETNAME", "ACCOUNT", "TAGMSG", "002", "003", "004", numerics.RPL_MOTDSTART)
def _nothing_to_show(session: Session, message: Message) -> None:
    pass


@on(numerics.ERR_NOTREGISTERED)
def _not_registered(session: Session, message: Message) -> None:
    # A server without CAP says so about our CAP LS; the welcome comes all the same.
    pass
