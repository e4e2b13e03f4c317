"""What in a conversation is worth going to: the first new entry, and those that name the user. No widgets."""

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from client.model.conversations import Entry


class Landmarks:
    """Of the conversation that is shown."""

    def __init__(self) -> None:
        self.first_new: int | None = None
        """The key of the first entry that the user had not seen, if there is one."""
        self._seen_new: int | None = None
        """The same, when he has come to it."""
        self._called: set[int] = set()
        """Keys of the new entries that name the user and that he has not seen."""
        self._visited: int | None = None
        """The key of the entry of this kind that was visited last."""

    def begin(self, entries: Iterable[Entry], first_new: int | None) -> None:
        """Another conversation is shown."""
        self.first_new, self._seen_new, self._visited = first_new, None, None
        new = dropwhile(lambda entry: entry.key != first_new, entries)
        self._called = {entry.key for entry in new if entry.mention}

    def add(self, entries: Iterable[Entry]) -> None:
        """These have come."""
        self._called.update(entry.key for entry in entries if entry.mention)

    @property
    def new_to_see(self) -> int | None:
        """The key of the first new entry, until the user has come to it."""
        return self.first_new if self.first_new != self._seen_new else None

    @property
    def calls(self) -> int:
        """How many new entries name the user that he has not seen."""
        return len(self._called)

    def see(self, entries: Iterable[Entry]) -> None:
        """These are before the user's eyes."""
        for entry in entries:
            self._called.discard(entry.key)
            if entry.key == self.first_new:
                self._seen_new = entry.key

    def next_mention(self, entries: Sequence[Entry]) -> Entry | None:
        """Visit the next entry that names the user, first the new ones; None if none is left below."""
        known = (self.first_new, self._visited)
        begin = max((at for at, entry in enumerate(entries) if entry.key in known), default=0)
        behind = (entry for entry in entries[begin:] if entry.mention and entry.key != self._visited)
        mention = next(behind, None)
        self._visited = mention.key if mention else None
        return mention
