"""Whether a character can be drawn here."""

from typing import Final

from gui.toolkit.theme import FontName, Look

_NOWHERE: Final = "\U0010fffd"
"""For private use: no font has it."""
_EVERYWHERE: Final = "\u2000"
"""Before it stand letters, which all fonts have."""
_FONTS: Final[tuple[FontName, ...]] = ("body", "title", "small")
"""In which widths are not all the same by rounding. Widgets use them: Tk would load others each time."""


def draws(look: Look, char: str) -> bool:
    """Tell whether some font has this character.

    Tk on X11 does not say; it draws the same box for all that no font has, so they are as wide as each other.
    Windows and macOS have fonts with all emoji.
    """
    if char < _EVERYWHERE or look.root.tk.call("tk", "windowingsystem") != "x11":
        return True
    fonts = (look.fonts[name] for name in _FONTS)
    return any(font.measure(char) != font.measure(_NOWHERE) for font in fonts)
