"""`chat export`: what was said in the rooms, as text, as a page for the browser, or as JSON."""

import html
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final, TextIO

from chatroom.history.file import describe_damage, read_rooms
from chatroom.history.rows import Row
from chatroom.multiline_batch import split_stored
from commandline.text_files import writing
from program.errors import UserFacingError
from program.version import NAME
from protocol.ctcp import ACTION, parse_ctcp
from protocol.message import parse
from protocol.names import fold
from protocol.text import strip_formatting, visible, visible_speech
from translations import _, language
from translations.system_errors import explain_error

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    "time{color:#666;margin-right:.6em}p{margin:.2em 0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "h2{margin-top:2em;border-bottom:1px solid #ccc}h3{color:#666}.action{font-style:italic}"
)


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """One message of a room."""

    time: datetime
    """In this computer's time zone."""
    room: str
    nick: str
    kind: str
    """`message`, `notice` or `action` (what /me says)."""
    text: str
    """Lines separated by line feeds, without other control characters."""


def run(history: Path, room: str, format_name: str, out: Path | None) -> int:
    """Write the history to a file, or print it; return 0.

    Args:
        room: whose messages; if empty, those of all rooms.
        format_name: one of `FORMATS`.
        out: where to write, in UTF-8; None prints it.

    Raises:
        UserFacingError: the history cannot be read, or the file cannot be written.
    """
    try:
        history.open("rb").close()
    except FileNotFoundError:
        problem = _("There is no history at {path}; name the file with --history FILE.")
        raise UserFacingError(problem.format(path=history)) from None
    except OSError as error:
        problem = _("The file {path} cannot be read ({error}); check its name and whether you may read it.")
        raise UserFacingError(problem.format(path=history, error=explain_error(error))) from error
    messages = _read_messages(history, room)
    if not messages:
        text = _("Nothing was said in {room}.") if room else _("Nothing was said in any room.")
        known = ", ".join(dict.fromkeys(message.room for message in _read_messages(history)))
        rooms = _("Rooms in the history: {names}.").format(names=known) if known else ""
        print(text.format(room=room), rooms, file=sys.stderr)
    if out is None:
        FORMATS[format_name](messages, sys.stdout)
        return 0
    with writing(out, history) as file:
        FORMATS[format_name](messages, file)
    print(_("Written to {path}.").format(path=out))
    return 0


def save(history: Path, format_name: str, out: Path) -> None:
    """Write all that was said in the rooms to a file; the arguments are those of `run`.

    Raises:
        UserFacingError: the history cannot be read, or the file cannot be written.
    """
    messages = _read_messages(history)
    with writing(out, history) as file:
        FORMATS[format_name](messages, file)


def _read_messages(history: Path, room: str = "") -> list[RoomMessage]:
    """Return what was said in one room, or in all, room by room; say how much is damaged."""
    with closing(read_rooms(history, fold(room))) as rows:
        found = list(rows)
    sound = [row for row in found if row]
    if len(sound) < len(found):
        print(describe_damage(len(found) - len(sound)), file=sys.stderr)
    return sorted(map(_read_message, sound), key=lambda message: fold(message.room))


def _read_message(row: Row) -> RoomMessage:
    head, lines = split_stored(row.line)
    message = parse(head)
    text = "".join(lines).replace("\r", "")[1:] if lines else message.param(1)
    kind = "notice" if message.command == "NOTICE" else "message"
    if (framed := parse_ctcp(text)) and framed.command == ACTION:
        kind, text = "action", framed.text
    shown = visible_speech(strip_formatting(text), keep="\t\n")
    time = datetime.fromtimestamp(row.time / 1000).astimezone()
    return RoomMessage(time, visible(message.param(0)), visible(message.nick), kind, shown)


def _write_text(messages: Iterable[RoomMessage], file: TextIO) -> None:
    for room, day, of_the_day in _group_by_day(messages):
        file.write(f"{room}  {day}\n\n")
        for message in of_the_day:
            text = message.text.replace("\n", "\n" + " " * 10)
            file.write(f"{message.time:%H:%M:%S}  {_speaker(message)} {text}\n")
        file.write("\n")


def _write_html(messages: Iterable[RoomMessage], file: TextIO) -> None:
    title = _("{name}: what was said").format(name=NAME)
    file.write(
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n<h1>{html.escape(title)}</h1>\n"
    )
    shown = ""
    for room, day, of_the_day in _group_by_day(messages):
        if room != shown:
            file.write(f"<h2>{html.escape(room)}</h2>\n")
            shown = room
        file.write(f"<h3>{day}</h3>\n")
        for message in of_the_day:
            time = f'<time datetime="{message.time.isoformat()}">{message.time:%H:%M:%S}</time>'
            speaker, text = html.escape(_speaker(message)), html.escape(message.text)
            file.write(f'<p class="{message.kind}">{time}<b>{speaker}</b> {text}</p>\n')
    file.write("</html>\n")


def _write_json(messages: Iterable[RoomMessage], file: TextIO) -> None:
    objects = [
        asdict(message) | {"time": message.time.isoformat(timespec="milliseconds")} for message in messages
    ]
    json.dump(objects, file, ensure_ascii=False, indent=1)
    file.write("\n")


def _speaker(message: RoomMessage) -> str:
    return f"* {message.nick}" if message.kind == "action" else f"{message.nick}:"


def _group_by_day(messages: Iterable[RoomMessage]) -> Iterator[tuple[str, str, list[RoomMessage]]]:
    """Return the messages of each room and day, with the room's name and the date (ISO 8601)."""
    for (_folded, day), group in groupby(messages, lambda message: (fold(message.room), message.time.date())):
        of_the_day = list(group)
        yield of_the_day[0].room, day.isoformat(), of_the_day


FORMATS: Final[dict[str, Callable[[Iterable[RoomMessage], TextIO], None]]] = {
    "txt": _write_text,
    "html": _write_html,
    "json": _write_json,
}
"""How the history can be written."""
