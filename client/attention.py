"""What asks for the user's attention while he works in another window. Sans-I/O."""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Final

from client.model.conversations import Conversation, Entry

QUIET_PAUSE: Final = 5.0
"""Seconds without a call, after which the next one is heard again."""
FOREVER: Final = 253_402_300_800.0
"""The end of the year 9999, in seconds since the epoch: until the user says otherwise."""


class Cause(StrEnum):
    """Why something asks for attention. The user chooses which of them may."""

    MENTION = "mention"
    """The user is named or answered."""
    PRIVATE = "private"
    """It is said to the user alone."""
    ANNOUNCEMENT = "announcement"
    """It is announced to everybody."""
    ROOM = "room"
    """Anything else that is said in a room."""


USUAL: Final = (Cause.MENTION, Cause.PRIVATE, Cause.ANNOUNCEMENT)


def cause_of(conversation: Conversation, entry: Entry) -> Cause:
    """Tell why something new that somebody else has said may ask for attention."""
    if entry.announced:
        return Cause.ANNOUNCEMENT
    if conversation.name and not conversation.is_room:
        return Cause.PRIVATE
    return Cause.MENTION if entry.mention else Cause.ROOM


def may_call(cause: Cause, wanted: Collection[str], *, is_muted: bool) -> bool:
    """Tell whether something may ask for attention.

    Nothing in a muted conversation does, not even the user's own name; but an announcement does, as it is
    for everybody and in every room.

    Args:
        wanted: the values of the causes for which the user wants to be called.
    """
    return cause in wanted and (cause is Cause.ANNOUNCEMENT or not is_muted)


class Bursts:
    """Tells the first call of a burst from those that follow it, so that a sound is made once for all.

    Args:
        timer: seconds that pass evenly.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._last_at: float | None = None

    def begins(self) -> bool:
        """Take note of a call; tell whether it is the first for a while."""
        now, before = self._timer(), self._last_at
        self._last_at = now
        return before is None or now - before >= QUIET_PAUSE
