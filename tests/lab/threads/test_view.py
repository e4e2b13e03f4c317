"""The thread diagrams: live, of the real threads; and slow motion, which ends with its window."""

import subprocess
import sys
import threading
import time
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.settings import Settings
from gui.question_page import QuestionPage
from lab.threads.activity import ActivityTracker
from lab.threads.scene import ClientScene, Picture, ServerScene
from lab.threads.server_window import open_window
from lab.threads.view import MAX_DOTS, PACES, ThreadView
from server import ChatServer, ServerOptions
from tests.tools.irc import Client, Irc
from tests.tools.programs import Program
from tests.tools.sources import ROOT
from tests.tools.windows import DEADLINE, say, until, watched_window


@pytest.fixture
def watched() -> Iterator[tuple[ChatServer, ActivityTracker]]:
    """A server in this process whose threads tell a tracker what they do."""
    tracker = ActivityTracker()
    server = ChatServer(ServerOptions(port=0), activity_tap=tracker)
    server.start()
    yield server, tracker
    tracker.set_pace(0.0)
    server.stop()


def member(server: ChatServer, nick: str) -> Client:
    client = Client(server.address, nick)
    client.register(nick)
    client.enter()
    return client


def states(picture: Picture) -> dict[str, str]:
    return {box.title: box.state for box in picture.boxes if not box.key.startswith("out ")}


def words_of(view: ThreadView) -> list[int]:
    return [item for item in view.canvas.find_all() if "text" in (view.canvas.itemconfigure(item) or ())]


def test_the_servers_threads_and_queues_are_drawn_as_they_are(
    watched: tuple[ChatServer, ActivityTracker],
) -> None:
    server, tracker = watched
    scene = ServerScene(tracker, server.status)
    with member(server, "Анна"), member(server, "Борис"):
        end = time.monotonic() + DEADLINE
        wanted = {
            "Accept thread": "waits in accept",
            "Анна": "waits in recv",
            "Борис": "waits in recv",
            "Inbox": "queue",
            "Hub": "waits for the queue",
        }
        while states(scene.picture(time.monotonic() + 10, {})) != wanted and time.monotonic() < end:
            pass
        assert states(scene.picture(time.monotonic() + 10, {})) == wanted
        assert len(server.status().clients) == 2


def test_a_message_travels_from_its_thread_through_the_hub_to_everybody(
    watched: tuple[ChatServer, ActivityTracker],
) -> None:
    server, tracker = watched
    scene = ServerScene(tracker, server.status)
    with member(server, "Анна") as anna, member(server, "Борис") as boris:
        scene.picture(time.monotonic(), {})
        scene.trips()
        anna.send("PRIVMSG #lab :привет")
        boris.expect("привет")
        here, there = (client.name for client in server.status().clients)
        paths = [trip.path for trip in scene.trips()]
        assert [path for path in paths if here in path[:2]][:2] == [("", here), (here, "inbox")]
        assert paths.index(("inbox", "hub")) < paths.index(("hub", f"out {there}", ""))


def test_the_hub_writes_the_history_only_where_something_was_said(tmp_path: Path) -> None:
    tracker = ActivityTracker()
    server = ChatServer(ServerOptions(port=0, history=tmp_path / "h.sqlite3"), activity_tap=tracker)
    server.start()

    def commits() -> int:
        return sum(step.name == "commit" for step in tracker.activities_since(0)[0])

    try:
        with member(server, "Анна") as anna:
            for number in range(10):
                anna.send(f"PING {number}")
                anna.expect(f"PONG.* :?{number}$")
            assert commits() == 1, "that she entered the room"
            anna.send("PRIVMSG #lab :привет")
            anna.send("PING done")
            anna.expect("PONG.* :?done$")
            assert commits() == 2
    finally:
        server.stop()


def test_slow_motion_delays_each_step_and_ends_at_once() -> None:
    tracker = ActivityTracker()
    tracker.set_pace(60.0)
    tracker("recv", "")  # a thread that waits anyway is not held up
    thread = threading.Thread(target=tracker, args=("parse", ""), name="client x")
    thread.start()
    until_told = time.monotonic() + DEADLINE
    while tracker.current("client x") is None:
        assert time.monotonic() < until_told
    assert thread.is_alive()
    tracker.set_pace(0.0)
    thread.join(DEADLINE)
    assert not thread.is_alive()


def test_the_servers_window_lives_and_gives_slow_motion_up_when_it_closes(
    root: tk.Tk, watched: tuple[ChatServer, ActivityTracker]
) -> None:
    server, tracker = watched
    view = open_window(root, server, tracker, Settings()).threads
    root.deiconify()
    with member(server, "Анна") as anna:
        until(root, lambda: view.travelling)
        for number in range(5):
            anna.send(f"PRIVMSG #lab :{number}")
        until(root, lambda: not view.travelling)
        assert tracker.pace == 0.0
        for pace in (*PACES[1:], 0.0, PACES[1]):
            view.slow.invoke()
            assert tracker.pace == pace
        anna.send("PRIVMSG #lab :медленно")
        until(root, lambda: 0 < view.travelling <= MAX_DOTS)
        texts = [str(root.tk.call(view.canvas, "itemcget", item, "-text")) for item in words_of(view)]
        assert "Hub" in texts
        root.destroy()
        assert tracker.pace == 0.0


def test_the_clients_threads_are_drawn_while_it_talks(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, _other):
        root.event_generate("<Shift-F12>")
        view = lab.threads.show()
        scene = view._scene
        assert isinstance(scene, ClientScene)
        reached: set[str] = set()
        say(window, "привет")
        until(root, lambda: view.travelling)
        drawn = states(scene.picture(time.monotonic(), {}))
        assert drawn["Sending thread"].startswith(("sends", "waits"))
        while view.travelling:  # what the boxes say fits what is seen
            root.update()
            picture, seen = view._drawn, view._seen(time.monotonic())
            assert picture
            boxes = {box.key: box for box in scene.picture(time.monotonic(), seen).boxes}
            assert boxes["queue"].waiting >= seen["queue"]
            assert boxes["outgoing"].waiting >= seen["outgoing"]
            assert (boxes["tk"].tone == "busy") == (seen["tk"] > 0)
            reached |= {key for key, count in seen.items() if count}
        assert {"queue", "outgoing", "tk"} <= reached
        view.next_pace()
        assert lab.activity_tap.pace
        lab.threads.close()
        assert lab.threads.view is None
        assert not lab.activity_tap.pace


def test_chat_server_window_opens_and_ends_with_the_server(screen: str) -> None:
    with Program("server", "--window", "--port", "0", "--no-history") as program:
        with Client(program.address()) as client:
            client.register("Анна")
        assert program.stop() == 0


def test_the_window_of_a_server_whose_hub_has_died_closes_and_says_so_with_the_exit_code(screen: str) -> None:
    program = (
        "import sys; from lab.threads import server_window; from server import ChatServer, ServerOptions; "
        "ChatServer._take_events = lambda self: sys.exit(); "
        "sys.exit(server_window.run(ServerOptions(port=0)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=DEADLINE, check=False)
    assert done.returncode == 1


def test_closing_the_servers_window_asks_where_somebody_is_connected(
    root: tk.Tk, watched: tuple[ChatServer, ActivityTracker]
) -> None:
    server, tracker = watched
    page = open_window(root, server, tracker, Settings())
    root.deiconify()
    with member(server, "Анна"):
        root.tk.call(*root.tk.splitlist(root.protocol("WM_DELETE_WINDOW")))
        found = [one for one in root.winfo_children() if isinstance(one, QuestionPage)]
        assert [str(one._text.cget("text")) for one in found] == ["1 person is connected."]
        found[0].button.invoke()
        assert page.winfo_exists()
    until(root, lambda: not server.status().clients)
    root.tk.call(*root.tk.splitlist(root.protocol("WM_DELETE_WINDOW")))
    assert not root.tk.call("info", "commands", ".")
