"""Clients that leave in haste, and servers that end where nobody looks."""

import re
import subprocess
import sys
import time

from tests.tools.irc import Client, Irc
from tests.tools.programs import CHAT, Program


def test_who_says_quit_and_hangs_up_at_once_disturbs_nobody(irc: Irc) -> None:
    anna = irc.client("Анна")
    for number in range(100):
        hasty = irc.raw()
        hasty.send_bytes(f"NICK hasty{number}\r\nUSER h 0 * :H\r\nJOIN #lab\r\nQUIT\r\n".encode())
        hasty.close()
    anna.expect_nothing()
    deadline = time.monotonic() + 10
    while True:
        anna.send("LUSERS")
        if anna.expect(r" 255 Анна :I have (\d+) clients")[1] == "1":
            break
        assert time.monotonic() < deadline, "somebody is still there"


def test_a_server_ends_though_nobody_reads_what_it_prints() -> None:
    arguments = [*CHAT, "server", "--port", "0", "--no-history", "--no-throttle", "--lang", "en"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout
        found = re.search(r":(\d+)$", process.stdout.readline().decode().strip())
        assert found
        with Client(("127.0.0.1", int(found[1]))) as anna:
            anna.register("Anna")
            for number in range(2000):  # more than the pipe holds
                anna.send(f"JOIN #{number}\r\nPART #{number}")
            anna.expect("PART #1999$")
            process.terminate()
            assert process.wait(15) == 0


_BROKEN = """
import server

def fail(state): raise RuntimeError("broken")

server.ServerState.commit = fail
raise SystemExit(server.run(server.ServerOptions(port=0)))
"""


def test_a_server_whose_hub_failed_ends_and_says_so() -> None:
    with Program(program=[sys.executable, "-c", _BROKEN]) as program, Client(program.address()):
        assert program.wait() == 1
        assert any("RuntimeError: broken" in line for line in program.lines)
