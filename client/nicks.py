"""Another nick where the wanted one cannot be had."""

from typing import Final

_LETTERS: Final = dict(
    pair.split("=")
    for pair in (
        "а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh "
        "ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=yi є=ye ґ=g ў=u"
    ).split()
)


def transliterate(nick: str) -> str:
    """Write a Cyrillic nick in Latin letters: «Анна» → `Anna`. Characters that have no match are dropped."""
    out = []
    for char in nick:
        latin = _LETTERS.get(char.lower())
        if latin is None:
            out.append(char if char.isascii() else "")
        else:
            out.append(latin.capitalize() if char.isupper() else latin)
    return "".join(out)


def numbered(nick: str, longest: int) -> str:
    """Append a number to a nick, or count its number up, within `longest` characters: `Anna` → `Anna2`."""
    stem = nick.rstrip("0123456789")
    digits = nick[len(stem) :]
    number = str(int(digits[-6:]) + 1 if digits else 2)
    return (stem or "nick")[: max(1, longest - len(number))] + number
