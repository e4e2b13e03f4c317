"""Other nicks, where the server does not give the user the wanted one."""

from typing import Final

from protocol.text import cut_characters

_CYRILLIC: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"
_LATIN: Final = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i yi ye g u"
_LETTERS: Final = dict(zip(_CYRILLIC, _LATIN.split(" "), strict=True))


def transliterate(nick: str) -> str:
    """Write a Cyrillic nick in Latin letters: «Анна» → `Anna`. Characters that have no match are dropped."""
    out = []
    for char in nick:
        latin = _LETTERS.get(char.lower())
        if latin is None:
            out.append(char if char.isascii() else "")
        elif char.isupper():
            out.append(latin.upper() if nick.isupper() and len(nick) > 1 else latin.capitalize())
        else:
            out.append(latin)
    return "".join(out)


def numbered(nick: str, longest: int) -> str:
    """Append a number to a nick, or count its number up, within `longest` characters: `Anna` → `Anna2`."""
    stem = nick.rstrip("0123456789")
    digits = nick[len(stem) :]
    number = str(int(digits[-6:]) + 1 if digits else 2)
    return cut_characters(stem or "nick", max(1, longest - len(number))) + number
