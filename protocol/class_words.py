"""The vocabulary of a class, which three places share: the command `CLASS`, the server's console, our client.

The server's verbs are in `chatroom.commands.verbs`; each has the name and the shape that stand here.
"""

from typing import Final

Texts = dict[str, str]
"""A table of texts that are translated where they are shown."""

USAGE: Final[Texts] = {
    "who": "who [room] — who is here: rooms, address, hand, mute",
    "absent": "absent — who of the list is not here",
    "announce": "announce text — say it to everybody, in every room",
    "quiet": "quiet [room] — nobody speaks but you and those who have the word",
    "open": "open [room] — everybody may speak again",
    "hands": "hands [down [nick…]] — who raised a hand, the first first; or lower hands",
    "voice": "voice nick… — give the word, also in a quiet room",
    "unvoice": "unvoice nick… — take the word back",
    "mute": "mute nick [minutes] — this person may not speak, under any nick",
    "unmute": "unmute nick [one|all] — this person may speak again",
    "kick": "kick nick [minutes] [reason] — out of the rooms of the class, and for so long not in again",
    "ban": "ban nick [one|all] [minutes] [reason] — off the server, and not in again",
    "unban": "unban nick — let this person in again",
    "bans": "bans — who is banned, kept out or muted, until when, and by whom",
    "rename": "rename nick new-nick — give somebody another nick",
    "move": "move nick… room — into this room, out of the others of the class",
    "wipe": "wipe nick — delete all that this person said, from the screens and from the history",
    "lock": "lock [room] — nobody new enters; who was in may come back",
    "unlock": "unlock [room] — everybody may enter again",
    "private": "private all|teacher|none — who may be written to privately",
    "save": "save — write what was said and who was here into the archive",
    "new": "new [group] — close the class into the archive, and begin another, with nothing said or decided",
    "help": "help [word] — these words",
}
"""How each verb is used, and what it does."""

COMMAND: Final = "CLASS "
"""Before a verb that a sentence of the server names ({by}): what whoever reads it there has to send."""
PRIVATE: Final = ("all", "teacher", "none")
"""To whom students may write privately: to all, to operators, to nobody."""
HAND: Final = "✋"
"""A message to a room's operators that begins so raises a hand, whatever the client."""
UP: Final = "up"
DOWN: Final = "down"
"""Values of the tag `+chat.lab/hand`."""

HERE: Final = "here"
GONE: Final = "gone"
ABSENT: Final = "absent"
"""Expected, and never here."""
STRANGER: Final = "stranger"
"""Here, and not expected."""
FORGOTTEN: Final = "forgotten"
"""States of a person at an operator's desk."""
NOBODY: Final = "*"
"""The nick there of a person who is absent."""
FOREVER: Final = "forever"
"""How long a mute without an end holds there."""


def tag(name: str) -> str:
    """Return the tag of a line for an operator's desk that has this name (docs/protocol.md)."""
    return f"chat.lab/{name}"


_OF_CLASS: Final = ("quiet", "locked", "private", "rooms", "here", "expected", "recorded")
_OF_PERSON: Final = (
    *(
        "rooms",
        "state",
        "hand",
        "muted",
        "barred",
        "paused",
        "address",
        "heard",
        "lines",
        "roster",
        "client",
        "voice",
    ),
)
DESK_TAGS: Final = frozenset(map(tag, _OF_CLASS + _OF_PERSON))
"""All of them, which a client must not drop."""


def shape(verb: str) -> str:
    """Return how the verb is used, without what it does."""
    return USAGE[verb].partition(" — ")[0]
