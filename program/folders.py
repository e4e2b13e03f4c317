"""Where this program's files belong on this system. Only names: nothing is created here."""

import os
import sys
from pathlib import Path

from program.version import NAME


def config_folder() -> Path:
    """Return the folder of the user's settings."""
    return _folder(windows=("APPDATA", "AppData/Roaming"), xdg=("XDG_CONFIG_HOME", ".config"))


def data_folder() -> Path:
    """Return the folder of the user's data, such as the server's history."""
    return _folder(windows=("LOCALAPPDATA", "AppData/Local"), xdg=("XDG_DATA_HOME", ".local/share"))


def history_file(port: int) -> Path:
    """Return where a server that was told to listen on this port keeps its history."""
    return data_folder() / f"history-{port}.sqlite3"


def class_file(history: Path) -> Path:
    """Return where a server with this history keeps what else belongs to its class: beside it."""
    return history.with_name("class-" + history.name.removeprefix("history-"))


def temporary_files() -> Path:
    """Return the system's folder for temporary files; where none is named, that of the user's data."""
    names = ("TEMP", "TMP") if sys.platform == "win32" else ("TMPDIR",)
    named = next((os.environ[name] for name in names if os.environ.get(name)), "")
    usual = data_folder() if sys.platform == "win32" else Path("/tmp")
    return Path(named) if named else usual


def _folder(windows: tuple[str, str], xdg: tuple[str, str]) -> Path:
    """Return our folder below the one that an environment variable names, or the usual one below the home."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / NAME
    variable, usual = windows if sys.platform == "win32" else xdg
    named = Path(os.environ.get(variable, ""))  # the XDG specification ignores a relative path
    folder = named if named.is_absolute() else Path.home() / usual
    return folder / (NAME if sys.platform == "win32" else NAME.lower())
