"""Measure the client's window: `python3 -m tests.measure_gui`. Needs Linux, Xvfb and xdotool.

Time from `chat.py client` to the window; its memory in one room, in 20 rooms, and after what comes in an hour
in 20 rooms while the user walks through them; processor time of an idle window that is connected; the longest
gap between two polls while 10,000 messages arrive: so long a key may have to wait.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
import tkinter as tk
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from client.settings import Visit, save
from client.visits import remember
from client_gui import ChatWindow
from gui.toolkit.theme import Root
from tests.tools.desktop import find_window, press
from tests.tools.footprint import footprint
from tests.tools.irc import Irc
from tests.tools.screen import virtual_screen
from tests.tools.sources import ROOT
from tests.tools.windows import PollGaps, enter_room, until

SETTLED: Final = 5.0
"""Seconds after which what has arrived is drawn."""
MESSAGES: Final = 10_000
IDLE_SECONDS: Final = 10.0
ROOMS: Final = [f"#room{number}" for number in range(20)]
PEOPLE: Final = 20
NICK: Final = "Анна"
CLIENT: Final = (sys.executable, str(ROOT / "chat.py"), "client", "--lang", "en")
AN_HOUR: Final = 600
"""Messages in each room: ten a minute."""


def time_to_window() -> float:
    """Return the seconds from the command to its mapped window."""
    start = time.perf_counter()
    program = subprocess.Popen(CLIENT)
    try:
        find_window("^LabChat$")
        return time.perf_counter() - start
    finally:
        program.terminate()
        program.wait(10)


@contextmanager
def program_in(rooms: Sequence[str], irc: Irc) -> Iterator[subprocess.Popen[bytes]]:
    """The real program, which has come back to these rooms and has nothing more to draw."""
    address = "{}:{}".format(*irc.address)
    visit = Visit(rooms, shown=rooms[0])
    save(lambda kept: remember(replace(kept, tour_seen=True), address, NICK, visit))
    command = [*CLIENT, "--no-discovery", "--server", address, "--nick", NICK]
    watcher = irc.client("Сторож").enter(*rooms)
    program = subprocess.Popen(command, cwd=ROOT)
    try:
        watcher.expect(f"JOIN {rooms[-1]}")
        time.sleep(SETTLED)
        yield program
    finally:
        watcher.close()
        program.terminate()
        program.wait(10)


def resident(program: subprocess.Popen[bytes]) -> float:
    """Return the MiB of a program that are in memory now."""
    return footprint(program.pid).resident_kib / 1024


def memory(irc: Irc) -> tuple[float, float, float]:
    """Return the MiB that the program has in one room, in 20 rooms, and after an hour's talk in those."""
    people = [irc.client(f"Человек{number}").enter(*ROOMS) for number in range(PEOPLE)]
    with program_in(ROOMS[:1], irc) as program:
        in_one = resident(program)
    with program_in(ROOMS, irc) as program:
        before = resident(program)
        window = find_window("LabChat$")
        for number in range(AN_HOUR):
            client = people[number % PEOPLE]
            lines = [f"PRIVMSG {room} :сообщение номер {number}, {'слово ' * 8}\r\n" for room in ROOMS]
            client.send_bytes("".join(lines).encode())
            if number % (AN_HOUR // len(ROOMS)) == 0:
                client.send(f"PART {ROOMS[0]}")
                client.send(f"JOIN {ROOMS[0]}")
                press(window, "ctrl+Tab")
            client.send(f"PING {number}")
            client.expect(f"PONG .*{number}")
        client.send(
            f"PRIVMSG {NICK} :\1PING end\1"
        )  # which it answers when it has taken all that came before
        client.expect("NOTICE .*PING end", 60)
        time.sleep(SETTLED)
        after = resident(program)
    for client in people:
        client.close()
    return in_one, before, after


def idle_share(root: tk.Tk) -> float:
    """Return the part of a core that the window takes while nothing happens."""
    processor, clock = time.thread_time(), time.perf_counter()
    until_time = clock + IDLE_SECONDS
    root.after(round(IDLE_SECONDS * 1000), lambda: None)
    while time.perf_counter() < until_time:
        root.tk.dooneevent(0)
    return (time.thread_time() - processor) / (time.perf_counter() - clock)


def burst(root: tk.Tk, window: ChatWindow, irc: Irc) -> tuple[float, float]:
    """Return seconds: the longest gap between polls, and until all messages had arrived."""
    other = irc.client("Борис")
    other.enter()
    lines = b"".join(f"PRIVMSG #lab :сообщение номер {number}\r\n".encode() for number in range(MESSAGES))
    talker = threading.Thread(target=other.send_bytes, args=(lines,))
    gaps = PollGaps(window)
    start = time.perf_counter()
    talker.start()
    until(root, lambda: f"номер {MESSAGES - 1}" in window.transcript_text()[-400:], 60)
    talker.join()
    return gaps.longest, time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    with virtual_screen() as display, tempfile.TemporaryDirectory() as folder:
        os.environ.update(DISPLAY=display, HOME=folder)
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ.pop(name, None)
        starts = sorted(time_to_window() for _ in range(5))
        print(f"time to the window     {starts[2]:.2f} s (median of 5)")
        irc = Irc(Path(folder))
        in_one, before, after = memory(irc)
        print(f"memory                 {in_one:.0f} MiB in one room")
        print(f"                       {before:.0f} MiB in 20 rooms, {after:.0f} MiB an hour later")
        root = Root()
        window = ChatWindow(root)
        root.deiconify()
        enter_room(window, irc.address)
        until(root, lambda: window.session and window.session.state.ready)
        print(f"idle                   {100 * idle_share(root):.2f} % of a core")
        gap, whole = burst(root, window, irc)
        print(
            f"longest gap            {1000 * gap:.0f} ms while {MESSAGES} messages arrived in {whole:.1f} s"
        )
        window.close()
        for connection in window.connections:
            connection.join(10)
        irc.close()


if __name__ == "__main__":
    main()
