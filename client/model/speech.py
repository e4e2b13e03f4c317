"""Whether we may speak in a class, and whether our hand is up."""

import math
from dataclasses import dataclass
from enum import Enum

from protocol.words import number


class Silence(Enum):
    """Why nobody hears us; `NONE` is false."""

    NONE = ""
    QUIET = "only those who have the word speak in the room"
    MUTED = "an operator lets us say nothing"
    PAUSED = "we said too much at once"

    def __bool__(self) -> bool:
        return self is not Silence.NONE


@dataclass(slots=True)
class Speech:
    """What our server tells a member of a class. `ClientState.speech` is the only one."""

    muted_until: float = 0.0
    paused_until: float = 0.0
    """By the client's `timer`; infinity for ever, 0 not at all."""
    hand_raised: bool = False
    """As the server has heard it; it stays raised when the connection is lost for a while."""

    def connection_ended(self) -> None:
        """The next connection says whether we are muted."""
        self.muted_until = self.paused_until = 0.0

    def note(self, code: str, parameter: str, now: float) -> bool:
        """Take `NOTE CLASS <code> <seconds, or *>`; return False if it is about something else."""
        seconds = math.inf if (left := number(parameter)) is None else left
        match code:
            case "MUTED":
                self.muted_until = now + seconds
            case "PAUSED":
                self.paused_until = now + seconds
            case "UNMUTED":
                self.muted_until = self.paused_until = 0.0
            case _other:
                return False
        return True

    def silence(self, now: float) -> Silence:
        """Return why we may not speak in the class, whatever its rooms' modes are."""
        if now < self.muted_until:
            return Silence.MUTED
        return Silence.PAUSED if now < self.paused_until else Silence.NONE

    def seconds_left(self, now: float) -> float:
        """Return after how many seconds that ends; infinity if it does not end by itself."""
        return max(self.muted_until, self.paused_until) - now
