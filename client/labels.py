"""Labels of batches (IRCv3 labeled-response): what stands on a batch holds for each line in it."""

from typing import Final

from protocol import ircv3
from protocol.message import Message

MAX_OPEN: Final = 50
"""Labelled batches that may be coming at the same time; a lying server could begin them without end."""


class BatchLabels:
    """Gives the lines of a labelled batch, and of batches inside it, its label."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def clear(self) -> None:
        """The connection is lost: what has begun does not end."""
        self._labels.clear()

    def apply(self, line: Message) -> Message:
        """Return the line, with the label of its batch if that has one."""
        label = self._labels.get(line.tags.get(ircv3.TAG_BATCH, ""), "")
        if label and ircv3.TAG_LABEL not in line.tags:
            line = line._replace(tags={**line.tags, ircv3.TAG_LABEL: label})
        reference = line.param(0)
        if line.command == "BATCH" and reference.startswith("-"):
            self._labels.pop(reference[1:], None)
        elif line.command == "BATCH" and ircv3.TAG_LABEL in line.tags and len(self._labels) < MAX_OPEN:
            self._labels[reference[1:]] = line.tags[ircv3.TAG_LABEL]
        return line
