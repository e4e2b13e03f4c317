"""What the client remembers from one start to the next."""

import contextlib
import json
import secrets
import stat
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeGuard

from client.attention import FOREVER, USUAL, Cause
from program.files import make_folder, replacing
from program.folders import config_folder
from program.lock import FileLock, LockedError

FILE_NAME: Final = "client.json"
LOCK_NAME: Final = "client.lock"
DAMAGED: Final = ".damaged"
"""What a file that nobody can read any more is called, in place of `.json`."""
_MOST_DAMAGED: Final = 100
"""Damaged files that are kept."""
CLOCKS: Final = ("24", "12")
THEMES: Final = ("system", "light", "dark")
SMALLEST_FONT: Final = 6
LARGEST_FONT: Final = 40
MAX_ROOMS: Final = 300
MAX_IGNORED: Final = 300
MAX_VISITS: Final = 50
MAX_RECENT_EMOJI: Final = 18
MAX_PAIRS: Final = 500
"""Fingerprints that are remembered, and fields of a report."""
_LONGEST_TEXT: Final = 2000
_LARGEST_FILE: Final = 4 * 1024 * 1024
"""Bytes: more than all of the above take."""
_PATIENCE: Final = 2.0
_PAUSE: Final = 0.005
"""Seconds: how long another window may take to write, and after which time to look again."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody was on a server, to go on there. Keys of rooms are not among it, as they are secrets."""

    rooms: Sequence[str] = ()
    talks: Sequence[str] = ()
    """Nicks of those with whom private talks were open."""
    shown: str = ""
    """The room or talk that was shown; empty: that with the server."""
    read: Mapping[str, float] = field(default_factory=dict)
    """By the name of a room or talk, before when all was read (seconds since the epoch)."""


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
    font: str = ""
    """The family of the letters; empty: the system's."""
    clock: str = "24"
    """Times have 24 hours, or 12 with AM and PM: one of `CLOCKS`."""
    clock_seconds: bool = False
    """Times have seconds."""
    folds: bool = True
    """People who come and go in a row are one line."""
    font_size: int = 11
    """Points."""
    rooms: Sequence[str] = ("#lab",)
    come_back: bool = True
    """Rooms and private talks of the last time are opened again."""
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """By `client.visits.visitor`: rooms and talks of the last time; the latest visit is the last."""
    report: Mapping[str, str] = field(default_factory=dict)
    """What stood on the title page of the last laboratory report, by the names of its fields."""
    classroom: Mapping[str, str] = field(default_factory=dict)
    """How the launcher started the last class, by the names of its fields."""
    desk: Mapping[str, str] = field(default_factory=dict)
    """How the teacher's desk was left: its `size`, the `column` that it is sorted by, and if `backwards`."""
    geometry: str = ""
    """The window's size and place as Tk writes it, `900x600+40+40`; empty: as the window likes."""
    tls: bool = False
    """TLS was chosen last time."""
    ignored: Sequence[str] = ()
    """Nicks of those whose words are hidden."""
    muted: Sequence[str] = ()
    """Names of rooms and private talks whose words do not call the user."""
    attention: Sequence[str] = USUAL
    """What calls the user while he works in another window: values of `client.attention.Cause`."""
    sound: bool = False
    """It makes a sound, too."""
    quiet_until: float = 0.0
    """Nothing calls the user until then (seconds since the epoch; `client.attention.FOREVER`)."""
    recent_emoji: Sequence[str] = ()
    """Those that were chosen from the panel, the last one first."""
    tour_seen: bool = False
    """The tour of the laboratory was begun once."""
    typing: bool = True
    """Others see that the user is writing, and he sees it of them (IRCv3 typing)."""
    identity: str = ""
    """Random: by it servers know this user again (`client.model.identity.Identity`); a secret."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """By `HOST:PORT`: SHA-256 of the certificate that the user trusts there (`client.net.tls.Tls`)."""


Change = Callable[[Settings], Settings]
"""What somebody has chosen, as a function of what else is remembered: it changes that and nothing more."""


def path() -> Path:
    """Return where the settings stand; only the file's name if nobody knows the user's folders."""
    with contextlib.suppress(RuntimeError):
        return config_folder() / FILE_NAME
    return Path(FILE_NAME)


def load(folder: Path | None = None) -> Settings:
    """Return the remembered settings, with defaults for what is missing, damaged or senseless in the file."""
    try:
        return _understand(_read((folder or config_folder()) / FILE_NAME))
    except (OSError, ValueError, RuntimeError):
        return Settings()


def load_with_identity(folder: Path | None = None) -> Settings:
    """Return the remembered settings, with a new identity where there was none; may wait.

    Where nothing can be written it is known until the program ends.
    """

    def give_one(found: Settings) -> Settings:
        return found if found.identity else replace(found, identity=secrets.token_hex(16))

    if not load(folder).identity:
        save(give_one, folder)
        with contextlib.suppress(OSError, RuntimeError):
            ((folder or config_folder()) / FILE_NAME).chmod(0o600)  # others on this computer may not read it
    return give_one(load(folder))


def save(change: Change, folder: Path | None = None) -> bool:
    """Change what is remembered; return False where nothing can be written. May wait, so not for a window.

    1. The change MUST be applied to what the file holds now: other windows write to it, too.
    2. Between reading and writing no other window MUST write; a lock sees to that.
    3. What the change leaves alone MUST stay as it stands in the file, even if we do not understand it.
    4. A file that is damaged as a whole MUST be kept beside the new one: people write in it by hand.
    """
    deadline = time.monotonic() + _PATIENCE
    try:
        folder = folder or config_folder()
        make_folder(folder)
        while True:
            try:
                with _locked(folder / LOCK_NAME, deadline):
                    _rewrite(folder / FILE_NAME, change)
            except PermissionError:  # on Windows, while somebody reads it
                if sys.platform != "win32" or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)
            else:
                return True
    except (OSError, RuntimeError, ValueError):
        return False


@contextlib.contextmanager
def _locked(file: Path, deadline: float) -> Iterator[None]:
    """Hold a lock; where there is none to be had in time, go on without."""
    lock: FileLock | None = None
    while lock is None and time.monotonic() < deadline:
        try:
            lock = FileLock(file)
        except (LockedError, OSError) as error:
            # On Windows a file that is just being removed refuses as a read-only folder does.
            if not isinstance(error, LockedError) and sys.platform != "win32":
                break
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        if lock:
            lock.release()


def _rewrite(file: Path, change: Change) -> None:
    """Raises OSError, ValueError: it cannot be written, or what is chosen is no text."""
    try:
        found = _read(file)
    except ValueError:
        file.replace(_unused(file.with_suffix(DAMAGED)))
        found = {}
    before = _understand(found)
    old, new = asdict(before), asdict(change(before))
    changed = {name: value for name, value in new.items() if value != old[name]}
    json.dumps(changed, ensure_ascii=False).encode()  # what is not text must not take the place of what was
    whole_text = json.dumps(found | changed, ensure_ascii=False, indent=2) + "\n"
    data = whole_text.encode("utf-8", "surrogatepass")  # nor stand in the way where it was before
    try:
        with replacing(file) as whole:
            whole.write(data)
    except OSError as error:
        if error.filename2:
            Path(error.filename).unlink()
        raise


def _unused(file: Path) -> Path:
    """Return this name, or with a number one that no file bears."""
    names = (file.with_stem(f"{file.stem}-{number}") for number in range(2, _MOST_DAMAGED))
    return next((one for one in (file, *names) if not one.exists()), file)


def _read(file: Path) -> dict[str, Any]:
    """Return what the file says; nothing if there is none.

    Raises:
        OSError: it cannot be read, or is no file.
        ValueError: it is damaged.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait
            raise OSError(file)
        with file.open("rb") as opened:
            data = opened.read(_LARGEST_FILE)
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(data)  # as bytes: a BOM, as Windows' editor writes it, tells the encoding
    except RecursionError as error:
        raise ValueError(file) from error
    if not isinstance(found, dict):
        raise ValueError(file)
    return found


def _understand(found: Mapping[str, Any]) -> Settings:
    default = Settings()
    theme = _text(found.get("theme"), default.theme)
    return Settings(
        nick=_text(found.get("nick"), default.nick),
        server=_text(found.get("server"), default.server),
        user=_text(found.get("user"), default.user),
        language=_text(found.get("language"), default.language),
        theme=theme if theme in THEMES else default.theme,
        font_size=_font_size(found.get("font_size"), default.font_size),
        rooms=_names(found.get("rooms"), default.rooms, MAX_ROOMS),
        come_back=found.get("come_back") is not False,
        visits=_visits(found.get("visits")),
        report=_texts_by_name(found.get("report")),
        classroom=_texts_by_name(found.get("classroom")),
        desk=_texts_by_name(found.get("desk")),
        geometry=_text(found.get("geometry"), default.geometry),
        tls=found.get("tls") is True,
        ignored=_names(found.get("ignored"), default.ignored, MAX_IGNORED),
        muted=_names(found.get("muted"), default.muted, MAX_IGNORED),
        attention=_some_of(Cause, found.get("attention"), default.attention),
        sound=found.get("sound") is True,
        quiet_until=_moment(found.get("quiet_until")),
        recent_emoji=_names(found.get("recent_emoji"), default.recent_emoji, MAX_RECENT_EMOJI),
        font=_text(found.get("font"), default.font),
        clock=clock if (clock := found.get("clock")) in CLOCKS else default.clock,
        clock_seconds=found.get("clock_seconds") is True,
        folds=found.get("folds") is not False,
        tour_seen=found.get("tour_seen") is True,
        typing=found.get("typing") is not False,
        identity=_text(found.get("identity"), default.identity),
        fingerprints=_texts_by_name(found.get("fingerprints")),
    )


def _is_text(value: object) -> TypeGuard[str]:
    """Tell whether it is a line of text: spaces that do not break and joined letters are among them."""
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return False
    return all(unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") for char in value)


def _text(value: object, default: str) -> str:
    return value if _is_text(value) else default


def _font_size(value: object, default: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return default
    return min(max(value, SMALLEST_FONT), LARGEST_FONT)


def _moment(value: object) -> float:
    """Return a time from 0 to `FOREVER`, in seconds since the epoch, and 0 for what is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= FOREVER:
        return float(value)
    return 0.0


def _moments(value: object) -> Mapping[str, float]:
    pairs = value.items() if isinstance(value, dict) else ()
    moments = [(name, at) for name, one in pairs if _is_text(name) and (at := _moment(one))]
    return dict(moments[-MAX_ROOMS:])


def _names(value: object, default: Sequence[str], most: int) -> Sequence[str]:
    if not isinstance(value, list):
        return default
    return tuple(one for one in value if _is_text(one) and one)[:most]


def _visits(value: object) -> Mapping[str, Visit]:
    pairs = value.items() if isinstance(value, dict) else ()
    visits = {
        name: Visit(
            _names(one.get("rooms"), (), MAX_ROOMS),
            _names(one.get("talks"), (), MAX_ROOMS),
            _text(one.get("shown"), ""),
            _moments(one.get("read")),
        )
        for name, one in pairs
        if _is_text(name) and isinstance(one, dict)
    }
    return dict([*visits.items()][-MAX_VISITS:])


def _some_of(known: Iterable[str], value: object, default: Sequence[str]) -> Sequence[str]:
    """Return those of the known values that a list names, in their own order."""
    return tuple(one for one in known if one in value) if isinstance(value, list) else default


def _texts_by_name(value: object) -> Mapping[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return dict([(name, text) for name, text in pairs if _is_text(name) and _is_text(text)][-MAX_PAIRS:])
