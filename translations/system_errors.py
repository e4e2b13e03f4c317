"""Why the system, or the database, could not do something, in the user's language."""

import errno
import sys
from typing import Final

from translations import Texts, _, translate

_WORDS: Final[Texts] = {
    "EACCES": "access is denied",
    "EADDRINUSE": "the address is in use",
    "EADDRNOTAVAIL": "this computer has no such address",
    "EBUSY": "another program is using it",
    "ECONNABORTED": "the connection was broken off",
    "ECONNREFUSED": "nobody listens there",
    "ECONNRESET": "the other side broke the connection off",
    "EDQUOT": "your share of the disk is full",
    "EEXIST": "it exists already",
    "EFBIG": "the file would be too large",
    "EHOSTUNREACH": "there is no way to that computer",
    "EINVAL": "the system does not accept that",
    "EIO": "the disk cannot be read or written",
    "EISDIR": "that is a folder",
    "ELOOP": "the links lead round in a circle",
    "EMFILE": "too many files and connections are open",
    "ENAMETOOLONG": "the name is too long",
    "ENETUNREACH": "there is no way to that network",
    "ENFILE": "too many files and connections are open",
    "ENOBUFS": "there is not enough memory",
    "ENODEV": "there is no such device",
    "ENOENT": "there is no such file or folder",
    "ENOMEM": "there is not enough memory",
    "ENOSPC": "the disk is full",
    "ENOTCONN": "there is no connection",
    "ENOTDIR": "a part of the path is not a folder",
    "ENXIO": "nobody reads it",
    "EPERM": "access is denied",
    "EPIPE": "nobody reads any more",
    "EROFS": "the disk can only be read",
    "ETIMEDOUT": "there was no answer in time",
}
"""By the names that POSIX and Python have for them; Windows' own codes are mapped to these."""
_SQLITE_WORDS: Final[Texts] = {
    "SQLITE_BUSY": "another program is using it",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk cannot be read or written",
    "SQLITE_LOCKED": "another program is using it",
    "SQLITE_NOTADB": "the file is no database",
    "SQLITE_PERM": "access is denied",
    "SQLITE_READONLY": "the file can only be read",
}
"""By SQLite's names of its primary result codes (sqlite.org/rescode.html)."""


def explain_error(error: Exception) -> str:
    """Return the reason as a part of a sentence; in the system's own words if we have none for it."""
    reason = _words_of(error)
    if isinstance(error, PermissionError) and sys.platform == "win32":
        reason = _("{reason}; perhaps another program has it open").format(reason=reason)
    if isinstance(error, OSError) and error.filename2:  # `program.files.replacing` could not end its work
        reason = _("{reason}; what was written is in {path}").format(reason=reason, path=error.filename)
    return reason


def _words_of(error: Exception) -> str:
    if isinstance(error, OSError):
        name = errno.errorcode.get(error.errno or 0, "").replace("WSA", "")
        if isinstance(error, TimeoutError):
            name = "ETIMEDOUT"
        return translate(_WORDS[name]) if name in _WORDS else error.strerror or str(error)
    if isinstance(error, MemoryError):
        return translate(_WORDS["ENOMEM"])
    name = str(getattr(error, "sqlite_errorname", ""))
    for primary, text in _SQLITE_WORDS.items():
        if name == primary or name.startswith(f"{primary}_"):
            return translate(text)
    return str(error)
