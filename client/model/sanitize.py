"""What others sent, made safe for a transcript and for lines of our own."""

from functools import lru_cache
from typing import Final

from client.model.server_time import moment_of
from protocol import ircv3
from protocol.message import Message
from protocol.text import cut_characters, strip_formatting, visible, visible_speech

MAX_NAME: Final = 200
"""Characters of a nick, a room's name or a message's id; only a lying server has longer ones."""
MAX_USER_NAME: Final = 100
"""Characters of a user name; those of bouncers hold names of networks too."""
MAX_WORDS: Final = 300
"""Characters of a server's words that stand in a label: X11 draws none that is higher than 32,767 pixels."""
TAB: Final = 4
"""Columns."""
_ECHOED_TAGS: Final = (ircv3.TAG_MSGID, ircv3.TAG_TIME)


def clean(text: str) -> str:
    """Return the text without mIRC formatting, tabs as spaces, all other control characters made visible."""
    return visible_speech(strip_formatting(text).expandtabs(TAB))


@lru_cache(maxsize=1024)
def clean_nick(nick: str) -> str:
    """Return a nick clean: one string for all the messages of its owner, as long as few others speak."""
    return clean(nick)


def brief(text: str) -> str:
    """Return the text as far as a label shows it; only a lying server says more."""
    return cut_characters(text, MAX_WORDS)


def is_sendable(name: str) -> bool:
    """Tell whether a name can stand in a line that we send; a hostile server may invent others."""
    return bool(name) and not name.startswith(":") and " " not in name


def is_user_name(text: str) -> bool:
    """Tell whether this can be sent as the user name: `anna`, or to a bouncer `anna/network`."""
    return is_sendable(text) and ":" not in text and len(text) <= MAX_USER_NAME and text.isprintable()


def is_name(name: str) -> bool:
    """Tell whether a conversation may be called so: it can be sent to, and is shown as it is."""
    return is_sendable(name) and len(name) <= MAX_NAME and "," not in name and _clean_name(name) == name


def short(name: str) -> str:
    """Return a nick as it is kept and shown: nothing in it invisible, no longer than honest ones."""
    return cut_characters(_clean_name(cut_characters(name, MAX_NAME)), MAX_NAME)


def _clean_name(name: str) -> str:
    """Two names that look alike must not differ in what is not seen."""
    return visible(strip_formatting(name).expandtabs(TAB))


def mistrust(message: Message) -> Message:
    """Return a server's line with a source that can be shown, a msgid and a time that can be sent back."""
    source = message.source
    if len(source) > MAX_NAME or visible(source) != source:
        nick, bang, rest = source.partition("!")
        message = message._replace(source=short(nick) + bang + short(rest))
    bad = [key for key in _ECHOED_TAGS if key in message.tags and not _is_word(message.tags[key])]
    if (stamp := message.tags.get(ircv3.TAG_TIME)) is not None and moment_of(stamp) is None:
        bad.append(ircv3.TAG_TIME)
    if bad:
        message = message._replace(tags={key: text for key, text in message.tags.items() if key not in bad})
    return message


def _is_word(text: str) -> bool:
    return is_sendable(text) and len(text) <= MAX_NAME and text.isprintable()


def last_param(message: Message) -> str:
    """Return the last parameter, most often a sentence, clean; "" if there is none."""
    return clean(message.params[-1]) if message.params else ""
