"""IRC servers that others wrote, from Debian's packages, each a process of its own."""

import grp
import os
import pwd
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.tools.programs import SEARCH_PATH, Program, free_port, needs, wait_for

HOST: Final = "127.0.0.1"


class ForeignServer:
    """A server that is started from its configuration file, and can be started again."""

    def __init__(self, command: Sequence[str], port: int) -> None:
        """Start it and wait until it listens.

        Args:
            command: the program, which has to stay in the foreground, and its arguments.
            port: where it will listen, by its configuration.
        """
        needs(command[0])
        self._command = command
        self._program: Program | None = None
        self.address: Final = (HOST, port)
        self.start()

    def start(self) -> None:
        """Start it (again) and wait until it listens."""
        self._program = Program(program=self._command, environment={"PATH": SEARCH_PATH})
        process = self._program.process
        wait_for(lambda: process.poll() is not None or self._listens(), lambda: f"{self._command} is deaf")
        if process.poll() is not None:
            self._program.wait()
            raise AssertionError("\n".join([f"{self._command} ended:", *self._program.lines]))

    def stop(self) -> None:
        """Stop it as its operator would; again is allowed."""
        if self._program:
            with self._program:
                self._program = None

    def _listens(self) -> bool:
        try:
            socket.create_connection(self.address, 1).close()
        except OSError:
            return False
        return True


def ngircd(folder: Path) -> ForeignServer:
    """A small server in C: no history, no echo, nothing but ASCII nicks.

    Args:
        folder: where its configuration is written.
    """
    port = free_port()
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    config = folder / "ngircd.conf"
    config.write_text(
        f"""
        [Global]
        Name = ngircd.test.lab
        Info = A test
        Listen = {HOST}
        Ports = {port}
        ServerUID = {user}
        ServerGID = {group}
        [Limits]
        MaxConnectionsIP = 0
        MaxNickLength = 30
        MaxPenaltyTime = 0
        [Options]
        DNS = no
        Ident = no
        PAM = no
        """
    )
    return ForeignServer(("ngircd", "--nodaemon", "--config", str(config)), port)


def inspircd(folder: Path) -> ForeignServer:
    """A large server in C++, with the IRCv3 capabilities that it has, but no history, and with ASCII nicks.

    Args:
        folder: where its configuration is written.
    """
    port = free_port()
    modules = "".join(
        f'<module name="{name}">\n'
        for name in (
            *("cap", "ircv3", "ircv3_batch", "ircv3_ctctags", "ircv3_echomessage", "ircv3_labeledresponse"),
            *("ircv3_msgid", "ircv3_servertime", "namesx", "uhnames"),
        )
    )
    config = folder / "inspircd.conf"
    config.write_text(
        f"""
        <server name="inspircd.test.lab" description="A test" network="Test">
        <admin name="Test" nick="test" email="test@test.lab">
        <bind address="{HOST}" port="{port}" type="clients">
        <connect allow="*" localmax="100" globalmax="100" maxconnwarn="no" resolvehostnames="no"
                 commandrate="100000" fakelag="no" threshold="1000">
        <dns server="{HOST}" timeout="1">
        <options syntaxhints="no">
        <path configdir="{folder}" datadir="{folder}" logdir="{folder}" runtimedir="{folder}">
        <pid file="{folder / "inspircd.pid"}">
        <log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="inspircd.log">
        {modules}
        """
    )
    root = ("--runasroot",) if os.geteuid() == 0 else ()
    return ForeignServer(("inspircd", "--nofork", *root, "--config", str(config)), port)


def ircd_hybrid(folder: Path) -> ForeignServer:
    """A server of the family that grew from the first one: no echo, no history, and it may cut a text.

    Args:
        folder: where its configuration is written.
    """
    needs("ircd-hybrid")
    port = free_port()
    config = folder / "ircd.conf"
    config.write_text(
        f"""
        serverinfo {{
            name = "hybrid.test.lab"; sid = "0AA"; description = "A test"; network_name = "Test";
            max_nick_length = 30; max_topic_length = 300;
        }};
        admin {{ name = "Test"; description = "A test"; email = "test@test.lab"; }};
        class {{
            name = "users"; ping_time = 90 seconds; max_number = 100; sendq = 1 megabyte; recvq = 16384 bytes;
            number_per_ip_local = 100; number_per_ip_global = 100;
        }};
        listen {{ host = "{HOST}"; port = {port}; }};
        auth {{ user = "*@*"; class = "users"; flags = exceed_limit, can_flood; }};
        general {{
            disable_auth = yes; anti_nick_flood = no; throttle_count = 1000;
            pace_wait = 0; pace_wait_simple = 0;
        }};
        """
    )
    files = ("-configfile", "-logfile", "-pidfile", "-klinefile", "-dlinefile", "-xlinefile", "-resvfile")
    paths = [config, *(folder / f"ircd{name}" for name in files[1:])]
    arguments = [str(word) for pair in zip(files, paths, strict=True) for word in pair]
    return ForeignServer((*_as_a_user(), "ircd-hybrid", "-foreground", *arguments), port)


def znc(folder: Path, server: tuple[str, int], nick: str) -> ForeignServer:
    """A bouncer: it stays in the room `#lab` of a server while its user is away.

    The user is `anna`, with the password `secret`; the network is `lab`.

    Args:
        folder: where its configuration is written.
        server: where the network is.
    """
    needs("znc")
    port = free_port()
    config = folder / "znc" / "configs" / "znc.conf"
    config.parent.mkdir(parents=True)
    config.write_text(
        f"""
        Version = 1.8.2
        ServerThrottle = 1
        AnonIPLimit = 100
        ConnectDelay = 0
        <Listener test>
            Host = {HOST}
            Port = {port}
            SSL = false
        </Listener>
        <User anna>
            Nick = {nick}
            Ident = anna
            RealName = A test
            Buffer = 100
            AutoClearChanBuffer = false
            <Network lab>
                Server = {server[0]} {server[1]}
                FloodRate = 100.00
                FloodBurst = 100
                JoinDelay = 0
                <Chan #lab>
                </Chan>
            </Network>
            <Pass password>
                Method = plain
                Hash = secret
            </Pass>
        </User>
        """
    )
    return ForeignServer((*_as_a_user(), "znc", "--foreground", "--datadir", str(folder / "znc")), port)


def bitlbee(folder: Path) -> ForeignServer:
    """A gateway to other networks, which talks with its user in the room `&bitlbee`.

    Args:
        folder: where its configuration is written.
    """
    port = free_port()
    config = folder / "bitlbee.conf"
    config.write_text(
        f"""
        [settings]
        RunMode = Daemon
        DaemonInterface = {HOST}
        DaemonPort = {port}
        AuthMode = Open
        ConfigDir = {folder}
        """
    )
    arguments = ("-n", "-F", "-c", str(config), "-d", str(folder), "-P", str(folder / "bitlbee.pid"))
    return ForeignServer(("bitlbee", *arguments), port)


def _as_a_user() -> Sequence[str]:
    """Return what to put before a command that must not be root, but use the test's folder."""
    if os.geteuid() != 0:
        return ()
    capability = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    return ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *capability)


FOREIGN_SERVERS: Final[dict[str, Callable[[Path], ForeignServer]]] = {
    "ngircd": ngircd,
    "inspircd": inspircd,
    "ircd-hybrid": ircd_hybrid,
}
