"""A sequence diagram made of an extract of the wire: who sent which line to whom, and when."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from lab.report.extract import Row, answers
from lab.report.rendering.drawing import LETTER, Box, Drawing, Label, Line, Shape
from lab.wire.call_text import format_clock, shorten_text
from protocol import numerics as n
from protocol.text import visible, visible_speech
from translations import _

MOST_CLIENTS: Final = 2
"""The server stands between them: every arrow joins neighbours, and its words have room."""
WIDTH: Final = 467.0
"""Points: the text's width."""
HIGHEST: Final = 250.0
_TIME: Final = 50.0
_SIZE: Final = 8.5
_LINE: Final = 10.0
_BOX: Final = (112.0, 28.0)
_TOP: Final = 36.0
_MOST_LINES: Final = 2
"""Of the words over an arrow."""


class Arrow(NamedTuple):
    """One line of the protocol on its way, or (`dashed`) the beginning or end of a connection."""

    time: float
    client: str
    """Its address."""
    from_server: bool
    text: str
    dashed: bool = False


def find_arrows(rows: Sequence[Row]) -> list[Arrow]:
    """Turn rows into arrows, a line each."""
    found: list[Arrow] = []
    for row in rows:
        call = row.call
        if call.name in ("accept", "connect", "close"):
            text = _("connects") if call.name != "close" else _("connection closed")
            found.append(Arrow(call.time, row.client, False, text, dashed=True))
        for line in row.lines:
            found.append(Arrow(call.time, row.client, row.from_server, short_line(line.raw)))
    return found


def find_nicks(rows: Sequence[Row]) -> dict[str, str]:
    """Return the nicks of the clients that the server has welcomed, by their addresses."""
    welcomes = answers(rows, n.RPL_WELCOME)
    return {row.client: visible(message.param(0)) for row, message in welcomes}


def short_line(raw: bytes) -> str:
    """Return a line as people read it: without tags and line end, and of its source only the nick."""
    text = visible_speech(raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))
    if text.startswith("@"):
        text = text.partition(" ")[2]
    source, space, rest = text.partition(" ")
    return source.partition("!")[0] + space + rest if source.startswith(":") else text


def draw(rows: Sequence[Row], nicks: Mapping[str, str], server: str) -> tuple[Drawing, int]:
    """Return a diagram that a page holds, and how many arrows it had no room for.

    Args:
        nicks: those of the clients, by their addresses.
        server: what to call the server.
    """
    arrows = find_arrows(rows)
    clients = list(dict.fromkeys(arrow.client for arrow in arrows))[:MOST_CLIENTS]
    half = _BOX[0] / 2
    left, right = _TIME + half, WIDTH - half - 1
    server_x = (left + right) / 2 if len(clients) > 1 else right
    places = dict(zip(clients, (left, right), strict=False))
    letters = int((abs(server_x - left) - 16) / (_SIZE * LETTER))
    shapes: list[Shape] = []
    y, drawn, shown = _TOP, 0, [arrow for arrow in arrows if arrow.client in places]
    for arrow in shown:
        words = _fold(arrow.text, letters)
        if y + _LINE * len(words) + 8 > HIGHEST:
            break
        x = places[arrow.client]
        shapes += [
            Label((x + server_x) / 2, y + _LINE * (index + 1), text, _SIZE, "centre")
            for index, text in enumerate(words)
        ]
        y += _LINE * len(words) + 4
        ends = (server_x, x) if arrow.from_server else (x, server_x)
        shapes += [
            Line(ends[0], y, ends[1], y, dashed=arrow.dashed, head=True),
            Label(0, y + 3, format_clock(arrow.time, 3)[3:], _SIZE),
        ]
        y += 4
        drawn += 1
    heads = [
        (server_x, [_("server"), server]),
        *((places[one], [nicks.get(one, ""), one]) for one in clients),
    ]
    lines: list[Shape] = [Line(x, _BOX[1], x, y + 6) for x, _words in heads]
    boxes: list[Shape] = []
    for x, words in heads:
        boxes.append(Box(x - half, 0, *_BOX))
        room = int(_BOX[0] / (_SIZE * LETTER)) - 1
        texts = [shorten_text(text, room) for text in words if text]
        first = 12.0 if len(texts) > 1 else 17.0
        boxes += [Label(x, first + 11 * index, text, _SIZE, "centre") for index, text in enumerate(texts)]
    return Drawing(WIDTH, y + 8, (*lines, *boxes, *shapes)), len(arrows) - drawn


def _fold(text: str, letters: int) -> list[str]:
    """Return the words over an arrow, in as many lines as they need and may have."""
    lines = textwrap.wrap(text, letters, drop_whitespace=True) or [""]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1] = shorten_text(f"{lines[_MOST_LINES - 1]} {lines[_MOST_LINES]}", letters)
    return lines[:_MOST_LINES]
