"""The programs of students: each is listed, each mistake is a change of one, and the clients work."""

import socket
import sys
from pathlib import Path

import pytest

from tests.students.programs import CLIENTS, FOLDER, SERVERS, WRONG, Student
from tests.tools.programs import DEADLINE, Program, needs

SOURCES = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.*") if path.parent.name != "__pycache__"
)


def test_the_page_lists_every_program() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [source for source in SOURCES if f"`{source}`" not in page] == []
    assert {student.source for student in (*SERVERS, *CLIENTS)} <= {*SOURCES}


def test_every_section_of_the_page_of_mistakes_is_a_program() -> None:
    page = (FOLDER / "mistakes.md").read_text(encoding="utf-8")
    assert [student.name for student in WRONG] == [
        line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")
    ]


@pytest.mark.parametrize("student", WRONG, ids=str)
def test_a_mistake_changes_lines_that_stand_in_the_right_program(student: Student) -> None:
    assert student.text() != (FOLDER / student.source).read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="the compilers are installed by .ci/run")
@pytest.mark.parametrize("student", CLIENTS, ids=str)
def test_a_client_talks_with_a_server(student: Student, tmp_path: Path) -> None:
    needs(*student.languages())
    command = student.build(tmp_path)
    is_irc = student.protocol == "irc"
    said, heard = ("PRIVMSG #lab :", ":b!b@lab PRIVMSG #lab :") if is_irc else ("", "")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE)
        port = str(listener.getsockname()[1])
        unbuffered = {"PYTHONUNBUFFERED": "1"}
        with Program(
            "127.0.0.1", port, "Анна", program=command, environment=unbuffered, has_keyboard=True
        ) as client:
            sock, _address = listener.accept()
            with sock, sock.makefile("rb") as stream:
                sock.settimeout(DEADLINE)
                assert stream.readline().decode().strip() == ("NICK Анна" if is_irc else "Анна")
                if is_irc:
                    stream.readline()
                    sock.sendall(b"PING :x\r\n")
                    assert stream.readline() == b"PONG :x\r\n"
                client.type_line("Привет 😀")
                assert stream.readline().decode().strip() == f"{said}Привет 😀"
                whole = f"{heard}Привет, Анна\n".encode()
                for number in range(len(whole)):
                    sock.sendall(whole[number : number + 1])
                client.expect("Привет, Анна$")
                sock.sendall(f"{heard}one\n{heard}two\n".encode())
                client.expect("one$")
                client.expect("two$")
            client.expect("^The server has closed the connection")
