"""What the client remembers from one start to the next."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from program.folders import config_folder

FILE_NAME: Final = "client.json"
THEMES: Final = ("system", "light", "dark")
SMALLEST_FONT: Final = 6
LARGEST_FONT: Final = 40
MAX_ROOMS: Final = 50
MAX_FINGERPRINTS: Final = 50
_LONGEST_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings. Passwords are never among them."""

    nick: str = ""
    server: str = "127.0.0.1:6667"
    """`HOST:PORT`"""
    language: str = ""
    """`ru` or `en`; empty: the system's."""
    theme: str = "system"
    """One of `THEMES`."""
    font_size: int = 11
    """Points."""
    rooms: Sequence[str] = ("#lab",)
    report: Mapping[str, str] = field(default_factory=dict)
    """What stood on the title page of the last laboratory report, by the names of its fields."""
    geometry: str = ""
    """The window's size and place as Tk writes it, `900x600+40+40`; empty: as the window likes."""
    tls: bool = False
    """TLS was chosen last time."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """By `HOST:PORT`: SHA-256 of the certificate that the user trusts there (`client.net.tls.Tls`)."""


def load(folder: Path | None = None) -> Settings:
    """Return the remembered settings, with defaults for what is missing, damaged or senseless in the file."""
    try:
        found = json.loads(((folder or config_folder()) / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, RuntimeError):
        return Settings()
    if not isinstance(found, dict):
        return Settings()
    default = Settings()
    names = [field.name for field in fields(default)]
    return Settings(**{name: _sound(name, found.get(name), getattr(default, name)) for name in names})


def save(settings: Settings, folder: Path | None = None) -> bool:
    """Remember the settings; False where nothing can be written. The file is whole at every moment."""
    temporary: Path | None = None
    try:
        folder = folder or config_folder()
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(settings), ensure_ascii=False, indent=2) + "\n"
        handle, name = tempfile.mkstemp(".tmp", FILE_NAME, folder)
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(folder / FILE_NAME)
    except (OSError, RuntimeError, UnicodeError):
        if temporary:
            with contextlib.suppress(OSError):
                temporary.unlink()
        return False
    return True


def _sound(name: str, value: Any, default: Any) -> Any:
    """Return the value if it can be used, else the default."""
    if name == "font_size":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, SMALLEST_FONT), LARGEST_FONT) if whole else default
    if name == "rooms":
        rooms = [one for one in value if _is_text(one) and one] if isinstance(value, list) else default
        return tuple(rooms[:MAX_ROOMS])
    if name == "tls":
        return value is True
    if name in ("fingerprints", "report"):
        pairs = value.items() if isinstance(value, dict) else ()
        sound = [(where, digits) for where, digits in pairs if _is_text(where) and _is_text(digits)]
        return dict(sound[-MAX_FINGERPRINTS:])
    if not _is_text(value) or (name == "theme" and value not in THEMES):
        return default
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT and value.isprintable()
