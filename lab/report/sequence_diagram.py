"""A sequence diagram made of socket calls, as SVG: who sent which line to whom, and when."""

import re
import time
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from protocol.framing import LineReader
from protocol.message import MalformedLineError, parse
from protocol.text import visible
from sockets.tap import Call
from translations import _, plural

COLUMN: Final = 280
"""Pixels from one participant to the next."""
ROW: Final = 26
_TIME_WIDTH: Final = 110
_HEAD: Final = 64
_LETTERS: Final = 46
"""Letters of a line that fit over an arrow between neighbours."""
PAGE: Final = 45
"""Arrows on a printed page."""
_USER: Final = re.compile(r"(?<=^:)([^ !]+)![^ ]+")
"""The source of a line: only the nick of `nick!user@host` has room; the whole stands in the tooltip."""
_QUIET: Final = frozenset({"PING", "PONG"})
_GREETING: Final = frozenset(
    "002 003 004 005 251 252 253 254 255 265 266 372 375 376 422".split()  # noqa: SIM905 - read as a list
)


class Arrow(NamedTuple):
    """One line of the protocol on its way, or (`dashed`) the beginning or end of a connection."""

    time: float
    source: str
    target: str
    text: str
    dashed: bool = False


def arrows(
    calls: Sequence[Call], server: str, *, hide_ping: bool = True, hide_greeting: bool = True
) -> list[Arrow]:
    """Turn the calls of one program into arrows, a line each, in the order of time.

    A line is drawn when its last byte has been moved; what a call left unfinished is drawn with the next.

    Args:
        server: what to call the server.
        hide_ping: leave out PING and PONG.
        hide_greeting: leave out what the server tells about itself after 001.
    """
    drawn: list[Arrow] = []
    names: dict[str, str] = {}
    readers: dict[tuple[str, str], LineReader] = {}
    for call in sorted(calls, key=lambda call: call.time):
        if call.name == "listen":
            continue
        client = call.local if _is_client(call) else call.connection
        if call.name in ("accept", "connect", "close"):
            text = _("connects") if call.name != "close" else _("connection closed")
            drawn.append(Arrow(call.time, client, server, text, dashed=True))
            for name in ("recv", "send"):
                readers.pop((client, name), None)
            continue
        from_server = (call.name == "recv") == _is_client(call)
        for raw in readers.setdefault((client, call.name), LineReader()).feed(call.data):
            text = raw.decode("utf-8", "backslashreplace")
            try:
                message = parse(text)
            except MalformedLineError:
                continue
            if from_server and message.command == "001":
                names[client] = visible(message.param(0))
            if hide_ping and message.command in _QUIET:
                continue
            if hide_greeting and message.command in _GREETING:
                continue
            short = text.partition(" ")[2] if text.startswith("@") else text
            ends = (server, client) if from_server else (client, server)
            drawn.append(Arrow(call.time, *ends, short))
    return [
        arrow._replace(source=_named(arrow.source, names), target=_named(arrow.target, names))
        for arrow in drawn
    ]


def _is_client(call: Call) -> bool:
    return bool(call.local)


def _named(address: str, names: dict[str, str]) -> str:
    return f"{names[address]} ({address})" if address in names else address


def participants_of(drawn: Sequence[Arrow]) -> list[str]:
    """Return who stands in a diagram: the server first, the clients in the order in which they came."""
    return list(dict.fromkeys(name for arrow in drawn for name in (arrow.target, arrow.source)))


def sequence_pages(drawn: Sequence[Arrow]) -> list[str]:
    """Return diagrams that fit a page each, all with the same participants."""
    everybody = participants_of(drawn)
    starts = range(0, max(1, len(drawn)), PAGE)
    return [sequence_svg(drawn[start : start + PAGE], participants=everybody) for start in starts]


def sequence_svg(drawn: Sequence[Arrow], *, most: int = 120, participants: Sequence[str] = ()) -> str:
    """Return a diagram as SVG: black on white, so that it prints well.

    Args:
        most: arrows to draw; a last row says how many more there are.
        participants: who stands in it; by default, whom the arrows touch.
    """
    shown = drawn[:most]
    participants = participants or participants_of(shown)
    x = {name: _TIME_WIDTH + COLUMN // 2 + index * COLUMN for index, name in enumerate(participants)}
    width = _TIME_WIDTH + COLUMN * max(1, len(participants))
    height = _HEAD + ROW * (len(shown) + 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape(_('Sequence diagram'))}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for name in participants:
        parts += [
            f'<line x1="{x[name]}" y1="40" x2="{x[name]}" y2="{height - ROW}" stroke="#888"/>',
            f'<rect x="{x[name] - 120}" y="10" width="240" height="30" fill="white" stroke="black"/>',
            _text(x[name], 30, _short(name, 38), "middle"),
        ]
    for row, arrow in enumerate(shown):
        y = _HEAD + ROW * (row + 1)
        start, end = x[arrow.source], x[arrow.target]
        dash = ' stroke-dasharray="5 4"' if arrow.dashed else ""
        # Beside an arrow that crosses other columns there is more room, but only the first is read easily.
        middle = start + (COLUMN // 2 if end > start else -COLUMN // 2)
        back = -9 if end > start else 9
        label = _short(_USER.sub(r"\1", visible(arrow.text)), _LETTERS)
        parts += [
            _text(8, y + 4, _clock(arrow.time), "start", "#444"),
            f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" stroke="black"{dash}/>',
            f'<path d="M{end},{y} l{back},-4 l0,8 z" fill="black"/>',
            f"<g><title>{escape(visible(arrow.text))}</title>{_text(middle, y - 5, label, 'middle')}</g>",
        ]
    if len(drawn) > most:
        more = len(drawn) - most
        parts.append(_text(8, height - 8, plural("{count} more arrow", "{count} more arrows", more), "start"))
    return "\n".join([*parts, "</svg>"])


def _text(x: int, y: int, text: str, anchor: str, colour: str = "black") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds)) + f".{int(seconds % 1 * 1000):03}"
