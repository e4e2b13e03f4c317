"""What the thread diagrams show, as values: boxes, arrows, and what travels. No widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from lab.threads.activity import WAITING, Board, Doing
from sockets.status import ClientStatus, ServerStatus
from translations import _, plural

LINGER: Final = 0.7
"""Seconds for which a step is shown, which mostly takes some microseconds."""
MOST_CLIENTS: Final = 6
"""Client threads that are drawn; of more, their number is told."""

Tone = Literal["waiting", "busy", "held", "queue", "place"]
"""`held`: kept from going on, by the throttle, by its turn, by bytes that nobody takes."""


class Box(NamedTuple):
    """A thread, a queue, or a place; `area` is left, top, right, bottom as parts of the whole."""

    key: str
    area: tuple[float, float, float, float]
    title: str
    state: str
    tone: Tone
    waiting: int = -1
    """Of a queue: what waits in it."""


class Trip(NamedTuple):
    """A message that travels from box to box; "" is the edge of the picture."""

    path: tuple[str, ...]
    phase: int
    """Steps of one message that come at the same moment are shown one after the other."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram at one moment."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]
    more: str = ""


class Scene(Protocol):
    """Gives the diagram of a moment, and what has begun to travel since the last time."""

    board: Board

    def picture(self, now: float) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`."""

    def trips(self) -> list[Trip]:
        """Return what has begun to travel, between the boxes of the last picture, since it was asked last."""


class _Recent:
    """Remembers each thread's last step that was no waiting."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._cursor = board.since(0)[1]
        self._active: dict[str, Doing] = {}

    def fresh(self) -> list[Doing]:
        """Return the steps since the last time."""
        steps, self._cursor = self._board.since(self._cursor)
        for doing in steps:
            if doing.stage not in WAITING:
                self._active[doing.thread] = doing
        while len(self._active) > 500:
            self._active.pop(next(iter(self._active)))
        return steps

    def of(self, thread: str, now: float) -> Doing | None:
        """Return what is shown of a thread: what it does, or has just done."""
        doing, active = self._board.of(thread), self._active.get(thread)
        if doing and doing.stage in WAITING and active and now - active.since < LINGER:
            return active
        return doing


class ServerScene:
    """The server's threads: accept, one for each client, the hub; the inbox and the outboxes."""

    def __init__(self, board: Board, status: Callable[[], ServerStatus]) -> None:
        self.board = board
        self._status = status
        self._recent = _Recent(board)
        self._drawn: frozenset[str] = frozenset()

    def picture(self, now: float) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`."""
        status = self._status()
        nicks = {client.name: client.nick for client in status.clients}
        accept, hub = self._recent.of("accept", now), self._recent.of("hub", now)
        boxes = [
            Box("accept", (0.02, 0.03, 0.31, 0.17), _("Accept thread"), words(accept, nicks), tone(accept)),
            Box("inbox", (0.39, 0.36, 0.53, 0.64), _("Inbox"), _("queue"), "queue", status.inbox),
            Box("hub", (0.59, 0.33, 0.76, 0.67), _("Hub"), words(hub, nicks), tone(hub)),
        ]
        arrows = [("inbox", "hub")]
        shown = status.clients[:MOST_CLIENTS]
        step = 0.76 / max(3, len(shown))
        for index, client in enumerate(shown):
            top = 0.21 + index * step
            boxes += self._client(client, top, top + step - 0.03, now, nicks)
            arrows += [(client.name, "inbox"), ("hub", f"out {client.name}")]
        self._drawn = frozenset(client.name for client in shown)
        count = len(status.clients) - len(shown)
        more = plural("and {count} more client", "and {count} more clients", count) if count else ""
        return Picture(tuple(boxes), tuple(arrows), more)

    def trips(self) -> list[Trip]:
        """Return what has begun to travel since it was asked last."""
        made = []
        for doing in self._recent.fresh():
            if doing.about not in self._drawn:
                continue
            path = {
                "parse": (("", doing.about), 0),
                "inbox": ((doing.about, "inbox"), 1),
                "act": (("inbox", "hub"), 2),
                "send": (("hub", f"out {doing.about}", ""), 3),
            }.get(doing.stage)
            if path:
                made.append(Trip(*path))
        return made

    def _client(
        self, client: ClientStatus, top: float, bottom: float, now: float, nicks: dict[str, str]
    ) -> list[Box]:
        doing = self._recent.of(client.thread, now)
        name = client.nick if client.nick != "*" else client.name
        waits = plural("Outbox: {count} byte waits", "Outbox: {count} bytes wait", client.waiting)
        return [
            Box(client.name, (0.02, top, 0.31, bottom), name, words(doing, nicks), tone(doing)),
            Box(
                f"out {client.name}",
                (0.82, top, 0.98, bottom),
                name,
                waits if client.waiting else _("Outbox: empty"),
                "held" if client.waiting else "place",
            ),
        ]


class ClientScene:
    """The client's threads: the receiver, the queue, the Tk thread that polls it, the sender."""

    def __init__(
        self, board: Board, address: Callable[[], str], depths: Callable[[], tuple[int, int]]
    ) -> None:
        """Args: depths: gives what waits in the receiver's queue, and in the sender's."""
        self.board = board
        self._address = address
        self._depths = depths
        self._recent = _Recent(board)

    def picture(self, now: float) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`."""
        incoming, outgoing = self._depths()
        receiver, sender = self._recent.of("receiver", now), self._recent.of("sender", now)
        latest = self._recent.of("receiver", now)
        polled = latest is not None and latest.stage == "queue"
        poll = _("takes messages and draws them") if polled else _("looks into the queue every 50 ms")
        boxes = (
            Box("server", (0.02, 0.3, 0.18, 0.7), _("Server"), self._address(), "place"),
            Box("receiver", (0.25, 0.08, 0.47, 0.4), _("Receiving thread"), words(receiver), tone(receiver)),
            Box("queue", (0.54, 0.08, 0.68, 0.4), "queue.Queue", _("queue"), "queue", incoming),
            Box("tk", (0.75, 0.08, 0.98, 0.92), _("Tk thread"), poll, "busy" if polled else "waiting"),
            Box("outgoing", (0.54, 0.6, 0.68, 0.92), "SimpleQueue", _("queue"), "queue", outgoing),
            Box("sender", (0.25, 0.6, 0.47, 0.92), _("Sending thread"), words(sender), tone(sender)),
        )
        arrows = (
            *(("server", "receiver"), ("receiver", "queue"), ("queue", "tk")),
            *(("tk", "outgoing"), ("outgoing", "sender"), ("sender", "server")),
        )
        return Picture(boxes, arrows)

    def trips(self) -> list[Trip]:
        """Return what has begun to travel since it was asked last."""
        made = []
        for doing in self._recent.fresh():
            path = {
                ("receiver", "parse"): (("server", "receiver"), 0),
                ("receiver", "queue"): (("receiver", "queue", "tk"), 1),
                ("sender", "send"): (("tk", "outgoing", "sender", "server"), 0),
            }.get((doing.thread, doing.stage))
            if path:
                made.append(Trip(*path))
        return made


def tone(doing: Doing | None) -> Tone:
    """Return how a thread is to be coloured."""
    if doing is None:
        return "waiting"
    if doing.stage in ("throttle", "turn", "pause"):
        return "held"
    return "waiting" if doing.stage in WAITING else "busy"


def words(doing: Doing | None, nicks: dict[str, str] | None = None) -> str:
    """Return what a thread does, in words."""
    if doing is None:
        return _("not started")
    about = (nicks or {}).get(doing.about, doing.about)
    sentences = {
        "accept": _("waits in accept"),
        "recv": _("waits in recv"),
        "parse": _("cuts bytes into lines"),
        "throttle": _("sleeps in the throttle"),
        "turn": _("waits for its turn"),
        "inbox": _("puts lines into the inbox"),
        "wait": _("waits for the queue"),
        "act": _("acts for {nick}").format(nick=about),
        "commit": _("writes the history"),
        "send": _("sends to {nick}").format(nick=about),
        "connect": _("connects"),
        "queue": _("puts messages into the queue"),
        "pause": _("waits before the next try"),
    }
    return sentences.get(doing.stage, doing.stage)
