"""What the user's `/commands` do.

A command is given the state and what was typed behind its name. It sends its line, or returns a request where
more is to be done than that; `client.session` does it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from client.handlers.redaction import redact_last
from client.model.conversations import Conversation, Kind
from client.model.events import Phase, QuitAsked
from client.model.sanitize import is_name, is_sendable
from client.model.state import ClientState
from client.registration import retry_with
from protocol import ircv3
from protocol.class_words import USAGE
from protocol.message import format_message, parse
from translations import _, translate

_SPACES: Final = re.compile("[ \t]+")
MAX_OPERATORS: Final = 4
"""Nicks that one /op or /deop may name: servers accept about this many modes in one line."""


@dataclass(frozen=True, slots=True)
class Close:
    """Leave this room, close this talk."""

    conversation: Conversation
    reason: str


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """Open a private talk, and say something there if there is something to say."""

    nick: str
    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say this to `target`, shown in `place`."""

    place: Conversation
    target: str
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class LookUp:
    """Show who this is."""

    nick: str


Request = Close | OpenTalk | Say | LookUp


@dataclass(frozen=True, slots=True)
class Input:
    """What stood behind the command's name."""

    conversation: Conversation
    text: str

    @property
    def words(self) -> list[str]:
        """The text as words; a space that does not break may stand in a nick."""
        return _SPACES.split(self.text) if self.text else []

    def after(self, count: int) -> str:
        """The text behind the first `count` words."""
        pieces = _SPACES.split(self.text, maxsplit=count)
        return pieces[count] if len(pieces) > count else ""


Function = Callable[[ClientState, Input], Request | None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what runs it, how it is used (in the user's language), and how many words it needs."""

    name: str
    run: Function
    usage: Callable[[], str]
    minimum: int
    offline: bool
    in_room: bool
    of_class: bool
    """It is a verb of a class, for its operators (`protocol.class_words`)."""


COMMANDS: Final[dict[str, Command]] = {}
"""By each of their names."""


def _command(
    *names: str,
    usage: Callable[[], str],
    minimum: int = 0,
    offline: bool = False,
    in_room: bool = False,
    of_class: bool = False,
) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        command = Command(names[0], function, usage, minimum, offline, in_room, of_class)
        COMMANDS.update(dict.fromkeys(names, command))
        return function

    return register


def is_command(text: str) -> bool:
    """Tell whether what was typed is a command: one line, and one slash before it."""
    return text.startswith("/") and not text.startswith("//") and "\n" not in text.strip("\n")


def run_command(state: ClientState, conversation: Conversation, line: str) -> Request | None:
    """Run a command line without its slash; what is wrong with it is said in the conversation."""
    name, _space, text = line.partition(" ")
    command = COMMANDS.get(name.lower())
    given = Input(conversation, text.strip())
    if command is None:
        text = _(
            "There is no command /{name}. All commands: /help. To send a text that begins with /, type //"
        )
        state.complain(conversation, text.format(name=name))
    elif len(given.words) < command.minimum:
        explain_use(state, conversation, command)
    elif command.in_room and not conversation.is_room:
        state.complain(conversation, _("/{name} works in a room only.").format(name=command.name))
    elif command.offline or state.may_ask(conversation):
        try:
            return command.run(state, given)
        except ValueError:
            explain_use(state, conversation, command)
    return None


def explain_use(state: ClientState, conversation: Conversation, command: Command) -> None:
    """Say how a command is used."""
    state.complain(conversation, _("This is how to use it: {usage}").format(usage=command.usage()))


def _require(is_right: bool) -> None:
    """Raises ValueError, which is answered with how to use the command."""
    if not is_right:
        raise ValueError


@_command("join", "j", usage=lambda: _("/join #room [key] — enter a room"), minimum=1, offline=True)
def _join(state: ClientState, given: Input) -> None:
    room, *rest = given.words
    name = state.support.as_channel(room)
    state.join_room(name, rest[0] if rest else "")
    if not state.ready:
        text = _("You will enter {room} when there is a connection.").format(room=name)
        state.inform(given.conversation, text)


@_command(
    "part", "leave", "close", usage=lambda: _("/part [reason] — leave the room, close the talk"), offline=True
)
def _part(state: ClientState, given: Input) -> Request | None:
    first = given.words[0] if given.words else ""
    if first and state.support.is_channel(first):
        if room := state.room(first):
            return Close(room, given.after(1))
        record = state.record(first)
        if record and record.is_awaited:
            record.give_up()
            state.inform(given.conversation, _("{name} is not tried any more.").format(name=first))
            return None
        state.complain(given.conversation, _("You are not in {name}.").format(name=first))
        return None
    _require(bool(given.conversation.name))  # the talk with the server stays
    return Close(given.conversation, given.text)


@_command("msg", usage=lambda: _("/msg nick text — write to one person"), minimum=2, offline=True)
def _msg(state: ClientState, given: Input) -> Request | None:
    target, text = given.words[0], given.after(1)
    _require(is_name(target))
    marks, name = state.support.split_status(target)
    if not state.support.is_channel(name):
        return OpenTalk(target, text)
    room = state.room(name)
    if room and not state.refusal(room):
        return Say(room, marks + room.name, text, Kind.MESSAGE)
    state.complain(given.conversation, _("You are not in {name}.").format(name=target))
    return None


@_command("query", "q", usage=lambda: _("/query nick [text] — open a private talk"), minimum=1, offline=True)
def _query(state: ClientState, given: Input) -> Request:
    nick = given.words[0]
    _require(is_name(nick) and not state.support.is_channel(nick))
    return OpenTalk(nick, given.after(1))


@_command("me", usage=lambda: _("/me does something — say what you do"), minimum=1, offline=True)
def _me(state: ClientState, given: Input) -> Request | None:
    place = given.conversation
    if refusal := state.refusal(place):
        state.complain(place, refusal)
        return None
    return Say(place, place.name, given.text, Kind.ACTION)


@_command("notice", usage=lambda: _("/notice name text — send a notice"), minimum=2)
def _notice(state: ClientState, given: Input) -> Request:
    target = given.words[0]
    _require(is_sendable(target) and "," not in target)
    place = state.conversation(state.support.without_status(target)) or state.server_talk
    return Say(place, target, given.after(1), Kind.NOTICE)


@_command("nick", usage=lambda: _("/nick name — change your nick"), minimum=1, offline=True)
def _nick(state: ClientState, given: Input) -> None:
    nick = given.text
    _require(len(given.words) == 1)
    longest = state.support.number("NICKLEN", 0, 0, 1000)
    if longest and len(nick) > longest:
        text = _("A nick has at most {longest} characters here; this one has {length}.")
        state.complain(given.conversation, text.format(longest=longest, length=len(nick)))
    elif state.phase is Phase.ONLINE and not state.refused:
        state.ask_for_nick(nick)
    else:
        retry_with(state, nick)


@_command("redact", usage=lambda: _("/redact [reason] — take back your last message"))
def _redact(state: ClientState, given: Input) -> None:
    redact_last(state, given.conversation, given.text)


@_command("topic", usage=lambda: _("/topic [text] — show or set the room's topic"), in_room=True)
def _topic(state: ClientState, given: Input) -> None:
    room = given.conversation
    longest = state.support.number("TOPICLEN", 0, 0, 10_000)
    if longest and len(given.text) > longest:
        text = _("A topic has at most {longest} characters here; this one has {length}.")
        state.complain(room, text.format(longest=longest, length=len(given.text)))
    elif given.text:
        state.send("TOPIC", room.name, given.text)
    elif room.topic:
        state.inform(room, _("The topic is: {topic}").format(topic=room.topic))
    else:
        state.inform(room, _("The room has no topic."))


@_command("names", usage=lambda: _("/names [#room] — who is in the room"))
def _names(state: ClientState, given: Input) -> None:
    room = given.words[0] if given.words else given.conversation.name
    _require(state.support.is_channel(room))
    state.note_room(room).asked.names_shown = True
    state.send("NAMES", room)


@_command("list", usage=lambda: _("/list [mask] — the rooms on the server"))
def _list(state: ClientState, given: Input) -> None:
    state.rooms_listed = 0
    state.send("LIST", *given.words[:1])


@_command("whois", usage=lambda: _("/whois nick — who this is"), minimum=1)
def _whois(_state: ClientState, given: Input) -> Request:
    nick = given.words[0]
    _require(is_name(nick))
    return LookUp(nick)


def _mark_ignored(state: ClientState, given: Input, *, on: bool) -> None:
    nick = given.words[0]
    _require(is_name(nick) and not state.support.is_channel(nick) and not state.is_me(nick))
    state.ignore(nick, on=on)
    text = (
        _("You do not see what {nick} says any more. To see it again: /unignore {nick}")
        if on
        else _("You see what {nick} says again.")
    )
    state.inform(given.conversation, text.format(nick=nick))


@_command("ignore", usage=lambda: _("/ignore nick — hide what this person says"), minimum=1, offline=True)
def _ignore(state: ClientState, given: Input) -> None:
    _mark_ignored(state, given, on=True)


@_command("unignore", usage=lambda: _("/unignore nick — show it again"), minimum=1, offline=True)
def _unignore(state: ClientState, given: Input) -> None:
    _mark_ignored(state, given, on=False)


@_command("ignores", usage=lambda: _("/ignores — whose words are hidden"), offline=True)
def _ignores(state: ClientState, given: Input) -> None:
    nicks = ", ".join(state.ignored.values())
    text = _("You do not see what these say: {nicks}").format(nicks=nicks) if nicks else ""
    state.inform(given.conversation, text or _("You see what everybody says."))


def _mark_muted(state: ClientState, given: Input, verb: str) -> None:
    name = given.words[0] if given.words else given.conversation.name
    means_person = not state.support.is_channel(name) if given.words else state.rules_class
    if means_person:  # so only a teacher does
        if state.may_ask(given.conversation):
            _class_command(verb)(state, given)
        return
    _require(is_name(name))  # the talk with the server calls nobody
    state.mute(name, on=verb == "mute")
    text = (
        _("What is said in {name} does not call you any more. To change that: /unmute {name}")
        if verb == "mute"
        else _("What is said in {name} calls you again.")
    )
    state.inform(given.conversation, text.format(name=name))


@_command(
    "mute",
    usage=lambda: _("/mute [#room] — this room or talk does not call you (teachers: /mute nick [minutes])"),
    offline=True,
)
def _mute(state: ClientState, given: Input) -> None:
    _mark_muted(state, given, "mute")


@_command(
    "unmute", usage=lambda: _("/unmute [#room] — it calls you again (teachers: /unmute nick)"), offline=True
)
def _unmute(state: ClientState, given: Input) -> None:
    _mark_muted(state, given, "unmute")


@_command("invite", usage=lambda: _("/invite nick [#room] — invite to a room"), minimum=1)
def _invite(state: ClientState, given: Input) -> None:
    room = given.words[1] if len(given.words) > 1 else given.conversation.name
    _require(state.support.is_channel(room))
    state.send("INVITE", given.words[0], room)


@_command("kick", usage=lambda: _("/kick nick [reason] — remove from the room"), minimum=1, in_room=True)
def _kick(state: ClientState, given: Input) -> None:
    if state.is_server_operator and state.is_of_class(given.conversation):
        state.send("CLASS", "kick", last=given.text)  # of all rooms of the class, and with minutes
        return
    state.send("KICK", given.conversation.name, given.words[0], last=given.after(1))


def _set_operators(state: ClientState, given: Input, sign: str) -> None:
    nicks = given.words[:MAX_OPERATORS]
    state.send("MODE", given.conversation.name, sign[0] + sign[1] * len(nicks), *nicks)


@_command("op", usage=lambda: _("/op nick — make an operator of the room"), minimum=1, in_room=True)
def _op(state: ClientState, given: Input) -> None:
    _set_operators(state, given, "+o")


@_command("deop", usage=lambda: _("/deop nick — take the operator's rights"), minimum=1, in_room=True)
def _deop(state: ClientState, given: Input) -> None:
    _set_operators(state, given, "-o")


@_command("mode", usage=lambda: _("/mode [modes] — show or set the room's modes"))
def _mode(state: ClientState, given: Input) -> None:
    words = given.words
    if not words or not (state.support.is_channel(words[0]) or state.is_me(words[0])):
        words = [given.conversation.name or state.nick, *words]
    state.send("MODE", *words)


@_command("away", usage=lambda: _("/away [reason] — mark yourself as away"), offline=True)
def _away(state: ClientState, given: Input) -> None:
    state.away_reason = given.text or _("away")
    if state.ready:
        state.send("AWAY", state.away_reason)


@_command("back", usage=lambda: _("/back — say that you are back"), offline=True)
def _back(state: ClientState, given: Input) -> None:
    state.away_reason = ""
    if state.ready:
        state.send("AWAY")


@_command(
    "quit", "exit", usage=lambda: _("/quit [reason] — say good-bye and close the program"), offline=True
)
def _quit(state: ClientState, given: Input) -> None:
    state.emit(QuitAsked(given.text))


@_command("oper", usage=lambda: _("/oper name password — become an operator of the server"), minimum=2)
def _oper(state: ClientState, given: Input) -> None:
    if state.support.has(ircv3.OPEN_WIRE):
        text = _(
            "Others in the network could read the password, so it was not sent. Connect with TLS, or on the "
            "server's computer."
        )
        state.complain(given.conversation, text)
        return
    state.send("OPER", given.words[0], given.after(1))


def _class_usage(verb: str) -> Callable[[], str]:
    return lambda: f"/{translate(USAGE[verb])}"


def _class_command(verb: str) -> Function:
    def run(state: ClientState, given: Input) -> None:
        if state.support.has(ircv3.CLASS):
            state.send("CLASS", verb, last=given.text)
        else:
            text = _("This server has no class: /{name} is for the teacher of one.")
            state.complain(given.conversation, text.format(name=verb))

    return run


for _verb in USAGE:
    if _verb not in COMMANDS and _verb != "help":
        _command(_verb, usage=_class_usage(_verb), of_class=True)(_class_command(_verb))


@_command("raw", "quote", usage=lambda: _("/raw line — send a line of the protocol as it is"), minimum=1)
def _raw(state: ClientState, given: Input) -> None:
    state.send_line(format_message(parse(given.text)))


@_command("help", "h", usage=lambda: _("/help — this list"), offline=True)
def _help(state: ClientState, given: Input) -> None:
    for command in dict.fromkeys(COMMANDS.values()):
        if command.of_class and not state.is_server_operator:
            continue
        state.inform(given.conversation, command.usage())
