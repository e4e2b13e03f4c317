"""A sequence diagram made of socket calls, as SVG: who sent which line to whom, and when."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from lab.wire.call_lines import LineCutter
from lab.wire.call_text import format_clock
from protocol import numerics as n
from protocol.text import cut_characters, visible, visible_speech
from sockets.tap import Call
from translations import _

COLUMN: Final = 280
"""Pixels from one participant to the next."""
ROW: Final = 26
_TIME_WIDTH: Final = 110
_HEAD: Final = 64
_LETTERS: Final = 46
"""Characters of a line that fit over an arrow between neighbours."""
PAGE: Final = 45
"""Arrows on a printed page."""
_USER: Final = re.compile(r"(?<=^:)([^ !]+)![^ ]+")
"""The source of a line: there is room only for the nick of `nick!user@host`; the tooltip has all of it."""
_LEFT_OUT: Final = frozenset(
    {
        *("PING", "PONG", n.RPL_YOURHOST, n.RPL_CREATED, n.RPL_MYINFO, n.RPL_ISUPPORT),
        *(n.RPL_LUSERCLIENT, n.RPL_LUSEROP, n.RPL_LUSERUNKNOWN, n.RPL_LUSERCHANNELS, n.RPL_LUSERME),
        *(n.RPL_LOCALUSERS, n.RPL_GLOBALUSERS),
        *(n.RPL_MOTDSTART, n.RPL_MOTD, n.RPL_ENDOFMOTD, n.ERR_NOMOTD),
    }
)


class Arrow(NamedTuple):
    """One line of the protocol on its way, or (`dashed`) the beginning or end of a connection."""

    time: float
    source: str
    target: str
    text: str
    dashed: bool = False


def find_arrows(calls: Sequence[Call], server: str) -> list[Arrow]:
    """Turn the calls of one program into arrows, a line each, in the order of time.

    A line is drawn when its last byte has been moved; what a call left unfinished is drawn with the next.
    PING, PONG, and what the server tells about itself after 001, are left out.

    Args:
        server: what to call the server.
    """
    found: list[Arrow] = []
    names: dict[str, str] = {}
    cutter = LineCutter()
    for call in sorted(calls, key=lambda call: call.time):
        if call.name == "listen":
            continue
        is_client = bool(call.local)
        client = call.local or call.connection
        if call.name in ("accept", "connect", "close"):
            text = _("connects") if call.name != "close" else _("connection closed")
            found.append(Arrow(call.time, client, server, text, dashed=True))
        from_server = (call.name == "recv") == is_client
        ends = (server, client) if from_server else (client, server)
        for raw, message in cutter.completed_lines(call):
            if message is None or message.command in _LEFT_OUT:
                continue
            if from_server and message.command == n.RPL_WELCOME:
                names[client] = visible(message.param(0))
            text = raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
            found.append(Arrow(call.time, *ends, text.partition(" ")[2] if text.startswith("@") else text))
    return [
        arrow._replace(source=_named(arrow.source, names), target=_named(arrow.target, names))
        for arrow in found
    ]


def _named(address: str, names: dict[str, str]) -> str:
    return f"{names[address]} ({address})" if address in names else address


def draw_pages(arrows: Sequence[Arrow]) -> list[str]:
    """Return diagrams as SVG that fit a page each, all with the same participants.

    The server stands first, then the clients in the order in which they came.
    """
    participants = list(dict.fromkeys(name for arrow in arrows for name in (arrow.target, arrow.source)))
    starts = range(0, max(1, len(arrows)), PAGE)
    return [_draw(arrows[start : start + PAGE], participants) for start in starts]


def _draw(arrows: Sequence[Arrow], participants: Sequence[str]) -> str:
    """Return a diagram as SVG: black on white, so that it prints well."""
    x = {name: _TIME_WIDTH + COLUMN // 2 + index * COLUMN for index, name in enumerate(participants)}
    width = _TIME_WIDTH + COLUMN * max(1, len(participants))
    height = _HEAD + ROW * (len(arrows) + 2)
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
    for row, arrow in enumerate(arrows):
        y = _HEAD + ROW * (row + 1)
        start, end = x[arrow.source], x[arrow.target]
        dash = ' stroke-dasharray="5 4"' if arrow.dashed else ""
        # An arrow that crosses other columns has more room, but its text is read easily only in the first.
        middle = start + (COLUMN // 2 if end > start else -COLUMN // 2)
        back = -9 if end > start else 9
        said = visible_speech(arrow.text)
        label = _short(_USER.sub(r"\1", said), _LETTERS)
        parts += [
            _text(8, y + 4, format_clock(arrow.time, 3), "start", "#444"),
            f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" stroke="black"{dash}/>',
            f'<path d="M{end},{y} l{back},-4 l0,8 z" fill="black"/>',
            f"<g><title>{escape(said)}</title>{_text(middle, y - 5, label, 'middle')}</g>",
        ]
    return "\n".join([*parts, "</svg>"])


def _text(x: int, y: int, text: str, anchor: str, colour: str = "black") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else cut_characters(text, letters - 1) + "…"
