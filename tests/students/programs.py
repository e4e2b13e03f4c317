"""The students' programs: their texts, what compiles them, and the commands that start them."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    ".py": (),
    ".c": ("gcc",),
    ".java": ("javac", "java"),
    ".js": ("node",),
    ".cs": ("mcs", "mono"),
}
"""Endings of source files, and what has to be installed to compile and run them."""
_COMPILE_SECONDS: Final = 120
"""Many programs are compiled at once."""
_MISTAKE: Final = re.compile(
    r"^## (?P<name>.+)\n\n`(?P<source>\S+)`, protocol `(?P<protocol>\S+)`, found by `(?P<found_by>\S+)`\n\n"
    r"```diff\n(?P<diff>[^`]+)\n```$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Student:
    """A program that a student has written: a file here, with other lines in some places if it is wrong."""

    source: str
    """Its file, relative to this folder."""
    protocol: str = "lines"
    name: str = "right"
    """What is wrong in it."""
    found_by: str = ""
    """The check that it fails; "" if it fails none."""
    diff: str = ""
    """What is changed in the file; see `mistakes.md`."""

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"

    def languages(self) -> tuple[str, ...]:
        """Return what has to be installed to compile and run it."""
        return _LANGUAGES[Path(self.source).suffix]

    def text(self) -> str:
        """Return what the student has written.

        Raises:
            AssertionError: the lines that are to be changed do not stand in the file, or more than once.
        """
        text = (FOLDER / self.source).read_text(encoding="utf-8")
        for change in filter(None, self.diff.split("\n\n")):
            right, wrong = (
                "".join(f"{line[1:]}\n" for line in change.splitlines() if line[0] in (" ", sign))
                for sign in "-+"
            )
            assert text.count(right) == 1, f"{self}: {text.count(right)} times\n{right}"
            text = text.replace(right, wrong)
        return text

    def build(self, folder: Path) -> list[str]:
        """Write the program into a folder, compile it there, and return the command that starts it.

        Raises:
            AssertionError: it cannot be compiled.
        """
        source = folder / Path(self.source).name
        source.write_text(self.text(), encoding="utf-8")
        built = str(source.with_suffix(".exe"))
        match source.suffix:
            case ".c":
                _compile("gcc", "-pthread", "-o", built, str(source))
                return [built]
            case ".java":
                _compile("javac", "-encoding", "UTF-8", "-d", str(folder), str(source))
                return ["java", "-cp", str(folder), source.stem]
            case ".cs":
                _compile("mcs", f"-out:{built}", str(source))
                return ["mono", built]
            case ".js":
                return ["node", str(source)]
            case _:
                return [sys.executable, str(source)]


def _compile(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_COMPILE_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


SERVERS: Final = (
    Student("python/server_threads.py"),
    Student("python/server_select.py"),
    Student("python/server_asyncio.py"),
    Student("python/server_irc.py", "irc"),
    Student("c/server.c"),
    Student("c/server_poll.c", "delimiter"),
    Student("java/Server.java"),
    Student("javascript/server.js"),
    Student("csharp/Server.cs"),
    Student("csharp/ServerLength.cs", "length"),
)
CLIENTS: Final = (
    Student("python/client.py"),
    Student("python/client_again.py"),
    Student("python/client_irc.py", "irc"),
    Student("c/client.c"),
    Student("java/Client.java"),
    Student("javascript/client.js"),
    Student("csharp/Client.cs"),
)
WRONG: Final = tuple(
    Student(**found.groupdict())
    for found in _MISTAKE.finditer((FOLDER / "mistakes.md").read_text(encoding="utf-8"))
)
WRONG_SERVERS: Final = tuple(one for one in WRONG if "server" in one.source.lower())
WRONG_CLIENTS: Final = tuple(one for one in WRONG if "client" in one.source.lower())
