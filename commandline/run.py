"""What each command does. Each imports what it needs when it runs: the server never loads tkinter."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from client.net.address import DEFAULT_TLS_PORT
from commandline.desktop import NoWindowError, desktop
from commandline.no_discovery import is_off
from commandline.options import (
    ArchiveCommand,
    CheckCommand,
    ClientCommand,
    Command,
    DemoCommand,
    ExportCommand,
    JudgeCommand,
    LabCommand,
    ReportCommand,
    ServerCommand,
    make_parser,
)
from commandline.passwords import (
    TOKENS_OPERATOR,
    read_operator_password,
    read_operator_token,
    read_password,
)
from commandline.process import ENDS_WITH_INPUT, launchers_lines, own_command, program_name
from commandline.text_files import read_motd, read_roster
from program.errors import UserFacingError
from program.folders import history_file
from translations import _
from translations.system_errors import explain_error


def run(command: Command | None) -> int:
    """Run a command to its end; return the exit code. Without a command a window opens to choose in."""
    match command:
        case None:
            return _run_launcher()
        case ServerCommand():
            return _run_server(command)
        case ClientCommand():
            return _run_client(command)
        case DemoCommand():
            return _run_demo(command)
        case CheckCommand():
            from commandline import check

            if command.server is None:
                return check.run(command.port)
            from commandline import check_server

            password = read_password(command.password, command.password_file)
            return check_server.run(command.server, password, tls=command.tls)
        case ExportCommand():
            from commandline import export

            history = command.history or history_file(command.port)
            if command.attendance:
                from commandline import attendance

                return attendance.run(history, command.format or "csv", command.out)
            return export.run(history, command.room or "", command.format or "txt", command.out)
        case ArchiveCommand():
            from commandline import archive

            history = command.history or history_file(command.port)
            return archive.run(history, command.delete, sure=command.yes, ask=_is_interactive())
        case LabCommand():
            return _run_lab(command)
        case JudgeCommand():
            return _run_judge(command)
        case ReportCommand():
            return _run_report(command)


def _run_launcher() -> int:
    os.environ[ENDS_WITH_INPUT] = "1"  # for the programs that it starts
    try:
        with desktop():
            from gui.launcher import window

            return window.main(own_command())
    except NoWindowError:
        make_parser().print_help()
        return 0


def _run_server(command: ServerCommand) -> int:
    import server
    from chatroom.config import Config
    from chatroom.history.store import DEFAULT_LIMIT
    from commandline.archive import write_copies
    from sockets.listening import ANY_ADDRESS

    oper_password = read_operator_password(
        command.oper, command.oper_password, command.oper_password_file
    )  # it looks for the token, which the next line takes away
    token = read_operator_token()
    operator = command.oper or (TOKENS_OPERATOR if token else "")
    unused = [name for name, value in _only_in_a_class(command).items() if value]
    if unused and not operator:
        problem = _("{option} is for a class, which has an operator: --oper NAME.")
        raise UserFacingError(problem.format(option=unused[0]))
    usual = Config()
    config = Config(
        name=command.name,
        description=command.description,
        motd=read_motd(command.motd) if command.motd else (),
        password=read_password(command.password, command.password_file),
        group=command.group,
        roster=read_roster(command.roster) if command.roster else (),
        roster_only=command.roster_only,
        oper_name=operator,
        oper_password=oper_password,
        oper_token=token,
        oper_from_network=command.oper_from_network,
        rooms=usual.rooms if command.rooms is None else command.rooms,
        reserved=command.reserve or (),
        ascii_nicks=command.ascii_nicks,
        throttle=not command.no_throttle,
        limits=replace(usual.limits, clients_per_address=command.per_address),
    )
    options = server.ServerOptions(
        host=ANY_ADDRESS if command.lan else command.host,
        port=command.port,
        config=config,
        history=None if command.no_history else _history(command),
        history_limit=DEFAULT_LIMIT if command.history_limit is None else command.history_limit,
        tls_cert=command.tls_cert,
        tls_key=command.tls_key,
        tls_port=DEFAULT_TLS_PORT if command.tls_port is None else command.tls_port,
        max_clients=command.max_clients,
        discovery=command.lan and not is_off(option=command.no_discovery),
        quiet=command.quiet,
        write_copies=write_copies,
    )
    tap = None
    if command.wire:
        from lab.wire.call_text import log_call

        tap = log_call
    if not command.window:
        from commandline.console.console import run_with_orders, run_with_prompt
        from commandline.console.terminal import is_interactive

        if is_interactive():
            return run_with_prompt(options, tap)
        return run_with_orders(launchers_lines(), options, tap)
    with desktop():
        from lab.threads import server_window

        return server_window.run(options, tap)


def _only_in_a_class(command: ServerCommand) -> dict[str, object]:
    return {
        "--oper-from-network": command.oper_from_network,
        "--rooms": command.rooms,
        "--reserve": command.reserve,
    }


def _history(command: ServerCommand) -> Path:
    """Return the file that keeps the history; only our own data folder is made where there is none."""
    file = command.history
    if file is None:
        return history_file(command.port)
    if not file.absolute().parent.is_dir():
        text = _("{path}: there is no such folder. Make it first, or name another file with --history FILE.")
        raise UserFacingError(text.format(path=file))
    return file


def _run_client(command: ClientCommand) -> int:
    password = read_password(command.password, command.password_file)
    token = read_operator_token()
    with desktop():
        import client_gui
        from gui.chat.connect_page import Form
        from lab.laboratory import Laboratory

        form = Form(
            server=command.server or "",
            nick=command.nick or "",
            room=command.room or "",
            password=password,
            tls=command.tls or command.tls_fingerprint is not None,
            fingerprint=command.tls_fingerprint or "",
            user=command.user or "",
        )
        look = not is_off(option=command.no_discovery)
        return client_gui.main(form, Laboratory(), token, look_for_servers=look)


def _run_demo(command: DemoCommand) -> int:
    if not command.text:
        try:
            with desktop():
                from lab.demo.windows import run_windows
                from lab.laboratory import Laboratory

                return run_windows(command.clients, Laboratory)
        except NoWindowError as reason:
            print(reason, _("The same conversation follows as text."), sep="\n", flush=True)
    from lab.demo.text import run_text

    return run_text(command.clients)


def _run_lab(command: LabCommand) -> int:
    from lab.experiments import terminal

    if command.experiment is None:
        terminal.print_experiments(f"{program_name()} lab")
        return 0
    ask = not command.no_ask and _is_interactive()
    terminal.run_experiment(command.experiment, command.parameters(), command.predict, ask=ask)
    return 0


def _run_judge(command: JudgeCommand) -> int:
    if command.what == ["window"]:
        with desktop():
            from lab.judge import view

            return view.main()
    from lab.judge import command as judge

    with _reported(_("The result could not be written ({error}).")):
        if not command.what:
            return judge.print_checks(command.protocol, command.variant)
        what, *rest = command.what
        if what == "table":
            return judge.run_table([Path(name) for name in rest], command.out)
        asked = judge.Asked(
            command.protocol,
            command.level,
            command.variant,
            command.only,
            command.run,
            command.log,
            command.json,
            command.report,
        )
        if what == "client":
            return judge.run_client(command.port, asked, ask=_is_interactive())
        return judge.run_server(rest[0], asked, sure=command.yes, ask=_is_interactive())


def _run_report(command: ReportCommand) -> int:
    from client import settings as settings_file
    from lab.report import command as report
    from lab.report.data import TITLE_FIELDS, TitlePage
    from lab.report.theory import usual_ministry

    remembered = {"ministry": usual_ministry(), **settings_file.load().report}
    fields = {one: getattr(command, one) or remembered.get(one, "") for one in TITLE_FIELDS}
    title = TitlePage(**fields)
    names = report.experiment_names(command.experiments)
    ask = not command.no_ask and _is_interactive()
    with _reported(_("The report could not be made ({error}). Choose other files with --out and --pcap.")):
        report.write_report(
            command.out, title, names, command.pcap, command.judgement, command.listing, ask=ask
        )
    return 0


@contextmanager
def _reported(sentence: str) -> Iterator[None]:
    """Turn an error of the system into a sentence with `{error}` in it."""
    try:
        yield
    except BrokenPipeError:
        raise  # that is our own output
    except OSError as error:
        reason = explain_error(error)
        if error.filename:
            reason = f"{error.filename}: {reason}"
        raise UserFacingError(sentence.format(error=reason)) from error


def _is_interactive() -> bool:
    """Tell whether somebody can be asked: the standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()
