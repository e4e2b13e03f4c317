"""`chat export`: what was said in the rooms, as text, as a page for the browser, or as JSON."""

import html
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final, TextIO

from chatroom.commands.multiline import parts
from chatroom.history.archive import read_rooms
from chatroom.history.rows import Row
from chatroom.history.store import HistoryError
from commandline.errors import Refusal
from program.version import NAME
from protocol.message import parse
from protocol.names import fold
from protocol.text import ACTION_PREFIX, strip_formatting, visible
from translations import _, language

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    "time{color:#666;margin-right:.6em}p{margin:.2em 0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "h2{margin-top:2em;border-bottom:1px solid #ccc}h3{color:#666}.action{font-style:italic}"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a room."""

    time: datetime
    """With this computer's time zone."""
    room: str
    nick: str
    kind: str
    """`message`, `notice` or `action` (what /me says)."""
    text: str
    """Lines between line feeds; nothing in it can steer a terminal."""


def run(history: Path, room: str, form: str, out: Path | None) -> int:
    """Write the history to a file, or print it; return 0.

    Args:
        room: only this room's; if empty, all rooms'.
        form: one of `FORMATS`.
        out: where to write, in UTF-8; None prints it.

    Raises:
        Refusal: the history cannot be read, or the file cannot be written.
    """
    if not history.is_file():
        raise Refusal(
            _("There is no history at {path}; name the file with --history FILE.").format(path=history)
        )
    try:
        with closing(read_rooms(history, fold(room) if room else "")) as rows:
            said = sorted(map(said_in, rows), key=lambda one: fold(one.room))
    except HistoryError as error:
        raise Refusal(str(error)) from error
    if not said:
        known = ", ".join(_rooms(history))
        text = (
            _("Nothing was said in {room}.").format(room=room) if room else _("Nothing was said in any room.")
        )
        print(text, _("Rooms in the history: {names}.").format(names=known) if known else "", file=sys.stderr)
    if out and out.exists() and out.samefile(history):
        raise Refusal(
            _("{path} is the history itself; choose another file with --out FILE.").format(path=out)
        )
    if out is None:
        FORMATS[form](said, sys.stdout)
        return 0
    try:
        with out.open("w", encoding="utf-8") as file:
            FORMATS[form](said, file)
    except OSError as error:
        raise Refusal(
            _("The file {path} cannot be written ({error}).").format(
                path=out, error=error.strerror or str(error)
            )
        ) from error
    print(_("Written to {path}.").format(path=out))
    return 0


def _rooms(history: Path) -> list[str]:
    with closing(read_rooms(history)) as rows:
        return sorted({said_in(row).room for row in rows}, key=fold)


def said_in(row: Row) -> Said:
    """Read one row of the history."""
    head, lines = parts(row.line)
    message = parse(head)
    text = "".join(lines).replace("\r", "")[1:] if lines else message.param(1)
    kind = "notice" if message.command == "NOTICE" else "message"
    if text.startswith(ACTION_PREFIX):
        kind, text = "action", text.removeprefix(ACTION_PREFIX).removesuffix("\x01")
    shown = "\n".join(visible(strip_formatting(line)) for line in text.split("\n"))
    time = datetime.fromtimestamp(row.time / 1000).astimezone()
    return Said(time, message.param(0), message.nick, kind, shown)


def _write_text(said: Iterable[Said], file: TextIO) -> None:
    for room, day, messages in _by_day(said):
        file.write(f"{room}  {day}\n\n")
        for one in messages:
            who = f"* {one.nick}" if one.kind == "action" else f"{one.nick}:"
            text = one.text.replace("\n", "\n" + " " * 10)
            file.write(f"{one.time:%H:%M:%S}  {who} {text}\n")
        file.write("\n")


def _write_html(said: Iterable[Said], file: TextIO) -> None:
    title = _("{name}: what was said").format(name=NAME)
    file.write(
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n<h1>{html.escape(title)}</h1>\n"
    )
    shown = ""
    for room, day, messages in _by_day(said):
        if room != shown:
            file.write(f"<h2>{html.escape(room)}</h2>\n")
            shown = room
        file.write(f"<h3>{day}</h3>\n")
        for one in messages:
            who = f"* {one.nick}" if one.kind == "action" else f"{one.nick}:"
            file.write(
                f'<p class="{one.kind}"><time datetime="{one.time.isoformat()}">{one.time:%H:%M:%S}</time>'
                f"<b>{html.escape(who)}</b> {html.escape(one.text)}</p>\n"
            )
    file.write("</html>\n")


def _write_json(said: Iterable[Said], file: TextIO) -> None:
    messages = [
        {
            "time": one.time.isoformat(timespec="milliseconds"),
            "room": one.room,
            "nick": one.nick,
            "kind": one.kind,
            "text": one.text,
        }
        for one in said
    ]
    json.dump(messages, file, ensure_ascii=False, indent=1)
    file.write("\n")


def _by_day(said: Iterable[Said]) -> Iterator[tuple[str, str, list[Said]]]:
    for (_folded, day), group in groupby(said, lambda one: (fold(one.room), one.time.date())):
        messages = list(group)
        yield messages[0].room, day.isoformat(), messages


FORMATS: Final[dict[str, Callable[[Iterable[Said], TextIO], None]]] = {
    "txt": _write_text,
    "html": _write_html,
    "json": _write_json,
}
"""How the history can be written."""
