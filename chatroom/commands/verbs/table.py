"""The table of a class's verbs, and how each of them answers.

    @verb("mute", 1)
    def mute(state: ServerState, actor: Actor, given: Given) -> Sentences:
        ...
        yield say(later("{nick} is muted."), nick=person.nick)

The command `CLASS` sends the sentences in English; the server's console shows them in its language.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chatroom.channel import Channel
from chatroom.classroom.classroom import Classroom
from chatroom.classroom.people import Person
from chatroom.client import Client
from chatroom.state import ServerState
from protocol.class_words import COMMAND, USAGE, shape
from protocol.names import fold, is_channel
from protocol.words import number
from translations import later, translate


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that can be shown in any language."""

    template: str
    """In English, marked with `later`."""
    values: Mapping[str, object] = field(default_factory=dict)
    """For its placeholders: names, numbers, or lists of sentences; {by} stands before a verb to use."""

    def english(self) -> str:
        """Return it as it goes over the wire, where a verb is a parameter of CLASS."""
        return self._fill(self.template, Sentence.english, COMMAND)

    def translated(self) -> str:
        """Return it in the language in use, for the console, where a verb stands alone."""
        return self._fill(translate(self.template), Sentence.translated, "")

    def _fill(self, template: str, show: Callable[["Sentence"], str], by: str) -> str:
        values = {
            name: "; ".join(map(show, value)) if isinstance(value, list) else value
            for name, value in self.values.items()
        }
        return template.format(by=by, **values)


def say(template: str, **values: object) -> Sentence:
    """Return a sentence; `template` is marked with `later`."""
    return Sentence(template, values)


class VerbError(Exception):
    """A verb cannot be carried out; nothing was done."""

    def __init__(self, code: str, template: str, **values: object) -> None:
        """Args: code: for programs (`FAIL CLASS <code>`); template: marked with `later`."""
        self.code = code
        self.sentence = Sentence(template, values)
        super().__init__(self.sentence.english())


class Actor(NamedTuple):
    """Who uses a verb."""

    nick: str
    source: str
    """Of the lines that others see: `nick!user@host`, or the server's name."""
    client: Client | None = None
    """None is the server's console."""


class Given:
    """What stands behind a verb."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.words = self.text.split()

    def after(self, count: int) -> str:
        """The text behind the first words."""
        pieces = self.text.split(maxsplit=count)
        return pieces[count] if len(pieces) > count else ""


Sentences = Iterator[Sentence | None]
"""The answer in the making: what is to be said, and None where others may have their turn meanwhile."""
Function = Callable[[ServerState, Actor, Given], Sentences]
_MOST_MINUTES: Final = 60 * 24 * 366
_NUMBER: Final = re.compile("[0-9]+")


class Verb(NamedTuple):
    """One entry of the table."""

    function: Function
    minimum: int
    """Words that it needs."""


VERBS: Final[dict[str, Verb]] = {}
"""By name, in the order of `protocol.class_words.USAGE`. Filled when the families are imported."""


def verb(name: str, minimum: int = 0) -> Callable[[Function], Function]:
    """Enter the decorated generator into the table.

    Args:
        name: as in `protocol.class_words.USAGE`.
        minimum: with fewer words it is said how the verb is used.
    """

    def enter(function: Function) -> Function:
        VERBS[name] = Verb(function, minimum)
        return function

    return enter


def run_verb(state: ServerState, actor: Actor, line: str) -> Sentences:
    """Carry out a line such as `mute Иван 5`, step by step; the caller shows each sentence.

    Raises:
        VerbError: it cannot be done; with a sentence that says why.
    """
    name, _space, rest = line.strip().partition(" ")
    found, given = VERBS.get(name.lower()), Given(rest)
    if found is None:
        raise VerbError(
            "UNKNOWN_VERB", later("There is no word {word}. All of them: {by}help"), word=name or "*"
        )
    if len(given.words) < found.minimum:
        raise misused(name.lower())
    yield from found.function(state, actor, given)


def misused(name: str) -> VerbError:
    """Return what is raised when a verb's words do not fit."""
    return VerbError("INVALID_PARAMS", later("This is how to use it: {by}{usage}"), usage=shape(name))


def classroom_of(state: ServerState) -> Classroom:
    """Return the class of a server that has one.

    Raises:
        VerbError: it has none.
    """
    if state.classroom is None:
        raise VerbError("NO_CLASS", later("This server has no operator, and so no class."))
    return state.classroom


def find_person(state: ServerState, nick: str) -> Person:
    """Return who has, or had, this nick.

    Raises:
        VerbError: nobody.
    """
    person = classroom_of(state).people.named(nick)
    if person is None:
        raise VerbError("NO_SUCH_NICK", later("Nobody called {nick} is or was here."), nick=nick)
    return person


def find_student(state: ServerState, nick: str) -> Person:
    """Return who has, or had, this nick, and is no operator of the server.

    Raises:
        VerbError: nobody, or an operator.
    """
    person = find_person(state, nick)
    if person.is_operator:
        text = later("{nick} is an operator of the server: this is not for operators.")
        raise VerbError("IS_OPERATOR", text, nick=person.nick)
    return person


def channels_of_class(state: ServerState, words: Sequence[str]) -> list[Channel]:
    """Return the room of the class that the first word names, or without a word all of them.

    Raises:
        VerbError: it is no room of the class.
    """
    classroom = classroom_of(state)
    channels = [channel for name in classroom.rooms if (channel := state.find_channel(name))]
    if not words:
        return channels
    wanted = fold(words[0] if is_channel(words[0]) else f"#{words[0]}")
    found = [channel for channel in channels if fold(channel.name) == wanted]
    if not found:
        rooms = ", ".join(classroom.rooms.values())
        text = later("{room} is no room of the class. There are: {rooms}")
        raise VerbError("NO_SUCH_ROOM", text, room=words[0], rooms=rooms)
    return found


def take_minutes(words: list[str]) -> int | None:
    """Take a number of minutes off the front of the words, if one stands there; None means for ever."""
    if not words or not _NUMBER.fullmatch(words[0]):
        return None
    return min(max(number(words.pop(0)) or 1, 1), _MOST_MINUTES)


def usage_of(name: str) -> Sentence:
    """Return how a verb is used and what it does."""
    return Sentence(USAGE[name])
