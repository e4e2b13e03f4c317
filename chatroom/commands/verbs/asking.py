"""Verbs that only ask: help."""

from chatroom.commands.verbs.table import (
    VERBS,
    Actor,
    Given,
    Sentences,
    VerbError,
    usage_of,
    verb,
)
from chatroom.state import ServerState
from protocol.class_words import USAGE
from translations import later


@verb("help")
def help_(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """List the verbs, or say how one of them is used."""
    wanted = given.words[0].lower() if given.words else ""
    if wanted and wanted not in VERBS:
        raise VerbError("UNKNOWN_VERB", later("There is no word {word}. All of them: help"), word=wanted)
    for name in USAGE:
        if name in VERBS and wanted in ("", name):
            yield usage_of(name)
