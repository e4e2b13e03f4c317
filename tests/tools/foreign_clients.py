"""IRC clients that others wrote, from Debian's packages: in a terminal (tmux), HexChat in a window.

Each is used as its users do: lines go into its input line, and what it shows is read.
"""

import os
import re
import shlex
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar, Final

from tests.tools.programs import DEADLINE, needs, wait_for

PATIENCE: Final = 5.0
"""Seconds that a program may take to end before it is killed."""


class ForeignClient(ABC):
    """A running client, which goes to a server and into the room `#lab`, again if it is cut off."""

    in_room: ClassVar[str]
    """A regular expression for what it shows when the room is before its user's eyes."""

    def __init__(self) -> None:
        self._ending = ExitStack()
        """What ends all that was started."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Type a text or a command into the room's input line, and press Enter."""

    @abstractmethod
    def shown(self) -> str:
        """Return the text that it shows, or has shown."""

    @abstractmethod
    def spoken(self, nick: str, text: str) -> str:
        """Return a regular expression for a message, as this client shows it."""

    def close(self) -> None:
        """End it and all that it needs."""
        self._ending.close()

    def expect(self, pattern: str) -> None:
        """Wait until a line that it shows matches the regular expression.

        Raises:
            AssertionError: none does in time.
        """
        wanted = re.compile(pattern, re.MULTILINE)
        wait_for(
            lambda: wanted.search(self.shown()),
            lambda: f"{type(self).__name__} shows no {pattern!r}:\n{self.shown()}",
        )


class TerminalClient(ForeignClient):
    """A client in a terminal: tmux types into it and reads the screen."""

    SIZE: Final = ("-x", "150", "-y", "45")

    def __init__(self, program: str, *arguments: str | Path) -> None:
        super().__init__()
        needs("tmux", program)
        with ExitStack() as ending:
            # The path of a socket may have about 100 bytes: a test's own folder may have more.
            sockets = ending.enter_context(tempfile.TemporaryDirectory(prefix="tmux"))
            self._environment = {**os.environ, "TMUX_TMPDIR": sockets}
            self._tmux = ("tmux", "-u", "-L", f"{Path(program).name}-{os.getpid()}", "-f", os.devnull)
            server = subprocess.Popen([*self._tmux, "-D"], env=self._environment)
            ending.callback(_end, server)
            wait_for(
                lambda: self._call("set", "-g", "remain-on-exit", "on").returncode == 0,
                lambda: "tmux is deaf",
            )
            self._run("new-session", "-d", *self.SIZE, shlex.join([program, *map(str, arguments)]))
            ending.callback(self._end_program, int(self._ask("#{pane_pid}")))
            self._ending = ending.pop_all()

    def type(self, text: str) -> None:
        self.write(text)
        self.press("Enter")

    def write(self, text: str) -> None:
        """Type a text, and nothing after it."""
        self._run("send-keys", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Press keys, by their names in tmux: `Enter`, `Up`, `C-c`."""
        self._run("send-keys", *keys)

    def shown(self) -> str:
        return self._run("capture-pane", "-p")

    def _end_program(self, process: int) -> None:
        """End the program in the terminal; tmux holds its process id until then."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._is_dead():
                break
            os.kill(process, sign)
            with suppress(AssertionError):
                wait_for(self._is_dead, lambda: "it goes on", PATIENCE)

    def _is_dead(self) -> bool:
        return self._ask("#{pane_dead}") == "1"

    def _ask(self, form: str) -> str:
        return self._run("display-message", "-p", form).strip()

    def _run(self, *arguments: str) -> str:
        result = self._call(*arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._tmux, *arguments],
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            timeout=DEADLINE,
            check=False,
        )


class Irssi(TerminalClient):
    """https://irssi.org"""

    in_room = r"^ \[.*/#lab"

    def __init__(self, folder: Path, address: tuple[str, int], nick: str) -> None:
        home = folder / "irssi"
        home.mkdir()
        (home / "config").write_text(
            f"""
            servers = ({{
              address = "{address[0]}"; port = "{address[1]}"; chatnet = "lab"; autoconnect = "yes";
            }});
            chatnets = {{ lab = {{ type = "IRC"; }}; }};
            channels = ({{ name = "#lab"; chatnet = "lab"; autojoin = "yes"; }});
            settings = {{
              core = {{
                nick = "{nick}"; real_name = "{nick}"; user_name = "test"; server_reconnect_time = "1s";
              }};
              "irc/core" = {{ cmd_queue_speed = "1ms"; cmds_max_at_once = "100"; }};
              "fe-common/core" = {{ autocreate_windows = "no"; }};
              "fe-text" = {{ paste_detect_time = "0"; }};
            }};
            """,
            encoding="utf-8",
        )
        super().__init__("irssi", "--home", home)

    def spoken(self, nick: str, text: str) -> str:
        return rf"<[ @]?{nick}> {text}"


class WeeChat(TerminalClient):
    """https://weechat.org"""

    in_room = r"\[irc/lab\] 2:#lab"

    def __init__(self, folder: Path, address: tuple[str, int], nick: str) -> None:
        options = {
            "nicks": nick,
            "autojoin": "#lab",
            "autoreconnect_delay": "1",
            "anti_flood_prio_high": "0",
            "anti_flood_prio_low": "0",
        }
        commands = [
            "/server add lab {}/{} -notls".format(*address),
            *(f"/set irc.server.lab.{name} {value}" for name, value in options.items()),
            "/set irc.msgbuffer.whois current",
            # Or two lines that it reads at once, on a busy machine, are a paste, about which it asks.
            "/set weechat.look.paste_max_lines -1",
            "/connect lab",
        ]
        run = [word for command in commands for word in ("--run-command", command)]
        super().__init__("weechat", "--dir", folder / "weechat", *run)

    def spoken(self, nick: str, text: str) -> str:
        return rf"[ @]{nick} \| {text}"


class Rcirc(TerminalClient):
    """The client of Emacs: it drops a line whose tags are not well-formed, and shows sources as bytes.

    https://www.gnu.org/software/emacs
    """

    in_room = "#lab@"

    def __init__(self, folder: Path, address: tuple[str, int], nick: str) -> None:
        start = folder / "init.el"
        start.write_text(
            f"""
            (set-language-environment "UTF-8")
            (setq inhibit-startup-screen t)
            (require 'rcirc)
            (setq rcirc-default-nick "{nick}" rcirc-default-user-name "test" rcirc-default-full-name "{nick}"
                  rcirc-fill-flag nil
                  rcirc-server-alist '(("{address[0]}" :port {address[1]} :channels ("#lab"))))
            (defun show-room ()
              (let ((room (get-buffer "#lab@{address[0]}"))) (when room (switch-to-buffer room))))
            (run-with-timer 0.1 0.1 #'show-room)
            (rcirc nil)
            """,
            encoding="utf-8",
        )
        super().__init__("emacs", "-nw", "-Q", "-l", start)

    def spoken(self, nick: str, text: str) -> str:
        return rf"<{nick}> {text}"


class Catgirl(TerminalClient):
    """It speaks TLS alone, and trusts the one certificate that it is told: https://git.causal.agency/catgirl"""

    in_room = "#lab"

    def __init__(self, address: tuple[str, int], nick: str, certificate: Path) -> None:
        where = ("-h", address[0], "-p", str(address[1]), "-t", certificate)
        super().__init__("catgirl", *where, "-n", nick, "-j", "#lab")

    def spoken(self, nick: str, text: str) -> str:
        return rf"<[@+]?{nick}> {text}"


class HexChat(ForeignClient):
    """https://hexchat.github.io

    It takes lines over D-Bus, on a bus of its own, and writes what it shows into logs.
    """

    in_room = "Now talking on #lab$"

    def __init__(self, folder: Path, address: tuple[str, int], nick: str) -> None:
        super().__init__()
        needs("hexchat", "dbus-daemon", "dbus-send", "xdotool")
        self._folder = folder / "hexchat"
        self._folder.mkdir()
        settings = {
            **{f"irc_nick{number}": nick for number in (1, 2, 3)},
            "irc_user_name": "test",
            "irc_real_name": nick,
            "irc_logging": 1,
            "gui_slist_skip": 1,
            "net_auto_reconnect": 1,
            "net_auto_reconnectonfail": 1,
            "net_reconnect_delay": 1,
            "net_throttle": 0,
        }
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (self._folder / "hexchat.conf").write_text("".join(lines), encoding="utf-8")
        with ExitStack() as ending:
            output = ending.enter_context((folder / "hexchat.output").open("wb"))
            bus = subprocess.Popen(
                ["dbus-daemon", "--session", "--nofork", "--print-address"],
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
            assert bus.stdout
            ending.enter_context(bus.stdout)
            ending.callback(_end, bus)
            self._environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
            program = subprocess.Popen(
                ["hexchat", "--cfgdir", self._folder, "--url=irc://{}:{}/lab".format(*address)],
                env=self._environment,
                stdout=output,
                stderr=output,
            )
            ending.callback(_end, program)
            if os.geteuid() == 0:
                # It tells root in a dialogue that this is stupid, and waits.
                window = ["search", "--sync", "--onlyvisible", "--class", "hexchat"]
                self._run("xdotool", *window, "windowfocus", "key", "Return")
            self._ending = ending.pop_all()

    def type(self, text: str) -> None:
        context = re.search(r"uint32 (\d+)", self._call("FindContext", "string:", "string:#lab"))
        assert context
        self._call("SetContext", f"uint32:{context[1]}")
        self._call("Command", "string:" + (text[1:] if text.startswith("/") else f"say {text}"))

    def shown(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in self._folder.glob("logs/*/*.log"))

    def spoken(self, nick: str, text: str) -> str:
        return rf"<{nick}>\t{text}"

    def _call(self, method: str, *arguments: str) -> str:
        remote = ["--dest=org.hexchat.service", "/org/hexchat/Remote", f"org.hexchat.plugin.{method}"]
        return self._run("dbus-send", "--session", "--print-reply", *remote, *arguments)

    def _run(self, *command: str) -> str:
        return subprocess.run(
            command,
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            timeout=DEADLINE,
            check=True,
        ).stdout


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


FOREIGN_CLIENTS: Final = {"irssi": Irssi, "weechat": WeeChat, "hexchat": HexChat}
"""Those that speak Russian nicks, and the same plain TCP."""
