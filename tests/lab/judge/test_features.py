"""What the variants add to a server: a program that has it all passes, and fails where one thing lacks."""

import sys
from pathlib import Path
from typing import Final

import pytest

from lab.judge.check import Mark
from lab.judge.judge import judge_server
from tests.tools.programs import free_port

SERVER: Final = """
import selectors, socket, sys, time
log = open(sys.argv[2], "a", encoding="utf-8")
selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
selector.register(listener, selectors.EVENT_READ)
clients, history = {}, []


class Client:
    name, room, rest, waiting, spoke = "", "lab", b"", b"", 0.0


def send(sock, text):
    clients[sock].waiting += text.encode() + b"\\n"


def drop(sock):
    del clients[sock]
    selector.unregister(sock)
    sock.close()


def hear(sock, me, text):
    if not me.name:
        me.name = text
        for line in history[-10:]:
            send(sock, line)
    elif text.startswith("/name "):
        name = text[6:]
        if name not in [one.name for one in clients.values()]:
            me.name = name
    elif text.startswith("/msg "):
        _command, name, message = text.split(" ", 2)
        for other in [each for each, one in clients.items() if one.name == name]:
            send(other, me.name + ": " + message)
    elif text.startswith("/join "):
        me.room = text[6:]
    else:
        history.append(me.name + ": " + text)
        print(time.ctime(), me.name, text, file=log, flush=True)
        for other in [each for each, one in clients.items() if one.room == me.room and each is not sock]:
            send(other, me.name + ": " + text)


while True:
    for key, _events in selector.select(0.05):
        sock = key.fileobj
        if sock is listener:
            sock = listener.accept()[0]
            sock.setblocking(False)
            clients[sock] = Client()
            clients[sock].spoke = time.time()
            selector.register(sock, selectors.EVENT_READ)
            continue
        me = clients[sock]
        try:
            data = sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            drop(sock)
            continue
        me.spoke = time.time()
        *lines, me.rest = (me.rest + data).split(b"\\n")
        for line in lines:
            hear(sock, me, line.decode("utf-8", "replace"))
    for sock, me in list(clients.items()):
        try:
            me.waiting = me.waiting[sock.send(me.waiting):] if me.waiting else b""
        except BlockingIOError:
            pass
        except OSError:
            drop(sock)
            continue
        if len(me.waiting) > 1024 * 1024 or time.time() - me.spoke > 10:
            drop(sock)
"""
MISTAKES: Final = {
    "names": ("if name not in [one.name for one in clients.values()]:", "if True:"),
    "private": ("if one.name == name]", "]"),
    "history": ("history[-10:]", "history"),
    "rooms": ("if one.room == me.room and each is not sock", "if each is not sock"),
    "timeout": ("> 10:", "> 4:"),
    "buffer": ("len(me.waiting) > 1024 * 1024 or time.time() - me.spoke > 10:", "False:"),
    "log": ('sys.argv[2], "a"', 'sys.argv[2], "w"'),
}
"""For each feature a line of that server, and the same line with a mistake."""


@pytest.mark.long
@pytest.mark.timeout(480)
@pytest.mark.parametrize("feature", MISTAKES)
@pytest.mark.parametrize("wrong", [False, True], ids=["right", "wrong"])
def test_a_feature_is_seen_and_its_lack_too(feature: str, wrong: bool, tmp_path: Path) -> None:
    right, mistake = MISTAKES[feature]
    assert right in SERVER
    script, log, port = tmp_path / "server.py", tmp_path / "log.txt", free_port()
    script.write_text(SERVER.replace(right, mistake) if wrong else SERVER, encoding="utf-8")
    judgement = judge_server(
        ("127.0.0.1", port),
        feature=feature,
        only=feature,
        command=f"{sys.executable} {script} {port} {log}",
        log=log,
    )
    assert [(one.name, one.meaning) for one in judgement.outcomes if one.mark is not Mark.PASSED] == (
        [(feature, judgement.outcomes[-1].meaning)] if wrong else []
    )
    assert judgement.outcomes[-1].mark is (Mark.FAILED if wrong else Mark.PASSED)
