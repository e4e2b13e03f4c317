"""Which colour somebody has in a conversation: the same wherever his name stands there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from client.model.conversations import Conversation
from gui.toolkit.palette import NAME_COLOURS, colour_number

MAX_NAMES: Final = 5000
"""Of a conversation, whose colours are remembered; in a larger crowd nobody tells colours apart."""


@dataclass(slots=True)
class _Given:
    """The colours of one conversation."""

    numbers: dict[str, int] = field(default_factory=dict)
    """By folded name."""
    owners: dict[int, str] = field(default_factory=dict)
    """The one for whom a colour is kept."""
    sharing: set[str] = field(default_factory=set)
    """Those who came when each colour had an owner in the room."""


class NameColours:
    """Gives out the palette's colours, in each conversation anew.

    1. Two people who are in a room MUST NOT share a colour if one is left when the second first comes.
    2. Somebody's colour MUST stay the same while he is in the room, and after he has left it until somebody
       who is there needs it.
    """

    def __init__(self) -> None:
        self._given: dict[Conversation, _Given] = {}

    def number(self, conversation: Conversation, name: str) -> int:
        """Return the index of the palette's colour for a name, as `ClientState.fold` returns it."""
        given = self._given.setdefault(conversation, _Given())
        number = given.numbers.get(name)
        is_here = name in conversation.members
        if number is None or (is_here and given.owners[number] != name and name not in given.sharing):
            first = colour_number(name) if number is None else number
            number = self._choose(given, name, first, conversation.members.__contains__, is_here=is_here)
            given.numbers[name] = number
            if len(given.numbers) > MAX_NAMES:
                given.numbers = {owner: colour for colour, owner in given.owners.items()}
                given.sharing.clear()
        return number

    def clear(self) -> None:
        """All conversations were closed."""
        self._given.clear()

    def forget(self, conversation: Conversation) -> None:
        """This conversation was closed."""
        self._given.pop(conversation, None)

    @staticmethod
    def _choose(
        given: _Given, name: str, first: int, is_member: Callable[[str], bool], *, is_here: bool
    ) -> int:
        """Return the first colour that nobody needs, beginning with the name's own."""
        order = [(first + step) % NAME_COLOURS for step in range(NAME_COLOURS)]
        free = [number for number in order if number not in given.owners]
        if is_here:
            free += [number for number in order if not is_member(given.owners.get(number, name))]
        if not free:
            if is_here:
                given.sharing.add(name)
            return first
        given.owners[free[0]] = name
        return free[0]
