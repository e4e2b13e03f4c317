"""The checks of a server that speaks IRC, as section 4.4 of the laboratory report asks for it."""

from collections.abc import Callable, Iterator
from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, WrongError, last_bytes
from lab.judge.participants import Participant
from lab.judge.protocols import ROOM, irc_messages
from protocol.message import Message
from translations import _


def _registration(bench: ServerBench) -> None:
    _register(bench)


def _register(bench: ServerBench) -> Participant:
    one = bench.connect()
    _send(one, f"NICK {one.name}", f"USER {one.name} 0 * :{one.name}")
    _expect(
        bench,
        one,
        lambda message: message.command == "001",
        f":server 001 {one.name} :Welcome",
        _(
            "When both NICK and USER have come, send the welcome: 001 with the nick as its first "
            "parameter. Until it has come, a client waits."
        ),
    )
    return one


def _join(bench: ServerBench) -> None:
    one = _register(bench)
    _send(one, f"JOIN {ROOM}")
    for is_it, expected in (
        (lambda message: _is(message, "JOIN", one), f":{one.name}!user@host JOIN {ROOM}"),
        (
            lambda message: message.command == "353" and one.name in message.params[-1],
            f":server 353 {one.name} = {ROOM} :{one.name}",
        ),
        (lambda message: message.command == "366", f":server 366 {one.name} {ROOM} :End of NAMES"),
    ):
        _expect(
            bench,
            one,
            is_it,
            expected,
            _(
                "Who enters a room is sent his own JOIN with himself as its source, then the list of "
                "nicks (353) and its end (366): only then does a client open the room."
            ),
        )
    other = bench.join(1)[0]
    _expect(
        bench,
        one,
        lambda message: _is(message, "JOIN", other),
        f":{other.name}!user@host JOIN {ROOM}",
        _("Those who are in the room are told who enters it: send the JOIN to everybody in it."),
    )


def _ping(bench: ServerBench) -> None:
    one = _register(bench)
    _send(one, "PING :lag-4711")
    _expect(
        bench,
        one,
        lambda message: message.command == "PONG" and "lag-4711" in message.params,
        ":server PONG server :lag-4711",
        _("Clients ask with PING, and believe the connection lost if no PONG comes with their word in it."),
    )


def _unknown(bench: ServerBench) -> None:
    one = _register(bench)
    _send(one, "FROBNICATE now")
    _expect(
        bench,
        one,
        lambda message: message.command == "421",
        f":server 421 {one.name} FROBNICATE :Unknown command",
        _("A command that your program does not know gets 421, and the connection goes on."),
    )


def _nick_in_use(bench: ServerBench) -> None:
    first = _register(bench)
    second = bench.connect()
    _send(second, f"NICK {first.name}", f"USER {second.name} 0 * :{second.name}")
    meaning = _("A nick belongs to one client at a time: the second is told 433 and may try another NICK.")
    _expect(
        bench,
        second,
        lambda message: message.command == "433",
        f":server 433 * {first.name} :Nickname is already in use",
        meaning,
    )
    _send(second, f"NICK {second.name}")
    _expect(bench, second, lambda message: message.command == "001", f":server 001 {second.name} :…", meaning)


def _private(bench: ServerBench) -> None:
    speaker, other, third = bench.join(3)
    text = bench.word()
    _send(speaker, f"PRIVMSG {other.name} :{text}")
    meaning = _("PRIVMSG with a nick goes to this client alone, not to the room.")
    _expect(
        bench,
        other,
        lambda message: _is(message, "PRIVMSG", speaker) and text in message.params[-1],
        f":{speaker.name}!user@host PRIVMSG {other.name} :{text}",
        meaning,
    )
    bench.expect_not(text, [third], meaning)
    _send(speaker, f"PRIVMSG nobody4711 :{text}")
    _expect(
        bench,
        speaker,
        lambda message: message.command == "401",
        f":server 401 {speaker.name} nobody4711 :No such nick",
        _("Who writes to a nick that nobody has must be told so: 401."),
    )


def _part(bench: ServerBench) -> None:
    leaver, *others = bench.join(3)
    _send(leaver, f"PART {ROOM}")
    for one in (leaver, *others):
        _expect(
            bench,
            one,
            lambda message: _is(message, "PART", leaver),
            f":{leaver.name}!user@host PART {ROOM}",
            _("PART goes to everybody in the room, the one who leaves among them."),
        )
    text = bench.word()
    others[0].say(text)
    bench.expect(text, others[1:], _("After a PART the others in the room do not hear each other any more."))
    bench.expect_not(text, [leaver], _("Who has left a room does not hear any more what is said there."))


def _quit(bench: ServerBench) -> None:
    leaver, lost, stays = bench.join(3)
    _send(leaver, "QUIT :bye")
    meaning = _(
        "Who leaves with QUIT, or whose connection ends without it, is announced to the others in his "
        "rooms with QUIT; otherwise he stays in their lists for ever."
    )
    expected = ":{name}!user@host QUIT :…"
    _expect(
        bench, stays, lambda message: _is(message, "QUIT", leaver), expected.format(name=leaver.name), meaning
    )
    if not bench.crowd.wait(lambda: bool(leaver.end)):
        raise WrongError(
            _("the program closes the connection of {name}, too").format(name=leaver.name),
            _("After QUIT the server closes the connection; the client waits for that."),
            last_bytes(leaver.received),
        )
    lost.close()
    _expect(
        bench, stays, lambda message: _is(message, "QUIT", lost), expected.format(name=lost.name), meaning
    )


def _send(one: Participant, *lines: str) -> None:
    one.send("".join(f"{line}\r\n" for line in lines).encode())


def _is(message: Message, command: str, source: Participant) -> bool:
    return message.command == command and message.nick == source.name


def _expect(
    bench: ServerBench,
    one: Participant,
    is_it: Callable[[Message], bool],
    expected: str,
    meaning: str,
) -> None:
    """See that a line comes.

    Raises:
        WrongError: it does not.
    """

    def has_come() -> bool:
        return any(is_it(message) for message in _messages(one))

    bench.crowd.wait(lambda: bool(one.end) or has_come())
    if not has_come():
        line = _("to {name}: {line}").format(name=one.name, line=expected)
        raise WrongError(line, one.with_end(meaning), last_bytes(one.received))


def _messages(one: Participant) -> Iterator[Message]:
    for message in irc_messages(one.frames()):
        if message.params or message.command == "QUIT":
            yield message


FIRST: Final = (
    Check(
        "registration",
        1,
        lambda: _("lets a client in after NICK and USER"),
        sections.IRC,
        _registration,
        ("accept",),
    ),
    Check("join", 1, lambda: _("lets a client into a room"), sections.IRC, _join, ("registration",)),
)
"""Without which nobody can speak."""
CHECKS: Final = (
    Check("ping", 1, lambda: _("answers PING"), sections.IRC, _ping, ("registration",)),
    Check("unknown", 1, lambda: _("refuses an unknown command"), sections.IRC, _unknown, ("registration",)),
    Check(
        "nick-in-use",
        2,
        lambda: _("refuses a nick that is taken"),
        sections.IRC,
        _nick_in_use,
        ("several",),
    ),
    Check(
        "private",
        3,
        lambda: _("brings a private message to one alone"),
        sections.IRC,
        _private,
        ("everybody",),
    ),
    Check("part", 3, lambda: _("lets a client leave a room"), sections.IRC, _part, ("everybody",)),
    Check("quit", 6, lambda: _("announces who has gone"), sections.IRC, _quit, ("close",)),
)
