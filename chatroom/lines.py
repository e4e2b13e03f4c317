"""Lines as the server writes them: cut to size, with their tags, as bytes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from chatroom.client import TAKES_TAGS, TAKES_TIME, Client
from protocol import ircv3
from protocol.framing import MAX_LINE
from protocol.message import format_tags
from protocol.text import cut

MAX_BODY: Final = MAX_LINE - 2


def is_middle(param: str) -> bool:
    """Tell whether a parameter can stand before the last one of a line."""
    return bool(param) and param[0] != ":" and " " not in param


def join_middle(params: Iterable[str]) -> str:
    """Return a line's middle parameters, each behind a space; what would break the line becomes `*`."""
    return "".join(f" {param if is_middle(param) else '*'}" for param in params)


def join_words(words: Iterable[str], longest: int, separator: str = " ") -> Iterator[str]:
    """Join words into as few lines, of at most so many bytes, as it takes for none to be cut."""
    line: list[str] = []
    size = 0
    for word in words:
        length = len(separator) + (len(word) if word.isascii() else len(word.encode()))
        if line and size + length > longest + len(separator):
            yield separator.join(line)
            line, size = [], 0
        line.append(word)
        size += length
    if line:
        yield separator.join(line)


def fit(line: str) -> str:
    """Return the line cut, at a letter, to the 510 bytes that it may have without tags and line end."""
    return line[:MAX_BODY] if line.isascii() else cut(line, MAX_BODY)


def format_time(seconds: float) -> str:
    """Format a time for the tag `time` (IRCv3 server-time): `2026-11-22T21:04:05.123Z`."""
    return _format_milliseconds(int(seconds * 1000))


@lru_cache(maxsize=16)
def _format_milliseconds(milliseconds: int) -> str:
    """At full speed many lines fall into one millisecond."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def encode(line: str, tags: str = "") -> bytes:
    """Return a line as it is sent; `tags` are formatted, without `@`."""
    return (f"@{tags} {line}\r\n" if tags else f"{line}\r\n").encode()


def format_client_tags(client: Client, tags: Mapping[str, str]) -> str:
    """Format the tags that go with a client's message: client-only ones (`+…`), and `bot` of a bot."""
    if not tags and not client.modes:
        return ""
    kept = {key: value for key, value in tags.items() if key[0] == "+"}
    if client.is_bot:
        kept[ircv3.TAG_BOT] = ""
    return format_tags(kept)


def format_server_tags(tag_set: int, time: float, msgid: str, tags: str) -> str:
    """Format the tags of a relayed line for clients that take this set of tags (`Client.tag_set`).

    Args:
        tags: client-only tags, formatted.
    """
    if not tag_set:
        return ""
    parts: list[str] = []
    if tag_set & TAKES_TIME:
        parts.append(f"{ircv3.TAG_TIME}={format_time(time)}")
    if tag_set & TAKES_TAGS:
        if msgid:
            parts.append(f"{ircv3.TAG_MSGID}={msgid}")
        if tags:
            parts.append(tags)
    return ";".join(parts)
