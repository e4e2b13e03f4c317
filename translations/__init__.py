"""The interface's language: English in the code, other languages in `translations/<code>.json`.

    from translations import _, plural
    _("Connected to {address}").format(address=address)
    plural("{count} new message", "{count} new messages", count)

The JSON file maps each English text to its translation, and the English singular of a text with a count to
the list of its plural forms. A test compares the file with the texts in the code.
"""

import json
import locale
import os
import sys
from pathlib import Path
from string import Formatter
from typing import Final

LANGUAGES: Final = {"ru": "Русский", "en": "English"}
"""By code, each named in itself."""
_FORMS: Final = 3
"""Of a Russian text with a count."""
_catalogue: dict[str, str | list[str]] = {}
_language = "en"


def language() -> str:
    """Return the code of the language in use: `ru` or `en`."""
    return _language


class CatalogueError(ValueError):
    """The file with the translations is missing or damaged; the text says in English what is wrong."""


def use_language(code: str) -> str:
    """Set the language of every text that is made from now on; English if there is none of this code.

    Returns "", or a sentence, in English, that says why it is English and not the language of the code.
    """
    global _catalogue, _language  # noqa: PLW0603 - one process speaks one language
    _catalogue, _language = {}, "en"
    if code not in LANGUAGES or code == "en":
        return ""
    try:
        _catalogue = load_catalogue(code)
    except CatalogueError as error:
        return f"{error} The program speaks English. Copy it again, whole."
    _language = code
    return ""


def load_catalogue(code: str) -> dict[str, str | list[str]]:
    """Return the translations into a language.

    Raises:
        CatalogueError: the file cannot be read, or a text in it would break the place where it is shown.
    """
    file = catalogue_file(code)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"{file} is damaged: {error}.") from None
    if not isinstance(found, dict):
        raise CatalogueError(f"{file} is damaged: it holds no texts.")
    for text, translation in found.items():
        forms = translation if isinstance(translation, list) else [translation]
        fits = len(forms) == (_FORMS if isinstance(translation, list) else 1)
        if not fits or any(not isinstance(form, str) or not _fields(form) <= _fields(text) for form in forms):
            raise CatalogueError(f"{file} is damaged: the translation of “{text}” does not fit.")
    return found


def _fields(text: str) -> set[str]:
    """Return the names in braces; one that cannot be filled in is the whole text."""
    if "{" not in text and "}" not in text:
        return set()
    try:
        return {
            f"{name}!{kind}:{form}" for _, name, form, kind in Formatter().parse(text) if name is not None
        }
    except ValueError:
        return {text}


def catalogue_file(code: str) -> Path:
    """Return the file that holds the translations into this language; English has none."""
    return Path(__file__).with_name(f"{code}.json")


def system_language() -> str:
    """Return the language that the system is set to if the program speaks it, else English."""
    locales = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        locales.append(locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), ""))
    first = next(filter(None, locales), "")
    return "ru" if first.lower().startswith("ru") else "en"


Texts = dict[str, str]
"""A table of texts that is made once; `Final[Texts]` marks them all, as `later` marks one."""


def later(text: str) -> str:
    """Mark a text that is made once; `translate` translates it whenever it is shown."""
    return text


def translate(text: str) -> str:
    """Return a text, one that was marked with `later`, in the language in use."""
    found = _catalogue.get(text, text)
    return found if isinstance(found, str) else text


_ = translate
"""The same for a literal, which is marked by this name."""


def decimal(number: float, digits: int = 1) -> str:
    """Return a number with so many decimals, after the point or the comma of the language in use."""
    return f"{number:.{digits}f}".replace(".", _("."))


def plural(one: str, many: str, count: int) -> str:
    """Return the form of the text that fits the count, with `{count}` filled in."""
    forms = _catalogue.get(one)
    if isinstance(forms, list):
        return forms[_russian_form(count)].format(count=count)
    return (one if count == 1 else many).format(count=count)


def _russian_form(count: int) -> int:
    """Return the index of the Russian plural form: 1 сообщение, 2 сообщения, 5 сообщений (Unicode CLDR)."""
    if count % 10 == 1 and count % 100 != 11:
        return 0
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return 1
    return 2
