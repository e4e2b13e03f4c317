"""The teacher stays the teacher: through kill -9, and over what others can send from the network."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.irc import Client
from tests.tools.programs import Program
from tests.tools.sources import ROOT

SECRET = "0123456789abcdef"
OPERATOR = ["--oper", "teacher", "--oper-password", "chalk"]
FROM_THE_NETWORK = """
import server
from chatroom.config import Config
from tests.tools.irc import Client

config = Config(oper_name="teacher", oper_password="chalk", throttle=False)
started = server.ChatServer(server.ServerOptions(host="10.99.0.1", port=0, config=config, quiet=True))
started.start()
clients = [Client(started.address) for _ in range(4)]
for number, client in enumerate(clients):
    client.register(f"student{number}")
    client.enter()
fifth = Client(started.address).expect_closed()
assert fifth == ["ERROR :Closing link: too many connections from your address"]
clients[0].send("OPER teacher chalk")
clients[0].expect(" 491 ")
clients[0].send("MODE #lab +m")
clients[0].expect(" 482 ")
clients[0].send("WHOIS student1")
clients[0].expect(" 318 ")
assert not any("10.99.0.1" in line for line in clients[1].lines + clients[0].lines)
assert any(".hidden" in line for line in clients[1].lines)
for client in clients:
    client.close()
started.stop()
print("done")
"""


def test_role_and_rooms_survive_kill_9(tmp_path: Path) -> None:
    options = ["server", "--port", "0", "--history", str(tmp_path / "history.sqlite3"), *OPERATOR]
    for run in range(3):
        with Program(*options) as program, Client(program.address()) as teacher:
            teacher.send("CAP REQ :chat.lab/reclaim\r\nNICK Учитель\r\nUSER t 0 * :t")
            teacher.send(f"RECLAIM Учитель {SECRET}\r\nCAP END")
            if run == 0:
                teacher.expect(" 422 ")
                teacher.send("OPER teacher chalk")
            teacher.expect(" 381 ")
            teacher.enter()
            teacher.send("MODE #lab")
            assert run == 0 or teacher.expect(rf" 324 \S+ #lab \+mntk key{run}$")
            teacher.send("TOPIC #lab")
            assert run == 0 or teacher.expect(rf" 332 \S+ #lab :тема {run}$")
            teacher.send(f"MODE #lab +m-k+k * key{run + 1}\r\nTOPIC #lab :тема {run + 1}")
            teacher.expect(f"TOPIC #lab :тема {run + 1}$")
            program.stop(signal.SIGKILL)


@pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("unshare"), reason="needs a network namespace"
)
def test_from_the_network_there_is_no_oper_no_address_and_no_fifth_connection() -> None:
    """In a network of its own, where one address is not that of the loopback."""
    network = "ip link set lo up && ip address add 10.99.0.1/32 dev lo"
    if subprocess.run(["unshare", "-rn", "sh", "-c", network], capture_output=True, check=False).returncode:
        pytest.skip("this system allows no network namespaces")
    script = f'{network} && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", script, sys.executable, FROM_THE_NETWORK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip().endswith("done"), done.stderr
