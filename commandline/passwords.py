"""Passwords: given as an option, in a file that an option names, or in an environment variable."""

import os
from pathlib import Path
from typing import Final

from commandline.text_files import read_lines
from program.errors import UserFacingError
from program.variables import OPERATOR_PASSWORD_VARIABLE, OPERATOR_TOKEN_VARIABLE, PASSWORD_VARIABLE
from protocol.framing import MAX_LINE
from translations import _

TOKENS_OPERATOR: Final = "teacher"
"""The operator's name where there is a token and no other name."""
SHORTEST_TOKEN: Final = 16
LONGEST_PASSWORD: Final = 400
"""Bytes: it has to fit into a line with PASS."""


def read_password(option: str | None, file: Path | None, variable: str = PASSWORD_VARIABLE) -> str:
    """Return the option's password, else the file's first line, else the environment's; empty if none is set.

    Raises:
        UserFacingError: it cannot be read, or nobody could type it.
    """
    if option is not None:
        password = option
    elif file is not None:
        password = next(iter(read_lines(file)), "")
        if not password:
            problem = _("The file {path} is empty; a password must stand on its first line.")
            raise UserFacingError(problem.format(path=file))
    elif variable in os.environ:
        password = os.environ[variable]
    else:
        return ""
    if not password.strip():
        raise UserFacingError(_("The password is empty. Give another one, or none."))
    _check(password, LONGEST_PASSWORD)
    return password


def _check(password: str, most: int) -> None:
    if not password.isprintable() or len(password.encode("utf-8", "replace")) > most:
        problem = _("The password cannot be used: it may have up to {most} bytes of UTF-8, all printable.")
        raise UserFacingError(problem.format(most=most))


def read_operator_password(operator: str | None, option: str | None, file: Path | None) -> str:
    """Return the password that the operator of this name must have; empty if there is to be no operator.

    Raises:
        UserFacingError: he has none, or it cannot be used.
    """
    if not operator:
        if OPERATOR_PASSWORD_VARIABLE in os.environ:
            problem = _("{variable} is a password for the operator, who needs a name: --oper NAME.")
            raise UserFacingError(problem.format(variable=OPERATOR_PASSWORD_VARIABLE))
        return ""
    password = read_password(option, file, OPERATOR_PASSWORD_VARIABLE)
    if not password and OPERATOR_TOKEN_VARIABLE not in os.environ:
        problem = _(
            "The operator {name} needs a password: write it into a file and name that with "
            "--oper-password-file FILE."
        )
        raise UserFacingError(problem.format(name=operator))
    _check(password, MAX_LINE - len(f"OPER {operator} :\r\n".encode()))  # or nobody could send it
    return password


def read_operator_token() -> str:
    """Return the launcher's token, and take it out of the environment: programs that we start do not need it.

    Raises:
        UserFacingError: it cannot be used.
    """
    token = read_password(None, None, OPERATOR_TOKEN_VARIABLE)
    os.environ.pop(OPERATOR_TOKEN_VARIABLE, None)
    if token and (len(token) < SHORTEST_TOKEN or " " in token or token.startswith(":")):
        problem = _("{variable} is no token: it has at least {least} characters and no spaces.")
        raise UserFacingError(problem.format(variable=OPERATOR_TOKEN_VARIABLE, least=SHORTEST_TOKEN))
    return token
