"""The executable: built by build.spec, run where no Python is known, in a folder with a Russian name."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from program.version import VERSION
from tests.tools.desktop import find_window, needs_xdotool, type_into
from tests.tools.irc import Client
from tests.tools.programs import Program, run
from tests.tools.sources import ROOT, imports, program_files

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]  # the first builds it


def missing() -> str:
    """What the build needs and this machine lacks."""
    if importlib.util.find_spec("PyInstaller") is None:
        return "PyInstaller"
    if sys.platform == "linux" and shutil.which("objdump") is None:
        return "objdump (binutils)"
    return ""


@pytest.fixture(scope="session")
def executable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The executable, in a folder whose name has Russian letters and spaces."""
    if what := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is needed to build the executable")
    work = tmp_path_factory.mktemp("build")
    folder = work / "Лабораторная работа 1"
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--distpath",
            folder,
            "--workpath",
            work / "work",
            "build.spec",
        ],
        cwd=ROOT,
        env={**os.environ, "PYINSTALLER_CONFIG_DIR": str(work / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=500,
        check=False,
    )
    assert built.returncode == 0, built.stdout[-4000:]
    made = list(folder.iterdir())
    assert [path.name for path in made] == ["chat.exe" if sys.platform == "win32" else "chat"]
    yield made[0]
    shutil.rmtree(work, ignore_errors=True)


@pytest.fixture
def nothing_of_python(tmp_path: Path) -> dict[str, str | None]:
    """An environment that knows no Python, and has a folder for temporary files of its own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    names = [name for name in os.environ if name.startswith(("PYTHON", "VIRTUAL_ENV", "LD_LIBRARY"))]
    return {**dict.fromkeys(names), "PATH": "/nowhere", "TMPDIR": str(temporary)}


def test_it_knows_its_version_and_speaks_russian(
    executable: Path, nothing_of_python: dict[str, str | None]
) -> None:
    def said(*arguments: str) -> str:
        result = run(*arguments, program=[str(executable)], environment=nothing_of_python)
        assert result.returncode == 0, result
        return result.stdout

    assert said("--version") == f"LabChat {VERSION}\n"
    assert f"{executable.name} server --lan" in said("--help")
    assert "запустить сервер чата" in said("--help", "--lang", "ru")


def test_bad_input_gets_a_sentence_from_it(
    executable: Path, nothing_of_python: dict[str, str | None]
) -> None:
    result = run(
        "server", "--port", "x", "--lang", "ru", program=[str(executable)], environment=nothing_of_python
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("--port: порт — это число")


def test_it_holds_the_conversation_as_text(
    executable: Path, nothing_of_python: dict[str, str | None]
) -> None:
    result = run("demo", "--text", "--lang", "ru", program=[str(executable)], environment=nothing_of_python)
    assert result.returncode == 0, result
    assert "Анна" in result.stdout
    assert "Traceback" not in result.stderr


def test_a_message_crosses_from_window_to_window(
    executable: Path, nothing_of_python: dict[str, str | None], screen: str, tmp_path: Path
) -> None:
    needs_xdotool()
    program = [str(executable)]
    server = Program("server", "--port", "0", "--wire", program=program, environment=nothing_of_python)
    with server, Client(server.address()) as vera:
        vera.register("Vera")
        vera.enter()
        address = "{}:{}".format(*server.address())

        def open_window(nick: str) -> Program:
            arguments = ("client", "--server", address, "--nick", nick, "--lang", "ru")
            return Program(*arguments, program=program, environment=nothing_of_python)

        with open_window("Anna") as anna, open_window("Boris") as boris:
            for _each in range(2):
                vera.expect(r" JOIN :?#lab")
            for nick, text in (("Anna", "hello Boris"), ("Boris", "hello Anna")):
                type_into(find_window(rf"#lab.*{nick}"), text)
                vera.expect(rf"^\S*\s?:?{nick}!\S+ PRIVMSG #lab :{text}$")
            assert anna.stop() == 0
            assert boris.stop() == 0
        assert server.stop() == 0
    assert list((tmp_path / "temporary").iterdir()) == []


def test_nothing_that_is_left_out_is_imported() -> None:
    """What `build.spec` excludes, the program must not need, or it would fail on a PC without Python only."""
    spec = ast.parse((ROOT / "build.spec").read_text(encoding="utf-8"))
    unused: list[str] = next(
        ast.literal_eval(node.value)
        for node in spec.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "UNUSED"
    )
    assert "decimal" in unused
    left_out = [
        f"{path}:{line}: build.spec leaves {one} out"
        for path in program_files()
        for line, name in imports(path)
        for one in unused
        if f"{name}.".startswith(f"{one}.")
    ]
    assert not left_out, "\n".join(left_out)
