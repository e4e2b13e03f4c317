"""argparse that speaks the user's language and reports a mistake in one sentence."""

import argparse
import difflib
import re
import shutil
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import Field, field
from functools import partial
from typing import Any, NoReturn

from program.errors import UserFacingError
from protocol.text import visible
from translations import _, translate

Examples = tuple[tuple[str, str], ...]
"""Arguments, and what the command does with them; both marked with `later`."""


def option(
    meaning: str,
    value: str = "",
    parse: Callable[[str], object] = str,
    default: object = None,
    *,
    choices: Sequence[str] | None = None,
    group: str = "",
    positional: str = "",
    **facts: object,
) -> Any:
    """Return a field of a command's dataclass that `Parser.add_options` makes the option of its name.

    Args:
        meaning: its help, marked with `later`; `{default}` and other `facts` in it are filled in.
        value: what stands for its value in the help, marked with `later`; with neither value nor choices, the
            option is a switch.
        parse: makes the value of its text, or raises `argparse.ArgumentTypeError`.
        group: at most one option of a group can be given.
        positional: it is not an option, but an argument that may be left out (`?`), or any number (`*`).
    """
    settings: dict[str, Any] = {"action": "store_true"}
    if value or choices:
        settings = {"metavar": value or None, "type": parse, "default": default, "choices": choices}
    if positional:
        settings["nargs"] = positional
    facts["default"] = default
    return field(metadata={"meaning": meaning, "facts": facts, "group": group, "settings": settings})


class Parser(argparse.ArgumentParser):
    """A parser of options; instead of printing its usage and exiting it raises `UserFacingError`."""

    def __init__(self, *, description: str, examples: Examples, **options: Any) -> None:
        """Make a parser.

        Args:
            examples: they stand below the help, each with the program's name before it.
            options: those of `argparse.ArgumentParser`.
        """
        super().__init__(
            description=textwrap.fill(description, shutil.get_terminal_size().columns - 2),
            formatter_class=partial(_HelpFormatter, max_help_position=30),
            allow_abbrev=False,
            add_help=False,
            **options,
        )
        if examples:
            commands = [f"{self.prog} {translate(arguments)}".rstrip() for arguments, _meaning in examples]
            width = max(map(len, commands))
            lines = [_("examples:")]
            for command, (_arguments, meaning) in zip(commands, examples, strict=True):
                lines.append(f"  {command:<{width}}   {translate(meaning)}")
            self.epilog = "\n".join(lines)
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and exit"))

    def add_options(self, declared: Iterable[Field[Any]]) -> None:
        """Add the options that the fields of a command's dataclass declare."""
        groups = defaultdict[str, argparse._ActionsContainer](self.add_mutually_exclusive_group, {"": self})
        for each in declared:
            settings = dict(each.metadata["settings"])
            if settings.get("metavar"):
                settings["metavar"] = translate(settings["metavar"])
            meaning = translate(each.metadata["meaning"]).format(**each.metadata["facts"])
            name = each.name if "nargs" in settings else "--" + each.name.replace("_", "-")
            groups[each.metadata["group"]].add_argument(name, help=meaning, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise a sentence that ends with where to find help.

        Args:
            message: one of argparse's, in English, or one of ours.
        """
        message = visible(_translated(message))
        end = "" if message.endswith((".", "?")) else "."
        help_is_at = _("Help: {command}").format(command=f"{self.prog} --help")
        raise UserFacingError(f"{message}{end} {help_is_at}")

    def reject_unknown(self, argument: str) -> NoReturn:
        """Report an argument that no option takes; suggest the option that was perhaps meant."""
        if not argument.startswith("-"):
            self.error(_("“{argument}” is one argument too many.").format(argument=argument))
        options = [name for action in self._actions for name in action.option_strings]
        for near in difflib.get_close_matches(argument.partition("=")[0], options, 1):
            suggestion = _("There is no option {option}; did you mean {other}?")
            self.error(suggestion.format(option=argument, other=near))
        self.error(_("There is no option {option}.").format(option=argument))


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Leaves line breaks in descriptions alone."""

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
            told = f"{option}: {translation.format(**fields.groupdict())}"
            choices = re.findall(r"[\w-]+", fields.groupdict().get("choices", ""))
            for near in difflib.get_close_matches(fields.groupdict().get("value", ""), choices, 1):
                told += ". " + _("Did you mean {word}?").format(word=near)
            return told
    return f"{option}: {reason}"
