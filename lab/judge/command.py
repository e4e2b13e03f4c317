"""`chat judge`: judge a server or a client and print what is found; make a table of many results."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from client.net.address import format_address
from lab.judge.check import Mark
from lab.judge.client.assistants import Hands, Person
from lab.judge.client.bench import HOST
from lab.judge.judge import judge_client, judge_server
from lab.judge.judgement import Judgement, read_judgement, table, write_html, write_json
from lab.judge.task import CLIENT, SERVER, Task, find_task, question_about, read_address, resolve
from lab.judge.terminal import ask as ask_at_terminal
from lab.judge.terminal import print_outcome, print_summary, tell
from program.errors import UserFacingError
from program.files import check_replaceable, replacing
from program.spreadsheet import spreadsheet
from protocol.text import visible
from translations import _


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for; what is None is as usual."""

    protocol: str | None = None
    level: int | None = None
    variant: int | None = None
    only: str | None = None
    command: str | None = None
    log: Path | None = None
    json: Path | None = None
    report: Path | None = None


def run_server(address: str, asked: Asked, *, sure: bool, ask: bool) -> int:
    """Judge a server, print what is found, and write the files; return 0 if nothing failed, else 1.

    Args:
        address: host and port, as a user writes them.
        sure: contact another computer without a question.
        ask: somebody at the terminal can be asked.

    Raises:
        UserFacingError: the judge cannot start.
        OSError: a file cannot be written.
    """
    task = _find_task(SERVER, asked)
    host, port = read_address(address)
    if not sure:
        _ask_for(host, port, can_ask=ask)
    resolved = resolve(host, port)
    _check_files(asked)
    text = _("The judge talks to {address}, protocol {protocol}. Ctrl+C breaks off.")
    print(text.format(address=format_address(host, port), protocol=task.protocol), flush=True)
    print()
    judgement = judge_server(
        resolved,
        task.protocol,
        level=task.level,
        feature=task.feature,
        only=asked.only,
        command=asked.command,
        log=asked.log,
        ask=ask_at_terminal if ask else None,
        on_progress=print_outcome,
    )
    return _finish(judgement, asked)


def run_client(port: int, asked: Asked, *, ask: bool) -> int:
    """Judge a client, print what is found, and write the files; return 0 if nothing failed, else 1.

    Args:
        port: where the judge listens.
        ask: somebody at the terminal can do what is asked for.

    Raises:
        UserFacingError: the judge cannot start.
        OSError: a file cannot be written.
    """
    task = _find_task(CLIENT, asked)
    if asked.command is None and not ask:
        problem = _("Somebody has to use the program: judge at a terminal, or start it with --run COMMAND.")
        raise UserFacingError(problem)
    _check_files(asked)
    text = _("The judge listens at {address}, protocol {protocol}. Ctrl+C breaks off.")
    print(text.format(address=format_address(HOST, port), protocol=task.protocol), flush=True)
    print()
    judgement = judge_client(
        port,
        task.protocol,
        assistant=Hands(asked.command) if asked.command is not None else Person(tell, ask_at_terminal),
        level=task.level,
        only=asked.only,
        on_progress=print_outcome,
    )
    return _finish(judgement, asked)


def _find_task(side: str, asked: Asked) -> Task:
    task = find_task(side, asked.protocol, asked.variant)
    if asked.level is not None:
        task = replace(task, level=asked.level, feature=task.feature if asked.only else "")
    known = replace(task, level=None).titles()
    if asked.only is not None and asked.only not in known:
        text = _("There is no check “{name}” for this protocol and variant; there are: {names}.")
        raise UserFacingError(text.format(name=visible(asked.only), names=", ".join(known)))
    return task


def _check_files(asked: Asked) -> None:
    """See that what is found can be written, and the program's log be read: now, not after minutes of work.

    Raises:
        UserFacingError: two files are the same, or the log is not there.
        OSError: a file cannot be written.
    """
    if asked.json and asked.report and asked.json.resolve() == asked.report.resolve():
        raise UserFacingError(_("The result and the page need names of their own: --json and --report."))
    if asked.log:
        _check_log(asked.log, is_to_come=asked.command is not None)
    for path in (asked.json, asked.report):
        if path:
            check_replaceable(path)


def _check_log(log: Path, *, is_to_come: bool) -> None:
    """See that the program's log can be there; the program may still have to make it.

    Raises:
        UserFacingError: it cannot, or is not there.
    """
    if not log.parent.is_dir():
        text = _("The folder of {path} does not exist: name with --log the file that your program writes.")
    elif not is_to_come and not log.exists():
        text = _("There is no file {path} yet: start your program first, and name with --log what it writes.")
    else:
        return
    raise UserFacingError(text.format(path=visible(str(log))))


def _finish(judgement: Judgement, asked: Asked) -> int:
    """Print the summary, write the files, and return the exit code."""
    judgement = replace(judgement, variant=asked.variant)
    print_summary(judgement)
    for path, write in ((asked.json, write_json), (asked.report, write_html)):
        if path:
            with replacing(path) as file:
                file.write(write(judgement).encode("utf-8", "backslashreplace"))
            print(_("Written to {path}.").format(path=path))
    return 1 if judgement.count(Mark.FAILED) else 0


def print_checks(protocol: str | None, variant: int | None) -> int:
    """Print which checks there are for a protocol, or for a variant; return 0.

    Raises:
        UserFacingError: there is no such variant.
    """
    for side, head in ((SERVER, _("Server")), (CLIENT, _("Client"))):
        print(head)
        for name, (level, title) in find_task(side, protocol, variant).titles().items():
            print(f"{level}  {name:<13}  {title}")
        print()
    return 0


def _ask_for(host: str, port: int, *, can_ask: bool) -> None:
    question = question_about(host, port)
    if question and not can_ask:
        problem = _("{address} is another computer. Add --yes if its owner wants it to be judged.")
        raise UserFacingError(problem.format(address=format_address(host, port)))
    if question and not ask_at_terminal(question):
        raise UserFacingError(_("Nothing was sent."))


def run_table(files: Sequence[Path], out: Path | None) -> int:
    """Make one table of the JSON files of many programs, and write or print it; return 0.

    Raises:
        UserFacingError: a file is no result of the judge's, or cannot be read.
        OSError: the table cannot be written.
    """
    made = spreadsheet(table([(path.stem, read_judgement(path)) for path in files]))
    if out is None:
        sys.stdout.write(made.removeprefix("\ufeff"))
        return 0
    with replacing(out) as whole:
        whole.write(made.encode("utf-8", "backslashreplace"))
    print(_("Written to {path}.").format(path=out))
    return 0
