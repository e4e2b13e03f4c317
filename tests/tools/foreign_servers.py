"""IRC servers that others wrote, from Debian's packages: ngircd and InspIRCd, each a process of its own."""

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


FOREIGN_SERVERS: Final[dict[str, Callable[[Path], ForeignServer]]] = {"ngircd": ngircd, "inspircd": inspircd}
