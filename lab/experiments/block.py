"""`recv` in the thread of the window: the event loop stands still until bytes come."""

import gc
import itertools
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

from lab.experiments import loopback
from lab.experiments.experiment import PATIENCE, Experiment, Notebook, Parameter, Parameters, Result
from translations import _, plural

TICK_SECONDS: Final = 0.02
_BEFORE: Final = 5
_AFTER: Final = 5
_LINE: Final = b"PRIVMSG #lab :hello\r\n"

Measure = Callable[[Callable[[int], bool]], list[float]]
"""Runs an event loop that calls the function on each tick until it says True; returns the ticks' times."""


def plain_loop(step: Callable[[int], bool]) -> list[float]:
    """Run an event loop without a window; see `Measure`."""
    times = [time.monotonic()]
    while not step(len(times)):
        time.sleep(TICK_SECONDS)
        times.append(time.monotonic())
    return [*times, time.monotonic()]


def tk_loop() -> Measure | None:
    """Return Tk's event loop, if this is the main thread and there is a screen."""
    if threading.current_thread() is not threading.main_thread():
        return None
    try:
        import tkinter as tk  # noqa: PLC0415 - the server of a lab has neither Tk nor a screen
    except ImportError:
        return None
    try:
        tk.Tk().destroy()
    except tk.TclError:
        return None

    def run(step: Callable[[int], bool]) -> list[float]:
        window = tk.Tk()
        window.title("recv")
        times: list[float] = []
        failed: list[Exception] = []

        def tick() -> None:
            times.append(time.monotonic())
            try:
                is_done = step(len(times))
            except Exception as error:  # Tk would print it and wait for ever
                failed.append(error)
                is_done = True
            if is_done:
                window.destroy()
            else:
                window.after(round(TICK_SECONDS * 1000), tick)

        window.after(0, tick)
        window.mainloop()
        if failed:
            raise failed[0]
        return [*times, time.monotonic()]

    def measure(step: Callable[[int], bool]) -> list[float]:
        times = run(step)
        gc.collect()  # Tk's objects must end in the thread that made them, not in whichever collects next
        return times

    return measure


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    delay = parameters["delay"] / 1000
    tk = tk_loop()
    measure = tk or plain_loop
    notebook.remark(_("The event loop is that of a Tk window.") if tk else _("The event loop has no window."))
    notebook.remark(_("recv in the loop's own thread:"))
    wrong = _longest_pause(notebook, measure, delay, _receive_in_loop)
    notebook.remark(_("recv in a thread of its own, and a queue:"))
    right = _longest_pause(notebook, measure, delay, _receive_in_thread)
    return notebook.result(
        1 if wrong >= delay / 2 else 0,
        _explain(wrong, right, delay),
        (_("the server answers after, milliseconds"), str(parameters["delay"])),
        (_("longest pause between two ticks with recv in the loop, milliseconds"), f"{wrong * 1000:.0f}"),
        (_("longest pause with a thread and a queue, milliseconds"), f"{right * 1000:.0f}"),
    )


def _explain(wrong: float, right: float, delay: float) -> str:
    """Explain the longest pauses in the loop with recv and with a thread; all in seconds."""
    loop = _(
        "The event loop is an ordinary loop: it draws, handles a key, calls a timer, one after the other."
    )
    if wrong < delay / 2:
        seen = _("This time the bytes were there before recv was called, and it did not have to wait.")
    else:
        seen = _(
            "recv waited inside one of these steps until the server answered: for {wrong} ms none of the "
            "others got a turn, and the window was frozen."
        )
    if right < delay / 2:
        cure = _(
            "With a thread that waits in recv and a queue into which the window looks on a timer, the "
            "longest pause was {right} ms, however long the server was silent."
        )
    else:
        cure = _(
            "With a thread and a queue the loop paused for {right} ms, too: not because of recv, but because "
            "this computer was busy. Do it again."
        )
    return f"{loop} {seen} {cure}".format(wrong=f"{wrong * 1000:.0f}", right=f"{right * 1000:.0f}")


Receive = Callable[[Notebook, socket.socket], Callable[[], bool]]
"""Begins to receive; returns what to call on each tick, which tells whether the bytes are here."""


def _receive_in_loop(notebook: Notebook, sock: socket.socket) -> Callable[[], bool]:
    def receive() -> bool:
        notebook.note_call(_("window"), "recv", loopback.receive(sock), _("the loop stood still until now"))
        return True

    return receive


def _receive_in_thread(notebook: Notebook, sock: socket.socket) -> Callable[[], bool]:
    events: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def receive() -> None:
        try:
            data = loopback.receive(sock)
        except OSError as error:
            events.put(error)
            return
        notebook.note_call(_("receiving thread"), "recv", data)
        events.put(data)

    def look() -> bool:
        try:
            data = events.get_nowait()
        except queue.Empty:
            return False
        if isinstance(data, Exception):
            raise data
        text = _("takes it from the queue: {text}").format(text=repr(data))
        notebook.note_call(_("window"), "", data, text)
        return True

    threading.Thread(target=receive, name="block receiver", daemon=True).start()
    return look


def _longest_pause(notebook: Notebook, measure: Measure, delay: float, receive: Receive) -> float:
    with loopback.connected_sockets() as (server, client):
        begun = threading.Event()

        def answer() -> None:
            begun.wait(PATIENCE)
            time.sleep(delay)
            notebook.note_call(_("server"), "send", _LINE)
            server.sendall(_LINE)

        waiting: Callable[[], bool] | None = None
        ready_at: int | None = None

        def step(tick: int) -> bool:
            nonlocal waiting, ready_at
            if tick == _BEFORE:
                begun.set()
                waiting = receive(notebook, client)
            if waiting and ready_at is None and waiting():
                ready_at = tick
            return ready_at is not None and tick >= ready_at + _AFTER

        with loopback.in_thread(answer, "block server"):
            times = measure(step)
    return max(later - earlier for earlier, later in itertools.pairwise(times))


EXPERIMENT: Final = Experiment(
    name="block",
    title=lambda: _("A blocking call in the window's thread"),
    question=lambda given: plural(
        "A window calls recv itself; the server answers after {count} millisecond. What does the window do "
        "meanwhile?",
        "A window calls recv itself; the server answers after {count} milliseconds. What does the window do "
        "meanwhile?",
        given["delay"],
    ),
    predictions=lambda: (
        _("it goes on as always"),
        _("it is frozen until the bytes come"),
        _("recv raises an exception because nothing has come"),
    ),
    parameters=(Parameter("delay", lambda: _("milliseconds until the server answers"), 1000, 100, 5000),),
    conduct=_conduct,
    code=(
        "client/net/connection.py:Connection._receive",
        "client/runner.py:Runner.handle_waiting",
        "client_gui.py:ChatWindow._poll",
    ),
)
