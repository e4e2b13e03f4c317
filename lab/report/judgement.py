"""What the judge has said of the student's own program, read from the file of `chat judge … --json FILE`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from program.errors import UserFacingError
from translations import _
from translations.system_errors import explain_error

_LARGEST_FILE: Final = 4 * 1024 * 1024
_PASSED: Final = "passed"
_FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one check."""

    name: str
    level: int
    title: str
    mark: str
    meaning: str
    """Why it failed, or was not judged."""

    @property
    def passed(self) -> bool:
        """Whether the program does what the check asks for."""
        return self.mark == _PASSED

    @property
    def failed(self) -> bool:
        """Whether it does not; a check may also be not judged."""
        return self.mark == _FAILED


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of all checks."""

    side: str
    """`server` or `client`: what the program is."""
    protocol: str
    level: int
    """The highest up to which nothing failed."""
    outcomes: Sequence[Outcome]

    def summary(self) -> str:
        """Say how many checks were passed, and which level was reached."""
        passed = sum(one.passed for one in self.outcomes)
        text = _("{passed} of {count} checks passed, level {level}")
        return text.format(passed=passed, count=len(self.outcomes), level=self.level)


def read_judgement(file: Path) -> Judgement:
    """Return what a file of the judge's holds.

    Raises:
        UserFacingError: it cannot be read, or holds something else.
    """
    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(_LARGEST_FILE))
        outcomes = [
            Outcome(
                str(one["name"]), int(one["level"]), str(one["title"]), str(one["mark"]), str(one["meaning"])
            )
            for one in found["checks"]
        ]
        return Judgement(str(found["side"]), str(found["protocol"]), int(found["level"]), outcomes)
    except OSError as error:
        text = _("The file {path} cannot be read ({error}); check its name and whether you may read it.")
        raise UserFacingError(text.format(path=file, error=explain_error(error))) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        text = _("The file {path} is no judgement: such a file is made by “{command}”.")
        command = "chat judge server … --json FILE"
        raise UserFacingError(text.format(path=file, command=command)) from error
