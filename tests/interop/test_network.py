"""Two linked ngircd servers with the configuration of docs/scaling, and what its page says about them."""

import os
import re
import subprocess
import tkinter as tk
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from client.model.conversations import Kind
from tests.tools.foreign_servers import HOST, ForeignServer
from tests.tools.programs import DEADLINE, SEARCH_PATH, free_port, needs
from tests.tools.sources import ROOT
from tests.tools.users import User, Users
from tests.tools.windows import chat_window, enter_room, say, shows, until

pytestmark = pytest.mark.long

CONFIGURATIONS = {name: ROOT / "docs" / "scaling" / f"ngircd-{name}.conf" for name in "ab"}


class Network(NamedTuple):
    a: ForeignServer
    b: ForeignServer


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """Both servers, linked; all of the configuration is the page's, but for addresses and ports."""
    ports = {name: free_port() for name in CONFIGURATIONS}
    servers = {}
    with ExitStack() as ending:
        for name, path in CONFIGURATIONS.items():
            text = re.sub(r"192\.168\.0\.\d+", HOST, path.read_text(encoding="utf-8"))
            text, count = re.subn(r"\bPorts = 6667\b", f"Ports = {ports[name]}", text)
            assert count == 1
            # A configured port is the other server's, and only the second one connects to the first.
            text = re.sub(r"\bPort = 6667\b", f"Port = {ports['a']}", text)
            config = tmp_path / path.name
            config.write_text(text, encoding="utf-8")
            servers[name] = ForeignServer(("ngircd", "--nodaemon", "--config", str(config)), ports[name])
            ending.callback(servers[name].stop)
        yield Network(**servers)


def test_the_configurations_are_what_ngircd_understands() -> None:
    needs("ngircd")
    for path in CONFIGURATIONS.values():
        result = subprocess.run(
            ["ngircd", "--configtest", "--config", path],
            env={**os.environ, "PATH": SEARCH_PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=DEADLINE,
            check=True,
        )
        # Everything before the dump is a complaint.
        assert "Reading configuration" in result.stdout
        complaints = result.stdout.partition("Reading configuration")[2].partition("Ok, dump")[0]
        assert complaints.splitlines()[1:] == []


def test_a_message_crosses_from_window_to_window(root: tk.Tk, network: Network) -> None:
    with chat_window(root) as first, chat_window(tk.Toplevel(root)) as second:
        enter_room(first, network.a.address, nick="Anna")
        enter_room(second, network.b.address, nick="Boris")
        for window, names in ((first, ["Anna  (you)", "Boris"]), (second, ["Anna", "Boris  (you)"])):
            rows = window.page.members.list
            until(root, lambda r=rows, n=names: [row.text + row.tail for row in r.rows] == n)  # type: ignore[misc]
        say(first, "Привет со школьного сервера А!")
        until(root, lambda: "Привет со школьного сервера А!" in second.transcript_text())
        say(second, "И вам привет с сервера Б!")
        until(root, lambda: "И вам привет с сервера Б!" in first.transcript_text())
        for window in (first, second):
            text = window.page.transcript.text
            until(root, lambda text=text: not text.tag_ranges("sending"))  # type: ignore[misc]
        say(first, "/msg Boris Только вам")
        until(root, lambda: any(row.badge for row in second.page.conversations.list.rows))
        second.controller.walk(1)
        until(root, lambda: shows(second, "Anna") and "Только вам" in second.transcript_text())


def test_the_teacher_keeps_order_on_both(network: Network, meet: Users) -> None:
    teacher = meet(network.b.address, "Teacher")
    noisy = meet(network.a.address, "Noisy")
    teacher.wait(lambda: teacher.neighbours == ["Noisy", "Teacher"])
    teacher.say("/raw OPER teacher change-this-password")
    teacher.say("/op Teacher")
    teacher.wait(lambda: teacher.neighbours == ["@Teacher", "Noisy"])
    teacher.say("/topic Сокеты")
    noisy.wait(lambda: noisy.lab.topic == "Сокеты")
    teacher.say("/kick Noisy шумит")
    noisy.wait(lambda: not noisy.lab.joined)
    assert "шумит" in noisy.told(Kind.KICK)[-1]
    teacher.say("/raw LINKS")
    for name in ("The first server", "The second server"):
        teacher.wait(lambda name=name: any(name in text for text in everything_told(teacher)))  # type: ignore[misc]


def everything_told(user: User) -> list[str]:
    """Everything in the transcripts of somebody's window."""
    return [
        one.text for conversation in user.session.state.conversations.values() for one in conversation.entries
    ]


def test_when_one_server_fails_the_other_goes_on_and_they_meet_again(network: Network, meet: Users) -> None:
    anna, vera = meet(network.a.address, "Anna"), meet(network.a.address, "Vera")
    boris = meet(network.b.address, "Boris")
    anna.wait(lambda: anna.neighbours == ["Anna", "Boris", "Vera"])
    network.b.stop()
    anna.wait(lambda: anna.neighbours == ["Anna", "Vera"] and not boris.session.state.ready)
    anna.say("Мы ещё здесь")
    vera.wait(lambda: vera.said() == ["Anna: Мы ещё здесь"])
    network.b.start()
    anna.wait(lambda: boris.is_in and anna.neighbours == ["Anna", "Boris", "Vera"])
    boris.wait(lambda: boris.neighbours == ["Anna", "Boris", "Vera"])
    boris.say("Я вернулся")
    anna.wait(lambda: "Boris: Я вернулся" in anna.said())
    assert boris.said() == ["Boris: Я вернулся"], "there is no history to catch up from"


def test_what_changes_for_the_class(network: Network, meet: Users) -> None:
    anna = meet(network.a.address, "Анна", enters=False)
    anna.wait(lambda: anna.is_in)
    assert anna.session.state.nick == "Anna"
    assert "On this server you are Anna: Анна is not available here." in everything_told(anna)
    anna.say("Это было раньше")
    anna.wait(lambda: not anna.session.unconfirmed)
    anna.say("/quote VERSION")  # there is no echo: when this is answered, the room has been told
    anna.wait(lambda: any(told.startswith("The server runs") for told in everything_told(anna)))
    assert anna.neighbours == ["Anna"], "the room is the server's: its first visitor is no operator"
    late = meet(network.b.address, "a" * 30)
    anna.wait(lambda: len(anna.lab.members) == 2)
    assert late.said() == []
    for user, room in ((anna, "#Лаба"), (late, "#лаба")):
        user.say(f"/join {room}")
        user.wait(lambda user=user, room=room: (here := user.room(room)) and here.members)  # type: ignore[misc]
    upper = anna.room("#Лаба")
    assert upper
    assert [member.nick for member in upper.members.values()] == ["Anna"]
