"""What the command line leaves to files and to the environment: passwords, the message of the day."""

import argparse
import os
from pathlib import Path
from typing import Final

from commandline.errors import Refusal
from protocol.text import split, strip_formatting, visible
from translations import _

LONGEST_PASSWORD: Final = 400
"""Bytes: it has to fit into a line with PASS or OPER."""
LONGEST_MOTD_LINE: Final = 300
"""Bytes; longer lines go on in the next."""


def operator_password(options: argparse.Namespace) -> str | None:
    """Return the operator's password, None where there is no operator.

    Raises:
        Refusal: there is none, or it cannot be used.
    """
    if not options.oper:
        return None
    password = read_password(options.oper_password, options.oper_password_file, "CHAT_OPER_PASSWORD")
    if not password:
        raise Refusal(
            _(
                "The operator {name} needs a password: write it into a file and name that with "
                "--oper-password-file FILE."
            ).format(name=options.oper)
        )
    return password


def read_password(given: str | None, file: Path | None, variable: str) -> str | None:
    """Return the password: the option's, else the file's first line, else the environment's, else None.

    Raises:
        Refusal: it cannot be read, or nobody could type it.
    """
    if given is not None:
        password = given
    elif file is not None:
        password = (lines_of(file) or [""])[0]
        if not password:
            raise Refusal(
                _("The file {path} is empty; a password must stand on its first line.").format(path=file)
            )
    else:
        password = os.environ.get(variable) or ""
        if not password:
            return None
    if not password:
        raise Refusal(_("The password is empty. Give another one, or none."))
    if not password.isprintable() or len(password.encode("utf-8", "replace")) > LONGEST_PASSWORD:
        raise Refusal(
            _(
                "The password cannot be used: it has to be of up to {most} bytes of UTF-8, all printable."
            ).format(most=LONGEST_PASSWORD)
        )
    return password


def message_of_the_day(file: Path | None) -> tuple[str, ...] | None:
    """Return the lines that everybody sees on connecting, none of them too long to be sent.

    Raises:
        Refusal: the file cannot be read.
    """
    if file is None:
        return None
    lines = (visible(strip_formatting(line.expandtabs(4))) for line in lines_of(file))
    return tuple(piece for line in lines for piece in split(line, LONGEST_MOTD_LINE))


def lines_of(file: Path) -> list[str]:
    """Return the lines of a text file in UTF-8.

    Raises:
        Refusal: it cannot be read, or is no text.
    """
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise Refusal(
            _("The file {path} cannot be read ({error}); check its name and whether you may read it.").format(
                path=file, error=error.strerror or error
            )
        ) from error
    except UnicodeDecodeError as error:
        raise Refusal(
            _("The file {path} is no text in UTF-8; save it as UTF-8.").format(path=file)
        ) from error
