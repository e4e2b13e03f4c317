"""Measure how long the Tk thread is busy at a time: `python3 -m tests.measure_stalls`. Needs Xvfb.

Each case runs in a process of its own, with a real window and a server that says what the case needs. Printed
is the longest time for which a key would have had to wait: on the clock, and of the thread's own processor
time, which leaves out what other programs took. The promise is 100 ms for each.

    python3 -m tests.measure_stalls --before COMMIT    also the checkout of that commit, beside this one
    python3 -m tests.measure_stalls search links       only cases whose name holds one of these words
"""

import argparse
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import tkinter as tk
from _tkinter import DONT_WAIT
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from client.model.conversations import Entry
from client.settings import Settings
from client_gui import ChatWindow
from gui.chat.connect_page import Form
from gui.chat.delivery.unsent_page import UnsentPage
from gui.chat.finding.picker import PickerPage
from gui.chat.searching.page import SearchPage
from gui.launcher.window import Launcher
from gui.main_window import MainWindow
from gui.question_page import QuestionPage
from gui.toolkit.theme import Root
from lab.laboratory import Laboratory
from tests.tools.screen import virtual_screen
from tests.tools.sources import ROOT
from tests.tools.windows import page_over

BAR: Final = 0.1
"""Seconds."""
PATIENCE: Final = 40.0
"""Seconds that a case may take."""
_CAPABILITIES: Final = (
    "batch message-tags server-time echo-message labeled-response multi-prefix draft/chathistory"
    " draft/multiline=max-bytes=100000,max-lines=2000"
)


class Liar:
    """A server that answers a client's greeting, and for the rest does what a case wants; for one client."""

    def __init__(self) -> None:
        self.capabilities = _CAPABILITIES
        self.features = "CHANTYPES=# PREFIX=(ov)@+"
        self.on_join: Callable[[str], str] = lambda room: ""
        self.on_history: Callable[[str, list[str]], str] = lambda room, asked: ""
        self.echoes = True
        self.welcomed = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()[:2]
        self._socket: socket.socket | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def say(self, lines: str) -> None:
        """Send lines in a thread: the client may take its time."""
        sock = self._socket
        assert sock
        threading.Thread(target=self._send, args=(sock, lines), daemon=True).start()

    def hang_up(self) -> None:
        """Close the connection; the next one is welcome."""
        assert self._socket
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Accept nobody any more."""
        self._listener.close()

    @staticmethod
    def _send(sock: socket.socket, lines: str) -> None:
        with suppress(OSError):
            sock.sendall(lines.replace("\n", "\r\n").encode())

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._socket, _peer = self._listener.accept()
                with suppress(OSError), self._socket.makefile(encoding="utf-8", errors="replace") as lines:
                    for line in lines:
                        self._answer(self._socket, line.rstrip("\r\n"))

    def _answer(self, sock: socket.socket, line: str) -> None:
        tags = ""
        if line.startswith("@"):
            tags, _space, line = line.partition(" ")
        head, _colon, last = line.partition(" :")
        command, *params = [*head.split(" "), *([last] if last else [])]
        answer = ""
        match command.upper(), params:
            case "CAP", ["LS", *_]:
                answer = f":s CAP * LS :{self.capabilities}\n"
            case "CAP", ["REQ", *wanted]:
                answer = f":s CAP * ACK :{' '.join(wanted)}\n"
            case "CAP", ["END"]:
                self.welcomed += 1
                answer = f":s 001 Anna :Hello\n:s 005 Anna {self.features} :are supported\n"
                answer += ":s 376 Anna :End\n"
            case "PING", [token, *_]:
                answer = f":s PONG s :{token}\n"
            case "JOIN", [rooms, *_]:
                answer = "".join(
                    f":Anna!~a@h JOIN {room}\n:s 353 Anna = {room} :@Anna Boris\n{self.on_join(room)}"
                    f":s 366 Anna {room} :End\n"
                    for room in rooms.split(",")
                )
            case "CHATHISTORY", [_, room, *asked]:
                page = self.on_history(room, asked)
                answer = f":s BATCH +h chathistory {room}\n{page}:s BATCH -h\n"
            case (("PRIVMSG" | "NOTICE" | "BATCH"), _) if self.echoes and command != "BATCH":
                answer = f"{tags} :Anna!~a@h {line}\n".lstrip()
        if answer:
            self._send(sock, answer)


class Meter:
    """Runs a window's events one by one, and notes for how long the thread was busy with one."""

    def __init__(self, root: tk.Tk) -> None:
        self.wall = self.cpu = 0.0
        self._root = root

    def do(self, function: Callable[[], object]) -> None:
        """Do at once what the user asks for."""
        wall, cpu = time.perf_counter(), time.thread_time()
        function()
        self.wall = max(self.wall, time.perf_counter() - wall)
        self.cpu = max(self.cpu, time.thread_time() - cpu)

    def run(self, until: Callable[[], object], rest: float = 0.3) -> None:
        """Run events until the condition holds, and then until nothing has happened for `rest` seconds.

        Raises:
            TimeoutError: it takes longer than PATIENCE.
        """
        end, quiet_since = time.monotonic() + PATIENCE, time.monotonic()
        done = False
        while not done or time.monotonic() - quiet_since < rest:
            before = self.wall, self.cpu, time.perf_counter()
            handled = False

            def step() -> None:
                nonlocal handled
                handled = bool(self._root.tk.dooneevent(DONT_WAIT))

            self.do(step)
            if not handled:
                self.wall, self.cpu = before[:2]
                time.sleep(0.001)
            if time.perf_counter() - before[2] > 0.005 and handled:
                quiet_since = time.monotonic()
            done = done or bool(until())
            if time.monotonic() > end:
                raise TimeoutError

    def reset(self) -> None:
        """Begin: what came before was preparation."""
        self.wall = self.cpu = 0.0


class Stage:
    """What a case works with: a window that is connected to a server of its own."""

    def __init__(self) -> None:
        self.root = Root()
        self.root.geometry("1100x800")
        self.server = Liar()
        self.laboratory = Laboratory()
        self.window = ChatWindow(self.root, Settings(language="en"), laboratory=self.laboratory)
        self.root.deiconify()
        self.meter = Meter(self.root)
        self._said = 0

    def enter(self, rooms: Iterable[str] = ("#lab",)) -> None:
        """Connect, and enter these rooms."""
        names = tuple(rooms)
        self.window.connect(Form("{}:{}".format(*self.server.address), "Anna", ",".join(names)))
        self.meter.run(lambda: self.joined(len(names)))

    def joined(self, count: int) -> bool:
        """Tell whether we are in so many rooms."""
        session = self.window.session
        rooms = session.state.conversations.values() if session else ()
        return sum(one.is_room and one.joined for one in rooms) >= count

    def say_and_wait(self, lines: str) -> None:
        """Let the server say something, and run the window until it has handled the end of it."""
        session = self.window.session
        assert session
        self._said += 1
        end = f"that was all {self._said}"
        self.server.say(f"{lines}:x!x@x PRIVMSG Anna :{end}\n")
        self.meter.run(lambda: any(one.text == end for one in self.entries("x")))

    def entries(self, name: str) -> Iterable[Entry]:
        """Return the transcript of a conversation, newest first."""
        session = self.window.session
        found = session.state.conversation(name) if session else None
        return reversed(found.entries) if found else ()

    def show(self, name: str) -> None:
        """Show a conversation."""
        session = self.window.session
        assert session
        found = session.state.conversation(name)
        assert found, name
        self.window.controller.show(found)

    def key(self, event: str) -> None:
        """Press a key where the input is."""
        self.window.page.composer.text.focus_force()
        self.root.update()
        self.window.page.composer.text.event_generate(event)


def _rooms(count: int) -> list[str]:
    return [f"#room{number}" for number in range(count)]


def _talk(count: int, room: str = "#lab", text: str = "message {} and some more words") -> str:
    return "".join(
        f"@msgid={room}{number} :Boris!b@h PRIVMSG {room} :{text.format(number)}\n" for number in range(count)
    )


def _long(text: str, number: int, room: str = "#lab") -> str:
    """A message that is longer than a line: draft/multiline."""
    pieces = [text[at : at + 400] for at in range(0, len(text), 400)]
    inside = "".join(
        f"@batch=m{number}{';draft/multiline-concat' if index else ''} :Boris!b@h PRIVMSG {room} :{piece}\n"
        for index, piece in enumerate(pieces)
    )
    return f":Boris!b@h BATCH +m{number} draft/multiline {room}\n{inside}:Boris!b@h BATCH -m{number}\n"


def _search(messages: int) -> Callable[[Stage], None]:
    def case(stage: Stage) -> None:
        stage.enter()
        stage.say_and_wait("".join(_long("о" * 32_000, number) for number in range(messages)))
        stage.show("#lab")
        stage.meter.run(lambda: True, rest=1.0)
        stage.meter.reset()
        search = stage.window.page.search
        stage.meter.do(stage.window.page.open_search)
        search.entry.insert("end", "о")
        stage.meter.do(search.search)
        stage.meter.run(lambda: True)
        for _ in range(3):
            stage.meter.do(lambda: search.step(-1))
            stage.meter.run(lambda: True)

    return case


def search_of_short_messages(stage: Stage) -> None:
    stage.enter()
    stage.say_and_wait(_talk(2000))
    stage.show("#lab")
    stage.meter.run(lambda: True, rest=1.0)
    stage.meter.reset()
    search = stage.window.page.search
    stage.meter.do(stage.window.page.open_search)
    for wanted in ("е", "e", "message 7", "nowhere"):
        search.entry.delete(0, "end")
        search.entry.insert("end", wanted)
        stage.meter.do(search.search)
        stage.meter.run(lambda: True)


def search_of_20_full_rooms(stage: Stage) -> None:
    stage.enter(_rooms(20))
    for room in _rooms(20):
        stage.say_and_wait(_talk(2000, room) if room != "#room7" else _long("о" * 32_000, 1, room))
    stage.meter.run(lambda: True, rest=1.0)
    stage.meter.reset()
    searching = stage.window.searching
    for wanted in ("nowhere", "о", "message 7"):
        stage.meter.do(lambda wanted=wanted: searching.open(wanted))  # type: ignore[misc]
        page = page_over(stage.window.main_window, SearchPage)
        stage.meter.do(page.here.invoke)
        stage.meter.run(lambda: not searching.is_searching)
        stage.meter.do(lambda page=page: page.list.canvas.event_generate("<End>"))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def messages_that_wait_listed_and_taken_back(stage: Stage) -> None:
    stage.enter()
    stage.server.close()
    stage.server.hang_up()
    stage.meter.run(stage.window.page.status.reconnect_button.winfo_ismapped)
    stage.meter.reset()
    for number in range(1000):
        stage.window.controller.say(f"message {number}")
    stage.meter.do(stage.window.actions.unsent.perform)
    stage.meter.run(lambda: True)
    page = page_over(stage.window.main_window, UnsentPage)
    stage.meter.do(page.all_button.invoke)
    stage.meter.run(lambda: not stage.window.main_window.is_covered)


def long_messages(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    stage.say_and_wait("".join(_long("слово " * 5000, number) for number in range(20)))
    for key in ("Home", "Next", "End", "Prior"):
        stage.meter.do(lambda key=key: stage.window.controller._scroll(key))  # type: ignore[misc]
        stage.meter.run(lambda: True)
    stage.meter.do(lambda: stage.root.geometry("700x600"))
    stage.meter.run(lambda: True)


def catching_up_with_large_pages(stage: Stage) -> None:
    def page(room: str, asked: list[str]) -> str:
        if "*" in asked or len(pages) > 20:
            return ""
        pages.append(room)
        return "".join(
            f"@batch=h;msgid=p{len(pages)}-{number};time=2026-01-01T00:00:00.000Z"
            f" :Boris!b@h PRIVMSG {room} :old {number}\n"
            for number in range(1000)
        )

    pages: list[str] = []
    stage.enter()
    stage.say_and_wait(_talk(3))
    stage.server.on_history = page
    stage.meter.reset()
    stage.server.hang_up()
    stage.meter.run(lambda: stage.server.welcomed == 2 and stage.joined(1) and len(pages) > 20, rest=2.0)


def held_back_while_catching_up(stage: Stage) -> None:
    def page(room: str, asked: list[str]) -> str:
        if "*" in asked:
            return ""
        held.append(room)
        return _talk(5000, text="live {}") if len(held) == 1 else ""

    held: list[str] = []
    stage.enter()
    stage.say_and_wait(_talk(3))
    stage.server.on_history = page
    stage.meter.reset()
    stage.server.hang_up()
    stage.meter.run(lambda: stage.server.welcomed == 2 and stage.joined(1) and held, rest=2.0)


def reconnect_with_150_rooms(stage: Stage) -> None:
    _many_rooms(stage)
    stage.meter.reset()
    stage.server.hang_up()
    stage.meter.run(lambda: stage.server.welcomed == 2 and stage.joined(150), rest=1.0)


def connect_with_150_rooms(stage: Stage) -> None:
    stage.meter.reset()
    stage.enter(_rooms(150))


def _many_rooms(stage: Stage) -> None:
    stage.enter(_rooms(150))
    stage.say_and_wait("".join(_talk(50, room) for room in _rooms(150)))
    for room in _rooms(150):
        stage.show(room)
        stage.meter.run(lambda: True, rest=0.0)


def language_with_150_rooms(stage: Stage) -> None:
    _many_rooms(stage)
    stage.meter.reset()
    for code in ("ru", "en"):
        stage.meter.do(lambda code=code: stage.window.main_window.set_language(code))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def theme_and_size_with_150_rooms(stage: Stage) -> None:
    _many_rooms(stage)
    stage.meter.reset()
    window = stage.window.main_window
    for change in (lambda: window.set_theme("dark"), lambda: window.set_size(16)):
        stage.meter.do(change)
        stage.meter.run(lambda: True)


def theme_size_and_language_of_a_full_room(stage: Stage) -> None:
    stage.enter()
    stage.say_and_wait(_talk(2000))
    stage.show("#lab")
    stage.meter.run(lambda: True, rest=1.0)
    stage.meter.reset()
    window = stage.window.main_window
    for change in (
        lambda: window.set_theme("dark"),
        lambda: window.set_size(16),
        lambda: window.set_language("ru"),
        lambda: stage.root.geometry("700x600"),
    ):
        stage.meter.do(change)
        stage.meter.run(lambda: True)


def waiting_messages_that_fail_at_once(stage: Stage) -> None:
    stage.server.capabilities = "echo-message message-tags"
    stage.enter()
    stage.server.echoes = False
    stage.meter.reset()
    stage.window.page.composer.set("а\n" * 1999)
    stage.meter.do(stage.window.page.composer.submit)
    stage.meter.run(lambda: True, rest=1.0)
    stage.server.hang_up()
    stage.meter.run(lambda: stage.server.welcomed == 2 and stage.joined(1), rest=2.0)


def quits_in_200_rooms(stage: Stage) -> None:
    names = " ".join(f"nick{number}" for number in range(40))
    groups = [names.replace("nick", f"n{group}x") for group in range(13)]
    stage.server.on_join = lambda room: "".join(f":s 353 Anna = {room} :{group}\n" for group in groups)
    stage.enter(_rooms(200))
    stage.meter.reset()
    nicks = [nick for group in groups for nick in group.split()][:500]
    stage.say_and_wait("".join(f":{nick}!a@h QUIT :*.net *.split\n" for nick in nicks))


def one_line_of_links(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    for number in range(3):
        stage.say_and_wait(f":Boris!b@h PRIVMSG #lab :{'http://a.b ' * 740}\n")
        stage.say_and_wait(_long("http://a.b " * 2900, number))
        stage.say_and_wait(_long("https://a" + ")" * 31_000, 10 + number))


def lines_of_marks_and_codes(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    lines = ("*a* _b_ `c` ~~d~~ ", " *a", "\x02a\x1db\x0304c\x0f", "\x02*a*\x02 _b_ http://x.y/*z* ")
    for number, line in enumerate(line for line in lines for _time in range(3)):
        stage.say_and_wait(f":Boris!b@h PRIVMSG #lab :{(line * 4000)[:8000]}\n")
        stage.say_and_wait(_long((line * 8000)[:31_000], number))


def opening_the_emoji(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    writing = stage.window.controller.writing
    for _time in range(6):
        stage.meter.do(writing.toggle_emoji)
        stage.meter.run(lambda: True)


def answers_while_the_window_changes(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    long = "*some* _words_ " * 300
    said = "".join(
        f"@msgid={n} :Boris!b@h PRIVMSG #lab :{n} {long}\n@+draft/reply={n} :Boris!b@h PRIVMSG #lab :ok {n}\n"
        for n in range(300)
    )
    stage.meter.reset()
    stage.say_and_wait(said)
    for size in ("700x600", "1100x800"):
        stage.meter.do(lambda size=size: stage.root.geometry(size))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def thousands_who_type(stage: Stage) -> None:
    _enter_crowd(stage, 20_000)
    stage.say_and_wait("".join(f"@+typing=paused :nick{n}!n@h TAGMSG #lab\n" for n in range(20_000)))


def letters_that_are_hard_to_draw(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    for letters in ("e" + "\u0301" * 60, "👩‍👩‍👧‍👦", "漢字", "سلام ", "क्षि", "\u202e\u200b", "ﷺ"):
        stage.say_and_wait(f":Boris!b@h PRIVMSG #lab :{(letters * 4000)[:2600]}\n")


def a_burst_of_talk(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    stage.say_and_wait(_talk(10_000))


def a_burst_in_rooms_that_are_not_shown(stage: Stage) -> None:
    stage.enter(_rooms(100))
    stage.meter.reset()
    stage.say_and_wait("".join(_talk(50, room) for room in _rooms(100)))


def opening_full_rooms(stage: Stage) -> None:
    stage.enter(_rooms(3))
    for room in _rooms(3):
        stage.say_and_wait(_talk(2000, room))
    stage.meter.run(lambda: True, rest=1.0)
    stage.meter.reset()
    for room in _rooms(3) * 2:
        stage.meter.do(lambda room=room: stage.show(room))  # type: ignore[misc]
        stage.meter.run(lambda: True)
        stage.meter.do(lambda: stage.window.controller._scroll("Home"))
        stage.meter.run(lambda: True)


def _crowd(count: int) -> Callable[[str], str]:
    nicks = [f"nick{number}" for number in range(count)]
    lines = [" ".join(nicks[at : at + 40]) for at in range(0, count, 40)]
    return lambda room: "".join(f":s 353 Anna = {room} :{line}\n" for line in lines)


def _enter_crowd(stage: Stage, count: int) -> None:
    """Be in a room with so many; from now on it is measured."""
    stage.server.on_join = _crowd(count)
    stage.enter()
    stage.show("#lab")
    stage.meter.run(lambda: True, rest=1.0)
    stage.meter.reset()


def names_of_20000(stage: Stage) -> None:
    stage.server.on_join = _crowd(20_000)
    stage.meter.reset()
    stage.enter()
    stage.show("#lab")
    stage.meter.run(lambda: True)


def _type(stage: Stage, text: str) -> None:
    """Type into the page that covers the chat, letter by letter."""
    page = page_over(stage.window.main_window, PickerPage)
    for letter in text:
        page.entry.insert("end", letter)
        stage.meter.do(page._typed)
        stage.meter.run(lambda: True, rest=0.05)


def finding_among_5000(stage: Stage) -> None:
    _enter_crowd(stage, 5000)
    for wanted in ("@nick 49", "ыуфкср", "nobody"):
        stage.meter.do(stage.window.actions.find.perform)
        _type(stage, wanted)
        stage.meter.do(stage.window.main_window.uncover)


def a_list_of_12000_rooms(stage: Stage) -> None:
    topic = "what is talked about here " * 5
    rooms = "".join(f":s 322 Anna #listed{number} {number % 300} :{topic}\n" for number in range(12_000))
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    stage.meter.do(stage.window.actions.enter_room.perform)
    stage.say_and_wait(f"{rooms}:s 323 Anna :End\n")
    _type(stage, "listed7")
    stage.meter.do(stage.window.actions.enter_room.perform)
    stage.say_and_wait(f"{rooms}:s 323 Anna :End\n")


def coming_and_going_among_5000(stage: Stage) -> None:
    _enter_crowd(stage, 5000)
    lines = [f":new{number}!n@h JOIN #lab\n" for number in range(500)]
    lines += [f":s MODE #lab +vvvvvv {' '.join(f'nick{n}' for n in range(k, k + 6))}\n" for k in range(500)]
    lines += [f":nick{number}!n@h NICK other{number}\n" for number in range(500)]
    lines += [f":nick{number}!n@h QUIT :*.net *.split\n" for number in range(500, 3000)]
    lines += [f":other{number}!n@h PART #lab\n" for number in range(500)]
    stage.say_and_wait("".join(lines))


def completing_among_20000(stage: Stage) -> None:
    _enter_crowd(stage, 20_000)
    stage.window.page.composer.set("nick")
    for _ in range(3):
        stage.meter.do(lambda: stage.key("<Tab>"))
        stage.meter.run(lambda: True)


def list_of_10000_rooms(stage: Stage) -> None:
    stage.enter()
    stage.show("")
    stage.meter.reset()
    stage.say_and_wait("".join(f":s 322 Anna #r{number} 5 :topic {number}\n" for number in range(10_000)))


def talks_with_300_people(stage: Stage) -> None:
    stage.enter()
    stage.meter.reset()
    stage.say_and_wait("".join(f":p{k % 290}!n@h PRIVMSG Anna :hello {k}\n" for k in range(3000)))
    stage.meter.do(lambda: stage.window.main_window.set_language("ru"))
    stage.meter.run(lambda: True)


def long_topics(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    stage.say_and_wait("".join(f":Boris!b@h TOPIC #lab :{k} {'тема ' * 800}\n" for k in range(100)))
    stage.meter.do(lambda: stage.root.geometry("700x600"))
    stage.meter.run(lambda: True)


def pasting_20000_characters(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.root.clipboard_clear()
    for text in ("слово " * 3300, "о" * 19_900, "x\n" * 9900):
        stage.root.clipboard_clear()
        stage.root.clipboard_append(text)
        stage.meter.reset()
        stage.meter.do(lambda: stage.key("<<Paste>>"))
        stage.meter.run(lambda: True)
        stage.key("<Control-a>")
        stage.meter.do(lambda: stage.key("<BackSpace>"))
        stage.meter.run(lambda: True)


def sending_20000_characters(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    stage.meter.reset()
    for text in ("слово " * 3300, "x\n" * 9900):
        stage.window.page.composer.set(text)
        stage.meter.do(stage.window.page.composer.submit)
        if isinstance(question := stage.window.main_window._over, QuestionPage):
            stage.meter.do(question.act_button.invoke)
        stage.meter.run(lambda: True, rest=1.0)


def walking_through_a_long_draft(stage: Stage) -> None:
    stage.enter()
    stage.show("#lab")
    for text in ("слово " * 3300, "漢字" * 9900, "👩‍👩‍👧‍👦" * 2800):
        stage.window.page.composer.set(text)
        stage.meter.run(lambda: True)
        stage.meter.reset()
        for key in ["<Up>"] * 30 + ["<Shift-Up>"] * 3 + ["<Down>"] * 3:
            stage.meter.do(lambda key=key: stage.key(key))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def copying_the_transcript(stage: Stage) -> None:
    stage.enter()
    stage.say_and_wait(_talk(2000))
    stage.show("#lab")
    stage.meter.run(lambda: True, rest=1.0)
    stage.meter.reset()
    text = stage.window.page.transcript.text
    text.focus_force()
    stage.root.update()
    for event in ("<Control-a>", "<Control-c>"):
        stage.meter.do(lambda event=event: text.event_generate(event))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def _wire(stage: Stage) -> None:
    stage.enter()
    for start in range(0, 10_000, 100):
        stage.say_and_wait(_talk(100, text=f"{start} {{}} and some more words, слова"))
    wire = stage.laboratory.wire
    wire.toggle()
    stage.meter.run(lambda: wire.view and wire.view.model.records, rest=1.0)
    stage.meter.reset()


def opening_the_wire(stage: Stage) -> None:
    stage.enter()
    stage.say_and_wait(_talk(15_000))
    stage.meter.reset()
    stage.meter.do(stage.laboratory.wire.toggle)
    stage.meter.run(lambda: True, rest=1.0)


def copying_the_wire(stage: Stage) -> None:
    _wire(stage)
    view = stage.laboratory.wire.view
    assert view
    stage.meter.do(view.copy)
    stage.meter.run(lambda: True, rest=1.0)


def filters_and_details_of_the_wire(stage: Stage) -> None:
    _wire(stage)
    view = stage.laboratory.wire.view
    assert view
    for function in (view._toggle_pings, view._toggle_room, view._next_direction):
        stage.meter.do(function)
        stage.meter.run(lambda: True)
    stage.meter.do(view._toggle_room)
    stage.meter.do(view._toggle_pings)
    for row in sorted(view.model.rows, key=lambda row: -len(row.record.call.data))[:3]:
        stage.meter.do(lambda row=row: view._chosen((row.record.number, -1)))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def the_calls_of_a_message(stage: Stage) -> None:
    stage.enter()
    stage.say_and_wait(_talk(15_000))
    stage.laboratory.wire.toggle()
    stage.meter.reset()
    session = stage.window.session
    assert session
    room = session.state.conversation("#lab")
    assert room
    view = stage.laboratory.wire.view
    assert view
    for at in (0, -1):
        stage.meter.do(lambda at=at: view.select_entry(room.entries[at]))  # type: ignore[misc]
        stage.meter.run(lambda: True)


def saving_the_report(stage: Stage) -> None:
    _wire(stage)
    form = stage.laboratory.report.show()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.html")
        stage.meter.run(lambda: True)
        stage.meter.reset()
        stage.meter.do(lambda: form.on_save(str(path), form.title_page()))
        stage.meter.run(path.exists, rest=1.0)


def the_launchers_log(stage: Stage) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "talker.py")
        program.write_text("for n in range(100_000): print(n, 'connected from 127.0.0.1:' + str(n))")
        top = tk.Toplevel(stage.root)
        launcher = Launcher(MainWindow(top, Settings()), [sys.executable, str(program)])
        launcher.grid()
        stage.meter.run(lambda: True)
        stage.meter.reset()
        stage.meter.do(launcher.start_server.button.invoke)
        stage.meter.run(lambda: launcher.server is None, rest=1.0)
        launcher.end()


def a_desk_with_300_people(stage: Stage) -> None:
    """A hundred of them change each second, and say something."""
    people, turns = 300, 10
    stage.server.features += " chat.lab/CLASS=#lab"
    stage.server.capabilities += " chat.lab/desk"
    stage.enter()
    session = stage.window.session
    assert session
    stage.server.say(":Anna!~a@h MODE Anna :+o\n")
    stage.meter.run(lambda: session.state.rules_class)
    stage.meter.do(stage.window.desk.toggle)

    def row(number: int, turn: int) -> str:
        tags = f"chat.lab/rooms=#lab;chat.lab/state=here;chat.lab/address=10.0.1.{number}"
        changes = f"chat.lab/lines={turn};chat.lab/hand={number % 7};chat.lab/heard=1790000000"
        return f"@{tags};{changes} :s PERSON {number} Student{number}\n"

    stage.say_and_wait("".join(row(number, 0) for number in range(people)))
    for turn in range(turns):
        changed = [row((turn * 100 + number) % people, turn) for number in range(100)]
        stage.say_and_wait("".join(changed) + _talk(100, text=f"turn {turn} {{}}"))
    table = stage.window.desk.page.list
    for column in table.columns():
        stage.meter.do(partial(table.sort_by, column))
        stage.meter.run(lambda: True)


CASES: Final[dict[str, Callable[[Stage], None]]] = {
    "search in 10 messages of 32,000 letters": _search(10),
    "search in 300 messages of 32,000 letters": _search(300),
    **{
        function.__name__.replace("_", " "): function
        for function in (
            search_of_short_messages,
            search_of_20_full_rooms,
            messages_that_wait_listed_and_taken_back,
            long_messages,
            catching_up_with_large_pages,
            held_back_while_catching_up,
            connect_with_150_rooms,
            reconnect_with_150_rooms,
            language_with_150_rooms,
            theme_and_size_with_150_rooms,
            theme_size_and_language_of_a_full_room,
            waiting_messages_that_fail_at_once,
            quits_in_200_rooms,
            one_line_of_links,
            lines_of_marks_and_codes,
            opening_the_emoji,
            answers_while_the_window_changes,
            thousands_who_type,
            letters_that_are_hard_to_draw,
            a_burst_of_talk,
            a_burst_in_rooms_that_are_not_shown,
            opening_full_rooms,
            names_of_20000,
            coming_and_going_among_5000,
            finding_among_5000,
            a_list_of_12000_rooms,
            completing_among_20000,
            list_of_10000_rooms,
            talks_with_300_people,
            a_desk_with_300_people,
            long_topics,
            pasting_20000_characters,
            sending_20000_characters,
            walking_through_a_long_draft,
            copying_the_transcript,
            opening_the_wire,
            copying_the_wire,
            filters_and_details_of_the_wire,
            the_calls_of_a_message,
            saving_the_report,
            the_launchers_log,
        )
    },
}


def _run_case(name: str) -> None:
    """Run one case here, and print what it measured."""
    with virtual_screen() as display, tempfile.TemporaryDirectory() as folder:
        os.environ.update(DISPLAY=display, HOME=folder)
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ.pop(variable, None)
        stage = Stage()
        problem = ""
        try:
            CASES[name](stage)
        except TimeoutError:
            problem = f"not done in {PATIENCE:.0f} s"
        print(json.dumps([stage.meter.wall, stage.meter.cpu, problem]), flush=True)
    os._exit(0)  # a window may not want to close


def _measure(checkout: Path, name: str) -> tuple[float, float, str]:
    command = [sys.executable, "-m", "tests.measure_stalls", "--case", name]
    try:
        done = subprocess.run(
            command, cwd=checkout, capture_output=True, text=True, timeout=2 * PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return 0.0, 0.0, "does not end"
    try:
        wall, cpu, problem = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return 0.0, 0.0, (done.stderr.strip().splitlines() or ["ended"])[-1]
    return wall, cpu, problem


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--before", metavar="COMMIT", default="")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case:
        _run_case(given.case)
    names = [name for name in CASES if not given.words or any(word in name for word in given.words)]
    with tempfile.TemporaryDirectory() as folder:
        checkouts = {"now": ROOT}
        if given.before:
            command = ["git", "archive", given.before]
            packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
                archive.extractall(folder, filter="data")
            shutil.copy(__file__, Path(folder, "tests", "measure_stalls.py"))
            checkouts = {"before": Path(folder), **checkouts}
        print(f"{'longest stall, ms':44}" + "".join(f"{which:>12}{'(cpu)':>8}" for which in checkouts))
        over = 0
        for name in names:
            print(f"{name:44}", end="", flush=True)
            for which, checkout in checkouts.items():
                wall, cpu, problem = _measure(checkout, name)
                over += which == "now" and (cpu > BAR or bool(problem))
                print(f"{1000 * wall:12.0f}{1000 * cpu:8.0f} {problem}", end="", flush=True)
            print()
    print(f"{over} of {len(names)} over {1000 * BAR:.0f} ms (processor time)")


if __name__ == "__main__":
    main()
