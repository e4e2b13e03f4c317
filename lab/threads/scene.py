"""What the thread diagrams show, as values: boxes, arrows, and what travels. No widgets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from lab.threads.activity import MAX_THREADS, WAITING, Activity, ActivityTracker
from server import ClientStatus, ServerStatus
from translations import Texts, _, plural, translate

LINGER: Final = 0.7
"""Seconds for which an activity is shown: most take some microseconds."""
MOST_CLIENTS: Final = 6
"""Client threads that are drawn; of the others, only the number is shown."""

_SENTENCES: Final[Texts] = {
    "accept": "waits in accept",
    "recv": "waits in recv",
    "parse": "cuts bytes into lines",
    "throttle": "sleeps in the throttle",
    "turn": "waits for its turn",
    "inbox": "puts lines into the inbox",
    "wait": "waits for the queue",
    "act": "acts for {nick}",
    "commit": "writes the history",
    "send": "sends to {nick}",
    "connect": "connects",
    "queue": "puts messages into the queue",
    "pause": "waits before the next try",
}
"""What a thread is doing, by the words of `sockets.tap.ActivityTap`."""

Tone = Literal["waiting", "busy", "held", "queue", "place"]
"""`held`: kept waiting by the throttle, by its turn, or by bytes that nobody takes."""


Area = tuple[float, float, float, float]
"""Left, top, right and bottom as parts of the whole picture."""


class Box(NamedTuple):
    """A thread, a queue, or a place."""

    key: str
    area: Area
    title: str
    state: str
    tone: Tone
    waiting: int = -1
    """Of a queue: what waits in it."""


class Trip(NamedTuple):
    """A message that travels from box to box; "" is the edge of the picture."""

    path: tuple[str, ...]
    phase: int
    """Trips of one message that begin at the same moment are shown in this order, one after the other."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram at one moment."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]
    more: str = ""


class Scene:
    """Makes the diagram of a moment, and tells what has begun to travel since the last call."""

    def __init__(self, tracker: ActivityTracker) -> None:
        self.tracker = tracker
        self._cursor = tracker.activities_since(0)[1]
        self._active: dict[str, Activity] = {}
        """By thread: its last activity that was not waiting."""

    def picture(self, now: float, seen: Mapping[str, int]) -> Picture:
        """Return the diagram; `now` is by `time.monotonic`.

        Args:
            seen: how many messages are seen travelling in each box. A message is there for microseconds, and
                seen for longer: what the boxes say must fit what is seen.
        """
        raise NotImplementedError

    def trips(self) -> list[Trip]:
        """Return what has begun to travel between the boxes of the last picture since the last call."""
        steps, self._cursor = self.tracker.activities_since(self._cursor)
        self._active |= {step.thread: step for step in steps if step.name not in WAITING}
        while len(self._active) > MAX_THREADS:
            self._active.pop(next(iter(self._active)))
        return [trip for step in steps if (trip := self._trip(step))]

    def _trip(self, activity: Activity) -> Trip | None:
        raise NotImplementedError

    def _shown(self, thread: str, now: float) -> Activity | None:
        """Return what is shown of a thread: what it is doing, or has just done."""
        activity, active = self.tracker.current(thread), self._active.get(thread)
        if activity and activity.name in WAITING and active and now - active.since < LINGER:
            return active
        return activity


class ServerScene(Scene):
    """The server's threads: accept, one for each client, the hub; the inbox and the outboxes."""

    def __init__(self, tracker: ActivityTracker, status: Callable[[], ServerStatus]) -> None:
        super().__init__(tracker)
        self._status = status
        self._drawn: frozenset[str] = frozenset()

    def picture(self, now: float, seen: Mapping[str, int]) -> Picture:
        """Return the diagram with the clients that came first."""
        status = self._status()
        nicks = {client.name: client.nick for client in status.clients}
        accept, hub = self._shown("accept", now), self._shown("hub", now)
        boxes = [
            _thread_box("accept", (0.02, 0.03, 0.31, 0.17), _("Accept thread"), accept, nicks),
            _queue_box("inbox", (0.39, 0.36, 0.53, 0.64), _("Inbox"), status.inbox, seen),
            _thread_box("hub", (0.59, 0.33, 0.76, 0.67), _("Hub"), hub, nicks),
        ]
        arrows = [("inbox", "hub")]
        shown = status.clients[:MOST_CLIENTS]
        step = 0.76 / max(3, len(shown))
        for index, client in enumerate(shown):
            top = 0.21 + index * step
            boxes += self._client_boxes(client, top, top + step - 0.03, now, nicks)
            arrows += [(client.name, "inbox"), ("hub", f"out {client.name}")]
        self._drawn = frozenset(client.name for client in shown)
        count = len(status.clients) - len(shown)
        more = plural("and {count} more client", "and {count} more clients", count) if count else ""
        return Picture(tuple(boxes), tuple(arrows), more)

    def _trip(self, activity: Activity) -> Trip | None:
        if activity.about not in self._drawn:
            return None
        return {
            "parse": Trip(("", activity.about), 0),
            "inbox": Trip((activity.about, "inbox"), 1),
            "act": Trip(("inbox", "hub"), 2),
            "send": Trip(("hub", f"out {activity.about}", ""), 3),
        }.get(activity.name)

    def _client_boxes(
        self, client: ClientStatus, top: float, bottom: float, now: float, nicks: dict[str, str]
    ) -> list[Box]:
        activity = self._shown(client.thread, now)
        name = client.nick if client.nick != "*" else client.name
        tone: Tone = "held" if client.waiting else "place"
        waits = plural("Outbox: {count} byte waits", "Outbox: {count} bytes wait", client.waiting)
        state = waits if client.waiting else _("Outbox: empty")
        return [
            _thread_box(client.name, (0.02, top, 0.31, bottom), name, activity, nicks),
            Box(f"out {client.name}", (0.82, top, 0.98, bottom), name, state, tone),
        ]


class ClientScene(Scene):
    """The client's threads: the receiver, the queue, the Tk thread that polls it, the sender."""

    def __init__(
        self, tracker: ActivityTracker, address: Callable[[], str], depths: Callable[[], tuple[int, int]]
    ) -> None:
        """Args: depths: gives what waits in the receiver's queue, and in the sender's."""
        super().__init__(tracker)
        self._address = address
        self._depths = depths

    def picture(self, now: float, seen: Mapping[str, int]) -> Picture:
        """Return the diagram."""
        incoming, outgoing = self._depths()
        receiver, sender = self._shown("receiver", now), self._shown("sender", now)
        polled = seen.get("tk", 0) > 0
        poll = _("takes messages and draws them") if polled else _("looks into the queue every 50 ms")
        boxes = (
            Box("server", (0.02, 0.3, 0.18, 0.7), _("Server"), self._address(), "place"),
            _thread_box("receiver", (0.25, 0.08, 0.47, 0.4), _("Receiving thread"), receiver),
            _queue_box("queue", (0.54, 0.08, 0.68, 0.4), "queue.Queue", incoming, seen),
            Box("tk", (0.75, 0.08, 0.98, 0.92), _("Tk thread"), poll, "busy" if polled else "waiting"),
            _queue_box("outgoing", (0.54, 0.6, 0.68, 0.92), "SimpleQueue", outgoing, seen),
            _thread_box("sender", (0.25, 0.6, 0.47, 0.92), _("Sending thread"), sender),
        )
        arrows = (
            *(("server", "receiver"), ("receiver", "queue"), ("queue", "tk")),
            *(("tk", "outgoing"), ("outgoing", "sender"), ("sender", "server")),
        )
        return Picture(boxes, arrows)

    def _trip(self, activity: Activity) -> Trip | None:
        return {
            ("receiver", "parse"): Trip(("server", "receiver"), 0),
            ("receiver", "queue"): Trip(("receiver", "queue", "tk"), 1),
            ("sender", "send"): Trip(("tk", "outgoing", "sender", "server"), 0),
        }.get((activity.thread, activity.name))


def _queue_box(key: str, area: Area, title: str, waiting: int, seen: Mapping[str, int]) -> Box:
    return Box(key, area, title, _("queue"), "queue", max(waiting, seen.get(key, 0)))


def _thread_box(
    key: str, area: Area, title: str, activity: Activity | None, nicks: dict[str, str] | None = None
) -> Box:
    """Return the box of a thread. `nicks`: of the clients, by the names of their connections."""
    if activity is None:
        return Box(key, area, title, _("not started"), "waiting")
    state = translate(_SENTENCES.get(activity.name, activity.name))
    nick = (nicks or {}).get(activity.about, activity.about)
    tone: Tone = "waiting" if activity.name in WAITING else "busy"
    if activity.name in ("throttle", "turn", "pause"):
        tone = "held"
    return Box(key, area, title, state.format(nick=nick), tone)
