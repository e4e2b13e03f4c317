"""A message of several lines as it is collected, kept and sent (IRCv3 draft/multiline)."""

from dataclasses import dataclass, field
from typing import Final

from protocol import ircv3
from protocol.message import Message

REPEATED_TAGS: Final = 200
"""Characters of tags that may stand before each line of one message."""
NEW_LINE: Final = "\n"
CONTINUED: Final = "\r"


@dataclass(slots=True)
class MultilineBatch:
    """The lines of a message that is being sent."""

    reference: str
    target: str
    opening: Message
    command: str = ""
    lines: list[str] = field(default_factory=list)
    """Each begins with NEW_LINE, or with CONTINUED if it continues the one before."""
    size: int = 0
    refused: bool = False


def batch_lines(head: str, lines: list[str], reference: str) -> list[tuple[str, str]]:
    """Return tags and line of each part of the message, as they stand in its batch."""
    tags = f"{ircv3.TAG_BATCH}={reference}"
    concat = f"{tags};{ircv3.TAG_CONCAT}"
    return [(concat if line[0] == CONTINUED else tags, head + line[1:]) for line in lines]


def separate_lines(head: str, lines: list[str], tags: str) -> list[tuple[str, str]]:
    """Return tags and line of each of the separate lines that the message becomes for other programs.

    Empty lines, which PRIVMSG cannot carry, are left out. The nonce, and what it answers, mark the first line
    alone. So do long tags, so that a few bytes do not become megabytes.

    Args:
        tags: of the message, formatted.
    """
    kept = ircv3.for_another_line(tags)
    rest = kept if len(kept) <= REPEATED_TAGS else ""
    texts = [head + line[1:] for line in lines if line[1:]]
    return [(rest if number else tags, text) for number, text in enumerate(texts)]


def split_stored(stored: str) -> tuple[str, list[str]]:
    """Take apart a line as the history keeps it; return its head, and no lines if it is an ordinary one."""
    head, colon, text = stored.partition(" :")
    if not text.startswith(NEW_LINE):
        return stored, []
    lines: list[str] = []
    for char_and_text in text.replace(CONTINUED, NEW_LINE + CONTINUED).split(NEW_LINE)[1:]:
        lines.append(char_and_text if char_and_text.startswith(CONTINUED) else NEW_LINE + char_and_text)
    return head + colon, lines
