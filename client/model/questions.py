"""What the user has asked the server, and where: every line of an answer is shown there.

Answers name neither the question nor the place. They are recognised by whom they are about (WHOIS, MODE),
else by their numeric (LIST, MOTD), else, if nobody knows the numeric, by standing in the middle of an answer.
"""

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from client.model.conversations import Conversation
from protocol import numerics as n
from protocol.message import Message

MAX_QUESTIONS: Final = 20
"""Questions that are remembered; the oldest are forgotten."""
PATIENCE: Final = 60.0
"""Seconds after the last line of an answer in which more of it may come, if its end does not."""

_FIRST: Final[Mapping[str, str]] = {n.RPL_WHOISUSER: "WHOIS", n.RPL_WHOWASUSER: "WHOWAS"}
"""An answer's first line: the answer before it to the same question is over, even without an end."""
_LAST: Final[Mapping[str, str]] = {
    n.RPL_ENDOFWHOIS: "WHOIS",
    n.RPL_ENDOFWHOWAS: "WHOWAS",
    n.RPL_ENDOFWHO: "WHO",
    n.RPL_ENDOFNAMES: "NAMES",
    n.RPL_LISTEND: "LIST",
    n.RPL_ENDOFMOTD: "MOTD",
    n.ERR_NOMOTD: "MOTD",
    n.RPL_ENDOFINFO: "INFO",
    n.RPL_ENDOFHELP: "HELP",
    n.ERR_HELPNOTFOUND: "HELP",
    n.RPL_ENDOFLINKS: "LINKS",
    n.RPL_ENDOFSTATS: "STATS",
    n.RPL_ENDOFMONLIST: "MONITOR",
    n.RPL_ADMINEMAIL: "ADMIN",
    n.RPL_VERSION: "VERSION",
    n.RPL_TIME: "TIME",
    n.RPL_ISON: "ISON",
    n.RPL_USERHOST: "USERHOST",
    n.RPL_UNAWAY: "AWAY",
    n.RPL_NOWAWAY: "AWAY",
    n.RPL_UMODEIS: "MODE",
    n.RPL_YOUREOPER: "OPER",
    n.RPL_ENDOFINVITELIST: "INVITE",
    n.RPL_GLOBALUSERS: "LUSERS",
}
_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "LIST": (n.RPL_LISTSTART, n.RPL_LIST),
    "MOTD": (n.RPL_MOTDSTART, n.RPL_MOTD),
    "INFO": (n.RPL_INFO,),
    "HELP": (n.RPL_HELPSTART, n.RPL_HELPTXT),
    "LINKS": (n.RPL_LINKS,),
    "STATS": (n.RPL_STATSUPTIME,),
    "WHO": (n.RPL_WHOREPLY, n.RPL_WHOSPCRPL),
    "MONITOR": (n.RPL_MONLIST, n.RPL_MONONLINE, n.RPL_MONOFFLINE, n.ERR_MONLISTFULL),
    "ADMIN": (n.RPL_ADMINME, n.RPL_ADMINLOC1, n.RPL_ADMINLOC2),
    "OPER": (n.ERR_NOOPERHOST, n.ERR_PASSWDMISMATCH),
    "INVITE": (n.RPL_INVITELIST,),
    "MODE": (n.ERR_UMODEUNKNOWNFLAG, n.ERR_USERSDONTMATCH, n.ERR_UNKNOWNMODE),
    "LUSERS": (
        *(n.RPL_LUSERCLIENT, n.RPL_LUSEROP, n.RPL_LUSERUNKNOWN, n.RPL_LUSERCHANNELS),
        *(n.RPL_LUSERME, n.RPL_LOCALUSERS),
    ),
    "WHOIS": (
        *(n.ERR_NONICKNAMEGIVEN, n.RPL_WHOISUSER, n.RPL_WHOISSERVER, n.RPL_WHOISOPERATOR, n.RPL_WHOISIDLE),
        *(n.RPL_WHOISCHANNELS, n.RPL_WHOISSPECIAL, n.RPL_WHOISACCOUNT, n.RPL_WHOISBOT, n.RPL_WHOISACTUALLY),
        *(n.RPL_WHOISHOST, n.RPL_WHOISMODES, n.RPL_WHOISSECURE, n.RPL_WHOISCERTFP, n.RPL_WHOISREGNICK),
        *(n.RPL_WHOISADMIN, n.RPL_WHOISHELPOP),
    ),
}
_COMMANDS: Final[Mapping[str, str]] = {
    **_LAST,
    **{numeric: command for command, numerics in _OTHERS.items() for numeric in numerics},
}
"""Which question a numeric answers, whomever it names."""
_LISTED: Final = frozenset({"WHOIS", "WHOWAS", "WHO", "NAMES"})
"""Questions whose answer is a list about somebody, with an end."""


@dataclass(slots=True, eq=False)
class _Question:
    command: str
    subjects: frozenset[str]
    """About whom, folded."""
    place: Conversation
    at: float
    begun: bool = False
    noted: bool = False
    """The window itself asks: what is answered is noted, and stands in no transcript."""


def is_refusal(answer: Message) -> bool:
    """Tell whether a line says that there is no answer to a question."""
    is_error = answer.command.isdecimal() and answer.command[0] in "45"
    return is_error or answer.command in ("FAIL", n.RPL_TRYAGAIN)


class Questions:
    """The questions that have not been answered to the end, oldest first."""

    def __init__(self, server_talk: Conversation) -> None:
        self.asked_in = server_talk
        """Where the user typed the last command: what answers no question that is known goes there."""
        self.asking = False
        """What is being sent now is the user's question."""
        self.answer_place: Conversation | None = None
        """Where the user asked what the line answers that is being handled; None if it answers nothing."""
        self.noted = ""
        """The command whose answer that is, if it is to be noted instead of told; "" for all others."""
        self._notes = False
        self._open: deque[_Question] = deque(maxlen=MAX_QUESTIONS)

    @contextlib.contextmanager
    def ask_in(self, place: Conversation) -> Iterator[None]:
        """What is sent in this block is asked by the user, in this place: the answers go there."""
        self.asked_in, self.asking = place, True
        try:
            yield
        finally:
            self.asking = False

    @contextlib.contextmanager
    def ask_to_note(self) -> Iterator[None]:
        """What is sent in this block the window itself asks: the answers are noted, and told nowhere."""
        self.asking = self._notes = True
        try:
            yield
        finally:
            self.asking = self._notes = False

    def note(self, line: Message, fold: Callable[[str], str], now: float) -> None:
        """The user asks this."""
        names = {fold(name) for param in line.params for name in param.split(",") if name}
        self._open.append(_Question(line.command, frozenset(names), self.asked_in, now, noted=self._notes))

    def is_noting(self, command: str, now: float) -> bool:
        """Tell whether the window has asked this, and the answer has not ended, nor failed to go on."""
        noted = (one for one in self._open if one.noted and one.command == command)
        return any(one.at >= now - PATIENCE for one in noted)

    def clear(self) -> None:
        """The connection is lost: no answer comes any more."""
        self._open.clear()

    def move(self, closed: Conversation, place: Conversation) -> None:
        """A conversation was closed: what was asked in it is answered in `place`."""
        if self.asked_in is closed:
            self.asked_in = place
        for question in self._open:
            if question.place is closed:
                question.place = place

    def take_answer(self, answer: Message, fold: Callable[[str], str], now: float, *, known: bool) -> None:
        """This line is being handled: find where it was asked for (`answer_place`).

        Args:
            known: what the numeric means is known, so it is not taken for a part of any answer.
        """
        self.answer_place, self.noted = None, ""
        while self._open and self._open[0].at < now - PATIENCE:
            self._open.popleft()
        if question := self._find(answer, fold, known=known):
            question.at, question.begun = now, True
            if _LAST.get(answer.command) == question.command or (question.noted and is_refusal(answer)):
                self._open.remove(question)
            self.answer_place = question.place
            self.noted = question.command if question.noted else ""

    def _find(self, answer: Message, fold: Callable[[str], str], *, known: bool) -> _Question | None:
        if answer.command in ("FAIL", "WARN", "NOTE"):
            command = answer.param(0).upper()
            return next((one for one in reversed(self._open) if one.command == command), None)
        if not answer.command.isdecimal():
            return None
        subject = fold(answer.param(1))
        asked = [one for one in self._open if not one.noted or _may_note(one, answer, subject, known=known)]
        about = [one for one in asked if subject and subject in one.subjects]
        if _COMMANDS.get(answer.command) == "LIST":
            about = []  # about a room that the list names, another question may be open
        listed = [one for one in about if one.command in _LISTED]
        first = _FIRST.get(answer.command)
        while first and len(listed) > 1 and listed[0].begun and listed[0].command == first:
            self._open.remove(listed.pop(0))
        if first or answer.command in _LAST:
            wanted = first or _LAST[answer.command]
            listed = [one for one in listed if one.command == wanted]
        if answer.command == n.RPL_AWAY:  # also the answer to a message
            listed = [one for one in listed if one.begun]
            about = listed
        if listed:
            return listed[0]
        if about:
            return about[-1]
        command = _COMMANDS.get(answer.command, "")
        if not command and is_refusal(answer):
            command = answer.param(1).upper()  # 263, 421 and 461 name the command
        named = [one for one in asked if one.command == command]
        if named or known:
            return named[0] if named else None
        return next((one for one in asked if one.begun), None)


def _may_note(question: _Question, answer: Message, subject: str, *, known: bool) -> bool:
    """Tell whether a numeric answers what the window has asked: what is noted nobody reads, so be sure."""
    if _COMMANDS.get(answer.command) == question.command or answer.param(1).upper() == question.command:
        return True
    may_be = not known or answer.command in (n.RPL_AWAY, n.ERR_NOSUCHNICK)
    return question.command == "WHOIS" and may_be and subject in question.subjects
