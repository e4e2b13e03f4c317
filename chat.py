"""LabChat's launcher: `chat.py server`, `chat.py client`, `chat.py demo`; else a window to choose in.

Each command imports what it needs when it runs: the server never loads tkinter, and every face starts fast.
"""

import sys

if sys.version_info < (3, 11):  # so far, any Python 3 can read this file
    print(
        "Python 3.11 or newer is needed; this is {0}.\nНужен Python 3.11 или новее; это {0}.".format(
            sys.version.split()[0]
        ),
        file=sys.stderr,
    )
    sys.exit(2)

import argparse
import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from client import settings
from commandline.errors import NoWindowError, Refusal
from commandline.options import opens_windows, parse, print_help
from commandline.passwords import message_of_the_day, operator_password, read_password
from commandline.process import (
    ENDS_WITH_INPUT,
    end_with_input,
    history_file,
    language_in,
    leave_frozen_environment,
    own_command,
    prepare_streams,
    program_name,
)
from commandline.windows_console import hide_own_console, open_console
from sockets.tap import Tap
from translations import _, system_language, use_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit code, which is 2 if it cannot be done.

    Args:
        arguments: the command line without the program's name; by default the process's own.
    """
    prepare_streams()
    leave_frozen_environment()
    end_with_input()
    given = sys.argv[1:] if arguments is None else arguments
    use_language(language_in(given) or settings.load().language or system_language())
    commands = {
        None: _launcher,
        "server": _server,
        "client": _client,
        "demo": _demo,
        "check": _check,
        "export": _export,
        "lab": _lab,
        "report": _report,
    }
    if not opens_windows(given):
        open_console()
    try:
        options = parse(given)
        code = commands[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:  # `chat lab letter | head`: whoever reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(_("The output could not be written: {error}.").format(error=error.strerror), file=sys.stderr)
        return 2
    return code


def _launcher(_options: argparse.Namespace) -> int:
    os.environ[ENDS_WITH_INPUT] = "1"  # for the programs that it starts

    def run() -> int:
        from gui.launcher import window as launcher  # noqa: PLC0415

        return launcher.main(own_command())

    try:
        return _in_a_window(run)
    except NoWindowError:
        print_help()
        return 0


def _server(options: argparse.Namespace) -> int:
    import server  # noqa: PLC0415
    from chatroom.config import Config  # noqa: PLC0415
    from sockets.listening import ANY_ADDRESS  # noqa: PLC0415

    tap: Tap | None = None
    if options.wire:
        from lab.wire.call_text import log_call  # noqa: PLC0415

        tap = log_call
    identity = {
        "name": options.name,
        "description": options.description,
        "motd": message_of_the_day(options.motd),
        "password": read_password(options.password, options.password_file, "CHAT_PASSWORD"),
        "oper_name": options.oper,
        "oper_password": operator_password(options),
        "throttle": not options.no_throttle,
        "ascii_nicks": options.ascii_nicks,
    }
    place = {
        "host": ANY_ADDRESS if options.lan else options.host,
        "port": options.port,
        "tls_cert": options.tls_cert,
        "tls_key": options.tls_key,
        "tls_port": options.tls_port,
        "max_clients": options.max_clients,
        "history_limit": options.history_limit,
    }
    chosen = server.ServerOptions(
        config=Config(**_given(identity)),
        history=_history(options),
        quiet=options.quiet,
        **_given(place),
    )
    try:
        if options.window:
            return _in_a_window(lambda: _server_window(chosen, tap))
        return server.run(chosen, tap)
    except server.StartError as error:
        raise Refusal(str(error)) from error


def _server_window(chosen: Any, tap: Tap | None) -> int:
    from lab.threads import server_window  # noqa: PLC0415

    return server_window.run(chosen, tap)


def _history(options: argparse.Namespace) -> Path | None:
    if options.no_history:
        return None
    chosen: Path | None = options.history
    return chosen or history_file(options.port)


def _client(options: argparse.Namespace) -> int:
    password = read_password(options.password, options.password_file, "CHAT_PASSWORD")

    def run() -> int:
        import client_gui  # noqa: PLC0415
        from gui.chat.connect_page import Form  # noqa: PLC0415
        from lab.laboratory import Laboratory  # noqa: PLC0415

        fingerprint = options.tls_fingerprint or ""
        tls = options.tls or bool(fingerprint)
        server, nick, room = options.server or "", options.nick or "", options.room or ""
        form = Form(server, nick, room, password or "", tls, fingerprint)
        return client_gui.main(form, Laboratory())

    return _in_a_window(run)


def _demo(options: argparse.Namespace) -> int:
    def windows() -> int:
        from lab.demo.windows import run_windows  # noqa: PLC0415

        return run_windows(options.clients)

    if not options.text:
        try:
            return _in_a_window(windows)
        except NoWindowError as reason:
            print(reason, _("The same conversation follows as text."), sep="\n", flush=True)
    from lab.demo.text import run_text  # noqa: PLC0415

    return run_text(options.clients)


def _check(options: argparse.Namespace) -> int:
    from commandline import check  # noqa: PLC0415

    return check.run(options.port)


def _export(options: argparse.Namespace) -> int:
    from commandline import export  # noqa: PLC0415

    history = options.history or history_file(options.port)
    return export.run(history, options.room or "", options.format, options.out)


def _lab(options: argparse.Namespace) -> int:
    from lab.experiments import terminal as console  # noqa: PLC0415

    changes = {"count": options.count, "bytes": options.bytes, "delay": options.delay}
    try:
        if options.experiment is None:
            console.print_list(f"{program_name()} lab")
        else:
            console.run(options.experiment, _given(changes), options.predict, ask=_may_ask(options))
    except console.WrongRequestError as error:
        raise Refusal(str(error)) from error
    except BrokenPipeError:
        raise  # that is our own output
    except OSError as error:
        text = _("The experiment could not be finished on this computer: {error}")
        raise Refusal(text.format(error=error.strerror or error)) from error
    return 0


def _report(options: argparse.Namespace) -> int:
    from lab.experiments import terminal as console  # noqa: PLC0415
    from lab.report import command as reporting  # noqa: PLC0415
    from lab.report.document import TitlePage  # noqa: PLC0415

    title = TitlePage(options.university, options.course, options.group, options.name, options.teacher)
    names = reporting.experiment_names(options.experiments)
    try:
        reporting.write_report(options.out, title, names, options.pcap, ask=_may_ask(options))
    except console.WrongRequestError as error:
        raise Refusal(str(error)) from error
    except BrokenPipeError:
        raise  # that is our own output
    except OSError as error:
        text = _("The report could not be made ({error}). Choose other files with --out and --pcap.")
        raise Refusal(text.format(error=_with_file(error))) from error
    return 0


def _may_ask(options: argparse.Namespace) -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and not options.no_ask


def _with_file(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def _in_a_window(run: Callable[[], int]) -> int:
    """Run what opens a window.

    Raises:
        NoWindowError: there is no tkinter, or no screen.
    """
    try:
        import tkinter  # noqa: PLC0415
    except ImportError as error:
        raise NoWindowError(
            _(
                "The window needs tkinter, which this Python lacks: install it, on Debian and Ubuntu with "
                "“sudo apt install python3-tk”."
            )
        ) from error
    hide_own_console()
    try:
        return run()
    except tkinter.TclError as error:
        if "display" not in str(error):
            raise
        raise NoWindowError(
            _("There is no screen to open a window on: start the program on a desktop.")
        ) from error


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the command line does not say, so that the server's own defaults hold."""
    return {name: value for name, value in options.items() if value is not None}


if __name__ == "__main__":
    sys.exit(main())
