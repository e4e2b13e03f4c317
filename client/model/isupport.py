"""What the server said about itself in RPL_ISUPPORT (005): modern.ircdocs.horse, "Feature Advertisement"."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from protocol.framing import MAX_LINE
from protocol.names import STATUS_MARKS, casemapping, fold_rfc1459
from protocol.words import number

MAX_TOKENS: Final = 200
MAX_PREFIXES: Final = 16
"""Status marks; servers have two to five."""
_PREFIX: Final = re.compile(r"\(([^)]*)\)(.*)")
_USUAL_PREFIX: Final = f"(ov){STATUS_MARKS}"
_ESCAPED: Final = re.compile(r"\\x([0-9A-Fa-f]{2})")


class ISupport:
    """The server's features; until it tells them, the defaults of RFC 1459."""

    def __init__(self, fold: Callable[[str], str] = fold_rfc1459) -> None:
        self._tokens: dict[str, str] = {}
        self.fold = fold
        """Compares names, as the server's CASEMAPPING says once it has told it."""
        self.prefix_modes = "ov"
        """Modes that give a member a status mark, highest first."""
        self.prefix_marks = STATUS_MARKS
        """Their marks, in the same order."""

    def update(self, tokens: Iterable[str]) -> None:
        """Take the tokens of one 005: `KEY`, `KEY=value`, or `-KEY`, which takes the key back."""
        for token in tokens:
            key, _, value = token.partition("=")
            if key.startswith("-"):
                self._tokens.pop(key[1:], None)
            elif key in self._tokens or len(self._tokens) < MAX_TOKENS:
                value = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
                self._tokens[key] = value if value.isprintable() else ""
            if key in ("CASEMAPPING", "-CASEMAPPING"):
                self.fold = casemapping(self._tokens.get("CASEMAPPING", ""))
        # "PREFIX=": there are no marks at all. What does not fit together is as if it had not been said.
        match = _PREFIX.fullmatch(self._tokens.get("PREFIX", _USUAL_PREFIX) or "()")
        if match is None or not len(match[1]) == len(match[2]) <= MAX_PREFIXES:
            match = _PREFIX.fullmatch(_USUAL_PREFIX)
        if match:
            self.prefix_modes, self.prefix_marks = match[1], match[2]

    def get(self, key: str, default: str = "") -> str:
        """Return a token's value as the server wrote it."""
        return self._tokens.get(key, default)

    def has(self, key: str) -> bool:
        """Tell whether the server named this token, with a value or without."""
        return key in self._tokens

    def number(self, key: str, default: int, lowest: int, highest: int) -> int:
        """Return a token's number, kept within bounds; `default` where it is missing or no number."""
        found = number(self._tokens.get(key, ""))
        return default if found is None else min(max(found, lowest), highest)

    def is_channel(self, name: str) -> bool:
        """Tell whether a target is a channel on this server (CHANTYPES)."""
        return name[:1] != "" and name[0] in self._tokens.get("CHANTYPES", "#&")

    def as_channel(self, name: str) -> str:
        """Return the name of a room as a user may write it, without its `#`, with one."""
        return name if self.is_channel(name) else f"#{name}"

    def without_status(self, target: str) -> str:
        """Return the channel of a message to its operators: `@#lab` → `#lab` (STATUSMSG)."""
        return self.split_status(target)[1]

    def split_status(self, target: str) -> tuple[str, str]:
        """Return the marks of those in a channel who alone are to read a message, and the channel.

        `@#lab` → `@`, `#lab`. Where the server does not name the marks that may stand there (STATUSMSG), they
        are those of members (PREFIX): older servers know such messages too.
        """
        marks = self._tokens.get("STATUSMSG", self.prefix_marks)
        bare = target.lstrip(marks)
        return (target[: len(target) - len(bare)], bare) if self.is_channel(bare) else ("", target)

    def lowest_mark(self, target: str) -> str:
        """Return the mark of the lowest rank that reads a message to `@+#lab`; "" if everybody does."""
        marks, _channel = self.split_status(target)
        return max(marks, key=self.prefix_marks.find, default="")

    @property
    def line_length(self) -> int:
        """Bytes of a line with CR LF and without tags (LINELEN)."""
        return self.number("LINELEN", MAX_LINE, MAX_LINE, 8192)

    @property
    def history_limit(self) -> int:
        """Messages that one CHATHISTORY may ask for; 0 means that the server names no limit."""
        return self.number("CHATHISTORY", 0, 0, 100_000)

    @property
    def operator_marks(self) -> str:
        """The status marks of all who may remove others: `~&@%`, as far as the server has them (PREFIX)."""
        lowest = max(self.prefix_modes.find("o"), self.prefix_modes.find("h"))
        return self.prefix_marks[: lowest + 1]

    @property
    def highest_operator_mark(self) -> str:
        """The mark of a room's operators in the target of a message (STATUSMSG): `@`."""
        at = self.prefix_modes.find("o")
        return self.prefix_marks[at] if at >= 0 else ""

    def takes_parameter(self, mode: str, adding: bool) -> bool:
        """Tell whether a channel mode has a parameter when it is set or unset (CHANMODES, PREFIX)."""
        lists, always, when_set = [*self._tokens.get("CHANMODES", "beI,k,l,").split(","), "", "", ""][:3]
        return mode in self.prefix_modes or mode in lists or mode in always or (adding and mode in when_set)

    def ordered_marks(self, marks: Iterable[str]) -> str:
        """Return the status marks, highest first, each once."""
        held = set(marks)
        return "".join(mark for mark in self.prefix_marks if mark in held)
