"""What the user's `/commands` do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from client.handlers.redaction import redact_last
from client.model.conversations import Conversation, Kind
from client.model.events import QuitAsked
from protocol.message import MalformedLineError, format_message, parse
from translations import _

if TYPE_CHECKING:
    from client.session import Session


@dataclass(frozen=True, slots=True)
class Input:
    """What stood behind the command's name."""

    conversation: Conversation
    text: str

    @property
    def words(self) -> list[str]:
        """The text as words."""
        return self.text.split()

    def after(self, count: int) -> str:
        """The text behind the first `count` words."""
        pieces = self.text.split(maxsplit=count)
        return pieces[count] if len(pieces) > count else ""


Runner = Callable[["Session", Input], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what runs it, how it is used (in the user's language), and how many words it needs."""

    name: str
    run: Runner
    usage: Callable[[], str]
    minimum: int
    offline: bool
    in_room: bool


COMMANDS: Final[dict[str, Command]] = {}
"""By each of their names."""


def _command(
    *names: str, usage: Callable[[], str], minimum: int = 0, offline: bool = False, in_room: bool = False
) -> Callable[[Runner], Runner]:
    def register(runner: Runner) -> Runner:
        command = Command(names[0], runner, usage, minimum, offline, in_room)
        COMMANDS.update(dict.fromkeys(names, command))
        return runner

    return register


def run(session: Session, conversation: Conversation, line: str) -> None:
    """Run a command line without its slash; what is wrong with it is said in the conversation."""
    name, _space, text = line.partition(" ")
    command = COMMANDS.get(name.lower())
    given = Input(conversation, text.strip())
    if command is None:
        text = _(
            "There is no command /{name}. All commands: /help. To send a text that begins with /, type //"
        )
        session.complain(conversation, text.format(name=name))
    elif len(given.words) < command.minimum:
        show_usage(session, conversation, command)
    elif command.in_room and not conversation.is_room:
        session.complain(conversation, _("/{name} works in a room only.").format(name=command.name))
    elif command.offline or session.may_ask(conversation):
        try:
            command.run(session, given)
        except ValueError:
            show_usage(session, conversation, command)


def show_usage(session: Session, conversation: Conversation, command: Command) -> None:
    """Say how a command is used."""
    session.complain(conversation, _("This is how to use it: {usage}").format(usage=command.usage()))


@_command("join", "j", usage=lambda: _("/join #room [key] — enter a room"), minimum=1, offline=True)
def _join(session: Session, given: Input) -> None:
    room, *key = given.words
    if not session.support.is_channel(room):
        room = f"#{room}"
    if room.startswith(":") or "," in room or (key and key[0].startswith(":")):
        raise ValueError(room)
    session.join(room, key[0] if key else "")


@_command(
    "part", "leave", "close", usage=lambda: _("/part [reason] — leave the room, close the talk"), offline=True
)
def _part(session: Session, given: Input) -> None:
    first = given.words[0] if given.words else ""
    if first and session.support.is_channel(first):
        room = session.room(first)
        if room is None:
            session.complain(given.conversation, _("You are not in {name}.").format(name=first))
        else:
            session.close(room, given.after(1))
    elif not given.conversation.name:
        raise ValueError("the talk with the server stays")
    else:
        session.close(given.conversation, given.text)


@_command("msg", usage=lambda: _("/msg nick text — write to one person"), minimum=2, offline=True)
def _msg(session: Session, given: Input) -> None:
    target, text = given.words[0], given.after(1)
    _check_target(target)
    if session.support.is_channel(target):
        room = session.room(target)
        if room is None or session.refusal(room):
            session.complain(given.conversation, _("You are not in {name}.").format(name=target))
            return
        session.outbox.add(room, room.name, text)
        return
    private = session.open_private(target)
    session.outbox.add(private, private.name, text)


def _check_target(target: str) -> None:
    if target.startswith(":") or "," in target:
        raise ValueError(target)


@_command("query", "q", usage=lambda: _("/query nick [text] — open a private talk"), minimum=1, offline=True)
def _query(session: Session, given: Input) -> None:
    nick = given.words[0]
    _check_target(nick)
    if session.support.is_channel(nick):
        raise ValueError(nick)
    private = session.open_private(nick)
    if text := given.after(1):
        session.outbox.add(private, private.name, text)


@_command("me", usage=lambda: _("/me does something — say what you do"), minimum=1, offline=True)
def _me(session: Session, given: Input) -> None:
    refusal = session.refusal(given.conversation)
    if refusal:
        session.complain(given.conversation, refusal)
    else:
        session.outbox.add(given.conversation, given.conversation.name, given.text, Kind.ACTION)


@_command("notice", usage=lambda: _("/notice name text — send a notice"), minimum=2)
def _notice(session: Session, given: Input) -> None:
    target = given.words[0]
    _check_target(target)
    place = session.conversations.get(session.fold(target), session.server_talk)
    session.outbox.add(place, target, given.after(1), Kind.NOTICE)


@_command("nick", usage=lambda: _("/nick name — change your nick"), minimum=1, offline=True)
def _nick(session: Session, given: Input) -> None:
    nick = given.words[0]
    longest = session.support.number("NICKLEN", 0, 0, 1000)
    if longest and len(nick) > longest:
        text = _("A nick has at most {longest} characters here; this one has {length}.")
        session.complain(given.conversation, text.format(longest=longest, length=len(nick)))
    else:
        session.registration.change_nick(nick)


@_command("redact", usage=lambda: _("/redact [reason] — take back your last message"))
def _redact(session: Session, given: Input) -> None:
    redact_last(session, given.conversation, given.text)


@_command("topic", usage=lambda: _("/topic [text] — show or set the room's topic"), in_room=True)
def _topic(session: Session, given: Input) -> None:
    room = given.conversation
    longest = session.support.number("TOPICLEN", 0, 0, 10_000)
    if longest and len(given.text) > longest:
        text = _("A topic has at most {longest} characters here; this one has {length}.")
        session.complain(room, text.format(longest=longest, length=len(given.text)))
    elif given.text:
        session.send("TOPIC", room.name, given.text)
    elif room.topic:
        session.inform(room, _("The topic is: {topic}").format(topic=room.topic))
    else:
        session.inform(room, _("The room has no topic."))


@_command("names", usage=lambda: _("/names [#room] — who is in the room"))
def _names(session: Session, given: Input) -> None:
    room = given.words[0] if given.words else given.conversation.name
    if not session.support.is_channel(room):
        raise ValueError(room)
    session.names_asked.add(session.fold(room))
    session.send("NAMES", room)


@_command("list", usage=lambda: _("/list [mask] — the rooms on the server"))
def _list(session: Session, given: Input) -> None:
    session.rooms_listed = 0
    session.send("LIST", *given.words[:1])


@_command("whois", usage=lambda: _("/whois nick — who this is"), minimum=1)
def _whois(session: Session, given: Input) -> None:
    session.whois(given.words[0], given.conversation)


@_command("invite", usage=lambda: _("/invite nick [#room] — invite to a room"), minimum=1)
def _invite(session: Session, given: Input) -> None:
    room = given.words[1] if len(given.words) > 1 else given.conversation.name
    if not session.support.is_channel(room):
        raise ValueError(room)
    session.send("INVITE", given.words[0], room)


@_command("kick", usage=lambda: _("/kick nick [reason] — remove from the room"), minimum=1, in_room=True)
def _kick(session: Session, given: Input) -> None:
    session.kick(given.words[0], given.conversation, given.after(1))


def _give(session: Session, given: Input, sign: str) -> None:
    nicks = given.words[:4]
    session.send("MODE", given.conversation.name, sign[0] + sign[1] * len(nicks), *nicks)


@_command("op", usage=lambda: _("/op nick — make an operator of the room"), minimum=1, in_room=True)
def _op(session: Session, given: Input) -> None:
    _give(session, given, "+o")


@_command("deop", usage=lambda: _("/deop nick — take the operator's rights"), minimum=1, in_room=True)
def _deop(session: Session, given: Input) -> None:
    _give(session, given, "-o")


@_command("mode", usage=lambda: _("/mode [modes] — show or set the room's modes"))
def _mode(session: Session, given: Input) -> None:
    words = given.words
    if not words or not (session.support.is_channel(words[0]) or session.is_me(words[0])):
        words = [given.conversation.name or session.nick, *words]
    session.send("MODE", *words)


@_command("away", usage=lambda: _("/away [reason] — mark yourself as away"), offline=True)
def _away(session: Session, given: Input) -> None:
    session.away_reason = given.text or _("away")
    if session.ready:
        session.send("AWAY", session.away_reason)


@_command("back", usage=lambda: _("/back — you are here again"), offline=True)
def _back(session: Session, given: Input) -> None:
    session.away_reason = ""
    if session.ready:
        session.send("AWAY")


@_command(
    "quit", "exit", usage=lambda: _("/quit [reason] — say good-bye and close the program"), offline=True
)
def _quit(session: Session, given: Input) -> None:
    session.emit(QuitAsked(session.quit_line(given.text)))


@_command("oper", usage=lambda: _("/oper name password — become an operator of the server"), minimum=2)
def _oper(session: Session, given: Input) -> None:
    session.send("OPER", given.words[0], given.after(1))


@_command("raw", "quote", usage=lambda: _("/raw line — send a line of the protocol as it is"), minimum=1)
def _raw(session: Session, given: Input) -> None:
    try:
        session.send_line(format_message(parse(given.text)))
    except MalformedLineError as error:
        raise ValueError(given.text) from error


@_command("help", "h", usage=lambda: _("/help — this list"), offline=True)
def _help(session: Session, given: Input) -> None:
    for command in dict.fromkeys(COMMANDS.values()):
        session.inform(given.conversation, command.usage())
