"""What all experiments have in common: a question, predictions, parameters, and what was seen."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

PATIENCE: Final = 10.0
"""Seconds that anything in an experiment may take before it counts as failed."""


class Observation(NamedTuple):
    """A socket call that was made in this run, or a remark."""

    seconds: float
    """Since the experiment began."""
    who: str
    """Which participant, in the user's language."""
    call: str
    """`send`, `recv` …; a remark has none."""
    data: bytes = b""
    """The bytes that the call moved."""
    text: str = ""
    """What came of it, in the user's language."""

    @property
    def size(self) -> str:
        """How many bytes were moved; "" if the call moves none."""
        return str(len(self.data)) if self.data or self.call in ("send", "recv") else ""


class Parameter(NamedTuple):
    """A number that may be changed before the run."""

    name: str
    """Also the option of `chat lab`: `count`, `bytes` or `delay` (milliseconds)."""
    meaning: Callable[[], str]
    default: int
    lowest: int
    highest: int

    def allows(self, value: int) -> bool:
        """Tell whether a value is within the bounds."""
        return self.lowest <= value <= self.highest


@dataclass(frozen=True, slots=True)
class Result:
    """What was seen in one run."""

    observations: tuple[Observation, ...]
    figures: tuple[tuple[str, str], ...]
    """What was measured: name and value, in the user's language."""
    happened: tuple[int, ...]
    """Indexes of the predictions that came true in this run."""
    explanation: str
    """Why it was so in this run, in the user's language."""


Observer = Callable[[Observation], None]
"""Told each observation when it is made, from any thread; must return at once."""
Parameters = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment. Texts are functions, because the language can switch."""

    name: str
    """Also the argument of `chat lab`."""
    title: Callable[[], str]
    question: Callable[[Parameters], str]
    predictions: Callable[[], tuple[str, ...]]
    parameters: tuple[Parameter, ...]
    conduct: Callable[["Notebook", Parameters], Result]
    code: tuple[str, ...]
    """`file.py:function` of our code that avoids the mistake, or that the experiment shows."""

    def defaults(self) -> dict[str, int]:
        """Return the parameters as they are unless they are changed."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def run(self, observer: Observer | None = None, parameters: Parameters | None = None) -> Result:
        """Do the experiment over real sockets; takes some seconds, so not for a window's thread.

        Args:
            observer: told each observation at once.
            parameters: those that differ from the defaults.

        Raises:
            ValueError: a parameter is unknown or out of its bounds.
            OSError, TimeoutError: this computer does not let it happen.
        """
        chosen = self.defaults() | dict(parameters or {})
        for name, value in chosen.items():
            if not any(one.name == name and one.allows(value) for one in self.parameters):
                raise ValueError(f"{name}={value} is not from the range that {self.name} takes")
        return self.conduct(Notebook(observer), chosen)


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment that was done, and the prediction that was made before."""

    experiment: Experiment
    parameters: Parameters
    result: Result
    prediction: int | None = None
    """Its index; None if none was made."""

    @property
    def happened(self) -> str:
        """The predictions that came true, in the user's language."""
        predictions = self.experiment.predictions()
        return "; ".join(predictions[index] for index in self.result.happened)

    @property
    def was_right(self) -> bool:
        """Whether the prediction came true."""
        return self.prediction in self.result.happened


@dataclass(slots=True)
class Notebook:
    """Where the participants of a run write down what they do; any thread may."""

    observer: Observer | None = None
    began: float = field(default_factory=time.monotonic)
    _observations: list[Observation] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_call(self, who: str, call: str, data: bytes = b"", text: str = "") -> Observation:
        """Write down a call: a `send` when it begins, a `recv` when it has returned."""
        with self._lock:
            made = Observation(time.monotonic() - self.began, who, call, data, text)
            self._observations.append(made)
            if self.observer:
                self.observer(made)
        return made

    def remark(self, text: str, who: str = "") -> None:
        """Write down what is not a call."""
        self.note_call(who, "", text=text)

    def observations(self) -> tuple[Observation, ...]:
        """Return what has been written down so far."""
        with self._lock:
            return tuple(self._observations)

    def result(self, happened: int | tuple[int, ...], explanation: str, *figures: tuple[str, str]) -> Result:
        """Close the notebook; `happened`: which of the predictions came true."""
        came_true = (happened,) if isinstance(happened, int) else happened
        return Result(self.observations(), figures, came_true, explanation)
