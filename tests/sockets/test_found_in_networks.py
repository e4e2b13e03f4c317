"""Servers are found in the local network: hosts in namespaces, from which no real network is reached."""

from sockets.discovery import ANSWERS_AT_ONCE_TO_ONE, ANSWERS_PER_SECOND_TO_ONE
from tests.tools.networks import find_script, in_networks
from tests.tools.sources import ROOT

TWO_CARDS = """
import json
from tests.tools.networks import find_script
lab.switch("one"); lab.switch("two")
lab.host("teacher", ("10.1.0.5/24", "one"), ("10.2.0.5/24", "two"))
lab.host("other", ("10.1.0.6/24", "one"))
lab.host("student", ("10.1.0.7/24", "one"))
lab.host("both", ("10.1.0.8/24", "one"), ("10.2.0.8/24", "two"))
lab.host("elsewhere", ("10.9.0.9/24", "two"))
lab.server("teacher", "--name", "class.lab", "--password", "secret", "--port", "7000")
lab.server("other", "--name", "other.lab")
lab.server("other", "--name", "second.lab", "--port", "6668")
lab.server("student", "--name", "hidden.lab", "--no-discovery")
hosts = ("student", "both", "teacher", "elsewhere")
report({host: lab.python(host, find_script()) for host in hosts})
"""


def test_each_server_is_found_once_by_name_within_two_seconds() -> None:
    """From a host with one card, from one with two, from the server's own; but not from another network."""
    found = in_networks(TWO_CARDS)
    other = ["other.lab", ["10.1.0.6"], 6667, ["#lab"], False]
    second = ["second.lab", ["10.1.0.6"], 6668, ["#lab"], False]
    one_card = ["class.lab", ["10.1.0.5"], 7000, ["#lab"], True]
    assert sorted(found["student"]) == sorted([one_card, other, second])
    two_cards = next(server for server in found["both"] if server[0] == "class.lab")
    assert sorted(two_cards[1]) == ["10.1.0.5", "10.2.0.5"]
    assert sorted(name for name, *_ in found["both"]) == ["class.lab", "other.lab", "second.lab"]
    assert [name for name, *_ in found["teacher"]].count("class.lab") == 1
    assert found["elsewhere"] == []


FLOOD = """
lab.switch("one")
lab.host("teacher", ("10.1.0.5/24", "one"))
lab.host("flooder", ("10.1.0.66/24", "one"))
lab.host("student", ("10.1.0.7/24", "one"))
lab.start("teacher", sys.executable, "-c", SERVER, until="ready")
lab.start("student", sys.executable, "-c", TALKER, until="talking")
flood = lab.python("flooder", FLOODER)
flood["found"] = lab.python("student", FIND)
flood["server"] = lab.python("student", COUNTERS)
report(flood)
"""
SERVER = """
import sys; sys.path.insert(0, ROOT)
import json, socket, time
import server
from chatroom.config import Config
options = server.ServerOptions(host="0.0.0.0", discovery=True, config=Config(throttle=False))
started = server.ChatServer(options)
started.start()
counters = socket.create_server(("0.0.0.0", 7777))
print("ready", flush=True)
while True:
    asker, _ = counters.accept()
    one = started._discovery
    asker.sendall(json.dumps({"looked_at": one.looked_at, "answered": one.answered}).encode())
    asker.close()
"""
TALKER = """
import sys; sys.path.insert(0, ROOT)
import socket, threading
from tests.tools.irc import Client
anna = Client(("10.1.0.5", 6667), "anna")
anna.register("anna")
print("talking", flush=True)
told = socket.create_server(("0.0.0.0", 7778))
told.setblocking(False)
trips = 0
while True:
    anna.send(f"PING {trips}")
    anna.expect(f"PONG .*{trips}")
    trips += 1
    try:
        asker, _ = told.accept()
    except BlockingIOError:
        continue
    asker.sendall(str(trips).encode())
    asker.close()
"""
FLOODER = """
import select, socket, time
from protocol.discovery import question
def trips():
    with socket.create_connection(("10.1.0.7", 7778), 20) as told:
        return int(told.makefile().read())
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sock.bind(("10.1.0.66", 0))
sock.setblocking(False)
asked = question("0123456789abcdef")
before, began, answers, most = trips(), time.monotonic(), 0, 0
def take():
    global answers, most
    while True:
        try:
            data = sock.recv(2048)
        except BlockingIOError:
            return
        answers += 1
        most = max(most, len(data))
sent = 0
while sent < 10_000:
    try:
        sock.sendto(asked, ("10.1.0.255", 6667))
        sent += 1
    except BlockingIOError:
        select.select([], [sock], [])
    take()
while select.select([sock], [], [], 1)[0]:
    take()
print(json.dumps({"sent": sent, "answers": answers, "longest": most, "question": len(asked),
                  "seconds": time.monotonic() - began, "trips": trips() - before}))
"""
COUNTERS = """
import socket
print(socket.create_connection(("10.1.0.5", 7777), 20).makefile().read())
"""


def test_a_flood_of_questions_is_answered_at_the_rate_limit_and_a_neighbour_goes_on_talking() -> None:
    """10,000 questions at full speed: the answers are counted, and the lines of one who talks meanwhile."""
    given = {
        "SERVER": SERVER.replace("ROOT", repr(str(ROOT))),
        "TALKER": TALKER.replace("ROOT", repr(str(ROOT))),
        "FLOODER": FLOODER,
        "FIND": find_script(),
        "COUNTERS": COUNTERS,
    }
    head = "import sys\n" + "".join(f"{name} = {value!r}\n" for name, value in given.items())
    flood = in_networks(head + FLOOD)
    allowed = ANSWERS_AT_ONCE_TO_ONE + ANSWERS_PER_SECOND_TO_ONE * flood["seconds"]
    assert flood["sent"] == 10_000
    assert 1 <= flood["answers"] <= allowed
    assert flood["longest"] <= flood["question"]
    assert flood["trips"] > 100
    assert [name for name, *_ in flood["found"]] == ["chat.lab"]  # another address has answers of its own
    assert flood["server"]["answered"] <= allowed + 20
