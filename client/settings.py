"""What the client remembers from one start to the next."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TypeGuard

from program.folders import config_folder

FILE_NAME: Final = "client.json"
THEMES: Final = ("system", "light", "dark")
SMALLEST_FONT: Final = 6
LARGEST_FONT: Final = 40
MAX_ROOMS: Final = 50
MAX_PAIRS: Final = 50
"""Fingerprints that are remembered, and fields of a report."""
_LONGEST_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings. Passwords are never among them."""

    nick: str = ""
    server: str = "127.0.0.1:6667"
    """`HOST:PORT`"""
    user: str = ""
    """The user name on the server, if it is not to be like the nick (`client.model.state.Profile`)."""
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
    theme = _text(found.get("theme"), default.theme)
    return Settings(
        nick=_text(found.get("nick"), default.nick),
        server=_text(found.get("server"), default.server),
        user=_text(found.get("user"), default.user),
        language=_text(found.get("language"), default.language),
        theme=theme if theme in THEMES else default.theme,
        font_size=_font_size(found.get("font_size"), default.font_size),
        rooms=_rooms(found.get("rooms"), default.rooms),
        report=_texts_by_name(found.get("report")),
        geometry=_text(found.get("geometry"), default.geometry),
        tls=found.get("tls") is True,
        fingerprints=_texts_by_name(found.get("fingerprints")),
    )


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


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT and value.isprintable()


def _text(value: object, default: str) -> str:
    return value if _is_text(value) else default


def _font_size(value: object, default: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return default
    return min(max(value, SMALLEST_FONT), LARGEST_FONT)


def _rooms(value: object, default: Sequence[str]) -> Sequence[str]:
    if not isinstance(value, list):
        return default
    return tuple(one for one in value if _is_text(one) and one)[:MAX_ROOMS]


def _texts_by_name(value: object) -> Mapping[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return dict([(name, text) for name, text in pairs if _is_text(name) and _is_text(text)][-MAX_PAIRS:])
