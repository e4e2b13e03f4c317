"""What a teacher can do with people of the class, as lines of a menu: at the desk, and in the chat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gui.question_page import Question
from gui.toolkit.menu import SEPARATOR, Item
from translations import _, plural

SHORT_MUTE = 5
SHORT_KICK = 10
"""Minutes."""
LONGEST = 400
"""Bytes of names in a line."""


@dataclass(frozen=True, slots=True)
class Means:
    """By what it is done."""

    use: Callable[[str, str], object]
    """Uses a verb of the class (`protocol.class_words`) with what stands behind it."""
    ask: Callable[[Callable[[], Question], Callable[[], object]], object]
    """Asks before something is lost."""
    talk: Callable[[str], object] | None
    """Opens a private talk; None where the menu offers that elsewhere."""
    rename: Callable[[str], object]
    """Lets the user write another nick for this one, and gives it."""


def people_items(
    nicks: Sequence[str], means: Means, rooms: Sequence[str] = (), neighbours: Sequence[str] | None = None
) -> list[Item]:
    """Return what can be done with these people.

    Args:
        rooms: those of the class.
        neighbours: the nicks of others at the address of the one person; None: nobody knows.
    """
    portions, alone, talk = [*_portions(nicks)], len(nicks) == 1, means.talk

    def all_of_them(verb: str, before: str = "", after: str = "") -> Callable[[], object]:
        return lambda: [means.use(verb, f"{before} {names} {after}".strip()) for names in portions]

    move = [Item(room, all_of_them("move", after=room)) for room in rooms]

    def each(verb: str, rest: object = "") -> Callable[[], object]:
        return lambda: [means.use(verb, f"{nick} {rest}".strip()) for nick in nicks]

    return [
        Item(_("Give the word"), all_of_them("voice")),
        Item(_("Take the word back"), all_of_them("unvoice")),
        Item(_("Lower the hand"), all_of_them("hands", "down")),
        SEPARATOR,
        Item(_mute_words(), each("mute", SHORT_MUTE)),
        Item(_("Mute until I take it back"), each("mute")),
        Item(_("Let speak again"), each("unmute")),
        SEPARATOR,
        *([Item(_("Private talk"), lambda: talk(nicks[0]), enabled=alone)] if talk else []),
        Item(_("Rename …"), lambda: means.rename(nicks[0]), enabled=alone),
        *([Item(_("Move to a room"), below=move)] if len(move) > 1 else []),
        SEPARATOR,
        Item(_("Send out of the rooms"), each("kick")),
        Item(
            plural("Send out for {count} minute", "Send out for {count} minutes", SHORT_KICK),
            each("kick", SHORT_KICK),
        ),
        *_ban_items(nicks, means, neighbours),
        Item(_("Let in again"), each("unban")),
        Item(_("Delete all that was said …"), partial(means.ask, _wipe_question(nicks), each("wipe"))),
    ]


def _portions(nicks: Sequence[str]) -> Iterator[str]:
    """Yield the names, with spaces, as many at once as fit into a line."""
    names = ""
    for nick in nicks:
        if names and len(f"{names} {nick}".encode()) > LONGEST:
            yield names
            names = ""
        names = f"{names} {nick}".strip()
    if names:
        yield names


def _mute_words() -> str:
    return plural("Mute for {count} minute", "Mute for {count} minutes", SHORT_MUTE)


def _ban_items(nicks: Sequence[str], means: Means, neighbours: Sequence[str] | None) -> list[Item]:
    """Several at an address can be banned alone or together, and it is said who they are."""
    if len(nicks) == 1 and neighbours:
        nick, everybody = nicks[0], [nicks[0], *neighbours]
        shares = _("{nick} shares the address with {others}.").format(nick=nick, others=", ".join(neighbours))
        return [
            Item(
                _("Ban this person alone …"),
                partial(means.ask, _ban_question(nicks, shares), lambda: means.use("ban", f"{nick} one")),
            ),
            Item(
                _("Ban all {count} at this address …").format(count=len(everybody)),
                partial(means.ask, _ban_question(everybody, shares), lambda: means.use("ban", f"{nick} all")),
            ),
        ]

    def ban() -> None:
        for nick in nicks:
            means.use("ban", nick if len(nicks) == 1 else f"{nick} one")

    return [Item(_("Ban from the server …"), partial(means.ask, _ban_question(nicks), ban))]


def _ban_question(nicks: Sequence[str], more: str = "") -> Callable[[], Question]:
    def question() -> Question:
        text = _("They are disconnected, and cannot come in until you let them in again.")
        return Question(
            _("Ban {nicks}?").format(nicks=", ".join(nicks)),
            [text, *([more] if more else [])],
            _("Ban"),
            _("Cancel"),
        )

    return question


def _wipe_question(nicks: Sequence[str]) -> Callable[[], Question]:
    def question() -> Question:
        title = _("Delete all that {nicks} said?").format(nicks=", ".join(nicks))
        text = _("It goes from all screens and from the history, and nobody can bring it back.")
        return Question(title, [text], _("Delete"), _("Cancel"))

    return question
