"""One protocol line as a value: `[@tags] [:source] COMMAND params… [:last param]`.

Implements RFC 1459 section 2.3, RFC 2812 section 2.3 and the IRCv3 message-tags specification.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from protocol.framing import MAX_CLIENT_TAGS, MAX_LINE
from protocol.words import upper

NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})
_ESCAPES: Final = {";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"}
_ESCAPE_TABLE: Final = str.maketrans(_ESCAPES)
_UNESCAPES: Final = {escape[1]: char for char, escape in _ESCAPES.items()}
_ESCAPED: Final = re.compile(r"\\(.?)", re.DOTALL)
BYTE_ORDER_MARK: Final = "\ufeff"
"""What some programs write before their first text; in UTF-8 it is EF BB BF (RFC 3629 section 6)."""
_UTF_16: Final = re.compile(rb"(?:\xff\xfe|\xfe\xff)?\0?(?:[!-~]\0){2}")
"""How a command begins in UTF-16, in either byte order, also where the line end before it left a zero."""


class MalformedLineError(ValueError):
    """The bytes are no protocol line: there is no command, or a NUL byte."""


class LineTooLongError(ValueError):
    """The line, or its tags, is longer than the protocol allows (numeric 417)."""


class Utf16Error(ValueError):
    """The line is in UTF-16."""


class Source(NamedTuple):
    """Who says something: `nick[!user][@host]`, or a server's name as `nick`."""

    nick: str
    user: str = ""
    host: str = ""


def split_source(source: str) -> Source:
    """Split a source; what it lacks is "". The nick ends at the first `!` or `@`, the host holds no `@`."""
    nick, _bang, rest = source.partition("!")
    if "@" in nick:
        nick, _at, host = source.partition("@")
        return Source(nick, "", host)
    user, at, host = rest.rpartition("@")
    return Source(nick, user, host) if at else Source(nick, rest)


class Message(NamedTuple):
    """A parsed line. `command` is in upper case; a tag without a value has the value `""`."""

    command: str
    params: tuple[str, ...] = ()
    source: str = ""
    tags: Mapping[str, str] = NO_TAGS

    @property
    def nick(self) -> str:
        """The nick (or server name) in the source."""
        return split_source(self.source).nick

    def param(self, index: int, default: str = "") -> str:
        """Return parameter `index`, or `default` where the line has fewer."""
        return self.params[index] if index < len(self.params) else default


def escape_tag(value: str) -> str:
    """Escape a tag's value (IRCv3 message-tags, "Escaping values")."""
    return value.translate(_ESCAPE_TABLE)


def unescape_tag(value: str) -> str:
    """Undo `escape_tag`; a lone backslash at the end is dropped, as the specification says."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: _UNESCAPES.get(found[1], found[1]), value)


def parse_tags(text: str) -> dict[str, str]:
    """Parse `key=value;key` (without the `@`). Of a key that stands twice the last value holds."""
    tags: dict[str, str] = {}
    for tag in text.split(";"):
        key, _, value = tag.partition("=")
        if key:
            tags[key] = unescape_tag(value)
    return tags


def format_tags(tags: Mapping[str, str]) -> str:
    """Format tags as `key=value;key`, without the `@`."""
    return ";".join(f"{key}={escape_tag(value)}" if value else key for key, value in tags.items())


def parse(line: str) -> Message:
    """Parse a line without its line end.

    Raises:
        MalformedLineError: there is no command, or the line holds a NUL.
    """
    if "\0" in line:
        raise MalformedLineError("NUL in the line")
    tags = NO_TAGS
    source = ""
    if line[:1] in "@: ":
        if line.startswith("@"):
            text, _, line = line[1:].partition(" ")
            tags = parse_tags(text)
        line = line.lstrip(" ")
        if line.startswith(":"):
            source, _, line = line[1:].partition(" ")
            line = line.lstrip(" ")
    head, colon, last = line.partition(" :")
    command, *params = head.split(" ")
    if not command or command[0] == ":":
        raise MalformedLineError("no command in the line")
    if "" in params:  # several spaces between parameters
        params = [param for param in params if param]
    if colon:
        params.append(last)
    return Message(upper(command), tuple(params), source, tags)


def decode(raw: bytes) -> Message:
    """Parse a line of bytes as a server must: strict UTF-8, strict lengths.

    Raises:
        LineTooLongError: more than 510 bytes without tags, or more than 4096 bytes of tags.
        Utf16Error: the command is in UTF-16.
        UnicodeDecodeError: the bytes are no UTF-8.
        MalformedLineError: as `parse`.
    """
    if len(raw) > MAX_LINE - 2:
        tags = raw.find(b" ") + 1 if raw.startswith(b"@") else 0
        if tags > MAX_CLIENT_TAGS or len(raw) - tags > MAX_LINE - 2:
            raise LineTooLongError(f"{len(raw)} bytes")
    try:
        return parse(raw.decode("utf-8"))
    except ValueError:  # neither a NUL nor FF and FE pass
        if _UTF_16.match(raw):
            raise Utf16Error("UTF-16") from None
        raise


def format_message(message: Message) -> str:
    """Format a message as a line without its line end; the inverse of `parse`.

    Raises:
        ValueError: a part holds a character that would break the line, or a middle parameter is empty,
            holds a space or begins with a colon.
    """
    parts: list[str] = []
    if message.tags:
        parts.append("@" + format_tags(message.tags))
    if message.source:
        parts.append(":" + message.source)
    parts.append(message.command)
    if message.params:
        *middle, last = message.params
        for param in middle:
            if not param or param.startswith(":") or " " in param:
                raise ValueError(f"cannot stand before the last parameter: {param!r}")
        parts += middle
        parts.append(":" + last if not last or " " in last or last.startswith(":") else last)
    line = " ".join(parts)
    if "\r" in line or "\n" in line or "\0" in line:
        raise ValueError(f"a line cannot hold CR, LF or NUL: {line!r}")
    return line
