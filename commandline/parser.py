"""argparse that speaks the user's language and refuses in one sentence."""

import argparse
import difflib
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from commandline.errors import Refusal
from translations import _


class Parser(argparse.ArgumentParser):
    """A parser of options; instead of printing usage and exiting it raises `Refusal`."""

    def __init__(self, *, description: str, examples: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        """Make a parser.

        Args:
            examples: commands, and what each of them does; they stand below the help.
            options: those of `argparse.ArgumentParser`.
        """
        # argparse offers no other way to speak a language than its module's gettext.
        setattr(argparse, "_", _in_our_words)  # noqa: B010
        width = max((len(command) for command, _meaning in examples), default=0)
        lines = [f"  {command:<{width}}   {meaning}" for command, meaning in examples]
        super().__init__(
            description=textwrap.fill(description, shutil.get_terminal_size().columns - 2),
            epilog="\n".join([_("examples:"), *lines]) if lines else None,
            formatter_class=_HelpFormatter,
            allow_abbrev=False,
            **options,
        )

    def error(self, message: str) -> NoReturn:
        """Refuse with a sentence that says where help is."""
        end = "" if message.endswith((".", "?")) else "."
        help_is_at = _("Help: {command}").format(command=f"{self.prog} --help")
        raise Refusal(f"{message}{end} {help_is_at}")

    def refuse_unknown(self, argument: str) -> NoReturn:
        """Refuse an argument that no option takes; name the option that was perhaps meant."""
        if not argument.startswith("-"):
            self.error(_("“{argument}” is one word too many.").format(argument=argument))
        options = [name for action in self._actions for name in action.option_strings]
        near = difflib.get_close_matches(argument.partition("=")[0], options, 1)
        if near:
            self.error(
                _("There is no option {option}; did you mean {other}?").format(option=argument, other=near[0])
            )
        self.error(_("There is no option {option}.").format(option=argument))


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{"max_help_position": 30} | options)


def _in_our_words(text: str) -> str:
    """Say argparse's own text in our words, in the user's language; its `%` fields stay."""
    ours = {
        "usage: ": _("usage: "),
        "options": _("options"),
        "positional arguments": _("arguments"),
        "show this help message and exit": _("show this help and exit"),
        "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
        "expected one argument": _("a value must follow"),
        "not allowed with argument %s": _("cannot be used together with {option}").format(option="%s"),
        "ignored explicit argument %r": _("takes no value, but got {value}").format(value="%r"),
        "invalid choice: %(value)r (choose from %(choices)s)": _(
            "{value} is not possible; choose from {choices}"
        ).format(value="%(value)s", choices="%(choices)s"),
    }
    return ours.get(text, text)
