"""The thread diagram: live boxes, and messages that travel between them."""

import time
import tkinter as tk
from collections import Counter
from tkinter import ttk
from typing import Final, NamedTuple

from gui.toolkit.mainloop import repeat
from gui.toolkit.theme import FontName, Look
from lab.threads.scene import Area, Box, Picture, Scene, Tone, Trip
from translations import _, decimal

POLL_MS: Final = 50
MAX_DOTS: Final = 60
TRAVEL: Final = 0.5
"""Seconds that a message is seen travelling; in slow motion it may be longer."""
PACES: Final = (0.0, 0.5, 1.0, 2.0)
"""Seconds a step takes in slow motion."""

Place = tuple[float, float, float, float]
"""Left, top, right and bottom of a box, in pixels."""


class _Dot(NamedTuple):
    path: tuple[str, ...]
    begins: float
    ends: float


class ThreadView(ttk.Frame):
    """Draws a scene as long as it exists; slow motion ends with it. For the Tk thread only."""

    def __init__(self, master: tk.Misc, look: Look, scene: Scene) -> None:
        super().__init__(master)
        self._look = look
        self._scene = scene
        self._dots: list[_Dot] = []
        self._drawn: Picture | None = None
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, width=1, height=1)
        self._foot = ttk.Frame(self, style="Side.TFrame")
        self.slow = ttk.Button(self._foot, style="SideIcon.TButton", command=self.next_pace)
        self._note = ttk.Label(self._foot, style="SideSmall.TLabel", justify="left")
        self.slow.pack(side="right")
        self._note.pack(side="left")
        self._foot.pack(side="bottom", fill="x")
        self.canvas.pack(fill="both", expand=True)
        self.canvas.bind("<Configure>", lambda _: self._redraw())
        self._foot.bind("<Configure>", lambda _: self._wrap())
        self.bind("<Destroy>", self._on_destroy, add="+")
        look.follow(self, self._restyle)
        repeat(self, POLL_MS, self._poll)

    def next_pace(self) -> None:
        """Change slow motion: off, a little, more, most, and off again."""
        at = PACES.index(self._scene.tracker.pace)
        self._scene.tracker.set_pace(PACES[(at + 1) % len(PACES)])
        self._show_pace()

    @property
    def travelling(self) -> int:
        """How many messages are seen travelling, or will be soon."""
        return len(self._dots)

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self._scene.tracker.set_pace(0.0)

    def _poll(self) -> bool:
        now = time.monotonic()
        picture = self._scene.picture(now, self._seen(now))
        self._start(self._scene.trips(), now)
        had_dots = bool(self._dots)
        self._dots = [dot for dot in self._dots if dot.ends > now]
        if picture != self._drawn or had_dots:
            self._drawn = picture
            self._draw(picture, now)
        return True

    def _seen(self, now: float) -> Counter[str]:
        """Return how many dots are seen in each box."""
        width, height = self.canvas.winfo_width(), self.canvas.winfo_height()
        boxes = self._drawn.boxes if self._drawn else ()
        places = {box.key: _scaled(box.area, width, height) for box in boxes}
        found = [_position(dot, places, width, now) for dot in self._dots if dot.ends > now]
        seen = Counter[str]()
        for x, y in filter(None, found):
            for key, (left, top, right, bottom) in places.items():
                seen[key] += left <= x <= right and top <= y <= bottom
        return seen

    def _start(self, trips: list[Trip], now: float) -> None:
        pace = self._scene.tracker.pace
        travel = max(TRAVEL, pace)
        for trip in trips[: max(0, MAX_DOTS - len(self._dots))]:
            begins = now if pace else now + trip.phase * TRAVEL
            self._dots.append(_Dot(trip.path, begins, begins + travel * (len(trip.path) - 1)))

    # Drawing.

    def _redraw(self) -> None:
        if self._drawn:
            self._draw(self._drawn, time.monotonic())

    def _draw(self, picture: Picture, now: float) -> None:
        canvas, look, p = self.canvas, self._look, self._look.palette
        canvas.delete("all")
        width, height = canvas.winfo_width(), canvas.winfo_height()
        places = {box.key: _scaled(box.area, width, height) for box in picture.boxes}
        thick, radius = look.px(2), look.em(0.55)
        head = (5 * thick, 6 * thick, 2 * thick)
        for start, end in picture.arrows:
            ends = *_edge(places[start], places[end]), *_edge(places[end], places[start])
            canvas.create_line(*ends, fill=p.border, width=thick, arrow="last", arrowshape=head)
        for box in picture.boxes:
            self._draw_box(box, places[box.key])
        left, bottom = look.em(0.8), height - look.em(0.3)
        canvas.create_text(
            left, bottom, text=picture.more, anchor="sw", fill=p.muted, font=look.fonts["body"]
        )
        for dot in self._dots:
            if place := _position(dot, places, width, now):
                x, y = place
                square = (x - radius, y - radius, x + radius, y + radius)
                canvas.create_oval(*square, fill=p.warning, outline=p.window, width=look.px(1))

    def _draw_box(self, box: Box, place: Place) -> None:
        canvas, look, p = self.canvas, self._look, self._look.palette
        fill, outline = self._colours(box.tone)
        left, top, right, bottom = place
        thick = look.px(3 if box.tone in ("busy", "held") else 1.5)
        canvas.create_rectangle(*place, fill=fill, outline=outline, width=thick)
        middle, room = (left + right) / 2, int(right - left) - look.em(0.5 if box.waiting >= 0 else 1)
        parts: list[tuple[str, FontName, str]] = [(box.title, "title", p.text), (box.state, "body", p.text)]
        if box.waiting >= 0:
            parts = [
                (box.title, "bold", p.text),
                (str(box.waiting), "big", outline if box.waiting else p.muted),
                (box.state, "small", p.muted),
            ]
        items = []
        for text, font, colour in parts:
            # The name of a thread and what it is doing may take two lines each; a queue has no room for that.
            fitting = look.shorten(text, font, room * 2 - look.em(2) if font in ("body", "title") else room)
            item = canvas.create_text(middle, 0, text=fitting, width=room, anchor="n", justify="center")
            canvas.itemconfigure(item, fill=colour, font=look.fonts[font])
            items.append(item)
        heights = [(bounds := canvas.bbox(item))[3] - bounds[1] for item in items]
        y = (top + bottom - sum(heights)) / 2
        for item, height in zip(items, heights, strict=True):
            canvas.coords(item, middle, max(top + look.px(2), y))
            y += height

    def _colours(self, tone: Tone) -> tuple[str, str]:
        """Return a box's background and outline."""
        p = self._look.palette
        return {
            "waiting": (p.side, p.border),
            "busy": (p.selected, p.accent),
            "held": (p.striking, p.warning),
            "queue": (p.field, p.accent),
            "place": (p.window, p.border),
        }[tone]

    def _wrap(self) -> None:
        self._note.configure(wraplength=max(1, self._foot.winfo_width() - self.slow.winfo_reqwidth() - 40))

    def _show_pace(self) -> None:
        pace, p = self._scene.tracker.pace, self._look.palette
        if pace:
            text = _("Slow motion: {seconds} s a step").format(seconds=decimal(pace))
            note = _("Slow motion holds the threads up: for a demonstration only. It ends with this window.")
        else:
            text = _("Slow motion: off")
            note = _("A step takes microseconds; it is shown for a while, so that the eye can follow.")
        self.slow.configure(text=text)
        self._note.configure(text=note, foreground=p.warning if pace else p.muted)
        self._wrap()

    def _restyle(self) -> None:
        look = self._look
        self.canvas.configure(background=look.palette.window)
        self._foot.configure(padding=(look.em(0.8), look.em(0.2)))
        self._show_pace()
        self._drawn = None


def _scaled(area: Area, width: int, height: int) -> Place:
    left, top, right, bottom = area
    return left * width, top * height, right * width, bottom * height


def _middle(place: Place) -> tuple[float, float]:
    return (place[0] + place[2]) / 2, (place[1] + place[3]) / 2


def _edge(place: Place, other: Place) -> tuple[float, float]:
    """Return where an arrow to another box leaves a box: at the side that faces it."""
    (x, y), (_other_x, other_y) = _middle(place), _middle(other)
    if other[0] >= place[2] or other[2] <= place[0]:
        # From a tall box a straight arrow leaves at the height of the lower box beside it.
        high = place[3] - place[1] > other[3] - other[1] and place[1] < other_y < place[3]
        return place[2] if other[0] >= place[2] else place[0], other_y if high else y
    return x, place[3] if other_y > y else place[1]


def _position(dot: _Dot, places: dict[str, Place], width: int, now: float) -> tuple[float, float] | None:
    """Return where a dot is now; None if it has not started, or if a box on its path is gone."""
    if now < dot.begins or any(key and key not in places for key in dot.path):
        return None
    points = []
    for index, key in enumerate(dot.path):
        if key:
            points.append(_middle(places[key]))
        else:  # from the left edge, or to the right one
            near = places[dot.path[1 if index == 0 else index - 1]]
            points.append((0.0 if index == 0 else float(width), _middle(near)[1]))
    way = (now - dot.begins) / (dot.ends - dot.begins) * (len(points) - 1)
    leg = min(int(way), len(points) - 2)
    (ax, ay), (bx, by) = points[leg], points[leg + 1]
    part = min(1.0, way - leg)
    return ax + (bx - ax) * part, ay + (by - ay) * part
