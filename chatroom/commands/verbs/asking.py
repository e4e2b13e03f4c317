"""Verbs that only ask: absent, help."""

from chatroom.commands.verbs.table import (
    VERBS,
    Actor,
    Given,
    Sentences,
    VerbError,
    classroom_of,
    say,
    usage_of,
    verb,
)
from chatroom.state import ServerState
from protocol.class_words import USAGE
from translations import later


@verb("absent")
def absent(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Say who of the roster is not here."""
    classroom = classroom_of(state)
    names, expected = classroom.absent(), len(classroom.roster.names)
    if not expected:
        raise VerbError("NO_ROSTER", later("There is no list of names. Start the server with --roster FILE."))
    yield say(later("Here: {count} of {expected}."), count=expected - len(names), expected=expected)
    for name in names:
        yield say(later("Absent: {name}"), name=name)


@verb("help")
def help_(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """List the verbs, or say how one of them is used."""
    wanted = given.words[0].lower() if given.words else ""
    if wanted and wanted not in VERBS:
        raise VerbError("UNKNOWN_VERB", later("There is no word {word}. All of them: help"), word=wanted)
    for name in USAGE:
        if name in VERBS and wanted in ("", name):
            yield usage_of(name)
