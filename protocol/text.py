"""Text as it is safe to show and short enough to send."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

MAX_GRAPHEME: Final = 64
"""Characters of a grapheme; one that goes on joining is cut. The longest that people write have a third."""

_ZWJ: Final = "\u200d"
_REGIONAL_INDICATORS: Final = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Two of them are a flag."""
_EXTENDS: Final = re.compile(
    "[\u200c\u200d\uff9e\uff9f\u0e33\u0eb3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
"""Beside the marks: joiners, sound marks, Thai and Lao vowels, skin tones, and the tags that spell a flag."""
_VARIANTS: Final = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors: they say how the character before them looks."""
_WITH_VARIANTS: Final = re.compile(
    "[\u1000-\u109f\u1800-\u18af\u2e80-\ufdff\uff00-\uffef\U00020000-\U0003fffd]"
)
"""Myanmar, Mongolian, Chinese and Japanese letters."""
_WITH_JOINERS: Final = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af]")
"""Arabic, Syriac, Indic, Myanmar, Khmer and Mongolian letters: between them joiners are spelling."""
_TAGGED_FLAG: Final = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,8}\U000e007f)")
_INVISIBLE: Final = re.compile(f"[\u200c\u200d]|{_VARIANTS.pattern}")
_VIRAMA: Final = 9
"""The combining class of the signs that make one cluster of two Indic consonants."""
_WITHIN_SYLLABLE: Final = re.compile(
    "[\u1100-\u115f\ua960-\ua97c][\u1100-\u11a7\ua960-\ua97c\ud7b0-\ud7c6]"
    "|[\u1160-\u11a7\ud7b0-\ud7c6][\u1160-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]"
    "|[\u11a8-\u11ff\ud7cb-\ud7fb][\u11a8-\u11ff\ud7cb-\ud7fb]"
)
"""Korean letters in a syllable: behind a leading consonant another one or a vowel; vowel, or trailing
consonant; trailing consonants."""

_FORMATTING: Final = re.compile(
    "[\x02\x0f\x11\x16\x1d\x1e\x1f]|\x03(?:\\d{1,2}(?:,\\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
)


def visible(text: str) -> str:
    """Return the text with all control and invisible characters made visible, for names, consoles and logs.

    CR and LF become `\\r` and `\\n`, as programs write them and every font shows them; the other C0
    controls become Unicode's control pictures (ESC → ␛); other control, format, surrogate and
    line-separating characters, bidirectional overrides among them, become `<U+202E>`, and so do variation
    selectors, and the noncharacters at the end of each plane, which XML forbids.
    """
    if text.isprintable() and not _VARIANTS.search(text):
        return text
    return "".join(_visible_char(char) for char in text)


def visible_speech(text: str, keep: str = "") -> str:
    """Return the text as `visible` does, but with the invisible characters that belong to a spelling.

    They stay where they do what they are for, and nowhere else: the joiner inside an emoji such as 👩‍💻,
    those between letters of Arabic and Indic scripts, a selector behind what it makes a variant of, the
    tags that spell a flag.

    Args:
        keep: control characters that stay, such as tabs.
    """
    if text.isprintable() and not _VARIANTS.search(text):
        return text
    flags = {at for found in _TAGGED_FLAG.finditer(text) for at in range(found.start(), found.end())}
    return "".join(
        char if char in keep or at in flags or _belongs(text, at) else _visible_char(char)
        for at, char in enumerate(text)
    )


def _belongs(text: str, at: int) -> bool:
    """Tell whether an invisible character joins, or changes, what stands around it."""
    char = text[at]
    if not _INVISIBLE.match(char) or at == 0:
        return False
    before, after = text[at - 1], text[at + 1 : at + 2]
    if _VARIANTS.match(char):
        key = before in "0123456789#*" and after == "\u20e3"
        symbol = not before.isascii() and unicodedata.category(before) in ("So", "Sm", "Sk", "Po", "Pd")
        return key or symbol or _WITH_VARIANTS.match(before) is not None
    if not after:
        return False
    if _WITH_JOINERS.match(before) and _WITH_JOINERS.match(after):
        return True
    if char == _ZWJ and at > 1 and _VARIANTS.match(before):
        before = text[at - 2]
    return char == _ZWJ and all(not one.isascii() and _is_pictograph(one) for one in (before, after))


def visible_bytes(raw: bytes) -> str:
    """Return bytes as text that is safe to show; those that are not UTF-8 stand as `\\xd0`."""
    return visible_speech(raw.decode("utf-8", "backslashreplace"))


def _visible_char(char: str) -> str:
    if char in "\r\n":
        return r"\r" if char == "\r" else r"\n"
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "␡"
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or _VARIANTS.match(char)
    if hidden or ord(char) & 0xFFFE == 0xFFFE:
        return f"<U+{ord(char):04X}>"
    return char


def strip_formatting(text: str) -> str:
    """Remove mIRC colours and formatting codes (modern.ircdocs.horse/formatting)."""
    return _FORMATTING.sub("", text)


def grapheme_start(text: str, at: int) -> int:
    """Return the last place at or before `at` where the text may be cut: between two graphemes.

    A grapheme is what a reader takes for one letter (Unicode UAX #29): a letter with its marks, a Korean or
    Indic cluster, a flag, an emoji that is made of several. The work is bounded whatever the text holds:
    one that is longer than MAX_GRAPHEME, or that begins the text and does not end before `at`, is cut.
    """
    if at >= len(text) or text.isascii():
        return at
    for start in range(at, max(0, at - MAX_GRAPHEME), -1):
        if not _joins(text, start):
            return start
    return at


def _joins(text: str, at: int) -> bool:
    """Tell whether the character at this place belongs to the grapheme before it."""
    before, char = text[at - 1], text[at]
    if char < "\u0300":
        return before + char == "\r\n"
    if unicodedata.category(before) in ("Cc", "Zl", "Zp"):
        return False
    if unicodedata.category(char)[0] == "M" or _EXTENDS.match(char):
        return True
    if char in _REGIONAL_INDICATORS:
        head = text[:at]
        return (len(head) - len(head.rstrip(_REGIONAL_INDICATORS))) % 2 == 1
    if before == _ZWJ and _is_pictograph(char):
        return True
    return _joins_syllable(before, char) or (unicodedata.category(char) == "Lo" and _ends_in_virama(text, at))


def _is_pictograph(char: str) -> bool:
    """Tell whether this may be a part of an emoji: a symbol, or one that is too new for `unicodedata`."""
    return unicodedata.category(char) in ("So", "Sm") or "\U0001f000" <= char <= "\U0001faff"


def _joins_syllable(before: str, char: str) -> bool:
    letters = unicodedata.normalize("NFD", before)[-1] + unicodedata.normalize("NFD", char)[0]
    return _WITHIN_SYLLABLE.match(letters) is not None


def _ends_in_virama(text: str, at: int) -> bool:
    """Tell whether the marks before this place hold a sign that joins the consonants around it."""
    for char in reversed(text[max(0, at - MAX_GRAPHEME) : at]):
        if unicodedata.combining(char) == _VIRAMA:
            return True
        if char != _ZWJ and not unicodedata.combining(char):
            return False
    return False


def cut(text: str, limit: int) -> str:
    """Return the longest beginning of at most `limit` bytes of UTF-8 that ends with a whole grapheme."""
    raw = text.encode("utf-8")
    if len(raw) <= limit:
        return text
    return text[: grapheme_start(text, len(raw[:limit].decode("utf-8", "ignore")))]


def cut_characters(text: str, limit: int) -> str:
    """Return the longest beginning of at most `limit` characters that ends with a whole grapheme."""
    return text if len(text) <= limit else text[: grapheme_start(text, limit)]


def first_of(names: Sequence[str], most: int) -> str:
    """Return so many names with commas between them; " …" behind them says that there are more."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def split(text: str, limit: int) -> list[str]:
    """Split the text into pieces of at most `limit` bytes of UTF-8, at spaces where there are any.

    No grapheme is cut and nothing but the spaces at the joints is lost.

    Raises:
        ValueError: `limit` is less than 4, the bytes of the longest character.
    """
    if limit < 4:
        raise ValueError(f"limit {limit} holds no character")
    pieces: list[str] = []
    while len(text.encode("utf-8")) > limit:
        piece = cut(text, limit)
        space = piece.rfind(" ") if text[len(piece) : len(piece) + 1] != " " else len(piece)
        if space > 0:
            piece = text[:space]
        pieces.append(piece)
        text = text[len(piece) :].removeprefix(" ")
    if text or not pieces:
        pieces.append(text)
    return pieces
