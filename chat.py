"""LabChat's launcher: `chat.py server`, `chat.py client`, `chat.py demo`; else a window to choose in."""

import sys

if sys.version_info < (3, 11):  # so far, any Python 3 can read this file
    print(
        "Python 3.11 or newer is needed; this is {0}.\nНужен Python 3.11 или новее; это {0}.".format(
            sys.version.split()[0]
        ),
        file=sys.stderr,
    )
    sys.exit(2)

import errno
import os
import signal
from collections.abc import Sequence

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until `main`: Ctrl+C while all is loaded ends it quietly

from client import settings
from commandline.options import language_in, opens_windows, parse
from commandline.process import end_as_on_ctrl_c, end_with_input, leave_frozen_environment, prepare_streams
from commandline.run import run
from commandline.windows_console import open_console
from program.errors import UserFacingError
from translations import _, system_language, use_language
from translations.system_errors import explain_error


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit code, which is 2 if it cannot be done.

    Args:
        arguments: the command line without the program's name; by default the process's own.
    """
    prepare_streams()
    leave_frozen_environment()
    end_with_input()
    given = sys.argv[1:] if arguments is None else arguments
    if arguments is None:
        end_as_on_ctrl_c()
    problem = use_language(language_in(given) or settings.load().language or system_language())
    if problem and sys.stderr is not None:
        print(problem, file=sys.stderr)
    if not opens_windows(given):
        open_console()
    try:
        code = run(parse(given))
        if sys.stdout is not None:  # on Windows a program without a console has none
            sys.stdout.flush()
    except BrokenPipeError:  # `chat lab letter | head`: whoever reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UserFacingError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(
            _("The output could not be written: {error}.").format(error=explain_error(error)), file=sys.stderr
        )
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
