"""What the value of an option may be: each function returns it, or says what is wrong with the text.

They raise `argparse.ArgumentTypeError`; argparse puts the option's name before its text.
"""

import re
import stat
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Final

from client.model.sanitize import is_user_name
from client.net.address import AddressError, parse_address
from protocol.fingerprints import parse_fingerprint
from protocol.names import MAX_CHANNEL, is_channel, is_valid_channel, is_valid_nick
from protocol.text import visible
from translations import _
from translations.system_errors import explain_error

MAX_DEMO_CLIENTS: Final = 9
_LONGEST_WORD: Final = 100
_LONGEST_LINE: Final = 200
"""Characters; so that a line of 512 bytes has room for it."""
_MOST_NAMES: Final = 20
"""So that a line of 005 has room for the rooms of a class."""
_SERVER_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", re.ASCII)


def port(text: str) -> int:
    """Return a TCP port; 0 lets the system choose."""
    return _parse_number(text, _("a port is a number from 0 to 65535, not “{text}”"), 0, 65535)


def count(text: str) -> int:
    """Return a number above 0."""
    return _parse_number(text, _("a number above 0 is needed, not “{text}”"), 1)


def number(text: str) -> int:
    """Return a number, 0 or above."""
    return _parse_number(text, _("a number, 0 or above, is needed, not “{text}”"), 0)


def demo_clients(text: str) -> int:
    """Return how many clients a demo is to have."""
    return _parse_number(text, _("a number from 2 to {most} is needed, not “{text}”"), 2, MAX_DEMO_CLIENTS)


def _parse_number(text: str, problem: str, least: int, most: int = 999_999_999) -> int:
    """Return a number of ASCII digits; `int` would also take signs and underscores."""
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise ArgumentTypeError(problem.format(text=text, most=most))


def word(text: str) -> str:
    """Return what can stand in the middle of a line of the protocol (RFC 2812 section 2.3.1 `middle`)."""
    if not text or not text.isprintable() or " " in text or text.startswith(":"):
        raise ArgumentTypeError(_("a single word is needed, not “{text}”").format(text=visible(text)))
    _check_length(text, _LONGEST_WORD)
    return text


def line(text: str) -> str:
    """Return text without line breaks or other control characters."""
    if not text.isprintable():
        raise ArgumentTypeError(_("a single line is needed, not “{text}”").format(text=visible(text)))
    _check_length(text, _LONGEST_LINE)
    return text


def _check_length(text: str, most: int) -> None:
    if len(text) > most:
        problem = _("this is too long: {count} characters, and there may be {most}")
        raise ArgumentTypeError(problem.format(count=len(text), most=most))


def server_name(text: str) -> str:
    """Return a server's name in the protocol (RFC 2812 section 2.3.1 `servername`)."""
    if not _SERVER_NAME.fullmatch(text):
        problem = _(
            "a server's name consists of Latin letters, digits, dots and hyphens, such as chat.lab; "
            "“{text}” does not fit"
        )
        raise ArgumentTypeError(problem.format(text=text))
    return text


def server_address(text: str) -> str:
    """Return `HOST` or `HOST:PORT`, as it was typed."""
    try:
        parse_address(text)
    except AddressError:
        problem = _(
            "an address is needed, such as 192.168.0.10 or 192.168.0.10:6667 (a port is at most 65535), "
            "not “{text}”"
        )
        raise ArgumentTypeError(problem.format(text=text)) from None
    return text


def fingerprint(text: str) -> str:
    """Return a certificate's SHA-256 fingerprint in lower case, without colons."""
    try:
        return parse_fingerprint(text)
    except ValueError:
        problem = _("a SHA-256 fingerprint has 64 digits 0–9 and A–F; “{text}” does not")
        raise ArgumentTypeError(problem.format(text=text)) from None


def file(text: str) -> Path:
    """Return the name of a file that is to be read, or that keeps the history; it need not be there yet.

    What is no file is refused: who opens a pipe may wait for ever, and a device may have no end.
    """
    path = Path(text)
    try:
        is_file = bool(text) and stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return path  # whoever opens it says so
    except (OSError, ValueError) as error:  # a name that is too long, or that no file can have
        problem = _("“{text}” cannot be a file: {error}")
        reason = explain_error(error) if isinstance(error, OSError) else error
        raise ArgumentTypeError(problem.format(text=visible(text[:60]), error=reason)) from None
    if not is_file:
        raise ArgumentTypeError(_("a file is needed; “{text}” is none").format(text=visible(text)))
    return path


def files(text: str) -> tuple[Path, ...]:
    """Return the names of files that are to be read, separated by commas."""
    return tuple(file(name.strip()) for name in text.split(",") if name.strip())


def nick(text: str) -> str:
    """Return a user's name."""
    if not is_valid_nick(text):
        problem = _(
            "a name has up to 30 letters of one alphabet, digits, - and _, no spaces, and begins with "
            "a letter; “{text}” does not fit"
        )
        raise ArgumentTypeError(problem.format(text=text))
    return text


def nicks(text: str) -> tuple[str, ...]:
    """Return names with commas between them."""
    return tuple(nick(one.strip()) for one in _words(text))


def rooms(text: str) -> tuple[str, ...]:
    """Return names of rooms with commas between them, each with `#` before it."""
    found = tuple(room(one.strip()) for one in _words(text))
    for name in found:
        if not is_valid_channel(name):
            problem = _("“{text}” cannot be the name of a room: letters of one alphabet, digits, - and _")
            raise ArgumentTypeError(problem.format(text=visible(name)))
    return found


def _words(text: str) -> list[str]:
    # The console of Windows leaves quotation marks in place.
    found = text.strip("'").split(",")
    if len(found) > _MOST_NAMES:
        raise ArgumentTypeError(_("there may be up to {most} names").format(most=_MOST_NAMES))
    return found


def user(text: str) -> str:
    """Return a user name on a server."""
    if not is_user_name(text):
        raise ArgumentTypeError(_("a user name has up to 100 characters, no spaces and no colons"))
    return text


def room(text: str) -> str:
    """Return a room's name with `#` before it, which need not be typed."""
    bare = text.strip("'")  # which the console of Windows leaves in place
    name = bare if is_channel(bare) else f"#{bare}"
    # What else it may hold is for the server to say.
    if not 2 <= len(name) <= MAX_CHANNEL or any(char in " ," or not char.isprintable() for char in name):
        problem = _(
            "a room's name is # and up to 63 characters without spaces and commas, such as '#lab'; "
            "“{text}” is not"
        )
        raise ArgumentTypeError(problem.format(text=text))
    return name
