"""argparse that speaks the user's language and reports a mistake in one sentence."""

import argparse
import difflib
import re
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from program.errors import UserFacingError
from translations import _


class Parser(argparse.ArgumentParser):
    """A parser of options; instead of printing its usage and exiting it raises `UserFacingError`."""

    def __init__(self, *, description: str, examples: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        """Make a parser.

        Args:
            examples: commands and what each of them does; they stand below the help.
            options: those of `argparse.ArgumentParser`.
        """
        width = max((len(command) for command, _meaning in examples), default=0)
        lines = [f"  {command:<{width}}   {meaning}" for command, meaning in examples]
        super().__init__(
            description=textwrap.fill(description, shutil.get_terminal_size().columns - 2),
            epilog="\n".join([_("examples:"), *lines]) if lines else None,
            formatter_class=_HelpFormatter,
            allow_abbrev=False,
            add_help=False,
            **options,
        )
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and exit"))

    def error(self, message: str) -> NoReturn:
        """Raise a sentence that ends with where to find help.

        Args:
            message: one of argparse's, in English, or one of ours.
        """
        message = _translated(message)
        end = "" if message.endswith((".", "?")) else "."
        help_is_at = _("Help: {command}").format(command=f"{self.prog} --help")
        raise UserFacingError(f"{message}{end} {help_is_at}")

    def reject_unknown(self, argument: str) -> NoReturn:
        """Report an argument that no option takes; suggest the option that was perhaps meant."""
        if not argument.startswith("-"):
            self.error(_("“{argument}” is one argument too many.").format(argument=argument))
        options = [name for action in self._actions for name in action.option_strings]
        near = difflib.get_close_matches(argument.partition("=")[0], options, 1)
        if near:
            self.error(
                _("There is no option {option}; did you mean {other}?").format(option=argument, other=near[0])
            )
        self.error(_("There is no option {option}.").format(option=argument))


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Leaves line breaks in descriptions alone, and has room for longer options."""

    def __init__(
        self, prog: str, indent_increment: int = 2, max_help_position: int = 30, width: int | None = None
    ) -> None:
        super().__init__(prog, indent_increment, max_help_position, width)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


def _translated(message: str) -> str:
    """Return argparse's message in the user's language; any other stays as it is.

    argparse takes translations from its module's gettext alone, which belongs to the whole process. So its
    English sentences are recognised here instead: they have been the same from Python 3.11 to 3.14.
    """
    found = re.fullmatch("argument (.+?): (.+)", message, re.DOTALL)
    if not found:
        return message
    option, reason = found.groups()
    translations = {
        "expected one argument": _("a value must follow"),
        "not allowed with argument (?P<option>.+)": _("cannot be used together with {option}"),
        "ignored explicit argument (?P<value>.+)": _("takes no value, but got {value}"),
        r"invalid choice: (?P<quote>['\"])(?P<value>.+?)(?P=quote).* \(choose from (?P<choices>.+)\)": _(
            "{value} is not possible; choose from {choices}"
        ),
    }
    for pattern, translation in translations.items():
        if fields := re.fullmatch(pattern, reason, re.DOTALL):
            return f"{option}: {translation.format(**fields.groupdict())}"
    return f"{option}: {reason}"
