"""Where this program's files belong on this system. Only names: nothing is created here."""

import os
import sys
from pathlib import Path

from program.version import NAME


def config_folder() -> Path:
    """Return the folder of the user's settings."""
    if sys.platform == "win32":
        return _folder("APPDATA", "AppData/Roaming") / NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / NAME
    return _folder("XDG_CONFIG_HOME", ".config") / NAME.lower()


def data_folder() -> Path:
    """Return the folder of the user's data, such as the server's history."""
    if sys.platform == "win32":
        return _folder("LOCALAPPDATA", "AppData/Local") / NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / NAME
    return _folder("XDG_DATA_HOME", ".local/share") / NAME.lower()


def history_file(port: int) -> Path:
    """Return where a server that was told to listen on this port keeps its history."""
    return data_folder() / f"history-{port}.sqlite3"


def _folder(variable: str, below_home: str) -> Path:
    # The XDG specification says that a relative path is to be ignored.
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else Path.home() / below_home
