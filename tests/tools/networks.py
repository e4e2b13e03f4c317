"""Networks of a test's own: hosts and switches in namespaces, from which no way leads to a real card.

A test runs a script (`in_networks`) in a namespace without any card but a loopback that is down. The script
makes its hosts inside (`Lab`); with its end all of them are gone. It needs no root and leaves nothing behind,
but the system has to allow user namespaces.
"""

import json
import os
import subprocess
import sys
from textwrap import dedent
from typing import Any, Final

import pytest

from tests.tools.sources import ROOT

SECONDS: Final = 60.0
_ALONE: Final = (
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
)


def in_networks(script: str) -> Any:
    """Run a Python script, with `lab` in it (`Lab`), alone with its networks; return what it reports as JSON.

    Its last line of output is `report(…)`'s. Where namespaces are not allowed, skip the test; in CI, fail it.
    """
    if sys.platform != "linux":
        pytest.skip("network namespaces are Linux's")
    if problem := _why_not():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no network namespaces here: {problem}")
    whole = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import json\n"
        "from tests.tools.networks import Lab\n"
        "def report(value): print(json.dumps(value))\n"
        "with Lab() as lab:\n" + "".join(f"    {line}\n" for line in script.strip().splitlines())
    )
    environment = {name: value for name, value in os.environ.items() if name != "CHAT_NO_DISCOVERY"}
    done = subprocess.run(
        [*_ALONE, sys.executable, "-c", whole],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _why_not() -> str:
    try:
        done = subprocess.run(
            [*_ALONE, "sh", "-c", "mount -t tmpfs none /run && ip netns add a && ip netns exec a ip link"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        return f"{error} (.ci/run installs iproute2)"
    return done.stderr.strip() or "not allowed" if done.returncode else ""


class Lab:
    """Hosts, each a namespace, and switches between them. Only for a script of `in_networks`."""

    def __init__(self) -> None:
        cards = json.loads(_run("ip", "-json", "link"))
        assert [card["ifname"] for card in cards if card["ifname"] not in ("lo", "tunl0", "sit0")] == [], (
            "a test of networks must be alone with them"
        )
        _run("mount", "-t", "tmpfs", "none", "/run")  # `ip netns` keeps its names there
        self._programs: list[subprocess.Popen[str]] = []
        self._made = 0

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._programs:
            program.terminate()
        for program in self._programs:
            program.wait()

    def switch(self, name: str) -> None:
        """Make a switch: whatever is plugged into it is in one network."""
        _run("ip", "link", "add", name, "type", "bridge")
        _run("ip", "link", "set", name, "up")

    def host(self, name: str, *cards: tuple[str, str]) -> None:
        """Make a computer with cards eth0, eth1, …, each an address with its prefix, and its switch."""
        _run("ip", "netns", "add", name)
        _run("ip", "-n", name, "link", "set", "lo", "up")
        for number, (address, switch) in enumerate(cards):
            self._made += 1
            plug, card = f"plug{self._made}", f"eth{number}"
            _run("ip", "link", "add", plug, "type", "veth", "peer", "name", card, "netns", name)
            _run("ip", "link", "set", plug, "master", switch, "up")
            _run("ip", "-n", name, "addr", "add", address, "broadcast", "+", "dev", card)
            _run("ip", "-n", name, "link", "set", card, "up")

    def start(self, host: str, *command: str, until: str) -> None:
        """Start a program on a host, and wait until it prints a line that begins so."""
        program = subprocess.Popen(
            ["ip", "netns", "exec", host, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._programs.append(program)
        assert program.stdout
        told = []
        for line in program.stdout:
            told.append(line)
            if line.startswith(until):
                return
        raise AssertionError("".join(told))

    def server(self, host: str, *options: str) -> None:
        """Start a server on a host."""
        command = (sys.executable, str(ROOT / "chat.py"), "server", "--lan", "--no-history", *options)
        self.start(host, *command, until="Stop with")

    def python(self, host: str, script: str) -> Any:
        """Run a Python script on a host to its end; return what its last line prints as JSON."""
        head = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport json\n"
        return json.loads(
            _run("ip", "netns", "exec", host, sys.executable, "-c", head + dedent(script)).splitlines()[-1]
        )


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


FIND: Final = """
import time
from client.net.discovery import Finder
began, finder = time.monotonic(), Finder()
found = finder.find({seconds})
print(json.dumps([[one.offer.name, list(one.hosts), one.offer.port, list(one.offer.rooms),
                   one.offer.needs_password] for one in found]))
"""


def find_script(seconds: float = 1.9) -> str:
    """Return a script that looks for servers and prints name, hosts, port, rooms, and password needed."""
    return FIND.format(seconds=seconds)
