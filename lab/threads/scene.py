"""What the thread diagrams show, as values: boxes, arrows, and what travels. No widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from lab.threads.activity import WAITING, Activity, ActivityTracker
from server import ClientStatus, ServerStatus
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

    tracker: ActivityTracker

    def picture(self, now: float) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`."""

    def trips(self) -> list[Trip]:
        """Return what has begun to travel, between the boxes of the last picture, since it was asked last."""


class _Recent:
    """Remembers each thread's last step that was no waiting."""

    def __init__(self, tracker: ActivityTracker) -> None:
        self._tracker = tracker
        self._cursor = tracker.since(0)[1]
        self._active: dict[str, Activity] = {}

    def fresh(self) -> list[Activity]:
        """Return the steps since the last time."""
        steps, self._cursor = self._tracker.since(self._cursor)
        for activity in steps:
            if activity.name not in WAITING:
                self._active[activity.thread] = activity
        while len(self._active) > 500:
            self._active.pop(next(iter(self._active)))
        return steps

    def shown(self, thread: str, now: float) -> Activity | None:
        """Return what is shown of a thread: what it does, or has just done."""
        activity, active = self._tracker.current(thread), self._active.get(thread)
        if activity and activity.name in WAITING and active and now - active.since < LINGER:
            return active
        return activity


class ServerScene:
    """The server's threads: accept, one for each client, the hub; the inbox and the outboxes."""

    def __init__(self, tracker: ActivityTracker, status: Callable[[], ServerStatus]) -> None:
        self.tracker = tracker
        self._status = status
        self._recent = _Recent(tracker)
        self._drawn: frozenset[str] = frozenset()

    def picture(self, now: float) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`."""
        status = self._status()
        nicks = {client.name: client.nick for client in status.clients}
        accept, hub = self._recent.shown("accept", now), self._recent.shown("hub", now)
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
        for activity in self._recent.fresh():
            if activity.about not in self._drawn:
                continue
            path = {
                "parse": (("", activity.about), 0),
                "inbox": ((activity.about, "inbox"), 1),
                "act": (("inbox", "hub"), 2),
                "send": (("hub", f"out {activity.about}", ""), 3),
            }.get(activity.name)
            if path:
                made.append(Trip(*path))
        return made

    def _client(
        self, client: ClientStatus, top: float, bottom: float, now: float, nicks: dict[str, str]
    ) -> list[Box]:
        activity = self._recent.shown(client.thread, now)
        name = client.nick if client.nick != "*" else client.name
        waits = plural("Outbox: {count} byte waits", "Outbox: {count} bytes wait", client.waiting)
        return [
            Box(client.name, (0.02, top, 0.31, bottom), name, words(activity, nicks), tone(activity)),
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
        self, tracker: ActivityTracker, address: Callable[[], str], depths: Callable[[], tuple[int, int]]
    ) -> None:
        """Args: depths: gives what waits in the receiver's queue, and in the sender's."""
        self.tracker = tracker
        self._address = address
        self._depths = depths
        self._recent = _Recent(tracker)

    def picture(self, now: float) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`."""
        incoming, outgoing = self._depths()
        receiver, sender = self._recent.shown("receiver", now), self._recent.shown("sender", now)
        latest = self._recent.shown("receiver", now)
        polled = latest is not None and latest.name == "queue"
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
        for activity in self._recent.fresh():
            path = {
                ("receiver", "parse"): (("server", "receiver"), 0),
                ("receiver", "queue"): (("receiver", "queue", "tk"), 1),
                ("sender", "send"): (("tk", "outgoing", "sender", "server"), 0),
            }.get((activity.thread, activity.name))
            if path:
                made.append(Trip(*path))
        return made


def tone(activity: Activity | None) -> Tone:
    """Return how a thread is to be coloured."""
    if activity is None:
        return "waiting"
    if activity.name in ("throttle", "turn", "pause"):
        return "held"
    return "waiting" if activity.name in WAITING else "busy"


def words(activity: Activity | None, nicks: dict[str, str] | None = None) -> str:
    """Return what a thread does, in words."""
    if activity is None:
        return _("not started")
    about = (nicks or {}).get(activity.about, activity.about)
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
    return sentences.get(activity.name, activity.name)
