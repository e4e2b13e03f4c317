"""Nicks and channel names: which are legal, and when two are the same.

Every comparison of names in the program goes through `fold` (or, in a client of another server, through
the function that `casemapping` finds for the server's CASEMAPPING).
"""

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Final

MAX_NICK: Final = 30
MAX_CHANNEL: Final = 64
MAX_BYTES_PER_CHARACTER: Final = 3
"""On average, so that `:nick!user@host KICK #channel nick` fits into a line."""
MAX_USER: Final = 10
NICK_SPECIALS: Final = frozenset("-_[]\\`^{}|")
_DIGITS: Final = "0123456789"
_NOT_LETTERS: Final = NICK_SPECIALS | frozenset(_DIGITS)
CHANNEL_TYPES: Final = "#&"
"""RFC 2812 section 1.3; on a single server both kinds are the same."""
STATUS_MARKS: Final = "@+"
"""Of operators and of those with voice: before nicks, and before a channel that only they are to read."""
_ASCII_TABLE: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_STRICT_TABLE: Final = _ASCII_TABLE | str.maketrans("[]\\", "{}|")
_RFC1459_TABLE: Final = _STRICT_TABLE | str.maketrans("~", "^")


def fold_text(text: str) -> str:
    """Return a text as `fold` would, but do not remember it: there are more texts than names."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return the form of a nick or channel name that all its spellings share.

    NFKC and Unicode case folding, so that «АННА» and «Анна» are one name; close to RFC 7613's
    UsernameCaseMapped, and advertised as `CASEMAPPING=rfc7613`.
    """
    return fold_text(name)


def fold_ascii(name: str) -> str:
    """`CASEMAPPING=ascii`: only A–Z have another case."""
    return name.translate(_ASCII_TABLE)


def fold_rfc1459(name: str) -> str:
    """`CASEMAPPING=rfc1459` (RFC 1459 section 2.2): A–Z, and `{}|^` are lower case of `[]\\~`."""
    return name.translate(_RFC1459_TABLE)


def fold_rfc1459_strict(name: str) -> str:
    """`CASEMAPPING=rfc1459-strict`: as RFC 1459 wrote it, without `~` and `^`, which servers added."""
    return name.translate(_STRICT_TABLE)


_FOLDINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "ascii": fold_ascii,
    "rfc1459-strict": fold_rfc1459_strict,
    "strict-rfc1459": fold_rfc1459_strict,  # so some servers spell it
    **dict.fromkeys(("rfc7613", "rfc8265", "precis"), fold),  # RFC 8265 has replaced RFC 7613
}


def casemapping(token: str) -> Callable[[str], str]:
    """Return the folding for the value of a server's CASEMAPPING token, in any case.

    RFC 1459's if the server names one that nobody knows, or none, as modern.ircdocs.horse has it.
    """
    return _FOLDINGS.get(token.lower().replace("_", "-"), fold_rfc1459)


def is_valid_nick(nick: str, *, ascii_only: bool = False) -> bool:
    """Tell whether a nick is legal.

    1–30 characters: letters of a single script, digits and ``-_[]\\`^{}|``, no digit or hyphen first
    (RFC 2812 section 2.3.1, widened to Unicode letters). One script, so that a Latin `a` never poses as a
    Cyrillic «а». With `ascii_only` the letters are A–Z alone.

    Letters that are another way to write others (full width, ligatures; some stand for a space) and those
    that nobody sees (Hangul fillers) are refused, as RFC 8264 section 9 has it.
    """
    if not 1 <= len(nick) <= MAX_NICK or nick[0] == "-" or nick[0] in _DIGITS:
        return False
    if not nick.isascii() and (
        ascii_only or not _is_short(nick, MAX_NICK) or unicodedata.normalize("NFKC", nick) != nick
    ):
        return False
    scripts = {_script(char) for char in nick if char not in _NOT_LETTERS}
    return len(scripts) <= 1 and "" not in scripts


def _script(char: str) -> str:
    """Return the script of a letter that can be seen (LATIN, CYRILLIC, …); "" for all other characters."""
    name = unicodedata.name(char, "")
    is_letter = unicodedata.category(char)[0] == "L" and not name.endswith("FILLER")
    return name.partition(" ")[0] if is_letter else ""


def _is_short(name: str, most: int) -> bool:
    return len(name.encode("utf-8", "replace")) <= most * MAX_BYTES_PER_CHARACTER


def is_channel(name: str) -> bool:
    """Tell whether a target is meant as a channel, legal or not."""
    return name.startswith(tuple(CHANNEL_TYPES))


def is_valid_channel(name: str) -> bool:
    """Tell whether a channel name is legal: `#` or `&` and up to 63 characters that everybody can tell apart.

    Letters, of one script in each word, digits, and the marks of ASCII without the comma (RFC 2812 section
    1.3); what nobody sees, and what is another way to write something else, is refused as in a nick.
    """
    if not (is_channel(name) and 2 <= len(name) <= MAX_CHANNEL and _is_short(name, MAX_CHANNEL)):
        return False
    if unicodedata.normalize("NFKC", name) != name:
        return False
    word = ""
    for char in name:
        script = _script(char)
        if not script and not ("!" <= char <= "~" and char != ","):
            return False
        if script and word and script != word:
            return False
        word = script or (word if char in _DIGITS else "")
    return True
